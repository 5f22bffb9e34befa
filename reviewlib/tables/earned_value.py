"""Earned value: what was planned, earned and spent up to each status date."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import currency, date, money, schema, text

EARNED_VALUE = schema(
    "earned_value",
    N_("One row per project and status date; amounts add up from the start of the project."),
    {
        "project": text(N_("Project; empty where there is one")),
        "status_date": date(
            N_("Date of the status; the plan goes on"), planned=True, required=True
        ),
        "planned_value": money(N_("Planned value (PV), budgeted cost of the work planned by then")),
        "earned_value": money(
            N_("Earned value (EV), budgeted cost of the work done by then"), known_on="status_date"
        ),
        "actual_cost": money(N_("Actual cost (AC) by then"), known_on="status_date"),
        "estimate_to_complete": money(
            N_("Estimate of what is still to be spent (ETC), from the bottom up"),
            known_on="status_date",
        ),
        "currency": currency(),
    },
    key=("project", "status_date"),
)

TABLES = (EARNED_VALUE,)
