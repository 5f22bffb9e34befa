"""Whether a log holds every ticket, or only those closed in one month."""

from __future__ import annotations

import pandas as pd

from reviewlib.calendars.zones import local_days

ALMOST_ALL = 0.9  # of the closures, in one month
ENOUGH = 20  # closures from which so many in one month are no chance


def closed_alone(opened: pd.Series, ended: pd.Series, time_zone: str) -> dict[str, int | str]:
    """Return the month of almost all closures of a log that opens tickets in others; or nothing.

    ``opened`` and ``ended``: UTC instants. Keys: month (YYYY-MM), k of the n closures, and opened,
    in it, of all tickets.
    """
    openings, closures = _months(opened, time_zone), _months(ended.dropna(), time_zone)
    n = len(closures)
    if n < ENOUGH:
        return {}
    counts = closures.value_counts()
    month, k = str(counts.index[0]), int(counts.iloc[0])
    then = int((openings == month).sum())
    if k < ALMOST_ALL * n or then >= ALMOST_ALL * len(openings):
        return {}
    return {"month": month, "k": k, "n": n, "opened": then, "all": len(openings)}


def _months(instants: pd.Series, time_zone: str) -> pd.Series:
    return local_days(instants, time_zone).dt.strftime("%Y-%m")
