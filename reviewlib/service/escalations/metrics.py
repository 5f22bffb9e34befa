"""Major incidents against the escalation ladder: who should have been told when, who was (F10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewlib.calendars.service_hours import ServiceHours
from reviewlib.contract import Contract
from reviewlib.contract.parties import EscalationLevel, MajorIncidents
from reviewlib.contract.targets import delay
from reviewlib.ids import among
from reviewlib.service.history import OVER
from reviewlib.service.log import Log
from reviewlib.service.service_levels.clocks import EPOCH

IN_TIME, LATE, NOT_TOLD = "in_time", "late", "not_told"
NOT_NEEDED, TOO_EARLY, UNKNOWN = "not_needed", "too_early", "unknown"
OUTCOMES = (IN_TIME, LATE, NOT_TOLD, NOT_NEEDED, TOO_EARLY, UNKNOWN)
COLUMNS = [
    "ticket_id", "level", "start", "due", "told", "after", "delay", "lowered", "before", "outcome",
]  # fmt: skip
DUE = (IN_TIME, LATE, NOT_TOLD)
"""The outcomes of a level that had to be told: the incident was unresolved when it was due."""


@dataclass(frozen=True)
class _Context:
    """Incidents by ticket id, the clock of the ladder, escalations, and spans resolved or over."""

    log: Log
    incidents: pd.DataFrame
    clock: ServiceHours
    noted: pd.DataFrame
    over: pd.DataFrame


def candidates(log: Log, about: MajorIncidents) -> pd.DataFrame:
    """Return the tickets that ever had one of the priorities, by ticket id.

    Columns: since, when each first had one; attached: it is a child of one of them, or merged into
    one, or of a ticket that is not told: no incident of its own.
    """
    spans = log.priority_spans
    major_spans = spans[spans["priority"].isin(about.priorities)].drop_duplicates("ticket_id")
    since = major_spans.set_index("ticket_id")["from"].astype("datetime64[s, UTC]")
    names = ["ticket_id", "relation", "parent_id"]
    rows = log.tickets.reindex(columns=names).set_index("ticket_id").reindex(since.index)
    of_one = rows["parent_id"].isna() | among(rows["parent_id"], since.index)
    return pd.DataFrame({"since": since, "attached": rows["relation"].notna() & of_one})


def incidents(log: Log, about: MajorIncidents, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the major incidents, by ticket id. ``verdicts``: as ``judged`` returns them.

    Columns: since, as in ``candidates``; start, when the clock of the ladder began (UTC): the
    opening or the breach of the target of resolution, and not before since; otherwise, the outcome
    where it did not begin ("" where it did).
    """
    every = candidates(log, about)
    since = every.loc[~every["attached"], "since"]
    opened = log.tickets.set_index("ticket_id")["opened_at"].reindex(since.index)
    clocks = pd.DataFrame({"start": opened, "otherwise": UNKNOWN}, index=since.index)
    if about.starts_at == "breached":
        clocks = _breaches(log.contract, verdicts, since.index)
    dated = clocks["start"].where(clocks["start"] >= EPOCH)
    clocks["start"] = dated.where(dated >= since, since.where(dated.notna()))
    clocks["otherwise"] = clocks["otherwise"].mask(clocks["start"].notna(), "")
    return clocks.assign(since=since)


def _breaches(contract: Contract, verdicts: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Return when tickets first missed a target of resolution, and what it means if they didn't."""
    names = contract.clause_ids("resolution")
    own_verdicts = verdicts[verdicts["clause"].isin(names) & among(verdicts["ticket_id"], ids)]
    missed = own_verdicts[own_verdicts["outcome"] == "breached"]
    first = missed["deadline"].astype("datetime64[s, UTC]").groupby(missed["ticket_id"]).min()

    running, breached, unknown, unsettled = (
        among(ids, own_verdicts.loc[own_verdicts["outcome"] == outcome, "ticket_id"])
        for outcome in ("running", "breached", "unknown", "late_or_paused")
    )
    otherwise = np.select(
        [breached | unknown | unsettled, running], [UNKNOWN, TOO_EARLY], default=NOT_NEEDED
    )
    return pd.DataFrame({"start": first.reindex(ids), "otherwise": otherwise}, index=ids)


def hours(contract: Contract, about: MajorIncidents) -> ServiceHours:
    """Return the clock on which the steps of the ladder are due, whatever the caller's site."""
    if about.calendar:
        return contract.hours(about.calendar)
    return ServiceHours.around_the_clock(contract.time_zone)


def ladder(
    log: Log, about: MajorIncidents, steps: Iterable[EscalationLevel], verdicts: pd.DataFrame
) -> pd.DataFrame:
    """Return each major incident against each level of the ladder.

    Columns: ticket_id, level, start, due (the delay of the level after the start, less the time
    during which the ticket was resolved, closed or cancelled; waiting does not stop that clock;
    NaT: it was over before), told (the first escalation of at least that level since the ticket
    had such a priority), after (from start to told) and delay (from due to told, NaT when not late)
    on the ladder's clock, lowered (it no longer had such a priority when the level was due), before
    (that level was told before it had one) and outcome.
    """
    major = incidents(log, about, verdicts)
    noted = levels(log)
    noted = noted[among(noted["ticket_id"], major.index)]
    early = noted["at"].array < major["since"].reindex(noted["ticket_id"]).array
    noted = noted.assign(early=early)
    context = _Context(log, major, hours(log.contract, about), noted, _over(log, major.index))
    parts = [_level(context, step) for step in steps]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    return rows.assign(lowered=_lowered(log, rows, about.priorities))[COLUMNS]


def _level(context: _Context, step: EscalationLevel) -> pd.DataFrame:
    start, clock, over = context.incidents["start"], context.clock, context.over
    due = clock.deadlines(start, delay(step.within), over).astype("datetime64[s, UTC]")
    due = _unresolved(due, over)
    escalated, unread, before = _first_escalations(context, step.level)
    late = escalated > due
    rows = pd.DataFrame({"level": step.level, "start": start, "due": due, "told": escalated})
    rows["after"] = clock.elapsed(
        start, escalated.where(escalated >= start, start.where(escalated.notna())), over
    )
    rows["delay"] = clock.elapsed(due, escalated.where(late), over)
    rows["before"] = before.notna()
    ended = context.log.resolutions.reindex(start.index)
    untold = ended["state"].isin(OVER) & ended["ended"].isna()
    rows["outcome"] = np.select(
        [
            start.isna(),
            ended["undefined"].fillna(True).astype("bool") | ended["state"].isna() | untold,
            due.isna(),
            due > context.log.as_of,
            escalated.notna() & ~late,
            unread.notna() & ~(escalated <= unread),
            late,
        ],
        [context.incidents["otherwise"], UNKNOWN, NOT_NEEDED, TOO_EARLY, IN_TIME, UNKNOWN, LATE],
        default=NOT_TOLD,
    )
    return rows.rename_axis("ticket_id").reset_index()


def levels(log: Log) -> pd.DataFrame:
    """Return the escalations known by then: ticket_id, at, level (NaN: it can't be read)."""
    events = log.known_events
    if events is None:
        kinds = {"ticket_id": "str", "at": "datetime64[s, UTC]", "level": "float64"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
    noted = events[events["field"] == "escalation"]
    level = pd.to_numeric(noted["new"], errors="coerce").astype("float64")
    return noted[["ticket_id", "at"]].assign(level=level.where(np.isfinite(level)))


def _first_escalations(context: _Context, level: int) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return when each incident was first escalated to a level or a higher one, or to one unread.

    And when it was escalated to that level before it had a major priority.
    """
    noted = context.noted
    reached, unread, early = noted["level"] >= level, noted["level"].isna(), noted["early"]
    first = (
        noted[which].groupby("ticket_id")["at"].min().reindex(context.incidents.index)
        for which in (reached & ~early, unread & ~early, reached & early)
    )
    escalated, doubtful, before = (moments.astype("datetime64[s, UTC]") for moments in first)
    return escalated, doubtful, before


def _lowered(log: Log, rows: pd.DataFrame, priorities: tuple[str, ...]) -> pd.Series:
    spans = log.priority_spans[among(log.priority_spans["ticket_id"], rows["ticket_id"])]
    due_spans = rows[["ticket_id", "due"]].reset_index().merge(spans, on="ticket_id")
    then = (due_spans["from"] <= due_spans["due"]) & ~(due_spans["to"] <= due_spans["due"])
    lowered = due_spans.loc[then & ~due_spans["priority"].isin(priorities), "index"]
    return pd.Series(rows.index.isin(lowered), index=rows.index)


def _over(log: Log, ids: pd.Index) -> pd.DataFrame:
    """Return the spans that tickets were resolved, closed or cancelled: row (the id), from, to."""
    over, again = (
        turns[among(turns.index, ids)].rename(edge).rename_axis("row").reset_index()
        for turns, edge in zip(log.turns, ("from", "to"), strict=True)
    )
    over, again = (turns.assign(time=turns.groupby("row").cumcount()) for turns in (over, again))
    return over.merge(again, on=["row", "time"], how="left").drop(columns="time")


def _unresolved(due: pd.Series, over: pd.DataFrame) -> pd.Series:
    """Return when levels are due, those that fall in a span of ``over`` at its end (NaT: none)."""
    due_spans = due.rename("due").rename_axis("row").reset_index().merge(over, on="row")
    within = (due_spans["from"] <= due_spans["due"]) & ~(due_spans["to"] <= due_spans["due"])
    later = due_spans[within].set_index("row")["to"].astype("datetime64[s, UTC]")
    return due.mask(among(due.index, later.index), later.reindex(due.index))


def by_level(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the outcomes of each level; they add up to its incidents.

    Columns: level, the six outcomes, total, and due: those that had to be told.
    """
    counts = pd.crosstab(rows["level"], rows["outcome"]).reindex(columns=list(OUTCOMES))
    counts = counts.fillna(0).astype("int64").rename_axis(None, axis="columns")
    total, due = counts.sum(axis="columns"), counts[list(DUE)].sum(axis="columns")
    return counts.assign(total=total, due=due).reset_index()
