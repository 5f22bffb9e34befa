"""What the first page has of the payments, and the table that leads their chapter."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.money.payments import metrics
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import in_short
from reviewlib.report.text import EMPTY, N_, n_
from reviewlib.report.values import AtStake, Brief, Side, Unit

ON_TIME = n_("{k} of {n} payments was on time", "{k} of {n} payments were on time", on="k")
HELD = N_("payments on time: {k} of {n}")
LATE = {
    metrics.LATE: N_("{named} was paid after its due date ({due_on})."),
    metrics.OVERDUE: N_("{named} is not paid; it was due on {due_on}."),
}
EARLY = N_("{payable:money} was paid for {named} before {subject} was accepted.")
UNACCEPTED = N_("{payable:money} was paid for {named}; {subject} is not accepted.")
RELEASED = {
    metrics.TOO_EARLY: N_("The retention on {named} was released before its date."),
    metrics.TOO_LATE: N_("The retention on {named} was released after its date."),
    metrics.OVERDUE_RELEASE: N_("The retention on {named} is held past its date."),
}
PAST, PAID_EARLY = N_("after the due date"), N_("before the acceptance")
OFF = {
    metrics.TOO_EARLY: N_("before its date"),
    metrics.TOO_LATE: N_("after its date"),
    metrics.OVERDUE_RELEASE: N_("after its date so far"),
}
TO_PAY = N_("{named}, due {due_on}")
TO_RELEASE = N_("retention on {named}")
TOPIC = "payments.late"
TO_NOTE = {
    "late": N_("paid late"),
    "overdue": N_("past its date"),
    "early": N_("paid before the acceptance"),
    metrics.TOO_EARLY: N_("retention released too early"),
    metrics.TOO_LATE: N_("retention released late"),
    metrics.OVERDUE_RELEASE: N_("retention held past its date"),
}
TO_LOOK_AT = TableForm(
    "overview",
    N_("Payments and retentions to look at"),
    (
        Col("payment_id", N_("Payment")),
        Col("title", N_("What"), quoted=True),
        Col("sum", N_("Amount"), Unit.MONEY),
        Col("due", N_("Date to keep"), Unit.DATE),
        Col("done", N_("Done on"), Unit.DATE),
        Col("off", N_("Days apart"), Unit.COUNT),
        Col("note", N_("What is to be noted"), words=TO_NOTE),
    ),
    N_("Days apart: after the date to keep; a negative number counts the days before it."),
    lead=True,
)
CONCERNS = ("late", "before_acceptance", "retention")
COLUMNS = {
    "late": ("payable", "due_on", "paid_on", "days_late"),
    "before_acceptance": ("payable", "accepted_on", "paid_on", "off"),
    "retention": ("retained", "release_due", "released_on", "release_days"),
}
"""What a concern about a payment is about: the amount, the date to keep, the day, the days off."""


def overview(c: Chapter, rows: pd.DataFrame) -> None:
    """Add the table that the chapter opens with: each concern about a payment; none of none."""
    late = rows[rows["state"].isin([metrics.LATE, metrics.OVERDUE])]
    late = late.assign(note=late["state"].map({metrics.LATE: "late", metrics.OVERDUE: "overdue"}))
    early = rows[rows["early"]].assign(note="early")
    early = early.assign(off=-early["before_acceptance"])
    amiss = rows[rows["release_state"].isin([*RELEASED])]
    parts = (late, early, amiss.assign(note=amiss["release_state"]))
    named = ("sum", "due", "done", "off")
    lines = [
        part[["payment_id", "title", *COLUMNS[name], "note"]].set_axis(
            ["payment_id", "title", *named, "note"], axis="columns"
        )
        for name, part in zip(CONCERNS, parts, strict=True)
        if len(part)
    ]
    if lines:
        c.table(TO_LOOK_AT, pd.concat(lines, ignore_index=True))


def late(c: Chapter, rows: pd.DataFrame) -> dict[str, Brief]:
    """Return what the first page says of the latest payment, by its id: one not made first."""
    pending = rows["state"] == metrics.OVERDUE
    first = rows.assign(pending=pending).sort_values(["pending", "days_late"], ascending=False)
    return {row.payment_id: _late(c, row) for row in first.head(1).itertuples()}


def _late(c: Chapter, row: Any) -> Brief:
    text = LATE[row.state](named=in_short(row.payment_id, row.title))
    owes = TO_PAY(named=in_short(row.payment_id, row.title, 3)) if row.pending else EMPTY
    stake = AtStake(int(row.days_late), Unit.DAYS, PAST)
    return Brief(c.of_row(text, row), stake, TOPIC, Side.CLIENT, c.of_row(owes, row))


def early(c: Chapter, row: Any) -> Brief:
    """Return what the first page says of a payment made before the acceptance.

    At stake are days, not the amount: it is neither undecided nor disputed.
    """
    text = UNACCEPTED if row.unaccepted else EARLY
    words = c.of_row(text(named=in_short(row.payment_id, row.title)), row)
    dated = pd.notna(row.before_acceptance) and not row.unaccepted
    stake = AtStake(int(row.before_acceptance), Unit.DAYS, PAID_EARLY) if dated else None
    return Brief(words, stake, row.payment_id, Side.CLIENT)


def retention(row: Any) -> Brief:
    """Return what the first page says of a retention not released on its day."""
    held = row.release_state == metrics.OVERDUE_RELEASE
    text = RELEASED[row.release_state](named=in_short(row.payment_id, row.title))
    owes = TO_RELEASE(named=in_short(row.payment_id, row.title, 3)) if held else EMPTY
    days, words = row.release_days, OFF[row.release_state]
    stake = AtStake(abs(int(days)), Unit.DAYS, words) if pd.notna(days) else None
    return Brief(text, stake, row.payment_id, Side.CLIENT, owes)
