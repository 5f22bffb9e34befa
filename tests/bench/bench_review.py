"""A close-out review in one language and in both, beside the stock way (papermill and nbconvert,
for one), and beside a plain script: interleaved, as ratios.

These machines are noisy, so nothing is asserted of the figures: each round runs the four one after
the other, in turning order, and the ratios are taken within the round.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
ROUNDS = 5
NOTEBOOK = "notebooks/close_review.ipynb"


@dataclass(frozen=True)
class Cost:
    """What a way costs: seconds on the wall and of CPU, the largest process in MB."""

    wall: float
    cpu: float
    peak: float


def measured(*commands: list[str]) -> Cost:
    """Run commands one after the other; the kernels that they start count with them."""
    wall = cpu = peak = 0.0
    for command in commands:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=REPO, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, command
        wall += time.perf_counter() - start
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss / 1024)
    return Cost(wall, cpu, peak)


def ways(scratch: Path) -> dict[str, list[list[str]]]:
    python, out = sys.executable, str(scratch / "out.ipynb")
    stock = [python, "-m", "papermill", NOTEBOOK, out, "-p", "engagement", "data/sample"]
    convert = [python, "-m", "nbconvert", "--to", "html", out, "--output-dir", str(scratch)]
    script = [python, "-m", "tests.bench.plain_script", "data/sample", str(scratch / "plain.html")]
    ours = [python, "-m", "reviewlib", "close", "data/sample", "--output", str(scratch / "ours")]
    both = [*ours, "--language", "fr,en"]
    return {"ours": [ours], "both": [both], "stock": [stock, convert], "plain": [script]}


def test_a_review_beside_the_stock_way_and_a_plain_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = ways(tmp_path)
    names = list(commands)
    costs: dict[str, list[Cost]] = {name: [] for name in names}
    for number in range(ROUNDS):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            costs[name].append(measured(*commands[name]))
    laps = subprocess.run(
        commands["plain"][0], cwd=REPO, capture_output=True, text=True, check=True
    ).stdout

    with capsys.disabled():
        print(f"\n\nreviewlib close data/sample, median of {ROUNDS} interleaved rounds")
        for name, found in costs.items():
            wall, cpu = (statistics.median(getattr(c, k) for c in found) for k in ("wall", "cpu"))
            peak = max(cost.peak for cost in found)
            print(f"  {name:<6} {wall:6.2f} s wall  {cpu:6.2f} s cpu  {peak:5.0f} MB peak")
        for first, second in (("ours", "stock"), ("both", "stock"), ("both", "plain")):
            pairs = zip(costs[first], costs[second], strict=True)
            ratios = sorted(a.wall / b.wall for a, b in pairs)
            print(f"  {first} / {second}: {statistics.median(ratios):.2f} "
                  f"({ratios[0]:.2f} to {ratios[-1]:.2f})")  # fmt: skip
        print("where the plain script's time goes (seconds)")
        print("".join(f"  {line}\n" for line in laps.splitlines()))
