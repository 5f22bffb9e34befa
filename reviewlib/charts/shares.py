"""Shares side by side and over time, against thresholds, intervals and other readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reviewlib.charts import theme
from reviewlib.charts.canvas import (
    LEFT,
    LINE,
    QUIET,
    RIGHT,
    WIDTH,
    Mark,
    Rows,
    at_the_end,
    counts_below,
    dot,
    every_month,
    extent,
    iso_months,
    month_axis,
    open_sheet,
    optional,
    room_for_counts,
    share_axis,
    write,
)
from reviewlib.charts.common import INTERVAL, Labels, ramp, readable_on
from reviewlib.charts.words import SMALL, n_each, share_words, text_width, visible, withheld_words
from reviewlib.report.text import N_

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reviewlib.pages.wording import Wording


def share_over_time(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Shares month by month with their intervals, against the threshold in force.

    Columns: month, share, low, high, n, provisional; threshold, NaN where none was in force, or
    several; kept, where whether a month is kept is told by more than its share. A provisional month
    is hollow and has no verdict.
    """
    months = every_month(frame)
    threshold = optional(months, "threshold")
    verdict = _verdict(months, threshold)
    key = [mark.labelled(wording) for name, mark in _VERDICTS.items() if verdict.eq(name).any()]
    key.append(INTERVAL.labelled(wording))
    if threshold.notna().any():
        key.append(_THRESHOLD.labelled(wording, labels.reference))
    counts = months["n"].fillna(0).astype(int)
    below = 2 * LINE + 10 + room_for_counts(counts, (WIDTH - LEFT - RIGHT) / len(months), wording)
    with open_sheet(240 + below, [labels.measure], key) as sheet:
        ax = sheet.axes(LEFT, RIGHT, below)
        ax.set_xlim(-0.5, len(months) - 0.5)
        share_axis(
            ax.yaxis, pd.concat([months[["share", "low", "high"]].stack(), threshold]), wording
        )
        _steps(ax, threshold, wording)
        _verdicts(ax, months, verdict)
        month_axis(ax, np.arange(len(months)), list(months.index), wording)
        counts_below(ax, counts, wording)
        return sheet.svg(labels.figure)


def share_by_group(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Shares side by side with their intervals, each against its own target.

    Columns: label, share, low, high, n; target, NaN where there is none.
    """
    target, place = optional(frame, "target"), np.arange(len(frame))
    key = [_SHARE.labelled(wording), INTERVAL.labelled(wording)]
    if target.notna().any():
        key.append(_TARGET.labelled(wording, labels.reference))
    rows = Rows.of(frame["label"], n_each(frame["n"], wording))
    with open_sheet(rows.height + LINE + 8, [labels.measure], key) as sheet:
        ax = sheet.rows(rows, 84, LINE + 8)
        share_axis(ax.xaxis, pd.concat([frame[["share", "low", "high"]].stack(), target]), wording)
        ax.hlines(place, frame["low"], frame["high"], gid="chart-interval", **INTERVAL.line)
        ax.plot(frame["share"], place, gid="chart-share", clip_on=False, **_SHARE.line)
        _targets(ax, target, wording)
        at_the_end(ax, [wording.percent(share) for share in frame["share"]])
        return sheet.svg(labels.figure)


def share_by_group_and_month(
    shares: pd.DataFrame, n: pd.DataFrame, labels: Labels, wording: Wording
) -> str:
    """Shares of groups over months, darker where higher; n in each cell that has room for it.

    Both frames: one row per group (the index), one column per ISO month. A share that is missing
    while n is not zero is hatched: withheld.
    """
    import seaborn

    months = iso_months(shares.columns)
    shares, n = shares.reindex(columns=months), n.reindex(columns=months).fillna(0).astype(int)
    hidden = shares.isna() & (n > 0)
    key = (
        [Mark(withheld_words(labels.floor, wording), patch=_HIDDEN)]
        if hidden.any(axis=None)
        else []
    )
    rows = Rows.of(shares.index, n_each(n.sum(axis=1), wording))
    with open_sheet(rows.height + 2 * LINE + 10, [labels.measure], key) as sheet:
        ax = sheet.rows(rows, 8, 2 * LINE + 10)
        seaborn.heatmap(
            shares, ax=ax, cmap=ramp(), vmin=np.floor(shares.min(axis=None) * 10) / 10,
            vmax=np.ceil(shares.max(axis=None) * 10) / 10, cbar=False, linewidths=2,
            linecolor=theme.PAPER, xticklabels=False, yticklabels=False, gid="chart-share",
        )  # fmt: skip
        ax.set(xlabel="", ylabel="")
        _cells(ax, shares, n, wording)
        month_axis(ax, np.arange(len(months)) + 0.5, months, wording)
        return sheet.svg(labels.figure)


def share_by_reading(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """The share that each reading gives: their span, the contract's own reading, the threshold.

    Columns: label (a row), reading (in words), share, contract (whether it is the contract's own),
    threshold (NaN where there is none); n, if known. The contract's share and n stand in the row.
    """
    names = list(dict.fromkeys(frame["label"]))
    own = frame["contract"].astype(bool)
    others = list(dict.fromkeys(frame.loc[~own, "reading"]))
    marks = {name: _reading(name, number) for number, name in enumerate(others)}
    contract_rows = frame[own].drop_duplicates("label").set_index("label").reindex(names)
    threshold = optional(frame, "threshold").groupby(frame["label"]).first().reindex(names)
    key = [_CONTRACT.labelled(wording), *marks.values()]
    if threshold.notna().any():
        key.append(_THRESHOLD.labelled(wording, labels.reference))
    rows = Rows.of(names, n_each(optional(contract_rows, "n"), wording), 9 * (len(others) + 1) + 34)
    with open_sheet(rows.height + LINE + 8, [labels.measure], key) as sheet:
        ax = sheet.rows(rows, 84, LINE + 8)
        share_axis(ax.xaxis, _apart(pd.concat([frame["share"], threshold])), wording)
        row = frame["label"].map({name: place for place, name in enumerate(names)})
        lanes = frame["reading"].map({name: lane for lane, name in enumerate(others, start=1)})
        shift = (lanes.where(~own, 0) - len(others) / 2) * 9 / rows.pitch
        _thresholds(ax, threshold, wording)
        _readings(ax, frame.assign(row=row, y=row + shift), marks)
        at_the_end(ax, [wording.percent(share) for share in contract_rows["share"]])
        return sheet.svg(labels.figure)


def reported_against_recomputed(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """What was reported beside what is recomputed, month by month, joined by their gap.

    Columns: month, reported, recomputed (shares, NaN where there is none); threshold and n, if
    known.
    """
    months = every_month(frame)
    threshold, place = optional(months, "threshold"), np.arange(len(months))
    key = [mark.labelled(wording) for mark in _COMPARED.values()]
    if threshold.notna().any():
        key.append(_THRESHOLD.labelled(wording, labels.reference))
    counts = optional(months, "n").fillna(0).astype(int) if "n" in months else None
    below = 2.0 * LINE + 10
    if counts is not None:
        below += room_for_counts(counts, (WIDTH - LEFT - RIGHT) / len(months), wording)
    with open_sheet(240 + below, [labels.measure], key) as sheet:
        ax = sheet.axes(LEFT, RIGHT, below)
        ax.set_xlim(-0.5, len(months) - 0.5)
        share_axis(
            ax.yaxis, _apart(pd.concat([months[list(_COMPARED)].stack(), threshold])), wording
        )
        _steps(ax, threshold, wording)
        gap: dict[str, Any] = {"gid": "chart-gap", "color": theme.MUTED, "linewidth": 2}
        both = months[list(_COMPARED)].notna().all(axis=1)
        ax.vlines(place[both], months["reported"][both], months["recomputed"][both], **gap)
        for name, mark in _COMPARED.items():
            ax.plot(place, months[name], gid=f"chart-{name}", clip_on=False, **mark.line)
        month_axis(ax, place, list(months.index), wording)
        if counts is not None:
            counts_below(ax, counts, wording)
        return sheet.svg(labels.figure)


# What marks look like. Shape, dash or hatch says what colour says.

_HIDDEN: dict[str, Any] = {
    "facecolor": theme.WASH, "edgecolor": theme.MUTED, "linewidth": 0.5, "hatch": "///",
}  # fmt: skip
_SHARE = Mark(N_("share"), dot(theme.ACCENT))
_THRESHOLD = Mark(N_("contract threshold"), {"color": theme.SERIES[1], "linewidth": 2})
_TARGET = Mark(N_("target"), dot(theme.SERIES[1], "|", 16) | {"markeredgewidth": 3})
_VERDICTS = {
    "met": Mark(N_("target met"), dot(theme.ACCENT)),
    "missed": Mark(N_("target missed"), dot(theme.BAD.colour, "v", 10)),
    "provisional": Mark(N_("provisional month"), dot(theme.MUTED, hollow=True)),
    "share": _SHARE,
}
_CONTRACT = Mark(N_("the contract's reading"), dot(theme.ACCENT, size=11))
_OTHERS = ("s", "^", "D", "v", "P", "X", "<", ">", "p", "h")  # markers of the other readings
_REPORTED = Mark(N_("reported"), dot(theme.SERIES[1], "s", 13, hollow=True))
_RECOMPUTED = Mark(N_("recomputed"), dot(theme.ACCENT, size=7))
_COMPARED = {"reported": _REPORTED, "recomputed": _RECOMPUTED}


# What is drawn in an axes.


def _verdict(months: pd.DataFrame, threshold: pd.Series) -> pd.Series:
    """Return the name in ``_VERDICTS`` of each month that has a share."""
    verdict = pd.Series("missed", months.index).mask(months["share"] >= threshold, "met")
    verdict = verdict.where(threshold.notna(), "share")
    if "kept" in months:
        verdict = months["kept"].map({True: "met", False: "missed"}).fillna("share")
    return verdict.mask(months["provisional"].eq(True), "provisional")[months["share"].notna()]


def _verdicts(ax: Axes, months: pd.DataFrame, verdict: pd.Series) -> None:
    place = pd.Series(np.arange(len(months)), months.index)
    for name, mark in _VERDICTS.items():
        drawn = months.loc[verdict.index[verdict.eq(name)]]
        if drawn.empty:
            continue
        x, colour = place[drawn.index], mark.line["color"]
        spans = ax.vlines(x, drawn["low"], drawn["high"], colour, gid="chart-interval")
        spans.set_linestyle("--" if name == "provisional" else "-")
        ax.plot(x, drawn["share"], gid=f"chart-{name}", clip_on=False, **mark.line)


def _steps(ax: Axes, threshold: pd.Series, wording: Wording) -> None:
    """Draw the threshold in force in each month; each level is labelled, the last at its end."""
    levels = threshold.to_numpy(dtype=float)
    edges = np.arange(len(levels) + 1) - 0.5
    if np.isnan(levels).all():
        return
    ax.stairs(levels, edges, baseline=None, gid="chart-threshold", **_THRESHOLD.line)
    before = np.concatenate([[np.nan], levels[:-1]])
    starts = np.flatnonzero(~np.isnan(levels) & (levels != before))
    for start in starts:
        text, level = share_words(levels[start], wording), levels[start]
        if (levels[start:] == level).all():
            write(ax, (edges[-1], level), text, (8, 0), va="center")
        else:
            write(ax, (edges[start], level), text, (2, 6), fontsize=SMALL, gid="chart-halo")


def _targets(ax: Axes, target: pd.Series, wording: Wording) -> None:
    ax.plot(target, np.arange(len(target)), gid="chart-target", clip_on=False, **_TARGET.line)
    for place, share in enumerate(target):
        if not np.isnan(share):
            text = share_words(share, wording)
            write(ax, (share, place), text, (0, 11), ha="center", gid="chart-halo", **QUIET)


def _cells(ax: Axes, shares: pd.DataFrame, n: pd.DataFrame, wording: Wording) -> None:
    """Write share and n into each cell; hatch those that are withheld."""
    from matplotlib.patches import Rectangle

    mesh, room = ax.collections[0], extent(ax)[0] / shares.shape[1]
    for (row, column), share in np.ndenumerate(shares.to_numpy()):
        count = n.iat[row, column]
        if np.isnan(share):
            if count:
                ax.add_patch(Rectangle((column, row), 1, 1, gid="chart-withheld", **_HIDDEN))
            continue
        colour = readable_on(mesh.to_rgba(share))
        points = min(round(share * 100), 99) if share < 1 else 100  # one that says 100 is full
        for number, up, size in ((points, 9, 13), (count, -9, 11)):
            text, style = wording.number(number), {"fontsize": size, "color": colour}
            if text_width(text, size) <= room:
                at = (column + 0.5, row + 0.5)
                write(ax, at, text, (0, up), ha="center", va="center", **style)


def _apart(shares: pd.Series) -> pd.Series:
    """Add a point of percentage on both sides, so that equal shares have an axis too."""
    ends = pd.Series([shares.min() - 0.01, shares.max() + 0.01])
    return pd.concat([shares, ends.clip(0, 1)])


def _thresholds(ax: Axes, threshold: pd.Series, wording: Wording) -> None:
    """Draw the threshold of each row through all of its readings, with its value above."""
    for place, share in enumerate(threshold):
        if not np.isnan(share):
            ends = ([share, share], [place - 0.39, place + 0.39])
            ax.plot(*ends, gid="chart-threshold", **_THRESHOLD.line)
            text, at = share_words(share, wording), (share, place - 0.39)
            write(ax, at, text, (0, 3), ha="center", gid="chart-halo", **QUIET)


def _reading(name: str, number: int) -> Mark:
    return Mark(visible(name), dot(theme.MUTED, _OTHERS[number % len(_OTHERS)], 7, hollow=True))


def _readings(ax: Axes, frame: pd.DataFrame, marks: Mapping[str, Mark]) -> None:
    """Draw the span of each row and its readings, each in its own lane."""
    span = frame.groupby("row")["share"].agg(["min", "max"])
    wash: dict[str, Any] = {"facecolor": theme.WASH, "edgecolor": theme.MUTED, "linewidth": 0.8}
    ax.barh(span.index, span["max"] - span["min"], 0.7, span["min"], gid="chart-span", **wash)
    for name, mark in marks.items():
        drawn = frame[frame["reading"].eq(name) & ~frame["contract"].astype(bool)]
        ax.plot(drawn["share"], drawn["y"], gid="chart-reading", clip_on=False, **mark.line)
    own = frame[frame["contract"].astype(bool)]
    ax.plot(own["share"], own["y"], gid="chart-contract", clip_on=False, **_CONTRACT.line)
