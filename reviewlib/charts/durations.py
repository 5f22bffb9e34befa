"""Durations: how they spread, how long things last, and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reviewlib.charts import theme
from reviewlib.charts.canvas import (
    LEFT,
    LEFT_OF_ROWS,
    LINE,
    QUIET,
    SHORTEST,
    Mark,
    Rows,
    at_the_end,
    count_axis,
    extent,
    hour_axis,
    open_sheet,
    time_axis,
    write,
)
from reviewlib.charts.common import (
    INTERVAL,
    PALE,
    SOLID,
    Labels,
    draw_bars,
    draw_segments,
    hatched,
    named,
    pointed_at,
    shades,
)
from reviewlib.charts.words import SMALL, TEXT, n_each, n_words, share_words, text_width, wrapped
from reviewlib.report.text import N_

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reviewlib.pages.wording import Wording


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

    durations = pd.Series(np.asarray(hours, dtype=float)).dropna()
    exponents = np.log10(durations.clip(lower=SHORTEST))
    first, last = _half_decades([durations.min(), durations.max(), *marks.values()])
    per_decade = (8 if len(exponents) >= 500 else 4) * (2 if last - first <= 1 else 1)
    edges = np.linspace(first, last, round((last - first) * per_decade) + 1)
    heading = [
        labels.measure,
        n_words(len(exponents), wording),
        wording.gettext("logarithmic scale"),
    ]
    above, below = LINE * len(marks) + 6, LINE + 12
    with open_sheet(above + 220 + below, heading) as sheet:
        ax = sheet.axes(LEFT, 30, below, 220)
        style = {"color": shades(5)[2], "alpha": 1, "edgecolor": theme.PAPER}
        seaborn.histplot(x=exponents, bins=edges, ax=ax, gid="chart-bin", **style)
        ax.set(xlabel="", ylabel="", xlim=(first, last))
        count_axis(ax, np.histogram(exponents, edges)[0].max(), wording)
        hour_axis(ax, wording)
        pointed_at(ax, _hour_marks(marks, wording))
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
    key = [_UNRESOLVED.labelled(wording)]
    if frame[["low", "high"]].notna().any(axis=None):
        key.append(INTERVAL.labelled(wording).filled(shades(5)[1]))
    counted = "at_risk" in frame
    above, below = LINE * len(marks) + 6, LINE + 12 + (LINE + 8) * counted
    heading = [labels.measure, wording.gettext("logarithmic scale")]
    with open_sheet(above + 240 + below, heading, key) as sheet:
        ax = sheet.axes(LEFT, 30, below, 240)
        ax.set(xlim=(first, last), ylim=(0, 1))
        ticks = np.linspace(0, 1, 5)
        ax.set_yticks(ticks, labels=[share_words(tick, wording) for tick in ticks])
        ax.grid(axis="y")
        _curve(ax, curve)
        hour_axis(ax, wording)
        if counted:
            _at_risk(ax, frame, wording)
        pointed_at(ax, _hour_marks(marks, wording))
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
        pointed_at(ax, {
            f"{named(name, 190)} {wording.instant(at)}": (at - start) / _HOUR
            for name, at in marks.items()
        })  # fmt: skip
        return sheet.svg(labels.figure)


def hours_by_group(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """Hours side by side, in the order given. Columns: label, hours, n."""
    rows = Rows.of(frame["label"], n_each(frame["n"], wording))
    with open_sheet(rows.height + 4, [labels.measure]) as sheet:
        ax = sheet.rows(rows, 96, 4)
        draw_bars(ax, frame["hours"], [wording.duration(hours * 3600) for hours in frame["hours"]])
        return sheet.svg(labels.figure)


def days_by_cause(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """The days of delay of each milestone or deliverable, by who or what caused them.

    One row for each (the index), one column of days per cause, of client, provider, third_party,
    force_majeure, concurrent, contested, suspended, decision, waiting, unattributed; NaN where
    there are none.
    """
    days = frame.astype(float).clip(lower=0)
    ends = days.fillna(0).cumsum(axis=1)
    total = days.sum(axis=1, min_count=1)
    causes = {
        name: _CAUSES[name].labelled(
            wording,
            f"{wording.gettext(_CAUSES[name].text)}, {wording.days(days[name].sum())}",
        )
        for name in days
        if days[name].sum() > 0
    }
    texts = [wording.days(of_row) for of_row in total]
    rows, right = Rows.of(frame.index), max(map(text_width, texts)) + 22
    heading = [labels.measure, n_words(len(frame), wording)]
    with open_sheet(rows.height + 4, heading, list(causes.values())) as sheet:
        ax = sheet.rows(rows, right, 4)
        ax.set_xlim(0, total.fillna(0).max() or 1)
        for name, cause in causes.items():
            spans = pd.DataFrame({"left": ends[name] - days[name], "width": days[name]})
            spans = spans.reset_index(drop=True)
            draw_segments(ax, spans, cause, f"chart-{name}", lambda part: wording.number(part, 1))
        at_the_end(ax, texts)
        return sheet.svg(labels.figure)


# What marks look like. Shape, dash or hatch says what colour says.

_HOUR = pd.Timedelta(hours=1)
_UNRESOLVED = Mark(N_("still unresolved"), {"color": theme.ACCENT, "linewidth": 2})
_REASONS = {
    "counted": Mark(N_("counted"), patch=SOLID),
    "paused": Mark(N_("paused"), patch=hatched(theme.SERIES[1])),
    "over": Mark(N_("over before a reopening"), patch=PALE | {"hatch": "\\\\"}),
    "holiday": Mark(N_("holiday"), patch=PALE),
    "closure": Mark(N_("closure"), patch=PALE),
    "no_target": Mark(N_("no target"), patch=PALE),
    "outside_hours": Mark(N_("outside service hours"), patch=PALE),
}
_CAUSES = {
    "client": Mark(N_("client"), patch=hatched(theme.SERIES[1])),
    "provider": Mark(N_("provider"), patch=SOLID),
    "third_party": Mark(N_("third party"), patch=hatched(theme.SERIES[2], "||||")),
    "force_majeure": Mark(N_("force majeure"), patch=hatched(theme.SERIES[4], "----")),
    "concurrent": Mark(N_("concurrent causes"), patch=hatched(theme.SERIES[3], "xxxx")),
    "contested": Mark(N_("contested"), patch=hatched(theme.BAD.colour, r"\\\\")),
    "suspended": Mark(N_("suspended"), patch=PALE | {"hatch": "++"}),  # dots weigh 170 kB
    "decision": Mark(N_("decisions of the client"), patch=PALE | {"hatch": "////"}),
    "waiting": Mark(N_("before the milestone needed"), patch=PALE | {"hatch": "||"}),
    "unattributed": Mark(N_("without a recorded cause"), patch=PALE),
}


# What is drawn in an axes.


def _half_decades(hours: Sequence[float]) -> tuple[float, float]:
    """Return the bounds of a logarithmic axis that holds these hours, in half decades."""
    reach = np.log10(np.clip(hours, SHORTEST, None))
    return float(np.floor(reach.min() * 2) / 2), float(np.floor(reach.max() * 2) / 2 + 0.5)


def _hour_marks(marks: Mapping[str, float], wording: Wording) -> dict[str, float]:
    """Return the words of each mark of hours, with its place on a logarithmic axis."""
    return {
        f"{named(name, 260)} {wording.duration(hours * 3600)}": np.log10(max(hours, SHORTEST))
        for name, hours in marks.items()
    }


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
        row = int(np.searchsorted(np.log10(frame["hours"].clip(lower=SHORTEST)), place - 1e-9))
        n = frame["at_risk"].iloc[row] if row < len(frame) else 0
        at = ax.get_xaxis_transform()
        write(ax, (place, 0), wording.number(n), shift, at, ha="center", **QUIET)


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
