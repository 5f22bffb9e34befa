"""Amounts: how they grow, what leads from one to the next, what is planned, earned, spent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reviewlib.charts import theme
from reviewlib.charts.canvas import LEFT, LINE, QUIET, Mark, dot, open_sheet, write
from reviewlib.charts.common import (
    Beside,
    Labels,
    date_axis,
    days_since,
    months_over,
    named,
    pointed_at,
    quantity_axis,
    refuse_unknown,
    room_beside,
    write_beside,
)
from reviewlib.charts.rows import (
    ChartRow,
    KeyMark,
    MarkTone,
    RowChart,
    RowMark,
    Scale,
    key_of_tones,
)
from reviewlib.charts.ticks import axis_from_zero
from reviewlib.charts.words import SMALL, n_words, signed, visible
from reviewlib.report.chart_forms import Outlook
from reviewlib.report.text import N_
from reviewlib.report.values import Unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reviewlib.pages.wording import Wording


def _estimates_at_completion(ahead: Outlook) -> list[float]:
    """Return the lowest and the highest; nothing unless both are known, and their day."""
    both = [_amount(ahead.eac_low), _amount(ahead.eac_high)]
    return [] if pd.isna(ahead.end_date) or np.isnan(both).any() else both


def _amount(amount: float | None) -> float:
    return float("nan") if amount is None else float(amount)


def s_curve(
    frame: pd.DataFrame, labels: Labels, wording: Wording, outlook: Outlook | None = None
) -> str:
    """What was planned to be done, what was, and what it cost, as amounts that add up over time.

    Columns: date, planned, earned, actual (cumulative; NaN where unknown: earned and actual after
    the status date). With an outlook, dashed lines run from the last cost to the estimates.
    """
    curves = _curves(frame)
    ahead = outlook or Outlook()
    estimates = _estimates(curves, ahead)
    amounts = pd.concat(
        [curves[list(_EARNED)].stack(), estimates, pd.Series([_amount(ahead.bac)])]
    ).dropna()
    days = curves.index.append(estimates.index).sort_values()
    months = months_over(days[0], days[-1])
    curves, estimates = (
        of_days.set_axis(days_since(months[0], of_days.index)) for of_days in (curves, estimates)
    )
    ends = _curve_ends(curves, estimates, _amount(ahead.bac), wording)
    key = [mark.labelled(wording) for name, mark in _EARNED.items() if curves[name].notna().any()]
    key += [_ESTIMATE.labelled(wording)] if len(estimates) else []
    key += [_BUDGET.labelled(wording)] if pd.notna(_amount(ahead.bac)) else []
    above, below, right = LINE + 6, 2 * LINE + 10, room_beside([end.text for end in ends])
    with open_sheet(above + 280 + below, [labels.measure], key) as sheet:
        ax = sheet.axes(LEFT + 6, right, below, 280)
        date_axis(ax, months, wording)
        quantity_axis(ax.yaxis, amounts, wording.amount)
        _outlook(ax, estimates)
        _budget(ax, _amount(ahead.bac), wording)
        _earned(ax, curves)
        _status(ax, curves, months[0], wording)
        write_beside(ax, ends)
        return sheet.svg(labels.figure)


def bridge(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """What leads from one total to the next, step by step.

    Columns: label, amount (signed, NaN where unknown), kind ("total"; "step"; "beyond": one that no
    approved change covers; "part": of what is owed, of which less is nothing saved). Bars stand on
    the total that the rows start with, else on zero; a step starts where the row before it ended.
    """
    refuse_unknown("kind of row", frame["kind"], _KINDS)
    kinds = frame["kind"].to_numpy(dtype=object)
    amounts = frame["amount"].astype(float).fillna(0).to_numpy()
    base = float(amounts[0]) if kinds[0] == "total" else 0.0
    starts, ends = _running(amounts, kinds == "total", base)
    scale = Scale.around([base, *starts, *ends], zero=False)
    drawn = [_step(*row, wording) for row in zip(frame["amount"], kinds, starts, ends, strict=True)]
    rows = tuple(
        ChartRow(
            visible(label),
            value,
            (RowMark("bar", scale.at(start), scale.at(end), tone),) if start != end else (),
            words=wording.gettext(_STEPS[tone]) if start != end and kind != "part" else "",
            style="total" if kind == "total" else "",
        )
        for label, kind, start, end, (tone, value) in zip(
            frame["label"], kinds, starts, ends, drawn, strict=True
        )
    )
    key = key_of_tones(_CHANGES, () if "part" in kinds else rows, wording)
    zero = scale.at(base)
    start = wording.gettext("from {amount}").format(amount=wording.amount(base)) if base else ""
    axis = ((zero, start or wording.amount(base)),)
    return RowChart("", labels.measure, "", rows, axis, (zero,), key)


def amount_against_plan(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """What was used of what was planned, row by row, and what exceeds the plan.

    Columns: label, planned, actual (not negative, NaN where unknown). ``reference`` names the plan.
    """
    amounts = frame[["planned", "actual"]].astype(float)
    high = amounts.max(axis=None)
    places = (amounts / high if high > 0 else amounts).itertuples(index=False)
    rows = tuple(
        _against_plan(visible(label), of_row, place, wording)
        for label, of_row, place in zip(
            frame["label"], amounts.itertuples(index=False), places, strict=True
        )
    )
    plan = KeyMark("tick", MarkTone.INK, visible(labels.reference) or wording.gettext("planned"))
    key = (plan, *key_of_tones(_PLAN, rows, wording))
    axis = axis_from_zero(high, lambda value: wording.number(value, 2))
    grid = tuple(place for place, _ in axis)
    return RowChart("", labels.measure, labels.measure, rows, axis, grid, key)


def growth_over_time(
    frame: pd.DataFrame, labels: Labels, wording: Wording, unit: Unit = Unit.COUNT
) -> str:
    """How a quantity grew and shrank, step by step, from zero.

    Columns: date, total (from that day on, cumulative, signed); label of the step, if known. The
    largest steps are labelled. ``unit`` says how totals are printed: count, days, money…
    """
    steps = _growth(frame)
    rose = steps["step"] >= 0
    months = months_over(steps["date"].iloc[0], steps["date"].iloc[-1])
    place = days_since(months[0], steps["date"]).to_numpy()
    end = days_since(months[0], months[-1])
    words = _printer(unit, wording)
    last = words(steps["total"].iloc[-1])
    key = [
        mark.counted(wording, side.sum())
        for mark, side in ((_ROSE, rose), (_FELL, ~rose))
        if side.any()
    ]
    below = 2 * LINE + 10
    with open_sheet(260 + below, [labels.measure, n_words(len(steps), wording)], key) as sheet:
        ax = sheet.axes(LEFT + 6, room_beside([last]), below)
        date_axis(ax, months, wording)
        quantity_axis(ax.yaxis, steps["total"], words)
        totals = steps["total"].to_list()
        x, level = [0, *place, end], [0, *totals, totals[-1]]
        ax.fill_between(x, level, step="post", gid="chart-area", color=theme.WASH, linewidth=0)
        ax.plot(x, level, drawstyle="steps-post", gid="chart-total", color=theme.ACCENT)
        ax.axhline(0, color=theme.MUTED, linewidth=1)
        for name, mark, side in (("rose", _ROSE, rose), ("fell", _FELL, ~rose)):
            drawn = steps["total"][side]
            ax.plot(place[side], drawn, gid=f"chart-{name}", clip_on=False, **mark.line)
        names = [*_step_names(place, steps), Beside(end, level[-1], last)]
        write_beside(ax, names, list(zip(place, totals, strict=True)))
        return sheet.svg(labels.figure)


# What marks look like. Shape, dash or hatch says what colour says.

_EARNED = {
    "planned": Mark(N_("planned value"), {"color": theme.MUTED, "linewidth": 2}),
    "earned": Mark(
        N_("earned value"),
        {"color": theme.ACCENT, "linewidth": 2.5, "marker": "o", "markersize": 6},
    ),
    "actual": Mark(
        N_("actual cost"),
        {
            "color": theme.SERIES[1],
            "linewidth": 2,
            "marker": "s",
            "markersize": 6,
            "linestyle": "-",
        },
    ),
}
_PLAN = {
    MarkTone.MID: N_("within the plan"),
    MarkTone.BAD: N_("over the plan"),
}
_ESTIMATE = Mark(
    N_("estimate at completion"), {"color": theme.SERIES[1], "linewidth": 2, "linestyle": "--"}
)
_BUDGET = Mark(
    N_("budget at completion"), {"color": theme.MUTED, "linewidth": 1.5, "linestyle": ":"}
)
_KINDS = ("beyond", "part", "step", "total")
_CHANGES = {
    MarkTone.MID: N_("added"),
    MarkTone.BAD: N_("not covered by an approved change"),
    MarkTone.GOOD: N_("taken off, or not spent"),
}
_STEPS = {MarkTone.ACCENT: N_("total"), **_CHANGES}
_ROSE = Mark(N_("added"), dot(theme.ACCENT, "^", 9))
_FELL = Mark(N_("taken off"), dot(theme.SERIES[1], "v", 9, hollow=True))
_NAMED = 6  # steps of a growth, the largest ones


# What is drawn in an axes.


def _curves(frame: pd.DataFrame) -> pd.DataFrame:
    dates = pd.DatetimeIndex(pd.to_datetime(frame["date"]))
    curves = frame[list(_EARNED)].astype(float).set_index(dates)
    return curves[curves.index.notna()].sort_index(kind="stable")


def _estimates(curves: pd.DataFrame, outlook: Outlook) -> pd.Series:
    """Return the last cost, the lowest and the highest estimate, by day; nothing without both."""
    spent = curves["actual"].dropna()
    if not _estimates_at_completion(outlook) or spent.empty:
        return pd.Series([], pd.DatetimeIndex([]), dtype=float)
    end = pd.Timestamp(outlook.end_date)
    index = pd.DatetimeIndex([spent.index[-1], end, end])
    return pd.Series([spent.iloc[-1], *_estimates_at_completion(outlook)], index)


def _curve_ends(
    curves: pd.DataFrame, estimates: pd.Series, bac: float, wording: Wording
) -> list[Beside]:
    """Return the amount at the end of each line; that of a plan is not written twice."""
    ends = []
    lasts = {name: line for name in _EARNED if len(line := curves[name].dropna())}
    highest = max((line.iloc[-1] for name, line in lasts.items() if name != "planned"), default=0)
    for name, line in lasts.items():
        at, amount = line.index[-1], line.iloc[-1]
        if name == "planned" and np.isclose(amount, bac):
            continue
        # Curves rise: what is above the others has room on its left.
        over = name != "planned" and amount == highest >= curves["planned"].get(at, np.inf)
        ends.append(Beside(at, amount, wording.amount(amount), over, 8 if over else -6))
    for at, amount in dict.fromkeys(estimates.iloc[1:].items()):
        ends.append(Beside(at, amount, wording.amount(amount)))
    return ends


def _outlook(ax: Axes, estimates: pd.Series) -> None:
    if estimates.empty:
        return
    last, low, high = estimates
    span = estimates.index[:2]
    style: dict[str, Any] = {"gid": "chart-range", "color": theme.WARN.wash, "linewidth": 0}
    ax.fill_between(span, [last, low], [last, high], clip_on=False, **style)
    for amount in dict.fromkeys((low, high)):
        ax.plot(span, [last, amount], gid="chart-estimate", clip_on=False, **_ESTIMATE.line)


def _budget(ax: Axes, bac: float, wording: Wording) -> None:
    if pd.notna(bac):
        ax.axhline(bac, gid="chart-budget", **_BUDGET.line)
        write(ax, (0, bac), wording.amount(bac), (4, 6), gid="chart-halo", **QUIET)


def _earned(ax: Axes, curves: pd.DataFrame) -> None:
    for name, mark in _EARNED.items():
        line = curves[name].dropna()
        every = max(int(np.ceil(len(line) / 24)), 1)  # more marks would hide the lines
        ax.plot(line, gid=f"chart-{name}", clip_on=False, markevery=every, **mark.line)


def _status(ax: Axes, curves: pd.DataFrame, start: pd.Timestamp, wording: Wording) -> None:
    """Point at the last day of which something is known."""
    reported = curves.index[curves[["earned", "actual"]].notna().any(axis=1)]
    if len(reported):
        day = wording.date((start + pd.Timedelta(days=reported[-1])).date())
        pointed_at(ax, {wording.gettext("status date: {date}").format(date=day): reported[-1]})


def _running(
    amounts: np.ndarray, total: np.ndarray, base: float
) -> tuple[list[float], list[float]]:
    """Return where each bar starts and ends."""
    starts, ends, running = [], [], base
    for amount, whole in zip(amounts.tolist(), total, strict=True):
        starts.append(base if whole else running)
        running = amount if whole else running + amount
        ends.append(running)
    return starts, ends


def _step(
    amount: Any, kind: str, start: float, end: float, wording: Wording
) -> tuple[MarkTone, str]:
    """Return what the colour of a row says, and its amount: that of a step with its sign."""
    if kind == "total":
        return MarkTone.ACCENT, wording.money(None if pd.isna(amount) else amount)
    more = MarkTone.BAD if kind == "beyond" else MarkTone.MID
    tone = MarkTone.GOOD if end < start and kind != "part" else more
    return tone, signed(amount, wording.money)


def _against_plan(label: str, amounts: Any, places: Any, wording: Wording) -> ChartRow:
    """Return a row with its plan as a tick, and what exceeds it in another colour."""
    over = amounts.actual > amounts.planned
    marks = []
    if amounts.actual > 0:
        within = np.fmin(places.actual, places.planned)
        marks.append(RowMark("bar", 0, float(within), MarkTone.MID))
    if over:
        marks.append(RowMark("bar", float(places.planned), float(places.actual), MarkTone.BAD))
    if places.planned == places.planned:
        marks.append(RowMark("tick", float(places.planned), tone=MarkTone.INK))
    actual, planned = (wording.number(value, 2) for value in (amounts.actual, amounts.planned))
    words = wording.gettext(_PLAN[MarkTone.BAD]) if over else ""
    return ChartRow(label, f"{actual} / {planned}", tuple(marks), words=words, bad=bool(over))


def _printer(unit: Unit, wording: Wording) -> Callable[[float], str]:
    if unit == Unit.COUNT:
        return lambda value: wording.number(value, 2)
    return wording.amount if unit == Unit.MONEY else lambda value: wording.shown(value, unit)


def _growth(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the steps in order, each with its day, its total and what it added."""
    steps = pd.DataFrame({
        "date": pd.to_datetime(frame["date"]),
        "total": frame["total"].astype(float),
        "label": frame.get("label", pd.Series("", frame.index)).fillna("").astype(str),
    }).dropna(subset=["date", "total"]).sort_values("date", kind="stable")  # fmt: skip
    return steps.assign(step=steps["total"].diff().fillna(steps["total"]))


def _step_names(place: np.ndarray, steps: pd.DataFrame) -> list[Beside]:
    """Return the names of the largest steps, on the side where the line is lower."""
    labelled = steps.assign(x=place).reset_index(drop=True)
    labelled = labelled[labelled["label"].ne("")]
    largest = labelled.loc[labelled["step"].abs().nlargest(_NAMED).index.sort_values()]
    return [
        Beside(
            step.x,
            step.total,
            named(step.label, 170),
            step.step >= 0,
            12 if step.step >= 0 else -12,
            SMALL,
        )
        for step in largest.itertuples()
    ]
