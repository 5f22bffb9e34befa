"""What a notebook that was run gives to a page: its chapters, and what the analyst adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reviewlib.faults import ReviewError, cut
from reviewlib.folder.notes import FRONT, NOTES, SUMMARY
from reviewlib.pages.cells import SECTION_MIME
from reviewlib.pages.contributions import Contributions, chapter_of, is_chapter, is_published
from reviewlib.pages.renditions import Renditions
from reviewlib.pages.wording import Wording
from reviewlib.report.contributions import Contribution
from reviewlib.report.parts import Part, place_of
from reviewlib.report.text import Message, Quoted, n_
from reviewlib.report.values import Front, Section
from reviewlib.review import origin

if TYPE_CHECKING:
    from nbformat import NotebookNode

NO_REVIEW: Mapping[str, Any] = MappingProxyType({})
UNPAGED = n_(
    "{n} file of the facilitator is not in the review, for the notebook does not show its chapter: "
    "{files:commas}.",
    "{n} files of the facilitator are not in the review, for the notebook does not show their "
    "chapters: {files:commas}.",
)
UNSHOWN = n_(
    "{n} chapter of which the first page speaks is not in the review, for the notebook does not "
    "show it: {slugs:commas}.",
    "{n} chapters of which the first page speaks are not in the review, for the notebook does not "
    "show them: {slugs:commas}.",
)
UNNOTED = n_(
    "{n} Section tagged “publish” stands without the words of the facilitator: they stay with the "
    "chapter that they are on.",
    "{n} Sections tagged “publish” stand without the words of the facilitator: they stay with the "
    "chapter that they are on.",
)


@dataclass(frozen=True, slots=True)
class ChapterShown:
    """A chapter, with the cell, the place and the data of the output that shows it."""

    section: Section
    index: int
    place: int
    data: Mapping[str, Any]

    @property
    def order(self) -> tuple[int, ...]:
        """What the chapters of a page are sorted by."""
        return *place_of(self.section.part, self.section.slug), self.index


@dataclass(frozen=True, slots=True)
class Gathered:
    """The chapters and contributions of a page in its order, and what is said of the others."""

    entries: list[ChapterShown | Contribution]
    notes: list[Message]

    @property
    def sections(self) -> list[Section]:
        return [one.section for one in self.entries if isinstance(one, ChapterShown)]

    @property
    def contributions(self) -> list[Contribution]:
        return [one for one in self.entries if isinstance(one, Contribution)]


def gather(
    notebook: NotebookNode, renditions: Renditions, review: Mapping[str, Any] = NO_REVIEW
) -> Gathered:
    """Return what the cells of a notebook give to the page of a review, which says so of itself.

    Raises ReviewError where a chapter is of another review, and where two of one slug differ.
    """
    own = Contributions(review.get("language", ""), _wordings(renditions, review))
    chapters: dict[str, ChapterShown] = {}
    for index, cell in enumerate(notebook.cells):
        new = list(_chapters(index, cell, renditions))
        for one in new:
            _refuse_other(one, review)
            slug = one.section.slug
            if slug in chapters:
                _refuse_unequal(chapters[slug], one)
            chapters[slug] = one
        own.add(index, cell, [one.section for one in new])
    missing = (*_unshown(chapters), *_unsaid(review, chapters))
    return Gathered(_ordered(chapters, own.made), [*own.notes, *missing])


def _unshown(chapters: Mapping[str, ChapterShown]) -> Iterator[Message]:
    """Yield which chapters a first page is made of that the page does not have."""
    fronts = [one.section for one in chapters.values() if one.section.front]
    names = {name.partition(".")[0] for section in fronts for name in _named(section)}
    if slugs := sorted(names - chapters.keys()):
        yield UNSHOWN(n=len(slugs), slugs=[Quoted(slug) for slug in slugs])


def _named(section: Section) -> Iterator[str]:
    """Yield the ids of what a first page takes of chapters; a card has the slug of its own."""
    front = section.front or Front()
    owed = (finding for owing in front.owing for finding in owing.findings)
    yield from (one.id for one in (*section.findings, *front.ranked, *front.held, *owed))
    yield from (one.id.removeprefix(f"{section.slug}.") for one in section.figures)


def _unsaid(review: Mapping[str, Any], chapters: Mapping[str, ChapterShown]) -> Iterator[Message]:
    """Yield which words of the facilitator are not on the page of a review."""
    of_library = {slug for slug, one in chapters.items() if not one.section.by_analyst}
    files = []
    for file in (one["file"] for one in review.get("inputs", ())):
        place, _, name = file.partition("/")
        slug = name.rpartition("/")[2].partition(".")[0]
        if place == NOTES and (SUMMARY if slug == FRONT else slug) not in of_library:
            files.append(Quoted(file))
    own = (one.data[SECTION_MIME]["section"] for one in chapters.values() if one.section.by_analyst)
    noted = sum("note" in section for section in own)
    if files:
        yield UNPAGED(n=len(files), files=files)
    if noted:
        yield UNNOTED(n=noted)


def _wordings(renditions: Renditions, review: Mapping[str, Any]) -> list[Wording]:
    """Return the words of the pages that are made of a review."""
    languages = renditions.languages(review["language"]) if review else ()
    return [Wording(one, review["time_zone"]) for one in languages]


def _refuse_other(one: ChapterShown, review: Mapping[str, Any]) -> None:
    """Raise ReviewError where a chapter of the library is of another day or of other inputs."""
    if one.section.by_analyst or not review:
        return
    if one.section.of != origin(review["as_of"], review["inputs_sha256"]):
        raise ReviewError(
            f"cell {one.index + 1} shows the chapter {cut(one.section.slug)!r} of another review: "
            "its day or its inputs are not those of this one. Take it out, or tag it publish and "
            "give it another slug."
        )


def _refuse_unequal(first: ChapterShown, second: ChapterShown) -> None:
    """Raise ReviewError where two outputs show other values under one slug, or one is published."""
    cells = f"cells {first.index + 1} and {second.index + 1}"
    slug = cut(first.section.slug)
    if first.section.by_analyst or second.section.by_analyst:
        raise ReviewError(
            f"two cells show a chapter {slug!r} ({cells}): give the one that is tagged publish "
            "another slug."
        )
    if first.data[SECTION_MIME]["section"] != second.data[SECTION_MIME]["section"]:
        raise ReviewError(
            f"{cells} show the chapter {slug!r} with other values: a review has one of each. Take "
            "one out, or tag it publish and give it another slug."
        )


def _chapters(index: int, cell: NotebookNode, renditions: Renditions) -> Iterator[ChapterShown]:
    """Yield the chapters that a cell shows; those of the analyst are marked as such."""
    for place, output in enumerate(cell.get("outputs", ())):
        data = output.get("data", {})
        if SECTION_MIME not in data:
            continue
        section = renditions.section(index, place, data)
        if not is_chapter(cell, section):
            continue
        if is_published(cell):
            section = chapter_of(cell, section)
            renditions.mark(index, place, section)
        yield ChapterShown(section, index, place, data)


def _ordered(
    chapters: Mapping[str, ChapterShown], contributions: list[Contribution]
) -> list[ChapterShown | Contribution]:
    """Return chapters in the order of the page, each with what follows it in the notebook."""
    orders: list[tuple[tuple[int, ...], ChapterShown | Contribution]]
    orders = [(one.order, one) for one in chapters.values()]
    first = [*Part].index(Part.ENGAGEMENT), -1
    for number, one in enumerate(contributions):
        before = chapters[one.after].order if one.after else first
        orders.append(((*before, number), one))
    return [one for _, one in sorted(orders, key=lambda pair: pair[0])]
