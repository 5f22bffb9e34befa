"""Disputes: each step that was taken to settle one."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, money, ordered, schema, text

STEPS = (
    "direct_talks", "steering_committee", "mediation", "neutral_third_party", "arbitration",
)  # fmt: skip

DISPUTES = schema(
    "disputes",
    N_("One row per step of a dispute: a dispute has as many rows as steps were taken."),
    {
        "dispute_id": text(N_("Number of the dispute"), required=True),
        "step": choice(N_("Step of the ladder"), STEPS, required=True),
        "title": text(N_("What it is about"), required=True),
        "clause": text(N_("Clause that it is about")),
        "raised_by": choice(N_("Side that raised it"), ("client", "provider", "both")),
        "amount": money(N_("Amount in dispute, without taxes")),
        "started_on": date(N_("Day on which the step began"), required=True),
        "ended_on": date(N_("Day on which it ended; empty if it still runs")),
        "outcome": choice(
            N_("How the step ended; a dispute is closed by any but not_settled"),
            ("settled", "decided", "withdrawn", "not_settled"),
            known_on="ended_on",
        ),
        "settlement": text(N_("What was agreed or decided"), known_on="ended_on"),
        "evidence": text(N_("Document that proves it; empty if none")),
    },
    ordered("started_on", "ended_on"),
    key=("dispute_id", "step"),
)

TABLES = (DISPUTES,)
