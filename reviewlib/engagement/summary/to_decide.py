"""The decisions of a review in at most nine rows, each with the points that it stands for."""

from __future__ import annotations

from collections import Counter
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
STAKES = 2  # of a row
OTHER_POINTS = N_("Other points: {chapters:all}")


def rows(chapters: Sequence[Section], ranked: Sequence[Finding]) -> tuple[DecisionRow, ...]:
    """Return the decisions by group: those with a date first, then by what is at stake.

    ``ranked``: the findings of the first page, which say what is.
    """
    grouped = {slug for slugs, _ in GROUPS for slug in slugs}
    made = [
        _row(text, [one for one in chapters if one.slug in slugs], ranked) for slugs, text in GROUPS
    ]
    others = [one for one in chapters if one.slug not in grouped and _open(one)]
    last = _row(OTHER_POINTS(chapters=[one.title for one in others]), others, ranked)
    kept = (*sorted(made, key=_weight), last)
    return tuple(one for one in kept if one.findings)


def _open(section: Section) -> list[Finding]:
    return [finding for finding in section.findings if finding.decision]


def _row(text: Text, chapters: list[Section], ranked: Sequence[Finding]) -> DecisionRow:
    points = [finding for section in chapters for finding in _open(section)]
    ids = {finding.id for section in chapters for finding in section.findings}
    dated = sorted((one for one in points if one.decide_by), key=lambda one: one.decide_by)
    stakes = [one.brief.stake for one in ranked if one.id in ids and one.brief and one.brief.stake]
    return DecisionRow(
        text,
        _decider(dated[:1] or points),
        dated[0].decide_by if dated else "",
        tuple(stakes[:STAKES]),
        tuple(dict.fromkeys(finding.id for finding in (*dated, *points))),
    )


def _decider(points: list[Finding]) -> Side:
    """Return who decides more than half of some points, else both."""
    sides = Counter(finding.decider for finding in points if finding.decider)
    side, n = next(iter(sides.most_common(1)), (Side.BOTH, 0))
    return side if 2 * n > len(points) else Side.BOTH


def _weight(row: DecisionRow) -> tuple[str, float]:
    return row.decide_by or "9", -max(map(_money, row.stakes), default=0.0)


def _money(stake: AtStake) -> float:
    if stake.unit is not Unit.MONEY:
        return 0.0
    return max(
        float(value) for value in (stake.value, stake.high, 0) if isinstance(value, (int, float))
    )
