"""The statement of penalties (décompte), for the other party to answer: a page and a workbook."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from dataclasses import dataclass
from pathlib import Path

from reviewlib.faults import ReviewError
from reviewlib.files import refuse_file, write_together
from reviewlib.money import results as money_results
from reviewlib.money.penalties.metrics import HIGH, LOW, Line, sums
from reviewlib.money.penalties.tables import (
    FULL,
    decided_words,
    decisions_table,
    gaps_table,
    ledger_table,
    nothing_due,
    rules_table,
    service_names,
    totals_table,
)
from reviewlib.money.penalties.words import (
    amount_words,
    clause_words,
    counted_words,
    fact_words,
    left_out_words,
    range_words,
    sides_words,
    status_words,
    subject_words,
)
from reviewlib.pages.html import partials, stylesheet
from reviewlib.pages.workbook import workbook
from reviewlib.parameters import find_folder
from reviewlib.report.values import Column, Table
from reviewlib.review import Review, open_review

PAGE, WORKBOOK = "penalties.html", "penalties.xlsx"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the statement as the page prints it: what it is about, and its particulars."""

    heading: str
    particulars: tuple[tuple[str, str], ...]
    proposed: str
    owed: bool


@dataclass(frozen=True, slots=True)
class Party:
    """What a party owes: its name, the sum proposed, the sums by clause, and its lines."""

    name: str
    other: str
    proposed: str
    pending: str
    totals: Table
    lines: Table
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that the page and the workbook print."""

    title: str
    particulars: tuple[tuple[str, str], ...]
    parties: tuple[Party, ...]
    nothing: str
    others: tuple[Table, ...]
    open_until: str
    provenance: tuple[tuple[str, str], ...]


def write_statement(
    folder: str | Path, output: Path | None = None, as_of: str = "", language: str = ""
) -> list[Path]:
    """Write the statement of a folder; return its files.

    Raises ReviewError (Faults) when the input is at fault, when the contract states no penalty,
    and when openpyxl is missing: the page alone is no whole statement.
    """
    path = find_folder(folder)
    target = path / "penalties" if output is None else output
    refuse_file(target)
    review = open_review(path, as_of, language)
    made = statement(review)
    sheets: list[tuple[str, tuple[Table, ...]]]
    sheets = [(party.name, (party.lines, _unsummed(party.totals))) for party in made.parties]
    sheets += [(table.caption, (table,)) for table in made.others]
    sheets.append((review.contract.id, (_particulars(review, made),)))
    files = {
        WORKBOOK: workbook(sheets, made.title, review.as_of.to_pydatetime()),
        PAGE: page(review, made).encode(),
    }
    write_together(target, files)
    return [target / PAGE, target / WORKBOOK]


def _particulars(review: Review, made: Statement) -> Table:
    """Return what the statement is about, for a sheet of the workbook."""
    _ = review.wording.gettext
    columns = Column("label", _("About")), Column("words", "", quoted=True)
    proposed = [(party.lines.caption, party.proposed) for party in made.parties]
    cells = (*made.particulars, *proposed, (_("What it is"), made.open_until))
    return Table("particulars", made.title, columns, cells)


def _unsummed(totals: Table) -> Table:
    """Return a table of totals without its last row: the workbook sums the others itself."""
    return dataclasses.replace(totals, rows=totals.rows[:-1])


def statement(review: Review) -> Statement:
    """Return the statement of a review. Raises ReviewError where no rule is stated."""
    _, w, contract = review.wording.gettext, review.wording, review.contract
    if not any(terms.penalties for terms in contract.versions):
        raise ReviewError("the contract states no penalty: write its rules under terms.penalties.")
    period = f"{w.date(contract.period.first)} – {w.date(contract.period.last)}"
    others = [
        gaps_table(review, "gaps"),
        decisions_table(review, "decisions", money_results.ledger(review)),
    ]
    others = [table for table in others if table.rows]
    return Statement(
        _("Proposed statement of penalties, credits and late payments"),
        (
            (_("Client"), contract.client.name),
            (_("Provider"), contract.provider.name),
            (_("Contract"), contract.id),
            (_("Period"), period),
            (_("As of"), w.instant(review.as_of)),
        ),
        tuple(_parties(review)),
        nothing_due(review),
        (*others, rules_table(review, "rules")),
        _(
            "This statement decides nothing. The party at whose charge a line is proposed "
            "may send its observations within the delay that the clause states, counted from the "
            "day on which it was told the amount; room is left for them under each line."
        ),
        ((_("Inputs"), review.engagement.sha256),),
    )


def _parties(review: Review) -> list[Party]:
    _, contract = review.wording.gettext, review.contract
    names = {"provider": contract.provider.name, "client": contract.client.name}
    other = {"provider": contract.client.name, "client": contract.provider.name}
    found = []
    for debtor, name in names.items():
        lines = money_results.ledger(review).owed_by(debtor)
        if lines:
            caption = _("At the charge of {name}").format(name=name)
            proposed = range_words(review.wording, sums(lines, LOW), sums(lines, HIGH))
            left = [line for line in lines if line.pending]
            undecided = range_words(review.wording, sums(left, LOW), sums(left, HIGH))
            pending = _("Of which nothing was decided yet: {amount}.").format(amount=undecided)
            table = ledger_table(review, f"ledger-{debtor}", caption, lines, FULL)
            totals = totals_table(review, f"totals-{debtor}", lines)
            entries = tuple(_entry(review, line) for line in lines)
            found.append(Party(name, other[debtor], proposed, pending, totals, table, entries))
    return found


def _entry(review: Review, line: Line) -> Entry:
    _, w, claim = review.wording.gettext, review.wording, line.claim
    amounts = {
        _("Without formal notice"): (line.low.held, line.high.held),
        _("Waived"): (line.low.waived, line.high.waived),
        _("Exempt"): (line.low.exempted, line.high.exempted),
        _("Above the cap"): (line.low.capped, line.high.capped),
    }
    said = [
        (_("Fact"), fact_words(w, claim)),
        (_("Counted"), counted_words(w, claim)),
        (_("Taken out, and why"), left_out_words(w, claim)),
        (_("Computation"), sides_words(w, line)),
        *((label, amount_words(w, *both)) for label, both in amounts.items() if any(both)),
        (_("Status"), status_words(w, line)),
        (_("Amount decided"), decided_words(review, line)),
    ]
    rule = clause_words(claim.rule, claim.terms)
    subject = subject_words(w, claim, service_names(review))
    month = w.month(claim.month) if claim.month else ""
    return Entry(
        " · ".join(part for part in (rule, claim.terms.title, subject, month) if part),
        tuple((label, words) for label, words in said if words),
        range_words(w, line.low, line.high),
        bool(line.low.gross or line.high.gross),
    )


def page(review: Review, made: Statement) -> str:
    """Return the statement as one HTML page, which loads nothing and runs no code."""
    style = stylesheet(f"{made.title} · {review.contract.title}", review.wording)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = partials(review.wording).get_template("statement.html.j2")
    return template.render(
        statement=made,
        subtitle=review.contract.title,
        language=review.language,
        style=style,
        style_hash=digest,
    )
