"""Volumes: in sensitive periods and outside (F11), by item of the scope, and by cause (F12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewlib.calendars.zones import local_days, midnights
from reviewlib.contract import Contract
from reviewlib.contract.parties import ScopeItem, within
from reviewlib.service.history import CANCELLED
from reviewlib.service.log import Log

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
    """Return what the chapter counts; the day of the review is one of the days.

    The days are those of the period of a log that has one.
    """
    contract, zone = log.contract, log.contract.time_zone
    opened = local_days(log.tickets["opened_at"], zone)
    today = log.as_of.tz_convert(zone).tz_localize(None).normalize()
    span = log.period or contract.period
    last = min(pd.Timestamp(min(span.last, contract.period.last)), today)
    days = pd.date_range(max(span.first, contract.period.first), last, unit="s")
    counts = opened.isin(days)
    rows = log.tickets[counts]
    lost = (log.resolutions["state"] == CANCELLED).reindex(rows["ticket_id"]).to_numpy()
    if "relation" in rows:
        lost = lost | (rows["relation"] == "merged").to_numpy("bool", na_value=False)
    tickets = rows.assign(cancelled=lost, item=items(rows, contract.scope))
    outside = ~within(opened, [contract.period])
    if log.period is not None:
        outside &= within(opened, [log.period])
    return Counted(tickets, opened[counts], worked(contract, days), int(outside.sum()))


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
    edges = midnights(days.append(days[-1:] + pd.Timedelta(days=1)), contract.time_zone)
    elapsed = contract.hours(calendar).elapsed(edges[:-1], edges[1:])
    return pd.Series(elapsed > pd.Timedelta(0), index=days)


def _within(counted: Counted, contract: Contract) -> list[np.ndarray]:
    """Return which days so far are of each sensitive period."""
    days = counted.worked.index
    return [
        np.asarray((days >= pd.Timestamp(period.first)) & (days <= pd.Timestamp(period.last)))
        for period in contract.sensitive_periods
    ]


def overlapping(counted: Counted, contract: Contract) -> int:
    """Return how many days so far are of more than one sensitive period."""
    return int((np.sum(_within(counted, contract), axis=0) > 1).sum())


PERIOD_COLUMNS = ("number", "first", "last", "tickets", "days", "working_days", "on_working_days")


def by_period(counted: Counted, contract: Contract) -> pd.DataFrame:
    """Count the tickets opened in each sensitive period that has begun, and outside all of them.

    Columns: number (1, 2, …; 0: outside), first and last (of the days counted), tickets, days,
    working_days, on_working_days (the tickets opened on them), per_day (tickets / days) and
    per_working_day (on_working_days / working_days; NaN where there is no such day).
    """
    days, within = counted.worked.index, _within(counted, contract)
    outside = ~np.logical_or.reduce(within or [np.zeros(len(days), dtype=bool)])
    lines = []
    for number, inside in [*enumerate(within, start=1), (0, outside)]:
        worked_on = counted.worked[inside]
        if len(worked_on):
            working_days = worked_on.index[worked_on]
            tickets, on_working_days = (
                int(counted.opened.isin(own).sum()) for own in (worked_on.index, working_days)
            )
            edges = (number, worked_on.index[0], worked_on.index[-1])
            lines.append((*edges, tickets, len(worked_on), len(working_days), on_working_days))
    rows = pd.DataFrame(lines, columns=list(PERIOD_COLUMNS))
    rows["per_day"] = rows["tickets"] / rows["days"]
    working_days = rows["working_days"].where(rows["working_days"] > 0)
    return rows.assign(per_working_day=rows["on_working_days"] / working_days)


def items(tickets: pd.DataFrame, scope: Sequence[ScopeItem]) -> pd.Series:
    """Return the place in the scope of the item that counts each ticket; ``NO_ITEM`` for none.

    A ticket that several items match counts in the first one: what the contract excludes comes
    before what it includes, then the order of the contract.
    """
    places = pd.Series(NO_ITEM, index=tickets.index)
    for place in sorted(range(len(scope)), key=lambda place: scope[place].included):
        if scope[place].counted:
            places = places.mask((places == NO_ITEM) & _matches(tickets, scope[place]), place)
    return places


def _matches(tickets: pd.DataFrame, item: ScopeItem) -> pd.Series:
    matched = pd.Series(True, index=tickets.index)
    for column, words in SELECTORS.items():
        if named := getattr(item, words):
            values = tickets.get(column, pd.Series(None, index=tickets.index, dtype="str"))
            matched &= values.isin(named)
    return matched


def matched(tickets: pd.DataFrame, item: ScopeItem) -> bool:
    """Whether some ticket has each of what the item counts by: service, kind, category."""
    used = [column for column, words in SELECTORS.items() if getattr(item, words)]
    return bool(used) and bool(tickets.reindex(columns=used).notna().any().all())


def compared(tickets: pd.DataFrame, item: ScopeItem) -> bool:
    """Whether tickets of the item can be counted and held to its volume."""
    return item.compared and matched(tickets, item)


def lacking(tickets: pd.DataFrame, scope: Sequence[ScopeItem]) -> pd.Series:
    """Tell which tickets lack a service, kind or category by which some item names its own."""
    used = [column for column, words in SELECTORS.items() if any(getattr(i, words) for i in scope)]
    return tickets.reindex(columns=used).isna().any(axis="columns")


def unused(tickets: pd.DataFrame, scope: Sequence[ScopeItem]) -> list[str]:
    """Return the services, kinds and categories that the scope names and no ticket has."""
    missing = []
    for column, words in SELECTORS.items():
        values = set(tickets[column].dropna().unique()) if column in tickets else set()
        named = dict.fromkeys(word for item in scope for word in getattr(item, words))
        missing += [word for word in named if word not in values]
    return missing


def terms(first: pd.Timestamp, last: pd.Timestamp, per: str) -> pd.DatetimeIndex:
    """Return the first days of the contract years, or months, begun by a last day, and the next.

    They begin on the anniversaries of the first day of the contract.
    """
    step, edges = "years" if per == "year" else "months", [first]
    while edges[-1] <= last:
        edges.append(first + pd.DateOffset(**{step: len(edges)}))
    return pd.DatetimeIndex(edges)


TERM_COLUMNS = ["place", "first", "last", "tickets", "volume", "due", "whole", "beyond"]


def by_term(counted: Counted, scope: Sequence[ScopeItem]) -> pd.DataFrame:
    """Return the tickets of each compared item of the scope in each contract year or month begun.

    An item that counts by what no ticket has is left out.

    Columns: place, first and last (of the days so far), tickets, volume (included in a whole one),
    due (in proportion to the days so far), whole (all its days have come; the contract may end
    before), beyond (more tickets than the whole volume).
    """
    days, parts = counted.worked.index, []
    for place, item in enumerate(scope):
        if not compared(counted.tickets, item):
            continue
        edges = terms(days[0], days[-1], item.per)
        first, until = edges[:-1], edges[1:]
        end = until.where(until <= days[-1], days[-1] + pd.Timedelta(days=1))
        opened = counted.opened[counted.tickets["item"] == place]
        number = np.searchsorted(until, pd.DatetimeIndex(opened), side="right")
        rows = pd.DataFrame({"first": first, "last": end - pd.Timedelta(days=1)})
        rows["tickets"] = np.bincount(number, minlength=len(first))
        rows = rows.assign(place=place, volume=item.volume, whole=end == until)
        rows["due"] = rows["volume"] * ((end - first) / (until - first))
        parts.append(rows.assign(beyond=rows["tickets"] > rows["volume"]))
    none = pd.DataFrame(columns=TERM_COLUMNS)
    every = pd.concat(parts or [none], ignore_index=True)[TERM_COLUMNS]
    return every.astype({"whole": bool, "beyond": bool})


def by_item(counted: Counted, scope: Sequence[ScopeItem]) -> pd.DataFrame:
    """Return the tickets of each item of the scope.

    Columns: place, tickets and cancelled (NaN: the item is not counted by tickets, or no ticket
    has what it counts by).
    """
    places = pd.RangeIndex(len(scope))
    counts = counted.tickets.groupby("item")["cancelled"].agg(["size", "sum"])
    countable = pd.Series([matched(counted.tickets, item) for item in scope], places, dtype=bool)
    counts = counts.reindex(places, fill_value=0).where(countable)
    return pd.DataFrame({"place": places, "tickets": counts["size"], "cancelled": counts["sum"]})


def causes(tickets: pd.DataFrame) -> pd.DataFrame:
    """Return the categories of each service by their number of tickets, the most frequent first.

    Columns: service (NaN: not told), category, count, share and cumulative (0 to 1), of the tickets
    that have a category.
    """
    keys = tickets.reindex(columns=["service", "category"]).astype("str")
    keys = keys[keys["category"].notna()]
    counts = keys.value_counts(dropna=False).rename("count").reset_index()
    order = ["count", "category", "service"]
    counts = counts.sort_values(order, ascending=[False, True, True], ignore_index=True)
    total = max(int(counts["count"].sum()), 1)
    if tickets.get("category", keys["category"]).dtype == object:  # with other languages
        named = {str(name): name for name in tickets["category"].dropna().unique()}
        words = [named[name] for name in counts["category"]]
        counts["category"] = pd.Series(words, counts.index, dtype="object")
    return counts.assign(share=counts["count"] / total, cumulative=counts["count"].cumsum() / total)


def needed(causes: pd.DataFrame, share: float = 0.8) -> int:
    """Return how many of the ``causes``, from the first on, make up a share of the tickets."""
    return int((causes["cumulative"] < share - 1e-9).sum()) + 1 if len(causes) else 0
