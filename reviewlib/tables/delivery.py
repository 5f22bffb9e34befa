"""Milestones and deliverables: what was promised, moved, submitted and accepted."""

from __future__ import annotations

from reviewlib.tables.columns import choice, date, integer, ordered, schema, text
from reviewlib.wording import N_

MILESTONES = schema(
    "milestones",
    N_("One row per milestone of the contract's calendar."),
    {
        "milestone_id": text(N_("Number of the milestone"), required=True, unique=True),
        "title": text(N_("What the milestone is"), required=True),
        "clause": text(N_("Clause or annex that states its date")),
        "contract_date": date(N_("Date in the signed contract"), planned=True, required=True),
        "rebaselined_date": date(N_("Date after approved re-baselining"), planned=True),
        "rebaseline_approved_on": date(N_("Day on which that re-baseline was approved")),
        "actual_date": date(N_("Day on which it was reached; empty if not yet")),
    },
    key=("milestone_id",),
)

MILESTONE_FORECASTS = schema(
    "milestone_forecasts",
    N_("The successive dates announced for a milestone, one row per report."),
    {
        "milestone_id": text(N_("Number of the milestone"), required=True),
        "reported_on": date(N_("Day of the report"), required=True),
        "forecast_date": date(N_("Date then announced"), planned=True, required=True),
    },
    key=("milestone_id", "reported_on"),
)

DELIVERABLES = schema(
    "deliverables",
    N_("One row per deliverable of the contract."),
    {
        "deliverable_id": text(N_("Number of the deliverable"), required=True, unique=True),
        "title": text(N_("What is delivered"), required=True),
        "clause": text(N_("Clause or annex that asks for it")),
        "due_on": date(N_("Contractual date of submission"), planned=True, required=True),
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
    },
    ordered("submitted_on", "decided_on"),
    key=("deliverable_id", "version"),
)

TABLES = (MILESTONES, MILESTONE_FORECASTS, DELIVERABLES, SUBMISSIONS)
