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
REPORTED, PASSED, OPENED, EXCEEDED = "reported", "passed", "opened", "exceeded"
EVENTS = {
    REPORTED: "milestone_id",
    PASSED: "milestone_id",
    OPENED: "ticket_id",
    EXCEEDED: "line_id",
}
"""The events that an alert can announce, with the column that names of what."""
TEXTS = [
    "initiative_id", "title", "kind", "side", "milestone_id", "ticket_id", "line_id", "answer",
    "benefit", "benefit_amount", "benefit_basis", "order_id", "evidence",
]  # fmt: skip
INITIATIVES = [
    *TEXTS, "raised_on", "answered_on", "applied_on", "by", "due_on", "state", "days", "event",
    "event_on", "ahead",
]  # fmt: skip


def initiatives(
    table: pd.DataFrame,
    within: DayCount | None,
    events: Mapping[str, pd.Series],
    today: pd.Timestamp,
    holidays: np.ndarray = NONE,
) -> pd.DataFrame:
    """Return the initiatives, oldest first, with their answer and what an alert announced.

    ``within``: the delay in which the other side answers; ``events``: of ``EVENTS``, the day of
    each by the id of what it is of. Columns INITIATIVES. by: the side that answers; due_on, state:
    of its answer, as ``judged`` returns it, NA for what is not answered or without a delay; days:
    calendar days up to the answer, or to today, NaN likewise; both where the table has no answers,
    or an answer without its day;
    event, event_on: what an alert announces and its day, NA where it cannot be compared with one;
    ahead: calendar days from the alert to that day, negative where it came after.
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
    answers = ~(rows["answer"].notna() & rows["answered_on"].isna()) & ("answered_on" in table)
    rows["state"] = state.where(rows["due_on"].notna() & answers)
    days = calendar_days(rows["answered_on"].fillna(today) - rows["raised_on"])
    rows["days"] = days.where(asks & answers)
    rows["event"], rows["event_on"] = _event(rows, events)
    rows["ahead"] = calendar_days(rows["event_on"] - rows["raised_on"])
    return rows.sort_values("raised_on", kind="stable", ignore_index=True)[INITIATIVES]


def _event(rows: pd.DataFrame, events: Mapping[str, pd.Series]) -> tuple[pd.Series, pd.Series]:
    """Return what each alert announces, the first of what it may be, and its day."""
    event = pd.Series(None, rows.index, dtype="str")
    day = pd.Series(pd.NaT, rows.index, dtype="datetime64[s]")
    is_alert = rows["kind"] == ALERT
    for name, column in EVENTS.items():
        days = events.get(name, pd.Series(dtype="datetime64[s]"))
        of_ids = days.reindex(rows[column].astype("object")).to_numpy("datetime64[s]")
        own = pd.Series(of_ids, rows.index)
        if name == EXCEEDED:  # stated once: it may have been exceeded before
            own = own.where(own < rows["raised_on"])
        first = is_alert & own.notna() & ~(day <= own)
        event, day = event.mask(first, name), day.mask(first, own)
    return event, day


def passed_on(milestones: pd.DataFrame | None, today: pd.Timestamp) -> pd.Series:
    """Return by milestone the day after its date, where it was not reached by then."""
    if milestones is None:
        return pd.Series(dtype="datetime64[s]")
    rows = milestones.drop_duplicates("milestone_id").set_index("milestone_id")
    agreed, reached = dates_of(rows, "contract_date"), dates_of(rows, "actual_date")
    return (agreed + pd.Timedelta(days=1))[reached.fillna(today) > agreed].astype("datetime64[s]")


def reported_on(milestones: pd.DataFrame | None, forecasts: pd.DataFrame | None) -> pd.Series:
    """Return by milestone the first report of a date after that of the contract."""
    if milestones is None or forecasts is None:
        return pd.Series(dtype="datetime64[s]")
    rows = milestones.drop_duplicates("milestone_id").set_index("milestone_id")
    agreed = forecasts["milestone_id"].map(dates_of(rows, "contract_date"))
    later = forecasts[dates_of(forecasts, "forecast_date") > agreed]
    first = dates_of(later, "reported_on").groupby(later["milestone_id"]).min()
    return first.dropna().astype("datetime64[s]")


def still_announced(
    milestones: pd.DataFrame | None, forecasts: pd.DataFrame | None
) -> pd.DataFrame:
    """Return by milestone the last report before that of ``reported_on``: still_on, still."""
    first = reported_on(milestones, forecasts)
    if forecasts is None or first.empty:
        return pd.DataFrame({"still_on": first, "still": first})
    days = {"still_on": dates_of(forecasts, "reported_on"),
            "still": dates_of(forecasts, "forecast_date")}  # fmt: skip
    reports = forecasts[["milestone_id"]].assign(**days)
    before = reports[reports["still_on"] < reports["milestone_id"].map(first)]
    before = before.sort_values("still_on", kind="stable")
    return before.drop_duplicates("milestone_id", keep="last").set_index("milestone_id")


def exceeded_on(budget: pd.DataFrame | None) -> pd.Series:
    """Return by budget line the day on which it is stated to exceed its approved amount."""
    if budget is None or not {"current", "stated_on"} <= {*budget}:
        return pd.Series(dtype="datetime64[s]")
    amounts = budget.reindex(columns=["actual", "forecast"]).max(axis="columns")
    over = budget[amounts > budget["current"]].drop_duplicates("line_id")
    return dates_of(over, "stated_on").set_axis(over["line_id"]).dropna()
