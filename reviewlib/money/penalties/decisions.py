"""What is found of the decisions: above a cap, disputed, missing, apart from what is computed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from reviewlib.amounts import ZERO, total
from reviewlib.contract.parties import OTHER
from reviewlib.contract.penalties import LatePayment
from reviewlib.money import results
from reviewlib.money.penalties import reading_words, tables, words
from reviewlib.money.penalties.claim import SIDES
from reviewlib.money.penalties.metrics import (
    PAID,
    Decision,
    Ledger,
    Line,
    differing,
    observations_until,
)
from reviewlib.money.penalties.readings import giving
from reviewlib.money.penalties.states import (
    DECIDED,
    DISPUTED,
    computed,
    under_caps,
    without_room,
)
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import EMPTY, N_, How, Shown, Text, join, sentences
from reviewlib.report.values import Kind
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
    "{id}: what was computed for {about} under {rule:ref} was notified on {date}; no decision is "
    "recorded as of {today}. Computed now: {amount}."
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
UNKNOWN = N_("{id}: what is due for {about} under {rule:ref} can’t be told; {decided}.")
EXPLAIN = N_("{id}: say why the amount decided is not the one computed.")
UNDO = {
    ("client", True): N_(
        "{id}: the client is invited to produce the fact that it rests on, or to pay it back."
    ),
    ("client", False): N_(
        "{id}: the client is invited to produce the fact that it rests on, or to withdraw it."
    ),
    ("provider", True): N_(
        "{id}: the provider is invited to produce the fact that it rests on, or to pay it back."
    ),
    ("provider", False): N_(
        "{id}: the provider is invited to produce the fact that it rests on, or to withdraw it."
    ),
}
"""By who is owed, and whether it was paid."""
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
            clause=clause,
        )


def _paid_beyond(c: Chapter) -> None:
    """Add what was paid beyond the most that is computed of it, by the party that paid."""
    ledger, rules = results.ledger(c.review), tables.newest_rules(c.review)
    unfounded = without_fact(ledger)
    for debtor, creditor in OTHER.items():
        beyond = {
            decision.id: excess
            for decision, lines in (*ledger.answers, *((one, ()) for one in unfounded))
            if rules[decision.rule].debtor == debtor and (excess := _beyond(decision, lines)) > 0
        }
        c.find(
            Kind.CONCERN,
            f"paid_beyond.{debtor}",
            PAID_BEYOND[debtor](
                total=total(beyond.values()),
                amounts=[OF_DECISION(id=name, excess=excess) for name, excess in beyond.items()],
            ),
            about=[*beyond],
            decision=UNDO_BEYOND[creditor](ids=[*beyond]),
        )


def _beyond(decision: Decision, lines: tuple[Line, ...]) -> Decimal:
    """Return by how much what was paid is above the most that is computed; nothing where unpaid."""
    if decision.status != PAID or decision.amount is None:
        return ZERO
    return decision.amount - max(computed(lines, side) for side in SIDES)


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
    """Add each decision that is disputed, or of which the amount is not what is computed."""
    for decision, lines in results.ledger(c.review).answers:
        disputed, differs = decision.status == DISPUTED, differing(decision, lines)
        if not (disputed or differs) or not any(line.due for line in lines):
            continue
        about = _about(c.review, lines)
        named = {"id": decision.id, "decided": decision.amount, "date": decision.decided_on}
        readings = [*giving(results.readings(c.review), decision, lines)] if differs else []
        ask = (SETTLE_APART if differs and not readings else SETTLE) if disputed else EXPLAIN
        settle = reading_words.settle(decision.id, readings) if not disputed else EMPTY
        sentence = (CONTESTED if disputed else APART)(**named, **about)
        c.neutral(
            f"decision.{decision.id}",
            sentences(sentence, *map(reading_words.decided_so, readings)),
            about=[decision.id],
            decision=settle or ask(id=decision.id),
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
            clause=about["rule"],
            restates=c.id(decision.rule),
        )


def _unfounded(c: Chapter) -> None:
    """Add each decision on something for which nothing is due as far as the tables tell."""
    ledger, newest = results.ledger(c.review), tables.newest_rules(c.review)
    for decision in _on_nothing(ledger):
        amount = N_("decided: {amount:money}")(amount=decision.amount)
        hidden = decision.hidden
        owed = decision in without_fact(ledger)
        rule = newest[decision.rule]
        undo = UNDO[OTHER[rule.debtor], decision.status == PAID](id=decision.id)
        undecided = not decision.decision and not isinstance(rule, LatePayment)
        c.find(
            Kind.CONCERN if owed else Kind.NEUTRAL,
            f"decision.{decision.id}",
            (UNKNOWN if hidden else UNFOUNDED)(
                id=decision.id,
                about=_place(c.review, decision.subject, decision.month) or tables.WHOLE_CLAUSE,
                rule=words.clause(decision.rule, rule),
                decided=words.STATUSES[decision.status] if decision.amount is None else amount,
            ),
            about=[decision.id],
            decision=undo if owed else DECIDE(id=decision.id) if undecided else EMPTY,
            clause=decision.rule,
        )


def without_fact(ledger: Ledger) -> list[Decision]:
    """Return the decisions that make an amount due of which the tables show no fact."""
    return [
        decision
        for decision in _on_nothing(ledger)
        if decision.status in DECIDED and decision.amount and not decision.hidden
    ]


def _on_nothing(ledger: Ledger) -> tuple[Decision, ...]:
    """Return the decisions on lines of nothing, and those on no line at all."""
    of_nothing = (one for one, its in ledger.answers if not any(line.due for line in its))
    return (*of_nothing, *ledger.unmatched)
