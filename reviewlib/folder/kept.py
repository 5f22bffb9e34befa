"""The periodic reviews that are kept in an engagement's folder, which never change.

``reviews/2026Q1`` holds the first of a period; one made later of other data or another contract
stands beside it: ``reviews/2026Q1.2``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from reviewlib.calendars.periods import ReviewPeriod, is_period
from reviewlib.contract import Contract
from reviewlib.faults import ReviewError, cut
from reviewlib.languages import LANGUAGES, Quoted
from reviewlib.parameters import FIRST_YEAR, LAST_YEAR
from reviewlib.report.text import N_
from reviewlib.report.values import Fact, Interval, Unit

REVIEWS: Final = "reviews"
VALUES: Final = "review.json"
EDITION = re.compile(r"(.+?)(?:\.([1-9]\d*))?")
DAMAGED = N_(
    "{file} is not readable as the values of a review ({reason}). Restore it from a copy; a kept "
    "review is never edited."
)
OF_ANOTHER = N_(
    "{file} is not the review of this period of this engagement, but of {id:quoted}, {first} to "
    "{last}. Take its folder out of the reviews kept here."
)


def _quoted(value: Any) -> Quoted:
    """Return a text of the data, or words by language."""
    if isinstance(value, str):
        return Quoted(value)
    if not (isinstance(value, dict) and value and {*value} <= {*LANGUAGES}):
        raise ValueError("no text")
    if not all(isinstance(words, str) for words in value.values()):
        raise ValueError("no text")
    return Quoted(next(iter(value.values())), value)


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


class FrozenPeriod(Frozen):
    """The days under review."""

    first: Day
    last: Day

    @property
    def period(self) -> ReviewPeriod:
        return ReviewPeriod(self.first, self.last)


class KeptFacts(Frozen):
    """What of a chapter any version of the program reads: its figures."""

    facts: tuple[FrozenFact, ...] = ()


class KeptEngagement(Frozen):
    """Which engagement was reviewed."""

    id: str


class KeptValues(Frozen):
    """What of review.json any version of the program reads, whatever else it holds."""

    engagement: KeptEngagement
    period: FrozenPeriod
    versions: dict[str, str]
    as_of: Any = None
    inputs_sha256: Any = None
    sections: tuple[KeptFacts, ...]

    @property
    def figures(self) -> dict[str, Fact]:
        """The figures by their ids, but for words by language, which nothing compares with."""
        every = [fact.fact for section in self.sections for fact in section.facts]
        return {one.id: one for one in every if not getattr(one.value, "texts", None)}

    @property
    def basis(self) -> tuple[Any, ...]:
        """What a review was made of: where none of it differs, no figure does."""
        return self.as_of, self.inputs_sha256, self.versions


@dataclass(frozen=True)
class KeptReview:
    """A review that was kept: its folder, its edition and what its review.json holds."""

    path: Path
    edition: int
    values: KeptValues


def editions(folder: Path, period: ReviewPeriod) -> list[tuple[int, Path]]:
    """Return the whole reviews of a period that are kept in a folder, by edition."""
    place = folder / REVIEWS
    kept = []
    for path in place.iterdir() if place.is_dir() else ():
        match = EDITION.fullmatch(path.name)
        if match and match[1] == period.name and (path / VALUES).is_file():
            kept.append((int(match[2] or 1), path))
    return sorted(kept)


def latest(folder: Path, period: ReviewPeriod, contract: Contract) -> KeptReview | None:
    """Return the latest review of a period of a contract that is kept; None without any.

    Raises ReviewError where its values can't be read, and where they are of another review.
    """
    every = editions(folder, period)
    if not every:
        return None
    edition, path = every[-1]
    file = f"{REVIEWS}/{path.name}/{VALUES}"
    try:
        values = KeptValues.model_validate_json((path / VALUES).read_bytes())
    except (OSError, ValidationError) as error:
        about = {"file": file, "reason": reason_of(error)}
        raise ReviewError(DAMAGED(**about), contract.language) from None
    own, dates = values.engagement.id, values.period
    if (own, dates.period) != (contract.id, period):
        other = OF_ANOTHER(file=file, id=own, first=f"{dates.first}", last=f"{dates.last}")
        raise ReviewError(other, contract.language)
    return KeptReview(path, edition, values)


def reason_of(error: OSError | ValidationError) -> str:
    """Return why the values of a review can't be read: the place of the first fault, its kind."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    return cut(f"{place}: {first['type']}" if place else first["type"])


def refuse_kept(target: Path) -> None:
    """Raise ReviewError where a folder to write in is that of a kept review."""
    place = target.resolve()
    name = EDITION.fullmatch(place.name)
    if place.parent.name == REVIEWS and name and is_period(name[1]) and (place / VALUES).is_file():
        raise ReviewError(
            f"output {str(target)!r} is a review that is kept, which never changes. Give another "
            "folder."
        )


def next_place(folder: Path, period: ReviewPeriod) -> Path:
    """Return where the next edition of a review of a period is kept."""
    every = editions(folder, period)
    number = every[-1][0] + 1 if every else 1
    return folder / REVIEWS / (period.name if number == 1 else f"{period.name}.{number}")
