"""Comments by theme."""

from __future__ import annotations

from reviewlib.report.chapter import Chapter
from reviewlib.report.text import N_
from reviewlib.report.values import Section
from reviewlib.review import Review


def comments(review: Review) -> Section:
    """Return the chapter."""
    c = Chapter(review, "comments", N_("Comments by theme"))
    return c.not_assessed(N_("the folder has no table of what falls due"))
