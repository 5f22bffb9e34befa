"""Payments: when each was due and paid, against what acceptance, what was retained (D3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from reviewlib.amounts import exact, to_the_cent, total
from reviewlib.calendars.dates import DATE, dates_of
from reviewlib.calendars.day_counts import end_of
from reviewlib.contract import Contract
from reviewlib.contract.delivery import Payment
from reviewlib.delivery.acceptance import acceptance_of, subjects, warranty_ends
from reviewlib.delivery.terms import versions_on

IN_TIME, LATE, OVERDUE = "in_time", "late", "overdue"
NOT_DUE, NOT_INVOICED, UNKNOWN = "not_due", "not_invoiced", "unknown"
STATES = (IN_TIME, LATE, OVERDUE, NOT_DUE, NOT_INVOICED, UNKNOWN)
JUDGED = (IN_TIME, LATE, OVERDUE)
STATED, CONTRACT = "stated", "contract"
NO_TERM, NO_RECEIPT, NO_SUBJECT = "no_term", "no_receipt", "no_subject"
NOT_ACCEPTED, NOT_RECORDED = "not_accepted", "not_recorded"
HELD, RELEASED, TOO_EARLY = "held", "released", "too_early"
TOO_LATE, OVERDUE_RELEASE, NOT_PAID = "too_late", "overdue_release", "not_paid"
UNRECEIVED, DUE_FIRST, PAID_FIRST = "unreceived", "due_first", "paid_first"
MORE_THAN_ALL = "more_than_all"
UNRECORDED, ENDLESS = "unrecorded", "endless"
WRITTEN = ["payment_id", "title", "clause", "invoice"]
DAYS = ["received_on", "due_on", "paid_on", "released_on"]
COLUMNS = (
    "payment_id", "title", "clause", "invoice", "amount", "retained", "payable",
    "kind", "subject", "accepted_on", "tacit", "recorded",
    "received_on", "due_on", "due_basis", "due_clause", "why", "paid_on", "state", "days_late",
    "before_acceptance", "unaccepted", "early",
    "share", "retention_clause", "until", "to_retain", "retained_share", "other_share",
    "release_due", "released_on", "release_state", "release_days",
)  # fmt: skip


class Sum(NamedTuple):
    """An exact amount, and how many payments it is made of."""

    amount: Decimal
    n: int


def payments(
    table: pd.DataFrame, accepted: pd.DataFrame, contract: Contract, today: pd.Timestamp
) -> pd.DataFrame:
    """Return one row per payment, judged as of a day. ``accepted``: see ``acceptance.accepted``.

    ``COLUMNS``: amount and retained (Decimal, None where not stated), payable (amount less
    retained), kind and subject (what is paid), accepted_on (NaT), tacit and recorded (whether its
    acceptance would be known), due_on (as stated; else by the contract's delay, under the terms in
    force on the day of receipt), due_basis (stated, contract, unknown), due_clause (of the
    contract's delay), why (what keeps a due date from being told), days_late (calendar days after
    the due date, up to today where not paid; 0 in time; NaN where it can't be told),
    before_acceptance (days that it was paid before the acceptance, else NaN), unaccepted (paid, and
    not accepted so far), early (either of them), then what ``_retained`` adds.

    States: in_time, late, overdue (not paid and past its date), not_due, not_invoiced, unknown.
    """
    rows = _facts(table, accepted)
    rows["version"] = _version(rows, contract, today)
    rows = _due(rows, contract)
    rows["state"] = _states(rows, today, {"invoice", "received_on"} <= {*table.columns})
    late = (rows["paid_on"].fillna(today) - rows["due_on"]).dt.days
    judged = rows["state"].isin([*JUDGED, NOT_DUE]) & rows["due_on"].notna()
    rows["days_late"] = late.clip(lower=0).where(judged).astype("float64")
    before = (rows["accepted_on"] - rows["paid_on"]).dt.days
    rows["before_acceptance"] = before.where(before > 0).astype("float64")
    rows["unaccepted"] = rows["paid_on"].notna() & rows["recorded"] & rows["accepted_on"].isna()
    rows["early"] = rows["before_acceptance"].notna() | rows["unaccepted"]
    return _retained(rows, contract, today)[[*COLUMNS]].reset_index(drop=True)


def _facts(table: pd.DataFrame, accepted: pd.DataFrame) -> pd.DataFrame:
    rows = table.reindex(columns=WRITTEN)
    for name in DAYS:
        rows[name] = dates_of(table, name)
    none = pd.Series(np.nan, index=table.index)
    rows["amount"], rows["retained"] = exact(table["amount"]), exact(table.get("retained", none))
    amounts = zip(rows["amount"], rows["retained"], strict=True)
    payable = [None if a is None else a - (held or Decimal(0)) for a, held in amounts]
    rows["payable"] = pd.Series(payable, index=rows.index, dtype="object")
    about = subjects(table)
    return pd.concat([rows, about, acceptance_of(about, accepted)], axis="columns")


def _version(rows: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.Series:
    """Return the terms of each payment: of its receipt, else its acceptance, its payment, today."""
    days = rows["received_on"].fillna(rows["accepted_on"]).fillna(rows["paid_on"])
    return versions_on(contract, days.fillna(today))


def _due(rows: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Add due_on, due_basis, due_clause and why."""
    counted = pd.Series(pd.NaT, index=rows.index, dtype=DATE)
    why = pd.Series(NO_TERM, index=rows.index, dtype="str")
    clause = pd.Series("", index=rows.index, dtype="str")
    for number, terms in enumerate(contract.versions):
        under = rows["version"] == number
        if terms.payment is not None and under.any():
            start, why[under] = _start(rows[under], terms.payment)
            counted[under] = end_of(terms.payment.within, start, contract.days_off)
            clause[under] = terms.payment.clause
    stated = rows["due_on"].notna()
    due = rows["due_on"].fillna(counted)
    basis = np.select([stated, due.notna()], [STATED, CONTRACT], UNKNOWN)
    why, clause = why.mask(due.notna(), ""), clause.where(basis == CONTRACT, "")
    return rows.assign(due_on=due, due_basis=basis, due_clause=clause, why=why)


def _start(rows: pd.DataFrame, terms: Payment) -> tuple[pd.Series, pd.Series]:
    """Return the day from which the delay of each payment runs, and why it can't be told."""
    received, accepted = rows["received_on"], rows["accepted_on"]
    by_acceptance = np.select(
        [rows["subject"].isna(), ~rows["recorded"], accepted.isna()],
        [NO_SUBJECT, NOT_RECORDED, NOT_ACCEPTED],
        "",
    )
    by_receipt = np.where(received.isna(), NO_RECEIPT, "")
    if terms.starts_at == "invoice":
        return received, pd.Series(by_receipt, index=rows.index)
    if terms.starts_at == "acceptance":
        return accepted, pd.Series(by_acceptance, index=rows.index)
    why = np.where(by_acceptance == "", by_receipt, by_acceptance)
    both = received.where(received >= accepted, accepted).where(received.notna())
    return both.where(accepted.notna()), pd.Series(why, index=rows.index)


def _states(rows: pd.DataFrame, today: pd.Timestamp, tells: bool) -> np.ndarray:
    """Return the state of each payment. ``tells``: the table has columns of what was invoiced."""
    due, paid = rows["due_on"], rows["paid_on"]
    unpaid = paid.isna()
    invoiced = rows["invoice"].notna() | rows["received_on"].notna()
    not_invoiced = tells & unpaid & ~invoiced & (invoiced.any() | due.isna())
    return np.select(
        [
            not_invoiced,
            unpaid & (rows["why"] == NOT_ACCEPTED),
            due.isna(),
            ~unpaid & (paid <= due),
            ~unpaid,
            due < today,
        ],
        [NOT_INVOICED, NOT_DUE, UNKNOWN, IN_TIME, LATE, OVERDUE],
        default=NOT_DUE,
    )


def _retained(rows: pd.DataFrame, contract: Contract, today: pd.Timestamp) -> pd.DataFrame:
    """Add share (Decimal: that of the contract; None where it states none), retention_clause, until
    (warranty or contract), to_retain (Decimal: that share, to the cent), retained_share,
    other_share (paid, and another part retained than the contract's),
    release_due (the last day of the warranty, or of the contract), release_state ("" where nothing
    is retained) and release_days (from release_due to the release, or to today where it is held;
    negative before it).

    States: held, released, too_early (released before that day), too_late (after it),
    overdue_release (held past it), not_paid (a part to be retained of what is not paid), unknown.
    """
    stated = [terms.payment and terms.payment.retention for terms in contract.versions]
    rows["share"] = _by_version(rows["version"], [rule.share if rule else None for rule in stated])
    clauses, untils = ([getattr(rule, name, "") for rule in stated] for name in ("clause", "until"))
    rows["retention_clause"] = _by_version(rows["version"], clauses).astype("str")
    rows["until"] = _by_version(rows["version"], untils).astype("str")
    last = pd.Timestamp(contract.period.last)
    ends = warranty_ends(rows["accepted_on"], contract).where(rows["until"] == "warranty")
    rows["release_due"] = ends.mask(rows["until"] == "contract", last)
    rows["to_retain"] = _products(rows["amount"], rows["share"])
    rows["retained_share"] = _ratios(rows["retained"], rows["amount"])
    rows["release_state"] = _release(rows, today)
    pairs = zip(rows["retained"], rows["to_retain"], strict=True)
    other = pd.Series([due not in (None, held) for held, due in pairs], rows.index, dtype="bool")
    rows["other_share"] = other & rows["paid_on"].notna() & (rows["release_state"] != "")
    days = (rows["released_on"].fillna(today) - rows["release_due"]).dt.days
    held = rows["release_state"].isin([HELD, RELEASED, TOO_EARLY, TOO_LATE, OVERDUE_RELEASE])
    return rows.assign(release_days=days.where(held).astype("float64"))


def _by_version(version: pd.Series, stated: list[Any]) -> pd.Series:
    """Return what the terms of each payment state."""
    return pd.Series([stated[number] for number in version], version.index, dtype="object")


def _products(amounts: pd.Series, shares: pd.Series) -> pd.Series:
    pairs = zip(amounts, shares, strict=True)
    products = [None if a is None or s is None else to_the_cent(a * s) for a, s in pairs]
    return pd.Series(products, index=amounts.index, dtype="object")


def _ratios(parts: pd.Series, wholes: pd.Series) -> pd.Series:
    pairs = zip(parts, wholes, strict=True)
    ratios = [float(p / w) if p is not None and w else np.nan for p, w in pairs]
    return pd.Series(ratios, index=parts.index, dtype="float64")


def _release(rows: pd.DataFrame, today: pd.Timestamp) -> np.ndarray:
    retained = rows["retained"].map(bool).astype("bool")
    released, due = rows["released_on"], rows["release_due"]
    unaccepted = rows["recorded"] & rows["accepted_on"].isna()
    return np.select(
        [
            ~retained,
            rows["paid_on"].isna(),
            released.isna() & (due < today),
            released.isna(),
            released < due,
            released > due,
            due.notna(),
            unaccepted & rows["to_retain"].notna(),
        ],
        ["", NOT_PAID, OVERDUE_RELEASE, HELD, TOO_EARLY, TOO_LATE, RELEASED, TOO_EARLY],
        default=UNKNOWN,
    )


def contradictions(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the ids of the rows of ``payments`` that contradict themselves, by kind.

    Kinds: unreceived (paid, where no receipt of an invoice is recorded and others are), due_first
    (due before the receipt of its invoice), paid_first (paid before it), more_than_all (more was
    retained than was invoiced).
    """
    received, pairs = rows["received_on"], zip(rows["retained"], rows["amount"], strict=True)
    more = [part is not None and amount is not None and part > amount for part, amount in pairs]
    masks = {
        UNRECEIVED: rows["paid_on"].notna() & received.isna() & received.notna().any(),
        DUE_FIRST: rows["due_on"] < received,
        PAID_FIRST: rows["paid_on"] < received,
        MORE_THAN_ALL: pd.Series(more, rows.index, dtype="bool"),
    }
    return {kind: rows.loc[mask, "payment_id"] for kind, mask in masks.items()}


def undetermined(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the ids of the rows of ``payments`` of which something is not known, by what.

    Kinds: what keeps a due date from being told (no_term, no_receipt, no_subject, not_recorded,
    not_accepted), unrecorded (paid, and the acceptance of what it is for is not recorded), endless
    (retained, and not known until when).
    """
    why = rows["why"].where(rows["state"] == UNKNOWN, "")
    kinds = (NO_TERM, NO_RECEIPT, NO_SUBJECT, NOT_RECORDED, NOT_ACCEPTED)
    held = rows["release_state"].isin([HELD, UNKNOWN])
    masks = {kind: why == kind for kind in kinds} | {
        UNRECORDED: rows["paid_on"].notna() & rows["subject"].notna() & ~rows["recorded"],
        ENDLESS: held & rows["release_due"].isna(),
    }
    return {kind: rows.loc[mask, "payment_id"] for kind, mask in masks.items()}


def totals(rows: pd.DataFrame) -> dict[str, Sum]:
    """Return exact sums over the rows of ``payments``; invoiced = paid + unpaid + held.

    Keys: invoiced, not_invoiced, paid (with the retentions released), unpaid (invoiced), held,
    retained and released (of what is paid), early (released too early),
    released_late, late (payable of what was paid late, or is overdue), before (payable of what was
    paid before its acceptance, or without).
    """
    paid, invoiced = rows["paid_on"].notna(), rows["state"] != NOT_INVOICED
    retained, released = paid & (rows["release_state"] != ""), rows["released_on"].notna()
    sums = {
        name: Sum(total(rows.loc[mask, column]), int(mask.sum()))
        for name, column, mask in (
            ("invoiced", "amount", invoiced),
            ("not_invoiced", "amount", ~invoiced),
            ("paid", "payable", paid),
            ("unpaid", "amount", invoiced & ~paid),
            ("held", "retained", retained & ~released),
            ("retained", "retained", retained),
            ("released", "retained", retained & released),
            ("early", "retained", rows["release_state"] == TOO_EARLY),
            ("released_late", "retained", rows["release_state"] == TOO_LATE),
            ("late", "payable", rows["state"].isin([LATE, OVERDUE])),
            ("before", "payable", rows["early"]),
        )
    }
    paid_out = sums["paid"].amount + sums["released"].amount
    return sums | {"paid": Sum(paid_out, sums["paid"].n)}
