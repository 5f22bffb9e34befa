"""Text as people export it, turned into typed columns: dates, numbers, yes and no.

Nothing is guessed: what a column does not settle by itself must be declared in the contract.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from reviewlib.contract.data import Format
from reviewlib.tables.columns import FALSE_WORDS, TRUE_WORDS

SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
ISO = r"^\d{4}-\d{1,2}-\d{1,2}"
SLASHED = r"^\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}(?=\D|$)"
SLASHED_PARTS = r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?=\D|$)"
OFFSET = r"(?:Z|[+-]\d{2}:?\d{2})$"
TIMES = ("%H:%M:%S.%f", "%H:%M:%S", "%H:%M", "")


class AmbiguousColumn(ValueError):
    """A column whose values can be read in two ways; the message says what to declare."""


@dataclass(frozen=True)
class Parsed:
    """A typed column, and which rows were unreadable or repaired (boolean masks)."""

    values: pd.Series
    unreadable: pd.Series
    gap: pd.Series | None = None
    fold: pd.Series | None = None


def day_order(texts: pd.Series, declared: str | None) -> Literal["day-first", "month-first"]:
    """Return how slashed dates are written: as declared, else as the whole column tells."""
    if declared in ("day-first", "month-first"):
        return declared  # type: ignore[return-value]
    parts = texts.str.extract(SLASHED_PARTS)[[0, 1]].dropna().astype("int64")
    day_first, month_first = bool((parts[0] > 12).any()), bool((parts[1] > 12).any())
    if day_first != month_first:
        return "day-first" if day_first else "month-first"
    how = "both orders occur" if day_first else "no day is above 12, so the order can't be told"
    raise AmbiguousColumn(f"dates such as {texts[parts.index[0]]!r} are ambiguous: {how}")


def _local_times(texts: pd.Series, order: str | None) -> pd.Series:
    """Return naive local times, NaT where the text is not a date of the accepted forms."""
    found = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us]")
    slashed = texts.str.contains(SLASHED, regex=True)
    iso = texts.str.contains(ISO, regex=True)
    forms = [(iso, texts[iso].str.replace("T", " "), "%Y-%m-%d")]
    if slashed.any():
        first = day_order(texts[slashed], order) == "day-first"
        day = texts[slashed].str.replace(SLASHED_PARTS, r"\1/\2/\3", regex=True)
        forms.append((slashed, day, "%d/%m/%Y" if first else "%m/%d/%Y"))
    for mask, written, date_form in forms:
        left = written.astype("object")
        for time_form in TIMES:
            if left.empty:
                break
            read = pd.to_datetime(left, format=f"{date_form} {time_form}".strip(), errors="coerce")
            found.update(read.dropna().astype("datetime64[us]"))
            left = left[read.isna()]
    return found


def instants(texts: pd.Series, written: Format, time_zone: str) -> Parsed:
    """Read instants to UTC seconds; local times stand in the file's zone, else the contract's.

    An hour skipped in spring moves to the end of the gap, one that occurs twice in autumn is the
    first; both are reported as repaired.
    """
    with_offset = texts.str.contains(OFFSET, regex=True) & texts.str.contains(ISO, regex=True)
    local = _local_times(texts.where(~with_offset, ""), written.dates)
    zone = written.time_zone or time_zone
    utc = local.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    strict = local.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    doubtful = local.notna() & strict.isna()
    gap = doubtful & (utc.dt.tz_localize(None) != local)
    values = utc.dt.tz_convert("UTC")
    if with_offset.any():
        aware = pd.to_datetime(texts[with_offset], format="ISO8601", utc=True, errors="coerce")
        values = values.where(~with_offset, aware.reindex(values.index))
    values = values.dt.floor("s").dt.as_unit("s")
    return Parsed(values, (texts != "") & values.isna(), gap, doubtful & ~gap)


def dates(texts: pd.Series, written: Format, _: str) -> Parsed:
    """Read calendar dates; a time of day that stands beside one is left out."""
    values = _local_times(texts.str.replace(OFFSET, "", regex=True), written.dates)
    return Parsed(values.dt.normalize().dt.as_unit("s"), (texts != "") & values.isna())


def numbers(texts: pd.Series, written: Format, _: str) -> Parsed:
    """Read numbers: 1234.5, 1 234,5 with any kind of space, 95,2 %."""
    bare = texts.str.replace(SPACES, "", regex=True).str.rstrip("%€")
    decimal = written.decimal or _decimal(bare)
    thousands = "," if decimal == "." else "."
    plain = bare.str.replace(thousands, "", regex=False).str.replace(decimal, ".", regex=False)
    values = pd.to_numeric(plain.where(plain != "", None), errors="coerce").astype("float64")
    return Parsed(values, (texts != "") & values.isna())


def _decimal(bare: pd.Series) -> str:
    comma = bare[bare.str.contains(",", regex=False)]
    point = bare[bare.str.contains(".", regex=False)]
    if comma.empty and point.empty:
        return "."
    both = comma[comma.str.contains(".", regex=False)]
    if not both.empty:
        return "," if (both.str.rfind(",") > both.str.rfind(".")).all() else "."
    marked, mark = (comma, ",") if point.empty else (point, ".")
    mixed = not comma.empty and not point.empty
    if mixed or marked.str.fullmatch(rf"-?[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+").all():
        raise AmbiguousColumn(f"numbers such as {marked.iloc[0]!r} can be read in two ways")
    return mark


def integers(texts: pd.Series, written: Format, time_zone: str) -> Parsed:
    """Read whole numbers."""
    read = numbers(texts, written, time_zone)
    whole = read.values.where(read.values % 1 == 0)
    return Parsed(whole.astype("Int64"), (texts != "") & whole.isna())


def flags(texts: pd.Series, _: Format, __: str) -> Parsed:
    """Read yes and no, in French and in English."""
    words = texts.str.casefold()
    values = pd.Series(pd.NA, index=texts.index, dtype="boolean")
    values[words.isin(TRUE_WORDS)] = True
    values[words.isin(FALSE_WORDS)] = False
    return Parsed(values, (texts != "") & values.isna())


def words(texts: pd.Series, _: Format, __: str) -> Parsed:
    """Keep text as it is; an empty cell is missing."""
    return Parsed(texts.where(texts != "", None), pd.Series(False, index=texts.index))


PARSERS: dict[str, Callable[[pd.Series, Format, str], Parsed]] = {
    "text": words,
    "choice": words,
    "instant": instants,
    "date": dates,
    "number": numbers,
    "integer": integers,
    "flag": flags,
}
