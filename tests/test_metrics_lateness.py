"""What is late, and the day that ends its delay; days counted by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from reviewlib.metrics.lateness import late_ones

TODAY = pd.Timestamp("2025-06-10")


def dated(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a table; what ends in _date or _on is a day."""
    frame = pd.DataFrame(rows)
    days = [name for name in frame if name.endswith(("_date", "_on"))]
    return frame.astype(dict.fromkeys(days, "datetime64[s]"))


def milestone(name: str, held_to: str, reached: str | None) -> dict[str, Any]:
    return {"milestone_id": name, "title": "Cut-over", "clause": "Annex 4",
            "baseline_date": held_to, "actual_date": reached}  # fmt: skip


def sent(*rows: tuple[str, str, str | None, float | None]) -> pd.DataFrame:
    """Versions as their own module gives them: deliverable, day, outcome, days it waits."""
    names = ("deliverable_id", "submitted_on", "outcome", "waiting_days")
    return dated([dict(zip(names, row, strict=True)) for row in rows])


def due(name: str, on: str, needs: str | None = None) -> dict[str, Any]:
    return {"deliverable_id": name, "title": "Plan", "due_on": on, "milestone_id": needs}


def told(found: pd.DataFrame) -> list[tuple[str, int, str]]:
    days = (found["last"] - found["after"]).dt.days
    return list(zip(found["subject"], days, found["ended"], strict=True))


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

    assert told(late_ones(rows, None, None, TODAY)) == [
        ("M1", 122, "reached"),
        ("M3", 1, "running"),
    ]


def test_a_deliverable_is_late_up_to_the_submission_that_was_accepted_or_that_waits() -> None:
    """Due on 1 May. D1: its second version accepted, sent on the 21st; D2: one that waits, sent
    on the 11th; D3: refused; D4: nothing sent; D5: accepted, sent on the day."""
    rows = dated([due(f"D{i}", "2025-05-01") for i in range(1, 6)])
    versions = sent(
        ("D1", "2025-05-01", "refused", None),
        ("D1", "2025-05-21", "accepted_with_reservations", None),
        ("D1", "2025-06-01", "accepted", None),
        ("D2", "2025-05-01", "refused", None),
        ("D2", "2025-05-11", None, 30),
        ("D3", "2025-05-02", "refused", None),
        ("D5", "2025-05-01", "accepted", None),
    )

    assert told(late_ones(None, rows, versions, TODAY)) == [
        ("D1", 20, "accepted"),
        ("D2", 10, "awaiting"),
        ("D3", 40, "running"),
        ("D4", 40, "running"),
    ]


@pytest.mark.parametrize(
    ("reached", "needs", "before"),
    [
        ("2025-05-08", "M1", 7),  # 2 to 8 May
        ("2025-04-01", "M1", 0),
        ("2025-06-01", "M1", 20),  # the whole delay, 2 to 21 May
        (None, "M1", 20),
        ("2025-05-08", None, None),
        ("2025-05-08", "M9", None),
    ],
)
def test_the_days_before_the_milestone_that_a_deliverable_needs_are_known(
    reached: str | None, needs: str | None, before: float | None
) -> None:
    first = dated([milestone("M1", "2025-12-31", reached)])
    rows = dated([due("D1", "2025-05-01", needs)])
    found = late_ones(first, rows, sent(("D1", "2025-05-21", "accepted", None)), TODAY).iloc[0]

    assert (None if pd.isna(found["before"]) else found["before"]) == before


def test_without_any_of_the_tables_nothing_is_late() -> None:
    rows = dated([due("D1", "2025-05-01")])
    for found in (late_ones(None, None, None, TODAY), late_ones(None, rows, None, TODAY)):
        assert found.empty
        assert found["after"].dtype == found["last"].dtype == "datetime64[s]"
