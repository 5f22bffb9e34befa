"""The chapter on volumes, from a folder to its section; the desk is ``tests/desk.py``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.pages.wording import Wording
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from reviewlib.service.volumes.chapter import volumes
from tests import desk
from tests.desk import ticket, tickets
from tests.sample import sample_of
from tests.spoken import caveats, html
from tests.spoken import chapter as chapter_of

Chapter = Callable[..., Section]
SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"
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
        review = desk.review(tmp_path, agreement, {"tickets": rows}, as_of=as_of, language=language)
        return chapter_of(volumes, review)

    return _chapter


def sentences(section: Section) -> dict[str, str]:
    return {finding.id: finding.sentence for finding in section.findings}


def test_the_sensitive_period_stands_beside_the_other_days(chapter: Chapter) -> None:
    """Two tickets over 5 working days; outside, four over the 16 others of January."""
    section = chapter()
    inside, outside = section.fact("volumes.sensitive.1"), section.fact("volumes.outside")

    assert (inside.value, inside.n) == (0.4, 2)
    assert (outside.value, outside.n) == (0.25, 4)
    assert inside.note == (
        "2 of 2 tickets on 5 working days (days with service hours: Office hours); 7 calendar "
        "days, 0.3 each, on all days"
    )
    assert inside.period == "5 Jan 2026 – 11 Jan 2026"
    assert sentences(section)["volumes.sensitive.1"] == (
        "Sensitive period “Sales”: 2 tickets over 5 working days, 0.4 per working day; on other "
        "days: 0. Outside sensitive periods: 4 tickets over 16 working days, 0.3 per working day; "
        "on other days: 0."
    )


def test_tickets_of_days_that_are_not_worked_are_in_no_rate_per_working_day(
    chapter: Chapter,
) -> None:
    """T1 and T2 on working days, T8 on Saturday the 10th: 2 over 5 days; 3 over 7 on all days."""
    saturday = tickets(ticket("T8", "2026-01-10T09:00"))
    section = chapter(pd.concat([ROWS, saturday]))
    inside = section.fact("volumes.sensitive.1")

    assert (inside.value, inside.n) == (0.4, 2)
    assert inside.note.startswith("2 of 3 tickets on 5 working days")
    assert inside.note.endswith("7 calendar days, 0.4 each, on all days")
    assert "per working day; on other days: 1. Outside" in sentences(section)["volumes.sensitive.1"]


def test_a_small_rate_is_not_printed_as_zero(chapter: Chapter) -> None:
    """One ticket, on the 12th, over the 16 working days outside: 0.0625."""
    section = chapter(ROWS[2:3], sensitive_periods=STATED["sensitive_periods"])
    outside, w = section.fact("volumes.outside"), Wording("en")

    assert outside.value == 0.0625
    assert "1 ticket over 16 working days, 0.1 per" in sentences(section)["volumes.sensitive.1"]
    assert [w.shown(rate, outside.unit) for rate in (0.0388, 0.00971, 0.0, 22.39, None)] == [
        "0.04", "0.01", "0", "22.4", "—",
    ]  # fmt: skip


def test_days_of_two_sensitive_periods_are_said(chapter: Chapter) -> None:
    later = {"first": "2026-01-10", "last": "2026-01-20", "title": "Move"}
    notes = caveats(chapter(sensitive_periods=[*STATED["sensitive_periods"], later]))

    assert notes["volumes.overlapping"] == (
        "2 days are of more than one sensitive period: they count in each."
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


def test_each_contract_month_that_ended_is_judged_and_the_year_that_runs_is_not(
    chapter: Chapter,
) -> None:
    """January: 2 tickets of the network for 1 a month; 2 of support for 12 a year, of 31 days.

    12 in proportion to 31 of 365 days are 1.02: 2 tickets are over that and not beyond the 12.
    """
    section = chapter()
    support, network = (section.fact(f"volumes.scope.{place}.beyond") for place in (1, 2))

    assert (support.value, support.n, support.clause) == (None, 0, "3.1")
    assert support.note == "none has ended yet; volume included in each: 12"
    assert (network.value, network.n) == (1, 1)
    assert network.label == (
        "Network: whole contract months in which more tickets were opened than the volume included"
    )
    assert section.headline == "1 item of the scope went beyond its included volume."
    assert sentences(section)["volumes.scope.1"] == (
        "“Support”: from 1 Jan 2026 to 31 Jan 2026, part of a contract year, 2 tickets of the 12 "
        "included in a whole one, 1 in proportion to its days."
    )
    assert sentences(section)["volumes.scope.2"] == (
        "“Network”: whole contract months in which more tickets were opened than the 1 "
        "included: 1 of 1; "
        "the most, 2, from 1 Jan 2026 to 31 Jan 2026."
    )
    within, over = section.finding("volumes.scope.1"), section.finding("volumes.scope.2")
    assert within is not None
    assert over is not None
    assert (within.kind, within.decision) == (Kind.NEUTRAL, "")
    assert over.kind is Kind.CONCERN
    assert over.decision.startswith("“Network”: settle")


def test_a_running_month_over_the_whole_volume_is_beyond_already(chapter: Chapter) -> None:
    """Two tickets of the network by 13 January, of 1 a month."""
    section = chapter(as_of="2026-01-13").finding("volumes.scope.2")

    assert section is not None
    assert section.kind is Kind.CONCERN
    assert section.sentence == (
        "“Network”: from 1 Jan 2026 to 13 Jan 2026, part of a contract month, 2 tickets, more than "
        "the 1 included in a whole one."
    )


def test_a_volume_of_nothing_is_compared(chapter: Chapter) -> None:
    nothing = {"title": "Network", "services": ["network"], "volume": 0, "per": "month"}
    section = chapter(scope=[nothing])

    assert section.fact("volumes.scope.1.beyond").value == 1
    assert (
        "more tickets were opened than the 0 included: 1 of 1"
        in sentences(section)["volumes.scope.1"]
    )


def test_an_item_within_its_volume_needs_no_decision(chapter: Chapter) -> None:
    within = {"title": "Support", "services": ["support"], "volume": 100, "per": "month"}
    section = chapter(scope=[within])
    item = section.finding("volumes.scope.1")

    assert item is not None
    assert (item.kind, item.decision) == (Kind.NEUTRAL, "")
    assert item.sentence == (
        "“Support”: whole contract months in which more tickets were opened than the 100 "
        "included: 0 of 1."
    )
    assert section.headline == "6 tickets opened from 1 Jan 2026 to 31 Jan 2026."


def test_an_item_that_can_not_be_compared_says_why(chapter: Chapter) -> None:
    section = chapter()
    notes = {place: section.fact(f"volumes.scope.{place}.beyond").note for place in (3, 4)}
    bare = chapter(scope=[{"title": "Support", "services": ["support"]}])

    assert notes == {
        3: "the contract does not express its volume in tickets",
        4: "the contract does not say which tickets it counts",
    }
    assert bare.fact("volumes.scope.1.beyond").note.endswith("volume of tickets for it (volume)")
    assert chapter(scope=[]).fact("volumes.scope").note.endswith("included or excluded (scope)")


def test_without_the_column_that_an_item_counts_by_nothing_is_said_of_its_volume(
    chapter: Chapter,
) -> None:
    section = chapter(ROWS.drop(columns=["service", "category"]))
    ids = ("scope.1.beyond", "scope.2.beyond", "excluded", "no_item")
    facts = [section.fact(f"volumes.{name}") for name in ids]

    assert [fact.value for fact in facts] == [None] * 4
    assert {fact.note for fact in facts} == {
        "no ticket has the service, kind or category by which it counts (tickets.csv)"
    }
    assert set(sentences(section)) == {"volumes.sensitive.1"}
    assert [row[3] for row in section.tables[0].rows] == [None] * 6


def test_requests_that_the_contract_excludes_are_named(chapter: Chapter) -> None:
    """T5 is of the support and of an excluded category: the exclusion comes first."""
    section = chapter()
    excluded = section.finding("volumes.excluded.5")

    assert excluded is not None
    assert excluded.sentence == "Excluded by the contract, “Phones”: 1 ticket of 6 opened (16.7%)."
    assert (excluded.evidence, excluded.clause) == (("T5",), "3.5")
    assert (section.fact("volumes.excluded").value, section.fact("volumes.excluded").n) == (1, 6)
    assert section.fact("volumes.no_item").value == 1
    assert chapter(scope=SCOPE[:1]).fact("volumes.excluded").value is None


def test_the_table_of_the_scope_makes_up_all_the_tickets(chapter: Chapter) -> None:
    """No ticket has a kind, by which the devices count."""
    table, terms = chapter().tables

    assert [row[3] for row in table.rows] == [2, 2, None, None, 1, None]
    assert [row[4] for row in table.rows] == [1, 0, None, None, 0, None]
    assert table.note.endswith("With the 1 of no item, all make up 6.")
    assert terms.rows == (
        ("Support", "2026-01-01", "2026-01-31", 2, 12, pytest.approx(12 * 31 / 365), False),
        ("Network", "2026-01-01", "2026-01-31", 2, 1, 1, True),
    )


def test_what_is_left_out_or_not_told_is_said(chapter: Chapter) -> None:
    notes = caveats(chapter())

    assert notes["volumes.outside_period"].startswith("1 ticket was opened outside the contract's")
    assert notes["volumes.untold"].startswith("1 ticket of no item lacks a service, kind")
    assert notes["volumes.unused"] == "The scope counts by words that no ticket has: alert."
    assert caveats(chapter(ROWS[:2], scope=SCOPE[:1])) == {}


def test_causes_are_drawn_with_what_they_make_up(chapter: Chapter) -> None:
    """Mail 2, Lines 2, Phones 1: 2/5, 4/5, which is 80 %, 1. T6 has no category."""
    section = chapter()
    (figure,) = section.figures

    assert [row[:2] for row in figure.table.rows] == [
        ("Lines · Network", 2),
        ("Mail · User support", 2),
        ("Phones · User support", 1),
    ]
    assert figure.description == (
        "3 causes: categories, by service. The most frequent is “Lines · Network”: 40.0% of 5 "
        "tickets with a category. Causes that make up 80.0% of them: 2."
    )
    assert (section.fact("volumes.causes").value, section.fact("volumes.causes").n) == (2, 3)
    assert caveats(section)["volumes.without_category"] == (
        "1 ticket has no category: it is in none of the causes."
    )
    assert "<svg" in html(section)


def test_beyond_fifteen_causes_the_others_are_one_row(chapter: Chapter) -> None:
    many = [
        ticket(f"T{n}", "2026-01-05T09:00", service="support", category=f"C{n % 18:02}")
        for n in range(36)
    ]
    (figure,) = chapter(tickets(*many)).figures

    assert len(figure.table.rows) == 16
    assert figure.table.rows[-1] == ("3 other causes", 6, pytest.approx(6 / 36), 1.0)


def test_without_categories_there_are_no_causes(chapter: Chapter) -> None:
    section = chapter(ROWS.drop(columns="category"), scope=[])

    assert section.figures == ()
    assert section.fact("volumes.causes").note == "no ticket has a category (tickets.csv, category)"


def test_without_tickets_in_the_period_the_chapter_is_not_assessed(
    chapter: Chapter, tmp_path: Path
) -> None:
    bare = desk.review(tmp_path, desk.agreed(desk.RESOLUTION), {})

    assert "no usable row of tickets.csv" in chapter_of(volumes, bare).because
    assert chapter(ROWS[6:]).because == "no ticket was opened in the contract's period"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_section_is_json_and_html(
    chapter: Chapter, language: str
) -> None:
    section = chapter(language=language)
    for part in (section.facts, section.findings, section.tables, section.caveats):
        ids = [value.id for value in part]
        assert len(ids) == len(set(ids))

    assert json.loads(json.dumps(encoded(section)))["slug"] == "volumes"
    assert section.title in html(section)


def test_the_shipped_engagement_has_its_peak_season_and_its_requests_out_of_scope() -> None:
    """694 tickets from 18 November to 31 December 2024, 668 of them on its 31 working days: 32
    from Monday to Friday less 25 December.

    4,840 tickets of support: 3,241 in 2024, of 3,600 a year, and 1,599 in 2025, of which 181 days
    of 365 are 1,785. 109 tickets have the excluded category.
    """
    section = chapter_of(volumes, sample_of(language="en"))
    peak, support = section.fact("volumes.sensitive.1"), section.fact("volumes.scope.1.beyond")

    assert (peak.n, peak.value) == (668, 668 / 31)
    assert peak.note.startswith("668 of 694 tickets on 31 working days")
    assert (support.value, support.n) == (0, 1)
    assert [(row[3], row[6]) for row in section.tables[1].rows] == [(3241, False), (1599, False)]
    assert "1,785 in proportion to its days" in sentences(section)["volumes.scope.1"]
    assert (section.fact("volumes.excluded").value, section.fact("volumes.no_item").value) == (
        109,
        0,
    )
    assert [*caveats(section)] == [
        "volumes.set_aside.tickets",
        "volumes.set_aside.ticket_events",
    ]
