"""The tables of the ledger, in the report and in the statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from reviewlib.contract.penalties import Limits
from reviewlib.memo import once
from reviewlib.money import results
from reviewlib.money.penalties import words
from reviewlib.money.penalties.metrics import (
    HIGH,
    LOW,
    Decision,
    Line,
    Settled,
    observations_until,
    sums,
)
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Message
from reviewlib.report.values import Unit
from reviewlib.review import Review
from reviewlib.service.clauses import service_names

CLAUSE = Col("rule", N_("Clause"), quoted=True)
TITLE = Col("title", N_("Title"), quoted=True)
ABOUT = Col("subject", N_("About"), quoted=True)
MONTH = Col("month", N_("Month"), Unit.MONTH)
GROSS = Col("gross", N_("Amount due"), Unit.MONEY)
NET = Col("net", N_("Proposed"), Unit.MONEY)
NET_HIGH = Col("net_high", N_("With what is contested or open"), Unit.MONEY)
AMOUNT_DECIDED = N_("Amount decided")
TAKEN_OFF = {
    "held": N_("Without formal notice"),
    "waived": N_("Waived"),
    "exempted": N_("Exempt"),
    "capped": N_("Above the cap"),
}
"""What an amount due is lessened by, in the order in which it is."""
WHOLE_CLAUSE = N_("the whole clause")
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
        GROSS,
        *(Col(key, label, Unit.MONEY) for key, label in TAKEN_OFF.items()),
        NET,
        NET_HIGH,
        Col("status", N_("Status")),
        Col("decided", AMOUNT_DECIDED, Unit.MONEY),
        Col("observations", N_("Observations of the other party")),
    ),
    folded=False,
)
"""A line: its fact, clause and computation, and what is left after each step."""
RANGED = N_(
    "The second amount counts contested days and open tickets too; where it is the lower one, "
    "the cap is used up by what came before, or another rule counts the fact."
)
BRIEF = ("rule", "subject", "fact", "formula", *TAKEN_OFF, "net", "net_high", "status")
"""The columns of the ledger in the report."""
FULL = LINES.only(column.key for column in LINES.columns if column is not MONTH).but(note=RANGED)
"""The ledger in the statement that the other party answers."""
TAKEN_OUT = LINES.only(("rule", "subject", "month", "counted", "reasons")).but(
    name="left_out", caption=N_("What counts, and what was taken out")
)
TOTALS = TableForm(
    "totals",
    N_("What each clause comes to"),
    (
        CLAUSE,
        TITLE,
        Col("n", N_("Lines"), Unit.COUNT),
        GROSS,
        Col("less", N_("Held back, waived, exempt or above the cap"), Unit.MONEY),
        NET,
        NET_HIGH,
    ),
)
RULES = TableForm(
    "rules",
    N_("How the rules read"),
    (
        CLAUSE,
        TITLE,
        Col("due", N_("What it makes due")),
        Col("limits", N_("Exemption, cap, notice, observations")),
        Col("source", N_("Default rule read in"), quoted=True),
    ),
    folded=True,
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
        Col("status", N_("Status"), words=words.STATUSES),
        Col("amount", AMOUNT_DECIDED, Unit.MONEY),
        Col("computed", N_("Computed")),
        Col("paid_on", N_("Paid on"), Unit.DATE),
        Col("evidence", N_("Document"), quoted=True),
    ),
    folded=False,
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
    alone = {decision.id: decision.amount for decision, its in ledger.answers if len(its) == 1}
    cells = (
        {
            "debtor": line.claim.debtor,
            "rule": words.clause(line.claim.rule, line.claim.terms),
            "subject": words.subject(line.claim, services),
            "month": line.claim.month or None,
            "fact": words.fact(line.claim),
            "counted": words.counted(line.claim) or None,
            "reasons": words.left_out(line.claim) or None,
            "formula": words.computation(line),
            **{part: getattr(line.low, part) for part in Settled.__slots__},
            "net_high": line.high.net,
            "status": words.status(line),
            "decided": alone.get(line.decision.id) if line.decision else None,
            "observations": " ",
        }
        for line in ledger.lines
    )
    return _frame(LINES, cells, "debtor")


def _frame(form: TableForm, cells: Iterable[dict[str, Any]], *more: str) -> pd.DataFrame:
    """Return rows as a frame of the columns of a form, and more."""
    columns = [*more, *(column.key for column in form.columns)]
    return pd.DataFrame([*cells], columns=columns, dtype="object")


def brief_ledger(rows: pd.DataFrame) -> tuple[TableForm, pd.DataFrame]:
    """Return lines as the report has them: no columns of nothing, ranges where there are any."""
    ranged = rows["net_high"] != rows["net"]
    keys = (key for key in BRIEF if key not in TAKEN_OFF or any(rows[key]))
    note = RANGED if ranged.any() else EMPTY
    return LINES.only(keys).but(note=note), rows.assign(net_high=rows["net_high"].where(ranged))


def totals(lines: Iterable[Line]) -> pd.DataFrame:
    """Return what each rule comes to, and all of them."""
    by_rule: dict[str, list[Line]] = {}
    for line in lines:
        by_rule.setdefault(line.claim.rule, []).append(line)
    cells = [_total(its) for its in by_rule.values()]
    every = _total([line for its in by_rule.values() for line in its])
    return _frame(TOTALS, [*cells, every | {"rule": N_("Total"), "title": None}])


def _total(lines: list[Line]) -> dict[str, Any]:
    low, high, newest = sums(lines, LOW), sums(lines, HIGH), lines[-1].claim
    return {
        "rule": words.clause(newest.rule, newest.terms),
        "title": newest.terms.title,
        "n": len(lines),
        "gross": low.gross,
        "less": low.gross - low.net,
        "net": low.net,
        "net_high": high.net,
    }


def rules(review: Review) -> pd.DataFrame:
    """Return each rule in its latest wording: what it makes due, up to what, on what notice."""
    cells = (
        {
            "rule": words.clause(rule, terms),
            "title": terms.title,
            "due": words.rule(terms),
            "limits": words.limits(terms),
            "source": terms.source or None,
        }
        for rule, terms in newest_rules(review).items()
    )
    return _frame(RULES, cells)


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
    ledger = results.ledger(review)
    for decision, lines in (*ledger.answers, *((one, ()) for one in ledger.unmatched)):
        stated = {name: getattr(decision, name) for name in Decision.__slots__}
        yield {
            **{name: value for name, value in stated.items() if value != ""},
            "until": observations_until(lines[0], review.contract) if lines else None,
            "status": decision.status,
            "computed": words.net(lines) if lines else N_("nothing"),
        }


def nothing_due(review: Review) -> Message:
    """Return that nothing is due, or that no rule could be applied at all."""
    if newest_rules(review).keys() <= {gap.rule for gap in results.ledger(review).gaps}:
        return N_("None of the rules could be applied: what they rest on is not in the folder.")
    return N_("The rules that could be applied make nothing due.")
