"""Faults: what is wrong with the input, said so that its owner can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where it stands, what came, what is allowed and what to do.

    ``row`` is the line in the file as a spreadsheet shows it (the heading is line 1).
    """

    file: str
    message: str
    remedy: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", {self.column}"
        came = f" (found: {self.value!r})" if self.value else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{place}: {self.message}{came}{remedy}"


class ReviewError(Exception):
    """An error that the user can mend: its message is all that is shown of it."""


class Faults(ReviewError):
    """Every fault found in one go."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return a hint that names the nearest allowed word, or lists what is allowed."""
    options = sorted({str(option) for option in allowed})
    near = difflib.get_close_matches(word, options, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"Allowed: {', '.join(options)}." if options else ""
