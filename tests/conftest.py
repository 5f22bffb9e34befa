"""What several tests need: the public data beside the checkout, parts a machine may lack."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from reviewlib import cli
from reviewlib.report.values import Section
from reviewlib.review import Review, open_review
from tests.properties import steady
from tests.spoken import chapter as chapter_of

settings.register_profile("suite", steady(40))
settings.load_profile("suite")
REPO = Path(__file__).resolve().parents[1]
SHARED_DATA = REPO.parent / "shared" / "data"
Require = Callable[[str | Path, str], Path]
Run = Callable[..., subprocess.CompletedProcess[str]]
Opened = Callable[..., Review]

LONGEST = (
    "tests/test_absence.py", "tests/pages/test_access.py", "tests/pages/test_page.py",
    "tests/pages/test_publish.py", "tests/money/penalties/test_metrics.py",
    "tests/test_packaging.py", "tests/pages/test_lab.py",
    "tests/delivery/delays/test_properties.py",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Keep xdist from its own order, in which the files of few tests, however long, come last."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files: begun last, one would leave the other workers idle."""
    place = {REPO / name: -place for place, name in enumerate(reversed(LONGEST), start=1)}
    items.sort(key=lambda item: place.get(item.path, 0))


def _required(part: str | Path, how_to_get: str) -> Path:
    found = part if isinstance(part, Path) else shutil.which(part)
    if found is not None and Path(found).exists():
        return Path(found)
    line = f"{part} is not here; {how_to_get}"
    if os.environ.get("CI") == "true":
        pytest.fail(line, pytrace=False)
    pytest.skip(line)


@pytest.fixture(scope="session")
def require() -> Require:
    """``require(part, how_to_get)``: where a command (text) or a file (path) is.

    The test is skipped with one line where the part is missing; with ``CI=true`` it fails, so
    that nothing goes untested unseen.
    """
    return _required


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public data that stands beside the checkout and is never copied into it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the public data that this test reads are not beside the checkout")
    return SHARED_DATA


@pytest.fixture(scope="session")
def run() -> Run:
    """``run(*words, cwd=…)``: the command line in a process of its own, as a user runs it."""

    def _run(*words: str | Path, cwd: Path = REPO) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "reviewlib", *map(str, words)]
        return subprocess.run(
            command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False
        )

    return _run


@pytest.fixture
def run_here(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """``run_here(*words)``: the same command line in this process, which has its imports already.

    What it prints and its exit code are those of ``run``; for the many tests of what a verb says.
    """

    def _run(*words: str | Path) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(REPO)
        monkeypatch.setattr(sys, "argv", ["reviewlib", *map(str, words)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert isinstance(ended.value.code, int)
        return subprocess.CompletedProcess(sys.argv, ended.value.code, *capfd.readouterr())

    return _run


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """``opened(contract, tables, as_of, language)``: the review of a folder with these texts."""

    def _opened(
        contract: str, tables: dict[str, str], as_of: str = "", language: str = "en"
    ) -> Review:
        (tmp_path / "engagement.yml").write_text(contract, encoding="utf-8")
        for name, text in tables.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return open_review(tmp_path, as_of, language)

    return _opened


@pytest.fixture
def chapter(opened: Opened, request: pytest.FixtureRequest) -> Callable[..., Section]:
    """``chapter(tables, as_of, language, terms)``: the ``CHAPTER`` of a module on its ``CONTRACT``.

    ``tables``: their texts by name; ``terms``: more of the contract.
    """
    module = request.module

    def _chapter(
        tables: dict[str, str], as_of: str = "", language: str = "en", terms: str = ""
    ) -> Section:
        return chapter_of(module.CHAPTER, opened(module.CONTRACT + terms, tables, as_of, language))

    return _chapter


@pytest.fixture
def whole(chapter: Callable[..., Section], request: pytest.FixtureRequest) -> Section:
    """The chapter of a module on all of its tables, ``WHOLE``."""
    return chapter(request.module.WHOLE)


@pytest.fixture(scope="session")
def sample_review(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped engagement, reviewed once, in French and English: the folder of its files.

    Once for all workers of xdist: the first makes it, the others wait for what it writes last.
    """
    base = tmp_path_factory.getbasetemp()
    shared_by_workers = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, outcome = shared_by_workers / "review", shared_by_workers / "review-outcome.json"
    try:
        (shared_by_workers / "review-begun").mkdir()
    except FileExistsError:
        for _ in range(6000):
            if outcome.exists():
                break
            time.sleep(0.1)
        else:
            pytest.fail("the worker that reviews the sample has gone", pytrace=False)
    else:
        done = run("close", "data/sample", "--language", "fr,en", "--output", folder)
        half = outcome.with_suffix(".half")
        half.write_text(json.dumps([done.returncode, done.stderr]), encoding="utf-8")
        half.replace(outcome)
    code, said = json.loads(outcome.read_text(encoding="utf-8"))
    assert code == 0, said
    return folder


@pytest.fixture(scope="session")
def contract_text() -> str:
    """A small valid engagement.yml: one calendar in Paris, one clause, two priorities."""
    return """\
format: 1
id: C-1
title: {fr: Support informatique, en: IT support}
language: en
time_zone: Europe/Paris
period: {first: 2024-01-01, last: 2024-12-31}
client: {name: Client}
provider: {name: Provider}
terms:
  priorities: [P1, P2]
  calendars:
    office:
      title: Office hours
      week: {mon: [["09:00", "18:00"]], tue: [["09:00", "18:00"]]}
      holidays: FR
  services:
    support: {name: Support}
  statuses:
    Waiting: {state: waiting, awaits: client}
  clauses:
    "5.2":
      title: Time to resolution
      measure: resolution
      calendar: office
      targets: {P1: 4 h, P2: 8 h}
      threshold: 95 %
      stops_at: last_resolution
      pauses: [Waiting]
"""


@pytest.fixture
def engagement_folder(tmp_path: Path, contract_text: str) -> Callable[..., Path]:
    """``engagement_folder(contract, tickets=…)``: a folder with a contract and CSV files.

    Contents are text or bytes, the keyword is the file's name without its ending; without a
    contract it is that of ``contract_text``.
    """

    def _made(contract: str | bytes | None = None, **tables: str | bytes) -> Path:
        contents = {"engagement.yml": contract_text if contract is None else contract}
        contents |= {f"{name}.csv": content for name, content in tables.items()}
        for name, content in contents.items():
            raw = content.encode() if isinstance(content, str) else content
            (tmp_path / name).write_bytes(raw)
        return tmp_path

    return _made
