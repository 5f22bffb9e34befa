"""The rules by which rows of a table are set aside, repaired or noted: a mask for each.

A frame is made of the rows that break a rule, never where none does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import pandera.pandas as pa

from reviewlib.calendars.service_hours import FIRST_YEAR, LAST_YEAR
from reviewlib.folder.issues import broken
from reviewlib.folder.parsing import Parsed, errors_of
from reviewlib.folder.reading import Reading
from reviewlib.folder.typed import is_text
from reviewlib.folder.units import declared
from reviewlib.tables import rules
from reviewlib.tables.aliases import word_title
from reviewlib.tables.columns import KEY_JOIN, as_column

TIMES = ("instant", "date", "month")
_SIGN, _UNIT = r"(?:[€$£¥]|eur(?:os?)?|usd|gbp|chf|cad|jpy)", r"(?:k|m|mio)"
_NUMBER = r"[+\-\u2212]?\d(?:[\s.,]?\d)*"
IN_THOUSANDS = re.compile(
    rf"(?:{_SIGN}\s*)?{_NUMBER}\s*{_UNIT}\s*{_SIGN}?(?:\s*h\.?t\.?)?|{_UNIT}{_SIGN}\s*{_NUMBER}",
    re.IGNORECASE,
)
NAMED = 20  # allowed words named in a message
Broken = Iterator[pd.DataFrame]
"""Frames of rows that break a rule, as ``broken`` makes them; none where all rows hold."""


def rows_of(mask: np.ndarray, frame: pd.DataFrame, column: str, rule: str, allowed: str) -> Broken:
    """Yield the rows of a mask as rows that break a rule, where there are any."""
    if mask.any():
        yield broken(frame.index[mask], column, rule, allowed)


def unreadable(
    parsed: Mapping[str, Parsed], schema: pa.DataFrameSchema, cells: pd.DataFrame
) -> Broken:
    """Yield the rows of which a cell could not be read as what its column holds.

    An amount in thousands or millions, 576 k€, is said to be one; so is a formula that has failed.
    """
    for name, column in parsed.items():
        mask, kind = column.unreadable.to_numpy(), schema.columns[name].metadata["kind"]
        if not mask.any():
            continue
        rows = column.values.index[mask]
        if kind == "money":
            scaled = _scaled(cells.loc[rows, name])
            if scaled.any():
                yield broken(rows[scaled], name, rules.SCALED, declared(str(schema.name)))
            rows = rows[~scaled]
        if len(rows) and is_text(cells[name]):
            errors = errors_of(cells.loc[rows, name]).to_numpy()
            yield from rows_of(errors, cells.loc[rows], name, rules.FORMULA_ERROR, "")
            rows = rows[~errors]
        if len(rows):
            yield broken(rows, name, rules.UNREADABLE, kind)


def _scaled(cells: pd.Series) -> np.ndarray:
    """Tell which cells name thousands or millions of a currency beside a number."""
    if not is_text(cells):
        return np.zeros(len(cells), "bool")
    return np.asarray(cells.str.fullmatch(IN_THOUSANDS), "bool")


def out_of_time(frame: pd.DataFrame, schema: pa.DataFrameSchema, reading: Reading) -> Broken:
    """Yield the rows of years that no clock knows, or dated after the data were taken out."""
    for name in map(str, frame):
        about = schema.columns[name].metadata
        outside = np.zeros(len(frame), "bool")
        if about["kind"] in ("instant", "date"):
            first, final = reading.plans if about.get("planned") else (FIRST_YEAR, LAST_YEAR)
            outside = _outside(frame[name], first, final)
            yield from rows_of(outside, frame, name, rules.YEARS, f"{first} – {final}")
        if about["kind"] in TIMES and reading.not_after is not None and not about.get("planned"):
            later = pd.DateOffset(years=1 if about.get("debrief") else 0)
            limit = reading.not_after + later
            last = as_column(about["kind"], limit, reading.time_zone)
            late = np.asarray(frame[name].array > last, "bool") & ~outside
            yield from rows_of(late, frame, name, rules.AFTER, limit.isoformat())


def _outside(times: pd.Series, first: int, last: int) -> np.ndarray:
    """Tell which times are not of the years from first to last."""
    moments = times.to_numpy("datetime64[s]")
    begin, end = (np.datetime64(f"{year}-01-01", "s") for year in (first, last + 1))
    return np.asarray((moments < begin) | (moments >= end))


def totals(frame: pd.DataFrame, schema: pa.DataFrameSchema, _: Reading) -> Broken:
    """Yield the rows that sum up others, once: they are none that has to hold."""
    left = np.ones(len(frame), "bool")
    for rule in schema.metadata["rules"]:
        if rule.rule in rules.TOTALS:
            mask = np.asarray(rule.breaks(frame) & left, "bool")
            left &= ~mask
            yield from rows_of(mask, frame, rule.column, rule.rule, rule.allowed)


def broken_rules(frame: pd.DataFrame, schema: pa.DataFrameSchema, reading: Reading) -> Broken:
    """Yield the rows that break a check of the schema, or use a word that the contract lacks."""
    for name in map(str, frame):
        column, values = schema.columns[name], frame[name]
        words = reading.vocabulary.get(column.metadata.get("vocabulary", ""), ())
        for mask, rule, allowed in _broken_values(column, values, words, reading.language):
            yield from rows_of(mask, frame, name, rule, allowed)
    for rule in schema.metadata["rules"]:
        if rule.rule not in (*rules.NOTED, *rules.TOTALS, rules.UNIQUE):
            yield from rows_of(rule.breaks(frame), frame, rule.column, rule.rule, rule.allowed)


def _broken_values(
    column: pa.Column, values: pd.Series, words: tuple[str, ...], language: str
) -> Iterator[tuple[np.ndarray, str, str]]:
    """Yield the mask, the rule and what is allowed for each rule on a value.

    A list of words that the contract leaves empty binds nothing.
    """
    about = column.metadata
    if not column.nullable:
        yield values.isna().to_numpy(), rules.MISSING_VALUE, ""
    for key, beyond, rule in (
        ("low", np.less, rules.OUT_OF_RANGE),
        ("high", np.greater, rules.TOO_HIGH),
    ):
        if (limit := about.get(key)) is not None:
            numbers = values.to_numpy("float64", na_value=np.nan)
            yield beyond(numbers, limit), rule, f"{limit:g}"
    if admits := about.get("allowed"):
        titles = admits if language == "en" else [word_title(word, language) for word in admits]
        yield _others(values, admits), rules.NOT_ALLOWED, _named(tuple(titles))
    if words:
        yield _others(values, words), rules.NOT_ALLOWED, _named(words)


def _others(values: pd.Series, allowed: tuple[str, ...]) -> np.ndarray:
    """Tell which values are none of the allowed words; a missing one is not."""
    return np.asarray(values.notna() & ~values.isin(allowed), "bool")


def _named(words: tuple[str, ...]) -> str:
    more = (f"… ({len(words)})",) if len(words) > NAMED else ()
    return ", ".join((*words[:NAMED], *more))


def contradictions(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> Broken:
    """Yield the rows that break a rule and stay in use: what they tell is what a chapter seeks."""
    for rule in schema.metadata["rules"]:
        if rule.rule in rules.NOTED:
            yield from rows_of(rule.breaks(frame), frame, rule.column, rule.rule, rule.allowed)


def repeated(frame: pd.DataFrame, schema: pa.DataFrameSchema, _: Reading) -> Broken:
    """Yield the rows whose key, or what else stands but once, is in an earlier row."""
    key = [name for name in schema.metadata["key"] if name in frame]
    again = frame.duplicated(key).to_numpy()
    yield from rows_of(again, frame, KEY_JOIN.join(key), rules.UNIQUE, "")
    left = frame[~again] if again.any() else frame
    for rule in schema.metadata["rules"]:
        if rule.rule == rules.UNIQUE:
            yield from rows_of(rule.breaks(left), left, rule.column, rule.rule, rule.allowed)


def repairs(parsed: Mapping[str, Parsed], usable: pd.Index) -> Broken:
    """Yield the usable rows of which an instant was moved, chosen of two, or has no time of day."""
    for name, column in parsed.items():
        for mask, rule in (
            (column.gap, rules.DST_GAP),
            (column.fold, rules.DST_FOLD),
            (column.no_time, rules.NO_TIME),
        ):
            if mask is not None and mask.any():
                yield broken(mask.index[mask].intersection(usable), name, rule)
