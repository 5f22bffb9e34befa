"""What is late, and the day that ends its delay; days counted by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from reviewlib.delivery.lateness import late_ones

TODAY = pd.Timestamp("2025-06-10")


def dated(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a table; what ends in _date or _on is a day."""
    frame = pd.DataFrame(rows)
    days = [name for name in frame if name.endswith(("_date", "_on"))]
    return frame.astype(dict.fromkeys(days, "datetime64[s]"))


def milestone(name: str, held_to: str, reached: str | None) -> dict[str, Any]:
    return {"milestone_id": name, "title": "Cut-over", "clause": "Annex 4",
            "baseline_date": held_to, "actual_date": reached}  # fmt: skip


def deliverable(
    name: str, submitted: str | None, outcome: str | None = None, needs: str | None = None
) -> dict[str, Any]:
    """A deliverable due on 1 May, as its own module gives it."""
    return {"deliverable_id": name, "title": "Plan", "clause": "Annex 2", "due_on": "2025-05-01",
            "submitted_on": submitted, "outcome": outcome, "milestone_id": needs}  # fmt: skip


def lengths(late: pd.DataFrame) -> list[tuple[str, int, str]]:
    days = (late["last"] - late["after"]).dt.days
    return list(zip(late["subject"], days, late["ended"], strict=True))


def test_a_milestone_is_late_from_its_date_in_force_to_the_day_it_was_reached_or_today() -> None:
    """12 Nov to 14 Mar: 18 + 31 + 31 + 28 + 14 = 122; 9 June to today: one day."""
    rows = dated(
        [
            milestone("M1", "2024-11-12", "2025-03-14"),
            milestone("M2", "2024-11-12", "2024-11-12"),
            milestone("M3", "2025-06-09", None),
            milestone("M4", "2025-06-10", None),
            milestone("M5", "2025-06-11", None),
        ]
    )

    assert lengths(late_ones(rows, None, TODAY)) == [
        ("M1", 122, "reached"),
        ("M3", 1, "running"),
    ]


def test_a_deliverable_is_late_up_to_the_submission_that_was_accepted_or_that_waits() -> None:
    """D1 accepted, sent on 21 May; D2 waits, sent on the 11th; D3: nothing that could be accepted
    was sent, 30 + 10 days up to today; D4 accepted, sent on the day."""
    rows = dated(
        [
            deliverable("D1", "2025-05-21", "accepted_with_reservations"),
            deliverable("D2", "2025-05-11"),
            deliverable("D3", None),
            deliverable("D4", "2025-05-01", "accepted"),
        ]
    )

    assert lengths(late_ones(None, rows, TODAY)) == [
        ("D1", 20, "accepted"),
        ("D2", 10, "awaiting"),
        ("D3", 40, "running"),
    ]


@pytest.mark.parametrize(
    ("reached", "needs", "before"),
    [
        ("2025-05-08", "M1", 7),  # 2 to 8 May
        ("2025-04-01", "M1", 0),
        ("2025-05-21", "M1", 20),  # the whole delay, 2 to 21 May
        ("2025-06-01", "M1", None),  # it was submitted before, on 21 May
        (None, "M1", None),
        ("2025-05-08", None, None),
        ("2025-05-08", "M9", None),
    ],
)
def test_the_days_before_the_milestone_that_a_deliverable_needs_are_known(
    reached: str | None, needs: str | None, before: float | None
) -> None:
    first = dated([milestone("M1", "2025-12-31", reached)])
    rows = dated([deliverable("D1", "2025-05-21", "accepted", needs)])
    late = late_ones(first, rows, TODAY).iloc[0]

    assert (None if pd.isna(late["before"]) else late["before"]) == before


def test_what_is_not_submitted_yet_waits_for_its_milestone_up_to_today() -> None:
    """Due on 1 May, nothing sent, the milestone not reached: 40 days up to 10 June."""
    first = dated([milestone("M1", "2025-12-31", None)])
    late = late_ones(first, dated([deliverable("D1", None, None, "M1")]), TODAY).iloc[0]

    assert late["before"] == 40


def test_without_either_table_nothing_is_late() -> None:
    late = late_ones(None, None, TODAY)

    assert late.empty
    assert late["after"].dtype == late["last"].dtype == "datetime64[s]"
