"""Days stand where they belong between the first and the last day of the months drawn.

March and April 2024 are 61 days: the 1st of March stands at 0, the 31st at 30/61.
"""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from reviewlib.charts.rows import MarkTone
from reviewlib.charts.ticks import MonthScale
from tests.chart_forms import EN, FR, NO_DATE, labels, milestones, submitted, up
from tests.drawn import ends, key, marks, row

BAD, MID, INK = MarkTone.BAD, MarkTone.MID, MarkTone.INK


def day(number: int) -> object:
    """The place of a day that is so many days after the 1st of March."""
    return pytest.approx(number / 61)


def between(first: int, last: int) -> list[object]:
    return [pytest.approx((first / 61, last / 61))]


class TestMonths:
    def test_a_day_a_third_of_the_way_stands_at_a_third(self) -> None:
        """June to August are 92 days; 1 July is the 31st day: 30/92."""
        months = MonthScale.over(pd.Series(pd.to_datetime(["2025-06-17", "2025-08-02"])))
        assert months.at(pd.Timestamp("2025-07-01")) == pytest.approx(30 / 92)
        nine_days = MonthScale(pd.Timestamp("2025-06-01"), pd.Timestamp("2025-06-10"))
        assert nine_days.at(pd.Timestamp("2025-06-04")) == pytest.approx(1 / 3)

    @pytest.mark.parametrize(
        ("last", "named", "lines"),
        [
            ("2024-03-31", ["Jan 2024", "Feb 2024", "Mar 2024"], 3),
            ("2024-12-31", ["Jan 2024", "Apr 2024", "Jul 2024", "Oct 2024"], 12),
            ("2025-06-30", ["Jan 2024", "Jul 2024", "Jan 2025"], 9),  # 18 months, every second
            ("2034-12-31", ["Jan 2025", "Jan 2030"], 11),  # 11 years, each with a line
        ],
    )
    def test_few_months_are_named_with_their_year_and_a_dozen_have_lines(
        self, last: str, named: list[str], lines: int
    ) -> None:
        months = MonthScale.over(pd.Series(pd.to_datetime(["2024-01-15", last])))
        assert [text for _, text in months.axis(EN)] == named
        assert len(months.grid) == lines

    def test_a_strip_names_its_first_and_its_last_month_and_those_between_with_room(self) -> None:
        """18 months: July 2024 starts at 182/547, January 2025 at 366/547; of one month, that."""
        months = MonthScale.over(pd.Series(pd.to_datetime(["2024-01-15", "2025-06-30"])))
        assert [text for _, text in months.ends(EN)] == [
            "Jan 2024", "Jul 2024", "Jan 2025", "Jun 2025",
        ]  # fmt: skip
        assert [place for place, _ in months.ends(EN)] == pytest.approx(
            [0, 182 / 547, 366 / 547, 1]
        )
        one = MonthScale.over(pd.Series(pd.to_datetime(["2024-03-15", "2024-03-20"])))
        assert one.ends(EN) == ((0, "Mar 2024"),)


class TestPlanAgainstActual:
    """The first was planned for 1 March and reached on the 31st. The second was planned for 11
    March, re-baselined to the 21st, and is announced for 10 April, 40 days after 1 March.
    """

    chart = charts.plan_against_actual(milestones(), labels(), EN)
    done, coming = chart.rows

    def test_dates_stand_where_the_axis_puts_them(self) -> None:
        assert [mark.at for mark in marks(self.done, "tick", "dot")] == [day(0), day(30)]
        assert [mark.at for mark in marks(self.coming, "tick", "gap", "ring")] == [
            day(10), day(20), day(40),
        ]  # fmt: skip

    def test_a_line_runs_to_what_happened_and_a_dashed_one_to_what_is_announced(self) -> None:
        assert ends(self.done, "line") == between(0, 30)
        assert ends(self.coming, "dashes") == [*between(10, 20), *between(20, 40)]
        assert ends(self.done, "dashes") + ends(self.coming, "line") == []

    def test_what_an_approved_change_covers_is_grey_and_what_it_does_not_is_red(self) -> None:
        assert ends(self.coming, "dashes", tone=MID) == between(10, 20)
        assert ends(self.coming, "dashes", tone=BAD) == between(20, 40)
        assert ends(self.done, "line", tone=BAD) == between(0, 30)

    def test_one_reached_by_its_date_in_force_is_not_bad_and_its_line_is_grey(self) -> None:
        """Re-baselined to 5 April, reached on 31 March: all of its 30 days are covered."""
        frame = milestones()[:1].assign(rebaselined=pd.Timestamp("2024-04-05"))
        (one,) = charts.plan_against_actual(frame, labels(), EN).rows
        assert ends(one, "line") == between(0, 30)
        assert {mark.tone for mark in marks(one, "line", "dot")} == {MID, MarkTone.ACCENT}
        assert (one.value, one.bad) == ("+30 days", False)

    def test_one_reached_early_has_a_negative_difference(self) -> None:
        frame = milestones()[:1].assign(actual=pd.Timestamp("2024-02-28"))
        (one,) = charts.plan_against_actual(frame, labels(), EN).rows
        assert (one.value, one.bad) == ("−2 days", False)
        assert marks(one, "line", tone=BAD) == []

    def test_a_row_ends_with_the_days_from_the_plan_and_says_its_dates(self) -> None:
        """From 11 March to 10 April are 30 days; so are those from 1 to 31 March."""
        values = [one.value for one in self.chart.rows]
        assert values == ["+30 days", "+30 days announced"]
        assert [one.bad for one in self.chart.rows] == [True, True]
        assert self.done.note == "31 Mar 2024"
        assert self.coming.note == "announced 10 Apr 2024"
        assert self.coming.words == (
            "planned 11 Mar 2024, re-baselined 21 Mar 2024, announced 10 Apr 2024"
        )

    def test_one_of_which_only_the_plan_is_known_has_a_tick_and_is_not_reached(self) -> None:
        frame = milestones()[:1].assign(actual=NO_DATE)
        (one,) = charts.plan_against_actual(frame, labels(), EN).rows
        assert [mark.kind for mark in one.marks] == ["tick"]
        assert (one.value, one.note, one.words) == ("not reached", "", "planned 1 Mar 2024")

    def test_one_reached_of_which_no_plan_is_known_has_a_dash_for_its_days(self) -> None:
        frame = milestones()[:1].assign(planned=NO_DATE, rebaselined=NO_DATE)
        (one,) = charts.plan_against_actual(frame, labels(), EN).rows
        assert one.value == "—"

    def test_the_key_names_only_what_is_drawn(self) -> None:
        only = charts.plan_against_actual(milestones()[:1], labels(), EN)
        assert key(only) == ["planned", "not covered by an approved change", "reached"]
        assert key(self.chart)[0] == "planned; dashed: re-baselined"
        assert key(self.chart)[-1] == "reached; hollow: announced"
        assert len(key(self.chart)) == 4


class TestAvailabilityCalendar:
    """Four months: a cell is 0.86 of a quarter wide."""

    chart = charts.availability_calendar(up(), labels(), EN)
    mail = chart.rows[0]

    def test_each_month_has_a_cell_where_the_axis_puts_it(self) -> None:
        assert ends(self.mail, "bar", "line") == [
            pytest.approx((quarter / 4, quarter / 4 + 0.215)) for quarter in range(4)
        ]
        assert self.chart.axis[0] == (0, "Jan 2024")

    def test_the_more_was_lost_the_higher_and_the_redder_is_a_cell(self) -> None:
        """Of a target of 99 %: 0.5 % lost is within, 1.5 % is not, 3 % is over twice 1 %."""
        assert [(m.kind, m.tone) for m in self.mail.marks] == [
            ("bar", MID), ("bar", MarkTone.WEAK), ("bar", BAD), ("line", MID),
        ]  # fmt: skip
        heights = [mark.level for mark in self.mail.marks[:3]]
        assert heights == sorted(set(heights))

    def test_a_row_ends_with_the_months_at_the_target_of_those_judged(self) -> None:
        assert (self.mail.value, self.mail.note, self.mail.bad) == ("1 of 3", "99%", True)
        assert self.mail.words == "below the target: Feb 2024, Mar 2024"
        assert (self.chart.rows[1].value, self.chart.rows[1].note) == ("0 of 0", "")

    def test_a_month_without_a_verdict_is_neither_met_nor_missed(self) -> None:
        (only,) = self.chart.rows[1].marks
        assert (only.kind, only.at) == ("line", 0.75)
        assert not self.chart.rows[1].bad

    def test_the_key_names_only_what_is_drawn(self) -> None:
        assert key(charts.availability_calendar(up()[:1], labels(), EN)) == [
            "at the target or above"
        ]
        assert len(key(self.chart)) == 4

    def test_a_month_between_two_others_is_a_gap(self) -> None:
        frame = up()[:3].drop(index=1)
        (one,) = charts.availability_calendar(frame, labels(), EN).rows
        assert [mark.at for mark in one.marks] == [0, pytest.approx(2 / 3)]


class TestSubmissionsByDeliverable:
    """Due on 1, 11 and 21 March and on 20 April, the 50th day after."""

    chart = charts.submissions_by_deliverable(*submitted(), labels(), EN)

    @pytest.mark.parametrize(
        ("label", "kinds", "places"),
        [
            ("Design", ("cross",), [10]),  # 11 March
            ("Design", ("ring",), [20]),
            ("Plan", ("dot",), [5]),
            ("<script>", ("gap",), [30]),
            ("Design", ("tick",), [0]),
            ("Kit", ("tick",), [50]),
        ],
    )
    def test_marks_stand_at_their_days(
        self, label: str, kinds: tuple[str], places: list[int]
    ) -> None:
        assert [m.at for m in marks(row(self.chart, label), *kinds)] == [day(n) for n in places]

    def test_a_line_runs_from_the_due_date_to_a_late_acceptance_and_a_dashed_one_without(
        self,
    ) -> None:
        """The plan was accepted in time, the kit never submitted: neither has a line."""
        assert ends(row(self.chart, "Design"), "line") == between(0, 20)
        assert ends(row(self.chart, "<script>"), "dashes") == between(20, 30)
        for label in ("Plan", "Kit"):
            assert marks(row(self.chart, label), "line", "dashes") == []

    def test_a_line_is_red_only_where_all_of_its_days_are_delay(self) -> None:
        """The design is late by all of its 20 days, the other by 4 of 10."""
        assert marks(row(self.chart, "Design"), "line", tone=BAD)
        assert marks(row(self.chart, "<script>"), "dashes", tone=MID)
        assert row(self.chart, "<script>").note == "1 submission, 6 days left out"
        assert row(self.chart, "Design").note == "2 submissions"

    def test_decisions_differ_in_kind(self) -> None:
        drawn = [
            m.kind for one in self.chart.rows for m in marks(one, "cross", "ring", "dot", "gap")
        ]
        assert sorted(drawn) == ["cross", "dot", "gap", "ring"]

    def test_rows_follow_the_due_dates_and_end_with_the_days_of_delay(self) -> None:
        assert [one.label.split()[0] for one in self.chart.rows[:2]] == ["Design", "Plan"]
        assert [(one.value, one.bad) for one in self.chart.rows] == [
            ("+20 days", True), ("−5 days", False), ("+4 days", True), ("—", False),
        ]  # fmt: skip

    def test_a_row_says_what_became_of_each_version(self) -> None:
        assert row(self.chart, "Design").words == (
            "due date 1 Mar 2024, refused 11 Mar 2024, accepted with reservations 21 Mar 2024"
        )
        assert row(self.chart, "Kit").note == "0 submissions"

    def test_one_without_due_date_is_a_row_at_the_end(self) -> None:
        sent, due = submitted()
        chart = charts.submissions_by_deliverable(sent, due[1:2], labels(), EN)
        assert [one.label for one in chart.rows[:2]] == ["Plan", "Design"]
        design = row(chart, "Design")
        assert {mark.kind for mark in design.marks} == {"cross", "ring"}
        assert design.value == "—"

    def test_the_key_names_only_what_is_drawn_in_the_language(self) -> None:
        sent, due = submitted()
        chart = charts.submissions_by_deliverable(sent[3:], due[1:2], labels(), FR)
        assert key(chart) == ["échéance", "acceptée"]
        assert key(self.chart) == [
            "due date", "accepted; hollow: with reservations", "awaiting a decision", "refused",
        ]  # fmt: skip

    def test_a_submission_without_a_day_and_a_due_date_that_is_missing_are_not_drawn(self) -> None:
        sent, due = submitted()
        frame = sent.assign(submitted_on=[*sent["submitted_on"][:3], None])
        dues = due.assign(due_on=[None, *due["due_on"][1:]])
        chart = charts.submissions_by_deliverable(frame, dues, labels(), EN)
        assert marks(row(chart, "Plan"), "dot") == []
        assert sum(len(marks(one, "tick")) for one in chart.rows) == 3

    def test_a_decision_that_no_row_knows_is_an_error(self) -> None:
        sent, due = submitted()
        with pytest.raises(ValueError, match="postponed"):
            charts.submissions_by_deliverable(sent.assign(decision="postponed"), due, labels(), EN)
