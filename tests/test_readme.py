"""The README is true: its commands run as they stand, and what it names is there."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
README = (REPO / "README.md").read_text(encoding="utf-8")
Run = Callable[..., subprocess.CompletedProcess[str]]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


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
def test_the_python_of_the_readme_gives_what_its_comment_says(block: str) -> None:
    *lines, last, comment = block.strip().splitlines()
    names: dict[str, object] = {}
    exec("\n".join(lines), names)
    result = eval(last, names)

    assert str(result.iloc[0]) == comment.removeprefix("# ").split(": ")[0]  # type: ignore[attr-defined]


def test_every_file_and_folder_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)

    assert len(links) >= 3
    assert [link for link in links if not (REPO / link).exists()] == []


def test_every_make_target_that_the_readme_names_is_there() -> None:
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`make (\w+)`|^make (\w+)$", README, re.MULTILINE))
    targets = {first or second for first, second in named}

    assert {"review", "test", "lint", "bench"} <= targets
    assert [name for name in targets if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []
