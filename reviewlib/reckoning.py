"""The ledger of a review: its tables made the facts that the rules of the contract are held to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reviewlib.metrics.acceptance import accepted
from reviewlib.metrics.claim import Facts
from reviewlib.metrics.delays import DELIVERABLE, MILESTONE, days_of_delay
from reviewlib.metrics.deliverables import versions
from reviewlib.metrics.lateness import late_ones
from reviewlib.metrics.milestones import milestones
from reviewlib.metrics.payments import payments
from reviewlib.metrics.penalties import Ledger, ledger
from reviewlib.metrics.rates import compliance

if TYPE_CHECKING:
    from reviewlib.review import Review

KEYS = ["clause", "priority", "month", "threshold"]
SUBJECTS = {MILESTONE: "milestones", DELIVERABLE: "deliverables"}


def ledger_of(review: Review) -> Ledger:
    """Return what each side owes under the rules of the contract, as a review knows it."""
    return ledger(review.contract, _facts(review))


def _facts(review: Review) -> Facts:
    late = _late(review)
    causes, stops = review.table("delay_causes"), review.table("suspensions")
    return Facts(
        today=review.today,
        late=late,
        days={word: days_of_delay(rows, causes, stops) for word, rows in late.items()},
        known=_known(review),
        compliance=_compliance(review),
        availability=review.uptime,
        payments=_payments(review),
        decisions=review.table("penalties"),
    )


def _late(review: Review) -> dict[str, pd.DataFrame]:
    """Return what is late against the date in force, and against that of the contract."""
    table, deliverables = review.table("milestones"), review.table("deliverables")
    # whole: a table without a row says that nothing was submitted
    submissions = review.engagement.tables.get("submissions")
    sent = None if submissions is None else versions(submissions, review.contract, review.today)
    dated = None
    if table is not None:
        dated = milestones(table, None, review.today, review.table("changes"))
    signed = None if dated is None else dated.assign(baseline_date=dated["contract_date"])
    return {
        "in_force": late_ones(dated, deliverables, sent, review.today),
        "contract": late_ones(signed, deliverables, sent, review.today),
    }


def _known(review: Review) -> frozenset[tuple[str, str]] | None:
    tables = {kind: review.table(name) for kind, name in SUBJECTS.items()}
    if review.engagement.tables.get("submissions") is None:
        tables[DELIVERABLE] = None
    found = {kind: table for kind, table in tables.items() if table is not None}
    if not found:
        return None
    return frozenset((kind, name) for kind, t in found.items() for name in t[f"{kind}_id"])


def _compliance(review: Review) -> pd.DataFrame | None:
    if review.log is None:
        return None
    judged = review.verdicts
    known = judged[judged["month"].notna() & judged["priority"].notna()]
    counts = compliance(known, KEYS)
    return counts.assign(open=counts["running"] + counts["unknown"])


def _payments(review: Review) -> pd.DataFrame | None:
    table = review.table("payments")
    if table is None:
        return None
    names = ("milestones", "deliverables", "work_orders")
    tables = {name: review.table(name) for name in names}
    tables["submissions"] = review.engagement.tables.get("submissions")
    known = accepted(tables, review.contract, review.today)
    rows = payments(table, known, review.contract, review.today)
    return rows.assign(amount=rows["payable"])
