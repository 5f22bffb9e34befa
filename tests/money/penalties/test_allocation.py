"""Which rule takes which fact, and why the others do not: all candidates first, then one step."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract import Contract
from reviewlib.money.penalties.allocation import PenalisedFact, Refusal, allocate
from reviewlib.money.penalties.claim import Facts
from reviewlib.money.penalties.claims import candidates
from reviewlib.money.penalties.metrics import ledger
from tests.money.penalties.test_metrics import (
    DAYS,
    LATE,
    POINTS,
    RULES,
    SPANS,
    STEADY,
    TODAY,
    agreed,
    days_late,
    delay,
    hours,
    late,
    month,
    paid,
    tickets,
    told,
)

OF_D1 = delay(milestones=[], deliverables=["D1"])
TIERS = [{"at_least": "95 %"}, {"at_least": "0 %", "credit": "5 %"}]
CREDIT = {"kind": "tiers", "title": "C", "clauses": ["R1"], "base": 1000, "tiers": TIERS}

UPTIME = {"title": "Up", "services": ["network"], "calendar": "permanent", "target": "99.9 %"}


def february(first: int, last: int, name: str = "M1") -> tuple[PenalisedFact, ...]:
    """Days of February 2026 on which a milestone or deliverable is late."""
    kind = {"M": "milestone", "D": "deliverable"}[name[0]]
    return tuple(PenalisedFact(kind, name, dt.date(2026, 2, day)) for day in range(first, last + 1))


def taken(contract: Contract, facts: Facts) -> dict[str, tuple[PenalisedFact, ...]]:
    """The facts that each rule takes."""
    awards = allocate(candidates(contract, facts)[0])
    return {award.candidate.rule: award.taken for award in awards}


def refused(contract: Contract, facts: Facts) -> list[tuple[str, str, str, int]]:
    """Rule, reason, the line that counts them, and number of the facts that no rule takes twice."""
    refusals = ledger(contract, facts).refusals
    return [(one.rule, one.because, one.under, len(one.facts)) for one in refusals]


# ------------------------------------------------------------------- which rule takes which fact


def test_of_two_rules_on_a_delay_the_first_of_the_contract_takes_its_days() -> None:
    contract, facts = agreed({"A": delay(), "B": delay(title="Again")}), late(days_late(10))

    assert taken(contract, facts) == {"A": february(1, 10), "B": ()}
    assert ledger(contract, facts).refusals == (
        Refusal("B", "M1", "", "already", february(1, 10), "A · M1"),
    )


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
def test_a_milestone_takes_its_days_before_a_deliverable_wherever_the_rules_stand(
    order: tuple[str, str],
) -> None:
    """M1 late for 10 days, D1 which waits for it for 13: the last three are its own."""
    rules = {"A": delay(), "B": OF_D1}
    contract = agreed({name: rules[name] for name in order})
    facts = late(days_late(10), days_late(13, "D1"), needs=[None, "M1"], before=[None, 10])

    assert taken(contract, facts) == {"A": february(1, 10), "B": february(11, 13, "D1")}
    assert refused(contract, facts) == [("B", "waited", "A · M1", 10)]


def test_a_deliverable_that_came_before_its_milestone_did_not_wait_for_it() -> None:
    """D1 came 5 days late, M1 10 days late: nothing kept D1, which owes for its own 5 days."""
    contract = agreed({"A": delay(), "B": OF_D1})
    facts = late(days_late(10), days_late(5, "D1"), needs=[None, "M1"])

    assert taken(contract, facts) == {"A": february(1, 10), "B": february(1, 5, "D1")}
    assert refused(contract, facts) == []


def test_a_deliverable_leaves_the_days_of_its_milestone_even_where_they_do_not_count_there() -> (
    None
):
    """The 10 days of M1 are the client's: no rule takes them, nor those of D1 that waits for it."""
    causes = [("M1", "client", "2026-02-01", "2026-02-10", False)]
    facts = late(
        days_late(10), days_late(13, "D1"), needs=[None, "M1"], before=[None, 10], causes=causes
    )
    contract = agreed({"A": delay(), "B": OF_D1})

    assert taken(contract, facts) == {"A": (), "B": february(11, 13, "D1")}
    assert refused(contract, facts) == [("A", "client", "", 10), ("B", "waited", "A · M1", 10)]


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
def test_points_take_what_was_missed_before_a_credit_wherever_the_rules_stand(
    order: tuple[str, str],
) -> None:
    rules = {"A": POINTS, "B": CREDIT}
    contract, facts = agreed({name: rules[name] for name in order}), tickets(month("2026-03", 9, 1))

    assert taken(contract, facts) == {"A": (PenalisedFact("R1", "P1", "2026-03"),), "B": ()}
    assert refused(contract, facts) == [("B", "already", "A", 1)]


def test_a_credit_of_which_one_fact_is_counted_elsewhere_takes_none_of_the_others() -> None:
    """P1 costs a point under the first rule: the credit of all priorities is not due for P2."""
    contract = agreed({"A": POINTS | {"priorities": ["P1"]}, "B": CREDIT})
    facts = tickets(month("2026-03", 9, 1), month("2026-03", 9, 1, priority="P2"))

    assert taken(contract, facts) == {"A": (PenalisedFact("R1", "P1", "2026-03"),), "B": ()}
    assert refused(contract, facts) == [("B", "already", "A", 2)]


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
def test_a_bonus_takes_no_fact_from_a_credit_and_loses_none_to_it(order: tuple[str, str]) -> None:
    """98 of 100: a bonus of 50 of 1,000 from 95 % on, and a credit of 100 of 2,000 below 99 %."""
    steps = [{"at_least": "95 %", "bonus": "5 %"}, {"at_least": "0 %"}]
    strict = [{"at_least": "99 %"}, {"at_least": "0 %", "credit": "5 %"}]
    rules = {"A": CREDIT | {"tiers": steps}, "B": CREDIT | {"tiers": strict, "base": 2000}}
    contract = agreed({name: rules[name] for name in order})

    lines = ledger(contract, tickets(month("2026-03", 98, 2))).lines

    assert {(x.claim.rule, x.claim.debtor, str(x.low.net)) for x in lines} == {
        ("A", "client", "50.00"),
        ("B", "provider", "100.00"),
    }


def test_a_month_that_may_end_in_a_bonus_loses_its_credit_alone_to_points() -> None:
    """94 of 100 and 6 open: all in time is a bonus of 20 of 1,000; at worst a point, no credit."""
    steps = [{"at_least": "95 %", "bonus": "2 %"}, {"at_least": "0 %", "credit": "5 %"}]
    contract = agreed({"A": POINTS, "B": CREDIT | {"tiers": steps}})

    lines = ledger(contract, tickets(month("2026-03", 94, 0, 6))).lines

    assert [(x.claim.rule, x.claim.bonus, str(x.low.net), str(x.high.net)) for x in lines] == [
        ("A", False, "0.00", "100.00"),
        ("B", False, "0.00", "0.00"),
        ("B", True, "0.00", "20.00"),
    ]


def test_points_take_what_no_other_rule_counts_of_their_month() -> None:
    """The first rule is about P1, the second about both: it takes P2."""
    contract = agreed({"A": POINTS | {"priorities": ["P1"]}, "B": POINTS})
    facts = tickets(month("2026-03", 9, 1), month("2026-03", 9, 1, priority="P2"))

    assert taken(contract, facts)["B"] == (PenalisedFact("R1", "P2", "2026-03"),)
    assert refused(contract, facts) == [("B", "already", "A", 1)]


def test_interest_and_an_indemnity_of_two_rules_are_both_due_of_a_payment() -> None:
    rules = {"I": LATE["I"] | {"indemnity": 0}, "J": LATE["I"] | {"interest": "0 %"}}
    contract, facts = agreed(rules), paid(("F1", "32000", "2026-07-04", "2026-07-16"))

    payment = (PenalisedFact("payment", "F1", dt.date(2026, 7, 4)),)
    assert taken(contract, facts) == {"I": payment, "J": payment}
    assert [str(line.low.net) for line in ledger(contract, facts).lines] == ["131.51", "40.00"]


# ------------------------------------------------------------------- why the others do not take it


def test_days_within_the_grace_are_refused_for_it_and_left_to_the_next_rule() -> None:
    contract = agreed({"A": delay(grace=5), "B": delay(title="From the first day")})

    assert taken(contract, late(days_late(3))) == {"A": (), "B": february(1, 3)}
    assert refused(contract, late(days_late(3))) == [("A", "grace", "", 3)]


def test_a_month_whose_points_are_free_is_refused_for_it_though_it_makes_no_line() -> None:
    contract, facts = agreed({"A": POINTS | {"free": 3}}), tickets(month("2026-03", 94, 6))

    assert ledger(contract, facts).lines == ()
    assert refused(contract, facts) == [("A", "free", "", 1)]


@pytest.mark.parametrize("rule", [POINTS, CREDIT], ids=["points", "credit"])
def test_a_month_of_the_ramp_up_is_refused_for_it_and_left_to_the_next_rule(
    rule: dict[str, Any],
) -> None:
    spared = rule | {"ramp_up": {"first": "2026-01-01", "last": "2026-03-31"}}
    contract, facts = agreed({"A": spared, "B": rule}), tickets(month("2026-03", 9, 1))

    assert taken(contract, facts) == {"A": (), "B": (PenalisedFact("R1", "P1", "2026-03"),)}
    assert refused(contract, facts) == [("A", "ramp_up", "", 1)]


def test_days_are_refused_by_the_reason_that_the_rule_itself_gives() -> None:
    """10 days: 3 the client's, 2 suspended; 4 contested, which the high side counts."""
    facts = late(
        days_late(10),
        causes=[
            ("M1", "client", "2026-02-01", "2026-02-03", False),
            ("M1", "client", "2026-02-07", "2026-02-10", True),
        ],
        suspended=[("M1", "2026-02-04", "2026-02-05")],
    )
    contract = agreed({"P": delay()})

    assert taken(contract, facts) == {"P": february(6, 10)}
    assert refused(contract, facts) == [("P", "client", "", 3), ("P", "suspended", "", 2)]


# ------------------------------------------------------------------------------ what always holds


def test_a_candidate_is_the_same_whatever_the_other_rules_are() -> None:
    facts = late(days_late(10), days_late(13, "D1"), needs=[None, "M1"], before=[None, 10])
    rules = {"A": delay(), "B": OF_D1, "C": delay(title="Again")}

    alone = [candidates(agreed({name: rule}), facts)[0] for name, rule in rules.items()]

    assert candidates(agreed(rules), facts)[0] == [one for every in alone for one in every]


@STEADY
@given(st.tuples(RULES, RULES, RULES), DAYS, DAYS, SPANS)
def test_each_fact_is_taken_once_at_most_and_each_candidate_takes_or_is_refused_it(
    parts: tuple[dict[str, Any], ...], of_milestone: int, of_deliverable: int, spans: Any
) -> None:
    one, two, three = parts
    rules = {"A": delay(**one), "B": OF_D1 | two, "C": delay(**three)}
    facts = late(
        days_late(of_milestone),
        days_late(of_deliverable, "D1"),
        causes=told(spans),
        needs=[None, "M1"],
        before=[None, of_milestone if of_milestone <= of_deliverable else None],
    )
    held, _ = candidates(agreed(rules), facts)

    awards = allocate(held)

    every = [fact for award in awards for fact in award.taken]
    assert len(every) == len(set(every))
    for award in awards:
        stakes = [stake.fact for stake in award.candidate.stakes]
        answers = [*award.taken, *(fact for one in award.refusals for fact in one.facts)]
        assert sorted(answers) == sorted(stakes)
    assert allocate(held) == awards


def test_a_credit_for_hours_that_becomes_one_for_some_priorities_is_held_to_each_in_its_time() -> (
    None
):
    """Hours until June, and tickets of P1 from July on: hours have no priority to look at."""
    new = {"availability": None, "clauses": ["R1"], "priorities": ["P1"]}
    change = {"id": "A1", "title": "A1", "signed": "2026-06-01", "effective": "2026-07-01"}
    contract = agreed(
        {"P": CREDIT | {"clauses": None, "availability": ["A1"]}},
        availability={"A1": UPTIME},
        parts={"amendments": [change | {"changes": {"penalties": {"P": new}}}]},
    )
    facts = dataclasses.replace(
        hours(("2026-06", 100, 10), ("2026-07", 100, 10)),
        compliance=tickets(month("2026-06", 9, 1), month("2026-07", 9, 1)).compliance,
    )

    assert [line.id for line in ledger(contract, facts).lines] == [
        "P/network/2026-06",
        "P/P1/2026-07",
    ]


def test_every_candidate_of_nothing_is_none() -> None:
    assert candidates(agreed({"A": delay()}), Facts(pd.Timestamp(TODAY)))[0] == []
    assert allocate([]) == []
