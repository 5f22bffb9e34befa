"""A meeting stands on its day, by a shape of its own; what lasted runs from day to day.

March and April 2024 are 61 days.
"""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from reviewlib.charts.rows import MarkTone
from tests.chart_forms import EN, FR, events, labels


class TestEventsByRow:
    chart = charts.events_by_row(events(), labels(), EN)

    def test_marks_stand_on_their_days(self) -> None:
        board, dispute = self.chart.rows
        marks = [(one.kind, one.tone, one.at) for one in board.marks]
        assert marks == [("point", MarkTone.ACCENT, 0), ("cross", MarkTone.BAD, 15 / 61)]
        assert [(one.at, one.to) for one in dispute.marks] == [(10 / 61, 45 / 61)]

    def test_what_is_no_meeting_held_is_in_words_too(self) -> None:
        words = [row.words for row in self.chart.rows]
        assert words == ["meeting cancelled 16 Mar 2024", "11 Mar 2024 – 15 Apr 2024"]
        french = charts.events_by_row(events(), labels(), FR).rows[0].words
        assert french == "réunion annulée 16 mars 2024"
        assert (self.chart.rows[0].label, self.chart.rows[0].value) == ("Board", "1 of 2")

    def test_the_key_has_the_states_that_are_drawn(self) -> None:
        assert [one.words for one in self.chart.key] == ["meeting held", "meeting cancelled"]

    def test_the_months_run_over_the_days_asked_for(self) -> None:
        """From 1 January to 30 April are 121 days, of which 60 lie before 1 March."""
        days = pd.Timestamp("2024-01-05"), pd.Timestamp("2024-04-30")
        chart = charts.events_by_row(events(), labels(), EN, *days)
        assert chart.rows[0].marks[0].at == pytest.approx(60 / 121)

    def test_what_lasted_a_day_can_be_seen(self) -> None:
        short = events()[2:].assign(end="2024-03-11")
        (mark,) = charts.events_by_row(short, labels(), EN).rows[0].marks
        assert mark.to - mark.at == pytest.approx(0.01)
