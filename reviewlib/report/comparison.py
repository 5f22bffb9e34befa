"""Two reviews of one engagement laid side by side: what changed, and what can have caused it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from reviewlib.folder.frozen import (
    CONTRACT,
    NOTES,
    FrozenFinding,
    FrozenInput,
    FrozenReview,
    FrozenSection,
    Kept,
    kept_before,
)
from reviewlib.report.values import Fact, Interval, Unit

CLOSE, DIGITS = 1e-9, 12  # of a float: what its last digits leave open, those of a difference


class Cause(StrEnum):
    """What can make a figure of two reviews differ."""

    PERIOD = "period"
    AS_OF = "as_of"
    LATE = "late_data"  # other data of the same period, seen from the same instant
    DATA = "data"
    CONTRACT = "contract"
    PROGRAM = "program"
    NOTEBOOK = "notebook"  # of a chapter of the analyst's, of which no review keeps the hash


class State(StrEnum):
    """What a file of two reviews is in the second."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class FindingTurn(StrEnum):
    """What became of a finding."""

    NEW = "new"
    GONE = "gone"
    CAME_BACK = "came_back"


@dataclass(frozen=True)
class ChangedFile:
    """A file that the two reviews have not alike."""

    file: str
    table: str
    state: State


@dataclass(frozen=True)
class ChangedFact:
    """A figure in both reviews; ``causes``: all that can be, the only one where it is one.

    ``difference``: by how much it changed and in which unit, a share by percentage points, a date
    by days; None where that is no number. ``files``: those that changed of the tables that it
    rests on.
    """

    section: FrozenSection
    first: Fact
    second: Fact
    difference: tuple[float, Unit] | None
    causes: tuple[Cause, ...]
    files: tuple[str, ...]

    @property
    def turned(self) -> bool | None:
        """Whether it meets its target in the second review and not in the first, or the reverse."""
        both = {self.first.met, self.second.met}
        return self.second.met if both == {True, False} else None


@dataclass(frozen=True)
class LoneFact:
    """A figure of one of the two; ``unassessed``: the other did not assess its chapter."""

    section: FrozenSection
    fact: Fact
    in_second: bool
    unassessed: bool


@dataclass(frozen=True)
class TurnedFinding:
    """A finding that is not in both, or came back; ``unassessed``: as of a figure."""

    section: FrozenSection
    finding: FrozenFinding
    turn: FindingTurn
    unassessed: bool


@dataclass(frozen=True)
class Assessed:
    """A chapter that one of the two assessed, and the other did not, or does not have (None)."""

    first: FrozenSection | None
    second: FrozenSection | None


@dataclass(frozen=True)
class Comparison:
    """Two reviews of one engagement, ``first`` and ``second``, and what differs between them."""

    first: FrozenReview
    second: FrozenReview

    @cached_property
    def files(self) -> tuple[ChangedFile, ...] | None:
        """The files that were added, removed or changed; None where one does not say its own."""
        inputs = [review.values.inputs for review in (self.first, self.second)]
        if None in inputs:
            return None
        then, now = ({one.file: one for one in own or ()} for own in inputs)
        return tuple(_changed_files(then, now))

    @cached_property
    def versions(self) -> Mapping[str, tuple[str, str]]:
        """The versions of programs that differ, before and after; "" where there is none."""
        then, now = self.first.values.versions, self.second.values.versions
        both = {name: (then.get(name, ""), now.get(name, "")) for name in sorted({*then, *now})}
        return {name: own for name, own in both.items() if own[0] != own[1]}

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """All that differs between the two, and can have changed a figure."""
        then, now = self.first.values, self.second.values
        files = self.files
        tables = {one.table for one in files or ()} - {NOTES}
        period = then.kind != now.kind or then.period != now.period
        late = not period and then.as_of == now.as_of
        differs = {
            Cause.PERIOD: period,
            Cause.AS_OF: not period and then.as_of != now.as_of,
            Cause.LATE if late else Cause.DATA: files is None or bool(tables - {CONTRACT}),
            Cause.CONTRACT: files is None or CONTRACT in tables,
            Cause.PROGRAM: bool(self.versions),
        }
        return tuple(cause for cause, does in differs.items() if does)

    @cached_property
    def changed(self) -> tuple[ChangedFact, ...]:
        """The figures of both that differ, in the order of the second."""
        then, now = self.first.values.facts, self.second.values.facts
        return tuple(
            self._changed(then[name], now[name])
            for name in now
            if name in then and _differ(then[name][1], now[name][1])
        )

    def _changed(
        self, then: tuple[FrozenSection, Fact], now: tuple[FrozenSection, Fact]
    ) -> ChangedFact:
        (then_section, first), (section, second) = then, now
        other_money = self.first.values.currency != self.second.values.currency
        by = None if other_money and first.unit is Unit.MONEY else _difference(first, second)
        return ChangedFact(section, first, second, by, *self._why(then_section, section))

    @property
    def compared(self) -> int:
        """How many figures both have."""
        return len(self.first.values.facts.keys() & self.second.values.facts.keys())

    def _why(
        self, then: FrozenSection, now: FrozenSection
    ) -> tuple[tuple[Cause, ...], tuple[str, ...]]:
        """Return what can have changed a figure of a chapter, and the files that can.

        Files of tables on which it does not rest can't, where it says on which it rests, and
        something else differs.
        """
        tables = {*then.reads, *now.reads} if then.reads and now.reads else None
        files = tuple(
            one.file
            for one in self.files or ()
            if one.table not in (CONTRACT, NOTES) and (tables is None or one.table in tables)
        )
        data = bool(files) or self.files is None
        causes = tuple(c for c in self.causes if data or c not in (Cause.LATE, Cause.DATA))
        own = (Cause.NOTEBOOK,) if now.by_analyst else ()
        return (causes or self.causes) + own, files

    @cached_property
    def lone(self) -> tuple[LoneFact, ...]:
        """The figures that one of the two has, by chapter."""
        then, now = self.first.values, self.second.values
        slugs = dict.fromkeys((*now.chapters, *then.chapters))
        place = {slug: number for number, slug in enumerate(slugs)}
        every = [
            LoneFact(section, fact, own is now, _unassessed(section, other.chapters))
            for own, other in ((then, now), (now, then))
            for name, (section, fact) in own.facts.items()
            if name not in other.facts
        ]
        return tuple(sorted(every, key=lambda one: place[one.section.slug]))

    @cached_property
    def findings(self) -> tuple[TurnedFinding, ...]:
        """The findings that are new, came back or are gone."""
        then, now = self.first.values, self.second.values
        return tuple(
            TurnedFinding(section, finding, turn, _unassessed(section, other.chapters))
            for own, other in ((now, then), (then, now))
            for name, (section, finding) in own.findings.items()
            if (turn := self._turn(name, section.slug, own is now))
        )

    def _turn(self, name: str, slug: str, is_now: bool) -> FindingTurn | None:
        """Return what became of a finding; None where both have it, or one list has it already."""
        then, now = self.first.values.findings, self.second.values.findings
        if not is_now:
            return None if name in now else FindingTurn.GONE
        if self._came_back(name, slug):
            return FindingTurn.CAME_BACK
        return None if name in then else FindingTurn.NEW

    def _came_back(self, name: str, slug: str) -> bool:
        """Tell whether a review kept since the first lacks a finding that an earlier one has.

        A review that did not assess its chapter says nothing of it.
        """
        was_there = False
        for review, since in self._chain:
            if _unassessed_slug(slug, review.values.chapters):
                continue
            there = name in review.values.findings
            if since and was_there and not there:
                return True
            was_there = was_there or there
        return False

    @cached_property
    def kept(self) -> Kept:
        """The reviews kept before the second of two periods, which tell what came back."""
        then, now = (one.values.period.period for one in (self.first, self.second))
        return kept_before(self.second) if then.last < now.first else Kept()

    @cached_property
    def _chain(self) -> list[tuple[FrozenReview, bool]]:
        """These and the first, in their order; whether each is the first or a later one."""
        then = self.first.values.period.period
        others = [one for one in self.kept.reviews if one.values.period.period != then]
        chain = sorted([*others, self.first], key=lambda one: one.values.period.last)
        return [(one, one.values.period.last >= then.last) for one in chain]

    @cached_property
    def assessed(self) -> tuple[Assessed, ...]:
        """The chapters that one of the two did not assess, or does not have."""
        then, now = self.first.values.chapters, self.second.values.chapters
        both = [Assessed(then.get(slug), now.get(slug)) for slug in dict.fromkeys((*now, *then))]
        return tuple(one for one in both if _is_missing(one.first) != _is_missing(one.second))

    @property
    def same(self) -> bool:
        """Whether nothing that is compared differs."""
        return not (self.changed or self.lone or self.findings or self.assessed)


def _changed_files(
    then: Mapping[str, FrozenInput], now: Mapping[str, FrozenInput]
) -> Iterator[ChangedFile]:
    for name in dict.fromkeys((*now, *then)):
        one = now.get(name) or then[name]
        if name not in then:
            yield ChangedFile(name, one.table, State.ADDED)
        elif name not in now:
            yield ChangedFile(name, one.table, State.REMOVED)
        elif then[name].sha256 != now[name].sha256:
            yield ChangedFile(name, one.table, State.CHANGED)


def _is_missing(section: FrozenSection | None) -> bool:
    return section is None or bool(section.because)


def _unassessed(section: FrozenSection, chapters: Mapping[str, FrozenSection]) -> bool:
    return _unassessed_slug(section.slug, chapters)


def _unassessed_slug(slug: str, chapters: Mapping[str, FrozenSection]) -> bool:
    return _is_missing(chapters.get(slug))


def _differ(then: Fact, now: Fact) -> bool:
    """Tell whether what is printed of a figure differs, beyond the last digits of a float."""
    return not all(_alike(*both) for both in zip(_printed(then), _printed(now), strict=True))


def _printed(fact: Fact) -> Iterable[Any]:
    between: Interval | None = fact.interval
    ends = (between.low, between.high) if between else (None, None)
    return fact.unit, fact.value, fact.n, fact.count, fact.target, fact.met, *ends


def _alike(then: Any, now: Any) -> bool:
    texts = getattr(then, "texts", {}), getattr(now, "texts", {})
    if shared := texts[0].keys() & texts[1].keys():
        return all(texts[0][name] == texts[1][name] for name in shared)
    if all(texts):
        return True  # in no common language: no difference can be told
    if {type(then), type(now)} <= {int, float}:
        return math.isclose(then, now, rel_tol=CLOSE, abs_tol=CLOSE)
    return bool(then == now)


def _difference(then: Fact, now: Fact) -> tuple[float, Unit] | None:
    if then.unit is not now.unit or then.unit in (Unit.TEXT, Unit.INSTANT, Unit.MONTH):
        return None
    if then.unit is Unit.DATE and then.value and now.value:
        days = [dt.date.fromisoformat(str(one.value)).toordinal() for one in (then, now)]
        return days[1] - days[0], Unit.DAYS
    values = [one.value for one in (then, now)]
    if not all(type(value) in (int, float) for value in values):
        return None
    by = float(values[1]) - float(values[0])  # type: ignore[arg-type]
    by, unit = (100 * by, Unit.POINTS) if then.unit is Unit.SHARE else (by, then.unit)
    return float(f"{by:.{DIGITS}g}"), unit
