"""The statement of penalties (décompte), for the other party to answer, without a language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from reviewlib.faults import ReviewError
from reviewlib.money import results
from reviewlib.money.penalties import tables, words
from reviewlib.money.penalties.metrics import Line
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Shown, Text, dotted
from reviewlib.report.values import Table, Words
from reviewlib.review import Review

Particulars = tuple[tuple[Words, Words], ...]
TITLE = N_("Proposed statement of penalties, credits and late payments")
OPEN = N_(
    "This statement decides nothing. The party at whose charge a line is proposed may send its "
    "observations within the delay that the clause states, counted from the day on which it was "
    "told the amount; room is left for them under each line."
)
PARTICULARS = TableForm(
    "particulars", TITLE, (Col("label", N_("About")), Col("words", EMPTY, quoted=True))
)
STATED = ("fact", "counted", "reasons", "formula", *tables.TAKEN_OFF, "status", "decided")
"""The columns that are a line's particulars, in their order."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the statement: what it is about, its particulars, and whether anything is due."""

    heading: Words
    particulars: Particulars
    proposed: Words
    owed: bool


@dataclass(frozen=True, slots=True)
class Account:
    """What a party owes: its name, the sum proposed, the sums by clause, and its lines."""

    name: Words
    other: Words
    proposed: Words
    pending: Words
    totals: Table
    lines: Table
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that the page and the workbook print; ``summary`` stands in the workbook alone."""

    title: Words
    subtitle: Words
    particulars: Particulars
    parties: tuple[Account, ...]
    nothing: Words
    others: tuple[Table, ...]
    open_until: Words
    provenance: Particulars
    summary: Table


def statement(review: Review) -> Statement:
    """Return the statement of a review. Raises ReviewError where no rule is stated."""
    if not tables.newest_rules(review):
        raise ReviewError("the contract states no penalty: write its rules under terms.penalties.")
    contract = review.contract
    first, last = contract.period.first, contract.period.last
    particulars = (
        (N_("Client"), contract.client.name),
        (N_("Provider"), contract.provider.name),
        (N_("Contract"), contract.id),
        (N_("Period"), N_("{first} – {last}")(first=first, last=last)),
        (N_("As of"), Shown(review.as_of, "instant")),
    )
    parties = tuple(_parties(review))
    proposed = [(party.lines.caption, party.proposed) for party in parties]
    summary = pd.DataFrame(
        [*particulars, *proposed, (N_("What it is"), OPEN)], columns=["label", "words"]
    )
    others = (
        (tables.NOT_APPLIED, tables.gaps(review)),
        (tables.DECISIONS, tables.decisions(review)),
        (tables.RULES, tables.rules(review)),
    )
    return Statement(
        TITLE,
        contract.title,
        particulars,
        parties,
        tables.nothing_due(review),
        tuple(form.table(rows, form.name) for form, rows in others if len(rows)),
        OPEN,
        ((N_("Inputs"), review.engagement.sha256),),
        PARTICULARS.table(summary, PARTICULARS.name),
    )


def _parties(review: Review) -> Iterator[Account]:
    names = {"provider": review.contract.provider.name, "client": review.contract.client.name}
    ledger = tables.ledger_lines(review)
    for (debtor, name), other in zip(names.items(), reversed(names.values()), strict=True):
        lines = results.ledger(review).owed_by(debtor)
        if lines:
            rows = ledger[ledger["debtor"] == debtor]
            form = tables.FULL.but(caption=N_("At the charge of {name}")(name=name))
            undecided = words.net([line for line in lines if line.pending])
            yield Account(
                name,
                other,
                words.net(lines),
                N_("Of which nothing was decided yet: {amount}.")(amount=undecided),
                tables.TOTALS.table(tables.totals(lines), f"totals-{debtor}"),
                form.table(rows, f"ledger-{debtor}"),
                tuple(_entries(review, lines, rows)),
            )


def _entries(review: Review, lines: tuple[Line, ...], rows: pd.DataFrame) -> Iterator[Entry]:
    together = {decision.id: len(its) for decision, its in results.ledger(review).answers}
    labels = {column.key: column.label for column in tables.LINES.columns}
    for line, row in zip(lines, rows.to_dict("records"), strict=True):
        taken_off = {part: _both(line, part) for part in tables.TAKEN_OFF}
        texts = row | taken_off | {"decided": _decided(line, together)}
        month = line.claim.month and Shown(line.claim.month, "month")
        yield Entry(
            dotted(row["rule"], line.claim.terms.title, row["subject"], month),
            tuple((labels[key], texts[key]) for key in STATED if texts[key]),
            words.net([line]),
            bool(line.low.gross or line.high.gross),
        )


def _both(line: Line, part: str) -> Text:
    """Return what is taken off a line, on both sides; "" where nothing is."""
    both = getattr(line.low, part), getattr(line.high, part)
    return words.amount(*both) if any(both) else EMPTY


def _decided(line: Line, together: dict[str, int]) -> Text:
    """Return the amount that was decided of a line, alone or with others; "" where none was."""
    decision = line.decision
    if decision is None or decision.amount is None:
        return EMPTY
    amount, n = Shown(decision.amount, "money"), together[decision.id]
    return N_("{amount} for {n} lines together")(amount=amount, n=n) if n > 1 else amount
