"""Commitments that were kept, named in words where their rows have no id that people use."""

from __future__ import annotations

import dataclasses
from typing import Unpack

from reviewlib.report.chapter import MET, Chapter
from reviewlib.report.fields import FindingFields
from reviewlib.report.text import EMPTY, Message, Text
from reviewlib.report.values import Brief, Fact, Kind


def kept(
    c: Chapter, name: str, fact: Fact, names: Text, held: Message | None = None,
    **given: Unpack[FindingFields],
) -> None:  # fmt: skip
    """Add which commitments of a fact were kept, as ``Chapter.met`` does, by the names given.

    A strength where these are four fifths or more, else what is noted; none kept, nothing.
    """
    checks = fact.checks
    if checks is None or not checks.held:
        return
    mostly = 5 * checks.held >= 4 * checks.of
    words = held(k=checks.held, n=checks.of) if held and mostly else EMPTY
    given["checks"] = dataclasses.replace(checks, of=checks.held)
    given["brief"] = Brief(words, topic=fact.id, side=checks.side) if words else None
    sentence = MET(label=fact.label, k=checks.held, of=checks.of, ids=names)
    c.find(Kind.STRENGTH if mostly else Kind.NEUTRAL, name, sentence, **given)
