"""A project on a date: what it is worth, has cost and will cost, and how late it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import pandas as pd

from reviewlib.amounts import to_the_cent
from reviewlib.money.earned_value.metrics import AMOUNTS, METHODS, Index, Project


@dataclass(frozen=True, eq=False)
class ProjectStatus:
    """A project on one of its dates; amounts and times are exact, ``None`` what is not known."""

    project: Project
    row: int

    @cached_property
    def indices(self) -> dict[str, Index]:
        """The indices and the earned schedule, by name."""
        return self.project.indices(self.row) | self.project.schedule(self.row)

    @cached_property
    def values(self) -> dict[str, Any]:
        """What sentences, formulas and tables name: the indices, amounts to the cent, and the date.

        ``at``: the time spent; ``low`` and ``high``: the least and the most of the estimates.
        """
        estimates = self.estimates.values()
        amounts = {name: self.indices[name].value for name in AMOUNTS}
        amounts |= {"low": min(estimates, default=None), "high": max(estimates, default=None)}
        return {
            **{name: index.value for name, index in self.indices.items()},
            **{name: cents(amount) for name, amount in amounts.items()},
            "at": self.spent,
            "project": self.project.name,
            "date": self.date,
        }

    @property
    def date(self) -> dt.date:
        """The date of the status."""
        return self._day(self.row)

    @property
    def done(self) -> bool:
        """Whether all that was planned is earned."""
        bac = self.indices["bac"].value
        return bool(bac) and self.indices["ev"].value == bac

    @property
    def schedule_date(self) -> dt.date:
        """The day that the schedule is read on: the status date, or the one on which it ended."""
        ended = self.project.done_on if self.done else None
        return self.date if ended is None else ended.date()

    @property
    def earned_until(self) -> dt.date:
        """The last date on which an earned value is stated."""
        return self._day(self.project.rows["ev"].last_valid_index())

    @property
    def spent(self) -> Fraction | None:
        """The time from the start of the plan to the day that the schedule is read on."""
        calendar = self.project.calendar
        if calendar is None:
            return None
        return Fraction(calendar.time(pd.Timestamp(self.schedule_date)))

    @property
    def end(self) -> dt.date | None:
        """The day on which the work ends at the pace so far."""
        calendar, time = self.project.calendar, self.indices["ieac_t"].value
        day = None if calendar is None or time is None else calendar.day(time)
        return None if day is None or day is pd.NaT else day.date()

    @cached_property
    def estimates(self) -> dict[str, Fraction]:
        """The estimates at completion that are defined, by their method."""
        estimates = {method: self.indices[f"eac_{method}"].value for method in METHODS}
        return {method: eac for method, eac in estimates.items() if eac is not None}

    def _day(self, row: int) -> dt.date:
        day: pd.Timestamp = self.project.rows["date"].iloc[row]
        return dt.date(day.year, day.month, day.day)


def cents(amount: Fraction | None) -> Decimal | None:
    """Return an amount to the cent."""
    return None if amount is None else to_the_cent(amount)
