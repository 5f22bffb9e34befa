"""The days of ramp-ups in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from reviewlib.contract.parties import Period
from reviewlib.report.phrases import SPAN
from reviewlib.report.text import Text, commas


def in_words(periods: Iterable[Period]) -> Text:
    """Return the days of some periods, those that overlap or follow each other as one."""
    joined: list[tuple[dt.date, dt.date]] = []
    for one in sorted(periods, key=lambda period: period.first):
        first, last = one.first, one.last
        if joined and first <= joined[-1][1] + dt.timedelta(days=1):
            before, until = joined.pop()
            first, last = before, max(until, last)
        joined.append((first, last))
    return commas(SPAN(first=first, last=last) for first, last in joined)
