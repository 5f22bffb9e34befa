"""How the parties govern the engagement: when they look back at it together."""

from __future__ import annotations

from typing import Literal

from reviewlib.contract.base import Model, Prose
from reviewlib.contract.days import Days

Cadence = Literal["month", "quarter", "half-year", "year"]


class PeriodicReviews(Model):
    """The reviews of a month, a quarter, a half-year or a year of the calendar.

    ``within``: how long after the end of a period its review is due.
    """

    clause: Prose = ""
    every: Cadence = "quarter"
    within: Days | None = None


class Governance(Model):
    """What the governance plan agrees on."""

    reviews: PeriodicReviews = PeriodicReviews()
