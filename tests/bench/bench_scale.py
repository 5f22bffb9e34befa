"""The chapters of service levels on 10⁴, 10⁵ and 10⁶ tickets, from Parquet: seconds and memory.

Each size runs in a process of its own, as the peak of a process is never given back. Nothing here
fails for being slow: what is printed is read. One size alone: ``-k 1000000``.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

REPO = Path(__file__).resolve().parents[2]
SAMPLE = REPO / "data" / "sample"
SIZES = (10_000, 100_000, 1_000_000)
CHAPTERS = (
    "terms", "service_levels", "breaches", "sensitivity", "reconciliation", "availability",
    "durations", "flow", "handovers", "signals", "escalations", "volumes", "data_quality",
)  # fmt: skip
BESIDE = ("outages.csv", "maintenance_windows.csv", "reported_kpis.csv")  # small at any size
FIRST, DAYS = pd.Timestamp("2024-01-01", tz="UTC"), 540
TEAMS = ("Support N1", "Support N2", "Réseau", "Applications", "Systèmes")
EVENT = ["ticket_id", "at", "field", "old", "new", "actor_side", "automatic"]
Row = dict[str, Any]


# ------------------------------------------------------------------- the tickets and their log


def engagement(folder: Path, size: int) -> None:
    """Write the contract of the sample with as many tickets as asked, and about five times events.

    Drawn from a seed: a third wait for the caller, a fifth change hands, one in thirty is opened
    again, one in a hundred stays open. One event in a thousand is a duplicate.
    """
    chance = np.random.default_rng(size)
    shutil.copy(SAMPLE / "engagement.yml", folder)
    for name in BESIDE:
        if (SAMPLE / name).is_file():
            shutil.copy(SAMPLE / name, folder)
    tickets = _tickets(chance, size)
    events = _events(chance, tickets)
    again = events.sample(len(events) // 1000, random_state=1)
    log = pd.concat([events, again]).sort_values("at", kind="stable", ignore_index=True)
    tickets.drop(columns="length").to_parquet(folder / "tickets.parquet", index=False)
    log.to_parquet(folder / "ticket_events.parquet", index=False)


def _tickets(chance: np.random.Generator, size: int) -> pd.DataFrame:
    def one_of(words: tuple[str, ...], shares: tuple[float, ...]) -> pd.Categorical:
        return pd.Categorical.from_codes(chance.choice(len(words), size, p=shares), words)

    opened = np.sort(chance.integers(0, DAYS * 86_400, size))
    return pd.DataFrame(
        {
            "ticket_id": pd.Series(np.arange(size)).astype("str").str.zfill(8).radd("INC"),
            "opened_at": FIRST + pd.to_timedelta(opened, "s"),
            "kind": one_of(("incident", "request"), (0.6, 0.4)),
            "service": one_of(("support", "applications", "supervision"), (0.6, 0.25, 0.15)),
            "site": one_of(("lyon", "paris", "lille", "strasbourg"), (0.4, 0.3, 0.15, 0.15)),
            "category": one_of(("Messagerie", "Réseau", "Serveur", "Paie"), (0.4, 0.3, 0.2, 0.1)),
            "priority": one_of(("P1", "P2", "P3", "P4"), (0.02, 0.1, 0.68, 0.2)),
            "group": one_of(TEAMS, (0.5, 0.2, 0.1, 0.1, 0.1)),
            "length": np.exp(chance.normal(10.6, 1.4, size)).clip(600, 90 * 86_400),
        }
    )  # fmt: skip


def _events(chance: np.random.Generator, tickets: pd.DataFrame) -> pd.DataFrame:
    """Return the log: what is listed below, at a share of the time that each ticket takes."""
    size = len(tickets)
    every, waits, moved, opened_again, escalated = (
        chance.random(size) < share for share in (1, 0.3, 0.2, 0.03, 0.01)
    )
    solved = chance.random(size) < 0.99
    new, under_way, on_hold, done = "Nouveau", "En cours", "En attente utilisateur", "Résolu"
    listed: list[tuple[np.ndarray, float, str, str | None, str | None, str]] = [
        (every, 0.0, "status", None, new, "client"),
        (every, 0.01, "group", None, TEAMS[0], "tool"),
        (every, 0.05, "status", new, under_way, "provider"),
        (every, 0.06, "public_reply", None, None, "provider"),
        (moved, 0.1, "group", TEAMS[0], TEAMS[1], "provider"),
        (escalated, 0.2, "escalation", None, "1", "provider"),
        (escalated, 0.3, "priority", "P3", "P2", "provider"),
        (waits, 0.4, "status", under_way, on_hold, "provider"),
        (waits, 0.6, "status", on_hold, under_way, "client"),
        (solved, 1.0, "status", under_way, done, "provider"),
        (solved & opened_again, 1.2, "status", done, under_way, "client"),
        (solved & opened_again, 1.4, "status", under_way, done, "provider"),
    ]
    parts = []
    for mine, share, field, old, value, side in listed:
        rows = tickets[mine]
        at = rows["opened_at"] + pd.to_timedelta((rows["length"] * share).astype("int64"), "s")
        cells = {"field": field, "old": old, "new": value, "actor_side": side, "automatic": False}
        parts.append(pd.DataFrame({"ticket_id": rows["ticket_id"], "at": at, **cells}))
    log = pd.concat(parts)[EVENT]
    log = log[log["at"] < FIRST + pd.Timedelta(days=DAYS)]
    words = ["field", "old", "new", "actor_side"]
    return log.astype(dict.fromkeys(words, "category"))


# ---------------------------------------------------------------------------- what is measured


def review(folder: str) -> Row:
    """Return the seconds of each stage, the rows read and the peak of this process in MB."""
    from reviewlib.review import open_review
    from reviewlib.service import results
    from tests.chapters import chapter
    from tests.spoken import html

    spent: dict[str, float] = {}
    peaks: dict[str, float] = {}
    last = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal last
        now = time.perf_counter()
        spent[name], last = now - last, now
        peaks[name] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    opened = open_review(folder, language="en")
    lap("read and check")
    verdicts = len(results.verdicts(opened))
    lap("judged")
    rows = {source.table: source.rows for source in opened.engagement.sources}
    for name in CHAPTERS:
        html(chapter(name, opened))
        lap(name)
    return {"seconds": spent, "peaks": peaks, "rows": rows, "verdicts": verdicts}


def measured(folder: Path) -> Row:
    """Return what ``review`` says in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.bench_scale", str(folder)]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: Row = json.loads(done.stdout.splitlines()[-1])
    return found


def printed(size: int, found: Row) -> None:
    """Print the stages of one size that take more than a hundredth of it."""
    seconds, rows = found["seconds"], sum(found["rows"].values())
    total = sum(seconds.values())
    print(f"\n\n{size:,} tickets, {found['rows']['ticket_events']:,} events: {total:.1f} s, "
          f"{rows / total:,.0f} rows/s, peak {max(found['peaks'].values()):,.0f} MB")  # fmt: skip
    for name, spent in seconds.items():
        if spent > total / 100:
            print(f"  {name:<28} {spent:7.2f} s   {rows / spent:12,.0f} rows/s"
                  f"   peak so far {found['peaks'][name]:6,.0f} MB")  # fmt: skip


TOTALS: dict[int, float] = {}


@pytest.mark.parametrize("size", SIZES)
def test_the_chapters_of_service_levels_at_a_size(
    size: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engagement(tmp_path, size)
    found = measured(tmp_path)
    assert found["rows"]["tickets"] == size
    TOTALS[size] = sum(found["seconds"].values()) / size
    with capsys.disabled():
        printed(size, found)
        for smaller, each in TOTALS.items():
            if smaller < size:
                ratio = TOTALS[size] / each
                print(f"  time for each ticket, {size:,} / {smaller:,}: {ratio:.2f}")


if __name__ == "__main__":
    print(json.dumps(review(sys.argv[1])))
