"""A word that is not known, with the nearest one that is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def unknown(kind: str, word: object, allowed: Iterable[str]) -> str:
    """Return "unknown week day 'monday', did you mean 'mon'?"."""
    near = difflib.get_close_matches(str(word), allowed, n=1)
    return f"unknown {kind} {word!r}" + (f", did you mean {near[0]!r}?" if near else "")
