"""Duties of the client: done on time or not, and the days of delay attributed to them (C6)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import LATE, ON_TIME, OVERDUE, punctuality
from reviewlib.delivery import results
from reviewlib.delivery.delays import metrics as delays
from reviewlib.delivery.duties import front, metrics
from reviewlib.delivery.lateness import Delays, late_ones
from reviewlib.report.chapter import Chapter
from reviewlib.report.day_words import STATES
from reviewlib.report.fields import FactFields
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import as_of, of_ids
from reviewlib.report.text import EMPTY, N_, Text, chained, sentences
from reviewlib.report.values import Checks, Interval, Kind, Section, Side, Unit
from reviewlib.review import Review

REPORTED = 100  # duties that have a finding of their own
DUE, DONE = "client_duties.csv: due_on, done_on", "delay_causes.csv: duty_id, starts_on, ends_on"

COUNTED = N_(
    "A duty is on time when it was done by its due date. The days of delay attributed to it are "
    "those covered by a cause that is attributed to the client and names the duty: it was "
    "recorded, not proved. A day of a suspension is none of them."
)
DUTY_KINDS = {
    "resource": N_("resource"),
    "access": N_("access"),
    "information": N_("information"),
    "decision": N_("decision"),
}
COSTS = {
    delays.CLIENT: N_("client alone {days:days}"),
    delays.CONCURRENT: N_("together with other causes {days:days}"),
    delays.CONTESTED: N_("contested {days:days}"),
}
MISSED = {
    LATE: N_(
        "Duty {duty_id} “{title}” was done on {done_on}, {late:days} after its due date ({due_on})."
    ),
    OVERDUE: N_(
        "Duty {duty_id} “{title}” is not done as of {today}, {late:days} after its due date "
        "({due_on})."
    ),
}
ATTRIBUTED = N_("Days of the delay of {subjects} attributed to it ({causes}): {parts}.")
NOT_ATTRIBUTED = N_("No day of a delay is attributed to it.")
DOUBTFUL = N_(
    "Causes that name a duty of the client but are attributed to another, or whose duty was done "
    "on time or not yet late on their first day: {ids}."
)

DUTIES = TableForm(
    "list",
    N_("Duties of the client"),
    (
        Col("duty_id", N_("Duty")),
        Col("title", N_("What"), quoted=True),
        Col("clause", N_("Clause"), quoted=True),
        Col("kind", N_("Kind"), words=DUTY_KINDS),
        Col("due_on", N_("Due on"), Unit.DATE),
        Col("done_on", N_("Done on"), Unit.DATE),
        Col("state", N_("State"), words=STATES),
        Col("late", N_("Days late"), Unit.COUNT),
        Col(delays.CLIENT, N_("Days of delay, client alone"), Unit.COUNT),
        Col(delays.CONCURRENT, N_("Days of delay, together with other causes"), Unit.COUNT),
        Col(delays.CONTESTED, N_("Days of delay, contested"), Unit.COUNT),
        Col("subjects", N_("Delays attributed to it")),
        Col("causes", N_("Causes")),
        Col("evidence", N_("Evidence"), quoted=True),
    ),
)


def duties(review: Review) -> Section:
    """Return the chapter on what the client had to do, and the delay attributed to the rest."""
    c = Chapter(review, "duties", N_("Duties of the client"), as_of(review))
    table, causes = results.client_duties(review), review.table("delay_causes")
    if review.table("client_duties") is None:
        return c.not_assessed(review.absent("client_duties"))
    if table is None:
        return c.not_assessed(
            N_("the folder does not say when they were done (client_duties.csv: done_on)")
        )
    none = late_ones(None, None, review.today)
    days = (results.delays(review) or Delays(none, None, None)).days
    client_duties = metrics.duties(table, days, causes, review.today)
    unknown = _unknown(review, causes)
    c.intro(COUNTED)
    _punctuality(c, client_duties)
    _cost(c, client_duties, metrics.costs(days, causes), unknown)
    _missed(c, client_duties, unknown)
    attributed = client_duties[delays.CLIENT] + client_duties[delays.CONCURRENT]
    c.table(front.DUTIES, client_duties.assign(attributed=attributed))
    note = N_("Days late are counted up to {date} where a duty is not done.")(date=review.today)
    c.table(DUTIES.but(note=note), client_duties)
    c.caveat("doubtful", DOUBTFUL, about=metrics.doubtful(client_duties, causes))
    return c.section()


def _unknown(review: Review, causes: pd.DataFrame | None) -> Text:
    """Return why the days attributed to duties can't be told; empty where they can."""
    if results.delays(review) is None:
        return N_("neither milestones nor deliverables with their submissions are known")
    if causes is None:
        return review.absent("delay_causes")
    return (
        EMPTY
        if "duty_id" in causes
        else N_(
            "the folder does not say which duties the "
            "causes of delay concern (delay_causes.csv: "
            "duty_id)"
        )
    )


def _punctuality(c: Chapter, duties: pd.DataFrame) -> None:
    states = duties["state"]
    k, n = punctuality(states)
    of_due = N_("Duties of the client done on time: {k} of the {n} that have come due.")(k=k, n=n)
    c.headline(of_due if n else N_("No duty of the client has come due yet."))
    label, because = N_("Duties of the client done on time"), N_("no duty has come due yet")
    apart = len(duties) - n
    note = N_("counted apart, not due yet: {n}")(n=apart) if apart else EMPTY
    fact = c.on_time("kept", label, states, Side.CLIENT, source=DUE, note=note, because=because)
    c.met("in_time", fact, duties.loc[states == ON_TIME, "duty_id"], held=front.HELD)
    c.clause_on(fact, front.DONE, 3)


def _cost(c: Chapter, duties: pd.DataFrame, costs: pd.DataFrame, unknown: Text) -> None:
    """Add the days of delay attributed to the duties not met; contested ones as a range."""
    label = N_("Days of delay attributed to duties not done on time")
    if unknown:
        c.fact("cost", label, None, Unit.DAYS, because=unknown, period=EMPTY)
        return
    days = metrics.cost(duties, costs)
    contested, n = int(days[delays.CONTESTED]), duties["state"].isin(metrics.MISSED).sum()
    certain, method = int(days.sum()) - contested, N_("without and with the contested days")
    interval = Interval(certain, certain + contested, method) if contested else None
    note = _parts(days.drop(delays.CLIENT).to_dict())
    about: FactFields = {"n": n, "interval": interval, "source": DONE, "note": note, "key": True}
    c.fact("cost", label, certain, Unit.DAYS, **about)


def _parts(days: dict[str, int]) -> Text:
    """Return days of delay by their class, those that there are."""
    return chained(COSTS[share](days=n) for share, n in days.items() if n)


def _missed(c: Chapter, duties: pd.DataFrame, unknown: Text) -> None:
    """Add each duty that was not done on time, with the delay that is attributed to it."""
    missed = duties[duties["late"].notna()]
    missed = missed.sort_values("late", ascending=False, kind="stable")
    settle = N_("Duty {duty_id}: settle who does it, and by when.")
    briefs = front.briefs(c, missed)
    c.each(
        Kind.CONCERN,
        "duty",
        missed,
        lambda row: sentences(MISSED[row.state], _attributed(row, unknown)),
        id="duty_id",
        about=lambda row: dict.fromkeys([row.duty_id, *row.causes, *row.subjects]),
        decision=lambda row: settle if row.state == OVERDUE else EMPTY,
        clause="clause",
        checks=lambda row: Checks(Side.CLIENT, 0, 1),
        brief=lambda row: briefs.get(row.duty_id),
        decider=Side.BOTH,
        limit=REPORTED,
    )
    many = N_(
        "The findings cover {n} of {all} duties not done on time: those with the longest delay."
    )
    c.caveat("many", many(n=REPORTED, all=len(missed)), when=len(missed) > REPORTED)


def _attributed(row: Any, unknown: Text) -> Text:
    """Return the days of delay that causes attribute to a duty, by their class."""
    if not row.causes:
        return EMPTY if unknown else NOT_ATTRIBUTED
    parts = _parts({share: getattr(row, share) for share in COSTS})
    return ATTRIBUTED(subjects=of_ids(row.subjects), causes=of_ids(row.causes), parts=parts)
