"""Payments: paid in time or not, before or after the acceptance, retained and released (D3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from reviewlib.contract.delivery import Payment
from reviewlib.contract.penalties import LatePayment
from reviewlib.delivery import results
from reviewlib.money.payments import metrics
from reviewlib.report.chapter import Chapter, Col, TableForm, as_of, titled
from reviewlib.report.day_words import delay_words
from reviewlib.report.text import EMPTY, N_, Text, commas, n_, sentences
from reviewlib.report.values import Kind, Section, Unit
from reviewlib.review import Review

AMOUNTS = "payments.csv: amount, retained"
DATED = "payments.csv: received_on, due_on, paid_on"
RETAINED = "payments.csv: retained, paid_on, released_on"
BEFORE = "payments.csv: paid_on; milestones.csv, work_orders.csv, submissions.csv"

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
WHY = {
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
    "unrecorded": N_(
        "No acceptance is recorded of what these payments are for; whether they came before it is "
        "not known: {ids}."
    ),
    "endless": N_("Until when the retention of these payments is held is not known: {ids}."),
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
    sums = metrics.totals(rows)
    _opening(c, rows, sums)
    _amounts(c, rows, sums)
    _punctuality(c, rows, sums)
    _before_acceptance(c, rows, sums)
    _retained(c, rows, sums)
    _late(c, rows)
    _too_soon(c, rows)
    _releases(c, rows)
    _other_shares(c, rows)
    _tables(c, rows)
    _caveats(c, rows)
    return c.section()


def _clauses(stated: pd.Series) -> str:
    """Return the clauses that some payments were judged under: those of all terms in force then."""
    return ", ".join(dict.fromkeys(clause for clause in stated if clause))


def _opening(c: Chapter, rows: pd.DataFrame, sums: dict[str, Decimal]) -> None:
    states = rows["state"]
    n, in_time = int(states.isin(metrics.JUDGED).sum()), int((states == metrics.IN_TIME).sum())
    judged = N_("Payments made in time: {k} of the {n} that can be judged.")(k=in_time, n=n)
    paid = N_("Paid so far: {paid:money} of {invoiced:money} invoiced.")
    c.headline(
        judged if n else N_("No payment can be judged yet."),
        paid(paid=sums["paid"], invoiced=sums["invoiced"]),
    )
    terms: Payment | None = c.review.contract.terms_at(c.review.as_of).payment
    if terms is not None:
        c.intro(WITHIN[terms.starts_at](within=delay_words(terms.within)))
        if terms.retention is not None:
            c.intro(UNTIL[terms.retention.until](share=terms.retention.share))
    c.intro(COUNTED)


# Figures


def _amounts(c: Chapter, rows: pd.DataFrame, sums: dict[str, Decimal]) -> None:
    invoiced = rows["state"] != metrics.NOT_INVOICED
    paid = rows["paid_on"].notna()
    held = paid & rows["released_on"].isna() & (rows["release_state"] != "")
    for name, label, which in (
        ("invoiced", N_("Invoiced"), invoiced),
        ("paid", N_("Paid, with the retentions released"), paid),
        ("unpaid", N_("Invoiced and not paid yet"), invoiced & ~paid),
        ("held", N_("Retained and still held"), held),
        ("not_invoiced", N_("Not invoiced yet"), ~invoiced),
    ):
        c.amount(name, label, sums[name], n=int(which.sum()), source=AMOUNTS)


def _punctuality(c: Chapter, rows: pd.DataFrame, sums: dict[str, Decimal]) -> None:
    counts = rows["state"].value_counts()
    clause = _clauses(rows.loc[rows["state"].isin(metrics.JUDGED), "due_clause"])
    n = sum(int(counts.get(state, 0)) for state in metrics.JUDGED)
    apart = [
        N_("{outcome}: {n}")(outcome=STATES[state], n=int(counts[state]))
        for state in metrics.STATES
        if state not in metrics.JUDGED and state in counts
    ]
    note = N_("counted apart: {outcomes}")(outcomes=commas(apart)) if apart else EMPTY
    in_time, label = int(counts.get(metrics.IN_TIME, 0)), N_("Payments made in time")
    c.share("in_time", label, in_time, n, clause=clause, source=DATED, note=note)
    _delays(c, rows, sums, clause if n else None)


def _delays(c: Chapter, rows: pd.DataFrame, sums: dict[str, Decimal], clause: str | None) -> None:
    """Add by how much, and how many amounts, are late; nothing where no payment can be judged."""
    label = N_("Amounts paid late or past their date, without what was retained")
    if clause is None:
        c.amount("delay.amount", label, None, n=0, note=N_("no payment can be judged yet"))
        return
    late = rows.loc[rows["state"].isin([metrics.LATE, metrics.OVERDUE]), "days_late"]
    median = N_("Median delay of what was paid late or is past its date")
    c.median("delay.median", median, late.astype("float64"), source=DATED)
    n = len(late)
    if n:
        longest, days = (
            N_("Longest delay of what was paid late or is past its date"),
            int(late.max()),
        )
        c.fact("delay.longest", longest, days, Unit.DAYS, n=n, clause=clause, source=DATED)
    c.amount("delay.amount", label, sums["late"], n=n, clause=clause, source=AMOUNTS)


def _before_acceptance(c: Chapter, rows: pd.DataFrame, sums: dict[str, Decimal]) -> None:
    n = int((rows["paid_on"].notna() & rows["recorded"]).sum())
    early = int((rows["before_acceptance"].notna() | rows["unaccepted"]).sum())
    label = N_("Payments made before the acceptance of what they are for")
    if n == 0:
        because = N_("no payment made is for something of which the acceptance is recorded")
        c.fact("before_acceptance", label, None, because=because, period=EMPTY)
        return
    amounts = N_("Amounts paid before the acceptance of what they are for")
    c.fact("before_acceptance", label, early, n=n, source=BEFORE)
    c.amount("before_acceptance_amount", amounts, sums["before"], n=early, source=BEFORE)


def _retained(c: Chapter, rows: pd.DataFrame, sums: dict[str, Decimal]) -> None:
    states, label = rows["release_state"], N_("Retained from what was paid")
    kept = rows[rows["paid_on"].notna() & (states != "")]
    clause = _clauses((rows if kept.empty else kept)["retention_clause"])
    if kept.empty:
        because = N_("no retention is recorded (payments.csv: retained)")
        c.amount("retained", label, None, clause=clause, because=because, period=EMPTY)
        return
    released = int(kept["released_on"].notna().sum())
    early = int((states == metrics.TOO_EARLY).sum())
    for name, words, amount, n in (
        ("retained", label, sums["retained"], len(kept)),
        ("released", N_("Retentions released"), sums["released"], released),
        ("released_early", N_("Retentions released too early"), sums["early"], early),
    ):
        c.amount(name, words, amount, n=n, clause=clause, source=RETAINED)


# Findings


def _late(c: Chapter, rows: pd.DataFrame) -> None:
    judged = rows[rows["state"].isin(metrics.JUDGED)]
    if len(judged) and judged["state"].eq(metrics.IN_TIME).all():
        every = n_(
            "The only payment that can be judged was made in time.",
            "All {n} payments that can be judged were made in time.",
        )
        c.strength("kept", every(n=len(judged)), clause=_clauses(judged["due_clause"]))
    settle = N_("Payment {payment_id}: settle when it is paid.")
    c.each(
        Kind.CONCERN,
        "late",
        _longest(rows[rows["state"].isin(list(LATE))], "days_late"),
        lambda row: sentences(LATE[row.state](payment=_payment(row)), _received(row)),
        id="payment_id",
        decision=lambda row: settle if row.state == metrics.OVERDUE else EMPTY,
        clause=lambda row: row.due_clause or row.clause,
    )


def _received(row: Any) -> Text:
    counted = row.due_basis == metrics.CONTRACT and pd.notna(row.received_on)
    return RECEIVED if counted else EMPTY


def _too_soon(c: Chapter, rows: pd.DataFrame) -> None:
    early = rows[rows["before_acceptance"].notna() | rows["unaccepted"]]
    c.each(
        Kind.CONCERN,
        "before_acceptance",
        _longest(early, "before_acceptance"),
        lambda row: (UNACCEPTED if row.unaccepted else EARLY)(payment=_payment(row)),
        id="payment_id",
        about=lambda row: [row.payment_id, row.subject],
        clause="clause",
    )


def _releases(c: Chapter, rows: pd.DataFrame) -> None:
    """Add each retention that was released before its day, or is held past it."""
    held = metrics.OVERDUE_RELEASE
    settle = N_("Payment {payment_id}: settle whether the retention is released.")
    c.each(
        Kind.CONCERN,
        "retention",
        _longest(rows[rows["release_state"].isin([metrics.TOO_EARLY, held])], "release_days"),
        lambda row: RELEASED[row.release_state, row.until if pd.notna(row.release_due) else ""](
            payment=_payment(row), days=abs(row.release_days)
        ),
        id="payment_id",
        decision=lambda row: settle if row.release_state == held else EMPTY,
        clause="retention_clause",
    )


def _other_shares(c: Chapter, rows: pd.DataFrame) -> None:
    """Add each payment from which another part was retained than the contract's."""
    sentence = N_(
        "{payment}: {retained:money} retained of {amount:money}, where the contract's "
        "{share:percent} make {to_retain:money}."
    )
    c.each(
        Kind.CONCERN,
        "retained",
        rows[_other(rows)],
        lambda row: sentence(payment=_payment(row)),
        id="payment_id",
        clause="retention_clause",
    )


def _other(rows: pd.DataFrame) -> pd.Series:
    """Tell which payments made had another part retained than the contract's."""
    pairs = zip(rows["retained"], rows["to_retain"], strict=True)
    other = [expected not in (None, kept) for kept, expected in pairs]
    kept = rows["paid_on"].notna() & (rows["release_state"] != "")
    return kept & pd.Series(other, rows.index, dtype="bool")


def _longest(rows: pd.DataFrame, days: str) -> pd.DataFrame:
    """Return the rows of most days first."""
    return rows.loc[rows[days].abs().fillna(0).sort_values(ascending=False, kind="stable").index]


def _payment(row: Any) -> Text:
    return N_("Payment {named}")(named=titled(row.payment_id, row.title))


# Tables and caveats


def _tables(c: Chapter, rows: pd.DataFrame) -> None:
    stated, today = rows["due_basis"] == metrics.STATED, c.review.today
    late = rows["state"].isin([metrics.LATE, metrics.OVERDUE])
    counted = N_(
        "Days late are calendar days after the due date, up to {date} for what is not paid."
    )
    tacit = N_("Accepted tacitly, for want of a decision in time: {ids}.")
    ids = rows.loc[rows["tacit"], "payment_id"]
    note = sentences(counted(date=today), tacit(ids=ids) if len(ids) else EMPTY)
    keys = [col.key for col in PAYMENTS.columns if stated.any() or col.key != "due_basis"]
    shown = rows.assign(days=rows["days_late"].where(late))
    c.table(PAYMENTS.only(keys).but(note=note), shown)
    kept = rows[rows["release_state"] != ""]
    if len(kept):
        held: Text = N_(
            "Days from the day until which it is held to its release, or to {date} for what is "
            "still held; a negative number counts the days before."
        )(date=today)
        c.table(RETENTIONS.but(note=held), kept)


def _caveats(c: Chapter, rows: pd.DataFrame) -> None:
    """Add what can't be told and why, what the rows say against each other, what is left out."""
    state, why = rows["release_state"], rows["why"].where(rows["state"] == metrics.UNKNOWN, "")
    unrecorded = rows["paid_on"].notna() & rows["subject"].notna() & ~rows["recorded"]
    endless = state.isin([metrics.HELD, metrics.UNKNOWN]) & rows["release_due"].isna()
    other = {"unrecorded": unrecorded, "endless": endless}
    for name, sentence in WHY.items():
        c.caveat(name, sentence, about=rows.loc[other.get(name, why == name), "payment_id"])
    contradicting = metrics.contradictions(rows)
    for kind, ids in contradicting.groupby("kind", sort=False)["payment_id"]:
        c.caveat(str(kind), CONTRADICTIONS[kind], about=ids)
    _left_out(c, rows)


def _left_out(c: Chapter, rows: pd.DataFrame) -> None:
    late = int(rows["state"].isin([metrics.LATE, metrics.OVERDUE]).sum())
    in_ledger = N_("Interest for late payment, where it is due, stands in the ledger of penalties.")
    unstated = N_(
        "The contract file states no interest for late payment (terms.penalties): none is computed."
    )
    c.caveat("interest", in_ledger if _states_interest(c.review) else unstated, when=late > 0)
    kinds = (
        rows["before_acceptance"].notna() | rows["unaccepted"],
        rows["release_state"].isin([metrics.TOO_EARLY, metrics.OVERDUE_RELEASE]),
        _other(rows),
    )
    c.stopped(late, *(int(kind.sum()) for kind in kinds))
    paid = rows[rows["paid_on"].notna() & rows["share"].notna()]
    silent = n_(
        "The terms of {n} payment made state a retention, and none is recorded of it: whether "
        "it applied is not known.",
        "The terms of {n} payments made state a retention, and none is recorded of them: "
        "whether it applied is not known.",
    )
    c.caveat("not_retained", silent, about=paid.loc[paid["release_state"] == "", "payment_id"])


def _states_interest(review: Review) -> bool:
    rules = (rule for terms in review.contract.versions for rule in terms.penalties.values())
    return any(isinstance(rule, LatePayment) for rule in rules)
