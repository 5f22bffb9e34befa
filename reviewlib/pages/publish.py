"""A notebook run into a review: its page, its values as JSON, the notebook itself."""

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
from reviewlib.pages.html import TEMPLATES, equip, stylesheet
from reviewlib.pages.wording import Language, Wording
from reviewlib.parameters import find_folder, moment, refuse_language
from reviewlib.report.values import REVIEW_MIME, SECTION_MIME
from reviewlib.resources import resource

if TYPE_CHECKING:
    from nbformat import NotebookNode

CLOSE_REVIEW = "close_review"
SCHEMA = "reviewlib/review/1"
FILES = ("review.html", "review.json", "review.ipynb")
GRAMMAR = "rfc3987_syntax"
SUMMARY = "summary"  # the slug of the section that the page prints first


class ReviewFailed(Exception):
    """A review that stopped on its way, through no fault of the input that could be named."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What the page says of the review itself, in the review's language.

    ``particulars`` (label, words) stand under the title: parties, period, as of.
    ``provenance`` (label, words) end the page: versions, hashes, parameters.
    """

    title: str
    language: Language
    time_zone: str = "UTC"
    subtitle: str = ""
    particulars: tuple[tuple[str, str], ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()


def page(notebook: NotebookNode, cover: Cover) -> str:
    """Return the review as one HTML page, with no script and no address of another host.

    Only code cells that show a section are published, with their code folded, summary first:
    neither Markdown cells nor other outputs of any kind are.
    """
    from nbconvert.exporters import TemplateExporter

    wording = Wording(cover.language, cover.time_zone)
    exporter = TemplateExporter(
        template_name=TEMPLATES.name,
        extra_template_basedirs=[str(TEMPLATES.parent)],
        file_extension=".html",
    )
    equip(exporter.environment, wording)
    style = stylesheet(" · ".join(filter(None, (cover.title, cover.subtitle))), wording)
    published = _published(notebook)
    about = {
        "cover": cover,
        "style": style,
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "sections": [cell.outputs[0].data[SECTION_MIME] for cell in published.cells],
    }
    html, _ = exporter.from_notebook_node(published, {"review": about})
    return str(html)


def _published(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook's section cells in page order, each with its section as its output."""
    from nbformat import NotebookNode

    cells = [
        NotebookNode(cell, outputs=[output])
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if SECTION_MIME in output.get("data", {})
    ]
    cells.sort(key=lambda cell: bool(cell.outputs[0].data[SECTION_MIME]["slug"] != SUMMARY))
    return NotebookNode(notebook, cells=cells)


def close(
    folder: str | Path, output: Path | None = None, as_of: str = "", language: str = ""
) -> Path:
    """Run the close-out review of a folder; return the folder that holds the files of ``FILES``.

    Parameters are checked before anything runs, and the files are put in place together once all
    are whole. ``output`` is by default the folder ``review`` in the engagement's. Raises
    ReviewError (Faults) when the input is at fault, ReviewFailed when the run is.
    """
    path = find_folder(folder)
    refuse_language(language)
    if as_of:
        moment(as_of)
    target = path / "review" if output is None else output
    refuse_file(target)
    asked = {"as_of": as_of, "language": language}
    notebook = execute(CLOSE_REVIEW, {"engagement": str(path.resolve()), **asked})
    _made_portable(notebook, {"engagement": path.resolve().name, **asked})
    review = review_json(notebook)
    html = page(notebook, _cover(review))
    _put_together(target, html, review, notebook)
    return target


def execute(name: str, parameters: Mapping[str, str]) -> NotebookNode:
    """Run a shipped notebook under papermill and return it with its outputs.

    Its working folder is that of the notebook: nothing is imported from the caller's. A parameter
    that the notebook does not declare raises ReviewError before anything runs.
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


def review_json(notebook: NotebookNode) -> dict[str, Any]:
    """Return the values of an executed notebook as ``review.json`` holds them, without drawings."""
    bundles = [
        output.data
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    about = next(data[REVIEW_MIME] for data in bundles if REVIEW_MIME in data)
    sections = [_undrawn(data[SECTION_MIME]) for data in bundles if SECTION_MIME in data]
    sections.sort(key=lambda section: bool(section["slug"] != SUMMARY))
    return {"schema": SCHEMA, **about, "sections": sections}


def _undrawn(section: Mapping[str, Any]) -> dict[str, Any]:
    figures = [
        {key: value for key, value in figure.items() if key != "svg"}
        for figure in section["figures"]
    ]
    return {**section, "figures": figures}


def _cover(review: Mapping[str, Any]) -> Cover:
    """Return what the page says of the review, from the values that the review says of itself."""
    engagement, period = review["engagement"], review["period"]
    words = Wording(review["language"], review["time_zone"])
    _ = words.gettext
    amended = [
        words.date(amendment["effective"])
        for amendment in engagement["amendments"]
        if amendment["effective"] <= review["as_of"][:10]
    ]
    particulars = [
        (_("Client"), engagement["client"]),
        (_("Provider"), engagement["provider"]),
        (_("Contract"), engagement["id"]),
        (_("Period"), f"{words.date(period['first'])} – {words.date(period['last'])}"),
        (_("As of"), words.instant(review["as_of"])),
    ]
    versions = ", ".join(f"{name} {number}" for name, number in review["versions"].items())
    provenance = [
        (_("Amendments in force"), words.listed(amended) if amended else _("none")),
        (_("Versions"), versions),
        (_("Inputs"), review["inputs_sha256"]),
    ]
    return Cover(
        _("Close-out review"),
        review["language"],
        review["time_zone"],
        engagement["title"],
        tuple(particulars),
        tuple(provenance),
    )


def _put_together(
    target: Path, html: str, review: Mapping[str, Any], notebook: NotebookNode
) -> None:
    import nbformat

    values = json.dumps(review, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    texts = (html, values + "\n", nbformat.writes(notebook) + "\n")
    write_together(target, dict(zip(FILES, (text.encode() for text in texts), strict=True)))
