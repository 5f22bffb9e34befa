"""Report values in a language: every text in words, everything else as it is."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from reviewlib.pages.wording import Wording
from reviewlib.report.text import TEXTS

T = TypeVar("T")


def spoken(value: T, wording: Wording) -> T:
    """Return a value of the report with its texts in words; what a chart draws stays as it is."""
    return _spoken(value, wording)  # type: ignore[no-any-return]


def _spoken(value: Any, wording: Wording) -> Any:
    if isinstance(value, TEXTS):
        return wording.say(value)
    if isinstance(value, tuple):
        return tuple(_spoken(one, wording) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        changed = {name: _spoken(held, wording) for name, held in fields.items()}
        return dataclasses.replace(value, **changed)
    return value
