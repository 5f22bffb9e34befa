"""The summary: made of the other sections' values, and of nothing else."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from reviewlib.calendars.periods import period_named
from reviewlib.engagement.summary.chapter import summary
from reviewlib.report.parts import Part
from reviewlib.report.values import (
    Caveat,
    Checks,
    Fact,
    Figure,
    Finding,
    Kind,
    Section,
    Side,
    Table,
    Unit,
)
from reviewlib.review import Review
from tests import desk
from tests.spoken import chapter as chapter_of
from tests.spoken import html

HELD = Finding("a.held", "Held.", Kind.STRENGTH)
MISSED = Finding("a.missed", "Missed.", Kind.CONCERN, ("T1",), "Decide.")
ASIDE = Finding("a.aside", "By the way.", Kind.NEUTRAL)
MET = Fact("a.met", "Kept", 0.96, Unit.SHARE, 25, target=0.95, met=True)
PLAIN = Fact("a.plain", "Counted", 3, Unit.COUNT)
ABSENT = Fact("a.absent", "Measured", None, Unit.SHARE, target=0.9, note="nothing measures it")
CHAPTER = Section(
    "a", "Chapter A", facts=(MET, PLAIN, ABSENT), findings=(HELD, ASIDE, MISSED),
    caveats=(Caveat("a.caveat", "Beware."),),
)  # fmt: skip
WHOLE = Section("b", "Chapter B", because="its table is not there.")


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return desk.review(tmp_path, desk.agreed(), {})


def test_findings_are_the_sections_own_without_the_neutral_ones(review: Review) -> None:
    placed = dataclasses.replace(MISSED, decision=f"{CHAPTER.title} · {MISSED.decision}")

    assert chapter_of(summary, review, [CHAPTER]).findings == (HELD, placed)


def test_each_chapter_has_its_first_concern_before_any_has_its_second(review: Review) -> None:
    """What is folded on the page comes last: it must not be all of one chapter."""
    concerns = [
        Finding(f"{chapter}.{n}", "Late.", Kind.CONCERN) for chapter in "ab" for n in (1, 2)
    ]
    chapters = [
        Section("a", "A", findings=(concerns[0], HELD, concerns[1])),
        Section("b", "B", findings=tuple(concerns[2:])),
    ]

    concerns = [
        f.id for f in chapter_of(summary, review, chapters).findings if f.kind is Kind.CONCERN
    ]
    assert concerns == ["a.1", "b.1", "a.2", "b.2"]


def test_a_neutral_finding_that_calls_for_a_decision_is_kept(review: Review) -> None:
    finding = Finding("a.asked", "Either way.", Kind.NEUTRAL, decision="Choose.")
    section = chapter_of(summary, review, [Section("a", "A", findings=(finding,))])

    assert section.findings == (dataclasses.replace(finding, decision="A · Choose."),)
    assert section.headline == "1 decision to take."


def test_key_facts_are_those_that_a_verdict_rests_on_and_absences_say_why(review: Review) -> None:
    met, chapter, absent = chapter_of(summary, review, [CHAPTER, WHOLE]).facts

    assert met == MET
    assert (chapter.id, chapter.label, chapter.value, chapter.note) == (
        "b", "Chapter B", None, "its table is not there.",
    )  # fmt: skip
    assert (absent.id, absent.label, absent.note) == (
        "a.absent", "Chapter A · Measured", "nothing measures it",
    )  # fmt: skip


def test_the_headline_counts_what_is_there_and_leaves_out_what_is_not(review: Review) -> None:
    one = chapter_of(summary, review, [CHAPTER, WHOLE])
    more = chapter_of(summary, review, [CHAPTER, CHAPTER, WHOLE])
    good = chapter_of(summary, review, [Section("a", "A", findings=(HELD,))])

    assert one.headline == (
        "No commitment could be checked: 1 of 2 chapters lacks its data. "
        "1 decision to take and 2 were not assessed."
    )
    assert more.headline == (
        "No commitment could be checked: 1 of 3 chapters lacks its data. "
        "2 decisions to take and 3 were not assessed."
    )
    assert good.headline == ""


def counting(slug: str, side: Side, held: int, of: int) -> Section:
    fact = Fact(f"{slug}.on_time", "On time", held, Unit.COUNT, of, checks=Checks(side, held, of))
    return Section(slug, slug, facts=(fact, PLAIN))


def test_commitments_are_counted_and_never_findings(review: Review) -> None:
    """25 of 28 and 2 of 6 of the client, 3 of 7 of the provider: 27 of 34, and 30 of 41 in all."""
    chapters = [
        counting("payments", Side.CLIENT, 25, 28),
        counting("milestones", Side.PROVIDER, 3, 7),
        counting("duties", Side.CLIENT, 2, 6),
    ]
    section = chapter_of(summary, review, chapters)

    assert section.headline == (
        "Commitments met: 30 of the 41 checked (Provider 3 of 7, Client 27 of 34). "
        "No finding calls for attention."
    )


def test_commitments_of_the_relation_stand_beside_those_of_the_contract(review: Review) -> None:
    """Ninety meetings of a hundred do not hide that two of eight milestones were reached."""
    meetings = counting("governance", Side.BOTH, 90, 100)
    chapters = [
        counting("milestones", Side.PROVIDER, 2, 8),
        dataclasses.replace(meetings, part=Part.PEOPLE),
        dataclasses.replace(counting("teams", Side.CLIENT, 1, 2), part=Part.PEOPLE),
    ]

    assert chapter_of(summary, review, chapters).headline.startswith(
        "Commitments met: 2 of the 8 checked (Provider 2 of 8). "
        "In the relation: 91 of 102 (client 1 of 2, both sides 90 of 100)."
    )


def test_of_a_quarter_commitments_of_the_period_stand_apart_from_those_to_date(
    review: Review,
) -> None:
    """For both parties alike: of the quarter 4 of 6 and 1 of 2, since the start 27 of 34 and 3."""
    quarter = dataclasses.replace(review, period=period_named("2024Q1"))
    in_period = [
        counting("service_levels", Side.PROVIDER, 4, 6),
        counting("escalations", Side.CLIENT, 1, 2),
    ]
    to_date = [
        dataclasses.replace(one, to_date=True)
        for one in (
            counting("payments", Side.CLIENT, 27, 34),
            counting("milestones", Side.PROVIDER, 3, 7),
        )
    ]

    assert chapter_of(summary, quarter, [*to_date, *in_period]).headline.startswith(
        "Commitments met in the period: 5 of the 8 checked (Provider 4 of 6, Client 1 of 2). "
        "Commitments met since the start: 30 of the 41 checked (Provider 3 of 7, Client 27 of 34)."
    )
    assert chapter_of(summary, quarter, to_date).headline.startswith(
        "Commitments met since the start: 30 of the 41 checked"
    )


def test_what_restates_a_finding_that_is_there_is_left_out(review: Review) -> None:
    again = Finding("b.again", "Missed, again.", Kind.CONCERN, restates="a.missed")
    alone = [Section("b", "B", findings=(again,))]

    both = chapter_of(summary, review, [CHAPTER, *alone])
    assert [one.id for one in both.findings] == ["a.held", "a.missed"]
    assert chapter_of(summary, review, alone).findings == (dataclasses.replace(again, restates=""),)


def test_what_restates_a_finding_and_is_to_be_decided_stands_among_decisions_alone(
    review: Review,
) -> None:
    again = Finding("b.again", "Again.", Kind.CONCERN, (), "Settle.", restates="a.missed")
    page = html(chapter_of(summary, review, [CHAPTER, Section("b", "B", findings=(again,))]))

    assert "Settle." in page
    assert "Again." not in page


def test_nothing_found_is_said(review: Review) -> None:
    section = chapter_of(summary, review, [])

    assert section.headline == "No finding calls for attention."
    assert (section.facts, section.findings) == ((), ())


def test_sections_may_come_as_any_iterable(review: Review) -> None:
    assert chapter_of(summary, review, iter([CHAPTER, WHOLE])) == chapter_of(
        summary, review, [CHAPTER, WHOLE]
    )


def test_the_front_is_drawn_with_its_decisions_and_why_something_is_not_assessed(
    review: Review,
) -> None:
    page = html(chapter_of(summary, review, [CHAPTER, WHOLE]))

    assert "Chapter A · Decide." in page
    assert "Other points: Chapter A" in page
    assert "its table is not there." in page


def test_the_figures_of_the_front_are_those_that_have_a_card_under_its_message(
    review: Review,
) -> None:
    table = Table("a.t", "T", (), ())
    figures = [
        Figure(f"a.{name}", "pareto", "T", "D", table, card=card)
        for name, card in (("one", "It grew."), ("two", ""))
    ]
    section = chapter_of(summary, review, [Section("a", "A", figures=tuple(figures))])

    assert [(one.id, one.title) for one in section.figures] == [("summary.a", "It grew.")]


def test_a_chapter_of_which_the_name_is_part_of_another_s_has_its_card_after_those_in_order(
    review: Review,
) -> None:
    table = Table("t", "T", (), ())
    chapters = [
        Section(slug, slug, figures=(Figure(f"{slug}.x", "pareto", "T", "D", table, card="It."),))
        for slug in ("service", "delays", "milestones")
    ]

    figures = chapter_of(summary, review, chapters).figures
    assert [one.id for one in figures] == [
        "summary.milestones", "summary.delays", "summary.service",
    ]  # fmt: skip
