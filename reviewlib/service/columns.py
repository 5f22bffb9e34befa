"""Columns as the judging computes with them: whole seconds, and words as numbers.

A frame costs a fixed time for each operation, and a text its bytes for each row: a contract read
in sixteen ways is judged as fast as one only where neither stands in the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewlib.calendars.instants import MISSING, Seconds
from reviewlib.ids import codes_of

Places = NDArray[np.intp]
Mask = NDArray[np.bool_]


Numbered = tuple[np.ndarray, Sequence[str | None]]
"""The number of each row's word (-1: missing), and the words, of which some may be missing."""


class Coded(NamedTuple):
    """A column of words: the number of each row's word (-1: missing), and the words."""

    codes: NDArray[np.signedinteger]
    words: tuple[str, ...]

    def at(self, where: Places) -> Coded:
        """Return the rows at some places."""
        return Coded(self.codes[where], self.words)

    def isin(self, chosen: Collection[str]) -> Mask:
        """Tell which rows have one of some words; a missing one never is."""
        return of_words(self, (word in chosen for word in self.words), False)

    def text(self) -> pd.Series:
        """Return the words of the rows, NaN where missing."""
        return text_of(self.codes, self.words)


def of_words(column: Coded, values: Iterable[object], missing: object) -> np.ndarray:
    """Return for each row the value of its word; ``values``: one for each word."""
    by_row: np.ndarray = np.array([*values, missing], dtype=type(missing))[column.codes]
    return by_row


def text_of(codes: np.ndarray, words: Sequence[str | None]) -> pd.Series:
    """Return the words of which the numbers are given, NaN where -1."""
    texts = pd.Series([*words], dtype="str").array
    return pd.Series(texts.take(codes, allow_fill=True), dtype="str")


def category_of(parts: Sequence[Numbered], order: Sequence[str] = ()) -> pd.Categorical:
    """Return columns of words, one after the other, as one category with its words in order.

    ``order``: of the words that it names, which come before all others.
    """
    occur = {word for _, named in parts for word in named if word is not None}
    words = [*(word for word in order if word in occur), *sorted(occur - {*order})]
    number: dict[str | None, int] = {word: place for place, word in enumerate(words)}
    codes = [np.array([*(number.get(w, -1) for w in named), -1])[own] for own, named in parts]
    return pd.Categorical.from_codes(np.concatenate(codes), words)


def coded(column: pd.Series) -> Coded:
    """Return a column of text or of a category as numbers, in the order of first appearance."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return Coded(column.cat.codes.to_numpy(), tuple(column.cat.categories))
    return Coded(*codes_of(column))


def whole_seconds(column: pd.Series | pd.Index) -> Seconds:
    """Return instants (UTC) or durations as whole seconds, MISSING where NaT."""
    if column.dtype.kind not in "mM":
        return np.full(len(column), MISSING)
    seconds: Seconds = pd.Index(column).as_unit("s").asi8
    return seconds


def later(one: Seconds, other: Seconds) -> Mask:
    """Tell where an instant is after another; a missing one is neither before nor after."""
    after: Mask = (one > other) & (other != MISSING)
    return after
