"""Meetings and reports against a plan, and what the calendar draws of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from reviewlib.calendars.rhythms import spans
from reviewlib.contract.governance import Governance
from reviewlib.contract.parties import Period
from reviewlib.people.governance import metrics, relation, reports
from tests import desk
from tests.delivered import day
from tests.desk import typed

YEAR = Period(first="2026-01-01", last="2026-12-31")
NONE = np.array([], dtype="datetime64[D]")
PLAN = Governance.model_validate({
    "bodies": {
        "board": {"title": "Board", "every": "month", "roles": ["a", "b"],
                  "minutes": "5 working days"},
        "team": {"title": "Team", "every": "two-weeks", "first": "2026-01-05"},
    },
    "reports": {
        "monthly": {"title": "Monthly", "every": "month", "within": "10 calendar days"},
        "forecast": {"title": "Forecast", "every": "quarter", "side": "client"},
    },
})  # fmt: skip


def table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    days = {column: "datetime64[s]" for column in frame if column.endswith(("_on", "_to"))}
    return typed(name, frame.astype(days))


def meetings(*rows: dict[str, Any], today: str = "2026-05-01") -> pd.DataFrame:
    numbered = [{"meeting_id": f"M{place}"} | row for place, row in enumerate(rows, start=1)]
    return metrics.meetings(table("meetings", numbered), PLAN, YEAR, day(today), NONE)


def board(planned: str | None, held: str | None = None, **other: Any) -> dict[str, Any]:
    return {"body": "board", "planned_on": planned, "held_on": held} | other


JANUARY = board("2026-01-12", "2026-01-12", minutes_on="2026-01-19", attended="a; b")
MOVED = board("2026-02-09", "2026-02-16", moved_to="2026-02-16", cancelled_by="client",
              minutes_on="2026-02-24", attended="a")  # fmt: skip
STRUCK = board("2026-03-09", cancelled_on="2026-03-02", cancelled_by="provider")


class TestMeetings:
    def test_a_meeting_is_held_late_cancelled_missing_or_not_due(self) -> None:
        rows = meetings(JANUARY, MOVED, STRUCK, board("2026-04-13"), board("2026-05-11"))
        assert rows[["meeting_id", "state"]].to_numpy().tolist() == [
            ["M1", "held"], ["M2", "held_late"], ["M3", "cancelled"], ["M4", "missing"],
            ["M5", "not_due"],
        ]  # fmt: skip
        assert rows["days"].tolist()[:2] == [0, 7]

    def test_a_meeting_moved_to_a_day_to_come_is_not_due(self) -> None:
        rows = meetings(JANUARY, board("2026-02-09", moved_to="2026-02-20"), today="2026-02-19")
        assert rows["state"].tolist() == ["held", "not_due"]

    def test_a_month_without_a_row_counts_as_one_not_recorded_once_it_is_over(self) -> None:
        """January has one, February none; March is not over; nothing is known of the team."""
        rows = meetings(JANUARY, today="2026-03-20")
        missing = rows[rows["state"] == "missing"]
        assert missing[["meeting_id", "body"]].to_numpy().tolist() == [["2026-02-01", "board"]]
        assert missing["day"].tolist() == [day("2026-02-28")]
        assert not missing["recorded"].any()

    def test_but_not_where_the_month_beside_has_one_more(self) -> None:
        rows = meetings(JANUARY, board("2026-01-30", "2026-01-30"), today="2026-03-20")
        assert rows["state"].tolist() == ["held", "held"]

    def test_two_weeks_are_counted_from_the_first_day_of_the_body(self) -> None:
        """From 5 January: 5–18 has one, 19 January–1 February none, 2–15 February one."""
        team = [{"body": "team", "held_on": one} for one in ("2026-01-06", "2026-02-04")]
        rows = meetings(*team, today="2026-02-16")
        assert rows.loc[rows["state"] == "missing", "meeting_id"].tolist() == ["2026-01-19"]

    def test_minutes_are_judged_by_working_days_from_the_meeting(self) -> None:
        """12 January is a Monday: five working days end on the 19th. 16 February: on the 23rd."""
        rows = meetings(JANUARY, MOVED, board("2026-03-09", "2026-03-09"), today="2026-03-12")
        assert rows["minutes"].tolist() == ["on_time", "late", "not_due"]
        assert rows["sent_after"].tolist()[:2] == [7, 8]

    def test_the_longest_gap_is_between_two_meetings_or_goes_on(self) -> None:
        """From 12 January to 30 April are 108 days, more than two months of 31; 16 February: 35."""
        rows = meetings(JANUARY, today="2026-04-30")
        gap = metrics.gaps(rows, PLAN, YEAR, day("2026-04-30"), day("2026-01-01")).iloc[0]
        assert (gap["days"], gap["is_open"], gap["lapsed"]) == (108, True, True)
        rows = meetings(JANUARY, MOVED, today="2026-02-20")
        gap = metrics.gaps(rows, PLAN, YEAR, day("2026-02-20"), day("2026-01-01")).iloc[0]
        assert (gap["days"], gap["is_open"], gap["lapsed"]) == (35, False, False)

    def test_a_role_attended_where_it_or_its_deputy_did(self) -> None:
        roles = {
            "a": metrics.PlanRole("A", "client", "a"), "b": metrics.PlanRole("B", "provider", "c"),
        }  # fmt: skip
        third = board("2026-03-09", "2026-03-09", attended="c")
        rows = metrics.attendance(meetings(JANUARY, MOVED, third, today="2026-03-10"), PLAN, roles)
        assert rows.to_numpy().tolist() == [
            ["board", "a", "client", 2, 3, ("M3",)], ["board", "b", "provider", 2, 3, ("M2",)],
        ]  # fmt: skip


def test_a_deputy_is_looked_up_among_the_roles_of_its_own_party() -> None:
    """Both parties have a technical lead; the client’s stands in for the client’s manager."""
    sides = {
        name: {"name": name, "contact": {"id": f"{name}_manager", "role": f"Manager of {name}",
                                         "deputy": "Technical lead"},
               "others": [{"id": f"{name}_lead", "role": "Technical lead"}]}
        for name in ("client", "provider")
    }  # fmt: skip
    contract = desk.contract(**sides)
    deputies = {name: role.deputy for name, role in metrics.roles(contract).items()}
    assert deputies["client_manager"] == "client_lead"
    assert deputies["provider_manager"] == "provider_lead"


class TestReports:
    def rows(self, *given: dict[str, Any]) -> pd.DataFrame:
        made = reports.reports(table("reports", [*given]), PLAN, YEAR, day("2026-05-01"), NONE)
        return made.set_index("number")[["state", "late", "side"]]

    def test_a_report_is_due_so_long_after_its_period(self) -> None:
        """Ten days after 31 January: 10 February. March, without a row, on 10 April: 21 days."""
        got = self.rows(
            {"report": "monthly", "period": "2026-01", "received_on": "2026-02-10"},
            {"report": "monthly", "period": "2026-02", "received_on": "2026-03-13"},
        )
        assert got["state"].to_dict() == {
            "monthly 2026-01": "on_time", "monthly 2026-02": "late", "monthly 2026-03": "overdue",
        }  # fmt: skip
        assert got["late"].tolist()[1:] == [3, 21]

    def test_a_period_written_in_two_ways_has_one_report_the_one_received(self) -> None:
        """Of the first quarter one row is received, one empty, in either order."""
        got = {"report": "forecast", "period": "2026-Q1", "received_on": "2026-04-02"}
        bare = {"report": "forecast", "period": "2026Q1", "due_on": "2026-04-03"}
        for given in ([got, bare], [bare | {"received_on": None}, got]):
            assert self.rows(*given)["state"].to_dict() == {"forecast 2026-Q1": "on_time"}

    def test_a_stated_day_goes_before_and_without_any_there_is_no_verdict(self) -> None:
        late = {"report": "forecast", "period": "2026Q1", "due_on": "2026-01-15"}
        free = {"report": "forecast", "period": "spring", "received_on": "2026-04-01"}
        got = self.rows(late | {"received_on": "2026-01-16"}, free)
        assert got["state"].tolist() == ["late", reports.NO_RULE]
        assert got["side"].tolist() == ["client", "client"]


@pytest.mark.parametrize(
    ("every", "first", "n", "start"),
    [("week", "2026-01-07", 51, "2026-01-07"), ("two-months", "2026-02-15", 5, "2026-03-01"),
     ("quarter", "2026-01-02", 3, "2026-04-01"), ("year", "2026-01-01", 1, "2026-01-01")],
)  # fmt: skip
def test_periods_are_whole(every: str, first: str, n: int, start: str) -> None:
    """From 7 January 359 days are left, 51 weeks; from 15 February, March–April is the first."""
    made = spans(every, day(first), day("2026-12-31"))
    assert (len(made), made["first"].iloc[0]) == (n, day(start))


def test_a_dispute_runs_from_its_first_step_until_it_is_closed() -> None:
    steps = table("disputes", [
        {"dispute_id": "D1", "started_on": "2026-01-05", "ended_on": "2026-01-09",
         "outcome": "not_settled"},
        {"dispute_id": "D1", "started_on": "2026-01-12", "ended_on": "2026-02-02",
         "outcome": "settled"},
        {"dispute_id": "D2", "started_on": "2026-03-02", "ended_on": None, "outcome": None},
    ])  # fmt: skip
    holders = table("contacts", [
        {"role": "a", "holder": one, "from_on": start}
        for one, start in (("X", "2026-01-01"), ("Y", "2026-03-02"), ("Y", "2026-03-09"))
    ])  # fmt: skip
    tables = {relation.DISPUTES: steps, relation.CONTACTS: holders}
    window = day("2026-01-01"), day("2026-03-31")
    rows = relation.marks(meetings(JANUARY, today="2026-01-20"), tables, window)
    assert rows.astype("str").fillna("NaT").to_numpy().tolist() == [
        ["board", "held", "2026-01-12", "NaT"], ["disputes", "span", "2026-01-05", "2026-02-02"],
        ["disputes", "open", "2026-03-02", "2026-03-31"],
        ["contacts", "change", "2026-03-02", "NaT"],
    ]  # fmt: skip
