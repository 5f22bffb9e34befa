"""On which days the entries of calendars fall: single ones, and series with what was changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from reviewlib.folder.importers.entries import CalendarEntry, MeetingCalendar

FIRST, LAST = 1970, 2200  # years of meetings
RHYTHMS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
LONGEST = dt.timedelta(days=366)
OFFSET = re.compile(r"\((?:GMT|UTC)(?:([+\-\u2212])(\d{1,2}):?(\d{2}))?\)")
UNREADABLE = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, AssertionError,
)  # fmt: skip
"""What the libraries raise on properties that hold nonsense."""


@dataclass(frozen=True)
class Dated:
    """An entry with its times, which all have a zone; those of whole days are dates.

    ``uid``: by what its series is known; ``original``: what its series had for it, None for an
    entry that is no change of one; ``length``: how long it lasts; ``version``: the later, the
    greater; ``changed_on``: the day of its last change, None where it does not tell.
    """

    entry: CalendarEntry
    uid: str
    start: dt.date
    original: dt.date | None
    length: dt.timedelta
    version: tuple[int, str]
    cancelled: bool
    changed_on: dt.date | None


@dataclass(frozen=True)
class Occurrence:
    """A meeting. ``id``: the same at every import; ``planned``: the day that its series had for it.

    ``cancelled_on``: None where it was not cancelled.
    """

    entry: CalendarEntry
    id: str
    planned: dt.date
    day: dt.date
    ends: dt.datetime
    cancelled_on: dt.date | None


@dataclass
class Days:
    """How times become days of the contract, and what was met while they did.

    ``first``, ``last``: between which series are read, both included; ``floating``: the zone of
    times that state none; ``zones``: those that nobody knows; ``met``: entries by what is the
    matter with them.
    """

    zone: ZoneInfo
    floating: ZoneInfo
    first: dt.date
    last: dt.date
    zones: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)

    def dated(self, entry: CalendarEntry, cancelled: bool) -> Dated | None:
        """Return an entry with its times; None where it has no start that can be read."""
        try:
            start, original = (self._time(entry.get(name)) for name in ("DTSTART", "RECURRENCE-ID"))
            start = start or original  # which a message that cancels may name alone
            length = min(self._length(entry, start), LONGEST)
            stamp = entry.get("LAST-MODIFIED") or entry.get("DTSTAMP")
            sequence = entry.get("SEQUENCE")
            return Dated(
                entry,
                entry.uid or _code(entry.title, str(start)),
                start,
                original,
                length,
                (int(sequence or 0), str(stamp.to_ical()) if stamp else ""),
                cancelled,
                self._changed_on(stamp),
            )
        except UNREADABLE:
            self.met["unreadable"] += 1
            return None

    def moment(self, time: dt.date) -> dt.datetime:
        """Return a time, or the beginning of a day."""
        if isinstance(time, dt.datetime):
            return time
        return dt.datetime.combine(time, dt.time(), self.zone)

    def day(self, time: dt.date) -> dt.date:
        """Return the day of the contract on which a time falls."""
        return self.moment(time).astimezone(self.zone).date()

    def _changed_on(self, stamp: Any) -> dt.date | None:
        try:
            return self.day(self._time(stamp)) if stamp else None
        except UNREADABLE:  # some tools write the year 1
            return None

    def _time(self, value: Any) -> Any:
        """Return the time of a property, in its zone; None for None. Raises ValueError."""
        if value is None:
            return None
        if not isinstance(value.dt, dt.date) or not FIRST <= value.dt.year <= LAST:
            raise ValueError(f"{value.dt!r} is no time of a meeting")
        if not isinstance(value.dt, dt.datetime):
            return value.dt
        if value.dt.tzinfo is not None:
            return value.dt
        name = str(value.params.get("TZID", ""))
        if name:
            self.zones[name] += 1
        offset = OFFSET.match(name)
        if offset is None:
            return value.dt.replace(tzinfo=self.floating)
        shift = dt.timedelta(hours=int(offset[2] or 0), minutes=int(offset[3] or 0))
        return value.dt.replace(tzinfo=dt.timezone(shift if offset[1] in ("+", None) else -shift))

    def _length(self, entry: CalendarEntry, start: Any) -> dt.timedelta:
        """Return how long an entry lasts; a whole day where it is one and does not tell."""
        end, lasts = self._time(entry.get("DTEND")), entry.get("DURATION")
        if start is None:
            raise ValueError("no start")
        whole = dt.timedelta(days=1) if type(start) is dt.date else dt.timedelta()
        length = self.moment(end) - self.moment(start) if end else lasts.dt if lasts else whole
        if length < dt.timedelta():
            self.met["backwards"] += 1
        return max(length, dt.timedelta())


def load_zones(calendar: MeetingCalendar) -> None:
    """Have the library know the zones that a calendar defines, and those of no other one."""
    import icalendar

    icalendar.use_zoneinfo()
    try:
        if calendar.zones:
            wrapped = ("BEGIN:VCALENDAR", *calendar.zones, "END:VCALENDAR", "")
            icalendar.Calendar.from_ical("\r\n".join(wrapped))
    except UNREADABLE:  # its times are then of an unknown zone, which is said
        return


def occurrences(entries: Iterable[Dated], days: Days) -> Iterator[Occurrence]:
    """Yield each meeting of some entries; what is the matter with them is counted in ``days``."""
    series: dict[str, list[Dated]] = {}
    for one in _latest(entries, days):
        series.setdefault(one.uid, []).append(one)
    for ones in series.values():
        changes = [one for one in ones if one.original is not None]
        masters = [one for one in ones if one.original is None]
        ids = set[str]()
        for change in changes:
            meeting = _changed(change, masters[0] if masters else None, days)
            ids.add(meeting.id)
            yield meeting
        for place, master in enumerate(masters):
            own = master if place == 0 else replace(master, uid=f"{master.uid}|{master.start}")
            made = _series(own, changes if place == 0 else [], days)
            yield from (meeting for meeting in made if meeting.id not in ids)


def _latest(entries: Iterable[Dated], days: Days) -> Iterator[Dated]:
    """Yield the last version of each entry.

    Two of one calendar are two meetings where they start at different times, whatever their UID. A
    message that cancels (METHOD) is a version of its own only where the entry itself is not there.
    """
    versions: dict[tuple[str, ...], list[Dated]] = {}
    starts: dict[tuple[str, ...], dt.date] = {}
    for one in entries:
        key: tuple[str, ...] = (one.uid, _canonical(one.original))
        if starts.setdefault((*key, str(id(one.entry.calendar))), one.start) != one.start:
            days.met["twice"] += 1
            key = (*key, str(one.start))
        versions.setdefault(key, []).append(one)
    for ones in versions.values():
        ones.sort(key=lambda one: one.version)
        whole = [one for one in ones if one.entry.calendar.method != "CANCEL"] or ones
        last = ones[-1]
        days.met["versions"] += len(whole) - 1
        yield replace(whole[-1], cancelled=last.cancelled, changed_on=last.changed_on)


def _changed(change: Dated, master: Dated | None, days: Days) -> Occurrence:
    """Return a meeting of a series that was changed by itself."""
    original = change.original or change.start
    if master and isinstance(original, dt.datetime) and not isinstance(master.start, dt.datetime):
        original = original.date()  # of an all-day series Exchange names the midnight
    elif master and isinstance(master.start, dt.datetime) and not isinstance(original, dt.datetime):
        original = dt.datetime.combine(original, master.start.timetz())
    planned = days.day(original)
    meeting = _meeting(change, f"{change.uid}|{_canonical(original)}", change.start, planned, days)
    if master and master.cancelled and meeting.cancelled_on is None:
        return replace(meeting, cancelled_on=_from_then_on(master, meeting.day))
    return meeting


def _series(master: Dated, changes: list[Dated], days: Days) -> Iterator[Occurrence]:
    """Yield the meetings of an entry: one, or those of its series that are within ``days``."""
    rules = [name for name in ("RRULE", "RDATE") if master.entry.event.get(name) is not None]
    try:
        starts = [*_starts(master, changes, days)] if rules else []
    except UNREADABLE:
        days.met["series"] += 1
        rules = []
    if not rules:
        yield _meeting(master, f"{master.uid}|", master.start, days.day(master.start), days)
        return
    by_original = {_canonical(change.original): change for change in changes}
    for start, since in starts:
        source = replace(by_original.get(since, master), cancelled=False)
        if source.original is not None and source.start == start:  # the change itself
            continue
        key, day = f"{master.uid}|{_canonical(start)}", days.day(start)
        meeting = _meeting(source, key, start, day, days)
        ended = _from_then_on(master, day) if master.cancelled else None
        yield replace(meeting, cancelled_on=ended)


def _starts(master: Dated, changes: list[Dated], days: Days) -> Iterator[tuple[dt.date, str]]:
    """Yield the starts of a series that were left as they are, and since which change they are so.

    Raises what is in UNREADABLE.
    """
    import icalendar
    from recurring_ical_events import CalendarQuery

    last = days.last + dt.timedelta(days=1)
    calendar, rule = icalendar.Calendar(), master.entry.get("RRULE")
    if rule is not None and (
        rule["FREQ"][0] not in RHYTHMS or int(rule.get("INTERVAL", [1])[0]) < 1
    ):
        raise ValueError(rule)
    if rule is not None and not {"COUNT", "UNTIL"} & {*rule}:
        rule["UNTIL"] = [dt.datetime.combine(last, dt.time(), dt.UTC)]
    elif rule is not None and "UNTIL" in rule and not isinstance(master.start, dt.datetime):
        until = rule["UNTIL"][0]  # Exchange has its midnight, in UTC
        rule["UNTIL"] = [days.day(until if getattr(until, "tzinfo", None) else _bare(until))]
    for one in (master, *changes):
        event = icalendar.Event()
        event.add("UID", master.uid)
        event.add("DTSTART", one.start)
        event.add("SEQUENCE", one.version[0])
        for name in ("EXDATE", "RDATE", "RRULE") if one is master else ():
            value = rule if name == "RRULE" else one.entry.event.get(name)
            if value is not None:
                event[name] = value
        if one is not master:
            span = one.entry.get("RECURRENCE-ID").params.get("RANGE")
            event.add("RECURRENCE-ID", one.original, {"RANGE": span} if span else {})
        calendar.add_component(event)
    without = master.entry.event.get("EXDATE", [])
    without = without if isinstance(without, list) else [without]
    days.met["left_out"] += sum(len(one.dts) for one in without)
    for event in CalendarQuery(calendar).between(days.first, last):
        original, start = event["RECURRENCE-ID"], event["DTSTART"].dt
        if original.params.get("RANGE") or original.dt == start:
            yield start, _canonical(original.dt)


def _meeting(one: Dated, key: str, start: dt.date, planned: dt.date, days: Days) -> Occurrence:
    """Return a meeting as an entry has it, on the day of a start."""
    ends = days.moment(start) + one.length
    day = days.day(start)
    cancelled_on = min(one.changed_on or day, day) if one.cancelled else None
    return Occurrence(one.entry, f"M{_code(key)}", planned, day, ends, cancelled_on)


def _from_then_on(master: Dated, day: dt.date) -> dt.date | None:
    """Return when a meeting of a series was cancelled that was cancelled as a whole.

    None of one that lies before: it was in the calendar on its day.
    """
    ended = master.changed_on
    return None if ended and day < ended else min(ended or day, day)


def _canonical(time: dt.date | None) -> str:
    """Return a time as the same moment is always written."""
    moment = time.astimezone(dt.UTC) if isinstance(time, dt.datetime) else time
    return moment.isoformat() if moment else ""


def _bare(time: dt.date) -> dt.date:
    return time.date() if isinstance(time, dt.datetime) else time


def _code(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:10]
