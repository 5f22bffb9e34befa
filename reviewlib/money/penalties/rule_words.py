"""The rules of the contract in words: every wording, from when until when, with every term."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from reviewlib.contract import Contract
from reviewlib.contract.penalties import Delay, LatePayment, Limits, Points, Tier, Tiers
from reviewlib.money.penalties.miss_words import UNITS, fraction, percent
from reviewlib.money.penalties.stated_rule import stated_rules
from reviewlib.report.day_words import delay_words
from reviewlib.report.phrases import PARTIES, marked
from reviewlib.report.text import EMPTY, N_, Message, Shown, Text, chained, n_

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


AGAINST = {
    "in_force": N_("counted from the date in force, re-baselines that count included"),
    "contract": N_("counted from the date of the contract"),
}
CONCURRENT = {
    "excluded": N_("a day of several causes does not count where one of them is left out"),
    "counted": N_("a day of several causes counts unless all of them are left out"),
}
UNATTRIBUTED = {
    "counted": N_("days without a recorded cause count: the party that owes bears them"),
    "contested": N_("days without a recorded cause are contested: they count in the second amount"),
    "excluded": N_("days without a recorded cause do not count"),
}
AFTER_END = {
    "excluded": N_("up to the end of the contract"),
    "counted": N_("also counted after the end of the contract"),
}
SENSITIVE_PERIODS = {
    "counted": N_("sensitive periods count"),
    "excluded": N_("nothing for days of a sensitive period"),
}
SENSITIVE_MONTHS = {
    "counted": N_("months that begin in a sensitive period count"),
    "excluded": N_("nothing for months that begin in a sensitive period, and only for these"),
}
NOTICE = {
    "none": N_("without formal notice"),
    "required": N_("after a formal notice, or where it is waived"),
}
WITHOUT_REMINDER = N_("due without a reminder")
AT_CHARGE = {
    "provider": N_("chargeable to the provider"),
    "client": N_("chargeable to the client"),
}
NOTHING_FOR_MONTHS = N_("nothing for months that begin from {first} to {last}")
FREE_OF_MONTH = n_(
    "{n} point of a month is free, all priorities together",
    "{n} points of a month are free, all priorities together",
)
EVERY_PRIORITY = N_("of every priority that has a threshold")
Names = Mapping[str, Text | str]
"""The names of the services."""


class RuleWording(NamedTuple):
    """A rule as it reads from a day on, until the day before it changes or goes (None: the end)."""

    name: str
    terms: Limits
    first: dt.date
    last: dt.date | None


def wordings(contract: Contract) -> Iterator[RuleWording]:
    """Yield each wording of each rule, with the days on which it is in force."""
    starts = contract.starts
    for rule in stated_rules(contract, None):
        for versions, terms in rule.wordings(Limits):
            following = starts[versions.stop : versions.stop + 1]
            last = following[0] - dt.timedelta(days=1) if following else None
            yield RuleWording(rule.name, terms, starts[versions.start], last)


def rule(terms: Limits, names: Names) -> Text:
    """Return what a rule makes due of what, before exemption and cap."""
    if isinstance(terms, Delay):
        return _delay(terms)
    if isinstance(terms, Points):
        return _points(terms)
    if isinstance(terms, Tiers):
        return _tiers(terms, names)
    if isinstance(terms, LatePayment):
        late = N_("{interest} a year of {days} days, and {indemnity:money} for each payment")
        return late(interest=percent(terms.interest), days=terms.year, indemnity=terms.indemnity)
    return EMPTY


def _delay(rule: Delay) -> Text:
    due: Text = Shown(rule.amount, "money")
    if rule.rate is not None:
        of_base, of_price = N_("{rate} of the base"), N_("{rate} of the price (by default)")
        due = (of_base if rule.base else of_price)(rate=fraction(rule.rate))
    causes = [PARTIES[cause] for cause in rule.excludes]
    without = N_("without the days of {causes:all}")(causes=causes)
    return chained(
        [
            PER.get((rule.per, rule.days), WEEKLY)(sum=due),
            marked(rule, "against", AGAINST[rule.against]),
            rule.base is not None and N_("the base is {bases:all}")(bases=_bases(rule.base, {})),
            N_("of {subjects:all}")(subjects=(*rule.milestones, *rule.deliverables)),
            N_("suspended days do not count"),
            marked(rule, "excludes", without if causes else N_("no day left out by its cause")),
            causes and marked(rule, "concurrent", CONCURRENT[rule.concurrent]),
            marked(rule, "unattributed", UNATTRIBUTED[rule.unattributed]),
            rule.grace and GRACES[rule.grace_counts](days=UNITS["day"](n=rule.grace)),
            rule.from_notice and N_("counted from the formal notice"),
            marked(rule, "after_end", AFTER_END[rule.after_end]),
        ]
    )


def _bases(base: Decimal | Mapping[str, Decimal], names: Names) -> list[Text]:
    if isinstance(base, Decimal):
        return [Shown(base, "money")]
    fee = N_("{name} {amount:money}")
    return [fee(name=names.get(name, name), amount=amount) for name, amount in base.items()]


def _clauses(clauses: Sequence[str], priorities: Sequence[str]) -> list[Text]:
    """Return the clauses that a rule is about, and of which priorities."""
    under = N_("under {clauses:all}")(clauses=clauses)
    of = N_("of {subjects:all}")(subjects=priorities) if priorities else EVERY_PRIORITY
    return [under, of]


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
            rule.free and FREE_OF_MONTH(n=rule.free),
            *_clauses(rule.clauses, rule.priorities),
        ]
    )


def _tiers(rule: Tiers, names: Names) -> Text:
    fee = N_("of the fee of a month, {bases:all}")(bases=_bases(rule.base, names))
    about = _clauses(rule.clauses, rule.priorities)
    if rule.availability:
        about = [N_("under {clauses:all}")(clauses=rule.availability)]
    return chained([fee, *map(_tier, rule.tiers), *about])


def _tier(tier: Tier) -> Message:
    bound = percent(tier.at_least)
    if tier.credit:
        return N_("from {bound} on: {share}")(bound=bound, share=percent(tier.credit))
    if tier.bonus:
        return N_("from {bound} on: a bonus of {share}")(bound=bound, share=percent(tier.bonus))
    return N_("from {bound} on: nothing")(bound=bound)


def limits(terms: Limits, sharing: Sequence[str]) -> Text:
    """Return who owes under a rule, its exemption, its cap, the notice and the observations.

    ``sharing``: the rules with which it shares exemption and cap, itself left out.
    """
    cap, ramp_up, by_month = _cap(terms), terms.ramp_up, isinstance(terms, Points | Tiers)
    spared = NOTHING_FOR_MONTHS if by_month else N_("nothing for {first} to {last}")
    sensitive = SENSITIVE_MONTHS if by_month else SENSITIVE_PERIODS
    shared = N_("exemption and cap shared with {rules:all}")(rules=sharing)
    interest = isinstance(terms, LatePayment)
    stated = [
        AT_CHARGE[terms.debtor],
        terms.exempt_up_to and EXEMPT[terms.exempt_as](amount=terms.exempt_up_to),
        CAPS[terms.cap_per](cap=cap) if cap else N_("no cap"),
        sharing and shared,
        ramp_up and spared(first=ramp_up.first, last=ramp_up.last),
        not interest and marked(terms, "sensitive_periods", sensitive[terms.sensitive_periods]),
        WITHOUT_REMINDER if interest else marked(terms, "notice", NOTICE[terms.notice]),
        terms.observations and N_("{days} for observations")(days=delay_words(terms.observations)),
    ]
    return chained(stated)


def _cap(terms: Limits) -> Text | None:
    """Return an amount, or a share of one or of the price; the contract states one of them."""
    if terms.cap is not None:
        return Shown(terms.cap, "money")
    if terms.cap_share is None:
        return None
    share = percent(terms.cap_share)
    if terms.cap_of is None:
        return N_("{share} of the price")(share=share)
    return N_("{share} of {base:money}")(share=share, base=terms.cap_of)
