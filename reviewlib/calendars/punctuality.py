"""What became of a date: on time, late, overdue, not due yet, or waiting for a decision."""

from __future__ import annotations

import pandas as pd

ON_TIME, LATE, OVERDUE, NOT_DUE = "on_time", "late", "overdue", "not_due"
AWAITING = "awaiting"  # a decision: submitted in time, and neither accepted nor refused
JUDGED = (ON_TIME, LATE, OVERDUE)


def punctuality(states: pd.Series) -> tuple[int, int]:
    """Return how many are on time, and of how many that have come due: n."""
    return int((states == ON_TIME).sum()), int(states.isin(JUDGED).sum())
