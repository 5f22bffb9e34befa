"""The chapter on hand-overs, from a folder to its section; the desk is ``tests/desk.py``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.report.encoding import encoded
from reviewlib.report.values import Fact, Kind, Section
from reviewlib.service.handovers.chapter import handovers
from tests import desk
from tests.desk import events, ticket, tickets
from tests.spoken import caveats, drawn, html
from tests.spoken import chapter as chapter_of

Chapter = Callable[..., Section]
WHEN = {"data": {"extracted_at": "2026-01-09T12:00"}}
CONTRACT = desk.agreed(desk.RESOLUTION, **WHEN)
ROWS = tickets(
    ticket("T1", "2026-01-05T09:00"),
    ticket("T2", "2026-01-05T09:00", "P4"),
    ticket("T3", "2026-01-05T09:00"),
    ticket("T4", "2026-01-05T09:00"),
)
LOG = events("""
    T1 2026-01-05T10:00 status New Waiting
    T1 2026-01-05T12:00 status Waiting Open
    T1 2026-01-05T14:00 group N1 N2
    T1 2026-01-05T15:00 group N2 N1
    T1 2026-01-05T17:00 status Open Resolved
    T2 2026-01-05T10:00 status New Supplier
    T2 2026-01-05T11:00 status Supplier Resolved
    T2 2026-01-05T10:00 group N1 N2
    T3 2026-01-05T13:00 status New Resolved
""")
WHOLE = {"tickets": ROWS, "ticket_events": LOG}


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    def _chapter(contract: dict[str, object] = CONTRACT, **tables: pd.DataFrame) -> Section:
        return chapter_of(handovers, desk.review(tmp_path, contract, tables))

    return _chapter


def rate(fact: Fact) -> tuple[object, int | None]:
    return fact.value, fact.n


def finding(section: Section, finding_id: str) -> str:
    stated = section.finding(finding_id)
    assert stated is not None
    return stated.sentence


def test_teams_are_counted_over_the_tickets_in_the_log(chapter: Chapter) -> None:
    """Of T1, T2 and T3, T1 and T2 changed teams, T1 came back: 3 hand-overs. T4 has no event."""
    section = chapter(**WHOLE)

    assert rate(section.fact("handovers.several")) == (2 / 3, 3)
    assert rate(section.fact("handovers.ping_pong")) == (1 / 3, 3)
    assert rate(section.fact("handovers.per_ticket")) == (1, 3)
    assert caveats(section) == {
        "handovers.left_out": "The log says nothing of 1 ticket by then: it is not counted here."
    }
    several = section.fact("handovers.several")
    assert several.interval is not None
    assert several.interval.method == "Wilson 95 %"
    assert "one team is taken to have held the ticket" in several.note


def test_the_headline_and_the_findings_say_what_happened(chapter: Chapter) -> None:
    """Open: T1 8 h, T2 2 h, T3 4 h. Waiting: 2 h for the client, 1 h for the supplier, of 14 h."""
    section = chapter(**WHOLE)

    assert section.headline == "66.7% of the tickets were held by several teams (n\u00a0=\u00a03)."
    waiting = section.fact("handovers.waiting")
    assert (waiting.value, waiting.n) == (pytest.approx(3 / 14), 14)
    assert finding(section, "handovers.teams") == (
        "Held by several teams: 2 of 3 tickets. Came back to a team that had held them before: 1."
    )
    assert finding(section, "handovers.waiting") == (
        "Of the time that tickets were open, 21.4% was waiting: 14.3% for the client and 7.1% for "
        "a third party."
    )
    teams = section.findings[0]
    assert (teams.kind, teams.evidence, bool(teams.decision)) == (Kind.NEUTRAL, ("T1",), True)


def test_waits_are_facts_around_the_clock_and_in_service_hours(chapter: Chapter) -> None:
    """Service hours: T1 9-12 and 14-17, of which 10-12 waiting; T3 9-12. P4 of T2 has no clause."""
    section = chapter(**WHOLE)

    assert rate(section.fact("handovers.waited")) == (2 / 3, 3)
    assert rate(section.fact("handovers.waiting")) == (3 / 14, 14)
    assert rate(section.fact("handovers.waiting.service")) == (2 / 9, 9)
    note = section.fact("handovers.waiting").note
    assert note.startswith("n counts ticket-hours, those of 3 tickets.")


def test_pairs_of_teams_and_numbers_of_hand_overs_are_tables(chapter: Chapter) -> None:
    counts, pairs, _ = chapter(**WHOLE).tables

    assert counts.rows == (
        ("0", 1, 1 / 3), ("1", 1, 1 / 3), ("2", 1, 1 / 3), ("3", 0, 0), ("4 or more", 0, 0),
    )  # fmt: skip
    assert pairs.rows == (("N1", "N2", 2, 2, 2 / 3), ("N2", "N1", 1, 1, 1 / 3))
    assert [column.quoted for column in pairs.columns[:2]] == [True, True]


def test_time_is_drawn_by_who_was_awaited_and_listed_by_status(chapter: Chapter) -> None:
    section = chapter(**WHOLE)
    (figure,) = section.figures

    assert [row[:3] for row in figure.table.rows] == [
        ("In hand (new or open)", 3, 11), ("Waiting for the client", 1, 2),
        ("Waiting for a third party", 1, 1),
    ]  # fmt: skip
    assert figure.description == (
        "Shares of the 14 h that tickets were open: In hand (new or open) 78.6%, Waiting for the "
        "client 14.3%, Waiting for a third party 7.1%."
    )
    assert [row.value for row in drawn(section, figure).rows] == ["11 h", "2 h", "1 h"]
    assert [row[0] for row in section.tables[2].rows] == ["New", "Open", "Waiting", "Supplier"]


def test_the_pairs_beyond_the_first_ten_are_counted(chapter: Chapter) -> None:
    lines = [f"T1 2026-01-05T10:{n:02} group G{n:02} G{n + 1:02}" for n in range(12)]
    pairs = chapter(tickets=ROWS, ticket_events=events("\n".join(lines))).tables[1]

    assert len(pairs.rows) == 10
    assert pairs.note == "The 10 most frequent of 12 pairs of teams."


def test_without_a_log_the_chapter_is_not_assessed(chapter: Chapter) -> None:
    assert "no usable row of tickets.csv" in chapter().because
    assert "no usable row of ticket_events.csv" in chapter(tickets=ROWS).because
    replies = events("T1 2026-01-05T10:00 public_reply - - provider")
    assert chapter(tickets=ROWS, ticket_events=replies).because == (
        "the log has no change of team, nor of a defined status, by then (ticket_events.csv)"
    )


def test_what_the_log_does_not_tell_is_not_assessed_the_rest_is(chapter: Chapter) -> None:
    teams = chapter(tickets=ROWS, ticket_events=LOG[LOG["field"] == "group"])
    assert teams.fact("handovers.several").n == 2  # T3 has no event then
    for name in ("waited", "waiting", "waiting.service"):
        assert "no change of status" in teams.fact(f"handovers.{name}").note
    assert teams.figures == ()

    time = chapter(tickets=ROWS, ticket_events=LOG[LOG["field"] == "status"])
    assert time.fact("handovers.waited").n == 3
    for name in ("several", "ping_pong", "per_ticket"):
        assert "no change of team" in time.fact(f"handovers.{name}").note
    assert [finding.id for finding in time.findings] == ["handovers.waiting"]


def test_without_a_clause_on_resolution_service_hours_are_not_assessed(chapter: Chapter) -> None:
    section = chapter(desk.agreed(desk.RESPONSE, **WHEN), **WHOLE)

    fact = section.fact("handovers.waiting.service")
    assert (fact.value, fact.n) == (None, 0)
    assert fact.note.startswith("no clause on resolution")
    assert [column.key for column in section.figures[0].table.columns][-1] == "median"


def test_where_nothing_was_handed_over_nor_waited_it_is_said(chapter: Chapter) -> None:
    log = events("""
        T1 2026-01-05T10:00 status New Resolved
        T1 2026-01-05T09:00 group - N1
    """)
    section = chapter(tickets=ROWS[:1], ticket_events=log)

    assert finding(section, "handovers.teams") == (
        "Held by several teams: 0 of 1 ticket. Came back to a team that had held them before: 0."
    )
    assert finding(section, "handovers.waiting") == (
        "No ticket waited: the log shows none in a status of waiting."
    )
    assert [table.id for table in section.tables] == ["handovers.statuses"]
    assert section.findings[0].decision == ""


def test_a_ticket_resolved_as_it_was_opened_was_never_open(chapter: Chapter) -> None:
    log = events("T1 2026-01-05T09:00 status - Resolved\nT1 2026-01-05T09:00 group - N1")
    section = chapter(tickets=ROWS[:1], ticket_events=log)

    assert section.fact("handovers.waited").note == "no ticket was open"
    assert section.fact("handovers.waiting").note == "no ticket was open for any time"
    assert section.figures == ()
    assert section.headline == "0.0% of the tickets were held by several teams (n\u00a0=\u00a01)."


def test_a_status_that_the_contract_does_not_define_is_said(chapter: Chapter) -> None:
    log = pd.concat([LOG, events("T3 2026-01-05T10:00 status New Odd")], ignore_index=True)

    assert caveats(chapter(tickets=ROWS, ticket_events=log))["handovers.undefined"].startswith(
        "1 ticket was in a status that the contract does not define"
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_section_is_json_and_html(tmp_path: Path, language: str) -> None:
    section = chapter_of(handovers, desk.review(tmp_path, CONTRACT, WHOLE, language=language))
    ids = [value.id for part in (section.facts, section.tables, section.figures) for value in part]

    assert len(ids) == len(set(ids))
    assert json.loads(json.dumps(encoded(section)))["slug"] == "handovers"
    assert section.title in html(section)


def test_seen_from_the_past_what_came_later_is_not_there(tmp_path: Path) -> None:
    """At 11:00 T1 has waited for an hour, as T2 had, which alone changed teams: 2 h of 4 open.

    Of T3 the log tells from 13:00 on: then it was not in it.
    """
    section = chapter_of(
        handovers, desk.review(tmp_path, CONTRACT, WHOLE, as_of="2026-01-05T11:00")
    )

    assert rate(section.fact("handovers.several")) == (1 / 2, 2)
    assert rate(section.fact("handovers.ping_pong")) == (0, 2)
    assert rate(section.fact("handovers.waiting")) == (2 / 4, 4)
    assert section.finding("handovers.teams") is not None
    assert caveats(section)["handovers.left_out"].startswith("The log says nothing of 2 tickets by")


def test_a_past_review_says_what_the_log_of_then_says(tmp_path: Path) -> None:
    """Seen from 14:30 T1 has changed teams once; what comes later may as well not be there."""
    then = LOG[LOG["at"] <= desk.at("2026-01-05T14:30")]
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    sections = []
    for folder, log in ((whole, LOG), (cut, then)):
        folder.mkdir()
        tables = {"tickets": ROWS, "ticket_events": log}
        made = desk.review(folder, CONTRACT, tables, as_of="2026-01-05T14:30")
        sections.append(handovers(made))

    assert sections[0] == sections[1]


def test_before_the_first_event_the_chapter_is_not_assessed(tmp_path: Path) -> None:
    section = chapter_of(
        handovers, desk.review(tmp_path, CONTRACT, WHOLE, as_of="2026-01-05T09:30")
    )

    assert section.because == "nothing in ticket_events.csv is dated 5 Jan 2026 or before"


def test_nobody_is_said_not_to_wait_where_a_status_is_not_defined(chapter: Chapter) -> None:
    """T1 is 1 h new, then 7 h in a status that nobody defined; T2 never in one that is."""
    log = events("""
        T1 2026-01-05T10:00 status New Odd
        T1 2026-01-05T17:00 status Odd Resolved
        T2 2026-01-05T10:00 status Odd Strange
    """)
    section = chapter(tickets=ROWS[:2], ticket_events=log)

    assert finding(section, "handovers.waiting") == (
        "The log shows no ticket in a status of waiting. Whether 2 tickets waited in a status that "
        "the contract does not define is not known."
    )
    assert rate(section.fact("handovers.waiting")) == (0, 8)
    assert "At least this" in section.fact("handovers.waited").note
    assert section.headline.startswith("At least 0.0% of 8 ticket-hours open")
    assert caveats(section) == {
        "handovers.undefined": "1 ticket was in a status that the contract does not define: whom "
        "it awaited then is not known.",
        "handovers.unread": "No status of 1 ticket is defined by the contract: its time is not "
        "counted here.",
    }


def test_a_team_of_one_is_not_named(chapter: Chapter) -> None:
    """The log shows one assignee in N2, two in N1. The hand-overs are counted all the same."""
    people = events("""
        T1 2026-01-05T14:00 assignee p1 p3
        T1 2026-01-05T15:00 assignee p3 p1
        T3 2026-01-05T09:00 group - N1
        T3 2026-01-05T10:00 assignee - p2
    """)
    log = pd.concat([LOG, people], ignore_index=True)
    pairs = chapter(tickets=ROWS, ticket_events=log).tables[1]

    assert pairs.rows == (
        ("N1", "a team of one", 2, 2, 2 / 3), ("a team of one", "N1", 1, 1, 1 / 3),
    )  # fmt: skip
    assert pairs.note == "A team in which the log shows one assignee alone is not named."
    assert chapter(**WHOLE).tables[1].note == ""
