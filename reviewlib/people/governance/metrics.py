"""Meetings against the governance plan: held, minutes, gaps between them, who attended (H1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import DATE, calendar_days, dates_of
from reviewlib.calendars.day_counts import end_of
from reviewlib.calendars.punctuality import JUDGED, LATE, ON_TIME, OVERDUE, judged
from reviewlib.calendars.rhythms import longest, spans
from reviewlib.contract import Contract
from reviewlib.contract.governance import LAUNCH, Body, Governance
from reviewlib.contract.parties import Period

HELD, HELD_LATE, CANCELLED = "held", "held_late", "cancelled"
MISSING, NOT_DUE, UNDATED = "missing", "not_due", "undated"
WERE_HELD = (HELD, HELD_LATE)
PLANNED = (HELD, HELD_LATE, CANCELLED, MISSING)
"""The states of meetings whose day has come; the first two were held."""
NO_RULE = ""
"""What became of minutes for which no delay is agreed, or of a meeting without any."""
DATES = ["planned_on", "moved_to", "held_on", "cancelled_on", "minutes_on"]
TEXTS = ["meeting_id", "body", "cancelled_by", "attended", "evidence"]
MEETINGS = [*TEXTS, *DATES, "day", "state", "days", "minutes", "sent_after", "recorded"]
ATTENDANCE = ["body", "role", "side", "k", "n", "absent"]
GAPS = ["body", "first", "last", "days", "is_open", "lapsed"]


def meetings(
    table: pd.DataFrame, plan: Governance, period: Period, today: pd.Timestamp, days_off: np.ndarray
) -> pd.DataFrame:
    """Judge each meeting by the day for which it was first planned, and its minutes.

    ``period``: of the contract. Returns a row for each meeting, and one for each whole period of
    the rhythm of a body of which the table has no row (recorded False; its id is its first day, its
    day the last), with the columns MEETINGS. day: on which it was held, is planned
    or was cancelled; days: calendar days after the day first planned, of those held; minutes: a
    state of ``judged``, or NO_RULE; sent_after: calendar days from the meeting to its minutes.
    """
    rows = table.reindex(columns=TEXTS).astype("str").assign(recorded=True)
    rows = rows.assign(**{name: dates_of(table, name) for name in DATES})
    rows = pd.concat([rows, _unrecorded(rows, plan, period, today)], ignore_index=True)
    due = rows["moved_to"].fillna(rows["planned_on"])
    day = rows["held_on"].fillna(due).fillna(rows["cancelled_on"]).fillna(rows.pop("last"))
    rows = rows.assign(day=day, days=calendar_days(rows["held_on"] - rows["planned_on"]))
    rows["state"] = _states(rows, today)
    rows["sent_after"] = calendar_days(rows["minutes_on"] - rows["held_on"])
    rows["minutes"] = _minutes(rows, plan, today, days_off)
    return rows[MEETINGS].sort_values("day", kind="stable", ignore_index=True)


def _states(rows: pd.DataFrame, today: pd.Timestamp) -> pd.Series:
    is_held, moved = rows["held_on"].notna(), rows["moved_to"].notna()
    cancelled = rows["cancelled_on"].notna() | (rows["cancelled_by"].notna() & ~moved)
    conditions = [is_held & (rows["days"] > 0), is_held, cancelled, rows["day"].isna()]
    conditions.append(rows["day"] < today)
    states = np.select(conditions, [HELD_LATE, HELD, CANCELLED, UNDATED, MISSING], NOT_DUE)
    return pd.Series(states, rows.index, dtype="str")


def days_of(body: Body, period: Period) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the days between which a body meets: its own, else those of the contract."""
    first, last = body.first or period.first, body.last or period.last
    return pd.Timestamp(first), pd.Timestamp(last)


def _unrecorded(
    rows: pd.DataFrame, plan: Governance, period: Period, today: pd.Timestamp
) -> pd.DataFrame:
    """Return a row for each past period of a rhythm without a meeting planned or held in it.

    Of a body that the table does not name nothing is known; and a meeting more in the period just
    before or after stands for the one that a period lacks.
    """
    days = rows["planned_on"].fillna(rows["held_on"]).fillna(rows["cancelled_on"])
    parts = [pd.DataFrame({"last": pd.Series(dtype=DATE)})]
    for name, body in plan.bodies.items():
        own = days[(rows["body"] == name) & days.notna()]
        periods = spans(body.every, *days_of(body, period))
        if own.empty or periods.empty:
            continue
        place = np.searchsorted(periods["first"].to_numpy(), own.to_numpy(), "right") - 1
        counts = pd.Series(np.bincount(place[place >= 0], minlength=len(periods)))
        spare = (counts > 1).astype(int)
        covered = spare.shift(1, fill_value=0) + spare.shift(-1, fill_value=0) > 0
        bare = periods[(counts == 0) & ~covered & (periods["last"] < today)]
        ids = [f"{first:%Y-%m-%d}" for first in bare["first"]]
        parts.append(pd.DataFrame({"meeting_id": ids, "body": name, "last": bare["last"].array}))
    return pd.concat(parts, ignore_index=True).assign(recorded=False)


def _minutes(
    rows: pd.DataFrame, plan: Governance, today: pd.Timestamp, days_off: np.ndarray
) -> pd.Series:
    states = pd.Series(NO_RULE, rows.index, dtype="str")
    delays = {name: body.minutes for name, body in plan.bodies.items()}
    delays |= {LAUNCH: plan.launch.minutes} if plan.launch else {}
    for name, delay in delays.items():
        own = (rows["body"] == name) & rows["held_on"].notna()
        if delay and own.any():
            due = end_of(delay, rows.loc[own, "held_on"], days_off)
            states[own] = judged(due, rows.loc[own, "minutes_on"], today)[0]
    return states


def gaps(
    rows: pd.DataFrame, plan: Governance, period: Period, until: pd.Timestamp, since: pd.Timestamp
) -> pd.DataFrame:
    """Return the longest time without a meeting of each body: from one held to the next.

    ``rows``: as ``meetings`` returns them; of the times that end on or after ``since``, the last
    being up to ``until``, or the last day of the body, where no meeting follows (is_open). days:
    calendar days; lapsed: whether they are more than two periods of the body’s rhythm, False where
    none is agreed. Columns: GAPS.
    """
    own = rows.loc[rows["held_on"].notna(), ["body", "held_on"]]
    own = own[own["body"] != LAUNCH].sort_values(["body", "held_on"], kind="stable")
    ends = {name: min(days_of(body, period)[1], until) for name, body in plan.bodies.items()}
    end = own["body"].map(ends).astype(DATE).fillna(min(until, pd.Timestamp(period.last)))
    following = own.groupby("body")["held_on"].shift(-1)
    last = following.fillna(end)
    made = own.assign(first=own["held_on"], last=last, is_open=following.isna())
    made["days"] = calendar_days(made["last"] - made["first"])
    limits = {name: 2 * longest(body.every) for name, body in plan.bodies.items()}
    made["lapsed"] = made["days"] > made["body"].map(limits).astype("float64")
    made = made[(made["days"] > 0) & (made["last"] >= since)]
    return made.loc[made.groupby("body")["days"].idxmax(), GAPS].reset_index(drop=True)


def by_body(rows: pd.DataFrame, longest_gaps: pd.DataFrame) -> pd.DataFrame:
    """Count the meetings of each body, and their minutes, in the order of their first meeting.

    ``longest_gaps``: as ``gaps`` returns them. Columns: body; each state of PLANNED; n: of them
    all; k: held; minuted, in_time, late and unsent: minutes that are judged, and what became of
    them; run: how many of the last ones in a row were not in time; first to lapsed: see GAPS.
    """
    own = rows[rows["body"] != LAUNCH]
    counts = own.groupby(["body", "state"], sort=False).size().unstack(fill_value=0)
    made = counts.reindex(columns=list(PLANNED), fill_value=0)
    made = made.assign(n=made.sum(axis="columns"), k=made[list(WERE_HELD)].sum(axis="columns"))
    return made.join(minutes_by_body(own)).reset_index().merge(longest_gaps, on="body", how="left")


def minutes_by_body(rows: pd.DataFrame) -> pd.DataFrame:
    """Return of each body minuted, in_time, late, unsent and run: see ``by_body``."""
    names = {ON_TIME: "in_time", LATE: "late", OVERDUE: "unsent"}
    due = rows[rows["minutes"].isin(JUDGED)]
    counts = due.groupby(["body", "minutes"]).size().unstack(fill_value=0).rename(columns=names)
    made = counts.reindex(columns=[*names.values()], fill_value=0)
    runs = {body: run_at_end(own) for body, own in due.groupby("body")["minutes"]}
    made = made.assign(minuted=made.sum(axis="columns"), run=pd.Series(runs, dtype="int64"))
    return made.reindex(rows["body"].unique(), fill_value=0).rename_axis("body").astype("int64")


def roles_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the roles that attended meetings held: meeting_id, body and role."""
    own = rows.loc[rows["held_on"].notna(), ["meeting_id", "body", "attended"]]
    roles = own.assign(role=own["attended"].str.split(";")).explode("role")
    roles["role"] = roles["role"].astype("str").str.strip()
    return roles.loc[roles["role"].fillna("") != "", ["meeting_id", "body", "role"]]


class PlanRole(NamedTuple):
    """A role of the contract: its title, its side, and the id of the role that stands in for it."""

    title: str
    side: str
    deputy: str


def roles(contract: Contract) -> dict[str, PlanRole]:
    """Return the roles of both parties by their id; a deputy is named by its role,
    and is of the same party."""
    parties = {"client": contract.client, "provider": contract.provider}
    held = [(side, one) for side, party in parties.items() for one in party.roles if one.id]
    ids = {(side, str(one.role)): one.id for side, one in held}
    return {
        one.id: PlanRole(one.role, side, ids.get((side, str(one.deputy)), one.id))
        for side, one in held
    }


def attendance(rows: pd.DataFrame, plan: Governance, by_id: Mapping[str, PlanRole]) -> pd.DataFrame:
    """Count of each role that a body requires the meetings that it attended: k of n.

    A role attended where its deputy did, unless the body requires that one too. n: meetings held
    of which the roles that attended are recorded; absent: a tuple of the ids of the others.
    Columns: ATTENDANCE.
    """
    required = {name: body.roles for name, body in plan.bodies.items()}
    required |= {LAUNCH: plan.launch.roles} if plan.launch else {}
    present = roles_of(rows)
    pairs = pd.MultiIndex.from_frame(present[["meeting_id", "role"]])
    agreed = [
        (body, role, deputy if (deputy := by_id[role].deputy) not in names else role)
        for body, names in required.items()
        for role in names
    ]
    places = pd.DataFrame(agreed, columns=["body", "role", "deputy"])
    places = present[["meeting_id", "body"]].drop_duplicates().merge(places, on="body")
    here = pd.Series(False, places.index)
    for column in ("role", "deputy"):
        here |= pd.MultiIndex.from_frame(places[["meeting_id", column]]).isin(pairs)
    sides = {name: role.side for name, role in by_id.items()}
    places = places.assign(here=here, side=places["role"].map(sides))
    counted = places.groupby(["body", "role", "side"], sort=False)["here"].agg(k="sum", n="size")
    absent = places[~here].groupby(["body", "role"])["meeting_id"].agg(tuple).to_dict()
    made = counted.reset_index()
    keys = zip(made["body"], made["role"], strict=True)
    made["absent"] = pd.Series([absent.get(key, ()) for key in keys], dtype="object")
    return made.reindex(columns=ATTENDANCE)


def run_at_end(states: pd.Series) -> int:
    """Return of how many of the last meetings in a row the minutes were not in time."""
    return int(((states == ON_TIME)[::-1].cumsum() == 0).sum())
