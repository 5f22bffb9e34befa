"""The files of an engagement folder read as tables, and what they are read with."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from reviewlib.calendars.service_hours import FIRST_YEAR, LAST_YEAR
from reviewlib.contract.data import Format
from reviewlib.faults import Fault, Faults
from reviewlib.folder.lines import Lines, count, swallowed
from reviewlib.report.text import EMPTY, N_, Message, Text, commas, n_
from reviewlib.sheets.opening import ZIP, is_workbook
from reviewlib.tables.aliases import heading_key

SEPARATORS = (";", "\t", ",", "|")
PANDAS_INDEX = "__index_level_"  # how pandas names what numbers its rows, which is no column
HTML = N_("is an HTML page, whatever its name")
FOREIGN = (
    (b"pk\x03\x04", N_("is a zip archive, whatever its name")),
    (b"<!doctype html", HTML),
    (b"<html", HTML),
    (b"<table", HTML),
)
"""How files begin that only bear the name of a CSV file, in lower case, and what they are."""
WORKBOOK = N_("is a workbook, whatever its name")
SAVE = N_("Open it in a spreadsheet program and save its table as CSV (UTF-8).")
NAME_IT = N_("Name it {name}, or save its table as CSV (UTF-8).")
AS_CSV = N_("Save the table as CSV.")
QUOTES = N_("Put cells that hold the separator, quotes or a line break between double quotes.")
NO_PARQUET = N_("cannot be read as Parquet: {reason}")
AGAIN = N_("Write it again from where it came, or save the table as CSV.")
NO_CSV = N_("cannot be read as CSV: {reason}")
EMPTY_FILE = N_("is empty")
OTHERWISE = N_("its cells are separated by {shown:quoted}, not by {stated:quoted} as declared")
NO_HEADING = n_(
    "the first line has {width} cell, and the rows below have up to {most}: it is no heading",
    "the first line has {width} cells, and the rows below have up to {most}: it is no heading",
    on="width",
)
TAKE_OUT = N_("Take out what stands above the heading, or correct the heading.")
CELLS = n_("{n} cell where the heading has {width}", "{n} cells where the heading has {width}")


@dataclass(frozen=True)
class Reading:
    """What a table is read with: its format, zone, the contract's words and currency.

    ``not_after``: the last instant at which something can have happened; ``plans``: the first and
    last year of what is planned; ``day_order``: that of the folder's other tables; ``titles``: of
    each list of words, the titles that the contract has, each with the word that it is of.
    """

    written: Format
    time_zone: str
    vocabulary: Mapping[str, tuple[str, ...]]
    not_after: pd.Timestamp | None
    language: str
    currency: str = "EUR"
    plans: tuple[int, int] = (FIRST_YEAR, LAST_YEAR)
    day_order: str = ""
    titles: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def plain_name(heading: object) -> str:
    """Return a heading on one line, without the spaces that people and tools put around it."""
    return " ".join(str(heading).split())


@dataclass(frozen=True)
class Raw:
    """The cells of a table, the index being the row in its file or sheet.

    ``lines``: those of the text of a CSV file; ``remarks``: columns, and how they were read.
    """

    cells: pd.DataFrame
    lines: Lines | None = None
    remarks: tuple[tuple[str, Message], ...] = ()


def raw_table(file: str, content: bytes, written: Format, columns: Collection[str]) -> Raw:
    """Return the cells of a CSV or Parquet file.

    ``columns``: the keys of those that the table may have, by which the separator is told. Raises
    Faults.
    """
    if Path(file).suffix.lower() == ".parquet":
        return Raw(_parquet(file, content))
    if is_workbook(content):
        remedy = NAME_IT(name=f"{Path(file).stem}.xlsx") if content.startswith(ZIP) else SAVE
        raise Faults([Fault(file, WORKBOOK, remedy)])
    for start, what in FOREIGN:
        if content.lstrip(b"\xef\xbb\xbf \t\r\n")[: len(start)].lower() == start:
            raise _refused(file, what, N_("Save it as CSV (UTF-8)."))
    text = _decoded(file, content, written)
    return _cells(file, text, _separator(file, text, written, columns))


def _parquet(file: str, content: bytes) -> pd.DataFrame:
    """Return the columns of a Parquet file in the types that it states.

    The index is the row as a spreadsheet of the table would show it, as that of a CSV file.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        table = ParquetFile(pa.BufferReader(content)).read()
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = (str(error).splitlines() or [""])[0].rstrip(". ")
        raise _refused(file, NO_PARQUET(reason=reason), AGAIN) from None
    names = [name for name in table.column_names if not name.startswith(PANDAS_INDEX)]
    places = [place for place, name in enumerate(table.column_names) if name in names]
    columns = {p: pd.Series(pd.arrays.ArrowExtensionArray(table.column(p))) for p in places}
    frame = pd.DataFrame(columns).set_axis(names, axis="columns")
    return frame.set_axis(pd.RangeIndex(2, len(table) + 2))


def _refused(file: str, message: Text, remedy: Text = EMPTY, row: int | None = None) -> Faults:
    return Faults([Fault(file, message, remedy, row=row)])


def _decoded(file: str, content: bytes, written: Format) -> str:
    """Decode by the byte order mark, else as declared, else as UTF-8, else as cp1252 (Excel)."""
    tried = [written.encoding] if written.encoding else ["utf-8", "cp1252"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        tried = ["utf-16"]
    elif content.startswith(b"\xef\xbb\xbf"):
        tried = ["utf-8-sig"]
    for encoding in tried:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise _refused(file, N_("holds binary data, not text"), AS_CSV)
        if not text.strip():
            raise _refused(file, EMPTY_FILE, N_("Write its heading, or remove the file."))
        return text
    message = N_("is no text in {encodings}")(encodings=commas(tried))
    raise _refused(file, message, N_("Save it as CSV in UTF-8, or declare its encoding."))


def _separator(file: str, text: str, written: Format, columns: Collection[str]) -> str:
    """Return the separator: as declared, else the one that finds most columns in the heading."""
    heading = re.split(r"[\r\n]", text, maxsplit=1)[0]
    if not heading.strip():
        raise _refused(file, N_("the first row is blank"), N_("Write the heading in it."), row=1)
    if len(heading) > csv.field_size_limit():
        raise _refused(file, N_("its first row is no heading"), AS_CSV, row=1)

    def columns_named(separator: str) -> tuple[int, int]:
        cells = next(csv.reader([heading], delimiter=separator))
        return sum(heading_key(cell) in columns for cell in cells), len(cells)

    best = max(SEPARATORS, key=columns_named)
    if written.separator and columns_named(written.separator)[0] < columns_named(best)[0]:
        message = OTHERWISE(shown=best, stated=written.separator)
        raise _refused(file, message, N_("Correct data.formats in engagement.yml."), row=1)
    return written.separator or best


def _cells(file: str, text: str, separator: str) -> Raw:
    """Return the cells as text; the index is the row in the file, the heading being row 1."""
    try:
        cells = _read_csv(text, separator)
    except (pd.errors.ParserError, csv.Error) as error:
        width = _width(file, text, separator, error)
        cells = _read_csv(text, separator, usecols=range(width))
    if faults := swallowed(file, text, separator, cells):
        raise Faults(faults)
    raw = cells.iloc[1:].set_axis(cells.iloc[0].to_list(), axis="columns")
    raw.index = pd.RangeIndex(2, len(raw) + 2)
    doubtful = raw.index[raw.iloc[:, 0] == ""]
    blank = doubtful[(raw.loc[doubtful] == "").to_numpy().all(axis=1)]
    total = count(text)
    lines = Lines(total, len(raw) - len(blank), len(blank), within=total - len(cells))
    return Raw(raw.drop(index=blank) if len(blank) else raw, lines)


def _read_csv(text: str, separator: str, **options: object) -> pd.DataFrame:
    return pd.read_csv(
        io.StringIO(text),
        sep=separator,
        header=None,
        dtype=str,
        keep_default_na=False,
        na_filter=False,
        index_col=False,
        skip_blank_lines=False,
        **options,
    )


def _width(file: str, text: str, separator: str, error: Exception) -> int:
    """Return the number of columns, where the cells beyond the heading are all empty.

    Raises Faults with every row that has more, or with what else made the file unreadable.
    """
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as problem:
        error = problem
    width = len(rows[0]) if rows else 0
    faults = [
        Fault(file, CELLS(n=len(row), width=width), QUOTES, row=number)
        for number, row in enumerate(rows, start=1)
        if any(row[width:])
    ]
    below = [len(row) for row in rows[1:] if any(row)]
    if len(faults) == len(below) > 1 and width * 2 <= min(below):  # a title, not a heading
        message = NO_HEADING(width=width, most=max(map(len, rows)))
        raise _refused(file, message, TAKE_OUT, row=1)
    if faults:
        raise Faults(faults)
    if not rows or isinstance(error, csv.Error) or "EOF" in str(error):
        reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise _refused(file, NO_CSV(reason=reason), QUOTES, row=len(rows) + 1)
    return width
