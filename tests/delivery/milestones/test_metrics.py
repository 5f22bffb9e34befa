"""Milestones against each of their dates; days counted by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.calendars.punctuality import punctuality
from reviewlib.delivery.milestones import metrics
from reviewlib.delivery.milestones.metrics import baselines, milestones
from tests import desk
from tests.properties import steady

TODAY = pd.Timestamp("2025-06-10")


def dated(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return rows as a table; what ends in _date or _on is a day."""
    frame = pd.DataFrame(rows)
    days = [name for name in frame if name.endswith(("_date", "_on"))]
    return frame.astype(dict.fromkeys(days, "datetime64[s]"))


def milestone(**columns: Any) -> dict[str, Any]:
    return {"milestone_id": "M1", "title": "Cut-over", "contract_date": "2024-09-30", **columns}


def judged(*rows: dict[str, Any], forecasts: pd.DataFrame | None = None) -> pd.DataFrame:
    return milestones(numbered(*rows), forecasts, TODAY)


def numbered(*rows: dict[str, Any]) -> pd.DataFrame:
    return dated([{**row, "milestone_id": f"M{n}"} for n, row in enumerate(rows, start=1)])


def change(
    number: str, to: str | None, approved: str | None, decision: str | None = "approved"
) -> Any:
    return {
        "change_id": number,
        "milestone_id": "M1",
        "moves_to": to,
        "decided_on": approved,
        "decision": decision,
    }


def moved(*changes: dict[str, Any], **columns: Any) -> pd.Series:
    """Return the judgement on a milestone that some changes move."""
    changed = dated(list(changes)).astype({"moves_to": "datetime64[s]", "decision": "str"})
    return milestones(dated([milestone(**columns)]), None, TODAY, changed).iloc[0]


def verdicts(*changes: dict[str, Any], **columns: Any) -> dict[str, str]:
    """Return whether each date counts, by the change that gives it (- where none does)."""
    changed = dated(list(changes)).astype({"moves_to": "datetime64[s]", "decision": "str"})
    dates = baselines(dated([milestone(**columns)]), changed)
    return dict(zip(dates["change_id"].fillna("-"), dates["verdict"], strict=True))


def announced(*dates: tuple[str, str]) -> pd.DataFrame:
    return dated([{"milestone_id": "M1", "reported_on": a, "forecast_date": b} for a, b in dates])


def test_a_rebaseline_approved_in_time_explains_its_part_of_the_delay() -> None:
    """30 Sep to 14 Mar = 31 + 30 + 31 + 31 + 28 + 14 = 165 days; from 12 Nov, 18 + 31 + 31 + 28
    + 14 = 122; the 43 days between the two dates are explained."""
    row = judged(
        milestone(
            rebaselined_date="2024-11-12",
            rebaseline_approved_on="2024-09-30",
            actual_date="2025-03-14",
        )
    ).iloc[0]

    assert row["moved"] == 1
    assert (row["contract_days"], row["baseline_days"]) == (165, 122)
    assert (row["explained_days"], row["unexplained_days"]) == (43, 122)


@pytest.mark.parametrize(
    ("approved_on", "verdict"), [("2024-10-01", "too_late"), (None, "not_approved")]
)
def test_a_rebaseline_approved_after_the_date_that_it_moves_does_not_count(
    approved_on: str | None, verdict: str
) -> None:
    row = milestone(
        rebaselined_date="2024-11-12",
        rebaseline_approved_on=approved_on,
        actual_date="2024-11-12",
    )
    late = judged(row).iloc[0]

    assert list(baselines(dated([row]))["verdict"]) == ["contract", verdict]
    assert late["baseline_date"] == pd.Timestamp("2024-09-30")
    assert (late["baseline_state"], late["baseline_days"]) == ("late", 43)


def test_a_rebaseline_approved_late_counts_where_the_terms_of_that_day_say_so() -> None:
    """Approved on 1 October, a day after the date that it moves; counts from 1 October on."""
    counts = {"change_requests": {"approved_late": "counts"}}
    amendment = {
        "id": "A1", "title": "Changes", "signed": "2024-09-01", "changes": counts,
    }  # fmt: skip
    row = dated([milestone(rebaselined_date="2024-11-12", rebaseline_approved_on="2024-10-01")])
    for effective, verdict in (("2024-10-01", "counts"), ("2024-10-02", "too_late")):
        agreement = desk.contract(amendments=[amendment | {"effective": effective}])
        rows = metrics.baselines(row, None, agreement)
        assert list(rows["verdict"]) == ["contract", verdict]
        assert list(metrics.approved_late(rows)["date"]) == [pd.Timestamp("2024-11-12")]


def test_an_approved_rebaseline_can_make_a_milestone_late_for_the_contract_only() -> None:
    row = judged(
        milestone(
            rebaselined_date="2024-11-12",
            rebaseline_approved_on="2024-09-18",
            actual_date="2024-11-11",
        )
    ).iloc[0]

    assert (row["contract_state"], row["baseline_state"]) == ("late", "on_time")
    assert row["baseline_days"] == -1


def test_the_day_itself_is_on_time_and_what_is_not_reached_is_late_from_the_next_day() -> None:
    """Today is 10 June: due the 10th is not late yet, due the 9th is late by a day."""
    row = judged(
        milestone(contract_date="2025-05-02", actual_date="2025-05-02"),
        milestone(contract_date="2025-05-02", actual_date="2025-05-03"),
        milestone(contract_date="2025-06-09"),
        milestone(contract_date="2025-06-10"),
        milestone(contract_date="2025-06-11"),
    )

    assert list(row["contract_state"]) == ["on_time", "late", "overdue", "not_due", "not_due"]
    assert list(row["contract_days"].dropna()) == [0, 1, 1]
    assert punctuality(row["contract_state"]) == (1, 3)


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
    row = judged(milestone(), forecasts=forecasts).iloc[0]

    assert row["moved_later"] == 2
    assert row["forecast_date"] == pd.Timestamp("2024-11-12")


def test_a_first_announcement_after_the_date_in_force_is_a_move() -> None:
    first = announced(("2024-09-20", "2024-11-12"))
    agreed = milestone(rebaselined_date="2024-11-12", rebaseline_approved_on="2024-09-18")
    later = milestone(rebaselined_date="2024-11-12", rebaseline_approved_on="2024-09-25")

    assert judged(milestone(), forecasts=first)["moved_later"].tolist() == [1]
    assert judged(agreed, forecasts=first)["moved_later"].tolist() == [0]
    assert judged(later, forecasts=first)["moved_later"].tolist() == [1]


def test_a_milestone_that_is_reached_has_no_forecast_left() -> None:
    forecasts = announced(("2024-07-31", "2024-10-21"))
    row = judged(milestone(actual_date="2024-10-25"), forecasts=forecasts).iloc[0]

    assert pd.isna(row["forecast_date"])
    assert row["moved_later"] == 1


def test_what_is_announced_after_a_milestone_was_reached_is_no_move() -> None:
    forecasts = announced(("2024-10-25", "2024-10-25"), ("2024-10-26", "2024-11-30"))
    row = judged(milestone(actual_date="2024-10-25"), forecasts=forecasts).iloc[0]

    assert row["moved_later"] == 1


def test_without_forecasts_how_often_a_date_moved_is_not_known() -> None:
    row = judged(milestone())

    assert row["moved_later"].isna().all()
    assert row["forecast_date"].isna().all()


def test_columns_that_the_folder_does_not_have_are_missing_values() -> None:
    milestone = judged({"title": "Cut-over", "contract_date": "2024-09-30"})

    assert milestone["contract_state"].tolist() == ["overdue"]
    assert milestone["clause"].isna().all()


# Re-baselines, from the table of milestones and from the changes


def test_the_same_rebaseline_in_both_tables_counts_once_and_names_its_change() -> None:
    first = change("CR01", "2024-11-12", "2024-09-18")
    both = {"rebaselined_date": "2024-11-12", "rebaseline_approved_on": "2024-09-18"}
    milestone = moved(first, **both, actual_date="2025-03-14")

    assert verdicts(first, **both) == {"-": "contract", "CR01": "counts"}
    assert (milestone["moved"], milestone["explained_by"]) == (1, ("CR01",))
    assert (milestone["explained_days"], milestone["unexplained_days"]) == (43, 122)


def test_a_rebaseline_whose_day_only_the_milestone_states_counts_once_and_names_its_change() -> (
    None
):
    both = {"rebaselined_date": "2024-11-12", "rebaseline_approved_on": "2024-09-18"}
    undated = change("CR01", "2024-11-12", None)
    milestone = moved(undated, **both, actual_date="2025-03-14")

    assert (milestone["moved"], milestone["explained_by"]) == (1, ("CR01",))


def test_a_rebaseline_whose_approval_only_the_change_states_counts_once() -> None:
    first = change("CR01", "2024-11-12", "2024-09-18")

    assert verdicts(first, rebaselined_date="2024-11-12") == {"-": "contract", "CR01": "counts"}


def test_each_rebaseline_is_held_against_the_date_in_force_at_its_approval() -> None:
    """30 Sep moved to 12 Nov on 18 Sep, in time; to 31 Jan on 12 Nov, the last day on which that
    could be; to 28 Feb on 1 Feb, a day too late. 30 Sep to 31 Jan: 31 + 30 + 31 + 31 = 123 days;
    31 Jan to 14 Mar: 28 + 14 = 42."""
    changes = (
        change("CR03", "2025-02-28", "2025-02-01"),
        change("CR01", "2024-11-12", "2024-09-18"),
        change("CR02", "2025-01-31", "2024-11-12"),
    )
    milestone = moved(*changes, actual_date="2025-03-14")

    assert verdicts(*changes) == {
        "-": "contract", "CR01": "counts", "CR02": "counts", "CR03": "too_late",
    }  # fmt: skip
    assert milestone["explained_by"] == ("CR01", "CR02")
    assert (milestone["explained_days"], milestone["unexplained_days"]) == (123, 42)


def test_a_rebaseline_that_does_not_count_moves_nothing_for_those_after_it() -> None:
    """To 31 Dec on 1 Oct: too late for 30 Sep. So 20 Oct too is after the date in force."""
    assert verdicts(
        change("CR01", "2024-12-31", "2024-10-01"), change("CR02", "2025-01-31", "2024-10-20")
    ) == {"-": "contract", "CR01": "too_late", "CR02": "too_late"}


@pytest.mark.parametrize(
    ("approved", "decision", "verdict"),
    [
        (None, None, "not_approved"),
        (None, "approved", "undated"),
        ("2024-09-01", "refused", "refused"),
        ("2024-09-01", "withdrawn", "withdrawn"),
    ],
)
def test_a_change_that_was_not_approved_moves_no_date(
    approved: str | None, decision: str | None, verdict: str
) -> None:
    changed = change("CR01", "2024-11-12", approved, decision)

    assert verdicts(changed) == {"-": "contract", "CR01": verdict}
    assert moved(changed, actual_date="2024-10-01")["baseline_date"] == pd.Timestamp("2024-09-30")


def test_what_no_rebaseline_explains_may_be_negative_and_so_may_what_one_does() -> None:
    """Put off by 43 days and reached a day before; brought forward from 30 to 20 September."""
    later = moved(change("CR01", "2024-11-12", "2024-09-18"), actual_date="2024-11-11")
    sooner = moved(change("CR02", "2024-09-20", "2024-09-01"), actual_date="2024-09-25")

    assert (later["explained_days"], later["unexplained_days"]) == (43, -1)
    assert (sooner["explained_days"], sooner["unexplained_days"]) == (-10, 5)
    assert (sooner["contract_state"], sooner["baseline_state"]) == ("on_time", "late")


def test_a_change_to_another_milestone_or_to_no_date_leaves_the_calendar_alone() -> None:
    elsewhere = change("CR01", "2024-11-12", "2024-09-18") | {"milestone_id": "M9"}
    cost = change("CR02", None, "2024-09-18")

    assert verdicts(elsewhere, cost) == {"-": "contract"}


def test_a_milestone_still_open_and_put_off_is_late_for_the_contract_only() -> None:
    """Due 2 June, put off to 30 June; on 10 June 8 days past the contract's date."""
    milestone = moved(
        change("CR01", "2025-06-30", "2025-05-15"), contract_date="2025-06-02", actual_date=None
    )

    assert (milestone["contract_state"], milestone["contract_days"]) == ("overdue", 8)
    assert (milestone["baseline_state"], milestone["explained_days"]) == ("not_due", 28)
    assert pd.isna(milestone["unexplained_days"])


def test_moves_to_an_earlier_date_are_counted_apart() -> None:
    row = judged(
        milestone(), forecasts=announced(("2024-07-31", "2024-10-21"), ("2024-08-31", "2024-10-14"))
    ).iloc[0]

    assert (row["moved_later"], row["moved_earlier"]) == (1, 1)


DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))


@given(DAYS, DAYS, st.lists(st.tuples(DAYS, DAYS), max_size=5))
@steady(40)
def test_the_explained_and_the_unexplained_days_always_add_up_to_the_delay(
    contract: dt.date, actual: dt.date, moves: list[tuple[dt.date, dt.date]]
) -> None:
    """A loop that knows no pandas keeps the date in force."""
    in_force = contract
    for approved, to in sorted(moves, key=lambda move: move[0]):
        in_force = to if approved <= in_force else in_force
    changes = [change(f"CR{n}", str(to), str(on)) for n, (on, to) in enumerate(moves)]
    table = dated([milestone(contract_date=str(contract), actual_date=str(actual))])
    changed = dated(changes or [change("CR", None, None)])
    changed = changed.astype({"moves_to": "datetime64[s]", "decision": "str"})
    rows = milestones(table, None, pd.Timestamp("2027-01-01"), changed).iloc[0]

    assert rows["unexplained_days"] == (actual - in_force).days
    assert rows["explained_days"] + rows["unexplained_days"] == rows["contract_days"]
    assert rows["contract_days"] == (actual - contract).days
