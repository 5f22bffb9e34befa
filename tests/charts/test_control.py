"""Control charts: months stand between their limits, and shape says what colour says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from reviewlib.charts.rows import ChartRow, MarkTone, RowMark
from tests.chart_forms import EN, FR, controlled, labels


def kinds(row: ChartRow, *wanted: str, tone: MarkTone | None = None) -> list[RowMark]:
    return [m for m in row.marks if m.kind in wanted and tone in (None, m.tone)]


class TestControlChart:
    """Six months, a sixth of the width each; P1 from 0.5 to 1, with a margin of 4 % of 0.5: the
    scale runs from 0.48 to 1.02, so that 0.9 stands at 0.42 ÷ 0.54 of the height.
    """

    chart = charts.control_chart(controlled(), labels(reference="threshold"), EN)
    row, alone = chart.rows

    def test_each_month_is_a_point_in_the_middle_of_its_part(self) -> None:
        points = kinds(self.row, "point", "signal")
        assert [mark.at for mark in points] == pytest.approx([(n + 0.5) / 6 for n in range(6)])
        assert points[0].base == pytest.approx(0.42 / 0.54)

    def test_a_signal_is_told_by_its_shape(self) -> None:
        (signal,) = kinds(self.row, "signal")
        assert (signal.at, signal.base) == (pytest.approx(3.5 / 6), pytest.approx(0.02 / 0.54))
        assert len(kinds(self.row, "point")) == 5

    def test_limits_on_trial_are_dashed_and_cut_at_what_a_share_can_be(self) -> None:
        """From January to the end of April; the upper one, of 1.1, at 1."""
        lower, upper = kinds(self.row, "trial")
        assert lower.path == (
            (0, pytest.approx(0.12 / 0.54)),
            (pytest.approx(4 / 6), lower.path[0][1]),
        )
        assert upper.path[0][1] == pytest.approx(0.52 / 0.54)
        assert kinds(self.row, "curve", tone=MarkTone.MID) == []

    def test_limits_that_stay_are_solid(self) -> None:
        row = charts.control_chart(controlled().assign(trial=False), labels(), EN).rows[0]
        assert len(kinds(row, "curve", tone=MarkTone.MID)) == 2
        assert kinds(row, "trial") == []

    def test_limits_that_vary_go_in_steps(self) -> None:
        frame = controlled()[:4].assign(lower=[0.6, 0.6, 0.5, 0.6])
        lower = kinds(charts.control_chart(frame, labels(), EN).rows[0], "trial")[0]
        across = [place for place, _ in lower.path]
        assert across == pytest.approx([0, 0.5, 0.5, 0.75, 0.75, 1])

    def test_the_target_is_a_line_through_all_months(self) -> None:
        target = kinds(self.row, "target")
        assert [(mark.at, mark.to) for mark in target] == [
            (0, pytest.approx(4 / 6)),
            (pytest.approx(4 / 6), pytest.approx(1)),
        ]
        assert kinds(self.alone, "target") == []

    def test_where_limits_are_computed_anew_a_dashed_tick_stands_and_the_line_breaks(self) -> None:
        (tick,) = kinds(self.row, "gap")
        assert tick.at == pytest.approx(4 / 6)
        joined = kinds(self.row, "joined")
        assert [len(mark.path) for mark in joined] == [4, 2]

    def test_a_month_that_is_missing_breaks_the_line(self) -> None:
        frame = controlled()[:4].drop(index=1)
        row = charts.control_chart(frame, labels(), EN).rows[0]
        assert [len(m.path) for m in kinds(row, "joined")] == [2]
        assert len(kinds(row, "point", "signal")) == 3

    def test_without_limits_the_months_stand_alone(self) -> None:
        assert {mark.kind for mark in self.alone.marks} == {"point"}
        assert self.alone.words == "Jun 2024: 80.0%"

    def test_the_key_has_what_occurs_alone_and_names_the_target(self) -> None:
        assert [mark.words for mark in self.chart.key] == [
            "signal: a month by which a rule holds", "limits on trial, below twelve months",
            "threshold", "limits computed anew: a declared change",
        ]  # fmt: skip
        assert charts.control_chart(controlled()[-1:], labels(), EN).key == ()
        mixed = controlled()[:4].assign(trial=[True, True, False, False])
        words = [mark.words for mark in charts.control_chart(mixed, labels(), EN).key]
        assert "mean and limits of the process, dashed while on trial" in words

    def test_where_there_are_no_limits_at_all_a_dashed_tick_is_of_an_event(self) -> None:
        frame = controlled()[:6].assign(mean=np.nan, lower=np.nan, upper=np.nan, target=np.nan)
        chart = charts.control_chart(frame.assign(signal=False), labels(), EN)
        assert [mark.words for mark in chart.key] == ["an event begins"]

    def test_its_words_tell_the_last_month_its_limits_and_the_signals(self) -> None:
        frame = controlled()[:4]
        row = charts.control_chart(frame, labels(), EN).rows[0]
        assert row.words == (
            "Apr 2024: 50.0%; mean 80.0%, limits 60.0% to 100.0%; signals: Apr 2024"
        )
        french = charts.control_chart(frame, labels(), FR).rows[0]
        assert "signaux\u00a0: avr. 2024" in french.words

    def test_counts_have_no_upper_end_and_none_below_nothing(self) -> None:
        frame = controlled()[:4].assign(value=[3.0, 4, 5, 4], mean=4.0, lower=-2.0, upper=10.0)
        chart = charts.control_chart(frame.assign(target=np.nan), labels(), EN, unit="count")
        lower, upper = kinds(chart.rows[0], "trial")
        assert (lower.path[0][1], upper.path[0][1]) == (
            pytest.approx(0.4 / 10.8),
            pytest.approx(10.4 / 10.8),
        )
        assert chart.rows[0].words.startswith("Apr 2024: 4; mean 4, limits 0 to 10")

    def test_each_series_has_a_scale_of_its_own(self) -> None:
        other = controlled()[:4].assign(label="P2", value=[0.99, 0.98, 0.99, 0.985])
        other = other.assign(mean=np.nan, lower=np.nan, upper=np.nan, target=np.nan)
        rows = charts.control_chart(pd.concat([controlled()[:4], other]), labels(), EN).rows
        assert max(m.base for m in kinds(rows[1], "point", "signal")) > 0.9

    def test_equal_values_stand_on_one_line(self) -> None:
        frame = controlled()[:4].assign(value=1.0, mean=1.0, lower=1.0, upper=1.0, target=np.nan)
        row = charts.control_chart(frame, labels(), EN).rows[0]
        assert len({mark.base for mark in kinds(row, "point", "signal")}) == 1

    def test_the_result_stands_at_the_end(self) -> None:
        frame = controlled().assign(result="chance", bad=True)
        chart = charts.control_chart(frame, labels(), EN, value="next month")
        assert (chart.value, chart.rows[0].value, chart.rows[0].bad) == (
            "next month",
            "chance",
            True,
        )
