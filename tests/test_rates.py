"""Shares, their intervals and the counts that they rest on."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.rates import CHANCE, OUTCOMES, compliance, difference, kept, kept_or_not, wilson

OUTCOME = st.sampled_from(OUTCOMES)
PRIORITY = st.sampled_from(["P1", "P2", None])


@pytest.mark.parametrize(
    ("met", "n", "low", "high"),
    [(19, 20, 76.4, 99.1), (20, 20, 83.9, 100.0), (95, 100, 88.8, 97.8), (11, 12, 64.6, 98.5)],
)
def test_wilson_gives_the_published_intervals(met: int, n: int, low: float, high: float) -> None:
    """19/20 by hand, z = 1.96: (0.95 + 0.09604 ± 1.96·√(0.002375 + 0.0024)) / 1.19208.

    = (1.04604 ± 0.13544) / 1.19208 = 0.764 to 0.991; Wald would exceed 100 %.
    """
    assert [round(100 * edge, 1) for edge in wilson(met, n)] == [low, high]


def test_wilson_of_no_trial_is_undefined() -> None:
    assert all(math.isnan(edge) for edge in wilson(0, 0))


@pytest.mark.parametrize(
    ("met", "n", "threshold", "held"),
    [
        (11, 12, 0.95, False),  # 91.67 %
        (19, 20, 0.95, True),  # exactly
        (9_496, 10_000, 0.95, False),  # 94.96 %, which prints as 95.0 %
        (999, 1_000, 99.9 / 100, True),  # 99.9 / 100 is 0.9990000000000001 in binary
        (998, 1_000, 99.9 / 100, False),
        (1, 1, 1.0, True),
        (0, 1, 0.0, True),
    ],
)
def test_a_threshold_is_compared_without_rounding(
    met: int, n: int, threshold: float, held: bool
) -> None:
    assert kept(met, n, threshold) is held


def test_a_difference_of_two_shares_is_tested_as_a_difference() -> None:
    """90 of 100 and 80 of 100: pooled 0.85, √(0.85 · 0.15 · 0.02) = 0.0505; 0.1 / 0.0505 = 1.98.

    Their intervals overlap (82.6 to 94.5 and 71.1 to 86.7), and yet chance gives less.
    """
    apart, z = difference((90, 100), (80, 100))

    assert (apart, z) == (pytest.approx(0.1), pytest.approx(0.1 / math.sqrt(0.1275 * 0.02)))
    assert z > CHANCE
    assert wilson(90, 100)[0] < wilson(80, 100)[1]


def test_two_shares_of_all_or_nothing_differ_by_nothing() -> None:
    assert difference((5, 5), (7, 7)) == (0, 0)


def frame(*outcomes: str, **by: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"outcome": list(outcomes)} | by)


def test_the_share_is_of_met_and_breached_alone() -> None:
    """2 met, 1 breached, 1 running, 1 excluded, 1 unknown: 2/3; at worst 2/5, at best 4/5."""
    others = ("breached", "running", "excluded", "unknown")
    counts = compliance(frame("met", "met", *others), []).iloc[0]

    assert counts[["met", *others, "total", "n"]].tolist() == [2, 1, 1, 1, 1, 6, 3]
    assert counts[["share", "worst", "best"]].tolist() == pytest.approx([2 / 3, 2 / 5, 4 / 5])
    assert counts[["low", "high"]].tolist() == pytest.approx(wilson(2, 3))


def test_where_pauses_are_unknown_there_are_bounds_and_no_share() -> None:
    """2 met, 1 breached, 1 late or paused, 1 running: of 4 decided; 2/5 to (2 + 1 + 1)/5."""
    outcomes = frame("met", "met", "breached", "late_or_paused", "running")
    counts = compliance(outcomes, []).iloc[0]

    assert counts[["n", "total"]].tolist() == [4, 5]
    assert counts[["share", "low", "high"]].isna().all()
    assert counts[["worst", "best"]].tolist() == pytest.approx([2 / 5, 4 / 5])


@pytest.mark.parametrize(
    ("met", "late_or_paused", "n", "held"),
    [
        (18, 2, 20, None),  # 90 % to 100 %
        (19, 1, 20, True),  # 95 % at least
        (17, 1, 20, False),  # 90 % at most
        (17, 2, 20, None),  # 95 % at most, which would do
    ],
)
def test_a_verdict_that_unknown_pauses_cannot_change_is_given(
    met: int, late_or_paused: int, n: int, held: bool | None
) -> None:
    assert kept_or_not(met, late_or_paused, n, 0.95) is held


def test_no_ticket_has_counts_of_nothing_and_no_share() -> None:
    counts = compliance(frame(), []).iloc[0]

    assert counts[[*OUTCOMES, "total", "n"]].tolist() == [0] * 8
    assert counts[["share", "low", "high", "worst", "best"]].isna().all()


def test_no_ticket_in_groups_is_no_row() -> None:
    counts = compliance(frame(priority=[]), ["priority"])

    assert counts.empty
    assert {
        "priority", *OUTCOMES, "total", "n", "uncertain", "undated", "share", "low", "high",
        "worst", "best",
    } == {*counts}  # fmt: skip


def test_only_running_tickets_have_bounds_and_no_share() -> None:
    counts = compliance(frame("running", "running"), []).iloc[0]

    assert math.isnan(counts["share"])
    assert counts[["worst", "best"]].tolist() == [0, 1]


def test_excluded_tickets_alone_have_no_bounds() -> None:
    assert compliance(frame("excluded"), [])[["share", "worst", "best"]].isna().all(axis=None)


def test_tickets_without_a_priority_are_a_group_of_their_own() -> None:
    counts = compliance(
        frame("met", "unknown", clause=["R", "R"], priority=["P1", None]), ["clause", "priority"]
    )

    assert counts["total"].tolist() == [1, 1]
    assert counts["priority"].isna().tolist() == [False, True]


@given(st.lists(st.tuples(PRIORITY, OUTCOME), max_size=40))
def test_the_classes_add_up_in_each_row_and_over_all(
    pairs: list[tuple[str | None, str]],
) -> None:
    table = pd.DataFrame(pairs, columns=["priority", "outcome"])
    counts = compliance(table, ["priority"])

    assert (counts[list(OUTCOMES)].sum(axis="columns") == counts["total"]).all()
    assert counts["total"].sum() == len(pairs)
    assert counts["share"].notna().equals((counts["n"] > 0) & (counts["late_or_paused"] == 0))
    decided = counts[counts["share"].notna()]
    assert (decided["worst"] <= decided["share"]).all()
    assert (decided["share"] <= decided["best"]).all()
    assert decided["share"].between(decided["low"] - 1e-9, decided["high"] + 1e-9).all()
