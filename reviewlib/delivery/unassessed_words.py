"""The deliverables of which it can't be told whether they are late, in words."""

from __future__ import annotations

from reviewlib.delivery import results
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import N_

UNASSESSED = N_("Whether deliverable {deliverable_id} is late is not assessed, because {because}.")


def unassessed(c: Chapter) -> None:
    """Add a caveat for each deliverable of which it can't be told whether it is late, and why."""
    for row in results.not_assessed(c.review).itertuples():
        because = results.WAIT_UNKNOWN(milestone_id=row.milestone_id)
        sentence = UNASSESSED(deliverable_id=row.deliverable_id, because=because)
        c.caveat(f"unassessed.{row.deliverable_id}", sentence, about=[row.deliverable_id])
