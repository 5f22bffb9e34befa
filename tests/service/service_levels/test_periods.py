"""A sensitive period is set against the tickets that it can be compared with."""

from __future__ import annotations

from typing import Any

from reviewlib.service.log import Log
from reviewlib.service.service_levels.metrics import judged
from reviewlib.service.service_levels.periods import comparable, opened_in
from tests import desk
from tests.desk import RESOLUTION, ticket, tickets

SALES = {"first": "2026-05-01", "last": "2026-05-31", "title": "Sales"}
EASTER = {"first": "2026-06-01", "last": "2026-06-30", "title": "Another one"}
RAMP_UP = {
    "kind": "points", "title": "Missed", "clauses": ["R1"], "amount": 100,
    "ramp_up": {"first": "2026-01-01", "last": "2026-01-31"},
}  # fmt: skip
AMENDED = {
    "id": "A1", "title": "Faster", "signed": "2026-03-01", "effective": "2026-04-01",
    "changes": {"clauses": {"R1": {"targets": {"P2": "6 h"}}}},
}  # fmt: skip
DAYS = {
    "january": "2026-01-12", "february": "2026-02-09", "april": "2026-04-13", "may": "2026-05-11",
    "june": "2026-06-08",
}  # fmt: skip


def compared(*priorities: str, **parts: Any) -> list[str]:
    """What May is compared with: of each month a ticket of each priority, named month and it."""
    rows = [
        ticket(f"{month} {priority}", f"{day}T09:00", priority)
        for month, day in DAYS.items()
        for priority in priorities
    ]
    contract = desk.agreed(RESOLUTION | {"month": "opened"}, **parts)
    contract["terms"]["penalties"] = {"PP": RAMP_UP}
    agreement = desk.loaded(contract)
    log = Log(tickets(*rows), None, agreement, desk.at("2026-12-31T18:00"))
    verdicts = judged(log)
    inside = opened_in(agreement, verdicts, agreement.sensitive_periods[0])
    return verdicts.loc[comparable(agreement, verdicts, inside), "ticket_id"].tolist()


def test_the_ramp_up_and_other_sensitive_periods_are_left_out() -> None:
    assert compared("P1", sensitive_periods=[SALES, EASTER]) == ["february P1", "april P1"]
    assert compared("P1", sensitive_periods=[SALES]) == ["february P1", "april P1", "june P1"]


def test_tickets_under_another_target_than_those_within_are_left_out() -> None:
    """P2 had 8 h until April and 6 h since, as in May; P1 has the same throughout."""
    left = compared("P1", "P2", sensitive_periods=[SALES, EASTER], amendments=[AMENDED])

    assert sorted(left) == ["april P1", "april P2", "february P1"]
