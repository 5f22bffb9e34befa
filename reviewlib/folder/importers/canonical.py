"""Cells of an export as a table of a folder holds them: one form for each kind of value.

What can't be read stays as it is, and ``check`` sets its row aside with the reason.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pandas as pd

from reviewlib.contract.data import Format
from reviewlib.folder.parsing import (
    NUMERIC,
    OFFSET,
    ORDERS,
    PLAIN_ISO,
    SLASHED,
    TWO_ORDERS,
    AmbiguousColumn,
    bare_amounts,
    bare_numbers,
    decimal_mark,
    flags,
    instants,
    matches,
    numbers,
    shown_order,
)
from reviewlib.tables import SCHEMAS

SPACED = r"^\p{Nd}{1,3}(?:[\s\p{Z}]\p{Nd}{3})+$"
LEADING = re.compile(
    r"^(?:_+|[^\w\s\x00-\x7f]|\s)+(?=\w)"
)  # underscores, and signs that no keyboard has
BROKEN = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
PLAIN_DAY = r"^(\d{2})[/.\-](\d{2})[/.\-](\d{4})((?: \d{2}:\d{2}(?::\d{2})?)?)$"
TIMES = ("instant", "date")
SPACES = r"[\s\p{Z}]"


def as_text(texts: pd.Series) -> pd.Series:
    """Return words without HTML: lines and entities of it are what a tool puts into a cell."""
    if not matches(texts, r"[<&]").any():
        return texts
    return by_word(texts, lambda word: BROKEN.sub(", ", html.unescape(word)).strip())


def by_word(texts: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Return texts changed word by distinct word."""
    places, distinct = pd.factorize(texts)
    return (
        pd.Series([change(str(word)) for word in distinct], dtype="str")
        .take(places)
        .set_axis(texts.index)
    )


def renamed(texts: pd.Series, meanings: Mapping[str, str]) -> pd.Series:
    """Return texts with some words in place of others."""
    return by_word(texts, lambda word: meanings.get(word, word)) if meanings else texts


def without_spaces(texts: pd.Series) -> pd.Series:
    """Return numbers such as 49 541 as 49541; other texts as they are."""
    spaced = matches(texts, SPACED)
    if not spaced.any():
        return texts
    return texts.mask(spaced, _replaced(texts, SPACES, ""))


def without_icon(word: str) -> str:
    """Return a word without what stands before its first letter: "__ New" is New."""
    return LEADING.sub("", word, count=1)


def slashed_order(columns: list[pd.Series]) -> str:
    """Return the order that the slashed dates of an export show, "" where none does.

    "iso" where no date is slashed. Raises AmbiguousColumn where they contradict each other.
    """
    slashed = [column[matches(column, SLASHED)] for column in columns]
    slashed = [column for column in slashed if len(column)]
    shown = [shown_order(column) for column in slashed]
    if {*ORDERS} <= {*shown}:
        one, other = (slashed[shown.index(order)] for order in ORDERS)
        raise AmbiguousColumn(TWO_ORDERS(one=one.iloc[0], other=other.iloc[0]))
    return next((order for order in shown if order), "") if slashed else "iso"


def canonical(
    texts: pd.Series, kind: str, written: Format, currency: str, mark: str = "."
) -> pd.Series:
    """Return the cells of a column in the one form of its kind. Raises AmbiguousColumn.

    ``mark``: the decimal mark that its numbers get.
    """
    if kind in TIMES:
        return _times(texts, written, days=kind == "date")
    if kind in NUMERIC:
        stated = bare_amounts(texts, currency) if kind == "money" else texts
        return _numbers(stated, texts, written, mark)
    if kind == "flag":
        values = flags(texts, written, "UTC").values
        return texts.mask(values.notna(), values.map({True: "true", False: "false"}).astype("str"))
    return as_text(texts)


def in_one_form(cells: pd.DataFrame, table: str, written: Format) -> pd.DataFrame:
    """Return the cells of a folder's table in the form of an import, so that they compare."""
    columns = SCHEMAS[table].columns
    kinds = {name: columns[name].metadata["kind"] for name in map(str, cells) if name in columns}
    times = [cells[name] for name, kind in kinds.items() if kind in TIMES]
    order = ""
    with suppress(AmbiguousColumn):
        order = written.dates or slashed_order(times)
    read = written.model_copy(update={"dates": order or None})
    made = {}
    for name in map(str, cells):
        made[name] = cells[name]
        with suppress(AmbiguousColumn):  # which check says
            if name in kinds:
                mark = written.decimal or "."
                made[name] = canonical(cells[name], kinds[name], read, "EUR", mark)
    return pd.DataFrame(made, index=cells.index)


def _times(texts: pd.Series, written: Format, days: bool) -> pd.Series:
    """Return times as YYYY-MM-DD HH:MM:SS, those without a time of day as YYYY-MM-DD.

    One that states its offset from UTC stays as it is.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = r"\3-\1-\2\4" if written.dates == "month-first" else r"\3-\2-\1\4"
    plain = _replaced(texts, PLAIN_DAY, parts)
    empty = (texts == "").to_numpy()
    if (matches(plain, PLAIN_ISO) | empty).all():
        stated = pc.if_else(pa.array(empty), None, pa.array(plain.array))
        with suppress(pa.ArrowInvalid):  # 30 February: they are read one by one
            return _written(texts, stated.cast(pa.timestamp("s")), days)
    zoned = matches(texts, OFFSET)
    read = instants(texts.mask(zoned, ""), written, "UTC").values.dt.tz_localize(None)
    return _written(texts, pa.array(read.to_numpy().astype("datetime64[s]")), days)


def _written(texts: pd.Series, times: Any, days: bool) -> pd.Series:
    """Return times (of Arrow) as text, a day where that is all that there was; else the text."""
    iso = _series(times.cast("string"), texts.index)
    short = pd.Series(days or ~matches(texts, ":"), texts.index)
    if short.any():
        iso = iso.mask(short, iso.str.slice(0, 10))
    return texts.mask(iso.notna(), iso)


def _series(values: Any, index: pd.Index) -> pd.Series:
    """Return texts of Arrow as a column."""
    return pd.Series(pd.arrays.ArrowExtensionArray(values), index=index).astype("str")


def _replaced(texts: pd.Series, pattern: str, by: str) -> pd.Series:
    """Return texts with a pattern of RE2 replaced."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = pc.replace_substring_regex(pa.array(texts.array), pattern, by)
    return _series(array, texts.index)


def _numbers(stated: pd.Series, texts: pd.Series, written: Format, mark: str) -> pd.Series:
    """Return numbers with a decimal mark and none of thousands, digit by digit as they came."""
    read = numbers(stated, written, "UTC").values
    if not read.notna().any():
        return texts
    bare = bare_numbers(stated)
    own = written.decimal or decimal_mark(stated)
    digits = bare.str.replace("," if own == "." else ".", "", regex=False)
    return texts.mask(read.notna(), digits.str.replace(own, mark, regex=False))
