"""How one measure that two chapters give is worded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from reviewlib.amounts import exact
from reviewlib.report.cells import cell
from reviewlib.report.phrases import QUANTITY
from reviewlib.report.text import N_, Shown, Text, chained

TWICE = N_(
    "One measure has two values of one day: benefit {benefit} {obtained}, objective {objective} "
    "{value} ({date}). The data do not explain the difference of {difference}."
)


def measured_twice(rows: pd.DataFrame) -> Text:
    """Return the measures with two values of one day; rows of ``results.measured_twice``.

    "" where the values are the same.
    """
    differing = rows[rows["obtained"] != rows["value"]]
    return chained(_difference(row) for row in differing.itertuples())


def _difference(row: Any) -> Text:
    obtained, value = exact(pd.Series([row.obtained, row.value]))
    return TWICE(
        benefit=row.benefit_id,
        objective=row.objective_id,
        date=row.measured_on,
        obtained=written(row.obtained, row.unit),
        value=written(row.value, row.unit),
        difference=written(float(abs(obtained - value)), row.unit),
    )


def written(value: float, unit: Any) -> Text | None:
    """Return a value with all of the decimals with which it was written; None where it is none."""
    if pd.isna(value):
        return None
    exponent = Decimal(f"{value:.15g}").normalize().as_tuple().exponent
    digits = max(-exponent, 0) if isinstance(exponent, int) else 0
    number, words = Shown(value, f"number.{digits}"), cell(unit)
    return QUANTITY(value=number, unit=words) if words else number
