"""Signals of the log, on tickets small enough to work out by hand; the desk is ``tests/desk.py``.

Opening hours are 9 to 12 and 14 to 18: of the 4 hours of a P1 opened on Monday at 9, four fifths
(3 h 12) are used at 14:12, all at 15:00; of the 8 hours of a P2, four fifths (6 h 24) at 17:24.
"""

from __future__ import annotations

from functools import cache
from random import Random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract import Contract
from reviewlib.service.log import Log
from reviewlib.service.service_levels.metrics import judged, pauses
from reviewlib.service.signals import metrics as signals
from tests import desk
from tests.properties import steady

MONDAY = "2026-01-05T09:00"


def made(
    lines: str, priority: str = "P1", opened: str = MONDAY, **policy: object
) -> tuple[Log, pd.DataFrame]:
    """Return a log of tickets all opened at once, and their verdicts on resolution."""
    names = dict.fromkeys(line.split()[0] for line in lines.splitlines() if line.strip())
    rows = desk.tickets(*(desk.ticket(name, opened, priority) for name in names))
    begun = "".join(f"{name} {opened} status - New\n" for name in names)
    log = desk.log(desk.contract(desk.RESOLUTION | policy), rows, begun + lines)
    return log, signals.of_resolution(log.contract, judged(log))


def late(found: pd.DataFrame) -> dict[str, bool]:
    return dict(zip(found["ticket_id"], found["late"], strict=True))


# --------------------------------------------------------------------------------------- waits


def test_a_wait_is_late_from_four_fifths_of_the_target_on_and_before_its_end() -> None:
    log, verdicts = made("""
        T1 2026-01-05T14:12:00 status New Waiting
        T2 2026-01-05T14:11:59 status New Waiting
        T3 2026-01-05T14:59:59 status New Waiting
        T4 2026-01-05T15:00:00 status New Waiting
        T5 2026-01-05T13:00:00 status New Waiting
    """)

    found = signals.waits(log, verdicts)
    assert late(found) == {"T5": False, "T2": False, "T1": True, "T3": True}
    assert found["run"].map(desk.hours).tolist()[0] == 3  # the break at noon does not count
    assert set(found["target"].map(desk.hours)) == {4}


def test_only_statuses_that_pause_the_clause_are_waits() -> None:
    log, verdicts = made("T1 2026-01-05T14:30 status New Supplier")
    assert signals.waits(log, verdicts).empty

    log, verdicts = made("T1 2026-01-05T14:30 status New Supplier", pauses=["Supplier"])
    assert late(signals.waits(log, verdicts)) == {"T1": True}

    log, verdicts = made("T1 2026-01-05T14:30 status New Waiting", pauses=[])
    assert signals.waits(log, verdicts).empty


def test_the_time_of_earlier_waits_is_not_used_up() -> None:
    """An hour waited from 10 to 11: at 14:40 the clock has run 2 h 40, at 15:12 3 h 12."""
    log, verdicts = made("""
        T1 2026-01-05T10:00 status New Waiting
        T1 2026-01-05T11:00 status Waiting Open
        T1 2026-01-05T14:40 status Open Waiting
        T2 2026-01-05T10:00 status New Waiting
        T2 2026-01-05T11:00 status Waiting Open
        T2 2026-01-05T15:12 status Open Waiting
    """)

    found = signals.waits(log, verdicts)
    assert found["ticket_id"].tolist() == ["T1", "T2", "T1", "T2"]
    assert found["late"].tolist() == [False, False, False, True]
    assert found["run"].map(desk.hours).tolist() == [1, 1, 2 + 40 / 60, 3.2]


def test_a_clock_that_stood_still_already_is_not_made_to_wait() -> None:
    """T1 begins by waiting; T2 goes from resolved to waiting; T3 from one wait to another."""
    log, verdicts = made(
        """
        T1 2026-01-05T09:00 status New Waiting
        T2 2026-01-05T14:20 status New Resolved
        T2 2026-01-05T14:30 status Resolved Waiting
        T3 2026-01-05T10:00 status New Waiting
        T3 2026-01-05T17:00 status Waiting Supplier
        """,
        pauses=["Waiting", "Supplier"],
    )

    assert late(signals.waits(log, verdicts)) == {"T3": False}


def under_three_clauses(line: str) -> tuple[Log, pd.DataFrame]:
    """Return a P1 of Monday under R1 of 100 h, never paused, R2 of 4 h and R3 of 8 h."""
    each = [desk.RESOLUTION | {"targets": {"P1": f"{n} h", "P2": "200 h"}} for n in (100, 4, 8)]
    agreement = desk.contract(each[0] | {"pauses": []}, *each[1:])
    rows = desk.tickets(desk.ticket("T1", MONDAY))
    log = desk.log(agreement, rows, f"T1 {MONDAY} status - New\nT1 {line}")
    return log, signals.of_resolution(log.contract, judged(log))


def test_a_wait_is_looked_at_under_each_clause_by_its_own_pauses_and_target() -> None:
    """At 14:30, 3 h 30 have run: in the last fifth of 4 h, not of 8 h; R1 is not paused."""
    found = signals.waits(*under_three_clauses("2026-01-05T14:30 status New Waiting"))

    assert dict(zip(found["clause"], found["late"], strict=True)) == {"R2": True, "R3": False}


def test_a_lowering_that_is_late_under_one_of_several_clauses_is_told_under_that_one() -> None:
    found = signals.lowerings(*under_three_clauses("2026-01-05T14:30 priority P1 P2"))

    assert found[["clause", "late"]].to_numpy().tolist() == [["R2", True]]


def test_cancelled_tickets_have_no_clock_and_so_no_wait() -> None:
    log, verdicts = made("""
        T1 2026-01-05T14:30 status New Waiting
        T1 2026-01-05T16:30 status Waiting Cancelled
    """)

    assert signals.waits(log, verdicts).empty


def test_the_waits_expected_are_the_part_of_the_running_time_in_the_last_fifth() -> None:
    """T1 ran all its 4 h, T2 2 h of them: 0.8 h of 6 h are in a last fifth, of 3 waits 0.4.

    T3 ran 7 h: only its first 4 count. So 1.6 h of 10 h, of 3 waits 0.48.
    """
    lines = """
        T1 2026-01-05T15:00 status New Resolved
        T2 2026-01-05T11:00 status New Resolved
    """
    three = pd.DataFrame({"clause": ["R1"] * 3, "priority": ["P1"] * 3})
    _, verdicts = made(lines)
    assert signals.expected_waits(verdicts, three) == pytest.approx(0.4)

    _, verdicts = made(lines + "T3 2026-01-05T18:00 status New Resolved")
    assert signals.expected_waits(verdicts, three) == pytest.approx(0.48)
    assert signals.expected_waits(verdicts, three[:0]) == 0


# ----------------------------------------------------------------------------------- lowerings


def test_a_priority_is_lowered_late_from_four_fifths_of_its_target_on_and_after_it() -> None:
    """T3 is lowered after 9 h of 8. T5 is lowered to a priority that has no target."""
    log, verdicts = made(
        """
        T1 2026-01-05T17:24:00 priority P2 P3
        T2 2026-01-05T17:23:59 priority P2 P3
        T3 2026-01-06T11:00:00 priority P2 P3
        T4 2026-01-05T17:30:00 priority P2 P1
        T5 2026-01-05T17:30:00 priority P2 P4
        """,
        "P2",
    )

    found = signals.lowerings(log, verdicts)
    assert late(found) == {"T1": True, "T2": False, "T3": True, "T5": True}
    assert set(found["target"].map(desk.hours)) == {8}


def test_lowering_is_looked_at_while_the_clock_runs_only() -> None:
    """T1 was resolved before; T2 waited for 2 h and had used 4 h 24."""
    log, verdicts = made(
        """
        T1 2026-01-05T11:00 status New Resolved
        T1 2026-01-05T17:24 priority P2 P3
        T2 2026-01-05T10:00 status New Waiting
        T2 2026-01-05T12:00 status Waiting Open
        T2 2026-01-05T17:24 priority P2 P3
        """,
        "P2",
    )

    found = signals.lowerings(log, verdicts)
    assert late(found) == {"T2": False}
    assert found["run"].map(desk.hours).tolist() == [4.4]


def test_a_target_of_working_days_is_taken_in_service_time() -> None:
    """Two days from Monday at 9 are 14 h; four fifths, 11 h 12, are used on Tuesday at 15:12."""
    log, verdicts = made(
        "T1 2026-01-06T15:12 priority P3 P4\nT2 2026-01-06T15:11 priority P3 P4", "P3"
    )

    assert late(signals.lowerings(log, verdicts)) == {"T1": True, "T2": False}


def test_from_a_priority_without_target_nothing_is_lowered_late() -> None:
    log, verdicts = made("T1 2026-01-06T15:12 priority P4 P9", "P4")

    assert signals.lowerings(log, verdicts).empty


def test_where_a_change_restarts_the_clock_the_delay_used_is_since_the_last_change() -> None:
    """P1 until 10:00, then P2 until 17:24: 5 h 24 since, 6 h 24 since the opening."""
    lines = """
        T1 2026-01-05T10:00 priority P1 P2
        T1 2026-01-05T17:24 priority P2 P3
    """
    each = [signals.lowerings(*made(lines, priority_change=policy)) for policy in POLICIES]

    assert [found["run"].map(desk.hours).tolist() for found in each] == [[1, 6.4], [1, 5.4]]
    assert [found["late"].tolist() for found in each] == [[False, True], [False, False]]


POLICIES = ("retroactive", "restart")


# ---------------------------------------------------------------------------------- reopenings


def test_reopened_within_a_day_is_24_hours_since_the_resolution_at_most() -> None:
    """T3 was closed in between: its 25 hours count from the resolution. T4 was cancelled."""
    log, _ = made("""
        T1 2026-01-05T10:00 status New Resolved
        T1 2026-01-06T10:00:00 status Resolved Open
        T2 2026-01-05T10:00 status New Resolved
        T2 2026-01-06T10:00:01 status Resolved Open
        T3 2026-01-05T10:00 status New Resolved
        T3 2026-01-05T12:00 status Resolved Closed
        T3 2026-01-06T11:00 status Closed Open
        T4 2026-01-05T10:00 status New Cancelled
        T4 2026-01-05T11:00 status Cancelled Open
    """)

    found = signals.reopenings(log.spans)
    assert dict(zip(found["ticket_id"], found["soon"], strict=True)) == {
        "T1": True, "T2": False, "T3": False,
    }  # fmt: skip


# ---------------------------------------------------------------------------------- month ends

JANUARY = [2, *range(5, 10), *range(12, 17), *range(19, 24), *range(26, 30)]  # 1 January is off


def january(
    last: int,
    as_of: str = "2026-02-01T00:00",
    calendar: str = "office",
    opened: str = "2026-01-01T09:00",
    **parts: object,
) -> pd.DataFrame:
    """Return the ends of months where one ticket is resolved a day, ``last`` on Friday 30."""
    days = [*JANUARY, *[30] * last, 31, 31, 31]
    local = [desk.at(f"2026-01-{day:02}T17:00") for day in days]
    moments = pd.Series(local, [f"T{n}" for n in range(len(days))], dtype="datetime64[s, UTC]")
    rows = desk.tickets(desk.ticket("T0", opened))
    log = desk.log(desk.contract(desk.RESOLUTION, **parts), rows, None, as_of)
    return signals.month_ends(moments, log, calendar)


@pytest.mark.parametrize(("last", "above"), [(0, False), (5, False), (6, True)])
def test_a_month_end_stands_out_above_the_limit_of_its_other_working_days(
    last: int, above: bool
) -> None:
    """20 other days with 1 each. Poisson law of mean 1: P(≤ 4) = 0.9963, P(≤ 5) = 0.9994."""
    found = january(last).round({"chance": 6})

    assert found.to_dict("records") == [
        {
            "month": "2026-01",
            "day": pd.Timestamp("2026-01-30"),
            "resolved": last,
            "others": 20,
            "mean": 1.0,
            "limit": 5,
            "chance": 0.000594,  # 1 - (1 + 1 + 1/2 + 1/6 + 1/24 + 1/120) / e
            "above": above,
        }
    ]


def test_a_month_is_compared_once_it_is_over() -> None:
    assert january(6, "2026-01-31T23:59:58").empty
    assert len(january(6, "2026-01-31T23:59:59")) == 1


@pytest.mark.parametrize(
    ("opened", "begins", "compared"),
    [
        ("2026-01-02T17:00", "2026-01-01", True),  # Friday 2 January is its first working day
        ("2026-01-05T09:00", "2026-01-01", False),
        ("2025-12-01T09:00", "2026-01-01", True),  # inherited; December is not of the contract
        ("2025-12-01T09:00", "2026-01-05", False),
    ],
)
def test_the_first_month_is_compared_when_covered_from_its_first_working_day(
    opened: str, begins: str, compared: bool
) -> None:
    period = {"first": begins, "last": "2026-12-31"}
    found = january(6, opened=opened, period=period)

    assert found["month"].tolist() == ["2026-01"] * compared


@pytest.mark.parametrize(("last_closed", "others"), [("2026-01-16", [10]), ("2026-01-19", [])])
def test_a_month_is_compared_with_ten_other_working_days_or_more(
    last_closed: str, others: list[int]
) -> None:
    """Closed up to Friday 16: the 10 working days from Monday 19 to Friday 30 but one, 9.

    Closed from Monday 5 on, Friday 2 is one more.
    """
    closure = {"first": "2026-01-05", "last": last_closed, "title": "Works"}
    office = desk.TERMS["calendars"]["office"] | {"closures": [closure]}
    found = january(6, calendars=desk.TERMS["calendars"] | {"office": office})

    assert found["others"].tolist() == others


def test_without_service_hours_the_working_days_are_monday_to_friday() -> None:
    """1 January, a Thursday, is then one more: 20 resolutions on 21 other days."""
    found = january(0, calendar="")

    assert found["others"].tolist() == [21]
    assert found["mean"].tolist() == [20 / 21]


def test_the_calendar_of_most_tickets_is_chosen_and_none_where_none_is_judged() -> None:
    calendars = pd.DataFrame({"calendar": ["office", "night", "night", None]}, dtype="category")

    assert signals.usual_calendar(calendars) == "night"
    assert signals.usual_calendar(calendars[:2]) == "night"  # of as many, the first by name
    assert signals.usual_calendar(calendars[3:]) == ""


def test_each_resolution_counts_on_its_day_and_cancellations_do_not() -> None:
    log, _ = made("""
        T1 2026-01-05T10:00 status New Resolved
        T1 2026-01-05T12:00 status Resolved Closed
        T1 2026-01-06T10:00 status Closed Open
        T1 2026-01-07T10:00 status Open Resolved
        T2 2026-01-07T10:00 status New Cancelled
    """)
    moments = signals.resolved(log)

    assert moments.index.tolist() == ["T1", "T1"]
    assert moments.tolist() == [desk.at("2026-01-05T10:00"), desk.at("2026-01-07T10:00")]
    days = pd.Series(pd.to_datetime(["2026-01-07"]))
    assert signals.resolved_on(moments, days, desk.ZONE) == ["T1"]


# ------------------------------------------------------------------------------------ unworked

DONE = "T{0} 2026-01-06T09:00 status New Resolved\n"


@pytest.mark.parametrize(
    ("line", "unworked"),
    [
        ("T1 2026-01-07T09:00 priority P1 P2", True),
        ("T1 2026-01-05T10:00 public_reply - - provider no", False),
        ("T1 2026-01-05T10:00 public_reply - - provider yes", True),
        ("T1 2026-01-05T10:00 public_reply - - client no", True),
        ("T1 2026-01-05T10:00 public_reply - - tool no", True),
        ("T1 2026-01-05T10:00 public_reply - - - no", False),
        ("T1 2026-01-05T10:00 public_reply - - - yes", True),
        ("T1 2026-01-06T10:00 public_reply - - provider no", True),
        ("T1 2026-01-05T10:00 group N1 N2 provider no", False),
        ("T1 2026-01-05T10:00 group N1 N2 tool yes", True),
        ("T1 2026-01-05T10:00 group N1 N1 provider no", True),
        ("T1 2026-01-05T09:00 group - N1 provider no", True),
        ("T1 2026-01-06T09:00 assignee - A1 provider no", False),
        ("T1 2026-01-05T10:00 status New Open", False),
    ],
)
def test_work_is_an_answer_a_change_of_hands_or_a_status_by_the_first_resolution(
    line: str, unworked: bool
) -> None:
    log, _ = made(DONE.format(1) + line)

    assert signals.unworked(log).to_dict() == {"T1": unworked}


def test_work_after_the_first_resolution_does_not_tell_of_it() -> None:
    log, _ = made(DONE.format(1) + "T1 2026-01-07T09:00 status Resolved Open")

    assert signals.unworked(log).to_dict() == {"T1": True}


def test_tickets_without_work_of_their_own_to_show_are_left_out() -> None:
    """T2 is a child, T3 was resolved as it was opened, T4 is not in the log, T5 is open."""
    rows = desk.tickets(
        *(desk.ticket(f"T{n}", MONDAY, relation="child" if n == 2 else None) for n in range(1, 6))
    )
    lines = DONE.format(1) + DONE.format(2) + f"T3 {MONDAY} status New Resolved\n"
    log = desk.log(
        desk.contract(desk.RESOLUTION), rows, lines + "T5 2026-01-06T09:00 status New Open"
    )

    assert signals.unworked(log).to_dict() == {"T1": True}


# ---------------------------------------------------------------------------------- properties

CHANGE = st.tuples(
    st.integers(1, 3_000),
    st.sampled_from(["New", "Open", "Waiting", "Supplier", "Resolved", "Closed", "Cancelled"]),
)
LIFE = st.lists(CHANGE, max_size=8, unique_by=lambda change: change[0])
TURN = st.tuples(st.integers(1, 3_000), st.sampled_from(["P1", "P2", "P3", "P4"]))
TURNS = st.lists(TURN, max_size=3, unique_by=lambda turn: turn[0])
Lives = list[tuple[list[tuple[int, str]], list[tuple[int, str]]]]
LIVES = st.lists(st.tuples(LIFE, TURNS), min_size=1, max_size=6)


def drawn(lives: Lives) -> Log:
    start = pd.Timestamp(MONDAY)
    lines = [
        f"T{n} {start + pd.Timedelta(minutes=minute):%Y-%m-%dT%H:%M} {field} - {word}"
        for n, life in enumerate(lives)
        for field, changes in zip(("status", "priority"), life, strict=True)
        for minute, word in changes
    ]
    begun = [f"T{n} {MONDAY} status - New" for n in range(len(lives))]
    rows = desk.tickets(*(desk.ticket(f"T{n}", MONDAY, "P2") for n in range(len(lives))))
    return desk.log(agreement(), rows, "\n".join(begun + lines))


@cache
def agreement() -> Contract:
    return desk.contract(desk.RESOLUTION | {"pauses": ["Waiting", "Supplier"]})


def every(log: Log) -> list[pd.DataFrame]:
    verdicts = signals.of_resolution(log.contract, judged(log))
    found = [
        signals.waits(log, verdicts),
        signals.lowerings(log, verdicts),
        signals.reopenings(log.spans),
        signals.month_ends(signals.resolved(log), log, signals.usual_calendar(verdicts)),
    ]
    return [*found, signals.unworked(log).sort_index().to_frame()]


@steady(15)
@given(LIVES, st.randoms(use_true_random=False))
def test_shuffling_the_rows_changes_no_signal(lives: Lives, random: Random) -> None:
    log = drawn(lives)
    seed = random.randrange(1 << 30)
    shuffled = Log(
        log.tickets.sample(frac=1, random_state=seed),
        log.events.sample(frac=1, random_state=seed),
        log.contract,
        log.as_of,
    )

    for one, other in zip(every(log), every(shuffled), strict=True):
        pd.testing.assert_frame_equal(one, other, check_dtype=False)


@steady(15)
@given(LIVES)
def test_the_delay_used_at_a_wait_is_that_of_the_clock_with_the_pauses_before_it(
    lives: Lives,
) -> None:
    """Each wait timed by itself, by the clock that judges."""
    log = drawn(lives)
    verdicts = signals.of_resolution(log.contract, judged(log)).set_index("ticket_id", drop=False)
    clause = log.contract.clause("R1")
    hours = log.contract.hours("office")
    still = pauses(log, clause, verdicts["start"], verdicts["stop"])
    for wait in signals.waits(log, verdicts).itertuples():
        start = verdicts.loc[[wait.ticket_id], "start"]
        mine = still[(still["row"] == wait.ticket_id) & (still["from"] < wait.at)]
        at = pd.Series([wait.at], start.index)
        assert hours.elapsed(start, at, mine[["row", "from", "to"]]).iloc[0] == wait.run


@steady(15)
@given(LIVES)
def test_the_tickets_of_a_signal_are_among_those_at_risk(lives: Lives) -> None:
    log = drawn(lives)
    verdicts = signals.of_resolution(log.contract, judged(log))
    found = log.resolutions
    resolved = set(found.index[found["first_resolved"].notna()])
    waited = set(log.spans.loc[log.spans["state"] == "waiting", "ticket_id"])

    assert set(signals.waits(log, verdicts)["ticket_id"]) <= waited & set(verdicts["ticket_id"])
    assert set(signals.lowerings(log, verdicts)["ticket_id"]) <= set(verdicts["ticket_id"])
    assert set(signals.reopenings(log.spans)["ticket_id"]) <= resolved
    assert set(signals.unworked(log).index) <= resolved
    assert set(signals.resolved(log).index) == resolved
