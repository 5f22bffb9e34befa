"""Columns of words as numbers."""

from __future__ import annotations

import numpy as np

from reviewlib.service.columns import category_of


def test_columns_numbered_by_other_words_are_one_category_with_its_words_in_order() -> None:
    """A number of -1 is a missing word, and so is a number that stands for none."""
    found = category_of(
        [(np.array([0, 1, -1]), ("P2", "P1")), (np.array([1, 0, 2]), ("P3", "P2", None))]
    )

    assert [*found.categories] == ["P1", "P2", "P3"]
    assert found.codes.tolist() == [1, 0, -1, 1, 2, -1]


def test_columns_without_a_word_are_a_category_without_one() -> None:
    found = category_of([(np.array([-1, -1]), ())])

    assert found.isna().all()
    assert not len(found.categories)
