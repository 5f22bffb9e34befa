"""Report tables as a workbook for a spreadsheet program."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from reviewlib.faults import ReviewError
from reviewlib.report.values import Column, Table, Unit, Words

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MISSING = (
    "the workbook needs the package openpyxl: pip install 'reviewlib[office]', or pip install "
    "openpyxl."
)
EARLIEST = (1980, 1, 1, 0, 0, 0)  # of every part of the file: the same tables give the same bytes
LONGEST = 60  # characters of a column's width
FORMATS = {Unit.MONEY: "#,##0.00", Unit.DATE: "dd/mm/yyyy", Unit.SHARE: "0.0%", Unit.COUNT: "0"}
NAME = 31  # characters of a sheet's name, the most that a spreadsheet program takes
CELL = 32_000  # of a cell, counted as the file counts them: a sign beyond U+FFFF is two
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def workbook(
    sheets: Iterable[tuple[str, Sequence[Table]]],
    title: str,
    at: dt.datetime,
    unsummed: Collection[str] = (),
) -> bytes:
    """Return an Excel workbook: a sheet for each name, its tables, in words, one below the other.

    Amounts and dates are numbers, and amounts are summed by formulas, but for the tables of the
    ids ``unsummed``; texts of the data stay texts, whatever they begin with. Raises
    ReviewError where openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise ReviewError(MISSING) from None
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, tables in sheets:
        sheet = book.create_sheet(_sheet_name(name, book.sheetnames))
        row = 1
        for table in tables:
            row = _write(sheet, table, row, summed=table.id not in unsummed) + 2
        _set(sheet)
    book.properties.title, book.properties.creator = _plain(title), ""
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)
    buffer = io.BytesIO()
    book.save(buffer)
    return dated(buffer.getvalue(), at)


def _set(sheet: Worksheet) -> None:
    """Set a sheet for the screen and for paper: its heading stays, its columns fit the width."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:2"


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    """Return a name that a spreadsheet program takes, and that no other sheet has."""
    plain = FORBIDDEN.sub(" ", _plain(name)).strip(" '") or "-"
    taken_names = {other.casefold() for other in taken}
    endings = ("", *(f" {number}" for number in range(2, len(taken) + 2)))
    names = (_cut(plain, NAME - len(ending)).rstrip(" '") + ending for ending in endings)
    return next(one for one in names if one.casefold() not in taken_names)


def _write(sheet: Worksheet, table: Table, row: int, *, summed: bool) -> int:
    """Write a table from a row on; return its last row."""
    from openpyxl.styles import Alignment, Border, Font, Side

    _text(sheet, row, 1, table.caption).font = Font(bold=True, size=13)
    heading, line = row + 1, Border(bottom=Side(style="thin"))
    for place, column in enumerate(table.columns, start=1):
        cell = _text(sheet, heading, place, column.label)
        cell.font, cell.border = Font(bold=True), line
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        _widen(sheet, place, column, table)
    for number, values in enumerate(table.rows, start=heading + 1):
        for place, (column, value) in enumerate(zip(table.columns, values, strict=True), start=1):
            _put(sheet, number, place, _value(column, value), column)
    last = heading + len(table.rows)
    return _total(sheet, table, heading, last) if summed else last


def _put(sheet: Worksheet, row: int, place: int, value: Any, column: Column) -> None:
    from openpyxl.styles import Alignment

    is_text = isinstance(value, str)
    cell = _text(sheet, row, place, value) if is_text else sheet.cell(row, place, value)
    cell.number_format = FORMATS.get(column.unit, "General")
    cell.alignment = Alignment(wrap_text=is_text, vertical="top")


def _text(sheet: Worksheet, row: int, place: int, text: Words) -> Cell:
    """Write a text, which stays one whatever it begins with, and return its cell."""
    cell = sheet.cell(row, place, _plain(str(text)))
    cell.data_type = "s"
    return cell


def _value(column: Column, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if column.unit is Unit.DATE:
        return dt.date.fromisoformat(value[:10])
    return value


def _plain(text: str) -> str:
    """Return a text without the signs that a workbook can't hold."""
    return _cut(NO_XML.sub("", text), CELL)


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text, counted as a workbook counts: in units of sixteen bits."""
    return text.encode("utf-16-le", "ignore")[: 2 * most].decode("utf-16-le", "ignore")


def _widen(sheet: Worksheet, place: int, column: Column, table: Table) -> None:
    from openpyxl.utils import get_column_letter

    texts = [str(column.label), *(str(row[place - 1] or "") for row in table.rows)]
    needed = 14 if column.unit is not Unit.TEXT else max(map(len, texts)) + 2
    width = sheet.column_dimensions[get_column_letter(place)]
    width.width = max(width.width or 0, min(needed, LONGEST))


def _total(sheet: Worksheet, table: Table, heading: int, last: int) -> int:
    """Write the sums of the amounts under a table; return its last row."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    summed = [p for p, column in enumerate(table.columns, start=1) if column.unit is Unit.MONEY]
    if not summed or not table.rows:
        return last
    if 1 not in summed:
        sheet.cell(last + 1, 1, "Σ").font = Font(bold=True)
    for place in summed:
        letter = get_column_letter(place)
        cell = sheet.cell(last + 1, place, f"=SUM({letter}{heading + 1}:{letter}{last})")
        cell.font, cell.number_format = Font(bold=True), FORMATS[Unit.MONEY]
    return last + 1


def dated(content: bytes, at: dt.datetime) -> bytes:
    """Return the file with a fixed date on each of its parts, and the review's on the whole."""
    stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            part = source.read(item)
            if item.filename == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]{8}Z", stamp.encode(), part)
            info = zipfile.ZipInfo(item.filename, EARLIEST)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            target.writestr(info, part)
    return made.getvalue()
