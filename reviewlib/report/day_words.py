"""The words of delays and of what became of a date."""

from __future__ import annotations

from reviewlib.calendars.day_counts import DayCount
from reviewlib.calendars.punctuality import AWAITING, LATE, NOT_DUE, ON_TIME, OVERDUE
from reviewlib.report.text import N_, Message, n_

STATES = {
    ON_TIME: N_("on time"),
    LATE: N_("late"),
    OVERDUE: N_("past its date"),
    AWAITING: N_("awaiting a decision"),
    NOT_DUE: N_("not due yet"),
}
"""The words of what became of a date."""
DELAYS = {
    "calendar": n_("{n} calendar day", "{n} calendar days"),
    "working": n_("{n} working day", "{n} working days"),
    "ouvrable": n_("{n} day, Monday to Saturday", "{n} days, Monday to Saturday"),
    "clear": n_("{n} clear day", "{n} clear days"),
    "months": n_("{n} month", "{n} months"),
}


def delay_words(delay: DayCount) -> Message:
    """Return a delay as a contract writes it: 15 calendar days, 3 months."""
    return DELAYS[delay.unit](n=delay.n)
