"""Values in French and in English, and the contract's words as people write them."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.contract.data import Format
from reviewlib.contract.loading import load_data_section
from reviewlib.folder.checking import Checked, check_table
from reviewlib.folder.engagement import load_engagement
from reviewlib.folder.parsing import flags
from reviewlib.folder.reading import Reading
from reviewlib.folder.words import admitted
from reviewlib.pages.wording import Wording
from reviewlib.tables import SCHEMAS
from reviewlib.tables.aliases import title, word_title

Folder = Callable[..., Path]
WORDS = {
    "priorities": ("P1 élevée", "P2", "P 2"),
    "statuses": ("En attente", "Clos", "CLOS"),
    "kinds": ("incident",),
    "categories": ("Réseau",),
}


def checked(table: str, cells: dict[str, list[str]], language: str = "fr") -> Checked:
    reading = Reading(Format(), "Europe/Paris", WORDS, None, language)
    frame = pd.DataFrame(cells, dtype="str")
    return check_table(frame.set_axis(range(2, len(frame) + 2)), SCHEMAS[table], "t.csv", reading)


def test_a_part_of_the_governance_plan_is_meant_by_its_title_too_and_another_is_told() -> None:
    """What a list of people's own writes: the title in either language; twice what is no body."""
    words = {"bodies": ("steering", "follow_up")}
    titles = {"bodies": (("Comité de pilotage", "steering"), ("Steering committee", "steering"))}
    reading = Reading(Format(), "Europe/Paris", words, None, "fr", titles=titles)
    names = ["comité de pilotage", "STEERING COMMITTEE", "follow_up", "COPIL", "COPIL"]
    cells = {"meeting_id": list("ABCDE"), "body": names, "planned_on": ["2024-01-15"] * 5}
    frame = pd.DataFrame(cells, dtype="str").set_axis(range(2, 7))
    table = check_table(frame, SCHEMAS["meetings"], "meetings.csv", reading)
    remarks = [Wording("en").say(sentence) for _, sentence in table.remarks]

    assert table.frame["body"].to_list() == ["steering", "steering", "follow_up", "COPIL", "COPIL"]
    assert any("“COPIL” (2 rows)" in one and "steering, follow_up" in one for one in remarks)


def test_a_title_that_two_roles_have_stands_for_neither_and_is_told() -> None:
    words = {"roles": ("client_lead", "provider_lead")}
    titles = {"roles": (("Technical lead", "client_lead"), ("Technical lead", "provider_lead"))}
    reading = Reading(Format(), "Europe/Paris", words, None, "en", titles=titles)
    cells = {"role": ["Technical lead", "client_lead"], "holder": ["C1", "C2"],
             "from_on": ["2024-01-15"] * 2}  # fmt: skip
    frame = pd.DataFrame(cells, dtype="str").set_axis(range(2, 4))
    table = check_table(frame, SCHEMAS["contacts"], "contacts.csv", reading)

    assert table.faults == ()
    assert table.frame["role"].to_list() == ["Technical lead", "client_lead"]
    assert any("“Technical lead” (1 row)" in Wording("en").say(one) for _, one in table.remarks)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("Acceptée", "accepted"),
        ("ACCEPTE", "accepted"),
        ("accepté avec réserves", "accepted_with_reservations"),
        ("Accepted with reservations", "accepted_with_reservations"),
        ("accepted", "accepted"),
        ("Rejeté", "refused"),
        ("en cours", "en cours"),
    ],
)
def test_a_value_is_read_in_french_and_in_english(word: str, value: str) -> None:
    allowed = ("accepted", "accepted_with_reservations", "refused")
    read = admitted(pd.Series([word, "accepted", None], dtype="str"), allowed)

    assert read.tolist()[:2] == [value, "accepted"]
    assert (read.isna().tolist(), read.dtype) == ([False, False, True], "str")


def test_the_values_of_a_table_in_french_are_those_of_its_columns() -> None:
    """The first word of the French list and every other one; yes and no too."""
    table = checked(
        "actions",
        {
            "N°": ["A1", "A2", "A3"],
            "Action": ["x", "y", "z"],
            "Partie": ["Prestataire", "Les deux", ""],
            "Avancement": ["Clôturée", "En cours", "À faire"],
        },
    )

    assert table.set_aside.empty
    assert table.frame["status"].tolist() == ["done", "in_progress", "open"]
    assert table.frame["side"].tolist()[:2] == ["provider", "both"]


def test_a_value_that_is_none_is_answered_with_the_words_of_the_language() -> None:
    cells = {"finding": ["a.b"], "side": ["moi"], "position": ["agreed"]}
    french, english = (checked("replies", cells, spoken) for spoken in ("fr", "en"))

    assert french.set_aside["allowed"].tolist() == ["client, prestataire"]
    assert english.set_aside["allowed"].tolist() == ["client, provider"]


def test_repeated_values_of_a_log_are_the_same_category_in_either_language() -> None:
    at = ["2024-01-02 10:00", "2024-01-02 11:00", "2024-01-02 12:00"]
    cells = {"Ticket": ["T1"] * 3, "Horodatage": at, "Champ": ["status", "Statut", "Priorité"]}
    log = checked("ticket_events", cells).frame

    assert log["field"].tolist() == ["status", "status", "priority"]
    assert sorted(log["field"].cat.categories) == ["priority", "status"]


def test_a_row_set_aside_names_no_person_whatever_the_language_of_its_field() -> None:
    """Who was assigned is hidden; a status stays to be looked up."""
    cells = {
        "Ticket": ["T1", "T1"],
        "Horodatage": ["never", "never"],
        "Champ": ["Intervenant", "Statut"],
        "Après": ["A. Martin", "Clos"],
    }
    table = checked("ticket_events", cells)

    assert table.set_aside["content"].tolist() == [
        "T1 ; never ; Intervenant ; …", "T1 ; never ; Statut ; Clos",
    ]  # fmt: skip


def test_yes_and_no_are_read_in_french_and_in_english() -> None:
    texts = pd.Series(["Oui", "YES", "vrai", "x", "1", "Non", "no", "FAUX", "0", "", "peut-être"])
    parsed = flags(texts.astype("str"), Format(), "Europe/Paris")

    assert parsed.values.tolist()[:9] == [True] * 5 + [False] * 4
    assert parsed.unreadable.tolist() == [False] * 10 + [True]


def remarks(table: Checked) -> list[str]:
    return [Wording("en").say(sentence) for _, sentence in table.as_headed().remarks]


def test_a_word_of_the_contract_is_read_however_it_is_written_and_it_is_said() -> None:
    table = checked(
        "tickets",
        {
            "N°": ["T1", "T2", "T3"],
            "Ouvert le": ["2024-01-02 10:00"] * 3,
            "Priorité": ["P1 Elevee", "P1_élevée", "p1 élevée"],
            "Nature": ["Incident", "incident", "Demande"],
            "Statut": ["EN ATTENTE", "en\u00a0attente", "Autre"],
        },
    )

    assert table.set_aside.empty
    assert table.frame["priority"].tolist() == ["P1 élevée"] * 3
    assert table.frame["kind"].tolist() == ["incident", "incident", "Demande"]
    assert table.frame["status"].tolist() == ["En attente", "En attente", "Autre"]
    assert remarks(table) == [
        "“Nature” writes words of the contract in another way; taken for them: “Incident” as "
        "“incident” (1 row)",
        "“Priorité” writes words of the contract in another way; taken for them: “P1 Elevee” as "
        "“P1 élevée” (1 row), “P1_élevée” as “P1 élevée” (1 row), “p1 élevée” as “P1 élevée” "
        "(1 row)",
        "“Statut” writes words of the contract in another way; taken for them: “EN ATTENTE” as "
        "“En attente” (1 row), “en\u00a0attente” as “En attente” (1 row)",
    ]


def test_a_word_that_two_of_the_contract_are_like_is_not_guessed() -> None:
    """P-2 may be P 2, which alone is folded so; clos may be Clos or CLOS, and stays."""
    cells = {
        "ticket_id": ["T1", "T2", "T3"],
        "opened_at": ["2024-01-02 10:00"] * 3,
        "priority": ["P-2", "P2", "P22"],
        "status": ["clos", "Clos", "CLOS"],
    }
    table = checked("tickets", cells)

    assert table.frame["status"].tolist() == ["clos", "Clos"]
    assert table.frame["priority"].tolist() == ["P 2", "P2"]
    assert table.set_aside["value"].tolist() == ["P22"]


def test_statuses_and_priorities_of_a_log_are_read_each_by_its_own_list() -> None:
    """A group called en attente is no status."""
    cells = {
        "ticket_id": ["T1"] * 4,
        "at": [f"2024-01-02 1{hour}:00" for hour in range(4)],
        "field": ["status", "Statut", "priority", "group"],
        "old": ["", "en attente", "", ""],
        "new": ["En attente", "EN ATTENTE", "P1 ELEVEE", "en attente"],
    }
    log = checked("ticket_events", cells).frame

    assert log["new"].tolist() == ["En attente", "En attente", "P1 élevée", "en attente"]
    assert log["old"].tolist()[1] == "En attente"
    assert str(log["new"].dtype) == "category"


def test_a_column_with_translations_keeps_its_words() -> None:
    cells = {
        "ticket_id": ["T1"],
        "opened_at": ["2024-01-02 10:00"],
        "category": ["RESEAU"],
        "category_en": ["Network"],
    }
    table = checked("tickets", cells)

    assert (str(table.frame["category"].iloc[0]), remarks(table)) == ("RESEAU", [])


def test_the_kinds_that_a_clause_names_are_those_of_the_tickets_whatever_their_case(
    engagement_folder: Folder, contract_text: str
) -> None:
    text = contract_text.replace(
        "      measure: resolution", "      measure: resolution\n      kinds: [Incident]"
    )
    assert text != contract_text
    tickets = "ticket_id,opened_at,kind,priority\nT1,2024-03-01,INCIDENT,p1\n"
    engagement = load_engagement(engagement_folder(text, tickets=tickets))

    assert engagement.tables["tickets"][["kind", "priority"]].iloc[0].tolist() == ["Incident", "P1"]
    assert [remark.column for remark in engagement.remarks] == ["kind", "priority"]


def put_in_french(path: Path) -> None:
    """Write a table of the sample with its headings and the values that it admits in French."""
    schema = SCHEMAS[path.stem]
    encoding = load_data_section(path.parent).format_of(path.stem).encoding or "utf-8-sig"
    text = path.read_text(encoding)
    separator = max(";,\t", key=text.splitlines()[0].count)
    heading, *rows = csv.reader(io.StringIO(text), delimiter=separator)
    values = [schema.columns[name].metadata if name in schema.columns else {} for name in heading]
    translated = [
        [
            word_title(cell, "fr") if cell in about.get("allowed", ()) else cell
            for cell, about in zip(row, values, strict=True)
        ]
        for row in rows
    ]
    titles = [name if name.endswith("_en") else title(path.stem, name, "fr") for name in heading]
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows([titles, *translated])
    path.write_text(written.getvalue(), encoding)


def test_the_sample_in_french_words_is_the_same_engagement(tmp_path: Path) -> None:
    sample = Path("data/sample")
    shutil.copytree(sample, tmp_path / "fr")
    for path in (tmp_path / "fr").glob("*.csv"):
        put_in_french(path)
    french, english = load_engagement(tmp_path / "fr"), load_engagement(sample)

    assert french.unused == english.unused
    for name, table in english.tables.items():
        pd.testing.assert_frame_equal(french.tables[name], table)
    places = ["table", "row", "rule"]
    assert french.set_aside[places].equals(english.set_aside[places])
    assert french.noted[places].equals(english.noted[places])
    assert {*french.set_aside["column"]} & {"priority", "opened_at"} == set()
