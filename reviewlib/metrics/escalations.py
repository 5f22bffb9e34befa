"""Major incidents against the escalation ladder: who should have been told when, who was (F10)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from reviewlib.clock import ServiceHours
from reviewlib.contract import Contract
from reviewlib.contract.parties import EscalationLevel, MajorIncidents
from reviewlib.ids import among
from reviewlib.metrics.history import OVER
from reviewlib.metrics.log import Log
from reviewlib.metrics.service_levels import EPOCH, judged

IN_TIME, LATE, NOT_TOLD = "in_time", "late", "not_told"
NOT_NEEDED, TOO_EARLY, UNKNOWN = "not_needed", "too_early", "unknown"
OUTCOMES = (IN_TIME, LATE, NOT_TOLD, NOT_NEEDED, TOO_EARLY, UNKNOWN)
COLUMNS = [
    "ticket_id", "level", "start", "due", "told", "after", "delay", "lowered", "outcome",
]  # fmt: skip
DUE = (IN_TIME, LATE, NOT_TOLD)
"""The outcomes of a level that had to be told: the incident was unresolved when it was due."""


def incidents(log: Log, about: MajorIncidents) -> pd.DataFrame:
    """Return the major incidents, by ticket id: those that ever had one of the priorities.

    Columns: start, when the clock of the ladder began (UTC): the opening or the breach of the
    target of resolution, and not before the ticket first had such a priority; otherwise, the
    outcome where it did not begin ("" where it did).
    """
    spans = log.priority_spans
    mine = spans[spans["priority"].isin(about.priorities)].drop_duplicates("ticket_id")
    since = mine.set_index("ticket_id")["from"].astype("datetime64[s, UTC]")
    opened = log.tickets.set_index("ticket_id")["opened_at"].reindex(since.index)
    found = pd.DataFrame({"start": opened, "otherwise": UNKNOWN}, index=since.index)
    if about.starts_at == "breached":
        found = _breaches(log, since.index)
    known = found["start"].where(found["start"] >= EPOCH)
    found["start"] = known.where(known >= since, since.where(known.notna()))
    found["otherwise"] = found["otherwise"].mask(found["start"].notna(), "")
    return found


def _breaches(log: Log, ids: pd.Index) -> pd.DataFrame:
    """Return when tickets first missed a target of resolution, and what it means if they didn't."""
    verdicts = judged(log)
    contract = log.contract
    names = [n for n in contract.clause_ids() if contract.clause(n).measure == "resolution"]
    mine = verdicts[verdicts["clause"].isin(names) & among(verdicts["ticket_id"], ids)]
    missed = mine[mine["outcome"] == "breached"]
    first = missed["deadline"].astype("datetime64[s, UTC]").groupby(missed["ticket_id"]).min()

    running, breached, unknown = (
        among(ids, mine.loc[mine["outcome"] == outcome, "ticket_id"])
        for outcome in ("running", "breached", "unknown")
    )
    otherwise = np.select([breached | unknown, running], [UNKNOWN, TOO_EARLY], default=NOT_NEEDED)
    return pd.DataFrame({"start": first.reindex(ids), "otherwise": otherwise}, index=ids)


def hours(contract: Contract, about: MajorIncidents) -> ServiceHours:
    """Return the clock on which the steps of the ladder are due, whatever the caller's site."""
    if about.calendar:
        return contract.hours(about.calendar)
    return ServiceHours.around_the_clock(contract.time_zone)


def ladder(log: Log, about: MajorIncidents, steps: Iterable[EscalationLevel]) -> pd.DataFrame:
    """Return each major incident against each level of the ladder.

    Columns: ticket_id, level, start, due (the delay of the level after the start; waiting does
    not stop that clock), told (the first escalation of at least that level), after (from start to
    told) and delay (from due to told, NaT when not late) on the ladder's clock, lowered (it no
    longer had such a priority when the level was due) and outcome.
    """
    found, clock = incidents(log, about), hours(log.contract, about)
    parts = [_level(log, found, clock, step) for step in steps]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    return rows.assign(lowered=_lowered(log, rows, about.priorities))[COLUMNS]


def _level(
    log: Log, found: pd.DataFrame, clock: ServiceHours, step: EscalationLevel
) -> pd.DataFrame:
    start = found["start"]
    due = clock.deadlines(start, step.within).astype("datetime64[s, UTC]")
    told = _told(log, step.level).reindex(found.index)
    late = told > due
    rows = pd.DataFrame({"level": step.level, "start": start, "due": due, "told": told})
    rows["after"] = clock.elapsed(start, told.where(told >= start, start.where(told.notna())))
    rows["delay"] = clock.elapsed(due, told.where(late))
    ended = log.resolutions.reindex(found.index)
    untold = ended["state"].isin(OVER) & ended["ended"].isna()
    rows["outcome"] = np.select(
        [
            start.isna(),
            ended["undefined"].fillna(True).astype("bool") | ended["state"].isna() | untold,
            _over_at(log, due.where(due <= log.as_of, log.as_of)),
            due > log.as_of,
            told.notna() & ~late,
            late,
        ],
        [found["otherwise"], UNKNOWN, NOT_NEEDED, TOO_EARLY, IN_TIME, LATE],
        default=NOT_TOLD,
    )
    return rows.rename_axis("ticket_id").reset_index()


def levels(events: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the escalations of a log up to an instant: ticket_id, at, level (NaN: no number)."""
    noted = events[(events["field"] == "escalation") & (events["at"] <= as_of)]
    level = pd.to_numeric(noted["new"], errors="coerce").astype("float64")
    return noted[["ticket_id", "at"]].assign(level=level)


def _told(log: Log, level: int) -> pd.Series:
    """Return when each ticket was first escalated to a level or a higher one, by ticket id."""
    none = pd.Series(dtype="datetime64[s, UTC]")
    if log.events is None:
        return none
    noted = levels(log.events, log.as_of)
    return noted[noted["level"] >= level].groupby("ticket_id")["at"].min()


def _lowered(log: Log, rows: pd.DataFrame, priorities: tuple[str, ...]) -> pd.Series:
    spans = log.priority_spans[among(log.priority_spans["ticket_id"], rows["ticket_id"])]
    asked = rows[["ticket_id", "due"]].reset_index().merge(spans, on="ticket_id")
    then = (asked["from"] <= asked["due"]) & ~(asked["to"] <= asked["due"])
    lowered = asked.loc[then & ~asked["priority"].isin(priorities), "index"]
    return pd.Series(rows.index.isin(lowered), index=rows.index)


def _over_at(log: Log, moments: pd.Series) -> pd.Series:
    """Tell which tickets were resolved, closed or cancelled at an instant each, by ticket id."""

    def turned(turns: pd.Series) -> pd.Series:
        mine = turns[among(turns.index, moments.index)]
        by_then = pd.Series(mine.array <= moments.reindex(mine.index).array, mine.index)
        return by_then.groupby(level=0).sum().reindex(moments.index, fill_value=0)

    over, again = log.turns
    return turned(over) > turned(again)


def by_level(rows: pd.DataFrame) -> pd.DataFrame:
    """Count the outcomes of each level; they add up to its incidents.

    Columns: level, the six outcomes, total, and due: those that had to be told.
    """
    counts = pd.crosstab(rows["level"], rows["outcome"]).reindex(columns=list(OUTCOMES))
    counts = counts.fillna(0).astype("int64").rename_axis(None, axis="columns")
    total, due = counts.sum(axis="columns"), counts[list(DUE)].sum(axis="columns")
    return counts.assign(total=total, due=due).reset_index()
