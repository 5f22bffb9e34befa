"""Lessons and actions: what was learned, and who does what about it by when (M1, M2)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pandas as pd

from reviewlib.contract.data import instant_of
from reviewlib.lessons.lessons import metrics
from reviewlib.pages.wording import N_, Wording
from reviewlib.parameters import moment
from reviewlib.report.day_facts import as_of_words
from reviewlib.report.values import Caveat, Column, Fact, Finding, Kind, Section, Table, Unit, rows
from reviewlib.review import ASKED, Review

SLUG = "lessons"
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
SIDES = {"client": N_("client"), "provider": N_("provider"), "both": N_("both sides")}
LESSONS, ACTIONS = "lessons.csv, actions.csv", N_("actions.csv: status, due_on, done_on")


def lessons(review: Review) -> Section:
    """Return the chapter on what was learned and on the actions decided."""
    _ = review.wording.gettext
    # Read whole: what was written down or done after the review's day is told by its date.
    listed, planned = review.engagement.table("lessons"), review.engagement.table("actions")
    if listed is None and planned is None:
        because = _("the folder has neither lessons (lessons.csv) nor actions (actions.csv).")
        return review.not_assessed(SLUG, _("Lessons and actions"), because)
    review = _debriefed(review, listed, planned)
    decided = None if planned is None else metrics.actions(planned, review.today)
    drawn = None if listed is None else metrics.lessons(listed, decided, review.today)
    return review.section(
        SLUG,
        _("Lessons and actions"),
        headline=_headline(review, drawn, decided),
        intro=_(
            "A lesson is observed until all of its actions are done. It is learned only once the "
            "same rule has run where the problem could have come back, and found nothing: a later "
            "review tells that, so that here a lesson whose actions are done is not yet tested."
        ),
        facts=(*_lesson_facts(review, drawn), *_action_facts(review, decided)),
        findings=(
            *_overdue(review, decided),
            *_incomplete(review, decided),
            *_without_action(review, drawn, decided),
        ),
        tables=(*_lesson_table(review, drawn), *_action_table(review, decided)),
        caveats=(*_undated(review, decided), *_after(review)),
    )


def _debriefed(review: Review, *tables: pd.DataFrame | None) -> Review:
    """Return the review as of the debrief, which follows the extraction of the data.

    A day that was asked for stays: what was written down later was not known then.
    """
    if review.basis == ASKED:
        return review
    dates = [
        table[name].max()
        for table in tables
        if table is not None
        for name in ("logged_on", "created_on", "done_on")
        if name in table
    ]
    known = [date for date in dates if pd.notna(date) and date > review.today]
    if not known:
        return review
    last = instant_of(moment(max(known).date().isoformat()), review.contract.time_zone)
    return dataclasses.replace(review, as_of=last)


def _headline(review: Review, drawn: pd.DataFrame | None, decided: pd.DataFrame | None) -> str:
    _, w = review.wording.gettext, review.wording
    parts = []
    if drawn is not None:
        done = int((drawn["state"] == metrics.UNTESTED).sum())
        said = _("Lessons: {n}, of which with their actions done, not yet tested: {done}.")
        parts.append(said.format(n=w.number(len(drawn)), done=w.number(done)))
    if decided is not None:
        late = int(decided["overdue_days"].notna().sum())
        said = _("Actions not done: {n} of {all}, of which past their due date: {late}.")
        undone = w.number(int(decided["undone"].sum()))
        parts.append(said.format(n=undone, all=w.number(len(decided)), late=w.number(late)))
    return " ".join(parts)


# Lessons


def _lesson_facts(review: Review, drawn: pd.DataFrame | None) -> Iterator[Fact]:
    _, w = review.wording.gettext, review.wording
    label = _("Lessons written down")
    if drawn is None:
        because = _("the folder has no table of lessons (lessons.csv)")
        yield Fact(f"{SLUG}.recorded", label, None, Unit.COUNT, note=because)
        return
    keep = int((drawn["kind"] == "keep").sum())
    note = _("to keep: {keep}; to improve: {improve}")
    note = note.format(keep=w.number(keep), improve=w.number(len(drawn) - keep))
    when = as_of_words(review)
    yield Fact(
        f"{SLUG}.recorded", label, len(drawn), Unit.COUNT, period=when, source=LESSONS, note=note
    )
    counts = {
        "observed": (_("Lessons observed"), drawn["state"] == metrics.OBSERVED),
        "untested": (
            _("Lessons whose actions are done, not yet tested"),
            drawn["state"] == metrics.UNTESTED,
        ),
        "tied": (_("Lessons that name a finding of the review"), drawn["finding"].notna()),
    }
    for name, (label, chosen) in counts.items():
        count = int(chosen.sum())
        yield Fact(
            f"{SLUG}.{name}", label, count, Unit.COUNT, n=len(drawn), period=when, source=LESSONS
        )


def _without_action(
    review: Review, drawn: pd.DataFrame | None, decided: pd.DataFrame | None
) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    if drawn is None or decided is None:
        return
    idle = drawn[(drawn["kind"] == "improve") & (drawn["wanted"] == 0)]
    if len(idle):
        ids = tuple(idle["lesson_id"])
        sentence = _("Lessons to improve on that no action carries out: {n} ({ids}).")
        decision = _("Decide on an action for each lesson to improve on, or say why there is none.")
        said = sentence.format(n=w.number(len(ids)), ids=w.listed(list(ids)))
        yield Finding(f"{SLUG}.without_action", said, Kind.CONCERN, ids, decision)


def _lesson_table(review: Review, drawn: pd.DataFrame | None) -> Iterator[Table]:
    _ = review.wording.gettext
    if drawn is None:
        return
    columns = (
        Column("lesson_id", _("Lesson")),
        Column("sort", _("Kind")),
        Column("event", _("What happened"), quoted=True),
        Column("effect", _("Effect"), quoted=True),
        Column("cause", _("Cause"), quoted=True),
        Column("early_warning", _("Early warning"), quoted=True),
        Column("recommendation", _("Recommendation"), quoted=True),
        Column("finding", _("Finding it rests on")),
        Column("progress", _("Actions done")),
        Column("said", _("State")),
    )
    lines = drawn.assign(
        sort=drawn["kind"].map(_worded(review.wording, KINDS)),
        said=drawn["state"].map(_worded(review.wording, STATES)),
        progress=(drawn["done"].astype("str") + " / " + drawn["wanted"].astype("str")).where(
            drawn["wanted"] > 0
        ),
    )
    note = _("Actions done: of those that carry the lesson out, dropped ones left out.")
    yield Table(f"{SLUG}.lessons", _("Lessons"), columns, rows(lines, columns), note)


# Actions


def _action_facts(review: Review, decided: pd.DataFrame | None) -> Iterator[Fact]:
    _, w = review.wording.gettext, review.wording
    label = _("Actions not done")
    if decided is None:
        because = _("the folder has no table of actions (actions.csv)")
        yield Fact(f"{SLUG}.actions.undone", label, None, Unit.COUNT, note=because)
        return
    undone, done = decided[decided["undone"]], decided[decided["status"] == metrics.DONE]
    late = _("after their due date: {n}").format(n=w.number(int(done["late_days"].notna().sum())))
    dropped = len(decided) - len(undone) - len(done)
    left_out = _("dropped: {n}").format(n=w.number(dropped)) if dropped else ""
    overdue = int(undone["overdue_days"].notna().sum())
    counts = (
        ("undone", label, len(undone), len(decided), left_out),
        ("overdue", _("Actions past their due date"), overdue, len(undone), ""),
        ("done", _("Actions done"), len(done), len(decided), late if len(done) else ""),
    )
    for name, said, count, n, note in counts:
        yield Fact(
            f"{SLUG}.actions.{name}", said, count, Unit.COUNT, n=n, period=as_of_words(review),
            source=_(ACTIONS), note=note,
        )  # fmt: skip
    ages = undone["age_days"].dropna()
    if len(undone):
        yield Fact(
            f"{SLUG}.actions.age",
            _("Age of the oldest action not done"),
            float(ages.max()) if len(ages) else None,
            Unit.DAYS,
            n=len(ages),
            period=as_of_words(review),
            source=_("actions.csv: created_on"),
            note="" if len(ages) else _("no action says when it was decided"),
        )


def _overdue(review: Review, decided: pd.DataFrame | None) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    if decided is None:
        return
    late = decided[decided["overdue_days"].notna()]
    if len(late):
        ids = [f"{row.action_id} ({w.days(row.overdue_days)})" for row in late.itertuples()]
        sentence = _(
            "Actions past their due date as of {date}: {n} of the {undone} not done, {ids}."
        )
        said = sentence.format(
            date=w.date(review.today), n=w.number(len(late)),
            undone=w.number(int(decided["undone"].sum())), ids=w.listed(ids),
        )  # fmt: skip
        decision = _("Actions past their due date: give each a new date and means, or drop it.")
        evidence = tuple(late["action_id"])
        yield Finding(f"{SLUG}.overdue", said, Kind.CONCERN, evidence, decision)


def _incomplete(review: Review, decided: pd.DataFrame | None) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    undone = pd.DataFrame() if decided is None else decided[decided["undone"]]
    if undone.empty:
        return
    lacking = undone[undone["owner"].isna() | undone["due_on"].isna()]
    if len(lacking):
        lacks = {
            (True, False): _("{id} (no owner)"),
            (False, True): _("{id} (no due date)"),
            (True, True): _("{id} (neither owner nor due date)"),
        }
        named = [
            lacks[row.owner != row.owner, row.due_on != row.due_on].format(id=row.action_id)
            for row in lacking.itertuples()
        ]
        sentence = _("Actions not done that lack an owner or a due date: {n} of {undone}, {ids}.")
        said = sentence.format(
            n=w.number(len(lacking)), undone=w.number(len(undone)), ids=w.listed(named)
        )
        decision = _("Give each action not done an owner and a due date.")
        evidence = tuple(lacking["action_id"])
        yield Finding(f"{SLUG}.incomplete", said, Kind.CONCERN, evidence, decision)


def _action_table(review: Review, decided: pd.DataFrame | None) -> Iterator[Table]:
    _, w = review.wording.gettext, review.wording
    if decided is None:
        return
    columns = (
        Column("action_id", _("Action")),
        Column("title", _("What"), quoted=True),
        Column("owner", _("Owner"), quoted=True),
        Column("on", _("Side")),
        Column("created_on", _("Decided on"), Unit.DATE),
        Column("due_on", _("Due on"), Unit.DATE),
        Column("done_on", _("Done on"), Unit.DATE),
        Column("said", _("Status")),
        Column("age_days", _("Age"), Unit.DAYS),
        Column("overdue_days", _("Past its due date by"), Unit.DAYS),
        Column("lesson_id", _("Lesson")),
    )
    lines = decided.assign(
        on=decided["side"].map(_worded(w, SIDES)), said=decided["status"].map(_worded(w, STATUSES))
    )
    note = _("Those not done first, the longest past its due date on top. Ages as of {date}.")
    said = note.format(date=w.date(review.today))
    yield Table(f"{SLUG}.actions", _("Actions"), columns, rows(lines, columns), said)


def _undated(review: Review, decided: pd.DataFrame | None) -> Iterator[Caveat]:
    """Say, of a review made as of an earlier day, which statuses are later than it."""
    extracted = review.contract.extracted_at
    if decided is None or extracted is None or review.as_of >= extracted:
        return
    if decided["status"].isin(["in_progress", "dropped"]).any():
        sentence = review.wording.gettext(
            "No date says when an action was begun or dropped: these statuses are those of the "
            "extraction, after the day of this review."
        )
        yield Caveat(f"{SLUG}.as_of", sentence)


def _after(review: Review) -> Iterator[Caveat]:
    """Say, of lessons drawn after the data were taken out, as of which day they are seen."""
    _, w = review.wording.gettext, review.wording
    extracted = review.contract.extracted_at
    if extracted is not None and review.as_of > extracted:
        sentence = _(
            "The debrief followed the extraction of the data ({extracted}): this chapter alone is "
            "seen as of {date}, the last date in its tables."
        )
        dates = {"extracted": w.instant(extracted), "date": w.date(review.today)}
        yield Caveat(f"{SLUG}.debrief", sentence.format(**dates))


def _worded(wording: Wording, words: dict[str, str]) -> dict[str, str]:
    return {key: wording.gettext(text) for key, text in words.items()}
