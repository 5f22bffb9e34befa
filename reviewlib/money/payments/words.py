"""The words of payments and of retentions: their states, sentences and tables."""

from __future__ import annotations

from reviewlib.amounts import sign
from reviewlib.money.payments import metrics
from reviewlib.money.results import SpentAndInvoiced
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Text, sentences
from reviewlib.report.values import Unit

SPENT_AND_INVOICED = {
    1: N_(
        "The budget says that {spent:money} is spent, and {invoiced:money} is invoiced: "
        "{gap:money} less."
    ),
    -1: N_(
        "The budget says that {spent:money} is spent, and {invoiced:money} is invoiced: "
        "{gap:money} more."
    ),
}
"""By the sign of what is spent less what is invoiced."""
BY_CLAUSE = N_("By clause, spent less invoiced: {parts:all}.")
OF_CLAUSE = N_("{clause}: {gap:money}")
NO_CLAUSE = N_("of no clause")
NOT_INVOICED = N_("Not invoiced yet: {amount:money}, which may be a part of it.")
UNEXPLAINED = N_("The data do not explain the rest, {amount:money}.")
WHOLLY_UNEXPLAINED = N_("The data do not explain the difference.")
INVOICED = "payments.csv: amount, retained"
DATED = "payments.csv: received_on, due_on, paid_on"
RETAINED = "payments.csv: retained, paid_on, released_on"
BEFORE = "payments.csv: paid_on; milestones.csv, work_orders.csv, submissions.csv"

AMOUNTS = {
    "invoiced": N_("Invoiced"),
    "paid": N_("Paid, with the retentions released"),
    "unpaid": N_("Invoiced and not paid yet"),
    "held": N_("Retained and still held"),
    "not_invoiced": N_("Not invoiced yet"),
}
STATES = {
    metrics.IN_TIME: N_("on time"),
    metrics.LATE: N_("late"),
    metrics.OVERDUE: N_("past its date"),
    metrics.NOT_DUE: N_("not due yet"),
    metrics.NOT_INVOICED: N_("not invoiced"),
    metrics.UNKNOWN: N_("not known"),
}
BASES = {metrics.STATED: N_("the table"), metrics.CONTRACT: N_("the contract")}
RELEASES = {
    metrics.HELD: N_("held"),
    metrics.RELEASED: N_("released"),
    metrics.TOO_EARLY: N_("released too early"),
    metrics.TOO_LATE: N_("released late"),
    metrics.OVERDUE_RELEASE: N_("held past its date"),
    metrics.NOT_PAID: N_("not paid yet"),
    metrics.UNKNOWN: N_("not known"),
}
WITHIN = {
    "invoice": N_("An invoice is to be paid within {within} of its receipt."),
    "acceptance": N_(
        "An invoice is to be paid within {within} of the acceptance of what it is for."
    ),
    "later": N_(
        "An invoice is to be paid within {within} of its receipt or of the acceptance of what it "
        "is for, whichever is the later."
    ),
}
UNTIL = {
    "warranty": N_("A retention of {share:threshold} is held until the end of the warranty."),
    "contract": N_("A retention of {share:threshold} is held until the end of the contract."),
}
COUNTED = N_(
    "The date stated for a payment comes first, else the terms in force on the day of the "
    "receipt give it. A payment on the last day is still on time; days late are calendar "
    "days. What is accepted tacitly is accepted. What was invoiced is what was paid, what is "
    "not paid yet and what is still held."
)
LATE = {
    metrics.LATE: N_(
        "{payment}: {payable:money} paid on {paid_on}, {days_late:days} after its due date "
        "({due_on})."
    ),
    metrics.OVERDUE: N_(
        "{payment}: {payable:money} not paid as of {today}, {days_late:days} after its due date "
        "({due_on})."
    ),
}
RECEIVED = N_("Its invoice was received on {received_on}.")
EARLY = N_(
    "{payment}: {payable:money} paid on {paid_on}, {before_acceptance:days} before {subject} was "
    "accepted ({accepted_on})."
)
UNACCEPTED = N_(
    "{payment}: {payable:money} paid on {paid_on}; {subject} is not accepted as of {today}."
)
RELEASED = {
    (metrics.TOO_EARLY, "warranty"): N_(
        "{payment}: the retention of {retained:money} was released on {released_on}, {days:days} "
        "before the end of the warranty ({release_due})."
    ),
    (metrics.TOO_EARLY, "contract"): N_(
        "{payment}: the retention of {retained:money} was released on {released_on}, {days:days} "
        "before the end of the contract ({release_due})."
    ),
    (metrics.TOO_LATE, "warranty"): N_(
        "{payment}: the retention of {retained:money} was released on {released_on}, {days:days} "
        "after the end of the warranty ({release_due})."
    ),
    (metrics.TOO_LATE, "contract"): N_(
        "{payment}: the retention of {retained:money} was released on {released_on}, {days:days} "
        "after the end of the contract ({release_due})."
    ),
    (metrics.OVERDUE_RELEASE, "warranty"): N_(
        "{payment}: the retention of {retained:money} is still held as of {today}, {days:days} "
        "after the end of the warranty ({release_due})."
    ),
    (metrics.OVERDUE_RELEASE, "contract"): N_(
        "{payment}: the retention of {retained:money} is still held as of {today}, {days:days} "
        "after the end of the contract ({release_due})."
    ),
    (metrics.TOO_EARLY, ""): N_(
        "{payment}: the retention of {retained:money} was released on {released_on}, although what "
        "is paid is not accepted as of {today}."
    ),
}
NO_INTEREST = N_(
    "No interest is computed on it: by default, {rule:ref} applies to invoices, not to "
    "retentions. Applied to both, it would make {interest:money} of interest due "
    "({retained:money} × {rate:percent.2} × {days:days} / {year:number})."
)
AND_INDEMNITY = N_(
    "No interest is computed on it: by default, {rule:ref} applies to invoices, not to "
    "retentions. Applied to both, it would make {interest:money} of interest due "
    "({retained:money} × {rate:percent.2} × {days:days} / {year:number}), and "
    "{indemnity:money} of indemnity."
)
UNDETERMINED = {
    metrics.NO_TERM: N_(
        "No due date is stated for these payments (due_on), nor a time to pay in the contract "
        "file (terms.payment): {ids}."
    ),
    metrics.NO_RECEIPT: N_(
        "The due date of these payments counts from a receipt that is not stated: {ids}."
    ),
    metrics.NO_SUBJECT: N_(
        "The due date of these payments counts from an acceptance; what they are for is not "
        "stated: {ids}."
    ),
    metrics.NOT_RECORDED: N_(
        "The due date of these payments counts from an acceptance that is not recorded: {ids}."
    ),
    metrics.NOT_ACCEPTED: N_(
        "The due date of these payments counts from an acceptance that has not come: {ids}."
    ),
    metrics.UNRECORDED: N_(
        "No acceptance is recorded of what these payments are for; whether they came before it is "
        "not known: {ids}."
    ),
    metrics.ENDLESS: N_(
        "The date until which the retention of these payments is held is not known: {ids}."
    ),
}
CONTRADICTIONS = {
    metrics.UNRECEIVED: N_("Paid, with no receipt of an invoice: {ids}."),
    metrics.DUE_FIRST: N_("Due, by the table, before the receipt of their invoice: {ids}."),
    metrics.PAID_FIRST: N_("Paid before the receipt of their invoice: {ids}."),
    metrics.MORE_THAN_ALL: N_("More was retained than was invoiced: {ids}."),
}

PAYMENTS = TableForm(
    "payments",
    N_("Payments"),
    (
        Col("payment_id", N_("Payment")),
        Col("title", N_("What"), quoted=True),
        Col("clause", N_("Clause"), quoted=True),
        Col("invoice", N_("Invoice"), quoted=True),
        Col("amount", N_("Amount"), Unit.MONEY),
        Col("accepted_on", N_("Accepted on"), Unit.DATE),
        Col("received_on", N_("Invoice received on"), Unit.DATE),
        Col("due_on", N_("Due on"), Unit.DATE),
        Col("due_basis", N_("Due date given by"), words=BASES),
        Col("paid_on", N_("Paid on"), Unit.DATE),
        Col("days", N_("Days late"), Unit.DAYS),
        Col("state", N_("State"), words=STATES),
    ),
)
RETENTIONS = TableForm(
    "retentions",
    N_("Retentions"),
    (
        Col("payment_id", N_("Payment")),
        Col("title", N_("What"), quoted=True),
        Col("retention_clause", N_("Clause"), quoted=True),
        Col("amount", N_("Amount"), Unit.MONEY),
        Col("retained", N_("Retained"), Unit.MONEY),
        Col("retained_share", N_("Share retained"), Unit.SHARE),
        Col("share", N_("Share of the contract"), Unit.SHARE),
        Col("accepted_on", N_("Accepted on"), Unit.DATE),
        Col("release_due", N_("Held until"), Unit.DATE),
        Col("released_on", N_("Released on"), Unit.DATE),
        Col("release_days", N_("Days after that date"), Unit.DAYS),
        Col("release_state", N_("State"), words=RELEASES),
    ),
)


def spent_and_invoiced(totals: SpentAndInvoiced | None) -> Text:
    """Return what is spent beside what is invoiced, and what makes the difference; "" of none."""
    if totals is None:
        return EMPTY
    gap, awaited = totals.spent - totals.invoiced, totals.not_invoiced
    if not gap:
        return EMPTY
    parts = [OF_CLAUSE(clause=name or NO_CLAUSE, gap=of_it) for name, of_it in totals.by_clause]
    rest = UNEXPLAINED(amount=gap - awaited) if gap > awaited > 0 else WHOLLY_UNEXPLAINED
    return sentences(
        SPENT_AND_INVOICED[sign(gap)](spent=totals.spent, invoiced=totals.invoiced, gap=abs(gap)),
        parts and BY_CLAUSE(parts=parts),
        gap > 0 and awaited and NOT_INVOICED(amount=awaited),
        not (0 < gap <= awaited) and rest,
    )
