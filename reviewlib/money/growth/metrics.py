"""How approved changes made the engagement grow, and what made the needs change (E3, E4)."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from reviewlib.amounts import total
from reviewlib.contract import Contract
from reviewlib.money.changes.metrics import APPROVED

TRIGGERS = ("business", "staff", "market", "technology", "regulation", "provider")
PRIORITY, SERVICE_LEVEL = "priority", "service_level"
LED, SIGNED_BEFORE, UNSIGNED = "led", "signed_before", "unsigned"
NOT_APPROVED, UNNAMED = "not_approved", "unnamed"


def steps(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the cost of the approved changes, added up by the day of the decision.

    ``rows``: as ``changes.requests`` returns them. Columns: date, ids (a list), added (that day,
    signed) and total (up to then): exact decimals. Changes that cost nothing, state no cost or no
    day of decision are left out.
    """
    known = rows[(rows["outcome"] == APPROVED) & rows["decided_on"].notna()]
    known = known[known["cost"].map(bool).astype("bool")]
    found, reached = [], Decimal(0)
    for day, mine in known.groupby("decided_on"):
        added = total(mine["cost"])
        reached += added
        found.append({"date": day, "ids": [*mine["change_id"]], "added": added, "total": reached})
    return pd.DataFrame(found, columns=["date", "ids", "added", "total"])


def linked(rows: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.DataFrame:
    """Return the requests that name an amendment, and those approved on a service level.

    Columns: those of ``requests``, signed and effective (of the amendment) and state: led (to it),
    signed_before (before the request or its decision), unsigned (on the day of the review, though
    the change is approved), not_approved (though its amendment is signed) or unnamed (approved, and
    no amendment is named).
    """
    level = (rows["kind"] == SERVICE_LEVEL) & (rows["outcome"] == APPROVED)
    mine = rows[rows["amendment"].notna() | level]
    days = {each.id: (each.signed, each.effective) for each in contract.amendments}
    known = pd.DataFrame.from_dict(days, orient="index", columns=["signed", "effective"])
    dates = known.reindex(mine["amendment"]).set_axis(mine.index).astype("datetime64[s]")
    first = mine[["requested_on", "decided_on"]].max(axis="columns")
    state = np.select(
        [
            mine["amendment"].isna(),
            mine["outcome"] != APPROVED,
            dates["signed"] > today,
            dates["signed"] < first,
        ],
        [UNNAMED, NOT_APPROVED, UNSIGNED, SIGNED_BEFORE],
        default=LED,
    )
    to_come = (dates["signed"] > today) & (mine["outcome"] != APPROVED)
    return mine.assign(**dates, state=state)[~to_come]


def triggers(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the approved changes by what made the need change; none stated is "".

    Columns: trigger, requests (all of them), approved, ids (of the approved ones) and reordered
    (ids of those that reorder priorities).
    """
    by = rows["trigger"].fillna("")
    found = []
    for name in (*TRIGGERS, ""):
        mine = rows[by == name]
        approved = mine[mine["outcome"] == APPROVED]
        ids = [*approved["change_id"]]
        reordered = [*approved.loc[approved["kind"] == PRIORITY, "change_id"]]
        found.append((name, len(mine), len(ids), ids, reordered))
    columns = ["trigger", "requests", "approved", "ids", "reordered"]
    return pd.DataFrame(found, columns=columns)
