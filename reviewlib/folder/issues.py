"""What is wrong with a row: which rule it breaks, with which value, in which words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from reviewlib.faults import LISTED, cut
from reviewlib.folder import typed
from reviewlib.folder.words import admitted
from reviewlib.languages import Quoted
from reviewlib.report.text import Message
from reviewlib.tables import SCHEMAS, rules
from reviewlib.tables.columns import KEY_JOIN

ISSUE_COLUMNS = ("table", "file", "row", "column", "value", "rule", "allowed", "content", "id")
JOIN = " ; "
NONE = pd.DataFrame(columns=list(ISSUE_COLUMNS), dtype="object")


def issues() -> pd.DataFrame:
    """Return an empty frame of rows set aside or repaired: one line per row and reason."""
    return NONE.copy(deep=False)


def broken(rows: pd.Index, column: str, rule: str, allowed: object = "") -> pd.DataFrame:
    """Return rows that break a rule, one line each: row, column, rule and what is allowed."""
    return pd.DataFrame({"row": rows, "column": column, "rule": rule, "allowed": allowed})


def together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return located issues as one frame."""
    full = [part for part in parts if not part.empty]
    return pd.concat(full, ignore_index=True) if full else issues()


def located_issues(
    parts: Iterable[pd.DataFrame], table: str, file: str, cells: pd.DataFrame
) -> pd.DataFrame:
    """Return broken rules with their table, file, the value that came and the row as it was.

    ``id``: the first cell of its key, by which the row says what it is about.
    ``cells`` are those of the whole table; only these rows of it are made text. What may name a
    person is "…". Value and row are ``Quoted`` where a column has its translation beside it.
    """
    full = [part for part in parts if len(part)]
    if not full:
        return issues()
    reasons = pd.concat(full, ignore_index=True)
    rows = cells.loc[reasons["row"]]
    text = _unnamed(pd.DataFrame({name: typed.cells(rows[name]) for name in rows}), table)
    value, content = _quotations(text, reasons["column"])
    key = SCHEMAS[table].metadata["key"][0]
    ids = text[key].astype("str").array if key in text else ""
    if SCHEMAS[table].metadata["personal"]:
        value = content = pd.Series("", reasons.index)
        ids = ""
    located = reasons.assign(table=table, file=file, value=value, content=content, id=ids)
    return located.sort_values(["row", "column"], kind="stable", ignore_index=True)[
        list(ISSUE_COLUMNS)
    ]


def _unnamed(text: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return the cells of a table without those that may name a person."""
    hidden = {}
    for name in text:
        columns = SCHEMAS[table].columns
        beside, words = columns[name].metadata.get("unnamed", (None, ()))
        if beside is not None:
            allowed = columns[beside].metadata["allowed"]
            shown = admitted(text[beside], allowed).isin(words) if beside in text else False
            hidden[name] = text[name].where(shown | (text[name] == ""), "…")
    return text.assign(**hidden) if hidden else text


def _quotations(text: pd.DataFrame, columns: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the cells of each row in the columns that its reason is about, and all its cells."""
    places = {str(name): place for place, name in enumerate(text)}
    rows = [*text.itertuples(index=False, name=None)]
    named = [[places[n] for n in name.split(KEY_JOIN) if n in places] for name in columns]
    values = [
        _line([row[place] for place in those], KEY_JOIN)
        for row, those in zip(rows, named, strict=True)
    ]
    return _texts(values, columns.index), _texts([_line(row, JOIN) for row in rows], columns.index)


def _texts(lines: list[str], index: pd.Index) -> pd.Series:
    quoted = any(
        isinstance(line, Quoted) for line in lines
    )  # which a column of text would not keep
    return pd.Series(lines, index, dtype="object" if quoted else "str")


def _line(cells: Sequence[str], between: str) -> str:
    """Return cells as one text, in every language that one of them has."""
    languages = sorted({name for cell in cells if isinstance(cell, Quoted) for name in cell.texts})
    line = cut(between.join(cells), LISTED)
    if not languages:
        return line
    spoken = {name: cut(between.join(_spoken(cells, name)), LISTED) for name in languages}
    return Quoted(line, spoken)


def _spoken(cells: Iterable[str], language: str) -> list[str]:
    return [cell.in_language(language) if isinstance(cell, Quoted) else cell for cell in cells]


def describe(issue: Any) -> Message:
    """Return the sentence that says why a row (of issues) was set aside or repaired."""
    rule, allowed = issue["rule"], str(issue["allowed"])
    values = {
        "column": str(issue["column"]),
        "kind": rules.KINDS.get(allowed),
        "allowed": dt.datetime.fromisoformat(allowed) if rule == rules.AFTER else allowed,
    }
    return rules.SENTENCES[rule].filled(values)


def as_written(issue: Any, time_zone: str) -> Message:
    """Return the sentence on an issue with its instant as data write it: 2024-06-30 23:59."""
    reason = describe(issue)
    instant = dict(reason.values).get("allowed")
    if not isinstance(instant, dt.datetime):
        return reason
    return reason(allowed=f"{instant.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}")
