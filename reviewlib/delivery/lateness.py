"""What is late: milestones and deliverables, from their date to the day that ends their delay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from reviewlib.delivery.delays.metrics import DELIVERABLE, MILESTONE, days_of_delay, ranges, spells

REACHED, ACCEPTED, AWAITING, RUNNING = "reached", "accepted", "awaiting", "running"
KINDS = {
    **dict.fromkeys(("kind", "subject", "clause"), "str"),
    "title": "object",  # in the languages in which the tables give it
    **dict.fromkeys(("after", "last"), "datetime64[s]"),
    **dict.fromkeys(("ended", "needs"), "str"),
    "before": "float64",
}


@dataclass(frozen=True)
class Delays:
    """What is late, with the causes and the suspensions that are known of it.

    ``late``: as ``late_ones`` returns it.
    """

    late: pd.DataFrame
    causes: pd.DataFrame | None
    suspensions: pd.DataFrame | None

    @cached_property
    def spells(self) -> pd.DataFrame:
        """The delays cut into the spans that the same causes cover."""
        return spells(self.late, self.causes, self.suspensions)

    @cached_property
    def days(self) -> pd.DataFrame:
        """Every day of the delays, with its class."""
        return days_of_delay(self.late, self.causes, self.suspensions)

    @cached_property
    def ranges(self) -> pd.DataFrame:
        """What contested causes leave open of each class of each delay."""
        return ranges(self.days)


def late_ones(
    milestones: pd.DataFrame | None,
    deliverables: pd.DataFrame | None,
    today: pd.Timestamp,
) -> pd.DataFrame:
    """Return what is late by a day or more: what ``delays.spells`` takes, with its words.

    ``milestones`` and ``deliverables``: as the functions of these names return them. A milestone
    is late from its date in force to the day on which it was reached; a deliverable from its due
    date to the submission of the version accepted, else of the one that awaits a decision; both up
    to today where there is none.

    Columns: kind, subject, title, clause, after, last, ended (reached, accepted, awaiting;
    running: none of them), needs (the milestone without which a deliverable can't be submitted)
    and before (days of its delay up to the day on which that one was reached; NaN: it needs none
    that is known, or was submitted before that).
    """
    parts = [pd.DataFrame(columns=list(KINDS))]
    if milestones is not None:
        parts.append(_reached(milestones))
    if deliverables is not None:
        parts.append(_submitted(deliverables))
    found = pd.concat([part.astype(KINDS) for part in parts], ignore_index=True)
    found["last"] = found["last"].fillna(today)
    found = found[found["after"] < found["last"]].reset_index(drop=True)
    return found if milestones is None else found.assign(before=_before(found, milestones, today))


def _reached(milestones: pd.DataFrame) -> pd.DataFrame:
    names = {"milestone_id": "subject", "baseline_date": "after", "actual_date": "last"}
    rows = milestones.rename(columns=names).assign(kind=MILESTONE)
    rows["ended"] = np.where(rows["last"].notna(), REACHED, RUNNING)
    return rows.reindex(columns=list(KINDS))


def _submitted(deliverables: pd.DataFrame) -> pd.DataFrame:
    names = {"deliverable_id": "subject", "due_on": "after", "milestone_id": "needs"}
    rows = deliverables.rename(columns=names | {"submitted_on": "last"}).assign(kind=DELIVERABLE)
    known = [rows["outcome"].notna(), rows["last"].notna()]
    rows["ended"] = np.select(known, [ACCEPTED, AWAITING], RUNNING)
    return rows.reindex(columns=list(KINDS))


def _before(found: pd.DataFrame, milestones: pd.DataFrame, today: pd.Timestamp) -> pd.Series:
    """Return the days of each delay up to the day on which the milestone that it needs came.

    What was submitted before that did not wait for it.
    """
    reached = milestones.set_index("milestone_id")["actual_date"].fillna(today)
    until = reached.reindex(found["needs"]).set_axis(found.index)
    until = until.where(~(until > found["last"]))
    return (until - found["after"]).dt.days.clip(lower=0).astype("float64")
