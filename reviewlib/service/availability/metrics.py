"""Availability: how much of the agreed hours a service was up, to the second (F5).

A = (AST − DT) / AST. AST, the agreed service time, is that of the clause's calendar; planned
maintenance is never taken out of it. DT is the union of the recorded outages within it, less
maintenance and causes as far as the clause excludes them. Lengths are whole seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewlib.contract import Contract
from reviewlib.contract.availability import Availability
from reviewlib.rates import kept

Seconds = NDArray[np.int64]

SUMS = ["agreed", "lost", "certain", "maintenance", "excused", "wall", "down"]
EXCLUDED, NOT_AGREED, NO_AGREEMENT = "excluded", "not_agreed", "no_agreement"
NOT_ANNOUNCED, LATE, COUNTED = "not_announced", "late", "counted"
NO_LIMIT = 1 << 40  # more seconds than a month has
MINUTE = pd.Timedelta(minutes=1)


@dataclass(frozen=True)
class Part:
    """A time during which what a clause asks for a service stays the same.

    ``terms`` is the clause as it reads for this service alone, ``target`` its share. It is known
    up to ``until``, and ``ends`` with its terms or with the period.
    """

    clause: str
    service: str
    terms: Availability
    since: pd.Timestamp
    until: pd.Timestamp
    ends: pd.Timestamp

    @property
    def target(self) -> float:
        """The share of the agreed hours to be up, NaN where the clause states none."""
        asked = self.terms.target_of(self.service)
        return float("nan") if asked is None else asked


def known_until(contract: Contract, as_of: pd.Timestamp) -> pd.Timestamp:
    """Return the instant up to which the period is known: as_of, or the end of the period.

    The last second of a day, which a date stands for, is the end of that day.
    """
    local = as_of.tz_convert(contract.time_zone) + pd.Timedelta(seconds=1)
    known = local.tz_convert("UTC") if local == local.normalize() else as_of
    return min(known, period_end(contract))


def period_end(contract: Contract) -> pd.Timestamp:
    """Return the midnight (UTC) after the last day of the period."""
    days = pd.DatetimeIndex([contract.period.last]) + pd.Timedelta(days=1)
    return _midnights(days, contract.time_zone)[0]


def in_force(contract: Contract, as_of: pd.Timestamp) -> list[Part]:
    """Return the parts of each clause and service up to ``as_of``, in order of time.

    An amendment that changes nothing for a service makes no new part.
    """
    known = known_until(contract, as_of)
    names = dict.fromkeys(name for terms in contract.versions for name in terms.availability)
    parts = (part for name in names for part in _parts(contract, name))
    return [replace(part, until=min(part.ends, known)) for part in parts if part.since < known]


def agreed_since(contract: Contract, part: Part) -> list[tuple[pd.Timestamp, int]]:
    """Return since when a part's agreed hours are what they are, and by which version of the terms.

    An amendment may change the calendar of a clause alone, which makes no new part.
    """
    name, last, found = part.terms.calendar, None, dict[pd.Timestamp, int]()
    for number, since in enumerate(contract.effective_from):
        if since < part.until:
            found[max(since, part.since)] = number
    turns = []
    for since, number in found.items():
        calendar = contract.versions[number].calendars[name]
        if calendar != last:
            turns.append((since, number))
        last = calendar
    return turns


def _parts(contract: Contract, clause: str) -> Iterator[Part]:
    bounds = contract.first_instant, period_end(contract)
    edges = [min(max(edge, bounds[0]), bounds[1]) for edge in contract.effective_from]
    turns = list(zip(contract.versions, edges, [*edges[1:], bounds[1]], strict=True))
    stated = [terms.availability[clause] for terms, *_ in turns if clause in terms.availability]
    for service in dict.fromkeys(name for terms in stated for name in terms.services):
        last: Part | None = None
        for version, since, until in turns:
            terms = version.availability.get(clause)
            if terms is None or service not in terms.services or since >= until:
                continue
            part = Part(clause, service, _of_one(terms, service), since, until, until)
            if last and last.terms == part.terms and last.until == since:
                part = replace(part, since=last.since)
            elif last:
                yield last
            last = part
        if last:
            yield last


def _of_one(terms: Availability, service: str) -> Availability:
    asked = terms.target_of(service)
    target: object = {} if asked is None else asked
    return terms.model_copy(update={"title": "", "services": (service,), "target": target})


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
    contract: Contract, part: Part, outages: pd.DataFrame, windows: pd.DataFrame
) -> pd.DataFrame:
    spans = _spans(part, outages, DOWN)
    plans = _spans(part, windows.assign(treated=treated(windows, part.terms)), PLANNED)
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


def _within_allowance(found: pd.DataFrame) -> pd.DataFrame:
    """Return the stretches with the maintenance beyond a month's allowance, in time, as lost."""
    for lost, spared in (("lost", "maintenance"), ("certain", "spared")):
        used = found.groupby(["clause", "service", "month"])[spared].cumsum()
        beyond = (used - found["allowance"]).clip(0, found[spared])
        found[lost] += beyond
        found[spared] -= beyond
    return found.drop(columns=["allowance", "spared"])


# ------------------------------------------------------------------------------- spans of time

DOWN, PLANNED = ["started_at", "ended_at"], ["starts_at", "ends_at"]
WORDS = ("cause", "caused_by")


def _spans(part: Part, table: pd.DataFrame, edges: list[str]) -> pd.DataFrame:
    """Return the rows of a part's service with since and until in seconds, cut to the part.

    ended: whether the row has an end; one without lasts as long as the part is known.
    """
    mine = table[table["service"] == part.service]
    never = pd.Series(pd.NaT, mine.index, dtype="datetime64[s, UTC]")
    begin, end = (pd.DatetimeIndex(mine.get(edge, never)).as_unit("s") for edge in edges)
    first, last = (int(edge.timestamp()) for edge in (part.since, part.until))
    since = begin.asi8.clip(first, last)
    until = end.fillna(part.until).asi8.clip(first, last)
    words = {name: mine.get(name, pd.Series("", mine.index)).fillna("") for name in WORDS}
    spans = mine.assign(since=since, until=until, ended=end.notna(), **words)
    return spans[spans["since"] < spans["until"]]


def _cuts(contract: Contract, part: Part, *spans: pd.DataFrame) -> Seconds:
    """Return every instant of a part at which something may change, in order."""
    first, last = (edge.tz_convert(contract.time_zone) for edge in (part.since, part.until))
    days = pd.date_range(first.tz_localize(None).normalize(), last.tz_localize(None), unit="s")
    midnights = _midnights(days, contract.time_zone).as_unit("s").asi8
    edges = pd.DatetimeIndex([part.since, part.until]).as_unit("s").asi8
    more = [frame[edge].to_numpy() for frame in spans for edge in ("since", "until")]
    cuts = np.unique(np.concatenate([edges, midnights.clip(*edges), *more]))
    return cuts.astype(np.int64)


def _midnights(days: pd.DatetimeIndex, time_zone: str) -> pd.DatetimeIndex:
    first = np.ones(len(days), dtype=bool)  # of a midnight that comes twice, the first
    local = days.tz_localize(time_zone, nonexistent="shift_forward", ambiguous=first)
    return local.tz_convert("UTC")


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


# ------------------------------------------------------------------------- what the report shows


def shares(found: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the sums of stretches by some of their columns, and what follows from them.

    share = (agreed − lost) / agreed, NaN without agreed hours; at_best likewise of what is certain;
    around_the_clock = 1 − down / wall: every outage on every hour, nothing excluded.
    """
    sums = found.groupby(by, sort=False)[SUMS].sum().reset_index()
    agreed = sums["agreed"].where(sums["agreed"] > 0)
    up, most = ((sums["agreed"] - sums[lost]) / agreed for lost in ("lost", "certain"))
    clock = 1 - sums["down"] / sums["wall"]
    return sums.assign(share=up, at_best=most, around_the_clock=clock)


def months(found: pd.DataFrame, contract: Contract, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the verdict on each clause, service and month, in two rows where its terms changed.

    Columns of ``shares``, then target, date and last (the days of the row), cut (its month has
    other rows), provisional (the month of ``as_of``, when more of it is to come, and one whose
    time lost depends on an outage without an end), at_worst and at_best (all agreed hours to come
    and since the start of such an outage lost, or none) and met: share >= target without
    rounding, of a provisional month only False, when even the best is under; missing otherwise.
    """
    keys = ["clause", "service", "month", "part"]
    edges = {"target": ("target", "first"), "date": ("date", "first"), "last": ("date", "last")}
    about = found.groupby(keys, sort=False).agg(**edges)
    rows = shares(found, keys).join(about, on=keys)
    known = known_until(contract, as_of)
    month = known.tz_convert(contract.time_zone).strftime("%Y-%m")
    running = (rows["month"] == month) & (known < period_end(contract))
    left = rows["part"].map(dict(enumerate(_to_come(contract, as_of)))).where(running, 0)
    whole = rows["agreed"] + left
    provisional = running | (rows["lost"] > rows["certain"])
    met = verdicts(whole, rows["certain"], rows["target"])
    agreed = whole.where(whole > 0)
    return rows.assign(
        cut=rows.duplicated(keys[:3], keep=False),
        provisional=provisional,
        at_worst=(rows["agreed"] - rows["lost"]) / agreed,
        at_best=(whole - rows["certain"]) / agreed,
        met=met.mask(provisional & met.fillna(True)),
    )


def _to_come(contract: Contract, as_of: pd.Timestamp) -> Iterator[int]:
    """Yield the agreed seconds that each part has between what is known and the month's end."""
    known = known_until(contract, as_of)
    local = known.tz_convert(contract.time_zone).tz_localize(None).normalize()
    following = pd.DatetimeIndex([local + pd.offsets.MonthBegin(1)])
    month_end = _midnights(following, contract.time_zone)[0]
    for part in in_force(contract, as_of):
        end = max(known, min(part.ends, month_end))
        edges = pd.DatetimeIndex([known]), pd.DatetimeIndex([end])
        found = contract.hours(part.terms.calendar).elapsed(*edges)
        yield int(found[0] // pd.Timedelta(seconds=1))


def verdicts(agreed: pd.Series, lost: pd.Series, target: pd.Series) -> pd.Series:
    """Return whether seconds agreed and lost keep a target, exactly; missing: can't be said."""
    met = [
        kept(due - down, due, asked) if due and asked == asked else None
        for due, down, asked in zip(agreed, lost, target, strict=True)
    ]
    return pd.Series(met, agreed.index, dtype="boolean")


def by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the verdict on whole months, of the rows of ``months``: clause, service, month, met.

    A month that an amendment cuts is kept when all of its parts with a target are.
    """
    keys = ["clause", "service", "month"]
    each = rows[keys].assign(
        missed=~rows["met"].fillna(True),
        kept=rows["met"].fillna(False),
        open=rows["provisional"] & rows["met"].isna() & rows["target"].notna(),
    )
    found = each.groupby(keys, sort=False).any().reset_index()
    undecided = ~found["missed"] & (found["open"] | ~found["kept"])
    return found[keys].assign(met=(~found["missed"]).astype("boolean").mask(undecided))


def totals(found: pd.DataFrame, each: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return each clause and service over the whole period, of ``counted`` and ``months``.

    Columns of ``shares``, then recorded (outages), added (their agreed seconds one by one, more
    than the union where they overlap), n (outages that lost time), judged and kept (months).
    """
    keys = ["clause", "service"]
    counts = {
        "recorded": each.groupby(keys)["outage_id"].nunique(),
        "added": each.groupby(keys)["added"].sum(),
        "n": each[each["lost"] > 0].groupby(keys)["outage_id"].nunique(),
        "judged": (verdict := by_month(rows).groupby(keys)["met"]).count(),
        "kept": verdict.sum(),
    }
    return shares(found, keys).join(pd.DataFrame(counts).fillna(0).astype("int64"), on=keys)


def losses(found: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return DT by clause, service and a column, cause or caused_by, longest first.

    Time in which outages of several causes overlap stands once, under a missing word; so the rows
    add up to DT. Columns: clause, service, the column, unstated (one of which none is stated
    overlaps), lost, share (of the service's DT).
    """
    keys = ["clause", "service", column, "unstated"]
    named = found[found["lost"] > 0].rename(columns={f"{column}_unstated": "unstated"})
    sums = named.groupby(keys, dropna=False, sort=False)["lost"].sum()
    rows = sums.reset_index().sort_values("lost", ascending=False, kind="stable")
    total = rows.groupby(keys[:2])["lost"].transform("sum")
    return rows.assign(share=rows["lost"] / total).reset_index(drop=True)


def days(found: pd.DataFrame) -> pd.DataFrame:
    """Return each day of some stretches: date, share (NaN: no agreed hour), minutes lost."""
    each = shares(found, ["date"])
    return each[["date", "share"]].assign(minutes=each["lost"] / 60)


def treated(windows: pd.DataFrame, terms: Availability) -> pd.Series:
    """Return how a clause treats each planned window: excluded, or why it is not."""
    absent = pd.Series(pd.NA, windows.index)
    agreed = windows.get("agreed", absent).astype("boolean")
    announced = pd.to_datetime(windows.get("announced_at", absent), utc=True)
    asked = pd.Timedelta(terms.notice or 0)
    reasons = {
        COUNTED: terms.maintenance == COUNTED,
        NOT_AGREED: ~agreed.fillna(True) & terms.agreed_only,
        NO_AGREEMENT: agreed.isna() & terms.agreed_only,
        NOT_ANNOUNCED: announced.isna() & (terms.notice is not None),
        LATE: (windows["starts_at"] - announced < asked) & (terms.notice is not None),
    }
    masks = [np.broadcast_to(mask, len(windows)) for mask in reasons.values()]
    return pd.Series(np.select(masks, list(reasons), EXCLUDED), windows.index, dtype="str")


def time_within(found: pd.DataFrame, values: pd.Series, spans: pd.DataFrame) -> pd.Series:
    """Return the sum of a column of stretches, of one clause and service, within each span.

    ``spans``: since and until in seconds, which are edges of the stretches.
    """
    edges = np.append(found["since"], found["until"].iloc[-1:])
    total = np.append(0, values.to_numpy().cumsum())
    after, before = (
        total[np.searchsorted(edges, spans[edge].clip(edges[0], edges[-1]))]
        for edge in ("until", "since")
    )
    return pd.Series(after - before, spans.index)


def planned(found: pd.DataFrame, parts: list[Part], windows: pd.DataFrame) -> pd.DataFrame:
    """Return the planned windows of the clauses: their columns, clause, treated, and down.

    down: the seconds of agreed hours within the window in which an outage is recorded. A window
    that an amendment cuts in two is told for the terms at its start.
    """
    each = []
    for number, part in enumerate(parts):
        mine = found[found["part"] == number]
        spans = _spans(part, windows, PLANNED)
        time = mine["lost"] + mine["maintenance"] + mine["excused"]
        down = time_within(mine, time, spans)
        each.append(spans.assign(clause=part.clause, treated=treated(spans, part.terms), down=down))
    rows = pd.concat(each, ignore_index=True)
    first = rows.groupby(["clause", "window_id"])["down"].transform("sum")
    kept_rows = ~rows.duplicated(["clause", "window_id"])
    return rows.assign(down=first)[kept_rows].reset_index(drop=True)


def counted(
    contract: Contract, found: pd.DataFrame, parts: list[Part], outages: pd.DataFrame
) -> pd.DataFrame:
    """Return the outages of each part, duplicates left out, in order of time.

    Columns: clause, service, outage_id, caused_by, added (its agreed seconds by itself) and lost
    (the seconds within it that the stretches count as lost; 0 where its cause is excused).
    """
    each, distinct = [], outages[~_repeated(outages)]
    for number, part in enumerate(parts):
        spans = _spans(part, distinct, DOWN).sort_values("since", kind="stable")
        edges = (pd.to_datetime(spans[edge], unit="s", utc=True) for edge in ("since", "until"))
        added = contract.hours(part.terms.calendar).elapsed(*edges) // pd.Timedelta(seconds=1)
        mine = found[found["part"] == number]
        lost = time_within(mine, mine["lost"], spans)
        lost = lost.mask(spans["caused_by"].isin(part.terms.excuses), 0)
        each.append(spans.assign(clause=part.clause, added=added, lost=lost))
    columns = ["clause", "service", "outage_id", "caused_by", "added", "lost"]
    return pd.concat(each, ignore_index=True)[columns]


def uncounted(parts: list[Part], outages: pd.DataFrame) -> int:
    """Return how many outages lie in no part: of another service or time, or without length."""
    each = [_spans(part, outages, DOWN)["outage_id"] for part in parts]
    return int((~outages["outage_id"].isin(pd.concat(each))).sum())


def duplicates(outages: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are alike in all but their number to one before them.

    Outages without an end may yet end at different times: none repeats another.
    """
    return outages[_repeated(outages)]


def _repeated(outages: pd.DataFrame) -> pd.Series:
    ended = outages.get("ended_at", pd.Series(pd.NaT, outages.index)).notna()
    return outages.drop(columns="outage_id").duplicated() & ended


def unlike_recorded(outages: pd.DataFrame) -> pd.DataFrame:
    """Return the outages whose recorded minutes differ from their dates by a minute or more.

    Columns: outage_id, service, started_at, ended_at, recorded_minutes, minutes (of the dates).
    """
    names = ["outage_id", "service", "started_at", "ended_at", "recorded_minutes"]
    if not {*names} <= {*outages}:
        return pd.DataFrame(columns=[*names, "minutes"])
    minutes = (outages["ended_at"] - outages["started_at"]) / MINUTE
    unlike = (outages["recorded_minutes"] - minutes).abs() >= 1
    return outages[names].assign(minutes=minutes)[unlike]
