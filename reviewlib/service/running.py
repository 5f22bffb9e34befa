"""How far the clock of a ticket had run at some instants, in service time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.ids import codes_of, places
from reviewlib.service.log import Log


def run(log: Log, clocks: pd.DataFrame, still: pd.DataFrame) -> pd.Series:
    """Return the service time from ``start`` to ``at``, less the pauses, of each row of a frame.

    ``clocks``: ticket_id (which may repeat), calendar, site, start and at, under unique labels;
    ``still``: the spans, disjoint, in which the clocks of the tickets stand still: row (ticket id),
    from and to (NaT: still going on), none before its ticket's start.
    """
    ran = pd.Series(pd.NaT, clocks.index, dtype="timedelta64[s]")
    codes, words = codes_of(clocks["ticket_id"])
    clocks = clocks.assign(ticket_id=codes.astype("int64"))
    row = places(still["row"], pd.Index(words, dtype="str"))
    still = still.assign(row=row)[row >= 0].sort_values("from", kind="stable")
    for (calendar, site), group in clocks.groupby(["calendar", "site"]):
        hours = log.hours(calendar, site)
        pauses = still[np.isin(still["row"], group["ticket_id"])]
        origin = min(group["start"].min(), pauses["from"].min())
        held = pd.DataFrame({"row": pauses["row"], "from": pauses["from"]})
        held["since"], held["until"] = (hours.elapsed(origin, pauses[e]) for e in ("from", "to"))
        length = (held["until"] - held["since"]).fillna(pd.Timedelta(0))
        held["before"] = length.groupby(held["row"]).cumsum() - length
        counted = {
            edge: _counted(group, edge, hours.elapsed(origin, group[edge]), held)
            for edge in ("start", "at")
        }
        ran.loc[group.index] = counted["at"] - counted["start"]
    return ran


def _counted(group: pd.DataFrame, edge: str, service: pd.Series, held: pd.DataFrame) -> pd.Series:
    """Return the service time before some instants, less that of the pauses begun before them."""
    instants = group[["ticket_id", edge]].sort_values(edge, kind="stable")
    last = pd.merge_asof(
        instants, held, left_on=edge, right_on="from", left_by="ticket_id", right_by="row",
        allow_exact_matches=False,
    ).set_axis(instants.index)  # fmt: skip
    last = last.reindex(group.index)
    until = last["until"].where(last["until"] < service, service)
    return service - (until - last["since"] + last["before"]).fillna(pd.Timedelta(0))
