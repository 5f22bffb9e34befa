"""ProcessLimits of monthly points: XmR, Laney's p′, trial, fixed, computed anew."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.service.control.metrics import CHARTED, charted, current, expected, position
from tests.properties import steady

VECTOR = [92.0, 95, 94, 91, 96, 93, 90, 97]


def months(count: int, first: str = "2024-01") -> list[str]:
    return pd.period_range(first, periods=count, freq="M").strftime("%Y-%m").tolist()


def points(values: list[float], n: list[int] | None = None, first: str = "2024-01") -> pd.DataFrame:
    frame = pd.DataFrame({"month": months(len(values), first), "value": values})
    return frame.assign(n=np.nan if n is None else n, target=0.95)


def limits(rows: pd.DataFrame) -> list[tuple[float, float, float]]:
    return list(rows[["mean", "lower", "upper"]].itertuples(index=False, name=None))


class TestXmr:
    def test_limits_are_the_mean_and_2_66_mean_moving_ranges(self) -> None:
        """Mean 748 ÷ 8; ranges 3, 1, 3, 5, 3, 3, 7: 25 ÷ 7 = 3.5714, × 2.66 = 9.5."""
        rows = charted(points(VECTOR))

        assert rows["mean"].unique() == pytest.approx([93.5])
        assert rows["moving_range"].tolist()[1:] == [3, 1, 3, 5, 3, 3, 7]
        assert rows["moving_range"].mean() == pytest.approx(3.5714, abs=5e-5)
        assert rows["lower"].iloc[0] == pytest.approx(84.0)
        assert rows["upper"].iloc[0] == pytest.approx(103.0)
        assert not rows["p_prime"].any()

    def test_the_limit_of_a_moving_range_is_3_267_mean_ones(self) -> None:
        rows = charted(points(VECTOR))
        assert rows["range_limit"].unique() == pytest.approx([3.267 * 25 / 7])

    def test_no_moving_range_is_screened(self) -> None:
        """1, 1, 1, 1, 101, 1: ranges 0, 0, 0, 100, 100, of which the mean is 40, not 0."""
        rows = charted(points([1, 1, 1, 1, 101, 1]))
        assert rows["upper"].iloc[0] == pytest.approx(106 / 6 + 2.66 * 40)

    def test_equal_values_have_limits_that_are_their_mean(self) -> None:
        assert limits(charted(points([0.1] * 7))) == [(pytest.approx(0.1),) * 3] * 7

    def test_limits_may_lie_beyond_what_a_share_can_be(self) -> None:
        """Mean 0.95, ranges of 0.1: 0.95 ± 0.266."""
        rows = charted(points([0.9, 1.0] * 3))
        assert limits(rows)[0] == (pytest.approx(0.95), pytest.approx(0.684), pytest.approx(1.216))

    def test_a_month_without_a_point_is_passed_over(self) -> None:
        frame = points([1.0, 2, 4, 7, 11, 16, 22]).drop(index=2)
        rows = charted(frame)

        assert rows["moving_range"].tolist()[1:] == [1, 5, 4, 5, 6]

    def test_no_point_at_all_gives_no_row_with_every_column(self) -> None:
        rows = charted(points([]))
        assert rows.empty
        assert [*rows] == [*CHARTED]
        assert math.isnan(expected(rows).mean)


class TestStages:
    @pytest.mark.parametrize(
        ("count", "stage"),
        [(1, "none"), (5, "none"), (6, "trial"), (11, "trial"), (12, "fixed"), (13, "fixed")],
    )
    def test_there_are_none_below_six_and_they_are_on_trial_below_twelve(
        self, count: int, stage: str
    ) -> None:
        rows = charted(points([float(value % 5) for value in range(count)]))

        assert rows["stage"].tolist() == [stage] * count
        assert rows["mean"].isna().all() == (stage == "none")

    def test_those_of_the_first_twelve_stay(self) -> None:
        """Twelve months of 1 and 2: mean 1.5, ranges of 1. A thirteenth of 100 moves nothing."""
        rows = charted(points([1.0, 2.0] * 6 + [100.0]))
        assert limits(rows) == [(1.5, pytest.approx(-1.16), pytest.approx(4.16))] * 13

    def test_those_on_trial_move_with_each_month(self) -> None:
        six, seven = (charted(points([1.0, 2.0] * 3 + more)) for more in ([], [8.5]))
        assert limits(six)[0][0] == 1.5
        assert limits(seven)[0][0] == 2.5  # 17.5 ÷ 7

    @steady(60)
    @given(st.lists(st.tuples(st.integers(1, 60), st.floats(0, 1)), min_size=12, max_size=30))
    def test_no_later_month_moves_the_limits_of_an_earlier_one(
        self, drawn: list[tuple[int, float]]
    ) -> None:
        """From the twelfth on, whatever comes, of whatever number of tickets."""
        n = [count for count, _ in drawn]
        frame = points([round(share * count) / count for count, share in drawn], n)
        whole, begun = charted(frame), charted(frame[:12])

        pd.testing.assert_frame_equal(whole[:12], begun)


class TestComputedAnew:
    def test_a_declared_change_begins_other_limits(self) -> None:
        """Six months of 1 and 2, then seven of 11 and 12 (of 11: four): 80 ÷ 7 in the mean."""
        rows = charted(points([1.0, 2.0] * 3 + [11.0, 12.0] * 3 + [11.0]), ["2024-07"])

        assert rows["segment"].tolist() == [0] * 6 + [1] * 7
        assert rows["mean"].round(9).unique().tolist() == [1.5, round(80 / 7, 9)]
        assert math.isnan(rows["moving_range"].iloc[6])
        assert current(rows)["month"].iloc[0] == "2024-07"

    def test_since_it_there_may_be_none_yet(self) -> None:
        rows = charted(points([1.0, 2.0] * 6), ["2024-08"])
        assert rows["stage"].tolist() == ["trial"] * 7 + ["none"] * 5
        assert math.isnan(expected(rows).mean)

    def test_changes_before_the_first_month_or_after_the_last_or_twice_make_no_other(self) -> None:
        frame = points([1.0, 2.0] * 6)
        once = charted(frame, ["2024-07"])
        often = charted(frame, ["2020-01", "2024-01", "2024-07", "2024-07", "2025-01"])

        pd.testing.assert_frame_equal(once, often)


def laney(shares: list[float], n: list[int]) -> list[tuple[float, float, float]]:
    """Laney's p′ point by point: z scores, their moving range, σ of z = its mean ÷ 1.128."""
    pooled = sum(p * count for p, count in zip(shares, n, strict=True)) / sum(n)
    sigma = [math.sqrt(pooled * (1 - pooled) / count) for count in n]
    z = [(p - pooled) / s for p, s in zip(shares, sigma, strict=True)]
    moved = [abs(after - before) for before, after in pairwise(z)]
    sigma_z = sum(moved) / len(moved) / 1.128
    return [(pooled, pooled - 3 * s * sigma_z, pooled + 3 * s * sigma_z) for s in sigma]


class TestLaney:
    SHARES, N = [0.75, 0.5, 0.25, 0.5, 0.75, 0.4375], [4, 16, 4, 16, 4, 16]

    def test_limits_are_wider_where_there_are_fewer_tickets(self) -> None:
        """30 of 60: 0.5. σ = 0.25 for 4, 0.125 for 16; z = 1, 0, −1, 0, 1, −0.5: ranges
        1, 1, 1, 1, 1.5, mean 1.1, σ of z 1.1 ÷ 1.128 = 0.97518: ± 0.73138 and ± 0.36569.
        """
        rows = charted(points(self.SHARES, self.N))

        assert rows["p_prime"].all()
        assert limits(rows)[0] == pytest.approx((0.5, -0.231383, 1.231383), abs=1e-6)
        assert limits(rows)[1] == pytest.approx((0.5, 0.134309, 0.865691), abs=1e-6)
        assert rows["range_limit"].isna().all()

    def test_they_are_those_of_laneys_formulas(self) -> None:
        draw = np.random.default_rng(7)
        n = draw.integers(12, 90, 12).tolist()
        shares = [int(draw.binomial(count, draw.uniform(0.7, 0.98))) / count for count in n]

        rows = charted(points(shares, n))
        assert limits(rows) == [pytest.approx(line) for line in laney(shares, n)]

    @pytest.mark.parametrize(("most", "p_prime"), [(19, False), (20, True)])
    def test_they_are_taken_where_n_varies_twofold(self, most: int, p_prime: bool) -> None:
        rows = charted(points([0.8, 0.9] * 3, [10, most, 10, most, 10, most]))
        assert rows["p_prime"].tolist() == [p_prime] * 6

    def test_a_later_month_of_another_number_has_them_alone(self) -> None:
        """Twelve months of 40 tickets have the limits of XmR; of one of 5 those are of Laney,
        with the twelve's pooled share 0.85 and the moving range of their z scores: ranges of 0.1,
        that is 0.1 ÷ √(0.85 × 0.15 ÷ 40) each.
        """
        rows = charted(points([0.8, 0.9] * 6 + [0.8, 0.6], [40] * 12 + [41, 5]))
        moved = 0.1 / math.sqrt(0.85 * 0.15 / 40) / 1.128
        wide = 3 * moved * math.sqrt(0.85 * 0.15 / 5)

        assert rows["p_prime"].tolist() == [False] * 13 + [True]
        assert limits(rows)[12] == pytest.approx((0.85, 0.85 - 0.266, 0.85 + 0.266))
        assert limits(rows)[13] == pytest.approx((0.85, 0.85 - wide, 0.85 + wide))

    @pytest.mark.parametrize("share", [0.0, 1.0])
    def test_where_all_or_none_are_in_time_the_limits_are_that(self, share: float) -> None:
        rows = charted(points([share] * 6, [3, 9, 4, 8, 3, 20]))
        assert limits(rows) == [(share, share, share)] * 6

    def test_the_next_month_is_expected_in_those_of_the_median_number(self) -> None:
        """4, 16, 4, 16, 4, 16: the median is 10, σ = √(0.25 ÷ 10)."""
        wide = 3 * math.sqrt(0.025) * 1.1 / 1.128
        limits = expected(charted(points(self.SHARES, self.N)))
        assert limits.upper - limits.mean == pytest.approx(wide)


class TestPosition:
    """Mean 93.5, limits 84.0 and 103.0."""

    @pytest.mark.parametrize(
        ("target", "place"),
        [
            (80.0, "above"), (84.0, "above"), (84.1, "within"), (95.0, "within"),
            (103.0, "within"), (103.1, "below"), (math.nan, ""),
        ],
    )  # fmt: skip
    def test_a_target_is_met_at_every_level_at_some_or_at_none(
        self, target: float, place: str
    ) -> None:
        assert position(expected(charted(points(VECTOR))), target) == place

    def test_without_limits_there_is_no_telling(self) -> None:
        assert position(expected(charted(points(VECTOR[:5]))), 95.0) == ""

    def test_a_process_that_never_moves_meets_the_target_that_it_is_at(self) -> None:
        assert position(expected(charted(points([0.9] * 6))), 0.9) == "above"
