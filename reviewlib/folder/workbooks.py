"""Tables in the sheets of Excel workbooks: their heading, their rows, and what stands around.

A cell becomes the text that a CSV file would hold, by the kind of its column: dates as ISO 8601
writes them, numbers with the decimal mark of the texts beside them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import pandas as pd
import pandera.pandas as pa

from reviewlib.contract.data import Format
from reviewlib.faults import Fault, Faults
from reviewlib.folder.parsing import NUMERIC, AmbiguousColumn, decimal_mark
from reviewlib.folder.reading import Raw
from reviewlib.folder.translations import name_without_language
from reviewlib.report.text import N_, Message, n_
from reviewlib.sheets.cell_formats import Value, moment, text_of
from reviewlib.sheets.xlsx import SheetColumn, WorkbookSheet
from reviewlib.tables.aliases import column_of

TOP = 30  # filled rows among which the heading is looked for
TIMES = ("instant", "date", "month")
FIRST_DAY, LAST_DAY = 25_569, 73_415  # serial numbers of 1970 and 2100: other numbers are no days
SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
FIRST_OF_MONTH = re.compile(r"(\d{4}-\d\d)-01")
EITHER = re.compile(r"(-?[1-9]\d{0,2}\D\d{3})$")  # 1.234, which is 1234 to some
SLASHED, DAY = re.compile(r"^(\d\d?)[/.-]\d\d?[/.-]\d{4}"), re.compile(r"^\d{4}-\d\d-(\d\d)")
FEWEST = 3  # dates of either kind, that chance alone makes their days so is unlikely
NAMED = 5  # headings named in a message

EMPTY = N_("holds no filled cell")
FILL = N_("Fill the table in, or take the sheet out.")
NO_HEADING = N_(
    "no heading of the table “{table}” stands in its first filled rows (up to {top} are looked at)"
)
HEADINGS = N_("Write above the rows the headings of its columns: {columns}.")
UNVALUED = n_(
    "{n} formula of the column has no value: the workbook was saved without computing it",
    "{n} formulas of the column have no value: the workbook was saved without computing them",
)
COMPUTE = N_("Open it in a spreadsheet program and save it again; or write the values themselves.")
MERGED = N_(
    "cells of “{column}” are merged (rows {first} to {last}): the value counts once, in row {first}"
)
WIDE = n_(
    "{n} cell is merged with others beside it: what it holds is read under “{column}” alone",
    "{n} cells are merged with others beside them: what they hold is read under “{column}” alone",
)
HIDDEN_ROWS = n_(
    "{n} row that is hidden in the sheet is read as the others are",
    "{n} rows that are hidden in the sheet are read as the others are",
)
SWAPPED = N_(
    "“{column}”: its dates in text ({n:number}) all have a day above 12, and those that are dates "
    "({k:number}) have none: when the sheet was made of a text file, days and months may have been "
    "exchanged. Compare a few with their source; if so, import that file again with the column as "
    "text"
)
ABOVE = N_("the heading is taken from row {row}; what stands above it is not read")


def heading_of(sheet: WorkbookSheet, schema: pa.DataFrameSchema) -> tuple[int, frozenset[str]]:
    """Return the row that names most columns of a table, and these; 0 where none names any.

    Of rows that name as many, the first one.
    """
    best, named = 0, frozenset[str]()
    for row, cells in islice(_filled_rows(sheet), TOP):
        these = frozenset(filter(None, (_column(text, schema) for text in cells.values())))
        if len(these) > len(named):
            best, named = row, these
    return best, named


def _column(heading: str, schema: pa.DataFrameSchema) -> str | None:
    """Return the column of a table that a heading names, in any language; None for another."""
    name = name_without_language(column_of(heading, schema) or "")
    return name if name in schema.columns else None


def _filled_rows(sheet: WorkbookSheet) -> Iterator[tuple[int, dict[int, str]]]:
    tops = sorted({row for column in sheet.columns.values() for row in column.rows[:TOP]})
    yield from sheet.grid(1, tops[:TOP][-1] if tops else 0).items()


def raw_sheet(file: str, sheet: WorkbookSheet, schema: pa.DataFrameSchema, written: Format) -> Raw:
    """Return the cells of a table in a sheet, each row with its number there.

    ``file``: the name by which faults say where they stand. Raises Faults.
    """
    heading = _heading(file, sheet, schema)
    names = {place: _name(column, heading) for place, column in sorted(sheet.columns.items())}
    if faults := [*_unvalued(file, sheet, names, heading, schema)]:
        raise Faults(faults)
    below = {place: sheet.columns[place].below(heading) for place in names}
    rows = np.unique(np.concatenate([[0], *(held.rows for held in below.values())])[1:])
    merged, texts = merged_downwards(sheet, heading), {}
    for place, name in names.items():
        about = schema.columns.get(_column(name, schema) or "")
        kind = about.metadata["kind"] if about else "text"
        held = below[place]
        if kind not in NUMERIC and place in merged:
            held = filled_down(held, merged[place], set(rows.tolist()))
        cells = [*_texts(held.values, kind, written, sheet.since_1904)]
        column = pd.Series(cells, pd.Index(held.rows, dtype="int64"), dtype="str")
        texts[place] = column.reindex(rows, fill_value="")
    frame = pd.DataFrame(texts, pd.Index(rows, dtype="int64"))
    frame = frame.set_axis([*names.values()], axis="columns")
    filled = frame[(frame != "").any(axis="columns")]
    exchanged = swapped(texts, names, schema)
    return Raw(filled, remarks=(*_remarks(sheet, heading, names, schema), *exchanged))


def _heading(file: str, sheet: WorkbookSheet, schema: pa.DataFrameSchema) -> int:
    """Return the row of the heading. Raises Faults where there is none."""
    row, _ = heading_of(sheet, schema)
    if row:
        return row
    if not sheet.columns:
        raise Faults([Fault(file, EMPTY, FILL)])
    columns = ", ".join(name for name, about in schema.columns.items() if about.required)
    message = NO_HEADING(top=TOP, table=str(schema.name))
    came = [text for _, cells in islice(_filled_rows(sheet), 1) for text in cells.values()]
    shown = ", ".join(came[:NAMED])
    raise Faults([Fault(file, message, HEADINGS(columns=columns), value=shown)])


def _name(column: SheetColumn, heading: int) -> str:
    place = bisect_left(column.rows, heading)
    there = place < len(column.rows) and column.rows[place] == heading
    return text_of(column.values[place]) if there else ""


def merged_downwards(sheet: WorkbookSheet, heading: int) -> dict[int, list[tuple[int, int]]]:
    """Return the first and the last row of what is merged downwards, by its first column."""
    merged: dict[int, list[tuple[int, int]]] = {}
    for first, last, place, _ in sheet.merged:
        if last > first > heading:
            merged.setdefault(place, []).append((first, last))
    return merged


def merged_sideways(sheet: WorkbookSheet, heading: int, named: Iterable[int]) -> Counter[int]:
    """Return how many filled cells are merged with one of a named column, by their first column."""
    beside, wide = [*named], Counter[int]()
    for row, _, left, right in sheet.merged:
        filled = row > heading and left in sheet.columns and _name(sheet.columns[left], row)
        if filled and any(left < place <= right for place in beside):
            wide[left] += 1
    return wide


def filled_down(
    column: SheetColumn, merged: Sequence[tuple[int, int]], rows: Collection[int]
) -> SheetColumn:
    """Return a column with the value of merged cells in each of their rows that is in use."""
    held = dict(zip(column.rows, column.values, strict=True))
    filled = dict(held)
    for first, last in merged:
        if first in held:
            within = rows if last - first > len(rows) else range(first + 1, last + 1)
            below = (row for row in within if first < row <= last and row in rows)
            filled |= {row: held[first] for row in below if row not in held}
    ordered = dict(sorted(filled.items()))
    return SheetColumn([*ordered], [*ordered.values()])


def _texts(values: Sequence[Value], kind: str, written: Format, since_1904: bool) -> Iterable[str]:
    """Return the values of a column of a kind as a CSV file would hold them."""
    if kind in TIMES:
        return (time_text(value, kind, since_1904) for value in values)
    if kind not in NUMERIC:
        return map(text_of, values)
    if all(isinstance(value, str) for value in values):
        return (str(value) for value in values)
    try:
        texts = [value for value in values if isinstance(value, str)]
        mark = written.decimal or decimal_mark(pd.Series(texts, dtype="str"))
    except AmbiguousColumn:  # numbers must not settle what the texts leave open
        return (value if isinstance(value, str) else _unmarked(value) for value in values)
    return (value if isinstance(value, str) else _marked(value, mark) for value in values)


def _marked(value: float, mark: str) -> str:
    """Return a number as text that no one takes for thousands: 1.2340."""
    text = text_of(value, mark)
    return EITHER.sub(r"\g<1>0", text)


def _unmarked(value: float) -> str:
    """Return a number without a decimal mark: 12345e-1."""
    whole, _, decimals = text_of(value).partition(".")
    return f"{whole}{decimals}e-{len(decimals)}" if decimals.isdigit() else f"{whole}{decimals}"


def time_text(value: Value, kind: str, since_1904: bool) -> str:
    """Return what a cell of a column of dates holds; a number, or its text, counts days."""
    text = text_of(value)
    if SERIAL.fullmatch(text):
        serial = float(text.replace(",", "."))
        if FIRST_DAY <= serial + (1462 if since_1904 else 0) <= LAST_DAY:
            text = moment(serial, since_1904)
    if kind == "month":
        return FIRST_OF_MONTH.sub(r"\1", text) if FIRST_OF_MONTH.fullmatch(text) else text
    return text


def _unvalued(
    file: str,
    sheet: WorkbookSheet,
    names: Mapping[int, str],
    heading: int,
    schema: pa.DataFrameSchema,
) -> Iterator[Fault]:
    """Yield a fault for each column of the table of which formulas hold no value."""
    rows: dict[int, list[int]] = {}
    for row, place in sheet.unvalued:
        if row > heading:
            rows.setdefault(place, []).append(row)
    for place, these in sorted(rows.items()):
        if _column(name := names.get(place, ""), schema):
            yield Fault(file, UNVALUED(n=len(these)), COMPUTE, row=min(these), column=name.strip())


def _remarks(
    sheet: WorkbookSheet, top: int, names: Mapping[int, str], schema: pa.DataFrameSchema
) -> Iterator[tuple[str, Message]]:
    """Yield what is to be said of how a sheet was read: its column, if any, and the sentence."""
    tops = [column.rows[0] for column in sheet.columns.values() if column.rows]
    if min(tops) < top:
        yield "", ABOVE(row=top)
    hidden = [row for row in sheet.hidden_rows if row > top]
    if hidden:
        yield "", HIDDEN_ROWS(n=len(hidden))
    for place, ranges in merged_downwards(sheet, top).items():
        name = _column(names.get(place, ""), schema)
        if name and schema.columns[name].metadata["kind"] in NUMERIC:
            for first, last in ranges:
                yield name, MERGED(column=name, first=first, last=last)
    columns = {place: _column(text, schema) for place, text in names.items()}
    named = [place for place, column in columns.items() if column]
    for place, n in sorted(merged_sideways(sheet, top, named).items()):
        yield columns[place] or "", WIDE(n=n, column=columns[place] or names[place].strip())


def swapped(
    texts: Mapping[int, pd.Series], names: Mapping[int, str], schema: pa.DataFrameSchema
) -> Iterator[tuple[str, Message]]:
    """Yield the columns of dates of which a spreadsheet program took the days for months.

    It does so with 03/04/2024 where it expects the month first, and leaves 13/04/2024 as text.
    """
    for place, cells in texts.items():
        name = _column(names[place], schema)
        if name is None or schema.columns[name].metadata["kind"] not in ("instant", "date"):
            continue
        written = cells.str.extract(SLASHED)[0].dropna().astype("int64")
        dates = cells.str.extract(DAY)[0].dropna().astype("int64")
        enough = min(len(written), len(dates)) >= FEWEST
        if enough and (written > 12).all() and (dates <= 12).all():
            yield name, SWAPPED(column=name, n=len(written), k=len(dates))
