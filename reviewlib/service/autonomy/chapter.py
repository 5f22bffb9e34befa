"""Ramp-up and autonomy: when service levels first met their thresholds, what needed no client."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.dates import last_month_over
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import quoted, so_far
from reviewlib.report.text import N_, Shown, Text, listed, n_, sentences
from reviewlib.report.values import Kind, Section, Side, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.autonomy import metrics
from reviewlib.service.autonomy.former import amended, by_former_terms
from reviewlib.service.autonomy.metrics import FOUND, NEVER, NOT_YET
from reviewlib.service.control.subjects import Subject, subjects
from reviewlib.service.handovers.metrics import active_spans
from reviewlib.service.log import Log

STATES = {
    FOUND: N_("three months in a row"),
    NEVER: N_("never three months in a row"),
    NOT_YET: N_("fewer than three months"),
}
STATUSES = "ticket_events.csv: status"
JUDGED = "tickets.csv: opened_at, priority; ticket_events.csv: at, field, new"
COUNTED = N_(
    "Of each service level stands the first run of three calendar months in a row that meet its "
    "threshold: a rule, not a level that holds, so the months after it are counted too. Months are "
    "those of its clause, once they are over, by the terms that judge them; one without a verdict "
    "breaks a run."
)
ALONE = N_(
    "A ticket waited for the client’s side, callers included, where the log has it in {statuses}. "
    "Months are those of the resolution, and have a share from {least} tickets on."
)
HEADLINE = n_(
    "{k} of {n} service level met its threshold three months in a row; of the months after, {met} "
    "of {since} did.",
    "{k} of {n} service levels met their threshold three months in a row; of the months after, "
    "{met} of {since} did.",
    on="n",
)
NO_LEVEL = N_("No service level has a month that is over.")
FROM = N_("Resolved without waiting for the client’s side, first three months")
TO = N_("Resolved without waiting for the client’s side, last three months")
REACHED = N_("Service levels that met their threshold three months in a row")
AFTER = N_("Months after these runs that met the threshold")
LONGEST = N_("Months before the last of these runs began")
NO_STATUS = N_("the log has no change of status that the contract defines (ticket_events.csv)")
TOO_FEW = N_("no three months have ten resolved tickets each")
NONE_MET = N_("none of them met it three months in a row")
NONE_AFTER = N_("no month has come after such a run")
NEVER_MET = n_(
    "{n} service level never met its threshold three months in a row: {names}.",
    "{n} service levels never met their threshold three months in a row: {names}.",
)
UNDER = n_(
    "{name}: the first run of three months in a row that meet the threshold begins in "
    "{run_from:month}; of the months after them, {less} of {since} is under it.",
    "{name}: the first run of three months in a row that meet the threshold begins in "
    "{run_from:month}; of the months after them, {less} of {since} are under it.",
    on="less",
)
BY_TERMS = n_(
    "{name}: from {month:month} on, {k} of {n} month is under the threshold with the terms of "
    "{amendments:all}; with the earlier terms {former} of {judged} would be.",
    "{name}: from {month:month} on, {k} of {n} months are under the threshold with the terms of "
    "{amendments:all}; with the earlier terms {former} of {judged} would be.",
)
BY_NEW_TERMS = n_(
    "{name}: from {month:month} on, {k} of {n} month is under the threshold with the terms of "
    "{amendments:all}; the earlier ones judge none of them.",
    "{name}: from {month:month} on, {k} of {n} months are under the threshold with the terms of "
    "{amendments:all}; the earlier ones judge none of them.",
)
AGREE = N_("Agree on what ends the ramp-up, and what follows when a threshold is missed later.")
AGREE_NEXT = N_(
    "For the next contract: agree on what ends a ramp-up, and what follows when a threshold is "
    "missed later."
)

LEVELS = TableForm(
    "levels",
    N_("The first three months in a row at the threshold, and the months after"),
    (
        Col("name", N_("Service level"), quoted=True),
        Col("clause", N_("Clause")),
        Col("run_from", N_("First run from"), Unit.MONTH),
        Col("months", N_("Months before"), Unit.COUNT),
        Col("since", N_("Months after"), Unit.COUNT),
        Col("met", N_("Of these, threshold met"), Unit.COUNT),
        Col("state", N_("State"), words=STATES),
    ),
    lead=True,
    by="less",
    first=N_("The {n} most often under their threshold after it, of {all}."),
)
MONTHS = TableForm(
    "months",
    N_("Tickets resolved without waiting for the client’s side, by month"),
    (
        Col("month", N_("Month"), Unit.MONTH),
        Col("resolved", N_("Resolved"), Unit.COUNT),
        Col("alone", N_("Without waiting"), Unit.COUNT),
        Col("share", N_("Share"), Unit.SHARE),
    ),
)


def autonomy(review: Review) -> Section:
    """Return the chapter on the ramp-up of the service levels and what needed no client.

    Of a periodic review it is of the engagement up to its end.
    """
    whole = review.so_far
    c = Chapter(review, "autonomy", N_("Ramp-up and autonomy"), so_far(whole))
    ticket_log = results.log(whole)
    if ticket_log is None:
        return c.not_assessed(review.absent("tickets"))
    if not review.contract.clause_ids():
        return c.not_assessed(N_("the contract states no service level (terms.clauses)"))
    c.intro(COUNTED)
    every = [one for one in subjects(whole) if one.clause in review.contract.clause_ids()]
    _levels(c, every, ticket_log)
    _alone(c, ticket_log)
    return c.section()


def _levels(c: Chapter, every: list[Subject], ticket_log: Log) -> None:
    """Add of each service level the first run at its threshold, and what came after it."""
    first = f"{c.review.contract.period.first:%Y-%m}"
    lines = [
        {"place": one.place, "name": one.name, "clause": one.clause}
        | metrics.level(one.series.points, first)
        for one in every
    ]
    rows = pd.DataFrame(lines, columns=["place", "name", "clause", *metrics.LEVELS])
    rows = rows.assign(less=rows["since"] - rows["met"])
    n, runs = int((rows["state"] != NOT_YET).sum()), rows[rows["state"] == FOUND]
    k, since, met = len(runs), int(runs["since"].sum()), int(runs["met"].sum())
    c.headline(HEADLINE(k=k, n=n, since=since, met=met) if n else NO_LEVEL)
    c.share("reached", REACHED, k, n, because=NO_LEVEL, source=JUDGED, key=True)
    c.share("after", AFTER, met, since, because=NONE_AFTER, source=JUDGED, key=True)
    longest = int(runs["months"].max()) if k else None
    c.fact("months", LONGEST, longest, n=k, because=NONE_MET, source=JUDGED)
    agree, by_place = AGREE_NEXT if c.review.over else AGREE, {one.place: one for one in every}
    c.each(
        Kind.NEUTRAL, "under", runs[2 * runs["less"] > runs["since"]],
        lambda row: _under(row, by_place[row.place], ticket_log), id="place",
        about=lambda row: [row.clause], decision=agree, clause="clause", decider=Side.BOTH,
    )  # fmt: skip
    never = rows[rows["state"] == NEVER]
    names = c.named(lambda row: row.name, never)
    c.neutral(
        "never", NEVER_MET(n=len(never), names=names), about=never["clause"].unique(),
        decision=agree, decider=Side.BOTH,
    )  # fmt: skip
    c.table(LEVELS, rows)


def _under(row: Any, level: Subject, ticket_log: Log) -> Text:
    """Return which months after a run are under their threshold, by the terms that judge them."""
    by = amended(level.series, row.run_from, row.after)
    if not by.months:
        return UNDER
    former, judged = by_former_terms(ticket_log, (level.clause, str(level.label)), by)
    words = (BY_TERMS if judged else BY_NEW_TERMS)(
        name=level.name,
        month=by.months[0],
        k=len({*by.months} & {*row.under}),
        n=len(by.months),
        amendments=[Shown(name, "ref") for name in by.names],
    )
    if judged:
        words = words(former=former, judged=judged)
    return words if by.months == row.after else sentences(UNDER, words)


def _alone(c: Chapter, ticket_log: Log) -> None:
    """Add how many tickets were resolved without waiting for the client’s side, by month."""
    review = c.review
    if not ticket_log.has_statuses:
        c.fact("first", FROM, None, Unit.SHARE, because=NO_STATUS)
        c.fact("last", TO, None, Unit.SHARE, because=NO_STATUS)
        return
    waiting = [name for name, about in ticket_log.statuses.items() if about.awaits == "client"]
    c.intro(ALONE(statuses=listed([*quoted(waiting)]), least=metrics.MINIMUM))
    spans = active_spans(ticket_log.spans, review.contract, review.as_of)
    waited = pd.Index(spans.loc[spans["place"] == "client", "ticket_id"].astype("object").unique())
    resolved = ticket_log.resolutions["first_resolved"].dropna()
    local = resolved.dt.tz_convert(review.contract.time_zone).dt.strftime("%Y-%m")
    period = review.contract.period
    last = min(f"{period.last:%Y-%m}", last_month_over(review.today))
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
