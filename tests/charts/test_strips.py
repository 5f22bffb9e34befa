"""Months say by height and colour how far they are from where they should be."""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from reviewlib.charts.rows import MarkTone
from tests.chart_forms import EN, labels, months, reported_months


class TestShareByGroupAndMonth:
    """Four months: a quarter of the width each, of which 85 % are filled."""

    chart = charts.share_by_group_and_month(months(), labels(), EN)

    def test_a_bar_stands_in_its_month(self) -> None:
        assert [mark.at for mark in self.chart.rows[0].marks] == [0, 0.25, 0.5, 0.75]
        assert self.chart.rows[0].marks[1].to == pytest.approx(0.25 + 0.85 / 4)

    def test_height_and_colour_tell_the_gap_to_the_threshold(self) -> None:
        """79 %, 80 % of 9 tickets, 80 % of 10 and 90 %, for 90 %: only 11 points are far."""
        marks = [(mark.level, mark.tone) for mark in self.chart.rows[0].marks]
        assert marks == [
            (1, MarkTone.BAD), (0.7, MarkTone.OPEN), (0.7, MarkTone.WEAK), (0.3, MarkTone.MID),
        ]  # fmt: skip

    def test_a_month_far_below_on_few_tickets_is_high_and_hollow(self) -> None:
        """79 % for 90 % is 11 points under; of 9 tickets that is hollow, of 10 it is not."""
        frame = months()[:1]
        few, enough = (
            charts.share_by_group_and_month(frame.assign(n=n), labels(), EN).rows[0].marks[0]
            for n in (9, 10)
        )
        assert (few.level, few.tone) == (1, MarkTone.OPEN)
        assert (enough.level, enough.tone) == (1, MarkTone.BAD)

    def test_without_a_threshold_a_month_is_not_judged(self) -> None:
        row = self.chart.rows[1]
        assert [(mark.kind, mark.at) for mark in row.marks] == [("gap", 0.75 + 0.85 / 8)]
        assert (row.value, row.bad) == ("0 of 0", False)

    def test_the_row_ends_with_the_months_at_the_threshold(self) -> None:
        row = self.chart.rows[0]
        note = "n = 109 · ≥\u00a090%"  # 40 + 9 + 10 + 50
        assert (row.value, row.bad, row.note) == ("1 of 4", True, note)
        assert row.words == "below the threshold: Jan 2024, Feb 2024 and Mar 2024"

    def test_or_with_what_the_chapter_makes_of_it(self) -> None:
        frame = months().assign(result="86.0%", bad=False)
        chart = charts.share_by_group_and_month(frame, labels(), EN, value="share")
        assert (chart.value, chart.rows[0].value, chart.rows[0].bad) == ("share", "86.0%", False)

    def test_a_verdict_goes_before_what_share_and_threshold_say(self) -> None:
        frame = months().assign(verdict=[True, None, False, True, None])
        row = charts.share_by_group_and_month(frame, labels(), EN).rows[0]
        assert [(mark.kind, mark.tone) for mark in row.marks] == [
            ("bar", MarkTone.MID), ("gap", MarkTone.MID), ("bar", MarkTone.WEAK),
            ("bar", MarkTone.MID),
        ]  # fmt: skip
        assert row.value == "2 of 3"

    def test_the_key_has_what_occurs_alone(self) -> None:
        words = [mark.words for mark in self.chart.key]
        assert words == [
            "at the threshold or above", "below", "below by more than 10 points",
            "below, on fewer than 10 tickets", "not judged",
        ]  # fmt: skip
        met = charts.share_by_group_and_month(months()[3:4], labels(), EN)
        assert [mark.words for mark in met.key] == ["at the threshold or above"]

    def test_a_month_that_the_frame_skips_is_left_empty(self) -> None:
        frame = months()[months()["month"] != "2024-02"]
        row = charts.share_by_group_and_month(frame, labels(), EN).rows[0]
        assert [mark.at for mark in row.marks] == [0, 0.5, 0.75]

    def test_many_months_are_counted_in_the_words(self) -> None:
        """Eight of them: six are named."""
        names = [f"2024-{month:02d}" for month in range(1, 9)]
        frame = pd.DataFrame({"label": "P1", "month": names, "share": 0.5, "threshold": 0.9})
        words = charts.share_by_group_and_month(frame, labels(), EN).rows[0].words
        assert words.endswith("Jun 2024 and 2 others")

    def test_months_without_a_number_of_tickets_have_none_and_none_below_is_in_words(self) -> None:
        frame = months()[3:4].drop(columns="n")
        row = charts.share_by_group_and_month(frame, labels(), EN).rows[0]
        assert (row.note, row.words) == ("≥\u00a090%", "never below the threshold")

    def test_a_group_without_a_month_that_is_judged_is_not_assessed(self) -> None:
        """Months without a verdict: nothing tells whether one was below."""
        frame = months().assign(verdict=None, share=float("nan"))
        assert charts.share_by_group_and_month(frame, labels(), EN).rows[0].words == "not assessed"

    def test_none_below_is_told_of_the_months_that_are_judged_alone(self) -> None:
        """Four months: one met, three without a verdict."""
        frame = months()[:4].assign(verdict=[True, None, None, None])
        row = charts.share_by_group_and_month(frame, labels(), EN).rows[0]
        assert row.words == "not below the threshold in the months judged (1 of 4)"

    def test_groups_of_the_same_label_stand_under_their_own_headings(self) -> None:
        frame = months()[:2].assign(group=["Response", "Resolution"], about="")
        rows = charts.share_by_group_and_month(frame, labels(), EN).rows
        assert [row.label for row in rows] == ["Response", "P1", "Resolution", "P1"]


class TestReportedAgainstRecomputed:
    """Gaps of +6 and −2 points: of the height 8 points, of which 2 are below the line."""

    chart = charts.reported_against_recomputed(reported_months(), labels(), EN)

    def test_bars_stand_on_the_line_or_hang_from_it(self) -> None:
        _, above, below = self.chart.rows[0].marks
        assert (above.base, above.level) == (pytest.approx(0.25), pytest.approx(0.75))
        assert (below.base, below.level) == (0, pytest.approx(0.25))
        assert (above.tone, below.tone) == (MarkTone.ACCENT, MarkTone.MID)

    def test_the_line_runs_through_all_months(self) -> None:
        line = self.chart.rows[0].marks[0]
        assert (line.at, line.to, line.tone) == (0, 1, MarkTone.GRID)

    def test_a_month_without_a_reported_figure_is_left_empty(self) -> None:
        """January and February of four months; March is not there, April was not reported."""
        assert [mark.at for mark in self.chart.rows[0].marks[1:]] == [0, 0.25]

    def test_the_key_says_how_far_at_most(self) -> None:
        assert [mark.words for mark in self.chart.key] == [
            "reported higher (in points, at most 6)", "reported lower (in points, at most 2)",
        ]  # fmt: skip

    def test_the_widest_gap_is_told_in_words(self) -> None:
        assert self.chart.rows[0].words == "Widest gap, in points: 6 (Jan 2024)"

    def test_the_widest_gap_may_be_below_what_is_recomputed(self) -> None:
        """+2 points and −6."""
        gaps = {"reported": [0.92, 0.84], "recomputed": [0.90, 0.90]}
        frame = reported_months()[:2].assign(**gaps)
        chart = charts.reported_against_recomputed(frame, labels(), EN)
        assert chart.rows[0].words == "Widest gap, in points: −6 (Feb 2024)"

    def test_a_gap_within_rounding_is_not_in_the_key(self) -> None:
        """0.04 points."""
        frame = reported_months()[:1].assign(reported=0.9004)
        assert charts.reported_against_recomputed(frame, labels(), EN).key == ()
