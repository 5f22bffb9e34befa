"""What the log tells of each ticket; the desk is that of ``tests/desk.py``."""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.service import history
from tests import desk

STATUSES = desk.contract(desk.RESOLUTION).versions[0].statuses
NOW = desk.at("2026-02-01T00:00")
MONDAY = desk.ticket("T1", "2026-01-05T09:00")


def spans(lines: str, *rows: dict[str, object], as_of: str = "2026-02-01T00:00") -> pd.DataFrame:
    table = desk.tickets(*(rows or (MONDAY,)))
    return history.status_spans(table, desk.events(lines), STATUSES, desk.at(as_of))


def told(lines: str, **options: str) -> pd.Series:
    """What ``resolutions`` says of the only ticket of a log."""
    return history.resolutions(spans(lines, **options)).loc["T1"]


def local(instant: pd.Timestamp) -> str:
    return f"{instant.tz_convert(desk.ZONE):%a %H:%M}" if pd.notna(instant) else ""


# ---------------------------------------------------------------------------------------- spans


def test_a_status_lasts_until_the_next_and_the_last_one_goes_on() -> None:
    found = spans("T1 2026-01-05T09:00 status - New\nT1 2026-01-05T11:00 status New Open")

    assert found["status"].tolist() == ["New", "Open"]
    assert found["state"].tolist() == ["new", "open"]
    assert [local(instant) for instant in found["from"]] == ["Mon 09:00", "Mon 11:00"]
    assert [local(instant) for instant in found["to"]] == ["Mon 11:00", ""]


def test_a_log_that_begins_after_the_opening_is_completed_by_what_its_first_change_leaves() -> None:
    found = spans("T1 2026-01-05T11:00 status Waiting Open")

    assert found["status"].tolist() == ["Waiting", "Open"]
    assert local(found["from"][0]) == "Mon 09:00"


def test_a_log_that_begins_after_the_opening_and_leaves_nothing_begins_where_it_begins() -> None:
    found = spans("T1 2026-01-05T11:00 status - Open")

    assert [local(instant) for instant in found["from"]] == ["Mon 11:00"]


def test_an_event_before_the_opening_is_kept_at_its_time() -> None:
    found = spans("T1 2026-01-05T08:58 status - New\nT1 2026-01-05T11:00 status New Open")

    assert [local(instant) for instant in found["from"]] == ["Mon 08:58", "Mon 11:00"]


def test_the_same_status_noted_again_is_one_span() -> None:
    """Closed on Monday and noted as closed again on Friday: closed since Monday."""
    log = """
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T11:00 status New Closed
        T1 2026-01-09T11:00 status Closed Closed
    """

    assert spans(log)["status"].tolist() == ["New", "Closed"]
    assert local(told(log)["closed"]) == "Mon 11:00"


def test_changes_of_one_second_keep_the_order_of_the_file() -> None:
    log = """
        T1 2026-01-05T11:00 status Open Resolved
        T1 2026-01-05T11:00 status Resolved Closed
        T1 2026-01-05T09:00 status - Open
    """

    assert spans(log)["status"].tolist() == ["Open", "Resolved", "Closed"]


def test_a_status_that_the_contract_does_not_define_has_no_state() -> None:
    found = spans("T1 2026-01-05T09:00 status - New\nT1 2026-01-05T10:00 status New Archived")

    assert found["state"].isna().tolist() == [False, True]


def test_events_of_tickets_that_are_not_there_are_left_out() -> None:
    assert spans("T9 2026-01-05T09:00 status - New").empty


def test_what_comes_after_the_instant_is_not_known_yet() -> None:
    log = "T1 2026-01-05T09:00 status - New\nT1 2026-01-07T11:00 status New Resolved"
    found = spans(log, as_of="2026-01-06T09:00")

    assert found["status"].tolist() == ["New"]
    assert found["to"].isna().all()


def test_what_happens_at_the_very_instant_is_known() -> None:
    log = "T1 2026-01-05T09:00 status - New\nT1 2026-01-07T11:00 status New Resolved"

    assert spans(log, as_of="2026-01-07T11:00")["status"].tolist() == ["New", "Resolved"]


def test_a_first_change_yet_to_come_still_tells_what_it_will_leave() -> None:
    """The row says Resolved, as the extraction holds it; on Tuesday the ticket was waiting."""
    found = spans("T1 2026-01-07T11:00 status Waiting Resolved", as_of="2026-01-06T09:00")

    assert found["status"].tolist() == ["Waiting"]


# ---------------------------------------------------------------------------------- resolutions

REOPENED = """
    T1 2026-01-05T09:00 status - New
    T1 2026-01-05T11:00 status New Resolved
    T1 2026-01-06T09:00 status Resolved Open
    T1 2026-01-06T11:00 status Open Resolved
    T1 2026-01-08T11:00 status Resolved Closed
"""


def test_a_reopened_ticket_has_a_first_and_a_last_resolution() -> None:
    found = told(REOPENED)

    assert local(found["first_resolved"]) == "Mon 11:00"
    assert local(found["last_resumed"]) == "Tue 09:00"
    assert local(found["last_resolved"]) == local(found["ended"]) == "Tue 11:00"
    assert local(found["closed"]) == "Thu 11:00"
    assert (found["reopenings"], found["state"], found["undefined"]) == (1, "closed", False)


def test_a_ticket_open_again_is_not_resolved_yet() -> None:
    found = told(REOPENED, as_of="2026-01-06T10:00")

    assert local(found["first_resolved"]) == "Mon 11:00"
    assert pd.isna(found["last_resolved"])
    assert pd.isna(found["ended"])
    assert (found["reopenings"], found["state"]) == (1, "open")


def test_closing_what_was_resolved_is_no_second_resolution() -> None:
    found = told(REOPENED, as_of="2026-01-05T12:00")

    assert local(found["last_resolved"]) == "Mon 11:00"
    assert (found["reopenings"], found["state"]) == (0, "resolved")


def test_a_cancelled_ticket_ends_and_is_not_resolved() -> None:
    found = told("T1 2026-01-05T09:00 status - New\nT1 2026-01-05T10:00 status New Cancelled")

    assert local(found["ended"]) == "Mon 10:00"
    assert pd.isna(found["first_resolved"])
    assert found["state"] == "cancelled"


def test_a_resolved_ticket_that_is_cancelled_is_not_reopened_and_ended_when_resolved() -> None:
    log = REOPENED.replace("T1 2026-01-06T09:00 status Resolved Open", "")
    log = log.replace("T1 2026-01-06T11:00 status Open Resolved", "").replace("Closed", "Cancelled")
    found = told(log)

    assert (found["reopenings"], found["state"]) == (0, "cancelled")
    assert local(found["ended"]) == "Mon 11:00"


def test_a_cancelled_ticket_taken_up_again_resumes_without_being_a_reopening() -> None:
    log = """
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T10:00 status New Cancelled
        T1 2026-01-06T09:00 status Cancelled Open
    """
    found = told(log)

    assert local(found["last_resumed"]) == "Tue 09:00"
    assert (found["reopenings"], found["state"]) == (0, "open")


def test_an_undefined_status_leaves_the_ticket_in_the_state_it_had() -> None:
    log = """
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T11:00 status New Resolved
        T1 2026-01-06T09:00 status Resolved Archived
    """
    found = told(log)

    assert local(found["last_resolved"]) == "Mon 11:00"
    assert (found["state"], found["reopenings"], found["undefined"]) == ("resolved", 0, True)


@pytest.mark.parametrize(
    ("back", "reopenings", "resolved"), [("Open", 1, ""), ("Resolved", 0, "Mon 11:00")]
)
def test_an_undefined_status_in_between_hides_no_reopening_and_makes_none(
    back: str, reopenings: int, resolved: str
) -> None:
    log = f"""
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T11:00 status New Resolved
        T1 2026-01-06T09:00 status Resolved Archived
        T1 2026-01-07T09:00 status Archived {back}
    """
    found = told(log)

    assert (found["reopenings"], local(found["last_resolved"])) == (reopenings, resolved)


# ------------------------------------------------------------------- what the tool itself recorded


def recorded(*rows: dict[str, object]) -> pd.DataFrame:
    return history.recorded_resolutions(desk.tickets(*rows), STATUSES)


def test_without_a_log_the_recorded_times_are_used() -> None:
    resolved = desk.ticket("T1", "2026-01-05T09:00", resolved_at="2026-01-05T11:00")
    found = recorded(resolved, desk.ticket("T2", "2026-01-05T09:00"))

    assert local(found.loc["T1", "last_resolved"]) == "Mon 11:00"
    assert found["state"].tolist() == ["resolved", "open"]
    assert found["reopenings"].tolist() == [0, 0]


def test_without_a_log_a_closed_ticket_without_a_resolution_has_no_time_of_it() -> None:
    found = recorded(desk.ticket("T1", "2026-01-05T09:00", closed_at="2026-01-05T11:00")).loc["T1"]

    assert found["state"] == "closed"
    assert pd.isna(found["last_resolved"])
    assert local(found["ended"]) == "Mon 11:00"


@pytest.mark.parametrize(
    ("status", "state"),
    [("Cancelled", "cancelled"), ("Resolved", "resolved"), ("Waiting", "waiting"), (None, "open")],
)
def test_without_a_log_the_status_of_the_row_tells_what_no_date_does(
    status: str | None, state: str
) -> None:
    dated = desk.ticket("T2", "2026-01-05T09:00", resolved_at="2026-01-05T11:00", status="Resolved")
    found = recorded(desk.ticket("T1", "2026-01-05T09:00", status=status), dated)

    assert found.loc["T1", "state"] == state
    assert pd.isna(found.loc["T1", "ended"])


def test_without_a_log_an_undefined_status_is_undefined_whatever_the_dates() -> None:
    found = recorded(
        desk.ticket("T1", "2026-01-05T09:00", status="Archived"),
        desk.ticket("T2", "2026-01-05T09:00", status="Archived", resolved_at="2026-01-05T11:00"),
    )

    assert found["undefined"].tolist() == [True, True]
    assert found["state"].isna().tolist() == [True, True]


def test_without_a_log_a_cancelled_ticket_with_a_date_is_cancelled_since_then() -> None:
    row = desk.ticket("T1", "2026-01-05T09:00", status="Cancelled", closed_at="2026-01-05T11:00")
    found = recorded(row).loc["T1"]

    assert (found["state"], local(found["ended"])) == ("cancelled", "Mon 11:00")


def test_where_the_contract_defines_no_status_none_is_undefined() -> None:
    table = desk.tickets(desk.ticket("T1", "2026-01-05T09:00", status="Archived"))

    assert not history.recorded_resolutions(table, {}).loc["T1", "undefined"]


def test_without_a_log_a_status_or_any_date_nothing_is_told() -> None:
    found = recorded(MONDAY)

    assert found["state"].isna().all()
    assert not found["undefined"].any()


# ------------------------------------------------------------------------------- first answers


def replied(lines: str | None, *rows: dict[str, object]) -> list[str]:
    table = desk.tickets(*(rows or (MONDAY,)))
    log = None if lines is None else desk.events(lines)
    return [local(instant) for instant in history.first_replies(table, log, NOW)]


def test_the_first_answer_is_the_first_one_of_the_provider_made_by_a_person() -> None:
    log = """
        T1 2026-01-05T09:01 public_reply - - provider yes
        T1 2026-01-05T09:02 public_reply - - tool
        T1 2026-01-05T09:05 public_reply - - client
        T1 2026-01-05T09:40 public_reply - - provider no
        T1 2026-01-05T09:30 public_reply - - provider
    """

    assert replied(log) == ["Mon 09:30"]


def test_an_answer_by_an_unnamed_side_is_not_taken_for_the_providers() -> None:
    log = "T1 2026-01-05T09:30 public_reply - -\nT1 2026-01-05T09:40 public_reply - - provider"

    assert replied(log) == ["Mon 09:40"]


def test_where_the_log_tells_of_answers_a_recorded_one_serves_for_tickets_it_is_silent_on() -> None:
    first = {"first_response_at": "2026-01-05T09:10"}
    log = "T1 2026-01-05T09:00 status - New\nT3 2026-01-05T09:30 public_reply - - provider"
    rows = [desk.ticket(name, "2026-01-05T09:00", **first) for name in ("T1", "T2", "T3")]

    assert replied(log, *rows) == ["", "Mon 09:10", "Mon 09:30"]


@pytest.mark.parametrize("log", [None, "T1 2026-01-05T09:00 status - New"])
def test_without_any_answer_in_the_log_the_recorded_one_is_used(log: str | None) -> None:
    row = desk.ticket("T1", "2026-01-05T09:00", first_response_at="2026-01-05T09:10")

    assert replied(log, row) == ["Mon 09:10"]
    assert replied(log) == [""]


# ---------------------------------------------------------------------------------- priorities

CHANGED = """
    T1 2026-01-05T09:00 priority - P3
    T1 2026-01-06T09:00 priority P3 P1
    T1 2026-01-07T09:00 priority P1 P2
"""
ORDER = ("P1", "P2", "P3", "P4")


def priority(
    which: str, lines: str | None = CHANGED, own: str | None = "P4", as_of: str = "2026-02-01T00:00"
) -> object:
    table = desk.tickets(desk.ticket("T1", "2026-01-05T09:00", own))
    log = None if lines is None else desk.events(lines)
    return history.priorities(table, log, ORDER, which, desk.at(as_of))["T1"]


@pytest.mark.parametrize(
    ("which", "counts"), [("initial", "P3"), ("final", "P2"), ("highest", "P1")]
)
def test_the_priority_that_counts_is_told_by_the_log(which: str, counts: str) -> None:
    assert priority(which) == counts


@pytest.mark.parametrize(
    ("which", "counts"), [("initial", "P3"), ("final", "P1"), ("highest", "P1")]
)
def test_a_log_of_changes_alone_tells_the_first_priority_by_what_it_leaves(
    which: str, counts: str
) -> None:
    assert priority(which, "T1 2026-01-06T09:00 priority P3 P1", own="P1") == counts


@pytest.mark.parametrize("which", ["initial", "final", "highest"])
def test_a_change_yet_to_come_does_not_count(which: str) -> None:
    """The row holds P1, set on the 6th; on the 5th the ticket was P3."""
    log = "T1 2026-01-06T09:00 priority P3 P1"

    assert priority(which, log, own="P1", as_of="2026-01-05T18:00") == "P3"


@pytest.mark.parametrize(
    "log", [None, "T1 2026-01-05T09:00 status - New", "T2 2026-01-05T09:00 priority - P1"]
)
def test_a_ticket_of_whose_priority_the_log_tells_nothing_has_that_of_its_row(
    log: str | None,
) -> None:
    assert priority("final", log) == "P4"
    assert pd.isna(priority("final", log, own=None))


def test_a_first_priority_yet_to_come_is_none_so_far() -> None:
    log = "T1 2026-01-06T09:00 priority - P1"

    assert pd.isna(priority("final", log, own="P1", as_of="2026-01-05T18:00"))
    assert priority("final", log, own="P1") == "P1"


def test_a_word_that_is_no_priority_is_never_the_highest() -> None:
    log = "T1 2026-01-05T09:00 priority - Urgent\nT1 2026-01-06T09:00 priority Urgent P2"

    assert priority("highest", log) == "P2"
    assert priority("initial", log) == "Urgent"


# ------------------------------------------------------------------- a log that contradicts itself


def contradicted(lines: str) -> list[tuple[str, str, str, str]]:
    found = history.contradictions(desk.events(lines))
    assert found.columns.to_list() == ["ticket_id", "at", "field", "left", "old"]
    return list(found.drop(columns="at").itertuples(index=False, name=None))


def test_a_change_from_another_value_than_the_last_one_left_contradicts_it() -> None:
    log = """
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T10:00 status Open Resolved
        T1 2026-01-05T11:00 status Resolved Closed
        T1 2026-01-05T09:00 group - A
        T1 2026-01-05T12:00 group B C
    """

    assert contradicted(log) == [("T1", "status", "New", "Open"), ("T1", "group", "A", "B")]


def test_each_field_and_each_ticket_has_its_own_chain() -> None:
    log = """
        T1 2026-01-05T09:00 status - New
        T2 2026-01-05T10:00 status Open Resolved
        T1 2026-01-05T11:00 priority P2 P1
        T1 2026-01-05T11:30 escalation 2 1
        T1 2026-01-05T12:00 status New Open
    """

    assert contradicted(log) == []


def test_of_a_change_that_does_not_state_what_was_before_nothing_is_said() -> None:
    log = """
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T10:00 status - Open
        T1 2026-01-05T11:00 group A -
        T1 2026-01-05T12:00 group B C
    """

    assert contradicted(log) == []


def test_a_chain_is_that_of_time_and_not_of_the_file() -> None:
    """Listed from the last to the first; each row of the file stands for itself."""
    log = """
        T1 2026-01-05T11:00 status Open Resolved
        T1 2026-01-05T10:00 status New Open
        T1 2026-01-05T09:00 status - New
    """

    assert contradicted(log) == []
    assert history.out_of_order(desk.events(log)) == 2


def test_the_rows_of_a_contradiction_are_those_of_the_file() -> None:
    log = "T1 2026-01-05T10:00 status Open Resolved\nT1 2026-01-05T09:00 status - New"
    events = desk.events(log).set_axis([7, 8])

    assert history.contradictions(events).index.to_list() == [7]


def test_events_of_other_tickets_and_of_the_same_second_are_in_order() -> None:
    log = """
        T2 2026-01-06T09:00 status - New
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T09:00 group - A
        T2 2026-01-06T10:00 status New Open
    """

    assert history.out_of_order(desk.events(log)) == 0
