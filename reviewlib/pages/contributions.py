"""The cells of the analyst: which of them the report takes, what they show, what stays behind."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from reviewlib.faults import ReviewError, cut
from reviewlib.pages.cells import REVIEW_MIME, SECTION_MIME, TABLE_MIME
from reviewlib.pages.pictures import picture
from reviewlib.report.conforming import conforming
from reviewlib.report.contributions import Contribution, Passage, Picture
from reviewlib.report.encoding import decoded
from reviewlib.report.forms import FIRST, LISTED
from reviewlib.report.parts import CHAPTERS, Part
from reviewlib.report.text import EMPTY, N_, Message, Quoted, Text, n_
from reviewlib.report.values import Audience, Section, Table
from reviewlib.resources import resource

if TYPE_CHECKING:
    from nbformat import NotebookNode

PUBLISH, SHAREABLE = "publish", "shareable"  # the tags of a cell
OWN_CELLS = frozenset({"parameters", "injected-parameters"})
UNTITLED = N_("Note on the chapter “{chapter}”")
UNPLACED = N_("Note before the chapters")
SLUG = re.compile(r"[a-z][a-z0-9_]*")  # of a chapter of the analyst's
TAKEN, OWN_SLUG = frozenset({"content", "top"}), "analyst_"  # ids of the page, of notes
HEADING = re.compile(r"\s*#{1,6}[ \t]+(?P<title>[^\n]+?)[ \t#]*(?:\n|$)")
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")  # a terminal's
OBJECT = re.compile(r"\s*\[?<[^>]*>.*", re.DOTALL)  # what Python says of what it can't print
STAYED = n_(
    "{n} cell of the analyst is not in the review: tag a cell “publish” to have it there.",
    "{n} cells of the analyst are not in the review: tag a cell “publish” to have it there.",
)
EMPTY_CELLS = n_(
    "{n} cell tagged “publish” shows nothing that the review can hold, which is Markdown, a table, "
    "a figure (SVG, PNG), text or a Section.",
    "{n} cells tagged “publish” show nothing that the review can hold, which is Markdown, a table, "
    "a figure (SVG, PNG), text or a Section.",
)


def tags(cell: NotebookNode) -> frozenset[str]:
    """Return the tags of a cell."""
    named = cell.metadata.get("tags", ())
    return frozenset(tag for tag in named if isinstance(tag, str))


def audience(cell: NotebookNode) -> Audience:
    """Return who may read what a cell of the analyst shows: internal unless tagged shareable."""
    return Audience.SHAREABLE if SHAREABLE in tags(cell) else Audience.INTERNAL


def is_published(cell: NotebookNode) -> bool:
    """Return whether the analyst tagged a cell for the report."""
    return PUBLISH in tags(cell)


@cache
def _shipped() -> frozenset[str]:
    """Return what the cells of the notebook that travels with the library are known by."""
    import nbformat

    notebook = nbformat.read(resource("notebooks/close_review.ipynb"), as_version=4)
    return frozenset(mark for cell in notebook.cells for mark in _marks(cell))


def _marks(cell: NotebookNode) -> tuple[str, str]:
    """Return the id of a cell and what stands in it: a copy that was edited has one of them."""
    return cell.get("id", ""), cell.source.strip()


def _is_shipped(cell: NotebookNode) -> bool:
    return not _shipped().isdisjoint(filter(None, _marks(cell)))


def is_chapter(cell: NotebookNode, section: Section) -> bool:
    """Return whether a section that a cell shows is a chapter of the library, or is published."""
    placed = any(section.slug in slugs for slugs in CHAPTERS.values())
    return placed or is_published(cell)


def chapter_of(cell: NotebookNode, section: Section) -> Section:
    """Return a chapter of the analyst's as such, its ids its own: they may be of one it copies.

    The words of the facilitator stay with the chapter that they are on. Raises ReviewError where
    the page can't have it.
    """
    slug = section.slug
    if not SLUG.fullmatch(slug) or slug in TAKEN or slug.startswith(OWN_SLUG):
        raise ReviewError(
            f"a cell tagged publish shows a chapter with the slug {cut(slug)!r}: a slug is of "
            f"small letters a to z, digits and _, begins with a letter and not with {OWN_SLUG}, and is "
            f"none of {', '.join(sorted(TAKEN))}."
        )
    if section.front or section.part is Part.FRONT:
        raise ReviewError(
            f"a cell tagged publish shows {cut(slug)!r} as a first page, of which a review has "
            "one: leave out its front, and choose another part."
        )
    own = _renamed(section)
    return dataclasses.replace(own, by_analyst=True, audience=audience(cell), note=None)


def _renamed(section: Section) -> Section:
    """Return a section whose ids begin with its slug, and what it says of them with these."""
    values = (section.facts, section.findings, section.tables, section.figures, section.caveats)
    start = f"{section.slug}."
    held = (one.id for few in values for one in few)  # type: ignore[attr-defined]
    ids = {name: name if name.startswith(start) else start + name for name in held}
    facts, findings, tables, figures, caveats = (
        tuple(dataclasses.replace(one, id=ids[one.id]) for one in few)  # type: ignore[attr-defined]
        for few in values
    )
    findings = tuple(
        dataclasses.replace(one, evidence=tuple(ids.get(fact, fact) for fact in one.evidence))
        for one in findings
    )
    return dataclasses.replace(
        section, facts=facts, findings=findings, tables=tables, figures=figures, caveats=caveats
    )


class Contributions:
    """What the analyst's cells add to a report, gathered cell by cell in the notebook's order.

    ``notes``: what is said of them at the end of the run.
    """

    def __init__(self, language: str) -> None:
        self.made: list[Contribution] = []
        self._language = language
        self._after: tuple[Part, str] = (Part.ENGAGEMENT, "")
        self._untitled: Text = UNPLACED
        self._heading = ""
        self._left, self._empty = 0, 0

    def add(self, index: int, cell: NotebookNode, sections: list[Section]) -> None:
        """Take a cell and the chapters that it shows in the report."""
        for section in sections:
            if section.part is not Part.FRONT:
                self._after = section.part, section.slug
                self._untitled = UNTITLED(chapter=section.title)
            self._heading = ""
        heading, text = _split(cell)
        self._heading = heading or self._heading
        if not is_published(cell):
            self._left += _stays(cell, sections)
            return
        given = cell.metadata.get("title")
        title = (
            Quoted(given if isinstance(given, str) and given else self._heading) or self._untitled
        )
        slug = f"{OWN_SLUG}{cell.get('id', index)}"
        blocks = _numbered(slug, _blocks(cell, text, title))
        if blocks:
            self._join(self._contribution(slug, title, blocks, audience(cell)))
        self._empty += not (blocks or sections or heading)

    def _contribution(self, slug: str, title: Text, blocks: Any, whose: Audience) -> Contribution:
        part, after = self._after
        return Contribution(slug, title, blocks, part, after, self._language, whose)

    def _join(self, new: Contribution) -> None:
        """Take cells that stand under one heading, for one audience, as one."""
        last = self.made[-1] if self.made else None
        if last and _same(last) == _same(new):
            self.made[-1] = dataclasses.replace(last, blocks=last.blocks + new.blocks)
        else:
            self.made.append(new)

    @property
    def notes(self) -> list[Message]:
        counted = ((STAYED, self._left), (EMPTY_CELLS, self._empty))
        return [message(n=n) for message, n in counted if n]


def _same(one: Contribution) -> tuple[object, ...]:
    return one.title, one.after, one.audience


def _split(cell: NotebookNode) -> tuple[str, str]:
    """Return the heading that a Markdown cell opens with, as plain text, and what follows it."""
    source = cell.source if cell.cell_type == "markdown" else ""
    match = HEADING.match(source)
    return (re.sub("[*`]", "", match["title"]), source[match.end() :]) if match else ("", source)


def _stays(cell: NotebookNode, sections: list[Section]) -> bool:
    """Return whether a cell without a tag is the analyst's and has something to show."""
    outputs = cell.get("outputs", ())
    if sum(SECTION_MIME in output.get("data", {}) for output in outputs) > len(sections):
        return True
    shipped = bool(OWN_CELLS & tags(cell)) or _is_shipped(cell)
    if shipped or sections or cell.cell_type not in ("markdown", "code"):
        return False
    return bool(outputs or (cell.cell_type == "markdown" and cell.source.strip())) and not any(
        REVIEW_MIME in output.get("data", {}) for output in outputs
    )


def _blocks(cell: NotebookNode, text: str, title: Text) -> Iterator[Passage | Table | Picture]:
    """Yield what a cell shows that a page can hold."""
    if text.strip():
        yield Passage(text, markdown=True)
    outputs = cell.get("outputs", ())
    drawn = any(key.startswith("image/") for one in outputs for key in one.get("data", {}))
    for output in outputs:
        if output.output_type == "stream" and output.get("name") == "stdout":
            yield from _passage(output.text)
        elif output.output_type in ("display_data", "execute_result"):
            named = _alternative(cell, output) or title
            yield from _shown(output.data, named, wordless=drawn)


def _shown(
    data: Mapping[str, Any], title: Text, wordless: bool
) -> Iterator[Passage | Table | Picture]:
    """Yield what an output shows; ``wordless``: beside a figure, of which Python says its name."""
    if SECTION_MIME in data or REVIEW_MIME in data:
        return
    if TABLE_MIME in data:
        yield dataclasses.replace(conforming(decoded(data[TABLE_MIME]), Table), caption=title)
    elif figure := picture(data, title):
        yield figure
    elif isinstance(markdown := data.get("text/markdown"), str):
        yield Passage(markdown, markdown=True)
    elif not (wordless or OBJECT.fullmatch(plain := str(data.get("text/plain", "")))):
        yield from _passage(plain)


def _passage(text: str) -> Iterator[Passage]:
    """Yield plain text, of very many lines the first ones, counted; nothing of none."""
    lines = ESCAPES.sub("", text).strip("\n").split("\n")
    short = FIRST(n=LISTED, all=len(lines)) if len(lines) > LISTED else EMPTY
    if any(lines):
        yield Passage("\n".join(lines[:LISTED]), note=short)


def _alternative(cell: NotebookNode, output: NotebookNode) -> Text:
    """Return what the metadata of a cell or of its output say of a figure: ``alt``."""
    of_output = [one.get("alt") for one in output.metadata.values() if isinstance(one, Mapping)]
    texts = (text for text in (_given(cell, "alt"), *of_output) if isinstance(text, str) and text)
    return Quoted(next(texts, ""))


def _given(cell: NotebookNode, name: str) -> str:
    """Return a text that the metadata of a cell hold."""
    text = cell.metadata.get(name)
    return text if isinstance(text, str) else ""


def _numbered(slug: str, blocks: Iterator[Any]) -> tuple[Any, ...]:
    """Return blocks with their tables named after their cell."""
    return tuple(
        dataclasses.replace(one, id=f"{slug}.{place}") if isinstance(one, Table) else one
        for place, one in enumerate(blocks, start=1)
    )
