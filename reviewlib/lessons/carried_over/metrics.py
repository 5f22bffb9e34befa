"""Actions and decisions of before a period, and where each stands at its end (M2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import calendar_days, dates_of

ACTION, DECISION = "action", "decision"
DONE, OVERDUE, OPEN = "done", "overdue", "open"
CARRIED_OVER = [
    "number", "kind", "title", "side", "decided_on", "due_on", "done_on", "state", "age_days",
    "overdue_days",
]  # fmt: skip
ACTIONS = {"action_id": "number", "created_on": "decided_on"}
DECISIONS = {"decision_id": "number", "applied_on": "done_on"}


def carried_over(
    actions: pd.DataFrame | None,
    decisions: pd.DataFrame | None,
    first: pd.Timestamp,
    today: pd.Timestamp,
) -> pd.DataFrame:
    """Return what was decided before a period and not done when it began, as of ``today``.

    Columns: CARRIED_OVER. kind: action or decision; state: done, overdue or open; age_days: since
    the decision, to the day on which it was done or to ``today``; overdue_days: since the due date,
    of what is not done. In calendar days, NaN where a date is not known. What was dropped is left
    out. The longest overdue first, then what is open, then what was done, by age.
    """
    parts = [
        _before(table, names, kind, first, today)
        for table, names, kind in ((actions, ACTIONS, ACTION), (decisions, DECISIONS, DECISION))
        if table is not None
    ]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=CARRIED_OVER)
    rank = rows["state"].map({OVERDUE: 0, OPEN: 1, DONE: 2})
    order = pd.DataFrame({"rank": rank, "days": -rows["overdue_days"], "age": -rows["age_days"]})
    return rows.loc[order.sort_values([*order], kind="stable").index].reset_index(drop=True)


def _before(
    table: pd.DataFrame, names: dict[str, str], kind: str, first: pd.Timestamp, today: pd.Timestamp
) -> pd.DataFrame:
    rows = table.rename(columns=names).assign(kind=kind)
    status = rows.get("status", pd.Series(None, rows.index, dtype="str"))
    rows = rows.reindex(columns=CARRIED_OVER)
    for name in ("decided_on", "due_on", "done_on"):
        rows[name] = dates_of(rows, name)
    rows["done_on"] = rows["done_on"].mask(rows["done_on"] > today)
    done = rows["done_on"].notna() | (status == DONE)
    rows["age_days"] = calendar_days(rows["done_on"].fillna(today) - rows["decided_on"])
    overdue = calendar_days(today - rows["due_on"])
    rows["overdue_days"] = overdue.where(~done & (overdue > 0))
    late = rows["overdue_days"].notna()
    rows["state"] = np.select([done, late], [DONE, OVERDUE], OPEN)
    carried = ~(rows["decided_on"] >= first) & ~(rows["done_on"] < first) & (status != "dropped")
    undated_done = done & rows["done_on"].isna()
    return rows[carried & ~undated_done]
