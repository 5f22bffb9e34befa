"""What a tool exported, read as it stands: its headings, and its cells as text.

A file of plain rows is read by Arrow, at hundreds of thousands of rows a second. One that it can't
take, or whose cells may have swallowed rows, is read as a table of a folder is, with its faults.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from reviewlib.contract.data import Format
from reviewlib.faults import Fault, Faults
from reviewlib.folder.importers import content_of
from reviewlib.folder.reading import SEPARATORS, raw_table
from reviewlib.folder.workbooks import (
    COMPUTE,
    HIDDEN_ROWS,
    MERGED,
    TOP,
    UNVALUED,
    filled_down,
    merged_downwards,
    time_text,
)
from reviewlib.report.text import N_, Text
from reviewlib.sheets.cell_formats import Value, text_of
from reviewlib.sheets.opening import is_workbook, sheets
from reviewlib.sheets.xlsx import SheetColumn, WorkbookSheet
from reviewlib.tables.aliases import heading_key

SHEET = N_("Read from the sheet “{sheet}”, its heading from row {row}.")
OTHERS = N_("Sheets that are not read: {sheets:commas}.")
REMARK = N_("{file}: {remark}.")
NO_CELLS = N_("no visible sheet holds a filled cell")
FILL_SHEET = N_("Give the workbook that the tool wrote.")
AMOUNT = re.compile(r"[+\-\u2212]?\d(?!\d{3}-\d\d)")  # a number, with or without a unit; no date
THREE = re.compile(r"^-?[1-9]\d{0,2}\.\d{3}$")
UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Exported:
    """A table as a tool exported it.

    ``cells``: a column of text for each heading, named by its place, the index being the row in
    the file; ``blank``: the rows without a filled cell, which are not among them; ``remarks``: what
    is to be said of how it was read; ``since_1904``: from when a workbook counts days, None for
    what is none.
    """

    file: str
    headings: tuple[str, ...]
    cells: pd.DataFrame
    blank: int = 0
    remarks: tuple[Text, ...] = ()
    since_1904: bool | None = None

    def texts(self, place: int) -> pd.Series:
        """Return the cells of a column, without the spaces around them."""
        column: pd.Series = self.cells.iloc[:, place].str.strip()
        return column

    def times(self, place: int, kind: str) -> pd.Series:
        """Return the cells of a column of times, the days that a workbook counts as dates."""
        texts, since = self.texts(place), self.since_1904
        return texts if since is None else texts.map(lambda t: time_text(t, kind, since))


def alike(heading: str) -> str:
    """Return a heading as headings are compared, without the HTML entities of some tools."""
    return heading_key(html.unescape(heading))


def read_sheet(path: Path, headings: Collection[str]) -> Exported:
    """Return the table of a CSV file, of a zip that holds one, or of a sheet of a workbook.

    ``headings``: those that it may have, by which the separator is told. Raises Faults.
    """
    usual = {alike(heading) for heading in headings}
    if path.is_file() and is_workbook(head := path.read_bytes()):
        return _of_workbook(path.name, head, usual)
    content = content_of(path)
    sheet = _plain(path.name, content, usual)
    return sheet or _thorough(path.name, content, usual)


def _of_workbook(file: str, content: bytes, usual: Collection[str]) -> Exported:
    """Return the table of the visible sheet that names most of the usual headings.

    Its heading is the row that does, of the first that are filled; else the first that is a row.
    """
    every = sheets(file, content)
    held = [(sheet, *_heading_row(sheet, usual)) for sheet in every if sheet.columns]
    if not held:
        raise Faults([Fault(file, NO_CELLS, FILL_SHEET)])
    sheet, row, _ = max(held, key=lambda one: one[2])
    lost = [(at, place) for at, place in sheet.unvalued if at > row]
    if lost:
        raise Faults([Fault(file, UNVALUED(n=len(lost)), COMPUTE, row=lost[0][0])])
    names = sheet.grid(row, row).get(row, {})
    below = {place: sheet.columns[place].below(row) for place in sorted(sheet.columns)}
    rows = pd.Index(sorted({at for column in below.values() for at in column.rows}), dtype="int64")
    merged, remarks = merged_downwards(sheet, row), list[Text]([SHEET(sheet=sheet.name, row=row)])
    cells = {}
    for number, (place, values) in enumerate(below.items()):
        again, once = _spread(values, merged.get(place, []))
        column = filled_down(values, again, set(rows))
        name = names.get(place, "").strip()
        for first, last in once if name else ():
            remark = MERGED(column=name, first=first, last=last)
            remarks.append(REMARK(file=file, remark=remark))
        texts = pd.Series([*map(_number_apart, column.values)], column.rows, dtype="str")
        cells[number] = texts.reindex(rows, fill_value="")
    others = [one.name for one in every if one is not sheet]
    hidden = sum(at > row for at in sheet.hidden_rows)
    remarks += [REMARK(file=file, remark=HIDDEN_ROWS(n=hidden))] if hidden else []
    remarks += [OTHERS(sheets=others)] if others else []
    headings = tuple(names.get(place, "") for place in below)
    frame = pd.DataFrame(cells, rows)
    return Exported(file, headings, frame, 0, tuple(remarks), sheet.since_1904)


def _spread(
    column: SheetColumn, merged: list[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the merged ranges of which a word or a date holds for all rows, and the others.

    What may be an amount counts once: an export does not say which of its columns are of amounts.
    """
    held = dict(zip(column.rows, column.values, strict=True))
    ranges = [one for one in merged if one[0] in held]
    words = [one for one in ranges if not AMOUNT.match(str(held[one[0]]))]
    return words, [one for one in ranges if one not in words]


def _heading_row(sheet: WorkbookSheet, usual: Collection[str]) -> tuple[int, int]:
    """Return the row of the heading, and how many of the usual headings it has."""
    tops = islice(sheet.grid().items(), TOP)
    rows = [
        (row, sum(alike(text) in usual for text in cells.values()), len(cells))
        for row, cells in tops
    ]
    row, named, _ = max(rows, key=lambda one: (one[1], one[2] > 1, -one[0]))
    return row, named


def _number_apart(value: Value) -> str:
    """Return a cell as text, a number so that its decimal mark is no mark of thousands."""
    text = text_of(value)
    return f"{text}0" if isinstance(value, float) and THREE.search(text) else text


def _thorough(file: str, content: bytes, columns: Collection[str]) -> Exported:
    """Return a table read as those of a folder are. Raises Faults."""
    raw = raw_table(file, content, Format(), columns)
    blank = raw.lines.blank if raw.lines else 0
    names = tuple(str(name) for name in raw.cells)
    cells = raw.cells.set_axis(range(len(names)), axis="columns").astype("str").fillna("")
    return Exported(file, names, cells, blank)


def _plain(file: str, content: bytes, usual: Collection[str]) -> Exported | None:
    """Return a table of which every row has the cells of the heading; None where that is doubtful.

    Doubtful are other encodings, bare carriage returns, blank lines, rows of other widths, and
    cells of several lines that hold the separator: two stray quotes make one of many rows.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    bare = content.count(b"\r") != content.count(b"\r\n")
    if bare or content.startswith((b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04")) or b"\0" in content:
        return None
    separator = _separator(content, usual)
    table = next(
        (t for code in ("utf8", "cp1252") if (t := _arrow(content, separator, code))), None
    )
    if table is None or table.num_rows == 0 or table.num_columns < 2:
        return None
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    if lines < table.num_rows:
        return None
    if lines > table.num_rows:  # blank lines at the end, or cells of several lines
        broken = 0
        for column in table.columns:
            several = column.filter(pc.match_substring(column, "\n"))
            if len(several) and pc.any(pc.match_substring(several, separator)).as_py():
                return None
            broken += pc.sum(pc.count_substring(several, "\n")).as_py() or 0
        if lines != table.num_rows + broken:
            return None
    names = tuple(str(column[0].as_py()) for column in table.columns)
    filled = _filled(table.slice(1))
    kept = table.slice(1) if filled is None else table.slice(1).filter(filled)
    cells = pd.DataFrame(
        {place: _series(column) for place, column in enumerate(kept.columns)},
    )
    rows = pd.RangeIndex(2, table.num_rows + 1)
    cells.index = rows if filled is None else rows[filled.to_numpy(zero_copy_only=False)]
    blank = table.num_rows - 1 - len(cells)
    return (
        Exported(file, names, cells, blank) if pa.types.is_string(table.schema.types[0]) else None
    )


def _series(column: Any) -> pd.Series:
    """Return a column of Arrow as text that pandas works with."""
    return pd.Series(pd.arrays.ArrowExtensionArray(column)).astype("str")


def _filled(table: Any) -> Any:
    """Return which rows have a filled cell; None where all have one in their first column."""
    import pyarrow.compute as pc

    filled = pc.not_equal(table.column(0), "")
    if pc.all(filled).as_py() is not False:
        return None
    for column in table.columns[1:]:
        filled = pc.or_(filled, pc.not_equal(column, ""))
    return filled.combine_chunks()


def _separator(content: bytes, usual: Collection[str]) -> str:
    """Return the separator that finds most of the usual headings in the first line."""
    line = content[: 2**16].removeprefix(UTF8_MARK).split(b"\n", 1)[0]
    first = line.decode("utf-8", errors="replace")

    def named(separator: str) -> tuple[int, int]:
        cells = next(csv.reader(io.StringIO(first), delimiter=separator), [])
        return sum(alike(cell) in usual for cell in cells), len(cells)

    return max(SEPARATORS, key=named)


def _arrow(content: bytes, separator: str, encoding: str) -> Any:
    """Return the table of a content, every cell a text; None where Arrow can't take it."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    width = next(_widths(content, separator, encoding), 0)
    try:
        return arrow.read_csv(
            pa.BufferReader(content),
            read_options=arrow.ReadOptions(
                autogenerate_column_names=True, encoding=encoding, block_size=2**24
            ),
            parse_options=arrow.ParseOptions(
                delimiter=separator, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=arrow.ConvertOptions(
                column_types={f"f{place}": pa.string() for place in range(width)},
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowException, UnicodeDecodeError):
        return None


def _widths(content: bytes, separator: str, encoding: str) -> Iterator[int]:
    """Yield the number of cells of the heading, which may span several lines."""
    start = content[: 2**16].removeprefix(UTF8_MARK).decode(encoding, errors="replace")
    for row in csv.reader(io.StringIO(start, newline=""), delimiter=separator):
        yield len(row)
