"""Whether a log holds every ticket, or only those closed in one month: what it then can't tell."""

from __future__ import annotations

import pandas as pd

from reviewlib.calendars.zones import local_days
from reviewlib.report.text import EMPTY, N_, Text
from reviewlib.review import Review
from reviewlib.service import results

ALMOST_ALL = 0.9  # of the closures, in one month
ENOUGH = 20  # closures from which so many in one month are no chance
CLOSED_ALONE = N_(
    "{k} of {n} closures fall in {month:month}, in which {opened} of {all} tickets were opened: "
    "the log holds, it seems, only tickets closed then. Arrivals, backlog and volumes are of these "
    "alone, and tickets that stayed open are missing."
)


def closed_alone(review: Review) -> Text:
    """Return what to say of a log of which almost all closures fall in one month; else nothing."""
    log = results.log(review)
    if log is None:
        return EMPTY
    closed = log.tickets.get("closed_at", pd.Series(dtype=log.tickets["opened_at"].dtype))
    opened = _months(log.tickets["opened_at"], review)
    for ends in (closed.dropna(), log.turns[0].dropna()):
        counts, n = _months(ends, review).value_counts(), len(ends)
        if n < ENOUGH:
            continue
        month, k = str(counts.index[0]), int(counts.iloc[0])
        then = int((opened == month).sum())
        if k >= ALMOST_ALL * n and then < ALMOST_ALL * len(opened):
            return CLOSED_ALONE(k=k, n=n, month=month, opened=then, all=len(opened))
    return EMPTY


def _months(instants: pd.Series, review: Review) -> pd.Series:
    return local_days(instants, review.contract.time_zone).dt.strftime("%Y-%m")
