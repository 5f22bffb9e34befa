"""Which reviews of periods an engagement owes by an instant, and whether the data suffice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from reviewlib.calendars.day_counts import end_of
from reviewlib.calendars.periods import ReviewPeriod, periods
from reviewlib.contract import Contract
from reviewlib.folder.engagement import load_engagement
from reviewlib.folder.reach import LOG_ENDS, last_event
from reviewlib.report.text import N_, Message

EXPORT_ENDS = N_("the export ends on {end:date}, before {last:date}")
NO_END = N_("the data do not tell how far they reach: declare data.extracted_at")


def cadence(contract: Contract, every: str = "") -> str:
    """Return how often the contract is reviewed, ``every`` being for one that does not say."""
    reviews = contract.governance.reviews
    return every if every and reviews.is_silent("every") else reviews.every


def ended(contract: Contract, every: str, now: dt.datetime) -> list[ReviewPeriod]:
    """Return the periods of the engagement that ended by an instant (with its time zone).

    ``every``: a key of ``periods.MONTHS``. Days are those of the contract's time zone.
    """
    today = now.astimezone(ZoneInfo(contract.time_zone)).date()
    own = contract.period
    return [one for one in periods(every, own.first, own.last) if one.last < today]


def due_on(contract: Contract, period: ReviewPeriod) -> dt.date | None:
    """Return the day by which the contract wants the review of a period; None where it is silent.

    The delay begins at the end of the period, or of an engagement that ends within it.
    """
    delay = contract.governance.reviews.within
    if delay is None:
        return None
    start = pd.Series([pd.Timestamp(_last_day(contract, period))])
    day: dt.date = end_of(delay, start, contract.days_off).iloc[0].date()
    return day


def end_of_export(folder: Path, contract: Contract) -> pd.Timestamp | None:
    """Return the extraction that the data declare, else the last event of the log (UTC).

    None without either. Only without a declared one the tables are read, which raises Faults.
    """
    return contract.extracted_at or last_event(load_engagement(folder))


def awaited(contract: Contract, period: ReviewPeriod, end: pd.Timestamp | None) -> Message | None:
    """Return why the data do not suffice for a period; None where they reach its last day.

    ``end``: as of ``end_of_export`` (UTC).
    """
    if end is None:
        return NO_END
    day, last = end.tz_convert(contract.time_zone).date(), _last_day(contract, period)
    if day >= last:
        return None
    ends = LOG_ENDS if contract.extracted_at is None else EXPORT_ENDS
    return ends(end=day, last=last)


def _last_day(contract: Contract, period: ReviewPeriod) -> dt.date:
    return min(period.last, contract.period.last)
