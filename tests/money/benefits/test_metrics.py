"""Benefits expected against those obtained, and costs nobody foresaw; figures by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from reviewlib.contract.parties import Objective
from reviewlib.languages import Quoted
from reviewlib.money.benefits import metrics


def rows(*stated: dict[str, Any]) -> pd.DataFrame:
    """Benefits at most 10 wanted, from 20 before, unless one says otherwise."""
    blank = {"title": "B", "kind": "cost", "before": 20.0, "expected": 10.0, "obtained": None,
             "direction": "at_most"}  # fmt: skip
    frame = pd.DataFrame([{"benefit_id": f"B{n}"} | blank | row for n, row in enumerate(stated)])
    return frame.astype(dict.fromkeys(["before", "expected", "obtained"], "float64"))


def judged(**stated: Any) -> tuple[str, float]:
    (benefit,) = metrics.benefits(rows(stated)).itertuples()
    return benefit.outcome, benefit.share


@pytest.mark.parametrize(
    ("stated", "outcome", "share"),
    [
        ({"obtained": 10}, "obtained", 1.0),
        ({"obtained": 8}, "obtained", 1.2),
        ({"obtained": 12.5}, "missed", 0.75),
        ({"obtained": 25}, "missed", -0.5),
        ({"obtained": 30, "before": 20, "expected": 30, "direction": "at_least"}, "obtained", 1.0),
        ({"obtained": 25, "before": 20, "expected": 30, "direction": "at_least"}, "missed", 0.5),
        ({"obtained": 2, "before": 0, "expected": 2, "direction": "at_least"}, "obtained", 1.0),
    ],
)
def test_a_benefit_is_judged_and_its_share_of_the_improvement_told(
    stated: dict[str, Any], outcome: str, share: float
) -> None:
    assert judged(**stated) == (outcome, share)


@pytest.mark.parametrize(
    "stated",
    [
        {"obtained": 10, "before": None},
        {"obtained": 10, "before": 10},
        {"obtained": 10, "before": 5},
        {"obtained": 10, "before": 20, "direction": "at_least"},
    ],
)
def test_where_no_improvement_was_expected_there_is_no_share_of_it(stated: dict[str, Any]) -> None:
    outcome, share = judged(**stated)

    assert outcome == "obtained"
    assert share != share


def test_a_tenth_is_a_tenth() -> None:
    """0.3 − 0.2 over 0.3 − 0.2 is 1, and 0.7 of 0.7 is obtained, whatever floats make of them."""
    assert judged(obtained=0.3, before=0.2, expected=0.3, direction="at_least") == ("obtained", 1.0)


@pytest.mark.parametrize(
    ("stated", "outcome"),
    [
        ({}, metrics.NOT_MEASURED),
        ({"obtained": 5, "expected": None}, metrics.NOT_STATED),
        ({"obtained": 5, "direction": None}, metrics.NO_DIRECTION),
    ],
)
def test_what_can_not_be_judged_says_why(stated: dict[str, Any], outcome: str) -> None:
    result, share = judged(**stated)

    assert result == outcome
    assert share != share


def test_outcomes_are_counted_by_kind_in_the_order_of_the_kinds() -> None:
    benefits = metrics.benefits(
        rows(
            {"kind": "skills", "obtained": 5}, {"kind": "cost", "obtained": 15},
            {"kind": "cost", "obtained": 5}, {"kind": None, "obtained": 5}, {"kind": "cost"},
        )
    )  # fmt: skip
    counts = metrics.by_kind(benefits).set_index("kind")

    assert list(counts.index) == ["cost", "skills", ""]
    names = ["obtained", "missed", "not_measured", "total", "judged"]
    assert counts.loc["cost", names].tolist() == [1, 1, 1, 3, 2]


def budget(*lines: tuple[str, float | None, bool | None]) -> pd.DataFrame:
    frame = pd.DataFrame(lines, columns=["line_id", "actual", "unforeseen"]).assign(title="T")
    return frame.astype({"actual": "float64", "unforeseen": "boolean"})


def test_unforeseen_costs_are_summed_exactly_and_shared_out() -> None:
    """0.10 + 0.20 of 1.20 spent: a quarter."""
    costs = metrics.unforeseen(budget(("L1", 0.9, False), ("L2", 0.1, True), ("L3", 0.2, True)))

    assert costs is not None
    assert (costs.amount, costs.spent, costs.share) == (Decimal("0.30"), Decimal("1.20"), 0.25)
    assert list(costs.lines["line_id"]) == ["L2", "L3"]


def test_what_is_not_said_or_not_spent_is_counted_apart() -> None:
    costs = metrics.unforeseen(budget(("L1", 5, None), ("L2", None, True), ("L3", 5, True)))

    assert costs is not None
    assert (costs.unflagged, costs.unspent, costs.amount, costs.share) == (1, ("L2",), 5, 0.5)


def test_nothing_unforeseen_is_an_amount_of_nothing() -> None:
    costs = metrics.unforeseen(budget(("L1", 5, False)))

    assert costs is not None
    assert (costs.amount, costs.share, len(costs.lines)) == (0, 0.0, 0)


def test_unspent_unforeseen_lines_have_no_amount() -> None:
    costs = metrics.unforeseen(budget(("L1", None, True)))

    assert costs is not None
    assert (costs.amount, costs.share) == (None, None)


def test_without_the_flag_nothing_is_told() -> None:
    table = budget(("L1", 5, None))

    assert metrics.unforeseen(table) is None
    assert metrics.unforeseen(table.drop(columns="unforeseen")) is None


def test_a_measure_is_one_by_its_words_in_any_language_and_by_its_day() -> None:
    objectives = {
        "O1": Objective(title="Cost", measure=Quoted("Coût par poste", {"en": "Cost of a seat"})),
        "O2": Objective(title="Time", measure="Days to equip"),
    }
    table = pd.DataFrame(
        [
            ("B1", "cost of  a SEAT", "€", "2026-06-30", 41.5),
            ("B2", "Days to equip", "d", "2026-06-30", 3.0),
            ("B3", "Another", "", "2026-06-30", 1.0),
        ],
        columns=["benefit_id", "measure", "unit", "measured_on", "obtained"],
    )
    values = pd.DataFrame(
        [("O1", "2026-03-31", 44.0), ("O1", "2026-06-30", 41.2), ("O2", "2026-06-29", 4.0)],
        columns=["objective_id", "measured_on", "value"],
    )

    twice = metrics.measured_twice(table, objectives, values)

    assert twice[["benefit_id", "objective_id", "obtained", "value"]].values.tolist() == [
        ["B1", "O1", 41.5, 41.2]
    ]
