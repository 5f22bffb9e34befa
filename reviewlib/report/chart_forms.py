"""The names of the forms of charts, as figures name them, and what an S-curve is to reach."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

ChartForm = Literal[
    "amount_against_plan", "amounts_by_state", "answers_by_question", "availability_calendar",
    "bridge", "control_chart", "counts_by_group", "days_by_cause", "days_from_contract",
    "distribution", "events_by_row", "flow_over_time", "growth_over_time",
    "hours_by_group", "milestone_trend", "pareto", "plan_against_actual",
    "reported_against_recomputed", "s_curve", "share_by_group", "share_by_group_and_month",
    "share_by_reading", "share_of_target", "submissions_by_deliverable",
    "survival", "timeline",
]  # fmt: skip
"""The forms of ``charts``."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an S-curve is to reach: the budget at completion; the estimates of the cost then, of
    which the lowest and the highest are drawn, and their day. None is unknown.
    """

    bac: float | None = None
    eac_low: float | None = None
    eac_high: float | None = None
    end_date: dt.date | None = None
