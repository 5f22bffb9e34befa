"""Decisions: in writing or not, held by a meeting or not, applied when."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.people.decisions.chapter import decisions
from reviewlib.report.values import Checks, Kind, Section, Side
from tests import desk
from tests.sample import SAMPLE, sample_of
from tests.spoken import caveats, html, in_words, sentence, table
from tests.spoken import chapter as chapter_of

RULE = {"clause": "Art. 6", "within": "5 working days"}
MEETING = {
    "meeting_id": "M1",
    "body": "steering",
    "held_on": "2026-03-05",
    "minutes_on": "2026-03-12",
}


def decision(number: int, **about: Any) -> dict[str, Any]:
    return {
        "decision_id": f"D{number}",
        "title": "Keep the tool",
        "decided_on": "2026-03-05",
    } | about


def made_of(
    tmp_path: Path,
    *rows: dict[str, Any],
    rule: Any = RULE,
    meetings: Any = (MEETING,),
    **asked: str,
) -> Section:
    plan = {"decisions": rule} if rule else {}
    tables = {"decisions": pd.DataFrame(rows)}
    if meetings:
        tables["meetings"] = pd.DataFrame(meetings)
    asked = {"as_of": "2026-04-30"} | asked
    review = desk.review(tmp_path, desk.agreed(governance=plan), tables, **asked)
    return chapter_of(decisions, review)


def test_a_decision_without_a_document_is_told_and_one_that_nothing_holds_apart(
    tmp_path: Path,
) -> None:
    made = made_of(
        tmp_path,
        decision(1, evidence="Minutes", meeting_id="M1"),
        decision(2, body="e-mail"),
        decision(3),
    )

    fact = made.fact("decisions.written")
    assert (fact.count, fact.n, fact.checks) == (1, 3, Checks(Side.BOTH, 1, 3))
    assert sentence(made, "decisions.unwritten") == (
        "2 decisions have no written record: D2 (5 Mar 2026) and D3 (5 Mar 2026). "
        "Of 1 the table names neither minutes nor an exchange (D3)."
    )
    assert made.fact("decisions.held").value == 2


def test_without_a_rule_of_the_contract_it_is_a_count_and_no_commitment(tmp_path: Path) -> None:
    made = made_of(tmp_path, decision(1), decision(2, evidence="E-mail"), rule=None)

    assert made.fact("decisions.written").checks is None
    assert made.finding("decisions.unwritten").kind is Kind.NEUTRAL


def test_minutes_sent_after_the_day_of_the_review_prove_nothing_yet(tmp_path: Path) -> None:
    """On 10 March the minutes of the meeting of the 5th, sent on the 12th, are not there."""
    named = {"meeting_id": "M1", "evidence": "Minutes of 12 March"}
    sent = [MEETING | {"minutes_on": "2026-03-12"}]
    rows = decision(1, **named), decision(2, evidence="E-mail")
    then = made_of(tmp_path, *rows, meetings=sent, as_of="2026-03-10")
    now = made_of(tmp_path, *rows, meetings=sent)

    assert (then.fact("decisions.written").count, then.fact("decisions.written").n) == (1, 1)
    assert (now.fact("decisions.written").count, now.fact("decisions.written").n) == (2, 2)


def test_a_document_beside_minutes_that_nobody_recorded_is_not_called_late(tmp_path: Path) -> None:
    """D1 names an e-mail, D2 nothing: of D2 alone it is known that it is not in writing."""
    rows = decision(1, meeting_id="M1", evidence="E-mail"), decision(2, meeting_id="M1")
    meeting = {name: value for name, value in MEETING.items() if name != "minutes_on"}
    unsent = made_of(tmp_path, *rows, meetings=[meeting | {"minutes_on": ""}])
    unstated = made_of(tmp_path, *rows, meetings=[meeting])

    assert unsent.finding("decisions.written_late").evidence == ("D2",)
    assert "decisions.written_late" not in {one.id for one in unstated.findings}


def test_minutes_count_from_the_decision_in_working_days(tmp_path: Path) -> None:
    """Thursday 5 March 2026 and five working days: Thursday 12 March. Sent on the 13th: late."""
    made = made_of(tmp_path, decision(1, meeting_id="M1"), decision(2))
    late = made_of(
        tmp_path, decision(1, meeting_id="M1"), meetings=[MEETING | {"minutes_on": "2026-03-13"}]
    )

    assert (made.fact("decisions.writing").count, made.fact("decisions.writing").n) == (1, 1)
    assert late.fact("decisions.writing").count == 0
    assert late.finding("decisions.written_late").evidence == ("D1",)


@pytest.mark.parametrize(("side", "other"), [("client", "provider"), ("provider", "client")])
def test_what_is_applied_late_or_not_is_its_sides_alone(
    tmp_path: Path, side: str, other: str
) -> None:
    """Due on 20 March, applied on the 25th: 5 days; due on 10 April, open on the 30th: 20."""
    made = made_of(
        tmp_path,
        decision(1, side=side, due_on="2026-03-20", applied_on="2026-03-25"),
        decision(2, side=side, due_on="2026-04-10"),
        decision(3, side=side, due_on="2026-05-10"),
        decision(4, side=other, due_on="2026-03-20", applied_on="2026-03-19"),
    )

    fact = made.fact(f"decisions.applied.{side}")
    assert (fact.count, fact.n) == (0, 2)
    assert made.fact(f"decisions.applied.{other}").count == 1
    assert "5 days after its date" in sentence(made, "decisions.decision.D1")
    assert "not recorded as applied on 30 Apr 2026, 20 days after" in sentence(
        made, "decisions.decision.D2"
    )
    assert made.finding("decisions.decision.D2").decider == side
    owed = {f.brief.side: in_words(f.brief.owes) for f in made.findings if f.brief}
    assert owed == {Side(side): "“Keep the tool” (D2): to apply"}
    assert made.fact("decisions.longest").value == 20  # of 20 and 14 days


def test_a_table_without_evidence_says_so_and_finds_nothing(tmp_path: Path) -> None:
    made = made_of(tmp_path, decision(1), meetings=())
    with_none = made_of(tmp_path, decision(1, evidence="Minutes"))

    assert made.fact("decisions.written").value is None
    assert made.findings == ()
    assert with_none.headline == "Decisions with a written record: 1 of 1."


def test_changes_that_were_approved_are_counted_beside(tmp_path: Path) -> None:
    made = chapter_of(decisions, sample_of())
    with (SAMPLE / "changes.csv").open(encoding="utf-8") as file:
        approved = [row for row in csv.DictReader(file) if row["decision"] == "approved"]

    fact = made.fact("decisions.changes")
    assert (fact.count, fact.n) == (sum(bool(row["evidence"]) for row in approved), len(approved))


def test_the_words_of_the_data_are_text(tmp_path: Path) -> None:
    made = made_of(tmp_path, decision(1, title="<i>{x}</i>", side="client", due_on="2026-03-20"))

    assert "<i>{x}" not in html(made)


def test_the_sample_has_one_decision_that_nothing_holds_and_one_not_applied() -> None:
    """DE5 has no meeting and no document; DE6, due on 28 February 2025, is open on 4 July: 126."""
    made = chapter_of(decisions, sample_of())

    assert made.headline == (
        "In writing: 6 of 7 decisions; those of meetings in time: 2 of 5. Past the date, not "
        "recorded as applied: 1."
    )
    assert made.finding("decisions.unwritten").evidence == ("DE5",)
    assert sentence(made, "decisions.unwritten") == (
        "1 decision has no written record: DE5 (Contract manager, 27 Nov 2024). The table names "
        "neither minutes nor an exchange for it. Counted for neither side, since no document names "
        "the decision: DE5, recorded as applied 7 days after its date."  # 2 to 9 December
    )
    assert sentence(made, "decisions.decision.DE6") == (
        "Decision DE6 “Monthly check of the rates against the log” (Steering committee, 16 Jan "
        "2025) is not recorded as applied on 4 Jul 2025, 126 days after its date (28 Feb 2025)."
    )
    assert "decisions.decision.DE5" not in {f.id for f in made.findings}
    assert made.fact("decisions.applied.provider").checks == Checks(Side.PROVIDER, 1, 1)
    assert made.finding("decisions.written_late").evidence == ("DE4", "DE6", "DE7")


def test_what_is_counted_for_no_side_or_not_known_is_said(tmp_path: Path) -> None:
    """D1 is overdue and of no side; of D2 the minutes have no day; of D3 they came in time."""
    made = made_of(
        tmp_path,
        decision(1, evidence="E-mail", due_on="2026-03-20", applied_on=None),
        decision(2, evidence="Minutes", meeting_id="M2"),
        decision(3, evidence="Minutes", meeting_id="M1"),
        meetings=[MEETING, MEETING | {"meeting_id": "M2", "minutes_on": ""}],
    )

    assert caveats(made)["decisions.no_side"].endswith("are counted for neither: D1.")
    written = made.fact("decisions.writing")
    assert (written.count, written.n) == (1, 1)
    assert in_words(written.note) == "of 1 other the day of the minutes is not recorded"


@pytest.mark.parametrize("side", ["client", "provider", "both"])
def test_the_date_of_a_decision_without_a_document_binds_no_side(tmp_path: Path, side: str) -> None:
    """Both were due on 20 March and applied on the 25th; a document proves the second alone."""
    late = {"side": side, "due_on": "2026-03-20", "applied_on": "2026-03-25"}

    made = made_of(tmp_path, decision(1, **late), decision(2, evidence="E-mail", **late))

    assert made.fact(f"decisions.applied.{side}").checks == Checks(Side(side), 0, 1)
    assert [f.id for f in made.findings if f.id.startswith("decisions.decision")] == [
        "decisions.decision.D2"
    ]
    assert sentence(made, "decisions.unwritten").endswith(
        "since no document names the decision: D1, recorded as applied 5 days after its date."
    )
    assert table(made, "overview").rows[0][5] == "no document for its date"


def test_who_decided_stands_in_the_lead_and_in_the_finding(tmp_path: Path) -> None:
    made = made_of(
        tmp_path, decision(1, decided_by="Steering committee"), decision(2, evidence="E-mail")
    )

    assert table(made, "overview").rows[0][3] == "Steering committee"
    assert "D1 (Steering committee, 5 Mar 2026)" in sentence(made, "decisions.unwritten")


@pytest.mark.parametrize(
    ("as_of", "asked"),
    [
        ("2026-04-30", "Confirm in writing what was decided (D1), or say that it was not."),
        ("2027-03-01", "For the next contract: say who puts a decision in writing, and where."),
    ],
)
def test_what_a_running_contract_can_confirm_an_ended_one_leaves_to_the_next(
    tmp_path: Path, as_of: str, asked: str
) -> None:
    made = made_of(tmp_path, decision(1), decision(2, evidence="E-mail"), as_of=as_of)

    assert made.finding("decisions.unwritten").decision == asked


def test_a_table_without_days_of_application_holds_no_decision_to_be_late(tmp_path: Path) -> None:
    made = made_of(tmp_path, decision(1, side="client", due_on="2026-03-20", evidence="minutes"))

    assert made.headline == "Decisions with a written record: 1 of 1."
    assert [f.id for f in made.findings if f.kind is Kind.CONCERN] == []
    days = made.fact("decisions.days")
    assert days.value is None
    assert "applied_on" in days.note


def test_without_a_column_of_evidence_no_decision_counts_as_unwritten(tmp_path: Path) -> None:
    made = made_of(tmp_path, decision(1))

    assert made.fact("decisions.written").checks is None
