"""Contacts over time, training, subcontractors: announced, held, declared when (H6)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import calendar_days, dates_of
from reviewlib.calendars.day_counts import NONE, DayCount, end_of
from reviewlib.calendars.punctuality import LATE, NOT_DUE, ON_TIME, OVERDUE, judged

CHANGES = ["role", "side", "from_on", "announced_on", "ahead", "state", "handover", "vacant"]
ROLES = ["role", "side", "changes", "last_on"]
TRAININGS = [
    "training_id", "title", "kind", "side", "given_by", "clause", "due_on", "done_on", "state",
    "late", "invited", "attended", "share", "evidence",
]  # fmt: skip
SUBCONTRACTORS = [
    "subcontractor_id", "service", "started_on", "ended_on", "declared_on", "approved_on", "state",
    "late", "evidence",
]  # fmt: skip


def changes(
    table: pd.DataFrame,
    sides: Mapping[str, str],
    before: DayCount | None,
    today: pd.Timestamp,
    holidays: np.ndarray = NONE,
) -> pd.DataFrame:
    """Return each change of the holder of a role, by day; the first holder is none, nor is one
    who goes on.

    ``sides``: of the roles of the contract; ``before``: how long before its effect a change is
    announced. Columns CHANGES. ahead: calendar days from the announcement to the effect, negative
    where it came after, NaN without one; state: on_time, late (announced, too late), overdue (in
    effect and not announced), not_due; NA where the contract sets no delay, or the table has no
    announcements; vacant: calendar days
    on which nobody held the role before.
    """
    rows = table.reindex(columns=["role", "holder", "side", "handover"])
    for name in ("from_on", "to_on", "announced_on"):
        rows[name] = dates_of(table, name)
    of_roles = rows["role"].map(dict(sides)).astype("str")
    rows["side"] = rows["side"].astype("str").fillna(of_roles)
    rows = rows.sort_values(["role", "from_on"], kind="stable")
    before_it = rows.groupby("role")[["to_on", "holder"]].shift()
    last = before_it["to_on"]
    own = rows[rows.duplicated("role") & (rows["holder"] != before_it["holder"])]
    own = own.assign(vacant=(calendar_days(own["from_on"] - last.loc[own.index]) - 1).clip(lower=0))
    own["ahead"] = calendar_days(own["from_on"] - own["announced_on"])
    own["state"] = pd.Series(None, own.index, dtype="str")
    if before is not None and "announced_on" in table:
        in_time = end_of(before, own["announced_on"], holidays) <= own["from_on"]
        begun, untold = own["from_on"] <= today, own["announced_on"].isna()
        states = np.select([in_time, untold & ~begun, untold], [ON_TIME, NOT_DUE, OVERDUE], LATE)
        own["state"] = pd.Series(states, own.index, dtype="str")
    return own.sort_values("from_on", kind="stable", ignore_index=True)[CHANGES]


def roles(changed: pd.DataFrame) -> pd.DataFrame:
    """Count the changes of each role that changed hands, most of them first: columns ROLES."""
    by_role = changed.groupby("role", sort=False)
    rows = by_role.agg(side=("side", "first"), changes=("role", "size"), last_on=("from_on", "max"))
    rows = rows.reset_index().sort_values("changes", ascending=False, kind="stable")
    return rows.reset_index(drop=True)[ROLES]


def trainings(table: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Return the sessions by their date, each against it. Columns TRAININGS.

    state, late: as ``judged`` returns them, NA without a date, or a column of the days; share: of
    the people for whom it was meant, those who attended.
    """
    rows = table.reindex(columns=TRAININGS)
    for name in ("due_on", "done_on"):
        rows[name] = dates_of(table, name)
    state, late = judged(rows["due_on"], rows["done_on"], today)
    dated = rows["due_on"].notna() & ("done_on" in table)
    rows["state"] = state.where(dated)
    rows["late"] = late.where((late > 0) & dated)
    invited = rows["invited"].astype("float64")
    rows["share"] = rows["attended"].astype("float64") / invited.where(invited > 0)
    return rows.sort_values("due_on", kind="stable", ignore_index=True)[TRAININGS]


def subcontractors(table: pd.DataFrame, requires: str, today: pd.Timestamp) -> pd.DataFrame:
    """Return the subcontractors by their first day. Columns SUBCONTRACTORS.

    ``requires``: approval, declaration or nothing, before that day, not on it. state: on_time,
    late, overdue (at work without it) or NA where nothing is required or the table has no such day;
    late: calendar days after that day, of one without it up to its last day.
    """
    rows = table.reindex(columns=SUBCONTRACTORS)
    for name in ("started_on", "ended_on", "declared_on", "approved_on"):
        rows[name] = dates_of(table, name)
    column = "approved_on" if requires == "approval" else "declared_on"
    first, until = rows["started_on"], rows["ended_on"].fillna(today).clip(upper=today)
    state, _days = judged(first - pd.Timedelta(days=1), rows[column], today)
    required = requires != "nothing" and column in table
    rows["state"] = state.where(required & (first <= today))
    late = calendar_days(rows[column].fillna(until) - first).clip(lower=0)
    rows["late"] = late.where(rows["state"].isin([LATE, OVERDUE]))
    return rows.sort_values("started_on", kind="stable", ignore_index=True)[SUBCONTRACTORS]
