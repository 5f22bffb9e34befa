"""Control charts of four years of an Italian help desk, against a computation of their own.

The expected figures come from the rows of the log, with the standard library alone: the share of
tickets resolved within a week by month due (Laney's p′, for their number varies more than
twofold), and the tickets opened by month (XmR).
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from itertools import pairwise
from statistics import fmean

import pytest

from reviewlib.review import Review, review_of
from reviewlib.service.control.chapter import control
from reviewlib.service.control.subjects import Subject, subjects
from tests import desk
from tests.spoken import chapter
from tests.test_italian_helpdesk import OVER, STATUSES, Steps, logs, rows, tables

__all__ = ["rows"]  # a fixture

WEEK = dt.timedelta(days=7)
DEFINED = STATUSES | {
    "VERIFIED": {"state": "open"},
    "INVALID": {"state": "closed"},
    "DUPLICATE": {"state": "closed"},
}
CLAUSE = {
    "title": "Resolution within a week",
    "measure": "resolution",
    "calendar": "permanent",
    "targets": {"P1": "168 h"},
    "threshold": "80 %",
    "stops_at": "first_resolution",
    "pauses": [],
}
QUARTERS = ("2011-03-31", "2011-06-30", "2012-09-30", "2013-12-31")
Months = dict[str, float]
Limits = dict[str, tuple[float, float, float]]


@pytest.fixture(scope="module")
def log(rows: list[dict[str, str]]) -> dict[str, Steps]:
    return logs(rows, "workgroup")


@pytest.fixture(scope="module")
def reviewed(log: dict[str, Steps], tmp_path_factory: pytest.TempPathFactory) -> Review:
    last = max(steps[-1][0] for steps in log.values())
    frames = tables(log)
    frames["tickets"] = frames["tickets"].assign(priority="P1")
    agreement = desk.agreed(
        CLAUSE,
        statuses=DEFINED,
        time_zone="UTC",
        period={"first": "2010-01-01", "last": "2014-01-31"},
        data={"extracted_at": last.isoformat()},
    )
    return desk.review(tmp_path_factory.mktemp("control"), agreement, frames)


def month(at: dt.datetime) -> str:
    return f"{at:%Y-%m}"


@pytest.fixture(scope="module")
def in_time(log: dict[str, Steps]) -> dict[str, tuple[int, int]]:
    """By month due: how many were first resolved within a week, and how many in all."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for steps in log.values():
        due = steps[0][0].replace(microsecond=0) + WEEK
        over = [at for at, activity, _ in steps if DEFINED[activity]["state"] in OVER]
        met = bool(over) and over[0].replace(microsecond=0) <= due
        counts[month(due)][0] += met
        counts[month(due)][1] += 1
    return {name: (met, n) for name, (met, n) in sorted(counts.items()) if name < "2014-01"}


@pytest.fixture(scope="module")
def opened(log: dict[str, Steps]) -> Months:
    """By month: the tickets opened, but for January 2010, which the log begins in the midst of."""
    counts = Counter(month(steps[0][0]) for steps in log.values())
    names = [f"{year}-{number:02d}" for year in range(2010, 2014) for number in range(1, 13)]
    return {name: counts[name] for name in names[1:]}


def laney(counts: dict[str, tuple[int, int]]) -> Limits:
    """p′ of all months, by the first twelve: z scores, their moving range ÷ 1.128."""
    first = list(counts.values())[:12]
    pooled = sum(met for met, _ in first) / sum(n for _, n in first)

    def sigma(n: int) -> float:
        return math.sqrt(pooled * (1 - pooled) / n)

    z = [(met / n - pooled) / sigma(n) for met, n in first]
    wide = 3 * fmean(abs(b - a) for a, b in pairwise(z)) / 1.128
    return {
        name: (pooled, pooled - wide * sigma(n), pooled + wide * sigma(n))
        for name, (_, n) in counts.items()
    }


def xmr(values: Months) -> Limits:
    first = list(values.values())[:12]
    mean, moved = fmean(first), fmean(abs(b - a) for a, b in pairwise(first))
    return dict.fromkeys(values, (mean, mean - 2.66 * moved, mean + 2.66 * moved))


def signalled(values: Months, limits: Limits) -> dict[str, set[str]]:
    """The months of Wheeler's three rules, found window by window."""
    names, marked = [*values], defaultdict[str, set[str]](set)
    place = {}
    for name, (mean, low, high) in limits.items():
        value = values[name]
        near = high if value > mean else low
        place[name] = (value > mean) - (value < mean), abs(value - near) < abs(value - mean)
        if not low <= value <= high:
            marked["outside"].add(name)
            place[name] = place[name][0], True
    for side in (1, -1):
        for start in range(len(names)):
            eight, four = names[start : start + 8], names[start : start + 4]
            if len(eight) == 8 and all(place[name][0] == side for name in eight):
                marked["side_8"].update(eight)
            hits = [name for name in four if place[name] == (side, True)]
            if len(four) == 4 and len(hits) >= 3:
                marked["near"].update(hits)
    return marked


def of(review: Review, place: str) -> Subject:
    return next(one for one in subjects(review) if one.place == place)


def of_program(one: Subject) -> Limits:
    rows = one.rows.itertuples()
    return {row.month: (row.mean, row.lower, row.upper) for row in rows}


def marked_by_program(one: Subject) -> dict[str, set[str]]:
    marked = defaultdict[str, set[str]](set)
    for signal in one.signals.itertuples():
        marked[signal.rule].update(signal.months)
    return marked


def test_shares_and_laneys_limits_are_those_of_the_rows(
    reviewed: Review, in_time: dict[str, tuple[int, int]]
) -> None:
    one = of(reviewed, "resolution.P1")
    counts = {row.month: row.n for row in one.rows.itertuples()}

    assert counts == {name: n for name, (_, n) in in_time.items()}
    assert dict(zip(one.rows["month"], one.rows["value"], strict=True)) == {
        name: met / n for name, (met, n) in in_time.items()
    }
    assert max(counts.values()) >= 2 * min(counts.values())
    assert one.rows["p_prime"].all()
    expected = {name: pytest.approx(line) for name, line in laney(in_time).items()}
    assert of_program(one) == expected


def test_tickets_opened_and_their_limits_are_those_of_the_rows(
    reviewed: Review, opened: Months
) -> None:
    one = of(reviewed, "opened")

    assert dict(zip(one.rows["month"], one.rows["value"], strict=True)) == opened
    assert of_program(one) == {name: pytest.approx(line) for name, line in xmr(opened).items()}


def test_signals_are_those_of_windows_moved_over_the_months(
    reviewed: Review, in_time: dict[str, tuple[int, int]], opened: Months
) -> None:
    shares = {name: met / n for name, (met, n) in in_time.items()}
    for place, values, limits in (
        ("resolution.P1", shares, laney(in_time)),
        ("opened", opened, xmr(opened)),
    ):
        expected = signalled(values, limits)
        assert expected
        assert marked_by_program(of(reviewed, place)) == expected


@pytest.mark.parametrize("day", QUARTERS)
def test_at_the_end_of_a_quarter_limits_are_those_that_stay(
    reviewed: Review, opened: Months, day: str
) -> None:
    quarter = review_of(reviewed.engagement, day)
    one = of(quarter, "opened")

    assert one.rows["month"].iloc[-1] == day[:7]
    assert of_program(one) == {
        name: pytest.approx(line) for name, line in xmr(opened).items() if name <= day[:7]
    }
    for language in ("en", "fr"):
        assert chapter(control, quarter, language=language).headline
