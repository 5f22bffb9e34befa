"""Durations: how they spread, how long things last, and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reviewlib.charts import theme
from reviewlib.charts.canvas import (
    LEFT,
    LINE,
    QUIET,
    SHORTEST,
    Mark,
    count_axis,
    extent,
    hour_axis,
    open_sheet,
    write,
)
from reviewlib.charts.common import BAND, INTERVAL, Labels, named, pointed_at, refuse_unknown
from reviewlib.charts.rows import (
    ChartRow,
    KeyMark,
    MarkTone,
    RowChart,
    RowMark,
    Scale,
    key_of_tones,
)
from reviewlib.charts.words import n_each, n_words, visible
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
        style = {"color": theme.MID, "alpha": 1, "edgecolor": theme.PAPER}
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
        key.append(INTERVAL.labelled(wording))
    counted = "at_risk" in frame
    above, below = LINE * len(marks) + 6, LINE + 12 + (LINE + 8) * counted
    heading = [labels.measure, wording.gettext("logarithmic scale")]
    with open_sheet(above + 240 + below, heading, key) as sheet:
        ax = sheet.axes(LEFT, 30, below, 240)
        ax.set(xlim=(first, last), ylim=(0, 1))
        ticks = np.linspace(0, 1, 5)
        ax.set_yticks(ticks, labels=[wording.threshold(tick) for tick in ticks])
        ax.grid(axis="y")
        _curve(ax, curve)
        hour_axis(ax, wording)
        if counted:
            _at_risk(ax, frame, wording)
        pointed_at(ax, _hour_marks(marks, wording))
        return sheet.svg(labels.figure)


def timeline(
    frame: pd.DataFrame, tickets: pd.DataFrame, labels: Labels, wording: Wording
) -> RowChart:
    """The clock of each ticket from its start to its end: when it ran, and past which instant.

    Columns: ticket (a place in the index of ``tickets``), from, to (instants), reason (counted,
    paused, over, holiday, closure, outside_hours, no_target). ``tickets``: label, note, deadline
    (an instant, NaT where there is none), value (what was counted, for which target, in words).
    Each row has a scale of its own.
    """
    refuse_unknown("reason", frame["reason"], _REASONS)
    edges = frame.groupby("ticket").agg(start=("from", "min"), end=("to", "max"))
    deadline = pd.to_datetime(tickets["deadline"], utc=True)
    clocks = tickets.assign(deadline=deadline).join(edges)
    end = clocks[["end", "deadline"]].max(axis="columns")
    length = (end - clocks["start"]).clip(lower=_SHORTEST)
    clocks = clocks.assign(length=length, at=(clocks["deadline"] - clocks["start"]) / length)
    marks = _stretches(frame, clocks)
    spent = _spent(frame, wording)
    rows = tuple(
        _clock(row, marks.get(row.Index, []), spent.get(row.Index, []), wording)
        for row in clocks.itertuples()
    )
    key = (
        *key_of_tones(_RAN, rows, wording),
        KeyMark("line", MarkTone.MID, wording.gettext("not counted")),
        KeyMark("tick", MarkTone.INK, wording.gettext("deadline")),
    )
    axis = ((0.0, wording.gettext("start")), (1.0, wording.gettext("end")))
    heading = wording.gettext("counted / target")
    return RowChart("", labels.measure, heading, rows, axis, key=key)


def hours_by_group(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """Hours side by side, in the order given. Columns: label, hours, n."""
    scale = Scale(0, frame["hours"].max() or 1)
    rows = tuple(
        ChartRow(visible(label), wording.duration(hours * 3600), _bar(scale, hours), note)
        for label, hours, note in zip(
            frame["label"], frame["hours"], n_each(frame["n"], wording), strict=True
        )
    )
    return RowChart("", labels.measure, "", rows)


def days_by_cause(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """The days of delay by who or what caused them, the most first; causes of none are left out.

    Columns: cause (client, provider, third_party, force_majeure, concurrent, contested, suspended,
    decision, waiting, unattributed), days (NaN where they are not known); by_default, if known:
    whether a day is of that cause by a default.
    """
    refuse_unknown("cause", frame["cause"], _CAUSES)
    by_default = set(frame.loc[frame.get("by_default", pd.Series(False, frame.index)), "cause"])
    days = frame.set_index("cause")["days"].astype(float)
    days = days[days > 0].sort_values(ascending=False, kind="stable")
    scale, total = Scale(0, days.max() if len(days) else 1), days.sum()
    rows = tuple(
        ChartRow(
            _cause(cause, cause in by_default, wording),
            wording.days(spent),
            _bar(scale, spent, _OPEN_CAUSES.get(cause, MarkTone.MID)),
            wording.percent(spent / total, 0) if total >= _SMALL else "",
            bad=cause == "unattributed",
        )
        for cause, spent in days.items()
    )
    heading = wording.gettext("of {days}").format(days=wording.days(total))
    return RowChart("", labels.measure, heading, rows)


# What marks look like. Shape, dash or hatch says what colour says.

_UNRESOLVED = Mark(N_("still unresolved"), {"color": theme.ACCENT, "linewidth": 2})
_REASONS = {
    "counted": N_("counted"),
    "paused": N_("paused"),
    "over": N_("over before a reopening"),
    "holiday": N_("holiday"),
    "closure": N_("closure"),
    "no_target": N_("no target"),
    "outside_hours": N_("outside service hours"),
}
_RAN = {MarkTone.MID: N_("counted"), MarkTone.BAD: N_("counted after the deadline")}
_SHORTEST = pd.Timedelta(minutes=15)  # of a clock that is drawn
_SEEN = 0.004  # of the width: stretches closer than that are drawn as one
_CAUSES = {
    "client": N_("client"),
    "provider": N_("provider"),
    "third_party": N_("third party"),
    "force_majeure": N_("force majeure"),
    "concurrent": N_("concurrent causes"),
    "contested": N_("contested"),
    "suspended": N_("suspended"),
    "decision": N_("decisions of the client"),
    "waiting": N_("waiting for a milestone"),
    "unattributed": N_("without a recorded cause"),
}
_BY_DEFAULT = N_("{policy} (by default)")
_OPEN_CAUSES = {"contested": MarkTone.OPEN, "unattributed": MarkTone.BAD}
_SMALL = 20  # days: of fewer there is no percentage


# What is drawn in an axes.


def _cause(cause: str, by_default: bool, wording: Wording) -> str:
    """Return what a day is counted as, marked where a default of the contract makes it so."""
    words = wording.gettext(_CAUSES[cause])
    return wording.gettext(_BY_DEFAULT).format(policy=words) if by_default else words


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
    curve = curve[_seen_apart(curve["share"], extent(ax)[1])]
    place = np.log10(curve["hours"].clip(lower=SHORTEST)).to_numpy()
    steps = curve[["share", "low", "high"]].to_numpy(dtype=float).repeat(2, axis=0)[:-1]
    x, (share, low, high) = place.repeat(2)[1:], steps.T
    ax.fill_between(x, low, high, gid="chart-interval", clip_on=False, **BAND)
    ax.plot(x, share, gid="chart-share", clip_on=False, **_UNRESOLVED.line)


def _seen_apart(share: pd.Series, height: float) -> pd.Series:
    """Return which steps move a curve to another unit of its height, and its last one."""
    places = (share * height).round()
    last = share.index == share.index[-1]
    return (places != places.shift()) | last


def _at_risk(ax: Axes, frame: pd.DataFrame, wording: Wording) -> None:
    """Write below each labelled hour how many were still followed then."""
    shift = (0, -2 * LINE - 12)
    write(ax, (0, 0), "n", (-24, shift[1]), ax.transAxes, **QUIET)
    for place in ax.get_xticks():
        row = int(np.searchsorted(np.log10(frame["hours"].clip(lower=SHORTEST)), place - 1e-9))
        n = frame["at_risk"].iloc[row] if row < len(frame) else 0
        at = ax.get_xaxis_transform()
        write(ax, (place, 0), wording.number(n), shift, at, ha="center", **QUIET)


# The rows.


def _bar(scale: Scale, value: float, tone: MarkTone = MarkTone.ACCENT) -> tuple[RowMark]:
    return (RowMark("bar", 0, scale.at(value), tone),)


def _stretches(frame: pd.DataFrame, clocks: pd.DataFrame) -> dict[Any, list[RowMark]]:
    """Return when each clock ran: before its deadline, then after it, as far as is seen apart."""
    ran = frame.loc[frame["reason"] == "counted", ["ticket", "from", "to"]]
    ran = ran.join(clocks[["start", "length", "at"]], on="ticket")
    for edge in ("from", "to"):
        ran[edge] = (ran[edge] - ran["start"]) / ran["length"]
    deadline = ran["at"].fillna(np.inf)
    marks: dict[Any, list[RowMark]] = {}
    for tone, since, until in (
        (MarkTone.MID, ran["from"], np.minimum(ran["to"], deadline)),
        (MarkTone.BAD, np.maximum(ran["from"], deadline), ran["to"]),
    ):
        spans = ran[["ticket"]].assign(since=since, until=until)
        spans = spans[spans["until"] > spans["since"]].sort_values(["ticket", "since"])
        ticket = spans["ticket"]
        reached = spans.groupby(ticket)["until"].cummax().groupby(ticket).shift()
        apart = ~(spans["since"] - reached <= _SEEN)
        runs = spans.groupby(apart.cumsum())
        joined = runs.agg(
            ticket=("ticket", "first"), since=("since", "min"), until=("until", "max")
        )
        for place, left, right in joined.itertuples(index=False):
            marks.setdefault(place, []).append(RowMark("bar", left, right, tone))
    return marks


def _spent(frame: pd.DataFrame, wording: Wording) -> dict[Any, list[str]]:
    """Return how long each clock ran, and stood still for which reason, in words."""
    seconds = (frame["to"] - frame["from"]) / pd.Timedelta(seconds=1)
    sums = seconds.groupby([frame["ticket"], frame["reason"]], sort=False).sum()
    words: dict[Any, list[str]] = {}
    for (ticket, reason), length in sums.items():
        length_of = f"{wording.gettext(_REASONS[reason])} {wording.duration(length)}"
        words.setdefault(ticket, []).append(length_of)
    return words


def _clock(row: Any, ran: Sequence[RowMark], spent: list[str], wording: Wording) -> ChartRow:
    """Return a ticket: a line from start to end, when its clock ran, its deadline."""
    marks = [RowMark("line", 0, 1, MarkTone.MID), *ran] if ran else []
    if row.at == row.at:
        marks.append(RowMark("tick", min(max(row.at, 0.0), 1.0), tone=MarkTone.INK))
        deadline = wording.gettext("deadline")
        spent = [*spent, f"{deadline} {wording.instant(row.deadline)}"]
    late = any(mark.tone == MarkTone.BAD for mark in ran)
    label, note = visible(row.label), visible(row.note)
    return ChartRow(label, row.value, tuple(marks), note, ", ".join(spent), bad=late)
