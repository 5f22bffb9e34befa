"""What is to be said of calendars that became meetings: what was read, taken so, and left open."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from reviewlib.folder.importers.attendance import NOBODY, PRESUMED, UNANSWERED, UNINVITED
from reviewlib.folder.importers.entries import CalendarEntry, MeetingCalendar
from reviewlib.folder.importers.mapping import FILE
from reviewlib.folder.importers.occurrences import Days
from reviewlib.folder.importers.titles import NONE
from reviewlib.report.text import N_, Text, n_

TABLE = "meetings"
ZONE_PARTS = ("VTIMEZONE", "STANDARD", "DAYLIGHT")
ENTRIES = n_("{file}: {n} entry read.", "{file}: {n:number} entries read.")
OTHERS = N_("{file}: not read, for it is no entry of a meeting: {parts:commas}.")
PART = N_("{n:number} {name}")
BODIES = N_("Meetings by body: {parts:commas}.")
ELSE = n_(
    "{n} entry is of no body, as {file} states.",
    "{n:number} entries are of no body, as {file} states.",
)
OPEN = n_(
    "{n} entry is of a body that nobody has named yet, and is in no table.",
    "{n:number} entries are of bodies that nobody has named yet, and are in no table.",
)
STAMPED = N_(
    "Exported on {day}, as its latest stamp tells: later meetings are not held yet, and a review "
    "as of a later day lacks them."
)
STATED = N_(
    "Exported on {day}, as stated: later meetings are not held yet, and a review as of a later day "
    "lacks them."
)
HELD = n_(
    "{n} meeting is taken as held on the day that the calendar has, for it was not cancelled "
    "there: that does not prove it.",
    "{n:number} meetings are taken as held on the days that the calendar has, for they were not "
    "cancelled there: that does not prove it.",
)
OWN = N_("A row of {table}.csv for which you state minutes_on or evidence stays as you write it.")
ATTENDED = n_(
    "Attended, of {n} meeting: the roles that accepted the invitation, which is not attending.",
    "Attended, of {n:number} meetings: the roles that accepted the invitation, which is not "
    "attending.",
)
BASES = {
    PRESUMED: n_(
        "Whoever organises is taken as present where the invitation has no answer of theirs: so of "
        "{n} meeting.",
        "Whoever organises is taken as present where the invitation has no answer of theirs: so of "
        "{n:number} meetings.",
    ),
    UNANSWERED: n_(
        "Attended stays empty for {n} meeting held: not all who were invited have answered, and "
        "have a role.",
        "Attended stays empty for {n:number} meetings held: not all who were invited have "
        "answered, and have a role.",
    ),
    UNINVITED: n_(
        "Attended stays empty for {n} meeting held: the invitation lacks a role that the body "
        "requires, or has none of the contract.",
        "Attended stays empty for {n:number} meetings held: the invitations lack a role that the "
        "body requires, or have none of the contract.",
    ),
    NOBODY: n_(
        "Attended stays empty for {n} meeting held: all roles invited declined, and the table has "
        "no word for nobody.",
        "Attended stays empty for {n:number} meetings held: all roles invited declined, and the "
        "table has no word for nobody.",
    ),
}
BY_SIDE = N_(
    "cancelled_by is the side of who organises, for nobody else can move or cancel an entry: who "
    "asked for it a calendar does not tell."
)
MOVED = n_(
    "{n} meeting has another day than at an earlier import, and was moved.",
    "{n:number} meetings have other days than at an earlier import, and were moved.",
)
ZONES = N_("Unknown time zones, read by the offset in their name, else as {zone}: {names:commas}.")
MET = {
    "unreadable": n_(
        "{n} entry has no start that can be read, and is in no table.",
        "{n:number} entries have no start that can be read, and are in no table.",
    ),
    "series": n_(
        "The rule of {n} series cannot be read, or is of hours: only its first meeting is read.",
        "The rules of {n:number} series cannot be read, or are of hours: only their first meetings "
        "are read.",
    ),
    "backwards": n_(
        "{n} entry ends before it begins: its end is left alone.",
        "{n:number} entries end before they begin: their ends are left alone.",
    ),
    "twice": n_(
        "{n} entry bears the UID of another one at another time: both are read.",
        "{n:number} entries bear the UIDs of others at other times: all are read.",
    ),
    "versions": n_(
        "{n} entry is an earlier version of another one, which counts.",
        "{n:number} entries are earlier versions of others, which count.",
    ),
    "left_out": n_(
        "{n} day was taken out of a series (EXDATE), and is no row: whether a meeting was "
        "cancelled on it the calendar does not tell.",
        "{n:number} days were taken out of series (EXDATE), and are no rows: whether meetings "
        "were cancelled on them the calendar does not tell.",
    ),
}


def of_files(
    calendars: Sequence[MeetingCalendar], bodies: Mapping[CalendarEntry, str]
) -> Iterator[Text]:
    """Yield what was read of each file, and how many entries are of no body, or of an open one."""
    files = Counter[str]()
    others: dict[str, Counter[str]] = {}
    for calendar in calendars:
        files[calendar.file] += len(calendar.entries)
        others.setdefault(calendar.file, Counter()).update(calendar.others)
    for file, n in files.items():
        yield ENTRIES(file=file, n=n)
        left = {name: k for name, k in others[file].items() if k and name not in ZONE_PARTS}
        if left:
            yield OTHERS(file=file, parts=[PART(n=k, name=name) for name, k in left.items()])
    n = sum(body == NONE for body in bodies.values())
    if n:
        yield ELSE(n=n, file=FILE)
    if n := files.total() - len(bodies):
        yield OPEN(n=n)


def of_days(days: Days, stamp: dt.datetime, stated: bool) -> Iterator[Text]:
    """Yield up to which day meetings are held, and what was the matter with entries."""
    day = stamp.astimezone(days.zone).date()
    yield (STATED if stated else STAMPED)(day=day)
    for name, text in MET.items():
        if days.met[name]:
            yield text(n=days.met[name])
    if days.zones:
        yield ZONES(zone=days.floating.key, names=sorted(days.zones))


def of_rows(frame: pd.DataFrame, moved: int, bases: pd.Series) -> Iterator[Text]:
    """Yield how the meetings were taken. ``moved``: how many since an earlier import.

    ``bases``: on what it stands which roles attended each.
    """
    counts = frame["body"].value_counts(sort=False)
    yield BODIES(parts=[PART(n=int(n), name=str(body)) for body, n in counts.items()])
    if moved:
        yield MOVED(n=moved)
    filled = frame != ""
    if n := int(filled["held_on"].sum()):
        yield HELD(n=n)
        yield OWN(table=TABLE)
    if n := int(filled["attended"].sum()):
        yield ATTENDED(n=n)
    concerned = filled["held_on"] & (filled["attended"] == (bases == PRESUMED))
    for basis, text in BASES.items():
        if n := int((concerned & (bases == basis)).sum()):
            yield text(n=n)
    if filled["cancelled_by"].any():
        yield BY_SIDE
