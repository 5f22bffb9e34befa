"""What a page says of its review: whose, of which period, as of when, and where it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.pages.sharing import Version
from reviewlib.pages.wording import Wording
from reviewlib.report.beside import period_words
from reviewlib.report.text import N_, Language, Message

CLOSE_OUT, OF_PERIOD = N_("Close-out review"), N_("Review of {period}")


@dataclass(frozen=True, slots=True)
class Cover:
    """What the page says of the review itself, in the page's language.

    ``particulars`` (label, words) stand under the title: parties, period, as of.
    ``provenance`` (label, words) end the page: versions, hashes, parameters. ``left_out``: what is
    not on it, where it is not all.
    """

    title: str
    language: Language
    time_zone: str = "UTC"
    subtitle: str = ""
    particulars: tuple[tuple[str, str], ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()
    left_out: str = ""


def _title(review: Mapping[str, Any]) -> Message:
    """Return what a review is called."""
    if review["kind"] == "close":
        return CLOSE_OUT
    days = (dt.date.fromisoformat(review["period"][end]) for end in ("first", "last"))
    return OF_PERIOD(period=period_words(ReviewPeriod(*days)))


def cover_of(version: Version, language: Language) -> Cover:
    """Return what the page says of the review, from the values that the review says of itself."""
    review = version.review
    engagement, period = review["engagement"], review["period"]
    words = Wording(language, review["time_zone"])
    _ = words.gettext
    particulars = [
        (_("Client"), words.say(engagement["client"])),
        (_("Provider"), words.say(engagement["provider"])),
        (_("Contract"), engagement["id"]),
        (_("Period"), f"{words.date(period['first'])} – {words.date(period['last'])}"),
        (_("As of"), words.instant(review["as_of"])),
    ]
    return Cover(
        words.say(version.titled(_title(review))),
        language,
        review["time_zone"],
        words.say(engagement["title"]),
        tuple(particulars),
        tuple(_provenance(review, words)),
        words.say(version.left_out),
    )


def _provenance(review: Mapping[str, Any], words: Wording) -> Iterator[tuple[str, str]]:
    """Yield where a review comes from; of one that is shared, what made it alone."""
    _ = words.gettext
    if (amendments := review["engagement"].get("amendments")) is not None:
        starts = [one["effective"] for one in amendments]
        amended = [words.date(start) for start in starts if start <= review["as_of"][:10]]
        yield _("Amendments in force"), words.listed(amended) if amended else _("none")
    versions = review["versions"].items()
    yield _("Versions"), ", ".join(f"{name} {number}" for name, number in versions)
    if "inputs_sha256" in review:
        yield _("Inputs"), review["inputs_sha256"]
