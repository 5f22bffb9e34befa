"""What happened to each ticket, told from its event log: statuses, resolutions, priorities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from reviewlib.contract.service_levels import Status
from reviewlib.ids import among, places

ACTIVE, DONE, CANCELLED = ("new", "open", "waiting"), ("resolved", "closed"), "cancelled"
OVER = (*DONE, CANCELLED)
CHAINED = ("status", "priority", "group", "assignee")  # fields of which each change ends the last
SPAN_COLUMNS = ["ticket_id", "status", "from", "to", "state"]


def changes(events: pd.DataFrame, field: str) -> pd.DataFrame:
    """Return the events of one field in order of time; those of one second keep the file's order.

    Columns: ticket_id, at, old and new.
    """
    return _ordered(events, field).reset_index(drop=True)


def _ordered(events: pd.DataFrame, field: str) -> pd.DataFrame:
    chosen = events[events["field"] == field].reindex(columns=["ticket_id", "at", "old", "new"])
    return chosen.sort_values(["ticket_id", "at"], kind="stable")


def contradictions(events: pd.DataFrame) -> pd.DataFrame:
    """Return the changes that state another value before them than the last change left.

    Columns: ticket_id, at, field, left and old; the index is that of ``events``. Nothing is said
    of a change where either value is missing.
    """
    parts = []
    for field in CHAINED:
        log = _ordered(events, field)
        before = log.shift()
        log = log.assign(field=field, left=before["new"])
        known = log["left"].notna() & log["old"].notna()
        parts.append(
            log[(log["ticket_id"] == before["ticket_id"]) & known & (log["old"] != log["left"])]
        )
    found = pd.concat(parts)[["ticket_id", "at", "field", "left", "old"]]
    return found.sort_index()


def out_of_order(events: pd.DataFrame) -> int:
    """Return how many events stand in the file after a later one of their ticket."""
    latest = events["at"].groupby(events["ticket_id"]).cummax()
    return int((events["at"] < latest).sum())


def status_spans(
    tickets: pd.DataFrame,
    events: pd.DataFrame,
    statuses: Mapping[str, Status],
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Return the spans that tickets spent in each status, up to an instant.

    One row per span, in order: ticket_id, status, from, to (NaT: still in it) and state as the
    contract defines the status (NaN: not defined). A log that begins after the opening is
    completed by the status that its first change leaves, even a change later than ``as_of``. A
    status noted again is one span.
    """
    log = changes(events, "status")
    log = log[among(log["ticket_id"], tickets["ticket_id"])]
    first = log.drop_duplicates("ticket_id")
    place = places(first["ticket_id"], tickets["ticket_id"])
    first = first.assign(opened_at=tickets["opened_at"].take(place).array)
    late = first[(first["at"] > first["opened_at"]) & first["old"].notna()]
    names = ["ticket_id", "status", "from"]
    before = late[["ticket_id", "old", "opened_at"]].set_axis(names, axis="columns")
    noted = log[["ticket_id", "new", "at"]].set_axis(names, axis="columns")
    spans = pd.concat([before, noted]).sort_values(["ticket_id", "from"], kind="stable")
    spans = spans[spans["from"] <= as_of]
    previous = spans.shift()
    again = (spans["ticket_id"] == previous["ticket_id"]) & (spans["status"] == previous["status"])
    spans = spans[~again].reset_index(drop=True)
    same = spans["ticket_id"] == spans["ticket_id"].shift(-1)
    spans["to"] = spans["from"].shift(-1).where(same)
    spans["state"] = states(spans["status"], statuses)
    return spans[SPAN_COLUMNS]


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
    ticket, ids = _numbered(spans)
    state = spans["state"].groupby(ticket).ffill()
    before = state.shift().where(ticket == ticket.shift())
    last = state.groupby(ticket).last()

    def entered(kinds: Iterable[str]) -> pd.core.groupby.SeriesGroupBy:
        new = state.isin(kinds) & ~before.isin(kinds)
        return spans["from"][new].groupby(ticket[new])

    def since(kinds: Iterable[str]) -> pd.Series:
        return entered(kinds).last().reindex(last.index).where(last.isin(kinds))

    resumed = state.isin(ACTIVE) & before.isin(OVER)
    reopened = state.isin(ACTIVE) & before.isin(DONE)
    found = {
        "first_resolved": entered(DONE).first().reindex(last.index),
        "last_resolved": since(DONE),
        "closed": since(DONE[1:]),
        "ended": since(OVER),
        "last_resumed": spans["from"][resumed].groupby(ticket[resumed]).last().reindex(last.index),
        "reopenings": reopened.groupby(ticket).sum(),
        "state": last,
        "undefined": spans["state"].isna().groupby(ticket).any(),
    }
    return pd.DataFrame(found).set_axis(ids)


def _numbered(spans: pd.DataFrame) -> tuple[pd.Series, pd.Index]:
    """Return a number for each span's ticket, and the ids that 0, 1, … stand for.

    Spans are in order of their tickets. Numbers group ten times faster than texts.
    """
    first = spans["ticket_id"] != spans["ticket_id"].shift()
    return first.cumsum() - 1, pd.Index(spans.loc[first, "ticket_id"])


def turns(spans: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return each instant at which tickets were over, and at which they were active again.

    Over is resolved, closed or cancelled; both Series are by ticket id, which may repeat.
    """
    ticket, _ = _numbered(spans)
    over = spans["state"].groupby(ticket).ffill().isin(OVER)
    was_over = over.shift(fill_value=False) & (ticket == ticket.shift())
    moments = spans.set_index("ticket_id")["from"]
    return moments[(over & ~was_over).array], moments[(~over & was_over).array]


def recorded_resolutions(tickets: pd.DataFrame, statuses: Mapping[str, Status]) -> pd.DataFrame:
    """Return what ``resolutions`` returns from the tickets' own columns, where no log exists.

    The state is told by the dates, else by the status; NaN where no ticket has a date of
    resolution and this one no status. A ticket whose end has no date is over since NaT.
    """
    rows = tickets.set_index("ticket_id")
    none = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s, UTC]")
    resolved, closed = rows.get("resolved_at", none), rows.get("closed_at", none)
    status = rows.get("status", pd.Series(None, index=rows.index, dtype="str"))
    told = states(status, statuses)
    dated = pd.Series(
        np.select([closed.notna(), resolved.notna()], ["closed", "resolved"], ""), rows.index
    )
    undefined = (dated == "") & status.notna() & told.isna() & bool(statuses)
    by_date = (dated != "") & (told != CANCELLED)
    state = told.mask(by_date, dated)
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
    said = events[(events["field"] == "public_reply") & (events["at"] <= as_of)]
    said = said[(said["actor_side"] == "provider").fillna(False)]
    if "automatic" in said:
        said = said[~said["automatic"].fillna(False).astype("bool")]
    first = said.groupby("ticket_id")["at"].min().reindex(rows.index)
    return first.mask(~among(rows.index, events["ticket_id"]), recorded)


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
    own = tickets.get("priority", blank).set_axis(tickets["ticket_id"])
    if events is None or not (events["field"] == "priority").any():
        return own
    log = changes(events, "priority").set_index("ticket_id")
    known = log.loc[log["at"] <= as_of, "new"]
    first = log[~log.index.duplicated()]
    start = first["old"].fillna(first["new"].where(first["at"] <= as_of))
    every = pd.concat([start, known])
    if which == "initial":
        found = start
    elif which == "final":
        found = every.groupby(level=0).last()
    else:
        rank = every.map({priority: place for place, priority in enumerate(order)})
        found = rank.groupby(level=0).min().map(dict(enumerate(order))).astype("str")
    return found.reindex(own.index).mask(~among(own.index, log.index), own)
