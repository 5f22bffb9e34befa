"""The same log read otherwise than the contract says: what each interpretation changes (F3)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from reviewlib.calendars.service_hours import WorkingDays
from reviewlib.calendars.zones import month_name
from reviewlib.contract import Calendar, Clause, Contract, Terms
from reviewlib.contract.targets import DaysOf, Target
from reviewlib.service.columns import Places, text_of
from reviewlib.service.log import Log
from reviewlib.service.service_levels.judging import Judged, judged_by
from reviewlib.service.service_levels.metrics import months, parts_of
from reviewlib.service.thresholds import holds

CONTRACT = "contract"
RULES = ("due", "opened", "resolved")
ROUND_THE_CLOCK = "\0round_the_clock"  # a calendar of no contract: YAML can't name it
DAY = dt.timedelta(hours=24)
DECIDED = ("met", "breached")
OUTCOMES = (*DECIDED, "running")
COUNTS = {
    "reading": "str",
    "clause": "str",
    "priority": "str",
    "rule": "str",
    "month": "str",
    "met": "int64",
    "breached": "int64",
    "running": "int64",
    "threshold": "float64",
}
"""The columns of ``Interpretations.counts``, and what they hold."""
TICKET = ["ticket_id", "clause", "priority", "month"]
FLIPS = dict.fromkeys((*TICKET, "outcome", "reading"), "str")
"""The columns of ``Interpretations.flips``, and what they hold."""
NONE = np.zeros(len(OUTCOMES), dtype=np.int64)

Change = Callable[[Clause, Terms], Clause]
REOPENED = {"reopened_counted": "count", "reopened_resumed": "resume", "last_cycle": "new_cycle"}
SIDES = ("client", "provider", "third_party")


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
    for name, change in _changes(contract):
        versions = tuple(_changed(terms, change) for terms in contract.versions)
        every.append(Interpretation(name, contract.model_copy(update={"versions": versions})))
    for number in range(1, len(contract.versions)):
        before = under_terms(contract, number - 1, number)
        every.append(Interpretation(f"before_{number}", before))
    distinct: list[Interpretation] = []
    for one in every:
        if all(one.contract.versions != other.contract.versions for other in distinct):
            distinct.append(one)
    return tuple(distinct)


def _changes(contract: Contract) -> Iterator[tuple[str, Change]]:
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

    The meaning of the statuses stays: it is of the tool, not an interpretation of the clauses.
    """
    stated = contract.versions[number]
    kept = {name: getattr(stated, name) for name in ("clauses", "calendars", "sites")}
    versions = tuple(
        terms.model_copy(update=kept) if place >= since else terms
        for place, terms in enumerate(contract.versions)
    )
    return contract.model_copy(update={"versions": versions})


@dataclass(frozen=True)
class Interpretations:
    """What every interpretation makes of the tickets.

    ``names``: the interpretations, the contract's own first. ``counts``: the columns of
    ``COUNTS``, one row per interpretation ("reading"), clause, priority, threshold (NaN: none),
    rule and month, with the number of tickets met, breached and running; rule says which month a
    ticket belongs to (own: the clause's; due, opened or resolved: the others). A clause that an
    interpretation leaves as it is stands under the contract's own only. ``flips``: the tickets of
    which an interpretation turns the verdict, with clause, priority and month (the contract's own),
    reading and outcome (met or breached, by the interpretation).
    """

    names: tuple[str, ...]
    counts: pd.DataFrame
    flips: pd.DataFrame


class _Cell(NamedTuple):
    """What tickets are counted by: the columns of ``COUNTS`` before the numbers."""

    reading: str
    clause: str
    priority: str
    rule: str
    month: int
    threshold: float | None


Cells = dict[_Cell, np.ndarray]


def interpretations(log: Log, verdicts: pd.DataFrame) -> Interpretations:
    """Return what each interpretation of the contract makes of the log.

    ``verdicts``: those of the contract's own interpretation, which are not judged again.
    """
    own, *others = interpretations_of(log.contract)
    cells: Cells = {}
    decided = _Decided.none(len(log.tickets))
    for rows, part in parts_of(log, verdicts):
        _count(cells, log, own.name, part)
        decided.add(rows, part)
    turned = [pd.DataFrame(columns=[*FLIPS])]
    for other in others:
        under = log.under(other.contract)
        for name in log.contract.clause_ids():
            if _same(log.contract, other.contract, name):
                continue
            parts = list(judged_by(under, name))
            for part in parts:
                _count(cells, under, other.name, part)
            rows, outcome = decided.turned(name, parts)
            flips = verdicts.iloc[rows][TICKET]
            turned.append(flips.assign(outcome=outcome.array, reading=other.name)[[*FLIPS]])
    names = tuple(interpretation.name for interpretation in (own, *others))
    counts = _counts(cells, names, log.contract)
    return Interpretations(names, counts, pd.concat(turned, ignore_index=True).astype(FLIPS))


def _same(one: Contract, other: Contract, name: str) -> bool:
    """Whether two contracts have the same clause, on the same hours, throughout."""
    pairs = list(zip(one.versions, other.versions, strict=True))
    clauses = all(a.clauses.get(name) == b.clauses.get(name) for a, b in pairs)
    own = ("calendars", "sites")
    return clauses and all(getattr(a, part) == getattr(b, part) for a, b in pairs for part in own)


@dataclass(frozen=True)
class _Decided:
    """The contract's own verdicts on each clause, by the place of the ticket: met or breached.

    ``rows``: where they stand among the verdicts, -1 where there is none.
    """

    tickets: int
    rows: dict[str, Places]
    outcomes: dict[str, np.ndarray]

    @classmethod
    def none(cls, tickets: int) -> _Decided:
        """Return the verdicts on so many tickets before any is there."""
        nowhere, unknown = np.full(tickets, -1), np.full(tickets, -1, dtype="int8")
        return cls(tickets, defaultdict(nowhere.copy), defaultdict(unknown.copy))

    def add(self, rows: Places, part: Judged) -> None:
        """Add some verdicts that stand at some rows."""
        decided = part.outcome < len(DECIDED)
        self.rows[part.wording.name][part.place[decided]] = rows[decided]
        self.outcomes[part.wording.name][part.place] = part.outcome

    def turned(self, name: str, parts: list[Judged]) -> tuple[Places, pd.Series]:
        """Return the own verdicts on a clause that others turn, and what they turn them to."""
        rows, own = self.rows[name], self.outcomes[name]
        turned = [np.array([], dtype=np.intp)]
        for part in parts:
            unlike = (part.outcome < len(DECIDED)) & (part.outcome != own[part.place])
            turned.append(part.place[unlike & (rows[part.place] >= 0)])
        place = np.concatenate(turned)
        place = place[np.argsort(rows[place])]
        return rows[place], text_of(1 - own[place], DECIDED)


def _count(cells: Cells, log: Log, interpretation: str, part: Judged) -> None:
    """Count verdicts by priority and month under each rule of months that says something new."""
    name, priority, size = part.wording.name, part.priority, len(part.priority.words)
    counted = np.flatnonzero(part.outcome < len(OUTCOMES))
    if not counted.size:
        return
    outcomes, codes = part.outcome[counted], priority.codes[counted]
    for rule in ("own", *RULES):
        if _rules(log.contract, name) == {rule}:
            continue
        month = months(log, part.wording.clause.month if rule == "own" else rule, part)[counted]
        first, shape = month.min(), (size, int(np.ptp(month)) + 1, len(OUTCOMES))
        cell = np.ravel_multi_index((codes, month - first, outcomes), shape)
        numbers = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)
        for word, at in np.argwhere(numbers.any(axis=2)).tolist():
            by = name, priority.words[word], rule, int(first) + at, part.thresholds[word]
            key = _Cell(interpretation, *by)
            cells[key] = cells.get(key, NONE) + numbers[word, at]


def _counts(cells: Cells, names: tuple[str, ...], contract: Contract) -> pd.DataFrame:
    """Return the counts in order: of the interpretations, clauses and rules, then by the rest."""
    clauses, rules = contract.clause_ids(), ("own", *RULES)

    def place(cell: _Cell) -> tuple[object, ...]:
        first = names.index(cell.reading), clauses.index(cell.clause), rules.index(cell.rule)
        threshold = (cell.threshold is None, cell.threshold or 0.0)
        return (*first, cell.priority, *threshold, cell.month)

    ordered = sorted(cells, key=place)
    columns = pd.DataFrame(ordered, columns=_Cell._fields)
    columns["month"] = [month_name(cell.month) for cell in ordered]
    numbers = np.array([cells[cell] for cell in ordered]).reshape(-1, len(OUTCOMES))
    counted = {name: numbers[:, code] for code, name in enumerate(OUTCOMES)}
    return columns.assign(**counted)[[*COUNTS]].astype(COUNTS)


def _rules(contract: Contract, name: str) -> set[str]:
    """Return the rules of months that a clause states in its versions."""
    return {terms.clauses[name].month for terms in contract.versions if name in terms.clauses}


def sensitivity(interpreted: Interpretations, contract: Contract) -> pd.DataFrame:
    """Return the compliance of each clause and priority by each interpretation that changes it.

    Columns: clause, priority, reading (the interpretation), met, n, share, threshold (NaN: several,
    or none), kept (by ``holds``; None: no verdict), gained (tickets late by the contract and in
    time by the interpretation) and lost (the other way round).
    """
    keys = ["clause", "priority", "reading"]
    own = interpreted.counts[interpreted.counts["rule"] == "own"]
    own = own.assign(n=own["met"] + own["breached"])
    shares = own.groupby(keys)[["met", "n"]].sum()
    shares["share"] = shares["met"] / shares["n"].where(shares["n"] > 0)
    asked = own[own["n"] > 0].groupby(keys)["threshold"].agg(["nunique", "max"])
    shares["threshold"] = asked["max"].where(asked["nunique"] == 1)
    verdicts = {key: holds(rows, contract.clause(str(key[0]))) for key, rows in own.groupby(keys)}
    shares["kept"] = pd.Series(verdicts, dtype="object").reindex(shares.index)
    for name, outcome in (("gained", "met"), ("lost", "breached")):
        turned = interpreted.flips[interpreted.flips["outcome"] == outcome]
        shares[name] = turned.groupby(keys).size().reindex(shares.index, fill_value=0)
    order = shares.index.get_level_values("reading").map(interpreted.names.index)
    shares = shares.assign(order=order).reset_index()
    shares = shares.sort_values(["clause", "priority", "order"], ignore_index=True)
    return shares.drop(columns="order")


Compared = Interpretations
compared = interpretations
readings = interpretations_of
"""The names that chapters still use."""
