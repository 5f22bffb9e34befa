"""Bars start at one zero, for both parties and for days before and after a date."""

from __future__ import annotations

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
