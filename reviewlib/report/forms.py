"""Tables before their rows: columns, headings, units and the words of codes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reviewlib.report.cells import rows
from reviewlib.report.text import (
    EMPTY,
    N_,
    Message,
    Text,
    sentences,
)
from reviewlib.report.values import Column, Table, Unit

LISTED = 5000  # rows of a table
LEAD = 12  # rows of a table or of a chart that leads; the others are in its folds
OWED, HELD = 5, 6  # findings that the first page shows of what a party owes, of what held
FIRST = N_("The first {n} of {all}.")


@dataclass(frozen=True, slots=True)
class Col:
    """A column of a form: its key in the frame, its heading, unit, the words of its codes.

    ``quoted``: it holds text of the data, in its own language.
    """

    key: str
    label: Text
    unit: Unit = Unit.TEXT
    words: Mapping[Any, Text] | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class TableForm:
    """A table before its rows: declared once, at the head of a chapter.

    ``listed``: how many of its rows it has; ``absent``: its note where it has no row; ``lead``:
    whether its chapter opens with it. Where a chapter shows a part of its rows, those of which the
    column ``by`` is the largest come first; ``first`` says so, with its fields n and all.
    """

    name: str
    caption: Text
    columns: tuple[Col, ...]
    note: Text = EMPTY
    listed: int = LISTED
    absent: Text = EMPTY
    lead: bool = False
    by: str = ""
    first: Message | None = None

    def but(self, **changed: Any) -> TableForm:
        """Return the form with some of its fields changed."""
        return dataclasses.replace(self, **changed)

    def only(self, keys: Iterable[str]) -> TableForm:
        """Return the form with the columns of these keys, in their order."""
        by_key = {column.key: column for column in self.columns}
        return dataclasses.replace(self, columns=tuple(by_key[key] for key in keys))

    def without(self, *keys: str) -> TableForm:
        """Return the form without the columns of these keys."""
        return self.only(column.key for column in self.columns if column.key not in keys)

    def table(self, frame: pd.DataFrame, name: str, limit: int | None = None) -> Table:
        """Return the rows of a frame as a table; of more than ``limit`` the first ones, counted."""
        columns = tuple(Column(c.key, c.label, c.unit, c.quoted) for c in self.columns)
        first, frame = self.first_of(len(frame)), self.in_order(frame)
        shown = frame if limit is None else frame.head(limit)
        words = {c.key: shown[c.key].map(dict(c.words)) for c in self.columns if c.words}
        cut = FIRST(n=limit, all=len(frame)) if len(shown) < len(frame) else EMPTY
        note = self.absent if frame.empty and self.absent else sentences(self.note, cut)
        return Table(
            name,
            self.caption,
            columns,
            rows(shown.assign(**words), columns),
            note,
            self.lead,
            first,
        )

    def first_of(self, n: int) -> Text:
        """Return which rows come first, of so many; "" where all of them are shown."""
        return self.first(n=LEAD, all=n) if self.first and n > LEAD else EMPTY

    def in_order(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a frame, what matters most first where there are too many to show.

        Rows that share a ``label`` (of a ``group``) are one row of a chart; a group stays together.
        """
        keys = [key for key in ("group", "label") if key in frame and self.by in frame]
        if self.by not in frame or not (self.first and len(frame) > LEAD):
            return frame
        if not keys:
            return frame.sort_values(self.by, ascending=False, kind="stable", na_position="last")
        lines = frame[keys].astype("str").agg(" ".join, axis="columns")
        weights = frame[self.by].groupby(lines, sort=False).max()
        weights = weights.sort_values(ascending=False, kind="stable", na_position="last")
        if len(weights) <= LEAD:
            return frame
        place = lines.map({line: place for place, line in enumerate(weights.index)})
        if "group" in keys:  # of those that are shown, the groups in the order of their first
            headings = frame["group"].astype("str")
            least = place.groupby([headings, place >= LEAD]).transform("min")
            place = (place >= LEAD) * 1e12 + least * 1e6 + place
        return frame.loc[place.sort_values(kind="stable").index]


def frame_of(form: TableForm, lines: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """Return cells in the order of a form's columns as a frame, which keeps every text as it is.

    Of texts pandas would make a column of plain ones, in their first language alone.
    """
    return pd.DataFrame(list(lines), columns=[col.key for col in form.columns], dtype="object")
