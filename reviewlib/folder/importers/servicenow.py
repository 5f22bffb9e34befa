"""ServiceNow audit logs: one row per event, each with the whole state of its incident.

The file is the export that research on incident management uses (UCI Machine Learning
Repository, data set 498), or one with ServiceNow's own field names. Its dates are day-first
(D/M/YYYY HH:MM) unless the file itself shows another order, and "?" stands for missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from reviewlib.contract.data import Format
from reviewlib.faults import Fault, Faults
from reviewlib.folder.importers import Imported, read_cells, refuse_zone
from reviewlib.folder.importers.draft import Draft
from reviewlib.folder.importers.profiles import profile_of
from reviewlib.folder.parsing import ISO, OFFSET, PARTS, instants, matches

TOOL = profile_of("servicenow")
TICKET_COLUMNS = (
    "ticket_id", "opened_at", "kind", "site", "category", "priority", "status", "group",
    "resolved_at", "closed_at", "recorded_sla_met", "recorded_reopens",
)  # fmt: skip
COLUMNS = {
    **{name: TOOL.columns[name]["en"] for name in TICKET_COLUMNS if name in TOOL.columns},
    "at": ("sys_updated_at", "sys_updated_on", "updated"),
    "updates": ("sys_mod_count", "updates"),
    "assignee": ("assigned_to",),
}
"""The columns used, each with its heading in the data set, then ServiceNow's field and label."""

REQUIRED = ("ticket_id", "status", "at", "opened_at")
INSTANTS = ("at", "opened_at", "resolved_at", "closed_at")
FIELDS = ("status", "priority", "group", "assignee")
EVENT_COLUMNS = ("ticket_id", "at", "field", "old", "new")
UNREADABLE_LIMIT = 0.05

STATUSES = {
    "new": "{state: new}",
    "active": "{state: open}",
    "in progress": "{state: open}",
    "awaiting user info": "{state: waiting, awaits: client}",
    "awaiting caller": "{state: waiting, awaits: client}",
    "awaiting vendor": "{state: waiting, awaits: third_party}",
    "awaiting problem": "{state: waiting, awaits: provider}",
    "awaiting evidence": "{state: waiting}  # the log does not say whose evidence",
    "on hold": "{state: waiting}  # the log does not say on whom",
    "resolved": "{state: resolved}",
    "closed": "{state: closed}",
    "canceled": "{state: cancelled}",
    "cancelled": "{state: cancelled}",
}
"""What ServiceNow's statuses mean, as engagement.yml writes it."""

RUNNING = ("{state: new}", "{state: open}")
LEVEL = re.compile(r"[Pp]?([1-5])(?:\s*-.*)?")


@dataclass(frozen=True)
class _AuditLog:
    """The events in order, cells as text but for the instants; ``first`` and ``last`` of a ticket.

    ``aware`` tells that the file states the offset of its times from UTC.
    """

    events: pd.DataFrame
    first: pd.Series
    last: pd.Series
    aware: bool
    notes: tuple[str, ...]


def read_servicenow(path: Path, time_zone: str | None = None) -> Imported:
    """Return the tickets and ticket_events of an audit log (CSV, or a zip that holds one).

    A ticket is what its last event says; an event is a value that differs from the one before.
    ``time_zone`` is the zone of the log's times, written into engagement.yml (a log does not
    state it; "UTC" stands there until somebody does). Times are kept as the log has them.
    Raises Faults when the file can't be read, ReviewError on an unknown time zone.
    """
    refuse_zone(time_zone)
    cells = read_cells(path, COLUMNS, REQUIRED).replace([*TOOL.missing], "")
    if cells.empty:
        raise Faults([Fault(path.name, "has no row under its heading", "Export the log again.")])
    log = _ordered(path.name, cells)
    events, undone = _events(log)
    notes = (
        f"{_rows(len(cells))} read: {_incidents(int(log.last.sum()))}",
        *log.notes,
        *_status_notes(log),
        *_priority_notes(log.events),
        *undone,
        "no service level is stated in such a log: state the contract's in engagement.yml",
        "the log does not tell when it was taken: a review looks from its last event",
    )
    tables = {"tickets": _tickets(log), "ticket_events": events}
    return Imported("ServiceNow", tables, _draft(log, time_zone, notes).text(path), notes)


def is_audit_log(path: Path) -> bool:
    """Whether a file has the columns of an audit log, and several events of a ticket.

    A list of incidents has one row for each. Raises Faults when it can't be read.
    """
    if path.suffix.lower() not in (".csv", ".zip"):
        return False
    try:
        cells = read_cells(path, COLUMNS, ())
    except Faults:
        return path.suffix.lower() == ".zip"
    if not {*REQUIRED} <= {*cells}:
        return len({*REQUIRED} - {*cells}) == 1 and "at" in cells
    return bool(cells["ticket_id"].duplicated().any())


def _ordered(file: str, cells: pd.DataFrame) -> _AuditLog:
    """Return the log by ticket, in the order of the events' times, then of their numbers."""
    read, aware, notes = _instants(file, cells)
    usable = (cells["ticket_id"] != "") & read["at"].notna()
    if not usable.any():
        raise Faults([Fault(file, "no row has both a number and the time of its event")])
    if dropped := int((~usable).sum()):
        notes.append(f"{_rows(dropped)} left out: without a number or the time of the event")
    events = cells.assign(**{name: read[name] for name in read})[usable]
    if "priority" in events:
        events["priority"] = _levels(events["priority"])
    counted = pd.to_numeric(events.get("updates", pd.Series("", events.index)), errors="coerce")
    ticket = pd.factorize(events["ticket_id"])[0]
    order = np.lexsort((np.arange(len(events)), counted, events["at"], ticket))
    events, ticket, counted = events.iloc[order], ticket[order], counted.iloc[order]
    first = pd.Series(np.diff(ticket, prepend=-1) != 0, events.index)
    if back := events["ticket_id"][~first & (counted <= counted.shift())].nunique():
        notes.append(
            f"{_incidents(back)} whose count of updates contradicts the dates: put by date"
        )
    last = first.shift(-1, fill_value=True)
    return _AuditLog(events, first, last, aware, tuple(notes))


def _instants(file: str, cells: pd.DataFrame) -> tuple[pd.DataFrame, bool, list[str]]:
    """Return the instants of the log, whether they bear an offset, and what to say of them."""
    names = [name for name in INSTANTS if name in cells]
    written = pd.Series(pd.unique(cells[names].to_numpy().ravel()))
    written = written[written != ""].astype("str").reset_index(drop=True)
    aware = matches(written, OFFSET) & matches(written, ISO)
    if aware.any() and not aware.all():
        clash = f"some times state an offset from UTC, others don't ({written[~aware].iloc[0]!r})"
        raise Faults([Fault(file, clash, "Export all of them in one way.")])
    order, notes = _day_order(file, written)
    values = instants(written, Format(dates=order), "UTC").values.dt.tz_localize(None)
    values.index = pd.Index(written)
    read = pd.DataFrame({name: cells[name].map(values) for name in names}, cells.index)
    for name in names:
        lost = cells[name][(cells[name] != "") & read[name].isna()]
        if len(lost):
            notes.append(_unreadable(file, name, lost, len(cells)))
    return read, bool(aware.any()), notes


def _day_order(
    file: str, written: pd.Series
) -> tuple[Literal["day-first", "month-first"], list[str]]:
    """Return the order that the file's slashed dates show; day-first when they show none."""
    parts = written.str.extract(PARTS)[[0, 1]].dropna().astype("int64")
    day, month = parts[parts[0] > 12], parts[parts[1] > 12]
    if len(day) and len(month):
        one, other = written[day.index[0]], written[month.index[0]]
        message = f"dates are written day-first ({one!r}) and month-first ({other!r})"
        raise Faults([Fault(file, message, "Export all of them in one way, best YYYY-MM-DD.")])
    if len(month):
        return "month-first", [f"dates read month-first, as {written[month.index[0]]!r} shows"]
    if len(parts) and not len(day):
        example = written[parts.index[0]]
        return "day-first", [f"dates read day-first, though none shows it (such as {example!r})"]
    return "day-first", []


def _unreadable(file: str, name: str, lost: pd.Series, rows: int) -> str:
    """Return the note on dates that can't be read; raise Faults when they are many."""
    heading, row, value = COLUMNS[name][0], int(lost.index[0]), str(lost.iloc[0])
    message = f"{len(lost):,} of {rows:,} cells can't be read as a date and time"
    if len(lost) > UNREADABLE_LIMIT * rows:
        remedy = "Write them D/M/YYYY HH:MM or YYYY-MM-DD HH:MM:SS."
        raise Faults([Fault(file, message, remedy, row=row, column=heading, value=value)])
    return f"{heading}: {message}, the first in row {row} ({value!r})"


def _levels(priorities: pd.Series) -> pd.Series:
    """Return "3 - Moderate" as P3; what is no number from 1 to 5 stays as it is."""
    return priorities.map(
        {word: f"P{m[1]}" if (m := LEVEL.fullmatch(word)) else word for word in priorities.unique()}
    ).astype("str")


def _tickets(log: _AuditLog) -> pd.DataFrame:
    """Return one row per incident: the values of its last event."""
    last = log.events[log.last].assign(kind="incident")
    iso = {name: _iso(last[name], log.aware) for name in INSTANTS if name in last}
    return last.assign(**iso)[[name for name in TICKET_COLUMNS if name in last]]


def _events(log: _AuditLog) -> tuple[pd.DataFrame, list[str]]:
    """Return one row per change (a value other than the event's before), and what to say of them.

    The order is that of the events; of one event's changes, that of ``FIELDS``.
    """
    parts, undone = [], 0
    for number, field in enumerate(FIELDS):
        if field not in log.events:
            continue
        new = log.events[field]
        old = new.shift(fill_value="").mask(log.first, "")
        changed = new != old
        part = log.events.loc[changed, ["ticket_id"]].assign(
            at=_when(log, field)[changed], field=field, old=old[changed], new=new[changed]
        )
        part = part.assign(place=np.flatnonzero(changed), number=number)
        whole = _without_loops(part)
        undone += len(part) - len(whole)
        parts.append(whole)
    events = pd.concat(parts).sort_values(["place", "number"])
    notes = [f"{_rows(undone, 'change')} undone and made again in one instant: left out"]
    events = events.assign(at=_iso(events["at"], log.aware))
    return events[list(EVENT_COLUMNS)], notes if undone else []


def _without_loops(part: pd.DataFrame) -> pd.DataFrame:
    """Return the changes of a field without those that lead back to one made in the same instant.

    From A to B, back to A and to B again within the minute to which the log tells the time: the
    second pair can't be told from a doubled row, which the table would refuse.
    """
    key = ["ticket_id", "at", "old", "new"]
    places = pd.Series(np.arange(len(part)), part.index)
    start = places.groupby([part[name] for name in key], sort=False).transform("min")
    depth = np.zeros(len(part) + 1, dtype="int64")
    again = places != start
    np.add.at(depth, start[again] + 1, 1)
    np.add.at(depth, places[again] + 1, -1)
    return part[depth.cumsum()[:-1] == 0]


def _when(log: _AuditLog, field: str) -> pd.Series:
    """Return when a value came to be: at its event; that of the first event, at the opening.

    A wait or a resolution is never dated before the tool recorded it: that would shorten what
    is measured. Nor does an opening that the log dates after the second event change their order.
    """
    opened, at = log.events["opened_at"], log.events["at"]
    second = at.shift(-1).mask(log.last)
    opening = log.first & opened.notna() & ~(opened > second)
    if field == "status":
        opening &= ~_late(log)
    return at.mask(opening, opened)


def _late(log: _AuditLog) -> pd.Series:
    """Tell which incidents' first event has a status other than new or in progress."""
    running = [s for s in log.events["status"].unique() if _meaning(s).startswith(RUNNING)]
    return log.first & ~log.events["status"].isin(running)


def _meaning(status: str) -> str:
    """Return what a status means, as engagement.yml writes it; nothing when it is unknown."""
    return STATUSES.get(TOOL.values["status"].get(status, status).casefold(), "")


def _status_notes(log: _AuditLog) -> Iterator[str]:
    status = log.events["status"]
    late = _late(log) & (status != "")
    if late.any():
        yield (
            f"{_incidents(int(late.sum()))} already waiting, resolved or of unknown status at the "
            "first event: that status is dated by its event, not by the opening"
        )
    for word, rows in status.value_counts().items():
        if not _meaning(str(word)):
            name = repr(word) if word else "no status"
            yield f"{_rows(rows, 'event')} with {name} kept as an unknown status"


def _priority_notes(events: pd.DataFrame) -> Iterator[str]:
    for word in _unnumbered(events):
        rows = int((events["priority"] == word).sum())
        yield f"{_rows(rows, 'event')} with priority {word!r}, which bears no number: kept as it is"


def _unnumbered(events: pd.DataFrame) -> list[str]:
    words = events["priority"].unique() if "priority" in events else ()
    return sorted(word for word in words if word and not re.fullmatch("P[1-5]", word))


def _rows(number: int, what: str = "row") -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _incidents(number: int) -> str:
    return _rows(number, "incident")


def _iso(times: pd.Series, aware: bool) -> pd.Series:
    """Return instants as ISO text, with a Z when the log states its offsets."""
    text = np.datetime_as_string(times.to_numpy(dtype="datetime64[s]"))
    iso = pd.Series(text, times.index, dtype="str") + ("Z" if aware else "")
    return iso.mask(times.isna(), "")


def _draft(log: _AuditLog, time_zone: str | None, notes: Sequence[str]) -> Draft:
    """Return what the log states of the engagement, for engagement.yml."""
    events, days = log.events, log.events[["opened_at", "at"]]
    return Draft(
        tool="ServiceNow audit log",
        time_zone=time_zone,
        first=days.min().min().date(),
        last=days.max().max().date(),
        last_event=_iso(pd.Series([days.max().max()]), log.aware).iloc[0],
        logged=True,
        priorities=_priorities(events),
        statuses={word: _meaning(word) for word in sorted(events["status"].unique()) if word},
        sites=sorted(set(events.get("site", pd.Series(dtype="str"))) - {""}),
        notes=notes,
    )


def _priorities(events: pd.DataFrame) -> list[str]:
    """Return ServiceNow's levels (the fifth where it occurs), then words that bear no number."""
    fifth = ["P5"] if "priority" in events and (events["priority"] == "P5").any() else []
    return ["P1", "P2", "P3", "P4", *fifth, *_unnumbered(events)]
