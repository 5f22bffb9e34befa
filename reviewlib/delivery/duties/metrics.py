"""Duties of the client: kept or not, and the days of delay put down to those that were not (C6)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.delivery.delays.metrics import CAUSE, CLIENT, CONCURRENT, CONTESTED

STATED = ["duty_id", "title", "clause", "kind", "due_on", "done_on", "evidence"]
KEPT, LATE, NOT_DONE, NOT_DUE = "kept", "late", "not_done", "not_due"
COST = ["cause_id", "duty_id", "kind", "subject", "day", "share"]
NOT_KEPT = (LATE, NOT_DONE)
COSTLY = (CLIENT, CONCURRENT, CONTESTED)
"""The classes of the days that a cause of the client covers, but for those suspended."""


def duties(
    table: pd.DataFrame, days: pd.DataFrame, causes: pd.DataFrame | None, today: pd.Timestamp
) -> pd.DataFrame:
    """Judge each duty of the client, and count the days of delay that are put down to it.

    ``days``: as ``days_of_delay`` returns them. Returns one row per duty, with the columns STATED
    and state (kept, late; not_done: past its date; not_due), late (days after its date, as of today
    where it is not done; NaN where it is kept or not due), client, concurrent and contested (days
    of delay of these classes that its causes cover, each once; days suspended are none of them),
    causes and subjects (tuples of the ids of what covers them, and of what was late).
    """
    rows = table.reindex(columns=STATED).astype({"done_on": "datetime64[s]"})
    past = (rows["done_on"].fillna(today) - rows["due_on"]).dt.days
    done, late = rows["done_on"].notna(), past > 0
    rows["state"] = np.select([done & ~late, done, late], [KEPT, LATE, NOT_DONE], NOT_DUE)
    rows["late"] = past.astype("float64").where(rows["state"].isin(NOT_KEPT))
    caused = costs(days, causes)
    once = caused.drop_duplicates(["duty_id", "kind", "subject", "day"])
    counts = once.groupby(["duty_id", "share"]).size().unstack(fill_value=0)
    for share in COSTLY:
        rows[share] = rows["duty_id"].map(counts.get(share, {})).fillna(0).astype("int64")
    for name, column in (("causes", CAUSE), ("subjects", "subject")):
        distinct = caused.drop_duplicates(["duty_id", column])
        ids = distinct.groupby("duty_id")[column].agg(tuple).to_dict()
        rows[name] = [ids.get(duty, ()) for duty in rows["duty_id"]]
    return rows.reset_index(drop=True)


def costs(days: pd.DataFrame, causes: pd.DataFrame | None) -> pd.DataFrame:
    """Return the days of delay that causes put down to duties of the client, once per cause.

    Columns: COST. Causes that are not the client's are no
    duty of its.
    """
    names = [CAUSE, "duty_id", "attributed_to"]
    of = (pd.DataFrame() if causes is None else causes).reindex(columns=names).astype("str")
    of = of[of["duty_id"].notna() & (of["attributed_to"] == CLIENT)]
    costly = days[days["share"].isin(COSTLY)].explode("causes")
    costly = costly.rename(columns={"causes": CAUSE}).astype({CAUSE: "str"})
    return costly.merge(of[[CAUSE, "duty_id"]], on=CAUSE)[COST]


def doubtful(judged: pd.DataFrame, causes: pd.DataFrame | None) -> list[str]:
    """Return the causes that name a duty with which they don't agree. ``judged``: from ``duties``.

    They are not the client's, or their duty was kept, or was not late yet on their first day.
    """
    names = [CAUSE, "duty_id", "attributed_to", "starts_on"]
    rows = (pd.DataFrame() if causes is None else causes).reindex(columns=names)
    rows = rows.astype({"duty_id": "str", "starts_on": "datetime64[s]"})
    rows = rows.merge(judged[["duty_id", "state", "due_on"]], on="duty_id")
    kept = ~rows["state"].isin(NOT_KEPT)
    against = kept | (rows["attributed_to"] != CLIENT) | (rows["starts_on"] <= rows["due_on"])
    return list(rows.loc[against, CAUSE])


def done_in_time(judged: pd.DataFrame) -> tuple[int, int]:
    """Return how many duties were done in time, and of how many that have come due: n."""
    return int((judged["state"] == KEPT).sum()), int((judged["state"] != NOT_DUE).sum())


def cost(judged: pd.DataFrame, caused: pd.DataFrame) -> pd.Series:
    """Count by class the days of delay put down to duties that were not kept, each day once.

    ``judged``: as ``duties`` returns them; ``caused``: as ``costs`` does.
    """
    missed = judged.loc[judged["state"].isin(NOT_KEPT), "duty_id"]
    days = caused[caused["duty_id"].isin(missed)].drop_duplicates(["kind", "subject", "day"])
    return days["share"].value_counts().reindex(list(COSTLY), fill_value=0)
