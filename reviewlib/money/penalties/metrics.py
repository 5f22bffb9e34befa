"""The ledger: claims less what is exempt and above the cap, and what was decided (D4, D5, D7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, product

import pandas as pd

from reviewlib.amounts import ZERO, exact, to_the_cent, total
from reviewlib.calendars.day_counts import end_of
from reviewlib.contract import Contract
from reviewlib.contract.penalties import Limits
from reviewlib.delivery.terms import versions_on
from reviewlib.money.penalties.allocation import Refusal
from reviewlib.money.penalties.claim import Claim, Facts, Gap
from reviewlib.money.penalties.claims import claims

LOW, HIGH = "low", "high"
COMPUTED, NOTIFIED, OBSERVATIONS, PAID = "computed", "notified", "observations", "paid"
WAIVED = "waived"


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

    The decision may be about other lines too: ``Ledger.answers`` gives those of each.
    """

    claim: Claim
    low: Settled
    high: Settled
    decision: Decision | None = None

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
        return self.status in (COMPUTED, NOTIFIED, OBSERVATIONS)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was notified, answered, decided and paid; dates NaT, amount None where there is none."""

    id: str
    rule: str
    subject: str
    month: str
    notified_on: pd.Timestamp
    observations_on: pd.Timestamp
    decided_on: pd.Timestamp
    decision: str
    amount: Decimal | None
    paid_on: pd.Timestamp
    evidence: str

    @property
    def status(self) -> str:
        """The last step that was taken."""
        if not pd.isna(self.paid_on):
            return PAID
        if self.decision:
            return self.decision
        return OBSERVATIONS if not pd.isna(self.observations_on) else NOTIFIED


@dataclass(frozen=True)
class Ledger:
    """Every line in the order of the contract, decisions on nothing computed, and the gaps.

    ``refusals``: the facts that a rule does not take, and why, by the order of the rules.
    """

    lines: tuple[Line, ...]
    unmatched: tuple[Decision, ...]
    gaps: tuple[Gap, ...]
    refusals: tuple[Refusal, ...] = ()

    @property
    def answers(self) -> tuple[tuple[Decision, tuple[Line, ...]], ...]:
        """Each decision on something computed, with the lines that it is about."""
        answers: dict[str, tuple[Decision, tuple[Line, ...]]] = {}
        for line in self.lines:
            if line.decision:
                decision, lines = answers.get(line.decision.id, (line.decision, ()))
                answers[decision.id] = decision, (*lines, line)
        return tuple(answers.values())

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision, each once."""
        return (*(decision for decision, _ in self.answers), *self.unmatched)

    def owed_by(self, debtor: str) -> tuple[Line, ...]:
        """Return the lines of a party."""
        return tuple(line for line in self.lines if line.claim.debtor == debtor)


def ledger(contract: Contract, facts: Facts) -> Ledger:
    """Return the ledger of a contract: what is proposed, by line, and what was decided of it."""
    due, gaps, refusals = claims(contract, facts)
    decided = {(d.rule, d.subject, d.month): d for d in decisions(facts.decisions)}
    answers = [_decided(claim, decided) for claim in due]
    waived = [answer is not None and answer.decision == WAIVED for answer in answers]
    sides = (settled(contract, due, waived, side) for side in (LOW, HIGH))
    lines = tuple(Line(*parts) for parts in zip(due, *sides, answers, strict=True))
    used = {line.decision.id for line in lines if line.decision}
    unmatched = tuple(decision for decision in decided.values() if decision.id not in used)
    return Ledger(lines, unmatched, tuple(gaps), tuple(refusals))


def _decided(claim: Claim, decided: Mapping[tuple[str, str, str], Decision]) -> Decision | None:
    """Return the decision on a claim: on itself, else on all subjects or all months of its rule."""
    if claim.bonus and (claim.rule, claim.subject, claim.month) not in decided:
        return None  # what is decided of all of a clause is about what its debtor owes
    places = product((claim.subject, ""), (claim.month, ""))
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


def pool_of(claim: Claim) -> tuple[str, str, bool]:
    """Return what shares the exemption and the cap of a claim: pool, debtor, and whether bonus."""
    return claim.terms.pool or claim.rule, claim.debtor, claim.bonus


def _of_pool(
    contract: Contract, members: list[tuple[int, Claim]], gross: Sequence[Decimal]
) -> dict[int, Settled]:
    amounts = {place: gross[place] for place, _ in members}
    latest = members[-1][1]
    exempted = _exempted(amounts, latest.terms, latest.bonus)
    spans = {place: span_of(contract, claim) for place, claim in members}
    # a later wording says nothing of a month or year that was over before it
    wordings = {spans[place]: claim.terms for place, claim in members}
    spent: dict[str, Decimal] = {}
    result = {}
    for place, claim in members:
        left = gross[place] - exempted[place]
        span = spans[place]
        cap = None if claim.bonus else cap_of(contract, claim.on, wordings[span])
        net = left if cap is None else min(left, max(ZERO, cap - spent.get(span, ZERO)))
        spent[span] = spent.get(span, ZERO) + net
        result[place] = Settled(gross[place], ZERO, ZERO, exempted[place], left - net, net)
    return result


def _exempted(gross: dict[int, Decimal], terms: Limits, bonus: bool) -> dict[int, Decimal]:
    """Return the part of each claim that the exemption takes out, over the whole contract.

    A bonus is no penalty: neither exemption nor cap is about it.
    """
    free = ZERO if bonus else terms.exempt_up_to or ZERO
    if terms.exempt_as == "threshold":
        within = sum(gross.values(), ZERO) <= free
        return {place: amount if within else ZERO for place, amount in gross.items()}
    exempted = {}
    for place, amount in gross.items():
        exempted[place] = min(amount, free)
        free -= exempted[place]
    return exempted


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


# --------------------------------------------------------------------------------------- decisions


def decisions(table: pd.DataFrame | None) -> list[Decision]:
    """Return the rows of the table ``penalties`` that tell of a step taken."""
    if table is None:
        return []
    names = [name for name in Decision.__slots__ if name not in ("id", "amount")]
    rows = table.rename(columns={"penalty_id": "id"}).reindex(columns=["id", *names, "amount"])
    for name in names:
        if name.endswith("_on"):
            rows[name] = rows[name].astype("datetime64[s]")
        else:
            rows[name] = rows[name].astype("object").where(rows[name].notna(), "")
    rows["amount"] = exact(rows["amount"])
    dated = rows[["notified_on", "observations_on", "decided_on"]].notna().any(axis=1)
    ordered = rows[dated | (rows["decision"] != "")][[*Decision.__slots__]]
    return [Decision(*row) for row in ordered.itertuples(index=False)]


def observations_until(line: Line, contract: Contract) -> pd.Timestamp:
    """Return the last day for the other party's observations; NaT where none is agreed or told."""
    allowed, decision = line.claim.terms.observations, line.decision
    if allowed is None or decision is None:
        return pd.NaT
    return end_of(allowed, pd.Series([decision.notified_on]), contract.days_off).iloc[0]


def differing(decision: Decision, lines: Sequence[Line]) -> bool:
    """Whether the amount decided lies outside of what the lines that it is about propose."""
    if decision.amount is None or decision.decision == WAIVED:
        return False
    nets = [sums(lines, side).net for side in (LOW, HIGH)]
    return not min(nets) <= decision.amount <= max(nets)
