"""What the lines of the ledger tell: what may follow, what was decided, what is spared.

The sample's figures are counted in the docstrings of the tests, from those of test_chapter.py.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewlib.money.penalties.chapter import penalties
from reviewlib.money.penalties.statement import statement
from reviewlib.pages.wording import Wording
from reviewlib.report.values import Section
from reviewlib.review import open_review
from tests.sample import sample_of
from tests.spoken import caveats, sentence, table
from tests.spoken import chapter as chapter_of

Folder = Callable[..., Path]


@pytest.fixture(scope="module")
def english() -> Section:
    return chapter_of(penalties, sample_of(language="en"))


def rows_of(section: Section, name: str, *columns: str) -> list[tuple[Any, ...]]:
    of_name = table(section, name)
    keys = [column.key for column in of_name.columns]
    return [tuple(row[keys.index(column)] for column in columns) for row in of_name.rows]


def facts_of(section: Section) -> dict[str, str]:
    return dict(rows_of(section, "ledger.provider", "subject", "fact"))


def test_only_lines_that_can_still_grow_are_not_final(english: Section) -> None:
    """M6 and D7 count no day after 30 June, the end of the contract; today is 4 July.

    June 2025 is over: by its open tickets alone it grows, from 1,100 to its cap of 1,600.
    """
    assert caveats(english)["penalties.running"] == (
        "Not final, more may follow after 4 Jul 2025: Jun 2025 (at most €500 more)."
    )


def test_what_is_not_final_agrees_with_the_amounts_in_french() -> None:
    running = caveats(chapter_of(penalties, sample_of(language="fr")))["penalties.running"]

    assert running.startswith("Montants non définitifs, car dépendant de ce qui se passe après le")


def test_a_delay_that_goes_on_after_the_end_counts_no_more_day(english: Section) -> None:
    facts = facts_of(english)

    stopped = "so far; no day after the end of the contract counts"
    assert facts["M6 · Regular service formally verified"] == (
        f"late from 21 Jun 2025 to 4 Jul 2025 {stopped}"
    )
    assert facts["D7 · Reversibility plan"] == f"late from 31 May 2025 to 27 Jun 2025 {stopped}"


RULES = """\
  price: {total: 100000}
  penalties:
    Art. 8:
      kind: delay
      title: Delay
      milestones: [M1, M2]
      rate: 1/1000
      against: contract
      cap: CAP
"""
MILESTONES = "milestone_id,title,contract_date,actual_date\nM1,Go live,2024-03-01,2024-03-11\n"


@pytest.mark.parametrize(("cap", "grows"), [("1500", False), ("90000", True)])
def test_a_delay_whose_cap_is_used_up_does_not_grow(
    engagement_folder: Folder, contract_text: str, cap: str, grows: bool
) -> None:
    """M1 100,000 × 10 / 1,000 = 1,000; M2 runs: more than 5 days, 500, and nothing under 1,500."""
    folder = engagement_folder(
        contract_text + RULES.replace("CAP", cap), milestones=f"{MILESTONES}M2,End,2024-05-01,\n"
    )

    section = chapter_of(penalties, open_review(folder, "2024-06-01", "en"))

    assert caveats(section).get("penalties.running") == (
        "Not final, more may follow after 1 Jun 2024: M2." if grows else None
    )
    assert facts_of(section)["M2 · End"] == "late from 2 May 2024, so far until 1 Jun 2024"


def test_a_line_has_what_was_decided_and_when_it_was_paid(english: Section) -> None:
    lines = rows_of(english, "ledger.provider", "subject", "status", "decided", "paid_on")

    assert [line for line in lines if line[2] is not None] == [
        ("M1 · End of the transition", "paid", 240.0, "2025-06-30T00:00:00"),
        ("M4 · Switch to the new e-mail", "disputed", 10240.0, None),
        ("D2 · Operations handbook", "paid", 1500.0, "2024-08-30T00:00:00"),
        ("D3 · Migration architecture file", "paid", 2000.0, "2024-11-29T00:00:00"),
        ("Application support", "waived", 0.0, None),
    ]


def test_the_statement_says_what_its_sums_by_state_do_not(english: Section) -> None:
    """If PEN1 and PEN2 stand, the cap of 10,000 leaves nothing of the 1,120 of M5 and M6:
    10,070 − 1,120 = 8,950; where what is contested counts they come to nothing anyhow: 9,450.
    """
    provider, client = statement(sample_of(language="en")).parties
    remarks = Wording("en").say(provider.remarks)

    assert "€10,070 − €1,120 = €8,950" in remarks
    assert "€480 is above the cap of Art. 10.1" in remarks
    assert "€250 rests on no fact of the tables (PEN7)" in remarks
    assert "€3,760 to €5,360 rests on days without a recorded cause" in remarks
    assert "(if the decisions stand: €8,950 to €9,450)" in sentence(
        english, "penalties.owed.provider"
    )
    assert not client.remarks


DECIDED = "penalty_id,rule,subject,notified_on,decided_on,decision,amount\n"


@pytest.mark.parametrize(
    ("decided", "equation"),
    [("800", "€500 + €200 = €700"), ("1400", "€500 − €400 = €100")],
)
def test_an_amount_decided_takes_of_the_cap_what_it_is_and_not_what_was_computed(
    engagement_folder: Folder, contract_text: str, decided: str, equation: str
) -> None:
    """M1 100,000 × 10 / 1,000 = 1,000 of a cap of 1,500: 500 is left of the 2,000 of M2 (20 days).

    If 800 stands for M1, 1,500 − 800 = 700; if 1,400 stands, 1,500 − 1,400 = 100.
    """
    folder = engagement_folder(
        contract_text + RULES.replace("CAP", "1500"),
        milestones=f"{MILESTONES}M2,End,2024-05-01,2024-05-21\n",
        penalties=f"{DECIDED}N1,Art. 8,M1,2024-06-01,2024-07-01,imposed,{decided}\n",
    )

    section = chapter_of(penalties, open_review(folder, "", "en"))

    note = section.fact("penalties.provider.undecided").note
    assert f"under the cap of Art. 8: {equation}" in str(note)


def test_a_month_that_the_ramp_up_spares_says_its_points_and_what_that_spares(
    english: Section,
) -> None:
    """January 13 + 22 + 20 − 2 = 53 points, February 6 + 19 + 17 − 2 = 40, March 2 + 12 + 7 − 2 =
    19: each above the 1,600 of a month, 4,800. February at 99.x % of 3,500: 5 %, 175.
    """
    formulas = dict(rows_of(english, "ledger.provider", "fact", "formula"))
    of_points = [text for fact, text in formulas.items() if "2024; Art. 5.2 P2" in fact][:3]
    note = str(table(english, "ledger.provider").note)

    spared = "ramp-up: nothing due"
    assert of_points == [
        f"€100 × 53 points = €5,300; {spared}",
        f"€100 × 40 points = €4,000; {spared}",
        f"€100 × 19 points = €1,900; {spared}",
    ]
    assert f"€3,500 × 5% = €175; {spared}" in formulas.values()
    assert (
        "What the ramp-up spares, within the caps: €4,800 under Art. 10.3 and €175 under Art. 10.5."
    ) in note


def test_a_month_of_which_all_points_are_free_is_named(english: Section) -> None:
    """May 2025, P2: 26 of 29, 89.7 % against 90 %: 1 + 1 = 2 points, and 2 are free."""
    assert "Points under Art. 10.3 within the free ones, nothing due: May 2025." in str(
        table(english, "ledger.provider").note
    )


def test_a_party_that_owes_interest_is_invited_to_pay(english: Section) -> None:
    late = english.finding("penalties.Art. 9.4")

    assert late is not None
    assert late.decision == (
        "Art. 9.4: the client is invited to pay what is due without a reminder, or to say why it "
        "is not due (P-2024-05, P-2024-11, P-2025-04)."
    )


def test_what_was_paid_beyond_what_is_computed_is_one_finding(english: Section) -> None:
    """PEN3 1,500 − 1,000, PEN4 2,000 − 1,500, PEN7 250 − 0; PEN1 240 is what is computed.

    The 1,500 of PEN3 is what another reading gives: that reading is to be settled.
    """
    beyond = english.finding("penalties.paid_beyond.provider")

    assert beyond is not None
    assert beyond.sentence == (
        "€1,250 was paid by the provider beyond what is computed: PEN3 €500, PEN4 €500 "
        "and PEN7 €250."
    )
    assert beyond.decision == (
        "PEN4 and PEN7: the client is invited to produce the facts that what was paid beyond what "
        "is computed rests on, or to pay it back."
    )
    assert "penalties.paid_beyond.client" not in {one.id for one in english.findings}
