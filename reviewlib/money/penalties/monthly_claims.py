"""The months of service levels and availability, held to the rules on points and tiers (A7, D5)."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any, ClassVar, Generic, TypeVar

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.parties import OTHER
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
from reviewlib.money.penalties.claim import (
    ALREADY,
    COUNTED,
    HIGH,
    LOW,
    OPEN,
    REACHED,
    SIDES,
    YIELDED,
    Claim,
    Facts,
    Formula,
    Gap,
    Miss,
)
from reviewlib.money.penalties.stated_rule import StatedRule, spared

R = TypeVar("R", Points, Tiers)


# --------------------------------------------------------------------------------------- points


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfPoints(Candidate):
    """A month under a rule of points: each miss is a fact, and its points are its units.

    ``misses``: what missed its threshold, the open tickets being late. ``settled``: its points if
    of these, those of unknown pauses were in time. ``running``: whether a ticket is open otherwise.
    """

    terms: Points
    misses: tuple[Miss, ...]
    settled: int
    running: bool

    def claims(self, low: Award, high: Award) -> Iterator[Claim]:
        """Yield what is due of the month: nothing where its points are all free."""
        awards = low, high
        whole = [self._points(award.side, self.stakes) for award in awards]
        if not any(whole):
            return
        left = [self._points(award.side, award.left) for award in awards]
        due = [0, 0] if self.spared else left
        pairs = zip(due, whole, strict=True)
        reason = self.spared or _of_both_sides(*(one < every for one, every in pairs))
        low_side, high_side, *whole_sides = (
            Formula(self.terms.amount, Fraction(1), n, "point") for n in (*due, *left)
        )
        paused = due[0] != due[1] and any(miss.paused for miss in self.misses)
        yield dataclasses.replace(
            self.claim(awards, low_side, high_side),
            spared=(whole_sides[0], whole_sides[1]) if self.spared else None,
            left_out=((reason, 1),) if reason else (),
            misses=self.misses,
            provisional=self.provisional or (self.running and due[0] != due[1]),
            paused=paused,
            unassessed=paused and not due[0] and self.settled <= self.free,
        )

    def _points(self, side: str, stakes: Iterable[Stake]) -> int:
        """Return the points of some stakes on a side, beyond the free ones."""
        return max(0, sum(stake.units(side) for stake in stakes) - self.free)


def _of_both_sides(low: bool, high: bool) -> str:
    """Return the reason of a month of which something is counted elsewhere, on one side or both."""
    return YIELDED if high and not low else ALREADY if low else COUNTED


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
            least, settled, most = (
                [*_misses(months.terms, counts, late)]
                for late in ((), ("running",), ("running", "late_or_paused"))
            )
            if most:
                yield MonthOfPoints(
                    kind=POINTS,
                    stakes=_stakes(least, most, month),
                    free=months.terms.free,
                    misses=tuple(most),
                    settled=sum(miss.points for miss in settled),
                    running=any(row.running for row in counts),
                    **months.of(month),
                )


def _judged(contract: Contract, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the tickets that are held to a threshold and reach the minimum volume of the clause.

    Added columns: n, of all tickets; running, of those open whatever the pauses were.
    """
    clauses = rows["clause"].unique()
    volumes = {name: max(1, contract.clause(name).minimum_volume) for name in clauses}
    n = rows["met"] + rows["breached"] + rows["open"]
    enough = n >= rows["clause"].map(volumes)
    rows = rows.assign(n=n, running=rows["open"] - rows["late_or_paused"])
    return rows[rows["threshold"].notna() & enough]


def _misses(terms: Points, rows: Iterable[Any], late: Sequence[str]) -> Iterator[Miss]:
    """Yield what missed its threshold in a month.

    ``late``: of the open tickets, the columns of those taken as late; the others are in time.
    """
    for row in rows:
        still_open = sum(int(getattr(row, name)) for name in late)
        met, n = int(row.met + row.open) - still_open, int(row.n)
        threshold = Fraction(str(row.threshold))
        short = threshold - Fraction(met, n)
        if short > 0:
            started = terms.each_point * math.ceil(short * 100)
            points = terms.missed, started, terms.weights.get(row.priority, 1)
            paused = int(row.late_or_paused) if "late_or_paused" in late else 0
            of = row.clause, row.priority, met, n, threshold
            yield Miss(*of, *points, still_open, paused)


def _stakes(least: Iterable[Miss], most: Iterable[Miss], month: str) -> tuple[Stake, ...]:
    """Return the facts of some misses, with their points: two thresholds of a month are one.

    ``least``, ``most``: the misses on the low and on the high side.
    """
    points = [Counter[PenalisedFact](), Counter[PenalisedFact]()]
    for of_side, misses in zip(points, (least, most), strict=True):
        for miss in misses:
            of_side[PenalisedFact(miss.clause, miss.priority, month)] += miss.points
    low, high = points
    return tuple(Stake(fact, low[fact], n, "" if low[fact] else OPEN) for fact, n in high.items())


# ---------------------------------------------------------------------------------------- tiers


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfTiers(Candidate):
    """A month of a service or priority whose tier states a credit or a bonus.

    Each clause and priority or service of it is a fact, and its tickets or hours short are its
    units. ``totals``: all tickets or hours of each; ``paused``: of the tickets open, those over
    their target of which the pauses are unknown. ``base``: the fee of the month.

    What another rule counts leaves the share on which the credit rests; the credit is never more
    than that of the share of all. A bonus penalises nothing: it rests on the share of all.
    """

    below: ClassVar[str] = REACHED

    terms: Tiers
    base: Decimal
    totals: Mapping[PenalisedFact, int]
    paused: Mapping[PenalisedFact, int]

    @property
    def states_anything(self) -> bool:
        """Whether the share of all states a credit or a bonus, on a side at least."""
        return any(self._of_all(side, bonus)[1] for side in SIDES for bonus in (False, True))

    def is_due(self, side: str, left: Sequence[Stake]) -> bool:
        """Whether the share of what no other rule took is one that a credit is due for."""
        return self._credit(side, left)[1] > 0

    def claims(self, low: Award, high: Award) -> Iterator[Claim]:
        """Yield the credit and the bonus of the month, each where the share of all states it."""
        awards = low, high
        for bonus in (False, True):
            whole = [self._of_all(award.side, bonus) for award in awards]
            if not any(rate for _, rate in whole):
                continue
            due = whole if bonus else [self._credit(award.side, award.left) for award in awards]
            lost = [not bonus and any(award.elsewhere) for award in awards]
            reason = self.spared or _of_both_sides(*lost)
            rates = [Fraction(0) if self.spared else rate for _, rate in due]
            sides = [Formula(self.base, rate, 1, "month") for rate in rates]
            paused = rates[0] != rates[1] and any(self.paused.values())
            all_of_it = [Formula(self.base, rate, 1, "month") for _, rate in due]
            yield dataclasses.replace(
                self.claim(awards, sides[0], sides[1]),
                debtor=OTHER[self.terms.debtor] if bonus else self.terms.debtor,
                left_out=((reason, 1),) if reason else (),
                shares=(due[0][0], due[1][0]),
                spared=(all_of_it[0], all_of_it[1]) if self.spared else None,
                wanting=self.wanting and not bonus,
                bonus=bonus,
                paused=paused,
                unassessed=paused and not min(rates) and not self._settled(bonus),
            )

    def _credit(self, side: str, left: Sequence[Stake]) -> tuple[Fraction, Fraction]:
        """Return the share on which the credit rests on a side, and its rate."""
        every = self._of_all(side)
        if not left:
            return every[0], Fraction(0)
        return min(self._reached(side, left), every, key=lambda reached: reached[1])

    def _of_all(self, side: str, bonus: bool = False) -> tuple[Fraction, Fraction]:
        return self._reached(side, self.stakes, bonus)

    def _settled(self, bonus: bool) -> Fraction:
        """Return the rate whatever the unknown pauses were, all else that is open being for it.

        For a credit, those tickets are in time and the others late; for a bonus, the reverse.
        """
        pairs = [(one, self.paused[one.fact]) for one in self.stakes]
        if bonus:
            late = [one._replace(low=one.low + paused) for one, paused in pairs]
            return self._reached(LOW, late, bonus)[1]
        in_time = [one._replace(high=one.high - paused) for one, paused in pairs]
        return self._reached(HIGH, in_time)[1]

    def _reached(
        self, side: str, stakes: Sequence[Stake], bonus: bool = False
    ) -> tuple[Fraction, Fraction]:
        """Return the share of some facts on a side, and the rate of its credit or its bonus."""
        n = sum(self.totals[stake.fact] for stake in stakes)
        share = 1 - Fraction(sum(stake.units(side) for stake in stakes), n) if n else Fraction(1)
        tier = self.terms.tier_of(share)
        return share, Fraction(tier.bonus if bonus else tier.credit)


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
    for month, subject, counts in _counts(terms, months.rows):
        base = terms.base_of(subject)
        if base is None:
            yield Gap(months.rule.name, "no_base", subject)
            continue
        stakes = [Stake(fact, low, high, "" if low else OPEN) for fact, (_, low, high, _) in counts]
        of_month = months.of(month, subject)
        of_month["provisional"] |= any(high - low > paused for _, (_, low, high, paused) in counts)
        candidate = MonthOfTiers(
            kind=TIERS,
            stakes=tuple(stakes),
            base=base,
            totals={fact: n for fact, (n, *_) in counts},
            paused={fact: paused for fact, (*_, paused) in counts},
            **of_month,
        )
        if candidate.states_anything:
            yield candidate


Counts = list[tuple[PenalisedFact, list[int]]]


def _counts(terms: Tiers, rows: pd.DataFrame) -> Iterator[tuple[str, str, Counts]]:
    """Yield month, service or priority, and of each fact: all tickets or hours, and those short.

    Short for certain, and at most: what is agreed of a month counts as reached as long as it is not
    certain that it was not; last, what makes the difference by unknown pauses.
    """
    name = "service" if terms.availability else "priority"
    subject = rows[name] if terms.availability or terms.priorities else ""
    rows = rows.assign(subject=subject, **_short(terms, rows))
    keys = ["month", "subject", "clause", name]
    units = ["n", "short", "short_at_most", "paused"]
    sums = rows.groupby(keys, sort=False)[units].sum().astype("int64")
    by_subject: dict[tuple[str, str], Counts] = {}
    for (month, subject, clause, of), *counts in sums.itertuples():
        if counts[0]:
            fact = PenalisedFact(clause, of, month)
            by_subject.setdefault((month, subject), []).append((fact, counts))
    for (month, subject), facts in by_subject.items():
        yield month, subject, facts


def _short(terms: Tiers, rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the hours or tickets: n, those short for certain, and those that may be (at most).

    ``paused``: of the last, the tickets of unknown pauses.
    """
    if terms.availability:
        short, most = rows["certain"], rows["lost"]
        return {"n": rows["agreed"], "short": short, "short_at_most": most, "paused": short * 0}
    n, breached = rows["met"] + rows["breached"] + rows["open"], rows["breached"]
    most = breached + rows["open"]
    return {"n": n, "short": breached, "short_at_most": most, "paused": rows["late_or_paused"]}


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
