"""Delays in days as contracts write them: "15 calendar days", "10 jours ouvrés", "3 months"."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from reviewlib.calendars.day_counts import DayCount
from reviewlib.faults import Unfit
from reviewlib.report.text import N_

UNITS = {
    "calendar": r"calendar days?|jours? calendaires?",
    "working": r"working days?|jours? ouvrés?",
    "ouvrable": r"ouvrable days?|jours? ouvrables?",
    "clear": r"clear days?|jours? francs?",
    "months": r"months?|mois",
}
HOW = N_(
    'contracts mean four things by days: write "15 calendar days", "10 working days" (Monday to '
    'Friday), "10 ouvrable days" (Monday to Saturday), "15 clear days" or "3 months", or in French '
    '"15 jours calendaires", "10 jours ouvrés", "10 jours ouvrables", "15 jours francs", "3 mois"'
)


def day_count(value: Any) -> DayCount:
    """Read a delay in days. "15 days" alone is refused: contracts mean four things by it."""
    if isinstance(value, DayCount):
        return value
    written = " ".join(str(value).split())
    for unit, words in UNITS.items():
        if match := re.fullmatch(rf"(\d{{1,4}}) ?(?:{words})", written, re.IGNORECASE):
            return DayCount(int(match[1]), unit)  # type: ignore[arg-type]
    raise Unfit(HOW)


Days = Annotated[DayCount, BeforeValidator(day_count)]
"""A delay in days of a stated kind, or in months."""
