"""Control charts: the months of a process between its limits, a row for each series."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reviewlib.charts.canvas import iso_months
from reviewlib.charts.common import Labels
from reviewlib.charts.rows import (
    ChartRow,
    KeyMark,
    MarkTone,
    Places,
    RowChart,
    RowMark,
    Scale,
    under_headings,
)
from reviewlib.charts.shares import words_of
from reviewlib.charts.ticks import MonthScale
from reviewlib.charts.words import visible
from reviewlib.report.text import N_

if TYPE_CHECKING:
    from reviewlib.pages.wording import Wording

HEIGHT = 72  # of a row, in pixels
MARGIN = 0.04  # of the range of a row, above and below it
BOUNDS = {"share": (0.0, 1.0), "count": (0.0, np.inf)}
"""What a value can be, by unit: limits are drawn up to there."""
NAMED = 6  # signals that the words of a row name


def control_chart(
    frame: pd.DataFrame, labels: Labels, wording: Wording, *, unit: str = "share", value: str = ""
) -> RowChart:
    """Months as points between the limits of their process, each series on a scale of its own.

    Signals are diamonds; limits on trial are dashed; a dashed tick marks where limits were computed
    anew. Columns: label, month (ISO), value, segment (of limits), mean, lower and upper (NaN: no
    limits), trial, signal, target (NaN: none); result and bad, what the row comes to under the
    heading ``value``; group, about and note, as in ``share_by_group``. ``unit``: of the values,
    share or count.
    """
    low, high = BOUNDS[unit]
    months = iso_months(frame["month"])
    places = frame["month"].map({month: place for place, month in enumerate(months)})
    points = frame.assign(
        at=places / len(months),
        wide=1 / len(months),
        lower=frame["lower"].clip(lower=low),
        upper=frame["upper"].clip(upper=high),
        group=words_of(frame, "group"),
        about=words_of(frame, "about"),
        note=words_of(frame, "note"),
    )
    series = [part for _, part in points.groupby(["group", "label"], sort=False)]
    firsts = pd.DataFrame([part.iloc[0] for part in series])
    words = _words(unit, wording)
    rows = [_row(part, words, wording) for part in series]
    names = {"target": labels.reference}
    return RowChart(
        labels.measure,
        wording.gettext("points by month"),
        value,
        under_headings(rows, firsts["group"], firsts["about"]),
        MonthScale.over(pd.to_datetime(points["month"])).ends(wording),
        key=tuple(mark.labelled(wording, names.get(mark.kind, "")) for mark in _key(points)),
        height=HEIGHT,
    )


# What marks say.

_SIGNAL = KeyMark("signal", MarkTone.INK, N_("signal: a month by which a rule holds"))
_LIMITS = KeyMark("curve", MarkTone.MID, N_("mean and limits of the process"))
_TRIAL = KeyMark("trial", MarkTone.MID, N_("limits on trial, below twelve months"))
_BOTH = KeyMark("curve", MarkTone.MID, N_("mean and limits of the process, dashed while on trial"))
_TARGET = KeyMark("target", MarkTone.INK, N_("target"))
_ANEW = KeyMark("gap", MarkTone.ACCENT, N_("limits computed anew: a declared change"))
_BEGUN = KeyMark("gap", MarkTone.ACCENT, N_("an event begins"))  # where there are no limits at all


def _key(points: pd.DataFrame) -> Iterator[KeyMark]:
    limited = points["mean"].notna()
    trial, fixed = (bool((limited & points["trial"].eq(flag)).any()) for flag in (True, False))
    if points["signal"].any():
        yield _SIGNAL
    if trial or fixed:
        yield _BOTH if trial and fixed else _TRIAL if trial else _LIMITS
    if points["target"].notna().any():
        yield _TARGET
    if points.groupby(["group", "label"])["segment"].nunique().gt(1).any():
        yield _ANEW if limited.any() else _BEGUN


# What is drawn in a row.


def _row(part: pd.DataFrame, words: Callable[[float], str], wording: Wording) -> ChartRow:
    """Return one series: its changes, limits, target and points, from the back to the front."""
    segments = [own for _, own in part.groupby("segment", sort=True)]
    scale = _scale(part)
    marks = [RowMark("gap", own["at"].iloc[0], tone=MarkTone.ACCENT) for own in segments[1:]]
    for own in segments:
        marks += _limits(own, scale)
        marks += _steps(own, "target", "target", MarkTone.INK, scale)
    for own in segments:
        marks += _joined(own, scale)
    for row in part.itertuples():
        kind, tone = ("signal", MarkTone.INK) if row.signal else ("point", MarkTone.ACCENT)
        marks.append(RowMark(kind, row.at + row.wide / 2, base=scale.at(row.value), tone=tone))
    return ChartRow(
        visible(str(part["label"].iloc[0])),
        str(part["result"].iloc[0]) if "result" in part else words(part["value"].iloc[-1]),
        tuple(marks),
        part["note"].iloc[0],
        _spoken(part, words, wording),
        bad=bool(part["bad"].iloc[0]) if "bad" in part else False,
    )


def _scale(part: pd.DataFrame) -> Scale:
    """Return the scale of a row: around its values, limits and targets, with a margin."""
    held = Scale.around(part[["value", "lower", "upper", "target"]].stack(), zero=False)
    margin = MARGIN * (held.high - held.low)
    return Scale(held.low - margin, held.high + margin)


def _limits(own: pd.DataFrame, scale: Scale) -> list[RowMark]:
    """Return the mean and the limits of a segment, where it has any."""
    outer = "trial" if own["trial"].any() else "curve"
    marks = _steps(own, "mean", "mean", MarkTone.MID, scale)
    return [
        *marks,
        *_steps(own, "lower", outer, MarkTone.MID, scale),
        *_steps(own, "upper", outer, MarkTone.MID, scale),
    ]


def _steps(
    own: pd.DataFrame, column: str, kind: str, tone: MarkTone, scale: Scale
) -> list[RowMark]:
    """Return a column of a segment as a line that steps from month to month."""
    rows = own[own[column].notna()]
    if rows.empty:
        return []
    ends = [*rows["at"].iloc[1:], rows["at"].iloc[-1] + rows["wide"].iloc[-1]]
    heights = [scale.at(height) for height in rows[column]]
    path: list[tuple[float, float]] = []
    for start, end, height in zip(rows["at"], ends, heights, strict=True):
        level = bool(path) and path[-1][1] == height
        path = [*(path[:-1] if level else [*path, (start, height)]), (end, height)]
    return [RowMark(kind, path[0][0], path[-1][0], tone, path=tuple(path))]


def _joined(own: pd.DataFrame, scale: Scale) -> Iterator[RowMark]:
    """Yield the lines between the points of a segment; a month without one is a gap."""
    gaps = own["at"].diff() > 1.5 * own["wide"]
    for _, run in own.groupby(gaps.cumsum()):
        if len(run) > 1:
            across = (run["at"] + run["wide"] / 2).tolist()
            path: Places = tuple(zip(across, map(scale.at, run["value"]), strict=True))
            yield RowMark("joined", across[0], across[-1], MarkTone.INK, path=path)


def _words(unit: str, wording: Wording) -> Callable[[float], str]:
    return wording.percent if unit == "share" else lambda count: wording.number(count, 1)


def _spoken(part: pd.DataFrame, words: Callable[[float], str], wording: Wording) -> str:
    """Return what the drawing of a row says: the last month, its limits, the signals."""
    last = part.iloc[-1]
    about: dict[str, Any] = {"month": wording.month(last["month"]), "value": words(last["value"])}
    parts = [wording.gettext("{month}: {value}").format(**about)]
    if pd.notna(last["mean"]):
        span = {name: words(last[name]) for name in ("mean", "lower", "upper")}
        limits = wording.gettext("mean {mean}, limits {lower} to {upper}")
        parts.append(limits.format(**span))
    if signals := part.loc[part["signal"].astype("bool"), "month"].tolist():
        named = wording.and_others(map(wording.month, signals[:NAMED]), len(signals))
        sentence = wording.gettext("signals: {months}")
        parts.append(sentence.format(months=wording.listed(named)))
    return wording.chained(parts)
