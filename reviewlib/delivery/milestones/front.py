"""What the first page has of the milestones: a clause of its sentence, briefs, days in bars."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import LATE, ON_TIME, OVERDUE, punctuality
from reviewlib.delivery import results
from reviewlib.delivery.delays.metrics import CLIENT, CONTESTED, MILESTONE, PROVIDER
from reviewlib.delivery.delays.tables import SHARES
from reviewlib.delivery.milestones.metrics import COUNTS
from reviewlib.delivery.terms import terms_on
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import LEAD
from reviewlib.report.phrases import BY_DEFAULT, in_short
from reviewlib.report.text import EMPTY, N_, Shown, Text, n_
from reviewlib.report.values import AtStake, Brief, Kind, Side, Unit

OF_MANY = n_(
    "{late} of {n} milestones missed its date, {named} by {baseline_days:days}",
    "{late} of {n} milestones missed their date, {named} by {baseline_days:days}",
    on="late",
)
MANY_HELD = n_(
    "{k} of {n} milestones was reached by its date",
    "{k} of {n} milestones were reached by their date",
    on="k",
)
BEHIND = {
    LATE: N_("{named} came {baseline_days:days} after its date"),
    OVERDUE: N_("{named} is {baseline_days:days} past its date"),
}
"""Not by how much it was late: of these days, some are suspended or have an excused cause."""
EVERY = N_("all milestones due ({n}) were reached by their date")
BY_ITS_DATE = N_("{named} was reached by its date")
HELD = N_("{named} reached by its date")
REACHED_LATE = N_("{named} was reached after its date in force.")
CAUSES = {
    True: N_(
        "{named}: approved changes cover {covered}; the other {unexplained_days}: {causes:commas}."
    ),
    False: N_(
        "{named} was reached after its date in force; no approved change covers the delay: "
        "{causes:commas}."
    ),
}
"""By whether approved changes cover a part of the delay."""
CAUSE, OTHERS = N_("{cause} {n}"), N_("others {n}")
AWAITED = N_("{named} is not reached; its date in force was {baseline_date}.")
ANNOUNCED = N_("{named} is not reached as of {today}; it is announced for {forecast_date}.")
AFTER = N_("after the contract date")
AFTER_IN_FORCE = N_("after the date in force")
AFTER_SO_FAR = N_("after the contract date so far")
OWED = N_("{named}, due {date}")
CARD = N_("Milestones by their date: {k} of {n}; days from the contract date")
NAMED = 3  # classes of days of a delay that a brief names, with those of both parties
PENDING = 2  # milestones past their date that have a brief


def clauses(c: Chapter, milestones: pd.DataFrame) -> None:
    """Add the milestone furthest behind the contract, and what was reached by its date."""
    late = _late(milestones)
    k, n = punctuality(milestones["baseline_state"])
    for row in late[late["contract_days"] > 0].head(1).itertuples():
        text = OF_MANY(late=n - k, n=n) if n > LEAD else BEHIND[row.baseline_state]
        named = text(named=in_short(row.milestone_id, row.title))
        c.clause(Kind.CONCERN, c.of_row(named, row), 1)
    if k == n > 1:
        c.clause(Kind.STRENGTH, EVERY(n=n), 1)
        return
    if n > LEAD and 5 * k >= 4 * n:
        c.clause(Kind.STRENGTH, MANY_HELD(k=k, n=n), 2)
    if n > LEAD:  # that one of many was on time says little
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
        c.of_row(_text(c, row)(named=in_short(row.milestone_id, row.title)), row),
        days,
        row.milestone_id,
        Side.PROVIDER,
        OWED(named=short, date=row.baseline_date) if pending else EMPTY,
        row.milestone_id in contested,
    )


def _text(c: Chapter, row: Any) -> Any:
    if row.baseline_state == OVERDUE:
        return ANNOUNCED if pd.notna(row.forecast_date) else AWAITED
    causes = _causes(c, row.milestone_id)
    covered: Text = Shown(row.explained_days, "days")
    if _leaves_out_by_default(c, row.milestone_id):
        covered = BY_DEFAULT(policy=covered)
    return (
        CAUSES[row.explained_days > 0](causes=causes, covered=covered) if causes else REACHED_LATE
    )


def _leaves_out_by_default(c: Chapter, milestone_id: str) -> bool:
    """Whether a re-baseline of a milestone does not count, and the contract does not say so."""
    late = results.approved_late(c.review)
    own = late[(late["milestone_id"] == milestone_id) & (late["verdict"] != COUNTS)]
    terms = (terms_on(c.review.contract, on).change_requests for on in own["approved_on"])
    return any(one.is_silent("approved_late") for one in terms)


def _causes(c: Chapter, milestone_id: str) -> list[Text]:
    """Return the days after the date in force: of the parties, of most others, of the rest."""
    delays = results.delays(c.review)
    if delays is None or delays.days.empty:
        return []
    days = delays.days[delays.days["kind"] == MILESTONE]
    n = days.loc[days["subject"] == milestone_id, "share"].value_counts()
    own = [one for one in (PROVIDER, CLIENT) if one in n]
    named = n.index if len(n) <= NAMED else [*own, *n.drop(own).index[:1]]
    first = n[[*named]]
    others = [OTHERS(n=rest)] if (rest := int(n.sum() - first.sum())) else []
    return [*(CAUSE(cause=SHARES[share], n=int(k)) for share, k in first.items()), *others]


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
