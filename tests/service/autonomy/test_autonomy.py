"""The first run of months at a threshold, and which tickets never waited for the client’s side."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from typing import Any

import pandas as pd
import pytest

from reviewlib.calendars.dates import last_month_over
from reviewlib.review import open_period
from reviewlib.service.autonomy import metrics
from reviewlib.service.autonomy.chapter import autonomy
from reviewlib.service.autonomy.former import amended
from reviewlib.service.control.series import Rebase, Series
from tests.sample import SAMPLE, sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import sentence, table


def points(*values: float | None) -> pd.DataFrame:
    months = [f"2026-{number:02d}" for number in range(1, len(values) + 1)]
    return pd.DataFrame({"month": months, "value": values, "target": 0.9}).astype(
        {"value": "float64"}
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.95, 0.95, 0.95), ("2026-01", 0, 0, 0, "found")),
        ((0.8, 0.9, 0.9, 0.9, 0.1, 0.9), ("2026-02", 1, 2, 1, "found")),
        ((0.95, 0.95, 0.8, 0.95, 0.95), (None, None, 0, 0, "never")),
        ((0.95, 0.95), (None, None, 0, 0, "not_yet")),
        ((0.95, None, 0.95, 0.95), (None, None, 0, 0, "never")),  # a month without a verdict
        ((0.95, None, None, 0.95, None, 0.95), (None, None, 0, 0, "never")),  # Jan, Apr and Jun
        ((0.95, None, 0.95, 0.95, 0.95, 0.8), ("2026-03", 2, 1, 0, "found")),
        ((), (None, None, 0, 0, "not_yet")),
    ],
)
def test_the_first_run_of_three_months_at_the_threshold_and_the_months_after_it(
    values: tuple[float | None, ...], expected: tuple[Any, ...]
) -> None:
    made = metrics.level(points(*values), "2026-01")

    assert tuple(made[name] for name in ("run_from", "months", "since", "met", "state")) == expected


def test_a_month_that_has_no_row_breaks_a_run_and_december_is_followed_by_january() -> None:
    gaps = points(*[0.95] * 6).iloc[[0, 3, 5]]
    turn = points(0.95, 0.95, 0.95).assign(month=["2025-11", "2025-12", "2026-01"])

    assert metrics.level(gaps, "2026-01")["state"] == "never"
    assert metrics.level(turn, "2025-11")["run_from"] == "2025-11"


def test_months_are_counted_from_the_first_of_the_contract() -> None:
    assert metrics.level(points(0.95, 0.95, 0.95), "2025-11")["months"] == 2


def test_only_amendments_since_the_run_began_judge_the_months_after_it_by_other_terms() -> None:
    """In force from March, May and, after the last month, July; a change of the process is none."""
    at = [("2026-03", "amendment"), ("2026-05", "amendment"), ("2026-06", "change")]
    stated = [Rebase(month, dt.date(2026, 1, 1), kind, month) for month, kind in at]
    late = Rebase("2026-07", dt.date(2026, 7, 1), "amendment", "late")
    series, after = Series(points(), (*stated, late)), ("2026-04", "2026-05", "2026-06")

    assert amended(series, "2026-01", after) == (("2026-03", "2026-05"), after)
    assert amended(series, "2026-03", after) == (("2026-05",), ("2026-05", "2026-06"))
    assert amended(series, "2026-05", ()) == ((), ())


@pytest.mark.parametrize(
    ("today", "last"),
    [("2025-03-31", "2025-03"), ("2025-03-30", "2025-02"), ("2025-01-01", "2024-12")],
)
def test_a_month_is_over_on_its_last_day(today: str, last: str) -> None:
    assert last_month_over(pd.Timestamp(today)) == last


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


def test_the_sample_says_by_which_terms_the_months_after_a_run_are_under_the_threshold() -> None:
    """Resolution of P2: July to September 2024, then nine months by the 6 hours of October.

    February and June 2025 meet it. By the 8 hours before, 37 of 45 in December and 25 of 29 in
    March are under 90 %.
    """
    made = chapter_of(autonomy, sample_of(), language="en")

    assert made.headline == (
        "8 of 8 service levels met their threshold three months in a row; of the months after, 72 "
        "of 89 did."
    )
    (under,) = [one for one in made.findings if one.id.startswith("autonomy.under")]
    assert under.sentence == (
        "Resolution · P2: from Oct 2024 on, 7 of 9 months are under the threshold with the terms "
        "of Avenant 1; with the earlier terms 2 of 9 would be."
    )
    assert under.decision.startswith("For the next contract: ")
    assert under.evidence == ("Art. 5.2",)


def test_a_quarter_says_what_the_months_from_the_beginning_say() -> None:
    """To the end of 2024 three months have come after it, all under the threshold; by the terms
    before, December alone.
    """
    made = chapter_of(autonomy, open_period(SAMPLE, "2024Q4"), language="en")

    assert made.headline.startswith("8 of 8 service levels")
    assert sentence(made, "autonomy.under.resolution.P2").endswith(
        "3 of 3 months are under the threshold with the terms of Avenant 1; with the earlier terms "
        "1 of 3 would be."
    )
    assert table(made, "months").rows[-1][0] == "2024-12"


def test_who_waited_is_said_by_the_status_of_the_log() -> None:
    assert (
        "has it in “En attente utilisateur”."
        in chapter_of(autonomy, sample_of(), language="en").intro
    )
