"""A kernel that is forked shows what one of its own shows, and nothing of another run."""

from __future__ import annotations

import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from reviewlib.pages import run_due
from reviewlib.pages.execution import execute

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")
DRAWS = """\
import matplotlib.pyplot as plt
print(plt.get_fignums(), "left" in globals(), getattr(plt, "mark", None))
left = plt.mark = height
plt.plot([0, float(height)])
"""


def shown(notebook: Path, height: str) -> list[dict[str, Any]]:
    """What the last cell shows: the data of its figure, and what it printed."""
    done = execute(notebook, {"height": height})
    return [dict(output.get("data", {"text": output.get("text")})) for output in
            done.cells[-1].outputs if output.output_type != "execute_result"]  # fmt: skip


def in_worker(notebook: Path, heights: list[str], end: Connection) -> None:
    """Run in a worker, as ``run-due`` has them."""
    end.send([shown(notebook, height) for height in heights])


def test_figures_of_a_forked_kernel_are_drawn_as_alone_and_are_those_of_its_run(
    tmp_path: Path,
) -> None:
    """Matplotlib asks once, when it is imported, where its figures go: here before any kernel."""
    cells = [new_code_cell('height: str = "1"', metadata={"tags": ["parameters"]}),
             new_code_cell(DRAWS)]  # fmt: skip
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": ""}}
    notebook = tmp_path / "draws.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=kernel), notebook)
    context = run_due._context()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=in_worker, args=(notebook, ["1", "2", "1"], theirs))
    process.start()
    theirs.close()

    one, two, again = ours.recv()
    process.join()
    ours.close()
    alone = shown(notebook, "1")
    assert [list(output) for output in alone] == [["text"], ["text/plain", "image/png"]]
    assert alone[0]["text"] == "[] False None\n"
    assert one == again == alone
    assert two[0] == alone[0]
    assert two[1]["image/png"] != alone[1]["image/png"]
