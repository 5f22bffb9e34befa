"""What control charts go by: the rules and the changes of the process that a contract declares."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from reviewlib.faults import Faults
from tests import desk


def refused(control: dict[str, Any]) -> str:
    with pytest.raises(Faults) as caught:
        desk.contract(desk.RESOLUTION, control=control)
    return str(caught.value)


def test_a_contract_that_says_nothing_goes_by_wheelers_rules() -> None:
    control = desk.contract(desk.RESOLUTION).control

    assert (control.rules, control.changes) == ("wheeler", ())
    assert control.is_silent("rules")


def test_a_change_has_a_day_a_title_and_the_clauses_that_it_is_about() -> None:
    change = {"date": "2026-03-02", "title": "New tool", "clauses": ["R1"]}
    control = desk.contract(desk.RESOLUTION, control={"rules": "nhs", "changes": [change]}).control

    assert not control.is_silent("rules")
    (declared,) = control.changes
    assert (declared.date, declared.title) == (dt.date(2026, 3, 2), "New tool")
    assert declared.clauses == ("R1",)


def test_a_change_may_be_of_an_availability_clause() -> None:
    agreement = desk.agreed(desk.RESOLUTION)
    agreement["terms"]["availability"] = {
        "A1": {"title": "Up", "services": ["network"], "calendar": "permanent", "target": "99 %"}
    }
    change = {"date": "2026-03-02", "title": "New tool", "clauses": ["A1"]}

    assert desk.loaded(agreement | {"control": {"changes": [change]}}).control.changes


def test_a_clause_that_is_not_defined_is_refused_with_the_one_most_like_it() -> None:
    change = {"date": "2026-03-02", "title": "New tool", "clauses": ["R2"]}
    text = refused({"changes": [change]})

    assert "control.changes.0.clauses" in text
    assert "'R2' is not defined under clauses" in text
    assert "Allowed: R1" in text


def test_another_set_of_rules_is_refused_with_those_that_there_are() -> None:
    text = refused({"rules": "nelson"})

    assert "control.rules" in text
    assert all(name in text for name in ("wheeler", "nhs", "nelson"))
