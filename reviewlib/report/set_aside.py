"""The rows that could not be used of the tables of a chapter, said where its figures stand."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator

import pandas as pd

from reviewlib.report.text import N_, How, Message, Text, join, n_, sentences
from reviewlib.report.values import Caveat, Fact, Unit
from reviewlib.review import Review
from reviewlib.tables.rules import SUM, TOTALS

LACKING = "set_aside"  # rows that the table lacks, unlike totals
EXAMPLES = 3  # rows that a caveat quotes; of more it gives the number
SET_ASIDE = n_(
    "{n} row of {file} was set aside, and is in no figure here: {cells}.",
    "{n} rows of {file} were set aside, and are in no figure here: {cells}.",
)
ADDED_UP = n_(
    "{n} row of {file} was taken for a total of the others, and is in no figure here: {cells}.",
    "{n} rows of {file} were taken for totals of others, and are in no figure here: {cells}.",
)
DOUBTFUL = n_(
    "{n} row of {file} may be a total of the others, and is counted here as one of them: {cells}.",
    "{n} rows of {file} may be totals of others, and are counted here as others are: {cells}.",
)
WITHOUT_CELLS = {
    SET_ASIDE.template: n_(
        "{n} row of {file} was set aside, and is in no figure here.",
        "{n} rows of {file} were set aside, and are in no figure here.",
    ),
    ADDED_UP.template: n_(
        "{n} row of {file} was taken for a total of the others, and is in no figure here.",
        "{n} rows of {file} were taken for totals of others, and are in no figure here.",
    ),
    DOUBTFUL.template: n_(
        "{n} row of {file} may be a total of the others, and is counted here as one of them.",
        "{n} rows of {file} may be totals of others, and are counted here as others are.",
    ),
}
"""The same without what stands in the rows, for those who may not see it."""
CELL = N_("row {row}, {column} “{value}”")
ROW = N_("row {row}, {column}")


def set_aside(review: Review, tables: Collection[str]) -> Iterator[tuple[str, str, Message, int]]:
    """Yield what is to be said of the rows of these tables that are set aside, or doubtful.

    That is a name, the table, the sentence and the number of rows; in the order of the tables.
    """
    aside = review.engagement.set_aside.drop_duplicates(["table", "row"])
    noted = review.engagement.noted.drop_duplicates(["table", "row"])
    for name, sentence, rows in (
        (LACKING, SET_ASIDE, aside[~aside["rule"].isin(TOTALS)]),
        ("totals", ADDED_UP, aside[aside["rule"].isin(TOTALS)]),
        ("doubtful", DOUBTFUL, noted[noted["rule"] == SUM]),
    ):
        for table, of_table in rows.groupby("table", sort=False):
            n = len(of_table)
            if table in tables:
                yield name, str(table), _sentence(sentence, of_table), n


def uncited(caveat: Caveat) -> Caveat:
    """Return a caveat on rows without what stands in these; any other as it is."""
    sentence = caveat.sentence
    if not isinstance(sentence, Message) or sentence.template not in WITHOUT_CELLS:
        return caveat
    given = dict(sentence.values)
    plain = WITHOUT_CELLS[sentence.template](n=given["n"], file=given["file"])
    return dataclasses.replace(caveat, sentence=plain)


def _sentence(template: Message, rows: pd.DataFrame) -> Message:
    """Return a sentence on rows, with the first of them and what stood there."""
    cells = [_cell(row) for row in rows.head(EXAMPLES).itertuples()]
    more = len(rows) - len(cells)
    return template(n=len(rows), file=rows["file"].iloc[0], cells=join(How.CHAIN, cells, more))


def _cell(row: object) -> Text:
    """Return a row with its cell; of a survey, whose cells are shown nowhere, its column."""
    place, column, value = (getattr(row, name) for name in ("row", "column", "value"))
    return CELL(row=place, column=column, value=value) if value else ROW(row=place, column=column)


def doubts_on(review: Review, tables: Collection[str], facts: Iterable[Fact]) -> dict[str, Text]:
    """Return by table which amounts may be in thousands, of a chapter with amounts."""
    doubts = review.engagement.doubts
    if not any(fact.unit is Unit.MONEY for fact in facts):
        return {}
    own = [t for t in dict.fromkeys(one.table for one in doubts) if t in tables]
    return {t: sentences(*(one.sentence for one in doubts if one.table == t)) for t in own}
