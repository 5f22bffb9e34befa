"""The decisions of a review in at most nine rows, each with the points that it stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reviewlib.engagement.summary.ranking import amount_of
from reviewlib.report.parts import CHAPTERS, Part
from reviewlib.report.text import N_, Message, Text
from reviewlib.report.values import Brief, DecisionRow, Finding, Kind, Section, Side

GROUPS: tuple[tuple[tuple[str, ...], Message], ...] = (
    (("penalties",), N_("Settle the penalties and the interest that are open")),
    (
        ("deliverables", "work_orders"),
        N_("Accept, refuse or have corrected what was delivered"),
    ),
    (
        ("budget", "payments", "earned_value", "changes", "growth", "volumes", "evolution"),
        N_(
            "Say who bears what was spent or paid beyond what was approved; accept or refuse the "
            "changes and volumes left open"
        ),
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
        N_("Settle which figures count where those reported differ, and by which interpretation"),
    ),
    (
        ("engagement", "benefits", "carried_over", "lessons", "ahead"),
        N_("Complete the contract; keep, postpone or drop objectives, benefits and actions"),
    ),
    (
        (*CHAPTERS[Part.PEOPLE], "perception"),
        N_("Settle the disputes and how both parties work together; answer what people say"),
    ),
)
OBTAIN = N_("Obtain what is missing to judge the service levels that are not assessable")
MISSED_AND_OPEN = N_(
    "Decide what follows from the service levels that were missed; obtain what is missing to judge "
    "those that are not assessable"
)
"""Of service levels of which all, or some, that call for a decision have no verdict."""
OTHER_POINTS = N_("Other points: {chapters:all}")


def rows(chapters: Sequence[Section], ranked: Sequence[Finding]) -> tuple[DecisionRow, ...]:
    """Return the decisions by group: those with a date first, then by what is at stake.

    At stake is what the first page ranks of the chapters (``ranked``), or a point of another
    chapter on the same subject; else the first point or amount; and an amount of the other party.
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
    dated = sorted((one for one in points if one.decide_by), key=lambda one: one.decide_by)
    every = [one for section in chapters for one in section.findings if one.brief]
    staked = [one for one in every if one.decision or (one.brief and amount_of(one.brief.stake))]
    on_front = [_point(one, staked) for one in ranked if one in every]
    first = _one_of_each(on_front, [one.brief for one in staked if one.brief and one.brief.stake])
    return DecisionRow(
        _of_service_levels(text, points),
        _decider(points),
        dated[0].decide_by if dated else "",
        tuple(one.stake for one in first if one.stake),
        tuple(dict.fromkeys(finding.id for finding in (*dated, *points))),
        dated[0].decider if dated else None,
    )


def _of_service_levels(text: Text, points: list[Finding]) -> Text:
    """Return the text of a group, or what it asks for where service levels have no verdict."""
    levels = (one for one in points if _chapter(one) == "service_levels")
    unjudged = sum(one.kind is Kind.NEUTRAL for one in levels)
    if not unjudged:
        return text
    return OBTAIN if unjudged == len(points) else MISSED_AND_OPEN


def _point(finding: Finding, staked: list[Finding]) -> Brief | None:
    """Return what a finding of the first page says, or another chapter's point on its subject."""
    chapter, topic = _chapter(finding), finding.brief.topic if finding.brief else ""
    others = (one for one in staked if _chapter(one) != chapter)
    of_subject = (one for one in others if one.brief and one.brief.topic == topic)
    point = None if finding in staked else next(of_subject, None)
    return (point or finding).brief


def _chapter(finding: Finding) -> str:
    return finding.id.partition(".")[0]


def _one_of_each(on_front: list[Brief | None], staked: list[Brief]) -> list[Brief]:
    """Return those on the first page, or the largest amount, else the first; and an amount of each
    party without one.
    """
    largest = sorted(staked, key=lambda one: -amount_of(one.stake))[:1]
    first = [one for one in on_front if one and one.stake] or largest
    sides = {one.side for one in first}
    others = {one.side: one for one in reversed(staked) if one.side not in sides}
    return [*first, *(one for one in others.values() if amount_of(one.stake))]


def _decider(points: list[Finding]) -> Side:
    """Return who decides more than half of some points, else both."""
    sides = Counter(finding.decider for finding in points if finding.decider)
    side, n = next(iter(sides.most_common(1)), (Side.BOTH, 0))
    return side if 2 * n > len(points) else Side.BOTH


def _weight(row: DecisionRow) -> tuple[str, float]:
    return row.decide_by or "9", -max(map(amount_of, row.stakes), default=0.0)
