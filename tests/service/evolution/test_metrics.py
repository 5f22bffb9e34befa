"""Events beside tickets, drift, crossing and key dates, on figures worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reviewlib.calendars.day_counts import DayCount, latest_start
from reviewlib.service.evolution import metrics
from reviewlib.service.evolution.drift import Fit, crossing, drift
from reviewlib.service.volumes.metrics import Counted
from tests import desk
from tests.delivered import dated, day

JANUARY = pd.date_range("2026-01-01", "2026-03-31", unit="s")


def counted(*opened: str, days: pd.DatetimeIndex = JANUARY, **columns: Any) -> Counted:
    instants = pd.Series(pd.to_datetime(list(opened)), dtype="datetime64[s]")
    rows = pd.DataFrame({"ticket_id": [f"T{n}" for n in range(len(opened))]} | columns)
    return Counted(rows, instants, pd.Series(True, days), 0)


def compared(*rows: dict[str, Any], of: Counted, begin: str = "2026-01-01") -> pd.DataFrame:
    events = metrics.events(dated(*rows), of.worked.index[-1])
    return metrics.compared(events, of, day(begin))


EVENT = {"event_id": "E1", "title": "Site", "kind": "site", "starts_on": "2026-02-01"}


def test_as_many_whole_weeks_stand_before_an_event_as_from_its_first_day_on() -> None:
    """31 days lie before 1 February, and 59 from it on: four weeks, from 4 January to 28 February.

    Opened on 3 January and 1 March: in neither.
    """
    of = counted("2026-01-03", "2026-01-04", "2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01")
    (row,) = compared(EVENT, of=of).itertuples()

    assert (row.weeks, row.first, row.last) == (4, day("2026-01-04"), day("2026-02-28"))
    assert (row.before, row.after, row.change) == (2, 2, 0)


def test_an_event_that_ends_is_compared_to_its_end() -> None:
    of = counted("2026-01-20", "2026-02-05", "2026-02-20")
    (row,) = compared(EVENT | {"ends_on": "2026-02-10"}, of=of).itertuples()

    assert (row.weeks, row.before, row.after) == (1, 0, 1)  # 25 to 31 January; 1 to 7 February


def test_what_an_event_concerns_is_counted_apart() -> None:
    of = counted("2026-01-10", "2026-02-02", "2026-02-03", site=["lyon", "annecy", "lyon"])
    (row,) = compared(EVENT | {"site": "annecy"}, of=of).itertuples()

    assert (row.before, row.after, row.own_before, row.own_after) == (1, 2, 0, 1)
    assert (row.concerns, row.differs) == ("own", "few")


def test_an_event_that_concerns_a_column_that_no_ticket_has_is_not_told_apart() -> None:
    (row,) = compared(EVENT | {"category": "Mail"}, of=counted("2026-02-02")).itertuples()

    assert (row.concerns, row.after, math.isnan(row.own_after)) == ("untold", 1, True)


SUNDAYS = pd.date_range("2026-01-04", periods=8, freq="7D").strftime("%Y-%m-%d")


def by_week(numbers: tuple[int, ...]) -> Counted:
    """Return tickets of the four weeks before the event, and of the four from it on."""
    return counted(*[on for on, n in zip(SUNDAYS, numbers, strict=True) for _ in range(n)])


@pytest.mark.parametrize(
    ("weeks", "dispersion", "differs"),
    [
        ((1, 2, 2, 1, 3, 4, 4, 3), 1, "within"),
        ((1, 1, 1, 2, 3, 4, 4, 4), 1, "beyond"),
        ((1, 2, 2, 1, 3, 4, 3, 3), 1, "few"),
        ((2, 3, 2, 3, 7, 8, 7, 8), 1, "beyond"),
        ((0, 5, 0, 5, 0, 15, 0, 15), 40 / 6, "within"),
    ],
)
def test_two_counts_differ_beyond_the_chance_and_the_variation_of_weeks(
    weeks: tuple[int, ...], dispersion: float, differs: str
) -> None:
    """6 against 14 of 20: 2 × P(X ≥ 14 of 20) = 0.1153; 5 against 15: 0.0414; 19 are few.

    10 against 30: 0.0022; where weeks have none or the double, they are off their means by
    4 × 2.5²/2.5 + 4 × 7.5²/7.5 = 40, over 8 − 2: the 40 weigh as 6.
    """
    (row,) = compared(EVENT, of=by_week(weeks)).itertuples()

    assert row.dispersion == pytest.approx(dispersion)
    assert row.differs == differs


def test_a_sensitive_period_is_named_that_has_more_days_after_the_event_than_before() -> None:
    (row,) = compared(EVENT, of=counted("2026-01-04")).itertuples()
    spans = (
        ("2026-02-10", "2026-03-10"),
        ("2026-01-20", "2026-02-05"),
        ("2026-03-01", "2026-03-09"),
    )
    agreed = desk.contract(sensitive_periods=[{"first": a, "last": b or a} for a, b in spans])

    assert [str(one.first) for one in metrics.seasons(row, agreed)] == ["2026-02-10"]


def test_an_event_to_come_is_there_from_its_announcement_on() -> None:
    later = EVENT | {"starts_on": "2026-06-01", "announced_on": None}
    rows = dated(later, later | {"event_id": "E2", "announced_on": "2026-03-01"})

    assert metrics.events(rows, day("2026-03-31"))["event_id"].tolist() == ["E2"]


@pytest.mark.parametrize(
    ("on", "state", "days"), [("2026-01-31", "before", 1), ("2026-02-01", "since", 0)]
)
def test_an_event_is_announced_before_it_began_or_not(on: str, state: str, days: int) -> None:
    (row,) = metrics.events(dated(EVENT | {"announced_on": on}), day("2026-03-31")).itertuples()

    assert (row.announced, row.lead_days) == (state, days)


def test_only_whole_months_after_the_ramp_up_are_compared() -> None:
    days = pd.date_range("2026-01-10", "2026-03-15", unit="s")
    months = metrics.months(counted("2026-02-03", "2026-02-04", "2026-03-01", days=days))

    assert months[["days", "tickets"]].to_dict("index") == {"2026-02": {"days": 28, "tickets": 2}}


def test_days_of_a_ramp_up_and_before_the_first_ticket_s_month_are_not_compared() -> None:
    rule = {
        "kind": "points", "title": "Late", "clauses": ["R1"], "amount": 100,
        "ramp_up": {"first": "2026-01-01", "last": "2026-01-31"},
    }  # fmt: skip
    agreement = desk.agreed(desk.RESOLUTION)
    spared = agreement | {"terms": agreement["terms"] | {"penalties": {"P1": rule}}}
    early, late = counted("2026-01-05"), counted("2026-02-10", "2026-03-01")

    assert metrics.steady_from(early, desk.contract()) == day("2026-01-01")
    assert metrics.steady_from(early, desk.loaded(spared)) == day("2026-02-01")
    assert metrics.steady_from(late, desk.contract()) == day("2026-02-01")


# Drift and crossing


def test_a_volume_that_doubles_each_month_grows_by_a_whole() -> None:
    course = drift(pd.Series([10, 20, 40, 80, 160, 320]), pd.Series([20] * 6))

    assert course is not None
    assert (round(course.growth, 9), course.dispersion, course.is_clear) == (1, 1, True)


def test_the_drift_is_that_of_an_independent_program() -> None:
    """By the likelihood of Poisson, maximised by Nelder and Mead, and its second derivative."""
    from scipy.optimize import minimize
    from scipy.stats import t

    y, days = np.array([30, 42, 35, 51, 38, 60, 44, 66]), np.array([20, 22, 21, 19, 23, 20, 21, 22])
    month = np.arange(8)

    def mean(b: Any) -> Any:
        return days * np.exp(b[0] + b[1] * month)

    best = minimize(
        lambda b: float((mean(b) - y * np.log(mean(b))).sum()), [0.5, 0.0], method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 10_000},
    ).x  # fmt: skip
    at = mean(best)
    spread = max(1, float(((y - at) ** 2 / at).sum()) / 6)
    centre = (at * month).sum() / at.sum()
    error = math.sqrt(spread / (at * (month - centre) ** 2).sum())
    course = drift(pd.Series(y), pd.Series(days))

    assert course is not None
    assert course.growth == pytest.approx(math.expm1(best[1]), abs=1e-6)
    assert course.dispersion == pytest.approx(spread, abs=1e-6)
    limit = t.ppf(0.975, 6) * error
    assert course.low == pytest.approx(math.expm1(best[1] - limit), abs=1e-6)
    assert course.high == pytest.approx(math.expm1(best[1] + limit), abs=1e-6)


@pytest.mark.parametrize("counts", [[5] * 5, [0] * 8, [0] * 7 + [9]])
def test_few_months_or_hardly_a_ticket_have_no_drift(counts: list[int]) -> None:
    assert drift(pd.Series(counts), pd.Series([20] * len(counts))) is None


def test_months_without_a_worked_day_count_as_none() -> None:
    assert drift(pd.Series([9] * 6), pd.Series([20] * 5 + [0])) is None


AHEAD = pd.DataFrame(
    {"days": [20] * 4, "place": [6, 7, 8, 9]}, index=["2026-09", "2026-10", "2026-11", "2026-12"]
)


def test_a_volume_is_exceeded_in_the_month_in_which_the_course_passes_it() -> None:
    """710 and 100 a month, known exactly but for chance: 1,110 at the end, ± 2 × √400."""
    fit = Fit(np.array([math.log(5)]), np.zeros((1, 1)), 1.0, 2.0)
    months = [crossing(fit, AHEAD, 710, volume).month for volume in (805, 940, 1109, 1111)]

    assert crossing(fit, AHEAD, 710, 1160)[:3] == pytest.approx((1110, 1070, 1150))
    assert months == ["2026-09", "2026-11", "2026-12", ""]


# Key dates


@pytest.mark.parametrize(
    ("n", "unit", "on", "by"),
    [
        (3, "months", "2025-06-30", "2025-03-30"),
        (1, "months", "2025-03-31", "2025-02-28"),
        (30, "calendar", "2025-06-30", "2025-05-31"),
        (5, "working", "2025-06-30", "2025-06-23"),  # Mondays
        (5, "working", "2025-06-29", "2025-06-20"),  # a Sunday: from Friday the 27th
        (6, "ouvrable", "2025-06-30", "2025-06-23"),
        (2, "clear", "2025-06-26", "2025-06-23"),  # Tuesday and Wednesday between
    ],
)
def test_the_last_day_to_act_is_the_day_less_its_notice(
    n: int, unit: Any, on: str, by: str
) -> None:
    assert latest_start(DayCount(n, unit), day(on)) == day(by)


@pytest.mark.parametrize(
    ("today", "state"),
    [("2026-08-31", "passed"), ("2026-08-30", "soon"), ("2026-07-31", "soon"),
     ("2026-07-30", "later")],
)  # fmt: skip
def test_a_key_date_is_passed_within_thirty_days_or_later(today: str, state: str) -> None:
    stated = {"kind": "notice", "title": "Notice", "date": "2026-11-30", "notice": "3 months"}
    (row,) = metrics.key_dates(desk.contract(key_dates=[stated]), day(today)).itertuples()

    assert (row.on, row.act_by, row.state) == (day("2026-11-30"), day("2026-08-30"), state)
