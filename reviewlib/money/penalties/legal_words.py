"""Whether the interest and the indemnity of late payments reach the minimum of the law."""

from __future__ import annotations

from reviewlib.amounts import ZERO
from reviewlib.contract.penalties import LatePayment
from reviewlib.money.penalties.legal_minimum import Interest, indemnities, interests
from reviewlib.money.penalties.miss_words import percent
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import EMPTY, N_, Text, commas

HALVES = {"H1": N_("the first half of {year}"), "H2": N_("the second half of {year}")}
BELOW = N_(
    "{rule}: the interest of {interest} a year is below the least that the law allows: {halves}."
)
LEAST = N_("{half}, {multiple} × the legal rate of {rate} = {least}")
TOO_LITTLE = N_(
    "{rule}: the indemnity of {indemnity:money} for each late payment is below the {least:money} "
    "that the law sets."
)
SETTLE = N_("{rule}: settle which interest is due, and have the clause amended.")
RAISE = N_("{rule}: settle which indemnity is due, and have the clause amended.")
NO_RATE = N_("the contract gives no legal interest rate for {halves} (legal_rates)")
NO_MULTIPLE = N_("the contract states no legal minimum for it (legal_multiple)")
LABEL = N_("{rule}: half-years in which the interest is below the legal minimum")


def legal_minimum(c: Chapter) -> None:
    """Add, for each rule on late payment, the half-years in which it is below the legal minimum."""
    contract, today = c.review.contract, c.review.today
    every = interests(contract, today)
    versions = (rules.penalties for rules in contract.versions)
    if not every and any(isinstance(rule, LatePayment) for of in versions for rule in of.values()):
        label = N_("Interest for late payment against its legal minimum")
        c.fact("legal_minimum", label, None, because=NO_MULTIPLE)
    for name in dict.fromkeys(one.rule for one in every):
        _interest(c, name, [one for one in every if one.rule == name])
    for one in indemnities(contract, today):
        if one.below:
            sentence = TOO_LITTLE(rule=one.rule, indemnity=one.indemnity, least=one.least)
            decision = RAISE(rule=one.rule)
            c.concern(f"{one.rule}.indemnity", sentence, decision=decision, clause=one.rule)


def _interest(c: Chapter, name: str, every: list[Interest]) -> None:
    """Add how many half-years of a rule are below, of those whose legal rate is stated."""
    assessed = [one for one in every if one.least is not None]
    below = [one for one in assessed if one.below]
    missing = [_half(one.half_year) for one in every if one.least is None]
    note = NO_RATE(halves=commas(missing)) if missing else EMPTY
    k, fact = len(below) if assessed else None, f"{name}.legal_minimum"
    c.fact(fact, LABEL(rule=name), k, n=len(assessed), clause=name, note=note)
    if below:
        sentence = BELOW(
            rule=name,
            interest=percent(below[0].interest),
            halves=commas(map(_least, below)),
        )
        decision, finding = SETTLE(rule=name), f"{name}.legal_minimum"
        c.concern(finding, sentence, decision=decision, clause=name)


def _least(one: Interest) -> Text:
    return LEAST(
        half=_half(one.half_year),
        multiple=one.multiple,
        rate=percent(one.legal_rate or ZERO),
        least=percent(one.least or ZERO),
    )


def _half(half_year: str) -> Text:
    year, half = half_year.split("-")
    return HALVES[half](year=year)
