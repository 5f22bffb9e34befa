"""The monthly series that are held against their process, and the changes that begin new limits.

A month has a point once it is over by the day of the review and decided: no ticket of it runs, no
pause of one is unknown, no outage lacks its end. A ticket that is reopened later may still move it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.service_levels import Terms
from reviewlib.rates import compliance
from reviewlib.service.amendments.metrics import changed
from reviewlib.service.control.metrics import POINTS
from reviewlib.service.log import Log
from reviewlib.service.ramp_up import ramp_ups
from reviewlib.service.thresholds import common
from reviewlib.service.volumes.metrics import counted, worked

A_MINUTE = pd.Timedelta(minutes=1)  # a month seen from 23:59 of its last day is over
A_DAY = pd.Timedelta(days=1)
AMENDMENT, RAMP_UP, CHANGE = "amendment", "ramp_up", "change"


@dataclass(frozen=True)
class Rebase:
    """A declared change: the first month that begins from its day on, and what declares it.

    ``name``: the number of an amendment, or the title of a change.
    """

    month: str
    day: dt.date
    kind: str
    name: str = ""


@dataclass(frozen=True)
class Series:
    """The points of one subject, the months over that have none, the changes within them.

    ``points``: the columns of ``POINTS``. ``open``: months of which tickets or outages still run;
    ``unsure``: months of tickets of which no log tells the pauses; ``cut``: months that the log or
    the contract does not cover as a whole.
    """

    points: pd.DataFrame
    rebases: tuple[Rebase, ...] = ()
    open: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()


def running_month(as_of: pd.Timestamp, time_zone: str) -> str:
    """Return the first month (YYYY-MM) that is not over at an instant (UTC)."""
    return f"{(as_of + A_MINUTE).tz_convert(time_zone):%Y-%m}"


def months_between(months: pd.Series, contract: Contract, as_of: pd.Timestamp) -> pd.Series:
    """Tell which months (YYYY-MM) are of the contract's period and over by an instant."""
    names, period = months.astype("str"), contract.period
    of_period = names.between(f"{period.first:%Y-%m}", f"{period.last:%Y-%m}")
    return of_period & (names < running_month(as_of, contract.time_zone))


def of_clause(
    verdicts: pd.DataFrame, contract: Contract, as_of: pd.Timestamp, keys: tuple[str, str]
) -> Series:
    """Return the share in time by month of the tickets of a clause and a priority (``keys``).

    ``verdicts``: theirs alone, as ``judged`` returns them.
    """
    months = compliance(verdicts, ["month"])
    months = months[months_between(months["month"], contract, as_of)].sort_values("month")
    months["target"] = months["month"].map(common(verdicts, "month")).astype("float64")
    is_open, unsure = months["running"] > 0, months["late_or_paused"] > 0
    points = months.rename(columns={"share": "value"})[~is_open & months["share"].notna()]
    return Series(
        _points(points),
        rebases(contract, *keys),
        tuple(months.loc[is_open, "month"]),
        tuple(months.loc[~is_open & unsure, "month"]),
    )


def of_service(
    uptime: pd.DataFrame, contract: Contract, as_of: pd.Timestamp, clause: str
) -> Series:
    """Return the availability by month of a service under a clause.

    ``uptime``: its months alone, as ``availability.metrics.months`` returns them; a month that an
    amendment cuts is one.
    """
    own = uptime[months_between(uptime["month"], contract, as_of)]
    edges = {name: (name, "sum") for name in ("agreed", "lost")}
    edges |= {"provisional": ("provisional", "any"), "target": ("target", "last")}
    months = own.groupby("month", sort=True).agg(**edges).reset_index()
    agreed = months["agreed"].where(months["agreed"] > 0)
    months = months.assign(value=(agreed - months["lost"]) / agreed, n=float("nan"))
    points = months[~months["provisional"] & months["value"].notna()]
    still_open = tuple(months.loc[months["provisional"], "month"])
    return Series(_points(points), rebases(contract, clause), still_open)


def of_tickets(log: Log) -> Series:
    """Return how many tickets were opened in each month that the log and the contract cover.

    A month is left out where a working day of it comes before the first ticket, before the
    contract began or after it ended. Where no extraction is declared, months are over by the last
    event of the log.
    """
    contract, opened = log.contract, counted(log).opened
    none = pd.DataFrame(columns=[*POINTS])
    if opened.empty:
        return Series(_points(none))
    first, last = opened.min(), pd.Timestamp(contract.period.last)
    end = min(last, opened.max() if contract.extracted_at is None else last)
    months = pd.period_range(first, end, freq="M")
    counts = opened.dt.to_period("M").value_counts().reindex(months, fill_value=0)
    names = pd.Series(months.strftime("%Y-%m"), dtype="str")
    points = none.assign(month=names, value=counts.to_numpy())
    cut = {name for name, partial in _edges(contract, first, last) if partial}
    over = months_between(points["month"], contract, _reach(log))
    whole = ~points["month"].isin(cut)
    left_out = tuple(points.loc[over & ~whole, "month"])
    return Series(_points(points[over & whole]), rebases(contract), cut=left_out)


def _reach(log: Log) -> pd.Timestamp:
    """Return up to when the log tells: to the day of the review, or its last event."""
    if log.contract.extracted_at is not None:
        return log.as_of
    last = log.tickets["opened_at"].max()
    if log.known_events is not None and len(log.known_events):
        last = max(last, log.known_events["at"].max())
    return min(last, log.as_of)


def _edges(
    contract: Contract, first: pd.Timestamp, last: pd.Timestamp
) -> Iterable[tuple[str, bool]]:
    """Yield the months of two days, and whether work was due before the one, after the other."""
    before = pd.date_range(first.replace(day=1), first - A_DAY)
    after = pd.date_range(last + A_DAY, last + pd.offsets.MonthEnd(0))
    for day, outside in ((first, before), (last, after)):
        yield f"{day:%Y-%m}", bool(worked(contract, outside).any())


def _points(months: pd.DataFrame) -> pd.DataFrame:
    return months[[*POINTS]].astype(POINTS).reset_index(drop=True)


# Changes


def rebases(contract: Contract, clause: str = "", priority: str = "") -> tuple[Rebase, ...]:
    """Return the declared changes of a clause and priority, in order of time.

    They are the amendments that change what it asks, the ends of its ramp-ups, and the changes of
    ``control`` that name it, or no clause. Without a clause: the last of these alone.
    """
    stated = [
        Rebase(_month_from(amendment.effective), amendment.effective, AMENDMENT, amendment.id)
        for number, amendment in enumerate(contract.amendments, start=1)
        if number in _amending(contract, clause, priority)
    ]
    for period in ramp_ups(contract, clause) if clause else ():
        day = period.last + dt.timedelta(days=1)
        stated.append(Rebase(_month_from(day), day, RAMP_UP))
    for change in contract.control.changes:
        if not change.clauses or clause in change.clauses:
            stated.append(Rebase(_month_from(change.date), change.date, CHANGE, change.title))
    return tuple(sorted(stated, key=lambda one: one.day))


def _amending(contract: Contract, clause: str, priority: str) -> set[int]:
    """Return the numbers of the amendments that change a clause on tickets, or on availability."""
    touched = {
        c.amendment for c in changed(contract) if c.clause == clause and priority in c.touched
    }
    versions = enumerate(pairwise(contract.versions), start=1)
    return touched | {
        n for n, pair in versions if _uptime(pair[0], clause) != _uptime(pair[1], clause)
    }


def _uptime(terms: Terms, clause: str) -> object:
    """Return what terms ask of availability by a clause, with the agreed hours."""
    stated = terms.availability.get(clause)
    return None if stated is None else (stated, terms.calendars[stated.calendar])


def _month_from(day: dt.date) -> str:
    """Return the first month that begins on a day or after it."""
    return f"{pd.Timestamp(day) + pd.offsets.MonthBegin(0):%Y-%m}"
