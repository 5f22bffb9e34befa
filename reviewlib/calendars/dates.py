"""Columns of dates, and the calendar days between two of them."""

from __future__ import annotations

import pandas as pd

DATE = "datetime64[s]"


def dates_of(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of dates; NaT throughout where the table has no such column."""
    return table.get(column, pd.Series(pd.NaT, index=table.index)).astype(DATE)


def calendar_days(spans: pd.Series) -> pd.Series:
    """Return spans of time in whole days; NaN where one is missing."""
    return spans.dt.days.astype("float64")
