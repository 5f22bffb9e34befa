"""The ledger of a review: its tables made the facts that the rules of the contract are held to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from reviewlib.amounts import ZERO, exact, total
from reviewlib.contract import Contract
from reviewlib.contract.penalties import Delay
from reviewlib.delivery import results as delivery_results
from reviewlib.delivery.delays.metrics import DELIVERABLE, MILESTONE
from reviewlib.delivery.lateness import Delays
from reviewlib.memo import once
from reviewlib.money.benefits import metrics as benefits
from reviewlib.money.payments.metrics import JUDGED, NOT_INVOICED
from reviewlib.money.payments.metrics import payments as judged
from reviewlib.money.penalties import metrics as penalties
from reviewlib.money.penalties.claim import NOT_DATED, WAIT_UNKNOWN, Facts
from reviewlib.money.penalties.claims import Applied
from reviewlib.money.penalties.metrics import Ledger
from reviewlib.money.penalties.readings import DEFAULTS, OtherReading, effects, read_as
from reviewlib.rates import compliance
from reviewlib.service import results as service_results
from reviewlib.service.availability import metrics as availability
from reviewlib.service.service_levels import metrics as service_levels

if TYPE_CHECKING:
    from reviewlib.review import Review


class SpentAndInvoiced(NamedTuple):
    """What the budget says is spent beside what was invoiced, and the differences by clause.

    ``not_invoiced``: payments without an invoice so far. ``by_clause``: those that are not 0, in
    the order of the budget; "" for what names no clause.
    """

    spent: Decimal
    invoiced: Decimal
    not_invoiced: Decimal
    by_clause: tuple[tuple[str, Decimal], ...]


class LostHours(NamedTuple):
    """Seconds agreed and lost, and the outages that lost some: (id, seconds), each by itself.

    ``excused``: seconds that would be lost too if no cause excused an outage, and of which outages.
    """

    agreed: int
    lost: int
    outages: tuple[tuple[str, int], ...]
    excused: int = 0
    excused_outages: tuple[str, ...] = ()


KEYS = ["clause", "priority", "month", "threshold"]


@once
def ledger(review: Review) -> Ledger:
    """Return what each side owes under the rules of the contract, as a review knows it."""
    return penalties.ledger(review.contract, _facts(review), _applied(review))


@once
def _applied(review: Review) -> Applied:
    """Return where the rules are kept as they were held to facts, for its other readings."""
    return {}


@once
def readings(review: Review) -> tuple[OtherReading, ...]:
    """Return each default that moves an amount, read otherwise where the contract is silent."""
    return () if review.is_earlier else tuple(_readings(review))


def _readings(review: Review) -> Iterator[OtherReading]:
    facts, own = _facts(review), ledger(review)
    for default in DEFAULTS:
        for other in default.others:
            contract = read_as(review.contract, default, other)
            if contract is None:
                continue
            read = _facts_under(review, facts, contract, default.part)
            under = penalties.ledger(contract, read, _applied(review))
            if differing := tuple(effects(own, under)):
                yield OtherReading(default, other, under, differing)


def _facts_under(review: Review, facts: Facts, contract: Contract, part: str) -> Facts:
    """Return the facts under another contract: what it does not touch is as it was.

    ``part``: the part of the terms that it words otherwise.
    """
    if part == "clauses":
        return replace(facts, compliance=_compliance_under(review, facts.compliance, contract))
    if part == "availability":
        return replace(facts, availability=service_results.uptime(review.under(contract)))
    if part in ("acceptance", "change_requests"):
        under = review.under(contract)
        subjects, unknown = _subjects(under), dict(_unknown(under))
        return replace(facts, delays=dict(_delays(under)), subjects=subjects, unknown=unknown)
    return facts


def _compliance_under(
    review: Review, own: pd.DataFrame | None, contract: Contract
) -> pd.DataFrame | None:
    """Return the compliance where a contract words some clauses otherwise; None without any."""
    log = service_results.log(review)
    if own is None or log is None:
        return None
    pairs = list(zip(review.contract.versions, contract.versions, strict=True))
    names = [
        name
        for name in contract.clause_ids()
        if any(here.clauses.get(name) is not read.clauses.get(name) for here, read in pairs)
    ]
    others = _counts(service_levels.judged(log.under(contract), names))
    return pd.concat([own[~own["clause"].isin(names)], others], ignore_index=True)


@once
def _facts(review: Review) -> Facts:
    return Facts(
        today=review.today,
        delays=dict(_delays(review)),
        subjects=_subjects(review),
        unknown=dict(_unknown(review)),
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
    every = {(kind, name) for kind, names in ids.items() for name in names}
    return frozenset(every.difference(name for name, _ in _unknown(review)))


def _unknown(review: Review) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield why it is not known of some of these whether they are late; see ``Facts.unknown``."""
    if review.table("milestones") is not None and delivery_results.milestones(review) is None:
        yield (MILESTONE, ""), NOT_DATED
    for name in delivery_results.not_assessed(review)["deliverable_id"]:
        yield (DELIVERABLE, name), WAIT_UNKNOWN


@once
def _compliance(review: Review) -> pd.DataFrame | None:
    if service_results.log(review) is None:
        return None
    return _counts(service_results.verdicts(review))


def _counts(verdicts: pd.DataFrame) -> pd.DataFrame:
    counts = compliance(verdicts.dropna(subset=["month", "priority"]), KEYS)
    return counts.assign(open=counts[["running", "unknown", "late_or_paused"]].sum(axis="columns"))


@once
def payments(review: Review) -> pd.DataFrame | None:
    """Return the payments, each judged; None without any."""
    table = review.table("payments")
    if table is None:
        return None
    return judged(table, delivery_results.accepted(review), review.contract, review.today)


@once
def lost_hours(review: Review, clauses: tuple[str, ...], service: str, month: str) -> LostHours:
    """Return the agreed hours of a service in a month, those lost, and the outages that did it."""
    cut_hours = service_results.stretches(review)
    assert cut_hours is not None  # a line on them was made of it
    about = clauses, service, month
    hours = _lost_hours(review, review.contract, cut_hours, about)
    unexcused = service_results.stretches_unexcused(review)
    if unexcused is None:
        return hours
    contract = service_results.unexcused(review.contract)
    every = _lost_hours(review, contract, unexcused, about)
    counted = dict(hours.outages)
    others = tuple(name for name, _ in every.outages if name not in counted)
    return hours._replace(excused=every.lost - hours.lost, excused_outages=others)


def _lost_hours(
    review: Review,
    contract: Contract,
    cut_hours: pd.DataFrame,
    about: tuple[tuple[str, ...], str, str],
) -> LostHours:
    clauses, service, month = about
    own = cut_hours["clause"].isin(clauses) & (cut_hours["service"] == service)
    own &= cut_hours["month"] == month
    parts = availability.in_force(contract, review.as_of)
    in_month = cut_hours.assign(lost=cut_hours["lost"].where(own, 0))
    outages = availability.counted(contract, in_month, parts, review.rows("outages"))
    lost = outages[outages["lost"] > 0]
    of_outages = tuple(zip(lost["outage_id"], lost["lost"].astype("int64"), strict=True))
    sums = cut_hours.loc[own, ["agreed", "lost"]].sum()
    return LostHours(int(sums["agreed"]), int(sums["lost"]), of_outages)


@once
def spent_and_invoiced(review: Review) -> SpentAndInvoiced | None:
    """Return the totals of the budget and of the payments; None where one of them is not whole."""
    table, rows = review.table("budget"), payments(review)
    if table is None or rows is None or table.get("actual", pd.Series([None])).isna().any():
        return None
    spent = table.assign(amount=exact(table["actual"]))
    invoiced = rows[rows["state"] != NOT_INVOICED]
    awaited = total(rows.drop(invoiced.index)["amount"])
    first, second = _by_clause(spent), _by_clause(invoiced)
    names = dict.fromkeys((*first, *second))
    gaps = {name: first.get(name, ZERO) - second.get(name, ZERO) for name in names}
    stated = names.keys() != {""}
    by_clause = tuple((name, gap) for name, gap in gaps.items() if gap) if stated else ()
    return SpentAndInvoiced(total(spent["amount"]), total(invoiced["amount"]), awaited, by_clause)


def _by_clause(rows: pd.DataFrame) -> dict[str, Decimal]:
    """Return the sums of amounts by the clause that they are under; "" where none is named."""
    none = pd.Series("", rows.index)
    clauses = rows.get("clause", none).astype("object").where(rows.get("clause", none).notna(), "")
    return {str(name): total(of_it["amount"]) for name, of_it in rows.groupby(clauses, sort=False)}


@once
def measured_twice(review: Review) -> pd.DataFrame:
    """Return the benefits of which an objective gives the same measure on the same day."""
    objectives, values = review.contract.objectives, review.rows("objective_results")
    return benefits.measured_twice(review.rows("benefits"), objectives, values)


def _payments(review: Review) -> pd.DataFrame | None:
    rows = payments(review)
    if rows is None:
        return None
    invoiced = rows[rows["state"].isin(JUDGED)]  # what was never invoiced is not late
    return invoiced.assign(amount=invoiced["payable"])
