"""Volumes, events and dates ahead."""

from __future__ import annotations

from reviewlib.report.chapter import Chapter
from reviewlib.report.text import N_
from reviewlib.report.values import Section
from reviewlib.review import Review


def evolution(review: Review) -> Section:
    """Return the chapter."""
    c = Chapter(review, "evolution", N_("Volumes, events and dates ahead"))
    return c.not_assessed(N_("the folder has no table of what falls due"))
