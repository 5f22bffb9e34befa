"""The statement of penalties in a language: a page and a workbook."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
from pathlib import Path

from reviewlib.files import refuse_place, write_together
from reviewlib.money.penalties.statement import Statement, statement
from reviewlib.money.penalties.tables import DECISIONS
from reviewlib.pages.html import partials, stylesheet
from reviewlib.pages.spoken import spoken
from reviewlib.pages.wording import Wording
from reviewlib.pages.workbook import workbook
from reviewlib.parameters import asked_languages, find_folder, in_order
from reviewlib.report.values import Table
from reviewlib.review import open_review

NAME = "penalties"


def write_statement(
    folder: str | Path, output: Path | None = None, as_of: str = "", language: str = ""
) -> list[Path]:
    """Write the statement of a folder; return its files.

    ``language``: the languages, ``fr,en`` or ``all``; by default the contract's. The files in the
    first are ``penalties.html`` and ``penalties.xlsx``, the others ``penalties.en.html``, … They
    are put in place together. Raises ReviewError (Faults) when the input is at fault, when the
    contract states no penalty, and when openpyxl is missing: the page alone is no whole statement.
    """
    path = find_folder(folder)
    languages = asked_languages(language)
    target = path / "penalties" if output is None else output
    refuse_place(target, path)
    review = open_review(path, as_of, languages[0])
    value, contract = statement(review), review.contract
    first, *others = in_order(languages, contract.language)
    files: dict[str, bytes] = {}
    for own, name in ((first, NAME), *((other, f"{NAME}.{other}") for other in others)):
        wording = Wording(own, contract.time_zone, contract.currency)
        words = spoken(value, wording)
        files[f"{name}.html"] = page(words, wording).encode()
        files[f"{name}.xlsx"] = book(words, contract.id, review.as_of)
    write_together(target, files)
    return [target / name for name in files]


def page(words: Statement, wording: Wording) -> str:
    """Return the statement as one HTML page, which loads nothing and runs no code."""
    style = stylesheet(f"{words.title} · {words.subtitle}", wording)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = partials(wording).get_template("statement.html.j2")
    return template.render(
        statement=words, language=wording.language, style=style, style_hash=digest
    )


def book(words: Statement, name: str, at: dt.datetime) -> bytes:
    """Return the statement as a workbook: a sheet for each party and table, the last of this name.

    The workbook sums the totals itself: their last row is left out.
    """
    sheets: list[tuple[str, tuple[Table, ...]]] = []
    for party in words.parties:
        summed = dataclasses.replace(party.totals, rows=party.totals.rows[:-1])
        sheets.append((str(party.name), (*party.lines, summed)))
    sheets += [(str(table.caption), (table,)) for table in words.others]
    sheets.append((name, (words.summary,)))
    return workbook(sheets, str(words.title), at, unsummed={DECISIONS.name})  # of several states
