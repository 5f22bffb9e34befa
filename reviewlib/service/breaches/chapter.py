"""Breaches: the ten most consequential ones with their working, to be redone by hand (F2)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.report.values import Column, Fact, Figure, Section, Table, Unit, rows
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.breaches.metrics import worst
from reviewlib.service.clause_words import (
    NO_CLAUSE,
    NO_VERDICT,
    REASONS,
    exact_length,
    exact_time,
    measure_id,
    target_words,
)
from reviewlib.service.working import Working, working

SLUG = "breaches"
SHOWN = 10
INTERVALS = 60  # lines of a working that are printed; the command prints all


def breaches(review: Review) -> Section:
    """Return the chapter on the breaches that weigh most, each with its working."""
    _, title = review.wording.gettext, review.wording.gettext("The most consequential breaches")
    log = results.log(review)
    if log is None:
        return review.not_assessed(SLUG, title, review.absence("tickets"))
    if not review.contract.clause_ids():
        return review.not_assessed(SLUG, title, _(NO_CLAUSE))
    decided = results.verdicts(review)["outcome"].isin(["met", "breached"])
    if not decided.any():
        return review.not_assessed(SLUG, title, _(NO_VERDICT))
    late = int((results.verdicts(review)["outcome"] == "breached").sum())
    found = worst(results.verdicts(review), review.contract.urgency, SHOWN)
    works = [working(log, verdict, review.language) for _place, verdict in found.iterrows()]
    drawn = [_figure(review, work) for work in works]
    return review.section(
        SLUG,
        title,
        headline=_headline(review, late, len(found)),
        intro=_(
            "The most urgent priority first, then the tickets furthest over their target in "
            "multiples of it. Each working lists what counted and what did not, and why, so that "
            "it can be redone by hand; reviewlib ticket prints that of any ticket."
        ),
        facts=(
            Fact(
                f"{SLUG}.late",
                _("Breaches of a target"),
                late,
                Unit.COUNT,
                n=int(decided.sum()),
                source=_("ticket_events.csv, judged under each clause"),
            ),
        ),
        tables=tuple(_overview(review, found)),
        figures=tuple(drawn),
    )


def _headline(review: Review, late: int, shown: int) -> str:
    _, w = review.wording.gettext, review.wording
    if not late:
        return _("No target was missed.")
    said = _("Breaches: {late}. Shown with their working: {shown}.")
    return said.format(late=w.number(late), shown=w.number(shown))


def _overview(review: Review, found: pd.DataFrame) -> Iterator[Table]:
    """Yield the breaches shown: deadline, target, time counted."""
    _ = review.wording.gettext
    if found.empty:
        return
    columns = (
        Column("ticket_id", _("Ticket"), quoted=True),
        Column("clause", _("Clause")),
        Column("priority", _("Priority")),
        Column("deadline", _("Deadline"), Unit.INSTANT),
        Column("target", _("Target"), Unit.SECONDS),
        Column("elapsed", _("Counted"), Unit.SECONDS),
        Column("share", _("Share of the target"), Unit.SHARE),
    )
    shown = found.assign(
        share=found["elapsed"] / found["target"],
        target=found["target"].dt.total_seconds(),
        elapsed=found["elapsed"].dt.total_seconds(),
    )
    note = _("Target and counted are service time.")
    caption = _("The breaches that weigh most")
    yield Table(f"{SLUG}.worst", caption, columns, rows(shown, columns), note)


def _name(review: Review, work: Working) -> str:
    place = measure_id(review.contract, work.verdict["clause"])
    return f"{SLUG}.{place}.{work.verdict['ticket_id']}"


def _caption(review: Review, work: Working) -> str:
    _, w, spent = review.wording.gettext, review.wording, work.verdict["elapsed"].total_seconds()
    counted = w.duration(spent)
    if counted == w.duration(work.verdict["target"].total_seconds()):
        counted = exact_length(spent)  # late by less than what minutes show
    said = _("{ticket}, {priority}, clause {clause}: target {target}, counted {elapsed}")
    if work.verdict["extension"] or len(work.parts):
        said = _(
            "{ticket}, {priority}, clause {clause}: target {target}, here {whole} of service time, "
            "counted {elapsed}"
        )
    return said.format(
        ticket=work.verdict["ticket_id"],
        priority=work.verdict["priority"],
        clause=work.verdict["clause"],
        target=target_words(w, work.clause.targets[work.verdict["priority"]]),
        elapsed=counted,
        whole=w.duration(work.verdict["target"].total_seconds()),
    )


def _intervals(review: Review, work: Working) -> Table:
    """Return the working of a ticket, interval by interval, with the running total."""
    _, w = review.wording.gettext, review.wording
    columns = (
        Column("since", _("From")),
        Column("until", _("To")),
        Column("counts", _("Counted")),
        Column("sum", _("Running total")),
        Column("why", _("Why"), quoted=True),
    )
    shown = work.intervals.head(INTERVALS)
    why = [
        _(REASONS[reason]).format(name=name)
        for reason, name in shown[["reason", "name"]].itertuples(index=False)
    ]
    left = len(work.intervals) - len(shown)
    more = _("{n} more intervals: reviewlib ticket prints them all.").format(n=w.number(left))
    lines = rows(
        shown.assign(
            since=[exact_time(w, at) for at in shown["from"]],
            until=[exact_time(w, at) for at in shown["to"]],
            counts=[exact_length(n) if n else None for n in shown["seconds"]],
            sum=[exact_length(n) for n in shown["total"]],
            why=why,
        ),
        columns,
    )
    caption = _caption(review, work)
    return Table(f"{_name(review, work)}.working", caption, columns, lines, more if left else "")


def _figure(review: Review, work: Working) -> Figure:
    """Return the working of a ticket as a time line."""
    _, w, verdict = review.wording.gettext, review.wording, work.verdict
    marks = {_("Opened"): verdict["opened_at"]}
    if verdict["start"] != verdict["opened_at"]:
        marks[_("Clock started")] = verdict["start"]
    for word, column in ((_("Deadline"), "deadline"), (_("Done"), "stop")):
        if pd.notna(verdict[column]):
            marks[word] = verdict[column]
    counted = int(work.intervals["counted"].sum())
    said = _(
        "Opened {opened}, deadline {deadline}, done {done}; {counted} of {n} intervals counted."
    ).format(
        opened=w.instant(verdict["opened_at"]),
        deadline=w.instant(verdict["deadline"]),
        done=w.instant(verdict["stop"]),
        counted=w.number(counted),
        n=w.number(len(work.intervals)),
    )
    name, title = f"{_name(review, work)}.line", _caption(review, work)
    drawn = charts.timeline(work.intervals, marks, charts.Labels(name), w)
    return Figure(name, drawn, title, said, _intervals(review, work))
