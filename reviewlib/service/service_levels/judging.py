"""Every ticket judged under the wordings of a clause, as columns by the place of the ticket.

What ``metrics.judged`` says of a review in one frame; the interpretations of a contract, and the
two sides of an amendment, count these columns and never become a frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewlib.calendars.clock import Clock, Pauses, WorkingDays
from reviewlib.calendars.instants import ALWAYS, MISSING, Seconds, as_durations, as_instants
from reviewlib.contract import Clause
from reviewlib.contract.clauses import Scope
from reviewlib.contract.targets import Target, delay
from reviewlib.service import history, pro_rata
from reviewlib.service.columns import Coded, Mask, Places, coded, later, of_words, whole_seconds
from reviewlib.service.log import Log
from reviewlib.service.service_levels.clocks import (
    Edges,
    Standstills,
    edges,
    over_at,
    standstills,
    starts,
    whole_second,
)

OUTCOME_OF = {
    "cancelled": "excluded",
    "merged": "excluded",
    "child": "excluded",
    "inherited": "excluded",
    "no_target": "excluded",
    "no_priority": "unknown",
    "undefined_status": "unknown",
    "no_time": "unknown",
    "no_service": "unknown",
    "late": "breached",
    "in_time": "met",
    "open": "running",
}
"""The outcome of each reason: a ticket has one, the first that holds."""
REASONS = tuple(OUTCOME_OF)
OUTCOMES = ("met", "breached", "running", "excluded", "unknown")
OUTCOME_CODES = np.array([OUTCOMES.index(outcome) for outcome in OUTCOME_OF.values()], dtype="int8")


class Wording(NamedTuple):
    """A clause as it reads for some tickets: its version of the terms, and its variant."""

    name: str
    version: int
    variant: int
    clause: Clause


class Judged(NamedTuple):
    """The verdicts on some tickets under one wording of a clause.

    ``place``: of each ticket among ``log.tickets``; ``priority``: the one that counts; ``site``:
    the one whose holidays count ("": none of its own). Then seconds, MISSING where there is none;
    ``because``: a number of ``REASONS``.
    """

    wording: Wording
    place: Places
    priority: Coded
    site: Coded
    start: Seconds
    stop: Seconds
    elapsed: Seconds
    target: Seconds
    extension: Seconds
    deadline: Seconds
    because: NDArray[np.int8]

    @property
    def outcome(self) -> NDArray[np.int8]:
        """The outcomes, as numbers of ``OUTCOMES``."""
        outcomes: NDArray[np.int8] = OUTCOME_CODES[self.because]
        return outcomes

    @property
    def calendars(self) -> tuple[str | None, ...]:
        """The calendar of each word of ``priority``; None where it has no target."""
        clause = self.wording.clause
        named = self.priority.words
        return tuple(clause.calendar_of(word) if word in clause.targets else None for word in named)

    @property
    def thresholds(self) -> tuple[float | None, ...]:
        """The share to keep of each word of ``priority``; None where the clause states none."""
        clause, named = self.wording.clause, self.priority.words
        return tuple(clause.threshold_of(p) if p in clause.targets else None for p in named)


class _Doubt(NamedTuple):
    """Another wording of a clause, and the places of which it can't be told if it covers them."""

    clause: Clause
    places: Places


class _Tickets(NamedTuple):
    """The tickets that a wording is about.

    ``unsure``: it can't be told whether it covers them. ``calendar``: of each word of
    ``priority``, None where it has no target; ``targeted``: the tickets that have one.
    """

    place: Places
    unsure: Mask
    edges: Edges
    priority: Coded
    calendar: tuple[str | None, ...]
    targeted: Mask
    site: Coded
    extension: Seconds


class _Measures(NamedTuple):
    """Elapsed and target service time and the deadline, MISSING where there is none."""

    elapsed: Seconds
    target: Seconds
    deadline: Seconds


def judged_by(log: Log, name: str) -> Iterator[Judged]:
    """Yield the verdicts of one clause, in parts: by version of the terms and variant."""
    versions = versions_of(log, name)
    for number, terms in enumerate(log.contract.versions):
        if name in terms.clauses:
            yield from judged_under(log, name, number, versions == number)


def versions_of(log: Log, name: str) -> np.ndarray:
    """Return the version of the terms that each ticket is judged under by a clause.

    The one in force when its clock first started, or an amendment in force by now that also
    applies to those still open on its day.
    """
    version = started_under(log, name)
    for number, amendment in enumerate(log.contract.amendments, start=1):
        since = log.contract.effective_from[number]
        wordings = (log.contract.versions[n].clauses.get(name) for n in (number, number - 1))
        clause = next(filter(None, wordings), None)
        if clause and amendment.applies_to == "open" and since <= log.as_of:
            runs = _runs_at(log, clause, whole_second(since))
            version = np.where((version < number) & runs, number, version)
    return version


def started_under(log: Log, name: str) -> np.ndarray:
    """Return the version of the terms in force when the clock of each ticket first started.

    The one in force by now, where it did not start yet.
    """
    opened = _version_at(log, log.seconds("opened_at"))
    version = opened
    for number, terms in enumerate(log.contract.versions):
        clause = terms.clauses.get(name)
        if clause and clause.starts_at != "opened":
            start = starts(log, clause)
            began = _version_at(log, np.where(start == MISSING, whole_second(log.as_of), start))
            version = np.where((opened == number) & (began > number), began, version)
    return version


def _version_at(log: Log, instants: Seconds) -> np.ndarray:
    effective = whole_seconds(log.contract.effective_from[1:])
    return np.searchsorted(effective, instants, side="right")


def _runs_at(log: Log, clause: Clause, instant: int) -> Mask:
    """Tell whether what the clause measures was still to come at an instant."""
    closing = clause.stops_at == "closure"
    over = over_at(
        log, instant, (*history.DONE[1:], history.CANCELLED) if closing else history.OVER
    )
    names = {"first_response": "first_replies", "first_resolution": "first_resolved"}
    if clause.stops_at in names:
        first = log.seconds(names[clause.stops_at])
        over = over | ((first != MISSING) & (first <= instant))
    return ~over


def judged_under(log: Log, name: str, version: int, chosen: Mask) -> Iterator[Judged]:
    """Yield the verdicts of a version of a clause on some tickets, each of its variants apart."""
    clause = log.contract.versions[version].clauses[name]
    place = np.flatnonzero(chosen)
    covered, unsure = _covered(log, clause, place)
    place, unsure = place[covered | unsure], unsure[covered | unsure]
    doubts: list[_Doubt] = []
    for number, own in enumerate(clause.variants, start=1):
        wording = Wording(name, version, number, clause.variant(number))
        covered, maybe = _covered(log, own, place)
        yield _judged(log, wording, place[covered], unsure[covered], doubts)
        doubts = [*doubts, _Doubt(wording.clause, place[maybe])]
        place, unsure = place[~covered], unsure[~covered]
    yield _judged(log, Wording(name, version, 0, clause), place, unsure, doubts)


def _covered(log: Log, scope: Scope, place: Places) -> tuple[Mask, Mask]:
    """Tell which tickets a clause or a variant covers, and of which that can't be told.

    A scope may name nothing. One whose service, site, group or kind is not told may be covered.
    """
    yes = np.ones(place.size, dtype=bool)
    maybe = yes.copy()
    for column, words in scope.columns.items():
        told = log.words(column).at(place)
        fits = told.isin(words)
        yes, maybe = yes & fits, maybe & (fits | (told.codes < 0))
    return yes, maybe & ~yes


def _judged(
    log: Log, wording: Wording, place: Places, unsure: Mask, doubts: list[_Doubt]
) -> Judged:
    """Return the verdicts of a clause, as it reads for the tickets at some places."""
    clause = wording.clause
    clock = edges(log, clause, place)
    site, extension = _own_holidays(log, place), log.extended_seconds(wording.name)[place]
    priority = log.priority_words(clause.priority).at(place)
    if clause.priority_change == "pro_rata":
        rows = pd.DataFrame({e: as_instants(getattr(clock, e)) for e in clock._fields}, index=place)
        priority = coded(pro_rata.priorities(log, clause, rows))
    calendar = tuple(clause.calendar_of(p) if p in clause.targets else None for p in priority.words)
    targeted = of_words(priority, (name is not None for name in calendar), False)
    unsure = unsure & targeted
    for other in doubts:
        differs = priority.isin(_differing(clause, other.clause))
        unsure = unsure | (np.isin(place, other.places) & differs)
    tickets = _Tickets(place, unsure, clock, priority, calendar, targeted, site, extension)
    measures = _measures(log, clause, tickets)
    because = _reasons(log, clause, tickets, measures)
    undecided = OUTCOME_CODES[because] >= OUTCOMES.index("excluded")
    elapsed = np.where(undecided, MISSING, measures.elapsed)
    return Judged(
        wording, place, priority, site, clock.start, clock.stop, elapsed, measures.target,
        extension, measures.deadline, because,
    )  # fmt: skip


def _differing(one: Clause, other: Clause) -> set[str]:
    """Return the priorities of which two wordings of a clause state other terms."""

    def terms(clause: Clause, priority: str) -> object:
        if priority not in clause.targets:
            return None
        stated = clause.targets[priority], clause.calendar_of(priority)
        return (*stated, clause.threshold_of(priority))

    every = {*one.targets, *other.targets}
    return {priority for priority in every if terms(one, priority) != terms(other, priority)}


def _own_holidays(log: Log, place: Places) -> Coded:
    """Return the site where it has public holidays of its own, else ""."""
    every = [pair for terms in log.contract.versions for pair in terms.sites.items()]
    own = {name for name, site in every if site.has_own_holidays}
    stated = log.words("site")
    words = ("", *(word for word in stated.words if word in own))
    number = of_words(stated, (words.index(w) if w in own else 0 for w in stated.words), 0)
    return Coded(number[place], words)


# ------------------------------------------------------------------------------ how long it took


def _measures(log: Log, clause: Clause, tickets: _Tickets) -> _Measures:
    """Return what the clocks of the tickets measured."""
    still = standstills(log, clause, tickets.place, tickets.edges.start, tickets.edges.stop)
    timed = np.flatnonzero(tickets.targeted & (tickets.edges.start != MISSING))
    if clause.priority_change == "pro_rata":
        return _weighed(log, clause, tickets, timed, still)
    columns = [np.full(tickets.place.size, MISSING) for _ in _Measures._fields]
    calendars = sorted({name for name in tickets.calendar if name is not None})
    number = of_words(
        tickets.priority, (calendars.index(c) if c else -1 for c in tickets.calendar), -1
    )
    group = number[timed] * len(tickets.site.words) + tickets.site.codes[timed]
    for one in np.unique(group):
        rows = timed[group == one]
        calendar, site = divmod(int(one), len(tickets.site.words))
        clock = log.hours(calendars[calendar], tickets.site.words[site]).clock
        measured = _measured(clock, clause, tickets, rows, still.pauses)
        for column, values in zip(columns, measured, strict=True):
            column[rows] = values
    return _Measures(*columns)


def _measured(
    clock: Clock, clause: Clause, tickets: _Tickets, rows: Places, pauses: Pauses
) -> _Measures:
    """Return what one clock measured on some rows of the tickets."""
    position = np.full(tickets.place.size, -1)
    position[rows] = np.arange(rows.size)
    own = position[pauses.row] >= 0
    pauses = Pauses(position[pauses.row[own]], pauses.since[own], pauses.until[own])
    start, stop, until = (column[rows] for column in tickets.edges)
    end = np.where(stop == MISSING, until, stop)
    ended = (end != MISSING) & (end >= start)
    elapsed = np.where(ended, clock.elapsed(start, np.where(ended, end, start), pauses), MISSING)
    target, floor = _targets(clock, clause.targets, tickets.priority.at(rows), start)
    more = tickets.extension[rows]
    floor = np.where(more > 0, start, floor)
    return _Measures(elapsed, target + more, clock.reached(start, target + more, floor, pauses))


def _targets(
    clock: Clock, stated: dict[str, Target], priority: Coded, start: Seconds
) -> tuple[Seconds, Seconds]:
    """Return the service time of each target, and the instant before which it is not reached."""
    target, floor = np.zeros_like(start), start.copy()
    for code, word in enumerate(priority.words):
        rows = np.flatnonzero(priority.codes == code)
        if not rows.size:
            continue
        asked = delay(stated[word])
        if isinstance(asked, WorkingDays):
            floor[rows] = clock.days_later(start[rows], asked)
            target[rows] = clock.elapsed(start[rows], floor[rows])
        else:
            target[rows] = int(asked.total_seconds())
    return target, floor


def _weighed(
    log: Log, clause: Clause, tickets: _Tickets, timed: Places, still: Standstills
) -> _Measures:
    """Return what was measured by a clause that weighs the priorities that a ticket had."""
    columns = {name: as_instants(column[timed]) for name, column in tickets.edges._asdict().items()}
    rows = pd.DataFrame(columns, index=tickets.place[timed])
    rows["site"] = Coded(tickets.site.codes[timed], tickets.site.words).text().array
    rows["extension"] = as_durations(tickets.extension[timed])
    row, since, until = still.pauses
    gone = np.isin(row, timed)
    ends = as_instants(np.where(until[gone] == ALWAYS, MISSING, until[gone]))
    pauses = pd.DataFrame({"row": tickets.place[row[gone]], "from": as_instants(since[gone])})
    found = pro_rata.weighed(log, clause, rows, pauses.assign(to=ends)).reindex(tickets.place)
    return _Measures(*(whole_seconds(found[name]) for name in _Measures._fields))


# --------------------------------------------------------------------------------- what it means


def _reasons(log: Log, clause: Clause, tickets: _Tickets, measures: _Measures) -> np.ndarray:
    """Return why each ticket has its outcome, as a number of ``REASONS``.

    Late is elapsed > target, never stop > deadline.
    """
    state = log.words("state").at(tickets.place)
    undefined = log.resolutions["undefined"].to_numpy("bool")[tickets.place]
    start, stop, _ = tickets.edges
    waiting = _start_to_come(log, clause, tickets.place) & ~state.isin(history.OVER)
    stopped, (unseen, lost) = stop != MISSING, _unseen(log, clause, state)
    listed = {priority for terms in log.contract.versions for priority in terms.priorities}
    elapsed, target = measures.elapsed, measures.target
    first = [  # the first that holds
        *_left_out(log, clause, tickets.place, state),
        ("no_priority", ~tickets.priority.isin(listed)),
        ("no_service", tickets.unsure),
        ("no_target", ~tickets.targeted),
        ("undefined_status", undefined),
        ("open", (start == MISSING) & waiting),
        ("no_time", (elapsed == MISSING) | (lost & ~stopped)),
        ("late", later(elapsed, target)),
        ("no_time", unseen & ~stopped),
        ("in_time", stopped),
    ]
    because = np.full(tickets.place.size, REASONS.index("open"), dtype="int8")
    for why, holds in reversed(first):
        because[holds] = REASONS.index(why)
    return because


def _left_out(log: Log, clause: Clause, place: Places, state: Coded) -> Iterator[tuple[str, Mask]]:
    """Yield each reason for which the clause leaves tickets out, and of which it holds."""
    relation, opened = log.words("relation").at(place), log.seconds("opened_at")[place]
    every = {
        "cancelled": state.isin([history.CANCELLED]),
        "merged": relation.isin(["merged"]),
        "child": relation.isin(["child"]),
        "inherited": opened < whole_second(log.contract.first_instant),
    }
    yield from ((why, holds) for why, holds in every.items() if why in clause.excludes)


def _unseen(log: Log, clause: Clause, state: Coded) -> tuple[Mask, Mask]:
    """Tell, were the stop not seen, whether it may have been, and whether no elapsed time counts.

    The first keeps a ticket from being open, the second from being late too.
    """
    if clause.stops_at == "first_response":
        unseen = np.full(state.codes.size, not log.has_replies)
        return unseen | state.isin(history.OVER), unseen
    done = history.DONE[1:] if clause.stops_at == "closure" else history.DONE
    ended = state.isin((*done, history.CANCELLED)) | (state.codes < 0)
    return ended, ended


def _start_to_come(log: Log, clause: Clause, place: Places) -> Mask:
    """Tell whether a clock that the log has not seen start can still start.

    The log must tell of starts; a ticket that has a team, and not since when, may have started.
    """
    told = clause.starts_at == "started" and log.has_statuses
    if clause.starts_at == "assigned":
        told = log.tells("group") or log.tells("assignee")
        return (log.words("group").codes[place] < 0) & told
    return np.full(place.size, told)
