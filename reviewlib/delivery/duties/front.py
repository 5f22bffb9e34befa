"""What the first page has of the client's duties, and the table that leads their chapter."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import OVERDUE
from reviewlib.delivery.delays import metrics as delays
from reviewlib.report.chapter import Chapter
from reviewlib.report.day_words import STATES
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import in_short
from reviewlib.report.text import EMPTY, N_, n_
from reviewlib.report.values import AtStake, Brief, Side, Unit

_DAYS = (delays.CLIENT, delays.CONCURRENT, delays.CONTESTED)
PENDING = 2  # duties not done that have a brief
DONE = n_(
    "{k} of the client's {n} duties was done on time",
    "{k} of the client's {n} duties were done on time",
    on="k",
)
HELD = N_("{k} of {n} client duties on time")
UNDONE = N_("{named} is not done; it was due on {due_on}.")
COST = N_("{named} was done {late:days} late; days of delay are attributed to it.")
LATE = N_("{named} was done after its due date.")
PAST, OF_DELAY = N_("after the due date"), N_("of delay attributed to it")
OWED = N_("{named}, due {due_on}")
DUTIES = TableForm(
    "overview",
    N_("Duties of the client, in short"),
    (
        Col("duty_id", N_("Duty")),
        Col("title", N_("What"), quoted=True),
        Col("due_on", N_("Due on"), Unit.DATE),
        Col("done_on", N_("Done on"), Unit.DATE),
        Col("late", N_("Days late"), Unit.COUNT),
        Col("attributed", N_("Delay attributed"), Unit.COUNT),
        Col("state", N_("State"), words=STATES),
    ),
    lead=True,
    by="late",
    first=N_("The {n} furthest past their due date, of {all}."),
)


def briefs(c: Chapter, missed: pd.DataFrame) -> dict[str, Brief]:
    """Return what the first page says of some duties not done on time, by their id.

    Of those not done, the latest first, and of the one that most days of delay are attributed to.
    """
    days = missed[list(_DAYS)].sum(axis="columns")
    costly = missed.assign(days=days)[days > 0].nlargest(1, "days")
    pending = missed[missed["state"] == OVERDUE].head(PENDING)
    rows = pd.concat([pending, costly, missed.head(1)]).drop_duplicates("duty_id")
    return {row.duty_id: _brief(c, row) for row in rows.head(PENDING + 1).itertuples()}


def _brief(c: Chapter, row: Any) -> Brief:
    certain = sum(int(getattr(row, name)) for name in _DAYS[:2])
    contested = int(getattr(row, delays.CONTESTED))
    pending, costly = row.state == OVERDUE, certain + contested > 0
    stake = AtStake(int(row.late), Unit.DAYS, PAST)
    if costly and not pending:
        high = certain + contested if contested else None
        stake = AtStake(certain, Unit.DAYS, OF_DELAY, high=high)
    text = (UNDONE if pending else COST if costly else LATE)(
        named=in_short(row.duty_id, row.title, 7)
    )
    owes = OWED(named=in_short(row.duty_id, row.title, 3)) if pending else EMPTY
    words = c.of_row(text, row)
    return Brief(words, stake, row.duty_id, Side.CLIENT, c.of_row(owes, row), contested > 0)
