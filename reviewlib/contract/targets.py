"""Delays as contracts write them: "30 min", "4 h", "2 working days", "2 days of 7 h"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

from reviewlib.calendars.service_hours import WorkingDays
from reviewlib.faults import Unfit
from reviewlib.report.text import N_, chained


@dataclass(frozen=True)
class DaysOf:
    """A number of days of so much service time each: two days of 7 h are 14 h."""

    n: int
    length: dt.timedelta

    @property
    def service_time(self) -> dt.timedelta:
        """The service time of all the days."""
        return self.n * self.length


Target = dt.timedelta | WorkingDays | DaysOf
"""A delay: service time, working days at the same clock time, or days of a stated length."""

_TIME = re.compile(
    r"(?:(?P<hours>\d{1,5})\s*h(?:ours?|eures?)?)?\s*"
    r"(?:(?P<minutes>\d{1,5})\s*(?P<unit>m(?:in(?:utes?)?)?)?)?",
    re.IGNORECASE | re.ASCII,
)
_DAYS = re.compile(
    r"(\d{1,4})\s*(?:working\s+days?|jours?\s+ouvrés?)(\s*,?\s*(?:end of day|fin de journée))?",
    re.IGNORECASE,
)
_DAYS_OF = re.compile(r"(\d{1,4})\s*(?:d|days?|j|jours?)\s+(?:of|de)\s+(.+)", re.IGNORECASE)
_BARE_DAYS = re.compile(r"\d+\s*(?:d|days?|j|jours?)", re.IGNORECASE)
LONGEST = 366
"""The most days of a delay: beyond a year it is a slip of the pen, and no clock need reach it."""

HOW = N_(
    'write "30 min", "4 h", "1 h 30" (service time), "2 working days" or "2 jours ouvrés", '
    '"2 days of 7 h" or "2 jours de 7 h"'
)

BARE = N_("days alone may be working days, calendar days or service hours")
NOTHING = N_("a delay of nothing cannot be kept")
TOO_LONG = N_("a delay is of {days:days}, or {hours} h, at most")


def target(value: Any) -> Target:
    """Read a delay. "2 days" alone is refused: contracts mean three different things by it.

    Units: hours and minutes are service time of the clause's calendar; a working day is a date
    with service hours, counted to the same clock time, or to its end with ", end of day"; "days
    of 7 h" (or of 24 h) are that much service time each.
    """
    if isinstance(value, dt.timedelta | WorkingDays | DaysOf):
        return value
    written = " ".join(str(value).split())
    if _BARE_DAYS.fullmatch(written):
        raise Unfit(chained((BARE, HOW)))
    if days := _DAYS.fullmatch(written):
        length: Target = WorkingDays(int(days[1]), end_of_day=bool(days[2]))
    elif lengths := _DAYS_OF.fullmatch(written):
        length = DaysOf(int(lengths[1]), _time(lengths[2]))
    else:
        length = _time(written)
    if delay(length) in (dt.timedelta(0), WorkingDays(0)):
        raise Unfit(chained((NOTHING, HOW)))
    if _days(delay(length)) > LONGEST:
        raise Unfit(chained((TOO_LONG(days=LONGEST, hours=LONGEST * 24), HOW)))
    return length


def _days(length: dt.timedelta | WorkingDays) -> float:
    """Return how many days a delay has, were the service never closed."""
    return length.n if isinstance(length, WorkingDays) else length / dt.timedelta(days=1)


def _time(written: str) -> dt.timedelta:
    time = _TIME.fullmatch(written)
    if not time or not (time["hours"] or time["unit"]):
        raise Unfit(HOW)
    return dt.timedelta(hours=int(time["hours"] or 0), minutes=int(time["minutes"] or 0))


def delay(target: Target) -> dt.timedelta | WorkingDays:
    """Return a target as the clock takes it: service time, or working days."""
    return target.service_time if isinstance(target, DaysOf) else target


TargetText = Annotated[Target, BeforeValidator(target)]
