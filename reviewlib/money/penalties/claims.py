"""What the rules make due, before exemption and cap: candidates, their facts, and the claims (A7).

Each part of the contract's rules holds its own facts to them: ``late_days``, ``monthly_claims``,
``late_payments``. ``allocation`` then decides which rule takes which fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reviewlib.contract import Contract
from reviewlib.money.penalties.allocation import Candidate, Refusal, allocate
from reviewlib.money.penalties.claim import HIGH, LOW, SIDES, Claim, Facts, Gap
from reviewlib.money.penalties.late_days import deliverable_delays, milestone_delays
from reviewlib.money.penalties.late_payments import overdue_payments
from reviewlib.money.penalties.monthly_claims import months_of_points, months_of_tiers
from reviewlib.money.penalties.stated_rule import stated_rules

PARTS = (
    milestone_delays, deliverable_delays, months_of_points, months_of_tiers, overdue_payments,
)  # fmt: skip


class Claims(NamedTuple):
    """What the rules make due, in the order of the contract, and what none takes.

    ``refusals``: by side, the facts that a rule does not take, and why.
    """

    claims: list[Claim]
    refusals: dict[str, tuple[Refusal, ...]]


def candidates(contract: Contract, facts: Facts) -> tuple[list[Candidate], list[Gap]]:
    """Return each rule held to the facts that it is about, whatever other rules do.

    In the order of the contract; with them, each once, the rules that can't be held to any.
    """
    rules = stated_rules(contract, facts.decisions)
    results = [result for rule in rules for part in PARTS for result in part(rule, facts)]
    gaps = dict.fromkeys(result for result in results if isinstance(result, Gap))
    return [result for result in results if not isinstance(result, Gap)], list(gaps)


def claims(every: Sequence[Candidate], exempt: Mapping[str, frozenset[str]]) -> Claims:
    """Return what some candidates make due when each fact is penalised once, on each side.

    ``exempt``: by side, the pools that are wholly exempt.
    """
    awards = {side: allocate(every, side, exempt[side]) for side in SIDES}
    sides = zip(every, awards[LOW], awards[HIGH], strict=True)
    due = [claim for candidate, low, high in sides for claim in candidate.claims(low, high)]
    refusals = {
        side: tuple(refusal for award in of_side for refusal in award.refusals)
        for side, of_side in awards.items()
    }
    return Claims(due, refusals)
