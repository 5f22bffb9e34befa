"""Bars from one zero: amounts by party and state, days from the contract to the day reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reviewlib.charts.common import Labels
from reviewlib.charts.rows import (
    ChartRow,
    MarkTone,
    RowChart,
    RowMark,
    Scale,
    key_of_tones,
    under_headings,
)
from reviewlib.charts.words import visible
from reviewlib.report.text import N_

if TYPE_CHECKING:
    import pandas as pd

    from reviewlib.pages.wording import Wording

_KINDS = {"settled": MarkTone.MID, "decided": MarkTone.ACCENT, "open": MarkTone.BAD}
_STATES = {
    MarkTone.MID: N_("paid, or waived"),
    MarkTone.ACCENT: N_("decided, not paid"),
    MarkTone.BAD: N_("not decided, or due"),
    MarkTone.OPEN: N_("uncertain part"),
}
_DAYS = {
    MarkTone.MID: N_("covered by an approved change"),
    MarkTone.BAD: N_("not covered"),
    MarkTone.GOOD: N_("early"),
}


def amounts_by_state(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """What each party owes, by the state that it is in: one scale for both, from one zero.

    Columns: party, label (the state), low, high (the range that is left open; equal where none is),
    kind ("settled", "decided" or "open"). Rows of a party stand together.
    """
    scale = Scale.around([*frame["low"], *frame["high"]])
    amounts = [_amount(row, scale, wording) for row in frame.itertuples()]
    rows = under_headings(amounts, map(visible, frame["party"]), [""] * len(amounts))
    return RowChart("", labels.measure, "", rows, key=key_of_tones(_STATES, rows, wording))


def _amount(row: Any, scale: Scale, wording: Wording) -> ChartRow:
    marks = [RowMark("bar", scale.at(0), scale.at(row.low), _KINDS[row.kind])]
    value = wording.money(row.low)
    if row.low < row.high:
        marks.append(RowMark("bar", scale.at(row.low), scale.at(row.high), MarkTone.OPEN))
        both = {"low": wording.money(row.low), "high": wording.money(row.high)}
        unbroken = wording.gettext("{low} to {high}").replace(" ", "\u00a0", 1)
        value = unbroken.format(**both)
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
    key = key_of_tones(_DAYS, rows, wording)
    return RowChart("", labels.measure, "", rows, grid=(scale.at(0),), key=key)


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
