"""Work orders: effort, punctuality, acceptance; the defects found in what was delivered (C7)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import pandas as pd

from reviewlib.amounts import exact
from reviewlib.calendars.day_counts import end_of
from reviewlib.contract import Contract
from reviewlib.delivery.acceptance import DATE, acceptance_of, subjects, versions_on, warranty_ends

ON_TIME, LATE, OVERDUE = "on_time", "late", "overdue"
NOT_DUE, NO_DATE = "not_due", "no_date"
STATES = (ON_TIME, LATE, OVERDUE, NOT_DUE, NO_DATE)
JUDGED = (ON_TIME, LATE, OVERDUE)
BEFORE, WARRANTY, PAST_WARRANTY = "before", "warranty", "past_warranty"
NO_WARRANTY, UNKNOWN = "no_warranty", "unknown"
PHASES = (BEFORE, WARRANTY, PAST_WARRANTY, NO_WARRANTY, UNKNOWN)
AFTER = (WARRANTY, PAST_WARRANTY, NO_WARRANTY)
SEVERITIES = ("blocking", "major", "minor")
EFFORT = ["estimated_days", "ordered_days", "consumed_days"]


def work_orders(table: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.DataFrame:
    """Return one row per work order, judged as of a day.

    Columns: order_id, title, clause, estimated_days, ordered_days and consumed_days (NaN where not
    stated), ordered_on, due_on, delivered_on, accepted_on, final (delivered, and its days consumed
    not stated before that), consumption (consumed / ordered where final; NaN where nothing was
    ordered), over_days (consumed less ordered where final), state and days (calendar days after
    the due date, up to today where not delivered; NaN while not due), cycle_days (from delivery to
    acceptance), waiting_days (since the delivery of what is not accepted), decide_by (the end of
    the contract's delay to accept, under the terms in force on the day of delivery), slow (not
    accepted though that delay is over), quality_met (missing where not stated) and missed (stated
    as not met).

    A state is no_date where the day on which it was due is not stated, or that of its delivery: of
    what is accepted, or of all where the table has no such column.
    """
    orders = table.reindex(columns=["order_id", "title", "clause", *EFFORT])
    orders[EFFORT] = orders[EFFORT].astype("float64")
    for name in ("ordered_on", "due_on", "delivered_on", "accepted_on", "stated_on"):
        orders[name] = table.get(name, pd.Series(pd.NaT, index=table.index)).astype(DATE)
    delivered = orders["delivered_on"]
    orders["final"] = delivered.notna() & ~(orders["stated_on"] < delivered)
    consumed = orders["consumed_days"].where(orders["final"])
    orders["consumption"] = consumed / orders["ordered_days"].where(orders["ordered_days"] > 0)
    orders["over_days"] = (consumed - orders["ordered_days"]).round(6)
    undated = delivered.isna() & (orders["accepted_on"].notna() | ("delivered_on" not in table))
    orders["state"] = _states(orders, today)
    orders["state"] = orders["state"].mask(undated, NO_DATE)
    after = (delivered.fillna(today) - orders["due_on"]).dt.days.astype("float64")
    orders["days"] = after.where(orders["state"].isin(JUDGED))
    orders["cycle_days"] = (orders["accepted_on"] - delivered).dt.days.astype("float64")
    waiting = (today - delivered).dt.days.astype("float64")
    orders["waiting_days"] = waiting.where(orders["accepted_on"].isna() & ("accepted_on" in table))
    orders["decide_by"] = _decide_by(delivered, contract)
    none = pd.Series(pd.NA, index=table.index, dtype="boolean")
    orders["quality_met"] = table.get("quality_met", none).astype("boolean")
    orders["slow"] = orders["waiting_days"].notna() & (orders["decide_by"] < today)
    orders["missed"] = ~orders["quality_met"].fillna(True).astype("bool")
    return orders.drop(columns="stated_on").reset_index(drop=True)


def flagged(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the orders that are late, took more days than ordered, missed their quality criteria
    or await their acceptance beyond the contract's delay.
    """
    late = orders["state"].isin([LATE, OVERDUE])
    return orders[late | orders["missed"] | orders["slow"] | (orders["over_days"] > 0)]


def _states(orders: pd.DataFrame, today: pd.Timestamp) -> np.ndarray:
    delivered, due = orders["delivered_on"], orders["due_on"]
    there = delivered.notna()
    return np.select(
        [due.isna(), there & (delivered <= due), there, due < today],
        [NO_DATE, ON_TIME, LATE, OVERDUE],
        default=NOT_DUE,
    )


def _decide_by(delivered: pd.Series, contract: Contract) -> pd.Series:
    ends = pd.Series(pd.NaT, index=delivered.index, dtype=DATE)
    version = versions_on(contract, delivered)
    for number, terms in enumerate(contract.versions):
        if terms.acceptance.decision is not None:
            own = delivered[version == number]
            ends[own.index] = end_of(terms.acceptance.decision, own, contract.days_off)
    return ends


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
    """Return one row per defect. ``accepted``: see ``acceptance.accepted``.

    Columns: defect_id, kind and subject (what it was found in), title, severity, found_on,
    accepted_on, tacit, warranty_end, phase, corrected_on, days (from its report to its correction)
    and age (days since the report of one not corrected).

    Phases: before (the acceptance, or nothing was accepted so far), warranty (from the day of the
    acceptance to the last day of the warranty), past_warranty, no_warranty (after the acceptance;
    the terms state no warranty), unknown (nothing tells whether it was accepted).
    """
    rows = table.reindex(columns=["defect_id", "title", "severity"])
    rows["severity"] = rows["severity"].astype("str")
    for name in ("found_on", "corrected_on"):
        rows[name] = table.get(name, pd.Series(pd.NaT, index=table.index)).astype(DATE)
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
    rows["days"] = (rows["corrected_on"] - rows["found_on"]).dt.days.astype("float64")
    age = (today - rows["found_on"]).dt.days.astype("float64")
    rows["age"] = age.where(rows["corrected_on"].isna())
    return rows.drop(columns="recorded").reset_index(drop=True)


def by_severity(defects: pd.DataFrame) -> pd.DataFrame:
    """Count the defects of each severity that has some, the gravest first, "" where not stated.

    Columns: severity, the five phases, which add up to total; corrected and open, of those found
    after the acceptance; and the median days that their correction took, of ``n``.
    """
    severity = defects["severity"].fillna("")
    counts = pd.crosstab(severity, defects["phase"]).reindex(columns=list(PHASES), fill_value=0)
    later = defects[defects["phase"].isin(AFTER)]
    severities = severity[later.index]
    done = (
        later["corrected_on"].notna().groupby(severities).sum().reindex(counts.index, fill_value=0)
    )
    counts["total"] = counts.sum(axis="columns")
    counts["corrected"] = done.astype("int64")
    counts["open"] = counts[list(AFTER)].sum(axis="columns") - counts["corrected"]
    counts["median"] = later["days"].groupby(severities).median().reindex(counts.index)
    counts["n"] = later["days"].groupby(severities).count().reindex(counts.index, fill_value=0)
    order = [name for name in (*SEVERITIES, "") if name in counts.index]
    counts = counts.reindex(order).rename_axis(None, axis="columns")
    return counts.rename_axis("severity").reset_index()
