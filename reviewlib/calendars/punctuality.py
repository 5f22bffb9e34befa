"""What became of a date: on time, late, overdue, not due yet, or waiting for a decision."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import calendar_days

ON_TIME, LATE, OVERDUE, NOT_DUE = "on_time", "late", "overdue", "not_due"
AWAITING = "awaiting"  # a decision: submitted in time, and neither accepted nor refused
JUDGED = (ON_TIME, LATE, OVERDUE)


def judged(due: pd.Series, done: pd.Series, today: pd.Timestamp) -> tuple[pd.Series, pd.Series]:
    """Return the state of each row against its date, and by how many days it is after it.

    ``done``: NaT where it is not done. States: on_time, late, overdue (past its date and not done),
    not_due. Days: calendar days, up to today where it is not done, negative where time was gained,
    NaN while it is not due.
    """
    days, is_done = calendar_days(done.fillna(today) - due), done.notna()
    past = days > 0
    states = np.select([is_done & ~past, is_done, past], [ON_TIME, LATE, OVERDUE], NOT_DUE)
    state = pd.Series(states, index=due.index, dtype="str")
    return state, days.where(state != NOT_DUE)


def punctuality(states: pd.Series) -> tuple[int, int]:
    """Return how many are on time, and of how many that have come due: n."""
    return int((states == ON_TIME).sum()), int(states.isin(JUDGED).sum())
