"""Duties of the client: done in time or not, and the days of delay put down to them (C6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.delivery import results
from reviewlib.delivery.delays import metrics as delays
from reviewlib.delivery.duties import metrics
from reviewlib.delivery.lateness import Delays, late_ones
from reviewlib.pages.wording import N_
from reviewlib.report.day_facts import as_of_words
from reviewlib.report.values import (
    Caveat,
    Column,
    Fact,
    Finding,
    Interval,
    Kind,
    Section,
    Table,
    Unit,
    cell,
    rows,
)
from reviewlib.review import Review

SLUG = "duties"
NAMED = 5  # ids that a sentence names
LISTED = 200  # rows of a table
TOLD = 100  # duties that have a finding of their own
STATES = {
    metrics.KEPT: N_("in time"),
    metrics.LATE: N_("late"),
    metrics.NOT_DONE: N_("not done"),
    metrics.NOT_DUE: N_("not yet due"),
}
DUTY_KINDS = {
    "resource": N_("resource"),
    "access": N_("access"),
    "information": N_("information"),
    "decision": N_("decision"),
}
COSTS = {
    delays.CLIENT: N_("client alone {days}"),
    delays.CONCURRENT: N_("together with other causes {days}"),
    delays.CONTESTED: N_("contested {days}"),
}
DUE, DONE = "client_duties.csv: due_on, done_on", "delay_causes.csv: duty_id, starts_on, ends_on"


def duties(review: Review) -> Section:
    """Return the chapter on what the client had to do, and on what it cost where it did not."""
    _, table = review.wording.gettext, review.table("client_duties")
    title = _("Duties of the client")
    if table is None:
        return review.not_assessed(SLUG, title, review.absence("client_duties"))
    if "done_on" not in table:
        because = _("client_duties.csv does not say when they were done (done_on).")
        return review.not_assessed(SLUG, title, because)
    causes, none = review.table("delay_causes"), late_ones(None, None, review.today)
    days = (results.delays(review) or Delays(none, None, None)).days
    judged = metrics.duties(table, days, causes, review.today)
    doubtful = metrics.doubtful(judged, causes)
    return review.section(
        SLUG,
        title,
        headline=_headline(review, judged),
        intro=_(
            "A duty is kept when it was done by its date. The days that it cost are days of the "
            "chapter on causes of delay: those covered by a cause that is attributed to the client "
            "and names the duty. A day of a suspension is none of them."
        ),
        facts=(_kept_fact(review, judged), _cost_fact(review, judged, days)),
        findings=(*_kept(review, judged), *_missed(review, judged)),
        tables=(_table(review, judged),),
        caveats=(*_doubtful(review, doubtful), *_many(review, judged)),
    )


def _headline(review: Review, judged: pd.DataFrame) -> str:
    _, w = review.wording.gettext, review.wording
    kept, n = metrics.kept(judged)
    if n == 0:
        return _("No duty of the client has come due yet.")
    said = _("Duties of the client done in time: {k} of the {n} that have come due.")
    return said.format(k=w.number(kept), n=w.number(n))


def _kept_fact(review: Review, judged: pd.DataFrame) -> Fact:
    _, w = review.wording.gettext, review.wording
    kept, n = metrics.kept(judged)
    apart = len(judged) - n
    note = _("counted apart, not due yet: {n}").format(n=w.number(apart)) if apart else ""
    return Fact(
        f"{SLUG}.kept",
        _("Duties of the client done in time"),
        kept / n if n else None,
        Unit.SHARE,
        n=n,
        period=as_of_words(review),
        source=DUE,
        note=note if n else _("no duty has come due yet"),
    )


def _cost_fact(review: Review, judged: pd.DataFrame, days: pd.DataFrame) -> Fact:
    """Return the days of delay put down to the duties not kept; contested ones as a range."""
    _, w, causes = review.wording.gettext, review.wording, review.table("delay_causes")
    name, label = f"{SLUG}.cost", _("Days of delay put down to duties not done in time")
    if because := _unknown(review):
        return Fact(name, label, None, Unit.DAYS, note=because)
    count = metrics.cost(judged, metrics.costs(days, causes))
    sure, open_ = int(count[[delays.CLIENT, delays.CONCURRENT]].sum()), int(count[delays.CONTESTED])
    said = [
        _(COSTS[share]).format(days=w.days(count[share]))
        for share in (delays.CONCURRENT, delays.CONTESTED)
        if count[share]
    ]
    method = _("without and with the contested days")
    return Fact(
        name,
        label,
        sure,
        Unit.DAYS,
        n=int(judged["state"].isin(metrics.NOT_KEPT).sum()),
        interval=Interval(float(sure), float(sure + open_), method) if open_ else None,
        period=as_of_words(review),
        source=DONE,
        note=w.chained(said),
    )


def _unknown(review: Review) -> str:
    """Return why the days that duties cost can't be told; empty where they can."""
    _, causes = review.wording.gettext, review.table("delay_causes")
    if results.delays(review) is None:
        return _("neither milestones nor deliverables with their submissions are known")
    if causes is None:
        return review.absence("delay_causes").rstrip(".")
    return "" if "duty_id" in causes else _("delay_causes.csv has no column duty_id")


def _kept(review: Review, judged: pd.DataFrame) -> Iterator[Finding]:
    _, w = review.wording.gettext, review.wording
    kept, n = metrics.kept(judged)
    if kept:
        ids = tuple(judged.loc[judged["state"] == metrics.KEPT, "duty_id"])
        said = _("Duties of the client done in time: {k} of {n} ({ids}).")
        sentence = said.format(k=w.number(kept), n=w.number(n), ids=_ids(review, ids))
        yield Finding(f"{SLUG}.in_time", sentence, Kind.STRENGTH, ids)


def _missed(review: Review, judged: pd.DataFrame) -> Iterator[Finding]:
    """Return each duty that was not done in time, with the delay that is put down to it."""
    _ = review.wording.gettext
    latest = judged["late"].dropna().nlargest(TOLD).index
    for row in judged.loc[latest].itertuples():
        waiting = row.state == metrics.NOT_DONE
        decision = _("Duty {id}: settle who does it, and by when.") if waiting else ""
        yield Finding(
            f"{SLUG}.duty.{row.duty_id}",
            f"{_late(review, row)} {_put_down(review, row)}".strip(),
            Kind.CONCERN,
            tuple(dict.fromkeys([row.duty_id, *row.causes, *row.subjects])),
            decision.format(id=row.duty_id),
            str(cell(row.clause) or ""),
        )


def _late(review: Review, row: Any) -> str:
    _, w = review.wording.gettext, review.wording
    said = {
        metrics.LATE: _("Duty {id} “{title}”, due on {due}, was done on {done}, {days} late."),
        metrics.NOT_DONE: _(
            "Duty {id} “{title}”, due on {due}, is not done as of {today}, {days} late."
        ),
    }
    return said[row.state].format(
        id=row.duty_id,
        title=row.title,
        due=w.date(row.due_on),
        done=w.date(row.done_on),
        today=w.date(review.today),
        days=w.days(row.late),
    )


def _put_down(review: Review, row: Any) -> str:
    """Return the days of delay that causes put down to a duty, by their class."""
    _, w = review.wording.gettext, review.wording
    if not row.causes:
        return "" if _unknown(review) else _("No day of a delay is put down to it.")
    parts = [
        _(words).format(days=w.days(getattr(row, share)))
        for share, words in COSTS.items()
        if getattr(row, share)
    ]
    said = _("Delay of {subjects} put down to it ({causes}): {parts}.")
    return said.format(
        subjects=_ids(review, row.subjects), causes=_ids(review, row.causes), parts=w.chained(parts)
    )


def _ids(review: Review, ids: tuple[str, ...]) -> str:
    """Return the first ids of several, and how many others there are."""
    w = review.wording
    more = [w.ngettext("{n} other", "{n} others", len(ids) - NAMED)] if len(ids) > NAMED else []
    return w.listed([*ids[:NAMED], *more])


def _table(review: Review, judged: pd.DataFrame) -> Table:
    _, w = review.wording.gettext, review.wording
    columns = (
        Column("duty_id", _("Duty")),
        Column("title", _("What"), quoted=True),
        Column("clause", _("Clause"), quoted=True),
        Column("nature", _("Kind")),
        Column("due_on", _("Due on"), Unit.DATE),
        Column("done_on", _("Done on"), Unit.DATE),
        Column("said", _("State")),
        Column("late", _("Days late"), Unit.COUNT),
        Column(delays.CLIENT, _("Days of delay, client alone"), Unit.COUNT),
        Column(delays.CONCURRENT, _("Days of delay, together with other causes"), Unit.COUNT),
        Column(delays.CONTESTED, _("Days of delay, contested"), Unit.COUNT),
        Column("of", _("Late because of it")),
        Column("by", _("Causes")),
        Column("evidence", _("Evidence"), quoted=True),
    )
    shown = judged.head(LISTED).assign(
        nature=judged["kind"].map({key: _(word) for key, word in DUTY_KINDS.items()}),
        said=judged["state"].map({key: _(word) for key, word in STATES.items()}),
        of=[", ".join(ids) or None for ids in judged["subjects"].head(LISTED)],
        by=[", ".join(ids) or None for ids in judged["causes"].head(LISTED)],
    )
    note = _("Days late are counted up to {date} where a duty is not done.")
    note = note.format(date=w.date(review.today))
    if len(judged) > LISTED:
        first = _("The first {n} rows of {all}.")
        note += " " + first.format(n=w.number(LISTED), all=w.number(len(judged)))
    return Table(f"{SLUG}.list", _("Duties of the client"), columns, rows(shown, columns), note)


def _doubtful(review: Review, causes: list[str]) -> Iterator[Caveat]:
    if causes:
        sentence = review.wording.gettext(
            "Causes that name a duty of the client but are attributed to another, or whose duty "
            "was kept or not yet late on their first day: {ids}."
        )
        yield Caveat(f"{SLUG}.doubtful", sentence.format(ids=_ids(review, tuple(causes))))


def _many(review: Review, judged: pd.DataFrame) -> Iterator[Caveat]:
    _, w = review.wording.gettext, review.wording
    missed = int(judged["late"].notna().sum())
    if missed > TOLD:
        said = _("The findings tell of {n} of {all} duties not done in time: the latest.")
        yield Caveat(f"{SLUG}.many", said.format(n=w.number(TOLD), all=w.number(missed)))
