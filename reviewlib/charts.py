"""Charts as forms, named by the comparison that they draw.

A form takes finished numbers (a frame), the figure's ``Labels`` and the review's ``Wording``, and
returns an SVG to be put into an HTML page as it is: no address, no style, no date, text kept as
text, the same bytes for the same input. Title and alternative text belong to the page. Shares are
0 to 1, months are ISO text (2024-01), rows are drawn in their own order. A frame that has nothing
to draw is the caller's to leave out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reviewlib import theme
from reviewlib.drawing import (
    LEFT,
    LEFT_OF_ROWS,
    LINE,
    QUIET,
    RIGHT,
    SHORTEST,
    SMALL,
    TEXT,
    WIDTH,
    Mark,
    Rows,
    at_the_end,
    count_axis,
    counts_below,
    dot,
    every_month,
    extent,
    hour_axis,
    iso_months,
    month_axis,
    n_each,
    n_words,
    open_sheet,
    optional,
    room_for_counts,
    share_axis,
    share_words,
    text_width,
    time_axis,
    visible,
    withheld_words,
    wrapped,
    write,
)
from reviewlib.wording import N_, Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one figure, in the review's language.

    ``figure`` is the figure's id, unique in its page; ``measure`` says what is drawn, ``reference``
    names the threshold or target, ``floor`` is the n below which a value is withheld.
    """

    figure: str
    measure: str = ""
    reference: str = ""
    floor: int | None = None


def share_over_time(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Shares month by month with their intervals, against the threshold in force.

    Columns: month, share, low, high, n, provisional; threshold, NaN where none was in force. A
    provisional month is hollow and has no verdict.
    """
    months = every_month(frame)
    threshold = optional(months, "threshold")
    verdict = _verdict(months, threshold)
    key = [mark.worded(wording) for name, mark in _VERDICTS.items() if verdict.eq(name).any()]
    key.append(_INTERVAL.worded(wording))
    if threshold.notna().any():
        key.append(_THRESHOLD.worded(wording, labels.reference))
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
    key = [_SHARE.worded(wording), _INTERVAL.worded(wording)]
    if target.notna().any():
        key.append(_TARGET.worded(wording, labels.reference))
    rows = Rows.of(frame["label"], n_each(frame["n"], wording))
    with open_sheet(rows.height + LINE + 8, [labels.measure], key) as sheet:
        ax = sheet.rows(rows, 84, LINE + 8)
        share_axis(ax.xaxis, pd.concat([frame[["share", "low", "high"]].stack(), target]), wording)
        ax.hlines(place, frame["low"], frame["high"], gid="chart-interval", **_INTERVAL.line)
        ax.plot(frame["share"], place, gid="chart-share", clip_on=False, **_SHARE.line)
        _targets(ax, target, wording)
        at_the_end(ax, [wording.percent(share) for share in frame["share"]])
        return sheet.svg(labels.figure)


def flow_over_time(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Arrivals beside closures month by month; below, on its own axis, the backlog left over.

    Columns: month, arrivals, closures, backlog (at the end of the month).
    """
    months = every_month(frame)
    place = np.arange(len(months))
    bars = {"arrivals": (_ARRIVALS, -0.2), "closures": (_CLOSURES, 0.2)}
    key = [
        mark.worded(
            wording, f"{wording.gettext(mark.text)}, {n_words(months[name].sum(), wording)}"
        )
        for name, (mark, _) in bars.items()
    ]
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


def distribution(
    hours: Sequence[float] | np.ndarray | pd.Series,
    marks: Mapping[str, float],
    labels: Labels,
    wording: Wording,
) -> str:
    """How durations spread, on a logarithmic scale, with the figures that sum them up.

    ``hours`` that are missing are left out, those under a minute are drawn as a minute. ``marks``
    are the hours to point at (median, P90, mean), by name, as they were computed elsewhere, finite.
    """
    import seaborn

    known = pd.Series(np.asarray(hours, dtype=float)).dropna()
    exponents = np.log10(known.clip(lower=SHORTEST))
    first, last = _half_decades([known.min(), known.max(), *marks.values()])
    per_decade = (8 if len(exponents) >= 500 else 4) * (2 if last - first <= 1 else 1)
    edges = np.linspace(first, last, round((last - first) * per_decade) + 1)
    said = [labels.measure, n_words(len(exponents), wording), wording.gettext("logarithmic scale")]
    above, below = LINE * len(marks) + 6, LINE + 12
    with open_sheet(above + 220 + below, said) as sheet:
        ax = sheet.axes(LEFT, 30, below, 220)
        style = {"color": shades(5)[2], "alpha": 1, "edgecolor": theme.PAPER}
        seaborn.histplot(x=exponents, bins=edges, ax=ax, gid="chart-bin", **style)
        ax.set(xlabel="", ylabel="", xlim=(first, last))
        count_axis(ax, np.histogram(exponents, edges)[0].max(), wording)
        hour_axis(ax, wording)
        _pointed_at(ax, _hour_marks(marks, wording))
        return sheet.svg(labels.figure)


def plan_against_actual(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """What was planned against what happened, item by item, on a date axis.

    Columns: label, planned, rebaselined, actual, forecast (dates, NaT where there is none). A line
    runs from the plan to what happened, a dashed one to what is only forecast.
    """
    dates = frame[list(_MOMENTS)].apply(pd.to_datetime)
    start = dates.min().min().to_period("M").start_time
    after = dates.max().max().to_period("M").end_time + _DAY
    months = pd.date_range(start, after, freq="MS")
    days, firsts = (dates - start) / _DAY, np.asarray((months - start) / _DAY)
    key = [mark.worded(wording) for name, mark in _MOMENTS.items() if dates[name].notna().any()]
    rows = Rows.of(frame["label"])
    below = 2 * LINE + 10
    with open_sheet(
        rows.height + below, [labels.measure, n_words(len(frame), wording)], key
    ) as sheet:
        ax = sheet.rows(rows, 128, below)
        ax.set_xlim(0, firsts[-1])
        month_axis(ax, firsts[:-1], list(months[:-1].strftime("%Y-%m")), wording)
        ax.grid(axis="x")
        _spans(ax, days)
        for name, mark in _MOMENTS.items():
            if days[name].notna().any():
                place = np.arange(len(days))
                ax.plot(days[name], place, gid=f"chart-{name}", clip_on=False, **mark.line)
        ends = dates["actual"].fillna(dates["forecast"])
        at_the_end(ax, ["" if pd.isna(day) else wording.date(day) for day in ends])
        return sheet.svg(labels.figure)


def answers_by_question(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """How answers split over ordered options, question by question, each making up 100 %.

    One row per question (the index), one column of counts per option, lowest first. A row with a
    missing count is withheld.
    """
    n = frame.sum(axis=1, skipna=False)
    shares = frame.div(n.where(n > 0), axis=0)
    starts = shares.cumsum(axis=1) - shares
    fills = shades(frame.shape[1])
    options = [_option(name, fill) for name, fill in zip(frame, fills, strict=True)]
    rows = Rows.of(frame.index, n_each(n, wording))
    with open_sheet(rows.height + 4, [labels.measure], options) as sheet:
        ax = sheet.rows(rows, 16, 4)
        ax.set_xlim(0, 1)
        for column, option in enumerate(options):
            spans = pd.DataFrame({"left": starts.iloc[:, column], "width": shares.iloc[:, column]})
            _segments(ax, spans.reset_index(drop=True), option, wording)
        for place in np.flatnonzero(n.isna()).tolist():
            write(ax, (0, place), withheld_words(labels.floor, wording), va="center", **QUIET)
        return sheet.svg(labels.figure)


def counts_by_group(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Counts side by side, in the order given. Columns: label, count."""
    rows = Rows.of(frame["label"])
    said = [labels.measure, n_words(frame["count"].sum(), wording)]
    with open_sheet(rows.height + 4, said) as sheet:
        ax = sheet.rows(rows, 84, 4)
        _bars(ax, frame["count"], [wording.number(count) for count in frame["count"]])
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
        [Mark(withheld_words(labels.floor, wording), patch=HIDDEN)] if hidden.any(axis=None) else []
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


def survival(
    frame: pd.DataFrame, marks: Mapping[str, float], labels: Labels, wording: Wording
) -> str:
    """The share still unresolved as hours go by, with its interval, on a logarithmic scale.

    Columns: hours (ascending; under a minute is drawn as a minute), share, and its low and high,
    NaN where there is no interval; at_risk, if known: how many were followed until then. The share
    is 1 before the first row. ``marks`` as in ``distribution``.
    """
    first, last = _half_decades([frame["hours"].min(), frame["hours"].max(), *marks.values()])
    start = {"hours": 10**first, "share": 1.0, "low": 1.0, "high": 1.0}
    curve = pd.concat([pd.DataFrame([start]), frame], ignore_index=True)
    key = [_UNRESOLVED.worded(wording)]
    if frame[["low", "high"]].notna().any(axis=None):
        key.append(_INTERVAL.worded(wording).filled(shades(5)[1]))
    counted = "at_risk" in frame
    above, below = LINE * len(marks) + 6, LINE + 12 + (LINE + 8) * counted
    said = [labels.measure, wording.gettext("logarithmic scale")]
    with open_sheet(above + 240 + below, said, key) as sheet:
        ax = sheet.axes(LEFT, 30, below, 240)
        ax.set(xlim=(first, last), ylim=(0, 1))
        ticks = np.linspace(0, 1, 5)
        ax.set_yticks(ticks, labels=[share_words(tick, wording) for tick in ticks])
        ax.grid(axis="y")
        _curve(ax, curve)
        hour_axis(ax, wording)
        if counted:
            _at_risk(ax, frame, wording)
        _pointed_at(ax, _hour_marks(marks, wording))
        return sheet.svg(labels.figure)


def share_of_target(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """How much of its target each ticket took; the breach is at 100 %.

    Columns: low, high (edges of the bins, 1 is the target, the last may be infinite), in_time,
    late (counts).
    """
    low, high = (frame[edge].to_numpy(dtype=float) for edge in ("low", "high"))
    before = high[-2] - low[-2] if len(frame) > 1 else 1.0
    right = np.where(np.isfinite(high), high, low + before)
    key = [
        mark.worded(wording, f"{wording.gettext(mark.text)}, {n_words(frame[name].sum(), wording)}")
        for name, mark in _SPENT.items()
    ]
    said = [labels.measure, n_words(frame[list(_SPENT)].to_numpy().sum(), wording)]
    with open_sheet(LINE + 6 + 220 + LINE + 12, said, key) as sheet:
        ax = sheet.axes(LEFT, 30, LINE + 12, 220)
        ax.set_xlim(min(low[0], 1), max(right[-1], 1))
        _spent(ax, frame, low, right)
        count_axis(ax, frame[list(_SPENT)].sum(axis=1).max(), wording)
        _edge_axis(ax, low, right, np.isinf(high[-1]), wording)
        _pointed_at(ax, {_named(labels.reference or share_words(1, wording), 300): 1.0})
        return sheet.svg(labels.figure)


def timeline(
    frame: pd.DataFrame, marks: Mapping[str, pd.Timestamp], labels: Labels, wording: Wording
) -> str:
    """The working of one ticket: when its clock ran, when it did not and why.

    Columns: from, to (instants), reason (counted, paused, over, holiday, closure, outside_hours,
    no_target) and name (of the status, holiday, closure or priority, or empty). A row per reason,
    with all its time at the end. ``marks`` are instants to point at, by name; one that is missing
    has no line.
    """
    marks = {name: at for name, at in marks.items() if pd.notna(at)}
    instants = pd.concat([frame["from"], frame["to"], pd.Series(list(marks.values()))])
    start, end = instants.min(), instants.max()
    reasons = sorted(frame["reason"].unique(), key=list(_REASONS).index)
    hours = frame[["from", "to"]].sub(start).div(_HOUR).set_axis(frame["reason"])
    names = frame[frame["name"].fillna("").ne("")].groupby("reason")["name"].unique()
    rows = Rows.of(
        [wording.gettext(_REASONS[reason].text) for reason in reasons],
        [_names(names.get(reason, ())) for reason in reasons],
    )
    above, below = LINE * len(marks) + 6, 2 * LINE + 10
    with open_sheet(above + rows.height + below, [labels.measure]) as sheet:
        ax = sheet.rows(rows, 100, below)
        ax.set_xlim(0, max((end - start) / _HOUR, 0.25))
        time_axis(ax, start, wording)
        ax.grid(axis="x")
        for place, reason in enumerate(reasons):
            _stretches(ax, place, hours.loc[[reason]], _REASONS[reason])
        lengths = (hours["to"] - hours["from"]).groupby(level=0).sum()
        at_the_end(ax, [wording.duration(lengths[reason] * 3600) for reason in reasons])
        _pointed_at(ax, {
            f"{_named(name, 190)} {wording.instant(at)}": (at - start) / _HOUR
            for name, at in marks.items()
        })  # fmt: skip
        return sheet.svg(labels.figure)


def availability_calendar(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Days as cells, a month in each row: darker where more of the agreed hours was lost.

    Columns: date (ISO), share (of the day's agreed hours during which the service was up, NaN where
    none were agreed), minutes (lost). All the minutes of a month stand at its end.
    """
    months = iso_months(frame["date"].str[:7])
    state = _day_state(frame)
    place = frame["date"].str[:7].map({month: row for row, month in enumerate(months)})
    cells = pd.DataFrame({"x": frame["date"].str[8:10].astype(int), "y": place, "state": state})
    marks = _day_marks(wording)
    key = [
        mark.worded(wording, f"{mark.text}, {n_words(state.eq(name).sum(), wording)}")
        for name, mark in marks.items()
        if state.eq(name).any()
    ]
    with open_sheet(LINE + 24 * len(months) + LINE + 12, [labels.measure], key) as sheet:
        ax = sheet.axes(108, 96, LINE + 12, 24 * len(months))
        ax.set(xlim=(0.5, 31.5), ylim=(len(months) - 0.5, -0.5), yticks=[])
        ax.spines.bottom.set_visible(False)
        for name, mark in marks.items():
            _day_cells(ax, cells[state.eq(name)], name, mark)
        days = range(1, 32, 5)
        ax.set_xticks(days, labels=[str(day) for day in days])
        ax.tick_params(axis="x", length=0, pad=8)
        _month_rows(ax, months, frame["minutes"].groupby(place).sum(min_count=1), wording)
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
    mine = frame[own].drop_duplicates("label").set_index("label").reindex(names)
    threshold = optional(frame, "threshold").groupby(frame["label"]).first().reindex(names)
    key = [_CONTRACT.worded(wording), *marks.values()]
    if threshold.notna().any():
        key.append(_THRESHOLD.worded(wording, labels.reference))
    rows = Rows.of(names, n_each(optional(mine, "n"), wording), 9 * (len(others) + 1) + 34)
    with open_sheet(rows.height + LINE + 8, [labels.measure], key) as sheet:
        ax = sheet.rows(rows, 84, LINE + 8)
        share_axis(ax.xaxis, _apart(pd.concat([frame["share"], threshold])), wording)
        row = frame["label"].map({name: place for place, name in enumerate(names)})
        lanes = frame["reading"].map({name: lane for lane, name in enumerate(others, start=1)})
        shift = (lanes.where(~own, 0) - len(others) / 2) * 9 / rows.pitch
        _thresholds(ax, threshold, wording)
        _readings(ax, frame.assign(row=row, y=row + shift), marks)
        at_the_end(ax, [wording.percent(share) for share in mine["share"]])
        return sheet.svg(labels.figure)


def pareto(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Counts from the first to the last, and the share that they make up so far.

    Columns: label, count, cumulative (a share).
    """
    rows = Rows.of(frame["label"])
    said = [labels.measure, n_words(frame["count"].sum(), wording)]
    with open_sheet(LINE + rows.height + 4, said) as sheet:
        ax = sheet.rows(rows, 164, 4)
        _bars(ax, frame["count"], [wording.number(count) for count in frame["count"]])
        heading, at = wording.gettext("cumulative"), ax.get_yaxis_transform()
        write(ax, (1, 1), heading, (158, 4), ax.transAxes, ha="right", **QUIET)
        for place, share in enumerate(frame["cumulative"]):
            write(ax, (1, place), wording.percent(share), (158, 0), at, ha="right", va="center")
        return sheet.svg(labels.figure)


def reported_against_recomputed(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """What was reported beside what is recomputed, month by month, joined by their gap.

    Columns: month, reported, recomputed (shares, NaN where there is none); threshold and n, if
    known.
    """
    months = every_month(frame)
    threshold, place = optional(months, "threshold"), np.arange(len(months))
    key = [mark.worded(wording) for mark in _TOLD.values()]
    if threshold.notna().any():
        key.append(_THRESHOLD.worded(wording, labels.reference))
    counts = optional(months, "n").fillna(0).astype(int) if "n" in months else None
    below = 2.0 * LINE + 10
    if counts is not None:
        below += room_for_counts(counts, (WIDTH - LEFT - RIGHT) / len(months), wording)
    with open_sheet(240 + below, [labels.measure], key) as sheet:
        ax = sheet.axes(LEFT, RIGHT, below)
        ax.set_xlim(-0.5, len(months) - 0.5)
        share_axis(ax.yaxis, _apart(pd.concat([months[list(_TOLD)].stack(), threshold])), wording)
        _steps(ax, threshold, wording)
        gap: dict[str, Any] = {"gid": "chart-gap", "color": theme.MUTED, "linewidth": 2}
        both = months[list(_TOLD)].notna().all(axis=1)
        ax.vlines(place[both], months["reported"][both], months["recomputed"][both], **gap)
        for name, mark in _TOLD.items():
            ax.plot(place, months[name], gid=f"chart-{name}", clip_on=False, **mark.line)
        month_axis(ax, place, list(months.index), wording)
        if counts is not None:
            counts_below(ax, counts, wording)
        return sheet.svg(labels.figure)


def hours_by_group(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Hours side by side, in the order given. Columns: label, hours, n."""
    rows = Rows.of(frame["label"], n_each(frame["n"], wording))
    with open_sheet(rows.height + 4, [labels.measure]) as sheet:
        ax = sheet.rows(rows, 96, 4)
        _bars(ax, frame["hours"], [wording.duration(hours * 3600) for hours in frame["hours"]])
        return sheet.svg(labels.figure)


# What marks look like. Shape, dash or hatch says what colour says.


def _option(name: object, fill: str) -> Mark:
    return Mark(str(name), patch={"facecolor": fill, "edgecolor": theme.MUTED, "linewidth": 0.8})


_DAY = pd.Timedelta(days=1)
HIDDEN: dict[str, Any] = {
    "facecolor": theme.WASH, "edgecolor": theme.MUTED, "linewidth": 0.5, "hatch": "///",
}  # fmt: skip
_ARRIVALS = Mark(N_("arrivals"), patch={"facecolor": theme.ACCENT, "edgecolor": theme.ACCENT})
_CLOSURES = Mark(
    N_("closures"),
    patch={"facecolor": theme.PAPER, "edgecolor": theme.SERIES[2], "hatch": "////"},
)
_SHARE = Mark(N_("share"), dot(theme.ACCENT))
_INTERVAL = Mark(N_("interval of 95%"), {"color": theme.MUTED, "linewidth": 2})
_THRESHOLD = Mark(N_("contract threshold"), {"color": theme.SERIES[1], "linewidth": 2})
_TARGET = Mark(N_("target"), dot(theme.SERIES[1], "|", 16) | {"markeredgewidth": 3})
_VERDICTS = {
    "met": Mark(N_("target met"), dot(theme.ACCENT)),
    "missed": Mark(N_("target missed"), dot(theme.BAD.colour, "v", 10)),
    "provisional": Mark(N_("provisional month"), dot(theme.MUTED, hollow=True)),
    "share": _SHARE,
}
_MOMENTS = {
    "planned": Mark(N_("planned"), dot(theme.MUTED, "D", 10, hollow=True)),
    "rebaselined": Mark(N_("re-baselined"), dot(theme.SERIES[1], "s", hollow=True)),
    "actual": Mark(N_("actual"), dot(theme.ACCENT)),
    "forecast": Mark(N_("forecast"), dot(theme.ACCENT, hollow=True)),
}
_UNRESOLVED = Mark(N_("still unresolved"), {"color": theme.ACCENT, "linewidth": 2})
_IN_TIME = Mark(N_("in time"), patch={"facecolor": theme.ACCENT, "edgecolor": theme.ACCENT})
_LATE = Mark(
    N_("late"), patch={"facecolor": theme.PAPER, "edgecolor": theme.BAD.colour, "hatch": "////"}
)
_QUIET_PATCH = {"facecolor": theme.WASH, "edgecolor": theme.MUTED, "linewidth": 0.8}
_REASONS = {
    "counted": Mark(N_("counted"), patch=_ARRIVALS.patch),
    "paused": Mark(
        N_("paused"),
        patch={"facecolor": theme.PAPER, "edgecolor": theme.SERIES[1], "hatch": "////"},
    ),
    "over": Mark(N_("over before a reopening"), patch=_QUIET_PATCH | {"hatch": "\\\\"}),
    "holiday": Mark(N_("holiday"), patch=_QUIET_PATCH),
    "closure": Mark(N_("closure"), patch=_QUIET_PATCH),
    "no_target": Mark(N_("no target"), patch=_QUIET_PATCH),
    "outside_hours": Mark(N_("outside service hours"), patch=_QUIET_PATCH),
}
_LOST = (0.05, 0.25)  # shares of a day's agreed hours at which its shade darkens
_NONE_AGREED = Mark(N_("no agreed hours"), dot(theme.MUTED, "_", 7) | {"markeredgewidth": 1.5})
_ALL_UP = Mark(N_("nothing lost"), patch=_QUIET_PATCH)
_CONTRACT = Mark(N_("the contract's reading"), dot(theme.ACCENT, size=11))
_OTHERS = ("s", "^", "D", "v", "P", "X", "<", ">", "p", "h")  # markers of the other readings
_REPORTED = Mark(N_("reported"), dot(theme.SERIES[1], "s", 13, hollow=True))
_RECOMPUTED = Mark(N_("recomputed"), dot(theme.ACCENT, size=7))
_SPENT = {"in_time": _IN_TIME, "late": _LATE}
_TOLD = {"reported": _REPORTED, "recomputed": _RECOMPUTED}
_HOUR = pd.Timedelta(hours=1)


def ramp() -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("shares", [theme.WASH, theme.ACCENT])


def shades(count: int) -> list[str]:
    """Return fills that darken in order, so that their order is seen without colour."""
    from matplotlib.colors import to_hex

    return [to_hex(ramp()(depth)) for depth in np.linspace(0, 1, count)]


def readable_on(fill: Any) -> str:
    """Return black or PAPER: one of them has a WCAG contrast over 4.5 on any fill."""
    from matplotlib.colors import to_rgb

    channels = np.array(to_rgb(fill))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return "#000000" if linear @ (0.2126, 0.7152, 0.0722) > 0.179 else theme.PAPER


# What is drawn in an axes.


def _verdict(months: pd.DataFrame, threshold: pd.Series) -> pd.Series:
    """Return the name in ``_VERDICTS`` of each month that has a share."""
    verdict = pd.Series("missed", months.index).mask(months["share"] >= threshold, "met")
    verdict = verdict.where(threshold.notna(), "share")
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


def _backlog(ax: Axes, place: np.ndarray, backlog: pd.Series, wording: Wording) -> None:
    style = dot(theme.SERIES[3], "D", 4) | {"linestyle": "-", "linewidth": 2}
    ax.plot(place, backlog, gid="chart-backlog", clip_on=False, **style)
    name = wording.gettext("backlog at the end of the month")
    write(ax, (0, 1), name, (-LEFT, 14), ax.transAxes, **QUIET)
    known = np.flatnonzero(backlog.notna())
    if len(known):
        last = backlog.iloc[known[-1]]
        write(ax, (place[known[-1]], last), wording.number(last), (10, 0), va="center")


def _half_decades(hours: Sequence[float]) -> tuple[float, float]:
    """Return the bounds of a logarithmic axis that holds these hours, in half decades."""
    reach = np.log10(np.clip(hours, SHORTEST, None))
    return float(np.floor(reach.min() * 2) / 2), float(np.floor(reach.max() * 2) / 2 + 0.5)


def _hour_marks(marks: Mapping[str, float], wording: Wording) -> dict[str, float]:
    """Return the words of each mark of hours, with its place on a logarithmic axis."""
    return {
        f"{_named(name, 260)} {wording.duration(hours * 3600)}": np.log10(max(hours, SHORTEST))
        for name, hours in marks.items()
    }


def _named(mark: str, width: float) -> str:
    """Return the name of a mark, elided where what it points at would not stand beside it."""
    return wrapped(mark, width, 1)[0]


def _pointed_at(ax: Axes, marks: Mapping[str, float]) -> None:
    """Draw a line up to the words of each mark, which stand on its side that has the room."""
    left, right = ax.get_xlim()
    room, across = extent(ax), ax.get_xaxis_transform()
    unit = room[0] / (right - left)
    words = [_Words(text, x, (right - x) * unit + 24 > text_width(text), unit) for text, x in
             sorted(marks.items(), key=lambda mark: -mark[1])]  # fmt: skip
    for row, word in enumerate(_uncrossed(words)):
        up = 8 + LINE * row
        ax.plot(
            [word.x, word.x], [0, 1 + (up + 8) / room[1]], color=theme.INK, clip_on=False,
            linestyle=theme.DASHES[row % len(theme.DASHES)], transform=across, gid="chart-mark",
            linewidth=1.5,
        )  # fmt: skip
        side, right_by = ("left", 6) if word.after else ("right", -6)
        write(ax, (word.x, 1), word.text, (right_by, up), across, ha=side, gid="chart-halo")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a mark: its place on the axis, and whether they stand after or before it."""

    text: str
    x: float
    after: bool
    unit: float  # of the view box, in one of the axis

    def cover(self, x: float) -> bool:
        """Return whether a line at x would cross the words."""
        beyond = (x - self.x) * self.unit * (1 if self.after else -1)
        return 0 < beyond < text_width(self.text) + 6


def _uncrossed(words: Sequence[_Words]) -> Sequence[_Words]:
    """Return the order from below, this one if it can be, in which lines cross the fewest words."""
    if len(words) > 5:  # more have too many orders to try
        return words
    return min(
        permutations(words),
        key=lambda order: sum(low.cover(high.x) for low, high in combinations(order, 2)),
    )


def _bars(ax: Axes, values: pd.Series, texts: Sequence[str]) -> None:
    """Draw a bar in each row, with its value at its end."""
    ax.set_xlim(0, values.max() or 1)
    ax.barh(np.arange(len(values)), values, 0.6, gid="chart-count", color=theme.ACCENT)
    for place, (value, text) in enumerate(zip(values, texts, strict=True)):
        write(ax, (value, place), text, (8, 0), va="center")


def _spans(ax: Axes, days: pd.DataFrame) -> None:
    plan = days["planned"].fillna(days["rebaselined"])
    done, coming = days["actual"].notna(), days["forecast"].notna() & days["actual"].isna()
    place = pd.Series(np.arange(len(days)), days.index)
    for end, chosen, dashes in ((days["actual"], done, "-"), (days["forecast"], coming, "--")):
        if chosen.any():
            spans = ax.hlines(place[chosen], plan[chosen], end[chosen], gid="chart-span")
            spans.set(color=theme.MUTED, linestyle=dashes)


def _segments(ax: Axes, spans: pd.DataFrame, option: Mark, wording: Wording) -> None:
    """Draw one option's share of each row; the wide ones say how much it is."""
    colour = readable_on(option.patch["facecolor"])
    for place, left, width in spans[spans["width"] > 0].itertuples():
        ax.barh(place, width, 0.62, left, gid="chart-answers", clip_on=False, **option.patch)
        text = wording.percent(width, 0)
        if text_width(text, SMALL) < width * extent(ax)[0]:
            at = (left + width / 2, place)
            write(ax, at, text, ha="center", va="center", fontsize=SMALL, color=colour)


def _cells(ax: Axes, shares: pd.DataFrame, n: pd.DataFrame, wording: Wording) -> None:
    """Write share and n into each cell; hatch those that are withheld."""
    from matplotlib.patches import Rectangle

    mesh, room = ax.collections[0], extent(ax)[0] / shares.shape[1]
    for (row, column), share in np.ndenumerate(shares.to_numpy()):
        count = n.iat[row, column]
        if np.isnan(share):
            if count:
                ax.add_patch(Rectangle((column, row), 1, 1, gid="chart-withheld", **HIDDEN))
            continue
        colour = readable_on(mesh.to_rgba(share))
        points = min(round(share * 100), 99) if share < 1 else 100  # one that says 100 is full
        for number, up, size in ((points, 9, 13), (count, -9, 11)):
            text, style = wording.number(number), {"fontsize": size, "color": colour}
            if text_width(text, size) <= room:
                at = (column + 0.5, row + 0.5)
                write(ax, at, text, (0, up), ha="center", va="center", **style)


def _curve(ax: Axes, curve: pd.DataFrame) -> None:
    """Draw the steps of a curve and of its band, which lasts as long as its last known step."""
    place = np.log10(curve["hours"].clip(lower=SHORTEST)).to_numpy()
    steps = curve[["share", "low", "high"]].to_numpy(dtype=float).repeat(2, axis=0)[:-1]
    x, (share, low, high) = place.repeat(2)[1:], steps.T
    ax.fill_between(
        x, low, high, gid="chart-interval", clip_on=False, linewidth=0, color=shades(5)[1]
    )
    ax.plot(x, share, gid="chart-share", clip_on=False, **_UNRESOLVED.line)


def _at_risk(ax: Axes, frame: pd.DataFrame, wording: Wording) -> None:
    """Write below each labelled hour how many were still followed then."""
    shift = (0, -2 * LINE - 12)
    write(ax, (0, 0), "n", (-24, shift[1]), ax.transAxes, **QUIET)
    for place in ax.get_xticks():
        found = int(np.searchsorted(np.log10(frame["hours"].clip(lower=SHORTEST)), place - 1e-9))
        n = frame["at_risk"].iloc[found] if found < len(frame) else 0
        at = ax.get_xaxis_transform()
        write(ax, (place, 0), wording.number(n), shift, at, ha="center", **QUIET)


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
    told = {(low[-1] + right[-1]) / 2: f"≥\u00a0{share_words(low[-1], wording)}"} if endless else {}
    edges = np.unique(np.concatenate([low, right[:-1], [] if endless else right[-1:]]))
    for edge in sorted({1.0, *edges.tolist()}, key=lambda edge: abs(edge - 1)):
        if all(abs(edge - other) * unit >= 56 for other in told):
            told[edge] = share_words(edge, wording)
    ax.set_xticks(sorted(told), labels=[told[edge] for edge in sorted(told)])


def _names(names: Sequence[str]) -> str:
    """Return names as one line below the words of a row."""
    room = (LEFT_OF_ROWS - 34) * TEXT / SMALL
    return wrapped(", ".join(names), room, 1)[0] if len(names) else ""


def _stretches(ax: Axes, row: int, hours: pd.DataFrame, mark: Mark) -> None:
    """Draw the stretches of a reason in its row; those that touch, as far as is seen, as one."""
    unit = ax.get_xlim()[1] / extent(ax)[0]
    ordered = hours.sort_values("from")
    apart = ordered["from"] - ordered["to"].cummax().shift() > unit / 2
    runs = ordered.groupby(apart.cumsum().to_numpy()).agg({"from": "min", "to": "max"})
    width = (runs["to"] - runs["from"]).clip(lower=unit)
    spans = list(zip(runs["from"], width, strict=True))
    ax.broken_barh(spans, (row - 0.3, 0.6), gid="chart-stretch", clip_on=False, **mark.patch)


def _day_state(frame: pd.DataFrame) -> pd.Series:
    """Return the name of each day's state: none, up, or how much of it was lost."""
    lost = 1 - frame["share"]
    names = ["some", "more", "most"]
    state = pd.cut(lost, [-1, *_LOST, 2], labels=names, right=False).astype(object)
    state = state.mask(lost.le(0) & ~frame["minutes"].gt(0), "up")
    return state.mask(lost.isna(), "none")


def _day_marks(wording: Wording) -> dict[str, Mark]:
    _, (some, more) = wording.gettext, (share_words(edge, wording) for edge in _LOST)
    lost = {
        "some": _("under {share} lost").format(share=some),
        "more": _("{low} to {high} lost").format(low=some, high=more),
        "most": _("{share} lost or more").format(share=more),
    }
    fills = dict(zip(lost, _losses(), strict=True))
    dark = {"edgecolor": theme.BAD.colour, "linewidth": 1.2}
    return {
        "none": _NONE_AGREED.worded(wording),
        "up": _ALL_UP.worded(wording),
    } | {name: Mark(text, patch=dark | {"facecolor": fills[name]}) for name, text in lost.items()}


def _losses() -> list[str]:
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    ramp = LinearSegmentedColormap.from_list("losses", [theme.PAPER, theme.BAD.colour])
    return [to_hex(ramp(depth)) for depth in (0.25, 0.6, 1.0)]


def _day_cells(ax: Axes, cells: pd.DataFrame, name: str, mark: Mark) -> None:
    """Draw all the days of a state as one path: a page may hold thousands of them."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if cells.empty:
        return
    if mark.line:
        ax.plot(cells["x"], cells["y"], gid=f"chart-{name}", clip_on=False, **mark.line)
        return
    corner = np.array([(-0.42, -0.4), (0.42, -0.4), (0.42, 0.4), (-0.42, 0.4), (-0.42, -0.4)])
    vertices = (cells[["x", "y"]].to_numpy()[:, None, :] + corner).reshape(-1, 2)
    codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY] * len(cells)
    path = Path(vertices, codes)
    ax.add_patch(PathPatch(path, gid=f"chart-{name}", clip_on=False, **mark.patch))


def _month_rows(ax: Axes, months: list[str], lost: pd.Series, wording: Wording) -> None:
    """Write each month on the left of its row and what it lost on the right."""
    write(ax, (1, 1), wording.gettext("lost"), (12, 4), ax.transAxes, **QUIET)
    at = ax.get_yaxis_transform()
    for place, month in enumerate(months):
        write(ax, (0, place), wording.month(month), (-10, 0), at, ha="right", va="center")
        minutes = lost.get(place, np.nan)
        text = wording.duration(minutes * 60) if minutes > 0 else wording.number(minutes)
        write(ax, (1, place), text, (12, 0), at, va="center")


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
