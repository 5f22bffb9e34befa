"""Reported figures beside those of each interpretation: what agrees, what one gives, what none."""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.service.reconciliation.metrics import (
    as_flagged,
    explaining,
    half_a_unit,
    matching,
    reconciled,
    shares,
    unsettled,
)
from reviewlib.service.sensitivity.metrics import Interpretations

COLUMNS = ["reading", "rule", "month", "priority", "met", "breached", "running"]


def interpreted(*rows: tuple[str, str, str, str, int, int, int]) -> Interpretations:
    """What interpretations make of R1: (reading, rule, month, priority, met, breached, running)."""
    counts = pd.DataFrame(rows, columns=COLUMNS).assign(clause="R1", threshold=0.95)
    counts = counts.assign(late_or_paused=0)
    return Interpretations(("contract",), counts, pd.DataFrame(), pd.DataFrame())


def kpis(*rows: tuple[str, str | None, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["month", "priority", "value"])
    return frame.astype({"priority": "str"}).assign(clause="R1")


JANUARY = interpreted(
    ("contract", "own", "2026-01", "P1", 2, 1, 0),
    ("contract", "own", "2026-01", "P2", 0, 1, 2),
    ("contract", "opened", "2026-01", "P1", 3, 1, 0),
    ("waiting_paused", "own", "2026-01", "P1", 3, 0, 0),
    ("waiting_paused", "own", "2026-01", "P2", 0, 1, 2),
)


def test_shares_are_by_priority_and_together_under_each_interpretation() -> None:
    """P1 2 of 3, P2 0 of 1, together 2 of 4; the two running taken as in time: 2 of 3, 4 of 6."""
    found = shares(JANUARY).set_index(["reading", "rule", "priority"])["share"]

    assert found["contract", "own", "P1"] == pytest.approx(2 / 3)
    assert found["contract", "own", ""] == 0.5
    assert found["waiting_paused", "own", ""] == 0.75
    assert found["open_as_met", "own", "P2"] == pytest.approx(2 / 3)
    assert found["open_as_met", "own", ""] == pytest.approx(4 / 6)
    assert ("open_as_met", "own", "P1") not in found.index


def test_a_reported_figure_stands_beside_the_one_recomputed_with_its_gap() -> None:
    """66.7 is P1 by the contract; 75.0 together is 25 points more, and all pauses give it."""
    found = reconciled(kpis(("2026-01", "P1", 66.7), ("2026-01", None, 75.0)), shares(JANUARY))

    assert found["priority"].tolist() == ["P1", ""]
    assert found["recomputed"].tolist() == pytest.approx([200 / 3, 50])
    assert found["gap"].round(2).tolist() == [0.03, 25.0]
    assert found["agrees"].tolist() == [True, False]
    assert found["n_recomputed"].tolist() == [3, 4]
    # P1: by opening, and paused; together: these, and the open ones taken as in time
    assert found["tried"].tolist() == [2, 3]
    assert found["matching"].tolist() == [0, 2]


def test_every_interpretation_that_gives_a_figure_is_named() -> None:
    """3 of 4 by month of opening (P1 alone) and 3 of 4 with all waiting paused are both 75 %."""
    found = matching(kpis(("2026-01", None, 75.0)), shares(JANUARY))

    assert set(zip(found["reading"], found["rule"], strict=True)) == {
        ("contract", "opened"), ("waiting_paused", "own"),
    }  # fmt: skip


def test_the_contract_s_own_reading_is_not_among_those_that_give_a_figure() -> None:
    """66.7 is P1 by the contract, 2 of 3, and by no other: 3 of 4 by opening, 3 of 3 paused."""
    assert matching(kpis(("2026-01", "P1", 66.7)), shares(JANUARY)).empty


def test_interpretations_are_ranked_by_how_many_of_the_differing_figures_they_give() -> None:
    """P1 reported 100 and together 75 both differ: the pauses give both, the opening only one."""
    reported = kpis(("2026-01", "P1", 100.0), ("2026-01", None, 75.0), ("2026-01", "P2", 0.0))
    found = explaining(reported, shares(JANUARY))

    best = found.iloc[0]
    assert best[["reading", "rule", "matched", "of", "differing"]].tolist() == [
        "waiting_paused", "own", 2, 2, 2,
    ]  # fmt: skip
    assert found.iloc[1][["reading", "rule", "matched"]].tolist() == ["contract", "opened", 1]


def test_a_figure_that_no_interpretation_gives_has_no_match() -> None:
    found = reconciled(kpis(("2026-01", "P1", 90.0)), shares(JANUARY))

    assert (found["agrees"].tolist(), found["matching"].tolist()) == ([False], [0])


def test_figures_that_nothing_recomputed_answers_are_left_out() -> None:
    assert reconciled(kpis(("2026-02", "P1", 90.0)), shares(JANUARY)).empty
    assert explaining(kpis(("2026-02", "P1", 90.0)), shares(JANUARY)).empty


def test_reports_without_a_column_of_priorities_are_of_all() -> None:
    reported = kpis(("2026-01", None, 50.0)).drop(columns="priority")

    assert reconciled(reported, shares(JANUARY))["agrees"].tolist() == [True]


def test_a_number_of_tickets_that_the_report_states_is_kept_beside_the_one_recomputed() -> None:
    found = reconciled(kpis(("2026-01", "P1", 66.7)).assign(n=12), shares(JANUARY))

    assert found[["n", "n_recomputed"]].to_numpy().tolist() == [[12, 3]]


@pytest.mark.parametrize(
    ("values", "expected"), [([67, 95], 0.5), ([67, 66.7], 0.05), ([66.67], 0.005)]
)
def test_a_gap_is_measured_by_the_decimals_that_are_reported(
    values: list[float], expected: float
) -> None:
    assert half_a_unit(pd.Series(values, dtype="float64")) == pytest.approx(expected, abs=1e-8)


def test_a_gap_of_half_a_unit_is_a_rounding() -> None:
    """49 of 400 are 12.25 %, reported as 12.2: the gap is 0.05 and a little more in binary."""
    known = shares(interpreted(("contract", "own", "2026-01", "P1", 49, 351, 0)))

    assert reconciled(kpis(("2026-01", "P1", 12.2)), known)["agrees"].tolist() == [True]


def test_each_clause_has_the_rounding_of_its_own_figures() -> None:
    """R1 reports whole numbers, R2 a decimal: 66.67 is 67 for R1 and not 67.0 for R2."""
    counts = interpreted(("contract", "own", "2026-01", "P1", 2, 1, 0)).counts
    known = shares(Interpretations(("contract",), pd.concat([counts, counts.assign(clause="R2")]),
                            pd.DataFrame(), pd.DataFrame()))  # fmt: skip
    reported = kpis(("2026-01", "P1", 67.0), ("2026-01", "P1", 67.0), ("2026-02", "P1", 90.5))
    reported["clause"] = ["R1", "R2", "R2"]

    found = reconciled(reported, known).set_index("clause")["agrees"]
    assert found.to_dict() == {"R1": True, "R2": False}


def test_where_nothing_is_decided_there_is_nothing_to_compare() -> None:
    known = shares(interpreted(("contract", "own", "2026-01", "P1", 0, 0, 1)))

    assert reconciled(kpis(("2026-01", "P1", 95.0)), known).empty


def test_an_interpretation_that_gives_the_contracts_figures_throughout_is_none() -> None:
    found = shares(
        interpreted(
            ("contract", "own", "2026-01", "P1", 2, 1, 0),
            ("last_cycle", "own", "2026-01", "P1", 2, 1, 0),
        )
    )

    assert set(found["reading"]) == {"contract"}


def test_a_figure_that_only_the_contracts_own_interpretation_gives_matches_no_other() -> None:
    """P1 is 2 of 3 by the contract, 3 of 4 and 3 of 3 by the others: 66.7 is its own alone."""
    found = reconciled(kpis(("2026-01", "P1", 66.7)), shares(JANUARY)).iloc[0]

    assert (bool(found["agrees"]), found["matching"], found["tried"]) == (True, 0, 2)


def test_months_of_which_pauses_are_unknown_have_no_share() -> None:
    """P1 has one late or paused, P2 none: P2 alone is compared, and P1 and all are counted."""
    counts = JANUARY.counts.assign(late_or_paused=[1, 0, 0, 0, 0])
    paused = Interpretations(("contract",), counts, pd.DataFrame(), pd.DataFrame())
    figures = kpis(("2026-01", "P1", 66.7), ("2026-01", "P2", 0.0), ("2026-01", None, 50.0))

    assert reconciled(figures, shares(paused))["priority"].tolist() == ["P2"]
    assert unsettled(figures, paused) == 2


def test_figures_that_are_those_of_the_tools_flag_are_counted() -> None:
    """Flags of P1: kept, missed; P2: kept. 50, 100 and 2 of 3; one excluded ticket is in none."""
    verdicts = pd.DataFrame(
        {
            "ticket_id": ["T1", "T2", "T3", "T4"],
            "clause": "R1",
            "priority": ["P1", "P1", "P2", "P2"],
            "month": "2026-01",
            "outcome": ["met", "met", "breached", "excluded"],
        }
    )
    rows = verdicts[["ticket_id"]].assign(recorded_sla_met=[True, False, True, False])
    figures = kpis(("2026-01", "P1", 50.0), ("2026-01", "P2", 99.9), ("2026-01", None, 66.7))

    assert as_flagged(figures, verdicts, rows).to_numpy().tolist() == [["R1", 2, 3]]
    assert as_flagged(figures, verdicts, verdicts).empty
