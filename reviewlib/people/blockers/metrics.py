"""Blocking points: options proposed, analysed together, days to resolve, days of delay (H7)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import calendar_days, dates_of, each_day_of
from reviewlib.calendars.day_counts import NONE, end_of
from reviewlib.calendars.punctuality import LATE, NOT_DUE, ON_TIME, OVERDUE, judged
from reviewlib.contract.governance import BlockerRule

TEXTS = [
    "blocker_id", "title", "raised_by", "options", "options_by", "together", "milestone_id",
    "deliverable_id", "cause_id", "evidence",
]  # fmt: skip
BLOCKERS = [
    *TEXTS, "raised_on", "analysed_on", "resolved_on", "days", "is_open", "analysis", "few",
    "delay_days", "shared_days", "attributed_to", "contested",
]  # fmt: skip
ALONE = "alone"
"""Analysed, but not by both sides together."""
UNTOLD = "untold"
"""Analysed, and the table does not say whether together."""
SUBJECTS = ["milestone_id", "deliverable_id"]
MISSED = (LATE, OVERDUE, ALONE)


def blockers(
    table: pd.DataFrame,
    causes: pd.DataFrame | None,
    rule: BlockerRule | None,
    today: pd.Timestamp,
    holidays: np.ndarray = NONE,
) -> pd.DataFrame:
    """Return the blocking points, oldest first.

    Columns BLOCKERS. days: calendar days until it was resolved, or to today (is_open); analysis: of
    the joint analysis against the delay of the contract: on_time, late, overdue, not_due, alone or
    untold, NA without a delay or a column of analyses; few: fewer options than the contract asks
    for, NA where either is not stated; delay_days: calendar days of the cause that it is, both
    its days counted, up to today, NaN without one; shared_days: those of them that ``days_covered``
    tells to be shared; attributed_to, contested: of that cause.
    """
    rows = table.reindex(columns=TEXTS)
    for name in ("raised_on", "analysed_on", "resolved_on"):
        rows[name] = dates_of(table, name)
    rows["is_open"] = rows["resolved_on"].isna()
    rows["days"] = calendar_days(rows["resolved_on"].fillna(today) - rows["raised_on"])
    analysis = _analysis(rows, rule, today, holidays)
    rows["analysis"] = analysis if "analysed_on" in table else analysis.where(analysis.isna())
    least = rule.options if rule else None
    few = rows["options"].astype("Int64") < (least or 0)
    rows["few"] = few if least else pd.Series(pd.NA, rows.index, dtype="boolean")
    about = _causes(causes, today)
    rows["delay_days"] = rows["cause_id"].map(_days(about)).astype("float64")
    shared = days_covered(rows, causes, today).groupby("cause_id")["shared"].sum()
    rows["shared_days"] = rows["cause_id"].map(shared).fillna(0).astype("int64")
    for name in ("attributed_to", "contested"):
        rows[name] = rows["cause_id"].map(about[name])
    return rows.sort_values("raised_on", kind="stable", ignore_index=True)[BLOCKERS]


def _analysis(
    rows: pd.DataFrame, rule: BlockerRule | None, today: pd.Timestamp, holidays: np.ndarray
) -> pd.Series:
    if rule is None or rule.within is None:
        return pd.Series(None, rows.index, dtype="str")
    due = end_of(rule.within, rows["raised_on"], holidays)
    # what was resolved without an analysis needed none from then on
    state = judged(due, rows["analysed_on"], today)[0]
    without = rows["analysed_on"].isna() & (rows["resolved_on"] <= due)
    together = rows["together"].astype("boolean")
    done = rows["analysed_on"].notna()
    alone = done & together.eq(False).fillna(False).astype("bool")
    state = state.mask(done & together.isna(), UNTOLD).mask(alone, ALONE)
    return state.mask(without, NOT_DUE)


def _causes(causes: pd.DataFrame | None, today: pd.Timestamp) -> pd.DataFrame:
    """Return by cause its days up to today, first and last, and to whom it is attributed."""
    if causes is None:
        causes = pd.DataFrame(columns=["cause_id"])
    rows = causes.drop_duplicates("cause_id").set_index("cause_id")
    last = dates_of(rows, "ends_on")
    days = {"first": dates_of(rows, "starts_on"), "last": last.where(last < today, today)}
    return rows.reindex(columns=[*SUBJECTS, "attributed_to", "contested"]).assign(**days)


def _days(causes: pd.DataFrame) -> pd.Series:
    return (calendar_days(causes["last"] - causes["first"]) + 1).clip(lower=0)


def days_covered(
    rows: pd.DataFrame, causes: pd.DataFrame | None, today: pd.Timestamp
) -> pd.DataFrame:
    """Return every day of the causes that blocking points are: cause_id, day, who, shared.

    shared: a cause of another party, about the same milestone or deliverable, covers it as well.
    """
    about = _causes(causes, today)
    about["who"] = about["attributed_to"].astype("object")
    every = each_day_of(about, _days(about).fillna(0).astype("int64"))
    every = every.reset_index(names="cause_id")
    places = every.reset_index().melt(["index", "day", "who"], SUBJECTS, "of", "id")
    places = places.dropna(subset="id")
    parties = places.groupby(["of", "id", "day"])["who"].transform("nunique")
    shared = every.index.isin(places.loc[parties > 1, "index"])
    own = every.assign(shared=shared)[every["cause_id"].isin(rows["cause_id"])]
    return own[["cause_id", "day", "who", "shared"]]


def days_by_party(covered: pd.DataFrame) -> pd.DataFrame:
    """Return how many of the days that causes cover are of one party alone, and how many shared.

    ``covered``: as ``days_covered`` returns it. Columns: who (NA: shared), n; each day once.
    """
    by_day = covered.groupby("day").agg(
        who=("who", "first"), parties=("who", "nunique"), shared=("shared", "any")
    )
    who = by_day["who"].mask(by_day["shared"] | (by_day["parties"] > 1))
    return who.value_counts(dropna=False, sort=False).rename("n").rename_axis("who").reset_index()


def well_resolved(rows: pd.DataFrame) -> pd.Series:
    """Tell which were resolved, analysed together in time and with enough options."""
    enough = ~rows["few"].fillna(False).astype("bool")
    return ~rows["is_open"] & (rows["analysis"] == ON_TIME) & enough
