"""Phrases that chapters share: ids and titles, periods, sources, what is counted apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypedDict

import pandas as pd

from reviewlib.calendars.punctuality import JUDGED
from reviewlib.contract.base import Model
from reviewlib.report.text import (
    EMPTY,
    N_,
    NAMED,
    TEXTS,
    Message,
    Quoted,
    Text,
    chained,
    dotted,
    listed,
)
from reviewlib.report.values import Fact
from reviewlib.review import Review

QUANTITY = N_("{value}\u00a0{unit}")
AS_OF = N_("as of {date}")
SPAN = N_("{first} – {last}")
QUOTES = N_("“{text}”")
IN_SHORT = N_("“{title}” ({id})")
TITLED = N_("{id} “{title}”")
STATE_APART = N_("counted apart: {outcomes:commas}")
OUTCOME = N_("{outcome}: {n}")
BY_DEFAULT = N_("{policy} (by default)")
READ_BY_DEFAULT = N_("{policy} under the default interpretation")
ON_DEFAULT = N_("This interpretation is the default.")
ONE_BY_DEFAULT = N_("{policy} ({name} by default)")
PART_BY_DEFAULT = N_("{policy} ({amount:money} by default)")
DEFAULTS = (BY_DEFAULT, READ_BY_DEFAULT, ON_DEFAULT, ONE_BY_DEFAULT, PART_BY_DEFAULT)
"""What says that the contract is silent, and a default was taken."""
BY_CHANCE = N_("{label} (within chance)")
"""What met or missed its target while chance leaves either open."""

PARTIES = {
    "client": N_("the client"),
    "provider": N_("the provider"),
    "third_party": N_("a third party"),
    "force_majeure": N_("force majeure"),
}
"""Whose doing something is, or is awaited."""
SIDES = {"client": N_("client"), "provider": N_("provider"), "both": N_("both sides")}
"""The parties, as a cell names them."""
LACKS = N_("{file} lacks a column: {columns:commas}")


FILE_AND_COLUMNS = N_("{file}: {columns}")


class ReadFields(TypedDict, total=False):
    """The fields of a fact that ``read`` gives."""

    source: str
    lacks: Text


def marked(part: Model, key: str, policy: Text) -> Text:
    """Return a policy, marked where the contract is silent and the default was taken."""
    return BY_DEFAULT(policy=policy) if part.is_silent(key) else policy


def as_of(review: Review) -> Message:
    """Return the day that a review looks from, as the period of a figure."""
    return AS_OF(date=review.today)


def so_far(review: Review) -> Message:
    """Return the days of the contract, or of the period of a review, up to that which it looks
    from, as a period.
    """
    own, period = review.contract.period, review.period or review.contract.period
    first = max(own.first, period.first)
    return SPAN(first=first, last=max(first, min(own.last, period.last, review.today.date())))


def files(written: str, review: Review) -> Text:
    """Return files and their columns, "a.csv: one, two; b.csv", as a language sets them.

    The columns are those of the files, by their headings. Files that have no row are left out: a
    figure does not rest on them.
    """
    parts = (part.partition(": ") for part in written.split("; "))
    return chained(
        FILE_AND_COLUMNS(file=file, columns=", ".join(_headings(file, columns.split(", "), review)))
        if columns
        else Quoted(file)
        for file, _, columns in parts
        if review.has_rows(file)
    )


def headed(lacks: Text, review: Review) -> Text:
    """Return what a file lacks, with the headings that its columns have, or would have, there."""
    about = dict(lacks.values) if isinstance(lacks, Message) else {}
    if not isinstance(lacks, Message) or not {"file", "columns"} <= about.keys():
        return lacks
    return lacks(columns=_headings(about["file"], about["columns"], review))


def _headings(file: str, columns: Iterable[str], review: Review) -> list[str]:
    table = file.removesuffix(".csv")
    return [review.engagement.heading(table, column) for column in columns]


def read(table: pd.DataFrame, file: str, *columns: str) -> ReadFields:
    """Return the columns of a file that a fact rests on, and which of them the file lacks."""
    source = f"{file}: {', '.join(columns)}"
    lacking = [column for column in columns if column not in table]
    if lacking:
        return {"source": source, "lacks": LACKS(file=file, columns=lacking)}
    return {"source": source}


def of_ids(ids: Iterable[Any]) -> Text:
    """Return ids as a sentence lists them: A, B and 3 others."""
    return listed([Quoted(one) for one in ids], NAMED)


def counted_apart(states: pd.Series, words: Mapping[Any, Text]) -> Text:
    """Return how many rows are in each state that is not judged, in the order of its words."""
    counts = states.value_counts()
    outcomes = [
        OUTCOME(outcome=outcome, n=counts[state])
        for state, outcome in words.items()
        if state in counts and state not in JUDGED
    ]
    return STATE_APART(outcomes=outcomes) if outcomes else EMPTY


def largest(rows: pd.DataFrame, by: str, n: int) -> pd.DataFrame:
    """Return the ``n`` rows of which a column is the largest, in the order of the frame."""
    return rows.loc[rows[by].nlargest(n).index].sort_index()


def quoted(texts: Iterable[str]) -> Iterator[Message]:
    """Return texts of the data between quotation marks."""
    return (QUOTES(text=text) for text in texts)


def within_chance(fact: Fact) -> bool:
    """Tell whether the target of a figure lies within its interval."""
    if fact.interval is None or fact.target is None:
        return False
    return bool(fact.interval.low <= fact.target <= fact.interval.high)


def verdict_on(fact: Fact) -> Text:
    """Return what names a figure that met or missed its target, and that this is within chance."""
    return BY_CHANCE(label=fact.label) if within_chance(fact) else fact.label


def labelled(ids: pd.Series, titles: pd.Series) -> pd.Series:
    """Return "id · title" for the rows of a chart, in every language that a title has."""
    texts = [dotted(name, text_of(title)) for name, title in zip(ids, titles, strict=True)]
    return pd.Series(texts, ids.index, dtype="object")


def titled(name: Any, title: Any) -> Text:
    """Return an id with its title in quotation marks, where it has one."""
    return TITLED(id=name, title=title) if text_of(title) else Quoted(name)


def in_short(name: Any, title: Any, limit: int = 5) -> Text:
    """Return a title of at most so many words with its id, as the first page names a thing."""
    if not text_of(title):
        return Quoted(name)
    return IN_SHORT(id=name, title=shortened(title, limit))


def shortened(title: Any, limit: int = 5) -> Text:
    """Return a title of the data or of the contract in at most so many words."""
    if isinstance(title, Message):
        return title
    texts = {other: _first(text, limit) for other, text in getattr(title, "texts", {}).items()}
    return Quoted(_first(str(title), limit), texts)


def _first(text: str, limit: int) -> str:
    words = text.split()
    return text if len(words) <= limit else " ".join(words[:limit]) + "…"


def text_of(value: Any) -> Any:
    """Return a cell that holds a text; an empty one for what is missing."""
    return value if isinstance(value, (str, *TEXTS)) else ""
