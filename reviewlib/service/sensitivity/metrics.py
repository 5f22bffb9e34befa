"""The same log read otherwise than the contract says: what each reading changes (F3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pandas as pd

from reviewlib.calendars.service_hours import WorkingDays
from reviewlib.contract import Calendar, Clause, Contract, Terms
from reviewlib.contract.targets import DaysOf, Target
from reviewlib.ids import places
from reviewlib.service.log import Log
from reviewlib.service.service_levels.metrics import judged_by, months
from reviewlib.service.thresholds import holds

CONTRACT = "contract"
RULES = ("due", "opened", "resolved")
ROUND_THE_CLOCK = "\0round_the_clock"  # a calendar of no contract: YAML can't name it
DAY = dt.timedelta(hours=24)
DECIDED = ("met", "breached")
COUNT_COLUMNS = [
    "reading", "clause", "priority", "rule", "month", "met", "breached", "running", "threshold",
]  # fmt: skip
FLIP_COLUMNS = ["ticket_id", "clause", "priority", "month", "outcome"]

Change = Callable[[Clause, Terms], Clause]
REOPENED = {"reopened_counted": "count", "reopened_resumed": "resume", "last_cycle": "new_cycle"}
SIDES = ("client", "provider", "third_party")


@dataclass(frozen=True)
class Reading:
    """A contract read in one way: a name that says how, and the contract as that reading has it.

    Names: contract (as it stands), waiting_counted, waiting_paused, paused_client, paused_provider,
    paused_third_party, reopened_counted, reopened_resumed, last_cycle, first_resolution,
    round_the_clock, days_working, days_of_service, days_of_24_h, priority_initial,
    priority_highest, and before_1, before_2, …: the terms before that amendment.
    """

    name: str
    contract: Contract


def readings(contract: Contract) -> tuple[Reading, ...]:
    """Return the contract's own reading and each other one that differs from it and the rest."""
    found = [Reading(CONTRACT, contract)]
    for name, change in _changes(contract):
        versions = tuple(_changed(terms, change) for terms in contract.versions)
        other = contract.model_copy(update={"versions": versions})
        found.append(Reading(name, other))
    for number in range(1, len(contract.versions)):
        found.append(Reading(f"before_{number}", under_terms(contract, number - 1, number)))
    known: list[Reading] = []
    for reading in found:
        if all(reading.contract.versions != other.contract.versions for other in known):
            known.append(reading)
    return tuple(known)


def _changes(contract: Contract) -> Iterator[tuple[str, Change]]:
    """Yield the name of each reading and what it makes of a clause under its terms."""
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
    return _each(clause, values, lambda target, _calendar: _any_time(target))


def _any_time(target: Target) -> Target:
    return WorkingDays(target.n) if isinstance(target, WorkingDays) else target


def _days(clause: Clause, terms: Terms, unit: Callable[[int, Calendar], Target | None]) -> Clause:
    """Return a clause of which the targets in days are of another unit."""

    def read(target: Target, calendar: str) -> Target:
        if isinstance(target, WorkingDays | DaysOf):
            return unit(target.n, terms.calendars[calendar]) or target
        return target

    return _each(clause, {}, read)


def _each(
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

    The meaning of the statuses stays: it is of the tool, not a reading of the clauses.
    """
    stated = contract.versions[number]
    kept = {name: getattr(stated, name) for name in ("clauses", "calendars", "sites")}
    versions = tuple(
        terms.model_copy(update=kept) if place >= since else terms
        for place, terms in enumerate(contract.versions)
    )
    return contract.model_copy(update={"versions": versions})


@dataclass(frozen=True)
class Compared:
    """What every reading makes of the tickets.

    ``names``: the readings, the contract's own first. ``counts``: one row per reading, clause,
    priority, threshold (NaN: none), rule and month, with the number of tickets met, breached and
    running; rule says which month a ticket belongs to (own: the clause's; due,
    opened or resolved: the others). A clause that a reading leaves as it is stands under the
    contract's own only. ``flips``: the tickets of which a reading turns the verdict, with clause,
    priority and month (the contract's own), reading and outcome (met or breached, by the reading).
    """

    names: tuple[str, ...]
    counts: pd.DataFrame
    flips: pd.DataFrame


def compared(log: Log, verdicts: pd.DataFrame) -> Compared:
    """Return what each reading of the contract makes of the log.

    ``verdicts``: those of the contract's own reading, which are not judged again.
    """
    own, *others = readings(log.contract)
    decided = verdicts.loc[verdicts["outcome"].isin(DECIDED), FLIP_COLUMNS]
    decided = decided.set_axis(places(decided["ticket_id"], log.tickets["ticket_id"]))
    counts, turned = [_counts(log, own.name, verdicts)], [decided[:0].assign(reading=own.name)]
    for reading in others:
        other = log.under(reading.contract)
        for name in log.contract.clause_ids():
            if _same(log.contract, reading.contract, name):
                continue
            found = list(judged_by(other, name))
            if not found:
                continue  # a clause that the reading does not have judges nothing
            rows = pd.concat(found)
            counts.append(_counts(other, reading.name, rows))
            mine = decided[decided["clause"] == name]
            turned.append(flips(mine, rows["outcome"], reading.name))
    names = tuple(reading.name for reading in (own, *others))
    return Compared(
        names, pd.concat(counts, ignore_index=True), pd.concat(turned, ignore_index=True)
    )


def _same(one: Contract, other: Contract, name: str) -> bool:
    """Whether two readings of a contract have the same clause, on the same hours, throughout."""
    pairs = list(zip(one.versions, other.versions, strict=True))
    clauses = all(a.clauses.get(name) == b.clauses.get(name) for a, b in pairs)
    own = ("calendars", "sites")
    return clauses and all(getattr(a, part) == getattr(b, part) for a, b in pairs for part in own)


def _counts(log: Log, reading: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes of a reading by clause, priority and month, under each rule of months."""
    keys = ["clause", "priority", "threshold", "month"]
    if rows.empty:
        return pd.DataFrame(columns=COUNT_COLUMNS)
    read = [*keys, "opened_at", "stop", "deadline", "outcome"]
    rows = rows.loc[rows["outcome"].isin(["met", "breached", "running"]), read]
    parts = []
    for rule in ("own", *RULES):
        new = [name for name in log.contract.clause_ids() if _rules(log.contract, name) != {rule}]
        mine = rows if rule == "own" else rows[rows["clause"].isin(new)]
        month = mine["month"] if rule == "own" else months(log, rule, mine)
        each = {name: mine["outcome"] == name for name in ("met", "breached", "running")}
        frame = mine[["clause", "priority", "threshold"]].assign(month=month, **each)
        groups = frame.groupby(keys, dropna=False)[list(each)].sum().reset_index()
        parts.append(groups.assign(rule=rule))
    return pd.concat(parts, ignore_index=True).assign(reading=reading)[COUNT_COLUMNS]


def _rules(contract: Contract, name: str) -> set[str]:
    """Return the rules of months that a clause states in its versions."""
    return {terms.clauses[name].month for terms in contract.versions if name in terms.clauses}


def flips(own: pd.DataFrame, outcomes: pd.Series, reading: str) -> pd.DataFrame:
    """Return the decided tickets of which the other verdict is met where theirs is breached, or so.

    Both are of one clause, by the place of the ticket.
    """
    other = outcomes.reindex(own.index)
    turned = other.isin(DECIDED) & (other != own["outcome"])
    return own[turned].assign(outcome=other[turned], reading=reading)


def sensitivity(found: Compared, contract: Contract) -> pd.DataFrame:
    """Return the compliance of each clause and priority under each reading that changes the clause.

    Columns: clause, priority, reading, met, n, share, threshold (NaN: several, or none), kept (by
    ``holds``; None: no verdict), gained (tickets late by the contract and in time by the reading)
    and lost (the other way round).
    """
    keys = ["clause", "priority", "reading"]
    own = found.counts[found.counts["rule"] == "own"]
    own = own.assign(n=own["met"] + own["breached"])
    shares = own.groupby(keys)[["met", "n"]].sum()
    shares["share"] = shares["met"] / shares["n"].where(shares["n"] > 0)
    asked = own[own["n"] > 0].groupby(keys)["threshold"].agg(["nunique", "max"])
    shares["threshold"] = asked["max"].where(asked["nunique"] == 1)
    verdicts = {key: holds(rows, contract.clause(str(key[0]))) for key, rows in own.groupby(keys)}
    shares["kept"] = pd.Series(verdicts, dtype="object").reindex(shares.index)
    for name, outcome in (("gained", "met"), ("lost", "breached")):
        turned = found.flips[found.flips["outcome"] == outcome]
        shares[name] = turned.groupby(keys).size().reindex(shares.index, fill_value=0)
    order = shares.index.get_level_values("reading").map(found.names.index)
    shares = shares.assign(order=order).reset_index()
    shares = shares.sort_values(["clause", "priority", "order"], ignore_index=True)
    return shares.drop(columns="order")
