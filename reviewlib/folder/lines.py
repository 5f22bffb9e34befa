"""The physical lines of a CSV file, beside the rows that a reader makes of them.

Two stray quotes make one cell of all the rows between them, in every reader and without a word.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewlib.faults import Fault
from reviewlib.report.text import EMPTY, N_, Text, n_

BREAK = re.compile(r"\r\n|\r|\n")
STRAY = N_(
    "A double quote is missing or stands too many there: correct it. Within a cell between double "
    "quotes, write each one twice."
)
ONE_ROW = N_("lines {first} to {last} are one row: {reason}")
ALIKE = n_("{n} of them has the separators of a row", "{n} of them have the separators of a row")
AFTER_QUOTE = N_("text follows a closing quote")


@dataclass(frozen=True)
class Lines:
    """How many physical lines a file has: ``heading + rows + blank + within == total``.

    ``within``: the lines after the first of cells that span several; ``blank``: those without a
    filled cell.
    """

    total: int
    rows: int
    blank: int
    within: int
    heading: int = 1


def count(text: str) -> int:
    """Return the number of physical lines of a text; what follows the last break is one if any."""
    breaks = text.count("\n") + text.count("\r") - text.count("\r\n")
    return breaks + (not text.endswith(("\n", "\r")))


def swallowed(file: str, text: str, separator: str, cells: pd.DataFrame) -> list[Fault]:
    """Return a fault for each row of which a cell holds what is written like other cells or rows.

    ``cells``: all rows of the text, the heading among them.
    """
    if '"' not in text:
        return []
    lines = BREAK.split(text)
    if not lines[-1]:
        lines.pop()
    more = np.zeros(len(cells), "int64")
    if len(lines) != len(cells):
        more = sum(cells[name].str.count(BREAK.pattern).to_numpy("int64") for name in cells)
    firsts = np.arange(len(cells)) + np.cumsum(more) - more
    if firsts[-1] + more[-1] >= len(lines):  # the reader made other rows of it than its lines
        firsts = firsts.clip(max=len(lines) - 1)
    separators = np.array([line.count(separator) for line in lines])
    usual = Counter(separators.tolist()).most_common(1)[0][0]
    alike = np.isin(separators, [width for width in (usual, cells.shape[1] - 1) if width])
    alike_in = np.add.reduceat(alike.astype("int64"), firsts)
    like_rows = (more > 0) & (alike_in * 2 > more + 1)
    doubtful = like_rows.copy()
    if not _well_formed(text, separator):
        spans = zip(firsts, firsts + more + 1, strict=True)
        doubtful[[*_ill_formed(["\n".join(lines[a:b]) for a, b in spans], separator)]] = True
    faults = []
    for place in np.flatnonzero(doubtful):
        first = int(firsts[place])
        row = lines[first : first + int(more[place]) + 1]
        if reason := _reason(row, separator, int(alike_in[place] * like_rows[place])):
            if row[1:]:
                reason = ONE_ROW(first=first + 1, last=first + len(row), reason=reason)
            faults.append(Fault(file, reason, STRAY, row=int(place) + 1))
    return faults


def _well_formed(text: str, separator: str) -> bool:
    """Whether no text follows the closing quote of a cell."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _ill_formed(rows: Sequence[str], separator: str) -> Iterator[int]:
    """Yield the places of the rows that a strict reader refuses, or takes with those after them."""
    left, first = iter(rows), 0
    while first < len(rows):
        reader, last = csv.reader(left, delimiter=separator, strict=True), 0
        try:
            for _ in reader:
                if reader.line_num > last + 1:
                    yield from range(first + last, first + reader.line_num)
                last = reader.line_num
        except csv.Error:
            yield from range(first + last, first + reader.line_num)
        first += reader.line_num


def _reason(lines: Sequence[str], separator: str, alike: int) -> Text:
    """Return why the lines of one row can't be one; empty where they can.

    ``alike``: how many of them have the separators of a row, where these are most of them.
    """
    if alike:
        return ALIKE(n=alike)
    text = "\n".join(lines)
    if _well_formed(text, separator):
        return EMPTY
    cells = sum(map(len, csv.reader(io.StringIO(text), delimiter=separator)))
    harmless = len(lines) == 1 and cells > text.count(separator)
    return EMPTY if harmless else AFTER_QUOTE
