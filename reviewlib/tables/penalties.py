"""Penalties: what was notified, answered, decided and paid."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import (
    choice,
    currency,
    date,
    distinct,
    flag,
    money,
    month,
    ordered,
    schema,
    text,
)

PENALTIES = schema(
    "penalties",
    N_("One row per decision on what a rule of the contract makes due; what is due is computed."),
    {
        "penalty_id": text(N_("Number of the decision"), required=True, unique=True),
        "rule": text(N_("Rule of the contract"), required=True, vocabulary="penalties"),
        "subject": text(
            N_("Milestone, deliverable, payment, service or priority that it is about; empty: all")
        ),
        "month": month(N_("Month that it is about; empty for a delay")),
        "notice_on": date(N_("Day of the formal notice, where the contract asks for one")),
        "notice_waived": flag(
            N_("Whether the contract or the client dispenses with that notice"),
            known_on="notified_on",
        ),
        "notified_on": date(N_("Day on which the other party was notified of the amount")),
        "observations_on": date(N_("Day of its observations; empty if none")),
        "decided_on": date(N_("Day of the decision; empty if none yet")),
        "decision": choice(
            N_("The decision"), ("imposed", "waived", "disputed"), known_on="decided_on"
        ),
        "amount": money(
            N_("Amount without taxes: notified, then decided or paid once it is"),
            known_on="decided_on",
        ),
        "currency": currency(),
        "paid_on": date(N_("Day on which it was paid or set off; empty if not yet")),
        "evidence": text(
            N_("Document that states the decision; empty if none"), known_on="decided_on"
        ),
    },
    ordered("notified_on", "observations_on"),
    ordered("notified_on", "decided_on"),
    ordered("decided_on", "paid_on"),
    distinct("rule", "subject", "month"),
    key=("penalty_id",),
)

TABLES = (PENALTIES,)
