"""The versions of a review: all of it, and what those may have with whom it is shared (O5).

The shared one is drawn of the values that are kept of the chapters, and of nothing else; the first
page is made again of them. It has no hash of an input: with what else is known of a small file, one
could be tried until the missing cells fit.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from reviewlib.contract.sharing import FIRST_PAGE, Sharing, names
from reviewlib.engagement.summary.chapter import About, drawn_from
from reviewlib.engagement.summary.of_period import CHANGED
from reviewlib.faults import Fault, Faults, meant_by
from reviewlib.pages.contributions import (
    UNPLACED,
    UNTITLED,
    audience,
    is_as_shipped,
    is_published,
    tags,
)
from reviewlib.pages.gathering import ChapterShown, Gathered
from reviewlib.pages.wanted import INTERNAL, SHAREABLE, Readers
from reviewlib.report.audience import COMMENTS, shared, values
from reviewlib.report.contributions import Contribution
from reviewlib.report.phrases import text_of
from reviewlib.report.text import EMPTY, N_, NAMED, Message, Quoted, Text, listed, n_
from reviewlib.report.values import Audience, Finding, Note, Section

if TYPE_CHECKING:
    from nbformat import NotebookNode

ABOUT = ("kind", "period", "as_of", "as_of_basis", "time_zone", "currency", "versions", "language")
OF_ENGAGEMENT = ("id", "title", "client", "provider")
"""What a version that is shared says of its review: nothing of its inputs."""
LATER = ("asked", "end_of_period")  # why a review may not have a value that another one has
PARAMETERS = "parameters"  # the tag of the cell with the notebook's own

TITLE = N_("{title}, version to share")
READERS = {"other_party": N_("the other party"), "all_staff": N_("all staff")}
LEFT_OUT = N_("Not in this version, made for {readers}: {kinds}.")
NOTHING_LEFT = N_("This version is made for {readers}.")
CHAPTERS = n_("{n} chapter", "{n} chapters")
FINDINGS = n_("{n} finding", "{n} findings")
OTHERS = n_(
    "{n} figure, table, chart or caveat of the chapters that are here",
    "{n} figures, tables, charts and caveats of the chapters that are here",
)
WRITTEN, NUMBERS = N_("the comments of the survey"), N_("the numbers of tickets and rows")
WORDS = N_("words of the facilitator")
ADDED = n_("{n} addition of the analyst", "{n} additions of the analyst")
GIVING_BACK = n_(
    "{n} value from which, with the others, an amount could be had that is withheld",
    "{n} values from which, with the others, an amount could be had that is withheld",
)
BEFORE = N_("what figures were in other periods, of chapters of which something is withheld")

UNKNOWN = {
    "findings": N_("the review has no finding of this id"),
    "withheld": N_("the review has no value of this id"),
}
NOTHING_MARKED = N_(
    "Nothing is marked to be shared: the version to share says so alone. Name chapters under "
    "“sharing” in engagement.yml or in notes/sharing.yml, or tag a cell “shareable”."
)
NOT_HERE = n_(
    "{n} id under “sharing” is of no value of this review: {ids:commas}.",
    "{n} ids under “sharing” are of no value of this review: {ids:commas}.",
)
MIXED = n_(
    "{n} value of shared chapters is not in the version to share, since it names what is not "
    "shared: {ids}. A finding named under “findings” is shared all the same.",
    "{n} values of shared chapters are not in the version to share, since they name what is not "
    "shared: {ids}. A finding named under “findings” is shared all the same.",
)
SUMS = n_(
    "{n} value of shared chapters is not in the version to share, since with the others it would "
    "give back an amount that is withheld: {ids}.",
    "{n} values of shared chapters are not in the version to share, since with the others they "
    "would give back an amount that is withheld: {ids}.",
)


@dataclass(frozen=True, slots=True)
class Version:
    """What is written of a run for some readers: its chapters, its notebook, what it is called.

    ``left_out``: what is not in it, and for whom it is; ``notes``: what is said at the end.
    """

    notebook: NotebookNode
    gathered: Gathered
    review: Mapping[str, Any]
    left_out: Text = EMPTY
    notes: tuple[Message, ...] = ()

    @property
    def is_shared(self) -> bool:
        return self.review.get("audience") == SHAREABLE

    def named(self, file: str) -> str:
        """Return what a file of the review is called in this version."""
        name, _, ending = file.rpartition(".")
        return f"{name}.{SHAREABLE}.{ending}" if self.is_shared else file

    def titled(self, title: Message) -> Message:
        """Return what the page is called."""
        return TITLE(title=title) if self.is_shared else title


def versions_of(whole: Version, readers: Readers) -> tuple[Version, ...]:
    """Return the versions of a review that are asked for.

    Raises Faults where the marks name a chapter or a value that the review does not have.
    """
    if readers == INTERNAL:
        return (whole,)
    version = _shared(whole)
    return (version,) if readers == SHAREABLE else (whole, version)


def _shared(whole: Version) -> Version:
    """Return the version for those with whom it is shared."""
    review, gathered = whole.review, whole.gathered
    marked = {
        file: Sharing.model_validate(dict(keys))
        for file, keys in review["sharing"]["marked"].items()
    }
    absent = _absent(marked, gathered.sections, review)
    sharing = reduce(Sharing.joined, marked.values())
    part = shared(gathered.sections, sharing, review["sharing"]["floor"])
    front = _front(gathered, part.chapters, sharing, review)
    entries = _entries(gathered, part.chapters, front)
    kept = Gathered(entries, [])
    left_out = _left_out(gathered, kept, sharing, part.sums)
    about = {name: review[name] for name in ABOUT}
    about["engagement"] = {name: review["engagement"][name] for name in OF_ENGAGEMENT}
    about |= {"audience": SHAREABLE, "readers": sharing.readers, "left_out": left_out}
    notes = [*absent]
    if not entries:
        notes.append(NOTHING_MARKED)
    for words, ids in ((MIXED, part.mixed), (SUMS, part.sums)):
        if ids:
            notes.append(words(n=len(ids), ids=listed([Quoted(one) for one in ids], NAMED)))
    return Version(_notebook(whole, kept), kept, about, left_out, tuple(notes))


def _absent(
    marked: Mapping[str, Sharing], sections: list[Section], review: Mapping[str, Any]
) -> list[Message]:
    """Return what is to be said of ids that name nothing; a slip may not share what it withholds.

    Raises Faults, but for a review of another day or period, which may not have a value yet.
    """
    every = [one for section in sections if section.front is None for one in values(section)]
    allowed = {
        "findings": {one.id for one in every if isinstance(one, Finding)},
        "withheld": {one.id for one in every},
    }
    faults = [
        Fault(file, UNKNOWN[key], meant_by(name, ids), column=f"{start}{key}.{place}", value=name)
        for start, (file, sharing) in zip(("sharing.", ""), marked.items(), strict=True)
        for key, ids in allowed.items()
        for place, name in enumerate(getattr(sharing, key))
        if not any(names(one, (name,)) for one in ids)
    ]
    if faults and review["as_of_basis"] not in LATER:
        raise Faults(faults, review["language"])
    return [NOT_HERE(n=len(faults), ids=[Quoted(one.value) for one in faults])] if faults else []


def _front(
    gathered: Gathered,
    chapters: tuple[Section, ...],
    sharing: Sharing,
    review: Mapping[str, Any],
) -> Section | None:
    """Return the first page made again of the chapters that are kept; None without one."""
    page = next((one for one in gathered.sections if one.front), None)
    if page is None or page.front is None or not chapters:
        return None
    own = FIRST_PAGE in sharing.notes
    verdict = page.front.verdict if own else None
    notes = {
        finding.id: finding.brief.note
        for section in chapters
        for finding in section.findings
        if finding.brief and finding.brief.note
    }
    client, provider = (text_of(review["engagement"][name]) for name in ("client", "provider"))
    zone = ZoneInfo(review["time_zone"])
    today = dt.datetime.fromisoformat(review["as_of"]).astimezone(zone).date()
    bare = dataclasses.replace(
        page,
        intro=EMPTY,
        clauses=(),
        note=page.note if own else None,
        audience=Audience.SHAREABLE,
        of="",
    )
    about = About(
        client,
        provider,
        today,
        verdict,
        notes,
        periodic=review["kind"] == "period",
        compared=any(label == CHANGED for label, _line in page.front.lines),
    )
    return drawn_from(chapters, about, bare)


def _entries(
    gathered: Gathered, chapters: tuple[Section, ...], front: Section | None
) -> list[ChapterShown | Contribution]:
    """Return what stands on the page of what is kept, in the order of the whole."""
    by_slug = {one.slug: one for one in (*chapters, *([front] if front else []))}
    entries: list[ChapterShown | Contribution] = []
    for one in gathered.entries:
        if isinstance(one, ChapterShown):
            if section := by_slug.get(one.section.slug):
                entries.append(dataclasses.replace(one, section=section, data=NOT_SHOWN))
        elif one.audience is Audience.SHAREABLE:
            entries.append(one if one.after in by_slug else _elsewhere(one))
    return entries


NOT_SHOWN: Mapping[str, Any] = MappingProxyType({})


def _elsewhere(one: Contribution) -> Contribution:
    """Return what the analyst adds without the name of the chapter, not shared, that it follows."""
    untitled = isinstance(one.title, Message) and one.title.template == UNTITLED.template
    return dataclasses.replace(one, after="", title=UNPLACED if untitled else one.title)


def _left_out(
    gathered: Gathered, kept: Gathered, sharing: Sharing, sums: tuple[str, ...]
) -> Message:
    """Return what kind of thing is not in a version, how much of it, and for whom it is made.

    ``sums``: the ids of what is not since it would give back an amount.
    """
    whole, stay = (_chapters(one) for one in (gathered, kept))
    left = {slug: few - stay.get(slug, frozenset()) for slug, few in whole.items()}
    gone = {slug: frozenset(v for v in few if v[1] not in sums) for slug, few in left.items()}
    assessed = {one.slug for one in gathered.sections if not (one.front or one.because)}
    findings = sum(kind is Finding for few in gone.values() for kind, _id in few)
    others = sum(kind is not Finding for slug in stay for kind, _id in gone[slug])
    comments = [one for few in gone.values() for one in few if names(one[1], COMMENTS)]
    counted = (
        (CHAPTERS, len(assessed - stay.keys())),
        (FINDINGS, findings),
        (OTHERS, others - sum(one in gone[slug] for slug in stay for one in comments)),
        (ADDED, len(gathered.contributions) - len(kept.contributions)),
        (GIVING_BACK, len(sums)),
    )
    evidence = any(one.evidence for section in gathered.sections for one in section.findings)
    words = len(_notes(gathered.sections)) > len(_notes(kept.sections))
    before = _beside(gathered) & {one.id for own in kept.sections for one in own.facts}
    whether = (
        (WRITTEN, bool(comments)),
        (NUMBERS, evidence and not sharing.evidence),
        (WORDS, words),
        (BEFORE, not before <= _beside(kept)),
    )
    kinds = [words(n=n) for words, n in counted if n] + [one for one, is_so in whether if is_so]
    readers = READERS[sharing.readers]
    if kinds:
        return LEFT_OUT(readers=readers, kinds=listed(kinds))
    return NOTHING_LEFT(readers=readers)


def _chapters(gathered: Gathered) -> dict[str, frozenset[tuple[type, str]]]:
    """Return the kinds and ids of the values of chapters, by their slug."""
    chapters = (one for one in gathered.sections if not one.front)
    return {one.slug: frozenset((type(v), v.id) for v in values(one)) for one in chapters}


def _beside(gathered: Gathered) -> set[str]:
    """Return the ids of the figures that stand beside what they were in other periods."""
    return {one.id for section in gathered.sections for one in section.facts if one.earlier}


def _notes(sections: Iterable[Section]) -> list[Note]:
    """Return the words of the facilitator on some chapters, each once."""

    def every() -> Iterator[Note | None]:
        for section in sections:
            yield section.note
            if section.front:
                yield section.front.verdict
            else:
                yield from (one.brief.note for one in section.findings if one.brief)

    return [note for note in every() if note]


def _notebook(whole: Version, kept: Gathered) -> NotebookNode:
    """Return how the chapters were made that are kept: their cells as the library has them.

    No cell has an output, a parameter of the run or metadata; of the analyst's, the Markdown that
    they tagged to be shared is there, and no code, which may name anything.
    """
    from nbformat import NotebookNode

    begun = min(_places(whole.gathered), default=1) - 1  # before the words on the first chapter
    chapters = {at for place in _places(kept) for at in (place - 1, place)}
    cells: list[NotebookNode] = []
    for at, cell in enumerate(whole.notebook.cells):
        written = cell.cell_type == "markdown"
        tagged = is_published(cell) and audience(cell) is Audience.SHAREABLE
        of_library = at in chapters or (at < begun and not written)
        if of_library if is_as_shipped(cell) else (written and tagged):
            new = NotebookNode(
                id=f"cell-{len(cells)}", cell_type=cell.cell_type, source=cell.source
            )
            new.metadata = NotebookNode(tags=sorted(tags(cell) & {PARAMETERS}))
            cells.append(new if written else NotebookNode(new, outputs=[], execution_count=None))
    language = NotebookNode(language_info=NotebookNode(name="python"))
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=language, cells=cells)


def _places(gathered: Gathered) -> set[int]:
    """Return the places of the cells that show chapters, the first page excepted."""
    shown = (one for one in gathered.entries if isinstance(one, ChapterShown))
    return {one.index for one in shown if not one.section.front}
