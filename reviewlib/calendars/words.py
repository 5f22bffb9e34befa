"""A word that is not known, with the nearest one that is."""

from __future__ import annotations

from collections.abc import Iterable

from reviewlib.faults import DID_YOU_MEAN, nearest
from reviewlib.report.text import EMPTY, Message, Text, sentences


def unknown(sentence: Message, word: object, allowed: Iterable[str]) -> Text:
    """Return "unknown week day 'monday'; …. Did you mean 'mon'?"."""
    near = nearest(str(word), allowed)
    return sentences(sentence(word=str(word)), DID_YOU_MEAN(word=near) if near else EMPTY)
