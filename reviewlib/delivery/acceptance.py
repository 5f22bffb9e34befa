"""What was accepted and when, and until when it stands under warranty (A9)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from reviewlib.calendars.dates import DATE
from reviewlib.contract import Contract
from reviewlib.delivery.deliverables.metrics import acceptances
from reviewlib.delivery.terms import delay_ends

MILESTONE, DELIVERABLE, ORDER = "milestone", "deliverable", "order"
IDS = {MILESTONE: "milestone_id", DELIVERABLE: "deliverable_id", ORDER: "order_id"}
ACCEPTED = ["kind", "subject", "accepted_on", "tacit"]
ACCEPTANCE = ["accepted_on", "tacit", "recorded"]


def accepted(
    tables: Mapping[str, pd.DataFrame | None], contract: Contract, today: pd.Timestamp
) -> pd.DataFrame:
    """Return one row per milestone, deliverable and work order whose acceptance is recorded.

    ``tables``: milestones, deliverables, submissions (whole) and work_orders, those that there are.
    Columns: ACCEPTED; accepted_on: NaT where not accepted so far. What comes from a table that
    records no acceptance at all is left out, and so is a deliverable accepted on a day that is not
    stated: that nobody wrote it down does not prove that nothing was accepted.
    """
    parts = (
        _stated(tables.get("milestones"), MILESTONE),
        _decided(tables.get("deliverables"), tables.get("submissions"), contract, today),
        _stated(tables.get("work_orders"), ORDER),
    )
    recorded = [part for part in parts if len(part)]
    if recorded:
        return pd.concat(recorded, ignore_index=True)
    return pd.DataFrame(columns=ACCEPTED).astype({"accepted_on": DATE, "tacit": "bool"})


def _stated(table: pd.DataFrame | None, kind: str) -> pd.DataFrame:
    if table is None or "accepted_on" not in table or table["accepted_on"].isna().all():
        return pd.DataFrame()
    rows = table.rename(columns={IDS[kind]: "subject"}).assign(kind=kind, tacit=False)
    return rows[ACCEPTED].astype({"accepted_on": DATE})


def _decided(
    table: pd.DataFrame | None,
    submissions: pd.DataFrame | None,
    contract: Contract,
    today: pd.Timestamp,
) -> pd.DataFrame:
    if submissions is None:
        return pd.DataFrame()
    first = acceptances(submissions, contract, today)
    decisions = submissions.get("decision", pd.Series(dtype="str"))
    if first.empty and decisions.isna().all():
        return pd.DataFrame()
    ids = [frame["deliverable_id"] for frame in (table, submissions) if frame is not None]
    subject = pd.Series(pd.concat(ids).unique(), name="deliverable_id", dtype="str")
    rows = subject.to_frame().merge(first, on="deliverable_id", how="left")
    undated = rows["version"].notna() & rows["accepted_on"].isna()
    rows = rows.rename(columns={"deliverable_id": "subject"}).assign(
        kind=DELIVERABLE, tacit=_filled(rows["tacit"])
    )
    return rows.loc[~undated, ACCEPTED].astype({"accepted_on": DATE})


def subjects(table: pd.DataFrame) -> pd.DataFrame:
    """Return the kind and the id of what each row of a table is about; missing where of nothing."""
    about = pd.DataFrame({"kind": None, "subject": None}, index=table.index, dtype="str")
    for kind, name in IDS.items():
        if name in table:
            of_kind = about["subject"].isna() & table[name].notna()
            about.loc[of_kind, "kind"] = kind
            about.loc[of_kind, "subject"] = table.loc[of_kind, name]
    return about


def acceptance_of(subject: pd.DataFrame, among: pd.DataFrame) -> pd.DataFrame:
    """Return the acceptance of each subject, in its place, with the columns ACCEPTANCE.

    ``subject``: kind and subject, as ``subjects`` returns them; ``among``: as ``accepted`` returns
    it. ``recorded`` is False where nothing tells whether it was accepted.
    """
    once = among.assign(recorded=True).drop_duplicates(["kind", "subject"])
    rows = subject.merge(once, on=["kind", "subject"], how="left").set_axis(subject.index)
    flags = {name: _filled(rows[name]) for name in ("tacit", "recorded")}
    return rows.assign(**flags)[ACCEPTANCE]


def _filled(flags: pd.Series) -> pd.Series:
    return flags.astype("boolean").fillna(False).astype("bool")


def warranty_ends(accepted_on: pd.Series, contract: Contract) -> pd.Series:
    """Return the last day of the warranty, under the terms in force on the day of acceptance.

    NaT where it was not accepted, or where those terms state no warranty.
    """
    return delay_ends("warranty", accepted_on, contract)
