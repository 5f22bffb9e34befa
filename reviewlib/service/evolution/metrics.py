"""Events on the client's side beside the tickets before and after them, and the key dates ahead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import DATE, calendar_days, dates_of
from reviewlib.calendars.day_counts import latest_start
from reviewlib.contract import Contract
from reviewlib.contract.parties import Period
from reviewlib.service.ramp_up import last_ramp_up
from reviewlib.service.volumes.metrics import Counted, worked

WEEKS = 26  # before an event, and from its first day on, at most
WEEK = pd.Timedelta(days=7)
FEWEST = 20  # tickets of both spans, under which they are counted alone
CHANCE = 0.05
SCOPE = ("service", "site", "category")
EVERY, OWN, UNTOLD = "all", "own", "untold"
BEFORE, SINCE, NEVER = "before", "since", "never"
BEYOND, WITHIN, FEW, OPENED = "beyond", "within", "few", "opened"
PASSED, SOON, LATER = "passed", "soon", "later"
NEAR = 30  # days
TEXTS = ["event_id", "kind", *SCOPE, "change_id", "evidence"]
OWN_COUNTS = ["own_before", "own_after"]
COUNTS = ["before", "after", "change", "own_before", "own_after", "own_change"]
EVENTS = [
    "title", *TEXTS, "people", "starts_on", "ends_on", "announced_on", "announced", "lead_days",
    "concerns", "edge", "weeks", "first", "last", *COUNTS, "dispersion", "differs",
]  # fmt: skip
KEY_DATES = ["kind", "title", "clause", "on", "notice", "act_by", "days", "state"]


def steady_from(counted: Counted, contract: Contract) -> pd.Timestamp:
    """Return the first day that is compared: after the ramp-ups, and none before the first ticket's
    month, of which a log may lack the tickets.
    """
    first, ramp_up = counted.worked.index[0], last_ramp_up(contract)
    if ramp_up is not None:
        first = max(first, pd.Timestamp(ramp_up) + pd.Timedelta(days=1))
    return first if counted.opened.empty else max(first, _month_of(counted.opened.min()))


def _month_of(day: pd.Timestamp) -> pd.Timestamp:
    return day.replace(day=1)


def months(counted: Counted) -> pd.DataFrame:
    """Return the whole months of the days that are counted, by month ("2024-01").

    Columns: first (their first day), days (how many of them are worked), tickets.
    """
    names = counted.worked.index.strftime("%Y-%m")
    by_month = counted.worked.groupby(names)
    spans = pd.DataFrame({"first": by_month.apply(lambda own: own.index[0])})
    length = by_month.size()
    spans["days"] = by_month.sum().astype(int)
    spans["tickets"] = by_opening(counted.opened, spans.index)
    return spans[length == spans["first"].dt.days_in_month]


def by_opening(opened: pd.Series, months: pd.Index) -> pd.Series:
    """Return how many tickets were opened in each of some months."""
    counts = opened.dt.strftime("%Y-%m").value_counts()
    return counts.reindex(months, fill_value=0).astype(int)


def ahead(
    counted: Counted, contract: Contract, first: pd.Timestamp, until: pd.Timestamp
) -> pd.DataFrame:
    """Return by month what is left of a contract year after the days that are counted.

    ``first``: of the first month of a fit; ``until``: the last day of the year. Columns: days
    (worked), place (of the month, from the first one on); empty after the contract's end.
    """
    end = min(until, pd.Timestamp(contract.period.last))
    days = pd.date_range(counted.worked.index[-1] + pd.Timedelta(days=1), end, unit="s")
    by_month = worked(contract, days).groupby(days.strftime("%Y-%m"))
    start = by_month.apply(lambda own: own.index[0]).astype(DATE)
    place = 12 * (start.dt.year - first.year) + start.dt.month - first.month
    return pd.DataFrame({"days": by_month.sum().astype(int), "place": place})


def concerned(tickets: pd.DataFrame, scope: Mapping[str, str]) -> pd.Series:
    """Tell which tickets are of the service, site and category that an event concerns."""
    own = pd.Series(True, tickets.index)
    for column, name in scope.items():
        own &= tickets[column].astype("str").eq(name).fillna(False)
    return own


def scope_of(event: Mapping[str, object]) -> dict[str, str]:
    """Return what an event concerns, by column of the tickets; empty where it is all of them."""
    return {column: str(event[column]) for column in SCOPE if pd.notna(event[column])}


def events(
    table: pd.DataFrame, today: pd.Timestamp, changes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the events by their first day, with whether the provider was told before it.

    One that begins after today is there from its announcement on. ``EVENTS``, those of the table
    missing where it has none: announced, lead_days (from the announcement to the first day;
    negative after it), concerns, edge (the day from which it is compared: its first one, or that on
    which its change request was applied where that is earlier), and the columns that ``compared``
    fills.
    """
    rows = table.reindex(columns=EVENTS)
    for name in ("starts_on", "ends_on", "announced_on"):
        rows[name] = dates_of(table, name)
    rows["lead_days"] = calendar_days(rows["starts_on"] - rows["announced_on"])
    undated = rows["announced_on"].isna()
    words = np.select([rows["lead_days"] > 0, undated], [BEFORE, NEVER], SINCE)
    rows["announced"] = pd.Series(words, rows.index, dtype="str")
    rows["concerns"] = np.where(rows[list(SCOPE)].notna().any(axis="columns"), OWN, EVERY)
    rows["edge"] = rows["starts_on"]
    if changes is not None:
        applied = dates_of(changes, "applied_on").set_axis(changes["change_id"])
        applied = rows["change_id"].map(applied.groupby(level=0).min()).astype(DATE)
        rows["edge"] = rows["edge"].where(~(applied < rows["edge"]), applied)
    rows[["first", "last"]] = pd.NaT
    rows = rows.astype(
        {"first": DATE, "last": DATE} | dict.fromkeys([*COUNTS, "dispersion"], "float64")
    )
    rows = rows[(rows["starts_on"] <= today) | ~undated]
    return rows.sort_values("starts_on", kind="stable", ignore_index=True)


def compared(events: pd.DataFrame, counted: Counted, begin: pd.Timestamp) -> pd.DataFrame:
    """Return the events with the tickets of as many whole weeks before their edge and from it on.

    ``begin``: the first day that is compared. weeks (of either span; NaN where it is none), first
    and last (the days of both spans), before and after (all tickets), own_before and own_after
    (those of what it concerns; NaN where that is all, or is not in the tickets), their changes,
    dispersion (between the weeks of what it concerns), differs (whether these differ by more than
    chance gives; opened where a site had no ticket before: there is nothing to compare with).
    """
    rows, days = events.copy(), counted.worked.index
    if len(days) == 0:
        return rows
    starts = rows["edge"]
    end = days[-1] + pd.Timedelta(days=1)
    until = (rows["ends_on"] + pd.Timedelta(days=1)).fillna(end).clip(upper=end)
    room = pd.concat([starts - begin, until - starts], axis="columns").min(axis="columns")
    weeks = (room // WEEK).clip(upper=WEEKS)
    weeks = weeks.where(weeks > 0)
    rows["weeks"], span = weeks, pd.to_timedelta(weeks * 7, unit="D")
    rows["first"] = (starts - span).astype(DATE)
    rows["last"] = (starts + span - pd.Timedelta(days=1)).astype(DATE)
    absent = [name for name in SCOPE if name not in counted.tickets]
    lost = rows[absent].notna().any(axis="columns")
    rows["concerns"] = rows["concerns"].mask(lost, UNTOLD)
    rows[["before", "after", "dispersion"]] = _spans(rows, counted.opened)
    for scope, own in rows[rows["concerns"] == OWN].groupby(list(SCOPE), dropna=False, sort=False):
        of = concerned(counted.tickets, scope_of(dict(zip(SCOPE, scope, strict=True))))
        rows.loc[own.index, [*OWN_COUNTS, "dispersion"]] = _spans(own, counted.opened[of])
    rows["change"] = rows["after"] - rows["before"]
    rows["own_change"] = rows["own_after"] - rows["own_before"]
    every = rows["concerns"] == EVERY
    before, after = (
        rows[name].where(~every, rows[name.removeprefix("own_")]) for name in OWN_COUNTS
    )
    differs = _differs(before, after, rows["dispersion"])
    begun = rows["kind"].eq("site") & before.eq(0) & ~every & differs.isin([BEYOND, WITHIN])
    return rows.assign(differs=differs.mask(begun, OPENED))


def _spans(rows: pd.DataFrame, opened: pd.Series) -> np.ndarray:
    """Return how many tickets were opened in the span before each event, and in that from it on.

    The third column is how much more the weeks vary around the means of their spans than chance
    gives (Pearson; 1 at least).
    """
    days, weeks = np.sort(opened.to_numpy(DATE)), rows["weeks"].fillna(0).to_numpy()[:, None]
    place = np.arange(2 * WEEKS + 1)
    edges = rows["first"].to_numpy(DATE)[:, None] + WEEK.to_timedelta64() * np.minimum(
        place, 2 * weeks
    ).astype("int64")
    counts = np.diff(np.searchsorted(days, edges), axis=1)
    is_before = place[:-1] < weeks
    before, after = (counts * is_before).sum(axis=1), (counts * ~is_before).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(is_before, before[:, None], after[:, None]) / weeks
        spread = np.where((place[:-1] < 2 * weeks) & (mean > 0), (counts - mean) ** 2 / mean, 0)
        dispersion = np.nan_to_num(spread.sum(axis=1) / (2 * weeks[:, 0] - 2), nan=1, posinf=1)
    made = np.column_stack([before, after, np.maximum(dispersion, 1)]).astype("float64")
    made[rows["weeks"].isna().to_numpy()] = np.nan
    return made


def _differs(before: pd.Series, after: pd.Series, dispersion: pd.Series) -> pd.Series:
    """Tell whether two counts over spans of one length differ: exact, two-sided, 5 %.

    Of Poisson, the counts divided by their dispersion (quasi-Poisson).
    """
    from scipy.special import betainc

    n, most = before + after, np.maximum(before, after)
    p = np.minimum(1, 2 * betainc(most / dispersion, (n - most) / dispersion + 1, 0.5))
    states = np.select([n.isna(), n < FEWEST, p < CHANCE], ["", FEW, BEYOND], WITHIN)
    return pd.Series(states, before.index, dtype="str")


def seasons(event: Any, contract: Contract) -> list[Period]:
    """Return the sensitive periods of which more days are after an event began than before it."""
    edge, inside = event.edge, []
    for one in contract.sensitive_periods:
        days = pd.date_range(one.first, one.last)
        days = days[(days >= event.first) & (days <= event.last)]
        if (days >= edge).sum() > (days < edge).sum():
            inside.append(one)
    return inside


def leading(events: pd.DataFrame) -> pd.DataFrame:
    """Return the event of which what it concerns changed most, beyond chance or from nothing; no
    row without.
    """
    own = events[events["differs"].isin([BEYOND, OPENED]) & events["concerns"].eq(OWN)]
    return own.loc[own["own_change"].abs().nlargest(1).index]


def costs(events: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return the change requests that events led to, once each, in the order of the events.

    Columns: change_id, decision and cost_impact (missing where the table lacks them).
    """
    named = events["change_id"].dropna().unique()
    rows = changes.drop_duplicates("change_id").set_index("change_id")
    rows = rows.reindex(columns=["decision", "cost_impact"])
    return rows.loc[[name for name in named if name in rows.index]].reset_index()


def key_dates(contract: Contract, today: pd.Timestamp) -> pd.DataFrame:
    """Return the dates on which the contract lets either side act, by the last day to do so.

    ``KEY_DATES``: act_by (``on`` less the notice), days (from today to act_by), state (passed;
    soon: today or within ``NEAR`` days; later).
    """
    stated = contract.key_dates
    rows = pd.DataFrame(
        {
            name: pd.Series([getattr(one, name) for one in stated], dtype="object")
            for name in ("kind", "title", "clause", "notice")
        }
    )
    rows["on"] = pd.Series([pd.Timestamp(one.date) for one in stated], dtype=DATE)
    last = [
        latest_start(one.notice, pd.Timestamp(one.date), contract.days_off)
        if one.notice
        else pd.Timestamp(one.date)
        for one in stated
    ]
    rows["act_by"] = pd.Series(last, dtype=DATE)
    rows["days"] = calendar_days(rows["act_by"] - today)
    rows["state"] = np.select([rows["days"] < 0, rows["days"] <= NEAR], [PASSED, SOON], LATER)
    return rows.sort_values("act_by", kind="stable", ignore_index=True)[KEY_DATES]
