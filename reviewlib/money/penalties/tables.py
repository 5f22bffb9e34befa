"""The tables of the ledger, in the report and in the statement."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from reviewlib.contract.penalties import Limits
from reviewlib.money import results
from reviewlib.money.penalties.metrics import (
    HIGH,
    LOW,
    Decision,
    Ledger,
    Line,
    observations_until,
    sums,
)
from reviewlib.money.penalties.words import (
    GAPS,
    STATUSES,
    clause_words,
    counted_words,
    fact_words,
    left_out_words,
    limit_words,
    range_words,
    rule_words,
    sides_words,
    status_words,
    subject_words,
)
from reviewlib.report.values import Column, Table, Unit, rows
from reviewlib.review import Review

TAKEN_OFF = ("held", "waived", "exempted", "capped")
BRIEF = ("rule", "subject", "fact", "formula", *TAKEN_OFF, "net", "net_high", "status")
FULL = (
    "rule", "subject", "fact", "counted", "left_out", "formula", "gross", *TAKEN_OFF, "net",
    "net_high", "status", "decided", "observations",
)  # fmt: skip
"""The columns of the ledger in the report, and in the statement that the other party answers."""


def service_names(review: Review) -> dict[str, str]:
    """Return the names of the services of all versions of the terms."""
    return {
        name: service.name
        for terms in review.contract.versions
        for name, service in terms.services.items()
    }


def _ledger_columns(review: Review) -> dict[str, Column]:
    _ = review.wording.gettext
    return {
        "rule": Column("rule", _("Clause"), quoted=True),
        "subject": Column("subject", _("About"), quoted=True),
        "fact": Column("fact", _("Fact")),
        "counted": Column("counted", _("Counted")),
        "left_out": Column("left_out", _("Taken out, and why")),
        "formula": Column("formula", _("Computation")),
        "gross": Column("gross", _("Amount due"), Unit.MONEY),
        "held": Column("held", _("Without formal notice"), Unit.MONEY),
        "waived": Column("waived", _("Waived"), Unit.MONEY),
        "exempted": Column("exempted", _("Exempt"), Unit.MONEY),
        "capped": Column("capped", _("Above the cap"), Unit.MONEY),
        "net": Column("net", _("Proposed"), Unit.MONEY),
        "net_high": Column("net_high", _("With what is contested or open"), Unit.MONEY),
        "status": Column("status", _("Status")),
        "decided": Column("decided", _("Amount decided"), Unit.MONEY),
        "observations": Column("observations", _("Observations of the other party")),
    }


def ledger_table(
    review: Review, name: str, caption: str, lines: tuple[Line, ...], shown: Iterable[str] = BRIEF
) -> Table:
    """Return the lines of a party: fact, clause, computation, and what is left after each step."""
    _, w, services = review.wording.gettext, review.wording, service_names(review)
    columns = _ledger_columns(review)
    # an amount decided for several lines at once stands in none of them, so that sums are right
    alone = [decision for decision, its in results.ledger(review).answers if len(its) == 1]
    cells = [
        {
            **{part: float(getattr(line.low, part)) for part in line.low.__slots__},
            "rule": clause_words(line.claim.rule, line.claim.terms),
            "subject": subject_words(w, line.claim, services),
            "fact": fact_words(w, line.claim),
            "counted": counted_words(w, line.claim),
            "left_out": left_out_words(w, line.claim),
            "formula": sides_words(w, line),
            "net_high": None if line.low.net == line.high.net else float(line.high.net),
            "status": status_words(w, line),
            "decided": _decided(line.decision) if line.decision in alone else None,
            "observations": " ",
        }
        for line in lines
    ]
    frame = pd.DataFrame(cells, dtype="object")
    nothing = [key for key in TAKEN_OFF if shown is BRIEF and not frame[key].any()]
    chosen = [columns[key] for key in shown if key not in nothing]
    if shown is FULL:
        frame["net_high"] = [float(line.high.net) for line in lines]
    note = _(
        "The second amount counts contested days and open tickets too; where it is the lower one, "
        "the cap is used up by what came before."
    )
    ranged = frame["net_high"].notna().any()
    return Table(name, caption, tuple(chosen), rows(frame, chosen), note if ranged else "")


def decided_words(review: Review, line: Line) -> str:
    """Return the amount that was decided of a line, alone or with others; "" where none was."""
    _, w, decision = review.wording.gettext, review.wording, line.decision
    if decision is None or decision.amount is None:
        return ""
    its = next(lines for found, lines in results.ledger(review).answers if found is decision)
    said = _("{amount} for {n} lines together") if len(its) > 1 else "{amount}"
    return said.format(amount=w.money(decision.amount), n=w.number(len(its)))


def _decided(decision: Decision | None) -> float | None:
    return None if decision is None or decision.amount is None else float(decision.amount)


def totals_table(review: Review, name: str, lines: tuple[Line, ...]) -> Table:
    """Return what each rule comes to, and all of them."""
    _ = review.wording.gettext
    columns = (
        Column("rule", _("Clause"), quoted=True),
        Column("title", _("Title"), quoted=True),
        Column("n", _("Lines"), Unit.COUNT),
        Column("gross", _("Amount due"), Unit.MONEY),
        Column("less", _("Held back, waived, exempt or above the cap"), Unit.MONEY),
        Column("net", _("Proposed"), Unit.MONEY),
        Column("high", _("With what is contested or open"), Unit.MONEY),
    )
    groups = {rule: [x for x in lines if x.claim.rule == rule] for rule in _rules(lines)}
    cells = []
    for rule, mine in (*groups.items(), ("", list(lines))):
        low, high, terms = sums(mine, LOW), sums(mine, HIGH), mine[-1].claim.terms
        cells.append(
            (
                clause_words(rule, terms) if rule else _("Total"),
                terms.title if rule else None,
                len(mine),
                float(low.gross),
                float(low.gross - low.net),
                float(low.net),
                float(high.net),
            )
        )
    return Table(name, _("What each clause comes to"), columns, tuple(cells))


def _rules(lines: tuple[Line, ...]) -> dict[str, None]:
    return dict.fromkeys(line.claim.rule for line in lines)


def left_out_table(review: Review, name: str, lines: tuple[Line, ...]) -> Table:
    """Return the days and months that were taken out of each line, with the reason."""
    _, w, services = review.wording.gettext, review.wording, service_names(review)
    columns = (
        Column("rule", _("Clause"), quoted=True),
        Column("subject", _("About"), quoted=True),
        Column("month", _("Month"), Unit.MONTH),
        Column("counted", _("Counted")),
        Column("reasons", _("Taken out, and why")),
    )
    cells = tuple(
        (
            clause_words(line.claim.rule, line.claim.terms),
            subject_words(w, line.claim, services),
            line.claim.month or None,
            counted_words(w, line.claim) or None,
            left_out_words(w, line.claim) or None,
        )
        for line in lines
        if line.claim.left_out or line.claim.counted
    )
    return Table(name, _("What counts, and what was taken out"), columns, cells)


def rules_table(review: Review, name: str) -> Table:
    """Return each rule in its latest wording: what it makes due, up to what, on what notice."""
    _, w = review.wording.gettext, review.wording
    columns = (
        Column("rule", _("Clause"), quoted=True),
        Column("title", _("Title"), quoted=True),
        Column("due", _("What it makes due")),
        Column("limits", _("Exemption, cap, notice, observations")),
        Column("source", _("Default rule read in"), quoted=True),
    )
    newest = {n: rule for terms in review.contract.versions for n, rule in terms.penalties.items()}
    cells = tuple(
        (
            clause_words(rule, terms),
            terms.title,
            rule_words(w, terms),
            limit_words(w, terms),
            terms.source or None,
        )
        for rule, terms in newest.items()
    )
    return Table(name, _("How the rules read"), columns, cells, folded=True)


def gaps_table(review: Review, name: str) -> Table:
    """Return the rules that could not be applied, to a subject or at all, and why."""
    _ = review.wording.gettext
    columns = (
        Column("rule", _("Clause"), quoted=True),
        Column("title", _("Title"), quoted=True),
        Column("subject", _("About"), quoted=True),
        Column("because", _("Why")),
    )
    cells = tuple(
        (
            clause_words(gap.rule, terms := newest(review, gap.rule)),
            terms.title,
            service_names(review).get(gap.subject, gap.subject) or _("the whole clause"),
            _(GAPS[gap.because]),
        )
        for gap in results.ledger(review).gaps
    )
    return Table(name, _("What could not be applied, and why"), columns, cells)


def nothing_due(review: Review) -> str:
    """Return that nothing is due, or that no rule could be applied at all."""
    _, ledger = review.wording.gettext, results.ledger(review)
    rules = {name for terms in review.contract.versions for name in terms.penalties}
    if rules <= {gap.rule for gap in ledger.gaps}:
        return _("None of the rules could be applied: what they rest on is not in the folder.")
    return _("The rules that could be applied make nothing due.")


def newest(review: Review, rule: str) -> Limits:
    """Return the latest wording of a rule."""
    versions = reversed(review.contract.versions)
    return next(terms.penalties[rule] for terms in versions if rule in terms.penalties)


def decisions_table(review: Review, name: str, ledger: Ledger) -> Table:
    """Return what was notified, answered, decided and paid, beside what is computed."""
    _, w = review.wording.gettext, review.wording
    columns = (
        Column("id", _("Decision"), quoted=True),
        Column("rule", _("Clause"), quoted=True),
        Column("subject", _("About"), quoted=True),
        Column("month", _("Month"), Unit.MONTH),
        Column("notified_on", _("Notified on"), Unit.DATE),
        Column("until", _("Observations until"), Unit.DATE),
        Column("observations_on", _("Observations of"), Unit.DATE),
        Column("decided_on", _("Decided on"), Unit.DATE),
        Column("status", _("Status")),
        Column("amount", _("Amount decided"), Unit.MONEY),
        Column("computed", _("Computed")),
        Column("paid_on", _("Paid on"), Unit.DATE),
        Column("evidence", _("Document"), quoted=True),
    )
    every = [*ledger.answers, *((decision, ()) for decision in ledger.unmatched)]
    cells = [
        {
            **{part: getattr(decision, part) for part in Decision.__slots__},
            **{name: getattr(decision, name) or None for name in ("subject", "month", "evidence")},
            "until": observations_until(lines[0], review.contract) if lines else None,
            "status": _(STATUSES[decision.status]),
            "amount": _decided(decision),
            "computed": range_words(w, sums(lines, LOW), sums(lines, HIGH))
            if lines
            else _("nothing"),
        }
        for decision, lines in every
    ]
    frame = pd.DataFrame(cells, columns=[column.key for column in columns], dtype="object")
    return Table(name, _("What was decided"), columns, rows(frame, columns))
