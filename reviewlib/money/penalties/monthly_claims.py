"""What a month's service levels and availability make due: points, credits, bonuses (A7, D5)."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

import pandas as pd

from reviewlib.contract.penalties import Limits, Points, Tiers
from reviewlib.money.penalties.claim import (
    ALREADY,
    RAMP_UP,
    SENSITIVE,
    Claim,
    Formula,
    Gap,
    Miss,
    Scene,
    within,
)

OTHER = {"provider": "client", "client": "provider"}
R = TypeVar("R", Points, Tiers)


@dataclass(frozen=True, slots=True)
class Reached:
    """The best and the worst share of a month, and the (clause, priority or service) it is of."""

    best: Fraction
    worst: Fraction
    parts: tuple[tuple[str, str], ...]


def of_points(scene: Scene) -> Iterator[Claim | Gap]:
    """Yield a claim for each month whose points are more than the free ones, or left out."""
    if not scene.wordings(Points):
        return
    if scene.facts.compliance is None:
        yield Gap(scene.name, "no_tickets")
        return
    for month, rule, rows in _by_month(scene, Points, scene.facts.compliance):
        facts = [(row.clause, row.priority, month) for row in rows.itertuples()]
        fresh = rows[[fact not in scene.taken for fact in facts]]
        low, high = (_points_of(rule, _misses(scene, rule, fresh, late)) for late in (False, True))
        misses = _misses(scene, rule, rows, True)
        twice = _points_of(rule, misses) > high
        elsewhere = tuple(dict.fromkeys(scene.taken[f] for f in facts if f in scene.taken))
        reason = _left_out(scene, rule, month)
        if high and not reason:
            missed = [(miss.clause, miss.priority, month) for miss in misses]
            scene.taken.update((fact, scene.name) for fact in missed if fact not in scene.taken)
        if high or twice:
            sides = tuple(
                Formula(rule.amount, Fraction(1), 0 if reason else n, "point") for n in (low, high)
            )
            claim = _claim(scene, rule, ("", month), sides, reason or (ALREADY if twice else ""))
            more = claim.provisional or low != high
            yield dataclasses.replace(
                claim, misses=tuple(misses), elsewhere=elsewhere, provisional=more
            )


def _points_of(rule: Points, misses: list[Miss]) -> int:
    """Return the points of a month beyond the free ones."""
    return max(0, sum(miss.points for miss in misses) - rule.free)


def _misses(scene: Scene, rule: Points, rows: pd.DataFrame, late: bool) -> list[Miss]:
    """Return what missed its threshold in a month, its open tickets being late or in time."""
    found = []
    for row in rows[rows["threshold"].notna()].itertuples():
        met, n = int(row.met + (0 if late else row.open)), int(row.met + row.breached + row.open)
        if n < max(1, scene.contract.clause(row.clause).minimum_volume):
            continue
        asked = Fraction(str(row.threshold))
        short = asked - Fraction(met, n)
        if short > 0:
            points = rule.missed + rule.each_point * math.ceil(short * 100)
            weight = rule.weights.get(row.priority, 1)
            found.append(Miss(row.clause, row.priority, met, n, asked, points * weight))
    return found


def of_tiers(scene: Scene) -> Iterator[Claim | Gap]:
    """Yield a claim for each month and service or priority whose tier states a credit or bonus."""
    for by_hours in dict.fromkeys(bool(rule.availability) for rule in scene.wordings(Tiers)):
        source = scene.facts.availability if by_hours else scene.facts.compliance
        if source is None:
            yield Gap(scene.name, "no_hours" if by_hours else "no_tickets")
            continue
        for month, rule, rows in _by_month(scene, Tiers, source):
            if bool(rule.availability) != by_hours:
                continue
            for subject, reached in _shares_of(rule, rows):
                base = rule.base_of(subject)
                if base is None:
                    yield Gap(scene.name, "no_base", subject)
                else:
                    yield from _of_tier(scene, rule, (subject, month), base, reached)


def _of_tier(
    scene: Scene, rule: Tiers, about: tuple[str, str], base: Decimal, reached: Reached
) -> Iterator[Claim]:
    shares, facts = (reached.best, reached.worst), [(*part, about[1]) for part in reached.parts]
    elsewhere = tuple(dict.fromkeys(scene.taken[f] for f in facts if f in scene.taken))
    reason = ALREADY if elsewhere else _left_out(scene, rule, about[1])
    for bonus in (False, True):
        tiers = (rule.tier_of(share) for share in shares)
        rates = sorted(Fraction(tier.bonus if bonus else tier.credit) for tier in tiers)
        if rates[-1] and not reason:
            scene.taken.update(dict.fromkeys(facts, scene.name))
        if rates[-1]:
            due = [Formula(base, Fraction(0) if reason else r, 1, "month") for r in rates]
            claim = _claim(scene, rule, about, (due[0], due[1]), reason)
            yield dataclasses.replace(
                claim,
                debtor=OTHER[rule.debtor] if bonus else rule.debtor,
                shares=shares,
                elsewhere=elsewhere,
                provisional=claim.provisional or reached.best != reached.worst,
                wanting=claim.wanting and not bonus,
                bonus=bonus,
            )


def _shares_of(rule: Tiers, rows: pd.DataFrame) -> Iterator[tuple[str, Reached]]:
    """Yield each service or priority of a month with the share that it reached, exact."""
    if rule.availability:
        for service, hours in rows.groupby("service", sort=False):
            agreed, certain, lost = (int(hours[n].sum()) for n in ("agreed", "certain", "lost"))
            if agreed:
                best, worst = 1 - Fraction(certain, agreed), 1 - Fraction(lost, agreed)
                yield str(service), Reached(best, worst, _pairs(hours, "service"))
        return
    groups: Any = rows.groupby("priority", sort=False) if rule.priorities else [("", rows)]
    for priority, tickets in groups:
        met, breached, unsure = (int(tickets[n].sum()) for n in ("met", "breached", "open"))
        n = met + breached + unsure
        if n:
            best, worst = Fraction(met + unsure, n), Fraction(met, n)
            yield str(priority), Reached(best, worst, _pairs(tickets, "priority"))


def _pairs(rows: pd.DataFrame, column: str) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(zip(rows["clause"], rows[column], strict=True)))


def _by_month(
    scene: Scene, kind: type[R], source: pd.DataFrame
) -> Iterator[tuple[str, R, pd.DataFrame]]:
    """Yield each month with the wording of the rule then in force, and what it is about."""
    for month, rows in source.groupby("month", sort=True):
        rule = scene.rule(_first(str(month)))
        if _first(str(month)) > scene.facts.today or not isinstance(rule, kind):
            continue
        clauses = rule.clauses + (rule.availability if isinstance(rule, Tiers) else ())
        found = rows[rows["clause"].isin(clauses)]
        if rule.priorities and not (isinstance(rule, Tiers) and rule.availability):
            found = found[found["priority"].isin(rule.priorities)]
        if len(found):
            yield str(month), rule, found


def _left_out(scene: Scene, rule: Limits, month: str) -> str:
    """Return the reason for which a month owes nothing: the rule leaves out the day it begins."""
    day = pd.Series([_first(month)])
    if within(day, [rule.ramp_up]).any():
        return RAMP_UP
    spared = rule.sensitive_periods == "excluded"
    return SENSITIVE if spared and within(day, scene.contract.sensitive_periods).any() else ""


def _claim(
    scene: Scene, rule: Limits, about: tuple[str, str], sides: tuple[Formula, ...], reason: str
) -> Claim:
    subject, month = about
    end = _first(month) + pd.offsets.MonthEnd(0)
    low, high = sides
    return Claim(
        scene.name,
        rule,
        subject,
        month,
        min(end, scene.facts.today),
        low,
        high,
        rule.debtor,
        left_out=((reason, 1),) if reason else (),
        provisional=end > scene.facts.today,
        wanting=scene.wanting(rule, subject, month),
    )


def _first(month: str) -> pd.Timestamp:
    return pd.Timestamp(f"{month}-01")
