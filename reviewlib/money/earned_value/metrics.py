"""Earned value: what work was worth against its cost, and against the plan's calendar (D1)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import ceil
from operator import itemgetter

import numpy as np
import pandas as pd

from reviewlib.amounts import exact
from reviewlib.calendars.service_hours import LAST_YEAR

Rational = Fraction | int
Amount = Decimal | Rational

NO_PV, NO_EV, NO_AC, NO_BAC, NO_ETC = "no_pv", "no_ev", "no_ac", "no_bac", "no_etc"
ZERO_PV, ZERO_EV, ZERO_AC = "zero_pv", "zero_ev", "zero_ac"
OVER_BAC, SPENT, NOTHING_LEFT = "over_bac", "spent", "nothing_left"
NO_PLAN, PLAN_FALLS, NO_START = "no_plan", "plan_falls", "no_start"
AT_START, BEFORE_START = "at_start", "before_start"
ZERO_ES, PLAN_OVER, COST_FALLS = "zero_es", "plan_over", "cost_falls"
NOT_STATED = (NO_PV, NO_EV, NO_AC, NO_BAC, NO_ETC, NO_PLAN, NO_START)
METHODS = ("cpi", "remaining", "cpi_spi", "bottom_up")
"""Estimates at completion: BAC / CPI; AC + BAC − EV; AC + (BAC − EV) / (CPI · SPI); AC + ETC."""
AMOUNTS = (
    "pv", "ev", "ac", "bac", "etc", "sv", "cv",
    *(f"{kind}_{method}" for kind in ("eac", "vac") for method in METHODS),
)  # fmt: skip
"""The indices that are amounts of money; the others are ratios, or times."""
SCHEDULE = ("es", "pd", "sv_t", "spi_t", "ieac_t", "tspi")
MONTHS, DAYS = "months", "days"
FROM_ZERO, ONE_BEFORE, GIVEN = "from_zero", "one_before", "given"
VALUES = {
    "pv": "planned_value", "ev": "earned_value", "ac": "actual_cost", "etc": "estimate_to_complete",
}  # fmt: skip
COLUMNS = ("date", *VALUES)
"""The columns of the rows of a project: a date, and amounts as fractions (None: not stated)."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index, exact; where it is undefined, ``why``: one of the reasons named above."""

    value: Fraction | None = None
    why: str = ""

    def __float__(self) -> float:
        return float("nan") if self.value is None else float(self.value)


_Stated = Mapping[str, Fraction]
_GUARDS: dict[str, Callable[[_Stated], bool]] = {
    OVER_BAC: lambda k: k["ev"] > k["bac"],
    ZERO_PV: lambda k: k["pv"] == 0,
    ZERO_AC: lambda k: k["ac"] == 0,
    ZERO_EV: lambda k: k["ev"] == 0,
    SPENT: lambda k: k["ac"] >= k["bac"],
    NOTHING_LEFT: lambda k: k["eac"] <= k["ac"],
}
MISSING = {"pv": NO_PV, "ev": NO_EV, "ac": NO_AC, "bac": NO_BAC, "etc": NO_ETC}
_Rule = tuple[tuple[str, ...], tuple[str, ...], Callable[[_Stated], Fraction]]
_RULES: dict[str, _Rule] = {
    **{name: ((name,), (), itemgetter(name)) for name in MISSING},
    "sv": (("ev", "pv"), (), lambda k: k["ev"] - k["pv"]),
    "cv": (("ev", "ac"), (), lambda k: k["ev"] - k["ac"]),
    "spi": (("ev", "pv"), (ZERO_PV,), lambda k: k["ev"] / k["pv"]),
    "cpi": (("ev", "ac"), (ZERO_AC,), lambda k: k["ev"] / k["ac"]),
    "eac_cpi": (
        ("bac", "ev", "ac"),
        (OVER_BAC, ZERO_AC, ZERO_EV),
        lambda k: k["bac"] * k["ac"] / k["ev"],
    ),
    "eac_remaining": (("ac", "bac", "ev"), (OVER_BAC,), lambda k: k["ac"] + k["bac"] - k["ev"]),
    "eac_cpi_spi": (
        ("ac", "bac", "ev", "pv"),
        (OVER_BAC, ZERO_PV, ZERO_AC, ZERO_EV),
        lambda k: k["ac"] + (k["bac"] - k["ev"]) * k["ac"] * k["pv"] / k["ev"] ** 2,
    ),
    "eac_bottom_up": (("ac", "etc"), (), lambda k: k["ac"] + k["etc"]),
    "tcpi_bac": (
        ("bac", "ev", "ac"),
        (OVER_BAC, SPENT),
        lambda k: (k["bac"] - k["ev"]) / (k["bac"] - k["ac"]),
    ),
}
_OF_AN_ESTIMATE: dict[str, _Rule] = {
    "vac": (("bac", "eac"), (), lambda k: k["bac"] - k["eac"]),
    "tcpi": (
        ("bac", "ev", "ac", "eac"),
        (OVER_BAC, NOTHING_LEFT),
        lambda k: (k["bac"] - k["ev"]) / (k["eac"] - k["ac"]),
    ),
}


def indices(
    pv: Amount | None,
    ev: Amount | None,
    ac: Amount | None,
    bac: Amount | None,
    etc: Amount | None = None,
) -> dict[str, Index]:
    """Return the indices of a status, exact, each with its reason where it is undefined.

    Names: pv, ev, ac, bac, etc, sv, cv, spi, cpi, tcpi_bac, and for each of ``METHODS`` eac_…, its
    vac_… and its tcpi_….
    An earned value above the budget at completion leaves the estimates that rest on it undefined.
    """
    given = {"pv": pv, "ev": ev, "ac": ac, "bac": bac, "etc": etc}
    stated = {name: Fraction(amount) for name, amount in given.items() if amount is not None}
    by_name = {name: _index(rule, stated) for name, rule in _RULES.items()}
    for method in METHODS:
        eac = by_name[f"eac_{method}"]
        with_eac = stated if eac.value is None else {**stated, "eac": eac.value}
        for name, rule in _OF_AN_ESTIMATE.items():
            by_name[f"{name}_{method}"] = _index(rule, with_eac, eac.why)
    return by_name


def _index(rule: _Rule, stated: _Stated, without_eac: str = "") -> Index:
    needs, guards, formula = rule
    for name in needs:
        if name not in stated:
            return Index(why=MISSING.get(name, without_eac))
    for guard in guards:
        if _GUARDS[guard](stated):
            return Index(why=guard)
    return Index(formula(stated))


@dataclass(frozen=True)
class Plan:
    """When each planned value is planned to be earned: times from the start of the plan (0, 0)."""

    times: tuple[Rational, ...]
    values: tuple[Rational, ...]

    @cached_property
    def fault(self) -> str:
        """Why nothing has a place in the plan; nothing where it has one."""
        if len(self.values) < 2 or self.values[-1] <= 0:
            return NO_PLAN
        falls = any(later < earlier for earlier, later in pairwise(self.values))
        return PLAN_FALLS if falls else ""

    @cached_property
    def duration(self) -> Fraction:
        """The time at which the plan first reaches its last value."""
        return Fraction(self.times[bisect_left(self.values, self.values[-1])])

    def segment(self, ev: Fraction) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """Return C, the planned values then and at the next point, and the time between them.

        Of a flat part of the plan, C is the last point.
        """
        c = max(bisect_right(self.values, ev) - 1, 0)
        (start, end), (low, high) = self.times[c : c + 2], self.values[c : c + 2]
        return Fraction(start), Fraction(low), Fraction(high), Fraction(end - start)

    def time_of(self, ev: Fraction) -> Fraction:
        """Return when the plan had a value: C + I."""
        if ev >= self.values[-1]:
            return self.duration
        c, low, high, length = self.segment(ev)
        return c + (ev - low) / (high - low) * length


def earned_schedule(plan: Plan, ev: Amount | None, at: Rational) -> dict[str, Index]:
    """Return the earned schedule of a status at a time, in the unit of the plan's times.

    Names: es, the time by which the plan had what is earned; pd, the planned duration; sv_t,
    spi_t, ieac_t and tspi.
    """
    why = plan.fault or (NO_EV if ev is None else OVER_BAC if ev > plan.values[-1] else "")
    why = why or (BEFORE_START if at < 0 else "")
    if ev is None or why:
        return dict.fromkeys(SCHEDULE, Index(why=why))
    now, es = Fraction(at), plan.time_of(Fraction(ev))
    left = plan.duration - now
    spi_t = Index(es / now) if now > 0 else Index(why=AT_START)
    ieac_t = Index(plan.duration / spi_t.value) if spi_t.value else Index(why=spi_t.why or ZERO_ES)
    return {
        "es": Index(es),
        "pd": Index(plan.duration),
        "sv_t": Index(es - now),
        "spi_t": spi_t,
        "ieac_t": ieac_t,
        "tspi": Index((plan.duration - es) / left) if left > 0 else Index(why=PLAN_OVER),
    }


@dataclass(frozen=True)
class PlanCalendar:
    """How the dates of a plan are counted: ``unit``, the day of its start, and what that rests on.

    ``ends``: its months are counted from month end to month end.
    """

    unit: str
    start: pd.Timestamp
    basis: str
    ends: bool = False

    def time(self, day: pd.Timestamp) -> int:
        """Return when one of the dates of the plan is, from its start."""
        if self.unit == DAYS:
            return int((day - self.start).days)
        return int((day.year - self.start.year) * 12 + day.month - self.start.month)

    def day(self, time: Fraction) -> pd.Timestamp:
        """Return the day in which a time falls; a part of a month is that part of its days.

        NaT after the last year that a clock knows.
        """
        years = time / (366 if self.unit == DAYS else 12)
        if years > LAST_YEAR - self.start.year:
            return pd.NaT
        if self.unit == DAYS:
            return self.start + pd.Timedelta(days=ceil(time))
        whole, part = divmod(time, 1)
        first, then = self.after(int(whole)), self.after(int(whole) + 1)
        return first + pd.Timedelta(days=ceil(part * (then - first).days))

    def after(self, months: int) -> pd.Timestamp:
        """Return the day some months after the start."""
        moved = self.start + pd.DateOffset(months=months)
        return moved + pd.offsets.MonthEnd(0) if self.ends else moved


def calendar(
    days: pd.DatetimeIndex, zero: bool, given: pd.Timestamp | None = None
) -> PlanCalendar | None:
    """Return how some dates, in order, are counted; None where the plan has no start.

    In months where all dates are month ends, or one day of the month; else in elapsed days. The
    plan starts on its first date where that is planned to be worth nothing (``zero``), else one
    period (the shortest) before it where dates are months or evenly spaced, else on a given day.
    """
    ends = len(days) > 1 and bool(days.is_month_end.all())
    monthly = ends or (len(days) > 1 and days.day.nunique() == 1)
    counted = PlanCalendar(MONTHS if monthly else DAYS, days[0], FROM_ZERO, ends)
    if zero:
        return counted
    steps = {later - earlier for earlier, later in pairwise(map(counted.time, days))}
    if monthly:
        return replace(counted, start=counted.after(-min(steps)), basis=ONE_BEFORE)
    if len(steps) == 1:
        start = days[0] - pd.Timedelta(days=steps.pop())
        return replace(counted, start=start, basis=ONE_BEFORE)
    if given is not None and given < days[0]:
        return replace(counted, start=given, basis=GIVEN)
    return None


@dataclass(frozen=True)
class Project:
    """A project by its status dates; ``rows``: of ``COLUMNS``.

    ``status``: the row of the last date by which both what is earned and what is spent is known;
    where no cost is stated, the last that says what is earned; -1: none does.
    """

    name: str
    rows: pd.DataFrame
    status: int
    calendar: PlanCalendar | None

    @cached_property
    def bac(self) -> Fraction | None:
        """The budget at completion: the last planned value."""
        planned = [value for value in self.rows["pv"] if value is not None]
        return planned[-1] if planned else None

    @cached_property
    def plan(self) -> Plan:
        """The planned values by their time; without any where the plan has no start."""
        if self.calendar is None:
            return Plan((), ())
        planned = self.rows[self.rows["pv"].notna()]
        points = [
            (self.calendar.time(day), pv)
            for day, pv in zip(planned["date"], planned["pv"], strict=True)
        ]
        if self.calendar.basis != FROM_ZERO:
            points.insert(0, (0, Fraction(0)))
        times, values = zip(*points, strict=True)
        return Plan(times, values)

    @cached_property
    def done_on(self) -> pd.Timestamp | None:
        """The first date on which all that is planned was earned; None where it is not."""
        done = [self._done(ev) for ev in self.rows["ev"]]
        return self.rows["date"].iloc[done.index(True)] if any(done) else None

    def _done(self, ev: Fraction | None) -> bool:
        return ev is not None and self.bac is not None and ev >= self.bac

    @property
    def reported(self) -> list[int]:
        """The rows of the dates on which something earned or spent is stated."""
        rows: list[int] = np.flatnonzero(self.rows[["ev", "ac"]].notna().any(axis=1)).tolist()
        return rows

    def indices(self, row: int) -> dict[str, Index]:
        """Return the indices on one of its dates."""
        return indices(**self.stated(row))

    def stated(self, row: int) -> dict[str, Fraction | None]:
        """Return pv, ev, ac, bac and etc on one of its dates; after the plan's end, PV is BAC."""
        amounts = {name: self.rows[name].iloc[row] for name in VALUES}
        if amounts["pv"] is None and self.rows["pv"].iloc[row:].isna().all():
            amounts["pv"] = self.bac
        return amounts | {"bac": self.bac}

    def schedule(self, row: int) -> dict[str, Index]:
        """Return the earned schedule on one of its dates, or on the day on which it was done."""
        day, ev = self.rows["date"].iloc[row], self.rows["ev"].iloc[row]
        if self.calendar is None:
            return dict.fromkeys(SCHEDULE, Index(why=NO_START if self.bac else NO_PLAN))
        read_on = self.done_on if self._done(ev) else day
        return earned_schedule(self.plan, ev, self.calendar.time(read_on))

    def contradictions(self) -> dict[str, tuple[pd.Timestamp, ...]]:
        """Return the dates on which the plan or the cost falls, or more is earned than the BAC."""
        over = self.rows["ev"].map(lambda ev: ev is not None and ev > (self.bac or 0))
        above = self.rows.loc[over & (self.bac is not None), "date"]
        falls = {PLAN_FALLS: tuple(self._falls("pv")), COST_FALLS: tuple(self._falls("ac"))}
        return falls | {OVER_BAC: tuple(above)}

    def _falls(self, name: str) -> Iterator[pd.Timestamp]:
        stated = self.rows[self.rows[name].notna()]
        pairs = pairwise(zip(stated["date"], stated[name], strict=True))
        return (later for (_, before), (later, after) in pairs if after < before)


def projects(
    table: pd.DataFrame, today: pd.Timestamp, start: pd.Timestamp | None = None
) -> list[Project]:
    """Return the projects by name, as known on a day; ``start``: the day given to ``calendar``."""
    given = table.reindex(columns=["project", "status_date", *VALUES.values()])
    given = given.sort_values("status_date", kind="stable")
    given["project"] = given["project"].astype("object").where(given["project"].notna(), "")
    return [_project(str(name), rows, today, start) for name, rows in given.groupby("project")]


def _project(
    name: str, given: pd.DataFrame, today: pd.Timestamp, start: pd.Timestamp | None
) -> Project:
    rows = pd.DataFrame({"date": given["status_date"].to_numpy()})
    for short, column in VALUES.items():
        amounts = (None if a is None else Fraction(a) for a in exact(given[column]))
        rows[short] = pd.Series(list(amounts), index=rows.index, dtype="object")
    later = rows["date"] > today
    for short in ("ev", "ac", "etc"):
        rows[short] = rows[short].mask(later, None)
    rows = rows[[*COLUMNS]]
    planned = rows[rows["pv"].notna().cummax()]
    begun = pd.DatetimeIndex(planned["date"])
    zero = bool(len(planned) and planned["pv"].iloc[0] == 0)
    return Project(name, rows, _status(rows), calendar(begun, zero, start) if len(begun) else None)


def _status(rows: pd.DataFrame) -> int:
    earned = rows["ev"].notna()
    both = earned & rows["ac"].notna()
    chosen = np.flatnonzero(both if both.any() else earned)
    return int(chosen[-1]) if len(chosen) else -1


def together(several: Sequence[Project]) -> dict[str, Fraction] | None:
    """Return the sums of pv, ev, ac and bac over projects of one status date; None if not so.

    Sums of different days, or of projects that do not state all four, mean nothing.
    """
    if len({project.rows["date"].iloc[project.status] for project in several}) != 1:
        return None
    sums = dict.fromkeys(("pv", "ev", "ac", "bac"), Fraction(0))
    for project in several:
        stated = project.stated(project.status)
        for name in sums:
            amount = stated[name]
            if amount is None:
                return None
            sums[name] += amount
    return sums
