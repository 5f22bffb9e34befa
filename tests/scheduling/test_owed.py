"""Which reviews are owed by when, and which wait for data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from reviewlib.calendars.periods import period_named
from reviewlib.contract import load_contract
from reviewlib.faults import Faults
from reviewlib.pages.wording import Wording
from reviewlib.scheduling import owed
from tests.scheduling.engagements import EXTRACTED, lay_out

Q1, Q2 = period_named("2024Q1"), period_named("2024Q2")


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def names_ended(folder: Path, now: str, every: str = "quarter") -> list[str]:
    return [one.name for one in owed.ended(load_contract(folder), every, utc(now))]


@pytest.mark.parametrize(
    ("zone", "last_minute", "first_minute"),
    [
        ("Europe/Paris", "2024-03-31T21:59", "2024-03-31T22:00"),  # UTC+2 since that morning
        ("Pacific/Auckland", "2024-03-31T10:59", "2024-03-31T11:00"),  # UTC+13 until 7 April
        ("America/New_York", "2024-04-01T03:59", "2024-04-01T04:00"),  # UTC-4
        ("Asia/Kolkata", "2024-03-31T18:29", "2024-03-31T18:30"),  # UTC+5:30
    ],
)
def test_a_quarter_ends_at_midnight_in_the_time_zone_of_the_contract(
    tmp_path: Path, zone: str, last_minute: str, first_minute: str
) -> None:
    folder = lay_out(tmp_path / "one", zone=zone)

    assert names_ended(folder, last_minute) == []
    assert names_ended(folder, first_minute) == ["2024Q1"]


def test_the_last_quarter_of_a_year_ends_with_the_year_of_the_contract(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "one", "2024-10-01", "2025-09-30")

    assert names_ended(folder, "2024-12-31T22:59") == []
    assert names_ended(folder, "2024-12-31T23:00") == ["2024Q4"]  # midnight in Paris, UTC+1


def test_an_engagement_owes_the_periods_in_which_it_began_and_ended_and_none_around(
    tmp_path: Path,
) -> None:
    folder = lay_out(tmp_path / "one", "2024-02-15", "2024-05-10")
    late = "2026-01-01T00:00"

    assert names_ended(folder, late) == ["2024Q1", "2024Q2"]
    assert names_ended(folder, late, "month") == ["2024-02", "2024-03", "2024-04", "2024-05"]
    assert names_ended(folder, late, "half-year") == ["2024H1"]
    assert names_ended(folder, late, "year") == ["2024"]


def test_the_contract_says_how_often_and_what_is_asked_for_holds_where_it_is_silent(
    tmp_path: Path,
) -> None:
    silent = load_contract(lay_out(tmp_path / "silent"))
    more = "governance: {reviews: {every: month}}\n"
    stated = load_contract(lay_out(tmp_path / "stated", more=more))

    assert [owed.cadence(silent), owed.cadence(silent, "year")] == ["quarter", "year"]
    assert [owed.cadence(stated), owed.cadence(stated, "year")] == ["month", "month"]


@pytest.mark.parametrize(
    ("within", "last", "day"),
    [
        ("10 calendar days", "2024-06-30", dt.date(2024, 4, 10)),
        ("10 working days", "2024-06-30", dt.date(2024, 4, 12)),  # from Monday, 1 April, on
        ("1 months", "2024-02-15", dt.date(2024, 3, 15)),  # the engagement ended within it
    ],
)
def test_a_review_is_due_so_long_after_the_end_of_its_period(
    tmp_path: Path, within: str, last: str, day: dt.date
) -> None:
    more = f'governance: {{reviews: {{within: "{within}"}}}}\n'
    contract = load_contract(lay_out(tmp_path / "one", last=last, more=more))

    assert owed.due_on(contract, Q1) == day


def test_without_a_delay_in_the_contract_no_day_is_set(tmp_path: Path) -> None:
    assert owed.due_on(load_contract(lay_out(tmp_path / "one")), Q1) is None


def reasons(folder: Path) -> list[str | None]:
    contract = load_contract(folder)
    end = owed.end_of_export(folder, contract)
    whys = [owed.awaited(contract, period, end) for period in (Q1, Q2)]
    return [why and Wording(contract.language).say(why) for why in whys]


def test_a_period_waits_for_an_export_that_reaches_its_last_day(tmp_path: Path) -> None:
    early = "data: {extracted_at: 2024-03-12T18:00}\n"
    on_the_day = "data: {extracted_at: 2024-03-31T08:00}\n"
    ends = "the export ends on {}, before {}"

    assert reasons(lay_out(tmp_path / "a", more=early, ticket="2024-03-10")) == [
        ends.format("12 Mar 2024", "31 Mar 2024"),
        ends.format("12 Mar 2024", "30 Jun 2024"),
    ]
    assert reasons(lay_out(tmp_path / "b", more=on_the_day, ticket="2024-03-24"))[0] is None
    assert reasons(lay_out(tmp_path / "c", more=EXTRACTED)) == [None, None]


def test_the_day_of_an_extraction_is_that_of_the_contract_time_zone(tmp_path: Path) -> None:
    """22:30 UTC on 30 March is 31 March, 11:30 in Auckland."""
    more = "data: {extracted_at: 2024-03-30T22:30+00:00}\n"
    folder = lay_out(tmp_path / "one", zone="Pacific/Auckland", more=more, ticket="2024-03-24")

    assert reasons(folder)[0] is None


def test_without_a_declared_extraction_the_last_event_of_the_log_tells(tmp_path: Path) -> None:
    first, second = reasons(lay_out(tmp_path / "one", more="", ticket="2024-04-03"))

    assert first is None
    assert second == (
        "the last event of the log is of 3 Apr 2024, before 30 Jun 2024. If the export is "
        "later, declare data.extracted_at"
    )


def test_an_engagement_that_ended_within_the_period_needs_data_up_to_its_own_end(
    tmp_path: Path,
) -> None:
    more = "data: {extracted_at: 2024-05-11T08:00}\n"
    folder = lay_out(tmp_path / "one", last="2024-05-10", more=more, ticket="2024-05-03")

    assert reasons(folder) == [None, None]


def test_a_folder_without_log_and_extraction_waits_until_one_is_declared(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "one", more="")
    (folder / "tickets.csv").unlink()

    assert reasons(folder)[0] == (
        "the data do not tell how far they reach: declare data.extracted_at"
    )


def test_another_cadence_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "one", more="governance: {reviews: {every: weekly}}\n")

    with pytest.raises(Faults) as refused:
        load_contract(folder)
    assert "engagement.yml, row 9" in str(refused.value)
    assert "month, quarter, half-year or year" in str(refused.value).replace(", year", " or year")


def test_the_end_of_an_export_is_an_instant(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "one")

    end = owed.end_of_export(folder, load_contract(folder))
    assert end == pd.Timestamp("2024-12-31T17:00", tz="UTC")
