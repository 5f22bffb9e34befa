"""The reference is whole: every key of the contract, column, command and rule pack has its line."""

from __future__ import annotations

import re
import typing
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reviewlib.contract import (
    availability,
    clauses,
    control,
    data,
    delivery,
    governance,
    model,
    parties,
    penalties,
    sharing,
)
from reviewlib.contract import service_levels as levels
from reviewlib.contract import survey as asked_of_users
from reviewlib.contract.days import day_count
from reviewlib.contract.loading import load_contract
from reviewlib.contract.targets import target
from tests import docs

Models = dict[str, type[BaseModel]]
CONTRACT: Models = {
    "The whole": model.Contract,
    "A period": parties.Period,
    "A party": parties.Party,
    "A contact": parties.Contact,
    "A duty of the client: each of `client_duties`": parties.Duty,
    "`selection`": parties.Selection,
    "A criterion": parties.Criterion,
    "A key date: each of `key_dates`": parties.KeyDate,
    "A level of the ladder": parties.EscalationLevel,
    "Major incidents": parties.MajorIncidents,
    "An item of the scope": parties.ScopeItem,
    "An objective": parties.Objective,
    "`governance`": governance.Governance,
    "`governance.reviews`": governance.PeriodicReviews,
    "`governance.launch`": governance.LaunchMeeting,
    "A body: each of `governance.bodies`": governance.Body,
    "A report: each of `governance.reports`": governance.Report,
    "`governance.disputes`": governance.DisputeLadder,
    "A step of a dispute": governance.DisputeStep,
    "A rule: `governance.decisions`, `initiatives` and `contacts`": governance.AgreedRule,
    "`governance.blockers`": governance.BlockerRule,
    "`governance.subcontracting`": governance.Subcontracting,
    "A tool: each of `governance.tools`": governance.Tool,
    "A procedure: each of `governance.procedures`": governance.Procedure,
    "`control`": control.Control,
    "A change of the process": control.ProcessChange,
    "`terms`": levels.Terms,
    "A calendar": levels.Calendar,
    "A service": levels.Service,
    "A site": levels.Site,
    "A status": levels.Status,
    "A clause: each of `terms.clauses`": clauses.Clause,
    "A variant of a clause": clauses.Variant,
    "An availability clause: each of `terms.availability`": availability.Availability,
    "`terms.price`": delivery.Price,
    "`terms.acceptance`": delivery.Acceptance,
    "`terms.payment`": delivery.Payment,
    "`terms.payment.retention`": delivery.Retention,
    "`terms.change_requests`": delivery.ChangeRequests,
    "An amendment": model.Amendment,
    "`survey`": asked_of_users.Survey,
    "A question": asked_of_users.Question,
    "`sharing`": sharing.Sharing,
    "`data`": data.Data,
    "A format: each of `data.formats`": data.Format,
}
PENALTIES: Models = {
    "Every rule": penalties.Limits,
    "`kind: delay`": penalties.Delay,
    "`kind: points`": penalties.Points,
    "`kind: tiers`": penalties.Tiers,
    "A tier": penalties.Tier,
    "`kind: late_payment`": penalties.LatePayment,
}
DESCRIBED = [
    (page, heading, described)
    for page, models in (("contract.md", CONTRACT), ("penalties.md", PENALTIES))
    for heading, described in models.items()
]
LINE = re.compile(r"^\| `(\w+)` \| (.*?) \| (.*) \|$", re.MULTILINE)


def text_of(page: str) -> str:
    return (docs.DOCS / page).read_text(encoding="utf-8")


def below(page: str, heading: str) -> str:
    """What stands below a heading, down to the next one."""
    _, start, rest = text_of(page).partition(f"# {heading}\n")
    assert start, heading
    return re.split(r"^#", rest, maxsplit=1, flags=re.MULTILINE)[0]


def keys_of(described: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys as ``engagement.yml`` has them; of a kind of penalty, its own."""
    fields = dict(described.model_fields)
    if issubclass(described, penalties.Limits) and described is not penalties.Limits:
        fields = {k: f for k, f in fields.items() if k not in penalties.Limits.model_fields}
    if described is model.Contract:
        fields["terms"] = FieldInfo(annotation=levels.Terms, default=levels.Terms())
        del fields["versions"]
    return fields


def default_of(field: FieldInfo) -> str:
    """A default as it would be written in the file; nothing for what is then simply not there."""
    if field.is_required():
        return "required"
    match field.get_default(call_default_factory=True):
        case BaseModel() | None | "" | () | {}:
            return ""
        case bool(value):
            return f"`{str(value).lower()}`"
        case float(value):
            return f"`{value * 100:g} %`"
        case tuple(values):
            return f"`[{', '.join(map(str, values))}]`"
        case value:
            return f"`{value}`"


def words_of(annotation: Any) -> set[str]:
    """The words that a key may have, where it has no others."""
    if typing.get_origin(annotation) is Literal:
        return {str(word) for word in typing.get_args(annotation) if re.match(r"\w", str(word))}
    return {word for part in typing.get_args(annotation) for word in words_of(part)}


@pytest.mark.parametrize(("page", "heading", "described"), DESCRIBED)
def test_every_key_has_a_line_with_its_default_and_the_words_that_it_may_have(
    page: str, heading: str, described: type[BaseModel]
) -> None:
    lines = {
        name: (default, meaning) for name, default, meaning in LINE.findall(below(page, heading))
    }
    keys = keys_of(described)

    assert sorted(lines) == sorted(keys)
    assert {name: default for name, (default, _) in lines.items()} == {
        name: default_of(field) for name, field in keys.items()
    }
    lacking = {
        name: words_of(field.annotation) - set(re.findall(r"`([^`]+)`", lines[name][1]))
        for name, field in keys.items()
    }
    assert {name: words for name, words in lacking.items() if words} == {}


def parts_of(annotation: Any) -> set[type[BaseModel]]:
    """Every model that a key may hold, with those below it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        below_it = (parts_of(field.annotation) for field in annotation.model_fields.values())
        return {annotation}.union(*below_it)
    return set().union(*map(parts_of, typing.get_args(annotation)))


def test_every_part_of_the_contract_is_described() -> None:
    described = {*CONTRACT.values(), *PENALTIES.values()} - {penalties.Limits}

    assert parts_of(model.Contract) == described


@pytest.mark.parametrize("name", docs.GENERATED)
def test_what_is_generated_is_up_to_date(name: str) -> None:
    page, generate = docs.GENERATED[name]

    assert docs.between(text_of(page), name)[0].strip() == generate(), "run: make docs"


@pytest.mark.parametrize(("word", "read"), [("delay", target), ("Days", day_count)])
def test_lengths_written_as_the_page_says_are_read_and_the_others_refused(
    word: str, read: Any
) -> None:
    (bullet,) = [line for line in re.split(r"^- ", text_of("contract.md"), flags=re.M)
                 if f"**{word}**" in line]  # fmt: skip
    *examples, refused = re.findall(r"`([^`]+)`", " ".join(bullet.split()))

    assert len(examples) >= 5
    for example in examples:
        assert read(example), example
    with pytest.raises(ValueError, match="days"):
        read(refused)


def test_the_rule_of_the_page_is_one_that_a_contract_can_have(
    contract_text: str, tmp_path: Path
) -> None:
    (block,) = re.findall(r"^```yaml\n(.*?)^```", text_of("penalties.md"), re.M | re.S)
    contract = yaml.safe_load(contract_text)
    contract["terms"] |= yaml.safe_load(block)["terms"] | {"price": {"total": 100_000}}
    (tmp_path / "engagement.yml").write_text(yaml.safe_dump(contract), encoding="utf-8")
    rule = load_contract(tmp_path).versions[0].penalties["Art. 10.1"]

    assert isinstance(rule, penalties.Delay)
    assert (rule.pack, rule.cap_share, rule.exempt_up_to) == (
        "ccag-tic-2021",
        Decimal("0.08"),
        1000,
    )
