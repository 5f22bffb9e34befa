"""A review as it was kept, read back from its review.json: every value checked, texts quoted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, ValidationError

from reviewlib.calendars.zones import check_zone
from reviewlib.contract.source import contract_path, language_of
from reviewlib.faults import LONG, ReviewError, cut
from reviewlib.folder.kept import (
    DAMAGED,
    EDITION,
    REVIEWS,
    VALUES,
    Day,
    Frozen,
    KeptEngagement,
    KeptFacts,
    KeptValues,
    Words,
    reason_of,
)
from reviewlib.languages import Language
from reviewlib.report.text import EMPTY, N_
from reviewlib.report.values import Fact, Kind

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


def _zone(name: str) -> str:
    check_zone(name)
    return name


Given = Annotated[bool, BeforeValidator(lambda value: value is not None)]


class FrozenFinding(Frozen):
    """What a finding says."""

    id: str
    sentence: Words
    kind: Kind


class FrozenSection(KeptFacts):
    """A chapter; ``front``: whether it is the first page, which repeats what others say.

    ``by_analyst``: whether it is of the analyst's notebook; ``reads``: the tables that it rests on,
    empty where that is not known.
    """

    slug: str
    title: Words
    because: Words = EMPTY
    front: Given = False
    findings: tuple[FrozenFinding, ...] = ()
    by_analyst: bool = False
    reads: tuple[str, ...] = ()


class FrozenAmendment(Frozen):
    """An amendment of the contract."""

    id: str
    title: Words
    effective: Day


class FrozenEngagement(KeptEngagement):
    """Which engagement was reviewed."""

    title: Words
    client: Words
    provider: Words
    amendments: tuple[FrozenAmendment, ...] = ()


class FrozenInput(Frozen):
    """A file that the review was made of."""

    table: str
    file: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class FrozenValues(KeptValues):
    """What review.json holds, but for what a comparison does not read.

    ``inputs`` None: it does not say of what it was made, as a version to share does not.
    """

    schema_name: Literal["reviewlib/review/2"] = Field(alias="schema")
    kind: Literal["close", "period"]
    engagement: FrozenEngagement
    as_of: Annotated[AwareDatetime, Field(ge=dt.datetime(1970, 1, 2, tzinfo=dt.UTC))]
    time_zone: Annotated[str, AfterValidator(_zone)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
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
        if first["loc"] == ("schema",) and isinstance(first["input"], str):
            other = OTHER_SCHEMA(schema=first["input"], own=SCHEMA, **about)
            raise ReviewError(other, language) from None
        reason = reason_of(error)
    except OSError as error:
        reason = reason_of(error)
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
