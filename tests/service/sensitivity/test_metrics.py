"""The log read otherwise than the contract says, on the desk: 9 to 12 and 14 to 18, in Paris.

5 January 2026 is a Monday.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given

from reviewlib.contract import Contract
from reviewlib.service.log import Log
from reviewlib.service.sensitivity.interpretations import interpretations_of
from reviewlib.service.sensitivity.metrics import interpretations, sensitivity
from reviewlib.service.service_levels.metrics import judged
from tests import desk
from tests.desk import RESOLUTION, RESPONSE, ticket, tickets
from tests.properties import steady
from tests.service.service_levels.test_metrics import LOGS, NOW, drawn


def names(contract: Contract) -> list[str]:
    return [one.name for one in interpretations_of(contract)]


def flips(clause: dict[str, Any], log: str, *rows: dict[str, Any], **parts: Any) -> set[str]:
    """The interpretations that turn the verdict on T1 (P1 unless told), as "name: outcome"."""
    table = tickets(*(rows or (ticket("T1", "2026-01-05T09:00"),)))
    known = desk.log(desk.contract(clause, **parts), table, log)
    found = interpretations(known, judged(known)).flips
    return {f"{row.reading}: {row.outcome}" for row in found.itertuples()}


def spelled(*changes: str) -> str:
    """A log of T1 opened on Monday at 9: "10:00 Waiting" of the 5th, "06T10:00 Open" of the 6th."""
    lines, before = ["T1 2026-01-05T09:00 status - New"], "New"
    for change in changes:
        when, status = change.split()
        day = when if "T" in when else f"05T{when}"
        lines.append(f"T1 2026-01-{day} status {before} {status}")
        before = status
    return "\n".join(lines)


# --------------------------------------------------------------------------- which interpretations


def test_the_contract_comes_first_and_an_interpretation_that_changes_nothing_is_left_out() -> None:
    """The clause pauses for the client, resumes after a reopening, has one target in days."""
    assert names(desk.contract(RESOLUTION)) == [
        "contract", "waiting_counted", "waiting_paused", "reopened_counted", "last_cycle",
        "first_resolution", "round_the_clock", "days_of_service", "days_of_24_h",
        "priority_initial", "priority_highest",
    ]  # fmt: skip


def test_a_clause_of_response_has_no_interpretation_of_pauses_or_reopenings() -> None:
    clause = RESPONSE | {"targets": {"P1": "1 h"}}

    assert names(desk.contract(clause)) == [
        "contract", "round_the_clock", "priority_initial", "priority_highest",
    ]  # fmt: skip


def test_each_amendment_gives_the_interpretation_of_the_terms_before_it() -> None:
    changes = [
        {
            "id": f"A{number}",
            "title": "Faster",
            "signed": "2026-01-01",
            "effective": f"2026-0{number + 1}-01",
            "changes": {"clauses": {"R1": {"targets": {"P1": f"{4 - number} h"}}}},
        }
        for number in (1, 2)
    ]
    found = {
        r.name: r.contract
        for r in interpretations_of(desk.contract(RESOLUTION, amendments=changes))
    }

    def hours(name: str) -> list[float]:
        targets = (terms.clauses["R1"].targets["P1"] for terms in found[name].versions)
        return [desk.hours(pd.Timedelta(target)) for target in targets]

    assert hours("contract") == [4, 3, 2]
    assert hours("before_1") == [4, 4, 4]
    assert hours("before_2") == [4, 3, 3]


def test_a_variant_is_read_otherwise_too() -> None:
    """Round the clock: 2 h of the variant end at 11 at night, not the next morning."""
    clause = RESOLUTION | {"variants": [{"sites": ["paris"], "targets": {"P1": "2 working days"}}]}
    (other,) = (
        r.contract for r in interpretations_of(desk.contract(clause)) if r.name == "days_of_24_h"
    )
    row = ticket("T1", "2026-01-05T09:00", site="paris")
    known = desk.log(other, tickets(row), "T1 2026-01-05T09:00 status - New", "2026-01-05T18:00")

    assert desk.hours(judged(known)["target"].iloc[0]) == 48


# ---------------------------------------------------------------------------------- what they flip


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        # 1 h worked, 4 h waiting for the client, 1 h worked: 2 h of 4, or 6 h
        (("10:00 Waiting", "17:00 Open", "18:00 Resolved"), {"waiting_counted: breached"}),
        # 1 h worked, 4 h waiting for a supplier, 1 h worked: 6 h, or 2 h
        (("10:00 Supplier", "17:00 Open", "18:00 Resolved"), {"waiting_paused: met"}),
        # resolved from 10 to 17, again at 18: 2 h; 6 h with the time resolved
        (("10:00 Resolved", "17:00 Open", "18:00 Resolved"), {"reopened_counted: breached"}),
        # 3 h + 2 h worked, late; reopened for an hour the next day
        (
            ("16:00 Resolved", "06T09:00 Open", "06T10:00 Resolved"),
            {"last_cycle: met", "reopened_counted: breached"} - {"reopened_counted: breached"},
        ),
        # Monday 17 to Tuesday 10: 2 h of service, 17 h round the clock, of which none paused
        (("06T10:00 Resolved",), {"round_the_clock: breached"}),
    ],
)
def test_an_interpretation_turns_the_tickets_that_its_term_decides(
    log: tuple[str, ...], expected: set[str]
) -> None:
    opened = "2026-01-05T17:00" if log == ("06T10:00 Resolved",) else "2026-01-05T09:00"
    lines = spelled(*log).replace("2026-01-05T09:00 status - New", f"{opened} status - New")
    clause = RESOLUTION | {"targets": {"P1": "4 h"}}

    found = flips(clause, lines, ticket("T1", opened))

    assert expected <= found
    assert {name for name in found if name.startswith(("waiting", "reopened", "last"))} <= expected


def test_days_of_24_hours_forgive_what_days_of_service_do_not() -> None:
    """2 working days from Monday 9 end on Wednesday 9; 15 h of service are more than 14, not 48."""
    log = spelled("07T10:00 Resolved")
    clause = RESOLUTION | {"targets": {"P1": "2 working days"}}

    assert {"days_of_24_h: met"} == {f for f in flips(clause, log) if f.startswith("days")}


def test_the_figures_of_an_interpretation_are_the_contracts_with_the_flips_applied() -> None:
    """T1 is late by waiting for a supplier, T2 in time, T3 running: 1 of 2, or 2 of 2."""
    rows = [ticket(name, "2026-01-05T09:00") for name in ("T1", "T2", "T3")]
    log = spelled("10:00 Supplier", "17:00 Open", "18:00 Resolved")
    log += "\nT2 2026-01-05T09:00 status - New\nT2 2026-01-05T10:00 status New Resolved"
    log += "\nT3 2026-01-05T09:00 status - New"
    clause = RESOLUTION | {"targets": {"P1": "4 h"}}
    known = desk.log(desk.contract(clause), tickets(*rows), log, "2026-01-05T12:00")
    later = desk.log(desk.contract(clause), tickets(*rows[:2]), log)

    assert judged(known)["outcome"].tolist() == ["running", "met", "running"]
    found = sensitivity(interpretations(later, judged(later)), later.contract).set_index("reading")
    columns = ["met", "n", "share", "threshold", "gained", "lost"]
    assert found.loc["contract", columns].tolist() == [1, 2, 0.5, 0.95, 0, 0]
    assert found.loc["waiting_paused", columns].tolist() == [2, 2, 1.0, 0.95, 1, 0]


# --------------------------------------------------------------------------------------- properties


@steady(8)
@given(LOGS)
def test_counting_more_never_turns_a_late_ticket_into_one_in_time(log: list[Any]) -> None:
    table, events = drawn(log)
    known = Log(table, events, desk.contract(RESOLUTION, RESPONSE), NOW)
    turned = interpretations(known, judged(known)).flips

    harsher = turned["reading"].isin(["waiting_counted", "reopened_counted"])
    assert (turned.loc[harsher, "outcome"] == "breached").all()
    milder = turned["reading"].isin(["waiting_paused"])
    assert (turned.loc[milder, "outcome"] == "met").all()


def test_the_terms_before_an_amendment_are_those_of_its_hours_too() -> None:
    """Around the clock since 6 January: before it, the night of the 6th would not have counted."""
    calendars = desk.TERMS["calendars"]
    always = {"office": {"week": None, "around_the_clock": True, "holidays": None}}
    change = {
        "id": "A1",
        "title": "Always",
        "signed": "2026-01-01",
        "effective": "2026-01-06",
        "changes": {"calendars": always},
    }
    log = spelled("07T09:30 Resolved").replace("2026-01-05T09:00", "2026-01-06T17:00")
    row = ticket("T1", "2026-01-06T17:00")

    found = flips(RESOLUTION, log, row, calendars=calendars, amendments=[change])

    assert "before_1: met" in found


def test_a_ticket_that_flips_counts_under_the_priority_that_either_reading_gives_it() -> None:
    """P1 1 h, P2 2 h; T1, lowered from P1 to P2, is answered after 1 h 30: in time, late as P1.

    By the highest priority it leaves P2 (1 of 2 there by the contract, then 0 of 1) for P1.
    """
    rows = tickets(ticket("T1", "2026-01-05T09:00", "P2"), ticket("T2", "2026-01-05T09:00", "P2"))
    known = desk.log(
        desk.contract(RESPONSE), rows,
        """
        T1 2026-01-05T09:15 priority P1 P2 provider
        T1 2026-01-05T10:30 public_reply - - provider
        T2 2026-01-05T18:00 public_reply - - provider
        """,
    )  # fmt: skip
    compared = interpretations(known, judged(known))
    found = sensitivity(compared, known.contract).set_index(["priority", "reading"])
    columns = ["met", "n", "gained", "lost", "joined", "joined_late"]

    assert found.loc[("P2", "contract"), columns].tolist() == [1, 2, 0, 0, 0, 0]
    assert found.loc[("P2", "priority_highest"), columns].tolist() == [0, 1, 0, 1, 0, 0]
    assert found.loc[("P1", "priority_highest"), columns].tolist() == [0, 1, 0, 1, 1, 1]
    flips = compared.flips[compared.flips["reading"] == "priority_highest"]
    assert flips[["ticket_id", "priority", "priority_read", "outcome"]].values.tolist() == [
        ["T1", "P2", "P1", "breached"]
    ]
