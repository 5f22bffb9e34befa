"""The working of one ticket (F2): every interval, counted or not and why, redone by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reviewlib.clock import OPEN
from reviewlib.contract import Clause
from reviewlib.metrics.service_levels import Log, measured_until, pauses

COUNTED, PAUSED, OVER = "counted", "paused", "over"


@dataclass(frozen=True)
class Working:
    """The working of a ticket under a clause.

    ``verdict`` is the ticket's row of ``judged``. ``intervals`` partition the time from start to
    stop, or to the instant of the review: from, to (UTC), reason (counted, outside_hours, holiday,
    closure, paused, or over: resolved, closed or cancelled before a reopening), name (of the
    holiday, closure or status), counted, seconds (those counted) and total (of seconds, running).
    There is none where nothing could be measured.
    """

    clause: Clause
    verdict: pd.Series
    intervals: pd.DataFrame


def working(log: Log, verdict: pd.Series, language: str = "") -> Working:
    """Return the working of a ticket under a clause, from its row of ``judged``.

    ``language`` is that of the names of public holidays.
    """
    clause = log.contract.versions[verdict["version"]].clauses[verdict["clause"]]
    intervals = pd.DataFrame(columns=["from", "to", "reason", "name"])
    if pd.notna(verdict["elapsed"]):
        start, stop = (
            pd.Series([verdict[edge]], [verdict["ticket_id"]], dtype="datetime64[s, UTC]")
            for edge in ("start", "stop")
        )
        hours = log.contract.hours(verdict["calendar"], verdict["site"])
        until = measured_until(log, clause, stop.index)
        end = stop.fillna(until).iloc[0]
        spans = hours.spans(verdict["start"], end, language)
        intervals = _cut(spans, pauses(log, clause, start, stop))
    counted = intervals["reason"] == COUNTED
    length = (intervals["to"] - intervals["from"]) / pd.Timedelta(seconds=1)
    seconds = length.astype("float64").where(counted, 0.0)
    return Working(
        clause,
        verdict,
        intervals.assign(counted=counted, seconds=seconds, total=seconds.cumsum()),
    )


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
