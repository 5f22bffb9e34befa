"""Blocking points: options proposed, analysed together, days to resolve, days of delay."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reviewlib.people.blockers.chapter import blockers
from reviewlib.report.values import Checks, Kind, Section, Side
from tests import desk
from tests.sample import SAMPLE, sample_of
from tests.spoken import chapter as chapter_of
from tests.spoken import html, in_words, sentence, table

RULE = {"clause": "Art. 6", "within": "5 working days", "options": 2}


def point(number: int, **about: Any) -> dict[str, Any]:
    given = {"raised_by": "client", "raised_on": "2026-03-02"}
    return {"blocker_id": f"B{number}", "title": "No test data"} | given | about


def made_of(
    tmp_path: Path, *rows: dict[str, Any], rule: Any = RULE, lacks: str = "",
    as_of: str = "2026-04-30", **tables: Any,
) -> Section:  # fmt: skip
    plan = {"blockers": rule} if rule else {}
    frames = {name: pd.DataFrame(own) for name, own in tables.items()}
    given = dict.fromkeys({"analysed_on", "resolved_on"} - {lacks})
    frames["blockers"] = pd.DataFrame([given | row for row in rows])
    review = desk.review(tmp_path, desk.agreed(governance=plan), frames, as_of=as_of)
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


def test_what_was_analysed_together_in_time_and_is_open_lacks_a_date_alone(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        point(1, analysed_on="2026-03-04", options=3, together="yes"),
        point(2),
        as_of="2026-03-05",
    )
    decided = {f.id: in_words(f.decision) for f in made.findings if f.decision}

    assert decided["blockers.point.B1"] == "Blocking point B1: set a date for its solution."
    assert "analyse it together" in decided["blockers.point.B2"]


def test_an_analysis_of_which_the_table_does_not_say_whether_joint_is_counted_apart(
    tmp_path: Path,
) -> None:
    made = made_of(
        tmp_path,
        point(1, analysed_on="2026-03-04", **JOINT),
        point(2, analysed_on="2026-03-04", resolved_on="2026-03-12", options=3),
    )

    together = made.fact("blockers.together")
    assert together.checks == Checks(Side.BOTH, 1, 1)
    assert in_words(together.note) == "analysed, and the table does not say whether together: 1"


def test_one_side_alone_is_no_joint_analysis_and_a_single_option_is_too_few(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        point(1, options=1, analysed_on="2026-03-04", together="no", resolved_on="2026-04-01"),
    )

    told = sentence(made, "blockers.point.B1")
    assert "lasted 30 days" in told
    assert told.endswith(
        "One option was proposed. No joint analysis is recorded; the one of 4 Mar 2026 is marked "
        "as not joint."
    )
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
    assert made.fact("blockers.longest").value == 30


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
    assert sentence(made, "blockers.point.B1").endswith(
        "Its cause C1: 10 days of delay, attributed to the client."
    )


CAUSE = {"milestone_id": "M1", "cause": "No data", "attributed_to": "client", "contested": "no"}
MILESTONE = {"milestone_id": "M1", "title": "Pilot", "contract_date": "2026-03-09"}


def cause(name: str, starts_on: str, ends_on: str, **about: str) -> dict[str, str]:
    return CAUSE | {"cause_id": name, "starts_on": starts_on, "ends_on": ends_on} | about


@pytest.mark.parametrize(
    ("second", "days"),
    [
        (("2026-03-15", "2026-03-24"), 15),  # 10 to 24 March
        (("2026-03-12", "2026-03-14"), 10),  # within the other
        (("2026-03-20", "2026-03-24"), 15),  # the day after it
        (("2026-03-22", "2026-03-24"), 13),  # apart from it
        (("2026-03-05", "2026-03-11"), 15),  # begun before it
    ],
)
def test_a_day_that_two_causes_share_counts_once(
    tmp_path: Path, second: tuple[str, str], days: int
) -> None:
    made = made_of(
        tmp_path,
        point(1, cause_id="C1"),
        point(2, cause_id="C2"),
        delay_causes=[cause("C1", "2026-03-10", "2026-03-19"), cause("C2", *second)],
        milestones=[MILESTONE],
    )

    assert made.fact("blockers.delay").value == days


@pytest.mark.parametrize(
    ("about", "shared"),
    [
        ({"attributed_to": "provider"}, 5),  # 15 to 19 March, of the same milestone
        ({"attributed_to": "client"}, 0),
        ({"attributed_to": "provider", "milestone_id": "M2"}, 0),
    ],
)
def test_a_day_is_shared_with_a_cause_of_another_party_about_the_same_milestone(
    tmp_path: Path, about: dict[str, str], shared: int
) -> None:
    """Whether or not a blocking point is the other cause."""
    made = made_of(
        tmp_path,
        point(1, cause_id="C1"),
        delay_causes=[
            cause("C1", "2026-03-10", "2026-03-19"),
            cause("C2", "2026-03-15", "2026-03-24", **about),
        ],
        milestones=[MILESTONE, MILESTONE | {"milestone_id": "M2"}],
    )

    assert made.fact("blockers.delay").value == 10
    cell = f"the client: {10 - shared} days alone, {shared} days shared"
    assert table(made, "overview").rows[0][-1] == (cell if shared else "10 days, the client")


@pytest.mark.parametrize(
    ("party", "contested", "words"),
    [
        ("client", "no", "attributed to the client."),
        ("provider", "no", "attributed to the provider."),
        ("provider", "yes", "attributed to the provider (contested)."),
        ("third_party", "no", "attributed to a third party."),
    ],
)
def test_whom_the_cause_is_attributed_to_is_said_as_recorded(
    tmp_path: Path, party: str, contested: str, words: str
) -> None:
    given = {"attributed_to": party, "contested": contested}
    made = made_of(
        tmp_path,
        point(1, cause_id="C1"),
        delay_causes=[cause("C1", "2026-03-10", "2026-03-19", **given)],
        milestones=[MILESTONE],
    )

    assert sentence(made, "blockers.point.B1").endswith(words)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([4], "1 of 1 blocking point was resolved, in 4 days."),
        ([4, 4], "2 of 2 blocking points were resolved, in 4 days each."),
        ([4, 11, 51], "3 of 3 blocking points were resolved: 2 within 11 days, 1 in 51 days."),
        ([4, 4, 8, 8], "4 of 4 blocking points were resolved: 2 within 4 days, 2 in 8 days."),
        ([4, None], "1 of 2 blocking points was resolved, in 4 days."),
        ([5] * 11 + [9] * 9, "20 of 20 blocking points were resolved, half of them within 5 days."),
    ],
)
def test_few_are_counted_up_to_the_longest_and_many_to_the_half(
    tmp_path: Path, days: list[int | None], words: str
) -> None:
    first = dt.date(2026, 2, 2)
    rows = [
        point(
            n,
            raised_on=first.isoformat(),
            resolved_on=None if took is None else (first + dt.timedelta(days=took)).isoformat(),
        )
        for n, took in enumerate(days)
    ]

    assert made_of(tmp_path, *rows).headline == words


def test_an_ended_contract_asks_for_no_joint_analysis_any_more(tmp_path: Path) -> None:
    rows = point(1, options=1, resolved_on="2026-04-01"), point(2)

    made = made_of(tmp_path, *rows, as_of="2027-03-01")

    assert str(made.finding("blockers.point.B1").decision).startswith("For the next contract: ")
    assert made.finding("blockers.point.B2").decision == (
        "Blocking point B2: say in the final account what becomes of it."
    )


def test_the_words_of_the_data_are_text(tmp_path: Path) -> None:
    assert "<i>{x}" not in html(made_of(tmp_path, point(1, title="<i>{x}</i>")))


def test_the_sample_has_one_solved_jointly_in_four_days_and_one_that_aged_51() -> None:
    """BP1: 13 to 17 May 2024; BP2: 16 December 2024 to 5 February 2025, one option."""
    made = chapter_of(blockers, sample_of())

    assert "BP1 “No test accounts for the pilot” in 4 days" in sentence(made, "blockers.joint")
    told = sentence(made, "blockers.point.BP2")
    assert "lasted 51 days" in told
    assert "One option was proposed" in told
    assert told.endswith(
        "Its cause C6: 12 days of delay, attributed to a third party. Of these days, 7 are shared "
        "with another party’s cause."
    )
    assert [f.id for f in made.findings if f.kind is Kind.CONCERN] == ["blockers.point.BP2"]
    assert [row[0] for row in table(made, "overview").rows] == ["BP1", "BP2", "BP3"]


def test_the_causes_of_the_sample_cover_seventeen_days_and_lie_within_their_blocking_points() -> (
    None
):
    """C5: 20 to 31 January 2025, C6: 25 January to 5 February: 20 January to 5 February."""
    points = {row["cause_id"]: row for row in rows_of("blockers") if row["cause_id"]}
    own = [row for row in rows_of("delay_causes") if row["cause_id"] in points]
    spans = [[dt.date.fromisoformat(row[key]) for key in ("starts_on", "ends_on")] for row in own]
    covered = {a + dt.timedelta(days=n) for a, b in spans for n in range((b - a).days + 1)}

    fact = chapter_of(blockers, sample_of()).fact("blockers.delay")

    assert fact.value == len(covered) == 17
    assert fact.note == ("the client alone: 5 days, shared: 7 days, a third party alone: 5 days")
    assert [row[-1] for row in table(chapter_of(blockers, sample_of()), "overview").rows] == [
        "", "a third party: 5 days alone, 7 days shared", "the client: 5 days alone, 7 days shared",
    ]  # fmt: skip
    for row in own:
        assert points[row["cause_id"]]["raised_on"] <= row["starts_on"]
        assert points[row["cause_id"]]["resolved_on"] == row["ends_on"]


def rows_of(name: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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
