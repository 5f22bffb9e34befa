"""Exact amounts of money, and numbers rounded as by hand."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

CENT, ZERO = Decimal("0.01"), Decimal("0.00")
FINEST = 4  # decimals of a percentage
LONG = 100  # hours from which a duration is printed without its minutes
WIDE = Context(prec=400)  # every digit of any float


def to_the_cent(amount: Decimal | Fraction | int) -> Decimal:
    """Return an amount rounded to the cent, a half away from zero, as by hand."""
    if isinstance(amount, Fraction):
        sign, cents = (1 if amount >= 0 else -1), abs(amount) * 100
        return Decimal(sign * int(cents + Fraction(1, 2))) / 100 + ZERO
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP) + ZERO  # which has no sign


def is_whole(amount: Decimal) -> bool:
    """Return whether an amount has no decimals, however many digits it has."""
    with localcontext(WIDE):
        return amount == amount.to_integral_value()


def exact(amounts: pd.Series) -> pd.Series:
    """Return amounts of a table as the decimals that were written; None where there is none.

    A sum that a tool made of floats, 0.30000000000000004, is 0.3: fifteen digits were written.
    """
    import pandas as pd

    written = [None if pd.isna(a) else Decimal(f"{float(a):.15g}") for a in amounts]
    return pd.Series(written, index=amounts.index, dtype="object")


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """Return the exact sum of the amounts that are stated, to the cent."""
    stated = (amount for amount in amounts if amount is not None)
    return to_the_cent(sum(stated, Decimal(0)))


def sign(amount: Decimal | Fraction) -> int:
    """Return −1, 0 or 1: whether an amount is below, at or above zero."""
    return (amount > 0) - (amount < 0)


def rounded(value: float | Decimal, digits: int) -> Decimal:
    """Return a number rounded as by hand, a half away from zero, and zero without a sign."""
    exactly = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, WIDE)
    return exactly or abs(exactly)


def duration_parts(seconds: float) -> tuple[int, int, int]:
    """Return the hours, minutes and seconds that a duration is printed with.

    Seconds under a minute alone, minutes under ``LONG`` hours alone.
    """
    left = round(seconds)
    if left < 60:
        return 0, 0, left
    hours, minutes = divmod(round(left / 60), 60)
    return (hours, minutes, 0) if hours < LONG else (round(left / 3600), 0, 0)


def share_decimals(share: float, digits: int = 1) -> int:
    """Return how many decimals a percentage is printed with, from ``digits`` up to ``FINEST``.

    More where rounding would make all of nearly all, or nothing of a little.
    """
    while digits < FINEST and _hides(share, digits):
        digits += 1
    return digits


def _hides(share: float, digits: int) -> bool:
    """Whether rounding a share, known to a billionth, leaves nothing or all where it is neither."""
    near = float(rounded(share, digits + 2))
    return any(near == end and abs(share - end) > 1e-9 for end in (0, 1))
