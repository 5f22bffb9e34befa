"""The tables of the ledger, in the report and in the statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from reviewlib.amounts import ZERO
from reviewlib.contract import Contract
from reviewlib.contract.penalties import Delay, Limits, Tiers
from reviewlib.delivery.milestones.words import approved_late
from reviewlib.memo import once
from reviewlib.money import results
from reviewlib.money.penalties import causes, reading_words, rule_words, state_words, words
from reviewlib.money.penalties.claim import Claim
from reviewlib.money.penalties.decided import WAIVED, Decision, observations_until
from reviewlib.money.penalties.metrics import Line, Settled
from reviewlib.money.penalties.states import DECIDED, DUE, UNDECIDED, StateTotal, by_state
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Message, Text, chained, sentences
from reviewlib.report.values import Unit
from reviewlib.review import Review
from reviewlib.service.clauses import service_names

CLAUSE = Col("rule", N_("Clause"), quoted=True)
TITLE = Col("title", N_("Title"), quoted=True)
ABOUT = Col("subject", N_("About"), quoted=True)
MONTH = Col("month", N_("Month"), Unit.MONTH)
GROSS = Col("gross", N_("Computed"), Unit.MONEY)
NET = Col("net", N_("Net amount"), Unit.MONEY)
NET_HIGH = Col("net_high", N_("With what is contested or open"), Unit.MONEY)
READING = Col("reading", N_("What rests on a rule of interpretation"))
AMOUNT_DECIDED = N_("Amount decided")
AMOUNT_SO_FAR = N_("Amount notified, or decided")
PAID_ON = Col("paid_on", N_("Paid on"), Unit.DATE)
TAKEN_OFF = {
    "held": N_("Without formal notice"),
    "waived": N_("Waived"),
    "exempted": N_("Exempt"),
    "capped": N_("Above the cap"),
}
"""What an amount due is lessened by, in the order in which it is."""
NO_FACT = N_("the tables show nothing due for it")
NOT_TOLD = N_("what is due for it is not known")
NOT_ALL_TOLD = N_("a part of what is due for it is not known")
WHOLE_CLAUSE = reading_words.WHOLE_CLAUSE
LINES = TableForm(
    "lines",
    EMPTY,
    (
        CLAUSE,
        ABOUT,
        MONTH,
        Col("fact", N_("Fact")),
        Col("counted", N_("Counted")),
        Col("reasons", N_("Taken out, and why")),
        Col("formula", N_("Computation")),
        Col("rests", N_("Of which rests on days")),
        GROSS,
        *(Col(key, label, Unit.MONEY) for key, label in TAKEN_OFF.items()),
        NET,
        NET_HIGH,
        READING,
        Col("status", N_("Status")),
        Col("decided", AMOUNT_DECIDED, Unit.MONEY),
        PAID_ON,
        Col("observations", N_("Observations of the other party")),
    ),
)
"""A line: its fact, clause and computation, and what is left after each step."""
RANGED = N_(
    "The second amount counts contested days too, and tickets open or over their target of which "
    "the pauses are unknown; where it is the lower one, "
    "the cap is used up by what came before, or another rule counts the fact."
)
BRIEF = (
    "rule",
    "subject",
    "fact",
    "formula",
    "rests",
    *TAKEN_OFF,
    "net",
    "net_high",
    "reading",
    "status",
    "decided",
    "paid_on",
)
"""The columns of the ledger in the report."""
OF_SOME = (*TAKEN_OFF, "rests", "reading", "decided", "paid_on")
"""Those that it has only where a line has something in them."""
FULL = LINES.only(column.key for column in LINES.columns if column is not MONTH).but(note=RANGED)
"""The ledger in the statement that the other party answers."""
TAKEN_OUT = LINES.only(("rule", "subject", "month", "counted", "reasons")).but(
    name="left_out", caption=N_("What counts, and what was taken out")
)
IN_STATE = {
    **{state: Col(state, state_words.STATES[state], Unit.MONEY) for state in (*DECIDED, UNDECIDED)},
    "undecided_high": Col("undecided_high", NET_HIGH.label, Unit.MONEY),
    **{state: Col(state, state_words.STATES[state], Unit.MONEY) for state in (DUE, WAIVED)},
}
"""A column for each state: the amounts decided, else those computed."""
TOTALS = TableForm(
    "totals",
    N_("What each clause comes to, by state"),
    (CLAUSE, TITLE, Col("n", N_("Claims"), Unit.COUNT), *IN_STATE.values()),
)
BY_STATE = TableForm(
    "states",
    N_("By state"),
    (
        Col("state", N_("State"), words=state_words.STATES),
        Col("n", N_("Claims"), Unit.COUNT),
        Col("decided", AMOUNT_DECIDED, Unit.MONEY),
        Col("low", N_("Computed"), Unit.MONEY),
        Col("high", NET_HIGH.label, Unit.MONEY),
    ),
    N_("Amounts in different states are not added up."),
)
RULES = TableForm(
    "rules",
    N_("The rules as applied"),
    (
        CLAUSE,
        TITLE,
        Col("first", N_("In force from"), Unit.DATE),
        Col("last", N_("In force until"), Unit.DATE),
        Col("due", N_("What it makes due")),
        Col("limits", N_("Chargeable to, exemption, cap, notice, observations")),
        Col("source", N_("Default rule taken from"), quoted=True),
    ),
)
NOT_APPLIED = TableForm(
    "gaps",
    N_("What could not be applied, and why"),
    (CLAUSE, TITLE, ABOUT, Col("because", N_("Why"), words=words.GAPS)),
)
DECISIONS = TableForm(
    "decisions",
    N_("What was decided"),
    (
        Col("id", N_("Decision"), quoted=True),
        CLAUSE,
        ABOUT,
        MONTH,
        Col("notified_on", N_("Notified on"), Unit.DATE),
        Col("until", N_("Observations until"), Unit.DATE),
        Col("observations_on", N_("Observations of"), Unit.DATE),
        Col("decided_on", N_("Decided on"), Unit.DATE),
        Col("status", N_("Status"), words=state_words.STATUSES),
        Col("amount", AMOUNT_SO_FAR, Unit.MONEY),
        Col("computed", N_("Computed")),
        PAID_ON,
        Col("evidence", N_("Document"), quoted=True),
    ),
)


def newest_rules(review: Review) -> dict[str, Limits]:
    """Return the latest wording of each rule."""
    versions = review.contract.versions
    return {name: rule for terms in versions for name, rule in terms.penalties.items()}


@once
def ledger_lines(review: Review) -> pd.DataFrame:
    """Return the ledger as rows of ``LINES``, and their debtor; amounts are of the low side."""
    ledger, services = results.ledger(review), service_names(review.contract)
    # an amount decided for several lines at once stands in none of them, so that sums are right
    answers = [one for one, its in ledger.answers if len(its) == 1 and not one.pending]
    alone = {decision.id: decision.amount for decision in answers}
    readings = reading_words.of_lines(review)
    cells = (
        {
            "debtor": line.claim.debtor,
            "rule": words.clause(line.claim.rule, line.claim.terms),
            "subject": words.subject(line.claim, services),
            "month": line.claim.month or None,
            "fact": chained([words.fact(line.claim), _hours(review, line.claim)]),
            "counted": words.counted(line.claim) or None,
            "reasons": words.left_out(line.claim) or None,
            "formula": words.computation(line),
            "rests": causes.rests_on(line) or None,
            **{part: getattr(line.low, part) for part in Settled.__slots__},
            "net_high": line.high.net,
            "reading": readings.get(line.id),
            "status": words.status(line),
            "decided": alone.get(line.decision.id) if line.decision else None,
            "paid_on": line.decision.paid_on if line.decision else None,
            "observations": " ",
        }
        for line in ledger.lines
    )
    return _frame(LINES, cells, "debtor")


def unmatched_lines(review: Review) -> pd.DataFrame:
    """Return the decisions on nothing computed as rows of ``LINES``.

    With them their debtor, the ``title`` of their rule, and their ``state``: see ``STATES``.
    """
    newest, services = newest_rules(review), service_names(review.contract)
    empty = dict.fromkeys(column.key for column in LINES.columns)
    parts = (*Settled.__slots__, "net_high")
    cells = (
        empty
        | dict.fromkeys(parts, None if one.hidden else ZERO)
        | {
            "debtor": newest[one.rule].debtor,
            "title": newest[one.rule].title,
            "state": UNDECIDED if one.pending else one.status,
            "rule": words.clause(one.rule, newest[one.rule]),
            "subject": services.get(one.subject, one.subject) or WHOLE_CLAUSE,
            "month": one.month or None,
            "fact": NOT_TOLD if one.hidden else NO_FACT,
            "status": state_words.status_of(one),
            "decided": None if one.pending else one.amount,
            "paid_on": one.paid_on,
            "observations": " ",
        }
        for one in results.ledger(review).unmatched
    )
    return _frame(LINES, cells, "debtor", "title", "state")


def _hours(review: Review, claim: Claim) -> Text:
    """Return the hours agreed and lost on which a credit for availability rests."""
    terms = claim.terms
    if not (isinstance(terms, Tiers) and terms.availability):
        return EMPTY
    lost = results.lost_hours(review, terms.availability, claim.subject, claim.month)
    return words.hours(lost, terms)


def _frame(form: TableForm, cells: Iterable[dict[str, Any]], *more: str) -> pd.DataFrame:
    """Return rows as a frame of the columns of a form, and more."""
    columns = [*more, *(column.key for column in form.columns)]
    return pd.DataFrame([*cells], columns=columns, dtype="object")


def brief_ledger(rows: pd.DataFrame) -> tuple[TableForm, pd.DataFrame]:
    """Return lines as the report has them: no columns of nothing, ranges where there are any."""
    ranged = rows["net_high"] != rows["net"]
    keys = (key for key in BRIEF if key not in OF_SOME or any(rows[key].dropna()))
    note = RANGED if ranged.any() else EMPTY
    return LINES.only(keys).but(note=note), rows.assign(net_high=rows["net_high"].where(ranged))


def totals(review: Review, debtor: str) -> tuple[TableForm, pd.DataFrame]:
    """Return what each rule comes to, and all of them, by state: no column of nothing."""
    ledger, rules = results.ledger(review), newest_rules(review)
    unmatched = [one for one in ledger.unmatched if rules[one.rule].debtor == debtor]
    cells = []
    for rule, terms in rules.items():
        lines = [line for line in ledger.owed_by(debtor) if line.claim.rule == rule]
        states = by_state(lines, [one for one in unmatched if one.rule == rule])
        label = {"rule": words.clause(rule, terms), "title": terms.title}
        cells += [label | _in_states(states)] if states else []
    every = by_state(ledger.owed_by(debtor), unmatched)
    rows = _frame(TOTALS, [*cells, {"rule": N_("Total"), "title": None} | _in_states(every)])
    ranged = (rows["undecided_high"] != rows["undecided"]).any()
    used = [k for k in IN_STATE if rows[k].notna().any() and (ranged or k != "undecided_high")]
    return TOTALS.only(["rule", "title", "n", *used]), rows


def _in_states(states: Iterable[StateTotal]) -> dict[str, Any]:
    """Return the amount of each state: the one decided, else the one computed."""
    amounts: dict[str, Any] = {"n": 0}
    for one in states:
        amounts["n"] += one.n
        amounts[one.state] = one.decided if one.state in DECIDED else one.low
        if one.state == UNDECIDED:
            amounts["undecided_high"] = one.high
    return amounts


def state_totals(states: Iterable[StateTotal]) -> tuple[TableForm, pd.DataFrame]:
    """Return what a party owes by state: what was decided, and what is computed of it."""
    rows = _frame(
        BY_STATE,
        (
            {
                "state": one.state,
                "n": one.n,
                "decided": one.decided if one.state in (*DECIDED, WAIVED) else None,
                "low": None if one.hidden else one.low,
                "high": one.high if one.high != one.low and not one.hidden else None,
            }
            for one in states
        ),
    )
    note = sentences(BY_STATE.note, RANGED) if rows["high"].notna().any() else BY_STATE.note
    return BY_STATE.but(note=note), rows


def rules(review: Review) -> pd.DataFrame:
    """Return each wording of each rule: what it makes due, up to what, on what notice, and when.

    The rule on re-baselines approved late stands among them where an amount may hang on it.
    """
    names = service_names(review.contract)
    every = list(rule_words.wordings(review.contract))
    pools: dict[str, dict[str, None]] = {}
    for one in every:
        pools.setdefault(one.terms.pool_under(one.name), {})[one.name] = None
    cells = (
        {
            "rule": words.clause(one.name, one.terms),
            "title": one.terms.title,
            "first": one.first,
            "last": one.last,
            "due": rule_words.rule(one.terms, names),
            "limits": rule_words.limits(
                one.terms, [n for n in pools[one.terms.pool_under(one.name)] if n != one.name]
            ),
            "source": one.terms.source or None,
        }
        for one in every
    )
    return _frame(RULES, [*cells, *_rule_of_reading(review.contract)])


def _rule_of_reading(contract: Contract) -> Iterator[dict[str, Any]]:
    """Yield the rule on re-baselines approved late, where delays of milestones are penalised."""
    every = (one.terms for one in rule_words.wordings(contract))
    if any(isinstance(terms, Delay) and terms.milestones for terms in every):
        yield {
            "rule": contract.versions[-1].change_requests.clause or None,
            "title": N_("Change requests"),
            "first": contract.period.first,
            "due": approved_late(contract),
        }


def gaps(review: Review) -> pd.DataFrame:
    """Return the rules that could not be applied, to a subject or at all, and why."""
    services, newest = service_names(review.contract), newest_rules(review)
    cells = (
        {
            "rule": words.clause(gap.rule, newest[gap.rule]),
            "title": newest[gap.rule].title,
            "subject": services.get(gap.subject, gap.subject) or WHOLE_CLAUSE,
            "because": gap.because,
        }
        for gap in results.ledger(review).gaps
    )
    return _frame(NOT_APPLIED, cells)


def decisions(review: Review) -> pd.DataFrame:
    """Return what was notified, answered, decided and paid, beside what is computed."""
    return _frame(DECISIONS, _decisions(review))


def _decisions(review: Review) -> Iterator[dict[str, Any]]:
    ledger, newest = results.ledger(review), newest_rules(review)
    for decision, lines in (*ledger.answers, *((one, ()) for one in ledger.unmatched)):
        terms = lines[0].claim.terms if lines else newest[decision.rule]
        stated = {name: getattr(decision, name) for name in Decision.__slots__}
        yield {
            **{name: value for name, value in stated.items() if value != ""},
            "until": observations_until(decision, terms, review.contract),
            "status": decision.status,
            "computed": _computed(decision, lines),
        }


def _computed(decision: Decision, lines: Sequence[Line]) -> Text:
    """Return what is computed of what a decision is about, and what of it can't be told."""
    if not lines:
        return NOT_TOLD if decision.hidden else N_("nothing")
    before_cap = reading_words.before_cap(decision, lines)
    return chained([words.computed(lines), before_cap, decision.hidden and NOT_ALL_TOLD])


def nothing_due(review: Review) -> Message:
    """Return that nothing is due, or that no rule could be applied at all."""
    if newest_rules(review).keys() <= {gap.rule for gap in results.ledger(review).gaps}:
        return N_("None of the rules could be applied: what they rest on is not in the folder.")
    return N_("The rules that could be applied make nothing due.")
