"""Signals: patterns of the log that both parties may want to talk about (F9)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reviewlib.contract import Clause
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import EMPTY, N_, Text, n_, sentences
from reviewlib.report.values import Section, Side, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.log import Log
from reviewlib.service.signals import metrics, words
from reviewlib.service.signals.words import Signal
from reviewlib.service.words import NO_LOG, NO_RESOLUTION

LISTED = 200  # tickets that a finding names, and rows that a table lists


@dataclass(frozen=True)
class Occurrences:
    """A signal that occurs ``count`` times of ``n``: its cases, one row each, and their tickets.

    ``detail`` follows its sentence. ``count`` None: it can't be looked for, ``because``.
    """

    count: int | None = None
    n: int | None = None
    cases: pd.DataFrame | None = None
    tickets: tuple[str, ...] = ()
    detail: Text = EMPTY
    expected: float | None = None
    because: Text = EMPTY

    @property
    def asks(self) -> bool:
        """Whether it raises its question: it occurs, and more often than chance would give."""
        return (self.count or 0) > (self.expected or 0.0)

    @property
    def clause(self) -> str:
        """The clauses under which the cases are judged, where they are."""
        if self.cases is None or "clause" not in self.cases:
            return ""
        return ", ".join(sorted(self.cases["clause"].unique()))


def signals(review: Review) -> Section:
    """Return the chapter on what the log suggests to talk about; it accuses no one."""
    c = Chapter(review, "signals", N_("Signals to discuss"))
    log = results.current(review)
    if log is None:
        return c.not_assessed(review.absent("tickets"))
    verdicts = metrics.of_resolution(review.contract, results.current_verdicts(review))
    occurrences = (
        (words.WAITS, _waits(log, verdicts)),
        (words.REOPENED, _reopened(log)),
        (words.LOWERED, _lowered(log, verdicts)),
        (words.MONTH_ENDS, _month_ends(c, log, verdicts)),
        (words.UNWORKED, _unworked(log)),
    )
    _opening(c, [of_signal for _signal, of_signal in occurrences])
    lines = [
        (signal.label, signal.definition, of_signal.count, of_signal.n, of_signal.expected)
        for signal, of_signal in occurrences
    ]
    c.table(words.DEFINITIONS, lines)
    for signal, of_signal in occurrences:
        _signal(c, signal, of_signal)
    if log.has_statuses:
        fields = [words.WORK[field] for field in _untraced(log)]
        c.caveat("untold", words.NO_TRACE(fields=fields), when=0 < len(fields) < len(metrics.WORK))
        c.caveat("silent", words.SILENT, n=len(log.silent))
    return c.section()


# The five signals


def _waits(log: Log, verdicts: pd.DataFrame) -> Occurrences:
    if not any(clause.pauses for clause in _clauses(log)):
        return Occurrences(because=N_("no resolution clause is paused by a status"))
    waits = metrics.waits(log, verdicts)
    if waits.empty:
        return _none(log, N_("no wait was set before the deadline of a ticket"))
    expected = metrics.expected_waits(verdicts, waits)
    late, detail = waits[waits["late"]], words.EXPECTED(expected=expected)
    return Occurrences(len(late), len(waits), late, _ids(late), detail, expected)


def _reopened(log: Log) -> Occurrences:
    resolved = log.resolutions["first_resolved"].drop(log.silent).notna()
    if not resolved.any():
        return _none(log, NO_RESOLUTION)
    reopenings = metrics.reopenings(log.spans)
    soon = reopenings[reopenings["soon"]]
    return Occurrences(len(_ids(soon)), int(resolved.sum()), soon, _ids(soon))


def _lowered(log: Log, verdicts: pd.DataFrame) -> Occurrences:
    if not _clauses(log):
        return Occurrences(because=N_("the contract has no clause on resolution"))
    if not log.tells("priority"):
        because = N_("the log has no change of priority (ticket_events.csv, field priority)")
        return Occurrences(because=because)
    lowerings = metrics.lowerings(log, verdicts)
    if lowerings.empty:
        return Occurrences(because=N_("no priority was lowered while a clock ran"))
    late = lowerings[lowerings["late"]]
    return Occurrences(len(late), len(lowerings), late, _ids(late))


def _month_ends(c: Chapter, log: Log, verdicts: pd.DataFrame) -> Occurrences:
    moments = metrics.resolved(log)
    months = metrics.month_ends(moments, log, metrics.usual_calendar(verdicts))
    if months.empty:
        because = N_("no month is whole and has enough days and resolutions to compare")
        return Occurrences(because=because)
    above = months[months["above"]]
    details = [
        c.of_row(words.ABOVE(resolved=words.RESOLUTIONS(n=month.resolved)), month)
        for month in above.itertuples()
    ]
    tickets = metrics.resolved_on(moments, above["day"], log.contract.time_zone)
    expected = float(months["chance"].sum())
    detail = sentences(words.BY_CHANCE(expected=expected), *details)
    return Occurrences(len(above), len(months), months, tuple(tickets), detail, expected)


def _unworked(log: Log) -> Occurrences:
    if not log.has_statuses:
        return Occurrences(because=NO_LOG)
    if len(_untraced(log)) == len(metrics.WORK):
        because = N_("the log tells neither teams, nor assignees, nor answers (ticket_events.csv)")
        return Occurrences(because=because)
    unworked = metrics.unworked(log)
    if unworked.empty:
        return Occurrences(because=N_("no ticket was resolved after its opening"))
    cases = pd.DataFrame({"ticket_id": unworked.index[unworked].sort_values()})
    cases["opened_at"] = cases["ticket_id"].map(log.tickets.set_index("ticket_id")["opened_at"])
    cases["resolved_at"] = cases["ticket_id"].map(log.resolutions["first_resolved"])
    return Occurrences(len(cases), len(unworked), cases, _ids(cases))


def _none(log: Log, because: Text) -> Occurrences:
    """Return that a signal can't be looked for: for want of a log above all."""
    return Occurrences(because=because if log.has_statuses else NO_LOG)


def _clauses(log: Log) -> list[Clause]:
    versions = log.contract.versions
    every = [clause for terms in versions for clause in terms.clauses.values()]
    return [clause for clause in every if clause.measure == "resolution"]


def _untraced(log: Log) -> list[str]:
    """Return the fields of work of which the log tells nothing."""
    return [field for field in metrics.WORK if not log.tells(field)]


def _ids(cases: pd.DataFrame) -> tuple[str, ...]:
    return tuple(cases["ticket_id"].drop_duplicates())


# What is printed


def _opening(c: Chapter, occurrences: list[Occurrences]) -> None:
    if n := sum(of_signal.count is not None for of_signal in occurrences):
        k = sum(of_signal.asks for of_signal in occurrences)
        questions = n_("{n} question to discuss", "{n} questions to discuss")(n=k)
        looked_for = n_("{n} signal looked for", "{n} signals looked for")(n=n)
        c.headline(N_("{questions}; {signals}.")(questions=questions, signals=looked_for))
    else:
        c.headline(N_("None of the signals could be looked for."))
    c.intro(words.INTRO)


def _signal(c: Chapter, signal: Signal, occurrences: Occurrences) -> None:
    """Add how often a signal occurs, what it asks if more often than by chance, and its cases."""
    count, n, source, name = occurrences.count, occurrences.n, signal.source, signal.name
    clause, because = occurrences.clause, occurrences.because
    c.fact(name, signal.label, count, n=n, source=source, clause=clause, because=because)
    if count is None:
        return
    if (expected := occurrences.expected) is not None:
        label = words.EXPECTATIONS[name]
        c.fact(f"{name}.expected", label, expected, Unit.SCORE, n=n, source=source)
    question = N_("{signal} – {question}")(signal=signal.label, question=signal.question)
    c.neutral(
        name,
        sentences(signal.sentence(k=count, n=n), occurrences.detail or words.NO_CHANCE),
        about=occurrences.tickets or None,
        decision=question if occurrences.asks else EMPTY,
        decider=Side.BOTH,
        clause=clause,
        evidence=LISTED,
    )
    cases = occurrences.cases
    if cases is not None and len(cases):
        lengths = cases.select_dtypes("timedelta") / pd.Timedelta(seconds=1)
        c.table(signal.cases.but(listed=LISTED), cases.assign(**lengths))
