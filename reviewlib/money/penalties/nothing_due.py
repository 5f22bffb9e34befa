"""Of what misses a term, the months of which nothing is due: spared by a period, or free points."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from decimal import Decimal

from reviewlib.contract.penalties import Points
from reviewlib.money import results
from reviewlib.money.penalties import state_words, words
from reviewlib.money.penalties.claim import FREE, HIGH, RAMP_UP, SENSITIVE
from reviewlib.money.penalties.metrics import Line, on_both_sides
from reviewlib.money.penalties.tables import newest_rules
from reviewlib.report.text import EMPTY, N_, Shown, Text
from reviewlib.review import Review

SPARES = {
    RAMP_UP: N_("What the ramp-up spares, within the caps: {amounts:all}."),
    SENSITIVE: N_("What the sensitive periods spare, within the caps: {amounts:all}."),
}
OF_RULE = N_("{amount} under {rule:ref}")
BELOW = N_("Points under {rule:ref} within the free ones, nothing due: {months:all}.")


def notes(review: Review, debtor: str) -> Iterator[Text]:
    """Yield what is spared of a party's penalties, and the months of which all points are free."""
    lines, rules = results.ledger(review).owed_by(debtor), newest_rules(review)
    for reason, sentence in SPARES.items():
        amounts = [
            OF_RULE(amount=state_words.span(*both), rule=words.clause(rule, rules[rule]))
            for rule, both in _spared(review, lines, reason).items()
        ]
        yield sentence(amounts=amounts) if amounts else EMPTY
    for rule, months in _free_months(review).items():
        if rules[rule].debtor == debtor:
            shown = [Shown(month, "month") for month in months]
            yield BELOW(rule=words.clause(rule, rules[rule]), months=shown)


def _spared(
    review: Review, lines: tuple[Line, ...], reason: str
) -> dict[str, tuple[Decimal, Decimal]]:
    """Return by rule what the months spared for a reason would come to, on both sides."""
    those = [(reason, 1) in line.claim.left_out and line.claim.spared for line in lines]
    due = [
        dataclasses.replace(line.claim, low=sides[0], high=sides[1]) if sides else line.claim
        for line, sides in zip(lines, those, strict=True)
    ]
    left = on_both_sides(review.contract, due, [line.decision for line in lines])
    amounts: dict[str, tuple[Decimal, Decimal]] = {}
    for line, sides, (least, most) in zip(lines, those, left, strict=True):
        if sides:
            one, other = amounts.get(line.claim.rule, (Decimal(0), Decimal(0)))
            amounts[line.claim.rule] = one + least.net, other + most.net
    return {rule: both for rule, both in amounts.items() if any(both)}


def _free_months(review: Review) -> dict[str, list[str]]:
    """Return the months of which the points under a rule are all free, by rule."""
    ledger, rules = results.ledger(review), newest_rules(review)
    due = {(line.claim.rule, line.claim.month) for line in ledger.lines}
    months: dict[str, list[str]] = {}
    for refusal in ledger.refusals.get(HIGH, ()):
        place = refusal.rule, refusal.month
        if refusal.because == FREE and place not in due and isinstance(rules[refusal.rule], Points):
            due.add(place)
            months.setdefault(refusal.rule, []).append(refusal.month)
    return months
