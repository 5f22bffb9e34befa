"""A notebook executed under papermill, in a kernel of this interpreter."""

from __future__ import annotations

import importlib
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from reviewlib.faults import ReviewError, did_you_mean
from reviewlib.files import resource
from reviewlib.pages.renditions import OnExecuted, ReviewFailed

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

GRAMMAR = "rfc3987_syntax"
KERNEL = "reviewlib.pages.kernel"
PATIENCE = 600  # seconds for the output of a cell that is done: of a huge folder it takes a while
SETTINGS = {
    "KernelManager": {"transport_encryption": "auto"},
    "NotebookClient": {"iopub_timeout": PATIENCE},
}


def preload() -> None:
    """Import all that running and publishing a notebook takes."""
    with _unbuilt_grammar():
        for name in ("papermill", "nbclient", "nbconvert.exporters", "ipykernel.kernelapp"):
            importlib.import_module(name)


def execute(
    notebook: str | Path,
    parameters: Mapping[str, str],
    on_executed: OnExecuted | None = None,
) -> NotebookNode:
    """Run a notebook under papermill and return it with its outputs.

    A shipped one by its name, one's own by its path. Its working folder is that of the notebook:
    nothing is imported from the caller's. A parameter that the notebook does not declare raises
    ReviewError before anything runs. ``on_executed`` is called after each cell, while the kernel
    goes on.
    """
    with _unbuilt_grammar():
        import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    shipped = isinstance(notebook, str)
    source = resource(f"notebooks/{notebook}.ipynb") if shipped else Path(notebook).resolve()
    _check_parameters(source, parameters)
    ahead = threading.Thread(target=importlib.import_module, args=("nbconvert.exporters",))
    ahead.start()  # imported while the kernel works
    try:
        with _own_kernel() as manager:
            done: NotebookNode = papermill.execute_notebook(
                source,
                None,
                parameters,
                request_save_on_cell_execute=False,
                progress_bar=False,
                cwd=source.parent,
                kernel_name="python3",
                language="python",
                kernel_manager_class=manager,
                shutdown_kernel="immediate",
                config=Config(SETTINGS),
                on_cell_executed=on_executed,
            )
        return done
    except PapermillExecutionError as error:
        if error.ename in ("ReviewError", "Faults"):
            raise ReviewError(error.evalue) from None
        raise ReviewFailed(
            f"the review stopped in cell {error.exec_count} of {source.name}: "
            f"{error.ename}: {error.evalue}\nNothing was written. Open the notebook in JupyterLab "
            "with the same parameters to look behind it."
        ) from None
    except DeadKernelError as error:
        raise ReviewFailed(f"the kernel died ({error}); is there memory enough?") from None
    finally:
        ahead.join()


@contextmanager
def _own_kernel() -> Iterator[type[AsyncKernelManager]]:
    """Yield the manager of a kernel of this interpreter, whatever kernels Jupyter's paths hold.

    No kernel outlives it, also where it is left while one starts. In a worker of ``run-due`` it
    is forked.
    """
    from ipykernel.kernelspec import get_kernel_dict, make_ipkernel_cmd
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    from reviewlib.pages import forked

    started: list[AsyncKernelManager] = []
    with tempfile.TemporaryDirectory(prefix="reviewlib-", ignore_cleanup_errors=True) as profile:
        own = {"argv": make_ipkernel_cmd(KERNEL), "env": {"IPYTHONDIR": profile}}
        spec = KernelSpec(**{**get_kernel_dict(), **own})
        if forked.is_possible():
            spec.metadata["kernel_provisioner"] = {"provisioner_name": forked.register()}

        class OwnKernel(AsyncKernelManager):
            @property
            def kernel_spec(self) -> KernelSpec:
                started.append(self)
                return spec

        try:
            yield OwnKernel
        finally:
            for manager in started:
                _end(manager)


def _end(manager: AsyncKernelManager) -> None:
    """End a kernel that still runs, without the loop of events, in which it may be starting."""
    process = getattr(manager.provisioner, "process", None)
    if process is not None and process.poll() is None:
        process.kill()
        process.wait()
    manager.cleanup_connection_file()


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
    if parameters and not declared:
        raise ReviewError(
            f"{source.name} has no cell tagged parameters that declares any: begin with a copy of "
            f"notebooks/close_review.ipynb, whose parameters are {', '.join(parameters)}."
        )
    for name in parameters:
        if name not in declared:
            hint = did_you_mean(name, declared)
            raise ReviewError(f"{source.name} has no parameter {name!r}. {hint}")
