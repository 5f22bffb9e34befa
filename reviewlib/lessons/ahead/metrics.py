"""What falls due between two days and is not done: milestones, duties, payments, objectives…"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from reviewlib.calendars.dates import dates_of

AHEAD = ["kind", "number", "title", "due_on", "side"]


class Planned(NamedTuple):
    """How the rows of a table fall due: by which column, until which is filled, on whose side.

    ``side``: of all of them; "" where the column ``side`` says.
    """

    number: str
    due_on: str
    done_on: str
    side: str = ""


PLANNED: Mapping[str, Planned] = {
    "milestones": Planned("milestone_id", "in_force", "actual_date", "provider"),
    "deliverables": Planned("deliverable_id", "due_on", "submitted_on", "provider"),
    "submissions": Planned("deliverable_id", "decide_by", "settled_on", "client"),
    "work_orders": Planned("order_id", "due_on", "delivered_on", "provider"),
    "client_duties": Planned("duty_id", "due_on", "done_on", "client"),
    "payments": Planned("payment_id", "due_on", "paid_on", "client"),
    "actions": Planned("action_id", "due_on", "done_on"),
    "decisions": Planned("decision_id", "due_on", "applied_on"),
    "objectives": Planned("objective_id", "due", "met_on", "both"),
    "notices": Planned("clause", "act_by", "acted_on", "both"),
    "key_dates": Planned("clause", "on", "acted_on", "both"),
}


def ahead(
    tables: Mapping[str, pd.DataFrame], after: pd.Timestamp, by: pd.Timestamp
) -> pd.DataFrame:
    """Return what falls due after a day and by another, and is not done, by its date.

    ``tables``: by the names of ``PLANNED``, as they are known; milestones with in_force, the date
    that approved re-baselines move; deliverables with submitted_on; of submissions, those that
    await the client’s decision; objectives, those of the contract, which are judged on their day
    whatever was measured before; its key dates, and the last days to act before them (notices).
    Columns: AHEAD, kind being the name of the table.
    """
    parts = [_due(tables[name], name, after, by) for name in PLANNED if name in tables]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=AHEAD)
    return rows.sort_values("due_on", kind="stable", ignore_index=True)


def _due(table: pd.DataFrame, name: str, after: pd.Timestamp, by: pd.Timestamp) -> pd.DataFrame:
    plan = PLANNED[name]
    due = dates_of(table, plan.due_on)
    own = (due > after) & (due <= by) & dates_of(table, plan.done_on).isna()
    if "status" in table:
        own &= ~table["status"].isin(["done", "dropped"])
    rows = table[own].rename(columns={plan.number: "number"})
    rows = rows.assign(kind=name, due_on=due[own])
    if plan.side:
        rows = rows.assign(side=plan.side)
    return rows.reindex(columns=AHEAD)
