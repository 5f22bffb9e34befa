"""Delays: what kept something from being done, by whose doing; duties; suspensions."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, flag, ordered, schema, text

PARTIES = ("client", "provider", "third_party", "force_majeure")

DELAY_CAUSES = schema(
    "delay_causes",
    N_("One row per cause of a delay, and the days of the delay that it accounts for."),
    {
        "cause_id": text(N_("Number of the cause"), required=True, unique=True),
        "milestone_id": text(N_("Milestone that was late; or else")),
        "deliverable_id": text(N_("Deliverable that was late")),
        "cause": text(N_("What happened"), required=True),
        "attributed_to": choice(N_("Who or what caused it"), PARTIES, required=True),
        "starts_on": date(N_("First day of the delay that it accounts for"), required=True),
        "ends_on": date(
            N_("Last day of the delay that it accounts for"), planned=True, required=True
        ),
        "contested": flag(N_("Whether the other party contests the attribution")),
        "duty_id": text(N_("Duty of the client that was not met, if that is the cause")),
        "evidence": text(N_("Document that proves it; empty if none")),
    },
    ordered("starts_on", "ends_on"),
    key=("cause_id",),
)

CLIENT_DUTIES = schema(
    "client_duties",
    N_("One row per thing that the client had to do by a date: its duties under the contract."),
    {
        "duty_id": text(N_("Number of the duty"), required=True, unique=True),
        "title": text(N_("What was to be done"), required=True),
        "clause": text(N_("Clause or annex that asks for it")),
        "kind": choice(
            N_("What it consists of"), ("resource", "access", "information", "decision")
        ),
        "due_on": date(N_("Day by which it had to be done"), planned=True, required=True),
        "done_on": date(N_("Day on which it was done; empty if not yet")),
        "evidence": text(N_("Document that proves it; empty if none")),
    },
    key=("duty_id",),
)

SUSPENSIONS = schema(
    "suspensions",
    N_("One row per span in which the contract, or a part of it, was suspended."),
    {
        "suspension_id": text(N_("Number of the suspension"), required=True, unique=True),
        "milestone_id": text(N_("Milestone that it concerns; empty with the next: all of them")),
        "deliverable_id": text(N_("Deliverable that it concerns")),
        "reason": text(N_("Why"), required=True),
        "clause": text(N_("Clause that allows it")),
        "starts_on": date(N_("First day"), required=True),
        "ends_on": date(N_("Last day"), planned=True, required=True),
        "evidence": text(N_("Document that orders it; empty if none")),
    },
    ordered("starts_on", "ends_on"),
    key=("suspension_id",),
)

TABLES = (DELAY_CAUSES, CLIENT_DUTIES, SUSPENSIONS)
PARENTS = {
    ("delay_causes", "milestone_id"): "milestones",
    ("delay_causes", "deliverable_id"): "deliverables",
    ("delay_causes", "duty_id"): "client_duties",
    ("suspensions", "milestone_id"): "milestones",
    ("suspensions", "deliverable_id"): "deliverables",
}
