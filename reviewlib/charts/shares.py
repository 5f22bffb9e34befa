"""Shares side by side, against targets, intervals and other readings."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

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
from reviewlib.charts.words import n_and_target, share_of, visible, withheld_words
from reviewlib.report.text import N_
from reviewlib.report.values import FEW

if TYPE_CHECKING:
    from reviewlib.pages.wording import Wording

STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
BOUNDS = ("least", "most")
VERDICTS = {
    (False, False): N_("met"),
    (True, False): N_("missed"),
    (False, True): N_("met, within chance"),
    (True, True): N_("missed, within chance"),
}
"""By whether a target was missed, and whether chance alone may leave the gap to it."""
TRACK = RowMark("line", 0, 1, MarkTone.GRID)


def share_by_group(
    frame: pd.DataFrame, labels: Labels, wording: Wording, *, bounds: str = ""
) -> RowChart:
    """Shares on one scale with their intervals, each against its own target.

    Columns: label, share (NaN where it is withheld, or where only bounds are known), low, high, n;
    where they are known: target; verdict, whether it is met (None: no verdict), which goes before
    what share and target say; by_chance, whether its interval has its target; k, the count of which
    n makes a share; least and most, the bounds of what is not known, which ``bounds`` names; group
    and about, the heading of the rows that share it, and words beside it.
    """
    edges = ("share", "low", "high", "target", *BOUNDS)
    rows = frame.assign(**{name: column(frame, name) for name in (*edges, "k")})
    rows["missed"] = missed(frame, rows["target"])
    rows["by_chance"] = frame.get("by_chance", pd.Series(False, frame.index))
    scale, axis = share_scale(rows[[*edges]].stack(), wording)
    unknown = dataclasses.replace(_UNKNOWN, words=bounds or _UNKNOWN.words)
    marks = {
        _SHARE: rows["target"].isna().all(),
        _JUDGED: rows["target"].notna().any(),
        _BY_CHANCE: rows["by_chance"].any(),
        _INTERVAL: rows["low"].notna().any(),
        _TARGET: rows["target"].notna().any(),
        unknown: rows["least"].notna().any(),
    }
    return RowChart(
        labels.measure,
        wording.gettext(_INTERVAL.words),
        wording.gettext("share"),
        under_headings(
            [_bullet(row, scale, labels, unknown, wording) for row in rows.itertuples()],
            words_of(frame, "group"),
            words_of(frame, "about"),
        ),
        axis,
        key=key_of((mark for mark, is_drawn in marks.items() if is_drawn), labels, wording),
    )


def share_by_reading(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """The share that each reading gives, against the threshold; below, the two that differ most.

    Columns: label (a row), reading (in words), share, contract (whether it is the contract's own),
    threshold (NaN where there is none); n, if known. The contract's share and n stand in the row.
    """
    limit = column(frame, "threshold")
    rows = frame.assign(threshold=limit, n=column(frame, "n"), missed=missed(frame, limit))
    scale, axis = share_scale(pd.concat([frame["share"], limit]), wording)
    drawn = [
        row
        for _, of_row in rows.groupby("label", sort=False)
        for row in _readings(of_row, scale, wording)
    ]
    judged = limit.notna().any()
    marks = (_CONTRACT_JUDGED, _OTHER, _THRESHOLD) if judged else (_CONTRACT, _OTHER)
    return RowChart(
        labels.measure,
        wording.gettext(_OTHER.words),
        wording.gettext("share"),
        tuple(drawn),
        axis,
        key=key_of(marks, labels, wording),
    )


# What forms of shares have in common.


def column(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of numbers, NaN where the frame has none of that name."""
    return frame.get(name, pd.Series(np.nan, frame.index)).astype("float64")


def words_of(frame: pd.DataFrame, name: str) -> list[str]:
    """Return a column of words on one line, empty ones where the frame has none of that name."""
    return [visible(str(text)) for text in frame.get(name, [""] * len(frame))]


def missed(frame: pd.DataFrame, target: pd.Series) -> pd.Series:
    """Return whether shares are under their targets, by their verdict where one is given.

    None where there is no verdict.
    """
    if "verdict" in frame:
        return frame["verdict"].map({True: False, False: True}).astype("object")
    judged = target.notna() & frame["share"].notna()
    return (frame["share"] < target).astype("object").where(judged, None)


def share_scale(shares: pd.Series, wording: Wording) -> tuple[Scale, tuple[tuple[float, str], ...]]:
    """Return a scale with round ends around shares, which have no need of a zero, and its ticks."""
    low, high = (shares.min(), shares.max()) if shares.notna().any() else (0.0, 1.0)
    step = next((step for step in STEPS if high - low <= 4 * step + 1e-9), STEPS[-1])
    first = max(np.floor(low / step + 1e-9), 0)
    last = min(max(np.ceil(high / step - 1e-9), first + 1), round(1 / step))
    ticks = np.arange(min(first, last - 1), last + 0.5) * step
    scale = Scale(float(ticks[0]), float(ticks[-1]))
    return scale, tuple((scale.at(tick), wording.threshold(tick)) for tick in ticks)


def key_of(marks: Iterable[KeyMark], labels: Labels, wording: Wording) -> tuple[KeyMark, ...]:
    """Return the key of the marks that a chart has, in words; a tick is named by the figure."""
    names = {"tick": labels.reference}
    return tuple(mark.labelled(wording, names.get(mark.kind, "")) for mark in marks)


# What marks say.

_SHARE = KeyMark("dot", MarkTone.ACCENT, N_("share"))
_JUDGED = KeyMark("dot", MarkTone.ACCENT, N_("share; red where its target is missed"))
_BY_CHANCE = KeyMark("ring", MarkTone.ACCENT, N_("within chance: its interval has the target"))
_INTERVAL = KeyMark("band", MarkTone.MID, N_("interval of 95%"))
_UNKNOWN = KeyMark("line", MarkTone.MID, N_("bounds of what is not known"))
_TARGET = KeyMark("tick", MarkTone.INK, N_("target"))
_THRESHOLD = KeyMark("tick", MarkTone.INK, N_("contract threshold"))
_CONTRACT = KeyMark("dot", MarkTone.ACCENT, N_("the contract’s interpretation"))
_CONTRACT_JUDGED = KeyMark(
    "dot", MarkTone.ACCENT, N_("the contract’s interpretation; red where its threshold is missed")
)
_OTHER = KeyMark("ring", MarkTone.MID, N_("other interpretations"))


# What is drawn in a row.


def _bullet(row: Any, scale: Scale, labels: Labels, unknown: KeyMark, wording: Wording) -> ChartRow:
    marks, under = [TRACK], row.missed is True
    if pd.notna(row.least):
        marks.append(RowMark("line", scale.at(row.least), scale.at(row.most), MarkTone.MID))
    if pd.notna(row.low):
        marks.append(RowMark("band", scale.at(row.low), scale.at(row.high), MarkTone.MID))
    if pd.notna(row.target):
        marks.append(RowMark("tick", scale.at(row.target), tone=MarkTone.INK))
    if pd.notna(row.share):
        tone = MarkTone.BAD if under else MarkTone.ACCENT
        marks.append(RowMark("ring" if row.by_chance else "dot", scale.at(row.share), tone=tone))
    return ChartRow(
        visible(str(row.label)),
        _share_of(row, labels, wording),
        tuple(marks),
        n_and_target(row.n, row.target, wording),
        wording.chained(_spoken(row, labels, unknown, wording)),
        bad=under and not row.by_chance,
    )


def _share_of(row: Any, labels: Labels, wording: Wording) -> str:
    """Return the value of a row: a count of few, a share, its bounds, or why there is none."""
    if pd.notna(row.share):
        return share_of(row.k, row.n, wording) if pd.notna(row.k) else wording.percent(row.share)
    if pd.notna(row.least):
        bounds = {"low": wording.percent(row.least), "high": wording.percent(row.most)}
        return wording.gettext("{low} to {high}").format(**bounds)
    return wording.percent(None) if row.n == 0 else withheld_words(labels.floor, wording)


def _spoken(row: Any, labels: Labels, unknown: KeyMark, wording: Wording) -> Iterable[str]:
    """Yield what the marks of a row say."""
    if pd.notna(row.low) and not row.n < FEW:  # the key says of which level
        span = {"low": wording.percent(row.low), "high": wording.percent(row.high)}
        yield wording.gettext("{low} to {high}").format(**span)
    if pd.notna(row.least):
        span = {"low": wording.percent(row.least), "high": wording.percent(row.most)}
        between = wording.gettext("{mark}: {low} to {high}")
        yield between.format(mark=wording.gettext(unknown.words), **span)
    if pd.notna(row.target):
        reference = labels.reference or wording.gettext(_TARGET.words)
        yield f"{reference} {wording.threshold(row.target)}"
    if row.missed is not None and row.missed == row.missed:
        yield wording.gettext(VERDICTS[bool(row.missed), bool(row.by_chance)])


def _readings(rows: pd.DataFrame, scale: Scale, wording: Wording) -> Iterable[ChartRow]:
    """Yield a row of the contract's reading and the others, then the lowest and the highest."""
    own = rows["contract"].astype("bool")
    first = next(rows[own].itertuples(), None)
    ends = scale.at(rows["share"].min()), scale.at(rows["share"].max())
    marks = [TRACK, RowMark("line", *ends, MarkTone.MID)]
    marks += [RowMark("ring", scale.at(one), tone=MarkTone.MID) for one in rows[~own]["share"]]
    limit = rows["threshold"].iloc[0]
    if pd.notna(limit):
        marks.append(RowMark("tick", scale.at(limit), tone=MarkTone.INK))
    if first is not None:
        tone = MarkTone.BAD if first.missed is True else MarkTone.ACCENT
        marks.append(RowMark("dot", scale.at(first.share), tone=tone))
    yield ChartRow(
        visible(str(rows["label"].iloc[0])),
        wording.percent(first.share if first is not None else None),
        tuple(marks),
        n_and_target(first.n if first is not None else None, limit, wording),
        bad=first is not None and first.missed is True,
    )
    others = rows[~own].sort_values("share", kind="stable")
    for row in others.iloc[sorted({0, len(others) - 1})].itertuples() if len(others) else ():
        ring = RowMark("ring", scale.at(row.share), tone=MarkTone.MID)
        value = wording.percent(row.share)
        yield ChartRow(
            visible(str(row.reading)), value, (ring,), style="sub", bad=row.missed is True
        )
