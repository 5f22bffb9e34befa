"""Rows that add up the others: counted as one of them, a total doubles every amount."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from reviewlib.tables.columns import RowRule
from reviewlib.tables.rules import NAMED_TOTAL, SUM, TOTAL

BEFORE = r"\W*(?:grand|sub|sous|overall|montant)?[\s-]*"
NAMED = re.compile(BEFORE + r"(?:totals?|totaux|somme|sum)\b", re.I)
ALONE = NAMED.pattern + r"(?:\s+(?:general|général|overall|amount|h\.?t|t\.?t\.?c))?\W*"
NEAR = 0.01  # of a total: its rows are often rounded
MANY = 10  # rows, of which the sum may be that far off; that of fewer only by their rounding
OTHERS = 2  # rows that a total adds up, at least
FEWEST = 3  # rows, that chance alone makes a row of round amounts their sum is unlikely


def total_row(names: tuple[str, ...], amounts: tuple[str, ...]) -> tuple[RowRule, ...]:
    """Return the rules on rows that add up others: set aside, or pointed out.

    A row is set aside where one of ``names`` holds no other word than total, and where one calls it
    a total and each amount that it states is the sum of the rows without such a name, of all or of
    those since the last named row. It is pointed out where its name or its amounts alone say so.
    """

    def totals(frame: pd.DataFrame) -> np.ndarray:
        named = _named(frame, names)
        return np.asarray(named & _sums(frame, named, amounts)) if named.any() else named

    def doubtful(frame: pd.DataFrame) -> np.ndarray:
        named = _named(frame, names)
        alone = _sum_alone(frame[~named], amounts, frame.index)
        return np.asarray((named & ~totals(frame)) | alone)

    by_sum = RowRule(TOTAL, amounts[0], "", totals), RowRule(SUM, amounts[0], "", doubtful)
    return (*by_sum, *total_names(*names))


def total_names(*names: str) -> tuple[RowRule, ...]:
    """Return the rules on rows of a table without amounts, which have nothing to add up.

    A row is set aside where one of ``names`` holds no other word than total, and not all rows do.
    """
    return tuple(RowRule(NAMED_TOTAL, name, "", _all_total(name)) for name in names)


def _all_total(name: str) -> Callable[[pd.DataFrame], np.ndarray]:
    def totals(frame: pd.DataFrame) -> np.ndarray:
        if name not in frame:
            return np.zeros(len(frame), "bool")
        named = frame[name].str.fullmatch(ALONE, flags=re.I).fillna(False).to_numpy("bool")
        return np.asarray(named & (not named.all()))

    return totals


def _named(frame: pd.DataFrame, names: tuple[str, ...]) -> np.ndarray:
    """Tell which rows are called a total."""
    mask = np.zeros(len(frame), "bool")
    for name in names:
        if name in frame:
            mask |= np.array([bool(NAMED.match(str(text))) for text in frame[name]], "bool")
    return mask


def _sums(frame: pd.DataFrame, named: np.ndarray, amounts: tuple[str, ...]) -> np.ndarray:
    """Tell which named rows state the sum of all others, or of those since the last named row."""
    stated, near = np.zeros(len(frame), "bool"), np.ones(len(frame), "bool")
    part = np.cumsum(named) - named
    for name in (name for name in amounts if name in frame):
        amount = frame[name].to_numpy("float64")
        others = np.where(named, 0, np.nan_to_num(amount))
        there = ~np.isnan(amount)
        added = (there & ~named).astype("float64")
        of_part, n_of_part = (np.bincount(part, rows)[part] for rows in (others, added))
        equal = _equal(amount, others.sum(), added.sum()) | _equal(amount, of_part, n_of_part)
        equal &= added.sum() >= OTHERS
        near &= ~there | equal
        stated |= there & (amount != 0)
    return np.asarray(stated & near)


def _equal(amount: np.ndarray, total: Any, n: Any) -> np.ndarray:
    """Tell which amounts are the sum of ``n`` rows but for rounding.

    They are rounded to the cent, or to the unit where an amount is whole. One row alone is repeated
    to the cent.
    """
    unit = np.where(amount % 1 == 0, 1, 0.01)
    far = NEAR * np.abs(amount)
    margin = np.where(n < MANY, np.minimum((n + 1) * unit / 2, far), far)
    return np.asarray((n > 0) & (np.abs(amount - total) <= np.where(n > 1, margin, 0) + 0.005))


def _sum_alone(rows: pd.DataFrame, amounts: tuple[str, ...], index: pd.Index) -> np.ndarray:
    """Tell which row, the first or the last, states the sum of three others or more to the cent."""
    mask = pd.Series(False, index=index)
    if len(rows) > FEWEST:
        for label in (rows.index[0], rows.index[-1]):
            others, own = rows.drop(index=label), rows.loc[label]
            columns = [name for name in amounts if name in rows and pd.notna(own[name])]
            alike = [abs(own[name] - others[name].sum()) < 0.005 for name in columns]
            mask[label] = bool(alike) and all(alike) and any(own[name] for name in columns)
    return np.asarray(mask)
