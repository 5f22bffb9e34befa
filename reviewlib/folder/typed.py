"""Columns that a file gives with a type of their own, as Parquet does, made those of a table.

They are pandas columns of Arrow types. Text is none of them: it is parsed as text, whatever it
came from, and numbers stand for text where a table asks for text, as tools number their tickets.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pandas as pd

from reviewlib.contract.data import Format
from reviewlib.faults import Unfit
from reviewlib.folder.parsing import (
    DIGITS,
    Parsed,
    calendar_days,
    in_utc,
    whole_numbers,
    without_long,
)
from reviewlib.report.text import N_

TEXTUAL = ("text", "choice")
DATES, NUMBERS = N_("timestamps, dates or text"), N_("numbers or text")
ALLOWED = {
    "text": N_("text or whole numbers"),
    "choice": N_("text"),
    "instant": DATES,
    "date": DATES,
    "month": N_("text, YYYY-MM"),
    "number": NUMBERS,
    "money": NUMBERS,
    "integer": NUMBERS,
    "flag": N_("booleans or text"),
}
HOLDS = N_("holds {type}, where {kinds} can be read")


class WrongType(Unfit):
    """A column of a type that its values can't be read from, and what it holds."""


def is_text(column: pd.Series) -> bool:
    """Whether a column holds text, rather than values of another type."""
    return isinstance(column.dtype, pd.StringDtype)


def filled(column: pd.Series) -> pd.Series:
    """Tell which cells hold something."""
    return column != "" if is_text(column) else column.notna()


def plain(column: pd.Series, kind: str) -> pd.Series:
    """Return a column as text without missing cells where text is what it holds or stands for.

    ``kind`` is what the table asks for. A column without a value holds no type worth the name.
    Whole numbers that a missing cell made floats are whole.
    """
    import pyarrow as pa

    if not isinstance(column.dtype, pd.ArrowDtype):
        return column
    values = _arrow(column)
    held = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if kind in TEXTUAL and pa.types.is_floating(held):
        values = _without_fractions(values)
    whole = pa.types.is_integer(values.type) and kind in (*TEXTUAL, "flag")
    textual = any(is_of(held) for is_of in (pa.types.is_string, pa.types.is_large_string,
                                            pa.types.is_string_view))  # fmt: skip
    empty = values.null_count == len(values)
    return _text(values, column.index) if textual or whole or empty else column


def _without_fractions(values: Any) -> Any:
    """Return floats as whole numbers where that is what each of them is; else themselves."""
    import pyarrow as pa

    floats = _floats(values, pd.RangeIndex(len(values)))
    integers = whole_numbers(floats)
    whole = (integers.notna() == floats.notna()).all()
    return pa.chunked_array([pa.array(integers)]) if whole else values


def cells(column: pd.Series) -> pd.Series:
    """Return the cells as they came, each as text; a missing one is empty."""
    import pyarrow as pa

    if not isinstance(column.dtype, pd.ArrowDtype):
        return column if is_text(column) else column.fillna("")
    values = _arrow(column)
    if pa.types.is_timestamp(values.type) and values.type.tz:
        utc = _text(values.cast(pa.timestamp(values.type.unit)), column.index)
        return utc.mask(utc != "", utc + "Z")
    return _text(values, column.index)


def read(column: pd.Series, kind: str, written: Format, time_zone: str) -> Parsed:
    """Read a column that is not text as the kind that a table asks for. Raises WrongType."""
    reader = READERS.get(kind)
    values = None if reader is None else reader(column, written, time_zone)
    if values is None:
        raise WrongType(HOLDS(type=str(_arrow(column).type), kinds=ALLOWED[kind]))
    return values


def _instants(column: pd.Series, written: Format, time_zone: str) -> Parsed | None:
    import pyarrow as pa

    times = _times(column)
    if times is None:
        return None
    local, aware = times
    read = _or_unreadable(column, in_utc(local, aware, written.time_zone or time_zone))
    is_date = pa.types.is_date(_arrow(column).type)
    return dataclasses.replace(read, no_time=local.notna() & is_date)


def _dates(column: pd.Series, _: Format, time_zone: str) -> Parsed | None:
    times = _times(column)
    if times is None:
        return None
    local, utc = times
    midnight = bool(utc.notna().any()) and bool((utc.dropna() == utc.dropna().dt.floor("D")).all())
    if midnight:
        local, utc = local.fillna(utc.dt.tz_localize(None)), utc.mask(utc.notna())
    days = Parsed(calendar_days(local, utc, time_zone), column.isna(), midnight=midnight)
    return _or_unreadable(column, days)


def _numbers(column: pd.Series, _: Format, __: str) -> Parsed | None:
    import pyarrow as pa

    values = _arrow(column)
    numeric = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    if not any(is_of(values.type) for is_of in numeric):
        return None
    floats = _floats(values, column.index)
    endless = floats.abs() == float("inf")
    return Parsed(floats.mask(endless), endless)


def _amounts(column: pd.Series, written: Format, time_zone: str) -> Parsed | None:
    """Read amounts; a decimal of more digits than a float holds would be another amount."""
    import pyarrow as pa

    floats = _numbers(column, written, time_zone)
    if floats is None or not pa.types.is_decimal(_arrow(column).type):
        return floats and without_long(floats, pd.Series(False, index=column.index))
    digits = [
        0 if value is None else len(value.normalize().as_tuple().digits)
        for value in _arrow(column).to_pylist()
    ]
    return without_long(floats, pd.Series(digits, index=column.index) > DIGITS)


def _integers(column: pd.Series, written: Format, time_zone: str) -> Parsed | None:
    floats = _numbers(column, written, time_zone)
    if floats is None:
        return None
    whole = whole_numbers(floats.values)
    return Parsed(whole, floats.unreadable | (whole.isna() & floats.values.notna()))


def _flags(column: pd.Series, _: Format, __: str) -> Parsed | None:
    import pyarrow as pa

    if not pa.types.is_boolean(_arrow(column).type):
        return None
    return Parsed(column.astype("boolean"), pd.Series(False, index=column.index))


READERS: dict[str, Callable[[pd.Series, Format, str], Parsed | None]] = {
    "instant": _instants,
    "date": _dates,
    "number": _numbers,
    "money": _amounts,
    "integer": _integers,
    "flag": _flags,
}


def _or_unreadable(column: pd.Series, read: Parsed) -> Parsed:
    """Return what was read, with every cell that holds something and gave nothing unreadable."""
    return dataclasses.replace(read, unreadable=column.notna() & read.values.isna())


def _times(column: pd.Series) -> tuple[pd.Series, pd.Series] | None:
    """Return local times, and instants (UTC) where the type states a zone; None for other types.

    Both to the second; NaT beyond the years that can be written with four digits.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    values = _arrow(column)
    if pa.types.is_date(values.type):
        values = values.cast(pa.timestamp("s" if pa.types.is_date32(values.type) else "ms"))
    if not pa.types.is_timestamp(values.type):
        return None
    bare = values.cast(pa.timestamp(values.type.unit))
    seconds = pc.floor_temporal(bare, unit="second").cast(pa.timestamp("s"), safe=False)
    moments = pd.Series(seconds.to_numpy(), index=column.index, dtype="datetime64[s]")
    moments = moments.where(moments.between(pd.Timestamp(1, 1, 2), pd.Timestamp(9999, 12, 30)))
    none = pd.Series(pd.NaT, index=column.index, dtype="datetime64[s]")
    local, utc = (none, moments) if values.type.tz else (moments, none)
    return local, utc.dt.tz_localize("UTC")


def _arrow(column: pd.Series) -> Any:
    """Return the Arrow values of a column."""
    return column.array.__arrow_array__()


def _floats(values: Any, index: pd.Index) -> pd.Series:
    import pyarrow as pa

    floats = values.cast(pa.float64(), safe=False).to_numpy()
    return pd.Series(floats, index=index, dtype="float64")


def _text(values: Any, index: pd.Index) -> pd.Series:
    """Return values as text, "" where they are missing or no text can stand for them."""
    import pyarrow as pa

    try:
        texts = values.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        texts = pa.chunked_array([pa.nulls(len(values), pa.large_string())])
    column = pd.Series(pd.arrays.ArrowExtensionArray(texts), index=index)
    return column.astype("str").fillna("")
