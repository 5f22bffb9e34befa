"""Major incidents against the ladder: levels due after 30 minutes and after 2 hours."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract.parties import EscalationLevel, MajorIncidents
from reviewlib.metrics import escalations
from reviewlib.metrics.escalations import (
    IN_TIME,
    LATE,
    NOT_NEEDED,
    NOT_TOLD,
    OUTCOMES,
    TOO_EARLY,
    UNKNOWN,
)

from . import desk
from .desk import at, ticket, tickets

LADDER = [
    {"level": 1, "client": "Manager", "provider": "Lead", "within": "30 min"},
    {"level": 2, "client": "Director", "provider": "Account", "within": "2 h"},
]
STEPS = tuple(EscalationLevel.model_validate(step) for step in LADDER)
ONE = tickets(ticket("T1", "2026-01-05T09:00"))  # a Monday


def ladder(
    log: str | None,
    rows: pd.DataFrame = ONE,
    as_of: str = "2026-01-09T18:00",
    steps: tuple[EscalationLevel, ...] = STEPS,
    **about: Any,
) -> pd.DataFrame:
    """Each incident against each level, P1 being major."""
    major = MajorIncidents(**({"priorities": ("P1",)} | about))
    known = desk.log(desk.contract(desk.RESOLUTION), rows, log, as_of)
    return escalations.ladder(known, major, steps).set_index(["ticket_id", "level"])


def outcomes(found: pd.DataFrame) -> list[str]:
    return list(found["outcome"])


def minutes(length: pd.Timedelta) -> float:
    return float(length / pd.Timedelta(minutes=1))


OPEN = "T1 2026-01-05T09:00 status - New\n"


def test_a_level_told_by_its_delay_is_in_time_and_a_second_later_it_is_late() -> None:
    """Due at 9:30 and 11:00; told at 9:30:00 and at 11:00:01."""
    found = ladder(
        OPEN + "T1 2026-01-05T09:30:00 escalation - 1\n" + "T1 2026-01-05T11:00:01 escalation 1 2\n"
    )

    assert outcomes(found) == [IN_TIME, LATE]
    assert list(found["due"]) == [at("2026-01-05T09:30"), at("2026-01-05T11:00")]
    assert minutes(found["after"].iloc[0]) == 30
    assert found["delay"].iloc[1] == pd.Timedelta(seconds=1)
    assert pd.isna(found["delay"].iloc[0])


def test_a_level_is_told_by_a_higher_one_and_not_by_a_lower_one() -> None:
    higher = ladder(OPEN + "T1 2026-01-05T09:20 escalation - 2\n")
    lower = ladder(OPEN + "T1 2026-01-05T09:20 escalation - 1\n")

    assert outcomes(higher) == [IN_TIME, IN_TIME]
    assert outcomes(lower) == [IN_TIME, NOT_TOLD]


def test_a_level_is_not_needed_once_the_ticket_is_resolved_by_its_due_instant() -> None:
    """Resolved at 9:30, the instant at which level 1 is due; a second later it was due."""
    by_then = ladder(OPEN + "T1 2026-01-05T09:30:00 status New Resolved\n")
    after = ladder(OPEN + "T1 2026-01-05T09:30:01 status New Resolved\n")

    assert outcomes(by_then) == [NOT_NEEDED, NOT_NEEDED]
    assert outcomes(after) == [NOT_TOLD, NOT_NEEDED]


@pytest.mark.parametrize("status", ["Closed", "Cancelled"])
def test_a_ticket_closed_or_cancelled_needs_no_escalation_either(status: str) -> None:
    assert outcomes(ladder(OPEN + f"T1 2026-01-05T09:10 status New {status}\n")) == [NOT_NEEDED] * 2


def test_a_ticket_reopened_when_a_level_is_due_has_to_be_escalated() -> None:
    """Resolved 9:10, reopened 9:20, resolved again 10:00: unresolved at 9:30, not at 11:00."""
    found = ladder(
        OPEN
        + "T1 2026-01-05T09:10 status New Resolved\n"
        + "T1 2026-01-05T09:20 status Resolved Open\n"
        + "T1 2026-01-05T10:00 status Open Resolved\n"
    )

    assert outcomes(found) == [NOT_TOLD, NOT_NEEDED]


def test_waiting_does_not_stop_the_clock_of_the_ladder() -> None:
    found = ladder(
        OPEN + "T1 2026-01-05T09:05 status New Waiting\n" + "T1 2026-01-05T10:00 escalation - 1\n"
    )

    assert outcomes(found) == [LATE, NOT_TOLD]


def test_it_is_too_early_for_a_level_that_is_not_due_yet() -> None:
    """Seen at 10:00: level 1 was due at 9:30, level 2 is at 11:00; the later log is not known."""
    log = OPEN + "T1 2026-01-05T10:30 escalation - 1\n"

    assert outcomes(ladder(log, as_of="2026-01-05T10:00")) == [NOT_TOLD, TOO_EARLY]
    over = OPEN + "T1 2026-01-05T09:45 status New Resolved\n"
    assert outcomes(ladder(over, as_of="2026-01-05T10:00")) == [NOT_TOLD, NOT_NEEDED]


def test_the_ladder_runs_on_its_own_calendar() -> None:
    """Opened on Friday at 17:00, 2 h of office hours end on Monday at 10:00: 1 h and 1 h."""
    rows = tickets(ticket("T1", "2026-01-09T17:00"))
    log = "T1 2026-01-09T17:00 status - New\nT1 2026-01-12T10:15 escalation - 2"
    office = ladder(log, rows, "2026-01-30T18:00", calendar="office")
    always = ladder(log, rows, "2026-01-30T18:00")

    assert office["due"].iloc[1] == at("2026-01-12T10:00")
    assert minutes(office["delay"].iloc[1]) == 15
    assert always["due"].iloc[1] == at("2026-01-09T19:00")
    assert minutes(always["after"].iloc[1]) == 65 * 60 + 15


def test_the_clock_starts_when_a_ticket_takes_a_major_priority() -> None:
    """Opened P3 at 9:00, P1 from 14:00: level 1 is due at 14:30."""
    rows = tickets(ticket("T1", "2026-01-05T09:00"))
    found = ladder(OPEN + "T1 2026-01-05T14:00 priority P3 P1\n", rows)

    assert found["due"].iloc[0] == at("2026-01-05T14:30")


def test_a_ticket_that_was_ever_major_stays_one_and_its_lower_priority_is_said() -> None:
    """P1 until 10:00: major when level 1 was due at 9:30, lowered by 11:00."""
    found = ladder(OPEN + "T1 2026-01-05T10:00 priority P1 P3\n")

    assert outcomes(found) == [NOT_TOLD, NOT_TOLD]
    assert list(found["lowered"]) == [False, True]


def test_tickets_of_other_priorities_are_no_major_incidents() -> None:
    rows = tickets(ticket("T1", "2026-01-05T09:00", "P2"), ticket("T2", "2026-01-05T09:00", None))
    found = ladder("T1 2026-01-05T09:10 escalation - 1", rows)

    assert found.empty
    assert escalations.by_level(found.reset_index()).empty


def test_from_a_breach_the_clock_starts_at_the_end_of_the_target() -> None:
    """P1 within 4 h of 9-12 and 14-18: opened at 9:00 the target ends at 15:00, level 1 at 15:30.

    T2 is resolved in time: nothing is due. T3 still runs.
    """
    rows = tickets(
        ticket("T1", "2026-01-05T09:00"),
        ticket("T2", "2026-01-05T09:00"),
        ticket("T3", "2026-01-09T16:00"),
    )
    log = """
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T15:20 escalation - 1
        T2 2026-01-05T09:00 status - New
        T2 2026-01-05T12:00 status New Resolved
        T3 2026-01-09T16:00 status - New
    """
    found = ladder(log, rows, "2026-01-09T17:00", starts_at="breached")

    assert found.loc[("T1", 1), "due"] == at("2026-01-05T15:30")
    assert found["outcome"].unstack().to_dict("index") == {
        "T1": {1: IN_TIME, 2: NOT_TOLD},
        "T2": {1: NOT_NEEDED, 2: NOT_NEEDED},
        "T3": {1: TOO_EARLY, 2: TOO_EARLY},
    }


def test_an_incident_over_at_an_unknown_time_is_not_known() -> None:
    """The log tells nothing of T2, whose row says Closed without a date."""
    rows = tickets(
        ticket("T1", "2026-01-05T09:00", status="Open"),
        ticket("T2", "2026-01-05T09:00", status="Closed"),
    )
    found = ladder(OPEN, rows)

    assert found["outcome"].unstack().to_dict("index")["T2"] == {1: UNKNOWN, 2: UNKNOWN}


def test_an_escalation_without_a_number_tells_no_level() -> None:
    found = ladder(OPEN + "T1 2026-01-05T09:10 escalation - director\n")
    noted = escalations.levels(
        desk.events(
            "T1 2026-01-05T09:10 escalation - director\nT1 2026-02-01T09:10 escalation - 1"
        ),
        at("2026-01-06T00:00"),
    )

    assert outcomes(found) == [NOT_TOLD, NOT_TOLD]
    assert noted["level"].isna().tolist() == [True]


@st.composite
def logs(draw: st.DrawFn) -> str:
    """Up to four incidents, with changes every so many minutes of the same morning."""
    lines = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        moment, status = pd.Timestamp("2026-01-05T09:00"), "New"
        lines.append(f"T{number} {moment:%Y-%m-%dT%H:%M} status - New")
        for _ in range(draw(st.integers(0, 5))):
            moment += pd.Timedelta(minutes=draw(st.integers(1, 70)))
            when = f"T{number} {moment:%Y-%m-%dT%H:%M}"
            if draw(st.booleans()):
                lines.append(f"{when} escalation - {draw(st.integers(1, 2))}")
            else:
                new = draw(st.sampled_from(["Open", "Waiting", "Resolved"]))
                lines.append(f"{when} status {status} {new}")
                status = new
    return "\n".join(lines)


def by_hand(log: str, as_of: pd.Timestamp) -> dict[tuple[str, int], str]:
    """The outcomes, one ticket and one level at a time, by the definition."""
    cells = [line.split() for line in log.splitlines()]
    found = {}
    for name in {cell[0] for cell in cells}:
        mine = [(at(c[1]), c[2], c[4]) for c in cells if c[0] == name and at(c[1]) <= as_of]
        for level, delay in ((1, 30), (2, 120)):
            due = at("2026-01-05T09:00") + pd.Timedelta(minutes=delay)
            until = min(due, as_of)
            status = [new for when, field, new in mine if field == "status" and when <= until][-1]
            told = [
                when for when, field, new in mine if field == "escalation" and int(new) >= level
            ]
            if status == "Resolved":
                outcome = NOT_NEEDED
            elif due > as_of:
                outcome = TOO_EARLY
            elif told:
                outcome = IN_TIME if min(told) <= due else LATE
            else:
                outcome = NOT_TOLD
            found[name, level] = outcome
    return found


@given(logs(), st.integers(0, 300))
def test_outcomes_are_those_of_the_definition_and_add_up(log: str, minutes: int) -> None:
    as_of = pd.Timestamp("2026-01-05T09:00") + pd.Timedelta(minutes=minutes)
    names = sorted({line.split()[0] for line in log.splitlines()})
    rows = tickets(*(ticket(name, "2026-01-05T09:00") for name in names))
    found = ladder(log, rows, as_of.isoformat())
    counts = escalations.by_level(found.reset_index())

    assert found["outcome"].to_dict() == by_hand(log, at(as_of.isoformat()))
    assert (counts[list(OUTCOMES)].sum(axis="columns") == len(names)).all()
    assert list(counts["total"]) == [len(names)] * 2
    assert (counts["due"] == counts[IN_TIME] + counts[LATE] + counts[NOT_TOLD]).all()


def test_the_order_of_the_rows_changes_nothing() -> None:
    log = OPEN + "T1 2026-01-05T09:40 escalation - 1\nT1 2026-01-05T11:00 escalation 1 2"
    turned = "\n".join(reversed(log.splitlines()))

    pd.testing.assert_frame_equal(ladder(log), ladder(turned))
