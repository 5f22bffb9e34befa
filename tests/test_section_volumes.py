"""The chapter on volumes, from a folder to its section; the desk is ``tests/desk.py``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.report import Kind, Section
from reviewlib.review import open_review
from reviewlib.sections.volumes import volumes

from . import desk
from .desk import ticket, tickets

Chapter = Callable[..., Section]
SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample"
SCOPE = [
    {"title": "Support", "services": ["support"], "volume": 12, "clause": "3.1"},
    {"title": "Network", "services": ["network"], "volume": 1, "per": "month"},
    {"title": "Devices", "volume": 120, "per": "none", "kinds": ["alert"]},
    {"title": "Visits", "volume": 150},
    {"title": "Phones", "included": False, "categories": ["Phones"], "clause": "3.5"},
    {"title": "Hardware", "included": False},
]
STATED: dict[str, Any] = {
    "period": {"first": "2026-01-01", "last": "2026-01-31"},
    "sensitive_periods": [{"first": "2026-01-05", "last": "2026-01-11", "title": "Sales"}],
    "scope": SCOPE,
    "data": {"extracted_at": "2026-03-31T12:00"},
}
ROWS = tickets(
    ticket("T1", "2026-01-05T09:00", service="support", category="Mail", status="Open"),
    ticket("T2", "2026-01-06T09:00", service="support", category="Mail", status="Cancelled"),
    ticket("T3", "2026-01-12T09:00", service="network", category="Lines", status="Open"),
    ticket("T4", "2026-01-13T09:00", service="network", category="Lines", status="Open"),
    ticket("T5", "2026-01-14T09:00", service="support", category="Phones", status="Open"),
    ticket("T6", "2026-01-15T09:00", service=None, category=None, status="Open"),
    ticket("T7", "2026-02-01T09:00", service="support", category="Mail", status="Open"),
)


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    def _chapter(
        rows: pd.DataFrame = ROWS, as_of: str = "", language: str = "en", **parts: Any
    ) -> Section:
        agreement = desk.agreed(desk.RESOLUTION, **(STATED | parts))
        asked = {"as_of": as_of, "language": language}
        return volumes(desk.review(tmp_path, agreement, {"tickets": rows}, **asked))

    return _chapter


def sentences(section: Section) -> dict[str, str]:
    return {finding.id: finding.sentence for finding in section.findings}


def caveats(section: Section) -> dict[str, str]:
    return {caveat.id: caveat.sentence for caveat in section.caveats}


def test_the_sensitive_period_stands_beside_the_other_days(chapter: Chapter) -> None:
    """Two tickets over 5 working days; outside, four over the 16 others of January."""
    found = chapter()
    inside, outside = found.fact("volumes.sensitive.1"), found.fact("volumes.outside")

    assert (inside.value, inside.n) == (0.4, 2)
    assert (outside.value, outside.n) == (0.25, 4)
    assert inside.note == (
        "5 working days (days with service hours: Office hours); 7 calendar days, 0.3 each"
    )
    assert inside.period == "5 Jan 2026 – 11 Jan 2026"
    assert sentences(found)["volumes.sensitive.1"] == (
        "Sensitive period “Sales”: 2 tickets over 5 working days, 0.4 per working day. Outside "
        "sensitive periods: 4 tickets over 16 working days, 0.3 per working day."
    )


def test_without_sensitive_periods_or_before_them_there_is_no_rate(chapter: Chapter) -> None:
    none = chapter(sensitive_periods=[]).fact("volumes.sensitive")
    later = chapter(sensitive_periods=[{"first": "2026-01-20", "last": "2026-01-21"}],
                    as_of="2026-01-16").fact("volumes.sensitive.1")  # fmt: skip
    whole = chapter(sensitive_periods=[STATED["period"]]).fact("volumes.outside")
    weekend = chapter(sensitive_periods=[{"first": "2026-01-03", "last": "2026-01-04"}])

    assert (none.value, none.note) == (
        None, "the contract file names no sensitive period (sensitive_periods)",
    )  # fmt: skip
    assert (later.value, later.note) == (None, "none of its days has come yet")
    assert (whole.value, whole.note) == (None, "no day is outside them")
    assert weekend.fact("volumes.sensitive.1").note == "no day of it was worked"
    assert weekend.fact("volumes.sensitive.1").n == 0


def test_items_are_compared_with_the_volume_included_so_far(chapter: Chapter) -> None:
    """12 a year are 1.02 in January, of 365 days: 2 of 1.02. One a month: 2 of 1."""
    found = chapter()
    support, network = (found.fact(f"volumes.scope.{place}.used") for place in (1, 2))

    assert support.value == pytest.approx(2 * 365 / 31 / 12)
    assert (support.n, support.clause) == (2, "3.1")
    assert support.note == "tickets: 2, included over the contract years elapsed: 1"
    assert (network.value, network.n) == (2, 2)
    assert found.headline == (
        "6 tickets opened from 1 Jan 2026 to 31 Jan 2026. 2 items of the scope are beyond their "
        "included volume."
    )
    over = found.finding("volumes.scope.2")
    assert over is not None
    assert over.kind is Kind.CONCERN
    assert over.decision.startswith("“Network”: settle")
    assert over.sentence == "“Network”: 2 tickets for 1 included so far (200.0%)."


def test_an_item_within_its_volume_needs_no_decision(chapter: Chapter) -> None:
    found = chapter(scope=[{"title": "Support", "services": ["support"], "volume": 1200}])
    (item,) = [finding for finding in found.findings if finding.id == "volumes.scope.1"]

    assert (item.kind, item.decision) == (Kind.NEUTRAL, "")
    assert found.headline == "6 tickets opened from 1 Jan 2026 to 31 Jan 2026."


def test_an_item_that_can_not_be_compared_says_why(chapter: Chapter) -> None:
    found = chapter()
    notes = {place: found.fact(f"volumes.scope.{place}.used").note for place in (3, 4)}
    bare = chapter(scope=[{"title": "Support", "services": ["support"]}])

    assert notes == {
        3: "its volume is not one of tickets (per)",
        4: "the contract file does not say which tickets it counts (services, kinds, …)",
    }
    assert bare.fact("volumes.scope.1.used").note.endswith("no volume of tickets for it (volume)")
    assert chapter(scope=[]).fact("volumes.scope").note.endswith("included or excluded (scope)")


def test_requests_that_the_contract_excludes_are_named(chapter: Chapter) -> None:
    """T5 is of the support and of an excluded category: the exclusion comes first."""
    found = chapter()
    excluded = found.finding("volumes.excluded.5")

    assert excluded is not None
    assert excluded.sentence == "Excluded by the contract, “Phones”: 1 ticket of 6 opened (16.7%)."
    assert (excluded.evidence, excluded.clause) == (("T5",), "3.5")
    assert (found.fact("volumes.excluded").value, found.fact("volumes.excluded").n) == (1, 6)
    assert found.fact("volumes.no_item").value == 1
    assert chapter(scope=SCOPE[:1]).fact("volumes.excluded").value is None


def test_the_table_of_the_scope_makes_up_all_the_tickets(chapter: Chapter) -> None:
    (table,) = chapter().tables
    counts = [row[3] for row in table.rows]

    assert counts == [2, 2, 0, None, 1, None]
    assert [row[4] for row in table.rows] == [1, 0, 0, None, 0, None]
    assert table.note.endswith("With the 1 of no item, all make up 6.")


def test_what_is_left_out_or_not_told_is_said(chapter: Chapter) -> None:
    found = caveats(chapter())

    assert found["volumes.outside_period"].startswith("1 ticket was opened outside the contract's")
    assert found["volumes.untold"].startswith("1 ticket of no item lacks a service, kind")
    assert found["volumes.unused"] == "The scope counts by words that no ticket has: alert."
    assert caveats(chapter(ROWS[:2], scope=SCOPE[:1])) == {}


def test_causes_are_drawn_with_what_they_make_up(chapter: Chapter) -> None:
    """Mail 2, Lines 2, Phones 1, none 1: 2/6, 4/6, 5/6 which is over 80 %, 1."""
    found = chapter()
    (figure,) = found.figures

    assert [row[:2] for row in figure.table.rows] == [
        ("Lines · Network", 2),
        ("Mail · User support", 2),
        ("Phones · User support", 1),
        ("no category", 1),
    ]
    assert figure.description == (
        "4 causes: categories, by service. The most frequent is “Lines · Network”: 33.3% of 6 "
        "tickets. Causes that make up 83.3% of them: 3."
    )
    assert (found.fact("volumes.causes").value, found.fact("volumes.causes").n) == (3, 4)
    assert figure.svg.startswith("<svg")


def test_beyond_fifteen_causes_the_others_are_one_row(chapter: Chapter) -> None:
    many = [
        ticket(f"T{n}", "2026-01-05T09:00", service="support", category=f"C{n % 18:02}")
        for n in range(36)
    ]
    (figure,) = chapter(tickets(*many)).figures

    assert len(figure.table.rows) == 16
    assert figure.table.rows[-1] == ("3 other causes", 6, pytest.approx(6 / 36), 1.0)


def test_without_categories_there_are_no_causes(chapter: Chapter) -> None:
    found = chapter(ROWS.drop(columns="category"), scope=[])

    assert found.figures == ()
    assert found.fact("volumes.causes").note == "no ticket has a category (tickets.csv, category)"


def test_without_tickets_in_the_period_the_chapter_is_not_assessed(
    chapter: Chapter, tmp_path: Path
) -> None:
    bare = desk.review(tmp_path, desk.agreed(desk.RESOLUTION), {})

    assert "no usable row of tickets.csv" in volumes(bare).because
    assert chapter(ROWS[6:]).because == "no ticket was opened in the contract's period."


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_section_is_json_and_html(
    chapter: Chapter, language: str
) -> None:
    found = chapter(language=language)
    for part in (found.facts, found.findings, found.tables, found.caveats):
        ids = [value.id for value in part]
        assert len(ids) == len(set(ids))

    assert json.loads(json.dumps(found.to_json()))["slug"] == "volumes"
    assert found.title in found.to_html()


def test_the_shipped_engagement_has_its_peak_season_and_its_requests_out_of_scope() -> None:
    """694 tickets from 18 November to 31 December 2024: 32 days of the week less 25 December.

    3,600 tickets a year over 2024 and 181 days of 2025; 109 tickets have the excluded category.
    """
    found = volumes(open_review(SAMPLE, language="en"))
    peak, support = found.fact("volumes.sensitive.1"), found.fact("volumes.scope.1.used")

    assert (peak.n, peak.value) == (694, 694 / 31)
    assert support.value == pytest.approx(4840 / (3600 * (1 + 181 / 365)))
    assert (found.fact("volumes.excluded").value, found.fact("volumes.no_item").value) == (109, 0)
    assert caveats(found) == {}
