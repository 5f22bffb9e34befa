"""The headings and words by which tables, columns and values go, a file for each language.

What stands there is data: a heading or a word that is met in practice is added to ``fr.yml`` or
``en.yml``. The names of tables, columns and values themselves always stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandera.pandas as pa
import yaml

from reviewlib.languages import LANGUAGES
from reviewlib.tables.folding import folded

HERE = Path(__file__).parent


@cache
def stated(language: str) -> Mapping[str, Any]:
    """Return what the file of a language states."""
    text = (HERE / f"{language}.yml").read_text("utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def headings(table: str, column: str, language: str) -> tuple[str, ...]:
    """Return the headings of a column in a language, its title first."""
    every = stated(language)
    own = every["tables"].get(table, {}).get("columns", {})
    return tuple(own.get(column) or every["columns"].get(column, ()))


def title(table: str, column: str, language: str) -> str:
    """Return the title of a column in a language; its name where the language has none."""
    return next(iter(headings(table, column, language)), column)


def words(word: str, language: str) -> tuple[str, ...]:
    """Return the words for a value of those that a column admits, its title first."""
    return tuple(stated(language)["words"].get(word, ()))


def word_title(word: str, language: str) -> str:
    """Return the title of such a value in a language; itself where the language has none."""
    return next(iter(words(word, language)), word)


def table_titles(table: str, language: str) -> tuple[str, ...]:
    """Return the titles of a table in a language, as sheets of a workbook bear them."""
    return tuple(stated(language)["tables"].get(table, {}).get("names", ()))


def heading_key(heading: object) -> str:
    """Return a heading as headings are compared: folded, without words that only link others."""
    links, same = _linking()
    plain = folded(heading)
    return " ".join(same.get(word, word) for word in plain.split() if word not in links) or plain


@cache
def _linking() -> tuple[frozenset[str], Mapping[str, str]]:
    every = [stated(language) for language in LANGUAGES]
    links = frozenset(word for one in every for word in one["links"])
    return links, {word: other for one in every for word, other in one["same"].items()}


@cache
def _keys(table: str, columns: tuple[str, ...]) -> Mapping[str, str]:
    named = {
        heading_key(heading): column
        for column in columns
        for language in LANGUAGES
        for heading in headings(table, column, language)
    }
    return named | {heading_key(column): column for column in columns}


def columns_by_key(schema: pa.DataFrameSchema) -> Mapping[str, str]:
    """Return the columns of a table by the keys of all their headings, and of their names."""
    return _keys(str(schema.name), tuple(map(str, schema.columns)))


def column_of(heading: object, schema: pa.DataFrameSchema) -> str | None:
    """Return the column that a heading names, ``title_en`` for a translation; None for no column.

    A heading names a translation by the language at its end: "Intitulé (en)".
    """
    keys, key = columns_by_key(schema), heading_key(heading)
    if key in keys:
        return keys[key]
    stem, _, ending = key.rpartition(" ")
    return f"{keys[stem]}_{ending}" if ending in LANGUAGES and stem in keys else None


def is_title(heading: object, table: str, column: str) -> bool:
    """Whether a heading is the title of a column in a language."""
    titles = {heading_key(title(table, column, language)) for language in LANGUAGES}
    return heading_key(heading) in titles


@cache
def values_by_key(allowed: tuple[str, ...]) -> Mapping[str, str]:
    """Return the values that a column admits by all words for them, folded, and by themselves."""
    named = {
        folded(word): value
        for value in allowed
        for language in LANGUAGES
        for word in words(value, language)
    }
    return named | {folded(value): value for value in allowed}


@cache
def yes_and_no() -> Mapping[str, bool]:
    """Return yes and no by all words for them, folded."""
    return {
        folded(word): meaning == "true"
        for language in LANGUAGES
        for meaning, listed in stated(language)["flags"].items()
        for word in listed
    }


@cache
def _tables() -> Mapping[str, str]:
    named = {folded(name): table for table, name in _every_table_title()}
    return named | {folded(table): table for table, _ in _every_table_title()}


def _every_table_title() -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        for table in stated(language)["tables"]:
            yield from ((table, name) for name in table_titles(table, language))


def table_of(name: object) -> str | None:
    """Return the table that goes by a name, in French, in English or as its file; else None."""
    return _tables().get(folded(name))


def alike(word: object, words_of_contract: Iterable[str]) -> tuple[str, ...]:
    """Return the words of a contract that are folded as a word is."""
    key = folded(word)
    return tuple(other for other in words_of_contract if folded(other) == key)
