"""The decisions of a review in at most nine rows, each with the points that it stands for."""

from __future__ import annotations

from collections.abc import Sequence

from reviewlib.report.text import N_, Message, Text
from reviewlib.report.values import (
    AtStake,
    DecisionRow,
    Finding,
    Section,
    Side,
    Unit,
)

GROUPS: tuple[tuple[tuple[str, ...], Message], ...] = (
    (("penalties",), N_("Settle the penalties and the interest that are open")),
    (
        ("deliverables", "work_orders"),
        N_("Accept, refuse or have corrected what was delivered"),
    ),
    (
        ("budget", "payments", "earned_value"),
        N_("Say who bears what was spent or paid beyond what was approved"),
    ),
    (
        ("milestones", "delays", "duties"),
        N_("Settle the days of delay that are contested or have no recorded cause"),
    ),
    (
        ("service_levels", "availability", "escalations"),
        N_("Decide what follows from the service levels that were missed"),
    ),
    (
        ("reconciliation", "sensitivity", "amendments", "terms"),
        N_("Choose the interpretation of the clauses by which both parties report"),
    ),
    (
        ("changes", "growth", "volumes"),
        N_("Approve, refuse or undo the changes and volumes left open"),
    ),
    (
        ("engagement", "benefits"),
        N_("Keep, re-date or give up the objectives and benefits not obtained"),
    ),
)
OTHER_POINTS = N_("Other points: {chapters:all}")
BOTH = N_("Both")


def rows(chapters: Sequence[Section]) -> tuple[DecisionRow, ...]:
    """Return the decisions by group: those with a date first, then by what is at stake."""
    grouped = {slug for slugs, _ in GROUPS for slug in slugs}
    made = [_row(text, [one for one in chapters if one.slug in slugs]) for slugs, text in GROUPS]
    others = [one for one in chapters if one.slug not in grouped and _open(one)]
    last = _row(OTHER_POINTS(chapters=[one.title for one in others]), others)
    kept = (*sorted(made, key=_weight), last)
    return tuple(one for one in kept if one.findings)


def _open(section: Section) -> list[Finding]:
    return [finding for finding in section.findings if finding.decision]


def _row(text: Text, chapters: list[Section]) -> DecisionRow:
    points = [finding for section in chapters for finding in _open(section)]
    sides = {finding.decider for finding in points if finding.decider}
    stakes = [one.brief.stake for one in points if one.brief and one.brief.stake]
    return DecisionRow(
        text,
        next(iter(sides)) if len(sides) == 1 else Side.BOTH,
        min((one.decide_by for one in points if one.decide_by), default=""),
        stakes[0] if stakes else None,
        tuple(finding.id for finding in points),
    )


def _weight(row: DecisionRow) -> tuple[str, float]:
    return row.decide_by or "9", -_money(row.stake)


def _money(stake: AtStake | None) -> float:
    if stake is None or stake.unit is not Unit.MONEY:
        return 0.0
    return max(
        float(value) for value in (stake.value, stake.high, 0) if isinstance(value, (int, float))
    )
