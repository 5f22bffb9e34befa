"""Change requests: from the request to the application, with what they cost (E1, E2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.amounts import exact, total
from reviewlib.calendars.dates import calendar_days

APPROVED, REFUSED, WITHDRAWN, UNDECIDED = "approved", "refused", "withdrawn", "undecided"
UNTOLD = "untold"
OUTCOMES = (APPROVED, REFUSED, WITHDRAWN, UNDECIDED, UNTOLD)
BEFORE, WITHOUT, UNPROVEN = (
    "applied_before_approval",
    "applied_without_approval",
    "without_evidence",
)
STEPS = {
    "evaluation": ("requested_on", "evaluated_on"),
    "decision": ("requested_on", "decided_on"),
    "application": ("decided_on", "applied_on"),
}
QUALITIES = ("better", "none", "worse")
IMPACTS = ["outcome", "requests", "stated", "added", "saved", "cost", *QUALITIES, "unstated"]
TITLE = "title"  # in the languages in which the table gives it
TEXTS = [
    "change_id", "kind", "trigger", "requested_by", "decision", "evidence",
    "quality_impact", "milestone_id", "line_id", "amendment",
]  # fmt: skip
DATES = ["requested_on", "evaluated_on", "decided_on", "applied_on", "moves_to"]
COLUMNS = (
    TITLE, *TEXTS, *DATES, "cost", "days", "outcome", "age_days", "early_days", "unapproved",
    "unproven",
)  # fmt: skip


def requests(table: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Return the change requests by the day of the request, with what became of each.

    ``COLUMNS``: those of the table (missing where it has none); cost (the exact decimal, None where
    not stated), days (NaN where not stated); outcome (untold: decided on a day, not told how);
    age_days (since the request, of the undecided); early_days (applied that long before its
    approval); unapproved (applied, and undecided, refused or withdrawn); unproven (approved, and
    no document named).
    """
    rows = table.reindex(columns=[TITLE, *TEXTS, *DATES])
    rows = rows.astype(dict.fromkeys(TEXTS, "str") | dict.fromkeys(DATES, "datetime64[s]"))
    none = pd.Series(np.nan, index=table.index)
    rows["cost"] = exact(table.get("cost_impact", none))
    rows["days"] = table.get("days_impact", none).astype("float64")
    decided = rows["decided_on"].notna() | {*table}.isdisjoint({"decision", "decided_on"})
    rows["outcome"] = rows["decision"].fillna(
        decided.map({True: UNTOLD, False: UNDECIDED}).astype("str")
    )
    approved, applied = rows["outcome"] == APPROVED, rows["applied_on"].notna()
    rows["age_days"] = calendar_days(today - rows["requested_on"]).where(
        rows["outcome"] == UNDECIDED
    )
    early = calendar_days(rows["decided_on"] - rows["applied_on"])
    rows["early_days"] = early.where(approved & (early > 0))
    rows["unapproved"] = applied & rows["outcome"].isin([UNDECIDED, REFUSED, WITHDRAWN])
    rows["unproven"] = approved & rows["evidence"].isna()
    return rows[[*COLUMNS]].sort_values("requested_on", kind="stable", ignore_index=True)


def reached(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return which requests reached each step: requested, evaluated, applied, and each outcome."""
    outcomes = {name: rows["outcome"] == name for name in OUTCOMES}
    dated = {name: rows[f"{name}_on"].notna() for name in ("evaluated", "applied")}
    return {"requested": pd.Series(True, index=rows.index)} | outcomes | dated


def times(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the calendar days of each step of ``STEPS`` that has both of its dates.

    They are negative where the dates run backwards. Only what was approved goes on to be applied.
    """
    approved = rows[rows["outcome"] == APPROVED]
    parts = {name: approved if name == "application" else rows for name in STEPS}
    return {
        name: calendar_days(parts[name][end] - parts[name][start]).dropna()
        for name, (start, end) in STEPS.items()
    }


def impacts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what the requests cost by outcome, then of all of them (""), as exact decimals.

    Columns: outcome, requests, stated (those that state a cost), added, saved (a positive amount),
    cost (added less saved), better, none, worse and unstated (the impact on quality).
    """
    groups = [(name, rows[rows["outcome"] == name]) for name in OUTCOMES] + [("", rows)]
    lines = []
    for name, group in groups:
        costs = [cost for cost in group["cost"] if cost is not None]
        added, saved = total(c for c in costs if c > 0), -total(c for c in costs if c < 0)
        counts = group["quality_impact"].value_counts()
        quality = [int(counts.get(word, 0)) for word in QUALITIES]
        unstated = len(group) - sum(quality)
        amounts = (added, saved, total(costs))
        lines.append((name, len(group), len(costs), *amounts, *quality, unstated))
    return pd.DataFrame(lines, columns=IMPACTS)


def irregularities(rows: pd.DataFrame) -> dict[str, tuple[pd.DataFrame, int]]:
    """Return the requests that lack what should come first, and among how many that can be told.

    By name: applied_before_approval (among those approved and applied, both dated),
    applied_without_approval (among those applied, but for those untold) and without_evidence (among
    those approved).
    """
    approved, applied = rows["outcome"] == APPROVED, rows["applied_on"].notna()
    masks = {
        BEFORE: (rows["early_days"].notna(), approved & applied & rows["decided_on"].notna()),
        WITHOUT: (rows["unapproved"], applied & (rows["outcome"] != UNTOLD)),
        UNPROVEN: (rows["unproven"], approved),
    }
    return {name: (rows[mask], int(among.sum())) for name, (mask, among) in masks.items()}
