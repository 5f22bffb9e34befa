"""Twenty engagements by one quarter: ``run-due`` beside shell loops over ``close`` and ``period``.

These machines are noisy, so nothing is asserted of the times. ENGAGEMENTS=5 takes fewer of them. Of
the loops a quarter of the engagements are run and counted fourfold: each is a process of its own,
so that none is cheaper than another.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

REPO = Path(__file__).resolve().parents[2]
ENGAGEMENTS = int(os.environ.get("ENGAGEMENTS", "20"))
COMMAND = [sys.executable, "-m", "reviewlib"]
FORMS, QUARTER = ("close", "period", "run-due"), "2024Q1"


@dataclass
class Cost:
    """What a way costs: seconds on the wall and of CPU, the most memory (MB)."""

    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0

    def add(self, other: Cost, times: float = 1.0) -> None:
        self.wall += other.wall * times
        self.cpu += other.cpu * times
        self.peak = max(self.peak, other.peak)


class Watch(threading.Thread):
    """What a process and all below it take: CPU, and the most memory, with shared pages once."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.top, self.over = psutil.Process(pid), threading.Event()
        self.peak, self.cpu = 0.0, dict[int, float]()

    def run(self) -> None:
        while not self.over.wait(0.3):
            with suppress(psutil.Error):
                self.look()

    def look(self) -> None:
        total = 0
        for process in (self.top, *self.top.children(recursive=True)):
            with suppress(psutil.Error):
                total += process.memory_full_info().pss
                self.cpu[process.pid] = sum(process.cpu_times()[:2])
        self.peak = max(self.peak, total / 2**20)


def measured(words: list[str]) -> Cost:
    """Run a command and return what it costs."""
    began = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *words], cwd=REPO, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    watch = Watch(process.pid)
    watch.start()
    assert process.wait() == 0, words
    watch.over.set()
    watch.join()
    return Cost(time.perf_counter() - began, sum(watch.cpu.values()), watch.peak)


def laid_out(root: Path, number: int) -> Path:
    """The shipped engagement under another number, which stands in its page and its values."""
    folder = root / f"engagement-{number:02}"
    shutil.copytree(REPO / "data" / "sample", folder, ignore=shutil.ignore_patterns("review*"))
    contract = folder / "engagement.yml"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(text.replace("\nid: ", f"\nid: {number:02}-", 1), encoding="utf-8")
    return folder


def test_run_due_beside_shell_loops(tmp_path: Path) -> None:
    folders = [laid_out(tmp_path / "all", number) for number in range(ENGAGEMENTS)]
    few = folders[: max(1, ENGAGEMENTS // 4)]
    costs = {form: Cost() for form in FORMS}
    for number, folder in enumerate(few):
        out = ["--output", str(tmp_path / "out" / str(number))]
        for form, words in (("close", ["close", folder]), ("period", ["period", folder, QUARTER])):
            costs[form].add(measured([*map(str, words), *out]), len(folders) / len(few))
    due = ["run-due", "--root", str(tmp_path / "all"), "--jobs", "2", "--now", "2024-04-01"]
    costs["run-due"].add(measured(due))

    ours = costs["run-due"]
    print(f"\n{ENGAGEMENTS} engagements, one quarter each, beside run-due on two cores")
    for form, cost in costs.items():
        ratios = f"{cost.wall / ours.wall:4.1f} × the time, {cost.cpu / ours.cpu:4.1f} × the CPU"
        print(
            f"{form:8} {cost.wall:6.0f} s, {cost.cpu:6.0f} s of CPU  {ratios}  {cost.peak:5.0f} MB"
        )
    pages = [folder / "reviews" / QUARTER / "review.html" for folder in folders]
    hashes = {hashlib.sha256(page.read_bytes()).hexdigest() for page in pages}
    assert len(hashes) == len(folders)
    assert [f"{n:02}-" in page.read_text("utf-8") for n, page in enumerate(pages)] == [True] * len(
        pages
    )
