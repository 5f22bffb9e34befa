"""Initiatives: suggestions, alerts, successes and thanks, of either side."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, money, ordered, schema, text

INITIATIVES = schema(
    "initiatives",
    N_("One row per suggestion, alert, success or word of thanks, of either side."),
    {
        "initiative_id": text(N_("Number of the initiative"), required=True, unique=True),
        "title": text(N_("What was suggested, announced or recognised"), required=True),
        "kind": choice(
            N_("What it is"), ("suggestion", "alert", "success", "thanks"), required=True
        ),
        "side": choice(N_("Side that it comes from"), ("client", "provider"), required=True),
        "raised_on": date(N_("Day on which it was given"), required=True),
        "milestone_id": text(N_("Milestone of which an alert announces that it slips; or else")),
        "ticket_id": text(N_("Ticket, such as a major incident, that an alert announces; or else")),
        "line_id": text(N_("Budget line of which an alert announces that it is exceeded")),
        "answered_on": date(N_("Day on which the other side answered; empty if it did not")),
        "answer": choice(
            N_("What it answered"), ("accepted", "refused", "noted"), known_on="answered_on"
        ),
        "applied_on": date(N_("Day on which it was put into practice; empty if not")),
        "benefit": text(N_("What it brought, in words"), known_on="applied_on"),
        "benefit_amount": money(
            N_("What it brought, as an amount a year, without taxes"), known_on="applied_on"
        ),
        "benefit_basis": choice(
            N_("Whether that amount is estimated, stated by one side, or confirmed by the other"),
            ("estimated", "stated", "confirmed"),
            known_on="applied_on",
        ),
        "order_id": text(N_("Work order by which it was put into practice")),
        "evidence": text(N_("Document that proves it; empty if none")),
    },
    ordered("raised_on", "answered_on"),
    ordered("raised_on", "applied_on"),
    key=("initiative_id",),
)

TABLES = (INITIATIVES,)
PARENTS = {
    ("initiatives", "milestone_id"): "milestones",
    ("initiatives", "ticket_id"): "tickets",
    ("initiatives", "line_id"): "budget",
    ("initiatives", "order_id"): "work_orders",
}
