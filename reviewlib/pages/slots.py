"""Where the values of a chapter stand on the page: its lead, the margin beside it, its folds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reviewlib.report.forms import LEAD
from reviewlib.report.set_aside import LACKING
from reviewlib.report.values import Caveat, Fact, Figure, Finding, Section, Table

KEYS = 3  # figures beside the lead
SIGNS = 80  # of a text of the data in a lead; its fold has it whole
NARROW = 4  # columns above which they are narrow
PAGE_ROWS = 60  # rows of a table in a fold; the values have them all
PRINTED = 25  # findings of a chapter on paper
SHORT_NOTE = 120  # words of the facilitator; more of them are folded


@dataclass(frozen=True, slots=True)
class Slots:
    """What is shown of a chapter before anything is unfolded, and what stands in its folds.

    ``decisions`` and ``caveats``: how many there are, of which the first is shown; ``empty``:
    tables without a row; ``sources``: each of the chapter with the labels of the figures that rest
    on it; ``periods``: likewise; ``repeated``: the ids of the figures of which a table has the
    numbers, under the same headings.
    """

    figure: Figure | None
    table: Table | None
    keys: tuple[Fact, ...]
    decision: Finding | None
    decisions: int
    caveat: Caveat | None
    caveats: int
    charts: tuple[Figure, ...]
    tables: tuple[Table, ...]
    empty: tuple[Table, ...]
    sources: dict[str, list[str]]
    periods: dict[str, list[str]]
    repeated: frozenset[str]


def slots(section: Section) -> Slots:
    """Return the slots of a section in words; of a support chapter all is folded."""
    figure, table = (None, None) if section.support else _lead(section)
    to_decide = [finding for finding in section.findings if finding.decision]
    shown = not section.support
    repeated = frozenset(one.id for one in section.figures if _repeated(one, section.tables))
    numbers = (figure.table,) if figure and figure.id not in repeated else ()
    return Slots(
        figure,
        table,
        tuple(fact for fact in section.facts if fact.key)[:KEYS] if shown else (),
        to_decide[0] if to_decide and shown else None,
        len(to_decide),
        _first_caveat(section) if shown else None,
        len(section.caveats),
        tuple(one for one in section.figures if one is not figure),
        numbers
        + tuple(one for one in section.tables if one.rows and (one is not table or _cut(one))),
        tuple(one for one in section.tables if not one.rows),
        _by_words((fact.source, fact.label) for fact in section.facts),
        _by_words((fact.period, fact.label) for fact in section.facts),
        repeated,
    )


def _first_caveat(section: Section) -> Caveat | None:
    """Return the first caveat but for those on rows set aside, which front and fold tell."""
    aside = f"{section.slug}.{LACKING}."
    return next((one for one in section.caveats if not one.id.startswith(aside)), None)


def _lead(section: Section) -> tuple[Figure | None, Table | None]:
    """Return the figure or the table that a chapter opens with: one that says so, or a chart."""
    figure = next((one for one in section.figures if one.lead), None)
    table = next((one for one in section.tables if one.lead and one.rows), None)
    if figure or table:
        return figure, None if figure else table
    return next(iter(section.figures), None), None


def _repeated(figure: Figure, tables: Iterable[Table]) -> bool:
    """Return whether a table has all numbers of a figure, under the same headings."""
    numbers = figure.table
    headings = [column.label for column in numbers.columns]
    for table in tables:
        places = {column.label: place for place, column in enumerate(table.columns)}
        if places.keys() >= {*headings}:
            rows = {tuple(row[places[one]] for one in headings) for row in table.rows}
            if rows.issuperset(numbers.rows):
                return True
    return False


def _cut(table: Table) -> bool:
    """Return whether a table that leads is cut: its rows, or a text in one of them."""
    texts = (cell for row in table.rows for cell in row if isinstance(cell, str))
    return len(table.rows) > LEAD or any(len(text) > room(table) for text in texts)


def room(table: Table) -> int:
    """Return how many signs of a text a table that leads shows in a cell."""
    return SIGNS if len(table.columns) > NARROW else 4 * SIGNS


def in_short(text: str, signs: int) -> str:
    """Return a text of at most so many signs, cut after a word where one is short enough."""
    if len(text) <= signs:
        return text
    words = text[:signs].rpartition(" ")[0]
    return (words if 2 * len(words) > signs else text[: signs - 1]).rstrip(" ,;:.–·") + "…"


def _by_words(pairs: Iterable[tuple[object, object]]) -> dict[str, list[str]]:
    """Return the words of pairs, each once, with all that stands beside it."""
    by_words: dict[str, list[str]] = {}
    for words, label in pairs:
        if words:
            by_words.setdefault(str(words), []).append(str(label))
    return by_words
