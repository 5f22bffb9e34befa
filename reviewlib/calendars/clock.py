"""The clock over columns of seconds: opening hours compiled for some years, and looked up.

Columns are int64 seconds since 1970 (UTC), or of service time; none is missing. ``ServiceHours``
is the same clock for columns of instants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewlib.calendars.days_off import Holidays
from reviewlib.calendars.instants import (
    ALWAYS,
    DAY,
    LAST_YEAR,
    MISSING,
    Seconds,
    new_year,
    years,
)
from reviewlib.calendars.zones import zone

OPEN = "open"
NEVER = 1 << 34  # more than twice the service time of all years
END = new_year(LAST_YEAR + 1)  # which no instant is at or after
BLOCK = 1 << 15  # rows whose temporaries stay in the processor's cache
MOST_BUCKETS = 1 << 20  # 8 MB


@dataclass(frozen=True)
class WorkingDays:
    """A target of ``n`` working days, dates with service hours: as many later, at the same time.

    A start on a date without hours counts from the next opening; a time after the last closing of
    the day reached moves back to that closing, which ``end_of_day`` asks for in any case.
    """

    n: int
    end_of_day: bool = False

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError(f"a target of working days is 0 or more; came {self.n}")


class Turn(NamedTuple):
    """Hours of a week, in force between two instants: (opening, closing) seconds since Monday."""

    week: tuple[tuple[int, int], ...]
    time_zone: str
    days_off: Holidays
    since: int
    until: int


class Pauses(NamedTuple):
    """Spans in which clocks stand still, none before its start: they may overlap.

    ``row``: the position of the clock; ``until``: ``ALWAYS`` where the pause is still going on.
    """

    row: NDArray[np.int64]
    since: Seconds
    until: Seconds


NO_PAUSES = Pauses(*(np.array([], dtype=np.int64),) * 3)


@dataclass(frozen=True)
class Clock:
    """The clock of hours that follow each other, ``turns`` in order of time.

    Raises ValueError for instants beyond the years that a clock knows.
    """

    turns: tuple[Turn, ...]

    def elapsed(self, begin: Seconds, end: Seconds, pauses: Pauses = NO_PAUSES) -> Seconds:
        """Return the service time from beginnings to ends, none before its beginning.

        The service time that pauses cover in between is taken out once.
        """
        table = next(self._tables(begin, end))
        counted = table.service(end) - table.service(begin)
        if pauses.row.size:
            since, until = (table.service(np.minimum(edge, end[pauses.row])) for edge in pauses[1:])
            row, _, length, _ = _disjoint(pauses.row, since, until)
            counted -= _totals(row, length, counted.size)
        return counted

    def reached(
        self, begin: Seconds, target: Seconds, floor: Seconds, pauses: Pauses = NO_PAUSES
    ) -> Seconds:
        """Return the instants, none before its floor, at which targets (service time) are reached.

        MISSING where a pause that is still going on holds the target back, or where the service
        hours up to the last year that a clock knows do not reach it.
        """
        row, since, until = pauses
        ends = until < ALWAYS
        for table in self._tables(begin, floor, since, until[ends]):
            start = table.service(begin)
            stop = np.where(ends, table.service(np.where(ends, until, since)), NEVER)
            lane, at, length, gone = _disjoint(row, table.service(since), stop)
            held = at - start[lane] - gone < target[lane]
            delay = _totals(lane[held], length[held], begin.size)
            stuck = delay > NEVER // 2
            wanted = np.where(stuck, start, start + target + delay)
            if wanted.max(initial=0) <= table.after[-1]:
                break
        never = stuck | (wanted > table.after[-1])
        due = np.maximum(floor, table.instant(np.where(never, 0, wanted)))
        return np.where(never | (due >= END), MISSING, due)

    def days_later(self, begin: Seconds, target: WorkingDays) -> Seconds:
        """Return the instants some working days later, without pauses; MISSING where none is."""
        for table in self._tables(begin):
            if np.count_nonzero(table.first > begin.max(initial=0)) > target.n:
                break
        due = begin.copy()
        for turn in self.turns:
            here = (begin >= turn.since) & (begin < turn.until)
            due[here] = table.days_later(begin[here], target, turn.time_zone)
        return np.where(due >= END, MISSING, due)

    def _tables(self, *columns: Seconds) -> Iterator[CompiledHours]:
        """Yield the hours compiled for the years of some columns, then for more and more years."""
        first, last = years(*columns)
        for more in (0, 2, 8, 32, LAST_YEAR):
            yield compiled(self.turns, first, min(last + more, LAST_YEAR + 1))


class CompiledHours:
    """Hours compiled for some years: merged spans in order, and the working days.

    The time axis is cut in buckets of 2 ** shift seconds, no longer than any gap between spans, so
    that one span has all the service time of a bucket: looking it up is far faster than a search.
    """

    def __init__(self, turns: tuple[Turn, ...], first: int, last: int) -> None:
        spans = day_spans(turns, first, last)
        spans = spans[spans["reason"] == OPEN]
        days = spans.groupby("day").agg({"opens": "min", "closes": "max"})
        self.days: Seconds = days.index.to_numpy()
        self.first: Seconds = days["opens"].to_numpy()
        self.last: Seconds = days["closes"].to_numpy()
        self.years = first, last
        begin, end = new_year(first) - 2 * DAY, new_year(last + 1) + 2 * DAY
        # an empty span at either end, so that every instant has a span and every search an answer
        opens = np.concatenate([[begin], spans["opens"], [end]])
        closes = np.concatenate([[begin], spans["closes"], [end]])
        apart = opens[1:] > closes[:-1]
        self.opens: Seconds = opens[np.append(True, apart)]
        self.closes: Seconds = closes[np.append(apart, True)]
        self.after: Seconds = np.cumsum(self.closes - self.opens)
        self.shift = int((self.opens[1:] - self.closes[:-1]).min()).bit_length() - 1
        self.buckets: NDArray[np.intp] | None = None
        if (end - begin) >> self.shift < MOST_BUCKETS:
            buckets = np.arange(begin, end, 1 << self.shift)
            self.buckets = np.searchsorted(self.closes, buckets, side="right")

    def service(self, instants: Seconds) -> Seconds:
        """Return the service time before each instant."""
        counted, lost = np.empty_like(instants), self.closes - self.after
        for start in range(0, instants.size, BLOCK):
            at, out = instants[start : start + BLOCK], counted[start : start + BLOCK]
            if self.buckets is None:
                span = np.searchsorted(self.closes, at, side="right")
            else:
                span = self.buckets.take((at - self.opens[0]) >> self.shift)
            np.maximum(at, self.opens.take(span), out=out)
            np.minimum(out, self.closes.take(span), out=out)
            out -= lost.take(span)
        return counted

    def instant(self, service: Seconds) -> Seconds:
        """Return the earliest instants that have so much service time before them."""
        span = np.searchsorted(self.after, service, side="left")
        return self.closes[span] - (self.after[span] - service)

    def days_later(self, begin: Seconds, target: WorkingDays, time_zone: str) -> Seconds:
        """Return the instants some working days later; MISSING beyond the table's days."""
        if not len(self.days):
            return np.full_like(begin, MISSING)
        local, last_day = zone(time_zone, *self.years), len(self.days) - 1
        serving = np.minimum(np.searchsorted(self.last, begin, side="right"), last_day)
        within = self.first[serving] <= begin  # in a night's span it is still the day before
        date = np.where(within, self.days[serving], local.local(begin) // DAY)
        day = np.searchsorted(self.days, date)
        never = (day + target.n > last_day) | (begin >= self.last[-1])
        day = np.where(never, 0, day)
        reached = np.where(never, 0, day + target.n)
        due = self.last[reached]
        if not target.end_of_day:
            start = np.where(self.days[day] == date, begin, self.first[day])
            wall = local.local(start) + (self.days[reached] - self.days[day]) * DAY
            due = np.minimum(local.opening(wall), due)
        later: Seconds = np.where(never, MISSING, np.maximum(begin, due))
        return later


compiled = lru_cache(maxsize=64)(CompiledHours)


def day_spans(turns: tuple[Turn, ...], first: int, last: int) -> pd.DataFrame:
    """Return the spans of all days of some years: (day, opens, closes, reason, name), in order."""
    days = np.arange(new_year(first) // DAY, new_year(last + 1) // DAY)
    every = []
    for turn in turns:
        local = zone(turn.time_zone, first, last)
        off = turn.days_off.days(first, last)
        for opens, closes in turn.week:
            day = days[(days + 3) % 7 == opens // DAY]  # 1970 began on a Thursday
            monday = (day - opens // DAY) * DAY
            reasons, names = zip(*(off.get(date, (OPEN, "")) for date in day.tolist()), strict=True)
            columns = {
                "day": day,
                "opens": local.opening(monday + opens).clip(turn.since, turn.until),
                "closes": local.closing(monday + closes).clip(turn.since, turn.until),
                "reason": reasons,
                "name": pd.Series(names, dtype="object"),  # of ``Quoted``, as they are
            }
            every.append(pd.DataFrame(columns))
    spans = pd.concat(every).sort_values("opens", ignore_index=True)
    return spans[spans["opens"] < spans["closes"]]


def _disjoint(row: Seconds, since: Seconds, until: Seconds) -> tuple[Seconds, ...]:
    """Return (row, since, length, length of those before it) of intervals, overlaps cut off."""
    order = np.lexsort((since, row))
    row, since, until = row[order], since[order], until[order]
    lane = row * 2 * NEVER  # one running maximum serves all rows, each in its own lane
    covered = np.concatenate([[0], np.maximum.accumulate(lane + until)])[:-1]
    since = np.maximum(since, covered - lane)
    length = np.maximum(until - since, 0)
    gone = np.cumsum(length) - length
    gone -= np.maximum.accumulate(np.where(np.diff(row, prepend=-1) > 0, gone, 0))
    return row, since, length, gone


def _totals(row: Seconds, length: Seconds, size: int) -> Seconds:
    return np.bincount(row, length, size).astype(np.int64)
