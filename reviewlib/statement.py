"""The statement of penalties (décompte), for the other party to answer: a page and a workbook."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from reviewlib.faults import ReviewError
from reviewlib.files import refuse_file, write_together
from reviewlib.metrics.penalties import HIGH, LOW, sums
from reviewlib.office import workbook
from reviewlib.parameters import find_folder
from reviewlib.penalty_tables import FULL, decisions_table, ledger_table, rules_table
from reviewlib.penalty_words import range_words
from reviewlib.rendering import partials, stylesheet
from reviewlib.report import Table
from reviewlib.review import Review, open_review

PAGE, WORKBOOK = "penalties.html", "penalties.xlsx"


@dataclass(frozen=True, slots=True)
class Party:
    """What a party owes: its name, the sum proposed, and its lines."""

    name: str
    other: str
    proposed: str
    lines: Table


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that the page and the workbook print."""

    title: str
    particulars: tuple[tuple[str, str], ...]
    parties: tuple[Party, ...]
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
    tables = {party.name: (party.lines,) for party in made.parties}
    tables |= {table.caption: (table,) for table in made.others}
    files = {
        WORKBOOK: workbook(tables, made.title, review.as_of.to_pydatetime()),
        PAGE: page(review, made).encode(),
    }
    write_together(target, files)
    return [target / PAGE, target / WORKBOOK]


def statement(review: Review) -> Statement:
    """Return the statement of a review. Raises ReviewError where no rule is stated."""
    _, w, contract = review.wording.gettext, review.wording, review.contract
    if not any(terms.penalties for terms in contract.versions):
        raise ReviewError("the contract states no penalty: write its rules under terms.penalties.")
    period = f"{w.date(contract.period.first)} – {w.date(contract.period.last)}"
    others = [decisions_table(review, "decisions", review.ledger)]
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
        (*others, rules_table(review, "rules")),
        _(
            "Nothing in this statement is decided. The party at whose charge a line is proposed "
            "may send its observations within the delay that the clause states, counted from the "
            "day on which it was told the amount; the last column is left for them."
        ),
        ((_("Inputs"), review.engagement.sha256),),
    )


def _parties(review: Review) -> list[Party]:
    _, contract = review.wording.gettext, review.contract
    names = {"provider": contract.provider.name, "client": contract.client.name}
    other = {"provider": contract.client.name, "client": contract.provider.name}
    found = []
    for debtor, name in names.items():
        lines = review.ledger.owed_by(debtor)
        if lines:
            caption = _("At the charge of {name}").format(name=name)
            proposed = range_words(review.wording, sums(lines, LOW), sums(lines, HIGH))
            table = ledger_table(review, f"ledger-{debtor}", caption, lines, FULL)
            found.append(Party(name, other[debtor], proposed, table))
    return found


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
