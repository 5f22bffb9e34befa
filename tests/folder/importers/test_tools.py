"""Exports through mapping.yml into a folder: on files checkable by eye, then on real ones."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
import yaml

from reviewlib.contract.data import Format
from reviewlib.contract.loading import load_contract
from reviewlib.faults import Faults, ReviewError
from reviewlib.folder.engagement import load_engagement
from reviewlib.folder.importers.canonical import canonical
from reviewlib.folder.importers.mapping import FILE
from reviewlib.folder.importers.notes import seconds
from reviewlib.folder.importers.tools import ImportRequest
from reviewlib.pages.imports import run
from reviewlib.review import open_review
from reviewlib.service.service_levels.chapter import service_levels
from tests.spoken import chapter

EXPORTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "exports"
HEADING = (
    '"ID";"Titre";"Statut";"Date d\'ouverture";"Date de résolution";"Date de clôture";'
    '"Priorité";"Attribué à - Technicien";"Attribué à - Groupe de techniciens";'
)
ROWS = (
    '"1 001";"Imprimante";"Clos";"02-03-2026 09:00";"02-03-2026 11:30";"05-03-2026 09:00";'
    '"Haute";"A <br>B";"Réseau &amp; postes";',
    '"1 002";"VPN";"__ En attente";"13-03-2026 10:00";"";"";"Moyenne";"";"";',
)


def wanted(
    source: str, files: Sequence[Path], folder: Path, table: str = "", wave: str = ""
) -> ImportRequest:
    return ImportRequest(source, tuple(files), folder, table=table, wave=wave)


def bring(request: ImportRequest, *answers: str, complete: bool = True) -> str:
    """Import and return what was shown; ``answers`` are those given on a terminal, in order."""
    lines: list[str] = []
    left = list(answers)

    def prompt(question: str, default: str) -> str:
        lines.append(question)
        return left.pop(0) or default

    assert run(request, prompt if answers else None, lines.append) is complete
    assert not left, "questions fewer than answers"
    return "\n".join(lines)


def written(folder: Path, *rows: str, name: str = "glpi.csv", heading: str = HEADING) -> Path:
    path = folder / name
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8-sig", newline="")
    return path


def cells(folder: Path, table: str = "tickets") -> pd.DataFrame:
    path = folder / f"{table}.csv"
    first = path.read_text("utf-8-sig").split("\n")[0]
    separator = ";" if ";" in first else ","
    return pd.read_csv(path, sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def stated(folder: Path, name: str = "glpi") -> dict[str, object]:
    mapping: dict[str, object] = yaml.safe_load((folder / FILE).read_text("utf-8"))["imports"][name]
    return mapping


def test_a_ticket_of_glpi_is_read_without_a_question(tmp_path: Path) -> None:
    """1 001 is 1001, several technicians are no column, an icon before a status is none of it."""
    file, folder = written(tmp_path, *ROWS), tmp_path / "e"

    lines = bring(wanted("glpi", [file], folder))

    rows = cells(folder).to_dict("records")
    assert rows[0] == {
        "ticket_id": "1001",
        "opened_at": "2026-03-02 09:00:00",
        "priority": "Haute",
        "status": "Clos",
        "group": "Réseau & postes",
        "resolved_at": "2026-03-02 11:30:00",
        "closed_at": "2026-03-05 09:00:00",
    }
    assert (rows[1]["ticket_id"], rows[1]["status"], rows[1]["resolved_at"]) == (
        "1002",
        "En attente",
        "",
    )
    assert stated(folder)["dates"] == "day-first"  # as 13-03 shows
    assert "Attribué à - Technicien" in stated(folder)["left_out"]
    assert "2 lignes" in lines
    assert "reviewlib check" in lines


def test_the_contract_drafted_from_an_export_holds_and_is_in_its_language(tmp_path: Path) -> None:
    file, folder = written(tmp_path, *ROWS), tmp_path / "e"
    bring(wanted("glpi", [file], folder))

    contract = load_contract(folder)

    assert contract.language == "fr"
    assert str(contract.period.first) == "2026-03-02"
    assert contract.versions[0].priorities == (
        "Majeure", "Très haute", "Haute", "Moyenne", "Basse", "Très basse",
    )  # fmt: skip
    assert {word: s.state for word, s in contract.versions[0].statuses.items()} == {
        "Clos": "closed",
        "En attente": "waiting",
    }
    assert len(load_engagement(folder).tables["tickets"]) == 2


def test_with_targets_and_pauses_uncommented_in_the_draft_service_levels_have_bounds(
    tmp_path: Path,
) -> None:
    """1001 took 2 h 30 of 4 h. 1003 took 8 h 30: late or paused, which nothing tells: 0 to 1."""
    late = '"1 003";"Lent";"Clos";"02-03-2026 09:00";"02-03-2026 17:30";"";"Basse";"";"";'
    file, folder = written(tmp_path, *ROWS, late), tmp_path / "e"
    bring(wanted("glpi", [file], folder))
    path = folder / "engagement.yml"
    before, form = path.read_text("utf-8").split("  # calendars:")
    form = re.sub(r"(?m)^  # ", "  ", form).replace("    # pauses", "    pauses")
    path.write_text(f"{before}  calendars:{form}", encoding="utf-8")

    section = chapter(service_levels, open_review(folder))

    counts = next(table for table in section.tables if table.id == "service_levels.counts")
    columns = [column.key for column in counts.columns]
    by_priority = {row[1]: dict(zip(columns, row, strict=True)) for row in counts.rows}
    names = ("met", "breached", "late_or_paused", "share", "worst", "best")
    assert [by_priority["Haute"][name] for name in names] == [1, 0, 0, 1, 1, 1]
    assert [by_priority["Basse"][name] for name in names] == [0, 0, 1, None, 0, 1]


def test_in_the_draft_pauses_stay_commented_where_no_log_tells_them(tmp_path: Path) -> None:
    """Haute: 1001 took 2 h 30 of 4 h: 1 of 1. Moyenne: 1002, opened last, is still within its 4 h.

    With the pause of the draft uncommented too, it names the status that waits.
    """
    folder = tmp_path / "e"
    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))
    path = folder / "engagement.yml"
    before, form = path.read_text("utf-8").split("  # calendars:")
    once = before + "  calendars:" + re.sub(r"(?m)^  # ", "  ", form)
    path.write_text(once, encoding="utf-8")

    assert load_contract(folder).clause("resolution").pauses == ()
    assert "n’a pas de" in form
    assert (
        chapter(service_levels, open_review(folder)).fact("service_levels.resolution.met.Haute").met
    )

    path.write_text(once.replace("    # pauses", "    pauses"), encoding="utf-8")
    assert load_contract(folder).clause("resolution").pauses == ("En attente",)


def test_the_draft_shows_the_last_event_as_a_local_time_and_offers_contacts(
    tmp_path: Path,
) -> None:
    """The last moment of the two tickets is the opening of 1002: 13 March 2026 at 10:00."""
    folder = tmp_path / "e"
    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))
    path = folder / "engagement.yml"
    text = path.read_text("utf-8")
    seen_undated = open_review(folder).as_of
    text = text.replace("# data:\n#  ", "data:\n ").replace("  # contact", "  contact")
    path.write_text(text, encoding="utf-8")

    contract = load_contract(folder)

    assert "  extracted_at: 2026-03-13T10:00:00\n" in text
    assert contract.extracted_at == seen_undated
    assert None not in (contract.client.contact, contract.provider.contact)


def test_the_import_that_drafts_a_contract_shows_the_zone_that_it_assumes(tmp_path: Path) -> None:
    """Once: the second import drafts no contract; none where the zone is stated."""
    file = written(tmp_path, *ROWS)
    first, again = (bring(wanted("glpi", [file], tmp_path / "e")) for _ in range(2))
    stated_one = dataclasses.replace(
        wanted("glpi", [file], tmp_path / "z"), time_zone="Europe/Paris"
    )

    assert "time_zone\u00a0: UTC" in first
    assert "UTC" not in again + bring(stated_one)
    assert load_contract(tmp_path / "z").time_zone == "Europe/Paris"


def test_a_contract_is_drafted_from_all_exports_of_an_import(tmp_path: Path) -> None:
    """The last file has the earlier ticket alone: the period is that of both, as are the words."""
    files = [written(tmp_path, ROWS[1], name="a.csv"), written(tmp_path, ROWS[0], name="b.csv")]

    bring(wanted("glpi", files, tmp_path / "e"))

    contract = load_contract(tmp_path / "e")
    assert contract.period.first == dt.date(2026, 3, 2)
    assert contract.period.last == dt.date(2026, 3, 13)
    drafted = yaml.safe_load((tmp_path / "e" / "engagement.yml").read_text("utf-8"))
    assert {*drafted["terms"]["statuses"]} == {"Clos", "En attente"}


def test_the_same_export_again_changes_nothing(tmp_path: Path) -> None:
    file, folder = written(tmp_path, *ROWS), tmp_path / "e"
    bring(wanted("glpi", [file], folder))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    lines = bring(wanted("glpi", [file], folder))

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert "nouvelles 0, modifiées 0, inchangées 2" in lines


def test_the_next_export_adds_what_is_new_and_changes_what_changed(tmp_path: Path) -> None:
    """1001 is not in it and stays; 1002 is resolved; 1003 is new: 1 new, 1 changed, 1 stays."""
    folder = tmp_path / "e"
    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))
    later = written(
        tmp_path,
        '"1 002";"VPN";"Résolu";"13-03-2026 10:00";"14-03-2026 10:00";"";"Moyenne";"";"";',
        '"1 003";"Accès";"Nouveau";"15-03-2026 10:00";"";"";"Haute";"";"";',
        name="later.csv",
    )

    lines = bring(wanted("glpi", [later], folder))

    table = cells(folder).set_index("ticket_id")
    assert list(table.index) == ["1001", "1002", "1003"]
    assert table.loc["1002", "resolved_at"] == "2026-03-14 10:00:00"
    assert table.loc["1001", "status"] == "Clos"
    assert "nouvelles 1, modifiées 1, inchangées 0" in lines
    assert "ne figure pas dans l’export" in lines


def test_a_column_that_was_filled_in_by_hand_stays(tmp_path: Path) -> None:
    file, folder = written(tmp_path, *ROWS), tmp_path / "e"
    bring(wanted("glpi", [file], folder))
    table = cells(folder).assign(service=["desk", ""])
    table.to_csv(folder / "tickets.csv", sep=";", index=False)

    bring(wanted("glpi", [file], folder))

    assert cells(folder)["service"].to_list() == ["desk", ""]


def test_rows_with_one_key_are_kept_and_neither_lost_nor_doubled(tmp_path: Path) -> None:
    file, folder = written(tmp_path, ROWS[0], ROWS[0], *ROWS), tmp_path / "e"

    first = bring(wanted("glpi", [file], folder))
    again = bring(wanted("glpi", [file], folder))

    assert cells(folder)["ticket_id"].to_list() == ["1001", "1001", "1001", "1002"]
    assert "2 lignes portent la clé" in first
    assert "inchangées 4" in again


def test_a_row_without_a_key_is_known_by_all_that_it_holds(tmp_path: Path) -> None:
    nameless = ROWS[0].replace('"1 001"', '""')
    file, folder = written(tmp_path, nameless, *ROWS), tmp_path / "e"
    bring(wanted("glpi", [file], folder))
    other = written(tmp_path, ROWS[1], nameless.replace("Haute", "Basse"), name="b.csv")

    bring(wanted("glpi", [other], folder))

    assert sorted(cells(folder)["priority"]) == ["Basse", "Haute", "Haute", "Moyenne"]


def test_priorities_that_the_contract_does_not_have_are_open_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / "engagement.yml").write_text(
        "format: 1\nlanguage: en\nterms:\n  priorities: [P1, P2]\n", encoding="utf-8"
    )

    lines = bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))

    assert "imports.glpi.values.priority.Haute: fill it in" in lines
    assert "(Priorité, 1 row)" in lines
    assert "Perhaps “P1”" in lines  # the more urgent of two, for two
    assert cells(folder)["priority"].to_list() == ["Haute", "Moyenne"]
    assert stated(folder)["values"] == {"priority": {"Haute": None, "Moyenne": None}}

    text = (folder / FILE).read_text("utf-8")
    filled = text.replace("Haute:", "Haute: P1 #").replace("Moyenne:", "Moyenne: P2 #")
    (folder / FILE).write_text(filled, encoding="utf-8")
    lines = bring(wanted("glpi", [tmp_path / "glpi.csv"], folder))

    assert "fill it in" not in lines
    assert "0 new, 2 changed" in lines
    assert cells(folder)["priority"].to_list() == ["P1", "P2"]


def test_on_a_terminal_what_is_open_is_asked_one_at_a_time_with_its_guess(tmp_path: Path) -> None:
    """Return takes the guess; a number is one of the list; the answers are in mapping.yml."""
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / "engagement.yml").write_text(
        "format: 1\nlanguage: en\nterms:\n  priorities: [P1, P2]\n", encoding="utf-8"
    )

    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder), "", "2")

    assert cells(folder)["priority"].to_list() == ["P1", "P2"]
    assert stated(folder)["values"] == {"priority": {"Haute": "P1", "Moyenne": "P2"}}


def test_what_is_answered_by_none_stays_open_and_is_listed(tmp_path: Path) -> None:
    """A word stays as it is; without a column that is needed nothing but the mapping is written."""
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / "engagement.yml").write_text(
        "format: 1\nlanguage: en\nterms:\n  priorities: [P1, P2]\n", encoding="utf-8"
    )
    lines = bring(wanted("glpi", [written(tmp_path, *ROWS)], folder), "-", "P2")
    assert "imports.glpi.values.priority.Haute: fill it in" in lines
    assert cells(folder)["priority"].to_list() == ["Haute", "P2"]

    heading = HEADING.replace("Date d'ouverture", "Jour de saisie")
    file, other = written(tmp_path, *ROWS, heading=heading), tmp_path / "other"
    bring(wanted("glpi", [file], other), "-", complete=False)
    assert [path.name for path in other.iterdir()] == [FILE]


def test_a_heading_that_is_misspelt_is_asked_for_and_else_left_out(tmp_path: Path) -> None:
    heading = HEADING.replace("Date de résolution", "Date de resolutions")
    file = written(tmp_path, *ROWS, heading=heading)

    bring(wanted("glpi", [file], tmp_path / "taken"), "")
    bring(wanted("glpi", [file], tmp_path / "left"), "-")

    assert "resolved_at" in cells(tmp_path / "taken")
    assert "resolved_at" not in cells(tmp_path / "left")
    assert "Date de resolutions" in stated(tmp_path / "left")["left_out"]
    bring(wanted("glpi", [file], tmp_path / "left"))  # not asked again


def test_a_folder_in_french_is_added_to_under_its_own_headings(tmp_path: Path) -> None:
    from reviewlib.pages.scaffold import lay_out

    folder = tmp_path / "e"
    lay_out(folder, "fr")
    heading = (folder / "tickets.csv").read_text("utf-8-sig")

    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))

    assert (folder / "tickets.csv").read_text("utf-8-sig").startswith(heading)
    assert cells(folder)["N° du ticket"].to_list() == ["1001", "1002"]


def test_a_table_of_another_form_in_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / "tickets.parquet").write_bytes(b"PAR1")

    with pytest.raises(Faults, match=r"tickets\.parquet"):
        bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))


def test_dates_in_another_order_than_the_mapping_states_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))
    other = written(tmp_path, ROWS[1].replace("13-03-2026", "03-13-2026"), name="us.csv")

    with pytest.raises(Faults, match="month-first"):
        bring(wanted("glpi", [other], folder))


def test_a_mapping_with_a_fault_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))
    text = (folder / FILE).read_text("utf-8").replace("dates: day-first", "dates: jour")
    (folder / FILE).write_text(text, encoding="utf-8")

    with pytest.raises(Faults, match=r"mapping\.yml.*dates"):
        bring(wanted("glpi", [tmp_path / "glpi.csv"], folder))


@pytest.mark.parametrize("content", [b"", b"\n", b"ID;Titre\n", b"\x00\x01", b"PK\x03\x04"])
def test_an_empty_or_strange_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "glpi.csv"
    file.write_bytes(content)

    with pytest.raises(Faults):
        bring(wanted("glpi", [file], tmp_path / "e"))

    assert not (tmp_path / "e").exists()


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    """Formulas, markup, quotes and signs that turn a text round come through as they are."""
    words = '=1+1|"">x|<script>|\u202eabc|{n}|%s|- a: b|# no'
    row = ROWS[0].replace("Haute", words.replace('"', '""'))
    file, folder = written(tmp_path, row, ROWS[1]), tmp_path / "e"

    bring(wanted("glpi", [file], folder))

    assert cells(folder)["priority"].iloc[0] == words
    assert words in load_contract(folder).versions[0].priorities


def test_without_a_needed_column_only_the_mapping_is_written(tmp_path: Path) -> None:
    heading = HEADING.replace("Date d'ouverture", "Jour de saisie")
    file, folder = written(tmp_path, *ROWS, heading=heading), tmp_path / "e"

    lines = bring(wanted("glpi", [file], folder), complete=False)

    assert [path.name for path in folder.iterdir()] == [FILE]
    assert "imports.glpi.columns.opened_at" in lines
    text = (folder / FILE).read_text("utf-8").replace("opened_at:", "opened_at: Jour de saisie #")
    (folder / FILE).write_text(text, encoding="utf-8")
    bring(wanted("glpi", [file], folder))
    assert cells(folder)["opened_at"].to_list() == ["2026-03-02 09:00:00", "2026-03-13 10:00:00"]


def test_dates_that_show_no_order_are_asked_for(tmp_path: Path) -> None:
    file, folder = written(tmp_path, ROWS[0]), tmp_path / "e"

    bring(wanted("glpi", [file], folder), complete=False)
    lines = bring(wanted("glpi", [file], folder), "month-first")

    assert "premier" in lines or "d’abord" in lines
    assert cells(folder)["opened_at"].to_list() == ["2026-02-03 09:00:00"]
    assert stated(folder)["dates"] == "month-first"


def test_dates_of_several_forms_in_one_column_are_each_read(tmp_path: Path) -> None:
    """One digit or two, ISO beside slashes, an offset that stays, a day without a time."""
    written_as, iso = Format(dates="day-first"), "2026-03-13T10:00:00"
    texts = ["1/3/2026 8:05", "02/03/2026", iso, f"{iso}Z", "31/02/2026", ""]
    read = canonical(pd.Series(texts, dtype="str"), "instant", written_as, "EUR")
    assert read.to_list() == [
        "2026-03-01 08:05:00",
        "2026-03-02",
        "2026-03-13 10:00:00",
        "2026-03-13T10:00:00Z",
        "31/02/2026",
        "",
    ]
    alone = pd.Series(["1/3/2026"], dtype="str")
    assert canonical(alone, "date", written_as, "EUR").to_list() == ["2026-03-01"]


def test_a_date_that_cannot_be_read_stays_and_is_counted(tmp_path: Path) -> None:
    row = ROWS[1].replace('"13-03-2026 10:00";""', '"13-03-2026 10:00";"sous peu"')
    file, folder = written(tmp_path, ROWS[0], row), tmp_path / "e"

    lines = bring(wanted("glpi", [file], folder))

    assert cells(folder)["resolved_at"].to_list() == ["2026-03-02 11:30:00", "sous peu"]
    assert "« sous peu »" in lines.replace("\u00a0", " ")


def test_any_csv_becomes_any_table(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "Études;1 234,50;2 000",
        "Recette;950,00;",
        name="suivi.csv",
        heading="Line;Original;Actual",
    )
    folder = tmp_path / "e"

    lines = bring(wanted("table", [file], folder, "budget"), complete=False)

    assert "imports.budget.columns.title" in lines
    text = (folder / FILE).read_text("utf-8")
    for name in ("line_id", "title"):  # the rest is told by the names of the columns themselves
        text = re.sub(rf"(?m)^( *{name}:).*", r"\1 Line", text)
    (folder / FILE).write_text(text, encoding="utf-8")
    bring(wanted("table", [file], folder, "budget"))

    assert cells(folder, "budget").to_dict("records") == [
        {"line_id": "Études", "title": "Études", "original": "1234.50", "actual": "2000"},
        {"line_id": "Recette", "title": "Recette", "original": "950.00", "actual": ""},
    ]


def test_columns_without_a_heading_that_hold_something_are_told_and_empty_ones_are_not(
    tmp_path: Path,
) -> None:
    """GLPI ends each line with a separator: a column without a heading, and without a cell."""
    assert "intitulé, et" not in bring(wanted("glpi", [written(tmp_path, *ROWS)], tmp_path / "e"))

    rows = [f'"x";{ROWS[0]}"note"', f'"";{ROWS[1]}" "']
    file = written(tmp_path, *rows, name="b.csv", heading=f'"";{HEADING}')
    lines = bring(wanted("glpi", [file], tmp_path / "b"))

    assert (
        "2 colonnes non vides n’ont pas d’intitulé, et ne sont pas lues\u00a0: à côté de ID, "
        "Attribué à - Groupe de techniciens."
    ) in lines
    form = tmp_path / "form.csv"
    form.write_text("Horodateur,,Utile ?\n13/03/2024 09:00:00,x,4\n", encoding="utf-8")
    assert "1 colonne non vide n’a pas d’intitulé" in bring(
        wanted("google-forms", [form], tmp_path / "f")
    )


WRONG = [
    ("google_forms_fr/reponses.csv", "Google Forms"),
    ("servicenow_incident_csv/incident.csv", "ServiceNow"),
    ("jira_csv/Jira.csv", "Jira"),
    ("limesurvey_csv_fr/data_questionnaires.csv", "LimeSurvey"),
    ("trello_csv/trello.csv", "has none of the headings of GLPI"),
]


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="../shared/data/exports is not there")
@pytest.mark.parametrize(("name", "what"), WRONG)
def test_a_file_of_another_tool_is_refused_with_what_it_seems_to_be(
    tmp_path: Path, name: str, what: str
) -> None:
    with pytest.raises(Faults, match=what):
        bring(wanted("glpi", [EXPORTS / name], tmp_path / "e"))

    assert not (tmp_path / "e").exists()


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="../shared/data/exports is not there")
def test_a_real_export_keeps_the_figures_of_its_description(tmp_path: Path) -> None:
    """The figures are those of SOURCE.md, counted there on the file itself."""
    folder = tmp_path / "e"
    lines = bring(wanted("glpi", [EXPORTS / "glpi_csv_fr" / "glpi.csv"], folder))

    tickets = load_engagement(folder).tables["tickets"]
    assert len(tickets) == 3000
    assert tickets["status"].value_counts().to_dict() == {
        "Clos": 2893,
        "Résolu": 77,
        "En attente": 21,
        "En cours (Attribué)": 9,
    }
    assert tickets["priority"].value_counts().to_dict() == {
        "Haute": 2837,
        "Moyenne": 154,
        "Très haute": 9,
    }
    hours = (tickets["resolved_at"] - tickets["opened_at"]).dt.total_seconds() / 3600
    assert hours.notna().sum() == 2970
    assert (round(hours.median(), 3), round(hours.mean(), 3)) == (2.167, 29.833)
    assert hours.min() >= 0
    assert tickets["closed_at"].notna().sum() == 2893
    assert str(tickets["opened_at"].min()) == "2026-03-02 16:08:00+00:00"
    assert str(tickets["opened_at"].max()) == "2026-07-18 16:59:00+00:00"
    assert (tickets["group"] == "SSRE > EXPLOITATION").sum() == 171
    assert tickets["category"].nunique() == 143 - 1  # SOURCE.md counts the empty one
    assert tickets["ticket_id"].iloc[0] == "49541"
    assert "38 min" in lines  # the tool's own median, 0.6333 h
    assert "2 h 10" in lines


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="../shared/data/exports is not there")
@pytest.mark.parametrize(
    ("name", "language", "statuses", "priorities"),
    [
        (
            "glpi_fr.csv",
            "fr",
            {"En attente": 2, "En cours (Attribué)": 2},
            {"Moyenne": 2, "Basse": 1, "Haute": 1},
        ),
        ("glpi_en.csv", "en", {"Pending": 4, "Processing (assigned)": 1}, {"Medium": 5}),
    ],
)
def test_a_fresh_glpi_in_two_languages_keeps_its_figures(
    tmp_path: Path,
    name: str,
    language: str,
    statuses: dict[str, int],
    priorities: dict[str, int],
) -> None:
    folder = tmp_path / "e"
    lines = bring(wanted("glpi", [EXPORTS / "glpi_csv_lab" / name], folder))

    table = cells(folder)
    assert table["status"].value_counts().to_dict() == statuses
    assert table["priority"].value_counts().to_dict() == priorities
    assert "resolved_at" not in table
    assert load_contract(folder).language == language
    lacking = {"fr": "date de résolution", "en": "date of resolution"}[language]
    assert lacking in lines


def test_durations_in_words_are_seconds() -> None:
    """1 jours 3 heures 4 minutes = 86,400 + 10,800 + 240."""
    texts = pd.Series(
        ["2 heures 52 minutes", "1 jours 3 heures 4 minutes", "0 seconde", "51:36:00"]
    )
    assert seconds(texts.astype("str")).to_list() == [10_320, 97_440, 0, 185_760]


SIGNS = ['"', ";", "\n", "\r\n", "\x00", "é", "\u202e", "1", " ", "''", '""', ";;", "\xa0", ""]


def test_a_hundred_mutated_files_give_no_unexpected_error_and_lose_no_row(tmp_path: Path) -> None:
    """A row is in the table, or the whole file is refused with a fault.

    Of a sign put anywhere most files stay readable: more than half are read.
    """
    chance, read = random.Random(12), 0
    text = "\n".join([HEADING, *(row.replace("1 00", f"{n} 00") for n in range(9) for row in ROWS)])
    for number in range(100):
        place = chance.randrange(len(text))
        changed = text[:place] + chance.choice(SIGNS) + text[place + chance.randrange(3) :]
        file = tmp_path / f"{number}.csv"
        file.write_text(changed, encoding="utf-8", newline="")
        lines: list[str] = []
        try:
            made = run(wanted("glpi", [file], tmp_path / f"e{number}"), None, lines.append)
        except ReviewError:
            continue
        if made:
            records = csv.reader(io.StringIO(changed, newline=""), delimiter=";")
            filled = sum(any(cell.strip() for cell in record) for record in records) - 1
            assert len(cells(tmp_path / f"e{number}")) == filled, changed
            read += 1
    assert read > 50


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="../shared/data/exports is not there")
def test_a_real_list_of_incidents_of_servicenow_keeps_its_figures(tmp_path: Path) -> None:
    """66 incidents without a date of resolution: priorities and states by SOURCE.md."""
    folder = tmp_path / "e"
    lines = bring(
        wanted("servicenow", [EXPORTS / "servicenow_incident_csv" / "incident.csv"], folder)
    )

    tickets = load_engagement(folder).tables["tickets"]
    assert len(tickets) == tickets["ticket_id"].nunique() == 66
    assert tickets["status"].value_counts().to_dict() == {
        "Closed": 27,
        "In Progress": 20,
        "New": 12,
        "On Hold": 7,
    }
    assert tickets["priority"].str[0].value_counts().to_dict() == {
        "1": 27, "5": 18, "3": 12, "4": 5, "2": 4,
    }  # fmt: skip
    assert tickets["group"].isna().sum() == 27
    assert str(tickets["opened_at"].min()) == "2015-08-12 16:08:24+00:00"
    assert str(tickets["opened_at"].max()) == "2021-02-24 01:42:59+00:00"
    assert "no date of resolution" in lines


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="../shared/data/exports is not there")
def test_rows_of_service_levels_of_servicenow_are_no_incidents(tmp_path: Path) -> None:
    file = EXPORTS / "servicenow_task_sla" / "task_sla_data.csv"
    with pytest.raises(Faults, match="has none of the headings of ServiceNow"):
        bring(wanted("servicenow", [file], tmp_path / "e"))


def test_priorities_with_a_number_are_assumed_to_be_those_of_the_contract(tmp_path: Path) -> None:
    """ "1 - Critical" is P1 of a contract that has P1 to P4; 5 is none of them, and stays open."""
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / "engagement.yml").write_text(
        "format: 1\nlanguage: en\nterms:\n  priorities: [P1, P2, P3, P4]\n", encoding="utf-8"
    )
    file = written(
        tmp_path,
        "INC1,2024-01-02 10:00:00,1 - Critical,6",
        "INC2,2024-01-03 10:00:00,5 - Planning,2",
        heading="number,opened_at,priority,state",
    )

    lines = bring(wanted("servicenow", [file], folder))

    assert cells(folder)["priority"].to_list() == ["P1", "5 - Planning"]
    assert cells(folder)["status"].to_list() == ["Resolved", "In Progress"]
    assert stated(folder, "servicenow")["assumed"] == ["values.priority.1 - Critical"]
    assert "values.priority.1 - Critical" in lines
    assert "imports.servicenow.values.priority.5 - Planning: fill it in" in lines


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="../shared/data/exports is not there")
def test_a_real_budget_in_a_workbook_is_read_by_the_columns_that_are_named(tmp_path: Path) -> None:
    """The seven lines of the visible sheet add up to 55,050, the row TOTAL HT; no hidden one."""
    file, folder = EXPORTS / "xlsx_budget_fr" / "Budget_previsionnel.xlsx", tmp_path / "e"
    bring(wanted("table", [file], folder, "budget"), complete=False)
    text = (folder / FILE).read_text("utf-8")
    for name, heading in (("line_id", "EUR HT"), ("title", "EUR HT"), ("original", "Total")):
        text = text.replace(f"      {name}:", f"      {name}: {heading} #")
    (folder / FILE).write_text(text, encoding="utf-8")

    lines = bring(wanted("table", [file], folder, "budget"))

    table = cells(folder, "budget").set_index("title")["original"]
    names = [
        "Analyse",
        "Spécifications",
        "Développement",
        "Tests",
        "Déploiement",
        "Lancement",
        "Gestion",
    ]
    assert sum(table[names].astype(float)) == 55_050 == float(table["TOTAL HT"])
    assert "Tableau avec calcul" in lines  # which is said not to be read
