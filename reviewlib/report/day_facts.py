"""Days and dates as facts: the words of a delay and of a state, what was on time, medians."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reviewlib.calendars.day_counts import DayCount
from reviewlib.calendars.punctuality import AWAITING, LATE, NOT_DUE, ON_TIME, OVERDUE, punctuality
from reviewlib.pages.wording import N_, Wording
from reviewlib.report.values import Fact, Unit

if TYPE_CHECKING:
    from reviewlib.review import Review

STATES = {
    ON_TIME: N_("on time"),
    LATE: N_("late"),
    OVERDUE: N_("past its date"),
    AWAITING: N_("awaiting a decision"),
    NOT_DUE: N_("not due yet"),
}
"""The words of what became of a date."""


def delay_words(wording: Wording, delay: DayCount) -> str:
    """Return a delay as a contract writes it: 15 calendar days, 3 months."""
    n_, n = wording.ngettext, delay.n
    return {
        "calendar": n_("{n} calendar day", "{n} calendar days", n),
        "working": n_("{n} working day", "{n} working days", n),
        "ouvrable": n_("{n} day, Monday to Saturday", "{n} days, Monday to Saturday", n),
        "clear": n_("{n} clear day", "{n} clear days", n),
        "months": n_("{n} month", "{n} months", n),
    }[delay.unit]


def worded(wording: Wording, values: pd.Series, words: dict[str, str]) -> pd.Series:
    """Return some values in words of the review's language; what has none is missing."""
    return values.map({key: wording.gettext(text) for key, text in words.items()})


def as_of_words(review: Review) -> str:
    return review.wording.gettext("as of {date}").format(date=review.wording.date(review.today))


def on_time_fact(review: Review, name: str, label: str, states: pd.Series, source: str) -> Fact:
    """Return the share on time of what can be judged; the rest is counted in the note."""
    _, w = review.wording.gettext, review.wording
    kept, n = punctuality(states)
    apart = len(states) - n
    note = _("counted apart, not due or awaiting a decision: {n}").format(n=w.number(apart))
    return Fact(
        name,
        label,
        kept / n if n else None,
        Unit.SHARE,
        n=n,
        period=as_of_words(review),
        source=source,
        note="" if n and not apart else note if n else _("nothing has come due yet"),
    )


def median_fact(review: Review, name: str, label: str, days: pd.Series, source: str) -> Fact:
    """Return a median of days, with the least and the most of them."""
    _, w = review.wording.gettext, review.wording
    known = days.dropna()
    spread = _("from {low} to {high}").format(low=w.days(known.min()), high=w.days(known.max()))
    return Fact(
        name,
        label,
        float(known.median()) if len(known) else None,
        Unit.DAYS,
        n=len(known),
        period=as_of_words(review),
        source=source,
        note=spread if len(known) else _("nothing of the kind has happened yet"),
    )
