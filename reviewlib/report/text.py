"""Text without a language: messages with typed fields, words of the data, and what joins them.

A ``Message`` is an English sentence, marked for the catalogue where it stands, and the values of
its fields. It becomes words where it is shown (``pages.wording``). What a field holds is formatted
by the form that it names, ``{days:days}``, else by the type of its value. A plain ``str`` in a
field or in a cell is always text of the data: never looked up, never formatted again.
"""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from reviewlib.languages import LANGUAGES, Language, Quoted

__all__ = [
    "EMPTY",
    "LANGUAGES",
    "NAMED",
    "N_",
    "TEXTS",
    "How",
    "Joined",
    "Language",
    "Message",
    "Quoted",
    "Shown",
    "Text",
    "chained",
    "commas",
    "dotted",
    "join",
    "listed",
    "n_",
    "plain_value",
    "sentences",
]

NAMED = 10  # of a list in a sentence; the others are counted
MISSING = ("NaTType", "NAType")  # of pandas, which says of neither whether it equals itself
_FIELDS = string.Formatter()


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence of the catalogue with the values of its fields.

    ``many``: its plural, for the number in the field ``on``.
    """

    template: str
    many: str = ""
    on: str = ""
    values: tuple[tuple[str, Any], ...] = ()  # by name, so that equal messages have equal bytes

    def __call__(self, **values: Any) -> Message:
        """Return the message with more of its fields filled in."""
        plain = {name: plain_value(value) for name, value in values.items()}
        filled = dict(self.values) | plain
        return replace(self, values=tuple((name, filled[name]) for name in sorted(filled)))

    def filled(self, values: Mapping[str, Any]) -> Message:
        """Return the message with its open fields filled in from values that may hold others."""
        return self(**{name: values[name] for name in self.open})

    @property
    def fields(self) -> frozenset[str]:
        """The names of the fields of its sentences."""
        texts = (self.template, self.many)
        return frozenset(f for text in texts for _, f, _, _ in _FIELDS.parse(text) if f)

    @property
    def open(self) -> tuple[str, ...]:
        """The fields that are not filled in yet, by name."""
        return tuple(sorted(self.fields - dict(self.values).keys()))

    def __bool__(self) -> bool:
        return bool(self.template)


class How(StrEnum):
    """How parts are joined."""

    SENTENCES = "sentences"  # A. B.
    LIST = "list"  # A, B and C
    COMMAS = "commas"  # A, B, C
    CHAIN = "chain"  # A; B; C
    DOTS = "dots"  # A · B · C
    SPACES = "spaces"  # A B
    SLASHES = "slashes"  # A / B


@dataclass(frozen=True, slots=True)
class Joined:
    """Texts joined as a language joins them; ``more`` counts those that are not named."""

    parts: tuple[Any, ...]
    how: How
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.parts)


@dataclass(frozen=True, slots=True)
class Shown:
    """A value to be shown alone in a form: ``Shown(12.5, "money")``."""

    value: Any
    form: str = ""


Text = Message | Joined | Shown | Quoted
TEXTS = (Message, Joined, Shown, Quoted)
EMPTY = Quoted("")


def N_(message: str) -> Message:
    """Return a message; it is marked for the catalogue where it stands."""
    return Message(message)


def n_(one: str, many: str, on: str = "n") -> Message:
    """Return a message whose form hangs on the number in a field."""
    return Message(one, many, on)


def join(how: How, parts: Iterable[Any], more: int = 0) -> Text:
    """Return the parts that are not empty as one text."""
    kept = tuple(plain_value(part) for part in parts if part)
    return Joined(kept, how, more) if kept else EMPTY


def sentences(*parts: Any) -> Text:
    return join(How.SENTENCES, parts)


def listed(parts: Iterable[Any], limit: int | None = None) -> Text:
    """Return parts as a sentence lists them: A, B and C; beyond a limit, and 3 others."""
    every = [part for part in parts if part]
    named = every[:limit]
    return join(How.LIST, named, len(every) - len(named))


def commas(parts: Iterable[Any]) -> Text:
    return join(How.COMMAS, parts)


def chained(parts: Iterable[Any]) -> Text:
    """Return parts separated by semicolons, set as the language sets them."""
    return join(How.CHAIN, parts)


def dotted(*parts: Any) -> Text:
    return join(How.DOTS, parts)


def plain_value(value: Any) -> Any:
    """Return a value of a frame as a plain one: None for what is missing, a date, a tuple."""
    if value is None or isinstance(value, (str, Message, Joined, Shown, bool, int)):
        return value
    if type(value).__name__ in MISSING or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, dt.datetime):
        return _moment(value)
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        return plain_value(value.item())
    if isinstance(value, Iterable):
        return tuple(plain_value(one) for one in value)
    return value


def _moment(value: dt.datetime) -> dt.date:
    """Return an instant as it is, and a day that pandas holds as a midnight as a date."""
    plain = value.to_pydatetime(warn=False) if hasattr(value, "to_pydatetime") else value
    return plain.date() if plain.tzinfo is None and plain.time() == dt.time() else plain
