"""Shares of tickets in time as figures of a chapter: with the bounds that they leave open."""

from __future__ import annotations

from typing import Any, Unpack

from reviewlib.report.chapter import Chapter
from reviewlib.report.fields import FactFields
from reviewlib.report.text import Text
from reviewlib.report.values import Unit
from reviewlib.service.clauses import bounds


def add_share(c: Chapter, name: str, label: Text, count: Any, **about: Unpack[FactFields]) -> None:
    """Add the share in time of tickets that are counted; its bounds where some are uncertain.

    ``count``: a row as ``compliance`` returns it.
    """
    if not count.uncertain:
        c.rate(name, label, count.met, count.n, **about)
        return
    about |= {"n": int(count.n + count.unknown), "interval": bounds(count)}
    c.fact(name, label, None, Unit.SHARE, **about)
