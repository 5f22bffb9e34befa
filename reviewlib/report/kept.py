"""Commitments that were kept, of those that a fact counts, as one finding."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Unpack

from reviewlib.report.fields import FindingFields
from reviewlib.report.text import EMPTY, N_, Message, Text
from reviewlib.report.values import Brief, Fact, Kind

if TYPE_CHECKING:
    from reviewlib.report.chapter import Chapter

MET = N_("{label}: {k} of {of} ({ids}).")


def kept(
    c: Chapter, name: str, fact: Fact, names: Text = EMPTY, held: Message | None = None,
    **given: Unpack[FindingFields],
) -> None:  # fmt: skip
    """Add which commitments of a fact were kept; none kept, nothing.

    From four fifths on it is a strength, and ``held`` what the first page says (``k``, ``n``); of
    less it is an observation. ``names``: in words, where the rows have no id that people use.
    """
    checks = fact.checks
    if checks is None or not checks.held:
        return
    mostly = 5 * checks.held >= 4 * checks.of
    words = held(k=checks.held, n=checks.of) if held and mostly else EMPTY
    given["checks"] = dataclasses.replace(checks, of=checks.held)
    given["brief"] = Brief(words, topic=fact.id, side=checks.side) if words else None
    sentence = MET(label=fact.label, k=checks.held, of=checks.of)
    kind = Kind.STRENGTH if mostly else Kind.NEUTRAL
    c.find(kind, name, sentence(ids=names) if names else sentence, **given)
