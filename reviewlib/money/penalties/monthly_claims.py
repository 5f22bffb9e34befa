"""The months of service levels and availability, held to the rules on points and tiers (A7, D5)."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any, ClassVar, Generic, TypeVar

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.penalties import Points, Tiers
from reviewlib.delivery.terms import versions_on
from reviewlib.money.penalties.allocation import (
    POINTS,
    TIERS,
    Award,
    Candidate,
    PenalisedFact,
    Stake,
)
from reviewlib.money.penalties.claim import ALREADY, Claim, Facts, Formula, Gap, Miss
from reviewlib.money.penalties.stated_rule import StatedRule, spared

OTHER = {"provider": "client", "client": "provider"}
R = TypeVar("R", Points, Tiers)
Shares = tuple[Fraction, Fraction]


# --------------------------------------------------------------------------------------- points


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfPoints(Candidate):
    """A month under a rule of points: each miss is a fact, and its points are its units.

    ``least``, ``most``: what missed its threshold, open tickets being in time, or late.
    """

    terms: Points
    least: tuple[Miss, ...]
    most: tuple[Miss, ...]

    def claims(self, award: Award) -> Iterator[Claim]:
        """Yield what is due of the month: nothing where its points are all free."""
        left = [s.fact for s, place in zip(self.stakes, award.elsewhere, strict=True) if not place]
        low, high = (self._points(misses, left) for misses in (self.least, self.most))
        counted_elsewhere = self._points(self.most, [s.fact for s in self.stakes]) > high
        if not high and not counted_elsewhere:
            return
        units = (0, 0) if self.spared else (low, high)
        sides = [Formula(self.terms.amount, Fraction(1), n, "point") for n in units]
        reason = self.spared or (ALREADY if counted_elsewhere else "")
        yield dataclasses.replace(
            self.claim(award, sides[0], sides[1]),
            left_out=((reason, 1),) if reason else (),
            misses=self.most,
            provisional=self.provisional or low != high,
        )

    def _points(self, misses: Iterable[Miss], facts: list[PenalisedFact]) -> int:
        """Return the points of those misses that are among some facts, beyond the free ones."""
        points = sum(miss.points for miss in misses if _fact(miss, self.month) in facts)
        return max(0, points - self.free)


def months_of_points(rule: StatedRule, facts: Facts) -> Iterator[MonthOfPoints | Gap]:
    """Yield each month in which something under a rule of points missed its threshold."""
    wordings = list(rule.wordings(Points))
    if not wordings:
        return
    if facts.compliance is None:
        yield Gap(rule.name, "no_tickets")
        return
    for months in _months(rule, wordings, facts.compliance, facts.today):
        tickets = _judged(rule.contract, months.rows).itertuples(index=False)
        for month, rows in groupby(tickets, key=lambda row: str(row.month)):
            counts = list(rows)
            least, most = (tuple(_misses(months.terms, counts, late)) for late in (False, True))
            if most:
                yield MonthOfPoints(
                    kind=POINTS,
                    stakes=_stakes(most, month),
                    free=months.terms.free,
                    least=least,
                    most=most,
                    **months.of(month),
                )


def _judged(contract: Contract, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the tickets that are held to a threshold and reach the minimum volume of the clause.

    Added column: n, of all tickets.
    """
    clauses = rows["clause"].unique()
    volumes = {name: max(1, contract.clause(name).minimum_volume) for name in clauses}
    n = rows["met"] + rows["breached"] + rows["open"]
    enough = n >= rows["clause"].map(volumes)
    return rows.assign(n=n)[rows["threshold"].notna() & enough]


def _misses(terms: Points, rows: Iterable[Any], late: bool) -> Iterator[Miss]:
    """Yield what missed its threshold in a month, its open tickets being late or in time."""
    for row in rows:
        met, n = int(row.met + (0 if late else row.open)), int(row.n)
        threshold = Fraction(str(row.threshold))
        short = threshold - Fraction(met, n)
        if short > 0:
            points = terms.missed + terms.each_point * math.ceil(short * 100)
            weight = terms.weights.get(row.priority, 1)
            still_open = int(row.open) if late else 0
            yield Miss(row.clause, row.priority, met, n, threshold, points * weight, still_open)


def _stakes(misses: Iterable[Miss], month: str) -> tuple[Stake, ...]:
    """Return the facts of some misses, with their points: two thresholds of a month are one."""
    points: dict[PenalisedFact, int] = {}
    for miss in misses:
        fact = _fact(miss, month)
        points[fact] = points.get(fact, 0) + miss.points
    return tuple(Stake(fact, units) for fact, units in points.items())


def _fact(miss: Miss, month: str) -> PenalisedFact:
    return PenalisedFact(miss.clause, miss.priority, month)


# ---------------------------------------------------------------------------------------- tiers


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfTiers(Candidate):
    """A month of a service or priority whose tier states a credit or a bonus.

    ``base``: the fee of the month. ``shares``: the best and the worst share reached.
    """

    indivisible: ClassVar[bool] = True

    terms: Tiers
    base: Decimal
    shares: Shares

    def claims(self, award: Award) -> Iterator[Claim]:
        """Yield the credit and the bonus of the month; no credit is due of what another counts."""
        for bonus in (False, True):
            reason = ALREADY if award.places and not bonus else self.spared
            rates = _rates(self.terms, self.shares, bonus)
            if not rates[-1]:
                continue
            due = [Formula(self.base, Fraction(0) if reason else r, 1, "month") for r in rates]
            yield dataclasses.replace(
                self.claim(award, due[0], due[1]),
                debtor=OTHER[self.terms.debtor] if bonus else self.terms.debtor,
                left_out=((reason, 1),) if reason else (),
                shares=self.shares,
                wanting=self.wanting and not bonus,
                bonus=bonus,
            )


def _rates(terms: Tiers, shares: Shares, bonus: bool) -> list[Fraction]:
    """Return the lower and the higher rate of the credit, or the bonus, of two shares."""
    tiers = (terms.tier_of(share) for share in shares)
    return sorted(Fraction(tier.bonus if bonus else tier.credit) for tier in tiers)


def months_of_tiers(rule: StatedRule, facts: Facts) -> Iterator[MonthOfTiers | Gap]:
    """Yield each month and service or priority whose tier states a credit or a bonus."""
    wordings = list(rule.wordings(Tiers))
    for by_hours in dict.fromkeys(bool(terms.availability) for _, terms in wordings):
        source = facts.availability if by_hours else facts.compliance
        if source is None:
            yield Gap(rule.name, "no_hours" if by_hours else "no_tickets")
            continue
        of_source = [item for item in wordings if bool(item[1].availability) == by_hours]
        for months in _months(rule, of_source, source, facts.today):
            yield from _of_wording(months)


def _of_wording(months: Months[Tiers]) -> Iterator[MonthOfTiers | Gap]:
    """Yield the months under one wording whose tier states something, and the bases it lacks."""
    terms = months.terms
    for month, subject, shares, facts in _reached(terms, months.rows):
        base = terms.base_of(subject)
        if base is None:
            yield Gap(months.rule.name, "no_base", subject)
        elif any(_rates(terms, shares, bonus)[-1] for bonus in (False, True)):
            of_month = months.of(month, subject)
            of_month["provisional"] |= shares[0] != shares[1]
            yield MonthOfTiers(
                kind=TIERS,
                stakes=tuple(map(Stake, facts)),
                base=base,
                shares=shares,
                exclusive=bool(_rates(terms, shares, bonus=False)[-1]),  # a bonus penalises nothing
                **of_month,
            )


def _reached(
    terms: Tiers, rows: pd.DataFrame
) -> Iterator[tuple[str, str, Shares, tuple[PenalisedFact, ...]]]:
    """Yield month, service or priority, best and worst share, and the facts that they are of.

    What is agreed of a month counts as reached as long as it is not certain that it was not.
    """
    name = "service" if terms.availability else "priority"
    subject = rows[name] if terms.availability or terms.priorities else ""
    rows = rows.assign(subject=subject, **_counts(terms, rows))
    sums = rows.groupby(["month", "subject"], sort=False)[["n", "short", "short_at_most"]].sum()
    facts: dict[tuple[str, str], dict[PenalisedFact, None]] = {}
    for month, part, clause, of in rows[["month", "subject", "clause", name]].itertuples(False):
        facts.setdefault((month, part), {})[PenalisedFact(clause, of, month)] = None
    for key, *counts in sums.astype("int64").itertuples():
        n, short, short_at_most = counts
        if n:
            shares = 1 - Fraction(short, n), 1 - Fraction(short_at_most, n)
            yield *key, shares, tuple(facts[key])


def _counts(terms: Tiers, rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the hours or tickets: n, those short for certain, and those that may be (at most)."""
    if terms.availability:
        return {"n": rows["agreed"], "short": rows["certain"], "short_at_most": rows["lost"]}
    n, breached = rows["met"] + rows["breached"] + rows["open"], rows["breached"]
    return {"n": n, "short": breached, "short_at_most": breached + rows["open"]}


# --------------------------------------------------------------------------------------- months


@dataclass(frozen=True, slots=True)
class Months(Generic[R]):
    """The months under one wording of a rule, up to today.

    ``rows``: of the source, by month. ``spared``: the months of which nothing is due, and why: the
    rule spares the day on which they begin.
    """

    rule: StatedRule
    terms: R
    today: pd.Timestamp
    rows: pd.DataFrame
    spared: Mapping[str, str]

    def of(self, month: str, subject: str = "") -> dict[str, Any]:
        """Return what every candidate has that is about a month, or a subject in a month."""
        end = pd.Timestamp(f"{month}-01") + pd.offsets.MonthEnd(0)
        return {
            "rule": self.rule.name,
            "terms": self.terms,
            "subject": subject,
            "month": month,
            "on": min(end, self.today),
            "spared": self.spared[month],
            "provisional": end > self.today,
            "wanting": self.rule.wanting(self.terms, subject, month),
        }


def _months(
    rule: StatedRule,
    wordings: Iterable[tuple[range, R]],
    source: pd.DataFrame,
    today: pd.Timestamp,
) -> Iterator[Months[R]]:
    """Yield the months of what each wording of a rule is about, by the versions that state it.

    The wording in force as a month begins holds for the whole month.
    """
    first = pd.to_datetime(source["month"], format="%Y-%m").astype("datetime64[s]")
    rows = source.assign(first=first)[first <= today].sort_values("month", kind="stable")
    versions = versions_on(rule.contract, rows["first"])
    for stated, terms in wordings:
        clauses = terms.clauses + (terms.availability if isinstance(terms, Tiers) else ())
        covered = versions.isin(stated) & rows["clause"].isin(clauses)
        if terms.priorities:
            covered &= rows["priority"].isin(terms.priorities)
        if covered.any():
            begun = rows.loc[covered, ["month", "first"]].drop_duplicates()
            reasons = spared(terms, rule.contract, begun["first"]).tolist()
            exempt = dict(zip(begun["month"], reasons, strict=True))
            yield Months(rule, terms, today, rows[covered], exempt)
