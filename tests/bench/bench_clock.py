"""How fast the clock is, beside ``businesstimedelta`` and ``business-duration``.

Run with ``python -m pytest tests/bench -o python_files="bench_*.py"``. A million pairs of instants
over three years, up to thirty days apart. The other two take their pairs one at a time, so they
get fewer of them, and the comparison is per pair, on hours that both can express. Nothing here
fails for being slow.
"""

from __future__ import annotations

import datetime as dt
import importlib
import tracemalloc
import warnings
from collections.abc import Callable
from statistics import median
from time import perf_counter
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reviewlib.calendars.service_hours import ServiceHours, WorkingDays

PAIRS = 1_000_000
ROUNDS = 5
WORK_DAYS = ("mon", "tue", "wed", "thu", "fri")
Pairs = tuple[pd.Series, pd.Series]


def weekly(*spans: tuple[str, str]) -> dict[str, Any]:
    return dict.fromkeys(WORK_DAYS, spans)


OFFICE = ServiceHours(weekly(("09:00", "12:00"), ("14:00", "18:00")), "Europe/Paris", "FR")
CLOCKS = {
    "two spans": OFFICE,
    "a gap of a minute, searched": ServiceHours(
        weekly(("09:00", "12:00"), ("12:01", "18:00")), "Europe/Paris", "FR"
    ),
    "round the clock": ServiceHours.around_the_clock("Europe/Paris"),
}
clocks = pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS.keys())


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    chance = np.random.default_rng(2)
    first = int(pd.Timestamp("2024-01-01", tz="UTC").timestamp())
    starts = first + chance.integers(0, 3 * 365 * 86_400, PAIRS)
    ends = starts + chance.integers(0, 30 * 86_400, PAIRS)
    return tuple(pd.Series(pd.to_datetime(at, unit="s", utc=True)) for at in (starts, ends))


def peak_megabytes(work: Callable[[], Any]) -> float:
    """Return the most memory that some work holds beside its inputs, result included."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def record(benchmark: Any, work: Callable[[], Any]) -> None:
    work()  # the hours are compiled once
    benchmark.extra_info["peak_mb"] = round(peak_megabytes(work), 1)
    benchmark.pedantic(work, rounds=ROUNDS)
    benchmark.extra_info["million_pairs_a_second"] = PAIRS / 1e6 / benchmark.stats.stats.min


@clocks
def test_elapsed(benchmark: Any, pairs: Pairs, clock: ServiceHours) -> None:
    record(benchmark, lambda: clock.elapsed(*pairs))


def test_elapsed_with_a_million_pauses(benchmark: Any, pairs: Pairs) -> None:
    starts, ends = pairs
    rows = np.random.default_rng(3).integers(0, PAIRS, PAIRS)
    since = starts.iloc[rows].reset_index(drop=True) + pd.Timedelta(days=1)
    pauses = pd.DataFrame({"row": rows, "from": since, "to": since + pd.Timedelta(days=2)})
    record(benchmark, lambda: OFFICE.elapsed(starts, ends, pauses))


@pytest.mark.parametrize("target", [pd.Timedelta(hours=20), WorkingDays(3)], ids=str)
def test_deadlines(benchmark: Any, pairs: Pairs, target: Any) -> None:
    record(benchmark, lambda: OFFICE.deadlines(pairs[0], target))


def test_compiling_the_hours_of_three_years(benchmark: Any, pairs: Pairs) -> None:
    from reviewlib.calendars import clock, zones

    def forget() -> None:
        for cached in (clock.compiled, zones.zone):
            cached.cache_clear()

    few = [column.iloc[:2] for column in pairs]
    benchmark.pedantic(lambda: OFFICE.elapsed(*few), setup=forget, rounds=ROUNDS)


# --- Side by side ------------------------------------------------------------------------------


Single = Callable[[dt.datetime, dt.datetime], float]


def by_businesstimedelta(module: Any) -> Single:
    """One span a day, UTC."""
    rules = module.Rules([module.WorkDayRule(dt.time(9), dt.time(18))])
    return lambda start, end: float(rules.difference(start, end).timedelta.total_seconds())


def by_businesstimedelta_in_paris(module: Any) -> Single:
    """Two spans a day and French holidays; it knows the zones of pytz only, which it brings."""
    import holidays
    import pytz

    zone = {"tz": pytz.timezone("Europe/Paris")}
    day = module.WorkDayRule(dt.time(9), dt.time(18), **zone)
    lunch = module.LunchTimeRule(dt.time(12), dt.time(14), **zone)
    off = module.HolidayRule(holidays.country_holidays("FR"), **zone)
    rules = module.Rules([day, lunch, off])
    return lambda start, end: float(rules.difference(start, end).timedelta.total_seconds())


def by_business_duration(module: Any) -> Single:
    """One span a day, without time zone or holidays."""

    def seconds(start: dt.datetime, end: dt.datetime) -> float:
        naive = start.replace(tzinfo=None), end.replace(tzinfo=None)
        return float(module.businessDuration(*naive, dt.time(9), dt.time(18), unit="sec"))

    return seconds


PLAIN = ServiceHours(weekly(("09:00", "18:00")), "UTC")
OTHERS = {
    "one span": ("businesstimedelta", by_businesstimedelta, 1_000, PLAIN),
    "two spans and holidays": ("businesstimedelta", by_businesstimedelta_in_paris, 100, OFFICE),
    "one span, naive": ("business_duration", by_business_duration, 1_000, PLAIN),
}


def library(name: str) -> ModuleType | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module(name)
        except ImportError:
            return None


def seconds_per_pair(work: Callable[[], Any], count: int) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) / count


@pytest.mark.parametrize("hours", OTHERS)
def test_beside(hours: str, pairs: Pairs, capsys: pytest.CaptureFixture[str]) -> None:
    name, build, count, clock = OTHERS[hours]
    module = library(name)
    if module is None:
        pytest.skip(f"{name} is not installed: pip install 'reviewlib[bench]'")
    single = build(module)
    few = pd.concat(pairs, axis=1).iloc[:count].itertuples(index=False, name=None)
    few = [(start.to_pydatetime(), end.to_pydatetime()) for start, end in few]
    elapsed = clock.elapsed(*pairs).iloc[:count].dt.total_seconds().tolist()
    agree = sum(ours == single(*pair) for ours, pair in zip(elapsed, few, strict=True))
    work = {
        "reviewlib.calendars.service_hours": (lambda: clock.elapsed(*pairs), PAIRS),
        name: (lambda: [single(*pair) for pair in few], count),
    }
    rounds = [[seconds_per_pair(*each) for each in work.values()] for _ in range(ROUNDS)]
    ours, theirs = (median(column) for column in zip(*rounds, strict=True))
    with capsys.disabled():
        print(f"\n{hours}, medians of {ROUNDS} interleaved rounds:")
        for (who, (run, size)), cost in zip(work.items(), (ours, theirs), strict=True):
            peak = peak_megabytes(run)
            print(f"  {who:18} {1 / cost:12,.0f} pairs/s, peak {peak:5.1f} MB for {size:,} pairs")
        print(f"  {theirs / ours:,.0f} times as fast per pair; {agree} of {count} results agree")
