"""No amount that is withheld can be had from those that are shared: by a sum or a difference."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewlib.contract.sharing import Sharing
from reviewlib.report.audience import shared, values
from reviewlib.report.text import EMPTY, N_
from reviewlib.report.values import Earlier, Fact, Section, Table, Unit
from tests.chapters import chapter
from tests.report.test_audience import fact, finding, ids, kept_of, section, table
from tests.sample import sample_of

COUNT, SHARE, MONEY = Unit.COUNT, Unit.SHARE, Unit.MONEY
EARLIER = N_("Summary")


def of_budget(*facts: Fact, withheld: str, **others: Any) -> set[str]:
    """The ids, without the chapter's name, that are kept of one where one id is withheld."""
    own = section("budget", facts=facts, **others)
    kept = kept_of(own, chapters=("budget",), withheld=(f"budget.{withheld}",))
    return {one.removeprefix("budget.") for one in ids(kept)}


def money(**amounts: float) -> tuple[Fact, ...]:
    return tuple(fact(f"budget.{name}", amount) for name, amount in amounts.items())


@pytest.mark.parametrize(
    ("amounts", "kept"),
    [
        ({"total": 1000.0, "a": 400.0, "b": 600.0}, {"a"}),
        ({"total": 1000.0, "a": 300.0, "c": 100.0, "b": 600.0}, {"a", "c"}),
        ({"total": 990.02, "a": 400.01, "b": 590.01}, {"a"}),
        ({"total": 250.0, "a": 400.0, "b": -150.0}, {"a"}),  # a saving
        ({"total": 1001.0, "a": 400.0, "b": 600.0}, {"total", "a"}),  # of something else
        # a total that is itself the sum of two: 650 + 350 - 300
        ({"b": 700.0, "total": 1000.0, "a": 300.0, "x": 650.0, "y": 350.0}, {"a", "x"}),
        # seven lines
        ({"total": 133.0, **{f"l{n}": float(2**n) for n in range(1, 7)}, "b": 7.0},
         {f"l{n}" for n in range(1, 7)}),
    ],
)  # fmt: skip
def test_the_total_of_what_is_withheld_and_of_what_is_shared_goes(
    amounts: dict[str, float], kept: set[str]
) -> None:
    assert of_budget(*money(**amounts), withheld="b") == kept


def test_of_a_total_that_is_withheld_a_part_goes() -> None:
    assert of_budget(*money(b=1000.0, x=400.0, y=600.0), withheld="b") == {"x"}
    assert of_budget(*money(b=1000.0, x=400.0, y=500.0, z=100.0), withheld="b") == {"x", "z"}


def test_a_total_goes_that_is_the_sum_of_rows_and_of_what_is_withheld() -> None:
    rows = table("budget.others", ("Licences", 400.0), ("Support", 100.0), unit=MONEY)
    facts = money(total=1100.0, b=600.0)

    assert of_budget(*facts, withheld="b", tables=(rows,)) == {"others"}
    alone = table("budget.others", ("Licences", 500.0), unit=MONEY)
    assert of_budget(*facts, withheld="b", tables=(alone,)) == {"others"}


def test_a_table_whose_rows_add_up_to_what_is_withheld_goes() -> None:
    rows = table("budget.lines", ("Licences", 400.0), ("Support", 200.0), unit=MONEY)
    kinds = table("budget.kinds", ("a", 500.0), ("b", 100.0), ("a", 100.0), ("b", 77.0), unit=MONEY)

    assert of_budget(*money(b=600.0), withheld="b", tables=(rows, kinds)) == set()


def test_a_total_goes_where_sentences_tell_the_other_parts() -> None:
    findings = (
        finding("budget.line.L1", "L1", 400),
        finding("budget.line.L2", "L2", 100),
        finding("budget.line.L3", "L3", 600),
    )
    kept = of_budget(*money(total=1100.0), withheld="line.L3", findings=findings)

    assert kept == {"line.L1", "line.L2"}


def test_a_part_goes_in_place_of_a_total_that_more_values_state() -> None:
    """The total stands in a sentence too: one value is left out, not two."""
    said = (finding("budget.said", "it", 1000.0),)
    own = money(total=1000.0, a=400.0, b=600.0)

    assert of_budget(*own, withheld="b", findings=said) == {"total", "said"}


def test_a_finding_that_is_marked_by_itself_stays() -> None:
    own = section(
        "budget", facts=money(a=400.0, b=600.0), findings=(finding("budget.total", "it", 1000.0),)
    )
    marks = Sharing(chapters=("budget",), withheld=("budget.b",), findings=("budget.total",))
    kept, mixed, sums = shared((own,), marks, 5)

    assert (ids(kept), mixed, sums) == ({"budget.total"}, (), ("budget.a",))


def test_counts_and_the_rest_of_a_count_are_parts_too() -> None:
    counts = (
        fact("budget.requested", 12, unit=COUNT),
        fact("budget.decided", 10, unit=COUNT),
        fact("budget.b", 2, unit=COUNT),
    )
    assert of_budget(*counts, withheld="b") == {"decided"}

    share = fact("budget.in_time", 25 / 28, unit=SHARE, n=28, count=25)
    assert of_budget(share, fact("budget.b", 3, unit=COUNT), withheld="b") == set()
    assert of_budget(share, fact("budget.b", 4, unit=COUNT), withheld="b") == {"in_time"}


def test_for_all_staff_a_group_under_the_floor_is_not_the_rest_of_all_and_of_others() -> None:
    """44 answers, 40 of one group: four of the other. Among 45 and 40, five are enough."""

    def kept(every: int) -> set[str]:
        own = section(
            "satisfaction",
            facts=(
                fact("satisfaction.all", 0.6, unit=SHARE, n=every),
                fact("satisfaction.A", 0.5, unit=SHARE, n=40),
                fact("satisfaction.B", 0.75, unit=SHARE, n=every - 40),
            ),
        )
        return ids(kept_of(own, chapters=("satisfaction",), readers="all_staff"))

    assert kept(44) == {"satisfaction.A"}
    assert kept(45) == {"satisfaction.all", "satisfaction.A", "satisfaction.B"}


def test_the_message_of_a_chapter_goes_with_its_total() -> None:
    (kept,) = kept_of(
        section("budget", facts=money(total=1000.0, a=400.0, b=600.0)),
        chapters=("budget",),
        withheld=("budget.b",),
    )
    assert kept.headline == EMPTY


def test_of_a_chapter_with_something_withheld_no_figure_stands_beside_another_period() -> None:
    """That of another period may give it back: in its review something else was left out."""
    before = (Earlier(EARLIER, True, 900.0, since=100.0),)
    budget = section("budget", facts=(fact("budget.total", 1000.0, earlier=before),))
    payments = section("payments", facts=(fact("payments.paid", 1000.0, earlier=before),))
    both = ("budget", "payments")

    kept = kept_of(budget, payments, chapters=both, withheld=("budget.line.L9",))  # not there now
    assert [one.facts[0].earlier for one in kept] == [(), before]
    kept = kept_of(budget, payments, chapters=both)
    assert [one.facts[0].earlier for one in kept] == [before, before]


# Whatever the amounts are: shared values as sums of parts, in a space of the parts of two quarters


def chapter_of(medium: str, parts: list[int], withheld: int, before: list[int]) -> Section:
    """A chapter on the sum of parts, in hundredths, that figures, rows or sentences tell of.

    The one that is withheld is a figure, or a sentence among sentences; each figure stands beside
    what it was before.
    """

    def figure(name: str, now: int, then: int) -> Fact:
        earlier = Earlier(EARLIER, True, then / 100, since=(now - then) / 100)
        return fact(f"budget.{name}", now / 100, earlier=(earlier,))

    as_figures = [p for p in range(len(parts)) if medium == "figures" or p == withheld]
    own = {p: figure(f"part.p{p}", parts[p], before[p]) for p in as_figures}
    told = [finding(f"budget.line.p{p}", f"p{p}", n / 100) for p, n in enumerate(parts)]
    rows = [(f"Line {p}", n / 100) for p, n in enumerate(parts) if p != withheld]
    return section(
        "budget",
        facts=(
            figure("total", sum(parts), sum(before)),
            *(own.values() if medium != "sentences" else ()),
        ),
        findings=tuple(told) if medium == "sentences" else (),
        tables=(table("budget.rows", *rows, unit=MONEY),) if medium == "rows" else (),
    )


def known(kept: tuple[Section, ...], n: int, withheld: int, quarter: int) -> list[list[int]]:
    """What a version that is shared states, each as the parts that it is the sum of: those of the
    first quarter, then those that the second added.
    """
    vectors = []

    def state(parts: list[int], of: int) -> None:
        first = [int(p in parts) for p in range(n)]
        vectors.append(first + (first if of else [0] * n))

    for value in (one for own in kept for one in values(own)):
        name = value.id.rpartition(".")[2]
        if name == "rows":
            for part in range(n):
                if part != withheld:
                    state([part], quarter)
        else:
            parts = [*range(n)] if name == "total" else [int(name[1:])]
            state(parts, quarter)
            if isinstance(value, Fact) and value.earlier:
                state(parts, 0)
    return vectors


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(("figures", "rows", "sentences")),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**5)), min_size=2, max_size=6),
    st.integers(0, 5),
)
def test_no_part_that_is_withheld_follows_from_what_two_quarters_share(
    medium: str, amounts: list[tuple[int, int]], place: int
) -> None:
    """Neither the part in the first quarter, nor what the second added to it, nor their sum."""
    n, withheld = len(amounts), place % len(amounts)
    first, second = [a for a, _ in amounts], [a + b for a, b in amounts]
    name = f"budget.{'line' if medium == 'sentences' else 'part'}.p{withheld}"
    vectors = []
    for quarter, (parts, before) in enumerate(((first, [0] * n), (second, first))):
        own = chapter_of(medium, parts, withheld, before)
        kept = kept_of(own, chapters=("budget",), withheld=(name,))
        assert name not in ids(kept)
        vectors += known(kept, n, withheld, quarter)
    rank = np.linalg.matrix_rank
    alone = np.eye(2 * n, dtype=int)[[withheld, withheld + n]]
    for weights, amount in (
        ((1, 0), first[withheld]),
        ((0, 1), second[withheld] - first[withheld]),
        ((1, 1), second[withheld]),
    ):
        if amount and first[withheld]:
            assert rank([*vectors, weights @ alone]) > rank(np.array(vectors).reshape(-1, 2 * n))


@pytest.mark.parametrize("slug", ["budget", "payments"])
def test_of_the_sample_no_figure_that_is_withheld_is_a_sum_or_difference_of_two(slug: str) -> None:
    """Whichever figure of money of a chapter is withheld, and to the cent."""
    own = chapter(slug, sample_of())
    for withheld in [one for one in own.facts if one.unit is MONEY and one.value]:
        part = shared((own,), Sharing(chapters=(slug,), withheld=(withheld.id,)), 5)
        amounts = [
            amount
            for chapter_kept in part.chapters
            for amount in [
                *(one.value for one in chapter_kept.facts if one.unit is MONEY),
                *(total for one in chapter_kept.tables for total in totals(one)),
            ]
            if isinstance(amount, (int, float))
        ]
        for one, other in permutations(amounts, 2):
            for had in (one, one - other, one + other):
                assert abs(had) != pytest.approx(withheld.value, abs=0.004), withheld.id


def totals(rows: Table) -> list[float]:
    """What the columns of money of a table add up to."""
    places = [place for place, column in enumerate(rows.columns) if column.unit is MONEY]
    return [sum(row[place] or 0 for row in rows.rows) for place in places]  # type: ignore[misc]
