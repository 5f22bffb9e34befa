"""Work orders: effort, punctuality, acceptance; the defects found in what was delivered (C7)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import pandas as pd

from reviewlib.amounts import exact
from reviewlib.calendars.dates import calendar_days, dates_of
from reviewlib.calendars.punctuality import JUDGED, LATE, OVERDUE, judged
from reviewlib.contract import Contract
from reviewlib.delivery.acceptance import acceptance_of, subjects, warranty_ends
from reviewlib.delivery.terms import delay_ends

NO_DATE = "no_date"
BEFORE, WARRANTY, PAST_WARRANTY = "before", "warranty", "past_warranty"
NO_WARRANTY, UNKNOWN = "no_warranty", "unknown"
PHASES = (BEFORE, WARRANTY, PAST_WARRANTY, NO_WARRANTY, UNKNOWN)
AFTER = (WARRANTY, PAST_WARRANTY, NO_WARRANTY)
SEVERITIES = ("blocking", "major", "minor")
EFFORT = ["estimated_days", "ordered_days", "consumed_days"]
WORK_ORDERS = [
    "order_id", "title", "clause", *EFFORT, "ordered_on", "due_on", "delivered_on", "accepted_on",
    "final", "consumption", "over_days", "state", "days", "cycle_days", "waiting_days",
    "decide_by", "quality_met", "slow", "missed",
]  # fmt: skip
DEFECTS = [
    "defect_id", "title", "severity", "found_on", "corrected_on", "kind", "subject", "accepted_on",
    "tacit", "warranty_end", "phase", "days", "age", "days_past_warranty",
]  # fmt: skip
BY_SEVERITY = ["severity", *PHASES, "total", "corrected", "open", "median", "n"]


def work_orders(table: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.DataFrame:
    """Return one row per work order, judged as of a day, with the columns WORK_ORDERS.

    EFFORT: person-days, NaN where not stated; final: delivered, and its days consumed not stated
    before that; consumption: consumed / ordered where final, NaN where nothing was ordered;
    over_days: consumed less ordered where final; state and days: as ``judged`` returns them, in
    calendar days; cycle_days: from delivery to acceptance; waiting_days: since the delivery of what
    is not accepted; decide_by: the end of the contract's delay to accept, under the terms in force
    on the day of delivery; slow: not accepted though that delay is over; quality_met: missing where
    not stated; missed: stated as not met.

    A state is no_date where the day on which it was due is not stated, or that of its delivery: of
    what is accepted, or of all where the table has no such column.
    """
    orders = table.reindex(columns=["order_id", "title", "clause", *EFFORT])
    orders[EFFORT] = orders[EFFORT].astype("float64")
    for name in ("ordered_on", "due_on", "delivered_on", "accepted_on", "stated_on"):
        orders[name] = dates_of(table, name)
    delivered = orders["delivered_on"]
    orders["final"] = delivered.notna() & ~(orders["stated_on"] < delivered)
    consumed = orders["consumed_days"].where(orders["final"])
    orders["consumption"] = consumed / orders["ordered_days"].where(orders["ordered_days"] > 0)
    orders["over_days"] = (consumed - orders["ordered_days"]).round(6)
    undated = delivered.isna() & (orders["accepted_on"].notna() | ("delivered_on" not in table))
    state, days = judged(orders["due_on"], delivered, today)
    orders["state"] = state.mask(undated | orders["due_on"].isna(), NO_DATE)
    orders["days"] = days.where(orders["state"].isin(JUDGED))
    orders["cycle_days"] = calendar_days(orders["accepted_on"] - delivered)
    unaccepted = orders["accepted_on"].isna() & ("accepted_on" in table)
    orders["waiting_days"] = calendar_days(today - delivered).where(unaccepted)
    orders["decide_by"] = delay_ends("decision", delivered, contract)
    none = pd.Series(pd.NA, index=table.index, dtype="boolean")
    orders["quality_met"] = table.get("quality_met", none).astype("boolean")
    orders["slow"] = orders["waiting_days"].notna() & (orders["decide_by"] < today)
    orders["missed"] = ~orders["quality_met"].fillna(True).astype("bool")
    return orders[WORK_ORDERS].reset_index(drop=True)


def flagged(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the orders that are late, took more days than ordered or missed their criteria."""
    late = orders["state"].isin([LATE, OVERDUE])
    return orders[late | orders["missed"] | (orders["over_days"] > 0)]


def summed(days: Iterable[float]) -> Decimal | None:
    """Return the exact sum of the days that are stated, as they were written; None of none."""
    stated = [day for day in exact(pd.Series(list(days), dtype="float64")) if day is not None]
    return sum(stated, Decimal(0)) if stated else None


def compared(orders: pd.DataFrame, part: str, whole: str) -> tuple[Decimal, Decimal, int]:
    """Return the sums of two efforts over the orders that state both, and how many these are."""
    both = orders[orders[part].notna() & orders[whole].notna()]
    sums = (summed(both[name]) or Decimal(0) for name in (part, whole))
    return *sums, len(both)  # type: ignore[return-value]


def defects(
    table: pd.DataFrame, accepted: pd.DataFrame, contract: Contract, today: pd.Timestamp
) -> pd.DataFrame:
    """Return one row per defect, with the columns DEFECTS. ``accepted``: ``acceptance.accepted``.

    kind and subject: what it was found in; days: from its report to its correction; age: days since
    the report of one not corrected; days_past_warranty: from the end of the warranty to its report.

    Phases: before (the acceptance, or nothing was accepted so far), warranty (from the day of the
    acceptance to the last day of the warranty), past_warranty, no_warranty (after the acceptance;
    the terms state no warranty), unknown (nothing tells whether it was accepted).
    """
    rows = table.reindex(columns=["defect_id", "title", "severity"])
    rows["severity"] = rows["severity"].astype("str")
    for name in ("found_on", "corrected_on"):
        rows[name] = dates_of(table, name)
    about = subjects(table)
    rows = pd.concat([rows, about, acceptance_of(about, accepted)], axis="columns")
    rows["warranty_end"] = warranty_ends(rows["accepted_on"], contract)
    when, ends = rows["accepted_on"], rows["warranty_end"]
    rows["phase"] = np.select(
        [~rows["recorded"], when.isna() | (rows["found_on"] < when), ends.isna(),
         rows["found_on"] <= ends],
        [UNKNOWN, BEFORE, NO_WARRANTY, WARRANTY],
        default=PAST_WARRANTY,
    )  # fmt: skip
    rows["days"] = calendar_days(rows["corrected_on"] - rows["found_on"])
    rows["age"] = calendar_days(today - rows["found_on"]).where(rows["corrected_on"].isna())
    rows["days_past_warranty"] = calendar_days(rows["found_on"] - ends)
    return rows[DEFECTS].reset_index(drop=True)


def by_severity(defects: pd.DataFrame) -> pd.DataFrame:
    """Count the defects of each severity that has some, the gravest first, "" where not stated.

    Columns: BY_SEVERITY. The five phases add up to total; corrected and open: of those found after
    the acceptance; median: the days that their correction took, of n.
    """
    severity = defects["severity"].fillna("")
    counts = pd.crosstab(severity, defects["phase"]).reindex(columns=list(PHASES), fill_value=0)
    later = defects[defects["phase"].isin(AFTER)]
    by_severity = later.groupby(severity[later.index])
    counts["total"] = counts.sum(axis="columns")
    counts["corrected"] = by_severity["corrected_on"].count()
    counts["median"], counts["n"] = by_severity["days"].median(), by_severity["days"].count()
    counts = counts.fillna({"corrected": 0, "n": 0}).astype({"corrected": "int64", "n": "int64"})
    counts["open"] = counts[list(AFTER)].sum(axis="columns") - counts["corrected"]
    order = [name for name in (*SEVERITIES, "") if name in counts.index]
    return counts.loc[order].rename_axis("severity").reset_index()[BY_SEVERITY]
