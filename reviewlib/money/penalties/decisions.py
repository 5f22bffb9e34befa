"""What is found of the decisions: above a cap, disputed, missing, apart from what is computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.contract.parties import OTHER
from reviewlib.contract.penalties import LatePayment, Limits
from reviewlib.money import results
from reviewlib.money.penalties import (
    causes,
    paid_beyond,
    reading_words,
    state_words,
    tables,
    words,
)
from reviewlib.money.penalties.decided import (
    OBSERVATIONS,
    PAID,
    RECORDED,
    Decision,
    observations_until,
)
from reviewlib.money.penalties.metrics import Ledger, Line, differing, is_partial
from reviewlib.money.penalties.paid_beyond import by_another_reading, readings_of
from reviewlib.money.penalties.states import (
    DECIDED,
    DISPUTED,
    cap_over,
    under_caps,
    without_room,
)
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import EMPTY, N_, How, Message, Shown, Text, join, sentences
from reviewlib.report.values import Kind, Side
from reviewlib.review import Review
from reviewlib.service.clauses import service_names

APART = N_(
    "{id}: {decided:money} was decided {when} for {about} under {rule:ref}; computed: {amount}."
)
CONTESTED = N_(
    "{id}: {decided:money} was decided {when} for {about} under {rule:ref}, and is disputed; "
    "computed: {amount}."
)
UNDECIDED = N_(
    "{id}: {decided:money} was paid on {date} for {about} under {rule:ref}; no decision on it is "
    "recorded. Computed: {amount}."
)
ON = N_("on {date}")
UNDATED = N_("on a day that is not recorded")
UNRECORDED = N_(
    "{id}: the amount for {about} under {rule:ref} is not recorded ({status}); computed: {amount}."
)
RECORD = N_("{id}: record the amount.")
SETTLE_UNRECORDED = N_("{id}: settle the dispute, and record the amount.")
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
CLAIMED = N_(
    "{id}: a claim of {claimed:money} for {about} under {rule:ref} was notified on {date}; no "
    "decision is recorded as of {today}. Computed now: {amount}."
)
WITHOUT_STEP = N_(
    "{id}: neither a notice nor a decision is recorded for {about} under {rule:ref} as of {today}. "
    "Computed: {amount}."
)
OF_AMOUNT = {
    OBSERVATIONS: N_("Amount notified: {amount:money}."),
    RECORDED: N_("Amount recorded: {amount:money}."),
}
RECORD_STEP = N_("{id}: record whether it was notified, decided or paid.")
CLAIMED_ABOVE = N_("The amount notified is {excess:money} above the cap of {cap:money}.")
DECIDE = N_("{id}: decide on what was notified: impose it, in whole or in part, or waive it.")
OTHERS = N_("{id}: say what becomes of the points of the other priorities.")
ABOVE_CAP = N_(
    "{ids}: {decided:money} was decided under {rule:ref}, {excess:money} above its cap of "
    "{cap:money}."
)
BRING_BACK = N_("{rule}: settle what becomes of the {excess:money} decided above the cap.")
UNFOUNDED = N_("{id}: the tables show nothing due for {about} under {rule:ref}; {decided}.")
DECIDED_AMOUNT = N_("decided: {amount:money}")
ALL_TOGETHER = N_("{amount} for all priorities together")
UNKNOWN = N_("{id}: what is due for {about} under {rule:ref} is not known; {decided}.")
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


def of_decisions(c: Chapter) -> None:
    """Add what is found of the decisions on penalties, notified, taken, disputed or missing."""
    _above_caps(c)
    paid_beyond.add(c)
    _apart(c)
    _unrecorded(c)
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


def short(review: Review, line: Line) -> Text:
    """Return what a line is about in a few words: the subject, or the month, or both."""
    return _place(review, line.claim.subject, line.claim.month)


def _place(review: Review, subject: str, month: str) -> Text:
    name = service_names(review.contract).get(subject, subject)
    return join(How.SPACES, (name, month and Shown(month, "month")))


def _about(review: Review, decision: Decision, lines: tuple[Line, ...]) -> dict[str, Any]:
    """Return what a decision is about, under which clause, and what is computed of it."""
    claim, amount = lines[0].claim, words.computed(lines)
    about = short(review, lines[0]) if len(lines) == 1 else tables.WHOLE_CLAUSE
    if is_partial(decision, lines):
        about = _place(review, decision.subject, decision.month or claim.month)
        amount = ALL_TOGETHER(amount=amount)
    rule = words.clause(claim.rule, claim.terms)
    return {"id": decision.id, "about": about, "rule": rule, "amount": amount}


def _apart(c: Chapter) -> None:
    """Add each decision that is disputed, or of which the amount is not what is computed.

    What was paid beyond it is asked for by ``paid_beyond``.
    """
    for decision, lines in results.ledger(c.review).answers:
        disputed = decision.status == DISPUTED
        differs = not decision.hidden and differing(decision, lines)
        if decision.pending or decision.unrecorded or not any(line.due for line in lines):
            continue
        if not (disputed or differs or is_partial(decision, lines)):
            continue
        about = _about(c.review, decision, lines)
        readings = readings_of(c.review, decision) if differs else []
        ask = (SETTLE_APART if differs and not readings else SETTLE) if disputed else EXPLAIN
        if is_partial(decision, lines) and not differs:
            ask = OTHERS
        debtor = lines[0].claim.debtor
        more = any(one is decision for one, _ in paid_beyond.beyond(c.review, debtor))
        settle = EMPTY if disputed else reading_words.settle(decision.id, readings)
        rests = [causes.of_decision(lines)] if disputed else []
        rests += by_another_reading(c.review, decision) if more and not readings else []
        c.neutral(
            f"decision.{decision.id}",
            sentences(_taken(decision, about), *map(reading_words.decided_so, readings), *rests),
            about=[decision.id],
            decision=settle or (EMPTY if more else ask(id=decision.id)),
            decider=Side.BOTH if disputed or settle else Side(OTHER[debtor]),
            clause=about["rule"],
            restates=c.id(decision.rule),
        )


def _taken(decision: Decision, about: dict[str, Any]) -> Message:
    """Return what was decided or paid, as far as its day and the decision itself are recorded."""
    undated = pd.isna(decision.decided_on)
    amount = {"decided": decision.amount}
    if undated and not decision.decision:
        return UNDECIDED(date=decision.paid_on, **amount, **about)
    when = UNDATED if undated else ON(date=decision.decided_on)
    sentence = CONTESTED if decision.status == DISPUTED else APART
    return sentence(when=when, **amount, **about)


def _unrecorded(c: Chapter) -> None:
    """Add each decision or payment on something that is due, of an amount that nothing states."""
    for decision, lines in results.ledger(c.review).answers:
        if not decision.unrecorded or not any(line.due for line in lines):
            continue
        about = _about(c.review, decision, lines)
        ask = SETTLE_UNRECORDED if decision.status == DISPUTED else RECORD
        c.neutral(
            f"decision.{decision.id}",
            UNRECORDED(status=state_words.STATUSES[decision.status], **about),
            about=[decision.id],
            decision=ask(id=decision.id),
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
        about = _about(c.review, decision, lines)
        c.neutral(
            f"notified.{decision.id}",
            sentences(*_claimed(c.review, decision, lines, about)),
            about=[decision.id],
            decision=_next_step(decision),
            decider=Side(OTHER[lines[0].claim.debtor]),
            clause=about["rule"],
            restates=c.id(decision.rule),
        )


def _claimed(
    review: Review, decision: Decision, lines: tuple[Line, ...], about: dict[str, Any]
) -> Iterator[Message]:
    """Yield what was notified, of which amount, and by how much that is above the cap."""
    claimed, named = decision.amount, about | {"today": review.today}
    if not pd.isna(decision.notified_on):
        sentence, amount = (NOTIFIED, {}) if claimed is None else (CLAIMED, {"claimed": claimed})
        yield sentence(date=decision.notified_on, **amount, **named)
    else:
        observed = decision.status == OBSERVATIONS
        date = {"date": decision.observations_on} if observed else {}
        yield (OBSERVED if observed else WITHOUT_STEP)(**named, **date)
        if claimed is not None:
            yield OF_AMOUNT[decision.status](amount=claimed)
    cap = cap_over(review.contract, lines)
    if claimed is not None and cap is not None and claimed > cap:
        yield CLAIMED_ABOVE(excess=claimed - cap, cap=cap)


def _unfounded(c: Chapter) -> None:
    """Add each decision on something for which nothing is due as far as the tables tell."""
    newest, lacking = tables.newest_rules(c.review), without_fact(c.review)
    for decision in _on_nothing(results.ledger(c.review)):
        rule, paid = newest[decision.rule], decision.status == PAID and not decision.hidden
        readings = readings_of(c.review, decision)
        sentence = (UNKNOWN if decision.hidden else UNFOUNDED)(
            id=decision.id,
            about=_place(c.review, decision.subject, decision.month) or tables.WHOLE_CLAUSE,
            rule=words.clause(decision.rule, rule),
            decided=_so_far(decision),
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


def _so_far(decision: Decision) -> Message:
    """Return the amount decided, or how far a decision has gone."""
    if decision.amount is None:
        return state_words.STATUSES[decision.status]
    if decision.pending:
        return state_words.status_of(decision)
    return DECIDED_AMOUNT(amount=decision.amount)


def _next_step(decision: Decision) -> Message:
    """Return what to do of a claim on which nothing is decided yet."""
    return (RECORD_STEP if decision.status == RECORDED else DECIDE)(id=decision.id)


def _undo(decision: Decision, rule: Limits, lacking: bool) -> Text:
    """Return what to do of a decision on nothing; see ``paid_beyond`` for what was paid."""
    if lacking:
        paid = decision.status == PAID
        return EMPTY if paid else UNDO[OTHER[rule.debtor]](id=decision.id)
    undecided = decision.pending and not isinstance(rule, LatePayment)
    return _next_step(decision) if undecided else EMPTY


def without_fact(review: Review) -> list[Decision]:
    """Return the decisions that make an amount due of which no reading of the tables has a fact."""
    return [
        decision
        for decision in _on_nothing(results.ledger(review))
        if decision.status in DECIDED and decision.amount and not decision.hidden
        if not readings_of(review, decision)
    ]


def _on_nothing(ledger: Ledger) -> tuple[Decision, ...]:
    """Return the decisions on lines of nothing, and those on no line at all."""
    of_nothing = (one for one, its in ledger.answers if not any(line.due for line in its))
    return (*of_nothing, *ledger.unmatched)
