"""Report values as plain JSON for other programs: texts in each language, without drawings."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from reviewlib.pages.wording import Wording
from reviewlib.report.contributions import Picture
from reviewlib.report.text import TEXTS, Quoted
from reviewlib.report.values import Figure, Section

LEFT_OUT = {Figure: ("frame", "options"), Picture: ("data",), Section: ("of",)}
"""What is drawn, not said, and what only a notebook needs."""


def plain(value: Any, wordings: Sequence[Wording]) -> Any:
    """Return a value as JSON; a text is its words by language, one that has none a string."""
    if isinstance(value, Quoted) and not value.texts:
        return str(value)
    if isinstance(value, TEXTS):
        return {wording.language: wording.say(value) for wording in wordings}
    if isinstance(value, Mapping):
        return {key: plain(one, wordings) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(one, wordings) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        left_out = {*LEFT_OUT.get(type(value), ()), "shown_in"}
        fields = (f.name for f in dataclasses.fields(value) if f.name not in left_out)
        return {name: plain(getattr(value, name), wordings) for name in fields}
    return value
