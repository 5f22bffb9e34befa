"""What the contract says of the parties' relation: contacts, meetings, reports, disputes, dates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from reviewlib.contract import load_contract
from reviewlib.contract.governance import LAUNCH
from reviewlib.faults import Faults
from tests import desk
from tests.books import Rows, book

MINUTES, FIRST = "5 jours ouvrés", "15 calendar days"
BODY = {"title": "Steering committee", "every": "month"}
CLIENT = {
    "name": "Client",
    "contact": {"id": "manager", "role": "Contract manager", "deputy": "CIO"},
    "others": [{"id": "lead", "role": "Technical lead", "technical": True}],
}
PROVIDER = {"name": "Provider", "contact": {"id": "delivery", "role": "Delivery manager"}}


def agreed(**plan: Any) -> Any:
    return desk.contract(desk.RESOLUTION, client=CLIENT, provider=PROVIDER, governance=plan)


def refused(client: Any = CLIENT, **plan: Any) -> str:
    with pytest.raises(Faults) as faults:
        desk.contract(desk.RESOLUTION, client=client, provider=PROVIDER, governance=plan)
    return str(faults.value)


def test_the_roles_of_a_party_are_its_single_point_of_contact_first() -> None:
    client = agreed().client

    assert [contact.id for contact in client.roles] == ["manager", "lead"]
    assert [contact.technical for contact in client.roles] == [False, True]
    assert client.roles[0].deputy == "CIO"


def test_who_attends_is_named_by_the_ids_of_contacts_of_either_party() -> None:
    body = agreed(bodies={"steering": BODY | {"roles": ["manager", "delivery"]}}).governance.bodies

    assert body["steering"].roles == ("manager", "delivery")


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (
            {"bodies": {"steering": BODY | {"roles": ["manager", "delivry"]}}},
            "governance.bodies.steering.roles: 'delivry' is not defined under client, provider. "
            "Did you mean 'delivery'?",
        ),
        (
            {"launch": {"roles": ["ceo"]}},
            "governance.launch.roles: 'ceo' is not defined under client, provider",
        ),
        ({"bodies": {LAUNCH: BODY}}, "'launch' is the launch meeting: give the body another name"),
        (
            {"disputes": {"steps": [{"step": "mediation"}, {"step": "mediation"}]}},
            "a step stands once in the ladder; 'mediation' stands twice",
        ),
        ({"disputes": {"steps": []}}, "should hold at least one"),
        ({"bodies": {"steering": BODY | {"every": "fortnight"}}}, "two-weeks, month, two-months"),
        ({"blockers": {"options": 0}}, "governance.blockers.options"),
        ({"decisions": {"within": "5 days"}}, "governance.decisions.within"),
        ({"subcontracting": {"requires": "consent"}}, "approval, declaration, nothing"),
        ({"meetings": {}}, "governance.meetings"),
    ],
)
def test_a_plan_is_refused_where_it_says_what_can_not_be_read(
    plan: dict[str, Any], message: str
) -> None:
    assert message in refused(**plan)


def test_an_id_is_that_of_one_contact_whichever_party_it_is_of() -> None:
    twice = CLIENT | {
        "others": [{"id": "delivery", "role": "Other"}, {"role": "No id"}, {"role": "B"}]
    }

    assert "'delivery' is the id of two contacts: give each its own" in refused(twice)


def test_tables_may_name_the_parts_of_the_plan() -> None:
    plan = {
        "launch": {"by": "2024-01-15"},
        "bodies": {"steering": BODY},
        "reports": {"monthly": {"title": "Monthly report", "every": "month"}},
        "tools": {"wiki": {"title": "Wiki"}},
        "procedures": {"backup": {"title": "Backup"}},
    }
    words = agreed(**plan).vocabulary()

    names = ("bodies", "reports", "roles", "tools", "procedures")
    assert [words[name] for name in names] == [
        ("steering", "launch"), ("monthly",), ("manager", "lead", "delivery"), ("wiki",),
        ("backup",),
    ]  # fmt: skip
    assert "launch" not in agreed(bodies={"steering": BODY}).vocabulary()["bodies"]


def test_what_is_left_out_binds_neither_party() -> None:
    contract = agreed(reports={"monthly": {"title": "Monthly report", "every": "month"}})
    plan = contract.governance

    assert (plan.launch, plan.disputes, plan.decisions, plan.blockers) == (None,) * 4
    assert (plan.reports["monthly"].side, plan.reports["monthly"].within) == ("provider", None)
    assert (contract.selection, contract.client_duties, contract.key_dates) == (None, (), ())


def test_days_of_the_plan_may_be_written_in_french() -> None:
    plan = agreed(
        bodies={"steering": BODY | {"minutes": "5 jours ouvrés"}},
        decisions={"within": "10 jours calendaires"},
        procedures={"backup": {"title": "Sauvegarde", "current_for": "12 mois"}},
    ).governance
    english = agreed(
        bodies={"steering": BODY | {"minutes": "5 working days"}},
        decisions={"within": "10 calendar days"},
        procedures={"backup": {"title": "Sauvegarde", "current_for": "12 months"}},
    ).governance

    assert plan == english


def test_a_key_date_and_a_duty_of_the_client_state_their_delay() -> None:
    contract = desk.contract(
        desk.RESOLUTION,
        key_dates=[
            {"kind": "option", "title": "Extension", "date": "2024-12-31", "notice": "3 months"}
        ],
        client_duties=[{"title": "Open an access", "kind": "access", "within": "5 working days"}],
        selection={"criteria": [{"title": "Price", "kind": "price", "weight": "40 %"}]},
    )

    assert (contract.key_dates[0].date, contract.client_duties[0].kind) == (
        dt.date(2024, 12, 31),
        "access",
    )
    assert contract.selection is not None
    assert contract.selection.criteria[0].weight == 0.4


def test_a_sheet_states_the_plan_that_the_yaml_states(tmp_path: Path, contract_text: str) -> None:
    contract = yaml.safe_load(contract_text) | {"client": CLIENT, "provider": PROVIDER}
    contract["governance"] = {
        "launch": {"by": "2024-01-15", "roles": ["manager", "delivery"]},
        "bodies": {"steering": BODY | {"roles": ["manager", "delivery"], "minutes": MINUTES}},
        "disputes": {"steps": [{"step": "direct_talks", "within": FIRST}, {"step": "mediation"}]},
        "blockers": {"within": "5 working days", "options": 2},
    }  # fmt: skip
    contract["key_dates"] = [{"kind": "renewal", "title": "Renewal", "date": "2024-12-31"}]
    asked = {"text": "Satisfied?", "kind": "csat", "respondents": ["users", "client"]}
    contract["survey"] = {"questions": {"Q1": asked}}
    rows: Rows = [("key", "value"), *_rows(yaml.safe_load(contract_text), ("client", "provider"))]
    rows += [
        ("client > name", "Client"), ("client > contact > id", "manager"),
        ("client > contact > role", "Contract manager"), ("client > contact > deputy", "CIO"),
        ("client > others > 1 > id", "lead"), ("client > others > 1 > role", "Technical lead"),
        ("client > others > 1 > technical", "oui"),
        ("client > others > 2 > id", ""), ("client > others > 2 > role", ""),
        ("provider > name", "Provider"), ("provider > contact > id", "delivery"),
        ("provider > contact > role", "Delivery manager"),
        ("governance > launch > by", dt.date(2024, 1, 15)),
        ("governance > launch > roles", "manager, delivery"),
        ("governance > bodies > 1 > id", "steering"),
        ("governance > bodies > 1 > title", "Steering committee"),
        ("governance > bodies > 1 > every", "month"),
        ("governance > bodies > 1 > roles", "manager; delivery"),
        ("governance > bodies > 1 > minutes", MINUTES),
        ("governance > bodies > 2 > id", ""), ("governance > bodies > 2 > every", ""),
        (
            "governance > disputes > steps",
            f"[{{step: direct_talks, within: {FIRST}}}, {{step: mediation}}]",
        ),
        ("governance > blockers > within", "5 working days"),
        ("governance > blockers > options", "2"),
        ("key_dates > 1 > kind", "renewal"), ("key_dates > 1 > title", "Renewal"),
        ("key_dates > 1 > date", dt.date(2024, 12, 31)),
        ("survey > questions > 1 > id", "Q1"), ("survey > questions > 1 > text", "Satisfied?"),
        ("survey > questions > 1 > kind", "csat"),
        ("survey > questions > 1 > respondents", "users, client"),
    ]  # fmt: skip
    (tmp_path / "yaml").mkdir()
    text = yaml.safe_dump(contract, allow_unicode=True)
    (tmp_path / "yaml" / "engagement.yml").write_text(text, encoding="utf-8")
    (tmp_path / "plan.xlsx").write_bytes(book({"contract": rows}))

    assert load_contract(tmp_path) == load_contract(tmp_path / "yaml")


def _rows(parts: dict[str, Any], without: tuple[str, ...]) -> Rows:
    """The rows of a contract but for some of its keys, each value in the form of YAML."""
    plain = {key: value for key, value in parts.items() if key not in (*without, "format")}
    return [
        (key, value if isinstance(value, str) else yaml.safe_dump(value, default_flow_style=True))
        for key, value in plain.items()
    ]
