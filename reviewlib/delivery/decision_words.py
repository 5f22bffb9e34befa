"""The client's decisions on what was submitted or delivered, held to the contract's delay."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import calendar_days
from reviewlib.calendars.punctuality import LATE, OVERDUE
from reviewlib.delivery.deliverables.metrics import REPLACED, TACIT
from reviewlib.report.chapter import Chapter
from reviewlib.report.text import EMPTY, N_, Message
from reviewlib.report.values import Checks, Fact, Kind, Side

ON_VERSION = N_("version {version} of deliverable {deliverable_id}")
ON_ORDER = N_("work order {order_id}")
DECISION = ["name", "about", "subject", "decide_by", "decided_on", "late_days", "state"]
"""The columns that say of a decision why it was not made on time; state: of NOT_ON_TIME."""
NOT_ON_TIME = {
    LATE: N_(
        "The decision on {subject} was made on {decided_on}, {late_days:days} after its due date "
        "({decide_by})."
    ),
    OVERDUE: N_(
        "The decision on {subject} is not made as of {today}, {late_days:days} after its due date "
        "({decide_by})."
    ),
    TACIT: N_(
        "No decision on {subject} was made by its due date ({decide_by}): it was accepted tacitly "
        "on that day."
    ),
    REPLACED: N_(
        "No decision on {subject} was made by its due date ({decide_by}), before another version "
        "replaced it."
    ),
}


def of_versions(c: Chapter, versions: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """Return the versions decided on time by their name, and the others, with the columns DECISION.

    ``versions``: as ``deliverables.metrics.versions`` returns them.
    """
    ids, names = versions["deliverable_id"], versions["version"]
    judged = versions.assign(name=ids.str.cat(names, sep="."), about=ids)
    rows = judged[judged["in_time"] == 0]
    states = [rows["tacit"], rows["decided_on"].notna(), rows["replaced"]]
    rows = rows.assign(state=np.select(states, [TACIT, LATE, REPLACED], OVERDUE))
    on_time = judged["in_time"] == 1
    return ids[on_time].str.cat(names[on_time], sep=" "), _named(c, rows, ON_VERSION)


def of_orders(c: Chapter, orders: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """Return the work orders accepted on time, and the others, with the columns DECISION.

    ``orders``: as ``work_orders.metrics.work_orders`` returns them.
    """
    accepted, until, ids = orders["accepted_on"], orders["decide_by"], orders["order_id"]
    days = calendar_days(accepted.fillna(c.review.today) - until)
    state = np.where(accepted.notna(), LATE, OVERDUE)
    rows = orders.assign(name=ids, about=ids, decided_on=accepted, late_days=days, state=state)
    late = rows[(accepted > until) | rows["slow"]]
    return ids[accepted <= until], _named(c, late, ON_ORDER)


def _named(c: Chapter, rows: pd.DataFrame, subject: Message) -> pd.DataFrame:
    subjects = [c.of_row(subject, row) for row in rows.itertuples()]
    return rows.assign(subject=pd.Series(subjects, rows.index, dtype="object"))


def add_decisions(
    c: Chapter, fact: Fact, decided: tuple[pd.Series, pd.DataFrame], decide: Message, held: Message
) -> None:
    """Add which decisions were made on time, and each one that was not.

    ``fact``: it counts them; ``decided``: the names of those made on time, and the others, as
    above; ``decide``: what is to be decided where the decision is overdue; ``held``: see ``met``.
    """
    made, late = decided
    c.met("decisions", fact, made, clause=fact.clause, held=held)
    c.each(
        Kind.CONCERN,
        "decision",
        late.sort_values("late_days", ascending=False, kind="stable"),
        lambda row: NOT_ON_TIME[row.state],
        id="name",
        about=lambda row: [row.about],
        decision=lambda row: decide if row.state == OVERDUE else EMPTY,
        decider=Side.CLIENT,
        clause=lambda _row: fact.clause,
        checks=lambda _row: Checks(Side.CLIENT, 0, 1),
    )
    c.stopped(len(late), name="decision.more")
