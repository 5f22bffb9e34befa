"""Every ticket judged, by hand calculations on the desk of ``tests/desk.py``: 9 to 12, 14 to 18.

5 January 2026 is a Monday.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract import Contract
from reviewlib.rates import OUTCOMES, compliance
from reviewlib.service.log import Log
from reviewlib.service.service_levels.metrics import OUTCOME_OF, judged, recorded, share_of_target
from reviewlib.service.working import working
from tests import desk
from tests.desk import RESOLUTION, RESPONSE, hours, ticket, tickets, verdicts
from tests.properties import steady

MONDAY = ticket("T1", "2026-01-05T09:00")


def one(clause: dict[str, Any], log: str | None, *row: dict[str, Any], **options: Any) -> pd.Series:
    """The verdict on the only ticket, P1 and opened on Monday at 9 unless told."""
    return verdicts(clause, tickets(*(row or (MONDAY,))), log, **options).iloc[0]


def at(verdict: pd.Series, column: str) -> str:
    instant = verdict[column]
    return "" if pd.isna(instant) else f"{instant.tz_convert(desk.ZONE):%d %b %H:%M}"


def spell(*changes: tuple[str, str]) -> str:
    """A log of T1: (time, status) from the opening on."""
    before = ["-", *(status for _, status in changes)]
    return "\n".join(
        f"T1 {time} status {old} {new}" for old, (time, new) in zip(before, changes, strict=False)
    )


OPENED = ("2026-01-05T09:00", "New")


# ---------------------------------------------------------------------------------------- outcomes


@pytest.mark.parametrize(
    ("log", "as_of", "because"),
    [
        # P1: 4 h of service time. Opened Monday 9, 4 h is Monday 15:00
        (spell(OPENED, ("2026-01-05T15:00", "Resolved")), "2026-01-09T09:00", "in_time"),
        (spell(OPENED, ("2026-01-05T15:00:01", "Resolved")), "2026-01-09T09:00", "late"),
        (spell(OPENED), "2026-01-05T15:00", "open"),
        (spell(OPENED), "2026-01-05T15:00:01", "late"),
        (spell(OPENED, ("2026-01-07T09:00", "Cancelled")), "2026-01-09T09:00", "cancelled"),
        (spell(OPENED, ("2026-01-05T10:00", "Archived")), "2026-01-09T09:00", "undefined_status"),
        (spell(("2026-01-05T08:00", "Resolved")), "2026-01-09T09:00", "no_time"),
    ],
)
def test_a_ticket_is_in_one_class_by_what_the_log_tells(log: str, as_of: str, because: str) -> None:
    found = one(RESOLUTION, log, as_of=as_of)

    assert (found["because"], found["outcome"]) == (because, OUTCOME_OF[because])


def test_an_open_ticket_past_its_target_is_late_and_one_within_it_is_never_met() -> None:
    assert one(RESOLUTION, spell(OPENED), as_of="2026-01-06T09:00")["outcome"] == "breached"
    assert one(RESOLUTION, spell(OPENED), as_of="2026-01-05T10:00")["outcome"] == "running"


@pytest.mark.parametrize(
    ("priority", "because", "outcome"),
    [
        ("P4", "no_target", "excluded"),
        (None, "no_priority", "unknown"),
        ("Urgent", "no_priority", "unknown"),
    ],
)
def test_a_priority_without_a_target_is_excluded_and_none_at_all_is_unknown(
    priority: str | None, because: str, outcome: str
) -> None:
    log = spell(OPENED, ("2026-01-05T10:00", "Resolved"))
    found = one(RESOLUTION, log, ticket("T1", "2026-01-05T09:00", priority))

    assert (found["because"], found["outcome"]) == (because, outcome)
    assert pd.isna(found["target"])


def test_reaching_the_target_at_closing_time_is_in_time_even_at_the_next_opening() -> None:
    """Monday 17:00 and 1 h are due Monday 18:00. Answered Tuesday 9:00, 1 h has elapsed: in time.

    The stop is after the deadline, yet no service time is: breach is elapsed > target.
    """
    opened = ticket("T1", "2026-01-05T17:00")
    found = one(RESPONSE, "T1 2026-01-06T09:00 public_reply - - provider", opened)

    assert at(found, "deadline") == "05 Jan 18:00"
    assert (hours(found["elapsed"]), found["outcome"]) == (1, "met")
    late = one(RESPONSE, "T1 2026-01-06T09:00:01 public_reply - - provider", opened)
    assert late["outcome"] == "breached"


# --------------------------------------------------------------------------------------- responses


def test_an_answer_stops_the_clock_of_the_response() -> None:
    """P1: 1 h; answered Monday 9:45, resolved on Friday."""
    log = spell(OPENED, ("2026-01-09T09:00", "Resolved"))
    found = one(RESPONSE, log + "\nT1 2026-01-05T09:45 public_reply - - provider")

    assert (hours(found["elapsed"]), found["outcome"]) == (0.75, "met")


@pytest.mark.parametrize(
    ("log", "because"),
    [
        (spell(OPENED), "late"),  # open, unanswered, past 1 h
        (spell(OPENED, ("2026-01-05T09:30", "Resolved")), "no_time"),  # solved without an answer
        (spell(OPENED, ("2026-01-05T09:30", "Cancelled")), "cancelled"),
        (spell(OPENED) + "\nT1 2026-01-05T08:00 public_reply - - provider", "no_time"),
    ],
)
def test_an_unanswered_ticket_is_late_while_open_and_unknown_once_resolved(
    log: str, because: str
) -> None:
    """T2 was answered, so that the log is known to tell of answers."""
    rows = tickets(MONDAY, ticket("T2", "2026-01-05T09:00"))
    log += "\nT2 2026-01-05T09:30 public_reply - - provider"

    assert verdicts(RESPONSE, rows, log)["because"].to_dict() == {"T1": because, "T2": "in_time"}


def test_where_nothing_tells_of_answers_every_response_is_unknown() -> None:
    found = one(RESPONSE, spell(OPENED))

    assert (found["because"], found["outcome"]) == ("no_time", "unknown")


def test_a_response_has_no_pause_unless_stated() -> None:
    """Opened 9:00, waiting 9:30 to 11:00, answered 11:30: 2 h 30 (1 h where waiting pauses)."""
    log = spell(OPENED, ("2026-01-05T09:30", "Waiting"), ("2026-01-05T11:00", "Open"))
    log += "\nT1 2026-01-05T11:30 public_reply - - provider"

    assert hours(one(RESPONSE, log)["elapsed"]) == 2.5
    assert hours(one(RESPONSE | {"pauses": ["Waiting"]}, log)["elapsed"]) == 1


def test_a_response_is_not_excused_by_a_resolution_without_an_answer() -> None:
    """Resolved unanswered from 9:30 to 11:00, answered at 11:30."""
    log = spell(OPENED, ("2026-01-05T09:30", "Resolved"), ("2026-01-05T11:00", "Open"))
    log += "\nT1 2026-01-05T11:30 public_reply - - provider"

    assert hours(one(RESPONSE, log)["elapsed"]) == 2.5


# --------------------------------------------------------------------- stops, reopenings and pauses

REOPENED = spell(
    OPENED,
    ("2026-01-05T11:00", "Resolved"),
    ("2026-01-06T09:00", "Open"),
    ("2026-01-06T11:00", "Resolved"),
    ("2026-01-08T11:00", "Closed"),
)


@pytest.mark.parametrize(
    ("reopening", "elapsed", "deadline"),
    [("resume", 4, "06 Jan 11:00"), ("count", 9, "05 Jan 15:00"), ("new_cycle", 2, "06 Jan 15:00")],
)
def test_a_reopened_ticket_is_read_by_the_policy_of_the_clause(
    reopening: str, elapsed: float, deadline: str
) -> None:
    """Monday 9 to 11 and Tuesday 9 to 11 are 4 h; resolved in between for 1 + 4 = 5 h."""
    found = one(RESOLUTION | {"reopening": reopening}, REOPENED)

    assert hours(found["elapsed"]) == elapsed
    assert at(found, "deadline") == deadline
    assert found["outcome"] == ("breached" if elapsed > 4 else "met")


@pytest.mark.parametrize(
    ("stops_at", "reopening", "elapsed"),
    [
        ("first_resolution", "resume", 2),
        ("last_resolution", "resume", 4),
        # Tuesday 11 to Thursday 11 is 1 + 4 + 7 + 2 = 14 h more
        ("closure", "resume", 18),
        ("closure", "count", 23),
        ("closure", "new_cycle", 16),
    ],
)
def test_the_clock_stops_where_the_clause_says(
    stops_at: str, reopening: str, elapsed: float
) -> None:
    clause = RESOLUTION | {"stops_at": stops_at, "reopening": reopening}

    assert hours(one(clause, REOPENED)["elapsed"]) == elapsed


def test_a_resolved_ticket_is_still_running_to_its_closure() -> None:
    log = spell(OPENED, ("2026-01-05T10:00", "Resolved"))
    clause = RESOLUTION | {"stops_at": "closure"}

    assert one(clause, log, as_of="2026-01-05T12:00")["outcome"] == "running"
    assert one(RESOLUTION, log, as_of="2026-01-05T12:00")["outcome"] == "met"


@pytest.mark.parametrize(("reopening", "elapsed"), [("resume", 2), ("count", 7), ("new_cycle", 1)])
def test_a_pause_that_touches_a_reopening_is_taken_out_once(reopening: str, elapsed: float) -> None:
    """Worked Monday 9 to 10 and Tuesday 10 to 11; waiting before the resolution and after it.

    Resolved from Monday 11 to Tuesday 9: 1 + 4 = 5 h, which ``count`` adds.
    """
    log = spell(
        OPENED,
        ("2026-01-05T10:00", "Waiting"),
        ("2026-01-05T11:00", "Resolved"),
        ("2026-01-06T09:00", "Waiting"),
        ("2026-01-06T10:00", "Open"),
        ("2026-01-06T11:00", "Resolved"),
    )

    assert hours(one(RESOLUTION | {"reopening": reopening}, log)["elapsed"]) == elapsed


def test_a_pause_counts_in_open_hours_only() -> None:
    """Friday 9 January 16:00, 4 h; waiting Friday 17:00 to Monday 10:00, 2 open hours of 65."""
    log = """
        T1 2026-01-09T16:00 status - New
        T1 2026-01-09T17:00 status New Waiting
        T1 2026-01-12T10:00 status Waiting Open
        T1 2026-01-12T12:00 status Open Resolved
    """
    found = one(RESOLUTION, log, ticket("T1", "2026-01-09T16:00"))

    assert at(found, "deadline") == "12 Jan 15:00"
    assert hours(found["elapsed"]) == 3


def test_only_the_statuses_that_the_clause_names_pause_it() -> None:
    log = spell(OPENED, ("2026-01-05T10:00", "Supplier"), ("2026-01-05T12:00", "Resolved"))

    assert hours(one(RESOLUTION, log)["elapsed"]) == 3
    assert hours(one(RESOLUTION | {"pauses": ["Supplier"]}, log)["elapsed"]) == 1


def test_a_ticket_that_still_waits_has_no_deadline_and_keeps_the_time_it_had() -> None:
    log = spell(OPENED, ("2026-01-05T10:00", "Waiting"))
    found = one(RESOLUTION, log, as_of="2026-06-30T18:00")

    assert (hours(found["elapsed"]), found["outcome"]) == (1, "running")
    assert pd.isna(found["deadline"])


def test_a_pause_after_the_stop_is_ignored_and_one_around_it_ends_with_it() -> None:
    """Response within 1 h, waiting pauses it. Answered at 9:45, waiting since 9:30 without end.

    30 min of 60 had run; had the wait ended with the answer, 10:15 was due.
    """
    clause = RESPONSE | {"pauses": ["Waiting"]}
    answer = "\nT1 2026-01-05T09:45 public_reply - - provider"
    after = one(clause, spell(OPENED, ("2026-01-05T09:50", "Waiting")) + answer)
    around = one(clause, spell(OPENED, ("2026-01-05T09:30", "Waiting")) + answer)

    assert (hours(after["elapsed"]), at(after, "deadline")) == (0.75, "05 Jan 10:00")
    assert (hours(around["elapsed"]), at(around, "deadline")) == (0.5, "05 Jan 10:15")


def test_the_time_in_which_a_ticket_stood_cancelled_by_mistake_does_not_count() -> None:
    """Cancelled Monday 10:00, taken up again Wednesday 9:00, resolved 11:00: 1 + 2 h.

    Counted, Monday and Tuesday are 7 h each: 16 h.
    """
    log = spell(
        OPENED,
        ("2026-01-05T10:00", "Cancelled"),
        ("2026-01-07T09:00", "Open"),
        ("2026-01-07T11:00", "Resolved"),
    )

    assert hours(one(RESOLUTION, log)["elapsed"]) == 3
    assert hours(one(RESOLUTION | {"reopening": "count"}, log)["elapsed"]) == 16


def test_an_event_before_the_opening_counts_no_time_before_it() -> None:
    log = spell(("2026-01-05T08:00", "New"), ("2026-01-05T11:00", "Resolved"))

    assert hours(one(RESOLUTION, log)["elapsed"]) == 2


def test_events_after_the_closure_change_nothing() -> None:
    log = spell(OPENED, ("2026-01-05T11:00", "Resolved"), ("2026-01-06T11:00", "Closed"))
    log += "\nT1 2026-01-20T11:00 priority P1 P1\nT1 2026-01-20T11:00 status Closed Closed"

    assert hours(one(RESOLUTION, log)["elapsed"]) == 2


# ---------------------------------------------------------------------------- calendars and targets

AMENDED = [
    {
        "id": "A1",
        "title": "P2 from 8 h to 6 h",
        "signed": "2026-01-20",
        "effective": "2026-02-03",
        "changes": {"clauses": {"R1": {"targets": {"P2": "6 h"}}}},
    }
]


def test_a_ticket_is_judged_under_the_terms_in_force_when_it_was_opened() -> None:
    """Tuesday 3 February, local midnight: 23:00 UTC the day before. Each took Tuesday's 7 h."""
    rows = tickets(
        ticket("T1", "2026-02-02T23:59:59", "P2"), ticket("T2", "2026-02-03T00:00", "P2")
    )
    log = "T1 2026-02-03T18:00 status Open Resolved\nT2 2026-02-03T18:00 status Open Resolved"
    found = verdicts(RESOLUTION, rows, log, amendments=AMENDED)

    assert found["version"].tolist() == [0, 1]
    assert [hours(target) for target in found["target"]] == [8, 6]
    assert [hours(elapsed) for elapsed in found["elapsed"]] == [7, 7]
    assert found["outcome"].tolist() == ["met", "breached"]


def test_terms_that_word_a_clause_alike_stay_versions_of_their_own() -> None:
    """P2: 8 h, 6 h from Tuesday, 8 h again from Wednesday. Each of the three took 7 h."""
    again = AMENDED[0] | {"id": "A2", "effective": "2026-02-04"}
    again |= {"changes": {"clauses": {"R1": {"targets": {"P2": "8 h"}}}}}
    days = ("02", "03", "04")
    rows = tickets(*(ticket(f"T{day}", f"2026-02-{day}T09:00", "P2") for day in days))
    log = "\n".join(f"T{day} 2026-02-{day}T18:00 status Open Resolved" for day in days)

    found = verdicts(RESOLUTION, rows, log, amendments=[*AMENDED, again]).sort_index()

    assert found["version"].tolist() == [0, 1, 2]
    assert [hours(target) for target in found["target"]] == [8, 6, 8]
    assert found["outcome"].tolist() == ["met", "breached", "met"]


def test_a_threshold_is_the_one_of_the_terms_of_the_ticket() -> None:
    change = AMENDED[0] | {"changes": {"clauses": {"R1": {"threshold": "98 %"}}}}
    rows = tickets(ticket("T1", "2026-02-02T09:00"), ticket("T2", "2026-02-03T09:00"))

    found = verdicts(RESOLUTION, rows, None, amendments=[change])
    assert found["threshold"].tolist() == [0.95, 0.98]


def test_hours_that_an_amendment_changes_hold_for_the_time_after_it() -> None:
    """Open Tuesday 17:00 to Wednesday 10:00: 1 h on Tuesday, 8 to 10 on Wednesday, the new day."""
    longer = {day: [["08:00", "20:00"]] for day in desk.WEEK}
    change = {
        "id": "A1", "title": "Longer days", "signed": "2026-01-02", "effective": "2026-01-07",
        "changes": {"calendars": {"office": {"week": longer}}},
    }  # fmt: skip
    log = "T1 2026-01-07T10:00 status Open Resolved"
    found = one(RESOLUTION, log, ticket("T1", "2026-01-06T17:00"), amendments=[change])

    assert (found["version"], hours(found["elapsed"])) == (0, 3)


def test_each_priority_has_the_hours_that_the_clause_gives_it() -> None:
    """Friday 18:00 to 23:00: 5 h around the clock, none at the office."""
    clause = RESOLUTION | {"calendar": {"P1": "permanent", "P2": "office", "P3": "office"}}
    rows = tickets(ticket("T1", "2026-01-09T18:00", "P1"), ticket("T2", "2026-01-09T18:00", "P2"))
    log = "T1 2026-01-09T23:00 status Open Resolved\nT2 2026-01-09T23:00 status Open Resolved"

    found = verdicts(clause, rows, log)
    assert [hours(elapsed) for elapsed in found["elapsed"]] == [5, 0]
    assert found["outcome"].tolist() == ["breached", "met"]


def test_a_site_has_its_own_public_holidays() -> None:
    """Thursday 2 April 2026 17:00 and 2 h: Friday 10:00; in Alsace Good Friday and Easter Monday
    are off: Tuesday 10:00."""
    rows = tickets(
        *(ticket(site, "2026-04-02T17:00", "P2", site=site) for site in ("paris", "strasbourg"))
    )
    found = verdicts(RESPONSE, rows, None)

    assert [at(row, "deadline") for _, row in found.iterrows()] == ["03 Apr 10:00", "07 Apr 10:00"]
    assert found["site"].tolist() == ["", "strasbourg"]


def test_working_days_are_held_back_by_pauses_in_service_time() -> None:
    """2 working days from Monday 16:00 are Wednesday 16:00: 2 + 7 + 5 = 14 h.

    Waiting on Tuesday 9 to 12 moves it 3 h on: Wednesday 18:00 is 2 h, Thursday 10:00 the third.
    """
    row = ticket("T1", "2026-01-05T16:00", "P3")
    log = """
        T1 2026-01-06T09:00 status Open Waiting
        T1 2026-01-06T12:00 status Waiting Open
        T1 2026-01-08T10:00 status Open Resolved
    """
    found = one(RESOLUTION, log, row)

    assert hours(found["target"]) == hours(found["elapsed"]) == 14
    assert at(found, "deadline") == "08 Jan 10:00"
    assert found["outcome"] == "met"
    assert one(RESOLUTION, log.replace("10:00 s", "10:01 s"), row)["outcome"] == "breached"


def test_working_days_to_the_end_of_the_day_end_with_its_hours() -> None:
    clause = RESOLUTION | {"targets": {"P3": "2 working days, end of day"}}
    found = one(clause, spell(OPENED), ticket("T1", "2026-01-05T09:00", "P3"))

    assert at(found, "deadline") == "07 Jan 18:00"
    assert hours(found["target"]) == 21


@pytest.mark.parametrize(("which", "target"), [("initial", 14), ("final", 8), ("highest", 4)])
def test_the_priority_that_counts_gives_the_target(which: str, target: float) -> None:
    """P3 (2 days: 14 h), then P1 (4 h), then P2 (8 h)."""
    log = """
        T1 2026-01-05T09:00 priority - P3
        T1 2026-01-05T10:00 priority P3 P1
        T1 2026-01-05T11:00 priority P1 P2
    """
    found = one(RESOLUTION | {"priority": which}, log, ticket("T1", "2026-01-05T09:00", "P2"))

    assert hours(found["target"]) == target


def test_the_highest_priority_is_told_by_the_latest_order_of_the_contract() -> None:
    """P1 before P2, until an amendment turned them."""
    change = {
        "id": "A1", "title": "Turned", "signed": "2026-01-02", "effective": "2026-02-03",
        "changes": {"priorities": ["P2", "P1", "P3", "P4"]},
    }  # fmt: skip
    log = "T1 2026-01-05T10:00 priority P1 P2"
    clause = RESOLUTION | {"priority": "highest"}

    assert one(clause, log)["priority"] == "P1"
    assert one(clause, log, amendments=[change])["priority"] == "P2"


# ------------------------------------------------------------------------------------------- months


@pytest.mark.parametrize(
    ("month", "expected"), [("opened", "2026-01"), ("due", "2026-02"), ("resolved", "2026-03")]
)
def test_a_ticket_belongs_to_the_month_that_the_clause_says(month: str, expected: str) -> None:
    """Opened Friday 30 January 17:00, due Monday 2 February 12:00, resolved in March."""
    log = "T1 2026-03-03T09:00 status Open Resolved"
    found = one(RESOLUTION | {"month": month}, log, ticket("T1", "2026-01-30T17:00"))

    assert found["month"] == expected


def test_a_month_begins_at_local_midnight() -> None:
    """00:30 in Paris on 1 February is 23:30 UTC on 31 January."""
    assert desk.at("2026-02-01T00:30").month == 1
    clause = RESOLUTION | {"month": "opened"}

    assert one(clause, None, ticket("T1", "2026-02-01T00:30"))["month"] == "2026-02"
    resolved = one(
        RESOLUTION | {"month": "resolved"}, spell(OPENED, ("2026-02-01T00:30", "Resolved"))
    )
    assert resolved["month"] == "2026-02"


@pytest.mark.parametrize(
    ("month", "expected"), [("opened", "2026-01"), ("due", "2026-02"), ("resolved", "2026-01")]
)
def test_a_running_ticket_belongs_to_the_month_in_which_it_will_be_due(
    month: str, expected: str
) -> None:
    """Seen on 31 January, it is due on Monday 2 February; not resolved: the month of the review."""
    row = ticket("T1", "2026-01-30T17:00")
    log = "T1 2026-01-30T17:00 status - New"
    found = one(RESOLUTION | {"month": month}, log, row, as_of="2026-01-31T18:00")

    assert (found["outcome"], found["month"]) == ("running", expected)


@pytest.mark.parametrize(
    ("month", "expected"), [("opened", "2026-01"), ("due", "2026-03"), ("resolved", "2026-03")]
)
def test_a_ticket_whose_clock_stands_still_belongs_to_the_month_of_the_review(
    month: str, expected: str
) -> None:
    row = ticket("T1", "2026-01-30T17:00")
    log = "T1 2026-01-30T17:00 status - New\nT1 2026-01-30T17:30 status New Waiting"
    found = one(RESOLUTION | {"month": month}, log, row, as_of="2026-03-31T18:00")

    assert (found["outcome"], found["month"]) == ("running", expected)


def test_a_ticket_without_a_verdict_to_wait_for_belongs_to_the_month_of_its_opening() -> None:
    """P4 has no target, so nothing falls due; the review is of December."""
    assert one(RESOLUTION, None, ticket("T1", "2026-02-05T09:00", "P4"))["month"] == "2026-02"


# ------------------------------------------------------------------------------- what is known when


def test_seen_from_the_past_later_events_and_the_row_of_the_extraction_tell_nothing() -> None:
    """Opened P3 and waiting on Monday; on Wednesday it became P1 and was resolved.

    The row holds P1 and Resolved. On Tuesday it was a P3 that waited: 1 h of 14.
    """
    row = ticket("T1", "2026-01-05T09:00", "P1", status="Resolved")
    log = """
        T1 2026-01-05T10:00 status New Waiting
        T1 2026-01-07T09:00 status Waiting Open
        T1 2026-01-07T09:00 priority P3 P1
        T1 2026-01-07T10:00 status Open Resolved
    """
    past = one(RESOLUTION, log, row, as_of="2026-01-06T18:00")
    now = one(RESOLUTION, log, row, as_of="2026-01-31T18:00")

    assert (past["priority"], past["outcome"], hours(past["elapsed"])) == ("P3", "running", 1)
    assert (now["priority"], now["outcome"], hours(now["elapsed"])) == ("P1", "met", 2)


def test_a_ticket_without_any_event_is_read_from_its_own_row() -> None:
    rows = tickets(
        MONDAY | {"resolved_at": "2026-01-05T12:00"},
        ticket("T2", "2026-01-05T09:00"),
        ticket("T3", "2026-01-05T09:00", status="Resolved"),
        ticket("T4", "2026-01-05T09:00", status="Cancelled"),
        ticket("T5", "2026-01-05T09:00"),
    )
    log = "T5 2026-01-05T11:00 status New Resolved"
    found = verdicts(RESOLUTION, rows, log, as_of="2026-01-05T14:00")

    assert found["because"].tolist() == ["in_time", "open", "no_time", "cancelled", "in_time"]
    assert desk.log(desk.contract(RESOLUTION), rows, log).silent.tolist() == [
        "T1",
        "T2",
        "T3",
        "T4",
    ]


def test_a_status_of_the_row_is_not_that_of_the_past() -> None:
    """T1 has no event; its row says Cancelled at the extraction in June, unknown in January."""
    rows = tickets(
        MONDAY | {"status": "Cancelled", "resolved_at": None}, ticket("T2", "2026-01-05T09:00")
    )
    log = "T2 2026-01-05T11:00 status New Resolved"
    data = {"extracted_at": "2026-06-30T18:00"}

    found = verdicts(RESOLUTION, rows, log, as_of="2026-01-05T14:00", data=data)
    assert found.loc["T1", "outcome"] == "unknown"
    found = verdicts(RESOLUTION, rows, log, as_of="2026-06-30T18:00", data=data)
    assert found.loc["T1", "outcome"] == "excluded"


def test_without_any_log_the_recorded_times_are_judged() -> None:
    row = MONDAY | {"first_response_at": "2026-01-05T09:30", "resolved_at": "2026-01-05T18:00"}

    assert hours(one(RESPONSE, None, row)["elapsed"]) == 0.5
    assert hours(one(RESOLUTION, None, row)["elapsed"]) == 7
    assert one(RESOLUTION | {"pauses": []}, None, row)["outcome"] == "breached"


def test_without_a_log_what_a_pause_could_excuse_is_late_or_paused() -> None:
    """4 h; 9 to 18 is 7 h without pauses, 9 to 12 is 3 h: in time with or without any."""
    late, early = (MONDAY | {"resolved_at": f"2026-01-05T{hour}:00"} for hour in (18, 12))

    assert one(RESOLUTION, None, late)["outcome"] == "late_or_paused"
    assert one(RESOLUTION, None, late)["because"] == "pauses_unknown"
    assert one(RESOLUTION, None, early)["outcome"] == "met"


def test_a_ticket_of_which_a_log_tells_nothing_may_have_paused_too() -> None:
    """T2 alone is in the log: T1, 7 h of 4, can't be called late; T2, 7 h of 4, is."""
    rows = [
        ticket(name, "2026-01-05T09:00", resolved_at="2026-01-05T18:00") for name in ("T1", "T2")
    ]
    found = verdicts(RESOLUTION, tickets(*rows), "T2 2026-01-05T18:00 status New Resolved")

    assert found["outcome"].to_dict() == {"T1": "late_or_paused", "T2": "breached"}


def test_an_open_ticket_past_its_target_may_be_paused_without_a_log() -> None:
    """Another ticket is resolved, so the table tells of resolutions; T1, open, has had 4 h."""
    rows = [
        ticket("T1", "2026-01-05T09:00", status="Open"),
        ticket("T2", "2026-01-05T09:00", resolved_at="2026-01-05T10:00"),
    ]

    assert verdicts(RESOLUTION, tickets(*rows), None)["outcome"]["T1"] == "late_or_paused"
    assert (
        verdicts(RESOLUTION | {"pauses": []}, tickets(*rows), None)["outcome"]["T1"] == "breached"
    )


def test_where_nothing_tells_of_resolutions_no_ticket_is_called_late() -> None:
    assert one(RESOLUTION, None)["outcome"] == "unknown"


def test_where_the_contract_defines_no_status_the_recorded_times_are_judged() -> None:
    log = spell(OPENED, ("2026-01-05T10:00", "Done"))
    row = MONDAY | {"resolved_at": "2026-01-05T12:00"}
    found = one(RESOLUTION | {"pauses": []}, log, row, statuses={})

    assert (hours(found["elapsed"]), found["outcome"]) == (3, "met")


def test_a_status_that_an_amendment_takes_out_keeps_its_meaning() -> None:
    change = {
        "id": "A1", "title": "No supplier", "signed": "2026-01-02", "effective": "2026-02-03",
        "changes": {"statuses": {"Supplier": None}},
    }  # fmt: skip
    log = spell(OPENED, ("2026-01-05T10:00", "Supplier"), ("2026-01-05T11:00", "Resolved"))

    assert one(RESOLUTION, log, amendments=[change])["outcome"] == "met"


def test_a_ticket_from_before_the_years_of_the_clock_is_unknown() -> None:
    row = ticket("T1", "1900-01-01T00:00", resolved_at="2026-01-05T12:00")

    assert one(RESOLUTION | {"excludes": ["cancelled"]}, None, row)["because"] == "no_time"


# --------------------------------------------------------------------------------------- coverage


def test_a_clause_judges_the_services_and_kinds_that_it_names() -> None:
    rows = tickets(
        ticket("T1", "2026-01-05T09:00", service="support", kind="incident"),
        ticket("T2", "2026-01-05T09:00", service="network", kind="incident"),
        ticket("T3", "2026-01-05T09:00", service="support", kind="request"),
        ticket("T4", "2026-01-05T09:00", service=None, kind="incident"),
    )
    clause = RESOLUTION | {"services": ["support"], "kinds": ["incident"]}

    found = verdicts(clause, rows, None)
    assert found.index.tolist() == ["T1", "T4"]
    assert found.loc["T4", ["because", "outcome"]].tolist() == ["no_service", "unknown"]


@pytest.mark.parametrize("named", [{"services": ["network"]}, {"kinds": ["change"]}])
def test_a_clause_that_covers_nothing_judges_nothing(named: dict[str, list[str]]) -> None:
    """Where no column tells the service or kind, whether the clause covers is unknown."""
    rows = tickets(ticket("T1", "2026-01-05T09:00", service="support", kind="incident"))
    found = desk.log(desk.contract(RESOLUTION | named), rows, None)
    assert judged(found).empty
    assert compliance(judged(found), ["clause", "priority"]).empty

    untold = judged(desk.log(desk.contract(RESOLUTION | named), tickets(MONDAY), None))
    assert untold["outcome"].tolist() == ["unknown"]


def test_the_verdicts_of_each_clause_stand_one_after_the_other() -> None:
    rows = tickets(MONDAY, ticket("T2", "2026-01-05T09:00", "P2"))
    found = judged(desk.log(desk.contract(RESOLUTION, RESPONSE), rows, spell(OPENED)))

    assert found[["clause", "ticket_id"]].to_numpy().tolist() == [
        ["R1", "T1"], ["R1", "T2"], ["R2", "T1"], ["R2", "T2"],
    ]  # fmt: skip


# ---------------------------------------------------------------------------------- recorded


def test_the_flag_of_the_tool_is_counted_over_all_and_by_priority() -> None:
    rows = tickets(
        ticket("T1", "2026-01-05T09:00", "P1", recorded_sla_met="yes"),
        ticket("T2", "2026-01-05T09:00", "P1", recorded_sla_met="no"),
        ticket("T3", "2026-01-05T09:00", "P2", recorded_sla_met="no"),
        ticket("T4", "2026-01-05T09:00", "P2", recorded_sla_met=None),
    )

    assert recorded(rows, ("P1", "P2")).to_numpy().tolist() == [
        ["", 3, 2 / 3],
        ["P1", 2, 0.5],
        ["P2", 1, 1.0],
    ]
    assert recorded(tickets(MONDAY), ()).empty
    assert recorded(rows[3:], ()).empty


# ------------------------------------------------------------------------------------- properties

STATUSES = ["New", "Open", "Waiting", "Supplier", "Resolved", "Closed", "Cancelled", "Archived"]
MINUTES = st.integers(0, 20 * 24 * 60)
CHANGES = st.lists(st.tuples(MINUTES, st.sampled_from(STATUSES)), max_size=8)
TICKET = st.tuples(MINUTES, st.sampled_from(["P1", "P2", "P3", "P4", None]), CHANGES)
LOGS = st.lists(TICKET, min_size=1, max_size=12)
FIRST = desk.at("2026-01-05T00:00")
NOW = desk.at("2026-02-02T12:00")


@lru_cache
def agreement(**policies: str) -> Contract:
    """The contract with policies on its resolution; ``pauses`` separated by commas."""
    stated: dict[str, Any] = dict(policies)
    if "pauses" in stated:
        stated["pauses"] = [word for word in stated["pauses"].split(",") if word]
    return desk.contract(RESOLUTION | stated, RESPONSE | {"month": "opened"})


def drawn(log: list[Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of a drawn log: (minute opened, priority, [(minute, status)]) by ticket."""
    minute = pd.Timedelta(minutes=1)
    rows = [
        (f"T{n}", FIRST + opened * minute, priority) for n, (opened, priority, _) in enumerate(log)
    ]
    table = pd.DataFrame(rows, columns=["ticket_id", "opened_at", "priority"])
    lines = [
        (f"T{n}", FIRST + (opened + later) * minute, "status", None, status)
        for n, (opened, _, changes) in enumerate(log)
        for later, status in changes
    ]
    events = pd.DataFrame(lines, columns=["ticket_id", "at", "field", "old", "new"])
    kinds = {"at": "datetime64[s, UTC]", "field": "str", "old": "str", "new": "str"}
    texts = {"ticket_id": "str", "priority": "str", "opened_at": "datetime64[s, UTC]"}
    return table.astype(texts), events.astype(kinds | {"ticket_id": "str"})


def read(log: list[Any], **policies: str) -> pd.DataFrame:
    table, events = drawn(log)
    found = judged(Log(table[table["opened_at"] <= NOW], events, agreement(**policies), NOW))
    return found.set_index(["clause", "ticket_id"]).sort_index()


@steady(20)
@given(LOGS, st.sampled_from(["due", "opened", "resolved"]))
def test_every_ticket_is_in_one_class_of_one_month_under_each_clause(
    log: list[Any], month: str
) -> None:
    found = read(log, month=month)

    assert len(found) == 2 * len(log)
    assert found["outcome"].isin(OUTCOMES).all()
    assert found["month"].str.fullmatch(r"2026-\d\d").all()
    counts = compliance(found.reset_index(), ["clause", "month", "priority"])
    assert counts["total"].sum() == len(found)


@steady(20)
@given(LOGS)
def test_a_pause_never_shortens_the_time_left(log: list[Any]) -> None:
    """The same log, once with the waiting counted and once paused."""
    counted, paused = read(log, pauses=""), read(log, pauses="Waiting,Supplier")
    left = {name: found["target"] - found["elapsed"] for name, found in
            (("counted", counted), ("paused", paused))}  # fmt: skip

    known = left["counted"].notna()
    assert (left["paused"][known] >= left["counted"][known]).all()
    both = counted["deadline"].notna() & paused["deadline"].notna()
    assert (paused["deadline"][both] >= counted["deadline"][both]).all()


@steady(20)
@given(LOGS)
def test_a_reading_that_counts_more_never_improves_compliance(log: list[Any]) -> None:
    fair = {"reopening": "resume", "pauses": "Waiting"}
    harsher = [{"pauses": ""}, {"reopening": "count"}, {"pauses": "", "reopening": "count"}]
    lenient = read(log, **fair)
    for change in harsher:
        strict = read(log, **(fair | change))

        assert (strict["outcome"] == "met").sum() <= (lenient["outcome"] == "met").sum()
        assert not ((lenient["outcome"] == "breached") & (strict["outcome"] == "met")).any()


@steady(20)
@given(LOGS, st.randoms(use_true_random=False))
def test_the_order_of_tickets_and_of_their_logs_changes_nothing(
    log: list[Any], random: Any
) -> None:
    """The events of one ticket keep their order: it decides within a second."""
    table, events = drawn(log)
    names = table["ticket_id"].tolist()
    random.shuffle(names)
    shuffled = table.set_index("ticket_id").loc[names].reset_index()
    parts = [events[events["ticket_id"] == name] for name in sorted(names, reverse=True)]
    mixed = pd.concat(parts, ignore_index=True)
    key = ["clause", "ticket_id"]

    first, second = (
        judged(Log(rows, log_, agreement(), NOW)).set_index(key).sort_index()
        for rows, log_ in ((table, events), (shuffled, mixed))
    )
    pd.testing.assert_frame_equal(first, second)


@steady(15)
@given(LOGS, st.sampled_from(sorted(available_timezones())))
def test_around_the_clock_the_time_zone_of_the_contract_changes_no_verdict(
    log: list[Any], zone: str
) -> None:
    """Hours are as long everywhere: only the month of a ticket may be another."""
    table, events = drawn(log)
    hours_only = {"calendar": "permanent", "targets": {"P1": "4 h", "P2": "8 h", "P3": "30 h"}}
    near, far = (
        judged(Log(table, events, desk.contract(RESOLUTION | hours_only, time_zone=name), NOW))
        for name in (desk.ZONE, zone)
    )

    assert len(far) == len(table)
    pd.testing.assert_frame_equal(near.drop(columns="month"), far.drop(columns="month"))


def test_closing_a_ticket_without_an_answer_does_not_undo_a_breach() -> None:
    """One hour to answer. T1 is resolved after two hours, T2 after half an hour, none answered;
    T3 was, so that the log tells of answers. T2 may have been answered by its resolution."""
    rows = tickets(*(ticket(name, "2026-01-05T09:00") for name in ("T1", "T2", "T3")))
    log = """
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T11:00 status New Resolved
        T2 2026-01-05T09:00 status - New
        T2 2026-01-05T09:30 status New Resolved
        T3 2026-01-05T09:00 status - New
        T3 2026-01-05T09:10 public_reply - - provider
    """
    found = verdicts(desk.RESPONSE, rows, log)

    assert found["outcome"].to_dict() == {"T1": "breached", "T2": "unknown", "T3": "met"}
    assert desk.hours(found.loc["T1", "elapsed"]) == 2  # until its resolution, and no longer

    known = desk.log(desk.contract(desk.RESPONSE), rows, log)
    (shown,) = (working(known, row) for _, row in judged(known).iloc[:1].iterrows())
    assert shown.intervals["total"].iloc[-1] == 2 * 3600


def test_a_status_means_what_it_meant_on_its_day() -> None:
    """From February, “Waiting” is a kind of resolution: the wait of January was none."""
    change = {"statuses": {"Waiting": {"state": "resolved"}}}
    amendment = {
        "id": "A1", "title": "A1", "signed": "2026-01-15", "effective": "2026-02-01",
        "changes": change,
    }  # fmt: skip
    lines = """
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T10:00 status New Waiting
        T1 2026-01-06T10:00 status Waiting Open
        T2 2026-02-02T09:00 status - New
        T2 2026-02-02T10:00 status New Waiting
        T2 2026-02-03T10:00 status Waiting Open
    """
    rows = tickets(ticket("T1", "2026-01-05T09:00"), ticket("T2", "2026-02-02T09:00"))
    found = desk.log(desk.contract(RESOLUTION, amendments=[amendment]), rows, lines)

    assert found.resolutions["reopenings"].to_dict() == {"T1": 0, "T2": 1}


@pytest.mark.parametrize(
    ("elapsed", "outcome", "low", "high"),
    [
        (0, "met", 0.0, 0.1),
        (3600, "met", 0.0, 0.1),  # a tenth of ten hours is of the first class
        (3601, "met", 0.1, 0.2),
        (36000, "met", 0.9, 1.0),  # the whole target is in time
        (36001, "breached", 1.0, 1.25),
        (45000, "breached", 1.0, 1.25),  # a quarter over
        (45001, "breached", 1.25, 1.5),
        (108000, "breached", 2.0, 3.0),
        (108001, "breached", 3.0, np.inf),
    ],
)
def test_a_share_of_the_target_is_of_the_class_that_it_ends(
    elapsed: int, outcome: str, low: float, high: float
) -> None:
    """Of a target of 10 h, 36,000 s. One open ticket is in no class."""
    verdicts = pd.DataFrame(
        {"outcome": [outcome, "running"], "elapsed": [elapsed, 7200], "target": [36000, 36000]}
    )

    classes = share_of_target(verdicts)

    (found,) = classes[(classes["in_time"] > 0) | (classes["late"] > 0)].itertuples()
    assert (found.low, found.high) == (low, high)
    assert (found.in_time, found.late) == ((1, 0) if outcome == "met" else (0, 1))
    assert classes["low"].tolist()[1:] == classes["high"].tolist()[:-1]
