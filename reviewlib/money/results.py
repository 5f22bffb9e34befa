"""The ledger of a review: its tables made the facts that the rules of the contract are held to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from reviewlib.contract.penalties import Delay
from reviewlib.delivery import results as delivery_results
from reviewlib.delivery.delays.metrics import DELIVERABLE, MILESTONE
from reviewlib.delivery.lateness import Delays
from reviewlib.memo import once
from reviewlib.money.payments.metrics import JUDGED
from reviewlib.money.payments.metrics import payments as judged
from reviewlib.money.penalties import metrics as penalties
from reviewlib.money.penalties.claim import Facts
from reviewlib.money.penalties.metrics import Ledger
from reviewlib.rates import compliance
from reviewlib.service import results as service_results

if TYPE_CHECKING:
    from reviewlib.review import Review

KEYS = ["clause", "priority", "month", "threshold"]


@once
def ledger(review: Review) -> Ledger:
    """Return what each side owes under the rules of the contract, as a review knows it."""
    return penalties.ledger(review.contract, _facts(review))


def _facts(review: Review) -> Facts:
    return Facts(
        today=review.today,
        delays=dict(_delays(review)),
        subjects=_subjects(review),
        compliance=_compliance(review),
        availability=service_results.uptime(review),
        payments=_payments(review),
        decisions=review.table("penalties"),
    )


def _delays(review: Review) -> Iterator[tuple[str, Delays]]:
    """Yield what is late against the date in force, and against that of the contract if need be."""
    in_force = delivery_results.delays(review)
    if in_force is None:
        return
    yield "in_force", in_force
    rules = (rule for terms in review.contract.versions for rule in terms.penalties.values())
    if any(isinstance(rule, Delay) and rule.against == "contract" for rule in rules):
        yield "contract", delivery_results.delays(review, "contract_date") or in_force


def _subjects(review: Review) -> frozenset[tuple[str, str]] | None:
    """Return the milestones and the deliverables of which it is known whether they are late."""
    deliverables = review.table("deliverables")
    if delivery_results.submissions(review) is None:
        deliverables = None
    tables = {MILESTONE: delivery_results.milestones(review), DELIVERABLE: deliverables}
    if all(table is None for table in tables.values()):
        return None
    ids = {kind: table[f"{kind}_id"] for kind, table in tables.items() if table is not None}
    return frozenset((kind, name) for kind, names in ids.items() for name in names)


def _compliance(review: Review) -> pd.DataFrame | None:
    if service_results.log(review) is None:
        return None
    verdicts = service_results.verdicts(review)
    counts = compliance(verdicts.dropna(subset=["month", "priority"]), KEYS)
    return counts.assign(open=counts[["running", "unknown", "late_or_paused"]].sum(axis="columns"))


@once
def payments(review: Review) -> pd.DataFrame | None:
    """Return the payments, each judged; None without any."""
    table = review.table("payments")
    if table is None:
        return None
    return judged(table, delivery_results.accepted(review), review.contract, review.today)


def _payments(review: Review) -> pd.DataFrame | None:
    rows = payments(review)
    if rows is None:
        return None
    invoiced = rows[rows["state"].isin(JUDGED)]  # what was never invoiced is not late
    return invoiced.assign(amount=invoiced["payable"])
