"""Lessons and actions as they stood on a day; ages and delays are counted by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.lessons.lessons.metrics import actions, lessons

TODAY = pd.Timestamp("2025-06-10")


def decided(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return what ``actions`` says of rows; an action is open and of lesson L1 unless told."""
    bare = {"title": "Do it", "lesson_id": "L1", "status": "open", "owner": "lead"}
    days = dict.fromkeys(("created_on", "due_on", "done_on"))
    numbered = [bare | days | {"action_id": f"A{n}"} | row for n, row in enumerate(rows, start=1)]
    frame = pd.DataFrame(numbered).astype(dict.fromkeys(days, "datetime64[s]"))
    return actions(frame, TODAY)


def drawn(*rows: dict[str, Any], done: pd.DataFrame | None = None) -> pd.DataFrame:
    bare = {"lesson_id": "L1", "event": "It broke", "recommendation": "Try it", "kind": "improve"}
    frame = pd.DataFrame([bare | {"logged_on": None} | row for row in rows])
    return lessons(frame.astype({"logged_on": "datetime64[s]"}), done, TODAY)


def test_an_action_is_overdue_from_the_day_after_its_due_date() -> None:
    """Due on 10 June: not late on that day; due on 31 May: 10 days late."""
    rows = decided({"due_on": "2025-06-10"}, {"due_on": "2025-05-31", "status": "in_progress"})

    assert list(rows["action_id"]) == ["A2", "A1"]
    assert rows["overdue_days"].iloc[0] == 10
    assert pd.isna(rows["overdue_days"].iloc[1])


def test_the_age_of_an_action_runs_from_its_decision_while_it_is_not_done() -> None:
    """11 May to 10 June: 30 days."""
    rows = decided({"created_on": "2025-05-11"}, {"created_on": "2025-05-11", "status": "done"})

    assert rows["age_days"].iloc[0] == 30
    assert pd.isna(rows["age_days"].iloc[1])


def test_what_is_done_or_dropped_is_never_overdue() -> None:
    late = {"due_on": "2025-01-01"}
    rows = decided(late | {"status": "done", "done_on": "2025-01-09"}, late | {"status": "dropped"})

    assert rows["overdue_days"].isna().all()
    assert not rows["undone"].any()
    assert rows["late_days"].iloc[0] == 8


def test_an_action_done_after_the_day_of_the_review_was_still_open_then() -> None:
    rows = decided({"status": "done", "done_on": "2025-06-11", "due_on": "2025-06-01"}).iloc[0]

    assert (rows["status"], rows["overdue_days"]) == ("open", 9)
    assert pd.isna(rows["done_on"])


def test_an_action_decided_after_the_day_of_the_review_is_not_known() -> None:
    rows = decided({"created_on": "2025-06-11"}, {"created_on": None}, {"created_on": "2025-06-10"})

    assert list(rows["action_id"]) == ["A2", "A3"]


def test_the_longest_overdue_stands_first_and_what_is_done_last() -> None:
    rows = decided(
        {"status": "done"}, {"due_on": "2025-07-01"}, {"due_on": "2025-06-01"},
        {"due_on": "2025-03-01"}, {},
    )  # fmt: skip

    assert list(rows["action_id"]) == ["A4", "A3", "A2", "A5", "A1"]


def test_a_lesson_is_observed_until_all_of_its_actions_are_done() -> None:
    half = decided({"status": "done"}, {"status": "in_progress"})
    whole = decided({"status": "done"}, {"status": "done"}, {"status": "dropped"})

    assert drawn({}, done=half)["state"].tolist() == ["observed"]
    assert drawn({}, done=whole)["state"].tolist() == ["untested"]
    assert drawn({}, done=whole)[["wanted", "done"]].values.tolist() == [[2, 2]]


def test_a_lesson_without_an_action_or_with_dropped_ones_only_stays_observed() -> None:
    dropped = decided({"status": "dropped"})

    assert drawn({}, done=dropped)["state"].tolist() == ["observed"]
    assert drawn({"lesson_id": "L2"}, done=dropped)["wanted"].tolist() == [0]
    assert drawn({})["state"].tolist() == ["observed"]


def test_a_lesson_written_down_after_the_day_of_the_review_is_not_known() -> None:
    rows = drawn({"logged_on": "2025-06-11"}, {"lesson_id": "L2", "logged_on": "2025-06-10"})

    assert list(rows["lesson_id"]) == ["L2"]
