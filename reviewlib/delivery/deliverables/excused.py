"""The days after a due date that are no lateness: the client decided, or a milestone was wanting.

Days are numbered from the due date on, of which the number is 0.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import calendar_days
from reviewlib.contract import Contract
from reviewlib.delivery.terms import versions_on

DECISION, WAITING = "decision", "waiting"
EXCUSED = ["deliverable_id", "share", "id", "starts_on", "ends_on", "days"]
DAY = ["deliverable_id", "day"]


def excused(
    rows: pd.DataFrame,
    sent: pd.DataFrame,
    reached: pd.Series | None,
    contract: Contract,
    today: pd.Timestamp,
) -> pd.DataFrame:
    """Return the spans of the days after each due date that are no lateness of the provider.

    ``rows``: deliverable_id, due_on, milestone_id, and submitted_on, of the version that was
    accepted or awaits a decision, NaT without one; ``sent``: as ``metrics.versions`` returns it;
    ``reached``: by milestone, the day on which it was reached, NaT while it is not.

    Columns: EXCUSED. share: decision (the client had a version that it refused) or waiting (the
    milestone that it needs was not reached); id: of that version or milestone; days: calendar days.
    A day is in one span. What the client took before the due date of the days that were left until
    then is given back after it, where the contract leaves out all the days of its decisions.
    """
    last = rows["submitted_on"].fillna(today)
    late = rows.assign(last=last, total=calendar_days(last - rows["due_on"]))
    late = late[late["total"] > 0]
    days = pd.concat(
        [_deciding(late, sent, contract), _waiting(late, reached, contract, today)]
    ).drop_duplicates(DAY)
    days = days.merge(late[["deliverable_id", "due_on"]], on="deliverable_id").sort_values(DAY)
    names = days[EXCUSED[:3]]
    begins = (names != names.shift()).any(axis="columns") | (days["day"].diff() != 1)
    spans = days.groupby(begins.cumsum(), sort=False).agg(
        deliverable_id=("deliverable_id", "first"),
        share=("share", "first"),
        id=("id", "first"),
        due_on=("due_on", "first"),
        first=("day", "min"),
        days=("day", "size"),
    )
    step = pd.to_timedelta(spans["first"].astype("int64"), unit="D")
    spans["starts_on"] = spans["due_on"] + step
    spans["ends_on"] = spans["starts_on"] + pd.to_timedelta(spans["days"] - 1, unit="D")
    return spans.reset_index(drop=True)[EXCUSED]


def waiting_days(late: pd.DataFrame, reached: pd.Series, today: pd.Timestamp) -> pd.Series:
    """Return the days after each due date up to the day on which the milestone needed was reached.

    ``late``: due_on, milestone_id and last, the day that ends the delay. NaN where it needs none of
    ``reached``, or was submitted before that one: it did not wait for it.
    """
    until = reached.fillna(today).reindex(late["milestone_id"]).set_axis(late.index)
    until = until.where(~(until > late["last"]))
    return calendar_days(until - late["due_on"]).clip(lower=0)


def unknown_waits(rows: pd.DataFrame, reached: pd.Series | None, contract: Contract) -> pd.Series:
    """Tell which rows need a milestone of which nothing says when it was reached (``reached``).

    Only where the terms leave out the days before it: else it makes no difference to them.
    """
    if reached is not None:
        return pd.Series(False, rows.index)
    rule = _rule(contract, rows["due_on"], "milestone_days")
    return rows["milestone_id"].notna() & (rule == "excluded")


def _waiting(
    late: pd.DataFrame, reached: pd.Series | None, contract: Contract, today: pd.Timestamp
) -> pd.DataFrame:
    """Return the days on which the milestone needed was not reached, where the terms say so."""
    if reached is None:
        return _each_day(late.assign(id=late["milestone_id"], first=1, until=0), WAITING)
    rule = _rule(contract, late["due_on"], "milestone_days")
    waited = waiting_days(late, reached, today).where(rule == "excluded").fillna(0)
    return _each_day(late.assign(id=late["milestone_id"], first=1, until=waited), WAITING)


def _deciding(late: pd.DataFrame, sent: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return the days on which the client had a version that it refused, and those given back."""
    refused = sent[(sent["outcome"] == "refused") & sent["decided_on"].notna()]
    refused = refused.merge(late[["deliverable_id", "due_on", "total"]], on="deliverable_id")
    rule = _rule(contract, refused["submitted_on"], "decision_days")
    first = calendar_days(refused["submitted_on"] - refused["due_on"]) + 1
    until = calendar_days(refused["decided_on"] - refused["due_on"]).clip(upper=refused["total"])
    every = refused.assign(
        id=refused["version"],
        first=first.where(rule == "excluded", first.clip(lower=1)),
        until=until.where(rule != "counted", -np.inf),
    )
    days = _each_day(every, DECISION).drop_duplicates(DAY)
    before, after = days[days["day"] < 1], days[days["day"] >= 1]
    return pd.concat([after, _given_back(late, before, after)])


def _given_back(late: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the first days after each due date on which the client had no version: as many as it
    took before that date.
    """
    taken = before.groupby("deliverable_id").agg(n=("day", "size"), id=("id", "last"))
    rows = late.merge(taken.reset_index(), on="deliverable_id")
    with_client = after.groupby("deliverable_id").size().reindex(rows["deliverable_id"])
    until = (rows["n"] + with_client.fillna(0).to_numpy()).clip(upper=rows["total"])
    days = _each_day(rows.assign(first=1, until=until), DECISION, "n")
    free = days[~pd.MultiIndex.from_frame(days[DAY]).isin(pd.MultiIndex.from_frame(after[DAY]))]
    return free[free.groupby("deliverable_id").cumcount() < free["n"]].drop(columns="n")


def _each_day(spans: pd.DataFrame, share: str, *others: str) -> pd.DataFrame:
    """Return each day of some spans by its number; none where ``until`` is before ``first``."""
    length = (spans["until"] - spans["first"] + 1).clip(lower=0).astype("int64")
    days = spans.loc[spans.index.repeat(length), ["deliverable_id", "id", "first", *others]]
    day = days["first"].astype("int64") + days.groupby(level=0).cumcount()
    return days.assign(day=day, share=share).drop(columns="first").reset_index(drop=True)


def _rule(contract: Contract, days: pd.Series, name: str) -> pd.Series:
    """Return what the terms of acceptance in force on each day say of days to be left out."""
    stated = pd.Series([getattr(terms.acceptance, name) for terms in contract.versions])
    return versions_on(contract, days).map(stated)
