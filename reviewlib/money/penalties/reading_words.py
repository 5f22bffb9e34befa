"""What rests on the defaults of the product, in words: the table, the findings, each line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from reviewlib.contract.parties import OTHER
from reviewlib.delivery import results as delivery_results
from reviewlib.delivery.milestones.words import APPROVED_LATE
from reviewlib.delivery.terms import versions_on
from reviewlib.memo import once
from reviewlib.money import results
from reviewlib.money.penalties import state_words, words
from reviewlib.money.penalties.claim import HIGH, LOW, SIDES
from reviewlib.money.penalties.decided import Decision
from reviewlib.money.penalties.metrics import Ledger, Line, Settled, differing
from reviewlib.money.penalties.readings import (
    Effect,
    OtherReading,
    penalised,
)
from reviewlib.money.penalties.rule_words import CONCURRENT, UNATTRIBUTED
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import BY_DEFAULT, PARTIES
from reviewlib.report.text import EMPTY, N_, Message, Text, chained, sentences
from reviewlib.report.values import Side
from reviewlib.review import Review
from reviewlib.service import results as service_results
from reviewlib.service.clauses import service_names

LATE = "approved_late"
ABOUT = {
    "decision_days": N_("days of the client's decisions"),
    "milestone_days": N_("days before the milestone needed"),
    LATE: N_("re-baselines approved late"),
    "priority": N_("priority that counts"),
    "excuses": N_("causes that excuse an outage"),
    "notice": N_("formal notice"),
    "sensitive_periods": N_("sensitive periods"),
    "concurrent": N_("days with several causes"),
    "unattributed": N_("the days without a recorded cause"),
    "after_end": N_("days after the end of the contract"),
}
"""What the contract says nothing of, by key."""
POLICIES = {
    "decision_days": {
        "excluded": N_("the days between a submission and its refusal are no lateness"),
        "excluded_after_due": N_(
            "only the days between a submission and its refusal that come after the due date are "
            "no lateness"
        ),
        "counted": N_("the days between a submission and its refusal count as days late"),
    },
    "milestone_days": {
        "excluded": N_("the days before the milestone that it needs was reached are no lateness"),
        "counted": N_("the days before the milestone that it needs was reached count as days late"),
    },
    LATE: APPROVED_LATE,
    "priority": {
        "initial": N_("a ticket counts under the priority given at the opening"),
        "final": N_("a ticket counts under its last priority"),
        "highest": N_("a ticket counts under the highest priority that it ever had"),
    },
    "excuses": {
        "counted": N_("an outage counts whatever its cause"),
        "excused": N_("an outage that the client or force majeure caused does not count"),
    },
    "notice": {
        "none": N_("a penalty is due without a formal notice"),
        "required": N_("a penalty is due only once a formal notice is served"),
    },
    "sensitive_periods": {
        "counted": N_("days in a sensitive period, and months that begin in one, count"),
        "excluded": N_("days in a sensitive period, and months that begin in one, do not count"),
    },
    "concurrent": CONCURRENT,
    "unattributed": UNATTRIBUTED,
    "after_end": {
        "excluded": N_("days after the end of the contract do not count"),
        "counted": N_("days after the end of the contract count"),
    },
}
"""What is taken by default, and what else a contract may say, by key."""
OF_CHANGES = N_("{changes}: {policy}.")
WITH_CHANGES = N_("{policy} ({changes:all})")
WHERE = N_("where {other}: {amount}")
OF_DEFAULT = N_("By default, {policy}.")
OTHERWISE = N_("Where {other}, the net amounts would be: {amounts:chain}.")
INSTEAD = N_("{subject} {other}, instead of {own}")
UNASSESSED = N_("{subject} {other}, which is not assessed here")
UNCHANGED = N_("{subject} {own}, as here: the difference is {taken:all}")
IN_ALL = N_("{rule} in all")
SETTLE = N_("Settle what the contract leaves open: {about}.")
DECIDED_SO = N_(
    "It is the amount computed where {other}: the contract says nothing of it, and "
    "another interpretation is taken by default."
)
MORE_SO = N_(
    "Where {other}, {amount:money} would be computed: the contract says nothing of it, and another "
    "interpretation is taken by default."
)
SETTLE_DECIDED = N_("{id}: settle what the contract leaves open: {about:all}.")
NEITHER = N_("neither: the difference is {taken:all}")
TAKEN = {
    "held": N_("not due for want of a formal notice"),
    "waived": N_("waived"),
    "exempted": N_("exempt"),
    "capped": N_("above the cap"),
}
NO_PRIORITIES = N_(
    "What the penalties under {clauses:refs} would be by the priority at the opening, or by the "
    "highest one, is not assessed, because no log of the changes of priority is there: a ticket "
    "counts under its last priority (by default)."
)
EITHER = N_("one or the other, by what is contested or open")
WHOLE_CLAUSE = N_("the whole clause")
NOT_ASSESSED = N_("not assessed")
WITHOUT = N_("{amount} ({ids:all}: not assessed)")
SHARED = N_("see the whole clause: its exemption or cap is shared")
TABLE = TableForm(
    "readings",
    N_("Defaults on which amounts depend"),
    (
        Col("policy", N_("Taken where the contract says nothing")),
        Col("other", N_("Other interpretation")),
        Col("rule", N_("Clause"), quoted=True),
        Col("subject", N_("About"), quoted=True),
        Col("here", N_("Net amount here")),
        Col("otherwise", N_("Under the other interpretation")),
        Col("favours", N_("The default favours")),
    ),
    N_("Each default is changed by itself, in the whole statement: amounts are not added up."),
)
BEFORE_CAP = {
    LOW: N_("the amount decided is before the cap: {formula}"),
    HIGH: N_("the amount decided counts what is contested or open, before the cap: {formula}"),
}


def table(review: Review) -> pd.DataFrame:
    """Return where an amount depends on a default, as rows of ``TABLE``."""
    return pd.DataFrame(_rows(review), columns=[c.key for c in TABLE.columns], dtype="object")


def _rows(review: Review) -> Iterator[dict[str, Any]]:
    services, ledger = service_names(review.contract), results.ledger(review)
    for reading in results.readings(review):
        for effect in reading.effects:
            claim = effect.claim
            yield {
                "policy": _taken(reading),
                "other": _other(review, reading),
                "rule": words.clause(claim.rule, claim.terms),
                "subject": WHOLE_CLAUSE if effect.whole else words.subject(claim, services),
                "here": _net(effect, effect.here, ledger),
                "otherwise": _net(effect, effect.otherwise, reading.ledger),
                "favours": _favours(reading, effect, ledger),
            }


def _net(effect: Effect, sides: tuple[Settled, Settled], ledger: Ledger) -> Text:
    """Return what an effect comes to in a ledger, without what it can't assess; that it can't."""
    amount, hidden = state_words.span(*(side.net for side in sides)), _hidden(effect, ledger)
    if not hidden:
        return amount
    subjects = [subject for subject in hidden if subject]
    return WITHOUT(amount=amount, ids=subjects) if effect.whole and subjects else NOT_ASSESSED


def _hidden(effect: Effect, ledger: Ledger) -> list[str]:
    """Return the subjects of an effect of which a ledger can't assess what is due; "" for all."""
    of_rule = [gap.subject for gap in ledger.gaps if gap.rule == effect.claim.rule]
    return [name for name in of_rule if effect.whole or name in ("", effect.claim.subject)]


def _shared(reading: OtherReading, effect: Effect) -> bool:
    """Whether the lines of a clause share differently what an exemption or a cap leaves them.

    Then one of them may come to less while none of its facts did: the whole clause tells.
    """
    pairs = list(zip(effect.here, effect.otherwise, strict=True))
    lessened = any((a.exempted, a.capped) != (b.exempted, b.capped) for a, b in pairs)
    return lessened and not effect.whole and effect.claim.rule in reading.several


def _favours(reading: OtherReading, effect: Effect, ledger: Ledger) -> Message:
    """Return whom a default favours, where it can be told; where nobody, what takes the rest."""
    if _hidden(effect, ledger) != _hidden(effect, reading.ledger):
        return NOT_ASSESSED
    if _shared(reading, effect):
        return SHARED
    debtor = effect.claim.debtor
    less, more = effect.less_or_more
    if less or more:
        return EITHER if less and more else PARTIES[debtor if less else OTHER[debtor]]
    return NEITHER(taken=_taken_off(effect))


def _taken_off(effect: Effect) -> list[Message]:
    """Return what takes the difference off, where nothing of it is left."""
    pairs = list(zip(effect.here, effect.otherwise, strict=True))
    return [
        word
        for name, word in TAKEN.items()
        if any(getattr(a, name) != getattr(b, name) for a, b in pairs)
    ]


def _taken(reading: OtherReading) -> Message:
    return POLICIES[reading.default.key][reading.default.taken]


def _other(review: Review, reading: OtherReading) -> Text:
    """Return the other reading, with the changes that it is about, where it is."""
    other = POLICIES[reading.default.key][reading.other]
    return _with_changes(other, _late_changes(review)) if reading.default.key == LATE else other


def _with_changes(policy: Message, late: pd.DataFrame) -> Message:
    changes = late["change_id"].fillna(late["milestone_id"]).tolist()
    return WITH_CHANGES(policy=policy, changes=changes)


def _late_changes(review: Review) -> pd.DataFrame:
    """Return the re-baselines approved late of which the terms in force said nothing."""
    late = delivery_results.approved_late(review)
    silent = {
        number
        for number, terms in enumerate(review.contract.versions)
        if terms.change_requests.is_silent(LATE)
    }
    return late[versions_on(review.contract, late["approved_on"]).isin(silent)]


@once
def of_lines(review: Review) -> dict[str, Text]:
    """Return what each line comes to under other readings, by its id, where that differs."""
    parts: dict[str, list[Text]] = {}
    own = results.ledger(review).lines
    for reading in results.readings(review):
        if reading.default.key == "notice":
            continue  # it is alike of every line
        others, policy = reading.lines, _other(review, reading)
        for line in own:
            nets = words.nets(others.get(line.id))
            if nets != words.nets(line):
                where = WHERE(other=policy, amount=state_words.span(*nets))
                parts.setdefault(line.id, []).append(where)
    return {name: chained(texts) for name, texts in parts.items()}


def decided_so(reading: OtherReading) -> Message:
    """Return that an amount decided is the one computed under a reading."""
    return DECIDED_SO(other=POLICIES[reading.default.key][reading.other])


def more_so(reading: OtherReading, amount: Decimal) -> Message:
    """Return that more than an amount decided would be computed under a reading."""
    return MORE_SO(other=POLICIES[reading.default.key][reading.other], amount=amount)


def before_cap(decision: Decision, lines: Sequence[Line]) -> Text:
    """Return how an amount decided on one line comes about that takes no account of the cap."""
    if len(lines) != 1 or decision.pending or not differing(decision, lines):
        return EMPTY
    line = lines[0]
    for side in SIDES:
        formula, of_side = getattr(line.claim, side), getattr(line, side)
        if decision.amount == of_side.gross == of_side.net + of_side.capped:
            return BEFORE_CAP[side](formula=words.formula(formula))
    return EMPTY


def settle(decision: str, readings: Iterable[OtherReading]) -> Text:
    """Return what to settle of a decision of which other readings give the amount; "" of none."""
    about = dict.fromkeys(reading.default.key for reading in readings)
    named = [ABOUT[key] for key in about]
    return SETTLE_DECIDED(id=decision, about=named) if named else EMPTY


def findings(c: Chapter) -> None:
    """Add each default that moves a net amount: what it costs a party, or spares it."""
    by_key: dict[str, list[OtherReading]] = {}
    for reading in results.readings(c.review):
        if any(any(effect.less_or_more) for effect in reading.effects):
            by_key.setdefault(reading.default.key, []).append(reading)
    for key, readings in by_key.items():
        sentence, about = OF_DEFAULT(policy=_taken(readings[0])), ABOUT[key]
        if key == LATE:
            late, policy = _late_changes(c.review), BY_DEFAULT(policy=_taken(readings[0]))
            sentence = OF_CHANGES(changes=words.late_changes(late), policy=policy)
            about = _with_changes(about, late)
        moved = (e for r in readings for e in r.effects if any(e.less_or_more) and not e.whole)
        subjects = (e.claim.subject or e.claim.rule for e in moved)
        c.neutral(
            key,
            sentences(sentence, *(_amounts(c.review, one) for one in readings)),
            about=[*dict.fromkeys(subjects)],
            decision=SETTLE(about=about) if any(map(_moves_a_clause, readings)) else EMPTY,
            decider=Side.BOTH,
            clause=_clause(c.review, readings[0]),
        )


@once
def on_defaults(review: Review) -> frozenset[str]:
    """Return the rules of which a default moves a net amount."""
    effects = (effect for reading in results.readings(review) for effect in reading.effects)
    return frozenset(one.claim.rule for one in effects if any(one.less_or_more))


def unjudged_priorities(review: Review) -> Text:
    """Return that no log tells what another priority would change of the penalties; "" else."""
    log = service_results.log(review)
    if log is None or log.known_events is not None:
        return EMPTY
    silent = {
        name: None
        for terms in review.contract.versions
        for name, clause in terms.clauses.items()
        if name in penalised(terms) and clause.is_silent("priority")
    }
    return NO_PRIORITIES(clauses=[*silent]) if silent else EMPTY


def _net_effects(reading: OtherReading) -> list[Effect]:
    """Return the effects on what is left; the whole of a clause even where it stays the same.

    It alone, where nothing is left of it otherwise: then nothing is of any of its lines.
    """
    moved = {e.claim.rule for e in reading.effects if any(e.less_or_more)}
    wholes = [e for e in reading.effects if e.whole and e.claim.rule in moved]
    none = {e.claim.rule for e in wholes if not any(side.net for side in e.otherwise)}
    return [
        e
        for e in reading.effects
        if (e.claim.rule in moved if e.whole else any(e.less_or_more) and e.claim.rule not in none)
    ]


def _moves_a_clause(reading: OtherReading) -> bool:
    """Whether what a clause comes to differs, not only how it is shared among its lines."""
    return any(
        any(effect.less_or_more)
        for effect in reading.effects
        if effect.whole or effect.claim.rule not in reading.several
    )


def _amounts(review: Review, reading: OtherReading) -> Message:
    """Return what a reading makes of the net amounts, by subject and clause."""
    services, ledger, amounts = service_names(review.contract), results.ledger(review), []
    for effect in _net_effects(reading):
        claim = effect.claim
        clause = words.clause(claim.rule, claim.terms)
        subject = services.get(claim.subject, claim.subject) or clause
        unassessed = not effect.whole and _hidden(effect, ledger)
        changed = UNASSESSED if unassessed else INSTEAD
        amounts.append(
            (changed if any(effect.less_or_more) else UNCHANGED).filled(
                {
                    "subject": IN_ALL(rule=clause) if effect.whole else subject,
                    "own": _net(effect, effect.here, ledger),
                    "other": _net(effect, effect.otherwise, reading.ledger),
                    "taken": _taken_off(effect),
                }
            )
        )
    return OTHERWISE(other=POLICIES[reading.default.key][reading.other], amounts=amounts)


def _clause(review: Review, reading: OtherReading) -> Any:
    """Return the clause that leaves a key open; that of the amounts where it has no name."""
    part = getattr(review.contract.versions[-1], reading.default.part)
    return getattr(part, "clause", "") or reading.effects[0].claim.rule
