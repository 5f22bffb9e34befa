"""The ledger by the state of its claims: totals that never mix them (domain: a claim has a state).

computed → notified → observations → decided (imposed, reduced, waived) → disputed → paid. What was
not decided is a range of what is computed; what was decided is the amount decided, beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from reviewlib.amounts import ZERO, total
from reviewlib.contract import Contract
from reviewlib.contract.penalties import LatePayment, Limits
from reviewlib.money.penalties.decided import PAID, WAIVED, Decision
from reviewlib.money.penalties.metrics import (
    HIGH,
    LOW,
    Ledger,
    Line,
    cap_of,
    pool_of,
    span_of,
    sums,
)

IMPOSED, DISPUTED, UNDECIDED, DUE = "imposed", "disputed", "undecided", "due"
Rules = Mapping[str, Limits]
STATES = (PAID, IMPOSED, DISPUTED, UNDECIDED, DUE, WAIVED)
OPEN = (UNDECIDED, DUE)
DECIDED = (PAID, IMPOSED, DISPUTED)
"""The states of which the amount is the one decided; of the others it is the one computed."""


@dataclass(frozen=True, slots=True)
class StateTotal:
    """What is in one state: its lines, the decisions on them and on nothing computed, the amounts.

    ``low``, ``high``: what is computed of the lines, without and with what is contested or open; of
    what was waived, before that.
    """

    state: str
    lines: tuple[Line, ...]
    decisions: tuple[Decision, ...]
    low: Decimal
    high: Decimal

    @property
    def decided(self) -> Decimal | None:
        """The sum of the amounts decided that are recorded; None where none is."""
        amounts = [one.amount for one in self.decisions if one.amount is not None]
        return total(amounts) if amounts else None

    @property
    def by_clause(self) -> tuple[Decimal, Decimal]:
        """The least and the most that is computed where each clause turns out by itself."""
        rules: dict[str, list[Line]] = {}
        for line in self.lines:
            rules.setdefault(line.claim.rule, []).append(line)
        sides = [[computed(lines, side) for side in (LOW, HIGH)] for lines in rules.values()]
        return total(map(min, sides)), total(map(max, sides))

    @property
    def unrecorded(self) -> tuple[str, ...]:
        """The decisions of which the amount is not recorded."""
        return tuple(one.id for one in self.decisions if one.unrecorded)

    @property
    def hidden(self) -> tuple[str, ...]:
        """The decisions of which it can't be told what is due: it is in no amount computed."""
        answered = {line.decision.id for line in self.lines if line.decision}
        return tuple(one.id for one in self.decisions if one.hidden and one.id not in answered)

    @property
    def n(self) -> int:
        """How many claims: the lines, and the decisions on nothing computed."""
        answered = {line.decision.id for line in self.lines if line.decision}
        return len(self.lines) + sum(decision.id not in answered for decision in self.decisions)


def state_of(line: Line) -> str:
    """Return the state of a line; interest is due without notice or decision."""
    if not line.pending:
        return line.status
    return DUE if isinstance(line.claim.terms, LatePayment) else UNDECIDED


def by_state(lines: Iterable[Line], unmatched: Iterable[Decision] = ()) -> tuple[StateTotal, ...]:
    """Return the totals of lines on which something is due or decided, in the order of ``STATES``.

    ``unmatched``: decisions on nothing computed; those that decided nothing yet are in no state.
    """
    counted = [line for line in lines if line.due or _decided(line)]
    others = [decision for decision in unmatched if not decision.pending]
    totals = []
    for state in STATES:
        members = tuple(line for line in counted if state_of(line) == state)
        answers = {line.decision.id: line.decision for line in members if line.decision}
        apart = tuple(decision for decision in others if decision.status == state)
        if members or apart:
            low, high = (computed(members, side) for side in (LOW, HIGH))
            decisions = (*answers.values(), *apart) if state in (*DECIDED, WAIVED) else ()
            totals.append(StateTotal(state, members, decisions, low, high))
    return tuple(totals)


def _decided(line: Line) -> bool:
    """Whether an amount was decided of a line, be it one of nothing, recorded or not."""
    decision = line.decision
    if decision is None or decision.pending:
        return False
    return decision.unrecorded or bool(decision.amount)


def computed(lines: Iterable[Line], side: str) -> Decimal:
    """Return what is computed of lines on a side, of what was waived too."""
    amounts = sums(lines, side)
    return amounts.net + amounts.waived


def of_debtor(ledger: Ledger, debtor: str, rules: Rules) -> tuple[StateTotal, ...]:
    """Return the totals by state of what a party owes. ``rules``: the newest wording of each."""
    apart = [one for one in ledger.unmatched if rules[one.rule].debtor == debtor]
    return by_state(ledger.owed_by(debtor), apart)


# ------------------------------------------------------------------------------------- the caps


class Decided(NamedTuple):
    """What was decided under a cap: imposed, disputed or paid, and what the cap allows.

    ``rule``: the first one under it.
    """

    rule: str
    decisions: tuple[Decision, ...]
    cap: Decimal

    @property
    def amount(self) -> Decimal:
        """The sum of the amounts decided."""
        return total(decision.amount for decision in self.decisions)

    @property
    def excess(self) -> Decimal:
        """What was decided beyond the cap; negative while some of it is left."""
        return self.amount - self.cap


Key = tuple[tuple[str, str, bool], str]
"""Under which cap something is: the pool of its rule, and the span that the cap is for."""


def _key(contract: Contract, line: Line) -> Key:
    return pool_of(line.claim), span_of(contract, line.claim)


def _keys(contract: Contract, ledger: Ledger, rules: Rules) -> Iterator[tuple[Key, Decision]]:
    """Yield each decision that makes an amount due, with the cap that it is under.

    One on lines under several caps, or on a month or year that it does not name, says of none what
    it takes of it: it counts under none.
    """
    for decision, lines in ledger.answers:
        keys = {_key(contract, line) for line in lines}
        if len(keys) == 1:
            yield keys.pop(), decision
    for decision in ledger.unmatched:
        terms = rules[decision.rule]
        pool = terms.pool_under(decision.rule), terms.debtor, False
        if terms.cap_per == "contract" or (terms.cap_per == "month" and decision.month):
            yield (pool, decision.month if terms.cap_per == "month" else ""), decision


def under_caps(contract: Contract, ledger: Ledger, rules: Rules) -> dict[Key, Decided]:
    """Return what was decided under each cap. ``rules``: the newest wording of each."""
    decided: dict[Key, list[Decision]] = {}
    for key, decision in _keys(contract, ledger, rules):
        if decision.status in DECIDED and decision.amount:
            decided.setdefault(key, []).append(decision)
    under: dict[Key, Decided] = {}
    for key, decisions in decided.items():
        members = [line.claim for line in ledger.lines if _key(contract, line) == key]
        latest = max(members, key=lambda claim: claim.on, default=None)
        on, terms = decisions[-1].decided_on, rules[decisions[-1].rule]
        if latest:
            on, terms = latest.on, latest.terms
        cap = None if key[0][2] else cap_of(contract, on, terms)
        if cap is not None:
            under[key] = Decided(decisions[0].rule, tuple(decisions), cap)
    return under


def cap_over(contract: Contract, lines: Iterable[Line]) -> Decimal | None:
    """Return the cap that some lines are under; None where there is none, or not one of all."""
    latest: dict[Key, Line] = {}
    for line in sorted(lines, key=lambda line: line.claim.on):
        latest[_key(contract, line)] = line
    if len(latest) != 1:
        return None
    claim = latest.popitem()[1].claim
    return None if claim.bonus else cap_of(contract, claim.on, claim.terms)


def over_contract(contract: Contract, ledger: Ledger) -> Iterator[tuple[list[Line], Decimal]]:
    """Yield the lines under each cap that runs over the whole contract, with that cap."""
    under: dict[Key, list[Line]] = {}
    for line in ledger.lines:
        if line.claim.terms.cap_per == "contract":
            under.setdefault(_key(contract, line), []).append(line)
    for lines in under.values():
        cap = cap_over(contract, lines)
        if cap is not None:
            yield lines, cap


def left_under_caps(
    contract: Contract, ledger: Ledger, rules: Rules, side: str
) -> dict[Key, tuple[str, Decimal, Decimal]]:
    """Return what is not decided under each cap that decisions use: as computed, if they stand.

    By cap: its first rule; the sum of what is left of the lines that nothing was decided of; and
    that sum before the cap, or what the amounts decided leave of the cap where this is less.
    """
    left = {}
    for key, one in under_caps(contract, ledger, rules).items():
        lines = [line for line in ledger.lines if line.pending and _key(contract, line) == key]
        amounts = sums(lines, side)
        room = max(ZERO, -one.excess)
        left[key] = one.rule, amounts.net, min(amounts.net + amounts.capped, room)
    return left


def without_room(contract: Contract, ledger: Ledger, rules: Rules) -> tuple[Line, ...]:
    """Return the lines that nothing was decided of, under a cap that decisions use up."""
    under = under_caps(contract, ledger, rules)
    used_up = {key for key, one in under.items() if one.excess >= 0}
    return tuple(line for line in ledger.lines if line.pending and _key(contract, line) in used_up)
