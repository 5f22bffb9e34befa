"""What was paid beyond what is computed: who is asked to found it, and what of it is by default."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reviewlib.amounts import total
from reviewlib.contract.parties import OTHER
from reviewlib.money import results
from reviewlib.money.penalties import reading_words, tables
from reviewlib.money.penalties.claim import SIDES
from reviewlib.money.penalties.decided import PAID, Decision
from reviewlib.money.penalties.readings import OtherReading, exceeding, giving
from reviewlib.money.penalties.states import computed
from reviewlib.report.chapter import Chapter
from reviewlib.report.phrases import PART_BY_DEFAULT
from reviewlib.report.text import EMPTY, N_, Message, Text
from reviewlib.report.values import AtStake, Brief, Kind, Side, Unit
from reviewlib.review import Review

PAID_BEYOND = {
    "provider": N_(
        "{total:money} was paid by the provider beyond what is computed: {amounts:all}."
    ),
    "client": N_("{total:money} was paid by the client beyond what is computed: {amounts:all}."),
}
OF_DECISION = N_("{id} {excess:money}")
BEYOND, TO_FOUND = (
    N_("paid beyond what is computed"),
    N_("paid beyond what is computed: justify or repay"),
)
OR_REPAY = N_("received, to justify or repay")
"""In short, where the part that rests on a default is named."""
ASKED_BACK = N_("No interpretation of the contract gives the amounts paid ({ids:all}).")
UNDO_BEYOND = {
    "client": N_(
        "{ids:all}: the client is invited to produce the facts that what was paid beyond what is "
        "computed rests on, or to pay it back."
    ),
    "provider": N_(
        "{ids:all}: the provider is invited to produce the facts that what was paid beyond what is "
        "computed rests on, or to pay it back."
    ),
}


def add(c: Chapter) -> None:
    """Add what was paid beyond the most that is computed of it, by the party that paid.

    What another reading gives is not to be paid back: that reading is to be settled.
    """
    for debtor, creditor in OTHER.items():
        every = beyond(c.review, debtor)
        back = [one.id for one, _ in every if not readings_of(c.review, one)]
        rules = {one.rule for one, _ in every}
        c.find(
            Kind.CONCERN,
            f"paid_beyond.{debtor}",
            paid_beyond(c.review, debtor),
            about=[one.id for one, _ in every],
            decision=UNDO_BEYOND[creditor](ids=back) if back else EMPTY,
            decider=Side(creditor),
            restates=c.id(*rules) if len(rules) == 1 else "",
            brief=_asked_back(c.review, [one for one in every if one[0].id in back], creditor),
        )


def _asked_back(
    review: Review, back: list[tuple[Decision, Decimal]], creditor: str
) -> Brief | None:
    """Return what the first page says of what a party is invited to found or to pay back."""
    if not back:
        return None
    by_default = total(more for one, more in back if any(by_another_reading(review, one)))
    whole, words, owes = float(total(more for _, more in back)), BEYOND, TO_FOUND
    if by_default:
        words = PART_BY_DEFAULT(policy=BEYOND, amount=by_default)
        owes = PART_BY_DEFAULT(policy=OR_REPAY, amount=by_default)
    stake = AtStake(whole, Unit.MONEY, words)
    text, topic = ASKED_BACK(ids=[one.id for one, _ in back]), f"paid_beyond.{creditor}"
    return Brief(text, stake, topic, Side(creditor), owes)


def paid_beyond(review: Review, debtor: str) -> Text:
    """Return what a party paid beyond what is computed, by decision; "" without any."""
    every = beyond(review, debtor)
    amounts = [OF_DECISION(id=one.id, excess=excess) for one, excess in every]
    whole = total(excess for _, excess in every)
    return PAID_BEYOND[debtor](total=whole, amounts=amounts) if every else EMPTY


def beyond(review: Review, debtor: str) -> list[tuple[Decision, Decimal]]:
    """Return what a party paid of which all that is computed can be told, and by how much more."""
    ledger, rules = results.ledger(review), tables.newest_rules(review)
    every = (*ledger.answers, *((one, ()) for one in ledger.unmatched))
    return [
        (decision, decision.amount - most)
        for decision, lines in every
        if decision.status == PAID and decision.amount is not None and not decision.hidden
        if rules[decision.rule].debtor == debtor
        if (most := max(computed(lines, side) for side in SIDES)) < decision.amount
    ]


def readings_of(review: Review, decision: Decision) -> list[OtherReading]:
    """Return the readings of a silent contract that give the amount decided."""
    return [*giving(results.readings(review), decision)]


def by_another_reading(review: Review, decision: Decision) -> Iterator[Message]:
    """Yield which readings of a silent contract give more than what was decided, and how much."""
    for reading, most in exceeding(results.readings(review), decision):
        yield reading_words.more_so(reading, most)
