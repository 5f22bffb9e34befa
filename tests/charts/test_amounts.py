"""Amounts stand where the axis puts them.

Positions are derived by hand from the layout: the sheet is 720 units wide; the heading takes 18
units, each row of the key 24, then 16 of air; months are written below over 46.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from reviewlib.charts import forms as charts
from reviewlib.charts import theme
from reviewlib.charts.rows import MarkTone
from reviewlib.charts.ticks import round_ticks
from reviewlib.report.chart_forms import Outlook
from reviewlib.report.values import Unit
from tests.chart_forms import EN, FR, HOSTILE, OUTLOOK, budget, earned, efforts, grown, labels
from tests.drawn import box, dots, ends, groups, key, marks, points, shapes, texts


def foot(svg: str) -> float:
    return float(ElementTree.fromstring(svg).attrib["viewBox"].split()[3]) - 46


class TestSCurve:
    """0 to 1,250 over 280 units: 0.224 an euro. January to April, 120 days, from 72 on."""

    svg = charts.s_curve(earned(), labels(), EN, OUTLOOK)

    def across(self) -> tuple[float, float]:
        """The ends of the axis: the line of the budget runs over all of it."""
        (line,) = groups(self.svg, "budget")
        return points(line)[0][0], points(line)[-1][0]

    def heights(self, name: str) -> list[float]:
        return [foot(self.svg) - y for _, y in dots(self.svg, name)]

    def test_marks_stand_at_their_amounts_and_end_at_the_status_date(self) -> None:
        assert self.heights("actual") == pytest.approx([0, 112], abs=0.01)
        assert self.heights("earned") == pytest.approx([0, 89.6], abs=0.01)

    def test_days_stand_at_even_distance(self) -> None:
        """2 March is day 60 of 120, the middle."""
        left, right = self.across()
        assert left == 72
        assert [x for x, _ in dots(self.svg, "actual")] == pytest.approx(
            [left, (left + right) / 2], abs=0.01
        )

    def test_dashed_lines_run_from_the_last_cost_to_both_estimates(self) -> None:
        """1,000 is 224 and 1,250 is 280 units high, on 30 April, the day 119."""
        left, right = self.across()
        ends = [points(line) for line in groups(self.svg, "estimate")]
        assert [end[0] for end in ends] == [dots(self.svg, "actual")[-1]] * 2
        assert [foot(self.svg) - end[-1][1] for end in ends] == pytest.approx([224, 280])
        assert ends[0][-1][0] == pytest.approx(left + (right - left) * 119 / 120, abs=0.01)
        assert all(line.get("stroke-dasharray") for line in groups(self.svg, "estimate"))

    def test_the_range_between_the_estimates_is_shaded(self) -> None:
        """From the status date to the 119th day."""
        (shade,) = (path for group in groups(self.svg, "range") for path in group.iter("path"))
        ends = points(groups(self.svg, "estimate")[0])
        assert box(shade)[::2] == (ends[0][0], ends[-1][0])
        assert box(shade)[3] - box(shade)[1] == pytest.approx(280 - 112, abs=0.01)

    def test_the_curves_end_with_their_amounts_and_the_budget_says_its_own_once(self) -> None:
        drawn_texts = [t.text for t in ElementTree.fromstring(self.svg).iter("text")]
        assert {"€500", "€400", "€1K", "€1.25K"} <= set(drawn_texts)
        assert drawn_texts.count("€800") == 1

    def test_earned_and_spent_differ_in_their_marks(self) -> None:
        used = [groups(self.svg, name)[-1].get("href") for name in ("earned", "actual")]
        drawn = {f"#{path.get('id')}": path.get("d") for path in shapes(self.svg)}
        assert drawn[used[0] or ""] != drawn[used[1] or ""]

    def test_the_status_date_is_pointed_at(self) -> None:
        (line,) = groups(self.svg, "mark")
        assert {x for x, _ in points(line)} == {dots(self.svg, "actual")[-1][0]}
        assert "status date: 2 Mar 2023" in texts(self.svg)
        assert "date d’état\u00a0: 2 mars 2023" in texts(
            charts.s_curve(earned(), labels(), FR, OUTLOOK)
        )

    def test_amounts_are_short_in_both_languages(self) -> None:
        frame = earned().assign(planned=[0, 45e4, 8e5])
        assert {"€0", "€200K", "€800K"} <= texts(charts.s_curve(frame, labels(), EN)).keys()
        french = texts(charts.s_curve(frame, labels(), FR))
        assert {"0\u00a0€", "200\u00a0k€", "800\u00a0k€", "valeur acquise"} <= french.keys()

    def test_without_outlook_there_is_neither_estimate_nor_budget(self) -> None:
        svg = charts.s_curve(earned(), labels(), EN)
        assert groups(svg, "estimate") + groups(svg, "range") + groups(svg, "budget") == []
        assert not {"estimate at completion", "budget at completion"} & texts(svg).keys()
        assert "€800" in texts(svg)

    def test_exact_amounts_are_drawn_where_floats_are(self) -> None:
        exact = Outlook(Decimal(800), Decimal(1000), Decimal(1250), OUTLOOK.end_date)
        frame = earned().astype({"actual": object})
        frame.loc[1, "actual"] = Decimal(500)
        assert charts.s_curve(frame, labels(), EN, exact) == self.svg

    def test_one_estimate_is_one_line(self) -> None:
        only = Outlook(eac_low=1000, eac_high=1000, end_date=dt.date(2023, 6, 1))
        assert len(groups(charts.s_curve(earned(), labels(), EN, only), "estimate")) == 1

    @pytest.mark.parametrize(
        "outlook",
        [Outlook(800), Outlook(800, 900, 1000), Outlook(800, end_date=dt.date(2024, 1, 1))],
    )
    def test_an_estimate_without_day_or_amount_is_not_drawn(self, outlook: Outlook) -> None:
        svg = charts.s_curve(earned(), labels(), EN, outlook)
        assert groups(svg, "estimate") == []
        assert len(groups(svg, "budget")) == 1

    def test_before_anything_is_known_the_plan_stands_alone(self) -> None:
        frame = earned().assign(earned=np.nan, actual=np.nan)
        svg = charts.s_curve(frame, labels(), EN, OUTLOOK)
        assert groups(svg, "mark") + groups(svg, "estimate") + dots(svg, "actual") == []
        assert "planned value" in texts(svg)
        assert not {"earned value", "actual cost", "estimate at completion"} & texts(svg).keys()

    def test_five_years_of_months_have_fewer_marks_than_months(self) -> None:
        frame = pd.DataFrame({"date": pd.date_range("2020-01-31", periods=60, freq="ME")})
        amounts = pd.Series(range(60)) * 1000.0
        frame = frame.assign(planned=amounts, earned=amounts, actual=amounts)
        svg = charts.s_curve(frame, labels(), EN)
        assert len(dots(svg, "earned")) == 20


class TestBridge:
    """1,000, then 500 more and 250 less: bars stand on the first 1,000 and reach 500 above it."""

    chart = charts.bridge(budget(), labels(), EN)
    original, changes, less, actual = chart.rows

    def test_each_step_starts_where_the_row_before_it_ended_and_totals_at_the_first(self) -> None:
        assert self.original.marks == ()
        assert [ends(one, "bar") for one in (self.changes, self.less, self.actual)] == [
            [(0, 1)], [(1, 0.5)], [(0, 0.5)],
        ]  # fmt: skip

    def test_the_axis_names_the_amount_that_the_bars_stand_on(self) -> None:
        assert self.chart.axis == ((0, "from €1K"),)
        assert self.chart.grid == (0,)

    def test_a_step_is_grey_less_is_green_and_what_no_change_covers_is_red(self) -> None:
        frame = budget().assign(kind=["total", "step", "step", "total"])
        beyond = charts.bridge(
            frame.assign(kind=["total", "beyond", "step", "total"]), labels(), EN
        )
        tones = [mark.tone for one in self.chart.rows for mark in one.marks]
        assert tones == [MarkTone.MID, MarkTone.GOOD, MarkTone.ACCENT]
        assert beyond.rows[1].marks[0].tone == MarkTone.BAD
        assert beyond.rows[1].words == "not covered by an approved change"
        assert key(self.chart) == ["added", "taken off, or not spent"]
        assert key(beyond) == ["not covered by an approved change", "taken off, or not spent"]

    def test_less_of_what_is_owed_is_nothing_saved(self) -> None:
        chart = charts.bridge(budget().assign(kind=["part", "part", "part", "total"]), labels(), EN)
        tones = [mark.tone for one in chart.rows for mark in one.marks]
        assert tones == [MarkTone.MID] * 3 + [MarkTone.ACCENT]
        assert chart.key == ()

    def test_rows_that_do_not_start_with_a_total_stand_on_zero(self) -> None:
        """10, then 30 more: 40 in all."""
        rows = [("A", 10, "part"), ("B", 30, "part"), ("All", 40, "total")]
        frame = pd.DataFrame(rows, columns=["label", "amount", "kind"])
        chart = charts.bridge(frame, labels(), EN)
        drawn = [ends(one, "bar") for one in chart.rows]
        assert drawn == [[(0, 0.25)], [(0.25, 1)], [(0, 1)]]
        assert chart.axis == ((0, "€0"),)

    def test_steps_have_a_sign_and_totals_are_bold_without_one(self) -> None:
        assert [(one.value, one.style) for one in self.chart.rows] == [
            ("€1,000", "total"), ("+€500", ""), ("−€250", ""), ("€1,250", "total"),
        ]  # fmt: skip
        assert charts.bridge(budget(), labels(), FR).rows[1].value == "+500\u00a0€"

    def test_negative_totals_grow_to_the_right_of_the_first(self) -> None:
        """From −1,000 to −500 by two steps of 250."""
        chart = charts.bridge(budget().assign(amount=[-1000, 250, 250, -500]), labels(), EN)
        assert [ends(one, "bar") for one in chart.rows[1:]] == [[(0, 0.5)], [(0.5, 1)], [(0, 1)]]

    def test_what_falls_below_the_first_total_is_drawn_left_of_it(self) -> None:
        """From 1,000 down to 750 and up to 1,000."""
        chart = charts.bridge(budget().assign(amount=[1000, -250, 250, 1000]), labels(), EN)
        assert [ends(one, "bar") for one in chart.rows] == [[], [(1, 0)], [(0, 1)], []]
        assert chart.grid == (1,)

    def test_an_unknown_amount_is_a_dash_and_moves_nothing(self) -> None:
        chart = charts.bridge(budget().assign(amount=[1000, np.nan, -250, 750]), labels(), EN)
        assert (chart.rows[1].value, chart.rows[1].marks) == ("—", ())
        assert ends(chart.rows[2], "bar") == [(1, 0)]

    def test_exact_amounts_are_written_to_the_cent(self) -> None:
        frame = budget().assign(amount=[Decimal("0.10"), Decimal("0.20"), None, Decimal("0.30")])
        values = [one.value for one in charts.bridge(frame, labels(), EN).rows]
        assert values == ["€0.10", "+€0.20", "—", "€0.30"]

    def test_another_kind_of_row_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="subtotal"):
            charts.bridge(budget().assign(kind="subtotal"), labels(), EN)


class TestGrowthOverTime:
    """0 to 100 over 260 units: 2.6 each. January and February, 59 days."""

    svg = charts.growth_over_time(grown(), labels(), EN)

    def test_steps_stand_at_their_totals_and_their_direction_is_a_shape(self) -> None:
        rose, fell = dots(self.svg, "rose"), dots(self.svg, "fell")
        assert [foot(self.svg) - y for _, y in rose] == pytest.approx([156, 260], abs=0.01)
        assert [foot(self.svg) - y for _, y in fell] == pytest.approx([104], abs=0.01)
        assert {dot.get("fill") for dot in groups(self.svg, "fell")} == {theme.PAPER}

    def test_the_line_starts_at_zero_and_keeps_each_total_until_the_next(self) -> None:
        (line,) = groups(self.svg, "total")
        heights = [round(foot(self.svg) - y) for _, y in dict.fromkeys(points(line))]
        assert heights == [0, 0, 156, 156, 104, 104, 260, 260]
        assert points(line)[0][0] == 72

    def test_the_last_total_and_the_names_of_steps_are_written(self) -> None:
        written = texts(self.svg)
        assert {"100", "CR-1", "added, n = 2", "taken off, n = 1"} <= written.keys()
        assert written["CR-1"][1] < dots(self.svg, "rose")[0][1]

    def test_a_shrinking_scope_has_room_below_zero(self) -> None:
        svg = charts.growth_over_time(grown().assign(total=[-20, -40, 10]), labels(), EN)
        assert {"−40", "0"} <= texts(svg).keys()
        assert len(dots(svg, "fell")) == 2

    def test_totals_are_printed_in_their_unit(self) -> None:
        money = charts.growth_over_time(grown(), labels(), FR, Unit.MONEY)
        days = charts.growth_over_time(grown(), labels(), FR, Unit.DAYS)
        assert "100\u00a0€" in texts(money)
        assert "100 jours" in texts(days)

    def test_of_sixty_steps_the_six_largest_are_named_and_all_are_marked(self) -> None:
        steps = np.arange(60) % 7 + np.isin(np.arange(60), range(5, 60, 10)) * 50
        frame = pd.DataFrame({"date": pd.date_range("2020-01-01", periods=60, freq="20D")})
        frame = frame.assign(total=np.cumsum(steps), label=[f"CR-{n}" for n in range(60)])
        svg = charts.growth_over_time(frame, labels(), EN)
        named = {text for text in texts(svg) if text.startswith("CR")}
        assert named == {f"CR-{number}" for number in range(5, 60, 10)}
        assert len(dots(svg, "rose")) == 60

    def test_rows_without_date_or_total_are_left_out_and_labels_may_be_missing(self) -> None:
        frame = pd.concat([grown(), grown().assign(date=None), grown().assign(total=np.nan)])
        assert charts.growth_over_time(frame, labels(), EN) == self.svg
        bare = charts.growth_over_time(grown().drop(columns="label"), labels(), EN)
        assert "CR-1" not in texts(bare)


class TestAmountAgainstPlan:
    """The largest amount, 10, stands at the end: 5.5 for 6, 10 for 8, nothing known for 4."""

    chart = charts.amount_against_plan(efforts(), labels(reference="ordered"), EN)
    under, over, unknown = chart.rows

    def test_bars_reach_to_the_plan_and_what_is_over_it_starts_there_in_red(self) -> None:
        assert ends(self.under, "bar") == [(0, 0.55)]
        assert ends(self.over, "bar", tone=MarkTone.MID) == [(0, 0.8)]
        assert ends(self.over, "bar", tone=MarkTone.BAD) == [(0.8, 1)]
        assert ends(self.unknown, "bar") == []

    def test_each_plan_has_a_tick_whether_or_not_its_use_is_known(self) -> None:
        assert [mark.at for one in self.chart.rows for mark in marks(one, "tick")] == [
            0.6, 0.8, 0.4,
        ]  # fmt: skip

    def test_rows_end_with_what_was_used_and_planned_in_red_where_it_is_over(self) -> None:
        assert [(one.value, one.bad) for one in self.chart.rows] == [
            ("5.5 / 6", False), ("10 / 8", True), ("— / 4", False),
        ]  # fmt: skip
        assert charts.amount_against_plan(efforts(), labels(), FR).rows[0].value == "5,5 / 6"
        assert self.chart.value == "Measure"

    def test_the_axis_runs_from_zero_in_round_steps(self) -> None:
        """At most four steps up to 10: of 5."""
        assert self.chart.axis == ((0, "0"), (0.5, "5"), (1, "10"))
        assert round_ticks(9) == [0, 5]
        assert round_ticks(8) == [0, 2, 4, 6, 8]
        assert round_ticks(0) == [0]

    def test_nothing_is_drawn_over_a_plan_that_is_kept(self) -> None:
        frame = efforts()[efforts()["label"] != HOSTILE]
        chart = charts.amount_against_plan(frame, labels(reference="ordered"), EN)
        assert key(chart) == ["ordered", "within the plan"]
        assert key(self.chart) == ["ordered", "within the plan", "over the plan"]
