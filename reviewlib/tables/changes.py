"""Change requests: from the request to the application, with what they change."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, currency, date, integer, money, ordered, schema, text
from reviewlib.tables.rules import EARLIER

CHANGES = schema(
    "changes",
    N_("One row per change request, whatever became of it."),
    {
        "change_id": text(N_("Number of the change request"), required=True, unique=True),
        "title": text(N_("What is to change"), required=True),
        "kind": choice(
            N_("What it is about"),
            ("scope", "schedule", "budget", "quality", "service_level", "priority"),
        ),
        "trigger": choice(
            N_("What made the need change"),
            ("business", "staff", "market", "technology", "regulation", "provider"),
        ),
        "requested_by": choice(N_("Side that asked for it"), ("client", "provider")),
        "requested_on": date(N_("Day of the request"), required=True),
        "evaluated_on": date(N_("Day on which its impact was evaluated; empty if not")),
        "decided_on": date(N_("Day of the decision; empty if none yet")),
        "decision": choice(
            N_("The decision"), ("approved", "refused", "withdrawn"), known_on="decided_on"
        ),
        "applied_on": date(N_("Day on which it was applied; empty if not yet")),
        "evidence": text(N_("Document that proves the approval; empty if none")),
        "cost_impact": money(N_("Amount that it adds, negative where it saves"), None),
        "currency": currency(),
        "days_impact": integer(N_("Days that it adds, negative where it saves"), None),
        "quality_impact": choice(N_("What it does to the quality"), ("better", "none", "worse")),
        "milestone_id": text(N_("Milestone whose date it moves")),
        "moves_to": date(N_("New date of that milestone"), planned=True),
        "line_id": text(N_("Budget line that its cost belongs to")),
        "amendment": text(N_("Amendment that it led to"), vocabulary="amendments"),
    },
    ordered("requested_on", "evaluated_on"),
    ordered("requested_on", "decided_on"),
    ordered("requested_on", "applied_on"),
    ordered("decided_on", "applied_on", EARLIER),
    key=("change_id",),
)

TABLES = (CHANGES,)
PARENTS = {
    ("changes", "milestone_id"): "milestones",
    ("changes", "line_id"): "budget",
}
