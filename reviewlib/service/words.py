"""Words that several chapters on the service share: of tickets, and of what a log lacks."""

from __future__ import annotations

from reviewlib.report.text import N_, n_

TICKETS = n_("{n} ticket", "{n} tickets")
OPENED = n_("{n} ticket opened", "{n} tickets opened")
IN_TIME, THRESHOLD = N_("Share of tickets in time"), N_("Threshold")
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
