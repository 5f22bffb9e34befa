"""The interest of late payments beside three times the legal rate, by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.money.penalties.chapter import penalties
from reviewlib.money.penalties.legal_minimum import indemnities, interests
from tests import desk
from tests.money.penalties.test_metrics import agreed, amended
from tests.spoken import chapter

JUNE = pd.Timestamp("2026-06-30")
DECEMBER = pd.Timestamp("2026-12-31")


def late_payment(**parts: Any) -> dict[str, Any]:
    return {"pack": "late-payment-fr", "interest": "12 %"} | parts


@pytest.mark.parametrize(
    ("rate", "below"), [("4 %", False), ("4.01 %", True), ("3.99 %", False)], ids=str
)
def test_interest_is_to_be_three_times_the_legal_rate_at_least(rate: str, below: bool) -> None:
    """12 % is three times 4 %: enough; 3 × 4.01 = 12.03 is more."""
    contract = agreed({"I": late_payment(legal_rates={"2026-H1": rate})})

    (one,) = interests(contract, JUNE)

    assert (one.half_year, one.below) == ("2026-H1", below)


def test_each_half_year_has_its_own_rate_and_one_that_is_not_given_is_not_assessed() -> None:
    contract = agreed({"I": late_payment(legal_rates={"2026-H2": "5 %"})})

    every = {one.half_year: (one.least, one.below) for one in interests(contract, DECEMBER)}

    assert every == {"2026-H1": (None, False), "2026-H2": (Decimal("0.15"), True)}


def test_a_half_year_that_has_not_begun_is_not_looked_at() -> None:
    contract = agreed({"I": late_payment()})

    assert [one.half_year for one in interests(contract, JUNE)] == ["2026-H1"]
    halves = [one.half_year for one in interests(contract, pd.Timestamp("2026-07-01"))]
    assert halves == ["2026-H1", "2026-H2"]


def test_an_amendment_of_the_interest_holds_from_its_day_on() -> None:
    """12 % until the end of June, 15.03 % from July on: 3 × 5.01 % is just that."""
    rates = {"2026-H1": "5.01 %", "2026-H2": "5.01 %"}
    changes = {"penalties": {"I": {"interest": "15.03 %"}}}

    every = interests(amended(changes, {"I": late_payment(legal_rates=rates)}), DECEMBER)

    assert [(one.half_year, one.below) for one in every] == [("2026-H1", True), ("2026-H2", False)]


def test_interest_and_indemnity_may_stand_in_two_rules_of_one_party() -> None:
    rules = {
        "I": late_payment(indemnity=0, legal_rates={"2026-H1": "5 %"}),
        "J": late_payment(interest="0 %", legal_rates={"2026-H1": "5 %"}),
    }

    assert [(one.rule, one.below) for one in interests(agreed(rules), JUNE)] == [("I", True)]
    assert [(one.rule, one.below) for one in indemnities(agreed(rules), JUNE)] == [("J", False)]


@pytest.mark.parametrize(("indemnity", "below"), [(39.99, True), (40, False)])
def test_the_indemnity_is_to_be_40_at_least(indemnity: float, below: bool) -> None:
    (one,) = indemnities(agreed({"I": late_payment(indemnity=indemnity)}), JUNE)

    assert one.below is below


def review(tmp_path: Path, rule: dict[str, Any]) -> Any:
    agreement = desk.agreed(desk.RESOLUTION)
    agreement["terms"]["penalties"] = {"I": rule}
    return chapter(penalties, desk.review(tmp_path, agreement, {}), language="en")


def test_the_chapter_says_which_rate_is_below_and_which_is_not_assessed(tmp_path: Path) -> None:
    """3 × 4.5 % = 13.5 % in the first half of 2026; no rate is given of the other half-years."""
    section = review(tmp_path, late_payment(legal_rates={"2026-H1": "4.5 %"}))

    (below,) = (one for one in section.findings if one.id == "penalties.I.legal_minimum")
    assert below.sentence == (
        "I: the interest of 12% a year is below the least that the law allows: the first half of "
        "2026, 3 × the legal rate of 4.5% = 13.5%."
    )


def test_without_a_legal_rate_the_check_is_not_assessed(tmp_path: Path) -> None:
    section = review(tmp_path, late_payment())

    (fact,) = (one for one in section.facts if one.id == "penalties.I.legal_minimum")
    assert (fact.value, fact.n) == (None, 0)
    assert fact.note.startswith("the contract gives no legal interest rate for ")
    assert not any(one.id.endswith("legal_minimum") for one in section.findings)
