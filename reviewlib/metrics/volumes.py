"""Volumes: in sensitive periods and outside (F11), by item of the scope, and by cause (F12)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.parties import ScopeItem
from reviewlib.metrics.history import CANCELLED
from reviewlib.metrics.log import Log

MOST = 15  # causes shown one by one
NO_ITEM = -1
SELECTORS = {"service": "services", "kind": "kinds", "category": "categories"}
"""The columns of the tickets by which an item of the scope names its own."""


@dataclass(frozen=True)
class Counted:
    """The tickets opened in the contract's period, up to the instant of the review.

    ``tickets``: their rows, with cancelled (or merged) and item (of ``items``). ``opened``: the
    local days of their openings. ``worked``: the days of the period so far, and whether they are
    worked. ``apart``: how many tickets were opened on none of these days.
    """

    tickets: pd.DataFrame
    opened: pd.Series
    worked: pd.Series
    apart: int


def counted(log: Log) -> Counted:
    """Return what the chapter counts; the day of the review is one of the days."""
    contract, zone = log.contract, log.contract.time_zone
    opened = log.tickets["opened_at"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    today = log.as_of.tz_convert(zone).tz_localize(None).normalize()
    last = min(pd.Timestamp(contract.period.last), today)
    days = pd.date_range(contract.period.first, last, unit="s")
    mine = opened.isin(days)
    rows = log.tickets[mine]
    lost = (log.resolutions["state"] == CANCELLED).reindex(rows["ticket_id"]).to_numpy()
    tickets = rows.assign(cancelled=lost, item=items(rows, contract.scope))
    return Counted(tickets, opened[mine], worked(contract, days), int((~mine).sum()))


def working_calendar(contract: Contract) -> str:
    """Return the calendar that tells which days are worked; "" where every day is.

    It is the first that is not around the clock: of the clauses of resolution, of the other
    clauses, then of all that the terms define.
    """
    clauses = [contract.clause(name) for name in contract.clause_ids()]
    clauses.sort(key=lambda clause: clause.measure != "resolution")
    used = [clause.calendar_of(priority) for clause in clauses for priority in clause.targets]
    stated = {name: about for terms in contract.versions for name, about in terms.calendars.items()}
    every = (name for name in (*used, *stated) if not stated[name].around_the_clock)
    return next(every, "")


def worked(contract: Contract, days: pd.DatetimeIndex) -> pd.Series:
    """Tell, by day, whether the working calendar has service hours on it."""
    calendar = working_calendar(contract)
    if not calendar or days.empty:
        return pd.Series(True, index=days)
    edges = days.append(days[-1:] + pd.Timedelta(days=1)).tz_localize(
        contract.time_zone, ambiguous=np.ones(len(days) + 1, dtype=bool),
        nonexistent="shift_forward",
    )  # fmt: skip
    elapsed = contract.hours(calendar).elapsed(edges[:-1], edges[1:])
    return pd.Series(elapsed > pd.Timedelta(0), index=days)


def by_period(found: Counted, contract: Contract) -> pd.DataFrame:
    """Count the tickets opened in each sensitive period that has begun, and outside all of them.

    Columns: number (1, 2, …; 0: outside), first and last (of the days counted), tickets, days,
    working_days, per_day, per_working_day (NaN where there is no such day).
    """
    days, within = found.worked.index, []
    for number, period in enumerate(contract.sensitive_periods, start=1):
        inside = (days >= pd.Timestamp(period.first)) & (days <= pd.Timestamp(period.last))
        within.append((number, inside))
    outside = ~np.logical_or.reduce([inside for _, inside in within] or [days != days])
    lines = []
    for number, inside in [*within, (0, outside)]:
        mine = found.worked[inside]
        if mine.empty:
            continue
        tickets = int(found.opened.isin(mine.index).sum())
        edges = {"first": mine.index[0], "last": mine.index[-1]}
        count = {"tickets": tickets, "days": len(mine), "working_days": int(mine.sum())}
        lines.append({"number": number, **edges, **count})
    names = ["number", "first", "last", "tickets", "days", "working_days"]
    rows = pd.DataFrame(lines, columns=names)
    for rate, count_of in (("per_day", "days"), ("per_working_day", "working_days")):
        rows[rate] = rows["tickets"] / rows[count_of].where(rows[count_of] > 0)
    return rows


def items(tickets: pd.DataFrame, scope: Sequence[ScopeItem]) -> pd.Series:
    """Return the place in the scope of the item that counts each ticket; ``NO_ITEM`` for none.

    A ticket that several items match counts in the first one: what the contract excludes comes
    before what it includes, then the order of the contract.
    """
    found = pd.Series(NO_ITEM, index=tickets.index)
    for place in sorted(range(len(scope)), key=lambda place: scope[place].included):
        if scope[place].counted:
            found = found.mask((found == NO_ITEM) & _matches(tickets, scope[place]), place)
    return found


def _matches(tickets: pd.DataFrame, item: ScopeItem) -> pd.Series:
    matched = pd.Series(True, index=tickets.index)
    for column, words in SELECTORS.items():
        if named := getattr(item, words):
            values = tickets.get(column, pd.Series(None, index=tickets.index, dtype="str"))
            matched &= values.isin(named)
    return matched


def untold(tickets: pd.DataFrame, scope: Sequence[ScopeItem]) -> pd.Series:
    """Tell which tickets lack a service, kind or category by which some item names its own."""
    used = [column for column, words in SELECTORS.items() if any(getattr(i, words) for i in scope)]
    return tickets.reindex(columns=used).isna().any(axis="columns")


def unused(tickets: pd.DataFrame, scope: Sequence[ScopeItem]) -> list[str]:
    """Return the services, kinds and categories that the scope names and no ticket has."""
    found = []
    for column, words in SELECTORS.items():
        values = set(tickets[column].dropna().unique()) if column in tickets else set()
        named = dict.fromkeys(word for item in scope for word in getattr(item, words))
        found += [word for word in named if word not in values]
    return found


def elapsed_terms(first: dt.date, until: dt.date, per: str) -> float:
    """Return how many contract years, or months, run from a first day up to another, excluded.

    They begin on the anniversaries of the first day; a part of one counts by its days.
    """
    start, end = pd.Timestamp(first), pd.Timestamp(until)
    step = "years" if per == "year" else "months"

    def edge(number: int) -> pd.Timestamp:
        return start + pd.DateOffset(**{step: number})

    whole = 0
    while edge(whole + 1) <= end:
        whole += 1
    begun = edge(whole)
    return whole + float((end - begun) / (edge(whole + 1) - begun))


def by_item(found: Counted, scope: Sequence[ScopeItem]) -> pd.DataFrame:
    """Return the volume of each item of the scope, against the volume that is included.

    Columns: place, tickets and cancelled (NaN: the item is not counted by tickets), due (the volume
    included, in proportion to the days so far; NaN: none to compare with), share (tickets / due).
    """
    days = found.worked.index
    lines = []
    for place, item in enumerate(scope):
        mine = found.tickets.loc[found.tickets["item"] == place, "cancelled"]
        compared = item.counted and item.included and item.volume and item.per != "none"
        due = float("nan")
        if compared and len(days):
            until = days[-1] + pd.Timedelta(days=1)
            due = float(item.volume or 0) * elapsed_terms(days[0], until, item.per)
        tickets = float(len(mine)) if item.counted else float("nan")
        lost = float(mine.sum()) if item.counted else float("nan")
        lines.append({"place": place, "tickets": tickets, "cancelled": lost, "due": due})
    rows = pd.DataFrame(lines, columns=["place", "tickets", "cancelled", "due"])
    return rows.assign(share=rows["tickets"] / rows["due"].where(rows["due"] > 0))


def causes(tickets: pd.DataFrame) -> pd.DataFrame:
    """Return the categories of each service by their number of tickets, the most frequent first.

    Columns: service and category (NaN: not told), count, share and cumulative (0 to 1).
    """
    keys = tickets.reindex(columns=["service", "category"]).astype("str")
    counts = keys.value_counts(dropna=False).rename("count").reset_index()
    order = ["count", "category", "service"]
    counts = counts.sort_values(order, ascending=[False, True, True], ignore_index=True)
    total = max(int(counts["count"].sum()), 1)
    return counts.assign(share=counts["count"] / total, cumulative=counts["count"].cumsum() / total)


def needed(found: pd.DataFrame, share: float = 0.8) -> int:
    """Return how many of the ``causes``, from the first on, make up a share of the tickets."""
    return int((found["cumulative"] < share - 1e-9).sum()) + 1 if len(found) else 0
