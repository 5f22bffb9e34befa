"""What the contract says of the ladder, of major incidents and of what its scope counts."""

from __future__ import annotations

from typing import Any

import pytest

from reviewlib.contract.parties import ScopeItem
from reviewlib.faults import Faults
from tests import desk

LADDER = [
    {"level": 1, "client": "Manager", "provider": "Lead", "within": "30 min"},
    {"level": 2, "client": "Director", "provider": "Account", "within": "2 h"},
]


def refused(**parts: Any) -> str:
    with pytest.raises(Faults) as faults:
        desk.contract(desk.RESOLUTION, **parts)
    return str(faults.value)


def test_major_incidents_run_around_the_clock_from_the_opening_unless_stated() -> None:
    major = desk.contract(desk.RESOLUTION, major_incidents={"priorities": ["P1"]}).major_incidents

    assert major is not None
    assert (major.priorities, major.calendar, major.starts_at) == (("P1",), "", "opened")


@pytest.mark.parametrize(
    ("major", "message"),
    [
        ({"priorities": ["P0"]}, "'P0' is not defined under priorities"),
        ({"priorities": ["P1"], "calendar": "ofice"}, "under calendars. Did you mean 'office'?"),
        ({"priorities": ["P1"], "starts_at": "told"}, "should be one of these: opened, breached"),
        ({"priorities": []}, "should hold at least one"),
        ({}, "the key 'priorities' is missing"),
    ],
)
def test_major_incidents_name_only_what_the_terms_define(
    major: dict[str, Any], message: str
) -> None:
    assert message in refused(major_incidents=major)


def test_a_level_of_the_ladder_is_given_once() -> None:
    assert "is given twice" in refused(escalation=[*LADDER, LADDER[0]])


def test_an_item_of_the_scope_counts_tickets_when_it_names_some() -> None:
    scope = [
        {"title": "Support", "services": ["support"], "volume": 10},
        {"title": "Requests", "kinds": ["request"], "volume": 10, "per": "month"},
        {"title": "Devices", "volume": 120, "per": "none"},
    ]
    support, requests, devices = desk.contract(desk.RESOLUTION, scope=scope).scope

    assert [item.counted for item in (support, requests, devices)] == [True, True, False]
    assert [item.per for item in (support, requests, devices)] == ["year", "month", "none"]


def test_an_item_of_the_scope_names_only_services_of_the_terms() -> None:
    messages = refused(scope=[{"title": "Support", "services": ["suport"]}])

    assert "scope.0.services: 'suport' is not defined under services" in messages
    assert "Did you mean 'support'?" in messages


@pytest.mark.parametrize(
    ("stated", "compared"),
    [
        ({"volume": 100, "services": ["support"]}, True),
        ({"volume": 0, "kinds": ["request"]}, True),  # none at all is a volume too
        ({"volume": 100, "categories": ["printing"], "per": "month"}, True),
        ({"services": ["support"]}, False),  # no volume
        ({"volume": 100}, False),  # no tickets
        ({"volume": 100, "services": ["support"], "per": "none"}, False),  # of devices
        ({"services": ["support"], "included": False}, False),
    ],
)
def test_tickets_are_compared_with_a_volume_where_the_item_states_both(
    stated: dict[str, Any], compared: bool
) -> None:
    assert ScopeItem.model_validate({"title": "Requests"} | stated).compared is compared


def test_a_band_of_tickets_goes_from_the_fewest_to_the_most() -> None:
    item = {"title": "Support", "services": ["support"]}
    (agreed,) = desk.contract(desk.RESOLUTION, scope=[item | {"band": [0, 40]}]).scope

    assert agreed.band == (0, 40)
    assert "to the most; 40 is above 30" in refused(scope=[item | {"band": [40, 30]}])


def test_one_fault_of_two_parts_of_the_terms_is_told_of_both() -> None:
    parts = {"services": {"paris": {}}, "sites": {"paris": {}}}

    with pytest.raises(Faults) as faults:
        desk.contract(desk.RESOLUTION, **parts)

    assert [fault.column for fault in faults.value.faults] == [
        "terms.services.paris.name",
        "terms.sites.paris.name",
    ]


def test_an_objective_names_a_question_of_the_survey() -> None:
    survey = {"questions": {"Q1": {"text": "Satisfied?", "kind": "csat"}}}
    objectives = {"O1": {"title": "Satisfy the users", "question": "Q1"}}
    mistyped = {"O1": objectives["O1"] | {"question": "Q2"}}

    known = desk.contract(desk.RESOLUTION, survey=survey, objectives=objectives)
    assert known.objectives["O1"].question == "Q1"
    assert "'Q2' is not defined under questions" in refused(survey=survey, objectives=mistyped)
    assert "'Q1' is not defined under questions" in refused(objectives=objectives)
