"""Dates as they were announced, report after report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reviewlib.charts import theme
from reviewlib.charts.canvas import (
    LINE,
    MONTH_STEPS,
    QUIET,
    WIDTH,
    Mark,
    dot,
    extent,
    open_sheet,
    ordinal,
    write,
)
from reviewlib.charts.common import (
    Beside,
    Labels,
    date_axis,
    days_since,
    months_over,
    named,
    room_beside,
    write_beside,
)
from reviewlib.charts.words import n_words
from reviewlib.report.text import N_

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reviewlib.pages.wording import Wording


def milestone_trend(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """When each milestone was forecast at each report: a line that rises is a date that slips.

    Columns: label (short), reported_on, forecast_date, reached_on (dates; NaT if not reached), one
    row per report of a milestone. A line ends on the day on which the milestone was reached, on the
    diagonal that is today; later reports are left out. Of many milestones those whose date moved
    the most are named.
    """
    lines = _lines(frame)
    named_lines = lines
    if len(lines) > _MANY:
        named_lines = sorted(lines, key=lambda line: -line.moved)[:_MOST]
    names = [named(line.label, 130) for line in named_lines]
    points = pd.concat([line.points for line in lines])
    months = months_over(points.min().min(), points.max().max())
    side = min(WIDTH - _LEFT - room_beside(names), _TALLEST)
    key = _trend_key(lines, named_lines, wording)
    heading, below = [labels.measure, n_words(len(lines), wording)], 2 * LINE + 10
    with open_sheet(side + below, heading, key) as sheet:
        ax = sheet.axes(_LEFT, WIDTH - _LEFT - side, below, side)
        _trend_axes(ax, months, named_lines, wording)
        for line in lines:
            if line not in named_lines:
                _trend(ax, line, months[0], _OTHER.line)
        for number, line in enumerate(named_lines):
            _trend(ax, line, months[0], _named_line(number))
        ends = [days_since(months[0], line.points.iloc[-1]) for line in named_lines]
        write_beside(
            ax, [Beside(end["at"], end["day"], name) for end, name in zip(ends, names, strict=True)]
        )
        return sheet.svg(labels.figure)


# What marks look like. Shape, dash or hatch says what colour says.

_LEFT = 92  # for the months of the forecasts
_TALLEST = 600
_MANY, _MOST = 12, 8  # milestones from which on few are named, and how many then
_FORECAST = Mark(
    N_("date announced, at each report"),
    {"color": theme.ACCENT, "linewidth": 2, "marker": "o", "markersize": 5},
)
_REACHED = Mark(N_("reached"), dot(theme.INK, "D", 9))
_TODAY = Mark(
    N_("today: a milestone is reached where its line meets it"),
    {"color": theme.INK, "linewidth": 1.5, "linestyle": "--"},
)
_OTHER = Mark(N_("other milestones"), {"color": theme.MUTED, "linewidth": 0.8})


def _named_line(number: int) -> dict[str, Any]:
    """Return a line's style: twenty-five differ in colour and dash."""
    count = len(theme.SERIES)
    dashes = theme.DASHES[(number + number // count) % count]
    return _FORECAST.line | {"color": theme.SERIES[number % count], "linestyle": dashes}


# What is drawn in an axes.


@dataclass(frozen=True, slots=True, eq=False)
class _MilestoneLine:
    """A milestone: the days (at) of its reports, and the day that each of them announced."""

    label: str
    points: pd.DataFrame
    reached: bool

    @property
    def moved(self) -> float:
        """The days between the first date announced and the last one."""
        day = self.points["day"]
        return float(abs(days_since(day.iloc[0], day.iloc[-1])))


def _lines(frame: pd.DataFrame) -> list[_MilestoneLine]:
    """Return the milestones in their order; those of which no date is known have no line."""
    columns = {"reported_on": "at", "forecast_date": "day", "reached_on": "reached"}
    dates = frame[list(columns)].apply(pd.to_datetime).rename(columns=columns)
    lines = []
    for label, rows in dates.groupby(frame["label"], sort=False):
        reached = rows["reached"].max()
        points = rows[["at", "day"]].dropna().sort_values("at", kind="stable")
        if pd.notna(reached):
            there = pd.DataFrame({"at": [reached], "day": [reached]})
            points = pd.concat([points[points["at"] <= reached], there], ignore_index=True)
        if len(points):
            lines.append(_MilestoneLine(str(label), points, pd.notna(reached)))
    return lines


def _trend_axes(
    ax: Axes, months: pd.DatetimeIndex, named_lines: Sequence[_MilestoneLine], wording: Wording
) -> None:
    """Draw the same months across and up, and the diagonal on which both are the same day."""
    date_axis(ax, months, wording)
    firsts = np.asarray(days_since(months[0], months))
    ax.set_ylim(0, firsts[-1])
    pitch = extent(ax)[0] / firsts[-1] * firsts[1]
    step = next((step for step in MONTH_STEPS if step * pitch >= 48), MONTH_STEPS[-1])
    named_months = months[:-1].strftime("%Y-%m")
    shown = [i for i, month in enumerate(named_months) if ordinal(month) % step == 0] or [0]
    ax.set_yticks(firsts[shown], labels=[wording.month(named_months[i]) for i in shown])
    ax.grid(axis="y")
    ax.plot(firsts[[0, -1]], firsts[[0, -1]], gid="chart-today", zorder=1.5, **_TODAY.line)
    at = _far_from(
        [days_since(months[0], line.points.iloc[-1]) for line in named_lines], firsts[-1]
    )
    style: dict[str, Any] = {"rotation": 45, "rotation_mode": "anchor", "ha": "center"}
    write(ax, (at, at), wording.gettext("today"), (11, -11), **style, **QUIET)


def _far_from(ends: Sequence[pd.Series], last: float) -> float:
    """Return the place on the diagonal that is farthest from the ends of lines and their words."""
    place = np.linspace(0.08, 0.92, 85) * last
    across = np.array([end["at"] + shift * last for end in ends for shift in (0, 0.05, 0.1)])
    up = np.array([end["day"] for end in ends]).repeat(3)
    near = np.hypot(place[:, None] - across, place[:, None] - up).min(axis=1)
    return float(place[near.argmax()])


def _trend(ax: Axes, line: _MilestoneLine, start: pd.Timestamp, style: dict[str, Any]) -> None:
    x, y = (days_since(start, line.points[name]).to_numpy() for name in ("at", "day"))
    quiet = "marker" not in style
    ax.plot(x, y, gid="chart-quiet" if quiet else "chart-milestone", clip_on=False, **style)
    if line.reached:
        mark = _REACHED.line | {"color": style["color"], "markerfacecolor": style["color"]}
        mark |= {"markersize": 5} if quiet else {}
        ax.plot(x[-1], y[-1], gid="chart-reached", clip_on=False, zorder=3, **mark)


def _trend_key(
    lines: Sequence[_MilestoneLine], named_lines: Sequence[_MilestoneLine], wording: Wording
) -> list[Mark]:
    key = [_FORECAST.labelled(wording)]
    if any(line.reached for line in lines):
        key.append(_REACHED.labelled(wording))
    key.append(_TODAY.labelled(wording))
    if len(named_lines) < len(lines):
        moved = wording.ngettext(
            "the milestone that moved the most is named",
            "the {n} milestones that moved the most are named",
            len(named_lines),
        )
        key = [_FORECAST.labelled(wording, moved), *key[1:]]
        key.append(_OTHER.counted(wording, len(lines) - len(named_lines)))
    return key
