"""The calendar of the relation: meetings along the months, disputes, blocking points, contacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reviewlib.contract.governance import LAUNCH
from reviewlib.people.governance import relation, words
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import LEAD
from reviewlib.report.text import EMPTY

DRAWN = 2 * LEAD  # rows, of which the page shows the first


def calendar(
    c: Chapter, meetings: pd.DataFrame, bodies: pd.DataFrame, titles: Mapping[str, Any]
) -> None:
    """Draw the meetings of each body along the months, with what else marked the relation."""
    tables = {name: c.review.table(name) for name in words.EVENTS_OF}
    window = _window(c, meetings)
    marks = relation.marks(meetings, tables, window)
    if marks.empty:
        return
    events = marks[marks["row"].isin([*tables])]
    values = {row.body: words.K_OF_N(k=row.k, n=row.n) for row in bodies.itertuples()}
    counts = events["row"].value_counts()
    values |= {name: words.COUNT(n=int(n)) for name, n in counts.items()}
    titles = {**titles, **words.EVENTS_OF}
    order = [LAUNCH, *bodies["body"], *tables]
    missed = dict(zip(bodies["body"], bodies["n"] - bodies["k"], strict=True))
    marks = marks.sort_values("row", key=lambda rows: rows.map(order.index), kind="stable")
    shown = {
        "label": [titles.get(row, row) for row in marks["row"]],
        "value": [values.get(row, EMPTY) for row in marks["row"]],
    }
    texts = {name: pd.Series(one, marks.index, dtype="object") for name, one in shown.items()}
    marks = marks.assign(**texts, weight=[missed.get(row, 0) for row in marks["row"]])
    rows = marks.drop_duplicates("row")
    drawn = rows.nlargest(DRAWN, "weight", keep="first")["row"]
    c.figure(
        "events_by_row", words.CALENDAR, bodies.assign(gap=bodies["days"]), words.DESCRIPTION,
        frame=marks[marks["row"].isin(drawn)], of=len(rows), measure=words.MEASURE,
        first=window[0], last=window[1],
    )  # fmt: skip
    if len(events):
        ends = events["end"].mask(events["mark"] == relation.OPEN)
        c.table(words.EVENTS, events.assign(end=ends))


def _window(c: Chapter, meetings: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day drawn: of the period, or of the contract and beyond it."""
    span = c.review.period or c.review.contract.period
    first, last = pd.Timestamp(span.first), min(pd.Timestamp(span.last), c.review.today)
    if c.review.period is None and len(meetings):
        first, last = min(first, meetings["day"].min()), max(last, meetings["day"].max())
    return first, last
