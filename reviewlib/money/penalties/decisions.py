"""What is found of the decisions: above a cap, disputed, missing, apart from what is computed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from reviewlib.amounts import total
from reviewlib.contract.parties import OTHER
from reviewlib.contract.penalties import LatePayment, Limits
from reviewlib.money import results
from reviewlib.money.penalties import reading_words, state_words, tables, words
from reviewlib.money.penalties.claim import SIDES
from reviewlib.money.penalties.metrics import (
    PAID,
    Decision,
    Ledger,
    Line,
    differing,
    observations_until,
)
from reviewlib.money.penalties.readings import OtherReading, giving
from reviewlib.money.penalties.states import (
    DECIDED,
    DISPUTED,
    computed,
    under_caps,
    without_room,
)
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import EMPTY, N_, How, Shown, Text, join, sentences
from reviewlib.report.values import Kind, Side
from reviewlib.review import Review
from reviewlib.service.clauses import service_names

APART = N_(
    "{id}: {decided:money} was decided on {date} for {about} under {rule:ref}; computed: {amount}."
)
CONTESTED = N_(
    "{id}: {decided:money} was decided on {date} for {about} under {rule:ref}, and is disputed; "
    "computed: {amount}."
)
SETTLE = N_("{id}: settle the dispute.")
SETTLE_APART = N_(
    "{id}: settle the dispute, and say why the amount decided is not the one computed."
)
NOTIFIED = N_(
    "{id}: a claim for {about} under {rule:ref} was notified on {date}, of an amount that is not "
    "recorded; no decision is recorded as of {today}. Computed now: {amount}."
)
OBSERVED = N_(
    "{id}: observations of {date} answer what is due for {about} under {rule:ref}; neither the day "
    "of its notice nor a decision is recorded as of {today}. Computed: {amount}."
)
DECIDE = N_("{id}: decide on what was notified: impose it, reduce it or waive it.")
ABOVE_CAP = N_(
    "{ids}: {decided:money} was decided under {rule:ref}, {excess:money} above its cap of "
    "{cap:money}."
)
BRING_BACK = N_("{rule}: settle what becomes of the {excess:money} decided above the cap.")
UNFOUNDED = N_("{id}: the tables show nothing due for {about} under {rule:ref}; {decided}.")
DECIDED_AMOUNT = N_("decided: {amount:money}")
UNKNOWN = N_("{id}: what is due for {about} under {rule:ref} can’t be told; {decided}.")
EXPLAIN = N_("{id}: say why the amount decided is not the one computed.")
UNDO = {
    "client": N_(
        "{id}: the client is invited to produce the fact that it rests on, or to withdraw it."
    ),
    "provider": N_(
        "{id}: the provider is invited to produce the fact that it rests on, or to withdraw it."
    ),
}
"""Of what was not paid, by who is owed."""
PAID_BEYOND = {
    "provider": N_(
        "{total:money} was paid by the provider beyond what is computed: {amounts:all}."
    ),
    "client": N_("{total:money} was paid by the client beyond what is computed: {amounts:all}."),
}
OF_DECISION = N_("{id} {excess:money}")
UNDO_BEYOND = {
    "client": N_(
        "{ids:all}: the client is invited to produce the facts that what was paid beyond what is "
        "computed rests on, or to pay it back."
    ),
    "provider": N_(
        "{ids:all}: the provider is invited to produce the facts that what was paid beyond what is "
        "computed rests on, or to pay it back."
    ),
}


def of_decisions(c: Chapter) -> None:
    """Add what is found of the decisions on penalties, notified, taken, disputed or missing."""
    _above_caps(c)
    _paid_beyond(c)
    _apart(c)
    _notified(c)
    _unfounded(c)


def _above_caps(c: Chapter) -> None:
    """Add what was decided beyond a cap."""
    rules = tables.newest_rules(c.review)
    for key, one in under_caps(c.review.contract, results.ledger(c.review), rules).items():
        if one.excess <= 0:
            continue
        clause, excess = words.clause(one.rule, rules[one.rule]), one.excess
        c.concern(
            ".".join(filter(None, ("cap", one.rule, key[1]))),
            ABOVE_CAP(rule=clause, decided=one.amount, excess=excess, cap=one.cap),
            about=[decision.id for decision in one.decisions],
            decision=BRING_BACK(rule=clause, excess=excess),
            decider=Side.BOTH,
            clause=clause,
            restates=c.id(one.rule),
        )


def _paid_beyond(c: Chapter) -> None:
    """Add what was paid beyond the most that is computed of it, by the party that paid.

    What another reading gives is not to be paid back: that reading is to be settled.
    """
    for debtor, creditor in OTHER.items():
        every = beyond(c.review, debtor)
        back = [one.id for one, _ in every if not _readings_of(c.review, one)]
        rules = {one.rule for one, _ in every}
        c.find(
            Kind.CONCERN,
            f"paid_beyond.{debtor}",
            paid_beyond(c.review, debtor),
            about=[one.id for one, _ in every],
            decision=UNDO_BEYOND[creditor](ids=back) if back else EMPTY,
            decider=Side(creditor),
            restates=c.id(*rules) if len(rules) == 1 else "",
        )


def paid_beyond(review: Review, debtor: str) -> Text:
    """Return what a party paid beyond what is computed, by decision; "" without any."""
    every = beyond(review, debtor)
    amounts = [OF_DECISION(id=one.id, excess=excess) for one, excess in every]
    whole = total(excess for _, excess in every)
    return PAID_BEYOND[debtor](total=whole, amounts=amounts) if every else EMPTY


def beyond(review: Review, debtor: str) -> list[tuple[Decision, Decimal]]:
    """Return what a party paid of which all that is computed can be told, and by how much more."""
    ledger, rules = results.ledger(review), tables.newest_rules(review)
    every = (*ledger.answers, *((one, ()) for one in ledger.unmatched))
    return [
        (decision, decision.amount - most)
        for decision, lines in every
        if decision.status == PAID and decision.amount is not None and not decision.hidden
        if rules[decision.rule].debtor == debtor
        if (most := max(computed(lines, side) for side in SIDES)) < decision.amount
    ]


def _readings_of(review: Review, decision: Decision) -> list[OtherReading]:
    """Return the readings of a silent contract that give the amount decided."""
    return [*giving(results.readings(review), decision)]


def short(review: Review, line: Line) -> Text:
    """Return what a line is about in a few words: the subject, or the month, or both."""
    return _place(review, line.claim.subject, line.claim.month)


def _place(review: Review, subject: str, month: str) -> Text:
    name = service_names(review.contract).get(subject, subject)
    return join(How.SPACES, (name, month and Shown(month, "month")))


def _about(review: Review, lines: tuple[Line, ...]) -> dict[str, Any]:
    """Return what a decision is about, under which clause, and what is computed of it."""
    claim = lines[0].claim
    return {
        "about": short(review, lines[0]) if len(lines) == 1 else tables.WHOLE_CLAUSE,
        "rule": words.clause(claim.rule, claim.terms),
        "amount": words.computed(lines),
    }


def _apart(c: Chapter) -> None:
    """Add each decision that is disputed, or of which the amount is not what is computed.

    What was paid beyond it is asked for by ``_paid_beyond``.
    """
    for decision, lines in results.ledger(c.review).answers:
        disputed = decision.status == DISPUTED
        differs = not decision.hidden and differing(decision, lines)
        if not (disputed or differs) or not any(line.due for line in lines):
            continue
        about = _about(c.review, lines)
        named = {"id": decision.id, "decided": decision.amount, "date": decision.decided_on}
        readings = _readings_of(c.review, decision) if differs else []
        ask = (SETTLE_APART if differs and not readings else SETTLE) if disputed else EXPLAIN
        more = any(one is decision for one, _ in beyond(c.review, lines[0].claim.debtor))
        settle = EMPTY if disputed else reading_words.settle(decision.id, readings)
        sentence = (CONTESTED if disputed else APART)(**named, **about)
        c.neutral(
            f"decision.{decision.id}",
            sentences(sentence, *map(reading_words.decided_so, readings)),
            about=[decision.id],
            decision=settle or (EMPTY if more else ask(id=decision.id)),
            decider=Side.BOTH if disputed or settle else Side(OTHER[lines[0].claim.debtor]),
            clause=about["rule"],
            restates=c.id(decision.rule),
        )


def _notified(c: Chapter) -> None:
    """Add each claim that was notified, and on which a decision is due; see ``DECIDE``."""
    ledger, contract = results.ledger(c.review), c.review.contract
    capped = without_room(contract, ledger, tables.newest_rules(c.review))
    for decision, lines in ledger.answers:
        until = observations_until(decision, lines[0].claim.terms, contract)
        due = isinstance(lines[0].claim.terms, LatePayment)  # interest needs no decision
        if due or not lines[0].pending or until >= c.review.today:  # it may still be answered
            continue
        if all(line in capped for line in lines) or not any(line.due for line in lines):
            continue
        about = _about(c.review, lines)
        sentence, date = NOTIFIED, decision.notified_on
        if pd.isna(date):
            sentence, date = OBSERVED, decision.observations_on
        c.neutral(
            f"notified.{decision.id}",
            sentence(id=decision.id, date=date, today=c.review.today, **about),
            about=[decision.id],
            decision=DECIDE(id=decision.id),
            decider=Side(OTHER[lines[0].claim.debtor]),
            clause=about["rule"],
            restates=c.id(decision.rule),
        )


def _unfounded(c: Chapter) -> None:
    """Add each decision on something for which nothing is due as far as the tables tell."""
    newest, lacking = tables.newest_rules(c.review), without_fact(c.review)
    for decision in _on_nothing(results.ledger(c.review)):
        rule, paid = newest[decision.rule], decision.status == PAID and not decision.hidden
        readings = _readings_of(c.review, decision)
        sentence = (UNKNOWN if decision.hidden else UNFOUNDED)(
            id=decision.id,
            about=_place(c.review, decision.subject, decision.month) or tables.WHOLE_CLAUSE,
            rule=words.clause(decision.rule, rule),
            decided=state_words.STATUSES[decision.status]
            if decision.amount is None
            else DECIDED_AMOUNT(amount=decision.amount),
        )
        c.find(
            Kind.CONCERN if decision in lacking else Kind.NEUTRAL,
            f"decision.{decision.id}",
            sentences(sentence, *map(reading_words.decided_so, readings)),
            about=[decision.id],
            decision=reading_words.settle(decision.id, readings)
            or _undo(decision, rule, decision in lacking),
            decider=Side.BOTH if readings else Side(OTHER[rule.debtor]),
            clause=decision.rule,
            restates=c.id(f"paid_beyond.{rule.debtor}" if paid else decision.rule),
        )


def _undo(decision: Decision, rule: Limits, lacking: bool) -> Text:
    """Return what to do of a decision on nothing; see ``_paid_beyond`` for what was paid."""
    if lacking:
        paid = decision.status == PAID
        return EMPTY if paid else UNDO[OTHER[rule.debtor]](id=decision.id)
    undecided = not decision.decision and not isinstance(rule, LatePayment)
    return DECIDE(id=decision.id) if undecided else EMPTY


def without_fact(review: Review) -> list[Decision]:
    """Return the decisions that make an amount due of which no reading of the tables has a fact."""
    return [
        decision
        for decision in _on_nothing(results.ledger(review))
        if decision.status in DECIDED and decision.amount and not decision.hidden
        if not _readings_of(review, decision)
    ]


def _on_nothing(ledger: Ledger) -> tuple[Decision, ...]:
    """Return the decisions on lines of nothing, and those on no line at all."""
    of_nothing = (one for one, its in ledger.answers if not any(line.due for line in its))
    return (*of_nothing, *ledger.unmatched)
