"""What a report lists up to a limit: ids of a sentence, rows of a table."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from reviewlib.pages.wording import Wording
from reviewlib.report.values import Column, Scalar, rows

NAMED = 10  # ids in a sentence
LISTED = 500  # rows of a table
FOLDED = 20  # more rows than these are folded
Rows = tuple[tuple[Scalar, ...], ...]


def ids_words(wording: Wording, ids: Iterable[str]) -> str:
    """Return ids as a sentence lists them: A, B and 3 others."""
    every = list(ids)
    more = len(every) - NAMED
    others = [wording.ngettext("{n} other", "{n} others", more)] if more > 0 else []
    return wording.listed([*every[:NAMED], *others])


def first_rows(
    wording: Wording, shown: pd.DataFrame, columns: tuple[Column, ...], note: str = ""
) -> tuple[Rows, str]:
    """Return the first rows of a table, and its note, which says so where there are more."""
    if len(shown) > LISTED:
        first = wording.gettext("The first {n} of {all}.")
        counted = first.format(n=wording.number(LISTED), all=wording.number(len(shown)))
        note = f"{note} {counted}".strip()
    return rows(shown.head(LISTED), columns), note


def stopped(wording: Wording, n: int) -> str:
    """Return that no more than n findings of a kind are given."""
    said = wording.gettext("Findings of one kind stop at {n}; the tables go on.")
    return said.format(n=wording.number(n))
