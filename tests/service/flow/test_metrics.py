"""Arrivals, closures, backlog, reopenings and first contact, on logs small enough to count."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.service.flow import metrics as flow
from reviewlib.service.log import Log
from reviewlib.service.service_levels.metrics import judged
from tests import desk

NOW = desk.at("2026-04-10T12:00")


def instants(*local: str | None) -> pd.Series:
    known = [pd.NaT if text is None else desk.at(text) for text in local]
    return pd.Series(known, dtype="datetime64[s, UTC]")


def months(opened: pd.Series, ended: pd.Series) -> list[list[object]]:
    found = flow.by_month(opened, ended, NOW, desk.ZONE).astype({"backlog": "object"})
    return found.where(found.notna(), None).to_numpy().tolist()


def log(lines: str, as_of: str = "2026-04-10T12:00") -> Log:
    names = sorted({line.split()[0] for line in lines.splitlines() if line.strip()})
    rows = desk.tickets(*(desk.ticket(name, "2026-01-05T09:00") for name in names))
    return desk.log(desk.contract(desk.RESOLUTION), rows, lines, as_of)


# ------------------------------------------------------------------------------------ by month


def test_the_backlog_is_that_of_the_month_before_plus_arrivals_less_closures() -> None:
    """January: 2 in, 1 out. February: nothing. March: 1 in, 1 out. April, so far: 1 out.

    Seen from 10 April, the end of that month is yet to come.
    """
    opened = instants("2026-01-05T09:00", "2026-01-06T09:00", "2026-03-02T09:00")
    ended = instants("2026-01-07T09:00", "2026-04-01T09:00", "2026-03-03T09:00")

    assert months(opened, ended) == [
        ["2026-01", 2, 1, 1],
        ["2026-02", 0, 0, 1],
        ["2026-03", 1, 1, 1],
        ["2026-04", 0, 1, None],
    ]


def test_a_month_is_that_of_the_local_calendar() -> None:
    """00:30 in Paris on 1 March is 23:30 UTC on 28 February."""
    assert months(instants("2026-03-01T00:30"), instants(None)) == [
        ["2026-03", 1, 0, 1],
        ["2026-04", 0, 0, None],
    ]


def test_a_closure_before_the_first_opening_is_in_the_months() -> None:
    """A log may date a resolution before its ticket: the sums still hold."""
    found = months(instants("2026-04-01T09:00"), instants("2026-03-31T09:00"))

    assert found == [["2026-03", 0, 1, -1], ["2026-04", 1, 0, None]]


@pytest.mark.parametrize(
    ("as_of", "backlog"), [("2026-03-31T23:59", 1), ("2026-03-31T23:58", None)]
)
def test_a_month_seen_from_its_last_minute_is_over(as_of: str, backlog: int | None) -> None:
    found = flow.by_month(instants("2026-03-02T09:00"), instants(None), desk.at(as_of), desk.ZONE)

    assert found["backlog"].dropna().tolist() == ([] if backlog is None else [backlog])


MINUTE = st.integers(0, 100_000)


@given(st.lists(st.tuples(MINUTE, st.none() | MINUTE), min_size=1, max_size=30))
def test_every_month_is_there_and_the_last_backlog_is_of_the_tickets_still_open(
    pairs: list[tuple[int, int | None]],
) -> None:
    start, minute = desk.at("2026-01-01T00:00"), pd.Timedelta(minutes=1)
    opened = pd.Series([start + first * minute for first, _ in pairs])
    ended = pd.Series(
        [pd.NaT if last is None else start + (first + last) * minute for first, last in pairs],
        dtype="datetime64[s, UTC]",
    )
    as_of = desk.at("2026-05-31T23:59:59")
    found = flow.by_month(opened, ended, as_of, desk.ZONE)

    assert found["backlog"].iloc[-1] == sum(last is None for _, last in pairs)
    assert found["arrivals"].sum() == len(pairs)
    assert (found["backlog"] >= 0).all()
    before = found["backlog"].shift(fill_value=0)
    assert (found["backlog"] == before + found["arrivals"] - found["closures"]).all()
    every = pd.period_range(found["month"].iloc[0], "2026-05", freq="M").astype(str)
    assert found["month"].tolist() == every.tolist()


# ---------------------------------------------------------------------------------------- ages


def test_open_tickets_are_listed_oldest_first_with_their_age_in_days_of_24_hours() -> None:
    rows = desk.tickets(
        desk.ticket("T1", "2026-04-09T00:00"),
        desk.ticket("T2", "2026-04-01T12:00", "P2"),
        desk.ticket("T3", "2026-04-01T12:00"),
        desk.ticket("T4", "2026-04-01T12:00"),
    )
    names = ["T1", "T2", "T3", "T4"]
    ended = instants(None, None, None, "2026-04-02T12:00").set_axis(names)
    resumed = instants(None, None, "2026-04-08T12:00", None).set_axis(names)
    found = flow.open_ages(rows, pd.DataFrame({"ended": ended, "last_resumed": resumed}), NOW)

    assert found["ticket_id"].tolist() == ["T2", "T3", "T1"]
    assert found["age"].tolist() == [9, 2, 1.5]  # T3 was reopened two days ago


def test_ages_are_summed_up_by_priority_and_without_one() -> None:
    """The service hours of P1 are those of the two tickets that have any: the median of 7 and 9."""
    ages = pd.DataFrame(
        {
            "priority": ["P1", "P1", "P1", None],
            "age": [1.0, 30.0, 31.0, 40.0],
            "service": [7.0, 9.0, None, None],
        }
    )
    found = flow.ages_by_priority(ages).set_index("priority")

    assert found.loc["P1"].tolist() == [3, 30, 31, 1, 8]
    unnamed = found[found.index.isna()].iloc[0]
    assert unnamed.dropna().tolist() == [1, 40, 40, 1]
    assert pd.isna(unnamed["service"])


# ----------------------------------------------------------------------- reopened, first contact

RESOLVED = "T{0} 2026-01-06T09:00 status New Resolved\n"


def test_the_reopening_rate_is_of_tickets_resolved_and_counts_each_ticket_once() -> None:
    """T1 reopened twice, T2 never, T3 never resolved, T4 reopened and still open."""
    twice = """
        T1 2026-01-07T09:00 status Resolved Open
        T1 2026-01-08T09:00 status Open Resolved
        T1 2026-01-09T09:00 status Resolved Open
        T1 2026-01-10T09:00 status Open Closed
        T3 2026-01-06T09:00 status New Open
        T4 2026-01-07T09:00 status Resolved Open
    """
    known = log(RESOLVED.format(1) + RESOLVED.format(2) + RESOLVED.format(4) + twice)
    found = flow.reopened(known.resolutions)

    assert found.to_dict() == {"T1": True, "T2": False, "T4": True}


def solved(known: Log) -> tuple[dict[str, bool], dict[str, bool]]:
    """Whether the first team, and whether the first contact, solved each ticket resolved."""
    assert known.known_events is not None
    alone = flow.one_team(known.known_events, known.resolutions)
    written = flow.wrote_again(known.known_events, known.first_replies)
    found = flow.first_contact(alone, known.spans, known.resolutions, written)
    return alone.to_dict(), found.to_dict()


def test_the_first_contact_solved_what_one_team_held_and_never_waited_nor_came_back() -> None:
    """Of the five that are resolved, T2 was handed over, T3 waited and T4 was reopened.

    The first team solved all of them but T2. T6 is open again, T7 was never resolved.
    """
    lines = (
        "".join(RESOLVED.format(number) for number in range(1, 7))
        + """
        T2 2026-01-05T10:00 group N1 N2
        T3 2026-01-05T10:00 status New Waiting
        T3 2026-01-05T11:00 status Waiting New
        T4 2026-01-07T10:00 status Resolved Open
        T4 2026-01-08T10:00 status Open Resolved
        T5 2026-01-05T10:00 group - N1
        T6 2026-01-07T10:00 status Resolved Open
        T7 2026-01-07T10:00 status New Open
    """
    )
    by_team, by_contact = solved(log(lines))

    assert by_team == {"T1": True, "T2": False, "T3": True, "T4": True, "T5": True}
    assert by_contact == {"T1": True, "T2": False, "T3": False, "T4": False, "T5": True}


def test_a_caller_who_had_to_write_again_was_contacted_more_than_once() -> None:
    """T1's caller writes after the answer; T2's before it, T3's after the resolution.

    T4's writes after what a rule of the tool answered: nobody of the provider had yet.
    """
    lines = (
        "".join(RESOLVED.format(number) for number in range(1, 5))
        + """
        T1 2026-01-05T10:00 public_reply - - provider
        T1 2026-01-05T11:00 public_reply - - client
        T2 2026-01-05T11:00 public_reply - - provider
        T2 2026-01-05T10:00 public_reply - - client
        T3 2026-01-05T10:00 public_reply - - provider
        T3 2026-01-06T10:00 public_reply - - client
        T4 2026-01-05T10:00 public_reply - - provider yes
        T4 2026-01-05T11:00 public_reply - - client
    """
    )
    _, by_contact = solved(log(lines))

    assert by_contact == {"T1": False, "T2": True, "T3": True, "T4": True}


def test_what_comes_after_the_review_does_not_count_against_the_first_contact() -> None:
    lines = RESOLVED.format(1) + "T1 2026-01-09T10:00 group N1 N2"

    assert solved(log(lines, "2026-01-08T12:00")) == ({"T1": True}, {"T1": True})
    assert solved(log(lines)) == ({"T1": False}, {"T1": False})


def test_where_nothing_is_resolved_no_first_contact_is_told() -> None:
    known = log("T1 2026-01-05T10:00 group N1 N2\nT1 2026-01-05T10:00 status New Open")

    assert solved(known) == ({}, {})
    assert flow.reopened(known.resolutions).empty


# ------------------------------------------------------------------------------------- untold


def test_no_defined_status_or_no_date_of_the_end_leaves_a_ticket_untold() -> None:
    """T1 open, T2 only ever in undefined statuses, T3 resolved then in one, T4 over, undated."""
    lines = """
        T1 2026-01-05T10:00 status New Open
        T2 2026-01-05T10:00 status Foo Bar
        T3 2026-01-05T10:00 status New Resolved
        T3 2026-01-06T10:00 status Resolved Foo
    """
    rows = desk.tickets(
        *(desk.ticket(f"T{number}", "2026-01-05T09:00", status=None) for number in range(1, 4)),
        desk.ticket("T4", "2026-01-05T09:00", status="Cancelled"),
    )
    found = flow.untold(desk.log(desk.contract(), rows, lines), rows)

    assert found.to_dict() == {"T1": False, "T2": True, "T3": False, "T4": True}


def test_before_the_extraction_an_end_that_nothing_dates_may_have_come_or_not() -> None:
    """Extracted in June, seen in February. T1 was cancelled, nobody knows when. T2 ended in May,
    T3 is open at the extraction, and the log dates T4's end to March: these three were open.
    """
    over = {"T1": "Cancelled", "T2": "Closed", "T3": "Open", "T4": "Closed", "T5": "Closed"}
    ends = {"T2": "2026-05-05T09:00", "T5": "2026-01-06T09:00"}
    rows = desk.tickets(
        *(
            desk.ticket(n, "2026-01-05T09:00", status=status, closed_at=ends.get(n))
            for n, status in over.items()
        )
    )
    contract = desk.contract(data={"extracted_at": "2026-06-30T12:00"})
    then = rows.assign(closed_at=rows["closed_at"].where(rows["ticket_id"] == "T5"))
    log = desk.log(contract, then, "T4 2026-03-05T09:00 status New Closed", "2026-02-01T12:00")

    assert flow.untold(log, rows).to_dict() == {
        "T1": True, "T2": False, "T3": False, "T4": False, "T5": False,
    }  # fmt: skip


def test_a_last_status_that_the_contract_does_not_define_leaves_a_ticket_untold() -> None:
    """Whether “Annulé” ends it is not known: it is neither open nor over, with a log or without."""
    dates = {"resolved_at": "2026-01-05T10:00", "closed_at": "2026-01-05T11:00"}
    rows = desk.tickets(
        desk.ticket("T1", "2026-01-05T09:00", status="Annulé", **dates),
        desk.ticket("T2", "2026-01-05T09:00", status="Closed", **dates),
    )
    lines = """
        T1 2026-01-05T10:00 status New Annulé
        T2 2026-01-05T10:00 status New Closed
    """
    for log in (desk.log(desk.contract(), rows, lines), desk.log(desk.contract(), rows, None)):
        assert flow.untold(log, rows).to_dict() == {"T1": True, "T2": False}


def test_without_a_log_what_a_status_that_is_not_defined_ends_is_not_judged() -> None:
    """An hour of the four or so of its target: “Annulé” may as well say that no time ran."""
    dates = {"resolved_at": "2026-01-05T10:00", "closed_at": "2026-01-05T10:00"}
    rows = desk.tickets(desk.ticket("T1", "2026-01-05T09:00", status="Annulé", **dates))
    verdicts = judged(desk.log(desk.contract(desk.RESOLUTION), rows, None))

    assert verdicts["because"].astype("str").tolist() == ["undefined_status"]
