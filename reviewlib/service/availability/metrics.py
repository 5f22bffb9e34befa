"""Availability: how much of the agreed hours a service was up, to the second (F5).

A = (AST − DT) / AST. AST, the agreed service time, is that of the clause's calendar; planned
maintenance is never taken out of it. DT is the union of the recorded outages within it, less
maintenance and causes as far as the clause excludes them. Lengths are whole seconds.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from reviewlib.calendars.zones import midnights
from reviewlib.contract import Contract
from reviewlib.rates import kept
from reviewlib.service.availability.parts import (
    ServicePart,
    agreed_since,
    in_force,
    known_until,
)
from reviewlib.service.availability.stretches import (
    COUNTED,
    DOWN,
    EXCLUDED,
    LATE,
    NO_AGREEMENT,
    NOT_AGREED,
    NOT_ANNOUNCED,
    PLANNED,
    SUMS,
    spans_of,
    stretches,
    treated,
)

__all__ = [
    "COUNTED", "EXCLUDED", "LATE", "NOT_AGREED", "NOT_ANNOUNCED", "NO_AGREEMENT", "ServicePart",
    "agreed_since", "by_month", "counted", "duplicates", "in_force", "known_until",
    "losses", "months", "outages_by_month", "planned", "shares", "stretches", "strips",
    "totals", "treated", "uncounted", "unlike_recorded", "verdicts", "windows_by_month",
]  # fmt: skip
MINUTE = pd.Timedelta(minutes=1)


def shares(stretches: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the sums of stretches by some of their columns, and what follows from them.

    share = (agreed − lost) / agreed, NaN without agreed hours; at_best likewise of what is certain;
    around_the_clock = 1 − down / wall: every outage on every hour, nothing excluded.
    """
    sums = stretches.groupby(by, sort=False)[SUMS].sum().reset_index()
    agreed = sums["agreed"].where(sums["agreed"] > 0)
    up, most = ((sums["agreed"] - sums[lost]) / agreed for lost in ("lost", "certain"))
    clock = 1 - sums["down"] / sums["wall"]
    return sums.assign(share=up, at_best=most, around_the_clock=clock)


def months(stretches: pd.DataFrame, contract: Contract, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the verdict on each clause, service and month, in two rows where its terms changed.

    Columns of ``shares``, then target, date and last (the days of the row), cut (its month has
    other rows), provisional (the month of ``as_of``, when more of it is to come, and one whose
    time lost depends on an outage without an end), at_worst and at_best (all agreed hours to come
    and since the start of such an outage lost, or none) and met: share >= target without
    rounding, of a provisional month only False, when even the best is under; missing otherwise.
    """
    keys = ["clause", "service", "month", "part"]
    edges = {"target": ("target", "first"), "date": ("date", "first"), "last": ("date", "last")}
    about = stretches.groupby(keys, sort=False).agg(**edges)
    rows = shares(stretches, keys).join(about, on=keys)
    last_known = known_until(contract, as_of)
    month = last_known.tz_convert(contract.time_zone).strftime("%Y-%m")
    running = (rows["month"] == month) & (last_known < contract.end_instant)
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
    last_known = known_until(contract, as_of)
    local = last_known.tz_convert(contract.time_zone).tz_localize(None).normalize()
    following = pd.DatetimeIndex([local + pd.offsets.MonthBegin(1)])
    month_end = midnights(following, contract.time_zone)[0]
    for part in in_force(contract, as_of):
        end = max(last_known, min(part.ends, month_end))
        edges = pd.DatetimeIndex([last_known]), pd.DatetimeIndex([end])
        agreed = contract.hours(part.terms.calendar).elapsed(*edges)
        yield int(agreed[0] // pd.Timedelta(seconds=1))


def verdicts(agreed: pd.Series, lost: pd.Series, target: pd.Series) -> pd.Series:
    """Return whether seconds agreed and lost keep a target, exactly; missing: can't be said."""
    met = [
        kept(due - down, due, threshold) if due and threshold == threshold else None
        for due, down, threshold in zip(agreed, lost, target, strict=True)
    ]
    return pd.Series(met, agreed.index, dtype="boolean")


def by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the verdict on whole months, of the rows of ``months``: clause, service, month, met.

    A month that an amendment cuts is kept when all of its parts with a target are.
    """
    keys = ["clause", "service", "month"]
    flags = rows[keys].assign(
        missed=~rows["met"].fillna(True),
        kept=rows["met"].fillna(False),
        open=rows["provisional"] & rows["met"].isna() & rows["target"].notna(),
    )
    by_keys = flags.groupby(keys, sort=False).any().reset_index()
    undecided = ~by_keys["missed"] & (by_keys["open"] | ~by_keys["kept"])
    return by_keys[keys].assign(met=(~by_keys["missed"]).astype("boolean").mask(undecided))


def totals(stretches: pd.DataFrame, outages: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return each clause and service over the whole period, of ``counted`` and ``months``.

    Columns of ``shares``, then recorded (outages), added (their agreed seconds one by one, more
    than the union where they overlap), n (outages that lost time), judged and kept (months).
    """
    keys = ["clause", "service"]
    counts = {
        "recorded": outages.groupby(keys)["outage_id"].nunique(),
        "added": outages.groupby(keys)["added"].sum(),
        "n": outages[outages["lost"] > 0].groupby(keys)["outage_id"].nunique(),
        "judged": (verdict := by_month(rows).groupby(keys)["met"]).count(),
        "kept": verdict.sum(),
    }
    return shares(stretches, keys).join(pd.DataFrame(counts).fillna(0).astype("int64"), on=keys)


def losses(stretches: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return DT by clause, service and a column, cause or caused_by, longest first.

    Time in which outages of several causes overlap stands once, under a missing word; so the rows
    add up to DT. Columns: clause, service, the column, unstated (one of which none is stated
    overlaps), lost, share (of the service's DT).
    """
    keys = ["clause", "service", column, "unstated"]
    named = stretches[stretches["lost"] > 0].rename(columns={f"{column}_unstated": "unstated"})
    sums = named.groupby(keys, dropna=False, sort=False)["lost"].sum()
    rows = sums.reset_index().sort_values("lost", ascending=False, kind="stable")
    total = rows.groupby(keys[:2])["lost"].transform("sum")
    return rows.assign(share=rows["lost"] / total).reset_index(drop=True)


def strips(stretches: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return each clause, service and whole month, of the rows of ``months``.

    Columns: clause, service, month, share (NaN: no agreed hour), target (the last of the month) and
    met, as ``by_month`` returns it.
    """
    keys = ["clause", "service", "month"]
    share = shares(stretches, keys)[[*keys, "share"]]
    target = rows.groupby(keys, sort=False)["target"].last().reset_index()
    return by_month(rows).merge(share, on=keys, how="left").merge(target, on=keys, how="left")


def time_within(stretches: pd.DataFrame, values: pd.Series, spans: pd.DataFrame) -> pd.Series:
    """Return the sum of a column of stretches, of one clause and service, within each span.

    ``spans``: since and until in seconds, which are edges of the stretches.
    """
    if stretches.empty:
        return pd.Series(0, spans.index)
    edges = np.append(stretches["since"], stretches["until"].iloc[-1:])
    total = np.append(0, values.to_numpy().cumsum())
    after, before = (
        total[np.searchsorted(edges, spans[edge].clip(edges[0], edges[-1]))]
        for edge in ("until", "since")
    )
    return pd.Series(after - before, spans.index)


def windows_by_month(
    stretches: pd.DataFrame, parts: list[ServicePart], windows: pd.DataFrame
) -> pd.DataFrame:
    """Return the planned windows of the clauses, cut at the months and at the terms they fall in.

    Columns of the windows, then clause, part, month, treated and, in seconds: down (agreed hours
    within the window in which an outage is recorded), of these lost and maintenance; ahead (from
    its announcement to its start; NaN without one), notice and allowance (those of the clause; NaN
    where it states none). Of an excluded window, what is lost is beyond the allowance.
    """
    by_part = []
    for number, part in enumerate(parts):
        own_stretches = stretches[stretches["part"] == number]
        spans = spans_of(part, windows, PLANNED)
        spans = spans.assign(treated=treated(spans, part.terms))
        rows = _in_months(own_stretches, spans)
        sums = {
            name: time_within(own_stretches, own_stretches[name], rows)
            for name in ("lost", "maintenance", "excused")
        }
        rows = rows.assign(clause=part.clause, part=number, down=sum(sums.values()), **sums)
        by_part.append(rows.assign(notice=part.terms.notice, allowance=part.terms.allowance))
    rows = pd.concat(by_part, ignore_index=True)
    announced = pd.to_datetime(rows.reindex(columns=["announced_at"])["announced_at"], utc=True)
    rows["ahead"] = (rows["starts_at"] - announced).dt.total_seconds()
    for name in ("notice", "allowance"):
        rows[name] = pd.to_timedelta(rows[name]).dt.total_seconds()
    return rows


def _in_months(stretches: pd.DataFrame, spans: pd.DataFrame) -> pd.DataFrame:
    """Return spans (since, until: seconds) cut at the months of some stretches; month: of each."""
    by_month = stretches.groupby("month").agg(begins=("since", "min"), ends=("until", "max"))
    cut = spans.merge(by_month.reset_index(), how="cross")
    since, until = cut["since"].clip(lower=cut["begins"]), cut["until"].clip(upper=cut["ends"])
    return cut.assign(since=since, until=until)[since < until].reset_index(drop=True)


def planned(by_month: pd.DataFrame) -> pd.DataFrame:
    """Return each window of ``windows_by_month`` once for each clause, with its sums.

    One that an amendment cuts in two is told for the terms at its start.
    """
    sums = ["down", "lost", "maintenance"]
    whole = by_month.groupby(["clause", "window_id"])[sums].transform("sum")
    first = ~by_month.duplicated(["clause", "window_id"])
    return by_month.assign(**{name: whole[name] for name in sums})[first].reset_index(drop=True)


def outages_by_month(
    stretches: pd.DataFrame, parts: list[ServicePart], outages: pd.DataFrame
) -> pd.DataFrame:
    """Return the outages of each part and month, duplicates left out, in order of time.

    Columns: part, month, outage_id, caused_by, excused (whether its cause does not count) and lost
    (the seconds within it that count as lost, be they lost to another outage too).
    """
    by_part, distinct = [], outages[~_repeated(outages)]
    for number, part in enumerate(parts):
        own_stretches = stretches[stretches["part"] == number]
        spans = spans_of(part, distinct, DOWN).sort_values("since", kind="stable")
        rows = _in_months(own_stretches, spans)
        excused = rows["caused_by"].isin(part.terms.excuses)
        lost = time_within(own_stretches, own_stretches["lost"], rows).mask(excused, 0)
        by_part.append(rows.assign(part=number, excused=excused, lost=lost))
    columns = ["part", "month", "outage_id", "caused_by", "excused", "lost"]
    return pd.concat(by_part, ignore_index=True)[columns]


def counted(
    contract: Contract, stretches: pd.DataFrame, parts: list[ServicePart], outages: pd.DataFrame
) -> pd.DataFrame:
    """Return the outages of each part, duplicates left out, in order of time.

    Columns: clause, service, outage_id, caused_by, added (its agreed seconds by itself) and lost
    (the seconds within it that the stretches count as lost; 0 where its cause is excused).
    """
    by_part, distinct = [], outages[~_repeated(outages)]
    for number, part in enumerate(parts):
        spans = spans_of(part, distinct, DOWN).sort_values("since", kind="stable")
        edges = (pd.to_datetime(spans[edge], unit="s", utc=True) for edge in ("since", "until"))
        added = contract.hours(part.terms.calendar).elapsed(*edges) // pd.Timedelta(seconds=1)
        own_stretches = stretches[stretches["part"] == number]
        lost = time_within(own_stretches, own_stretches["lost"], spans)
        lost = lost.mask(spans["caused_by"].isin(part.terms.excuses), 0)
        by_part.append(spans.assign(clause=part.clause, added=added, lost=lost))
    columns = ["clause", "service", "outage_id", "caused_by", "added", "lost"]
    return pd.concat(by_part, ignore_index=True)[columns]


def uncounted(parts: list[ServicePart], outages: pd.DataFrame) -> int:
    """Return how many outages lie in no part: of another service or time, or without length."""
    covered_ids = [spans_of(part, outages, DOWN)["outage_id"] for part in parts]
    return int((~outages["outage_id"].isin(pd.concat(covered_ids))).sum())


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
