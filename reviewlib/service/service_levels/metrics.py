"""Service levels: every ticket judged under the clause in force when its clock started (F1)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from reviewlib.calendars.instants import MISSING, Seconds, as_durations, as_instants
from reviewlib.calendars.zones import month_name, month_numbers
from reviewlib.ids import places
from reviewlib.service.columns import Places, coded, of_words, text_of, whole_seconds
from reviewlib.service.log import Log
from reviewlib.service.service_levels.clocks import EPOCH, pauses, whole_second
from reviewlib.service.service_levels.judging import AppliedClause, Judged, judged_by
from reviewlib.service.service_levels.reasons import OUTCOME_OF, OUTCOMES, REASONS

__all__ = [
    "EPOCH", "OUTCOME_OF", "VERDICTS", "VERDICT_COLUMNS", "judged", "months", "parts_of",
    "pauses",    "recorded", "share_of_target",
]  # fmt: skip
VERDICTS = {
    "ticket_id": "str",
    "clause": "str",
    "version": "int64",
    "variant": "int64",
    "priority": "str",
    "service": "str",
    "calendar": "str",
    "site": "str",
    "opened_at": "datetime64[s, UTC]",
    "start": "datetime64[s, UTC]",
    "stop": "datetime64[s, UTC]",
    "elapsed": "timedelta64[s]",
    "target": "timedelta64[s]",
    "extension": "timedelta64[s]",
    "deadline": "datetime64[s, UTC]",
    "threshold": "float64",
    "month": "str",
    "because": "str",
    "outcome": "str",
}
"""The columns of ``judged``, and what they hold."""
VERDICT_COLUMNS = [*VERDICTS]


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
    if not parts:
        return pd.DataFrame(columns=VERDICT_COLUMNS)
    return pd.concat([_frame(log, part) for part in parts], ignore_index=True)


def _frame(log: Log, part: Judged) -> pd.DataFrame:
    """Return the verdicts on some tickets with the columns of ``VERDICTS``."""
    instants = {name: as_instants(getattr(part, name)) for name in ("start", "stop", "deadline")}
    times = {name: as_durations(getattr(part, name)) for name in ("elapsed", "target", "extension")}
    columns = {
        "ticket_id": log.tickets["ticket_id"].array.take(part.place),
        "clause": part.wording.name,
        "version": part.wording.version,
        "variant": part.wording.variant,
        "priority": part.priority.text(),
        "service": log.words("service").at(part.place).text(),
        "calendar": text_of(part.priority.codes, part.calendars),
        "site": part.site.text(),
        "opened_at": as_instants(log.seconds("opened_at")[part.place]),
        "threshold": of_words(part.priority, part.thresholds, np.nan),
        "month": _names_of(months(log, part.wording.clause.month, part)),
        "because": text_of(part.because, REASONS),
        "outcome": text_of(part.outcome, OUTCOMES),
    }
    rows = pd.RangeIndex(part.place.size)
    return pd.DataFrame(columns | instants | times, rows)[VERDICT_COLUMNS].astype(VERDICTS)


def parts_of(log: Log, verdicts: pd.DataFrame) -> Iterator[tuple[Places, Judged]]:
    """Yield the rows of ``judged`` under each wording of a clause, and what they say as columns."""
    clause, priority, site, because = (
        coded(verdicts[name]) for name in ("clause", "priority", "site", "because")
    )
    reason = of_words(because, (REASONS.index(word) for word in because.words), -1).astype("int8")
    place = places(verdicts["ticket_id"], log.tickets["ticket_id"])
    names = ("start", "stop", "elapsed", "target", "extension", "deadline")
    seconds = {name: whole_seconds(verdicts[name]) for name in names}
    wordings = verdicts[["version", "variant"]].assign(clause=clause.codes)
    for (version, variant, code), rows in wordings.groupby([*wordings]).indices.items():
        name = clause.words[code]
        stated = log.contract.versions[version].clauses[name].variant(variant)
        yield (
            rows,
            Judged(
                AppliedClause(name, version, variant, stated),
                place=place[rows],
                priority=priority.at(rows),
                site=site.at(rows),
                because=reason[rows],
                **{name: column[rows] for name, column in seconds.items()},
            ),
        )


def _names_of(numbers: Seconds) -> pd.Series:
    """Return YYYY-MM of each month, NaN where MISSING."""
    number, distinct = pd.factorize(numbers)
    names = [None if month == MISSING else month_name(month) for month in distinct.tolist()]
    return text_of(number, names)


def months(log: Log, rule: str, part: Judged) -> Seconds:
    """Return the month of each verdict by a rule: due, opened or resolved.

    Months are numbers, 0 being January 1970, in the contract's zone. What has no such instant
    belongs to the month of the review while its clock can still run, and to that of its opening
    where there is no verdict to wait for.
    """
    moments = {
        "due": part.deadline,
        "resolved": part.stop,
        "opened": log.seconds("opened_at")[part.place],
    }
    verdict_to_come = np.isin(part.outcome, [OUTCOMES.index("running"), OUTCOMES.index("breached")])
    otherwise = np.where(verdict_to_come, whole_second(log.as_of), moments["opened"])
    instants = np.where(moments[rule] == MISSING, otherwise, moments[rule])
    return month_numbers(instants, log.contract.time_zone)


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
