"""What each rule of the contract makes due, before exemption and cap: days late, payments late.

The months of service levels and availability stand in ``metrics.monthly_claims``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from reviewlib.amounts import ZERO
from reviewlib.calendars.day_counts import WEEKS, is_counted, started
from reviewlib.contract import Contract
from reviewlib.contract.penalties import Delay, LatePayment
from reviewlib.delivery.delays.metrics import DELIVERABLE, MILESTONE
from reviewlib.delivery.lateness import AWAITING, RUNNING
from reviewlib.money.penalties.claim import (
    ALREADY,
    BEFORE_NOTICE,
    CONCURRENT,
    CONTESTED,
    COUNTED,
    GRACE,
    NOT_COUNTED,
    ONE_DAY,
    RAMP_UP,
    SENSITIVE,
    SUSPENDED,
    Claim,
    Facts,
    Formula,
    Gap,
    Scene,
    within,
)
from reviewlib.money.penalties.monthly_claims import of_points, of_tiers


def claims(contract: Contract, facts: Facts) -> tuple[list[Claim], list[Gap]]:
    """Return what the rules make due, in the order of the contract, and where they can't say."""
    names = dict.fromkeys(name for terms in contract.versions for name in terms.penalties)
    found: dict[str, list[Claim | Gap]] = {name: [] for name in names}
    scene = Scene("", contract, facts, {})
    # milestones first, wherever their rule stands: deliverables do not owe for the same days
    for part in (_milestones, _deliverables, of_points, of_tiers, _late_payments):
        for name in names:
            found[name] += part(dataclasses.replace(scene, name=name))
    every = [one for name in names for one in found[name]]
    due = [one for one in every if isinstance(one, Claim)]
    return due, list(dict.fromkeys(one for one in every if isinstance(one, Gap)))


# ------------------------------------------------------------------------------------ days late


def _milestones(scene: Scene) -> Iterator[Claim | Gap]:
    yield from _delays(scene, MILESTONE)


def _deliverables(scene: Scene) -> Iterator[Claim | Gap]:
    yield from _delays(scene, DELIVERABLE)


def _delays(scene: Scene, kind: str) -> Iterator[Claim | Gap]:
    rules = scene.wordings(Delay)
    named = dict.fromkeys(name for rule in rules for name in _named(rule, kind))
    known = [name for of, name in scene.facts.known or () if of == kind]
    if named and not known:
        yield Gap(scene.name, f"no_{kind}s")
        return
    for subject in named:
        if subject not in known:
            yield Gap(scene.name, "no_subject", subject)
            continue
        for against in dict.fromkeys(rule.against for rule in rules):
            late = scene.facts.delays[against].late
            for row in late[(late["kind"] == kind) & (late["subject"] == subject)].itertuples():
                rule = scene.rule(row.after + ONE_DAY)
                in_force = isinstance(rule, Delay) and rule.against == against
                if in_force and subject in _named(rule, kind):
                    yield _of_days(scene, rule, row)


def _named(rule: Delay, kind: str) -> tuple[str, ...]:
    return rule.milestones if kind == MILESTONE else rule.deliverables


def _of_days(scene: Scene, rule: Delay, row: Any) -> Claim:
    every = scene.facts.delays[rule.against].days
    mine = (every["kind"] == row.kind) & (every["subject"] == row.subject)
    days = every[mine].sort_values("day")
    reasons = _reasons(scene, rule, row, days)
    sides = [_counted(rule, reasons, high) for high in (False, True)]
    here = f"{scene.name} · {row.subject}"
    elsewhere = tuple(dict.fromkeys(_elsewhere(scene, row, days["day"])))
    if row.kind == MILESTONE:
        scene.delayed.update({(row.subject, day): here for day in days["day"]})
    if sides[1]:
        mine = days["day"][np.isin(reasons, (COUNTED, CONTESTED))]
        scene.taken.update({(row.kind, row.subject, day): here for day in mine})
    low, high = (_sum_due(scene, rule, row, n) for n in sides)
    return Claim(
        scene.name,
        rule,
        row.subject,
        "",
        row.last,
        low,
        high,
        rule.debtor,
        tuple(_left_out(reasons, sides[1])),
        since=row.after,
        counted=tuple(_counted_by(days["share"], reasons)),
        waited=_waited(row, days["day"], reasons),
        elsewhere=elsewhere,
        title=_title(row),
        provisional=row.ended in (AWAITING, RUNNING),
        wanting=scene.wanting(rule, row.subject),
    )


def _counted_by(share: pd.Series, reasons: np.ndarray) -> Iterator[tuple[str, int]]:
    """Yield the days that count by whose doing they were."""
    for word, n in share[reasons == COUNTED].value_counts(sort=False).items():
        yield str(word), int(n)


def _waited(row: Any, days: pd.Series, reasons: np.ndarray) -> tuple[str, int]:
    """Return the milestone that a deliverable needs, and the days counted before it was reached."""
    if pd.isna(row.needs) or pd.isna(row.before):
        return "", 0
    reached = row.after + pd.Timedelta(days=int(row.before))
    return str(row.needs), int(((days <= reached).to_numpy() & (reasons == COUNTED)).sum())


def _left_out(reasons: np.ndarray, units: int) -> Iterator[tuple[str, int]]:
    """Yield what was taken out of the days, by reason: with the ``units`` they are all of them.

    Contested days stand last; they are among the units, of the upper side.
    """
    out = {str(word): int(n) for word, n in pd.Series(reasons).value_counts(sort=False).items()}
    contested, spared = out.pop(CONTESTED, 0), -units
    spared += out.pop(COUNTED, 0) + contested
    yield from out.items()
    if spared:
        yield GRACE, spared
    if contested and units:
        yield CONTESTED, contested


def _reasons(scene: Scene, rule: Delay, row: Any, days: pd.DataFrame) -> np.ndarray:
    """Return for each day late why it does not count, "" where it does; the first reason holds."""
    day, share = days["day"], days["share"]
    excused, undisputed = (_excused(days[name], rule) for name in ("parties", "undisputed"))
    known = (days["undisputed"].fillna("") != "").to_numpy()
    owed = ~(excused if rule.concurrent == "excluded" else undisputed) & known
    served = scene.notice(row.subject)[0] if rule.from_notice else pd.NaT
    sensitive = within(day, scene.contract.sensitive_periods)
    cases = [
        (np.array(list(_elsewhere(scene, row, day, True)), dtype=bool), ALREADY),
        (~is_counted(day, row.last, rule.days, scene.contract.days_off), NOT_COUNTED),
        (share == "suspended", SUSPENDED),
        (within(day, [rule.ramp_up]), RAMP_UP),
        (sensitive & (rule.sensitive_periods == "excluded"), SENSITIVE),
        (day <= served, BEFORE_NOTICE),
        ((share == "contested") & undisputed & excused, CONCURRENT),
        ((share == "contested") & owed, COUNTED),  # whatever becomes of the contested cause
        (share == "contested", CONTESTED),
        ((share == "concurrent") & excused, CONCURRENT),
        (share.isin(rule.excludes), share),
    ]
    return np.select([np.asarray(case) for case, _ in cases], [word for _, word in cases], COUNTED)


def _title(row: Any) -> str:
    title = getattr(row, "title", None)
    return "" if title is None or pd.isna(title) else str(title)


def _elsewhere(scene: Scene, row: Any, days: pd.Series, each: bool = False) -> Iterator[str]:
    """Yield where days are counted already, for the subject itself or the milestone it needs.

    ``each``: for each day, "" where it is not.
    """
    for day in days:
        own = scene.taken.get((row.kind, row.subject, day), "")
        where = own or scene.delayed.get((row.needs, day), "")
        if each or where:
            yield where


def _excused(parties: pd.Series, rule: Delay) -> np.ndarray:
    """Tell on which days one of the causes is excluded; all of them where concurrent days count."""

    def met(named: str) -> bool:
        mine = [name in rule.excludes for name in named.split("+") if name]
        return any(mine) if rule.concurrent == "excluded" else bool(mine) and all(mine)

    return np.asarray(parties.fillna("").map(met), dtype=bool)


def _counted(rule: Delay, reasons: np.ndarray, high: bool) -> int:
    """Return the days that count, beyond the grace."""
    n = int((reasons == COUNTED).sum()) + (int((reasons == CONTESTED).sum()) if high else 0)
    if n <= rule.grace:
        return 0
    return n if rule.grace_counts else n - rule.grace


def _sum_due(scene: Scene, rule: Delay, row: Any, days: int) -> Formula:
    week = WEEKS[rule.days].count("1")  # five working days are a week
    units = started(days, week) if rule.per == "week" else days
    if rule.rate is None:
        return Formula(rule.amount or ZERO, Fraction(1), units, rule.per)
    base = rule.base_of(row.subject)
    return Formula(scene.price(row.after) if base is None else base, rule.rate, units, rule.per)


# ------------------------------------------------------------------------------- payments made late


def _late_payments(scene: Scene) -> Iterator[Claim | Gap]:
    table, today = scene.facts.payments, scene.facts.today
    if not scene.wordings(LatePayment):
        return
    if table is None:
        yield Gap(scene.name, "no_payments")
        return
    for row in table[table["due_on"].notna()].itertuples():
        rule = scene.rule(row.due_on + ONE_DAY)
        paid = not pd.isna(row.paid_on) and row.paid_on <= today
        end = row.paid_on if paid else today
        days = (end - row.due_on).days
        if days <= 0 or not isinstance(rule, LatePayment):
            continue
        rate = Fraction(rule.interest)
        due = Formula(row.amount, rate, days, "day", rule.indemnity, rule.year)
        yield Claim(
            scene.name, rule, row.payment_id, "", end, due, due, rule.debtor,
            since=row.due_on, title=_title(row), provisional=not paid,
            wanting=scene.wanting(rule, row.payment_id),
        )  # fmt: skip
