"""Faults: what is wrong with the input, said so that its owner can mend it."""

from __future__ import annotations

import dataclasses
import difflib
import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reviewlib.languages import Language
from reviewlib.report.text import EMPTY, N_, NAMED, Text

SHORT, LONG, LISTED = 80, 400, 1000
"""The most signs that are printed of a name or a value, of a sentence, of a list of names."""

DID_YOU_MEAN = N_("Did you mean {word:quoted}?")
ALLOWED = N_("Allowed: {words:commas}.")
UNREADABLE = N_("cannot be read: {reason}")
NOT_UTF8, SAVE_UTF8 = N_("is not UTF-8 text"), N_("Save it in UTF-8.")
NO_TEXT = N_("character {place:number} ({sign}) is no text")
AS_TEXT = N_("Save it as text in UTF-8.")
TOO_LARGE = N_("holds {size:number} bytes, more than {most:number}")
UNKNOWN_KEY = N_("unknown key {key:quoted}")


def cut(text: str, most: int = SHORT) -> str:
    """Return a text with what stands beyond the first signs left out."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows, or places of a contract, that are wrong in one way.

    ``n``: how many; ``places``: the first of them, each a row and a key or column; ``values``: what
    came, most often first, with its number of rows; ``distinct``: how many values came in all.
    """

    n: int
    places: tuple[tuple[int, str], ...]
    values: tuple[tuple[str, int], ...] = ()
    distinct: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where it stands, what came, what is allowed and what to do.

    ``row`` is the line of a contract, or the row of a table as a spreadsheet shows it (the
    heading is row 1, and a cell of several lines is one row); ``alike``: where it stands else;
    ``named``: whether the message names the column.
    """

    file: str
    message: Text | str
    remedy: Text | str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    alike: Alike | None = None
    named: bool = False

    def __str__(self) -> str:
        return _words("fault", self, "en")


class ReviewError(Exception):
    """An error that the user can mend: its message is all that is shown of it.

    ``language``: that in which it is shown, the contract's where there is one.
    """

    def __init__(self, text: Any = "", language: Language = "en") -> None:
        super().__init__(text, language)
        self.text, self.language = text, language

    def __str__(self) -> str:
        return _words("text", self.text, self.language)


class Faults(ReviewError):
    """Every fault found in one go."""

    def __init__(self, faults: Iterable[Fault], language: Language = "en") -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults, language)

    def __str__(self) -> str:
        return "\n".join(_words("fault", fault, self.language) for fault in alike(self.faults))


class Unfit(ValueError):
    """A value that can't be what it stands for: ``text`` says what can."""

    def __init__(self, text: Text) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return _words("text", self.text, "en")


def alike(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults with those once that say the same of several places of a file."""
    same: dict[Any, list[Fault]] = {}
    for fault in faults:
        key = fault.file, fault.message, fault.remedy, fault.value, fault.alike
        same.setdefault(key, []).append(fault)
    return tuple(group[0] if len(group) == 1 else _once(group) for group in same.values())


def _once(group: list[Fault]) -> Fault:
    places = tuple((fault.row or 0, fault.column) for fault in group)
    column = places[0][1] if len({name for _, name in places}) == 1 else ""
    if column:
        places = tuple((row, "") for row, _ in places)
    first = Alike(len(group), places[:NAMED])
    return dataclasses.replace(group[0], row=None, column=column, alike=first)


def _words(what: str, value: Any, language: Language) -> str:
    """Return a fault, or a text, in a language, which pages alone know: imported by then."""
    pages = importlib.import_module("reviewlib.pages.faults")
    return str(getattr(pages, what)(value, language))


def nearest(word: str, allowed: Iterable[str], alike: float = 0.6) -> str | None:
    """Return the allowed word most like a misspelt one; None when none is alike enough (0 to 1)."""
    near = difflib.get_close_matches(word, sorted({*allowed}), n=1, cutoff=alike)
    return near[0] if near else None


def meant_by(word: str, allowed: Iterable[str]) -> Text:
    """Return a hint that names the nearest allowed word, or lists what is allowed."""
    options = sorted({str(option) for option in allowed})
    if near := nearest(word, options):
        return DID_YOU_MEAN(word=near)
    return ALLOWED(words=options) if options else EMPTY


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return the same hint in English, for messages that have no other language."""
    return _words("text", meant_by(word, allowed), "en")
