"""A notebook that was run, here or elsewhere: whether it was run wholly, and what it says of it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewlib.faults import LONG, ReviewError, cut
from reviewlib.pages.cells import REVIEW_MIME, SECTION_MIME
from reviewlib.pages.contributions import tags
from reviewlib.report.encoding import decoded
from reviewlib.report.text import N_, Message
from reviewlib.review import versions

if TYPE_CHECKING:
    from nbformat import NotebookNode

SPARED = frozenset({"skip-execution", "raises-exception"})  # tags with which Jupyter runs otherwise
INJECTED = "injected-parameters"
AGAIN = "Run all of its cells (in JupyterLab, by papermill or by reviewlib close --notebook) first."
UNORDERED = N_(
    "The cells were run in another order than that in which they stand: run all of them again to "
    "be sure of what the review shows."
)


def read_notebook(path: Path) -> NotebookNode:
    """Return a notebook; raises ReviewError where it can't be read as one."""
    import nbformat

    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # nbformat raises of many kinds
        reason = getattr(error, "strerror", None) or getattr(error, "message", None) or str(error)
        raise ReviewError(
            f"{cut(str(path), LONG)!r} can't be read as a notebook ({cut(reason)})."
        ) from None
    return notebook


def read_executed(path: Path) -> NotebookNode:
    """Return a notebook that was run wholly by this version; raises ReviewError of any other."""
    notebook = read_notebook(path)
    refuse_unrun(notebook, path.name)
    return notebook


def refuse_unrun(notebook: NotebookNode, name: str) -> None:
    """Raise ReviewError where a notebook was not run wholly, or not by this version."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    unrun = [cell for cell in code if not cell.get("execution_count") and not SPARED & tags(cell)]
    if len(unrun) == len(code):
        raise ReviewError(f"{name} was not run. {AGAIN}")
    for number, cell in enumerate(notebook.cells, start=1):
        failed = [one for one in cell.get("outputs", ()) if one.output_type == "error"]
        if failed and not SPARED & tags(cell):
            words = cut(f"{failed[0].ename}: {failed[0].evalue}", LONG)
            raise ReviewError(f"{name}: cell {number} ended in an error ({words}). {AGAIN}")
    if unrun:
        first = cut(unrun[0].source.strip().splitlines()[0])
        raise ReviewError(
            f"{name} was run in part: {len(unrun)} of its cells were not, first {first!r}. {AGAIN}"
        )
    with readable(name):
        version, own = about(notebook)["versions"]["reviewlib"], versions()["reviewlib"]
        if version != own:
            raise ReviewError(
                f"{name} was run by reviewlib {cut(str(version))}, and this is {own}. {AGAIN}"
            )
    if not any(SECTION_MIME in data for data in _shown(notebook)):
        raise ReviewError(f"{name} shows no chapter. {AGAIN}")


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Raise ReviewError where outputs are not as a run writes them: anyone may have edited them."""
    try:
        yield
    except ReviewError:
        raise
    except Exception as error:
        reason = cut(f"{type(error).__name__}: {error}", LONG)
        raise ReviewError(
            f"{name}: its outputs are not those of a review ({reason}). {AGAIN}"
        ) from error


def about(notebook: NotebookNode) -> dict[str, Any]:
    """Return what the review says of itself, in the first output that does.

    Raises ReviewError where none does.
    """
    first = next((data for data in _shown(notebook) if REVIEW_MIME in data), None)
    if first is None:
        raise ReviewError(
            "the notebook shows no review: a cell has to end with the name of what open_review "
            "gives, as in a copy of notebooks/close_review.ipynb."
        )
    review: dict[str, Any] = decoded(first[REVIEW_MIME])
    return review


def _shown(notebook: NotebookNode) -> Iterator[Mapping[str, Any]]:
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            yield output.get("data", {})


def out_of_order(notebook: NotebookNode) -> list[Message]:
    """Return what is to be said where cells were run in another order than theirs."""
    counts = [cell.execution_count for cell in notebook.cells if cell.get("execution_count")]
    return [] if counts == sorted(counts) else [UNORDERED]


def injected(notebook: NotebookNode) -> dict[str, str]:
    """Return the parameters that a run was given, the engagement by the name of its folder."""
    lines = next((cell.source for cell in notebook.cells if INJECTED in tags(cell)), "")
    try:
        body = ast.parse(lines).body
        pairs = [(one.targets[0], one.value) for one in body if isinstance(one, ast.Assign)]
        values = {ast.unparse(name): ast.literal_eval(value) for name, value in pairs}
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return {}
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    return {name: Path(v).name if name == "engagement" else v for name, v in texts.items()}


def made_portable(notebook: NotebookNode, parameters: Mapping[str, str]) -> None:
    """Leave in the notebook neither this run's times nor this machine's paths."""
    for part in (notebook, *notebook.cells):
        part.metadata.pop("papermill", None)
        part.metadata.pop("execution", None)
    for cell in notebook.cells:
        if INJECTED in tags(cell):
            if "id" in cell:  # which older formats do not have
                cell.id = INJECTED
            lines = (f"{name} = {json.dumps(value)}" for name, value in parameters.items())
            cell.source = "\n".join(("# Parameters", *lines))
