"""Disputes against the ladder that the contract sets: steps skipped, overrun, still open (H3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import calendar_days, dates_of
from reviewlib.calendars.day_counts import NONE, end_of
from reviewlib.contract.governance import DisputeLadder

ENDED, OVERRUN, RUNNING, OVERDUE = "ended", "overrun", "running", "overdue"
UNDATED = "undated"
TOO_LONG = (OVERRUN, OVERDUE)
CLOSED, OPEN = "closed", "open"
CLOSING = ("settled", "decided", "withdrawn")
STATED = ["dispute_id", "step", "title", "clause", "raised_by", "amount"]
TEXTS = ["started_on", "ended_on", "outcome", "settlement", "evidence"]
STEPS = [*STATED, *TEXTS, "place", "due_on", "days", "between", "state"]
DISPUTES = [
    "dispute_id", "title", "clause", "raised_by", "amount", "opened_on", "closed_on", "days",
    "state", "outcome", "settlement", "last_step", "reached", "due_on", "skipped", "too_long",
    "followed", "gap", "gap_from", "gap_to",
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
    between: those from the end of the steps before it, where that is recorded, to its beginning;
    state: ended, overrun (ended after that day), undated (it has an outcome and no end: its days
    are not known), running, overdue (running after that day).
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
    undated = ~ended & rows["outcome"].notna()
    rows["days"] = rows["days"].mask(undated)
    rows["state"] = np.select(
        [ended & past, ended, undated, past], [OVERRUN, ENDED, UNDATED, OVERDUE], RUNNING
    )
    order = ["dispute_id", "started_on", "place"]
    rows = rows.sort_values(order, kind="stable", ignore_index=True)
    ends = rows.groupby("dispute_id", sort=False)["ended_on"].cummax()
    before = ends.groupby(rows["dispute_id"], sort=False).shift()
    rows["between"] = calendar_days(rows["started_on"] - before).clip(lower=0)
    return rows[STEPS]


def disputes(
    taken: pd.DataFrame, ladder: DisputeLadder | None, today: pd.Timestamp
) -> pd.DataFrame:
    """Return the disputes, the oldest first. ``taken``: as ``steps`` returns them.

    Columns DISPUTES. state: closed where the step that began or ended last settled it, decided it
    or saw it withdrawn, else open; closed_on: its end, NaT where that is not recorded; days: up to
    then (NA where that is not), or to today; reached: the furthest step of the ladder; skipped: the
    steps of the ladder before it that were not taken; too_long: those that overran their delay;
    followed: True where it has neither, False where it has, NA while an open one, or one with a
    step of unknown end, has neither, or without a ladder; due_on: the last day of the step that
    runs; gap: the most days between two recorded steps, from gap_from to gap_to.
    """
    agreed = tuple(step.step for step in ladder.steps) if ladder else ()
    of = taken.groupby("dispute_id", sort=False)
    frame = of[[*STATED[2:], "started_on"]].first().rename(columns={"started_on": "opened_on"})
    latest = taken["ended_on"].fillna(taken["started_on"]).sort_values(kind="stable").index
    last = taken.loc[latest].drop_duplicates("dispute_id", keep="last").set_index("dispute_id")
    last = last.reindex(frame.index)
    is_closed = last["outcome"].isin(CLOSING)
    is_open, undated = ~is_closed, is_closed & last["ended_on"].isna()
    frame["closed_on"] = last["ended_on"].where(is_closed)
    days = calendar_days(frame["closed_on"].fillna(today) - frame["opened_on"])
    frame["days"] = days.mask(undated).astype("Int64")
    frame["state"] = np.where(is_open, OPEN, CLOSED)
    frame[["outcome", "settlement"]] = last[["outcome", "settlement"]].mask(is_open)
    frame["last_step"] = last["step"]
    frame["reached"] = of["place"].max().map(dict(enumerate(agreed)))
    frame["due_on"] = last["due_on"].where(last["state"].isin([RUNNING, OVERDUE]))
    was_taken, was_too_long = _by_place(taken, agreed)
    skipped = ~was_taken & was_taken[:, ::-1].cumsum(axis=1)[:, ::-1].astype("bool")
    frame["skipped"], frame["too_long"] = _named(skipped, agreed), _named(was_too_long, agreed)
    left = skipped.any(axis=1) | was_too_long.any(axis=1)
    followed = pd.Series(~left, frame.index, dtype="boolean")
    unknown = taken["state"].eq(UNDATED).groupby(taken["dispute_id"]).any().reindex(frame.index)
    frame["followed"] = followed.mask(~left & ((is_open | unknown).to_numpy() | (not agreed)))
    gaps = taken.assign(gap_from=taken["started_on"] - pd.to_timedelta(taken["between"], "D"))
    gaps = gaps[gaps["between"] > 0].sort_values("between", kind="stable")
    gaps = gaps.rename(columns={"between": "gap", "started_on": "gap_to"})
    gaps = gaps.drop_duplicates("dispute_id", keep="last").set_index("dispute_id")
    gaps = gaps.astype({"gap": "Int64"})[["gap", "gap_from", "gap_to"]]
    frame[[*gaps]] = gaps.reindex(frame.index)
    frame = frame.reset_index()[DISPUTES]
    return frame.sort_values("opened_on", kind="stable", ignore_index=True)


def _by_place(taken: pd.DataFrame, agreed: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return which steps of the ladder each dispute took, and which of them lasted too long.

    Disputes in rows, in the order in which they stand; the steps of the ladder in columns.
    """
    row, names = pd.factorize(taken["dispute_id"])
    was_taken = np.zeros((len(names), len(agreed)), dtype="bool")
    was_too_long = was_taken.copy()
    place, late = taken["place"].to_numpy("float64"), taken["state"].isin(TOO_LONG).to_numpy()
    inside = ~np.isnan(place)
    was_taken[row[inside], place[inside].astype("int64")] = True
    was_too_long[row[inside & late], place[inside & late].astype("int64")] = True
    return was_taken, was_too_long


def _named(chosen: np.ndarray, agreed: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the steps chosen in each row, each choice made once."""
    choices, codes = np.unique(chosen, axis=0, return_inverse=True)
    names = [tuple(step for step, own in zip(agreed, one, strict=True) if own) for one in choices]
    return [names[code] for code in codes.ravel()]
