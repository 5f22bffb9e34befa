"""What themes are called: labels of the facilitator, found by the words of the themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from reviewlib.languages import Quoted
from reviewlib.people.comments.vocabulary import tokens

SHARED = 2  # words that a label has of its theme at least, and half of its own
NAMED_BY = 3  # words by which a theme without a label is called


@dataclass(frozen=True)
class ThemeLabels:
    """The words of themes, what each is called, and the labels that fit none, by their words."""

    words: Sequence[Quoted]
    labels: Sequence[str]
    unfit: Sequence[str]


def labelled(words: Sequence[Quoted], labels: Mapping[str, str]) -> ThemeLabels:
    """Return what themes are called; ``words``: of each, in its languages; ``labels``: by words.

    A label is of the theme that has most of its words, the first among equals; a theme without
    one is called by its first words.
    """
    themes = [_folded(*one.texts.values()) for one in words]
    called: dict[int, str] = {}
    unfit = []
    for key, label in labels.items():
        own = _folded(key)
        shared = [len(own & theme) for theme in themes]
        most = max(shared, default=0)
        if most < SHARED or 2 * most < len(own):
            unfit.append(key)
        else:
            called.setdefault(shared.index(most), label)
    names = [called.get(place, _first(one)) for place, one in enumerate(words)]
    return ThemeLabels(words, names, unfit)


def _folded(*texts: str) -> set[str]:
    return set(tokens(pd.Series(texts, dtype="str"))["word"])


def _first(words: Quoted) -> Quoted:
    texts = {name: _shortened(text) for name, text in words.texts.items()}
    return Quoted(_shortened(words), texts)


def _shortened(words: str) -> str:
    return ", ".join(words.split(", ")[:NAMED_BY])
