"""Which rule takes which fact: one fact is penalised once, and who is refused it is told why (D5).

A candidate is a rule held to what it would penalise at once: the days of a delay, the misses of a
month. All candidates are there before any takes a fact; ``allocate`` alone decides between them,
on each side by itself: what is contested or open is taken on the high side only, and on the low
side left to the next rule for which it counts anyhow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import pandas as pd

from reviewlib.contract.penalties import Limits
from reviewlib.delivery.delays.metrics import DELIVERABLE, MILESTONE
from reviewlib.money.penalties.claim import (
    ALREADY,
    COUNTED,
    EXCUSING,
    FREE,
    LOW,
    WAITED,
    Claim,
    Formula,
)

POINTS, TIERS, PAYMENT = "points", "tiers", "payment"
PRECEDENCE = (MILESTONE, DELIVERABLE, POINTS, TIERS, PAYMENT)
"""Who takes a fact first, wherever the rules stand: a milestone before the deliverables that need
it, and points before a service credit. Between two rules of a kind, the order of the contract
decides."""


class PenalisedFact(NamedTuple):
    """What is penalised once: a day of a subject, or a month of a clause's priority or service.

    ``about``: the kind of the subject (milestone, deliverable), what a late payment costs
    (interest, indemnity), or the clause. ``name``: the subject, or the priority or service.
    ``when``: the day, or the month (2026-03).
    """

    about: str
    name: str
    when: dt.date | str


class Stake(NamedTuple):
    """A fact under a rule, with its units (days, points, tickets) on the low and on the high side.

    ``reason``: why the rule itself leaves it out on a side on which it has no units.
    """

    fact: PenalisedFact
    low: int = 1
    high: int = 1
    reason: str = COUNTED

    def units(self, side: str) -> int:
        """Return its units on a side; none where it does not count."""
        return self.low if side == LOW else self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A rule held to what it would penalise at once, whatever other rules do.

    ``kind``: one of PRECEDENCE. ``on``, ``provisional``, ``wanting``: as a claim has them.
    ``free``: so many units owe nothing. ``spared``: the reason for which nothing of it is due.
    ``needs``: the milestone without which a deliverable can't be submitted.
    """

    below: ClassVar[str] = FREE  # the reason of facts of which the rule makes nothing due

    kind: str
    rule: str
    terms: Limits
    subject: str
    month: str = ""
    on: pd.Timestamp
    stakes: tuple[Stake, ...]
    free: int = 0
    spared: str = ""
    needs: str = ""
    provisional: bool = False
    wanting: bool = False

    @property
    def rank(self) -> int:
        """Its place in PRECEDENCE."""
        return PRECEDENCE.index(self.kind)

    @property
    def label(self) -> str:
        """Where it counts its facts, as other lines refer to it."""
        return self.rule

    @property
    def pool(self) -> str:
        """The rules whose exemption and cap it shares."""
        return self.terms.pool_under(self.rule)

    def is_due(self, side: str, left: Sequence[Stake]) -> bool:
        """Whether those of its stakes that no other rule took make anything due on a side."""
        return sum(stake.units(side) for stake in left) > self.free

    def claims(self, low: Award, high: Award) -> Iterator[Claim]:
        """Yield what is due of it when it takes what it was awarded, and what it was refused."""
        raise NotImplementedError

    def claim(self, awards: Sequence[Award], low: Formula, high: Formula) -> Claim:
        """Return the claim on both sides, without what only its kind of rule tells of it."""
        return Claim(
            self.rule,
            self.terms,
            self.subject,
            self.month,
            self.on,
            low,
            high,
            self.terms.debtor,
            elsewhere=tuple(dict.fromkeys(place for award in awards for place in award.places)),
            provisional=self.provisional,
            wanting=self.wanting,
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Facts that a rule does not take, the word of the reason, and where they are counted.

    ``under``: for ALREADY, the line that they are counted in; for WAITED, that of the milestone;
    else "".
    """

    rule: str
    subject: str
    month: str
    because: str
    facts: tuple[PenalisedFact, ...]
    under: str = ""


class Elsewhere(NamedTuple):
    """The line to which a fact is left: it counts it ALREADY, or is the milestone's (WAITED)."""

    because: str
    line: str


@dataclass(frozen=True, slots=True)
class Award:
    """What a candidate takes on a side.

    ``elsewhere``: for each of its stakes, the line to which the fact is left, if it is.
    """

    candidate: Candidate
    side: str
    elsewhere: tuple[Elsewhere | None, ...]

    @property
    def left(self) -> list[Stake]:
        """Its stakes that are left to no other line."""
        pairs = zip(self.candidate.stakes, self.elsewhere, strict=True)
        return [stake for stake, place in pairs if place is None]

    @property
    def taken(self) -> tuple[PenalisedFact, ...]:
        """The facts that it takes: none where they make nothing due."""
        left = self.left
        if self.candidate.spared or not self.candidate.is_due(self.side, left):
            return ()
        return tuple(stake.fact for stake in left if stake.units(self.side))

    @property
    def reasons(self) -> list[str]:
        """Why each fact of the candidate does not count, "" where it does."""
        pairs = zip(self.candidate.stakes, self.elsewhere, strict=True)
        return [place.because if place else self._own(stake) for stake, place in pairs]

    @property
    def excused(self) -> tuple[PenalisedFact, ...]:
        """The facts that its rule leaves out by their cause."""
        pairs = zip(self.candidate.stakes, self.reasons, strict=True)
        return tuple(stake.fact for stake, reason in pairs if reason in EXCUSING)

    @property
    def places(self) -> tuple[str, ...]:
        """The lines to which facts of the candidate are left, each once."""
        return tuple(dict.fromkeys(place.line for place in self.elsewhere if place))

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """The facts that the candidate does not take, by reason and place, each with all of it."""
        candidate, taken = self.candidate, frozenset(self.taken)
        facts: dict[tuple[str, str], list[PenalisedFact]] = {}
        for stake, place in zip(candidate.stakes, self.elsewhere, strict=True):
            if stake.fact not in taken:
                own = self._own(stake) or candidate.spared or candidate.below
                facts.setdefault(place or (own, ""), []).append(stake.fact)
        return tuple(
            Refusal(
                candidate.rule, candidate.subject, candidate.month, because, tuple(refused), line
            )
            for (because, line), refused in facts.items()
        )

    def _own(self, stake: Stake) -> str:
        return COUNTED if stake.units(self.side) else stake.reason


def allocate(
    candidates: Sequence[Candidate], side: str, exempt: frozenset[str] = frozenset()
) -> list[Award]:
    """Return what each candidate takes on a side, in the order given.

    By PRECEDENCE, and of one kind in the order given, each takes those of its facts that count for
    it on that side and that no other took before it. One that then makes nothing due takes none:
    they are left to the next. So are the facts of a rule that makes nothing due for want of a
    formal notice, and, but for rules of its own pool, those of one of a pool that is ``exempt``.

    A deliverable leaves a day to the milestone that it needs where a rule at the charge of the same
    party takes that day of the milestone, or leaves it out by its cause (EXCUSING): the party
    answers once for it, or not at all. On all other days its own rule decides.
    """
    takers: dict[PenalisedFact, Candidate] = {}
    milestones: dict[tuple[str, PenalisedFact], Candidate] = {}
    awards: dict[int, Award] = {}
    for place in sorted(range(len(candidates)), key=lambda place: candidates[place].rank):
        candidate = candidates[place]
        awards[place] = award = Award(
            candidate,
            side,
            tuple(
                _elsewhere(candidate, takers.get(stake.fact), ALREADY, exempt)
                or _elsewhere(candidate, milestones.get(_needed(candidate, stake)), WAITED, exempt)
                for stake in candidate.stakes
            ),
        )
        if not candidate.wanting:
            takers |= dict.fromkeys(award.taken, candidate)
        if candidate.kind == MILESTONE:
            answered = [*award.excused, *(() if candidate.wanting else award.taken)]
            debtor = candidate.terms.debtor
            milestones |= dict.fromkeys(((debtor, fact) for fact in answered), candidate)
    return [awards[place] for place in range(len(candidates))]


def _needed(candidate: Candidate, stake: Stake) -> tuple[str, PenalisedFact]:
    """Return the day of the milestone that a deliverable needs, with who would answer for it."""
    fact = PenalisedFact(MILESTONE, candidate.needs, stake.fact.when)
    return candidate.terms.debtor, fact


def _elsewhere(
    candidate: Candidate, taker: Candidate | None, because: str, exempt: frozenset[str]
) -> Elsewhere | None:
    """Return the line of a taker, unless it is wholly exempt under another pool."""
    if taker is None or (taker.pool in exempt and taker.pool != candidate.pool):
        return None
    return Elsewhere(because, taker.label)
