"""Faults: what is wrong with the input, said so that its owner can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

SHORT, LONG, LISTED = 80, 400, 1000
"""The most signs that are printed of a name or a value, of a sentence, of a list of names."""


def cut(text: str, most: int = SHORT) -> str:
    """Return a text with what stands beyond the first signs left out."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where it stands, what came, what is allowed and what to do.

    ``row`` is the line of a contract, or the row of a table as a spreadsheet shows it (the
    heading is row 1, and a cell of several lines is one row).
    """

    file: str
    message: str
    remedy: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        place = cut(self.file)
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", {cut(self.column)}"
        came = f" (found: {cut(self.value)!r})" if self.value else ""
        remedy = f". {cut(self.remedy, LISTED)}" if self.remedy else ""
        return f"{place}: {cut(self.message, LONG)}{came}{remedy}"


class ReviewError(Exception):
    """An error that the user can mend: its message is all that is shown of it."""


class Faults(ReviewError):
    """Every fault found in one go."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def nearest(word: str, allowed: Iterable[str], alike: float = 0.6) -> str | None:
    """Return the allowed word most like a misspelt one; None when none is alike enough (0 to 1)."""
    near = difflib.get_close_matches(word, sorted({*allowed}), n=1, cutoff=alike)
    return near[0] if near else None


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return a hint that names the nearest allowed word, or lists what is allowed."""
    options = sorted({str(option) for option in allowed})
    if near := nearest(word, options):
        return f"Did you mean {near!r}?"
    return f"Allowed: {', '.join(options)}." if options else ""
