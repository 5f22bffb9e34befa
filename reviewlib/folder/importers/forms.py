"""The answers to a form through mapping.yml: which column is which question, which word a point."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from reviewlib.contract.data import Format
from reviewlib.faults import Fault, Faults, cut, nearest
from reviewlib.folder.importers import notes
from reviewlib.folder.importers.answers import (
    CHOICE,
    COMMENT,
    FormQuestion,
    as_agreed,
    codes_of,
    long,
    names_persons,
    question_of,
)
from reviewlib.folder.importers.canonical import canonical, renamed
from reviewlib.folder.importers.mapping import FILE, Route, Routes
from reviewlib.folder.importers.merging import UNIT, Merged
from reviewlib.folder.importers.settling import LEFT, VALUE, OpenKey, Settling
from reviewlib.folder.importers.sources import alike
from reviewlib.report.text import N_, Text, n_
from reviewlib.tables.folding import folded

SHOWN = 60  # signs of a heading in a message
NO_ANSWER = N_("holds no answer under its heading")
ANSWERED = N_("Export it again when people have answered.")
STAY = n_(
    "{n} person of the export is in the wave “{wave}” of the folder, and stays there. To have them "
    "in another one, take their rows out of survey_answers.csv and import again.",
    "{n:number} people of the export are in the wave “{wave}” of the folder, and stay there. To "
    "have them in another one, take their rows out of survey_answers.csv and import again.",
)
KEYS = {"department": ("columns", "department"), "questions": ("questions",)}
WAVE = N_(
    "Wave “{wave}”, by the year of the first answer. Another name: --wave, or {key} in {file}."
)
PEOPLE = n_("{file}: {n} person answered.", "{file}: {n:number} people answered.")
PERSONS = N_("Never read, for they may help to tell who answered: {headings:commas}.")
QUESTIONS = N_("Questions: {questions:commas}.")
ONE_QUESTION = N_("{code} “{text}” ({kind})")
ON_SCALE = N_("{code} “{text}” ({low} to {high})")
CHOICES = N_(
    "Not read, for their answers are words of no known scale, or name persons: {headings:commas}. "
    "In {file}, name the department among them under {department}, a question under {questions}; "
    "then the point of each of its words is asked for."
)
NO_QUESTION = N_(
    "Not read, for neither the survey of the contract nor {questions} in {file} names them: "
    "{headings:commas}."
)
UNASKED = N_(
    "The survey of engagement.yml does not have {codes:commas}: check sets their answers aside. "
    "Add them there, or take them out of {questions} in {file}."
)
TAKEN_OUT = n_(
    "{n} row of survey_answers.csv is of a question that is read no more ({codes:commas}), and "
    "stays. Take it out there, or name its column under {questions} in {file}.",
    "{n:number} rows of survey_answers.csv are of questions that are read no more "
    "({codes:commas}), and stay. Take them out there, or name their columns under {questions} in "
    "{file}.",
)
ASKED_OF = N_("Which column of {file} is the question {code}, “{text}”?")
POINT = N_("Answers in words are taken for points: {points:commas}.")
ONE_POINT = N_("“{word}” for {point} ({codes:commas})")
UNREAD_POINTS = n_(
    "{code}: {n} answer is none of the points {low} to {high}: state the point of its word under "
    "{key} in {file}.",
    "{code}: {n:number} answers are none of the points {low} to {high}: state the points of their "
    "words under {key} in {file}.",
)


@dataclass(frozen=True)
class FormAnswers:
    """What a form gives: the rows of survey_answers, its questions by code, what they are read as.

    ``people``: the wave and the code of each; ``drafted``: those of which the contract of the
    folder says nothing.
    """

    rows: pd.DataFrame
    questions: Mapping[str, FormQuestion]
    route: Route
    people: pd.Series
    notes: tuple[Text, ...]
    drafted: bool


def form_answers(
    work: Settling,
    read: tuple[Format, pd.Series],
    wave: str,
    agreed: Mapping[str, Any],
    before: pd.DataFrame,
) -> FormAnswers:
    """Return the answers of a form. ``agreed``: the questions of the contract, by code.

    ``read``: how it is written, and the time stamps as it wrote them, of which the codes of persons
    are made; ``before``: the answers of the folder. Raises Faults where nobody has answered.
    """
    (written, stamps), sheet, remarks = read, work.sheet, list[Text]()
    if sheet.cells.empty:
        raise Faults([Fault(sheet.file, NO_ANSWER, ANSWERED)])
    days = canonical(sheet.texts(work.places["answered_on"]), "date", written, "EUR")
    if not (wave := wave or work.stated.wave or ""):
        wave = min((day[:4] for day in days if day), default="1")
        work.assumed.append("wave")
        remarks.append(WAVE(wave=wave, key=work.key("wave"), file=FILE))
    given = _questions(work, agreed)
    ids = sheet.texts(work.places["respondent"]) if "respondent" in work.places else None
    people = pd.DataFrame(
        {"wave": wave, "respondent": codes_of(wave, stamps, ids), "answered_on": days}
    )
    remarks += _stay(people, stamps, ids, before)
    if "department" in work.places:
        people["department"] = sheet.texts(work.places["department"])
    columns = {code: sheet.texts(place) for code, (place, _) in given.items()}
    questions = {code: question for code, (_, question) in given.items()}
    answers = {code: _in_points(work, code, columns[code], questions[code]) for code in given}
    rows = long(people, answers.items())
    codes_read = {*given, *work.stated.questions}
    work.assumed[:] = [
        key
        for key in work.assumed
        if not key.startswith("values.") or key.split(".")[1] in codes_read
    ]
    route = work.route(
        dates=written.dates,
        wave=wave,
        questions=_stated(
            work, {code: sheet.headings[place] for code, (place, _) in given.items()}
        ),
    )
    remarks += _notes(work, questions, answers)
    if agreed and (unasked := [code for code in questions if code not in agreed]):
        remarks.append(UNASKED(codes=unasked, questions=work.key("questions"), file=FILE))
    codes = people["wave"] + UNIT + people["respondent"]
    return FormAnswers(rows, questions, route, codes, tuple(remarks), not agreed)


def of_this_form(
    work: Settling, agreed: Mapping[str, Any], routes: Routes
) -> Mapping[str, FormQuestion | Any]:
    """Return the questions of the contract that a form may ask, by code.

    One that another form of the folder asks is not looked for, unless a heading is its text.
    """
    elsewhere = {
        code
        for name, route in routes.imports.items()
        if name != work.name
        for code, heading in route.questions.items()
        if heading
    }
    own = {*work.stated.questions}
    asked_here = {alike(heading) for heading in work.sheet.headings}
    work.codes_taken = {*agreed}
    return {
        code: question
        for code, question in agreed.items()
        if code in own or code not in elsewhere or alike(str(question.text)) in asked_here
    }


def _stay(
    people: pd.DataFrame, stamps: pd.Series, ids: pd.Series | None, before: pd.DataFrame
) -> Iterator[Text]:
    """Put people who stand in another wave of the folder back into it; yield how many they are."""
    there = before.reindex(columns=["wave", "respondent", "answered_on"], fill_value="")
    for wave in sorted({*there["wave"]} - {"", *people["wave"]}):
        codes = codes_of(wave, stamps, ids)
        theirs = there[there["wave"] == wave]
        answered = theirs["respondent"] + UNIT + theirs["answered_on"]
        again = (codes + UNIT + people["answered_on"]).isin(answered)
        if again.any():
            people.loc[again, "wave"] = wave
            people.loc[again, "respondent"] = codes[again]
            yield STAY(n=int(again.sum()), wave=wave)


def _stated(work: Settling, found_headings: Mapping[str, str]) -> dict[str, str | None]:
    """Return the heading of each question, the open ones without; those of earlier forms stay."""
    prefix = work.key("questions") + "."
    unset = {key.key.removeprefix(prefix): None for key in work.open if key.key.startswith(prefix)}
    headings = {code: " ".join(heading.split()) for code, heading in found_headings.items()}
    return {**work.stated.questions, **headings, **unset}


def _questions(work: Settling, agreed: Mapping[str, Any]) -> dict[str, tuple[int, FormQuestion]]:
    """Return the place of each question and what it asks: as stated, as agreed, else in order."""
    sheet = work.sheet
    named = {alike(heading) for heading in work.stated.questions.values() if heading}
    named |= {alike(str(question.text)) for question in agreed.values()}
    stated_out = {alike(heading) for heading in work.stated.left_out} - named
    taken, persons = {*work.places.values()}, {alike(word) for word in work.profile.persons}
    free = {
        place: alike(heading)
        for place, heading in enumerate(sheet.headings)
        if heading.strip() and place not in taken and alike(heading) not in persons | stated_out
    }
    made: dict[str, tuple[int, FormQuestion]] = {}

    def take(code: str, place: int) -> None:
        free.pop(place)
        question = question_of(sheet.headings[place], sheet.texts(place))
        points = work.stated.values.get(code, {})
        made[code] = place, as_agreed(question, agreed.get(code), points)

    for code, heading in work.stated.questions.items():
        place = next((p for p, like in free.items() if heading and like == alike(heading)), None)
        if place is not None:
            take(code, place)
    for code, question in agreed.items():
        if code not in made:
            _take_agreed(work, free, take, code, str(question.text))
    if not agreed:
        for place in [*free]:
            question = question_of(sheet.headings[place], sheet.texts(place))
            filled = (sheet.texts(place) != "").any()
            if filled and question.kind != CHOICE and not names_persons(question.text):
                take(_next_code(made, {*work.stated.questions, *work.codes_taken}), place)
    work.left_out[:] = [h for h in work.stated.left_out if alike(h) in stated_out]
    work.left_out += [
        " ".join(sheet.headings[place].split())
        for place in free
        if (sheet.texts(place) != "").any()  # an empty one may have answers in the next export
    ]
    return made


def _take_agreed(work: Settling, free: dict[int, str], take: Any, code: str, text: str) -> None:
    """Take the column that asks what the contract asks; ask where no heading is its text."""
    like = {key: place for place, key in free.items()}
    if (place := like.get(alike(text), like.get(alike(code)))) is not None:
        take(code, place)
        return
    if not free or work.stated.questions.get(code):
        return
    headings = {place: " ".join(work.sheet.headings[place].split()) for place in free}
    near = nearest(alike(text), like)
    guess = headings[like[near]] if near else ""
    question = ASKED_OF(file=work.sheet.file, code=code, text=text)
    answer = work.answer(
        OpenKey(work.key("questions", code), question, tuple(headings.values()), guess)
    )
    if answer not in (None, LEFT):
        take(code, next(place for place, heading in headings.items() if heading == answer))


def _next_code(made: Mapping[str, Any], stated: Collection[str]) -> str:
    number = 1
    while f"Q{number}" in made or f"Q{number}" in stated:
        number += 1
    return f"Q{number}"


def _in_points(work: Settling, code: str, answers: pd.Series, question: FormQuestion) -> pd.Series:
    """Return answers with those in words as points, where the order of the words is settled."""
    stated = work.stated.values.get(code, {})
    points = {folded(word): str(point) for word, point in question.points.items()}
    points |= {folded(word): str(point) for word, point in stated.items() if point is not None}
    kept: dict[str, str | None] = dict(stated)
    meanings = {}
    counts = answers[answers != ""].value_counts()
    for word, rows in zip(map(str, counts.index), counts, strict=True):
        if folded(word) in points:
            meanings[word] = points[folded(word)]
            kept[word] = meanings[word]
            if word not in stated:
                work.assumed.append(f"values.{code}")
        elif word in question.unordered and question.scale:
            options = tuple(map(str, range(question.scale[0], question.scale[1] + 1)))
            asked_for = VALUE(word=word, column=code, n=int(rows))
            key = OpenKey(work.key("values", code, word), asked_for, options)
            answer = work.answer(key)
            kept[word] = None if answer in (None, LEFT) else answer
            if kept[word]:
                meanings[word] = str(kept[word])
    if kept:
        work.values[code] = kept
    return renamed(answers, meanings)


def _notes(
    work: Settling, questions: Mapping[str, FormQuestion], answers: Mapping[str, pd.Series]
) -> Iterator[Text]:
    """Yield what is to be said of how questions and answers were read."""
    yield from _read(work, questions)
    codes: dict[tuple[str, str], list[str]] = {}
    for code, words in work.values.items():
        for word, point in words.items():
            if point is not None:
                codes.setdefault((word, point), []).append(code)
    points = [ONE_POINT(word=w, point=p, codes=these) for (w, p), these in codes.items()]
    if points:
        yield POINT(points=points)
    for code, question in questions.items():
        if question.scale and question.kind != COMMENT:
            low, high = question.scale
            usual = {str(point) for point in range(low, high + 1)} | {""}
            n = int((~answers[code].isin([*usual])).sum())
            if n:
                key = work.key("values", code)
                yield UNREAD_POINTS(code=code, n=n, low=low, high=high, key=key, file=FILE)
    persons = {alike(word) for word in work.profile.persons}
    named = [h.strip() for h in work.sheet.headings if h.strip() and alike(h) in persons]
    if named:
        yield PERSONS(headings=named)
    yield from _columns_left(work)


def _columns_left(work: Settling) -> Iterator[Text]:
    """Yield which columns are not read, and why."""
    choices, others = list[str](), list[str]()
    for place, heading in enumerate(work.sheet.headings):
        text = " ".join(heading.split())
        if text in work.left_out:
            kind = question_of(heading, work.sheet.texts(place)).kind
            reason = choices if kind == CHOICE or names_persons(text) else others
            reason.append(f"“{_short(text)}”")
    keys = {name: work.key(*parts) for name, parts in KEYS.items()}
    if choices:
        yield CHOICES(headings=choices, file=FILE, **keys)
    if others:
        yield NO_QUESTION(headings=others, file=FILE, questions=keys["questions"])


def _read(work: Settling, questions: Mapping[str, FormQuestion]) -> Iterator[Text]:
    """Yield which questions were read, and which ones the form no longer has."""
    listed = []
    for code, question in questions.items():
        if question.scale:
            low, high = question.scale
            listed.append(ON_SCALE(code=code, text=_short(question.text), low=low, high=high))
        else:
            listed.append(ONE_QUESTION(code=code, text=_short(question.text), kind=question.kind))
    if listed:
        yield QUESTIONS(questions=listed)
    for code, heading in work.stated.questions.items():
        if heading and code not in questions:
            yield notes.LOST(heading=heading, column=code)


def _short(heading: str) -> str:
    """Return a heading that fits into a list: of a long one in a grid, its row."""
    stem, bracket, row = heading.rpartition("[")
    if len(heading) <= SHOWN or not (bracket and row.endswith("]")):
        return cut(heading, SHOWN)
    return f"{cut(stem.strip(), SHOWN // 3)} [{cut(row, SHOWN)}"


def of_form(work: Settling, form: FormAnswers, table: Merged) -> Iterator[Text]:
    """Yield what is to be said of a form that was brought into a table."""
    yield PEOPLE(file=work.sheet.file, n=len(form.people))
    yield from work.sheet.remarks
    yield from notes.bare(work.sheet)
    columns = ["wave", "respondent", "question"]
    there = table.cells.reindex(columns=columns, fill_value="")
    same = (there["wave"] + UNIT + there["respondent"]).isin(form.people)
    gone = there["question"][same & ~there["question"].isin([*form.route.questions])]
    yield from notes.counted(replace(table, rest=table.rest - len(gone)), "survey_answers")
    if len(gone):
        codes, questions = [*gone.unique()], work.key("questions")
        yield TAKEN_OUT(n=len(gone), codes=codes, questions=questions, file=FILE)
    yield from form.notes
    if work.assumed:
        yield notes.ASSUMED(file=FILE, keys=[*dict.fromkeys(work.assumed)])
