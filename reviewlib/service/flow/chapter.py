"""Flow: what came in, what went out, what is left and how old it is (F7)."""

from __future__ import annotations

from typing import Unpack

import pandas as pd

from reviewlib.ids import among
from reviewlib.report.chapter import Chapter
from reviewlib.report.fields import FactFields
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Shown, Text, n_, sentences
from reviewlib.report.values import AtStake, Brief, Kind, Section, Side, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.flow import metrics
from reviewlib.service.handovers.metrics import clocks, service_hours
from reviewlib.service.history import tells_replies
from reviewlib.service.log import Log
from reviewlib.service.priorities import by_urgency
from reviewlib.service.words import NO_LOG, NO_RESOLUTION, NO_TEAM, TICKETS

OLDEST = 10  # open tickets listed one by one
KEYS = ("reopened", "first_team", "first_contact")  # shares beside the lead
STATUS, GROUPS = "ticket_events.csv: status", "ticket_events.csv: group, status"
ARRIVALS = n_("{n} arrival", "{n} arrivals")
STILL_OPEN = n_(
    "{n} ticket still open as of {date}, none for over 30 days.",
    "{n} tickets still open as of {date}, none for over 30 days.",
)
OF_WHICH_OLD = n_(
    "{open} tickets still open as of {date}, {n} of them for over 30 days.",
    "{open} tickets still open as of {date}, {n} of them for over 30 days.",
)
UP_TO = n_(
    "The last month is up to {date}: {n} ticket still open.",
    "The last month is up to {date}: {n} tickets still open.",
)
NONE_OPEN = N_("No ticket is still open as of {date}.")
LONG_OPEN = n_(
    "{n} ticket has been open for over 30 days", "{n} tickets have been open for over 30 days"
)
OLD_OPEN = N_(
    "Tickets open for over 30 days: whether each is closed, handed over or still owed is not "
    "settled."
)
INTRO = N_(
    "Each opening and reopening of a ticket is an arrival, each resolution and cancellation a "
    "closure. So the backlog of a month is that of the month before, plus the arrivals, less the "
    "closures."
)
NO_END = N_("no status or date tells when tickets were closed (ticket_events.csv)")
BY_TEAM, BY_CONTACT = N_("Resolved by the first team"), N_("Resolved at the first contact")
ONE_TEAM = N_("Of the tickets resolved, those that one team only held, whatever they waited.")
ONE_CONTACT = N_(
    "Of the tickets resolved, those that one team only held, that never waited and were never "
    "reopened, and whose caller did not write again after the first answer. Tickets with an answer "
    "of which the log does not say who wrote it are left out."
)
AT_MOST = N_(
    "Of the tickets resolved, those that one team only held, that never waited and were never "
    "reopened. At most these: the log does not tell whether their callers wrote again."
)
SERVICE_HOURS = N_(
    "Service hours are those of the clause on resolution that covers the ticket, waits included."
)
AGES = TableForm(
    "ages",
    N_("Age of the open tickets"),
    (
        Col("priority", N_("Priority")),
        Col("count", N_("Open tickets"), Unit.COUNT),
        Col("median", N_("Median age"), Unit.DAYS),
        Col("oldest", N_("Oldest"), Unit.DAYS),
        Col("over", N_("Over 30 days"), Unit.COUNT),
        Col("service", N_("Median age, service hours"), Unit.HOURS),
    ),
    N_("Ages since the opening or the last reopening, in days of 24 hours."),
)
OLDEST_TICKETS = TableForm(
    "oldest",
    N_("The oldest open tickets"),
    (
        Col("ticket_id", N_("Ticket")),
        Col("priority", N_("Priority")),
        Col("opened_at", N_("Opened"), Unit.INSTANT),
        Col("age", N_("Age"), Unit.DAYS),
        Col("service", N_("Age, service hours"), Unit.HOURS),
    ),
    AGES.note,
)
MONTHS = TableForm(
    "months",
    N_("Arrivals, closures and backlog by month"),
    (
        Col("month", N_("Month"), Unit.MONTH),
        Col("arrivals", N_("Arrivals"), Unit.COUNT),
        Col("closures", N_("Closures"), Unit.COUNT),
        Col("backlog", N_("Backlog at the end of the month"), Unit.COUNT),
    ),
    N_(
        "The last month is counted up to the review; until it is over, it has no backlog at its "
        "end."
    ),
)


def flow(review: Review) -> Section:
    """Return the chapter on arrivals, closures, backlog, reopenings and first contact."""
    c = Chapter(review, "flow", N_("Flow"))
    log, extracted = results.current(review), review.recorded("tickets")
    if log is None or extracted is None:
        return c.not_assessed(review.absent("tickets"))
    tickets = log.tickets.assign(priority=log.priorities("final").array)
    counted = tickets[~metrics.untold(log, extracted).to_numpy()]
    if counted.empty:
        return c.not_assessed(NO_END)
    over, again = (turn[among(turn.index, counted["ticket_id"])] for turn in log.turns)
    arrivals = pd.concat([counted["opened_at"], again])
    months = metrics.by_month(arrivals, over, review.as_of, review.contract.time_zone)
    months = months[results.in_period(review, months["month"])]
    ages = _ages(log, counted, results.current_verdicts(review))
    _opening(c, log, len(counted), ages["age"])
    _reopened(c, log)
    _recorded_reopened(c, log)
    _solved(c, log)
    _peak(c, months, len(ages))
    _old(c, ages)
    _figure(c, months, len(ages))
    _caveats(c, log, len(tickets) - len(counted))
    return c.section()


def _ages(log: Log, counted: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the tickets still open with their age in days, and in service hours where known."""
    ages = metrics.open_ages(counted, log.resolutions, log.as_of)
    spans = ages.rename(columns={"since": "from"}).assign(to=log.as_of)
    hours = clocks(verdicts, log.contract)
    return ages.assign(service=service_hours(spans, hours, log.contract))


def _opening(c: Chapter, log: Log, counted: int, ages: pd.Series) -> None:
    """Say how many tickets are still open, and since when; add what was opened and closed.

    ``ages``: of the tickets still open, in days.
    """
    of_period = log.tickets["opened_at"] >= c.review.start
    opened = int(of_period.sum()) if c.review.period else len(log.tickets)
    still_open, old = len(ages), int((ages > metrics.OLD).sum())
    sentence = OF_WHICH_OLD if old else STILL_OPEN if still_open else NONE_OPEN
    about = {"open": still_open, "n": old or still_open, "date": c.review.today}
    c.headline(sentence.filled(about))
    if old:
        c.clause(Kind.CONCERN, LONG_OPEN(n=old), 5)
    c.intro(INTRO)
    source = STATUS if log.has_statuses else "tickets.csv: status, resolved_at, closed_at"
    period = Shown(c.review.as_of, "instant")
    for name, label, n, of in (
        ("backlog", N_("Tickets still open"), still_open, counted),
        ("old", N_("Tickets still open, for more than 30 days"), old, still_open),
        ("opened", N_("Tickets opened"), opened, None),
        ("closed", N_("Tickets closed"), counted - still_open, counted),
    ):
        c.fact(name, label, n, n=of, period=period, source=source)


def _rate(c: Chapter, name: str, label: Text, hits: pd.Series, **about: Unpack[FactFields]) -> None:
    """Add the share of some resolved tickets that something holds of."""
    about.setdefault("because", NO_RESOLUTION)
    about["key"] = name in KEYS
    c.rate(name, label, int(hits.sum()), len(hits), **about)


def _reopened(c: Chapter, log: Log) -> None:
    label = N_("Reopened at least once, of the tickets resolved at least once")
    if not log.has_statuses:
        c.fact("reopened", label, None, Unit.SHARE, because=NO_LOG)
        return
    meaning = N_(
        "Reopened: active again after a resolution or a closure. A ticket counts once, however "
        "often it was reopened."
    )
    _rate(c, "reopened", label, metrics.reopened(log.resolutions), source=STATUS, note=meaning)


def _recorded_reopened(c: Chapter, log: Log) -> None:
    """Add the share that the tool's counter gives; as of the extraction alone it is known."""
    counts = log.tickets.get("recorded_reopens")
    extracted = log.contract.extracted_at or log.as_of
    past = log.as_of < extracted or log.known_events is not log.events
    if counts is None or counts.isna().all() or past:
        return
    label = N_("Reopened, as counted by the tool, of the tickets that it counts for")
    source = N_("tickets.csv: recorded_reopens, a counter of the tool at the extraction")
    blank = int(counts.isna().sum())
    without = n_("{n} ticket has no counter.", "{n} tickets have no counter.")
    note = without(n=blank) if blank else EMPTY
    _rate(c, "reopened.recorded", label, counts.dropna() > 0, source=source, note=note)


def _solved(c: Chapter, log: Log) -> None:
    """Add what the first team solved, and what the first contact did: not the same."""
    events = log.known_events
    if not log.has_statuses or events is None or not log.tells("group"):
        because = NO_TEAM if log.has_statuses else NO_LOG
        for name, label in (("first_team", BY_TEAM), ("first_contact", BY_CONTACT)):
            c.fact(name, label, None, Unit.SHARE, because=because)
        return
    alone = metrics.one_team(events, log.resolutions)
    _rate(c, "first_team", BY_TEAM, alone, source=GROUPS, note=ONE_TEAM)
    written = metrics.wrote_again(events, log.first_replies)
    solved = metrics.first_contact(alone, log.spans, log.resolutions, written)
    source, meaning = GROUPS, AT_MOST
    if tells_replies(events):
        solved = solved[~among(solved.index, metrics.unsigned(events))]
        source, meaning = f"{GROUPS}, public_reply", ONE_CONTACT
    _rate(c, "first_contact", BY_CONTACT, solved, source=source, note=meaning)


def _peak(c: Chapter, months: pd.DataFrame, still_open: int) -> None:
    """Add when the backlog was highest, and what it is now."""
    ends = months[months["backlog"] > 0]
    sentence = N_(
        "No ticket was left open at the end of any month that is over. As of {date}: {open}."
    )
    if len(ends):
        top = ends.loc[ends["backlog"].idxmax()]
        highest = N_(
            "The backlog was highest at the end of {month:month}: {peak}. As of {date}: {open}."
        )
        sentence = highest(month=top["month"], peak=TICKETS(n=int(top["backlog"])))
    c.neutral("backlog", sentence(date=c.review.as_of, open=still_open))


def _old(c: Chapter, ages: pd.DataFrame) -> None:
    """Add the tickets that have been open for long, and the tables of those still open."""
    old = ages.loc[ages["age"] > metrics.OLD, "ticket_id"]
    sentence = N_("Tickets still open: {all}, of which {n} for more than 30 days.")
    settle = N_("Old tickets: settle for each whether it is closed, handed over or still owed.")
    brief = Brief(
        OLD_OPEN,
        AtStake(len(old), Unit.COUNT, N_("tickets open for over 30 days"), of=len(ages)),
        topic="backlog",
        side=Side.BOTH,
    )
    whole = sentence(all=len(ages))
    c.concern("old", whole, about=old, decision=settle, decider=Side.BOTH, brief=brief)
    timed = ages["service"].notna().any()
    by_priority = by_urgency(metrics.ages_by_priority(ages), c.review.contract.urgency)
    for form, frame in ((AGES, by_priority), (OLDEST_TICKETS, ages.head(OLDEST))):
        if timed:
            c.table(form.but(note=sentences(form.note, SERVICE_HOURS)), frame)
        elif len(ages):
            c.table(form.only(col.key for col in form.columns if col.key != "service"), frame)


def _figure(c: Chapter, months: pd.DataFrame, still_open: int) -> None:
    top = months.loc[months["arrivals"].idxmax()]
    description = N_(
        "{arrivals} and {closures} over {months}, up to {date}. The busiest month is "
        "{month:month}: {top}."
    )
    c.figure(
        "flow_over_time",
        MONTHS,
        months,
        description(
            arrivals=ARRIVALS(n=int(months["arrivals"].sum())),
            closures=n_("{n} closure", "{n} closures")(n=int(months["closures"].sum())),
            months=n_("{n} month", "{n} months")(n=len(months)),
            date=c.review.as_of,
            month=top["month"],
            top=ARRIVALS(n=int(top["arrivals"])),
        ),
        measure=UP_TO(date=c.review.today, n=still_open),
    )


def _caveats(c: Chapter, log: Log, unknown: int) -> None:
    no_log = N_(
        "There is no log of status changes: closures are the resolutions that the tool recorded."
    )
    c.caveat("no_log", no_log, when=not log.has_statuses)
    closed_alone = results.closed_alone(c.review)
    c.caveat("closed_alone", closed_alone, when=bool(closed_alone))
    lost = n_(
        "{n} ticket is in no status that the contract defines, or over at a date that nothing "
        "tells: it is in neither the backlog nor the months.",
        "{n} tickets are in no status that the contract defines, or over at a date that "
        "nothing tells: they are in neither the backlog nor the months.",
    )
    c.caveat("unknown", lost, n=unknown)
