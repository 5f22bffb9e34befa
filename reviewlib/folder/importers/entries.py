"""Entries of calendars (iCalendar, RFC 5545) as files hold them, each read on its own.

A file is cut into its components before the library reads any: a component that it can't take
costs no other, and of a calendar of many years only the entries that are meetings are read whole.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from reviewlib.faults import Fault, Faults, cut
from reviewlib.folder.importers import IS_FOLDER, NO_FILE
from reviewlib.folder.reading import WORKBOOK
from reviewlib.report.text import N_, Text

BEGIN = "BEGIN:VCALENDAR"
LIMIT = 2**28  # bytes of all files (256 MiB): a small zip may unpack to anything
LONGEST = 2000  # signs of a line of text that are read
EVENT, ZONE = "VEVENT", "VTIMEZONE"
WANTED = {
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID",
    "SEQUENCE", "STATUS", "ORGANIZER", "ATTENDEE", "DTSTAMP", "LAST-MODIFIED",
}  # fmt: skip
TEXTS = ("SUMMARY", "CATEGORIES", "CLASS")
STAMP = re.compile(r"^(?:DTSTAMP|LAST-MODIFIED)(?:;[^:]*)?:(\d{8}T\d{6})Z?\s*$", re.MULTILINE)
FOLD = re.compile(rb"\r?\n[ \t]|\r[ \t]")
LINES = re.compile(r"\r\n|\n|\r")
NAME = re.compile(r"([^:;]{0,40})[:;]?(.{0,200})")
AFTER_NAME = re.compile(r'^[^:;]*(?:;[^:;"]*(?:"[^"]*"[^:;"]*)*)*:')
ESCAPED = re.compile(r"\\([\\;,nN])")
UNSEEN = re.compile(
    r"[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+"
)
GIVE = N_("Give the calendar as a file .ics (iCalendar), or a zip of such files.")
NOT_ICS = N_("is no iCalendar file: no line of it is {begin}, and it begins with “{first}”")
EMPTY = N_("is empty: an iCalendar file begins with {begin}")
TEXT = N_("is neither UTF-8 nor Windows-1252 text, as an iCalendar file is")
UNCLOSED = N_("is cut short or damaged: a {begun} has no {end}")
AGAIN = N_("Export the calendar again, and give the file as it was written.")
NO_ENTRY = N_("the zip holds no file .ics")
UNZIP = N_("cannot be unpacked: {reason}")
TOO_LARGE = N_("holds {size:number} MiB of text; at most {most:number} MiB is read")
SHORTER = N_("Export a shorter span of time.")


@dataclass
class MeetingCalendar:
    """A calendar of a file: its method, its zones as they are written, what else it holds."""

    file: str
    method: str = ""
    zones: list[str] = field(default_factory=list)
    entries: list[CalendarEntry] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)


@dataclass(eq=False)
class CalendarEntry:
    """An entry of a calendar. ``lines``: those of its properties that are read, unfolded."""

    calendar: MeetingCalendar
    lines: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its title on one line, without signs that nobody sees."""
        return plain(self.texts.get("SUMMARY", ""))

    @property
    def categories(self) -> list[str]:
        """Its categories."""
        return [plain(one) for one in self.texts.get("CATEGORIES", "").split(",")]

    @property
    def is_private(self) -> bool:
        """Whether whoever wrote it marked it as private."""
        return self.texts.get("CLASS", "").strip().upper() in ("PRIVATE", "CONFIDENTIAL")

    @property
    def is_cancelled(self) -> bool:
        """Whether its status, or the message that it came with, says that it was cancelled."""
        states = (value_of(line).upper() for line in self.lines if line[:6].upper() == "STATUS")
        return self.calendar.method == "CANCEL" or "CANCELLED" in states

    @cached_property
    def uid(self) -> str:
        """By what the calendar knows it and its series; "" where it does not tell."""
        return next((value_of(line) for line in self.lines if line[:4].upper() == "UID:"), "")

    @cached_property
    def event(self) -> Any:
        """The event of the library, with what it can't read in ``errors``. Raises ValueError."""
        from icalendar import Event

        return Event.from_ical("\r\n".join((f"BEGIN:{EVENT}", *self.lines, f"END:{EVENT}", "")))

    def get(self, name: str) -> Any:
        """Return a property, the first where it is there twice; None where it can't be read."""
        values = self.event.get(name)
        value = values[0] if isinstance(values, list) and values else values
        return None if type(value).__name__ == "vBroken" else value


def plain(text: str) -> str:
    """Return a text on one line, without signs that steer a screen."""
    return " ".join(UNSEEN.sub(" ", text).split())


def value_of(line: str) -> str:
    """Return the value of a line, its text as it was meant."""
    value = AFTER_NAME.sub("", line[:LONGEST], count=1)
    return ESCAPED.sub(lambda sign: " " if sign[1] in "nN" else sign[1], value).strip()


def read_calendars(path: Path) -> tuple[list[MeetingCalendar], str]:
    """Return the calendars of a file .ics, or of a zip of such files, and their latest stamp.

    The stamp is the last moment at which an entry was written or changed, as YYYYMMDDTHHMMSS of
    UTC, "" where none bears one. Raises Faults.
    """
    calendars, stamps = list[MeetingCalendar](), [""]
    for file, content in _contents(path):
        text = _text(file, content)
        stamps += STAMP.findall(text)
        calendars += _calendars(file, text)
    return calendars, max(stamps)


def refused(file: str, message: Text, remedy: Text = AGAIN) -> Faults:
    """Return what is wrong with a file."""
    return Faults([Fault(file, message, remedy)])


def _contents(path: Path) -> list[tuple[str, bytes]]:
    if not path.is_file():
        raise refused(str(path), IS_FOLDER if path.is_dir() else NO_FILE, GIVE)
    try:
        if not zipfile.is_zipfile(path):
            _refuse_too_large(path.name, path.stat().st_size)
            return [(path.name, path.read_bytes())]
        with zipfile.ZipFile(path) as archive:
            inside = [one for one in archive.infolist() if _is_calendar(one.filename)]
            _refuse_too_large(path.name, sum(one.file_size for one in inside))
            if not inside:
                workbook = any(one.startswith("xl/") for one in archive.namelist())
                raise refused(path.name, WORKBOOK if workbook else NO_ENTRY, GIVE)
            return [(f"{path.name}/{one.filename}", archive.read(one)) for one in inside]
    except OSError as error:
        raise refused(path.name, UNZIP(reason=error.strerror or str(error))) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:  # a password too
        raise refused(path.name, UNZIP(reason=str(error)), GIVE) from None


def _is_calendar(name: str) -> bool:
    hidden = name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")
    return name.lower().endswith((".ics", ".ical", ".ifb")) and not hidden


def _refuse_too_large(file: str, size: int) -> None:
    if size > LIMIT:
        message = TOO_LARGE(size=size // 2**20, most=LIMIT // 2**20)
        raise refused(file, message, SHORTER)


def _text(file: str, content: bytes) -> str:
    """Return the text of an iCalendar file. Raises Faults."""
    if not content.strip():
        raise refused(file, EMPTY(begin=BEGIN))
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    bare = content if wide else FOLD.sub(b"", content)  # a line may be folded within a sign
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = bare.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(rf"^{BEGIN}\s*$", text, re.MULTILINE | re.IGNORECASE):
            first = cut(plain(text[:LONGEST]), 40)
            raise refused(file, NOT_ICS(begin=BEGIN, first=first), GIVE)
        return text
    raise refused(file, TEXT, GIVE)


def _calendars(file: str, text: str) -> Iterator[MeetingCalendar]:
    """Yield the calendars of a text without folded lines. Raises Faults where one has no end."""
    inside: list[str] = []
    calendar = MeetingCalendar(file)
    for line in LINES.split(text):
        name, rest = (part.strip().upper() for part in NAME.match(line).groups())  # type: ignore[union-attr]
        if name == "BEGIN":
            inside.append(rest)
            if len(inside) == 1:
                calendar = MeetingCalendar(file)
            if rest == EVENT:
                calendar.entries.append(CalendarEntry(calendar))
            elif len(inside) > 1:
                calendar.others[rest] += 1
        if ZONE in inside:
            calendar.zones.append(line)
        elif inside and inside[-1] == EVENT and (name in WANTED or name in TEXTS):
            _keep(calendar.entries[-1], name, line)
        elif len(inside) == 1 and name == "METHOD":
            calendar.method = rest
        if name == "END":
            if not inside or inside.pop() != rest:
                raise refused(file, UNCLOSED(begun=f"END:{rest}", end=f"BEGIN:{rest}"))
            if not inside:
                yield calendar
    if inside:
        raise refused(file, UNCLOSED(begun=f"BEGIN:{inside[-1]}", end=f"END:{inside[-1]}"))


def _keep(entry: CalendarEntry, name: str, line: str) -> None:
    if name in WANTED:
        entry.lines.append(line)
    elif name == "CATEGORIES" and name in entry.texts:
        entry.texts[name] += f",{value_of(line)}"
    else:
        entry.texts.setdefault(name, value_of(line))
