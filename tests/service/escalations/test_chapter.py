"""The chapter on escalations, from a folder to its section; the desk is ``tests/desk.py``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from reviewlib.service.escalations.chapter import escalations
from tests import desk
from tests.desk import events, ticket, tickets
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html

Chapter = Callable[..., Section]
SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"
LADDER = [
    {"level": 1, "client": "Manager", "provider": "Lead", "within": "30 min"},
    {"level": 2, "client": "Director", "provider": "Account", "within": "2 h"},
]
STATED: dict[str, Any] = {
    "escalation": LADDER,
    "major_incidents": {"priorities": ["P1"]},
    "data": {"extracted_at": "2026-03-31T12:00"},
}
ROWS = tickets(
    ticket("T1", "2026-01-05T09:00"),
    ticket("T2", "2026-01-06T09:00"),
    ticket("T3", "2026-01-07T09:00"),
    ticket("T4", "2026-01-08T09:00", "P3"),
)
LOG = """
    T1 2026-01-05T09:00 status - New
    T1 2026-01-05T09:20 escalation - 1
    T1 2026-01-05T10:30 status New Resolved
    T2 2026-01-06T09:00 status - New
    T2 2026-01-06T10:05 escalation - 1
    T2 2026-01-06T12:00 status New Resolved
    T3 2026-01-07T09:00 status - New
    T3 2026-01-07T09:10 status New Resolved
    T4 2026-01-08T09:00 status - New
    T4 2026-01-08T10:00 escalation - 1
    T4 2026-01-08T11:00 escalation - boss
"""


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    """The chapter on three P1: T1 told in time, T2 late for level 1 and not for 2, T3 resolved."""

    def _chapter(
        log: str | None = LOG, rows: pd.DataFrame = ROWS, language: str = "en", **parts: Any
    ) -> Section:
        tables = {"tickets": rows} | ({} if log is None else {"ticket_events": events(log)})
        agreement = desk.agreed(desk.RESOLUTION, **(STATED | parts))
        return chapter_of(escalations, desk.review(tmp_path, agreement, tables, language=language))

    return _chapter


def test_a_level_says_how_many_were_notified_in_time_of_those_unresolved(chapter: Chapter) -> None:
    """Level 1: T1 in time, T2 late, of 2; T3 was resolved. Level 2 at 11:00: T2 alone, never."""
    section = chapter()
    first, second = (section.fact(f"escalations.level.{level}.in_time") for level in (1, 2))

    assert section.headline == "1 of 3 escalations of major incidents notified in time."
    incidents = section.fact("escalations.incidents")
    assert (incidents.value, incidents.n) == (3, 4)
    assert (first.value, first.n, first.note) == (0.5, 2, "Notified late: 1, Not needed: 1")
    assert (second.value, second.n, second.note) == (0.0, 1, "Not notified: 1, Not needed: 2")


def test_a_finding_names_the_tickets_and_how_late_they_were(chapter: Chapter) -> None:
    section = chapter().finding("escalations.level.1")

    assert section is not None
    assert section.sentence == (
        "Level 1, within 30 min: of 2 major incidents unresolved when it was due, notified in "
        "time: 1, notified late: 1, not notified: 0. Late, with the time until they "
        "were: T2 (1 h 05)."
    )
    assert (section.kind, section.evidence) == (Kind.CONCERN, ("T2",))
    assert section.decision.startswith("Level 1: settle how it is notified")


def test_a_level_always_notified_in_time_is_a_strength(chapter: Chapter) -> None:
    log = "T1 2026-01-05T09:00 status - New\nT1 2026-01-05T09:20 escalation - 2"
    section = chapter(log, ROWS[:1])

    assert [finding.kind for finding in section.findings] == [Kind.STRENGTH] * 2
    assert section.findings[0].sentence == (
        "Level 1, within 30 min: of 1 major incident unresolved when it was due, notified in time: "
        "1, notified late: 0, not notified: 0."
    )
    assert [table.id for table in section.tables] == ["escalations.notified", "escalations.levels"]
    assert [section.findings[place].brief is None for place in (0, 1)] == [False, True]


def test_the_classes_of_each_level_add_up_to_the_incidents(chapter: Chapter) -> None:
    lead, ladder, missed = chapter().tables

    assert lead.lead
    assert lead.rows == ((1, "30 min", 2, 1, 1, 0), (2, "2 h", 1, 0, 0, 1))

    assert ladder.rows == (
        (1, "Manager", "Lead", "30 min", 3, 1, 1, 0, 1, 0, 0),
        (2, "Director", "Account", "2 h", 3, 0, 0, 1, 2, 0, 0),
    )
    assert all(sum(row[5:]) == row[4] for row in ladder.rows)  # type: ignore[arg-type]
    assert [(row[0], row[1], row[6]) for row in missed.rows] == [("T2", 1, 2100.0), ("T2", 2, None)]


def test_many_missed_tickets_are_named_up_to_five(chapter: Chapter) -> None:
    names = [f"T{number}" for number in range(1, 9)]
    rows = tickets(*(ticket(name, "2026-01-05T09:00") for name in names))
    log = "\n".join(f"{name} 2026-01-05T09:00 status - New" for name in names)
    lowered = "\nT1 2026-01-05T09:10 priority P1 P2\nT9 2026-01-05T09:10 escalation - 1"
    section = chapter(log + lowered, pd.concat([rows, tickets(ticket("T9", "2026-01-05T09:00"))]))
    sentence = section.findings[0].sentence

    assert sentence.endswith(
        "Not notified: T1, T2, T3, T4, T5 and 3 others. 1 of those not notified had a lower "
        "priority by then."
    )


def test_what_was_escalated_without_being_major_is_counted(chapter: Chapter) -> None:
    section = chapter()

    assert (section.fact("escalations.others").value, section.fact("escalations.others").n) == (
        1,
        3,
    )
    assert {c.id for c in section.caveats} == {"escalations.noted", "escalations.unread"}


def test_the_rule_is_printed_with_its_priorities_start_and_calendar(chapter: Chapter) -> None:
    stated = {"priorities": ["P1", "P2"], "calendar": "office", "starts_at": "breached"}

    assert "one of these priorities: P1, P2;" in chapter(major_incidents=stated).intro
    assert "on this calendar: Office hours." in chapter(major_incidents=stated).intro
    assert "counted from the end of the resolution target" in chapter(major_incidents=stated).intro
    assert "counted from the opening" in chapter().intro
    assert "resumes where it is reopened" in chapter().intro


def test_without_major_incidents_the_chapter_says_that_there_was_none(chapter: Chapter) -> None:
    section = chapter("T4 2026-01-08T10:00 escalation - 1", ROWS[3:])

    assert section.headline == "0 major incidents."
    assert section.findings == ()
    assert section.fact("escalations.level.1.in_time").note == (
        "no major incident was unresolved by then"
    )
    assert [row[4:] for row in section.tables[1].rows] == [(0, 0, 0, 0, 0, 0, 0)] * 2


def test_a_level_that_can_not_be_read_is_not_known_and_nobody_is_accused(chapter: Chapter) -> None:
    """T1 told of level 1 in time; T2 of a level that no number gives: neither late nor not told."""
    log = LOG.replace("T2 2026-01-06T10:05 escalation - 1", "T2 2026-01-06T09:10 escalation - boss")
    section = chapter(log)
    (first,) = section.findings
    level = section.fact("escalations.level.2.in_time")

    assert section.headline == "1 of 1 escalations of major incidents notified in time."
    assert first.sentence.endswith("notified late: 0, not notified: 0. Not known besides: 1.")
    assert (first.kind, first.evidence, first.decision) == (Kind.NEUTRAL, (), "")
    assert (level.value, level.note) == (None, "Not needed: 2, Not known: 1")
    caveats = {caveat.id: caveat.sentence for caveat in section.caveats}
    assert caveats["escalations.unread"].startswith("2 escalation events do not give their level")
    assert caveats["escalations.unknown"].startswith("1 major incident has no usable time")


def test_children_are_said_and_are_no_major_incidents(chapter: Chapter) -> None:
    """T2 is a child of T1: it was escalated, and is no incident of its own."""
    related = {"relation": [None, "child", None, None], "parent_id": [None, "T1", None, None]}
    section = chapter(rows=ROWS.assign(**related))
    caveats = {caveat.id: caveat.sentence for caveat in section.caveats}

    assert section.fact("escalations.incidents").value == 2
    assert caveats["escalations.attached"] == (
        "1 ticket of these priorities is a child of another or was merged into it: it is no major "
        "incident of its own."
    )
    assert "T2" not in [row[0] for table in section.tables[1:] for row in table.rows]


def test_what_was_escalated_before_it_was_major_is_not_told_and_said(chapter: Chapter) -> None:
    log = """
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T09:05 escalation - 1
        T1 2026-01-05T14:00 priority P3 P1
    """

    assert (
        chapter(log, ROWS[:1])
        .findings[0]
        .sentence.endswith(
            "Not notified: T1. 1 of those not notified had been escalated before it took that "
            "priority."
        )
    )


def test_an_incident_of_unknown_end_is_said(chapter: Chapter) -> None:
    rows = ROWS.assign(status=["Closed", "Closed", "Open", "Open"])
    log = "\n".join(line for line in LOG.splitlines() if "T2" not in line)
    section = chapter(log, rows)

    assert [row[-1] for row in section.tables[1].rows] == [1, 1]
    assert section.caveats[-1].sentence.startswith("1 major incident has no usable time")


@pytest.mark.parametrize(
    ("parts", "because"),
    [
        ({"escalation": []}, "states no escalation ladder (escalation)"),
        ({"major_incidents": None}, "what a major incident is (major_incidents)"),
        ({"log": None}, "does not prove that nobody was notified"),
        ({"log": "T1 2026-01-05T09:00 status - New"}, "the log has no escalation event"),
        ({"log": "T1 2026-01-05T09:10 escalation - boss"}, "which level was notified is not known"),
    ],
)
def test_what_is_missing_is_named_where_the_chapter_is_not_assessed(
    chapter: Chapter, parts: dict[str, Any], because: str
) -> None:
    assert because in chapter(**parts).because


def test_an_escalation_after_the_day_of_the_review_is_not_known_yet(tmp_path: Path) -> None:
    tables = {"tickets": ROWS, "ticket_events": events(LOG)}
    agreement = desk.agreed(desk.RESOLUTION, **STATED)
    review = desk.review(tmp_path, agreement, tables, as_of="2026-01-05T09:10")

    assert "the log has no escalation event" in chapter_of(escalations, review).because


def test_without_tickets_the_chapter_is_not_assessed(tmp_path: Path) -> None:
    review = desk.review(tmp_path, desk.agreed(desk.RESOLUTION, **STATED), {})

    assert "no usable row of tickets.csv" in chapter_of(escalations, review).because


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_section_is_json_and_html(
    chapter: Chapter, language: str
) -> None:
    section = chapter(language=language)
    parts = (section.facts, section.findings, section.tables, section.caveats)
    ids = [value.id for part in parts for value in part]

    assert len(ids) == len(set(ids))
    assert json.loads(json.dumps(encoded(section)))["slug"] == "escalations"
    assert section.title in html(section)


def test_the_shipped_engagement_has_three_late_escalations_and_no_other() -> None:
    """Planted, says data/README.md: level 1, of 30 min, was told after 65, 48 and 92 minutes."""
    section = chapter_of(escalations, sample_of(language="en"))
    first, *higher = section.findings

    assert first.evidence == ("INC10214", "INC10233", "INC10300")
    assert "INC10214 (1 h 05), INC10233 (48 min) and INC10300 (1 h 32)" in first.sentence
    assert {finding.kind for finding in higher} == {Kind.STRENGTH}
