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
import difflib
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd
from numpy.typing import NDArray

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPEN, OUTSIDE, HOLIDAY, CLOSURE = "open", "outside_hours", "holiday", "closure"
FIRST_YEAR, LAST_YEAR = 1970, 2099

Seconds = NDArray[np.int64]
Instants = Any  # Series, index, array, list or single value: see ServiceHours
Durations = Any  # the same, of timedeltas

DAY = 86_400
MISSING = np.iinfo(np.int64).min  # as pandas stores NaT
ALWAYS = 1 << 40  # later than every instant
NEVER = 1 << 34  # more than twice the service time of all years
BLOCK = 1 << 15  # rows whose temporaries stay in the processor's cache
MOST_BUCKETS = 1 << 20  # 8 MB
EPOCH = dt.date(1970, 1, 1).toordinal()
_TIME = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_Pauses = tuple[Seconds, Seconds, Seconds]


@dataclass(frozen=True)
class Holidays:
    """The days on which a service is closed.

    ``country`` and ``region`` are those of the ``holidays`` package ("FR", "57"). Whether Good
    Friday is a holiday in Alsace-Moselle depends on the commune: choose the region per site.
    ``extra`` are more holidays, {date: name}; ``closures`` the contract's own, (first date,
    last date, name), both dates included. A holiday within a closure is reported as a holiday.
    """

    country: str = ""
    region: str = ""
    extra: Mapping[dt.date, str] | tuple[tuple[dt.date, str], ...] = ()
    closures: Iterable[tuple[dt.date, dt.date, str]] = ()

    def __post_init__(self) -> None:
        extra, closures = dict(self.extra), [*self.closures]
        for day in (*extra, *(edge for *edges, _ in closures for edge in edges)):
            if type(day) is not dt.date:
                raise ValueError(f"holidays and closures are of dates; came {day!r}")
        for first, last, name in closures:
            if last < first:
                raise ValueError(f"closure {name!r} ends on {last}, before its start on {first}")
        _set(self, extra=tuple(sorted(extra.items())), closures=tuple(sorted(map(tuple, closures))))
        if self.country:
            _check_country(self.country, self.region)
        elif self.region:
            raise ValueError(f"region {self.region!r} needs its country, such as country='FR'")

    def days(self, first: int, last: int, language: str = "") -> dict[int, tuple[str, str]]:
        """Return {day number since 1970: (reason, name)} for the years first to last."""
        days = range(_midnight(first) // DAY, _midnight(last + 1) // DAY)
        found: dict[int, tuple[str, str]] = {}
        for opening, closing, name in self.closures:
            closed = range(max(_day(opening), days.start), min(_day(closing) + 1, days.stop))
            found |= dict.fromkeys(closed, (CLOSURE, name))
        named = self._public(first, last, language) | dict(self.extra)
        return found | {_day(date): (HOLIDAY, name) for date, name in named.items()}

    def _public(self, first: int, last: int, language: str) -> dict[dt.date, str]:
        if not self.country:
            return {}
        from holidays import country_holidays

        known = country_holidays(self.country)
        spoken = [code for code in known.supported_languages if code.split("_")[0] == language]
        # left out, the language would be that of the machine
        stated = spoken[0] if spoken else known.default_language
        years, region = range(first, last + 1), self.region or None
        return dict(country_holidays(self.country, region, years, language=stated))


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


@dataclass(frozen=True)
class ServiceHours:
    """A clock: opening hours per week day in a time zone, less the holidays.

    ``week`` gives the (opening, closing) times as "HH:MM" of any of mon … sun. A closing may be
    "24:00"; one before its opening is on the next day. ``holidays``: a country or ``Holidays``.

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
    holidays: str | Holidays = ""
    changes: tuple[tuple[pd.Timestamp, ServiceHours], ...] = ()  # made by followed_by

    def __post_init__(self) -> None:
        week = dict(self.week)
        for day in week:
            if day not in WEEK:
                raise ValueError(f"{_unknown('week day', day, WEEK)}; use {', '.join(WEEK)}")
        stated = ((day, tuple(sorted(_pairs(day, week.get(day, ()))))) for day in WEEK)
        _set(self, week=tuple((day, spans) for day, spans in stated if spans))
        _week_spans(self.week)
        _check_zone(self.time_zone)
        if isinstance(self.holidays, str):
            _set(self, holidays=Holidays(self.holidays))

    @classmethod
    def around_the_clock(cls, time_zone: str) -> ServiceHours:
        """Return the clock of a service that never closes."""
        return cls(dict.fromkeys(WEEK, (("00:00", "24:00"),)), time_zone)

    def followed_by(self, other: ServiceHours, at: dt.datetime) -> ServiceHours:
        """Return the clock of these hours before an instant, and of the other ones from it on."""
        moment = pd.Timestamp(_seconds("at", at)[0], unit="s", tz="UTC")
        kept = tuple(change for change in self.changes if change[0] < moment)
        later = tuple(change for change in other.changes if change[0] > moment)
        past = [hours for since, hours in other.changes if since <= moment]
        in_force = past[-1] if past else replace(other, changes=())
        return replace(self, changes=(*kept, (moment, in_force), *later))

    def elapsed(self, starts: Instants, ends: Instants, pauses: pd.DataFrame | None = None) -> Any:
        """Return the service time from starts to ends less the pauses, as timedelta64[s]."""
        known, (begin, end) = _rows(starts=starts, ends=ends)
        _refuse(end < begin, "an end before its start", starts)
        table = next(self._tables(begin, end))
        counted = table.service(end) - table.service(begin)
        if pauses is not None:
            row, since, until = _pauses(pauses, starts, begin)
            since, until = (table.service(np.minimum(edge, end[row])) for edge in (since, until))
            row, _, length, _ = _disjoint(row, since, until)
            counted -= _totals(row, length, counted.size)
        counted[~known] = MISSING
        return _shaped(pd.TimedeltaIndex(counted.view("m8[s]")), starts, ends)

    def deadlines(
        self,
        starts: Instants,
        targets: Durations | WorkingDays,
        pauses: pd.DataFrame | None = None,
    ) -> Any:
        """Return the UTC instants at which targets are reached: service time, or working days.

        Working days are counted without the pauses, and give the service time to be reached with
        them. NaT where a pause that is still going on holds the target back.
        """
        if isinstance(targets, WorkingDays):
            known, (begin,) = _rows(starts=starts)
            floor = self._days_later(begin, targets)
            table = next(self._tables(begin, floor))
            target = table.service(floor) - table.service(begin)
        else:
            known, (begin, target) = _rows(starts=starts, targets=targets)
            _refuse(target < 0, "a negative target", starts)
            floor = begin
        due = self._reached(begin, target, floor, _pauses(pauses, starts, begin))
        due[~known] = MISSING
        return _shaped(pd.DatetimeIndex(due.view("M8[s]")).tz_localize("UTC"), starts, targets)

    def spans(self, start: dt.datetime, end: dt.datetime, language: str = "") -> pd.DataFrame:
        """Return what the clock did between two instants, so that it can be redone by hand.

        The rows (from, to, open, reason, name) partition [start, end), in UTC. Reasons are open,
        outside_hours, holiday and closure: the day off, called name, that removed these hours.
        ``language`` ("fr") is that of public holidays, where known, else the country's own.
        """
        known, (begin, until) = _rows(start=start, end=end)
        if not known.all() or until < begin:
            raise ValueError(f"spans need a start and an end after it; came {start} and {end}")
        spans = _day_spans(self, *_years(begin, until), language)
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
        rows = pd.DataFrame({"from": cuts[:-1], "to": cuts[1:], "reason": reason, "name": name})
        rows = rows.astype({"reason": "str", "name": "str"})
        kind = rows[["reason", "name"]]
        begins = (kind != kind.shift()).any(axis=1)
        rows = rows[begins].assign(to=rows["to"][begins.shift(-1, fill_value=True)].array)
        rows.insert(2, "open", rows["reason"] == OPEN)
        edges = {edge: pd.to_datetime(rows[edge], unit="s", utc=True) for edge in ("from", "to")}
        return rows.assign(**edges).reset_index(drop=True)

    def holiday_names(self, first: dt.date, last: dt.date, language: str = "") -> pd.DataFrame:
        """Return the days off applied from first to last date: (date, reason, name)."""
        rows = []
        for hours, since, until in self._in_turn():
            zone = _zone(hours.time_zone, first.year, last.year)
            for day, (reason, name) in hours.days_off.days(first.year, last.year, language).items():
                begins = zone.opening(np.array(day * DAY))
                if _day(first) <= day <= _day(last) and since <= begins < until:
                    rows.append((dt.date.fromordinal(day + EPOCH), reason, name))
        return pd.DataFrame(sorted(rows), columns=["date", "reason", "name"])

    @property
    def days_off(self) -> Holidays:
        """The holidays, as a value."""
        return Holidays(self.holidays) if isinstance(self.holidays, str) else self.holidays

    def _in_turn(self) -> Iterator[tuple[ServiceHours, int, int]]:
        """Yield the hours with the seconds since and until which they are in force."""
        changes = [(int(moment.timestamp()), hours) for moment, hours in self.changes]
        end = _midnight(LAST_YEAR + 1)
        turns = [(-ALWAYS, replace(self, changes=())), *changes, (end, self)]
        for (since, hours), (until, _) in pairwise(turns):
            yield hours, since, until

    def _tables(self, *columns: Seconds) -> Iterator[_Table]:
        """Yield the hours compiled for the years of some columns, then for more and more years."""
        first, last = _years(*columns)
        for more in (0, 2, 8, 32, LAST_YEAR):
            yield _table(self, first, min(last + more, LAST_YEAR + 1))
        raise ValueError(f"a target isn't reached by the end of {LAST_YEAR}: too few service hours")

    def _days_later(self, begin: Seconds, target: WorkingDays) -> Seconds:
        for table in self._tables(begin):
            if np.count_nonzero(table.first > begin.max(initial=0)) > target.n:
                break
        due = begin.copy()
        for hours, since, until in self._in_turn():
            here = (begin >= since) & (begin < until)
            due[here] = table.days_later(begin[here], target, hours.time_zone)
        return due

    def _reached(self, begin: Seconds, target: Seconds, floor: Seconds, pauses: _Pauses) -> Seconds:
        """Return the instants, none before its floor, at which targets are reached, or MISSING."""
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
        return np.where(stuck, MISSING, np.maximum(floor, table.instant(wanted)))


class _Table:
    """Hours compiled for some years: merged spans in order, and the working days.

    The time axis is cut in buckets of 2 ** shift seconds, no longer than any gap between spans, so
    that one span has all the service time of a bucket: looking it up is far faster than a search.
    """

    def __init__(self, hours: ServiceHours, first: int, last: int) -> None:
        spans = _day_spans(hours, first, last)
        spans = spans[spans["reason"] == OPEN]
        days = spans.groupby("day").agg({"opens": "min", "closes": "max"})
        self.days: Seconds = days.index.to_numpy()
        self.first: Seconds = days["opens"].to_numpy()
        self.last: Seconds = days["closes"].to_numpy()
        self.years = first, last
        begin, end = _midnight(first) - 2 * DAY, _midnight(last + 1) + 2 * DAY
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
        """Return the instants some working days later; the table must reach that far."""
        zone = _zone(time_zone, *self.years)
        serving = np.searchsorted(self.last, begin, side="right")
        within = self.first[serving] <= begin  # in a night's span it is still the day before
        date = np.where(within, self.days[serving], zone.local(begin) // DAY)
        day = np.searchsorted(self.days, date)
        reached = day + target.n
        due = self.last[reached]
        if not target.end_of_day:
            start = np.where(self.days[day] == date, begin, self.first[day])
            wall = zone.local(start) + (self.days[reached] - self.days[day]) * DAY
            due = np.minimum(zone.opening(wall), due)
        later: Seconds = np.maximum(begin, due)
        return later


_table = lru_cache(maxsize=64)(_Table)


@lru_cache(maxsize=64)
def _day_spans(hours: ServiceHours, first: int, last: int, language: str = "") -> pd.DataFrame:
    """Return the spans of all days of some years: (day, opens, closes, reason, name), in order."""
    days = np.arange(_midnight(first) // DAY, _midnight(last + 1) // DAY)
    every = []
    for stated, since, until in hours._in_turn():
        zone = _zone(stated.time_zone, first, last)
        off = stated.days_off.days(first, last, language)
        for opens, closes, _ in _week_spans(stated.week):
            day = days[(days + 3) % 7 == opens // DAY]  # 1970 began on a Thursday
            monday = (day - opens // DAY) * DAY
            reasons, names = zip(*(off.get(each, (OPEN, "")) for each in day), strict=True)
            columns = {
                "day": day,
                "opens": zone.opening(monday + opens).clip(since, until),
                "closes": zone.closing(monday + closes).clip(since, until),
                "reason": reasons,
                "name": names,
            }
            every.append(pd.DataFrame(columns))
    spans = pd.concat(every).sort_values("opens", ignore_index=True)
    return spans[spans["opens"] < spans["closes"]]


class _Zone(NamedTuple):
    """The offsets of a time zone from UTC, and the instants since and until which each holds."""

    since: Seconds
    until: Seconds
    offset: Seconds

    def local(self, instants: Seconds) -> Seconds:
        """Return what the wall clock shows."""
        at = np.searchsorted(self.since, instants, side="right") - 1
        return instants + self.offset[at]

    def opening(self, wall: Seconds) -> Seconds:
        """Return the first instant at which the wall clock shows a time or later."""
        at = np.searchsorted(self.until + self.offset, wall, side="right")
        instants: Seconds = np.maximum(self.since[at], wall - self.offset[at])
        return instants

    def closing(self, wall: Seconds) -> Seconds:
        """Return the instant from which on the wall clock never shows less than a time."""
        at = np.searchsorted(self.since + self.offset, wall, side="left") - 1
        instants: Seconds = np.minimum(self.until[at], wall - self.offset[at])
        return instants


@lru_cache(maxsize=64)
def _zone(name: str, first: int, last: int) -> _Zone:
    zone = ZoneInfo(name)

    def offset(second: int) -> int:
        moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)
        return int((moment.astimezone(zone).utcoffset() or dt.timedelta()).total_seconds())

    days = range(_midnight(first) - 3 * DAY, _midnight(last + 1) + 3 * DAY, DAY)
    since, offsets = [-ALWAYS], [offset(days[0])]
    for start, end in pairwise(days):
        if offset(end) != offsets[-1]:
            seconds = range(start, end)
            changed = bisect_left(seconds, True, key=lambda second: offset(second) != offsets[-1])
            since.append(start + changed)
            offsets.append(offset(end))
    return _Zone(np.array(since), np.array([*since[1:], ALWAYS]), np.array(offsets))


def _week_spans(week: Any) -> list[tuple[int, int, str]]:
    """Return (opening, closing, wording) of a week's spans, in seconds since Monday 00:00."""
    found = []
    for day, spans in week:
        for span in spans:
            opens, closes = (_time(day, text) for text in span)
            if opens in (closes, DAY):
                raise ValueError(f"{day}: {span} is empty; a whole day is ('00:00', '24:00')")
            closes += 0 if closes > opens else DAY
            midnight = WEEK.index(day) * DAY
            found.append((midnight + opens, midnight + closes, f"{day} {'-'.join(span)}"))
    if not found:
        raise ValueError("the week has no opening hours: give some, {'mon': [('09:00', '18:00')]}")
    found.sort()
    opens, _, wording = found[0]
    next_week = (opens + 7 * DAY, 0, wording)
    for (_, closes, one), (opens, _, other) in pairwise([*found, next_week]):
        if opens < closes:
            raise ValueError(f"spans overlap: {one} and {other}; write them as one")
    return found


def _pairs(day: str, spans: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for span in spans:
        if isinstance(span, str) or len(span) != 2:
            raise ValueError(f"{day}: list spans such as ('09:00', '18:00'); came {span!r}")
        yield (span[0], span[1])


def _time(day: str, text: str) -> int:
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise ValueError(f"{day}: {text!r} is not a time; write 'HH:MM', from '00:00' to '24:00'")
    return int(text[:2]) * 3600 + int(text[3:]) * 60


def _unknown(kind: str, word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(word), known, n=1)
    return f"unknown {kind} {word!r}" + (f", did you mean {near[0]!r}?" if near else "")


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        wrong = _unknown("time zone", name, available_timezones())
        raise ValueError(f"{wrong}; write an IANA name such as 'Europe/Paris'") from None


@lru_cache(maxsize=64)
def _check_country(country: str, region: str) -> None:
    import holidays

    if country not in holidays.list_supported_countries(include_aliases=True):
        raise ValueError(f"unknown country {country!r}; write its ISO 3166 code, such as 'FR'")
    entity = holidays.country_holidays(country)
    known = [*entity.subdivisions, *entity.subdivisions_aliases]
    if region and region not in known:
        raise ValueError(
            f"{_unknown('region', region, known)}; {country} has {', '.join(known) or 'none'}"
        )


def _set(value: object, **fields: Any) -> None:
    for name, field in fields.items():
        object.__setattr__(value, name, field)


def _day(date: dt.date) -> int:
    return date.toordinal() - EPOCH


def _midnight(year: int) -> int:
    return _day(dt.date(year, 1, 1)) * DAY


def _years(*columns: Seconds) -> tuple[int, int]:
    """Return the years of some instants, and one more on either side."""
    edges = [edge for some in columns if some.size for edge in (some.min(), some.max())] or [0]
    came = np.array([min(edges), max(edges)]).astype("M8[s]")
    first, last = (came.astype("M8[Y]").astype(int) + 1970).tolist()
    if first < FIRST_YEAR or last > LAST_YEAR:
        allowed = f"instants must be of the years {FIRST_YEAR} to {LAST_YEAR}"
        raise ValueError(f"{allowed}; came {came[0]} to {came[1]} UTC")
    return first - 1, last + 1


def _seconds(what: str, values: Any) -> Seconds:
    """Return instants in UTC, or durations, as whole seconds; MISSING where there is none."""
    wanted = pd.TimedeltaIndex if what == "targets" else pd.DatetimeIndex
    index = pd.Index(values if np.ndim(values) else [values])
    if isinstance(values, np.ndarray | np.datetime64) and index.dtype.kind == "M":
        index = index.tz_localize("UTC")
    if index.dtype == object and all(getattr(v, "tzinfo", None) for v in index.dropna()):
        index = pd.to_datetime(index, utc=True)
    if index.isna().all():
        return np.full(index.size, MISSING)
    if not isinstance(index, wanted):
        kind = "instants, tz-aware" if wanted is pd.DatetimeIndex else "timedeltas, or WorkingDays"
        raise ValueError(f"{what} must be {kind}; came {index.dtype}, such as {index[0]!r}")
    if wanted is pd.DatetimeIndex and index.tz is None:
        raise ValueError(f"{what} have no time zone, as {index[0]}; give it with tz_localize")
    seconds: Seconds = index.as_unit("s").asi8
    return seconds


def _rows(**columns: Any) -> tuple[NDArray[np.bool_], list[Seconds]]:
    """Return which rows are complete, and the columns in seconds, harmless in the other rows."""
    labels = [values.index for values in columns.values() if isinstance(values, pd.Series)]
    seconds = [_seconds(what, values) for what, values in columns.items()]
    sizes = {len(values) for values in columns.values() if np.ndim(values)}
    if len(sizes) > 1 or any(not index.equals(labels[0]) for index in labels):
        raise ValueError(f"{' and '.join(columns)} must have the same rows, in the same order")
    seconds = list(np.broadcast_arrays(*seconds))
    known = np.logical_and.reduce([column != MISSING for column in seconds])
    if not known.all():
        example = int(known.argmax())
        seconds = [np.where(known, column, column[example] * known.any()) for column in seconds]
    return known, seconds


def _refuse(fault: NDArray[np.bool_], what: str, rows: Any) -> None:
    if fault.any():
        first = int(fault.argmax())
        label = rows.index[first] if isinstance(rows, pd.Series) else first
        raise ValueError(f"{what} in {fault.sum()} of {fault.size} rows, first in row {label!r}")


def _shaped(index: pd.Index, *like: Any) -> Any:
    for values in like:
        if isinstance(values, pd.Series):
            return pd.Series(index, index=values.index)
    return index if any(map(np.ndim, like)) else index[0]


def _pauses(pauses: pd.DataFrame | None, starts: Any, begin: Seconds) -> _Pauses:
    """Return (position of the ticket, since, until) of its pauses, none before its start."""
    if pauses is None:
        return (np.array([], dtype=np.int64),) * 3
    if lacking := [name for name in ("row", "from", "to") if name not in pauses]:
        raise ValueError(f"pauses lack {', '.join(lacking)}; the columns are row, from and to")
    rows = starts.index if isinstance(starts, pd.Series) else pd.RangeIndex(begin.size)
    if not rows.is_unique:
        raise ValueError("pauses need a row label for each start, and some labels come twice")
    row = rows.get_indexer(pauses["row"])
    _refuse(row < 0, "pauses of a row that starts don't have", pauses["row"])
    since, until = _seconds("pauses from", pauses["from"]), _seconds("pauses to", pauses["to"])
    _refuse(since == MISSING, "pauses without from", pauses["row"])
    until = np.where(until == MISSING, ALWAYS, until)
    _refuse(until < since, "pauses that end before they start", pauses["row"])
    return row, np.maximum(since, begin[row]), np.maximum(until, begin[row])


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
