"""What the table of penalties records in part: an amount without a decision, or the reverse.

Small folders: under Art. 8, M1 owes 100,000 × 10 days / 1,000 = 1,000 and M2 2,000 (20 days).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from reviewlib.money.penalties.chapter import penalties
from reviewlib.money.penalties.metrics import ledger
from reviewlib.money.penalties.statement import statement
from reviewlib.report.values import Section
from reviewlib.review import Review
from tests.money.penalties.test_chapter import RULES, cells, fact, finding
from tests.money.penalties.test_decided import review_with  # noqa: F401
from tests.money.penalties.test_metrics import POINTS, agreed, month, tickets
from tests.spoken import chapter as chapter_of

ReviewWith = Callable[..., Review]
CAPPED = RULES.replace("      obs", "      cap: 2500\n      obs")


def status_of(section: Section, subject: str) -> tuple[Any, ...]:
    """The net amount and the status of a line."""
    rows = cells(section, "ledger.provider", "subject", "net", "status")
    return next(row[1:] for row in rows if row[0].startswith(subject))


def test_what_was_paid_without_any_decision_is_in_the_ledger(
    review_with: ReviewWith,  # noqa: F811
) -> None:
    """1,500 paid for M1, of which 1,000 is computed: 500 beyond it."""
    section = chapter_of(penalties, review_with("N1,Art. 8,M1,,,,,1500,2024-08-01"))

    assert fact(section, "provider.paid").value == 1500.0
    assert status_of(section, "M1") == (1000.0, "paid")
    assert finding(section, "decision.N1").sentence == (
        "N1: €1,500 was paid on 1 Aug 2024 for M1 under Art. 8; no decision on it is recorded. "
        "Computed: €1,000."
    )
    assert finding(section, "paid_beyond.provider").sentence == (
        "€500 was paid by the provider beyond what is computed: N1 €500."
    )


def test_an_amount_alone_is_neither_lost_nor_called_notified_or_decided(
    review_with: ReviewWith,  # noqa: F811
) -> None:
    review = review_with("N2,Art. 8,M2,,,,,1700,", "N3,Art. 8,M3,,,,,7,")
    section = chapter_of(penalties, review)

    assert status_of(section, "M2") == (2000.0, "no notice or decision recorded; amount: €1,700")
    awaited = finding(section, "notified.N2")
    assert awaited.sentence == (
        "N2: neither a notice nor a decision is recorded for M2 under Art. 8 as of 1 Oct 2024. "
        "Computed: €2,000. Amount recorded: €1,700."
    )
    assert awaited.decision == "N2: record whether it was notified, decided or paid."
    assert finding(section, "decision.N3").sentence == (
        "N3: the tables show nothing due for M3 under Art. 8; no notice or decision recorded; "
        "amount: €7."
    )
    assert cells(section, "decisions", "id", "amount") == [("N2", 1700.0), ("N3", 7.0)]
    assert statement(review).parties


def test_the_amount_of_a_claim_that_is_not_decided_is_the_one_notified(
    review_with: ReviewWith,  # noqa: F811
) -> None:
    """2,600 notified for M2 under a cap of 2,500 is 100 above it; M1 leaves 1,500 of the cap."""
    section = chapter_of(penalties, review_with("N2,Art. 8,M2,2024-06-01,,,,2600,", rules=CAPPED))

    assert status_of(section, "M2") == (1500.0, "notified; amount: €2,600")
    assert section.finding("penalties.decision.N2") is None
    claim = finding(section, "notified.N2")
    assert claim.sentence == (
        "N2: a claim of €2,600 for M2 under Art. 8 was notified on 1 Jun 2024; no decision is "
        "recorded as of 1 Oct 2024. Computed now: €1,500. The amount notified is €100 above "
        "the cap of €2,500."
    )
    assert claim.decision == (
        "N2: decide on what was notified: impose it, in whole or in part, or waive it."
    )
    assert cells(section, "ledger.provider", "rule", "net") == [
        ("Art. 8", 1000.0),
        ("Art. 8", 1500.0),
    ]
    assert not any("was decided" in one.sentence for one in section.findings)


def test_an_unknown_amount_is_not_zero(review_with: ReviewWith) -> None:  # noqa: F811
    paid = "N1,Art. 8,M1,2024-06-01,,2024-07-01,imposed,,2024-08-01"
    section = chapter_of(penalties, review_with(paid))

    assert section.headline == "Chargeable to the provider, not decided: €2,000."
    figure = fact(section, "provider.paid")
    assert figure.value is None
    assert figure.note == "computed: €1,000; without the amount of N1, which is not recorded"
    assert status_of(section, "M1") == (1000.0, "paid; the amount is not recorded")
    unknown = finding(section, "decision.N1")
    assert unknown.sentence == (
        "N1: the amount for M1 under Art. 8 is not recorded (paid); computed: €1,000."
    )
    assert unknown.decision == "N1: record the amount."


def test_an_unknown_amount_beside_a_recorded_one_is_named(
    review_with: ReviewWith,  # noqa: F811
) -> None:
    """M1 1,000 + M2 2,000 = 3,000 computed of the 2,000 and an unknown amount that were imposed."""
    step = "2024-06-01,,2024-07-01,imposed"
    section = chapter_of(
        penalties, review_with(f"N1,Art. 8,M1,{step},,", f"N2,Art. 8,M2,{step},2000,")
    )

    assert section.headline == "Chargeable to the provider, decided, not paid: €2,000."
    assert fact(section, "provider.imposed").note == (
        "computed: €3,000; without the amount of N1, which is not recorded"
    )


def test_what_was_decided_on_a_day_that_is_not_recorded_is_called_so(
    review_with: ReviewWith,  # noqa: F811
) -> None:
    section = chapter_of(penalties, review_with("N1,Art. 8,M1,,,,imposed,900,"))

    assert finding(section, "decision.N1").sentence == (
        "N1: €900 was decided on a day that is not recorded for M1 under Art. 8; computed: €1,000."
    )


@pytest.mark.parametrize("name", ["P2", "P3"])
def test_a_decision_on_one_priority_is_on_the_points_of_its_month(name: str) -> None:
    """P2 and P3 miss once each: 2 points of 100 are one claim of 200; P9 has none of it."""
    facts = tickets(
        month("2026-01", 8, 2, priority="P2", threshold=0.9),
        month("2026-01", 8, 2, priority="P3", threshold=0.9),
    )
    head = ["penalty_id", "rule", "subject", "month", "decided_on", "decision", "amount"]
    day = pd.Timestamp("2026-03-01")
    rows = [(f"N-{of}", "P", of, "2026-01", day, "imposed", 50.0) for of in (name, "P9")]
    facts = dataclasses.replace(facts, decisions=pd.DataFrame(rows, columns=head))

    result = ledger(agreed({"P": POINTS | {"missed": 1}}), facts)

    (line,) = result.lines
    assert line.low.net == 200
    assert line.decision is not None
    assert line.decision.id == f"N-{name}"
    assert not line.pending
    assert [(one.id, one.hidden) for one in result.unmatched] == [("N-P9", False)]


def test_two_decisions_on_the_priorities_of_a_month_are_neither_unfounded() -> None:
    """One is on the claim of 200; what is due for the other alone can't be told."""
    facts = tickets(
        month("2026-01", 8, 2, priority="P2", threshold=0.9),
        month("2026-01", 8, 2, priority="P3", threshold=0.9),
    )
    head = ["penalty_id", "rule", "subject", "month", "decision", "amount"]
    rows = [(f"N-{of}", "P", of, "2026-01", "imposed", 100.0) for of in ("P2", "P3")]
    facts = dataclasses.replace(facts, decisions=pd.DataFrame(rows, columns=head))

    result = ledger(agreed({"P": POINTS}), facts)

    assert [one.id for one, _ in result.answers] == ["N-P2"]
    assert [(one.id, one.hidden) for one in result.unmatched] == [("N-P3", True)]
