"""The periodic reviews that are kept in an engagement's folder, which never change.

``reviews/2026Q1`` holds the first of a period; one made later of other data or another contract
stands beside it: ``reviews/2026Q1.2``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reviewlib.calendars.periods import ReviewPeriod, is_period
from reviewlib.contract import Contract
from reviewlib.faults import ReviewError
from reviewlib.report.text import N_
from reviewlib.report.values import Scalar, Unit

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
IN_WORDS = (Unit.DATE, Unit.INSTANT, Unit.MONTH, Unit.TEXT)
"""The units of figures that are text."""


@dataclass(frozen=True)
class KeptReview:
    """A review that was kept: its folder, its edition, the values of its review.json, and those
    of its figures, by their ids.
    """

    path: Path
    edition: int
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    figures: Mapping[str, Scalar] = field(default_factory=dict, repr=False)


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
        values = json.loads((path / VALUES).read_text(encoding="utf-8"))
        figures = dict(_figures(values["sections"]))
        of = {"id": values["engagement"]["id"], **values["period"]}
        if not isinstance(values["versions"], dict) or not {"first", "last"} <= of.keys():
            raise TypeError("versions")
    except (OSError, ValueError, LookupError, TypeError, ArithmeticError, RecursionError) as error:
        reason = type(error).__name__
        raise ReviewError(DAMAGED(file=file, reason=reason), contract.language) from None
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    if of != {"id": contract.id, **days}:
        about = {name: str(of[name]) for name in ("id", "first", "last")}
        raise ReviewError(OF_ANOTHER(file=file, **about), contract.language)
    return KeptReview(path, edition, values, figures)


def _figures(sections: Any) -> Iterator[tuple[str, Scalar]]:
    """Yield the figures of chapters; raise TypeError or ValueError where one is none."""
    for fact in [fact for section in sections for fact in {"facts": (), **section}["facts"]]:
        value = fact["value"]
        number = isinstance(value, (int, float)) and math.isfinite(value)
        words = isinstance(value, (str, dict)) and fact["unit"] in IN_WORDS
        if not isinstance(fact["id"], str) or not (value is None or number or words):
            raise TypeError(fact["id"])
        if not isinstance(value, dict):  # words by language are no figure to compare with
            yield fact["id"], value


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
