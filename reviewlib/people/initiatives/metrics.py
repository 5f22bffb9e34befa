"""Suggestions and alerts of either side: answered when, applied, given before the fact (H5)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import calendar_days, dates_of
from reviewlib.calendars.day_counts import NONE, DayCount, end_of
from reviewlib.calendars.punctuality import judged

SUGGESTION, ALERT, SUCCESS, THANKS = "suggestion", "alert", "success", "thanks"
ANSWERED = (SUGGESTION, ALERT)
"""The kinds that the other side answers."""
OTHER = {"client": "provider", "provider": "client"}
LINE = "line_id"
ANNOUNCED = ("milestone_id", "ticket_id", LINE)
TEXTS = [
    "initiative_id", "title", "kind", "side", *ANNOUNCED, "answer", "benefit", "benefit_amount",
    "evidence",
]  # fmt: skip
INITIATIVES = [
    *TEXTS, "raised_on", "answered_on", "applied_on", "by", "due_on", "state", "days", "fact_on",
    "ahead",
]  # fmt: skip


def initiatives(
    table: pd.DataFrame,
    within: DayCount | None,
    facts: Mapping[str, pd.Series],
    today: pd.Timestamp,
    holidays: np.ndarray = NONE,
) -> pd.DataFrame:
    """Return the initiatives, oldest first, with their answer and what an alert announced.

    ``within``: the delay in which the other side answers; ``facts``: by a column of ``ANNOUNCED``,
    the day of each fact by its id. Columns INITIATIVES. by: the side that answers; due_on, state:
    of its answer, as ``judged`` returns it, NA for what is not answered or without a delay; days:
    calendar days up to the answer, or to today, NaN likewise; both where the table has no answers;
    fact_on: the day of the fact that an alert announces, NaT where none happened; ahead: calendar
    days from the alert to that day, negative where it came after.
    """
    rows = table.reindex(columns=TEXTS)
    for name in ("raised_on", "answered_on", "applied_on"):
        rows[name] = dates_of(table, name)
    asks = rows["kind"].isin(ANSWERED)
    rows["by"] = rows["side"].map(OTHER)
    rows["due_on"] = pd.Series(pd.NaT, rows.index, dtype="datetime64[s]")
    if within is not None:
        rows.loc[asks, "due_on"] = end_of(within, rows.loc[asks, "raised_on"], holidays)
    state = judged(rows["due_on"], rows["answered_on"], today)[0]
    answers = "answered_on" in table
    rows["state"] = state.where(rows["due_on"].notna() & answers)
    days = calendar_days(rows["answered_on"].fillna(today) - rows["raised_on"])
    rows["days"] = days.where(asks & answers)
    rows["fact_on"] = _fact_on(rows, facts)
    rows["ahead"] = calendar_days(rows["fact_on"] - rows["raised_on"])
    return rows.sort_values("raised_on", kind="stable", ignore_index=True)[INITIATIVES]


def _fact_on(rows: pd.DataFrame, facts: Mapping[str, pd.Series]) -> pd.Series:
    """Return the day of the fact that each alert announces."""
    day = pd.Series(pd.NaT, rows.index, dtype="datetime64[s]")
    for name in ANNOUNCED:
        of_facts = facts.get(name, pd.Series(dtype="datetime64[s]"))
        days = of_facts.reindex(rows[name].astype("object")).to_numpy("datetime64[s]")
        own = pd.Series(days, rows.index)
        if name == LINE:  # stated once: it may have been exceeded before
            own = own.where(own < rows["raised_on"])
        day = day.fillna(own)
    return day.where(rows["kind"] == ALERT)


def slipped_on(
    milestones: pd.DataFrame | None, forecasts: pd.DataFrame | None, today: pd.Timestamp
) -> pd.Series:
    """Return by milestone the day on which it was first announced, or known, to be late.

    That is the first report of a date after the one of the contract, else the day after that date
    where the milestone was not reached by then.
    """
    if milestones is None:
        return pd.Series(dtype="datetime64[s]")
    rows = milestones.drop_duplicates("milestone_id").set_index("milestone_id")
    agreed, reached = dates_of(rows, "contract_date"), dates_of(rows, "actual_date")
    missed = (agreed + pd.Timedelta(days=1)).where(reached.fillna(today) > agreed)
    if forecasts is not None and {"reported_on", "forecast_date"} <= {*forecasts}:
        own = forecasts.assign(agreed=forecasts["milestone_id"].map(agreed))
        later = own[dates_of(own, "forecast_date") > own["agreed"]]
        first = dates_of(later, "reported_on").groupby(later["milestone_id"]).min()
        missed = pd.concat([missed, first.reindex(missed.index)], axis="columns").min(
            axis="columns"
        )
    return missed.dropna().astype("datetime64[s]")


def exceeded_on(budget: pd.DataFrame | None) -> pd.Series:
    """Return by budget line the day on which it is stated to exceed its approved amount."""
    if budget is None or not {"current", "stated_on"} <= {*budget}:
        return pd.Series(dtype="datetime64[s]")
    amounts = budget.reindex(columns=["actual", "forecast"]).max(axis="columns")
    over = budget[amounts > budget["current"]].drop_duplicates("line_id")
    return dates_of(over, "stated_on").set_axis(over["line_id"]).dropna()
