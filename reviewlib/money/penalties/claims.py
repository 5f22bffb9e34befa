"""What the rules make due, before exemption and cap: candidates, their facts, and the claims (A7).

Each part of the contract's rules holds its own facts to them: ``late_days``, ``monthly_claims``,
``late_payments``. ``allocation`` then decides which rule takes which fact.
"""

from __future__ import annotations

from typing import NamedTuple

from reviewlib.contract import Contract
from reviewlib.money.penalties.allocation import Candidate, Refusal, allocate
from reviewlib.money.penalties.claim import Claim, Facts, Gap
from reviewlib.money.penalties.late_days import deliverable_delays, milestone_delays
from reviewlib.money.penalties.late_payments import overdue_payments
from reviewlib.money.penalties.monthly_claims import months_of_points, months_of_tiers
from reviewlib.money.penalties.stated_rule import stated_rules

PARTS = (
    milestone_delays, deliverable_delays, months_of_points, months_of_tiers, overdue_payments,
)  # fmt: skip


class Claims(NamedTuple):
    """What the rules make due, in the order of the contract; where they can't say; what none takes.

    ``refusals``: the facts that a rule does not take, and why.
    """

    claims: list[Claim]
    gaps: list[Gap]
    refusals: list[Refusal]


def candidates(contract: Contract, facts: Facts) -> tuple[list[Candidate], list[Gap]]:
    """Return each rule held to the facts that it is about, whatever other rules do.

    In the order of the contract; with them, each once, the rules that can't be held to any.
    """
    rules = stated_rules(contract, facts.decisions)
    results = [result for rule in rules for part in PARTS for result in part(rule, facts)]
    gaps = dict.fromkeys(result for result in results if isinstance(result, Gap))
    return [result for result in results if not isinstance(result, Gap)], list(gaps)


def claims(contract: Contract, facts: Facts) -> Claims:
    """Return what the rules make due when each fact is penalised once."""
    all_candidates, gaps = candidates(contract, facts)
    awards = allocate(all_candidates)
    due = [claim for award in awards for claim in award.candidate.claims(award)]
    return Claims(due, gaps, [refusal for award in awards for refusal in award.refusals])
