"""Text as people export it, turned into typed columns: dates, numbers, yes and no.

Nothing is guessed: what a column does not settle by itself must be declared in the contract.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pandas as pd

from reviewlib.contract.data import Format, end_of_gap
from reviewlib.tables.columns import FALSE_WORDS, TRUE_WORDS

ISO = r"^\d{4}-\d{1,2}-\d{1,2}"
SLASHED_PARTS = r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?=\D|$)"
OFFSET = r":\d{2}(?:[.,]\d+)?\s?(?:Z|[+-]\d{2}(?::?\d{2})?)$"
ORDERS = ("day-first", "month-first")
TIMES = ("%H:%M:%S", "%H:%M", "", "%H:%M:%S.%f", "%I:%M:%S %p", "%I:%M %p")
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")

# Compiled, so that every kind of text column that pandas has takes them the same way
_ISO, _OFFSET = re.compile(ISO), re.compile(OFFSET)
_SLASHED = re.compile(SLASHED_PARTS.replace("(\\d", "(?:\\d"))
_PARTS = re.compile(SLASHED_PARTS)
_GROUPING = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")  # any kind of space, as in 1 234 567
_SIGN = re.compile(r"\s*[%€]$")
NUMERIC = ("number", "integer", "money")
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "CAD": "$", "JPY": "¥"}  # of a contract's own
DIGITS, MOST = 15, 1e13  # of an amount; what no amount reaches, as in the contract
_PLAIN = re.compile(r"[+-]?[\d.,]+")


class AmbiguousColumn(ValueError):
    """A column whose values can be read in two ways; the message says what to declare."""


@dataclass(frozen=True)
class Parsed:
    """A typed column, and which rows were unreadable or repaired (boolean masks)."""

    values: pd.Series
    unreadable: pd.Series
    gap: pd.Series | None = None
    fold: pd.Series | None = None
    no_time: pd.Series | None = None


def day_order(texts: pd.Series, declared: str | None) -> str:
    """Return how slashed dates are written: as declared, else as the whole column tells."""
    if declared in ORDERS:
        return declared
    parts = texts.str.extract(_PARTS)[[0, 1]].dropna().astype("int64")
    first, second = parts[0] > 12, parts[1] > 12
    day_first, month_first = first & ~second, second & ~first
    if day_first.any() != month_first.any():
        return "day-first" if day_first.any() else "month-first"
    if day_first.any():
        one, other = texts[day_first.idxmax()], texts[month_first.idxmax()]
        raise AmbiguousColumn(f"{one!r} has its day first, and {other!r} its month")
    example = texts[parts.index[0]]
    raise AmbiguousColumn(f"no day is above 12, so the order of {example!r} can't be told")


def _local_times(texts: pd.Series, order: str | None) -> pd.Series:
    """Return naive local times, NaT where the text is not a date of the accepted forms."""
    found = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[us]")
    iso, slashed = texts.str.contains(_ISO), texts.str.contains(_SLASHED)
    forms = [(texts[iso].str.replace("T", " ", regex=False), "%Y-%m-%d")]
    if slashed.any():
        day_first = day_order(texts[slashed], order) == "day-first"
        other = slashed & ~texts.str.contains("/", regex=False)  # 15.01.2024, 15-01-2024
        rewritten = texts[other].str.replace(_PARTS, r"\1/\2/\3", regex=True)
        form = "%d/%m/%Y" if day_first else "%m/%d/%Y"
        forms += [(texts[slashed & ~other], form), (rewritten, form)]
    for written, date_form in forms:
        left = written
        for time_form in TIMES:
            form = f"{date_form} {time_form}".strip()
            read = pd.to_datetime(left, format=form, errors="coerce").astype("datetime64[us]")
            found.update(read.dropna())
            left = left[read.isna()]
    return found


def _offset_times(texts: pd.Series) -> pd.Series:
    """Return the instants (UTC) of the texts that bear an offset, NaT where they bear none."""
    stated = texts.str.contains(_OFFSET) & texts.str.contains(_ISO)
    read = pd.to_datetime(texts[stated], format="ISO8601", utc=True, errors="coerce")
    return read.astype("datetime64[us, UTC]").reindex(texts.index)


def instants(texts: pd.Series, written: Format, time_zone: str) -> Parsed:
    """Read instants to UTC seconds; local times stand in the file's zone, else the contract's.

    An hour skipped in spring moves to the end of the gap, one that occurs twice in autumn is the
    first, a date without a time is its midnight; all are reported as repaired.
    """
    aware = _offset_times(texts)
    local = _local_times(texts.mask(aware.notna(), ""), written.dates)
    read = in_utc(local, aware, written.time_zone or time_zone)
    no_time = local.notna() & ~texts.str.contains(":", regex=False)
    unreadable = (texts != "") & read.values.isna()
    return dataclasses.replace(read, unreadable=unreadable, no_time=no_time)


def in_utc(local: pd.Series, aware: pd.Series, zone: str) -> Parsed:
    """Return instants in UTC seconds: ``aware`` (UTC), else ``local`` read in a zone."""
    first = local.dt.tz_localize(zone, ambiguous=True, nonexistent="NaT")
    once = local.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    gap = local.notna() & first.isna()
    # not "shift_forward", which goes to the full hour: Lord Howe Island skips half of one
    ends = pd.to_datetime([end_of_gap(at, ZoneInfo(zone)) for at in local[gap]], utc=True)
    moved = pd.Series(ends, index=local.index[gap]).reindex(local.index)
    utc = aware.fillna(first.dt.tz_convert("UTC")).fillna(moved.astype(aware.dtype))
    values = utc.dt.floor("s").dt.as_unit("s")
    return Parsed(values, values.isna() & local.notna(), gap, first.notna() & once.isna())


def dates(texts: pd.Series, written: Format, time_zone: str) -> Parsed:
    """Read calendar dates; a time of day that stands beside one is left out.

    With an offset it is an instant, of which the contract's zone tells the date.
    """
    aware = _offset_times(texts)
    local = _local_times(texts.mask(aware.notna(), ""), written.dates)
    values = calendar_days(local, aware, time_zone)
    return Parsed(values, (texts != "") & values.isna())


def calendar_days(local: pd.Series, aware: pd.Series, zone: str) -> pd.Series:
    """Return the days of local times, and those that instants (UTC) have in a zone."""
    values = aware.dt.tz_convert(zone).dt.tz_localize(None).fillna(local)
    return values.dt.normalize().dt.as_unit("s")


def months(texts: pd.Series, _: Format, __: str) -> Parsed:
    """Read calendar months, written YYYY-MM."""
    values = texts.where(texts.str.fullmatch(MONTH), None)
    return Parsed(values, (texts != "") & values.isna())


def numbers(texts: pd.Series, written: Format, _: str) -> Parsed:
    """Read numbers: 1234.5, 1 234,5 with any kind of space, 95,2 %.

    A mark of thousands counts only between groups of three digits: where the comma is the decimal
    mark, 1234.5 is unreadable and not 12345.
    """
    bare = texts.str.replace(_SIGN, "", regex=True).str.replace(_GROUPING, "", regex=True)
    bare = bare.str.replace("\u2212", "-", regex=False)
    decimal = written.decimal or _decimal(bare)
    thousands = "," if decimal == "." else "."
    whole = rf"(?:\d{{1,3}}(?:\{thousands}\d{{3}})+|\d+)"
    form = re.compile(rf"[+-]?{whole}(?:\{decimal}\d+)?(?:[eE][+-]?\d{{1,2}})?", re.ASCII)
    plain = bare.str.replace(thousands, "", regex=False).str.replace(decimal, ".", regex=False)
    values = plain.where(bare.str.fullmatch(form), None).astype("float64")
    return Parsed(values, (texts != "") & values.isna())


def bare_amounts(texts: pd.Series, currency: str) -> pd.Series:
    """Return amounts without the sign or code of their currency: 1 200 €, -€1,200, 1 200 € HT.

    The sign of another currency stays, and makes the amount unreadable.
    """
    own = "|".join(re.escape(sign) for sign in (currency, SYMBOLS.get(currency, currency)))
    before = re.compile(rf"^([+\-\u2212]?)\s*(?:{own})\s*", re.IGNORECASE)
    after = re.compile(rf"\s*(?:{own})(?:\s*H\.?T\.?)?$", re.IGNORECASE)
    stripped = texts.str.replace(before, r"\1", regex=True).str.replace(after, "", regex=True)
    foreign = stripped.str.contains(re.compile(r"[%€]$"))
    return stripped.mask(foreign, stripped + " ?")  # which no number ends with


def amounts(texts: pd.Series, written: Format, time_zone: str) -> Parsed:
    """Read amounts of money: numbers of at most fifteen digits, which a float holds exactly."""
    read = numbers(texts, written, time_zone)
    digits = texts.str.replace(re.compile(r"\D"), "", regex=True).str.lstrip("0").str.len()
    return without_long(read, digits > DIGITS)


def without_long(read: Parsed, long: pd.Series) -> Parsed:
    """Return amounts without those of more digits than a float holds, or beyond any contract."""
    refused = read.values.notna() & (long | (read.values.abs() >= MOST))
    return Parsed(read.values.mask(refused), read.unreadable | refused)


def _decimal(bare: pd.Series) -> str:
    """Return the decimal mark that the column's values can only have; "." where none has any."""
    marked = bare[bare.str.fullmatch(_PLAIN) & bare.str.contains(re.compile("[.,]"))]
    comma, point = _shows(marked, ",", "."), _shows(marked, ".", ",")
    if comma.any() != point.any():
        return "," if comma.any() else "."
    if comma.any():
        one, other = marked[comma.idxmax()], marked[point.idxmax()]
        raise AmbiguousColumn(f"{one!r} has a decimal comma, and {other!r} a decimal point")
    if marked.empty:
        return "."
    raise AmbiguousColumn(f"{marked.iloc[0]!r} may have a decimal mark or a mark of thousands")


def _shows(marked: pd.Series, mark: str, other: str) -> pd.Series:
    """Tell which values show that ``mark`` is the decimal one."""
    last = marked.str.contains(mark, regex=False) & (
        marked.str.rfind(mark) > marked.str.rfind(other)
    )
    once, without = marked.str.count(re.escape(mark)) == 1, ~marked.str.contains(other, regex=False)
    groups = re.compile(rf"[+-]?[1-9]\d{{0,2}}\{mark}\d{{3}}")
    other_groups = re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:\{other}\d{{3}}){{2,}}")
    either = without & marked.str.fullmatch(groups)  # 1,234
    return (last & once & ~either) | marked.str.fullmatch(other_groups)


def integers(texts: pd.Series, written: Format, time_zone: str) -> Parsed:
    """Read whole numbers."""
    read = numbers(texts, written, time_zone)
    whole = whole_numbers(read.values)
    return Parsed(whole, (texts != "") & whole.isna())


def whole_numbers(values: pd.Series) -> pd.Series:
    """Return the numbers that have no fraction and are held exactly, missing for the others."""
    return values.where((values % 1 == 0) & (values.abs() < 2**53)).astype("Int64")


def flags(texts: pd.Series, _: Format, __: str) -> Parsed:
    """Read yes and no, in French and in English."""
    words = texts.str.casefold()
    values = pd.Series(pd.NA, index=texts.index, dtype="boolean")
    values[words.isin(TRUE_WORDS)] = True
    values[words.isin(FALSE_WORDS)] = False
    return Parsed(values, (texts != "") & values.isna())


def words(texts: pd.Series, _: Format, __: str) -> Parsed:
    """Keep text as it is; an empty cell is missing."""
    filled = texts != ""
    values = texts if filled.all() else texts.where(filled, None)
    return Parsed(values, pd.Series(False, index=texts.index))


PARSERS: dict[str, Callable[[pd.Series, Format, str], Parsed]] = {
    "text": words,
    "choice": words,
    "instant": instants,
    "date": dates,
    "month": months,
    "number": numbers,
    "money": amounts,
    "integer": integers,
    "flag": flags,
}
