"""What was accepted and when, and until when it stands under warranty (A9)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from reviewlib.calendars.day_counts import end_of
from reviewlib.contract import Contract
from reviewlib.delivery.deliverables.metrics import acceptances

MILESTONE, DELIVERABLE, ORDER = "milestone", "deliverable", "order"
IDS = {MILESTONE: "milestone_id", DELIVERABLE: "deliverable_id", ORDER: "order_id"}
COLUMNS = ["kind", "subject", "accepted_on", "tacit"]
DATE = "datetime64[s]"


def accepted(
    tables: Mapping[str, pd.DataFrame | None], contract: Contract, today: pd.Timestamp
) -> pd.DataFrame:
    """Return one row per milestone, deliverable and work order whose acceptance is recorded.

    ``tables``: milestones, deliverables, submissions (whole) and work_orders, those that there are.
    Columns: kind, subject, accepted_on (NaT: not accepted so far) and tacit. What comes from a
    table that records no acceptance at all is left out, and so is a deliverable accepted on a day
    that is not stated: that nobody wrote it down does not prove that nothing was accepted.
    """
    parts = (
        _stated(tables.get("milestones"), MILESTONE),
        _decided(tables.get("deliverables"), tables.get("submissions"), contract, today),
        _stated(tables.get("work_orders"), ORDER),
    )
    empty = pd.DataFrame(columns=COLUMNS).astype({"accepted_on": DATE, "tacit": "bool"})
    found = [part for part in parts if len(part)]
    return pd.concat(found, ignore_index=True) if found else empty


def _stated(table: pd.DataFrame | None, kind: str) -> pd.DataFrame:
    if table is None or "accepted_on" not in table or table["accepted_on"].isna().all():
        return pd.DataFrame()
    found = {"kind": kind, "subject": table[IDS[kind]], "accepted_on": table["accepted_on"]}
    return pd.DataFrame(found | {"tacit": False})[COLUMNS].astype({"accepted_on": DATE})


def _decided(
    table: pd.DataFrame | None,
    submissions: pd.DataFrame | None,
    contract: Contract,
    today: pd.Timestamp,
) -> pd.DataFrame:
    if submissions is None:
        return pd.DataFrame()
    known = acceptances(submissions, contract, today)
    told = len(known) or submissions.get("decision", pd.Series(dtype="str")).notna().any()
    if not told:
        return pd.DataFrame()
    ids = [frame["deliverable_id"] for frame in (table, submissions) if frame is not None]
    subject = pd.Series(pd.concat(ids).unique(), name="deliverable_id", dtype="str")
    found = subject.to_frame().merge(known, on="deliverable_id", how="left")
    undated = found["version"].notna() & found["accepted_on"].isna()
    found = found.rename(columns={"deliverable_id": "subject"}).assign(kind=DELIVERABLE)
    found["tacit"] = found["tacit"].astype("boolean").fillna(False).astype("bool")
    return found.loc[~undated, COLUMNS].astype({"accepted_on": DATE})


def subjects(table: pd.DataFrame) -> pd.DataFrame:
    """Return the kind and the id of what each row of a table is about; missing where of nothing."""
    found = pd.DataFrame({"kind": None, "subject": None}, index=table.index, dtype="str")
    for kind, name in IDS.items():
        if name in table:
            mine = found["subject"].isna() & table[name].notna()
            found.loc[mine, "kind"] = kind
            found.loc[mine, "subject"] = table.loc[mine, name]
    return found


def acceptance_of(subject: pd.DataFrame, among: pd.DataFrame) -> pd.DataFrame:
    """Return accepted_on, tacit and recorded of each subject, in its place.

    ``subject``: kind and subject, as ``subjects`` returns them; ``among``: as ``accepted`` returns
    it. ``recorded`` is False where nothing tells whether it was accepted.
    """
    known = among.assign(recorded=True).drop_duplicates(["kind", "subject"])
    found = subject.merge(known, on=["kind", "subject"], how="left").set_axis(subject.index)
    for name in ("tacit", "recorded"):
        found[name] = found[name].astype("boolean").fillna(False).astype("bool")
    return found[["accepted_on", "tacit", "recorded"]]


def versions_on(contract: Contract, days: pd.Series) -> pd.Series:
    """Return for each day the number of the version of the terms then in force; -1 where NaT."""
    starts = np.array([a.effective for a in contract.amendments], dtype="datetime64[s]")
    found = pd.Series(np.searchsorted(starts, days.to_numpy(DATE), "right"), index=days.index)
    return found.where(days.notna(), -1)


def warranty_ends(accepted_on: pd.Series, contract: Contract) -> pd.Series:
    """Return the last day of the warranty, under the terms in force on the day of acceptance.

    NaT where it was not accepted, or where those terms state no warranty.
    """
    ends = pd.Series(pd.NaT, index=accepted_on.index, dtype=DATE)
    version = versions_on(contract, accepted_on)
    for number, terms in enumerate(contract.versions):
        if terms.acceptance.warranty is not None:
            mine = version == number
            ends[mine] = end_of(terms.acceptance.warranty, accepted_on[mine], contract.days_off)
    return ends
