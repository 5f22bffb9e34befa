"""Hand-overs: which teams held the tickets, how often they came back, whom they waited for (F8)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reviewlib.ids import among
from reviewlib.report.chapter import Chapter
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Shown, Text, listed, n_, sentences
from reviewlib.report.values import Section, Side, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.handovers import metrics
from reviewlib.service.log import Log
from reviewlib.service.words import NO_TEAM, TICKETS

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
SEVERAL, BACK = N_("Held by several teams"), N_("Came back to a team (ping-pong)")
PER_TICKET = N_("Hand-overs per ticket, mean")
WAITED, WAITING = N_("Waited at least once"), N_("Share of the open time spent waiting")
IN_SERVICE_HOURS = N_("The same, in service hours")
INTRO = N_(
    "A hand-over is a change from one team to another; time without a team is none. Ping-pong is a "
    "hand-over to a team that held the ticket before: from A to B, back to A. Time counts from the "
    "opening until a ticket is resolved, closed or cancelled, and again after a reopening; what is "
    "still going on counts up to the review."
)
NO_CHANGE = N_(
    "the log has no change of team, nor of a defined status, by then (ticket_events.csv)"
)
NO_STATUS = N_("the log has no change of status that the contract defines (ticket_events.csv)")
OF_LOG = N_(
    "Of the tickets in the log. Where it has no change of team, one team is taken to have held the "
    "ticket."
)
HANDED_BACK = N_(
    "Of the tickets in the log, those handed back at least once to a team that had them before."
)
LEAST = N_("At least this: what a status that is not defined awaits is not known.")
TICKET_HOURS = N_("n counts ticket-hours, those of {tickets}.")
AROUND_THE_CLOCK = N_("Around the clock: nights, weekends and holidays included.")
OF_CLAUSE = N_("Service hours of the calendar of the clause on resolution that covers each ticket.")
NO_CLAUSE = N_("no clause on resolution gives any of these tickets a calendar and a target")
DECISION = N_("Tickets that came back: agree which team takes such tickets from the start.")
LEFT_OUT = n_(
    "The log says nothing of {n} ticket by then: it is not counted here.",
    "The log says nothing of {n} tickets by then: they are not counted here.",
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
DOUBTFUL = n_(
    "Whether {n} ticket waited in a status that the contract does not define is not known.",
    "Whether {n} tickets waited in a status that the contract does not define is not known.",
)
COUNTS = TableForm(
    "counts",
    N_("Tickets by number of hand-overs"),
    (
        Col("handovers", N_("Hand-overs")),
        Col("tickets", N_("Tickets"), Unit.COUNT),
        Col("share", N_("Share"), Unit.SHARE),
    ),
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
    log = results.current(review)
    if log is None:
        return c.not_assessed(review.absent("tickets"))
    if log.known_events is None or log.known_events.empty:
        return c.not_assessed(review.absent("ticket_events"))
    logged = _logged(log, log.known_events, results.current_verdicts(review))
    teams, spans = logged.teams, logged.spans
    if teams is None and spans is None:
        return c.not_assessed(NO_CHANGE)
    _opening(c, logged)
    if teams is None or logged.held is None:
        for name, label, unit in (
            ("several", SEVERAL, Unit.SHARE),
            ("ping_pong", BACK, Unit.SHARE),
            ("per_ticket", PER_TICKET, Unit.SCORE),
        ):
            c.fact(name, label, None, unit, because=NO_TEAM)
    else:
        _teams(c, teams)
        _team_tables(c, teams, logged.held, logged.alone)
    if spans is None:
        labels = {"waited": WAITED, "waiting": WAITING, "waiting.service": IN_SERVICE_HOURS}
        for name, label in labels.items():
            c.fact(name, label, None, Unit.SHARE, because=NO_STATUS)
    else:
        _waits(c, spans, LEAST if logged.undefined else EMPTY)
        _time(c, spans, logged.undefined)
    c.caveat("left_out", LEFT_OUT, n=logged.left_out)
    c.caveat("undefined", UNDEFINED, n=logged.undefined - logged.unread)
    c.caveat("unread", UNREAD, n=logged.unread)
    return c.section()


def _logged(log: Log, events: pd.DataFrame, verdicts: pd.DataFrame) -> _Logged:
    every = pd.Index(log.tickets["ticket_id"])
    ids = every[among(every, events["ticket_id"])]
    held, teams, spans, unread = None, None, None, 0
    if log.tells("group"):
        held = metrics.holders(events, ids)
        teams = metrics.by_ticket(held, ids)
    if log.has_statuses:
        logged = log.spans[among(log.spans["ticket_id"], ids)]
        unread = int((~logged["state"].notna().groupby(logged["ticket_id"]).any()).sum())
        spans = metrics.active_spans(logged, log.contract, log.as_of)
        clocks = metrics.clocks(verdicts, log.contract)
        spans["service"] = metrics.service_hours(spans, clocks, log.contract)
    return _Logged(len(every) - len(ids), unread, metrics.of_one(events), held, teams, spans)


def _opening(c: Chapter, logged: _Logged) -> None:
    teams, spans = logged.teams, logged.spans
    if teams is not None and not teams.empty:
        several = N_(
            "{share:percent} of the tickets were held by several teams (n\u00a0=\u00a0{n})."
        )
        c.headline(several(share=(teams["teams"] > 1).mean(), n=len(teams)))
    elif spans is not None and spans["hours"].sum() > 0:
        time = (
            N_("At least {share:percent} of {hours:number} ticket-hours open was waiting.")
            if logged.undefined
            else N_("{share:percent} of {hours:number} ticket-hours open was waiting.")
        )
        c.headline(time(share=_waiting(spans), hours=round(spans["hours"].sum())))
    c.intro(INTRO)


def _waiting(spans: pd.DataFrame, part: str = "hours") -> float:
    """Return the share of the time of tickets that was waiting; NaN where there is none."""
    whole = spans[part].sum()
    waits = spans.loc[spans["place"].isin(metrics.WAITS), part].sum()
    return float(waits / whole) if whole > 0 else float("nan")


# Teams


def _teams(c: Chapter, teams: pd.DataFrame) -> None:
    """Add how many tickets several teams held, and which came back to a team."""
    n, several = len(teams), int((teams["teams"] > 1).sum())
    returns = teams.loc[teams["returns"] > 0, "returns"]
    returned = [*returns.sort_values(ascending=False, kind="stable").index]
    mean, none = teams["handovers"].mean(), N_("the log says nothing of any ticket")
    for name, label, k, note in (
        ("several", SEVERAL, several, OF_LOG),
        ("ping_pong", BACK, len(returned), HANDED_BACK),
    ):
        c.rate(name, label, k, n, source=GROUPS, note=note, because=none)
    c.fact("per_ticket", PER_TICKET, mean, Unit.SCORE, n=n, source=GROUPS, because=none)
    if n:
        sentence = N_(
            "Held by several teams: {several} of {all}. Came back to a team that had held them "
            "before: {back}."
        )
        c.neutral(
            "teams",
            sentence(several=several, all=TICKETS(n=n), back=len(returned)),
            about=returned or None,
            decision=DECISION if returned else EMPTY,
            decider=Side.PROVIDER,
        )


def _team_tables(c: Chapter, teams: pd.DataFrame, held: pd.DataFrame, alone: pd.Index) -> None:
    """Add the tickets by number of hand-overs, and the most frequent hand-overs.

    ``held``: as ``metrics.holders`` returns it; ``alone``: the teams of one, which are not named.
    """
    if teams["handovers"].sum() == 0:
        return
    counts = metrics.by_count(teams["handovers"], MOST)
    numbers: list[Text] = [Shown(int(number)) for number in counts["handovers"]]
    numbers[-1] = N_("{n} or more")(n=int(counts["handovers"].iloc[-1]))
    c.table(COUNTS, counts.assign(handovers=pd.Series(numbers, counts.index, dtype="object")))
    passed, nameless = held[held["giver"].notna()], N_("a team of one")
    sides = passed[["giver", "team"]]
    hidden = sides.apply(among, other_ids=alone)
    pairs = metrics.pairs(passed.assign(**sides.astype("object").mask(hidden, lambda _: nameless)))
    every = n_("{n} pair of teams", "{n} pairs of teams")(n=len(pairs))
    top = N_("The {top} most frequent of {pairs}.")(top=TOP, pairs=every)
    not_named = N_("A team in which the log shows one assignee alone is not named.")
    some = hidden.any(axis=None) or among(held["team"], alone).any()
    note = sentences(top if len(pairs) > TOP else EMPTY, not_named if some else EMPTY)
    c.table(PAIRS.but(note=note), pairs.head(TOP))


# Time


def _waits(c: Chapter, spans: pd.DataFrame, least: Text) -> None:
    """Add which share of tickets, and of their time, was waiting; ``least``: that it is more."""
    n, none = spans["ticket_id"].nunique(), N_("no ticket was open for any time")
    note = sentences(N_("Of the tickets that the log shows open."), least)
    waited, no_ticket = len(metrics.waited(spans)), N_("no ticket was open")
    c.rate("waited", WAITED, waited, n, source=STATUS, note=note, because=no_ticket)
    timed = spans[spans["service"].notna()]
    for name, label, part, rows, hours, because in (
        ("waiting", WAITING, "hours", spans, AROUND_THE_CLOCK, none),
        ("waiting.service", IN_SERVICE_HOURS, "service", timed, OF_CLAUSE,
         NO_CLAUSE if timed.empty else none),
    ):  # fmt: skip
        share, tickets = _waiting(rows, part), rows["ticket_id"].nunique()
        base = TICKET_HOURS(tickets=TICKETS(n=tickets))
        source, note = STATUS if tickets else "", sentences(base, hours, least)
        n = round(rows[part].sum())
        c.fact(name, label, share, Unit.SHARE, n=n, source=source, note=note, because=because)


def _time(c: Chapter, spans: pd.DataFrame, undefined: int) -> None:
    """Add where the time of tickets went, and whether what is not defined could change it."""
    if spans["hours"].sum() > 0:
        hours = spans.groupby("place")["hours"].sum()
        parts = [
            words(share=hours[place] / hours.sum())
            for place, words in WAITS.items()
            if place in hours.index
        ]
        waiting = N_("Of the time that tickets were open, {share:percent} was waiting: {parts}.")
        if parts:
            sentence = waiting(share=_waiting(spans), parts=listed(parts))
        elif undefined:
            sentence = N_("The log shows no ticket in a status of waiting.")
        else:
            sentence = N_("No ticket waited: the log shows none in a status of waiting.")
        c.neutral("waiting", sentences(sentence, DOUBTFUL(n=undefined) if undefined else EMPTY))
        _figure(c, spans)
    if len(spans):
        c.table(_form(spans), metrics.summed(spans, ["status", "place"]))


def _form(spans: pd.DataFrame, *left_out: str) -> TableForm:
    """Return the table of time, without service hours where no ticket has any."""
    hours = spans["service"].notna().any()
    keys = [col.key for col in TIME.columns if hours or not col.key.startswith("service")]
    return TIME.only(key for key in keys if key not in left_out)


def _figure(c: Chapter, spans: pd.DataFrame) -> None:
    places = metrics.summed(spans, ["place"])
    drawn = pd.DataFrame(
        {"label": places["place"].map(PLACES), "n": places["tickets"]}
        | {name: places[name] for name in ("hours", "share")}
    )
    parts = [c.of_row(N_("{label} {share:percent}"), row) for row in drawn.itertuples()]
    description = N_("Shares of the {hours:hours_minutes} that tickets were open: {parts:commas}.")
    c.figure(
        "hours_by_group",
        _form(spans, "status").but(name="time", caption=N_("Where the time of tickets went")),
        places,
        description(hours=drawn["hours"].sum(), parts=parts),
        frame=drawn,
        measure=N_("Hours, around the clock"),
    )
