"""What changed between two reviews, and what can have changed it: hand-made values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reviewlib.folder.frozen import frozen_review
from reviewlib.report.comparison import Cause, Comparison, FindingTurn, State
from reviewlib.report.values import Unit
from tests.compared import OTHER, THIRD, compared, fact, finding, keep, made, section

FLOW = ["ticket_events", "tickets"]


def causes(comparison: Comparison) -> dict[str, set[str]]:
    return {one.second.id: {*one.causes} for one in comparison.changed}


def test_a_review_laid_beside_itself_is_the_same(tmp_path: Path) -> None:
    values = made(section("flow", fact("flow.opened", 3), findings=[finding("flow.a")]))
    comparison = compared(tmp_path, values, values)

    assert comparison.same
    assert (comparison.causes, comparison.files) == ((), ())


def test_late_data_of_one_period_are_the_one_cause_and_both_figures_stand(tmp_path: Path) -> None:
    """808 tickets, one came late: 809; of 87 P2 incidents 83 held, then 84 of 88."""
    then = section(
        "flow", fact("flow.opened", 808), fact("flow.met", 83 / 87, "share", n=87, count=83)
    )
    now = section(
        "flow", fact("flow.opened", 809), fact("flow.met", 84 / 88, "share", n=88, count=84)
    )
    comparison = compared(tmp_path, made(then), made(now, files={"tickets.csv": OTHER}))
    opened, met = comparison.changed

    assert comparison.causes == (Cause.LATE,)
    assert (opened.first.value, opened.second.value) == (808, 809)
    assert opened.difference == (1, Unit.COUNT)
    assert met.difference is not None
    assert met.difference[0] == pytest.approx(100 * (84 / 88 - 83 / 87))
    assert met.difference[1] is Unit.POINTS
    assert met.causes == (Cause.LATE,)
    assert met.files == ("tickets.csv",)
    assert comparison.files is not None
    assert [(one.file, one.state) for one in comparison.files] == [("tickets.csv", State.CHANGED)]


@pytest.mark.parametrize(
    ("about", "cause"),
    [
        ({"files": {"engagement.yml": OTHER}}, Cause.CONTRACT),
        ({"versions": {"reviewlib": "0.2.0", "pandas": "3.0"}}, Cause.PROGRAM),
        ({"quarter": "2026Q2"}, Cause.PERIOD),
        ({"as_of": "2026-05-31T21:59:59+00:00"}, Cause.AS_OF),
        ({"kind": "close"}, Cause.PERIOD),
        ({"files": {"tickets.csv": ""}}, Cause.LATE),
        ({"files": {"budget.csv": OTHER}}, Cause.LATE),
    ],
)
def test_where_one_thing_differs_it_is_the_cause(
    tmp_path: Path, about: dict[str, Any], cause: Cause
) -> None:
    then, now = (section("flow", fact("flow.opened", n)) for n in (3, 4))
    comparison = compared(tmp_path, made(then), made(now, **about))

    assert comparison.causes == (cause,)
    assert causes(comparison) == {"flow.opened": {cause}}


def test_where_several_things_differ_all_that_can_be_are_named(tmp_path: Path) -> None:
    then, now = (section("flow", fact("flow.opened", n)) for n in (3, 4))
    about = {"files": {"engagement.yml": OTHER, "tickets.csv": OTHER}, "versions": {}}
    comparison = compared(tmp_path, made(then), made(now, quarter="2026Q2", **about))

    every = {Cause.PERIOD, Cause.DATA, Cause.CONTRACT, Cause.PROGRAM}
    assert causes(comparison) == {"flow.opened": every}


def test_files_on_which_a_chapter_does_not_rest_are_no_cause_of_its_figures(tmp_path: Path) -> None:
    """tickets.csv and the contract changed; budget rests on budget.csv, old does not say."""

    def sections(n: int) -> list[Any]:
        return [
            section("flow", fact("flow.opened", n), reads=FLOW),
            section("budget", fact("budget.spent", n), reads=["budget"]),
            section("old", fact("old.n", n)),
        ]

    files = {"tickets.csv": OTHER, "engagement.yml": THIRD}
    comparison = compared(tmp_path, made(*sections(3)), made(*sections(4), files=files))

    assert causes(comparison) == {
        "flow.opened": {Cause.LATE, Cause.CONTRACT},
        "budget.spent": {Cause.CONTRACT},
        "old.n": {Cause.LATE, Cause.CONTRACT},
    }


def test_the_only_thing_that_differs_is_the_cause_whatever_a_chapter_rests_on(
    tmp_path: Path,
) -> None:
    then, now = (section("budget", fact("b.n", n), reads=["budget"]) for n in (3, 4))
    comparison = compared(tmp_path, made(then), made(now, files={"tickets.csv": OTHER}))

    assert causes(comparison) == {"b.n": {Cause.LATE}}


def test_of_nothing_that_differs_no_cause_is_named(tmp_path: Path) -> None:
    then, now = (section("flow", fact("flow.opened", n)) for n in (3, 4))

    assert causes(compared(tmp_path, made(then), made(now))) == {"flow.opened": set()}


def test_a_chapter_of_the_analyst_may_have_another_notebook(tmp_path: Path) -> None:
    then, now = (section("own", fact("own.n", n), by_analyst=True) for n in (3, 4))
    comparison = compared(tmp_path, made(then), made(now, files={"engagement.yml": OTHER}))

    assert causes(comparison) == {"own.n": {Cause.CONTRACT, Cause.NOTEBOOK}}


def test_words_of_the_facilitator_change_no_figure(tmp_path: Path) -> None:
    values = made(section("flow", fact("flow.opened", 3)))
    noted = made(section("flow", fact("flow.opened", 3)))
    noted["inputs"].append({"table": "notes", "file": "notes/front.en.md", "sha256": OTHER})
    comparison = compared(tmp_path, values, noted)

    assert comparison.causes == ()
    assert comparison.files is not None
    assert [one.state for one in comparison.files] == [State.ADDED]


def test_a_figure_changes_with_its_n_its_target_and_whether_that_is_met(tmp_path: Path) -> None:
    then = [
        fact("a.n", 0.9, "share", n=10),
        fact("a.target", 0.9, "share", target=0.95, met=False),
        fact("a.last_digit", 0.1 + 0.2, "number"),
        fact("a.words", {"fr": "ancien"}, "text"),
        fact("a.day", "2026-01-31", "date"),
        fact("a.none", None, "days"),
    ]
    now = [
        fact("a.n", 0.9, "share", n=11),
        fact("a.target", 0.9, "share", target=0.8, met=True),
        fact("a.last_digit", 0.3, "number"),
        fact("a.words", {"en": "old"}, "text"),
        fact("a.day", "2026-03-02", "date"),
        fact("a.none", 4, "days"),
    ]
    comparison = compared(tmp_path, made(section("a", *then)), made(section("a", *now)))
    changed = {one.second.id: one for one in comparison.changed}

    assert [*changed] == ["a.n", "a.target", "a.day", "a.none"]
    assert changed["a.target"].turned is True
    assert changed["a.day"].difference == (30, Unit.DAYS)  # 28 days of February, and 2
    assert changed["a.none"].difference is None
    assert comparison.compared == 6


def test_amounts_of_two_currencies_have_no_difference(tmp_path: Path) -> None:
    then, now = (section("a", fact("a.due", n, "money")) for n in (600.0, 0.0))

    (same,) = compared(tmp_path / "1", made(then), made(now)).changed
    (other,) = compared(tmp_path / "2", made(then), made(now, currency="USD")).changed
    assert same.difference == (-600, Unit.MONEY)
    assert other.difference is None


def test_figures_and_findings_of_one_alone_say_where_the_other_did_not_assess(
    tmp_path: Path,
) -> None:
    then = [
        section("flow", fact("flow.old", 1), findings=[finding("flow.gone"), finding("flow.both")]),
        section("survey", fact("survey.n", 1), findings=[finding("survey.a")]),
    ]
    now = [
        section("flow", fact("flow.new", 1), findings=[finding("flow.both"), finding("flow.new")]),
        section("survey", because={"en": "no file", "fr": "aucun fichier"}),
    ]
    comparison = compared(tmp_path, made(*then), made(*now))

    assert [(one.fact.id, one.in_second, one.unassessed) for one in comparison.lone] == [
        ("flow.old", False, False),
        ("flow.new", True, False),
        ("survey.n", False, True),
    ]
    assert [(one.finding.id, one.turn, one.unassessed) for one in comparison.findings] == [
        ("flow.new", FindingTurn.NEW, False),
        ("flow.gone", FindingTurn.GONE, False),
        ("survey.a", FindingTurn.GONE, True),
    ]
    ((first, second),) = [(one.first, one.second) for one in comparison.assessed]
    assert first is not None
    assert second is not None
    assert (first.because, second.because) == ("", "no file")


def quarters(folder: Path, *findings: tuple[str, ...]) -> Comparison:
    """Four quarters kept with these findings; the second laid beside the fourth."""
    for name, own in zip(("2026Q1", "2026Q2", "2026Q3", "2026Q4"), findings, strict=True):
        chapter = section("flow", findings=[finding(f"flow.{one}") for one in own])
        keep(folder, name, made(chapter, quarter=name))
    paths = (folder / "reviews" / name for name in ("2026Q2", "2026Q4"))
    return Comparison(*map(frozen_review, paths))


def test_a_finding_came_back_where_a_review_kept_in_between_lacks_it(tmp_path: Path) -> None:
    """a: in Q1 and Q4. b: not in Q3. c: since Q2. d: in all. e: in Q4 alone."""
    comparison = quarters(tmp_path, ("a", "d"), ("b", "c", "d"), ("c", "d"), tuple("abcde"))

    turns = {one.finding.id: one.turn for one in comparison.findings}
    assert turns == {
        "flow.a": FindingTurn.CAME_BACK,
        "flow.b": FindingTurn.CAME_BACK,
        "flow.e": FindingTurn.NEW,
    }


def test_what_an_earlier_edition_says_of_a_quarter_is_not_asked(tmp_path: Path) -> None:
    keep(
        tmp_path, "2026Q3.2", made(section("flow", findings=[finding("flow.b")]), quarter="2026Q3")
    )
    comparison = quarters(tmp_path, (), ("b",), (), ("b",))

    assert comparison.findings == ()


def test_a_quarter_that_did_not_assess_a_chapter_says_nothing_of_its_findings(
    tmp_path: Path,
) -> None:
    comparison = quarters(tmp_path, (), ("b",), (), ("b",))
    keep(tmp_path, "2026Q3", made(section("flow", because="no file"), quarter="2026Q3"))

    assert comparison.findings == ()


def test_a_kept_review_that_cannot_be_read_is_named_and_stops_nothing(tmp_path: Path) -> None:
    comparison = quarters(tmp_path, ("a",), (), (), ("a",))
    keep(tmp_path, "2026Q1", "{")

    assert comparison.kept.unread == ("2026Q1",)
    assert [one.turn for one in comparison.findings] == [FindingTurn.NEW]


def test_the_first_page_repeats_what_chapters_say_and_counts_once(tmp_path: Path) -> None:
    front = section("summary", fact("flow.opened", 1), front={"ranked": []})
    values = made(front, section("flow", fact("flow.opened", 1)))

    assert compared(tmp_path, values, values).compared == 1


def test_a_version_to_share_names_no_files_and_no_cause_is_ruled_out(tmp_path: Path) -> None:
    then, now = (made(section("a", fact("a.n", n), reads=["budget"])) for n in (1, 2))
    for one in (then, now):
        del one["inputs"]
        del one["engagement"]["amendments"]

    comparison = compared(tmp_path, then, now)
    assert comparison.files is None
    assert causes(comparison) == {"a.n": {Cause.LATE, Cause.CONTRACT}}
