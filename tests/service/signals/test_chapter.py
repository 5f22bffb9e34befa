"""The chapter on signals, from a folder to its section; the desk is ``tests/desk.py``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from reviewlib.service.signals.chapter import signals
from tests import desk
from tests.desk import events, ticket, tickets
from tests.spoken import chapter as chapter_of
from tests.spoken import html, unfit

Chapter = Callable[..., Section]
CLOSURE = {"first": "2026-01-02", "last": "2026-01-04", "title": "New Year's bridge"}
OFFICE = desk.TERMS["calendars"]["office"] | {"closures": [CLOSURE]}  # January begins on Monday 5
CALENDARS = desk.TERMS["calendars"] | {"office": OFFICE}
DATA = {"extracted_at": "2026-01-31T23:59:59"}
CONTRACT = desk.agreed(desk.RESOLUTION, data=DATA, calendars=CALENDARS)
NAMES = [f"T{n}" for n in range(1, 6)]
ROWS = tickets(*(ticket(name, "2026-01-05T09:00", "P2") for name in NAMES))
BEGUN = "".join(f"{name} 2026-01-05T09:00 status - New\n" for name in NAMES)
LOG = events(
    BEGUN
    + """
    T1 2026-01-05T17:30 status New Waiting client no
    T1 2026-01-06T09:00 status Waiting Open client no
    T1 2026-01-06T10:00 status Open Resolved provider no
    T2 2026-01-05T10:00 status New Waiting provider no
    T2 2026-01-05T11:00 status Waiting Resolved provider no
    T2 2026-01-06T10:00 status Resolved Open client no
    T3 2026-01-05T17:30 priority P2 P3 provider no
    T3 2026-01-05T10:00 assignee - X-77 provider no
    T3 2026-01-06T10:00 status New Resolved provider no
    T4 2026-01-05T15:00 status New Resolved provider no
    T4 2026-01-05T15:00 group N1 N2 tool yes
    T5 2026-01-05T15:00 public_reply - - provider no
    T5 2026-01-05T15:00 status New Resolved provider no
    """
)
WHOLE = {"tickets": ROWS, "ticket_events": LOG}
NAMES_OF_SIGNALS = ["waits", "reopened", "lowered", "month_ends", "unworked"]


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    def _chapter(agreement: dict = CONTRACT, language: str = "", **tables: pd.DataFrame) -> Section:
        review = desk.review(tmp_path, agreement, tables, language=language)
        return chapter_of(signals, review)

    return _chapter


def counts(section: Section) -> dict[str, tuple[object, int | None]]:
    facts = (section.fact(f"signals.{name}") for name in NAMES_OF_SIGNALS)
    return {fact.id.removeprefix("signals."): (fact.value, fact.n) for fact in facts}


def reasons(section: Section) -> dict[str, str]:
    facts = (section.fact(f"signals.{name}") for name in NAMES_OF_SIGNALS)
    return {f.id.removeprefix("signals."): f.note for f in facts if f.value is None}


def test_each_signal_has_its_count_and_what_it_is_a_count_of(chapter: Chapter) -> None:
    """Of 8 h, T1 had used 6 h 30 and T2 1 h when they waited; T3 6 h 30 when it was lowered.

    January is whole: no resolution on its last working day, Friday 30.
    """
    section = chapter(**WHOLE)

    assert counts(section) == {
        "waits": (1, 2),
        "reopened": (1, 5),
        "lowered": (1, 1),
        "month_ends": (0, 1),
        "unworked": (1, 5),
    }
    assert section.headline == "4 questions to discuss; 5 signals looked for."


def test_a_finding_is_a_question_with_its_tickets_and_no_verdict(chapter: Chapter) -> None:
    section = chapter(**WHOLE)

    assert {finding.id: finding.evidence for finding in section.findings} == {
        "signals.waits": ("T1",),
        "signals.reopened": ("T2",),
        "signals.lowered": ("T3",),
        "signals.month_ends": (),
        "signals.unworked": ("T4",),
    }
    for finding in section.findings:
        assert finding.kind is Kind.NEUTRAL
        assert finding.decision.endswith("?") == bool(finding.evidence)


def test_the_sentence_tells_n_and_the_waits_to_be_expected(chapter: Chapter) -> None:
    """P2: T1 ran 7 h 30, T2 1 h + 3 h 30 + 7 h × 19 (open; the 8 h are used), T4 and T5 4 h each.

    Within the 8 h: 7.5 + 8 + 4 + 4 = 23.5 h, of which 1.1 + 1.6 in the last fifth: of 2 waits,
    2 × 2.7 / 23.5 = 0.23. T3, a P3 at last, has no wait.
    """
    section = chapter(**WHOLE)
    finding = section.finding("signals.waits")

    assert finding is not None
    assert finding.sentence == (
        "Waits set in the last fifth of their delay: 1 of the 2 set within it. "
        "Set at any moment of the target time, 0.2 would be."
    )
    assert finding.clause == "R1"
    assert section.fact("signals.waits.expected").value == pytest.approx(2 * 2.7 / 23.5)


def test_definitions_are_printed_with_the_counts_and_cases_are_listed(chapter: Chapter) -> None:
    """From Monday 5, January has 19 other working days, with 5 resolutions: 0.263 a day.

    Poisson law of that mean: P(≤ 2) = 0.998, P(≤ 3) = 0.9998.
    """
    definitions, *cases = chapter(**WHOLE).tables

    assert [row[2:4] for row in definitions.rows] == [(1, 2), (1, 5), (1, 1), (0, 1), (1, 5)]
    assert all(row[1].endswith(".") for row in definitions.rows)
    assert {table.id: table.rows for table in cases} == {
        "signals.waits.cases": (
            ("T1", "R1", "P2", "2026-01-05T16:30:00+00:00", "Waiting", 6.5 * 3600, 8 * 3600.0),
        ),
        "signals.reopened.cases": (
            ("T2", "2026-01-05T10:00:00+00:00", "2026-01-06T09:00:00+00:00"),
        ),
        "signals.lowered.cases": (
            ("T3", "R1", "2026-01-05T16:30:00+00:00", "P2", "P3", 6.5 * 3600, 8 * 3600.0),
        ),
        "signals.month_ends.cases": (("2026-01", "2026-01-30T00:00:00", 0, 19, 5 / 19, 3, False),),
        "signals.unworked.cases": (
            ("T4", "2026-01-05T08:00:00+00:00", "2026-01-05T14:00:00+00:00"),
        ),
    }


def test_a_first_month_that_tickets_do_not_cover_is_not_compared(chapter: Chapter) -> None:
    """Without the bridge January begins on Friday 2, a working day before the first ticket."""
    section = chapter(desk.agreed(desk.RESOLUTION, data=DATA), **WHOLE)

    assert reasons(section) == {
        "month_ends": "no month is whole and has enough days and resolutions to compare"
    }


def test_waits_that_chance_explains_are_a_signal_but_no_question(chapter: Chapter) -> None:
    """Each P2 runs its 8 h: 1.6 h of 8 h are in the last fifth. 6 waits: 1.2 by chance, 1 section.

    T1 waits at 6 h 30, and every other ticket and T1 itself at 1 h.
    """
    early = "".join(
        f"{n} 2026-01-05T10:00 status New Waiting\n{n} 2026-01-05T11:00 status Waiting Open\n"
        for n in NAMES
    )
    late = "T1 2026-01-06T09:30 status Open Waiting\nT1 2026-01-06T10:00 status Waiting Open"
    section = chapter(tickets=ROWS, ticket_events=events(BEGUN + early + late))
    finding = section.finding("signals.waits")

    assert counts(section)["waits"] == (1, 6)
    assert section.fact("signals.waits.expected").value == pytest.approx(6 * 1.6 / 8)
    assert finding is not None
    assert finding.decision == ""
    assert section.headline == "0 questions to discuss; 1 signal looked for."


def test_the_column_of_an_instant_is_not_labelled_as_a_count_is(chapter: Chapter) -> None:
    tables = {table.id: table for table in chapter(**WHOLE).tables}
    labels = [column.label for column in tables["signals.reopened.cases"].columns]

    assert labels == ["Ticket", "Resolved at", "Reopened"]


def test_a_month_that_stands_out_is_named_with_its_day_and_its_tickets(chapter: Chapter) -> None:
    """One resolution on the 5th, then 4 on Friday 30: of mean 1/19, P(≤ 2) is above 0.999."""
    lines = [f"{n} 2026-01-{30 if n > 'T1' else 5:02}T15:00 status New Resolved" for n in NAMES]
    log = events(BEGUN + "\n".join(lines))
    finding = chapter(tickets=ROWS, ticket_events=log).finding("signals.month_ends")

    assert finding is not None
    assert finding.evidence == ("T2", "T3", "T4", "T5")
    assert finding.sentence == (
        "Months whose last working day has more resolutions than its limit: 1 of the 1 compared. "
        "By chance, 0 would. 30 Jan 2026: 4 resolutions, against 0.1 a day on its 19 other working "
        "days."
    )


def test_what_is_not_found_is_said_with_n_and_raises_no_question(chapter: Chapter) -> None:
    log = events(
        BEGUN
        + """
        T1 2026-01-05T10:00 status New Waiting
        T1 2026-01-05T11:00 status Waiting Resolved
        T1 2026-01-05T10:00 priority P2 P3
        T1 2026-01-05T10:00 group N1 N2
        """
    )
    section = chapter(tickets=ROWS, ticket_events=log)

    assert counts(section) == dict.fromkeys(NAMES_OF_SIGNALS, (0, 1))
    assert section.headline == "0 questions to discuss; 5 signals looked for."
    assert section.findings[1].sentence == (
        "Tickets reopened within 24 hours: 0 of the 1 resolved at least once. How many chance "
        "alone would give is not known."
    )
    # of every signal what chance gives, or that nothing tells it
    expected = {fact.id.split(".")[1] for fact in section.facts if fact.id.endswith(".expected")}
    assert expected == {"waits", "month_ends"}
    unknown = {
        finding.id.split(".")[1]
        for finding in section.findings
        if "How many chance alone would give is not known." in finding.sentence
    }
    assert unknown == {*NAMES_OF_SIGNALS} - expected
    assert {(finding.decision, finding.evidence) for finding in section.findings} == {("", ())}


def test_where_nothing_is_at_risk_each_signal_says_so(chapter: Chapter) -> None:
    """The tickets are open; T1 has been given to a person, its priority to a more urgent one."""
    log = events(BEGUN + "T1 2026-01-05T10:00 assignee - X\nT1 2026-01-05T10:00 priority P2 P1")

    assert reasons(chapter(tickets=ROWS, ticket_events=log)) == {
        "waits": "no wait was set before the deadline of a ticket",
        "reopened": "no ticket was resolved",
        "lowered": "no priority was lowered while a clock ran",
        "month_ends": "no month is whole and has enough days and resolutions to compare",
        "unworked": "no ticket was resolved after its opening",
    }


def test_without_a_log_only_the_ends_of_months_are_looked_at(chapter: Chapter) -> None:
    rows = ROWS.assign(resolved_at=desk.at("2026-01-06T10:00"))
    section = chapter(tickets=rows)
    no_log = "the folder has no log of status changes (ticket_events.csv)"

    assert reasons(section) == {
        "waits": no_log,
        "reopened": no_log,
        "lowered": "the log has no change of priority (ticket_events.csv, field priority)",
        "unworked": no_log,
    }
    assert counts(section)["month_ends"] == (0, 1)
    assert section.headline == "0 questions to discuss; 1 signal looked for."


def test_without_log_and_dates_no_signal_can_be_looked_for(chapter: Chapter) -> None:
    section = chapter(tickets=ROWS)

    assert list(reasons(section)) == NAMES_OF_SIGNALS
    assert section.headline == "None of the signals could be looked for."


def test_without_a_clause_on_resolution_delays_are_not_looked_at(chapter: Chapter) -> None:
    section = chapter(desk.agreed(desk.RESPONSE, data=DATA, calendars=CALENDARS), **WHOLE)

    assert reasons(section) == {
        "waits": "no resolution clause is paused by a status",
        "lowered": "the contract has no clause on resolution",
        "month_ends": "no month is whole and has enough days and resolutions to compare",
    }
    assert counts(section)["reopened"] == (1, 5)


def test_without_tickets_the_chapter_is_not_assessed(chapter: Chapter) -> None:
    assert "no usable row of tickets.csv" in chapter().because


def test_a_log_that_tells_nothing_of_work_does_not_show_its_absence(chapter: Chapter) -> None:
    silent = LOG[LOG["field"].isin(["status", "priority"])]
    section = chapter(tickets=ROWS, ticket_events=silent)

    assert reasons(section) == {
        "unworked": "the log tells neither teams, nor assignees, nor answers (ticket_events.csv)"
    }


def test_what_the_log_leaves_untold_is_a_caveat(chapter: Chapter) -> None:
    log = LOG[(LOG["field"] != "group") & (LOG["ticket_id"] != "T5")]
    caveats = {c.id: c.sentence for c in chapter(tickets=ROWS, ticket_events=log).caveats}

    assert list(caveats) == ["signals.untold", "signals.silent"]
    opening = "The log does not tell: changes of team and answers to callers. "
    assert caveats["signals.untold"].startswith(opening)
    assert caveats["signals.silent"].startswith("1 ticket has no status in the log")
    assert chapter(**WHOLE).caveats == ()


def test_no_more_than_200_tickets_are_listed_and_the_rest_is_counted(chapter: Chapter) -> None:
    names = [f"T{n}" for n in range(201)]
    rows = tickets(*(ticket(name, "2026-01-05T09:00") for name in names))
    lines = [f"{name} 2026-01-05T10:00 status New Resolved" for name in names]
    lines += ["T0 2026-01-06T10:00 group N1 N2"]  # the log tells of teams, after the resolution
    section = chapter(tickets=rows, ticket_events=events("\n".join(lines)))
    (table,) = (table for table in section.tables if table.id == "signals.unworked.cases")
    finding = section.finding("signals.unworked")

    assert counts(section)["unworked"] == (201, 201)
    assert finding is not None
    assert len(finding.evidence) == len(table.rows) == 200
    assert table.note == "The first 200 of 201."


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nobody_is_named_ids_are_unique_and_the_section_is_json_and_html(
    chapter: Chapter, language: str
) -> None:
    section = chapter(language=language, **WHOLE)
    parts = (section.facts, section.findings, section.tables)
    written = json.dumps(encoded(section))

    for part in parts:
        ids = [value.id for value in part]
        assert len(ids) == len(set(ids))
    assert "X-77" not in written
    assert json.loads(written)["slug"] == "signals"
    assert section.title in html(section)


def test_the_fields_of_every_sentence_are_those_of_its_values(tmp_path: Path) -> None:
    assert unfit(signals(desk.review(tmp_path, CONTRACT, WHOLE))) == set()
