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


def each_day_of(spans: pd.DataFrame, days: pd.Series) -> pd.DataFrame:
    """Return spans, a row for every day of them (``day``): of each so many from its ``first`` on.

    Each span has an index of its own.
    """
    rows = spans.loc[spans.index.repeat(days)]
    step = pd.to_timedelta(rows.groupby(level=0).cumcount(), unit="D")
    return rows.assign(day=rows["first"] + step.astype("m8[s]"))


def last_month_over(today: pd.Timestamp) -> str:
    """Return the last month ("2024-01") that is over; on its own last day it is."""
    return f"{today + pd.Timedelta(days=1) - pd.DateOffset(months=1):%Y-%m}"
