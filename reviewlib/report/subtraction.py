"""What amounts that are shared give back of one that is not: their sum, or a difference of them.

Complementary withholding: where a total and its other parts are shared, the part that is withheld
is their difference. One of them is withheld too: the total, unless more values state it. No chapter
says which amounts make a sum; it is read from the numbers, to the cent.
"""

from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, combinations, permutations, product
from typing import Any, Literal, NamedTuple

from reviewlib.report.text import Joined, Message, Shown
from reviewlib.report.values import AtStake, Caveat, Fact, Figure, Finding, Table, Unit

Value = Fact | Finding | Table | Figure | Caveat
Sized = Iterable[tuple[int, int]]
"""Places of values, each with an amount in hundredths."""
Stated = tuple[str, str, Unit, int]
"""A sentence, its field, the unit and the amount that it has there."""
Left = Sequence[tuple[int, Value]]
"""The values that are still shared, with their places."""
Terms = Mapping[int, frozenset[int]]
"""Amounts in hundredths, with the places of the values that go where one of them goes."""
Way = tuple[int, ...]
"""Amounts of which another one is the sum, or the first one without the others."""

ADDED = (Unit.MONEY, Unit.COUNT)
"""The units of amounts that add up."""
MOST = 1e15
_FIELDS = string.Formatter()


class Hidden(NamedTuple):
    """An amount that may not be had, in hundredths: what a figure or a sentence states, a row of a
    table, or of how many people something is told.
    """

    unit: Unit
    size: int
    of: Literal["value", "row", "people"] = "value"


def hidden_in(value: Value) -> frozenset[Hidden]:
    """Return the amounts of a value that is withheld."""
    if _table(value):
        rows = chain.from_iterable(_columns(value, Unit.MONEY))
        return frozenset(Hidden(Unit.MONEY, size, "row") for size in rows if size)
    every = ((unit, size) for unit in ADDED for size in _stated(value, unit))
    return frozenset(Hidden(unit, size) for unit, size in every if size)


def too_few(people: Iterable[int]) -> frozenset[Hidden]:
    """Return the numbers of people that are under a floor."""
    return frozenset(Hidden(Unit.COUNT, _size(n), "people") for n in people)


def given_back(
    kept: Sequence[Value], hidden: Iterable[Hidden], spared: frozenset[int] = frozenset()
) -> frozenset[int]:
    """Return the places of the values of a chapter without which no hidden amount can be had.

    ``spared``: the places of those that stay, whatever they give back.
    """
    gone: frozenset[int] = frozenset()
    made: dict[tuple[Unit, bool, frozenset[int]], _Terms] = {}
    for unit, size, of in sorted(hidden):
        while True:
            key = unit, of == "people", gone
            terms = made[key] = made.get(key) or _Terms.of(kept, *key)
            ways = terms.to_row if of == "row" else terms.to_value
            way = terms.open_way((*ways(size), *ways(-size)), spared)
            if not way:
                break
            gone |= terms.all[min(way, key=lambda one: len(terms.all[one]))]
    return gone


@dataclass(frozen=True, slots=True)
class _Terms:
    """The amounts of a unit that are shared, and their sums.

    ``figures``: of facts; ``firm``: these, the sums of columns and of alike sentences, the rest of
    a count; ``single``: in a sentence; ``sums``: of which no amount is stated; ``all``: of any.
    """

    figures: Terms
    firm: Terms
    single: Terms
    sums: Terms
    all: Terms
    is_money: bool

    @classmethod
    def of(cls, kept: Sequence[Value], unit: Unit, people: bool, gone: frozenset[int]) -> _Terms:
        """Return those of the values that are not gone; ``people``: with what shares are of."""
        left = [(at, value) for at, value in enumerate(kept) if at not in gone]
        facts = ((at, value) for at, value in left if isinstance(value, Fact))
        figures = _gathered((at, n) for at, one in facts for n in _in_fact(one, unit, people))
        sums = _joined(
            _gathered((*_sums(left, unit), *_of_kin(left, unit))), _sentences(left, unit, 2)
        )
        single = _joined(_sentences(left, unit, 1), _gathered(_sums(left, unit, of=1)))
        groups = _gathered(_groups(left, unit))
        rows = _gathered(_rows(left, unit)) if unit is Unit.MONEY else {}
        firm, every = _joined(figures, sums), _joined(figures, sums, single, groups, rows)
        return cls(figures, firm, single, _joined(sums, groups), every, unit is Unit.MONEY)

    def open_way(self, ways: Iterable[Way], spared: frozenset[int]) -> Way:
        """Return the first way, without its amounts that are to stay; empty where none is left."""
        open_ = (tuple(one for one in way if not self.all[one] & spared) for way in ways)
        return next(filter(None, open_), ())

    def to_row(self, size: int) -> Iterator[Way]:
        """Yield how the amount of a row is a total without a sum of others."""
        firm = ((size + one, one) for one in self.firm if one in self.sums)
        yield from (way for way in firm if way[0] in self.firm)

    def to_value(self, size: int) -> Iterator[Way]:
        """Yield how an amount is a figure, a sum, or a difference, of two or of three figures."""
        if size in self.sums or (self.is_money and size in self.figures):
            yield (size,)
        for one in _joined(self.firm, self.single):
            total, other = size + one, size - one
            if total in self.firm or (one in self.sums and total in self.all):
                yield total, one
            if other in self.firm and one != other:
                yield max(one, other), min(one, other)
        yield from self._of_three(size) if self.is_money else ()

    def _of_three(self, size: int) -> Iterator[Way]:
        for one, other in permutations(self.figures, 2):
            third = size - one + other
            if third in self.figures and third not in (one, other):
                yield one, third, other
        for one, other in combinations(self.figures, 2):
            third = size - one - other
            if third in self.figures and third not in (one, other):
                yield one, other, third
            if size + one + other in self.figures:
                yield size + one + other, one, other


def _joined(*terms: Terms) -> Terms:
    every: dict[int, frozenset[int]] = {}
    for size, places in chain.from_iterable(one.items() for one in terms):
        every[size] = every.get(size, frozenset()) | places
    return every


def _gathered(stated: Sized) -> Terms:
    """Return the places of amounts."""
    every: dict[int, set[int]] = defaultdict(set)
    for at, size in stated:
        every[size].add(at)
    return {size: frozenset(places) for size, places in every.items() if size}


def _rows(left: Left, unit: Unit) -> Sized:
    return ((at, size) for at, one in left for sizes in _columns(one, unit) for size in sizes)


def _sums(left: Left, unit: Unit, of: int = 2) -> Sized:
    """Yield the sums of the columns of tables of two amounts or more, or ``of`` one; and how many
    are not counted of so many.
    """
    for at, value in left:
        for sizes in _columns(value, unit):
            if min(len([size for size in sizes if size]), 2) == of:
                yield at, sum(sizes)
        if isinstance(value, Fact) and unit is Unit.COUNT and value.n and of > 1:
            counted = value.value if value.unit is Unit.COUNT else value.count
            yield at, 0 if counted is None else _size(value.n) - _size(counted)


def _of_kin(left: Left, unit: Unit) -> Sized:
    """Yield the sums of figures whose ids differ in their last part, and without the largest."""
    kin: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, value in left:
        if isinstance(value, Fact) and value.unit is unit and (size := _size(value.value)):
            kin[value.id.rpartition(".")[0]].append((size, at))
    for few in (sorted(every) for every in kin.values()):
        for own in (few, few[:-1]):
            if own[1:]:
                yield own[-1][1], sum(size for size, _ in own)


def _groups(left: Left, unit: Unit) -> Sized:
    """Yield the sums of the rows of tables that have a text in common."""
    for at, value in left:
        for texts, sizes in product(_columns(value, Unit.TEXT, str), _columns(value, unit)):
            added: dict[str, list[int]] = defaultdict(list)
            for text, size in zip(texts, sizes, strict=True):
                added[text] += [size] if size else []
            yield from ((at, sum(few)) for few in added.values() if few[1:])


def _sentences(left: Left, unit: Unit, least: int) -> Terms:
    """Return the sums of what alike sentences state in one field; the last of them goes with it.

    ``least``: of how many sentences; 1: what a single one states.
    """
    added: dict[tuple[str, str], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, value in left:
        for template, field, of, size in _in_words(_words(value)):
            if of is unit:
                added[template, field][at].append(size)
    few = (by_place for by_place in added.values() if (len(by_place) > 1) == (least > 1))
    return _gathered((max(one), sum(chain.from_iterable(one.values()))) for one in few)


# What a value states


def _table(value: Any) -> Table | None:
    return value if isinstance(value, Table) else getattr(value, "table", None)


def _columns(value: Value, unit: Unit, read: Callable[[Any], Any] | None = None) -> list[list[Any]]:
    """Return the cells of the columns of a unit, as amounts unless they are read otherwise."""
    table = _table(value)
    places = [at for at, one in enumerate(table.columns) if one.unit is unit] if table else []
    return [[*map(read or _size, (row[at] for row in table.rows))] for at in places if table]


def _size(number: Any) -> int:
    """Return a number in hundredths; 0 of what is none."""
    is_number = isinstance(number, (int, float, Decimal)) and not isinstance(number, bool)
    return round(100 * number) if is_number and abs(number) < MOST else 0


def _stated(value: Value, unit: Unit) -> Iterator[int]:
    """Yield the amounts of a figure or of sentences."""
    if isinstance(value, Fact):
        yield from _in_fact(value, unit)
    else:
        yield from (size for _, _, of, size in _in_words(_words(value)) if of is unit)


def _in_fact(fact: Fact, unit: Unit, people: bool = False) -> Iterator[int]:
    if fact.unit is unit:
        span = fact.interval
        yield from map(_size, (fact.value, *((span.low, span.high) if span else ())))
    if people:
        yield from map(_size, (fact.n, fact.count))


def _words(value: Value) -> tuple[Any, ...]:
    """Return the sentences of a finding, with what is at stake, or of a caveat."""
    if isinstance(value, Finding):
        brief = value.brief
        return value.sentence, value.decision, *((brief.text, brief.stake) if brief else ())
    return (value.sentence,) if isinstance(value, Caveat) else ()


def _in_words(words: Any, form: str = "", at: tuple[str, str] = ("", "")) -> Iterator[Stated]:
    """Yield the amounts in words, each with its sentence and its field."""
    if isinstance(words, Message):
        forms = {name: form for _, name, form, _ in _FIELDS.parse(words.template) if name}
        for name, held in words.values:
            yield from _in_words(held, forms.get(name) or "", (words.template, name))
    elif isinstance(words, Shown):
        yield from _in_words(words.value, words.form, at)
    elif isinstance(words, (Joined, tuple)):
        for part in words.parts if isinstance(words, Joined) else words:
            yield from _in_words(part, form, at)
    elif isinstance(words, AtStake):
        for name in ("value", "high", "of"):
            yield from _in_words(getattr(words, name), words.unit, ("", name))
    elif form in ADDED or isinstance(words, Decimal):
        yield *at, Unit(form) if form in ADDED else Unit.MONEY, _size(words)
