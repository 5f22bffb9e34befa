"""A review as it was kept, read back from its review.json: every value checked, texts quoted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.calendars.zones import check_zone
from reviewlib.contract.source import contract_path, language_of
from reviewlib.faults import LONG, ReviewError, cut
from reviewlib.folder.kept import DAMAGED, EDITION, REVIEWS, VALUES
from reviewlib.languages import LANGUAGES, Language, Quoted
from reviewlib.parameters import FIRST_YEAR, LAST_YEAR
from reviewlib.report.text import EMPTY, N_
from reviewlib.report.values import Fact, Interval, Kind, Unit

SCHEMA = "reviewlib/review/2"
MOST = 200_000_000
"""Bytes of a review.json; of a close-out of a large log it has some two million."""
CONTRACT, NOTES = "contract", "notes"
"""What inputs that are no table are called."""
NO_REVIEW = N_(
    "{path:quoted} holds no {file}. Give the folder of a review, such as reviews/2026Q1, or its "
    "{file}."
)
OTHER_SCHEMA = N_(
    "{path:quoted} is of the schema {schema:quoted}; this version of the program reads {own}. Make "
    "the review again with this version, or compare with the version that made it."
)
LARGE = N_("{path:quoted} holds {size:number} bytes, more than the {most:number} of a review.")


def _quoted(value: Any) -> Quoted:
    """Return a text of the data, or words by language."""
    if isinstance(value, str):
        return Quoted(value)
    if not (isinstance(value, dict) and value and {*value} <= {*LANGUAGES}):
        raise ValueError("no text")
    if not all(isinstance(words, str) for words in value.values()):
        raise ValueError("no text")
    return Quoted(next(iter(value.values())), value)


def _zone(name: str) -> str:
    check_zone(name)
    return name


def _day(text: Any) -> dt.date:
    """Return a day of the years that the clock knows, which are those of contracts."""
    day = dt.date.fromisoformat(text) if isinstance(text, str) else None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("no day")
    return day


Words = Annotated[Quoted, BeforeValidator(_quoted)]
Day = Annotated[dt.date, BeforeValidator(_day)]
Whole = Annotated[int, Field(ge=-(10**15), le=10**15)]
Number = Whole | Annotated[float, Field(ge=-1e15, le=1e15)]
Given = Annotated[bool, BeforeValidator(lambda value: value is not None)]


MOMENTS: dict[Unit, Callable[[str], object]] = {
    Unit.DATE: _day,
    Unit.INSTANT: lambda text: _day(text[:10]) and dt.datetime.fromisoformat(text),
    Unit.MONTH: lambda text: _day(f"{text}-01"),
}


class Frozen(BaseModel):
    """A part of review.json: frozen, of strict types; what a comparison does not read is let be."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", strict=True, allow_inf_nan=False, arbitrary_types_allowed=True
    )


class FrozenInterval(Frozen):
    """The range that a figure leaves open, in its unit."""

    low: Number
    high: Number
    method: Words


class FrozenFact(Frozen):
    """A figure."""

    id: str
    label: Words
    value: bool | Number | Words | None
    unit: Unit
    n: Whole | None = None
    count: Whole | None = None
    interval: FrozenInterval | None = None
    target: Number | None = None
    met: bool | None = None

    @model_validator(mode="after")
    def _of_its_unit(self) -> Self:
        """Refuse a value that its unit can't print."""
        text, read = isinstance(self.value, str), MOMENTS.get(self.unit)
        if text and read:
            read(str(self.value))
        elif self.value is not None and text != (self.unit is Unit.TEXT) and (text or read):
            raise ValueError(f"no value of the unit {self.unit}")
        return self

    @property
    def fact(self) -> Fact:
        """The figure as a value of a report."""
        own = self.interval
        between = None if own is None else Interval(own.low, own.high, own.method)
        return Fact(
            self.id, self.label, self.value, self.unit, self.n, between, self.target, self.met,
            count=self.count,
        )  # fmt: skip


class FrozenFinding(Frozen):
    """What a finding says."""

    id: str
    sentence: Words
    kind: Kind


class FrozenSection(Frozen):
    """A chapter; ``front``: whether it is the first page, which repeats what others say.

    ``by_analyst``: whether it is of the analyst's notebook; ``reads``: the tables that it rests on,
    empty where that is not known.
    """

    slug: str
    title: Words
    because: Words = EMPTY
    front: Given = False
    facts: tuple[FrozenFact, ...] = ()
    findings: tuple[FrozenFinding, ...] = ()
    by_analyst: bool = False
    reads: tuple[str, ...] = ()


class FrozenAmendment(Frozen):
    """An amendment of the contract."""

    id: str
    title: Words
    effective: Day


class FrozenEngagement(Frozen):
    """Which engagement was reviewed."""

    id: str
    title: Words
    client: Words
    provider: Words
    amendments: tuple[FrozenAmendment, ...] = ()


class FrozenInput(Frozen):
    """A file that the review was made of."""

    table: str
    file: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class FrozenPeriod(Frozen):
    """The days under review."""

    first: Day
    last: Day

    @property
    def period(self) -> ReviewPeriod:
        return ReviewPeriod(self.first, self.last)


class FrozenValues(Frozen):
    """What review.json holds, but for what a comparison does not read.

    ``inputs`` None: it does not say of what it was made, as a version to share does not.
    """

    schema_name: Literal["reviewlib/review/2"] = Field(alias="schema")
    kind: Literal["close", "period"]
    engagement: FrozenEngagement
    period: FrozenPeriod
    as_of: Annotated[AwareDatetime, Field(ge=dt.datetime(1970, 1, 2, tzinfo=dt.UTC))]
    time_zone: Annotated[str, AfterValidator(_zone)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    versions: dict[str, str]
    inputs: tuple[FrozenInput, ...] | None = None
    audience: str = "internal"
    sections: tuple[FrozenSection, ...]

    @cached_property
    def chapters(self) -> Mapping[str, FrozenSection]:
        """The chapters by their names, but for the first page."""
        return {one.slug: one for one in self.sections if not one.front}

    @cached_property
    def facts(self) -> Mapping[str, tuple[FrozenSection, Fact]]:
        """The figures of the chapters by their ids, each with its chapter."""
        return {
            own.id: (section, own.fact)
            for section in self.chapters.values()
            for own in section.facts
        }

    @cached_property
    def findings(self) -> Mapping[str, tuple[FrozenSection, FrozenFinding]]:
        """The findings of the chapters by their ids, each with its chapter."""
        return {
            own.id: (section, own) for section in self.chapters.values() for own in section.findings
        }


@dataclass(frozen=True)
class FrozenReview:
    """A review that was kept: its file, and its values."""

    path: Path
    values: FrozenValues

    @property
    def name(self) -> str:
        """What its folder is called."""
        return self.path.resolve().parent.name


def frozen_review(given: str | Path) -> FrozenReview:
    """Return the review of a folder that holds review.json, or of the file.

    Raises ReviewError, in the language of its contract where that stands beside it, where there is
    none, and where it can't be read.
    """
    path = Path(given).expanduser()
    path = path if path.is_file() else path / VALUES
    about: dict[str, Any] = {"path": cut(str(given), LONG)}
    language = _language(path)
    try:
        if not path.is_file():
            raise ReviewError(NO_REVIEW(file=VALUES, **about), language)
        if (size := path.stat().st_size) > MOST:
            raise ReviewError(LARGE(size=size, most=MOST, **about), language)
        return FrozenReview(path, FrozenValues.model_validate_json(path.read_bytes()))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        if place == "schema" and isinstance(first["input"], str):
            other = OTHER_SCHEMA(schema=first["input"], own=SCHEMA, **about)
            raise ReviewError(other, language) from None
        reason = cut(f"{place}: {first['type']}" if place else first["type"])
    except OSError as error:
        reason = error.strerror or type(error).__name__
    raise ReviewError(DAMAGED(file=about["path"], reason=reason), language)


def _language(path: Path) -> Language:
    """Return the language of the contract in whose folder a review stands; en without one."""
    for place in path.absolute().parents[1:4]:
        with suppress(ReviewError, OSError):
            if contract_path(place).is_file():
                return language_of(place)
    return "en"


@dataclass(frozen=True)
class Kept:
    """Reviews of as long periods that were kept before another, and the names of those unread."""

    reviews: tuple[FrozenReview, ...] = ()
    unread: tuple[str, ...] = ()


def kept_before(review: FrozenReview) -> Kept:
    """Return the reviews kept beside one, of as long a period that ended before, the first first.

    Of a period the latest edition.
    """
    values, home = review.values, review.path.resolve().parent.parent
    latest: dict[str, tuple[int, Path]] = {}
    for path in home.iterdir() if home.name == REVIEWS else ():
        if (match := EDITION.fullmatch(path.name)) and (path / VALUES).is_file():
            edition = int(match[2] or 1), path
            latest[match[1]] = max(latest.get(match[1], edition), edition)
    others, unread = [], []
    for _, path in latest.values():
        try:
            others.append(frozen_review(path))
        except ReviewError:
            unread.append(path.name)
    like = [
        other
        for other in others
        if other.values.period.period.months == values.period.period.months
        and other.values.period.last < values.period.first
        and other.values.engagement.id == values.engagement.id
    ]
    like.sort(key=lambda other: other.values.period.last)
    return Kept(tuple(like), tuple(sorted(unread)))
