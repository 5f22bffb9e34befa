"""The ledger: claims less what is exempt and above the cap, and what was decided (D4, D5, D7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import groupby, product

import pandas as pd

from reviewlib.amounts import ZERO, to_the_cent, total
from reviewlib.contract import Contract
from reviewlib.contract.penalties import Limits
from reviewlib.delivery.terms import versions_on
from reviewlib.money.penalties.allocation import Candidate, Refusal
from reviewlib.money.penalties.claim import BORNE, SIDES, Claim, Facts, Gap
from reviewlib.money.penalties.claims import Applied, candidates, claims
from reviewlib.money.penalties.decided import (
    COMPUTED,
    WAIVED,
    Decision,
    decisions,
    is_part,
    parts_of,
)

LOW, HIGH = SIDES
ROUNDS = 10  # exempt pools leave their facts to others, which may change which pools are exempt


@dataclass(frozen=True, slots=True)
class Settled:
    """An amount due and what becomes of it: gross = held + waived + exempted + capped + net.

    ``held``: not due for want of a formal notice. What is held or ``waived`` uses up neither an
    exemption nor a cap.
    """

    gross: Decimal
    held: Decimal
    waived: Decimal
    exempted: Decimal
    capped: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A claim with what is left of it on both sides, and the decision that was taken on it.

    The decision may be about other lines too: ``Ledger.answers`` gives those of each. ``rests_on``:
    of what is left, on the low and the high side, the part that rests on the days of a class of
    ``claim.BORNE``: what is left less what would be if, in the whole ledger, those days did not
    count. It is below zero where they use up a cap that would else be left for this line.
    """

    claim: Claim
    low: Settled
    high: Settled
    decision: Decision | None = None
    rests_on: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The rule and the fact: it stays the same from one review to the next."""
        about = (self.claim.rule, self.claim.subject, self.claim.month)
        return "/".join(part for part in (*about, "bonus" if self.claim.bonus else "") if part)

    @property
    def status(self) -> str:
        """How far it has gone: computed, notified, observations, a decision, or paid."""
        return self.decision.status if self.decision else COMPUTED

    @property
    def pending(self) -> bool:
        """Whether nothing was decided of it yet."""
        return self.decision is None or self.decision.pending

    @property
    def due(self) -> bool:
        """Whether its facts make anything due, on a side at least, before what lessens it."""
        return bool(self.low.gross or self.high.gross)


@dataclass(frozen=True)
class Ledger:
    """Every line in the order of the contract, decisions on nothing computed, and the gaps.

    ``refusals``: by side, the facts that a rule does not take, and why, by the order of the rules.
    """

    lines: tuple[Line, ...]
    unmatched: tuple[Decision, ...]
    gaps: tuple[Gap, ...]
    refusals: Mapping[str, tuple[Refusal, ...]] = field(default_factory=dict)

    @cached_property
    def answers(self) -> tuple[tuple[Decision, tuple[Line, ...]], ...]:
        """Each decision on something computed, with the lines that it is about."""
        answers: dict[str, tuple[Decision, list[Line]]] = {}
        for line in self.lines:
            if line.decision:
                answers.setdefault(line.decision.id, (line.decision, []))[1].append(line)
        return tuple((decision, tuple(lines)) for decision, lines in answers.values())

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision, each once."""
        return (*(decision for decision, _ in self.answers), *self.unmatched)

    def owed_by(self, debtor: str) -> tuple[Line, ...]:
        """Return the lines of a party."""
        return tuple(line for line in self.lines if line.claim.debtor == debtor)


def ledger(contract: Contract, facts: Facts, applied: Applied | None = None) -> Ledger:
    """Return the ledger of a contract: what is proposed, by line, and what was decided of it.

    ``applied``: as ``claims.candidates`` takes it.
    """
    every, gaps = candidates(contract, facts, applied)
    decided = {
        (one.rule, one.subject, one.month): replace(one, hidden=any(_hides(g, one) for g in gaps))
        for one in decisions(facts.decisions)
    }
    lines, refusals = _lines(contract, every, decided)
    lines = _with_what_they_rest_on(contract, lines)
    used = {line.decision.id for line in lines if line.decision}
    unmatched = tuple(
        replace(one, hidden=one.hidden or any(is_part(one, line.claim) for line in lines))
        for one in decided.values()
        if one.id not in used
    )
    return Ledger(lines, unmatched, tuple(gaps), refusals)


def _hides(gap: Gap, decision: Decision) -> bool:
    """Whether a gap keeps what is due for a decision, or all of it, from being told.

    That the tables do not have the subject of a decision is what it is blamed for.
    """
    about = not gap.subject or decision.subject in ("", gap.subject)
    return gap.rule == decision.rule and about and gap.because != "no_subject"


Decided = Mapping[tuple[str, str, str], "Decision"]
Exempt = Mapping[str, frozenset[str]]
Refusals = Mapping[str, tuple[Refusal, ...]]
NONE_EXEMPT: Exempt = dict.fromkeys(SIDES, frozenset())


def _lines(
    contract: Contract, every: Sequence[Candidate], decided: Decided
) -> tuple[tuple[Line, ...], Refusals]:
    """Return the lines, when each fact is penalised once and what is wholly exempt takes none.

    Where the rounds do not settle which pools are exempt, all of them take their facts.
    """
    exempt = NONE_EXEMPT
    for _ in range(ROUNDS):
        lines, refusals = _round(contract, every, decided, exempt)
        before, exempt = exempt, {side: _wholly_exempt(lines, side) for side in SIDES}
        if exempt == before:
            return lines, refusals
    return _round(contract, every, decided, NONE_EXEMPT)


def _round(
    contract: Contract, every: Sequence[Candidate], decided: Decided, exempt: Exempt
) -> tuple[tuple[Line, ...], Refusals]:
    due, refusals = claims(every, exempt)
    answers = [_decided(claim, decided) for claim in due]
    sides = on_both_sides(contract, due, answers)
    parts = zip(due, sides, answers, strict=True)
    return tuple(Line(claim, *both, answer) for claim, both, answer in parts), refusals


def _with_what_they_rest_on(contract: Contract, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Add to lines what of them rests on the days of each class of BORNE."""
    answers = [line.decision for line in lines]
    parts: list[dict[str, tuple[Decimal, Decimal]]] = [{} for _ in lines]
    for cause in BORNE:
        if not any(cause in line.claim.without for line in lines):
            continue
        due = [_without(line.claim, cause) for line in lines]
        sides = on_both_sides(contract, due, answers)
        for part, line, (low, high) in zip(parts, lines, sides, strict=True):
            differences = line.low.net - low.net, line.high.net - high.net
            if any(differences):
                part[cause] = differences
    pairs = zip(lines, parts, strict=True)
    return tuple(replace(line, rests_on=part) if part else line for line, part in pairs)


def _without(claim: Claim, cause: str) -> Claim:
    low, high = claim.without.get(cause, (claim.low, claim.high))
    return replace(claim, low=low, high=high)


def resting(lines: Iterable[Line], cause: str) -> tuple[Decimal, Decimal]:
    """Return what of some lines, on the low and the high side, rests on a class of BORNE."""
    parts = [line.rests_on.get(cause, (ZERO, ZERO)) for line in lines]
    return total(low for low, _ in parts), total(high for _, high in parts)


def _wholly_exempt(lines: Iterable[Line], side: str) -> frozenset[str]:
    """Return the pools of whose claims the exemption leaves nothing on a side."""
    pools: dict[str, list[Line]] = {}
    for line in lines:
        if not line.claim.bonus:
            pools.setdefault(line.claim.terms.pool_under(line.claim.rule), []).append(line)
    wholes = {pool: sums(of_pool, side) for pool, of_pool in pools.items()}
    return frozenset(
        pool for pool, whole in wholes.items() if whole.exempted and not (whole.capped + whole.net)
    )


def _decided(claim: Claim, decided: Mapping[tuple[str, str, str], Decision]) -> Decision | None:
    """Return the decision on a claim: on itself, a part, or all subjects or months of its rule."""
    if claim.bonus and (claim.rule, claim.subject, claim.month) not in decided:
        return None  # what is decided of all of a clause is about what its debtor owes
    places = product((claim.subject, *parts_of(claim), ""), (claim.month, ""))
    return next(
        (d for place in places if (d := decided.get((claim.rule, place[0], place[1])))), None
    )


def sums(lines: Iterable[Line], side: str) -> Settled:
    """Return the sum of lines on a side, exact to the cent."""
    amounts = [getattr(line, side) for line in lines]
    return Settled(*(total(getattr(s, name) for s in amounts) for name in Settled.__slots__))


# ----------------------------------------------------------------------------- exemption and cap


def settled(
    contract: Contract, due: Sequence[Claim], waived: Sequence[bool], side: str
) -> list[Settled]:
    """Return what is left of each claim on a side: pools run over all their claims by date.

    What becomes due earlier uses up an exemption or a cap first; of one day, by the order given.
    """
    gross = [getattr(claim, side).amount for claim in due]
    result: dict[int, Settled] = {}
    for place, claim in enumerate(due):
        if claim.wanting or waived[place]:
            held, given_up = (gross[place], ZERO) if claim.wanting else (ZERO, gross[place])
            result[place] = Settled(gross[place], held, given_up, ZERO, ZERO, ZERO)
    owing = [(place, claim) for place, claim in enumerate(due) if place not in result]
    pools = sorted(owing, key=lambda item: (pool_of(item[1]), item[1].on))
    for _, members in groupby(pools, key=lambda item: pool_of(item[1])):
        result |= _of_pool(contract, list(members), gross)
    return [result[place] for place in range(len(due))]


def on_both_sides(
    contract: Contract, due: Sequence[Claim], answers: Sequence[Decision | None]
) -> list[tuple[Settled, Settled]]:
    """Return what is left of each claim on both sides. ``answers``: the decision on each."""
    waived = [answer is not None and answer.decision == WAIVED for answer in answers]
    low, high = (settled(contract, due, waived, side) for side in SIDES)
    return list(zip(low, high, strict=True))


def pool_of(claim: Claim) -> tuple[str, str, bool]:
    """Return what shares the exemption and the cap of a claim: pool, debtor, and whether bonus."""
    return claim.terms.pool_under(claim.rule), claim.debtor, claim.bonus


def _of_pool(
    contract: Contract, members: list[tuple[int, Claim]], gross: Sequence[Decimal]
) -> dict[int, Settled]:
    """Return what is left of the claims of a pool, each under the wording that it falls under.

    ``members``: by date. A later wording changes neither exemption nor cap of what came before it.
    A bonus is no penalty: neither is about it.
    """
    result, spent = {}, dict[str, Decimal]()
    exempted = {} if members[0][1].bonus else _exempted(members, gross)
    for place, claim in members:
        exempt, span = exempted.get(place, ZERO), span_of(contract, claim)
        left = gross[place] - exempt
        cap = None if claim.bonus else cap_of(contract, claim.on, claim.terms)
        net = left if cap is None else min(left, max(ZERO, cap - spent.get(span, ZERO)))
        spent[span] = spent.get(span, ZERO) + net
        result[place] = Settled(gross[place], ZERO, ZERO, exempt, left - net, net)
    return result


def _exempted(members: list[tuple[int, Claim]], gross: Sequence[Decimal]) -> dict[int, Decimal]:
    """Return the part of each claim that the exemption takes out, over the whole contract.

    As a threshold it takes all or nothing of what falls under one wording: all where the sum since
    the beginning of the contract is not above it. As a deductible it takes what is left of it.
    """
    exempted, reached, used = dict[int, Decimal](), ZERO, ZERO
    for (free, kind), same in groupby(members, key=lambda item: _exemption(item[1].terms)):
        places = [place for place, _ in same]
        reached += sum((gross[place] for place in places), ZERO)
        for place in places:
            left = max(ZERO, free - used) if kind == "deductible" else free
            whole = kind == "deductible" or reached <= free
            exempted[place] = min(gross[place], left) if whole else ZERO
            used += exempted[place]
    return exempted


def _exemption(terms: Limits) -> tuple[Decimal, str]:
    return terms.exempt_up_to or ZERO, terms.exempt_as


def cap_of(contract: Contract, on: pd.Timestamp, terms: Limits) -> Decimal | None:
    """Return the cap of a rule for what is over by a day; None where it states none."""
    if terms.cap is not None or terms.cap_share is None:
        return terms.cap
    base = terms.cap_of
    if base is None:
        version = versions_on(contract, pd.Series([on])).iloc[0]
        price = contract.versions[version].price
        base = price.total if price else ZERO
    return to_the_cent(base * terms.cap_share)


def span_of(contract: Contract, claim: Claim) -> str:
    """Return the contract year or the month over which a cap runs; nothing for the contract."""
    terms = claim.terms
    if terms.cap_per == "month":
        return claim.month or f"{claim.on:%Y-%m}"
    if terms.cap_per == "contract":
        return ""
    first = pd.Timestamp(contract.period.first)
    before = (claim.on.month, claim.on.day) < (first.month, first.day)
    return str(claim.on.year - first.year - before)


def differing(decision: Decision, lines: Sequence[Line]) -> bool:
    """Whether the amount decided lies outside of what the lines that it is about propose."""
    if decision.amount is None or decision.decision == WAIVED:
        return False
    nets = [sums(lines, side).net for side in (LOW, HIGH)]
    return not min(nets) <= decision.amount <= max(nets)


def is_partial(decision: Decision, lines: Sequence[Line]) -> bool:
    """Whether a decision is about a part of the lines: one priority of the points of a month."""
    return any(is_part(decision, line.claim) for line in lines)
