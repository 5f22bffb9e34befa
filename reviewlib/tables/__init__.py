"""The tables of an engagement: a schema each, in the order of the report."""

from __future__ import annotations

from reviewlib.tables import (
    availability,
    benefits,
    budget,
    changes,
    delays,
    deliverables,
    earned_value,
    engagement,
    lessons,
    milestones,
    payments,
    penalties,
    replies,
    satisfaction,
    service_levels,
    work_orders,
)

SCHEMAS = {
    str(table.name): table
    for chapter in (
        engagement,
        milestones,
        deliverables,
        delays,
        work_orders,
        changes,
        budget,
        earned_value,
        payments,
        benefits,
        service_levels,
        availability,
        penalties,
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
    ("deliverables", "milestone_id"): "milestones",
    ("delay_causes", "milestone_id"): "milestones",
    ("delay_causes", "deliverable_id"): "deliverables",
    ("delay_causes", "duty_id"): "client_duties",
    ("suspensions", "milestone_id"): "milestones",
    ("suspensions", "deliverable_id"): "deliverables",
    ("defects", "order_id"): "work_orders",
    ("defects", "deliverable_id"): "deliverables",
    ("changes", "milestone_id"): "milestones",
    ("changes", "line_id"): "budget",
    ("payments", "milestone_id"): "milestones",
    ("payments", "deliverable_id"): "deliverables",
    ("payments", "order_id"): "work_orders",
    ("actions", "lesson_id"): "lessons",
}
"""Columns that name a row of another table."""
