"""An import in the words of its reader: questions, what was done, what is to be filled in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import yaml

from reviewlib.contract.loading import FILE as CONTRACT
from reviewlib.faults import ReviewError
from reviewlib.folder.importers.answers import survey_lines
from reviewlib.folder.importers.mapping import FILE, quoted
from reviewlib.folder.importers.notes import counted
from reviewlib.folder.importers.request import Brought, ImportRequest
from reviewlib.folder.importers.settling import LEFT, OFFERED, Ask, OpenKey
from reviewlib.folder.importers.surroundings import surroundings
from reviewlib.folder.importers.tools import bring_in
from reviewlib.folder.importers.writing import files_of, log_files, write_all
from reviewlib.languages import Language
from reviewlib.pages.wording import Wording
from reviewlib.progress import paused, shown, stage
from reviewlib.report.text import N_, Message, n_
from reviewlib.tables.folding import folded

NEXT = N_("Next: reviewlib check {folder}")
ZONE = N_(
    "{file}, time_zone: UTC is assumed, since no zone was stated. Times without Z or an offset are "
    "read as UTC: if they are local times, write their zone there, for example Europe/Paris."
)
AGAIN = N_("Nothing but {file} was written: fill in these keys, and run the same import again.")
FILL = N_("{file}, {key}: fill it in. {question}")
ONE_OF = N_("One of: {options:commas}.")
SURVEY = N_(
    "{file} has no survey, and is never rewritten. Add these lines to it, with the right kind of "
    "each question (csat, nps, agreement or comment):"
)
QUESTIONS = N_(
    "The survey of {file} has none of these questions, and is never rewritten: check sets their "
    "answers aside until they are there. Add these lines under survey.questions, with the right "
    "kind of each question (csat, nps, agreement or comment):"
)
OTHER_ROW = N_("Or, if the headings are those of row {row}, one of: {headings:commas}.")
OR_ADD = N_("Or add the word to {key} in {file}.")
GUESS = N_("Perhaps “{guess}”.")
OPEN = n_(
    "{n} key of {file} is open: fill it in, and run the same import again.",
    "{n} keys of {file} are open: fill them in, and run the same import again.",
)
CHOOSE = N_("A number or a word of the list, {left} for none, return for {guess}")
CHOOSE_BARE = N_("A number or a word of the list, {left} for none")
NO_ANSWER = N_("The answers ended before the questions. Nothing was written.")
NOT_OFFERED = N_("“{answer}” is none of them.")

Prompt = Callable[[str, str], str]
"""Shows a question and the default answer, and returns what the user answers."""


def run(request: ImportRequest, prompt: Prompt | None, show: Callable[[str], None]) -> bool:
    """Import, write and show what was done; whether all that is needed was there.

    ``prompt`` None: there is nobody to ask. Raises Faults in the words of the contract's language.
    """
    if prompt is not None:
        request = replace(request, ask=_asking(prompt, show))
    with shown():
        result = bring_in(request)
        wording = Wording(result.language)
        to_add = _to_add(request.folder)
        hints = {key.key: _hint(wording, key) for key in result.open}
        files = files_of(request, result, hints, wording.say)
        with spoken_in(result.language):
            write_all(request.folder, files)
    _show_zone(files, request.time_zone, wording, show)
    for line in _lines(result, request, wording, to_add):
        show(line)
    return result.table is not None


@contextmanager
def spoken_in(language: Language) -> Iterator[None]:
    """Have what is wrong with a folder said in a language."""
    try:
        yield
    except ReviewError as error:
        error.language = language
        raise


def run_log(log: Path, folder: Path, time_zone: str | None, show: Callable[[str], None]) -> None:
    """Import a ServiceNow audit log, write and show what was done."""
    from reviewlib.folder.importers.servicenow import read_servicenow

    with shown():
        stage(log.name)
        imported = read_servicenow(log, time_zone)
        files, tables = log_files(imported, folder)
        write_all(folder, files)
    wording = Wording("en")
    for name, table in tables.items():
        for note in counted(table, name):
            show(wording.say(note))
    for sentence in imported.notes:
        show(sentence)
    _show_zone(files, time_zone, wording, show)
    show(wording.say(NEXT(folder=str(folder))))


def _show_zone(
    files: Collection[str], time_zone: str | None, wording: Wording, show: Callable[[str], None]
) -> None:
    """Show which zone a drafted contract assumes, where nobody stated one."""
    if CONTRACT in files and time_zone is None:
        show(wording.say(ZONE(file=CONTRACT)))


def _to_add(folder: Path) -> Message | None:
    """Return what asks for new questions in a contract: its survey, or more of it; None of none."""
    if not (folder / CONTRACT).is_file():
        return None
    return (QUESTIONS if surroundings(folder).words.get("questions") else SURVEY)(file=CONTRACT)


def _lines(
    result: Brought, request: ImportRequest, wording: Wording, to_add: Message | None
) -> Iterator[str]:
    """Yield what is to be said of an import, line by line.

    ``to_add``: what asks for questions that the contract of the folder lacks.
    """
    for note in result.notes:
        yield wording.say(note)
    for key in result.open:
        question = wording.say(key.question)
        fill = wording.say(FILL(file=FILE, key=key.key, question=question))
        yield " ".join([fill, _hint(wording, key)]).strip()
    if result.table is None:
        yield wording.say(AGAIN(file=FILE))
        return
    if to_add and result.questions:
        yield wording.say(to_add)
        lines = [*survey_lines(result.questions)]
        yield from lines[2:] if to_add.template == QUESTIONS.template else lines
    if result.open:
        yield wording.say(OPEN(n=len(result.open), file=FILE))
    yield wording.say(NEXT(folder=str(request.folder)))


def _hint(wording: Wording, key: OpenKey) -> str:
    """Return what may be filled in, and what is guessed."""
    parts = []
    if key.options:
        parts.append(
            wording.say(
                ONE_OF(options=[_as_yaml(option.strip()) for option in key.options[:OFFERED]])
            )
        )
    parts += _other_rows(wording, key)
    if key.listed:
        parts.append(wording.say(OR_ADD(key=key.listed, file=CONTRACT)))
    if key.guess:
        parts.append(wording.say(GUESS(guess=key.guess)))
    return " ".join(parts)


def _as_yaml(word: str) -> str:
    """Return a word as it may be written as a value: between quotes where it is none without."""
    try:
        plain = yaml.safe_load(f"key: {word}") == {"key": word}
    except yaml.YAMLError:
        plain = False
    return word if plain or word.isdecimal() else quoted(word)


def _other_rows(wording: Wording, key: OpenKey) -> list[str]:
    """Return the headings of other rows of the sheet that are taken too, a line for each row."""
    return [
        wording.say(OTHER_ROW(row=str(row), headings=[*headings[:OFFERED]]))
        for row, headings in key.elsewhere.items()
    ]


def _asking(prompt: Prompt, show: Callable[[str], None]) -> Ask:
    """Return what puts an open key to the user of a terminal, one at a time with its guess."""

    def ask(key: OpenKey, language: Language) -> str | None:
        with paused():
            return _answer(key, language, prompt, show)

    return ask


def _answer(
    key: OpenKey, language: Language, prompt: Prompt, show: Callable[[str], None]
) -> str | None:
    """Return what the user answers, asked again until it is one of what is offered."""
    wording = Wording(language)
    show(wording.say(key.question))
    for number, option in enumerate(key.options, start=1):
        show(f"  {number}. {option.strip()}")
    for line in _other_rows(wording, key):
        show(f"  {line}")
    taken = *key.options, *(one for row in key.elsewhere.values() for one in row)
    text = CHOOSE(left=LEFT, guess=key.guess) if key.guess else CHOOSE_BARE(left=LEFT)
    while True:
        try:
            answer = prompt(wording.say(text), key.guess or LEFT).strip()
        except EOFError:
            raise ReviewError(NO_ANSWER(), language) from None
        if answer == LEFT or not key.options:
            return answer
        if answer.isdecimal() and answer not in key.options:
            place = int(answer) - 1
            answer = key.options[place] if 0 <= place < len(key.options) else answer
        if (chosen := _offered(answer, taken)) is not None:
            return chosen
        show(wording.say(NOT_OFFERED(answer=answer)))


def _offered(answer: str, options: tuple[str, ...]) -> str | None:
    return next((one for one in options if folded(one.strip()) == folded(answer)), None)
