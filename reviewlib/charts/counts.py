"""Counts side by side and over time, and how they split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reviewlib.charts import theme
from reviewlib.charts.canvas import (
    LEFT,
    LINE,
    QUIET,
    RIGHT,
    Mark,
    count_axis,
    dot,
    every_month,
    extent,
    month_axis,
    open_sheet,
    write,
)
from reviewlib.charts.common import SOLID, Labels, hatched, named, pointed_at
from reviewlib.charts.rows import ChartRow, KeyMark, MarkTone, RowChart, RowMark, Scale
from reviewlib.charts.words import n_words, share_of, visible, withheld_words
from reviewlib.report.text import N_

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reviewlib.pages.wording import Wording


def flow_over_time(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Arrivals beside closures month by month; below, on its own axis, the backlog left over.

    Columns: month, arrivals, closures, backlog (at the end of the month).
    """
    months = every_month(frame)
    place = np.arange(len(months))
    bars = {"arrivals": (_ARRIVALS, -0.2), "closures": (_CLOSURES, 0.2)}
    key = [mark.counted(wording, months[name].sum()) for name, (mark, _) in bars.items()]
    lower, below = 110, 2 * LINE + 10
    with open_sheet(180 + 46 + lower + below, [labels.measure], key) as sheet:
        ax = sheet.axes(LEFT, RIGHT, 46 + lower + below)
        for name, (mark, shift) in bars.items():
            ax.bar(place + shift, months[name], 0.36, gid=f"chart-{name}", **mark.patch)
        backlog = sheet.axes(LEFT, RIGHT, below, lower)
        _backlog(backlog, place, months["backlog"], wording)
        for panel, counts in ((ax, months[list(bars)]), (backlog, months[["backlog"]])):
            panel.set_xlim(-0.6, len(months) - 0.4)
            count_axis(panel, counts.max(axis=None), wording)
        month_axis(backlog, place, list(months.index), wording)
        return sheet.svg(labels.figure)


def answers_by_question(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """How answers split into two or three parts, question by question, each making up 100 %.

    One row per question (the index); columns of counts: disagree, neither (where the scale has it)
    and agree. A row with a missing count is withheld.
    """
    parts = {name: mark for name, mark in _SIDES.items() if name in frame}
    key = tuple(mark.labelled(wording) for mark in parts.values())
    rows = frame[[*parts]].itertuples(name=None)
    return RowChart(
        labels.measure,
        wording.gettext("answers"),
        str(key[-1].words),
        tuple(_answers(row, key, labels, wording) for row in rows),
        tuple((share, wording.threshold(share)) for share in (0, 0.5, 1)),
        key=key,
    )


def counts_by_group(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """Counts side by side, in the order given. Columns: label, count."""
    return _bars(frame, labels, wording, [""] * len(frame))


def share_of_target(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """How much of its target each ticket took; the breach is at 100 %.

    Columns: low, high (edges of the bins, 1 is the target, the last may be infinite), in_time,
    late (counts).
    """
    low, high = (frame[edge].to_numpy(dtype=float) for edge in ("low", "high"))
    before = high[-2] - low[-2] if len(frame) > 1 else 1.0
    right = np.where(np.isfinite(high), high, low + before)
    key = [mark.counted(wording, frame[name].sum()) for name, mark in _SPENT.items()]
    heading = [labels.measure, n_words(frame[list(_SPENT)].to_numpy().sum(), wording)]
    with open_sheet(LINE + 6 + 220 + LINE + 12, heading, key) as sheet:
        ax = sheet.axes(LEFT, 30, LINE + 12, 220)
        ax.set_xlim(min(low[0], 1), max(right[-1], 1))
        _spent(ax, frame, low, right)
        count_axis(ax, frame[list(_SPENT)].sum(axis=1).max(), wording)
        _edge_axis(ax, low, right, np.isinf(high[-1]), wording)
        pointed_at(ax, {named(labels.reference or wording.threshold(1), 300): 1.0})
        return sheet.svg(labels.figure)


def pareto(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """Counts from the first to the last, and the share that they make up so far.

    Columns: label, count, cumulative (a share).
    """
    so_far = wording.gettext("{share} cumulative")
    notes = [so_far.format(share=wording.percent(share)) for share in frame["cumulative"]]
    return _bars(frame, labels, wording, notes)


def _bars(frame: pd.DataFrame, labels: Labels, wording: Wording, notes: Sequence[str]) -> RowChart:
    """Return a bar for each count, from one zero."""
    scale = Scale(0, frame["count"].max() or 1)
    rows = tuple(
        ChartRow(visible(label), wording.number(count), (RowMark("bar", 0, scale.at(count)),), note)
        for label, count, note in zip(frame["label"], frame["count"], notes, strict=True)
    )
    return RowChart("", labels.measure, n_words(frame["count"].sum(), wording), rows)


def _answers(
    row: tuple[Any, ...], parts: Sequence[KeyMark], labels: Labels, wording: Wording
) -> ChartRow:
    """Return the parts of the answers to a question, or that they are withheld."""
    label, counts = visible(str(row[0])), row[1:]
    if pd.isna(n := sum(counts)):
        return ChartRow(label, withheld_words(labels.floor, wording))
    ends = (np.cumsum([0, *counts]) / (n or 1)).tolist()
    marks = tuple(
        RowMark(part.kind, left, right, part.tone)
        for left, right, part in zip(ends[:-1], ends[1:], parts, strict=True)
        if left < right
    )
    named = zip(parts, counts, strict=True)
    words = wording.chained(f"{part.words} {wording.number(count)}" for part, count in named)
    return ChartRow(label, share_of(counts[-1], n, wording), marks, n_words(n, wording), words)


# What marks look like. Shape, dash or hatch says what colour says.

_ARRIVALS = Mark(N_("arrivals"), patch=SOLID)
_CLOSURES = Mark(N_("closures"), patch=hatched(theme.SERIES[2]))
_IN_TIME = Mark(N_("in time"), patch=SOLID)
_LATE = Mark(N_("late"), patch=hatched(theme.BAD.colour))
_SPENT = {"in_time": _IN_TIME, "late": _LATE}
_SIDES = {
    "disagree": KeyMark("bar", MarkTone.MID, N_("disagree")),
    "neither": KeyMark("bar", MarkTone.PALE, N_("neither")),
    "agree": KeyMark("bar", MarkTone.ACCENT, N_("agree")),
}


# What is drawn in an axes.


def _backlog(ax: Axes, place: np.ndarray, backlog: pd.Series, wording: Wording) -> None:
    style = dot(theme.SERIES[3], "D", 4) | {"linestyle": "-", "linewidth": 2}
    ax.plot(place, backlog, gid="chart-backlog", clip_on=False, **style)
    name = wording.gettext("backlog at the end of the month")
    write(ax, (0, 1), name, (-LEFT, 14), ax.transAxes, **QUIET)
    counted = np.flatnonzero(backlog.notna())
    if len(counted):
        last = backlog.iloc[counted[-1]]
        write(ax, (place[counted[-1]], last), wording.number(last), (10, 0), va="center")


def _spent(ax: Axes, frame: pd.DataFrame, low: np.ndarray, right: np.ndarray) -> None:
    bottom = np.zeros(len(frame))
    for name, mark in _SPENT.items():
        count = frame[name].to_numpy(dtype=float)
        some = count > 0
        spans = (right - low)[some]
        ax.bar(
            low[some] + spans * 0.04, count[some], spans * 0.92, bottom[some], align="edge",
            gid=f"chart-{name.replace('_', '-')}", **mark.patch,
        )  # fmt: skip
        bottom += count


def _edge_axis(
    ax: Axes, low: np.ndarray, right: np.ndarray, endless: bool, wording: Wording
) -> None:
    """Label the target, and as many edges on both sides of it as there is room for."""
    left, end = ax.get_xlim()
    unit = extent(ax)[0] / (end - left)
    edge_labels = (
        {(low[-1] + right[-1]) / 2: f"≥\u00a0{wording.threshold(low[-1])}"} if endless else {}
    )
    edges = np.unique(np.concatenate([low, right[:-1], [] if endless else right[-1:]]))
    for edge in sorted({1.0, *edges.tolist()}, key=lambda edge: abs(edge - 1)):
        if all(abs(edge - other) * unit >= 56 for other in edge_labels):
            edge_labels[edge] = wording.threshold(edge)
    ax.set_xticks(sorted(edge_labels), labels=[edge_labels[edge] for edge in sorted(edge_labels)])
