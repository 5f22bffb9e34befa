"""The periodic reviews that are kept in an engagement's folder, which never change.

``reviews/2026Q1`` holds the first of a period; one made later of other data or another contract
stands beside it: ``reviews/2026Q1.2``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.faults import ReviewError
from reviewlib.report.text import N_, Language

REVIEWS: Final = "reviews"
VALUES: Final = "review.json"
EDITION = re.compile(r"(.+?)(?:\.([1-9]\d*))?")
DAMAGED = N_(
    "{file} is not readable as the values of a review ({reason}). Restore it from a copy; a kept "
    "review is never edited."
)


@dataclass(frozen=True)
class KeptReview:
    """A review that was kept: its folder, its edition, and the values of its review.json."""

    path: Path
    edition: int
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def figures(self) -> dict[str, Any]:
        """The values of its figures, by their ids."""
        return {
            fact["id"]: fact.get("value")
            for section in self.values["sections"]
            for fact in section.get("facts", ())
        }


def editions(folder: Path, period: ReviewPeriod) -> list[tuple[int, Path]]:
    """Return the whole reviews of a period that are kept in a folder, by edition."""
    place = folder / REVIEWS
    kept = []
    for path in place.iterdir() if place.is_dir() else ():
        match = EDITION.fullmatch(path.name)
        if match and match[1] == period.name and (path / VALUES).is_file():
            kept.append((int(match[2] or 1), path))
    return sorted(kept)


def latest(folder: Path, period: ReviewPeriod, language: Language) -> KeptReview | None:
    """Return the latest review of a period that is kept in a folder; None without any.

    Raises ReviewError, in a language, where its values can't be read.
    """
    every = editions(folder, period)
    if not every:
        return None
    edition, path = every[-1]
    try:
        values = json.loads((path / VALUES).read_text(encoding="utf-8"))
        if not isinstance(values["sections"], list) or not isinstance(values["versions"], dict):
            raise TypeError("sections")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        file = f"{REVIEWS}/{path.name}/{VALUES}"
        raise ReviewError(DAMAGED(file=file, reason=type(error).__name__), language) from None
    return KeptReview(path, edition, values)


def next_place(folder: Path, period: ReviewPeriod) -> Path:
    """Return where the next edition of a review of a period is kept."""
    every = editions(folder, period)
    number = every[-1][0] + 1 if every else 1
    return folder / REVIEWS / (period.name if number == 1 else f"{period.name}.{number}")
