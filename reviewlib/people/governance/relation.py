"""What the calendar of the relation shows: meetings, disputes, blocking points, contacts."""

from __future__ import annotations

import pandas as pd

from reviewlib.calendars.dates import DATE, dates_of
from reviewlib.people.governance.metrics import UNDATED

DISPUTES, BLOCKERS, CONTACTS = "disputes", "blockers", "contacts"
SPAN, OPEN, CHANGE = "span", "open", "change"
CLOSED = ("settled", "decided", "withdrawn")
MARKS = ["row", "mark", "start", "end"]


def marks(
    meetings: pd.DataFrame, tables: dict[str, pd.DataFrame | None], window: tuple[pd.Timestamp, ...]
) -> pd.DataFrame:
    """Return what happened in a window, its first and last day, as marks of rows.

    ``meetings``: as ``metrics.meetings`` returns them; ``tables``: by the names above. Columns:
    MARKS. row: a body, or one of these names; mark: the state of a meeting, a span (open: it goes
    on) or a change; start and end: days in the window, the end NaT but for spans.
    """
    first, last = window
    dated = meetings[meetings["state"] != UNDATED]
    parts = [pd.DataFrame({"row": dated["body"], "mark": dated["state"], "start": dated["day"]})]
    parts += [
        _OF[name](table).assign(row=name) for name, table in tables.items() if table is not None
    ]
    rows = pd.concat(parts, ignore_index=True).reindex(columns=MARKS)
    rows = rows.astype({"start": DATE, "end": DATE})
    rows.loc[rows["mark"] == OPEN, "end"] = last
    until = rows["end"].fillna(rows["start"])
    rows = rows[(rows["start"] <= last) & (until >= first)]
    starts, ends = rows["start"].clip(lower=first), rows["end"].clip(upper=last)
    return rows.assign(start=starts, end=ends).reset_index(drop=True)


def _disputes(table: pd.DataFrame) -> pd.DataFrame:
    """Return each dispute from its first step to the day on which it was closed."""
    ended = dates_of(table, "ended_on")
    closed = table.reindex(columns=["outcome"])["outcome"].isin(CLOSED)
    rows = table[["dispute_id", "started_on"]].assign(ended=ended.where(closed))
    spans = rows.groupby("dispute_id", sort=False).agg(
        start=("started_on", "min"), end=("ended", "max")
    )
    return _spans(spans["start"], spans["end"])


def _blockers(table: pd.DataFrame) -> pd.DataFrame:
    return _spans(table["raised_on"], dates_of(table, "resolved_on"))


def _spans(start: pd.Series, end: pd.Series) -> pd.DataFrame:
    kinds = end.isna().map({True: OPEN, False: SPAN})
    return pd.DataFrame({"mark": kinds, "start": start, "end": end})


def _contacts(table: pd.DataFrame) -> pd.DataFrame:
    """Return the days on which a role passed to another holder."""
    rows = table.sort_values("from_on", kind="stable")
    before = rows.groupby("role")["holder"].shift()
    changed = rows[before.notna() & (before != rows["holder"])]
    return pd.DataFrame({"mark": CHANGE, "start": changed["from_on"]})


_OF = {DISPUTES: _disputes, BLOCKERS: _blockers, CONTACTS: _contacts}
