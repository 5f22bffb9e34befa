"""Values of frames as the cells of a table."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from reviewlib.report.text import MISSING, Joined, Message, Shown, commas
from reviewlib.report.values import Cell, Column, Scalar

if TYPE_CHECKING:
    import pandas as pd


def cell(value: Any) -> Cell:
    """Return a value of a frame as a plain one: what is missing is None, dates are ISO text.

    Several are listed: A, B; none of them is missing.
    """
    if isinstance(value, (Message, Joined, Shown)):
        return value
    if isinstance(value, tuple):
        return commas(value) or None
    if value is None or type(value).__name__ in MISSING or value != value:
        return None
    if isinstance(value, (Decimal, Fraction)):
        return float(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return value.item() if hasattr(value, "item") else cast(Scalar, value)


def rows(frame: pd.DataFrame, columns: Iterable[Column]) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows of a frame under the keys of some columns, as cells."""
    chosen = frame[[column.key for column in columns]]
    return tuple(tuple(cell(v) for v in row) for row in chosen.itertuples(index=False, name=None))
