"""Breaches: the ten most consequential ones with their working, to be redone by hand (F2)."""

from __future__ import annotations

import pandas as pd

from reviewlib.amounts import duration_parts
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm, frame_of
from reviewlib.report.text import EMPTY, N_, Message, Shown, dotted, n_, sentences
from reviewlib.report.values import Cell, Section, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.breaches.metrics import worst
from reviewlib.service.clauses import (
    NO_CLAUSE,
    NO_VERDICT,
    PAUSES_UNKNOWN,
    REASONS,
    exact_length,
    exact_time,
    measure_id,
    target_words,
)
from reviewlib.service.words import JUDGED_FROM
from reviewlib.service.working import Working, working

SHOWN = 10
LATE = ("breached", "late_or_paused")
UNSETTLED = n_(
    "{n} verdict is no breach here: it is late unless the ticket was paused, which the log does "
    "not tell.",
    "{n} verdicts are no breaches here: they are late unless the tickets were paused, which the "
    "log does not tell.",
)
INTERVALS = 60  # lines of a working that are printed; the command prints all
INTRO = N_(
    "The most urgent priority first, then the tickets furthest over their target in "
    "multiples of it. Each working lists what counted and what did not, and why, so that it "
    "can be redone by hand."
)
BREACH = N_("{ticket}, {priority}, {clause}: target {target}, counted {elapsed}")
BREACH_HERE = N_(
    "{ticket}, {priority}, {clause}: target {target}, here {whole:seconds} of service "
    "time, counted {elapsed}"
)
LINE = n_(
    "Opened {opened:instant}, deadline {deadline:instant}, done {done:instant}; {counted} of {n} "
    "interval counted.",
    "Opened {opened:instant}, deadline {deadline:instant}, done {done:instant}; {counted} of {n} "
    "intervals counted.",
)
COUNTED = n_(
    "{n} breach; the {shown} most consequential with their working.",
    "{n} breaches; the {shown} most consequential with their working.",
)
ALL_SHOWN = n_(
    "{n} breach, with its working.",
    "{n} breaches, all with their working.",
)
DRAWN = N_("{ticket}: {line}")
SPENT = N_("{elapsed} / {target}")
MORE = n_(
    "{n} more interval stands in the full working of the ticket.",
    "{n} more intervals stand in the full working of the ticket.",
)
WORST = TableForm(
    "worst",
    N_("The breaches that weigh most"),
    (
        Col("ticket_id", N_("Ticket"), quoted=True),
        Col("clause", N_("Clause")),
        Col("priority", N_("Priority")),
        Col("deadline", N_("Deadline"), Unit.INSTANT),
        Col("target", N_("Target"), Unit.SECONDS),
        Col("elapsed", N_("Counted"), Unit.SECONDS),
        Col("share", N_("Share of the target"), Unit.SHARE),
    ),
    N_("Target and counted are service time."),
)
CLOCKS = TableForm(
    "clocks",
    N_("The clock of each of these tickets, each on a scale of its own"),
    (
        Col("ticket_id", N_("Ticket"), quoted=True),
        Col("opened_at", N_("Opened"), Unit.INSTANT),
        Col("start", N_("Clock started"), Unit.INSTANT),
        Col("deadline", N_("Deadline"), Unit.INSTANT),
        Col("stop", N_("Done"), Unit.INSTANT),
        Col("elapsed", N_("Counted"), Unit.SECONDS),
        Col("target", N_("Target"), Unit.SECONDS),
    ),
)
WORKING = TableForm(
    "working",
    EMPTY,
    (
        Col("since", N_("From")),
        Col("until", N_("To")),
        Col("counts", N_("Counted")),
        Col("sum", N_("Running total")),
        Col("why", N_("Why"), quoted=True),
    ),
)


def breaches(review: Review) -> Section:
    """Return the chapter on the breaches that weigh most, each with its working."""
    c = Chapter(review, "breaches", N_("The most consequential breaches"))
    log, verdicts = results.log(review), results.verdicts(review)
    if log is None:
        return c.not_assessed(review.absent("tickets"))
    if not review.contract.clause_ids():
        return c.not_assessed(NO_CLAUSE)
    decided = verdicts["outcome"].isin(["met", "breached"])
    late, unsettled = (int((verdicts["outcome"] == name).sum()) for name in LATE)
    if not decided.any():
        return c.not_assessed(PAUSES_UNKNOWN if unsettled else NO_VERDICT)
    shown = worst(verdicts, review.contract.urgency, SHOWN)
    counted = COUNTED if late > SHOWN else ALL_SHOWN
    none = N_("No target was missed for certain.") if unsettled else N_("No target was missed.")
    c.headline(counted.filled({"n": late, "shown": SHOWN}) if late else none)
    c.caveat("paused", UNSETTLED, n=unsettled)
    c.intro(INTRO)
    how = N_("judged under each clause")
    n = int(decided.sum())
    c.fact("late", N_("Breaches of a target"), late, n=n, source=JUDGED_FROM, how=how)
    if late:
        lengths = shown[["target", "elapsed"]] / pd.Timedelta(seconds=1)
        c.table(WORST, shown.assign(share=shown["elapsed"] / shown["target"], **lengths))
        works = [working(log, verdict) for _place, verdict in shown.iterrows()]
        _clocks(c, shown.assign(**lengths), works)
        for work in works:
            _working(c, work)
    return c.section()


def _clocks(c: Chapter, shown: pd.DataFrame, works: list[Working]) -> None:
    """Draw when the clock of each ticket ran, and past which deadline."""
    frame = pd.concat([work.intervals.assign(ticket=row) for row, work in enumerate(works)])
    lines = [
        (
            work.verdict["ticket_id"],
            dotted(work.verdict["priority"], work.verdict["clause"]),
            work.verdict["deadline"],
            SPENT(elapsed=_elapsed(work), target=_target(work)),
        )
        for work in works
    ]
    tickets = pd.DataFrame(lines, columns=["label", "note", "deadline", "value"])
    first = DRAWN(ticket=works[0].verdict["ticket_id"], line=_line(works[0]))
    c.figure(
        "timeline", CLOCKS, shown, first, frame=frame, tickets=tickets,
        measure=N_("From the start of the clock to its end"),
    )  # fmt: skip


def _line(work: Working) -> Message:
    """Return the instants of a ticket and how many of its intervals are counted."""
    verdict, intervals = work.verdict, work.intervals
    return LINE(
        opened=verdict["opened_at"],
        deadline=verdict["deadline"],
        done=verdict["stop"],
        counted=int(intervals["counted"].sum()),
        n=len(intervals),
    )


def _working(c: Chapter, work: Working) -> None:
    """Add the intervals of a ticket with the running total."""
    verdict, intervals, zone = work.verdict, work.intervals, c.review.contract.time_zone
    shown = intervals.head(INTERVALS).rename(columns={"from": "since", "to": "until"})
    lines = [
        (
            exact_time(row.since, zone),
            exact_time(row.until, zone),
            exact_length(row.seconds) if row.seconds else None,
            exact_length(row.total),
            c.of_row(REASONS[row.reason], row),
        )
        for row in shown.itertuples()
    ]
    left = len(intervals) - len(shown)
    name = f"{measure_id(c.review.contract, verdict['clause'])}.{verdict['ticket_id']}.working"
    note = sentences(_line(work), MORE(n=left) if left else EMPTY)
    form = WORKING.but(name=name, caption=_caption(work), note=note)
    c.table(form, frame_of(WORKING, lines))


def _caption(work: Working) -> Message:
    verdict = work.verdict
    extended = verdict["extension"] or len(work.parts)
    caption = BREACH_HERE(whole=verdict["target"].total_seconds()) if extended else BREACH
    return caption(
        ticket=verdict["ticket_id"],
        priority=verdict["priority"],
        clause=verdict["clause"],
        target=target_words(work.clause.targets[verdict["priority"]]),
        elapsed=_elapsed(work),
    )


def _elapsed(work: Working) -> Cell:
    """Return what was counted: to the second where a target is missed by less than is printed."""
    elapsed, target = (work.verdict[name].total_seconds() for name in ("elapsed", "target"))
    exact = duration_parts(elapsed) == duration_parts(target)
    return exact_length(elapsed) if exact else Shown(elapsed, "seconds")


def _target(work: Working) -> Shown:
    return Shown(work.verdict["target"].total_seconds(), "seconds")
