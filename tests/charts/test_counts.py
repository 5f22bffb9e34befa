"""Counts stand where the axis puts them.

Positions are derived by hand from the layout: the sheet is 720 units wide; the heading takes 18
units, each row of the key 24, then 16 of air; time charts leave 66 units on the left and 78 on the
right. Of rows, places are shares of the width.
"""

from __future__ import annotations

from xml.etree import ElementTree

import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from reviewlib.charts import theme
from reviewlib.charts.rows import MarkTone
from tests.chart_forms import EN, answers, causes, counts, flow, labels, spent
from tests.drawn import box, groups, points, texts


class TestFlowOverTime:
    """Bars on ticks of 0 to 400 over 180 units: 0.45 a ticket."""

    svg = charts.flow_over_time(flow(), labels(), EN)

    @pytest.mark.parametrize(
        ("name", "heights"), [("arrivals", [180, 90]), ("closures", [135, 112.5])]
    )
    def test_bars_are_as_high_as_their_counts(self, name: str, heights: list[float]) -> None:
        boxes = [box(bar) for bar in groups(self.svg, name)]
        assert [bottom - top for _, top, _, bottom in boxes] == heights

    def test_the_backlog_has_its_own_panel_below_with_the_months_aligned(self) -> None:
        middle = [(box(a)[2] + box(b)[0]) / 2 for a, b in zip(
            groups(self.svg, "arrivals"), groups(self.svg, "closures"), strict=True
        )]  # fmt: skip
        line, *marks = groups(self.svg, "backlog")
        assert [round(x, 1) for x, _ in points(line)] == [round(x, 1) for x in middle]
        assert min(y for _, y in points(line)) > max(
            box(bar)[3] for bar in groups(self.svg, "arrivals")
        )
        assert [mark.tag for mark in marks].count("use") == 2

    def test_closures_are_hatched(self) -> None:
        assert groups(self.svg, "closures")[0].attrib["fill"].startswith("url(#")
        assert groups(self.svg, "arrivals")[0].attrib["fill"] == theme.ACCENT

    def test_the_key_counts_what_came_and_went(self) -> None:
        assert {"arrivals, n = 600", "closures, n = 550"} <= texts(self.svg).keys()

    def test_the_last_backlog_is_written_beside_its_point(self) -> None:
        """576 units are 2.2 months, the last stands at 1.6: 66 + 418.9, and 10 to its words."""
        elements = ElementTree.fromstring(self.svg).iter("text")
        assert "494.91" in [t.attrib["x"] for t in elements if t.text == "50"]


class TestAnswersByQuestion:
    chart = charts.answers_by_question(answers(), labels(), EN)

    def test_parts_are_as_wide_as_their_shares_and_touch(self) -> None:
        """1, 1 and 2 of 4."""
        spans = [(mark.at, mark.to) for mark in self.chart.rows[0].marks]
        assert spans == [(0, 0.25), (0.25, 0.5), (0.5, 1)]

    def test_a_row_says_its_n_and_how_many_agree(self) -> None:
        """Under 20 answers a count is no percentage."""
        row = self.chart.rows[0]
        assert (row.note, row.value, self.chart.value) == ("n = 4", "2 of 4", "agree")
        assert row.words == "disagree 1; neither 1; agree 2"

    def test_of_twenty_a_percentage_is_given(self) -> None:
        frame = pd.DataFrame([[5, 5, 10]], ["Speed"], list(answers()))
        assert charts.answers_by_question(frame, labels(), EN).rows[0].value == "50.0%"

    def test_a_withheld_row_says_so_and_shows_nothing_else(self) -> None:
        assert self.chart.rows[1].value == "not shown: n under 5"
        assert (self.chart.rows[1].marks, self.chart.rows[1].note) == ((), "")

    def test_a_scale_without_a_middle_has_two_parts(self) -> None:
        chart = charts.answers_by_question(answers()[["disagree", "agree"]], labels(), EN)
        assert [mark.words for mark in chart.key] == ["disagree", "agree"]
        assert chart.rows[0].marks[1].tone is MarkTone.ACCENT


class TestCountsByGroup:
    chart = charts.counts_by_group(counts(), labels(), EN)

    def test_bars_are_as_long_as_their_counts_in_the_order_given(self) -> None:
        """2,000, 500 and 0: the longest is the whole width."""
        assert [row.marks[0].to for row in self.chart.rows] == [1, 0.25, 0]

    def test_every_bar_says_its_count_and_the_chart_its_total(self) -> None:
        assert [row.value for row in self.chart.rows] == ["2,000", "500", "0"]
        assert self.chart.value == "n = 2,500"


class TestShareOfTarget:
    """Twice the target over 624 units, for the open bin is as wide as the one before it."""

    svg = charts.share_of_target(spent(), labels(reference="Target"), EN)

    @pytest.mark.parametrize(
        ("name", "heights"), [("in-time", [220, 110]), ("late", [55, 55, 27.5])]
    )
    def test_bars_are_as_high_as_their_counts(self, name: str, heights: list[float]) -> None:
        """200 at the top of 220 units: 1.1 a ticket."""
        boxes = [box(bar) for bar in groups(self.svg, name)]
        assert [round(bottom - top, 2) for _, top, _, bottom in boxes] == heights

    def test_late_tickets_of_a_bin_stand_on_those_in_time(self) -> None:
        in_time, late = groups(self.svg, "in-time")[1], groups(self.svg, "late")[0]
        assert box(late)[3] == box(in_time)[1]

    def test_the_line_of_the_target_stands_between_the_bins_and_is_named(self) -> None:
        (line,) = groups(self.svg, "mark")
        assert {x for x, _ in points(line)} == {66 + 312}
        assert texts(self.svg)["Target"][0] == 66 + 312 + 6
        assert box(groups(self.svg, "in-time")[-1])[2] < 378 < box(groups(self.svg, "late")[1])[0]

    def test_edges_are_labelled_and_the_last_bin_as_endless(self) -> None:
        written = texts(self.svg)
        places = [written[text][0] for text in ("0%", "50%", "100%", "150%", "≥\u00a0150%")]
        assert places == [66, 222, 378, 534, 612]

    def test_the_key_counts_both_and_late_is_hatched(self) -> None:
        assert {"in time, n = 300", "late, n = 125", "Measure · n = 425"} <= texts(self.svg).keys()
        assert groups(self.svg, "late")[0].attrib["fill"].startswith("url(#")

    def test_a_target_beyond_every_bin_is_within_the_axes(self) -> None:
        svg = charts.share_of_target(spent()[:1], labels(reference="Target"), EN)
        assert points(groups(svg, "mark")[0])[0][0] == 720 - 30


class TestPareto:
    chart = charts.pareto(causes(), labels(), EN)

    def test_bars_are_as_long_as_their_counts_in_the_order_given(self) -> None:
        """300 and 100."""
        assert [row.marks[0].to for row in self.chart.rows] == [1, 100 / 300]

    def test_the_share_so_far_stands_beside_each_label(self) -> None:
        assert [row.note for row in self.chart.rows] == ["75.0% cumulative", "100.0% cumulative"]
        assert [row.value for row in self.chart.rows] == ["300", "100"]
        assert self.chart.value == "n = 400"
