"""The next export, a mapping edited by hand, two sources in one folder: nothing lost or doubled."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import openpyxl
import pytest

from reviewlib.faults import Faults, ReviewError
from reviewlib.folder.engagement import load_engagement
from reviewlib.folder.importers.mapping import FILE
from tests.folder.importers.test_tools import (
    HEADING,
    ROWS,
    bring,
    cells,
    stated,
    wanted,
    written,
)

THIRD = '"1 003";"Écran";"Nouveau";"14-03-2026 10:00";"";"";"Haute";"";"";'


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ('"ID"', '"Numéro"', "ticket_id"),
        ('"Date d\'ouverture"', '"Ouvert le"', "opened_at"),
        ('"Date de clôture"', '"Clos le"', "closed_at"),
    ],
)
def test_a_heading_renamed_in_the_next_export_is_read_by_its_other_name(
    tmp_path: Path, old: str, new: str, column: str
) -> None:
    """Two tickets, then the same two and a third: one is new, none is doubled, none is emptied."""
    folder = tmp_path / "e"
    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))
    later = written(tmp_path, *ROWS, THIRD, name="b.csv", heading=HEADING.replace(old, new))

    lines = bring(wanted("glpi", [later], folder))

    table = cells(folder)
    assert [*table["ticket_id"]] == ["1001", "1002", "1003"]
    assert table["opened_at"][2] == "2026-03-14 10:00:00"
    assert table["closed_at"][0] == "2026-03-05 09:00:00"
    assert "nouvelles 1, modifiées 0, inchangées 2" in lines
    assert f"{column} est désormais lu de «\u00a0{new[1:-1]}\u00a0»" in lines
    assert stated(folder)["columns"][column] == new[1:-1]  # type: ignore[index]
    assert f"columns.{column}" in stated(folder)["assumed"]  # type: ignore[operator]


@pytest.mark.parametrize("old", ['"ID"', '"Date d\'ouverture"'])
def test_an_export_without_a_needed_column_changes_neither_table_nor_mapping(
    tmp_path: Path, old: str
) -> None:
    folder = tmp_path / "e"
    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    later = written(tmp_path, *ROWS, name="b.csv", heading=HEADING.replace(old, '"Autre chose"'))

    with pytest.raises(Faults, match=r"mapping\.yml"):
        bring(wanted("glpi", [later], folder))

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_needed_column_that_was_renamed_is_asked_for_on_a_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))
    heading = HEADING.replace('"ID"', '"Dossier"')
    later = written(tmp_path, *ROWS, THIRD, name="b.csv", heading=heading)

    bring(wanted("glpi", [later], folder), "Dossier")

    assert [*cells(folder)["ticket_id"]] == ["1001", "1002", "1003"]
    assert stated(folder)["columns"]["ticket_id"] == "Dossier"  # type: ignore[index]


def edited(folder: Path, old: str, new: str) -> None:
    """Edit the mapping by hand, in one place."""
    text = (folder / FILE).read_text("utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_column_that_the_tool_is_not_known_to_have_is_read_where_the_mapping_names_it(
    tmp_path: Path,
) -> None:
    heading, folder = f'{HEADING}"Métier";', tmp_path / "e"
    rows = [f'{ROWS[0]}"Paie";', f'{ROWS[1]}"Achats";']
    file = written(tmp_path, *rows, heading=heading)
    bring(wanted("glpi", [file], folder))
    edited(folder, "      priority:", "      service: Métier\n      priority:")

    bring(wanted("glpi", [file], folder))

    assert [*cells(folder)["service"]] == ["Paie", "Achats"]
    assert "Métier" not in stated(folder)["left_out"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("      priority:", "      prioritty:", "prioritty.*priority"),
        ("    table: tickets", "    table: ticket", "ticket.*tickets"),
        ("    dates:", "    date:", "clé inconnue.*dates"),
        ("day-first", "jour", "iso, day-first, month-first"),
        ("    left_out:", "    values: {statu: {a: b}}\n    left_out:", "statu.*status"),
    ],
)
def test_a_key_of_the_mapping_that_is_none_is_refused_with_the_one_that_is_meant(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    folder = tmp_path / "e"
    file = written(tmp_path, *ROWS)
    bring(wanted("glpi", [file], folder))
    edited(folder, old, new)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    with pytest.raises(Faults, match=rf"(?s)mapping\.yml.*{what}"):
        bring(wanted("glpi", [file], folder))

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_mapping_that_leads_a_tool_into_another_table_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / FILE).write_text("imports: {glpi: {table: budget}}", encoding="utf-8")

    with pytest.raises(Faults, match=r"imports\.glpi\.table.*tickets"):
        bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))


CONTRACT = """\
format: 1
id: x
title: t
language: en
time_zone: Europe/Paris
period: {first: 2025-01-01, last: 2026-12-31}
client: {name: c}
provider: {name: p}
data: {formats: {default: {decimal: ",", separator: ";", encoding: cp1252}}}
"""


def declared(tmp_path: Path, budget: str) -> Path:
    """Return a folder whose contract declares how its budget is written."""
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / "engagement.yml").write_text(CONTRACT, encoding="utf-8")
    (folder / "budget.csv").write_bytes(budget.encode("cp1252"))
    return folder


def test_a_table_is_written_as_the_contract_declares_it(tmp_path: Path) -> None:
    """234.567 in the export is 234,567 in the folder, where a point would make it 234 567 euros."""
    folder = declared(tmp_path, "line_id;title;original\nL1;Déploiement;1234,5\n")
    file = tmp_path / "b.csv"
    file.write_text("line_id,title,original\nL1,Déploiement,1234.5\nL2,Été,234.567\n", "utf-8")

    lines = bring(wanted("table", [file], folder, "budget"))

    text = (folder / "budget.csv").read_bytes().decode("cp1252")
    assert text == "line_id;title;original\nL1;Déploiement;1234,5\nL2;Été;234,567\n"
    assert "1 new, 0 changed, 1 unchanged" in lines
    table = load_engagement(folder).tables["budget"]
    assert [*table["original"]] == [1234.5, 234.567]
    assert [*table["title"]] == ["Déploiement", "Été"]


def test_a_sign_that_the_declared_encoding_lacks_is_refused_with_the_key(tmp_path: Path) -> None:
    folder = declared(tmp_path, "line_id;title;original\nL1;Déploiement;1234,5\n")
    before = (folder / "budget.csv").read_bytes()
    file = tmp_path / "b.csv"
    file.write_text("line_id,title,original\nL2,Łódź,10\n", "utf-8")

    with pytest.raises(Faults, match=r"Ł.*data\.formats\.budget\.encoding"):
        bring(wanted("table", [file], folder, "budget"))

    assert (folder / "budget.csv").read_bytes() == before


def workbook(path: Path, rows: list[list[object]], *merged: str, hidden: int = 0) -> Path:
    """Return a workbook of one sheet with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for cells_of in merged:
        sheet.merge_cells(cells_of)
    if hidden:
        sheet.row_dimensions[hidden].hidden = True
    book.save(path)
    return path


def test_what_is_merged_or_hidden_in_a_workbook_is_said_and_no_amount_counts_twice(
    tmp_path: Path,
) -> None:
    """“Build” stands for both rows; 1000 counts once, in row 2; row 4 is hidden, and read."""
    rows: list[list[object]] = [
        ["line_id", "title", "original"],
        ["L1", "Build", 1000],
        ["L2", None, None],
        ["L3", "Run", 2000],
    ]
    file = workbook(tmp_path / "b.xlsx", rows, "B2:B3", "C2:C3", hidden=4)

    lines = bring(wanted("table", [file], tmp_path / "e", "budget"))

    table = cells(tmp_path / "e", "budget")
    assert [*table["title"]] == ["Build", "Build", "Run"]
    assert [*table["original"]] == ["1000", "", "2000"]
    assert "cells of “original” are merged (rows 2 to 3)" in lines
    assert "1 row that is hidden in the sheet is read as the others are." in lines


def test_a_cell_as_wide_as_several_columns_is_read_in_the_first_and_it_is_said(
    tmp_path: Path,
) -> None:
    rows: list[list[object]] = [["line_id", "title", "original"], ["L1", "Build", None]]
    file = workbook(tmp_path / "b.xlsx", rows, "B2:C2")

    lines = bring(wanted("table", [file], tmp_path / "e", "budget"))

    assert [*cells(tmp_path / "e", "budget")["title"]] == ["Build"]
    assert (
        "b.xlsx: 1 cell is merged with others beside it: what it holds is read under “title” alone."
    ) in lines


def test_dates_that_a_workbook_holds_as_numbers_are_dates(tmp_path: Path) -> None:
    """Excel counts 1 January 2026 as day 46023; 46080.5 is 57.5 days later: 27 February, noon."""
    rows: list[list[object]] = [["ticket_id", "opened_at"], ["A", 46080.5], ["B", "2026-03-02"]]
    file = workbook(tmp_path / "t.xlsx", rows)

    bring(wanted("table", [file], tmp_path / "e", "tickets"))

    assert [*cells(tmp_path / "e")["opened_at"]] == ["2026-02-27 12:00:00", "2026-03-02"]


def test_days_and_months_that_a_workbook_may_have_exchanged_are_said(tmp_path: Path) -> None:
    """Of six dates those with a day up to 12 became dates, and those above stayed text."""
    rows: list[list[object]] = [["ticket_id", "opened_at"]]
    rows += [[f"A{n}", dt.datetime(2026, 3, n, 9)] for n in (1, 2, 3)]
    rows += [[f"B{n}", f"{n}/03/2026 09:00"] for n in (13, 14, 15)]
    file = workbook(tmp_path / "t.xlsx", rows)

    lines = bring(wanted("table", [file], tmp_path / "e", "tickets"))

    assert "days and months may have been exchanged" in lines


def test_of_columns_with_one_heading_the_first_that_holds_something_is_read(
    tmp_path: Path,
) -> None:
    """GLPI repeats a label where two of its fields bear it."""
    heading = (
        'ID;Statut;"Date d\'ouverture";Date de résolution;Priorité;Date de résolution;Priorité'
    )
    row = "1;Clos;13-03-2026 09:00;;Haute;14-03-2026 09:00;Basse"

    lines = bring(wanted("glpi", [written(tmp_path, row, heading=heading)], tmp_path / "e"))

    table = cells(tmp_path / "e")
    assert (table["resolved_at"][0], table["priority"][0]) == ("2026-03-14 09:00:00", "Haute")
    assert "«\u00a0Priorité\u00a0» est l’intitulé de plusieurs colonnes" in lines
    assert "«\u00a0Date de résolution\u00a0» est l’intitulé" not in lines


def test_tickets_of_another_tool_with_the_same_numbers_are_not_mixed(tmp_path: Path) -> None:
    """Number 1001 was opened on 2 March in one tool and on 5 May in the other: two tickets."""
    folder = tmp_path / "e"
    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))
    before = (folder / "tickets.csv").read_bytes()
    other = tmp_path / "incident.csv"
    other.write_text("number,opened_at,state\n1001,2026-05-05 10:00:00,New\n", "utf-8")

    with pytest.raises(Faults, match=r"1001, le 2026-05-05.*glpi"):
        bring(wanted("servicenow", [other], folder))

    assert (folder / "tickets.csv").read_bytes() == before


def test_a_word_of_a_key_that_is_settled_later_does_not_double_its_rows(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    folder.mkdir()
    (folder / "engagement.yml").write_text(
        CONTRACT.replace("data:", "terms: {priorities: [P1, P2]}\n#"), encoding="utf-8"
    )
    file = tmp_path / "k.csv"
    file.write_text(
        "month;clause;priority;value\n2026-01;R;Haute;95\n2026-02;R;Haute;96\n", "utf-8"
    )
    bring(wanted("table", [file], folder, "reported_kpis"))
    edited(folder, "        Haute:", "        Haute: P1 #")

    lines = bring(wanted("table", [file], folder, "reported_kpis"))

    assert [*cells(folder, "reported_kpis")["priority"]] == ["P1", "P1"]
    assert "0 new, 0 changed, 2 unchanged" in lines


@pytest.mark.parametrize("name", ["Jalons.csv", "Milestones.csv", "jalons.xlsx"])
def test_a_table_that_goes_by_another_name_is_not_written_a_second_time(
    tmp_path: Path, name: str
) -> None:
    folder = declared(tmp_path, "line_id;title;original\n")
    text = "milestone_id;title;contract_date\nM1;A;2026-03-01\n"
    rows: list[list[object]] = [line.split(";") for line in text.splitlines()]
    if name.endswith(".xlsx"):
        workbook(folder / name, rows)
    else:
        (folder / name).write_text(text, "cp1252")
    file = tmp_path / "m.csv"
    file.write_text(text, "utf-8")

    with pytest.raises(Faults, match=rf"(?i){name}.*milestones\.csv"):
        bring(wanted("table", [file], folder, "milestones"))

    assert not (folder / "milestones.csv").exists()


def test_a_contract_in_a_workbook_stays_the_contract(tmp_path: Path) -> None:
    """Its priorities are asked after, in its language, and no engagement.yml goes before it."""
    folder = tmp_path / "e"
    folder.mkdir()
    rows: list[list[object]] = [
        ["key", "value"],
        ["language", "fr"],
        ["terms.priorities", "P1, P2"],
    ]
    book = openpyxl.load_workbook(workbook(folder / "engagement.xlsx", rows))
    book.active.title = "contract"
    book.save(folder / "engagement.xlsx")

    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))

    assert not (folder / "engagement.yml").exists()
    assert (folder / FILE).read_text("utf-8").startswith("# Comment")


def test_blank_headings_of_a_table_in_the_folder_keep_what_stands_under_them(
    tmp_path: Path,
) -> None:
    folder = declared(tmp_path, "line_id;title;original;;\nL1;A;10;x;y\n")
    file = tmp_path / "b.csv"
    file.write_text("line_id,title,original\nL1,A,20\n", "utf-8")

    bring(wanted("table", [file], folder, "budget"))

    text = (folder / "budget.csv").read_text("cp1252")
    assert text == "line_id;title;original;;\nL1;A;20;x;y\n"


def test_two_columns_of_the_folder_that_are_one_are_named(tmp_path: Path) -> None:
    folder = declared(tmp_path, "line_id;title;Intitulé;original\nL1;A;B;10\n")
    file = tmp_path / "b.csv"
    file.write_text("line_id,title,original\nL1,A,20\n", "utf-8")

    with pytest.raises(Faults, match=r"title, Intitulé.*Rename"):
        bring(wanted("table", [file], folder, "budget"))


def test_a_write_that_fails_or_is_stopped_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk refuses the second of the files that change: the first is taken back."""
    folder = tmp_path / "e"
    bring(wanted("glpi", [written(tmp_path, *ROWS)], folder))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    heading = HEADING.replace('"Titre"', '"Autre"')
    later = written(tmp_path, *ROWS, THIRD, name="b.csv", heading=heading)
    replace, calls = os.replace, list[str]()

    def failing(source: Path, place: Path) -> None:
        calls.append(place.name)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        replace(source, place)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(ReviewError, match="No space left"):
        bring(wanted("glpi", [later], folder))

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert calls == ["tickets.csv", "mapping.yml", "tickets.csv"]
    assert {path.name for path in tmp_path.iterdir()} == {"e", "glpi.csv", "b.csv"}


def test_what_stands_above_the_heading_is_said_to(tmp_path: Path) -> None:
    file = tmp_path / "glpi.csv"
    file.write_text("\n".join(["Export du 1er mars", HEADING, *ROWS]), encoding="utf-8")

    with pytest.raises(Faults, match=r"no heading.*Take out what stands above"):
        bring(wanted("glpi", [file], tmp_path / "e"))
