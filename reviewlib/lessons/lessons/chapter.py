"""Lessons and actions: what was learned, and who does what about it by when (M1, M2)."""

from __future__ import annotations

import dataclasses

import pandas as pd

from reviewlib.contract.data import instant_of
from reviewlib.folder.reach import ASKED, END_OF_PERIOD
from reviewlib.lessons.lessons import metrics
from reviewlib.parameters import moment
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import SIDES, as_of
from reviewlib.report.text import EMPTY, N_, How, Shown, Text, join, n_
from reviewlib.report.values import AtStake, Brief, Kind, Section, Side, Unit
from reviewlib.review import Review

KINDS = {"keep": N_("to keep"), "improve": N_("to improve")}
STATES = {
    metrics.OBSERVED: N_("observed"),
    metrics.UNTESTED: N_("action done, not yet tested"),
}
STATUSES = {
    "open": N_("open"),
    "in_progress": N_("in progress"),
    "done": N_("done"),
    "dropped": N_("dropped"),
}
LACKS = {
    (True, False): N_("{action_id} (no owner)"),
    (False, True): N_("{action_id} (no due date)"),
    (True, True): N_("{action_id} (neither owner nor due date)"),
}
OVERDUE = N_("{action_id} ({overdue_days:days})")
PAST_DUE = n_("{n} action past its due date", "{n} actions past their due date")
WRITTEN = n_("{n} lesson written down", "{n} lessons written down")
LATE_CLAUSE = n_("{n} action is past its due date", "{n} actions are past their due date")
LONGEST = N_("Actions agreed are past their due date; the longest, by {days:days}: “{title}”.")
OWED = N_("overdue actions: {sides:commas}")
JOINT = {"both": N_("joint")}
LESSONS, ACTIONS = "lessons.csv, actions.csv", "actions.csv: status, due_on, done_on"
RECORDED, UNDONE = N_("Lessons written down"), N_("Actions not done")
LEARNED = N_(
    "A lesson is observed until all of its actions are done. It is learned only once the "
    "same rule has run where the problem could have come back, and found nothing: a later "
    "review tells that, so that here a lesson whose actions are done is not yet tested."
)
LESSON_TABLE = TableForm(
    "lessons",
    N_("Lessons"),
    (
        Col("lesson_id", N_("Lesson")),
        Col("kind", N_("Kind"), words=KINDS),
        Col("event", N_("What happened"), quoted=True),
        Col("effect", N_("Effect"), quoted=True),
        Col("cause", N_("Cause"), quoted=True),
        Col("early_warning", N_("Early warning"), quoted=True),
        Col("recommendation", N_("Recommendation"), quoted=True),
        Col("finding", N_("Finding it rests on")),
        Col("progress", N_("Actions done")),
        Col("state", N_("State"), words=STATES),
    ),
    N_("Actions done: of those that carry the lesson out, dropped ones left out."),
)
RECOMMENDATIONS = LESSON_TABLE.only(["lesson_id", "recommendation", "progress"]).but(
    name="recommendations",
    caption=N_("What is recommended"),
    lead=True,
    by="open",
    first=N_("The {n} with the most actions still open, of {all}."),
)
ACTION_TABLE = TableForm(
    "actions",
    N_("Actions"),
    (
        Col("action_id", N_("Action")),
        Col("title", N_("What"), quoted=True),
        Col("owner", N_("Owner"), quoted=True),
        Col("side", N_("Side"), words=SIDES),
        Col("created_on", N_("Decided on"), Unit.DATE),
        Col("due_on", N_("Due on"), Unit.DATE),
        Col("done_on", N_("Done on"), Unit.DATE),
        Col("status", N_("Status"), words=STATUSES),
        Col("age_days", N_("Age"), Unit.DAYS),
        Col("overdue_days", N_("Past its due date by"), Unit.DAYS),
        Col("lesson_id", N_("Lesson")),
    ),
)


def lessons(review: Review) -> Section:
    """Return the chapter on what was learned and on the actions decided."""
    # Read whole: what was written down or done after the review's day is told by its date.
    review = _debriefed(review, review.recorded("lessons"), review.recorded("actions"))
    c = Chapter(review, "lessons", N_("Lessons and actions"), as_of(review))
    recorded, planned = review.recorded("lessons"), review.recorded("actions")
    if recorded is None and planned is None:
        return c.not_assessed(
            N_("the folder has neither lessons (lessons.csv) nor actions (actions.csv)")
        )
    actions = None if planned is None else metrics.actions(planned, review.today)
    written = None if recorded is None else metrics.lessons(recorded, actions, review.today)
    c.intro(LEARNED)
    _headline(c, written, actions)
    if written is None:
        because = N_("the folder has no table of lessons (lessons.csv)")
        c.fact("recorded", RECORDED, None, because=because, period=EMPTY)
    else:
        _lessons(c, written)
    if actions is None:
        because = N_("the folder has no table of actions (actions.csv)")
        c.fact("actions.undone", UNDONE, None, because=because, period=EMPTY)
    else:
        _actions(c, actions)
        _findings(c, actions[actions["undone"]])
    if written is not None and actions is not None:
        _without_action(c, written)
    _caveats(c, actions)
    return c.section()


def _debriefed(review: Review, *tables: pd.DataFrame | None) -> Review:
    """Return the review as of the debrief, which follows the extraction of the data.

    A day that was asked for, and the end of a period, stay: what was written down later was not
    known then.
    """
    if review.basis in (ASKED, END_OF_PERIOD):
        return review
    dates = [
        table[name].max()
        for table in tables
        if table is not None
        for name in ("logged_on", "created_on", "done_on")
        if name in table
    ]
    later = [date for date in dates if pd.notna(date) and date > review.today]
    if not later:
        return review
    last = instant_of(moment(max(later).date().isoformat()), review.contract.time_zone)
    return dataclasses.replace(review, as_of=last)


def _headline(c: Chapter, written: pd.DataFrame | None, actions: pd.DataFrame | None) -> None:
    """Say how many actions are past their due date, and how many lessons there are."""
    parts: list[Text] = []
    if actions is not None:
        late = int(actions["overdue_days"].count())
        parts.append(PAST_DUE(n=late))
        if late:
            c.clause(Kind.CONCERN, LATE_CLAUSE(n=late), 6)
    if written is not None:
        parts.append(WRITTEN(n=len(written)))
    c.headline(N_("{parts:chain}.")(parts=parts))


# Lessons


def _lessons(c: Chapter, lessons: pd.DataFrame) -> None:
    n, untested = len(lessons), lessons["state"] == metrics.UNTESTED
    keep = int((lessons["kind"] == "keep").sum())
    note = N_("to keep: {keep}; to improve: {improve}")(keep=keep, improve=n - keep)
    c.fact("recorded", RECORDED, n, source=LESSONS, note=note)
    for name, label, chosen in (
        ("observed", N_("Lessons observed"), ~untested),
        ("untested", N_("Lessons whose actions are done, not yet tested"), untested),
        ("tied", N_("Lessons that name a finding of the review"), lessons["finding"].notna()),
    ):
        c.count(name, label, chosen, source=LESSONS, key=name == "untested")
    progress = lessons["done"].astype("str") + "\u00a0/\u00a0" + lessons["wanted"].astype("str")
    lessons = lessons.assign(progress=progress.where(lessons["wanted"] > 0))
    c.table(RECOMMENDATIONS, lessons.assign(open=lessons["wanted"] - lessons["done"]))
    c.table(LESSON_TABLE, lessons)


def _without_action(c: Chapter, lessons: pd.DataFrame) -> None:
    idle = lessons.loc[(lessons["kind"] == "improve") & (lessons["wanted"] == 0), "lesson_id"]
    c.concern(
        "without_action",
        N_("Lessons to improve on that no action carries out: {n} ({ids:all})."),
        about=idle,
        decision=N_("Decide on an action for each lesson to improve on, or say why there is none."),
        decider=Side.BOTH,
        evidence=len(idle),
    )


# Actions


def _actions(c: Chapter, actions: pd.DataFrame) -> None:
    undone, done = actions[actions["undone"]], actions[actions["status"] == metrics.DONE]
    n, overdue, late = len(actions), actions["overdue_days"].count(), done["late_days"].count()
    dropped = n - len(undone) - len(done)
    left_out = N_("dropped: {n}")(n=dropped) if dropped else EMPTY
    done_late = N_("after their due date: {n}")(n=late) if len(done) else EMPTY
    for name, label, count, of, about in (  # the first stands beside the lead
        ("undone", UNDONE, len(undone), n, left_out),
        ("overdue", N_("Actions past their due date"), overdue, len(undone), EMPTY),
        ("done", N_("Actions done"), len(done), n, done_late),
    ):
        c.fact(f"actions.{name}", label, count, n=of, source=ACTIONS, note=about,
               key=name == "undone")  # fmt: skip
    if len(undone):
        ages, label = undone["age_days"].dropna(), N_("Age of the oldest action not done")
        because, source = N_("no action says when it was decided"), "actions.csv: created_on"
        age, of = ages.max(), len(ages)
        c.fact("actions.age", label, age, Unit.DAYS, n=of, source=source, because=because,
               key=True)  # fmt: skip
    note = N_("Those not done first, the longest past its due date on top. Ages as of {date}.")
    c.table(ACTION_TABLE.but(note=note(date=c.review.today)), actions)


def _findings(c: Chapter, undone: pd.DataFrame) -> None:
    """Add the actions past their due date, and those that lack one or an owner: all are named."""
    n, late = len(undone), undone[undone["overdue_days"].notna()]
    overdue = N_(
        "Actions past their due date as of {date}: {n} of the {undone} not done, {actions}."
    )
    c.concern(
        "overdue",
        overdue(date=c.review.today, undone=n, actions=c.named(OVERDUE, late, n)),
        about=late["action_id"],
        decision=N_("Actions past their due date: give each a new date and means, or drop it."),
        decider=_of_whom(late),
        evidence=n,
        brief=_brief(late, n) if len(late) else None,
    )
    lacking = undone[undone["owner"].isna() | undone["due_on"].isna()]
    incomplete = N_(
        "Actions not done that lack an owner or a due date: {n} of {undone}, {actions}."
    )
    actions = c.named(lambda row: LACKS[pd.isna(row.owner), pd.isna(row.due_on)], lacking, n)
    c.concern(
        "incomplete",
        incomplete(undone=n, actions=actions),
        about=lacking["action_id"],
        decision=N_("Give each action not done an owner and a due date."),
        decider=Side.BOTH,
        evidence=n,
    )


def _of_whom(actions: pd.DataFrame) -> Side:
    """Return whose actions they are, where all are of one side."""
    sides = {*actions["side"]}
    (one,) = sides if len(sides) == 1 else ("",)
    return Side(one) if one in (*Side,) else Side.BOTH


def _brief(late: pd.DataFrame, undone: int) -> Brief:
    """Return what the first page says of the actions past their due date, and who owes them."""
    longest = next(late.itertuples())
    sides = [
        join(How.SPACES, ((SIDES | JOINT)[side], Shown(int(n))))
        for side, n in late["side"].value_counts(sort=False).items()
    ]
    return Brief(
        LONGEST(title=longest.title, days=longest.overdue_days),
        AtStake(len(late), Unit.COUNT, N_("actions past their due date"), of=undone),
        topic="actions",
        side=_of_whom(late),
        owes=OWED(sides=sides) if sides else EMPTY,
    )


def _caveats(c: Chapter, actions: pd.DataFrame | None) -> None:
    """Add which statuses are later than the day looked from, and as of which day lessons are."""
    extracted, as_of_day = c.review.contract.extracted_at, c.review.as_of
    if extracted is None:
        return
    undated = actions is not None and actions["status"].isin(["in_progress", "dropped"]).any()
    statuses = N_(
        "No date says when an action was begun or dropped: these statuses are those of the "
        "extraction, after the day of this review."
    )
    c.caveat("as_of", statuses, when=bool(undated) and as_of_day < extracted)
    debrief = N_(
        "The debrief followed the extraction of the data ({extracted}): this chapter alone is "
        "seen as of {date}, the last date in its tables."
    )
    c.caveat(
        "debrief", debrief(extracted=extracted, date=c.review.today), when=as_of_day > extracted
    )
