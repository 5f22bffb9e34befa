"""Lessons and actions: what was learned, and whether what was decided is done (M1, M2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

OBSERVED, UNTESTED = "observed", "untested"
OPEN, DONE, DROPPED = "open", "done", "dropped"
UNDONE = (OPEN, "in_progress")
DATE = "datetime64[s]"


def actions(table: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Return the actions decided by a day as they stood then, the longest overdue first.

    Columns: action_id, title, owner, side, lesson_id, created_on, due_on, done_on, status (one
    done later is open), undone, age_days (since the decision), overdue_days (since the due date,
    which itself is not late; NaN where not overdue) and late_days (done after the due date, NaN
    otherwise). Ages and delays are calendar days, of undone actions only.
    """
    created, done = _dates(table, "created_on"), _dates(table, "done_on")
    rows = table.reindex(columns=["action_id", "title", "owner", "side", "lesson_id"])
    rows["created_on"], rows["due_on"] = created, _dates(table, "due_on")
    rows["done_on"] = done.mask(done > today)
    rows["status"] = table["status"].mask((table["status"] == DONE) & (done > today), OPEN)
    rows["undone"] = rows["status"].isin(UNDONE)
    rows["age_days"] = _days(today - created).where(rows["undone"])
    overdue = _days(today - rows["due_on"])
    rows["overdue_days"] = overdue.where(rows["undone"] & (overdue > 0))
    late = _days(rows["done_on"] - rows["due_on"])
    rows["late_days"] = late.where((rows["status"] == DONE) & (late > 0))
    known = rows[~(created > today)]
    by_delay = known.sort_values("overdue_days", ascending=False, kind="stable")
    return by_delay.sort_values("undone", ascending=False, kind="stable", ignore_index=True)


def lessons(table: pd.DataFrame, decided: pd.DataFrame | None, today: pd.Timestamp) -> pd.DataFrame:
    """Return the lessons written down by a day, each with how far it got.

    ``decided``: what ``actions`` returns. Columns: those of the table, wanted and done (its
    actions that were not dropped, and those done) and state: observed, until all of its actions
    are done; then untested. Whether it is learned, only the recurrence of its event can tell.
    """
    names = ["lesson_id", "event", "effect", "cause", "early_warning", "recommendation", "kind"]
    rows = table.reindex(columns=[*names, "finding"])
    logged = _dates(table, "logged_on")
    rows["logged_on"] = logged
    wanted, done = _counts(decided, rows["lesson_id"])
    rows["wanted"], rows["done"] = wanted, done
    rows["state"] = np.where((wanted > 0) & (done == wanted), UNTESTED, OBSERVED)
    return rows[~(logged > today)].reset_index(drop=True)


def _counts(decided: pd.DataFrame | None, ids: pd.Series) -> tuple[pd.Series, pd.Series]:
    if decided is None:
        none = pd.Series(0, index=ids.index)
        return none, none
    wanted = decided[decided["status"] != DROPPED]
    done = wanted[wanted["status"] == DONE]
    return tuple(
        ids.map(part["lesson_id"].value_counts()).fillna(0).astype("int64")
        for part in (wanted, done)
    )


def _days(spans: pd.Series) -> pd.Series:
    return spans.dt.days.astype("float64")


def _dates(table: pd.DataFrame, name: str) -> pd.Series:
    return table.get(name, pd.Series(pd.NaT, index=table.index, dtype=DATE))
