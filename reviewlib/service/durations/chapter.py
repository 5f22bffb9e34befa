"""Durations: how long resolutions took, and what the mean that contracts quote hides (F6)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.ids import among
from reviewlib.pages.wording import N_
from reviewlib.report.values import (
    Caveat,
    Column,
    Fact,
    Figure,
    Interval,
    Section,
    Table,
    Unit,
    rows,
)
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clause_words import STOPS, measure_id
from reviewlib.service.durations import metrics
from reviewlib.service.flow.metrics import untold
from reviewlib.service.log import Log

SLUG = "durations"
FIGURES = {"median": N_("Median"), "p90": N_("P90 (linear interpolation)"), "mean": N_("Mean")}
FATES = {
    "resolved": N_("Resolved"),
    "open": N_("Still open"),
    "cancelled": N_("Cancelled"),
    "merged": N_("Merged into another"),
    "unknown": N_("Unknown"),
}
SHARES = ("below_mean", "slowest", "left")
ENOUGH = 10  # durations from which a tenth of them is some
DRAWN, LISTED = 500, 25  # points of a curve


@dataclass(frozen=True)
class _Clock:
    """What one clock says of every ticket: hours, fate and priority, by ticket id."""

    id: str
    lengths: pd.DataFrame
    source: str
    clause: str = ""

    @cached_property
    def resolved(self) -> pd.Series:
        return self.lengths["hours"][self.lengths["fate"] == "resolved"]

    @cached_property
    def figures(self) -> pd.Series:
        """The figures of the resolved tickets, and those with the open ones."""
        both = metrics.medians(self.lengths).iloc[0].rename({"n": "followed"})
        return pd.concat([metrics.summary(self.resolved).iloc[0], both])

    def named(self, review: Review, what: str) -> str:
        """Return the name of a figure; one in service hours says so."""
        said = review.wording.gettext("{what}, in service hours ({clause})")
        return said.format(what=what, clause=self.clause) if self.clause else what

    def say(self, review: Review, sentence: str, **more: str) -> str:
        """Return a sentence with the figures in it."""
        w, found = review.wording, self.figures
        words = {
            str(k): w.percent(v) if k in SHARES else w.duration(v * 3600) for k, v in found.items()
        }
        counts = {k: w.number(found[k]) for k in ("n", "followed")}
        return sentence.format(**words | counts | more)


def durations(review: Review) -> Section:
    """Return the chapter on the time to resolution, around the clock and in service hours."""
    _, title = review.wording.gettext, review.wording.gettext("Durations")
    log, extracted = results.log(review), review.engagement.table("tickets")
    if log is None or extracted is None:
        return review.not_assessed(SLUG, title, review.absence("tickets"))
    whole = _around_the_clock(review, log, untold(log, extracted))
    if whole.resolved.empty:
        return review.not_assessed(SLUG, title, _("no ticket was resolved."))
    service = list(_in_service_hours(review, log, whole))
    clocks = [whole, *(clock for clock in service if len(clock.resolved))]
    return review.section(
        SLUG,
        title,
        headline=_headline(review, whole),
        intro=_(
            "Time from the opening to the last resolution, around the clock, nights and holidays "
            "included, waiting included: what the caller lived through, not what the contract "
            "counts. Times in service hours are those that a clause on resolution counts, each "
            "priority on its own calendar."
        ),
        facts=(
            *_facts(review, whole),
            *_recorded(review, whole, log),
            *_service_facts(review, service),
        ),
        tables=(*(t for c in clocks for t in _by_priority(review, c)), _fates(review, whole)),
        figures=(*(_distribution(review, clock) for clock in clocks), _survival(review, whole)),
        caveats=(*_caveats(review, log, whole), *_standing(review, log, service)),
    )


def _around_the_clock(review: Review, log: Log, unknown: pd.Series) -> _Clock:
    _ = review.wording.gettext
    source = (
        _("ticket_events.csv: status, up to the last resolution")
        if log.has_statuses
        else _("tickets.csv: opened_at, resolved_at")
    )
    lengths = metrics.lengths(log, unknown)
    return _Clock(SLUG, lengths.assign(priority=log.priorities("final")), source)


def _in_service_hours(review: Review, log: Log, whole: _Clock) -> Iterator[_Clock]:
    """Yield the service time of each clause on resolution."""
    _, contract = review.wording.gettext, review.contract
    clauses = [c for c in contract.clause_ids() if contract.clause(c).measure == "resolution"]
    verdicts = results.verdicts(review)
    apart = whole.lengths.index[whole.lengths["fate"].isin(["cancelled", "merged", "unknown"])]
    source = (
        _("ticket_events.csv: status, up to {stop}; hours, holidays and pauses of the clause")
        if log.has_statuses
        else _("tickets.csv: opened_at, up to {stop}; hours and holidays of the clause")
    )
    for clause in clauses:
        lengths = metrics.service_lengths(verdicts[verdicts["clause"] == clause], apart)
        stop = _(STOPS[contract.clause(clause).stops_at])
        name = f"{SLUG}.service.{measure_id(contract, clause)}"
        yield _Clock(name, lengths, source.format(stop=stop), clause)


def _headline(review: Review, whole: _Clock) -> str:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    resolved, still = int(whole.figures["resolved"]), int(whole.figures["open"])
    said = _("{tickets}: median {median}, P90 {p90}, mean {mean}.")
    if still and np.isfinite(whole.figures["with_open"]):
        said += " " + _("With {open} counted, the median is {with_open}.")
    elif still:
        said += " " + _("With {open} counted, the median is not reached.")
    return whole.say(
        review,
        said,
        tickets=w.ngettext("{n} resolved ticket", "{n} resolved tickets", resolved),
        open=n_("{n} ticket still open", "{n} tickets still open", still),
    )


def _facts(review: Review, clock: _Clock) -> list[Fact]:
    return [*_summed_up(review, clock, clock.resolved), _with_open(review, clock)]


def _summed_up(review: Review, clock: _Clock, values: pd.Series) -> list[Fact]:
    summed = metrics.summary(values).iloc[0]
    return [
        Fact(
            f"{clock.id}.{name}",
            clock.named(review, review.wording.gettext(label)),
            float(summed[name]),
            Unit.HOURS,
            n=int(summed["n"]),
            clause=clock.clause,
            source=clock.source,
        )
        for name, label in FIGURES.items()
    ]


def _with_open(review: Review, clock: _Clock) -> Fact:
    """Return the median of the resolved and the open tickets together."""
    _, found = review.wording.gettext, clock.figures
    median, low, high = (float(found[name]) for name in ("with_open", "low", "high"))
    note = ""
    if np.isnan(median):
        note = _("it is not reached: {left} of the tickets are unresolved after {longest}.")
    elif np.isnan(high) and not np.isnan(low):
        note = _("The interval (95%) begins at {low}, and its upper end is not reached.")
    return Fact(
        f"{clock.id}.with_open",
        clock.named(review, _("Median with the open tickets (Kaplan-Meier)")),
        None if np.isnan(median) else median,
        Unit.HOURS,
        n=int(found["followed"]),
        interval=None if np.isnan(high) else Interval(low, high, metrics.GREENWOOD),
        clause=clock.clause,
        source=clock.source,
        note=clock.say(review, note),
    )


def _recorded(review: Review, whole: _Clock, log: Log) -> list[Fact]:
    """Return the same figures from the resolution that the tool recorded, to compare."""
    _, tickets = review.wording.gettext, log.tickets
    if not log.has_statuses or "resolved_at" not in tickets:
        return []
    hours = metrics.hours(tickets["opened_at"], tickets["resolved_at"])
    if hours.empty:
        return []
    source = _("tickets.csv: opened_at, resolved_at, as recorded by the tool")
    clock = dataclasses.replace(whole, id=f"{SLUG}.recorded", source=source)
    said = _("{figure}, as recorded by the tool")
    return [
        dataclasses.replace(fact, label=said.format(figure=fact.label))
        for fact in _summed_up(review, clock, hours)
    ]


def _service_facts(review: Review, clocks: list[_Clock]) -> Iterator[Fact]:
    """Yield the figures of each clause on resolution, or why there is none."""
    _ = review.wording.gettext
    if not clocks:
        because = _("the contract has no clause on resolution (terms.clauses in engagement.yml).")
        label = _("Time to resolution in service hours")
        yield Fact(f"{SLUG}.service", label, None, Unit.HOURS, note=because)
    for clock in clocks:
        if len(clock.resolved):
            yield from _facts(review, clock)
        else:
            name, label = f"{clock.id}.median", clock.named(review, _("Median"))
            because = _("no ticket that this clause judges was resolved.")
            yield Fact(name, label, None, Unit.HOURS, n=0, clause=clock.clause, note=because)


def _by_priority(review: Review, clock: _Clock) -> Iterator[Table]:
    _, of = review.wording.gettext, clock.lengths["priority"]
    if of.isna().all():
        return
    columns = (
        Column("priority", _("Priority"), quoted=True),
        Column("resolved", _("Resolved"), Unit.COUNT),
        Column("median", _("Median"), Unit.HOURS),
        Column("p90", _("P90"), Unit.HOURS),
        Column("mean", _("Mean"), Unit.HOURS),
        Column("below_mean", _("Tickets under the mean"), Unit.SHARE),
        Column("slowest", _("Time taken by the slowest tenth"), Unit.SHARE),
        Column("open", _("Still open"), Unit.COUNT),
        Column("with_open", _("Median with the open (Kaplan-Meier)"), Unit.HOURS),
    )
    alone = metrics.summary(clock.resolved, of).drop(columns="n")
    frame = metrics.medians(clock.lengths, of).join(alone).rename_axis("priority").reset_index()
    note = _(
        "The slowest tenth is one ticket at least. With the open: one still open counts as one "
        "that takes longer than its age; —: not reached."
    )
    caption = clock.named(review, _("Time to resolution by priority"))
    yield Table(f"{clock.id}.priorities", caption, columns, rows(frame, columns), note)


def _fates(review: Review, whole: _Clock) -> Table:
    _ = review.wording.gettext
    frame = metrics.fates(whole.lengths)
    frame["fate"] = [_(FATES[fate]) for fate in frame["fate"]]
    columns = (
        Column("fate", _("What became of them")),
        Column("n", _("Tickets"), Unit.COUNT),
        Column("median", _("Median time until then"), Unit.HOURS),
    )
    note = _(
        "For open tickets, their age. Cancelled and merged tickets ended otherwise than by a "
        "resolution, and are in no duration of this chapter except those that the tool recorded. "
        "Unknown: over at no known time, or in no known state."
    )
    caption = _("What became of the tickets")
    return Table(f"{SLUG}.fates", caption, columns, rows(frame, columns), note)


def _distribution(review: Review, clock: _Clock) -> Figure:
    _, name = review.wording.gettext, f"{clock.id}.distribution"
    title = clock.named(review, _("How long resolutions took"))
    labels = {"median": _("Median"), "p90": _("P90"), "mean": _("Mean")}
    marks = {label: float(clock.figures[figure]) for figure, label in labels.items()}
    description = _(
        "Distribution on a logarithmic scale (n = {n}): median {median}, P90 {p90}, mean {mean}."
    )
    columns = (Column("label", _("Figure")), Column("hours", _("Hours"), Unit.HOURS))
    named = charts.Labels(name, clock.named(review, _("Hours to resolution")))
    drawn = charts.distribution(clock.resolved, marks, named, review.wording)
    table = Table(f"{name}.table", title, columns, tuple(marks.items()))
    return Figure(name, drawn, title, clock.say(review, description), table)


def _survival(review: Review, clock: _Clock) -> Figure:
    _, name = review.wording.gettext, f"{clock.id}.survival"
    title, curve = _("Tickets still unresolved as time goes by"), metrics.survival(clock.lengths)
    labels = {"alone": _("Median of the resolved"), "with_open": _("Median with the open")}
    marks = {label: float(clock.figures[figure]) for figure, label in labels.items()}
    reached = {label: hours for label, hours in marks.items() if np.isfinite(hours)}
    said = (
        _("half are resolved after {with_open}")
        if len(reached) == len(marks)
        else _("{left} are unresolved after {longest}, the longest time followed")
    )
    description = _(
        "Kaplan-Meier curve, open tickets counted (n = {followed}): {said}. The median of the "
        "resolved ones alone is {alone}."
    )
    if curve["low"].notna().any():
        description = _(
            "Kaplan-Meier curve with its 95% band, open tickets counted (n = {followed}): {said}. "
            "The median of the resolved ones alone is {alone}."
        )
    columns = (
        Column("hours", _("Hours since the opening"), Unit.HOURS),
        Column("share", _("Still unresolved"), Unit.SHARE),
        Column("low", _("Lower end (95%)"), Unit.SHARE),
        Column("high", _("Upper end (95%)"), Unit.SHARE),
        Column("at_risk", _("Tickets followed until then"), Unit.COUNT),
    )
    table = rows(metrics.thinned(curve, LISTED), columns)
    named = charts.Labels(name, _("Still unresolved, by hours since the opening"))
    drawn = charts.survival(metrics.thinned(curve, DRAWN), reached, named, review.wording)
    alternative = clock.say(review, description, said=clock.say(review, said))
    return Figure(name, drawn, title, alternative, Table(f"{name}.table", title, columns, table))


def _caveats(review: Review, log: Log, clock: _Clock) -> Iterator[Caveat]:
    """Yield what the mean hides, and what the open tickets and a missing log leave unsure."""
    _, n_, found = review.wording.gettext, review.wording.ngettext, clock.figures
    if found["n"] >= ENOUGH and found["mean"] > 0:
        hidden = _(
            "The mean is {mean}; {below_mean} of the tickets took less, and the slowest tenth took "
            "{slowest} of all the time. No trend is read into means."
        )
        yield Caveat(f"{SLUG}.mean", clock.say(review, hidden))
    if still := int(found["open"]):
        sentence = n_(
            "{n} ticket is still open and not among the resolved ones: the figures of these alone "
            "look shorter than they are. The median with the open ones supposes that it will be "
            "resolved as others of its age were.",
            "{n} tickets are still open and not among the resolved ones: the figures of these "
            "alone look shorter than they are. The median with the open ones supposes that they "
            "will be resolved as others of their age were.",
            still,
        )
        yield Caveat(f"{SLUG}.open", sentence)
    if review.contract.clause_ids() and not log.has_statuses:
        lost = _("Without a log of statuses, service hours are counted without any pause.")
        yield Caveat(f"{SLUG}.log", lost)


def _standing(review: Review, log: Log, clocks: list[_Clock]) -> Iterator[Caveat]:
    """Yield the open tickets whose service clock stands still: not followed as the others are."""
    _, n_ = review.wording.gettext, review.wording.ngettext
    for clock in clocks:
        still = clock.lengths.index[clock.lengths["fate"] == "open"]
        n = int(among(still, metrics.standing(log, clock.clause)).sum())
        sentence = _(
            "In service hours ({clause}), {tickets}. What a ticket waits for has to do with when "
            "it will be resolved; the median with the open tickets supposes that it has not, and "
            "may lie elsewhere."
        )
        tickets = n_(
            "{n} open ticket waits while its clock stands still",
            "{n} open tickets wait while their clock stands still",
            n,
        )
        if n:
            said = sentence.format(clause=clock.clause, tickets=tickets)
            yield Caveat(f"{clock.id}.standing", said)
