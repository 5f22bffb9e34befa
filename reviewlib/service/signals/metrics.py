"""Patterns in the log that are worth a question to both parties, never an accusation (F9)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from reviewlib.calendars.service_hours import WEEK, ServiceHours, WorkingDays
from reviewlib.calendars.zones import local_days, midnights
from reviewlib.contract import Clause, Contract
from reviewlib.contract.targets import Target, delay
from reviewlib.ids import among, begins, in_order, places
from reviewlib.service import history
from reviewlib.service.columns import later, whole_seconds
from reviewlib.service.log import Log
from reviewlib.service.running import run
from reviewlib.service.service_levels.clocks import pauses

A_DAY = pd.Timedelta(hours=24)
OFFICE_WEEK = dict.fromkeys(WEEK[:5], (("00:00", "24:00"),))
LIMIT = 0.999  # of the Poisson law, above which a month's end stands out
OTHER_DAYS = 10  # that a month needs: the mean of fewer is too uncertain for that limit
WORK = ("group", "assignee", "public_reply")
RUNNING = ("late", "in_time", "open", "no_target")  # reasons of verdicts with a clock
WAIT_COLUMNS = ["ticket_id", "clause", "priority", "status", "at", "run", "target"]
LOWERING_COLUMNS = ["ticket_id", "clause", "at", "old", "new", "run", "target"]


def of_resolution(contract: Contract, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts (of ``judged``) on resolution of the tickets that have a clock."""
    on_resolution = verdicts["clause"].isin(contract.clause_ids("resolution"))
    return verdicts[on_resolution & verdicts["because"].isin(RUNNING) & verdicts["start"].notna()]


def waits(log: Log, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the waits set while the clock ran, before the deadline.

    ``verdicts``: those of ``of_resolution``. A wait is set when a ticket passes from a status that
    does not pause the clock of a clause to one that does: there is a row for each clause that
    times the ticket. Columns: ticket_id, clause, priority, status, at, run (service time counted
    by then), target and late: whether that is in the last fifth of the target.
    """
    timed = verdicts[verdicts["elapsed"].notna()]
    parts = [
        _waits_under(log, clause, group)
        for clause, group in _by_clause(log, timed)
        if clause.pauses
    ]
    waits_set = pd.concat(parts or [pd.DataFrame(columns=WAIT_COLUMNS)], ignore_index=True)
    return _ordered(waits_set[waits_set["run"] < waits_set["target"]])


def expected_waits(verdicts: pd.DataFrame, waits_set: pd.DataFrame) -> float:
    """Return how many waits would be late if they were set at any moment of the running time.

    That is, by clause and priority: the share of the time run within the target that was run in
    its last fifth, times the number of ``waits_set``.
    """
    timed, second = verdicts[verdicts["elapsed"].notna()], pd.Timedelta(seconds=1)
    elapsed, target = timed["elapsed"] / second, timed["target"] / second
    within = elapsed.where(elapsed < target, target)
    keys = ["clause", "priority"]
    time = timed[keys].assign(within=within, last=(within - 0.8 * target).clip(lower=0))
    time = time.groupby(keys)[["within", "last"]].sum()
    share = time["last"] / time["within"].where(time["within"] > 0)
    return float((waits_set.groupby(keys).size() * share).fillna(0.0).sum())


def lowerings(log: Log, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the priorities lowered while the clock ran, from one that has a target.

    ``verdicts``: those of ``of_resolution``. Under several clauses, a lowering is told under one
    where it is late, if there is any. Columns: ticket_id, clause, at, old, new, run (service
    time counted by then on the calendar of the old priority), target (of the old priority) and
    late: whether that is in the last fifth of the target or after it.
    """
    spans = log.priority_spans
    before = spans.shift()
    moves = spans[["ticket_id", "from", "priority"]].set_axis(["ticket_id", "at", "new"], axis=1)
    moves = moves.assign(old=before["priority"], since=before["from"])
    moves = moves[spans["ticket_id"] == before["ticket_id"]]
    rank = {priority: place for place, priority in enumerate(log.contract.urgency)}
    moves = moves[moves["new"].map(rank) > moves["old"].map(rank)]
    parts = [
        _lowered_under(log, clause, group, moves) for clause, group in _by_clause(log, verdicts)
    ]
    lowered = pd.concat(parts or [pd.DataFrame(columns=LOWERING_COLUMNS)], ignore_index=True)
    lowered = _ordered(lowered).sort_values("late", ascending=False, kind="stable")
    return lowered.drop_duplicates(["ticket_id", "at"]).sort_index(ignore_index=True)


def reopenings(spans: pd.DataFrame) -> pd.DataFrame:
    """Return each reopening after a resolution: ticket_id, resolved_at, reopened_at and soon.

    ``soon``: within 24 hours of the clock on the wall.
    """
    path = history.followed(spans)
    moments = spans["from"].array
    entered, again = path.entered(history.DONE), path.entered(history.ACTIVE, history.DONE)
    # the last resolution up to each span: before a reopening it is one of the same ticket
    resolved = entered[np.searchsorted(entered, again) - 1]
    cases = pd.DataFrame(
        {
            "ticket_id": spans["ticket_id"].array.take(again),
            "resolved_at": moments.take(resolved),
            "reopened_at": moments.take(again),
        }
    ).sort_values(["reopened_at", "ticket_id"], ignore_index=True)
    return cases.assign(soon=cases["reopened_at"] - cases["resolved_at"] <= A_DAY)


def resolved(log: Log) -> pd.Series:
    """Return each instant at which tickets were resolved, by ticket id, which may repeat."""
    recorded = log.resolutions.loc[log.silent, "last_resolved"].dropna()
    if not log.has_statuses:
        return recorded
    moments = log.spans.set_index("ticket_id")["from"]
    entered = history.followed(log.spans).entered(history.DONE)
    return pd.concat([moments.iloc[entered].rename_axis(None), recorded])


def usual_calendar(verdicts: pd.DataFrame) -> str:
    """Return the calendar by which most tickets are judged; "" when none is."""
    counts = verdicts["calendar"].dropna().astype("str").value_counts()
    return str(counts.index[counts == counts.max()].min()) if len(counts) else ""


def month_ends(moments: pd.Series, log: Log, calendar: str) -> pd.DataFrame:
    """Return the resolutions on the last working day of each month beside its other ones.

    ``moments``: the instants of resolutions. A working day has service hours on a calendar of the
    contract ("": it is Monday to Friday). Only months that are over, that tickets and engagement
    cover from their first working day on, with ten other working days or more and something
    resolved on them. Columns: month (YYYY-MM), day, resolved, others (working days), mean (of
    resolutions on those), limit (99.9 % of the Poisson law of that mean), chance (that a day passes
    it by that law) and above.
    """
    from scipy.stats import poisson

    zone = log.contract.time_zone
    # what is seen as of the last second of a day is the whole day
    begun = max(log.tickets["opened_at"].min(), log.contract.first_instant)
    edges = pd.Series([begun, log.as_of + pd.Timedelta(seconds=1)])
    first, today = local_days(edges, zone)
    hours = log.contract.hours(calendar) if calendar else ServiceHours(OFFICE_WEEK, zone)
    days = _working_days(hours, first.replace(day=1), today)
    cut = days[days < first].strftime("%Y-%m")
    counts = local_days(moments, zone).value_counts().reindex(days, fill_value=0)
    by_day = pd.DataFrame({"month": days.strftime("%Y-%m"), "day": days, "resolved": counts.array})
    months = by_day.groupby("month")
    last_days = months.last().assign(others=months.size() - 1)
    total = months["resolved"].sum() - last_days["resolved"]
    mean = total / last_days["others"].where(last_days["others"] >= OTHER_DAYS)
    whole = ~last_days.index.isin(cut) & (last_days.index < f"{today:%Y-%m}")
    last_days = last_days.assign(mean=mean)[(mean > 0) & whole]
    limit = poisson.ppf(LIMIT, last_days["mean"].to_numpy(dtype="float64")).astype("int64")
    chance = poisson.sf(limit, last_days["mean"].to_numpy(dtype="float64"))
    above = last_days["resolved"] > limit
    return last_days.assign(limit=limit, chance=chance, above=above).reset_index()


def resolved_on(moments: pd.Series, days: pd.Series, time_zone: str) -> list[str]:
    """Return the tickets resolved on some local days, of the instants of resolutions."""
    return sorted(set(moments.index[local_days(moments, time_zone).isin(days)]))


def _working_days(
    hours: ServiceHours, first: pd.Timestamp, today: pd.Timestamp
) -> pd.DatetimeIndex:
    """Return the local days with service hours from the first up to today, which is left out."""
    days = pd.date_range(first, max(first, today))
    edges = midnights(days, hours.time_zone)
    served = hours.elapsed(edges[:-1], edges[1:]) > pd.Timedelta(0)
    return days[:-1][served]


def unworked(log: Log) -> pd.Series:
    """Tell, for each ticket resolved after its opening, whether no work on it is in the log.

    Work is an answer to the caller, a change of team or assignee since the opening (none of them
    by a rule of the tool), or another status than the first before the first resolution.
    Tickets merged into another, or its children, are left out. Returns booleans by ticket id.
    """
    over, opened = log.seconds("first_resolved"), log.seconds("opened_at")
    judged = later(over, opened) & ~log.is_silent & (log.words("relation").codes < 0)
    spans, worked = log.columns_of_spans, np.zeros(len(log.tickets), dtype="bool")
    stated = np.flatnonzero(spans.status.codes >= 0)[::-1]
    first = np.full(len(log.tickets), -1)
    first[spans.place[stated]] = spans.status.codes[stated]
    moved = (spans.status.codes != first[spans.place]) | (spans.status.codes < 0)
    worked[spans.place[moved & (spans.since < over[spans.place])]] = True
    if log.events is not None:
        place, at = _work(log, log.events)
        worked[place[at <= over[place]]] = True
    ids = pd.Index(log.tickets["ticket_id"])[judged]
    return pd.Series(~worked[judged], index=ids)


def _work(log: Log, events: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the ticket, by its place, and the instant of the events that are work by a person."""
    names = ["ticket_id", "at", "field", "old", "new", "actor_side", "automatic"]
    work = events.loc[events["field"].isin(WORK)].reindex(columns=names)
    reply = work["field"] == "public_reply"
    # an answer of which the log does not tell the side may be the provider's
    answered = reply & (work["actor_side"].isna() | (work["actor_side"] == "provider"))
    old, new = (work[name].astype("str").fillna("") for name in ("old", "new"))
    place, at = places(work["ticket_id"], log.tickets["ticket_id"]), whole_seconds(work["at"])
    handed = ~reply & (new != old) & (at > log.seconds("opened_at")[place])
    automatic = work["automatic"].astype("boolean").fillna(False).astype("bool")
    by_person = (~automatic & (answered | handed)).to_numpy("bool") & (place >= 0)
    return place[by_person], at[by_person]


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    late = rows["run"] * 5 >= rows["target"] * 4
    return rows.assign(late=late).sort_values(["at", "ticket_id", "clause"], ignore_index=True)


def _by_clause(log: Log, verdicts: pd.DataFrame) -> Iterator[tuple[Clause, pd.DataFrame]]:
    """Yield each clause as it reads for some tickets, and their verdicts by ticket id."""
    for (version, name, variant), group in verdicts.groupby(["version", "clause", "variant"]):
        clause = log.contract.versions[version].clauses[name].variant(variant)
        yield clause, group.set_index("ticket_id", drop=False).rename_axis(None)


def _waits_under(log: Log, clause: Clause, group: pd.DataFrame) -> pd.DataFrame:
    still = pauses(log, clause, group["start"], group["stop"])
    still = still.take(in_order(still["row"], still["from"]))
    stood = (still["to"].shift() == still["from"]).to_numpy() & ~begins(still["row"])
    ticket = places(still["row"], group.index)
    ran = later(whole_seconds(still["from"]), whole_seconds(group["start"])[ticket])
    chosen = still["paused"].to_numpy() & ~stood & ran
    waits = still[chosen].rename(columns={"row": "ticket_id", "from": "at"}).drop(columns="to")
    kept = ["clause", "priority", "calendar", "site", "start", "target"]
    verdicts = group[kept].take(ticket[chosen])
    waits = pd.concat([frame.reset_index(drop=True) for frame in (waits, verdicts)], axis="columns")
    waits["status"] = waits["status"].astype("str")
    return waits.assign(run=run(log, waits, still))[WAIT_COLUMNS]


def _lowered_under(
    log: Log, clause: Clause, group: pd.DataFrame, moves: pd.DataFrame
) -> pd.DataFrame:
    restart = clause.priority_change == "restart"
    lowered = moves[moves["old"].isin(clause.targets)]
    kept = ["clause", "site", "start", "stop"]
    lowered = lowered.join(group[kept], on="ticket_id", how="inner")
    if restart:
        lowered["start"] = lowered["since"]
    lowered = lowered[(lowered["at"] > lowered["start"]) & ~(lowered["at"] >= lowered["stop"])]
    lowered = lowered.assign(calendar=lowered["old"].map(clause.calendar_of)).reset_index(drop=True)
    own_verdicts = group[among(group.index, lowered["ticket_id"])]
    begun = own_verdicts["opened_at" if restart else "start"]
    lowered["run"] = run(log, lowered, pauses(log, clause, begun, own_verdicts["stop"]))
    lowered["target"] = pd.Series(pd.NaT, lowered.index, dtype="timedelta64[s]")
    for (old, calendar, site), rows in lowered.groupby(["old", "calendar", "site"]):
        hours = log.hours(calendar, site)
        lowered.loc[rows.index, "target"] = _stated(hours, clause.targets[old], rows["start"])
    return lowered[LOWERING_COLUMNS]


def _stated(hours: ServiceHours, target: Target, starts: pd.Series) -> pd.Series:
    """Return a target in service time, from each start."""
    if isinstance(target, WorkingDays):
        return hours.elapsed(starts, hours.deadlines(starts, target))
    return pd.Series(delay(target), index=starts.index, dtype="timedelta64[s]")
