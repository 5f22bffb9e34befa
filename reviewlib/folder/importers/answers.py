"""The answers to a form, a column for each question, made one row for each person and question."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from reviewlib.folder.importers.mapping import quoted
from reviewlib.folder.importers.profiles import data_of
from reviewlib.tables.folding import folded

COMMENT, CHOICE = "comment", "choice"
FEW = 8  # words of a column that many repeat: a choice, and no comment
COLUMNS = ("wave", "respondent", "department", "answered_on", "question", "answer")
_NUMBER = re.compile(r"\d{1,3}")
_YEAR_FIRST = re.compile(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2}).*$")
_SHORT_YEAR = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2})(?=\D|$).*$")


@dataclass(frozen=True)
class FormQuestion:
    """A question of a form: its text, its kind, its scale, the point of each answer in words.

    ``kind`` as the contract names them, or ``choice`` for words of no scale; ``unordered``: answers
    in words on a scale of numbers of which nobody has said the point.
    """

    text: str
    kind: str
    scale: tuple[int, int] | None = None
    points: Mapping[str, int] = field(default_factory=dict)
    unordered: tuple[str, ...] = ()

    def as_yaml(self) -> str:
        """Return the question as engagement.yml states it."""
        low, high = self.scale or (1, 5)
        scale = f", scale: [{low}, {high}]" if self.scale and self.kind != "nps" else ""
        return f"{{text: {quoted(self.text)}, kind: {self.kind}{scale}}}"


def question_of(heading: str, texts: pd.Series) -> FormQuestion:
    """Return what a column asks, as its heading and its answers tell."""
    text, usual = " ".join(heading.split()), data_of("scales")
    counts = texts[texts != ""].value_counts()
    words = [str(word) for word in counts.index]
    numbers = sorted({int(word) for word in words if _NUMBER.fullmatch(word)})
    labels = [word for word in words if not _NUMBER.fullmatch(word)]
    if numbers and len(labels) <= 2:
        return _on_numbers(text, numbers, labels, usual)
    for scale in usual["labels"]:
        points = {folded(word): n for n, word in enumerate(scale["words"], start=1)}
        if words and {*map(folded, words)} <= points.keys():
            meant = {word: points[folded(word)] for word in words}
            kind = scale["kind"] if len(points) == 5 else "agreement"
            return FormQuestion(text, kind, (1, len(points)), meant)
    if words and len(words) <= FEW and counts.sum() >= 2 * len(words):
        return FormQuestion(text, CHOICE, unordered=tuple(words))
    return FormQuestion(text, COMMENT)


def _on_numbers(
    text: str, numbers: list[int], labels: list[str], usual: Mapping[str, Any]
) -> FormQuestion:
    """Return a question on a scale of numbers, of which words may stand at the ends."""
    low = [word for word in labels if folded(word) in {*map(folded, usual["low"])}]
    high = [word for word in labels if folded(word) in {*map(folded, usual["high"])}]
    unordered = [word for word in labels if word not in (*low, *high)]
    first, last = numbers[0] - (1 if low or unordered else 0), numbers[-1] + (1 if high else 0)
    last += 1 if unordered and not high else 0
    scale = next(((a, b) for a, b in usual["scales"] if a <= first and last <= b), None)
    if scale is None:
        return FormQuestion(text, COMMENT)
    points = dict.fromkeys(low, scale[0]) | dict.fromkeys(high, scale[1])
    plain = folded(text)
    kind = "agreement"
    if scale == (0, 10) and any(word in plain for word in usual["recommendation"]):
        kind = "nps"
    elif scale == (1, 5) and any(word in plain for word in usual["satisfaction"]):
        kind = "csat"
    return FormQuestion(text, kind, scale, points, tuple(unordered))


def as_agreed(question: FormQuestion, agreed: Any, named: Mapping[str, str | None]) -> FormQuestion:
    """Return a question as the contract has it (None: it has none), else as the form shows it.

    ``named``: the points stated of its words. A choice that is named as a question has a scale: its
    words', or up to the highest point stated.
    """
    if agreed is not None:
        usual = {*agreed.answers, *agreed.no_opinion}
        left = [word for word in (*question.unordered, *question.points) if word not in usual]
        points = question.points if question.scale == tuple(agreed.scale) else {}
        points = {word: point for word, point in points.items() if word not in usual}
        unordered = () if agreed.kind == COMMENT else tuple(w for w in left if w not in points)
        scale = None if agreed.kind == COMMENT else tuple(agreed.scale)
        return FormQuestion(question.text, agreed.kind, scale, points, unordered)
    if question.kind != CHOICE:
        return question
    stated = [int(point) for point in named.values() if point and point.isdecimal()]
    scale = 1, max([2, len(question.unordered), *stated])
    return FormQuestion(question.text, "agreement", scale, {}, question.unordered)


def names_persons(text: str) -> bool:
    """Whether a question asks for what tells who answers."""
    plain = f" {folded(text)} "
    return any(word in plain for word in map(folded, data_of("scales")["persons"]))


def days_of(stamps: pd.Series) -> pd.Series:
    """Return the days of time stamps as forms write them, the year in four digits."""
    return stamps.map(_day).astype("str")


def _day(stamp: str) -> str:
    if match := _YEAR_FIRST.match(stamp):
        return "-".join([match[1], match[2].zfill(2), match[3].zfill(2)])
    if match := _SHORT_YEAR.match(stamp):
        return f"{match[1]}/{match[2]}/20{match[3]}"
    return stamp.split(" ", maxsplit=1)[0].split("T", maxsplit=1)[0]


def codes_of(wave: str, stamps: pd.Series, ids: pd.Series | None) -> pd.Series:
    """Return a code for each person who answered: the form's own number, else of the time stamp.

    It is the same at every import, and no name.
    """
    if ids is not None:
        return "R" + ids
    place = stamps.groupby(stamps, sort=False).cumcount()
    keys = (f"{wave}|{stamp}|{n}" for stamp, n in zip(stamps, place, strict=True))
    codes = [f"R{hashlib.sha256(key.encode()).hexdigest()[:8]}" for key in keys]
    return pd.Series(codes, stamps.index, dtype="str")


def long(people: pd.DataFrame, given: Iterable[tuple[str, pd.Series]]) -> pd.DataFrame:
    """Return a row for each person and question that was answered, in the order of the people.

    ``people``: wave, respondent, answered_on and department, where it is told.
    """
    parts = [
        people.assign(question=code, answer=answers)[(answers != "").to_numpy()]
        for code, answers in given
    ]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS), dtype="str")
    rows = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return rows[[name for name in COLUMNS if name in rows]].astype("str")


def survey_lines(questions: Mapping[str, FormQuestion]) -> Iterator[str]:
    """Yield the survey of engagement.yml, line by line."""
    yield "survey:"
    yield "  questions:"
    for code, question in questions.items():
        yield f"    {code}: {question.as_yaml()}"
