"""The chapter on lessons and actions, from a folder to its section."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewlib.lessons.lessons.chapter import lessons
from reviewlib.report.encoding import encoded
from reviewlib.report.values import Kind, Section
from reviewlib.review import open_review
from tests.spoken import chapter as chapter_of
from tests.spoken import sentence, table

CONTRACT = """\
format: 1
id: C1
title: Support
language: en
time_zone: Europe/Paris
period: {first: 2024-01-01, last: 2025-06-30}
client: {name: Client}
provider: {name: Provider}
data: {extracted_at: 2025-07-04T18:00:00}
"""
LESSONS = """\
lesson_id,event,effect,cause,early_warning,recommendation,kind,finding,logged_on
L1,Backlog grew,Late,Short handover,Ping-pong,Longer handover,improve,flow.backlog,2024-04-19
L2,Cut-over slipped,Late,Freeze,Moving date,Write it down,improve,milestones.M4,2025-03-28
L3,Old tickets grew,Late,Nobody looked,,Look weekly,improve,,2025-03-28
L4,Exit rehearsed,Gaps found,It was due,,Keep it,keep,milestones.M7,2025-06-24
"""
ACTIONS = """\
action_id,title,owner,side,lesson_id,created_on,due_on,done_on,status
A1,Clear the backlog,Manager,both,L1,2024-04-19,2024-05-31,2024-06-08,done
A2,Publish the freezes,Director,client,L2,2025-03-28,2025-06-30,,in_progress
A3,Move the date,,provider,L2,2025-03-28,,,open
A4,Study later hours,Director,both,,2024-06-28,2024-12-20,,dropped
"""
WHOLE = {"lessons": LESSONS, "actions": ACTIONS}
Chapter = Callable[..., Section]
CHAPTER = lessons


def test_without_its_tables_the_chapter_names_the_files_that_it_needs(chapter: Chapter) -> None:
    section = chapter({})

    assert "lessons.csv" in section.because
    assert "actions.csv" in section.because


@pytest.mark.parametrize(
    ("table", "missing"), [("lessons", "lessons.actions.undone"), ("actions", "lessons.recorded")]
)
def test_a_missing_table_is_printed_as_not_assessed(
    chapter: Chapter, table: str, missing: str
) -> None:
    fact = chapter({table: WHOLE[table]}).fact(missing)

    assert fact.value is None
    assert ".csv" in fact.note


def test_a_lesson_is_never_called_learned_by_the_review_that_draws_it(whole: Section) -> None:
    """L1 has its only action done; L2 has two under way, L3 and L4 none."""
    states = {row[0]: (row[8], row[9]) for row in table(whole, "lessons").rows}

    assert states == {
        "L1": ("1\u00a0/\u00a01", "action done, not yet tested"),
        "L2": ("0\u00a0/\u00a02", "observed"),
        "L3": (None, "observed"),
        "L4": (None, "observed"),
    }
    assert whole.fact("lessons.untested").value == 1
    assert whole.fact("lessons.observed").value == 3


def test_lessons_are_counted_by_kind_and_by_the_finding_that_they_name(whole: Section) -> None:
    assert whole.fact("lessons.recorded").note == "to keep: 1; to improve: 3"
    assert (whole.fact("lessons.tied").value, whole.fact("lessons.tied").n) == (3, 4)


def test_the_headline_counts_what_is_left_to_do(whole: Section) -> None:
    assert whole.headline == "1 action past its due date; 4 lessons written down."
    undone = whole.fact("lessons.actions.undone")
    assert (undone.value, undone.n) == (2, 4)


def test_an_action_past_its_due_date_is_named_with_its_delay_and_asks_for_a_decision(
    whole: Section,
) -> None:
    """Due on 30 June, reviewed as of 4 July: 4 days."""
    finding = whole.finding("lessons.overdue")

    assert finding is not None
    assert finding.sentence == (
        "Actions past their due date as of 4 Jul 2025: 1 of the 2 not done, A2 (4 days)."
    )
    assert (finding.kind, finding.evidence) == (Kind.CONCERN, ("A2",))
    assert finding.decision


def test_an_action_not_done_without_owner_or_due_date_is_named(whole: Section) -> None:
    assert sentence(whole, "lessons.incomplete") == (
        "Actions not done that lack an owner or a due date: 1 of 2, A3 (neither owner nor due "
        "date)."
    )


def test_a_lesson_to_improve_on_without_an_action_is_named_and_one_to_keep_is_not(
    whole: Section,
) -> None:
    assert sentence(whole, "lessons.without_action") == (
        "Lessons to improve on that no action carries out: 1 (L3)."
    )


def test_the_age_of_an_action_is_counted_to_the_day_of_the_review(whole: Section) -> None:
    """28 March to 4 July: 3 + 30 + 31 + 30 + 4 = 98 days. A1 was done 8 days late."""
    rows = {row[0]: row for row in table(whole, "actions").rows}

    assert (rows["A2"][8], rows["A2"][9]) == (98, 4)
    assert rows["A1"][8:10] == (None, None)
    assert whole.fact("lessons.actions.age").value == 98
    assert whole.fact("lessons.actions.done").note == "after their due date: 1"
    assert list(rows) == ["A2", "A3", "A1", "A4"]


def test_when_all_is_done_nothing_is_left_to_decide(chapter: Chapter) -> None:
    heading, first, *_ = ACTIONS.splitlines(keepends=True)
    one_lesson = "".join(LESSONS.splitlines(keepends=True)[:2])
    section = chapter({"lessons": one_lesson, "actions": heading + first})

    assert section.findings == ()
    assert section.headline == "0 actions past their due date; 1 lesson written down."
    assert section.fact("lessons.actions.undone").value == 0


def test_as_of_an_earlier_day_later_lessons_actions_and_ends_are_not_known(
    chapter: Chapter,
) -> None:
    """On 1 June 2024: L1 alone, A1 alone, done a week later; due the day before, so a day late."""
    section = chapter(WHOLE, "2024-06-01")

    assert [row[0] for row in table(section, "lessons").rows] == ["L1"]
    assert sentence(section, "lessons.overdue") == (
        "Actions past their due date as of 1 Jun 2024: 1 of the 1 not done, A1 (1 day)."
    )
    assert section.caveats == ()


def test_statuses_without_a_date_are_said_to_be_those_of_the_extraction(chapter: Chapter) -> None:
    assert [caveat.id for caveat in chapter(WHOLE, "2024-07-01").caveats] == ["lessons.as_of"]
    assert chapter(WHOLE).caveats == ()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_id_is_unique_and_the_same_in_both_languages(
    chapter: Chapter, whole: Section, language: str
) -> None:
    section = chapter(WHOLE, language=language)
    ids = [value.id for value in (*section.facts, *section.findings)]

    assert len(ids) == len(set(ids))
    assert ids == [value.id for value in (*whole.facts, *whole.findings)]
    assert json.loads(json.dumps(encoded(section), allow_nan=False))["slug"] == "lessons"


def test_braces_in_ids_stay_text(chapter: Chapter) -> None:
    hostile = {name: text.replace("A3", "{n}").replace("A2", "{0}") for name, text in WHOLE.items()}
    section = chapter(hostile)

    assert "{0} (4 days)" in sentence(section, "lessons.overdue")
    assert "{n} (neither" in sentence(section, "lessons.incomplete")


def test_a_debrief_after_the_extraction_is_seen_as_of_its_last_date_and_says_so(
    tmp_path: Path,
) -> None:
    """Extracted on 30 June; a lesson and an action of 8 July are neither set aside nor dropped."""
    folder = tmp_path / "engagement"
    folder.mkdir()
    (folder / "engagement.yml").write_text(
        "format: 1\nid: C1\ntitle: Support\nlanguage: en\ntime_zone: Europe/Paris\n"
        "period: {first: 2024-01-01, last: 2024-06-30}\nclient: {name: A}\nprovider: {name: B}\n"
        "data: {extracted_at: 2024-06-30T18:00}\n",
        encoding="utf-8",
    )
    (folder / "lessons.csv").write_text(
        "lesson_id,event,recommendation,kind,logged_on\nL1,Slip,Plan,improve,2024-07-08\n",
        encoding="utf-8",
    )
    (folder / "actions.csv").write_text(
        "action_id,title,status,created_on,due_on\nA1,Plan it,open,2024-07-08,2024-09-30\n",
        encoding="utf-8",
    )
    review = open_review(folder)
    section = chapter_of(lessons, review)

    assert review.engagement.set_aside.empty
    assert section.headline == "0 actions past their due date; 1 lesson written down."
    (debrief,) = [c.sentence for c in section.caveats if c.id == "lessons.debrief"]
    assert "(30 Jun 2024 18:00)" in debrief
    assert "as of 8 Jul 2024" in debrief
