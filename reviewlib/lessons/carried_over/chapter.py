"""Decided before the period: actions and decisions carried over, done or not (M2)."""

from __future__ import annotations

import pandas as pd

from reviewlib.lessons.carried_over import metrics
from reviewlib.lessons.words import ACTION, DECISION
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import SIDES, as_of
from reviewlib.report.text import N_, n_
from reviewlib.report.values import AtStake, Brief, Section, Side, Unit
from reviewlib.review import Review

KINDS = {metrics.ACTION: ACTION, metrics.DECISION: DECISION}
STATES = {
    metrics.DONE: N_("done"),
    metrics.OVERDUE: N_("past its due date"),
    metrics.OPEN: N_("open"),
}
SOURCE = (
    "actions.csv: created_on, due_on, done_on, status; decisions.csv: decided_on, due_on, "
    "applied_on"
)
NO_PERIOD = N_("the review is of the whole engagement: nothing was decided before it")
NO_TABLE = N_(
    "the folder has neither actions (actions.csv) nor decisions (decisions.csv) with a usable row"
)
NOTHING = N_("no action or decision was open when the period began")
HEADLINE = n_(
    "Of {n} action or decision carried over, {done} done, {late} past due.",
    "Of {n} actions and decisions carried over, {done} done, {late} past due.",
)
COUNTED = N_(
    "Carried over is what was decided before {first:date} and not done by then. What was dropped "
    "is left out: no date says when it was."
)
LATE = n_(
    "Carried over and past its due date as of {date}: {items}.",
    "Carried over and past their due date as of {date}: {n}, {items}.",
)
ITEM = N_("{number} ({overdue_days:days})")
LONGEST = N_("“{title}”, decided before the period, is {days:days} past its due date.")
STAKE = n_("action or decision past its due date", "actions and decisions past their due date")
DECIDE = N_("Carried over and past the due date: give each a new date and means, or drop it.")
TABLE = TableForm(
    "items",
    N_("Actions and decisions carried over"),
    (
        Col("number", N_("Number")),
        Col("title", N_("What"), quoted=True),
        Col("kind", N_("Kind"), words=KINDS),
        Col("side", N_("Side"), words=SIDES),
        Col("decided_on", N_("Decided on"), Unit.DATE),
        Col("due_on", N_("Due on"), Unit.DATE),
        Col("done_on", N_("Done on"), Unit.DATE),
        Col("state", N_("State"), words=STATES),
        Col("age_days", N_("Age"), Unit.DAYS),
        Col("overdue_days", N_("Past its due date by"), Unit.DAYS),
    ),
    N_("Age: from the decision to the day on which it was done, or to the end of the period."),
)
STANDING = TABLE.only(["number", "title", "state", "due_on", "age_days"]).but(
    name="standing",
    caption=N_("Where what was decided stands"),
    lead=True,
    by="weight",
    first=N_("The {n} longest past their due date, then the oldest, of {all}."),
)
WEIGHTS = {metrics.OVERDUE: 2e6, metrics.OPEN: 1e6, metrics.DONE: 0.0}


def carried_over(review: Review) -> Section:
    """Return the chapter on what was decided before the period of a review."""
    c = Chapter(review, "carried_over", N_("Decided before"), as_of(review))
    if review.period is None:
        return c.not_assessed(NO_PERIOD)
    actions, decisions = review.table("actions"), review.table("decisions")
    if actions is None and decisions is None:
        return c.not_assessed(NO_TABLE)
    first = pd.Timestamp(review.period.first)
    rows = metrics.carried_over(actions, decisions, first, review.today)
    if rows.empty:
        return c.not_assessed(NOTHING)
    done, late = (rows["state"] == state for state in (metrics.DONE, metrics.OVERDUE))
    c.headline(HEADLINE(n=len(rows), done=int(done.sum()), late=int(late.sum())))
    c.intro(COUNTED(first=first))
    c.count("done", N_("Carried over and done"), done, source=SOURCE, key=True)
    c.count("overdue", N_("Carried over and past the due date"), late, source=SOURCE, key=True)
    ages = rows.loc[~done, "age_days"].dropna()
    c.fact("age", N_("Age of the oldest not done"), ages.max() if len(ages) else None, Unit.DAYS,
           n=len(ages), source=SOURCE, because=N_("all of them are done, or undated"))  # fmt: skip
    _overdue(c, rows[late])
    weight = rows["state"].map(WEIGHTS) + rows["overdue_days"].fillna(rows["age_days"]).fillna(0)
    c.table(STANDING, rows.assign(weight=weight))
    c.table(TABLE, rows)
    return c.section()


def _overdue(c: Chapter, late: pd.DataFrame) -> None:
    if late.empty:
        return
    first, sides = next(late.itertuples()), {*late["side"].dropna()}
    side = Side(sides.pop()) if len(sides) == 1 else Side.BOTH
    c.concern(
        "overdue",
        LATE(date=c.review.today, items=c.named(ITEM, late)),
        about=late["number"],
        decision=DECIDE,
        decider=side,
        brief=Brief(
            LONGEST(title=first.title, days=first.overdue_days),
            AtStake(len(late), Unit.COUNT, STAKE(n=len(late))),
            topic="actions",
            side=side,
        ),
    )
