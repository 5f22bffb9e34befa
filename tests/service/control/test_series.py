"""Which months have a point, and which declared changes begin new limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from reviewlib.contract import Contract
from reviewlib.service.availability import metrics as availability
from reviewlib.service.control.series import (
    Series,
    of_clause,
    of_service,
    of_tickets,
    rebases,
    running_month,
)
from reviewlib.service.service_levels.metrics import judged
from reviewlib.tables import SCHEMAS
from reviewlib.tables.columns import empty
from tests import desk

AROUND = desk.RESOLUTION | {"calendar": "permanent"}


def series(
    rows: list[dict[str, Any]],
    log: str | None = None,
    as_of: str = "2026-04-15T12:00",
    **parts: Any,
) -> Series:
    """The months of P1 under a clause of resolution within four hours around the clock."""
    contract = desk.contract(AROUND | {"pauses": []}, **parts)
    found = judged(desk.log(contract, desk.tickets(*rows), log, as_of))
    own = found[found["priority"] == "P1"]
    return of_clause(own, contract, desk.at(as_of), ("R1", "P1"))


def ticket(name: str, opened: str, hours: int | None) -> dict[str, Any]:
    solved = None if hours is None else (pd.Timestamp(opened) + pd.Timedelta(hours=hours))
    return desk.ticket(name, opened, resolved_at=solved and solved.isoformat())


class TestMonthsOver:
    @pytest.mark.parametrize(
        ("as_of", "month"),
        [
            ("2026-03-31T23:58", "2026-03"),
            ("2026-03-31T23:59", "2026-04"),
            ("2026-04-01T00:00", "2026-04"),
        ],
    )
    def test_a_month_is_over_from_the_last_minute_of_its_last_day(
        self, as_of: str, month: str
    ) -> None:
        assert running_month(desk.at(as_of), desk.ZONE) == month


class TestOfClause:
    ROWS = (
        ticket("T1", "2026-01-05T09:00", 2),
        ticket("T2", "2026-01-06T09:00", 6),
        ticket("T3", "2026-03-05T09:00", 1),
        ticket("T4", "2026-04-02T09:00", 1),
    )

    def test_a_month_has_the_share_of_its_tickets_in_time_and_their_number(self) -> None:
        points = series([*self.ROWS]).points

        assert points["month"].tolist() == ["2026-01", "2026-03"]  # no ticket in February
        assert points["value"].tolist() == [0.5, 1.0]
        assert points["n"].tolist() == [2, 1]
        assert points["target"].tolist() == [0.95, 0.95]

    def test_the_month_of_the_review_has_none(self) -> None:
        """April runs on the 15th; on the 30th at midnight it is over."""
        assert series([*self.ROWS], as_of="2026-04-30T23:59").points["month"].max() == "2026-04"

    def test_a_month_of_which_a_ticket_runs_has_none_and_is_told(self) -> None:
        """By month of opening: T5 waits since March, and its clock has not run out."""
        log = """T5 2026-03-10T09:00 status - New
                 T5 2026-03-10T10:00 status New Waiting
                 T3 2026-03-05T09:00 status - New
                 T3 2026-03-05T10:00 status New Resolved
                 T1 2026-01-05T09:00 status - New
                 T1 2026-01-05T11:00 status New Resolved"""
        rows = [desk.ticket(name, opened) for name, opened in (
            ("T1", "2026-01-05T09:00"), ("T3", "2026-03-05T09:00"), ("T5", "2026-03-10T09:00"),
        )]  # fmt: skip
        contract = desk.contract(AROUND | {"month": "opened"})
        found = judged(desk.log(contract, desk.tickets(*rows), log, "2026-04-15T12:00"))
        made = of_clause(found, contract, desk.at("2026-04-15T12:00"), ("R1", "P1"))

        assert made.points["month"].tolist() == ["2026-01"]
        assert made.open == ("2026-03",)

    def test_a_month_of_late_tickets_without_a_log_of_pauses_has_none_and_is_told(self) -> None:
        rows = [self.ROWS[0], self.ROWS[2], ticket("T9", "2026-03-09T09:00", 9)]
        contract = desk.contract(AROUND)
        table = desk.tickets(*rows)
        found = judged(desk.log(contract, table, None, "2026-04-15T12:00"))
        assert {*found["outcome"]} >= {"late_or_paused"}
        made = of_clause(found, contract, desk.at("2026-04-15T12:00"), ("R1", "P1"))

        assert made.points["month"].tolist() == ["2026-01"]
        assert made.unsure == ("2026-03",)

    def test_months_after_the_contract_have_none(self) -> None:
        """Due in April, when the contract had ended in March."""
        period = {"first": "2026-01-01", "last": "2026-03-31"}
        rows = [*self.ROWS[:1], ticket("T5", "2026-03-31T23:00", 2)]
        made = series(rows, as_of="2026-06-15T12:00", period=period)
        assert made.points["month"].tolist() == ["2026-01"]


OUTAGES = [
    ("O1", "network", "2026-01-10T00:00", "2026-01-10T07:26:24"),
    ("O2", "network", "2026-03-31T12:00", None),
]


def uptime(contract: Contract, as_of: str) -> pd.DataFrame:
    frame = empty(SCHEMAS["outages"])
    rows = (
        pd.DataFrame(
            [(one[0], one[1], *map(_instant, one[2:])) for one in OUTAGES if one[2] <= as_of],
            columns=["outage_id", "service", "started_at", "ended_at"],
        )
        .reindex(columns=[*frame])
        .astype(frame.dtypes.to_dict())
    )
    windows = empty(SCHEMAS["maintenance_windows"])
    cut = availability.stretches(contract, rows, windows, desk.at(as_of))
    return availability.months(cut, contract, desk.at(as_of))


def _instant(local: str | None) -> pd.Timestamp | None:
    return None if local is None else desk.at(local)


UP = {"title": "Up", "services": ["network"], "calendar": "permanent", "target": "99 %"}


class TestOfService:
    def made(self, as_of: str, **parts: Any) -> Series:
        agreement = desk.agreed(**parts)
        agreement["terms"]["availability"] = {"A1": UP}
        contract = desk.loaded(agreement)
        return of_service(uptime(contract, as_of), contract, desk.at(as_of), "A1")

    def test_a_month_has_the_share_of_its_agreed_hours_up(self) -> None:
        """26,784 s of the 744 hours of January: a hundredth."""
        points = self.made("2026-03-15T12:00").points
        assert points["month"].tolist() == ["2026-01", "2026-02"]
        assert points["value"].tolist() == [pytest.approx(0.99), 1.0]
        assert points["n"].isna().all()
        assert points["target"].tolist() == [0.99, 0.99]

    def test_a_month_of_which_an_outage_has_no_end_has_none_and_is_told(self) -> None:
        made = self.made("2026-04-15T12:00")
        assert made.points["month"].tolist() == ["2026-01", "2026-02"]
        assert made.open == ("2026-03",)


def opened(rows: list[str], as_of: str = "2026-05-15T12:00", **parts: Any) -> Series:
    table = desk.tickets(*(desk.ticket(f"T{n}", at) for n, at in enumerate(rows)))
    contract = desk.contract(desk.RESOLUTION, **parts)
    return of_tickets(desk.log(contract, table, None, as_of))


DATA = {"data": {"extracted_at": "2026-12-01"}}


class TestOfTickets:
    """2 January 2026 is a Friday, the first working day of the year."""

    def test_each_whole_month_has_the_number_opened_in_it_be_it_none(self) -> None:
        days = ["2026-01-02T09:00", "2026-01-31T23:30", "2026-03-02T00:10", "2026-05-02T10:00"]
        points = opened(days, **DATA).points

        assert points["month"].tolist() == ["2026-01", "2026-02", "2026-03", "2026-04"]
        assert points["value"].tolist() == [2, 0, 1, 0]

    def test_a_month_that_began_before_the_log_has_none_and_is_told(self) -> None:
        made = opened(["2026-01-05T09:00", "2026-02-02T09:00"], **DATA)  # a Monday
        assert made.points["month"].tolist() == ["2026-02", "2026-03", "2026-04"]
        assert made.cut == ("2026-01",)

    def test_nor_has_one_in_which_the_contract_began_or_ended(self) -> None:
        period = {"first": "2026-01-15", "last": "2026-03-15"}
        made = opened(["2026-01-15T09:00", "2026-03-02T09:00"], period=period, **DATA)
        assert made.points["month"].tolist() == ["2026-02"]
        assert made.cut == ("2026-01", "2026-03")

    def test_without_an_extraction_months_are_over_by_the_last_event(self) -> None:
        made = opened(["2026-01-02T09:00", "2026-03-10T09:00"], as_of="2026-06-30T23:59")
        assert made.points["month"].tolist() == ["2026-01", "2026-02"]

    def test_without_a_ticket_of_the_period_there_is_no_point(self) -> None:
        assert opened(["2025-06-02T09:00"], **DATA).points.empty


def changes(contract: Contract, *keys: str) -> Iterator[tuple[str, str, str]]:
    for one in rebases(contract, *keys):
        yield one.month, one.kind, one.name


AMENDMENT = {"id": "Amendment 1", "title": "x", "signed": "2026-05-01"}


class TestRebases:
    @pytest.mark.parametrize(
        ("effective", "month"), [("2026-06-01", "2026-06"), ("2026-06-02", "2026-07")]
    )
    def test_an_amendment_begins_limits_from_the_first_month_since_of_what_it_changed(
        self, effective: str, month: str
    ) -> None:
        change = {
            "clauses": {"R1": {"targets": {"P1": "6 h", "P2": "8 h", "P3": "2 working days"}}}
        }
        amended = AMENDMENT | {"effective": effective, "changes": change}
        contract = desk.contract(desk.RESOLUTION, amendments=[amended])

        assert [*changes(contract, "R1", "P1")] == [(month, "amendment", "Amendment 1")]
        assert [*changes(contract, "R1", "P2")] == []
        assert [*changes(contract)] == []

    def test_an_amendment_of_the_threshold_or_of_the_hours_does_too(self) -> None:
        for change in (
            {"clauses": {"R1": {"threshold": "90 %"}}},
            {"calendars": {"office": {"week": {"sat": [["09:00", "12:00"]]}}}},
        ):
            amended = AMENDMENT | {"effective": "2026-06-01", "changes": change}
            contract = desk.contract(desk.RESOLUTION, amendments=[amended])
            assert [one for one, _, _ in changes(contract, "R1", "P3")] == ["2026-06"]

    def test_an_amendment_of_availability_does_for_its_services(self) -> None:
        agreement = desk.agreed()
        agreement["terms"]["availability"] = {"A1": UP}
        change = {"availability": {"A1": {"target": "99.5 %"}}}
        amended = AMENDMENT | {"effective": "2026-06-01", "changes": change}
        contract = desk.loaded(agreement | {"amendments": [amended]})
        assert [*changes(contract, "A1")] == [("2026-06", "amendment", "Amendment 1")]

    def test_the_end_of_a_ramp_up_does_for_the_clauses_that_it_spares(self) -> None:
        agreement = desk.agreed(desk.RESOLUTION, desk.RESPONSE)
        agreement["terms"]["penalties"] = {
            "P": {
                "kind": "tiers",
                "title": "Credits",
                "clauses": ["R1"],
                "base": 1000,
                "tiers": [{"at_least": "0 %", "credit": "5 %"}],
                "ramp_up": {"first": "2026-01-01", "last": "2026-03-31"},
            }
        }
        contract = desk.loaded(agreement)

        assert [*changes(contract, "R1", "P1")] == [("2026-04", "ramp_up", "")]
        assert [*changes(contract, "R2", "P1")] == []

    def test_a_declared_change_does_for_the_clauses_that_it_names_or_for_all_series(self) -> None:
        control = {
            "changes": [
                {"date": "2026-09-01", "title": "New tool"},
                {"date": "2026-05-20", "title": "New team", "clauses": ["R1"]},
            ]
        }
        contract = desk.contract(desk.RESOLUTION, desk.RESPONSE, control=control)
        tool, team = ("2026-09", "change", "New tool"), ("2026-06", "change", "New team")

        assert [*changes(contract, "R1", "P1")] == [team, tool]
        assert [*changes(contract, "R2", "P1")] == [tool]
        assert [*changes(contract)] == [tool]
