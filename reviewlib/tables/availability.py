"""Outages of services, and the maintenance that was planned for them (F5)."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, flag, instant, number, ordered, schema, text

CAUSED_BY = ("client", "provider", "third_party", "force_majeure")

OUTAGES = schema(
    "outages",
    N_("One row per outage of a service. Outages may overlap: their union counts."),
    {
        "outage_id": text(N_("Number of the outage"), required=True, unique=True),
        "service": text(N_("Service that was down"), required=True, vocabulary="services"),
        "started_at": instant(N_("Since when it was down"), required=True),
        "ended_at": instant(N_("Until when; empty while it is still down")),
        "cause": text(N_("What caused it")),
        "caused_by": choice(N_("On whose side the cause lies"), CAUSED_BY),
        "ticket_id": text(N_("Ticket that gives the details")),
        "recorded_minutes": number(
            N_("Down time as the tool recorded it, in minutes; only ever compared"), low=0
        ),
    },
    ordered("started_at", "ended_at"),
    key=("outage_id",),
)

MAINTENANCE_WINDOWS = schema(
    "maintenance_windows",
    N_("One row per planned interruption of a service."),
    {
        "window_id": text(N_("Number of the window"), required=True, unique=True),
        "service": text(N_("Service concerned"), required=True, vocabulary="services"),
        "starts_at": instant(N_("Planned start"), required=True, planned=True),
        "ends_at": instant(N_("Planned end"), required=True, planned=True),
        "announced_at": instant(N_("When it was announced to the client")),
        "agreed": flag(N_("Accepted by the client")),
        "title": text(N_("What was planned")),
    },
    ordered("starts_at", "ends_at"),
    key=("window_id",),
)

TABLES = (OUTAGES, MAINTENANCE_WINDOWS)
