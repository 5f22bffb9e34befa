"""Bars start at one zero, for both parties and for days before and after a date."""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from reviewlib.charts.rows import MarkTone
from tests.chart_forms import EN, behind, labels, owed


def test_amounts_stand_on_one_scale_and_what_is_left_open_is_hollow() -> None:
    """The largest amount, 400, is the whole width: 100 is a quarter; 200 to 300 are open."""
    chart = charts.amounts_by_state(owed(), labels(), EN)

    assert [row.style for row in chart.rows] == ["group", "", "", ""]
    ends = [[(mark.at, mark.to) for mark in row.marks] for row in chart.rows]
    assert ends == [[], [(0, 0.25)], [(0, 1)], [(0, 0.5), (0.5, 0.75)]]
    assert chart.rows[3].marks[1].tone == MarkTone.OPEN
    assert "200" in chart.rows[3].value
    assert "300" in chart.rows[3].value


def test_days_covered_and_not_covered_add_up_and_days_gained_run_the_other_way() -> None:
    """From -20 to 100 days: zero stands at 20 / 120, 40 at 60 / 120."""
    chart = charts.days_from_contract(behind(), labels(), EN)
    launch, pilot, other = chart.rows

    assert [mark.tone for mark in launch.marks] == [MarkTone.MID, MarkTone.BAD]
    assert launch.marks[0].at == pytest.approx(1 / 6)
    assert (launch.marks[0].to, launch.marks[1].at) == (0.5, 0.5)
    assert (launch.marks[1].to, launch.value, launch.bad) == (1, "+100", True)
    assert (pilot.marks[0].to, pilot.marks[0].tone, pilot.bad) == (0, MarkTone.GOOD, False)
    assert (other.note, other.value) == ("late", "+20")


def test_what_is_left_open_reaches_to_the_end_of_the_scale() -> None:
    """200 to 300, of 300."""
    (mark, left_open) = charts.amounts_by_state(owed()[2:], labels(), EN).rows[1].marks

    assert (mark.to, left_open.to) == (pytest.approx(2 / 3), 1)


def test_what_is_not_decided_is_bad_and_the_key_has_what_occurs_alone() -> None:
    every = charts.amounts_by_state(owed(), labels(), EN)
    paid = charts.amounts_by_state(owed()[:1], labels(), EN)

    assert [row.bad for row in every.rows] == [False, False, False, True]
    tones = [row.marks[0].tone for row in every.rows if row.marks]
    assert tones == [MarkTone.MID, MarkTone.ACCENT, MarkTone.BAD]
    assert [(mark.tone, mark.words) for mark in every.key] == [
        (MarkTone.MID, "paid, or waived"), (MarkTone.ACCENT, "decided, not paid"),
        (MarkTone.BAD, "not decided, or due"), (MarkTone.OPEN, "uncertain part"),
    ]  # fmt: skip
    assert [mark.words for mark in paid.key] == ["paid, or waived"]


def test_days_that_changes_cover_wholly_are_not_bad_and_never_reach_beyond_their_day() -> None:
    """Of a scale to 40: 30 days, all covered, are 3/4; 20 days, of 40 approved, are a half."""
    rows = [("Just", 30.0, 30.0, ""), ("Early", 40.0, 20.0, ""), ("On time", 0.0, 0.0, "")]
    frame = pd.DataFrame(rows, columns=["label", "covered", "days", "note"])
    just, early, on_time = charts.days_from_contract(frame, labels(), EN).rows

    assert [(mark.tone, mark.to) for mark in just.marks] == [(MarkTone.MID, 0.75)]
    assert [(mark.tone, mark.to) for mark in early.marks] == [(MarkTone.MID, 0.5)]
    assert (on_time.value, on_time.marks) == ("0", ())
    assert [row.bad for row in (just, early, on_time)] == [False, False, False]


def test_a_change_that_moved_a_date_ahead_covers_nothing_of_the_days_after_it() -> None:
    """Approved 20 days earlier, reached 20 days after the contract: all 20 are not covered."""
    frame = pd.DataFrame([("M", -20.0, 20.0, "")], columns=["label", "covered", "days", "note"])
    chart = charts.days_from_contract(frame, labels(), EN)

    assert [(mark.tone, mark.at, mark.to) for mark in chart.rows[0].marks] == [
        (MarkTone.BAD, 0.5, 1)
    ]
    assert chart.grid == (0.5,)
    assert [mark.words for mark in chart.key] == ["not covered"]
