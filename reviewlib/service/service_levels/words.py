"""The sentences of the chapter on service levels."""

from __future__ import annotations

from typing import Any

from reviewlib.report.text import N_, Message, Text, commas, n_
from reviewlib.service.clauses import OUTCOMES_UNKNOWN

INTRO = N_(
    "Each ticket is judged under the terms that apply to it, on the hours that the contract "
    "counts. Share = in time / (in time + late); a ticket still open past its target is late, one "
    "still within it is counted apart."
)
AT = N_("{label}, under the threshold of {threshold}")

THRESHOLDS_MET = N_("Thresholds met: {k} of {n}.")
SOME_OPEN = n_(
    "Thresholds met: {k} of {n}, {open} not assessable.",
    "Thresholds met: {k} of {n}, {open} not assessable.",
    on="open",
)
OPEN_ONES = (
    N_("Not assessable, pauses unknown: {names}."),
    N_("Not assessable, unknown whether in time: {names}."),
    N_("Not assessed, no date of the answer or of the resolution is known: {names}."),
)
"""Of figures that pauses leave open, unknown tickets, and those of which nothing is dated."""
NOT_COMPARED = n_(
    "{n} figure has no threshold to be compared with, or no ticket: its note says why.",
    "{n} figures have no threshold to be compared with, or no ticket: their notes say why.",
)

# Where a figure is from, and why it has no share or no verdict.

RECOMPUTED, RECORDED = N_("recomputed"), N_("as recorded by the tool")
FLAG = N_("tickets.csv: recorded_sla_met, a flag of the tool at the extraction")
FLAG_ONLY = N_(
    "What the tool recorded is a flag on each ticket. How it was computed is not in the data, so "
    "it is no verdict of this review."
)
NO_TICKET = N_("no ticket of this priority falls under the clause")
NONE_DECIDED = N_("none of its tickets is decided: they are running, excluded or unknown")
SEVERAL_THRESHOLDS = N_("its tickets have several thresholds: see the figures under each")
NO_THRESHOLD = N_("the contract states no threshold for this priority")
BY_THE_MONTH = N_("the clause is assessed month by month: see the months in which it was met")
TOO_FEW = n_(
    "no verdict: the clause binds from {least} ticket on",
    "no verdict: the clause binds from {least} tickets on",
    on="least",
)
NOT_ASSESSABLE = N_("not assessable: {because}")
SAME_AT_BOTH = N_("{because}; the verdict is the same at both bounds")
PAUSES = N_("pauses unknown")
UNROUNDED = N_("{share} before rounding, for a threshold of {target}")
SMALL_MONTHS = n_(
    "{n} month has fewer tickets than the clause asks for, and no verdict.",
    "{n} months have fewer tickets than the clause asks for, and no verdict.",
)

# Findings.

KEPT = N_("{label}: {share} in time ({met} of {n}), for a threshold of {target}: met.")
NOT_KEPT = N_("{label}: {share} in time ({met} of {n}), for a threshold of {target}: missed.")
UNSETTLED = N_(
    "{label}: not assessable, {because}. At least {met} of {n} were in time ({low:percent}), "
    "at most {most} ({high:percent}), for a threshold of {target}."
)
UNDATED = N_("{label}: {because}.")
SAME = n_(
    "The verdict is the same whether {unknown} ticket of which it is unknown was in time or not.",
    "The verdict is the same whether {unknown} tickets of which it is unknown were in time or not.",
    on="unknown",
)
KEPT_AT_BOTH = N_(
    "{label}: at least {low:percent} in time ({met} of {n}), whatever the pauses that no log "
    "records, for a threshold of {target}: met."
)
NOT_KEPT_AT_BOTH = N_(
    "{label}: at most {high:percent} in time ({most} of {n}), whatever the pauses that no "
    "log records, for a threshold of {target}: missed."
)
AT_BOTH_BOUNDS = {True: KEPT_AT_BOTH, False: NOT_KEPT_AT_BOTH, None: UNSETTLED}
OBTAIN_LOG = N_(
    "{label}: obtain the log of status changes; without it nothing can be judged under "
    "{clause:ref}."
)
OBTAIN_DATES = N_(
    "{label}: obtain what the data lack of its tickets, such as the dates of resolution; without "
    "it nothing can be judged under {clause:ref}."
)
MONTHS_MISSED = N_("Months below the threshold: {counted}.")
BELOW_IN_RAMP_UP = N_("Months below the threshold: {counted}, of which {n} in the ramp-up.")
MONTHS_KEPT = N_("{label}: {counted}.")
OF_ALL = N_("{count} of {n}")
OF_JUDGED = n_(
    "{count} of the {n} judged; {unsettled} cannot be assessed, {because}",
    "{count} of the {n} judged; {unsettled} cannot be assessed, {because}",
)
NONE_JUDGED = n_(
    "not assessed, {because} ({n} month)",
    "not assessed, {because} ({n} months)",
)
BECAUSE_PAUSES = N_("because pauses are unknown")
BECAUSE_OUTCOMES = n_(
    "because of {unknown} ticket it is unknown whether it was in time",
    "because of {unknown} tickets it is unknown whether they were in time",
    on="unknown",
)
BECAUSE_BOTH = n_(
    "because pauses are unknown, and of {unknown} ticket whether it was in time",
    "because pauses are unknown, and of {unknown} tickets whether they were in time",
    on="unknown",
)
AFTER_RAMP_UP = {
    True: N_("Without the ramp-up ({days}): {met} of {n} ({share}), threshold met."),
    False: N_("Without the ramp-up ({days}): {met} of {n} ({share}), threshold missed."),
}
OPEN_MONTHS = n_(
    "{n} month cannot be assessed: {because}.",
    "{n} months cannot be assessed: {because}.",
)
CORRECT = N_("{label}: ask for a corrective action plan, and decide on what {clause:ref} provides.")
DECIDE = N_("{label}: decide on what {clause:ref} provides.")
MONTH = N_("{month:month} {share:percent} (n = {n})")
AMENDED = N_(
    "{amendment}, in force from {date}, changed the target of {priority} under {clause:ref} from "
    "{old} to {new}. Clocks started before: {before_old} within the old target, "
    "{before_new} within the new one. Since: {since_old} within the old target, "
    "{since_new} within the new one."
)
NO_CAUSE = N_("This compares two sets of terms and claims no cause.")
SENSITIVE = N_("Sensitive period “{title}”, {first} to {last}: tickets in time, by opening.")
WITHIN_AND_OUTSIDE = N_("{clause}: {within} within, {outside} outside.")
DIFFERING = N_("{clause}: {within} within, {outside} outside, {difference}.")
LEFT_OUT = n_(
    "{clause}, left out of the rest: {n} verdict, of the ramp-up, another sensitive period or "
    "other terms.",
    "{clause}, left out of the rest: {n} verdicts, of the ramp-up, another sensitive period or "
    "other terms.",
)
NO_RAMP_UP = N_(
    "{clause} has no ramp-up by the rules of the contract: its tickets of {days}, the ramp-up of "
    "another clause, are in the rest."
)

# Caveats.

NO_LOG = N_(
    "{because}: pauses, reopenings, changes of priority and assignments cannot be rebuilt, "
    "and the times recorded by the tool are used as they are."
)
NONE_DEFINED = N_("The contract defines none of the statuses of the log (terms.statuses)")
NO_STATUS = N_("There is no log of status changes")
NO_PRIORITIES = N_(
    "{clauses:refs}: without a log of the changes of priority, the one that the contract "
    "counts is not known; that of the extraction stands in for it."
)
SILENT = n_(
    "{n} ticket has no status in the log: the times recorded by the tool are used for it.",
    "{n} tickets have no status in the log: the times recorded by the tool are used for them.",
)
UNCOVERED = n_(
    "{n} ticket is of a service or a kind that no clause covers: it is not judged.",
    "{n} tickets are of a service or a kind that no clause covers: they are not judged.",
)
OUTSIDE = n_(
    "{n} ticket was opened outside the period of the contract: it is judged all the same.",
    "{n} tickets were opened outside the period of the contract: they are judged all the same.",
)
CUT_MONTHS = N_(
    "A clause assessed by the month judges a month of which the period has a part on that part: "
    "{parts:all}."
)
NOT_OF_THE_PERIOD = n_(
    "{n} ticket was opened outside the period of the contract: it is left out.",
    "{n} tickets were opened outside the period of the contract: they are left out.",
)
PAUSED = n_(
    "{n} verdict is late unless the ticket was paused, which the log does not tell: the clause "
    "pauses, so there are bounds and no share.",
    "{n} verdicts are late unless the tickets were paused, which the log does not tell: the "
    "clauses pause, so there are bounds and no share.",
)
RUNNING = n_(
    "{n} verdict is still pending: the figures of its month are provisional.",
    "{n} verdicts are still pending: the figures of their months are provisional.",
)
UNDECIDABLE = n_(
    "{n} verdict is unknown; the bounds say what it could change.",
    "{n} verdicts are unknown; the bounds say what they could change.",
)
REASONS = N_("Reasons: {parts:commas}.")
UNDEFINED = N_("Statuses of the log that the contract does not define: {names:commas}.")


def thresholds_met(k: int, n: int, unsettled: int) -> Message:
    """Return how many of the thresholds are met: of all, with those that are left open.

    ``n``: those with a verdict; ``unsettled``: those without one, since something is unknown.
    """
    if not unsettled:
        return THRESHOLDS_MET(k=k, n=n)
    return SOME_OPEN(k=k, n=n + unsettled, open=unsettled)


def unknown(count: Any) -> Text:
    """Return what is unknown of tickets: their pauses, whether they were in time, or both.

    ``count``: a row as ``compliance`` returns it.
    """
    outcomes = OUTCOMES_UNKNOWN(unknown=count.unknown)
    if not count.unknown:
        return PAUSES
    return commas((PAUSES, outcomes)) if count.late_or_paused else outcomes


def because(count: Any) -> Text:
    """Return why months have no verdict."""
    if not count.unknown:
        return BECAUSE_PAUSES
    return (BECAUSE_BOTH if count.late_or_paused else BECAUSE_OUTCOMES)(unknown=count.unknown)


def not_assessable(count: Any) -> Message:
    """Return the note of a figure without a verdict."""
    return NOT_ASSESSABLE(because=unknown(count))


def same_at_both(count: Any) -> Message:
    """Return the note of a verdict that what is unknown can't turn."""
    return SAME_AT_BOTH(because=unknown(count))


def to_obtain(count: Any) -> Message:
    """Return what to decide where there is no verdict: to obtain what is missing."""
    return OBTAIN_DATES if count.unknown else OBTAIN_LOG
