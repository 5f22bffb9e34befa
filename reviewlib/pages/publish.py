"""A notebook run into a review: its page in each language, its values as JSON, the notebook."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from reviewlib import progress
from reviewlib.contract import Contract
from reviewlib.files import refuse_place, resource, write_together
from reviewlib.folder.kept import refuse_kept
from reviewlib.pages.cover import Cover, cover_of
from reviewlib.pages.executed import (
    about,
    injected,
    made_portable,
    out_of_order,
    read_executed,
    read_notebook,
    readable,
)
from reviewlib.pages.execution import execute
from reviewlib.pages.gathering import Gathered, gather
from reviewlib.pages.html import TEMPLATES, contribution_html, equip, stylesheet
from reviewlib.pages.pdf import printed, printer
from reviewlib.pages.plain import plain
from reviewlib.pages.renditions import Renditions
from reviewlib.pages.sharing import Version, versions_of
from reviewlib.pages.spoken import spoken
from reviewlib.pages.wanted import BESIDE, Readers, Wanted
from reviewlib.pages.wording import Wording
from reviewlib.parameters import CONTRACT_FILE, asked_languages, find_folder, in_order, moment
from reviewlib.report.contributions import Contribution
from reviewlib.report.parts import TITLES, Part
from reviewlib.report.text import N_, Language, n_
from reviewlib.report.values import Section
from reviewlib.review import checked_contract

if TYPE_CHECKING:
    from nbformat import NotebookNode

CLOSE_REVIEW = "close_review"
SCHEMA = "reviewlib/review/2"
ABOUT = (
    "kind", "engagement", "period", "as_of", "as_of_basis", "time_zone", "currency", "inputs",
    "inputs_sha256", "versions", "audience", "readers", "left_out",
)  # fmt: skip
"""What ``review.json`` has of what a review says of itself: an output may have been edited."""
PAGE, VALUES, NOTEBOOK = "review.html", "review.json", "review.ipynb"
STOPPED = N_("Stopped. Nothing was written.")
RUNNING = N_("Reading the folder, writing the chapters")
WRITING = n_("Writing the page", "Writing {n} pages")
PRINTING = n_("Printing the page", "Printing {n} pages")
ID, LINK = re.compile(r'\sid="([^"]*)"'), re.compile(r'<a href="#([^"]*)"')


@dataclass(frozen=True, slots=True)
class PartOfPage:
    """A part as the page has it: its number, its title and its chapters, in words."""

    slug: str
    number: int
    title: str
    sections: list[Section | Contribution]


@dataclass(frozen=True, slots=True)
class Published:
    """A chapter of the page, or what the analyst adds, and its markup in a language."""

    value: Section | Contribution
    html: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The files that were written, and what is to be said of the run."""

    files: list[Path]
    notes: list[str]


def close(
    folder: str | Path,
    wanted: Wanted = BESIDE,
    as_of: str = "",
    notebook: Path | None = None,
) -> Outcome:
    """Run the close-out review of a folder once, by the shipped notebook or by one's own.

    The page in the first language is ``review.html``, the others ``review.en.html``, … ; by
    default it is the contract's. Parameters and input are checked before anything runs, and the
    files are put in place as one unit, by default in the folder ``review`` of the engagement's.
    Raises ReviewError (Faults) when the input is at fault, ReviewFailed when the run is.
    """
    path = find_folder(folder)
    if as_of:
        moment(as_of)
    target = wanted.output or path / "review"
    refuse_place(target, path)
    refuse_kept(target)
    job = Job(path, notebook or CLOSE_REVIEW, {"as_of": as_of}, wanted)
    made = run(job, checked_contract(path, as_of))
    return Outcome(put(target, made), made.notes)


@dataclass(frozen=True)
class Job:
    """A review to make: of which folder, by which notebook, shipped or one's own, with what."""

    folder: Path
    notebook: str | Path
    parameters: Mapping[str, str]
    wanted: Wanted


@dataclass(frozen=True)
class Made:
    """The files of a review by name, what is to be said of it, its language, what prints it."""

    files: dict[str, bytes]
    notes: list[str]
    language: Language
    program: str


def run(job: Job, contract: Contract) -> Made:
    """Run a notebook on a folder that was checked, and make the files of its review."""
    languages = asked_languages(job.wanted.language)
    program = printer() if job.wanted.pdf else ""
    begun = read_notebook(
        resource(f"notebooks/{job.notebook}.ipynb")
        if isinstance(job.notebook, str)
        else job.notebook
    )
    parameters = {**job.parameters, "language": languages[0]}
    language = in_order(languages, contract.language)[0]
    with _stopped_in(language), Renditions(languages) as renditions:
        cells = sum(cell.cell_type == "code" for cell in begun.cells)
        progress.stage(Wording(language).say(RUNNING), cells)
        place = job.folder.resolve()
        executed = execute(job.notebook, {"engagement": str(place), **parameters}, renditions.add)
        made_portable(executed, {"engagement": place.name, **parameters})
        files, notes = _files(executed, renditions, job.wanted.audience)
    return Made(files, notes, language, program)


def publish(notebook: Path, wanted: Wanted = BESIDE) -> Outcome:
    """Make the files of a review of a notebook that was run, without running it again.

    Only values are read of its outputs. The files stand by default in the folder ``review`` beside
    it, or with it where it is itself the ``review.ipynb`` of one. Raises ReviewError where it was
    not run, or not wholly, or by another version.
    """
    languages = asked_languages(wanted.language)
    program = printer() if wanted.pdf else ""
    run = read_executed(notebook)
    beside = notebook.parent if notebook.name == NOTEBOOK else notebook.parent / "review"
    target = wanted.output or beside
    refuse_place(target, target if (target / CONTRACT_FILE).exists() else notebook)
    refuse_kept(target)
    made_portable(run, injected(run))
    with readable(notebook.name), Renditions(languages, from_file=True) as renditions:
        language = in_order(languages, about(run)["language"])[0]
        with _stopped_in(language):
            files, notes = _files(run, renditions, wanted.audience)
            written = put(target, Made(files, notes, language, program))
    late = [Wording(language).say(note) for note in out_of_order(run)]
    return Outcome(written, late + notes)


@contextmanager
def _stopped_in(language: Language) -> Iterator[None]:
    """Note on what stops a run (Ctrl-C, SIGTERM), in a language, that nothing was written."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit) as stop:
        stop.add_note(Wording(language).say(STOPPED))
        raise


def _files(
    notebook: NotebookNode, renditions: Renditions, audience: Readers
) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of a review by their names (pages, values, notebook), and its notes."""
    review = about(notebook)
    languages = renditions.languages(review["language"])
    gathered = gather(notebook, renditions, review)
    whole = Version(notebook, gathered, review)
    versions = versions_of(whole, audience)
    n = len(languages) * len(versions)
    progress.stage(Wording(languages[0]).say(WRITING(n=n)), n)
    files: dict[str, bytes] = {}
    notes = list(gathered.notes)
    for version in versions:
        files |= _written(version, renditions, languages)
        notes += version.notes
    return files, [Wording(languages[0]).say(note) for note in notes]


def _written(
    version: Version, renditions: Renditions, languages: tuple[Language, ...]
) -> dict[str, bytes]:
    """Return the files of a version of a review by their names."""
    import nbformat

    pages = {}
    for place, language in enumerate(languages):
        name = version.named(PAGE)
        name = name if place == 0 else name.replace(".html", f".{language}.html")
        cover = cover_of(version, language)
        cells = published(version.gathered, renditions, cover)
        pages[name] = page(version.notebook, cells, cover)
        progress.step()
    values = review_json(version.review, version.gathered, languages)
    text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    notebook = nbformat.writes(version.notebook)
    texts = {**pages, version.named(VALUES): text, version.named(NOTEBOOK): notebook}
    return {name: (text if name in pages else text + "\n").encode() for name, text in texts.items()}


def page_of(notebook: NotebookNode) -> tuple[str, list[str]]:
    """Return the page of a notebook that was run, in the language in which it was, and notes."""
    review = about(notebook)
    language: Language = review["language"]
    with Renditions((language,), from_file=True) as renditions:
        gathered = gather(notebook, renditions, review)
        cover = cover_of(Version(notebook, gathered, review), language)
        notes = [Wording(cover.language).say(note) for note in gathered.notes]
        return page(notebook, published(gathered, renditions, cover), cover), notes


def put(target: Path, made: Made, unless: str = "") -> list[Path]:
    """Write files as one unit, with their pages as PDF where a program prints; return where.

    Raises as ``write_together`` does.
    """
    files = dict(made.files)
    with _stopped_in(made.language):
        if made.program:
            pages = {name: data for name, data in files.items() if name.endswith(".html")}
            progress.stage(Wording(made.language).say(PRINTING(n=len(pages))), len(pages))
            for name, data in pages.items():
                paper = printed(data.decode(), made.program)
                files[name.removesuffix(".html") + ".pdf"] = paper
                progress.step()
        write_together(target, files, unless)
    return [target / name for name in files]


def published(gathered: Gathered, renditions: Renditions, cover: Cover) -> list[Published]:
    """Return what a notebook gives to a page, in its order and in the language of its cover."""
    wording = Wording(cover.language, cover.time_zone)
    shown = []
    for one in gathered.entries:
        if isinstance(one, Contribution):
            shown.append(Published(one, contribution_html(one, wording)))
        else:
            html = (
                renditions.html(one.index, one.place, one.data, cover.language)
                if one.data
                else renditions.drawn(one.section, cover.language)
            )
            shown.append(Published(one.section, html))
    return shown


def page(notebook: NotebookNode, cells: list[Published], cover: Cover) -> str:
    """Return a review as one HTML page, with no script and no address of another host.

    Only what is published of the notebook is on it: no code, and no other cell and output.
    """
    from nbconvert.exporters import TemplateExporter
    from nbformat import NotebookNode
    from nbformat.v4 import new_code_cell

    wording = Wording(cover.language, cover.time_zone)
    exporter = TemplateExporter(
        template_name=TEMPLATES.name,
        extra_template_basedirs=[str(TEMPLATES.parent)],
        file_extension=".html",
    )
    exporter.template_paths = sorted(exporter.template_paths, key=_foreign)
    equip(exporter.environment, wording)
    style = stylesheet(" · ".join(filter(None, (cover.title, cover.subtitle))), wording)
    about = {
        "cover": cover,
        "style": style,
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "parts": (parts := _parts(cells, wording)),
    }
    opening = {part.sections[0].slug: part for part in parts if part.slug != Part.FRONT}
    shown = []
    for one in cells:
        html = "" if one.value.because else one.html  # its part says why, in its opening
        about_cell = {"html": html, "part": opening.get(one.value.slug)}
        shown.append(new_code_cell(metadata=about_cell))
    html, _ = exporter.from_notebook_node(NotebookNode(notebook, cells=shown), {"review": about})
    return _linked(str(html))


def _linked(page: str) -> str:
    """Return a page whose links lead to what it has; of any other the words alone stand.

    A first page may be of more chapters than the notebook shows, and people write links by hand.
    """
    ids = {*ID.findall(page)}
    return LINK.sub(lambda link: link[0] if unquote(unescape(link[1])) in ids else "<a", page)


def _parts(cells: list[Published], wording: Wording) -> list[PartOfPage]:
    """Return the parts that have a chapter or words on one, in the order of the page."""
    sections = [spoken(cell.value, wording) for cell in cells]
    parts: list[PartOfPage] = []
    fronted = any(section.front for section in sections)  # which says what was not assessed
    for part in Part:
        own = [section for section in sections if section.part == part]
        absent = (one.because and not (one.note or one.by_analyst) for one in own)
        if own and not (fronted and all(absent)):
            parts.append(PartOfPage(part, len(parts), wording.say(TITLES[part]), own))
    return parts


def _foreign(path: str) -> bool:
    """Return whether templates are a user's: our own and those of nbconvert come first."""
    return not any(Path(path).is_relative_to(own) for own in (TEMPLATES.parent, sys.prefix))


def review_json(
    review: Mapping[str, Any], gathered: Gathered, languages: tuple[Language, ...]
) -> dict[str, Any]:
    """Return the values of a review as ``review.json`` holds them, without drawings.

    A text of the catalogue, and one that the data give in several languages, is an object of its
    words in each of these languages.
    """
    wordings = [Wording(one, review["time_zone"], review["currency"]) for one in languages]
    values = {name: review[name] for name in ABOUT if name in review}
    values |= {"languages": list(languages), "schema": SCHEMA}
    parts = {"sections": gathered.sections, "contributions": gathered.contributions}
    return {**plain(values, wordings), **plain(parts, wordings)}
