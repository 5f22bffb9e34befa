"""Durations: how long resolutions took, and what the mean that contracts quote hides (F6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Unpack

import numpy as np
import pandas as pd

from reviewlib.ids import among
from reviewlib.report.chapter import Chapter
from reviewlib.report.fields import FactFields
from reviewlib.report.forms import TableForm, frame_of
from reviewlib.report.text import EMPTY, N_, Message, Text, n_
from reviewlib.report.values import Interval, Section, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clauses import STOPS, measure_id
from reviewlib.service.durations import metrics, words
from reviewlib.service.flow.metrics import untold
from reviewlib.service.log import Log
from reviewlib.service.priorities import by_urgency
from reviewlib.service.words import NO_RESOLUTION

ENOUGH = 10  # durations from which a tenth of them is some
DRAWN, LISTED = 500, 25  # points of a curve


@dataclass(frozen=True)
class _Clock:
    """What one clock gives for every ticket: hours, fate and priority, by ticket id.

    ``place``: where its figures stand among the ids of the chapter; ``naming``: how a figure of it
    is called.
    """

    lengths: pd.DataFrame
    source: Text | str
    place: str = ""
    clause: str = ""
    naming: Message | None = None

    @cached_property
    def resolved(self) -> pd.Series:
        return self.lengths["hours"][self.lengths["fate"] == "resolved"]

    @cached_property
    def figures(self) -> Any:
        """The figures of the resolved tickets, and those with the open ones, lengths in hours.

        ``followed``: how many these are together.
        """
        both = metrics.medians(self.lengths).rename(columns={"n": "followed"})
        return next(metrics.summary(self.resolved).join(both).itertuples())

    def named(self, what: Text) -> Text:
        return self.naming(what=what) if self.naming else what

    def form(self, form: TableForm) -> TableForm:
        """Return the form of a table as that of this clock."""
        return form.but(name=f"{self.place}{form.name}", caption=self.named(form.caption))


def durations(review: Review) -> Section:
    """Return the chapter on the time to resolution, around the clock and in service hours."""
    c = Chapter(review, "durations", N_("Durations"))
    log, extracted = results.current(review), review.recorded("tickets")
    if log is None or extracted is None:
        return c.not_assessed(review.absent("tickets"))
    whole = _around_the_clock(log, untold(log, extracted))
    if whole.resolved.empty:
        return c.not_assessed(NO_RESOLUTION)
    service = list(_in_service_hours(review, log, whole))
    clocks = [whole, *(clock for clock in service if len(clock.resolved))]
    _opening(c, whole)
    _summary(c, whole)
    _with_open(c, whole)
    _recorded(c, log)
    _service_facts(c, service)
    if review.is_earlier:
        return c.section()
    for clock in clocks:
        _by_priority(c, clock)
        _distribution(c, clock)
    c.table(words.FATES, metrics.fates(whole.lengths))
    _survival(c, whole)
    _caveats(c, log, whole)
    _standing(c, log, service)
    return c.section()


def _around_the_clock(log: Log, unknown: pd.Series) -> _Clock:
    from_events = N_("ticket_events.csv: status, up to the last resolution")
    source = from_events if log.has_statuses else "tickets.csv: opened_at, resolved_at"
    lengths = metrics.lengths(log, unknown)
    return _Clock(lengths.assign(priority=log.priorities("final")), source)


def _in_service_hours(review: Review, log: Log, whole: _Clock) -> Iterator[_Clock]:
    """Yield the service time of each clause on resolution."""
    contract, verdicts = review.contract, results.current_verdicts(review)
    apart = whole.lengths.index[whole.lengths["fate"].isin(["cancelled", "merged", "unknown"])]
    source = (
        N_("ticket_events.csv: status, up to {stop}; hours, holidays and pauses of the clause")
        if log.has_statuses
        else N_("tickets.csv: opened_at, up to {stop}; hours and holidays of the clause")
    )
    for name in contract.clause_ids("resolution"):
        yield _Clock(
            metrics.service_lengths(verdicts[verdicts["clause"] == name], apart),
            source(stop=STOPS[contract.clause(name).stops_at]),
            f"service.{measure_id(contract, name)}.",
            name,
            words.IN_SERVICE_HOURS(clause=name),
        )


def _opening(c: Chapter, whole: _Clock) -> None:
    figures = whole.figures
    tickets = n_("{n} resolved ticket", "{n} resolved tickets")(n=figures.resolved)
    c.headline(c.of_row(words.SUMMARY(tickets=tickets), figures))
    c.intro(words.INTRO)


# Figures


def _hours(
    c: Chapter, clock: _Clock, name: str, hours: float | None, **about: Unpack[FactFields]
) -> None:
    """Add a figure of a clock."""
    about["clause"] = clock.clause
    label = clock.named(words.FIGURES[name])
    c.fact(f"{clock.place}{name}", label, hours, Unit.HOURS, **about)


def _summary(c: Chapter, clock: _Clock) -> None:
    """Add the median, P90 and mean of the resolved tickets."""
    for name in words.SUMMED_UP:
        hours, n = getattr(clock.figures, name), clock.figures.n
        _hours(c, clock, name, hours, n=n, source=clock.source)


def _with_open(c: Chapter, clock: _Clock) -> None:
    """Add the median of the resolved and the open tickets together."""
    figures, low, high = clock.figures, clock.figures.low, clock.figures.high
    note: Text = EMPTY
    if np.isnan(figures.with_open):
        note = words.UNRESOLVED
    elif np.isnan(high) and not np.isnan(low):
        note = words.HALF_OPEN
    _hours(
        c,
        clock,
        "with_open",
        figures.with_open,
        n=figures.followed,
        interval=None if np.isnan(high) else Interval(low, high, metrics.GREENWOOD),
        source=clock.source,
        note=c.of_row(note, figures),
    )


def _recorded(c: Chapter, log: Log) -> None:
    """Add the same figures from the resolution that the tool recorded, to compare."""
    if not log.has_statuses or "resolved_at" not in log.tickets:
        return
    hours = metrics.hours(log.tickets["opened_at"], log.tickets["resolved_at"])
    if len(hours):
        source = N_("tickets.csv: opened_at, resolved_at, as recorded by the tool")
        lengths = pd.DataFrame({"hours": hours, "fate": "resolved"})
        _summary(c, _Clock(lengths, source, "recorded.", naming=words.RECORDED))


def _service_facts(c: Chapter, clocks: list[_Clock]) -> None:
    """Add the figures of each clause on resolution, or why there is none."""
    if not clocks:
        because = N_("the contract has no clause on resolution (terms.clauses in engagement.yml).")
        label = N_("Time to resolution in service hours")
        c.fact("service", label, None, Unit.HOURS, because=because)
    for clock in clocks:
        if len(clock.resolved):
            _summary(c, clock)
            _with_open(c, clock)
        else:
            because = N_("no ticket that this clause judges was resolved.")
            _hours(c, clock, "median", None, n=0, because=because)


# Tables and charts


def _by_priority(c: Chapter, clock: _Clock) -> None:
    priorities = clock.lengths["priority"]
    if priorities.isna().all():
        return
    alone = metrics.summary(clock.resolved, priorities).drop(columns="n")
    both = metrics.medians(clock.lengths, priorities).join(alone)
    rows = by_urgency(both.rename_axis("priority").reset_index(), c.review.contract.urgency)
    c.table(clock.form(words.PRIORITIES), rows)


def _distribution(c: Chapter, clock: _Clock) -> None:
    marks = {label: getattr(clock.figures, name) for name, label in words.SUMMED_UP.items()}
    c.figure(
        "distribution",
        clock.form(words.DISTRIBUTION),
        frame_of(words.DISTRIBUTION, marks.items()),
        c.of_row(words.SPREAD, clock.figures),
        frame=clock.resolved,
        marks=marks,
        measure=clock.named(N_("Hours to resolution")),
    )


def _survival(c: Chapter, clock: _Clock) -> None:
    curve = metrics.survival(clock.lengths)
    marks = {label: getattr(clock.figures, name) for name, label in words.MEDIANS.items()}
    reached = {label: hours for label, hours in marks.items() if np.isfinite(hours)}
    outcome = words.HALF if len(reached) == len(marks) else words.LEFT
    description = words.CURVE_AND_BAND if curve["low"].notna().any() else words.CURVE
    c.figure(
        "survival",
        words.SURVIVAL,
        metrics.thinned(curve, LISTED),
        c.of_row(description(outcome=c.of_row(outcome, clock.figures)), clock.figures),
        frame=metrics.thinned(curve, DRAWN),
        marks=reached,
        measure=N_("Still unresolved, by hours since the opening"),
    )


def _caveats(c: Chapter, log: Log, whole: _Clock) -> None:
    """Add what the mean hides, and what the open tickets and a missing log leave unsure."""
    figures = whole.figures
    enough = figures.n >= ENOUGH and figures.mean > 0
    c.caveat("mean", c.of_row(words.HIDDEN, figures), when=enough)
    c.caveat("open", words.STILL_OPEN, n=figures.open)
    no_log = N_("Without a log of statuses, service hours are counted without any pause.")
    c.caveat("log", no_log, when=bool(c.review.contract.clause_ids()) and not log.has_statuses)


def _standing(c: Chapter, log: Log, clocks: list[_Clock]) -> None:
    """Add the open tickets whose service clock stands still: not followed as the others are."""
    for clock in clocks:
        still_open = clock.lengths.index[clock.lengths["fate"] == "open"]
        n = int(among(still_open, metrics.standing(log, clock.clause)).sum())
        sentence = words.STANDING(clause=clock.clause, tickets=words.WAITING(n=n))
        c.caveat(f"{clock.place}standing", sentence, when=n > 0)
