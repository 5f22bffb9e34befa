"""What a governance plan leaves open, of what is usually settled, and why it matters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reviewlib.contract.plan import POINTS, left_open, price_alone
from reviewlib.engagement.engagement.chapter import engagement
from reviewlib.pages.check import report
from reviewlib.pages.wording import Wording
from reviewlib.report.values import Kind
from tests import desk
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import sentence, table

DAYS = "5 working days"
ROLES = ["manager", "delivery"]
WHOLE: dict[str, Any] = {
    "client": {
        "name": "Client",
        "contact": {"id": "manager", "role": "Manager", "deputy": "Lead"},
        "others": [{"id": "lead", "role": "Lead", "technical": True}],
    },
    "provider": {
        "name": "Provider",
        "contact": {"id": "delivery", "role": "Delivery", "deputy": "CTO", "technical": True},
    },
    "escalation": [{"level": 1, "client": "Manager", "provider": "Lead", "within": "1 h"}],
    "client_duties": [{"title": "Open an access", "kind": "access", "within": DAYS}],
    "key_dates": [
        {"kind": "option", "title": "Extension", "date": "2024-12-31", "notice": "3 months"},
        {"kind": "notice", "title": "Last day to terminate", "date": "2024-09-30"},
    ],
}
PLAN: dict[str, Any] = {
    "launch": {"roles": ROLES, "minutes": DAYS},
    "bodies": {
        "steering": {"title": "Committee", "every": "quarter", "roles": ROLES, "minutes": DAYS}
    },
    "reports": {"monthly": {"title": "Monthly report", "every": "month", "within": DAYS}},
    "disputes": {
        "steps": [{"step": "direct_talks", "within": DAYS}, {"step": "arbitration"}],
    },
    "decisions": {"within": DAYS},
    "contacts": {"within": DAYS},
    "subcontracting": {"requires": "nothing"},
    "tools": {"wiki": {"title": "Wiki"}},
    "procedures": {"backup": {"title": "Backup"}},
}
QUARTER = PLAN["bodies"]["steering"]


def points(plan: dict[str, Any], **parts: Any) -> dict[str, list[str]]:
    """What is open, in words, by point."""
    contract = desk.contract(desk.RESOLUTION, **WHOLE | parts, governance=PLAN | plan)
    words = Wording("en")
    return {one.name: [words.say(lack) for lack in one.lacks] for one in left_open(contract)}


def test_of_a_plan_that_settles_every_point_nothing_is_left_open() -> None:
    assert points({}) == {}


def test_of_a_contract_without_a_plan_every_point_is_open_but_the_selection() -> None:
    """How the provider was selected is no part of the plan: unstated, it is not asked for."""
    contract = desk.contract(desk.RESOLUTION)

    assert [one.name for one in left_open(contract)] == [
        one for one in POINTS if one != "selection"
    ]
    assert len(POINTS) == 14


@pytest.mark.parametrize(
    ("plan", "name", "lacks"),
    [
        ({"bodies": {}}, "meetings", ["a body that meets each quarter at least"]),
        (
            {"bodies": {"yearly": QUARTER | {"every": "half-year"}}},
            "meetings",
            ["a body that meets each quarter at least"],
        ),
        ({"bodies": {"a": QUARTER | {"roles": []}}}, "meetings", ["who attends: Committee"]),
        ({"launch": None}, "meetings", ["the launch meeting"]),
        ({"launch": {"minutes": DAYS}}, "meetings", ["who attends: the launch meeting"]),
        (
            {"launch": {"roles": ROLES}},
            "minutes",
            ["the delay for sending the minutes: the launch meeting"],
        ),
        ({"reports": {}}, "reports", ["the reports that each side owes"]),
        (
            {"reports": {"monthly": {"title": "Report", "every": "month"}}},
            "reports",
            ["the day by which a report is due: Report"],
        ),
        ({"disputes": None}, "disputes", ["the steps by which a dispute is settled"]),
        (
            {"disputes": {"steps": [{"step": "mediation"}, {"step": "arbitration"}]}},
            "disputes",
            ["the delay of 1 step of the settlement of a dispute"],
        ),
        ({"decisions": {}}, "decisions", ["the delay for putting a decision in writing"]),
        ({"contacts": None}, "changes", ["how long beforehand a change of contact is announced"]),
        (
            {"subcontracting": None},
            "subcontracting",
            ["whether a subcontractor is declared or approved before it begins"],
        ),
        (
            {"tools": {}, "procedures": {}},
            "tools",
            ["the shared tools", "the procedures to be written"],
        ),
    ],
)
def test_a_point_of_the_plan_is_open_where_it_is_not_stated(
    plan: dict[str, Any], name: str, lacks: list[str]
) -> None:
    assert points(plan) == {name: lacks}


@pytest.mark.parametrize(
    ("parts", "name", "lacks"),
    [
        ({"escalation": []}, "escalation", ["levels of escalation"]),
        ({"client_duties": []}, "duties", ["what the client is to provide or to decide"]),
        (
            {"client_duties": [{"title": "Decide", "kind": "decision"}]},
            "duties",
            ["the client's delay: Decide"],
        ),
        ({"key_dates": []}, "dates", ["the days of revisions, options or notices"]),
        (
            {"key_dates": [{"kind": "revision", "title": "Prices", "date": "2024-06-30"}]},
            "dates",
            ["the notice to give: Prices"],
        ),
        (
            {"provider": {"name": "Provider", "contact": {"id": "delivery", "role": "Delivery"}}},
            "deputies",
            ["who stands in for the provider's point of contact", "the provider's technical lead"],
        ),
        (
            {"selection": {"criteria": [{"title": "Price", "kind": "price"}]}},
            "selection",
            ["criteria other than the price, which alone decided"],
        ),
    ],
)
def test_a_point_is_open_where_the_contract_does_not_state_it(
    parts: dict[str, Any], name: str, lacks: list[str]
) -> None:
    assert points({}, **parts) == {name: lacks}


def test_the_same_is_asked_of_both_parties() -> None:
    plan = {"launch": None, "bodies": {"steering": QUARTER | {"roles": []}}}
    without = [points(plan, **{side: {"name": "X"}}) for side in ("client", "provider")]

    assert [one["contacts"] for one in without] == [
        ["the client's single point of contact"],
        ["the provider's single point of contact"],
    ]
    assert [one["deputies"] for one in without] == [
        ["the client's technical lead"],
        ["the provider's technical lead"],
    ]


@pytest.mark.parametrize(
    ("criteria", "alone"),
    [
        ([("price", "100 %")], True),
        ([("price", "100 %"), ("quality", "0 %")], True),
        ([("price", "100 %"), ("quality", None)], True),  # nothing is left to weigh
        ([("price", "60 %"), ("price", "40 %")], True),
        ([("price", "40 %"), ("quality", "60 %")], False),
        ([("price", None), ("team", None)], False),
        ([("quality", None)], False),
        ([("price", "0 %")], False),
    ],
)
def test_price_alone_decided_where_all_of_the_weight_is_on_it(
    criteria: list[tuple[str, str | None]], alone: bool
) -> None:
    stated = [{"title": kind, "kind": kind, "weight": weight} for kind, weight in criteria]
    selection = desk.contract(desk.RESOLUTION, selection={"criteria": stated}).selection

    assert selection is not None
    assert price_alone(selection) is alone


def test_the_sample_leaves_two_points_open_and_its_chapter_says_why_they_matter() -> None:
    """engagement.yml: a selection on price, 100 %; no deputy of the service delivery manager."""
    section = chapter_of(engagement, sample_of(), language="en")
    finding = section.finding("engagement.governance")

    assert finding is not None
    assert finding.kind is Kind.NEUTRAL
    assert finding.decision == "Settle in the next contract what this plan leaves open."
    assert sentence(section, "engagement.governance") == (
        "Of the 14 points that a governance plan usually settles, the contract leaves 2 open, "
        "first of all: criteria other than the price, which alone decided."
    )
    rows = table(section, "left_open").rows
    assert [row[:2] for row in rows] == [
        ("Selection of the provider", "criteria other than the price, which alone decided"),
        ("Deputies and technical leads", "who stands in for the provider's point of contact"),
    ]
    assert "a risk for both" in str(rows[0][2])


def test_a_contract_under_way_may_be_completed_by_an_amendment(tmp_path: Path) -> None:
    contract = desk.agreed(desk.RESOLUTION)
    review = desk.review(tmp_path, contract, {}, as_of="2026-03-01")
    finding = chapter_of(engagement, review).finding("engagement.governance")

    assert finding is not None
    assert finding.decision.startswith("Settle by an amendment, or leave open knowingly")


def test_check_says_in_one_line_what_the_plan_leaves_open() -> None:
    lines = [line for line in report(sample_of()) if line.startswith("engagement.yml, governance")]

    assert lines == [
        "engagement.yml, governance\u00a0: sur 14 points qu’un plan règle d’ordinaire, 2 restent "
        "ouverts\u00a0: Choix du prestataire\u00a0; Suppléants et référents techniques (voir "
        "docs/contract.md, «\u00a0The governance plan\u00a0»)"
    ]
