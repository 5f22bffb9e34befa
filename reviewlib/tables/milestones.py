"""Milestones: what was promised for when, what was announced, when it was reached."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.report.text import N_
from reviewlib.tables.columns import RowRule, date, schema, text
from reviewlib.tables.rules import ALONE


def _unapproved(frame: pd.DataFrame) -> np.ndarray:
    """Tell which rows have a re-baselined date and no day of its approval."""
    dates, days = (
        frame[name].notna() if name in frame else pd.Series(False, frame.index)
        for name in ("rebaselined_date", "rebaseline_approved_on")
    )
    return np.asarray(dates & ~days, "bool")


MILESTONES = schema(
    "milestones",
    N_("One row per milestone of the contract's calendar."),
    {
        "milestone_id": text(N_("Number of the milestone"), required=True, unique=True),
        "title": text(N_("What the milestone is"), required=True),
        "clause": text(N_("Clause or annex that states its date")),
        "contract_date": date(N_("Date in the signed contract"), planned=True, required=True),
        "rebaselined_date": date(
            N_("Date after approved re-baselining; several of them stand in the table of changes"),
            planned=True,
            known_on="rebaseline_approved_on",
        ),
        "rebaseline_approved_on": date(N_("Day on which that re-baseline was approved")),
        "actual_date": date(N_("Day on which it was reached; empty if not yet")),
        "accepted_on": date(N_("Day on which the client accepted it; empty if not yet")),
    },
    RowRule(ALONE, "rebaselined_date", "rebaseline_approved_on", _unapproved),
    key=("milestone_id",),
)

MILESTONE_FORECASTS = schema(
    "milestone_forecasts",
    N_("The successive dates announced for a milestone, one row per report."),
    {
        "milestone_id": text(N_("Number of the milestone"), required=True),
        "reported_on": date(N_("Day of the report"), required=True),
        "forecast_date": date(N_("Date then announced"), planned=True, required=True),
    },
    key=("milestone_id", "reported_on"),
)

TABLES = (MILESTONES, MILESTONE_FORECASTS)
PARENTS = {
    ("milestone_forecasts", "milestone_id"): "milestones",
}
