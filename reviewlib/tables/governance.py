"""Governance: the meetings of the parties, and the reports that one owes the other."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, ordered, schema, text

SIDES = ("client", "provider")

MEETINGS = schema(
    "meetings",
    N_("One row per meeting that was planned or held, of a body or the launch meeting."),
    {
        "meeting_id": text(N_("Number of the meeting"), required=True, unique=True),
        "body": text(
            N_("Body that meets, by its key or title in the contract; launch: the launch meeting"),
            required=True,
            words="bodies",
        ),
        "planned_on": date(N_("Day for which it was first planned"), planned=True),
        "moved_to": date(N_("Day to which it was moved; empty if it was not"), planned=True),
        "held_on": date(N_("Day on which it was held; empty if not, or not yet")),
        "cancelled_on": date(N_("Day on which it was cancelled; empty if it was not")),
        "cancelled_by": choice(
            N_("Side that moved or cancelled it"), (*SIDES, "both"), known_on="cancelled_on"
        ),
        "attended": text(
            N_("Roles that attended, by their id in the contract, divided by semicolons"),
            known_on="held_on",
        ),
        "minutes_on": date(N_("Day on which the minutes were sent; empty if they were not")),
        "evidence": text(N_("Document that proves it, such as the minutes; empty if none")),
    },
    ordered("held_on", "minutes_on"),
    key=("meeting_id",),
)

REPORTS = schema(
    "reports",
    N_("One row per report that was due or received."),
    {
        "report": text(
            N_("Report, by its key or title in the contract"), required=True, words="reports"
        ),
        "period": text(N_("Period that it is about, such as 2024-03 or 2024Q1"), required=True),
        "due_on": date(
            N_("Day by which it is due; by the contract's delay where it is empty"), planned=True
        ),
        "received_on": date(N_("Day on which it was received; empty if it was not")),
        "side": choice(N_("Side that owes it; as the contract says where it is empty"), SIDES),
        "evidence": text(N_("Document that proves it; empty if none")),
    },
    key=("report", "period"),
)

TABLES = (MEETINGS, REPORTS)
