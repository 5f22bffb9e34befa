"""Delays as contracts write them: "30 min", "4 h", "2 working days"."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from reviewlib.clock import WorkingDays

Target = dt.timedelta | WorkingDays
"""A delay: service time, or a number of working days at the same clock time."""

_TIME = re.compile(r"(?:(\d+)\s*h)?\s*(?:(\d+)\s*(?:min|m)?)?", re.IGNORECASE)
_DAYS = re.compile(
    r"(\d+)\s*(?:working days?|jours? ouvrés?)(\s*,?\s*(?:end of day|fin de journée))?",
    re.IGNORECASE,
)
HOW = 'write "30 min", "4 h", "1 h 30" (service time), "2 working days" or "2 jours ouvrés"'


def target(value: Any) -> Target:
    """Read a delay. "2 days" alone is refused: contracts mean three different things by it.

    Units: hours and minutes are service time of the clause's calendar; a working day is a date
    with service hours, counted to the same clock time, or to its end with ", end of day".
    """
    if isinstance(value, dt.timedelta | WorkingDays):
        return value
    written = str(value).strip()
    if days := _DAYS.fullmatch(written):
        return WorkingDays(int(days[1]), end_of_day=bool(days[2]))
    time = _TIME.fullmatch(written)
    if not time or not (time[1] or re.search("m", written, re.IGNORECASE)):
        raise ValueError(HOW)
    found = dt.timedelta(hours=int(time[1] or 0), minutes=int(time[2] or 0))
    if not found:
        raise ValueError(f"a delay of nothing can't be kept; {HOW}")
    return found


TargetText = Annotated[Target, BeforeValidator(target)]
