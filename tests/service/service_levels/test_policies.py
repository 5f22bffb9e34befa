"""The policies of a clause (A5), each by a hand calculation on the desk: 9 to 12 and 14 to 18.

5 January 2026 is a Monday; a day has 7 service hours.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from reviewlib.service.log import Log
from reviewlib.service.service_levels.metrics import judged
from tests import desk
from tests.desk import RESOLUTION, RESPONSE, hours, ticket, tickets

OPENED = "T1 2026-01-05T09:00 status - New"
RAISED = f"""{OPENED}
T1 2026-01-05T12:00 priority P3 P1"""


def verdict(clause: dict[str, Any], log: str, **options: Any) -> pd.Series:
    """The verdict on T1, opened on Monday at 9, as of Monday 5 January 2026 at 18:00 unless told.

    Options: row (columns of the ticket), extensions, as_of, and parts of the contract.
    """
    row = ticket("T1", "2026-01-05T09:00") | options.pop("row", {})
    extensions, as_of = options.pop("extensions", None), options.pop("as_of", "2026-01-05T18:00")
    base = desk.log(desk.contract(clause, **options), tickets(row), log, as_of)
    return judged(Log(base.tickets, base.events, base.contract, base.as_of, extensions)).iloc[0]


def due(found: pd.Series) -> str:
    return f"{found['deadline'].tz_convert(desk.ZONE):%a %d %H:%M}"


# ------------------------------------------------------------------------------ changes of priority


@pytest.mark.parametrize(
    ("policy", "expected"), [("retroactive", "Mon 05 15:00"), ("restart", "Mon 05 18:00")]
)
def test_v13_a_priority_raised_at_noon_is_due_at_15_retroactively_and_at_18_when_it_restarts(
    policy: str, expected: str
) -> None:
    """Four hours of P1 from 9: 9-12 and 14-15. From noon: 14-18."""
    assert due(verdict(RESOLUTION | {"priority_change": policy}, RAISED)) == expected


def test_saasjet_three_hours_from_10_made_two_at_11_are_due_at_noon() -> None:
    clause = RESOLUTION | {"targets": {"P1": "2 h", "P2": "3 h"}}
    log = "T1 2026-01-05T10:00 status - New\nT1 2026-01-05T11:00 priority P2 P1"

    found = verdict(clause, log, row={"opened_at": "2026-01-05T10:00"})

    assert due(found) == "Mon 05 12:00"


PRO_RATA = RESOLUTION | {"priority_change": "pro_rata"}
TWO_OF_EIGHT = f"{OPENED}\nT1 2026-01-05T11:00 priority P2 P1"


def test_pro_rata_two_of_eight_hours_leave_three_quarters_of_four() -> None:
    """2 h of 8 are 25 %; 75 % of the 4 h of P1 are 3 h from 11, 11-12 and 14-16: 5 h in all."""
    found = verdict(PRO_RATA, TWO_OF_EIGHT)

    assert (due(found), hours(found["target"])) == ("Mon 05 16:00", 5)


@pytest.mark.parametrize(("resolved", "because"), [("16:00", "in_time"), ("16:01", "late")])
def test_pro_rata_a_ticket_is_late_once_its_parts_are_more_than_the_whole(
    resolved: str, because: str
) -> None:
    log = f"{TWO_OF_EIGHT}\nT1 2026-01-05T{resolved} status New Resolved"

    assert verdict(PRO_RATA, log)["because"] == because


def test_pro_rata_a_target_used_up_before_the_priority_is_lowered_stays_missed() -> None:
    """P1 with its 4 h is missed at 15:00; lowered to P2 at 16:00, resolved at 17:00."""
    log = f"{OPENED}\nT1 2026-01-05T16:00 priority P1 P2\nT1 2026-01-05T17:00 status New Resolved"

    found = verdict(PRO_RATA, log)

    assert (found["because"], due(found)) == ("late", "Mon 05 15:00")


def test_pro_rata_each_priority_is_measured_on_its_own_calendar() -> None:
    """25 % used on office hours by 11; 75 % of 4 h around the clock are due at 14:00."""
    clause = PRO_RATA | {"calendar": {"P1": "permanent", "P2": "office", "P3": "office"}}

    assert due(verdict(clause, TWO_OF_EIGHT)) == "Mon 05 14:00"


def test_pro_rata_a_pause_before_the_change_is_not_used() -> None:
    """One hour of waiting: 1 of 8 h used, 87.5 % of 4 h = 3 h 30 from 11: 11-12 and 14-16:30."""
    log = f"""{OPENED}
T1 2026-01-05T09:30 status New Waiting
T1 2026-01-05T10:30 status Waiting Open
T1 2026-01-05T11:00 priority P2 P1"""

    assert due(verdict(PRO_RATA, log)) == "Mon 05 16:30"


def test_pro_rata_without_a_change_is_the_plain_target() -> None:
    assert due(verdict(PRO_RATA, OPENED)) == due(verdict(RESOLUTION, OPENED)) == "Mon 05 15:00"


def test_a_restart_needs_a_change_before_the_clock_stops() -> None:
    """Raised after the resolution: the clock ran from 9 to 11 all the same."""
    log = f"{OPENED}\nT1 2026-01-05T11:00 status New Resolved\nT1 2026-01-05T14:30 priority P2 P1"

    assert hours(verdict(RESOLUTION | {"priority_change": "restart"}, log)["elapsed"]) == 2


def test_the_highest_priority_restarts_the_clock_when_it_is_first_reached() -> None:
    """Raised at 11, lowered at 12: the clock of P1 starts at 11, 11-12 and 14-17."""
    clause = RESOLUTION | {"priority": "highest", "priority_change": "restart"}
    log = f"{TWO_OF_EIGHT}\nT1 2026-01-05T12:00 priority P1 P2"

    assert due(verdict(clause, log)) == "Mon 05 17:00"


# ------------------------------------------------------------------------------------ units of days


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2 working days", "Wed 07 16:00"),
        ("2 days of 7 h", "Wed 07 16:00"),
        ("2 jours de 24 h", "Wed 14 15:00"),
        ("2 working days, end of day", "Wed 07 18:00"),
    ],
)
def test_v15_two_days_from_monday_at_16_depend_on_what_a_day_is(
    written: str, expected: str
) -> None:
    clause = RESOLUTION | {"targets": {"P1": written}}
    row = {"opened_at": "2026-01-05T16:00"}

    found = verdict(clause, "T1 2026-01-05T16:00 status - New", row=row)

    assert due(found) == expected


# --------------------------------------------------------------------------------------- extensions


def extension(**values: Any) -> pd.DataFrame:
    given = {
        "extension_id": "X1",
        "ticket_id": "T1",
        "clause": None,
        "decided_at": "2026-01-05T10:00",
        "hours": 2.0,
        "decision": "accepted",
    }
    return desk.typed("extensions", pd.DataFrame([given | values]))


def test_an_accepted_extension_adds_service_time_to_the_target_and_is_told_apart() -> None:
    """4 h and 2 h more from 9: 9-12 and 14-17."""
    found = verdict(RESOLUTION, OPENED, extensions=extension())

    assert (due(found), hours(found["target"]), hours(found["extension"])) == ("Mon 05 17:00", 6, 2)


@pytest.mark.parametrize("other", [{"decision": "refused"}, {"ticket_id": "T2"}, {"clause": "R2"}])
def test_a_refused_extension_or_one_of_another_ticket_or_clause_adds_nothing(
    other: dict[str, str],
) -> None:
    assert due(verdict(RESOLUTION, OPENED, extensions=extension(**other))) == "Mon 05 15:00"


def test_an_extension_without_a_clause_leaves_the_answer_as_it_is() -> None:
    assert hours(verdict(RESPONSE, OPENED, extensions=extension())["target"]) == 1
    named = extension(clause="R1")
    assert hours(verdict(RESPONSE, OPENED, extensions=named)["target"]) == 3


def test_extensions_of_one_ticket_add_up_beyond_a_target_of_working_days() -> None:
    """2 working days from Monday 9 end on Wednesday 9; 2 h and 1 h more: Wednesday noon."""
    both = pd.concat([extension(), extension(extension_id="X2", hours=1.0)], ignore_index=True)

    assert (
        due(verdict(RESOLUTION, OPENED, row={"priority": "P3"}, extensions=both)) == "Wed 07 12:00"
    )


# ----------------------------------------------------------------------------------------- variants


BY_SITE = RESOLUTION | {
    "variants": [
        {"sites": ["strasbourg"], "targets": {"P1": "2 h"}},
        {"caller_groups": ["Sales"], "calendar": "permanent", "threshold": "80 %"},
    ]
}


@pytest.mark.parametrize(
    ("row", "variant", "expected"),
    [
        ({"site": "strasbourg", "caller_group": "Sales"}, 1, "Mon 05 11:00"),
        ({"site": "paris", "caller_group": "Sales"}, 2, "Mon 05 13:00"),
        ({"site": "paris", "caller_group": "Stores"}, 0, "Mon 05 15:00"),
    ],
)
def test_the_first_variant_that_covers_a_ticket_states_its_terms(
    row: dict[str, str], variant: int, expected: str
) -> None:
    found = verdict(BY_SITE, OPENED, row=row)

    assert (found["variant"], due(found)) == (variant, expected)


def test_a_variant_may_state_its_own_threshold() -> None:
    found = verdict(BY_SITE, OPENED, row={"site": "paris", "caller_group": "Sales"})

    assert found["threshold"] == 0.8


def test_a_ticket_of_which_the_site_is_not_told_is_unknown_where_the_site_decides() -> None:
    found = verdict(BY_SITE, OPENED, row={"site": None, "caller_group": "Stores"})

    assert (found["outcome"], found["because"]) == ("unknown", "no_service")


# --------------------------------------------------------------------------------- starts and stops


def test_a_clock_that_starts_when_the_work_does_leaves_out_the_time_as_new() -> None:
    """4 h from 10: 10-12 and 14-16."""
    log = f"{OPENED}\nT1 2026-01-05T10:00 status New Open"

    assert due(verdict(RESOLUTION | {"starts_at": "started"}, log)) == "Mon 05 16:00"


ASSIGNED = RESPONSE | {"starts_at": "assigned"}


def test_a_clock_that_starts_at_the_assignment_runs_from_the_first_team() -> None:
    """1 h from 10, although another team takes it at 10:30."""
    log = f"{OPENED}\nT1 2026-01-05T10:00 group - A\nT1 2026-01-05T10:30 group A B"

    assert due(verdict(ASSIGNED, log)) == "Mon 05 11:00"


def test_an_answer_before_the_clock_starts_took_no_time() -> None:
    log = f"{OPENED}\nT1 2026-01-05T09:30 public_reply - - provider\nT1 2026-01-05T10:00 group - A"

    found = verdict(ASSIGNED, log)

    assert (found["because"], hours(found["elapsed"])) == ("in_time", 0)


def test_a_ticket_not_yet_assigned_is_running_and_one_never_assigned_is_unknown() -> None:
    other = "T2 2026-01-05T09:00 group - A\nT2 2026-01-05T09:30 public_reply - - provider"

    assert verdict(ASSIGNED, f"{OPENED}\n{other}")["because"] == "open"
    assert (
        verdict(ASSIGNED, f"{OPENED}\nT1 2026-01-05T11:00 status New Resolved\n{other}")["because"]
        == "no_time"
    )


# --------------------------------------------------------------------------------- what is left out


@pytest.mark.parametrize(
    ("row", "counted"),
    [
        ({"relation": "merged"}, False),
        ({"relation": "child"}, True),
        ({"opened_at": "2025-12-31T09:00"}, False),
    ],
)
def test_merged_and_inherited_tickets_are_left_out_and_children_count_unless_told(
    row: dict[str, str], counted: bool
) -> None:
    log = "T1 2026-01-05T09:00 status - New\nT1 2026-01-05T11:00 status New Resolved"
    relation = row.get("relation", "inherited")

    found = verdict(RESOLUTION, log, row=row)
    turned = {"excludes": [] if not counted else [relation]}
    other = verdict(RESOLUTION | turned, log, row=row)

    assert (found["outcome"] == "excluded", other["outcome"] == "excluded") == (
        not counted,
        counted,
    )
    assert relation in (found["because"], other["because"])


@pytest.mark.parametrize(("cancelled", "because"), [("11:00", "in_time"), ("16:00", "late")])
def test_a_cancelled_ticket_that_counts_was_in_time_until_it_was_cancelled_or_late(
    cancelled: str, because: str
) -> None:
    log = f"{OPENED}\nT1 2026-01-05T{cancelled} status New Cancelled"

    assert verdict(RESOLUTION | {"excludes": []}, log)["because"] == because
    assert verdict(RESOLUTION, log)["because"] == "cancelled"


# --------------------------------------------------------------------------------------- amendments


def amendment(applies_to: str) -> dict[str, Any]:
    return {
        "amendments": [
            {
                "id": "A1",
                "title": "Faster",
                "signed": "2026-01-01",
                "effective": "2026-01-06",
                "applies_to": applies_to,
                "changes": {"clauses": {"R1": {"targets": {"P1": "2 h"}}}},
            }
        ]
    }


@pytest.mark.parametrize(("applies_to", "target"), [("started", 4), ("open", 2)])
def test_an_amendment_applies_to_tickets_still_open_where_it_says_so(
    applies_to: str, target: int
) -> None:
    found = verdict(RESOLUTION, OPENED, as_of="2026-01-07T18:00", **amendment(applies_to))

    assert hours(found["target"]) == target


def test_an_amendment_for_open_tickets_leaves_those_that_were_resolved_before_it() -> None:
    log = f"{OPENED}\nT1 2026-01-05T11:00 status New Resolved"

    found = verdict(RESOLUTION, log, as_of="2026-01-07T18:00", **amendment("open"))

    assert (hours(found["target"]), found["because"]) == (4, "in_time")


def test_a_ticket_is_judged_under_the_terms_in_force_when_its_clock_started() -> None:
    """Opened on Monday, work begun on Tuesday under the amended 2 h: due on Tuesday at 11."""
    log = f"{OPENED}\nT1 2026-01-06T09:00 status New Open"

    found = verdict(
        RESOLUTION | {"starts_at": "started"}, log, as_of="2026-01-07T18:00", **amendment("started")
    )

    assert (found["version"], due(found)) == (1, "Tue 06 11:00")


def test_an_amendment_not_yet_in_force_decides_nothing() -> None:
    """As of 5 January, one of 6 January that also applies to open tickets: 4 h, not 2."""
    assert hours(verdict(RESOLUTION, OPENED, **amendment("open"))["target"]) == 4


def test_a_ticket_resolved_on_the_day_of_an_amendment_and_reopened_later_keeps_its_terms() -> None:
    """Resolved on Monday at 11, reopened on Wednesday at 9: on Tuesday it was not open."""
    log = f"""{OPENED}
T1 2026-01-05T11:00 status New Resolved
T1 2026-01-07T09:00 status Resolved Open
T1 2026-01-07T10:00 status Open Resolved"""

    found = verdict(RESOLUTION, log, as_of="2026-01-07T18:00", **amendment("open"))

    assert (hours(found["target"]), hours(found["elapsed"]), found["because"]) == (4, 3, "in_time")


def withdrawn(applies_to: str, effective: str = "2026-01-06") -> dict[str, Any]:
    """An amendment that takes the clause out."""
    (change,) = amendment(applies_to)["amendments"]
    return {"amendments": [change | {"effective": effective, "changes": {"clauses": {"R1": None}}}]}


def judged_ids(clause: dict[str, Any], log: str, **options: Any) -> list[str]:
    as_of = options.pop("as_of", "2026-01-07T18:00")
    rows = tickets(ticket("T1", "2026-01-05T09:00"))
    known = desk.log(desk.contract(clause, **options), rows, log, as_of)
    return list(judged(known)["ticket_id"])


def test_a_clause_taken_out_for_open_tickets_judges_none_of_them() -> None:
    assert judged_ids(RESOLUTION, OPENED, **withdrawn("open")) == []
    assert judged_ids(RESOLUTION, OPENED, **withdrawn("started")) == ["T1"]


def test_a_clock_that_did_not_start_is_under_the_terms_of_now_not_under_those_to_come() -> None:
    """The clause is taken out in June; in January a ticket that no team holds is running."""
    clause = RESOLUTION | {"starts_at": "assigned"}
    other = f"{OPENED}\nT2 2026-01-05T09:00 group - A"

    assert judged_ids(clause, other, **withdrawn("started", "2026-06-01")) == ["T1"]


# ---------------------------------------------------------------------- where policies meet


def test_a_ticket_of_which_the_log_begins_with_a_change_of_team_had_one_from_its_opening() -> None:
    """From A to B on Wednesday: assigned since Monday 9; resolved on Wednesday at 10, 15 h."""
    log = f"""{OPENED}
T1 2026-01-07T09:00 group A B
T1 2026-01-07T10:00 status New Resolved"""

    found = verdict(RESOLUTION | {"starts_at": "assigned"}, log, as_of="2026-01-07T18:00")

    assert (hours(found["elapsed"]), found["because"]) == (15, "late")


def test_a_ticket_that_has_a_team_and_no_event_that_says_since_when_is_unknown() -> None:
    log = f"{OPENED}\nT2 2026-01-05T09:00 group - A"
    clause = RESOLUTION | {"starts_at": "assigned"}

    assert verdict(clause, log, row={"group": "A"})["because"] == "no_time"
    assert verdict(clause, log, row={"group": None})["because"] == "open"


def test_the_first_resolution_of_a_ticket_cancelled_later_stopped_its_clock() -> None:
    log = f"""{OPENED}
T1 2026-01-05T10:00 status New Resolved
T1 2026-01-05T11:00 status Resolved Open
T1 2026-01-09T11:00 status Open Cancelled"""
    clause = RESOLUTION | {"stops_at": "first_resolution", "excludes": []}

    found = verdict(clause, log, as_of="2026-01-09T18:00")

    assert (hours(found["elapsed"]), found["because"]) == (1, "in_time")


def test_a_priority_that_is_cleared_changes_nothing() -> None:
    log = f"{OPENED}\nT1 2026-01-05T10:00 priority P1 -\nT1 2026-01-05T16:00 status New Resolved"

    found = verdict(RESOLUTION | {"priority_change": "restart"}, log)

    assert (hours(found["elapsed"]), found["because"]) == (5, "late")


def test_a_new_cycle_of_a_clock_that_starts_at_the_assignment_waits_for_it() -> None:
    """Reopened on Tuesday, first given to a team on Wednesday at 9, resolved at 10: 1 h."""
    log = f"""{OPENED}
T1 2026-01-05T10:00 status New Resolved
T1 2026-01-06T09:00 status Resolved Open
T1 2026-01-07T09:00 group - A
T1 2026-01-07T10:00 status Open Resolved"""
    clause = RESOLUTION | {"reopening": "new_cycle", "starts_at": "assigned"}

    found = verdict(clause, log, as_of="2026-01-07T18:00")

    assert (hours(found["elapsed"]), found["because"]) == (1, "in_time")


@pytest.mark.parametrize(
    ("row", "status", "because"),
    [
        ({"priority": "P2"}, "Resolved", "in_time"),
        ({"priority": "P4"}, "Resolved", "no_target"),
        ({"priority": "P1"}, "Cancelled", "cancelled"),
        ({"priority": "P1"}, "Resolved", "no_service"),
    ],
)
def test_what_is_not_told_leaves_unknown_only_what_depends_on_it(
    row: dict[str, str], status: str, because: str
) -> None:
    """A variant of a site changes the target of P1; of no ticket is the site told."""
    clause = RESOLUTION | {"variants": [{"sites": ["paris"], "targets": {"P1": "1 h"}}]}
    log = f"{OPENED}\nT1 2026-01-05T10:00 status New {status}"

    assert verdict(clause, log, row=row)["because"] == because


# -------------------------------------------------------------------------- pro rata, at the edges


def test_pro_rata_a_priority_given_after_the_resolution_weighs_nothing() -> None:
    """P4, without a target, until it was resolved: there was nothing to keep."""
    log = f"{OPENED}\nT1 2026-01-05T11:00 status New Resolved\nT1 2026-01-05T12:00 priority P4 P1"

    found = verdict(PRO_RATA, log)

    assert (found["because"], found["priority"]) == ("no_target", "P4")


def test_pro_rata_a_ticket_counts_under_the_last_priority_with_a_target_that_it_had() -> None:
    """P2 for 2 h, P4 until it was resolved, P2 again since: 2 of 8 h of P2."""
    log = f"""{OPENED}
T1 2026-01-05T11:00 priority P2 P4
T1 2026-01-05T17:00 status New Resolved
T1 2026-01-05T17:30 priority P4 P2"""

    found = verdict(PRO_RATA, log)

    assert (found["because"], found["priority"]) == ("in_time", "P2")
    assert (hours(found["elapsed"]), hours(found["target"])) == (2, 8)


def test_pro_rata_a_missed_target_stays_missed_under_a_priority_without_one() -> None:
    log = f"{OPENED}\nT1 2026-01-05T16:00 priority P1 P4\nT1 2026-01-05T17:00 status New Resolved"

    found = verdict(PRO_RATA, log)

    assert (found["because"], found["priority"], due(found)) == ("late", "P1", "Mon 05 15:00")


def test_pro_rata_two_hours_more_are_two_hours_whatever_the_priority() -> None:
    """P2 for 10 h has used its 8 h and the 2 h more; raised to P1, resolved 15 minutes later."""
    log = f"""{OPENED}
T1 2026-01-06T12:00 priority P2 P1
T1 2026-01-06T14:15 status New Resolved"""

    found = verdict(PRO_RATA, log, as_of="2026-01-06T18:00", extensions=extension())

    assert (hours(found["target"]), hours(found["elapsed"])) == (10, 10.25)
    assert (found["because"], due(found)) == ("late", "Tue 06 12:00")
