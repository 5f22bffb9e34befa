"""Shares stand where their scale puts them: the places of marks are shares of the width."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from reviewlib.charts.rows import ChartRow, MarkTone
from reviewlib.charts.shares import share_scale
from tests.chart_forms import EN, FR, labels, readings, shares_by_group


def places(row: ChartRow, kind: str) -> list[float]:
    return [round(mark.at, 4) for mark in row.marks if mark.kind == kind]


def spans(row: ChartRow, kind: str) -> list[tuple[float, float]]:
    """Where the marks of a kind begin and end, but for the track."""
    drawn = (mark for mark in row.marks if mark.tone is not MarkTone.GRID)
    return [(round(mark.at, 4), round(mark.to, 4)) for mark in drawn if mark.kind == kind]


class TestScale:
    @pytest.mark.parametrize(
        ("shares", "ticks"),
        [
            ([0.83, 0.99], ["80%", "85%", "90%", "95%", "100%"]),
            ([0.6, 0.98], ["60%", "70%", "80%", "90%", "100%"]),
            ([0.995, 0.999], ["99.5%", "99.6%", "99.7%", "99.8%", "99.9%"]),
            ([1.0, 1.0], ["99.9%", "100%"]),
            ([0.0, 0.0], ["0%", "0.1%"]),
        ],
    )
    def test_its_ends_are_round_and_within_nothing_and_all(
        self, shares: list[float], ticks: list[str]
    ) -> None:
        """Four steps at most of 0.1, 0.2, 0.5, 1, 2, 5, 10 or 20 points, which hold the shares."""
        _, axis = share_scale(pd.Series(shares), EN)
        assert [words for _, words in axis] == ticks
        assert (axis[0][0], axis[-1][0]) == (0, 1)

    def test_of_no_share_at_all_it_is_whole(self) -> None:
        assert share_scale(pd.Series([np.nan]), EN)[0].at(0.5) == 0.5


class TestShareByGroup:
    """From 60 to 98 %: ticks of 60 to 100 %, so that 90 % stands at 30 of 40 points, 0.75."""

    chart = charts.share_by_group(shares_by_group(), labels(), EN)

    def test_dots_intervals_and_targets_stand_where_the_scale_puts_them(self) -> None:
        assert [places(row, "dot") for row in self.chart.rows] == [[0.75], [0.875], [0.5]]
        assert [places(row, "tick") for row in self.chart.rows] == [[0.875], [0.75], []]
        assert [spans(row, "band") for row in self.chart.rows] == [
            [(0, 0.95)], [(0.75, 0.925)], [(0.25, 0.7)]
        ]  # fmt: skip

    def test_the_scale_is_printed_once(self) -> None:
        words = [words for _, words in self.chart.axis]
        assert words == ["60%", "70%", "80%", "90%", "100%"]

    def test_what_is_missed_is_red_in_mark_and_value_and_told_in_words(self) -> None:
        """90 % for 95 %, and 95 % for 90 %; of n = 12 no interval is printed."""
        first, second, third = self.chart.rows
        assert (first.bad, second.bad, third.bad) == (True, False, False)
        tones = [mark.tone for row in self.chart.rows for mark in row.marks if mark.kind == "dot"]
        assert tones == [MarkTone.BAD, MarkTone.ACCENT, MarkTone.ACCENT]
        assert first.words == "target 95%; missed"
        assert second.words == "90.0% to 97.0%; target 90%; met"
        assert third.words == "70.0% to 88.0%"

    def test_what_is_missed_or_met_within_chance_is_hollow_and_its_value_is_not_red(self) -> None:
        """90 % for 95 % within 60 to 98 %; 95 % for 90 % with an end of its interval at 90 %."""
        frame = shares_by_group().assign(by_chance=[True, True, False])
        chart = charts.share_by_group(frame, labels(), EN)
        assert [places(row, "ring") for row in chart.rows] == [[0.75], [0.875], []]
        assert [row.bad for row in chart.rows] == [False, False, False]
        tones = [mark.tone for row in chart.rows for mark in row.marks if mark.kind == "ring"]
        assert tones == [MarkTone.BAD, MarkTone.ACCENT]
        assert chart.rows[0].words == "target 95%; missed, within chance"
        assert "within chance: its interval has the target" in [mark.words for mark in chart.key]
        assert "ring" not in [mark.kind for mark in self.chart.key]

    def test_each_label_has_its_n_and_its_target(self) -> None:
        assert [row.note for row in self.chart.rows] == [
            "n = 12 · ≥\u00a095%", "n = 1,812 · ≥\u00a090%", "n = 40",
        ]  # fmt: skip
        assert [row.value for row in self.chart.rows] == ["90.0%", "95.0%", "80.0%"]

    def test_a_verdict_goes_before_what_share_and_target_say(self) -> None:
        """As of a month-by-month clause, which has none over the whole."""
        chart = charts.share_by_group(shares_by_group().assign(verdict=None), labels(), EN)
        assert not any(row.bad for row in chart.rows)
        assert [row.words for row in chart.rows[:2]] == [
            "target 95%", "90.0% to 97.0%; target 90%",
        ]  # fmt: skip

    def test_of_fewer_than_twenty_the_share_is_a_count(self) -> None:
        frame = shares_by_group().assign(k=[11, 1721, 32])
        values = [row.value for row in charts.share_by_group(frame, labels(), FR).rows]
        assert values == ["11 sur 12", "95,0\u202f%", "80,0\u202f%"]

    def test_bounds_are_a_thin_line_and_stand_for_a_share_that_is_not_known(self) -> None:
        """From 60 to 98 %: 0 and 38 of 40 points."""
        frame = shares_by_group()[:1].assign(share=np.nan, low=np.nan, high=np.nan)
        frame = frame.assign(least=0.6, most=0.98)
        (row,) = charts.share_by_group(frame, labels(), EN, bounds="what pauses leave").rows
        assert spans(row, "line") == [(0, 0.95)]
        assert places(row, "dot") == []
        assert row.value == "60.0% to 98.0%"
        assert row.words == "what pauses leave: 60.0% to 98.0%; target 95%"

    def test_a_withheld_share_says_so(self) -> None:
        frame = shares_by_group()[1:2].assign(share=np.nan, low=np.nan, high=np.nan)
        (row,) = charts.share_by_group(frame, labels(), EN).rows
        assert row.value == "not shown: n under 5"

    def test_rows_of_a_group_stand_under_one_heading_with_its_article(self) -> None:
        frame = shares_by_group().assign(group=["A", "A", "B"], about=["Art. 1", "Art. 1", ""])
        rows = charts.share_by_group(frame, labels(), EN).rows
        assert [(row.label[:2], row.style, row.note[:6]) for row in rows if row.style] == [
            ("A", "group", "Art. 1"), ("B", "group", ""),
        ]  # fmt: skip
        assert [row.label[:2] for row in rows] == ["A", "P1", "P2", "B", "<s"]


class TestShareByReading:
    """80 to 90 %: ticks of 80, 85 and 90 %."""

    chart = charts.share_by_reading(readings(), labels(), EN)

    def test_all_readings_stand_in_the_row_of_their_clause_on_one_span(self) -> None:
        """The contract's own at 90 %, the others at 80 and 86 %, the threshold at 85 %."""
        row = self.chart.rows[0]
        assert (places(row, "dot"), places(row, "tick")) == ([1], [0.5])
        assert places(row, "ring") == [0, 0.6]
        assert spans(row, "line") == [(0, 1)]

    def test_the_contracts_reading_is_the_value_of_its_row(self) -> None:
        values = [(row.value, row.note) for row in self.chart.rows if not row.style]
        assert values == [("90.0%", "n = 412 · ≥\u00a085%"), ("85.0%", "n = 12")]

    def test_the_two_that_differ_most_are_named_below_it_with_their_shares(self) -> None:
        named = [row for row in self.chart.rows if row.style == "sub"]
        assert [(row.label[:8], row.value) for row in named] == [
            ("<script>", "80.0%"), ("round th", "86.0%"),
        ]  # fmt: skip
        assert [places(row, "ring") for row in named] == [[0], [0.6]]

    def test_a_reading_that_misses_the_threshold_is_red(self) -> None:
        """80 % for 85 %; 86 % is above it."""
        assert [row.bad for row in self.chart.rows] == [False, True, False, False]

    def test_readings_that_agree_still_have_a_scale(self) -> None:
        """90 %: from 90.0 to 90.1 %."""
        alone = readings()[:1].assign(threshold=np.nan)
        chart = charts.share_by_reading(alone, labels(), EN)
        assert len(chart.rows) == 1
        assert [words for _, words in chart.axis] == ["90%", "90.1%"]
