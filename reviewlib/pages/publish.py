"""A notebook run into a review: its page in each language, its values as JSON, the notebook."""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from reviewlib.faults import ReviewError, did_you_mean
from reviewlib.files import refuse_file, write_together
from reviewlib.pages.cells import REVIEW_MIME, SECTION_MIME
from reviewlib.pages.html import TEMPLATES, equip, stylesheet
from reviewlib.pages.plain import plain
from reviewlib.pages.renditions import OnExecuted, Renditions, ReviewFailed
from reviewlib.pages.spoken import spoken
from reviewlib.pages.wording import Wording
from reviewlib.parameters import asked_languages, find_folder, moment
from reviewlib.report.encoding import decoded
from reviewlib.report.text import N_, Language
from reviewlib.report.values import Section
from reviewlib.resources import resource

if TYPE_CHECKING:
    from nbformat import NotebookNode

CLOSE_REVIEW = "close_review"
SCHEMA = "reviewlib/review/2"
PAGE, VALUES, NOTEBOOK = "review.html", "review.json", "review.ipynb"
GRAMMAR = "rfc3987_syntax"
SUMMARY = "summary"  # the slug of the section that the page prints first
KINDS = {"close": N_("Close-out review")}


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
class Published:
    """A cell of the page: the section that it showed, its code and its markup in a language."""

    section: Section
    cell: NotebookNode
    html: str


def close(
    folder: str | Path, output: Path | None = None, as_of: str = "", language: str = ""
) -> list[Path]:
    """Run the close-out review of a folder once; return its files.

    ``language``: the languages of the pages, ``fr,en`` or ``all``; by default the contract's. The
    page in the first is ``review.html``, the others ``review.en.html``, … Parameters are checked
    before anything runs, and the files are put in place together once all are whole. ``output``
    is by default the folder ``review`` in the engagement's. Raises ReviewError (Faults) when the
    input is at fault, ReviewFailed when the run is.
    """
    path = find_folder(folder)
    languages = asked_languages(language)
    if as_of:
        moment(as_of)
    target = path / "review" if output is None else output
    refuse_file(target)
    parameters = {"as_of": as_of, "language": languages[0]}
    given = {"engagement": str(path.resolve()), **parameters}
    with Renditions(languages) as renditions:
        notebook = execute(CLOSE_REVIEW, given, renditions.add)
        _made_portable(notebook, {"engagement": path.resolve().name, **parameters})
        files = _files(notebook, renditions)
    write_together(target, files)
    return [target / name for name in files]


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


def published(
    notebook: NotebookNode, renditions: Renditions, language: Language
) -> list[Published]:
    """Return the cells of a page in their order: those that show a section, summary first."""
    cells = []
    for index, cell in enumerate(notebook.cells):
        for place, data in _sections(cell):
            section = renditions.section(index, place, data)
            cells.append(Published(section, cell, renditions.html(index, place, data, language)))
    return sorted(cells, key=lambda cell: cell.section.slug != SUMMARY)


def _sections(cell: NotebookNode) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the place and the data of each output of a cell that is a section."""
    for place, output in enumerate(cell.get("outputs", ())):
        if SECTION_MIME in output.get("data", {}):
            yield place, output.data


def page(notebook: NotebookNode, cells: list[Published], cover: Cover) -> str:
    """Return a review as one HTML page, with no script and no address of another host.

    Only these cells of the notebook are on it, with their code folded: neither its Markdown cells
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
    equip(exporter.environment, wording)
    style = stylesheet(" · ".join(filter(None, (cover.title, cover.subtitle))), wording)
    about = {
        "cover": cover,
        "style": style,
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "sections": [spoken(cell.section, wording) for cell in cells],
    }
    shown = [NotebookNode(one.cell, outputs=[], metadata={"html": one.html}) for one in cells]
    html, _ = exporter.from_notebook_node(NotebookNode(notebook, cells=shown), {"review": about})
    return str(html)


def execute(
    name: str, parameters: Mapping[str, str], on_executed: OnExecuted | None = None
) -> NotebookNode:
    """Run a shipped notebook under papermill and return it with its outputs.

    Its working folder is that of the notebook: nothing is imported from the caller's. A parameter
    that the notebook does not declare raises ReviewError before anything runs. ``on_executed`` is
    called after each cell, while the kernel goes on.
    """
    with _unbuilt_grammar():
        import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    source = resource(f"notebooks/{name}.ipynb")
    _check_parameters(source, parameters)
    ahead = threading.Thread(target=importlib.import_module, args=("nbconvert.exporters",))
    ahead.start()  # imported while the kernel works
    try:
        done: NotebookNode = papermill.execute_notebook(
            source,
            None,
            parameters,
            request_save_on_cell_execute=False,
            progress_bar=sys.stderr.isatty(),
            cwd=source.parent,
            shutdown_kernel="immediate",
            config=Config(KernelManager={"transport_encryption": "auto"}),
            on_cell_executed=on_executed,
        )
        return done
    except PapermillExecutionError as error:
        if error.ename in ("ReviewError", "Faults"):
            raise ReviewError(error.evalue) from None
        raise ReviewFailed(
            f"the review stopped in cell {error.exec_count} of {name}.ipynb: "
            f"{error.ename}: {error.evalue}\nNothing was written. Open the notebook in JupyterLab "
            "with the same parameters to look behind it."
        ) from None
    except DeadKernelError as error:
        raise ReviewFailed(f"the kernel died ({error}); is there memory enough?") from None
    finally:
        ahead.join()


@contextmanager
def _unbuilt_grammar() -> Iterator[None]:
    """Spare the import of papermill the building of a grammar of web addresses.

    jsonschema builds it, in most of a second, to check a format that no notebook has; without
    the package it does not.
    """
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]
    modules.setdefault(GRAMMAR, None)
    try:
        yield
    finally:
        if modules[GRAMMAR] is None:
            del modules[GRAMMAR]


def _check_parameters(source: Path, parameters: Mapping[str, str]) -> None:
    """Refuse what the notebook does not declare: papermill itself would only warn of it."""
    import papermill

    declared = papermill.inspect_notebook(source)
    for name in parameters:
        if name not in declared:
            hint = did_you_mean(name, declared)
            raise ReviewError(f"{source.name} has no parameter {name!r}. {hint}")


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
