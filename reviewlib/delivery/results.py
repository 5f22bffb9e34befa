"""What several chapters need of what a review knows to be delivered, computed once."""

from __future__ import annotations

import pandas as pd

from reviewlib.delivery import acceptance
from reviewlib.delivery.deliverables import metrics as due
from reviewlib.delivery.lateness import Delays, late_ones
from reviewlib.delivery.milestones import metrics
from reviewlib.memo import once
from reviewlib.report.text import N_, Message
from reviewlib.review import Review

DECIDED = ("decision", "decided_on")
UNDATED = N_("the folder does not say when they were reached (milestones.csv: actual_date)")
WAIT_UNKNOWN = N_(
    "the tables do not say when milestone {milestone_id}, which it needs, was reached "
    "(milestones.csv: actual_date)"
)
UNDECIDED = N_("the folder does not say what was decided (submissions.csv: decision, decided_on)")


def milestones(review: Review) -> pd.DataFrame | None:
    """Return the milestones; None where their table does not say when they were reached.

    That none of those past their date has a day proves that nobody wrote it down, not that none was
    reached: the file is looked at whole, whatever the day that the review looks from.
    """
    return _recorded(review, "milestones", "contract_date", "actual_date")


def client_duties(review: Review) -> pd.DataFrame | None:
    """Return the duties of the client; None as for milestones."""
    return _recorded(review, "client_duties", "due_on", "done_on")


def _recorded(review: Review, name: str, due_on: str, done: str) -> pd.DataFrame | None:
    table, whole = review.table(name), review.whole(name)
    if table is None or whole is None or done not in table:
        return None
    past = (table[due_on] < review.today).any()
    return None if past and whole[done].isna().all() else table


def submissions(review: Review) -> pd.DataFrame | None:
    """Return the submissions, whole: a table without a row says that nothing was submitted.

    None where there is none, or where it does not say what was decided.
    """
    table = review.whole("submissions")
    decided = table is not None and (table.empty or not {*DECIDED}.isdisjoint(table))
    return table if decided else None


@once
def versions(review: Review) -> pd.DataFrame | None:
    """Return the versions submitted, as ``deliverables.metrics.versions`` does; None as above."""
    table = submissions(review)
    return None if table is None else due.versions(table, review.contract, review.today)


def deliverables(review: Review) -> pd.DataFrame | None:
    """Return the deliverables judged; None without them, or without their submissions."""
    rows, _ = _judged(review)
    return rows


def excused(review: Review) -> pd.DataFrame | None:
    """Return the days of the deliverables that are no lateness; None where none can be judged."""
    _, spans = _judged(review)
    return spans


@once
def _judged(review: Review) -> tuple[pd.DataFrame, pd.DataFrame] | tuple[None, None]:
    table, sent = review.table("deliverables"), versions(review)
    if table is None or sent is None:
        return None, None
    return due.with_excused(table, sent, review.contract, review.today, _reached(review))


def _reached(review: Review) -> pd.Series | None:
    """Return the day on which each milestone was reached, by its number; None as above."""
    table = milestones(review)
    return None if table is None else table.set_index("milestone_id")["actual_date"]


@once
def not_assessed(review: Review) -> pd.DataFrame:
    """Return the deliverables, as judged, of which it can't be told whether they are late."""
    rows = deliverables(review)
    if rows is None:
        return pd.DataFrame(columns=due.DELIVERABLES)
    return rows[rows["state"] == due.NOT_ASSESSED]


@once
def accepted(review: Review) -> pd.DataFrame:
    """Return what was accepted and when, as ``acceptance.accepted`` returns it."""
    tables = {name: review.table(name) for name in ("milestones", "deliverables", "work_orders")}
    # Whole: a decision dated after the review's day differs from one that has no date.
    tables["submissions"] = submissions(review)
    return acceptance.accepted(tables, review.contract, review.today)


@once
def approved_late(review: Review) -> pd.DataFrame:
    """Return the re-baselines that hang on what the contract says of those approved late."""
    table, changes = review.rows("milestones"), review.table("changes")
    return metrics.approved_late(metrics.baselines(table, changes, review.contract))


@once
def delays(review: Review, against: str = "baseline_date") -> Delays | None:
    """Return what is late and why; None without milestones, nor deliverables and submissions.

    ``against``: a date of the milestones, baseline_date or contract_date.
    """
    planned, judged, dated = milestones(review), deliverables(review), None
    if planned is not None:
        changes = review.table("changes")
        dated = metrics.milestones(planned, None, review.today, changes, review.contract)
        dated = dated.assign(baseline_date=dated[against])
    if dated is None and judged is None:
        return None
    if judged is not None:
        judged = judged[judged["state"] != due.NOT_ASSESSED]
    late = late_ones(dated, judged, review.today)
    causes, suspensions = review.table("delay_causes"), review.table("suspensions")
    return Delays(late, causes, suspensions, excused(review))


def absence(review: Review, table: str) -> Message:
    """Return why a table can't be used: it has no row, or does not say what is needed of it."""
    if table == "milestones" and review.table(table) is not None:
        return UNDATED
    if table == "submissions" and review.engagement.table(table) is not None:
        return UNDECIDED
    return review.absent(table)
