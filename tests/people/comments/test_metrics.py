"""Themes of comments: planted ones come out by their words, chance leaves none."""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.languages import Quoted
from reviewlib.people.comments import metrics
from reviewlib.people.comments.labels import labelled
from reviewlib.people.comments.vocabulary import tokens
from tests.people.comments.planted import (
    ACCESS,
    BOTH,
    PRINTER,
    chance,
    planted,
)


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("n", [60, 200])
def test_two_planted_themes_are_named_by_their_words(language: str, n: int) -> None:
    """Of n comments, 35 % have four of six words of one theme, 35 % of the other."""
    one, other = BOTH[language]
    found = metrics.themes(planted(n, one, other), 5)
    written = {frozenset(words) for words in found.table["written"]}
    assert written == {frozenset(one), frozenset(other)}
    assert found.of.value_counts().to_dict() == pytest.approx(
        {0: 0.35 * n, 1: 0.35 * n, -1: 0.3 * n}, abs=2
    )


def test_a_comment_is_of_the_theme_of_which_it_has_two_words_or_more() -> None:
    texts = planted(200, PRINTER, ACCESS)
    texts.loc["one"] = "imprimante"
    texts.loc["two"] = "Des IMPRIMANTES, un toner et un delai"
    found = metrics.themes(texts, 5)
    printers = next(at for at, words in enumerate(found.table["words"]) if "toner" in words)
    assert (found.of["one"], found.of["two"]) == (-1, printers)


def test_themes_do_not_hang_on_the_order_of_the_rows() -> None:
    texts = planted(100, PRINTER, ACCESS)
    shuffled = texts.sample(frac=1, random_state=4)
    one, other = metrics.themes(texts, 5), metrics.themes(shuffled, 5)
    pd.testing.assert_frame_equal(one.table, other.table)
    pd.testing.assert_series_equal(one.of.sort_index(), other.of.sort_index(), check_names=False)


@pytest.mark.parametrize("skew", [0.0, 0.7, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_words_drawn_by_chance_make_no_theme(skew: float, seed: int) -> None:
    """However unequal their frequencies, and however long the comments are."""
    assert metrics.themes(chance(200, 300, skew, seed), 5).table.empty


def test_a_word_of_fewer_comments_than_the_floor_names_no_theme() -> None:
    texts = planted(60, PRINTER, ACCESS) + pd.Series(
        [" Dupont imprimante toner" if n < 4 else "" for n in range(60)]
    )
    words = {word for row in metrics.themes(texts, 5).table["words"] for word in row}
    assert "toner" in words
    assert "dupont" not in words


@pytest.mark.parametrize("text", ["", "…", "👍👍", "\u202e\u200f", "a b c", "le la les du"])
def test_comments_without_words_are_of_no_theme(text: str) -> None:
    found = metrics.themes(pd.Series([text] * 40), 5)
    assert found.table.empty
    assert (found.of == -1).all()


def test_words_are_read_without_case_accents_and_plurals() -> None:
    words = tokens(pd.Series(["Les DÉLAIS d’accès", "un délai"]))
    assert words.to_numpy().tolist() == [
        [0, "délais", "delai"], [0, "accès", "acce"], [1, "délai", "delai"],
    ]  # fmt: skip


def test_the_other_language_of_a_theme_names_it_by_what_its_comments_alone_have() -> None:
    texts = pd.Series(["the printer is broken"] * 6 + ["access is slow"] * 6)
    inside = pd.Series([True] * 6 + [False] * 6)
    assert metrics.telling(texts, inside, 5) == ("broken", "printer")
    assert metrics.telling(texts, inside, 7) == ()


def test_the_central_comments_are_those_with_most_of_the_words_and_each_text_once() -> None:
    texts = pd.Series(["toner vide", "imprimante toner papier", "imprimante toner papier", "autre"])
    assert metrics.central(texts, 1) == [1]
    assert len(metrics.central(texts, 9)) == 3


def test_people_are_counted_once_a_wave() -> None:
    rows = [(0, "W1", "a0"), (0, "W1", "a0"), (0, "W1", "a1"), (0, "W2", "a1"), (1, "W2", "b")]
    frame = pd.DataFrame(rows, columns=["theme", "wave", "respondent"])
    counts = metrics.people(frame, ["W1", "W2"])
    assert counts.to_numpy().tolist() == [[2, 1, 3], [0, 1, 1]]


def test_a_label_is_of_the_theme_with_half_of_its_words_and_two_at_least() -> None:
    words = [
        Quoted("imprimantes, toner, panne, papier", {"fr": "imprimantes, toner, panne, papier"}),
        Quoted("accès, droits, délai", {"fr": "accès, droits, délai", "en": "access, rights"}),
    ]
    labels = {"toner, imprimante, étage": "Imprimer", "Access, rights": "Droits", "panne": "Panne"}
    named = labelled(words, labels)
    assert [*named.labels] == ["Imprimer", "Droits"]
    assert named.unfit == ["panne"]
    assert [*labelled(words, {}).labels] == ["imprimantes, toner, panne", "accès, droits, délai"]
