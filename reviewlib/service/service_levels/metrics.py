"""Service levels: every ticket judged under the clause in force when its clock started (F1)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from reviewlib.calendars.service_hours import ServiceHours, WorkingDays
from reviewlib.contract import Clause, Contract
from reviewlib.contract.clauses import Scope
from reviewlib.contract.targets import Target, delay
from reviewlib.ids import places
from reviewlib.service import history, pro_rata
from reviewlib.service.log import Log

VERDICT_COLUMNS = [
    "ticket_id", "clause", "version", "variant", "priority", "service", "calendar", "site",
    "opened_at", "start", "stop", "elapsed", "target", "extension", "deadline", "threshold",
    "month", "because", "outcome",
]  # fmt: skip
OUTCOME_OF = {
    "cancelled": "excluded",
    "merged": "excluded",
    "child": "excluded",
    "inherited": "excluded",
    "no_target": "excluded",
    "no_priority": "unknown",
    "undefined_status": "unknown",
    "no_time": "unknown",
    "no_service": "unknown",
    "late": "breached",
    "in_time": "met",
    "open": "running",
}
"""The outcome of each reason: a ticket has one, the first that holds."""
READ = ("ticket_id", "opened_at", "relation", "service", "site")
"""The columns of the tickets that judging reads beside those of a scope; no other is copied."""
UNMEASURED = pd.DataFrame(
    {
        "elapsed": pd.Series(dtype="timedelta64[s]"),
        "target": pd.Series(dtype="timedelta64[s]"),
        "deadline": pd.Series(dtype="datetime64[s, UTC]"),
    }
)
EPOCH = pd.Timestamp("1970-01-01", tz="UTC")  # the clock knows no time before
NOTHING = pd.Timedelta(0).as_unit("s")
Doubt = tuple[Clause, pd.Index]
"""Another reading of a clause, and the tickets of which it can't be told whether it covers them."""


def judged(log: Log) -> pd.DataFrame:
    """Return the verdict on each ticket under each clause that covers it.

    Columns: ticket_id, clause, version of the terms, variant of the clause (0: itself), priority,
    service, calendar, site, opened_at, start, stop (NaT: not stopped), elapsed (service time, NaT
    where it tells nothing), target (the same, with what extensions add), extension, deadline (NaT:
    the clock stands still), threshold (the share to keep, NaN: none), month (YYYY-MM, by the
    clause's rule), because (a word of ``OUTCOME_OF``) and outcome: met, breached, running,
    excluded or unknown.
    """
    parts = [part for name in log.contract.clause_ids() for part in judged_by(log, name)]
    return pd.concat(parts or [pd.DataFrame(columns=VERDICT_COLUMNS)], ignore_index=True)


def judged_by(log: Log, name: str) -> Iterator[pd.DataFrame]:
    """Yield the verdicts of one clause, in parts: by version of the terms and variant.

    The index is the place of the ticket in ``log.tickets``.
    """
    versions = versions_of(log, name).to_numpy()
    for number, terms in enumerate(log.contract.versions):
        if name in terms.clauses:
            yield from judged_under(log, name, number, versions == number)


def versions_of(log: Log, name: str) -> pd.Series:
    """Return the version of the terms that each ticket is judged under by a clause, by ticket id.

    The one in force when its clock first started, or an amendment in force by now that also
    applies to those still open on its day.
    """
    found = started_under(log, name)
    for number, amendment in enumerate(log.contract.amendments, start=1):
        since = log.contract.effective_from[number]
        wordings = (log.contract.versions[n].clauses.get(name) for n in (number, number - 1))
        clause = next(filter(None, wordings), None)
        if clause and amendment.applies_to == "open" and since <= log.as_of:
            found = found.mask((found < number) & _runs_at(log, clause, since), number)
    return found


def started_under(log: Log, name: str) -> pd.Series:
    """Return the version of the terms in force when the clock of each ticket first started.

    By ticket id; the one in force by now, where it did not start yet.
    """
    found = log.versions
    for number, terms in enumerate(log.contract.versions):
        clause = terms.clauses.get(name)
        if clause and clause.starts_at != "opened":
            started = log.contract.version_of(_starts(log, clause).fillna(log.as_of))
            found = found.mask((log.versions == number) & (started > number), started)
    return found


def _runs_at(log: Log, clause: Clause, instant: pd.Timestamp) -> pd.Series:
    """Tell, by ticket id, whether what the clause measures was still to come at an instant."""
    closing = clause.stops_at == "closure"
    over = log.over_at(instant, (*history.DONE[1:], history.CANCELLED) if closing else history.OVER)
    first = {"first_response": log.first_replies}.get(clause.stops_at)
    if clause.stops_at == "first_resolution":
        first = log.resolutions["first_resolved"]
    return ~over if first is None else ~(over | (first <= instant).reindex(over.index))


def judged_under(log: Log, name: str, version: int, mine: np.ndarray) -> Iterator[pd.DataFrame]:
    """Yield the verdicts of a version of a clause on some tickets, each of its variants apart.

    The index is the place of the ticket in ``log.tickets``.
    """
    clause = log.contract.versions[version].clauses[name]
    scopes = (clause, *clause.variants)
    read = dict.fromkeys((*READ, *(column for scope in scopes for column in scope.columns)))
    tickets = log.tickets.filter(items=list(read)).reset_index(drop=True)[mine]
    covered, untold = _covered(clause, tickets)
    left = tickets.assign(untold=untold)[covered | untold]
    doubts: list[Doubt] = []
    for number, own in enumerate(clause.variants, start=1):
        covered, maybe = _covered(own, left)
        rows = _verdicts(log, name, clause.variant(number), left[covered], doubts)
        yield rows.assign(clause=name, version=version, variant=number)[VERDICT_COLUMNS]
        doubts = [*doubts, (clause.variant(number), left.index[maybe])]
        left = left[~covered]
    rows = _verdicts(log, name, clause, left, doubts)
    yield rows.assign(clause=name, version=version, variant=0)[VERDICT_COLUMNS]


def _covered(scope: Scope, tickets: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Tell which tickets a clause or a variant covers, and of which that can't be told.

    A scope may name nothing. One whose service, site, group or kind is not told may be covered.
    """
    fits = {}
    for column, words in scope.columns.items():
        named = tickets.get(column, pd.Series(None, index=tickets.index, dtype="str"))
        fits[column] = named.isin(words), named.isna()
    yes = pd.Series(True, index=tickets.index)
    maybe = yes.copy()
    for known, missing in fits.values():
        yes, maybe = yes & known, maybe & (known | missing)
    return yes, maybe & ~yes


def _at(column: pd.Series, where: pd.Index) -> pd.Series:
    """Return what a column, one row for each ticket of the log, has at some of their places."""
    return pd.Series(column.array.take(where.to_numpy()), where)


def _of(column: pd.Series, ids: pd.Series) -> pd.Series:
    """Return what a column by ticket id, in any order, has for each ticket; NaT where nothing."""
    return pd.Series(column.array.take(places(ids, column.index), allow_fill=True), ids.index)


def _verdicts(
    log: Log, clause_id: str, clause: Clause, tickets: pd.DataFrame, doubts: list[Doubt]
) -> pd.DataFrame:
    """Return the verdicts of a clause, as it reads for these tickets."""
    blank = pd.Series(None, index=tickets.index, dtype="str")
    rows = tickets[["ticket_id", "opened_at", "untold"]]
    rows["relation"] = tickets.get("relation", blank)
    rows["service"] = tickets.get("service", blank)
    rows["site"] = _own_holidays(tickets.get("site", blank), log.contract)
    rows = rows.assign(**_clock_edges(log, clause, rows))
    rows["priority"] = _at(log.priorities(clause.priority), rows.index)
    if clause.priority_change == "pro_rata":
        until = _until(log, clause, rows.index)
        rows["priority"] = pro_rata.priorities(log, clause, rows.assign(until=until))
    stated = {p: (clause.calendar_of(p), clause.threshold_of(p)) for p in clause.targets}
    rows["calendar"] = rows["priority"].map({p: calendar for p, (calendar, _) in stated.items()})
    rows["threshold"] = rows["priority"].map({p: share for p, (_, share) in stated.items()})
    rows["untold"] &= rows["calendar"].notna()
    for other, doubtful in doubts:
        differs = rows["priority"].isin(_differing(clause, other))
        rows["untold"] |= rows.index.isin(doubtful) & differs
    rows["extension"] = _of(log.extended(clause_id), rows["ticket_id"]).fillna(NOTHING)
    rows = rows.join(_measures(log, clause, rows))
    because = _reasons(log, clause, rows)
    for name, words in (("because", OUTCOME_OF), ("outcome", OUTCOME_OF.values())):
        rows[name] = pd.Series([*words], dtype="str").array.take(because)
    rows["elapsed"] = rows["elapsed"].mask(rows["outcome"].isin(["excluded", "unknown"]))
    rows["month"] = months(log, clause.month, rows)
    return rows.astype({"threshold": "float64"})


def _differing(one: Clause, other: Clause) -> set[str]:
    """Return the priorities of which two wordings of a clause state other terms."""

    def terms(clause: Clause, priority: str) -> object:
        if priority not in clause.targets:
            return None
        stated = clause.targets[priority], clause.calendar_of(priority)
        return (*stated, clause.threshold_of(priority))

    every = {*one.targets, *other.targets}
    return {priority for priority in every if terms(one, priority) != terms(other, priority)}


def _own_holidays(sites: pd.Series, contract: Contract) -> pd.Series:
    """Return the site where it has public holidays of its own, else ""."""
    every = [pair for terms in contract.versions for pair in terms.sites.items()]
    return sites.where(sites.isin([name for name, site in every if site.has_own_holidays]), "")


def _clock_edges(log: Log, clause: Clause, rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return when the clause's clock starts and stops."""
    start, stop = (_at(edge(log, clause), rows.index) for edge in (_starts, _stops))
    start = start.where(start >= EPOCH)
    if clause.reopening == "new_cycle" and clause.stops_at in ("last_resolution", "closure"):
        resumed = _at(log.resolutions["last_resumed"], rows.index)
        start = start.mask(resumed > start, resumed)
    if clause.priority_change == "restart":
        since = _of(log.priority_since(clause.priority), rows["ticket_id"])
        start = start.mask((since > start) & ~(since >= stop), since)
    if clause.starts_at != "opened":  # what is done before its clock starts took no time
        start = start.mask(stop < start, stop)
    return {"start": start, "stop": stop}


def _starts(log: Log, clause: Clause) -> pd.Series:
    """Return when the clause's clock first starts, by ticket id; NaT: not yet, or not told."""
    if clause.starts_at == "opened":
        return log.tickets["opened_at"].set_axis(log.tickets["ticket_id"])
    return log.started if clause.starts_at == "started" else log.assigned


def _stops(log: Log, clause: Clause) -> pd.Series:
    """Return when the clause's clock stops, by ticket id; NaT: not yet, or not told."""
    found = log.resolutions
    stop: pd.Series = {
        "first_response": log.first_replies,
        "first_resolution": found["first_resolved"],
        "last_resolution": found["last_resolved"],
        "closure": found["closed"],
    }[clause.stops_at]
    if clause.measure == "resolution" and "cancelled" not in clause.excludes:
        stop = stop.fillna(found["ended"].where(found["state"] == history.CANCELLED))
    return stop


def pauses(log: Log, clause: Clause, starts: pd.Series, stops: pd.Series) -> pd.DataFrame:
    """Return the spans in which the clause's clock stands still, between its start and its stop.

    ``starts`` and ``stops`` (NaT: not stopped) are by ticket id. Spans are those in a pausing
    status and, when the clause leaves them out, those in which a ticket that was active again
    later was resolved, closed or cancelled. Columns: row (ticket id), from, to (NaT: still going
    on), status and paused (False: over).
    """
    ids = log.tickets["ticket_id"]
    index = places(starts.index, ids)
    found = _pauses(log, clause, starts.set_axis(index), stops.set_axis(index))
    return found.assign(row=ids.array.take(found["row"]))


def _pauses(log: Log, clause: Clause, starts: pd.Series, stops: pd.Series) -> pd.DataFrame:
    """Return ``pauses`` by the place of the ticket."""
    spans, row = log.spans, log.span_places
    paused = spans["status"].isin(clause.pauses)
    still = paused
    if clause.reopening == "resume" and clause.measure == "resolution":
        resumed = log.resolutions["last_resumed"].array.take(row)
        still = paused | (spans["state"].isin(history.OVER) & (spans["from"] < resumed))
    still = still & np.isin(row, starts.index)
    spans, row = spans.loc[still, ["from", "to", "status"]], row[still]
    start, stop = (edges.reindex(row).set_axis(spans.index) for edges in (starts, stops))
    since = spans["from"].mask(spans["from"] < start, start)
    until = spans["to"].mask((spans["to"] > stop) | spans["to"].isna(), stop)
    found = pd.DataFrame({"row": row, "from": since, "to": until, "status": spans["status"]})
    return found.assign(paused=paused[still])[~(since >= until)]


def _measures(log: Log, clause: Clause, rows: pd.DataFrame) -> pd.DataFrame:
    """Return elapsed and target service time and the deadline, NaT where there is none."""
    still = _pauses(log, clause, rows["start"], rows["stop"])
    rows = rows.assign(until=_until(log, clause, rows.index))
    timed = rows[rows["start"].notna() & rows["calendar"].notna()]
    if clause.priority_change == "pro_rata":
        return pro_rata.weighed(log, clause, timed, still).reindex(rows.index)
    parts = [UNMEASURED]
    groups = timed.groupby(["calendar", "site", "priority"])
    edges = ["start", "stop", "until", "extension"]
    for (calendar, site, priority), group in groups[edges]:
        hours = log.contract.hours(calendar, site)
        paused = still.loc[still["row"].isin(group.index), ["row", "from", "to"]]
        parts.append(_measured(group, hours, clause.targets[priority], paused))
    return pd.concat(parts).reindex(rows.index)


def measured_until(log: Log, clause: Clause, ids: pd.Index) -> pd.Series:
    """Return up to when a clock that did not stop is measured: now, or the end of the ticket.

    A ticket that ended without an answer was without one at least until then.
    """
    return _until(log, clause, pd.Index(places(ids, log.tickets["ticket_id"]))).set_axis(ids)


def _until(log: Log, clause: Clause, where: pd.Index) -> pd.Series:
    """Return ``measured_until`` by the place of the ticket."""
    now = pd.Series(log.as_of, index=where)
    if clause.stops_at != "first_response":
        return now
    state, ended = (_at(log.resolutions[name], where) for name in ("state", "ended"))
    return now.mask(state.isin(history.OVER), ended)


def _measured(
    group: pd.DataFrame,
    hours: ServiceHours,
    target: Target,
    paused: pd.DataFrame,
) -> pd.DataFrame:
    stop = group["stop"].fillna(group["until"])
    elapsed = hours.elapsed(group["start"], stop.where(stop >= group["start"]), paused)
    asked = delay(target)
    deadline = hours.deadlines(group["start"], asked, paused)
    if isinstance(asked, WorkingDays):
        stated = hours.elapsed(group["start"], hours.deadlines(group["start"], asked))
    else:
        stated = pd.Series(asked, index=group.index, dtype="timedelta64[s]")
    more = group["extension"] > NOTHING
    if more.any():
        stated = stated + group["extension"]
        mine = paused[paused["row"].isin(group.index[more])]
        deadline[more] = hours.deadlines(group.loc[more, "start"], stated[more], mine)
    return pd.DataFrame({"elapsed": elapsed, "target": stated, "deadline": deadline})


def _reasons(log: Log, clause: Clause, rows: pd.DataFrame) -> np.ndarray:
    """Return why each ticket has its outcome, as a place in ``OUTCOME_OF``.

    Late is elapsed > target, never stop > deadline.
    """
    state, undefined = (_at(log.resolutions[name], rows.index) for name in ("state", "undefined"))
    waiting = _start_to_come(log, clause, rows.index) & ~state.isin(history.OVER)
    stopped = rows["stop"].notna()
    untold, lost = _unseen(log, clause, state)
    known = {priority for terms in log.contract.versions for priority in terms.priorities}
    first = [  # the first that holds
        *_left_out(log, clause, rows, state),
        ("no_priority", ~rows["priority"].isin(known)),
        ("no_service", rows["untold"]),
        ("no_target", rows["calendar"].isna()),
        ("undefined_status", undefined),
        ("open", rows["start"].isna() & waiting),
        ("no_time", rows["elapsed"].isna() | (lost & ~stopped)),
        ("late", rows["elapsed"] > rows["target"]),
        ("no_time", untold & ~stopped),
        ("in_time", stopped),
    ]
    place = {why: place for place, why in enumerate(OUTCOME_OF)}
    conditions = [holds for _why, holds in first]
    return np.select(conditions, [place[why] for why, _holds in first], default=place["open"])


def _left_out(
    log: Log, clause: Clause, rows: pd.DataFrame, state: pd.Series
) -> Iterator[tuple[str, pd.Series]]:
    """Yield each reason for which the clause leaves tickets out, and of which it holds."""
    every = {
        "cancelled": state == history.CANCELLED,
        "merged": rows["relation"] == "merged",
        "child": rows["relation"] == "child",
        "inherited": rows["opened_at"] < log.contract.first_instant,
    }
    yield from ((why, holds) for why, holds in every.items() if why in clause.excludes)


def _unseen(log: Log, clause: Clause, state: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Tell, were the stop not seen, whether it may have been, and whether no elapsed time counts.

    The first keeps a ticket from being open, the second from being late too.
    """
    if clause.stops_at == "first_response":
        unseen = pd.Series(not log.has_replies, index=state.index)
        return unseen | state.isin(history.OVER), unseen
    done = state.isin(history.DONE[1:] if clause.stops_at == "closure" else history.DONE)
    ended = done | state.isna() | (state == history.CANCELLED)
    return ended, ended


def _start_to_come(log: Log, clause: Clause, where: pd.Index) -> pd.Series:
    """Tell whether a clock that the log has not seen start can still start.

    The log must tell of starts; a ticket that has a team, and not since when, may have started.
    """
    told = clause.starts_at == "started" and log.has_statuses
    if clause.starts_at == "assigned":
        told = log.tells("group") or log.tells("assignee")
    teams = log.tickets.get("group") if clause.starts_at == "assigned" else None
    if teams is None:
        return pd.Series(told, index=where)
    return _at(teams, where).isna() & told


def months(log: Log, rule: str, rows: pd.DataFrame) -> pd.Series:
    """Return the month to which each ticket belongs by a rule: due, opened or resolved.

    YYYY-MM in the contract's zone. ``rows``: deadline, stop, opened_at and outcome, as ``judged``.
    What has no such instant belongs to the month of the review while its clock can still run, and
    to that of its opening where there is no verdict to wait for.
    """
    moments = {"due": rows["deadline"], "resolved": rows["stop"], "opened": rows["opened_at"]}
    verdict_to_come = rows["outcome"].isin(["running", "breached"])
    otherwise = rows["opened_at"].mask(verdict_to_come, log.as_of)
    local = moments[rule].fillna(otherwise).dt.tz_convert(log.contract.time_zone)
    number, known = pd.factorize(local.dt.year * 12 + local.dt.month - 1)
    names = [f"{month // 12:04}-{month % 12 + 1:02}" for month in known]  # not a text for each row
    return pd.Series(np.array([*names, None], dtype="object")[number], rows.index, dtype="str")


USED = (*(tenth / 10 for tenth in range(11)), 1.25, 1.5, 2.0, 3.0, np.inf)


def share_of_target(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return how many decided tickets used which share of their target.

    Columns: low (exclusive) and high (inclusive) of elapsed / target, 1 being the whole target;
    in_time and late. A ticket that took no time stands in the first class.
    """
    decided = verdicts[verdicts["outcome"].isin(["met", "breached"])]
    used = decided["elapsed"] / decided["target"]
    place = np.searchsorted(USED[1:-1], used.to_numpy("float64"), side="left")
    # in time or late is told by whole seconds, not by a quotient
    late = (decided["outcome"] == "breached").to_numpy()
    place = np.where(late, np.maximum(place, 10), np.minimum(place, 9))
    counts = [np.bincount(place[mask], minlength=len(USED) - 1) for mask in (~late, late)]
    return pd.DataFrame(
        {"low": USED[:-1], "high": USED[1:], "in_time": counts[0], "late": counts[1]}
    )


def recorded(tickets: pd.DataFrame) -> pd.DataFrame:
    """Return the tool's own flag, never our verdict: priority ("" for all), n, missed (share)."""
    if "recorded_sla_met" not in tickets or tickets["recorded_sla_met"].isna().all():
        return pd.DataFrame(columns=["priority", "n", "missed"])
    flagged = tickets[tickets["recorded_sla_met"].notna()]
    missed = ~flagged["recorded_sla_met"].astype("bool")
    every = pd.DataFrame({"priority": [""], "n": [len(flagged)], "missed": [missed.mean()]})
    if "priority" not in flagged:
        return every
    groups = missed.groupby(flagged["priority"]).agg(["size", "mean"]).reset_index()
    return pd.concat([every, groups.set_axis(["priority", "n", "missed"], axis=1)])
