"""Service levels: every ticket judged under the clause in force when its clock started (F1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from reviewlib.calendars.instants import MISSING, Seconds, as_durations, as_instants
from reviewlib.calendars.zones import month_name, month_numbers
from reviewlib.ids import places
from reviewlib.service.columns import Numbered, Places, category_of, coded, of_words, whole_seconds
from reviewlib.service.log import Log
from reviewlib.service.service_levels.clocks import EPOCH, pauses
from reviewlib.service.service_levels.judging import AppliedClause, Judged, counted_at, judged_by
from reviewlib.service.service_levels.reasons import OUTCOME_OF, OUTCOMES, REASONS

__all__ = [
    "EPOCH", "OUTCOME_OF", "VERDICTS", "VERDICT_COLUMNS", "judged", "months", "parts_of",
    "pauses",    "recorded", "share_of_target",
]  # fmt: skip
VERDICTS = {
    "ticket_id": "str",
    "clause": "category",
    "version": "int64",
    "variant": "int64",
    "priority": "category",
    "service": "category",
    "calendar": "category",
    "site": "category",
    "opened_at": "datetime64[s, UTC]",
    "start": "datetime64[s, UTC]",
    "stop": "datetime64[s, UTC]",
    "elapsed": "timedelta64[s]",
    "target": "timedelta64[s]",
    "extension": "timedelta64[s]",
    "deadline": "datetime64[s, UTC]",
    "threshold": "float64",
    "month": "category",
    "because": "category",
    "outcome": "category",
}
"""The columns of ``judged``, and what they hold."""
VERDICT_COLUMNS = [*VERDICTS]
SECONDS = ("start", "stop", "elapsed", "target", "extension", "deadline")


def judged(log: Log, clauses: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the verdict on each ticket under each clause that covers it, of all ``clauses``.

    Columns: ticket_id, clause, version of the terms, variant of the clause (0: itself), priority,
    service, calendar, site, opened_at, start, stop (NaT: not stopped), elapsed (service time, NaT
    where it tells nothing), target (the same, with what extensions add), extension, deadline (NaT:
    the clock stands still), threshold (the share to keep, NaN: none), month (YYYY-MM, by the
    clause's rule), because (a word of ``OUTCOME_OF``) and outcome: met, breached, running,
    excluded, unknown or late_or_paused. Clauses and priorities are in the order of the contract.
    """
    names = log.contract.clause_ids() if clauses is None else clauses
    parts = [part for name in names for part in judged_by(log, name)]
    if not parts:
        return pd.DataFrame(columns=VERDICT_COLUMNS)
    place, sizes = np.concatenate([part.place for part in parts]), [p.place.size for p in parts]
    wordings = [part.wording for part in parts]
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in SECONDS}
    columns = {
        "ticket_id": log.tickets["ticket_id"].array.take(place),
        "version": np.concatenate([part.version for part in parts]),
        "variant": np.repeat([wording.variant for wording in wordings], sizes),
        "opened_at": as_instants(log.seconds("opened_at")[place]),
        "threshold": np.concatenate([of_words(p.priority, p.thresholds, np.nan) for p in parts]),
    }
    order = {"clause": log.contract.clause_ids(), "priority": log.contract.urgency}
    words = {
        name: category_of(column, order.get(name, ()))
        for name, column in _words(log, parts).items()
    }
    instants = {name: as_instants(whole[name]) for name in ("start", "stop", "deadline")}
    times = {name: as_durations(whole[name]) for name in ("elapsed", "target", "extension")}
    return pd.DataFrame(columns | words | instants | times)[VERDICT_COLUMNS].astype(VERDICTS)


def _words(log: Log, parts: list[Judged]) -> dict[str, list[Numbered]]:
    """Return the columns of ``VERDICTS`` that hold words, part by part."""
    service = log.words("service")
    return {
        "clause": [(np.zeros(p.place.size, "int8"), (p.wording.name,)) for p in parts],
        "priority": [part.priority for part in parts],
        "service": [service.at(part.place) for part in parts],
        "calendar": [(part.priority.codes, part.calendars) for part in parts],
        "site": [part.site for part in parts],
        "month": [_named(months(log, part.wording.clause.month, part)) for part in parts],
        "because": [(part.because, REASONS) for part in parts],
        "outcome": [(part.outcome, OUTCOMES) for part in parts],
    }


def parts_of(log: Log, verdicts: pd.DataFrame) -> Iterator[tuple[Places, Judged]]:
    """Yield the rows of ``judged`` under each wording of a clause, and what they say as columns."""
    clause, priority, site, because = (
        coded(verdicts[name]) for name in ("clause", "priority", "site", "because")
    )
    reason = of_words(because, (REASONS.index(word) for word in because.words), -1).astype("int8")
    place = places(verdicts["ticket_id"], log.tickets["ticket_id"])
    seconds = {name: whole_seconds(verdicts[name]) for name in SECONDS}
    wordings = verdicts[["version", "variant"]].assign(clause=clause.codes)
    for (version, variant, code), rows in wordings.groupby([*wordings]).indices.items():
        name = clause.words[code]
        stated = log.contract.versions[version].clauses[name].variant(variant)
        yield (
            rows,
            Judged(
                AppliedClause(name, version, variant, stated),
                place=place[rows],
                version=verdicts["version"].to_numpy()[rows],
                priority=priority.at(rows),
                site=site.at(rows),
                because=reason[rows],
                **{name: column[rows] for name, column in seconds.items()},
            ),
        )


def _named(numbers: Seconds) -> Numbered:
    """Return YYYY-MM of each month; missing where MISSING."""
    number, distinct = pd.factorize(numbers)
    return number, [None if m == MISSING else month_name(m) for m in distinct.tolist()]


def months(log: Log, rule: str, part: Judged) -> Seconds:
    """Return the month of each verdict by a rule: due, opened or resolved; see ``counted_at``.

    Months are numbers, 0 being January 1970, in the contract's zone.
    """
    return month_numbers(counted_at(log, rule, part), log.contract.time_zone)


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


def recorded(tickets: pd.DataFrame, urgency: tuple[str, ...]) -> pd.DataFrame:
    """Return the tool's own flag, never our verdict: priority ("" for all), n, missed (share).

    ``urgency`` lists the priorities in the contract's order; others come after them.
    """
    if "recorded_sla_met" not in tickets or tickets["recorded_sla_met"].isna().all():
        return pd.DataFrame(columns=["priority", "n", "missed"])
    flagged = tickets[tickets["recorded_sla_met"].notna()]
    missed = ~flagged["recorded_sla_met"].astype("bool")
    every = pd.DataFrame({"priority": [""], "n": [len(flagged)], "missed": [missed.mean()]})
    if "priority" not in flagged:
        return every
    named = flagged["priority"].dropna().astype("str")
    words = [*urgency, *sorted({*named} - {*urgency})]
    by_priority = pd.Categorical(flagged["priority"].astype("str"), words)
    groups = missed.groupby(by_priority, observed=True).agg(["size", "mean"])
    groups = groups.set_axis(groups.index.astype("str")).reset_index()
    return pd.concat([every, groups.set_axis(["priority", "n", "missed"], axis=1)])
