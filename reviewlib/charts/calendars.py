"""What happened when: a row for each body or kind of event, the months across."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from reviewlib.charts.common import Labels, refuse_unknown
from reviewlib.charts.rows import ChartRow, KeyMark, MarkTone, RowChart, RowMark
from reviewlib.charts.ticks import MonthScale
from reviewlib.charts.words import visible
from reviewlib.report.text import N_

if TYPE_CHECKING:
    from reviewlib.pages.wording import Wording


def events_by_row(
    frame: pd.DataFrame,
    labels: Labels,
    wording: Wording,
    first: pd.Timestamp | None = None,
    last: pd.Timestamp | None = None,
) -> RowChart:
    """Meetings held, held late, cancelled or not recorded, and what lasted, along the months.

    Columns: row, label, value (a text, "" where there is none), mark (a key of ``_MARKS``), start,
    end (dates; the end of a span, NaT otherwise). ``first`` and ``last``: the days between which
    the months run, by default those of the marks.
    """
    refuse_unknown("mark", frame["mark"], _MARKS)
    dates = frame[["start", "end"]].apply(pd.to_datetime)
    days = pd.Series([first, last], dtype="datetime64[s]")
    months = MonthScale.over(pd.concat([dates.stack(), days]).dropna())
    order = frame["mark"].map({name: place for place, name in enumerate(_MARKS)})
    at = months.at(dates).rename(columns={"start": "at", "end": "to"})
    placed = pd.concat([frame, at], axis="columns").assign(order=order, start=dates["start"])
    rows = tuple(_row(own, wording) for _, own in placed.groupby("row", sort=False))
    key = tuple(
        KeyMark(mark.kind, mark.tone, wording.gettext(words))
        for name, (mark, words) in _MARKS.items()
        if name in _IN_KEY and (frame["mark"] == name).any()
    )
    axis = months.axis(wording)
    return RowChart("", labels.measure, "", rows, axis, months.grid, key, height=_HEIGHT)


_HEIGHT = 20
_LEAST = 0.01  # of the width, of what lasted
_MARKS = {
    "held": (RowMark("point", 0, base=0.5), N_("meeting held")),
    "not_due": (RowMark("gap", 0, tone=MarkTone.MID), N_("meeting not due yet")),
    "held_late": (RowMark("ring", 0), N_("held later than planned")),
    "cancelled": (RowMark("cross", 0, tone=MarkTone.BAD), N_("meeting cancelled")),
    "missing": (RowMark("signal", 0, tone=MarkTone.BAD, base=0.5), N_("nothing recorded")),
    "span": (RowMark("band", 0, tone=MarkTone.MID), N_("lasted")),
    "open": (RowMark("dashes", 0, tone=MarkTone.INK), N_("no end date")),
    "change": (RowMark("tick", 0, tone=MarkTone.INK), N_("change")),
}
"""What marks look like, the last on top: what did not happen has a shape of its own."""
_IN_KEY = ("held", "not_due", "held_late", "cancelled", "missing", "open")
_FROM_TO = N_("{first} – {last}")
_SINCE = N_("since {first}")


def _row(own: pd.DataFrame, wording: Wording) -> ChartRow:
    first = own.iloc[0]
    drawn = own.sort_values("order", kind="stable")
    marks = tuple(_mark(one) for one in drawn.itertuples())
    words = ", ".join(_words(own, wording))
    return ChartRow(visible(str(first["label"])), visible(str(first["value"])), marks, "", words)


def _mark(one: Any) -> RowMark:
    form = _MARKS[one.mark][0]
    end = max(one.to, one.at + _LEAST) if one.to == one.to else 0
    return RowMark(form.kind, one.at, end, form.tone, form.level, form.base)


def _words(own: pd.DataFrame, wording: Wording) -> Iterator[str]:
    """Yield what the marks say that are no meeting held on its day."""
    for one in own[own["mark"] != "held"].itertuples():
        first, last = wording.date(one.start), wording.date(one.end)
        if one.mark == "span":
            yield wording.gettext(_FROM_TO).format(first=first, last=last)
        elif one.mark == "open":
            yield wording.gettext(_SINCE).format(first=first)
        else:
            yield f"{wording.gettext(_MARKS[one.mark][1])} {first}"
