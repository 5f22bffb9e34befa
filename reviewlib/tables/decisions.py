"""Decisions: what the parties decided together, where, and when it was put into effect."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, ordered, schema, text

DECISIONS = schema(
    "decisions",
    N_("One row per decision of the parties, taken in a meeting or in an exchange."),
    {
        "decision_id": text(N_("Number of the decision"), required=True, unique=True),
        "title": text(N_("What was decided"), required=True),
        "decided_on": date(N_("Day of the decision"), required=True),
        "side": choice(N_("Side that puts it into effect"), ("client", "provider", "both")),
        "decided_by": text(N_("Role or body that decided")),
        "body": text(N_("Meeting or exchange that holds it, such as steering committee")),
        "meeting_id": text(N_("Meeting that holds it, in the table of meetings")),
        "due_on": date(N_("Day by which it is to be in effect"), planned=True),
        "applied_on": date(N_("Day on which it was put into effect; empty if not yet")),
        "finding": text(N_("Id of the finding of a review that it answers")),
        "evidence": text(N_("Document that proves it; empty if none")),
    },
    ordered("decided_on", "applied_on"),
    key=("decision_id",),
)

TABLES = (DECISIONS,)
PARENTS = {("decisions", "meeting_id"): "meetings"}
