"""A notebook run into a review: its page in each language, its values as JSON, the notebook."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewlib.files import refuse_place, write_together
from reviewlib.pages.cells import REVIEW_MIME, SECTION_MIME
from reviewlib.pages.execution import execute
from reviewlib.pages.html import TEMPLATES, equip, stylesheet
from reviewlib.pages.pdf import printed, printer
from reviewlib.pages.plain import plain
from reviewlib.pages.renditions import Renditions
from reviewlib.pages.spoken import spoken
from reviewlib.pages.wording import Wording
from reviewlib.parameters import asked_languages, find_folder, in_order, moment
from reviewlib.report.encoding import decoded
from reviewlib.report.parts import TITLES, Part, place_of
from reviewlib.report.text import N_, Language
from reviewlib.report.values import Section
from reviewlib.review import checked_contract

if TYPE_CHECKING:
    from nbformat import NotebookNode

CLOSE_REVIEW = "close_review"
SCHEMA = "reviewlib/review/2"
PAGE, VALUES, NOTEBOOK = "review.html", "review.json", "review.ipynb"
KINDS = {"close": N_("Close-out review")}
STOPPED = N_("Stopped. Nothing was written.")


@dataclass(frozen=True, slots=True)
class Cover:
    """What the page says of the review itself, in the page's language.

    ``particulars`` (label, words) stand under the title: parties, period, as of.
    ``provenance`` (label, words) end the page: versions, hashes, parameters.
    """

    title: str
    language: Language
    time_zone: str = "UTC"
    subtitle: str = ""
    particulars: tuple[tuple[str, str], ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PartOfPage:
    """A part as the page has it: its number, its title and its chapters, in words."""

    slug: str
    number: int
    title: str
    sections: list[Section]


@dataclass(frozen=True, slots=True)
class Published:
    """A cell of the page: the section that it showed, its code and its markup in a language."""

    section: Section
    cell: NotebookNode
    html: str


def close(
    folder: str | Path,
    output: Path | None = None,
    as_of: str = "",
    language: str = "",
    *,
    pdf: bool = False,
) -> list[Path]:
    """Run the close-out review of a folder once; return its files.

    ``language``: the languages of the pages, ``fr,en`` or ``all``; by default the contract's. The
    page in the first is ``review.html``, the others ``review.en.html``, … Parameters and input are
    checked before anything runs, and the files are put in place as one unit. ``output`` is by
    default the folder ``review`` in the engagement's. ``pdf``: with each page on paper. Raises
    ReviewError (Faults) when the input is at fault, ReviewFailed when the run is.
    """
    path = find_folder(folder)
    languages = asked_languages(language)
    if as_of:
        moment(as_of)
    program = printer() if pdf else ""
    target = path / "review" if output is None else output
    refuse_place(target, path)
    contract = checked_contract(path, as_of)
    parameters = {"as_of": as_of, "language": languages[0]}
    given = {"engagement": str(path.resolve()), **parameters}
    with _stopped_in(in_order(languages, contract.language)[0]):
        with Renditions(languages) as renditions:
            notebook = execute(CLOSE_REVIEW, given, renditions.add)
            _made_portable(notebook, {"engagement": path.resolve().name, **parameters})
            files = _files(notebook, renditions)
        if program:
            files |= _on_paper(files, program)
        write_together(target, files)
    return [target / name for name in files]


@contextmanager
def _stopped_in(language: Language) -> Iterator[None]:
    """Note on what stops a run (Ctrl-C, SIGTERM), in a language, that nothing was written."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit) as stop:
        stop.add_note(Wording(language).say(STOPPED))
        raise


def _files(notebook: NotebookNode, renditions: Renditions) -> dict[str, bytes]:
    """Return the files of a review by their names: pages, values, notebook."""
    import nbformat

    about = _about(notebook)
    languages = renditions.languages(about["language"])
    pages = {}
    for place, language in enumerate(languages):
        name = PAGE if place == 0 else PAGE.replace(".html", f".{language}.html")
        shown = published(notebook, renditions, language)
        pages[name] = page(notebook, shown, _cover(about, language))
    values = review_json(about, [one.section for one in shown], languages)
    text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    texts = {**pages, VALUES: text + "\n", NOTEBOOK: nbformat.writes(notebook) + "\n"}
    return {name: text.encode() for name, text in texts.items()}


def _on_paper(files: Mapping[str, bytes], program: str) -> dict[str, bytes]:
    """Return the pages among the files of a review as PDF, by the names of these."""
    pages = {name: data.decode() for name, data in files.items() if name.endswith(".html")}
    return {
        name.removesuffix(".html") + ".pdf": printed(page, program) for name, page in pages.items()
    }


def published(
    notebook: NotebookNode, renditions: Renditions, language: Language
) -> list[Published]:
    """Return the cells of a page in the order of its parts: those that show a section."""
    cells = []
    for index, cell in enumerate(notebook.cells):
        for place, data in _sections(cell):
            section = renditions.section(index, place, data)
            cells.append(Published(section, cell, renditions.html(index, place, data, language)))
    return sorted(cells, key=lambda one: place_of(one.section.part, one.section.slug))


def _sections(cell: NotebookNode) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the place and the data of each output of a cell that is a section."""
    for place, output in enumerate(cell.get("outputs", ())):
        if SECTION_MIME in output.get("data", {}):
            yield place, output.data


def page(notebook: NotebookNode, cells: list[Published], cover: Cover) -> str:
    """Return a review as one HTML page, with no script and no address of another host.

    Only what these cells of the notebook show is on it: neither its code and its Markdown cells
    nor other outputs of any kind are.
    """
    from nbconvert.exporters import TemplateExporter
    from nbformat import NotebookNode

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
        html = "" if one.section.because else one.html  # its part says why, in its opening
        about_cell = {"html": html, "part": opening.get(one.section.slug)}
        shown.append(NotebookNode(one.cell, outputs=[], metadata=about_cell))
    html, _ = exporter.from_notebook_node(NotebookNode(notebook, cells=shown), {"review": about})
    return str(html)


def _parts(cells: list[Published], wording: Wording) -> list[PartOfPage]:
    """Return the parts that have a chapter, in the order of the page."""
    sections = [spoken(cell.section, wording) for cell in cells]
    parts: list[PartOfPage] = []
    fronted = any(section.front for section in sections)  # which says what was not assessed
    for part in Part:
        own = [section for section in sections if section.part == part]
        if own and not (fronted and all(section.because for section in own)):
            parts.append(PartOfPage(part, len(parts), wording.say(TITLES[part]), own))
    return parts


def _foreign(path: str) -> bool:
    """Return whether templates are a user's: our own and those of nbconvert come first."""
    return not any(Path(path).is_relative_to(own) for own in (TEMPLATES.parent, sys.prefix))


def _made_portable(notebook: NotebookNode, parameters: Mapping[str, str]) -> None:
    """Leave in the notebook neither this run's times nor this machine's paths."""
    for part in (notebook, *notebook.cells):
        part.metadata.pop("papermill", None)
        part.metadata.pop("execution", None)
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.id = "injected-parameters"
            lines = (f"{name} = {json.dumps(value)}" for name, value in parameters.items())
            cell.source = "\n".join(("# Parameters", *lines))


def _about(notebook: NotebookNode) -> dict[str, Any]:
    """Return what the review says of itself, in the first output that does."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    shown = (output.data for output in outputs if REVIEW_MIME in output.get("data", {}))
    about: dict[str, Any] = decoded(next(shown)[REVIEW_MIME])
    return about


def review_json(
    about: Mapping[str, Any], sections: list[Section], languages: tuple[Language, ...]
) -> dict[str, Any]:
    """Return the values of a review as ``review.json`` holds them, without drawings.

    A text of the catalogue, and one that the data give in several languages, is an object of its
    words in each of these languages.
    """
    wordings = [Wording(one, about["time_zone"], about["currency"]) for one in languages]
    values = {"schema": SCHEMA, **about, "languages": list(languages)}
    del values["language"]
    return {**plain(values, wordings), "sections": [plain(one, wordings) for one in sections]}


def _cover(about: Mapping[str, Any], language: Language) -> Cover:
    """Return what the page says of the review, from the values that the review says of itself."""
    engagement, period = about["engagement"], about["period"]
    words = Wording(language, about["time_zone"])
    _ = words.gettext
    amended = [
        words.date(amendment["effective"])
        for amendment in engagement["amendments"]
        if amendment["effective"] <= about["as_of"][:10]
    ]
    particulars = [
        (_("Client"), words.say(engagement["client"])),
        (_("Provider"), words.say(engagement["provider"])),
        (_("Contract"), engagement["id"]),
        (_("Period"), f"{words.date(period['first'])} – {words.date(period['last'])}"),
        (_("As of"), words.instant(about["as_of"])),
    ]
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
    provenance = [
        (_("Amendments in force"), words.listed(amended) if amended else _("none")),
        (_("Versions"), versions),
        (_("Inputs"), about["inputs_sha256"]),
    ]
    return Cover(
        words.say(KINDS[about["kind"]]),
        language,
        about["time_zone"],
        words.say(engagement["title"]),
        tuple(particulars),
        tuple(provenance),
    )
