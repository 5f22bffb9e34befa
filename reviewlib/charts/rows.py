"""Row charts: a table whose rows are words, marks on one scale, and a value.

The marks stand at shares of the width of their cell, so that letters never scale and a row reflows
on a telephone; the table is its own data. A form makes one of finished numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewlib.pages.wording import Wording
    from reviewlib.report.text import Message


class MarkTone(StrEnum):
    """What the colour of a mark says; its kind, height or place says it again."""

    ACCENT = "accent"  # what the chart is about
    MID = "mid"  # normal, explained, an interval
    BAD = "bad"  # not kept, not explained, owed
    WEAK = "weak"  # less of the same
    GOOD = "good"  # less spent
    OPEN = "open"  # unknown, provisional: hollow
    PALE = "pale"  # neither the one nor the other: hollow
    INK = "ink"  # what it is held against
    GRID = "grid"


Places = tuple[tuple[float, float], ...]
"""Points of a curve: shares of the width, and of the height from below."""


@dataclass(frozen=True, slots=True)
class RowMark:
    """A mark of a row. ``at`` and ``to``: shares of the width, 0 to 1.

    ``kind``: bar, band (an interval), line, dashes, dot, ring, cross, tick or gap (a dashed tick);
    ``level``: the height of a bar, 0 to 1, over its ``base``. Of rows that have a height: point or
    signal (a diamond), which stand at their ``base``; curve, trial (a dashed one), mean (a thin
    one), target (a thick one) or joined (what joins points), along their ``path``.
    """

    kind: str
    at: float
    to: float = 0
    tone: MarkTone = MarkTone.ACCENT
    level: float = 1
    base: float = 0
    path: Places = ()


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A row: its label with a note beside it, its marks, its value.

    ``words``: what the marks say, for who does not see them; ``style``: "", "total", "sub" or
    "group" (a heading without marks); ``bad``: whether the value is one that did not hold.
    """

    label: str
    value: str = ""
    marks: tuple[RowMark, ...] = ()
    note: str = ""
    words: str = ""
    style: str = ""
    bad: bool = False


@dataclass(frozen=True, slots=True)
class KeyMark:
    """A mark as the key under a chart explains it, in words once it is ``labelled``."""

    kind: str
    tone: MarkTone
    words: str | Message
    level: float = 1

    def labelled(self, wording: Wording, words: str = "", **numbers: str) -> KeyMark:
        """Return the mark with its words, or others, in the language of the review."""
        return replace(self, words=words or wording.gettext(self.words).format(**numbers))


def key_of_tones(
    words: Mapping[MarkTone, Message],
    rows: Iterable[ChartRow],
    wording: Wording,
    kinds: tuple[str, ...] = ("bar",),
) -> tuple[KeyMark, ...]:
    """Return what the tones say that marks of some kinds have in rows; the key shows the first."""
    drawn = {mark.tone for row in rows for mark in row.marks if mark.kind in kinds}
    marks = (KeyMark(kinds[0], tone, text) for tone, text in words.items() if tone in drawn)
    return tuple(mark.labelled(wording) for mark in marks)


@dataclass(frozen=True, slots=True)
class RowChart:
    """A chart of rows: the headings of its columns, letters on the axis, rows, key.

    ``axis``: shares of the width with the words that stand there; ``grid``: where lines run
    through all rows; ``height``: of a row's drawing in pixels.
    """

    label: str
    measure: str
    value: str
    rows: tuple[ChartRow, ...]
    axis: tuple[tuple[float, str], ...] = ()
    grid: tuple[float, ...] = ()
    key: tuple[KeyMark, ...] = ()
    height: int = 18


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to shares of the width; what lies outside stands at the edge."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Return the share of the width at which a value stands."""
        span = self.high - self.low
        return min(max((value - self.low) / span, 0.0), 1.0) if span else 0.0

    @classmethod
    def around(cls, values: Iterable[float], *, zero: bool = True) -> Scale:
        """Return the scale that holds some values, and zero where it is asked for."""
        held = [float(value) for value in values if value == value]
        held += [0.0] if zero or not held else []
        low, high = min(held), max(held)
        return cls(low, high if high > low else low + 1)


def under_headings(
    rows: Iterable[ChartRow], headings: Iterable[str], notes: Iterable[str]
) -> tuple[ChartRow, ...]:
    """Return rows under the heading that they share with those before them, and its note."""
    made: list[ChartRow] = []
    last = ""
    for row, heading, note in zip(rows, headings, notes, strict=True):
        if heading and heading != last:
            made.append(ChartRow(heading, note=note, style="group"))
        made.append(row)
        last = heading
    return tuple(made)
