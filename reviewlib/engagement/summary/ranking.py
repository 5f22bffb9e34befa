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

RANKED, OF_PERIOD = 8, 5  # findings on the first page, of a periodic review
OF_PART, OF_CHAPTER = 2, 1  # of one part and of one chapter, of what did not hold
LAST = 99  # the rank of a chapter that opens no review
SOON = dt.timedelta(days=30)
OF_CLASS = (2, 2, RANKED, RANKED)  # the most of each class
CLASSES = len(OF_CLASS)
NOT_HELD = 2  # the class of what did not hold beyond doubt
RULE = N_(
    "In turn: what is to be decided by a date past or within 30 days, by date, at most two; "
    "amounts that a party owes, is asked for or contests, the largest first, at most two; what "
    "did not hold beyond doubt, in the order of weight of the chapters, contested first, then the "
    "larger share; what did not hold within what chance leaves open. Of these last two, one of a "
    "chapter and two of a part. One finding of a subject. Where all are of one party, the last "
    "gives way to the other’s first. What says another finding again is left out."
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
    """Return what may be ranked: what has a brief and did not simply hold, said once.

    Of a periodic review, what stood before is left out where nothing is to be decided by a date.
    """
    ids = {finding.id for section in chapters for finding in section.findings}
    standing = _standing(chapters)
    return [
        one
        for one in _briefed(chapters)
        if one.finding.restates not in ids
        and (one.finding.id not in standing or one.finding.decide_by)
    ]


def _standing(chapters: Sequence[Section]) -> set[str]:
    return {name for section in chapters for name in section.standing}


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


def ranked(chapters: Sequence[Section], today: dt.date, most: int = RANKED) -> tuple[Finding, ...]:
    """Return the ``most`` findings that the first page shows, by class and in it by weight."""

    def in_order(one: Briefed) -> tuple[int, tuple[str, float, int, bool, float]]:
        return _class(one, today), _weight(one, today)

    every = sorted(candidates(chapters), key=in_order)
    classes = [[one for one in every if _class(one, today) == place] for place in range(CLASSES)]
    chosen = _chosen(classes, most)
    sides = {one.brief.side for one in chosen}
    if len(chosen) > 1 and sides in ({Side.PROVIDER}, {Side.CLIENT}):
        chosen = _with_other(chosen[: most - 1], every, sides) or chosen
    return tuple(one.finding for one in sorted(chosen, key=lambda one: _class(one, today)))


def _chosen(classes: Sequence[Sequence[Briefed]], most: int) -> list[Briefed]:
    """Return the first of each class that may stand there, then the second of each, …"""
    chosen: list[Briefed] = []
    taken = Counter[tuple[str, object]]()  # a part and a chapter may have one name
    waiting = [list(own) for own in classes]
    while any(waiting) and len(chosen) < most:
        for place, own in enumerate(waiting):
            while own and len(chosen) < most:
                one = own.pop(0)
                limits: dict[tuple[str, object], int] = {("class", place): OF_CLASS[place]}
                if place >= NOT_HELD:
                    limits |= {("part", one.part): OF_PART, ("chapter", one.chapter): OF_CHAPTER}
                if not _again(one, chosen) and all(taken[key] < limits[key] for key in limits):
                    chosen.append(one)
                    taken.update(limits.keys())
                    break
    return chosen


def _again(one: Briefed, chosen: Sequence[Briefed]) -> bool:
    """Tell whether a finding is of a subject that was chosen already."""
    return bool(one.brief.topic) and one.brief.topic in {other.brief.topic for other in chosen}


def _with_other(first: list[Briefed], every: list[Briefed], sides: set[Side]) -> list[Briefed]:
    """Return the first of one party and the other party’s first; none where that has none."""
    others = {Side.PROVIDER, Side.CLIENT} - sides
    own = (one for one in every if one.brief.side in others and not _again(one, first))
    other = next(own, None)
    return [*first, other] if other else []


def _class(one: Briefed, today: dt.date) -> int:
    """Return 0 for what is to be decided soon, or was to be, 1 for amounts that are owed or
    contested, 2 for what did not hold, 3 within chance.
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
    """Return what a party owes, is asked for or has to move: dated first, then by amount.

    What both owe together is among the decisions.
    """
    every = [one for one in _briefed(chapters) if one.brief.owes]
    own = [one for one in every if (one.brief.mover or one.brief.side) is side]
    own.sort(key=lambda one: (one.finding.decide_by or "9", *_weight(one, dt.date.min)))
    return tuple(one.finding for one in own)


def held(chapters: Sequence[Section]) -> Iterator[Finding]:
    """Yield what held, said once, the first of each party, then the second of each, …

    Of a periodic review, what stood alike before is left out, as of what did not hold.
    """
    every = [one for section in chapters for one in section.findings]
    ids, standing = {one.id for one in every}, _standing(chapters)
    own = [
        one
        for one in every
        if one.kind is Kind.STRENGTH
        and one.brief
        and one.restates not in ids
        and one.id not in standing
    ]
    by_side = [[one for one in own if one.brief and one.brief.side is side] for side in Side]
    for row in zip_longest(*by_side):
        yield from (one for one in row if one is not None)
