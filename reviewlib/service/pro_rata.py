"""Targets weighed by the priorities that a ticket had: each uses up its part of its own target.

A ticket that spent 3 of the 8 h of P3 has used 37.5 % of its time; raised to P1 with 4 h, it has
62.5 % of them left. It is late once the parts add up to more than the whole.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.calendars.service_hours import WorkingDays
from reviewlib.contract import Clause
from reviewlib.contract.targets import delay
from reviewlib.service.log import Log

PART_COLUMNS = [
    "row", "ticket_id", "priority", "calendar", "site", "from", "to", "elapsed", "target", "used",
]  # fmt: skip


def priorities(log: Log, clause: Clause, rows: pd.DataFrame) -> pd.Series:
    """Return the last priority with a target that each ticket had while its clock ran, by place.

    Where it had none with a target, the last without. ``rows``: start, stop and until, by place.
    """
    spans = log.priority_spans.assign(row=log.priority_places)
    spans = spans.merge(rows[["start", "stop", "until"]], left_on="row", right_index=True)
    end = spans["stop"].fillna(spans["until"])
    while_it_ran = (spans["from"] < end) | (spans["from"] <= spans["start"]) | spans["start"].isna()
    spans = spans[while_it_ran]
    spans = spans.assign(stated=spans["priority"].isin(list(clause.targets)))
    spans = spans.sort_values(["row", "stated", "from"], kind="stable")
    last = spans.drop_duplicates("row", keep="last").set_index("row")
    return last["priority"].reindex(rows.index)


def weighed(log: Log, clause: Clause, rows: pd.DataFrame, pauses: pd.DataFrame) -> pd.DataFrame:
    """Return elapsed and target service time and the deadline, by the place of the ticket.

    ``rows`` (by place): start, stop, until, site, extension; ``pauses``: row is a place. The target
    is the service time at which the parts used of each priority's target add up to the whole, and
    then the extension. There is no deadline while a priority without a target holds the clock.
    """
    ticket_parts = parts(log, clause, rows, pauses)
    row = ticket_parts["row"]
    last = ticket_parts.drop_duplicates("row", keep="last").set_index("row")
    elapsed = ticket_parts["elapsed"].groupby(row).sum()
    ticket_parts["before"] = ticket_parts["used"].groupby(row).cumsum() - ticket_parts["used"]
    ticket_parts["spent"] = ticket_parts["elapsed"].groupby(row).cumsum() - ticket_parts["elapsed"]
    ticket_parts["left"] = ((1 - ticket_parts["before"]) * ticket_parts["target"]).round()
    stated = ticket_parts[ticket_parts["target"] > 0]
    crossed = stated["before"] + stated["used"] > 1
    decisive = pd.concat(
        [stated[crossed].drop_duplicates("row"), stated.drop_duplicates("row", keep="last")]
    )
    decisive = decisive.drop_duplicates("row").set_index("row")
    more = rows["extension"].dt.total_seconds().reindex(decisive.index)
    decisive["left"] += more
    deadline = _deadlines(log, decisive, pauses)
    held = last["calendar"].isna() & ~last.index.isin(stated["row"][crossed])
    deadline = deadline.mask(held.reindex(deadline.index))
    target = decisive["spent"] + decisive["left"]
    return pd.DataFrame(
        {
            "elapsed": _delta(elapsed.reindex(target.index)),
            "target": _delta(target),
            "deadline": deadline,
        }
    ).reindex(rows.index)


def parts(log: Log, clause: Clause, rows: pd.DataFrame, pauses: pd.DataFrame) -> pd.DataFrame:
    """Return what each ticket used of the target of each priority that it had, in order.

    Columns: row (its place), ticket_id, priority, calendar, site, from, to, elapsed and target
    (service seconds) and used (the share). A priority without a target has no calendar, and uses
    nothing. ``rows`` and ``pauses``: as in ``weighed``.
    """
    spans = log.priority_spans.assign(row=log.priority_places).merge(
        rows[["start", "stop", "until", "site"]], left_on="row", right_index=True
    )
    end = spans["stop"].fillna(spans["until"])
    spans["from"] = spans["from"].mask(spans["from"] < spans["start"], spans["start"])
    spans["to"] = spans["to"].mask(spans["to"].isna() | (spans["to"] > end), end)
    none_left = spans["from"] >= spans["to"]
    only = spans[none_left & (spans["from"] == spans["start"]) & (spans["from"] == end)]
    spans = pd.concat([spans[~none_left], only.drop_duplicates("row", keep="last")])
    spans = spans.sort_values(["row", "from"], kind="stable", ignore_index=True)
    spans["calendar"] = spans["priority"].map({p: clause.calendar_of(p) for p in clause.targets})
    spans["elapsed"] = spans["target"] = 0.0
    held = spans[["row"]].reset_index(names="part").merge(pauses, on="row")
    held = held[["part", "from", "to"]].rename(columns={"part": "row"})
    for (calendar, site, priority), group in spans.groupby(["calendar", "site", "priority"]):
        hours, target = log.hours(calendar, site), delay(clause.targets[priority])
        within = held[held["row"].isin(group.index)]
        spent = hours.elapsed(group["from"], group["to"], within)
        spans.loc[group.index, "elapsed"] = spent.dt.total_seconds()
        if isinstance(target, WorkingDays):
            full = hours.elapsed(group["start"], hours.deadlines(group["start"], target))
            spans.loc[group.index, "target"] = full.dt.total_seconds()
        else:
            spans.loc[group.index, "target"] = target.total_seconds()
    used = spans["elapsed"] / spans["target"].where(spans["target"] > 0)
    return spans.assign(used=used.fillna(0.0))[PART_COLUMNS]


def _deadlines(log: Log, decisive: pd.DataFrame, pauses: pd.DataFrame) -> pd.Series:
    """Return when what is left of the decisive part runs out, by the ticket's place."""
    deadlines = pd.Series(pd.NaT, decisive.index, dtype="datetime64[s, UTC]")
    for (calendar, site), group in decisive.groupby(["calendar", "site"]):
        hours = log.hours(calendar, site)
        within = pauses.loc[pauses["row"].isin(group.index), ["row", "from", "to"]]
        left = _delta(group["left"].clip(lower=0))
        deadlines[group.index] = hours.deadlines(group["from"], left, within)
    return deadlines


def _delta(seconds: pd.Series) -> pd.Series:
    whole = np.asarray(seconds.fillna(0).round(), dtype="int64")
    return pd.Series(whole.astype("m8[s]"), index=seconds.index)
