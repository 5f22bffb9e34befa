"""Milestones against each of their dates, deliverables up to acceptance; days counted by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from reviewlib.metrics.delivery import deliverables, milestones, punctuality, versions

TODAY = pd.Timestamp("2025-06-10")


def dated(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as a table; what ends in _date or _on is a day."""
    frame = pd.DataFrame(rows)
    days = [name for name in frame if name.endswith(("_date", "_on"))]
    return frame.astype(dict.fromkeys(days, "datetime64[s]"))


def milestone(**columns: Any) -> dict[str, Any]:
    return {"milestone_id": "M1", "title": "Cut-over", "contract_date": "2024-09-30", **columns}


def judged(*rows: dict[str, Any], forecasts: pd.DataFrame | None = None) -> pd.DataFrame:
    numbered = [{**row, "milestone_id": f"M{n}"} for n, row in enumerate(rows, start=1)]
    return milestones(dated(numbered), forecasts, TODAY)


def announced(*dates: tuple[str, str]) -> pd.DataFrame:
    return dated([{"milestone_id": "M1", "reported_on": a, "forecast_date": b} for a, b in dates])


def delivered(*submissions: tuple[Any, ...], due: str = "2025-03-31") -> pd.Series:
    """Return the judgement on one deliverable from (version, submitted, decided, decision)."""
    table = dated([{"deliverable_id": "D1", "title": "Plan", "due_on": due}])
    return deliverables(table, versions(sent(*submissions), TODAY), TODAY).iloc[0]


def sent(*submissions: tuple[Any, ...]) -> pd.DataFrame:
    names = ("deliverable_id", "version", "submitted_on", "decided_on", "decision")
    frame = pd.DataFrame([("D1", *row) for row in submissions], columns=list(names))
    days = dict.fromkeys(("submitted_on", "decided_on"), "datetime64[s]")
    return frame.astype(days | {"version": "str", "decision": "str"})


# Milestones


def test_a_rebaseline_approved_in_time_explains_its_part_of_the_delay() -> None:
    """30 Sep to 14 Mar = 31 + 30 + 31 + 31 + 28 + 14 = 165 days; from 12 Nov, 18 + 31 + 31 + 28
    + 14 = 122; the 43 days between the two dates are explained."""
    found = judged(
        milestone(
            rebaselined_date="2024-11-12",
            rebaseline_approved_on="2024-09-30",
            actual_date="2025-03-14",
        )
    ).iloc[0]

    assert found["rebaseline"] == "approved"
    assert (found["contract_days"], found["baseline_days"]) == (165, 122)
    assert found["contract_days"] - found["baseline_days"] == 43


@pytest.mark.parametrize(
    ("approved_on", "verdict"), [("2024-10-01", "too_late"), (None, "not_approved")]
)
def test_a_rebaseline_approved_after_the_date_that_it_moves_does_not_count(
    approved_on: str | None, verdict: str
) -> None:
    found = judged(
        milestone(
            rebaselined_date="2024-11-12",
            rebaseline_approved_on=approved_on,
            actual_date="2024-11-12",
        )
    ).iloc[0]

    assert found["rebaseline"] == verdict
    assert found["baseline_date"] == pd.Timestamp("2024-09-30")
    assert (found["baseline_state"], found["baseline_days"]) == ("late", 43)


def test_an_approved_rebaseline_can_make_a_milestone_late_for_the_contract_only() -> None:
    found = judged(
        milestone(
            rebaselined_date="2024-11-12",
            rebaseline_approved_on="2024-09-18",
            actual_date="2024-11-11",
        )
    ).iloc[0]

    assert (found["contract_state"], found["baseline_state"]) == ("late", "on_time")
    assert found["baseline_days"] == -1


def test_the_day_itself_is_on_time_and_what_is_not_reached_is_late_from_the_next_day() -> None:
    """Today is 10 June: due the 10th is not late yet, due the 9th is late by a day."""
    found = judged(
        milestone(contract_date="2025-05-02", actual_date="2025-05-02"),
        milestone(contract_date="2025-05-02", actual_date="2025-05-03"),
        milestone(contract_date="2025-06-09"),
        milestone(contract_date="2025-06-10"),
        milestone(contract_date="2025-06-11"),
    )

    assert list(found["contract_state"]) == ["on_time", "late", "overdue", "not_due", "not_due"]
    assert list(found["contract_days"].dropna()) == [0, 1, 1]
    assert punctuality(found["contract_state"]) == (1, 3)


def test_an_announced_date_moves_later_only_where_it_is_after_the_one_before() -> None:
    """Announced 30 Sep (as the contract), 21 Oct (later), 21 Oct, 14 Oct (earlier), 12 Nov
    (later): twice. The reports are read by their dates, not in the order of the file."""
    forecasts = announced(
        ("2024-10-31", "2024-11-12"),
        ("2024-06-30", "2024-09-30"),
        ("2024-07-31", "2024-10-21"),
        ("2024-08-31", "2024-10-21"),
        ("2024-09-30", "2024-10-14"),
    )
    found = judged(milestone(), forecasts=forecasts).iloc[0]

    assert found["moved_later"] == 2
    assert found["forecast_date"] == pd.Timestamp("2024-11-12")


def test_a_first_announcement_after_the_date_in_force_is_a_move() -> None:
    first = announced(("2024-09-20", "2024-11-12"))
    agreed = milestone(rebaselined_date="2024-11-12", rebaseline_approved_on="2024-09-18")
    later = milestone(rebaselined_date="2024-11-12", rebaseline_approved_on="2024-09-25")

    assert judged(milestone(), forecasts=first)["moved_later"].tolist() == [1]
    assert judged(agreed, forecasts=first)["moved_later"].tolist() == [0]
    assert judged(later, forecasts=first)["moved_later"].tolist() == [1]


def test_a_milestone_that_is_reached_has_no_forecast_left() -> None:
    forecasts = announced(("2024-07-31", "2024-10-21"))
    found = judged(milestone(actual_date="2024-10-25"), forecasts=forecasts).iloc[0]

    assert pd.isna(found["forecast_date"])
    assert found["moved_later"] == 1


def test_without_forecasts_how_often_a_date_moved_is_not_known() -> None:
    found = judged(milestone())

    assert found["moved_later"].isna().all()
    assert found["forecast_date"].isna().all()


# Deliverables


def test_a_deliverable_is_on_time_by_the_submission_of_the_version_that_was_accepted() -> None:
    """The first version came in time and was refused; the second came 26 days after 31 March."""
    found = delivered(
        ("v1", "2025-03-28", "2025-04-10", "refused"),
        ("v2", "2025-04-26", "2025-05-03", "accepted"),
    )

    assert (found["state"], found["days"], found["version"]) == ("late", 26, "v2")
    assert (found["submissions"], found["refused"], found["attempts"]) == (2, 1, 2)
    assert found["first_pass"] == 0


def test_the_time_that_the_client_takes_to_decide_never_makes_a_deliverable_late() -> None:
    """Submitted the last day, accepted 60 days later (30 in April, 30 in May)."""
    found = delivered(("v1", "2025-03-31", "2025-05-30", "accepted_with_reservations"))

    assert (found["state"], found["days"], found["first_pass"]) == ("on_time", 0, 1)
    assert (found["decision_days"], found["cycle_days"]) == (60, 60)


def test_the_time_to_acceptance_holds_the_client_s_decisions_and_the_provider_s_rework() -> None:
    """22 Mar to 3 May = 42 days, of which 14 + 7 for the client to decide."""
    found = delivered(
        ("v1", "2025-03-22", "2025-04-05", "refused"),
        ("v2", "2025-04-26", "2025-05-03", "accepted"),
    )

    assert (found["cycle_days"], found["decision_days"]) == (42, 21)


def test_a_version_that_awaits_its_decision_is_not_judged_when_it_came_in_time() -> None:
    found = delivered(("v1", "2025-03-31", None, None))

    assert found["state"] == "awaiting"
    assert found["waiting_days"] == 71  # 30 April + 31 May + 10 June
    assert found[["days", "first_pass", "attempts", "cycle_days"]].isna().all()


def test_a_version_that_awaits_its_decision_is_late_by_the_day_of_its_submission() -> None:
    """Submitted on 10 April, 10 days late whatever the client decides, not 71 as of today."""
    found = delivered(
        ("v1", "2025-03-20", "2025-04-02", "refused"), ("v2", "2025-04-10", None, None)
    )

    assert (found["state"], found["days"], found["waiting_days"]) == ("overdue", 10, 61)


def test_a_deliverable_refused_or_never_submitted_is_late_as_of_today() -> None:
    refused = delivered(("v1", "2025-03-20", "2025-04-02", "refused"))
    absent = delivered()

    assert (refused["state"], refused["days"]) == ("overdue", 71)
    assert (absent["state"], absent["days"], absent["submissions"]) == ("overdue", 71, 0)
    assert delivered(due="2025-06-10")["state"] == "not_due"


def test_a_version_replaced_before_any_decision_was_not_accepted_at_first() -> None:
    found = delivered(
        ("v1", "2025-03-20", None, None), ("v2", "2025-03-30", "2025-04-04", "accepted")
    )

    assert (found["first_pass"], found["attempts"], found["state"]) == (0, 2, "on_time")
    assert pd.isna(found["waiting_days"])


def test_what_was_submitted_or_decided_later_is_not_known() -> None:
    """As of 10 June the decision of the 11th has not been taken, nor version 2 submitted."""
    known = versions(
        sent(("v1", "2025-06-01", "2025-06-11", "refused"), ("v2", "2025-06-12", None, None)), TODAY
    )

    assert list(known["version"]) == ["v1"]
    assert known[["decision", "decided_on"]].isna().all(axis=None)
    assert known["waiting_days"].tolist() == [9]


def test_a_decision_without_a_date_counts_and_its_delay_does_not() -> None:
    known = versions(sent(("v1", "2025-06-01", None, "refused")), TODAY)

    assert known["decision"].tolist() == ["refused"]
    assert known[["delay_days", "waiting_days"]].isna().all(axis=None)


def test_the_last_count_of_reservations_is_the_one_that_stands() -> None:
    """Two reservations with version 1, none left with version 2, nothing said with version 3."""
    submissions = sent(
        ("v1", "2025-03-01", "2025-03-05", "accepted_with_reservations"),
        ("v2", "2025-04-01", "2025-04-05", "accepted"),
        ("v3", "2025-05-01", "2025-05-05", "accepted"),
    ).assign(open_reservations=pd.array([2, 0, None], dtype="Int64"))
    table = dated([{"deliverable_id": "D1", "title": "Plan", "due_on": "2025-03-31"}])
    found = deliverables(table, versions(submissions, TODAY), TODAY).iloc[0]

    assert (found["reservations"], found["version"]) == (0, "v1")


def test_columns_that_the_folder_does_not_have_are_missing_values() -> None:
    bare = dated([{"deliverable_id": "D1", "version": "v1", "submitted_on": "2025-03-30"}])
    known = versions(bare, TODAY)
    found = judged({"title": "Cut-over", "contract_date": "2024-09-30"})

    assert known[["decision", "decided_on", "open_reservations"]].isna().all(axis=None)
    assert found["contract_state"].tolist() == ["overdue"]
