"""The sheets of an Excel workbook (.xlsx, .xlsm): what its cells hold, as Excel shows them.

openpyxl streams the cells, so that formats down to the last row cost nothing; what it leaves out
while it streams (merged cells, hidden rows, formulas without a value) is read beside it. Macros,
links and pictures are never opened.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from reviewlib.sheets.cell_formats import DATE, NUMBER, Value, number, shown_as, text_of

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LONGEST = 32_767
"""The most rows and columns of a sheet, and the most signs of a cell, that Excel knows."""

PARTS = 1 << 30  # bytes of all parts once unpacked: a million rows of twenty columns hold less
CELLS = 20_000_000  # filled cells of a workbook
SIGNS = 400_000_000  # of all its texts together


class Unreadable(Exception):
    """A workbook that can't be read."""


class TooLarge(Unreadable):
    """A workbook that holds more than one that people fill in, or a bomb."""


class Locked(Unreadable):
    """A workbook that a password protects from being read."""


@dataclass
class SheetColumn:
    """The filled cells of a column, from the top: their rows, and what they hold."""

    rows: list[int] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)

    def below(self, row: int, last: int = LAST_ROW) -> SheetColumn:
        """Return the cells under a row, down to another one."""
        begin, end = bisect_right(self.rows, row), bisect_right(self.rows, last)
        return SheetColumn(self.rows[begin:end], self.values[begin:end])


@dataclass
class WorkbookSheet:
    """A sheet: its filled cells by column (A is 1), and what is not a cell's value.

    ``merged``: first row, last row, first column, last column of each range; ``unvalued``: row and
    column of the formulas that hold no value; ``hidden_rows``: the filled ones that aren't shown.
    ``since_1904``: whether serial numbers count from 1904.
    """

    name: str
    hidden: bool
    since_1904: bool = False
    columns: dict[int, SheetColumn] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unvalued: list[tuple[int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)

    def grid(self, first: int = 1, last: int = LAST_ROW) -> dict[int, dict[int, str]]:
        """Return the filled cells of some rows as text: by row, then by column."""
        rows: dict[int, dict[int, str]] = {}
        for place, column in sorted(self.columns.items()):
            cells = column.below(first - 1, last)
            for row, value in zip(cells.rows, cells.values, strict=True):
                rows.setdefault(row, {})[place] = text_of(value)
        return dict(sorted(rows.items()))


def read_sheets(
    content: bytes, wanted: Callable[[str], bool] = lambda _: True
) -> list[WorkbookSheet]:
    """Return the sheets of a workbook in their order, hidden ones among them.

    ``wanted``: of which names the cells are read; hidden sheets are never. Raises Unreadable, and
    ImportError where openpyxl is not installed.
    """
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, warnings.catch_warnings():
            if sum(info.file_size for info in archive.infolist()) > PARTS:
                raise TooLarge("the workbook")
            warnings.simplefilter("ignore")  # of styles and of what Excel adds to sheets
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return _CellReader(archive).sheets(book, wanted)
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises of many kinds
        if "encrypted" in str(error) or "password" in str(error):
            raise Locked(str(error)) from None
        raise Unreadable(f"{type(error).__name__}: {error}") from None


class _CellReader:
    """A workbook being read, and how much of it has been."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive, self.cells, self.signs = archive, 0, 0

    def sheets(self, book: Any, wanted: Callable[[str], bool]) -> list[WorkbookSheet]:
        from openpyxl.utils.datetime import MAC_EPOCH

        read = []
        for source in book.worksheets:
            sheet = WorkbookSheet(
                source.title, source.sheet_state != "visible", book.epoch == MAC_EPOCH
            )
            if not sheet.hidden and wanted(sheet.name):
                self._scan(sheet, source)
                self._fill(sheet, source, book.epoch)
                filled = (column.rows for column in sheet.columns.values())
                sheet.hidden_rows &= set().union(*filled)
            read.append(sheet)
        return read

    def _fill(self, sheet: WorkbookSheet, source: Any, epoch: dt.datetime) -> None:
        """Read the cells that hold something."""
        source.reset_dimensions()  # many a writer states A1, and openpyxl reads no further
        for cells in source.iter_rows():
            for cell in cells:
                value = None if cell.value is None else self._value(cell, epoch)
                if value is None or value == "":
                    continue
                self._count(value)
                column = sheet.columns.setdefault(cell.column, SheetColumn())
                column.rows.append(cell.row)
                column.values.append(value)

    def _value(self, cell: Any, epoch: dt.datetime) -> Value:
        """Return what a cell holds, dates by the format that shows them."""
        from openpyxl.utils.datetime import to_excel

        value = cell.value
        if isinstance(value, str):
            return plain(value)
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        shown = shown_as(cell.number_format)
        if isinstance(value, dt.date | dt.time | dt.timedelta):
            serial: Any = to_excel  # it has no types
            value = serial(value, epoch)
            shown = DATE if shown == NUMBER else shown  # a date as such, whatever its format
        return number(float(value), shown, epoch.year == 1904)

    def _count(self, value: Value) -> None:
        self.cells += 1
        self.signs += len(value) if isinstance(value, str) else 0
        if self.cells > CELLS or self.signs > SIGNS:
            raise TooLarge("the workbook")

    def _scan(self, sheet: WorkbookSheet, source: Any) -> None:
        """Read what is merged or hidden, and the formulas that hold no value.

        Raises Unreadable where rows or cells do not follow one another, as openpyxl takes it that
        they do: it passes over the others.
        """
        from openpyxl.utils import range_boundaries
        from openpyxl.utils.cell import coordinate_to_tuple
        from openpyxl.xml.functions import iterparse

        row = place = 0
        with self.archive.open(source._worksheet_path) as part:
            for event, element in iterparse(part, ("start", "end")):
                name = element.tag.rpartition("}")[2]
                if event == "start" and name == "row":
                    row, place = _next(row, int(element.get("r", row + 1)), LAST_ROW), 0
                    if element.get("hidden") in ("1", "true"):
                        sheet.hidden_rows.add(row)
                elif event == "end" and name == "c":
                    stated = element.get("r")
                    at, number = coordinate_to_tuple(stated) if stated else (row, place + 1)
                    place = _next(place, number if at == row else 0, LAST_COLUMN)
                    if _is_unvalued(element):
                        sheet.unvalued.append((row, place))
                elif event == "end" and name == "mergeCell":
                    left, top, right, bottom = (
                        n or 0 for n in range_boundaries(element.get("ref"))
                    )
                    sheet.merged.append((top, bottom, left, right))
                if event == "end" and name in ("row", "c"):
                    element.clear()


def _next(before: int, number: int, last: int) -> int:
    """Return the number of a row or column. Raises Unreadable unless it follows another one."""
    if not before < number <= last:
        raise Unreadable(f"{number} after {before}")
    return number


def _is_unvalued(cell: Any) -> bool:
    """Whether a cell has a formula that no program computed; one that gives "" has a value."""
    parts = {part.tag.rpartition("}")[2]: part.text for part in cell}
    computed = parts.get("v") or (cell.get("t") == "str" and "v" in parts)
    return "f" in parts and not computed


_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def plain(text: str) -> str:
    """Return a text with the signs that Excel writes as _x000D_; half of a pair is none."""
    if len(text) > LONGEST:
        raise TooLarge("a cell")
    if "_x" not in text:
        return text
    signs = _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text)
    return signs.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
