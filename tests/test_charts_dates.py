"""Days stand where the axis puts them.

Positions are derived by hand from the layout: the sheet is 720 units wide; what is said takes 18
units, each row of the key 24, then 16 of air; time charts leave 66 units on the left and 78 on the
right, charts of rows 226 on the left.
"""

from __future__ import annotations

from xml.etree import ElementTree

import pandas as pd
import pytest

from reviewlib import charts

from .chart_forms import EN, days, labels, milestones
from .drawn import box, dots, groups, points, texts


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
