"""Chapters and other values of the report as a reader of one language has them."""

from __future__ import annotations

import dataclasses
import string
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pandas as pd

from reviewlib.pages import spoken as pages
from reviewlib.pages.html import draw, drawings, section_html
from reviewlib.pages.wording import Wording
from reviewlib.report.text import LANGUAGES, Language, Message
from reviewlib.report.values import Figure, Section, Table
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


def drawn(section: Section, figure: Figure, language: Language | str = "") -> Any:
    """Return a figure of a section as its form draws it: an SVG or rows."""
    return draw(figure, _wording(section, language))


def sentence(section: Section, finding_id: str) -> str:
    """Return the sentence of a finding that a section must hold."""
    finding = section.finding(finding_id)
    assert finding is not None, finding_id
    return finding.sentence


def table(section: Section, name: str) -> Table:
    """Return a table of a section by its name within the chapter."""
    return next(one for one in section.tables if one.id == f"{section.slug}.{name}")


def caveats(section: Section) -> dict[str, str]:
    """Return the sentences of the caveats of a section by their ids."""
    return {one.id: one.sentence for one in section.caveats}


def in_language(value: Any, language: str) -> Any:
    """Return a value of ``review.json`` with each of its texts in one language."""
    if isinstance(value, list):
        return [in_language(one, language) for one in value]
    if not isinstance(value, dict):
        return value
    if value and value.keys() <= {*LANGUAGES}:
        return value[language]
    return {key: in_language(one, language) for key, one in value.items()}


def messages(value: Any) -> Iterator[Message]:
    """Yield every message in a value of the report, also within others and in what is drawn."""
    if isinstance(value, Message):
        yield value
        yield from messages([one for _name, one in value.values])
    elif isinstance(value, pd.DataFrame):
        yield from messages([value.index.tolist(), *(value[name].tolist() for name in value)])
    elif isinstance(value, Mapping):
        yield from messages([*value.keys(), *value.values()])
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from messages(one)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from messages([getattr(value, field.name) for field in dataclasses.fields(value)])


def unfit(value: Any) -> set[tuple[str, str]]:
    """Return the messages of which the fields are not those of their values, in some language."""
    return {
        (language, message.template)
        for message in set(messages(value))
        for language in LANGUAGES
        if not _fits(message, language)
    }


def _fits(message: Message, language: Language) -> bool:
    wording = _plain(language)
    names, forms = _fields(wording._sentence(message))
    chosen_by = {message.on} if message.many else set()  # may choose the form without being printed
    given = dict(message.values).keys()
    return names <= given == message.fields | chosen_by and forms <= wording.forms.keys()


_plain = cache(Wording)


@cache
def _fields(sentence: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of the fields of a sentence, and the forms in which it says them."""
    fields = [(name, form) for _, name, form, _ in string.Formatter().parse(sentence) if name]
    forms = (form.partition(".")[0] for _, form in fields if form)
    return frozenset(name for name, _ in fields), frozenset(forms)


def _wording(section: Section, language: Language | str) -> Wording:
    return Wording(language or section.shown_in, section.time_zone, section.currency)  # type: ignore[arg-type]


def in_words(text: object, language: Language = "en") -> str:
    """A text of a fault in words."""
    return Wording(language).say(text)
