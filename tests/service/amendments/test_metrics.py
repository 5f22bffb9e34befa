"""The service around amendments, on the desk: 9 to 12 and 14 to 18, in Paris; a day has 7 h.

2 February 2026 is a Monday. Targets are 4 h (P1), 8 h (P2) and 2 working days (P3) unless told.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.rates import compliance
from reviewlib.service.amendments.metrics import (
    AmendedTerms,
    Changed,
    amended_terms,
    changed,
    changed_targets,
    one_sided,
    service_levels,
)
from reviewlib.service.log import Log
from reviewlib.service.service_levels.metrics import judged
from tests import desk
from tests.desk import RESOLUTION, RESPONSE, ticket, tickets
from tests.properties import steady
from tests.service.service_levels.test_metrics import LOGS, NOW, drawn

ALL = ("P1", "P2", "P3")
AROUND_THE_CLOCK = {"office": {"week": None, "around_the_clock": True, "holidays": None}}


def amendment(
    changes: dict[str, Any], effective: str = "2026-02-03", number: int = 1, **other: Any
) -> dict[str, Any]:
    return {
        "id": f"A{number}",
        "title": "Changed",
        "signed": "2026-01-20",
        "effective": effective,
        "changes": changes,
    } | other


def to(**clause: Any) -> dict[str, Any]:
    """Changes of the first clause."""
    return {"clauses": {"R1": clause}}


def around(
    amendments: list[dict[str, Any]],
    table: pd.DataFrame,
    log: str,
    as_of: str = "2026-03-31T18:00",
    clause: dict[str, Any] = RESOLUTION,
) -> AmendedTerms:
    contract = desk.contract(clause, amendments=amendments)
    return amended_terms(desk.log(contract, table, log, as_of))


def outcomes(found: AmendedTerms, *, number: int = 1, priority: str = "P2") -> dict[str, Any]:
    """Return met, breached and running of each period under each terms: "before old"…"""
    counts = found.counts
    mine = counts[(counts["amendment"] == number) & (counts["priority"] == priority)]
    return {
        f"{row.period} {row.terms}": (row.met, row.breached, row.running)
        for row in mine.itertuples()
    }


def solved(*spans: str) -> str:
    """A log of tickets resolved: "T1 02T09:00 02T18:00" of February."""
    lines = []
    for span in spans:
        name, opened, resolved = span.split()
        lines.append(f"{name} 2026-02-{opened} status - New")
        lines.append(f"{name} 2026-02-{resolved} status New Resolved")
    return "\n".join(lines)


# ------------------------------------------------------------------------ what an amendment changes


@pytest.mark.parametrize(
    ("changes", "touched", "rules"),
    [
        (to(targets={"P2": "6 h"}), ("P2",), False),
        (to(targets={"P3": None}), ("P3",), False),
        (to(threshold="98 %"), ALL, False),
        (to(threshold={"P1": "95 %", "P2": "95 %", "P3": "80 %"}), ("P3",), False),
        (to(variants=[{"services": ["support"], "targets": {"P1": "2 h"}}]), ("P1",), False),
        (to(pauses=[]), ALL, True),
        (to(services=["support"]), ALL, True),
        ({"calendars": AROUND_THE_CLOCK}, ALL, False),
        ({"sites": {"paris": {"region": "6AE"}}}, ALL, True),
    ],
)
def test_what_changes_the_judgement_of_a_ticket_is_told_by_priority(
    changes: dict[str, Any], touched: tuple[str, ...], rules: bool
) -> None:
    contract = desk.contract(RESOLUTION, amendments=[amendment(changes)])

    assert changed(contract) == (Changed(1, "R1", ALL, touched, rules),)


@pytest.mark.parametrize(
    "changes",
    [
        to(title="Another name"),
        to(month="opened"),
        to(assessed="month"),
        to(minimum_volume=5),
        to(variants=[{"services": ["support"], "targets": {"P1": "4 h"}}]),
        {"calendars": {"office": {"title": "Another name"}}},
        {"calendars": {"permanent": {"title": "Never used"}}},
        {"statuses": {"Supplier": None}},
        {},
    ],
)
def test_what_changes_no_verdict_on_a_ticket_is_no_change(changes: dict[str, Any]) -> None:
    contract = desk.contract(RESOLUTION, amendments=[amendment(changes)])

    assert changed(contract) == ()


def test_only_a_target_that_both_terms_state_is_a_changed_target() -> None:
    changes = to(targets={"P1": "3 h", "P3": None, "P4": "9 h"}, threshold="90 %")
    contract = desk.contract(RESOLUTION, amendments=[amendment(changes)])

    assert changed_targets(contract) == [(1, "R1", "P1")]


def test_a_clause_added_or_taken_out_has_no_two_terms() -> None:
    contract = desk.contract(
        RESOLUTION,
        RESPONSE,
        amendments=[amendment({"clauses": {"R2": None, "R9": RESOLUTION}})],
    )

    assert one_sided(contract) == [(1, "R2", "old"), (1, "R9", "new")]
    assert changed(contract) == ()
    assert service_levels(contract, 1) == ["R2", "R9"]


def test_a_clause_taken_out_or_added_hides_no_change_of_another() -> None:
    """R1 is taken out and R9 added; R2, between them, is changed: P1 from 1 h to 30 min."""
    changes = {"R1": None, "R9": RESOLUTION, "R2": {"targets": {"P1": "30 min"}}}
    contract = desk.contract(RESOLUTION, RESPONSE, amendments=[amendment({"clauses": changes})])

    assert changed(contract) == (Changed(1, "R2", ALL, ("P1",), False),)


def test_availability_is_a_service_level_that_an_amendment_may_change() -> None:
    stated = {"title": "Up", "services": ["support"], "calendar": "office", "target": "99 %"}
    changes = {"availability": {"R5": stated}} | to(targets={"P1": "3 h"})
    contract = desk.contract(RESOLUTION, amendments=[amendment(changes)])

    assert service_levels(contract, 1) == ["R1", "R5"]


# ------------------------------------------------------------------------ both periods, both terms


def test_each_period_is_judged_under_both_terms() -> None:
    """Each took the 7 h of its day: in time within 8 h, late within 6 h."""
    rows = tickets(ticket("T1", "2026-02-02T09:00", "P2"), ticket("T2", "2026-02-03T09:00", "P2"))
    log = solved("T1 02T09:00 02T18:00", "T2 03T09:00 03T18:00")
    found = around([amendment(to(targets={"P2": "6 h"}))], rows, log)

    assert outcomes(found) == {
        "before old": (1, 0, 0),
        "before new": (0, 1, 0),
        "since old": (1, 0, 0),
        "since new": (0, 1, 0),
    }
    assert found.turned[["ticket_id", "period", "outcome"]].to_numpy().tolist() == [
        ["T1", "before", "breached"],
        ["T2", "since", "breached"],
    ]


def test_every_priority_of_the_clause_has_its_counts_even_without_a_ticket() -> None:
    rows = tickets(ticket("T1", "2026-02-02T09:00", "P1"))
    found = around([amendment(to(targets={"P2": "6 h"}))], rows, solved("T1 02T09:00 02T10:00"))
    counts = found.counts

    assert counts["priority"].tolist() == ["P1"] * 4 + ["P2"] * 4 + ["P3"] * 4
    assert counts["n"].tolist() == [1, 1, 0, 0] + [0] * 8
    assert counts.loc[counts["n"] == 0, "share"].isna().all()


def test_neighbouring_amendments_bound_the_periods() -> None:
    """Each took 5 h. 8 h, 6 h from the 3rd, 4 h from the 10th: one ticket under each."""
    rows = tickets(*(ticket(f"T{n}", f"2026-02-{day}T09:00", "P2") for n, day in
                     enumerate(("02", "04", "11"), start=1)))  # fmt: skip
    log = solved("T1 02T09:00 02T16:00", "T2 04T09:00 04T16:00", "T3 11T09:00 11T16:00")
    amendments = [
        amendment(to(targets={"P2": "6 h"})),
        amendment(to(targets={"P2": "4 h"}), "2026-02-10", 2),
    ]
    found = around(amendments, rows, log)

    assert set(outcomes(found).values()) == {(1, 0, 0)}
    assert outcomes(found, number=2) == {
        "before old": (1, 0, 0),
        "before new": (0, 1, 0),
        "since old": (1, 0, 0),
        "since new": (0, 1, 0),
    }


def test_hours_are_read_as_if_they_had_held_throughout() -> None:
    """Monday 9:00 to Tuesday 9:00: 7 h at the office, 24 h around the clock, which Tuesday began.

    The contract itself counts 7 h and the 9 h of Tuesday's night.
    """
    rows = tickets(ticket("T1", "2026-02-02T09:00", "P2"))
    changes = [amendment({"calendars": AROUND_THE_CLOCK})]
    log = solved("T1 02T09:00 03T09:00")

    assert outcomes(around(changes, rows, log))["before old"] == (1, 0, 0)
    assert outcomes(around(changes, rows, log))["before new"] == (0, 1, 0)
    contract = desk.contract(RESOLUTION, amendments=changes)
    assert desk.hours(judged(desk.log(contract, rows, log))["elapsed"].iloc[0]) == 16


def test_a_ticket_that_an_amendment_reaches_while_open_stays_where_its_clock_started() -> None:
    """Open from Monday to Wednesday: by the contract it falls under the new terms."""
    rows = tickets(ticket("T1", "2026-02-02T09:00", "P2"))
    changes = [amendment(to(targets={"P2": "6 h"}), applies_to="open")]
    log = solved("T1 02T09:00 04T09:00")
    contract = desk.contract(RESOLUTION, amendments=changes)

    assert judged(desk.log(contract, rows, log))["version"].tolist() == [1]
    assert outcomes(around(changes, rows, log)) == {
        "before old": (0, 1, 0),
        "before new": (0, 1, 0),
        "since old": (0, 0, 0),
        "since new": (0, 0, 0),
    }


def test_a_clock_that_starts_with_the_work_puts_its_ticket_in_that_period() -> None:
    """Opened on Monday, work begun on Tuesday."""
    rows = tickets(ticket("T1", "2026-02-02T09:00", "P2"))
    log = "T1 2026-02-02T09:00 status - New\nT1 2026-02-03T09:00 status New Open"
    changes = [amendment(to(targets={"P2": "6 h"}))]
    found = around(changes, rows, log, clause=RESOLUTION | {"starts_at": "started"})

    assert (outcomes(found)["before old"], outcomes(found)["since old"]) == ((0, 0, 0), (0, 1, 0))


def test_a_ticket_may_run_under_one_of_the_terms_and_be_late_under_the_other() -> None:
    """As of the end of its first day, of 7 h. It is decided by one alone, and turns nothing."""
    rows = tickets(ticket("T1", "2026-02-03T09:00", "P2"))
    log = "T1 2026-02-03T09:00 status - New"
    changes = [amendment(to(targets={"P2": "6 h"}))]
    found = around(changes, rows, log, "2026-02-03T18:00")

    assert (outcomes(found)["since old"], outcomes(found)["since new"]) == ((0, 0, 1), (0, 1, 0))
    assert found.turned.empty


def test_without_a_log_a_ticket_may_turn_where_a_pause_could_put_it_on_either_side() -> None:
    """Of 8 h, then 6 h: 2 h turns nothing; 7 h and 14 h may, each by some length of its pauses.

    Of 7 h: in time by 8 h; late by 6 h, unless paused for 1 h. Of 14 h: paused for 6 to 8 h it is
    in time by 8 h alone, paused for more by both, paused for less by none.
    """
    days = {"T1": "02T11:00", "T2": "02T18:00", "T3": "03T18:00"}
    rows = tickets(
        *(
            ticket(name, "2026-02-02T09:00", "P2", resolved_at=f"2026-02-{end}")
            for name, end in days.items()
        )
    )
    contract = desk.contract(RESOLUTION, amendments=[amendment(to(targets={"P2": "6 h"}))])
    found = amended_terms(desk.log(contract, rows, None, "2026-03-31T18:00"))

    assert found.turned.empty
    assert found.may_turn["ticket_id"].tolist() == ["T2", "T3"]


def test_thresholds_are_those_of_each_terms() -> None:
    rows = tickets(ticket("T1", "2026-02-02T09:00", "P2"))
    log = solved("T1 02T09:00 02T10:00")
    counts = around([amendment(to(threshold="80 %"))], rows, log).counts

    mine = counts[(counts["priority"] == "P2") & (counts["period"] == "before")]
    assert mine["threshold"].tolist() == [0.95, 0.8]


@pytest.mark.parametrize(
    "amendments", [[], [amendment(to(title="New name"))], [amendment(to(pauses=[]), "2026-04-01")]]
)
def test_without_a_change_in_force_nothing_is_judged(amendments: list[dict[str, Any]]) -> None:
    rows = tickets(ticket("T1", "2026-02-02T09:00", "P2"))
    found = around(amendments, rows, solved("T1 02T09:00 02T10:00"))

    assert found.counts.empty
    assert found.turned.empty


@steady(12)
@given(LOGS, st.integers(6, 24))
def test_each_terms_count_as_a_contract_of_which_they_are_the_only_ones(
    log: list[Any], day: int
) -> None:
    """Two contracts that were never amended judge the tickets opened on either side of the day."""
    new = RESOLUTION | {"targets": {"P1": "2 h", "P2": "8 h", "P3": "9 h"}, "pauses": []}
    stated = {key: new[key] for key in ("targets", "pauses")}
    table, events = drawn(log)
    table = table[table["opened_at"] <= NOW]
    changes = [amendment(to(**stated), f"2026-01-{day:02}")]
    contract = desk.contract(RESOLUTION, amendments=changes)
    found = amended_terms(Log(table, events, contract, NOW)).counts
    since = table.set_index("ticket_id")["opened_at"] >= contract.effective_from[1]

    for terms, clause in (("old", RESOLUTION), ("new", new)):
        alone = judged(Log(table, events, desk.contract(clause), NOW))
        for period, mask in (("before", ~since), ("since", since)):
            mine = compliance(alone[alone["ticket_id"].map(mask)], ["priority"])
            counted = found[(found["period"] == period) & (found["terms"] == terms)]
            outcomes = ["met", "breached", "running"]
            by_priority = counted.set_index("priority")[outcomes]
            expected = mine.set_index("priority")[outcomes]
            assert by_priority.equals(expected.reindex(by_priority.index, fill_value=0))


def test_the_ramp_up_is_counted_out_of_the_period_before() -> None:
    """January is ramp-up: of two tickets before 3 February, one opened then; 7 h each, 8 h asked.

    One since: the settled counts have one ticket in either period.
    """
    rule = {
        "kind": "points", "title": "Missed", "clauses": ["R1"], "amount": 100,
        "ramp_up": {"first": "2026-01-01", "last": "2026-01-31"},
    }  # fmt: skip
    clause = RESOLUTION | {"month": "opened"}
    agreed = desk.agreed(clause, amendments=[amendment(to(targets={"P2": "6 h"}))])
    agreed["terms"]["penalties"] = {"PP": rule}
    days = {"T1": "2026-01-12", "T2": "2026-02-02", "T3": "2026-02-03"}
    table = tickets(*(ticket(name, f"{day}T09:00", "P2") for name, day in days.items()))
    log = "\n".join(f"{name} {day}T18:00 status New Resolved" for name, day in days.items())
    compared = amended_terms(desk.log(desk.loaded(agreed), table, log, "2026-03-31T18:00"))
    keys = ["priority", "period", "terms"]
    whole, settled = (
        frame.set_index(keys).sort_index().loc["P2"]
        for frame in (compared.counts, compared.settled)
    )

    assert whole.loc[("before", "old"), ["met", "n"]].tolist() == [2, 2]
    assert settled.loc[("before", "old"), ["met", "n"]].tolist() == [1, 1]
    assert settled.loc[("before", "new"), ["met", "n"]].tolist() == [0, 1]
    assert settled.loc[("since", "old"), ["met", "n"]].tolist() == [1, 1]
