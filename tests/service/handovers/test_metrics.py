"""Hand-overs, ping-pong and waits, on logs small enough to count; the desk is ``tests/desk.py``."""

from __future__ import annotations

import random
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract import Contract
from reviewlib.service.handovers import metrics
from reviewlib.service.log import Log
from reviewlib.service.service_levels.metrics import judged
from tests import desk

CONTRACT = desk.contract(desk.RESOLUTION)
NOW = desk.at("2026-01-09T12:00")


def held(lines: str) -> pd.DataFrame:
    return metrics.holders(desk.events(lines))


def counted(lines: str) -> dict[str, list[int]]:
    """Return teams, hand-overs and returns of each ticket of a log."""
    names = sorted({line.split()[0] for line in lines.splitlines() if line.strip()})
    found = metrics.by_ticket(held(lines), pd.Index(names))
    return {str(name): row.tolist() for name, row in found.iterrows()}


def spans(lines: str, contract: Contract = CONTRACT, as_of: str = "2026-01-09T12:00") -> Log:
    names = sorted({line.split()[0] for line in lines.splitlines() if line.strip()})
    rows = desk.tickets(*(desk.ticket(name, "2026-01-05T09:00") for name in names))
    return desk.log(contract, rows, lines, as_of)


def timed(log: Log) -> pd.DataFrame:
    found = metrics.active_spans(log.spans, log.contract, log.as_of)
    clocks = metrics.clocks(judged(log), log.contract)
    return found.assign(service=metrics.service_hours(found, clocks, log.contract))


# ---------------------------------------------------------------------------------- hand-overs


def test_a_ticket_that_comes_back_to_a_team_is_ping_pong() -> None:
    """T1 goes from A to B. T2 from A to B and back: one return. T3 does so twice: three returns.

    T4 visits three teams and comes back to none of them.
    """
    assert counted("""
        T1 2026-01-05T10:00 group A B
        T2 2026-01-05T10:00 group A B
        T2 2026-01-05T11:00 group B A
        T3 2026-01-05T10:00 group A B
        T3 2026-01-05T11:00 group B A
        T3 2026-01-05T12:00 group A B
        T3 2026-01-05T13:00 group B A
        T4 2026-01-05T10:00 group A B
        T4 2026-01-05T11:00 group B C
    """) == {"T1": [2, 1, 0], "T2": [2, 2, 1], "T3": [2, 4, 3], "T4": [3, 2, 0]}


def test_a_first_team_is_no_hand_over_and_time_without_a_team_is_none() -> None:
    """T1 is given to A. T2 leaves A, stands with nobody and is taken by A again; T3 by B."""
    assert counted("""
        T1 2026-01-05T10:00 group - A
        T2 2026-01-05T10:00 group A -
        T2 2026-01-05T11:00 group - A
        T3 2026-01-05T10:00 group A -
        T3 2026-01-05T11:00 group - B
        T4 2026-01-05T10:00 status New Open
    """) == {"T1": [1, 0, 0], "T2": [1, 0, 0], "T3": [2, 1, 0], "T4": [0, 0, 0]}


def test_a_team_noted_again_is_no_hand_over() -> None:
    assert counted("T1 2026-01-05T10:00 group A A") == {"T1": [1, 0, 0]}


def test_a_log_that_jumps_has_the_hand_overs_that_its_changes_state_and_no_other() -> None:
    """From A to B, then from C to D: two hand-overs. Nothing says that B gave the ticket to C."""
    jumps = "T1 2026-01-05T10:00 group A B\nT1 2026-01-05T11:00 group C D"

    assert counted(jumps) == {"T1": [4, 2, 0]}
    pairs = metrics.pairs(held(jumps))
    assert pairs[["from", "to"]].to_numpy().tolist() == [["A", "B"], ["C", "D"]]


def test_a_change_that_does_not_state_whom_it_leaves_leaves_the_team_before() -> None:
    """Given to A, to B, back to A: the old team is empty each time."""
    assert counted("""
        T1 2026-01-05T10:00 group - A
        T1 2026-01-05T11:00 group - B
        T1 2026-01-05T12:00 group - A
    """) == {"T1": [2, 2, 1]}


def test_a_team_with_one_assignee_is_of_one() -> None:
    """N1 has p1 and p2, Solo p3 alone, N2 nobody. In Late, p1 still holds what Solo's p3 takes on
    a minute after it was given to Late: whom a change leaves is not counted as one of the team.
    """
    log = desk.events("""
        T1 2026-01-05T10:00 group N1 Solo
        T1 2026-01-05T10:00 assignee p1 p3
        T2 2026-01-05T09:00 group - N1
        T2 2026-01-05T09:00 assignee - p1
        T2 2026-01-05T11:00 assignee p1 p2
        T3 2026-01-05T10:00 group N1 N2
        T4 2026-01-05T10:00 group N1 Late
        T4 2026-01-05T10:01 assignee p1 p4
    """)

    assert sorted(metrics.of_one(log)) == ["Late", "Solo"]
    assert metrics.of_one(log[log["field"] == "group"]).empty
    assert metrics.of_one(log[log["field"] == "assignee"]).empty


def test_tickets_are_counted_by_number_of_hand_overs() -> None:
    found = metrics.by_count(pd.Series([0, 0, 1, 3, 7]), 3)

    assert found.to_numpy().tolist() == [[0, 2, 0.4], [1, 1, 0.2], [2, 0, 0], [3, 2, 0.4]]


def test_the_most_frequent_pairs_come_first() -> None:
    """T2 goes from A to B twice: two hand-overs of one ticket; with T1's three, of five."""
    found = metrics.pairs(
        held("""
        T1 2026-01-05T10:00 group A B
        T2 2026-01-05T10:00 group A B
        T2 2026-01-05T11:00 group B A
        T2 2026-01-05T12:00 group A B
        T3 2026-01-05T10:00 group C A
    """)
    )

    assert found.to_numpy().tolist() == [
        ["A", "B", 3, 2, 0.6], ["B", "A", 1, 1, 0.2], ["C", "A", 1, 1, 0.2],
    ]  # fmt: skip


def test_without_a_team_there_is_no_pair_and_no_holder() -> None:
    nobody = held("T1 2026-01-05T10:00 status New Open")

    assert nobody.empty
    assert metrics.pairs(nobody).empty
    assert metrics.by_count(pd.Series([], dtype="int64"), 2)["share"].tolist() == [0, 0, 0]


TEAMS = st.lists(st.sampled_from("ABC"), min_size=1, max_size=8)


@given(st.lists(TEAMS, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_in_any_order_of_rows_the_counts_are_those_of_a_walk_through_each_log(
    paths: list[list[str]], chance: random.Random
) -> None:
    """The walk: A to B is a hand-over where they differ, a return where B was seen before."""
    lines, expected = [], {}
    for number, path in enumerate(paths):
        seen, hands, returns = {path[0]}, 0, 0
        for hour, (old, new) in enumerate(pairwise(path)):
            lines.append(f"T{number} 2026-01-05T{hour + 9:02}:00 group {old} {new}")
            hands += old != new
            returns += old != new and new in seen
            seen.add(new)
        expected[f"T{number}"] = [len(seen) if len(path) > 1 else 0, hands, returns]
    chance.shuffle(lines)
    found = metrics.by_ticket(held("\n".join(lines)), pd.Index(list(expected)))

    assert {str(name): row.tolist() for name, row in found.iterrows()} == expected
    whole = metrics.pairs(held("\n".join(lines)))["handovers"].sum()
    assert whole == found["handovers"].sum()


# ---------------------------------------------------------------------------------------- time

WAITED = """
    T1 2026-01-05T10:00 status New Open
    T1 2026-01-05T11:00 status Open Waiting
    T1 2026-01-06T10:30 status Waiting Open
    T1 2026-01-06T11:00 status Open Supplier
    T1 2026-01-06T12:00 status Supplier Resolved
"""


def test_time_is_told_by_who_was_awaited_around_the_clock_and_in_service_hours() -> None:
    """T1: 2 h 30 in hand, 23 h 30 for the client, 1 h for the supplier: 27 h.

    The office is open from 9 to 12 and from 14 to 18: of the wait from Monday 11:00 to Tuesday
    10:30, 1 h + 4 h + 1 h 30 = 6 h 30 are service hours; the rest all lies within them.
    """
    found = metrics.summed(timed(spans(WAITED)), ["place"]).set_index("place")

    assert found["hours"].to_dict() == {"client": 23.5, "in_hand": 2.5, "third_party": 1.0}
    assert found["service"].to_dict() == {"client": 6.5, "in_hand": 2.5, "third_party": 1.0}
    assert found["share"].tolist() == pytest.approx([23.5 / 27, 2.5 / 27, 1 / 27])
    assert found["service_share"].tolist() == [0.65, 0.25, 0.1]
    assert found.index[0] == "client"  # the longest time first


def test_medians_are_by_ticket_and_of_the_tickets_that_were_there() -> None:
    """T1 waits for the client twice, 1 h and 3 h; T2 once, 2 h; T3 never: median of 4 and 2."""
    found = metrics.summed(
        timed(
            spans("""
        T1 2026-01-05T10:00 status New Waiting
        T1 2026-01-05T11:00 status Waiting Open
        T1 2026-01-05T14:00 status Open Waiting
        T1 2026-01-05T17:00 status Waiting Resolved
        T2 2026-01-05T10:00 status New Waiting
        T2 2026-01-05T12:00 status Waiting Resolved
        T3 2026-01-05T10:00 status New Resolved
    """)
        ),
        ["place"],
    ).set_index("place")

    assert found.loc["client", ["tickets", "hours", "median"]].tolist() == [2, 6, 3]
    assert found.loc["in_hand", ["tickets", "hours", "median"]].tolist() == [3, 6, 1]


def test_a_ticket_that_is_over_spends_no_time_until_it_is_reopened() -> None:
    """1 h new, resolved until the 7th at 10:00, then open until the 8th at 10:00."""
    found = timed(
        spans("""
        T1 2026-01-05T10:00 status New Resolved
        T1 2026-01-06T10:00 status Resolved Closed
        T1 2026-01-07T10:00 status Closed Open
        T1 2026-01-08T10:00 status Open Cancelled
    """)
    )

    assert found[["status", "hours"]].to_numpy().tolist() == [["New", 1], ["Open", 24]]


def test_what_is_still_going_on_counts_up_to_the_review() -> None:
    found = timed(spans("T1 2026-01-08T12:00 status New Waiting"))

    assert found["hours"].tolist() == [75, 24]
    assert found["to"].tolist()[-1] == NOW


def test_a_status_that_the_contract_does_not_define_awaits_nobody_known() -> None:
    """It leaves T1 open, but T2 resolved: no time of T2 is told after its resolution."""
    found = timed(
        spans("""
        T1 2026-01-05T10:00 status New Odd
        T1 2026-01-05T12:00 status Odd Resolved
        T2 2026-01-05T10:00 status New Resolved
        T2 2026-01-05T12:00 status Resolved Odd
    """)
    )

    assert found[["ticket_id", "place", "hours"]].to_numpy().tolist() == [
        ["T1", "in_hand", 1], ["T1", "undefined", 2], ["T2", "in_hand", 1],
    ]  # fmt: skip


def test_a_ticket_of_which_no_status_is_defined_has_no_time_told() -> None:
    """T1 may be over or open. T2 is open at 10:00; before that, nobody knows whom it awaits."""
    found = timed(
        spans("""
        T1 2026-01-05T10:00 status Odd Strange
        T2 2026-01-05T10:00 status Odd Open
        T2 2026-01-05T11:00 status Open Resolved
    """)
    )

    assert found[["ticket_id", "place", "hours"]].to_numpy().tolist() == [
        ["T2", "undefined", 1], ["T2", "in_hand", 1],
    ]  # fmt: skip


def test_a_wait_for_nobody_named_is_a_wait() -> None:
    statuses = desk.TERMS["statuses"] | {"Waiting": {"state": "waiting"}}
    log = spans(WAITED, desk.contract(desk.RESOLUTION, statuses=statuses))

    assert metrics.summed(timed(log), ["place"])["place"].tolist() == [
        "unsaid", "in_hand", "third_party",
    ]  # fmt: skip
    assert metrics.waited(timed(log))["hours"].to_dict() == {"T1": 24.5}


def test_who_is_awaited_is_as_the_terms_in_force_say() -> None:
    """From 6 January the same status awaits the provider. The wait of the 5th awaits the client."""
    amendment = {
        "id": "A1", "title": "Waits", "signed": "2026-01-05", "effective": "2026-01-06",
        "changes": {"statuses": {"Waiting": {"state": "waiting", "awaits": "provider"}}},
    }  # fmt: skip
    contract = desk.contract(desk.RESOLUTION, amendments=[amendment])
    found = timed(
        spans(
            """
        T1 2026-01-05T10:00 status New Waiting
        T1 2026-01-05T11:00 status Waiting Open
        T1 2026-01-06T11:00 status Open Waiting
    """,
            contract,
        )
    )

    assert found["place"].tolist() == ["in_hand", "client", "in_hand", "provider"]


def test_a_ticket_without_a_target_has_no_service_hours() -> None:
    """P4 has no target, so no calendar."""
    rows = desk.tickets(
        desk.ticket("T1", "2026-01-05T09:00"), desk.ticket("T2", "2026-01-05T09:00", "P4")
    )
    lines = "T1 2026-01-05T18:30 status New Resolved\nT2 2026-01-05T18:30 status New Resolved"
    found = metrics.summed(timed(desk.log(CONTRACT, rows, lines)), ["status"])

    assert found[["tickets", "hours", "service_tickets", "service"]].to_numpy().tolist() == [
        [2, 19, 1, 7],
    ]  # fmt: skip


def test_without_any_clause_there_are_no_service_hours_and_no_share_of_them() -> None:
    found = metrics.summed(timed(spans(WAITED, desk.contract())), ["place"])

    assert found["hours"].sum() == 27
    assert found["service"].isna().all()
    assert found["service_share"].isna().all()
