"""Chapters and other values of the report as a reader of one language has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reviewlib.pages import spoken as pages
from reviewlib.pages.html import drawings, section_html
from reviewlib.pages.wording import Wording
from reviewlib.report.text import LANGUAGES, Language
from reviewlib.report.values import Section
from reviewlib.review import Review

ChapterOf = Callable[..., Section]


def chapter(of: ChapterOf, review: Review, *given: Any, language: str = "") -> Section:
    """Return a chapter of a review in a language, by default that of the review's cells."""
    return spoken(of(review, *given), language or review.language)


def spoken(section: Section, language: Language | str = "") -> Section:
    """Return a section with its texts in words."""
    return pages.spoken(section, _wording(section, language))


def html(section: Section, language: Language | str = "") -> str:
    """Return a section as the page shows it."""
    wording = _wording(section, language)
    return section_html(section, wording, drawings(section, wording))


def in_language(value: Any, language: str) -> Any:
    """Return a value of ``review.json`` with each of its texts in one language."""
    if isinstance(value, list):
        return [in_language(one, language) for one in value]
    if not isinstance(value, dict):
        return value
    if value and value.keys() <= {*LANGUAGES}:
        return value[language]
    return {key: in_language(one, language) for key, one in value.items()}


def _wording(section: Section, language: Language | str) -> Wording:
    return Wording(language or section.shown_in, section.time_zone, section.currency)  # type: ignore[arg-type]
