"""The ways in which a contract can be read: what each changes in its clauses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from reviewlib.calendars.service_hours import WorkingDays
from reviewlib.contract import Calendar, Clause, Contract, Terms
from reviewlib.contract.targets import DaysOf, Target

CONTRACT = "contract"
BEFORE = "before_"  # and the number of the amendment before which the terms were so
ROUND_THE_CLOCK = "\0round_the_clock"  # a calendar of no contract: YAML can't name it
DAY = dt.timedelta(hours=24)
REOPENED = {"reopened_counted": "count", "reopened_resumed": "resume", "last_cycle": "new_cycle"}
SIDES = ("client", "provider", "third_party")
Change = Callable[[Clause, Terms], Clause]


@dataclass(frozen=True)
class Interpretation:
    """A contract read in one way: a name that says how, and the contract as it is read so.

    Names: contract (as it stands), waiting_counted, waiting_paused, paused_client, paused_provider,
    paused_third_party, reopened_counted, reopened_resumed, last_cycle, first_resolution,
    round_the_clock, days_working, days_of_service, days_of_24_h, priority_initial,
    priority_highest, and before_1, before_2, …: the terms before that amendment.
    """

    name: str
    contract: Contract


def interpretations_of(contract: Contract) -> tuple[Interpretation, ...]:
    """Return the contract's own interpretation and each other one that differs from the rest."""
    every = [Interpretation(CONTRACT, contract)]
    for name, change in _changes():
        versions = tuple(_changed(terms, change) for terms in contract.versions)
        every.append(Interpretation(name, contract.model_copy(update={"versions": versions})))
    for number in range(1, len(contract.versions)):
        before = under_terms(contract, number - 1, number)
        every.append(Interpretation(f"{BEFORE}{number}", before))
    distinct: list[Interpretation] = []
    for one in every:
        if all(one.contract.versions != other.contract.versions for other in distinct):
            distinct.append(one)
    return tuple(distinct)


def _changes() -> Iterator[tuple[str, Change]]:
    """Yield the name of each interpretation and what it makes of a clause under its terms."""
    yield "waiting_counted", lambda clause, _: clause.model_copy(update={"pauses": ()})
    yield "waiting_paused", _paused
    for side in SIDES:
        yield f"paused_{side}", partial(_paused, side=side)
    for name, policy in REOPENED.items():
        yield name, partial(_reopened, policy=policy)
    yield "first_resolution", lambda clause, _: _with(clause, stops_at="first_resolution")
    yield "round_the_clock", _round_the_clock
    yield "days_working", lambda clause, terms: _days(clause, terms, _working)
    yield "days_of_service", lambda clause, terms: _days(clause, terms, _of_service)
    yield "days_of_24_h", lambda clause, terms: _days(clause, terms, _of_24_hours)
    yield "priority_initial", lambda clause, _: _by_priority(clause, "initial")
    yield "priority_highest", lambda clause, _: _by_priority(clause, "highest")


def _changed(terms: Terms, change: Change) -> Terms:
    """Return terms with every clause changed, and a calendar that never closes beside its own."""
    always = Calendar(title="", around_the_clock=True)
    clauses = {name: change(clause, terms) for name, clause in terms.clauses.items()}
    used = any(clause.calendar == ROUND_THE_CLOCK for clause in clauses.values())
    calendars = terms.calendars | ({ROUND_THE_CLOCK: always} if used else {})
    return terms.model_copy(update={"clauses": clauses, "calendars": calendars})


def _with(clause: Clause, **values: object) -> Clause:
    """Return a clause of resolution with other values; one of response is never reopened."""
    return clause.model_copy(update=values) if clause.measure == "resolution" else clause


def _reopened(clause: Clause, _: Terms, policy: str) -> Clause:
    """Return a clause with another policy of reopening; the first resolution knows none."""
    if clause.stops_at == "first_resolution":
        return clause
    return _with(clause, reopening=policy)


def _paused(clause: Clause, terms: Terms, side: str = "") -> Clause:
    """Return a clause that is also paused while a side is awaited, or any."""
    waiting = (
        name
        for name, status in terms.statuses.items()
        if status.state == "waiting" and side in ("", status.awaits)
    )
    if clause.measure == "response" and not clause.pauses:
        return clause  # nobody waits before the first answer, unless the contract says so
    return clause.model_copy(update={"pauses": tuple(dict.fromkeys((*clause.pauses, *waiting)))})


def _by_priority(clause: Clause, which: str) -> Clause:
    values = {"priority": which, "priority_change": "retroactive"}
    return clause.model_copy(update=values)


def _round_the_clock(clause: Clause, _: Terms) -> Clause:
    """Return a clause that never stops for nights; a day's end then is no service's end."""
    values: dict[str, object] = {"calendar": ROUND_THE_CLOCK}
    return _reworded(clause, values, lambda target, _calendar: _any_time(target))


def _any_time(target: Target) -> Target:
    return WorkingDays(target.n) if isinstance(target, WorkingDays) else target


def _days(clause: Clause, terms: Terms, unit: Callable[[int, Calendar], Target | None]) -> Clause:
    """Return a clause of which the targets in days are of another unit."""

    def read(target: Target, calendar: str) -> Target:
        if isinstance(target, WorkingDays | DaysOf):
            return unit(target.n, terms.calendars[calendar]) or target
        return target

    return _reworded(clause, {}, read)


def _reworded(
    clause: Clause, values: dict[str, object], read: Callable[[Target, str], Target]
) -> Clause:
    """Return a clause, and its variants, with other values and every target read anew."""
    variants = []
    for number, own in enumerate(clause.variants, start=1):
        whole = clause.variant(number)
        targets = {p: read(target, whole.calendar_of(p)) for p, target in own.targets.items()}
        calendar = values.get("calendar", own.calendar)
        variants.append(own.model_copy(update={"targets": targets, "calendar": calendar}))
    targets = {p: read(target, clause.calendar_of(p)) for p, target in clause.targets.items()}
    return clause.model_copy(update=values | {"targets": targets, "variants": tuple(variants)})


def _working(n: int, _: Calendar) -> Target:
    return WorkingDays(n)


def _of_service(n: int, calendar: Calendar) -> Target | None:
    """Return days as long as the calendar's longest; None where it never closes."""
    length = calendar.longest_day
    return None if length >= DAY else DaysOf(n, length)


def _of_24_hours(n: int, _: Calendar) -> Target:
    return DaysOf(n, DAY)


def under_terms(contract: Contract, number: int, since: int = 0) -> Contract:
    """Return the contract as if one version of its terms held from another one on, or throughout.

    The meaning of the statuses stays: it is of the tool, not an interpretation of the clauses.
    """
    stated = contract.versions[number]
    kept = {name: getattr(stated, name) for name in ("clauses", "calendars", "sites")}
    versions = tuple(
        terms.model_copy(update=kept) if place >= since else terms
        for place, terms in enumerate(contract.versions)
    )
    return contract.model_copy(update={"versions": versions})
