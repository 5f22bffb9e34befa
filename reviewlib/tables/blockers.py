"""Blocking points: what stopped the work, who raised it, how it was resolved."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, flag, integer, ordered, schema, text

BLOCKERS = schema(
    "blockers",
    N_("One row per blocking point: something that stopped the work until it was resolved."),
    {
        "blocker_id": text(N_("Number of the blocking point"), required=True, unique=True),
        "title": text(N_("What was blocked, and by what"), required=True),
        "raised_by": choice(N_("Side that raised it"), ("client", "provider")),
        "raised_on": date(N_("Day on which it was raised"), required=True),
        "options": integer(N_("How many options were proposed to resolve it")),
        "options_by": choice(N_("Side that proposed them"), ("client", "provider", "both")),
        "analysed_on": date(N_("Day on which it was analysed; empty if it was not")),
        "together": flag(N_("Whether both sides analysed it together"), known_on="analysed_on"),
        "resolved_on": date(N_("Day on which it was resolved; empty if not yet")),
        "milestone_id": text(N_("Milestone that it held up; or else")),
        "deliverable_id": text(N_("Deliverable that it held up")),
        "cause_id": text(N_("Cause of delay that it is, in the table of causes")),
        "evidence": text(N_("Document that proves it; empty if none")),
    },
    ordered("raised_on", "analysed_on"),
    ordered("raised_on", "resolved_on"),
    key=("blocker_id",),
)

TABLES = (BLOCKERS,)
PARENTS = {
    ("blockers", "milestone_id"): "milestones",
    ("blockers", "deliverable_id"): "deliverables",
}
