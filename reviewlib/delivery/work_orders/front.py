"""What the first page has of work orders and of the defects of what was delivered."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import LATE, OVERDUE
from reviewlib.report.chapter import Chapter
from reviewlib.report.phrases import in_short
from reviewlib.report.text import EMPTY, N_, n_
from reviewlib.report.values import AtStake, Brief, Side, Unit

ON_TIME = n_(
    "{k} of {n} work orders was delivered on time",
    "{k} of {n} work orders were delivered on time",
    on="k",
)
HELD = N_("{k} of {n} work orders on time")
ACCEPTED = N_("orders accepted on time: {k} of {n}")
DELIVERED_LATE = N_("{named} was delivered after its due date ({due_on}).")
UNDELIVERED = N_("{named} is not delivered; it was due on {due_on}.")
PAST = N_("after the due date")
OWED = N_("{named}, due {due_on}")
UNCORRECTED = n_(
    "A defect found after the acceptance is not corrected: {named}.",
    "{n} defects found after the acceptance are not corrected; the oldest is {named}.",
)
REPORTED = N_("since the report")
TO_CORRECT = n_("{n} defect not corrected", "{n} defects not corrected")


def briefs(c: Chapter, flagged: pd.DataFrame) -> dict[str, Brief]:
    """Return what the first page says of the latest order, by its id: one not delivered first."""
    late = flagged[flagged["state"].isin([LATE, OVERDUE])]
    late = late.assign(pending=late["state"] == OVERDUE)
    first = late.sort_values(["pending", "days"], ascending=False, kind="stable").head(1)
    return {row.order_id: _brief(c, row) for row in first.itertuples()}


def _brief(c: Chapter, row: Any) -> Brief:
    text = UNDELIVERED if row.pending else DELIVERED_LATE
    owes = OWED(named=in_short(row.order_id, row.title, 3)) if row.pending else EMPTY
    return Brief(
        c.of_row(text(named=in_short(row.order_id, row.title, 7)), row),
        AtStake(int(row.days), Unit.DAYS, PAST),
        row.order_id,
        Side.PROVIDER,
        c.of_row(owes, row),
    )


def defects(uncorrected: pd.DataFrame) -> Brief | None:
    """Return what the first page says of defects not corrected; None of none."""
    if uncorrected.empty:
        return None
    n, oldest = len(uncorrected), uncorrected.sort_values("age", ascending=False).iloc[0]
    text = UNCORRECTED(n=n, named=in_short(oldest["defect_id"], oldest["title"]))
    stake = AtStake(int(oldest["age"]), Unit.DAYS, REPORTED)
    return Brief(text, stake, "work_orders.defects", Side.PROVIDER, TO_CORRECT(n=n))
