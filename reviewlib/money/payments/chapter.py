"""Payments: paid in time or not, before or after the acceptance, retained and released (D3)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from reviewlib.contract.delivery import Payment
from reviewlib.contract.penalties import LatePayment
from reviewlib.money.payments import metrics
from reviewlib.pages.wording import N_
from reviewlib.report.day_facts import as_of_words, delay_words, median_fact
from reviewlib.report.listing import FOLDED, first_rows, ids_words, stopped
from reviewlib.report.values import Caveat, Column, Fact, Finding, Kind, Section, Table, Unit, cell
from reviewlib.review import Review

SLUG = "payments"
NAMED = 50  # payments of a kind that have a finding each
DATED = "payments.csv: received_on, due_on, paid_on"
KEPT = "payments.csv: retained, paid_on, released_on"
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
    "warranty": N_("A retention of {share} is held until the end of the warranty."),
    "contract": N_("A retention of {share} is held until the end of the contract."),
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
}
UNTOLD = {
    "unrecorded": N_(
        "No acceptance is recorded of what these payments are for; whether they came before it is "
        "not known: {ids}."
    ),
    "endless": N_("Until when the retention of these payments is held is not known: {ids}."),
}


def payments(review: Review) -> Section:
    """Return the chapter on what was invoiced, paid and retained."""
    _, title = review.wording.gettext, review.wording.gettext("Payments")
    table = review.table("payments")
    if table is None:
        return review.not_assessed(SLUG, title, review.absence("payments"))
    found = metrics.payments(table, review.accepted, review.contract, review.today)
    sums = metrics.totals(found)
    return review.section(
        SLUG,
        title,
        headline=_headline(review, found, sums),
        intro=_intro(review),
        facts=(
            *_amounts(review, found, sums),
            *_punctual(review, found, sums),
            *_accepted(review, found, sums),
            *_retentions(review, found, sums),
        ),
        findings=(
            *_in_time(review, found),
            *_late(review, found),
            *_too_soon(review, found),
            *_releases(review, found),
            *_other_shares(review, found),
        ),
        tables=(_payment_table(review, found), *_retention_table(review, found)),
        caveats=(*_unknown(review, found), *_contradicted(review, found), *_notes(review, found)),
    )


def _clauses(stated: pd.Series) -> str:
    """Return the clauses that some payments were judged under: those of all terms in force then."""
    return ", ".join(dict.fromkeys(clause for clause in stated if clause))


def _terms(review: Review) -> Payment | None:
    return review.contract.terms_at(review.as_of).payment


def _headline(review: Review, found: pd.DataFrame, sums: dict[str, Decimal]) -> str:
    _, w = review.wording.gettext, review.wording
    states = found["state"]
    n, kept = int(states.isin(metrics.JUDGED).sum()), int((states == metrics.IN_TIME).sum())
    said = _("Payments made in time: {k} of the {n} that can be judged.")
    money = _("Paid so far: {paid} of {invoiced} invoiced.")
    return " ".join(
        [
            said.format(k=w.number(kept), n=w.number(n))
            if n
            else _("No payment can be judged yet."),
            money.format(
                paid=_money(review, sums["paid"]), invoiced=_money(review, sums["invoiced"])
            ),
        ]
    )


def _intro(review: Review) -> str:
    _, w, terms = review.wording.gettext, review.wording, _terms(review)
    said = []
    if terms is not None:
        said.append(_(WITHIN[terms.starts_at]).format(within=delay_words(w, terms.within)))
        if terms.retention is not None:
            share = w.shown(float(terms.retention.share), Unit.SHARE)
            said.append(_(UNTIL[terms.retention.until]).format(share=share))
    said.append(
        _(
            "The date stated for a payment comes first, else the terms in force on the day of the "
            "receipt give it. The last day of a delay is still in time; days late are calendar "
            "days. What is accepted tacitly is accepted. What was invoiced is what was paid, what "
            "is not paid yet and what is still held."
        )
    )
    return " ".join(said)


# Facts


def _amounts(review: Review, found: pd.DataFrame, sums: dict[str, Decimal]) -> Iterator[Fact]:
    _ = review.wording.gettext
    invoiced = found["state"] != metrics.NOT_INVOICED
    paid = found["paid_on"].notna()
    held = paid & found["released_on"].isna() & (found["release_state"] != "")
    for name, label, which in (
        ("invoiced", _("Invoiced"), invoiced),
        ("paid", _("Paid, with the retentions released"), paid),
        ("unpaid", _("Invoiced and not paid yet"), invoiced & ~paid),
        ("held", _("Retained and still held"), held),
        ("not_invoiced", _("Not invoiced yet"), ~invoiced),
    ):
        yield _amount(review, name, label, sums[name], int(which.sum()))


def _amount(review: Review, name: str, label: str, amount: Decimal, n: int, **said: str) -> Fact:
    said = {"period": as_of_words(review), "source": "payments.csv: amount, retained"} | said
    return Fact(f"{SLUG}.{name}", label, float(amount), Unit.MONEY, n=n, **said)  # type: ignore[arg-type]


def _punctual(review: Review, found: pd.DataFrame, sums: dict[str, Decimal]) -> Iterator[Fact]:
    _, w = review.wording.gettext, review.wording
    counts = found["state"].value_counts()
    clause = _clauses(found.loc[found["state"].isin(metrics.JUDGED), "due_clause"])
    n, kept = sum(int(counts.get(state, 0)) for state in metrics.JUDGED), metrics.IN_TIME
    apart = [
        _("{outcome}: {n}").format(outcome=_(STATES[state]), n=w.number(int(counts[state])))
        for state in metrics.STATES
        if state not in metrics.JUDGED and state in counts
    ]
    others = _("counted apart: {outcomes}").format(outcomes=", ".join(apart))
    yield Fact(
        f"{SLUG}.in_time",
        _("Payments made in time"),
        int(counts.get(kept, 0)) / n if n else None,
        Unit.SHARE,
        n=n,
        clause=clause,
        period=as_of_words(review),
        source=DATED,
        note=others if apart else "",
    )
    yield from _delays(review, found, sums, n, clause)


def _delays(
    review: Review, found: pd.DataFrame, sums: dict[str, Decimal], judged: int, clause: str
) -> Iterator[Fact]:
    """Yield by how much, and how many amounts, are late; nothing where no payment can be judged."""
    _, when = review.wording.gettext, as_of_words(review)
    if not judged:
        label = _("Amounts paid late or past their date, without what was retained")
        note = _("no payment can be judged yet")
        yield Fact(f"{SLUG}.delay.amount", label, None, Unit.MONEY, 0, period=when, note=note)
        return
    late = found.loc[found["state"].isin([metrics.LATE, metrics.OVERDUE]), "days_late"]
    label = _("Median delay of what was paid late or is past its date")
    yield median_fact(review, f"{SLUG}.delay.median", label, late.astype("float64"), DATED)
    if len(late):
        label = _("Longest delay of what was paid late or is past its date")
        yield Fact(
            f"{SLUG}.delay.longest", label, int(late.max()), Unit.DAYS, len(late), clause=clause,
            period=when, source=DATED,
        )  # fmt: skip
    label = _("Amounts paid late or past their date, without what was retained")
    yield _amount(review, "delay.amount", label, sums["late"], len(late), clause=clause)


def _accepted(review: Review, found: pd.DataFrame, sums: dict[str, Decimal]) -> Iterator[Fact]:
    _ = review.wording.gettext
    n = int((found["paid_on"].notna() & found["recorded"]).sum())
    early = int((found["before_acceptance"].notna() | found["unaccepted"]).sum())
    because = _("no payment made is for something of which the acceptance is recorded")
    count, amount = (
        _("Payments made before the acceptance of what they are for"),
        _("Amounts paid before the acceptance of what they are for"),
    )
    name = f"{SLUG}.before_acceptance"
    if n == 0:
        yield Fact(name, count, None, Unit.COUNT, note=because)
        return
    source = "payments.csv: paid_on; milestones.csv, work_orders.csv, submissions.csv"
    yield Fact(name, count, early, Unit.COUNT, n, period=as_of_words(review), source=source)
    yield _amount(review, "before_acceptance_amount", amount, sums["before"], early, source=source)


def _retentions(review: Review, found: pd.DataFrame, sums: dict[str, Decimal]) -> Iterator[Fact]:
    _, states = review.wording.gettext, found["release_state"]
    kept = found[found["paid_on"].notna() & (states != "")]
    clause = _clauses((found if kept.empty else kept)["retention_clause"])
    label = _("Retained from what was paid")
    if kept.empty:
        because = _("no retention is recorded (payments.csv: retained)")
        yield Fact(f"{SLUG}.retained", label, None, Unit.MONEY, clause=clause, note=because)
        return
    released = int(kept["released_on"].notna().sum())
    early = int((states == metrics.TOO_EARLY).sum())
    for name, words, amount, n in (
        ("retained", label, sums["retained"], len(kept)),
        ("released", _("Retentions released"), sums["released"], released),
        ("released_early", _("Retentions released too early"), sums["early"], early),
    ):
        yield _amount(review, name, words, amount, n, clause=clause, source=KEPT)


# Findings


def _in_time(review: Review, found: pd.DataFrame) -> Iterator[Finding]:
    judged = found[found["state"].isin(metrics.JUDGED)]
    if len(judged) and judged["state"].eq(metrics.IN_TIME).all():
        sentence = review.wording.ngettext(
            "The only payment that can be judged was made in time.",
            "All {n} payments that can be judged were made in time.",
            len(judged),
        )
        clause = _clauses(judged["due_clause"])
        yield Finding(f"{SLUG}.kept", sentence, Kind.STRENGTH, clause=clause)


def _late(review: Review, found: pd.DataFrame) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    said = {
        metrics.LATE: _("{payment}: {amount}, due on {due}, paid on {paid}, {days} late."),
        metrics.OVERDUE: _(
            "{payment}: {amount}, due on {due}, not paid as of {today}: {days} late."
        ),
    }
    decision = _("Payment {id}: settle when it is paid.")
    for row in _worst(found[found["state"].isin(list(said))], "days_late"):
        sentence = said[row.state].format(days=w.days(row.days_late), **_words(review, row))
        counted = row.due_basis == metrics.CONTRACT and row.received_on == row.received_on
        received = _("Its invoice was received on {date}.").format(date=w.date(row.received_on))
        yield Finding(
            f"{SLUG}.late.{row.payment_id}",
            f"{sentence} {received}" if counted else sentence,
            Kind.CONCERN,
            (row.payment_id,),
            decision.format(id=row.payment_id) if row.state == metrics.OVERDUE else "",
            row.due_clause or _text(row.clause),
        )


def _too_soon(review: Review, found: pd.DataFrame) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    before = _("{payment}: {amount} paid on {paid}, {days} before {id} was accepted ({accepted}).")
    without = _("{payment}: {amount} paid on {paid}; {id} is not accepted as of {today}.")
    early = found[found["before_acceptance"].notna() | found["unaccepted"]]
    for row in _worst(early, "before_acceptance"):
        sentence = (without if row.unaccepted else before).format(
            id=row.subject,
            days=w.days(row.before_acceptance),
            accepted=w.date(row.accepted_on),
            **_words(review, row),
        )
        yield Finding(
            f"{SLUG}.before_acceptance.{row.payment_id}",
            sentence,
            Kind.CONCERN,
            (row.payment_id, row.subject),
            clause=_text(row.clause),
        )


def _releases(review: Review, found: pd.DataFrame) -> Iterator[Finding]:
    """Return each retention that was released before its day, or is held past it."""
    _, w = review.wording.gettext, review.wording
    early, held = metrics.TOO_EARLY, metrics.OVERDUE_RELEASE
    said = {
        (early, "warranty"): _(
            "{payment}: the retention of {retained} was released on {released}, {days} before the "
            "end of the warranty ({end})."
        ),
        (early, "contract"): _(
            "{payment}: the retention of {retained} was released on {released}, {days} before the "
            "end of the contract ({end})."
        ),
        (held, "warranty"): _(
            "{payment}: the retention of {retained} is still held as of {today}, {days} after the "
            "end of the warranty ({end})."
        ),
        (held, "contract"): _(
            "{payment}: the retention of {retained} is still held as of {today}, {days} after the "
            "end of the contract ({end})."
        ),
        (early, ""): _(
            "{payment}: the retention of {retained} was released on {released}, although what is "
            "paid is not accepted as of {today}."
        ),
    }
    decision = _("Payment {id}: settle whether the retention is released.")
    for row in _worst(found[found["release_state"].isin([early, held])], "release_days"):
        until = row.until if row.release_due == row.release_due else ""
        days = w.days(abs(row.release_days)) if until else ""
        yield Finding(
            f"{SLUG}.retention.{row.payment_id}",
            said[row.release_state, until].format(
                days=days, end=w.date(row.release_due), **_words(review, row)
            ),
            Kind.CONCERN,
            (row.payment_id,),
            decision.format(id=row.payment_id) if row.release_state == held else "",
            row.retention_clause,
        )


def _other_shares(review: Review, found: pd.DataFrame) -> Iterator[Finding]:
    """Return each payment from which another part was retained than the contract's."""
    _, w = review.wording.gettext, review.wording
    said = _(
        "{payment}: {retained} retained of {amount}, where the contract's {share} make {expected}."
    )
    for row in found[_other(found)].head(NAMED).itertuples():
        yield Finding(
            f"{SLUG}.retained.{row.payment_id}",
            said.format(
                share=w.shown(float(row.share), Unit.SHARE),
                expected=_money(review, row.to_retain),
                **(_words(review, row) | {"amount": _money(review, row.amount)}),
            ),
            Kind.CONCERN,
            (row.payment_id,),
            clause=row.retention_clause,
        )


def _other(found: pd.DataFrame) -> pd.Series:
    """Tell which payments made had another part retained than the contract's."""
    pairs = zip(found["retained"], found["to_retain"], strict=True)
    other = [expected not in (None, kept) for kept, expected in pairs]
    kept = found["paid_on"].notna() & (found["release_state"] != "")
    return kept & pd.Series(other, found.index, dtype="bool")


def _worst(found: pd.DataFrame, days: str) -> Iterator[Any]:
    """Return the rows of most days, most first."""
    chosen = found[days].abs().fillna(0).sort_values(ascending=False, kind="stable").index[:NAMED]
    yield from found.loc[chosen].itertuples()


def _words(review: Review, row: Any) -> dict[str, str]:
    """Return what the sentences on a payment name."""
    _, w, title = review.wording.gettext, review.wording, _text(row.title)
    named = _("Payment {id} “{title}”") if title else _("Payment {id}")
    return {
        "payment": named.format(id=row.payment_id, title=title),
        "amount": _money(review, row.payable),
        "retained": _money(review, row.retained),
        "due": w.date(row.due_on),
        "paid": w.date(row.paid_on),
        "released": w.date(row.released_on),
        "today": w.date(review.today),
    }


# Tables


def _payment_table(review: Review, found: pd.DataFrame) -> Table:
    _, stated = review.wording.gettext, found["due_basis"] == metrics.STATED
    basis = (Column("basis", _("Due date given by")),) if stated.any() else ()
    columns = (
        Column("payment_id", _("Payment")),
        Column("title", _("What"), quoted=True),
        Column("clause", _("Clause"), quoted=True),
        Column("invoice", _("Invoice"), quoted=True),
        Column("amount", _("Amount"), Unit.MONEY),
        Column("accepted_on", _("Accepted on"), Unit.DATE),
        Column("received_on", _("Invoice received on"), Unit.DATE),
        Column("due_on", _("Due on"), Unit.DATE),
        *basis,
        Column("paid_on", _("Paid on"), Unit.DATE),
        Column("days", _("Days late"), Unit.DAYS),
        Column("state", _("State")),
    )
    late = found["state"].isin([metrics.LATE, metrics.OVERDUE])
    shown = found.assign(days=found["days_late"].where(late), basis=found["due_basis"])
    note = _("Days late are calendar days after the due date, up to {date} for what is not paid.")
    note = note.format(date=review.wording.date(review.today))
    if found["tacit"].any():
        tacit = _("Accepted tacitly, for want of a decision in time: {ids}.")
        ids = ids_words(review.wording, found.loc[found["tacit"], "payment_id"])
        note += " " + tacit.format(ids=ids)
    said = _worded(review, shown, {"state": STATES, "basis": BASES})
    lines, folded = first_rows(review.wording, said, columns, note), len(found) > FOLDED
    return Table(f"{SLUG}.payments", _("Payments"), columns, *lines, folded=folded)


def _retention_table(review: Review, found: pd.DataFrame) -> Iterator[Table]:
    _ = review.wording.gettext
    columns = (
        Column("payment_id", _("Payment")),
        Column("title", _("What"), quoted=True),
        Column("retention_clause", _("Clause"), quoted=True),
        Column("amount", _("Amount"), Unit.MONEY),
        Column("retained", _("Retained"), Unit.MONEY),
        Column("retained_share", _("Share retained"), Unit.SHARE),
        Column("share", _("Share of the contract"), Unit.SHARE),
        Column("accepted_on", _("Accepted on"), Unit.DATE),
        Column("release_due", _("Held until"), Unit.DATE),
        Column("released_on", _("Released on"), Unit.DATE),
        Column("release_days", _("Days after that date"), Unit.DAYS),
        Column("release_state", _("State")),
    )
    kept = found[found["release_state"] != ""]
    if kept.empty:
        return
    note = _(
        "Days from the day until which it is held to its release, or to {date} for what is still "
        "held; a negative number counts the days before."
    ).format(date=review.wording.date(review.today))
    said = _worded(review, kept, {"release_state": RELEASES})
    lines = first_rows(review.wording, said, columns, note)
    yield Table(f"{SLUG}.retentions", _("Retentions"), columns, *lines)


def _worded(review: Review, frame: pd.DataFrame, words: dict[str, dict[str, str]]) -> pd.DataFrame:
    """Return the frame with some columns said in the review's language, amounts as numbers."""
    for name, said in words.items():
        spoken = {key: review.wording.gettext(text) for key, text in said.items()}
        frame = frame.assign(**{name: frame[name].map(spoken)})
    return frame.astype(dict.fromkeys(("amount", "retained", "share"), "float64"))


# Caveats


def _unknown(review: Review, found: pd.DataFrame) -> Iterator[Caveat]:
    """Yield why some due dates, acceptances and releases can't be told, with the payments."""
    state, why = found["release_state"], found["why"].where(found["state"] == metrics.UNKNOWN, "")
    unrecorded = found["paid_on"].notna() & found["subject"].notna() & ~found["recorded"]
    endless = state.isin([metrics.HELD, metrics.UNKNOWN]) & found["release_due"].isna()
    reasons = {name: why == name for name in WHY} | {"unrecorded": unrecorded, "endless": endless}
    for name, sentence in (WHY | UNTOLD).items():
        if reasons[name].any():
            ids = ids_words(review.wording, found.loc[reasons[name], "payment_id"])
            yield Caveat(f"{SLUG}.{name}", review.wording.gettext(sentence).format(ids=ids))


def _contradicted(review: Review, found: pd.DataFrame) -> Iterator[Caveat]:
    """Yield what the rows say against each other."""
    _ = review.wording.gettext
    said = {
        metrics.UNRECEIVED: _("Paid, with no receipt of an invoice: {ids}."),
        metrics.DUE_FIRST: _("Due, by the table, before the receipt of their invoice: {ids}."),
        metrics.PAID_FIRST: _("Paid before the receipt of their invoice: {ids}."),
        metrics.MORE_THAN_ALL: _("More was retained than was invoiced: {ids}."),
    }
    for kind, ids in metrics.contradictions(found).groupby("kind", sort=False)["payment_id"]:
        yield Caveat(f"{SLUG}.{kind}", said[kind].format(ids=ids_words(review.wording, ids)))


def _states_interest(review: Review) -> bool:
    rules = (rule for terms in review.contract.versions for rule in terms.penalties.values())
    return any(isinstance(rule, LatePayment) for rule in rules)


def _notes(review: Review, found: pd.DataFrame) -> Iterator[Caveat]:
    _, n_ = review.wording.gettext, review.wording.ngettext
    late = int(found["state"].isin([metrics.LATE, metrics.OVERDUE]).sum())
    if late:
        stated = _("Interest for late payment, where it is due, stands in the ledger of penalties.")
        if not _states_interest(review):
            stated = _(
                "The contract file states no interest for late payment (terms.penalties): none is "
                "computed."
            )
        yield Caveat(f"{SLUG}.interest", stated)
    kinds = (
        found["before_acceptance"].notna() | found["unaccepted"],
        found["release_state"].isin([metrics.TOO_EARLY, metrics.OVERDUE_RELEASE]),
        _other(found),
    )
    if max(late, *(int(kind.sum()) for kind in kinds)) > NAMED:
        yield Caveat(f"{SLUG}.more", stopped(review.wording, NAMED))
    paid = found[found["paid_on"].notna() & found["share"].notna()]
    silent = int((paid["release_state"] == "").sum())
    if silent:
        sentence = n_(
            "The terms of {n} payment made state a retention, and none is recorded of it: whether "
            "it applied is not known.",
            "The terms of {n} payments made state a retention, and none is recorded of them: "
            "whether it applied is not known.",
            silent,
        )
        yield Caveat(f"{SLUG}.not_retained", sentence)


def _money(review: Review, amount: Decimal | None) -> str:
    return review.wording.money(None if amount is None else float(amount))


def _text(value: Any) -> str:
    return str(cell(value) or "")
