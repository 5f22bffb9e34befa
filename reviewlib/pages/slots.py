"""Where the values of a chapter stand on the page: its lead, the margin beside it, its folds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reviewlib.report.set_aside import LACKING
from reviewlib.report.values import Caveat, Fact, Figure, Finding, Section, Table

KEYS = 3  # figures beside the lead
SHORT_NOTE = 120  # words of the facilitator; more of them are folded
LEAD_ROWS = 12  # rows of a table or of a chart that leads; the others are in its fold


@dataclass(frozen=True, slots=True)
class Slots:
    """What is shown of a chapter before anything is unfolded, and what stands in its folds.

    ``decisions`` and ``caveats``: how many there are, of which the first is shown; ``sources``:
    each of the chapter with the labels of the figures that rest on it; ``periods``: likewise.
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
    sources: dict[str, list[str]]
    periods: dict[str, list[str]]


def slots(section: Section) -> Slots:
    """Return the slots of a section in words; of a support chapter all is folded."""
    figure, table = (None, None) if section.support else _lead(section)
    to_decide = [finding for finding in section.findings if finding.decision]
    shown = not section.support
    numbers = (figure.table,) if figure else ()
    return Slots(
        figure,
        table,
        tuple(fact for fact in section.facts if fact.key)[:KEYS] if shown else (),
        to_decide[0] if to_decide and shown else None,
        len(to_decide),
        _first_caveat(section) if shown else None,
        len(section.caveats),
        tuple(one for one in section.figures if one is not figure),
        numbers + tuple(one for one in section.tables if one is not table or _cut(one)),
        _by_words((fact.source, fact.label) for fact in section.facts),
        _by_words((fact.period, fact.label) for fact in section.facts),
    )


def _first_caveat(section: Section) -> Caveat | None:
    """Return the first caveat but for those on rows set aside, which front and fold tell."""
    aside = f"{section.slug}.{LACKING}."
    return next((one for one in section.caveats if not one.id.startswith(aside)), None)


def _lead(section: Section) -> tuple[Figure | None, Table | None]:
    """Return the figure or the table that a chapter opens with: one that says so, or a chart."""
    figure = next((one for one in section.figures if one.lead), None)
    table = next((one for one in section.tables if one.lead), None)
    if figure or table:
        return figure, None if figure else table
    return next(iter(section.figures), None), None


def _cut(table: Table) -> bool:
    return len(table.rows) > LEAD_ROWS


def _by_words(pairs: Iterable[tuple[object, object]]) -> dict[str, list[str]]:
    """Return the words of pairs, each once, with all that stands beside it."""
    by_words: dict[str, list[str]] = {}
    for words, label in pairs:
        if words:
            by_words.setdefault(str(words), []).append(str(label))
    return by_words
