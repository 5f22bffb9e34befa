"""What is late: milestones and deliverables, from their date to the day that ends their delay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from reviewlib.delivery.delays.metrics import (
    DELIVERABLE,
    MILESTONE,
    each_day,
    partition,
    ranges,
    spells,
)
from reviewlib.delivery.deliverables.excused import waiting_days

REACHED, ACCEPTED, AWAITING, RUNNING = "reached", "accepted", "awaiting", "running"
LATE = {
    **dict.fromkeys(("kind", "subject", "clause"), "str"),
    "title": "object",  # in the languages in which the tables give it
    **dict.fromkeys(("after", "last"), "datetime64[s]"),
    **dict.fromkeys(("ended", "needs"), "str"),
    "before": "float64",
}


@dataclass(frozen=True)
class Delays:
    """What is late, with the causes and the suspensions that are known of it.

    ``late``: as ``late_ones`` returns it; ``excused``: as the function of that name returns it.
    """

    late: pd.DataFrame
    causes: pd.DataFrame | None
    suspensions: pd.DataFrame | None
    excused: pd.DataFrame | None = None

    @cached_property
    def spells(self) -> pd.DataFrame:
        """The delays cut into the spans that the same causes cover."""
        return spells(self.late, self.causes, self.suspensions, self.excused)

    @cached_property
    def days(self) -> pd.DataFrame:
        """Every day of the delays, with its class."""
        return each_day(self.spells)

    @cached_property
    def by_class(self) -> pd.DataFrame:
        """What is late, with its days of each class (``SHARES``), and days: all of them."""
        counts = partition(self.days).rename(columns={"total": "days"})
        return self.late.merge(counts, on=["kind", "subject"])

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

    Columns: those of LATE. ended: reached, accepted, awaiting; running: none of them; needs: the
    milestone without which a deliverable can't be submitted; before: calendar days of its delay up
    to the day on which that one was reached, NaN where it needs none of the table, or was submitted
    before that.
    """
    parts = [pd.DataFrame(columns=list(LATE))]
    if milestones is not None:
        parts.append(_reached(milestones))
    if deliverables is not None:
        parts.append(_submitted(deliverables))
    rows = pd.concat([part.astype(LATE) for part in parts], ignore_index=True)
    rows["last"] = rows["last"].fillna(today)
    late = rows[rows["after"] < rows["last"]].reset_index(drop=True)
    return late if milestones is None else late.assign(before=_before(late, milestones, today))


def _reached(milestones: pd.DataFrame) -> pd.DataFrame:
    names = {"milestone_id": "subject", "baseline_date": "after", "actual_date": "last"}
    rows = milestones.rename(columns=names).assign(kind=MILESTONE)
    rows["ended"] = np.where(rows["last"].notna(), REACHED, RUNNING)
    return rows.reindex(columns=list(LATE))


def _submitted(deliverables: pd.DataFrame) -> pd.DataFrame:
    names = {"deliverable_id": "subject", "due_on": "after", "milestone_id": "needs"}
    rows = deliverables.rename(columns=names | {"submitted_on": "last"}).assign(kind=DELIVERABLE)
    decided_or_sent = [rows["outcome"].notna(), rows["last"].notna()]
    rows["ended"] = np.select(decided_or_sent, [ACCEPTED, AWAITING], RUNNING)
    return rows.reindex(columns=list(LATE))


def _before(late: pd.DataFrame, milestones: pd.DataFrame, today: pd.Timestamp) -> pd.Series:
    """Return the days of each delay up to the day on which the milestone that it needs came."""
    deliverables = late.rename(columns={"after": "due_on", "needs": "milestone_id"})
    return waiting_days(deliverables, milestones.set_index("milestone_id")["actual_date"], today)
