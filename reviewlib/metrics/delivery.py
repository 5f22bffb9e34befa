"""Delivery: milestones against each of their dates, deliverables up to acceptance (C1, C3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

ON_TIME, LATE, OVERDUE, AWAITING, NOT_DUE = "on_time", "late", "overdue", "awaiting", "not_due"
JUDGED = (ON_TIME, LATE, OVERDUE)
ACCEPTED = ("accepted", "accepted_with_reservations")
DATE = "datetime64[s]"


def milestones(
    table: pd.DataFrame, forecasts: pd.DataFrame | None, today: pd.Timestamp
) -> pd.DataFrame:
    """Judge each milestone against the contract's date and against the date in force.

    Returns one row per milestone: milestone_id, title, clause, contract_date, actual_date,
    rebaselined_date, rebaseline_approved_on, rebaseline (none, approved, too_late or
    not_approved), baseline_date (the date in force: the re-baselined one only when it was approved
    by the date that it moves), contract_state and baseline_state (on_time, late; overdue: not
    reached and past; not_due), contract_days and baseline_days (calendar days after the date, as
    of today where not reached; NaN while not due), forecast_date (the last one announced, NaT once
    reached) and moved_later (times; NaN without any forecast).
    """
    rows = table.reindex(columns=["milestone_id", "title", "clause", "contract_date"])
    for name in ("rebaselined_date", "rebaseline_approved_on", "actual_date"):
        rows[name] = _dates(table, name)
    contract, approved = rows["contract_date"], rows["rebaseline_approved_on"]
    rows["rebaseline"] = np.select(
        [rows["rebaselined_date"].isna(), approved.isna(), approved > contract],
        ["none", "not_approved", "too_late"],
        default="approved",
    )
    counts = rows["rebaseline"] == "approved"
    rows["baseline_date"] = rows["rebaselined_date"].where(counts, contract)
    for baseline in ("contract", "baseline"):
        late = rows["actual_date"].fillna(today) - rows[f"{baseline}_date"]
        state = _states(late, rows["actual_date"].notna())
        rows[f"{baseline}_state"] = state
        rows[f"{baseline}_days"] = late.dt.days.astype("float64").where(state != NOT_DUE)
    announced = _announced(rows, forecasts)
    announced = announced.reindex(rows["milestone_id"]).set_axis(rows.index)
    rows["moved_later"] = announced["moved_later"]
    rows["forecast_date"] = announced["forecast_date"].where(rows["actual_date"].isna())
    return rows.reset_index(drop=True)


def _states(late: pd.Series, reached: pd.Series) -> np.ndarray:
    past = late > pd.Timedelta(0)
    return np.select([reached & ~past, reached, past], [ON_TIME, LATE, OVERDUE], NOT_DUE)


def _announced(rows: pd.DataFrame, forecasts: pd.DataFrame | None) -> pd.DataFrame:
    """Return, by milestone id, the last date announced and how many times one moved later.

    The first announcement is compared with the date in force on the day of its report.
    """
    if forecasts is None:
        return pd.DataFrame(columns=["forecast_date", "moved_later"]).astype(
            {"forecast_date": DATE, "moved_later": "float64"}
        )
    log = forecasts.sort_values(["milestone_id", "reported_on"], ignore_index=True)
    known = rows.set_index("milestone_id").reindex(log["milestone_id"]).set_axis(log.index)
    agreed = (known["rebaseline"] == "approved") & (
        known["rebaseline_approved_on"] <= log["reported_on"]
    )
    stated = known["baseline_date"].where(agreed, known["contract_date"])
    before = log.groupby("milestone_id")["forecast_date"].shift().fillna(stated)
    log["moved_later"] = (log["forecast_date"] > before).astype("float64")
    announced = log.groupby("milestone_id")
    return announced.agg({"forecast_date": "last", "moved_later": "sum"})


def versions(submissions: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Return the versions submitted by a day, in order, with what was decided of them by then.

    Columns: deliverable_id, version, submitted_on, decided_on, decision, open_reservations,
    attempt (1, 2, …), delay_days (calendar days that the client took to decide), and waiting_days
    (those since the submission of a last version without a decision).
    """
    known = submissions[submissions["submitted_on"] <= today]
    known = known.sort_values(["deliverable_id", "submitted_on"], ignore_index=True)
    rows = known.reindex(columns=["deliverable_id", "version", "submitted_on"])
    decided = _dates(known, "decided_on")
    rows["decided_on"] = decided.mask(decided > today)
    blank = pd.Series(None, index=known.index, dtype="str")
    rows["decision"] = known.get("decision", blank).mask(decided > today)
    none = pd.Series(np.nan, index=known.index)
    rows["open_reservations"] = known.get("open_reservations", none).astype("float64")
    rows["attempt"] = rows.groupby("deliverable_id").cumcount() + 1
    rows["delay_days"] = _days(rows["decided_on"] - rows["submitted_on"])
    last = ~rows["deliverable_id"].duplicated(keep="last")
    waiting = _days(today - rows["submitted_on"])
    rows["waiting_days"] = waiting.where(last & rows["decision"].isna())
    return rows


def deliverables(table: pd.DataFrame, submitted: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Judge each deliverable by the submission date of the version that was accepted.

    ``submitted``: what ``versions`` returns. Returns one row per deliverable: deliverable_id,
    title, clause, due_on, submissions and refused (counts), version and submitted_on (of the
    accepted version, else of the one that awaits its decision), decision, attempts (submissions up
    to the accepted one), first_pass (1, 0; NaN: no decision yet), cycle_days (first submission to
    acceptance), decision_days (the client's own part, all versions), waiting_days, reservations
    (the last count stated), state and days after the due date (NaN while not due or awaiting).

    States: on_time, late, awaiting (submitted in time, not decided), overdue (past its date, and
    nothing that could be accepted was submitted in time), not_due.
    """
    rows = table.reindex(columns=["deliverable_id", "title", "clause", "due_on"])
    is_accepted = submitted["decision"].isin(ACCEPTED)
    is_pending = submitted["waiting_days"].notna()
    stated = submitted[is_accepted & submitted["open_reservations"].notna()]
    by = submitted.assign(refused=submitted["decision"] == "refused").groupby("deliverable_id")
    counts = by.agg({"version": "size", "refused": "sum", "delay_days": _known_sum})
    counts = _of(rows, counts)
    first = _of(rows, _one_each(submitted, "first"))
    accepted = _of(rows, _one_each(submitted[is_accepted], "first"))
    pending = _of(rows, _one_each(submitted[is_pending], "last"))
    rows["submissions"] = counts["version"].fillna(0).astype("int64")
    rows["refused"] = counts["refused"].fillna(0).astype("int64")
    for name in ("version", "submitted_on"):
        rows[name] = accepted[name].fillna(pending[name])
    rows["decision"] = accepted["decision"]
    rows["attempts"] = accepted["attempt"].astype("float64")
    undecided = first["decision"].isna() & (rows["submissions"] < 2)
    rows["first_pass"] = (rows["attempts"] == 1).astype("float64").mask(undecided)
    rows["cycle_days"] = _days(accepted["decided_on"] - first["submitted_on"])
    rows["decision_days"] = counts["delay_days"]
    rows["waiting_days"] = pending["waiting_days"]
    rows["reservations"] = _of(rows, _one_each(stated, "last"))["open_reservations"]
    return _judged(rows, today)


def _judged(rows: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Add state and days. The days that the client takes to decide are not the provider's."""
    late = rows["submitted_on"].fillna(today) - rows["due_on"]
    in_time = rows["submitted_on"].notna() & (late <= pd.Timedelta(0))
    decided = rows["decision"].notna()
    rows["state"] = np.select(
        [decided & in_time, decided, in_time, late > pd.Timedelta(0)],
        [ON_TIME, LATE, AWAITING, OVERDUE],
        default=NOT_DUE,
    )
    rows["days"] = _days(late).where(rows["state"].isin(JUDGED))
    return rows.reset_index(drop=True)


def punctuality(states: pd.Series) -> tuple[int, int]:
    """Return how many things are on time, and of how many that can be told: n."""
    return int((states == ON_TIME).sum()), int(states.isin(JUDGED).sum())


def _one_each(rows: pd.DataFrame, keep: str) -> pd.DataFrame:
    return rows.drop_duplicates("deliverable_id", keep=keep).set_index("deliverable_id")


def _of(rows: pd.DataFrame, by_id: pd.DataFrame) -> pd.DataFrame:
    """Return what is known by id, beside each deliverable; nothing is missing of its type."""
    return by_id.reindex(rows["deliverable_id"]).set_axis(rows.index)


def _known_sum(days: pd.Series) -> float:
    return float(days.sum(min_count=1))


def _days(spans: pd.Series) -> pd.Series:
    return spans.dt.days.astype("float64")


def _dates(table: pd.DataFrame, name: str) -> pd.Series:
    return table.get(name, pd.Series(pd.NaT, index=table.index, dtype=DATE))
