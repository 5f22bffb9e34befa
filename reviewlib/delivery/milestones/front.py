"""What the first page has of the milestones: a clause of its sentence, briefs, days in bars."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import LATE, ON_TIME, OVERDUE, punctuality
from reviewlib.delivery import results
from reviewlib.delivery.delays.metrics import CONTESTED, MILESTONE
from reviewlib.delivery.left_out import split_of_milestones
from reviewlib.report.chapter import Chapter
from reviewlib.report.phrases import in_short
from reviewlib.report.text import EMPTY, N_, Text
from reviewlib.report.values import AtStake, Brief, Kind, Side, Unit

BEHIND = {
    LATE: N_("{named} was {contract_days:days} behind the contract"),
    OVERDUE: N_("{named} is {contract_days:days} behind the contract"),
}
EVERY = N_("all milestones due ({n}) were reached by their date")
BY_ITS_DATE = N_("{named} was reached by its date")
HELD = N_("{named} reached by its date")
PARTLY_COVERED = N_(
    "{named} was reached late: approved changes cover {explained_days:days} of the delay, none "
    "covers the other {unexplained_days:days}."
)
PARTLY_COUNTED = N_(
    "{named} was reached late: approved changes cover {explained_days:days}; of the other "
    "{unexplained_days:days}, {counted} count."
)
NOT_COVERED = N_(
    "{named} was reached after its date in force; no change approved in time covers the delay."
)
AWAITED = N_("{named} is not reached; its date in force was {baseline_date}.")
ANNOUNCED = N_("{named} is not reached as of {today}; it is announced for {forecast_date}.")
RANGE = N_("{low} to {high}")
AFTER = N_("after the contract date")
AFTER_IN_FORCE = N_("after the date in force")
AFTER_SO_FAR = N_("after the contract date so far")
OWED = N_("{named}, due {date}")
CARD = N_("Milestones by their date: {k} of {n}; days from the contract date")
SPLIT = ("late", "contested")  # days of the delays
PENDING = 2  # milestones past their date that have a brief


def clauses(c: Chapter, milestones: pd.DataFrame) -> None:
    """Add the milestone furthest behind the contract, and what was reached by its date."""
    late = _late(milestones)
    for row in late[late["contract_days"] > 0].head(1).itertuples():
        text = BEHIND[row.baseline_state](named=in_short(row.milestone_id, row.title))
        c.clause(Kind.CONCERN, c.of_row(text, row), 1)
    k, n = punctuality(milestones["baseline_state"])
    if k == n > 1:
        c.clause(Kind.STRENGTH, EVERY(n=n), 1)
        return
    for row in _last_on_time(milestones).itertuples():
        text = BY_ITS_DATE(named=in_short(row.milestone_id, row.title))
        c.clause(Kind.STRENGTH, text, 2)


def briefs(c: Chapter, milestones: pd.DataFrame) -> dict[str, Brief]:
    """Return what the first page says of some milestones, by their id.

    Of the one furthest behind, of those that are past their date and not reached, and of the last
    one that was reached by its date.
    """
    late, contested = _late(milestones), _contested(c)
    split = split_of_milestones(results.delays(c.review), c.review.contract)
    late = late.assign(**{name: late["milestone_id"].map(split[name]) for name in SPLIT})
    pending = late[late["baseline_state"] == OVERDUE].head(PENDING)
    rows = pd.concat([late.head(1), pending]).drop_duplicates("milestone_id")
    made = {row.milestone_id: _brief(c, row, contested) for row in rows.itertuples()}
    for row in _last_on_time(milestones).itertuples():
        text = HELD(named=in_short(row.milestone_id, row.title, 3))
        made[row.milestone_id] = Brief(text, topic=row.milestone_id, side=Side.PROVIDER)
    return made


def card(milestones: pd.DataFrame) -> Text:
    """Return the message of the days from the contract; none where nothing has come due."""
    k, n = punctuality(milestones["baseline_state"])
    return CARD(k=k, n=n) if n else EMPTY


def _brief(c: Chapter, row: Any, contested: frozenset[str]) -> Brief:
    pending = row.baseline_state == OVERDUE
    days = AtStake(int(row.baseline_days), Unit.DAYS, AFTER_IN_FORCE)
    if row.contract_days > 0:
        days = AtStake(int(row.contract_days), Unit.DAYS, AFTER_SO_FAR if pending else AFTER)
    short = in_short(row.milestone_id, row.title, 3)
    return Brief(
        c.of_row(_text(row)(named=in_short(row.milestone_id, row.title)), row),
        days,
        row.milestone_id,
        Side.PROVIDER,
        OWED(named=short, date=row.baseline_date) if pending else EMPTY,
        row.milestone_id in contested,
    )


def _text(row: Any) -> Any:
    if row.baseline_state == OVERDUE:
        return ANNOUNCED if pd.notna(row.forecast_date) else AWAITED
    if row.explained_days <= 0:
        return NOT_COVERED
    if pd.isna(row.late):
        return PARTLY_COVERED
    least, most = int(row.late), int(row.late + row.contested)
    counted = least if least == most else RANGE(low=least, high=most)
    return PARTLY_COUNTED(counted=counted)


def _late(milestones: pd.DataFrame) -> pd.DataFrame:
    """Return what is late against its date in force, the furthest behind the contract first."""
    late = milestones[milestones["baseline_state"].isin([LATE, OVERDUE])]
    return late.sort_values("contract_days", ascending=False, kind="stable")


def _last_on_time(milestones: pd.DataFrame) -> pd.DataFrame:
    """Return the milestone of the last date that was reached by it."""
    on_time = milestones[milestones["baseline_state"] == ON_TIME]
    return on_time.sort_values("baseline_date", kind="stable").tail(1)


def _contested(c: Chapter) -> frozenset[str]:
    """Return the milestones of which days are contested."""
    delays = results.delays(c.review)
    if delays is None or delays.late.empty:
        return frozenset()
    of = delays.by_class
    return frozenset(of.loc[(of["kind"] == MILESTONE) & (of[CONTESTED] > 0), "subject"])
