"""Decisions: in writing or not, held by a meeting or an exchange, applied when (H4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import calendar_days, dates_of
from reviewlib.calendars.day_counts import NONE, DayCount, end_of
from reviewlib.calendars.punctuality import judged

TEXTS = ["decision_id", "title", "side", "decided_by", "body", "meeting_id", "evidence"]
DECISIONS = [
    *TEXTS, "decided_on", "due_on", "applied_on", "written", "held", "written_on", "write_by",
    "writing", "pending", "state", "late", "days",
]  # fmt: skip
APART = "apart"
"""Of the application of a decision that no document proves: nor does one prove its date."""


def decisions(
    table: pd.DataFrame,
    meetings: pd.DataFrame | None,
    within: DayCount | None,
    today: pd.Timestamp,
    holidays: np.ndarray = NONE,
) -> pd.DataFrame:
    """Return the decisions, oldest first, with their written record and their application.

    ``meetings``: with what is dated after today too; ``within``: the delay in which a decision is
    put in writing. Columns DECISIONS. written: a document proves it; held: a meeting or an exchange
    holds it; written_on: the day of the minutes of its meeting, NaT where that is not known by
    today; writing: its state against write_by, as ``judged`` returns it, NA where neither is known,
    nor whether its document is the minutes; pending: these minutes were sent after today, and its
    document may be they; state, late: of the application against due_on, NA without a date, or
    where the table does not say what was applied, and ``APART`` where the table names documents but
    none for the decision; days: calendar days from the decision to the application.
    """
    rows = table.reindex(columns=TEXTS)
    for name in ("decided_on", "due_on", "applied_on"):
        rows[name] = dates_of(table, name)
    rows["written"] = rows["evidence"].notna()
    rows["held"] = rows["body"].notna() | rows["meeting_id"].notna()
    sent = _minutes(rows["meeting_id"], meetings)
    rows["pending"] = sent > today
    rows["written_on"] = sent.mask(rows["pending"])
    rows["write_by"] = pd.Series(pd.NaT, rows.index, dtype="datetime64[s]")
    if within is not None:
        rows["write_by"] = end_of(within, rows["decided_on"], holidays)
    is_dated = rows["meeting_id"].notna() & rows["write_by"].notna()
    is_dated &= meetings is not None and "minutes_on" in meetings
    is_dated &= rows["written_on"].notna() | rows["pending"] | ~rows["written"]
    rows["writing"] = judged(rows["write_by"], rows["written_on"], today)[0].where(is_dated)
    state, late = judged(rows["due_on"], rows["applied_on"], today)
    dated = rows["due_on"].notna() & ("applied_on" in table)
    apart = ~rows["written"] & ("evidence" in table)
    rows["state"] = state.mask(apart, APART).where(dated)
    rows["late"] = late.where((late > 0) & dated)
    rows["days"] = calendar_days(rows["applied_on"] - rows["decided_on"])
    return rows.sort_values("decided_on", kind="stable", ignore_index=True)[DECISIONS]


def _minutes(ids: pd.Series, meetings: pd.DataFrame | None) -> pd.Series:
    """Return the day on which the minutes of some meetings were sent."""
    if meetings is None:
        return pd.Series(pd.NaT, ids.index, dtype="datetime64[s]")
    sent = meetings.assign(minutes_on=dates_of(meetings, "minutes_on"))
    by_id = sent.drop_duplicates("meeting_id").set_index("meeting_id")["minutes_on"]
    return ids.map(by_id).astype("datetime64[s]")


def proven_changes(changes: pd.DataFrame | None) -> tuple[int, int] | None:
    """Return how many approved changes name a written evidence, and of how many.

    None where no table or column says so.
    """
    if changes is None or not {"decision", "evidence"} <= {*changes}:
        return None
    approved = changes["decision"] == "approved"
    return int((approved & changes["evidence"].notna()).sum()), int(approved.sum())
