"""The physical lines of a CSV file, beside the rows that a reader makes of them.

Two stray quotes make one cell of all the rows between them, in every reader and without a word.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewlib.faults import Fault

BREAK = re.compile(r"\r\n|\r|\n")
STRAY = (
    "A double quote is missing or stands too many there: correct it. Within a cell between double "
    "quotes, write each one twice."
)


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
        more = cells.map(lambda cell: len(BREAK.findall(cell))).sum(axis=1).to_numpy("int64")
    doubtful = np.flatnonzero(more) if _well_formed(text, separator) else range(len(cells))
    if not len(doubtful):
        return []
    firsts = np.arange(len(cells)) + np.cumsum(more) - more
    usual = Counter(line.count(separator) for line in lines).most_common(1)[0][0]
    widths = {usual, cells.shape[1] - 1} - {0}
    faults = []
    for place in doubtful:
        first = int(firsts[place])
        row = lines[first : first + int(more[place]) + 1]
        if reason := _reason(row, separator, widths):
            many = f"lines {first + 1} to {first + len(row)} are one row: " if row[1:] else ""
            faults.append(Fault(file, many + reason, STRAY, row=int(place) + 1))
    return faults


def _well_formed(text: str, separator: str) -> bool:
    """Whether no text follows the closing quote of a cell."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _reason(lines: Sequence[str], separator: str, widths: set[int]) -> str:
    """Return why the lines of one row can't be one; "" where they can."""
    if not any('"' in line for line in lines):
        return ""
    alike = sum(line.count(separator) in widths for line in lines)
    if len(lines) > 1 and alike * 2 > len(lines):
        return f"{alike} of them have the separators of a row"
    text = "\n".join(lines)
    if _well_formed(text, separator):
        return ""
    cells = sum(map(len, csv.reader(io.StringIO(text), delimiter=separator)))
    harmless = len(lines) == 1 and cells > text.count(separator)
    return "" if harmless else "text follows a closing quote"
