"""The working of a ticket: every interval, and the sum that the verdict rests on."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.service.log import Log
from reviewlib.service.service_levels.metrics import judged
from reviewlib.service.working import Working, working
from tests import desk
from tests.desk import RESOLUTION, RESPONSE, ticket, tickets
from tests.properties import steady

STATUSES = ["New", "Open", "Waiting", "Supplier", "Resolved", "Closed", "Cancelled", "Archived"]
MINUTES = st.integers(0, 15 * 24 * 60)
CLOSED = {"first": "2026-01-07", "last": "2026-01-07", "title": "Stocktaking"}
OFFICE = desk.TERMS["calendars"]["office"] | {"closures": [CLOSED]}
AGREEMENTS = {
    f"{policy} {word}": desk.contract(
        RESOLUTION | {policy: word},
        RESOLUTION | {"stops_at": "closure", "calendar": "permanent"},
        RESPONSE,
        calendars=desk.TERMS["calendars"] | {"office": OFFICE},
    )
    for policy, word in (
        ("reopening", "resume"),
        ("reopening", "count"),
        ("reopening", "new_cycle"),
        ("priority_change", "restart"),
        ("priority_change", "pro_rata"),
        ("starts_at", "started"),
    )
}


def worked(
    log: str, row: dict[str, Any], as_of: str = "2026-02-02T18:00", **clause: Any
) -> Working:
    """The working of a ticket under a resolution clause, with a closure on 7 January."""
    calendars = desk.TERMS["calendars"] | {"office": OFFICE}
    known = desk.log(
        desk.contract(RESOLUTION | clause, calendars=calendars), tickets(row), log, as_of
    )
    return working(known, judged(known).iloc[0])


def told(found: Working) -> list[tuple[str, str, str, str, float]]:
    """From, to, reason, name and hours counted of each interval."""
    return [
        (
            f"{piece[1].tz_convert(desk.ZONE):%a %H:%M}",
            f"{piece[2].tz_convert(desk.ZONE):%a %H:%M}",
            piece.reason,
            piece.name,
            piece.seconds / 3600,
        )
        for piece in found.intervals.itertuples()
    ]


def test_each_interval_is_counted_or_says_why_not() -> None:
    """Opened Tuesday 6 January 17:00, waiting Thursday 9:30 to 10:30, resolved at 11:00.

    1 h on Tuesday, the 7th is the contract's closure, then 30 min and 30 min on Thursday.
    """
    log = """
        T1 2026-01-06T17:00 status - New
        T1 2026-01-08T09:30 status New Waiting
        T1 2026-01-08T10:30 status Waiting Open
        T1 2026-01-08T11:00 status Open Resolved
    """
    found = worked(log, ticket("T1", "2026-01-06T17:00"))

    assert told(found) == [
        ("Tue 17:00", "Tue 18:00", "counted", "", 1.0),
        ("Tue 18:00", "Wed 09:00", "outside_hours", "", 0.0),
        ("Wed 09:00", "Wed 12:00", "closure", "Stocktaking", 0.0),
        ("Wed 12:00", "Wed 14:00", "outside_hours", "", 0.0),
        ("Wed 14:00", "Wed 18:00", "closure", "Stocktaking", 0.0),
        ("Wed 18:00", "Thu 09:00", "outside_hours", "", 0.0),
        ("Thu 09:00", "Thu 09:30", "counted", "", 0.5),
        ("Thu 09:30", "Thu 10:30", "paused", "Waiting", 0.0),
        ("Thu 10:30", "Thu 11:00", "counted", "", 0.5),
    ]
    assert (found.intervals["total"] / 3600).tolist() == [1, 1, 1, 1, 1, 1, 1.5, 1.5, 2]


def test_a_holiday_is_named_in_every_language() -> None:
    """1 May 2026 is a Friday."""
    found = worked("T1 2026-05-04T10:00 status New Resolved", ticket("T1", "2026-04-30T17:00"),
                   as_of="2026-05-29T18:00")  # fmt: skip
    off = found.intervals[found.intervals["reason"] == "holiday"]

    assert {name.in_language("en") for name in off["name"]} == {"Labor Day"}
    assert {name.in_language("fr") for name in off["name"]} == {"Fête du Travail"}
    assert found.intervals["seconds"].sum() == 2 * 3600


def test_time_over_before_a_reopening_is_told_apart_from_a_pause() -> None:
    log = """
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T10:00 status New Resolved
        T1 2026-01-05T11:00 status Resolved Open
        T1 2026-01-05T11:30 status Open Resolved
    """
    row = ticket("T1", "2026-01-05T09:00")

    assert [line[2:] for line in told(worked(log, row))] == [
        ("counted", "", 1.0), ("over", "Resolved", 0.0), ("counted", "", 0.5),
    ]  # fmt: skip
    assert [line[2:] for line in told(worked(log, row, reopening="count"))] == [
        ("counted", "", 2.5)
    ]
    assert [line[:1] for line in told(worked(log, row, reopening="new_cycle"))] == [("Mon 11:00",)]


def test_a_pause_outside_the_hours_is_outside_the_hours() -> None:
    """Waiting Monday 17:30 to Tuesday 9:30: only its open hours are told as paused."""
    log = """
        T1 2026-01-05T17:30 status New Waiting
        T1 2026-01-06T09:30 status Waiting Open
    """
    found = worked(log, ticket("T1", "2026-01-05T17:00"), as_of="2026-01-06T10:00")

    assert [line[2] for line in told(found)] == [
        "counted", "paused", "outside_hours", "paused", "counted",
    ]  # fmt: skip


def test_a_running_ticket_is_worked_up_to_the_instant_of_the_review() -> None:
    log = "T1 2026-01-05T10:00 status New Waiting"
    found = worked(log, ticket("T1", "2026-01-05T09:00"), as_of="2026-01-05T11:00")

    assert told(found) == [
        ("Mon 09:00", "Mon 10:00", "counted", "", 1.0),
        ("Mon 10:00", "Mon 11:00", "paused", "Waiting", 0.0),
    ]


@pytest.mark.parametrize(
    ("log", "row"),
    [
        ("T1 2026-01-05T08:00 status - Resolved", ticket("T1", "2026-01-05T09:00")),
        ("T1 2026-01-05T10:00 status New Resolved", ticket("T1", "2026-01-05T09:00", "P4")),
        ("T1 2026-01-05T10:00 status New Resolved", ticket("T1", "2026-01-05T09:00", None)),
        ("T1 2026-01-05T09:00 status - Resolved", ticket("T1", "2026-01-05T09:00")),
    ],
)
def test_what_has_no_time_or_took_none_has_no_interval(log: str, row: dict[str, Any]) -> None:
    """Resolved before its opening, without a target, without a priority, at its opening."""
    assert worked(log, row).intervals.empty


@steady(40)
@given(
    st.sampled_from(list(AGREEMENTS)),
    st.tuples(MINUTES, st.sampled_from(["P1", "P2", "P3"])),
    st.lists(st.tuples(MINUTES, st.sampled_from(STATUSES)), max_size=8),
    st.none() | MINUTES,
    st.lists(st.tuples(MINUTES, st.sampled_from(["P1", "P2", "P3"])), max_size=3),
)
def test_the_intervals_partition_the_time_and_sum_up_to_what_elapsed(
    policy: str,
    opened: tuple[int, str],
    changes: list[tuple[int, str]],
    answered: int | None,
    priorities: list[tuple[int, str]],
) -> None:
    start, minute = desk.at("2026-01-05T00:00"), pd.Timedelta(minutes=1)
    row = {"ticket_id": "T1", "opened_at": start + opened[0] * minute, "priority": opened[1]}
    table = pd.DataFrame([row])
    lines = [
        ("T1", row["opened_at"] + later * minute, "status", status) for later, status in changes
    ]
    lines += [
        ("T1", row["opened_at"] + later * minute, "priority", word) for later, word in priorities
    ]
    if answered is not None:
        lines.append(("T1", row["opened_at"] + answered * minute, "public_reply", None))
    events = pd.DataFrame(lines, columns=["ticket_id", "at", "field", "new"]).assign(old=None)
    events["at"] = events["at"].astype("datetime64[s, UTC]")
    log = Log(table, events, AGREEMENTS[policy], desk.at("2026-02-02T12:00"))

    for _, verdict in judged(log).iterrows():
        pieces = working(log, verdict).intervals
        if pd.isna(verdict["elapsed"]) or pieces.empty:
            assert pd.isna(verdict["elapsed"]) or verdict["stop"] == verdict["start"]
            continue
        assert pieces["seconds"].sum() == verdict["elapsed"].total_seconds()
        assert pieces["total"].iloc[-1] == verdict["elapsed"].total_seconds()
        assert pieces["from"].iloc[0] == verdict["start"]
        end = log.as_of if pd.isna(verdict["stop"]) else verdict["stop"]
        assert pieces["to"].iloc[-1] == end
        assert (pieces["from"].iloc[1:].array == pieces["to"].iloc[:-1].array).all()
        assert (pieces["from"] < pieces["to"]).all()


def test_a_weighed_target_is_worked_on_the_calendar_of_each_priority_that_the_ticket_had() -> None:
    """2 h of 8 on office hours are 25 %; from 11, around the clock, 3 of the 4 h of P1 are left."""
    row = ticket("T1", "2026-01-05T09:00", "P1")
    log = "T1 2026-01-05T11:00 priority P2 P1\nT1 2026-01-05T15:00 status New Resolved"
    calendar = {"P1": "permanent", "P2": "office", "P3": "office"}
    found = worked(log, row, priority_change="pro_rata", calendar=calendar)

    assert told(found) == [
        ("Mon 09:00", "Mon 11:00", "counted", "", 2.0),
        ("Mon 11:00", "Mon 15:00", "counted", "", 4.0),
    ]
    assert found.parts[["priority", "used"]].to_numpy().tolist() == [["P2", 0.25], ["P1", 1.0]]
    assert (found.verdict["because"], desk.hours(found.verdict["target"])) == ("late", 5)
