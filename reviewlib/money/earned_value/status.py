"""A project on its status date: what it is worth, has cost and will cost, and how late it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import pandas as pd

from reviewlib.amounts import to_the_cent
from reviewlib.money.earned_value.metrics import METHODS, Index, Project


@dataclass(frozen=True)
class Status:
    """A project on its status date; amounts and times are exact, ``None`` what is not known."""

    project: Project

    @cached_property
    def indices(self) -> dict[str, Index]:
        return self.project.indices(self.project.status)

    @cached_property
    def schedule(self) -> dict[str, Index]:
        return self.project.schedule(self.project.status)

    @cached_property
    def stated(self) -> dict[str, Fraction | None]:
        return self.project.stated(self.project.status)

    @cached_property
    def amounts(self) -> dict[str, Decimal | None]:
        """The amounts stated, and the estimate by the cost so far, to the cent."""
        amounts = self.stated | {"eac_cpi": self.indices["eac_cpi"].value}
        return {name: cents(amount) for name, amount in amounts.items()}

    @property
    def date(self) -> dt.date:
        """The status date."""
        return self._day(self.project.status)

    @property
    def done(self) -> bool:
        """Whether all that was planned is earned."""
        return bool(self.stated["bac"]) and self.stated["ev"] == self.stated["bac"]

    @property
    def schedule_date(self) -> dt.date:
        """The day that the schedule is read on: the status date, or the one on which it ended."""
        ended = self.project.done_on if self.done else None
        return self.date if ended is None else ended.date()

    @property
    def earned_until(self) -> dt.date:
        """The last date on which an earned value is stated."""
        return self._day(self.project.rows["ev"].last_valid_index())

    @cached_property
    def times(self) -> dict[str, Fraction]:
        """The times from the start of the plan: spent (at), earned (es), planned (pd)."""
        calendar = self.project.calendar
        assert calendar is not None
        times = {name: self.schedule[name].value or Fraction(0) for name in ("es", "pd")}
        return times | {"at": Fraction(calendar.time(pd.Timestamp(self.schedule_date)))}

    @property
    def end(self) -> dt.date | None:
        """The day on which the work ends at the pace so far."""
        calendar, time = self.project.calendar, self.schedule["ieac_t"].value
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
