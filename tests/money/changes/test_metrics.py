"""Change requests, counted by hand on a few rows. The day of the review is 1 March 2026."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from reviewlib.money.changes import metrics

TODAY = pd.Timestamp("2026-03-01")
ROWS = """
    id decision  requested  evaluated  decided    applied    evidence cost     quality
    C1 approved  2026-01-05 2026-01-08 2026-01-12 2026-01-19 Minutes  1000.10  better
    C2 approved  2026-01-05 -          2026-01-20 2026-01-15 Mail     200.20   none
    C3 approved  2026-01-06 2026-01-07 2026-01-07 -          -        -50.05   worse
    C4 refused   2026-01-07 2026-01-17 2026-01-27 -          -        300      -
    C5 refused   2026-01-08 -          2026-01-09 2026-02-01 -        -        none
    C6 withdrawn 2026-01-09 -          2026-01-10 -          -        7        none
    C7 -         2026-02-01 2026-02-05 -          2026-02-10 -        0.10     none
    C8 -         2026-02-27 -          -          -          -        0.20     none
    C9 -         2026-02-01 -          2026-02-03 2026-02-04 -        -        -
"""
COLUMNS = {
    "id": "change_id", "requested": "requested_on", "evaluated": "evaluated_on",
    "decided": "decided_on", "applied": "applied_on", "cost": "cost_impact",
    "quality": "quality_impact",
}  # fmt: skip


def table(text: str = ROWS) -> pd.DataFrame:
    """Return a table of changes as the library types it; "-" is an empty cell."""
    names, *lines = (line.split() for line in text.splitlines() if line.strip())
    cells = pd.DataFrame(lines, columns=[COLUMNS.get(name, name) for name in names])
    cells = cells.replace("-", None).assign(title="Title")
    for name in cells:
        if str(name).endswith("_on"):
            cells[name] = pd.to_datetime(cells[name]).astype("datetime64[s]")
        elif name == "cost_impact":
            cells[name] = cells[name].astype("float64")
        else:
            cells[name] = cells[name].astype("str")
    return cells


def requests(text: str = ROWS) -> pd.DataFrame:
    return metrics.requests(table(text), TODAY).set_index("change_id")


def test_each_request_has_one_outcome() -> None:
    assert requests()["outcome"].to_dict() == {
        **dict.fromkeys(["C1", "C2", "C3"], "approved"),
        **dict.fromkeys(["C4", "C5"], "refused"),
        **dict.fromkeys(["C6"], "withdrawn"),
        **dict.fromkeys(["C7", "C8"], "undecided"),
        "C9": "untold",
    }


def test_requests_stand_in_the_order_of_their_day_then_of_the_file() -> None:
    ordered = metrics.requests(table()[::-1], TODAY)

    assert ordered["change_id"].tolist() == ["C2", "C1", "C3", "C4", "C5", "C6", "C9", "C7", "C8"]


def test_the_undecided_have_the_age_of_their_request() -> None:
    """1 February to 1 March 2026: 28 days."""
    assert requests()["age_days"].dropna().to_dict() == {"C7": 28, "C8": 2}


def test_what_was_applied_before_its_approval_is_early_and_not_unapproved() -> None:
    """C2: 15 to 20 January. C5 was refused, C7 not decided; of C9 it is not known."""
    rows = requests()

    assert rows["early_days"].dropna().to_dict() == {"C2": 5}
    assert rows.index[rows["unapproved"]].tolist() == ["C5", "C7"]
    assert rows.index[rows["unproven"]].tolist() == ["C3"]


def test_a_change_applied_on_the_day_of_its_approval_is_not_early() -> None:
    rows = requests("""
        id decision requested  decided    applied
        C1 approved 2026-01-05 2026-01-12 2026-01-12
        C2 approved 2026-01-05 2026-01-12 2026-01-11
        C3 approved 2026-01-05 -          2026-01-11
    """)

    assert rows["early_days"].dropna().to_dict() == {"C2": 1}


def test_irregularities_are_counted_among_those_of_which_they_can_be_told() -> None:
    """Applied: C1, C2, C5, C7, of which approved C1, C2; nobody tells how C9 was decided.
    Approved: C1, C2, C3."""
    rows = metrics.requests(table(), TODAY)
    counts = {name: (len(of), n) for name, (of, n) in metrics.irregularities(rows).items()}

    assert counts == {
        "applied_before_approval": (1, 2),
        "applied_without_approval": (2, 4),
        "without_evidence": (1, 3),
    }


def test_times_are_calendar_days_and_negative_ones_stay_negative() -> None:
    """Of what was refused and applied all the same, no application followed an approval."""
    days = metrics.times(metrics.requests(table(), TODAY))

    assert {name: of_step.tolist() for name, of_step in days.items()} == {
        "evaluation": [3, 1, 10, 4],
        "decision": [7, 15, 1, 20, 1, 1, 2],
        "application": [7, -5],
    }


def test_costs_are_exact_decimals_by_outcome() -> None:
    """0.1 + 0.2 in cents: 0.30. Approved: 1000.10 + 200.20 − 50.05 = 1150.25."""
    rows = metrics.impacts(metrics.requests(table(), TODAY)).set_index("outcome")
    counts = rows[["requests", "stated", "cost"]].itertuples()

    assert {row.Index: (row.requests, row.stated, row.cost) for row in counts} == {
        "approved": (3, 3, Decimal("1150.25")),
        "refused": (2, 1, Decimal("300.00")),
        "withdrawn": (1, 1, Decimal("7.00")),
        "undecided": (2, 2, Decimal("0.30")),
        "untold": (1, 0, Decimal("0.00")),
        "": (9, 7, Decimal("1457.55")),
    }
    assert (rows.at["approved", "added"], rows.at["approved", "saved"]) == (
        Decimal("1200.30"),
        Decimal("50.05"),
    )


def test_the_outcomes_add_up_to_all_requests() -> None:
    rows = metrics.impacts(metrics.requests(table(), TODAY)).set_index("outcome")
    counts = ["requests", "stated", "cost", "added", "saved", "better", "none", "worse", "unstated"]

    assert rows.drop(index="")[counts].sum().to_dict() == rows.loc["", counts].to_dict()
    assert rows.loc["", ["better", "none", "worse", "unstated"]].tolist() == [1, 5, 1, 2]


@pytest.mark.parametrize("absent", [column for column in table() if column != "change_id"])
def test_a_column_that_is_not_there_is_empty(absent: str) -> None:
    if absent == "requested_on":
        return
    rows = metrics.requests(table().drop(columns=absent), TODAY)

    assert len(rows) == 9
    assert len(metrics.impacts(rows)) == 6
    assert set(metrics.times(rows)) == {"evaluation", "decision", "application"}


def test_without_decision_nor_its_day_nothing_is_called_undecided() -> None:
    rows = metrics.requests(table().drop(columns=["decision", "decided_on"]), TODAY)

    assert set(rows["outcome"]) == {"untold"}
    assert not rows["unapproved"].any()


def test_without_a_row_all_counts_are_zero() -> None:
    rows = metrics.requests(table()[:0], TODAY)

    assert metrics.impacts(rows)["requests"].tolist() == [0] * 6
    assert all(days.empty for days in metrics.times(rows).values())
