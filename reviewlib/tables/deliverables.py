"""Deliverables: what was submitted, what the client decided, what reservations are open."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, integer, ordered, schema, text

DELIVERABLES = schema(
    "deliverables",
    N_("One row per deliverable of the contract."),
    {
        "deliverable_id": text(N_("Number of the deliverable"), required=True, unique=True),
        "title": text(N_("What is delivered"), required=True),
        "clause": text(N_("Clause or annex that asks for it")),
        "due_on": date(N_("Contractual date of submission"), planned=True, required=True),
        "milestone_id": text(N_("Milestone without which it cannot be submitted, if any")),
    },
    key=("deliverable_id",),
)

SUBMISSIONS = schema(
    "submissions",
    N_("One row per version submitted, with the client's decision on it."),
    {
        "deliverable_id": text(N_("Number of the deliverable"), required=True),
        "version": text(N_("Version submitted"), required=True),
        "submitted_on": date(N_("Day of the submission"), required=True),
        "decided_on": date(N_("Day of the client's decision; empty if none yet")),
        "decision": choice(
            N_("The client's decision"),
            ("accepted", "accepted_with_reservations", "refused"),
            known_on="decided_on",
        ),
        "open_reservations": integer(
            N_("Reservations still open at the extraction"), known_on="decided_on"
        ),
        "reservations_lifted_on": date(N_("Day on which the last reservation was lifted")),
    },
    ordered("submitted_on", "decided_on"),
    ordered("decided_on", "reservations_lifted_on"),
    key=("deliverable_id", "version"),
)

TABLES = (DELIVERABLES, SUBMISSIONS)
PARENTS = {
    ("submissions", "deliverable_id"): "deliverables",
    ("deliverables", "milestone_id"): "milestones",
}
