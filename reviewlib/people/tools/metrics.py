"""Tools in use by month, procedures written and current (H8)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import dates_of, last_month_over
from reviewlib.calendars.day_counts import NONE, end_of
from reviewlib.contract.governance import Procedure

LAST = 3  # months by which a tool is judged
ADOPTED_FROM, UNUSED_UP_TO = 0.5, 0.05
ADOPTED, IN_USE, UNUSED, UNTOLD = "adopted", "in_use", "unused", "untold"
CURRENT, OUTDATED, MISSING, UNDATED = "current", "outdated", "missing", "undated"
UNRECORDED = "unrecorded"
MONTHS = [
    "tool", "month", "active", "people", "exchanges", "all_exchanges", "share", "k", "of",
    "of_people", "excess",
]  # fmt: skip
TOOLS = [
    "tool", "months", "month", "active", "people", "of_people", "k", "of", "share", "best_k",
    "best_of", "state",
]  # fmt: skip
PROCEDURES = [
    "procedure", "title", "documented_on", "reviewed_on", "current_until", "state", "evidence",
]  # fmt: skip


def months(table: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Return the use of each tool by month, of the months that are over. Columns MONTHS.

    k, of: of the people for whom it is meant, those active (of_people); without these numbers, of
    all exchanges, those that went through it; NaN without either. share: of both, NaN where k is
    more than there are (excess).
    """
    rows = table.reindex(columns=MONTHS)
    numbers = rows[MONTHS[2:6]].astype("float64")
    every = numbers[["people", "all_exchanges"]].where(lambda values: values > 0)
    is_of_people = numbers["active"].notna() & every["people"].notna()
    rows["k"] = numbers["active"].where(is_of_people, numbers["exchanges"])
    rows["of"] = every["people"].where(is_of_people, every["all_exchanges"])
    rows["of_people"], rows["excess"] = is_of_people, rows["k"] > rows["of"]
    rows["share"] = (rows["k"] / rows["of"]).where(~rows["excess"])
    rows = rows.astype({"k": "Int64", "of": "Int64"})
    rows = rows[rows["month"] <= last_month_over(today)]
    return rows.sort_values(["tool", "month"], kind="stable", ignore_index=True)[MONTHS]


def tools(by_month: pd.DataFrame, agreed: tuple[str, ...]) -> pd.DataFrame:
    """Return the tools that were agreed, then the others. Columns TOOLS.

    Of the last month with a share: month, active and people (where it is of these), k, of and
    share; best_k, best_of: of the month with the largest share of the same kind. state, by the last
    three months with a share: adopted: half of the people, or of the exchanges, at least in each;
    unused: a twentieth at most in each; in_use: neither; untold: fewer than three.
    """
    counted = by_month[by_month["share"].notna()]
    last = counted.drop_duplicates("tool", keep="last").set_index("tool")
    alike = counted[counted["of_people"] == counted["tool"].map(last["of_people"])]
    best = alike.sort_values("share", ascending=False, kind="stable").drop_duplicates("tool")
    best = best.set_index("tool")[["k", "of"]].add_prefix("best_")
    lately = counted.groupby("tool").tail(LAST).groupby("tool")["share"]
    names = pd.Series([*agreed, *by_month["tool"]], dtype="str").unique()
    rows = last.join(best).reindex(names).rename_axis("tool")
    rows[["active", "people"]] = rows[["active", "people"]].where(rows["of_people"].eq(True))
    rows["months"] = by_month["tool"].value_counts().reindex(names).fillna(0).astype("int64")
    judged = lately.size().reindex(names) >= LAST
    conditions = [~judged, lately.min().reindex(names) >= ADOPTED_FROM]
    conditions.append(lately.max().reindex(names) <= UNUSED_UP_TO)
    rows["state"] = np.select(conditions, [UNTOLD, ADOPTED, UNUSED], IN_USE)
    return rows.reset_index()[TOOLS]


def procedures(
    table: pd.DataFrame,
    agreed: Mapping[str, Procedure],
    today: pd.Timestamp,
    holidays: np.ndarray = NONE,
) -> pd.DataFrame:
    """Return the procedures that were agreed, then the others. Columns PROCEDURES.

    current_until: the end of the delay from the last review, or from the day on which it was
    written; state: current, outdated, missing (without any such day), unrecorded (not in the
    table), undated (written; the contract does not say for how long it is current).
    """
    rows = table.reindex(columns=["procedure", "title", "evidence"])
    for name in ("documented_on", "reviewed_on"):
        rows[name] = dates_of(table, name)
    rows = rows.set_index("procedure").assign(recorded=True)
    order = [*agreed, *(name for name in rows.index if name not in agreed)]
    rows = rows.reindex(order)
    since = rows["reviewed_on"].fillna(rows["documented_on"])
    rows["current_until"] = pd.Series(pd.NaT, rows.index, dtype="datetime64[s]")
    for name, about in agreed.items():
        if about.current_for is not None:
            until = end_of(about.current_for, since.loc[[name]], holidays)
            rows.loc[[name], "current_until"] = until
    unwritten, until = since.isna(), rows["current_until"]
    conditions = [rows["recorded"].isna(), unwritten, until.isna(), until < today]
    rows["state"] = np.select(conditions, [UNRECORDED, MISSING, UNDATED, OUTDATED], CURRENT)
    return rows.rename_axis("procedure").reset_index()[PROCEDURES]


def last_measures(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return of some objectives the last measure: objective_id, measured_on, value and source."""
    rows = table[table["objective_id"].isin(names) & table["measured_on"].notna()]
    rows = rows.reindex(columns=["objective_id", "measured_on", "value", "source"])
    rows = rows[rows["value"].notna()].sort_values("measured_on", kind="stable")
    return rows.drop_duplicates("objective_id", keep="last").reset_index(drop=True)
