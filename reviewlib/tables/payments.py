"""Payments: what was invoiced, for what, when it was due and paid, what was retained."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import currency, date, distinct, money, ordered, schema, text
from reviewlib.tables.totals import total_row

PAYMENTS = schema(
    "payments",
    N_("One row per invoice, or per part of one."),
    {
        "payment_id": text(N_("Number of the payment"), required=True, unique=True),
        "title": text(N_("What is paid")),
        "clause": text(N_("Clause or annex that makes it due")),
        "milestone_id": text(N_("Milestone whose acceptance makes it due; or else")),
        "deliverable_id": text(N_("Deliverable whose acceptance makes it due; or else")),
        "order_id": text(N_("Work order whose acceptance makes it due")),
        "invoice": text(
            N_("Number of the invoice, with that of its part if there are several"),
            known_on="received_on",
        ),
        "amount": money(N_("Amount invoiced, without taxes"), required=True),
        "currency": currency(),
        "received_on": date(N_("Day on which the invoice was received")),
        "due_on": date(
            N_("Day by which to pay; else the contract's time to pay gives it"), planned=True
        ),
        "paid_on": date(N_("Day of the payment; empty if not yet")),
        "retained": money(N_("Part of the amount held back"), known_on="paid_on"),
        "released_on": date(N_("Day on which that part was paid; empty if not yet")),
    },
    ordered("paid_on", "released_on"),
    distinct("invoice"),
    *total_row(("payment_id", "title", "invoice"), ("amount", "retained")),
    key=("payment_id",),
)

TABLES = (PAYMENTS,)
PARENTS = {
    ("payments", "milestone_id"): "milestones",
    ("payments", "deliverable_id"): "deliverables",
    ("payments", "order_id"): "work_orders",
}
