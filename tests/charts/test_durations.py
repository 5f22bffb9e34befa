"""Durations stand where the axis puts them.

Positions are derived by hand from the layout: the sheet is 720 units wide; the heading takes 18
units, each row of the key 24, then 16 of air; time charts leave 66 units on the left and 78 on the
right, charts of rows 226 on the left.
"""

from __future__ import annotations

from typing import ClassVar
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from reviewlib.charts import theme
from reviewlib.pages.wording import Wording
from tests.chart_forms import EN, FR, NO_DATE, at, delays, labels, unresolved, waits, working
from tests.drawn import box, dots, groups, points, texts


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
        written = texts(self.svg)
        assert (written["10:00"][0], written["18:00"][0]) == (265.4, 580.6)  # 1 and 9 hours
        assert {"8 Jan 2024", "Opened 8 Jan 2024 09:00"} <= written.keys()

    def test_the_hour_that_summer_time_skips_is_not_on_the_axis(self) -> None:
        """Four hours, 98.5 units each, from 01:30; 03:00 follows 02:00 - 0:00:01 at once."""
        times = {"from": [at("2024-03-31 00:30")], "to": [at("2024-03-31 04:30")]}
        frame = pd.DataFrame(times | {"reason": ["counted"], "name": [""]})
        written = texts(charts.timeline(frame, {}, labels(), self.paris))
        assert written["03:00"][0] == 226 + 49.25
        assert "02:00" not in written

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
        written = texts(charts.timeline(working(), marks, labels(), EN))
        heights = {text.split()[0]: y for text, (_, y) in written.items() if "8 Jan 2024 1" in text}
        assert heights["Resolved"] < heights["Deadline"]

    def test_a_reason_that_no_row_knows_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="lunch"):
            charts.timeline(working().assign(reason="lunch"), {}, labels(), EN)


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


class TestDaysByCause:
    """40 days are the longest row."""

    svg = charts.days_by_cause(delays(), labels(), EN)

    def test_segments_are_as_long_as_their_days_and_touch(self) -> None:
        """10 and 30 of 40 days, then 2.5 and 17.5."""
        (client,) = (box(part) for part in groups(self.svg, "client"))
        one, other = (box(part) for part in groups(self.svg, "provider"))
        (contested,) = (box(part) for part in groups(self.svg, "contested"))
        day = (one[2] - 226) / 40
        assert (client[0], one[0], other[0]) == (226, client[2], 226)
        wide = [right - left for left, _, right, _ in (client, one, other, contested)]
        assert wide == pytest.approx([10 * day, 30 * day, 2.5 * day, 17.5 * day], abs=0.02)
        assert contested[0] == other[2]

    def test_wide_segments_say_their_days_and_rows_end_with_their_sum(self) -> None:
        assert {"10", "30", "17.5", "40 days", "20 days"} <= texts(self.svg).keys()

    def test_a_segment_too_narrow_for_its_days_stays_without_words(self) -> None:
        frame = pd.DataFrame([[1, 199]], index=["Launch"], columns=["client", "provider"])
        written = texts(charts.days_by_cause(frame, labels(), EN))
        assert "199" in written
        assert "1" not in written

    def test_causes_differ_in_hatch(self) -> None:
        fills = [groups(self.svg, n)[0].attrib["fill"] for n in ("client", "provider", "contested")]
        assert len(set(fills)) == 3
        assert fills[1] == theme.ACCENT

    def test_the_key_adds_up_the_days_of_each_cause_in_the_language(self) -> None:
        written = texts(charts.days_by_cause(delays(), labels(), FR))
        assert {
            "prestataire, 32,5 jours",
            "client, 10 jours",
            "contesté, 17,5 jours",
        } <= written.keys()

    def test_unknown_days_are_a_dash_and_no_days_are_none(self) -> None:
        frame = delays().fillna({"client": 0})
        assert "—" in texts(self.svg)
        assert "0 days" in texts(charts.days_by_cause(frame, labels(), EN))

    def test_rows_of_which_no_days_are_known_are_drawn_without_segments(self) -> None:
        svg = charts.days_by_cause(delays()[2:], labels(), EN)
        assert "—" in texts(svg)
        assert groups(svg, "client") == []

    def test_all_seven_causes_look_different(self) -> None:
        causes = ["client", "provider", "third_party", "force_majeure", "concurrent", "contested",
                  "unattributed"]  # fmt: skip
        frame = pd.DataFrame([range(10, 17)], index=["Launch"], columns=causes)
        svg = charts.days_by_cause(frame, labels(), EN)
        assert len({groups(svg, name)[0].attrib["fill"] for name in causes}) == 7

    def test_sixty_rows_are_drawn(self) -> None:
        svg = charts.days_by_cause(pd.concat([delays()] * 20), labels(), EN)
        assert len(groups(svg, "provider")) == 40
        assert len(svg) < 60_000
