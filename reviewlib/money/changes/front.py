"""What the first page has of change requests, and the table that leads their chapter."""

from __future__ import annotations

import pandas as pd

from reviewlib.money.changes import metrics
from reviewlib.money.changes.metrics import UNDECIDED
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import TableForm
from reviewlib.report.phrases import in_short
from reviewlib.report.text import EMPTY, N_, Text, n_
from reviewlib.report.values import AtStake, Brief, Kind, Side, Unit

HEADLINES = {
    metrics.WITHOUT: N_("Changes applied without approval: {k}; before their approval: {before}."),
    metrics.BEFORE: N_("Changes applied before they were approved: {k} of {n}."),
    "": N_("Every change applied had been approved before: {n}."),
}
"""By what was applied too soon: without any approval, before it, or nothing."""
CLAUSES = {
    metrics.WITHOUT: n_(
        "{k} of {n} changes was applied without approval",
        "{k} of {n} changes were applied without approval",
        on="k",
    ),
    metrics.BEFORE: n_(
        "{k} of {n} changes was applied before its approval",
        "{k} of {n} changes were applied before their approval",
        on="k",
    ),
    "": N_("all {n} changes applied had been approved"),
}
APPLIED = {
    metrics.WITHOUT: N_("{named} was applied on {applied_on} without any approval."),
    metrics.BEFORE: N_("{named} was applied on {applied_on}, before its approval."),
}
WAITING = n_(
    "{n} change request awaits a decision: {named}.",
    "{n} change requests await a decision; the oldest is {named}.",
)
WITHOUT_APPROVAL, BEFORE_APPROVAL = (
    N_("applied without approval"),
    N_("before the approval of {id}"),
)
SINCE = N_("since the request")
TO_DECIDE = n_(
    "{n} change request not decided, not applied", "{n} change requests not decided, not applied"
)
FIRST = N_("{n} of {all}: what was applied without approval first, then what awaits a decision.")
LEAD = (
    "change_id", "title", "requested_by", "requested_on", "decided_on", "applied_on", "outcome",
)  # fmt: skip


def lead(form: TableForm, requests: pd.DataFrame) -> tuple[TableForm, pd.DataFrame]:
    """Return the table that leads the chapter: what was applied unapproved, what is undecided."""
    irregular = requests["unapproved"] | requests["early_days"].notna()
    order = irregular.astype("int64") * 2 + (requests["outcome"] == UNDECIDED)
    rows = requests.assign(order=order).sort_values("order", ascending=False, kind="stable")
    caption = N_("Change requests, in short")
    form = form.only(LEAD).but(name="overview", caption=caption, lead=True)
    return form.but(by="order", first=FIRST), rows


def opening(c: Chapter, requests: pd.DataFrame) -> Text:
    """Return the message of the chapter on what was applied, and add its clause; "" of nothing."""
    irregular = metrics.irregularities(requests)
    without, of_applied = irregular[metrics.WITHOUT]
    before, of_approved = irregular[metrics.BEFORE]
    if not of_applied:
        return EMPTY
    name = metrics.WITHOUT if len(without) else metrics.BEFORE if len(before) else ""
    k, n = (len(before), of_approved) if name == metrics.BEFORE else (len(without), of_applied)
    counts = {"k": k, "n": n, "before": len(before)}
    kind = Kind.CONCERN if name else Kind.STRENGTH
    c.clause(kind, CLAUSES[name].filled(counts), 5)
    return HEADLINES[name].filled(counts)


def irregular(c: Chapter, rows: pd.DataFrame, name: str) -> Brief | None:
    """Return what the first page says of changes applied without approval; None of others."""
    if name == metrics.UNPROVEN:
        return None
    priced = rows.assign(size=rows["cost"].map(lambda cost: abs(cost) if cost else 0))
    row = next(priced.sort_values("size", ascending=False, kind="stable").itertuples())
    text = APPLIED[name](named=in_short(row.change_id, row.title, 7))
    stake = AtStake(float(row.cost), Unit.MONEY, WITHOUT_APPROVAL) if row.cost else None
    if name == metrics.BEFORE:  # its amount is decided by now
        stake = AtStake(int(row.early_days), Unit.DAYS, BEFORE_APPROVAL(id=row.change_id))
    return Brief(c.of_row(text, row), stake, row.change_id, Side.BOTH)


def waiting(undecided: pd.DataFrame) -> Brief | None:
    """Return what the first page says of the requests that await a decision, the oldest first."""
    if undecided.empty:
        return None
    n, oldest = len(undecided), undecided.iloc[0]
    text = WAITING(n=n, named=in_short(oldest["change_id"], oldest["title"], 7))
    stake = AtStake(int(oldest["age_days"]), Unit.DAYS, SINCE)
    return Brief(text, stake, "changes.undecided", Side.CLIENT, TO_DECIDE(n=n))
