"""What was obtained on the objectives that the contract sets."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import date, number, schema, text

OBJECTIVE_RESULTS = schema(
    "objective_results",
    N_("One row per measure of an objective of the contract."),
    {
        "objective_id": text(N_("Number of the objective"), required=True, vocabulary="objectives"),
        "measured_on": date(N_("Day of the measure"), required=True),
        "value": number(N_("Measured value, in the objective's unit"), required=True),
        "source": text(N_("Where the value comes from")),
    },
    key=("objective_id", "measured_on"),
)

TABLES = (OBJECTIVE_RESULTS,)
