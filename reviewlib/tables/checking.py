"""A raw table made into a checked one: the rows that hold, those set aside, those repaired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from reviewlib.contract.data import Format
from reviewlib.faults import Fault, did_you_mean
from reviewlib.tables import rules
from reviewlib.tables.parsing import PARSERS, AmbiguousColumn, Parsed
from reviewlib.wording import LANGUAGES

ISSUE_COLUMNS = ("table", "file", "row", "column", "value", "rule", "allowed", "content")


def issues(records: list[dict[str, object]] | None = None) -> pd.DataFrame:
    """Return a frame of rows set aside or repaired, one line per row and reason."""
    return pd.DataFrame(records or [], columns=list(ISSUE_COLUMNS), dtype="object")


@dataclass(frozen=True)
class Reading:
    """What a table is read with: its format, zone, the contract's words, the last possible day."""

    written: Format
    time_zone: str
    vocabulary: Mapping[str, tuple[str, ...]]
    not_after: pd.Timestamp | None
    language: str


@dataclass(frozen=True)
class Checked:
    """A table after its checks. ``raw_rows`` counts the rows that the file held."""

    frame: pd.DataFrame
    set_aside: pd.DataFrame
    repaired: pd.DataFrame
    faults: tuple[Fault, ...]
    unused: tuple[str, ...]
    raw_rows: int


def check_table(
    raw: pd.DataFrame, schema: pa.DataFrameSchema, file: str, reading: Reading
) -> Checked:
    """Check a table of texts (index: the row in the file) against its schema.

    Faults are what makes the whole table unreadable; rows that break a rule are set aside.
    """
    text, unused, faults = _known_columns(raw, schema, file, reading)
    parsed, ambiguous = _parsed(text, schema, file, reading)
    faults = (*faults, *ambiguous)
    if faults:
        return Checked(pd.DataFrame(), issues(), issues(), faults, unused, len(raw))
    frame = pd.DataFrame({name: column.values for name, column in parsed.items()}, index=text.index)
    aside = [_unreadable(text, parsed, schema), _too_late(frame, schema, reading)]
    readable = frame.drop(index=pd.Index([row for part in aside for row in part["row"]]))
    aside.append(_failures(readable, schema, reading))
    found = pd.concat(aside, ignore_index=True)
    kept = frame.drop(index=pd.Index(found["row"].unique()))
    return Checked(
        kept,
        _located(found, schema, file, text),
        _located(_repairs(text, parsed, kept.index), schema, file, text),
        (),
        unused,
        len(raw),
    )


def _known_columns(
    raw: pd.DataFrame, schema: pa.DataFrameSchema, file: str, reading: Reading
) -> tuple[pd.DataFrame, tuple[str, ...], tuple[Fault, ...]]:
    """Return the columns of the schema, those not used, and the faults of the heading."""
    named = _in_language(raw, schema, reading.language)
    missing = [name for name, column in schema.columns.items() if name not in named]
    unused = tuple(str(name) for name in named if name not in schema.columns and str(name).strip())
    faults = []
    for name in missing:
        near = did_you_mean(name, unused)
        misspelt = near.startswith("Did you mean")
        if schema.columns[name].required or misspelt:
            hint = f"Rename the column: {near.split()[-1][:-1]} to '{name}'." if misspelt else ""
            remedy = hint or f"Add it: {schema.columns[name].description}."
            faults.append(Fault(file, "the column is missing", remedy, row=1, column=name))
    doubled = named.columns[named.columns.duplicated()]
    faults += [Fault(file, "the column stands twice", row=1, column=str(n)) for n in doubled]
    used = [name for name in schema.columns if name in named]
    text = pd.DataFrame(index=raw.index) if doubled.any() else named[used]
    missing_words = reading.written.missing
    text = text.apply(lambda column: column.str.strip().mask(column.isin(missing_words), ""))
    return text, unused, tuple(faults)


def _in_language(raw: pd.DataFrame, schema: pa.DataFrameSchema, language: str) -> pd.DataFrame:
    """Use a column such as ``title_en`` in place of ``title`` when the review is in English."""
    named = raw.rename(columns=lambda name: str(name).replace("\u00a0", " ").strip().casefold())
    for name in [str(name) for name in schema.columns if name in named]:
        spoken = f"{name}_{language}"
        if spoken in named:
            named = named.assign(**{name: named[spoken].where(named[spoken] != "", named[name])})
        named = named.drop(columns=[f"{name}_{other}" for other in LANGUAGES], errors="ignore")
    return named


def _parsed(
    text: pd.DataFrame, schema: pa.DataFrameSchema, file: str, reading: Reading
) -> tuple[dict[str, Parsed], list[Fault]]:
    parsed: dict[str, Parsed] = {}
    faults = []
    for name in text:
        kind = schema.columns[name].metadata["kind"]
        try:
            parsed[name] = PARSERS[kind](text[name], reading.written, reading.time_zone)
        except AmbiguousColumn as problem:
            key = "decimal" if kind in ("number", "integer") else "dates"
            remedy = f"Declare data.formats.{schema.name}.{key} in engagement.yml."
            faults.append(Fault(file, str(problem), remedy, column=str(name)))
    return parsed, faults


def _broken(rows: pd.Index, column: str, rule: str, allowed: object = "") -> pd.DataFrame:
    return pd.DataFrame({"row": rows, "column": column, "rule": rule, "allowed": allowed})


def _unreadable(
    text: pd.DataFrame, parsed: Mapping[str, Parsed], schema: pa.DataFrameSchema
) -> pd.DataFrame:
    parts = [
        _broken(text.index[read.unreadable], name, rules.UNREADABLE, kind)
        for name, read in parsed.items()
        if (kind := schema.columns[name].metadata["kind"]) and read.unreadable.any()
    ]
    return pd.concat([_broken(pd.Index([]), "", ""), *parts], ignore_index=True)


def _too_late(frame: pd.DataFrame, schema: pa.DataFrameSchema, reading: Reading) -> pd.DataFrame:
    """Return the rows with something that happened after the data were taken out."""
    parts = [_broken(pd.Index([]), "", "")]
    limit = reading.not_after
    for name in frame if limit is not None else ():
        about = schema.columns[name].metadata
        if about["kind"] in ("instant", "date") and not about.get("planned"):
            last = limit if about["kind"] == "instant" else limit.tz_convert(reading.time_zone)
            last = last if about["kind"] == "instant" else last.tz_localize(None).normalize()
            late = frame.index[(frame[name] > last).fillna(False)]
            parts.append(_broken(late, str(name), rules.AFTER, limit.isoformat()))
    return pd.concat(parts, ignore_index=True)


def _failures(
    frame: pd.DataFrame, schema: pa.DataFrameSchema, reading: Reading
) -> pd.DataFrame:
    try:
        bound(schema, reading.vocabulary).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return _broken(pd.Index([]), "", "")
    cases = cases[cases["index"].notna()].drop_duplicates(["index", "column", "check"])
    rows = [_case(case, schema, reading) for case in cases.itertuples()]
    found = pd.DataFrame(rows, columns=["row", "column", "rule", "allowed"])
    return found.drop_duplicates().reset_index(drop=True)


def _case(case: object, schema: pa.DataFrameSchema, reading: Reading) -> tuple[object, ...]:
    """Return row, column, rule and what is allowed, from a failure case of pandera."""
    check, column, row = str(case.check), str(case.column), case.index  # type: ignore[attr-defined]
    if check.startswith(rules.BEFORE):
        _, second, first = check.split(":")
        return row, second, rules.BEFORE, first
    if check == "not_nullable":
        return row, column, rules.MISSING_VALUE, ""
    if "unique" in check:
        key = schema.metadata["key"] if check.startswith("multiple") else (column,)
        return row, " + ".join(key), rules.UNIQUE, ""
    about = schema.columns[column].metadata
    if check == rules.OUT_OF_RANGE:
        return row, column, check, f"{about['low']:g}"
    allowed = about.get("allowed") or reading.vocabulary.get(about.get("vocabulary", ""), ())
    return row, column, check, ", ".join(allowed)


def bound(
    schema: pa.DataFrameSchema, vocabulary: Mapping[str, tuple[str, ...]]
) -> pa.DataFrameSchema:
    """Return the schema with the contract's own words as the allowed values of its columns.

    A list that the contract leaves empty binds nothing.
    """
    checks = {
        name: {"checks": [pa.Check.isin(words, error=rules.NOT_ALLOWED)]}
        for name, column in schema.columns.items()
        if (words := vocabulary.get(column.metadata.get("vocabulary", ""), ()))
    }
    return schema.update_columns(checks) if checks else schema


def _repairs(text: pd.DataFrame, parsed: Mapping[str, Parsed], kept: pd.Index) -> pd.DataFrame:
    parts = [_broken(pd.Index([]), "", "")]
    for name, read in parsed.items():
        for mask, rule in ((read.gap, rules.DST_GAP), (read.fold, rules.DST_FOLD)):
            if mask is not None and mask.any():
                parts.append(_broken(text.index[mask].intersection(kept), name, rule))
    return pd.concat(parts, ignore_index=True)


def _located(
    found: pd.DataFrame, schema: pa.DataFrameSchema, file: str, text: pd.DataFrame
) -> pd.DataFrame:
    """Return issues with their table, file, the value that came and the row as it was."""
    if found.empty:
        return issues()
    first = found["column"].str.split(" + ", regex=False).str[0]
    value = [text.at[row, name] for row, name in zip(found["row"], first, strict=True)]
    content = text.loc[found["row"]].agg(" ; ".join, axis="columns").to_numpy()
    located = found.assign(table=schema.name, file=file, value=value, content=content)
    return located.sort_values(["row", "column"])[list(ISSUE_COLUMNS)].reset_index(drop=True)
