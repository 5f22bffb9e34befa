"""Service time: how much of it elapsed between instants, and when a target is reached.

A clock adds up the seconds in which a service is open, exactly, over changes of daylight saving
time, on whole columns.

* Instants are UTC inside; fractions of a second are dropped.
* A span of hours opens at the first instant at which the wall clock shows its opening time or
  later, and closes after the last instant at which it shows less than its closing time. So a
  time that daylight saving skips is the instant of the change; of a time that comes twice, an
  opening is the first one and a closing the second.
* A night span belongs to the day on which it starts: a holiday removes the spans that start on
  it, and leaves the end of the night before.
* A deadline is the earliest instant at which the target is reached: Monday 17:00 and one hour
  are Monday 18:00, not the next opening. To judge, compare elapsed time with the target.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from reviewlib.calendars.clock import NO_PAUSES, OPEN, Clock, Pauses, Turn, WorkingDays, day_spans
from reviewlib.calendars.days_off import CLOSURE, HOLIDAY, Holidays
from reviewlib.calendars.instants import (
    ALWAYS,
    DAY,
    EPOCH_DAY,
    FIRST_YEAR,
    LAST_YEAR,
    MISSING,
    Durations,
    Instants,
    Seconds,
    as_durations,
    as_instants,
    complete_rows,
    day_number,
    new_year,
    refuse,
    seconds,
    shaped,
    years,
)
from reviewlib.calendars.week import WEEK, in_order, openings
from reviewlib.calendars.zones import check_zone, zone

__all__ = [
    "CLOSURE", "FIRST_YEAR", "HOLIDAY", "LAST_YEAR", "OPEN", "OUTSIDE", "WEEK", "Holidays",
    "ServiceHours", "WorkingDays",
]  # fmt: skip
OUTSIDE = "outside_hours"


@dataclass(frozen=True)
class ServiceHours:
    """A clock: opening hours per week day in a time zone, less the holidays.

    ``week`` gives the (opening, closing) times as "HH:MM" of any of mon … sun. A closing may be
    "24:00"; one before its opening is on the next day. ``holidays``: a country or ``Holidays``,
    none where empty or None.

    Columns of instants are tz-aware, in any zone: Series, index, list or single value; numpy's
    datetime64 is UTC. A missing instant gives a missing result. Results have the shape of
    ``starts``: a Series with its index, an index, or for single values a single value.

    ``pauses`` is a frame (row, from, to): row is the index label in a Series ``starts``, else the
    position. Where ``to`` is missing, the pause is still going on. Pauses may overlap; the service
    time that they cover between start and end is taken out once.

    What can't be computed raises ValueError. Instants may be of the years 1970 to 2099.
    """

    week: Mapping[str, Iterable[tuple[str, str]]] | tuple[tuple[str, Any], ...]
    time_zone: str
    holidays: str | Holidays | None = ""
    changes: tuple[tuple[pd.Timestamp, ServiceHours], ...] = ()  # made by followed_by

    def __post_init__(self) -> None:
        object.__setattr__(self, "week", in_order(self.week))
        openings(self.week)
        check_zone(self.time_zone)
        object.__setattr__(self, "holidays", self.days_off)

    @classmethod
    def around_the_clock(cls, time_zone: str) -> ServiceHours:
        """Return the clock of a service that never closes."""
        return cls(dict.fromkeys(WEEK, (("00:00", "24:00"),)), time_zone)

    def followed_by(self, other: ServiceHours, at: dt.datetime) -> ServiceHours:
        """Return the clock of these hours before an instant, and of the other ones from it on."""
        moment = pd.Timestamp(seconds("at", at)[0], unit="s", tz="UTC")
        kept = tuple(change for change in self.changes if change[0] < moment)
        later = tuple(change for change in other.changes if change[0] > moment)
        past = [hours for since, hours in other.changes if since <= moment]
        in_force = past[-1] if past else replace(other, changes=())
        return replace(self, changes=(*kept, (moment, in_force), *later))

    def elapsed(self, starts: Instants, ends: Instants, pauses: pd.DataFrame | None = None) -> Any:
        """Return the service time from starts to ends less the pauses, as timedelta64[s]."""
        complete, (begin, end) = complete_rows(starts=starts, ends=ends)
        refuse(end < begin, "an end before its start", starts)
        counted = self.clock.elapsed(begin, end, _pauses(pauses, starts, begin))
        counted[~complete] = MISSING
        return shaped(as_durations(counted), starts, ends)

    def deadlines(
        self,
        starts: Instants,
        targets: Durations | WorkingDays,
        pauses: pd.DataFrame | None = None,
    ) -> Any:
        """Return the UTC instants at which targets are reached: service time, or working days.

        Working days are counted without the pauses, and give the service time to be reached with
        them. NaT where a pause that is still going on holds the target back, or where no service
        hours up to the end of 2099 reach it.
        """
        if isinstance(targets, WorkingDays):
            complete, (begin,) = complete_rows(starts=starts)
            floor = self.clock.days_later(begin, targets)
            complete &= floor != MISSING
            floor = np.where(complete, floor, begin)
            target = self.clock.elapsed(begin, floor)
        else:
            complete, (begin, target) = complete_rows(starts=starts, targets=targets)
            refuse(target < 0, "a negative target", starts)
            floor = begin
        due = self.clock.reached(begin, target, floor, _pauses(pauses, starts, begin))
        due[~complete] = MISSING
        return shaped(as_instants(due), starts, targets)

    def spans(self, start: dt.datetime, end: dt.datetime) -> pd.DataFrame:
        """Return what the clock did between two instants, so that it can be redone by hand.

        The rows (from, to, open, reason, name) partition [start, end), in UTC. Reasons are open,
        outside_hours, holiday and closure: the day off, called name, that removed these hours; the
        name of a public holiday is ``Quoted``.
        """
        complete, (begin, until) = complete_rows(start=start, end=end)
        if not complete.all() or until < begin:
            raise ValueError(f"spans need a start and an end after it; came {start} and {end}")
        spans = day_spans(self.clock.turns, *years(begin, until))
        spans = spans[(spans["closes"] > begin[0]) & (spans["opens"] < until[0])]
        cuts = np.concatenate([begin, until, spans["opens"], spans["closes"]])
        cuts = np.unique(cuts.clip(begin, until))
        reason = np.full(cuts.size - 1, OUTSIDE, dtype="object")
        name = np.full(cuts.size - 1, "", dtype="object")
        # open hours come last: they win over removed ones that they overlap
        spans = spans.sort_values("reason", key=lambda reason: reason == OPEN)
        first, last = (np.searchsorted(cuts[:-1], spans[edge]) for edge in ("opens", "closes"))
        for low, high, why, called in zip(first, last, spans["reason"], spans["name"], strict=True):
            reason[low:high], name[low:high] = why, called
        rows = pd.DataFrame({"from": cuts[:-1], "to": cuts[1:], "reason": reason})
        rows = rows.assign(name=pd.Series(name, dtype="object")).astype({"reason": "str"})
        kind = rows[["reason", "name"]]
        begins = (kind != kind.shift()).any(axis=1)
        rows = rows[begins].assign(to=rows["to"][begins.shift(-1, fill_value=True)].array)
        rows.insert(2, "open", rows["reason"] == OPEN)
        edges = {edge: pd.to_datetime(rows[edge], unit="s", utc=True) for edge in ("from", "to")}
        return rows.assign(**edges).reset_index(drop=True)

    def holiday_names(self, first: dt.date, last: dt.date) -> pd.DataFrame:
        """Return the days off applied from first to last date: (date, reason, name).

        The name of a public holiday is ``Quoted``.
        """
        rows = []
        for turn in self.clock.turns:
            local = zone(turn.time_zone, first.year, last.year)
            for day, (reason, name) in turn.days_off.days(first.year, last.year).items():
                begins = local.opening(np.array(day * DAY))
                within = day_number(first) <= day <= day_number(last)
                if within and turn.since <= begins < turn.until:
                    rows.append((dt.date.fromordinal(day + EPOCH_DAY), reason, name))
        return pd.DataFrame(sorted(rows), columns=["date", "reason", "name"], dtype="object")

    @property
    def days_off(self) -> Holidays:
        """The holidays, as a value."""
        stated = self.holidays
        return stated if isinstance(stated, Holidays) else Holidays(stated or "")

    @cached_property
    def clock(self) -> Clock:
        """The same clock for columns of seconds."""
        changes = [(int(moment.timestamp()), hours) for moment, hours in self.changes]
        stated = [(-ALWAYS, self), *changes, (new_year(LAST_YEAR + 1), self)]
        return Clock(
            tuple(
                Turn(openings(hours.week), hours.time_zone, hours.days_off, since, until)
                for (since, hours), (until, _) in pairwise(stated)
            )
        )


def _pauses(pauses: pd.DataFrame | None, starts: Any, begin: Seconds) -> Pauses:
    """Return the pauses by the position of their start, none before it."""
    if pauses is None:
        return NO_PAUSES
    if lacking := [name for name in ("row", "from", "to") if name not in pauses]:
        raise ValueError(f"pauses lack {', '.join(lacking)}; the columns are row, from and to")
    rows = starts.index if isinstance(starts, pd.Series) else pd.RangeIndex(begin.size)
    if not rows.is_unique:
        raise ValueError("pauses need a row label for each start, and some labels come twice")
    row = rows.get_indexer(pauses["row"])
    refuse(row < 0, "pauses of a row that starts don't have", pauses["row"])
    since, until = seconds("pauses from", pauses["from"]), seconds("pauses to", pauses["to"])
    refuse(since == MISSING, "pauses without from", pauses["row"])
    until = np.where(until == MISSING, ALWAYS, until)
    refuse(until < since, "pauses that end before they start", pauses["row"])
    return Pauses(row, np.maximum(since, begin[row]), np.maximum(until, begin[row]))
