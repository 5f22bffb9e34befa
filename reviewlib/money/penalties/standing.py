"""What is left if the decisions stand, and what of them is above a cap or rests on no fact.

The statement, which both parties sign, prints all of it together; in the chapter each stands where
its figure or finding is.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reviewlib.amounts import total
from reviewlib.money import results
from reviewlib.money.penalties import causes, pauses, state_words, words
from reviewlib.money.penalties.decisions import without_fact
from reviewlib.money.penalties.metrics import HIGH, LOW
from reviewlib.money.penalties.paid_beyond import paid_beyond
from reviewlib.money.penalties.states import OPEN, left_under_caps, of_debtor, under_caps
from reviewlib.money.penalties.tables import newest_rules
from reviewlib.report.text import EMPTY, N_, Message, Text
from reviewlib.review import Review

IF_THEY_STAND = N_(
    "If the decisions stand, {amount} is left of what is not decided, under the cap of "
    "{rules:refs}: {how}."
)
LESS = N_("{whole:money} − {off:money} = {left:money}")
MORE = N_("{whole:money} + {more:money} = {left:money}")
NOTE = N_("if the decisions stand: {amount}, under the cap of {rules:refs}: {how}")
ABOVE = N_("Of what is decided, {excess:money} is above the cap of {rule:ref}.")
NO_FACT = N_("Of what is decided, {amount:money} rests on no fact of the tables ({ids:all}).")


def remarks(review: Review, debtor: str) -> Iterator[Text]:
    """Yield what the sums by state of a party do not tell by themselves."""
    ledger, rules = results.ledger(review), newest_rules(review)
    yield _if_they_stand(review, debtor, IF_THEY_STAND)
    for (pool, _), one in under_caps(review.contract, ledger, rules).items():
        if pool[1] == debtor and one.excess > 0:
            yield ABOVE(excess=one.excess, rule=words.clause(one.rule, rules[one.rule]))
    yield paid_beyond(review, debtor)
    unfounded = [one for one in without_fact(review) if rules[one.rule].debtor == debtor]
    amount = total(one.amount for one in unfounded)
    yield NO_FACT(amount=amount, ids=[one.id for one in unfounded]) if unfounded else EMPTY
    own = ledger.owed_by(debtor)
    yield pauses.of_debtor(own, debtor)
    yield causes.of_debtor(own, debtor)


def note_if_they_stand(review: Review, debtor: str) -> Text:
    """Return the same as the note of a figure has it; "" where the decisions change nothing."""
    return _if_they_stand(review, debtor, NOTE)


def amounts_if_they_stand(review: Review, debtor: str) -> tuple[Decimal, Decimal]:
    """Return what is not decided of a party on both sides, when what was decided uses up caps.

    Interest that is due without a reminder is among it: no decision was taken on it either.
    """
    pairs = _sides(review, debtor)
    return pairs[0][1], pairs[1][1]


def _sides(review: Review, debtor: str) -> list[tuple[Decimal, Decimal]]:
    """Return what is not decided on the low and the high side: as computed, if decisions stand."""
    ledger, rules = results.ledger(review), newest_rules(review)
    undecided = [one for one in of_debtor(ledger, debtor, rules) if one.state in OPEN]
    wholes = total(one.low for one in undecided), total(one.high for one in undecided)
    changes = (_changes(review, debtor, side) for side in (LOW, HIGH))
    pairs = zip(wholes, changes, strict=True)
    return [(whole, whole + total(by_rule.values())) for whole, by_rule in pairs]


def _changes(review: Review, debtor: str, side: str) -> dict[str, Decimal]:
    """Return by how much what is not decided changes under each rule with a cap, on a side."""
    left = left_under_caps(review.contract, results.ledger(review), newest_rules(review), side)
    return {
        rule: after - before
        for (pool, _), (rule, before, after) in left.items()
        if pool[1] == debtor and after != before
    }


def _if_they_stand(review: Review, debtor: str, template: Message) -> Text:
    """Return what is left of what is not decided; "" where the decisions change nothing of it."""
    low, high = _sides(review, debtor)
    rules = {**_changes(review, debtor, LOW), **_changes(review, debtor, HIGH)}
    if not rules:
        return EMPTY
    sides = pauses.SIDES[pauses.unknown(results.ledger(review).owed_by(debtor))]
    how = _equation(*low) if low == high else sides(low=_equation(*low), high=_equation(*high))
    newest = newest_rules(review)
    clauses = [words.clause(rule, newest[rule]) for rule in rules]
    return template(amount=state_words.span(low[1], high[1]), rules=clauses, how=how)


def _equation(whole: Decimal, left: Decimal) -> Text:
    if left > whole:
        return MORE(whole=whole, more=left - whole, left=left)
    return LESS(whole=whole, off=whole - left, left=left)
