"""The pages of one run in other languages than its cells, made while the kernel works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from reviewlib import progress
from reviewlib.pages.cells import REVIEW_MIME, SECTION_MIME, markup
from reviewlib.pages.contributions import is_as_shipped, is_published
from reviewlib.pages.html import drawings, section_html
from reviewlib.pages.wording import Wording
from reviewlib.parameters import in_order
from reviewlib.report.conforming import conforming
from reviewlib.report.encoding import decoded
from reviewlib.report.text import Language
from reviewlib.report.values import Section

if TYPE_CHECKING:
    from nbformat import NotebookNode

OnExecuted = Callable[..., None]
"""Called after each cell with ``cell``, ``cell_index`` and ``execute_reply``."""


class ReviewFailed(Exception):
    """A review that stopped on its way, through no fault of the input that could be named."""


class Renditions:
    """The markup of each section in the languages asked for, by cell, output and language.

    ``asked_languages``: those of the pages, as ``parameters.asked_languages`` returns them.
    ``from_file``: the cells were not run here, and their outputs may have been edited; of these
    only values are used that are what their types say, and never the markup.
    """

    def __init__(self, asked_languages: tuple[str, ...], *, from_file: bool = False) -> None:
        self._asked_languages = asked_languages
        self._from_file = from_file
        self._own: Language = "en"
        self._pool = ThreadPoolExecutor(max_workers=1)  # drawings share matplotlib's settings
        self._made: dict[tuple[int, int, Language], Future[str]] = {}
        self._sections: dict[tuple[int, int], Section] = {}
        self._ours: set[int] = set()  # the cells whose markup is that of the library

    def __enter__(self) -> Renditions:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def languages(self, own: Language) -> tuple[Language, ...]:
        """Return the languages of the pages; ``own`` is the contract's."""
        return in_order(self._asked_languages, own)

    def add(self, cell: NotebookNode, cell_index: int, **_: Any) -> None:
        """Make the other renditions of what a cell has just shown, in the background.

        Those of a cell of the analyst's are made once its tags were read. Of a cell of another
        source than the library's the markup may be anything, and is made of its values too.
        """
        ours = is_as_shipped(cell)
        if ours and not is_published(cell):
            self._ours.add(cell_index)
        for place, output in enumerate(cell.get("outputs", ())):
            data = output.get("data", {})
            if REVIEW_MIME in data:
                self._own = decoded(data[REVIEW_MIME])["language"]
            if SECTION_MIME in data and not is_published(cell):
                for language in self.languages(self._own):
                    if not ours or language != data[SECTION_MIME]["language"]:
                        self._begin((cell_index, place, language), data)
        progress.step()

    def section(self, index: int, place: int, data: Mapping[str, Any]) -> Section:
        """Return the section that an output shows, decoded once."""
        key = (index, place)
        if key not in self._sections:
            section = decoded(data[SECTION_MIME]["section"])
            self._sections[key] = conforming(section, Section) if self._from_file else section
        return self._sections[key]

    def mark(self, index: int, place: int, section: Section) -> None:
        """Have another section than the one that an output shows."""
        self._sections[index, place] = section

    def html(self, index: int, place: int, data: Mapping[str, Any], language: Language) -> str:
        """Return the markup of what an output shows, in a language."""
        if index in self._ours and data[SECTION_MIME]["language"] == language:
            return markup(data)
        key = (index, place, language)
        try:
            return (self._made.get(key) or self._begin(key, data)).result()
        except Exception as error:
            if self._from_file:
                raise
            raise ReviewFailed(
                f"the chapter {data[SECTION_MIME]['section']['slug']} could not be shown in "
                f"{language}: {type(error).__name__}: {error}\nNothing was written."
            ) from error

    def drawn(self, section: Section, language: Language) -> str:
        """Return the markup of a section that no output shows."""
        return self._pool.submit(_drawn, section, language).result()

    def _begin(self, key: tuple[int, int, Language], data: Mapping[str, Any]) -> Future[str]:
        self._made[key] = self._pool.submit(self._rendition, key, data)
        return self._made[key]

    def _rendition(self, key: tuple[int, int, Language], data: Mapping[str, Any]) -> str:
        """Return the markup of a section, as a cell holds it, in another language."""
        index, place, language = key
        return _drawn(self.section(index, place, data), language)


def _drawn(section: Section, language: Language) -> str:
    wording = Wording(language, section.time_zone, section.currency)
    return section_html(section, wording, drawings(section, wording))
