"""Amounts to the cent, a half away from zero; sums as by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.amounts import exact, rounded, share_decimals, sign, to_the_cent, total
from tests.calendars.test_day_counts import STEADY


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("0", "0.00"), ("1234.565", "1234.57"), ("1234.564999", "1234.56"), ("1234.575", "1234.58"),
        ("0.005", "0.01"), ("0.004999", "0.00"), ("-0.005", "-0.01"), ("-1234.565", "-1234.57"),
        ("-0.004", "0.00"), ("2.5", "2.50"), ("999999999999.995", "1000000000000.00"),
    ],
)  # fmt: skip
def test_a_half_cent_goes_away_from_zero_and_zero_has_no_sign(amount: str, cents: str) -> None:
    """Half-even would make 1,234.56 of 1,234.565."""
    assert str(to_the_cent(Decimal(amount))) == cents
    assert str(to_the_cent(Fraction(amount))) == cents


def test_what_no_decimal_can_hold_is_rounded_too() -> None:
    """2/3 is 0.666…; 131.5068… is 32,000 × 12.5 % × 12 / 365."""
    assert str(to_the_cent(Fraction(2, 3))) == "0.67"
    assert str(to_the_cent(Fraction(-2, 3))) == "-0.67"
    assert str(to_the_cent(32_000 * Fraction(1, 8) * 12 / 365)) == "131.51"
    assert str(to_the_cent(7)) == "7.00"


@STEADY
@given(st.fractions(-(10**9), 10**9, max_denominator=10**6))
def test_no_amount_moves_by_more_than_half_a_cent(amount: Fraction) -> None:
    found = to_the_cent(amount)

    assert abs(Fraction(found) - amount) <= Fraction(1, 200)
    assert found.as_tuple().exponent == -2
    assert to_the_cent(-amount) == -found


def test_a_column_gives_the_decimals_that_were_written() -> None:
    """0.1 + 0.2 is 0.30000000000000004 in binary; by hand it is 0.3."""
    written = pd.Series([0.1, 0.2, None, 1234567890123.45, 1200], index=[5, 3, 1, 9, 2])

    found = exact(written)

    assert [str(a) for a in found] == ["0.1", "0.2", "None", "1234567890123.45", "1200"]
    assert found.index.tolist() == [5, 3, 1, 9, 2]
    assert str(total(found[:3])) == "0.30"


def test_a_column_without_an_amount_gives_none_and_sums_to_nothing() -> None:
    assert exact(pd.Series([None, None], dtype="float64")).tolist() == [None, None]
    assert str(total(exact(pd.Series([], dtype="float64")))) == "0.00"


@STEADY
@given(st.lists(st.integers(-(10**14), 10**14), max_size=30))
def test_cents_of_fifteen_digits_are_summed_exactly(cents: list[int]) -> None:
    column = pd.Series([c / 100 for c in cents], dtype="float64")

    assert total(exact(column)) == Decimal(sum(cents)) / 100


def test_a_sum_is_rounded_once_and_not_part_by_part() -> None:
    assert str(total([Decimal("0.004"), Decimal("0.004"), None])) == "0.01"


def test_a_sum_that_a_tool_made_of_floats_is_the_decimal_that_was_meant() -> None:
    """0.1 + 0.2 is 0.30000000000000004 as a float, and 1000.1 + 0.2 is 1000.3000000000001."""
    found = exact(pd.Series([0.1 + 0.2, 1000.1 + 0.2, 999999999999.99, None]))

    assert [*found] == [Decimal("0.3"), Decimal("1000.3"), Decimal("999999999999.99"), None]


def test_zero_has_no_sign() -> None:
    assert [sign(Decimal(n)) for n in (-3, 0, 3)] == [-1, 0, 1]
    assert [str(rounded(value, 1)) for value in (-0.04, -0.05, 0.05, 0.25)] == [
        "0.0", "-0.1", "0.1", "0.3",
    ]  # fmt: skip


def test_a_share_next_to_nothing_or_to_all_keeps_the_decimals_that_tell_them_apart() -> None:
    """0.04 % is 0.0 % with one decimal, and 99.96 % is 100.0 %; nothing and all are themselves."""
    assert [share_decimals(share) for share in (0, 0.0004, 0.5, 0.9996, 1)] == [1, 2, 1, 2, 1]
