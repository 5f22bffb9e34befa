"""The budget, line by line."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import currency, date, flag, money, schema, text
from reviewlib.tables.totals import total_row

BUDGET = schema(
    "budget",
    N_("One row per line of the budget; the changes that add to it stand in the table of changes."),
    {
        "line_id": text(N_("Number of the line"), required=True, unique=True),
        "title": text(N_("What the line pays for"), required=True),
        "clause": text(N_("Clause or annex that states its amount")),
        "original": money(N_("Amount at the signature, without taxes"), required=True),
        "current": money(
            N_("Amount that the tool shows as current; compared with the one recomputed"),
            known_on="stated_on",
        ),
        "actual": money(N_("Amount spent so far, without taxes"), known_on="stated_on"),
        "forecast": money(N_("Amount forecast at completion, without taxes"), known_on="stated_on"),
        "stated_on": date(N_("Day on which these amounts were stated")),
        "currency": currency(),
        "unforeseen": flag(N_("Whether the cost was not foreseen at the signature")),
    },
    *total_row(("line_id", "title"), ("original", "current", "actual", "forecast")),
    key=("line_id",),
)

TABLES = (BUDGET,)
