"""What hangs on pauses that no log tells is not assessed: no concern, and no advice to claim it.

R1 asks for 95 %. A miss is 1 point and 1 more for each started percentage point under, 100 each.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reviewlib.money.penalties.chapter import penalties
from reviewlib.money.penalties.metrics import ledger
from reviewlib.money.penalties.statement import statement
from reviewlib.pages.wording import Wording
from reviewlib.report.values import Kind
from tests import desk
from tests.money.penalties.test_metrics import POINTS, agreed, month, tickets
from tests.service.sensitivity.test_chapter import ONE
from tests.spoken import caveats, html, table, unfit
from tests.spoken import chapter as chapter_of

EACH_POINT = {"P": POINTS | {"each_point": 1}}


@pytest.mark.parametrize(
    ("late_or_paused", "high", "unassessed", "provisional"),
    [
        (20, 1600, True, False),  # without the pauses: 100 of 100, nothing due
        (15, 1600, True, True),  # 5 run: 95 of 100 were these late, nothing due
        (14, 1600, False, True),  # 6 run: 94 of 100, 2 points whatever the pauses were
        (0, 1600, False, True),
    ],
)
def test_a_month_is_not_assessed_where_its_points_hang_on_unknown_pauses_alone(
    late_or_paused: int, high: int, unassessed: bool, provisional: bool
) -> None:
    """80 of 100 in time and 20 open: none to 1 + 15 points; only what runs may bring more."""
    facts = tickets(month("2026-03", 80, 0, 20, late_or_paused=late_or_paused))
    (line,) = ledger(agreed(EACH_POINT), facts).lines

    assert (line.low.net, line.high.net) == (0, high)
    assert (line.claim.unassessed, line.claim.provisional) == (unassessed, provisional)
    assert line.claim.paused is bool(late_or_paused)
    assert [(miss.open, miss.paused) for miss in line.claim.misses] == [(20, late_or_paused)]


def test_a_month_that_owes_whatever_the_pauses_were_is_assessed() -> None:
    """90 of 100 at best: 1 + 5 points; 80 at worst, 16."""
    facts = tickets(month("2026-03", 80, 10, 10, late_or_paused=10))
    (line,) = ledger(agreed(EACH_POINT), facts).lines

    assert (line.low.net, line.high.net) == (600, 1600)
    assert (line.claim.unassessed, line.claim.paused) == (False, True)


@pytest.mark.parametrize(("late_or_paused", "unassessed"), [(10, True), (6, True), (4, False)])
def test_a_credit_and_a_bonus_that_hang_on_unknown_pauses_alone_are_not_assessed(
    late_or_paused: int, unassessed: bool
) -> None:
    """90 of 100 in time, 10 open. Under 95 % a credit of 10 % of 1,000, from 98 % a bonus of 5 %.

    With 10 or 6 of unknown pauses, those in time make 100 or 96 of 100, no credit; those late make
    90 or 94, no bonus. With 4, the 6 others late make 94, a credit; the 4 late make 96, no bonus.
    """
    tiers = [
        {"at_least": "98 %", "bonus": "5 %"},
        {"at_least": "95 %"},
        {"at_least": "0 %", "credit": "10 %"},
    ]
    rule = {"kind": "tiers", "title": "Credits", "clauses": ["R1"], "base": 1000, "tiers": tiers}
    facts = tickets(month("2026-03", 90, 0, 10, late_or_paused=late_or_paused))
    credit, bonus = ledger(agreed({"T": rule}), facts).lines

    assert (credit.low.net, credit.high.net) == (0, 100)
    assert (bonus.low.net, bonus.high.net) == (50, 0)
    assert (credit.claim.unassessed, bonus.claim.unassessed) == (unassessed, True)


def test_without_a_log_the_chapter_advises_no_claim_and_says_why(tmp_path: Path) -> None:
    """1 of 2 in time, T2 over its 4 hours: 50 % of 60 %, 1 point of 100, or none if it paused."""
    rows = desk.tickets(
        desk.ticket("T1", "2026-01-05T09:00", resolved_at="2026-01-05T10:00"),
        desk.ticket("T2", "2026-01-05T09:00", resolved_at="2026-01-05T18:00"),
    )
    terms: dict[str, Any] = ONE["terms"] | {"penalties": {"Art. 8": POINTS}}
    review = desk.review(tmp_path, ONE | {"terms": terms}, {"tickets": rows})
    section = chapter_of(penalties, review)

    assert section.headline == "Chargeable to the provider, not decided: €0 to €100."
    (account,) = statement(review).parties
    assert Wording("en").say(account.remarks) == (
        "Chargeable to the provider, from €0 to €100 of what is not decided is not "
        "assessed: the log of status changes does not record the pauses of tickets over their "
        "target."
    )
    finding, notice = section.findings
    assert notice.id == "penalties.notice"
    assert (finding.kind, finding.decision) == (Kind.NEUTRAL, "")
    assert finding.sentence.endswith(
        "Not assessed, because the log of status changes does not record the pauses of tickets "
        "over "
        "their target (Jan 2026): between €0 and €100."
    )
    undecided = section.fact("penalties.provider.undecided")
    assert undecided.interval is not None
    assert "unknown pauses" in str(undecided.interval.method)
    assert [one.id for one in section.caveats if one.id == "penalties.running"] == []
    assert caveats(section)["penalties.priorities"] == (
        "What the penalties under R1 would be by the priority at the opening, or by the highest "
        "one, is not assessed, because no log of the changes of priority is there: a ticket counts "
        "under its last priority (by default)."
    )
    keys = [column.key for column in table(section, "ledger.provider").columns]
    (row,) = table(section, "ledger.provider").rows
    assert row[keys.index("status")] == "not assessed: pauses unknown"
    assert unfit(section) == set()
    assert html(section, "fr")
