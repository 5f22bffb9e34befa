"""Shares of tickets in time as figures of a chapter: with the bounds that unknown pauses leave."""

from __future__ import annotations

from typing import Any, Unpack

from reviewlib.report.chapter import Chapter
from reviewlib.report.fields import FactFields
from reviewlib.report.text import Text
from reviewlib.report.values import Interval, Unit
from reviewlib.service.clauses import PAUSE_BOUNDS, pause_bounds


def add_share(c: Chapter, name: str, label: Text, count: Any, **about: Unpack[FactFields]) -> None:
    """Add the share in time of tickets that are counted; its bounds where pauses are unknown.

    ``count``: a row as ``compliance`` returns it.
    """
    if not count.late_or_paused:
        c.rate(name, label, count.met, count.n, **about)
        return
    about |= {"n": count.n, "interval": Interval(*pause_bounds(count), PAUSE_BOUNDS)}
    c.fact(name, label, None, Unit.SHARE, **about)
