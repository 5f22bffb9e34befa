"""Days that are no lateness, and days after the end of the contract, owe nothing by default."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from reviewlib.money.penalties.claim import Facts
from reviewlib.money.penalties.metrics import ledger
from tests.money.penalties.test_metrics import agreed, delay, late, only, parts


def excused(share: str, first: str, last: str) -> pd.DataFrame:
    """A span of the delay of D1, as ``deliverables.excused`` returns it."""
    days = {"starts_on": pd.Timestamp(first), "ends_on": pd.Timestamp(last)}
    return pd.DataFrame([{"deliverable_id": "D1", "share": share, "id": "v1", **days}])


def with_excused(facts: Facts, spans: pd.DataFrame) -> Facts:
    delays = {
        name: dataclasses.replace(of_date, excused=spans) for name, of_date in facts.delays.items()
    }
    return dataclasses.replace(facts, delays=delays)


@pytest.mark.parametrize("share", ["decision", "waiting"])
def test_days_that_are_no_lateness_of_a_deliverable_owe_nothing(share: str) -> None:
    """21 days after 31 March, of which 14 are left out: 120,000 × 7 / 1,000 = 840."""
    rules = {"10": delay(milestones=[], deliverables=["D1"])}
    facts = with_excused(
        late(("D1", "2026-03-31", "2026-04-21")), excused(share, "2026-04-01", "2026-04-14")
    )

    line = only(ledger(agreed(rules), facts))

    assert parts(line) == ("840.00", "0.00", "0.00", "840.00")
    assert line.claim.left_out == ((share, 14),)


@pytest.mark.parametrize(
    ("stated", "due", "left_out"),
    [
        ({}, "1200.00", (("after_end", 4),)),
        ({"after_end": "excluded"}, "1200.00", (("after_end", 4),)),
        ({"after_end": "counted"}, "1680.00", ()),
    ],
)
def test_days_after_the_end_of_the_contract_owe_nothing_unless_the_rule_counts_them(
    stated: dict[str, str], due: str, left_out: tuple[tuple[str, int], ...]
) -> None:
    """Due on 21 December, 14 days late on 4 January; the contract ends on 31 December, its last day
    included: 10 days at 120, or 14."""
    facts = late(("M1", "2026-12-21", "2027-01-04"), today=pd.Timestamp("2027-01-04"))

    line = only(ledger(agreed({"10": delay(**stated)}), facts))

    assert parts(line)[0] == due
    assert line.claim.left_out == left_out
