"""The payments that were made late, or are, held to the rules on interest (A7, D7)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from reviewlib.amounts import ZERO
from reviewlib.contract.penalties import LatePayment
from reviewlib.delivery.terms import versions_on
from reviewlib.money.penalties.allocation import PAYMENT, Award, Candidate, PenalisedFact, Stake
from reviewlib.money.penalties.claim import ALREADY, Claim, Facts, Formula, Gap, title_of
from reviewlib.money.penalties.stated_rule import ONE_DAY, StatedRule

INTEREST, INDEMNITY = "interest", "indemnity"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverduePayment(Candidate):
    """A late payment under a rule: its interest is a fact, its indemnity another.

    So both may stand in two rules; of two rules on the same one, the first takes it.
    """

    due: Formula
    since: pd.Timestamp
    title: str

    def claims(self, low: Award, high: Award) -> Iterator[Claim]:
        """Yield what is due of the payment; what another rule makes due of it too, as zero."""
        left = {stake.fact.about for stake in low.left}
        due = dataclasses.replace(
            self.due,
            rate=self.due.rate if INTEREST in left else Fraction(0),
            plus=self.due.plus if INDEMNITY in left else ZERO,
        )
        lost = len(self.stakes) - len(low.left)
        yield dataclasses.replace(
            self.claim((low, high), due, due),
            left_out=((ALREADY, lost),) if lost else (),
            since=self.since,
            title=self.title,
        )


def overdue_payments(rule: StatedRule, facts: Facts) -> Iterator[OverduePayment | Gap]:
    """Yield each payment made after its due date, or not made by today, that a rule is about."""
    wordings = {n: terms for stated, terms in rule.wordings(LatePayment) for n in stated}
    if not wordings:
        return
    if facts.payments is None:
        yield Gap(rule.name, "no_payments")
        return
    late = _late(facts.payments, facts.today)
    versions = versions_on(rule.contract, late["due_on"] + ONE_DAY)
    for row, version in zip(late.itertuples(), versions, strict=True):
        terms = wordings.get(version)
        if terms is None:
            continue
        yield OverduePayment(
            kind=PAYMENT,
            rule=rule.name,
            terms=terms,
            subject=row.payment_id,
            on=row.until,
            stakes=tuple(_stakes(terms, row.payment_id, row.due_on.date())),
            provisional=not row.paid,
            wanting=rule.wanting(terms, row.payment_id),
            due=Formula(
                row.amount,
                Fraction(terms.interest),
                row.days,
                "day",
                terms.indemnity,
                terms.year,
            ),
            since=row.due_on,
            title=title_of(row),
        )


def _stakes(terms: LatePayment, payment: str, due: dt.date) -> Iterator[Stake]:
    for about, stated in ((INTEREST, terms.interest), (INDEMNITY, terms.indemnity)):
        if stated:
            yield Stake(PenalisedFact(about, payment, due))


def _late(payments: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Return the late payments. Added columns: paid (by today), until (paid_on, or today), days."""
    paid = payments["paid_on"] <= today
    until = payments["paid_on"].where(paid, today).astype("datetime64[s]")
    days = (until - payments["due_on"]).dt.days
    late = payments.assign(paid=paid, until=until, days=days)[days > 0]
    return late.astype({"days": "int64"})
