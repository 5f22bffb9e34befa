"""How approved changes made the engagement grow, and what made the needs change (E3, E4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import numpy as np
import pandas as pd

from reviewlib.amounts import total
from reviewlib.contract import Contract
from reviewlib.money.changes.metrics import APPROVED, COLUMNS

TRIGGERS = ("business", "staff", "market", "technology", "regulation", "provider")
PRIORITY, SERVICE_LEVEL = "priority", "service_level"
KINDS = ("scope", "schedule", "budget", "quality", SERVICE_LEVEL, PRIORITY)
LINK_COLUMNS = (*COLUMNS, "signed", "effective", "state")
STEP_COLUMNS = ["date", "ids", "added", "total"]
TRIGGER_COLUMNS = ["trigger", "requests", "approved", "ids", "reordered"]
KIND_COLUMNS = ["kind", "approved", "cost", "ids"]
LED, SIGNED_BEFORE, UNSIGNED = "led", "signed_before", "unsigned"
NOT_APPROVED, UNNAMED = "not_approved", "unnamed"


def steps(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the cost of the approved changes, added up by the day of the decision.

    ``rows``: as ``changes.requests`` returns them. Columns: date, ids (a list), added (that day,
    signed) and total (up to then): exact decimals. Changes that cost nothing, state no cost or no
    day of decision are left out.
    """
    dated = rows[(rows["outcome"] == APPROVED) & rows["decided_on"].notna()]
    priced = dated[dated["cost"].map(bool).astype("bool")]
    steps, reached = [], Decimal(0)
    for day, decided in priced.groupby("decided_on"):
        added = total(decided["cost"])
        reached += added
        steps.append((day, [*decided["change_id"]], added, reached))
    return pd.DataFrame(steps, columns=STEP_COLUMNS)


def linked(rows: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.DataFrame:
    """Return the requests that name an amendment, and those approved on a service level.

    ``LINK_COLUMNS``: those of ``requests``, signed and effective (of the amendment), and state: led
    (to it), signed_before (before the request or its decision), unsigned (on the day of the review,
    though the change is approved), not_approved (though its amendment is signed) or unnamed
    (approved, and no amendment is named).
    """
    level = (rows["kind"] == SERVICE_LEVEL) & (rows["outcome"] == APPROVED)
    linked = rows[rows["amendment"].notna() | level]
    days = {a.id: (a.signed, a.effective) for a in contract.amendments}
    signatures = pd.DataFrame.from_dict(days, orient="index", columns=["signed", "effective"])
    dates = signatures.reindex(linked["amendment"]).set_axis(linked.index).astype("datetime64[s]")
    first = linked[["requested_on", "decided_on"]].max(axis="columns")
    state = np.select(
        [
            linked["amendment"].isna(),
            linked["outcome"] != APPROVED,
            dates["signed"] > today,
            dates["signed"] < first,
        ],
        [UNNAMED, NOT_APPROVED, UNSIGNED, SIGNED_BEFORE],
        default=LED,
    )
    to_come = (dates["signed"] > today) & (linked["outcome"] != APPROVED)
    return linked.assign(**dates, state=state).loc[~to_come, [*LINK_COLUMNS]]


def triggers(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the approved changes by what made the need change; none stated is "".

    Columns: trigger, requests (all of them), approved, ids (of the approved ones) and reordered
    (ids of those that reorder priorities). Triggers of no request are left out.
    """
    counts = []
    for name, triggered in _by(rows, "trigger", TRIGGERS):
        approved = triggered[triggered["outcome"] == APPROVED]
        ids = [*approved["change_id"]]
        reordered = [*approved.loc[approved["kind"] == PRIORITY, "change_id"]]
        counts.append((name, len(triggered), len(ids), ids, reordered))
    return pd.DataFrame(counts, columns=TRIGGER_COLUMNS)


def kinds(approved: pd.DataFrame) -> pd.DataFrame:
    """Return the approved changes by what they are about; none stated is "".

    Columns: kind, approved, cost (exact; None where none of them states one) and ids. Kinds of
    which nothing was approved are left out.
    """
    counts = []
    for name, rows in _by(approved, "kind", KINDS):
        cost = total(rows["cost"]) if rows["cost"].notna().any() else None
        counts.append((name, len(rows), cost, [*rows["change_id"]]))
    return pd.DataFrame(counts, columns=KIND_COLUMNS)


def _by(
    rows: pd.DataFrame, column: str, names: Iterable[str]
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return the rows of each name of a column, in the order of the names, "" (none) the last."""
    values = rows[column].fillna("")
    return ((name, rows[values == name]) for name in (*names, "") if (values == name).any())
