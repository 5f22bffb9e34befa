"""Tables before their rows: columns, headings, units and the words of codes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reviewlib.report.text import (
    EMPTY,
    N_,
    Text,
    sentences,
)
from reviewlib.report.values import (
    Column,
    Table,
    Unit,
    rows,
)

LISTED = 500  # rows of a table
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
    whether its chapter opens with it.
    """

    name: str
    caption: Text
    columns: tuple[Col, ...]
    note: Text = EMPTY
    listed: int = LISTED
    absent: Text = EMPTY
    lead: bool = False

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
        shown = frame if limit is None else frame.head(limit)
        words = {c.key: shown[c.key].map(dict(c.words)) for c in self.columns if c.words}
        cut = FIRST(n=limit, all=len(frame)) if len(shown) < len(frame) else EMPTY
        note = self.absent if frame.empty and self.absent else sentences(self.note, cut)
        return Table(
            name, self.caption, columns, rows(shown.assign(**words), columns), note, self.lead
        )


def frame_of(form: TableForm, lines: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """Return cells in the order of a form's columns as a frame, which keeps every text as it is.

    Of texts pandas would make a column of plain ones, in their first language alone.
    """
    return pd.DataFrame(list(lines), columns=[col.key for col in form.columns], dtype="object")
