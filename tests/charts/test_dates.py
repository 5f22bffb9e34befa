"""Days stand where the axis puts them.

Positions are derived by hand from the layout: the sheet is 720 units wide; the heading takes 18
units, each row of the key 24, then 16 of air; time charts leave 66 units on the left and 78 on the
right, charts of rows 226 on the left.
"""

from __future__ import annotations

from xml.etree import ElementTree

import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from tests.chart_forms import EN, FR, days, labels, milestones, submitted
from tests.drawn import box, dots, groups, points, texts


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
        written = texts(charts.plan_against_actual(milestones()[:1], labels(), EN))
        assert "actual" in written
        assert not {"forecast", "re-baselined"} & written.keys()


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
        written = texts(self.svg)
        assert {"Jan 2024", "Feb 2024", "6 min", "5 h 30"} <= written.keys()
        assert written["6 min"][1] + 24 == written["5 h 30"][1]

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


class TestSubmissionsByDeliverable:
    """March and April 2024, 61 days, over 720 - 226 - 128 = 366 units: 6 a day."""

    svg = charts.submissions_by_deliverable(*submitted(), labels(), EN)

    @pytest.mark.parametrize(
        ("name", "places"),
        [
            ("refused", [286]),  # 11 March
            ("accepted-with-reservations", [346]),
            ("accepted", [256]),
            ("awaiting", [406]),
            ("due", [226, 286, 346, 526]),
        ],
    )
    def test_marks_stand_at_their_days(self, name: str, places: list[float]) -> None:
        assert [x for x, _ in dots(self.svg, name)] == places

    def test_a_line_runs_from_the_due_date_to_a_late_acceptance_and_a_dashed_one_without(
        self,
    ) -> None:
        """The plan was accepted in time, the kit never submitted: neither has a line."""
        late, waiting = groups(self.svg, "span")
        assert [x for x, _ in points(late)] == [226, 346]
        assert [x for x, _ in points(waiting)] == [346, 406]
        assert late.get("stroke-dasharray") is None
        assert waiting.get("stroke-dasharray") is not None

    def test_decisions_differ_in_shape_or_filling(self) -> None:
        root = ElementTree.fromstring(self.svg)
        drawn = {f"#{path.get('id')}": path.get("d") for path in root.iter("path")}
        names = ("refused", "accepted-with-reservations", "accepted", "awaiting")
        marks = [groups(self.svg, name)[0] for name in names]
        assert len({(drawn[mark.get("href", "")], mark.get("fill")) for mark in marks}) == 4

    def test_rows_follow_the_due_dates_and_end_with_the_accepted_day(self) -> None:
        written = texts(self.svg)
        assert written["Design"][1] < written["Plan"][1] < written["Kit"][1]
        assert {"21 Mar 2024", "6 Mar 2024", "—", "n = 2", "n = 0"} <= written.keys()

    def test_one_without_due_date_is_a_row_at_the_end(self) -> None:
        sent, due = submitted()
        svg = charts.submissions_by_deliverable(sent, due[1:2], labels(), EN)
        written = texts(svg)
        assert written["Plan"][1] < written["Design"][1]
        assert len(dots(svg, "due")) == 1
        assert groups(svg, "span") == []

    def test_the_key_names_only_what_is_drawn_in_the_language(self) -> None:
        sent, due = submitted()
        written = texts(charts.submissions_by_deliverable(sent[3:], due[1:2], labels(), FR))
        assert {"acceptée", "échéance"} <= written.keys()
        assert not {"refusée", "acceptée avec réserves", "en attente de décision"} & written.keys()

    def test_a_submission_without_a_day_and_a_due_date_that_is_missing_are_not_drawn(self) -> None:
        sent, due = submitted()
        frame = sent.assign(submitted_on=[*sent["submitted_on"][:3], None])
        dues = due.assign(due_on=[None, *due["due_on"][1:]])
        svg = charts.submissions_by_deliverable(frame, dues, labels(), EN)
        assert dots(svg, "accepted") == []
        assert len(dots(svg, "due")) == 3

    def test_a_decision_that_no_row_knows_is_an_error(self) -> None:
        sent, due = submitted()
        with pytest.raises(ValueError, match="postponed"):
            charts.submissions_by_deliverable(sent.assign(decision="postponed"), due, labels(), EN)
