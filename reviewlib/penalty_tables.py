"""The tables of the ledger, in the report and in the statement."""

from __future__ import annotations

import pandas as pd

from reviewlib.metrics.penalties import Decision, Ledger, Line, observations_until
from reviewlib.penalty_words import (
    STATUSES,
    clause_words,
    fact_words,
    left_out_words,
    range_words,
    sides_words,
    status_words,
    subject_words,
)
from reviewlib.report import Column, Table, Unit, rows
from reviewlib.review import Review


def service_names(review: Review) -> dict[str, str]:
    """Return the names of the services of all versions of the terms."""
    return {
        name: service.name
        for terms in review.contract.versions
        for name, service in terms.services.items()
    }


def ledger_table(review: Review, name: str, caption: str, lines: tuple[Line, ...]) -> Table:
    """Return the lines of a party: fact, clause, computation, and what is left after each step."""
    _ = review.wording.gettext
    columns = (
        Column("rule", _("Clause"), quoted=True),
        Column("subject", _("About"), quoted=True),
        Column("fact", _("Fact")),
        Column("formula", _("Computation")),
        Column("exempted", _("Exempt"), Unit.MONEY),
        Column("capped", _("Above the cap"), Unit.MONEY),
        Column("net", _("Proposed"), Unit.MONEY),
        Column("net_high", _("At most"), Unit.MONEY),
        Column("status", _("Status")),
    )
    w, services = review.wording, service_names(review)
    frame = pd.DataFrame(
        {
            "rule": [clause_words(line.claim.rule, line.claim.terms) for line in lines],
            "subject": [subject_words(w, line.claim, services) for line in lines],
            "fact": [fact_words(w, line.claim) for line in lines],
            "formula": [sides_words(w, line) for line in lines],
            "exempted": [float(line.low.exempted) for line in lines],
            "capped": [float(line.low.capped) for line in lines],
            "net": [float(line.low.net) for line in lines],
            "net_high": [_upper(line) for line in lines],
            "status": [status_words(w, line) for line in lines],
        },
        dtype="object",
    )
    note = _(
        "“At most” is given where contested days or open tickets leave a range; a lower amount "
        "there means that the cap is used up by what came before."
    )
    said = note if frame["net_high"].notna().any() else ""
    return Table(name, caption, columns, rows(frame, columns), said)


def _upper(line: Line) -> float | None:
    return None if line.low.net == line.high.net else float(line.high.net)


def left_out_table(review: Review, name: str, lines: tuple[Line, ...]) -> Table:
    """Return the days and months that were taken out of each line, with the reason."""
    _, w, services = review.wording.gettext, review.wording, service_names(review)
    columns = (
        Column("rule", _("Clause"), quoted=True),
        Column("subject", _("About"), quoted=True),
        Column("month", _("Month"), Unit.MONTH),
        Column("reasons", _("Taken out, and why")),
    )
    cells = tuple(
        (
            clause_words(line.claim.rule, line.claim.terms),
            subject_words(w, line.claim, services),
            line.claim.month or None,
            left_out_words(w, line.claim),
        )
        for line in lines
        if line.claim.left_out
    )
    return Table(name, _("What was taken out, and why"), columns, cells)


def decisions_table(review: Review, name: str, ledger: Ledger) -> Table:
    """Return what was notified, answered, decided and paid, beside what is computed."""
    _ = review.wording.gettext
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
    w, contract = review.wording, review.contract
    found = [(line.decision, line) for line in ledger.lines if line.decision]
    every = [*found, *((decision, None) for decision in ledger.unmatched)]
    cells = [
        {
            **{name: getattr(decision, name) for name in Decision.__slots__},
            "month": decision.month or None,
            "until": observations_until(line, contract) if line else None,
            "status": _(STATUSES[decision.status]),
            "amount": None if decision.amount is None else float(decision.amount),
            "computed": range_words(w, line.low, line.high) if line else _("nothing"),
        }
        for decision, line in every
    ]
    frame = pd.DataFrame(cells, columns=[column.key for column in columns], dtype="object")
    return Table(name, _("What was decided"), columns, rows(frame, columns))
