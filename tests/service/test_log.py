"""The log under its contract: edges of the period, undefined statuses, tickets it is silent on."""

from __future__ import annotations

import pytest

from reviewlib.service.handovers.metrics import clocks
from reviewlib.service.service_levels.metrics import judged
from tests import desk
from tests.desk import RESOLUTION, ticket, tickets, verdicts


@pytest.mark.parametrize(
    ("opened", "outcome"),
    [("2025-12-31T23:59:59", "excluded"), ("2026-01-01T00:00:00", "met")],
)
def test_a_ticket_opened_at_the_first_instant_is_judged_and_not_inherited(
    opened: str, outcome: str
) -> None:
    """The contract begins on 1 January 2026 at midnight in Paris."""
    log = "T1 2026-01-02T10:00 status New Resolved"

    assert verdicts(RESOLUTION, tickets(ticket("T1", opened)), log)["outcome"]["T1"] == outcome


@pytest.mark.parametrize(
    ("opened", "outcome", "because"),
    [
        ("2026-06-30T23:59:59", "breached", "late"),
        ("2026-07-01T00:00:00", "excluded", "after_end"),
        ("2026-07-16T09:00:00", "excluded", "after_end"),
    ],
)
def test_a_ticket_opened_after_the_last_day_is_not_of_the_contract(
    opened: str, outcome: str, because: str
) -> None:
    """The contract ends with 30 June 2026, at midnight in Paris (22:00 UTC).

    One opened in its last second is of the contract, though its clock only runs in July: of 4 h
    from Wednesday 1 July, 9:00, to Friday 17 July it is late. One opened then is not.
    """
    log = "T1 2026-07-17T18:00 status New Resolved"
    rows = tickets(ticket("T1", opened))
    period = {"period": {"first": "2026-04-01", "last": "2026-06-30"}}

    found = verdicts(RESOLUTION, rows, log, **period).loc["T1"]
    assert (found["outcome"], found["because"]) == (outcome, because)
    counted = RESOLUTION | {"excludes": ["cancelled", "merged", "inherited"]}
    assert verdicts(counted, rows, log, **period)["because"]["T1"] == "late"


def test_a_log_that_passes_by_an_undefined_status_resolves_at_its_last_event() -> None:
    """Open, an undefined status, then Resolved at 12: not when it left Open at 11.

    What the undefined status means is not known, so the verdict on it is unknown.
    """
    lines = """
        T1 2026-01-05T09:00 status New Open
        T1 2026-01-05T11:00 status Open Archived
        T1 2026-01-05T12:00 status Archived Resolved
    """
    log = desk.log(desk.contract(RESOLUTION), tickets(ticket("T1", "2026-01-05T09:00")), lines)
    found = log.resolutions.loc["T1"]

    moments = [found[name] for name in ("first_resolved", "last_resolved", "ended")]
    assert moments == [desk.at("2026-01-05T12:00")] * 3
    assert (found["state"], found["undefined"]) == ("resolved", True)
    assert judged(log)["because"].tolist() == ["undefined_status"]


def test_two_clauses_of_resolution_on_one_ticket_give_one_clock_each() -> None:
    """T1 stands under R1 and R2; its one clock is that of R1. T2, P4, has no target: no clock."""
    second = RESOLUTION | {"calendar": "permanent"}
    rows = tickets(ticket("T1", "2026-01-05T09:00"), ticket("T2", "2026-01-05T09:00", "P4"))
    log = desk.log(desk.contract(RESOLUTION, second), rows, "T1 2026-01-05T10:00 status New Open")
    every = judged(log)

    assert len(every) == 4
    found = clocks(every, log.contract)
    assert found.index.tolist() == ["T1"]
    assert found["calendar"].tolist() == ["office"]


def test_turns_are_those_of_the_log_and_of_the_rows_that_it_is_silent_on() -> None:
    """T1 is over at 10, active at 11, over at 12. T2, of no event, is over as its row says at 15.

    T3, of no event, has no end.
    """
    rows = tickets(
        ticket("T1", "2026-01-05T09:00", resolved_at="2026-01-05T18:00"),
        ticket("T2", "2026-01-05T09:00", resolved_at="2026-01-05T15:00"),
        ticket("T3", "2026-01-05T09:00"),
    )
    lines = """
        T1 2026-01-05T10:00 status New Resolved
        T1 2026-01-05T11:00 status Resolved Open
        T1 2026-01-05T12:00 status Open Closed
    """
    over, again = desk.log(desk.contract(RESOLUTION), rows, lines).turns

    assert [*over.items()] == [
        ("T1", desk.at("2026-01-05T10:00")),
        ("T1", desk.at("2026-01-05T12:00")),
        ("T2", desk.at("2026-01-05T15:00")),
    ]
    assert [*again.items()] == [("T1", desk.at("2026-01-05T11:00"))]


def test_without_a_log_turns_are_those_of_the_rows() -> None:
    rows = tickets(
        ticket("T1", "2026-01-05T09:00", resolved_at="2026-01-05T18:00"),
        ticket("T2", "2026-01-05T09:00"),
    )
    over, again = desk.log(desk.contract(RESOLUTION), rows, None).turns

    assert [*over.items()] == [("T1", desk.at("2026-01-05T18:00"))]
    assert again.empty
