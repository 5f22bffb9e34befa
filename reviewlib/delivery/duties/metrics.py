"""Duties of the client: on time or not, and the days of delay attributed to the others (C6)."""

from __future__ import annotations

import pandas as pd

from reviewlib.calendars.dates import dates_of
from reviewlib.calendars.punctuality import LATE, OVERDUE, judged
from reviewlib.delivery.delays.metrics import CAUSE, CLIENT, CONCURRENT, CONTESTED

STATED = ["duty_id", "title", "clause", "kind", "due_on", "done_on", "evidence"]
MISSED = (LATE, OVERDUE)
COSTLY = (CLIENT, CONCURRENT, CONTESTED)
"""The classes of the days that a cause of the client covers, but for those suspended."""
DUTIES = [*STATED, "state", "late", *COSTLY, "causes", "subjects"]
COST = ["cause_id", "duty_id", "kind", "subject", "day", "share"]


def duties(
    table: pd.DataFrame, days: pd.DataFrame, causes: pd.DataFrame | None, today: pd.Timestamp
) -> pd.DataFrame:
    """Judge each duty of the client, and count the days of delay that are attributed to it.

    ``days``: as ``each_day`` returns them. Returns one row per duty, with the columns DUTIES.
    state: as ``judged`` returns it; late: calendar days after its date, as of today where it is not
    done, NaN where it was done on time or is not due; client, concurrent and contested: days of
    delay of these classes that its causes cover, each once, days suspended being none of them;
    causes and subjects: tuples of the ids of what covers them, and of what was late.
    """
    rows = table.reindex(columns=STATED).assign(done_on=dates_of(table, "done_on"))
    rows["state"], late = judged(rows["due_on"], rows["done_on"], today)
    rows["late"] = late.where(rows["state"].isin(MISSED))
    caused = costs(days, causes)
    once = caused.drop_duplicates(["duty_id", "kind", "subject", "day"])
    counts = once.groupby(["duty_id", "share"]).size().unstack(fill_value=0)
    for share in COSTLY:
        rows[share] = rows["duty_id"].map(counts.get(share, {})).fillna(0).astype("int64")
    for name, column in (("causes", CAUSE), ("subjects", "subject")):
        distinct = caused.drop_duplicates(["duty_id", column])
        ids = distinct.groupby("duty_id")[column].agg(tuple).to_dict()
        rows[name] = [ids.get(duty, ()) for duty in rows["duty_id"]]
    return rows[DUTIES].reset_index(drop=True)


def costs(days: pd.DataFrame, causes: pd.DataFrame | None) -> pd.DataFrame:
    """Return the days of delay that causes attribute to duties of the client, once per cause.

    Columns: COST. Causes that are not attributed to the client cost none of its duties anything.
    """
    names = [CAUSE, "duty_id", "attributed_to"]
    of = (pd.DataFrame() if causes is None else causes).reindex(columns=names).astype("str")
    of = of[of["duty_id"].notna() & (of["attributed_to"] == CLIENT)]
    costly = days[days["share"].isin(COSTLY)].explode("causes")
    costly = costly.rename(columns={"causes": CAUSE}).astype({CAUSE: "str"})
    return costly.merge(of[[CAUSE, "duty_id"]], on=CAUSE)[COST]


def doubtful(client_duties: pd.DataFrame, causes: pd.DataFrame | None) -> list[str]:
    """Return the causes that name a duty with which they don't agree.

    ``client_duties``: from ``duties``. The causes are not the client's, or their duty was done in
    time, or was not late yet on their first day.
    """
    names = [CAUSE, "duty_id", "attributed_to", "starts_on"]
    rows = (pd.DataFrame() if causes is None else causes).reindex(columns=names)
    rows = rows.astype({"duty_id": "str", "starts_on": "datetime64[s]"})
    rows = rows.merge(client_duties[["duty_id", "state", "due_on"]], on="duty_id")
    not_missed = ~rows["state"].isin(MISSED)
    others = rows["attributed_to"] != CLIENT
    return list(rows.loc[not_missed | others | (rows["starts_on"] <= rows["due_on"]), CAUSE])


def cost(client_duties: pd.DataFrame, caused: pd.DataFrame) -> pd.Series:
    """Count by class the days of delay attributed to duties not done on time, each day once.

    ``client_duties``: as ``duties`` returns them; ``caused``: as ``costs`` does.
    """
    missed = client_duties.loc[client_duties["state"].isin(MISSED), "duty_id"]
    days = caused[caused["duty_id"].isin(missed)].drop_duplicates(["kind", "subject", "day"])
    return days["share"].value_counts().reindex(list(COSTLY), fill_value=0)
