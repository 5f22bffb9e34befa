"""What each party answers to the findings of a review (L4)."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, schema, text

REPLIES = schema(
    "replies",
    N_("One row per answer of a party to a finding of the review."),
    {
        "finding": text(N_("Id of the finding, as review.json names it"), required=True),
        "side": choice(N_("Who answers"), ("client", "provider"), required=True),
        "position": choice(N_("Agreed or contested"), ("agreed", "contested"), required=True),
        "statement": text(N_("The answer in words")),
        "replied_on": date(N_("Day of the answer"), planned=True),
    },
    key=("finding", "side"),
)

TABLES = (REPLIES,)
