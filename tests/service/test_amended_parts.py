"""What an amendment adds or takes out, a clause, a calendar, stops no chapter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reviewlib.review import Review
from reviewlib.service import results
from tests import desk
from tests.chapters import CHAPTERS, chapter
from tests.desk import RESOLUTION, RESPONSE, events, ticket, tickets

SERVICE = [slug for slug, module in CHAPTERS.items() if module.startswith("reviewlib.service.")]
NIGHTS = {"title": "Nights", "week": {"mon": [["18:00", "24:00"]]}}
TAKEN_OUT = {"clauses": {"R1": None}}
ADDED = {"clauses": {"R3": RESOLUTION | {"calendar": "new"}}, "calendars": {"new": NIGHTS}}
MOVED = {
    "clauses": {"R1": {"calendar": "permanent"}, "R2": {"calendar": "permanent"}},
    "calendars": {"office": None},
}
REPLACED = {
    "clauses": {"R1": None, "R2": {"calendar": "permanent"}, **ADDED["clauses"]},
    "calendars": {"office": None, "new": NIGHTS},
}
CHANGES = {"taken out": TAKEN_OUT, "added": ADDED, "moved": MOVED, "replaced": REPLACED}


def review(folder: Path, changes: dict[str, Any], applies_to: str = "started") -> Review:
    """T1 before and T2 since 3 February, both P1; T1 is still open on that day."""
    amendment = {
        "id": "A1", "title": "Amended", "signed": "2026-01-20", "effective": "2026-02-03",
        "applies_to": applies_to, "changes": changes,
    }  # fmt: skip
    rows = tickets(ticket("T1", "2026-02-02T09:00"), ticket("T2", "2026-02-03T09:00"))
    log = events("""
        T1 2026-02-02T09:30 public_reply - - provider
        T1 2026-02-03T10:00 status New Resolved
        T2 2026-02-03T09:30 public_reply - - provider
        T2 2026-02-03T12:00 status New Resolved
    """)
    contract = desk.agreed(
        RESOLUTION, RESPONSE, amendments=[amendment], data={"extracted_at": "2026-06-01T09:00"}
    )
    return desk.review(folder, contract, {"tickets": rows, "ticket_events": log})


@pytest.mark.parametrize("applies_to", ["started", "open"])
@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_every_chapter_on_the_service_is_written(
    tmp_path: Path, changes: dict[str, Any], applies_to: str
) -> None:
    amended = review(tmp_path, changes, applies_to)

    for slug in SERVICE:
        assert chapter(slug, amended).title


def judged(folder: Path, changes: dict[str, Any], **options: str) -> dict[tuple[str, str], Any]:
    """The verdicts by ticket and clause: their calendar, hours counted and outcome."""
    verdicts = results.verdicts(review(folder, changes, **options))
    return {
        (row.ticket_id, row.clause): (row.calendar, desk.hours(row.elapsed), row.outcome)
        for row in verdicts.itertuples()
    }


def test_a_clause_that_is_taken_out_judges_the_tickets_from_before(tmp_path: Path) -> None:
    """T1, 9 to 18 on Monday and 9 to 10 on Tuesday: 7 + 1 = 8 h of 4. T2 has no resolution."""
    found = judged(tmp_path, TAKEN_OUT)

    assert found["T1", "R1"] == ("office", 8, "breached")
    assert ("T2", "R1") not in found


def test_a_clause_that_is_added_judges_the_tickets_from_then_on(tmp_path: Path) -> None:
    """Open on Monday nights alone: T2, of a Tuesday, ran for no hour of service."""
    found = judged(tmp_path, ADDED)

    assert ("T1", "R3") not in found
    assert found["T2", "R3"] == ("new", 0, "met")


def test_a_calendar_that_is_taken_out_counts_for_the_clocks_that_started_on_it(
    tmp_path: Path,
) -> None:
    """T1 keeps office hours, 8 h; T2, from 9 to 12, is around the clock, 3 h."""
    found = judged(tmp_path, MOVED)

    assert found["T1", "R1"] == ("office", 8, "breached")
    assert found["T2", "R1"] == ("permanent", 3, "met")


def test_an_open_ticket_may_take_over_a_calendar_that_is_new(tmp_path: Path) -> None:
    """T1, open on 3 February, is judged around the clock: 25 h of 4."""
    assert judged(tmp_path, MOVED, applies_to="open")["T1", "R1"] == ("permanent", 25, "breached")
