"""The breaches that weigh most, each with its working: the desk is ``tests/desk.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from reviewlib.report.values import Section
from reviewlib.service.breaches.chapter import breaches
from reviewlib.service.breaches.metrics import worst
from tests import desk
from tests.desk import RESOLUTION, agreed, events, ticket, tickets
from tests.spoken import chapter as chapter_of
from tests.spoken import drawn, unfit

LATER = {"extracted_at": "2026-03-01T09:00"}


def chapter(folder: Path, agreement: dict[str, Any], **tables: pd.DataFrame) -> Section:
    return chapter_of(breaches, desk.review(folder, agreement, tables))


def verdict(ticket_id: str, priority: str, elapsed: int, target: int = 4) -> dict[str, Any]:
    return {
        "ticket_id": ticket_id,
        "clause": "R1",
        "priority": priority,
        "outcome": "breached" if elapsed > target else "met",
        "elapsed": pd.Timedelta(hours=elapsed),
        "target": pd.Timedelta(hours=target),
    }


def test_the_most_urgent_priority_comes_first_then_the_furthest_over() -> None:
    """T3 took 3 times its target, T1 and T4 twice; T2 is P1 and only just late; T5 is in time."""
    frame = pd.DataFrame(
        [
            verdict("T4", "P2", 8),
            verdict("T1", "P2", 8),
            verdict("T2", "P1", 5),
            verdict("T3", "P2", 24, target=8),
            verdict("T5", "P1", 4),
        ]
    )

    assert worst(frame, ("P1", "P2"), 10)["ticket_id"].tolist() == ["T2", "T3", "T1", "T4"]
    assert worst(frame, ("P1", "P2"), 2)["ticket_id"].tolist() == ["T2", "T3"]


def test_a_working_lists_each_interval_to_the_second_with_why_it_counted(tmp_path: Path) -> None:
    """Monday 10:30:15, waiting from 11 to 15, resolved at 18:00: 29 min 45 s and 3 h count.

    Target 2 h: late by 1 h 29 min 45 s; the deadline is at 16:30:15.
    """
    rows = tickets(ticket("T1", "2026-01-05T10:30:15"))
    log = events("""
        T1 2026-01-05T10:30:15 status - New
        T1 2026-01-05T11:00 status New Waiting
        T1 2026-01-05T15:00 status Waiting Open
        T1 2026-01-05T18:00 status Open Resolved
    """)
    clause = RESOLUTION | {"targets": {"P1": "2 h"}}
    section = chapter(tmp_path, agreed(clause, data=LATER), tickets=rows, ticket_events=log)

    _, working = section.tables
    assert working.id == "breaches.resolution.T1.working"
    assert working.rows == (
        ("2026-01-05 10:30:15 +0100", "2026-01-05 11:00:00 +0100", "0:29:45", "0:29:45", "counted"),
        ("2026-01-05 11:00:00 +0100", "2026-01-05 12:00:00 +0100", None, "0:29:45",
         "not counted: paused, status Waiting"),
        ("2026-01-05 12:00:00 +0100", "2026-01-05 14:00:00 +0100", None, "0:29:45",
         "not counted: outside service hours"),
        ("2026-01-05 14:00:00 +0100", "2026-01-05 15:00:00 +0100", None, "0:29:45",
         "not counted: paused, status Waiting"),
        ("2026-01-05 15:00:00 +0100", "2026-01-05 18:00:00 +0100", "3:00:00", "3:29:45", "counted"),
    )  # fmt: skip
    assert working.caption == "T1, P1, R1: target 2 h, counted 3 h 30"
    assert "deadline 5 Jan 2026 16:30" in working.note
    (worst,) = section.tables[0].rows
    assert worst[:3] == ("T1", "R1", "P1")
    assert worst[4:] == (7200, 12585, 12585 / 7200)
    assert section.headline == "1 breach, with its working."


def test_the_clock_of_each_ticket_is_a_row_of_one_chart(tmp_path: Path) -> None:
    """Both run from 10:00; of two hours, T2 takes four: its deadline is half of the way. T1 waits
    from 11 to 15, its second hour is up at 14 + 1 + 1: at 16:00, six of the eight hours to 18:00.
    """
    rows = tickets(ticket("T1", "2026-01-05T10:00"), ticket("T2", "2026-01-06T14:00"))
    log = events("""
        T1 2026-01-05T10:00 status - New
        T1 2026-01-05T11:00 status New Waiting
        T1 2026-01-05T15:00 status Waiting Open
        T1 2026-01-05T18:00 status Open Resolved
        T2 2026-01-06T18:00 status New Resolved
    """)
    clause = RESOLUTION | {"targets": {"P1": "2 h"}}
    section = chapter(tmp_path, agreed(clause, data=LATER), tickets=rows, ticket_events=log)

    (figure,) = section.figures
    assert figure.id == "breaches.clocks"
    chart = drawn(section, figure)
    assert [(one.label, one.value) for one in chart.rows] == [
        ("T1", "4 h / 2 h"),
        ("T2", "4 h / 2 h"),
    ]
    assert [(one.label, one.note) for one in chart.rows][1] == ("T2", "P1 · R1")
    deadlines = [mark.at for one in chart.rows for mark in one.marks if mark.kind == "tick"]
    assert deadlines == [0.75, 0.5]
    assert figure.table.rows[1][0] == "T2"


def test_ten_are_shown_and_all_are_counted(tmp_path: Path) -> None:
    names = [f"T{number:02}" for number in range(12)]
    rows = tickets(*(ticket(name, "2026-01-05T09:00") for name in names))
    log = "\n".join(f"{name} 2026-01-06T18:00 status New Resolved" for name in names)
    clause = RESOLUTION | {"targets": {"P1": "2 h"}}
    section = chapter(tmp_path, agreed(clause, data=LATER), tickets=rows, ticket_events=events(log))

    assert len(drawn(section, section.figures[0]).rows) == 10
    assert section.headline == ("12 breaches; the 10 most consequential with their working.")
    assert section.fact("breaches.late").value == 12
    assert [row[0] for row in section.tables[0].rows] == names[:10]


def test_where_no_target_was_missed_the_chapter_says_so(tmp_path: Path) -> None:
    rows = tickets(ticket("T1", "2026-01-05T09:00"))
    log = events("T1 2026-01-05T10:00 status New Resolved")
    section = chapter(tmp_path, agreed(RESOLUTION, data=LATER), tickets=rows, ticket_events=log)

    assert (section.headline, section.tables, section.figures) == ("No target was missed.", (), ())


def test_without_tickets_or_clauses_the_chapter_is_not_assessed(tmp_path: Path) -> None:
    assert "tickets.csv" in chapter(tmp_path, agreed(RESOLUTION, data=LATER)).because
    rows = tickets(ticket("T1", "2026-01-05T09:00"))
    assert "states no target" in chapter(tmp_path, agreed(data=LATER), tickets=rows).because


def test_a_breach_of_less_than_a_minute_is_told_to_the_second(tmp_path: Path) -> None:
    """Opened at 9, resolved 2 h and 20 s later: in minutes it would be 2 h of 2 h."""
    rows = tickets(ticket("T1", "2026-01-05T09:00"))
    log = events("T1 2026-01-05T11:00:20 status New Resolved")
    clause = RESOLUTION | {"targets": {"P1": "2 h"}}
    review = desk.review(
        tmp_path, agreed(clause, data=LATER), {"tickets": rows, "ticket_events": log}
    )
    section = chapter_of(breaches, review)

    assert section.tables[1].caption == "T1, P1, R1: target 2 h, counted 2:00:20"
    assert drawn(section, section.figures[0]).rows[0].value == "2:00:20 / 2 h"
    assert unfit(breaches(review)) == set()
