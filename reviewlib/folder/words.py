"""The words of a table made those of its columns and of the contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pandas as pd
import pandera.pandas as pa

from reviewlib.folder.reading import Reading
from reviewlib.report.text import N_, NAMED, How, Message, join, n_
from reviewlib.tables.aliases import values_by_key
from reviewlib.tables.folding import folded

READ_AS = n_(
    "“{word}” as “{meant}” ({n} row)",
    "“{word}” as “{meant}” ({n} rows)",
)
WRITTEN_OTHERWISE = N_(
    "“{column}” writes words of the contract in another way; taken for them: {words}"
)
COUNTED = n_("“{word}” ({n} row)", "“{word}” ({n} rows)")
UNPLANNED = N_(
    "“{column}” names what the contract does not: {words}. It is counted apart. Under {key} the "
    "contract has {known:commas}."
)
PLANS = {name: f"governance.{name}" for name in ("bodies", "reports", "tools", "procedures")}
PLANS["roles"] = "client, provider"
"""Where the contract has the names of a list of which a table may have others."""


def admitted(texts: pd.Series, allowed: tuple[str, ...]) -> pd.Series:
    """Return a column of a few words with each of them, in French or English, as its value.

    Words that stand for none of the values stay.
    """
    return replaced(texts, allowed, values_by_key(allowed))[0]


def in_words_of_contract(
    columns: dict[str, pd.Series],
    schema: pa.DataFrameSchema,
    reading: Reading,
    as_they_are: Collection[str],
) -> Iterator[tuple[str, Message]]:
    """Put the words of the contract in place of those that only case, accents or signs part.

    A word is one of the contract's where exactly one of these is folded as it is, or where it is
    the title of one. Columns named in ``as_they_are`` stay. Yields the columns with what is to be
    said of them: which words were taken for others, and which the governance plan does not name.
    """
    for name in [name for name in columns if name not in as_they_are]:
        about = schema.columns[name].metadata
        read: list[tuple[str, str, int]] = []
        beside, lists = about.get("words_by", ("", {}))
        of_all = about.get("vocabulary", about.get("words", ""))
        for value, words in {None: of_all, **lists}.items():
            terms = reading.vocabulary.get(words, ())
            if terms and (value is None or beside in columns):
                rows = None if value is None else np.asarray(columns[beside] == value, "bool")
                columns[name], more = replaced(
                    columns[name], terms, _meanings(terms, words, reading), rows
                )
                read += [(word, *meant) for word, meant in more.items()]
        if read:
            parts = [READ_AS(word=word, meant=meant, n=n) for word, meant, n in read]
            listing = join(How.COMMAS, parts[:NAMED], len(parts[NAMED:]))
            yield name, WRITTEN_OTHERWISE(column=name, words=listing)
        if of_all in PLANS and reading.vocabulary.get(of_all):
            yield from _unplanned(name, columns[name], reading.vocabulary[of_all], PLANS[of_all])


def _meanings(terms: tuple[str, ...], words: str, reading: Reading) -> Mapping[str, str]:
    """Return the words of a list by how they, and the titles of one of them alone, are folded."""
    of_title: dict[str, set[str]] = {}
    for title, word in reading.titles.get(words, ()):
        of_title.setdefault(folded(title), set()).add(word)
    alone = {title: min(meant) for title, meant in of_title.items() if len(meant) == 1}
    return {**alone, **_unique(terms)}


def _unplanned(
    column: str, texts: pd.Series, terms: tuple[str, ...], key: str
) -> Iterator[tuple[str, Message]]:
    """Yield which names of a column are none of a plan, and where that has its own."""
    counts = texts[texts.notna() & ~texts.isin(terms)].astype("str").value_counts(sort=False)
    if len(counts):
        parts = [COUNTED(word=word, n=int(n)) for word, n in counts.items()]
        listing = join(How.COMMAS, parts[:NAMED], len(parts[NAMED:]))
        yield column, UNPLANNED(column=column, words=listing, key=key, known=terms)


def _unique(words: tuple[str, ...]) -> Mapping[str, str]:
    """Return the words of a contract by how they are folded, but for those folded alike."""
    keys = [folded(word) for word in words]
    alike = Counter(keys)
    return {key: word for key, word in zip(keys, words, strict=True) if alike[key] == 1}


def replaced(
    texts: pd.Series,
    names: tuple[str, ...],
    meanings: Mapping[str, str],
    rows: np.ndarray | None = None,
) -> tuple[pd.Series, dict[str, tuple[str, int]]]:
    """Return texts with those that are none of some names by what they mean, folded.

    Of all rows, or of those of a mask. Also what each text that was replaced means, and in how
    many rows it stands.
    """
    odd = np.asarray(texts.notna() & ~texts.isin(names), "bool")
    odd = odd if rows is None else odd & rows
    if not odd.any():
        return texts, {}
    codes, distinct = pd.factorize(texts)
    counts = np.bincount(codes[odd], minlength=len(distinct))
    keys = {int(place): folded(distinct[place]) for place in np.flatnonzero(counts)}
    meant = {place: meanings[key] for place, key in keys.items() if key in meanings}
    if not meant:
        return texts, {}
    words = pd.array([meant.get(place, w) for place, w in enumerate(distinct)], dtype="str")
    result = pd.Series(words.take(codes, allow_fill=True), texts.index, name=texts.name)
    if rows is not None:
        result = result.where(odd, texts.astype("str"))
    read = {str(distinct[place]): (word, int(counts[place])) for place, word in meant.items()}
    return result.astype("category") if texts.dtype == "category" else result, read
