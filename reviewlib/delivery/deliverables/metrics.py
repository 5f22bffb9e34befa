"""Deliverables up to acceptance, tacit where the contract says so, and their warranty (C3)."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import calendar_days, dates_of
from reviewlib.calendars.punctuality import AWAITING, JUDGED, LATE, ON_TIME, OVERDUE, judged
from reviewlib.contract import Contract
from reviewlib.delivery.deliverables.excused import DECISION, WAITING, excused, unknown_waits
from reviewlib.delivery.terms import delay_ends, versions_on

ACCEPTED = ("accepted", "accepted_with_reservations")
TACIT, REPLACED = "tacit", "replaced"
ENDED, SOON, RUNNING = "ended", "soon", "running"
NOT_ASSESSED = "not_assessed"
DAYS_SOON = 90  # within which a warranty runs out soon
ACCEPTANCES = [
    "deliverable_id", "version", "submitted_on", "accepted_on", "tacit", "clause",
    "warranty_ends_on",
]  # fmt: skip
DELIVERABLES = [
    "deliverable_id", "title", "clause", "due_on", "milestone_id", "submissions", "refused",
    "version", "submitted_on", "outcome", "accepted_on", "tacit", "attempts", "first_pass",
    "cycle_days", "client_days", "waiting_days", "decide_by", "silence", "acceptance",
    "reservations", "age", "warranty_ends_on", "warranty_days", "warranty", "state", "after_days",
    "decision_days", "milestone_days", "days", "counts", "decided_on", "decision",
]  # fmt: skip
VERSIONS = [
    "deliverable_id", "version", "submitted_on", "decided_on", "decision", "attempt", "clause",
    "decide_by", "in_time", "silence", "tacit", "replaced", "void", "outcome", "settled_on",
    "delay_days", "client_days", "waiting_days", "late_days", "open_reservations", "counts",
]  # fmt: skip


def acceptances(submissions: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.DataFrame:
    """Return the deliverables accepted by a day, each once: its first version that was accepted.

    ``submissions``: the table, whole or as known by then (later decisions are left out here).
    Columns: ACCEPTANCES. accepted_on: the day of the decision, NaT where it bears none; where it is
    tacit, for want of a decision within the client's delay to decide, the last day of that delay;
    clause: of the acceptance; warranty_ends_on: NaT where no warranty is stated. The terms are
    those in force on the day of the submission; for the warranty, on that of the acceptance.
    """
    return accepted(versions(submissions, contract, today), contract)


def accepted(sent: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return what ``acceptances`` does, from the versions that ``versions`` returns."""
    first = sent[sent["outcome"].isin(ACCEPTED)].drop_duplicates("deliverable_id")
    first = first.rename(columns={"settled_on": "accepted_on"})
    first["warranty_ends_on"] = delay_ends("warranty", first["accepted_on"], contract)
    return first[ACCEPTANCES].reset_index(drop=True)


def deliverables(
    table: pd.DataFrame,
    sent: pd.DataFrame,
    contract: Contract,
    today: pd.Timestamp,
    reached: pd.Series | None = None,
) -> pd.DataFrame:
    """Judge each deliverable by the submission date of the version that was accepted.

    ``sent``: what ``versions`` returns; ``reached``: by milestone, the day on which it was reached.
    Returns one row per deliverable, with the columns DELIVERABLES. submissions and refused: counts;
    version and submitted_on: of the accepted version, else of the one that awaits its decision;
    acceptance: the clause of that; attempts: submissions up to the accepted one; first_pass: 1, 0,
    NaN without a decision yet; cycle_days: first submission to acceptance; client_days: of these,
    the days between a submission and its outcome, each day once; waiting_days, decide_by and
    silence: of a version that awaits its decision; reservations: open, the last count stated, and
    their age in days; warranty_days: left, negative since its end; warranty: ended, soon (it ends
    within DAYS_SOON), running, missing where none is stated; after_days: after the due date, NaN
    before it or while awaiting; of these, decision_days and milestone_days: those that are no
    lateness (see ``excused``); days: those that are left; counts: of the accepted version, as
    ``versions`` returns it; decided_on and decision: of a decision that came after the client's
    silence had accepted a version.

    States, by days: on_time, late, awaiting (submitted in time, not decided), overdue (past its
    date, and nothing that could be accepted was submitted in time), not_due; not_assessed: after
    its date, while nothing says for how long the milestone that it needs was not reached.
    """
    return with_excused(table, sent, contract, today, reached)[0]


def with_excused(
    table: pd.DataFrame,
    sent: pd.DataFrame,
    contract: Contract,
    today: pd.Timestamp,
    reached: pd.Series | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the deliverables, judged, and the spans of their days that are no lateness."""
    rows = table.reindex(columns=["deliverable_id", "title", "clause", "due_on", "milestone_id"])
    by = sent.assign(refused=sent["outcome"] == "refused").groupby("deliverable_id")
    counts = _of(rows, by.agg({"version": "size", "refused": "sum"}))
    rows["submissions"] = counts["version"].fillna(0).astype("int64")
    rows["refused"] = counts["refused"].fillna(0).astype("int64")
    first = _of(rows, sent.drop_duplicates("deliverable_id"))
    done = _of(rows, sent[sent["outcome"].isin(ACCEPTED)].drop_duplicates("deliverable_id"))
    pending = _of(rows, sent[sent["waiting_days"].notna()])
    for name in ("version", "submitted_on"):
        rows[name] = done[name].fillna(pending[name])
    rows["outcome"], rows["accepted_on"] = done["outcome"], done["settled_on"]
    rows["tacit"] = done["tacit"].fillna(False).astype("bool")
    rows["attempts"] = done["attempt"].astype("float64")
    undecided = first["outcome"].isna() & (rows["submissions"] < 2)
    rows["first_pass"] = (rows["attempts"] == 1).astype("float64").mask(undecided)
    rows["cycle_days"] = calendar_days(done["settled_on"] - first["submitted_on"])
    rows["client_days"] = _of(rows, _with_client(sent))["client_days"]
    rows["counts"] = done["counts"]
    for name in ("waiting_days", "decide_by", "silence"):
        rows[name] = pending[name]
    void = _of(rows, sent[sent["void"]].drop_duplicates("deliverable_id"))
    rows[["decided_on", "decision"]] = void[["decided_on", "decision"]]
    rows["acceptance"] = done["clause"].fillna(pending["clause"])
    rows = _after(rows, sent, contract, today)
    spans = excused(rows, sent, reached, contract, today)
    for name, share in (("decision_days", DECISION), ("milestone_days", WAITING)):
        of_share = spans[spans["share"] == share].groupby("deliverable_id")["days"].sum()
        rows[name] = rows["deliverable_id"].map(of_share).fillna(0).astype("int64")
    return _judged(rows, today, unknown_waits(rows, reached, contract))[DELIVERABLES], spans


def reported(table: pd.DataFrame) -> pd.DataFrame:
    """Return the deliverables with something to say, the latest first; ``table``: ``deliverables``.

    That is: refused, late, overdue, not assessed, awaiting a decision, accepted tacitly or with
    open reservations. Columns: DELIVERABLES and concern, whether it is one.
    """
    concern = table["state"].isin([LATE, OVERDUE]) | (table["refused"] > 0)
    concern |= table["reservations"] > 0
    unknown = table["state"] == NOT_ASSESSED
    chosen = table.assign(concern=concern)[
        concern | table["waiting_days"].notna() | table["tacit"] | unknown
    ]
    return chosen.sort_values("days", ascending=False, kind="stable")


def _with_client(sent: pd.DataFrame) -> pd.DataFrame:
    """Return client_days by deliverable: the union of the client's spans up to the acceptance."""
    ids, start, end = sent["deliverable_id"], sent["submitted_on"], sent["settled_on"]
    until = end.where(sent["outcome"].isin(ACCEPTED)).groupby(ids).transform("min")
    end = end.where(~(end > until), until)
    past = end.groupby(ids).cummax().groupby(ids).ffill().groupby(ids).shift()
    days = calendar_days(end - start.where(~(past > start), past)).clip(lower=0)
    return days.groupby(ids).sum(min_count=1).rename("client_days").reset_index()


def _after(
    rows: pd.DataFrame, sent: pd.DataFrame, contract: Contract, today: pd.Timestamp
) -> pd.DataFrame:
    """Add what follows the acceptance: reservations still open, and the warranty."""
    stated = sent[sent["outcome"].isin(ACCEPTED) & sent["open_reservations"].notna()]
    stated = _of(rows, stated.drop_duplicates("deliverable_id", keep="last"))
    rows["reservations"] = stated["open_reservations"]
    rows["age"] = calendar_days(today - stated["settled_on"]).where(stated["open_reservations"] > 0)
    rows["warranty_ends_on"] = _of(rows, accepted(sent, contract))["warranty_ends_on"]
    left = rows["warranty_days"] = calendar_days(rows["warranty_ends_on"] - today)
    warranty = np.select([left < 0, left <= DAYS_SOON], [ENDED, SOON], RUNNING)
    rows["warranty"] = pd.Series(warranty, rows.index, dtype="str").where(left.notna())
    return rows


def _judged(rows: pd.DataFrame, today: pd.Timestamp, unknown: pd.Series) -> pd.DataFrame:
    """Add state, days and after_days. ``unknown``: as ``unknown_waits`` returns it."""
    apart = rows["decision_days"] + rows["milestone_days"]
    held_to = rows["due_on"] + pd.to_timedelta(apart, unit="D")
    state, days = judged(held_to, rows["submitted_on"], today)
    undecided = state.replace({ON_TIME: AWAITING, LATE: OVERDUE})
    rows["state"] = state.where(rows["outcome"].notna(), undecided)
    unknown &= rows["state"].isin([LATE, OVERDUE])
    rows["state"] = rows["state"].mask(unknown, NOT_ASSESSED)
    rows["days"] = days.where(rows["state"].isin(JUDGED))
    after = calendar_days(rows["submitted_on"].fillna(today) - rows["due_on"])
    rows["after_days"] = after.where(rows["days"].notna() | (apart > 0) | unknown)
    return rows.reset_index(drop=True)


def versions(submissions: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.DataFrame:
    """Return the versions submitted by a day, in order, with what became of them by then.

    Columns: VERSIONS. decision: as recorded; attempt: 1, 2, …; clause: of the acceptance, in the
    terms in force on the day of the submission; decide_by: the last day of the client's delay, NaT
    where none is stated; silence: whether it accepts under these terms; in_time: 1 decided by then,
    0 not, NaN where there is no such day, it is not over, the version was replaced by then or its
    decision bears no date; tacit: accepted, for want of a decision by then, which is not said
    before that day is over, nor where another version was submitted by then; void: decided after
    that, which changes nothing; replaced: followed by another version without any decision;
    outcome: the decision, or accepted where tacit; settled_on: the day of the outcome; delay_days:
    calendar days up to the decision; client_days: up to the outcome; late_days: from decide_by to
    the decision, or to today where it is still awaited; waiting_days: since the submission of a
    last version that has no outcome; open_reservations: NaN where how many is not stated, or they
    were lifted later; counts: the outcome, tacit where silence accepted it, else replaced, awaiting
    a decision, or missing where a decision has a day and is not stated.
    """
    log = submissions[submissions["submitted_on"] <= today]
    log = log.assign(turn=_turns(log["version"]))
    log = log.sort_values(["deliverable_id", "submitted_on", "turn"], ignore_index=True)
    rows = log.reindex(columns=["deliverable_id", "version", "submitted_on"])
    later = dates_of(log, "decided_on") > today
    rows["decided_on"] = dates_of(log, "decided_on").mask(later)
    blank = pd.Series(None, index=log.index, dtype="str")
    rows["decision"] = log.get("decision", blank).mask(later)
    rows["attempt"] = rows.groupby("deliverable_id").cumcount() + 1
    rows = _settled(rows, contract, today)
    rows["delay_days"] = calendar_days(rows["decided_on"] - rows["submitted_on"])
    rows["client_days"] = calendar_days(rows["settled_on"] - rows["submitted_on"])
    last = ~rows["deliverable_id"].duplicated(keep="last")
    waiting = calendar_days(today - rows["submitted_on"])
    rows["waiting_days"] = waiting.where(last & rows["outcome"].isna() & rows["decided_on"].isna())
    over = rows["tacit"] | rows["replaced"]
    until = rows["decided_on"].fillna(today).mask(over & rows["decided_on"].isna())
    rows["late_days"] = calendar_days(until - rows["decide_by"]).where(rows["in_time"] == 0)
    rows["counts"] = rows["outcome"].mask(rows["tacit"], TACIT).mask(rows["replaced"], REPLACED)
    rows.loc[rows["counts"].isna() & rows["decided_on"].isna(), "counts"] = AWAITING
    return rows.assign(open_reservations=_open(log, rows, today))[VERSIONS]


def _turns(version: pd.Series) -> pd.Series:
    """Return where each version stands by the numbers in its name: v2 before v10.

    Two of the same day may stand in any order in their table.
    """
    numbers = [tuple(int(part) for part in re.findall(r"[0-9]+", name)) for name in version]
    places = {name: place for place, name in enumerate(sorted(set(numbers)))}
    return pd.Series([places[name] for name in numbers], index=version.index, dtype="int64")


def _open(log: pd.DataFrame, rows: pd.DataFrame, today: pd.Timestamp) -> pd.Series:
    """Return how many reservations are open: none once the last one is lifted, nor of what was
    accepted without any.
    """
    none = pd.Series(np.nan, index=log.index)
    stated = log.get("open_reservations", none).astype("float64")
    stated = stated.mask(stated.isna() & (rows["decision"] == "accepted"), 0)
    lifted = dates_of(log, "reservations_lifted_on")
    ahead = (lifted > today) | (dates_of(log, "decided_on") > today)
    return stated.mask(lifted <= today, 0).mask(ahead | rows["void"])


def _settled(rows: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.DataFrame:
    """Add what the terms make of each version: clause, decide_by … settled_on."""
    terms = versions_on(contract, rows["submitted_on"])
    stated = [version.acceptance for version in contract.versions]
    rows["clause"] = terms.map(pd.Series([a.clause for a in stated], dtype="str"))
    rows["decide_by"] = end = delay_ends("decision", rows["submitted_on"], contract)
    following = rows.groupby("deliverable_id")["submitted_on"].shift(-1)
    decided, undecided = rows["decided_on"], rows["decision"].isna() & rows["decided_on"].isna()
    missed = (decided > end) | (undecided & (end < today) & ~(following <= end))
    rows["in_time"] = np.select([decided <= end, missed], [1.0, 0.0], np.nan)
    rows["silence"] = terms.map(pd.Series([a.tacit for a in stated], dtype="bool")) & end.notna()
    rows["tacit"] = rows["silence"] & missed & ~(following <= end)
    rows["replaced"] = undecided & ~rows["tacit"] & following.notna()
    rows["void"] = rows["tacit"] & rows["decided_on"].notna()
    rows["outcome"] = rows["decision"].mask(rows["tacit"], "accepted")
    rows["settled_on"] = rows["decided_on"].mask(rows["tacit"], end)
    return rows


def _of(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return other rows by id, beside each deliverable; nothing is missing of its type."""
    by_id = others.set_index("deliverable_id") if "deliverable_id" in others else others
    return by_id.reindex(rows["deliverable_id"]).set_axis(rows.index)
