"""Objectives judged by the measure that counts, and what an amendment changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from reviewlib.contract import Terms
from reviewlib.contract.parties import Objective
from reviewlib.engagement.engagement.metrics import Change, changes, objectives

TODAY = pd.Timestamp("2025-06-10")
DUE = dt.date(2025, 3, 31)


def outcome(*measures: tuple[str, float], **stated: Any) -> pd.Series:
    """Return the judgement on one objective from its measures (day, value)."""
    objective = Objective(**{"title": "Answer calls", "target": 90.0, "due": DUE} | stated)
    results = pd.DataFrame(measures, columns=["measured_on", "value"]).assign(objective_id="O1")
    dated = results.astype({"measured_on": "datetime64[s]", "value": "float64"})
    return objectives({"O1": objective}, dated, TODAY).iloc[0]


def test_an_objective_is_met_by_its_last_measure_up_to_its_due_date() -> None:
    objective = outcome(("2025-03-31", 90.0), ("2024-12-31", 85.0))

    assert (objective["outcome"], objective["value"], objective["latest_value"]) == (
        "met",
        90.0,
        90.0,
    )


def test_an_objective_reached_after_its_due_date_was_not_met_in_time() -> None:
    objective = outcome(("2025-03-31", 50.0), ("2025-05-31", 92.0))

    assert (objective["outcome"], objective["value"], objective["latest_value"]) == (
        "late",
        50.0,
        92.0,
    )
    assert objective["measured_on"] == pd.Timestamp("2025-03-31")


def test_an_objective_reached_since_was_so_between_two_measures() -> None:
    """Short on 30 April, reached on 15 May, and still on 31 May; 31 March is its date."""
    since = outcome(
        ("2025-03-01", 50.0), ("2025-04-30", 80.0), ("2025-05-15", 90.0), ("2025-05-31", 95.0)
    )

    assert since["outcome"] == "late"
    assert since["short_on"] == pd.Timestamp("2025-04-30")
    assert since["reached_on"] == pd.Timestamp("2025-05-15")


def test_an_objective_met_at_its_date_stays_met_when_a_later_measure_falls() -> None:
    objective = outcome(("2025-03-31", 91.0), ("2025-05-31", 80.0))

    assert (objective["outcome"], bool(objective["reached"])) == ("met", False)


def test_a_first_measure_after_the_due_date_is_the_one_that_counts() -> None:
    assert outcome(("2025-04-02", 91.0))["outcome"] == "met"
    assert outcome(("2025-04-02", 89.0))["outcome"] == "not_met"


def test_an_objective_without_a_due_date_is_judged_by_its_latest_measure() -> None:
    objective = outcome(("2025-01-31", 95.0), ("2025-05-31", 89.9), due=None)

    assert (objective["outcome"], objective["value"]) == ("not_met", 89.9)


def test_an_objective_to_keep_low_is_met_at_most_at_its_target() -> None:
    assert outcome(("2025-03-31", 90.0), direction="at_most")["outcome"] == "met"
    assert outcome(("2025-03-31", 90.1), direction="at_most")["outcome"] == "not_met"


def test_an_objective_that_is_not_due_is_not_judged_however_good_its_measure() -> None:
    later = dt.date(2025, 6, 11)

    assert outcome(("2025-05-31", 99.0), due=later)["outcome"] == "not_due"
    assert outcome(due=later)["outcome"] == "not_due"
    assert outcome(("2025-05-31", 99.0), due=TODAY.date())["outcome"] == "met"


def test_without_a_target_or_a_measure_nothing_is_judged() -> None:
    assert outcome(("2025-03-31", 99.0), target=None)["outcome"] == "no_target"
    assert outcome()["outcome"] == "not_measured"
    alone = objectives({"O1": Objective(title="Answer calls", target=1.0)}, None, TODAY)
    assert alone["outcome"].tolist() == ["not_measured"]


def test_the_source_of_a_measure_is_never_that_of_another() -> None:
    """The measure at the due date states no source; the later one does not lend it its own."""
    results = pd.DataFrame(
        {
            "objective_id": ["O1", "O1"],
            "measured_on": pd.to_datetime(["2025-03-31", "2025-05-31"]).as_unit("s"),
            "value": [50.0, 92.0],
            "source": [None, "telephone system"],
        }
    )
    stated = {"O1": Objective(title="Answer calls", target=90.0, due=DUE)}

    assert objectives(stated, results, TODAY)["source"].isna().all()


def test_what_an_objective_does_not_state_is_named() -> None:
    objective = outcome(target=None, measure="Calls answered", unit="%", due=None)

    assert objective["lacks"] == ("target", "due", "owner")


def test_a_contract_without_objectives_gives_no_row() -> None:
    assert objectives({}, None, TODAY).empty


CLAUSE = {
    "title": "Resolution",
    "measure": "resolution",
    "calendar": "office",
    "targets": {"P1": "4 h", "P2": "8 h"},
    "threshold": "90 %",
    "stops_at": "last_resolution",
}


def terms(**clauses: dict[str, Any]) -> Terms:
    office = {"title": "Office hours", "week": {"mon": [["08:00", "18:00"]]}}
    return Terms.model_validate(
        {"priorities": ["P1", "P2"], "calendars": {"office": office}, "clauses": clauses}
    )


def test_an_amendment_is_the_parts_that_it_changed_with_their_values_before_and_after() -> None:
    shorter = CLAUSE | {"targets": {"P1": "4 h", "P2": "6 h"}, "threshold": "95 %"}

    assert changes(terms(R=CLAUSE), terms(R=shorter)) == (
        Change(("clauses", "R", "targets", "P2"), dt.timedelta(hours=8), dt.timedelta(hours=6)),
        Change(("clauses", "R", "threshold"), 0.9, 0.95),
    )


def test_a_clause_that_comes_or_goes_is_one_change() -> None:
    before, after = terms(R=CLAUSE), terms(R=CLAUSE, S=CLAUSE)

    assert changes(before, after) == (Change(("clauses", "S"), None, after.clauses["S"]),)
    assert changes(after, before) == (Change(("clauses", "S"), after.clauses["S"], None),)
    assert changes(before, before) == ()
