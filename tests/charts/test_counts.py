"""Counts stand where the axis puts them.

Positions are derived by hand from the layout: the sheet is 720 units wide; the heading takes 18
units, each row of the key 24, then 16 of air; time charts leave 66 units on the left and 78 on the
right, charts of rows 226 on the left.
"""

from __future__ import annotations

from xml.etree import ElementTree

import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from reviewlib.charts import theme
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
    """478 units are 100 %: 720 - 226 - 16."""

    svg = charts.answers_by_question(answers(), labels(), EN)

    def test_segments_are_as_wide_as_their_shares_and_touch(self) -> None:
        """1, 1 and 2 of 4: 119.5, 119.5 and 239 units."""
        boxes = [box(segment) for segment in groups(self.svg, "answers")]
        assert [(left, right) for left, _, right, _ in boxes] == [
            (226, 345.5),
            (345.5, 465),
            (465, 704),
        ]

    def test_shares_are_written_into_the_segments_and_n_beside_the_row(self) -> None:
        assert {"25%", "50%", "n = 4"} <= texts(self.svg).keys()

    def test_a_withheld_row_says_so_and_shows_nothing_else(self) -> None:
        assert "not shown: n under 5" in texts(self.svg)
        assert len(groups(self.svg, "answers")) == 3
        assert sum(text.startswith("n = ") for text in texts(self.svg)) == 1

    def test_options_darken_in_their_order(self) -> None:
        fills = [segment.attrib["fill"] for segment in groups(self.svg, "answers")]
        sums = [sum(bytes.fromhex(fill[1:])) for fill in fills]
        assert sums == sorted(sums, reverse=True)

    def test_a_segment_too_narrow_for_its_share_stays_without_words(self) -> None:
        frame = pd.DataFrame([[1, 99]], index=["Speed"], columns=["bad", "good"])
        written = texts(charts.answers_by_question(frame, labels(), EN))
        assert "99%" in written
        assert "1%" not in written


class TestCountsByGroup:
    """The longest bar fills 720 - 226 - 84 = 410 units."""

    svg = charts.counts_by_group(counts(), labels(), EN)

    def test_bars_are_as_long_as_their_counts_in_the_order_given(self) -> None:
        boxes = [box(bar) for bar in groups(self.svg, "count")]
        assert [right - left for left, _, right, _ in boxes] == [410, 102.5, 0]
        assert boxes[0][1] < boxes[1][1] < boxes[2][1]

    def test_every_bar_says_its_count_and_the_chart_its_total(self) -> None:
        assert {"2,000", "500", "0", "Measure · n = 2,500"} <= texts(self.svg).keys()


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
    """The longest bar fills 720 - 226 - 164 = 330 units."""

    svg = charts.pareto(causes(), labels(), EN)

    def test_bars_are_as_long_as_their_counts_in_the_order_given(self) -> None:
        boxes = [box(bar) for bar in groups(self.svg, "count")]
        assert [right - left for left, _, right, _ in boxes] == [330, 110]
        assert boxes[0][1] < boxes[1][1]

    def test_the_cumulative_share_stands_at_the_end_under_its_heading(self) -> None:
        written = texts(self.svg)
        assert [written[text][0] for text in ("cumulative", "75.0%", "100.0%")] == [714] * 3
        assert written["cumulative"][1] < written["75.0%"][1] < written["100.0%"][1]
        assert {"300", "100", "Measure · n = 400"} <= written.keys()
