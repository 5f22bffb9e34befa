"""How the ledger is worded, in the report and in the statement: facts, formulas, steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from reviewlib.contract.penalties import Delay, LatePayment, Limits, Points, Tiers
from reviewlib.money.penalties import claim as words
from reviewlib.money.penalties.claim import Claim, Formula
from reviewlib.money.penalties.metrics import COMPUTED, Line, Settled
from reviewlib.pages.wording import N_, Wording
from reviewlib.report.day_facts import delay_words

STATUSES = {
    "computed": N_("proposed, not notified"),
    "notified": N_("notified"),
    "observations": N_("notified, observations received"),
    "imposed": N_("imposed"),
    "waived": N_("waived"),
    "disputed": N_("disputed"),
    "paid": N_("paid"),
}
CAUSES = {
    "client": N_("the client"),
    "provider": N_("the provider"),
    "third_party": N_("a third party"),
    "force_majeure": N_("force majeure"),
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
COUNTED = {
    "provider": N_("days caused by the provider: {n}"),
    "client": N_("days caused by the client: {n}"),
    "third_party": N_("days caused by a third party: {n}"),
    "force_majeure": N_("days of force majeure: {n}"),
    "concurrent": N_("days of several causes: {n}"),
    "contested": N_("contested days, whatever comes of them: {n}"),
    "unattributed": N_("days without a recorded cause: {n}"),
}
"""Whose doing the days were that count."""
MONTHS_LEFT_OUT = {
    words.RAMP_UP: N_("the month begins in the ramp-up"),
    words.SENSITIVE: N_("the month begins in a sensitive period"),
    words.ALREADY: N_("what was missed is counted already under {where}"),
}
GAPS = {
    "no_milestones": N_("the folder has no usable milestones (milestones.csv)."),
    "no_deliverables": N_(
        "the folder has no usable deliverables with submissions (deliverables.csv, "
        "submissions.csv)."
    ),
    "no_subject": N_(
        "the tables do not tell whether a milestone or deliverable of this number is late."
    ),
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


def counted_words(w: Wording, claim: Claim) -> str:
    """Return the days that count by whose doing they were, and those that waited for another."""
    each = [w.gettext(COUNTED[word]).format(n=w.number(n)) for word, n in claim.counted]
    milestone, waited = claim.waited
    if waited:
        said = w.gettext("of these, before milestone {id}, which it needs, was reached: {n}")
        each.append(said.format(id=milestone, n=w.number(waited)))
    return w.chained(each)


def status_words(w: Wording, line: Line) -> str:
    """Return how far a line has gone; that nothing is due where nothing is."""
    if line.status == COMPUTED and not line.high.gross:
        return w.gettext("nothing due")
    return w.gettext(STATUSES[line.status])


def range_words(w: Wording, low: Settled, high: Settled) -> str:
    """Return a net amount, or the range of it."""
    return amount_words(w, low.net, high.net)


def amount_words(w: Wording, one: Decimal, other: Decimal) -> str:
    """Return an amount, or the range between two of them."""
    if one == other:
        return w.money(one)
    said = w.gettext("between {low} and {high}")
    return said.format(low=w.money(min(one, other)), high=w.money(max(one, other)))


def subject_words(w: Wording, claim: Claim, services: Mapping[str, str]) -> str:
    """Return the number and title of what a claim is about, or the name of its service."""
    if not claim.subject:
        named = getattr(claim.terms, "priorities", ())
        return w.listed(list(named)) if named else w.gettext("all priorities")
    name = services.get(claim.subject, claim.subject)
    return " · ".join(part for part in (name, claim.title) if part)


def clause_words(name: str, terms: Limits) -> str:
    """Return the clause of a rule: as it names it, else its own number."""
    return terms.clause or name


# ---------------------------------------------------------------------------------------- rules


def rule_words(w: Wording, rule: Limits) -> str:
    """Return what a rule makes due, before exemption and cap."""
    if isinstance(rule, Delay):
        return w.chained(_delay(w, rule))
    if isinstance(rule, Points):
        return w.chained(_points(w, rule))
    if isinstance(rule, LatePayment):
        said = w.gettext("{interest} a year of {days} days, and {indemnity} for each payment")
        return said.format(
            interest=_plain_percent(w, Fraction(rule.interest) * 100),
            days=rule.year,
            indemnity=w.money(rule.indemnity),
        )
    return w.chained(_tiers(w, rule)) if isinstance(rule, Tiers) else ""


def _delay(w: Wording, rule: Delay) -> Iterator[str]:
    _ = w.gettext
    per = {
        ("day", "calendar"): _("{sum} for each calendar day late"),
        ("day", "working"): _("{sum} for each working day late"),
        ("day", "ouvrable"): _("{sum} for each day late, Monday to Saturday"),
        ("day", "clear"): _("{sum} for each clear day late"),
    }
    weekly = _("{sum} for each started week late")
    amount = w.money(rule.amount)
    if rule.rate is not None:
        of_base = _("{rate} of the base") if rule.base else _("{rate} of the price (by default)")
        rate = f"{w.number(rule.rate.numerator)}/{w.number(rule.rate.denominator)}"
        amount = of_base.format(rate=rate)
    yield per.get((rule.per, rule.days), weekly).format(sum=amount)
    if rule.against == "contract":
        yield _("counted from the date of the contract")
    if isinstance(rule.base, dict):
        bases = [f"{name} {w.money(amount)}" for name, amount in rule.base.items()]
        yield _("the base is {bases}").format(bases=w.listed(bases))
    elif rule.base is not None:
        yield _("the base is {bases}").format(bases=w.money(rule.base))
    yield _("of {subjects}").format(subjects=w.listed([*rule.milestones, *rule.deliverables]))
    if rule.excludes:
        causes = [_(CAUSES[cause]) for cause in rule.excludes]
        yield _("without the days of {causes}").format(causes=w.listed(causes))
    if rule.grace:
        said = _("{days} of grace, counted where they are exceeded")
        if not rule.grace_counts:
            said = _("{days} of grace, never counted")
        yield said.format(days=unit_words(w, "day", rule.grace))
    if rule.from_notice:
        yield _("counted from the formal notice")


def _points(w: Wording, rule: Points) -> Iterator[str]:
    _ = w.gettext
    said = _("{amount} for each point: {missed} for a priority under its threshold in a month")
    yield said.format(amount=w.money(rule.amount), missed=w.number(rule.missed))
    if rule.each_point:
        said = _("{n} more for each started percentage point under it")
        yield said.format(n=w.number(rule.each_point))
    if rule.weights:
        said = _("times {weights}")
        listed = [f"{name} {w.number(n)}" for name, n in rule.weights.items()]
        yield said.format(weights=w.listed(listed))
    if rule.free:
        yield w.ngettext("{n} point is free", "{n} points are free", rule.free)


def _tiers(w: Wording, rule: Tiers) -> Iterator[str]:
    _ = w.gettext
    yield _("of the fee of a month")
    for tier in rule.tiers:
        said = _("from {bound} on: nothing")
        if tier.credit:
            said = _("from {bound} on: {share}")
        elif tier.bonus:
            said = _("from {bound} on: a bonus of {share}")
        yield said.format(
            bound=_plain_percent(w, Fraction(tier.at_least) * 100),
            share=_plain_percent(w, Fraction(tier.credit or tier.bonus) * 100),
        )


def limit_words(w: Wording, rule: Limits) -> str:
    """Return the exemption, the cap, the notice and the delay for observations of a rule."""
    return w.chained(_limits(w, rule)) or w.gettext("none stated")


def _limits(w: Wording, rule: Limits) -> Iterator[str]:
    _ = w.gettext
    if rule.exempt_up_to:
        said = _("nothing is due up to {amount} over the contract, all of it beyond")
        if rule.exempt_as == "deductible":
            said = _("the first {amount} over the contract are not due")
        yield said.format(amount=w.money(rule.exempt_up_to))
    spans = {
        "contract": _("at most {cap} over the contract"),
        "year": _("at most {cap} in a year of the contract"),
        "month": _("at most {cap} in a month"),
    }
    if rule.cap is not None:
        yield spans[rule.cap_per].format(cap=w.money(rule.cap))
    if rule.cap_share is not None:
        of_base = _("{share} of the price") if rule.cap_of is None else _("{share} of {base}")
        cap = of_base.format(
            share=_plain_percent(w, Fraction(rule.cap_share) * 100),
            base="" if rule.cap_of is None else w.money(rule.cap_of),
        )
        yield spans[rule.cap_per].format(cap=cap)
    if rule.ramp_up:
        yield _("nothing for {first} to {last}").format(
            first=w.date(rule.ramp_up.first), last=w.date(rule.ramp_up.last)
        )
    if rule.sensitive_periods == "excluded":
        yield _("nothing for sensitive periods")
    if rule.notice == "required":
        yield _("after a formal notice, or where it is waived")
    if rule.observations:
        yield _("{days} for observations").format(days=delay_words(w, rule.observations))
