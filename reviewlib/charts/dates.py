"""What happened on which day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reviewlib.charts.canvas import iso_months
from reviewlib.charts.common import Labels, refuse_unknown
from reviewlib.charts.rows import ChartRow, KeyMark, MarkTone, RowChart, RowMark, key_of_tones
from reviewlib.charts.ticks import MonthScale
from reviewlib.charts.words import signed, visible
from reviewlib.report.text import N_

if TYPE_CHECKING:
    from reviewlib.pages.wording import Wording


def plan_against_actual(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """What was planned against what happened, item by item, on a date axis.

    Columns: label, planned, rebaselined, actual, forecast (dates, NaT where there is none). A line
    runs from the plan to what happened, a dashed one to what is only forecast: grey up to the
    re-baselined date, red after the date in force.
    """
    dates = frame[list(_MOMENTS)].apply(pd.to_datetime)
    months = MonthScale.over(dates.stack())
    rows = tuple(
        _against_plan(visible(label), moments, place, wording)
        for label, moments, place in zip(
            frame["label"],
            dates.itertuples(index=False),
            months.at(dates).itertuples(index=False),
            strict=True,
        )
    )
    happened = _REACHED if dates["forecast"].isna().all() else _REACHED_OR_FORECAST
    planned = _PLANNED if dates["rebaselined"].isna().all() else _PLANNED_OR_MOVED
    key = (
        KeyMark("tick", MarkTone.INK, wording.gettext(planned)),
        *key_of_tones(_COVERED, rows, wording, _LINES),
        KeyMark("dot", MarkTone.ACCENT, wording.gettext(happened)),
    )
    heading = wording.gettext("Delay")
    axis = months.axis(wording)
    return RowChart("", labels.measure, heading, rows, axis, months.grid, key)


def availability_calendar(frame: pd.DataFrame, labels: Labels, wording: Wording) -> RowChart:
    """Months as cells, a service in each row: the higher, the more of the agreed hours was lost.

    Columns: label, month (ISO, each once for a label), share (of the month's agreed hours during
    which the service was up, NaN where none were agreed), target (NaN where there is none), met
    (missing where nothing is decided). A row ends with the months at their target.
    """
    months = iso_months(frame["month"])
    scale = MonthScale.over(pd.to_datetime(frame["month"]))
    left = frame["month"].map({month: row / len(months) for row, month in enumerate(months)})
    allowed, lost = 1 - frame["target"], 1 - frame["share"]
    state = np.select(
        [frame["met"].isna(), frame["met"].fillna(False).astype(bool), lost > 2 * allowed],
        ["open", "met", "far"],
        "missed",
    )
    cells = frame[["label", "month", "target"]].assign(left=left, state=state)
    width = _CELL / len(months)
    rows = tuple(
        _months_of(visible(str(label)), own, width, wording)
        for label, own in cells.groupby("label", sort=False)
    )
    key = tuple(
        KeyMark(mark.kind, mark.tone, wording.gettext(words), mark.level)
        for name, (mark, words) in _STATES.items()
        if (state == name).any()
    )
    heading = wording.gettext("months at the target")
    return RowChart("", labels.measure, heading, rows, scale.ends(wording), key=key)


def submissions_by_deliverable(
    frame: pd.DataFrame, due: pd.DataFrame, labels: Labels, wording: Wording
) -> RowChart:
    """When each deliverable was submitted, with what decision, against its due date.

    Columns: label, submitted_on, decision (accepted, accepted_with_reservations, refused, awaiting,
    which is what a missing one is). ``due``: label, due_on (NaT where there is none) and days (of
    delay, NaN where it is not judged), in the order of the rows. A line runs from the due date to
    the first accepted submission where that was later, a dashed one to the last where none was
    accepted: red where all of its days are counted as delay, grey where some of them are not.
    """
    sent = _sent(frame)
    dues = due.drop_duplicates("label").set_index("label")
    others = sent["label"][~sent["label"].isin(dues.index)].unique()
    dues = dues.reindex([*dues.index, *others])
    due_on = pd.to_datetime(dues["due_on"])
    months = MonthScale.over(pd.concat([sent["at"], due_on]))
    sent = sent.assign(place=months.at(sent["at"]))
    by_label = dict(list(sent.groupby("label", sort=False)))
    dues = dues.assign(on=due_on, at=months.at(due_on))
    rows = tuple(
        _submitted(visible(str(row.Index)), row, by_label.get(row.Index, sent[:0]), wording)
        for row in dues.itertuples()
    )
    key = _submission_key(set(sent["decision"]), bool(due_on.notna().any()), labels, wording)
    axis = months.axis(wording)
    heading = wording.gettext("Delay")
    return RowChart("", labels.measure, heading, rows, axis, months.grid, key)


# What marks look like. Kind, height or hollow says what colour says.

_MOMENTS = {
    "planned": N_("planned"),
    "rebaselined": N_("re-baselined"),
    "actual": N_("reached"),
    "forecast": N_("announced"),
}
_COVERED = {
    MarkTone.MID: N_("covered by an approved change"),
    MarkTone.BAD: N_("not covered by an approved change"),
}
_LINES = ("line", "dashes")
_PLANNED, _REACHED = N_("planned"), N_("reached")
_PLANNED_OR_MOVED = N_("planned; dashed: re-baselined")
_REACHED_OR_FORECAST = N_("reached; hollow: announced")
_DECISIONS = {
    "refused": (RowMark("cross", 0, tone=MarkTone.INK), N_("refused")),
    "awaiting": (RowMark("gap", 0, tone=MarkTone.MID), N_("awaiting a decision")),
    "accepted_with_reservations": (RowMark("ring", 0), N_("accepted with reservations")),
    "accepted": (RowMark("dot", 0), N_("accepted")),
}
_SETTLING = ("accepted", "accepted_with_reservations")
_EITHER_ACCEPTED = N_("accepted; hollow: with reservations")
_DUE = N_("due date")
_CELL = 0.86  # of the width of a month
_STATES = {
    "met": (RowMark("bar", 0, tone=MarkTone.MID, level=0.4), N_("at the target or above")),
    "missed": (RowMark("bar", 0, tone=MarkTone.WEAK, level=0.7), N_("below the target")),
    "far": (
        RowMark("bar", 0, tone=MarkTone.BAD),
        N_("more than twice the loss allowed"),
    ),
    "open": (RowMark("line", 0, tone=MarkTone.MID), N_("not judged")),
}


# The rows.


def _against_plan(label: str, moments: Any, places: Any, wording: Wording) -> ChartRow:
    """Return an item with its dates; ``places``: where they stand, NaN where there is none."""
    reached = pd.notna(moments.actual)
    end = "actual" if reached else "forecast"
    start = "planned" if pd.notna(moments.planned) else "rebaselined"
    force = "planned" if pd.isna(moments.rebaselined) else "rebaselined"
    late = bool(getattr(moments, end) > getattr(moments, force))
    marks = [*_span(*(getattr(places, name) for name in (start, force, end)), solid=reached)]
    if pd.notna(moments.planned):
        marks.append(RowMark("tick", places.planned, tone=MarkTone.INK))
    if pd.notna(moments.rebaselined):
        marks.append(RowMark("gap", places.rebaselined, tone=MarkTone.INK))
    if pd.notna(getattr(moments, end)):
        tone = MarkTone.BAD if late else MarkTone.ACCENT
        marks.append(RowMark("dot" if reached else "ring", getattr(places, end), tone=tone))
    days = (getattr(moments, end) - getattr(moments, start)) / pd.Timedelta(days=1)
    dated = {
        name: f"{wording.gettext(words)} {wording.date(getattr(moments, name))}"
        for name, words in _MOMENTS.items()
        if pd.notna(getattr(moments, name))
    }
    note = wording.date(moments.actual) if reached else dated.get("forecast", "")
    words = ", ".join(dated.values())
    value = signed(days, wording.days)
    if not reached:
        announced = wording.gettext("{days} announced").format(days=value)
        value = announced if "forecast" in dated else wording.gettext("not reached")
    return ChartRow(label, value, tuple(marks), note, words, bad=late)


def _span(start: float, force: float, end: float, *, solid: bool) -> Iterator[RowMark]:
    """Yield the line from the plan to the end, in two where the date in force lies between."""
    kind = "line" if solid else "dashes"
    covered = min(max(start, force), end)  # NaN: there is no end, or no plan
    if covered != start and covered == covered:
        yield RowMark(kind, start, covered, MarkTone.MID)
    if end > force:
        yield RowMark(kind, force, end, MarkTone.BAD)


def _months_of(label: str, cells: pd.DataFrame, width: float, wording: Wording) -> ChartRow:
    """Return the strip of a service, and how many of its months that are judged met the target."""
    marks = tuple(
        RowMark(mark.kind, left, left + width, mark.tone, mark.level)
        for left, (mark, _) in zip(cells["left"], cells["state"].map(_STATES), strict=True)
    )
    counts = cells["state"].value_counts()
    met, judged = int(counts.get("met", 0)), len(cells) - int(counts.get("open", 0))
    below = cells["month"][cells["state"].isin(["missed", "far"])]
    names = ", ".join(wording.month(month) for month in below)
    words = wording.gettext("below the target: {months}").format(months=names) if names else ""
    targets = cells["target"].dropna().unique()
    note = wording.threshold(targets[0]) if len(targets) == 1 else ""
    value = wording.gettext("{k} of {n}").format(k=wording.number(met), n=wording.number(judged))
    return ChartRow(label, value, marks, note, words, bad=met < judged)


def _sent(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the submissions that have a day, in order, each with a decision that is known."""
    decision = frame["decision"].fillna("awaiting")
    refuse_unknown("decision", decision, _DECISIONS)
    at = pd.to_datetime(frame["submitted_on"])
    sent = pd.DataFrame({"label": frame["label"], "at": at, "decision": decision})
    return sent[at.notna()].sort_values("at", kind="stable")


def _submitted(label: str, due: Any, sent: pd.DataFrame, wording: Wording) -> ChartRow:
    """Return a deliverable with its submissions, in their order."""
    settled = sent[sent["decision"].isin(_SETTLING)].head(1)
    end = settled if len(settled) else sent.tail(1)
    place, late = end["place"].max(), bool(due.days > 0)
    after = (end["at"].max() - due.on) / pd.Timedelta(days=1)
    left_out = after - due.days if due.days >= 0 else 0
    marks = []
    if place > due.at:
        tone = MarkTone.BAD if late and not left_out > 0 else MarkTone.MID
        marks.append(RowMark("line" if len(settled) else "dashes", due.at, place, tone))
    dated = []
    if due.at == due.at:
        marks.append(RowMark("tick", due.at, tone=MarkTone.INK))
        dated.append(f"{wording.gettext(_DUE)} {wording.date(due.on)}")
    for row in sent.itertuples():
        mark, decision = _DECISIONS[row.decision]
        marks.append(RowMark(mark.kind, row.place, tone=mark.tone))
        dated.append(f"{wording.gettext(decision)} {wording.date(row.at)}")
    note = wording.ngettext("{n} submission", "{n} submissions", len(sent))
    if left_out > 0:
        days = wording.days(left_out)
        note = wording.gettext("{submissions}, {days} left out").format(submissions=note, days=days)
    words, value = ", ".join(dated), signed(due.days, wording.days)
    return ChartRow(label, value, tuple(marks), note, words, bad=late)


def _submission_key(
    decisions: set[str], due: bool, labels: Labels, wording: Wording
) -> tuple[KeyMark, ...]:
    """Return the key: both ways to be accepted as one, where both are drawn."""
    key = {name: words for name, (_, words) in reversed(_DECISIONS.items()) if name in decisions}
    if decisions.issuperset(_SETTLING):
        key["accepted"] = _EITHER_ACCEPTED
        del key["accepted_with_reservations"]
    reference = visible(labels.reference) or wording.gettext(_DUE)
    first = [KeyMark("tick", MarkTone.INK, reference)] if due else []
    marks = [
        KeyMark(_DECISIONS[name][0].kind, _DECISIONS[name][0].tone, wording.gettext(words))
        for name, words in key.items()
    ]
    return (*first, *marks)
