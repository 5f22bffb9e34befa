"""The values of a review: its page, its JSON file and the next review are drawn from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self, cast

if TYPE_CHECKING:
    import pandas as pd

SECTION_MIME = "application/vnd.reviewlib.section+json"
REVIEW_MIME = "application/vnd.reviewlib.review+json"

Scalar = str | int | float | bool | None
MISSING = ("NaTType", "NAType")  # of pandas, which says of neither whether it equals itself


class Unit(StrEnum):
    """The unit of a value; ``wording`` knows how each is printed."""

    COUNT = "count"
    SHARE = "share"  # 0 to 1, printed as a percentage
    POINTS = "points"  # percentage points, 0 to 100
    SECONDS = "seconds"  # printed as days, hours and minutes
    HOURS = "hours"
    DAYS = "days"
    SCORE = "score"
    INDEX = "index"  # a ratio to be told from 1, or a number of months, with three decimals
    MONEY = "money"
    DATE = "date"  # ISO text
    INSTANT = "instant"  # ISO text with offset
    MONTH = "month"  # ISO text, 2024-01
    TEXT = "text"


class Kind(StrEnum):
    """What a finding says of the engagement."""

    STRENGTH = "strength"
    CONCERN = "concern"
    NEUTRAL = "neutral"


class Audience(StrEnum):
    """Who may read a value: internal unless marked shareable."""

    INTERNAL = "internal"
    SHAREABLE = "shareable"


@dataclass(frozen=True, slots=True)
class Interval:
    """The range that a figure leaves open, in the unit of its fact.

    ``method`` names how it was computed: Wilson 95 %, bounds, …
    """

    low: float
    high: float
    method: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with what makes it defensible: n, interval, target, clause, period, source.

    ``value`` None means that it can't be assessed, and ``note`` then says why; with an interval,
    that what is known is a range and no point.
    """

    id: str
    label: str
    value: Scalar
    unit: Unit
    n: int | None = None
    interval: Interval | None = None
    target: float | None = None
    met: bool | None = None
    clause: str = ""
    period: str = ""
    source: str = ""
    note: str = ""
    audience: Audience = Audience.INTERNAL


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that rests on evidence. The id is stable from one review to the next."""

    id: str
    sentence: str
    kind: Kind
    evidence: tuple[str, ...] = ()
    decision: str = ""
    clause: str = ""
    audience: Audience = Audience.INTERNAL


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; a quoted column holds words of the data, in their own language."""

    key: str
    label: str
    unit: Unit = Unit.TEXT
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of scalars under columns. ``None`` is printed as "—"."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    note: str = ""
    folded: bool = False
    audience: Audience = Audience.INTERNAL


def cell(value: Any) -> Scalar:
    """Return a value of a frame as a plain scalar: what is missing is None, dates are ISO text."""
    if value is None or type(value).__name__ in MISSING or value != value:
        return None
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return value.item() if hasattr(value, "item") else cast(Scalar, value)


def rows(frame: pd.DataFrame, columns: Iterable[Column]) -> tuple[tuple[Scalar, ...], ...]:
    """Return the rows of a frame under the keys of some columns, as plain scalars."""
    chosen = frame[[column.key for column in columns]]
    return tuple(tuple(cell(v) for v in row) for row in chosen.itertuples(index=False, name=None))


@dataclass(frozen=True, slots=True)
class Figure:
    """An SVG with its alternative text and the table of the numbers that it drew."""

    id: str
    svg: str
    title: str
    description: str
    table: Table
    audience: Audience = Audience.INTERNAL


@dataclass(frozen=True, slots=True)
class Caveat:
    """What a reader must know before using the section's figures."""

    id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter as a value. ``because`` is set when the chapter could not be assessed."""

    slug: str
    title: str
    headline: str = ""
    intro: str = ""
    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    because: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    currency: str = "EUR"
    audience: Audience = Audience.INTERNAL

    @classmethod
    def not_assessed(
        cls, slug: str, title: str, because: str, language: str = "en", time_zone: str = "UTC"
    ) -> Self:
        """Return the section that prints its own absence and the reason for it."""
        return cls(slug=slug, title=title, because=because, language=language, time_zone=time_zone)

    def fact(self, fact_id: str) -> Fact:
        """Return a fact by its id; unknown ids raise KeyError naming those that exist."""
        for fact in self.facts:
            if fact.id == fact_id:
                return fact
        raise KeyError(f"{fact_id}: not among {[fact.id for fact in self.facts]}")

    def finding(self, finding_id: str) -> Finding | None:
        """Return a finding by its id, or None when it was not found."""
        return next((found for found in self.findings if found.id == finding_id), None)

    def to_json(self) -> dict[str, Any]:
        """Return the section as plain JSON values, ready for ``review.json``."""
        return dataclasses.asdict(self)

    def to_html(self) -> str:
        """Return the section as an HTML fragment drawn by ``templates/review/partials``."""
        from reviewlib.pages.html import render_section

        return render_section(self)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self.to_html(), SECTION_MIME: self.to_json()}
