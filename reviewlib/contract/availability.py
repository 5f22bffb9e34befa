"""Availability as a clause: which services, on which hours, and what is no down time (A5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from reviewlib.calendars.service_hours import WorkingDays
from reviewlib.contract.base import Model, OneOrEach, Prose, Share, refuse
from reviewlib.contract.clauses import Rule
from reviewlib.contract.parties import CausedBy
from reviewlib.contract.targets import delay, target
from reviewlib.faults import Unfit
from reviewlib.report.text import N_

NO_SERVICE = N_("{name:quoted} is no service of the clause")
TWICE = N_("{name:quoted} is named twice")
COUNTED = N_("maintenance counts as down time: leave this out, or exclude it")


def _time(value: Any) -> dt.timedelta:
    try:
        length = delay(target(value))
    except ValueError:
        length = WorkingDays(0)
    if isinstance(length, WorkingDays):
        raise Unfit(N_('write hours and minutes, such as "48 h", "1 h 30" or "3 days of 24 h"'))
    return length


Time = Annotated[dt.timedelta, BeforeValidator(_time)]
"""A length in hours and minutes; never working days, which are no length."""


class Availability(Model):
    """How much of the agreed hours some services must be up, month by month.

    Only recorded outages are down time. Of it, what lies in a planned window is maintenance:
    ``excluded``, up to the ``allowance`` of a service in a month, or ``counted``. A window is
    excluded when the client agreed to it (``agreed_only``) and was told early enough (``notice``,
    in elapsed hours, whatever the clocks were put to). ``excuses``: outages caused by one of these
    don't count.
    """

    title: Prose
    services: tuple[str, ...] = Field(min_length=1)
    calendar: str
    target: OneOrEach[Share]
    maintenance: Literal["excluded", "counted"] = "excluded"
    agreed_only: bool = True
    notice: Time | None = None
    allowance: Time | None = None
    excuses: tuple[CausedBy, ...] = ()

    def target_of(self, service: str) -> float | None:
        """Return the share of the agreed hours to be up; None when the clause states none."""
        return self.target.get(service) if isinstance(self.target, dict) else self.target

    @model_validator(mode="after")
    def _consistent(self) -> Availability:
        refuse("Availability", self._faults())
        return self

    def _faults(self) -> Iterator[Rule]:
        for service in self.target if isinstance(self.target, dict) else ():
            if service not in self.services:
                yield ("target", service), NO_SERVICE(name=service), None
        for number, service in enumerate(self.services):
            if service in self.services[:number]:
                yield ("services", number), TWICE(name=service), None
        for key in ("notice", "allowance"):
            if self.maintenance == "counted" and getattr(self, key) is not None:
                yield (key,), COUNTED, None
