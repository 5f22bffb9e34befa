"""What a steering committee sees first, by rule, and what each party still owes.

The rule is that of ``RULE``, which the page prints.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from reviewlib.report.parts import Part
from reviewlib.report.text import N_
from reviewlib.report.values import AtStake, Brief, Finding, Kind, Section, Side, Unit

RANKED = 8  # findings on the first page
OF_PART, OF_CHAPTER = 2, 1  # of one part and of one chapter, of what did not hold
LAST = 99  # the rank of a chapter that opens no review
SOON = dt.timedelta(days=30)
OF_CLASS = (2, 2, RANKED, RANKED)  # the most of each class
NOT_HELD = 2  # the class of what did not hold beyond doubt
RULE = N_(
    "In turn: what is to be decided within 30 days, by date, at most two; amounts that are not "
    "decided or disputed, the largest first, at most two; what did not hold beyond doubt, in the "
    "order of weight of the chapters, one of a chapter, two of a part, contested first; what did "
    "not hold within what chance leaves open. One finding of a subject. Where all are of one "
    "party, the last is the other’s first. What says another finding again is left out."
)


@dataclass(frozen=True, slots=True)
class Briefed:
    """A finding that may stand on the first page, with its brief, its chapter and its part.

    ``rank``: of its chapter among the clauses of the sentence that opens the review.
    """

    finding: Finding
    brief: Brief
    chapter: str
    part: Part
    rank: int


def candidates(chapters: Sequence[Section]) -> list[Briefed]:
    """Return what may be ranked: what has a brief and did not simply hold, said once."""
    ids = {finding.id for section in chapters for finding in section.findings}
    return [one for one in _briefed(chapters) if one.finding.restates not in ids]


def _briefed(chapters: Sequence[Section]) -> list[Briefed]:
    return [
        Briefed(finding, finding.brief, section.slug, section.part, _rank(section))
        for section in chapters
        for finding in section.findings
        if finding.brief and finding.kind is not Kind.STRENGTH
    ]


def _rank(section: Section) -> int:
    """Return the rank of what did not hold in a chapter; without one it comes last."""
    ranks = (one.rank for one in section.clauses if one.kind is Kind.CONCERN)
    return min(ranks, default=LAST)


def ranked(chapters: Sequence[Section], today: dt.date) -> tuple[Finding, ...]:
    """Return the findings that the first page shows, by class and within it by weight."""
    every = candidates(chapters)
    chosen = _chosen(_in_turn(every, today), today)
    sides = {one.brief.side for one in chosen}
    if len(chosen) > 1 and len(sides) == 1 and (other := _other(every, sides)):
        chosen = [*chosen[: RANKED - 1], other]
    return tuple(one.finding for one in sorted(chosen, key=lambda one: _class(one, today)))


def _chosen(in_turn: Iterator[Briefed], today: dt.date) -> list[Briefed]:
    chosen: list[Briefed] = []
    taken = Counter[Part | str]()
    for one in in_turn:
        again = one.brief.topic and one.brief.topic in {other.brief.topic for other in chosen}
        counted = _class(one, today) >= NOT_HELD
        full = counted and (taken[one.part] >= OF_PART or taken[one.chapter] >= OF_CHAPTER)
        if not again and not full and len(chosen) < RANKED:
            chosen.append(one)
            taken.update([one.part, one.chapter] if counted else ())
    return chosen


def _other(every: list[Briefed], sides: set[Side]) -> Briefed | None:
    """Return the first finding of the party of which none was chosen."""
    others = {Side.PROVIDER, Side.CLIENT} - sides
    return next((one for one in every if one.brief.side in others), None)


def _in_turn(every: list[Briefed], today: dt.date) -> Iterator[Briefed]:
    """Yield the first of each class, then the second of each, …"""
    classes: list[list[Briefed]] = [[] for _ in OF_CLASS]
    for one in sorted(every, key=lambda one: _weight(one, today)):
        classes[_class(one, today)].append(one)
    limited = (some[:most] for some, most in zip(classes, OF_CLASS, strict=True))
    for row in zip_longest(*limited):
        yield from (one for one in row if one is not None)


def _class(one: Briefed, today: dt.date) -> int:
    """Return 0 for what is to be decided soon, 1 for amounts that are owed or contested, 2 for what
    did not hold, 3 within chance.
    """
    by = one.finding.decide_by
    if by and dt.date.fromisoformat(by) <= today + SOON:
        return 0
    if amount_of(one.brief.stake) and (one.brief.owes or one.brief.contested):
        return 1
    return 3 if one.brief.by_chance else 2


def _weight(one: Briefed, today: dt.date) -> tuple[str, float, int, bool, float]:
    """Return what findings of one class are sorted by: the date; the amount; the rank of the
    chapter; contested; share of a whole.

    The sort is stable: the order of the page decides between equals.
    """
    stake, place = one.brief.stake, _class(one, today)
    share = _most(stake) / stake.of if stake and stake.of else 0.0
    money = amount_of(stake) if place == 1 else 0.0
    date = one.finding.decide_by if place == 0 else ""
    return date, -money, one.rank, not one.brief.contested, -share


def amount_of(stake: AtStake | None) -> float:
    """Return the amount at stake; 0 where it is none of money."""
    return _most(stake) if stake and stake.unit is Unit.MONEY else 0.0


def _most(stake: AtStake) -> float:
    return max(_number(stake.value), _number(stake.high))


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def owed_by(chapters: Sequence[Section], side: Side) -> tuple[Finding, ...]:
    """Return what a party owes, or is asked for: dated first, then the largest amounts.

    What both owe together is among the decisions.
    """
    own = [one for one in _briefed(chapters) if one.brief.owes and one.brief.side is side]
    own.sort(key=lambda one: (one.finding.decide_by or "9", *_weight(one, dt.date.min)))
    return tuple(one.finding for one in own)


def held(chapters: Sequence[Section]) -> Iterator[Finding]:
    """Yield what held, the first of each party, then the second of each, …"""
    every = [one for section in chapters for one in section.findings]
    own = [one for one in every if one.kind is Kind.STRENGTH and one.brief]
    by_side = [[one for one in own if one.brief and one.brief.side is side] for side in Side]
    for row in zip_longest(*by_side):
        yield from (one for one in row if one is not None)
