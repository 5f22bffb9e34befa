"""Text as people export it, turned into typed columns: dates, numbers, yes and no.

Nothing is guessed: what a column does not settle by itself must be declared in the contract.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from reviewlib.contract.data import Format, end_of_gap
from reviewlib.faults import Unfit
from reviewlib.report.text import N_
from reviewlib.tables.aliases import yes_and_no
from reviewlib.tables.folding import folded

# Patterns of RE2, which needs no object for a text: there \d and \s are of ASCII alone
DIGIT, SPACE = r"\p{Nd}", r"[\s\x0b\x1c-\x1f\x85\p{Z}]"
ISO = rf"^{DIGIT}{{4}}-{DIGIT}{{1,2}}-{DIGIT}{{1,2}}"
SLASHED = rf"^{DIGIT}{{1,2}}[/.\-]{DIGIT}{{1,2}}[/.\-]{DIGIT}{{4}}(?:\P{{Nd}}|$)"
OFFSET = rf":{DIGIT}{{2}}(?:[.,]{DIGIT}+)?{SPACE}?(?:Z|[+-]{DIGIT}{{2}}(?::?{DIGIT}{{2}})?)$"
MIDNIGHT = r"^\d{4}-\d{2}-\d{2}[ T]00:00(?::00)?(?:[.,]0+)?\s?(?:Z|[+-])"
PLAIN_ISO = r"^[1-9]\d{3}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?$"
PLAIN_SLASHED = r"^\d{2}/\d{2}/[1-9]\d{3}(?: \d{2}:\d{2}(?::\d{2})?)?$"
SLASHED_PARTS = r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})"
ORDERS = ("day-first", "month-first")
LIKELY = {1: "%H:%M", 2: "%H:%M:%S"}  # by the number of colons
TIMES = ("%H:%M:%S", "%H:%M", "", "%H:%M:%S.%f", "%I:%M:%S %p", "%I:%M %p")
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")

# Compiled, so that every kind of text column that pandas has takes them the same way
PARTS = re.compile(rf"{SLASHED_PARTS}(?=\D|$)")
_GROUPING = re.compile(r"(?<=\d)\s(?=\d{3}(?!\d))")  # any kind of space, as in 1 234 567
_SIGN = re.compile(r"\s*[%€]$")
ERRORS = (
    *("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
    *("#VALEUR!", "#NOM?", "#NOMBRE!", "#NUL!", "#PROPAGATION!", "#CALCUL!"),
)
"""What spreadsheet programs show of a formula that has failed, in English and in French."""
NUMERIC = ("number", "integer", "money")
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "CAD": "$", "JPY": "¥"}  # of a contract's own
NO_ORDER = N_("no day is above 12, so the order of {example:quoted} cannot be known")
TWO_ORDERS = N_("{one:quoted} has its day first, and {other:quoted} its month")
TWO_MARKS = N_("{one:quoted} has a decimal comma, and {other:quoted} a decimal point")
EITHER_MARK = N_("{example:quoted} may have a decimal mark or a mark of thousands")
DIGITS, MOST = 15, 1e13  # of an amount; what no amount reaches, as in the contract


class AmbiguousColumn(Unfit):
    """A column whose values can be read in two ways, and which."""


@dataclass(frozen=True)
class Parsed:
    """A typed column, and which rows were unreadable or repaired (boolean masks).

    ``midnight``: whether its instants are days, each written at the midnight of a zone.
    """

    values: pd.Series
    unreadable: pd.Series
    gap: pd.Series | None = None
    fold: pd.Series | None = None
    no_time: pd.Series | None = None
    midnight: bool = False


def _unread(texts: pd.Series, values: pd.Series) -> pd.Series:
    """Tell which texts are there and gave no value."""
    missing = values.isna().to_numpy()
    if missing.any():
        missing = missing & (texts != "").to_numpy()
    return pd.Series(missing, texts.index)


def day_order(texts: pd.Series, declared: str | None) -> str:
    """Return how slashed dates are written: as declared, else as the whole column tells."""
    if declared in ORDERS:
        return declared
    if order := shown_order(texts):
        return order
    example = texts[matches(texts, SLASHED_PARTS)].iloc[0]
    raise AmbiguousColumn(NO_ORDER(example=example))


def shown_order(texts: pd.Series) -> str:
    """Return the order that slashed dates show by a number above 12; "" where none does."""
    days = texts.str.slice(0, 11).drop_duplicates()  # of each only once: few are
    parts = days.str.extract(PARTS)[[0, 1]].dropna().astype("int64")
    first, second = parts[0] > 12, parts[1] > 12
    day_first, month_first = first & ~second, second & ~first
    if day_first.any() and month_first.any():
        one, other = texts[day_first.idxmax()], texts[month_first.idxmax()]
        raise AmbiguousColumn(TWO_ORDERS(one=one, other=other))
    if day_first.any() or month_first.any():
        return ORDERS[0] if day_first.any() else ORDERS[1]
    return ""


def _arrow(texts: pd.Series) -> Any:
    import pyarrow as pa

    return pa.array(texts.array)


def matches(texts: pd.Series, pattern: str) -> np.ndarray:
    """Tell in which texts a pattern of RE2 occurs."""
    import pyarrow.compute as pc

    return np.asarray(pc.match_substring_regex(_arrow(texts), pattern), "bool")


def _times(texts: pd.Series, order: str | None) -> tuple[pd.Series, pd.Series | None]:
    """Return naive local times, and the instants (UTC) of texts with an offset, if any has one.

    NaT where the text is not a time of the accepted forms, or is one of the others.
    """
    stated = matches(texts, OFFSET)
    if not stated.any():
        return _local_times(texts, order), None
    stated &= matches(texts, ISO)
    read = pd.to_datetime(texts[stated], format="ISO8601", utc=True, errors="coerce")
    aware = read.astype("datetime64[us, UTC]").reindex(texts.index)
    return _local_times(texts.mask(aware.notna(), ""), order), aware


def _local_times(texts: pd.Series, order: str | None) -> pd.Series:
    """Return naive local times, NaT where the text is not a date of the accepted forms."""
    times = np.full(len(texts), np.datetime64("NaT"), "datetime64[us]")
    _read_plain(times, matches(texts, PLAIN_ISO), _arrow(texts))
    left = np.isnat(times) & (texts != "").to_numpy()
    if left.any():
        iso = left & matches(texts, ISO)
        _read_into(times, iso, texts[iso].str.replace("T", " ", regex=False), "%Y-%m-%d")
        slashed = left & matches(texts, SLASHED)
        if slashed.any():
            day_first = day_order(texts[slashed], order) == "day-first"
            _read_slashed(times, slashed, texts, day_first)
    return pd.Series(times, texts.index)


def _read_plain(times: np.ndarray, mask: np.ndarray, texts: Any) -> None:
    """Put the times of texts of one plain form of ISO 8601 in their places, if all are times."""
    import pyarrow as pa

    if mask.any():
        with suppress(pa.ArrowInvalid):  # 30 February: they are read one by one
            times[mask] = np.asarray(texts.filter(pa.array(mask)).cast(pa.timestamp("us")))


def _read_slashed(
    times: np.ndarray, slashed: np.ndarray, texts: pd.Series, day_first: bool
) -> None:
    """Put the times of texts that begin 15/01/2024, 15.01.2024 or 15-01-2024 in their places."""
    import pyarrow.compute as pc

    parts = r"\3-\2-\1" if day_first else r"\3-\1-\2"
    iso = pc.replace_substring_regex(_arrow(texts), SLASHED_PARTS, parts)
    _read_plain(times, matches(texts, PLAIN_SLASHED), iso)
    form, left = "%d/%m/%Y" if day_first else "%m/%d/%Y", slashed & np.isnat(times)
    if left.any():
        other = left & ~matches(texts, "/")
        _read_into(times, left & ~other, texts[left & ~other], form)
        rewritten = texts[other].str.replace(PARTS, r"\1/\2/\3", regex=True)
        _read_into(times, other, rewritten, form)


def _read_into(times: np.ndarray, mask: np.ndarray, texts: pd.Series, date_form: str) -> None:
    """Put the times of texts in the places of a mask: of a form of dates, with any of times."""
    places, left = np.flatnonzero(mask), texts.to_numpy("object")
    if not len(places):
        return
    likely = LIKELY.get(
        left[0].count(":"), ""
    )  # no text has two forms: which is tried first is free
    for time_form in sorted(TIMES, key=lambda form: form != likely):
        form = f"{date_form} {time_form}".strip()
        read = pd.to_datetime(left, format=form, errors="coerce").to_numpy("datetime64[us]")
        missed = np.isnat(read)
        times[places[~missed]] = read[~missed]
        places, left = places[missed], left[missed]
        if not len(places):
            return


def instants(texts: pd.Series, written: Format, time_zone: str) -> Parsed:
    """Read instants to UTC seconds; local times stand in the file's zone, else the contract's.

    An hour skipped in spring moves to the end of the gap, one that occurs twice in autumn is the
    first, a date without a time is its midnight; all are reported as repaired.
    """
    local, aware = _times(texts, written.dates)
    read = in_utc(local, aware, written.time_zone or time_zone)
    no_time = local.notna() & ~matches(texts, ":")
    unreadable = _unread(texts, read.values)
    return dataclasses.replace(read, unreadable=unreadable, no_time=no_time)


def in_utc(local: pd.Series, aware: pd.Series | None, zone: str) -> Parsed:
    """Return instants in UTC seconds: ``aware`` (UTC), else ``local`` read in a zone."""
    first = local.dt.tz_localize(zone, ambiguous=True, nonexistent="NaT")
    once = local.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    gap = local.notna() & first.isna()
    utc = first.dt.tz_convert("UTC")
    if gap.any():
        # not "shift_forward", which goes to the full hour: Lord Howe Island skips half of one
        ends = pd.to_datetime([end_of_gap(at, ZoneInfo(zone)) for at in local[gap]], utc=True)
        utc = utc.fillna(pd.Series(ends, local.index[gap]).reindex(local.index).astype(utc.dtype))
    if aware is not None:
        utc = aware.fillna(utc.astype(aware.dtype))
    values = utc.dt.floor("s").dt.as_unit("s")
    return Parsed(values, values.isna() & local.notna(), gap, first.notna() & once.isna())


def dates(texts: pd.Series, written: Format, time_zone: str) -> Parsed:
    """Read calendar dates; a time of day that stands beside one is left out.

    With an offset it is an instant, of which the contract's zone tells the date; but a column of
    which every instant is written at midnight is one of dates, whatever the offset.
    """
    stated = matches(texts, OFFSET)
    midnight = bool(stated.any()) and bool(matches(texts[stated], MIDNIGHT).all())
    if midnight:
        texts = texts.where(~stated, texts.str.slice(0, 10))
    values = calendar_days(*_times(texts, written.dates), time_zone)
    return Parsed(values, _unread(texts, values), midnight=midnight)


def calendar_days(local: pd.Series, aware: pd.Series | None, zone: str) -> pd.Series:
    """Return the days of local times, and those that instants (UTC) have in a zone."""
    if aware is not None:
        local = aware.dt.tz_convert(zone).dt.tz_localize(None).fillna(local)
    days = local.to_numpy().astype("datetime64[D]").astype("datetime64[s]")
    return pd.Series(days, local.index)


def months(texts: pd.Series, _: Format, __: str) -> Parsed:
    """Read calendar months, written YYYY-MM."""
    values = texts.where(texts.str.fullmatch(MONTH), None)
    return Parsed(values, _unread(texts, values))


def bare_numbers(texts: pd.Series) -> pd.Series:
    """Return numbers without spaces between thousands, and without a sign after them."""
    if not matches(texts, r"[^0-9.,+\-]").any():
        return texts
    bare = texts.str.replace(_SIGN, "", regex=True).str.replace(_GROUPING, "", regex=True)
    return bare.str.replace("\u2212", "-", regex=False)


def decimal_mark(texts: pd.Series) -> str:
    """Return the decimal mark of texts; "." where none has any. Raises AmbiguousColumn."""
    return _decimal(bare_numbers(texts.str.strip()))


def numbers(texts: pd.Series, written: Format, _: str) -> Parsed:
    """Read numbers: 1234.5, 1 234,5 with any kind of space, 95,2 %.

    A mark of thousands counts only between groups of three digits: where the comma is the decimal
    mark, 1234.5 is unreadable and not 12345.
    """
    bare = bare_numbers(texts)
    decimal = written.decimal or _decimal(bare)
    thousands = "," if decimal == "." else "."
    whole = rf"(?:\d{{1,3}}(?:\{thousands}\d{{3}})+|\d+)"
    form = rf"^[+-]?{whole}(?:\{decimal}\d+)?(?:[eE][+-]?\d{{1,2}})?$"
    plain = bare.str.replace(thousands, "", regex=False).str.replace(decimal, ".", regex=False)
    values = _floats(plain, matches(bare, form))
    return Parsed(values, _unread(texts, values))


def _floats(texts: pd.Series, mask: np.ndarray) -> pd.Series:
    """Return the numbers that texts of a mask are, missing for the others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    unsigned = pc.replace_substring(_arrow(texts), "+", "")
    numbers = pc.if_else(pa.array(mask), unsigned, pa.scalar(None, unsigned.type))
    return pd.Series(np.asarray(numbers.cast(pa.float64())), texts.index)


def bare_amounts(texts: pd.Series, currency: str) -> pd.Series:
    """Return amounts without the sign or code of their currency: 1 200 €, -€1,200, 1 200 € HT.

    The sign of another currency stays, and makes the amount unreadable.
    """
    if not matches(texts, r"[^0-9.,+\-]").any():
        return texts
    own = "|".join(re.escape(sign) for sign in (currency, SYMBOLS.get(currency, currency)))
    before = re.compile(rf"^([+\-\u2212]?)\s*(?:{own})\s*", re.IGNORECASE)
    after = re.compile(rf"\s*(?:{own})(?:\s*H\.?T\.?)?$", re.IGNORECASE)
    stripped = texts.str.replace(before, r"\1", regex=True).str.replace(after, "", regex=True)
    foreign = stripped.str.contains(re.compile(r"[%€]$"))
    return stripped.mask(foreign, stripped + " ?")  # which no number ends with


def amounts(texts: pd.Series, written: Format, time_zone: str) -> Parsed:
    """Read amounts of money: numbers of at most fifteen digits, which a float holds exactly."""
    read = numbers(texts, written, time_zone)
    return without_long(read, _long(texts))


def _long(texts: pd.Series) -> pd.Series:
    """Tell which amounts are written with more digits than a float holds."""
    long = texts.str.len() > DIGITS
    if long.any():
        digits = texts[long].str.replace(re.compile(r"\D"), "", regex=True)
        long[long] = digits.str.lstrip("0").str.len() > DIGITS
    return long


def without_long(read: Parsed, long: pd.Series) -> Parsed:
    """Return amounts without those of more digits than a float holds, or beyond any contract."""
    refused = read.values.notna() & (long | (read.values.abs() >= MOST))
    return Parsed(read.values.mask(refused), read.unreadable | refused)


def _decimal(bare: pd.Series) -> str:
    """Return the decimal mark that the column's values can only have; "." where none has any."""
    marked = bare[matches(bare, rf"^[+-]?[{DIGIT}.,]*[.,][{DIGIT}.,]*$")]
    if marked.empty:
        return "."
    comma, point = _shows(marked, ",", "."), _shows(marked, ".", ",")
    if comma.any() != point.any():
        return "," if comma.any() else "."
    if comma.any():
        one, other = marked.iloc[comma.argmax()], marked.iloc[point.argmax()]
        raise AmbiguousColumn(TWO_MARKS(one=one, other=other))
    raise AmbiguousColumn(EITHER_MARK(example=marked.iloc[0]))


def _shows(marked: pd.Series, mark: str, other: str) -> np.ndarray:
    """Tell which values, of digits and marks alone, show that ``mark`` is the decimal one."""
    last_and_once = rf"^[^\{mark}]*\{mark}[^\{mark}\{other}]*$"
    either = rf"^[+-]?[1-9]{DIGIT}{{0,2}}\{mark}{DIGIT}{{3}}$"  # 1,234
    groups = rf"^[+-]?[1-9]{DIGIT}{{0,2}}(?:\{other}{DIGIT}{{3}}){{2,}}$"
    decimal = matches(marked, last_and_once) & ~matches(marked, either)
    return np.asarray(decimal | matches(marked, groups))


def integers(texts: pd.Series, written: Format, time_zone: str) -> Parsed:
    """Read whole numbers."""
    read = numbers(texts, written, time_zone)
    whole = whole_numbers(read.values)
    return Parsed(whole, _unread(texts, whole))


def whole_numbers(values: pd.Series) -> pd.Series:
    """Return the numbers that have no fraction and are held exactly, missing for the others."""
    return values.where((values % 1 == 0) & (values.abs() < 2**53)).astype("Int64")


def flags(texts: pd.Series, _: Format, __: str) -> Parsed:
    """Read yes and no, in French and in English."""
    places, distinct = pd.factorize(texts)
    meanings = yes_and_no()
    meant = pd.array([meanings.get(folded(word)) for word in distinct], dtype="boolean")
    values = pd.Series(meant.take(places), texts.index)
    return Parsed(values, _unread(texts, values))


def words(texts: pd.Series, _: Format, __: str) -> Parsed:
    """Keep text as it is; an empty cell is missing, an error of a spreadsheet no text."""
    filled, errors = texts != "", errors_of(texts)
    values = texts if filled.all() and not errors.any() else texts.where(filled & ~errors, None)
    return Parsed(values, errors)


def errors_of(texts: pd.Series) -> pd.Series:
    """Tell which texts are what a spreadsheet shows of a formula that has failed."""
    if not matches(texts, "^#[A-Z]").any():
        return pd.Series(False, index=texts.index)
    return texts.isin(ERRORS)


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
