"""Milestones against each of their dates, and what approved re-baselines explain (C1, C2, C5)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.dates import DATE, calendar_days, dates_of
from reviewlib.calendars.punctuality import judged
from reviewlib.contract import Contract
from reviewlib.delivery.terms import versions_on

CONTRACT, COUNTS = "contract", "counts"
TOO_LATE, NOT_APPROVED, UNDATED = "too_late", "not_approved", "undated"
REFUSED, WITHDRAWN = "refused", "withdrawn"
MILESTONES = [
    "milestone_id", "title", "clause", "contract_date", "actual_date", "baseline_date", "moved",
    "explained_by", "contract_state", "contract_days", "baseline_state", "baseline_days",
    "explained_days", "unexplained_days", "moved_later", "moved_earlier", "forecast_date",
]  # fmt: skip
BASELINES = ["milestone_id", "change_id", "date", "approved_on", "moves", "days", "verdict"]
ANNOUNCED = {"forecast_date": DATE, "moved_later": "float64", "moved_earlier": "float64"}


def milestones(
    table: pd.DataFrame,
    forecasts: pd.DataFrame | None,
    today: pd.Timestamp,
    changes: pd.DataFrame | None = None,
    contract: Contract | None = None,
) -> pd.DataFrame:
    """Judge each milestone against the contract's date and against the date in force.

    Returns one row per milestone, with the columns MILESTONES. baseline_date: the date in force
    today, that of the last re-baseline that counts, else the contract's; moved: how many count;
    explained_by: their change ids, in order; contract_state and baseline_state: on_time, late,
    overdue (not reached and past), not_due; contract_days and baseline_days: calendar days after
    the date, as of today where not reached, NaN while not due; explained_days: from the contract's
    date to the date in force; unexplained_days: from the date in force on, the same as
    baseline_days, negative where time was gained; forecast_date: the last one announced, NaT once
    reached; moved_later and moved_earlier: times, of what was announced until it was reached, NaN
    without a forecast.
    """
    rows = table.reindex(columns=["milestone_id", "title", "clause", "contract_date"])
    rows["actual_date"] = dates_of(table, "actual_date")
    dated = baselines(table, changes, contract)
    in_force = dated[dated["verdict"].isin([CONTRACT, COUNTS])].groupby("milestone_id")
    ids = rows["milestone_id"]
    rows["baseline_date"] = in_force["date"].last().reindex(ids).array
    rows["moved"] = (in_force.size().reindex(ids) - 1).array
    rows["explained_by"] = _moving(dated, ids)
    for baseline in ("contract", "baseline"):
        state, days = judged(rows[f"{baseline}_date"], rows["actual_date"], today)
        rows[f"{baseline}_state"], rows[f"{baseline}_days"] = state, days
    rows["explained_days"] = calendar_days(rows["baseline_date"] - rows["contract_date"])
    rows["unexplained_days"] = rows["baseline_days"]
    announced = _announced(rows, dated, forecasts).reindex(ids).set_axis(rows.index)
    rows[["moved_later", "moved_earlier"]] = announced[["moved_later", "moved_earlier"]]
    rows["forecast_date"] = announced["forecast_date"].where(rows["actual_date"].isna())
    return rows.reset_index(drop=True)[MILESTONES]


def _moving(dated: pd.DataFrame, ids: pd.Series) -> list[tuple[str, ...]]:
    """Return the changes that moved each milestone, in the order of their approval."""
    moving = dated[(dated["verdict"] == COUNTS) & dated["change_id"].notna()]
    changes = moving.groupby("milestone_id")["change_id"].agg(tuple).to_dict()
    return [changes.get(name, ()) for name in ids]


def baselines(
    table: pd.DataFrame, changes: pd.DataFrame | None = None, contract: Contract | None = None
) -> pd.DataFrame:
    """Return every date that each milestone was given, and whether it counts.

    Columns: milestone_id, change_id (NA: the table of milestones alone states it), date,
    approved_on, moves (the date in force at the approval, which it moves), days (calendar days by
    which it does), verdict. Milestones in their order; of each, the contract's date first, then
    the re-baselines by the day of their approval. One that stands in both tables counts once.

    Verdicts: contract; counts; too_late (approved after the date that it moves, where the terms of
    the ``contract`` in force on the day of the approval do not let it count: by default); undated
    (approved on a day that is not stated); not_approved; refused; withdrawn.
    """
    first = table[["milestone_id"]].assign(date=dates_of(table, "contract_date"))
    every = pd.concat([first, _proposed(table, changes)], ignore_index=True)
    place = pd.Series(range(len(table)), index=table["milestone_id"])
    every["place"] = place.reindex(every["milestone_id"]).array
    every["proposed"] = every.index >= len(first)
    every = every.sort_values(["place", "proposed", "approved_on"], ignore_index=True)
    return _counted(every.assign(late_counts=_late_counts(every["approved_on"], contract)))


def _late_counts(days: pd.Series, contract: Contract | None) -> list[bool]:
    """Return whether a re-baseline approved late on a day counts under the terms then in force."""
    if contract is None:
        return [False] * len(days)
    counts = [terms.change_requests.approved_late == "counts" for terms in contract.versions]
    return [counts[version] for version in versions_on(contract, days)]


def approved_late(baselines: pd.DataFrame) -> pd.DataFrame:
    """Return the re-baselines approved after the date that they move, whether they count or not."""
    late = baselines["approved_on"] > baselines["moves"]
    return baselines[late & baselines["verdict"].isin([COUNTS, TOO_LATE])]


def _proposed(table: pd.DataFrame, changes: pd.DataFrame | None) -> pd.DataFrame:
    """Return the dates proposed in either table, each once, with what was decided of them."""
    stated = table[["milestone_id"]].assign(
        change_id=pd.Series(None, index=table.index, dtype="str"),
        date=dates_of(table, "rebaselined_date"),
        approved_on=dates_of(table, "rebaseline_approved_on"),
        decision="approved",
    )
    stated["decision"] = stated["decision"].where(stated["approved_on"].notna())
    every = stated
    if changes is not None:
        every = pd.concat([_completed(_requested(changes), stated), stated], ignore_index=True)
    every = every[every["date"].notna() & every["milestone_id"].isin(table["milestone_id"])]
    again = every.duplicated(["milestone_id", "date", "approved_on"])
    again |= every["approved_on"].isna() & every.duplicated(["milestone_id", "date"])
    return every[~(again & every["change_id"].isna())]


def _requested(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the changes that move a milestone; only an approval gives them a day."""
    rows = changes.reindex(columns=["milestone_id", "change_id", "decision"]).astype("str")
    approved = rows["decision"] == "approved"
    return rows.assign(
        date=dates_of(changes, "moves_to"),
        approved_on=dates_of(changes, "decided_on").where(approved),
    )


def _completed(requested: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Return the changes, an approval of no day having that of the same date among milestones."""
    keys = ["milestone_id", "date"]
    days = requested[keys].merge(stated, on=keys, how="left")["approved_on"]
    blank = (requested["decision"] == "approved") & requested["approved_on"].isna()
    approved_on = requested["approved_on"].mask(blank, days.set_axis(requested.index))
    return requested.assign(approved_on=approved_on)


def _counted(every: pd.DataFrame) -> pd.DataFrame:
    """Add the date that each re-baseline moves and whether it counts, in the order of approval."""
    in_force: dict[str, pd.Timestamp] = {}
    moved, verdicts = [], []
    for row in every.itertuples():
        before = in_force.get(row.milestone_id, pd.NaT)
        verdict = _verdict(row, before)
        if verdict in (CONTRACT, COUNTS):
            in_force[row.milestone_id] = row.date
        moved.append(before)
        verdicts.append(verdict)
    every["moves"] = pd.Series(moved, index=every.index, dtype=DATE)
    every["days"] = calendar_days(every["date"] - every["moves"])
    return every.assign(verdict=verdicts)[BASELINES]


def _verdict(row: Any, before: pd.Timestamp) -> str:
    if before is pd.NaT:
        return CONTRACT
    if row.decision != "approved":
        return row.decision if row.decision in (REFUSED, WITHDRAWN) else NOT_APPROVED
    if row.approved_on is pd.NaT:
        return UNDATED
    return COUNTS if row.approved_on <= before or row.late_counts else TOO_LATE


def _announced(
    rows: pd.DataFrame, dated: pd.DataFrame, forecasts: pd.DataFrame | None
) -> pd.DataFrame:
    """Return, by milestone id, the last date announced and how often one moved later or earlier.

    The first announcement is compared with the date in force on the day of its report. Those made
    after the milestone was reached are left out.
    """
    if forecasts is None:
        return pd.DataFrame(columns=list(ANNOUNCED)).astype(ANNOUNCED)
    reached = rows.set_index("milestone_id")["actual_date"].reindex(forecasts["milestone_id"])
    earlier = forecasts[~(forecasts["reported_on"].array > reached.array)]
    log = earlier.sort_values(["milestone_id", "reported_on"], ignore_index=True)
    first = log.drop_duplicates("milestone_id")
    before = log.groupby("milestone_id")["forecast_date"].shift()
    before = before.fillna(_in_force(dated, first).reindex(log.index))
    log["moved_later"] = (log["forecast_date"] > before).astype("float64")
    log["moved_earlier"] = (log["forecast_date"] < before).astype("float64")
    announced = log.groupby("milestone_id")
    moves = {"moved_later": "sum", "moved_earlier": "sum"}
    return announced.agg({"forecast_date": "last", **moves})


def _in_force(dated: pd.DataFrame, reports: pd.DataFrame) -> pd.Series:
    """Return the date in force of a milestone on the day of a report, by the report's index."""
    counting = dated[dated["verdict"].isin([CONTRACT, COUNTS])]
    days = reports[["milestone_id", "reported_on"]].reset_index().merge(counting, on="milestone_id")
    approved = days[~(days["approved_on"] > days["reported_on"])]
    return approved.groupby("index")["date"].last()
