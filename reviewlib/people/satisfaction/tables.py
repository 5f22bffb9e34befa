"""The tables that print what the product took for granted: last days, and how answers are read."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reviewlib.contract.survey import Question
from reviewlib.people.satisfaction import readings, words
from reviewlib.people.satisfaction.poll import Poll
from reviewlib.report.phrases import BY_DEFAULT, marked
from reviewlib.report.text import Message, Shown, Text, chained, commas


def closing(poll: Poll) -> Iterator[tuple[str, str | None, Text | None, int]]:
    """Yield each wave, its first day and its last one, marked where it is the default, and late."""
    for row in poll.calendar.itertuples():
        first = None if pd.isna(row.first) else f"{row.first:%Y-%m-%d}"
        last: Text | None = None if pd.isna(row.closes) else Shown(row.closes.date(), "date")
        if last and not row.stated:
            last = BY_DEFAULT(policy=last)
        yield str(row.Index), first, last, row.late


def how_read(poll: Poll) -> Iterator[tuple[Text | str | None, ...]]:
    """Yield how the answers to each question are read, defaults marked."""
    for question in poll.questions.values():
        best: Text = words.LOWEST if question.lowest_is_best else words.HIGHEST
        labels = (words.STANDS_FOR(label=name, point=n) for name, n in question.answers.items())
        yield (
            question.text,
            words.RANGE(first=question.scale[0], last=question.scale[1]),
            best if question.kind == "nps" else marked(question, "lowest_is_best", best),
            _favourable(question),
            chained(labels) or words.NONE,
            commas(question.no_opinion) or words.NONE,
        )


def _favourable(question: Question) -> Text:
    first, last = readings.favourable(question)
    points = words.RANGE(first=first, last=last)
    return marked(question, "satisfied_from", points) if question.kind == "csat" else points


def with_whole(whole: pd.DataFrame, parts: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows of all departments together, then of each, with their names."""
    together = [words.ALL_DEPARTMENTS] * len(whole)
    departments = [department or words.NO_DEPARTMENT for department in parts["department"]]
    return pd.concat([whole.assign(**{name: together}), parts.assign(**{name: departments})])


def remarks(rows: pd.DataFrame, size: str) -> list[Message | None]:
    """Return for each row why it has no figure, None where it has."""
    return [
        words.NOT_SHOWN if not shown else words.NOBODY_ANSWERED if count == 0 else None
        for shown, count in zip(rows["shown"], rows[size], strict=True)
    ]


def sides(counts: pd.DataFrame, poll: Poll) -> pd.DataFrame:
    """Return how many answers to each question disagree, neither, and agree.

    ``counts``: as ``Poll.distribution`` returns them; what disagrees is as far from the other end
    of the scale. ``neither`` is left out where the scale has no point between.
    """
    low, high = counts.columns[0], counts.columns[-1]
    rows, between = {}, False
    for name, row in counts.iterrows():
        first, last = readings.favourable(poll.questions[str(name)])
        agree = row.loc[first:last].sum(skipna=False)
        disagree = row.loc[low + high - last : low + high - first].sum(skipna=False)
        rows[name] = (disagree, row.sum(skipna=False) - agree - disagree, agree)
        between |= 2 * (last - first + 1) < high - low + 1
    parts = pd.DataFrame.from_dict(rows, "index", columns=["disagree", "neither", "agree"])
    return parts if between else parts.drop(columns="neither")
