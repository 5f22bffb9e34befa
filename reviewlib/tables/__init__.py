"""The tables of an engagement: a schema each, in the order of the report."""

from __future__ import annotations

from reviewlib.tables import (
    availability,
    delivery,
    engagement,
    lessons,
    replies,
    satisfaction,
    service_levels,
)

SCHEMAS = {
    str(table.name): table
    for chapter in (
        engagement,
        delivery,
        service_levels,
        availability,
        satisfaction,
        lessons,
        replies,
    )
    for table in chapter.TABLES
}
"""Every table by its name; the name is that of its file without the ending."""

PARENTS = {
    ("ticket_events", "ticket_id"): "tickets",
    ("extensions", "ticket_id"): "tickets",
    ("milestone_forecasts", "milestone_id"): "milestones",
    ("submissions", "deliverable_id"): "deliverables",
    ("actions", "lesson_id"): "lessons",
}
"""Columns that name a row of another table."""
