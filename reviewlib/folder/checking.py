"""A raw table made into a checked one: the rows that hold, those set aside, those repaired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa

from reviewlib.calendars.service_hours import FIRST_YEAR, LAST_YEAR
from reviewlib.contract.data import Format
from reviewlib.faults import Fault, nearest
from reviewlib.folder import typed
from reviewlib.folder.issues import broken, issues, located_issues
from reviewlib.folder.parsing import NUMERIC, PARSERS, AmbiguousColumn, Parsed, bare_amounts
from reviewlib.folder.translations import Translated, in_own_language, name_without_language
from reviewlib.tables import rules
from reviewlib.tables.columns import KEY_JOIN, as_column

MISSPELT = 0.85  # so like a column of ours that a name must be meant for it
NAMED = 20  # allowed words named in a message
DECLARE = {"dates": "iso, day-first or month-first", "decimal": '"," or "."'}


@dataclass(frozen=True)
class Reading:
    """What a table is read with: its format, zone, the contract's words and currency.

    ``not_after``: the last instant at which something can have happened; ``plans``: the first and
    last year of what is planned.
    """

    written: Format
    time_zone: str
    vocabulary: Mapping[str, tuple[str, ...]]
    not_after: pd.Timestamp | None
    language: str
    currency: str = "EUR"
    plans: tuple[int, int] = (FIRST_YEAR, LAST_YEAR)


@dataclass(frozen=True)
class Checked:
    """A table after its checks.

    ``cells`` has every row as it came, in the columns of the schema and the types of the file;
    ``frame`` the typed rows that hold, with the same index: the row in the file. Rows that are
    ``noted`` hold, and contradict themselves in a way that a chapter looks for.
    """

    file: str
    frame: pd.DataFrame
    cells: pd.DataFrame
    set_aside: pd.DataFrame
    repaired: pd.DataFrame
    noted: pd.DataFrame
    faults: tuple[Fault, ...] = ()
    unused: tuple[str, ...] = ()

    @classmethod
    def refused(cls, file: str, faults: Iterable[Fault], unused: tuple[str, ...] = ()) -> Checked:
        """Return what is left of a table that can't be read as a whole: its faults."""
        none = pd.DataFrame()
        return cls(file, none, none, issues(), issues(), issues(), tuple(faults), unused)


def check_table(
    raw: pd.DataFrame, schema: pa.DataFrameSchema, file: str, reading: Reading
) -> Checked:
    """Check a table (index: the row in the file) against its schema.

    Its columns are texts, or of Arrow types where the file says what they are. Faults are what
    makes the whole table unreadable; rows that break a rule are set aside. Of rows with the same
    key the first that holds is kept.
    """
    cells, translated, unused, faults = _known_columns(raw, schema, file, reading)
    parsed, unread = _parsed(cells, schema, file, reading)
    if faults or unread:
        return Checked.refused(file, [*faults, *unread], unused)
    kept = pd.DataFrame({name: column.values for name, column in parsed.items()}, cells.index)
    aside = _unreadable(parsed, schema)
    kept = without(kept, aside["row"])
    for rule in (_out_of_time, _broken_rules, _repeated):
        found = _together(rule(kept, schema, reading))
        kept, aside = without(kept, found["row"]), _together([aside, found])
    noted = _together(_contradictions(kept, schema))
    quoted = {name: column.quoted(reading.language) for name, column in translated.items()}
    cells, kept = cells.assign(**quoted), kept.assign(**_filled(quoted, kept.index))
    set_aside, repaired, pointed_out = (
        located_issues(found, str(schema.name), file, cells)
        for found in (aside, _repairs(parsed, kept.index), noted)
    )
    return Checked(file, kept, cells, set_aside, repaired, pointed_out, (), unused)


def without(frame: pd.DataFrame, rows: Iterable[int]) -> pd.DataFrame:
    """Return a frame without some rows of its index; itself where there is none to leave out."""
    lost = frame.index.isin(pd.Index(rows))
    return frame[~lost] if lost.any() else frame


def _filled(quoted: Mapping[str, pd.Series], rows: pd.Index) -> dict[str, pd.Series]:
    """Return columns of ``Quoted`` for some rows, with a missing value for what is empty."""
    kept = {name: column.loc[rows] for name, column in quoted.items()}
    return {name: column.where(column != "") for name, column in kept.items()}


def _known_columns(
    raw: pd.DataFrame, schema: pa.DataFrameSchema, file: str, reading: Reading
) -> tuple[pd.DataFrame, dict[str, Translated], tuple[str, ...], list[Fault]]:
    """Return the columns of the schema, their translations, the columns not used, the faults."""
    names = [plain_name(name) or f"#{number}" for number, name in enumerate(raw, start=1)]
    named = raw.set_axis(names, axis="columns")
    doubled = named.columns[named.columns.duplicated() & named.columns.isin([*schema.columns])]
    faults = [Fault(file, "the column stands twice", row=1, column=name) for name in doubled]
    named = named.loc[:, ~named.columns.duplicated()]
    cells, translated = in_own_language(_cells(named, schema, reading), schema, reading.language)
    known = [name for name in schema.columns if name in cells]
    others = [name for name in cells if name not in schema.columns]
    unused = tuple(name for name in others if typed.filled(cells[name]).any())
    faults += _missing_columns(cells, schema, file)
    return cells[known], translated, unused, faults


def _cells(named: pd.DataFrame, schema: pa.DataFrameSchema, reading: Reading) -> pd.DataFrame:
    """Return the columns with text stripped, and empty where a declared word says "missing"."""
    found = {}
    for name in named:
        about = schema.columns.get(name_without_language(str(name)))
        column = typed.plain(named[name], about.metadata["kind"] if about else "")
        if typed.is_text(column):
            column = column.str.strip()
            absent = column.isin(list(reading.written.missing))
            column = column.mask(absent, "") if absent.any() else column
        found[name] = column
    return pd.DataFrame(found, index=named.index)


def plain_name(heading: object) -> str:
    """Return a heading without the case and the spaces that people and tools put in it."""
    return " ".join(str(heading).split()).casefold()


def _missing_columns(cells: pd.DataFrame, schema: pa.DataFrameSchema, file: str) -> Iterator[Fault]:
    others = [name for name in cells if name not in schema.columns]
    for name in schema.columns:
        column = schema.columns[name]
        meant = nearest(name, others, 0.6 if column.required else MISSPELT)
        if name in cells or not (column.required or meant):
            continue
        add = f"Add it: {column.description}."
        remedy = f"Rename the column {meant!r} to {name!r}." if meant else add
        yield Fault(file, "the column is missing", remedy, row=1, column=name)


def _parsed(
    cells: pd.DataFrame, schema: pa.DataFrameSchema, file: str, reading: Reading
) -> tuple[dict[str, Parsed], list[Fault]]:
    parsed, faults = {}, []
    for name in map(str, cells):
        kind = schema.columns[name].metadata["kind"]
        column, how = cells[name], (reading.written, reading.time_zone)
        try:
            is_text = typed.is_text(column)
            if is_text and kind == "money":
                column = bare_amounts(column, reading.currency)
            parsed[name] = (
                PARSERS[kind](column, *how) if is_text else typed.read(column, kind, *how)
            )
        except AmbiguousColumn as problem:
            key = "decimal" if kind in NUMERIC else "dates"
            remedy = f"Declare data.formats.{schema.name}.{key}: {DECLARE[key]}."
            faults.append(Fault(file, str(problem), remedy, column=name))
        except typed.WrongType as problem:
            remedy = "Write the column with such a type, or save the table as CSV."
            faults.append(Fault(file, str(problem), remedy, column=name))
    return parsed, faults


def _together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    full = [part for part in parts if len(part)]
    return pd.concat(full, ignore_index=True) if full else broken(pd.Index([], "int64"), "", "")


def _unreadable(parsed: Mapping[str, Parsed], schema: pa.DataFrameSchema) -> pd.DataFrame:
    kinds = {name: schema.columns[name].metadata["kind"] for name in parsed}
    return _together(
        broken(read.values.index[read.unreadable], name, rules.UNREADABLE, kinds[name])
        for name, read in parsed.items()
    )


def _out_of_time(
    frame: pd.DataFrame, schema: pa.DataFrameSchema, reading: Reading
) -> Iterator[pd.DataFrame]:
    """Yield the rows of years that no clock knows, or dated after the data were taken out."""
    for name in frame:
        values, about = frame[name], schema.columns[name].metadata
        if about["kind"] in ("instant", "date"):
            first, last_year = reading.plans if about.get("planned") else (FIRST_YEAR, LAST_YEAR)
            outside = values.notna() & ~values.dt.year.between(first, last_year)
            yield broken(frame.index[outside], str(name), rules.YEARS, f"{first} – {last_year}")
            values = values.mask(outside)
        limit = reading.not_after
        if limit is not None and about.get("debrief"):
            limit += pd.DateOffset(years=1)
        last = None if limit is None else as_column(about["kind"], limit, reading.time_zone)
        if limit is not None and last is not None and not about.get("planned"):
            late = frame.index[values.notna() & (values > last)]
            yield broken(late, str(name), rules.AFTER, limit.isoformat())


def _broken_rules(
    frame: pd.DataFrame, schema: pa.DataFrameSchema, reading: Reading
) -> Iterator[pd.DataFrame]:
    """Yield the rows that break a check of the schema, or use a word that the contract lacks."""
    for name in frame:
        column, values = schema.columns[name], frame[name]
        if not column.nullable:
            yield broken(frame.index[values.isna()], str(name), rules.MISSING_VALUE)
        words = reading.vocabulary.get(column.metadata.get("vocabulary", ""), ())
        # a list that the contract leaves empty binds nothing
        own = [pa.Check.isin(words, error=rules.NOT_ALLOWED)] if words else []
        for check in (*column.checks, *own):
            allowed = _allowed(column, check, words)
            yield broken(_failing(check, values.dropna()), str(name), check.error, allowed)
    for check in schema.checks:
        rule, second, first = check.error.split(":")
        if rule not in (*rules.NOTED, rules.UNIQUE):
            yield broken(_failing(check, frame), second, rule, first)


def _contradictions(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> Iterator[pd.DataFrame]:
    """Yield the rows that break a rule and stay in use: what they tell is what a chapter seeks."""
    for check in schema.checks:
        rule, second, first = check.error.split(":")
        if rule in rules.NOTED:
            yield broken(_failing(check, frame), second, rule, first)


def _failing(check: pa.Check, values: pd.DataFrame | pd.Series) -> pd.Index:
    return values.index[~check(values).check_output.astype("bool")]


def _allowed(column: pa.Column, check: pa.Check, words: tuple[str, ...]) -> str:
    for rule, limit in ((rules.OUT_OF_RANGE, "low"), (rules.TOO_HIGH, "high")):
        if check.error == rule:
            return f"{column.metadata[limit]:g}"
    allowed = column.metadata.get("allowed") or words
    more = (f"… ({len(allowed)})",) if len(allowed) > NAMED else ()
    return ", ".join((*allowed[:NAMED], *more))


def _repeated(
    frame: pd.DataFrame, schema: pa.DataFrameSchema, _: Reading
) -> Iterator[pd.DataFrame]:
    key = [name for name in schema.metadata["key"] if name in frame]
    again = frame.index[frame.duplicated(key)]
    yield broken(again, KEY_JOIN.join(key), rules.UNIQUE)
    left = without(frame, again)
    for check in schema.checks:
        rule, second, first = check.error.split(":")
        if rule == rules.UNIQUE:
            yield broken(_failing(check, left), second, rule, first)


def _repairs(parsed: Mapping[str, Parsed], kept: pd.Index) -> pd.DataFrame:
    return _together(
        broken(read.values.index[mask].intersection(kept), name, rule)
        for name, read in parsed.items()
        for mask, rule in (
            (read.gap, rules.DST_GAP),
            (read.fold, rules.DST_FOLD),
            (read.no_time, rules.NO_TIME),
        )
        if mask is not None
    )
