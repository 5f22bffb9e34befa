"""Why each ticket is in time, late, running, left out or unknown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reviewlib.calendars.instants import MISSING
from reviewlib.contract import Clause
from reviewlib.service import history
from reviewlib.service.columns import Coded, Mask, Places, later
from reviewlib.service.log import Log
from reviewlib.service.service_levels.clocks import whole_second
from reviewlib.service.service_levels.measures import Measures, Tickets

OUTCOME_OF = {
    "cancelled": "excluded",
    "merged": "excluded",
    "child": "excluded",
    "inherited": "excluded",
    "after_end": "excluded",
    "no_target": "excluded",
    "no_priority": "unknown",
    "undefined_status": "unknown",
    "no_time": "unknown",
    "no_service": "unknown",
    "pauses_unknown": "late_or_paused",
    "late": "breached",
    "in_time": "met",
    "open": "running",
}
"""The outcome of each reason: a ticket has one, the first that holds."""
REASONS = tuple(OUTCOME_OF)
DECIDED = ("met", "breached")
OUTCOMES = (*DECIDED, "running", "late_or_paused", "unknown", "excluded")
OUTCOME_CODES = np.array([OUTCOMES.index(outcome) for outcome in OUTCOME_OF.values()], dtype="int8")


def reasons(log: Log, clause: Clause, tickets: Tickets, measures: Measures) -> np.ndarray:
    """Return why each ticket has its outcome, as a number of ``REASONS``.

    Late is elapsed > target, never stop > deadline. A ticket of whose statuses the log tells
    nothing has no known pauses: in time it is with or without them, late it is not for certain
    under a clause that pauses.
    """
    state = log.words("state").at(tickets.place)
    undefined = log.resolutions["undefined"].to_numpy("bool")[tickets.place]
    start, stop, _ = tickets.edges
    waiting = _start_to_come(log, clause, tickets.place) & ~state.isin(history.OVER)
    stopped, (unseen, lost) = stop != MISSING, _unseen(log, clause, state)
    listed = {priority for terms in log.contract.versions for priority in terms.priorities}
    over = later(measures.elapsed, measures.target)
    untold = log.is_silent[tickets.place] & bool(clause.pauses)
    first = [  # the first that holds
        *_left_out(log, clause, tickets.place, state),
        ("no_priority", ~tickets.priority.isin(listed)),
        ("no_service", tickets.unsure),
        ("no_target", ~tickets.targeted),
        ("undefined_status", undefined),
        ("open", (start == MISSING) & waiting),
        ("no_time", (measures.elapsed == MISSING) | (lost & ~stopped)),
        ("pauses_unknown", over & untold),
        ("late", over),
        ("no_time", unseen & ~stopped),
        ("in_time", stopped),
    ]
    because = np.full(tickets.place.size, REASONS.index("open"), dtype="int8")
    for why, holds in reversed(first):
        because[holds] = REASONS.index(why)
    return because


def _left_out(log: Log, clause: Clause, place: Places, state: Coded) -> Iterator[tuple[str, Mask]]:
    """Yield each reason for which the clause leaves tickets out, and of which it holds."""
    relation, opened = log.words("relation").at(place), log.seconds("opened_at")[place]
    every = {
        "cancelled": state.isin([history.CANCELLED]),
        "merged": relation.isin(["merged"]),
        "child": relation.isin(["child"]),
        "inherited": opened < whole_second(log.contract.first_instant),
        "after_end": opened >= whole_second(log.contract.end_instant),
    }
    yield from ((why, holds) for why, holds in every.items() if why in clause.excludes)


def _unseen(log: Log, clause: Clause, state: Coded) -> tuple[Mask, Mask]:
    """Tell, were the stop not seen, whether it may have been, and whether no elapsed time counts.

    The first keeps a ticket from being open, the second from being late too.
    """
    if clause.stops_at == "first_response":
        unseen = np.full(state.codes.size, not log.has_replies)
        return unseen | state.isin(history.OVER), unseen
    done = history.DONE[1:] if clause.stops_at == "closure" else history.DONE
    ended = state.isin((*done, history.CANCELLED)) | (state.codes < 0)
    return ended, ended


def _start_to_come(log: Log, clause: Clause, place: Places) -> Mask:
    """Tell whether a clock that the log has not seen start can still start.

    The log must tell of starts; a ticket that has a team, and not since when, may have started.
    """
    logged = clause.starts_at == "started" and log.has_statuses
    if clause.starts_at == "assigned":
        logged = log.tells("group") or log.tells("assignee")
        return (log.words("group").codes[place] < 0) & logged
    return np.full(place.size, logged)
