"""The chapter on data quality, from a folder to its section; the desk is ``tests/desk.py``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.engagement.data_quality.chapter import data_quality
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Section
from tests import desk
from tests.desk import ticket, tickets
from tests.spoken import chapter as chapter_of
from tests.spoken import html, table, unfit

Chapter = Callable[..., Section]
DECLARED = {"extracted_at": "2026-03-01T09:00", "set_aside_limit": "100 %"}
GOOD = tickets(*(ticket(f"T{number}", "2026-01-05T09:00") for number in range(1, 4)))


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    def _chapter(agreement: dict[str, Any], as_of: str = "", **tables: pd.DataFrame) -> Section:
        review = desk.review(tmp_path, agreement, tables, as_of=as_of)
        return chapter_of(data_quality, review)

    return _chapter


def names(section: Section) -> list[str]:
    return [table.id.removeprefix("data_quality.") for table in section.tables]


def odd() -> dict[str, pd.DataFrame]:
    """T2 stands twice, T3 is of no priority of the contract and has an event."""
    rows = GOOD.assign(priority=["P1", "P1", "P9"])
    log = desk.events("T1 2026-01-05T09:00 status - New\nT3 2026-01-05T09:00 status - New")
    return {"tickets": pd.concat([rows, rows[1:2]]), "ticket_events": log}


def test_nothing_set_aside_is_said_and_has_no_table(chapter: Chapter) -> None:
    section = chapter(desk.agreed(data=DECLARED), tickets=GOOD)

    assert section.headline == "0 rows were set aside, of 3 in 1 table."
    assert section.fact("data_quality.set_aside").value == 0
    assert section.fact("data_quality.repaired").value == 0
    assert section.findings == ()
    assert section.caveats == ()
    assert names(section) == ["sources", "holidays", "provenance"]


def test_rows_set_aside_are_counted_once_and_listed_with_the_reason(chapter: Chapter) -> None:
    """Rows 4 and 5 of 4 tickets, row 3 of 2 events: 3 of 6."""
    section = chapter(desk.agreed(data=DECLARED), **odd())

    assert section.headline == "3 rows were set aside, of 6 in 2 tables."
    assert (
        section.fact("data_quality.set_aside").value,
        section.fact("data_quality.set_aside").n,
    ) == (
        3,
        6,
    )
    (finding,) = section.findings
    assert finding.sentence == "Rows set aside, by table: tickets 2, ticket_events 1."
    assert set(finding.evidence) == {"tickets.csv:4", "tickets.csv:5", "ticket_events.csv:3"}
    listed = {(row[0], row[1]): row[2] for row in table(section, "set_aside").rows}
    assert set(listed) == {("tickets.csv", 4), ("tickets.csv", 5), ("ticket_events.csv", 3)}
    assert listed[("tickets.csv", 4)] == (
        "“priority” is none of the allowed values (P1, P2, P3, P4)"
    )


def test_more_rows_than_the_page_lists_are_still_counted(chapter: Chapter) -> None:
    rows = tickets(*(ticket(f"T{number}", "2026-01-05T09:00", "P9") for number in range(250)))
    section = chapter(desk.agreed(data=DECLARED), tickets=rows)

    assert section.headline == "250 rows were set aside, of 250 in 1 table."
    assert len(table(section, "set_aside").rows) == 200
    assert table(section, "set_aside").note == "The first 200 of 250 are listed."


def test_a_repaired_value_is_counted_and_listed(chapter: Chapter) -> None:
    """02:30 on 29 March 2026 does not exist in Paris."""
    rows = GOOD.astype({"opened_at": "str"}).assign(opened_at="2026-03-29 02:30:00")
    data = DECLARED | {"extracted_at": "2026-06-01T09:00"}
    section = chapter(desk.agreed(data=data), tickets=rows[:1])

    assert section.fact("data_quality.repaired").value == 1
    assert "skipped by the change to summer time" in str(table(section, "repaired").rows[0][2])


def test_repairs_are_counted_by_file_and_rule(chapter: Chapter) -> None:
    """Two tickets are dated without a time; 02:30 on 29 March 2026 does not exist in Paris."""
    opened = ["2026-01-05", "2026-01-06", "2026-03-29 02:30"]
    rows = GOOD.astype({"opened_at": "str"}).assign(opened_at=opened)
    section = chapter(
        desk.agreed(data=DECLARED | {"extracted_at": "2026-06-01T09:00"}), tickets=rows
    )

    fact = section.fact("data_quality.repaired")
    assert fact.value == 3
    assert fact.note == (
        "tickets.csv, “opened_at” is a date without a time of day: taken as its midnight (2); "
        "tickets.csv, “opened_at” names an hour skipped by the change to summer time: moved to "
        "its end (1)"
    )


def test_nobody_is_named_in_a_row_set_aside_or_repaired_or_contradicted(chapter: Chapter) -> None:
    """Of rows 2 to 7, 3 to 5 and 7 are set aside: by date, side, a field not allowed, and twice."""
    log = pd.DataFrame(
        [
            ("T1", "2026-01-05 10:00", "assignee", "Anne-A", "Bert-B", "provider"),
            ("T1", "no date", "assignee", "Anne-A", "Bert-B", "provider"),
            ("T1", "2026-01-05 11:00", "assignee", "Anne-A", "Bert-B", "Carl-C"),
            ("T1", "2026-01-05 12:00", "owner", "Anne-A", "Bert-B", "provider"),
            ("T1", "2026-01-06", "assignee", "Dora-D", "Bert-B", "provider"),
            ("T1", "2026-01-05 10:00", "assignee", "Anne-A", "Bert-B", "provider"),
            ("T1", "no date", "group", "N1", "", "provider"),
        ],
        columns=["ticket_id", "at", "field", "old", "new", "actor_side"],
    )
    section = chapter(desk.agreed(data=DECLARED), tickets=GOOD, ticket_events=log)
    aside = {row[1]: (row[3], row[4]) for row in table(section, "set_aside").rows}

    assert aside == {
        3: ("no date", "T1 ; no date ; assignee ; … ; … ; provider"),
        4: ("…", "T1 ; 2026-01-05 11:00 ; assignee ; … ; … ; …"),
        5: ("owner", "T1 ; 2026-01-05 12:00 ; owner ; … ; … ; provider"),
        7: (
            "T1 + 2026-01-05 10:00 + assignee + … + …",
            "T1 ; 2026-01-05 10:00 ; assignee ; … ; … ; provider",
        ),
        8: ("no date", "T1 ; no date ; group ; N1 ;  ; provider"),
    }
    assert [row[4] for row in table(section, "repaired").rows] == [
        "T1 ; 2026-01-06 ; assignee ; … ; … ; provider"
    ]
    written = json.dumps(encoded(section))
    assert not [name for name in ("Anne", "Bert", "Carl", "Dora") if name in written]


def test_files_are_listed_with_their_hash_and_those_missing_are_named(
    chapter: Chapter, tmp_path: Path
) -> None:
    rows = GOOD.assign(mood="good")
    listing = table(chapter(desk.agreed(data=DECLARED), tickets=rows), "sources")

    assert [row[:8] for row in listing.rows] == [
        ("engagement.yml", None, None, None, None, None, None, None),
        ("tickets.csv", 4, 0, 0, 3, 3, 0, "mood"),
    ]
    digest = hashlib.sha256((tmp_path / "tickets.csv").read_bytes()).hexdigest()
    assert listing.rows[1][8] == digest
    assert listing.note.startswith("Lines are one heading, the rows, the blank lines and the ")
    assert "Tables not in the folder: " in listing.note
    assert "ticket_events" in listing.note
    assert "tickets," not in listing.note


def test_the_days_off_that_the_clock_applied_are_listed_by_calendar_and_site(
    chapter: Chapter,
) -> None:
    """2026 in France: eleven public holidays; thirteen in Alsace; the closure is in both."""
    closure = {"first": "2026-08-14", "last": "2026-08-14", "title": "Bridge"}
    office = desk.TERMS["calendars"]["office"] | {"closures": [closure]}
    calendars = desk.TERMS["calendars"] | {"office": office}
    listing = table(
        chapter(desk.agreed(calendars=calendars, data=DECLARED), tickets=GOOD), "holidays"
    )
    days: dict[object, list[object]] = {}
    for calendar, day, _name in listing.rows:
        days.setdefault(calendar, []).append(day)

    assert {calendar: len(listed) for calendar, listed in days.items()} == {
        "Office hours": 12, "Office hours · Strasbourg": 14,
    }  # fmt: skip
    assert ("Office hours", "2026-08-14", "Bridge") in listing.rows
    extra = set(days["Office hours · Strasbourg"]) - set(days["Office hours"])
    assert extra == {"2026-04-03", "2026-12-26"}


def test_provenance_states_what_the_figures_depend_on(chapter: Chapter) -> None:
    stated = dict(table(chapter(desk.agreed(data=DECLARED), tickets=GOOD), "provenance").rows)

    assert stated["as_of"] == "2026-03-01T08:00:00+00:00"
    assert stated["contract.amendments"] is None
    assert {"engagement", "reviewlib", "python", "pandas", "holidays"} <= set(stated)


@pytest.mark.parametrize(
    ("data", "as_of", "basis", "caveats"),
    [
        (DECLARED, "", "the extraction that the data declare", []),
        (DECLARED, "2026-02-01", "asked for", ["data_quality.earlier"]),
        (DECLARED, "2026-03-01T09:00", "asked for", []),
        ({}, "2026-02-01", "asked for", ["data_quality.earlier"]),
        ({}, "", "the last event of the log, for want of a declared extraction",
         ["data_quality.as_of"]),
    ],
)  # fmt: skip
def test_the_basis_of_the_date_is_said_with_what_it_leaves_open(
    chapter: Chapter, data: dict[str, str], as_of: str, basis: str, caveats: list[str]
) -> None:
    section = chapter(desk.agreed(data=data), as_of, tickets=GOOD)

    assert section.fact("data_quality.as_of").source == basis
    assert [caveat.id for caveat in section.caveats] == caveats


def test_a_folder_without_tables_is_seen_from_the_end_of_the_contract(chapter: Chapter) -> None:
    section = chapter(desk.agreed())

    assert section.headline == "The folder holds no table with rows."
    assert section.fact("data_quality.set_aside").value is None
    assert section.fact("data_quality.as_of").value == "2026-12-31T22:59:59+00:00"
    assert "the end of the contract" in section.caveats[0].sentence


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_section_is_json_and_html_and_hostile_cells_stay_text(
    tmp_path: Path, language: str
) -> None:
    hostile = "<script>alert(1)</script>"
    rows = tickets(ticket("T1", "2026-01-05T09:00", hostile))
    review = desk.review(tmp_path, desk.agreed(data=DECLARED), {"tickets": rows}, language=language)
    section = data_quality(review)
    page = html(section)

    assert unfit(section) == set()
    assert json.loads(json.dumps(encoded(section)))["slug"] == "data_quality"
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_log_that_contradicts_itself_or_is_out_of_order_is_told_and_listed(
    chapter: Chapter,
) -> None:
    """Row 2 of the file leaves what row 3 gives; row 4 comes from what row 2 never left."""
    log = desk.events(
        """
        T1 2026-01-05T10:00 status New Open
        T1 2026-01-05T09:00 status - New
        T1 2026-01-05T11:00 status Waiting Resolved
        T1 2026-01-05T11:00 assignee - A1
        T1 2026-01-05T12:00 assignee A2 A3
        """
    )
    section = chapter(desk.agreed(data=DECLARED), tickets=GOOD, ticket_events=log)

    fact = section.fact("data_quality.contradictions")
    assert (fact.value, fact.n) == (2, 5)
    late = section.fact("data_quality.out_of_order")
    assert (late.value, late.n) == (1, 5)
    assert table(section, "contradictions").rows == (
        (4, "T1", "2026-01-05T10:00:00+00:00", "status", "Open", "Waiting"),
        (6, "T1", "2026-01-05T11:00:00+00:00", "assignee", "…", "…"),
    )


def test_the_log_is_looked_at_up_to_the_date_of_the_review_and_files_as_a_whole(
    chapter: Chapter,
) -> None:
    """On 1 February neither the contradiction of 5 February is there nor the event out of order."""
    log = desk.events(
        """
        T1 2026-01-05T09:00 status - New
        T1 2026-02-05T10:00 status Open Waiting
        T1 2026-02-04T11:00 group N1 N2
        T9 2026-02-05T10:00 status - New
        """
    )
    section = chapter(desk.agreed(data=DECLARED), "2026-02-01", tickets=GOOD, ticket_events=log)

    assert (
        section.fact("data_quality.contradictions").n,
        names(section).count("contradictions"),
    ) == (
        1,
        0,
    )
    late = section.fact("data_quality.out_of_order")
    assert (late.value, late.n) == (0, 1)
    aside = section.fact("data_quality.set_aside")
    assert (aside.value, aside.n) == (1, 7)
    assert aside.source == "all tables of the folder, whatever the date of the review"


def test_a_log_in_order_has_no_table_of_contradictions(
    chapter: Chapter,
) -> None:
    log = desk.events("T1 2026-01-05T09:00 status - New")
    section = chapter(desk.agreed(data=DECLARED), tickets=GOOD, ticket_events=log)

    assert section.fact("data_quality.contradictions").value == 0
    assert "contradictions" not in names(section)


def test_without_a_log_nothing_is_said_of_its_order(chapter: Chapter) -> None:
    section = chapter(desk.agreed(data=DECLARED), tickets=GOOD)

    assert not [fact.id for fact in section.facts if "order" in fact.id or "contrad" in fact.id]


def test_a_row_set_aside_keeps_the_languages_of_its_texts(tmp_path: Path) -> None:
    milestones = pd.DataFrame(
        [["M1", "Bascule", "Switch-over", "never"], ["M2", "Fin", "End", "2026-01-05"]],
        columns=["milestone_id", "title", "title_en", "contract_date"],
    )
    agreement = desk.agreed(data=DECLARED, language="fr")
    review = desk.review(tmp_path, agreement, {"milestones": milestones})

    for language, title in (("fr", "Bascule"), ("en", "Switch-over")):
        (row,) = table(chapter_of(data_quality, review, language=language), "set_aside").rows
        assert title in str(row[4])


def test_statuses_that_the_contract_does_not_define_are_listed_with_their_rows(
    chapter: Chapter,
) -> None:
    """Two tickets are Annulé, and one event made T1 Nouveau; Open is defined."""
    rows = GOOD.assign(status=["Annulé", "Annulé", "Open"])
    log = desk.events("T1 2026-01-05T09:00 status - Nouveau\nT1 2026-01-05T10:00 status - Open")
    section = chapter(desk.agreed(desk.RESOLUTION, data=DECLARED), tickets=rows, ticket_events=log)

    assert [tuple(row) for row in table(section, "statuses").rows] == [
        ("ticket_events", "Nouveau", 1), ("tickets", "Annulé", 2),
    ]  # fmt: skip
    assert section.fact("data_quality.set_aside").value == 0
