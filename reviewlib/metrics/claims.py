"""What each rule of the contract makes due, before exemption and cap: days late, payments late.

The months of service levels and availability stand in ``metrics.monthly_claims``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.penalties import Delay, LatePayment, Points, Tiers
from reviewlib.days import NONE, OPEN, WEEKS, started
from reviewlib.metrics.claim import (
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
from reviewlib.metrics.delays import DELIVERABLE, MILESTONE
from reviewlib.metrics.lateness import AWAITING, RUNNING
from reviewlib.metrics.monthly_claims import of_points, of_tiers
from reviewlib.money import ZERO


def claims(contract: Contract, facts: Facts) -> tuple[list[Claim], list[Gap]]:
    """Return what the rules make due, in the order of the contract, and where they can't say."""
    found: list[Claim | Gap] = []
    taken: dict[tuple[Any, ...], str] = {}
    for name in dict.fromkeys(n for terms in contract.versions for n in terms.penalties):
        found += list(_made_due(name, contract, facts, taken))
    due = [one for one in found if isinstance(one, Claim)]
    return due, [one for one in found if isinstance(one, Gap)]


def _made_due(
    name: str, contract: Contract, facts: Facts, taken: dict[tuple[Any, ...], str]
) -> Iterator[Claim | Gap]:
    newest = next(t.penalties[name] for t in reversed(contract.versions) if name in t.penalties)
    scene = Scene(name, contract, facts, taken)
    if isinstance(newest, Delay):
        yield from _delays(scene, newest)
    elif isinstance(newest, Points):
        yield from of_points(scene, newest)
    elif isinstance(newest, Tiers):
        yield from of_tiers(scene, newest)
    else:
        yield from _late_payments(scene)


# ------------------------------------------------------------------------------------ days late


def _delays(scene: Scene, newest: Delay) -> Iterator[Claim | Gap]:
    if scene.facts.known is None:
        yield Gap(scene.name, "no_dates")
        return
    late = scene.facts.delays[newest.against].late
    named = [(MILESTONE, name) for name in newest.milestones]
    for kind, subject in named + [(DELIVERABLE, name) for name in newest.deliverables]:
        if (kind, subject) not in scene.facts.known:
            yield Gap(scene.name, "no_subject", subject)
            continue
        for row in late[(late["kind"] == kind) & (late["subject"] == subject)].itertuples():
            rule = scene.rule(row.after + ONE_DAY)
            if isinstance(rule, Delay):
                yield _of_days(scene, rule, row)


def _of_days(scene: Scene, rule: Delay, row: Any) -> Claim:
    every = scene.facts.delays[rule.against].days
    mine = (every["kind"] == row.kind) & (every["subject"] == row.subject)
    days = every[mine].sort_values("day")
    served, waived = scene.notice(row.subject)
    reasons = _reasons(scene, rule, row, days, served)
    sides = [_counted(rule, reasons, high) for high in (False, True)]
    out = pd.Series(reasons).value_counts(sort=False)
    left = {str(word): int(n) for word, n in out.items() if word not in (COUNTED, CONTESTED)}
    left |= {CONTESTED: int(out[CONTESTED])} if CONTESTED in out else {}
    if sides[1] == 0 and (reasons == COUNTED).any():
        left[GRACE] = int((reasons == COUNTED).sum())
    here = f"{scene.name} · {row.subject}"
    elsewhere = tuple(dict.fromkeys(_elsewhere(scene, row, days["day"])))
    scene.taken.update({(row.kind, row.subject, day): here for day in days["day"]})
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
        tuple(left.items()),
        since=row.after,
        elsewhere=elsewhere,
        title=_title(row),
        provisional=row.ended in (AWAITING, RUNNING),
        wanting=rule.notice == "required" and pd.isna(served) and not waived,
    )


def _reasons(scene: Scene, rule: Delay, row: Any, days: pd.DataFrame, served: Any) -> np.ndarray:
    """Return for each day late why it does not count, "" where it does; the first reason holds."""
    day, share = days["day"], days["share"]
    excused = _excused(days["parties"], rule)
    surely = _excused(days["undisputed"], rule)
    served = served if rule.from_notice else pd.NaT
    sensitive = within(day, scene.contract.sensitive_periods)
    cases = [
        (np.array(list(_elsewhere(scene, row, day, True)), dtype=bool), ALREADY),
        (~_counts(scene, rule, row, day), NOT_COUNTED),
        (share == "suspended", SUSPENDED),
        (within(day, [rule.ramp_up]), RAMP_UP),
        (sensitive & (rule.sensitive_periods == "excluded"), SENSITIVE),
        (day <= served, BEFORE_NOTICE),
        ((share == "contested") & surely, CONCURRENT),
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
        where = own or scene.taken.get((MILESTONE, row.needs, day), "")
        if each or where:
            yield where


def _excused(parties: pd.Series, rule: Delay) -> np.ndarray:
    """Tell on which days one of the causes is excluded; none where concurrent days count."""
    named = parties.fillna("").str.split("+")
    met = named.map(lambda names: not set(names).isdisjoint(rule.excludes)).astype("bool")
    return np.asarray(met & (rule.concurrent == "excluded"))


def _counts(scene: Scene, rule: Delay, row: Any, day: pd.Series) -> np.ndarray:
    """Tell which days are of the kind that the rule counts."""
    off = scene.contract.days_off if rule.days in OPEN else NONE
    counted = np.is_busday(day.to_numpy("datetime64[D]"), WEEKS[rule.days], off)
    return np.asarray(counted & ((day < row.last) | (rule.days != "clear")))


def _counted(rule: Delay, reasons: np.ndarray, high: bool) -> int:
    """Return the days that count, beyond the grace."""
    n = int((reasons == COUNTED).sum()) + (int((reasons == CONTESTED).sum()) if high else 0)
    if n <= rule.grace:
        return 0
    return n if rule.grace_counts else n - rule.grace


def _sum_due(scene: Scene, rule: Delay, row: Any, days: int) -> Formula:
    units = started(days, 7) if rule.per == "week" else days
    if rule.rate is None:
        return Formula(rule.amount or ZERO, Fraction(1), units, rule.per)
    base = rule.base_of(row.subject)
    return Formula(scene.price(row.after) if base is None else base, rule.rate, units, rule.per)


# ------------------------------------------------------------------------------- payments made late


def _late_payments(scene: Scene) -> Iterator[Claim | Gap]:
    table, today = scene.facts.payments, scene.facts.today
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
        )  # fmt: skip
