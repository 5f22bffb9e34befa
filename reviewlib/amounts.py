"""Amounts of money, exact to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pandas as pd

CENT, ZERO = Decimal("0.01"), Decimal("0.00")


def to_the_cent(amount: Decimal | Fraction | int) -> Decimal:
    """Return an amount rounded to the cent, a half away from zero, as by hand."""
    if isinstance(amount, Fraction):
        sign, cents = (1 if amount >= 0 else -1), abs(amount) * 100
        return Decimal(sign * int(cents + Fraction(1, 2))) / 100 + ZERO
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP) + ZERO  # which has no sign


def exact(amounts: pd.Series) -> pd.Series:
    """Return amounts of a table as the decimals that were written; None where there is none.

    A sum that a tool made of floats, 0.30000000000000004, is 0.3: fifteen digits were written.
    """
    written = [None if pd.isna(a) else Decimal(f"{float(a):.15g}") for a in amounts]
    return pd.Series(written, index=amounts.index, dtype="object")


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """Return the exact sum of the amounts that are known, to the cent."""
    known = (amount for amount in amounts if amount is not None)
    return to_the_cent(sum(known, Decimal(0)))
