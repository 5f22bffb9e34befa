"""The words of a table made those of its columns and of the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from reviewlib.tables.aliases import values_by_key
from reviewlib.tables.folding import folded


def admitted(texts: pd.Series, allowed: tuple[str, ...]) -> pd.Series:
    """Return a column of a few words with each of them, in French or English, as its value.

    Words that stand for none of the values stay.
    """
    meanings = values_by_key(allowed)
    return replaced(texts, allowed, lambda word: meanings.get(folded(word)))[0]


def replaced(
    texts: pd.Series, names: tuple[str, ...], meaning: Callable[[str], str | None]
) -> tuple[pd.Series, Mapping[str, int]]:
    """Return texts with those that are none of some names replaced by what they mean.

    Also how many cells had each text that was replaced.
    """
    odd = np.asarray(texts.notna() & ~texts.isin(names), "bool")
    if not odd.any():
        return texts, {}
    counts = texts[odd].value_counts()
    meant = {word: other for word in counts.index if (other := meaning(str(word))) is not None}
    if not meant:
        return texts, {}
    changed = texts[odd].map(lambda word: meant.get(word, word)).astype(texts.dtype)
    result = texts.copy()
    result[odd] = changed
    return result, {word: int(counts[word]) for word in meant}
