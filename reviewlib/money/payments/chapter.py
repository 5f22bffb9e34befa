"""Payments: paid in time or not, before or after the acceptance, retained and released (D3)."""

from __future__ import annotations

import pandas as pd

from reviewlib.contract.penalties import LatePayment
from reviewlib.delivery import results
from reviewlib.money.payments import metrics
from reviewlib.money.payments.metrics import Sum
from reviewlib.report.chapter import Chapter
from reviewlib.report.day_words import delay_words
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import as_of, titled
from reviewlib.report.text import EMPTY, N_, commas, n_, sentences
from reviewlib.report.values import Kind, Section, Unit
from reviewlib.review import Review

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
    metrics.IN_TIME: N_("in time"),
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
    "warranty": N_("A retention of {share:percent} is held until the end of the warranty."),
    "contract": N_("A retention of {share:percent} is held until the end of the contract."),
}
COUNTED = N_(
    "The date stated for a payment comes first, else the terms in force on the day of the "
    "receipt give it. The last day of a delay is still in time; days late are calendar "
    "days. What is accepted tacitly is accepted. What was invoiced is what was paid, what "
    "is not paid yet and what is still held."
)
LATE = {
    metrics.LATE: N_(
        "{payment}: {payable:money}, due on {due_on}, paid on {paid_on}, {days_late:days} late."
    ),
    metrics.OVERDUE: N_(
        "{payment}: {payable:money}, due on {due_on}, not paid as of {today}: {days_late:days} "
        "late."
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
UNDETERMINED = {
    metrics.NO_TERM: N_(
        "No due date is stated for these payments (due_on), nor a delay in the contract file "
        "(terms.payment): {ids}."
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
    metrics.ENDLESS: N_("Until when the retention of these payments is held is not known: {ids}."),
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
    folded=False,
)


def payments(review: Review) -> Section:
    """Return the chapter on what was invoiced, paid and retained."""
    c = Chapter(review, "payments", N_("Payments"), as_of(review))
    table = review.table("payments")
    if table is None:
        return c.not_assessed(review.absent("payments"))
    rows = metrics.payments(table, results.accepted(review), review.contract, review.today)
    names = zip(rows["payment_id"], rows["title"], strict=True)
    labels = [N_("Payment {named}")(named=titled(*name)) for name in names]
    rows = rows.assign(payment=pd.Series(labels, rows.index, dtype="object"))
    sums = metrics.totals(rows)
    _opening(c, rows, sums)
    for name, label in AMOUNTS.items():
        c.amount(name, label, sums[name].amount, n=sums[name].n, source=INVOICED)
    _punctuality(c, rows, sums["late"])
    _before_acceptance(c, rows, sums["before"])
    _retained(c, rows, sums)
    _late(c, rows)
    _too_soon(c, rows)
    _retentions(c, rows)
    _tables(c, rows)
    _caveats(c, rows)
    return c.section()


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["state"].isin(metrics.JUDGED)]


def _clauses(stated: pd.Series) -> str:
    """Return the clauses that some payments were judged under: those of all terms in force then."""
    return ", ".join(dict.fromkeys(clause for clause in stated if clause))


def _opening(c: Chapter, rows: pd.DataFrame, sums: dict[str, Sum]) -> None:
    states = _judged(rows)["state"]
    judged = N_("Payments made in time: {k} of the {n} that can be judged.")
    paid = N_("Paid so far: {paid:money} of {invoiced:money} invoiced.")
    c.headline(
        judged(k=states.eq(metrics.IN_TIME).sum(), n=len(states))
        if len(states)
        else N_("No payment can be judged yet."),
        paid(paid=sums["paid"].amount, invoiced=sums["invoiced"].amount),
    )
    terms = c.review.contract.terms_at(c.review.as_of).payment
    if terms is not None:
        c.intro(WITHIN[terms.starts_at](within=delay_words(terms.within)))
        if terms.retention is not None:
            c.intro(UNTIL[terms.retention.until](share=terms.retention.share))
    c.intro(COUNTED)


# Figures


def _punctuality(c: Chapter, rows: pd.DataFrame, late: Sum) -> None:
    """Add the share in time of what can be judged, and by how much and how many are late."""
    counts, judged = rows["state"].value_counts(), _judged(rows)
    clause, n = _clauses(judged["due_clause"]), len(judged)
    apart = [
        N_("{outcome}: {n}")(outcome=STATES[state], n=counts[state])
        for state in metrics.STATES
        if state not in metrics.JUDGED and state in counts
    ]
    note = N_("counted apart: {outcomes}")(outcomes=commas(apart)) if apart else EMPTY
    in_time, label = int(counts.get(metrics.IN_TIME, 0)), N_("Payments made in time")
    c.share("in_time", label, in_time, n, clause=clause, source=DATED, note=note)
    label = N_("Amounts paid late or past their date, without what was retained")
    if not n:
        c.amount("delay.amount", label, None, n=0, note=N_("no payment can be judged yet"))
        return
    days = judged.loc[judged["state"] != metrics.IN_TIME, "days_late"]
    median = N_("Median delay of what was paid late or is past its date")
    c.median("delay.median", median, days, source=DATED)
    if late.n:
        longest, most = N_("Longest delay of what was paid late or is past its date"), days.max()
        c.fact(
            "delay.longest", longest, int(most), Unit.DAYS, n=late.n, clause=clause, source=DATED
        )
    c.amount("delay.amount", label, late.amount, n=late.n, clause=clause, source=INVOICED)


def _before_acceptance(c: Chapter, rows: pd.DataFrame, early: Sum) -> None:
    n = int((rows["paid_on"].notna() & rows["recorded"]).sum())
    label = N_("Payments made before the acceptance of what they are for")
    if n == 0:
        because = N_("no payment made is for something of which the acceptance is recorded")
        c.fact("before_acceptance", label, None, because=because, period=EMPTY)
        return
    amounts = N_("Amounts paid before the acceptance of what they are for")
    c.fact("before_acceptance", label, early.n, n=n, source=BEFORE)
    c.amount("before_acceptance_amount", amounts, early.amount, n=early.n, source=BEFORE)


def _retained(c: Chapter, rows: pd.DataFrame, sums: dict[str, Sum]) -> None:
    label, retained = (
        N_("Retained from what was paid"),
        rows["paid_on"].notna() & rows["release_state"].ne(""),
    )
    clause = _clauses(rows.loc[retained if retained.any() else rows.index, "retention_clause"])
    if not retained.any():
        because = N_("no retention is recorded (payments.csv: retained)")
        c.amount("retained", label, None, clause=clause, because=because, period=EMPTY)
        return
    for name, words, (amount, n) in (
        ("retained", label, sums["retained"]),
        ("released", N_("Retentions released"), sums["released"]),
        ("released_early", N_("Retentions released too early"), sums["early"]),
    ):
        c.amount(name, words, amount, n=n, clause=clause, source=RETAINED)


# Findings


def _late(c: Chapter, rows: pd.DataFrame) -> None:
    judged = _judged(rows)
    late = judged[judged["state"] != metrics.IN_TIME]
    if late.empty and len(judged):
        every = n_(
            "The only payment that can be judged was made in time.",
            "All {n} payments that can be judged were made in time.",
        )
        c.strength("kept", every(n=len(judged)), clause=_clauses(judged["due_clause"]))
    settle = N_("Payment {payment_id}: settle when it is paid.")
    counted = (late["due_basis"] == metrics.CONTRACT) & late["received_on"].notna()
    c.each(
        Kind.CONCERN,
        "late",
        _longest(late.assign(counted=counted), "days_late"),
        lambda row: sentences(LATE[row.state], RECEIVED if row.counted else EMPTY),
        id="payment_id",
        decision=lambda row: settle if row.state == metrics.OVERDUE else EMPTY,
        clause=lambda row: row.due_clause or row.clause,
    )


def _too_soon(c: Chapter, rows: pd.DataFrame) -> None:
    c.each(
        Kind.CONCERN,
        "before_acceptance",
        _longest(rows[rows["early"]], "before_acceptance"),
        lambda row: UNACCEPTED if row.unaccepted else EARLY,
        id="payment_id",
        about=lambda row: [row.payment_id, row.subject],
        clause="clause",
    )


def _retentions(c: Chapter, rows: pd.DataFrame) -> None:
    """Add each retention released before its day, held past it, or of another part than due."""
    amiss, other = _amiss(rows), rows[rows["other_share"]]
    settle = N_("Payment {payment_id}: settle whether the retention is released.")
    c.each(
        Kind.CONCERN,
        "retention",
        _longest(amiss.assign(days=amiss["release_days"].abs()), "days"),
        lambda row: RELEASED[row.release_state, row.until if pd.notna(row.release_due) else ""],
        id="payment_id",
        decision=lambda row: settle if row.release_state == metrics.OVERDUE_RELEASE else EMPTY,
        clause="retention_clause",
    )
    sentence = N_(
        "{payment}: {retained:money} retained of {amount:money}, where the contract's "
        "{share:percent} make {to_retain:money}."
    )
    c.each(Kind.CONCERN, "retained", other, sentence, id="payment_id", clause="retention_clause")


def _amiss(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the payments of which the retention was released too early, or is held too long."""
    return rows[rows["release_state"].isin([metrics.TOO_EARLY, metrics.OVERDUE_RELEASE])]


def _longest(rows: pd.DataFrame, days: str) -> pd.DataFrame:
    """Return the rows of most days first."""
    return rows.sort_values(days, ascending=False, kind="stable")


# Tables and caveats


def _tables(c: Chapter, rows: pd.DataFrame) -> None:
    today, tacit = c.review.today, rows.loc[rows["tacit"], "payment_id"]
    counted = N_(
        "Days late are calendar days after the due date, up to {date} for what is not paid."
    )
    accepted = N_("Accepted tacitly, for want of a decision in time: {ids}.")
    note = sentences(counted(date=today), accepted(ids=tacit) if len(tacit) else EMPTY)
    late = rows["state"].isin([metrics.LATE, metrics.OVERDUE])
    form = PAYMENTS if rows["due_basis"].eq(metrics.STATED).any() else PAYMENTS.without("due_basis")
    c.table(form.but(note=note), rows.assign(days=rows["days_late"].where(late)))
    held = N_(
        "Days from the day until which it is held to its release, or to {date} for what is "
        "still held; a negative number counts the days before."
    )
    withheld = rows[rows["release_state"] != ""]
    if len(withheld):
        c.table(RETENTIONS.but(note=held(date=today)), withheld)


def _caveats(c: Chapter, rows: pd.DataFrame) -> None:
    """Add what can't be told and why, what the rows say against each other, what is left out."""
    for kind, ids in metrics.undetermined(rows).items():
        c.caveat(kind, UNDETERMINED[kind], about=ids)
    for kind, ids in metrics.contradictions(rows).items():
        c.caveat(kind, CONTRADICTIONS[kind], about=ids)
    in_ledger = N_("Interest for late payment, where it is due, stands in the ledger of penalties.")
    unstated = N_(
        "The contract file states no interest for late payment (terms.penalties): none is computed."
    )
    late = int(rows["state"].isin([metrics.LATE, metrics.OVERDUE]).sum())
    rules = [rule for terms in c.review.contract.versions for rule in terms.penalties.values()]
    stated = any(isinstance(rule, LatePayment) for rule in rules)
    c.caveat("interest", in_ledger if stated else unstated, when=late > 0)
    c.stopped(late, len(_amiss(rows)), *map(int, rows[["early", "other_share"]].sum()))
    silent = n_(
        "The terms of {n} payment made state a retention, and none is recorded of it: whether "
        "it applied is not known.",
        "The terms of {n} payments made state a retention, and none is recorded of them: "
        "whether it applied is not known.",
    )
    stating = rows["paid_on"].notna() & rows["share"].notna()
    not_retained = stating & (rows["release_state"] == "")
    c.caveat("not_retained", silent, about=rows.loc[not_retained, "payment_id"])
