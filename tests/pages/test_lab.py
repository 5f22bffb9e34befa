"""The notebook in a real JupyterLab: a cell shows its chapter as the page does, in both themes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

REPO = Path(__file__).resolve().parents[2]
BROWSER = REPO / "tests" / "browser"
WELL = ("floats", "rows", "marks", "stripes", "overflow", "violations")
SETTINGS = "lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
CELLS = {
    "open": "from reviewlib import open_review\n"
    "review = open_review({folder!r}, language='en')\nreview",
    "milestones": "from reviewlib.delivery.milestones import chapter\n"
    "milestones = chapter.milestones(review)\nmilestones",
    "earned-value": "from reviewlib.money.earned_value import chapter\n"
    "chapter.earned_value(review)",
    "lessons": "from reviewlib.lessons.lessons import chapter\nchapter.lessons(review)",
    "facts": "milestones.facts",
    "finding": "milestones.finding('milestones.M4')",
    "mistyped-finding": "try:\n    milestones.finding('milestones.M44')\n"
    "except KeyError as error:\n    print(error)",
    "tables": "review.tables()",
    "mistyped-table": "review.table('milestons')",
}
FEW_FILES = ("engagement.yml", "milestones.csv", "milestone_forecasts.csv", "changes.csv",
             "earned_value.csv", "budget.csv", "lessons.csv", "actions.csv")  # fmt: skip
CHAPTERS = 5  # of the cells above: those that show values of a chapter


def notebook(folder: Path) -> nbformat.NotebookNode:
    """A notebook of a few chapters; the last of its cells raises what it is there to say."""
    cells = []
    for name, code in CELLS.items():
        source = code.replace("{folder!r}", repr(str(folder)))
        cells.append(nbformat.v4.new_code_cell(source, id=name))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.fixture(scope="module")
def lab(require: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the notebook in a JupyterLab of its own, on the loopback, behind a token."""
    require("node", "install Node.js 20 or newer")
    require("chromium", "install Debian's chromium package")
    require(BROWSER / "node_modules", "run `npm ci` in tests/browser")
    home = tmp_path_factory.mktemp("lab")
    folder = home / "engagement"
    folder.mkdir()
    for name in FEW_FILES:
        (folder / name).write_bytes((REPO / "data" / "sample" / name).read_bytes())
    work = home / "work"
    work.mkdir()
    nbformat.write(notebook(folder), work / "review.ipynb")
    quiet = home / "config" / SETTINGS
    quiet.parent.mkdir(parents=True)
    quiet.write_text('{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8")
    own = {f"JUPYTER_{one.upper()}_DIR": str(home / one) for one in ("config", "data", "runtime")}
    own |= {"IPYTHONDIR": str(home / "ipython"), "PYTHONPATH": str(REPO)}
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
        "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--ServerApp.root_dir={work}",
        "--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, env=os.environ | own, stdout=log, stderr=log, cwd=work)
    try:
        running = _running(home / "runtime", server)
        yield f"{running['url']}lab/tree/review.ipynb?token={running['token']}&reset"
    finally:
        server.terminate()
        server.wait(timeout=60)


def _running(runtime: Path, server: subprocess.Popen[bytes]) -> dict[str, Any]:
    """Return what a server writes of itself once it answers."""
    for _ in range(600):
        for file in runtime.glob("jpserver-*.json"):
            return dict(json.loads(file.read_text(encoding="utf-8")))
        assert server.poll() is None, (runtime.parent / "log").read_text(encoding="utf-8")
        time.sleep(0.1)
    pytest.fail("JupyterLab did not begin within a minute", pytrace=False)


@pytest.fixture(scope="module")
def seen_in_lab(lab: str, require: Callable[..., Path]) -> dict[str, Any]:
    """What ``browser/lab.mjs`` says of the notebook, all of whose cells it runs."""
    chromium = require("chromium", "install Debian's chromium package")
    command = ["node", str(BROWSER / "lab.mjs"), str(chromium), lab, *_pictures()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def _pictures() -> list[str]:
    """Return the folder in which to leave pictures, where one is asked for (``LAB_PICTURES``)."""
    return [folder] if (folder := os.environ.get("LAB_PICTURES", "")) else []


@pytest.mark.parametrize("width", [1280, 760])
@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_a_cell_shows_its_chapter_as_the_page_does(
    seen_in_lab: dict[str, Any], theme: str, width: int
) -> None:
    """Marks stand at their shares, values in the row of their label; nothing floats or is cut off.

    In both themes every text has the contrast that axe asks for, folded and unfolded.
    """
    looked = seen_in_lab["themes"][f"JupyterLab {theme} {width}"]

    assert {name: looked[name] for name in WELL} == {name: [] for name in WELL}
    assert looked["seen"]["chapters"] == CHAPTERS
    assert looked["seen"]["rows"] >= 7  # a milestone each
    assert looked["seen"]["marks"] >= 20


def test_every_cell_runs_and_asks_nothing_of_another_host(seen_in_lab: dict[str, Any]) -> None:
    outputs = seen_in_lab["outputs"]

    assert seen_in_lab["requests"] == []
    assert [name for name, shown in outputs.items() if not shown] == []
    assert seen_in_lab["errors"] == ["mistyped-table"]


def test_a_fold_opens_by_a_click_by_the_keyboard_and_for_a_link(
    seen_in_lab: dict[str, Any],
) -> None:
    """Closed at first, opened by a click, closed by Enter and opened by the space bar.

    The first key figure leads to its row among all figures, whose fold opens.
    """
    assert seen_in_lab["folds"] == {
        "states": [False, True, False, True],
        "linked": ["fact-milestones.delay.baseline", True, True],
    }


def test_the_tables_are_listed_and_a_mistyped_name_is_answered(seen_in_lab: dict[str, Any]) -> None:
    outputs = seen_in_lab["outputs"]

    assert "milestone_forecasts" in outputs["tables"][0]
    assert "did you mean milestones?" in outputs["mistyped-table"][0]
    assert "did you mean 'milestones.M4'?" in outputs["mistyped-finding"][0]
    assert outputs["finding"][0].startswith("milestones.M4\n    Concern: ")
    assert "Milestones reached" in outputs["facts"][0]
