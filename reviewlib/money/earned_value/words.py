"""The words for the indices of earned value: their names, their formulas, why one is undefined."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import pandas as pd

from reviewlib.amounts import to_the_cent
from reviewlib.money.earned_value import metrics
from reviewlib.money.earned_value.metrics import METHODS, MONTHS, Index, Project
from reviewlib.pages.wording import N_
from reviewlib.report.values import Unit
from reviewlib.review import Review

CHAPTER = "earned_value"

FORMULAS = {
    "cpi": "BAC / CPI",
    "remaining": "AC + BAC − EV",
    "cpi_spi": "AC + (BAC − EV) / (CPI · SPI)",
    "bottom_up": "AC + ETC",
}
ASSUMED = {
    "cpi": N_("what is left costs as much for its worth as what is done"),
    "remaining": N_("what is left costs what it was planned to"),
    "cpi_spi": N_("the delay makes what is left cost more, too"),
    "bottom_up": N_("what is left was estimated anew"),
}
AMOUNTS = {
    "pv": N_("Planned value (PV)"),
    "ev": N_("Earned value (EV)"),
    "ac": N_("Actual cost (AC)"),
    "bac": N_("Budget at completion (BAC), the last planned value"),
}
INDICES: dict[str, tuple[str, Unit, str]] = {
    "sv": (N_("Schedule variance (SV)"), Unit.MONEY, "EV − PV = {ev} − {pv}"),
    "cv": (N_("Cost variance (CV)"), Unit.MONEY, "EV − AC = {ev} − {ac}"),
    "spi": (N_("Schedule performance index (SPI)"), Unit.INDEX, "EV / PV = {ev} / {pv}"),
    "cpi": (N_("Cost performance index (CPI)"), Unit.INDEX, "EV / AC = {ev} / {ac}"),
    "eac_cpi": (
        N_("Estimate at completion (EAC), at the cost performance so far"),
        Unit.MONEY,
        "BAC / CPI = {bac} × {ac} / {ev}",
    ),
    "eac_remaining": (
        N_("Estimate at completion (EAC), the rest at its planned cost"),
        Unit.MONEY,
        "AC + BAC − EV = {ac} + {bac} − {ev}",
    ),
    "eac_cpi_spi": (
        N_("Estimate at completion (EAC), at the cost and schedule performance so far"),
        Unit.MONEY,
        "AC + (BAC − EV) / (CPI · SPI) = {ac} + ({bac} − {ev}) × {ac} × {pv} / ({ev} × {ev})",
    ),
    "eac_bottom_up": (
        N_("Estimate at completion (EAC), from the bottom up"),
        Unit.MONEY,
        "AC + ETC = {ac} + {etc}",
    ),
    "vac_cpi": (
        N_("Variance at completion (VAC), with EAC = BAC / CPI"),
        Unit.MONEY,
        "BAC − EAC = {bac} − {eac_cpi}",
    ),
    "tcpi_bac": (
        N_("Performance needed to end within the budget (TCPI to BAC)"),
        Unit.INDEX,
        "(BAC − EV) / (BAC − AC) = ({bac} − {ev}) / ({bac} − {ac})",
    ),
    "tcpi_cpi": (
        N_("Performance needed to end within the estimate (TCPI to EAC = BAC / CPI)"),
        Unit.INDEX,
        "(BAC − EV) / (EAC − AC) = ({bac} − {ev}) / ({eac_cpi} − {ac})",
    ),
}
SCHEDULE: dict[str, tuple[dict[str, str], str]] = {
    "es": (
        {"months": N_("Earned schedule (ES), months"), "days": N_("Earned schedule (ES), days")},
        "",
    ),
    "sv_t": (
        {
            "months": N_("Schedule variance in time, SV(t), months"),
            "days": N_("Schedule variance in time, SV(t), days"),
        },
        "ES − AT = {es} − {at}",
    ),
    "spi_t": (
        dict.fromkeys(("months", "days"), N_("Schedule performance in time, SPI(t)")),
        "ES / AT = {es} / {at}",
    ),
    "ieac_t": (
        {
            "months": N_("Estimated duration, IEAC(t), months"),
            "days": N_("Estimated duration, IEAC(t), days"),
        },
        "PD / SPI(t) = {pd} × {at} / {es}",
    ),
    "tspi": (
        dict.fromkeys(
            ("months", "days"), N_("Performance needed to end on the planned day (TSPI)")
        ),
        "(PD − ES) / (PD − AT) = ({pd} − {es}) / ({pd} − {at})",
    ),
}
WHY = {
    metrics.NO_PV: N_("no planned value is stated on that date"),
    metrics.NO_EV: N_("no earned value is stated on that date"),
    metrics.NO_AC: N_("no actual cost is stated on that date"),
    metrics.NO_BAC: N_("no planned value is stated, hence no budget at completion"),
    metrics.NO_ETC: N_("no estimate to complete is stated on that date"),
    metrics.ZERO_PV: N_("the planned value is 0: nothing was to be done by then"),
    metrics.ZERO_EV: N_("the earned value is 0"),
    metrics.ZERO_AC: N_("the actual cost is 0: nothing was spent by then"),
    metrics.OVER_BAC: N_(
        "the earned value is above the budget at completion: one of the two is wrong"
    ),
    metrics.SPENT: N_("the actual cost has reached the budget at completion: none of it is left"),
    metrics.NOTHING_LEFT: N_("that estimate leaves nothing to spend"),
    metrics.NO_PLAN: N_("no planned value above 0 is stated"),
    metrics.PLAN_FALLS: N_("the planned value falls from one date to the next"),
    metrics.NO_START: N_("the dates are not evenly spaced, and the start of the plan is not known"),
    metrics.AT_START: N_("the status date is the start of the plan"),
    metrics.BEFORE_START: N_("the status date is before the start of the plan"),
    metrics.ZERO_ES: N_("the earned schedule is 0"),
    metrics.PLAN_OVER: N_("the planned end is reached: no planned time is left"),
}
STARTS = {
    metrics.FROM_ZERO: N_("counted from {date}, the date planned to be worth nothing"),
    metrics.ONE_BEFORE: N_("counted from {date}, one period before the first date"),
    metrics.GIVEN: N_("counted from {date}, the first day of the contract"),
}


@dataclass(frozen=True)
class Told:
    """A project on its status date, with the words for it."""

    review: Review
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

    @property
    def name(self) -> str:
        return self.project.name

    @property
    def on(self) -> pd.Timestamp:
        """The status date."""
        return self.project.rows["date"].iloc[self.project.status]

    @property
    def done(self) -> bool:
        """Whether all that was planned is earned."""
        return bool(self.stated["bac"]) and self.stated["ev"] == self.stated["bac"]

    @property
    def at(self) -> pd.Timestamp:
        """The day that the schedule is read on: the status date, or the one on which it ended."""
        ended = self.project.done_on if self.done else None
        return self.on if ended is None else ended

    @cached_property
    def estimates(self) -> dict[str, Fraction]:
        """The estimates at completion that are defined, by their method."""
        found = {method: self.indices[f"eac_{method}"].value for method in METHODS}
        return {method: eac for method, eac in found.items() if eac is not None}

    def id(self, name: str) -> str:
        return ".".join(part for part in (CHAPTER, self.name, name) if part)

    def named(self, words: str) -> str:
        """Return words after the name of the project, where it has one."""
        return f"{self.name} · {words}" if self.name and words else words

    def why(self, index: Index) -> str:
        """Return why an index has no value: what is not stated, or what leaves it undefined."""
        _, reason = self.review.wording.gettext, self.review.wording.gettext(WHY[index.why])
        if index.why in metrics.NOT_STATED:
            return reason
        return _("it is undefined ({reason})").format(reason=reason)

    def money(self, amount: Fraction | None) -> str:
        return self.review.wording.money(cents(amount))

    def span(self, time: Fraction) -> str:
        """Return a length of time in the unit of the plan: 0.875 months, 12 days."""
        w = self.review.wording
        assert self.project.calendar is not None
        if self.project.calendar.unit != MONTHS:
            return w.days(float(time))
        singular = abs(time) < 2 if w.language == "fr" else abs(time) == 1
        unit = w.ngettext("month", "months", 1 if singular else 2)
        return f"{w.number(float(time), 3)} {unit}"


def cents(amount: Fraction | None) -> float | None:
    """Return an amount to the cent, as a fact or a cell holds it."""
    return None if amount is None else float(to_the_cent(amount))
