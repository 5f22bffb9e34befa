"""The workbook that ``new --workbook`` lays out: filled in, checked and closed."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from reviewlib.contract.sheet import written_sheet
from reviewlib.faults import Faults
from reviewlib.folder.engagement import load_engagement
from reviewlib.pages.blank_workbook import CONTRACT, FILE, blank_workbook
from reviewlib.pages.dictionary import Names
from reviewlib.pages.scaffold import lay_out
from reviewlib.report.text import Language
from reviewlib.sheets.opening import sheets
from reviewlib.tables import SCHEMAS, aliases
from tests.conftest import Run

openpyxl = pytest.importorskip("openpyxl", reason="the workbook is written by openpyxl")
languages = pytest.mark.parametrize("language", ["fr", "en"])
FILLED: dict[str, Any] = {
    "id": "C-1",
    "title": "Support",
    "time_zone": "Europe/Paris",
    "period > first": dt.date(2024, 1, 1),
    "period > last": dt.date(2024, 12, 31),
    "client > name": "Client",
    "provider > name": "Provider",
    "data > extracted_at": dt.datetime(2025, 1, 15, 18),
    "terms > services > 1 > id": "Support",
    "terms > services > 1 > name": "User support",
    "terms > statuses > 1 > id": "Waiting for user",
    "terms > statuses > 1 > state": "waiting",
    "terms > statuses > 1 > awaits": "client",
    "terms > clauses > 1 > id": "5.10",
    "terms > clauses > 1 > title": "Time to resolution",
    "terms > clauses > 1 > measure": "resolution",
    "terms > clauses > 1 > calendar": "P1: office, P2: office, P3: office, P4: office",
    "terms > clauses > 1 > targets": "P1: 4 h, P2: 8 h, P3: 2 working days, P4: 5 working days",
    "terms > clauses > 1 > threshold": "95 %",
    "terms > clauses > 1 > stops_at": "last_resolution",
    "terms > price > total": 120000,
}
TICKETS: dict[str, Sequence[Any]] = {
    "ticket_id": [1, 2, 3],
    "priority": ["P1", "P2", "P1"],
    "service": ["Support"] * 3,
    "opened_at": [dt.datetime(2024, 3, day, 9) for day in (4, 5, 6)],
    "resolved_at": [dt.datetime(2024, 3, day, 11) for day in (4, 5, 6)],
}


def fill(path: Path, language: Language, tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Write values beside the keys of the contract's sheet, and rows under headings."""
    book = openpyxl.load_workbook(path)
    contract = book[CONTRACT[language]]
    keys = {row[0].value: row[1] for row in contract.iter_rows(min_row=4)}
    for key, value in FILLED.items():
        keys[key].value = value
    if language == "fr":
        keys["terms > clauses > 1 > calendar"].value = "bureau"
    for table, columns in tables.items():
        sheet = book[table if language == "en" else aliases.table_titles(table, "fr")[0]]
        places = {cell.value: cell.column for cell in sheet[1]}
        for name, values in columns.items():
            for row, value in enumerate(values, start=2):
                place = places[Names(language).column(table, name)]
                sheet.cell(row, place, value)
    book.save(path)


@languages
def test_a_workbook_is_laid_out_filled_in_and_read(tmp_path: Path, language: Language) -> None:
    folder = tmp_path / "new"
    made = lay_out(folder, language, workbook=True)
    assert [path.name for path in made] == [FILE, "COLUMNS.md", "README.md"]
    milestones = {
        "milestone_id": ["M1"],
        "title": ["Go-live"],
        "contract_date": [dt.date(2024, 6, 1)],
        "actual_date": [dt.date(2024, 6, 3)],
    }
    fill(folder / FILE, language, {"tickets": TICKETS, "milestones": milestones})

    engagement = load_engagement(folder)

    contract = engagement.contract
    assert contract.language == language
    assert contract.clause_ids() == ("5.10",)
    assert contract.vocabulary()["priorities"] == ("P1", "P2", "P3", "P4")
    assert float(contract.versions[0].price.total) == 120_000  # type: ignore[union-attr]
    assert engagement.tables["tickets"]["ticket_id"].to_list() == ["1", "2", "3"]
    assert engagement.tables["milestones"].index.to_list() == [2]
    assert (len(engagement.set_aside), engagement.remarks) == (0, ())


def test_a_filled_workbook_is_closed(tmp_path: Path, run_here: Run) -> None:
    folder = tmp_path / "new"
    assert run_here("new", "--workbook", folder).returncode == 0
    fill(folder / FILE, "en", {"tickets": TICKETS})

    said = run_here("check", folder)
    assert (said.returncode, said.stderr) == (0, "")
    assert "engagement.xlsx (tickets): 3 of 3 rows used, 0 set aside" in said.stdout

    done = run_here("close", folder)
    assert done.returncode == 0, done.stderr
    page = (folder / "review" / "review.html").read_text("utf-8")
    assert "engagement.xlsx (tickets)" in page


@languages
def test_every_key_of_the_sheet_is_one_of_the_contract(language: Language) -> None:
    """Each row, once it is filled in, is known to the models: no fault calls a key unknown."""
    from pydantic import ValidationError

    from reviewlib.contract.model import Contract

    (sheet,) = sheets("b.xlsx", blank_workbook(language, ()), lambda name: name != "lists")[:1]
    keys, values = sheet.columns[1], sheet.columns[2]
    blank = [row for row in keys.rows if row not in values.rows and row > 3]
    for row in blank:
        values.rows.append(row)
        values.values.append("x")
    written = written_sheet("b.xlsx", sheet).values
    with pytest.raises(ValidationError) as wrong:
        Contract.model_validate(written | {"versions": (written.pop("terms"),)})
    unknown = [one["loc"] for one in wrong.value.errors() if one["type"] == "extra_forbidden"]
    assert unknown == []


@languages
def test_headings_have_notes_and_cells_have_lists(language: Language) -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_workbook(language, SCHEMAS)))
    assert len(book.sheetnames) == len(SCHEMAS) + 2
    for sheet in book.worksheets[1:-1]:
        assert all(cell.comment and cell.comment.text for cell in sheet[1]), sheet.title
    title = "tickets" if language == "en" else aliases.table_titles("tickets", "fr")[0]
    rules = {str(rule.sqref): rule for rule in book[title].data_validations.dataValidation}
    heading = Names(language).column("tickets", "priority")
    letter = next(cell.column_letter for cell in book[title][1] if cell.value == heading)
    assert rules[f"{letter}2:{letter}5000"].formula1.startswith("OFFSET(lists!$")
    assert book["lists"].sheet_state == "hidden"
    formulas = [cell.value for cell in book["lists"]["B"]]
    assert formulas[0] == "priorities"
    for formula in filter(None, formulas[1:]):
        there = formula.split("!")[1].split("=")[0].replace("$", "")
        key = book[CONTRACT[language]][there.replace("B", "A")].value
        assert key.startswith("terms > priorities > ")


def test_the_same_workbook_has_the_same_bytes() -> None:
    assert blank_workbook("fr", ("tickets",)) == blank_workbook("fr", ("tickets",))


def test_a_workbook_is_no_table_to_add(tmp_path: Path, run_here: Run) -> None:
    done = run_here("new", tmp_path / "a", "--workbook", "--table", "budget")
    assert (done.returncode, done.stderr) == (
        2, "reviewlib: --workbook lays out a new folder, --table adds to one: give one of them.\n",
    )  # fmt: skip


def test_without_openpyxl_one_line_says_how_to_get_it_to_write_and_to_read_a_workbook(
    tmp_path: Path, run_here: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = blank_workbook("en", ("tickets",))
    monkeypatch.setitem(sys.modules, "openpyxl", None)

    done = run_here("new", "--workbook", tmp_path / "a")
    assert (done.returncode, done.stderr) == (
        2, "reviewlib: the workbook needs the package openpyxl: pip install 'reviewlib[office]', "
        "or pip install openpyxl.\n",
    )  # fmt: skip
    assert not (tmp_path / "a").exists()
    with pytest.raises(Faults) as refusal:
        sheets("a.xlsx", content)
    assert str(refusal.value) == (
        "a.xlsx: is a workbook, and the package openpyxl, which reads it, is not installed. pip "
        "install 'reviewlib[office]', or save its tables as CSV."
    )
