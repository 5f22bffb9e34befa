"""Service levels: every ticket judged under the clause in force when it was opened (F1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from reviewlib.clock import ServiceHours, WorkingDays
from reviewlib.contract import Clause, Contract
from reviewlib.contract.service_levels import Status
from reviewlib.contract.targets import Target
from reviewlib.metrics import history

VERDICT_COLUMNS = [
    "ticket_id", "clause", "version", "priority", "service", "calendar", "site", "opened_at",
    "start", "stop", "elapsed", "target", "deadline", "threshold", "month", "because", "outcome",
]  # fmt: skip
OUTCOME_OF = {
    "cancelled": "excluded",
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
EPOCH = pd.Timestamp("1970-01-01", tz="UTC")  # the clock knows no time before


@dataclass(frozen=True)
class Log:
    """The tickets of an engagement and their whole log under its contract, seen from an instant.

    ``tickets``: those opened by ``as_of`` (UTC). ``events``: what the log says of a later instant
    only tells what a ticket held before it. None: only the tickets' own columns are there, and
    pauses and reopenings can't be rebuilt.
    """

    tickets: pd.DataFrame
    events: pd.DataFrame | None
    contract: Contract
    as_of: pd.Timestamp

    @cached_property
    def versions(self) -> pd.Series:
        """The version of the terms in force when each ticket was opened, by ticket id."""
        opened = self.tickets["opened_at"].set_axis(self.tickets["ticket_id"])
        return self.contract.version_of(opened)

    @cached_property
    def statuses(self) -> Mapping[str, Status]:
        """What each status means, in the last version of the terms that defines it.

        A span in the log has the meaning that its status had then.
        """
        return {k: v for terms in self.contract.versions for k, v in terms.statuses.items()}

    @cached_property
    def spans(self) -> pd.DataFrame:
        """The spans spent in each status; empty without a log."""
        if self.events is None:
            return pd.DataFrame(columns=history.SPAN_COLUMNS)
        spans = history.status_spans(self.tickets, self.events, self.statuses, self.as_of)
        version = self.contract.version_of(spans["from"])
        for number, terms in enumerate(self.contract.versions):
            meant = history.states(spans["status"], terms.statuses)
            spans["state"] = spans["state"].mask((version == number) & meant.notna(), meant)
        return spans

    @cached_property
    def has_statuses(self) -> bool:
        """Whether the log tells when tickets took a status that the contract defines."""
        return bool(self.spans["state"].notna().any())

    def tells(self, field: str) -> bool:
        """Whether the log has any change of a field."""
        return self.events is not None and bool((self.events["field"] == field).any())

    @cached_property
    def has_replies(self) -> bool:
        """Whether the log, or the tickets themselves, tell when callers were answered."""
        recorded = self.tickets.get("first_response_at")
        told = self.events is not None and history.tells_replies(self.events)
        return told or (recorded is not None and recorded.notna().any())

    @cached_property
    def silent(self) -> pd.Index:
        """The tickets of whose statuses the log tells nothing: their own columns are used."""
        ids = pd.Index(self.tickets["ticket_id"])
        return ids[~ids.isin(self.spans["ticket_id"])] if self.has_statuses else ids

    @cached_property
    def resolutions(self) -> pd.DataFrame:
        """When tickets were resolved and reopened, by ticket id."""
        rows = (
            self.tickets
            if self._rows_are_of_now
            else self.tickets.drop(columns="status", errors="ignore")
        )
        recorded = history.recorded_resolutions(rows, self.statuses)
        if not self.has_statuses:
            return recorded
        found = history.resolutions(self.spans)
        if len(self.silent):
            found = pd.concat([found, recorded.loc[self.silent]])
        return found.loc[recorded.index]

    @cached_property
    def turns(self) -> tuple[pd.Series, pd.Series]:
        """When tickets were over, and when they were active again: each time, by ticket id."""
        recorded = self.resolutions.loc[self.silent, "ended"].dropna()
        if not self.has_statuses:
            return recorded, recorded[:0]
        over, again = history.turns(self.spans)
        return pd.concat([over, recorded]), again

    @property
    def _rows_are_of_now(self) -> bool:
        """Whether the tickets' own columns, which are of the extraction, hold at ``as_of``."""
        last = None if self.events is None else self.events["at"].max()
        extracted = self.contract.extracted_at or last
        return extracted is None or self.as_of >= extracted

    @cached_property
    def first_replies(self) -> pd.Series:
        """When the provider first answered, by ticket id."""
        return history.first_replies(self.tickets, self.events, self.as_of)

    def priorities(self, which: str) -> pd.Series:
        """The priority that counts (initial, final or highest), by ticket id."""
        order = tuple(
            dict.fromkeys(p for v in reversed(self.contract.versions) for p in v.priorities)
        )
        return history.priorities(self.tickets, self.events, order, which, self.as_of)


def judged(log: Log) -> pd.DataFrame:
    """Return the verdict on each ticket under each clause that covers it.

    Columns: ticket_id, clause, version of the terms, priority, service, calendar, site, opened_at,
    start, stop (NaT: not stopped), elapsed (service time, NaT where it tells nothing), target (the
    same), deadline (NaT: the clock stands still), threshold (the share to keep, NaN: none), month
    (YYYY-MM, by the clause's rule), because (a word of ``OUTCOME_OF``) and outcome: met, breached,
    running, excluded or unknown.
    """
    parts = [
        _under(log, name, version, log.tickets[(log.versions == version).to_numpy()])
        for version, terms in enumerate(log.contract.versions)
        for name in terms.clauses
    ]
    return pd.concat(parts or [pd.DataFrame(columns=VERDICT_COLUMNS)], ignore_index=True)


def changed_targets(contract: Contract) -> list[tuple[int, str, str]]:
    """Return the amendments (1, 2, …), clauses and priorities of which a target was changed."""
    return [
        (number, name, priority)
        for number in range(1, len(contract.versions))
        for name, clause in contract.versions[number].clauses.items()
        if (before := contract.versions[number - 1].clauses.get(name))
        for priority, target in clause.targets.items()
        if before.targets.get(priority, target) != target
    ]


def amended(log: Log) -> pd.DataFrame:
    """Return the tickets opened before and since each change of a target, judged in both readings.

    Columns: those of ``judged``, amendment (1, 2, …), opened (before or since: under the terms that
    the amendment ended, or began) and reading (old or new: the terms that they are judged by).
    """
    parts = []
    for number, name in dict.fromkeys(
        (n, clause) for n, clause, _ in changed_targets(log.contract)
    ):
        sides = {number - 1: "before", number: "since"}
        mine = log.tickets[log.versions.isin(sides).to_numpy()]
        for reading, version in (("old", number - 1), ("new", number)):
            rows = _under(log, name, version, mine)
            opened = rows["ticket_id"].map(log.versions).map(sides)
            parts.append(rows.assign(amendment=number, opened=opened, reading=reading))
    none = pd.DataFrame(columns=[*VERDICT_COLUMNS, "amendment", "opened", "reading"])
    return pd.concat(parts or [none], ignore_index=True)


def _under(log: Log, name: str, version: int, tickets: pd.DataFrame) -> pd.DataFrame:
    clause = log.contract.versions[version].clauses[name]
    covered = _covered(clause, tickets).set_index("ticket_id", drop=False).rename_axis(None)
    blank = pd.Series(None, index=covered.index, dtype="str")
    rows = covered.reindex(columns=["ticket_id", "opened_at"]).assign(clause=name, version=version)
    rows["service"] = covered.get("service", blank)
    rows["site"] = _own_holidays(covered.get("site", blank), log.contract)
    rows["priority"] = log.priorities(clause.priority).reindex(rows.index)
    stated = {p: (clause.calendar_of(p), clause.threshold_of(p)) for p in clause.targets}
    rows["calendar"] = rows["priority"].map({p: calendar for p, (calendar, _) in stated.items()})
    rows["threshold"] = rows["priority"].map({p: share for p, (_, share) in stated.items()})
    rows = rows.assign(**_clock_edges(log, clause, rows["opened_at"]))
    rows = rows.join(_measures(log, clause, rows))
    rows["because"] = np.where(covered["untold"], "no_service", _reasons(log, clause, rows))
    rows["outcome"] = rows["because"].map(OUTCOME_OF)
    rows["elapsed"] = rows["elapsed"].mask(rows["outcome"].isin(["excluded", "unknown"]))
    rows["month"] = _months(log, clause, rows)
    return rows.astype({"threshold": "float64"})[VERDICT_COLUMNS].reset_index(drop=True)


def _covered(clause: Clause, tickets: pd.DataFrame) -> pd.DataFrame:
    """Return the tickets of the services and kinds that a clause covers; it may name none.

    One whose service or kind is not told may be covered: it is kept, and its outcome unknown.
    """
    untold = pd.Series(False, index=tickets.index)
    for column, words in (("service", clause.services), ("kind", clause.kinds)):
        if words:
            named = tickets.get(column, pd.Series(None, index=tickets.index, dtype="str"))
            tickets = tickets[named.isin(words) | named.isna()]
            untold = untold[tickets.index] | named[tickets.index].isna()
    return tickets.assign(untold=untold)


def _own_holidays(sites: pd.Series, contract: Contract) -> pd.Series:
    """Return the site where it has public holidays of its own, else ""."""
    every = [pair for terms in contract.versions for pair in terms.sites.items()]
    return sites.where(sites.isin([name for name, site in every if site.has_own_holidays]), "")


def _clock_edges(log: Log, clause: Clause, opened: pd.Series) -> dict[str, pd.Series]:
    """Return when the clause's clock starts and stops, by ticket id."""
    found = log.resolutions.reindex(opened.index)
    start = opened.where(opened >= EPOCH)
    stop = {
        "first_response": log.first_replies.reindex(opened.index),
        "first_resolution": found["first_resolved"],
        "last_resolution": found["last_resolved"],
        "closure": found["closed"],
    }[clause.stops_at]
    if clause.reopening == "new_cycle" and clause.stops_at in ("last_resolution", "closure"):
        start = found["last_resumed"].fillna(start)
    return {"start": start, "stop": stop}


def pauses(log: Log, clause: Clause, starts: pd.Series, stops: pd.Series) -> pd.DataFrame:
    """Return the spans in which the clause's clock stands still, between its start and its stop.

    ``starts`` and ``stops`` (NaT: not stopped) are by ticket id. Spans are those in a pausing
    status and, when the clause leaves them out, those in which a ticket that was active again
    later was resolved, closed or cancelled. Columns: row (ticket id), from, to (NaT: still going
    on), status and paused (False: over).
    """
    spans = log.spans[log.spans["ticket_id"].isin(starts.index)]
    ids = spans["ticket_id"]
    paused = spans["status"].isin(clause.pauses)
    still = paused
    if clause.reopening == "resume" and clause.measure == "resolution":
        resumed = log.resolutions["last_resumed"].reindex(ids).array
        still = paused | (spans["state"].isin(history.OVER) & (spans["from"] < resumed))
    start = starts.reindex(ids).set_axis(spans.index)
    stop = stops.reindex(ids).set_axis(spans.index)
    since = spans["from"].mask(spans["from"] < start, start)
    until = spans["to"].mask((spans["to"] > stop) | spans["to"].isna(), stop)
    found = pd.DataFrame({"row": ids, "from": since, "to": until, "status": spans["status"]})
    return found.assign(paused=paused)[still & ~(since >= until)]


def _measures(log: Log, clause: Clause, rows: pd.DataFrame) -> pd.DataFrame:
    """Return elapsed and target service time and the deadline, NaT where there is none."""
    still = pauses(log, clause, rows["start"], rows["stop"])
    found = pd.DataFrame(index=rows.index)
    found["elapsed"] = found["target"] = pd.Series(pd.NaT, rows.index, dtype="timedelta64[s]")
    found["deadline"] = pd.Series(pd.NaT, rows.index, dtype="datetime64[s, UTC]")
    rows = rows.assign(until=measured_until(log, clause, rows.index))
    timed = rows[rows["start"].notna()]
    for (calendar, site, priority), group in timed.groupby(["calendar", "site", "priority"]):
        hours = log.contract.hours(calendar, site)
        paused = still.loc[still["row"].isin(group.index), ["row", "from", "to"]]
        measured = _measured(group, hours, clause.targets[priority], paused)
        found.loc[group.index, list(measured)] = measured
    return found


def measured_until(log: Log, clause: Clause, ids: pd.Index) -> pd.Series:
    """Return up to when a clock that did not stop is measured: now, or the end of the ticket.

    A ticket that ended without an answer was without one at least until then.
    """
    now = pd.Series(log.as_of, index=ids)
    if clause.stops_at != "first_response":
        return now
    found = log.resolutions.reindex(ids)
    return now.mask(found["state"].isin(history.DONE), found["ended"])


def _measured(
    group: pd.DataFrame,
    hours: ServiceHours,
    target: Target,
    paused: pd.DataFrame,
) -> pd.DataFrame:
    stop = group["stop"].fillna(group["until"])
    elapsed = hours.elapsed(group["start"], stop.where(stop >= group["start"]), paused)
    deadline = hours.deadlines(group["start"], target, paused)
    if isinstance(target, WorkingDays):
        stated = hours.elapsed(group["start"], hours.deadlines(group["start"], target))
    else:
        stated = pd.Series(target, index=group.index, dtype="timedelta64[s]")
    return pd.DataFrame({"elapsed": elapsed, "target": stated, "deadline": deadline})


def _reasons(log: Log, clause: Clause, rows: pd.DataFrame) -> np.ndarray:
    """Return why each ticket has its outcome. Late is elapsed > target, never stop > deadline."""
    found, stopped = log.resolutions.reindex(rows.index), rows["stop"].notna()
    if clause.stops_at == "first_response":
        untold = found["state"].isin(history.DONE) | (not log.has_replies)
        lost = ~stopped & (not log.has_replies)
    else:
        over = history.DONE[1:] if clause.stops_at == "closure" else history.DONE
        untold = found["state"].isin(over) | found["state"].isna()
        lost = untold & ~stopped
    known = {priority for terms in log.contract.versions for priority in terms.priorities}
    return np.select(
        [
            found["state"] == history.CANCELLED,
            ~rows["priority"].isin(known),
            rows["calendar"].isna(),
            found["undefined"],
            rows["elapsed"].isna() | lost,
            rows["elapsed"] > rows["target"],
            untold & ~stopped,
            stopped,
        ],
        ["cancelled", "no_priority", "no_target", "undefined_status", "no_time", "late", "no_time",
         "in_time"],
        default="open",
    )  # fmt: skip


def _months(log: Log, clause: Clause, rows: pd.DataFrame) -> pd.Series:
    """Return the month to which each ticket belongs, in the contract's zone.

    What has no such instant belongs to the month of the review while its clock can still run, and
    to that of its opening where there is no verdict to wait for.
    """
    moments = {"due": rows["deadline"], "resolved": rows["stop"], "opened": rows["opened_at"]}
    verdict_to_come = rows["outcome"].isin(["running", "breached"])
    otherwise = rows["opened_at"].mask(verdict_to_come, log.as_of)
    local = moments[clause.month].fillna(otherwise).dt.tz_convert(log.contract.time_zone)
    return local.dt.strftime("%Y-%m")


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


def reported_gaps(reported: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the reported figures beside those recomputed, in points (0 to 100).

    Columns of ``reported``, then recomputed, gap = reported − recomputed, and beyond: whether the
    gap is more than the rounding of the reported figures. A report without a priority is compared
    with all priorities of its clause and month together. Figures that nothing recomputed answers
    are left out.
    """
    decided = verdicts[verdicts["outcome"].isin(["met", "breached"])]
    met = (decided["outcome"] == "met") * 100.0
    keys = [decided["month"], decided["clause"]]
    each = met.groupby([*keys, decided["priority"]]).mean().rename("recomputed").reset_index()
    every = met.groupby(keys).mean().rename("recomputed").reset_index().assign(priority="")
    asked = reported.assign(priority=reported.get("priority", pd.Series("", reported.index)))
    asked["priority"] = asked["priority"].fillna("")
    found = asked.merge(pd.concat([each, every]), on=["month", "clause", "priority"])
    found["gap"] = found["value"] - found["recomputed"]
    return found.assign(beyond=found["gap"].abs() > _half_a_unit(reported["value"]))


def _half_a_unit(values: pd.Series) -> float:
    """Return half of the last decimal that any of some figures has."""
    decimals = next((d for d in range(4) if values.round(d).eq(values).all()), 4)
    return 0.5 * 10.0**-decimals + 1e-9
