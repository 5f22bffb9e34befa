"""Blocking points: options proposed, analysed together, days to resolve, days of delay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from reviewlib.people.blockers.chapter import blockers
from reviewlib.report.values import Checks, Kind, Section, Side
from tests import desk
from tests.sample import sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html, sentence, table

RULE = {"clause": "Art. 6", "within": "5 working days", "options": 2}


def point(number: int, **about: Any) -> dict[str, Any]:
    given = {"raised_by": "client", "raised_on": "2026-03-02"}
    return {"blocker_id": f"B{number}", "title": "No test data"} | given | about


def made_of(
    tmp_path: Path, *rows: dict[str, Any], rule: Any = RULE, lacks: str = "", **tables: Any
) -> Section:
    plan = {"blockers": rule} if rule else {}
    frames = {name: pd.DataFrame(own) for name, own in tables.items()}
    given = dict.fromkeys({"analysed_on", "resolved_on"} - {lacks})
    frames["blockers"] = pd.DataFrame([given | row for row in rows])
    review = desk.review(tmp_path, desk.agreed(governance=plan), frames, as_of="2026-04-30")
    return chapter_of(blockers, review)


JOINT = {"options": 3, "together": "yes", "resolved_on": "2026-03-12"}


def test_five_working_days_from_a_monday_end_on_the_next_monday(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        point(1, analysed_on="2026-03-09", **JOINT),
        point(2, analysed_on="2026-03-10", **JOINT),
    )

    assert made.fact("blockers.together").checks == Checks(Side.BOTH, 1, 2)
    assert [f.id for f in made.findings] == [
        "blockers.together", "blockers.point.B2", "blockers.joint",
    ]  # fmt: skip
    assert "B1 “No test data” in 10 days" in sentence(made, "blockers.joint")


def test_one_side_alone_is_no_joint_analysis_and_a_single_option_is_too_few(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        point(1, options=1, analysed_on="2026-03-04", together="no", resolved_on="2026-04-01"),
    )

    told = sentence(made, "blockers.point.B1")
    assert "lasted 30 days" in told
    assert "One option was proposed. One side analysed it alone" in told
    assert (made.fact("blockers.options").count, made.fact("blockers.options").n) == (0, 1)


def test_what_was_resolved_before_the_delay_needed_no_analysis(tmp_path: Path) -> None:
    made = made_of(tmp_path, point(1, options=2, resolved_on="2026-03-05"))

    assert made.fact("blockers.together").value is None
    assert made.findings == ()


def test_an_open_one_counts_its_days_up_to_the_review(tmp_path: Path) -> None:
    made = made_of(tmp_path, point(1), point(2, raised_on="2026-04-28"))

    assert made.headline == "2 blocking points, none resolved."
    assert "open since 2 Mar 2026: 59 days" in sentence(made, "blockers.point.B1")
    assert made.finding("blockers.point.B2").kind is Kind.NEUTRAL
    assert "analyse it together" in str(made.finding("blockers.point.B2").decision)


def test_without_a_rule_nothing_is_missed(tmp_path: Path) -> None:
    made = made_of(tmp_path, point(1, options=1, resolved_on="2026-04-01"), rule=None)

    assert made.findings == ()
    assert made.fact("blockers.days").value == 30


def test_the_days_of_delay_are_those_of_the_cause_that_it_names(tmp_path: Path) -> None:
    """10 to 19 March is ten days; a cause that two points name counts once."""
    cause = {
        "cause_id": "C1", "milestone_id": "M1", "cause": "No data", "attributed_to": "client",
        "starts_on": "2026-03-10", "ends_on": "2026-03-19",
    }  # fmt: skip
    milestone = {"milestone_id": "M1", "title": "Pilot", "contract_date": "2026-03-09"}
    made = made_of(
        tmp_path,
        point(1, cause_id="C1"),
        point(2, cause_id="C1"),
        delay_causes=[cause],
        milestones=[milestone],
    )

    assert made.fact("blockers.delay").value == 10
    assert "(C1) accounts for 10 days" in sentence(made, "blockers.point.B1")


def test_the_words_of_the_data_are_text(tmp_path: Path) -> None:
    assert "<i>{x}" not in html(made_of(tmp_path, point(1, title="<i>{x}</i>")))


def test_the_sample_has_one_solved_jointly_in_four_days_and_one_that_aged_51() -> None:
    """BP1: 13 to 17 May 2024; BP2: 5 December 2024 to 25 January 2025, one option."""
    made = chapter_of(blockers, sample_of())

    assert "BP1 “No test accounts for the pilot” in 4 days" in sentence(made, "blockers.joint")
    told = sentence(made, "blockers.point.BP2")
    assert "lasted 51 days" in told
    assert "One option was proposed" in told
    assert [f.id for f in made.findings if f.kind is Kind.CONCERN] == ["blockers.point.BP2"]
    assert [row[0] for row in table(made, "overview").rows] == ["BP1", "BP2", "BP3"]


def test_a_table_without_days_of_analyses_says_of_none_that_it_was_not_analysed(
    tmp_path: Path,
) -> None:
    made = made_of(tmp_path, point(1, options=2, resolved_on="2026-04-01"), lacks="analysed_on")

    assert made.findings == ()
    assert made.fact("blockers.together").checks is None


def test_a_table_without_days_of_resolution_calls_none_open(tmp_path: Path) -> None:
    made = made_of(
        tmp_path, point(1, options=2, analysed_on="2026-04-01", together="yes"), lacks="resolved_on"
    )

    assert made.headline == "The folder does not say when blocking points were resolved."
    assert made.findings == ()
    assert [fact.checks for fact in made.facts if fact.checks] == []
