"""Work orders: what was estimated, ordered, consumed and accepted; defects found afterwards."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import (
    choice,
    currency,
    date,
    flag,
    money,
    number,
    ordered,
    schema,
    text,
)
from reviewlib.tables.totals import total_row

WORK_ORDERS = schema(
    "work_orders",
    N_("One row per work order (TMA, unit of work, evolution)."),
    {
        "order_id": text(N_("Number of the order"), required=True, unique=True),
        "title": text(N_("What is ordered"), required=True),
        "clause": text(N_("Clause or annex under which it is ordered")),
        "estimated_days": number(N_("Person-days that the provider estimated"), 0),
        "ordered_days": number(N_("Person-days ordered by the client"), 0),
        "consumed_days": number(N_("Person-days consumed"), 0, known_on="stated_on"),
        "amount": money(N_("Amount ordered, without taxes")),
        "currency": currency(),
        "ordered_on": date(N_("Day of the order"), required=True),
        "due_on": date(N_("Day by which it was to be delivered"), planned=True),
        "delivered_on": date(N_("Day of the delivery; empty if not yet")),
        "accepted_on": date(N_("Day of the acceptance; empty if not yet")),
        "quality_met": flag(N_("Whether its quality criteria were met"), known_on="accepted_on"),
        "stated_on": date(N_("Day on which the days consumed were stated")),
    },
    ordered("ordered_on", "delivered_on"),
    ordered("delivered_on", "accepted_on"),
    *total_row(("order_id", "title"), ("amount", "estimated_days", "ordered_days")),
    key=("order_id",),
)

DEFECTS = schema(
    "defects",
    N_("One row per defect found in what was delivered."),
    {
        "defect_id": text(N_("Number of the defect"), required=True, unique=True),
        "order_id": text(N_("Work order that it was found in; or else")),
        "deliverable_id": text(N_("Deliverable that it was found in")),
        "title": text(N_("What is wrong")),
        "severity": choice(N_("How much it hinders"), ("blocking", "major", "minor")),
        "found_on": date(N_("Day on which it was reported"), required=True),
        "corrected_on": date(N_("Day on which its correction was accepted; empty if not yet")),
    },
    ordered("found_on", "corrected_on"),
    key=("defect_id",),
)

TABLES = (WORK_ORDERS, DEFECTS)
PARENTS = {
    ("defects", "order_id"): "work_orders",
    ("defects", "deliverable_id"): "deliverables",
}
