"""The chapter on volumes, events and dates ahead: a small desk, and the shipped engagement."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.report.values import Kind, Section
from reviewlib.review import open_period
from reviewlib.service.evolution.chapter import evolution
from tests import desk
from tests.delivered import dated
from tests.sample import SAMPLE, sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html, table

Write = Callable[..., Section]
TEN = [f"2026-{month:02d}-{day:02d}T09:00" for month in range(1, 7) for day in range(1, 11)]
LATER = [f"2026-07-{day:02d}T09:00" for day in range(1, 26)]
EVENT = {
    "event_id": "E1", "title": "Second site", "kind": "site", "starts_on": "2026-07-01",
    "announced_on": "2026-06-01", "site": "strasbourg",
}  # fmt: skip
SCOPE = [{"title": "Support", "services": ["support"], "volume": 140, "clause": "3.1"}]


@pytest.fixture
def chapter(tmp_path: Path) -> Write:
    def _chapter(*events: dict[str, Any], as_of: str = "2026-07-31", **parts: Any) -> Section:
        """Ten tickets a month in Paris until June; in July one a day until the 25th elsewhere."""
        sites = ["paris"] * len(TEN) + ["strasbourg"] * len(LATER)
        rows = pd.DataFrame({"opened_at": TEN + LATER, "site": sites}).assign(
            ticket_id=lambda own: "T" + own.index.astype("str"),
            service="support", priority="P1", status="New",
        )  # fmt: skip
        tables = {"tickets": rows} | ({"client_events": dated(*events)} if events else {})
        tables |= parts.pop("tables", {})
        agreement = desk.agreed(desk.RESOLUTION, **({"scope": SCOPE} | parts))
        return chapter_of(evolution, desk.review(tmp_path, agreement, tables, as_of=as_of))

    return _chapter


def test_what_a_site_that_opens_adds_stands_beside_the_change_of_the_whole_without_a_test(
    chapter: Write,
) -> None:
    """Four weeks from 1 July on: 25 tickets, none there before; from 3 to 30 June: 8 elsewhere."""
    section = chapter(EVENT)
    (found,) = section.findings

    assert section.headline == (
        "“Second site” (E1): 25 tickets opened there in 4 weeks, none before; of all: 17 more "
        "tickets."
    )
    assert found.kind is Kind.NEUTRAL
    assert found.sentence == (
        "E1 “Second site”: Strasbourg opened 25 tickets in the 4 weeks from 1 Jul 2026 on, none "
        "before. Of all tickets: 17 more tickets, 25 against 8. It was announced 30 days before "
        "it began, on 1 Jun 2026."
    )
    assert found.decision == (
        "E1 “Second site”: settle whether the included volumes cover the site, and what it adds to "
        "them."
    )
    assert table(section, "events").rows[0][14] == "not compared: no ticket of the site before"


def test_the_change_of_the_whole_stands_beside_that_of_what_the_event_concerns(
    chapter: Write,
) -> None:
    """Elsewhere than a site that opens, none before and 25 after are beyond chance."""
    section = chapter(EVENT | {"kind": "hires"})

    assert section.headline == (
        "“Second site” (E1), 4 weeks: 25 more tickets of what it concerns; of all: 17 more tickets."
    )
    assert section.findings[0].sentence.startswith(
        "E1 “Second site”, from 1 Jul 2026 on, coincides with 25 more tickets of what it concerns "
        "(Strasbourg): 25 in 4 weeks, against 0 in as many before."
    )


def test_an_event_is_compared_from_the_day_on_which_its_change_was_applied_before_it(
    chapter: Write,
) -> None:
    """From 15 July on, 11 tickets, 15 to 25; from 1 July, when C1 was applied, 25 in four weeks."""
    changes = dated(
        {"change_id": "C1", "title": "Site", "requested_on": "2026-06-02",
         "applied_on": "2026-07-01"}
    )  # fmt: skip
    late = EVENT | {"starts_on": "2026-07-15", "change_id": "C1"}
    section = chapter(late, tables={"changes": changes})
    row = table(section, "events").rows[0]

    assert (row[3][:10], row[8][:10], row[9]) == ("2026-07-15", "2026-07-01", 4)
    assert row[12:14] == (0, 25)
    assert "compared from that day, on which C1 was applied, not from 15 Jul 2026." in (
        section.findings[0].sentence
    )


def test_events_announced_before_they_began_are_told_apart_by_their_document(
    chapter: Write,
) -> None:
    other = EVENT | {"event_id": "E2", "evidence": "Mail"}

    assert chapter(EVENT, other).fact("evolution.announced").note == "1 with a document"
    assert chapter(other).fact("evolution.announced").note == ""


def test_an_event_whose_change_was_requested_asks_for_no_decision_and_has_a_cost(
    chapter: Write,
) -> None:
    changes = dated(
        {"change_id": "C1", "title": "Site", "requested_on": "2026-06-02",
         "decided_on": "2026-06-20", "decision": "approved", "cost_impact": 1200}
    )  # fmt: skip
    section = chapter(EVENT | {"change_id": "C1"}, tables={"changes": changes})

    assert [finding.decision for finding in section.findings] == [""]
    assert (section.fact("evolution.cost").value, section.fact("evolution.cost").n) == (1200, 1)


def test_announcements_are_counted_of_the_events_that_have_begun(chapter: Write) -> None:
    late = EVENT | {"event_id": "E2", "starts_on": "2026-07-15", "announced_on": "2026-07-20"}
    never = EVENT | {"event_id": "E3", "starts_on": "2026-07-20", "announced_on": None}
    ahead = EVENT | {"event_id": "E4", "starts_on": "2026-09-01", "announced_on": "2026-07-01"}
    section = chapter(EVENT, late, never, ahead)
    rows = table(section, "events").rows

    assert (section.fact("evolution.announced").value, section.fact("evolution.announced").n) == (
        1, 3,
    )  # fmt: skip
    assert [(row[0], row[4]) for row in rows] == [
        ("E1", "before it began"), ("E2", "once it had begun"),
        ("E3", "no announcement recorded"), ("E4", "before it began"),
    ]  # fmt: skip


def test_without_events_the_headline_is_of_the_drift(chapter: Write) -> None:
    """Ten a month until June: of six months no drift can be told; of five there is none."""
    assert chapter(as_of="2026-06-30").headline == (
        "No drift of the volume can be established over 6 months."
    )
    section = chapter(as_of="2026-05-31")
    assert section.headline == "The volume has too few months for a drift."
    assert section.fact("evolution.drift.all").note == (
        "5 whole months after the ramp-up, too few for a drift"
    )


def test_what_is_expected_of_the_contract_year_stands_beside_what_is_included(
    chapter: Write,
) -> None:
    """60 tickets over the worked days of January to June, at that pace to December: some 120."""
    fact = chapter(as_of="2026-06-30").fact("evolution.crossing.item.1")

    assert 118 <= fact.value <= 124
    assert fact.interval is not None
    assert fact.interval.low < fact.value < fact.interval.high
    assert fact.note == "60 so far · not expected to be exceeded"


def test_months_are_held_to_the_band_of_tickets_that_is_agreed(chapter: Write) -> None:
    """Ten a month until June, 25 in July."""
    (item,) = SCOPE
    section = chapter(as_of="2026-07-31", scope=[item | {"band": [10, 24]}])
    fact = section.fact("evolution.band.item.1")

    assert (fact.value, fact.n, fact.note) == (6, 7, "above: 1; below: 0")
    assert fact.label == "Support: months within the band agreed for tickets (10 to 24)"
    assert [one.id for one in chapter().facts if "band" in one.id] == []


@pytest.mark.parametrize(
    ("item", "because"),
    [
        ({}, "the contract names no service, kind or category by which to count its tickets"),
        (
            {"categories": ["Mail"]},
            "tickets do not state what the contract counts this item by (services, kinds, "
            "categories)",
        ),
    ],
)
def test_a_band_of_an_item_that_no_ticket_can_be_counted_for_is_not_assessed(
    chapter: Write, item: dict[str, Any], because: str
) -> None:
    fact = chapter(scope=[{"title": "Mail", "band": [10, 24]} | item]).fact("evolution.band.item.1")

    assert (fact.value, fact.note) == (None, because)


def test_a_key_date_to_act_on_within_thirty_days_is_decided_by_its_last_day(
    chapter: Write,
) -> None:
    dates = [
        {"kind": "option", "title": "Extension", "date": "2026-11-15", "notice": "3 months"},
        {"kind": "revision", "title": "Prices", "date": "2026-03-01"},
    ]
    section = chapter(key_dates=dates)
    finding = section.finding("evolution.dates.soon")

    assert section.fact("evolution.dates").note == (
        "first “Extension” of 15 Nov 2026, last day to act 15 Aug 2026"
    )
    assert finding.sentence == (
        "Last day to act within 30 days: “Extension” of 15 Nov 2026, by 15 Aug 2026."
    )
    assert finding.decide_by == "2026-08-15"
    assert [row[6] for row in table(section, "dates").rows] == ["passed", "within 30 days"]


def test_hostile_titles_come_out_as_text(chapter: Write) -> None:
    section = chapter(EVENT | {"title": "<script>{n}</script>", "category": "=1+1"})

    assert "<script>" not in html(section)
    assert "&lt;script&gt;{n}" in html(section)


# The shipped engagement


def opened() -> list[tuple[dt.date, str, str]]:
    """Return the day, site and service of the tickets that can be used, of the CSV alone."""
    rows: dict[str, tuple[dt.date, str, str]] = {}
    with (SAMPLE / "tickets.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            at = dt.datetime.strptime(row["opened_at"], "%d/%m/%Y %H:%M:%S").date()
            aside = row["ticket_id"] in ("INC19001", "INC19002", "INC19003")
            if not aside:
                rows.setdefault(row["ticket_id"], (at, row["site"], row["service"]))
    return list(rows.values())


@pytest.mark.parametrize(
    ("name", "start", "weeks", "own"),
    [
        ("EV1", dt.date(2024, 10, 7), 26, lambda row: row[1] == "annecy"),
        ("EV2", dt.date(2024, 11, 18), 6, None),
        ("EV3", dt.date(2024, 10, 21), 26, lambda row: row[2] == "supervision"),
    ],
)
def test_the_events_of_the_sample_stand_beside_its_tickets(
    name: str, start: dt.date, weeks: int, own: Callable[[Any], bool] | None
) -> None:
    """EV3 begins on 2 December; its CR06 was applied on 21 October."""
    span, rows = dt.timedelta(weeks=weeks), opened()
    before = [row for row in rows if start - span <= row[0] < start]
    after = [row for row in rows if start <= row[0] < start + span]
    section = chapter_of(evolution, sample_of(), language="en")
    shown = next(row for row in table(section, "events").rows if row[0] == name)
    counted = [None, None] if own is None else [sum(map(own, part)) for part in (before, after)]

    assert shown[8:14] == (f"{start}T00:00:00", weeks, len(before), len(after), *counted)


def test_the_site_that_opened_is_the_story_of_the_sample_and_the_devices_are_within_chance() -> (
    None
):
    section = chapter_of(evolution, sample_of(), language="en")

    assert [finding.id for finding in section.findings] == ["evolution.event.EV1"]
    assert [row[14] for row in table(section, "events").rows] == [
        "not compared: no ticket of the site before", "beyond chance", "within chance",
    ]  # fmt: skip
    assert section.headline == (
        "“Annecy site opened” (EV1): 221 tickets opened there in 26 weeks, none before; of all: "
        "531 more tickets."
    )
    (found,) = section.findings
    assert "“Year-end peak sales season” falls in these weeks" in found.sentence
    assert found.decision.startswith("For the next contract: state included volumes by site")
    assert [row[5][:10] for row in table(section, "dates").rows] == ["2024-11-01", "2025-03-30"]


def test_a_quarter_names_its_own_events() -> None:
    section = chapter_of(evolution, open_period(SAMPLE, "2024Q4"), language="en")

    assert section.headline == (
        "3 events on the client’s side began in the period, first “Annecy site opened” (EV1)."
    )
    assert section.fact("evolution.dates").value == 1
