"""Deliverables up to acceptance, tacit where the contract says so, and their warranty (C3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.contract import Contract
from reviewlib.days import DayCount, end_of

ACCEPTED = ("accepted", "accepted_with_reservations")
DATE = "datetime64[s]"


def acceptances(submissions: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.DataFrame:
    """Return the deliverables accepted by a day, each once: its first version that was accepted.

    ``submissions``: the table, whole or as known by then (later decisions are left out here).
    Columns: deliverable_id, version, submitted_on, accepted_on (the day of the decision, NaT where
    it bears none; tacit: the last day of the client's delay to decide), tacit (for want of a
    decision within that delay), clause (of the acceptance), warranty_ends_on (NaT: no warranty is
    stated). The terms are those in force on the day of the submission.
    """
    sent = versions(submissions, contract, today)
    found = sent[sent["outcome"].isin(ACCEPTED)].drop_duplicates("deliverable_id")
    found = found.rename(columns={"settled_on": "accepted_on"})
    terms = _terms(found["submitted_on"], contract)
    found["warranty_ends_on"] = _ends(found["accepted_on"], terms, "warranty", contract)
    names = [
        "deliverable_id", "version", "submitted_on", "accepted_on", "tacit", "clause",
        "warranty_ends_on",
    ]  # fmt: skip
    return found[names].reset_index(drop=True)


def versions(submissions: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.DataFrame:
    """Return the versions submitted by a day, in order, with what became of them by then.

    Columns: deliverable_id, version, submitted_on, decided_on, decision (as recorded), attempt (1,
    2, …), clause (of the acceptance, in the terms in force on the day of the submission),
    decide_by (the last day of the client's delay; NaT: none is stated), tacit (accepted, for want
    of a decision by then: not said before that day is over, nor where another version was
    submitted by then), void (decided after that, which changes nothing), replaced (followed by
    another version without any decision), outcome (the decision, or accepted where tacit), settled_on (the day of the
    outcome), delay_days (calendar days up to the decision), client_days (up to the outcome) and
    waiting_days (since the submission of a last version that has no outcome).
    """
    known = submissions[submissions["submitted_on"] <= today]
    known = known.sort_values(["deliverable_id", "submitted_on"], ignore_index=True)
    rows = known.reindex(columns=["deliverable_id", "version", "submitted_on"])
    later = _dates(known, "decided_on") > today
    rows["decided_on"] = _dates(known, "decided_on").mask(later)
    blank = pd.Series(None, index=known.index, dtype="str")
    rows["decision"] = known.get("decision", blank).mask(later)
    rows["attempt"] = rows.groupby("deliverable_id").cumcount() + 1
    rows = _settled(rows, _terms(rows["submitted_on"], contract), contract, today)
    rows["delay_days"] = _days(rows["decided_on"] - rows["submitted_on"])
    rows["client_days"] = _days(rows["settled_on"] - rows["submitted_on"])
    last = ~rows["deliverable_id"].duplicated(keep="last")
    waiting = _days(today - rows["submitted_on"])
    rows["waiting_days"] = waiting.where(last & rows["outcome"].isna() & rows["decided_on"].isna())
    return rows


def _settled(
    rows: pd.DataFrame, terms: pd.Series, contract: Contract, today: pd.Timestamp
) -> pd.DataFrame:
    """Add what the terms make of each version: clause, decide_by … settled_on."""
    stated = [version.acceptance for version in contract.versions]
    clauses = pd.Series([acceptance.clause for acceptance in stated], dtype="str")
    rows["clause"] = terms.map(clauses)
    rows["decide_by"] = end = _ends(rows["submitted_on"], terms, "decision", contract)
    following = rows.groupby("deliverable_id")["submitted_on"].shift(-1)
    undecided = rows["decision"].isna() & rows["decided_on"].isna()
    in_time = ~undecided & ~(rows["decided_on"] > end)
    is_tacit = terms.map(pd.Series([acceptance.tacit for acceptance in stated], dtype="bool"))
    rows["tacit"] = is_tacit & ~in_time & ~(following <= end) & (end < today)
    rows["replaced"] = undecided & ~rows["tacit"] & following.notna()
    rows["void"] = rows["tacit"] & rows["decided_on"].notna()
    rows["outcome"] = rows["decision"].mask(rows["tacit"], "accepted")
    rows["settled_on"] = rows["decided_on"].mask(rows["tacit"], end)
    return rows


def _terms(days: pd.Series, contract: Contract) -> pd.Series:
    """Return for each day the number of the version of the terms in force on it."""
    starts = np.array([a.effective for a in contract.amendments], dtype="datetime64[s]")
    return pd.Series(starts.searchsorted(days, side="right"), index=days.index)


def _ends(start: pd.Series, terms: pd.Series, delay: str, contract: Contract) -> pd.Series:
    """Return the last day of a delay of each row's terms; NaT where they state none."""
    ends = pd.Series(pd.NaT, index=start.index, dtype=DATE)
    for number in terms.unique():
        stated: DayCount | None = getattr(contract.versions[number].acceptance, delay)
        if stated is not None:
            ends = ends.mask(terms == number, end_of(stated, start, contract.days_off))
    return ends


def _days(spans: pd.Series) -> pd.Series:
    return spans.dt.days.astype("float64")


def _dates(table: pd.DataFrame, name: str) -> pd.Series:
    return table.get(name, pd.Series(pd.NaT, index=table.index, dtype=DATE))
