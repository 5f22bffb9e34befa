"""The sentence that opens the page, what is at stake, and the front as a whole."""

from __future__ import annotations

import pytest

from reviewlib.pages.front import opening, settled, staked
from reviewlib.pages.wording import Wording
from reviewlib.report.text import Language
from reviewlib.report.values import AtStake, Front, Unit

EN, FR = Wording("en"), Wording("fr")


def test_what_held_comes_first_then_what_did_not() -> None:
    front = Front(("the service answered in time",), ("the e-mail was late", "money was spent"))

    assert opening(front, EN) == (
        "The service answered in time, but the e-mail was late and money was spent."
    )


def test_where_all_held_or_nothing_did_the_sentence_says_that_alone() -> None:
    assert opening(Front(("the exit was rehearsed",)), EN) == "The exit was rehearsed."
    assert opening(Front((), ("the exit was late",)), EN) == "The exit was late."
    assert opening(Front(), EN) == ""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_sentence_has_at_most_32_words_and_names_a_concern_before_a_second_strength(
    language: Language,
) -> None:
    """Of clauses of 10 words, one that held, two that did not, and two words that join them."""
    ten = tuple(" ".join([f"{name}{place}" for place in range(10)]) for name in "abcde")
    sentence = opening(settled(Front(ten[:2], ten[2:])), Wording(language))

    assert len(sentence.split()) == 32
    assert "A0" in sentence
    assert "d0" in sentence
    assert "b0" not in sentence
    assert "e0" not in sentence


def test_a_stake_is_a_value_a_range_or_a_part_of_a_whole() -> None:
    assert staked(AtStake(165, Unit.DAYS), EN) == "165 days"
    assert staked(AtStake(61, Unit.COUNT, of=89), EN) == "61 of 89"
    assert staked(AtStake(3, Unit.COUNT, high=3), EN) == "3"
    assert staked(AtStake(3, Unit.COUNT, high=5), FR) == "3 à 5"


def test_a_clause_with_which_the_sentence_would_have_33_words_is_left_out() -> None:
    """10, but, 10 are 21 words; and, 11 more are 33."""
    ten = [" ".join([f"{name}{place}" for place in range(10)]) for name in "abc"]
    sentence = opening(settled(Front((ten[0],), (ten[1], f"{ten[2]} c10"))), EN)

    assert len(sentence.split()) == 21
    assert "c0" not in sentence


def test_short_clauses_are_two_of_what_held_and_three_of_what_did_not() -> None:
    front = settled(Front(("a", "b", "c"), ("d", "e", "f", "g")))

    assert opening(front, EN) == "A and b, but d, e and f."


def test_words_that_do_not_part_at_the_end_of_a_line_are_one() -> None:
    """10, but, 10, and, 10 are 32 words, though one of them is “12 jours”."""
    ten = [" ".join(["12\u00a0jours", *(f"{name}{place}" for place in range(9))]) for name in "abc"]

    assert "c8" in opening(settled(Front((ten[0],), tuple(ten[1:]))), FR)
