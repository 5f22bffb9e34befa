"""Signals by the rules of Wheeler and of the NHS, on series made for each of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reviewlib.service.control.metrics import charted
from reviewlib.service.control.signals import signals
from tests.service.control.test_metrics import months, points

Signal = tuple[str, str, list[int]]


def against(values: list[float], mean: float = 10.0, half: float = 3.0) -> pd.DataFrame:
    """Points against limits that are given: 7 to 13 about 10."""
    rows = charted(points(values))
    return rows.assign(stage="fixed", mean=mean, lower=mean - half, upper=mean + half)


def signalled(rows: pd.DataFrame, rules: str) -> list[Signal]:
    """The rule and side of each signal, and the places (from 1) of its months."""
    place = {month: number for number, month in enumerate(rows["month"], start=1)}
    return [
        (row.rule, row.side, [place[month] for month in row.months])
        for row in signals(rows, rules).itertuples()
    ]


class TestWheeler:
    def test_a_point_outside_the_limits(self) -> None:
        rows = against([10.5, 9.5, 13.0, 13.1, 9.5, 6.9, 10.5])
        assert signalled(rows, "wheeler") == [
            ("outside", "above", [4]),
            ("outside", "below", [6]),
        ]

    def test_three_of_four_in_a_row_nearer_the_same_limit_than_the_mean(self) -> None:
        """Nearer the upper limit than the mean is above 11.5."""
        rows = against([10.0, 12.0, 9.0, 12.0, 11.6, 9.0, 10.5])
        assert signalled(rows, "wheeler") == [("near", "above", [2, 4, 5])]

    def test_half_way_is_not_nearer_and_two_are_not_three(self) -> None:
        assert signalled(against([10.0, 12.0, 9.0, 11.5, 12.0, 9.0]), "wheeler") == []

    def test_near_one_limit_and_near_the_other_are_not_the_same(self) -> None:
        assert signalled(against([12.0, 8.0, 12.0, 8.0, 12.0, 8.0]), "wheeler") == []

    def test_a_point_outside_is_nearer_its_limit_too(self) -> None:
        rows = against([10.0, 8.0, 6.0, 8.0, 10.5, 10.0])
        assert signalled(rows, "wheeler") == [
            ("near", "below", [2, 3, 4]),
            ("outside", "below", [3]),
        ]

    def test_eight_in_a_row_on_one_side_of_the_mean(self) -> None:
        rows = against([9.5, *[10.5] * 9, 9.5])
        assert signalled(rows, "wheeler") == [("side_8", "above", [*range(2, 11)])]

    @pytest.mark.parametrize("broken_by", [10.0, 9.9])
    def test_a_point_on_the_mean_or_beyond_it_breaks_the_row(self, broken_by: float) -> None:
        rows = against([*[10.5] * 7, broken_by, *[10.5] * 7])
        assert signalled(rows, "wheeler") == []

    def test_seven_are_not_eight_and_seven_that_rise_are_no_rule_of_his(self) -> None:
        rows = against([7.5, 8.0, 9.0, 10.1, 10.2, 10.3, 10.4, 9.0])
        assert signalled(rows, "wheeler") == []


class TestNhs:
    def test_seven_in_a_row_on_one_side_of_the_mean(self) -> None:
        rows = against([10.5, 9.5, *[9.4, 9.6] * 3, 10.5])
        assert signalled(rows, "nhs") == [("side_7", "below", [*range(2, 9)])]

    def test_seven_rising_and_seven_falling(self) -> None:
        """From 8.5 to 11.5 by half points are seven; then back: the highest is of both."""
        up = [8.5, 9.0, 9.5, 10.0, 10.5, 11.0, 11.5]
        rows = against([*up, *up[-2::-1]])
        assert signalled(rows, "nhs") == [
            ("trend_7", "rising", [*range(1, 8)]),
            ("trend_7", "falling", [*range(7, 14)]),
        ]

    def test_an_equal_point_breaks_a_trend(self) -> None:
        assert signalled(against([8.5, 9.0, 9.5, 9.5, 10.5, 11.0, 11.5, 9.0]), "nhs") == []

    def test_two_of_three_close_to_the_same_limit(self) -> None:
        """Close: the last third before the limit, above 12 and up to 13."""
        rows = against([9.5, 12.1, 10.5, 13.0, 9.5, 10.5])
        assert signalled(rows, "nhs") == [("close", "above", [2, 4])]

    def test_the_three_are_on_one_side_and_what_is_outside_is_not_close(self) -> None:
        assert signalled(against([9.5, 12.1, 9.5, 12.1, 9.5]), "nhs") == []
        rows = against([9.5, 12.1, 13.5, 9.5, 10.5])
        assert signalled(rows, "nhs") == [("outside", "above", [3])]

    def test_it_is_what_the_reference_of_the_nhs_marks(self) -> None:
        """Drawn series, against the rules of NHSRplotthedots written out point by point."""
        draw = np.random.default_rng(11)
        for _ in range(150):
            values = draw.choice([7.0, 8.5, 9.5, 10.0, 10.5, 11.5, 12.5, 14.0], 20).tolist()
            if draw.random() < 0.3:
                values[4:12] = sorted(values[4:12])
            rows = against(values)
            marked = {place for _, _, places in signalled(rows, "nhs") for place in places}
            assert marked == reference(values, 10.0, 3.0)


def reference(values: list[float], mean: float, half: float) -> set[int]:
    """The places of the points that NHSRplotthedots flags as special cause."""
    side = [(value > mean) - (value < mean) for value in values]
    outside = [abs(value - mean) > half for value in values]
    close = [
        abs(v - mean) > half * 2 / 3 and not out for v, out in zip(values, outside, strict=True)
    ]
    marked = {place for place, out in enumerate(outside) if out}
    for end in range(6, len(values)):
        window = range(end - 6, end + 1)
        if side[end] and all(side[one] == side[end] for one in window):
            marked |= {*window}
        steps = [values[one] - values[one - 1] for one in window[1:]]
        if all(step > 0 for step in steps) or all(step < 0 for step in steps):
            marked |= {*window}
    for end in range(2, len(values)):
        window = range(end - 2, end + 1)
        if sum(close[one] for one in window) >= 2 and abs(sum(side[one] for one in window)) == 3:
            marked |= {one for one in window if close[one]}
    return {place + 1 for place in marked}


class TestSegments:
    def test_a_row_does_not_run_through_a_declared_change(self) -> None:
        """Eight months above the mean, four on either side of it."""
        rows = against([9.5, *[10.5] * 8, 9.5])
        assert len(signals(rows, "wheeler")) == 1
        assert signals(rows.assign(segment=[0] * 5 + [1] * 5), "wheeler").empty

    def test_without_limits_there_is_no_signal(self) -> None:
        assert signals(charted(points([1.0, 1, 1, 1, 99])), "wheeler").empty

    def test_equal_values_make_none(self) -> None:
        """2 ÷ 3 in the mean of ten is not 2 ÷ 3 to the last bit."""
        for value in (0.1, 2 / 3, 1.0, 0.0):
            rows = charted(points([value] * 10, [3] * 10))
            assert signals(rows, "wheeler").empty
            assert signals(rows, "nhs").empty

    def test_after_equal_values_another_one_is_outside(self) -> None:
        rows = charted(points([0.9] * 12 + [0.8]))
        assert signalled(rows, "wheeler") == [("outside", "below", [13])]

    def test_a_signal_names_its_first_and_last_month(self) -> None:
        row = signals(against([9.5, *[10.5] * 8, 9.5]), "wheeler").iloc[0]
        assert (row["first"], row["last"]) == ("2024-02", "2024-09")
        assert row["months"] == tuple(months(8, "2024-02"))

    def test_limits_that_vary_by_month_are_those_of_the_month(self) -> None:
        """0.6 of 5 tickets is within its wide limits; of 60 it would be far outside."""
        shares, n = [0.9, 0.95] * 6 + [0.6], [60] * 12
        few, many = (charted(points(shares, [*n, last])) for last in (5, 60))
        assert signals(few, "wheeler").empty
        assert signalled(many, "wheeler") == [("outside", "below", [13])]
