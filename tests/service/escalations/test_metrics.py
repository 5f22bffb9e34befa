"""Major incidents against the ladder: levels due after 30 minutes and after 2 hours."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract.parties import EscalationLevel, MajorIncidents
from reviewlib.service.escalations import metrics as escalations
from reviewlib.service.escalations.metrics import (
    IN_TIME,
    LATE,
    NOT_NEEDED,
    NOT_TOLD,
    OUTCOMES,
    TOO_EARLY,
    UNKNOWN,
)
from reviewlib.service.service_levels.metrics import judged
from tests import desk
from tests.desk import at, ticket, tickets

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
    found = escalations.ladder(known, major, steps, judged(known))
    return found.set_index(["ticket_id", "level"])


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


def test_the_ladder_counts_the_time_unresolved_and_resumes_where_a_ticket_is_reopened() -> None:
    """Unresolved 9:00 to 9:10 and 9:20 to 10:00: its 30 minutes end at 9:40, 2 h never do."""
    found = ladder(
        OPEN
        + "T1 2026-01-05T09:10 status New Resolved\n"
        + "T1 2026-01-05T09:20 status Resolved Open\n"
        + "T1 2026-01-05T10:00 status Open Resolved\n"
    )

    assert outcomes(found) == [NOT_TOLD, NOT_NEEDED]
    assert found["due"].iloc[0] == at("2026-01-05T09:40")
    assert found["due"].isna().tolist() == [False, True]


def test_an_incident_resolved_before_its_level_was_due_and_reopened_for_days_has_to_be_told() -> (
    None
):
    """Resolved 9:20, reopened 9:40: level 1 is due at 9:50, level 2 at 9:40 + 1 h 40 = 11:20."""
    log = (
        OPEN + "T1 2026-01-05T09:20 status New Resolved\nT1 2026-01-05T09:40 status Resolved Open\n"
    )
    late = ladder(log + "T1 2026-01-05T10:00 escalation - 1\n")

    assert outcomes(ladder(log)) == [NOT_TOLD, NOT_TOLD]
    assert outcomes(late) == [LATE, NOT_TOLD]
    assert list(late["due"]) == [at("2026-01-05T09:50"), at("2026-01-05T11:20")]
    assert (minutes(late["after"].iloc[0]), minutes(late["delay"].iloc[0])) == (40, 10)


def test_a_level_of_which_the_delay_ends_as_the_ticket_is_resolved_is_due_at_its_reopening() -> (
    None
):
    """Resolved at 9:30:00, when the 30 minutes end, and reopened at 15:00."""
    found = ladder(
        OPEN
        + "T1 2026-01-05T09:30 status New Resolved\n"
        + "T1 2026-01-05T15:00 status Resolved Open\n"
        + "T1 2026-01-05T15:00 escalation - 1\n"
    )

    assert found["due"].iloc[0] == at("2026-01-05T15:00")
    assert outcomes(found) == [IN_TIME, NOT_TOLD]


def test_a_step_within_days_of_stated_hours_is_due_after_these_hours() -> None:
    """Two days of 7 h around the clock: 9:00 + 14 h = 23:00."""
    step = EscalationLevel.model_validate(LADDER[0] | {"within": "2 days of 7 h"})

    assert ladder(OPEN, steps=(step,))["due"].iloc[0] == at("2026-01-05T23:00")


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
    """The log says nothing of T2, whose row says Closed without a date."""
    rows = tickets(
        ticket("T1", "2026-01-05T09:00", status="Open"),
        ticket("T2", "2026-01-05T09:00", status="Closed"),
    )
    found = ladder(OPEN, rows)

    assert found["outcome"].unstack().to_dict("index")["T2"] == {1: UNKNOWN, 2: UNKNOWN}


def test_a_level_that_can_not_be_read_leaves_what_is_not_told_otherwise_unknown() -> None:
    """Unread at 9:10. Level 1 in time at 9:20 is in time; late at 9:40, it may have been told."""
    unread = OPEN + "T1 2026-01-05T09:10 escalation - director\n"

    assert outcomes(ladder(unread)) == [UNKNOWN, UNKNOWN]
    assert outcomes(ladder(unread + "T1 2026-01-05T09:20 escalation - 1\n")) == [IN_TIME, UNKNOWN]
    assert outcomes(ladder(unread + "T1 2026-01-05T09:40 escalation - 1\n")) == [UNKNOWN] * 2
    blank = OPEN + "T1 2026-01-05T09:10 escalation 1 -\n"
    assert outcomes(ladder(blank)) == [UNKNOWN, UNKNOWN]


def test_a_level_told_late_before_one_that_can_not_be_read_is_late() -> None:
    log = OPEN + "T1 2026-01-05T09:40 escalation - 1\nT1 2026-01-05T10:40 escalation - director\n"

    assert outcomes(ladder(log)) == [LATE, UNKNOWN]


def test_escalations_are_those_known_by_then_and_a_level_is_a_finite_number() -> None:
    log = """
        T1 2026-01-05T09:10 escalation - director
        T1 2026-01-05T09:20 escalation - inf
        T1 2026-01-05T09:30 escalation - 2
        T1 2026-02-01T09:10 escalation - 1
    """
    known = desk.log(desk.contract(desk.RESOLUTION), ONE, log, "2026-01-06T00:00")
    bare = desk.log(desk.contract(desk.RESOLUTION), ONE, None)

    assert escalations.levels(known)["level"].fillna(-1).tolist() == [-1, -1, 2]
    assert escalations.levels(bare).empty


def test_what_was_told_before_the_ticket_was_major_does_not_count_and_is_said() -> None:
    """P3 told of level 1 at 9:05; P1 from 14:00: level 1 is due at 14:30, level 2 at 16:00."""
    raised = OPEN + "T1 2026-01-05T09:05 escalation - 1\nT1 2026-01-05T14:00 priority P3 P1\n"
    found = ladder(raised)

    assert outcomes(found) == [NOT_TOLD, NOT_TOLD]
    assert list(found["before"]) == [True, False]
    assert outcomes(ladder(raised + "T1 2026-01-05T14:10 escalation 1 2")) == [IN_TIME, IN_TIME]


def test_what_was_told_of_a_major_incident_before_its_target_ended_counts() -> None:
    """P1 from 9:00, told at 10:00; the target of 4 h ends at 15:00, level 1 is due at 15:30."""
    found = ladder(OPEN + "T1 2026-01-05T10:00 escalation - 1\n", starts_at="breached")

    assert outcomes(found) == [IN_TIME, NOT_TOLD]
    assert minutes(found["after"].iloc[0]) == 0


def test_children_of_a_major_incident_are_none_of_their_own() -> None:
    """T2 is a child of T1, T3 merged into it, T4 child of a P3, T5 of a ticket not told."""
    child, merged = {"relation": "child"}, {"relation": "merged"}
    opened = "2026-01-05T09:00"
    rows = tickets(
        ticket("T1", opened, parent_id=None, relation=None),
        ticket("T2", opened, parent_id="T1", **child),
        ticket("T3", opened, parent_id="T1", **merged),
        ticket("T4", opened, parent_id="T6", **child),
        ticket("T5", opened, parent_id=None, **child),
        ticket("T6", opened, "P3", parent_id=None, relation=None),
    )
    known = desk.log(desk.contract(desk.RESOLUTION), rows, OPEN)
    found = escalations.candidates(known, MajorIncidents(priorities=("P1",)))

    assert found["attached"].to_dict() == {
        "T1": False, "T2": True, "T3": True, "T4": False, "T5": True,
    }  # fmt: skip
    assert sorted(ladder(OPEN, rows).index.unique("ticket_id")) == ["T1", "T4"]


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
            state = {when: new for when, field, new in mine if field == "status"}
            moment, left, status = at("2026-01-05T09:00"), delay, "New"
            while moment <= as_of:
                status = state.get(moment, status)
                if not left and status != "Resolved":
                    break
                moment += pd.Timedelta(minutes=1)
                left -= (status != "Resolved") and left > 0
            due = moment if moment <= as_of else None
            told = [
                when for when, field, new in mine if field == "escalation" and int(new) >= level
            ]
            if due is None:
                outcome = NOT_NEEDED if status == "Resolved" else TOO_EARLY
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
