"""The statement of penalties (décompte), for the other party to answer, without a language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reviewlib.faults import ReviewError
from reviewlib.money import results
from reviewlib.money.penalties import causes, nothing_due, reading_words, state_words, tables
from reviewlib.money.penalties.defaults import DEFAULTS, POLICIES
from reviewlib.money.penalties.metrics import Line
from reviewlib.money.penalties.running import not_final
from reviewlib.money.penalties.standing import remarks
from reviewlib.money.penalties.states import STATES, of_debtor, state_of
from reviewlib.report.forms import Col, TableForm, frame_of
from reviewlib.report.set_aside import set_aside
from reviewlib.report.text import EMPTY, N_, Shown, Text, dotted, sentences
from reviewlib.report.values import Table, Words
from reviewlib.review import Review

Particulars = tuple[tuple[Words, Words], ...]
TITLE = N_("Proposed statement of penalties, credits and late payments")
OPEN = N_(
    "This statement decides nothing. The party to which a line is charged may send its "
    "observations within the time that the clause states, counted from the day on "
    "which it was notified of the amount; room is left for them under each line."
)
NO_RULE = N_("the contract states no penalty: write its rules under terms.penalties.")
TAXES = N_("Amounts are without taxes.")
AT_CHARGE = N_("Chargeable to {name}: {state}")
PARTICULARS = TableForm(
    "particulars", TITLE, (Col("label", N_("About")), Col("words", EMPTY, quoted=True))
)
STATED = (
    "fact", "counted", "reasons", "formula", "rests", *tables.TAKEN_OFF, "net", "reading", "status",
    "decided",
)  # fmt: skip
"""The columns that are a line's particulars, in their order."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the statement: what it is about, its particulars, and whether anything is due."""

    heading: Words
    particulars: Particulars
    owed: bool


@dataclass(frozen=True, slots=True)
class Account:
    """What a party owes: its name, the sums by state and by clause, and its lines.

    ``remarks``: what the sums do not tell by themselves. ``lines``: a table for each state, of
    which the amounts add up; the workbook has them.
    """

    name: Words
    other: Words
    states: Words
    remarks: Words
    by_state: Table
    totals: Table
    lines: tuple[Table, ...]
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
        raise ReviewError(NO_RULE, review.contract.language)
    contract, start = review.contract, len(review.reads)
    first, last = contract.period.first, contract.period.last
    particulars: Particulars = (
        (N_("Client"), contract.client.name),
        (N_("Provider"), contract.provider.name),
        (N_("Contract"), contract.id),
        (N_("Period"), N_("{first} – {last}")(first=first, last=last)),
        (N_("As of"), Shown(review.as_of, "instant")),
    )
    parties = tuple(_parties(review))
    aside = [sentence for _, _, sentence, _ in set_aside(review, review.reads[start:])]
    if aside:
        particulars = (*particulars, (N_("Rows set aside"), sentences(*aside)))
    owed = [
        (N_("Chargeable to {name}")(name=one.name), text)
        for one in parties
        for text in (one.states, one.remarks)
        if text
    ]
    summary = pd.DataFrame(
        [*particulars, *owed, (N_("What it is"), sentences(OPEN, TAXES))],
        columns=["label", "words"],
    )
    return Statement(
        TITLE,
        contract.title,
        particulars,
        parties,
        tables.nothing_due(review),
        tuple(_others(review)),
        sentences(OPEN, TAXES),
        ((N_("Inputs"), review.engagement.sha256),),
        PARTICULARS.table(summary, PARTICULARS.name),
    )


def _others(review: Review) -> Iterator[Table]:
    """Yield the tables of both parties that have a row."""
    for form, rows in (
        (tables.NOT_APPLIED, tables.gaps(review)),
        (tables.DECISIONS, tables.decisions(review)),
        (tables.RULES, tables.rules(review)),
        (reading_words.TABLE, reading_words.table(review)),
        (DEFAULTS, frame_of(DEFAULTS, POLICIES)),
    ):
        if len(rows):
            yield form.table(rows, form.name)


def _parties(review: Review) -> Iterator[Account]:
    names = {"provider": review.contract.provider.name, "client": review.contract.client.name}
    ledger, rules = results.ledger(review), tables.newest_rules(review)
    rows, apart = tables.ledger_lines(review), tables.unmatched_lines(review)
    for (debtor, name), other in zip(names.items(), reversed(names.values()), strict=True):
        states, lines = of_debtor(ledger, debtor, rules), ledger.owed_by(debtor)
        own, others = rows[rows["debtor"] == debtor], apart[apart["debtor"] == debtor]
        if states or lines or len(others):
            by_state, sums = tables.state_totals(states)
            by_clause, totals = tables.totals(review, debtor)
            yield Account(
                name,
                other,
                state_words.by_state(states),
                sentences(*_remarks(review, debtor)),
                by_state.table(sums, f"states-{debtor}"),
                by_clause.table(totals, f"totals-{debtor}"),
                tuple(_lines(name, debtor, _by_state(own, lines, others), lines)),
                (*_entries(review, lines, own), *_entries_apart(others)),
            )


def _remarks(review: Review, debtor: str) -> Iterator[Text]:
    """Yield what the sums of a party do not tell: what they rest on, what is spared, what grows."""
    own = results.ledger(review).owed_by(debtor)
    yield from remarks(review, debtor)
    yield causes.note(own)
    yield from nothing_due.notes(review, debtor)
    yield not_final(review, own)


def _by_state(
    rows: pd.DataFrame, lines: tuple[Line, ...], apart: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return the rows of lines and of decisions on nothing computed, by state."""
    states = (*map(state_of, lines), *apart["state"])
    cells = (*rows.to_dict("records"), *apart.to_dict("records"))
    of_states: dict[str, list[dict[str, Any]]] = {state: [] for state in STATES}
    for state, row in zip(states, cells, strict=True):
        of_states[state].append(row)
    return {
        state: pd.DataFrame(of_it, columns=[*rows], dtype="object")
        for state, of_it in of_states.items()
        if of_it
    }


def _lines(
    name: Words, debtor: str, in_state: dict[str, pd.DataFrame], lines: tuple[Line, ...]
) -> Iterator[Table]:
    """Yield the lines of a party in each state: amounts in two states are not to be added up."""
    read = any(any(rows["reading"]) for rows in in_state.values())
    form = tables.FULL if read else tables.FULL.without("reading")
    form = form.but(note=sentences(form.note, causes.note(lines)))
    for state, rows in in_state.items():
        caption = AT_CHARGE(name=name, state=state_words.STATES[state])
        yield form.but(caption=caption).table(rows, f"ledger-{debtor}-{state}")


def _entries(review: Review, lines: tuple[Line, ...], rows: pd.DataFrame) -> Iterator[Entry]:
    together = {decision.id: len(its) for decision, its in results.ledger(review).answers}
    labels = {column.key: column.label for column in tables.LINES.columns}
    for line, row in zip(lines, rows.to_dict("records"), strict=True):
        taken_off = {part: _both(line, part) for part in tables.TAKEN_OFF}
        texts = row | taken_off | {"decided": _decided(line, together)}
        texts["net"] = state_words.sides(line.low.net, line.high.net)
        month = line.claim.month and Shown(line.claim.month, "month")
        yield Entry(
            dotted(row["rule"], line.claim.terms.title, row["subject"], month),
            tuple((labels[key], texts[key]) for key in STATED if texts[key]),
            bool(line.low.gross or line.high.gross),
        )


def _entries_apart(rows: pd.DataFrame) -> Iterator[Entry]:
    """Yield the decisions on nothing computed, which may be answered like any line."""
    labels = {column.key: column.label for column in tables.LINES.columns}
    for row in rows.to_dict("records"):
        amounts = {
            key: EMPTY if row[key] is None else Shown(row[key], "money")
            for key in ("net", "decided")
        }
        month = row["month"] and Shown(row["month"], "month")
        texts = row | amounts
        yield Entry(
            dotted(row["rule"], row["title"], row["subject"], month),
            tuple((labels[key], texts[key]) for key in STATED if texts[key]),
            owed=True,
        )


def _both(line: Line, part: str) -> Text:
    """Return what is taken off a line, on both sides; "" where nothing is."""
    both = getattr(line.low, part), getattr(line.high, part)
    return state_words.sides(*both) if any(both) else EMPTY


def _decided(line: Line, together: dict[str, int]) -> Text:
    """Return the amount that was decided of a line, alone or with others; "" where none was."""
    decision = line.decision
    if decision is None or decision.amount is None or decision.pending:
        return EMPTY
    amount, n = Shown(decision.amount, "money"), together[decision.id]
    return N_("{amount} for {n} lines together")(amount=amount, n=n) if n > 1 else amount
