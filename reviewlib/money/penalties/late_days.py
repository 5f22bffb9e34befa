"""The days on which milestones and deliverables are late, held to the rules on delays (A7, D4)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from reviewlib.amounts import ZERO
from reviewlib.calendars.day_counts import WEEKS, is_counted, started
from reviewlib.contract.penalties import Delay
from reviewlib.delivery.delays.metrics import DELIVERABLE, MILESTONE
from reviewlib.delivery.deliverables.excused import DECISION, WAITING
from reviewlib.delivery.lateness import AWAITING, RUNNING
from reviewlib.delivery.left_out import UNKNOWN, by_cause
from reviewlib.delivery.terms import versions_on
from reviewlib.money.penalties.allocation import Award, Candidate, PenalisedFact, Stake
from reviewlib.money.penalties.claim import (
    AFTER_END,
    BEFORE_NOTICE,
    BORNE,
    CONTESTED,
    COUNTED,
    GRACE,
    NOT_COUNTED,
    RAMP_UP,
    SENSITIVE,
    SUSPENDED,
    YIELDED,
    Claim,
    Facts,
    Formula,
    Gap,
    title_of,
)
from reviewlib.money.penalties.stated_rule import ONE_DAY, StatedRule, spared


@dataclass(frozen=True, slots=True, kw_only=True)
class LateDays(Candidate):
    """A delay under a rule: each day that its subject is late is a fact of one unit.

    ``shares``: whose doing each day is, as the stakes stand. ``base``, ``rate``: what a day or week
    costs. ``since``: the date that counts. ``reached``: the day of the milestone that it needs;
    None where it did not wait for one. ``stopped``: as a claim has it.
    """

    below: ClassVar[str] = GRACE

    terms: Delay
    base: Decimal
    rate: Fraction
    since: pd.Timestamp
    shares: tuple[str, ...]
    reached: dt.date | None
    title: str
    stopped: bool

    @property
    def label(self) -> str:
        """Where it counts its days: the rule and the subject."""
        return f"{self.rule} · {self.subject}"

    def claims(self, low: Award, high: Award) -> Iterator[Claim]:
        """Yield what is due of the delay; of one of which no day counts too, as a line of zero."""
        counted = [self._counted(award) for award in (low, high)]
        least, most = (len(days) for days in counted)
        reasons = map(_of_both_sides, low.reasons, high.reasons)
        yield dataclasses.replace(
            self.claim((low, high), self._formula(least), self._formula(most)),
            left_out=tuple(self._left_out(Counter(reasons), least, most)),
            since=self.since,
            counted=tuple(Counter(share for share, _ in counted[0]).items()),
            without=dict(self._without(*counted)),
            waited=self._waited([day for _, day in counted[0]]),
            title=self.title,
            stopped=self.stopped,
        )

    def _counted(self, award: Award) -> list[tuple[str, Any]]:
        """Return the days that count on a side, each with whose doing it was."""
        cells = zip(self.shares, self.stakes, award.reasons, strict=True)
        return [(share, stake.fact.when) for share, stake, reason in cells if reason == COUNTED]

    def _due(self, days: int) -> int:
        """Return the days that are due of those that count: beyond the grace."""
        if days <= self.free:
            return 0
        return days if self.terms.grace_counts else days - self.free

    def _formula(self, counted: int) -> Formula:
        """Return what so many days that count make due."""
        days = self._due(counted)
        week = WEEKS[self.terms.days].count("1")  # five working days are a week
        units = started(days, week) if self.terms.per == "week" else days
        return Formula(self.base, self.rate, units, self.terms.per)

    def _without(
        self, *counted: list[tuple[str, Any]]
    ) -> Iterator[tuple[str, tuple[Formula, Formula]]]:
        """Yield what would be due on both sides if the days of a class did not count."""
        for cause, classes in BORNE.items():
            left = [sum(share not in classes for share, _ in days) for days in counted]
            if left != [len(days) for days in counted]:
                yield cause, (self._formula(left[0]), self._formula(left[1]))

    def _left_out(self, numbers: Counter[str], least: int, most: int) -> Iterator[tuple[str, int]]:
        """Yield what was taken out of the days, by reason: with those due they are all of them.

        ``least``, ``most``: the days that count on the low and the high side. Those that count on
        one side only stand last.
        """
        one_side = (CONTESTED, UNKNOWN, YIELDED)
        yield from ((r, n) for r, n in numbers.items() if r not in (COUNTED, *one_side))
        if most > self._due(most):
            yield GRACE, most - self._due(most)
        due = {YIELDED: self._due(least)}
        yield from ((r, numbers[r]) for r in one_side if numbers[r] and due.get(r, self._due(most)))

    def _waited(self, days: list[Any]) -> tuple[str, int]:
        """Return the milestone that a deliverable needs, and the days before it was reached."""
        if self.reached is None:
            return "", 0
        return self.needs, sum(day <= self.reached for day in days)


def _of_both_sides(low: str, high: str) -> str:
    """Return why a day does not count on a side, of the reasons on both."""
    if low == high:
        return low
    if not low:
        return YIELDED
    if not high:
        return low if low in (CONTESTED, UNKNOWN) else CONTESTED
    return high


# -------------------------------------------------------------------------------- candidates


def milestone_delays(rule: StatedRule, facts: Facts) -> Iterator[LateDays | Gap]:
    """Yield each delay of a milestone that falls under a rule, and what the tables lack."""
    return _delays(rule, facts, MILESTONE)


def deliverable_delays(rule: StatedRule, facts: Facts) -> Iterator[LateDays | Gap]:
    """Yield each delay of a deliverable that falls under a rule, and what the tables lack."""
    return _delays(rule, facts, DELIVERABLE)


def _delays(rule: StatedRule, facts: Facts, kind: str) -> Iterator[LateDays | Gap]:
    wordings = [terms for _, terms in rule.wordings(Delay)]
    named = dict.fromkeys(name for terms in wordings for name in _named(terms, kind))
    recorded = {name for of, name in facts.subjects or () if of == kind}
    unknown = {name: word for (of, name), word in facts.unknown.items() if of == kind}
    if named and not recorded and unknown.keys() <= {""}:
        yield Gap(rule.name, unknown.get("", f"no_{kind}s"))
        return
    for name in named:
        if name not in recorded:
            yield Gap(rule.name, unknown.get(name, "no_subject"), name)
    order = {name: place for place, name in enumerate(named) if name in recorded}
    bases = dict.fromkeys(terms.against for terms in wordings if order)
    delays = (delay for against in bases for delay in _against(rule, facts, kind, against))
    recorded_delays = (delay for delay in delays if delay.subject in order)
    yield from sorted(recorded_delays, key=lambda delay: order[delay.subject])


def _named(terms: Delay, kind: str) -> tuple[str, ...]:
    return terms.milestones if kind == MILESTONE else terms.deliverables


def _against(rule: StatedRule, facts: Facts, kind: str, against: str) -> Iterator[LateDays]:
    """Yield the delays against a date (in_force, contract) that fall under a wording of a rule.

    The wording in force on the first day late holds for the whole delay.
    """
    delays = facts.delays[against]
    late = delays.late[delays.late["kind"] == kind]
    versions = versions_on(rule.contract, late["after"] + ONE_DAY)
    for stated, terms in rule.wordings(Delay):
        rows = late[versions.isin(stated) & late["subject"].isin(_named(terms, kind))]
        if terms.against == against and len(rows):
            days = delays.days[delays.days["kind"] == kind]
            of_rows = days[days["subject"].isin(rows["subject"])]
            yield from _under(rule, terms, rows, of_rows, facts.today)


def _under(
    rule: StatedRule, terms: Delay, late: pd.DataFrame, days: pd.DataFrame, today: pd.Timestamp
) -> Iterator[LateDays]:
    """Yield the delays under one wording. ``days``: of all of them, as ``Delays.days`` has them."""
    closed = today >= _end(rule) and terms.after_end == "excluded"  # no later day counts
    reasons = _reasons(rule, terms, late, days).tolist()
    dates = days["day"].to_numpy("datetime64[D]").tolist()
    cells = zip(days["kind"], days["subject"], dates, reasons, strict=True)
    stakes = [
        _stake(PenalisedFact(kind, subject, day), reason) for kind, subject, day, reason in cells
    ]
    shares = days["share"].tolist()
    places = days.groupby("subject", sort=False).indices
    prices = [rule.contract.versions[n].price for n in versions_on(rule.contract, late["after"])]
    for row, price in zip(late.itertuples(), prices, strict=True):
        goes_on = row.ended in (AWAITING, RUNNING)
        base, rate = _unit_price(terms, row.subject, price.total if price else ZERO)
        yield LateDays(
            kind=row.kind,
            rule=rule.name,
            terms=terms,
            subject=row.subject,
            on=row.last,
            stakes=tuple(stakes[place] for place in places[row.subject]),
            free=terms.grace,
            needs="" if _reached(row) is None else str(row.needs),
            provisional=goes_on and not closed,
            stopped=goes_on and closed,
            wanting=rule.wanting(terms, row.subject),
            base=base,
            rate=rate,
            since=row.after,
            shares=tuple(shares[place] for place in places[row.subject]),
            reached=_reached(row),
            title=title_of(row),
        )


def _stake(fact: PenalisedFact, reason: str) -> Stake:
    """Return a day: it counts, on the high side only, or not at all."""
    return Stake(fact, int(reason == COUNTED), int(reason in (COUNTED, CONTESTED, UNKNOWN)), reason)


def _unit_price(terms: Delay, subject: str, price: Decimal) -> tuple[Decimal, Fraction]:
    """Return the base and the rate of a day or week; the price where no base is stated."""
    if terms.rate is None:
        return terms.amount or ZERO, Fraction(1)
    base = terms.base_of(subject)
    return price if base is None else base, terms.rate


def _reached(row: Any) -> dt.date | None:
    """Return the day of the milestone that a late deliverable waited for; None where it did not."""
    if pd.isna(row.needs) or pd.isna(row.before):
        return None
    reached: dt.date = (row.after + pd.Timedelta(days=int(row.before))).date()
    return reached


# ------------------------------------------------------------------------------------ reasons


def _reasons(rule: StatedRule, terms: Delay, late: pd.DataFrame, days: pd.DataFrame) -> np.ndarray:
    """Return for each day late why a rule does not count it, "" where it does; the first holds."""
    day, share = days["day"], days["share"]
    last = days["subject"].map(late.set_index("subject")["last"])
    exempt = spared(terms, rule.contract, day)
    cases = [
        (~is_counted(day, last, terms.days, rule.contract.days_off), NOT_COUNTED),
        (share == "suspended", SUSPENDED),
        (share.isin([DECISION, WAITING]), share),
        (_after_end(rule, terms, day), AFTER_END),
        (exempt == RAMP_UP, RAMP_UP),
        (exempt == SENSITIVE, SENSITIVE),
        (_before_notice(rule, terms, days), BEFORE_NOTICE),
    ]
    reasons = [word for _, word in cases]
    return np.select([np.asarray(case) for case, _ in cases], reasons, by_cause(days, terms))


def _after_end(rule: StatedRule, terms: Delay, day: pd.Series) -> pd.Series:
    """Tell which days lie after the last day of the contract, where the rule leaves them out."""
    return (day > _end(rule)) & (terms.after_end == "excluded")


def _end(rule: StatedRule) -> pd.Timestamp:
    return pd.Timestamp(rule.contract.period.last)


def _before_notice(rule: StatedRule, terms: Delay, days: pd.DataFrame) -> np.ndarray:
    """Tell which days lie before the notice from which a rule counts, that day included."""
    if not terms.from_notice:
        return np.zeros(len(days), dtype=bool)
    served = {subject: rule.served(subject) for subject in days["subject"].unique()}
    until = days["subject"].map(served).astype("datetime64[s]")
    return np.asarray(days["day"] <= until)
