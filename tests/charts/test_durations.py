"""Durations stand where the axis puts them.

Positions are derived by hand from the layout: the sheet is 720 units wide; the heading takes 18
units, each row of the key 24, then 16 of air; time charts leave 66 units on the left and 78 on the
right, charts of rows 226 on the left.
"""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from reviewlib.charts.rows import MarkTone
from reviewlib.pages.wording import Wording
from tests.chart_forms import EN, FR, clocks, delays, labels, unresolved, waits, working
from tests.drawn import box, ends, groups, key, marks, points, texts


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
        written = texts(self.svg)
        assert [written[text][0] for text in ("1 h", "10 h", "100 h")] == [66, 315.6, 565.2]

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
        elements = ElementTree.fromstring(svg).iter("text")
        (written,) = [t for t in elements if (t.text or "").startswith("A rather")]
        assert written.get("text-anchor") == "end"

    def test_twenty_five_thousand_values_stay_small(self) -> None:
        hours = np.random.default_rng(1).lognormal(3, 1.7, 25_000)
        assert len(charts.distribution(hours, {"Median": 20.0}, labels(), EN)) < 20_000


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
        written = texts(self.svg)
        assert [written[n] for n in "432"] == [(66, 370), (315.6, 370), (565.2, 370)]

    def test_after_the_last_hour_nobody_is_followed(self) -> None:
        svg = charts.survival(unresolved()[:1].assign(hours=40), {"Mean": 20_000.0}, labels(), EN)
        written = texts(svg)
        assert written["0"][0] == written["10,000 h"][0]

    def test_a_duration_under_a_minute_is_drawn_as_a_minute(self) -> None:
        svg = charts.survival(unresolved()[:1].assign(hours=0.001), {}, labels(), EN)
        (line,) = groups(svg, "share")
        assert points(line)[-1][0] == pytest.approx(texts(svg)["1 min"][0], abs=0.02)


class TestTimeline:
    """From 08:00 to 18:00: two hours counted, four paused, four counted; the deadline is at 16."""

    chart = charts.timeline(working(), clocks(), labels(), EN)
    late, endless = chart.rows

    def test_stretches_stand_between_the_start_and_the_end_of_their_own_clock(self) -> None:
        """Two, six and eight of ten hours."""
        assert ends(self.late, "bar", tone=MarkTone.MID) == [(0, 0.2), (0.6, pytest.approx(0.8))]
        assert ends(self.late, "bar", tone=MarkTone.BAD) == [(pytest.approx(0.8), 1)]
        assert ends(self.late, "line") == [(0, 1)]

    def test_the_deadline_is_a_tick_and_one_without_it_is_not_late(self) -> None:
        assert [mark.at for mark in marks(self.late, "tick")] == [pytest.approx(0.8)]
        assert ends(self.endless, "bar") == [(0, 0.2), (0.6, 1)]
        assert marks(self.endless, "tick") == []
        assert (self.late.bad, self.endless.bad) == (True, False)

    def test_each_row_says_its_ticket_and_how_long_it_ran_and_stood_still(self) -> None:
        assert (self.late.label, self.late.note, self.late.value) == ("T1", "P1", "6 h / 4 h")
        assert self.late.words == "counted 6 h, paused 4 h, deadline 8 Jan 2024 16:00"
        paris = charts.timeline(working(), clocks(), labels(), Wording("en", "Europe/Paris"))
        assert paris.rows[0].words.endswith("deadline 8 Jan 2024 17:00")

    def test_a_clock_of_other_hours_has_its_own_scale(self) -> None:
        """One day later, and only the first two hours: all of it."""
        other = working()[:1].assign(ticket=1)
        other[["from", "to"]] += pd.Timedelta(days=1)
        chart = charts.timeline(pd.concat([working()[:3], other]), clocks(), labels(), EN)
        assert chart.rows[0].marks == self.late.marks
        assert ends(chart.rows[1], "bar") == [(0, 1)]

    def test_a_deadline_after_all_that_was_counted_ends_the_row(self) -> None:
        """Two hours counted of the eight until 16:00."""
        chart = charts.timeline(working()[:1], clocks()[:1], labels(), EN)
        assert ends(chart.rows[0], "bar") == [(0, 0.25)]
        assert [mark.at for mark in marks(chart.rows[0], "tick")] == [1]

    def test_stretches_that_touch_as_far_as_is_seen_are_one_and_all_their_time_is_told(
        self,
    ) -> None:
        """1,000 hours, of each 50 minutes: ten minutes are a six-thousandth."""
        start = pd.date_range("2024-01-01", periods=1000, freq="h", tz="UTC")
        frame = pd.DataFrame({"from": start, "to": start + pd.Timedelta(minutes=50), "ticket": 0})
        tickets = clocks()[:1].assign(deadline=pd.NaT)
        (one,) = charts.timeline(frame.assign(reason="counted"), tickets, labels(), EN).rows
        assert ends(one, "bar") == [(0, 1)]
        assert one.words.startswith("counted 833 h")

    def test_a_ticket_of_which_nothing_could_be_measured_is_a_row_without_marks(self) -> None:
        chart = charts.timeline(working()[:3], clocks(), labels(), EN)
        assert chart.rows[1].marks == ()

    def test_the_key_explains_what_is_drawn(self) -> None:
        assert key(self.chart) == [
            "counted",
            "counted after the deadline",
            "not counted",
            "deadline",
        ]
        assert self.chart.axis == ((0, "start"), (1, "end"))

    def test_a_reason_that_no_row_knows_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="lunch"):
            charts.timeline(working().assign(reason="lunch"), clocks(), labels(), EN)


class TestHoursByGroup:
    def test_bars_are_as_long_as_their_hours_which_stand_at_the_end(self) -> None:
        chart = charts.hours_by_group(waits(), labels(), EN)
        assert [ends(one, "bar") for one in chart.rows] == [[(0, 1)], [(0, 0.25)]]
        assert [(one.value, one.note) for one in chart.rows] == [
            ("10 h", "n = 4"),
            ("2 h 30", "n = 1"),
        ]

    def test_no_hours_at_all_are_bars_without_length(self) -> None:
        chart = charts.hours_by_group(waits().assign(hours=0), labels(), EN)
        assert [ends(one, "bar") for one in chart.rows] == [[(0, 0)]] * 2


class TestDaysByCause:
    """30, 15 and 5 of 50 days; none of the provider, and nothing known of a suspension."""

    chart = charts.days_by_cause(delays(), labels(), EN)

    def test_bars_are_sorted_and_as_long_as_their_days(self) -> None:
        assert [ends(one, "bar") for one in self.chart.rows] == [
            [(0, 1)], [(0, 0.5)], [(0, pytest.approx(1 / 6))],
        ]  # fmt: skip

    def test_rows_say_their_cause_its_days_and_its_share_of_all(self) -> None:
        assert [(one.label, one.value, one.note) for one in self.chart.rows] == [
            ("without a recorded cause", "30 days", "60%"),
            ("client", "15 days", "30%"),
            ("contested", "5 days", "10%"),
        ]
        assert self.chart.value == "of 50 days"

    def test_both_parties_have_one_colour_and_only_what_is_open_another(self) -> None:
        frame = pd.DataFrame(
            {"cause": ["client", "provider", "contested", "unattributed"], "days": [4, 3, 2, 1]}
        )
        chart = charts.days_by_cause(frame, labels(), EN)
        assert [one.marks[0].tone for one in chart.rows] == [
            MarkTone.MID, MarkTone.MID, MarkTone.OPEN, MarkTone.BAD,
        ]  # fmt: skip

    def test_a_cause_by_a_default_says_so(self) -> None:
        frame = pd.DataFrame({"cause": ["decision", "client"], "days": [4, 3]})
        chart = charts.days_by_cause(frame.assign(by_default=[True, False]), labels(), EN)
        assert [one.label for one in chart.rows] == [
            "decisions of the client (by default)",
            "client",
        ]

    def test_fewer_than_twenty_days_have_no_percentage(self) -> None:
        frame = pd.DataFrame({"cause": ["client", "provider"], "days": [10, 9]})
        assert [one.note for one in charts.days_by_cause(frame, labels(), EN).rows] == ["", ""]

    def test_the_words_are_those_of_the_language(self) -> None:
        chart = charts.days_by_cause(delays(), labels(), FR)
        assert [(one.label, one.value) for one in chart.rows][1] == ("client", "15 jours")
        assert chart.value == "sur 50 jours"

    def test_a_cause_that_no_row_knows_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="weather"):
            charts.days_by_cause(delays().assign(cause="weather"), labels(), EN)
