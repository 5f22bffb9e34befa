"""Earned value and earned schedule: the vectors of the field, by hand, and what always holds.

BAC 100 000, PV 50 000, EV 40 000, AC 45 000 are worked out in the practice standards; the plan
[0, 10, 25, 45, 70, 90, 100] follows Lipke and Henderson, Earned Schedule (2006).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.money.earned_value import metrics
from reviewlib.money.earned_value.metrics import Plan, earned_schedule, indices
from tests.properties import steady

PLAN = Plan(tuple(range(7)), (0, 10, 25, 45, 70, 90, 100))
# the same examples at every run, none kept on disk
STEADY = steady(50)
TODAY = pd.Timestamp("2026-12-31")


def value(of: Mapping[str, metrics.Index], name: str) -> float:
    return float(of[name])


def table(*rows: tuple[object, ...], project: str | None = None) -> pd.DataFrame:
    """Rows of a date, PV, EV, AC and ETC, as the library types them."""
    names = ["status_date", "planned_value", "earned_value", "actual_cost", "estimate_to_complete"]
    frame = pd.DataFrame([(*row, *[None] * (5 - len(row))) for row in rows], columns=names)
    frame["status_date"] = pd.to_datetime(frame["status_date"]).astype("datetime64[s]")
    frame[names[1:]] = frame[names[1:]].astype("float64")
    return frame if project is None else frame.assign(project=project)


# --- Indices


def test_the_worked_example_of_the_field() -> None:
    results = indices(50_000, 40_000, 45_000, 100_000)

    assert (value(results, "sv"), value(results, "cv")) == (-10_000, -5_000)
    assert results["spi"].value == Fraction(4, 5)
    assert value(results, "cpi") == pytest.approx(0.888889, abs=1e-6)
    assert [value(results, f"eac_{m}") for m in ("cpi", "remaining", "cpi_spi")] == [
        112_500, 105_000, 129_375,
    ]  # fmt: skip
    assert value(results, "vac_cpi") == -12_500
    assert value(results, "tcpi_bac") == pytest.approx(1.090909, abs=1e-6)
    assert value(results, "tcpi_cpi") == pytest.approx(0.888889, abs=1e-6)


def test_the_estimate_from_the_bottom_up_adds_what_is_still_to_be_spent() -> None:
    """45 000 + 62 000 = 107 000: 7 000 over the budget; 60 000 of work for 62 000."""
    results = indices(50_000, 40_000, 45_000, 100_000, 62_000)

    assert (value(results, "eac_bottom_up"), value(results, "vac_bottom_up")) == (107_000, -7_000)
    assert results["tcpi_bottom_up"].value == Fraction(60, 62)


def test_cents_are_exact() -> None:
    """0.1 + 0.2 of a currency is 0.3, which floats do not give."""
    results = indices(None, Decimal("0.30"), Decimal("0.10"), None, Decimal("0.20"))

    assert results["eac_bottom_up"].value == Fraction(3, 10)
    assert results["cv"].value == Fraction(1, 5)


@pytest.mark.parametrize(
    ("stated", "name", "why"),
    [
        ((0, 40, 45, 100), "spi", metrics.ZERO_PV),
        ((0, 40, 45, 100), "eac_cpi_spi", metrics.ZERO_PV),
        ((50, 40, 0, 100), "cpi", metrics.ZERO_AC),
        ((50, 40, 0, 100), "eac_cpi", metrics.ZERO_AC),
        ((50, 0, 45, 100), "eac_cpi", metrics.ZERO_EV),
        ((50, 0, 45, 100), "eac_cpi_spi", metrics.ZERO_EV),
        ((50, 0, 45, 100), "vac_cpi", metrics.ZERO_EV),
        ((50, 40, 100, 100), "tcpi_bac", metrics.SPENT),
        ((50, 40, 120, 100), "tcpi_bac", metrics.SPENT),
        ((100, 100, 90, 100), "tcpi_cpi", metrics.NOTHING_LEFT),
        ((50, 110, 45, 100), "eac_remaining", metrics.OVER_BAC),
        ((50, 110, 45, 100), "tcpi_bac", metrics.OVER_BAC),
        ((None, 40, 45, 100), "sv", metrics.NO_PV),
        ((50, None, 45, 100), "cpi", metrics.NO_EV),
        ((50, 40, None, 100), "cv", metrics.NO_AC),
        ((50, 40, 45, None), "eac_cpi", metrics.NO_BAC),
        ((50, 40, 45, 100), "eac_bottom_up", metrics.NO_ETC),
        ((50, 40, 45, 100), "vac_bottom_up", metrics.NO_ETC),
    ],
)
def test_what_is_undefined_has_its_reason(
    stated: tuple[int | None, ...], name: str, why: str
) -> None:
    index = indices(*stated)[name]

    assert (index.value, index.why) == (None, why)


def test_what_is_earned_above_the_budget_leaves_the_other_indices() -> None:
    results = indices(50, 110, 100, 100)

    assert (value(results, "spi"), value(results, "cpi")) == (2.2, 1.1)


amounts = st.one_of(st.none(), st.integers(0, 10**9), st.decimals(0, 10**6, places=2))


@STEADY
@given(st.tuples(amounts, amounts, amounts, amounts, amounts))
def test_an_index_has_a_value_or_a_reason_and_never_both(
    stated: tuple[Decimal | int | None, ...],
) -> None:
    results = indices(*stated)

    assert all((index.value is None) == bool(index.why) for index in results.values())


positive = st.integers(1, 10**9)


@STEADY
@given(positive, positive, positive, positive)
def test_the_estimates_agree_with_what_they_assume(pv: int, ev: int, ac: int, more: int) -> None:
    """The rest at CPI needs the CPI; at its planned cost it needs 1; VAC is BAC less EAC."""
    bac = ev + more
    results = indices(pv, ev, ac, bac)

    assert results["tcpi_cpi"].value == results["cpi"].value
    assert results["tcpi_remaining"].value == 1
    for method in ("cpi", "remaining", "cpi_spi"):
        assert results[f"vac_{method}"].value == bac - (results[f"eac_{method}"].value or 0)


# --- Earned schedule


def test_the_worked_example_of_the_earned_schedule() -> None:
    """40 earned: after period 2 (25), 15 of the 20 of period 3; at period 4 the SPI is 40 / 70."""
    schedule = earned_schedule(PLAN, 40, 4)

    assert [value(schedule, name) for name in ("es", "sv_t", "spi_t")] == [2.75, -1.25, 0.6875]
    assert value(schedule, "ieac_t") == pytest.approx(8.7273, abs=1e-4)
    assert schedule["tspi"].value == Fraction(325, 200)
    assert value(indices(70, 40, None, 100), "spi") == pytest.approx(0.5714, abs=1e-4)


def test_a_late_finish_ends_at_a_spi_of_1_and_a_spi_in_time_of_three_quarters() -> None:
    schedule = earned_schedule(PLAN, 100, 8)

    assert indices(100, 100, None, 100)["spi"].value == 1
    assert (value(schedule, "es"), value(schedule, "spi_t"), schedule["tspi"].why) == (
        6, 0.75, metrics.PLAN_OVER,
    )  # fmt: skip


def test_of_a_flat_part_of_the_plan_its_last_point_counts() -> None:
    plan = Plan((0, 1, 2, 3, 4), (0, 10, 10, 10, 20))

    assert value(earned_schedule(plan, 10, 3), "es") == 3
    assert value(earned_schedule(plan, 15, 4), "es") == 3.5


def test_the_plan_ends_where_it_first_reaches_its_last_value() -> None:
    plan = Plan((0, 1, 2, 3, 4), (0, 10, 20, 20, 20))
    schedule = earned_schedule(plan, 20, 4)

    assert (value(schedule, "pd"), value(schedule, "es"), value(schedule, "spi_t")) == (2, 2, 0.5)


@pytest.mark.parametrize(
    ("plan", "ev", "at", "name", "why"),
    [
        ((0, 10, 5, 20), 5, 2, "es", metrics.PLAN_FALLS),
        ((0, 10, 20), 25, 2, "spi_t", metrics.OVER_BAC),
        ((0, 0, 0), 0, 2, "es", metrics.NO_PLAN),
        ((0, 10, 20), None, 2, "es", metrics.NO_EV),
        ((0, 10, 20), 5, 0, "spi_t", metrics.AT_START),
        ((0, 10, 20), 0, -1, "sv_t", metrics.BEFORE_START),
        ((0, 10, 20), 0, -1, "tspi", metrics.BEFORE_START),
        ((0, 10, 20), 0, 1, "ieac_t", metrics.ZERO_ES),
        ((0, 10, 20), 5, 2, "tspi", metrics.PLAN_OVER),
    ],
)
def test_what_is_undefined_of_the_schedule_has_its_reason(
    plan: tuple[int, ...], ev: int | None, at: int, name: str, why: str
) -> None:
    index = earned_schedule(Plan(tuple(range(len(plan))), plan), ev, at)[name]

    assert (index.value, index.why) == (None, why)


@STEADY
@given(st.lists(st.integers(0, 50), min_size=2, max_size=12).filter(any), st.data())
def test_what_the_plan_had_at_the_earned_schedule_is_what_is_earned(
    steps: list[int], data: st.DataObject
) -> None:
    values = (0, *accumulate(steps))
    plan = Plan(tuple(range(len(values))), values)
    ev = data.draw(st.integers(0, values[-1]))
    es = earned_schedule(plan, ev, 1)["es"].value
    assert es is not None
    whole = min(int(es), len(values) - 2)
    planned = values[whole] + (es - whole) * (values[whole + 1] - values[whole])

    assert planned == ev
    assert 0 <= es <= plan.duration


# --- Calendars


def days(*texts: str) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(texts).as_unit("s")


def test_month_ends_are_counted_in_months_from_the_month_end_before() -> None:
    calendar = metrics.calendar(days("2024-01-31", "2024-02-29", "2024-03-31"), zero=False)

    assert calendar == metrics.PlanCalendar(
        "months", pd.Timestamp("2023-12-31"), metrics.ONE_BEFORE, ends=True
    )
    assert [calendar.time(day) for day in days("2024-01-31", "2024-02-29", "2024-03-31")] == [
        1,
        2,
        3,
    ]
    assert calendar.day(Fraction(2)) == pd.Timestamp("2024-02-29")
    assert calendar.day(Fraction(5, 2)) == pd.Timestamp("2024-03-16")  # in the 16th of 31 days


def test_one_day_of_each_month_is_counted_in_months_too() -> None:
    calendar = metrics.calendar(days("2024-01-15", "2024-02-15", "2024-04-15"), zero=False)

    assert calendar is not None
    assert (calendar.unit, calendar.start) == ("months", pd.Timestamp("2023-12-15"))
    assert calendar.time(pd.Timestamp("2024-04-15")) == 4


def test_quarter_ends_start_a_quarter_before() -> None:
    calendar = metrics.calendar(days("2024-03-31", "2024-06-30", "2024-09-30"), zero=False)

    assert calendar is not None
    assert (calendar.unit, calendar.start) == ("months", pd.Timestamp("2023-12-31"))


@pytest.mark.parametrize(
    ("dates", "unit", "start"),
    [
        (("2024-01-31", "2024-02-29"), "months", "2023-12-31"),  # two month ends
        (("2024-01-15", "2024-03-15"), "months", "2023-11-15"),  # one day of two months
        (("2024-01-15", "2024-02-14"), "days", "2023-12-16"),  # 30 days apart
        (("2024-01-31", "2024-02-28"), "days", "2024-01-03"),  # 28 days: one is no month end
    ],
)
def test_two_dates_are_enough_to_tell_how_a_plan_is_counted(
    dates: tuple[str, str], unit: str, start: str
) -> None:
    calendar = metrics.calendar(days(*dates), zero=False)

    assert calendar is not None
    assert (calendar.unit, calendar.start) == (unit, pd.Timestamp(start))


@pytest.mark.parametrize(("given", "basis"), [("2024-01-30", metrics.GIVEN), ("2024-01-31", None)])
def test_one_date_is_counted_in_days_from_a_day_before_it_that_is_given(
    given: str, basis: str | None
) -> None:
    calendar = metrics.calendar(days("2024-01-31"), False, pd.Timestamp(given))

    assert (calendar and calendar.basis) == basis
    assert calendar is None or calendar.unit == "days"


def test_a_first_planned_value_of_nothing_is_the_start() -> None:
    calendar = metrics.calendar(days("2024-01-31", "2024-02-29"), zero=True)

    assert calendar is not None
    assert (calendar.start, calendar.basis) == (pd.Timestamp("2024-01-31"), metrics.FROM_ZERO)


def test_even_weeks_are_counted_in_days_from_a_week_before() -> None:
    calendar = metrics.calendar(days("2024-01-08", "2024-01-15", "2024-01-22"), zero=False)

    assert calendar is not None
    assert (calendar.unit, calendar.start) == ("days", pd.Timestamp("2024-01-01"))
    assert calendar.day(Fraction(10)) == pd.Timestamp("2024-01-11")


@pytest.mark.parametrize("starts", [("2024-01-31", "2024-02-29"), ("2024-01-08", "2024-01-15")])
def test_a_time_beyond_the_years_that_a_clock_knows_has_no_day(starts: tuple[str, str]) -> None:
    calendar = metrics.calendar(days(*starts), zero=True)

    assert calendar is not None
    assert calendar.day(Fraction(10**9)) is pd.NaT
    assert calendar.day(Fraction(12)) is not pd.NaT


@pytest.mark.parametrize(("given_day", "counted"), [("2024-01-02", True), ("2024-01-09", False)])
def test_uneven_dates_start_on_the_day_given_if_that_is_before_them(
    given_day: str, counted: bool
) -> None:
    dates = days("2024-01-08", "2024-01-19", "2024-03-22")
    calendar = metrics.calendar(dates, False, pd.Timestamp(given_day))

    assert (calendar is not None) == counted
    assert calendar is None or (calendar.unit, calendar.basis) == ("days", metrics.GIVEN)


# --- Projects


def test_the_status_is_the_last_date_that_states_both_what_is_earned_and_spent() -> None:
    rows = table(
        ("2026-01-31", 10, 8, 9),
        ("2026-02-28", 20, 15, 18),
        ("2026-03-31", 30, 25, None),
        ("2026-04-30", 40, None, None),
    )
    (project,) = metrics.projects(rows, TODAY)

    assert project.rows["date"].iloc[project.status] == pd.Timestamp("2026-02-28")
    assert project.bac == 40


def test_without_any_cost_the_status_is_the_last_date_that_states_what_is_earned() -> None:
    rows = table(("2026-01-31", 10, 8), ("2026-02-28", 20, 15), ("2026-03-31", 30))
    (project,) = metrics.projects(rows, TODAY)

    assert project.status == 1
    assert project.indices(1)["cpi"].why == metrics.NO_AC
    assert float(project.schedule(1)["es"]) == 1.5


def test_what_is_dated_after_the_day_is_not_known_and_the_plan_is() -> None:
    rows = table(("2026-01-31", 10, 8, 9), ("2026-02-28", 20, 15, 18))
    (project,) = metrics.projects(rows, pd.Timestamp("2026-02-27"))

    assert (project.status, project.bac) == (0, 20)
    assert project.rows["ev"].iloc[1] is None


def test_after_the_end_of_the_plan_the_planned_value_is_the_budget() -> None:
    """Planned 6 months, done at 8: the same whether the plan is repeated or left empty."""
    ends = pd.date_range("2026-01-31", periods=8, freq="ME")
    earned = [5, 15, 30, 45, 60, 75, 90, 100]
    for after in (None, 100):
        planned = [10, 25, 45, 70, 90, 100, after, after]
        rows = table(*zip(ends, planned, earned, earned, strict=True))
        (project,) = metrics.projects(rows, TODAY)

        assert float(project.indices(7)["spi"]) == 1
        assert float(project.schedule(7)["spi_t"]) == 0.75


def test_once_all_is_earned_time_stands_still() -> None:
    """Done at month 2 of 1 planned; a third report changes nothing."""
    rows = table(("2026-01-31", 10, 5, 9), ("2026-02-28", 10, 10, 12), ("2026-03-31", 10, 10, 12))
    (project,) = metrics.projects(rows, TODAY)

    assert project.done_on == pd.Timestamp("2026-02-28")
    assert float(project.schedule(2)["spi_t"]) == 0.5


def test_a_plan_that_starts_before_its_first_date_is_worth_nothing_there() -> None:
    """Half of the 10 planned for January is earned in it: from 0, half of the month."""
    rows = table(("2026-01-31", 10, 5, 5), ("2026-02-28", 20))
    (project,) = metrics.projects(rows, TODAY)

    assert (project.plan.times, project.plan.values) == ((0, 1, 2), (0, 10, 20))
    assert project.schedule(0)["es"].value == Fraction(1, 2)


def test_uneven_dates_interpolate_elapsed_days() -> None:
    """Start 1 Jan; 10 after 9 days, 30 after 29. 15 earned: 9 + 5 days; on day 29, SPI(t) 14/29."""
    rows = table(("2026-01-01", 0, 0, 0), ("2026-01-10", 10, 4, 5), ("2026-01-30", 30, 15, 20))
    (project,) = metrics.projects(rows, TODAY)

    assert project.calendar is not None
    assert project.calendar.unit == "days"
    assert project.schedule(2)["es"].value == 14
    assert project.schedule(2)["spi_t"].value == Fraction(14, 29)


def test_uneven_dates_without_a_start_have_no_earned_schedule() -> None:
    rows = table(("2026-01-05", 10, 4, 5), ("2026-01-30", 20, 4, 5), ("2026-04-01", 30, 15, 20))
    (project,) = metrics.projects(rows, TODAY)

    assert project.schedule(2)["es"].why == metrics.NO_START


def test_projects_stand_apart_and_are_summed_on_one_date_only() -> None:
    first = table(("2026-01-31", 10, 8, 9), ("2026-02-28", 20, 15, 18), project="A")
    second = table(("2026-01-31", 5, 5, 4), ("2026-02-28", 10, 10, 9), project="B")
    late = second[second["status_date"] < "2026-02-01"]
    both = metrics.projects(pd.concat([second, first], ignore_index=True), TODAY)

    assert [project.name for project in both] == ["A", "B"]
    assert metrics.together(both) == {"pv": 30, "ev": 25, "ac": 27, "bac": 30}
    assert metrics.together(metrics.projects(pd.concat([first, late]), TODAY)) is None


def test_contradictions_are_dated() -> None:
    rows = table(
        ("2026-01-31", 10, 5, 9), ("2026-02-28", 30, 25, 12), ("2026-03-31", 20, 15, 11),
    )  # fmt: skip
    (project,) = metrics.projects(rows, TODAY)

    march, february = pd.Timestamp("2026-03-31"), pd.Timestamp("2026-02-28")
    assert project.contradictions() == {
        metrics.PLAN_FALLS: (march,),
        metrics.COST_FALLS: (march,),
        metrics.OVER_BAC: (february,),
    }
    assert project.schedule(2)["es"].why == metrics.PLAN_FALLS


def test_values_that_stay_the_same_contradict_nothing() -> None:
    rows = table(("2026-01-31", 20, 20, 9), ("2026-02-28", 20, 20, 9))
    (project,) = metrics.projects(rows, TODAY)

    assert not any(project.contradictions().values())


def test_a_plan_of_one_step_has_an_earned_schedule() -> None:
    """5 of the 10 planned for its first period: half of it."""
    assert earned_schedule(Plan((0, 1), (0, 10)), 5, 1)["es"].value == Fraction(1, 2)


@pytest.mark.parametrize(
    ("dates", "time", "known"),
    [
        # from January 2024, 75 years of 12 months are January 2099
        (("2024-01-31", "2024-02-29"), 75 * 12, True),
        (("2024-01-31", "2024-02-29"), 75 * 12 + 1, False),
        # 75 years of 366 days end in 2099 whatever years leap
        (("2024-01-08", "2024-01-15"), 75 * 366, True),
        (("2024-01-08", "2024-01-15"), 75 * 366 + 1, False),
    ],
)
def test_the_last_day_that_a_plan_can_tell_is_75_years_after_2024(
    dates: tuple[str, str], time: int, known: bool
) -> None:
    calendar = metrics.calendar(days(*dates), zero=True)

    assert calendar is not None
    assert (calendar.day(Fraction(time)) is not pd.NaT) is known
