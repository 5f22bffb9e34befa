"""What a tool exported, read as it stands: its headings, and its cells as text.

A file of plain rows is read by Arrow, at hundreds of thousands of rows a second. One that it can't
take, or whose cells may have swallowed rows, is read as a table of a folder is, with its faults.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    WIDE,
    filled_down,
    merged_downwards,
    merged_sideways,
    time_text,
)
from reviewlib.report.text import N_, Text
from reviewlib.sheets.cell_formats import Value, text_of
from reviewlib.sheets.opening import is_workbook, sheets
from reviewlib.sheets.xlsx import SheetColumn, WorkbookSheet
from reviewlib.tables.aliases import heading_key

IN_SHEET = N_("{file} (sheet “{sheet}”, headings in row {row})")
SHEET = N_("Read from the sheet “{sheet}”, its heading from row {row}.")
OTHERS = N_("Sheets that are not read: {sheets:commas}.")
REMARK = N_("{file}: {remark}.")
NO_CELLS = N_("no visible sheet holds a filled cell")
FILL_SHEET = N_("Give the workbook that the tool wrote.")
WORD = re.compile(r"[^\W\d_]|^\D+$")  # a letter, or no digit at all: no number, no date
AMOUNT = re.compile(r"[+\-\u2212]?\d(?!\d{3}-\d\d)")  # a number, with or without a unit; no date
THREE = re.compile(r"^-?[1-9]\d{0,2}\.\d{3}$")
_CURRENCY = r"(?:€|euros?|eur|\$|usd|£|gbp|chf)"
SCALES = {
    "thousands": re.compile(
        rf"(?<!\w)(?:k\s?{_CURRENCY}|milliers d.\s?{_CURRENCY}|thousands? of {_CURRENCY}"
        rf"|{_CURRENCY}\s?(?:k|thousands?))(?!\w)",
        re.IGNORECASE,
    ),
    "millions": re.compile(
        rf"(?<!\w)(?:m(?:io)?\s?{_CURRENCY}|millions (?:d.|of)\s?{_CURRENCY})(?!\w)", re.IGNORECASE
    ),
}
UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Exported:
    """A table as a tool exported it.

    ``cells``: a column of text for each heading, named by its place, the index being the row in
    the file; ``blank``: the rows without a filled cell, which are not among them; ``remarks``: what
    is to be said of how it was read. ``row`` of the heading, in the ``sheet`` of a workbook;
    ``elsewhere``: the headings of other rows that may be it, by row; ``since_1904``: from when a
    workbook counts days, None for what is none; ``scale``: the text in or above the heading that
    names thousands or millions of a currency, and which of them.
    """

    file: str
    headings: tuple[str, ...]
    cells: pd.DataFrame
    blank: int = 0
    remarks: tuple[Text, ...] = ()
    sheet: str = ""
    row: int = 1
    elsewhere: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    since_1904: bool | None = None
    scale: tuple[str, str] | None = None

    @property
    def place(self) -> Text | str:
        """Where the headings stand."""
        row = str(self.row)
        return IN_SHEET(file=self.file, sheet=self.sheet, row=row) if self.sheet else self.file

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


def read_sheet(path: Path, headings: Collection[str], stated: Collection[str] = ()) -> Exported:
    """Return the table of a CSV file, of a zip that holds one, or of a sheet of a workbook.

    ``headings``: those that it may have, by which the separator is told; ``stated``: those that
    somebody named. Raises Faults.
    """
    usual, named = {*map(alike, headings)}, {*map(alike, stated)}
    if path.is_file() and is_workbook(head := path.read_bytes()):
        return _of_workbook(path.name, head, (named, usual))
    content = content_of(path)
    sheet = _plain(path.name, content, usual | named)
    sheet = sheet or _thorough(path.name, content, usual | named)
    return replace(sheet, scale=_scale(sheet.headings))


def _scale(texts: Iterable[str]) -> tuple[str, str] | None:
    """Return the first text that names thousands or millions of a currency, and which of them."""
    for text in texts:
        for name, pattern in SCALES.items():
            if pattern.search(text):
                return text.strip(), name
    return None


def _of_workbook(file: str, content: bytes, wanted: Sequence[Collection[str]]) -> Exported:
    """Return the table of the visible sheet of which a row has most of the wanted headings.

    ``wanted``: the stated headings, which count first, and the usual ones.
    """
    every = sheets(file, content)
    headed = [(sheet, _heading_rows(sheet, wanted)) for sheet in every if sheet.columns]
    if not headed:
        raise Faults([Fault(file, NO_CELLS, FILL_SHEET)])
    sheet, tops = max(headed, key=lambda one: one[1][0].named)
    table = _under(file, sheet, tops[0].row)
    others = [one.name for one in every if one is not sheet]
    remarks = *table.remarks, *([OTHERS(sheets=others)] if others else [])
    elsewhere = {one.row: one.texts for one in tops[1:] if 2 * one.words > tops[0].words}
    return replace(table, remarks=remarks, elsewhere=elsewhere)


def _under(file: str, sheet: WorkbookSheet, row: int) -> Exported:
    """Return the table of a sheet under the row of its headings."""
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
    for place, n in sorted(merged_sideways(sheet, row, names).items()):
        remark = WIDE(n=n, column=names.get(place, "").strip())
        remarks.append(REMARK(file=file, remark=remark))
    hidden = sum(at > row for at in sheet.hidden_rows)
    remarks += [REMARK(file=file, remark=HIDDEN_ROWS(n=hidden))] if hidden else []
    headings = tuple(names.get(place, "") for place in below)
    above = [text for cells in sheet.grid(1, row).values() for text in cells.values()]
    return Exported(
        file,
        headings,
        pd.DataFrame(cells, rows),
        remarks=tuple(remarks),
        sheet=sheet.name,
        row=row,
        since_1904=sheet.since_1904,
        scale=_scale(above),
    )


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


@dataclass(frozen=True)
class _Row:
    """A row that may be the heading: how many headings of each kind it has, how many words."""

    row: int
    texts: tuple[str, ...]
    named: tuple[int, ...]
    words: int


def _heading_rows(sheet: WorkbookSheet, wanted: Sequence[Collection[str]]) -> list[_Row]:
    """Return the first filled rows, the likeliest heading first.

    It is the one with most of the wanted headings; of those alike, the one with most cells in
    words, for the rows of a table have numbers where its heading has words.
    """
    rows = []
    for row, cells in islice(sheet.grid().items(), TOP):
        texts = tuple(text.strip() for text in cells.values())
        named = tuple(sum(alike(text) in some for text in texts) for some in wanted)
        words = sum(bool(WORD.search(text)) for text in texts)
        rows.append(_Row(row, texts, named, words))
    return sorted(rows, key=lambda one: (*(-n for n in one.named), -one.words, one.row))


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
