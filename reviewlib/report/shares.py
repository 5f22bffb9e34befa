"""Shares of tickets as facts: counted, with the interval that chance leaves them."""

from __future__ import annotations

from typing import Any

from reviewlib.rates import WILSON, wilson
from reviewlib.report.values import Fact, Interval, Unit


def share_fact(name: str, label: str, count: int, n: int, **said: Any) -> Fact:
    """Return the fact that ``count`` of ``n`` tickets are so, with its Wilson interval.

    ``said``: what else a fact says, its source and note above all. Of no ticket there is no share:
    the note must then say why.
    """
    interval = Interval(*wilson(count, n), WILSON) if n else None
    value = count / n if n else None
    return Fact(name, label, value, Unit.SHARE, n=n, interval=interval, **said)
