"""How the ledger is worded, in the report and in the statement: facts, computations, rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from reviewlib.contract.penalties import Delay, LatePayment, Limits, Points, Tier, Tiers
from reviewlib.delivery.delays.metrics import DECISION, WAITING
from reviewlib.money.penalties.claim import (
    AFTER_END,
    ALREADY,
    BEFORE_NOTICE,
    CONCURRENT,
    CONTESTED,
    GRACE,
    NOT_COUNTED,
    RAMP_UP,
    SENSITIVE,
    SUSPENDED,
    WAITED,
    Claim,
    Formula,
    Miss,
)
from reviewlib.money.penalties.metrics import COMPUTED, HIGH, LOW, Line, sums
from reviewlib.report.day_words import delay_words
from reviewlib.report.phrases import BY_DEFAULT
from reviewlib.report.text import EMPTY, N_, Message, Shown, Text, chained, dotted, listed, n_
from reviewlib.service.clauses import alike

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
BY_CAUSE = {
    "client": N_("days caused by the client: {n}"),
    "provider": N_("days caused by the provider: {n}"),
    "third_party": N_("days caused by a third party: {n}"),
    "force_majeure": N_("days of force majeure: {n}"),
}
LEFT_OUT = {
    SUSPENDED: N_("days suspended: {n}"),
    RAMP_UP: N_("days of the ramp-up: {n}"),
    SENSITIVE: N_("days of a sensitive period: {n}"),
    ALREADY: N_("days counted already under {where:refs}: {n}"),
    WAITED: N_("days on which the milestone that it needs was late ({where:commas}): {n}"),
    DECISION: N_("days that the client took to decide on versions that it refused: {n}"),
    WAITING: N_("days before the milestone that it needs was reached: {n}"),
    AFTER_END: N_("days after the end of the contract: {n}"),
    NOT_COUNTED: N_("days that the clause does not count: {n}"),
    BEFORE_NOTICE: N_("days before the formal notice: {n}"),
    GRACE: N_("days within the grace period: {n}"),
    CONCURRENT: N_("days of several causes, one of them excluded: {n}"),
    CONTESTED: N_("days contested, counted only in the upper amount: {n}"),
    **BY_CAUSE,
}
COUNTED_BY = {
    **BY_CAUSE,
    "concurrent": N_("days of several causes: {n}"),
    "contested": N_("contested days, whatever comes of them: {n}"),
    "unattributed": N_("days without a recorded cause: {n}"),
}
"""Whose doing the days were that count."""
MONTHS_LEFT_OUT = {
    RAMP_UP: N_("the month begins in the ramp-up"),
    SENSITIVE: N_("the month begins in a sensitive period"),
    ALREADY: N_("what was missed is counted already under {where:refs}"),
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
UNITS = {
    "day": n_("{n} day", "{n} days"),
    "week": n_("{n} started week", "{n} started weeks"),
    "point": n_("{n} point", "{n} points"),
}
FACTS = {
    (Delay, False): N_("late from {first} to {last}"),
    (Delay, True): N_("late from {first}, so far until {last}"),
    (LatePayment, False): N_("due on {due}, paid on {paid}"),
    (LatePayment, True): N_("due on {due}, not paid by {paid}"),
}
"""What is late, by the kind of its rule and whether more may follow."""
MISSED = N_("{clause} {priority}: {met} of {n} in time, against {threshold}: {points}")
MISSED_IF_LATE = N_(
    "{clause} {priority}: {met} of {n} in time, were those still open ({open}) late, against "
    "{threshold}: {points}"
)
TIMES = N_("{product} × {factor}")
FREE = n_("{n} point is free", "{n} points are free")
PER = {
    ("day", "calendar"): N_("{sum} for each calendar day late"),
    ("day", "working"): N_("{sum} for each working day late"),
    ("day", "ouvrable"): N_("{sum} for each day late, Monday to Saturday"),
    ("day", "clear"): N_("{sum} for each clear day late"),
}
WEEKLY = N_("{sum} for each started week late")
GRACES = {
    True: N_("{days} of grace, counted where they are exceeded"),
    False: N_("{days} of grace, never counted"),
}
EXEMPT = {
    "threshold": N_("nothing is due up to {amount:money} over the contract, all of it beyond"),
    "deductible": N_("the first {amount:money} over the contract are not due"),
}
CAPS = {
    "contract": N_("at most {cap} over the contract"),
    "year": N_("at most {cap} in a year of the contract"),
    "month": N_("at most {cap} in a month"),
}


def _formula(formula: Formula) -> Text:
    """Return the computation with its numbers: 160,000 € × 54 days × 1/1,000 = 8,640 €."""
    product: Text = Shown(formula.base, "money")
    if formula.unit != "month":
        product = TIMES(product=product, factor=UNITS[formula.unit](n=formula.units))
    if formula.rate != 1:
        product = TIMES(product=product, factor=_rate(formula))
    if formula.plus:
        product = N_("{product} + {plus:money}")(product=product, plus=formula.plus)
    return N_("{product} = {amount:money}")(product=product, amount=formula.amount)


def _rate(formula: Formula) -> Text:
    """Return a rate as the contract writes it: a percentage, one by the year, or a fraction."""
    if formula.year > 1:
        return N_("{percent} / {days}")(percent=_percent(formula.rate), days=formula.year)
    return _percent(formula.rate) if formula.unit == "month" else _fraction(formula.rate)


def _fraction(rate: Fraction) -> Message:
    return N_("{numerator}/{denominator}")(numerator=rate.numerator, denominator=rate.denominator)


def _percent(share: Fraction | Decimal) -> Shown:
    """Return a share as a percentage with just the decimals that it has."""
    exact = Fraction(share) * 100
    digits = next((d for d in range(6) if (exact * 10**d).denominator == 1), 6)
    return Shown(float(share), f"percent.{digits}")


def computation(line: Line) -> Text:
    """Return the computation of a line, and that of its upper side where it is another."""
    low, high = line.claim.low, line.claim.high
    if low == high:
        return _formula(low)
    return N_("{low}; at most {high}")(low=_formula(low), high=_formula(high))


def fact(claim: Claim) -> Text:
    """Return what a claim is about: the delay and its days, the month and what was missed."""
    terms, month = claim.terms, Shown(claim.month, "month")
    if isinstance(terms, Delay):
        first = (claim.since or claim.on) + pd.Timedelta(days=1)
        return FACTS[Delay, claim.provisional](first=first, last=claim.on)
    if isinstance(terms, LatePayment):
        return FACTS[LatePayment, claim.provisional](due=claim.since, paid=claim.on)
    if isinstance(terms, Points):
        free = terms.free and FREE(n=terms.free)
        return chained([month, *map(_miss, claim.misses), free])
    return chained([month, _reached(claim)])


def _miss(miss: Miss) -> Message:
    return (MISSED_IF_LATE if miss.open else MISSED).filled(
        {
            "clause": miss.clause,
            "priority": miss.priority,
            "met": miss.met,
            "n": miss.n,
            "open": miss.open,
            "threshold": _percent(miss.threshold),
            "points": UNITS["point"](n=miss.points),
        }
    )


def _reached(claim: Claim) -> Message:
    best, worst = claim.shares or (Fraction(1), Fraction(1))
    tiers = claim.terms.tiers if isinstance(claim.terms, Tiers) else ()
    low, high = (_beside(share, [Fraction(t.at_least) for t in tiers]) for share in (worst, best))
    if best == worst:
        return N_("{share} reached")(share=low)
    return N_("from {low} to {high} reached")(low=low, high=high)


def _beside(share: Fraction, bounds: list[Fraction]) -> Shown:
    """Return a share with decimals enough to see on which side of every bound it lies."""
    others = [float(bound) for bound in bounds if bound != share]
    clear = (d for d in range(2, 7) if not any(alike(float(share), one, d) for one in others))
    return Shown(float(share), f"percent.{next(clear, 7)}")


def left_out(claim: Claim) -> Text:
    """Return the days, or the month, that were taken out, each with its reason."""
    reasons = MONTHS_LEFT_OUT if claim.month else LEFT_OUT
    return chained(
        reasons[word].filled({"n": n, "where": claim.elsewhere}) for word, n in claim.left_out
    )


def counted(claim: Claim) -> Text:
    """Return the days that count by whose doing they were, and those that waited for another."""
    by_cause = [COUNTED_BY[cause](n=n) for cause, n in claim.counted]
    milestone, days = claim.waited
    waited = N_("of these, before milestone {id}, which it needs, was reached: {n}")
    return chained([*by_cause, days and waited(id=milestone, n=days)])


def status(line: Line) -> Message:
    """Return how far a line has gone; that nothing is due where nothing is."""
    if line.status == COMPUTED and not line.high.gross:
        return N_("nothing due")
    return STATUSES[line.status]


def net(lines: Sequence[Line]) -> Text:
    """Return what is proposed of some lines, or the range of it."""
    return amount(sums(lines, LOW).net, sums(lines, HIGH).net)


def amount(one: Decimal, other: Decimal) -> Text:
    """Return an amount, or the range between two of them."""
    if one == other:
        return Shown(one, "money")
    between = N_("between {low:money} and {high:money}")
    return between(low=min(one, other), high=max(one, other))


def subject(claim: Claim, services: Mapping[str, Text | str]) -> Text:
    """Return the number and title of what a claim is about, or the name of its service."""
    if not claim.subject:
        return listed(getattr(claim.terms, "priorities", ())) or N_("all priorities")
    return dotted(services.get(claim.subject, claim.subject), claim.title)


def clause(name: str, terms: Limits) -> str:
    """Return the clause of a rule: as it names it, else its own number."""
    return terms.clause or name


# ---------------------------------------------------------------------------------------- rules


def rule(terms: Limits) -> Text:
    """Return what a rule makes due, before exemption and cap."""
    if isinstance(terms, Delay):
        return _delay(terms)
    if isinstance(terms, Points):
        return _points(terms)
    if isinstance(terms, Tiers):
        return chained([N_("of the fee of a month"), *map(_tier, terms.tiers)])
    if isinstance(terms, LatePayment):
        late = N_("{interest} a year of {days} days, and {indemnity:money} for each payment")
        return late(interest=_percent(terms.interest), days=terms.year, indemnity=terms.indemnity)
    return EMPTY


def _delay(rule: Delay) -> Text:
    due: Text = Shown(rule.amount, "money")
    if rule.rate is not None:
        of_base, of_price = N_("{rate} of the base"), N_("{rate} of the price (by default)")
        due = (of_base if rule.base else of_price)(rate=_fraction(rule.rate))
    causes = [CAUSES[cause] for cause in rule.excludes]
    return chained(
        [
            PER.get((rule.per, rule.days), WEEKLY)(sum=due),
            rule.against == "contract" and N_("counted from the date of the contract"),
            rule.base is not None and N_("the base is {bases:all}")(bases=_bases(rule.base)),
            N_("of {subjects:all}")(subjects=(*rule.milestones, *rule.deliverables)),
            causes and N_("without the days of {causes:all}")(causes=causes),
            rule.grace and GRACES[rule.grace_counts](days=UNITS["day"](n=rule.grace)),
            rule.from_notice and N_("counted from the formal notice"),
            rule.after_end == "counted" and N_("also counted after the end of the contract"),
            rule.after_end == "excluded" and _after_end(rule),
        ]
    )


def _after_end(rule: Delay) -> Message:
    ends = N_("up to the end of the contract")
    return ends if "after_end" in rule.model_fields_set else BY_DEFAULT(policy=ends)


def _bases(base: Decimal | Mapping[str, Decimal]) -> list[Text]:
    if isinstance(base, Decimal):
        return [Shown(base, "money")]
    return [N_("{name} {amount:money}")(name=name, amount=of_it) for name, of_it in base.items()]


def _points(rule: Points) -> Text:
    point = N_(
        "{amount:money} for each point: {missed} for a priority under its threshold in a month"
    )
    more = N_("{n} more for each started percentage point under it")
    weights = [N_("{name} {n}")(name=name, n=n) for name, n in rule.weights.items()]
    return chained(
        [
            point(amount=rule.amount, missed=rule.missed),
            rule.each_point and more(n=rule.each_point),
            weights and N_("times {weights:all}")(weights=weights),
            rule.free and FREE(n=rule.free),
        ]
    )


def _tier(tier: Tier) -> Message:
    bound = _percent(tier.at_least)
    if tier.credit:
        return N_("from {bound} on: {share}")(bound=bound, share=_percent(tier.credit))
    if tier.bonus:
        return N_("from {bound} on: a bonus of {share}")(bound=bound, share=_percent(tier.bonus))
    return N_("from {bound} on: nothing")(bound=bound)


def limits(terms: Limits) -> Text:
    """Return the exemption, the cap, the notice and the delay for observations of a rule."""
    spared, cap, ramp_up = N_("nothing for {first} to {last}"), _cap(terms), terms.ramp_up
    stated = [
        terms.exempt_up_to and EXEMPT[terms.exempt_as](amount=terms.exempt_up_to),
        cap and CAPS[terms.cap_per](cap=cap),
        ramp_up and spared(first=ramp_up.first, last=ramp_up.last),
        terms.sensitive_periods == "excluded" and N_("nothing for sensitive periods"),
        terms.notice == "required" and N_("after a formal notice, or where it is waived"),
        terms.observations and N_("{days} for observations")(days=delay_words(terms.observations)),
    ]
    return chained(stated) or N_("none stated")


def _cap(terms: Limits) -> Text | None:
    """Return an amount, or a share of one or of the price; the contract states one of them."""
    if terms.cap is not None:
        return Shown(terms.cap, "money")
    if terms.cap_share is None:
        return None
    share = _percent(terms.cap_share)
    if terms.cap_of is None:
        return N_("{share} of the price")(share=share)
    return N_("{share} of {base:money}")(share=share, base=terms.cap_of)
