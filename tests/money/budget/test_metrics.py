"""The budget by line: explained and unexplained parts, exact, by hand and as they always hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.money.budget import metrics
from tests.properties import steady

# the same examples at every run, none kept on disk
STEADY = steady(50)
TODAY = pd.Timestamp("2026-06-30")


def lines(*rows: dict[str, Any]) -> pd.DataFrame:
    """Lines of a budget; what one does not state is missing."""
    blank = {"title": "Line", "original": 0.0, "actual": None, "forecast": None, "current": None}
    frame = pd.DataFrame([blank | row for row in rows])
    amounts = ["original", "actual", "forecast", "current"]
    return frame.astype(dict.fromkeys(amounts, "float64"))


def requests(*rows: dict[str, Any]) -> pd.DataFrame:
    """Change requests, each approved on 1 March unless it says otherwise."""
    blank = {
        "line_id": "L1", "requested_on": "2026-01-01", "decision": "approved",
        "decided_on": "2026-03-01", "applied_on": None,
        "cost_impact": 0.0,
    }  # fmt: skip
    frame = pd.DataFrame([blank | row for row in rows], columns=["change_id", *blank])
    for name in ("requested_on", "decided_on", "applied_on"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    return frame.astype({"cost_impact": "float64"})


def approved(*rows: dict[str, Any]) -> metrics.Changes:
    return metrics.changes(requests(*rows), TODAY)


def test_a_line_is_split_into_an_explained_and_an_unexplained_part() -> None:
    """100 + 12 − 3 = 109 current; 115 spent: 9 explained, 6 not; 120 forecast: 11 beyond."""
    changes = approved(
        {"change_id": "C1", "cost_impact": 12}, {"change_id": "C2", "cost_impact": -3},
        {"change_id": "C3", "cost_impact": 0},
    )  # fmt: skip
    (line,) = metrics.lines(
        lines({"line_id": "L1", "original": 100, "actual": 115, "forecast": 120, "current": 112}),
        changes,
    ).itertuples()

    assert (line.approved, line.current, line.unexplained, line.beyond) == (9, 109, 6, 11)
    assert (line.change_ids, line.gap) == (("C1", "C2"), 3)


def test_amounts_are_the_decimals_that_were_written() -> None:
    """0.10 + 0.20 = 0.30, spent 0.30: nothing is unexplained, where floats leave something."""
    changes = approved({"change_id": "C1", "cost_impact": 0.2})
    (line,) = metrics.lines(
        lines({"line_id": "L1", "original": 0.1, "actual": 0.3}), changes
    ).itertuples()

    assert (line.current, line.unexplained) == (Decimal("0.30"), 0)


def test_amounts_keep_their_digits_and_only_what_is_printed_is_rounded() -> None:
    """Three lines of 0.333 each, 0.004 spent over it on each: 0.999 and 1.011, that is 1.00 and
    1.01, 0.01 over in all; line by line it is nothing to the cent.
    """
    line = {"original": 0.333, "actual": 0.337}
    budget_lines = metrics.lines(lines(*({"line_id": name} | line for name in "abc")), approved())
    whole = metrics.totals(budget_lines)

    assert list(budget_lines["original"]) == [Decimal("0.333")] * 3
    assert [*budget_lines["unexplained"]] == [Decimal("0.00")] * 3
    assert (whole["original"], whole["actual"]) == (Decimal("1.00"), Decimal("1.01"))
    assert whole["unexplained"] == Decimal("0.01")


def test_a_forecast_below_what_is_spent_is_no_forecast() -> None:
    """9,000 of 10,000 are spent and 110 is forecast, which would be 98.9 % less."""
    rows = metrics.lines(
        lines(
            {"line_id": "L1", "original": 10_000, "actual": 9_000, "forecast": 110},
            {"line_id": "L2", "original": 100, "actual": 100, "forecast": 100},
        ),
        approved(),
    )
    budget = metrics.Budget(rows, approved())

    assert [*rows["forecast"]] == [None, 100]
    assert [*rows["too_low"]] == [110, None]
    assert metrics.left_out(budget)["too_low"] == ["L1"]
    assert budget.whole["forecast"] is None


def test_what_is_spent_below_the_current_budget_is_negative() -> None:
    budget_lines = metrics.lines(
        lines({"line_id": "L1", "original": 100, "actual": 90}), approved()
    )

    assert budget_lines["unexplained"].iloc[0] == -10


def test_only_what_was_approved_counts() -> None:
    """Refused, withdrawn and undecided changes do not; an undated approval does."""
    changes = approved(
        {"change_id": "ok", "cost_impact": 1},
        {"change_id": "undated", "cost_impact": 2, "decided_on": None},
        {"change_id": "refused", "cost_impact": 4, "decision": "refused"},
        {"change_id": "withdrawn", "cost_impact": 8, "decision": "withdrawn"},
        {"change_id": "open", "cost_impact": 16, "decision": None, "decided_on": None},
    )

    assert set(changes.approved["change_id"]) == {"ok", "undated"}
    assert metrics.lines(lines({"line_id": "L1"}), changes)["current"].iloc[0] == 3


def test_what_was_applied_without_an_approval_is_named_and_never_subtracted() -> None:
    """What was decided on a day that does not say how is no case of it."""
    applied = {"applied_on": "2026-04-01", "decision": None}
    changes = approved(
        {"change_id": "a", "cost_impact": 24, "decided_on": None} | applied,
        {"change_id": "b", "cost_impact": 5} | applied | {"decision": "refused"},
        {"change_id": "c", "cost_impact": 9} | applied,
    )
    (line,) = metrics.lines(
        lines({"line_id": "L1", "original": 100, "actual": 124}), changes
    ).itertuples()

    assert line.unapproved == (("a", 24), ("b", 5))
    assert line.unexplained == 24


def test_approved_changes_of_no_line_are_apart_and_in_the_total() -> None:
    """Original 100, 10 approved on the line and 5 on none, 118 spent: 3 unexplained in all."""
    changes = approved(
        {"change_id": "C1", "cost_impact": 10},
        {"change_id": "C2", "cost_impact": 5, "line_id": None},
        {"change_id": "C3", "cost_impact": 0, "line_id": None},
    )
    budget_lines = metrics.lines(lines({"line_id": "L1", "original": 100, "actual": 118}), changes)
    apart = metrics.loose(changes.approved)
    whole = metrics.totals(budget_lines, apart["cost"].sum())

    assert list(apart["change_id"]) == ["C2"]
    assert budget_lines["unexplained"].iloc[0] == 8
    assert (whole["approved"], whole["current"], whole["unexplained"]) == (15, 115, 3)


def test_a_total_is_not_known_where_a_line_is_not() -> None:
    budget_lines = metrics.lines(
        lines({"line_id": "L1", "original": 1, "actual": 1}, {"line_id": "L2", "original": 2}),
        approved(),
    )
    whole = metrics.totals(budget_lines)

    assert (whole["original"], whole["actual"], whole["unexplained"]) == (3, None, None)
    assert budget_lines["unexplained"].iloc[1] is None


def test_without_changes_nothing_is_called_explained() -> None:
    budget_lines = metrics.lines(lines({"line_id": "L1", "original": 100, "actual": 120}), None)
    whole = metrics.totals(budget_lines)

    assert budget_lines[["approved", "current", "unexplained"]].isna().all(axis=None)
    assert (whole["original"], whole["actual"], whole["current"]) == (100, 120, None)
    (line,) = metrics.over(budget_lines).itertuples()
    assert (line.limit, line.spent_over) == (100, 20)


def test_lines_over_their_budget_come_with_the_furthest_first() -> None:
    over = metrics.over(
        metrics.lines(
            lines(
                {"line_id": "within", "original": 10, "actual": 9, "forecast": 10},
                {"line_id": "spent", "original": 10, "actual": 12, "forecast": 12},
                {"line_id": "forecast", "original": 10, "actual": 4, "forecast": 15},
                {"line_id": "unknown", "original": 10},
            ),
            approved(),
        )
    )

    assert list(over["line_id"]) == ["forecast", "spent"]
    assert list(over["spent_over"]) == [-6, 2]


def test_growth_is_a_share_of_the_original_and_of_nothing_there_is_none() -> None:
    first = pd.Series([Decimal(100), Decimal(0), Decimal(10), None], dtype="object")
    last = pd.Series([Decimal(125), Decimal(5), None, Decimal(1)], dtype="object")

    assert metrics.growth(first, last).tolist() == pytest.approx(
        [0.25] + [float("nan")] * 3, nan_ok=True
    )


cents = st.integers(-(10**8), 10**8).map(lambda n: n / 100)
positive = st.integers(0, 10**8).map(lambda n: n / 100)


@STEADY
@given(st.lists(st.tuples(positive, positive, cents), min_size=1, max_size=8), cents)
def test_original_explained_and_unexplained_add_up_to_what_was_spent(
    rows: list[tuple[float, float, float]], apart: float
) -> None:
    table = lines(
        *({"line_id": f"L{n}", "original": o, "actual": a} for n, (o, a, _) in enumerate(rows))
    )
    changes = approved(
        {"change_id": "apart", "cost_impact": apart, "line_id": None},
        *({"change_id": f"C{n}", "cost_impact": c, "line_id": f"L{n}"}
          for n, (_, _, c) in enumerate(rows)),
    )  # fmt: skip
    budget_lines = metrics.lines(table, changes)
    loose = sum(metrics.loose(changes.approved)["cost"], Decimal(0))
    whole = metrics.totals(budget_lines, loose)

    assert (
        budget_lines["original"] + budget_lines["approved"] + budget_lines["unexplained"]
    ).equals(budget_lines["actual"])
    assert whole["original"] + whole["approved"] + whole["unexplained"] == whole["actual"]
    assert sum(budget_lines["unexplained"]) - loose == whole["unexplained"]


@STEADY
@given(st.lists(st.tuples(positive, positive, cents), min_size=1, max_size=8), cents)
def test_the_steps_lead_from_the_original_budget_to_what_was_spent(
    rows: list[tuple[float, float, float]], apart: float
) -> None:
    table = lines(
        *({"line_id": f"L{n}", "original": o, "actual": a} for n, (o, a, _) in enumerate(rows))
    )
    changes = approved(
        {"change_id": "apart", "cost_impact": apart, "line_id": None},
        *({"change_id": f"C{n}", "cost_impact": c, "line_id": f"L{n}"}
          for n, (_, _, c) in enumerate(rows)),
    )  # fmt: skip
    budget = metrics.Budget(metrics.lines(table, changes), changes)
    drawn = metrics.bridge(budget, "actual", 3).set_index("step")
    steps = drawn.loc[drawn["kind"] != "total", "amount"]

    # within a millionth of a cent: floats that cancel out leave more than nothing
    assert drawn.at["original", "amount"] + steps.sum() == pytest.approx(
        drawn.at["actual", "amount"], abs=1e-8
    )
    assert steps.index.value_counts().get("unexplained", 0) <= 3


def test_of_amounts_that_leave_something_open_the_ids_are_given() -> None:
    """L1 had C2 approved after the day of its amounts; L2 states none; C3 names no line."""
    table = lines(
        {"line_id": "L1", "actual": 5, "forecast": 6, "stated_on": "2026-02-01"}, {"line_id": "L2"}
    )
    changes = approved(
        {"change_id": "C1", "cost_impact": None}, {"change_id": "C2", "cost_impact": 2},
        {"change_id": "C3", "cost_impact": 3, "line_id": None, "decided_on": None},
    )  # fmt: skip
    budget = metrics.Budget(metrics.lines(table, changes), changes)

    assert metrics.left_out(budget) == {
        "unpriced": ["C1"], "undated": ["C3"], "unapproved": [], "since": [("C2", 2)],
        "undated_lines": [], "too_low": [], "unspent": ["L2"], "running": ["L1"],
        "loose": [("C3", 3)],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "steps"),
    [
        (3, {"unexplained": [1, -2, 4]}),  # as many as may be drawn: none is left for the others
        (2, {"unexplained": [-2, 4], "others": [1]}),
        (1, {"unexplained": [4], "others": [-1]}),
    ],
)
def test_the_lines_beyond_the_limit_are_one_step(limit: int, steps: dict[str, list[int]]) -> None:
    """L1 to L3 end 1 above, 2 below and 4 above 10; L4 as budgeted, which is no step."""
    table = lines(
        *(
            {"line_id": f"L{n}", "original": 10, "actual": 10 + gap}
            for n, gap in enumerate((1, -2, 4, 0), start=1)
        )
    )
    budget = metrics.Budget(metrics.lines(table, approved()), approved())

    drawn = metrics.bridge(budget, "actual", limit)

    of_steps = drawn[drawn["kind"] == "beyond"].groupby("step")["amount"].apply(list)
    assert of_steps.to_dict() == steps


@pytest.mark.parametrize(("limit", "steps"), [(2, ["change", "change"]), (1, ["changes"])])
def test_as_many_changes_as_may_be_drawn_have_a_step_of_their_own(
    limit: int, steps: list[str]
) -> None:
    table = lines({"line_id": "L1", "original": 10, "actual": 15})
    changes = approved(
        {"change_id": "C1", "cost_impact": 2, "line_id": "L1"},
        {"change_id": "C2", "cost_impact": 3, "line_id": "L1"},
    )
    budget = metrics.Budget(metrics.lines(table, changes), changes)

    drawn = metrics.bridge(budget, "actual", limit)

    assert drawn.loc[drawn["kind"] == "step", "step"].tolist() == steps
