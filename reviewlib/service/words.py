"""Words that several chapters on the service share: of tickets, and of what a log lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.parties import Period
from reviewlib.report.phrases import SPAN
from reviewlib.report.text import EMPTY, N_, Text, commas, n_
from reviewlib.service.ramp_up import begins_in, ramp_ups

TICKETS = n_("{n} ticket", "{n} tickets")
OPENED = n_("{n} ticket opened", "{n} tickets opened")
IN_TIME, THRESHOLD = N_("Share of tickets in time"), N_("Threshold")
OF_THESE_IN_RAMP_UP = N_("In the ramp-up: {n}.")
LIMIT = N_("threshold")  # in the key of a chart
SHARE_IN_TIME = N_("Share in time")
JUDGED_FROM = "ticket_events.csv; tickets.csv"  # what a verdict on a ticket rests on
NO_LOG = N_("the folder has no log of status changes (ticket_events.csv)")
NO_TEAM = N_("the log has no change of team by then (ticket_events.csv, field group)")
NO_RESOLUTION = N_("no ticket was resolved")
CLOSED_ALONE = N_(
    "Closed in {month:month}: {k} of {n}; opened in it: {opened} of {all}. The log holds, it "
    "seems, only tickets closed then: arrivals, backlog and volumes are of these alone, and what "
    "stayed open is missing."
)


def ramp_up_days(periods: Iterable[Period]) -> Text:
    """Return the days of some ramp-ups, those that overlap or follow each other as one."""
    joined: list[tuple[dt.date, dt.date]] = []
    for one in sorted(periods, key=lambda period: period.first):
        first, last = one.first, one.last
        if joined and first <= joined[-1][1] + dt.timedelta(days=1):
            before, until = joined.pop()
            first, last = before, max(until, last)
        joined.append((first, last))
    return commas(SPAN(first=first, last=last) for first, last in joined)


def in_ramp_up(months: pd.Series, contract: Contract, clause_id: str) -> Text:
    """Return how many of some months missed are in the ramp-up of a clause; "" where none is."""
    inside = int(begins_in(months.drop_duplicates(), ramp_ups(contract, clause_id)).sum())
    return OF_THESE_IN_RAMP_UP(n=inside) if inside else EMPTY
