"""The chapter on other readings, from a folder to its section: the desk is ``tests/desk.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from reviewlib.report.values import Kind, Section
from reviewlib.service.sensitivity.chapter import sensitivity
from tests import desk
from tests.desk import RESOLUTION, agreed, events, ticket, tickets
from tests.spoken import chapter as chapter_of
from tests.spoken import drawn, unfit

LATER = {"extracted_at": "2026-03-01T09:00"}
ONE = agreed(RESOLUTION | {"targets": {"P1": "4 h"}, "threshold": "60 %"}, data=LATER)


def chapter(folder: Path, agreement: dict[str, Any], **tables: pd.DataFrame) -> Section:
    return chapter_of(sensitivity, desk.review(folder, agreement, tables))


def two() -> dict[str, pd.DataFrame]:
    """T1 is in time, T2 late only because it waited for a supplier from 10 to 17."""
    log = """
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T10:00 status New Resolved
        T2 2026-01-05T09:00 status - New
        T2 2026-01-05T10:00 status New Supplier
        T2 2026-01-05T17:00 status Supplier Open
        T2 2026-01-05T18:00 status Open Resolved
    """
    rows = tickets(*(ticket(name, "2026-01-05T09:00") for name in ("T1", "T2")))
    return {"tickets": rows, "ticket_events": events(log)}


def test_a_verdict_that_a_reading_turns_is_told_with_the_tickets_that_flip(tmp_path: Path) -> None:
    """50 % by the contract, 100 % if the wait for the supplier paused the clock; threshold 60 %."""
    section = chapter(tmp_path, ONE, **two())
    finding = section.finding("sensitivity.resolution.P1")

    assert section.headline == "Verdicts that depend on the interpretation of the clause: 1 of 1."
    assert finding is not None
    assert finding.sentence == (
        "Resolution · P1 is not kept by the contract (50.0%, for 60.0%), but read so: paused while "
        "anyone is awaited: 100.0% (n = 2, tickets that flip: 1)."
    )
    assert (finding.kind, finding.evidence) == (Kind.NEUTRAL, ("T2",))


def test_the_range_names_the_lowest_and_the_highest_reading(tmp_path: Path) -> None:
    fact = chapter(tmp_path, ONE, **two()).fact("sensitivity.resolution.P1.range")

    assert (fact.value, fact.n) == (50.0, 2)
    assert fact.note == (
        "from 50.0% (as the contract says) to 100.0% (paused while anyone is awaited); by the "
        "contract 50.0%"
    )


def test_only_readings_that_differ_are_listed_beside_the_contracts(tmp_path: Path) -> None:
    section = chapter(tmp_path, ONE, **two())
    table = next(table for table in section.tables if table.id == "sensitivity.readings")

    assert [row[1] for row in table.rows] == [
        "as the contract says", "paused while anyone is awaited",
    ]  # fmt: skip
    assert [row[5:] for row in table.rows] == [("missed", 0, 0), ("met", 1, 0)]
    flips = next(table for table in section.tables if table.id == "sensitivity.flips")
    assert flips.rows == (("T2", "R1", "P1", "paused while anyone is awaited", "P1", "in time"),)


def test_where_no_reading_changes_a_verdict_the_chapter_says_so(tmp_path: Path) -> None:
    tables = two()
    section = chapter(
        tmp_path,
        ONE,
        tickets=tables["tickets"][:1],
        ticket_events=tables["ticket_events"][:2],
    )

    assert section.headline == "Verdicts that depend on the interpretation of the clause: 0 of 1."
    assert section.findings == ()


def test_without_tickets_or_clauses_or_verdicts_the_chapter_is_not_assessed(tmp_path: Path) -> None:
    assert "tickets.csv" in chapter(tmp_path, ONE).because
    assert "states no target" in chapter(tmp_path, agreed(data=LATER), **two()).because
    running = {"tickets": tickets(ticket("T1", "2026-03-01T08:00"))}
    log = events("T1 2026-03-01T08:00 status - New")
    section = chapter(tmp_path, ONE, ticket_events=log, **running)
    assert section.because == "no verdict on a ticket could be given"


def test_a_clause_that_binds_from_more_tickets_on_has_no_verdict_to_turn(tmp_path: Path) -> None:
    clause = RESOLUTION | {"targets": {"P1": "4 h"}, "threshold": "60 %", "minimum_volume": 20}
    section = chapter(tmp_path, agreed(clause, data=LATER), **two())

    assert section.headline == "No threshold could be compared."
    assert section.findings == ()


def test_a_clause_assessed_by_the_month_is_kept_when_every_month_is(tmp_path: Path) -> None:
    """January: T1 in time, T2 late by its wait; 50 % for 60 %, and 100 % if it were paused."""
    clause = RESOLUTION | {"targets": {"P1": "4 h"}, "threshold": "60 %", "assessed": "month"}
    section = chapter(tmp_path, agreed(clause, data=LATER), **two())

    assert section.headline == "Verdicts that depend on the interpretation of the clause: 1 of 1."


def test_where_the_contracts_own_reading_decides_nothing_the_chapter_says_so(
    tmp_path: Path,
) -> None:
    """Resolved and never closed: no clock that stops at the closure has stopped."""
    clause = RESOLUTION | {"targets": {"P1": "40 h"}, "stops_at": "closure"}
    rows = tickets(ticket("T1", "2026-02-27T09:00"))
    log = events("T1 2026-02-27T09:00 status - New\nT1 2026-02-27T10:00 status New Resolved")
    section = chapter(tmp_path, agreed(clause, data=LATER), tickets=rows, ticket_events=log)

    assert section.because == "no verdict on a ticket could be given"


def test_the_range_is_drawn_and_every_message_has_the_values_of_its_fields(tmp_path: Path) -> None:
    section = sensitivity(desk.review(tmp_path, ONE, two()))
    (figure,) = section.figures

    assert [row.style for row in drawn(section, figure).rows].count("") == 1
    assert not unfit(section)


def test_a_verdict_that_turns_without_a_flip_is_a_finding_all_the_same(tmp_path: Path) -> None:
    """T2 was P2 first: by the initial priority, P1 has T1 alone, in time, and no ticket flips."""
    clause = RESOLUTION | {"targets": {"P1": "4 h", "P2": "4 h"}, "threshold": "60 %"}
    log = """
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T10:00 status New Resolved
        T2 2026-01-05T09:00 status - New
        T2 2026-01-05T10:00 priority P2 P1
        T2 2026-01-06T18:00 status New Resolved
    """
    tables = two() | {"ticket_events": events(log)}
    finding = chapter(tmp_path, agreed(clause, data=LATER), **tables).finding(
        "sensitivity.resolution.P1"
    )

    assert finding is not None
    assert "by the initial priority: 100.0% (n = 1, tickets that flip: 0)" in finding.sentence
    assert finding.evidence == ()
