"""Disputes."""

from __future__ import annotations

from reviewlib.report.chapter import Chapter
from reviewlib.report.text import N_
from reviewlib.report.values import Section
from reviewlib.review import Review


def disputes(review: Review) -> Section:
    """Return the chapter."""
    c = Chapter(review, "disputes", N_("Disputes"))
    return c.not_assessed(N_("the folder has no table of what falls due"))
