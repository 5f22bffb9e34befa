"""Causes of delay: the forms of their tables and figures."""

from __future__ import annotations

from reviewlib.contract import Contract
from reviewlib.delivery.delays import metrics
from reviewlib.delivery.deliverables.excused import DECISION, WAITING
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_, Shown
from reviewlib.report.values import Unit

KINDS = {
    "milestones": metrics.MILESTONE,
    "deliverables": metrics.DELIVERABLE,
    "submissions": metrics.DELIVERABLE,
}
"""The tables without which no delay of a kind can be told."""
SHARES = {
    metrics.CLIENT: N_("client"),
    metrics.PROVIDER: N_("provider"),
    metrics.THIRD_PARTY: N_("third party"),
    metrics.FORCE_MAJEURE: N_("force majeure"),
    metrics.CONCURRENT: N_("concurrent causes"),
    metrics.CONTESTED: N_("contested"),
    metrics.SUSPENDED: N_("suspended"),
    DECISION: N_("decisions of the client"),
    WAITING: N_("waiting for a milestone"),
    metrics.UNATTRIBUTED: N_("without a recorded cause"),
}
TERMS = {DECISION: "decision_days", WAITING: "milestone_days"}
"""The classes that a term of acceptance makes, by its key."""
SUBJECT = Col("subject", N_("Milestone or deliverable"))
CLAUSE = Col("clause", N_("Clause"), quoted=True)
FIRST, LAST = Col("first", N_("First day"), Unit.DATE), Col("last", N_("Last day"), Unit.DATE)
DAYS = Col("days", N_("Days"), Unit.COUNT)
CLASSES = tuple(Col(share, Shown(word, "capital"), Unit.COUNT) for share, word in SHARES.items())
PARTITION = TableForm(
    "partition",
    N_("Each delay by cause, in days"),
    (SUBJECT, CLAUSE, Col("after", N_("Date in force or due date"), Unit.DATE), LAST, DAYS,
     *CLASSES),
    N_("The classes add up to the days of the delay: those after that date."),
)  # fmt: skip
SPANS = TableForm(
    "spans",
    N_("Each delay, span by span"),
    (SUBJECT, FIRST, LAST, DAYS, Col("share", N_("Counted as"), words=SHARES),
     Col("causes", N_("Causes")), Col("suspensions", N_("Suspensions")),
     Col("excused", N_("Version refused or milestone needed"))),
)  # fmt: skip
STARTS = Col("starts_on", FIRST.label, Unit.DATE)
ENDS = Col("ends_on", LAST.label, Unit.DATE)
EVIDENCE = Col("evidence", N_("Evidence"), quoted=True)
NO_DOCUMENT = N_("no document named")
CAUSES = TableForm(
    "causes",
    N_("Causes on file"),
    (Col("cause_id", N_("Cause")), SUBJECT, Col("cause", N_("What happened"), quoted=True),
     Col("attributed_to", N_("Attributed to"), words=SHARES), Col("contested", N_("Contested")),
     STARTS, ENDS, DAYS, Col("duty_id", N_("Duty of the client")), EVIDENCE),
)  # fmt: skip
SUSPENSIONS = TableForm(
    "suspensions",
    N_("Suspensions"),
    (Col("suspension_id", N_("Suspension")), SUBJECT, Col("reason", N_("Reason"), quoted=True),
     CLAUSE, STARTS, ENDS, DAYS, EVIDENCE),
    N_("One that names neither a milestone nor a deliverable applies to all of them."),
)  # fmt: skip
LONGEST = TableForm(
    "by_cause",
    N_("Days of delay by cause"),
    (Col("label", SUBJECT.label, quoted=True), *CLASSES, DAYS),
)


def by_default(contract: Contract) -> frozenset[str]:
    """Return the classes of days that are so by a default, where a version says nothing of it."""
    terms = [version.acceptance for version in contract.versions]
    silent = (share for share, key in TERMS.items() if any(one.is_silent(key) for one in terms))
    return frozenset(silent)
