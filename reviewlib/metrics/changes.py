"""Change requests: from the request to the application, with what they cost (E1 to E4)."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from reviewlib.contract import Contract
from reviewlib.money import exact, total

APPROVED, REFUSED, WITHDRAWN, UNDECIDED = "approved", "refused", "withdrawn", "undecided"
UNTOLD = "untold"
OUTCOMES = (APPROVED, REFUSED, WITHDRAWN, UNDECIDED, UNTOLD)
TRIGGERS = ("business", "staff", "market", "technology", "regulation", "provider")
PRIORITY, SERVICE_LEVEL = "priority", "service_level"
STEPS = {
    "evaluation": ("requested_on", "evaluated_on"),
    "decision": ("requested_on", "decided_on"),
    "application": ("decided_on", "applied_on"),
}
SIGNED_BEFORE, NOT_APPROVED, NO_AMENDMENT, LED = "signed_before", "not_approved", "none", "led"
TEXTS = [
    "change_id", "title", "kind", "trigger", "requested_by", "decision", "evidence",
    "quality_impact", "milestone_id", "line_id", "amendment",
]  # fmt: skip
DATES = ["requested_on", "evaluated_on", "decided_on", "applied_on", "moves_to"]


def requests(table: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Return the change requests by the day of the request, with what became of each.

    Columns: those of the table (missing where it has none); cost (the exact decimal, None where
    not stated), days (NaN where not stated); outcome (untold: decided on a day, not told how);
    age_days (since the request, of the undecided); early_days (applied that long before its
    approval); unapproved (applied, and undecided, refused or withdrawn); unproven (approved, and
    no document named).
    """
    rows = table.reindex(columns=[*TEXTS, *DATES])
    rows = rows.astype(dict.fromkeys(TEXTS, "str") | dict.fromkeys(DATES, "datetime64[s]"))
    none = pd.Series(np.nan, index=table.index)
    rows["cost"] = exact(table.get("cost_impact", none))
    rows["days"] = table.get("days_impact", none).astype("float64")
    decided = rows["decided_on"].notna() | table.columns.isdisjoint({"decision", "decided_on"})
    rows["outcome"] = rows["decision"].fillna(
        decided.map({True: UNTOLD, False: UNDECIDED}).astype("str")
    )
    approved, applied = rows["outcome"] == APPROVED, rows["applied_on"].notna()
    rows["age_days"] = _days(today - rows["requested_on"]).where(rows["outcome"] == UNDECIDED)
    early = _days(rows["decided_on"] - rows["applied_on"])
    rows["early_days"] = early.where(approved & (early > 0))
    rows["unapproved"] = applied & rows["outcome"].isin([UNDECIDED, REFUSED, WITHDRAWN])
    rows["unproven"] = approved & rows["evidence"].isna()
    return rows.sort_values(["requested_on", "change_id"], kind="stable", ignore_index=True)


def times(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how long each step took, in calendar days, by its name in ``STEPS``.

    Columns: n, median, low, high, and apart: those whose dates run backwards, which are in none of
    the others. Only what was approved goes on to be applied.
    """
    found = {}
    for name, (start, end) in STEPS.items():
        mine = rows[rows["outcome"] == APPROVED] if name == "application" else rows
        days = _days(mine[end] - mine[start]).dropna()
        known = days[days >= 0]
        found[name] = {
            "n": len(known),
            "median": known.median(),
            "low": known.min(),
            "high": known.max(),
            "apart": len(days) - len(known),
        }
    return pd.DataFrame.from_dict(found, orient="index")


def impacts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what the requests cost by outcome, then of all of them (""), as exact decimals.

    Columns: outcome, requests, stated (those that state a cost), added, saved (a positive amount),
    cost (added less saved), better, none, worse and unstated (the impact on quality).
    """
    groups = [(name, rows[rows["outcome"] == name]) for name in OUTCOMES] + [("", rows)]
    found = []
    for name, mine in groups:
        costs = [cost for cost in mine["cost"] if cost is not None]
        quality = mine["quality_impact"].value_counts()
        told = {word: int(quality.get(word, 0)) for word in ("better", "none", "worse")}
        found.append(
            {"outcome": name, "requests": len(mine), "stated": len(costs), **told}
            | {"unstated": len(mine) - sum(told.values()), "cost": total(costs)}
            | {"added": total(c for c in costs if c > 0), "saved": -total(c for c in costs if c < 0)}
        )
    return pd.DataFrame(found)


def growth(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the cost of the approved changes day by day, by the day of the decision.

    Columns: date, ids (a list), added (that day, signed) and total (up to then): exact decimals.
    Changes that cost nothing, state no cost or no day of decision are left out.
    """
    known = rows[(rows["outcome"] == APPROVED) & rows["decided_on"].notna()]
    known = known[[bool(cost) for cost in known["cost"]]]
    steps, reached = [], Decimal(0)
    for day, mine in known.groupby("decided_on"):
        added = total(mine["cost"])
        reached += added
        steps.append({"date": day, "ids": [*mine["change_id"]], "added": added, "total": reached})
    return pd.DataFrame(steps, columns=["date", "ids", "added", "total"])


def amended(rows: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return the requests that name an amendment, and those approved on a service level.

    Columns: those of ``requests``, signed and effective (of the amendment) and state: led (to it),
    signed_before (before the request or its decision), not_approved (yet it names an amendment)
    or none (approved, and no amendment is named).
    """
    level = (rows["kind"] == SERVICE_LEVEL) & (rows["outcome"] == APPROVED)
    mine = rows[rows["amendment"].notna() | level]
    days = {each.id: (each.signed, each.effective) for each in contract.amendments}
    known = pd.DataFrame.from_dict(days, orient="index", columns=["signed", "effective"])
    dates = known.reindex(mine["amendment"]).set_axis(mine.index).astype("datetime64[s]")
    first = mine[["requested_on", "decided_on"]].max(axis="columns")
    state = np.select(
        [mine["amendment"].isna(), mine["outcome"] != APPROVED, dates["signed"] < first],
        [NO_AMENDMENT, NOT_APPROVED, SIGNED_BEFORE],
        default=LED,
    )
    return mine.assign(**dates, state=state)


def triggers(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the approved changes by what made the need change; none stated is "".

    Columns: trigger, requests (all of them), approved, ids (of the approved ones) and reordered
    (ids of those that reorder priorities).
    """
    by = rows["trigger"].fillna("")
    found = []
    for name in (*TRIGGERS, ""):
        mine = rows[by == name]
        approved = mine[mine["outcome"] == APPROVED]
        ids = [*approved["change_id"]]
        reordered = [*approved.loc[approved["kind"] == PRIORITY, "change_id"]]
        found.append((name, len(mine), len(ids), ids, reordered))
    columns = ["trigger", "requests", "approved", "ids", "reordered"]
    return pd.DataFrame(found, columns=columns)


def _days(spans: pd.Series) -> pd.Series:
    return spans.dt.days.astype("float64")
