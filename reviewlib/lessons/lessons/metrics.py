"""Lessons and actions: what was learned, and whether what was decided is done (M1, M2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import calendar_days, dates_of

OBSERVED, UNTESTED = "observed", "untested"
OPEN, DONE, DROPPED = "open", "done", "dropped"
UNDONE = (OPEN, "in_progress")
ACTIONS = [
    "action_id", "title", "owner", "side", "lesson_id", "created_on", "due_on", "done_on", "status",
    "undone", "age_days", "overdue_days", "late_days",
]  # fmt: skip
LESSONS = [
    "lesson_id", "event", "effect", "cause", "early_warning", "recommendation", "kind", "finding",
    "logged_on", "wanted", "done", "state",
]  # fmt: skip


def actions(table: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Return the actions decided by a day as they stood then, the longest overdue first.

    Columns: ACTIONS. status: one done later is open; age_days: since the decision; overdue_days:
    since the due date, which itself is not late; late_days: from the due date to the day on which
    it was done. All in calendar days; age_days and overdue_days of undone actions, late_days of
    those done late, NaN otherwise.
    """
    rows = table.reindex(columns=ACTIONS)
    for name in ("created_on", "due_on", "done_on"):
        rows[name] = dates_of(table, name)
    later = rows["done_on"] > today
    rows["done_on"] = rows["done_on"].mask(later)
    rows["status"] = rows["status"].mask((rows["status"] == DONE) & later, OPEN)
    rows["undone"] = rows["status"].isin(UNDONE)
    rows["age_days"] = calendar_days(today - rows["created_on"]).where(rows["undone"])
    overdue = calendar_days(today - rows["due_on"])
    rows["overdue_days"] = overdue.where(rows["undone"] & (overdue > 0))
    late = calendar_days(rows["done_on"] - rows["due_on"])
    rows["late_days"] = late.where((rows["status"] == DONE) & (late > 0))
    decided = rows[~(rows["created_on"] > today)]
    by_delay = decided.sort_values("overdue_days", ascending=False, kind="stable")
    return by_delay.sort_values("undone", ascending=False, kind="stable", ignore_index=True)


def lessons(table: pd.DataFrame, decided: pd.DataFrame | None, today: pd.Timestamp) -> pd.DataFrame:
    """Return the lessons written down by a day, each with how far it got.

    ``decided``: what ``actions`` returns. Columns: LESSONS. wanted and done: how many of its
    actions were not dropped, and are done; state: observed, until all of its actions are done, then
    untested. Whether it is learned, only the recurrence of its event can tell.
    """
    rows = table.reindex(columns=LESSONS).assign(logged_on=dates_of(table, "logged_on"))
    statuses = pd.DataFrame(columns=["lesson_id", "status"]) if decided is None else decided
    for name, of in (
        ("wanted", statuses["status"] != DROPPED),
        ("done", statuses["status"] == DONE),
    ):
        counts = statuses.loc[of, "lesson_id"].value_counts()
        rows[name] = rows["lesson_id"].map(counts).fillna(0).astype("int64")
    all_done = (rows["wanted"] > 0) & (rows["done"] == rows["wanted"])
    rows["state"] = np.where(all_done, UNTESTED, OBSERVED)
    return rows[~(rows["logged_on"] > today)].reset_index(drop=True)
