"""Which rule takes which fact: one fact is penalised once, and who is refused it is told why (D5).

A candidate is a rule held to what it would penalise at once: the days of a delay, the misses of a
month. All candidates are there before any takes a fact; ``allocate`` alone decides between them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import pandas as pd

from reviewlib.contract.penalties import Limits
from reviewlib.delivery.delays.metrics import DELIVERABLE, MILESTONE
from reviewlib.money.penalties.claim import (
    ALREADY,
    CONTESTED,
    COUNTED,
    FREE,
    WAITED,
    Claim,
    Formula,
)

POINTS, TIERS, PAYMENT = "points", "tiers", "payment"
PRECEDENCE = (MILESTONE, DELIVERABLE, POINTS, TIERS, PAYMENT)
"""Who takes a fact first, wherever the rules stand: a deliverable does not owe for the days of the
milestone that it waits for, and a service credit not for what is counted in points. Between two
rules of a kind, the order of the contract decides."""


class PenalisedFact(NamedTuple):
    """What is penalised once: a day of a subject, or a month of a clause's priority or service.

    ``about``: the kind of the subject (milestone, deliverable, payment), or the clause. ``name``:
    the subject, or the priority or service. ``when``: the day, or the month (2026-03).
    """

    about: str
    name: str
    when: dt.date | str


class Stake(NamedTuple):
    """A fact under a rule: its units (days, points), and why the rule itself leaves it out.

    ``reason``: "" where it counts, CONTESTED where it counts on the high side only.
    """

    fact: PenalisedFact
    units: int = 1
    reason: str = COUNTED

    @property
    def counts(self) -> bool:
        """Whether the rule would penalise it, on the high side at least."""
        return self.reason in (COUNTED, CONTESTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A rule held to what it would penalise at once, whatever other rules do.

    ``kind``: one of PRECEDENCE. ``on``, ``provisional``, ``wanting``: as a claim has them.
    ``free``: so many units owe nothing. ``spared``: the reason for which nothing of it is due.
    ``needs``: the milestone without which a deliverable can't be submitted. ``exclusive``: what it
    takes, no other takes.
    """

    below: ClassVar[str] = FREE  # the reason of facts whose units are not more than the free ones
    indivisible: ClassVar[bool] = False  # it takes all of its facts or none

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
    exclusive: bool = True
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

    def claims(self, award: Award) -> Iterator[Claim]:
        """Yield what is due of it when it takes what it was awarded, and what it was refused."""
        raise NotImplementedError

    def claim(self, award: Award, low: Formula, high: Formula) -> Claim:
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
            elsewhere=award.places,
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


@dataclass(frozen=True, slots=True)
class Award:
    """What a candidate takes.

    ``elsewhere``: for each of its stakes, the line that counts the fact already, else "";
    ``waits``: for each, the line of the late milestone that a deliverable needs on that day.
    """

    candidate: Candidate
    elsewhere: tuple[str, ...]
    waits: tuple[str, ...]
    taken: tuple[PenalisedFact, ...]

    @property
    def reasons(self) -> list[str]:
        """Why each fact of the candidate does not count, "" where it does; ALREADY goes first."""
        each_stake = zip(self.candidate.stakes, self.elsewhere, self.waits, strict=True)
        return [
            ALREADY if place else WAITED if wait else stake.reason
            for stake, place, wait in each_stake
        ]

    @property
    def places(self) -> tuple[str, ...]:
        """The lines that count facts of the candidate already, or that it waits for, each once."""
        return tuple(dict.fromkeys(filter(None, (*self.elsewhere, *self.waits))))

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """The facts that the candidate does not take, by reason and place, each with all of it."""
        candidate, taken = self.candidate, frozenset(self.taken)
        facts: dict[tuple[str, str], list[PenalisedFact]] = {}
        for stake, *under in zip(candidate.stakes, self.elsewhere, self.waits, strict=True):
            if stake.fact not in taken:
                facts.setdefault(self._refused(stake, *under), []).append(stake.fact)
        return tuple(
            Refusal(
                candidate.rule, candidate.subject, candidate.month, because, tuple(refused), under
            )
            for (because, under), refused in facts.items()
        )

    def _refused(self, stake: Stake, place: str, wait: str) -> tuple[str, str]:
        """Return why a fact was not taken, and the line that counts it or that it waits for."""
        if place or wait:
            return (ALREADY, place) if place else (WAITED, wait)
        if not stake.counts:
            return stake.reason, ""
        if self.candidate.indivisible and self.places:
            return ALREADY, self.places[0]
        return self.candidate.spared or self.candidate.below, ""


def allocate(candidates: Sequence[Candidate]) -> list[Award]:
    """Return what each candidate takes, in the order given.

    By PRECEDENCE, and of one kind in the order given, each takes those of its facts that no other
    took before it. One that then makes nothing due takes none: they are left to the next. A
    deliverable leaves every day on which the milestone that it needs is late under a rule, whether
    that day is counted there or not.
    """
    waited = _late_milestones(candidates)
    taken: dict[PenalisedFact, str] = {}
    awards: dict[int, Award] = {}
    for place in sorted(range(len(candidates)), key=lambda place: candidates[place].rank):
        candidate = candidates[place]
        awards[place] = _award(candidate, taken, waited)
        if candidate.exclusive:
            taken |= dict.fromkeys(awards[place].taken, candidate.label)
    return [awards[place] for place in range(len(candidates))]


def _late_milestones(candidates: Iterable[Candidate]) -> dict[tuple[str, dt.date | str], str]:
    """Return where each day of a milestone's delay is held to a rule, by milestone and day."""
    return {
        (stake.fact.name, stake.fact.when): candidate.label
        for candidate in candidates
        if candidate.kind == MILESTONE
        for stake in candidate.stakes
    }


def _award(
    candidate: Candidate,
    taken: Mapping[PenalisedFact, str],
    waited: Mapping[tuple[str, dt.date | str], str],
) -> Award:
    """Return what a candidate takes of what is left."""
    facts = [stake.fact for stake in candidate.stakes]
    exclusive = candidate.exclusive
    elsewhere = tuple(taken.get(fact, "") if exclusive else "" for fact in facts)
    waits = tuple(waited.get((candidate.needs, fact.when), "") for fact in facts)
    of_stakes = zip(candidate.stakes, elsewhere, waits, strict=True)
    left = [stake for stake, place, wait in of_stakes if stake.counts and not (place or wait)]
    refused = candidate.spared or (candidate.indivisible and any(elsewhere))
    due = not refused and sum(stake.units for stake in left) > candidate.free
    return Award(candidate, elsewhere, waits, tuple(stake.fact for stake in left) if due else ())
