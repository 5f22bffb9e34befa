"""Availability clauses as they are written and refused; the desk is ``tests/desk.py``."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from reviewlib.contract.availability import Availability
from reviewlib.faults import Faults
from tests import desk

CLAUSE: dict[str, Any] = {
    "title": "Availability",
    "services": ["support", "network"],
    "calendar": "office",
    "target": "99.5 %",
}


def read(**parts: Any) -> Availability:
    """The clause as the library reads it in a whole contract."""
    agreement = desk.agreed(desk.RESOLUTION)
    agreement["terms"] = agreement["terms"] | {"availability": {"5.3": CLAUSE | parts}}
    return desk.loaded(agreement).versions[0].availability["5.3"]


def test_what_is_left_out_excludes_agreed_maintenance_and_excuses_nobody() -> None:
    availability = read()

    assert (availability.maintenance, availability.agreed_only) == ("excluded", True)
    assert (availability.notice, availability.allowance, availability.excuses) == (None, None, ())
    assert availability.target_of("support") == availability.target_of("network") == 0.995


def test_a_target_may_be_one_for_each_service_and_missing_for_some() -> None:
    availability = read(target={"support": "99.9 %"})

    assert availability.target_of("support") == 0.999
    assert availability.target_of("network") is None


def test_notice_and_allowance_are_lengths_of_time() -> None:
    availability = read(notice="3 days of 24 h", allowance="1 h 30")

    assert (availability.notice, availability.allowance) == (
        dt.timedelta(days=3),
        dt.timedelta(minutes=90),
    )


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"services": ["suport"]}, "'suport' is not defined under services. Did you mean"),
        ({"calendar": "ofice"}, "'ofice' is not defined under calendars. Did you mean 'office'?"),
        ({"target": {"printing": "99 %"}}, "'printing' is no service of the clause"),
        ({"target": 99}, "write a percentage such as 95 %"),
        ({"services": []}, "should hold at least one"),
        ({"services": ["support", "support"]}, "'support' is named twice"),
        ({"notice": "2 working days"}, 'write hours and minutes, such as "48 h"'),
        ({"allowance": "2 days"}, 'write hours and minutes, such as "48 h"'),
        ({"maintenance": "counted", "notice": "48 h"}, "maintenance counts as down time"),
        ({"excuses": ["weather"]}, "should be one of these: client, provider, third_party"),
        ({"tittle": "x"}, "unknown key 'tittle'"),
    ],
)
def test_a_clause_that_can_not_be_computed_is_refused_with_what_to_do(
    parts: dict[str, Any], message: str
) -> None:
    with pytest.raises(Faults) as caught:
        read(**parts)

    assert message in str(caught.value)
    assert "availability.5.3" in str(caught.value)


def test_an_amendment_changes_one_key_of_a_clause_from_its_date() -> None:
    agreement = desk.agreed(
        desk.RESOLUTION,
        amendments=[
            {
                "id": "A1",
                "title": "Stricter",
                "signed": "2026-03-01",
                "effective": "2026-04-01",
                "changes": {"availability": {"5.3": {"target": "99.9 %"}}},
            }
        ],
    )
    agreement["terms"] = agreement["terms"] | {"availability": {"5.3": CLAUSE}}
    before, since = (terms.availability["5.3"] for terms in desk.loaded(agreement).versions)

    assert (before.target, since.target) == (0.995, 0.999)
    assert since.services == before.services
