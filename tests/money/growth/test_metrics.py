"""How the scope grew, counted by hand on a few rows of ``tests/money/changes/test_metrics.py``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from reviewlib.contract import Contract
from reviewlib.money.changes.metrics import requests
from reviewlib.money.growth import metrics
from tests import desk
from tests.money.changes.test_metrics import TODAY, table

ROWS = """
    id decision  kind          trigger  requested  decided    cost   amendment
    C1 approved  scope         business 2026-01-05 2026-01-12 0.10   -
    C2 approved  scope         business 2026-01-05 2026-01-12 0.20   -
    C3 approved  priority      staff    2026-01-06 2026-01-20 -1     -
    C4 approved  quality       -        2026-01-07 2026-01-10 0      -
    C5 approved  service_level -        2026-01-08 2026-01-15 5      A1
    C6 approved  service_level market   2026-01-08 2026-01-25 -      -
    C7 approved  scope         market   2026-01-20 2026-01-25 2      A1
    C8 approved  scope         market   2026-01-20 -          9      A2
    C9 refused   scope         market   2026-01-01 2026-01-02 99     A1
    CA -         priority      provider 2026-02-01 -          99     A2
"""


def contract() -> Contract:
    """A1 was signed on 15 January; A2 will be on 2 March, after the day of the review."""
    signed: dict[str, Any] = {
        "A1": ("2026-01-15", "2026-02-01"),
        "A2": ("2026-03-02", "2026-04-01"),
    }
    return desk.contract(
        desk.RESOLUTION,
        amendments=[
            {"id": name, "title": "T", "signed": first, "effective": second, "changes": {}}
            for name, (first, second) in signed.items()
        ],
    )


def requested(text: str = ROWS) -> pd.DataFrame:
    return requests(table(text), TODAY)


def test_approved_costs_are_added_up_day_by_day() -> None:
    """0.10 + 0.20 on the 12th; C4 costs nothing, C6 states no cost, C8 bears no day."""
    steps = metrics.steps(requested())

    assert [(f"{row.date:%d}", row.ids, row.added, row.total) for row in steps.itertuples()] == [
        ("12", ["C1", "C2"], Decimal("0.30"), Decimal("0.30")),
        ("15", ["C5"], Decimal("5.00"), Decimal("5.30")),
        ("20", ["C3"], Decimal("-1.00"), Decimal("4.30")),
        ("25", ["C7"], Decimal("2.00"), Decimal("6.30")),
    ]


def test_a_change_is_held_against_the_amendment_that_it_names() -> None:
    """A1 was signed on the day on which C5 was approved, and before C7 was asked for.

    CA is not decided on and its A2 not signed: nothing to point out yet.
    """
    linked = metrics.linked(requested(), contract(), TODAY).set_index("change_id")

    assert linked["state"].to_dict() == {
        "C5": "led",
        "C6": "unnamed",
        "C7": "signed_before",
        "C8": "unsigned",
        "C9": "not_approved",
    }
    assert str(linked.at["C5", "effective"])[:10] == "2026-02-01"
    assert pd.isna(linked.at["C6", "signed"])


@pytest.mark.parametrize(
    ("requested_on", "decided_on", "state"),
    [
        ("2026-01-10", "2026-01-20", "signed_before"),  # between its request and its decision
        ("2026-01-10", "2026-01-16", "signed_before"),
        ("2026-01-10", "2026-01-15", "led"),  # on the day of its decision
        ("2026-01-15", "2026-01-15", "led"),
        ("2026-01-16", "-", "signed_before"),
        ("2026-01-15", "-", "led"),
    ],
)
def test_an_amendment_signed_before_the_decision_is_not_what_the_change_led_to(
    requested_on: str, decided_on: str, state: str
) -> None:
    """A1 was signed on 15 January."""
    rows = f"""
        id decision  kind  trigger  requested      decided      cost amendment
        C1 approved  scope business {requested_on} {decided_on} 1    A1
    """

    (linked,) = metrics.linked(requested(rows), contract(), TODAY).itertuples()

    assert linked.state == state


def test_without_an_amendment_no_change_is_linked_but_those_of_service_levels() -> None:
    rows = requested("id decision kind requested\nC1 approved service_level 2026-01-05")
    linked = metrics.linked(rows, desk.contract(desk.RESOLUTION), TODAY)

    assert linked["state"].tolist() == ["unnamed"]


def test_approved_changes_are_counted_by_what_triggered_them() -> None:
    rows = metrics.triggers(requested())
    counts = rows[["trigger", "requests", "approved", "reordered"]].to_numpy().tolist()

    assert counts == [
        ["business", 2, 2, []],
        ["staff", 1, 1, ["C3"]],
        ["market", 4, 3, []],
        ["provider", 1, 0, []],
        ["", 2, 2, []],
    ]
    assert rows.loc[rows["trigger"] == "", "ids"].tolist() == [["C4", "C5"]]


def test_approved_changes_are_counted_by_what_they_are_about() -> None:
    """Of scope: 0.10 + 0.20 + 2 + 9; C6 states no cost, C5 does."""
    rows = requested()
    kinds = metrics.kinds(rows[rows["outcome"] == "approved"]).set_index("kind")

    assert kinds["approved"].to_dict() == {
        "scope": 4, "quality": 1, "service_level": 2, "priority": 1,
    }  # fmt: skip
    assert kinds.at["scope", "cost"] == Decimal("11.30")
    assert kinds.at["service_level", "ids"] == ["C5", "C6"]


def test_without_a_row_nothing_grows() -> None:
    none = requested()[:0]

    assert metrics.steps(none).empty
    assert metrics.linked(none, contract(), TODAY).empty
    assert metrics.triggers(none)["requests"].sum() == 0
