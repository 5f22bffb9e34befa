"""What the first page has of the deliverables: a decision awaited, reservations, the latest one."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import LATE, OVERDUE
from reviewlib.report.chapter import Chapter
from reviewlib.report.phrases import in_short
from reviewlib.report.text import EMPTY, N_, Message, n_
from reviewlib.report.values import AtStake, Brief, Side, Unit

BRIEFS = 3
ON_TIME = n_(
    "{k} of {n} deliverables was submitted on time",
    "{k} of {n} deliverables were submitted on time",
    on="k",
)
HELD = N_("deliverables on time: {k} of {n}")
DECIDED = N_("versions decided on time: {k} of {n}")
TACIT = N_("The last version of {named} awaits the client’s decision; silence would accept it.")
AWAITING = N_("The last version of {named} awaits the client’s decision.")
RESERVED = N_("{named} was accepted with reservations; not all of them are lifted.")
PENDING = N_("No version of {named} is accepted; the first was due on {due_on}.")
SUBMITTED = N_("{named} was submitted {after_days:days} after its due date.")
SUBMITTED_LATE = N_("{named} was submitted after its due date.")
TACITLY, DUE_BY = N_("tacit acceptance"), N_("decision due")
WAITED, PAST = N_("since the submission"), N_("after the due date")
OPEN = n_("reservation not lifted", "reservations not lifted")
COUNTED = N_("of them count as late")
DECIDE, SUBMIT = N_("decision on {named}"), N_("{named}, due {due_on}")
LIFT = n_("{n} reservation on {named}", "{n} reservations on {named}")


def briefs(c: Chapter, reported: pd.DataFrame) -> dict[str, Brief]:
    """Return what the first page says of some deliverables, by their id.

    First what awaits a decision, then open reservations, what is past its date, the latest one.
    """
    late = reported.sort_values("days", ascending=False, kind="stable")
    rows = pd.concat(
        [
            reported[reported["waiting_days"] >= 0],
            reported[reported["reservations"] > 0],
            late[late["state"] == OVERDUE],
            late[late["state"] == LATE].head(1),
        ]
    )
    rows = rows.drop_duplicates("deliverable_id").head(BRIEFS)
    return {row.deliverable_id: _brief(c, row) for row in rows.itertuples()}


def decide_by(row: Any, today: pd.Timestamp) -> str:
    """Return until when the client may decide on a version, as an ISO date; "" where not told."""
    waits = row.waiting_days >= 0 and row.decide_by >= today
    return str(row.decide_by.date()) if waits else ""


def _brief(c: Chapter, row: Any) -> Brief:
    text, stake, owes = _open(row, decide_by(row, c.review.today))
    side = Side.CLIENT if row.waiting_days >= 0 else Side.PROVIDER
    named = in_short(row.deliverable_id, row.title, 7)
    owed = owes(named=in_short(row.deliverable_id, row.title, 3)) if owes else EMPTY
    words = c.of_row(text(named=named), row)
    return Brief(words, stake, row.deliverable_id, side, c.of_row(owed, row))


def _open(row: Any, until: str) -> tuple[Message, AtStake, Message | None]:
    """Return what is open of a deliverable: its sentence, what is at stake, what is owed."""
    if row.waiting_days >= 0:
        by = AtStake(until, Unit.DATE, TACITLY if row.silence else DUE_BY)
        waited = AtStake(int(row.waiting_days), Unit.DAYS, WAITED)
        return TACIT if until and row.silence else AWAITING, by if until else waited, DECIDE
    if row.reservations > 0:
        n = int(row.reservations)
        return RESERVED, AtStake(n, Unit.COUNT, OPEN(n=n)), LIFT(n=n)
    if row.state == OVERDUE:
        return PENDING, AtStake(int(row.after_days), Unit.DAYS, PAST), SUBMIT
    all_count = row.days == row.after_days
    late = AtStake(int(row.days), Unit.DAYS, PAST if all_count else COUNTED)
    return SUBMITTED_LATE if all_count else SUBMITTED, late, None
