"""Arrivals against closures, the backlog and its age, reopenings, first-contact resolution (F7)."""

from __future__ import annotations

import pandas as pd

from reviewlib.calendars.zones import local_days
from reviewlib.ids import among, places
from reviewlib.service.handovers.metrics import by_ticket, holders
from reviewlib.service.history import OVER, states
from reviewlib.service.log import Log

OLD = 30  # days
LAST_MINUTE = pd.Timedelta(minutes=1)  # a month seen from 23:59 of its last day is over


def untold(log: Log, recorded: pd.DataFrame) -> pd.Series:
    """Tell, for each ticket, whether it is not known if it is open, or since when it is over.

    ``recorded``: the tickets as extracted. No status of it is defined, or it was not over when it
    got one that is not; or it is over and no date tells since when, so that seen from before the
    extraction it may have been open or not.
    Returns booleans by ticket id.
    """
    states_and_ends = log.resolutions
    unknown = states_and_ends["state"].isna() | (
        states_and_ends["state"].isin(OVER) & states_and_ends["ended"].isna()
    )
    if log.has_statuses:
        last = log.spans[~log.spans["ticket_id"].duplicated(keep="last")]
        undefined = among(states_and_ends.index, last.loc[last["state"].isna(), "ticket_id"])
        unknown |= undefined & ~states_and_ends["state"].isin(OVER)
    if "status" not in recorded:
        return unknown
    rows = recorded.reindex(columns=["status", "resolved_at", "closed_at"])
    rows = rows.take(places(states_and_ends.index, recorded["ticket_id"])).set_axis(
        states_and_ends.index
    )
    undated = rows["resolved_at"].isna() & rows["closed_at"].isna()
    undated &= states(rows["status"], log.statuses).isin(OVER)
    if log.events is not None:
        noted = log.events.loc[log.events["field"] == "status", "ticket_id"]
        undated &= ~among(states_and_ends.index, noted)
    return unknown | undated


def by_month(
    opened: pd.Series, ended: pd.Series, as_of: pd.Timestamp, time_zone: str
) -> pd.DataFrame:
    """Return arrivals, closures and the backlog left at the end of each month.

    ``opened`` and ``ended`` are UTC instants: each opening and reopening of a ticket is an arrival,
    each resolution and cancellation a closure, so that what a month shows does not change with
    what happens later. So backlog = backlog of the month before + arrivals − closures. Columns:
    month (YYYY-MM, every month from the first ticket to ``as_of``), arrivals, closures, backlog
    (NaN for the last month where it is not over: it has no end yet).
    """
    arrivals, closures = (_months(instants, time_zone) for instants in (opened, ended.dropna()))
    first = pd.concat([arrivals, closures]).min()
    months = pd.period_range(first, _months(pd.Series([as_of]), time_zone)[0], freq="M")
    counts = pd.DataFrame(
        {"arrivals": arrivals.value_counts(), "closures": closures.value_counts()}, index=months
    )
    counts = counts.fillna(0).astype("int64")
    counts["backlog"] = (counts["arrivals"] - counts["closures"]).cumsum()
    if _months(pd.Series([as_of + LAST_MINUTE]), time_zone)[0] == months[-1]:
        counts["backlog"] = counts["backlog"].where(months < months[-1])
    return counts.rename_axis("month").reset_index().assign(month=[str(m) for m in months])


def _months(instants: pd.Series, time_zone: str) -> pd.Series:
    return local_days(instants, time_zone).dt.to_period("M")


def open_ages(
    tickets: pd.DataFrame, resolutions: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Return the tickets still open, with their age in days (24 hours) as of an instant.

    ``resolutions`` is by ticket id; the age counts from the opening, or the last reopening.
    Columns: ticket_id, priority, opened_at, since, age; oldest first.
    """
    own = resolutions.reindex(tickets["ticket_id"]).set_axis(tickets.index)
    still = tickets[own["ended"].isna()]
    frame = still.reindex(columns=["ticket_id", "priority", "opened_at"])
    frame["since"] = own.loc[still.index, "last_resumed"].fillna(frame["opened_at"])
    frame["age"] = (as_of - frame["since"]) / pd.Timedelta(days=1)
    return frame.sort_values(["age", "ticket_id"], ascending=[False, True], ignore_index=True)


def ages_by_priority(ages: pd.DataFrame) -> pd.DataFrame:
    """Return, by priority: count, median age, the oldest and how many are more than ``OLD``.

    ``ages``: with service, hours. Its median is of the tickets that have any (NaN: none).
    """
    groups = ages.assign(over=ages["age"] > OLD).groupby("priority", dropna=False)
    return groups.agg(
        count=("age", "size"),
        median=("age", "median"),
        oldest=("age", "max"),
        over=("over", "sum"),
        service=("service", "median"),
    ).reset_index()


def reopened(resolutions: pd.DataFrame) -> pd.Series:
    """Tell, for each ticket resolved at least once, whether it was reopened at least once."""
    return resolutions.loc[resolutions["first_resolved"].notna(), "reopenings"] > 0


def one_team(events: pd.DataFrame, resolutions: pd.DataFrame) -> pd.Series:
    """Tell, for each ticket that is resolved, whether one team only held it.

    ``events``: those known. So it does where they tell of no change of team. Returns booleans by
    ticket id.
    """
    resolved = resolutions.index[resolutions["last_resolved"].notna()]
    return by_ticket(holders(events), resolved)["teams"] <= 1


def first_contact(
    alone: pd.Series,
    spans: pd.DataFrame,
    resolutions: pd.DataFrame,
    written: pd.Series,
) -> pd.Series:
    """Tell, for each ticket that is resolved, whether the first contact solved it.

    It did when one team only held the ticket, it never waited, it was never reopened, and its
    caller did not write again before the resolution, as far as the log tells. ``alone``: as
    ``one_team`` returns it; ``written``: as ``wrote_again`` does. Returns booleans by ticket id.
    """
    waited = spans.loc[spans["state"] == "waiting", "ticket_id"]
    again = resolutions.index[resolutions["reopenings"] > 0]
    resolved = resolutions["first_resolved"].array.take(
        places(written.index, resolutions.index), allow_fill=True
    )
    before = (written <= resolved).to_numpy()
    for further in (written.index[before], again, waited):
        alone = alone & ~among(alone.index, further)
    return alone


def unsigned(events: pd.DataFrame) -> pd.Series:
    """Return the tickets with a public reply of which the log does not say who wrote it."""
    replies = events[events["field"] == "public_reply"]
    return replies.loc[replies["actor_side"].isna(), "ticket_id"]


def wrote_again(events: pd.DataFrame, answered: pd.Series) -> pd.Series:
    """Return, by ticket id, when callers first wrote after the provider's first answer.

    ``events``: those known; ``answered``: when the provider first answered, by ticket id. Only
    tickets whose caller did.
    """
    replies = events[events["field"] == "public_reply"]
    if "actor_side" not in replies:
        return answered[:0]
    replies = replies[(replies["actor_side"] == "client").fillna(False)]
    moments = replies.set_index("ticket_id")["at"]
    first = answered.array.take(places(moments.index, answered.index), allow_fill=True)
    return moments[moments > first].groupby(level=0).min()
