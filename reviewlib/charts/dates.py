"""What happened on which day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reviewlib.charts import theme
from reviewlib.charts.canvas import (
    LINE,
    QUIET,
    Mark,
    Rows,
    at_the_end,
    dot,
    iso_months,
    open_sheet,
    write,
)
from reviewlib.charts.common import PALE, Labels, date_axis, days_since, months_over
from reviewlib.charts.words import n_each, n_words, share_words
from reviewlib.report.text import N_

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reviewlib.pages.wording import Wording


def plan_against_actual(frame: pd.DataFrame, labels: Labels, wording: Wording) -> str:
    """What was planned against what happened, item by item, on a date axis.

    Columns: label, planned, rebaselined, actual, forecast (dates, NaT where there is none). A line
    runs from the plan to what happened, a dashed one to what is only forecast.
    """
    dates = frame[list(_MOMENTS)].apply(pd.to_datetime)
    months = months_over(dates.min().min(), dates.max().max())
    days = days_since(months[0], dates)
    key = [mark.labelled(wording) for name, mark in _MOMENTS.items() if dates[name].notna().any()]
    rows = Rows.of(frame["label"])
    below = 2 * LINE + 10
    with open_sheet(
        rows.height + below, [labels.measure, n_words(len(frame), wording)], key
    ) as sheet:
        ax = sheet.rows(rows, 128, below)
        date_axis(ax, months, wording)
        _spans(ax, days)
        for name, mark in _MOMENTS.items():
            if days[name].notna().any():
                place = np.arange(len(days))
                ax.plot(days[name], place, gid=f"chart-{name}", clip_on=False, **mark.line)
        ends = dates["actual"].fillna(dates["forecast"])
        at_the_end(ax, ["" if pd.isna(day) else wording.date(day) for day in ends])
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
        mark.labelled(wording, f"{mark.text}, {n_words(state.eq(name).sum(), wording)}")
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


def submissions_by_deliverable(
    frame: pd.DataFrame, due: pd.DataFrame, labels: Labels, wording: Wording
) -> str:
    """When each deliverable was submitted, with what decision, against its due date.

    Columns: label, submitted_on, decision (accepted, accepted_with_reservations, refused, awaiting,
    which is what a missing one is). ``due``: label, due_on (NaT where there is none), in the order
    of the rows. A line runs from the due date to the first accepted submission where that was late,
    a dashed one to the last where none was accepted. The first accepted one's day ends the row.
    """
    sent = _sent(frame)
    days = pd.to_datetime(due["due_on"]).groupby(due["label"], sort=False).first()
    days = days.reindex([*days.index, *sent["label"][~sent["label"].isin(days.index)].unique()])
    rows_of = {label: place for place, label in enumerate(days.index)}
    sent["place"] = sent["label"].map(rows_of)
    settled = sent["decision"].isin(_SETTLING)
    done = sent[settled].groupby("place")["at"].first().reindex(range(len(days)))
    months = months_over(*pd.Index([*sent["at"], *days.dropna()]).sort_values()[[0, -1]])
    given = set(sent["decision"])
    key = [_DECISIONS[name].labelled(wording) for name in reversed(_DECISIONS) if name in given]
    key += [_DUE.labelled(wording, labels.reference)] if days.notna().any() else []
    n = sent.groupby("place").size().reindex(range(len(days)), fill_value=0)
    rows, below = Rows.of(days.index, n_each(n, wording)), 2 * LINE + 10
    with open_sheet(rows.height + below, [labels.measure], key) as sheet:
        ax = sheet.rows(rows, 128, below)
        date_axis(ax, months, wording)
        _late(ax, days_since(months[0], days), sent.assign(x=days_since(months[0], sent["at"])))
        at_the_end(ax, [wording.date(day) for day in done])
        return sheet.svg(labels.figure)


# What marks look like. Shape, dash or hatch says what colour says.

_MOMENTS = {
    "planned": Mark(N_("planned"), dot(theme.MUTED, "D", 10, hollow=True)),
    "rebaselined": Mark(N_("re-baselined"), dot(theme.SERIES[1], "s", hollow=True)),
    "actual": Mark(N_("actual"), dot(theme.ACCENT)),
    "forecast": Mark(N_("forecast"), dot(theme.ACCENT, hollow=True)),
}
_DECISIONS = {
    "refused": Mark(N_("refused"), dot(theme.BAD.colour, "X", 11)),
    "awaiting": Mark(N_("awaiting a decision"), dot(theme.MUTED, hollow=True)),
    "accepted_with_reservations": Mark(
        N_("accepted with reservations"), dot(theme.WARN.colour, "D", 9, hollow=True)
    ),
    "accepted": Mark(N_("accepted"), dot(theme.ACCENT)),
}
_SETTLING = ("accepted", "accepted_with_reservations")
_DUE = Mark(N_("due date"), dot(theme.SERIES[1], "|", 16) | {"markeredgewidth": 3})
_LOST = (0.05, 0.25)  # shares of a day's agreed hours at which its shade darkens
_NONE_AGREED = Mark(N_("no agreed hours"), dot(theme.MUTED, "_", 7) | {"markeredgewidth": 1.5})
_ALL_UP = Mark(N_("nothing lost"), patch=PALE)


# What is drawn in an axes.


def _spans(ax: Axes, days: pd.DataFrame) -> None:
    plan = days["planned"].fillna(days["rebaselined"])
    done, coming = days["actual"].notna(), days["forecast"].notna() & days["actual"].isna()
    place = pd.Series(np.arange(len(days)), days.index)
    for end, chosen, dashes in ((days["actual"], done, "-"), (days["forecast"], coming, "--")):
        if chosen.any():
            spans = ax.hlines(place[chosen], plan[chosen], end[chosen], gid="chart-span")
            spans.set(color=theme.MUTED, linestyle=dashes)


def _sent(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the submissions that have a day, in order, each with a decision that is known."""
    decision = frame["decision"].fillna("awaiting")
    if unknown := sorted(set(decision) - set(_DECISIONS)):
        raise ValueError(f"no decision: {unknown}; known are {', '.join(_DECISIONS)}")
    at = pd.to_datetime(frame["submitted_on"])
    sent = pd.DataFrame({"label": frame["label"], "at": at, "decision": decision})
    return sent[at.notna()].sort_values("at", kind="stable")


def _late(ax: Axes, due: pd.Series, sent: pd.DataFrame) -> None:
    """Draw what was submitted, when it was due, and by how much it was late."""
    for place, day in enumerate(due):
        own = sent[sent["place"].eq(place)]
        settled = own[own["decision"].isin(_SETTLING)]
        end = settled["x"].iloc[0] if len(settled) else own["x"].max()
        if end > day:
            dashes = "-" if len(settled) else "--"
            ax.plot(
                [day, end], [place, place], color=theme.MUTED, linestyle=dashes, gid="chart-span"
            )
    ax.plot(due, np.arange(len(due)), gid="chart-due", clip_on=False, **_DUE.line)
    for name, mark in _DECISIONS.items():
        drawn = sent[sent["decision"].eq(name)]
        gid = f"chart-{name.replace('_', '-')}"
        ax.plot(drawn["x"], drawn["place"], gid=gid, clip_on=False, **mark.line)


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
        "none": _NONE_AGREED.labelled(wording),
        "up": _ALL_UP.labelled(wording),
    } | {name: Mark(text, patch=dark | {"facecolor": fills[name]}) for name, text in lost.items()}


def _losses() -> list[str]:
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    losses = LinearSegmentedColormap.from_list("losses", [theme.PAPER, theme.BAD.colour])
    return [to_hex(losses(depth)) for depth in (0.25, 0.6, 1.0)]


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
