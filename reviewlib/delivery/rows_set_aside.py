"""The rows of a chapter's tables that could not be used, said where their figures stand."""

from __future__ import annotations

from reviewlib.report.chapter import Chapter
from reviewlib.report.text import N_, NAMED, How, join, n_

SET_ASIDE = n_(
    "{n} row of {file} was set aside, and is in no figure here: {cells}.",
    "{n} rows of {file} were set aside, and are in no figure here: {cells}.",
)
CELL = N_("row {row}, {column} “{value}”")


def rows_set_aside(c: Chapter, *tables: str) -> None:
    """Add a caveat for each of these tables of which rows were set aside, with what stood there."""
    aside = c.review.engagement.set_aside.drop_duplicates(["table", "row"])
    for name in tables:
        rows = aside[aside["table"] == name]
        if len(rows):
            shown = rows.head(NAMED).fillna("").itertuples()
            cells = [CELL(row=row.row, column=row.column, value=row.value) for row in shown]
            sentence = SET_ASIDE(
                file=str(rows["file"].iloc[0]), cells=join(How.CHAIN, cells, len(rows) - len(cells))
            )
            c.caveat(f"set_aside.{name}", sentence, n=len(rows))
