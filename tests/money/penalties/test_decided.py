"""Money decided stays in the totals whatever the lines that it rests on, and is weighed alike.

Small folders: under Art. 8, M1 owes 100,000 × 10 days / 1,000 = 1,000 and M2 2,000 (20 days). With
a grace period of 10 days M1 owes nothing and has a line all the same; M3 has none at all.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.amounts import total
from reviewlib.contract.days import day_count
from reviewlib.contract.penalties import Limits
from reviewlib.money import results
from reviewlib.money.penalties import tables
from reviewlib.money.penalties.chapter import penalties
from reviewlib.money.penalties.claim import Claim, Formula, Miss
from reviewlib.money.penalties.decided import decisions, is_part, observations_until
from reviewlib.money.penalties.states import DECIDED, of_debtor
from reviewlib.report.values import Kind
from reviewlib.review import Review, open_review
from tests import desk
from tests.money.penalties.test_chapter import MILESTONES, RULES, fact, finding
from tests.spoken import chapter as chapter_of
from tests.spoken import unfit

Folder = Callable[..., Path]
HEAD = "penalty_id,rule,subject,notified_on,observations_on,decided_on,decision,amount,paid_on\n"
OF_NOTHING = RULES.replace("      obs", "      grace: 10\n      obs")


@pytest.fixture
def review_with(engagement_folder: Folder, contract_text: str) -> Callable[..., Review]:
    def review(*decisions: str, rules: str = RULES) -> Review:
        table = HEAD + "".join(f"{row}\n" for row in decisions)
        folder = engagement_folder(contract_text + rules, milestones=MILESTONES, penalties=table)
        return open_review(folder, "2024-10-01", "en")

    return review


@pytest.mark.parametrize("rules", [RULES, OF_NOTHING])
@pytest.mark.parametrize("decision", ["imposed", "disputed"])
@pytest.mark.parametrize("paid", ["", "2024-08-01"])
def test_the_amounts_of_the_states_are_those_decided_whatever_the_lines(
    review_with: Callable[..., Review], rules: str, decision: str, paid: str
) -> None:
    """240 for M1, 50 for M2 and 7 for M3: 297."""
    step = f"2024-06-01,,2024-07-01,{decision}"
    review = review_with(
        f"N1,Art. 8,M1,{step},240,{paid}",
        f"N2,Art. 8,M2,{step},50,{paid}",
        f"N3,Art. 8,M3,{step},7,{paid}",
        rules=rules,
    )
    totals = of_debtor(results.ledger(review), "provider", tables.newest_rules(review))

    assert total(one.decided for one in totals if one.state in DECIDED) == Decimal(297)
    assert sum(one.n for one in totals) == 3
    state = "paid" if paid else decision
    section = chapter_of(penalties, review)
    assert fact(section, f"provider.{state}").value == 297.0
    words = {"paid": "paid", "imposed": "decided, not paid", "disputed": "decided and disputed"}
    assert f"{words[state]}: €297" in finding(section, "Art. 8").sentence


def test_what_was_paid_for_nothing_is_weighed_alike_with_a_line_and_without(
    review_with: Callable[..., Review],
) -> None:
    """M1 is 10 days late, all within the grace period; M3 is not among the milestones."""
    step = "2024-06-01,,2024-07-01,imposed"
    review = review_with(
        f"N1,Art. 8,M1,{step},240,2024-08-01",
        f"N3,Art. 8,M3,{step},240,2024-08-01",
        rules=OF_NOTHING,
    )
    section = chapter_of(penalties, review)

    first, third = (finding(section, f"decision.{name}") for name in ("N1", "N3"))
    assert first.kind is third.kind is Kind.CONCERN
    assert first.sentence == ("N1: the tables show nothing due for M1 under Art. 8; decided: €240.")
    for one, other in ((first.sentence, third.sentence), (first.decision, third.decision)):
        assert one.replace("N1", "N3").replace("M1", "M3") == other


def test_money_paid_for_a_rule_of_which_nothing_is_late_has_its_figure(
    review_with: Callable[..., Review],
) -> None:
    rules = RULES.replace("[M1, M2]", "[M3]")
    review = review_with("N3,Art. 8,M3,2024-06-01,,2024-07-01,imposed,7,2024-08-01", rules=rules)

    assert fact(chapter_of(penalties, review), "provider.paid").value == 7.0


def test_what_was_paid_without_a_recorded_decision_takes_of_the_cap(
    review_with: Callable[..., Review],
) -> None:
    """240 paid and 2,500 disputed under a cap of 2,500: 240 above it."""
    review = review_with(
        "N1,Art. 8,M1,2024-06-01,,2024-07-01,,240,2024-08-01",
        "N2,Art. 8,M2,2024-06-01,,2024-07-01,disputed,2500,",
        rules=RULES.replace("      obs", "      cap: 2500\n      obs"),
    )
    section = chapter_of(penalties, review)

    assert fact(section, "provider.paid").value == 240.0
    assert finding(section, "cap.Art. 8").sentence == (
        "N1 and N2: €2,740 was decided under Art. 8, €240 above its cap of €2,500."
    )


def test_no_decision_is_asked_for_under_a_cap_that_decisions_use_up(
    review_with: Callable[..., Review],
) -> None:
    """1,000 imposed for M1 is all of the cap: it leaves nothing to M2, which was notified."""
    review = review_with(
        "N1,Art. 8,M1,2024-06-01,,2024-07-01,imposed,1000,",
        "N2,Art. 8,M2,2024-06-01,,,,,",
        rules=RULES.replace("      obs", "      cap: 1000\n      cap_per: contract\n      obs"),
    )
    section = chapter_of(penalties, review)

    assert section.finding("penalties.notified.N2") is None
    assert not any("decide on what was notified" in one.decision for one in section.findings)


def test_observations_without_a_day_of_notice_are_not_notified_on_no_day(
    review_with: Callable[..., Review],
) -> None:
    section = chapter_of(penalties, review_with("N2,Art. 8,M2,,2024-06-20,,,,"))

    assert finding(section, "notified.N2").sentence == (
        "N2: observations of 20 Jun 2024 answer what is due for M2 under Art. 8; neither the day "
        "of its notice nor a decision is recorded as of 1 Oct 2024. Computed: €2,000."
    )
    assert unfit(section) == set()


def test_interest_under_a_cap_that_decisions_use_up_says_what_is_left_of_it(
    engagement_folder: Folder, contract_text: str
) -> None:
    """36,500 × 10 % × 10 / 365 + 40 = 140 for each payment, under a cap of 150: 140 and 10; as 150
    was decided for P1, nothing is left for P2."""
    rules = "  penalties:\n    Art. 9: {pack: late-payment-fr, interest: 10 %, cap: 150}\n"
    paid = "P1,36500,2024-04-01,2024-04-11\nP2,36500,2024-05-01,2024-05-11\n"
    folder = engagement_folder(
        contract_text + rules,
        payments="payment_id,amount,due_on,paid_on\n" + paid,
        penalties=f"{HEAD}N1,Art. 9,P1,2024-06-01,,2024-07-01,disputed,150,\n",
    )
    section = chapter_of(penalties, open_review(folder, "2024-10-01", "en"))

    assert section.headline == "Chargeable to the client, due without a reminder: €10."
    assert (
        "decided and disputed: €150 (computed: €140); due without a reminder: €10 (if the "
        "decisions stand: €0)"
    ) in finding(section, "Art. 9").sentence
    assert fact(section, "client.due").note == (
        "if the decisions stand: €0, under the cap of Art. 9: €10 − €10 = €0"
    )


STEPS = ("notified_on", "observations_on", "decided_on", "decision", "amount", "paid_on")


@pytest.mark.parametrize(
    ("steps", "status", "pending", "unrecorded"),
    [
        (("", "", "", "", 5, ""), "recorded", True, False),
        (("2024-06-01", "", "", "", None, ""), "notified", True, False),
        (("2024-06-01", "2024-06-09", "", "", None, ""), "observations", True, False),
        (("2024-06-01", "", "2024-07-01", "imposed", 5, ""), "imposed", False, False),
        (("2024-06-01", "", "2024-07-01", "imposed", None, ""), "imposed", False, True),
        (("", "", "2024-07-01", "waived", None, ""), "waived", False, False),
        (("", "", "", "", None, "2024-08-01"), "paid", False, True),
        (("", "", "2024-07-01", "imposed", 5, "2024-08-01"), "paid", False, False),
    ],
)
def test_the_last_step_is_the_status_and_an_amount_is_wanting_once_it_is_decided_or_paid(
    steps: tuple[Any, ...], status: str, pending: bool, unrecorded: bool
) -> None:
    """Nothing is wanting of what is waived, nor of what is pending."""
    row = pd.DataFrame([dict(zip(STEPS, steps, strict=True))]).replace("", None)
    (made,) = decisions(row.assign(penalty_id="N1", rule="Art. 8", subject="M1"))

    assert (made.status, made.pending, made.unrecorded) == (status, pending, unrecorded)


def test_a_row_without_a_step_and_without_an_amount_tells_of_nothing() -> None:
    row = pd.DataFrame([dict.fromkeys(STEPS)])

    assert decisions(row.assign(penalty_id="N1", rule="Art. 8", subject="M1")) == []
    assert decisions(None) == []


def test_a_decision_on_a_priority_is_a_part_of_the_claim_of_its_rule_and_month() -> None:
    """May under Art. 8, in which P1 and P2 missed; a decision of no month is on any."""
    due = Formula(Decimal(100), Fraction(1), 1, "point")
    missed = [Miss("R1", name, 9, 10, Fraction(19, 20), 1) for name in ("P1", "P2")]
    claim = Claim(
        "Art. 8", Limits.model_construct(), "May", "2024-05", pd.Timestamp("2024-05-31"), due, due,
        "provider", misses=tuple(missed),
    )  # fmt: skip
    table = pd.DataFrame(
        [
            ("Art. 8", "P2", "2024-05"), ("Art. 8", "P1", None),
            ("Art. 8", "P3", "2024-05"), ("Art. 8", "P1", "2024-06"), ("Art. 9", "P1", "2024-05"),
        ],
        columns=["rule", "subject", "month"],
    ).assign(penalty_id="N1", decision="imposed", amount=5)  # fmt: skip

    assert [is_part(made, claim) for made in decisions(table)] == [True, True, False, False, False]


def test_what_was_never_notified_has_no_last_day_for_observations() -> None:
    terms = Limits.model_construct(observations=day_count("15 calendar days"))
    rows = [{"decision": "imposed"}, {"notified_on": "2024-06-01"}]
    table = pd.DataFrame(rows).assign(penalty_id="N1", rule="Art. 8", subject="M1")
    never, june = decisions(table)

    assert pd.isna(observations_until(never, terms, desk.contract()))
    assert observations_until(june, terms, desk.contract()) == pd.Timestamp("2024-06-16")
