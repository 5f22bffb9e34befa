"""Shares stand where the axis puts them.

Positions are derived by hand from the layout: the sheet is 720 units wide; the heading takes 18
units, each row of the key 24, then 16 of air; time charts leave 66 units on the left and 78 on the
right, charts of rows 226 on the left.
"""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.charts import theme
from reviewlib.charts.common import Labels
from tests.chart_forms import (
    EN,
    FR,
    cells,
    labels,
    readings,
    reported_months,
    shares_by_group,
    shares_by_month,
)
from tests.drawn import box, dots, groups, points, shapes, texts


class TestShareOverTime:
    """Ticks of 80 to 100 %, so 12 units a point: 100 % at 18 + 2 × 24 + 16 = 82, 80 % at 322.

    576 units hold three months: they stand at 66 + 96 = 162, 354 and 546.
    """

    svg = charts.share_over_time(shares_by_month(), Labels("f", "Measure"), EN)

    def test_shares_stand_where_the_axis_puts_them(self) -> None:
        assert dots(self.svg, "missed") == [(162, 262)]  # 85 %: 82 + 15 × 12
        assert dots(self.svg, "met") == [(354, 130)]  # 96 %: 82 + 4 × 12
        assert dots(self.svg, "provisional") == [(546, 202)]  # 90 %

    def test_the_threshold_is_a_step_from_90_to_95_percent_at_the_border_of_the_months(
        self,
    ) -> None:
        (line,) = groups(self.svg, "threshold")
        corners = [point for point in dict.fromkeys(points(line)) if point[0] in (66, 258, 642)]
        assert corners == [(66, 202), (258, 202), (258, 142), (642, 142)]

    def test_both_levels_of_the_threshold_are_labelled_beside_their_lines(self) -> None:
        drawing = ElementTree.fromstring(self.svg)
        written = [(t.text, float(t.attrib["x"])) for t in drawing.iter("text")]
        assert ("90%", 66 + 2) in written
        assert ("95%", 642 + 8) in written

    def test_intervals_reach_from_low_to_high(self) -> None:
        lines = [points(line) for line in groups(self.svg, "interval")]
        assert [(x, round(y)) for x, y in lines[1]] == [(162, 322), (162, 214)]  # 80 to 89 %

    def test_a_provisional_month_is_hollow_and_its_interval_is_dashed(self) -> None:
        assert [dot.get("fill") for dot in groups(self.svg, "provisional")] == [theme.PAPER]
        dashed = [line.get("stroke-dasharray") is not None for line in groups(self.svg, "interval")]
        assert dashed == [False, False, True]

    def test_n_stands_under_every_month(self) -> None:
        written = texts(self.svg)
        assert [written[n][0] for n in ("1,240", "310", "45")] == [162, 354, 546]
        assert "n" in written

    def test_months_are_named_and_the_year_is_said_once(self) -> None:
        written = [t.text for t in ElementTree.fromstring(self.svg).iter("text")]
        assert [written.count(text) for text in ("Nov", "Dec", "Jan", "2024", "2025")] == [1] * 5

    def test_verdicts_differ_in_shape_and_not_only_in_colour(self) -> None:
        root = ElementTree.fromstring(self.svg)
        shapes = {f"#{path.get('id')}": path.get("d") for path in root.iter("path")}
        drawn = {shapes[groups(self.svg, name)[0].get("href", "")] for name in ("met", "missed")}
        assert len(drawn) == 2

    def test_a_month_that_equals_the_threshold_has_met_it(self) -> None:
        month = shares_by_month()[:1].assign(share=0.9)
        svg = charts.share_over_time(month, labels(), EN)
        assert len(dots(svg, "met")) == 1
        assert dots(svg, "missed") == []

    def test_without_threshold_there_is_neither_line_nor_verdict(self) -> None:
        svg = charts.share_over_time(shares_by_month().drop(columns="threshold"), labels(), EN)
        assert groups(svg, "threshold") == []
        assert len(dots(svg, "share")) == 2
        assert dots(svg, "met") + dots(svg, "missed") == []

    def test_a_month_that_the_frame_skips_is_left_empty(self) -> None:
        """Two months of three, so the outer ones keep their places and nothing stands between."""
        svg = charts.share_over_time(shares_by_month()[::2], labels(), EN)
        assert dots(svg, "missed")[0][0] == 162
        assert dots(svg, "provisional")[0][0] == 546
        assert texts(svg)["0"][0] == 354  # its n

    def test_a_month_without_share_keeps_its_n(self) -> None:
        frame = shares_by_month()
        frame.loc[1, ["share", "low", "high"]] = np.nan
        frame.loc[1, "n"] = 0
        svg = charts.share_over_time(frame, labels(), EN)
        assert dots(svg, "met") == []
        assert texts(svg)["0"][0] == 354

    def test_n_stands_upright_where_months_are_narrow(self) -> None:
        """48 months have 12 units each: four digits can only stand upright, and every other one."""
        months = [str(month) for month in pd.period_range("2020-01", periods=48, freq="M")]
        frame = pd.DataFrame({"month": months, "n": range(1000, 1048)}).assign(
            share=0.9, low=0.89, high=0.91, provisional=False
        )
        svg = charts.share_over_time(frame, labels(), FR)
        turned = [
            t.text for t in ElementTree.fromstring(svg).iter("text") if "transform" in t.attrib
        ]
        assert turned[:2] == ["1\u202f000", "1\u202f002"]
        assert len(turned) == 24


class TestShareByGroup:
    """Ticks of 60 to 100 % over 720 - 226 - 84 = 410 units: 10.25 a point, 60 % at 226."""

    svg = charts.share_by_group(shares_by_group(), labels(), EN)

    def test_dots_and_targets_stand_where_the_axis_puts_them(self) -> None:
        assert [x for x, _ in dots(self.svg, "share")] == [533.5, 584.75, 431]
        assert [x for x, _ in dots(self.svg, "target")] == [584.75, 533.5]

    def test_rows_keep_their_order_from_the_top_at_even_distance(self) -> None:
        """Two lines of words and one of n, 18 units each, and 14 of air: 68 a row."""
        heights = [y for _, y in dots(self.svg, "share")]
        assert np.diff(heights).tolist() == [68, 68]

    def test_each_label_has_its_n_and_each_row_its_value(self) -> None:
        written = texts(self.svg)
        assert {"P1", "n = 12", "n = 1,812", "90.0%", "95.0%", "80.0%"} <= written.keys()

    def test_the_target_says_its_value_above_its_mark(self) -> None:
        x, y = texts(self.svg)["95%"]
        assert x == dots(self.svg, "target")[0][0]
        assert y < dots(self.svg, "target")[0][1]


class TestShareByGroupAndMonth:
    """486 units hold three months: 162 each."""

    svg = charts.share_by_group_and_month(*cells(), labels(), EN)

    def test_cells_say_share_and_n_and_stand_in_their_month(self) -> None:
        written = texts(self.svg)
        assert [written[text][0] for text in ("80", "99", "100")] == [307, 469, 631]
        assert [written[text][0] for text in ("10", "500", "30")] == [307, 469, 631]

    def test_only_a_full_cell_says_100(self) -> None:
        """99.8 % would round to 100."""
        drawn_texts = [t.text for t in ElementTree.fromstring(self.svg).iter("text")]
        assert (drawn_texts.count("99"), drawn_texts.count("100")) == (1, 1)

    def test_what_is_withheld_is_hatched_and_what_never_happened_is_empty(self) -> None:
        (hatched,) = groups(self.svg, "withheld")
        assert box(hatched)[::2] == (388, 550)  # the second month
        assert hatched.attrib["fill"].startswith("url(#")
        assert "not shown: n under 5" in texts(self.svg)

    def test_higher_shares_are_darker(self) -> None:
        fills = [cell.attrib["fill"] for cell in groups(self.svg, "share")]
        light = [sum(bytes.fromhex(fill[1:])) for fill in fills if fill != "none"]
        assert light[0] > light[3] > light[1] > light[2]  # 80, 90, 99.8, 100 %


class TestShareByReading:
    """80 to 90 % and a point on both sides: ticks of 75 to 95 % over 410 units, 20.5 a point."""

    svg = charts.share_by_reading(readings(), labels(), EN)

    def test_the_span_of_a_row_holds_all_of_its_readings(self) -> None:
        first, second = (box(span) for span in groups(self.svg, "span"))
        assert (first[0], first[2]) == (226 + 5 * 20.5, 226 + 15 * 20.5)
        assert second[0] == second[2] == 226 + 10 * 20.5

    def test_the_contracts_dot_differs_from_those_of_the_others(self) -> None:
        assert [x for x, _ in dots(self.svg, "contract")] == [533.5, 431]
        assert [x for x, _ in dots(self.svg, "reading")] == [328.5, 226 + 11 * 20.5]
        assert {dot.get("fill") for dot in groups(self.svg, "reading")} == {theme.PAPER}

    def test_each_reading_has_its_own_lane_and_shape(self) -> None:
        marks = [groups(self.svg, "contract")[0], *groups(self.svg, "reading")]
        drawn = {f"#{path.get('id')}": path.get("d") for path in shapes(self.svg)}
        assert len({drawn[mark.get("href", "")] for mark in marks}) == 3
        heights = [float(mark.attrib["y"]) for mark in marks]
        assert np.diff(heights).round(1).tolist() == [9, 9]

    def test_the_threshold_runs_through_its_row_alone(self) -> None:
        (line,) = groups(self.svg, "threshold")
        assert {x for x, _ in points(line)} == {431}
        assert texts(self.svg)["85%"][0] == 431

    def test_the_contracts_share_and_n_are_written(self) -> None:
        assert {"90.0%", "n = 412", "85.0%", "n = 12"} <= texts(self.svg).keys()

    def test_readings_that_agree_still_have_an_axis(self) -> None:
        """A point on both sides of 90 %: the dot stands in the middle."""
        svg = charts.share_by_reading(readings()[:1].assign(threshold=np.nan), labels(), EN)
        assert dots(svg, "contract")[0][0] == 226 + 205


class TestReportedAgainstRecomputed:
    """90 to 96 % and a point on both sides: ticks of 88 to 98 % over 240 units, 24 a point, from
    18 + 24 + 16 = 58. Two months of 288 units.
    """

    svg = charts.reported_against_recomputed(reported_months(), labels(), EN)

    def test_both_marks_stand_where_the_axis_puts_them(self) -> None:
        assert dots(self.svg, "reported") == [(210, 106)]
        assert dots(self.svg, "recomputed") == [(210, 250), (498, 154)]

    def test_a_line_joins_them_where_both_are_known(self) -> None:
        (gap,) = groups(self.svg, "gap")
        assert [(x, round(y)) for x, y in points(gap)] == [(210, 106), (210, 250)]

    def test_equal_figures_are_both_seen(self) -> None:
        """The mark of what was reported is larger, hollow and below."""
        svg = charts.reported_against_recomputed(
            reported_months()[:1].assign(reported=0.9), labels(), EN
        )
        assert dots(svg, "reported") == dots(svg, "recomputed")
        assert groups(svg, "reported")[0].get("fill") == theme.PAPER
        assert svg.index("chart-reported") < svg.index("chart-recomputed")

    def test_threshold_and_n_are_drawn_where_they_are_known(self) -> None:
        assert {"95%", "120", "80", "n"} <= texts(self.svg).keys()
        bare = charts.reported_against_recomputed(
            reported_months()[list(reported_months())[:3]], labels(), EN
        )
        assert groups(bare, "threshold") == []
        assert "n" not in texts(bare)
