"""The anonymity floor: what is shown, what is hidden, and that nothing hidden can be derived."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewlib.people.satisfaction.anonymity import protected, shown

SIZES = st.lists(st.integers(0, 12), min_size=1, max_size=6)
FLOORS = st.integers(3, 8)


SATISFIED = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=5)


def published(sizes: list[int], floor: int, silence_is_hidden: bool = False) -> list[bool]:
    groups = [f"group {place}" for place in range(len(sizes))]
    frame = pd.DataFrame({"people": sizes, "hidden": False}, index=groups)
    silent = (frame["people"] == 0) & silence_is_hidden
    return shown(frame.assign(silent=silent), floor).tolist()


def answered(groups: list[tuple[int, int]], *hidden: int) -> pd.DataFrame:
    """Return groups of so many satisfied and dissatisfied people; some hidden elsewhere."""
    frame = pd.DataFrame(groups, columns=["favourable", "neither"])
    people = frame["favourable"] + frame["neither"]
    return frame.assign(people=people, unfavourable=0, hidden=frame.index.isin(hidden))


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([(6, 0), (4, 3), (2, 5)], [False, False, True]),  # else the total less two tells the first
        ([(0, 6), (4, 3), (2, 5)], [False, False, True]),
        ([(6, 0), (7, 0), (2, 5)], [False, False, False]),  # 13 satisfied: all alike together too
        ([(6, 0), (0, 7), (2, 5)], [False, False, True]),  # 13, of whom 6 are satisfied
        ([(5, 1), (4, 3)], [True, True]),
    ],
)
def test_a_group_that_answered_alike_is_hidden_with_another_that_did_not(
    groups: list[tuple[int, int]], expected: list[bool]
) -> None:
    assert shown(answered(groups), 5).tolist() == expected


def test_a_group_that_another_table_hides_is_hidden_with_enough_others() -> None:
    """The first of 6 is enough by itself; of 4 in this table it takes the smallest with it."""
    assert shown(answered([(5, 1), (4, 3), (2, 5)], 0), 5).tolist() == [False, True, True]
    assert shown(answered([(3, 1), (4, 4), (2, 5)], 0), 5).tolist() == [False, True, False]


@given(SATISFIED, FLOORS)
def test_no_sum_or_difference_of_what_is_shown_tells_how_everybody_in_it_answered(
    groups: list[tuple[int, int]], floor: int
) -> None:
    """As below: a set of groups is derivable when its indicator is a combination of those shown."""
    frame = answered(groups)
    people, total = frame["people"].to_numpy(), frame[["favourable", "neither"]].sum()
    basis = [*np.eye(len(groups))[shown(frame, floor) & (people > 0)]]
    if total.sum() >= floor and (total > 0).all():
        basis.append((people > 0).astype(float))
    matrix = np.array(basis).reshape(-1, len(groups))
    rank = np.linalg.matrix_rank(matrix) if len(matrix) else 0
    for chosen in product([0, 1], repeat=len(groups)):
        of_people = np.array(chosen) * (people > 0)
        satisfied, others = frame[["favourable", "neither"]].to_numpy().T @ of_people
        if satisfied + others and (satisfied + others < floor or not satisfied or not others):
            assert np.linalg.matrix_rank(np.vstack([matrix, of_people])) == rank + 1


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([3, 6], [False, False]),  # total 9: showing 6 would give 3 away
        ([3, 6, 4], [False, True, False]),  # total 13: 3 + 4 = 7 stay hidden together
        ([5, 6], [True, True]),
        ([4, 9, 6], [False, True, False]),  # the smallest of those that could be shown
        ([4, 6, 6], [False, False, True]),  # the first among equals
        ([2, 0, 8], [False, True, False]),  # nobody to protect in an empty group
        ([2, 3, 8], [False, False, True]),  # 2 + 3 = 5 reach the floor
        ([4], [False]),
        ([1, 2], [False, False]),
        ([0, 0], [True, True]),
    ],
)
def test_a_group_is_shown_when_neither_it_nor_a_smaller_one_can_be_derived(
    sizes: list[int], expected: list[bool]
) -> None:
    assert published(sizes, 5) == expected


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([10, 2, 0, 0, 0], [False] * 5),  # the total less 10 would leave the two by themselves
        ([10, 5, 0], [True, False, False]),
        ([12, 0], [False, False]),  # the total less 12 would tell that the other was silent
        ([0, 0], [False, False]),
    ],
)
def test_a_silent_group_that_is_hidden_lends_nobody_to_those_hidden_with_it(
    sizes: list[int], expected: list[bool]
) -> None:
    assert published(sizes, 5, silence_is_hidden=True) == expected


@given(SIZES, FLOORS, st.booleans())
def test_no_sum_or_difference_of_what_is_shown_counts_fewer_people_than_the_floor(
    sizes: list[int], floor: int, silence_is_hidden: bool
) -> None:
    """Every set of groups is tried: its figure is derivable when its indicator vector is a linear
    combination of those published (the total, if it reaches the floor, and the groups shown).

    An empty group adds nobody: it counts as published, unless even its silence is to be hidden.
    """
    are_shown = published(sizes, floor, silence_is_hidden)
    silent = np.array([not size and silence_is_hidden for size in sizes])
    empty = [not size and not silence_is_hidden for size in sizes]
    groups = [group for group, is_empty in zip(np.eye(len(sizes)), empty, strict=True) if is_empty]
    groups += [
        group for group, is_shown in zip(np.eye(len(sizes)), are_shown, strict=True) if is_shown
    ]
    if sum(sizes) >= floor:
        groups.append(np.ones(len(sizes)))
    basis = np.array(groups).reshape(-1, len(sizes))
    rank = np.linalg.matrix_rank(basis) if len(basis) else 0
    for chosen in product([0, 1], repeat=len(sizes)):
        people = int(np.dot(chosen, sizes))
        if 0 < people < floor or (not people and np.dot(chosen, silent)):
            assert np.linalg.matrix_rank(np.vstack([basis, chosen])) == rank + 1


@given(SIZES, FLOORS)
def test_at_most_one_group_that_reaches_the_floor_is_hidden_and_only_to_protect_a_smaller(
    sizes: list[int], floor: int
) -> None:
    are_shown = published(sizes, floor)
    given_up = [size for size, is_shown in zip(sizes, are_shown, strict=True) if not is_shown]
    large = [size for size in given_up if size >= floor]
    assert len(large) <= 1
    assert not large or 0 < sum(given_up) - large[0] < floor


def test_each_total_is_protected_apart_and_hidden_figures_are_emptied() -> None:
    """2024: 3 + 6, both hidden. 2025: 7 + 6, both shown."""
    frame = pd.DataFrame(
        {
            "wave": ["2024", "2024", "2025", "2025"],
            "department": ["A", "B", "A", "B"],
            "n": [3, 6, 7, 6],
            "share": [1.0, 0.5, 0.8, 0.4],
        }
    )
    frame = frame.assign(people=frame["n"], hidden=False)
    protected_rows = protected(frame, ["wave"], ["n", "share"], 5)
    assert protected_rows["shown"].tolist() == [False, False, True, True]
    assert protected_rows["n"].dropna().tolist() == [7, 6]
    assert protected_rows["share"].dropna().tolist() == [0.8, 0.4]
    assert protected_rows["department"].tolist() == ["A", "B", "A", "B"]


def test_a_frame_without_rows_stays_without_rows() -> None:
    frame = pd.DataFrame({"wave": [], "n": []})
    assert list(protected(frame, ["wave"], ["n"], 5).columns) == ["wave", "n", "shown"]
