"""Service before and since each amendment, both periods judged under both terms (A6, E3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from reviewlib.calendars.zones import month_name
from reviewlib.contract import Clause, Contract, Terms
from reviewlib.rates import compliance
from reviewlib.service.columns import of_words, text_of
from reviewlib.service.log import Log
from reviewlib.service.ramp_up import begins_in, ramp_ups
from reviewlib.service.sensitivity.interpretations import under_terms
from reviewlib.service.service_levels.judging import Judged, judged_under, started_under
from reviewlib.service.service_levels.metrics import months
from reviewlib.service.service_levels.reasons import DECIDED, OUTCOMES
from reviewlib.service.thresholds import common

BEFORE, SINCE = "before", "since"
OLD, NEW = "old", "new"
PAUSED = "late_or_paused"
PERIODS, TERMS = (BEFORE, SINCE), (OLD, NEW)
KEYS = ["amendment", "clause", "priority", "period", "terms"]
WHOLE = [
    "met", "breached", "late_or_paused", "running", "excluded", "unknown", "n", "uncertain",
]  # fmt: skip
COUNTED = [*WHOLE, "share", "low", "high"]
COUNTS = [*KEYS, *COUNTED, "threshold"]
TURNED = ["amendment", "clause", "priority", "period", "ticket_id", "outcome"]
BY_PRIORITY = {"targets", "calendar", "threshold", "variants"}
OF_NO_TICKET = {"title", "month", "assessed", "minimum_volume"}
"""What a clause says by priority, and what changes no verdict on a ticket."""


@dataclass(frozen=True)
class Changed:
    """A clause of which an amendment (1, 2, …) changed what tickets are judged by.

    ``priorities``: all that have a target under either terms; ``touched``: those that it changed,
    which are all of them where it changed the ``rules`` that they share (the pauses, the start and
    the stop, the tickets that are covered, the holidays of sites).
    """

    amendment: int
    clause: str
    priorities: tuple[str, ...]
    touched: tuple[str, ...]
    rules: bool


def changed(contract: Contract) -> tuple[Changed, ...]:
    """Return what each amendment changed of the clauses that stand before and after it."""
    changes = []
    for number, (before, after) in enumerate(_pairs(contract), start=1):
        for name in [one for one in after.clauses if one in before.clauses]:
            old, new = before.clauses[name], after.clauses[name]
            priorities = tuple(dict.fromkeys((*old.targets, *new.targets)))
            touched = tuple(p for p in priorities if _read(before, old, p) != _read(after, new, p))
            if rules := _rules(before, old) != _rules(after, new):
                touched = priorities
            if touched:
                changes.append(Changed(number, name, priorities, touched, rules))
    return tuple(changes)


def one_sided(contract: Contract) -> list[tuple[int, str, str]]:
    """Return the clauses that an amendment added (new) or took out (old): no two terms of them."""
    return [
        (number, name, OLD if name in before.clauses else NEW)
        for number, (before, after) in enumerate(_pairs(contract), start=1)
        for name in sorted({*before.clauses} ^ {*after.clauses})
    ]


def service_levels(contract: Contract, number: int) -> list[str]:
    """Return the clauses, of availability too, that an amendment changes, adds or takes out."""
    before, after = contract.versions[number - 1 : number + 1]
    judged = {change.clause for change in changed(contract) if change.amendment == number}
    stated = {name for n, name, _side in one_sided(contract) if n == number}
    names = [*before.clauses, *after.clauses, *before.availability, *after.availability]
    return [
        name
        for name in dict.fromkeys(names)
        if name in judged | stated or before.availability.get(name) != after.availability.get(name)
    ]


def changed_targets(contract: Contract) -> list[tuple[int, str, str]]:
    """Return the amendments (1, 2, …), clauses and priorities of which a target was changed."""
    return [
        (change.amendment, change.clause, priority)
        for change in changed(contract)
        for priority in change.touched
        if len({*_targets(contract, change, priority)} - {None}) > 1
    ]


def _targets(contract: Contract, change: Changed, priority: str) -> Iterator[object]:
    for terms in contract.versions[change.amendment - 1 : change.amendment + 1]:
        yield terms.clauses[change.clause].targets.get(priority)


def _pairs(contract: Contract) -> Iterator[tuple[Terms, Terms]]:
    return zip(contract.versions, contract.versions[1:], strict=False)


def _read(terms: Terms, clause: Clause, priority: str) -> list[object]:
    """Return what a clause and its variants require of a priority; alone where none differs."""

    def requirement(stated: Clause) -> object:
        if priority not in stated.targets:
            return None
        hours = terms.calendars[stated.calendar_of(priority)].model_copy(update={"title": ""})
        return stated.targets[priority], hours, stated.threshold_of(priority)

    base = requirement(clause)
    variants = [
        (own.columns, requirement(clause.variant(n))) for n, own in enumerate(clause.variants, 1)
    ]
    return [base, *(variants if any(other != base for _, other in variants) else ())]


def _rules(terms: Terms, clause: Clause) -> object:
    """Return what a clause says of all of its tickets, with the holidays of their sites."""
    sites = {name: site for name, site in terms.sites.items() if site.has_own_holidays}
    own = {name: site.model_copy(update={"name": ""}) for name, site in sites.items()}
    return clause.model_dump(exclude=BY_PRIORITY | OF_NO_TICKET), own


@dataclass(frozen=True)
class AmendedTerms:
    """The tickets on both sides of each amendment in force, under the terms before and after it.

    ``counts``: one row per amendment, clause, priority, period (before: clocks that first started
    under the terms that the amendment ended; since: under those that it began) and terms (old,
    new): the columns of ``COUNTED`` as ``compliance`` counts them, and threshold (NaN: none, or
    several). ``settled``: the same without the tickets of the clause's ramp-up. ``turned``: the
    tickets in time by one of the terms and late by the other, with the priority by the old ones and
    the outcome by the new ones. ``may_turn``: those of which pauses that no log tells of leave it
    open whether they are such, with the same columns.
    """

    counts: pd.DataFrame
    settled: pd.DataFrame
    turned: pd.DataFrame
    may_turn: pd.DataFrame


def amended_terms(log: Log) -> AmendedTerms:
    """Judge the periods around each amendment as if either terms had held throughout.

    A clause that the amendment leaves as it is is not judged.
    """
    since, now = log.contract.effective_from, log.as_of
    changes = [change for change in changed(log.contract) if since[change.amendment] <= now]
    rows = [_judged(log, change, terms) for change in changes for terms in TERMS]
    if not rows:
        none, no_ticket = pd.DataFrame(columns=COUNTS), pd.DataFrame(columns=TURNED)
        return AmendedTerms(none, none, no_ticket, no_ticket)
    every = pd.concat(rows)
    counts, settled = (_counts(changes, part) for part in (every, every[~every["ramp_up"]]))
    return AmendedTerms(counts, settled, *(_turned(log, every, paused) for paused in (False, True)))


def _judged(log: Log, change: Changed, terms: str) -> pd.DataFrame:
    """Return the verdicts on the tickets of both periods under one of the two terms.

    Columns: those of ``KEYS``, outcome, threshold and ramp_up; by the place of the ticket.
    """
    number = change.amendment - (terms == OLD)
    other = log.under(under_terms(log.contract, number))
    started = started_under(log, change.clause)
    chosen = np.isin(started, (change.amendment - 1, change.amendment))
    parts = []
    for part in judged_under(other, change.clause, number, chosen):
        period = (started[part.place] == change.amendment).astype("int8")
        columns = {
            "priority": part.priority.text(),
            "outcome": text_of(part.outcome, OUTCOMES),
            "threshold": of_words(part.priority, part.thresholds, np.nan),
            "period": text_of(period, PERIODS),
            "ramp_up": in_ramp_up(log, part),
        }
        parts.append(pd.DataFrame(columns).set_axis(part.place))
    keys = {"amendment": change.amendment, "clause": change.clause, "terms": terms}
    return pd.concat(parts).assign(**keys)


def in_ramp_up(log: Log, part: Judged) -> pd.Series:
    """Tell which verdicts are of months of the clause's ramp-up."""
    number, distinct = pd.factorize(months(log, part.wording.clause.month, part))
    names = pd.Series([month_name(month) for month in distinct.tolist()], dtype="str")
    spared = begins_in(names, ramp_ups(log.contract, part.wording.name))
    return pd.Series(spared[number], dtype="bool")


def _counts(changes: list[Changed], rows: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes of each group of ``KEYS``, of those without a ticket too."""
    counts = compliance(rows, KEYS).set_index(KEYS).join(common(rows, KEYS))
    every = pd.MultiIndex.from_tuples(
        [
            (change.amendment, change.clause, *group)
            for change in changes
            for group in product(change.priorities, PERIODS, TERMS)
        ],
        names=KEYS,
    )
    counts = counts.reindex(every)
    counts[WHOLE] = counts[WHOLE].fillna(0).astype("int64")
    shares = ["share", "low", "high"]  # none where some are uncertain: there are bounds
    counts[shares] = counts[shares].where(counts["uncertain"] == 0)
    return counts.reset_index()[COUNTS]


def _turned(log: Log, rows: pd.DataFrame, open_ones: bool) -> pd.DataFrame:
    """Return the tickets in time by one of the terms and late by the other.

    ``open_ones``: those that are such for some length of the pauses that no log tells of.
    """
    own = rows[rows["outcome"].isin([*DECIDED, PAUSED])].rename_axis("place")
    change = ["amendment", "clause", "place"]
    old, new = (own[own["terms"] == terms].reset_index().set_index(change) for terms in TERMS)
    both = old.join(new["outcome"].rename("outcome_new"), how="inner")
    paused = (both["outcome"] == PAUSED) | (both["outcome_new"] == PAUSED)
    turned = (paused == open_ones) & (paused | (both["outcome"] != both["outcome_new"]))
    tickets = both[turned].reset_index()
    tickets["ticket_id"] = log.tickets["ticket_id"].array.take(tickets["place"].to_numpy())
    return tickets.assign(outcome=tickets["outcome_new"])[TURNED]
