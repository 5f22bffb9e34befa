"""Ramp-up and autonomy: when service levels became steady, what needed no client (H9)."""

from __future__ import annotations

import pandas as pd

from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_, n_
from reviewlib.report.values import Section, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.autonomy import metrics
from reviewlib.service.autonomy.metrics import NEVER, NOT_YET, STEADY
from reviewlib.service.control.subjects import Subject, subjects
from reviewlib.service.handovers.metrics import active_spans
from reviewlib.service.log import Log

STATES = {
    STEADY: N_("steady"),
    NEVER: N_("never three months in a row"),
    NOT_YET: N_("fewer than three months"),
}
STATUSES = "ticket_events.csv: status"
COUNTED = N_(
    "A service level is steady from the first month from which three in a row meet its threshold; "
    "months are those of its clause, once they are over. It says nothing of later months. A ticket "
    "needed nothing of the client when it never was in a status that waits for the client; months "
    "are those of the resolution, and have a share from {least} tickets on."
)
HEADLINE = n_(
    "{k} of {n} service level reached three months in a row at its threshold.",
    "{k} of {n} service levels reached three months in a row at their threshold.",
    on="n",
)
NO_LEVEL = N_("No service level has a month that is over.")
LAST = n_("The last one did after {n} month.", "The last one did after {n} months.")
FROM, TO = N_("Resolved without waiting for the client, first three months"), N_(
    "Resolved without waiting for the client, last three months"
)  # fmt: skip
REACHED = N_("Service levels that became steady")
LONGEST = N_("Months before the last of them became steady")
NO_STATUS = N_("the log has no change of status that the contract defines (ticket_events.csv)")
TOO_FEW = N_("no three months have ten resolved tickets each")
NEVER_STEADY = n_(
    "{n} service level never met its threshold three months in a row: {names}.",
    "{n} service levels never met their threshold three months in a row: {names}.",
)
REVIEW = N_("For the next contract: agree on a ramp-up, and on what ends it.")

LEVELS = TableForm(
    "levels",
    N_("From which month service levels are steady"),
    (
        Col("name", N_("Service level"), quoted=True),
        Col("clause", N_("Clause")),
        Col("steady_from", N_("Steady from"), Unit.MONTH),
        Col("months", N_("Months before"), Unit.COUNT),
        Col("judged", N_("Months judged"), Unit.COUNT),
        Col("state", N_("State"), words=STATES),
    ),
    lead=True,
    by="months",
    first=N_("The {n} that took longest, of {all}."),
)
MONTHS = TableForm(
    "months",
    N_("Tickets resolved without waiting for the client, by month"),
    (
        Col("month", N_("Month"), Unit.MONTH),
        Col("resolved", N_("Resolved"), Unit.COUNT),
        Col("alone", N_("Without the client"), Unit.COUNT),
        Col("share", N_("Share"), Unit.SHARE),
    ),
)


def autonomy(review: Review) -> Section:
    """Return the chapter on the ramp-up of the service levels and what needed no client."""
    c = Chapter(review, "autonomy", N_("Ramp-up and autonomy"))
    ticket_log = results.log(review)
    if ticket_log is None:
        return c.not_assessed(review.absent("tickets"))
    if not review.contract.clause_ids():
        return c.not_assessed(N_("the contract states no service level (terms.clauses)"))
    c.intro(COUNTED(least=metrics.MINIMUM))
    _levels(c, [one for one in subjects(review) if one.clause in review.contract.clause_ids()])
    _alone(c, ticket_log)
    return c.section()


def _levels(c: Chapter, every: list[Subject]) -> None:
    """Add from which month each service level is steady."""
    first = f"{c.review.contract.period.first:%Y-%m}"
    lines = [
        {"name": one.name, "clause": one.clause} | metrics.level(one.series.points, first)
        for one in every
    ]
    rows = pd.DataFrame(lines, columns=["name", *metrics.LEVELS[:1], *metrics.LEVELS[2:]])
    judged = rows[rows["state"] != NOT_YET]
    steady = rows[rows["state"] == STEADY]
    k, n = len(steady), len(judged)
    c.headline(HEADLINE(k=k, n=n) if n else NO_LEVEL)
    source = "tickets.csv: opened_at, priority; ticket_events.csv: at, field, new"
    c.share("steady", REACHED, k, n, because=NO_LEVEL, source=source, key=True)
    last = steady["months"].max() if k else None
    c.headline(*([LAST(n=int(last))] if last else []))
    because = N_("none of them became steady")
    c.fact("months", LONGEST, None if last is None else int(last), n=k, because=because,
           source=source, key=True)  # fmt: skip
    never = rows[rows["state"] == NEVER]
    names = c.named(lambda row: row.name, never)
    c.neutral(
        "never", NEVER_STEADY(n=len(never), names=names),
        about=[str(one) for one in never["clause"].unique()], decision=REVIEW,
    )  # fmt: skip
    c.table(LEVELS, rows)


def _alone(c: Chapter, ticket_log: Log) -> None:
    """Add how many tickets were resolved without waiting for the client, by month."""
    review = c.review
    if not ticket_log.has_statuses:
        c.fact("first", FROM, None, Unit.SHARE, because=NO_STATUS)
        c.fact("last", TO, None, Unit.SHARE, because=NO_STATUS)
        return
    spans = active_spans(ticket_log.spans, review.contract, review.as_of)
    waited = pd.Index(spans.loc[spans["place"] == "client", "ticket_id"].astype("object").unique())
    resolved = ticket_log.resolutions["first_resolved"].dropna()
    local = resolved.dt.tz_convert(review.contract.time_zone).dt.strftime("%Y-%m")
    period = review.contract.period
    last = min(f"{period.last:%Y-%m}", f"{review.today - pd.DateOffset(months=1):%Y-%m}")
    rows = metrics.alone_by_month(local, waited, f"{period.first:%Y-%m}", last)
    shown = rows[rows["share"].notna()]
    enough = len(shown) >= 2 * metrics.IN_A_ROW
    for name, label, own in (
        ("first", FROM, shown.head(metrics.IN_A_ROW)),
        ("last", TO, shown.tail(metrics.IN_A_ROW)),
    ):
        k, n = (int(own["alone"].sum()), int(own["resolved"].sum())) if enough else (0, 0)
        c.rate(name, label, k, n, because=TOO_FEW, source=STATUSES, key=name == "last")
    c.table(MONTHS, rows)
