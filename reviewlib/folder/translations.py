"""A column and its translation, ``title`` and ``title_en``, made one of ``Quoted`` texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa

from reviewlib.folder import typed
from reviewlib.languages import LANGUAGES, Quoted


@dataclass(frozen=True)
class Translated:
    """A column as it came, and those that give its texts in a language (texts, "" for none)."""

    plain: pd.Series
    given: Mapping[str, pd.Series]

    def quoted(self, language: str) -> pd.Series:
        """Return the column as objects: ``Quoted``, of which the text is that in ``language``.

        One object for all rows that are alike; NaN where a row has no text in any language.
        """
        columns = [self.plain, *self.given.values()]
        alike = np.zeros(len(self.plain), "int64")
        for column in columns:
            codes, words = pd.factorize(column)
            alike, _ = pd.factorize(alike * len(words) + codes)
        first = np.flatnonzero(~pd.Index(alike).duplicated())
        texts = np.empty(len(first), "object")
        distinct = zip(*(column.iloc[first] for column in columns), strict=True)
        for place, (plain, *others) in enumerate(distinct):
            texts[place] = _quoted(plain, dict(zip(self.given, others, strict=True)), language)
        return pd.Series(texts[alike], index=self.plain.index, dtype="object")


def _quoted(plain: str, given: Mapping[str, str], language: str) -> Quoted | float:
    stated = {spoken: text for spoken, text in given.items() if text}
    text = stated.get(language) or plain or next(iter(stated.values()), "")
    if plain and plain != text:  # it stands for the languages that have no text of their own
        stated |= {spoken: plain for spoken in LANGUAGES if spoken not in stated}
    return Quoted(text, stated) if text else np.nan


def name_without_language(name: str) -> str:
    """Return the name of the column that a column may translate: title of title_en."""
    stem, _, ending = name.rpartition("_")
    return stem if ending in LANGUAGES else name


def in_own_language(
    cells: Mapping[str, pd.Series], schema: pa.DataFrameSchema, language: str
) -> tuple[dict[str, pd.Series], dict[str, Translated]]:
    """Return the columns with each text in the contract's language, and those translated.

    Where it has no text in that language it is that of the plain column, else of another language.

    A translation has the type of the column that it stands beside; of a column of words that a
    rule knows (a choice, a list of the contract) only the contract's own language is read.
    """
    columns, translated = dict(cells), {}
    for name in [name for name in schema.columns if name in cells]:
        beside = {str(spoken): f"{name}_{spoken}" for spoken in LANGUAGES}
        named = {spoken: other for spoken, other in beside.items() if other in cells}
        plain = cells[name]
        given = {s: cells[other] for s, other in named.items() if cells[other].dtype == plain.dtype}
        own = given.get(language, plain)
        for other in (plain, *given.values()):  # a text in another language is better than none
            own = own.where(typed.filled(own), other) if other is not own else own
        columns[name] = own
        for other in named.values():
            del columns[other]
        about = schema.columns[name].metadata
        if given and typed.is_text(plain) and about["kind"] == "text" and "vocabulary" not in about:
            translated[name] = Translated(plain, given)
    return columns, translated
