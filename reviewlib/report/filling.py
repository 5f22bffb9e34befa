"""The fields of messages that are still open, filled in."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from reviewlib.report.text import Joined, Message, Text


def counted_in(text: Text, ids: tuple[str, ...], n: int | None = None) -> Text:
    """Fill in the fields ``ids`` and ``n`` of a message that are still open."""
    if not isinstance(text, Message):
        return text
    own = {"ids": ids, "n": len(ids) if n is None else n}
    return text(**{name: own[name] for name in text.open if name in own})


def filled(text: Text, field: Callable[[str], Any]) -> Text:
    """Fill in the fields of the messages of a text that are still open."""
    if isinstance(text, Message):
        return text(**{name: field(name) for name in text.open})
    if isinstance(text, Joined):
        return dataclasses.replace(text, parts=tuple(filled(one, field) for one in text.parts))
    return text
