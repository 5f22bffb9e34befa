"""How the ledger is worded, in the report and in the statement: facts, formulas, steps."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from reviewlib.contract.penalties import Delay, LatePayment, Limits, Points, Tiers
from reviewlib.metrics import claim as words
from reviewlib.metrics.claim import Claim, Formula
from reviewlib.metrics.penalties import COMPUTED, Line, Settled
from reviewlib.wording import N_, Wording

STATUSES = {
    "computed": N_("proposed, not notified"),
    "notified": N_("notified"),
    "observations": N_("notified, observations received"),
    "imposed": N_("imposed"),
    "waived": N_("waived"),
    "disputed": N_("disputed"),
    "paid": N_("paid"),
}
DEBTORS = {"provider": N_("of the provider"), "client": N_("of the client")}
LEFT_OUT = {
    words.SUSPENDED: N_("days suspended: {n}"),
    words.RAMP_UP: N_("days of the ramp-up: {n}"),
    words.SENSITIVE: N_("days of a sensitive period: {n}"),
    words.ALREADY: N_("days counted already under {where}: {n}"),
    words.NOT_COUNTED: N_("days that the clause does not count: {n}"),
    words.BEFORE_NOTICE: N_("days before the formal notice: {n}"),
    words.GRACE: N_("days within the grace period: {n}"),
    words.CONCURRENT: N_("days of several causes, one of them excluded: {n}"),
    words.CONTESTED: N_("days contested, counted only in the upper amount: {n}"),
    "client": N_("days caused by the client: {n}"),
    "provider": N_("days caused by the provider: {n}"),
    "third_party": N_("days caused by a third party: {n}"),
    "force_majeure": N_("days of force majeure: {n}"),
}
MONTHS_LEFT_OUT = {
    words.RAMP_UP: N_("the month begins in the ramp-up"),
    words.SENSITIVE: N_("the month begins in a sensitive period"),
    words.ALREADY: N_("what was missed is counted already under {where}"),
}
GAPS = {
    "no_dates": N_("the folder has neither milestones nor deliverables with submissions."),
    "no_subject": N_("the tables have no milestone or deliverable of this number."),
    "no_tickets": N_("the folder has no tickets (tickets.csv)."),
    "no_hours": N_("availability can’t be told: the folder has no usable outages (outages.csv)."),
    "no_base": N_("the rule states no base for it."),
    "no_payments": N_("the folder has no payments (payments.csv)."),
}


def unit_words(w: Wording, unit: str, n: int) -> str:
    """Return a number of days, started weeks or points."""
    n_ = w.ngettext
    return {
        "day": n_("{n} day", "{n} days", n),
        "week": n_("{n} started week", "{n} started weeks", n),
        "point": n_("{n} point", "{n} points", n),
    }[unit]


def formula_words(w: Wording, formula: Formula) -> str:
    """Return the computation with its numbers: 160,000 € × 54 days × 1/1,000 = 8,640 €."""
    parts = [w.money(formula.base)]
    if formula.unit != "month":
        parts.append(unit_words(w, formula.unit, formula.units))
    if formula.rate != 1:
        parts.append(_rate(w, formula))
    said = " × ".join(parts)
    if formula.plus:
        said = f"{said} + {w.money(formula.plus)}"
    return f"{said} = {w.money(formula.amount)}"


def _rate(w: Wording, formula: Formula) -> str:
    """Return a rate as the contract writes it: a percentage, one by the year, or a fraction."""
    rate = formula.rate
    if formula.year > 1:
        return f"{_plain_percent(w, rate * 100)} / {w.number(formula.year)}"
    if formula.unit == "month":
        return _plain_percent(w, rate * 100)
    return f"{w.number(rate.numerator)}/{w.number(rate.denominator)}"


def _plain_percent(w: Wording, percent: Fraction) -> str:
    digits = next((d for d in range(6) if (percent * 10**d).denominator == 1), 6)
    return w.percent(float(percent / 100), digits)


def sides_words(w: Wording, line: Line) -> str:
    """Return the computation of a line, and that of its upper side where it is another."""
    low, high = line.claim.low, line.claim.high
    if low == high:
        return formula_words(w, low)
    said = w.gettext("{low}; at most {high}")
    return said.format(low=formula_words(w, low), high=formula_words(w, high))


def fact_words(w: Wording, claim: Claim) -> str:
    """Return what a claim is about: the delay and its days, the month and what was missed."""
    _ = w.gettext
    if isinstance(claim.terms, Delay):
        said = _("late from {first} to {last}")
        if claim.provisional:
            said = _("late from {first}, so far until {last}")
        first = (claim.since or claim.on) + pd.Timedelta(days=1)
        return said.format(first=w.date(first), last=w.date(claim.on))
    if isinstance(claim.terms, LatePayment):
        said = _("due on {due}, paid on {paid}")
        if claim.provisional:
            said = _("due on {due}, not paid by {paid}")
        return said.format(due=w.date(claim.since), paid=w.date(claim.on))
    if isinstance(claim.terms, Points):
        free = w.ngettext("{n} point is free", "{n} points are free", claim.terms.free)
        missed = [_miss(w, miss) for miss in claim.misses]
        return w.chained([w.month(claim.month), *missed, *([free] if claim.terms.free else [])])
    return w.chained([w.month(claim.month), _reached(w, claim)])


def _miss(w: Wording, miss: words.Miss) -> str:
    said = w.gettext("{clause} {priority}: {met} of {n} in time, against {asked}: {points}")
    return said.format(
        clause=miss.clause,
        priority=miss.priority,
        met=w.number(miss.met),
        n=w.number(miss.n),
        asked=_plain_percent(w, miss.threshold * 100),
        points=unit_words(w, "point", miss.points),
    )


def _reached(w: Wording, claim: Claim) -> str:
    best, worst = claim.shares or (Fraction(1), Fraction(1))
    bounds = [tier.at_least for tier in claim.terms.tiers] if isinstance(claim.terms, Tiers) else []
    said = [_seen(w, share, [Fraction(bound) for bound in bounds]) for share in (worst, best)]
    if best == worst:
        return w.gettext("{share} reached").format(share=said[0])
    return w.gettext("from {low} to {high} reached").format(low=said[0], high=said[1])


def _seen(w: Wording, share: Fraction, bounds: list[Fraction]) -> str:
    """Return a share with decimals enough to see on which side of every bound it lies."""
    for digits in range(2, 8):
        said = w.percent(float(share), digits)
        if all(bound == share or said != w.percent(float(bound), digits) for bound in bounds):
            break
    return said


def left_out_words(w: Wording, claim: Claim) -> str:
    """Return the days, or the month, that were taken out, each with its reason."""
    said, where = MONTHS_LEFT_OUT if claim.month else LEFT_OUT, ", ".join(claim.elsewhere)
    return w.chained(
        w.gettext(said[word]).format(n=w.number(n), where=where) for word, n in claim.left_out
    )


def status_words(w: Wording, line: Line) -> str:
    """Return how far a line has gone; that nothing is due where nothing is."""
    if line.status == COMPUTED and not line.high.gross:
        return w.gettext("nothing due")
    return w.gettext(STATUSES[line.status])


def range_words(w: Wording, low: Settled, high: Settled) -> str:
    """Return a net amount, or the range of it."""
    if low.net == high.net:
        return w.money(low.net)
    said = w.gettext("between {low} and {high}")
    return said.format(low=w.money(min(low.net, high.net)), high=w.money(max(low.net, high.net)))


def subject_words(w: Wording, claim: Claim, services: Mapping[str, str]) -> str:
    """Return the number of what a claim is about, or the name of its service."""
    if not claim.subject:
        return w.gettext("all priorities")
    return services.get(claim.subject, claim.subject)


def clause_words(name: str, terms: Limits) -> str:
    """Return the clause of a rule: as it names it, else its own number."""
    return terms.clause or name
