"""How long resolutions took, on durations summed up by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.metrics import durations

from . import desk


def summed(*values: float) -> pd.Series:
    return durations.summary(pd.Series(values)).iloc[0]


def test_the_percentile_is_interpolated_linearly() -> None:
    """[1, 2, 3, 4, 10]: 90 % of the way from the 1st to the 5th is 4.6, so 4 + 0.6·6 = 7.6."""
    found = summed(10, 1, 4, 2, 3)

    assert found[["n", "median", "mean"]].tolist() == [5, 3, 4]
    assert found["p90"] == pytest.approx(7.6)


def test_the_mean_hides_how_many_took_less_and_how_much_the_slowest_took() -> None:
    """Nineteen of 1 h and one of 81 h: the mean is 5 h, 95 % took less.

    The slowest tenth are two of them: 82 of 100 h.
    """
    found = summed(*[1] * 19, 81)

    assert found["mean"] == 5
    assert found["below_mean"] == 0.95
    assert found["slowest"] == 0.82


@pytest.mark.parametrize("values", [(0.1,), (0.1, 0.1, 0.1), (7.7,) * 13])
def test_equal_durations_are_not_below_their_mean(values: tuple[float, ...]) -> None:
    """In binary the mean of three times 0.1 is more than 0.1."""
    found = summed(*values)

    assert found["below_mean"] == 0
    assert found[["median", "p90", "mean"]].tolist() == pytest.approx([values[0]] * 3)


def test_the_slowest_tenth_is_one_duration_at_least() -> None:
    assert summed(3)["slowest"] == 1
    assert summed(1, 8, 1)["slowest"] == 0.8


def test_resolutions_at_the_opening_take_no_time_and_have_no_slowest() -> None:
    found = summed(0, 0)

    assert found[["median", "p90", "mean", "below_mean"]].tolist() == [0, 0, 0, 0]
    assert pd.isna(found["slowest"])


def test_hours_are_of_24_a_day_and_leave_out_what_is_not_resolved() -> None:
    """A Friday at 18:00 to the Monday at 9:00 are 63 h; a day of summer time has 23."""
    opened = [desk.at("2026-01-09T18:00"), desk.at("2026-03-29T00:00"), desk.at("2026-01-09T18:00")]
    resolved = [desk.at("2026-01-12T09:00"), desk.at("2026-03-30T00:00"), pd.NaT]
    found = durations.hours(pd.Series(opened), pd.Series(resolved, dtype="datetime64[s, UTC]"))

    assert found.to_dict() == {0: 63, 1: 23}


def test_groups_are_summed_up_apart_and_a_missing_one_too() -> None:
    values = pd.Series([1.0, 3.0, 5.0], index=["T1", "T2", "T4"])
    groups = pd.Series(["P1", "P1", "P2", None], index=["T1", "T2", "T3", "T4"])
    found = durations.summary(values, groups)

    assert found["n"].tolist() == [2, 1]
    assert found["median"].tolist() == [2, 5]
    assert found.index.isna().tolist() == [False, True]
