"""Disputes through the ladder of the contract: steps skipped, overrun, still open."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.people.disputes.chapter import disputes
from reviewlib.report.values import Kind, Section
from tests import desk
from tests.sample import SAMPLE, sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html, sentence, table

LADDER = {
    "clause": "Art. 12",
    "steps": [
        {"step": "direct_talks", "within": "15 calendar days"},
        {"step": "steering_committee", "within": "10 working days"},
        {"step": "mediation", "within": "1 month"},
        {"step": "arbitration"},
    ],
}
HEADINGS = (
    "dispute_id",
    "step",
    "title",
    "raised_by",
    "amount",
    "started_on",
    "ended_on",
    "outcome",
)


def told(tmp_path: Path, *lines: str, ladder: Any = LADDER, as_of: str = "2026-09-30") -> Section:
    """The chapter on lines such as "L1 mediation Price client 500 2026-02-01 - settled"."""
    cells = [dict(zip(HEADINGS, line.split(), strict=False)) for line in lines]
    rows = [{k: v for k, v in row.items() if v != "-"} for row in cells]
    plan = {"disputes": ladder} if ladder else {}
    agreed = desk.agreed(governance=plan)
    return chapter_of(
        disputes,
        desk.review(
            tmp_path, agreed, {"disputes": pd.DataFrame(rows, columns=[*HEADINGS])}, as_of=as_of
        ),
    )


def test_a_dispute_settled_within_the_delay_of_its_step_followed_the_ladder(tmp_path: Path) -> None:
    """2 to 17 February is 15 days, the last one of the delay."""
    made = told(tmp_path, "L1 direct_talks Price client 500 2026-02-02 2026-02-17 settled")

    fact = made.fact("disputes.followed")
    assert (fact.value, fact.count, fact.n) == (1, 1, 1)
    assert made.finding("disputes.in_order").kind is Kind.STRENGTH
    assert made.headline == "1 dispute, 0 still open."


def test_a_step_that_lasts_a_day_longer_than_its_delay_is_told(tmp_path: Path) -> None:
    """From Monday 2 March, ten working days end on Monday 16 March; it ended on the 17th."""
    made = told(
        tmp_path,
        "L1 direct_talks Price client 500 2026-02-02 2026-02-10 not_settled",
        "L1 steering_committee Price client 500 2026-03-02 2026-03-17 settled",
    )

    assert made.fact("disputes.followed").count == 0
    assert "Longer than the time allowed: steering committee." in sentence(
        made, "disputes.dispute.L1"
    )
    last_day, days, between, state = table(made, "steps").rows[1][4:8]
    assert (str(last_day)[:10], days, between) == ("2026-03-16", 15, 20)  # 10 February to 2 March
    assert state == "longer than the time allowed"


def test_a_step_left_out_before_the_furthest_one_is_skipped(tmp_path: Path) -> None:
    made = told(
        tmp_path,
        "L1 direct_talks Price provider - 2026-02-02 2026-02-10 not_settled",
        "L1 arbitration Price provider - 2026-03-02",
    )

    finding = made.finding("disputes.dispute.L1")
    assert finding.sentence.endswith(
        "Not recorded: steering committee, mediation; the table does not say which side went to "
        "“arbitration”. Longest without a recorded step: 20 days, from 10 Feb 2026 to 2 Mar 2026."
    )
    assert finding.brief is not None
    assert str(finding.brief.text) == (
        "Dispute L1 “Price”, raised by the provider, is not settled; not recorded: steering "
        "committee, mediation."
    )
    assert finding.decision == "Dispute L1: agree on the next step, and by when."
    assert finding.checks is not None
    assert (finding.checks.held, finding.checks.of) == (0, 1)


def test_an_open_dispute_within_its_delays_is_neither_kept_nor_missed(tmp_path: Path) -> None:
    """The month of mediation from 10 September ends on 10 October."""
    made = told(
        tmp_path,
        "L1 direct_talks Price client 500 2026-08-03 2026-08-05 not_settled",
        "L1 steering_committee Price client 500 2026-08-10 2026-08-12 not_settled",
        "L1 mediation Price client 500 2026-09-10",
    )

    finding = made.finding("disputes.dispute.L1")
    assert made.fact("disputes.followed").value is None
    assert (finding.kind, finding.checks) == (Kind.NEUTRAL, None)
    assert finding.decide_by == "2026-10-10"
    assert made.fact("disputes.amount").value == 500
    assert "58 days so far" in finding.sentence  # 3 August to 30 September


def test_a_step_not_settled_leaves_the_dispute_open_though_no_step_runs(tmp_path: Path) -> None:
    made = told(tmp_path, "L1 direct_talks Price client 500 2026-08-03 2026-08-05 not_settled")

    assert made.fact("disputes.open").value == 1
    assert made.finding("disputes.dispute.L1").decide_by == ""


def test_a_step_settled_on_a_day_that_is_not_recorded_is_neither_open_nor_too_long(
    tmp_path: Path,
) -> None:
    """Begun on 2 February with 15 days, long past on 30 September: how long it took is unknown."""
    made = told(tmp_path, "L1 direct_talks Price client 500 2026-02-02 - settled")

    fact, found = made.fact("disputes.followed"), made.finding("disputes.dispute.L1")
    assert (made.fact("disputes.open").value, fact.value, fact.n) == (0, None, 0)
    assert (found.kind, found.checks, found.decision) == (Kind.NEUTRAL, None, "")
    assert found.sentence == ("L1 “Price”: settled by agreement, on what day is not recorded.")
    days, between, state = table(made, "steps").rows[0][5:8]
    assert (days, between, state) == (None, None, "ended, on what day is not recorded")
    assert made.fact("disputes.days").value is None


def test_a_step_left_out_counts_though_the_day_of_the_settlement_is_not_recorded(
    tmp_path: Path,
) -> None:
    made = told(tmp_path, "L1 mediation Price client 500 2026-02-02 - settled")

    assert (made.fact("disputes.followed").count, made.fact("disputes.followed").n) == (0, 1)
    assert made.finding("disputes.dispute.L1").kind is Kind.CONCERN


@pytest.mark.parametrize(
    ("talks", "committee", "still_open"),
    [
        ("2026-09-01 2026-09-05 settled", "2026-09-21", 1),  # a step that runs after it
        ("2026-09-01 2026-09-05 settled", "2026-09-21 2026-09-25 not_settled", 1),
        ("2026-09-01 2026-09-28 settled", "2026-09-21 2026-09-25 not_settled", 0),
        ("2026-09-01 - -", "2026-09-21 2026-09-25 settled", 0),
        ("2026-09-01 - settled", "2026-09-21", 1),
    ],
)
def test_the_latest_step_tells_whether_a_dispute_is_open(
    tmp_path: Path, talks: str, committee: str, still_open: int
) -> None:
    made = told(
        tmp_path,
        f"L1 direct_talks Price client 500 {talks}",
        f"L1 steering_committee Price client 500 {committee}",
    )

    assert made.fact("disputes.open").value == still_open


def test_a_step_that_is_overdue_sets_no_day_to_decide_by_and_no_money_is_no_stake(
    tmp_path: Path,
) -> None:
    """The 15 days from 14 September end on the 29th; those from the 15th on the 30th, today."""
    made = told(
        tmp_path,
        "L1 direct_talks Price client 0 2026-09-14",
        "L2 direct_talks Price client 10 2026-09-15",
    )
    late, due = made.finding("disputes.dispute.L1"), made.finding("disputes.dispute.L2")

    assert (late.decide_by, due.decide_by) == ("", "2026-09-30")
    assert [(one.brief.stake.value, str(one.brief.stake.words)) for one in (late, due)] == [
        (16, "dispute open"), (10, "in dispute"),
    ]  # fmt: skip


def test_without_a_ladder_nothing_is_skipped_or_too_long(tmp_path: Path) -> None:
    made = told(
        tmp_path, "L1 arbitration Price client 500 2026-01-05 2026-09-07 decided", ladder=None
    )

    assert "sets no ladder" in str(made.fact("disputes.followed").note)
    assert made.findings == ()
    assert made.fact("disputes.longest").value == 245  # 5 January to 7 September


def test_what_is_later_than_the_review_is_not_known(tmp_path: Path) -> None:
    rows = "L1 direct_talks Price client 500 2026-08-03 2026-09-05 settled"

    before = told(tmp_path, rows, as_of="2026-08-10")

    assert before.fact("disputes.open").value == 1
    assert "7 days so far" in sentence(before, "disputes.dispute.L1")


@pytest.mark.parametrize("side", ["client", "provider"])
def test_the_same_is_found_whichever_side_raised_it(tmp_path: Path, side: str) -> None:
    made = told(tmp_path, f"L1 arbitration Price {side} 500 2026-01-05")

    assert [(f.kind, f.decider, f.checks and f.checks.side) for f in made.findings] == [
        (Kind.CONCERN, "both", "both")
    ]


def test_the_words_of_the_data_are_text(tmp_path: Path) -> None:
    made = told(tmp_path, "<b>L1</b> direct_talks <script>{x}</script> client 1 2026-08-03")

    assert "<script>{x}" not in html(made)
    assert "&lt;script&gt;{x}" in html(made)


def rows_of_sample() -> list[Mapping[str, str]]:
    with (SAMPLE / "disputes.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_sample_skips_mediation_in_one_dispute_and_settles_the_other_in_its_delay() -> None:
    """Worked out from the file: LT1 took 9 days of 15; LT2 has no row of mediation."""
    taken = {(row["dispute_id"], row["step"]) for row in rows_of_sample()}
    first = next(row for row in rows_of_sample() if row["dispute_id"] == "LT2")
    age = dt.date(2025, 7, 4) - dt.date.fromisoformat(first["started_on"])
    assert ("LT2", "neutral_third_party") in taken
    assert ("LT2", "mediation") not in taken

    made = chapter_of(disputes, sample_of())

    assert [f.id for f in made.findings] == ["disputes.in_order", "disputes.dispute.LT2"]
    assert f"{age.days} days" in sentence(made, "disputes.dispute.LT2")
    assert made.fact("disputes.amount").value is None
    assert sentence(made, "disputes.dispute.LT2").endswith(
        "No mediation is recorded; the table does not say which side went to “neutral third "
        "party”. Longest without a recorded step: 60 days, from 27 Mar 2025 to 26 May 2025."
    )
    brief = made.finding("disputes.dispute.LT2").brief
    assert brief is not None
    assert brief.stake is not None
    assert str(brief.text) == (
        "Dispute LT2 “Resolution rates reported and the…”, raised by the client, is not settled; "
        "no mediation is recorded."
    )
    assert (brief.stake.value, str(brief.stake.words)) == (151, "dispute open")


def test_the_steering_committee_of_the_sample_ends_its_step_on_a_day_on_which_it_met() -> None:
    """It was to meet on 20 March 2025 and met on the 27th: 29 days of 30 since 26 February."""
    step = next(row for row in rows_of_sample() if row["step"] == "steering_committee")
    with (SAMPLE / "meetings.csv").open(encoding="utf-8") as file:
        held = {row["held_on"] for row in csv.DictReader(file) if row["body"] == "steering"}

    assert step["ended_on"] in held
    assert table(chapter_of(disputes, sample_of()), "steps").rows[2][5:8] == (
        29, 12, "within the time allowed, or no limit",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "asked"),
    [
        ("2026-09-30", "Agree whether a step of the ladder may be left out, and who decides so."),
        (
            "2027-03-01",
            "For the next contract: say whether a step may be left out, and who decides",
        ),
    ],
)
def test_what_a_running_contract_can_mend_an_ended_one_leaves_to_the_next(
    tmp_path: Path, as_of: str, asked: str
) -> None:
    line = "L1 arbitration Price client 500 2026-01-05 2026-02-05 decided"

    made = told(tmp_path, line, as_of=as_of)

    assert str(made.finding("disputes.dispute.L1").decision).startswith(asked)


def test_an_open_dispute_of_an_ended_contract_goes_into_the_final_account(tmp_path: Path) -> None:
    made = told(tmp_path, "L1 arbitration Price client 500 2026-01-05", as_of="2027-03-01")

    assert made.finding("disputes.dispute.L1").decision == (
        "Dispute L1: settle it in the final account, or agree on its next step."
    )


def test_steps_that_are_not_recorded_are_found_in_each_dispute_of_many(tmp_path: Path) -> None:
    """By turns: all steps up to mediation, mediation alone, direct talks alone."""
    steps = [
        ["direct_talks", "steering_committee", "mediation"],
        ["mediation"],
        ["direct_talks"],
    ]
    lines = [
        f"L{n} {step} Price client 500 2026-02-0{day} 2026-02-0{day} settled"
        for n in range(60)
        for day, step in enumerate(steps[n % 3], start=1)
    ]

    made = told(tmp_path, *lines)

    assert (made.fact("disputes.followed").count, made.fact("disputes.followed").n) == (40, 60)
    missed = [row[6] for row in table(made, "disputes").rows if row[6]]
    assert missed == ["direct talks and steering committee"] * 20
    assert made.fact("disputes.days").value == 0


def test_the_step_that_a_dispute_reached_is_the_furthest_whatever_came_after(
    tmp_path: Path,
) -> None:
    made = told(
        tmp_path,
        "L1 mediation Price client 500 2026-02-02 2026-02-10 not_settled",
        "L1 direct_talks Price client 500 2026-02-11 2026-02-20 settled",
    )

    assert "No steering committee is recorded; the table does not say which side went to" in (
        sentence(made, "disputes.dispute.L1")
    )


@pytest.mark.parametrize("column", ["ended_on", "outcome"])
def test_a_table_that_does_not_say_how_disputes_ended_calls_none_open_or_too_long(
    tmp_path: Path, column: str
) -> None:
    rows = pd.DataFrame(
        {
            "dispute_id": ["L1"],
            "step": ["direct_talks"],
            "title": ["Price"],
            "started_on": ["2026-02-02"],
            "ended_on": ["2026-02-10"],
            "outcome": ["settled"],
        }
    ).drop(columns=column)
    agreed = desk.agreed(governance={"disputes": LADDER})
    made = chapter_of(disputes, desk.review(tmp_path, agreed, {"disputes": rows}))

    assert made.headline == "The folder does not say how and when disputes ended."
    assert made.findings == ()
    assert [fact.checks for fact in made.facts if fact.checks] == []
    assert made.fact("disputes.open").value is None
