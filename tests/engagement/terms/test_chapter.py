"""The chapter that prints every policy: stated, or by default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from reviewlib.engagement.terms.chapter import terms
from reviewlib.report.values import Section, Table
from tests import desk
from tests.desk import RESOLUTION, RESPONSE, agreed
from tests.spoken import chapter as chapter_of
from tests.spoken import table, unfit

LATER = {"extracted_at": "2026-03-01T09:00"}


def chapter(folder: Path, agreement: dict[str, Any], **tables: pd.DataFrame) -> Section:
    return chapter_of(terms, desk.review(folder, agreement, tables))


def policies(listing: Table, column: int = 1) -> dict[str, str]:
    return {str(row[0]): str(row[column]) for row in listing.rows}


def test_without_a_clause_the_chapter_is_not_assessed(tmp_path: Path) -> None:
    assert "states no target" in chapter(tmp_path, agreed()).because


def test_what_the_contract_leaves_out_is_marked_as_a_default(tmp_path: Path) -> None:
    wordings = policies(table(chapter(tmp_path, agreed(RESOLUTION, data=LATER)), "resolution"))

    assert wordings == {
        "Covers": "all tickets",
        "Targets": "P1 4 h · P2 8 h · P3 2 working days",
        "Threshold": "P1 95% · P2 95% · P3 95%",
        "Assessed": "over the whole contract (by default)",
        "Fewest decided tickets for a verdict": "1 (by default)",
        "Hours": "Mon–Fri 09:00–12:00, 14:00–18:00, public holidays of FR excepted",
        "Clock starts at": "the opening (by default)",
        "Clock stops at": "the last resolution",
        "Paused while": "Waiting",
        "When a ticket is reopened": (
            "the clock resumes, without the time during which the ticket stood resolved "
            "(by default)"
        ),
        "Priority that counts": "the last priority (by default)",
        "When the priority changes": (
            "it applies from the start of the clock, with the pauses so far (by default)"
        ),
        "Left out": (
            "cancelled tickets, tickets merged into another, tickets opened before the contract "
            "began, tickets opened after the contract ended (by default)"
        ),
        "Month of a ticket": "by month due (by default)",
    }


def test_what_the_contract_states_is_printed_as_it_states_it(tmp_path: Path) -> None:
    clause = RESPONSE | {
        "calendar": {"P1": "permanent", "P2": "office", "P3": "office"},
        "services": ["support", "network"],
        "kinds": ["incident"],
        "starts_at": "assigned",
        "priority": "initial",
        "excludes": [],
        "month": "opened",
        "assessed": "month",
        "minimum_volume": 10,
        "targets": {"P1": "30 min", "P2": "2 days of 7 h", "P3": "2 working days, end of day"},
        "variants": [{"sites": ["paris"], "targets": {"P1": "15 min"}, "threshold": "99.9 %"}],
    }
    wordings = policies(table(chapter(tmp_path, agreed(clause, data=LATER)), "response"))

    assert wordings["Covers"] == "services: support, network · kinds: incident"
    assert wordings["Targets"] == "P1 30 min · P2 2 days of 7 h · P3 2 working days, end of day"
    assert wordings["For sites: paris"] == "P1 15 min · P1 99.9% · P2 99.9% · P3 99.9%"
    assert wordings["Hours"] == (
        "P1 24 hours a day, 7 days a week · P2, P3 Mon–Fri 09:00–12:00, 14:00–18:00, public "
        "holidays of FR excepted"
    )
    assert wordings["Clock starts at"].startswith(
        "the first team or person that the ticket is given"
    )
    assert wordings["Clock stops at"] == "the first answer to the caller, automatic ones excepted"
    assert wordings["Assessed"] == "month by month"
    assert wordings["Fewest decided tickets for a verdict"] == "10"
    assert wordings["Priority that counts"] == "the priority given at the opening"
    assert (wordings["Left out"], wordings["Month of a ticket"]) == ("none", "by month of opening")
    assert wordings["Paused while"] == "never (by default)"
    assert not {"When a ticket is reopened", "When the priority changes"} & {*wordings}


def test_each_wording_in_force_has_a_column_and_says_to_which_tickets_it_applies(
    tmp_path: Path,
) -> None:
    change = {
        "id": "A1",
        "title": "Suppliers pause",
        "signed": "2026-01-01",
        "effective": "2026-01-12",
        "changes": {"clauses": {"R1": {"pauses": ["Supplier"]}}},
    }
    agreement = agreed(RESOLUTION, RESPONSE, amendments=[change], data=LATER)
    section = chapter(tmp_path, agreement)
    changed, same = table(section, "resolution"), table(section, "response")

    assert section.headline == ("2 service-level clauses and 1 amendment.")
    assert [c.label for c in changed.columns] == ["Term", "From 1 Jan 2026", "From 12 Jan 2026"]
    assert [policies(changed, place)["Paused while"] for place in (1, 2)] == ["Waiting", "Supplier"]
    assert {*policies(changed, 2).values()} == {"unchanged", "Supplier"}
    assert len(same.columns) == 2
    assert section.caveats[0].sentence == (
        "A1, in force from 12 Jan 2026: for the tickets whose clock first starts from then on."
    )


def test_the_holidays_applied_are_listed_a_site_with_those_of_its_own_only(tmp_path: Path) -> None:
    """January to 1 March 2026 in France: New Year alone; until May, Good Friday in Alsace."""
    days = table(chapter(tmp_path, agreed(RESOLUTION, data=LATER)), "holidays")
    assert days.rows == (("2026-01-01", "New Year's Day", "Office hours"),)

    longer = agreed(RESOLUTION, data={"extracted_at": "2026-04-06T09:00"})
    spring = table(chapter(tmp_path, longer), "holidays")
    assert [row[::2] for row in spring.rows] == [
        ("2026-01-01", "Office hours"),
        ("2026-04-03", "Strasbourg"),
        ("2026-04-06", "Office hours"),
    ]


def test_statuses_are_printed_with_what_they_were_taken_to_mean(tmp_path: Path) -> None:
    listing = table(chapter(tmp_path, agreed(RESOLUTION, data=LATER)), "statuses")

    assert ("Waiting", "waiting", "the client", "2026-01-01") in listing.rows
    assert ("Resolved", "resolved", None, "2026-01-01") in listing.rows


def test_extensions_are_printed_with_what_was_decided(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        [
            {
                "extension_id": "X1",
                "ticket_id": "T1",
                "decided_at": "2026-01-05T10:00",
                "hours": "2",
                "decision": "refused",
                "reason": "<b>none</b>",
            }
        ]
    )
    listing = table(
        chapter(tmp_path, agreed(RESOLUTION, data=LATER), extensions=rows), "extensions"
    )

    assert listing.rows[0][:3] == ("X1", "T1", None)
    assert listing.rows[0][4:] == (2.0, "refused", "<b>none</b>")
    assert next(c for c in listing.columns if c.key == "reason").quoted


def test_a_clause_that_an_amendment_takes_out_is_no_longer_in_force(tmp_path: Path) -> None:
    change = {
        "id": "A1",
        "title": "Out",
        "signed": "2026-01-01",
        "effective": "2026-01-12",
        "changes": {"clauses": {"R1": None}},
    }
    listing = table(
        chapter(tmp_path, agreed(RESOLUTION, amendments=[change], data=LATER)), "resolution"
    )

    assert policies(listing, 2)["Covers"] == "no longer in force"


def test_hours_that_an_amendment_changes_make_a_new_wording_and_count_from_their_day(
    tmp_path: Path,
) -> None:
    calendars = {"office": {"week": {"mon": [["08:00", "20:00"]], "tue": [["08:00", "20:00"]]}}}
    change = {
        "id": "A1",
        "title": "Longer",
        "signed": "2026-01-01",
        "effective": "2026-01-12",
        "changes": {"calendars": calendars},
    }
    section = chapter(tmp_path, agreed(RESOLUTION, amendments=[change], data=LATER))

    assert "Mon–Tue 08:00–20:00" in policies(table(section, "resolution"), 2)["Hours"]
    assert section.caveats[0].sentence.endswith(
        "Service hours that it changes count from that day for every ticket."
    )


def test_an_extension_decided_after_its_ticket_was_done_is_pointed_out(tmp_path: Path) -> None:
    """T1 is resolved at 11; X1 was accepted at 10, X2 at noon."""
    extensions = pd.DataFrame(
        [
            [name, "T1", f"2026-01-05T{hour}:00", "1", "accepted"]
            for name, hour in (("X1", 10), ("X2", 12))
        ],
        columns=["extension_id", "ticket_id", "decided_at", "hours", "decision"],
    )
    rows = desk.tickets(desk.ticket("T1", "2026-01-05T09:00"))
    log = desk.events("T1 2026-01-05T11:00 status New Resolved")
    tables = {"tickets": rows, "ticket_events": log, "extensions": extensions}
    section = chapter(tmp_path, agreed(RESOLUTION, data=LATER), **tables)

    (caveat,) = (c.sentence for c in section.caveats if c.id == "terms.late_extensions")
    assert caveat.startswith(
        "Extensions accepted after the ticket was done count all the same: X2."
    )


def test_a_group_of_callers_that_no_ticket_has_is_pointed_out(tmp_path: Path) -> None:
    variant = {"caller_groups": ["Vips"], "targets": {"P1": "1 h"}}
    clause = RESOLUTION | {"variants": [variant], "kinds": ["incident"]}
    row = desk.ticket("T1", "2026-01-05T09:00", caller_group="VIP", kind="incident")
    section = chapter(tmp_path, agreed(clause, data=LATER), tickets=desk.tickets(row))

    assert [caveat.sentence for caveat in section.caveats] == [
        "“Vips”, named in R1, is on no ticket: check its spelling."
    ]


def test_hours_name_the_closures_by_which_two_calendars_of_one_week_differ(tmp_path: Path) -> None:
    closed = {"first": "2026-08-10", "last": "2026-08-14", "title": "Summer"}
    office = desk.TERMS["calendars"]["office"]
    calendars = desk.TERMS["calendars"] | {"shops": office | {"closures": [closed]}}
    clause = RESOLUTION | {"calendar": {"P1": "office", "P2": "shops", "P3": "office"}}
    wordings = policies(table(chapter(tmp_path, agreed(clause, calendars=calendars)), "resolution"))

    assert wordings["Hours"] == (
        "P1, P3 Mon–Fri 09:00–12:00, 14:00–18:00, public holidays of FR excepted · P2 Mon–Fri "
        "09:00–12:00, 14:00–18:00, public holidays of FR excepted, closed: Summer"
    )


def test_texts_of_the_contract_and_days_off_are_in_the_language_of_the_reader(
    tmp_path: Path,
) -> None:
    title = {"fr": "Bureaux", "en": "Offices"}
    office = desk.TERMS["calendars"]["office"] | {"title": title}
    calendars = desk.TERMS["calendars"] | {"office": office}
    clause = RESOLUTION | {"title": {"fr": "Délai", "en": "Time"}}
    review = desk.review(tmp_path, agreed(clause, calendars=calendars, data=LATER), {})

    for language, caption, day in (
        ("fr", "R1, Délai", ("2026-01-01", "Jour de l'an", "Bureaux")),
        ("en", "R1, Time", ("2026-01-01", "New Year's Day", "Offices")),
    ):
        section = chapter_of(terms, review, language=language)
        assert table(section, "resolution").caption == caption
        assert table(section, "holidays").rows == (day,)
    assert unfit(terms(review)) == set()
