"""The forms draw what they are given, where the axis puts it, as markup that a page may hold.

Positions are derived by hand from the layout: the sheet is 720 units wide; what is said takes 18
units, each row of the key 24, then 16 of air; time charts leave 66 units on the left and 78 on the
right, charts of rows 226 on the left.
"""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
import warnings
from collections.abc import Callable
from typing import ClassVar
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewlib import charts, theme
from reviewlib.charts import Labels
from reviewlib.drawing import text_width
from reviewlib.svg import embeddable
from reviewlib.wording import Wording

EN, FR = Wording("en"), Wording("fr")
HOSTILE = "<script>alert(1)</script> $x$ 'a' \"b\" onerror=x\n\u202ejavascript:1 & ]]>\x00"
NO_DATE = pd.NaT
Form = Callable[[Wording, int], str]  # a number of rows


def shares_by_month() -> pd.DataFrame:
    """Three months: missed under 90 %, met under 95 %, provisional."""
    return pd.DataFrame(
        {
            "month": ["2024-11", "2024-12", "2025-01"],
            "share": [0.85, 0.96, 0.9],
            "low": [0.8, 0.93, 0.82],
            "high": [0.89, 0.98, 0.94],
            "n": [1240, 310, 45],
            "provisional": [False, False, True],
            "threshold": [0.9, 0.95, 0.95],
        }
    )


def shares_by_group() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["P1", "P2", HOSTILE],
            "share": [0.9, 0.95, 0.8],
            "low": [0.6, 0.9, 0.7],
            "high": [0.98, 0.97, 0.88],
            "n": [12, 1812, 40],
            "target": [0.95, 0.9, np.nan],
        }
    )


def flow() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": ["2024-01", "2024-02"],
            "arrivals": [400, 200],
            "closures": [300, 250],
            "backlog": [100, 50],
        }
    )


def milestones() -> pd.DataFrame:
    day = pd.Timestamp
    return pd.DataFrame(
        {
            "label": ["Launch", HOSTILE],
            "planned": [day("2024-03-01"), day("2024-03-11")],
            "rebaselined": [NO_DATE, day("2024-03-21")],
            "actual": [day("2024-03-31"), NO_DATE],
            "forecast": [NO_DATE, day("2024-04-10")],
        }
    )


def answers() -> pd.DataFrame:
    rows = [[1, 1, 2], [np.nan, np.nan, np.nan]]
    return pd.DataFrame(rows, index=["Speed", HOSTILE], columns=["bad", "fair", "good"])


def counts() -> pd.DataFrame:
    return pd.DataFrame({"label": ["Network", HOSTILE, "Other"], "count": [2000, 500, 0]})


def cells() -> tuple[pd.DataFrame, pd.DataFrame]:
    months = ["2024-01", "2024-02", "2024-03"]
    shares = pd.DataFrame([[0.8, 0.998, 1], [0.9, np.nan, np.nan]], ["P1", HOSTILE], months)
    return shares, pd.DataFrame([[10, 500, 30], [20, 3, 0]], ["P1", HOSTILE], months)


def unresolved() -> pd.DataFrame:
    """Four tickets, of which one resolved at each of these hours."""
    return pd.DataFrame(
        {
            "hours": [1, 10, 100],
            "share": [0.75, 0.5, 0.25],
            "low": [0.2, 0.1, np.nan],
            "high": [0.9, 0.8, np.nan],
            "at_risk": [4, 3, 2],
        }
    )


def spent() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "low": [0, 0.5, 1, 1.5],
            "high": [0.5, 1, 1.5, np.inf],
            "in_time": [200, 100, 0, 0],
            "late": [0, 50, 50, 25],
        }
    )


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


def working() -> pd.DataFrame:
    """Ten hours of a winter's day: two counted, four paused, four counted."""
    times = [at(f"2024-01-08 {hour}:00") for hour in ("08", "10", "14", "18")]
    reasons, names = ["counted", "paused", "counted"], ["", HOSTILE, ""]
    return pd.DataFrame({"from": times[:-1], "to": times[1:], "reason": reasons, "name": names})


def days() -> pd.DataFrame:
    """Of 10 hours a day; none agreed on the 1st of February."""
    return pd.DataFrame(
        {
            "date": ["2024-01-30", "2024-01-31", "2024-02-01", "2024-02-02", "2024-02-03"],
            "share": [1, 0.99, np.nan, 0.95, 0.5],
            "minutes": [0, 6, np.nan, 30, 300],
        }
    )


def readings() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": ["P1", "P1", "P1", HOSTILE],
            "reading": ["as agreed", HOSTILE, "round the clock", "as agreed"],
            "share": [0.9, 0.8, 0.86, 0.85],
            "contract": [True, False, False, True],
            "threshold": [0.85, 0.85, 0.85, np.nan],
            "n": [412, 412, 400, 12],
        }
    )


def causes() -> pd.DataFrame:
    return pd.DataFrame(
        {"label": ["Network", HOSTILE], "count": [300, 100], "cumulative": [0.75, 1]}
    )


def told() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": ["2024-01", "2024-02"],
            "reported": [0.96, np.nan],
            "recomputed": [0.9, 0.94],
            "threshold": [0.95, 0.95],
            "n": [120, 80],
        }
    )


def waits() -> pd.DataFrame:
    return pd.DataFrame({"label": ["Caller", HOSTILE], "hours": [10, 2.5], "n": [4, 1]})


def labels(**words: str) -> Labels:
    return Labels("chapter.figure", "Measure", floor=5, **words)


FORMS: dict[str, Form] = {
    "share_over_time": lambda w, rows: charts.share_over_time(
        shares_by_month()[:rows], labels(reference=HOSTILE), w
    ),
    "share_by_group": lambda w, rows: charts.share_by_group(shares_by_group()[-rows:], labels(), w),
    "flow_over_time": lambda w, rows: charts.flow_over_time(flow()[:rows], labels(), w),
    "distribution": lambda w, rows: charts.distribution(
        [0.5, 3, 40][:rows], {HOSTILE: 3.0}, labels(), w
    ),
    "plan_against_actual": lambda w, rows: charts.plan_against_actual(
        milestones()[-rows:], labels(), w
    ),
    "answers_by_question": lambda w, rows: charts.answers_by_question(
        answers()[-rows:], labels(), w
    ),
    "counts_by_group": lambda w, rows: charts.counts_by_group(counts()[-rows:], labels(), w),
    "share_by_group_and_month": lambda w, rows: charts.share_by_group_and_month(
        *(frame[-rows:] for frame in cells()), labels(), w
    ),
    "survival": lambda w, rows: charts.survival(unresolved()[:rows], {HOSTILE: 3.0}, labels(), w),
    "share_of_target": lambda w, rows: charts.share_of_target(
        spent()[:rows], labels(reference=HOSTILE), w
    ),
    "timeline": lambda w, rows: charts.timeline(
        working()[-rows:], {HOSTILE: at("2024-01-08 09:00")}, labels(), w
    ),
    "availability_calendar": lambda w, rows: charts.availability_calendar(
        days()[:rows], Labels("chapter.figure", HOSTILE), w
    ),
    "share_by_reading": lambda w, rows: charts.share_by_reading(readings()[-rows:], labels(), w),
    "pareto": lambda w, rows: charts.pareto(causes()[-rows:], labels(), w),
    "reported_against_recomputed": lambda w, rows: charts.reported_against_recomputed(
        told()[:rows], labels(reference=HOSTILE), w
    ),
    "hours_by_group": lambda w, rows: charts.hours_by_group(waits()[-rows:], labels(), w),
}
ANCHORS = {"start": 0, "middle": 0.5, "end": 1}  # the part of a text that is left of its place
SHAPES = {"svg", "g", "defs", "path", "use", "text", "pattern", "rect"}


def drawn_with(words: str, name: str) -> str:
    """A chart in which words of the data stand in every place that they can reach."""
    if name == "pareto":
        return charts.pareto(causes().assign(label=words), labels(), EN)
    if name == "reading":
        frame = readings().assign(label=words, reading=[words, "a", "b", "c"])
        return charts.share_by_reading(frame, labels(reference=words), EN)
    marks = {words: at("2024-01-08 09:00")}
    return charts.timeline(working().assign(name=words), marks, labels(), EN)


every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def texts(svg: str) -> dict[str, tuple[float, float]]:
    """Where each text stands; of equal texts the last."""
    found = ElementTree.fromstring(svg).iter("text")
    return {t.text or "": (float(t.attrib["x"]), float(t.attrib["y"])) for t in found}


def groups(svg: str, name: str) -> list[ElementTree.Element]:
    """What artists of this name drew."""
    found = ElementTree.fromstring(svg).iter("g")
    return [child for group in found if group.get("class") == f"chart-{name}" for child in group]


def shapes(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter("path"))


def dots(svg: str, name: str) -> list[tuple[float, float]]:
    drawn = (dot for dot in groups(svg, name) if dot.tag == "use")
    return [(float(dot.attrib["x"]), float(dot.attrib["y"])) for dot in drawn]


def points(path: ElementTree.Element) -> list[tuple[float, float]]:
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.attrib["d"])]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def box(path: ElementTree.Element) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    x, y = zip(*points(path), strict=True)
    return min(x), min(y), max(x), max(y)


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
        found = ElementTree.fromstring(self.svg)
        told = [(t.text, float(t.attrib["x"])) for t in found.iter("text")]
        assert ("90%", 66 + 2) in told
        assert ("95%", 642 + 8) in told

    def test_intervals_reach_from_low_to_high(self) -> None:
        lines = [points(line) for line in groups(self.svg, "interval")]
        assert [(x, round(y)) for x, y in lines[1]] == [(162, 322), (162, 214)]  # 80 to 89 %

    def test_a_provisional_month_is_hollow_and_its_interval_is_dashed(self) -> None:
        assert [dot.get("fill") for dot in groups(self.svg, "provisional")] == [theme.PAPER]
        dashed = [line.get("stroke-dasharray") is not None for line in groups(self.svg, "interval")]
        assert dashed == [False, False, True]

    def test_n_stands_under_every_month(self) -> None:
        told = texts(self.svg)
        assert [told[n][0] for n in ("1,240", "310", "45")] == [162, 354, 546]
        assert "n" in told

    def test_months_are_named_and_the_year_is_said_once(self) -> None:
        told = [t.text for t in ElementTree.fromstring(self.svg).iter("text")]
        assert [told.count(text) for text in ("Nov", "Dec", "Jan", "2024", "2025")] == [1] * 5

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
        told = texts(self.svg)
        assert {"P1", "n = 12", "n = 1,812", "90.0%", "95.0%", "80.0%"} <= told.keys()

    def test_the_target_says_its_value_above_its_mark(self) -> None:
        x, y = texts(self.svg)["95%"]
        assert x == dots(self.svg, "target")[0][0]
        assert y < dots(self.svg, "target")[0][1]


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
        found = ElementTree.fromstring(self.svg).iter("text")
        assert "494.91" in [t.attrib["x"] for t in found if t.text == "50"]


class TestDistribution:
    """1 to 100 h: two and a half decades over 720 - 66 - 30 = 624 units, 249.6 a decade."""

    hours = (1, 10, 10, 100)
    svg = charts.distribution(hours, {"Median": 10, "Mean": 30.25}, labels(), EN)

    def test_marks_stand_at_the_logarithm_of_their_hours(self) -> None:
        """log10(30.25) = 1.4807."""
        lefts = sorted(points(line)[0][0] for line in groups(self.svg, "mark"))
        assert lefts == pytest.approx([66 + 249.6, 66 + 1.4807 * 249.6], abs=0.02)

    def test_each_mark_says_its_name_and_its_hours(self) -> None:
        assert {"Median 10 h", "Mean 30 h 15"} <= texts(self.svg).keys()

    def test_marks_differ_in_their_dashes(self) -> None:
        assert len({line.get("stroke-dasharray") for line in groups(self.svg, "mark")}) == 2

    def test_bins_hold_every_value(self) -> None:
        """One, two, one: the highest bin is twice as high as the others."""
        heights = [box(bar)[3] - box(bar)[1] for bar in groups(self.svg, "bin")]
        drawn = [height for height in heights if height > 0]
        assert drawn == [drawn[0], 2 * drawn[0], drawn[0]]

    def test_powers_of_ten_are_labelled_in_hours(self) -> None:
        told = texts(self.svg)
        assert [told[text][0] for text in ("1 h", "10 h", "100 h")] == [66, 315.6, 565.2]

    def test_n_counts_known_values_and_zero_is_drawn_as_a_minute(self) -> None:
        """log10(1/60) = -1.78 falls into the first half decade, -2 to -1.5, and within it into the
        first of its two bins."""
        svg = charts.distribution([0, np.nan, 1], {}, labels(), EN)
        assert "Measure · n = 2 · logarithmic scale" in texts(svg)
        assert texts(svg)["1 min"][0] < box(groups(svg, "bin")[0])[2]
        assert len([bar for bar in groups(svg, "bin") if box(bar)[3] > box(bar)[1]]) == 2

    def test_a_mark_beyond_the_values_is_still_within_the_axes(self) -> None:
        svg = charts.distribution([1, 2], {"Median": 5000}, labels(), EN)
        assert points(groups(svg, "mark")[0])[0][0] < 720 - 30

    def test_words_of_marks_on_the_right_end_there(self) -> None:
        svg = charts.distribution([1, 95], {"A rather long name": 95}, labels(), EN)
        found = ElementTree.fromstring(svg).iter("text")
        (told,) = [t for t in found if (t.text or "").startswith("A rather")]
        assert told.get("text-anchor") == "end"

    def test_twenty_five_thousand_values_stay_small(self) -> None:
        hours = np.random.default_rng(1).lognormal(3, 1.7, 25_000)
        assert len(charts.distribution(hours, {"Median": 20.0}, labels(), EN)) < 20_000


class TestPlanAgainstActual:
    """March and April 2024, 61 days, over 720 - 226 - 128 = 366 units: 6 a day."""

    svg = charts.plan_against_actual(milestones(), labels(), EN)

    @pytest.mark.parametrize(
        ("moment", "places"),
        [
            ("planned", [226, 286]),  # the 1st and the 11th of March
            ("rebaselined", [346]),
            ("actual", [406]),
            ("forecast", [466]),  # 10 April: 40 days
        ],
    )
    def test_dates_stand_where_the_axis_puts_them(self, moment: str, places: list[float]) -> None:
        assert [x for x, _ in dots(self.svg, moment)] == places

    def test_a_line_runs_to_what_happened_and_a_dashed_one_to_what_is_forecast(self) -> None:
        done, coming = groups(self.svg, "span")
        assert [x for x, _ in points(done)] == [226, 406]
        assert [x for x, _ in points(coming)] == [286, 466]
        assert (done.get("stroke-dasharray") is None, coming.get("stroke-dasharray") is None) == (
            True,
            False,
        )

    def test_the_last_known_date_is_written_at_the_end_of_the_row(self) -> None:
        assert {"31 Mar 2024", "10 Apr 2024", "Measure · n = 2"} <= texts(self.svg).keys()

    def test_the_key_names_only_what_is_drawn(self) -> None:
        told = texts(charts.plan_against_actual(milestones()[:1], labels(), EN))
        assert "actual" in told
        assert not {"forecast", "re-baselined"} & told.keys()


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
        told = texts(charts.answers_by_question(frame, labels(), EN))
        assert "99%" in told
        assert "1%" not in told


class TestCountsByGroup:
    """The longest bar fills 720 - 226 - 84 = 410 units."""

    svg = charts.counts_by_group(counts(), labels(), EN)

    def test_bars_are_as_long_as_their_counts_in_the_order_given(self) -> None:
        boxes = [box(bar) for bar in groups(self.svg, "count")]
        assert [right - left for left, _, right, _ in boxes] == [410, 102.5, 0]
        assert boxes[0][1] < boxes[1][1] < boxes[2][1]

    def test_every_bar_says_its_count_and_the_chart_its_total(self) -> None:
        assert {"2,000", "500", "0", "Measure · n = 2,500"} <= texts(self.svg).keys()


class TestShareByGroupAndMonth:
    """486 units hold three months: 162 each."""

    svg = charts.share_by_group_and_month(*cells(), labels(), EN)

    def test_cells_say_share_and_n_and_stand_in_their_month(self) -> None:
        told = texts(self.svg)
        assert [told[text][0] for text in ("80", "99", "100")] == [307, 469, 631]
        assert [told[text][0] for text in ("10", "500", "30")] == [307, 469, 631]

    def test_only_a_full_cell_says_100(self) -> None:
        """99.8 % would round to 100."""
        found = [t.text for t in ElementTree.fromstring(self.svg).iter("text")]
        assert (found.count("99"), found.count("100")) == (1, 1)

    def test_what_is_withheld_is_hatched_and_what_never_happened_is_empty(self) -> None:
        (hatched,) = groups(self.svg, "withheld")
        assert box(hatched)[::2] == (388, 550)  # the second month
        assert hatched.attrib["fill"].startswith("url(#")
        assert "not shown: n under 5" in texts(self.svg)

    def test_higher_shares_are_darker(self) -> None:
        fills = [cell.attrib["fill"] for cell in groups(self.svg, "share")]
        light = [sum(bytes.fromhex(fill[1:])) for fill in fills if fill != "none"]
        assert light[0] > light[3] > light[1] > light[2]  # 80, 90, 99.8, 100 %


class TestSurvival:
    """1 to 100 h: two and a half decades over 624 units, 249.6 a decade; 100 % at 18 + 24 + 16,
    24 more for the words of a mark = 82, and 240 units down to 0 %.
    """

    svg = charts.survival(unresolved(), {"Median": 10}, labels(), EN)

    def test_the_curve_starts_at_100_percent_and_steps_down_at_its_hours(self) -> None:
        (line,) = groups(self.svg, "share")
        assert list(dict.fromkeys(points(line))) == [
            (66, 82), (66, 142), (315.6, 142), (315.6, 202), (565.2, 202), (565.2, 262),
        ]  # fmt: skip

    def test_the_band_ends_where_no_interval_is_known(self) -> None:
        """The last one, of 10 to 80 %, lasts until 100 h: 298 and 130."""
        (band,) = (path for group in groups(self.svg, "interval") for path in group.iter("path"))
        (used,) = (use for use in groups(self.svg, "interval") if use.tag == "use")
        corners = [(x, y + float(used.attrib["y"])) for x, y in points(band)]
        assert {(565.2, 298), (565.2, 130)} <= {(x, round(y)) for x, y in corners}
        assert {x for x, _ in corners} == {66, 315.6, 565.2}

    def test_without_any_interval_the_key_has_none(self) -> None:
        svg = charts.survival(unresolved().assign(low=np.nan, high=np.nan), {}, labels(), EN)
        assert "interval of 95%" in texts(self.svg)
        assert "interval of 95%" not in texts(svg)

    def test_those_still_followed_stand_below_the_labelled_hours(self) -> None:
        told = texts(self.svg)
        assert [told[n] for n in "432"] == [(66, 370), (315.6, 370), (565.2, 370)]

    def test_after_the_last_hour_nobody_is_followed(self) -> None:
        svg = charts.survival(unresolved()[:1].assign(hours=40), {"Mean": 20_000.0}, labels(), EN)
        told = texts(svg)
        assert told["0"][0] == told["10,000 h"][0]

    def test_a_duration_under_a_minute_is_drawn_as_a_minute(self) -> None:
        svg = charts.survival(unresolved()[:1].assign(hours=0.001), {}, labels(), EN)
        (line,) = groups(svg, "share")
        assert points(line)[-1][0] == pytest.approx(texts(svg)["1 min"][0], abs=0.02)


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
        told = texts(self.svg)
        places = [told[text][0] for text in ("0%", "50%", "100%", "150%", "≥\u00a0150%")]
        assert places == [66, 222, 378, 534, 612]

    def test_the_key_counts_both_and_late_is_hatched(self) -> None:
        assert {"in time, n = 300", "late, n = 125", "Measure · n = 425"} <= texts(self.svg).keys()
        assert groups(self.svg, "late")[0].attrib["fill"].startswith("url(#")

    def test_a_target_beyond_every_bin_is_within_the_axes(self) -> None:
        svg = charts.share_of_target(spent()[:1], labels(reference="Target"), EN)
        assert points(groups(svg, "mark")[0])[0][0] == 720 - 30


class TestTimeline:
    """Ten hours over 720 - 226 - 100 = 394 units: 39.4 an hour."""

    paris = Wording("en", "Europe/Paris")
    marks: ClassVar = {"Opened": at("2024-01-08 08:00"), "Resolved": at("2024-01-08 18:00")}
    svg = charts.timeline(working().assign(name=["", "Waiting", ""]), marks, labels(), paris)

    def test_stretches_stand_where_the_axis_puts_them_a_row_for_each_reason(self) -> None:
        boxes = [box(stretch) for stretch in groups(self.svg, "stretch")]
        assert [(left, right) for left, _, right, _ in boxes] == [
            (226, 304.8),
            (462.4, 620),
            (304.8, 462.4),
        ]
        assert boxes[0][1] == boxes[1][1] < boxes[2][1]

    def test_each_row_says_its_reason_its_names_and_all_its_time(self) -> None:
        assert {"counted", "6 h", "paused", "Waiting", "4 h"} <= texts(self.svg).keys()

    def test_hours_are_those_of_the_time_zone(self) -> None:
        """08:00 in UTC is 09:00 in Paris, so 10:00 is one hour after the start."""
        told = texts(self.svg)
        assert (told["10:00"][0], told["18:00"][0]) == (265.4, 580.6)  # 1 and 9 hours
        assert {"8 Jan 2024", "Opened 8 Jan 2024 09:00"} <= told.keys()

    def test_the_hour_that_summer_time_skips_is_not_on_the_axis(self) -> None:
        """Four hours, 98.5 units each, from 01:30; 03:00 follows 02:00 - 0:00:01 at once."""
        times = {"from": [at("2024-03-31 00:30")], "to": [at("2024-03-31 04:30")]}
        frame = pd.DataFrame(times | {"reason": ["counted"], "name": [""]})
        told = texts(charts.timeline(frame, {}, labels(), self.paris))
        assert told["03:00"][0] == 226 + 49.25
        assert "02:00" not in told

    def test_days_and_then_months_are_labelled_where_the_time_is_long(self) -> None:
        frame = working()[:1]
        week = texts(charts.timeline(frame, {"End": at("2024-01-13 08:00")}, labels(), EN))
        year = texts(charts.timeline(frame, {"End": at("2024-12-31 08:00")}, labels(), EN))
        assert {"9 Jan", "10 Jan", "2024"} <= week.keys()
        assert {"1 Mar", "1 Jul", "1 Nov", "2024"} <= year.keys()

    def test_stretches_that_touch_as_far_as_is_seen_are_one_and_all_their_time_is_told(
        self,
    ) -> None:
        """1,000 hours, of each 50 minutes: ten minutes are 0.07 of a unit."""
        start = pd.date_range("2024-01-01", periods=1000, freq="h", tz="UTC")
        frame = pd.DataFrame({"from": start, "to": start + pd.Timedelta(minutes=50)})
        svg = charts.timeline(frame.assign(reason="counted", name=""), {}, labels(), EN)
        assert len(dots(svg, "stretch")) == 1
        assert "833 h" in texts(svg)

    def test_a_mark_that_is_missing_has_no_line(self) -> None:
        svg = charts.timeline(working(), self.marks | {"Due": NO_DATE}, labels(), EN)
        assert len(groups(svg, "mark")) == 2
        assert not [text for text in texts(svg) if text.startswith("Due")]

    def test_no_line_crosses_the_words_of_marks_that_stand_close_at_the_right(self) -> None:
        """Both words stand before their line: the right one reaches over the left line."""
        marks = {"Deadline": at("2024-01-08 17:30"), "Resolved": at("2024-01-08 18:00")}
        told = texts(charts.timeline(working(), marks, labels(), EN))
        heights = {text.split()[0]: y for text, (_, y) in told.items() if "8 Jan 2024 1" in text}
        assert heights["Resolved"] < heights["Deadline"]

    def test_a_reason_that_no_row_knows_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="lunch"):
            charts.timeline(working().assign(reason="lunch"), {}, labels(), EN)


class TestAvailabilityCalendar:
    """31 days over 720 - 108 - 96 = 516 units: the centre of day d is at 108 + 516 (d - 1/2)/31."""

    svg = charts.availability_calendar(days(), labels(), EN)

    @staticmethod
    def centre(path: ElementTree.Element) -> float:
        left, _, right, _ = box(path)
        return (left + right) / 2

    @pytest.mark.parametrize(("state", "day"), [("up", 30), ("some", 31), ("more", 2), ("most", 3)])
    def test_each_state_is_drawn_in_its_day(self, state: str, day: int) -> None:
        """5 % lost is the first of the second shade."""
        (cell,) = groups(self.svg, state)
        assert self.centre(cell) == pytest.approx(108 + 516 * (day - 0.5) / 31, abs=0.02)

    def test_a_day_without_agreed_hours_has_a_dash_and_no_cell(self) -> None:
        assert [round(x, 2) for x, _ in dots(self.svg, "none")] == [116.32]

    def test_months_are_rows_with_what_they_lost_at_the_end(self) -> None:
        told = texts(self.svg)
        assert {"Jan 2024", "Feb 2024", "6 min", "5 h 30"} <= told.keys()
        assert told["6 min"][1] + 24 == told["5 h 30"][1]

    def test_a_month_without_loss_says_zero_and_one_without_agreed_hours_a_dash(self) -> None:
        assert "0" in texts(charts.availability_calendar(days()[:1], labels(), EN))
        assert "—" in texts(charts.availability_calendar(days()[2:3], labels(), EN))

    def test_the_key_counts_the_days_of_each_state(self) -> None:
        assert {
            "no agreed hours, n = 1", "nothing lost, n = 1", "under 5% lost, n = 1",
            "5% to 25% lost, n = 1", "25% lost or more, n = 1",
        } <= texts(self.svg).keys()  # fmt: skip

    def test_a_minute_lost_is_never_drawn_as_nothing(self) -> None:
        frame = days()[:1].assign(minutes=0.4)
        assert "under 5% lost, n = 1" in texts(charts.availability_calendar(frame, labels(), EN))

    def test_shades_darken_as_more_is_lost(self) -> None:
        fills = [
            cell.attrib["fill"]
            for state in ("up", "some", "more", "most")
            for cell in groups(self.svg, state)
        ]
        light = [sum(bytes.fromhex(fill[1:])) for fill in fills]
        assert light == sorted(light, reverse=True)
        assert len(set(light)) == 4

    def test_a_month_between_two_others_is_a_row_even_without_days(self) -> None:
        frame = days()[:2].assign(date=["2024-01-30", "2024-03-31"])
        assert "Feb 2024" in texts(charts.availability_calendar(frame, labels(), EN))

    def test_four_years_stay_small(self) -> None:
        dates = pd.date_range("2021-01-01", "2024-12-31").strftime("%Y-%m-%d")
        frame = pd.DataFrame({"date": dates, "share": 1.0, "minutes": 0.0})
        assert len(charts.availability_calendar(frame, labels(), EN)) < 120_000


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


class TestPareto:
    """The longest bar fills 720 - 226 - 164 = 330 units."""

    svg = charts.pareto(causes(), labels(), EN)

    def test_bars_are_as_long_as_their_counts_in_the_order_given(self) -> None:
        boxes = [box(bar) for bar in groups(self.svg, "count")]
        assert [right - left for left, _, right, _ in boxes] == [330, 110]
        assert boxes[0][1] < boxes[1][1]

    def test_the_cumulative_share_stands_at_the_end_under_its_heading(self) -> None:
        told = texts(self.svg)
        assert [told[text][0] for text in ("cumulative", "75.0%", "100.0%")] == [714] * 3
        assert told["cumulative"][1] < told["75.0%"][1] < told["100.0%"][1]
        assert {"300", "100", "Measure · n = 400"} <= told.keys()


class TestReportedAgainstRecomputed:
    """90 to 96 % and a point on both sides: ticks of 88 to 98 % over 240 units, 24 a point, from
    18 + 24 + 16 = 58. Two months of 288 units.
    """

    svg = charts.reported_against_recomputed(told(), labels(), EN)

    def test_both_marks_stand_where_the_axis_puts_them(self) -> None:
        assert dots(self.svg, "reported") == [(210, 106)]
        assert dots(self.svg, "recomputed") == [(210, 250), (498, 154)]

    def test_a_line_joins_them_where_both_are_known(self) -> None:
        (gap,) = groups(self.svg, "gap")
        assert [(x, round(y)) for x, y in points(gap)] == [(210, 106), (210, 250)]

    def test_equal_figures_are_both_seen(self) -> None:
        """The mark of what was reported is larger, hollow and below."""
        svg = charts.reported_against_recomputed(told()[:1].assign(reported=0.9), labels(), EN)
        assert dots(svg, "reported") == dots(svg, "recomputed")
        assert groups(svg, "reported")[0].get("fill") == theme.PAPER
        assert svg.index("chart-reported") < svg.index("chart-recomputed")

    def test_threshold_and_n_are_drawn_where_they_are_known(self) -> None:
        assert {"95%", "120", "80", "n"} <= texts(self.svg).keys()
        bare = charts.reported_against_recomputed(told()[list(told())[:3]], labels(), EN)
        assert groups(bare, "threshold") == []
        assert "n" not in texts(bare)


class TestHoursByGroup:
    def test_bars_are_as_long_as_their_hours_which_stand_at_the_end(self) -> None:
        """The longest fills 720 - 226 - 96 = 398 units."""
        svg = charts.hours_by_group(waits(), labels(), EN)
        boxes = [box(bar) for bar in groups(svg, "count")]
        assert [right - left for left, _, right, _ in boxes] == [398, 99.5]
        assert {"10 h", "2 h 30", "n = 4", "n = 1"} <= texts(svg).keys()

    def test_no_hours_at_all_are_bars_without_length(self) -> None:
        svg = charts.hours_by_group(waits().assign(hours=0), labels(), EN)
        assert [box(bar)[2] - box(bar)[0] for bar in groups(svg, "count")] == [0, 0]


class TestEveryForm:
    @every_form
    def test_no_style_no_address_no_metadata_and_no_script_is_left(self, form: Form) -> None:
        svg = form(EN, 3)
        root = ElementTree.fromstring(svg)
        assert {element.tag for element in root.iter()} <= SHAPES
        attributes = {name for element in root.iter() for name in element.attrib}
        assert attributes <= {
            "viewBox", "class", "id", "href", "d", "x", "y", "width", "height", "transform",
            "fill", "fill-opacity", "opacity", "stroke", "stroke-width", "stroke-opacity",
            "stroke-linejoin", "stroke-linecap", "stroke-dasharray", "paint-order",
            "text-anchor", "font-size", "font-weight", "patternUnits",
        }  # fmt: skip
        assert "http" not in svg
        assert "xmlns" not in svg

    @every_form
    def test_the_root_has_a_view_box_and_leaves_the_size_to_the_page(self, form: Form) -> None:
        root = ElementTree.fromstring(form(EN, 3))
        assert root.attrib.keys() == {"viewBox", "stroke-linejoin"}
        assert root.attrib["viewBox"].startswith("0 0 720 ")

    @every_form
    def test_ids_begin_with_the_figure_and_each_is_referred_to(self, form: Form) -> None:
        svg = form(EN, 3)
        ids = re.findall(r'\bid="([^"]+)"', svg)
        referred = re.findall(r'(?:href="#|url\(#)([^")]+)', svg)
        assert set(ids) == set(referred)
        assert len(ids) == len(set(ids))
        assert all(name.startswith("chapter-figure-") for name in ids)

    @every_form
    def test_hostile_words_stay_words(self, form: Form) -> None:
        """Nothing is typeset as mathematics, and no control turns what follows around."""
        svg = form(EN, 3)
        assert "<script" not in svg
        assert not re.search("[\u202e\x00\n]", svg)
        found = [t.text or "" for t in ElementTree.fromstring(svg).iter("text")]
        hostile = [text for text in found if "<script>" in text]
        assert hostile or form is FORMS["flow_over_time"]  # which shows no words of the data

    @every_form
    def test_a_single_row_is_drawn(self, form: Form) -> None:
        assert len(texts(form(EN, 1))) >= 3

    @settings(max_examples=25, deadline=None)
    @given(words=st.text(max_size=60), name=st.sampled_from(["pareto", "reading", "timeline"]))
    def test_any_text_is_drawn_as_one_line_of_text_and_twice_the_same(
        self, words: str, name: str
    ) -> None:
        """XML knows neither surrogates nor most controls: what can't be seen is left out."""
        one, two = (drawn_with(words, name) for _ in range(2))
        assert one == two
        found = [text.text or "" for text in ElementTree.fromstring(one).iter("text")]
        assert all(unicodedata.category(char)[0] != "C" for text in found for char in text)
        assert {element.tag for element in ElementTree.fromstring(one).iter()} <= SHAPES

    @settings(max_examples=25, deadline=None)
    @given(
        shares=st.lists(st.floats(0, 1), min_size=1, max_size=6),
        threshold=st.one_of(st.just(np.nan), st.floats(0, 1)),
    )
    def test_any_shares_stand_between_the_ends_of_their_axis(
        self, shares: list[float], threshold: float
    ) -> None:
        """The axis runs from 226 to 636."""
        names = [f"reading {number}" for number in range(len(shares))]
        frame = pd.DataFrame({"label": "P1", "reading": names, "share": shares})
        frame = frame.assign(contract=frame.index == 0, threshold=threshold)
        svg = charts.share_by_reading(frame, labels(), EN)
        drawn = dots(svg, "reading") + dots(svg, "contract")
        assert len(drawn) == len(shares)
        assert all(226 <= x <= 636 for x, _ in drawn)

    @every_form
    def test_it_is_small(self, form: Form) -> None:
        assert len(form(FR, 3).encode()) < 40_000

    @every_form
    def test_words_stay_within_the_sheet(self, form: Form) -> None:
        svg = form(FR, 3)
        height = float(ElementTree.fromstring(svg).attrib["viewBox"].split()[3])
        assert all(0 <= x <= 720 and 8 <= y <= height - 2 for x, y in texts(svg).values())

    @every_form
    def test_words_begin_and_end_within_the_sheet(self, form: Form) -> None:
        """Those of an axis's n may stand upright."""
        for text in ElementTree.fromstring(form(FR, 3)).iter("text"):
            if "transform" not in text.attrib:
                size = float(text.get("font-size", "16px").removesuffix("px"))
                wide, x = text_width(text.text or "", size), float(text.attrib["x"])
                left = x - wide * ANCHORS[text.get("text-anchor", "start")]
                assert -1 <= left <= left + wide <= 721

    @pytest.mark.parametrize("name", [name for name in FORMS if name != "timeline"])
    def test_n_is_said(self, name: str) -> None:
        """But where one ticket is drawn."""
        told = texts(FORMS[name](EN, 3))
        assert any(re.search(r"\bn = \d|^n$", text) for text in told)

    @every_form
    def test_an_analysts_own_style_changes_nothing_and_stays_his(self, form: Form) -> None:
        import matplotlib
        import seaborn

        before = form(EN, 3)
        with matplotlib.rc_context():
            seaborn.set_theme(style="darkgrid", font_scale=2)
            matplotlib.rcParams["savefig.bbox"] = "tight"
            assert form(EN, 3) == before
            assert matplotlib.rcParams["savefig.bbox"] == "tight"
            assert matplotlib.rcParams["axes.facecolor"] == "#EAEAF2"


class TestWords:
    def test_french_numbers_percentages_months_and_dates_are_french(self) -> None:
        assert {"1\u202f240", "nov.", "95\u202f%"} <= texts(FORMS["share_over_time"](FR, 3)).keys()
        assert {"31 mars 2024", "10 avr. 2024"} <= texts(FORMS["plan_against_actual"](FR, 3)).keys()

    def test_mathematics_stay_text(self) -> None:
        frame = pd.DataFrame({"label": ["$x^2$ and $", "a_b"], "count": [1, 2]})
        assert {"$x^2$ and $", "a_b"} <= texts(charts.counts_by_group(frame, labels(), EN)).keys()

    def test_a_long_label_is_broken_once_and_then_elided(self) -> None:
        frame = pd.DataFrame({"label": ["word " * 40], "count": [1]})
        told = [
            text for text in texts(charts.counts_by_group(frame, labels(), EN)) if "word" in text
        ]
        assert len(told) == 2
        assert told[1].endswith("…")

    def test_wide_letters_are_broken_earlier(self) -> None:
        """W is about twice as wide as the mean letter; 210 units hold 13 of 16 units."""
        frame = pd.DataFrame({"label": ["W" * 30], "count": [1]})
        told = [text for text in texts(charts.counts_by_group(frame, labels(), EN)) if "W" in text]
        assert max(map(len, told)) <= 13

    def test_letters_that_the_measuring_font_lacks_raise_no_warning(self) -> None:
        frame = pd.DataFrame({"label": ["東京 🗼 ܐ"], "count": [1]})
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert "東京 🗼 ܐ" in texts(charts.counts_by_group(frame, labels(), EN))

    @pytest.mark.parametrize("grey", range(0, 256, 5))
    def test_words_on_a_fill_have_a_contrast_of_at_least_4_5(self, grey: int) -> None:
        """WCAG 2.2: (lighter + 0.05) / (darker + 0.05); black has 0, white has 1."""
        part = grey / 255
        light = part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        chosen = charts.readable_on(f"#{grey:02x}{grey:02x}{grey:02x}")
        contrast = 1.05 / (light + 0.05) if chosen == theme.PAPER else (light + 0.05) / 0.05
        assert contrast >= 4.5


class TestEmbedding:
    def test_two_figures_of_a_page_share_no_id(self) -> None:
        one, two = (
            set(re.findall(r'\bid="([^"]+)"', charts.flow_over_time(flow(), Labels(name), EN)))
            for name in ("flow.tickets", "flow.requests")
        )
        assert one
        assert not one & two

    def test_the_short_way_to_say_a_font_is_spelled_out(self) -> None:
        """As matplotlib 3.10 writes it."""
        svg = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">
            <text style="font: italic 700 14px 'DejaVu Sans', sans-serif; fill: #123456">a</text>
            <text style="font: 16px sans-serif; text-anchor: middle">b</text></svg>"""
        first, second = ElementTree.fromstring(embeddable(svg, "f"))
        assert first.attrib == {"font-size": "14px", "font-weight": "700", "fill": "#123456"}
        assert second.attrib == {"font-size": "16px", "text-anchor": "middle"}

    def test_numbers_are_rounded_to_what_is_seen(self) -> None:
        svg = '<svg viewBox="0 0 9 9"><path d="M 1.23456 -0.000001 \n L 2.500000 10.0" /></svg>'
        assert 'd="M 1.23 0 L 2.5 10"' in embeddable(svg, "f")


DRAW_ALL = """
import importlib.util, hashlib, sys
spec = importlib.util.spec_from_file_location("charts_of_the_tests", sys.argv[1])
tests = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = tests
spec.loader.exec_module(tests)
drawn = "".join(form(tests.FR, 3) for form in tests.FORMS.values())
print(hashlib.sha256(drawn.encode()).hexdigest())
"""


def run(*arguments: str, seed: str = "0") -> str:
    """Run Python and return what it printed."""
    import os

    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_two_processes_draw_the_same_bytes() -> None:
    one, two = (run("-c", DRAW_ALL, __file__, seed=seed) for seed in "12")
    assert len(one) == 64
    assert one == two


def test_the_module_loads_without_matplotlib_and_seaborn() -> None:
    loaded = run("-c", "import sys, reviewlib.charts; print(*sys.modules)").split()
    assert "reviewlib.charts" in loaded
    assert not {"matplotlib", "seaborn"} & set(loaded)
