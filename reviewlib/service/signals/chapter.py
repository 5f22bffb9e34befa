"""Signals: patterns of the log that both parties may want to talk about (F9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from reviewlib.contract import Clause
from reviewlib.pages.wording import N_
from reviewlib.report.values import Caveat, Column, Fact, Finding, Kind, Section, Table, Unit, rows
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.log import Log
from reviewlib.service.signals import metrics

SLUG = "signals"
LISTED = 200  # tickets that a finding names, and rows that a table lists


@dataclass(frozen=True)
class Words:
    """What a signal is, what is said when it was looked for, and the question that it raises.

    ``sentence`` holds ``{found}`` and ``{every}``; ``columns``: those of the table of its cases.
    """

    label: str
    definition: str
    sentence: str
    question: str
    source: str
    columns: tuple[str, ...]


WORDS = {
    "waits": Words(
        N_("Waits set in the last fifth of the delay"),
        N_(
            "A status that pauses the clock of the resolution clause is set while the clock runs, "
            "once four fifths of the target are used and before the deadline. Where several "
            "clauses on resolution time a ticket, a wait counts once for each clock that it pauses."
        ),
        N_("Waits set in the last fifth of their delay: {found} of the {every} set within it."),
        N_("What was awaited in each of these waits, and could it have been asked for sooner?"),
        N_("ticket_events.csv: status"),
        ("ticket_id", "clause", "priority", "at", "status", "run", "target"),
    ),
    "reopened": Words(
        N_("Tickets reopened within 24 hours"),
        N_(
            "A ticket is resolved or closed, then active again at most 24 hours later, nights and "
            "week-ends included."
        ),
        N_("Tickets reopened within 24 hours: {found} of the {every} resolved at least once."),
        N_("What was missing when these tickets were resolved, and had the caller been asked?"),
        N_("ticket_events.csv: status"),
        ("ticket_id", "resolved_at", "reopened_at"),
    ),
    "lowered": Words(
        N_("Priorities lowered near the deadline or after it"),
        N_(
            "The priority changes to a less urgent one before the resolution, once four fifths of "
            "the target of the priority before are used, or after its deadline."
        ),
        N_(
            "Priorities lowered in the last fifth of their delay or after it: {found} of the "
            "{every} lowered before the resolution."
        ),
        N_("What had changed for these tickets, and did both parties agree to the new priority?"),
        N_("ticket_events.csv: priority, status"),
        ("ticket_id", "clause", "at", "old", "new", "run", "target"),
    ),
    "month_ends": Words(
        N_("Months that end with unusually many resolutions"),
        N_(
            "More tickets are resolved on the last working day of a month than the limit drawn "
            "from its other working days. A working day has service hours on the calendar by "
            "which most tickets are judged; where there is none, it is Monday to Friday. "
            "Compared are the months that are over, covered from their first working day on, and "
            "with {days} other working days or more."
        ),
        N_(
            "Months whose last working day has more resolutions than its limit: {found} of the "
            "{every} compared."
        ),
        N_("Were these tickets solved on that day, or before, and put in order then?"),
        N_("ticket_events.csv: status; without it, tickets.csv: resolved_at"),
        ("month", "day", "resolved", "others", "mean", "limit", "above"),
    ),
    "unworked": Words(
        N_("Tickets resolved without a trace of work"),
        N_(
            "From the opening to the first resolution the log has no answer that the provider "
            "gave or may have given, no change of team or assignee (what a rule of the tool did "
            "excepted) and no other status than the first. Tickets merged into another, or "
            "children of one, are left out."
        ),
        N_(
            "Tickets resolved without a trace of work: {found} of the {every} resolved after their "
            "opening."
        ),
        N_("Where was the work on these tickets done, and should the log show it?"),
        N_("ticket_events.csv: status, group, assignee, public_reply"),
        ("ticket_id", "opened_at", "resolved_at"),
    ),
}
UNTOLD = {
    "group": N_("changes of team"),
    "assignee": N_("changes of assignee"),
    "public_reply": N_("answers to callers"),
}
COLUMNS = {
    "ticket_id": Column("ticket_id", N_("Ticket")),
    "clause": Column("clause", N_("Clause")),
    "priority": Column("priority", N_("Priority")),
    "at": Column("at", N_("When"), Unit.INSTANT),
    "status": Column("status", N_("Status"), quoted=True),
    "run": Column("run", N_("Delay used by then"), Unit.SECONDS),
    "target": Column("target", N_("Target"), Unit.SECONDS),
    "old": Column("old", N_("From")),
    "new": Column("new", N_("To")),
    "opened_at": Column("opened_at", N_("Opened"), Unit.INSTANT),
    "resolved_at": Column("resolved_at", N_("Resolved at"), Unit.INSTANT),
    "reopened_at": Column("reopened_at", N_("Reopened"), Unit.INSTANT),
    "month": Column("month", N_("Month"), Unit.MONTH),
    "day": Column("day", N_("Last working day"), Unit.DATE),
    "resolved": Column("resolved", N_("Resolved on it"), Unit.COUNT),
    "others": Column("others", N_("Other working days"), Unit.COUNT),
    "mean": Column("mean", N_("A day on the others"), Unit.SCORE),
    "limit": Column("limit", N_("Limit"), Unit.COUNT),
    "above": Column("above", N_("Above the limit")),
}


@dataclass(frozen=True)
class Found:
    """A signal found ``count`` times of ``n``: its cases, one row each, and their tickets.

    ``more`` is said after its sentence. ``count`` None: it can't be looked for, ``because``.
    """

    count: int | None = None
    n: int = 0
    cases: pd.DataFrame | None = None
    tickets: tuple[str, ...] = ()
    more: str = ""
    expected: float | None = None
    because: str = ""

    @property
    def asks(self) -> bool:
        """Whether it raises its question: it was found, and more often than chance would give."""
        return (self.count or 0) > (self.expected or 0.0)


def signals(review: Review) -> Section:
    """Return the chapter on what the log suggests to talk about; it accuses no one."""
    _, log = review.wording.gettext, results.log(review)
    if log is None:
        return review.not_assessed(SLUG, _("Signals to discuss"), review.absence("tickets"))
    verdicts = metrics.of_resolution(review.contract, results.verdicts(review))
    looked = {name: look(review, log, verdicts) for name, look in LOOKS.items()}
    return review.section(
        SLUG,
        _("Signals to discuss"),
        headline=_headline(review, looked),
        intro=_(
            "A signal is a pattern in the log that may have good reasons. It is a question to both "
            "parties and accuses no one; it is about tickets, never about a person or a team."
        ),
        facts=tuple(fact for name in looked for fact in _facts(review, name, looked[name])),
        findings=tuple(_findings(review, looked)),
        tables=(_definitions(review, looked), *_cases(review, looked)),
        caveats=tuple(_caveats(review, log)),
    )


# ------------------------------------------------------------------------------- the five signals


def _waits(review: Review, log: Log, verdicts: pd.DataFrame) -> Found:
    _, w = review.wording.gettext, review.wording
    if not any(clause.pauses for clause in _clauses(log)):
        return Found(because=_("no resolution clause is paused by a status"))
    found = metrics.waits(log, verdicts)
    if found.empty:
        because = _("no wait was set before the deadline of a ticket")
        return Found(because=_no_log(review, log) or because)
    expected = metrics.expected_waits(verdicts, found)
    more = _("Set at any moment of the delay, {expected} would be.").format(
        expected=w.number(expected, 1)
    )
    late = found[found["late"]]
    return Found(len(late), len(found), late, _names(late), more, expected)


def _reopened(review: Review, log: Log, _verdicts: pd.DataFrame) -> Found:
    _ = review.wording.gettext
    resolved = log.resolutions["first_resolved"].drop(log.silent).notna()
    if not resolved.any():
        return Found(because=_no_log(review, log) or _("no ticket was resolved"))
    found = metrics.reopenings(log.spans)
    soon = found[found["soon"]]
    return Found(len(_names(soon)), int(resolved.sum()), soon, _names(soon))


def _lowered(review: Review, log: Log, verdicts: pd.DataFrame) -> Found:
    _ = review.wording.gettext
    if not _clauses(log):
        return Found(because=_("the contract has no clause on resolution"))
    if not log.tells("priority"):
        because = _("the log has no change of priority (ticket_events.csv, field priority)")
        return Found(because=because)
    found = metrics.lowerings(log, verdicts)
    if found.empty:
        return Found(because=_("no priority was lowered while a delay ran"))
    late = found[found["late"]]
    return Found(len(late), len(found), late, _names(late))


def _month_ends(review: Review, log: Log, verdicts: pd.DataFrame) -> Found:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    moments = metrics.resolved(log)
    months = metrics.month_ends(moments, log, metrics.usual_calendar(verdicts))
    if months.empty:
        return Found(because=_("no month is whole and has enough days and resolutions to compare"))
    above = months[months["above"]]
    told = [
        _("{day}: {resolved}, against {mean} a day on its {days} other working days.").format(
            day=w.date(month.day),
            resolved=n_("{n} resolution", "{n} resolutions", month.resolved),
            mean=w.number(month.mean, 1),
            days=w.number(month.others),
        )
        for month in above.itertuples()
    ]
    tickets = metrics.resolved_on(moments, above["day"], review.contract.time_zone)
    return Found(len(above), len(months), months, tuple(tickets), " ".join(told))


def _unworked(review: Review, log: Log, _verdicts: pd.DataFrame) -> Found:
    _ = review.wording.gettext
    if because := _no_log(review, log):
        return Found(because=because)
    if len(_untold(log)) == len(metrics.WORK):
        because = _("the log tells neither teams, nor assignees, nor answers (ticket_events.csv)")
        return Found(because=because)
    known = metrics.unworked(log)
    if known.empty:
        return Found(because=_("no ticket was resolved after its opening"))
    names = known.index[known].sort_values()
    cases = pd.DataFrame({"ticket_id": names})
    cases["opened_at"] = cases["ticket_id"].map(log.tickets.set_index("ticket_id")["opened_at"])
    cases["resolved_at"] = cases["ticket_id"].map(log.resolutions["first_resolved"])
    return Found(len(names), len(known), cases, tuple(names))


LOOKS: dict[str, Callable[[Review, Log, pd.DataFrame], Found]] = {
    "waits": _waits,
    "reopened": _reopened,
    "lowered": _lowered,
    "month_ends": _month_ends,
    "unworked": _unworked,
}


def _clauses(log: Log) -> list[Clause]:
    versions = log.contract.versions
    every = [clause for terms in versions for clause in terms.clauses.values()]
    return [clause for clause in every if clause.measure == "resolution"]


def _no_log(review: Review, log: Log) -> str:
    _ = review.wording.gettext
    because = _("the folder has no log of status changes (ticket_events.csv)")
    return "" if log.has_statuses else because


def _untold(log: Log) -> list[str]:
    """Return the fields of work of which the log tells nothing."""
    return [field for field in metrics.WORK if not log.tells(field)]


def _names(cases: pd.DataFrame) -> tuple[str, ...]:
    return tuple(cases["ticket_id"].drop_duplicates())


# --------------------------------------------------------------------------------- what is printed


def _headline(review: Review, looked: dict[str, Found]) -> str:
    _, n_ = review.wording.gettext, review.wording.ngettext
    every = sum(found.count is not None for found in looked.values())
    if not every:
        return _("None of the signals could be looked for.")
    asked = sum(found.asks for found in looked.values())
    return _("{asked}; {every}.").format(
        asked=n_("{n} question to discuss", "{n} questions to discuss", asked),
        every=n_("{n} signal looked for", "{n} signals looked for", every),
    )


def _facts(review: Review, name: str, found: Found) -> Iterator[Fact]:
    _, words, clause = review.wording.gettext, WORDS[name], _judging(found)
    source, n = _(words.source), None if found.count is None else found.n
    yield Fact(
        f"{SLUG}.{name}",
        _(words.label),
        found.count,
        Unit.COUNT,
        n=n,
        clause=clause,
        source=source,
        note=found.because,
    )
    if found.expected is not None:
        label = _("Waits expected in the last fifth, were they set at any moment of the delay")
        fact_id = f"{SLUG}.{name}.expected"
        yield Fact(fact_id, label, found.expected, Unit.SCORE, n=n, source=source)


def _findings(review: Review, looked: dict[str, Found]) -> Iterator[Finding]:
    """Yield what was found; a question is raised by more than none, or than chance would give."""
    _, w = review.wording.gettext, review.wording
    for name, found in looked.items():
        if found.count is None:
            continue
        said = _(WORDS[name].sentence).format(found=w.number(found.count), every=w.number(found.n))
        question = _("{signal} – {question}").format(
            signal=_(WORDS[name].label), question=_(WORDS[name].question)
        )
        sentence, evidence = f"{said} {found.more}".strip(), found.tickets[:LISTED]
        yield Finding(
            f"{SLUG}.{name}",
            sentence,
            Kind.NEUTRAL,
            evidence,
            question if found.asks else "",
            _judging(found),
        )


def _judging(found: Found) -> str:
    """Return the clauses under which the cases of a signal are judged, where they are."""
    if found.cases is None or "clause" not in found.cases:
        return ""
    return ", ".join(sorted(found.cases["clause"].unique()))


def _definitions(review: Review, looked: dict[str, Found]) -> Table:
    _ = review.wording.gettext
    columns = (
        Column("label", _("Signal")),
        Column("definition", _("What it is")),
        Column("count", _("Found"), Unit.COUNT),
        Column("n", _("Of"), Unit.COUNT),
        Column("expected", _("Expected"), Unit.SCORE),
    )
    printed = tuple(
        (
            _(WORDS[name].label),
            _(WORDS[name].definition).format(days=metrics.OTHER_DAYS),
            found.count,
            None if found.count is None else found.n,
            found.expected,
        )
        for name, found in looked.items()
    )
    note = _(
        "Expected: for each clause and priority, the part of the time run within the target that "
        "was run in its last fifth, times the waits set; no fair expectation is known for the "
        "others. Limit of a month: what an ordinary day passes once in 1,000 by the Poisson law "
        "of the mean of the other working days; resolutions that come in batches pass it more "
        "often."
    )
    return Table(f"{SLUG}.definitions", _("Signals and their definitions"), columns, printed, note)


def _cases(review: Review, looked: dict[str, Found]) -> Iterator[Table]:
    _, w = review.wording.gettext, review.wording
    for name, found in looked.items():
        if found.cases is None or found.cases.empty:
            continue
        plain = [COLUMNS[key] for key in WORDS[name].columns]
        columns = tuple(replace(column, label=_(column.label)) for column in plain)
        shown = rows(_in_seconds(found.cases.head(LISTED)), columns)
        cut = _("The first {shown} of {every}.").format(
            shown=w.number(len(shown)), every=w.number(len(found.cases))
        )
        note = cut if len(shown) < len(found.cases) else ""
        caption = _(WORDS[name].label)
        yield Table(f"{SLUG}.{name}.cases", caption, columns, shown, note, folded=True)


def _in_seconds(cases: pd.DataFrame) -> pd.DataFrame:
    lengths = cases.select_dtypes("timedelta")
    return cases.assign(**{name: lengths[name] / pd.Timedelta(seconds=1) for name in lengths})


def _caveats(review: Review, log: Log) -> Iterator[Caveat]:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    untold = [_(UNTOLD[field]) for field in _untold(log)]
    if log.has_statuses and 0 < len(untold) < len(metrics.WORK):
        sentence = _(
            "The log does not tell: {fields}. Tickets resolved without a trace of work are those "
            "without any in the rest of the log."
        )
        yield Caveat(f"{SLUG}.untold", sentence.format(fields=w.listed(untold)))
    if log.has_statuses and len(log.silent):
        sentence = n_(
            "{n} ticket has no status in the log: of the signals, only the month ends count it.",
            "{n} tickets have no status in the log: of the signals, only the month ends count "
            "them.",
            len(log.silent),
        )
        yield Caveat(f"{SLUG}.silent", sentence)
