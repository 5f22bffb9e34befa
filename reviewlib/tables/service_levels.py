"""Tickets, what happened to them, and what the provider reported of them."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import (
    at_most_together,
    choice,
    flag,
    instant,
    integer,
    month,
    number,
    ordered,
    schema,
    text,
)

MOST_HOURS = 8784
"""The most hours by which a target is extended: those of a year; more is a slip of the pen."""

TICKETS = schema(
    "tickets",
    N_("One row per ticket, as the service desk's tool holds it at the extraction."),
    {
        "ticket_id": text(N_("Number of the ticket"), required=True, unique=True),
        "opened_at": instant(N_("When the ticket was opened"), required=True),
        "kind": text(N_("Incident or service request, as named in the contract"), words="kinds"),
        "service": text(N_("Service concerned"), vocabulary="services"),
        "site": text(N_("Site of the caller"), vocabulary="sites"),
        "caller_group": text(N_("Department of the caller"), words="caller_groups"),
        "category": text(N_("Category given by the service desk"), words="categories"),
        "priority": text(N_("Priority at the extraction"), vocabulary="priorities"),
        "status": text(N_("Status at the extraction"), words="statuses"),
        "group": text(N_("Team that holds the ticket at the extraction")),
        "first_response_at": instant(N_("First answer to the caller, as the tool recorded it")),
        "resolved_at": instant(N_("Last resolution, as the tool recorded it")),
        "closed_at": instant(N_("Closure, as the tool recorded it")),
        "recorded_sla_met": flag(N_("The tool's own flag; only ever compared, never our verdict")),
        "recorded_reopens": integer(N_("The tool's own count of reopenings; only ever compared")),
        "parent_id": text(N_("Ticket that this one was merged into, or is a child of")),
        "relation": choice(N_("What it is to that ticket"), ("merged", "child")),
    },
    ordered("opened_at", "first_response_at"),
    ordered("opened_at", "resolved_at"),
    ordered("opened_at", "closed_at"),
    ordered("resolved_at", "closed_at"),
    key=("ticket_id",),
)

EVENT_FIELDS = ("status", "priority", "group", "assignee", "public_reply", "escalation")
SIDES = ("client", "provider", "tool")
WORDS_BY = ("field", {"status": "statuses", "priority": "priorities"})
UNNAMED = ("field", ("status", "priority", "group", "escalation"))

TICKET_EVENTS = schema(
    "ticket_events",
    N_("One row per change of a ticket: the log from which every service level is computed."),
    {
        "ticket_id": text(N_("Number of the ticket"), required=True),
        "at": instant(N_("When the change was made"), required=True),
        "field": choice(N_("What changed"), EVENT_FIELDS, required=True, repeated=True),
        "old": text(
            N_("Value before the change; empty at the opening"),
            unnamed=UNNAMED,
            repeated=True,
            words_by=WORDS_BY,
        ),
        "new": text(
            N_("Value after the change"), unnamed=UNNAMED, repeated=True, words_by=WORDS_BY
        ),
        "actor_side": choice(
            N_("Whose hand made the change"), SIDES, unnamed=("actor_side", SIDES), repeated=True
        ),
        "automatic": flag(N_("Made by a rule of the tool, not by a person")),
    },
    key=("ticket_id", "at", "field", "old", "new"),
)

EXTENSIONS = schema(
    "extensions",
    N_("One row per extension of a ticket's target that was asked for: a record, never an edit."),
    {
        "extension_id": text(N_("Number of the extension"), required=True, unique=True),
        "ticket_id": text(N_("Ticket that is given more time"), required=True),
        "clause": text(N_("Clause concerned; empty: all of resolution"), vocabulary="clauses"),
        "decided_at": instant(N_("When the client decided"), required=True),
        "hours": number(
            N_("Service hours added to the target"), low=0, high=MOST_HOURS, required=True
        ),
        "decision": choice(N_("The client's decision"), ("accepted", "refused"), required=True),
        "reason": text(N_("Why more time was asked for")),
    },
    at_most_together("hours", "ticket_id", MOST_HOURS),
    key=("extension_id",),
)

REPORTED_KPIS = schema(
    "reported_kpis",
    N_("The service levels that the provider printed in its own monthly reports."),
    {
        "month": month(N_("Month of the report, YYYY-MM"), required=True),
        "clause": text(N_("Clause of the contract"), required=True, vocabulary="clauses"),
        "priority": text(
            N_("Priority; empty when all are reported together"), vocabulary="priorities"
        ),
        "value": number(
            N_("Reported share of tickets in time, 0 to 100"),
            low=0,
            high=100,
            required=True,
            unit="percent",
        ),
        "n": integer(N_("Number of tickets that the report states")),
    },
    key=("month", "clause", "priority"),
)

TABLES = (TICKETS, TICKET_EVENTS, EXTENSIONS, REPORTED_KPIS)
PARENTS = {
    ("ticket_events", "ticket_id"): "tickets",
    ("extensions", "ticket_id"): "tickets",
}
