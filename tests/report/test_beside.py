"""The figures of a period beside those of earlier ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reviewlib import of_period, open_period, to_date
from reviewlib.calendars.periods import period_named
from reviewlib.pages.html import earlier
from reviewlib.pages.wording import Wording
from reviewlib.report.beside import period_words
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import EMPTY, N_
from reviewlib.report.values import (
    AtStake,
    Brief,
    Fact,
    Finding,
    Interval,
    Kind,
    OpeningClause,
    Section,
    Unit,
)
from reviewlib.review import Review
from tests.lessons.carried_over.test_carried_over import written

COUNTS = {"2024-03-31": 1, "2023-09-30": 0, "2024-06-30": 2, "2024-09-30": 5}
EN, FR = Wording("en"), Wording("fr")


def count_of(review: Review) -> Section:
    """A chapter with one amount, that of the last day of its review."""
    day = f"{review.today:%Y-%m-%d}"
    amount = 100.1 * COUNTS[day]
    fact = Fact("made.amount", N_("Spent"), amount, Unit.MONEY, n=COUNTS[day])
    return review.section("made", N_("Data quality"), facts=(fact,), headline=N_("Summary"))


@pytest.fixture
def review(tmp_path: Path) -> Review:
    return open_period(written(tmp_path, {}), "2024Q3")


def test_a_figure_names_the_period_before_and_none_that_the_engagement_had_not(
    review: Review,
) -> None:
    """The engagement began on 1 January 2024: there is no third quarter of 2023."""
    (fact,) = of_period(count_of, review).facts

    assert [(EN.say(one.period), one.value, one.n) for one in fact.earlier] == [
        ("Q2 2024", 200.2, 2)
    ]
    assert earlier(fact, EN) == "Q2 2024: €200.20"
    assert earlier(fact, FR) == "T2 2024\u00a0: 200,20\u00a0€"


def test_an_amount_to_date_says_what_the_period_added_to_the_cent(review: Review) -> None:
    (fact,) = to_date(count_of, review).facts

    assert fact.earlier[0].since == 300.3  # 500.5 - 200.2
    assert earlier(fact, EN) == "Q2 2024: €200.20 (+€300.30 in the period)"


def test_a_chapter_to_date_is_told_from_one_of_the_period(review: Review) -> None:
    assert to_date(count_of, review).to_date
    assert not of_period(count_of, review).to_date


def test_a_range_of_the_period_before_stands_beside_a_range_as_it_does(review: Review) -> None:
    def open_between(one: Review) -> Section:
        low = 100.0 * COUNTS[f"{one.today:%Y-%m-%d}"]
        between = Interval(low, low + 50, N_("Summary"))
        fact = Fact("made.open", N_("Spent"), None, Unit.MONEY, n=1, interval=between)
        return one.section("made", N_("Data quality"), facts=(fact,), headline=N_("Summary"))

    section = to_date(open_between, review)
    assert earlier(section.facts[0], EN) == "Q2 2024: €200 to €250"
    assert earlier(section.facts[0], FR) == "T2 2024\u00a0: 200\u00a0€ à 250\u00a0€"
    assert section.facts[0].earlier[0].since is None
    assert EN.say(section.headline) == "Summary"  # its range is another: it changed


def test_a_figure_that_could_not_be_assessed_in_the_period_before_has_none_beside_it(
    review: Review,
) -> None:
    def unknown(one: Review) -> Section:
        value = 5.0 if one.today.month == 9 else None
        fact = Fact("made.open", N_("Spent"), value, Unit.MONEY, note=N_("Summary"))
        return one.section("made", N_("Data quality"), facts=(fact,), headline=N_("Summary"))

    assert of_period(unknown, review).facts[0].earlier == ()


def test_a_figure_that_its_review_published_otherwise_is_given_both_ways(review: Review) -> None:
    def published(value: float, n: int | None = 2, **about: Any) -> Fact:
        return Fact("made.amount", N_("Spent"), value, about.get("unit", Unit.MONEY), n=n)

    def beside(stated: Fact) -> str:
        kept = replace(review, published={"made.amount": stated, "other": stated})
        return earlier(of_period(count_of, kept).facts[0], EN)

    assert beside(published(150.0)) == "Q2 2024: €200.20 (published: €150)"
    assert beside(published(150.0, n=4)) == "Q2 2024: €200.20 (published: €150)"
    assert beside(published(200.2)) == "Q2 2024: €200.20"
    # of another base alone, which one that is not given is not
    assert beside(published(200.2, n=4)) == "Q2 2024: €200.20, n = 2 (published: €200.20, n = 4)"
    assert beside(published(200.2, n=None)) == "Q2 2024: €200.20"
    # what was a count then is no amount
    assert beside(published(150.0, unit=Unit.COUNT)) == "Q2 2024: €200.20"


def test_a_share_of_few_that_was_published_of_other_tickets_is_given_as_counts(
    review: Review,
) -> None:
    """3 of 6 tickets by now, 4 of 8 in the review of then: the same share."""

    def of_few(k: int, n: int) -> Fact:
        return Fact("made.share", N_("Spent"), k / n, Unit.SHARE, n=n, count=k)

    def shares(one: Review) -> Section:
        return one.section("made", N_("Data quality"), facts=(of_few(3, 6),))

    kept = replace(review, published={"made.share": of_few(4, 8)})
    (fact,) = of_period(shares, kept).facts
    assert earlier(fact, EN) == "Q2 2024: 3 of 6 (published: 4 of 8)"


def test_a_range_that_was_published_is_given_where_it_was_another(review: Review) -> None:
    def between(low: float, high: float) -> Fact:
        ends = Interval(low, high, N_("Summary"))
        return Fact("made.open", N_("Spent"), None, Unit.MONEY, interval=ends)

    def ranges(one: Review) -> Section:
        return one.section("made", N_("Data quality"), facts=(between(100, 250),))

    def beside(stated: Fact) -> str:
        kept = replace(review, published={"made.open": stated})
        return earlier(of_period(ranges, kept).facts[0], EN)

    assert beside(between(100, 200)) == "Q2 2024: €100 to €250 (published: €100 to €200)"
    assert beside(between(100, 250)) == "Q2 2024: €100 to €250"
    assert beside(replace(between(100, 200), value=150.0, interval=None)) == (
        "Q2 2024: €100 to €250 (published: €150)"
    )


def test_a_chapter_to_date_in_which_nothing_changed_says_so_in_a_line(review: Review) -> None:
    def settled(_: Review) -> Section:
        fact = Fact("made.amount", N_("Spent"), 1.0, Unit.MONEY)
        return review.section("made", N_("Data quality"), facts=(fact,), headline=N_("Summary"))

    section = to_date(settled, review)
    assert EN.say(section.headline) == "Nothing in it changed in the period. Summary"
    assert (section.tables, section.figures) == ((), ())
    assert EN.say(of_period(settled, review).headline) == "Summary"


def test_a_chapter_of_which_a_finding_came_or_went_is_not_told_unchanged(review: Review) -> None:
    """Its figures are those of before: one thing was settled, and what it says is another."""

    def made(*names: str) -> Section:
        findings = tuple(Finding(f"made.{n}", N_("Summary"), Kind.STRENGTH) for n in names)
        return review.section("made", N_("Data quality"), findings=findings, headline=N_("Summary"))

    def settled(one: Review) -> Section:
        return made("M1") if one.today.month == 9 else made("M2")

    assert EN.say(to_date(settled, review).headline) == "Summary"
    assert EN.say(to_date(lambda _: made("M1"), review).headline).startswith("Nothing in it")


def test_a_finding_is_recent_where_the_period_before_had_it_not(review: Review) -> None:
    def late(one: Review) -> Section:
        names = ["M1", "M2"] if one.today.month == 9 else ["M1"]
        days = {"M1": 10 if one.today.month == 9 else 7, "M2": 1}
        return one.section("made", N_("Data quality"), findings=tuple(
            Finding(f"made.{name}", N_("Summary"), Kind.CONCERN, decision=N_("Summary"),
                    brief=Brief(N_("Summary"), AtStake(days[name], Unit.DAYS)))
            for name in names
        ))  # fmt: skip

    section = to_date(late, review)
    assert section.recent == ("made.M2",)
    assert section.standing == ()  # the days of M1 grew


def test_a_finding_stands_where_nothing_of_what_is_at_stake_changed(review: Review) -> None:
    def late(one: Review) -> Section:
        finding = Finding("made.M1", N_("Summary"), Kind.CONCERN, decision=N_("Summary"))
        return one.section("made", N_("Data quality"), findings=(finding,))

    assert to_date(late, review).standing == ("made.M1",)
    assert of_period(late, review).standing == ()


def test_what_opened_the_review_before_does_not_open_this_one_nor_is_told_again_as_held(
    review: Review,
) -> None:
    """Of September: another clause and another count than of June, beside those that stayed."""

    def of_both(one: Review) -> Section:
        month = str(one.today.month)
        held = [
            Finding(f"made.{name}", N_("Summary"), Kind.STRENGTH, brief=Brief(text))
            for name, text in (("stayed", N_("Summary")), ("counted", N_("{n}")(n=month)))
        ]
        clauses = [OpeningClause(text, Kind.CONCERN, 1) for text in ("M1 came late", month)]
        made = replace(count_of(one), findings=tuple(held))
        return replace(made, clauses=tuple(clauses))

    section = to_date(of_both, review)
    assert [one.text for one in section.clauses] == ["9"]
    assert section.standing == ("made.stayed",)


def test_the_first_period_of_an_engagement_has_none_before_it(tmp_path: Path) -> None:
    review = open_period(written(tmp_path, {}), "2024Q1")

    assert review.before is None
    assert of_period(count_of, review).facts[0].earlier == ()
    assert of_period(count_of, review).recent == ()


@pytest.mark.parametrize(
    ("name", "english", "french"),
    [
        ("2024Q3", "Q3 2024", "T3 2024"),
        ("2024H1", "H1 2024", "S1 2024"),
        ("2024-07", "Jul 2024", "juil. 2024"),
        ("2024", "2024", "2024"),
        ("2024-07-15/2024-08-31", "15 Jul 2024 – 31 Aug 2024", "15 juil. 2024 – 31 août 2024"),
    ],
)
def test_a_period_is_called_as_its_language_calls_it(name: str, english: str, french: str) -> None:
    words = period_words(period_named(name))
    assert (EN.say(words), FR.say(words)) == (english, french)


def test_a_figure_of_a_periodic_review_is_of_its_days_where_it_names_no_others(
    review: Review,
) -> None:
    def counted(of: Review) -> tuple[str, str]:
        c = Chapter(of, "made", N_("Data quality"))
        return (
            EN.say(c.fact("plain", N_("Spent"), 1).period),
            EN.say(c.fact("none", N_("Spent"), 1, period=EMPTY).period),
        )

    assert counted(review) == ("1 Jul 2024 – 30 Sept 2024", "")
    assert counted(review.so_far) == ("", "")
