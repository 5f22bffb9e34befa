"""The next export, a mapping edited by hand, two sources in one folder: nothing lost or doubled."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from reviewlib.faults import Faults
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
