"""How far a claim has gone, and what is in each state, in words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from reviewlib.amounts import total
from reviewlib.money.penalties.decided import PAID, RECORDED, WAIVED, Decision
from reviewlib.money.penalties.states import (
    DECIDED,
    DISPUTED,
    DUE,
    IMPOSED,
    OPEN,
    UNDECIDED,
    StateTotal,
)
from reviewlib.report.text import EMPTY, N_, Message, Shown, Text, chained

STATUSES = {
    "computed": N_("proposed, not notified"),
    "recorded": N_("no notice or decision recorded"),
    "notified": N_("notified"),
    "observations": N_("notified, observations received"),
    "imposed": N_("imposed"),
    "waived": N_("waived"),
    "disputed": N_("disputed"),
    "paid": N_("paid"),
}
WITHOUT_AMOUNT = N_("{status}; the amount notified is not recorded")
OF_AMOUNT = N_("{status}; amount: {amount:money}")
UNRECORDED = N_("{status}; the amount is not recorded")
STATES = {
    PAID: N_("paid"),
    IMPOSED: N_("decided, not paid"),
    DISPUTED: N_("decided and disputed"),
    UNDECIDED: N_("not decided"),
    DUE: N_("due without a reminder"),
    WAIVED: N_("waived"),
}
IN_STATE = N_("{state}: {amount}")
BESIDE = N_("{decided:money} ({computed})")
NO_AMOUNT = N_("amount not recorded ({computed})")
WITHOUT = N_("{computed}; without the amount of {ids:commas}, which is not recorded")
IF_DECIDED = N_("{amount} (if the decisions stand: {left})")
IN_ALL = N_("not decided or due without a reminder, if the decisions stand: {left}")
COMPUTED_BESIDE = N_("computed: {computed}")
HIDDEN = N_("computed: not known")
PARTLY_HIDDEN = N_("computed: {computed}, without {ids:commas}, for which it is not known")


def status_of(decision: Decision) -> Message:
    """Return how far a claim has gone, and the amount notified while nothing is decided of it."""
    sentence = STATUSES[decision.status]
    if not decision.pending:
        return UNRECORDED(status=sentence) if decision.unrecorded else sentence
    if decision.amount is None:
        return sentence if decision.status == RECORDED else WITHOUT_AMOUNT(status=sentence)
    return OF_AMOUNT(status=sentence, amount=decision.amount)


def by_state(totals: Iterable[StateTotal], left: tuple[Decimal, Decimal] | None = None) -> Text:
    """Return what is in each state, with its amount; amounts of two states are never one.

    ``left``: what is left of what is not decided if the decisions stand, on both sides.
    """
    states = [*totals]
    undecided = [one for one in states if one.state in OPEN]
    sides = total(one.low for one in undecided), total(one.high for one in undecided)
    amounts = {one.state: of_state(one) for one in states}
    at_stake = EMPTY if left is None or left == sides else span(*left)
    if at_stake and len(undecided) == 1:
        state = undecided[0].state
        amounts[state] = IF_DECIDED(amount=amounts[state], left=at_stake)
    parts = [IN_STATE(state=STATES[state], amount=amount) for state, amount in amounts.items()]
    in_all = [IN_ALL(left=at_stake)] if at_stake and len(undecided) > 1 else []
    return chained([*parts, *in_all])


def of_state(one: StateTotal) -> Text:
    """Return the amount of a state: what was decided, beside what is computed; else the latter."""
    if one.state not in DECIDED:
        return span(one.low, one.high)
    if one.low == one.high == one.decided and not (one.hidden or one.unrecorded):
        return Shown(one.decided, "money")
    if one.decided is None:
        return NO_AMOUNT(computed=_computed(one))
    return BESIDE(decided=one.decided, computed=beside(one))


def beside(one: StateTotal) -> Text:
    """Return what is computed of what was decided, and the decisions of no recorded amount."""
    if one.unrecorded:
        return WITHOUT(computed=_computed(one), ids=one.unrecorded)
    return _computed(one)


def _computed(one: StateTotal) -> Text:
    """Return what is computed of what was decided; that it can't be told where it can't."""
    computed = span(one.low, one.high)
    if not one.hidden:
        return COMPUTED_BESIDE(computed=computed)
    if not one.lines:
        return HIDDEN
    return PARTLY_HIDDEN(computed=computed, ids=one.hidden)


def span(one: Decimal, other: Decimal) -> Text:
    """Return an amount, or from which to which amount it goes."""
    if one == other:
        return Shown(one, "money")
    return N_("{low:money} to {high:money}")(low=min(one, other), high=max(one, other))


def sides(low: Decimal, high: Decimal) -> Text:
    """Return an amount, with what it is when what is contested or open counts too."""
    if low == high:
        return Shown(low, "money")
    both = N_("{low:money}; {high:money} where what is contested or open counts")
    return both(low=low, high=high)
