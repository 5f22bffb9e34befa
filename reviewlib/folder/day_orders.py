"""Dates such as 12/11/2024: the order of day and month that columns show, or take from others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa

from reviewlib.folder import typed
from reviewlib.folder.parsing import ORDERS, SLASHED, AmbiguousColumn, matches, shown_order
from reviewlib.folder.reading import Reading
from reviewlib.report.text import N_, Message

DAY_FIRST, MONTH_FIRST = ORDERS
WORDS = {DAY_FIRST: N_("day first"), MONTH_FIRST: N_("month first")}
BESIDE = N_("no day of “{column}” is above 12: read {order}, as “{other}” of the same table shows")
FOLDER = N_("no day of “{column}” is above 12: read {order}, as the other tables show")
MIXED = N_(
    "dates of “{other}” have their day first, those of “{column}” their month: each column is read "
    "by the order that it shows"
)


@dataclass(frozen=True)
class Orders:
    """The orders of a table: shown by its columns ("" where none is), and the folder's."""

    shown: Mapping[str, str]
    declared: str
    folder: str

    @property
    def settled(self) -> dict[str, str]:
        """One column for each order that the table shows, by the order."""
        return {order: name for name, order in reversed([*self.shown.items()]) if order}

    @property
    def unsettled(self) -> bool:
        """Whether a column is read by no order: neither its own, nor that of the table."""
        return not self.declared and not all(self.of(name) for name in self.shown)

    def of(self, column: str) -> str:
        """Return the order by which a column is read; "" where nothing settles it."""
        if self.declared:
            return self.declared
        own, beside = self.shown.get(column, ""), [*self.settled]
        if own or not beside:
            return own or self.folder
        return beside[0] if len(beside) == 1 else ""

    def remarks(self) -> Iterator[tuple[str, Message]]:
        """Yield the columns that are read by another one's order, or otherwise than another."""
        if self.declared:
            return
        settled = self.settled
        if len(settled) == 2:
            column, other = settled[MONTH_FIRST], settled[DAY_FIRST]
            yield column, MIXED(column=column, other=other)
        for column, own in self.shown.items():
            if own or not (order := self.of(column)):
                continue
            sentence = BESIDE(other=settled[order]) if settled else FOLDER
            yield column, sentence(column=column, order=WORDS[order])


NO_ORDERS = Orders({}, "", "")


def orders(cells: pd.DataFrame, schema: pa.DataFrameSchema, reading: Reading) -> Orders:
    """Return the orders of a table's columns; one that contradicts itself shows none."""
    declared = reading.written.dates if reading.written.dates in ORDERS else ""
    shown = {}
    for name in map(str, cells):
        if schema.columns[name].metadata["kind"] in ("instant", "date"):
            slashed = _slashed(cells[name])
            try:
                if len(slashed):
                    shown[name] = shown_order(slashed)
            except AmbiguousColumn:
                continue
    return Orders(shown, declared or "", reading.day_order)


def _slashed(column: pd.Series) -> pd.Series:
    """Return the texts of a column that are dates with slashes."""
    return column[matches(column, SLASHED)] if typed.is_text(column) else column[:0]
