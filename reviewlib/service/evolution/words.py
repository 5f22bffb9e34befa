"""The words of volumes over time, of events on the client's side, and of the key dates."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.report.day_words import delay_words
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import titled
from reviewlib.report.text import EMPTY, N_, Message, Text, dotted, n_
from reviewlib.report.values import Unit
from reviewlib.service.clauses import service_names
from reviewlib.service.evolution import metrics
from reviewlib.service.evolution.metrics import (
    BEFORE,
    BEYOND,
    FEW,
    LATER,
    NEVER,
    OPENED,
    PASSED,
    SINCE,
    SOON,
    WITHIN,
)

COUNTED = N_(
    "Beside each event stand the tickets of as many whole weeks before it as from its first day "
    "on, at most 26; from the day on which its change request was applied, where that is earlier. "
    "They coincide: no cause is claimed, and neither seasons nor other events are "
    "taken out. Two counts that make {few} or more are compared by an exact test (5%), in which "
    "they weigh less by as much as the weeks vary more than chance gives (quasi-Poisson); a site "
    "that had none before is not compared."
)
DRIFTED = N_(
    "The drift is that of whole months after the ramp-up, per working day (log-linear, "
    "quasi-Poisson, 95%). An included volume is expected to be exceeded at that pace where a drift "
    "can be established, else at the mean of these months."
)
ACTED = N_("What either side did by the last day to act is not in the folder.")

KINDS = {
    "hires": N_("hires"),
    "site": N_("opening of a site"),
    "software": N_("software or devices"),
    "reorganisation": N_("reorganisation"),
    "other": N_("other event"),
}
ANNOUNCED = {
    BEFORE: N_("before it began"),
    SINCE: N_("once it had begun"),
    NEVER: N_("no announcement recorded"),
}
DIFFERS = {
    BEYOND: N_("beyond chance"),
    WITHIN: N_("within chance"),
    FEW: N_("too few to tell"),
    OPENED: N_("not compared: no ticket of the site before"),
}
DATE_KINDS = {
    "revision": N_("revision of the contract"),
    "option": N_("option to exercise"),
    "notice": N_("notice to be given"),
    "renewal": N_("renewal of the contract"),
}
DATE_STATES = {PASSED: N_("passed"), SOON: N_("within 30 days"), LATER: N_("in over 30 days")}

BESIDE = N_("{event}, {weeks}: {own} of what it concerns; of all: {all}.")
BEGINS = n_(
    "{event}: {own} ticket opened there in {weeks}, none before; of all: {all}.",
    "{event}: {own} tickets opened there in {weeks}, none before; of all: {all}.",
    on="own",
)
MORE = n_("{n} more ticket", "{n} more tickets")
FEWER = n_("{n} fewer ticket", "{n} fewer tickets")
SAME = N_("as many tickets")
SPAN_WEEKS = n_("{n} week", "{n} weeks")
BEGUN = n_(
    "{n} event on the client’s side began in the period: {event}.",
    "{n} events on the client’s side began in the period, first {event}.",
)
IN_TIME = N_("Events on the client’s side announced before they began: {k} of {n}.")
RECORDED = n_(
    "{n} event on the client’s side is recorded.", "{n} events on the client’s side are recorded."
)
CHANGED = N_("The volume changed by {growth:percent} a month over {months} ({low} to {high}).")
NO_DRIFT = N_("No drift of the volume can be established over {months}.")
SPAN_MONTHS = n_("{n} month", "{n} months")
FEW_MONTHS = n_(
    "{n} whole month after the ramp-up, too few for a drift",
    "{n} whole months after the ramp-up, too few for a drift",
)
TOO_FEW = N_("The volume has too few months for a drift.")
COINCIDES = N_(
    "{event}, from {day} on, coincides with {own_change} of what it concerns ({scope}): "
    "{own_after} in {weeks}, against {own_before} in as many before. Of all tickets: {change}, "
    "{after} against {before}."
)
OPENS = n_(
    "{event}: {scope} opened {own_after} ticket in the {weeks} from {day} on, none before. Of all "
    "tickets: {change}, {after} against {before}.",
    "{event}: {scope} opened {own_after} tickets in the {weeks} from {day} on, none before. Of all "
    "tickets: {change}, {after} against {before}.",
    on="own_after",
)
APPLIED = N_(
    "It is compared from that day, on which {change_id} was applied, not from {starts_on}."
)
IN_SEASON = n_(
    "{titles:all} falls in these weeks: for the rest of the difference the season is an "
    "explanation, and the event another.",
    "{titles:all} fall in these weeks: for the rest of the difference the seasons are an "
    "explanation, and the event another.",
)
TOLD_BEFORE = N_("It was announced {days:days} before it began, on {on}.")
TOLD_SINCE = N_("It was announced on {on}, once it had begun.")
NOT_TOLD = N_("No announcement of it is recorded.")
BEAR = N_("{event}: settle who bears its volumes, under this contract and the next.")
BEAR_NEXT = N_("For the next contract: agree on who bears the volumes of such an event ({event}).")
SITE = N_("{event}: settle whether the included volumes cover the site, and what it adds to them.")
SITE_NEXT = N_(
    "For the next contract: state included volumes by site, and what a site that opens adds "
    "({event})."
)
OF_EVENT, OF_SITE = (BEAR, BEAR_NEXT), (SITE, SITE_NEXT)
"""While the contract runs, and once it has ended."""
ACT = N_("Last day to act within 30 days: {parts}.")
DATED = N_("“{title}” of {on}, by {act_by}")
DECIDE = N_("Decide whether to act on these key dates: {titles:all}.")
NONE_AHEAD = N_("the contract ended on {last}: none of its dates lies ahead")
NEXT = N_("first “{title}” of {on}, last day to act {act_by}")
NO_DATES = N_("the contract file names no key date (key_dates)")

ALL_TICKETS = N_("All tickets")
VARIED = N_("{months}; their variance over that of chance: {times:number.1}")
UNCLEAR = N_("No drift can be established: the interval holds 0.")
SO_FAR = n_("{n} so far", "{n} so far")
UNLIKELY = N_("not expected to be exceeded")
CROSSED = N_("expected to be exceeded from {month:month} on")
BAND = N_("{item}: months within the band agreed for tickets ({low} to {high})")
UNCOUNTED = N_(
    "tickets do not state what the contract counts this item by (services, kinds, categories)"
)
UNNAMED = N_("the contract names no service, kind or category by which to count its tickets")
WITH_DOCUMENT = n_("{n} with a document", "{n} with a document")
APART = N_("above: {above}; below: {below}")
NO_CHANGE = N_("no event names a change request (client_events.csv: change_id)")
NO_COST = n_(
    "of {n} change request that events led to, none is approved with a cost",
    "of {n} change requests that events led to, none is approved with a cost",
)
OF_CHANGES = n_("{n} change request: {ids:ids}", "{n} change requests: {ids:ids}")
UNTOLD = N_("The tickets do not state the service, site or category that {ids} concern.")
MARKS = N_("events: {events:commas}")
THEN_NOW = N_("{before} before, {after} after ({weeks})")
DRAWN = N_(
    "Tickets opened by month, over {months}: {first} in the first, {last} in the last. Below, "
    "those that events on the client’s side concern; dashed where an event began, or its change "
    "was applied."
)

EVENTS = TableForm(
    "events",
    N_("Events on the client’s side, and the tickets before and after them"),
    (
        Col("event_id", N_("Event")),
        Col("title", N_("What"), quoted=True),
        Col("kind", N_("Kind"), words=KINDS),
        Col("starts_on", N_("First day"), Unit.DATE),
        Col("announced", N_("Announced"), words=ANNOUNCED),
        Col("lead_days", N_("Days before"), Unit.COUNT),
        Col("scope", N_("Concerns")),
        Col("people", N_("People"), Unit.COUNT),
        Col("edge", N_("Compared from"), Unit.DATE),
        Col("weeks", N_("Weeks compared"), Unit.COUNT),
        Col("before", N_("All tickets before"), Unit.COUNT),
        Col("after", N_("All tickets after"), Unit.COUNT),
        Col("own_before", N_("Those concerned before"), Unit.COUNT),
        Col("own_after", N_("Those concerned after"), Unit.COUNT),
        Col("differs", N_("Those concerned differ"), words=DIFFERS),
        Col("change_id", N_("Change request")),
        Col("evidence", N_("Evidence"), quoted=True),
    ),
)
MONTHS = TableForm(
    "months",
    N_("Tickets by month, all and those that events concern"),
    (
        Col("label", N_("Tickets")),
        Col("month", N_("Month"), Unit.MONTH),
        Col("value", N_("Tickets opened"), Unit.COUNT),
    ),
    lead=True,
)
DATES = TableForm(
    "dates",
    N_("Key dates of the contract"),
    (
        Col("title", N_("What"), quoted=True),
        Col("kind", N_("Kind"), words=DATE_KINDS),
        Col("clause", N_("Clause"), quoted=True),
        Col("on", N_("Date"), Unit.DATE),
        Col("before", N_("Notice")),
        Col("act_by", N_("Last day to act"), Unit.DATE),
        Col("state", N_("State"), words=DATE_STATES),
    ),
    note=ACTED,
)


def change_words(n: float) -> Message:
    """Return "221 more tickets", "3 fewer tickets"."""
    return MORE(n=int(n)) if n > 0 else FEWER(n=int(-n)) if n else SAME


def scopes(events: pd.DataFrame, contract: Contract) -> pd.Series:
    """Return what each event concerns, in words."""
    sites = {k: v.name for terms in contract.versions for k, v in terms.sites.items()}
    names: dict[str, Any] = {"service": service_names(contract), "site": sites, "category": {}}
    texts = [
        dotted(*(names[key].get(name, name) for key, name in metrics.scope_of(row).items()))
        or N_("all tickets")
        for row in events.to_dict("records")
    ]
    return pd.Series(texts, events.index, dtype="object")


def notice_words(delay: Any) -> Text | None:
    """Return the notice that a key date asks for; None where it is none."""
    return delay_words(delay) if delay else None


def event_words(row: Any) -> Text:
    """Return an event as a sentence names it."""
    return titled(row.event_id, row.title)


def applied_words(row: Any) -> Text:
    """Return that the change request of an event was applied before its first day, where it was."""
    if row.edge == row.starts_on:
        return EMPTY
    return APPLIED(change_id=row.change_id, starts_on=row.starts_on)


def announced_words(row: Any) -> Text:
    """Return whether the provider was told of an event before it began."""
    if row.announced == BEFORE:
        return TOLD_BEFORE(days=row.lead_days, on=row.announced_on)
    return TOLD_SINCE(on=row.announced_on) if row.announced == SINCE else NOT_TOLD
