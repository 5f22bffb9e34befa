"""Strips: a row for each group, in which a bar for each month says how far it is from where it
should be.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reviewlib.charts.canvas import iso_months
from reviewlib.charts.common import Labels
from reviewlib.charts.rows import (
    ChartRow,
    KeyMark,
    MarkTone,
    RowChart,
    RowMark,
    Scale,
    under_headings,
)
from reviewlib.charts.shares import column, missed, words_of
from reviewlib.charts.ticks import MonthScale
from reviewlib.charts.words import n_and_target, visible
from reviewlib.report.text import N_

if TYPE_CHECKING:
    from reviewlib.pages.wording import Wording

FEW = 10  # tickets under which a month below its threshold is hollow
FAR = 0.1  # a month under its threshold by more is far under it
NAMED = 6  # months that the words of a row name
FILLED = 0.85  # of the width of a month
LOW, UNDER = 0.3, 0.7  # heights of a month at its threshold or above, and under it


def share_by_group_and_month(
    frame: pd.DataFrame, labels: Labels, wording: Wording, *, value: str = ""
) -> RowChart:
    """How far the months of each group are under its threshold: by the height and the colour.

    Low: not under it; full: under it by more than ten points; hollow: under it, on few tickets; a
    dashed tick: not judged.
    Columns: label, month (ISO), share, threshold (NaN where there is none); where they are known:
    n; verdict, as in ``share_by_group``; result, what the row comes to, under the heading
    ``value``, and bad, whether that did not hold; group and about, as in ``share_by_group``.
    """
    months = iso_months(frame["month"])
    limit, n = column(frame, "threshold"), column(frame, "n")
    under, gap = missed(frame, limit), limit - frame["share"]
    below, deep = under.eq(True), gap.gt(FAR + 1e-9)
    bars = frame.assign(
        n=n,
        limit=limit,
        under=under,
        at=frame["month"].map({month: place for place, month in enumerate(months)}) / len(months),
        state=np.select(
            [under.isna(), ~below, n < FEW, deep], ["unknown", "at", "few", "far"], "under"
        ),
        level=np.select([~below, deep], [LOW, 1], UNDER),
        group=words_of(frame, "group"),
        about=words_of(frame, "about"),
    )
    groups = [part for _, part in bars.groupby(["group", "label"], sort=False)]
    firsts = pd.DataFrame([part.iloc[0] for part in groups])
    numbers = {"far": wording.number(100 * FAR), "few": wording.number(FEW)}
    return RowChart(
        labels.measure,
        wording.gettext("months"),
        value or wording.gettext("months at the threshold or above"),
        under_headings(
            [_strip(part, 1 / len(months), wording) for part in groups],
            firsts["group"],
            firsts["about"],
        ),
        MonthScale.over(pd.to_datetime(bars["month"])).ends(wording),
        key=tuple(
            mark.labelled(wording, **numbers)
            for name, mark in _MONTHS.items()
            if bars["state"].eq(name).any()
        ),
    )


def reported_against_recomputed(
    frame: pd.DataFrame, labels: Labels, wording: Wording, *, value: str = ""
) -> RowChart:
    """How far what was reported is from what is recomputed, by month, in a row for each label.

    Bars stand on the line where both are equal, or hang from it. Columns: label, month, reported,
    recomputed (shares, NaN where there is none); result, what the row comes to, under the heading
    ``value``.
    """
    months = iso_months(frame["month"])
    places = frame["month"].map({month: place for place, month in enumerate(months)})
    bars = frame.assign(gap=frame["reported"] - frame["recomputed"], at=places / len(months))
    scale = Scale.around(bars["gap"])
    groups = bars.groupby("label", sort=False)
    drawn = [_gaps(part, scale, 1 / len(months), wording) for _, part in groups]
    ends = {_ABOVE: bars["gap"].max(), _BELOW: -bars["gap"].min()}
    return RowChart(
        labels.measure,
        wording.gettext("gap by month"),
        value,
        tuple(drawn),
        MonthScale.over(pd.to_datetime(bars["month"])).ends(wording),
        key=tuple(
            mark.labelled(wording, points=wording.number(100 * most, 1))
            for mark, most in ends.items()
            if round(100 * most, 1) > 0
        ),
        height=42,
    )


# What marks say.

_MONTHS = {
    "at": KeyMark("bar", MarkTone.MID, N_("at the threshold or above"), LOW),
    "under": KeyMark("bar", MarkTone.WEAK, N_("below"), UNDER),
    "far": KeyMark("bar", MarkTone.BAD, N_("below by more than {far} points")),
    "few": KeyMark("bar", MarkTone.OPEN, N_("below, on fewer than {few} tickets")),
    "unknown": KeyMark("gap", MarkTone.MID, N_("not judged")),
}
_ABOVE = KeyMark("bar", MarkTone.ACCENT, N_("reported higher (in points, at most {points})"))
_BELOW = KeyMark("bar", MarkTone.MID, N_("reported lower (in points, at most {points})"))
_TONES = {name: mark.tone for name, mark in _MONTHS.items()}


# What is drawn in a row.


def _strip(part: pd.DataFrame, width: float, wording: Wording) -> ChartRow:
    """Return the months of a group, which a result sums up."""
    marks = tuple(
        RowMark("gap", row.at + FILLED * width / 2, tone=MarkTone.MID)
        if row.state == "unknown"
        else RowMark("bar", row.at, row.at + FILLED * width, _TONES[row.state], row.level)
        for row in part[part["share"].notna()].itertuples()
    )
    judged, below = part[part["under"].notna()], part[part["under"].eq(True)]
    counts = {"count": wording.number(len(judged) - len(below)), "n": wording.number(len(judged))}
    return ChartRow(
        visible(str(part["label"].iloc[0])),
        str(part["result"].iloc[0])
        if "result" in part
        else wording.gettext("{count} of {n}").format(**counts),
        marks,
        _resting_on(part, wording),
        _below(part["under"], part["month"], wording),
        bad=bool(part["bad"].iloc[0]) if "bad" in part else len(below) > 0,
    )


def _resting_on(part: pd.DataFrame, wording: Wording) -> str:
    """Return how many tickets a group has, and its threshold where it has one alone."""
    limits = part["limit"].dropna().unique()
    n = part["n"].sum() if part["n"].notna().any() else math.nan
    return n_and_target(n, limits[0] if len(limits) == 1 else math.nan, wording)


def _below(under: pd.Series, months: pd.Series, wording: Wording) -> str:
    """Return which months are under their threshold, or that those judged are not.

    ``under``: whether a month is, None where it is not judged.
    """
    judged, below = under.notna().sum(), months[under.eq(True)].tolist()
    if not judged:
        return wording.gettext("not assessed")
    if not below and judged < len(under):
        words = wording.gettext("not below the threshold in the months judged ({n} of {all})")
        return words.format(n=wording.number(judged), all=wording.number(len(under)))
    if not below:
        return wording.gettext("never below the threshold")
    named = wording.and_others(map(wording.month, below[:NAMED]), len(below))
    return wording.gettext("below the threshold: {months}").format(months=wording.listed(named))


def _gaps(part: pd.DataFrame, scale: Scale, width: float, wording: Wording) -> ChartRow:
    """Return the gaps of a group: bars from the line where both figures are equal."""
    zero, bars = scale.at(0), part[part["gap"].notna()]
    line = RowMark("bar", 0, 1, MarkTone.GRID, level=0.03, base=max(zero - 0.03, 0))
    marks = [line]
    for row in bars.itertuples():
        tone, end = (_ABOVE if row.gap > 0 else _BELOW).tone, scale.at(row.gap)
        level, base = abs(end - zero), min(end, zero)
        marks.append(RowMark("bar", row.at, row.at + FILLED * width, tone, level, base=base))
    widest = bars.loc[bars["gap"].abs().idxmax()] if len(bars) else None
    words = wording.gettext("Widest gap, in points: {points} ({month})")
    return ChartRow(
        visible(str(part["label"].iloc[0])),
        str(part["result"].iloc[0]) if "result" in part else "",
        tuple(marks),
        words=""
        if widest is None
        else words.format(
            points=wording.number(100 * widest["gap"], 1), month=wording.month(widest["month"])
        ),
    )
