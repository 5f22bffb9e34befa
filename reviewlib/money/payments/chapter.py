"""Payments: paid on time or not, before or after the acceptance, retained and released (D3)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pandas as pd

from reviewlib.contract.penalties import LatePayment
from reviewlib.delivery.terms import terms_on
from reviewlib.money import results
from reviewlib.money.payments import front, metrics, words
from reviewlib.money.payments.metrics import Sum
from reviewlib.money.penalties.claim import Formula
from reviewlib.money.penalties.stated_rule import ONE_DAY
from reviewlib.report.chapter import Chapter
from reviewlib.report.day_words import delay_words
from reviewlib.report.fields import FactFields
from reviewlib.report.phrases import as_of, counted_apart, titled
from reviewlib.report.text import EMPTY, N_, Text, n_, sentences
from reviewlib.report.values import Checks, Kind, Section, Side, Unit
from reviewlib.review import Review


def payments(review: Review) -> Section:
    """Return the chapter on what was invoiced, paid and retained."""
    c = Chapter(review, "payments", N_("Payments"), as_of(review))
    rows = results.payments(review)
    if rows is None:
        return c.not_assessed(review.absent("payments"))
    names = zip(rows["payment_id"], rows["title"], strict=True)
    labels = [N_("Payment {named}")(named=titled(*name)) for name in names]
    rows = rows.assign(payment=pd.Series(labels, rows.index, dtype="object"))
    sums = metrics.totals(rows)
    _opening(c, rows)
    for name, label in words.AMOUNTS.items():
        about: FactFields = {"n": sums[name].n, "source": words.INVOICED, "key": name == "unpaid"}
        c.amount(name, label, sums[name].amount, **about)
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


def _opening(c: Chapter, rows: pd.DataFrame) -> None:
    states = _judged(rows)["state"]
    judged = N_("Payments on time: {k} of the {n} that can be judged.")
    c.headline(
        judged(k=states.eq(metrics.IN_TIME).sum(), n=len(states))
        if len(states)
        else N_("No payment can be judged yet.")
    )
    terms = c.review.contract.terms_at(c.review.as_of).payment
    if terms is not None:
        c.intro(words.WITHIN[terms.starts_at](within=delay_words(terms.within)))
        if terms.retention is not None:
            c.intro(words.UNTIL[terms.retention.until](share=terms.retention.share))
    c.intro(words.COUNTED)


# Figures


def _punctuality(c: Chapter, rows: pd.DataFrame, late: Sum) -> None:
    """Add the share on time of what can be judged, and by how much and how many are late."""
    judged = _judged(rows)
    clause, n = _clauses(judged["due_clause"]), len(judged)
    note = counted_apart(rows["state"].drop(judged.index), words.STATES)
    in_time = judged["state"] == metrics.IN_TIME
    k, label = int(in_time.sum()), N_("Payments on time")
    checks = Checks(Side.CLIENT, k, n)
    about: FactFields = {"clause": clause, "source": words.DATED, "note": note, "checks": checks}
    fact = c.share("in_time", label, k, n, **about)
    c.met("kept", fact, judged.loc[in_time, "payment_id"], clause=clause, held=front.HELD)
    c.clause_on(fact, front.ON_TIME, 4)
    label = N_("Amounts paid late or past their date, without what was retained")
    if not n:
        c.amount("delay.amount", label, None, n=0, note=N_("no payment can be judged yet"))
        return
    days = judged.loc[judged["state"] != metrics.IN_TIME, "days_late"]
    median = N_("Median delay of what was paid late or is past its date")
    c.median("delay.median", median, days, source=words.DATED)
    if late.n:
        longest, most = N_("Longest delay of what was paid late or is past its date"), days.max()
        c.fact(
            "delay.longest",
            longest,
            int(most),
            Unit.DAYS,
            n=late.n,
            clause=clause,
            source=words.DATED,
        )
    of_late: FactFields = {"n": late.n, "clause": clause, "source": words.INVOICED, "key": True}
    c.amount("delay.amount", label, late.amount, **of_late)


def _before_acceptance(c: Chapter, rows: pd.DataFrame, early: Sum) -> None:
    n = int((rows["paid_on"].notna() & rows["recorded"]).sum())
    label = N_("Payments made before the acceptance of what they are for")
    if n == 0:
        because = N_("no payment made is for something of which the acceptance is recorded")
        c.fact("before_acceptance", label, None, because=because, period=EMPTY)
        return
    amounts = N_("Amounts paid before the acceptance of what they are for")
    c.fact("before_acceptance", label, early.n, n=n, source=words.BEFORE, key=True)
    c.amount("before_acceptance_amount", amounts, early.amount, n=early.n, source=words.BEFORE)


def _retained(c: Chapter, rows: pd.DataFrame, sums: dict[str, Sum]) -> None:
    retained_label = N_("Retained from what was paid")
    retained = rows["paid_on"].notna() & rows["release_state"].ne("")
    clause = _clauses(rows.loc[retained if retained.any() else rows.index, "retention_clause"])
    if not retained.any():
        because = N_("no retention is recorded (payments.csv: retained)")
        c.amount("retained", retained_label, None, clause=clause, because=because, period=EMPTY)
        return
    for name, label, (amount, n) in (
        ("retained", retained_label, sums["retained"]),
        ("released", N_("Retentions released"), sums["released"]),
        ("released_early", N_("Retentions released too early"), sums["early"]),
        ("released_late", N_("Retentions released late"), sums["released_late"]),
    ):
        c.amount(name, label, amount, n=n, clause=clause, source=words.RETAINED)


# Findings


def _late(c: Chapter, rows: pd.DataFrame) -> None:
    judged = _judged(rows)
    late = judged[judged["state"] != metrics.IN_TIME]
    settle = N_("Payment {payment_id}: settle when it is paid.")
    briefs = front.late(c, late)
    counted = (late["due_basis"] == metrics.CONTRACT) & late["received_on"].notna()
    c.each(
        Kind.CONCERN,
        "late",
        _longest(late.assign(counted=counted), "days_late"),
        lambda row: sentences(words.LATE[row.state], words.RECEIVED if row.counted else EMPTY),
        id="payment_id",
        decision=lambda row: settle if row.state == metrics.OVERDUE else EMPTY,
        decider=Side.BOTH,
        brief=lambda row: briefs.get(row.payment_id),
        clause=lambda row: row.due_clause or row.clause,
        checks=lambda _row: Checks(Side.CLIENT, 0, 1),
    )


def _too_soon(c: Chapter, rows: pd.DataFrame) -> None:
    early = _longest(rows[rows["early"]], "before_acceptance")
    first = [*early["payment_id"].head(1)]
    c.each(
        Kind.CONCERN,
        "before_acceptance",
        early,
        lambda row: words.UNACCEPTED if row.unaccepted else words.EARLY,
        id="payment_id",
        about=lambda row: [row.payment_id, row.subject],
        brief=lambda row: front.early(c, row) if row.payment_id in first else None,
        clause="clause",
    )


def _retentions(c: Chapter, rows: pd.DataFrame) -> None:
    """Add each retention released before its day or after it, held past it, or of another part."""
    amiss, other = _amiss(rows), rows[rows["other_share"]]
    settle = N_("Payment {payment_id}: settle whether the retention is released.")
    amiss = _longest(amiss.assign(days=amiss["release_days"].abs()), "days")
    longest = [*amiss["payment_id"].head(1)]
    c.each(
        Kind.CONCERN,
        "retention",
        amiss,
        lambda row: sentences(
            words.RELEASED[row.release_state, row.until if pd.notna(row.release_due) else ""],
            *_without_interest(c, row),
        ),
        id="payment_id",
        decision=lambda row: settle if row.release_state == metrics.OVERDUE_RELEASE else EMPTY,
        decider=Side.BOTH,
        brief=lambda row: front.retention(row) if row.payment_id in longest else None,
        clause="retention_clause",
    )
    sentence = N_(
        "{payment}: {retained:money} retained of {amount:money}, where the contract's "
        "{share:threshold} make {to_retain:money}."
    )
    c.each(Kind.CONCERN, "retained", other, sentence, id="payment_id", clause="retention_clause")


def _without_interest(c: Chapter, row: Any) -> Iterator[Text]:
    """Yield of a retention released late, or held past its date, what interest would be due on it.

    Under each rule on late payment in force on the day after its date, if it were one on retentions
    too.
    """
    if row.release_state not in (metrics.TOO_LATE, metrics.OVERDUE_RELEASE):
        return
    terms = terms_on(c.review.contract, row.release_due + ONE_DAY)
    for name, rule in terms.penalties.items():
        if isinstance(rule, LatePayment):
            days = int(row.release_days)
            rate = Fraction(rule.interest)
            due = Formula(row.retained, rate, days, "day", year=rule.year)
            sentence = words.AND_INDEMNITY if rule.indemnity else words.NO_INTEREST
            values = {"interest": due.amount, "rate": float(rate), "indemnity": rule.indemnity}
            about = {"rule": name, "days": days, "year": rule.year, "retained": row.retained}
            yield sentence.filled(values | about)


def _on_late_payment(c: Chapter) -> list[str]:
    """Return the rules on late payment of all terms."""
    rules = [pair for terms in c.review.contract.versions for pair in terms.penalties.items()]
    return [*dict.fromkeys(name for name, rule in rules if isinstance(rule, LatePayment))]


def _amiss(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the payments of which the retention was not released on its day or is held past it."""
    amiss = [metrics.TOO_EARLY, metrics.TOO_LATE, metrics.OVERDUE_RELEASE]
    return rows[rows["release_state"].isin(amiss)]


def _longest(rows: pd.DataFrame, days: str) -> pd.DataFrame:
    """Return the rows of most days first."""
    return rows.sort_values(days, ascending=False, kind="stable")


# Tables and caveats


def _tables(c: Chapter, rows: pd.DataFrame) -> None:
    front.overview(c, rows)
    today, tacit = c.review.today, rows.loc[rows["tacit"], "payment_id"]
    counted = N_(
        "Days late are calendar days after the due date, up to {date} for what is not paid."
    )
    accepted = N_("Accepted tacitly, for want of a decision on time: {ids}.")
    note = sentences(counted(date=today), accepted(ids=tacit) if len(tacit) else EMPTY)
    late = rows["state"].isin([metrics.LATE, metrics.OVERDUE])
    stated = rows["due_basis"].eq(metrics.STATED).any()
    form = words.PAYMENTS if stated else words.PAYMENTS.without("due_basis")
    c.table(form.but(note=note), rows.assign(days=rows["days_late"].where(late)))
    held = N_(
        "Days from the day until which it is held to its release, or to {date} for what is "
        "still held; a negative number counts the days before."
    )
    withheld = rows[rows["release_state"] != ""]
    if len(withheld):
        c.table(words.RETENTIONS.but(note=held(date=today)), withheld)


def _caveats(c: Chapter, rows: pd.DataFrame) -> None:
    """Add what can't be told and why, what the rows say against each other, what is left out."""
    difference = words.spent_and_invoiced(results.spent_and_invoiced(c.review))
    c.caveat("spent_and_invoiced", difference, when=bool(difference))
    for kind, ids in metrics.undetermined(rows).items():
        c.caveat(kind, words.UNDETERMINED[kind], about=ids)
    for kind, ids in metrics.contradictions(rows).items():
        c.caveat(kind, words.CONTRADICTIONS[kind], about=ids)
    in_ledger = N_(
        "Interest for late payment, where it is due, stands in the chapter on penalties."
    )
    unstated = N_(
        "The contract file states no interest for late payment (terms.penalties): none is computed."
    )
    late = int(rows["state"].isin([metrics.LATE, metrics.OVERDUE]).sum())
    c.caveat("interest", in_ledger if _on_late_payment(c) else unstated, when=late > 0)
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
