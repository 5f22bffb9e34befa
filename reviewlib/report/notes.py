"""What the facilitator says of findings in place of their briefs (``notes/front.yml``)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from reviewlib.faults import Fault, Faults, meant_by
from reviewlib.folder.notes import OVER
from reviewlib.report.text import N_
from reviewlib.report.values import Finding
from reviewlib.review import Review

NO_FINDING = N_("the review has no finding of this id")


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
        hint = {name: meant_by(name, ids) for name in unknown}
        own = [Fault(OVER, NO_FINDING, hint[name], column=f"briefs.{name}") for name in unknown]
        raise Faults(own, review.contract.language)
    return tuple(
        dataclasses.replace(one, brief=dataclasses.replace(one.brief, note=notes[one.id]))
        if one.brief and one.id in notes
        else one
        for one in every
    )
