"""How a column of a table is declared: its kind, what is allowed, and the words that explain it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from reviewlib.report.text import N_, Message
from reviewlib.tables.rules import BEFORE, NOT_ALLOWED, OUT_OF_RANGE, TOO_HIGH, UNIQUE

KEY_JOIN = " + "  # between the columns that a rule is about
INSTANT = pd.DatetimeTZDtype("s", "UTC")
DTYPES = {
    "text": "str",
    "choice": "str",
    "month": "str",
    "instant": INSTANT,
    "date": "datetime64[s]",
    "number": "float64",
    "money": "float64",
    "integer": "Int64",
    "flag": "boolean",
}


def column(kind: str, description: Message, *checks: pa.Check, **options: Any) -> pa.Column:
    """Return a pandera column of one of the kinds in ``DTYPES``.

    Options: ``required`` (the file must have it and every row a value), ``unique``,
    ``vocabulary`` (the name of the contract's list of allowed words), ``words`` (that of a list
    that binds nothing), ``words_by`` (a column, and such a list for values of it), ``unit``,
    ``planned`` (a date that may lie ahead), ``debrief`` (one that may follow the extraction by a
    year: lessons are drawn after the data were taken out), ``begins`` (the row exists since then),
    ``known_on`` (the column that dates this value), ``until_then`` (the value that it had before),
    ``unnamed`` (a column and its words, beside any other of which this value may name a person) and
    ``repeated`` (the texts of a few stand in millions of rows: each is kept once, the column being
    a category).
    """
    required = bool(options.pop("required", False))
    unique = bool(options.pop("unique", False))
    return pa.Column(
        "category" if options.get("repeated") else DTYPES[kind],
        list(checks),
        nullable=not required,
        required=required,
        unique=unique,
        report_duplicates="exclude_first",
        description=description.template,
        metadata={"kind": kind, **options},
    )


def text(description: Message, **options: Any) -> pa.Column:
    """Return a column of free text or ids; an id is text even when it looks like a number."""
    return column("text", description, **options)


def choice(description: Message, allowed: Iterable[str], **options: Any) -> pa.Column:
    """Return a column that takes one of a few words."""
    words = tuple(allowed)
    check = pa.Check.isin(words, error=NOT_ALLOWED)
    return column("choice", description, check, allowed=words, **options)


def instant(description: Message, **options: Any) -> pa.Column:
    """Return a column of instants: read in the data's time zone, kept in UTC to the second."""
    return column("instant", description, **options)


def date(description: Message, **options: Any) -> pa.Column:
    """Return a column of calendar dates."""
    return column("date", description, **options)


def month(description: Message, **options: Any) -> pa.Column:
    """Return a column of calendar months, kept as YYYY-MM."""
    return column("month", description, **options)


def number(
    description: Message, low: float | None = None, high: float | None = None, **options: Any
) -> pa.Column:
    """Return a column of numbers, not under ``low`` nor over ``high`` where these are given."""
    checks = [] if low is None else [pa.Check.ge(low, error=OUT_OF_RANGE)]
    checks += [] if high is None else [pa.Check.le(high, error=TOO_HIGH)]
    return column("number", description, *checks, low=low, high=high, **options)


def money(description: Message, low: float | None = 0, **options: Any) -> pa.Column:
    """Return a column of amounts in the contract's currency, without taxes.

    Each is read to the fifteen digits that a float holds; ``reviewlib.amounts.exact`` gives the
    decimal that was written. ``low`` None where an amount may be negative.
    """
    checks = [] if low is None else [pa.Check.ge(low, error=OUT_OF_RANGE)]
    return column("money", description, *checks, low=low, **options)


def integer(description: Message, low: int | None = 0, **options: Any) -> pa.Column:
    """Return a column of whole numbers, not under ``low``; None where one may be negative."""
    checks = [] if low is None else [pa.Check.ge(low, error=OUT_OF_RANGE)]
    return column("integer", description, *checks, low=low, **options)


def flag(description: Message, **options: Any) -> pa.Column:
    """Return a yes / no column."""
    return column("flag", description, **options)


def currency() -> pa.Column:
    """Return the column that names the currency of a row; only the contract's can be used."""
    return text(N_("Currency of the row; the contract's where empty"), vocabulary="currencies")


def empty(table: pa.DataFrameSchema) -> pd.DataFrame:
    """Return a table without a row: every column of its schema, with its type."""
    kinds = {name: str(about.dtype) for name, about in table.columns.items()}
    return pd.DataFrame(columns=[*kinds]).astype(kinds)


@dataclass(frozen=True)
class RowRule:
    """A rule between the columns of a row.

    ``column`` and ``allowed`` are what the reason names; ``breaks`` returns the mask of the rows
    of a frame that break it.
    """

    rule: str
    column: str
    allowed: str
    breaks: Callable[[pd.DataFrame], np.ndarray]

    def check(self) -> pa.Check:
        """Return the rule as pandera validates it."""

        def holds(frame: pd.DataFrame) -> pd.Series:
            return pd.Series(~self.breaks(frame), index=frame.index)

        return pa.Check(holds, error=f"{self.rule}:{self.column}:{self.allowed}")


def ordered(first: str, second: str, rule: str = BEFORE) -> RowRule:
    """Return the rule that ``second`` is not before ``first`` where both are known.

    With a rule of ``rules.NOTED`` the row is kept and pointed out.
    """

    def breaks(frame: pd.DataFrame) -> np.ndarray:
        if first not in frame or second not in frame:
            return np.zeros(len(frame), "bool")
        return np.asarray(frame[second].array < frame[first].array)

    return RowRule(rule, second, first, breaks)


def distinct(*names: str) -> RowRule:
    """Return the rule that no two rows that state the first of some columns are alike in all."""

    def breaks(frame: pd.DataFrame) -> np.ndarray:
        stated = [name for name in names if name in frame]
        if names[0] not in stated:
            return np.zeros(len(frame), "bool")
        return np.asarray(frame[names[0]].notna() & frame.duplicated(stated))

    return RowRule(UNIQUE, KEY_JOIN.join(names), "", breaks)


def at_most_together(amount: str, owner: str, most: float) -> RowRule:
    """Return the rule that the amounts of one owner, added up row by row, stay within a limit."""

    def breaks(frame: pd.DataFrame) -> np.ndarray:
        if amount not in frame or owner not in frame:
            return np.zeros(len(frame), "bool")
        alone = frame[amount] > most  # broken by itself, as another rule says
        added_up = frame[amount].mask(alone, 0).groupby(frame[owner]).cumsum()
        return np.asarray((added_up > most) & ~alone)

    return RowRule(TOO_HIGH, amount, f"{most:g}", breaks)


def as_column(kind: str, instant: pd.Timestamp, time_zone: str) -> Any:
    """Return an instant as a column of a kind holds it; None for a kind that is no time."""
    local = instant.tz_convert(time_zone).tz_localize(None)
    held = {"instant": instant, "date": local.normalize(), "month": f"{local:%Y-%m}"}
    return held.get(kind)


def schema(
    name: str,
    about: Message,
    columns: dict[str, pa.Column],
    *rules: RowRule,
    key: tuple[str, ...],
    personal: bool = False,
) -> pa.DataFrameSchema:
    """Return the schema of a table. ``key`` names the columns that together identify a row.
    Of a ``personal`` table, what a person said is never shown row by row: of a row set aside,
    only its place and the reason.
    """
    return pa.DataFrameSchema(
        columns,
        checks=[rule.check() for rule in rules],
        unique=list(key) if len(key) > 1 else None,
        report_duplicates="exclude_first",
        name=name,
        description=about.template,
        metadata={"key": key, "personal": personal, "rules": rules},
    )
