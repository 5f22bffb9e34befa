"""Charts as forms, named by the comparison that they draw.

A form takes finished numbers (a frame), the figure's ``Labels`` and the review's ``Wording``, and
returns an SVG to be put into an HTML page as it is: no address, no style, no date, text kept as
text, the same bytes for the same input. Title and alternative text belong to the page. Shares are
0 to 1, months are ISO text (2024-01), rows are drawn in their own order. A frame that has nothing
to draw is the caller's to leave out.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import StringIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from reviewlib import theme
from reviewlib.wording import N_, Wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

WIDTH = 720  # of the view box; a unit is a CSS pixel where the page has that much room
TEXT, SMALL = 16, 14  # letters, in the same unit: a phone halves them
LINE = 18
LEFT, RIGHT, LEFT_OF_ROWS = 66, 78, 226  # margins
SHARE_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
SHORTEST = 1 / 60  # hours: a logarithmic scale has no zero
HOURS = (1 / 60, 1 / 6, 1, 10, 100, 1_000, 10_000, 100_000)
HOURS_BETWEEN = (1 / 30, 1 / 12, 1 / 3, 1 / 2, 2, 5, 20, 50, 200, 500, 2_000, 5_000, 20_000, 50_000)


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
    months = _every_month(frame)
    threshold = _column(months, "threshold")
    verdict = _verdict(months, threshold)
    key = [mark.worded(wording) for name, mark in _VERDICTS.items() if verdict.eq(name).any()]
    key.append(_INTERVAL.worded(wording))
    if threshold.notna().any():
        key.append(_THRESHOLD.worded(wording, labels.reference))
    counts = months["n"].fillna(0).astype(int)
    below = 2 * LINE + 10 + _room_for_counts(counts, (WIDTH - LEFT - RIGHT) / len(months), wording)
    with _sheet(240 + below, _said(labels, wording), key) as sheet:
        ax = sheet.axes(LEFT, RIGHT, below)
        ax.set_xlim(-0.5, len(months) - 0.5)
        _share_axis(
            ax.yaxis, pd.concat([months[["share", "low", "high"]].stack(), threshold]), wording
        )
        _steps(ax, threshold, wording)
        _verdicts(ax, months, verdict)
        _month_axis(ax, np.arange(len(months)), list(months.index), wording)
        _counts_below(ax, counts, wording)
        return sheet.svg(labels.figure)


def share_by_group(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Shares side by side with their intervals, each against its own target.

    Columns: label, share, low, high, n; target, NaN where there is none.
    """
    target, place = _column(frame, "target"), np.arange(len(frame))
    key = [_SHARE.worded(wording), _INTERVAL.worded(wording)]
    if target.notna().any():
        key.append(_TARGET.worded(wording, labels.reference))
    rows = _Rows.of(frame["label"], wording, frame["n"])
    with _sheet(rows.height + LINE + 8, _said(labels, wording), key) as sheet:
        ax = sheet.rows(rows, 84, LINE + 8)
        _share_axis(ax.xaxis, pd.concat([frame[["share", "low", "high"]].stack(), target]), wording)
        ax.hlines(place, frame["low"], frame["high"], gid="chart-interval", **_INTERVAL.line)
        ax.plot(frame["share"], place, gid="chart-share", clip_on=False, **_SHARE.line)
        _targets(ax, target, wording)
        _at_the_end(ax, [wording.percent(share) for share in frame["share"]])
        return sheet.svg(labels.figure)


def flow_over_time(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Arrivals beside closures month by month; below, on its own axis, the backlog left over.

    Columns: month, arrivals, closures, backlog (at the end of the month).
    """
    months = _every_month(frame)
    place = np.arange(len(months))
    bars = {"arrivals": (_ARRIVALS, -0.2), "closures": (_CLOSURES, 0.2)}
    key = [
        mark.worded(wording, f"{wording.gettext(mark.text)}, {_n(months[name].sum(), wording)}")
        for name, (mark, _) in bars.items()
    ]
    lower, below = 110, 2 * LINE + 10
    with _sheet(180 + 46 + lower + below, _said(labels, wording), key) as sheet:
        ax = sheet.axes(LEFT, RIGHT, 46 + lower + below)
        for name, (mark, shift) in bars.items():
            ax.bar(place + shift, months[name], 0.36, gid=f"chart-{name}", **mark.patch)
        backlog = sheet.axes(LEFT, RIGHT, below, lower)
        _backlog(backlog, place, months["backlog"], wording)
        for panel, counts in ((ax, months[list(bars)]), (backlog, months[["backlog"]])):
            panel.set_xlim(-0.6, len(months) - 0.4)
            _count_axis(panel, counts.max(axis=None), wording)
        _month_axis(backlog, place, list(months.index), wording)
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
    reach = np.log10(np.clip([known.min(), known.max(), *marks.values()], SHORTEST, None))
    first, last = np.floor(reach.min() * 2) / 2, np.floor(reach.max() * 2) / 2 + 0.5
    per_decade = (8 if len(exponents) >= 500 else 4) * (2 if last - first <= 1 else 1)
    edges = np.linspace(first, last, round((last - first) * per_decade) + 1)
    said = [_n(len(exponents), wording), wording.gettext("logarithmic scale")]
    above, below = LINE * len(marks) + 6, LINE + 12
    with _sheet(above + 220 + below, _said(labels, wording, *said)) as sheet:
        ax = sheet.axes(LEFT, 30, below, 220)
        style = {"color": _shades(5)[2], "alpha": 1, "edgecolor": theme.PAPER}
        seaborn.histplot(x=exponents, bins=edges, ax=ax, gid="chart-bin", **style)
        ax.set(xlabel="", ylabel="", xlim=(first, last))
        _count_axis(ax, np.histogram(exponents, edges)[0].max(), wording)
        _hour_axis(ax, wording)
        _pointed_at(ax, marks, wording)
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
    rows = _Rows.of(frame["label"], wording)
    below = 2 * LINE + 10
    with _sheet(rows.height + below, _said(labels, wording, _n(len(frame), wording)), key) as sheet:
        ax = sheet.rows(rows, 128, below)
        ax.set_xlim(0, firsts[-1])
        _month_axis(ax, firsts[:-1], list(months[:-1].strftime("%Y-%m")), wording)
        ax.grid(axis="x")
        _spans(ax, days)
        for name, mark in _MOMENTS.items():
            if days[name].notna().any():
                place = np.arange(len(days))
                ax.plot(days[name], place, gid=f"chart-{name}", clip_on=False, **mark.line)
        ends = dates["actual"].fillna(dates["forecast"])
        _at_the_end(ax, ["" if pd.isna(day) else wording.date(day) for day in ends])
        return sheet.svg(labels.figure)


def answers_by_question(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """How answers split over ordered options, question by question, each making up 100 %.

    One row per question (the index), one column of counts per option, lowest first. A row with a
    missing count is withheld.
    """
    n = frame.sum(axis=1, skipna=False)
    shares = frame.div(n.where(n > 0), axis=0)
    starts = shares.cumsum(axis=1) - shares
    fills = _shades(frame.shape[1])
    options = [_option(name, fill) for name, fill in zip(frame, fills, strict=True)]
    rows = _Rows.of(frame.index, wording, n)
    with _sheet(rows.height + 4, _said(labels, wording), options) as sheet:
        ax = sheet.rows(rows, 16, 4)
        ax.set_xlim(0, 1)
        for column, option in enumerate(options):
            spans = pd.DataFrame({"left": starts.iloc[:, column], "width": shares.iloc[:, column]})
            _segments(ax, spans.reset_index(drop=True), option, wording)
        for place in np.flatnonzero(n.isna()).tolist():
            _write(ax, (0, place), _withheld(labels, wording), va="center", **_QUIET)
        return sheet.svg(labels.figure)


def counts_by_group(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Counts side by side, in the order given. Columns: label, count."""
    rows = _Rows.of(frame["label"], wording)
    said = _said(labels, wording, _n(frame["count"].sum(), wording))
    with _sheet(rows.height + 4, said) as sheet:
        ax = sheet.rows(rows, 84, 4)
        ax.set_xlim(0, max(frame["count"].max(), 1))
        ax.barh(np.arange(len(frame)), frame["count"], 0.6, gid="chart-count", color=theme.ACCENT)
        for place, count in enumerate(frame["count"]):
            _write(ax, (count, place), wording.number(count), (8, 0), va="center")
        return sheet.svg(labels.figure)


def share_by_group_and_month(
    shares: pd.DataFrame, n: pd.DataFrame, labels: Labels, wording: Wording
) -> str:
    """Shares of groups over months, darker where higher; n in each cell that has room for it.

    Both frames: one row per group (the index), one column per ISO month. A share that is missing
    while n is not zero is hatched: withheld.
    """
    import seaborn

    months = _months(shares.columns)
    shares, n = shares.reindex(columns=months), n.reindex(columns=months).fillna(0).astype(int)
    hidden = shares.isna() & (n > 0)
    key = [_Mark(_withheld(labels, wording), patch=_HIDDEN)] if hidden.any(axis=None) else []
    rows = _Rows.of(shares.index, wording, n.sum(axis=1))
    with _sheet(rows.height + 2 * LINE + 10, _said(labels, wording), key) as sheet:
        ax = sheet.rows(rows, 8, 2 * LINE + 10)
        seaborn.heatmap(
            shares, ax=ax, cmap=_ramp(), vmin=np.floor(shares.min(axis=None) * 10) / 10,
            vmax=np.ceil(shares.max(axis=None) * 10) / 10, cbar=False, linewidths=2,
            linecolor=theme.PAPER, xticklabels=False, yticklabels=False, gid="chart-share",
        )  # fmt: skip
        ax.set(xlabel="", ylabel="")
        _cells(ax, shares, n, wording)
        _month_axis(ax, np.arange(len(months)) + 0.5, months, wording)
        return sheet.svg(labels.figure)


# What marks look like. Shape, dash or hatch says what colour says.


@dataclass(frozen=True, slots=True)
class _Mark:
    """A word of the key and how matplotlib draws what it names: a line's or a patch's style."""

    text: str
    line: dict[str, Any] = field(default_factory=dict)
    patch: dict[str, Any] = field(default_factory=dict)

    def worded(self, wording: Wording, text: str = "") -> _Mark:
        """Return the mark with another text, or its own one translated."""
        return replace(self, text=text or wording.gettext(self.text))


def _dot(colour: str, marker: str = "o", size: float = 9, hollow: bool = False) -> dict[str, Any]:
    return {
        "marker": marker, "markersize": size, "linestyle": "none", "color": colour,
        "markerfacecolor": theme.PAPER if hollow else colour, "markeredgewidth": 2,
    }  # fmt: skip


def _option(name: object, fill: str) -> _Mark:
    return _Mark(str(name), patch={"facecolor": fill, "edgecolor": theme.MUTED, "linewidth": 0.8})


_DAY = pd.Timedelta(days=1)
_QUIET: dict[str, Any] = {"color": theme.MUTED, "fontsize": SMALL}
_HIDDEN: dict[str, Any] = {
    "facecolor": theme.WASH, "edgecolor": theme.MUTED, "linewidth": 0.5, "hatch": "///",
}  # fmt: skip
_ARRIVALS = _Mark(N_("arrivals"), patch={"facecolor": theme.ACCENT, "edgecolor": theme.ACCENT})
_CLOSURES = _Mark(
    N_("closures"),
    patch={"facecolor": theme.PAPER, "edgecolor": theme.SERIES[2], "hatch": "////"},
)
_SHARE = _Mark(N_("share"), _dot(theme.ACCENT))
_INTERVAL = _Mark(N_("interval of 95%"), {"color": theme.MUTED, "linewidth": 2})
_THRESHOLD = _Mark(N_("contract threshold"), {"color": theme.SERIES[1], "linewidth": 2})
_TARGET = _Mark(N_("target"), _dot(theme.SERIES[1], "|", 16) | {"markeredgewidth": 3})
_VERDICTS = {
    "met": _Mark(N_("target met"), _dot(theme.ACCENT)),
    "missed": _Mark(N_("target missed"), _dot(theme.BAD.colour, "v", 10)),
    "provisional": _Mark(N_("provisional month"), _dot(theme.MUTED, hollow=True)),
    "share": _SHARE,
}
_MOMENTS = {
    "planned": _Mark(N_("planned"), _dot(theme.MUTED, "D", 10, hollow=True)),
    "rebaselined": _Mark(N_("re-baselined"), _dot(theme.SERIES[1], "s", hollow=True)),
    "actual": _Mark(N_("actual"), _dot(theme.ACCENT)),
    "forecast": _Mark(N_("forecast"), _dot(theme.ACCENT, hollow=True)),
}


def _ramp() -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("shares", [theme.WASH, theme.ACCENT])


def _shades(count: int) -> list[str]:
    """Return fills that darken in order, so that their order is seen without colour."""
    from matplotlib.colors import to_hex

    return [to_hex(_ramp()(depth)) for depth in np.linspace(0, 1, count)]


def _readable_on(fill: Any) -> str:
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
        text, level = _percent(levels[start], wording), levels[start]
        if (levels[start:] == level).all():
            _write(ax, (edges[-1], level), text, (8, 0), va="center")
        else:
            _write(ax, (edges[start], level), text, (2, 6), fontsize=SMALL, gid="chart-halo")


def _targets(ax: Axes, target: pd.Series, wording: Wording) -> None:
    ax.plot(target, np.arange(len(target)), gid="chart-target", clip_on=False, **_TARGET.line)
    for place, share in enumerate(target):
        if not np.isnan(share):
            text = _percent(share, wording)
            _write(ax, (share, place), text, (0, 11), ha="center", gid="chart-halo", **_QUIET)


def _backlog(ax: Axes, place: np.ndarray, backlog: pd.Series, wording: Wording) -> None:
    style = _dot(theme.SERIES[3], "D", 4) | {"linestyle": "-", "linewidth": 2}
    ax.plot(place, backlog, gid="chart-backlog", clip_on=False, **style)
    name = wording.gettext("backlog at the end of the month")
    _write(ax, (0, 1), name, (-LEFT, 14), ax.transAxes, **_QUIET)
    known = np.flatnonzero(backlog.notna())
    if len(known):
        last = backlog.iloc[known[-1]]
        _write(ax, (place[known[-1]], last), wording.number(last), (10, 0), va="center")


def _pointed_at(ax: Axes, marks: Mapping[str, float], wording: Wording) -> None:
    """Draw a line up to the words of each mark; the leftmost go highest, so none is crossed."""
    left, right = ax.get_xlim()
    room, across = _size(ax), ax.get_xaxis_transform()
    for row, (name, hours) in enumerate(sorted(marks.items(), key=lambda mark: -mark[1])):
        x, up = np.log10(max(hours, SHORTEST)), 8 + LINE * row
        text = f"{_plain(name)} {wording.duration(hours * 3600)}"
        fits = (right - x) / (right - left) * room[0] + 24 > _extent(text)
        ax.plot(
            [x, x], [0, 1 + (up + 8) / room[1]], color=theme.INK, clip_on=False, linewidth=1.5,
            linestyle=theme.DASHES[row % len(theme.DASHES)], transform=across, gid="chart-mark",
        )  # fmt: skip
        side, right_by = ("left", 6) if fits else ("right", -6)
        _write(ax, (x, 1), text, (right_by, up), across, ha=side, gid="chart-halo")


def _spans(ax: Axes, days: pd.DataFrame) -> None:
    plan = days["planned"].fillna(days["rebaselined"])
    done, coming = days["actual"].notna(), days["forecast"].notna() & days["actual"].isna()
    place = pd.Series(np.arange(len(days)), days.index)
    for end, chosen, dashes in ((days["actual"], done, "-"), (days["forecast"], coming, "--")):
        if chosen.any():
            spans = ax.hlines(place[chosen], plan[chosen], end[chosen], gid="chart-span")
            spans.set(color=theme.MUTED, linestyle=dashes)


def _segments(ax: Axes, spans: pd.DataFrame, option: _Mark, wording: Wording) -> None:
    """Draw one option's share of each row; the wide ones say how much it is."""
    colour = _readable_on(option.patch["facecolor"])
    for place, left, width in spans[spans["width"] > 0].itertuples():
        ax.barh(place, width, 0.62, left, gid="chart-answers", clip_on=False, **option.patch)
        text = wording.percent(width, 0)
        if _extent(text, SMALL) < width * _size(ax)[0]:
            at = (left + width / 2, place)
            _write(ax, at, text, ha="center", va="center", fontsize=SMALL, color=colour)


def _cells(ax: Axes, shares: pd.DataFrame, n: pd.DataFrame, wording: Wording) -> None:
    """Write share and n into each cell; hatch those that are withheld."""
    from matplotlib.patches import Rectangle

    mesh, room = ax.collections[0], _size(ax)[0] / shares.shape[1]
    for (row, column), share in np.ndenumerate(shares.to_numpy()):
        count = n.iat[row, column]
        if np.isnan(share):
            if count:
                ax.add_patch(Rectangle((column, row), 1, 1, gid="chart-withheld", **_HIDDEN))
            continue
        colour = _readable_on(mesh.to_rgba(share))
        points = min(round(share * 100), 99) if share < 1 else 100  # one that says 100 is full
        for number, up, size in ((points, 9, 13), (count, -9, 11)):
            text, style = wording.number(number), {"fontsize": size, "color": colour}
            if _extent(text, size) <= room:
                at = (column + 0.5, row + 0.5)
                _write(ax, at, text, (0, up), ha="center", va="center", **style)


# Axes, rows and the sheet that they stand on.


@dataclass(frozen=True, slots=True)
class _Rows:
    """The lines of words left of each row, and the height that a row needs for them."""

    words: list[list[str]]
    counts: list[str]
    pitch: float

    @classmethod
    def of(cls, labels: Iterable[object], wording: Wording, n: pd.Series | None = None) -> _Rows:
        """Wrap the labels; n, where given, stands below them."""
        words = [_wrapped(str(label), LEFT_OF_ROWS - 34, 2) for label in labels]
        counts = [""] * len(words)
        if n is not None:
            counts = ["" if pd.isna(count) else _n(count, wording) for count in n]
        high = max(len(lines) + bool(count) for lines, count in zip(words, counts, strict=True))
        return cls(words, counts, LINE * high + 14)

    @property
    def height(self) -> float:
        return self.pitch * len(self.words)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A figure whose units are those of its view box; ``top`` of them hold the key."""

    figure: Figure
    height: float
    top: float

    def axes(self, left: float, right: float, below: float, height: float | None = None) -> Axes:
        """Return axes with these margins, as high as there is room for unless told."""
        high = height or self.height - self.top - below
        across = (WIDTH - left - right) / WIDTH
        box = (left / WIDTH, below / self.height, across, high / self.height)
        ax = self.figure.add_axes(box, xticks=[])
        ax.patch.set_visible(False)
        return ax

    def rows(self, rows: _Rows, right: float, below: float) -> Axes:
        """Return axes with a row at each of 0, 1, 2…, from the top, and its words on the left."""
        ax = self.axes(LEFT_OF_ROWS, right, below)
        ax.set_ylim(len(rows.words) - 0.5, -0.5)
        ax.set_yticks([])
        ax.spines.bottom.set_visible(False)
        for place, (words, count) in enumerate(zip(rows.words, rows.counts, strict=True)):
            at = (0, 1 - (place + 0.5) / len(rows.words))
            lines = [*words, count] if count else words
            for line, text in enumerate(lines):
                style = {"ha": "right", "va": "center"} | (_QUIET if line == len(words) else {})
                up = LINE * ((len(lines) - 1) / 2 - line)
                _write(ax, at, text, (-14, up), ax.transAxes, **style)
        return ax

    def svg(self, figure: str) -> str:
        """Return the sheet as an SVG to be put into a page."""
        text = StringIO()
        self.figure.savefig(text, format="svg", metadata={"Date": None})
        return _embeddable(text.getvalue(), figure)


@contextmanager
def _sheet(height: float, said: str, key: Sequence[_Mark] = ()) -> Iterator[_Sheet]:
    """Open a sheet with what is said of the whole figure, its key, and ``height`` below them."""
    from matplotlib import rc_context, style
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    rows = _key_rows(key)
    top = LINE * bool(said) + 24 * len(rows) + 16
    # An analyst's own style must not change a review; words may need letters that DejaVu lacks.
    with style.context("default"), rc_context(_RC), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)
        figure = Figure(figsize=(WIDTH / 72, (top + height) / 72), dpi=72, frameon=False)
        FigureCanvasSVG(figure)
        sheet = _Sheet(figure, top + height, top)
        words = sheet.axes(0, 0, 0, top + height)
        words.set(xlim=(0, WIDTH), ylim=(top + height, 0))
        words.set_axis_off()
        _write(words, (2, LINE - 4), said, **_QUIET)
        for row, marks in enumerate(rows):
            for x, mark in marks:
                _key_entry(words, (x, LINE * bool(said) + 24 * row + 14), mark)
        yield sheet


_RC: dict[Any, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",  # comes with matplotlib: measures the same everywhere
    "font.size": TEXT,
    "text.color": theme.INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": theme.MUTED,
    "axes.axisbelow": True,
    "grid.color": theme.GRID,
    "grid.linewidth": 1,
    "xtick.color": theme.MUTED,
    "ytick.color": theme.MUTED,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "ytick.major.size": 0,
    "ytick.major.pad": 8,
    "hatch.linewidth": 1.2,
    "lines.linewidth": 2,
}


def _key_rows(key: Sequence[_Mark]) -> list[list[tuple[float, _Mark]]]:
    """Break the key into rows; each mark with where it starts."""
    rows: list[list[tuple[float, _Mark]]] = []
    x = float(WIDTH)
    for mark in (replace(mark, text=_wrapped(mark.text, WIDTH - 60, 1)[0]) for mark in key):
        across = 30 + _extent(mark.text, SMALL) + 18
        if x + across > WIDTH or not rows:
            rows.append([])
            x = 0
        rows[-1].append((x, mark))
        x += across
    return rows


def _key_entry(ax: Axes, at: tuple[float, float], mark: _Mark) -> None:
    from matplotlib.patches import Rectangle

    x, y = at
    if mark.patch:
        ax.add_patch(Rectangle((x + 1, y - 7), 20, 14, **mark.patch))
    elif "marker" in mark.line:
        ax.plot([x + 11], [y], **mark.line)
    else:
        ax.plot([x, x + 22], [y, y], **mark.line)
    _write(ax, (x + 30, y), mark.text, va="center", fontsize=SMALL)


def _share_axis(axis: Any, values: pd.Series, wording: Wording) -> None:
    """Bound an axis by round percentages around the values; shares have no need of a zero."""
    low, high = values.min(), values.max()
    step = next((step for step in SHARE_STEPS if high - low <= 4 * step), SHARE_STEPS[-1])
    first = max(np.floor(low / step + 1e-9), 0)
    last = min(max(np.ceil(high / step - 1e-9), first + 1), round(1 / step))
    ticks = np.arange(min(first, last - 1), last + 0.5) * step
    axis.axes.set(**{f"{axis.axis_name}lim": (ticks[0], ticks[-1])})
    axis.set_ticks(ticks, labels=[_percent(tick, wording) for tick in ticks])
    axis.set_tick_params(length=0, pad=8)
    axis.grid(True)


def _count_axis(ax: Axes, highest: float, wording: Wording) -> None:
    from matplotlib.ticker import MaxNLocator

    top = 1 if pd.isna(highest) else max(highest, 1)
    ticks = MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]).tick_values(0, top)
    ax.set_ylim(0, ticks[-1])
    ax.set_yticks(ticks, labels=[wording.number(tick) for tick in ticks])
    ax.grid(axis="y")


def _month_axis(ax: Axes, places: np.ndarray, months: list[str], wording: Wording) -> None:
    """Label as many months as there is room for, always the same ones of a year."""
    left, right = ax.get_xlim()
    pitch = _size(ax)[0] / (right - left) * (places[1] - places[0] if len(places) > 1 else 1)
    step = next((step for step in MONTH_STEPS if step * pitch >= 48), MONTH_STEPS[-1])
    shown = [i for i, month in enumerate(months) if _ordinal(month) % step == 0] or [0]
    ax.set_xticks(places[shown], labels=[""] * len(shown))
    told, at = "", ax.get_xaxis_transform()
    for i in shown:
        name, year = wording.month(months[i]).rsplit(maxsplit=1)
        _write(ax, (places[i], 0), name, (0, -LINE - 2), at, ha="center", **_QUIET)
        if year != told:
            _write(ax, (places[i], 0), year, (0, -2 * LINE - 2), at, ha="center", **_QUIET)
        told = year


def _hour_axis(ax: Axes, wording: Wording) -> None:
    """Label powers of ten, and what lies between where these are too few."""
    first, last = 10.0 ** np.array(ax.get_xlim()) * (1 - 1e-9, 1 + 1e-9)
    told = [hour for hour in HOURS if first <= hour <= last]
    if len(told) < 3:
        told = sorted([*told, *(hour for hour in HOURS_BETWEEN if first <= hour <= last)])
    ax.set_xticks(np.log10(told), labels=[wording.duration(hour * 3600) for hour in told])


def _room_for_counts(counts: pd.Series, pitch: float, wording: Wording) -> float:
    """Return the height of the row of n: more where the figures have to stand upright."""
    widest = max(_extent(wording.number(count), SMALL) for count in counts)
    return LINE if widest <= pitch else widest + 6


def _counts_below(ax: Axes, counts: pd.Series, wording: Wording) -> None:
    pitch, at = _size(ax)[0] / len(counts), ax.get_xaxis_transform()
    upright = _room_for_counts(counts, pitch, wording) > LINE
    style: dict[str, Any] = {"ha": "center", "va": "baseline"}
    if upright:
        style = {"rotation": 90, "rotation_mode": "anchor", "ha": "right", "va": "center"}
    shift = (0, -2 * LINE - 12) if upright else (0, -3 * LINE - 4)
    _write(ax, (0, 0), "n", (-24, -3 * LINE - 4), ax.transAxes, **_QUIET)
    for place in range(0, len(counts), int(np.ceil(13 / pitch))):  # all, up to three years
        _write(ax, (place, 0), wording.number(counts.iloc[place]), shift, at, **_QUIET, **style)


def _at_the_end(ax: Axes, texts: list[str]) -> None:
    for place, text in enumerate(texts):
        _write(ax, (1, place), text, (16, 0), ax.get_yaxis_transform(), va="center")


def _size(ax: Axes) -> tuple[float, float]:
    """Return width and height of the axes in units of the view box."""
    return ax.bbox.width, ax.bbox.height


# Words.


def _write(
    ax: Axes,
    at: tuple[float, float],
    text: str,
    shift: tuple[float, float] = (0, 0),
    coordinates: Any = "data",
    **style: Any,
) -> None:
    """Write one line at a point, shifted (right, up) by units of the view box."""
    ax.annotate(
        text, at, shift, coordinates, "offset points", annotation_clip=False,
        **{"va": "baseline"} | style,
    )  # fmt: skip


def _plain(text: str) -> str:
    """Return one line of visible text: line ends and invisible controls could move others."""
    seen = (" " if char.isspace() else char for char in text)
    kept = (char for char in seen if unicodedata.category(char)[0] != "C")
    return " ".join("".join(kept).split())


def _extent(text: str, size: float = TEXT) -> float:
    """Estimate the width of a text, generously: the page's letters aren't known here."""
    wide = sum(1 if ord(char) > 0x2E7F or char in "mwMW@%—…" else 0 for char in text)
    narrow = sum(char in "iljtfrI.,:;'’|!() \u202f\u00a0" for char in text)
    capital = sum(char.isupper() and char not in "MWI" for char in text)
    return size * (0.58 * len(text) + 0.42 * wide - 0.22 * narrow + 0.12 * capital)


def _wrapped(text: str, width: float, lines: int) -> list[str]:
    """Break a text into at most so many lines of the width, elided with "…"."""
    plain = _plain(text) or "—"
    letters = int(width * len(plain) / _extent(plain))
    return wrap(plain, max(letters, 8), max_lines=lines, placeholder="…")


def _said(labels: Labels, wording: Wording, *more: str) -> str:
    """Return what is said of the whole figure, above it."""
    text = " · ".join(part for part in (_plain(labels.measure), *more) if part)
    return _wrapped(text, (WIDTH - 20) * TEXT / SMALL, 1)[0] if text else ""


def _n(count: float, wording: Wording) -> str:
    return wording.gettext("n = {n}").format(n=wording.number(count))


def _withheld(labels: Labels, wording: Wording) -> str:
    if labels.floor is None:
        return wording.gettext("not shown")
    return wording.gettext("not shown: n under {floor}").format(floor=wording.number(labels.floor))


def _percent(share: float, wording: Wording) -> str:
    """Format a share with as many decimals as it has, up to two."""
    points = round(share * 100, 2)
    return wording.percent(share, next(d for d in range(3) if round(points, d) == points))


# Months and columns.


def _ordinal(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _months(known: Iterable[str]) -> list[str]:
    """Return every ISO month from the first to the last: a gap in time is drawn as a gap."""
    ordinals = [_ordinal(month) for month in known]
    span = range(min(ordinals), max(ordinals) + 1)
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in span]


def _every_month(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_index("month").reindex(_months(frame["month"]))


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame.get(name, pd.Series(np.nan, frame.index)).astype(float)


# From matplotlib's file to an element of a page.

_DECIMAL = re.compile(r"-?\d+\.\d+")
_REFERRED = re.compile(r"""(?:href="#|url\(#)([^")]+)""")
_NOT_WANTED = {"metadata", "style", "clipPath"}  # nothing is drawn outside its axes to be clipped
_HALO = {"stroke": theme.PAPER, "stroke-width": "4", "paint-order": "stroke"}
_IDLE = {"font-family": "", "text-anchor": "start", "stroke-dashoffset": "0"}


def _embeddable(svg: str, figure: str) -> str:
    """Return matplotlib's SVG as an element for a page whose policy forbids styles.

    Styles become attributes, the ids that are referred to start with the figure's, names of
    artists (``chart-…``) become classes; namespaces, metadata, other ids and the size go.
    """
    root = ElementTree.fromstring(svg)
    referred = set(_REFERRED.findall(svg))
    ids = [name for element in root.iter() if (name := element.get("id", "")) in referred]
    prefix = re.sub(r"[^A-Za-z0-9_-]+", "-", figure)
    _tidy(root, {name: f"{prefix}-mark{place}" for place, name in enumerate(ids)})
    root.attrib = {"viewBox": root.attrib["viewBox"], "stroke-linejoin": "round"}
    return ElementTree.tostring(root, encoding="unicode")


def _tidy(element: ElementTree.Element, ids: Mapping[str, str]) -> None:
    element.tag = _local(element.tag)
    element.attrib = _attributes(element, ids)
    if element.tag != "text":
        element.text = None
    children: list[ElementTree.Element] = []
    for child in element:
        child.tail = None
        if _local(child.tag) not in _NOT_WANTED:
            _tidy(child, ids)
            bare = child.tag == "g" and not child.attrib
            children.extend(child if bare else [child] if len(child) or child.tag != "defs" else [])
    element[:] = children


def _attributes(element: ElementTree.Element, ids: Mapping[str, str]) -> dict[str, str]:
    said = {_local(name): value for name, value in element.attrib.items()}
    for declared in filter(None, said.pop("style", "").split("; ")):
        name, _, value = declared.partition(": ")
        said |= _font(value) if name == "font" else {name: value}
    said.pop("clip-path", None)
    name = said.pop("id", "")
    if name in ids:
        said["id"] = name
    elif name == "chart-halo":
        said |= _HALO
    elif name.startswith("chart-"):
        said["class"] = name
    return {
        name: _renamed(_short(value), ids)
        for name, value in said.items()
        if not (_IDLE.get(name) in ("", value) or value.startswith("rotate(-0 "))
    }


def _font(shorthand: str) -> dict[str, str]:
    """Expand CSS's ``font``, as matplotlib 3.10 writes it, but for the family."""
    found = re.match(r"(?:.*?\b(\d{3}) )?.*?([\d.]+)px", shorthand)
    weight, size = found.groups() if found else (None, str(TEXT))
    return {"font-size": f"{size}px"} | ({"font-weight": weight} if weight else {})


def _short(value: str) -> str:
    """Round decimals to what is seen, and join the lines of a path."""
    rounded = _DECIMAL.sub(lambda number: f"{round(float(number[0]), 2) + 0.0:g}", value)
    return " ".join(rounded.split())


def _renamed(value: str, ids: Mapping[str, str]) -> str:
    if value.startswith("url(#"):
        return f"url(#{ids[value[5:-1]]})"
    return f"#{ids[value[1:]]}" if value[1:] in ids else ids.get(value, value)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
