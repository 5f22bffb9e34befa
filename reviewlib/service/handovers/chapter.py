"""Hand-overs: which teams held the tickets, how often they came back, whom they waited for (F8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from reviewlib.charts import forms as charts
from reviewlib.ids import among
from reviewlib.pages.wording import N_
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
from reviewlib.service.handovers import metrics
from reviewlib.service.log import Log

SLUG = "handovers"
MOST = 4  # hand-overs from which tickets are counted together
TOP = 10  # pairs of teams listed
EVIDENCE = 20  # tickets that a finding names
PLACES = {
    metrics.IN_HAND: N_("In hand (new or open)"),
    "client": N_("Waiting for the client"),
    "third_party": N_("Waiting for a third party"),
    "provider": N_("Waiting for the provider"),
    metrics.UNSAID: N_("Waiting, the contract does not say for whom"),
    metrics.UNDEFINED: N_("In a status that the contract does not define"),
}
WAITS = {
    "client": N_("{share} for the client"),
    "third_party": N_("{share} for a third party"),
    "provider": N_("{share} for the provider"),
    metrics.UNSAID: N_("{share} for somebody whom the contract does not name"),
}


@dataclass(frozen=True)
class _Told:
    """What the log tells: the teams of the tickets in it, and the spans of their active time.

    ``left_out`` counts the tickets that are not in it, ``unread`` those in it of which no status is
    defined. ``held`` and ``teams`` are None where it tells of no team, ``spans`` where of no
    status. ``alone``: the teams of one.
    """

    left_out: int
    unread: int
    alone: pd.Index
    held: pd.DataFrame | None
    teams: pd.DataFrame | None
    spans: pd.DataFrame | None


def handovers(review: Review) -> Section:
    """Return the chapter on hand-overs between teams and on the time spent waiting."""
    _, title = review.wording.gettext, review.wording.gettext("Hand-overs and waits")
    log = results.log(review)
    if log is None:
        return review.not_assessed(SLUG, title, review.absence("tickets"))
    if log.known is None or log.known.empty:
        return review.not_assessed(SLUG, title, review.absence("ticket_events"))
    told = _told(log, log.known, results.verdicts(review))
    if told.teams is None and told.spans is None:
        because = _("no change of team, nor of a defined status, is in ticket_events.csv by then.")
        return review.not_assessed(SLUG, title, because)
    return review.section(
        SLUG,
        title,
        headline=_headline(review, told),
        intro=_(
            "A hand-over is a change from one team to another; time without a team is none. "
            "Ping-pong is a hand-over to a team that held the ticket before: from A to B, back to "
            "A. Time counts from the opening until a ticket is resolved, closed or cancelled, and "
            "again after a reopening; what is still going on counts up to the review."
        ),
        facts=(*_team_facts(review, told), *_time_facts(review, told)),
        findings=(*_team_findings(review, told), *_time_findings(review, told)),
        tables=(*_team_tables(review, told), *_time_tables(review, told)),
        figures=tuple(_figures(review, told)),
        caveats=tuple(_caveats(review, told)),
    )


def _told(log: Log, events: pd.DataFrame, verdicts: pd.DataFrame) -> _Told:
    every = pd.Index(log.tickets["ticket_id"])
    ids = every[among(every, events["ticket_id"])]
    held, teams, spans, unread = None, None, None, 0
    if log.tells("group"):
        held = metrics.holders(events[among(events["ticket_id"], ids)])
        teams = metrics.by_ticket(held, ids)
    if log.has_statuses:
        known = log.spans[among(log.spans["ticket_id"], ids)]
        unread = int((~known["state"].notna().groupby(known["ticket_id"]).any()).sum())
        spans = metrics.active_spans(known, log.contract, log.as_of)
        clocks = metrics.clocks(verdicts, log.contract)
        spans["service"] = metrics.service_hours(spans, clocks, log.contract)
    return _Told(len(every) - len(ids), unread, metrics.of_one(events), held, teams, spans)


def _headline(review: Review, told: _Told) -> str:
    _, w, said = review.wording.gettext, review.wording, []
    if told.teams is not None and not told.teams.empty:
        teams = _("{share} of the tickets were held by several teams (n = {n}).")
        share = (told.teams["teams"] > 1).mean()
        said.append(teams.format(share=w.percent(share), n=w.number(len(told.teams))))
    if told.spans is not None and told.spans["hours"].sum() > 0:
        time = _("{share} of the time that tickets were open was waiting (n = {n}).")
        if _undefined(told):
            time = _("At least {share} of the time that tickets were open was waiting (n = {n}).")
        n = told.spans["ticket_id"].nunique()
        said.append(time.format(share=w.percent(_waiting(told.spans)), n=w.number(n)))
    return " ".join(said)


def _undefined(told: _Told) -> int:
    """Return how many tickets were in a status that the contract does not define, or never else."""
    if told.spans is None:
        return 0
    lost = told.spans.loc[told.spans["place"] == metrics.UNDEFINED, "ticket_id"].nunique()
    return int(lost) + told.unread


def _waiting(spans: pd.DataFrame, part: str = "hours") -> float:
    """Return the share of the time of tickets that was waiting; NaN where there is none."""
    whole = spans[part].sum()
    waits = spans.loc[spans["place"].isin(metrics.WAITS), part].sum()
    return float(waits / whole) if whole > 0 else float("nan")


# --------------------------------------------------------------------------------------- teams


def _team_facts(review: Review, told: _Told) -> Iterator[Fact]:
    _ = review.wording.gettext
    several, back = _("Held by several teams"), _("Came back to a team (ping-pong)")
    each, teams = _("Hand-overs per ticket, mean"), told.teams
    if teams is None:
        because = _("the log has no change of team by then (ticket_events.csv, field group)")
        for name, label in (("several", several), ("ping_pong", back)):
            yield Fact(f"{SLUG}.{name}", label, None, Unit.SHARE, note=because)
        yield Fact(f"{SLUG}.per_ticket", each, None, Unit.SCORE, note=because)
        return
    source, none = _("ticket_events.csv: group"), _("the log tells of no ticket")
    n, passed, returned = len(teams), int((teams["teams"] > 1).sum()), int(_back(teams).size)
    meant = _(
        "Of the tickets in the log. Where it has no change of team, one team is taken to have held "
        "the ticket."
    )
    said = {"source": source, "note": meant if n else none}
    yield share_fact(f"{SLUG}.several", several, passed, n, **said)
    meant = _(
        "Of the tickets in the log, those handed back at least once to a team that had them before."
    )
    said = {"source": source, "note": meant if n else none}
    yield share_fact(f"{SLUG}.ping_pong", back, returned, n, **said)
    mean = float(teams["handovers"].mean()) if n else None
    note = "" if n else none
    yield Fact(f"{SLUG}.per_ticket", each, mean, Unit.SCORE, n=n, source=source, note=note)


def _back(teams: pd.DataFrame) -> pd.Index:
    """Return the tickets that came back to a team, the most often first."""
    found = teams.loc[teams["returns"] > 0, "returns"]
    return found.sort_values(ascending=False, kind="stable").index


def _team_findings(review: Review, told: _Told) -> Iterator[Finding]:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    if told.teams is None or told.teams.empty:
        return
    teams, back = told.teams, _back(told.teams)
    sentence = _(
        "Held by several teams: {several} of {all}. Came back to a team that had held them "
        "before: {back}."
    ).format(
        several=w.number(int((teams["teams"] > 1).sum())),
        all=n_("{n} ticket", "{n} tickets", len(teams)),
        back=w.number(len(back)),
    )
    decision = _("Tickets that came back: agree which team takes such tickets from the start.")
    yield Finding(
        f"{SLUG}.teams",
        sentence,
        Kind.NEUTRAL,
        tuple(back[:EVIDENCE]),
        decision if len(back) else "",
    )


def _team_tables(review: Review, told: _Told) -> Iterator[Table]:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    if told.teams is None or told.held is None or told.teams["handovers"].sum() == 0:
        return
    counts = metrics.by_count(told.teams["handovers"], MOST)
    named = [w.number(number) for number in counts["handovers"]]
    named[-1] = _("{n} or more").format(n=named[-1])
    columns = (
        Column("handovers", _("Hand-overs")),
        Column("tickets", _("Tickets"), Unit.COUNT),
        Column("share", _("Share"), Unit.SHARE),
    )
    counted = rows(counts.assign(handovers=named), columns)
    yield Table(f"{SLUG}.counts", _("Tickets by number of hand-overs"), columns, counted)
    sides, nameless = told.held[["giver", "team"]], _("a team of one")
    hidden = sides.apply(among, known=told.alone)
    pairs = metrics.pairs(told.held.assign(**sides.mask(hidden, nameless)))
    moves = (
        Column("from", _("From team"), quoted=True),
        Column("to", _("To team"), quoted=True),
        Column("handovers", _("Hand-overs"), Unit.COUNT),
        Column("tickets", _("Tickets"), Unit.COUNT),
        Column("share", _("Share of the hand-overs"), Unit.SHARE),
    )
    every = n_("{n} pair of teams", "{n} pairs of teams", len(pairs))
    note = _("The {top} most frequent of {pairs}.").format(top=w.number(TOP), pairs=every)
    notes = [note] if len(pairs) > TOP else []
    if hidden.any(axis=None):
        notes.append(_("A team in which the log shows one assignee alone is not named."))
    caption, top = _("From which team to which"), rows(pairs.head(TOP), moves)
    yield Table(f"{SLUG}.pairs", caption, moves, top, " ".join(notes))


# ---------------------------------------------------------------------------------------- time


def _time_facts(review: Review, told: _Told) -> Iterator[Fact]:
    _ = review.wording.gettext
    at_all, share = _("Waited at least once"), _("Share of the open time spent waiting")
    served = _("The same, in service hours")
    if told.spans is None:
        because = _("the log has no change of status that the contract defines (ticket_events.csv)")
        for name, label in (("waited", at_all), ("waiting", share), ("waiting.service", served)):
            yield Fact(f"{SLUG}.{name}", label, None, Unit.SHARE, note=because)
        return
    source, waits = _("ticket_events.csv: status"), metrics.waited(told.spans)
    n = told.spans["ticket_id"].nunique()
    least = ""
    if _undefined(told):
        least = " " + _("At least this: what a status that is not defined awaits is not known.")
    meant = _("Of the tickets that the log shows open.") + least
    note = meant if n else _("no ticket was open")
    yield share_fact(f"{SLUG}.waited", at_all, len(waits), n, source=source, note=note)
    note = _("Around the clock: nights, weekends and holidays included.") + least
    yield _share(review, ("waiting", share), told.spans, "hours", note)
    timed = told.spans[told.spans["service"].notna()]
    note = _("Service hours of the calendar of the clause on resolution that covers each ticket.")
    yield _share(review, ("waiting.service", served), timed, "service", note + least)


def _share(
    review: Review, named: tuple[str, str], spans: pd.DataFrame, part: str, note: str
) -> Fact:
    """Return the share of the time of tickets that was waiting, or why there is none."""
    _, (name, label) = review.wording.gettext, named
    value, n = _waiting(spans, part), spans["ticket_id"].nunique()
    if value == value:
        source = _("ticket_events.csv: status")
        return Fact(f"{SLUG}.{name}", label, value, Unit.SHARE, n=n, source=source, note=note)
    because = _("no ticket was open for any time")
    if part == "service" and not n:
        because = _("no clause on resolution gives any of these tickets a calendar and a target")
    return Fact(f"{SLUG}.{name}", label, None, Unit.SHARE, n=n, note=because)


def _time_findings(review: Review, told: _Told) -> Iterator[Finding]:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    if told.spans is None or not told.spans["hours"].sum() > 0:
        return
    hours = told.spans.groupby("place")["hours"].sum()
    parts = [
        _(words).format(share=w.percent(hours[place] / hours.sum()))
        for place, words in WAITS.items()
        if place in hours.index
    ]
    said = _("No ticket waited: the log shows none in a status of waiting.")
    if parts:
        said = _("Of the time that tickets were open, {share} was waiting: {parts}.").format(
            share=w.percent(_waiting(told.spans)), parts=w.listed(parts)
        )
    if (lost := _undefined(told)) and not parts:
        said = _("The log shows no ticket in a status of waiting.")
    if lost:
        said += " " + n_(
            "Whether {n} ticket waited in a status that the contract does not define is not known.",
            "Whether {n} tickets waited in a status that the contract does not define is not "
            "known.",
            lost,
        )
    yield Finding(f"{SLUG}.waiting", said, Kind.NEUTRAL)


def _time_table(review: Review, name: str, spans: pd.DataFrame, by: Column | None) -> Table:
    """Return where the time went, by who was awaited, and by one more column of the spans."""
    _ = review.wording.gettext
    columns = [
        Column("place", _("Where the ticket stood")),
        Column("tickets", _("Tickets"), Unit.COUNT),
        Column("hours", _("Hours"), Unit.HOURS),
        Column("share", _("Share"), Unit.SHARE),
        Column("median", _("Median by ticket"), Unit.HOURS),
    ]
    if spans["service"].notna().any():
        columns += [
            Column("service_tickets", _("Tickets with service hours"), Unit.COUNT),
            Column("service", _("Service hours"), Unit.HOURS),
            Column("service_share", _("Share of service hours"), Unit.SHARE),
            Column("service_median", _("Median by ticket, service hours"), Unit.HOURS),
        ]
    columns[:0] = [by] if by else []
    found = metrics.summed(spans, [by.key, "place"] if by else ["place"])
    words = {place: _(text) for place, text in PLACES.items()}
    caption = _("Time by status") if by else _("Time by who was awaited")
    note = _("Hours of all tickets; the median is of the tickets that were there.")
    cells = rows(found.assign(place=found["place"].map(words)), columns)
    return Table(f"{SLUG}.{name}", caption, tuple(columns), cells, note, folded=True)


def _time_tables(review: Review, told: _Told) -> Iterator[Table]:
    if told.spans is not None and not told.spans.empty:
        status = Column("status", review.wording.gettext("Status"), quoted=True)
        yield _time_table(review, "statuses", told.spans, status)


def _figures(review: Review, told: _Told) -> Iterator[Figure]:
    _, w = review.wording.gettext, review.wording
    if told.spans is None or not told.spans["hours"].sum() > 0:
        return
    name, title = f"{SLUG}.time", _("Where the time of tickets went")
    table = _time_table(review, "time.table", told.spans, None)
    drawn = pd.DataFrame([row[:4] for row in table.rows], columns=["label", "n", "hours", "share"])
    parts = [f"{row.label} {w.percent(row.share)}" for row in drawn.itertuples()]
    description = _("Shares of the {hours} that tickets were open: {parts}.").format(
        hours=w.duration(drawn["hours"].sum() * 3600), parts=", ".join(parts)
    )
    svg = charts.hours_by_group(drawn, charts.Labels(name, _("Hours, around the clock")), w)
    yield Figure(name, svg, title, description, table)


def _caveats(review: Review, told: _Told) -> Iterator[Caveat]:
    n_ = review.wording.ngettext
    if told.left_out:
        sentence = n_(
            "The log tells nothing of {n} ticket by then: it is not counted here.",
            "The log tells nothing of {n} tickets by then: they are not counted here.",
            told.left_out,
        )
        yield Caveat(f"{SLUG}.left_out", sentence)
    if lost := _undefined(told) - told.unread:
        sentence = n_(
            "{n} ticket was in a status that the contract does not define: whom it awaited then "
            "is not known.",
            "{n} tickets were in a status that the contract does not define: whom they awaited "
            "then is not known.",
            lost,
        )
        yield Caveat(f"{SLUG}.undefined", sentence)
    if told.unread:
        sentence = n_(
            "No status of {n} ticket is defined by the contract: its time is not counted here.",
            "No status of {n} tickets is defined by the contract: their time is not counted here.",
            told.unread,
        )
        yield Caveat(f"{SLUG}.unread", sentence)
