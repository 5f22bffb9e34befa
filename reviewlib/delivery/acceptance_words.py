"""What is agreed of acceptance, what the client's silence did, and what is still open, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.delivery import Acceptance
from reviewlib.report.cells import cell
from reviewlib.report.day_words import delay_words
from reviewlib.report.phrases import marked
from reviewlib.report.text import EMPTY, N_, Message, Text, n_, sentences

if TYPE_CHECKING:
    from reviewlib.review import Review

DECISIONS = {
    "accepted": N_("accepted"),
    "accepted_with_reservations": N_("accepted with reservations"),
    "refused": N_("refused"),
    "tacit": N_("accepted tacitly"),
    "replaced": N_("replaced without a decision"),
    "awaiting": N_("awaiting a decision"),
}
"""The words of what the client decided of a version, and of what counts where it did not."""
NO_CLAUSE = N_("the contract names no clause")
SINCE = N_("{clause}, for what is submitted from {date} on")
NO_DELAY = N_("No time limit for decisions is stated ({clause}).")
DELAY = N_("The client decides within {delay} of a submission ({clause}).")
TACIT_DELAY = N_(
    "The client decides within {delay} of a submission; a version on which nothing was "
    "decided by then, and which no other one replaced, is accepted on the last day of that "
    "period, and what is decided later changes nothing ({clause})."
)
DECISION_DAYS = {
    "excluded": N_(
        "The days between a submission and its refusal are no lateness; those before the due date "
        "are given back after it"
    ),
    "excluded_after_due": N_(
        "The days between a submission and its refusal that come after the due date are no lateness"
    ),
    "counted": N_("The days between a submission and its refusal count as days late"),
}
MILESTONE_DAYS = {
    "excluded": N_("The days before the milestone that it needs was reached are no lateness"),
    "counted": N_("The days before the milestone that it needs was reached count as days late"),
}
DAYS_LEFT_OUT = {"decision_days": DECISION_DAYS, "milestone_days": MILESTONE_DAYS}
"""What is left out of the delay of a deliverable, by the term of acceptance that says so."""
RULE = N_("{rule}.")
RULE_SINCE = N_("From {date} on: {rule}.")
NONE_OVER = N_("no time limit for a decision has passed yet")
NO_DECISION_TERM = N_("the contract states no time limit for decisions (terms.acceptance.decision)")
NO_TACIT_TERM = N_("the contract provides for no tacit acceptance (terms.acceptance.tacit)")

ACCEPTED_TACITLY = N_(
    "No decision came by {accepted_on}: it was accepted tacitly on that day ({clause})."
)
VOID = N_("The decision of {decided_on} ({decision}) came later and changes nothing.")
VOID_UNSTATED = N_("The decision of {decided_on} came later and changes nothing.")
AWAITING = N_("A version has awaited the client's decision for {waiting_days:days}.")
DELAY_ENDED = N_("The client's time limit to decide ended on {decide_by} ({clause}).")
DELAY_ENDS = N_("The client's time limit to decide ends on {decide_by} ({clause}).")
SILENCE_ACCEPTS = N_("Without a decision by {decide_by} it is accepted tacitly ({clause}).")
RESERVATIONS = n_(
    "{reservations} reservation is still open.",
    "{reservations} reservations are still open.",
    on="reservations",
)
AGED_RESERVATIONS = n_(
    "{reservations} reservation is still open, {age:days} after the decision.",
    "{reservations} reservations are still open, {age:days} after the decision.",
    on="reservations",
)
WARRANTY_ENDED = N_("The warranty ended on {warranty_ends_on}.")


def acceptance_terms(review: Review) -> list[Acceptance]:
    """Return what the contract says of acceptance, over all its versions, each once."""
    return list(dict.fromkeys(terms.acceptance for terms in review.contract.versions))


def acceptance_clauses(review: Review, name: str) -> str:
    """Return the clauses that state a term of acceptance, as a fact names them."""
    stated = [terms.clause for terms in acceptance_terms(review) if getattr(terms, name)]
    return ", ".join(dict.fromkeys(filter(None, stated)))


def states_delay(review: Review, name: str) -> bool:
    """Tell whether any version of the contract states a delay: "decision", "warranty"."""
    return any(getattr(terms, name) for terms in acceptance_terms(review))


def acceptance_rules(review: Review) -> Text:
    """Return what the contract says of the client's decisions, with what changed from when on."""
    contract = review.contract
    starts = [None, *contract.starts[1:]]
    rules, before = [], Acceptance()
    for start, version in zip(starts, contract.versions, strict=True):
        terms = version.acceptance
        if (terms.decision, terms.tacit) != (before.decision, before.tacit):
            rules.append(_rule(terms, start))
            before = terms
    return sentences(*rules)


def _rule(terms: Acceptance, start: dt.date | None) -> Message:
    clause = terms.clause or NO_CLAUSE
    if start is not None:
        clause = SINCE(clause=clause, date=start)
    if terms.decision is None:
        return NO_DELAY(clause=clause)
    rule = TACIT_DELAY if terms.tacit else DELAY
    return rule(delay=delay_words(terms.decision), clause=clause)


def days_left_out(terms: Acceptance, name: str) -> Text:
    """Return what is left out of a delay under a term of acceptance, marked where it is silent."""
    return marked(terms, name, DAYS_LEFT_OUT[name][getattr(terms, name)])


def left_out_rules(review: Review) -> Text:
    """Return what is left out of the delay of a deliverable, with what changed from when on."""
    return sentences(*chain(*(_left_out(review.contract, name) for name in DAYS_LEFT_OUT)))


def _left_out(contract: Contract, name: str) -> Iterator[Message]:
    (_, first), *others = contract.wordings(lambda terms: days_left_out(terms.acceptance, name))
    yield RULE(rule=first)
    for start, rule in others:
        yield RULE_SINCE(rule=rule, date=start)


def no_tacit(review: Review) -> Text:
    """Return why nothing can be accepted tacitly; empty where the contract says that it can."""
    if not states_delay(review, "decision"):
        return NO_DECISION_TERM
    return EMPTY if any(terms.tacit for terms in acceptance_terms(review)) else NO_TACIT_TERM


def silence_sentences(row: Any) -> Iterator[Message]:
    """Yield what the client's silence did, and what a decision that came after it does not.

    ``row``: of a deliverable, with that decision and its day, decided_on; the fields left open are
    filled in from it by ``Chapter.of_row``.
    """
    if not row.tacit:
        return
    yield ACCEPTED_TACITLY(clause=_clause(row))
    if pd.notna(row.decided_on):
        decision = cell(row.decision)
        yield VOID(decision=DECISIONS[str(decision)]) if decision else VOID_UNSTATED


def open_sentences(row: Any, today: pd.Timestamp) -> Iterator[Message]:
    """Yield what is still open of a deliverable: a decision, reservations, its warranty.

    ``row``: as for ``silence_sentences``.
    """
    if row.waiting_days >= 0:
        yield AWAITING
        if pd.notna(row.decide_by):
            ending = SILENCE_ACCEPTS if row.silence else DELAY_ENDS
            yield (DELAY_ENDED if row.decide_by < today else ending)(clause=_clause(row))
    if row.reservations > 0:
        yield AGED_RESERVATIONS if pd.notna(row.age) else RESERVATIONS
        if row.warranty_days < 0:
            yield WARRANTY_ENDED


def _clause(row: Any) -> Any:
    return cell(row.acceptance) or NO_CLAUSE
