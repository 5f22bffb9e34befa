"""Which rule takes which fact, and why the others do not: all candidates first, then one step.

On each side by itself: what is contested or open is taken on the high side alone.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.contract import Contract
from reviewlib.money.penalties.allocation import PenalisedFact, Refusal, allocate
from reviewlib.money.penalties.claim import HIGH, LOW, Facts
from reviewlib.money.penalties.claims import candidates
from reviewlib.money.penalties.metrics import ledger, sums
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


def taken(
    contract: Contract, facts: Facts, side: str = HIGH
) -> dict[str, tuple[PenalisedFact, ...]]:
    """The facts that each rule takes on a side."""
    awards = allocate(candidates(contract, facts)[0], side)
    return {award.candidate.rule: award.taken for award in awards}


def refused(contract: Contract, facts: Facts, side: str = HIGH) -> list[tuple[str, str, str, int]]:
    """Rule, reason, the line that counts them, and number of the facts that no rule takes twice."""
    refusals = ledger(contract, facts).refusals[side]
    return [(one.rule, one.because, one.under, len(one.facts)) for one in refusals]


# ------------------------------------------------------------------- which rule takes which fact


def test_of_two_rules_on_a_delay_the_first_of_the_contract_takes_its_days() -> None:
    contract, facts = agreed({"A": delay(), "B": delay(title="Again")}), late(days_late(10))

    assert taken(contract, facts) == {"A": february(1, 10), "B": ()}
    again = (Refusal("B", "M1", "", "already", february(1, 10), "A · M1"),)
    assert ledger(contract, facts).refusals == {LOW: again, HIGH: again}


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


WAITS = [("M1", "client", "2026-02-01", "2026-02-10", False)]


def waiting(causes: Any = ()) -> Facts:
    """M1 late for 10 days, and D1, which waits for it, for 13."""
    days = days_late(10), days_late(13, "D1")
    return late(*days, needs=[None, "M1"], before=[None, 10], causes=causes)


def test_a_deliverable_leaves_the_days_of_its_milestone_that_are_excused_to_the_same_party() -> (
    None
):
    """The 10 days of M1 are the client's: no rule takes them, nor those of D1 that waits for it."""
    contract, facts = agreed({"A": delay(), "B": OF_D1}), waiting(WAITS)

    assert taken(contract, facts) == {"A": (), "B": february(11, 13, "D1")}
    assert refused(contract, facts) == [("A", "client", "", 10), ("B", "waited", "A · M1", 10)]


@pytest.mark.parametrize(
    "of_milestone",
    [{"debtor": "client"}, {"debtor": "client", "excludes": ["provider"]}],
    ids=["charged", "not excused"],
)
def test_a_deliverable_keeps_the_days_on_which_its_milestone_is_charged_to_the_other_party(
    of_milestone: dict[str, Any],
) -> None:
    contract, facts = agreed({"A": delay(**of_milestone), "B": OF_D1}), waiting()

    assert taken(contract, facts)["B"] == february(1, 13, "D1")


def test_a_deliverable_keeps_the_days_that_the_rule_of_its_milestone_does_not_count() -> None:
    """1 February 2026 is a Sunday: working days of 10 are 2 to 6, 9 and 10; 1, 7 and 8 are D1's."""
    contract, facts = agreed({"A": delay(days="working"), "B": OF_D1}), waiting()

    kept = [fact.when.day for fact in taken(contract, facts)["B"] if not isinstance(fact.when, str)]
    assert kept == [1, 7, 8, 11, 12, 13]


@pytest.mark.parametrize(
    "of_milestone",
    [{"notice": "required"}, {"grace": 10}, {"exempt_up_to": 1200}],
    ids=["no notice", "within the grace", "wholly exempt"],
)
def test_a_deliverable_keeps_its_days_where_its_milestone_owes_nothing_for_them(
    of_milestone: dict[str, Any],
) -> None:
    """M1: 10 × 120 = 1,200, not due; D1: 13 × 120 = 1,560."""
    contract = agreed({"A": delay(**of_milestone), "B": OF_D1})

    assert [str(x.low.net) for x in ledger(contract, waiting()).lines] == ["0.00", "1560.00"]


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
def test_points_take_what_was_missed_before_a_credit_wherever_the_rules_stand(
    order: tuple[str, str],
) -> None:
    rules = {"A": POINTS, "B": CREDIT}
    contract, facts = agreed({name: rules[name] for name in order}), tickets(month("2026-03", 9, 1))

    assert taken(contract, facts) == {"A": (PenalisedFact("R1", "P1", "2026-03"),), "B": ()}
    assert refused(contract, facts) == [("B", "already", "A", 1)]


def test_a_credit_of_which_one_fact_is_counted_elsewhere_takes_the_others() -> None:
    """P1 costs a point under the first rule: the credit rests on P2 alone, 90 % of its tickets."""
    contract = agreed({"A": POINTS | {"priorities": ["P1"]}, "B": CREDIT})
    facts = tickets(month("2026-03", 8, 2), month("2026-03", 9, 1, priority="P2"))

    assert taken(contract, facts) == {
        "A": (PenalisedFact("R1", "P1", "2026-03"),),
        "B": (PenalisedFact("R1", "P2", "2026-03"),),
    }
    assert refused(contract, facts) == [("B", "already", "A", 1)]
    credit = ledger(contract, facts).lines[1]
    assert (credit.claim.shares, str(credit.low.net)) == ((Fraction(9, 10),) * 2, "50.00")


def test_one_ticket_that_costs_a_point_does_not_take_the_credit_of_a_thousand() -> None:
    """P1: the only ticket late, a point of 100. P2: 900 of 1,000 in time, 5 % of 1,000 is 50."""
    contract = agreed({"A": POINTS | {"priorities": ["P1"]}, "B": CREDIT})
    facts = tickets(month("2026-03", 0, 1), month("2026-03", 900, 100, priority="P2"))

    assert [str(x.low.net) for x in ledger(contract, facts).lines] == ["100.00", "50.00"]


def test_a_credit_is_never_more_for_what_points_take_out_of_its_share() -> None:
    """P1 94 of 100, a point; P2 89 of 100. All: 183 of 200, 91.5 %, 2 %; P2 alone: 89 %, 5 %.

    The point takes P1 out; the credit stays that of all, 20 of 1,000, and not 50.
    """
    steps = [{"at_least": "95 %"}, {"at_least": "90 %", "credit": "2 %"}, TIERS[1]]
    contract = agreed({"A": POINTS | {"priorities": ["P1"]}, "B": CREDIT | {"tiers": steps}})
    facts = tickets(month("2026-03", 94, 6), month("2026-03", 89, 11, priority="P2"))

    credit = ledger(contract, facts).lines[1]

    assert (credit.claim.shares, str(credit.low.net)) == ((Fraction(183, 200),) * 2, "20.00")


def test_a_credit_is_not_due_where_what_is_left_of_its_share_owes_none() -> None:
    """P1 80 of 100, a point; P2 99 of 100: all together 179 of 200 is 89.5 %, P2 alone 99 %."""
    contract = agreed({"A": POINTS | {"priorities": ["P1"]}, "B": CREDIT})
    facts = tickets(month("2026-03", 80, 20), month("2026-03", 99, 1, priority="P2"))

    assert [str(x.low.net) for x in ledger(contract, facts).lines] == ["100.00", "0.00"]
    assert refused(contract, facts) == [("B", "already", "A", 1), ("B", "reached", "", 1)]


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
    """94 of 100 and 6 open: in time, a bonus of 20 of 1,000; late, a point, and no credit beside.

    The two sides are two scenarios of all lines: nobody owes both the bonus and the point.
    """
    steps = [{"at_least": "95 %", "bonus": "2 %"}, {"at_least": "0 %", "credit": "5 %"}]
    contract = agreed({"A": POINTS, "B": CREDIT | {"tiers": steps}})

    lines = ledger(contract, tickets(month("2026-03", 94, 0, 6))).lines

    assert [(x.claim.rule, x.claim.bonus, str(x.low.net), str(x.high.net)) for x in lines] == [
        ("A", False, "0.00", "100.00"),
        ("B", False, "0.00", "0.00"),
        ("B", True, "20.00", "0.00"),
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

    assert taken(contract, facts) == {
        "I": (PenalisedFact("interest", "F1", dt.date(2026, 7, 4)),),
        "J": (PenalisedFact("indemnity", "F1", dt.date(2026, 7, 4)),),
    }
    assert [str(line.low.net) for line in ledger(contract, facts).lines] == ["131.51", "40.00"]


def test_of_two_rules_with_interest_on_a_late_payment_the_first_takes_it() -> None:
    """32,000 × 12.5 % × 12 / 365 = 131.51 under I, not 20 % under J too; J has the indemnity."""
    rules = {"I": LATE["I"] | {"indemnity": 0}, "J": LATE["I"] | {"interest": "20 %"}}

    lines = ledger(agreed(rules), paid(("F1", "32000", "2026-07-04", "2026-07-16"))).lines

    assert [str(line.low.net) for line in lines] == ["131.51", "40.00"]
    assert dict(lines[1].claim.left_out) == {"already": 1}


# ------------------------------------------------------- each side by itself: contested, and open

EVERY_DAY = {"title": "All", "excludes": [], "rate": "5/1000"}
CONTESTED: list[tuple[str, str, str, str, bool]] = [
    ("M1", "client", "2026-02-01", "2026-02-04", True)
]


def test_a_day_contested_for_one_rule_is_left_to_the_next_on_the_low_side() -> None:
    """10 days late, 4 contested as the client's. A leaves the client's days out, B has no causes.

    Low: A 6 × 120 = 720, B the 4 others × 600 = 2,400. High: A 10 × 120 = 1,200, B none.
    So the total is lower on the high side: 3,120, and 1,200.
    """
    contract = agreed({"A": delay(), "B": delay(**EVERY_DAY)})
    facts = late(days_late(10), causes=CONTESTED)

    assert taken(contract, facts, LOW) == {"A": february(5, 10), "B": february(1, 4)}
    assert taken(contract, facts, HIGH) == {"A": february(1, 10), "B": ()}
    lines = ledger(contract, facts).lines
    assert [(str(x.low.net), str(x.high.net)) for x in lines] == [
        ("720.00", "1200.00"),
        ("2400.00", "0.00"),
    ]
    assert (sums(lines, LOW).net, sums(lines, HIGH).net) == (3120, 1200)
    assert dict(lines[0].claim.left_out) == {"contested": 4}
    assert dict(lines[1].claim.left_out) == {"already": 6, "yielded": 4}
    assert dict(lines[1].claim.counted) == {"contested": 4}


def test_a_day_contested_for_one_party_is_not_taken_from_a_rule_at_the_charge_of_the_other() -> (
    None
):
    """The client owes 300 for each day of delay, whoever caused it.

    Low: the provider 6 × 120 = 720, the client 4 × 300 = 1,200; high: the provider all 10 days.
    """
    rule = delay(title="Own", debtor="client", excludes=[], rate=None, amount=300)
    contract = agreed({"A": delay(), "B": rule})

    lines = ledger(contract, late(days_late(10), causes=CONTESTED)).lines

    assert [(x.claim.debtor, str(x.low.net), str(x.high.net)) for x in lines] == [
        ("provider", "720.00", "1200.00"),
        ("client", "1200.00", "0.00"),
    ]


@pytest.mark.parametrize(("debtor", "other"), [("provider", "client"), ("client", "provider")])
def test_either_party_owes_for_its_own_days_and_not_for_those_of_the_other(
    debtor: str, other: str
) -> None:
    """M1, 10 days late: 1 to 4 of the other party, 5 to 7 of the one that owes, 8 to 10 of none.

    By default the first 4 do not count: 10 − 4 = 6 days at 120 are 720.
    """
    causes = [
        ("M1", other, "2026-02-01", "2026-02-04", False),
        ("M1", debtor, "2026-02-05", "2026-02-07", False),
    ]
    contract, facts = agreed({"A": delay(debtor=debtor)}), late(days_late(10), causes=causes)

    assert taken(contract, facts) == {"A": february(5, 10)}
    (line,) = ledger(contract, facts).lines
    assert (line.claim.debtor, str(line.low.net)) == (debtor, "720.00")
    assert contract.versions[0].penalties["A"].is_silent("excludes")


def test_open_tickets_cost_a_credit_while_in_time_and_points_once_late() -> None:
    """P1: 46 met, 4 breached, 6 open. In time: 52 of 56, 92.86 %; late: 46 of 56, 82.14 %.

    The points are for less than 90 %: none while in time, and then the credit of the tiers, 5 % of
    10,000, is due; once late a point of 100, and the credit gives way.
    """
    contract = agreed({"A": POINTS, "B": CREDIT | {"base": 10_000}})
    facts = tickets(month("2026-03", 46, 4, 6, threshold=0.9))

    lines = ledger(contract, facts).lines

    assert [(x.claim.rule, str(x.low.net), str(x.high.net)) for x in lines] == [
        ("A", "0.00", "100.00"),
        ("B", "500.00", "0.00"),
    ]
    assert dict(lines[1].claim.left_out) == {"yielded": 1}


# ----------------------------------------- a rule that makes nothing due takes nothing from others


def test_a_rule_that_wants_its_notice_leaves_its_days_to_the_next() -> None:
    contract = agreed({"A": delay(notice="required"), "B": delay(title="Next", rate="2/1000")})

    lines = ledger(contract, late(days_late(10))).lines

    assert [(str(x.low.held), str(x.low.net)) for x in lines] == [
        ("1200.00", "0.00"),
        ("0.00", "2400.00"),
    ]


@pytest.mark.parametrize(
    ("exempt", "nets"),
    [(1199.99, ["1200.00", "0.00"]), (1200, ["0.00", "2400.00"]), (1201, ["0.00", "2400.00"])],
)
def test_a_rule_that_is_wholly_exempt_leaves_its_days_to_the_next(
    exempt: float, nets: list[str]
) -> None:
    """10 × 120 = 1,200: exempt up to and with 1,200, due whole above."""
    contract = agreed({"A": delay(exempt_up_to=exempt), "B": delay(title="Next", rate="2/1000")})

    assert [str(x.low.net) for x in ledger(contract, late(days_late(10))).lines] == nets


def test_a_rule_in_part_exempt_keeps_its_days() -> None:
    """A deductible of 700 leaves 500 of 1,200: the fact is penalised, and not again."""
    rule = delay(exempt_up_to=700, exempt_as="deductible")

    lines = ledger(agreed({"A": rule, "B": delay(title="Next")}), late(days_late(10))).lines

    assert [str(x.low.net) for x in lines] == ["500.00", "0.00"]


def test_two_rules_of_a_pool_do_not_both_count_a_day_that_is_exempt() -> None:
    """1,200 of one pool are exempt up to 2,000: twice the same days would be 2,400, and due."""
    pool = {"pool": "delays", "exempt_up_to": 2000}
    contract = agreed({"A": delay(**pool), "B": delay(title="Again", **pool)})

    assert [str(x.low.net) for x in ledger(contract, late(days_late(10))).lines] == ["0.00", "0.00"]


def test_what_one_rule_leaves_may_lift_the_next_above_its_own_exemption() -> None:
    """A: M1 10 days, 1,200, exempt. B, up to 1,000: M1 and M2 for 10 and 5 days, 1,800, all due."""
    rules = {
        "A": delay(exempt_up_to=2000),
        "B": delay(title="Next", milestones=["M1", "M2"], exempt_up_to=1000),
    }

    lines = ledger(agreed(rules), late(days_late(10), days_late(5, "M2"))).lines

    nets = [(x.claim.rule, x.claim.subject, str(x.low.net)) for x in lines]
    assert nets == [("A", "M1", "0.00"), ("B", "M1", "1200.00"), ("B", "M2", "600.00")]


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

    for side in (LOW, HIGH):
        awards = allocate(held, side)
        every = [fact for award in awards for fact in award.taken]
        assert len(every) == len(set(every))
        for award in awards:
            stakes = [stake.fact for stake in award.candidate.stakes]
            answers = [*award.taken, *(fact for one in award.refusals for fact in one.facts)]
            assert sorted(answers) == sorted(stakes)
        assert allocate(held, side) == awards


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
    assert allocate([], LOW) == allocate([], HIGH) == []
