"""The periods of a rhythm: every week, every month, every quarter, between two days."""

from __future__ import annotations

import pandas as pd

from reviewlib.calendars.dates import DATE

WEEKS = {"week": 7, "two-weeks": 14}
"""Days of a rhythm that is counted from its first day."""
MONTHS = {"month": 1, "two-months": 2, "quarter": 3, "half-year": 6, "year": 12}
"""Months of a rhythm of the calendar, of which January begins one."""
MONTH_DAYS = 31


def longest(every: str) -> int:
    """Return the most days of a period of a rhythm."""
    return WEEKS.get(every) or MONTH_DAYS * MONTHS[every]


def spans(every: str, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Return the whole periods of a rhythm between two days, both of them within.

    Columns: first, last. Weeks are counted from the first day, months by the calendar.
    """
    if every in WEEKS:
        starts = pd.Series(pd.date_range(first, last, freq=f"{WEEKS[every]}D"))
        ends = starts + pd.Timedelta(days=WEEKS[every] - 1)
    else:
        months = pd.Series(pd.date_range(first, last, freq="MS"))
        starts = months[(months.dt.month - 1) % MONTHS[every] == 0]
        ends = starts + pd.DateOffset(months=MONTHS[every]) - pd.Timedelta(days=1)
    made = pd.DataFrame({"first": starts.astype(DATE), "last": ends.astype(DATE)})
    return made[made["last"] <= last].reset_index(drop=True)
