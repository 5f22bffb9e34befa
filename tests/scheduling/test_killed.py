"""A run that is killed leaves whole reviews, and the next one makes the others, once each."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.files import write_together
from reviewlib.folder import tries
from reviewlib.folder.kept import next_place
from reviewlib.pages import periodic, run_due
from tests.scheduling.engagements import EXTRACTED, lay_out

REPO = Path(__file__).resolve().parents[2]
FILES = ("review.html", "review.json", "review.ipynb")
MONTHS = [f"2024-{month:02}" for month in range(1, 7)]
KILLS = 40
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")


def content(period: str) -> bytes:
    return f"{period} ".encode() * 100_000


def attend_all(folder: Path) -> None:
    now = run_due.dt.datetime(2025, 1, 1, tzinfo=run_due.dt.UTC)
    for _ in run_due.attend(run_due.Order(folder, now)):
        pass


def whole_reviews(folder: Path) -> set[str]:
    """The names of the reviews that are kept; the test fails where one is not whole."""
    names = set()
    for place in (folder / "reviews").glob("[!.]*"):
        if place.name != tries.FAILED:
            texts = {path.name: path.read_bytes() for path in place.iterdir()}
            assert texts == dict.fromkeys(FILES, content(place.name)), place.name
            names.add(place.name)
    return names


def test_killed_at_any_point_each_review_is_whole_or_absent_and_none_is_made_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six months, of three files of 800 kB each, made at once by a stub; 40 points of two runs."""

    def period(folder: Path, period: ReviewPeriod, wanted: Any, _: Any) -> None:
        write_together(next_place(folder, period), dict.fromkeys(FILES, content(period.name)))

    monkeypatch.setattr(periodic, "period", period)
    chance = random.Random(13)
    more = f"governance: {{reviews: {{every: month}}}}\n{EXTRACTED}"
    killed, counts, length = tmp_path, set(), 0.0
    for number in range(KILLS):
        if number % 5 == 0:  # a whole run beside each, as long as one takes on the machine by then
            whole = lay_out(tmp_path / f"whole {number}", more=more)
            began = time.monotonic()
            attend_all(whole)
            length = time.monotonic() - began
            killed = lay_out(tmp_path / f"killed {number}", more=more)
        child = os.fork()
        if child == 0:
            attend_all(killed)
            os._exit(0)
        time.sleep(chance.uniform(0, length))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        counts.add(len(whole_reviews(killed)))
        if number % 5 == 4:
            attend_all(killed)
            assert whole_reviews(killed) == {*MONTHS}
            assert [p.name for p in (killed / "reviews").glob(".*")] == []
    assert len(counts) > 2, "the points are not spread over the run"


def test_the_workers_of_a_run_that_is_killed_end_with_it(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "one")
    words = [sys.executable, "-m", "reviewlib", "run-due", "--root", str(tmp_path)]
    run = subprocess.Popen(words, cwd=REPO, stdout=subprocess.DEVNULL)
    lock, until = folder / "reviews" / tries.LOCK, time.monotonic() + 120
    while not lock.exists():
        assert time.monotonic() < until
        time.sleep(0.05)
    time.sleep(0.5)
    run.kill()
    run.wait()

    free = False
    while not free and time.monotonic() < until:
        time.sleep(0.1)
        with tries.at_work(folder) as free:
            pass
    assert free
    assert not (folder / "reviews" / "2024Q1").exists()


def test_a_worker_that_dies_is_a_failure_that_is_told_and_tried_again(tmp_path: Path) -> None:
    """As where there is no memory left; the other engagement is not touched by it."""
    one, two = lay_out(tmp_path / "one", last="2024-03-31"), tmp_path / "two"
    lay_out(two, last="2024-03-31")
    now = run_due.dt.datetime(2025, 1, 1, tzinfo=run_due.dt.UTC)
    orders = [run_due.Order(folder, now) for folder in (one, two)]
    statuses = []
    started = run_due._started

    def struck(context: Any, order: run_due.Order) -> Any:
        end, process = started(context, order)
        if order.folder == one:
            while not (one / "reviews" / tries.LOCK).exists():
                time.sleep(0.01)
            time.sleep(0.2)
            os.kill(process.pid or 0, signal.SIGKILL)
        return end, process

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_due, "_started", struck)
        statuses += run_due.run_all(orders, 2)
    assert sorted((one.folder.name, one.period, one.state) for one in statuses) == [
        ("one", "2024Q1", "failed"),
        ("two", "2024Q1", "made"),
    ]
    assert "signal 9" in tries.failures(one)["2024Q1"]
