"""Amounts that look like thousands in a folder of units: pointed at, never converted unasked.

An amount lies near a thousandth of another where its thousandfold is between a third and three
times of it. So compared are the sums of a table with the price of the contract, without a price
with the largest sum of the other tables; the amounts of a clause with what the other table states
under it; and a row with the median of the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.report.text import N_, Message, Text, commas, n_, sentences

THOUSAND = 1000
SPAN = 3  # times less or more than the thousandfold: what is paid or spent so far is no whole
OTHERS = 5  # rows, at least, of which a median is compared with one more
WHOLES = {
    "budget": ("original", "current", "actual", "forecast"),
    "payments": ("amount",),
    "earned_value": ("planned_value", "earned_value", "actual_cost"),
}
"""Columns that add up to about the whole of a contract, or to a part of it that is no trifle."""
PRICE = N_("the price of the contract, terms.price")
SUM = N_("the sum of “{column}” in {table}.csv")
UNDER = N_("{table}.csv under {clause:ref}")
MEDIAN = N_("the median of its other rows")
COLUMN = N_("“{column}” {amount:money}")
IN_THOUSANDS = N_(
    "{table}.csv adds up to about a thousandth of {whole:money} ({reference}): {amounts}. If its "
    "amounts are in thousands, state {key} in engagement.yml; "
    "until then they are taken as they are written, in units."
)
DECLARED = N_(
    "{table}.csv adds up to about a thousand times {whole:money} ({reference}): {amounts}. Its "
    "amounts are declared in thousands; if they are written in units, take out "
    "{key} in engagement.yml."
)
TOO_MUCH = N_(
    "{table}.csv adds up to about a thousand times {whole:money} ({reference}): {amounts}. One of "
    "the two may be in thousands: state the price in units, and declare {key} where the table is "
    "in thousands."
)
ROWS = n_(
    "{table}.csv, row {rows:commas}: {amount:money}, about a thousandth of {whole:money} "
    "({reference}).",
    "{table}.csv, rows {rows:commas}: together {amount:money}, about a thousandth of {whole:money} "
    "({reference}).",
)
EACH = n_(
    "{table}.csv, row {rows:commas}, {amount:money}: about a thousandth of {whole:money} "
    "({reference}).",
    "{table}.csv, rows {rows:commas}: each about a thousandth of {whole:money} ({reference}).",
)
ROWS_ABOVE = n_(
    "{table}.csv, row {rows:commas}: {amount:money}, about a thousand times {whole:money} "
    "({reference}).",
    "{table}.csv, rows {rows:commas}: together {amount:money}, about a thousand times "
    "{whole:money} ({reference}).",
)
EACH_ABOVE = n_(
    "{table}.csv, row {rows:commas}, {amount:money}: about a thousand times {whole:money} "
    "({reference}).",
    "{table}.csv, rows {rows:commas}: each about a thousand times {whole:money} ({reference}).",
)
ONE_UNIT = N_(
    "The rows may be in different units: write them all in one, and state {key} if that is "
    "thousands. Until then they are taken as they are written."
)


@dataclass(frozen=True)
class DoubtfulUnits:
    """What is to be said of a table, or of ``rows`` of it, whose amounts may be in thousands."""

    table: str
    sentence: Text
    rows: tuple[int, ...] = ()


def declared(table: str) -> str:
    """Return what the contract states of a table in thousands."""
    return f"data.formats.{table}.amounts: thousands"


def near(part: float, whole: float) -> bool:
    """Tell whether an amount lies near a thousandth of another one."""
    return bool(part > 0 and whole / SPAN <= part * THOUSAND <= whole * SPAN)


def doubtful_units(
    contract: Contract, tables: Mapping[str, pd.DataFrame]
) -> tuple[DoubtfulUnits, ...]:
    """Return the tables, and of the others the rows, whose amounts may be in thousands."""
    wholes = {name: _wholes(name, tables[name]) for name in WHOLES if name in tables}
    scaled = {name for name in wholes if contract.data.format_of(name).amounts != "units"}
    of_tables = [*_of_tables(contract, wholes, scaled)]
    doubtful = {doubt.table for doubt in of_tables}
    sizes = {
        name: _sizes(name, tables[name])
        for name in ("budget", "payments")
        if name in tables and name not in doubtful
    }
    of_clauses = [*_of_clauses(tables, sizes, scaled)]
    rows = {(doubt.table, row) for doubt in of_clauses for row in doubt.rows}
    left = {
        name: amounts.drop([row for table, row in rows if table == name])
        for name, amounts in sizes.items()
    }
    return (*of_tables, *of_clauses, *_of_rows(left, scaled))


def _wholes(name: str, frame: pd.DataFrame) -> dict[str, float]:
    """Return the sum of each column; of earned value, which adds up itself, of its last amounts."""
    columns = [column for column in WHOLES[name] if column in frame]
    if name == "earned_value":
        projects = frame["project"].fillna("") if "project" in frame else pd.Series("", frame.index)
        frame = frame[columns].groupby(projects).max()
    return {column: float(frame[column].sum()) for column in columns}


def _of_tables(
    contract: Contract, wholes: Mapping[str, Mapping[str, float]], scaled: Collection[str]
) -> Iterator[DoubtfulUnits]:
    """Yield the tables of which columns add up to a thousandth, or a thousand times, of a whole.

    Beside a table that is declared in thousands, that one is in doubt.
    """
    for name, sums in wholes.items():
        whole, reference, table = _reference(contract, name, wholes)
        low = {column: amount for column, amount in sums.items() if near(amount, whole)}
        high = {column: amount for column, amount in sums.items() if near(whole, amount)}
        units = contract.data.format_of(name)
        in_thousands = any(units.unit_of(column) != "units" for column in high)
        if low and table not in scaled:
            yield DoubtfulUnits(name, _whole(IN_THOUSANDS, name, low, whole, reference))
        elif high and (in_thousands or not table):
            sentence = DECLARED if in_thousands else TOO_MUCH
            yield DoubtfulUnits(name, _whole(sentence, name, high, whole, reference))


def _reference(
    contract: Contract, name: str, wholes: Mapping[str, Mapping[str, float]]
) -> tuple[float, Text, str]:
    """Return what a table is compared with, and of which table that is: "" of the price."""
    prices = [float(terms.price.total) for terms in contract.versions if terms.price is not None]
    if prices:
        return max(prices), PRICE, ""
    others = [
        (amount, SUM(column=column, table=table), table)
        for table, sums in wholes.items()
        for column, amount in sums.items()
        if table != name
    ]
    return max(others, key=lambda one: one[0], default=(0.0, PRICE, name))


def _whole(
    sentence: Message, table: str, sums: Mapping[str, float], whole: float, reference: Text
) -> Message:
    amounts = commas(COLUMN(column=column, amount=amount) for column, amount in sums.items())
    return sentence(
        table=table, whole=whole, reference=reference, amounts=amounts, key=declared(table)
    )


def _sizes(name: str, frame: pd.DataFrame) -> pd.Series:
    """Return the amount of each row: invoiced, or of a budget spent, else of the signature."""
    if name == "payments":
        return frame["amount"]
    spent = frame.get("actual", pd.Series(float("nan"), frame.index))
    return spent.where(spent > 0, frame["original"])


def _of_clauses(
    tables: Mapping[str, pd.DataFrame], sizes: Mapping[str, pd.Series], scaled: Collection[str]
) -> Iterator[DoubtfulUnits]:
    """Yield the rows of a clause that add up to a thousandth of those of the other table.

    Where the other table is declared in thousands, its rows are those in doubt.
    """
    clauses = {n: tables[n]["clause"].dropna() for n in sizes if "clause" in tables[n]}
    groups = {name: stated.groupby(stated, sort=False).groups for name, stated in clauses.items()}
    for name, other in (("budget", "payments"), ("payments", "budget")):
        for clause, rows in groups.get(name, {}).items():
            beside = groups.get(other, {}).get(clause, [])
            own, others = sizes[name].loc[rows], sizes[other].loc[beside] if len(beside) else None
            if others is None or not near(own.sum(), others.sum()):
                continue
            if other in scaled:
                under = UNDER(table=name, clause=clause)
                yield _rows(ROWS_ABOVE, other, others, (own.sum(), under))
            else:
                under = UNDER(table=other, clause=clause)
                yield _rows(ROWS, name, own, (others.sum(), under))


def _of_rows(sizes: Mapping[str, pd.Series], scaled: Collection[str]) -> Iterator[DoubtfulUnits]:
    """Yield the rows that are a thousandth of the median, if the others are enough.

    Of a table that is declared in thousands also those that are a thousand times of it.
    """
    for name, amounts in sizes.items():
        stated = amounts[amounts > 0]
        middle = stated.median()
        low = stated.map(lambda amount, whole=middle: near(amount, whole)).astype("bool")
        high = stated.map(lambda amount, part=middle: near(part, amount)).astype("bool")
        others = stated[~low & ~high]
        if len(others) < OTHERS:
            continue
        for sentence, rows in ((EACH, stated[low]), (EACH_ABOVE, stated[high & (name in scaled)])):
            if len(rows):
                yield _rows(sentence, name, rows, (others.median(), MEDIAN))


def _rows(
    sentence: Message, table: str, amounts: pd.Series, beside: tuple[Any, Text]
) -> DoubtfulUnits:
    """Return the doubt about rows with these amounts, beside an amount and what it is."""
    rows, (whole, reference) = tuple(int(row) for row in amounts.index), beside
    values = {"whole": float(whole), "reference": reference, "amount": float(amounts.sum())}
    first = sentence(table=table, rows=rows, n=len(rows), **values)
    return DoubtfulUnits(table, sentences(first, ONE_UNIT(key=declared(table))), rows)
