"""What is left if the decisions stand, and what of them rests on nothing computed: for both to read.

The chapter's headline and the statement print the same sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reviewlib.amounts import ZERO, total
from reviewlib.money import results
from reviewlib.money.penalties import causes, words
from reviewlib.money.penalties.metrics import LOW, SIDES, Decision
from reviewlib.money.penalties.states import (
    DECIDED,
    UNDECIDED,
    by_state,
    left_under,
    state_of,
    under_caps,
)
from reviewlib.money.penalties.tables import newest_rules
from reviewlib.report.text import EMPTY, N_, Text
from reviewlib.review import Review

IF_THEY_STAND = N_("If the decisions stand, what is not decided comes to {amount}: {how}.")
LESS = N_("{low:money} less {low_off:money}")
MORE = N_("{low:money} and {low_off:money} more")
EXCESS = N_("Of what is decided, {excess:money} is above the cap of {rule:ref}.")
NO_FACT = N_("{decided:money} is {state} for {about} under {rule:ref}, of which the tables show no fact.")


def remarks(review: Review, debtor: str) -> Iterator[Text]:
    """Yield what the sums by state of a party do not tell by themselves."""
    yield if_decisions_stand(review, debtor)
    yield from _decided(review, debtor)
    yield causes.of_debtor(results.ledger(review).owed_by(debtor), debtor)
