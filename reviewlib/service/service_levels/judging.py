"""Every ticket judged under the wordings of a clause, as columns by the place of the ticket.

What ``metrics.judged`` says of a review in one frame; the interpretations of a contract, and the
two sides of an amendment, count these columns and never become a frame.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewlib.calendars.instants import MISSING, Seconds, as_instants
from reviewlib.calendars.zones import midnights
from reviewlib.contract import Clause, Terms
from reviewlib.contract.clauses import Scope
from reviewlib.service import history, pro_rata
from reviewlib.service.columns import Coded, Mask, Places, coded, of_words, whole_seconds
from reviewlib.service.log import Log
from reviewlib.service.service_levels.clocks import (
    edges,
    over_at,
    starts,
    whole_second,
)
from reviewlib.service.service_levels.measures import Tickets, measures
from reviewlib.service.service_levels.reasons import OUTCOME_CODES, OUTCOMES, reasons

COLUMNS = (
    "place", "version", "start", "stop", "elapsed", "target", "extension", "deadline", "because",
)  # fmt: skip
"""Those of ``Judged`` that are arrays."""


class AppliedClause(NamedTuple):
    """A clause as it reads for some tickets: a version of the terms that words it so, a variant."""

    name: str
    version: int
    variant: int
    clause: Clause


class Judged(NamedTuple):
    """The verdicts on some tickets under one wording of a clause.

    ``place``: of each ticket among ``log.tickets``; ``version``: of the terms that it is judged
    under, of which several may have this wording; ``priority``: the one that counts; ``site``: the
    one whose holidays count ("": none of its own). Then seconds, MISSING where there is none;
    ``because``: a number of ``REASONS``.
    """

    wording: AppliedClause
    place: Places
    version: Places
    priority: Coded
    site: Coded
    start: Seconds
    stop: Seconds
    elapsed: Seconds
    target: Seconds
    extension: Seconds
    deadline: Seconds
    because: NDArray[np.int8]

    def at(self, rows: Places) -> Judged:
        """Return the verdicts in some rows."""
        columns = {name: getattr(self, name)[rows] for name in COLUMNS}
        return self._replace(priority=self.priority.at(rows), site=self.site.at(rows), **columns)

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


def judged_by(log: Log, name: str) -> Iterator[Judged]:
    """Yield the verdicts of one clause, in parts: by wording of the terms and variant."""
    versions = versions_of(log, name)
    for numbers in _alike(log.contract.versions, name):
        for part in judged_under(log, name, numbers[0], np.isin(versions, numbers)):
            yield _in_period(log, part._replace(version=versions[part.place]))


def _in_period(log: Log, part: Judged) -> Judged:
    """Return the verdicts that belong to the period of a log, by the clause's rule of months."""
    if log.period is None:
        return part
    zone = log.contract.time_zone
    days = pd.DatetimeIndex([log.period.first, log.period.last + dt.timedelta(days=1)])
    first, end = whole_seconds(midnights(days, zone))
    moments = counted_at(log, part.wording.clause.month, part)
    return part.at(np.flatnonzero((moments >= first) & (moments < end)))


def counted_at(log: Log, rule: str, part: Judged) -> Seconds:
    """Return the moment by which each verdict belongs to a month: due, opened or resolved.

    What has no such moment belongs to that of the review while its clock can still run, and to
    that of its opening where there is no verdict to wait for.
    """
    moments = {
        "due": part.deadline,
        "resolved": part.stop,
        "opened": log.seconds("opened_at")[part.place],
    }
    verdict_to_come = np.isin(part.outcome, [OUTCOMES.index("running"), OUTCOMES.index("breached")])
    otherwise = np.where(verdict_to_come, whole_second(log.as_of), moments["opened"])
    return np.where(moments[rule] == MISSING, otherwise, moments[rule])


def _alike(versions: Sequence[Terms], name: str) -> list[list[int]]:
    """Return the versions that have a clause, those that word it alike together."""
    wordings: list[tuple[Clause, list[int]]] = []
    for number, terms in enumerate(versions):
        if clause := terms.clauses.get(name):
            alike = next((numbers for other, numbers in wordings if other == clause), None)
            if alike is None:
                wordings.append((clause, alike := []))
            alike.append(number)
    return [numbers for _, numbers in wordings]


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
        wording = AppliedClause(name, version, number, clause.variant(number))
        covered, maybe = _covered(log, own, place)
        yield _judged(log, wording, place[covered], unsure[covered], doubts)
        doubts = [*doubts, _Doubt(wording.clause, place[maybe])]
        place, unsure = place[~covered], unsure[~covered]
    yield _judged(log, AppliedClause(name, version, 0, clause), place, unsure, doubts)


def _covered(log: Log, scope: Scope, place: Places) -> tuple[Mask, Mask]:
    """Tell which tickets a clause or a variant covers, and of which that can't be told.

    A scope may name nothing. One whose service, site, group or kind is not told may be covered.
    """
    yes = np.ones(place.size, dtype=bool)
    maybe = yes.copy()
    for column, words in scope.columns.items():
        coded = log.words(column).at(place)
        fits = coded.isin(words)
        yes, maybe = yes & fits, maybe & (fits | (coded.codes < 0))
    return yes, maybe & ~yes


def _judged(
    log: Log, wording: AppliedClause, place: Places, unsure: Mask, doubts: list[_Doubt]
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
    tickets = Tickets(place, unsure, clock, priority, calendar, targeted, site, extension)
    measured = measures(log, clause, tickets)
    because = reasons(log, clause, tickets, measured)
    undecided = OUTCOME_CODES[because] >= OUTCOMES.index("unknown")  # or excluded
    elapsed = np.where(undecided, MISSING, measured.elapsed)
    version = np.full(place.size, wording.version)
    return Judged(
        wording, place, version, priority, site, clock.start, clock.stop, elapsed, measured.target,
        extension, measured.deadline, because,
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
