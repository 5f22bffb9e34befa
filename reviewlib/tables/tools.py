"""Tools and procedures: what was agreed for working together, and its use."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import date, integer, month, ordered, schema, text

TOOLS = schema(
    "tools",
    N_("One row per tool of working together and month: how many people used it."),
    {
        "tool": text(N_("Tool, by its key or title in the contract"), required=True, words="tools"),
        "month": month(N_("Month"), required=True),
        "active": integer(N_("Number of people who used it in the month")),
        "people": integer(N_("Number of people for whom it is meant")),
        "exchanges": integer(N_("Number of requests, messages or pages that went through it")),
        "all_exchanges": integer(N_("Number of those that went any way, this tool's included")),
        "evidence": text(N_("Report that gives the numbers; empty if none")),
    },
    key=("tool", "month"),
)

PROCEDURES = schema(
    "procedures",
    N_("One row per process or procedure, and when it was written and reviewed."),
    {
        "procedure": text(
            N_("Procedure, by its key or title in the contract"),
            required=True,
            unique=True,
            words="procedures",
        ),
        "title": text(N_("What it is about")),
        "documented_on": date(N_("Day on which it was written; empty if it was not")),
        "reviewed_on": date(N_("Day on which it was last reviewed; empty if it was not")),
        "evidence": text(N_("Document that holds it; empty if none")),
    },
    ordered("documented_on", "reviewed_on"),
    key=("procedure",),
)

TABLES = (TOOLS, PROCEDURES)
