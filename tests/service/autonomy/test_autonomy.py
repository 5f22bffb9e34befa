"""When a service level is steady, and which tickets needed nothing of the client."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter

import pandas as pd
import pytest

from reviewlib.service.autonomy import metrics
from reviewlib.service.autonomy.chapter import autonomy
from tests.sample import SAMPLE, sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import table


def points(*values: float | None) -> pd.DataFrame:
    months = [f"2026-{number:02d}" for number in range(1, len(values) + 1)]
    return pd.DataFrame({"month": months, "value": values, "target": 0.9}).astype(
        {"value": "float64"}
    )


@pytest.mark.parametrize(
    ("values", "since", "months", "state"),
    [
        ((0.95, 0.95, 0.95), "2026-01", 0, "steady"),
        ((0.8, 0.9, 0.9, 0.9, 0.1), "2026-02", 1, "steady"),  # what comes later does not count
        ((0.95, 0.95, 0.8, 0.95, 0.95), None, None, "never"),
        ((0.95, 0.95), None, None, "not_yet"),
        (
            (0.95, None, 0.95, 0.95),
            "2026-01",
            0,
            "steady",
        ),  # a month without a verdict is passed over
        ((), None, None, "not_yet"),
    ],
)
def test_a_level_is_steady_from_the_first_of_three_months_that_meet_its_threshold(
    values: tuple[float | None, ...], since: str | None, months: int | None, state: str
) -> None:
    made = metrics.level(points(*values), "2026-01")

    assert (made["steady_from"], made["months"], made["state"]) == (since, months, state)


def test_months_are_counted_from_the_first_of_the_contract() -> None:
    assert metrics.level(points(0.95, 0.95, 0.95), "2025-11")["months"] == 2


def test_a_month_of_fewer_than_ten_tickets_has_no_share() -> None:
    resolved = pd.Series(
        ["2026-01"] * 10 + ["2026-02"] * 9 + ["2026-03"], [f"T{n}" for n in range(20)]
    )
    made = metrics.alone_by_month(resolved, pd.Index(["T0", "T1", "T10"]), "2026-01", "2026-02")

    assert made["month"].tolist() == ["2026-01", "2026-02"]
    assert made["alone"].tolist() == [8, 8]
    assert made["share"].iloc[0] == 0.8
    assert pd.isna(made["share"].iloc[1])


def test_the_samples_tickets_that_never_waited_for_the_caller_are_those_of_its_log() -> None:
    """By the month of their first resolution, in Paris, read off the file line by line."""
    waited, first = set(), {}
    with (SAMPLE / "ticket_events.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file, delimiter=";"):
            if row["field"] != "status" or row["at"].startswith("le "):
                continue
            at = dt.datetime.strptime(row["at"], "%d/%m/%Y %H:%M:%S")
            if row["new"] == "En attente utilisateur":
                waited.add(row["ticket_id"])
            if row["new"] == "Résolu":
                known = first.get(row["ticket_id"], at)
                first[row["ticket_id"]] = min(at, known)
    with (SAMPLE / "tickets.csv").open(encoding="utf-8-sig") as file:
        used = {row["ticket_id"] for row in csv.DictReader(file, delimiter=";")} - {
            "INC19001", "INC19002", "INC19003",
        }  # fmt: skip
    every = Counter(f"{at:%Y-%m}" for name, at in first.items() if name in used)
    alone = Counter(f"{at:%Y-%m}" for name, at in first.items() if name in used - waited)

    rows = table(chapter_of(autonomy, sample_of()), "months").rows

    assert {row[0]: (row[1], row[2]) for row in rows} == {
        month: (every[month], alone[month]) for month in every if month <= "2025-06"
    }


def test_the_samples_rough_transition_is_told_by_the_months_before_its_levels_were_steady() -> None:
    made = chapter_of(autonomy, sample_of())

    assert made.headline == (
        "8 of 8 service levels reached three months in a row at their threshold. "
        "The last one did after 6 months."
    )
