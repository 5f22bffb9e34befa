"""The languages of a review, and text of the data in those in which it is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, Self, get_args

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
"""Controls, and signs that turn the direction of what follows: figures after them are mirrored."""


class Quoted(str):
    """Text of the data, and the same in other languages where the data give it.

    As a ``str`` it is the text in the first language.
    """

    __slots__ = ("texts",)
    texts: Mapping[str, str]

    def __new__(cls, text: str, texts: Mapping[str, str] | None = None) -> Self:
        made = super().__new__(cls, text)
        made.texts = texts or {}
        return made

    def __getnewargs__(self) -> Any:
        return str(self), self.texts

    def in_language(self, language: str) -> str:
        """Return the text in a language; in its first one where it is not given in that one."""
        return self.texts.get(language, str(self))


def languages_of(text: str) -> tuple[str, ...]:
    """Return a text in each of its languages."""
    return tuple(dict.fromkeys((str(text), *getattr(text, "texts", {}).values())))


def as_it_stands(text: Any, language: str, most: int = 80) -> str:
    """Return the start of what stands in a file, on one line between the quotes of a language."""
    words = text.in_language(language) if isinstance(text, Quoted) else str(text)
    plain = repr(words if len(words) <= most else f"{words[: most - 1]}…")
    return f"«\u00a0{plain[1:-1]}\u00a0»" if language == "fr" else plain
