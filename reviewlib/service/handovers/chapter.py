"""Hand-overs: which teams held the tickets, how often they came back, whom they waited for (F8)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reviewlib.ids import among
from reviewlib.report.chapter import Chapter, Col, TableForm
from reviewlib.report.text import (
    EMPTY,
    N_,
    How,
    Message,
    Shown,
    Text,
    commas,
    join,
    listed,
    n_,
    sentences,
)
from reviewlib.report.values import Section, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.handovers import metrics
from reviewlib.service.log import Log

MOST = 4  # hand-overs from which tickets are counted together
TOP = 10  # pairs of teams listed
GROUPS, STATUS = "ticket_events.csv: group", "ticket_events.csv: status"
PLACES = {
    metrics.IN_HAND: N_("In hand (new or open)"),
    "client": N_("Waiting for the client"),
    "third_party": N_("Waiting for a third party"),
    "provider": N_("Waiting for the provider"),
    metrics.UNSAID: N_("Waiting, the contract does not say for whom"),
    metrics.UNDEFINED: N_("In a status that the contract does not define"),
}
WAITS = {
    "client": N_("{share:percent} for the client"),
    "third_party": N_("{share:percent} for a third party"),
    "provider": N_("{share:percent} for the provider"),
    metrics.UNSAID: N_("{share:percent} for somebody whom the contract does not name"),
}
TICKETS = n_("{n} ticket", "{n} tickets")
COUNTS = TableForm(
    "counts",
    N_("Tickets by number of hand-overs"),
    (
        Col("handovers", N_("Hand-overs")),
        Col("tickets", N_("Tickets"), Unit.COUNT),
        Col("share", N_("Share"), Unit.SHARE),
    ),
    folded=False,
)
PAIRS = TableForm(
    "pairs",
    N_("From which team to which"),
    (
        Col("from", N_("From team"), quoted=True),
        Col("to", N_("To team"), quoted=True),
        Col("handovers", N_("Hand-overs"), Unit.COUNT),
        Col("tickets", N_("Tickets"), Unit.COUNT),
        Col("share", N_("Share of the hand-overs"), Unit.SHARE),
    ),
    folded=False,
)
TIME = TableForm(
    "statuses",
    N_("Time by status"),
    (
        Col("status", N_("Status"), quoted=True),
        Col("place", N_("Where the ticket stood"), words=PLACES),
        Col("tickets", N_("Tickets"), Unit.COUNT),
        Col("hours", N_("Hours"), Unit.HOURS),
        Col("share", N_("Share"), Unit.SHARE),
        Col("median", N_("Median by ticket"), Unit.HOURS),
        Col("service_tickets", N_("Tickets with service hours"), Unit.COUNT),
        Col("service", N_("Service hours"), Unit.HOURS),
        Col("service_share", N_("Share of service hours"), Unit.SHARE),
        Col("service_median", N_("Median by ticket, service hours"), Unit.HOURS),
    ),
    N_("Hours of all tickets; the median is of the tickets that were there."),
    folded=True,
)


@dataclass(frozen=True)
class _Logged:
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

    @property
    def undefined(self) -> int:
        """How many tickets were in a status that the contract does not define, or never else."""
        if self.spans is None:
            return 0
        lost = self.spans.loc[self.spans["place"] == metrics.UNDEFINED, "ticket_id"].nunique()
        return int(lost) + self.unread


def handovers(review: Review) -> Section:
    """Return the chapter on hand-overs between teams and on the time spent waiting."""
    c = Chapter(review, "handovers", N_("Hand-overs and waits"))
    log = results.log(review)
    if log is None:
        return c.not_assessed(review.absent("tickets"))
    if log.known is None or log.known.empty:
        return c.not_assessed(review.absent("ticket_events"))
    logged = _logged(log, log.known, results.verdicts(review))
    if logged.teams is None and logged.spans is None:
        return c.not_assessed(
            N_("no change of team, nor of a defined status, is in ticket_events.csv by then")
        )
    _opening(c, logged)
    _teams(c, logged.teams)
    _team_tables(c, logged)
    _waits(c, logged)
    if logged.spans is not None and logged.spans["hours"].sum() > 0:
        _time(c, logged, logged.spans)
    if logged.spans is not None and not logged.spans.empty:
        _table(c, logged.spans)
    _caveats(c, logged)
    return c.section()


def _logged(log: Log, events: pd.DataFrame, verdicts: pd.DataFrame) -> _Logged:
    every = pd.Index(log.tickets["ticket_id"])
    ids = every[among(every, events["ticket_id"])]
    held, teams, spans, unread = None, None, None, 0
    if log.tells("group"):
        held = metrics.holders(events[among(events["ticket_id"], ids)])
        teams = metrics.by_ticket(held, ids)
    if log.has_statuses:
        logged = log.spans[among(log.spans["ticket_id"], ids)]
        unread = int((~logged["state"].notna().groupby(logged["ticket_id"]).any()).sum())
        spans = metrics.active_spans(logged, log.contract, log.as_of)
        clocks = metrics.clocks(verdicts, log.contract)
        spans["service"] = metrics.service_hours(spans, clocks, log.contract)
    return _Logged(len(every) - len(ids), unread, metrics.of_one(events), held, teams, spans)


def _opening(c: Chapter, logged: _Logged) -> None:
    if logged.teams is not None and not logged.teams.empty:
        several = N_("{share:percent} of the tickets were held by several teams (n = {n}).")
        c.headline(several(share=(logged.teams["teams"] > 1).mean(), n=len(logged.teams)))
    if logged.spans is not None and logged.spans["hours"].sum() > 0:
        time = (
            N_("At least {share:percent} of the time that tickets were open was waiting (n = {n}).")
            if logged.undefined
            else N_("{share:percent} of the time that tickets were open was waiting (n = {n}).")
        )
        c.headline(time(share=_waiting(logged.spans), n=logged.spans["ticket_id"].nunique()))
    c.intro(
        N_(
            "A hand-over is a change from one team to another; time without a team is none. "
            "Ping-pong is a hand-over to a team that held the ticket before: from A to B, back to "
            "A. Time counts from the opening until a ticket is resolved, closed or cancelled, and "
            "again after a reopening; what is still going on counts up to the review."
        )
    )


def _waiting(spans: pd.DataFrame, part: str = "hours") -> float:
    """Return the share of the time of tickets that was waiting; NaN where there is none."""
    whole = spans[part].sum()
    waits = spans.loc[spans["place"].isin(metrics.WAITS), part].sum()
    return float(waits / whole) if whole > 0 else float("nan")


# Teams


def _teams(c: Chapter, teams: pd.DataFrame | None) -> None:
    """Add how many tickets several teams held, and which came back to a team."""
    several, back = N_("Held by several teams"), N_("Came back to a team (ping-pong)")
    mean = N_("Hand-overs per ticket, mean")
    if teams is None:
        because = N_("the log has no change of team by then (ticket_events.csv, field group)")
        c.fact("several", several, None, Unit.SHARE, because=because)
        c.fact("ping_pong", back, None, Unit.SHARE, because=because)
        c.fact("per_ticket", mean, None, Unit.SCORE, because=because)
        return
    n, none = len(teams), N_("the log tells of no ticket")
    returns = teams.loc[teams["returns"] > 0, "returns"]
    returned = returns.sort_values(ascending=False, kind="stable").index
    passed = int((teams["teams"] > 1).sum())
    one = N_(
        "Of the tickets in the log. Where it has no change of team, one team is taken to have held "
        "the ticket."
    )
    before = N_(
        "Of the tickets in the log, those handed back at least once to a team that had them before."
    )
    c.rate("several", several, passed, n, source=GROUPS, note=one if n else none)
    c.rate("ping_pong", back, len(returned), n, source=GROUPS, note=before if n else none)
    per_ticket = float(teams["handovers"].mean()) if n else None
    c.fact("per_ticket", mean, per_ticket, Unit.SCORE, n=n, source=GROUPS, because=none)
    if n:
        sentence = N_(
            "Held by several teams: {several} of {all}. Came back to a team that had held them "
            "before: {back}."
        )
        decision = N_("Tickets that came back: agree which team takes such tickets from the start.")
        c.neutral(
            "teams",
            sentence(several=passed, all=TICKETS(n=n), back=len(returned)),
            about=returned if len(returned) else None,
            decision=decision if len(returned) else EMPTY,
        )


def _team_tables(c: Chapter, logged: _Logged) -> None:
    if logged.teams is None or logged.held is None or logged.teams["handovers"].sum() == 0:
        return
    counts = metrics.by_count(logged.teams["handovers"], MOST)
    numbers: list[Text] = [Shown(int(number)) for number in counts["handovers"]]
    numbers[-1] = N_("{n} or more")(n=int(counts["handovers"].iloc[-1]))
    c.table(COUNTS, counts.assign(handovers=pd.Series(numbers, counts.index, dtype="object")))
    sides, nameless = logged.held[["giver", "team"]], N_("a team of one")
    hidden = sides.apply(among, known=logged.alone)
    named = sides.astype("object").mask(hidden, lambda _: nameless)
    pairs = metrics.pairs(logged.held.assign(**named))
    every = n_("{n} pair of teams", "{n} pairs of teams")(n=len(pairs))
    top = N_("The {top} most frequent of {pairs}.")(top=TOP, pairs=every)
    note = sentences(
        top if len(pairs) > TOP else EMPTY,
        N_("A team in which the log shows one assignee alone is not named.")
        if hidden.any(axis=None)
        else EMPTY,
    )
    c.table(PAIRS.but(note=note), pairs.head(TOP))


# Time


def _waits(c: Chapter, logged: _Logged) -> None:
    """Add which share of tickets, and of their time, was waiting."""
    waited, share = N_("Waited at least once"), N_("Share of the open time spent waiting")
    service, spans = N_("The same, in service hours"), logged.spans
    if spans is None:
        because = N_(
            "the log has no change of status that the contract defines (ticket_events.csv)"
        )
        for name, label in (
            ("waited", waited),
            ("waiting", share),
            ("waiting.service", service),
        ):
            c.fact(name, label, None, Unit.SHARE, because=because)
        return
    least = (
        N_("At least this: what a status that is not defined awaits is not known.")
        if logged.undefined
        else EMPTY
    )
    n, of_log = spans["ticket_id"].nunique(), N_("Of the tickets that the log shows open.")
    note = sentences(of_log, least) if n else N_("no ticket was open")
    c.rate("waited", waited, len(metrics.waited(spans)), n, source=STATUS, note=note)
    none = N_("no ticket was open for any time")
    around = N_("Around the clock: nights, weekends and holidays included.")
    _share(c, ("waiting", share, "hours"), spans, sentences(around, least), none)
    timed = spans[spans["service"].notna()]
    clause = N_(
        "Service hours of the calendar of the clause on resolution that covers each ticket."
    )
    if timed.empty:
        none = N_("no clause on resolution gives any of these tickets a calendar and a target")
    _share(c, ("waiting.service", service, "service"), timed, sentences(clause, least), none)


def _share(
    c: Chapter, named: tuple[str, Message, str], spans: pd.DataFrame, note: Text, none: Message
) -> None:
    """Add the share of the time of tickets that was waiting, or why there is none."""
    name, label, part = named
    value, n = _waiting(spans, part), spans["ticket_id"].nunique()
    if value == value:
        c.fact(name, label, value, Unit.SHARE, n=n, source=STATUS, note=note)
    else:
        c.fact(name, label, None, Unit.SHARE, n=n, because=none)


def _time(c: Chapter, logged: _Logged, spans: pd.DataFrame) -> None:
    """Add where the time of tickets went, and whether what is not defined could change it."""
    hours = spans.groupby("place")["hours"].sum()
    parts = [
        words(share=hours[place] / hours.sum())
        for place, words in WAITS.items()
        if place in hours.index
    ]
    waiting = N_("Of the time that tickets were open, {share:percent} was waiting: {parts}.")
    if parts:
        sentence = waiting(share=_waiting(spans), parts=listed(parts))
    elif logged.undefined:
        sentence = N_("The log shows no ticket in a status of waiting.")
    else:
        sentence = N_("No ticket waited: the log shows none in a status of waiting.")
    lost = n_(
        "Whether {n} ticket waited in a status that the contract does not define is not known.",
        "Whether {n} tickets waited in a status that the contract does not define is not known.",
    )
    unknown = lost(n=logged.undefined) if logged.undefined else EMPTY
    c.neutral("waiting", sentences(sentence, unknown))
    _figure(c, spans)


def _form(spans: pd.DataFrame, *left_out: str) -> TableForm:
    """Return the table of time, without service hours where no ticket has any."""
    hours = spans["service"].notna().any()
    keys = [col.key for col in TIME.columns if hours or not col.key.startswith("service")]
    return TIME.only(key for key in keys if key not in left_out)


def _table(c: Chapter, spans: pd.DataFrame) -> None:
    c.table(_form(spans), metrics.summed(spans, ["status", "place"]))


def _figure(c: Chapter, spans: pd.DataFrame) -> None:
    places = metrics.summed(spans, ["place"])
    drawn = places[["place", "tickets", "hours", "share"]].set_axis(
        ["label", "n", "hours", "share"], axis="columns"
    )
    drawn = drawn.assign(label=drawn["label"].map(PLACES))
    parts = [
        join(How.SPACES, (row.label, Shown(row.share, "percent"))) for row in drawn.itertuples()
    ]
    description = N_("Shares of the {hours:seconds} that tickets were open: {parts}.")
    title = N_("Where the time of tickets went")
    c.figure(
        "hours_by_group",
        _form(spans, "status").but(name="time", caption=title),
        places,
        description(hours=drawn["hours"].sum() * 3600, parts=commas(parts)),
        frame=drawn,
        measure=N_("Hours, around the clock"),
    )


def _caveats(c: Chapter, logged: _Logged) -> None:
    for name, n, sentence in (
        ("left_out", logged.left_out, LEFT_OUT),
        ("undefined", logged.undefined - logged.unread, UNDEFINED),
        ("unread", logged.unread, UNREAD),
    ):
        c.caveat(name, sentence(n=n), when=n != 0)


LEFT_OUT = n_(
    "The log tells nothing of {n} ticket by then: it is not counted here.",
    "The log tells nothing of {n} tickets by then: they are not counted here.",
)
UNDEFINED = n_(
    "{n} ticket was in a status that the contract does not define: whom it awaited then "
    "is not known.",
    "{n} tickets were in a status that the contract does not define: whom they awaited "
    "then is not known.",
)
UNREAD = n_(
    "No status of {n} ticket is defined by the contract: its time is not counted here.",
    "No status of {n} tickets is defined by the contract: their time is not counted here.",
)
