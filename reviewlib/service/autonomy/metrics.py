"""Ramp-up and autonomy: the steady level of a service level, what needed no client (H9)."""

from __future__ import annotations

import pandas as pd

IN_A_ROW = 3
STEADY, NOT_YET, NEVER = "steady", "not_yet", "never"
LEVELS = ["clause", "priority", "steady_from", "months", "judged", "state"]
SHARES = ["month", "resolved", "alone", "share"]
MINIMUM = 10  # tickets resolved of a month under which its share is not given


def level(points: pd.DataFrame, first: str) -> dict[str, object]:
    """Return from which month a service level is steady.

    ``points``: its months that are over, in order, with value and target; ``first``: the first
    month of the contract. steady_from: the first of three months in a row, of those that have a
    value, that meet the target; months: how many had passed before it; state: steady, never (three
    months or more, none such), not_yet (fewer than three).
    """
    rows = points[points["value"].notna() & points["target"].notna()]
    met = (rows["value"] >= rows["target"]).astype("int64")
    run = met[::-1].rolling(IN_A_ROW).sum()[::-1]  # of a month and the two after it
    reached = rows.loc[run == IN_A_ROW, "month"]
    since = str(reached.iat[0]) if len(reached) else None
    state = STEADY if since else NEVER if len(rows) >= IN_A_ROW else NOT_YET
    passed = _months(first, since) if since else None
    return {"steady_from": since, "months": passed, "judged": len(rows), "state": state}


def _months(first: str, later: str) -> int:
    return int((pd.Period(later, "M") - pd.Period(first, "M")).n)


def alone_by_month(
    resolved: pd.Series, with_client: pd.Index, first: str, last: str
) -> pd.DataFrame:
    """Return, by month of the resolution, how many tickets needed nothing of the client.

    ``resolved``: the local month of the resolution ("2024-01"), by ticket id; ``with_client``: the
    tickets that waited for the client. Columns SHARES; share: NaN under ten tickets.
    """
    own = resolved[(resolved >= first) & (resolved <= last)]
    alone = ~own.index.isin(with_client)
    counts = pd.DataFrame({"month": own, "alone": alone}).groupby("month")["alone"]
    rows = counts.agg(["size", "sum"]).reset_index()
    rows = rows.rename(columns={"size": "resolved", "sum": "alone"})
    rows["share"] = (rows["alone"] / rows["resolved"]).where(rows["resolved"] >= MINIMUM)
    return rows[SHARES]
