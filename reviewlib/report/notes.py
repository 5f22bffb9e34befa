"""What the facilitator says of findings in place of their briefs (``notes/front.yml``)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from reviewlib.faults import Fault, Faults, did_you_mean
from reviewlib.folder.notes import OVER
from reviewlib.report.values import Finding
from reviewlib.review import Review


def noted(review: Review, slug: str, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of a chapter, with the words of the facilitator beside their briefs.

    Raises Faults where these are on a finding that the chapter does not have; a review that looks
    back may not have it yet, and its first page says so.
    """
    every = tuple(findings)
    notes = {
        name: note
        for name, note in review.engagement.notes.briefs.items()
        if name.startswith(f"{slug}.")
    }
    ids = {one.id for one in every}
    unknown = [name for name in notes if name not in ids]
    if unknown and not review.looks_back:
        hint = {name: did_you_mean(name, ids) for name in unknown}
        message = "the review has no finding of this id"
        raise Faults(Fault(OVER, message, hint[name], column=f"briefs.{name}") for name in unknown)
    return tuple(
        dataclasses.replace(one, brief=dataclasses.replace(one.brief, note=notes[one.id]))
        if one.brief and one.id in notes
        else one
        for one in every
    )
