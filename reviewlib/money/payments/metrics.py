"""Payments: when each was due and paid, against what acceptance, what was retained (D3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from reviewlib.amounts import exact, to_the_cent, total
from reviewlib.calendars.day_counts import end_of
from reviewlib.contract import Contract
from reviewlib.contract.delivery import Payment
from reviewlib.delivery.acceptance import DATE, acceptance_of, subjects, versions_on, warranty_ends

IN_TIME, LATE, OVERDUE = "in_time", "late", "overdue"
NOT_DUE, NOT_INVOICED, UNKNOWN = "not_due", "not_invoiced", "unknown"
STATES = (IN_TIME, LATE, OVERDUE, NOT_DUE, NOT_INVOICED, UNKNOWN)
JUDGED = (IN_TIME, LATE, OVERDUE)
STATED, CONTRACT = "stated", "contract"
NO_TERM, NO_RECEIPT, NO_SUBJECT = "no_term", "no_receipt", "no_subject"
NOT_ACCEPTED, NOT_RECORDED = "not_accepted", "not_recorded"
HELD, RELEASED, TOO_EARLY = "held", "released", "too_early"
OVERDUE_RELEASE, NOT_PAID = "overdue_release", "not_paid"
UNRECEIVED, DUE_FIRST, PAID_FIRST = "unreceived", "due_first", "paid_first"
MORE_THAN_ALL = "more_than_all"
WRITTEN = ["payment_id", "title", "clause", "invoice"]
DAYS = ["received_on", "due_on", "paid_on", "released_on"]


def payments(
    table: pd.DataFrame, accepted: pd.DataFrame, contract: Contract, today: pd.Timestamp
) -> pd.DataFrame:
    """Return one row per payment, judged as of a day. ``accepted``: see ``acceptance.accepted``.

    Columns: payment_id, title, clause, invoice, amount and retained (Decimal, None where not
    stated), payable (amount less retained), kind and subject (what is paid), accepted_on (NaT),
    tacit and recorded (whether its acceptance would be known), received_on, due_on (as stated;
    else by the contract's delay, under the terms in force on the day of receipt), due_basis
    (stated, contract, unknown), due_clause (of the contract's delay), why (what keeps a due date
    from being told), paid_on, state, days_late (calendar days after the due date, up to today where
    not paid; 0 in time; NaN where it can't be told), before_acceptance (days that it was paid
    before the acceptance, else NaN), unaccepted (paid, and not accepted so far), then what
    ``_retained`` adds.

    States: in_time, late, overdue (not paid and past its date), not_due, not_invoiced, unknown.
    """
    found = _facts(table, accepted)
    found["version"] = _version(found, contract, today)
    found = _due(found, contract)
    found["state"] = _states(found, today, {"invoice", "received_on"} <= {*table.columns})
    late = (found["paid_on"].fillna(today) - found["due_on"]).dt.days
    judged = found["state"].isin([*JUDGED, NOT_DUE]) & found["due_on"].notna()
    found["days_late"] = late.clip(lower=0).where(judged).astype("float64")
    before = (found["accepted_on"] - found["paid_on"]).dt.days
    found["before_acceptance"] = before.where(before > 0).astype("float64")
    found["unaccepted"] = found["paid_on"].notna() & found["recorded"] & found["accepted_on"].isna()
    return _retained(found, contract, today).drop(columns="version").reset_index(drop=True)


def _facts(table: pd.DataFrame, accepted: pd.DataFrame) -> pd.DataFrame:
    found = table.reindex(columns=WRITTEN)
    for name in DAYS:
        found[name] = table.get(name, pd.Series(pd.NaT, index=table.index)).astype(DATE)
    none = pd.Series(np.nan, index=table.index)
    found["amount"], found["retained"] = exact(table["amount"]), exact(table.get("retained", none))
    amounts = zip(found["amount"], found["retained"], strict=True)
    payable = [None if a is None else a - (kept or Decimal(0)) for a, kept in amounts]
    found["payable"] = pd.Series(payable, index=found.index, dtype="object")
    about = subjects(table)
    return pd.concat([found, about, acceptance_of(about, accepted)], axis="columns")


def _version(found: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.Series:
    """Return the terms of each payment: of its receipt, else its acceptance, its payment, today."""
    days = found["received_on"].fillna(found["accepted_on"]).fillna(found["paid_on"])
    return versions_on(contract, days.fillna(today))


def _due(found: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Add due_on, due_basis, due_clause and why."""
    counted = pd.Series(pd.NaT, index=found.index, dtype=DATE)
    why = pd.Series(NO_TERM, index=found.index, dtype="str")
    clause = pd.Series("", index=found.index, dtype="str")
    for number, terms in enumerate(contract.versions):
        mine = found["version"] == number
        if terms.payment is not None and mine.any():
            start, why[mine] = _start(found[mine], terms.payment)
            counted[mine] = end_of(terms.payment.within, start, contract.days_off)
            clause[mine] = terms.payment.clause
    stated = found["due_on"].notna()
    due = found["due_on"].fillna(counted)
    basis = np.select([stated, due.notna()], [STATED, CONTRACT], UNKNOWN)
    why, clause = why.mask(due.notna(), ""), clause.where(basis == CONTRACT, "")
    return found.assign(due_on=due, due_basis=basis, due_clause=clause, why=why)


def _start(found: pd.DataFrame, terms: Payment) -> tuple[pd.Series, pd.Series]:
    """Return the day from which the delay of each payment runs, and why it can't be told."""
    received, accepted = found["received_on"], found["accepted_on"]
    by_acceptance = np.select(
        [found["subject"].isna(), ~found["recorded"], accepted.isna()],
        [NO_SUBJECT, NOT_RECORDED, NOT_ACCEPTED],
        "",
    )
    by_receipt = np.where(received.isna(), NO_RECEIPT, "")
    if terms.starts_at == "invoice":
        return received, pd.Series(by_receipt, index=found.index)
    if terms.starts_at == "acceptance":
        return accepted, pd.Series(by_acceptance, index=found.index)
    why = np.where(by_acceptance == "", by_receipt, by_acceptance)
    both = received.where(received >= accepted, accepted).where(received.notna())
    return both.where(accepted.notna()), pd.Series(why, index=found.index)


def _states(found: pd.DataFrame, today: pd.Timestamp, tells: bool) -> np.ndarray:
    """Return the state of each payment. ``tells``: the table has columns of what was invoiced."""
    due, paid = found["due_on"], found["paid_on"]
    unpaid = paid.isna()
    asked = found["invoice"].notna() | found["received_on"].notna()
    unasked = tells & unpaid & ~asked & (asked.any() | due.isna())
    return np.select(
        [
            unasked,
            unpaid & (found["why"] == NOT_ACCEPTED),
            due.isna(),
            ~unpaid & (paid <= due),
            ~unpaid,
            due < today,
        ],
        [NOT_INVOICED, NOT_DUE, UNKNOWN, IN_TIME, LATE, OVERDUE],
        default=NOT_DUE,
    )


def _retained(found: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.DataFrame:
    """Add share (Decimal: that of the contract; None where it states none), retention_clause, until
    (warranty or contract), to_retain (Decimal: that share, to the cent), retained_share,
    release_due (the last day of the warranty, or of the contract), release_state ("" where nothing
    is retained) and release_days (from release_due to the release, or to today where it is held;
    negative before it).

    States: held, released, too_early (released before that day), overdue_release (held past it),
    not_paid (a part to be retained of what is not paid), unknown.
    """
    stated = [terms.payment and terms.payment.retention for terms in contract.versions]
    found["share"] = _each(found["version"], [rule.share if rule else None for rule in stated])
    clauses, untils = ([getattr(rule, name, "") for rule in stated] for name in ("clause", "until"))
    found["retention_clause"] = _each(found["version"], clauses).astype("str")
    found["until"] = _each(found["version"], untils).astype("str")
    last = pd.Timestamp(contract.period.last)
    due = warranty_ends(found["accepted_on"], contract).where(found["until"] == "warranty")
    found["release_due"] = due.mask(found["until"] == "contract", last)
    found["to_retain"] = _products(found["amount"], found["share"])
    found["retained_share"] = _ratios(found["retained"], found["amount"])
    found["release_state"] = _release(found, today)
    days = (found["released_on"].fillna(today) - found["release_due"]).dt.days
    held = found["release_state"].isin([HELD, RELEASED, TOO_EARLY, OVERDUE_RELEASE])
    return found.assign(release_days=days.where(held).astype("float64"))


def _each(version: pd.Series, stated: list[Any]) -> pd.Series:
    """Return what the terms of each payment state."""
    return pd.Series([stated[number] for number in version], version.index, dtype="object")


def _products(amounts: pd.Series, shares: pd.Series) -> pd.Series:
    pairs = zip(amounts, shares, strict=True)
    found = [None if a is None or s is None else to_the_cent(a * s) for a, s in pairs]
    return pd.Series(found, index=amounts.index, dtype="object")


def _ratios(parts: pd.Series, wholes: pd.Series) -> pd.Series:
    pairs = zip(parts, wholes, strict=True)
    found = [float(p / w) if p is not None and w else np.nan for p, w in pairs]
    return pd.Series(found, index=parts.index, dtype="float64")


def _release(found: pd.DataFrame, today: pd.Timestamp) -> np.ndarray:
    kept = pd.Series([bool(part) for part in found["retained"]], found.index, dtype="bool")
    released, due = found["released_on"], found["release_due"]
    unaccepted = found["recorded"] & found["accepted_on"].isna()
    return np.select(
        [
            ~kept,
            found["paid_on"].isna(),
            released.isna() & (due < today),
            released.isna(),
            released < due,
            due.notna(),
            unaccepted & found["to_retain"].notna(),
        ],
        ["", NOT_PAID, OVERDUE_RELEASE, HELD, TOO_EARLY, RELEASED, TOO_EARLY],
        default=UNKNOWN,
    )


def contradictions(found: pd.DataFrame) -> pd.DataFrame:
    """Return what the rows of ``payments`` say against each other: payment_id and kind.

    Kinds: unreceived (paid, where no receipt of an invoice is recorded and others are), due_first
    (due before the receipt of its invoice), paid_first (paid before it), more_than_all (more was
    retained than was invoiced).
    """
    received, pairs = found["received_on"], zip(found["retained"], found["amount"], strict=True)
    each = {
        UNRECEIVED: found["paid_on"].notna() & received.isna() & received.notna().any(),
        DUE_FIRST: found["due_on"] < received,
        PAID_FIRST: found["paid_on"] < received,
        MORE_THAN_ALL: pd.Series(
            [p is not None and a is not None and p > a for p, a in pairs], found.index, dtype="bool"
        ),
    }
    parts = [found.loc[mask, ["payment_id"]].assign(kind=kind) for kind, mask in each.items()]
    return pd.concat(parts, ignore_index=True)


def totals(found: pd.DataFrame) -> dict[str, Decimal]:
    """Return exact sums over the rows of ``payments``; invoiced = paid + unpaid + held.

    Keys: invoiced, not_invoiced, paid (with the retentions released), unpaid (invoiced), held,
    retained and released (of what is paid), early (released too early), late (payable of what was
    paid late, or is overdue), before (payable of what was paid before its acceptance, or without).
    """
    paid, invoiced = found["paid_on"].notna(), found["state"] != NOT_INVOICED
    back = paid & found["released_on"].notna()
    amount, payable, kept = found["amount"], found["payable"], found["retained"]
    early = found["before_acceptance"].notna() | found["unaccepted"]
    released = total(kept[back])
    return {
        "invoiced": total(amount[invoiced]),
        "not_invoiced": total(amount[~invoiced]),
        "paid": total(payable[paid]) + released,
        "unpaid": total(amount[invoiced & ~paid]),
        "held": total(kept[paid & ~back]),
        "retained": total(kept[paid]),
        "released": released,
        "early": total(kept[found["release_state"] == TOO_EARLY]),
        "late": total(payable[found["state"].isin([LATE, OVERDUE])]),
        "before": total(payable[early]),
    }
