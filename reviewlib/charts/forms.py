"""Charts as forms, named by the comparison that they draw.

A form takes finished numbers (a frame), the figure's ``Labels`` and the review's ``Wording``. It
returns a ``RowChart``, which the page draws, or an SVG to be put into an HTML page as it is: no
address, no style, no date, text kept as text, the same bytes for the same input. Title and
alternative text belong to the page. Shares are 0 to 1, months are ISO text (2024-01), rows are
drawn in their own order. A frame that has nothing to draw is the caller's to leave out.
"""

from reviewlib.charts.amounts import (
    amount_against_plan,
    bridge,
    growth_over_time,
    s_curve,
)
from reviewlib.charts.bars import amounts_by_state, days_from_contract
from reviewlib.charts.calendars import events_by_row
from reviewlib.charts.common import Labels
from reviewlib.charts.control import control_chart
from reviewlib.charts.counts import (
    answers_by_question,
    counts_by_group,
    flow_over_time,
    pareto,
    share_of_target,
)
from reviewlib.charts.dates import (
    availability_calendar,
    plan_against_actual,
    submissions_by_deliverable,
)
from reviewlib.charts.durations import (
    days_by_cause,
    distribution,
    hours_by_group,
    survival,
    timeline,
)
from reviewlib.charts.forecasts import milestone_trend
from reviewlib.charts.shares import share_by_group, share_by_reading
from reviewlib.charts.strips import reported_against_recomputed, share_by_group_and_month
from reviewlib.report.chart_forms import Outlook

__all__ = [
    "Labels",
    "Outlook",
    "amount_against_plan",
    "amounts_by_state",
    "answers_by_question",
    "availability_calendar",
    "bridge",
    "control_chart",
    "counts_by_group",
    "days_by_cause",
    "days_from_contract",
    "distribution",
    "events_by_row",
    "flow_over_time",
    "growth_over_time",
    "hours_by_group",
    "milestone_trend",
    "pareto",
    "plan_against_actual",
    "reported_against_recomputed",
    "s_curve",
    "share_by_group",
    "share_by_group_and_month",
    "share_by_reading",
    "share_of_target",
    "submissions_by_deliverable",
    "survival",
    "timeline",
]
