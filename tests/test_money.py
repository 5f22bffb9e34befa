"""Amounts to the cent."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from reviewlib.money import exact


def test_a_sum_that_a_tool_made_of_floats_is_the_decimal_that_was_meant() -> None:
    """0.1 + 0.2 is 0.30000000000000004 as a float, and 1000.1 + 0.2 is 1000.3000000000001."""
    found = exact(pd.Series([0.1 + 0.2, 1000.1 + 0.2, 999999999999.99, None]))

    assert [*found] == [Decimal("0.3"), Decimal("1000.3"), Decimal("999999999999.99"), None]
