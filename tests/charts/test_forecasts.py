"""Dates that were announced stand where the axis puts them.

Positions are derived by hand from the layout: the sheet is 720 units wide; months are as wide
as they are high, from 92 units on the left and 46 above the foot of the sheet.
"""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from tests.chart_forms import EN, FR, HOSTILE, announced, labels
from tests.drawn import dots, groups, points, shapes, texts


def foot(svg: str) -> float:
    """The height of the horizontal axis."""
    return float(ElementTree.fromstring(svg).attrib["viewBox"].split()[3]) - 46


def crowd(count: int) -> pd.DataFrame:
    """Milestones of which each slipped a day more than the one before it."""
    day = pd.Timestamp("2023-06-01")
    rows = [
        (f"K{number}", at, day + pd.Timedelta(days=slip), pd.NaT)
        for number in range(count)
        for at, slip in (("2023-01-01", 0), ("2023-02-01", number))
    ]
    return pd.DataFrame(rows, columns=list(announced()))


class TestMilestoneTrend:
    """January to April, 120 days. Names of one digit leave 600 units: 5 a day."""

    svg = charts.milestone_trend(announced(), labels(), EN)

    def place(self, *days: tuple[float, float]) -> list[tuple[float, float]]:
        return [(92 + 5 * at, pytest.approx(foot(self.svg) - 5 * day)) for at, day in days]

    def test_each_report_stands_at_its_day_and_at_the_day_that_it_announced(self) -> None:
        """Days since 1 January: 31 January is 30, 10 February 40, 2 March 60, 11 April 100."""
        one = self.place((0, 40), (30, 50), (60, 60))
        other = self.place((0, 90), (30, 100), (60, 109))
        assert dots(self.svg, "milestone") == one + other

    def test_a_line_ends_on_the_diagonal_on_the_day_it_was_reached(self) -> None:
        """What was reported on 1 April of a milestone reached on 2 March is left out."""
        assert dots(self.svg, "reached") == self.place((60, 60))

    def test_the_diagonal_is_today_and_says_so(self) -> None:
        (line,) = groups(self.svg, "today")
        assert [points(line)[0], points(line)[-1]] == self.place((0, 0), (120, 120))
        assert "today" in texts(self.svg)
        assert "today: a milestone is reached where its line meets it" in texts(self.svg)

    def test_lines_are_named_at_their_right_ends_and_differ_in_their_dashes(self) -> None:
        written = texts(self.svg)
        assert (written["1"][0], written["2"][0]) == (392 + 13, 392 + 13)
        lines = [line for line in groups(self.svg, "milestone") if line.tag == "path"]
        assert len({line.get("stroke-dasharray") for line in lines}) == 2

    def test_what_is_reached_differs_in_shape_from_what_is_announced(self) -> None:
        drawn = {f"#{path.get('id')}": path.get("d") for path in shapes(self.svg)}
        marks = [
            next(mark.get("href") for mark in groups(self.svg, name) if mark.tag == "use")
            for name in ("milestone", "reached")
        ]
        assert drawn[marks[0] or ""] != drawn[marks[1] or ""]

    def test_months_are_named_on_both_axes(self) -> None:
        written = texts(charts.milestone_trend(announced(), labels(), FR))
        assert {"févr.", "févr. 2023", "2023", "aujourd’hui", "atteint"} <= written.keys()

    def test_names_at_the_same_place_do_not_cover_each_other(self) -> None:
        frame = announced().assign(label=["1", "1", "1", "2", "2", "2"], reached_on="2023-03-02")
        written = texts(charts.milestone_trend(frame, labels(), EN))
        assert abs(written["1"][1] - written["2"][1]) >= 18

    def test_a_milestone_of_which_no_date_is_known_has_no_line(self) -> None:
        frame = announced()
        frame.loc[frame["label"] == "2", "forecast_date"] = None
        svg = charts.milestone_trend(frame, labels(), EN)
        assert "Measure · n = 1" in texts(svg)
        assert len(dots(svg, "milestone")) == 3

    def test_one_reached_without_any_report_is_still_drawn(self) -> None:
        frame = announced()[:1].assign(forecast_date=None)
        assert len(dots(charts.milestone_trend(frame, labels(), EN), "reached")) == 1

    def test_twelve_are_all_named_and_of_more_the_eight_that_moved_the_most(self) -> None:
        few, many = (charts.milestone_trend(crowd(count), labels(), EN) for count in (12, 13))
        named = [{name for name in texts(svg) if name.startswith("K")} for svg in (few, many)]
        assert named[0] == {f"K{number}" for number in range(12)}
        assert named[1] == {f"K{number}" for number in range(5, 13)}
        assert (len(groups(few, "quiet")), len(groups(many, "quiet"))) == (0, 5)

    def test_the_key_says_how_many_are_drawn_and_how_many_named(self) -> None:
        written = texts(charts.milestone_trend(crowd(60), labels(), EN))
        assert {
            "Measure · n = 60",
            "other milestones, n = 52",
            "the 8 milestones that moved the most are named",
        } <= written.keys()

    def test_sixty_names_stay_apart(self) -> None:
        written = texts(charts.milestone_trend(crowd(60), labels(), EN))
        heights = sorted(y for name, (_, y) in written.items() if name.startswith("K"))
        assert np.diff(heights).min() >= 17.9

    def test_a_long_name_is_elided(self) -> None:
        written = texts(charts.milestone_trend(announced().assign(label=HOSTILE * 3), labels(), EN))
        assert [name for name in written if name.startswith("<script>") and name.endswith("…")]
