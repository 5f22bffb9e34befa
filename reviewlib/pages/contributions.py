"""The cells of the analyst: which of them the report takes, what they show, what stays behind."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from reviewlib.faults import ReviewError, cut
from reviewlib.files import resource
from reviewlib.pages.cells import REVIEW_MIME, SECTION_MIME, TABLE_MIME
from reviewlib.pages.html import contribution_html
from reviewlib.pages.pictures import picture
from reviewlib.pages.slots import in_short
from reviewlib.pages.wording import Wording
from reviewlib.report.conforming import conforming
from reviewlib.report.contributions import Block, Contribution, Passage
from reviewlib.report.encoding import decoded
from reviewlib.report.forms import FIRST, LISTED
from reviewlib.report.parts import CHAPTERS, Part
from reviewlib.report.text import EMPTY, N_, Message, Quoted, Text, n_
from reviewlib.report.values import Audience, Section, Table

if TYPE_CHECKING:
    from nbformat import NotebookNode

OF_LIBRARY = ("close_review", "quarterly_review")  # its notebooks of reviews
PUBLISH, SHAREABLE = "publish", "shareable"  # the tags of a cell
OWN_CELLS = frozenset({"parameters", "injected-parameters"})
UNTITLED = N_("Note on the chapter “{chapter}”")
UNPLACED = N_("Note before the chapters")
SLUG = re.compile(r"[a-z][a-z0-9_]*")  # of a chapter of the analyst's
TAKEN, OWN_SLUG = frozenset({"content", "top"}), "analyst_"  # ids of the page, of notes
NAMED = ("facts", "findings", "tables", "figures", "caveats")  # of a section, by ids
PLAIN = "text/plain"
TITLE, SIGNS = 200, 100_000  # the most signs of a title, of a text
HEADING = re.compile(r"\s*#{1,6}[ \t]+(?P<title>[^\n]*)")
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")  # a terminal's
OBJECT = re.compile(r"\s*\[?<[^>]*>.*", re.DOTALL)  # what Python says of what it can't print
ARTIST = re.compile(
    r"\s*\[?(?:Text|Axes|Annotation)\(.*|.*<[^>]* (?:object|at 0x)[^>]*>.*", re.DOTALL
)
"""What it says of a part of a figure."""
FIRST_SIGNS = N_("The first {n} of {all} characters.")
STAYED = n_(
    "{n} cell of the analyst is not in the review: tag a cell “publish” to have it there.",
    "{n} cells of the analyst are not in the review: tag a cell “publish” to have it there.",
)
UNTAKEN = n_(
    "{n} output of cells tagged “publish” is not in the review: it can hold Markdown, a table, a "
    "figure (SVG, PNG) and text.",
    "{n} outputs of cells tagged “publish” are not in the review: it can hold Markdown, a table, a "
    "figure (SVG, PNG) and text.",
)
UNPRINTED = N_("Cell {cell}, “{title}”, is not in the review: printing it failed ({error}).")
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
    """Return what the cells of the notebooks that travel with the library are known by."""
    import nbformat

    notebooks = [
        nbformat.read(resource(f"notebooks/{name}.ipynb"), as_version=4) for name in OF_LIBRARY
    ]
    return frozenset(mark for own in notebooks for cell in own.cells for mark in _marks(cell))


def _marks(cell: NotebookNode) -> tuple[str, str]:
    """Return the id of a cell and what stands in it: a copy that was edited has one of them."""
    return cell.get("id", ""), cell.source.strip()


def _is_shipped(cell: NotebookNode) -> bool:
    return not _shipped().isdisjoint(filter(None, _marks(cell)))


def is_as_shipped(cell: NotebookNode) -> bool:
    """Return whether a cell runs what a cell of the library's notebook does, whatever its id."""
    return bool(cell.source.strip()) and cell.source.strip() in _shipped()


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
            f"small letters a to z, digits and _, begins with a letter and not with {OWN_SLUG}, "
            f"and is none of {', '.join(sorted(TAKEN))}."
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
    values: dict[str, Any] = {name: getattr(section, name) for name in NAMED}
    start = f"{section.slug}."
    names = (one.id for few in values.values() for one in few)
    ids = {name: name if name.startswith(start) else start + name for name in names}
    own: dict[str, Any] = {
        name: tuple(dataclasses.replace(one, id=ids[one.id]) for one in few)
        for name, few in values.items()
    }
    own["figures"] = tuple(
        dataclasses.replace(one, table=dataclasses.replace(one.table, id=f"{one.id}.table"))
        for one in own["figures"]
    )
    own["findings"] = tuple(
        dataclasses.replace(one, evidence=tuple(ids.get(fact, fact) for fact in one.evidence))
        for one in own["findings"]
    )
    return dataclasses.replace(section, **own)


class Contributions:
    """What the analyst's cells add to a report, gathered cell by cell in the notebook's order.

    ``notes``: what is said of them at the end of the run.
    """

    def __init__(self, language: str, wordings: Sequence[Wording] = ()) -> None:
        self.made: list[Contribution] = []
        self._language = language
        self._after: tuple[Part, str] = (Part.ENGAGEMENT, "")
        self._untitled: Text = UNPLACED
        self._heading = ""
        self._bare = 0  # headings published alone, until a cell stands under them
        self._left, self._empty, self._lost = 0, 0, 0
        self._unprinted: list[Message] = []
        self._wordings = wordings

    def add(self, index: int, cell: NotebookNode, sections: list[Section]) -> None:
        """Take a cell and the chapters that it shows in the report."""
        for section in sections:
            if section.part is not Part.FRONT:
                self._after = section.part, section.slug
                self._untitled = UNTITLED(chapter=section.title)
            self._forget_heading()
        heading, text = _split(cell)
        if heading or (_is_shipped(cell) and cell.cell_type == "markdown"):
            self._forget_heading()
            self._heading = "" if _is_shipped(cell) and not is_published(cell) else heading
        if not is_published(cell):
            self._left += _stays(cell, sections)
            return
        named = in_short(_given(cell, "title") or self._heading, TITLE)
        title = Quoted(named) or self._untitled
        slug = f"{OWN_SLUG}{cell.get('id', index)}"
        blocks, lost = _blocks(cell, text, title)
        if blocks:
            self._lost, self._bare = self._lost + lost, 0
            numbered, whose = _numbered(slug, blocks), audience(cell)
            new = Contribution(slug, title, numbered, *self._after, self._language, whose)
            self._print(index, new)
        self._bare += bool(heading and not blocks)
        self._empty += not (blocks or sections or heading)

    def _forget_heading(self) -> None:
        self._empty, self._bare, self._heading = self._empty + self._bare, 0, ""

    def _print(self, index: int, new: Contribution) -> None:
        """Take what a cell adds where the pages can hold it: a run is not lost over one cell."""
        try:
            for wording in self._wordings:
                contribution_html(new, wording)
        except Exception as error:  # of whatever a user's values make the formats raise
            reason = cut(f"{type(error).__name__}: {error}")
            self._unprinted.append(UNPRINTED(cell=index + 1, title=new.title, error=reason))
        else:
            self._join(new)

    def _join(self, new: Contribution) -> None:
        """Take cells that stand under one heading, for one audience, as one."""
        last = self.made[-1] if self.made else None
        if last and _same(last) == _same(new):
            self.made[-1] = dataclasses.replace(last, blocks=last.blocks + new.blocks)
        else:
            self.made.append(new)

    @property
    def notes(self) -> list[Message]:
        counted = (
            (STAYED, self._left), (EMPTY_CELLS, self._empty + self._bare), (UNTAKEN, self._lost),
        )  # fmt: skip
        return [*(message(n=n) for message, n in counted if n), *self._unprinted]


def _same(one: Contribution) -> tuple[object, ...]:
    return one.title, one.after, one.audience


def _split(cell: NotebookNode) -> tuple[str, str]:
    """Return the heading that a Markdown cell opens with, as plain text, and what follows it."""
    source = cell.source if cell.cell_type == "markdown" else ""
    match = HEADING.match(source)
    title = re.sub("[*`]", "", match["title"]).rstrip(" \t#") if match else ""
    return (title, source[match.end() :]) if match and title else ("", source)


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


def _blocks(cell: NotebookNode, text: str, title: Text) -> tuple[list[Block], int]:
    """Return what a cell shows that a page can hold, and how many of its outputs it can't hold."""
    blocks: list[Block] = [Passage(text, markdown=True)] if text.strip() else []
    outputs, lost = cell.get("outputs", ()), 0
    drawn = any(key.startswith("image/") for one in outputs for key in one.get("data", {}))
    for output in outputs:
        data = output.get("data", {})
        if SECTION_MIME in data or REVIEW_MIME in data:
            continue
        if output.get("name") == "stdout":
            block: Block | None = _passage(output.text)
        else:
            block = _shown(data, _alternative(cell, output) or title, drawn)
        if block:
            blocks.append(block)
        lost += not block and bool(data.keys() - {PLAIN})
    return blocks, lost


def _shown(data: Mapping[str, Any], title: Text, drawn: bool) -> Block | None:
    """Return what an output shows; ``drawn``: beside a figure, of which Python names the parts."""
    if TABLE_MIME in data:
        return dataclasses.replace(conforming(decoded(data[TABLE_MIME]), Table), caption=title)
    if figure := picture(data, title):
        return figure
    if isinstance(markdown := data.get("text/markdown"), str):
        return Passage(markdown, markdown=True)
    plain = str(data.get(PLAIN, ""))
    named = OBJECT.fullmatch(plain) or (drawn and ARTIST.fullmatch(plain))
    return None if named else _passage(plain)


def _passage(text: str) -> Passage | None:
    """Return plain text, of very many lines the first ones, counted; None of none.

    Of very many signs too. Of a line that was written over, as that of progress is, its last state.
    """
    written = (line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    lines = ESCAPES.sub("", "\n".join(written)).strip("\n").split("\n")
    short = FIRST(n=LISTED, all=len(lines)) if len(lines) > LISTED else EMPTY
    whole = "\n".join(lines[:LISTED])
    if len(whole) > SIGNS:
        short = FIRST_SIGNS(n=SIGNS, all=sum(map(len, lines)) + len(lines) - 1)
    return Passage(whole[:SIGNS], note=short) if any(lines) else None


def _alternative(cell: NotebookNode, output: NotebookNode) -> Text:
    """Return what the metadata of a cell or of its output say of a figure: ``alt``."""
    of_output = [
        one.get("alt") for one in output.get("metadata", {}).values() if isinstance(one, Mapping)
    ]
    texts = (text for text in (_given(cell, "alt"), *of_output) if isinstance(text, str) and text)
    return Quoted(next(texts, ""))


def _given(cell: NotebookNode, name: str) -> str:
    """Return a text that the metadata of a cell hold."""
    text = cell.metadata.get(name)
    return text if isinstance(text, str) else ""


def _numbered(slug: str, blocks: list[Block]) -> tuple[Block, ...]:
    """Return blocks with their tables named after their cell."""
    return tuple(
        dataclasses.replace(one, id=f"{slug}.{place}") if isinstance(one, Table) else one
        for place, one in enumerate(blocks, start=1)
    )
