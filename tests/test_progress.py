"""How far a command is: on a terminal (a pseudo-terminal here), in a log, in a library's use."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reviewlib import progress
from tests.conftest import REPO, Run

LINE = re.compile(r"\d\d:\d\d:\d\d (.+)")
TWO_STAGES = """
import time
from reviewlib import progress
progress.PATIENCE = {patience}
with progress.shown():
    progress.stage("tickets[1].csv", 2)
    progress.step()
    time.sleep(0.5)
print("done")
"""


def on_a_terminal(program: str) -> str:
    """What a program writes on a terminal, control sequences included."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", program]
    words = os.environ | {"TERM": "xterm"}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, cwd=REPO, env=words) as process:
        os.close(theirs)
        written = b""
        try:
            while part := os.read(ours, 4096):
                written += part
        except OSError:  # the other end is closed
            pass
        finally:
            os.close(ours)
        assert process.wait() == 0
    return written.decode()


def test_a_stage_that_takes_its_time_has_a_bar_on_a_terminal_and_leaves_nothing() -> None:
    written = on_a_terminal(TWO_STAGES.format(patience=0.05))

    assert "tickets[1].csv" in written  # as it is: what stands in brackets is no markup
    erased = written.rindex("\x1b[2K")
    assert "tickets" not in written[erased:]
    assert "done" in written[erased:]


def test_what_is_done_within_a_second_shows_no_bar() -> None:
    written = on_a_terminal(TWO_STAGES.format(patience=60))

    assert "tickets" not in written
    assert "done" in written


def test_in_a_log_each_stage_is_a_line_with_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown():
        progress.stage("tickets.csv", 2)
        progress.step()
        progress.stage("milestones.csv")

    lines = capsys.readouterr().err.splitlines()
    assert [LINE.fullmatch(line)[1] for line in lines] == ["tickets.csv", "milestones.csv"]  # type: ignore[index]


def test_without_a_command_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    progress.stage("tickets.csv")
    progress.step()
    with progress.shown(lines=False):
        progress.stage("tickets.csv")

    assert capsys.readouterr() == ("", "")


def test_the_log_of_a_review_tells_its_stages_in_the_language_of_its_first_page(
    run: Run, tmp_path: Path, contract_text: str
) -> None:
    folder = tmp_path / "engagement"
    folder.mkdir()
    (folder / "engagement.yml").write_text(contract_text, encoding="utf-8")

    done = run("close", folder, "--language", "fr,en")

    assert done.returncode == 0, done.stderr
    assert [LINE.fullmatch(line)[1] for line in done.stderr.splitlines()] == [  # type: ignore[index]
        "Ouverture du dossier, rédaction des chapitres",
        "Écriture de 2 pages",
    ]
