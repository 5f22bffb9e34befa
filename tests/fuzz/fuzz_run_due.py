"""``run-due`` killed at random points, itself or one of its processes: a hundred, or as many as the
``FUZZ_MINUTES`` allow.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.scheduling.engagements import lay_out

REPO = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("KILLS", "100"))
MINUTES = float(os.environ.get("FUZZ_MINUTES", "60"))
QUARTERS = ("2024Q1", "2024Q2")
FILES = {"review.html", "review.json", "review.ipynb"}


def started(root: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "reviewlib", "run-due", "--root", str(root), "--jobs", "2"]
    return subprocess.Popen(words, cwd=REPO, stdout=subprocess.DEVNULL)


def check_whole(root: Path) -> int:
    """Return how many reviews there are; the test fails where one is not whole, or made twice."""
    places = [p for p in root.glob("*/reviews/[!.]*") if p.is_dir()]
    for place in places:
        assert place.name in QUARTERS, place
        assert {path.name for path in place.iterdir()} == FILES
        json.loads((place / "review.json").read_text(encoding="utf-8"))
        assert (place / "review.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    return len(places)


def strike(run: subprocess.Popen[bytes], chance: random.Random) -> None:
    """Kill the run, or any one of the processes below it."""
    below = psutil.Process(run.pid).children(recursive=True)
    victim = chance.choice([run.pid, *(process.pid for process in below)])
    os.kill(victim, signal.SIGKILL)


def test_killed_anywhere_every_review_is_whole_and_the_next_run_goes_on(tmp_path: Path) -> None:
    chance = random.Random(os.environ.get("SEED", "13"))
    root, length, ends = tmp_path, 20.0, time.monotonic() + MINUTES * 60
    for kill in range(KILLS):
        if kill % 4 == 0:
            root = tmp_path / str(kill)
            folders = [lay_out(root / name) for name in ("one", "two")]
            made = {}
        run = started(root)
        time.sleep(chance.uniform(0.5, length))
        if run.poll() is None:
            strike(run, chance)
        run.wait()
        check_whole(root)
        now = {p: p.stat().st_mtime_ns for p in root.glob("*/reviews/*/review.html")}
        assert made.items() <= now.items(), "a review was made again"
        made = now
        if kill % 4 == 3 or kill == KILLS - 1:
            time.sleep(2)  # workers of a run that was killed end within it
            began = time.monotonic()
            again = started(root)
            assert again.wait() == 0
            length = max(length / 2, time.monotonic() - began)
            assert check_whole(root) == len(folders) * len(QUARTERS)
            assert [*root.glob("*/reviews/.*")] == []
            print(f"{kill + 1} kills, {len(made)} made before the last run", flush=True)
            if time.monotonic() > ends:
                break
