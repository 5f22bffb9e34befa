"""Decisions and other readings of a silent contract: each amount is asked for once, and of one.

Under Art. 8, D1 and D2 owe 100,000 / 1,000 = 100 a day. D1, due on 1 March, was submitted that day,
refused on the 11th, and accepted as submitted again that day: nothing, as the 10 days were the
client's; 1,000 where these count. D2 is 10 days late without a refusal: 1,000 in either reading.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reviewlib.money.penalties.chapter import penalties
from reviewlib.money.penalties.claim import WAIT_UNKNOWN
from reviewlib.money.penalties.metrics import ledger
from reviewlib.money.penalties.statement import statement
from reviewlib.report.values import Kind, Section
from reviewlib.review import Review, open_review
from tests.money.penalties.test_chapter import finding
from tests.money.penalties.test_metrics import agreed, days_late, decided, delay, late
from tests.spoken import chapter as chapter_of

Folder = Callable[..., Path]
RULES = """\
  price: {total: 100000}
  penalties:
    Art. 8: {kind: delay, title: Delay, deliverables: [D1, D2], rate: 1/1000}
"""
DELIVERABLES = "deliverable_id,title,due_on\nD1,Plan,2024-03-01\nD2,Record,2024-03-01\n"
SUBMISSIONS = """\
deliverable_id,version,submitted_on,decided_on,decision
D1,1,2024-03-01,2024-03-11,refused
D1,2,2024-03-11,2024-03-12,accepted
D2,1,2024-03-11,2024-03-12,accepted
"""
HEAD = "penalty_id,rule,subject,notified_on,decided_on,decision,amount,paid_on\n"
STEPS = "2024-04-01,2024-05-01,imposed"
OPEN_TERM = "N1: settle what the contract leaves open: days of the client's decisions."


@pytest.fixture
def review_with(engagement_folder: Folder, contract_text: str) -> Callable[..., Review]:
    def review(*decisions: str) -> Review:
        tables = {"deliverables": DELIVERABLES, "submissions": SUBMISSIONS}
        tables["penalties"] = HEAD + "".join(f"{row}\n" for row in decisions)
        folder = engagement_folder(contract_text + RULES, **tables)
        return open_review(folder, "2024-10-01", "en")

    return review


def to_decide(section: Section) -> list[tuple[str, str]]:
    """The decisions that findings on decisions ask for, by finding."""
    return [
        (one.id.removeprefix("penalties."), one.decision)
        for one in section.findings
        if one.decision and (".decision." in one.id or "paid_beyond" in one.id)
    ]


@pytest.mark.parametrize("paid", ["", "2024-06-01"])
@pytest.mark.parametrize(("subject", "amount"), [("D1", 1000), ("", 2000)])
def test_what_another_reading_gives_is_to_be_settled_and_not_undone(
    review_with: Callable[..., Review], paid: str, subject: str, amount: int
) -> None:
    """D1 1,000, alone; or the whole clause, D1 1,000 and D2 1,000, where D1 has no line here."""
    review = review_with(f"N1,Art. 8,{subject},{STEPS},{amount},{paid}")

    section = chapter_of(penalties, review)

    one = finding(section, "decision.N1")
    assert one.kind is Kind.NEUTRAL
    assert "It is the amount computed where the days between a submission" in one.sentence
    assert to_decide(section) == [("decision.N1", OPEN_TERM)]
    provider = next(p for p in statement(review).parties if p.name == "Provider")
    assert "rests on no fact" not in str(provider.remarks)


def test_what_no_reading_gives_is_asked_back_once(review_with: Callable[..., Review]) -> None:
    """D1 is due nothing, or 1,000: 250 is neither."""
    section = chapter_of(penalties, review_with(f"N1,Art. 8,D1,{STEPS},250,2024-06-01"))

    assert to_decide(section) == [
        (
            "paid_beyond.provider",
            "N1: the client is invited to produce the facts that what was paid beyond what is "
            "computed rests on, or to pay it back.",
        )
    ]
    assert finding(section, "decision.N1").restates == "penalties.paid_beyond.provider"
    assert finding(section, "paid_beyond.provider").restates == "penalties.Art. 8"


def test_what_was_decided_of_a_whole_clause_is_hidden_by_what_is_unknown_of_one_subject() -> None:
    """Of D2 it is not known whether it is late: what all of the clause is due can't be told; what
    is due for D1, or under another clause, can."""
    rules = {
        "8": delay(milestones=[], deliverables=["D1", "D2"]),
        "9": delay(milestones=[], deliverables=["D1"]),
    }
    facts = late(
        days_late(10, "D1"),
        unknown={("deliverable", "D2"): WAIT_UNKNOWN},
        decisions=decided(
            *(
                {"rule": rule, "subject": subject, "notified_on": "2026-03-01"}
                for rule, subject in (("8", ""), ("8", "D1"), ("8", "D2"), ("9", ""))
            )
        ),
    )

    decisions = ledger(agreed(rules), facts).decisions

    hidden = {(one.rule, one.subject) for one in decisions if one.hidden}
    assert hidden == {("8", ""), ("8", "D2")}
