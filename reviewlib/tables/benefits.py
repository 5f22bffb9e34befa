"""Benefits: what outsourcing was expected to bring, and what it brought."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, number, schema, text

BENEFITS = schema(
    "benefits",
    N_("One row per benefit that was expected of outsourcing."),
    {
        "benefit_id": text(N_("Number of the benefit"), required=True, unique=True),
        "title": text(N_("What was expected"), required=True),
        "kind": choice(N_("Which kind of benefit"), ("cost", "time", "focus", "skills")),
        "measure": text(N_("What is measured")),
        "unit": text(N_("Unit of the values")),
        "before": number(N_("Value before outsourcing")),
        "expected": number(N_("Value expected")),
        "obtained": number(N_("Value obtained"), known_on="measured_on"),
        "direction": choice(N_("Which values are good"), ("at_least", "at_most")),
        "measured_on": date(N_("Day of the measure")),
        "source": text(N_("Document or tool that gave the values")),
    },
    key=("benefit_id",),
)

TABLES = (BENEFITS,)
