"""When the clock of a clause starts and stops on each ticket, and where it stands still.

Columns of seconds are by the place of the ticket in ``log.tickets``, MISSING where there is none.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pandas as pd

from reviewlib.calendars.clock import Pauses
from reviewlib.calendars.instants import ALWAYS, MISSING, Seconds, as_instants
from reviewlib.contract import Clause
from reviewlib.ids import places
from reviewlib.service import history
from reviewlib.service.columns import Mask, Places, later, whole_seconds
from reviewlib.service.log import Log

EPOCH = pd.Timestamp("1970-01-01", tz="UTC")  # the clock knows no time before


class Edges(NamedTuple):
    """When clocks start, when they stop, and up to when those that did not are measured."""

    start: Seconds
    stop: Seconds
    until: Seconds


class Standstills(NamedTuple):
    """Spans in which clocks stand still: those of ``Pauses``, and which spans of the log they are.

    ``paused``: by a status that pauses the clause; else the ticket was over for a while.
    """

    pauses: Pauses
    span: Places
    paused: Mask


def starts(log: Log, clause: Clause) -> Seconds:
    """Return when the clause's clock first starts; MISSING: not yet, or not told."""
    return log.seconds("opened_at" if clause.starts_at == "opened" else clause.starts_at)


def stops(log: Log, clause: Clause) -> Seconds:
    """Return when the clause's clock stops; MISSING: not yet, or not told."""
    name = {
        "first_response": "first_replies",
        "first_resolution": "first_resolved",
        "last_resolution": "last_resolved",
        "closure": "closed",
    }[clause.stops_at]
    stop = log.seconds(name)
    if clause.measure == "resolution" and "cancelled" not in clause.excludes:
        cancelled = log.words("state").isin([history.CANCELLED])
        stop = np.where((stop == MISSING) & cancelled, log.seconds("ended"), stop)
    return stop


def measured_until(log: Log, clause: Clause, where: Places) -> Seconds:
    """Return up to when a clock that did not stop is measured: now, or the end of the ticket.

    A ticket that ended without an answer was without one at least until then.
    """
    now = np.full(where.size, whole_second(log.as_of))
    if clause.stops_at != "first_response":
        return now
    over = log.words("state").at(where).isin(history.OVER)
    return np.where(over, log.seconds("ended")[where], now)


def edges(log: Log, clause: Clause, where: Places) -> Edges:
    """Return the edges of the clause's clock on the tickets at some places."""
    start, stop = starts(log, clause)[where], stops(log, clause)[where]
    start = np.where(start >= 0, start, MISSING)
    if clause.reopening == "new_cycle" and clause.stops_at in ("last_resolution", "closure"):
        resumed = log.seconds("last_resumed")[where]
        start = np.where(later(resumed, start), resumed, start)
    if clause.priority_change == "restart":
        since = log.priority_seconds(clause.priority)[where]
        stopped = (stop != MISSING) & (since >= stop)
        start = np.where(later(since, start) & ~stopped, since, start)
    if clause.starts_at != "opened":  # what is done before its clock starts took no time
        start = np.where(later(start, stop), stop, start)
    return Edges(start, stop, measured_until(log, clause, where))


def standstills(
    log: Log, clause: Clause, where: Places, start: Seconds, stop: Seconds
) -> Standstills:
    """Return the spans in which the clause's clock stands still, between its start and its stop.

    ``where``: the places of the tickets of which the clock is asked; rows are positions in it.
    Spans are those in a pausing status and, when the clause leaves them out, those in which a
    ticket that was active again later was resolved, closed or cancelled.
    """
    spans = log.columns_of_spans
    paused = spans.status.isin(clause.pauses)
    still = paused
    if clause.reopening == "resume" and clause.measure == "resolution":
        resumed = log.seconds("last_resumed")[spans.place]
        still = paused | (spans.state.isin(history.OVER) & later(resumed, spans.since))
    position = np.full(len(log.tickets) + 1, -1)  # the last is that of a span without its ticket
    position[where] = np.arange(where.size)
    span = np.flatnonzero(still)
    span = span[position[spans.place[span]] >= 0]
    row = position[spans.place[span]]
    since = np.maximum(spans.since[span], start[row])
    until, stopped = spans.until[span], stop[row]
    cut = (until == MISSING) | later(until, stopped)
    until = np.where(cut, stopped, until)
    until = np.where(until == MISSING, ALWAYS, until)
    lasts = since < until
    pauses = Pauses(row[lasts], since[lasts], until[lasts])
    return Standstills(pauses, span[lasts], paused[span[lasts]])


def pauses(log: Log, clause: Clause, starts: pd.Series, stops: pd.Series) -> pd.DataFrame:
    """Return ``standstills`` as a frame, for clocks that start and stop (NaT: not yet) as given.

    ``starts`` and ``stops`` are by ticket id. Columns: row (ticket id), from, to (NaT: still going
    on), status and paused (False: over); the index is that of ``log.spans``.
    """
    where = places(starts.index, log.tickets["ticket_id"])
    still = standstills(log, clause, where, whole_seconds(starts), whole_seconds(stops))
    row, since, until = still.pauses
    until = np.where(until == ALWAYS, MISSING, until)
    return pd.DataFrame(
        {
            "row": starts.index.array.take(row),
            "from": as_instants(since),
            "to": as_instants(until),
            "status": log.spans["status"].array.take(still.span),
            "paused": still.paused,
        },
        index=log.spans.index.take(still.span),
    )


def over_at(log: Log, instant: int, states: Collection[str]) -> Mask:
    """Tell which tickets stood in one of some states at an instant, in seconds."""
    spans = log.columns_of_spans
    then = (spans.since <= instant) & ~((spans.until != MISSING) & (spans.until <= instant))
    over = np.zeros(len(log.tickets) + 1, dtype=bool)  # the last is that of a span without ticket
    over[spans.place[then & spans.state.isin(states)]] = True
    ended = log.seconds("ended")
    silent: Mask = log.is_silent & (ended != MISSING) & (ended <= instant)
    return over[:-1] | silent


def whole_second(moment: pd.Timestamp) -> int:
    """Return an instant as whole seconds."""
    return int(moment.timestamp() // 1)
