"""The time of each service cut where anything changes: hours, outages, maintenance, causes.

Lengths are whole seconds. DT is the union of the recorded outages within the agreed hours, less
maintenance and causes as far as the clause excludes them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reviewlib.calendars.instants import Seconds
from reviewlib.calendars.zones import midnights
from reviewlib.contract import Contract
from reviewlib.contract.availability import Availability
from reviewlib.service.availability.parts import ServicePart, in_force

SUMS = ["agreed", "lost", "certain", "maintenance", "excused", "wall", "down"]
EXCLUDED, NOT_AGREED, NO_AGREEMENT = "excluded", "not_agreed", "no_agreement"
NOT_ANNOUNCED, LATE, COUNTED = "not_announced", "late", "counted"
NO_LIMIT = 1 << 40  # more seconds than a month has


def stretches(
    contract: Contract, outages: pd.DataFrame, windows: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Return what happened to each service, one row per stretch of time in which nothing changed.

    ``outages`` and ``windows`` have the columns of the tables outages and maintenance_windows; an
    outage without an end counts up to ``as_of``. Stretches end at midnight of the contract's zone
    at the latest. Columns: clause, service, part (its number among ``in_force``), target, since
    and until (seconds since 1970), date, month, the seconds of ``SUMS``, cause and caused_by ("":
    not stated; missing: outages of several overlap), cause_unstated and caused_by_unstated (the
    outages of the one that is stated overlap with one of which none is).

    agreed: service hours; lost: DT; certain: DT should outages without an end have lost no time;
    maintenance and excused: down time of the agreed hours that the clause excludes; wall: all
    hours; down: those of them with any outage.
    """
    parts = enumerate(in_force(contract, as_of))
    swept = [_swept(contract, part, outages, windows).assign(part=n) for n, part in parts]
    return _within_allowance(pd.concat(swept, ignore_index=True))


def _swept(
    contract: Contract, part: ServicePart, outages: pd.DataFrame, windows: pd.DataFrame
) -> pd.DataFrame:
    spans = spans_of(part, outages, DOWN)
    plans = spans_of(part, windows.assign(treated=treated(windows, part.terms)), PLANNED)
    counted = spans[~spans["caused_by"].isin(part.terms.excuses)]
    cuts = _cuts(contract, part, spans, plans)
    since = pd.to_datetime(cuts, unit="s", utc=True)
    local = since[:-1].tz_convert(contract.time_zone)
    hours = contract.hours(part.terms.calendar)
    agreed = (hours.elapsed(since[:-1], since[1:]) // pd.Timedelta(seconds=1)).to_numpy()
    ended = counted[counted["ended"]]
    down, counts, sure = (_cover(cuts, some) > 0 for some in (spans, counted, ended))
    planned = _cover(cuts, plans[plans["treated"] == EXCLUDED]) > 0
    limit = part.terms.allowance
    return pd.DataFrame(
        {
            "clause": part.clause,
            "service": part.service,
            "target": part.target,
            "since": cuts[:-1],
            "until": cuts[1:],
            "date": local.strftime("%Y-%m-%d"),
            "month": local.strftime("%Y-%m"),
            "agreed": agreed,
            "lost": agreed * (counts & ~planned),
            "maintenance": agreed * (counts & planned),
            "certain": agreed * (sure & ~planned),
            "spared": agreed * (sure & planned),
            "excused": agreed * (down & ~counts),
            "wall": np.diff(cuts),
            "down": np.diff(cuts) * down,
            **_word(cuts, counted, "cause"),
            **_word(cuts, counted, "caused_by"),
            "allowance": NO_LIMIT if limit is None else int(limit.total_seconds()),
        }
    )


def _within_allowance(stretches: pd.DataFrame) -> pd.DataFrame:
    """Return the stretches with the maintenance beyond a month's allowance, in time, as lost."""
    for lost, spared in (("lost", "maintenance"), ("certain", "spared")):
        used = stretches.groupby(["clause", "service", "month"])[spared].cumsum()
        beyond = (used - stretches["allowance"]).clip(0, stretches[spared])
        stretches[lost] += beyond
        stretches[spared] -= beyond
    return stretches.drop(columns=["allowance", "spared"])


# ------------------------------------------------------------------------------- spans of time

DOWN, PLANNED = ["started_at", "ended_at"], ["starts_at", "ends_at"]
WORDS = ("cause", "caused_by")


def spans_of(part: ServicePart, table: pd.DataFrame, edges: list[str]) -> pd.DataFrame:
    """Return the rows of a part's service with since and until in seconds, cut to the part.

    ended: whether the row has an end; one without lasts as long as the part is known.
    """
    rows = table[table["service"] == part.service]
    never = pd.Series(pd.NaT, rows.index, dtype="datetime64[s, UTC]")
    begin, end = (pd.DatetimeIndex(rows.get(edge, never)).as_unit("s") for edge in edges)
    first, last = (int(edge.timestamp()) for edge in (part.since, part.until))
    since = begin.asi8.clip(first, last)
    until = end.fillna(part.until).asi8.clip(first, last)
    words = {name: rows.get(name, pd.Series("", rows.index)).fillna("") for name in WORDS}
    spans = rows.assign(since=since, until=until, ended=end.notna(), **words)
    return spans[spans["since"] < spans["until"]]


def _cuts(contract: Contract, part: ServicePart, *spans: pd.DataFrame) -> Seconds:
    """Return every instant of a part at which something may change, in order."""
    first, last = (edge.tz_convert(contract.time_zone) for edge in (part.since, part.until))
    days = pd.date_range(first.tz_localize(None).normalize(), last.tz_localize(None), unit="s")
    turns = midnights(days, contract.time_zone).as_unit("s").asi8
    edges = pd.DatetimeIndex([part.since, part.until]).as_unit("s").asi8
    more = [frame[edge].to_numpy() for frame in spans for edge in ("since", "until")]
    cuts = np.unique(np.concatenate([edges, turns.clip(*edges), *more]))
    return cuts.astype(np.int64)


def _cover(cuts: Seconds, spans: pd.DataFrame, weight: Any = 1) -> Seconds:
    """Return the weight of the spans that cover each stretch between two cuts."""
    steps = np.zeros(len(cuts), dtype=np.int64)
    np.add.at(steps, np.searchsorted(cuts, spans["since"]), weight)
    np.subtract.at(steps, np.searchsorted(cuts, spans["until"]), weight)
    covered: Seconds = steps.cumsum()[:-1]
    return covered


def _word(cuts: Seconds, spans: pd.DataFrame, column: str) -> dict[str, Any]:
    """Return the word of the spans that cover each stretch, missing where they have several.

    And, under the column's name with _unstated, where one without a word overlaps with it.
    """
    stated, silent = spans[spans[column] != ""], spans[spans[column] == ""]
    codes, words = pd.factorize(stated[column])
    merged = union(stated.assign(code=codes + 1), "code")
    several = _cover(cuts, merged) > 1
    code = np.where(several, 0, _cover(cuts, merged, merged["code"]))
    word = pd.Series(np.array(["", *words], dtype=object)[code], dtype="str").mask(several)
    return {column: word, f"{column}_unstated": (code > 0) & (_cover(cuts, silent) > 0)}


def union(spans: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return spans (since, until: seconds) merged where they overlap or touch, within each ``by``.

    Columns: by, since, until; in order.
    """
    ordered = spans.sort_values([by, "since"])
    reached = ordered.groupby(by)["until"].cummax().groupby(ordered[by]).shift()
    apart = ~(ordered["since"] <= reached)
    merged = ordered.groupby(apart.cumsum())
    return merged.agg({by: "first", "since": "min", "until": "max"}).reset_index(drop=True)


def treated(windows: pd.DataFrame, terms: Availability) -> pd.Series:
    """Return how a clause treats each planned window: excluded, or why it is not."""
    absent = pd.Series(pd.NA, windows.index)
    agreed = windows.get("agreed", absent).astype("boolean")
    announced = pd.to_datetime(windows.get("announced_at", absent), utc=True)
    notice = pd.Timedelta(terms.notice or 0)
    reasons = {
        COUNTED: terms.maintenance == COUNTED,
        NOT_AGREED: ~agreed.fillna(True) & terms.agreed_only,
        NO_AGREEMENT: agreed.isna() & terms.agreed_only,
        NOT_ANNOUNCED: announced.isna() & (terms.notice is not None),
        LATE: (windows["starts_at"] - announced < notice) & (terms.notice is not None),
    }
    masks = [np.broadcast_to(mask, len(windows)) for mask in reasons.values()]
    return pd.Series(np.select(masks, list(reasons), EXCLUDED), windows.index, dtype="str")
