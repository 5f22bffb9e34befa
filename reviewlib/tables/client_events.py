"""What happened on the client's side: hires, sites, software, reorganisation."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, number, ordered, schema, text

CLIENT_EVENTS = schema(
    "client_events",
    N_("One row per event on the client's side that may explain volumes or costs."),
    {
        "event_id": text(N_("Number of the event"), required=True, unique=True),
        "title": text(N_("What happened"), required=True),
        "kind": choice(N_("What it is"), ("hires", "site", "software", "reorganisation", "other")),
        "starts_on": date(N_("First day of its effect"), planned=True, required=True),
        "ends_on": date(N_("Last day of its effect; empty if it lasts"), planned=True),
        "announced_on": date(N_("Day on which the provider was notified; empty if it was not")),
        "service": text(N_("Service that it concerns; empty: all"), vocabulary="services"),
        "site": text(N_("Site that it concerns; empty: all"), vocabulary="sites"),
        "category": text(N_("Category of tickets that it concerns; empty: all")),
        "people": number(N_("How many people it concerns"), low=0),
        "change_id": text(N_("Change request that it led to, with what it costs")),
        "evidence": text(N_("Document that proves it; empty if none")),
    },
    ordered("starts_on", "ends_on"),
    key=("event_id",),
)

TABLES = (CLIENT_EVENTS,)
PARENTS = {("client_events", "change_id"): "changes"}
