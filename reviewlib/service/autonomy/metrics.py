"""Ramp-up and autonomy: the first run of months at a threshold, what needed no client (H9)."""

from __future__ import annotations

import pandas as pd

IN_A_ROW = 3
FOUND, NOT_YET, NEVER = "found", "not_yet", "never"
LEVELS = ["run_from", "months", "after", "since", "met", "under", "state"]
SHARES = ["month", "resolved", "alone", "share"]
MINIMUM = 10  # tickets resolved of a month under which its share is not given


def level(points: pd.DataFrame, first: str) -> dict[str, object]:
    """Return the first run of months in which a service level met its threshold, and what followed.

    ``points``: its months that are over, in order, with value and target; ``first``: the first
    month of the contract. Keys: LEVELS. run_from: the first of three calendar months in a row that
    meet the target, one without a value breaking the run; months: how many had passed before it;
    after: those with a value that come after these three, a tuple; since: how many they are, of
    which met meet the target; under: the others, a tuple; state: found, never (three months or
    more, no such run), not_yet.
    """
    rows = points[points["value"].notna() & points["target"].notna()]
    met = rows["value"] >= rows["target"]
    places = pd.PeriodIndex(rows.loc[met, "month"], freq="M").astype("int64").to_numpy()
    last = IN_A_ROW - 1
    reached = rows.loc[met, "month"].iloc[: max(len(places) - last, 0)]
    reached = reached[places[last:] - places[:-last] == last]
    begins = str(reached.iat[0]) if len(reached) else None
    after = rows[rows["month"] >= begins].iloc[IN_A_ROW:] if begins else rows[:0]
    under = after.loc[~met[after.index], "month"]
    state = FOUND if begins else NEVER if len(rows) >= IN_A_ROW else NOT_YET
    passed = _months(first, begins) if begins else None
    counts = (tuple(after["month"]), len(after), len(after) - len(under), tuple(under))
    return dict(zip(LEVELS, (begins, passed, *counts, state), strict=True))


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
