"""What holds for every calendar and ticket, and agreement with the slow reference clock.

Tickets lie in windows of six days around changes of daylight saving time; instants are whole
seconds of the window.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st

from reviewlib.calendars.service_hours import Holidays, ServiceHours
from tests import clock_reference as reference
from tests.properties import steady

STEADY = steady(12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
DAY = 86_400
LENGTH = 6 * DAY
Week = Mapping[str, list[tuple[str, str]]]


class Window(NamedTuple):
    """Six days in a time zone, from 00:00 UTC of a date."""

    time_zone: str
    date: str

    @property
    def begin(self) -> int:
        return int(pd.Timestamp(self.date, tz="UTC").timestamp())

    def instants(self, positions: list[Any]) -> pd.Series:
        return pd.Series(pd.to_datetime(np.array(positions) + self.begin, unit="s", utc=True))


WINDOWS = [
    Window("Europe/Paris", "2026-03-26"),
    Window("Europe/Paris", "2026-10-22"),
    Window("America/New_York", "2026-03-05"),
    Window("America/New_York", "2026-10-29"),
    Window("Australia/Lord_Howe", "2026-04-02"),
    Window("Australia/Lord_Howe", "2026-10-01"),
    Window("Asia/Kolkata", "2026-03-26"),
    Window("UTC", "2027-12-29"),
]
windows = pytest.mark.parametrize("window", WINDOWS, ids=[f"{w[0]} {w[1]}" for w in WINDOWS])


def every_day(*spans: tuple[str, str]) -> Week:
    return {day: list(spans) for day in reference.WEEK}


ROUND_THE_CLOCK = every_day(("00:00", "24:00"))
WEEKS = {
    "round the clock": ROUND_THE_CLOCK,
    "nights": every_day(("22:00", "06:00")),
    "two spans": every_day(("09:00", "12:00"), ("14:00", "18:00")),
    "a minute's break, so that no grid fits": every_day(("00:00", "02:29"), ("02:30", "23:17")),
    "spans that meet": every_day(("02:00", "02:30"), ("02:30", "14:00"), ("14:00", "02:00")),
}


@st.composite
def any_week(draw: st.DrawFn) -> Week:
    """Draw spans that don't overlap, of any minutes, often around the hours of the change."""
    sunday = 6 * 1440
    minutes = st.one_of(st.integers(0, 7 * 1440 - 1), st.integers(sunday + 60, sunday + 240))
    cuts = sorted(draw(st.lists(minutes, min_size=2, max_size=14, unique=True)))
    week: dict[str, list[tuple[str, str]]] = {}
    for opens, closes in zip(cuts[::2], cuts[1::2], strict=False):
        edges = (opens % 1440, min(closes, opens + 1439) % 1440)
        opening, closing = (f"{edge // 60:02}:{edge % 60:02}" for edge in edges)
        week.setdefault(reference.WEEK[opens // 1440], []).append((opening, closing))
    return week


weeks = st.one_of(st.sampled_from(list(WEEKS.values())), any_week())
positions = st.integers(0, LENGTH - 1)


@st.composite
def tickets(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    pairs = draw(st.lists(st.tuples(positions, positions), min_size=1, max_size=6))
    return [min(pair) for pair in pairs], [max(pair) for pair in pairs]


Waits = list[tuple[int, int, int | None]]


@st.composite
def waits(draw: st.DrawFn, open_ended: bool = True) -> Waits:
    """Draw pauses (ticket 0 to 5, since, until or None), overlapping, in any order."""
    going_on = st.booleans() if open_ended else st.just(False)
    drawn = draw(st.lists(st.tuples(st.integers(0, 5), positions, positions, going_on), max_size=9))
    return [(row, min(a, b), None if on and row % 2 else max(a, b)) for row, a, b, on in drawn]


def of_ticket(row: int, pauses: Waits) -> list[tuple[int, int | None]]:
    return [(since, until) for which, since, until in pauses if which == row]


def frame(window: Window, pauses: Waits, tickets: int) -> pd.DataFrame:
    known = [pause for pause in pauses if pause[0] < tickets]
    until = [np.nan if end is None else end + window.begin for _, _, end in known]
    columns = {
        "row": [row for row, _, _ in known],
        "from": window.instants([since for _, since, _ in known]),
        "to": pd.to_datetime(pd.Series(until, dtype=float), unit="s", utc=True),
    }
    return pd.DataFrame(columns)


def whole_seconds(durations: pd.Series) -> list[int]:
    return [int(duration.total_seconds()) for duration in durations]


# --- Agreement with the reference --------------------------------------------------------------


@windows
@STEADY
@given(week=weeks, off=st.sets(st.integers(-1, 6), max_size=2), at=tickets(), pauses=waits())
def test_elapsed_time_is_a_count_of_the_open_seconds(
    window: Window, week: Week, off: set[int], at: Any, pauses: Waits
) -> None:
    starts, ends = at
    dates = [dt.date.fromisoformat(window.date) + dt.timedelta(days=days) for days in off]
    is_open = reference.marks(week, window.time_zone, (window.begin, window.begin + LENGTH), dates)
    closed = Holidays(extra=dict.fromkeys(dates, "Day off"))
    clock = ServiceHours(week, window.time_zone, closed)
    table = frame(window, pauses, len(starts))
    elapsed = clock.elapsed(window.instants(starts), window.instants(ends), table)
    assert whole_seconds(elapsed) == [
        reference.elapsed(is_open, start, end, of_ticket(row, pauses))
        for row, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


@windows
@STEADY
@given(week=weeks, at=tickets(), shares=st.lists(st.floats(0, 1), min_size=6), pauses=waits())
def test_a_deadline_is_the_first_second_at_which_the_target_has_run(
    window: Window, week: Week, at: Any, shares: list[float], pauses: Waits
) -> None:
    """Targets are shares of what runs until the end of the window, or more than ever runs."""
    starts, _ = at
    is_open = reference.marks(week, window.time_zone, (window.begin, window.begin + LENGTH))
    waiting = [of_ticket(row, pauses) for row in range(len(starts))]
    stuck = [any(until is None for _, until in waits) for waits in waiting]
    runs = [
        reference.elapsed(is_open, start, LENGTH, waits)
        for start, waits in zip(starts, waiting, strict=True)
    ]
    more = [
        DAY if still and share > 0.9 else 0 for still, share in zip(stuck, shares, strict=False)
    ]
    targets = [
        int(run * share) + extra for run, share, extra in zip(runs, shares, more, strict=False)
    ]
    expected = [
        reference.deadline(is_open, start, target, waits)
        for start, target, waits in zip(starts, targets, waiting, strict=True)
    ]
    due = ServiceHours(week, window.time_zone).deadlines(
        window.instants(starts),
        pd.to_timedelta(targets, unit="s"),
        frame(window, pauses, len(starts)),
    )
    found = [None if pd.isna(at) else int(at.timestamp()) - window.begin for at in due]
    assert found == expected


@windows
@STEADY
@given(before=weeks, after=weeks, change=positions, at=tickets())
def test_a_calendar_that_changes_is_the_one_before_the_change_and_the_other_after_it(
    window: Window, before: Week, after: Week, change: int, at: Any
) -> None:
    starts, ends = at
    bounds = window.begin, window.begin + LENGTH
    is_open = reference.marks(after, window.time_zone, bounds).copy()
    is_open[:change] = reference.marks(before, window.time_zone, bounds)[:change]
    old, new = (ServiceHours(week, window.time_zone) for week in (before, after))
    moment = window.instants([change])[0]
    begin, end = window.instants(starts), window.instants(ends)
    elapsed = old.followed_by(new, moment).elapsed(begin, end)
    assert whole_seconds(elapsed) == [
        reference.elapsed(is_open, start, end) for start, end in zip(starts, ends, strict=True)
    ]
    parts = old.elapsed(begin.clip(upper=moment), end.clip(upper=moment))
    assert elapsed.equals(parts + new.elapsed(begin.clip(lower=moment), end.clip(lower=moment)))


@pytest.mark.parametrize("window", WINDOWS, ids=[f"{w[0]} {w[1]}" for w in WINDOWS])
@pytest.mark.parametrize("week", WEEKS.values(), ids=WEEKS.keys())
def test_the_open_spans_are_the_runs_of_open_seconds(window: Window, week: Week) -> None:
    bounds = window.begin, window.begin + LENGTH
    is_open = reference.marks(week, window.time_zone, bounds)
    start, end = window.instants([0, LENGTH])
    rows = ServiceHours(week, window.time_zone).spans(start, end)
    cuts = (rows["from"].map(pd.Timestamp.timestamp) - window.begin).astype(int).tolist()
    flips = np.flatnonzero(np.diff(is_open)) + 1
    assert cuts == [0, *flips]
    assert rows["open"].tolist() == is_open[cuts].tolist()


# --- What holds without a reference ------------------------------------------------------------

some_window = st.sampled_from(WINDOWS)


@STEADY
@given(window=some_window, week=weeks, at=st.lists(positions, min_size=3, max_size=3))
def test_parts_of_a_time_add_up_to_the_whole(window: Window, week: Week, at: list[int]) -> None:
    first, middle, last = window.instants(sorted(at))
    clock = ServiceHours(week, window.time_zone)
    parts = clock.elapsed(first, middle) + clock.elapsed(middle, last)
    assert parts == clock.elapsed(first, last)


@STEADY
@given(window=some_window, week=weeks, start=positions, ends=st.lists(positions, min_size=2))
def test_more_time_is_never_less_service_time_and_never_more_than_the_time_itself(
    window: Window, week: Week, start: int, ends: list[int]
) -> None:
    ends = sorted(max(start, end) for end in ends)
    clock = ServiceHours(week, window.time_zone)
    elapsed = clock.elapsed(window.instants([start] * len(ends)), window.instants(ends))
    assert elapsed.is_monotonic_increasing
    assert (elapsed <= pd.to_timedelta(np.array(ends) - start, unit="s")).all()


# two days take a service of one minute a week 55 years
targets = st.lists(st.integers(0, 2 * DAY), min_size=6, max_size=6)


@STEADY
@given(window=some_window, week=weeks, at=tickets(), target=targets, pauses=waits(open_ended=False))
def test_exactly_the_target_has_elapsed_at_the_deadline_and_less_a_second_before(
    window: Window, week: Week, at: Any, target: list[int], pauses: Waits
) -> None:
    starts = window.instants(at[0])
    target, table = target[: len(starts)], frame(window, pauses, len(starts))
    clock = ServiceHours(week, window.time_zone)
    due = clock.deadlines(starts, pd.to_timedelta(target, unit="s"), table)
    assert whole_seconds(clock.elapsed(starts, due, table)) == target
    before = (due - pd.Timedelta(seconds=1)).clip(lower=starts)
    assert all(
        less < full or full == 0
        for less, full in zip(
            whole_seconds(clock.elapsed(starts, before, table)), target, strict=True
        )
    )


@STEADY
@given(window=some_window, week=weeks, at=tickets(), target=targets, pauses=waits())
def test_a_pause_never_shortens_the_time_left_and_never_adds_to_the_time_elapsed(
    window: Window, week: Week, at: Any, target: list[int], pauses: Waits
) -> None:
    starts, ends = (window.instants(column) for column in at)
    clock, table = ServiceHours(week, window.time_zone), frame(window, pauses, len(starts))
    durations = pd.to_timedelta(target[: len(starts)], unit="s")
    due, paused = clock.deadlines(starts, durations), clock.deadlines(starts, durations, table)
    assert (paused.isna() | (paused >= due)).all()
    elapsed = clock.elapsed(starts, ends, table)
    assert (elapsed <= clock.elapsed(starts, ends)).all()
    assert (elapsed >= pd.Timedelta(0)).all()


@STEADY
@given(window=some_window, week=weeks, at=tickets(), pauses=waits(), order=st.randoms())
def test_the_order_of_rows_and_pauses_changes_nothing(
    window: Window, week: Week, at: Any, pauses: Waits, order: Any
) -> None:
    starts, ends = (window.instants(column) for column in at)
    clock, table = ServiceHours(week, window.time_zone), frame(window, pauses, len(starts))
    rows, of_pauses = list(starts.index), list(table.index)
    order.shuffle(rows)
    order.shuffle(of_pauses)
    shuffled = clock.elapsed(starts[rows], ends[rows], table.loc[of_pauses])
    assert shuffled.sort_index().equals(clock.elapsed(starts, ends, table))
    durations = ends - starts
    due = clock.deadlines(starts[rows], durations[rows], table.loc[of_pauses])
    assert due.sort_index().equals(clock.deadlines(starts, durations, table))


@STEADY
@given(
    window=some_window,
    week=weeks,
    at=tickets(),
    time_zone=st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kolkata"]),
)
def test_the_time_zone_in_which_instants_are_written_changes_nothing(
    window: Window, week: Week, at: Any, time_zone: str
) -> None:
    starts, ends = (window.instants(column) for column in at)
    clock = ServiceHours(week, window.time_zone)
    elsewhere = starts.dt.tz_convert(time_zone)
    assert clock.elapsed(elsewhere, ends).equals(clock.elapsed(starts, ends))
    assert clock.deadlines(elsewhere, ends - starts).equals(clock.deadlines(starts, ends - starts))


@STEADY
@given(window=some_window, at=tickets())
def test_round_the_clock_elapsed_time_is_the_time_itself(window: Window, at: Any) -> None:
    starts, ends = (window.instants(column) for column in at)
    clock = ServiceHours.around_the_clock(window.time_zone)
    assert clock.elapsed(starts, ends).equals((ends - starts).astype("timedelta64[s]"))


@STEADY
@given(window=some_window, week=weeks, at=tickets())
def test_the_open_spans_of_a_ticket_add_up_to_its_elapsed_time(
    window: Window, week: Week, at: Any
) -> None:
    start, end = window.instants([at[0][0], at[1][0]])
    assume(start < end)
    clock = ServiceHours(week, window.time_zone)
    rows = clock.spans(start, end)
    assert (rows["from"].iloc[0], rows["to"].iloc[-1]) == (start, end)
    assert rows["from"].iloc[1:].tolist() == rows["to"].iloc[:-1].tolist()
    counted = (rows["to"] - rows["from"])[rows["open"]].sum()
    assert pd.Timedelta(counted) == clock.elapsed(start, end)
