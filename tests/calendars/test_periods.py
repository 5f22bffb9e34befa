"""Periods by their names: what is before, what is a year before, and what is none."""

from __future__ import annotations

import datetime as dt

import pytest

from reviewlib.calendars.periods import ReviewPeriod, period_named, periods
from reviewlib.faults import ReviewError

Q1 = ReviewPeriod(dt.date(2026, 1, 1), dt.date(2026, 3, 31))


@pytest.mark.parametrize("text", ["2026Q1", "2026q1", "2026-Q1", "2026T1", " 2026Q1 "])
def test_a_quarter_is_read_in_english_and_in_french(text: str) -> None:
    assert period_named(text) == Q1


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        ("2024-02", "2024-02-01", "2024-02-29", "2024-02"),
        ("2026", "2026-01-01", "2026-12-31", "2026"),
        ("2026H2", "2026-07-01", "2026-12-31", "2026H2"),
        ("2026S1", "2026-01-01", "2026-06-30", "2026H1"),
        ("2026-01-15/2026-02-28", "2026-01-15", "2026-02-28", "2026-01-15_2026-02-28"),
        ("2026-01-01..2026-03-31", "2026-01-01", "2026-03-31", "2026Q1"),
        ("2026-02-01/2026-04-30", "2026-02-01", "2026-04-30", "2026-02-01_2026-04-30"),
        ("2026-03-05/2026-03-05", "2026-03-05", "2026-03-05", "2026-03-05_2026-03-05"),
    ],
)
def test_a_name_gives_both_days_and_the_days_give_the_name(
    text: str, first: str, last: str, name: str
) -> None:
    period = period_named(text)
    assert (period.first.isoformat(), period.last.isoformat(), period.name) == (first, last, name)
    assert period_named(period.name) == period


@pytest.mark.parametrize(
    "text",
    ["", "2026Q5", "2026Q0", "2026H3", "2026-13", "2026-00", "26Q1", "2026-02-30/2026-03-01",
     "2026-03-01/2026-02-01", "last quarter", "0000"],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ReviewError, match="Write a quarter such as 2026Q1"):
        period_named(text)


def test_the_period_before_is_as_long_in_months_or_else_in_days() -> None:
    assert Q1.before == period_named("2025Q4")
    assert period_named("2024-03").before == period_named("2024-02")
    assert period_named("2026").before == period_named("2025")
    span = period_named("2026-01-15/2026-02-28")  # 45 days: 17 of January and 28 of February
    assert span.before == period_named("2025-12-01/2026-01-14")  # 31 of December and 14


def test_a_year_before_a_leap_day_is_the_day_before_it() -> None:
    assert Q1.year_before == period_named("2025Q1")
    assert period_named("2024-02").year_before == period_named("2023-02")
    leap = period_named("2024-02-29/2024-03-10")
    assert leap.year_before == period_named("2023-02-28/2023-03-10")


def test_the_periods_of_a_cadence_are_whole_also_where_the_span_begins_within_one() -> None:
    found = periods("quarter", dt.date(2024, 2, 15), dt.date(2024, 7, 1))
    assert [period.name for period in found] == ["2024Q1", "2024Q2", "2024Q3"]
    months = periods("month", dt.date(2023, 12, 31), dt.date(2024, 1, 1))
    assert [period.name for period in months] == ["2023-12", "2024-01"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("2026Q1", []),
        ("2026-01-15/2026-02-28", ["2026-01-15/2026-01-31"]),
        ("2026-01-15/2026-03-02", ["2026-01-15/2026-01-31", "2026-03-01/2026-03-02"]),
        ("2026-03-05/2026-03-20", ["2026-03-05/2026-03-20"]),
    ],
)
def test_the_months_that_a_period_has_in_part_are_told_by_its_days_in_them(
    name: str, parts: list[str]
) -> None:
    assert [f"{one.first}/{one.last}" for one in period_named(name).cut_months] == parts
