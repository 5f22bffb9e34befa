"""Deliverables: the forms of their tables and figures."""

from __future__ import annotations

from reviewlib.delivery.acceptance_words import DECISIONS
from reviewlib.delivery.deliverables import metrics
from reviewlib.report.day_words import STATES
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_
from reviewlib.report.values import Unit

WARRANTIES = {
    metrics.ENDED: N_("ended"),
    metrics.SOON: N_("ends within 90 days"),
    metrics.RUNNING: N_("running"),
}
DELIVERABLES = TableForm(
    "table",
    N_("Deliverables"),
    (
        Col("deliverable_id", N_("Deliverable")),
        Col("title", N_("What"), quoted=True),
        Col("clause", N_("Clause"), quoted=True),
        Col("due_on", N_("Due on"), Unit.DATE),
        Col("version", N_("Version accepted or awaiting"), quoted=True),
        Col("submitted_on", N_("Submitted on"), Unit.DATE),
        Col("after_days", N_("After the due date"), Unit.DAYS),
        Col("decision_days", N_("Decisions of the client"), Unit.DAYS),
        Col("milestone_days", N_("Before the milestone needed"), Unit.DAYS),
        Col("days", N_("Delay"), Unit.DAYS),
        Col("submissions", N_("Submissions"), Unit.COUNT),
        Col("refused", N_("Times refused"), Unit.COUNT),
        Col("state", N_("State"), words={**STATES, metrics.NOT_ASSESSED: N_("not assessed")}),
    ),
    N_(
        "In calendar days. The delay is what is left of the days after the due date without those "
        "of decisions of the client and those before the milestone needed; a negative one is time "
        "gained."
    ),
)
ACCEPTED = TableForm(
    "accepted",
    N_("What was accepted, and what is open of it"),
    (
        Col("deliverable_id", N_("Deliverable")),
        Col("accepted_on", N_("Accepted on"), Unit.DATE),
        Col("how", N_("How"), words=DECISIONS),
        Col("acceptance", N_("Clause"), quoted=True),
        Col("cycle_days", N_("First submission to acceptance"), Unit.DAYS),
        Col("client_days", N_("Of which with the client"), Unit.DAYS),
        Col("reservations", N_("Open reservations"), Unit.COUNT),
        Col("age", N_("Reservations open for"), Unit.DAYS),
        Col("warranty_ends_on", N_("Warranty ends on"), Unit.DATE),
        Col("warranty", N_("Warranty"), words=WARRANTIES),
    ),
)
VERSIONS = TableForm(
    "versions",
    N_("Every version submitted, and the decision on it"),
    (
        Col("deliverable_id", N_("Deliverable")),
        Col("version", N_("Version"), quoted=True),
        Col("submitted_on", N_("Submitted on"), Unit.DATE),
        Col("decide_by", N_("To be decided by"), Unit.DATE),
        Col("decided_on", N_("Decided on"), Unit.DATE),
        Col("decision", N_("Decision"), words=DECISIONS),
        Col("delay_days", N_("Time that the client took to decide"), Unit.DAYS),
        Col("late_days", N_("After the time limit"), Unit.DAYS),
        Col("counts", N_("What counts"), words=DECISIONS),
    ),
)
SUBMISSIONS = TableForm(
    "submitted",
    N_("Submissions by deliverable, against the due date"),
    (
        Col("label", N_("Deliverable"), quoted=True),
        Col("due_on", N_("Due on"), Unit.DATE),
        Col("version", N_("Version"), quoted=True),
        Col("submitted_on", N_("Submitted on"), Unit.DATE),
        Col("counts", N_("What counts"), words=DECISIONS),
    ),
)
