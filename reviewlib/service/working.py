"""The working of one ticket (F2): every interval, counted or not and why, redone by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reviewlib.calendars.clock import OPEN
from reviewlib.calendars.instants import as_instants
from reviewlib.contract import Clause
from reviewlib.ids import places
from reviewlib.service import pro_rata
from reviewlib.service.log import Log
from reviewlib.service.service_levels.clocks import measured_until, pauses

COUNTED, PAUSED, OVER, NO_TARGET = "counted", "paused", "over", "no_target"


@dataclass(frozen=True)
class Working:
    """The working of a ticket under a clause.

    ``verdict`` is the ticket's row of ``judged``, ``clause`` the variant that applies to it.
    ``intervals`` partition the time from start to stop, or to the instant of the review: from, to
    (UTC), reason (counted, outside_hours, holiday, closure, paused, over: resolved, closed or
    cancelled before a reopening, or no_target: under a priority without one), name (of the holiday,
    closure, status or priority), counted, seconds (those counted) and total (of them, running).
    There is none where nothing could be measured. ``parts`` are those of ``pro_rata.parts``, where
    the clause weighs the priorities that the ticket had; else there is none.
    """

    clause: Clause
    verdict: pd.Series
    intervals: pd.DataFrame
    parts: pd.DataFrame


def working(log: Log, verdict: pd.Series) -> Working:
    """Return the working of a ticket under a clause, from its row of ``judged``."""
    terms = log.contract.versions[verdict["version"]]
    clause = terms.clauses[verdict["clause"]].variant(verdict["variant"])
    intervals = pd.DataFrame(columns=["from", "to", "reason", "name"])
    spent = _parts(log, clause, verdict) if pd.notna(verdict["elapsed"]) else pd.DataFrame()
    if len(spent):
        stops = pauses(log, clause, *_edges(verdict, "start", "stop"))
        site, columns = verdict["site"], ["calendar", "from", "to", "priority"]
        cut = [
            _cut(log.hours(calendar, site).spans(since, until), stops)
            if isinstance(calendar, str)
            else pd.DataFrame([[since, until, NO_TARGET, priority]], columns=intervals.columns)
            for calendar, since, until, priority in spent[columns].itertuples(index=False)
        ]
        intervals = pd.concat(cut, ignore_index=True)
    counted = intervals["reason"] == COUNTED
    length = (intervals["to"] - intervals["from"]) / pd.Timedelta(seconds=1)
    seconds = length.astype("float64").where(counted, 0.0)
    return Working(
        clause,
        verdict,
        intervals.assign(counted=counted, seconds=seconds, total=seconds.cumsum()),
        spent if clause.priority_change == "pro_rata" else spent[:0],
    )


def _edges(verdict: pd.Series, *names: str) -> list[pd.Series]:
    ids = [verdict["ticket_id"]]
    return [pd.Series([verdict[name]], ids, dtype="datetime64[s, UTC]") for name in names]


def _parts(log: Log, clause: Clause, verdict: pd.Series) -> pd.DataFrame:
    """Return the parts of the measured time, each on its calendar: one, unless they are weighed."""
    start, stop = _edges(verdict, "start", "stop")
    place = places(stop.index, log.tickets["ticket_id"])
    until = pd.Series(as_instants(measured_until(log, clause, place)), stop.index)
    if clause.priority_change == "pro_rata":
        rows = pd.DataFrame({"start": start, "stop": stop, "until": until, "site": verdict["site"]})
        still = pauses(log, clause, start, stop).assign(row=place[0])
        return pro_rata.parts(log, clause, rows.set_axis(place), still)
    edges = {"from": start, "to": stop.fillna(until)}
    return pd.DataFrame(edges).assign(calendar=verdict["calendar"], priority=verdict["priority"])


def _cut(spans: pd.DataFrame, stops: pd.DataFrame) -> pd.DataFrame:
    """Return the clock's spans cut at each stop; within a stop, open hours are not counted."""
    if spans.empty:
        return spans[["from", "to", "reason", "name"]]
    first, last = spans["from"].iloc[0], spans["to"].iloc[-1]
    edges = pd.concat([spans["from"], spans["to"], stops["from"], stops["to"].dropna()])
    cuts = edges[(edges >= first) & (edges <= last)].drop_duplicates().sort_values()
    pieces = pd.DataFrame({"from": cuts.iloc[:-1].array, "to": cuts.iloc[1:].array})
    pieces = pd.merge_asof(pieces, spans[["from", "reason", "name"]], on="from")
    pieces["reason"] = pieces["reason"].replace(OPEN, COUNTED)
    for since, until, status, paused in stops.drop(columns="row").itertuples(index=False):
        within = (pieces["from"] >= since) & (pieces["reason"] == COUNTED)
        if pd.notna(until):
            within &= pieces["to"] <= until
        pieces.loc[within, ["reason", "name"]] = PAUSED if paused else OVER, status
    kind = pieces[["reason", "name"]]
    begins = (kind != kind.shift()).any(axis="columns")
    ends = begins.shift(-1, fill_value=True)
    return pieces[begins].assign(to=pieces.loc[ends, "to"].array).reset_index(drop=True)
