"""The same log read otherwise than the contract says: what each interpretation changes (F3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from reviewlib.calendars.instants import MISSING
from reviewlib.calendars.zones import month_name
from reviewlib.contract import Contract
from reviewlib.rates import compliance
from reviewlib.service.columns import Coded, Places, coded, of_words, text_of
from reviewlib.service.log import Log
from reviewlib.service.sensitivity.interpretations import CONTRACT, interpretations_of
from reviewlib.service.service_levels.judging import Judged, judged_by
from reviewlib.service.service_levels.metrics import months, parts_of
from reviewlib.service.service_levels.reasons import DECIDED
from reviewlib.service.thresholds import COUNTED, common, holds

__all__ = [
    "CONTRACT", "Interpretations", "interpretations", "interpretations_of", "of_either",
    "sensitivity",
]  # fmt: skip
RULES = ("due", "opened", "resolved")
OUTCOMES = (*DECIDED, "running", "late_or_paused", "unknown")
COUNTS = {
    "reading": "str",
    "clause": "str",
    "priority": "str",
    "rule": "str",
    "month": "str",
    "met": "int64",
    "breached": "int64",
    "running": "int64",
    "late_or_paused": "int64",
    "unknown": "int64",
    "threshold": "float64",
}
"""The columns of ``Interpretations.counts``, and what they hold."""
TICKET = ["ticket_id", "clause", "priority", "month"]
FLIPS = dict.fromkeys((*TICKET, "priority_read", "outcome", "reading"), "str")
"""The columns of ``Interpretations.flips``, and what they hold."""
JOINED = {"reading": "str", "clause": "str", "priority": "str", "joined": "int64", "late": "int64"}
"""The columns of ``Interpretations.joined``, and what they hold."""
NONE = np.zeros(len(OUTCOMES), dtype=np.int64)


@dataclass(frozen=True)
class Interpretations:
    """What every interpretation makes of the tickets.

    ``names``: the interpretations, the contract's own first. ``counts``: the columns of
    ``COUNTS``, one row per interpretation ("reading"), clause, priority, threshold (NaN: none),
    rule and month (missing: unknown), with the number of tickets of each of ``OUTCOMES``, without
    a priority of which no stop is known (see ``compliance``); rule says which month a ticket
    belongs to (own: the clause's; due, opened or resolved: the others). A clause that an
    interpretation leaves as it is stands under the contract's own only. ``flips``: the tickets of
    which an interpretation turns the verdict, with clause, priority and month (the contract's own),
    priority_read and outcome (met or breached; both by the interpretation) and reading.
    ``joined``: how many decided tickets an interpretation gives to a priority that the contract
    gives to another one, and how many of them it finds late.
    """

    names: tuple[str, ...]
    counts: pd.DataFrame
    flips: pd.DataFrame
    joined: pd.DataFrame


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
    decided = _Decided.none(len(log.tickets), coded(verdicts["priority"]))
    for rows, part in parts_of(log, verdicts):
        _count(cells, log, own.name, part)
        decided.add(rows, part)
    turned, joined = [pd.DataFrame(columns=[*FLIPS])], [pd.DataFrame(columns=[*JOINED])]
    for other in others:
        under = log.under(other.contract)
        for name in log.contract.clause_ids():
            if _same(log.contract, other.contract, name):
                continue
            parts = list(judged_by(under, name))
            for part in parts:
                _count(cells, under, other.name, part)
            differing = decided.differing(name, parts)
            joined.append(_joined(differing).assign(clause=name, reading=other.name))
            turned.append(_flips(verdicts, differing).assign(reading=other.name))
    names = tuple(interpretation.name for interpretation in (own, *others))
    counts = _counts(_judgeable(cells, verdicts), names, log.contract)
    flips = pd.concat(turned, ignore_index=True)[[*FLIPS]].astype(FLIPS)
    whole = pd.concat(joined, ignore_index=True)[[*JOINED]].astype(JOINED)
    return Interpretations(names, counts, flips, whole)


def _flips(verdicts: pd.DataFrame, differing: pd.DataFrame) -> pd.DataFrame:
    """Return the own verdicts that an interpretation turns, with what it makes of them."""
    flips = differing[differing["turned"]].set_index("row")
    tickets = verdicts[TICKET].iloc[flips.index.to_numpy()].set_axis(flips.index)
    return tickets.join(flips[["outcome", "priority_read"]])


def _joined(differing: pd.DataFrame) -> pd.DataFrame:
    """Count the tickets that an interpretation gives to another priority, by that one."""
    moved = differing[differing["moved"]]
    late = (moved["outcome"] == "breached").groupby(moved["priority_read"])
    return late.agg(joined="size", late="sum").rename_axis("priority").reset_index()


def _same(one: Contract, other: Contract, name: str) -> bool:
    """Whether two contracts have the same clause, on the same hours, throughout."""
    pairs = list(zip(one.versions, other.versions, strict=True))
    clauses = all(a.clauses.get(name) == b.clauses.get(name) for a, b in pairs)
    own = ("calendars", "sites")
    return clauses and all(getattr(a, part) == getattr(b, part) for a, b in pairs for part in own)


@dataclass(frozen=True)
class _Decided:
    """The contract's own verdicts on each clause, by the place of the ticket: met or breached.

    ``rows``: where they stand among the verdicts, -1 where there is none; ``priorities``: of the
    verdicts.
    """

    tickets: int
    rows: dict[str, Places]
    outcomes: dict[str, np.ndarray]
    priorities: Coded

    @classmethod
    def none(cls, tickets: int, priorities: Coded) -> _Decided:
        """Return the verdicts on so many tickets before any is there."""
        nowhere, unknown = np.full(tickets, -1), np.full(tickets, -1, dtype="int8")
        return cls(tickets, defaultdict(nowhere.copy), defaultdict(unknown.copy), priorities)

    def add(self, rows: Places, part: Judged) -> None:
        """Add some verdicts that stand at some rows."""
        decided = part.outcome < len(DECIDED)
        self.rows[part.wording.name][part.place[decided]] = rows[decided]
        self.outcomes[part.wording.name][part.place] = part.outcome

    def differing(self, name: str, parts: list[Judged]) -> pd.DataFrame:
        """Return the own verdicts on a clause that others turn, or give to another priority.

        Columns: row (of the verdicts), outcome and priority_read (by the others), turned, moved.
        """
        rows, own, words = self.rows[name], self.outcomes[name], self.priorities.words
        number, frames = {word: code for code, word in enumerate(words)}, [_no_difference()]
        for part in parts:
            both = np.flatnonzero((part.outcome < len(DECIDED)) & (rows[part.place] >= 0))
            place, outcome, read = part.place[both], part.outcome[both], part.priority.at(both)
            code = of_words(read, (number.get(word, len(words)) for word in read.words), -1)
            turned, moved = outcome != own[place], code != self.priorities.codes[rows[place]]
            there = np.flatnonzero(turned | moved)
            columns = {"row": rows[place][there], "turned": turned[there], "moved": moved[there]}
            texts = {
                "outcome": text_of(outcome[there], DECIDED),
                "priority_read": read.at(there).text(),
            }
            frames.append(pd.DataFrame(columns | texts))
        return pd.concat(frames).sort_values("row", kind="stable", ignore_index=True)


def _no_difference() -> pd.DataFrame:
    """Return what ``differing`` returns where nothing differs."""
    kinds = {"row": "int64", "turned": "bool", "moved": "bool"}
    columns = kinds | {"outcome": "str", "priority_read": "str"}
    return pd.DataFrame(columns=[*columns]).astype(columns)


def _count(cells: Cells, log: Log, interpretation: str, part: Judged) -> None:
    """Count verdicts by priority and month under each rule of months that says something new."""
    name, priority, size = part.wording.name, part.priority, len(part.priority.words)
    counted = (part.outcome < len(OUTCOMES)) & (priority.codes >= 0)
    for rule in ("own", *RULES):
        if _rules(log.contract, name) == {rule}:
            continue
        month = months(log, part.wording.clause.month if rule == "own" else rule, part)
        # of a ticket of which it is unknown whether it was in time the month may be unknown too
        for own in (counted & (month != MISSING), counted & (month == MISSING)):
            if not own.any():
                continue
            first, shape = month[own].min(), (size, int(np.ptp(month[own])) + 1, len(OUTCOMES))
            places = (priority.codes[own], month[own] - first, part.outcome[own])
            cell = np.ravel_multi_index(places, shape)
            numbers = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)
            for word, at in np.argwhere(numbers.any(axis=2)).tolist():
                by = name, priority.words[word], rule, int(first) + at, part.thresholds[word]
                key = _Cell(interpretation, *by)
                cells[key] = cells.get(key, NONE) + numbers[word, at]


def _judgeable(cells: Cells, verdicts: pd.DataFrame) -> Cells:
    """Return the counts without those of a clause and priority of which no stop is known."""
    by_priority = compliance(verdicts, ["clause", "priority"])
    undated = by_priority[by_priority["undated"]]
    left_out = {*zip(undated["clause"], undated["priority"], strict=True)}
    return {cell: n for cell, n in cells.items() if (cell.clause, cell.priority) not in left_out}


def _month(cell: _Cell) -> str | None:
    return None if cell.month == MISSING else month_name(cell.month)


def _counts(cells: Cells, names: tuple[str, ...], contract: Contract) -> pd.DataFrame:
    """Return the counts in order: of the interpretations, clauses and rules, then by the rest."""
    clauses, rules = contract.clause_ids(), ("own", *RULES)
    rank = {name: place for place, name in enumerate(contract.urgency)}

    def place(cell: _Cell) -> tuple[object, ...]:
        first = names.index(cell.reading), clauses.index(cell.clause), rules.index(cell.rule)
        threshold = (cell.threshold is None, cell.threshold or 0.0)
        return (*first, rank.get(cell.priority, len(rank)), cell.priority, *threshold, cell.month)

    ordered = sorted(cells, key=place)
    columns = pd.DataFrame(ordered, columns=_Cell._fields)
    columns["month"] = [_month(cell) for cell in ordered]
    numbers = np.array([cells[cell] for cell in ordered]).reshape(-1, len(OUTCOMES))
    counted = {name: numbers[:, code] for code, name in enumerate(OUTCOMES)}
    return columns.assign(**counted)[[*COUNTS]].astype(COUNTS)


def _rules(contract: Contract, name: str) -> set[str]:
    """Return the rules of months that a clause states in its versions."""
    return {terms.clauses[name].month for terms in contract.versions if name in terms.clauses}


def of_either(flips: pd.DataFrame) -> pd.DataFrame:
    """Return the tickets that flip under each priority that either interpretation gives them."""
    moved = flips[flips["priority_read"] != flips["priority"]]
    return pd.concat([flips, moved.assign(priority=moved["priority_read"])])


def sensitivity(interpreted: Interpretations, contract: Contract) -> pd.DataFrame:
    """Return the compliance of each clause and priority by each interpretation that changes it.

    Columns: clause, priority, reading (the interpretation), met, late_or_paused, n, share (NaN
    where pauses are unknown), threshold (NaN: several, or none), kept (by ``holds``; None: no
    verdict), gained (tickets late by the contract and in time by the interpretation), lost (the
    other way round), joined (tickets that the contract gives to another priority) and joined_late
    (those of them that are late by the interpretation). A ticket that flips counts under the
    priority that either gives it.
    """
    keys = ["clause", "priority", "reading"]
    own = interpreted.counts[interpreted.counts["rule"] == "own"]
    own = own.assign(n=own[["met", "breached", "late_or_paused"]].sum(axis="columns"))
    shares = own.groupby(keys)[COUNTED].sum()
    of = shares["n"].where((shares["n"] > 0) & (shares["late_or_paused"] == 0))
    shares["share"] = shares["met"] / of
    shares["threshold"] = common(own[own["n"] > 0], keys)
    verdicts = {key: holds(rows, contract.clause(str(key[0]))) for key, rows in own.groupby(keys)}
    shares["kept"] = pd.Series(verdicts, dtype="object").reindex(shares.index)
    flips = of_either(interpreted.flips)
    for name, outcome in (("gained", "met"), ("lost", "breached")):
        turned = flips[flips["outcome"] == outcome]
        shares[name] = turned.groupby(keys).size().reindex(shares.index, fill_value=0)
    joined = interpreted.joined.set_index(keys)[["joined", "late"]]
    shares = shares.join(joined.rename(columns={"late": "joined_late"}))
    shares = shares.fillna({"joined": 0, "joined_late": 0})
    shares = shares.astype({"joined": "int64", "joined_late": "int64"})
    order = {
        "clause": contract.clause_ids(), "priority": contract.urgency, "reading": interpreted.names,
    }  # fmt: skip
    places = {name: {word: n for n, word in enumerate(words)} for name, words in order.items()}
    return shares.reset_index().sort_values(
        keys, key=lambda column: column.map(places[str(column.name)]), ignore_index=True
    )
