"""What happened to each ticket, told from its event log: statuses, resolutions, priorities."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from reviewlib.calendars.instants import MISSING, as_instants
from reviewlib.contract.service_levels import Status
from reviewlib.ids import among, begins, codes_of, in_order, places
from reviewlib.service.columns import coded, of_words, text_of, whole_seconds

ACTIVE, DONE, CANCELLED = ("new", "open", "waiting"), ("resolved", "closed"), "cancelled"
OVER = (*DONE, CANCELLED)
STATES = (*ACTIVE, *OVER)
CHAINED = ("status", "priority", "group", "assignee")  # fields of which each change ends the last
AS_TEXT = {"old": "str", "new": "str"}  # of changes that may come as categories
CONTRADICTIONS = ["ticket_id", "at", "field", "left", "old"]
SPANS = {
    "ticket_id": "str",
    "status": "category",
    "from": "datetime64[s, UTC]",
    "to": "datetime64[s, UTC]",
    "state": "category",
}
"""The columns of ``status_spans``, and what they hold."""


def changes(events: pd.DataFrame, field: str) -> pd.DataFrame:
    """Return the events of one field in order of time; those of one second keep the file's order.

    Columns: ticket_id, at, old and new.
    """
    return _ordered(events, field).reset_index(drop=True)


def _ordered(events: pd.DataFrame, field: str) -> pd.DataFrame:
    columns = ["ticket_id", "at", "old", "new"]
    named = [name for name in columns if name in events]
    chosen = events.loc[events["field"] == field, named].reindex(columns=columns)
    categories = chosen.select_dtypes("category")  # with the words of every field
    own = {str(name): categories[name].cat.remove_unused_categories() for name in categories}
    chosen = chosen.assign(**own)
    return chosen.take(in_order(chosen["ticket_id"], chosen["at"]))


def contradictions(events: pd.DataFrame) -> pd.DataFrame:
    """Return the changes that state another value before them than the last change left.

    The columns of ``CONTRADICTIONS``; the index is that of ``events``. Nothing is said of a change
    where either value is missing.
    """
    parts = []
    for field in CHAINED:
        log = _ordered(events, field)
        words, old, new = words_of(log)
        left = np.where(begins(log["ticket_id"]), -1, np.roll(new, 1))
        apart = np.flatnonzero((left >= 0) & (old >= 0) & (left != old))
        changed = {"field": field, "left": text_of(left[apart], words).array}
        parts.append(log.take(apart).astype(AS_TEXT).assign(**changed)[CONTRADICTIONS])
    return pd.concat(parts).sort_index()


def out_of_order(events: pd.DataFrame) -> int:
    """Return how many events stand in the file after a later one of their ticket."""
    codes, _ = codes_of(events["ticket_id"])
    latest = events["at"].groupby(codes).cummax()
    return int((events["at"] < latest).sum())


def status_spans(
    tickets: pd.DataFrame,
    events: pd.DataFrame,
    statuses: Mapping[str, Status],
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Return the spans that tickets spent in each status, up to an instant.

    The columns of ``SPANS``, one row per span, in order: ticket_id, status, from, to (NaT: still in
    it) and state as the contract defines the status (NaN: not defined). A log that begins after the
    opening is completed by the status that its first change leaves, even a change later than
    ``as_of``. A status noted again is one span.
    """
    log = changes(events, "status")
    place = places(log["ticket_id"], tickets["ticket_id"])
    words, old, new = words_of(log)
    there = (place >= 0) & log["at"].notna().to_numpy()
    place, old, new, at = place[there], old[there], new[there], whole_seconds(log["at"])[there]
    first = np.flatnonzero(np.diff(place, prepend=-1))
    opened = whole_seconds(tickets["opened_at"])[place[first]]
    late = (at[first] > opened) & (old[first] >= 0)
    before = first[late]
    place = np.insert(place, before, place[before])
    status, since = np.insert(new, before, old[before]), np.insert(at, before, opened[late])
    by_then = since <= int(as_of.timestamp())
    place, status, since = place[by_then], status[by_then], since[by_then]
    alike = (place[1:] == place[:-1]) & (status[1:] == status[:-1]) & (status[1:] >= 0)
    distinct = np.append(np.ones(min(place.size, 1), dtype=bool), ~alike)
    place, status, since = place[distinct], status[distinct], since[distinct]
    goes_on = np.append(place[1:] == place[:-1], np.zeros(min(place.size, 1), dtype=bool))
    until = np.where(goes_on, np.roll(since, -1), MISSING)
    state = meanings(words, statuses)[status]
    return pd.DataFrame(
        {
            "ticket_id": tickets["ticket_id"].array.take(place),
            "status": pd.Categorical.from_codes(status, words),
            "from": as_instants(since),
            "to": as_instants(until),
            "state": pd.Categorical.from_codes(state, STATES),
        }
    )


def words_of(log: pd.DataFrame) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Return the words of some changes, sorted, and the numbers of those before and after each."""
    both = [coded(log[name]) for name in ("old", "new")]
    words = sorted({word for column in both for word in column.words})
    number = {word: place for place, word in enumerate(words)}
    old, new = (of_words(column, map(number.__getitem__, column.words), -1) for column in both)
    return words, old, new


def meanings(words: Iterable[str], statuses: Mapping[str, Status]) -> np.ndarray:
    """Return for each status the number of its state among ``STATES``, -1 where not defined.

    And -1 at the end, for a status that is missing.
    """
    stated = (statuses.get(word) for word in words)
    numbers = [-1 if about is None else STATES.index(about.state) for about in stated]
    return np.array([*numbers, -1], dtype="int8")


class Followed(NamedTuple):
    """The state of each span and that before it, in order of tickets, numbered from 0 on.

    A status that is not defined leaves a ticket in the state it had. States are numbers of
    ``STATES``, -1: none yet.
    """

    ticket: np.ndarray
    state: np.ndarray
    before: np.ndarray

    def entered(self, states: Collection[str], leaving: Collection[str] = ()) -> np.ndarray:
        """Return the spans in which a ticket passes to some states from others, or those named."""
        now, earlier = (is_in(codes, states) for codes in (self.state, self.before))
        return np.flatnonzero(now & (is_in(self.before, leaving) if leaving else ~earlier))


def followed(spans: pd.DataFrame) -> Followed:
    """Return how the states of ``status_spans`` follow each other."""
    first = begins(spans["ticket_id"])
    ticket = np.cumsum(first) - 1
    stated = coded(spans["state"])
    state = of_words(stated, map(STATES.index, stated.words), -1).astype("int8")
    # a span without a state has that of the last one before it, of the same ticket, that has one
    last_stated = np.maximum.accumulate(np.where(first | (state >= 0), np.arange(first.size), 0))
    state = state[last_stated]
    before = np.where(first, -1, np.roll(state, 1)).astype("int8")
    return Followed(ticket, state, before)


def is_in(codes: np.ndarray, states: Collection[str]) -> np.ndarray:
    """Tell which numbers of ``STATES`` are those of some states; -1 never is."""
    chosen: np.ndarray = np.array([*(state in states for state in STATES), False])[codes]
    return chosen


def states(words: pd.Series, statuses: Mapping[str, Status]) -> pd.Series:
    """Return the state that each status means, NaN where it is not defined."""
    return words.map({name: about.state for name, about in statuses.items()}).astype("str")


def resolutions(spans: pd.DataFrame) -> pd.DataFrame:
    """Return, by ticket id, when it was resolved and reopened.

    Columns: first_resolved, last_resolved and closed (NaT where it is no longer), ended (since
    when it is resolved, closed or cancelled), last_resumed (when it last became active again),
    reopenings (how often after a resolution), state (the last one) and undefined (some status is
    not defined: it leaves the ticket in the state it had).
    """
    path = followed(spans)
    ids = spans["ticket_id"][begins(spans["ticket_id"])]
    size, moments = len(ids), whole_seconds(spans["from"])
    last = np.full(size, -1, dtype="int8")
    last[path.ticket] = path.state

    def at(rows: np.ndarray) -> np.ndarray:
        """Return the instant of the last of some spans of each ticket."""
        instants = np.full(size, MISSING)
        instants[path.ticket[rows]] = moments[rows]
        return instants

    def since(states: Collection[str]) -> np.ndarray:
        return np.where(is_in(last, states), at(path.entered(states)), MISSING)

    reopened = path.entered(ACTIVE, DONE)
    instants = {
        "first_resolved": at(path.entered(DONE)[::-1]),
        "last_resolved": since(DONE),
        "closed": since(DONE[1:]),
        "ended": since(OVER),
        "last_resumed": at(path.entered(ACTIVE, OVER)),
    }
    undefined = np.zeros(size, dtype=bool)
    undefined[path.ticket[spans["state"].isna().to_numpy()]] = True
    columns = {name: as_instants(seconds) for name, seconds in instants.items()} | {
        "reopenings": np.bincount(path.ticket[reopened], minlength=size),
        "state": text_of(last, STATES).array,
        "undefined": undefined,
    }
    return pd.DataFrame(columns, index=pd.Index(ids, name="ticket_id"))


def turns(spans: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return each instant at which tickets were over, and at which they were active again.

    Over is resolved, closed or cancelled; both Series are by ticket id, which may repeat.
    """
    path = followed(spans)
    over, was_over = is_in(path.state, OVER), is_in(path.before, OVER)
    moments = spans.set_index("ticket_id")["from"]
    return moments[over & ~was_over], moments[~over & was_over]


def recorded_resolutions(tickets: pd.DataFrame, statuses: Mapping[str, Status]) -> pd.DataFrame:
    """Return what ``resolutions`` returns from the tickets' own columns, where no log exists.

    The state is told by the dates, else by the status; NaN where no ticket has a date of
    resolution and this one no status, and where its status is not defined, which may as well say
    that the dates count for nothing. A ticket whose end has no date is over since NaT.
    """
    rows = tickets.set_index("ticket_id")
    none = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s, UTC]")
    resolved, closed = rows.get("resolved_at", none), rows.get("closed_at", none)
    status = rows.get("status", pd.Series(None, index=rows.index, dtype="str"))
    by_status = states(status, statuses)
    dated = pd.Series(
        np.select([closed.notna(), resolved.notna()], ["closed", "resolved"], ""), rows.index
    )
    undefined = status.notna() & by_status.isna() & bool(statuses)
    by_date = (dated != "") & (by_status != CANCELLED) & ~undefined
    state = by_status.mask(by_date, dated)
    if (dated != "").any():
        state = state.mask(state.isna() & ~undefined, "open")
    return pd.DataFrame(
        {
            "first_resolved": resolved,
            "last_resolved": resolved,
            "closed": closed,
            "ended": resolved.fillna(closed),
            "last_resumed": none,
            "reopenings": 0,
            "state": state,
            "undefined": undefined,
        }
    )


def first_replies(
    tickets: pd.DataFrame, events: pd.DataFrame | None, as_of: pd.Timestamp
) -> pd.Series:
    """Return, by ticket id, when the provider first answered: from the log, else as recorded.

    An answer that a rule of the tool made is none, nor is one that the log does not say to be the
    provider's. Where the log tells of answers, those recorded
    serve only for tickets of which it tells nothing.
    """
    rows = tickets.set_index("ticket_id")
    none = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s, UTC]")
    recorded = rows.get("first_response_at", none)
    if events is None or not tells_replies(events):
        return recorded
    answers = (events["field"] == "public_reply") & (events["at"] <= as_of)
    answers &= (events["actor_side"] == "provider").fillna(False)
    if "automatic" in events:
        answers &= ~events["automatic"].fillna(False).astype("bool")
    answers = events.loc[answers.to_numpy("bool"), ["ticket_id", "at"]]
    latest_first = np.argsort(-whole_seconds(answers["at"]), kind="stable")
    place = places(answers["ticket_id"], rows.index)[latest_first]
    first = np.full(len(rows) + 1, MISSING)  # the last is that of an answer without its ticket
    first[place] = whole_seconds(answers["at"])[latest_first]
    replied = pd.Series(as_instants(first[:-1]), rows.index, name="at")
    if recorded.notna().any():
        replied = replied.mask(~among(rows.index, events["ticket_id"]), recorded)
    return replied


def tells_replies(events: pd.DataFrame) -> bool:
    """Whether a log tells when the provider, and not the caller, wrote to the other."""
    replies = events[events["field"] == "public_reply"]
    return "actor_side" in replies and bool(replies["actor_side"].notna().any())


def priorities(
    tickets: pd.DataFrame,
    events: pd.DataFrame | None,
    order: tuple[str, ...],
    which: str,
    as_of: pd.Timestamp,
) -> pd.Series:
    """Return, by ticket id, the priority that counts: initial, final or highest, at an instant.

    ``order`` lists the priorities from the most urgent down. A ticket of whose priority the log
    tells nothing has that of its own row; one whose first change is yet to come, the one it leaves.
    """
    blank = pd.Series(None, index=tickets.index, dtype="str")
    own = tickets.get("priority", blank).astype("str").set_axis(tickets["ticket_id"])
    if events is None or not (events["field"] == "priority").any():
        return own
    log = changes(events, "priority").astype(AS_TEXT).set_index("ticket_id")
    given = log.loc[log["at"] <= as_of, "new"]
    first = log[~log.index.duplicated()]
    start = first["old"].fillna(first["new"].where(first["at"] <= as_of))
    every = pd.concat([start, given])
    if which == "initial":
        counting = start
    elif which == "final":
        counting = every.groupby(level=0).last()
    else:
        rank = every.map({priority: place for place, priority in enumerate(order)})
        counting = rank.groupby(level=0).min().map(dict(enumerate(order))).astype("str")
    return counting.reindex(own.index).mask(~among(own.index, log.index), own)
