"""What was learned, and who does what about it."""

from __future__ import annotations

from reviewlib.report.text import N_
from reviewlib.tables.columns import choice, date, ordered, schema, text

LESSONS = schema(
    "lessons",
    N_("One row per lesson drawn at the debrief."),
    {
        "lesson_id": text(N_("Number of the lesson"), required=True, unique=True),
        "event": text(N_("What happened"), required=True),
        "effect": text(N_("What it led to")),
        "cause": text(N_("Why it happened")),
        "early_warning": text(N_("The sign that could have given warning")),
        "recommendation": text(N_("What to do next time"), required=True),
        "kind": choice(N_("Something to keep or to improve"), ("keep", "improve"), required=True),
        "finding": text(N_("Id of the finding of the review that it rests on")),
        "logged_on": date(N_("Day on which it was written down"), begins=True, debrief=True),
    },
    key=("lesson_id",),
)

ACTIONS = schema(
    "actions",
    N_("One row per action decided."),
    {
        "action_id": text(N_("Number of the action"), required=True, unique=True),
        "title": text(N_("What is to be done"), required=True),
        "owner": text(N_("Role that owns it, on which side; no personal name")),
        "side": choice(N_("Side that owns it"), ("client", "provider", "both")),
        "lesson_id": text(N_("Lesson that it puts into practice")),
        "created_on": date(N_("Day on which it was decided"), begins=True, debrief=True),
        "due_on": date(N_("Day by which it must be done"), planned=True),
        "done_on": date(N_("Day on which it was done"), debrief=True),
        "status": choice(
            N_("Where it stands"),
            ("open", "in_progress", "done", "dropped"),
            required=True,
            known_on="done_on",
            until_then="open",
        ),
    },
    ordered("created_on", "done_on"),
    key=("action_id",),
)

TABLES = (LESSONS, ACTIONS)
PARENTS = {
    ("actions", "lesson_id"): "lessons",
}
