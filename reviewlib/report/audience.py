"""What of the chapters their readers may have: values are kept or left out whole, never hidden.

What mixes goes with what is left out: a sentence that names one of its ids or amounts, the message
of a chapter of which something is withheld, a sum that gives one of its amounts back.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from reviewlib.contract.sharing import Sharing, names
from reviewlib.report.leaves import amounts_in, fields_in, leaves, names_one, strings_in, words_in
from reviewlib.report.parts import Part
from reviewlib.report.set_aside import uncited
from reviewlib.report.subtraction import Hidden, given_back, hidden_in, too_few
from reviewlib.report.text import EMPTY, n_
from reviewlib.report.values import (
    Audience,
    Caveat,
    Earlier,
    Fact,
    Figure,
    Finding,
    Section,
    Stated,
    Table,
    Unit,
)

Value = Fact | Finding | Table | Figure | Caveat
Kept = Mapping[str, tuple[Value, ...]]
"""The values that are kept of each chapter, by its slug."""

VALUES: Mapping[str, type[Value]] = {
    "facts": Fact, "findings": Finding, "tables": Table, "figures": Figure, "caveats": Caveat,
}  # fmt: skip
COMMENTS = ("satisfaction.comments", "comments")  # what people wrote, and what is said of it
TICKET, NO_TICKETS = "ticket_id", "availability"  # a column; a chapter whose evidence are outages
GROUPS = frozenset({"department", "caller_group", "team", "from", "to"})  # columns of people
PEOPLE = frozenset({"n", "k", "invited", "answered"})  # fields of sentences that count them
ALIKE = 2  # cells by which a row is taken for another one
FINDINGS_ONLY = n_(
    "Of this chapter {n} finding is in this version.",
    "Of this chapter {n} findings are in this version.",
)


class SharedPart(NamedTuple):
    """What of a review its readers may have: the chapters, each with the values that are kept.

    ``mixed``: the ids of what the marks let through and that is left out since it names what they
    don't; ``sums``: since with what is kept it would give back an amount of that.
    """

    chapters: tuple[Section, ...]
    mixed: tuple[str, ...]
    sums: tuple[str, ...]


def shared(sections: Iterable[Section], sharing: Sharing, floor: int) -> SharedPart:
    """Return the chapters that the readers may have, each with the values that they may have.

    ``floor``: for all staff, nothing is kept of fewer people. The first page is not among them, for
    it is made again of what is kept.
    """
    chapters = [_uncited(one) for one in sections if one.front is None]
    marks = Marks(sharing, floor, tickets(chapters))
    kept = first = {
        one.slug: tuple(v for v in values(one) if marks.let(one, v)) for one in chapters
    }
    hidden = {one.slug: marks.hidden(one) for one in chapters}
    sums: tuple[Value, ...] = ()
    while True:
        left = _Left(chapters, kept, sharing)
        gone = {id(v) for slug, few in kept.items() for v in few if left.tells(slug, v)}
        if not gone:
            giving = _giving_back(kept, hidden, sharing)
            gone, sums = {id(one) for one in giving}, sums + giving
        if not gone:
            break
        kept = {slug: tuple(v for v in few if id(v) not in gone) for slug, few in kept.items()}
    apart = {one.id.partition(".")[0] for one in sums}
    made = (_section(one, kept[one.slug], left, marks, one.slug in apart) for one in chapters)
    stay = {one.id for few in kept.values() for one in few} | {one.id for one in sums}
    mixed = tuple(one.id for few in first.values() for one in few if one.id not in stay)
    every = tuple(one for one in made if one is not None)
    return SharedPart(every, mixed, tuple(one.id for one in sums))


def _giving_back(
    kept: Kept, hidden: Mapping[str, frozenset[Hidden]], sharing: Sharing
) -> tuple[Value, ...]:
    """Return the values of chapters by which a hidden amount could be had; none marked alone."""
    giving: list[Value] = []
    for slug, few in kept.items():
        alone = frozenset(
            place
            for place, one in enumerate(few)
            if isinstance(one, Finding) and names(one.id, sharing.findings)
        )
        giving += [few[place] for place in sorted(given_back(few, hidden[slug], alone))]
    return tuple(giving)


def values(section: Section) -> tuple[Value, ...]:
    """Return the values of a chapter that have an id."""
    return tuple(one for name in VALUES for one in getattr(section, name))


def tickets(chapters: Iterable[Section]) -> frozenset[str]:
    """Return the numbers of tickets that chapters name: in columns of them, and as evidence."""
    named: set[str] = set()
    for section in chapters:
        if section.part is Part.SERVICE and section.slug != NO_TICKETS:
            named |= {ticket for finding in section.findings for ticket in finding.evidence}
        for table in filter(None, map(_table, values(section))):
            for place, column in enumerate(table.columns):
                if column.key == TICKET:
                    named |= {str(row[place]) for row in table.rows if row[place]}
    return frozenset(named)


class Marks:
    """What the marks let through, value by value.

    ``tickets``: the numbers that no value may name, unless evidence is shared.
    """

    def __init__(self, sharing: Sharing, floor: int, tickets: frozenset[str]) -> None:
        self.sharing = sharing
        self._floor = floor if sharing.readers == "all_staff" else 0
        self._tickets = frozenset() if sharing.evidence else tickets

    def whole(self, section: Section) -> bool:
        """Whether a chapter is shared as such: by its mark, that of the analyst by their tag."""
        if section.by_analyst:
            return section.audience is Audience.SHAREABLE
        return section.slug in self.sharing.chapters

    def let(self, section: Section, value: Value) -> bool:
        """Whether a value is marked, and neither of tickets, of comments nor of too few people."""
        alone = isinstance(value, Finding) and names(value.id, self.sharing.findings)
        if not (self.whole(section) or (alone and not section.by_analyst)):
            return False
        comments = not self.sharing.comments and names(value.id, COMMENTS)
        if comments or names(value.id, self.sharing.withheld):
            return False
        return not (self._of_tickets(value) or self._of_few(section, value))

    def hidden(self, section: Section) -> frozenset[Hidden]:
        """Return the amounts of a chapter that its readers may not have of what is kept."""
        if not self.whole(section):
            return frozenset()
        every = values(section)
        withheld = (one for one in every if names(one.id, self.sharing.withheld))
        few = (n for one in every if self._of_few(section, one) for n in self._few(one))
        return too_few(few).union(*map(hidden_in, withheld))

    def apart(self, section: Section) -> bool:
        """Whether no figure of a chapter may stand beside one that another review has shared.

        What is withheld of it in one period may be nothing in the next: then no sum there tells it.
        """
        own = (one for one in self.sharing.withheld if one.partition(".")[0] == section.slug)
        return any(own) or bool(self.hidden(section))

    def clean(self, value: Any) -> bool:
        """Whether a value names no ticket that may not be named."""
        return not self._tickets or words_in(value).isdisjoint(self._tickets)

    def _of_tickets(self, value: Value) -> bool:
        table = _table(value)
        listed = table is not None and any(one.key == TICKET for one in table.columns)
        return not self.sharing.evidence and (listed or not self.clean((value.id, value)))

    def _of_few(self, section: Section, value: Value) -> bool:
        table = _table(value)
        of_groups = table is not None and any(one.key in GROUPS for one in table.columns)
        if not (self._floor and (section.part is Part.PEOPLE or of_groups)):
            return False
        return any(True for _ in self._few(value))

    def _few(self, value: Value) -> Iterator[int]:
        """Yield the numbers of people, or answers, in a value that are under the floor."""
        return (n for n in _counts(value) if isinstance(n, int) and 0 < n < self._floor)


def _counts(value: Value) -> Iterator[Any]:
    """Yield how many people, or answers, a value tells of."""
    if isinstance(value, Fact):
        published = [one.published for one in value.earlier if one.published]
        stated: tuple[Fact | Earlier | Stated, ...] = (value, *value.earlier, *published)
        for one in stated:
            yield from (one.n, one.count, one.value if value.unit is Unit.COUNT else None)
    elif table := _table(value):
        places = [at for at, column in enumerate(table.columns) if column.unit is Unit.COUNT]
        yield from (row[at] for row in table.rows for at in places)
    else:
        yield from (held for name, held in fields_in(value) if name in PEOPLE)


class _Left:
    """What is left out of chapters, and by what else it could be told."""

    def __init__(self, chapters: Sequence[Section], kept: Kept, sharing: Sharing) -> None:
        self._sharing = sharing
        own = [value for few in kept.values() for value in few]
        stay = {id(value) for value in own}
        gone = [one for section in chapters for one in values(section) if id(one) not in stay]
        self.ids = frozenset(one.id for one in gone) - {one.id for one in own}
        figures = [value for value in own if not isinstance(value, (Finding, Caveat))]
        sayable = [_stated(one) for one in gone if isinstance(one, (Fact, Finding))]
        self._amounts = amounts_in(sayable) - amounts_in(figures)
        self.withheld = [one for one in gone if names(one.id, sharing.withheld)]

    def tells(self, slug: str, value: Value) -> bool:
        """Whether a value that is kept tells of what is left out; never one marked alone."""
        if isinstance(value, Finding):
            if names(value.restates, self._sharing.withheld):
                return True
            if names(value.id, self._sharing.findings):
                return False
        if self.mixed(value):
            return True
        return any(_tells(value, one) for one in self.of(slug))

    def mixed(self, value: Any) -> bool:
        """Whether a value names an id of what is left out, or in words one of its amounts."""
        about = value if isinstance(value, Fact) else _table(value)
        words = value if about is None else about.note
        return not amounts_in(words).isdisjoint(self._amounts) or names_one(value, self.ids)

    def of(self, slug: str) -> list[Value]:
        """Return what is withheld of a chapter."""
        return [one for one in self.withheld if one.id.startswith(f"{slug}.")]


def _stated(value: Fact | Finding) -> Any:
    """Return what a value states itself, without its target, which is the contract's."""
    if not isinstance(value, Fact):
        return value
    earlier = [(one.value, one.interval, one.since, one.published) for one in value.earlier]
    return value.value, value.interval, earlier


def _tells(value: Value, withheld: Value) -> bool:
    """Whether a value of a chapter tells of one that is withheld of it: names, amounts, rows."""
    if isinstance(withheld, (Fact, Finding)):
        amounts = amounts_in(_stated(withheld)) | _money(withheld)
        if not (amounts_in(value) | _money(value)).isdisjoint(amounts):
            return True
    if isinstance(withheld, Finding):
        evidence = value.evidence if isinstance(value, Finding) else ()
        about = {*withheld.evidence, withheld.id.rpartition(".")[2]}
        return not about.isdisjoint({*words_in(value), *strings_in(value), *evidence})
    one, other = _table(value), _table(withheld)
    return one is not None and other is not None and _of_same_rows(one, other)


def _money(value: Value) -> frozenset[float]:
    """Return the amounts of money that a value states, however round: a sum that is of one alone
    tells it.
    """
    own: list[Any] = [one for one in leaves(value) if isinstance(one, Decimal)]
    if isinstance(value, Fact) and value.unit is Unit.MONEY:
        own += [value.value, *leaves(value.interval)]
        own += [amount for one in value.earlier for amount in (one.value, one.since)]
        own += [amount for one in value.earlier for amount in leaves(one.interval)]
        published = [one.published for one in value.earlier if one.published]
        own += [amount for one in published for amount in (one.value, one.low, one.high)]
    if table := _table(value):
        places = [at for at, column in enumerate(table.columns) if column.unit is Unit.MONEY]
        own += [row[at] for row in table.rows for at in places]
    numbers = (abs(float(one)) for one in own if isinstance(one, (int, float, Decimal)))
    return frozenset(round(one, 6) for one in numbers if one > 0)


def _of_same_rows(one: Table, other: Table) -> bool:
    """Whether a row of a table has cells that a row of another has."""
    rows = [_telling(row) for row in other.rows]
    return any(len(cells & row) >= ALIKE for cells in map(_telling, one.rows) for row in rows)


def _telling(row: Iterable[Any]) -> set[Any]:
    return {cell for cell in row if cell and (isinstance(cell, str) or amounts_in(cell))}


def _table(value: Any) -> Table | None:
    return value if isinstance(value, Table) else getattr(value, "table", None)


def _uncited(section: Section) -> Section:
    return dataclasses.replace(section, caveats=tuple(map(uncited, section.caveats)))


# What is kept, made a chapter


def _section(
    section: Section, kept: tuple[Value, ...], left: _Left, marks: Marks, summed: bool
) -> Section | None:
    """Return a chapter with what is kept of it; None where nothing is.

    ``summed``: whether a sum is left out since it gives back what is withheld.
    """
    whole = marks.whole(section)
    if not kept and not (whole and section.because):
        return None
    own = {one.id for one in kept}
    lacking = not whole or summed or bool(left.of(section.slug))
    alone = marks.apart(section)

    def text(words: Any) -> Any:
        return EMPTY if lacking or left.mixed(words) or not marks.clean(words) else words

    given: dict[str, Any] = {
        name: tuple(
            _as_shared(one, left, marks.sharing, alone) for one in kept if isinstance(one, kind)
        )
        for name, kind in VALUES.items()
    }
    return dataclasses.replace(
        section,
        **given,
        headline=text(section.headline) if whole else FINDINGS_ONLY(n=len(kept)),
        intro=text(section.intro),
        because=section.because if whole else EMPTY,
        clauses=tuple(one for one in section.clauses if text(one.text)),
        note=section.note if whole and section.slug in marks.sharing.notes else None,
        audience=Audience.SHAREABLE,
        recent=tuple(name for name in section.recent if name in own),
        standing=tuple(name for name in section.standing if name in own),
        reads=(),
        of="",
    )


def _as_shared(value: Value, left: _Left, sharing: Sharing, alone: bool) -> Value:
    """Return a value that is kept: marked so, and without what it names of others.

    ``alone``: without what it was in the period before, too.
    """
    if isinstance(value, Caveat):
        return value
    if isinstance(value, Figure):
        table = dataclasses.replace(value.table, audience=Audience.SHAREABLE)
        value = dataclasses.replace(value, table=table)
    if isinstance(value, Fact) and alone:
        value = dataclasses.replace(value, earlier=())
    if isinstance(value, Finding):
        value = _finding(value, left, sharing)
    return dataclasses.replace(value, audience=Audience.SHAREABLE)


def _finding(finding: Finding, left: _Left, sharing: Sharing) -> Finding:
    changed: dict[str, Any] = {}
    if not sharing.evidence:
        changed |= {"evidence": (), "evidence_of": 0}
    if finding.restates in left.ids:
        changed["restates"] = ""
    if brief := finding.brief:
        note = brief.note if finding.id.partition(".")[0] in sharing.notes else None
        topic = "" if brief.topic in left.ids else brief.topic
        changed["brief"] = dataclasses.replace(brief, note=note, topic=topic)
    return dataclasses.replace(finding, **changed)
