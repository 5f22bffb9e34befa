"""Teams: the contacts of both sides over time, their training, the subcontractors."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, integer, ordered, schema, text

SIDES = ("client", "provider")

CONTACTS = schema(
    "contacts",
    N_("One row per holder of a role, and the days between which. A holder is a code, not a name."),
    {
        "role": text(N_("Role, by its id or title in the contract"), required=True, words="roles"),
        "holder": text(N_("Code of the person who holds it, never a name"), required=True),
        "side": choice(N_("Side of the role; as the contract says where it is empty"), SIDES),
        "from_on": date(N_("First day in the role"), begins=True, required=True),
        "to_on": date(N_("Last day in the role; empty if it still is"), planned=True),
        "announced_on": date(N_("Day on which the other side was notified of the change")),
        "handover": choice(
            N_("Whether the role was handed over by the one before"), ("done", "partial", "none")
        ),
        "evidence": text(N_("Document that proves it; empty if none")),
    },
    ordered("from_on", "to_on"),
    key=("role", "from_on"),
)

TRAININGS = schema(
    "trainings",
    N_("One row per training or awareness session that was planned or held, of either side."),
    {
        "training_id": text(N_("Number of the session"), required=True, unique=True),
        "title": text(N_("What it is about"), required=True),
        "kind": choice(N_("What it is"), ("training", "awareness")),
        "side": choice(N_("Side whose people are trained"), (*SIDES, "both"), required=True),
        "given_by": choice(N_("Side that gives it"), (*SIDES, "third_party")),
        "due_on": date(N_("Day by which it is planned"), planned=True),
        "done_on": date(N_("Day on which it was held; empty if it was not")),
        "invited": integer(N_("Number of people for whom it was meant")),
        "attended": integer(N_("Number of people who attended"), known_on="done_on"),
        "clause": text(N_("Clause or annex that asks for it")),
        "evidence": text(N_("Document that proves it; empty if none")),
    },
    key=("training_id",),
)

SUBCONTRACTORS = schema(
    "subcontractors",
    N_("One row per company to which a part of the work was subcontracted."),
    {
        "subcontractor_id": text(N_("Number of the subcontractor"), required=True, unique=True),
        "service": text(N_("What it does"), required=True),
        "started_on": date(N_("First day of its work"), begins=True, required=True),
        "ended_on": date(N_("Last day of its work; empty if it goes on"), planned=True),
        "declared_on": date(N_("Day on which it was declared to the client; empty if not")),
        "approved_on": date(N_("Day on which the client approved it; empty if not")),
        "evidence": text(N_("Document that shows that it works; empty if none")),
    },
    ordered("started_on", "ended_on"),
    key=("subcontractor_id",),
)

TABLES = (CONTACTS, TRAININGS, SUBCONTRACTORS)
