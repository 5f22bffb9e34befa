"""The notebook that JupyterLab's scheduler runs, against a real server with jupyter-scheduler."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).resolve().parents[2]
TOKEN = "only-here"
OVER = ("COMPLETED", "FAILED")  # one that has not begun yet is told to be STOPPED


class Server:
    """A Jupyter server and its scheduler, spoken to over REST."""

    def __init__(self, root: Path, address: str) -> None:
        self.root, self.address = root, address

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/{path}", data, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def environment(self) -> str:
        return str(self.ask("scheduler/runtime_environments")[0]["name"])

    def job(self, parameters: dict[str, str]) -> dict[str, Any]:
        """Create a job of the notebook, wait for its end and return what is told of it."""
        body = {
            "input_uri": "run_review.ipynb",
            "name": "review",
            "runtime_environment_name": self.environment(),
            "output_formats": ["ipynb"],
            "parameters": parameters,
        }
        job = f"scheduler/jobs/{self.ask('scheduler/jobs', body)['job_id']}"
        until = time.monotonic() + 300
        while (about := self.ask(job))["status"] not in OVER and time.monotonic() < until:
            time.sleep(0.5)
        return dict(about)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if importlib.util.find_spec("jupyter_scheduler") is None:
        line = "jupyter-scheduler is not here; pip install 'reviewlib[scheduler]'"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(line)
    home = tmp_path_factory.mktemp("jupyter")
    root = home / "root"
    root.mkdir()
    (home / "DATA").mkdir()  # the scheduler puts its database there, and makes no folder
    shutil.copy(REPO / "notebooks" / "run_review.ipynb", root)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    places = {f"JUPYTER_{name}_DIR": str(home / name) for name in ("DATA", "CONFIG", "RUNTIME")}
    words = ["-m", "jupyter_server", f"--port={port}", f"--ServerApp.root_dir={root}"]
    words += [f"--IdentityProvider.token={TOKEN}", "--no-browser", "--allow-root"]
    log = (home / "log").open("wb")
    env = {**os.environ, **places, "PYTHONPATH": str(REPO)}
    process = subprocess.Popen([sys.executable, *words], cwd=home, env=env, stdout=log, stderr=log)
    here = Server(root, f"http://127.0.0.1:{port}")
    try:
        for _ in range(240):
            try:
                here.ask("scheduler/runtime_environments")
                break
            except urllib.error.HTTPError:
                pytest.fail((home / "log").read_text())  # the extension was not loaded
            except OSError:
                assert process.poll() is None, (home / "log").read_text()
                time.sleep(0.25)
        yield here
    finally:
        process.kill()
        process.wait()
        log.close()


@pytest.fixture
def engagement(tmp_path: Path) -> Path:
    """The shipped engagement in a folder whose name has an apostrophe and a space."""
    folder = tmp_path / "l'engagement 1"
    shutil.copytree(REPO / "data" / "sample", folder)
    return folder


def test_a_job_keeps_the_review_of_its_period_in_the_folder_of_the_engagement(
    server: Server, engagement: Path
) -> None:
    about = server.job({"engagement": json.dumps(str(engagement)), "period": '"2024Q2"'})

    assert about["status"] == "COMPLETED", about.get("status_message")
    page = (engagement / "reviews" / "2024Q2" / "review.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")


def test_a_parameter_without_its_quotes_and_a_relative_folder_fail_the_job(
    server: Server, engagement: Path
) -> None:
    bare = server.job({"engagement": str(engagement)})
    relative = server.job({"engagement": '"engagement-1"', "period": '"2024Q2"'})

    assert (bare["status"], relative["status"]) == ("FAILED", "FAILED")
    assert "not found" in relative["status_message"]
    assert not (engagement / "reviews").exists()
