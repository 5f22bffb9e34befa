"""The tries at the reviews of an engagement: what was made, what failed, and who is at it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.contract import Contract
from reviewlib.faults import ReviewError
from reviewlib.files import held, replace_file
from reviewlib.folder.kept import REVIEWS, latest
from reviewlib.report.text import N_

PAGE, FAILED, LOCK = "review.html", "failed.json", ".run-due.lock"
NOT_WHOLE = N_("{folder} has no {file}: the review in it is not whole.")


def kept_page(folder: Path, period: ReviewPeriod, contract: Contract) -> Path | None:
    """Return the page of the latest review of a period that is kept; None without one.

    Raises ReviewError where it is not whole, can't be read, or is of another review.
    """
    kept = latest(folder, period, contract)
    if kept is None or (kept.path / PAGE).is_file():
        return kept.path / PAGE if kept else None
    place = f"{REVIEWS}/{kept.path.name}"
    raise ReviewError(NOT_WHOLE(folder=place, file=PAGE), contract.language)


def failures(folder: Path) -> dict[str, str]:
    """Return what the last try at each period ended in, where that was an error."""
    try:
        stated = json.loads((folder / REVIEWS / FAILED).read_text(encoding="utf-8"))
        return {name: str(one["error"]) for name, one in stated.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}  # there is none, or someone edited it: it is written anew


def remember(folder: Path, period: str, error: str | None) -> None:
    """Note what a try at a period ended in; None: well. Where that can't be, nothing is noted."""
    every = {name: line for name, line in failures(folder).items() if name != period}
    if error is not None:
        every[period] = error
    path = folder / REVIEWS / FAILED
    with suppress(OSError):
        if every:
            lines = {name: {"error": line} for name, line in sorted(every.items())}
            text = json.dumps(lines, ensure_ascii=False, indent=1) + "\n"
            replace_file(path, text.encode())
        else:
            path.unlink(missing_ok=True)


@contextmanager
def at_work(folder: Path) -> Iterator[bool]:
    """Yield whether no other process makes reviews of an engagement, and keep others from it.

    Raises OSError where nothing can be written there.
    """
    place = folder / REVIEWS
    place.mkdir(exist_ok=True)
    with held(place / LOCK) as ours:
        yield ours
