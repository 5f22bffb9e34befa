"""Calendars (iCalendar) made the meetings of the bodies of a contract: planned, held, cancelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from zoneinfo import ZoneInfo

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.loading import FILE as CONTRACT
from reviewlib.contract.loading import load_contract
from reviewlib.folder.importers import meeting_notes, notes
from reviewlib.folder.importers.attendance import Attendance, Invited, settle_roles, settle_sides
from reviewlib.folder.importers.entries import (
    CalendarEntry,
    MeetingCalendar,
    read_calendars,
    refused,
)
from reviewlib.folder.importers.mapping import FILE, Route
from reviewlib.folder.importers.merging import UNIT, merged
from reviewlib.folder.importers.occurrences import Days, Occurrence, load_zones, occurrences
from reviewlib.folder.importers.request import Brought, ImportRequest
from reviewlib.folder.importers.settling import Settling
from reviewlib.folder.importers.sources import Exported
from reviewlib.folder.importers.surroundings import Surroundings
from reviewlib.folder.importers.titles import NONE, settle_bodies, stripped
from reviewlib.progress import stage, step
from reviewlib.report.text import N_, n_

MOST = 20_000  # meetings of an import, and entries of them
STATES = ["held_on", "cancelled_on", "cancelled_by", "attended"]
COLUMNS = ["meeting_id", "body", "planned_on", "moved_to", *STATES]
ANSWERS = ("REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH")
"""Methods of messages in which somebody answers about a meeting."""
NO_BODY = N_(
    "states no body that meets, and a calendar does not tell its meetings from its other entries"
)
STATE_BODY = N_("State the bodies of the contract under governance.bodies, and import again.")
NO_EVENT = N_("holds no entry of a calendar (VEVENT)")
GIVE_MEETINGS = N_("Export the calendar of the meetings themselves.")
NO_MEETING = n_(
    "has {n} entry, and it is of no body of the contract",
    "has {n:number} entries, and none is of a body of the contract",
)
NAME_THEM = N_("Write the title of its meetings, and their body, under {key} in {file}.")
TOO_MANY = N_("gives too many meetings: at most {most:number} are read")
FEWER = N_("Correct under {key} in {file} which titles are of a body.")


def brought(
    request: ImportRequest, around: Surroundings, route: Route, before: pd.DataFrame
) -> Brought:
    """Return what calendars make of the meetings of a folder, ``before``. Raises Faults."""
    contract = load_contract(request.folder)
    if not around.words["bodies"]:
        raise refused(CONTRACT, NO_BODY, STATE_BODY)
    calendars, stamp = _read(request, contract)
    sheet = Exported("", (), pd.DataFrame())
    work = Settling(
        request.name, request.profile, sheet, route, around.words, request.ask, contract.language
    )
    work.values = {name: dict(words) for name, words in route.values.items()}
    work.assumed += route.assumed
    bodies = settle_bodies(work, (entry for c in calendars for entry in c.entries), contract)
    days = _days(request, contract, stamp)
    meetings = _meetings(request, calendars, bodies, days)
    if not meetings:
        if not work.open:
            n, key = sum(len(c.entries) for c in calendars), work.key("values", "body")
            raise refused(request.files[0].name, NO_MEETING(n=n), NAME_THEM(key=key, file=FILE))
        return Brought(work.language, work.profile, work.route(), None, None, open=tuple(work.open))
    frame, moved = _as_in_folder(_frame(meetings, bodies, stamp), before)
    invited = [Invited.to(one.entry) for one in meetings]
    frame, bases = _with_people(work, frame, invited, contract)
    frame = _as_stated(frame, before)
    table = merged(before, frame, work.profile.table)
    remarks = [
        *meeting_notes.of_files(calendars, bodies),
        *notes.counted(table, work.profile.table),
        *meeting_notes.of_days(days, stamp, request.exported_on is not None),
        *meeting_notes.of_rows(frame, moved, bases),
    ]
    if work.assumed:
        remarks.append(notes.ASSUMED(file=FILE, keys=[*dict.fromkeys(work.assumed)]))
    opened = tuple(work.open)
    return Brought(
        work.language, work.profile, work.route(), table, None, tuple(remarks), opened, frame
    )


def _read(request: ImportRequest, contract: Contract) -> tuple[list[MeetingCalendar], dt.datetime]:
    """Return the calendars of all files, and when they were exported. Raises Faults."""
    calendars, last = list[MeetingCalendar](), ""
    for path in request.files:
        some, stamp = read_calendars(path)
        calendars, last = calendars + some, max(last, stamp)
    for calendar in calendars:
        if calendar.method in ANSWERS:
            calendar.others[calendar.method] += len(calendar.entries)
            calendar.entries.clear()
    if not any(calendar.entries for calendar in calendars):
        raise refused(request.files[0].name, NO_EVENT, GIVE_MEETINGS)
    now = exported = dt.datetime.now(dt.UTC)
    with suppress(ValueError):
        exported = dt.datetime.strptime(f"{last}+0000", "%Y%m%dT%H%M%S%z")
    if request.exported_on:
        day = request.exported_on + dt.timedelta(days=1)
        exported = dt.datetime.combine(day, dt.time(), ZoneInfo(contract.time_zone))
        exported -= dt.timedelta(seconds=1)
    return calendars, min(exported, now)


def _days(request: ImportRequest, contract: Contract, stamp: dt.datetime) -> Days:
    """Return how times become days: series are read in the contract, up to the export."""
    zone = ZoneInfo(contract.time_zone)
    floating = ZoneInfo(request.time_zone) if request.time_zone else zone
    last = min(contract.period.last, stamp.astimezone(zone).date())
    return Days(zone, floating, contract.period.first, last)


def _meetings(
    request: ImportRequest,
    calendars: list[MeetingCalendar],
    bodies: Mapping[CalendarEntry, str],
    days: Days,
) -> list[Occurrence]:
    """Return the meetings of bodies, by the day for which they were planned. Raises Faults."""
    own = {entry for entry, body in bodies.items() if body != NONE}
    fewer = FEWER(key=f"imports.{request.name}.values.body", file=FILE)
    too_many = refused(request.files[0].name, TOO_MANY(most=MOST), fewer)
    if len(own) > MOST:
        raise too_many
    dated = []
    for calendar in calendars:
        load_zones(calendar)
        stage(calendar.file, len(own.intersection(calendar.entries)))
        for entry in (one for one in calendar.entries if one in own):
            dated.append(days.dated(entry, entry.is_cancelled or stripped(entry.title)[1]))
            step()
    meetings = [*islice(occurrences(filter(None, dated), days), MOST + 1)]
    if len(meetings) > MOST:
        raise too_many
    return sorted(meetings, key=lambda one: (one.planned, one.day, one.id))


def _frame(
    meetings: list[Occurrence], bodies: Mapping[CalendarEntry, str], stamp: dt.datetime
) -> pd.DataFrame:
    """Return the meetings as the table has them: held where they ended before the export."""
    rows = [
        (
            one.id,
            bodies[one.entry],
            one.planned.isoformat(),
            one.day.isoformat() if one.day != one.planned else "",
            one.day.isoformat() if one.ends <= stamp and one.cancelled_on is None else "",
            one.cancelled_on.isoformat() if one.cancelled_on else "",
        )
        for one in meetings
    ]
    return pd.DataFrame(rows, columns=COLUMNS[:6], dtype="str")


def _as_in_folder(frame: pd.DataFrame, before: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return meetings by the ids and the days first planned that a folder has, and how many moved.

    A row that somebody wrote is the meeting of the same body that alone is planned for its day.
    """
    there = before.reindex(columns=COLUMNS[:3], fill_value="").drop_duplicates("meeting_id")
    written = there[~there["meeting_id"].isin(frame["meeting_id"]) & (there["planned_on"] != "")]
    written = written[~_days_of(written).duplicated(keep=False)]
    days = _days_of(frame)
    alone = ~days.duplicated(keep=False) & ~frame["meeting_id"].isin(there["meeting_id"])
    own = frame["meeting_id"].mask(alone & days.isin(_days_of(written)), "")
    own = own.mask(own == "", _looked_up(days, _days_of(written), written["meeting_id"]))
    planned = _looked_up(own, there["meeting_id"], there["planned_on"])
    moved = (planned != "") & (planned != frame["planned_on"])
    day = frame["moved_to"].mask(frame["moved_to"] == "", frame["planned_on"])
    moved_to = frame["moved_to"].mask(moved, day.mask(day == planned, ""))
    first = frame["planned_on"].mask(moved, planned)
    return frame.assign(meeting_id=own, planned_on=first, moved_to=moved_to), int(moved.sum())


def _looked_up(keys: pd.Series, names: pd.Series, values: pd.Series) -> pd.Series:
    """Return the value of each key; "" of one without."""
    by_name = dict(zip(names, values, strict=True))
    return pd.Series([by_name.get(key, "") for key in keys], keys.index, dtype="str")


def _days_of(rows: pd.DataFrame) -> pd.Series:
    """Return by what meetings are alike: their body, and the day for which they are planned."""
    return rows["body"] + UNIT + rows["planned_on"]


def _with_people(
    work: Settling, frame: pd.DataFrame, invited: list[Invited], contract: Contract
) -> tuple[pd.DataFrame, pd.Series]:
    """Return meetings with the roles that attended, and the side that moved or cancelled them.

    And on what the roles stand, of a meeting that was not held "".
    """
    held = (frame["held_on"] != "").to_list()
    changed = ((frame["cancelled_on"] != "") | (frame["moved_to"] != "")).to_list()
    roles = settle_roles(work, [one for one, k in zip(invited, held, strict=True) if k], contract)
    organisers = [one.organiser if k else "" for one, k in zip(invited, changed, strict=True)]
    sides = settle_sides(work, organisers, roles)
    rows = zip(invited, frame["body"], held, strict=True)
    attended = [roles.attended(one, body) if k else Attendance("", "") for one, body, k in rows]
    people = pd.DataFrame(attended, frame.index, dtype="str")
    cancelled_by = pd.Series([sides.get(one, "") for one in organisers], dtype="str")
    return frame.assign(cancelled_by=cancelled_by, attended=people["roles"]), people["basis"]


def _as_stated(frame: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return meetings with what the folder knows better: rows with minutes or evidence are its own.

    So is a cancellation that the calendar does not have, what was held by a later export, and who
    attended where the calendar does not tell.
    """
    names = [*STATES, "minutes_on", "evidence"]
    there = before.reindex(columns=["meeting_id", *names], fill_value="")
    there = there.drop_duplicates("meeting_id").set_index("meeting_id")
    there = there.reindex(frame["meeting_id"], fill_value="").reset_index(drop=True)
    own = (there["minutes_on"] != "") | (there["evidence"] != "")
    bare = frame["cancelled_on"] == ""
    own |= bare & (there["cancelled_on"] != "")
    own |= bare & (frame["held_on"] == "") & (there["held_on"] != "")
    kept = {name: frame[name].mask(own, there[name]) for name in STATES}
    silent = (kept["attended"] == "") & (kept["held_on"] != "")
    kept["attended"] = kept["attended"].mask(silent, there["attended"])
    return frame.assign(**kept)[COLUMNS]
