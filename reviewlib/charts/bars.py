"""Bars from one zero: amounts by party and state, days from the contract to the day reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewlib.charts.common import Labels
from reviewlib.charts.rows import ChartRow, KeyMark, MarkTone, RowChart, RowMark, Scale
from reviewlib.charts.words import visible
from reviewlib.report.text import N_

if TYPE_CHECKING:
    import pandas as pd

    from reviewlib.pages.wording import Wording

_STATES = {
    "settled": (MarkTone.MID, N_("paid, or waived")),
    "decided": (MarkTone.ACCENT, N_("decided, not paid")),
    "open": (MarkTone.BAD, N_("not decided, or due")),
}
_LEFT_OPEN = N_("uncertain part")
_COVERED = N_("covered by an approved change")
_NOT_COVERED = N_("not covered")
_EARLY = N_("early")


def amounts_by_state(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """What each party owes, by the state that it is in: one scale for both, from one zero.

    Columns: party, label (the state), low, high (the range that is left open; equal where none is),
    kind ("settled", "decided" or "open"). Rows of a party stand together.
    """
    scale = Scale.around([*frame["low"], *frame["high"]])
    rows: list[ChartRow] = []
    for row in frame.itertuples():
        party = visible(row.party)
        if party not in (one.label for one in rows if one.style == "group"):
            rows.append(ChartRow(party, style="group"))
        rows.append(_amount(row, scale, wording))
    tones = [kind for kind in _STATES if (frame["kind"] == kind).any()]
    key = [KeyMark("bar", _STATES[kind][0], wording.gettext(_STATES[kind][1])) for kind in tones]
    if (frame["low"] < frame["high"]).any():
        key.append(KeyMark("bar", MarkTone.OPEN, wording.gettext(_LEFT_OPEN)))
    return RowChart("", labels.measure, "", tuple(rows), key=tuple(key))


def _amount(row: Any, scale: Scale, wording: Wording) -> ChartRow:
    marks = [RowMark("bar", scale.at(0), scale.at(row.low), _STATES[row.kind][0])]
    value = wording.money(row.low)
    if row.low < row.high:
        marks.append(RowMark("bar", scale.at(row.low), scale.at(row.high), MarkTone.OPEN))
        both = {"low": wording.money(row.low), "high": wording.money(row.high)}
        value = wording.gettext("{low} to {high}").format(**both)
    return ChartRow(visible(row.label), value, tuple(marks), bad=row.kind == "open")


def days_from_contract(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """How many days after the contract's date each thing came, and what of them is covered.

    Columns: label, covered, days (all of them, negative where it came early; covered ones are
    within them), note.
    """
    ends = frame["days"].to_numpy(dtype=float)
    covered = frame["covered"].to_numpy(dtype=float)
    scale = Scale.around([*ends, *covered])
    rows = tuple(
        ChartRow(
            visible(label),
            f"+{wording.number(end)}" if end > 0 else wording.number(end),
            tuple(_days(end, of_it, scale)),
            visible(note),
            bad=end > of_it,
        )
        for label, end, of_it, note in zip(
            frame["label"], ends, covered, frame["note"], strict=True
        )
    )
    every = [mark for row in rows for mark in row.marks]
    words = {
        MarkTone.MID: _COVERED, MarkTone.BAD: _NOT_COVERED, MarkTone.GOOD: _EARLY,
    }  # fmt: skip
    key = [
        KeyMark("bar", tone, wording.gettext(text))
        for tone, text in words.items()
        if any(mark.tone == tone for mark in every)
    ]
    return RowChart("", labels.measure, "", rows, grid=(scale.at(0),), key=tuple(key))


def _days(end: float, covered: float, scale: Scale) -> list[RowMark]:
    """Return the bars of days covered and not covered; that of days gained."""
    zero = scale.at(0)
    if end <= 0:
        return [RowMark("bar", zero, scale.at(end), MarkTone.GOOD)] if end else []
    marks = []
    if covered > 0:
        marks.append(RowMark("bar", zero, scale.at(min(covered, end)), MarkTone.MID))
    if end > covered:
        marks.append(RowMark("bar", scale.at(max(covered, 0)), scale.at(end), MarkTone.BAD))
    return marks
