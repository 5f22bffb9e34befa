"""The README and docs/ are true: their commands run as they stand, and what they name is there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from reviewlib.tables import SCHEMAS
from tests import docs, pictures

REPO = Path(__file__).resolve().parents[1]
README = (REPO / "README.md").read_text(encoding="utf-8")
PAGES = {
    path: path.read_text(encoding="utf-8")
    for path in [REPO / "README.md", *sorted((REPO / "docs").glob("*.md"))]
}
BESIDE = [REPO / name for name in ("MAINTAINING.md", "CHANGELOG.md", "data/README.md")]
Run = Callable[..., subprocess.CompletedProcess[str]]


def blocks(language: str) -> list[str]:
    text = "\n".join(PAGES.values())
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def inline(text: str) -> list[str]:
    """What stands between backquotes in running text and in tables."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


def commands(start: str) -> list[str]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    found = [line for line in lines if line.startswith(start)]
    assert found, start
    return found


def test_the_commands_on_an_engagement_of_ones_own_do_as_they_say(run: Run, tmp_path: Path) -> None:
    """``new`` lays out the folder; ``check`` and ``close`` then name the blanks to fill."""
    codes = {}
    for line in commands("reviewlib"):
        _, verb, *words = shlex.split(line)
        if "my-engagement" in words:
            done = run(verb, *words, cwd=tmp_path)
            assert "Traceback" not in done.stderr
            codes[verb] = done.returncode

    assert codes == {"new": 0, "check": 2, "close": 2}
    assert (tmp_path / "my-engagement" / "COLUMNS.md").is_file()


def test_the_ticket_of_the_readme_is_explained(run: Run) -> None:
    (line,) = commands("reviewlib ticket")
    done = run(*shlex.split(line)[1:])

    assert done.returncode == 0, done.stderr
    for said in ("2025-04-18 08:00:00", "Art. 5.2", "→"):
        assert said in done.stdout


def test_the_statement_of_the_readme_is_a_page_and_a_workbook(run: Run, tmp_path: Path) -> None:
    (line,) = commands("reviewlib penalties")
    words = shlex.split(line)[1:]
    words[words.index("--output") + 1] = str(tmp_path)
    done = run(*words)

    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["penalties.html", "penalties.xlsx"]


def test_the_import_of_the_readme_gives_a_folder_that_can_be_reviewed(
    run: Run, shared: Path, tmp_path: Path
) -> None:
    log = shared / "uci_servicenow_498" / "incident_event_log.zip"
    (tmp_path / log.name).symlink_to(log)
    line = next(line for line in commands("reviewlib import") if log.name in line)
    done = run(*shlex.split(line)[1:], cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert run("check", "my-log", cwd=tmp_path).returncode == 0


def test_the_papermill_command_of_the_readme_names_a_parameter_that_exists() -> None:
    (line,) = commands("papermill")
    words = shlex.split(line)
    done = subprocess.run(
        [sys.executable, "-m", *words[:2], "--help-notebook"],
        cwd=REPO, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert words[words.index("-p") + 1] in done.stdout


@pytest.mark.parametrize("block", blocks("python"))
def test_the_python_of_the_pages_gives_what_its_comment_says(
    block: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    *lines, last, comment = block.strip().splitlines()
    monkeypatch.chdir(REPO)
    names: dict[str, object] = {}
    exec("\n".join(lines), names)
    result = eval(last, names)

    assert str(result) == comment.removeprefix("# ").split(": ")[0]


def anchors(page: Path) -> set[str]:
    """The names of the headings of a page, as they are linked to."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*PAGES, *BESIDE], ids=lambda page: page.name)
def test_every_file_and_heading_that_a_page_links_to_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)|(?:href|src)=\"([^\"]+)\"", text)
    places = [(first or second).partition("#") for first, second in links]

    targets = [(page.parent / path if path else page, anchor) for path, _, anchor in places]
    assert [target for target, _ in targets if not target.exists()] == []
    assert [(t, anchor) for t, anchor in targets if anchor and anchor not in anchors(t)] == []


def test_the_readme_leads_to_every_page_of_the_reference() -> None:
    links = set(re.findall(r"\]\(([^)]+)\)", README))

    assert {path.relative_to(REPO).as_posix() for path in PAGES} - {"README.md"} <= links


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_a_page_names_is_there(page: Path) -> None:
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`make (\w+)`|^make (\w+)$", PAGES[page], re.MULTILINE))
    targets = {first or second for first, second in named}

    assert page.name != "README.md" or {"review", "test", "lint", "bench"} <= targets
    assert [name for name in targets if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_option_verb_and_table_that_a_page_names_is_there(page: Path) -> None:
    commands_page = docs.commands()
    verbs = set(re.findall(r"^### `reviewlib ([\w-]+)", commands_page, re.MULTILINE))
    options = {*re.findall(r"--[a-z-]+", commands_page), "--help", "--version"}
    named = inline(PAGES[page])

    words = [word for code in named for word in re.findall(r"(?<![\w-])--[a-z][a-z-]*", code)]
    calls = [code.split()[1] for code in named if re.match(r"reviewlib [a-z]", code)]
    tables = [code for code in named if re.fullmatch(r"\w+\.csv", code)]
    assert [word for word in words if word not in options] == []
    assert [verb for verb in calls if verb not in verbs] == []
    assert [name for name in tables if name.removesuffix(".csv") not in SCHEMAS] == []


def test_the_readme_shows_the_front_in_both_languages_before_its_first_heading() -> None:
    opening = README.partition("\n## ")[0]
    shown = dict(re.findall(r"<img src=\"([^\"]+)\" [^>]*alt=\"([^\"]+)\"", opening))

    assert list(shown) == ["docs/pictures/front.fr.png", "docs/pictures/front.en.png"]
    assert all(len(words) > 60 for words in shown.values())
    for name in shown:
        assert (REPO / name).stat().st_size < pictures.LARGEST
        with Image.open(REPO / name) as picture:
            assert picture.format == "PNG"
            assert picture.width == pictures.WIDTH
            assert picture.width < picture.height <= pictures.HEIGHT
