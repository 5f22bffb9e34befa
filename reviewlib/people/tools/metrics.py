"""Tools in use by month, procedures written and current (H8)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import dates_of
from reviewlib.calendars.day_counts import NONE, end_of
from reviewlib.contract.governance import Procedure

LAST = 3  # months by which a tool is judged
ADOPTED_FROM, UNUSED_UP_TO = 0.5, 0.05
ADOPTED, IN_USE, UNUSED, UNTOLD = "adopted", "in_use", "unused", "untold"
CURRENT, OUTDATED, MISSING, UNDATED = "current", "outdated", "missing", "undated"
MONTHS = ["tool", "month", "active", "people", "exchanges", "all_exchanges", "share"]
TOOLS = ["tool", "months", "month", "active", "people", "share", "best", "state"]
PROCEDURES = [
    "procedure", "title", "documented_on", "reviewed_on", "current_until", "state", "evidence",
]  # fmt: skip


def months(table: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Return the use of each tool by month, up to today. Columns MONTHS.

    share: of the people for whom it is meant, those active; without these numbers, of all
    exchanges, those that went through it; NaN without either.
    """
    rows = table.reindex(columns=MONTHS)
    numbers = rows[MONTHS[2:6]].astype("float64")
    of_people = numbers["active"] / numbers["people"].where(numbers["people"] > 0)
    every = numbers["all_exchanges"].where(numbers["all_exchanges"] > 0)
    rows["share"] = of_people.fillna(numbers["exchanges"] / every)
    rows = rows[rows["month"] <= f"{today:%Y-%m}"]
    return rows.sort_values(["tool", "month"], kind="stable", ignore_index=True)[MONTHS]


def tools(by_month: pd.DataFrame, agreed: tuple[str, ...]) -> pd.DataFrame:
    """Return the tools that were agreed, then the others. Columns TOOLS.

    Of the last month: month, active, people, share; best: the largest share of a month. state, by
    the last three months with a share: adopted: half of the people, or of the exchanges, at least
    in each; unused: a twentieth at most in each; in_use: neither; untold: fewer than three.
    """
    names = [*agreed, *(name for name in by_month["tool"].unique() if name not in agreed)]
    rows = []
    for name in names:
        own = by_month[by_month["tool"] == name]
        shares, last = own["share"].dropna(), own.tail(1)
        latest = {key: last[key].iat[0] if len(last) else None for key in MONTHS[1:4]}
        rows.append({
            "tool": name, "months": len(own), **latest,
            "share": shares.iat[-1] if len(shares) else np.nan,
            "best": shares.max() if len(shares) else np.nan, "state": _state(shares.tail(LAST)),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=TOOLS)


def _state(shares: pd.Series) -> str:
    if len(shares) < LAST:
        return UNTOLD
    if (shares >= ADOPTED_FROM).all():
        return ADOPTED
    return UNUSED if (shares <= UNUSED_UP_TO).all() else IN_USE


def procedures(
    table: pd.DataFrame,
    agreed: Mapping[str, Procedure],
    today: pd.Timestamp,
    holidays: np.ndarray = NONE,
) -> pd.DataFrame:
    """Return the procedures that were agreed, then the others. Columns PROCEDURES.

    current_until: the end of the delay from the last review, or from the day on which it was
    written; state: current, outdated, missing (not written, or not in the table), undated (written;
    the contract does not say for how long it is current).
    """
    rows = table.reindex(columns=["procedure", "title", "evidence"])
    for name in ("documented_on", "reviewed_on"):
        rows[name] = dates_of(table, name)
    rows = rows.set_index("procedure")
    order = [*agreed, *(name for name in rows.index if name not in agreed)]
    rows = rows.reindex(order)
    since = rows["reviewed_on"].fillna(rows["documented_on"])
    rows["current_until"] = pd.Series(pd.NaT, rows.index, dtype="datetime64[s]")
    for name, about in agreed.items():
        if about.current_for is not None:
            until = end_of(about.current_for, since.loc[[name]], holidays)
            rows.loc[[name], "current_until"] = until
    unwritten, until = since.isna(), rows["current_until"]
    conditions = [unwritten, until.isna(), until < today]
    rows["state"] = np.select(conditions, [MISSING, UNDATED, OUTDATED], CURRENT)
    return rows.rename_axis("procedure").reset_index()[PROCEDURES]


def last_measures(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return of some objectives the last measure: objective_id, measured_on, value and source."""
    rows = table[table["objective_id"].isin(names) & table["measured_on"].notna()]
    rows = rows.reindex(columns=["objective_id", "measured_on", "value", "source"])
    rows = rows[rows["value"].notna()].sort_values("measured_on", kind="stable")
    return rows.drop_duplicates("objective_id", keep="last").reset_index(drop=True)
