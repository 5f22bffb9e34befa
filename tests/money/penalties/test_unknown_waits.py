"""Days before a milestone of which nothing says when it was reached: nobody is charged for them."""

from __future__ import annotations

import shutil
from decimal import Decimal

import pandas as pd
import pytest

from reviewlib.delivery.delays.chapter import delays
from reviewlib.delivery.deliverables.chapter import deliverables
from reviewlib.money import results
from reviewlib.money.penalties.chapter import penalties
from reviewlib.report.values import Section
from reviewlib.review import Review, open_review
from tests.conftest import REPO
from tests.money.penalties.test_chapter import cells
from tests.spoken import caveats, chapter, sentence

UNKNOWN = (
    "the tables do not say when milestone M4, which it needs, was reached (milestones.csv: "
    "actual_date)"
)


@pytest.fixture(scope="module", params=["empty", "dropped"])
def undated(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Review:
    """The sample without tickets, whose milestones bear no day on which they were reached."""
    folder = tmp_path_factory.mktemp("undated")
    shutil.copytree(REPO / "data" / "sample", folder, dirs_exist_ok=True)
    for name in ("tickets", "ticket_events", "extensions"):
        (folder / f"{name}.csv").unlink()
    milestones = pd.read_csv(folder / "milestones.csv", dtype="str", encoding="utf-8-sig")
    milestones["actual_date"] = None
    if request.param == "dropped":
        milestones = milestones.drop(columns="actual_date")
    milestones.to_csv(folder / "milestones.csv", index=False)
    return open_review(folder, language="en")


@pytest.fixture(scope="module")
def ledger(undated: Review) -> Section:
    return chapter(penalties, undated)


def test_days_before_a_milestone_of_unknown_date_are_charged_to_nobody(ledger: Section) -> None:
    """Art. 10.2 then computes D2 1,000 + D3 1,500 (decided otherwise), and D7 750, as before: of D6
    nothing, neither 250 for its 7 days after M4 nor 5,750 for the 23 weeks of all 158."""
    gap = next(fact for fact in ledger.facts if fact.id == "penalties.gap.Art. 10.2.D6")

    assert (gap.value, gap.note) == (
        None,
        "the tables do not say when the milestone that it needs was reached (milestones.csv: "
        "actual_date).",
    )
    finding = ledger.finding("penalties.Art. 10.2")
    assert finding is not None
    assert "not decided: €750." in finding.sentence
    assert finding.decision == ("Art. 10.2: notify or waive the penalties not yet notified (D7).")


def test_the_gap_of_milestones_without_days_says_that_they_have_none(ledger: Section) -> None:
    gap = next(fact for fact in ledger.facts if fact.id == "penalties.gap.Art. 10.1")

    assert (
        gap.note == "the folder does not say when they were reached (milestones.csv: actual_date)."
    )


def test_no_amount_is_computed_of_a_decision_of_which_it_cannot_be_told(ledger: Section) -> None:
    """PEN2 is all that is disputed; of what is paid, PEN1 is hidden: 240 + 1,500 + 2,000 + 250 are
    3,990, of which D2 1,000 + D3 1,500 = 2,500 are computed."""
    notes = {fact.id.removeprefix("penalties.provider."): fact.note for fact in ledger.facts}

    assert notes["disputed"] == "computed: not known"
    assert notes["paid"] == "computed: €2,500, without PEN1, for which it is not known"
    assert "decided and disputed: €10,240 (computed: not known)" in sentence(
        ledger, "penalties.owed.provider"
    )
    assert sentence(ledger, "penalties.decision.PEN2").startswith(
        "PEN2: what is due for M4 under Art. 10.1 can’t be told"
    )


def test_what_another_reading_makes_of_it_is_an_amount(undated: Review) -> None:
    """Where days before the milestone needed count, its 158 days do: 23 weeks × 250."""
    (counted,) = (one for one in results.readings(undated) if one.default.key == "milestone_days")

    assert [(e.claim.subject, e.otherwise[0].net) for e in counted.effects if not e.whole] == [
        ("D6", Decimal("5750.00"))
    ]
    section = chapter(penalties, undated)
    d6 = cells(section, "readings", "subject", "here", "otherwise")
    assert [row[1:] for row in d6 if row[0].startswith("D6")] == [("not assessed", "€5,750")]


def test_whether_a_deliverable_that_needs_such_a_milestone_is_late_is_not_assessed(
    undated: Review,
) -> None:
    """21 March less 14 October: 158 days. D1, D4, D5 and D8 of the other seven were in time."""
    section = chapter(deliverables, undated)

    assert (
        f"158 days after its due date (14 Oct 2024). Whether it is late is not assessed: {UNKNOWN}."
        in (sentence(section, "deliverables.D6"))
    )
    assert section.headline.startswith("Deliverables submitted on time: 4 of the 7")
    late = chapter(delays, undated)
    assert "delays.deliverable.D6" not in {one.id for one in late.findings}
    assert caveats(late)["delays.unassessed.D6"] == (
        f"Whether deliverable D6 is late is not assessed, because {UNKNOWN}."
    )


def test_what_is_not_assessed_is_no_amount_in_the_findings_either(ledger: Section) -> None:
    """D2 1,000 + D3 1,500 + D7 750 = 3,250 without D6, which then owes 23 × 250 = 5,750: 9,000."""
    assert sentence(ledger, "penalties.milestone_days").endswith(
        "the net amounts would be: D6 €5,750, which is not assessed here; Art. 10.2 in all "
        "€9,000, instead of €3,250 (D6: not assessed)."
    )
    rows = cells(ledger, "readings", "other", "subject", "here", "otherwise", "favours")
    about = "the days before the milestone that it needs was reached count as days late"
    whole = [row[1:] for row in rows if row[0] == about and row[1] == "the whole clause"]
    assert whole == [("the whole clause", "€3,250 (D6: not assessed)", "€9,000", "not assessed")]


def test_what_is_computed_of_a_decision_that_can_t_be_told_is_not_nothing(ledger: Section) -> None:
    computed = dict(cells(ledger, "decisions", "id", "computed"))

    assert computed["PEN1"] == computed["PEN2"] == "what is due for it is not known"
    assert computed["PEN7"] == "nothing"
