"""How long the clocks of tickets ran, what they had, and when it is used up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from reviewlib.calendars.clock import NEVER, Clock, Pauses, WorkingDays
from reviewlib.calendars.instants import ALWAYS, MISSING, Seconds, as_durations, as_instants
from reviewlib.contract import Clause
from reviewlib.contract.targets import Target, delay
from reviewlib.service import pro_rata
from reviewlib.service.columns import Coded, Mask, Places, of_words, whole_seconds
from reviewlib.service.log import Log
from reviewlib.service.service_levels.clocks import Edges, Standstills, standstills


class Tickets(NamedTuple):
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


class Measures(NamedTuple):
    """Elapsed and target service time and the deadline, MISSING where there is none."""

    elapsed: Seconds
    target: Seconds
    deadline: Seconds


def measures(log: Log, clause: Clause, tickets: Tickets) -> Measures:
    """Return what the clocks of the tickets measured."""
    still = standstills(log, clause, tickets.place, tickets.edges.start, tickets.edges.stop)
    timed = np.flatnonzero(tickets.targeted & (tickets.edges.start != MISSING))
    if clause.priority_change == "pro_rata":
        return _weighed(log, clause, tickets, timed, still)
    columns = [np.full(tickets.place.size, MISSING) for _ in Measures._fields]
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
    return Measures(*columns)


def _measured(
    clock: Clock, clause: Clause, tickets: Tickets, rows: Places, pauses: Pauses
) -> Measures:
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
    return Measures(elapsed, target + more, clock.reached(start, target + more, floor, pauses))


def _targets(
    clock: Clock, stated: dict[str, Target], priority: Coded, start: Seconds
) -> tuple[Seconds, Seconds]:
    """Return the service time of each target, and the instant before which it is not reached."""
    target, floor = np.zeros_like(start), start.copy()
    for code, word in enumerate(priority.words):
        rows = np.flatnonzero(priority.codes == code)
        if not rows.size:
            continue
        stated_delay = delay(stated[word])
        if isinstance(stated_delay, WorkingDays):
            later = clock.days_later(start[rows], stated_delay)
            reached = later != MISSING
            floor[rows] = np.where(reached, later, start[rows])
            target[rows] = np.where(reached, clock.elapsed(start[rows], floor[rows]), NEVER)
        else:
            target[rows] = int(stated_delay.total_seconds())
    return target, floor


def _weighed(
    log: Log, clause: Clause, tickets: Tickets, timed: Places, still: Standstills
) -> Measures:
    """Return what was measured by a clause that weighs the priorities that a ticket had."""
    columns = {name: as_instants(column[timed]) for name, column in tickets.edges._asdict().items()}
    rows = pd.DataFrame(columns, index=tickets.place[timed])
    rows["site"] = Coded(tickets.site.codes[timed], tickets.site.words).text().array
    rows["extension"] = as_durations(tickets.extension[timed])
    row, since, until = still.pauses
    gone = np.isin(row, timed)
    ends = as_instants(np.where(until[gone] == ALWAYS, MISSING, until[gone]))
    pauses = pd.DataFrame({"row": tickets.place[row[gone]], "from": as_instants(since[gone])})
    weighed = pro_rata.weighed(log, clause, rows, pauses.assign(to=ends)).reindex(tickets.place)
    return Measures(*(whole_seconds(weighed[name]) for name in Measures._fields))
