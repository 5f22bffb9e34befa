"""A workbook to fill in: a sheet that states the contract, and one for each table."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandera.pandas as pa
import yaml

from reviewlib.faults import ReviewError
from reviewlib.files import resource
from reviewlib.folder.places import LISTS
from reviewlib.pages.dictionary import Names, meaning
from reviewlib.pages.wording import Wording
from reviewlib.pages.workbook import MISSING, dated
from reviewlib.report.text import N_, Language
from reviewlib.tables import SCHEMAS, aliases

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

FILE = "engagement.xlsx"
ROWS = "templates/engagement/workbook.yml"
AT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the same workbook has the same bytes, whenever made
LAST = 5000  # rows of a table that have lists and formats
INLINE = 250  # characters of a list within a cell's rule, of which a workbook takes 255
CONTRACT: dict[str, str] = {"en": "contract", "fr": "contrat"}
HEADINGS = N_("Key"), N_("Value"), N_("Meaning")
YES_NO = N_("yes"), N_("no")
ABOUT = N_(
    "The contract, a key and its value in each row. What has no value is left out; rows may be "
    "added, and every other key of docs/contract.md stands here in the same way."
)
FORMATS: dict[str, dict[str, str]] = {
    "fr": {"date": "dd/mm/yyyy", "instant": "dd/mm/yyyy hh:mm", "money": "#,##0.00", "text": "@"},
    "en": {"date": "yyyy-mm-dd", "instant": "yyyy-mm-dd hh:mm", "money": "#,##0.00", "text": "@"},
}
AS_TEXT = ("text", "choice", "month")
NOT_IN_LIST = N_("This is none of the words that are read here: {words}")
NOT_OF_CONTRACT = N_("The sheet “{sheet}” does not name this word: add it there, or choose another")
WIDTHS = {"key": 38, "value": 34, "meaning": 90}


@dataclass
class _Book:
    """A workbook under way: its language, and the cells of the contract by the list they are of."""

    book: Workbook
    language: Language
    words: Wording
    cells: dict[str, list[str]] = field(default_factory=dict)

    def text(self, stated: Any) -> Any:
        """Return a text in the language of the workbook."""
        return stated[self.language] if isinstance(stated, dict) else stated


def blank_workbook(language: Language, tables: Collection[str]) -> bytes:
    """Return a workbook of Excel's with a sheet for the contract, and one for each of some tables.

    Raises ReviewError where openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise ReviewError(MISSING) from None
    made = _Book(Workbook(), language, Wording(language))
    made.book.remove(made.book.worksheets[0])
    _contract(made)
    for name in SCHEMAS:
        if name in tables:
            _table(made, SCHEMAS[name])
    _lists(made)
    made.book.properties.title, made.book.properties.creator = "engagement", ""
    made.book.properties.created = made.book.properties.modified = AT.replace(tzinfo=None)
    buffer = io.BytesIO()
    made.book.save(buffer)
    return dated(buffer.getvalue(), AT)


def _contract(made: _Book) -> None:
    """Lay out the sheet of the contract: its keys, what they have from the start, their meaning."""
    from openpyxl.styles import Alignment, Font

    sheet = made.book.create_sheet(CONTRACT[made.language])
    sheet.append([made.words.say(ABOUT)])
    sheet.append([])
    sheet.append([made.words.say(heading) for heading in HEADINGS])
    for cell in sheet[3]:
        cell.font = Font(bold=True)
    for section in yaml.safe_load(resource(ROWS).read_text("utf-8")):
        sheet.append([])
        sheet.cell(sheet.max_row + 1, 3, made.text(section["title"])).font = Font(bold=True)
        for number in range(section.get("times", 1)):
            for row in section["rows"]:
                _key(made, sheet, row, number)
    for place, width in zip("ABC", WIDTHS.values(), strict=True):
        sheet.column_dimensions[place].width = width
    for (cell,) in sheet.iter_rows(min_row=4, min_col=3, max_col=3):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B4"


def _key(made: _Book, sheet: Worksheet, row: Mapping[str, Any], number: int) -> None:
    from openpyxl.styles import Alignment, PatternFill

    values = row.get("values", [])
    value = made.text(values[number]) if number < len(values) else None
    place = sheet.max_row + 1
    sheet.cell(place, 1, row["key"].replace("#", str(number + 1)))
    cell = sheet.cell(place, 2, value or None)
    cell.number_format = FORMATS[made.language][row.get("form", "text")]
    cell.fill = PatternFill("solid", fgColor="FFF8E1")
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.cell(place, 3, made.text({"en": row["en"], "fr": row["fr"]}))
    if "allowed" in row:
        _choose(made, sheet, f"B{place}", [made.text(word) for word in row["allowed"]])
    if "list" in row:
        made.cells.setdefault(row["list"], []).append(f"B{place}")


def _table(made: _Book, schema: pa.DataFrameSchema) -> None:
    """Lay out the sheet of a table: its headings, each with its meaning, formats and lists."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    table, names = str(schema.name), Names(made.language)
    title = aliases.table_titles(table, made.language)[0] if made.language != "en" else table
    sheet = made.book.create_sheet(title[:31])
    for place, (name, column) in enumerate(schema.columns.items(), start=1):
        letter = get_column_letter(place)
        cell = sheet.cell(1, place, names.column(table, str(name)))
        cell.font, cell.alignment = Font(bold=column.required), Alignment(wrap_text=True)
        cell.fill = PatternFill("solid", fgColor="FFE082" if column.required else "ECEFF1")
        cell.comment = Comment(meaning(column, made.words), "", height=120, width=320)
        dimension = sheet.column_dimensions[letter]
        dimension.width = max(14, len(str(cell.value)) + 4)
        kind = column.metadata["kind"]
        form = FORMATS[made.language].get("text" if kind in AS_TEXT else kind)
        if form:
            dimension.number_format = form
        _rule(made, sheet, column, f"{letter}2:{letter}{LAST}")
    sheet.freeze_panes = "A2"


def _rule(made: _Book, sheet: Worksheet, column: pa.Column, cells: str) -> None:
    """Let the cells of a column be chosen from what it admits, or from a list of the contract."""
    about, names = column.metadata, Names(made.language)
    if words := about.get("allowed"):
        _choose(made, sheet, cells, [names.value(word) for word in words])
    elif about["kind"] == "flag":
        _choose(made, sheet, cells, [made.words.say(word) for word in YES_NO])
    elif (listed := about.get("vocabulary", "")) in made.cells:
        letter, last = _column_of(made, listed), len(made.cells[listed]) + 1
        whole = f"{LISTS}!${letter}$2:${letter}${last}"
        filled = f'OFFSET({LISTS}!${letter}$2,0,0,MAX(1,COUNTIF({whole},"?*")),1)'
        message = NOT_OF_CONTRACT(sheet=CONTRACT[made.language])
        _validate(sheet, cells, filled, made.words.say(message), strict=False)


def _choose(made: _Book, sheet: Worksheet, cells: str, words: list[str]) -> None:
    """Let cells be chosen from words; what would not fit in a cell's rule is left to the note."""
    if len(listed := ",".join(words)) <= INLINE and not any("," in word for word in words):
        message = made.words.say(NOT_IN_LIST(words=", ".join(words)))
        _validate(sheet, cells, f'"{listed}"', message, strict=True)


def _validate(sheet: Worksheet, cells: str, formula: str, message: str, *, strict: bool) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
    rule.error, rule.errorStyle = message[:225], "stop" if strict else "warning"
    rule.add(cells)
    sheet.add_data_validation(rule)


def _column_of(made: _Book, listed: str) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter([*made.cells].index(listed) + 1)


def _lists(made: _Book) -> None:
    """Write the hidden sheet of the words that the contract's sheet has, each where it stands."""
    sheet = made.book.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    for place, (name, cells) in enumerate(made.cells.items(), start=1):
        sheet.cell(1, place, name)
        for row, cell in enumerate(_references(cells, CONTRACT[made.language]), start=2):
            sheet.cell(row, place, cell)


def _references(cells: list[str], sheet: str) -> Iterator[str]:
    for cell in cells:
        there = f"{sheet}!${cell[0]}${cell[1:]}"
        yield f'=IF({there}="","",{there})'
