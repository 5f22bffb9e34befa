"""Days as contracts count them: vectors by hand on a calendar of 2026, with French holidays."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.calendars.day_counts import NONE, DayCount, end_of, is_counted, started
from tests.properties import steady

STEADY = steady(150)
FRANCE = np.array(
    ["2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25",
     "2026-07-14", "2026-08-15", "2026-11-01", "2026-11-11", "2026-12-25"], dtype="datetime64[D]",
)  # fmt: skip
"""Of 2026: Easter Monday is 6 April, Ascension 14 May, Whit Monday 25 May."""


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def between(after: pd.Timestamp, last: pd.Timestamp, unit: str, off: np.ndarray) -> pd.Series:
    """The days that a unit counts after a day, up to another."""
    days = pd.date_range(after + pd.Timedelta(days=1), last, unit="s").to_series()
    return days[is_counted(days, last, unit, off)]


def counted(after: pd.Timestamp, last: pd.Timestamp, unit: str, off: np.ndarray = NONE) -> int:
    return len(between(after, last, unit, off))


def ends(n: int, unit: str, start: str, off: np.ndarray = FRANCE) -> str:
    """The last day of a delay, as ISO text."""
    found = end_of(DayCount(n, unit), pd.Series([day(start)], dtype="datetime64[s]"), off)  # type: ignore[arg-type]
    return f"{found.iloc[0]:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("unit", "after", "last", "n"),
    [
        # Thursday 30 April to Monday 11 May: 1 and 8 May are Fridays and holidays
        ("calendar", "2026-04-30", "2026-05-11", 11),
        ("working", "2026-04-30", "2026-05-11", 5),  # 4 5 6 7, 11
        ("ouvrable", "2026-04-30", "2026-05-11", 7),  # 2, 4 5 6 7, 9, 11
        ("clear", "2026-04-30", "2026-05-11", 10),  # without the 11th
        # the week of Ascension, Thursday 14 May
        ("working", "2026-05-10", "2026-05-17", 4),
        ("ouvrable", "2026-05-10", "2026-05-17", 5),
        # a Saturday that is a holiday: 15 August
        ("ouvrable", "2026-08-13", "2026-08-16", 1),
        ("working", "2026-08-13", "2026-08-16", 1),
        # from Monday to Thursday there are two clear days
        ("clear", "2026-06-01", "2026-06-04", 2),
        # none
        ("calendar", "2026-06-01", "2026-06-01", 0),
        ("calendar", "2026-06-02", "2026-06-01", 0),
        ("clear", "2026-06-01", "2026-06-02", 0),
        ("clear", "2026-06-01", "2026-06-01", 0),
    ],
)
def test_days_after_a_day_up_to_another(unit: str, after: str, last: str, n: int) -> None:
    assert counted(day(after), day(last), unit, FRANCE) == n


def test_without_holidays_the_first_of_may_is_a_working_day() -> None:
    assert counted(day("2026-04-30"), day("2026-05-11"), "working") == 7
    assert counted(day("2026-04-30"), day("2026-05-11"), "ouvrable") == 9


@pytest.mark.parametrize(
    ("n", "unit", "start", "end"),
    [
        (15, "calendar", "2026-06-12", "2026-06-27"),
        (0, "calendar", "2026-06-12", "2026-06-12"),
        (5, "working", "2026-04-30", "2026-05-11"),  # 4 5 6 7, then 11
        (7, "ouvrable", "2026-04-30", "2026-05-11"),
        (1, "working", "2026-05-13", "2026-05-15"),  # over Ascension
        (1, "working", "2026-05-09", "2026-05-11"),  # from a Saturday
        (1, "ouvrable", "2026-05-10", "2026-05-11"),  # from a Sunday
        (1, "working", "2026-05-08", "2026-05-11"),  # from a holiday
        (0, "working", "2026-05-10", "2026-05-10"),  # at once: never before the start
        (2, "clear", "2026-06-01", "2026-06-04"),  # Monday, two clear days, Thursday
        (4, "clear", "2026-06-01", "2026-06-08"),  # Saturday the 6th: on to Monday
        (1, "clear", "2026-05-12", "2026-05-15"),  # Ascension: on to Friday
        (2, "clear", "2026-05-05", "2026-05-11"),  # Friday 8 May, a holiday: on to Monday
        (3, "months", "2026-01-25", "2026-04-25"),
        (1, "months", "2026-01-31", "2026-02-28"),
        (1, "months", "2028-01-31", "2028-02-29"),
        (12, "months", "2028-02-29", "2029-02-28"),
        (3, "months", "2026-11-30", "2027-02-28"),
    ],
)
def test_the_last_day_of_a_delay(n: int, unit: str, start: str, end: str) -> None:
    assert ends(n, unit, start) == end


@pytest.mark.parametrize("unit", ["calendar", "working", "ouvrable", "clear", "months"])
def test_a_start_that_is_not_known_has_no_end(unit: str) -> None:
    starts = pd.Series([pd.NaT, day("2026-06-01"), pd.NaT], index=[7, 3, 5], dtype="datetime64[s]")

    found = end_of(DayCount(1, unit), starts, FRANCE)  # type: ignore[arg-type]

    assert found.index.tolist() == [7, 3, 5]
    assert found.isna().tolist() == [True, False, True]
    assert found.dtype == "datetime64[s]"
    assert end_of(DayCount(1, unit), starts[:0], FRANCE).empty  # type: ignore[arg-type]
    assert end_of(DayCount(1, unit), starts[[7]], FRANCE).isna().all()  # type: ignore[arg-type]


DAYS = st.dates(pd.Timestamp("2026-01-02").date(), pd.Timestamp("2026-11-01").date())


@STEADY
@given(
    DAYS, st.integers(1, 30), st.sampled_from(["calendar", "working", "ouvrable"]), st.booleans()
)
def test_a_delay_of_n_days_ends_when_n_days_are_counted(
    start: object, n: int, unit: str, holidays: bool
) -> None:
    off = FRANCE if holidays else NONE
    end = day(ends(n, unit, str(start), off))

    assert counted(day(str(start)), end, unit, off) == n
    assert counted(day(str(start)), end - pd.Timedelta(days=1), unit, off) == n - 1
    assert between(day(str(start)), end, unit, off).iloc[-1] == end


@STEADY
@given(DAYS, st.integers(1, 30))
def test_a_clear_delay_leaves_n_clear_days_or_ends_later_on_a_working_day(
    start: object, n: int
) -> None:
    end = day(ends(n, "clear", str(start)))
    clear = counted(day(str(start)), end, "clear")

    assert np.is_busday(np.datetime64(end, "D"), holidays=FRANCE)
    assert clear >= n
    skipped = between(day(str(start)) + pd.Timedelta(days=n), end, "clear", NONE)
    assert counted(day(str(start)) + pd.Timedelta(days=n), end, "working", FRANCE) == 1
    assert len(skipped) == clear - n


@STEADY
@given(
    DAYS,
    st.integers(0, 60),
    st.integers(0, 60),
    st.sampled_from(["calendar", "working", "ouvrable"]),
)
def test_days_add_up_whatever_day_they_are_cut_at(
    start: object, first: int, second: int, unit: str
) -> None:
    one = day(str(start))
    two, three = one + pd.Timedelta(days=first), one + pd.Timedelta(days=first + second)

    parts = counted(one, two, unit, FRANCE) + counted(two, three, unit, FRANCE)
    assert parts == counted(one, three, unit, FRANCE)


@pytest.mark.parametrize(
    ("days", "length", "n"), [(0, 7, 0), (1, 7, 1), (7, 7, 1), (8, 7, 2), (6, 5, 2)]
)
def test_a_period_counts_from_its_first_day(days: int, length: int, n: int) -> None:
    assert started(days, length) == n
