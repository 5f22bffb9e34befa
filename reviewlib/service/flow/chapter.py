"""Flow: what came in, what went out, what is left and how old it is (F7)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reviewlib import charts
from reviewlib.ids import among
from reviewlib.report.shares import share_fact
from reviewlib.report.values import (
    Caveat,
    Column,
    Fact,
    Figure,
    Finding,
    Kind,
    Section,
    Table,
    Unit,
    rows,
)
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.flow import metrics
from reviewlib.service.handovers.metrics import clocks, service_hours
from reviewlib.service.history import tells_replies
from reviewlib.service.log import Log

SLUG = "flow"
OLDEST = 10  # open tickets listed one by one
EVIDENCE = 20  # tickets that a finding names


def flow(review: Review) -> Section:
    """Return the chapter on arrivals, closures, backlog, reopenings and first contact."""
    _ = review.wording.gettext
    log, extracted = results.log(review), review.engagement.table("tickets")
    if log is None or extracted is None:
        return review.not_assessed(SLUG, _("Flow"), review.absence("tickets"))
    tickets = log.tickets.assign(priority=log.priorities("final").array)
    counted = tickets[~metrics.untold(log, extracted).to_numpy()]
    if counted.empty:
        because = _("no status or date tells when tickets were closed (ticket_events.csv).")
        return review.not_assessed(SLUG, _("Flow"), because)
    over, again = (turn[among(turn.index, counted["ticket_id"])] for turn in log.turns)
    arrivals = pd.concat([counted["opened_at"], again])
    months = metrics.by_month(arrivals, over, review.as_of, review.contract.time_zone)
    ages = _ages(log, counted, results.verdicts(review))
    return review.section(
        SLUG,
        _("Flow"),
        headline=_headline(review, len(tickets), len(counted), len(ages)),
        intro=_(
            "Each opening and reopening of a ticket is an arrival, each resolution and "
            "cancellation a closure. So the backlog of a month is that of the month before, plus "
            "the arrivals, less the closures."
        ),
        facts=(
            _backlog(review, log, len(counted), len(ages)),
            _reopened(review, log),
            *_recorded_reopened(review, log),
            *_solved(review, log),
        ),
        findings=tuple(_findings(review, months, ages)),
        tables=_tables(review, ages),
        figures=(_figure(review, months),),
        caveats=tuple(_caveats(review, log, len(tickets) - len(counted))),
    )


def _ages(log: Log, counted: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return the tickets still open with their age in days, and in service hours where known."""
    ages = metrics.open_ages(counted, log.resolutions, log.as_of)
    spans = ages.rename(columns={"since": "from"}).assign(to=log.as_of)
    found = clocks(verdicts, log.contract)
    return ages.assign(service=service_hours(spans, found, log.contract))


def _headline(review: Review, opened: int, told: int, left: int) -> str:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    parts = [
        n_("{n} ticket opened", "{n} tickets opened", opened),
        n_("{n} closed", "{n} closed", told - left),
        n_("{n} still open", "{n} still open", left),
    ]
    if unknown := opened - told:
        parts.append(n_("{n} of unknown state or end", "{n} of unknown state or end", unknown))
    return _("{parts} as of {date}.").format(parts=w.listed(parts), date=w.instant(review.as_of))


def _backlog(review: Review, log: Log, told: int, left: int) -> Fact:
    _ = review.wording.gettext
    source = (
        _("ticket_events.csv: status")
        if log.has_statuses
        else _("tickets.csv: status, resolved_at, closed_at")
    )
    return Fact(
        f"{SLUG}.backlog",
        _("Tickets still open"),
        left,
        Unit.COUNT,
        n=told,
        period=review.wording.instant(review.as_of),
        source=source,
    )


def _share(review: Review, name: str, label: str, hits: pd.Series, *words: str) -> Fact:
    """Return a share of tickets; ``words``: its source, then its definition."""
    source, definition = (*words, "")[:2]
    note = definition if len(hits) else review.wording.gettext("no ticket was resolved")
    named = f"{SLUG}.{name}"
    return share_fact(named, label, int(hits.sum()), len(hits), source=source, note=note)


def _reopened(review: Review, log: Log) -> Fact:
    _ = review.wording.gettext
    label = _("Reopened at least once, of the tickets resolved at least once")
    if not log.has_statuses:
        because = _("the folder has no log of status changes (ticket_events.csv)")
        return Fact(f"{SLUG}.reopened", label, None, Unit.SHARE, note=because)
    found = metrics.reopened(log.resolutions)
    meant = _(
        "Reopened: active again after a resolution or a closure. A ticket counts once, however "
        "often it was reopened."
    )
    return _share(review, "reopened", label, found, _("ticket_events.csv: status"), meant)


def _recorded_reopened(review: Review, log: Log) -> tuple[Fact, ...]:
    """Return the share that the tool's counter gives; as of the extraction alone it is known."""
    _, n_ = review.wording.gettext, review.wording.ngettext
    counts = log.tickets.get("recorded_reopens")
    extracted = log.contract.extracted_at or log.as_of
    past = log.as_of < extracted or log.known is not log.events
    if counts is None or counts.isna().all() or past:
        return ()
    label = _("Reopened, as counted by the tool, of the tickets that it counts for")
    source = _("tickets.csv: recorded_reopens, a counter of the tool at the extraction")
    blank = int(counts.isna().sum())
    left = n_("{n} ticket has no counter.", "{n} tickets have no counter.", blank) if blank else ""
    return (_share(review, "reopened.recorded", label, counts.dropna() > 0, source, left),)


def _solved(review: Review, log: Log) -> Iterator[Fact]:
    """Yield what the first team solved, and what the first contact did: not the same."""
    _ = review.wording.gettext
    by_team, by_contact = _("Solved by the first team"), _("Solved at the first contact")
    events, because = log.known, ""
    if not log.has_statuses:
        because = _("the folder has no log of status changes (ticket_events.csv)")
    elif not log.tells("group"):
        because = _("the log has no change of team by then (ticket_events.csv, field group)")
    if because or events is None:
        for name, label in (("first_team", by_team), ("first_contact", by_contact)):
            yield Fact(f"{SLUG}.{name}", label, None, Unit.SHARE, note=because)
        return
    alone = metrics.one_team(events, log.resolutions)
    source = _("ticket_events.csv: group, status")
    meant = _("Of the tickets resolved, those that one team only held, whatever they waited.")
    yield _share(review, "first_team", by_team, alone, source, meant)
    written = metrics.wrote_again(events, log.first_replies)
    found = metrics.first_contact(alone, log.spans, log.resolutions, written)
    if tells_replies(events):
        found = found[~among(found.index, metrics.unsigned(events))]
        source = _("ticket_events.csv: group, status, public_reply")
        meant = _(
            "Of the tickets resolved, those that one team only held, that never waited and were "
            "never reopened, and whose caller did not write again after the first answer. Tickets "
            "with an answer of which the log does not say who wrote it are left out."
        )
    else:
        meant = _(
            "Of the tickets resolved, those that one team only held, that never waited and were "
            "never reopened. At most these: the log does not tell whether their callers wrote "
            "again."
        )
    yield _share(review, "first_contact", by_contact, found, source, meant)


def _findings(review: Review, months: pd.DataFrame, ages: pd.DataFrame) -> Iterator[Finding]:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    ends = months[months["backlog"] > 0]
    said = _("No ticket was left open at the end of any month that is over. As of {date}: {open}.")
    words = {"date": w.instant(review.as_of), "open": w.number(len(ages))}
    if not ends.empty:
        top = ends.loc[ends["backlog"].idxmax()]
        said = _("The backlog was highest at the end of {month}: {peak}. As of {date}: {open}.")
        peak = n_("{n} ticket", "{n} tickets", int(top["backlog"]))
        words |= {"month": w.month(top["month"]), "peak": peak}
    yield Finding(f"{SLUG}.backlog", said.format(**words), Kind.NEUTRAL)
    old = ages[ages["age"] > metrics.OLD]
    if not old.empty:
        sentence = _("Tickets still open: {n}, of which {old} for more than 30 days.")
        decision = _(
            "Old tickets: settle for each whether it is closed, handed over or still owed."
        )
        evidence = tuple(old["ticket_id"].head(EVIDENCE))
        told = sentence.format(n=w.number(len(ages)), old=w.number(len(old)))
        yield Finding(f"{SLUG}.old", told, Kind.CONCERN, evidence, decision)


def _tables(review: Review, ages: pd.DataFrame) -> tuple[Table, ...]:
    _ = review.wording.gettext
    if ages.empty:
        return ()
    by_priority = [
        Column("priority", _("Priority")),
        Column("count", _("Open tickets"), Unit.COUNT),
        Column("median", _("Median age"), Unit.DAYS),
        Column("oldest", _("Oldest"), Unit.DAYS),
        Column("over", _("Over 30 days"), Unit.COUNT),
    ]
    one_by_one = [
        Column("ticket_id", _("Ticket")),
        Column("priority", _("Priority")),
        Column("opened_at", _("Opened"), Unit.INSTANT),
        Column("age", _("Age"), Unit.DAYS),
    ]
    note = _("Ages since the opening or the last reopening, in days of 24 hours.")
    if ages["service"].notna().any():
        by_priority.append(Column("service", _("Median age, service hours"), Unit.HOURS))
        one_by_one.append(Column("service", _("Age, service hours"), Unit.HOURS))
        note += " " + _(
            "Service hours are those of the clause on resolution that covers the ticket, waits "
            "included."
        )
    grouped = rows(metrics.ages_by_priority(ages), by_priority)
    first = rows(ages.head(OLDEST), one_by_one)
    caption, listed = _("Age of the open tickets"), _("The oldest open tickets")
    return (
        Table(f"{SLUG}.ages", caption, tuple(by_priority), grouped, note),
        Table(f"{SLUG}.oldest", listed, tuple(one_by_one), first, note, folded=True),
    )


def _figure(review: Review, months: pd.DataFrame) -> Figure:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    columns = (
        Column("month", _("Month"), Unit.MONTH),
        Column("arrivals", _("Arrivals"), Unit.COUNT),
        Column("closures", _("Closures"), Unit.COUNT),
        Column("backlog", _("Backlog at the end of the month"), Unit.COUNT),
    )
    top = months.loc[months["arrivals"].idxmax()]
    description = _(
        "{arrivals} and {closures} over {months}, up to {date}. The busiest month is {month}: "
        "{top}."
    ).format(
        arrivals=n_("{n} arrival", "{n} arrivals", int(months["arrivals"].sum())),
        closures=n_("{n} closure", "{n} closures", int(months["closures"].sum())),
        months=n_("{n} month", "{n} months", len(months)),
        date=w.instant(review.as_of),
        month=w.month(top["month"]),
        top=n_("{n} arrival", "{n} arrivals", int(top["arrivals"])),
    )
    title, name = _("Arrivals, closures and backlog by month"), f"{SLUG}.months"
    note = _(
        "The last month is counted up to the review; until it is over, it has no backlog at its "
        "end."
    )
    table = Table(f"{name}.table", title, columns, rows(months, columns), note)
    drawn = charts.flow_over_time(months, charts.Labels(name), w)
    return Figure(name, drawn, title, description, table)


def _caveats(review: Review, log: Log, unknown: int) -> Iterator[Caveat]:
    _, n_ = review.wording.gettext, review.wording.ngettext
    if not log.has_statuses:
        sentence = _(
            "There is no log of status changes: closures are the resolutions that the tool "
            "recorded."
        )
        yield Caveat(f"{SLUG}.no_log", sentence)
    if unknown:
        sentence = n_(
            "{n} ticket is in no status that the contract defines, or over at a date that nothing "
            "tells: it is in neither the backlog nor the months.",
            "{n} tickets are in no status that the contract defines, or over at a date that "
            "nothing tells: they are in neither the backlog nor the months.",
            unknown,
        )
        yield Caveat(f"{SLUG}.unknown", sentence)
