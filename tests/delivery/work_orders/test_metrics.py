"""Work orders and defects one by one; days counted by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from reviewlib.delivery.work_orders.metrics import (
    by_severity,
    compared,
    defects,
    summed,
    work_orders,
)
from tests.delivered import ACCEPTANCE, amendment, contract, dated, day

TODAY = day("2026-06-30")
AGREED = contract()
WITHOUT = contract(acceptance=None)
ACCEPTED = pd.DataFrame(
    [("order", "W1", "2026-03-10", False), ("order", "W2", None, False),
     ("deliverable", "D1", "2026-03-16", True)],
    columns=["kind", "subject", "accepted_on", "tacit"],
).astype({"accepted_on": "datetime64[s]"})  # fmt: skip


def judged(*rows: dict[str, Any], agreed: Any = AGREED) -> pd.DataFrame:
    numbered = [
        {"order_id": f"W{n}", "title": "Portal", "ordered_on": "2026-01-05"} | row
        for n, row in enumerate(rows, start=1)
    ]
    return work_orders(dated(*numbered), agreed, TODAY)


def one(agreed: Any = AGREED, **row: Any) -> pd.Series:
    return judged(row, agreed=agreed).iloc[0]


def defects_of(*rows: dict[str, Any], agreed: Any = AGREED) -> pd.DataFrame:
    numbered = [
        {"defect_id": f"B{n}", "title": "Blank page", "found_on": "2026-03-12"} | row
        for n, row in enumerate(rows, start=1)
    ]
    return defects(dated(*numbered), ACCEPTED, agreed, TODAY)


# Orders


@pytest.mark.parametrize(
    ("due", "delivered", "expected"),
    [
        ("2026-03-31", "2026-03-31", ("on_time", 0)),
        ("2026-03-31", "2026-04-02", ("late", 2)),
        ("2026-06-29", None, ("overdue", 1)),
        ("2026-06-30", None, ("not_due", None)),
        (None, "2026-04-02", ("no_date", None)),
    ],
)
def test_an_order_is_on_time_by_the_day_of_its_delivery(
    due: str | None, delivered: str | None, expected: tuple[str, float | None]
) -> None:
    order = one(due_on=due, delivered_on=delivered)

    assert order["state"] == expected[0]
    assert order["days"] == expected[1] if expected[1] is not None else pd.isna(order["days"])


def test_what_is_accepted_is_not_overdue_for_want_of_the_day_of_its_delivery() -> None:
    """Due on 1 March: W1 accepted on 28 February, W2 neither delivered nor accepted."""
    orders = judged(
        {"due_on": "2026-03-01", "delivered_on": None, "accepted_on": "2026-02-28"},
        {"due_on": "2026-03-01", "delivered_on": None, "accepted_on": None},
    )

    assert list(orders["state"]) == ["no_date", "overdue"]
    assert pd.isna(orders["days"][0])


def test_a_table_without_deliveries_or_acceptances_says_nothing_of_them() -> None:
    undelivered = one(due_on="2026-03-01", accepted_on=None)
    unaccepted = one(due_on="2026-03-01", delivered_on="2026-03-01")

    assert undelivered["state"] == "no_date"
    assert unaccepted["state"] == "on_time"
    assert pd.isna(unaccepted["waiting_days"])


def test_days_consumed_are_held_to_the_days_ordered_once_delivered() -> None:
    orders = judged(
        {"ordered_days": 8, "consumed_days": 11, "delivered_on": "2026-03-01"},
        {"ordered_days": 8, "consumed_days": 2, "delivered_on": None},
    )

    assert list(orders["final"]) == [True, False]
    assert orders["consumption"][0] == 1.375
    assert orders["over_days"][0] == 3
    assert orders[["consumption", "over_days"]].isna().all(axis="columns")[1]


def test_an_order_of_no_days_has_no_share_of_them() -> None:
    order = one(ordered_days=0, consumed_days=2, delivered_on="2026-03-01")

    assert pd.isna(order["consumption"])
    assert order["over_days"] == 2


def test_days_stated_before_the_delivery_are_not_the_last_word() -> None:
    stated = {"ordered_days": 8, "consumed_days": 7, "delivered_on": "2026-03-01"}
    orders = judged({"stated_on": "2026-02-28", **stated}, {"stated_on": "2026-03-01", **stated})

    assert list(orders["final"]) == [False, True]
    assert pd.isna(orders["consumption"][0])


def test_sums_of_days_are_exact_and_of_the_orders_that_state_both() -> None:
    orders = judged(
        {"ordered_days": 0.1, "estimated_days": 0.3},
        {"ordered_days": 0.2, "estimated_days": 0.1},
        {"ordered_days": 5, "estimated_days": None},
    )

    assert summed(orders["ordered_days"]) == Decimal("5.3")
    assert compared(orders, "ordered_days", "estimated_days") == (Decimal("0.3"), Decimal("0.4"), 2)
    assert summed(orders["consumed_days"]) is None
    assert compared(orders, "consumed_days", "ordered_days") == (0, 0, 0)


def test_the_acceptance_is_counted_from_the_delivery() -> None:
    """1 to 12 March: 11 days; the contract gives 15, to 16 March. 121 days from 1 March to 30 June:
    30 + 30 + 31 + 30."""
    orders = judged(
        {"delivered_on": "2026-03-01", "accepted_on": "2026-03-12"},
        {"delivered_on": "2026-03-01", "accepted_on": None},
        {"delivered_on": None, "accepted_on": None},
    )

    assert orders["cycle_days"][0] == 11
    assert orders["waiting_days"][1] == 121
    assert list(orders["decide_by"][:2]) == [day("2026-03-16")] * 2
    assert orders["decide_by"].isna()[2]


def test_the_delay_to_accept_is_that_of_the_day_of_the_delivery() -> None:
    longer = amendment("2026-03-02", acceptance=ACCEPTANCE | {"decision": "20 calendar days"})
    rows = ({"delivered_on": "2026-03-01"}, {"delivered_on": "2026-03-02"})
    orders = judged(*rows, agreed=contract(amendments=[longer]))

    assert list(orders["decide_by"]) == [day("2026-03-16"), day("2026-03-22")]
    assert judged(*rows, agreed=WITHOUT)["decide_by"].isna().all()


def test_an_order_may_state_nothing_but_its_name() -> None:
    order = one()

    assert (order["state"], order["final"]) == ("no_date", False)
    assert pd.isna(order["quality_met"])


# Defects


@pytest.mark.parametrize(
    ("day_found", "phase"),
    [
        ("2026-03-09", "before"),
        ("2026-03-10", "warranty"),
        ("2026-06-10", "warranty"),
        ("2026-06-11", "past_warranty"),
    ],
)
def test_the_warranty_runs_from_the_acceptance_to_its_last_day(day_found: str, phase: str) -> None:
    """Accepted on 10 March, three months: 10 June."""
    (defect,) = defects_of({"order_id": "W1", "found_on": day_found}).to_dict("records")

    assert (defect["phase"], defect["warranty_end"]) == (phase, day("2026-06-10"))


@pytest.mark.parametrize(
    ("row", "phase"),
    [
        ({"order_id": "W2"}, "before"),
        ({"order_id": "W9"}, "unknown"),
        ({"order_id": None}, "unknown"),
        ({"deliverable_id": "D1", "found_on": "2026-03-15"}, "before"),
        ({"deliverable_id": "D1", "found_on": "2026-06-16"}, "warranty"),
    ],
)
def test_a_defect_belongs_to_the_acceptance_of_what_it_was_found_in(
    row: dict[str, Any], phase: str
) -> None:
    """D1 was accepted tacitly on 16 March: its warranty ends on 16 June."""
    assert list(defects_of(row)["phase"]) == [phase]


def test_without_a_warranty_a_defect_is_only_found_after_the_acceptance() -> None:
    assert list(defects_of({"order_id": "W1"}, agreed=WITHOUT)["phase"]) == ["no_warranty"]


def test_a_correction_is_timed_and_an_open_defect_ages() -> None:
    """12 to 20 March: 8 days. 12 March to 30 June: 19 + 30 + 31 + 30 = 110."""
    rows = defects_of(
        {"order_id": "W1", "corrected_on": "2026-03-20"}, {"order_id": "W1", "corrected_on": None}
    )

    assert list(rows["days"].fillna(-1)) == [8, -1]
    assert list(rows["age"].fillna(-1)) == [-1, 110]


def test_severities_are_counted_from_the_gravest_down() -> None:
    """Major: found after the acceptance and corrected in 8 and 18 days, median 13, and one open."""
    counts = by_severity(
        defects_of(
            {"order_id": "W1", "severity": "minor", "found_on": "2026-06-20"},
            {"order_id": "W1", "severity": "major", "corrected_on": "2026-03-20"},
            {"order_id": "W1", "severity": "major", "corrected_on": "2026-03-30"},
            {"order_id": "W1", "severity": "major"},
            {"order_id": "W2", "severity": "major", "corrected_on": "2026-03-13"},
            {"order_id": "W9", "severity": None},
        )
    ).set_index("severity")

    assert list(counts.index) == ["major", "minor", ""]
    assert counts.loc["major"].to_dict() == {
        "before": 1, "warranty": 3, "past_warranty": 0, "no_warranty": 0, "unknown": 0,
        "total": 4, "corrected": 2, "open": 1, "median": 13, "n": 2,
    }  # fmt: skip
    assert counts.loc["minor", ["past_warranty", "open", "n"]].tolist() == [1, 1, 0]
    assert counts.loc["", ["unknown", "open", "total"]].tolist() == [1, 0, 1]


def test_tables_without_a_row_give_none() -> None:
    assert judged({})[:0].empty
    assert by_severity(defects_of({"order_id": "W1", "severity": "major"})[:0]).empty
