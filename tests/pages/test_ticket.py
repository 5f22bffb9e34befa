"""The working of a ticket as lines that can be redone by hand; the desk is ``tests/desk.py``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.faults import ReviewError
from reviewlib.pages.ticket import explain
from tests import desk
from tests.desk import RESOLUTION, RESPONSE, agreed, events, ticket, tickets

Explained = Callable[..., list[str]]
DATA = {"extracted_at": "2026-06-01T09:00", "set_aside_limit": "100 %"}
CONTRACT = agreed(RESOLUTION, data=DATA)


@pytest.fixture
def explained(tmp_path: Path) -> Explained:
    """``explained(id, tickets=…)``: the lines on a ticket of a folder."""

    def _explained(
        ticket_id: str, agreement: dict[str, Any] = CONTRACT, as_of: str = "",
        **tables: pd.DataFrame,
    ) -> list[str]:  # fmt: skip
        return [*explain(desk.review(tmp_path, agreement, tables, as_of=as_of), ticket_id, "en")]

    return _explained


WORKED = {
    "tickets": tickets(ticket("T1", "2026-04-30T16:30"), ticket("T2", "2026-04-30T16:30", "P4")),
    "ticket_events": events("""
        T1 2026-04-30T16:30 status - New
        T1 2026-04-30T17:00 status New Waiting
        T1 2026-04-30T17:30 status Waiting Open
        T1 2026-05-04T11:00 status Open Resolved
    """),
}


def test_every_interval_is_told_with_its_reason_the_running_total_and_the_verdict(
    explained: Explained,
) -> None:
    """Thursday 16:30 to 17:00 and 17:30 to 18:00, 1 May off, Monday 9 to 11: 3 h of 4.

    One hour is left of Monday's morning: due at 12:00.
    """
    assert explained("T1", **WORKED) == [
        "Ticket T1, as of 1 Jun 2026 09:00 (times of Europe/Paris)",
        "",
        "R1 · Time to resolution · P1",
        "  2026-04-30 16:30:00 +0200 → 2026-04-30 17:00:00 +0200     0:30:00     0:30:00  counted",
        "  2026-04-30 17:00:00 +0200 → 2026-04-30 17:30:00 +0200                 0:30:00  "
        "not counted: paused, status Waiting",
        "  2026-04-30 17:30:00 +0200 → 2026-04-30 18:00:00 +0200     0:30:00     1:00:00  counted",
        "  2026-04-30 18:00:00 +0200 → 2026-05-01 09:00:00 +0200                 1:00:00  "
        "not counted: outside service hours",
        "  2026-05-01 09:00:00 +0200 → 2026-05-01 12:00:00 +0200                 1:00:00  "
        "not counted: holiday, Labor Day",
        "  2026-05-01 12:00:00 +0200 → 2026-05-01 14:00:00 +0200                 1:00:00  "
        "not counted: outside service hours",
        "  2026-05-01 14:00:00 +0200 → 2026-05-01 18:00:00 +0200                 1:00:00  "
        "not counted: holiday, Labor Day",
        "  2026-05-01 18:00:00 +0200 → 2026-05-04 09:00:00 +0200                 1:00:00  "
        "not counted: outside service hours",
        "  2026-05-04 09:00:00 +0200 → 2026-05-04 11:00:00 +0200     2:00:00     3:00:00  counted",
        "  Target: 4 h (4:00:00 of service time)",
        "  Deadline: 2026-05-04 12:00:00 +0200",
        "  Elapsed: 3:00:00, in time",
    ]


def test_each_clause_that_judges_the_ticket_is_told(explained: Explained) -> None:
    lines = explained("T1", agreed(RESOLUTION, RESPONSE, data=DATA), **WORKED)

    assert [line for line in lines if "·" in line] == [
        "R1 · Time to resolution · P1", "R2 · Time to first response · P1",
    ]  # fmt: skip
    assert lines[-1].startswith("  unknown: no usable time of the clock’s start, of the answer")


def test_a_verdict_without_a_time_says_why(explained: Explained) -> None:
    rows = tickets(ticket("T1", "2026-04-30T16:30"), ticket("T2", "2026-04-30T16:30", None),
                   ticket("T3", "2026-04-30T16:30", "P4"))  # fmt: skip
    made = {"tickets": rows, "ticket_events": WORKED["ticket_events"]}

    assert explained("T2", **made)[2:] == [
        "R1 · Time to resolution · no priority", "  unknown: no priority of the contract",
    ]  # fmt: skip
    assert explained("T3", **made)[-1] == "  excluded: of a priority without a target"


def test_a_ticket_that_still_waits_has_no_deadline(explained: Explained) -> None:
    lines = explained("T1", as_of="2026-04-30T17:15", **WORKED)

    assert lines[-4:] == [
        "  2026-04-30 17:00:00 +0200 → 2026-04-30 17:15:00 +0200                 0:30:00  "
        "not counted: paused, status Waiting",
        "  Target: 4 h (4:00:00 of service time)",
        "  Deadline: none while the clock stands still",
        "  Elapsed: 0:30:00, running: open, within its target",
    ]


def test_a_ticket_that_took_no_time_is_still_told_its_target(explained: Explained) -> None:
    log = events("T1 2026-04-30T16:30 status - Resolved")
    lines = explained("T1", tickets=WORKED["tickets"], ticket_events=log)

    assert lines[-1] == "  Elapsed: 0:00:00, in time"
    assert lines[-3].startswith("  Target: 4 h")


def test_a_target_in_working_days_is_told_in_service_time_too(explained: Explained) -> None:
    rows = tickets(ticket("T1", "2026-01-05T16:00", "P3"))
    lines = explained("T1", tickets=rows, ticket_events=WORKED["ticket_events"])

    assert "  Target: 2 working days (14:00:00 of service time)" in lines


def test_what_is_told_of_a_ticket_is_what_the_report_counts(explained: Explained) -> None:
    """The log tells of answers to T2: T1, unanswered, is late although its row holds an answer.

    Read alone, the log of T1 would seem to tell nothing of answers.
    """
    rows = tickets(
        ticket("T1", "2026-01-05T09:00", first_response_at="2026-01-05T09:10"),
        ticket("T2", "2026-01-05T09:00", first_response_at=None),
    )
    log = events("""
        T1 2026-01-05T09:00 status - New
        T2 2026-01-05T09:30 public_reply - - provider
    """)
    lines = explained("T1", agreed(RESPONSE, data=DATA), tickets=rows, ticket_events=log)

    assert lines[-1].endswith(", late")


def test_a_ticket_that_no_clause_covers_is_said(explained: Explained) -> None:
    lines = explained("T1", agreed(data=DATA), **WORKED)

    assert lines[1:] == ["No clause of the contract judges it."]


def test_an_unknown_number_is_answered_with_the_nearest_one(explained: Explained) -> None:
    rows = tickets(ticket("INC10001", "2026-01-05T09:00"), ticket("INC20002", "2026-01-05T09:00"))

    with pytest.raises(
        ReviewError, match=r"'INC1001' is not among the 2 tickets. Did you mean 'INC10001'"
    ):
        explained("INC1001", tickets=rows)
    with pytest.raises(ReviewError, match="Give a number of the column ticket_id"):
        explained("99", tickets=rows)


def test_a_ticket_set_aside_is_said_with_its_row(explained: Explained) -> None:
    rows = tickets(ticket("T1", "2026-01-05T09:00"), ticket("T2", "2026-01-05T09:00", "P9"))

    with pytest.raises(ReviewError, match=r"'T2' was set aside: see row 3 of tickets\.csv"):
        explained("T2", tickets=rows)
    with pytest.raises(ReviewError, match="'T2' was set aside"):
        explained("T2", tickets=rows[1:])


def test_a_ticket_opened_after_the_instant_is_said(explained: Explained) -> None:
    with pytest.raises(ReviewError, match="'T1' was opened after 1 Apr 2026 23:59"):
        explained("T1", as_of="2026-04-01", **WORKED)


def test_a_folder_without_tickets_is_said(explained: Explained) -> None:
    with pytest.raises(ReviewError, match="no table of tickets"):
        explained("T1")


def test_a_restarted_extended_and_a_weighed_clock_are_told(explained: Explained) -> None:
    """P2 from 9, P1 at 11: restarted then; 2 h more were accepted; pro rata 25 % was used."""
    tables = {
        "tickets": tickets(ticket("T1", "2026-01-05T09:00", "P1")),
        "ticket_events": events("""
            T1 2026-01-05T09:00 status - New
            T1 2026-01-05T11:00 priority P2 P1
        """),
        "extensions": pd.DataFrame(
            [["X1", "T1", "R1", "2026-01-05T12:00", "2", "accepted"]],
            columns=["extension_id", "ticket_id", "clause", "decided_at", "hours", "decision"],
        ),
    }
    restarted = agreed(RESOLUTION | {"priority_change": "restart"}, data=DATA)
    lines = explained("T1", restarted, as_of="2026-01-05T17:00", **tables)

    assert "  Clock started: 2026-01-05 11:00:00 +0100" in lines
    assert "  Target: 4 h (6:00:00 of service time)" in lines
    assert "  of which 2:00:00 by an accepted extension" in lines
    assert lines[-2] == "  Deadline: 2026-01-06 10:00:00 +0100"
    weighed = agreed(RESOLUTION | {"priority_change": "pro_rata"}, data=DATA)
    lines = explained("T1", weighed, as_of="2026-01-05T15:00", **tables)
    assert "  P2: 2:00:00 of 8:00:00 used, 25.0%" in lines
    assert "  P1: 2:00:00 of 4:00:00 used, 50.0%" in lines
