"""What is left out of the delay of a milestone, under which rule; contested days are open."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from reviewlib.contract import Contract
from reviewlib.delivery.lateness import Delays
from reviewlib.delivery.left_out import SPLIT, split_of_milestones
from reviewlib.delivery.left_out_words import of_milestones
from reviewlib.pages.wording import Wording
from tests import delivered, desk

LATE = {
    "kind": "milestone", "subject": "M1", "clause": "", "title": "", "ended": "reached",
    "needs": None, "before": None,
}  # fmt: skip
RULE = {
    "kind": "delay", "title": "Delay", "milestones": ["M1"], "base": 1000, "rate": "1/1000",
}  # fmt: skip


def delays_of(causes: list[tuple[str, str, str, str]]) -> Delays:
    """M1, due on 1 March 2024 and reached on the 11th: ten days late."""
    late = pd.DataFrame([LATE | {"after": "2024-03-01", "last": "2024-03-11"}])
    dates = {"after": "datetime64[s]", "last": "datetime64[s]"}
    names = ["attributed_to", "starts_on", "ends_on", "contested"]
    table = pd.DataFrame(causes, columns=names).astype(
        {"starts_on": "datetime64[s]", "ends_on": "datetime64[s]"}
    )
    table = table.assign(
        cause_id=[f"C{n}" for n in range(len(table))],
        milestone_id="M1",
        contested=table["contested"] == "yes",
    )
    return Delays(late.astype(dates), table, None)


def under(rule: dict[str, Any] | None = None, **parts: Any) -> Contract:
    agreement = delivered.agreed(**parts)
    if rule:
        agreement["terms"] |= {"penalties": {"10.1": rule}}
    return desk.loaded(agreement)


def sentence(causes: list[tuple[str, str, str, str]], rule: dict[str, Any] | None = None) -> str:
    """What is left out of the ten days of M1."""
    texts = of_milestones(delays_of(causes), under(rule), pd.Series(["M1"]))
    return Wording("en").say(texts.get("M1", ""))


def test_days_left_out_name_the_rule_that_says_so_or_that_it_is_a_default() -> None:
    """Ten days: 2 of the client, 3 of a third party."""
    causes = [
        ("client", "2024-03-02", "2024-03-03", "no"),
        ("third_party", "2024-03-04", "2024-03-06", "no"),
    ]
    client = "2 days attributed to the client"
    both = f"{client} and 3 days attributed to a third party"
    excusing = RULE | {"excludes": ["client", "third_party"]}

    assert sentence(causes) == (
        f"Left out of these days: {client} (by default). It is late by 8 days."
    )
    assert sentence(causes, RULE) == (
        f"Left out of these days under clause 10.1: {client} (by default). It is late by 8 days."
    )
    assert sentence(causes, excusing) == (
        f"Left out of these days under clause 10.1: {both}. It is late by 5 days."
    )


@pytest.mark.parametrize(
    ("party", "late"),
    [
        ("client", "It is late by 6 days, or 10 if the 4 contested days count."),
        ("provider", "It is late by 6 days, or 10 if the 4 contested days count."),
    ],
)
def test_contested_days_leave_two_lengths_as_in_the_penalties(party: str, late: str) -> None:
    """Of ten days 4 are contested, from the 4th to the 7th."""
    assert sentence([(party, "2024-03-04", "2024-03-07", "yes")], RULE) == late


def test_contested_days_that_count_whatever_the_answer_leave_the_whole_length() -> None:
    """Where no cause is left out, no answer to a contested one changes the ten days."""
    causes = [("client", "2024-03-04", "2024-03-07", "yes")]

    assert sentence(causes, RULE | {"excludes": []}) == ""  # as long as the dates say


def test_days_without_a_recorded_cause_are_left_out_where_the_rule_says_so() -> None:
    """Of ten days 4 are the provider's; nobody recorded a cause of 6."""
    causes = [("provider", "2024-03-04", "2024-03-07", "no")]

    assert sentence(causes, RULE | {"unattributed": "excluded"}) == (
        "Left out of these days under clause 10.1: 6 days without a recorded cause. "
        "It is late by 4 days."
    )


def split(causes: list[tuple[str, str, str, str]], contract: Contract) -> dict[str, Any]:
    return dict(split_of_milestones(delays_of(causes), contract).loc["M1", [*SPLIT]])


def test_the_days_of_a_delay_add_up_and_those_without_a_cause_may_be_contested() -> None:
    """Of ten days 4 are the provider's and 6 nobody's that is recorded: 4 + 6 + 0 = 10."""
    causes = [("provider", "2024-03-04", "2024-03-07", "no")]
    contract = under(RULE | {"unattributed": "contested"})

    assert split(causes, contract) == {
        "suspended": 0, "suspensions": (), "excused": 0, "contested": 6, "late": 4,
    }  # fmt: skip


def test_the_rule_of_a_delay_is_that_in_force_on_its_first_day() -> None:
    """Client 4 days of 10, left out until an amendment that holds from the sixth day on."""
    later = delivered.amendment("2024-03-07", penalties={"10.1": RULE | {"excludes": []}})
    period = {"first": "2024-01-01", "last": "2026-12-31"}
    later |= {"signed": "2024-03-01"}
    contract = under(RULE, amendments=[later], period=period)

    assert split([("client", "2024-03-04", "2024-03-07", "no")], contract)["excused"] == 4


def test_a_contested_day_may_turn_out_to_have_no_cause_which_the_rule_leaves_out() -> None:
    """Of ten days 4 have a contested cause alone, 6 none; days without one do not count."""
    contract = under(RULE | {"excludes": [], "unattributed": "excluded"})
    days = split([("client", "2024-03-04", "2024-03-07", "yes")], contract)

    assert (days["contested"], days["excused"], days["late"]) == (4, 6, 0)
