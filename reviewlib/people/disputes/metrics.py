"""Disputes against the ladder that the contract sets: steps skipped, overrun, still open (H3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import calendar_days, dates_of
from reviewlib.calendars.day_counts import NONE, end_of
from reviewlib.contract.governance import DisputeLadder

ENDED, OVERRUN, RUNNING, OVERDUE = "ended", "overrun", "running", "overdue"
TOO_LONG = (OVERRUN, OVERDUE)
CLOSED, OPEN = "closed", "open"
CLOSING = ("settled", "decided", "withdrawn")
STATED = ["dispute_id", "step", "title", "clause", "raised_by", "amount"]
TEXTS = ["started_on", "ended_on", "outcome", "settlement", "evidence"]
STEPS = [*STATED, *TEXTS, "place", "due_on", "days", "state"]
DATES = ("opened_on", "closed_on", "due_on")
DISPUTES = [
    "dispute_id", "title", "clause", "raised_by", "amount", "opened_on", "closed_on", "days",
    "state", "outcome", "settlement", "last_step", "reached", "due_on", "skipped", "too_long",
    "followed",
]  # fmt: skip


def steps(
    table: pd.DataFrame,
    ladder: DisputeLadder | None,
    today: pd.Timestamp,
    holidays: np.ndarray = NONE,
) -> pd.DataFrame:
    """Return the steps that were taken, by dispute and day, each against its delay.

    Columns STEPS. place: that of the step in the ladder, NaN where it has no such step; due_on:
    the last day of its delay, NaT without one; days: calendar days up to its end, or to today;
    state: ended, overrun (ended after that day), running, overdue (running after that day).
    """
    rows = table.reindex(columns=[*STATED, *TEXTS])
    for name in ("started_on", "ended_on"):
        rows[name] = dates_of(table, name)
    rows["due_on"] = pd.Series(pd.NaT, rows.index, dtype="datetime64[s]")
    agreed = ladder.steps if ladder else ()
    rows["place"] = rows["step"].map({step.step: n for n, step in enumerate(agreed)})
    for step in agreed:
        if step.within is not None:
            own = rows["step"] == step.step
            rows.loc[own, "due_on"] = end_of(step.within, rows.loc[own, "started_on"], holidays)
    end = rows["ended_on"].fillna(today)
    rows["days"] = calendar_days(end - rows["started_on"])
    past, ended = end > rows["due_on"], rows["ended_on"].notna()
    rows["state"] = np.select([ended & past, ended, past], [OVERRUN, ENDED, OVERDUE], RUNNING)
    order = ["dispute_id", "started_on", "place"]
    return rows.sort_values(order, kind="stable", ignore_index=True)[STEPS]


def disputes(
    taken: pd.DataFrame, ladder: DisputeLadder | None, today: pd.Timestamp
) -> pd.DataFrame:
    """Return the disputes, the oldest first. ``taken``: as ``steps`` returns them.

    Columns DISPUTES. closed_on: the end of a step that settled it, decided it or that the dispute
    was withdrawn in; days: up to then, or to today; reached: the furthest step of the ladder;
    skipped: the steps of the ladder before it that were not taken; too_long: those that overran
    their delay; followed: True where it has neither, False where it has, NA while an open one has
    neither, or without a ladder; due_on: the last day of the step that runs.
    """
    agreed = [step.step for step in ladder.steps] if ladder else []
    rows = []
    for name, own in taken.groupby("dispute_id", sort=False):
        first, last = own.iloc[0], own.iloc[-1]
        closing = own[own["outcome"].isin(CLOSING)]
        closed_on = closing["ended_on"].max() if len(closing) else pd.NaT
        reached = own["place"].max()
        before = agreed[: int(reached)] if pd.notna(reached) else []
        skipped = tuple(step for step in before if step not in {*own["step"]})
        too_long = tuple(own.loc[own["state"].isin(TOO_LONG), "step"])
        is_open = pd.isna(closed_on)
        followed = False if skipped or too_long else None if is_open or not agreed else True
        runs = is_open and pd.isna(last["ended_on"])
        stated = {key: _first(own[key]) for key in ("title", "clause", "raised_by", "amount")}
        rows.append(
            {"dispute_id": name} | stated | {
                "opened_on": first["started_on"],
                "closed_on": closed_on,
                "days": ((today if is_open else closed_on) - first["started_on"]).days,
                "state": OPEN if is_open else CLOSED,
                "outcome": None if is_open else closing["outcome"].iat[-1],
                "settlement": None if is_open else _first(closing["settlement"]),
                "last_step": last["step"],
                "reached": agreed[int(reached)] if pd.notna(reached) else None,
                "due_on": last["due_on"] if runs else pd.NaT,
                "skipped": skipped,
                "too_long": too_long,
                "followed": followed,
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=DISPUTES, dtype="object")  # texts keep their languages
    kinds = {"followed": "boolean", "days": "int64"} | dict.fromkeys(DATES, "datetime64[s]")
    frame = frame.astype(kinds)
    return frame.sort_values("opened_on", kind="stable", ignore_index=True)


def _first(values: pd.Series) -> object:
    """Return the first value that is stated; None where none is."""
    stated = values.dropna()
    return stated.iat[0] if len(stated) else None
