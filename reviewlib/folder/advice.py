"""Rows that break one rule, told once: how many, with which values, and what to write instead."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

import pandas as pd

from reviewlib.contract.data import Format
from reviewlib.faults import Alike, Fault, cut
from reviewlib.folder.issues import as_written
from reviewlib.folder.parsing import (
    NUMERIC,
    ORDERS,
    PARSERS,
    SLASHED_PARTS,
    AmbiguousColumn,
    matches,
    shown_order,
)
from reviewlib.report.text import EMPTY, N_, NAMED, Message, Text, commas, n_, sentences
from reviewlib.tables import SCHEMAS, rules
from reviewlib.tables.aliases import column_of

SET_ASIDE = n_("set aside: {reason}", "{n} rows set aside: {reason}")
REPAIRED = n_("repaired: {reason}", "{n} values repaired: {reason}")
TO_LOOK_AT = n_("to look at: {reason}", "{n} rows to look at: {reason}")

KEYS = {
    "priorities": "terms.priorities",
    "services": "terms.services",
    "sites": "terms.sites",
    "statuses": "terms.statuses",
    "clauses": "terms.clauses",
    "penalties": "terms.penalties",
    "objectives": "objectives",
    "amendments": "amendments",
    "questions": "survey.questions",
}
"""The key of the contract that defines the words of a list."""

WRITE, PAIR = N_("Write {pairs}."), N_("{word} for {came:quoted}")
DEFINE = N_("Define them under {key} in engagement.yml, or correct the rows.")
DEFINE_OTHERS = N_("Define the others under {key} in engagement.yml, or correct their rows.")
CONVERT = N_("Convert the amounts to the currency of the contract, or take the rows out.")
ONE_OF = N_("Write one of the allowed values.")
DECLARE = N_("Declare data.formats.{table}.{key}: {value}, in engagement.yml.")
EITHER = {
    "dates": N_("Declare {key}: iso, day-first or month-first."),
    "decimal": N_('Declare {key}: "," or ".".'),
}
ORDER = N_(
    "Declare {key}, in engagement.yml: day-first if {example} is {first:date}, month-first if it "
    "is {second:date}."
)
MARK = N_(
    "Declare {key}, in engagement.yml: {own} if {example} is {small:number.3}, {other} if it is "
    "{large:number}."
)
DATE = N_("Write dates as 2024-01-15, and times as 2024-01-15 09:30.")
NUMBER = N_("Write the number alone, such as 1234.5.")
MONTH, FLAG = N_("Write months as 2024-01."), N_("Write yes or no.")
FILL = N_("Fill the column “{column}” in these rows, or take the rows out.")
ONCE = N_("Keep one row of each.")
PARENT = N_("Add what is named to {parent}, or correct “{column}”.")
FIRST_MEND = N_("Mend the rows of {parent} that were set aside.")
DATES = N_("Correct the dates, or data.extracted_at in engagement.yml.")
MEANT = 0.6  # so like an allowed word that it may be meant
BY_KIND = {"instant": DATE, "date": DATE, "month": MONTH, "flag": FLAG}


def alike_rows(
    issues: pd.DataFrame, how: Message, time_zone: str, written: Callable[[str], Format]
) -> Iterator[Fault]:
    """Yield the rows of issues that break the same rule with the same column, as one fault each.

    ``how``: what was done with them, with a reason; ``written``: how a table is written.
    """
    named = issues.assign(allowed=issues["allowed"].astype("str"))
    for _, group in named.groupby(["file", "column", "rule", "allowed"], sort=False):
        first = group.iloc[0]
        rows = group["row"].drop_duplicates()
        counts = group.loc[group["value"] != "", "value"].astype("str").value_counts()
        values = tuple((str(value), int(n)) for value, n in counts.head(NAMED).items())
        message = how(n=len(rows), reason=as_written(first, time_zone))
        remedy = _remedy(first, counts, written(first["table"]))
        column = str(first["column"])
        fault = Fault(first["file"], message, remedy, column=column, named=True)
        if len(rows) == 1:
            yield replace(fault, row=int(first["row"]), value=cut(str(first["value"])))
            continue
        places = tuple((int(row), "") for row in rows.head(NAMED))
        yield replace(fault, alike=Alike(len(rows), places, values, len(counts)))


def _remedy(issue: Any, counts: pd.Series, written: Format) -> Text:
    """Return what to write instead, or what to declare, of values that break a rule."""
    rule, column = issue["rule"], str(issue["column"])
    table, parent = str(issue["table"]), f"{issue['allowed']}.csv"
    plain: Mapping[str, Text] = {
        rules.MISSING_VALUE: FILL(column=column),
        rules.UNIQUE: ONCE,
        rules.ORPHAN: PARENT(parent=parent, column=column),
        rules.CHILD: FIRST_MEND(parent=parent),
        rules.AFTER: DATES,
    }
    if rule == rules.NOT_ALLOWED:
        schema = SCHEMAS[table]
        about = schema.columns.get(column_of(column, schema) or column)
        return _words(about.metadata if about else {}, issue, counts)
    if rule == rules.UNREADABLE:
        return _form(str(issue["allowed"]), table, [*counts.index], written)
    return plain.get(rule, EMPTY)


def _words(about: Mapping[str, Any], issue: Any, counts: pd.Series) -> Text:
    """Return which allowed words the commonest of other words may mean, and who defines others."""
    allowed = {word.casefold(): word for word in str(issue["allowed"]).split(", ")}
    pairs = []
    for came in map(str, counts.head(NAMED).index):
        if near := _near(came.casefold(), allowed):
            pairs.append(PAIR(word=near, came=came))
    write = WRITE(pairs=commas(pairs)) if pairs else EMPTY
    vocabulary = str(about.get("vocabulary", ""))
    if vocabulary == "currencies":
        return CONVERT
    key = KEYS.get(vocabulary)
    if key is None:
        return write or ONE_OF
    if len(pairs) == len(counts):
        return write
    return sentences(write, (DEFINE_OTHERS if pairs else DEFINE)(key=key))


def _near(word: str, allowed: Mapping[str, str]) -> str | None:
    """Return the allowed word that a word begins with, or that it is like as no other one is."""
    likeness = {
        one: 1.0 if word.split()[:1] == [one] else SequenceMatcher(None, word, one).ratio()
        for one in allowed
    }
    best = max(likeness.values(), default=0.0)
    near = [one for one, ratio in likeness.items() if ratio == best and ratio >= MEANT]
    return allowed[near[0]] if len(near) == 1 else None


def to_declare(problem: Text, key: str, place: str) -> Text:
    """Return what to declare of dates or numbers that can be read in two ways, by an example."""
    example = dict(problem.values).get("example") if isinstance(problem, Message) else None
    parts = re.match(SLASHED_PARTS, str(example))
    if parts and key == "dates":
        one, other, year = map(int, parts.groups())
        with suppress(ValueError):
            first, second = dt.date(year, other, one), dt.date(year, one, other)
            return ORDER(key=place, example=parts[0], first=first, second=second)
    if amount := re.fullmatch(r"[+-]?(\d{1,3})([.,])(\d{3})", str(example)):
        own, other_mark = amount[2], "," if amount[2] == "." else "."
        large = int(amount[1] + amount[3])
        values = {"own": f'"{own}"', "other": f'"{other_mark}"', "example": example}
        return MARK(key=place, small=large / 1000, large=large, **values)
    return EITHER[key](key=place)


def _form(kind: str, table: str, values: list[str], written: Format) -> Text:
    """Return how the values of a kind are written, or what to declare for them to be read."""
    texts = pd.Series(values, dtype="str")
    if kind in ("instant", "date"):
        slashed = texts[matches(texts, SLASHED_PARTS)]
        try:
            order = shown_order(slashed) if len(slashed) else ""
        except AmbiguousColumn:
            order = ""
        if order and written.dates in ORDERS and order != written.dates:
            return DECLARE(table=table, key="dates", value=order)
    if kind in NUMERIC:
        other = "." if written.decimal == "," else ","
        declared = written.model_copy(update={"decimal": other})
        if len(texts) and not PARSERS[kind](texts, declared, "UTC").unreadable.any():
            return DECLARE(table=table, key="decimal", value=f'"{other}"')
        return NUMBER
    return BY_KIND.get(kind, EMPTY)
