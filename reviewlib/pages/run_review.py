"""A review made from a notebook that a scheduler runs: the reviews owed, or the one of a period."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from reviewlib.calendars.periods import period_named
from reviewlib.faults import ReviewError
from reviewlib.pages import periodic
from reviewlib.pages.run_due import Order, attend
from reviewlib.pages.wanted import Wanted
from reviewlib.parameters import find_folder


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The pages of the reviews that were made, and what is to be said of others."""

    pages: tuple[Path, ...]
    lines: tuple[str, ...] = ()

    def _repr_markdown_(self) -> str:
        links = [f"- [{page}]({page.as_uri()})" for page in self.pages]
        return "\n".join([*links, *(f"- {line}" for line in self.lines)])


def run_review(engagement: str, period: str = "", language: str = "", output: str = "") -> Reviewed:
    """Make the reviews that an engagement owes by now, or the one of a period.

    ``engagement``: its folder, by its whole path where a scheduler runs this elsewhere; ``period``:
    a name such as 2026Q1, empty for all that are owed; ``language``: as of ``reviewlib period``;
    ``output``: a folder in which the one review is written instead of being kept. Raises
    ReviewError where one fails, so that a scheduler sees it; the others are made.
    """
    folder = find_folder(engagement).resolve()
    if period:
        place = Path(output).expanduser().resolve() if output else None
        wanted = Wanted(place, language)
        outcome = periodic.period(folder, period_named(period), wanted)
        return Reviewed((outcome.files[0],), tuple(outcome.notes))
    if output:
        raise ReviewError("an output is for one period: give it, or leave the output out.")
    statuses = [*attend(Order(folder, dt.datetime.now(dt.UTC), language=language))]
    failed = [f"{one.period} {one.words}".strip() for one in statuses if one.state == "failed"]
    if failed:
        raise ReviewError("\n".join(failed))
    open_ = [one for one in statuses if one.state in ("waiting", "busy")]
    made = tuple(one.page for one in statuses if one.page and one.state == "made")
    return Reviewed(made, tuple(f"{one.state} {one.period} {one.words}" for one in open_))
