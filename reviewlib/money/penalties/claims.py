"""What the rules make due, before exemption and cap: candidates, their facts, and the claims (A7).

Each part of the contract's rules holds its own facts to them: ``late_days``, ``monthly_claims``,
``late_payments``. ``allocation`` then decides which rule takes which fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from reviewlib.contract import Contract
from reviewlib.money.penalties.allocation import Candidate, Refusal, allocate
from reviewlib.money.penalties.claim import HIGH, LOW, SIDES, Claim, Facts, Gap
from reviewlib.money.penalties.late_days import deliverable_delays, milestone_delays
from reviewlib.money.penalties.late_payments import overdue_payments
from reviewlib.money.penalties.monthly_claims import months_of_points, months_of_tiers
from reviewlib.money.penalties.stated_rule import StatedRule, stated_rules

Results = Sequence[Candidate | Gap]
Part = Callable[[StatedRule, Facts], Iterator[Candidate | Gap]]
Applied = dict[tuple[Any, ...], tuple[tuple[Any, ...], Results]]
LATE = ("delays", "subjects", "unknown")
PARTS: Mapping[Part, tuple[str, ...]] = {
    milestone_delays: LATE,
    deliverable_delays: LATE,
    months_of_points: ("compliance",),
    months_of_tiers: ("compliance", "availability"),
    overdue_payments: ("payments",),
}
"""Each part, with the facts that it is about."""


class Claims(NamedTuple):
    """What the rules make due, in the order of the contract, and what none takes.

    ``refusals``: by side, the facts that a rule does not take, and why.
    """

    claims: list[Claim]
    refusals: dict[str, tuple[Refusal, ...]]


def candidates(
    contract: Contract, facts: Facts, applied: Applied | None = None
) -> tuple[list[Candidate], list[Gap]]:
    """Return each rule held to the facts that it is about, whatever other rules do.

    In the order of the contract; with them, each once, the rules that can't be held to any.
    ``applied``: the results under other readings of the same contract, to which these are added.
    """
    applied = {} if applied is None else applied
    pairs = [(rule, part) for rule in stated_rules(contract, facts.decisions) for part in PARTS]
    results = [result for pair in pairs for result in _results(*pair, facts, applied)]
    gaps = dict.fromkeys(result for result in results if isinstance(result, Gap))
    return [result for result in results if not isinstance(result, Gap)], list(gaps)


def _results(rule: StatedRule, part: Part, facts: Facts, applied: Applied) -> Results:
    """Return a rule held to a part of the facts: once, where neither was read otherwise."""
    wordings = (terms.penalties.get(rule.name) for terms in rule.contract.versions)
    same = (*wordings, *(getattr(facts, name) for name in PARTS[part]))
    key = (part, rule.name, *map(id, same))
    if key not in applied:
        applied[key] = same, list(part(rule, facts))  # what is kept keeps its id
    return applied[key][1]


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
