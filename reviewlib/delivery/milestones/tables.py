"""Milestones: the forms of their tables and figures."""

from __future__ import annotations

from reviewlib.delivery.milestones import metrics
from reviewlib.report.day_words import STATES
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_
from reviewlib.report.values import Unit

VERDICTS = {
    metrics.CONTRACT: N_("date of the contract"),
    metrics.COUNTS: N_("it counts"),
    metrics.TOO_LATE: N_("no: approved after the date that it moves"),
    metrics.UNDATED: N_("no: the day of its approval is not stated"),
    metrics.NOT_APPROVED: N_("no: not approved"),
    metrics.REFUSED: N_("no: refused"),
    metrics.WITHDRAWN: N_("no: withdrawn"),
}
FURTHEST = N_("The {n} furthest behind the contract, of {all}.")
EXPLANATION = N_(
    "Delays in calendar days, counted up to {date} for what is not reached; a negative one is "
    "time gained. Covered by approved changes: from the date of the contract to the date in force, "
    "which they moved. Not covered: the delay against the date in force; its causes stand in the "
    "chapter on causes of delay."
)
SPLIT_OF = N_(
    "Late by: what is left of the days not covered, without those suspended, those left out by "
    "their cause and the contested ones, which come on top if they count."
)

MILESTONES = TableForm(
    "table",
    N_("Milestones"),
    (
        Col("milestone_id", N_("Milestone")),
        Col("title", N_("What"), quoted=True),
        Col("clause", N_("Clause"), quoted=True),
        Col("contract_date", N_("Contract date"), Unit.DATE),
        Col("baseline_date", N_("Date in force"), Unit.DATE),
        Col("actual_date", N_("Reached on"), Unit.DATE),
        Col("contract_days", N_("Delay against the contract"), Unit.DAYS),
        Col("explained_days", N_("Covered by approved changes"), Unit.DAYS),
        Col("by", N_("By the changes")),
        Col("unexplained_days", N_("Not covered by a change approved in time"), Unit.DAYS),
        Col("suspended", N_("Of which suspended"), Unit.DAYS),
        Col("suspensions", N_("By the suspensions")),
        Col("excused", N_("Left out by their cause"), Unit.DAYS),
        Col("contested", N_("Contested days"), Unit.DAYS),
        Col("late", N_("Late by"), Unit.DAYS),
        Col("baseline_state", N_("State"), words=STATES),
    ),
)
BASELINES = TableForm(
    "baselines",
    N_("Every date that each milestone was given"),
    (
        Col("milestone_id", N_("Milestone")),
        Col("date", N_("Date"), Unit.DATE),
        Col("change_id", N_("Change")),
        Col("approved_on", N_("Approved on"), Unit.DATE),
        Col("moves", N_("Date that it moves"), Unit.DATE),
        Col("days", N_("Moved by"), Unit.DAYS),
        Col("verdict", N_("Does it count?"), words=VERDICTS),
    ),
    N_("The date that it moves is the one in force on the day of the approval."),
)
ANNOUNCED = TableForm(
    "announced",
    N_("How the dates announced moved"),
    (
        Col("milestone_id", N_("Milestone")),
        Col("baseline_date", N_("Date in force"), Unit.DATE),
        Col("forecast_date", N_("Announced for"), Unit.DATE),
        Col("moved_later", N_("Times moved later"), Unit.COUNT),
        Col("moved_earlier", N_("Times moved earlier"), Unit.COUNT),
    ),
    N_(
        "The first date announced is compared with the one then in force, each other one with the "
        "one before. What is reached is announced no more."
    ),
)
DAYS = TableForm(
    "days",
    N_("Days from the date of the contract"),
    (
        Col("label", N_("Milestone"), quoted=True),
        Col("days", N_("Delay against the contract"), Unit.DAYS),
        Col("covered", N_("Covered by approved changes"), Unit.DAYS),
        Col("note", N_("State")),
    ),
    by="days",
    first=FURTHEST,
)
PLAN = TableForm(
    "plan",
    N_("Milestones: the dates promised and reached"),
    (
        Col("label", N_("Milestone"), quoted=True),
        Col("planned", N_("Contract date"), Unit.DATE),
        Col("rebaselined", N_("Approved re-baseline"), Unit.DATE),
        Col("actual", N_("Reached on"), Unit.DATE),
        Col("forecast", N_("Announced for"), Unit.DATE),
    ),
    lead=True,
    by="contract_days",
    first=FURTHEST,
)
TREND = TableForm(
    "trend",
    N_("Milestone trend: the dates announced, report by report"),
    (
        Col("label", N_("Milestone")),
        Col("reported_on", N_("Report of"), Unit.DATE),
        Col("forecast_date", N_("Date announced"), Unit.DATE),
        Col("reached_on", N_("Reached on"), Unit.DATE),
    ),
)
