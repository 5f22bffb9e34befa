"""The report finds in the shipped engagement what was planted in it: data/README.md lists it.

The expected figures are those of that page, worked out there by a computation of its own that
tests/test_sample.py holds to the tables; nothing here comes from the report itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

Review = dict[str, Any]


@pytest.fixture(scope="module")
def review(sample_review: dict[str, Path]) -> Review:
    text = (sample_review["en"] / "review.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def section(review: Review, slug: str) -> dict[str, Any]:
    return next(dict(s) for s in review["sections"] if s["slug"] == slug)


def fact(review: Review, fact_id: str) -> dict[str, Any]:
    chapter = section(review, fact_id.split(".", maxsplit=1)[0])
    return next(dict(found) for found in chapter["facts"] if found["id"] == fact_id)


def sentence(review: Review, finding_id: str) -> str:
    chapter = section(review, finding_id.split(".", maxsplit=1)[0])
    found = next(str(f["sentence"]) for f in chapter["findings"] if f["id"] == finding_id)
    return found.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("fact_id", "met", "n", "kept"),
    [
        ("response.met.P1", 66, 69, True),
        ("response.met.P2", 558, 582, True),
        ("response.met.P3", 3894, 4075, True),
        ("response.met.P4", 1146, 1191, True),
        ("resolution.met.P1", 65, 69, False),
        ("resolution.met.P2", 498, 582, False),
        ("resolution.met.P3", 3677, 4049, True),
        ("resolution.met.P4", 1044, 1190, True),
    ],
)
def test_every_threshold_is_judged_as_planted(
    review: Review, fact_id: str, met: int, n: int, kept: bool
) -> None:
    found = fact(review, f"service_levels.{fact_id}")

    assert (found["value"], found["n"], found["met"]) == (met / n, n, kept)


def test_the_rough_transition_is_seen_month_by_month(review: Review) -> None:
    """All priorities: 297 of 425, 234 of 320 and 286 of 356 resolutions in time."""
    chapter = section(review, "service_levels")
    months = next(t for t in chapter["tables"] if t["id"] == "service_levels.resolution.months")
    keys = [column["key"] for column in months["columns"]]
    rows = [dict(zip(keys, row, strict=True)) for row in months["rows"]]
    counted = {
        month: (
            sum(row["met"] for row in rows if row["month"] == month),
            sum(row["met"] + row["breached"] for row in rows if row["month"] == month),
        )
        for month in ("2024-01", "2024-02", "2024-03")
    }

    assert counted == {"2024-01": (297, 425), "2024-02": (234, 320), "2024-03": (286, 356)}


def test_the_backlog_of_the_transition_is_seen_and_cleared_in_spring(review: Review) -> None:
    (figure,) = section(review, "flow")["figures"]

    assert [row[3] for row in figure["table"]["rows"][:5]] == [73, 99, 113, 61, 12]
    assert fact(review, "flow.backlog")["value"] == 46


def test_the_amendment_is_shown_under_both_terms(review: Review) -> None:
    said = sentence(review, "service_levels.resolution.P2.amendment.1")

    for words in ("from 8 h to 6 h", "90.4% (n = 282)", "94.0% (n = 300)", "81.0% (n = 300)"):
        assert words in said


def test_the_sensitive_period_is_compared(review: Review) -> None:
    assert "83.8% (n = 687) within" in sentence(review, "service_levels.sensitive.1")


def test_the_reported_figures_are_found_to_be_better_than_the_log(review: Review) -> None:
    said = sentence(review, "service_levels.reported")

    assert "61 higher, 0 lower, 117 equal" in said


def test_the_migration_milestone_slipped_four_times(review: Review) -> None:
    said = sentence(review, "delivery.milestone.M4")

    assert "165 days after the date of the contract" in said
    assert "moved later 4 times" in said


def test_the_deliverable_refused_twice_and_its_open_reservations_are_found(review: Review) -> None:
    said = sentence(review, "delivery.deliverable.D3")

    assert "refused 2 times" in said
    assert "2 reservations are still open" in said


def test_the_silent_department_is_named_and_the_small_one_hidden(review: Review) -> None:
    chapter = section(review, "satisfaction")

    assert "30 people invited" in sentence(review, "satisfaction.silent.logistique")
    table = next(t for t in chapter["tables"] if t["id"] == "satisfaction.response")
    assert {row[0] for row in table["rows"] if row[3] is None} == {"RH", "Marketing"}


def test_satisfaction_is_as_planted(review: Review) -> None:
    csat = next(
        f
        for f in section(review, "satisfaction")["facts"]
        if f["id"].startswith("satisfaction.csat")
    )

    assert (round(csat["value"], 3), csat["n"]) == (0.697, 76)


def test_objectives_met_and_missed_are_as_planted(review: Review) -> None:
    met = {
        f["id"].split(".")[2]: f["met"]
        for f in section(review, "engagement")["facts"]
        if f["id"].startswith("engagement.objective.")
    }

    assert met == {"O1": True, "O2": False, "O3": False, "O4": False, "O5": True, "O6": None}
    assert "was not measured" in sentence(review, "engagement.objective.O6")


def test_the_odd_rows_are_set_aside_or_repaired_and_no_others(review: Review) -> None:
    chapter = section(review, "data_quality")
    tables = {table["id"]: table["rows"] for table in chapter["tables"]}
    files = [row[0] for row in tables["data_quality.set_aside"]]

    assert (files.count("tickets.csv"), files.count("ticket_events.csv")) == (4, 7)
    assert len(tables["data_quality.repaired"]) == 4
    assert len(files) == 11


def test_overdue_actions_are_the_planted_ones(review: Review) -> None:
    overdue = [
        f
        for f in section(review, "lessons")["findings"]
        if {"A3", "A7", "A9"} <= set(f["evidence"])
    ]

    assert len(overdue) == 1


def test_every_finding_that_a_lesson_names_is_in_the_report(review: Review) -> None:
    ids = {f["id"] for s in review["sections"] for f in s["findings"]}
    chapter = section(review, "lessons")
    table = next(t for t in chapter["tables"] if any(c["key"] == "finding" for c in t["columns"]))
    place = [c["key"] for c in table["columns"]].index("finding")
    named = {row[place] for row in table["rows"] if row[place]}

    assert len(named) >= 5
    assert named <= ids
