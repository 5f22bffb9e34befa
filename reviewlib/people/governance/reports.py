"""Reports that one side owes the other: received on time or not, by who owes them (H2)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import DATE, dates_of
from reviewlib.calendars.day_counts import end_of
from reviewlib.calendars.periods import MONTHS, ReviewPeriod, period_named
from reviewlib.calendars.punctuality import judged
from reviewlib.calendars.rhythms import spans
from reviewlib.contract.governance import Governance
from reviewlib.contract.parties import Period
from reviewlib.faults import ReviewError

NO_RULE = ""
"""What became of a report for which no day is agreed."""
REPORTS = [
    "number", "report", "period", "due_on", "received_on", "side", "state", "late", "day",
    "recorded", "evidence",
]  # fmt: skip


def reports(
    table: pd.DataFrame, plan: Governance, period: Period, today: pd.Timestamp, days_off: np.ndarray
) -> pd.DataFrame:
    """Judge each report by its day: the one stated, else the contract’s delay from its period.

    ``period``: of the contract. Returns a row for each report, and one for each whole month,
    quarter, half-year or year of which the table has no row although it has others of that report
    and the day has passed (recorded False), with the columns REPORTS. number: the report and its
    period; side: that owes it, missing where neither table nor plan says; state: of ``judged``, or
    NO_RULE; late: calendar days after its day, as of today where it was not received; day: its day,
    or the one on which it was received before that.
    """
    rows = table.reindex(columns=["report", "period", "side", "evidence"]).astype("str")
    days = {name: dates_of(table, name) for name in ("due_on", "received_on")}
    rows = rows.assign(**days, recorded=True)
    periods = {text: named(text) for text in rows["period"].dropna().unique()}
    rows["span"] = rows["period"].map(periods)
    rows = _once(rows)
    rows = pd.concat([rows, *_unrecorded(rows, plan, period)], ignore_index=True)
    rows["side"] = rows["side"].fillna(rows["report"].map(_sides(plan)).astype("str"))
    rows["due_on"] = rows["due_on"].fillna(_due(rows, plan, days_off))
    rows = rows[rows["recorded"] | (rows["due_on"] < today)].reset_index(drop=True)
    state, late = judged(rows["due_on"], rows["received_on"], today)
    dated = rows["due_on"].notna()
    rows["state"], rows["late"] = state.where(dated, NO_RULE), late.where(late > 0)
    rows["day"] = rows[["due_on", "received_on"]].min(axis="columns")
    rows["number"] = rows["report"].str.cat(rows["period"], sep=" ")
    return rows[REPORTS].sort_values("day", kind="stable", ignore_index=True)


def _sides(plan: Governance) -> dict[str, str]:
    return {name: report.side for name, report in plan.reports.items()}


def named(text: str) -> ReviewPeriod | None:
    """Return the period that a name says; None where it is a name of the parties’ own."""
    try:
        return period_named(text)
    except ReviewError:
        return None


def _once(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep one row for each report of a period, however it is written: the first one received.

    Its day is the earliest that is stated of them.
    """
    ordered = rows.sort_values("received_on", kind="stable")
    names = [one.name if isinstance(one, ReviewPeriod) else None for one in ordered["span"]]
    ordered = ordered.assign(name=pd.Series(names, ordered.index, dtype="str"))
    earliest = ordered.groupby(["report", "name"])["due_on"].transform("min")
    ordered["due_on"] = earliest.fillna(ordered["due_on"])
    again = ordered.duplicated(["report", "name"]) & ordered["name"].notna()
    return ordered[~again].sort_index().drop(columns="name")


def _unrecorded(rows: pd.DataFrame, plan: Governance, period: Period) -> Iterator[pd.DataFrame]:
    """Yield for each report the periods within the contract of which the table has no row."""
    first, last = pd.Timestamp(period.first), pd.Timestamp(period.last)
    for name, report in plan.reports.items():
        own = rows.loc[rows["report"] == name, "span"].dropna()
        if own.empty or report.every not in MONTHS or report.within is None:
            continue
        whole = spans(report.every, first, last)
        every = [
            ReviewPeriod(start.date(), end.date())
            for start, end in zip(whole["first"], whole["last"], strict=True)
        ]
        bare = [one for one in every if one not in {*own}]
        names = [one.name for one in bare]
        yield pd.DataFrame({"report": name, "period": names, "span": bare, "recorded": False})


def _due(rows: pd.DataFrame, plan: Governance, days_off: np.ndarray) -> pd.Series:
    """Return by which day each report is due under the plan; NaT where it does not say."""
    ends = [one.last if isinstance(one, ReviewPeriod) else None for one in rows["span"]]
    end = pd.Series(pd.to_datetime(ends), rows.index).astype(DATE)
    due = pd.Series(pd.NaT, rows.index, dtype=DATE)
    for name, report in plan.reports.items():
        own = rows["report"] == name
        if report.within and own.any():
            due[own] = end_of(report.within, end[own], days_off)
    return due
