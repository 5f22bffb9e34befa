"""The shipped engagement, opened once in a process, and its reviews, each computed once."""

from __future__ import annotations

import dataclasses
from functools import cache

from reviewlib.folder.engagement import Engagement, load_engagement
from reviewlib.languages import Language
from reviewlib.review import Review, review_of
from tests.conftest import REPO

SAMPLE = REPO / "data" / "sample"


@cache
def engagement() -> Engagement:
    return load_engagement(SAMPLE)


@cache
def _review(as_of: str) -> Review:
    return review_of(engagement(), as_of)


def sample_of(as_of: str = "", language: Language = "en") -> Review:
    """Return the review of the sample as of a day; in both languages with one memory."""
    known = _review(as_of)
    shown = dataclasses.replace(known, language=language)
    object.__setattr__(shown, "memo", known.memo)
    return shown
