"""The words of durations: what is measured, what became of the tickets, what the mean hides."""

from __future__ import annotations

from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_, n_
from reviewlib.report.values import Unit

IN_SERVICE_HOURS = N_("{what}, in service hours ({clause})")
RECORDED = N_("{what}, as recorded by the tool")
FIGURES = {
    "median": N_("Median"),
    "p90": N_("P90 (linear interpolation)"),
    "mean": N_("Mean"),
    "with_open": N_("Median with the open tickets (Kaplan-Meier)"),
}
SUMMED_UP = {"median": N_("Median"), "p90": N_("P90"), "mean": N_("Mean")}
MEDIANS = {"alone": N_("Median of the resolved"), "with_open": N_("Median with the open")}
INTRO = N_(
    "Time from the opening to the last resolution, around the clock, nights and holidays "
    "included, waiting included: what the caller lived through, not what the contract "
    "counts. Times in service hours are those that a clause on resolution counts, each "
    "priority on its own calendar."
)
SUMMARY = N_("{tickets}: median {median:hours_minutes}, P90 {p90:hours_minutes}.")
UNRESOLVED = N_(
    "it is not reached: {left:percent} of the tickets are unresolved after {longest:hours_minutes}."
)
HALF_OPEN = N_(
    "The interval (95%) begins at {low:hours_minutes}, and its upper end is not reached."
)
SPREAD = N_(
    "Distribution on a logarithmic scale (n = {n}): median {median:hours_minutes}, P90 "
    "{p90:hours_minutes}, mean {mean:hours_minutes}."
)
HALF = N_("half are resolved after {with_open:hours_minutes}")
LEFT = N_("{left:percent} are unresolved after {longest:hours_minutes}, the longest time followed")
CURVE = N_(
    "Kaplan-Meier curve, open tickets counted (n = {followed}): {outcome}. The median of the "
    "resolved ones alone is {alone:hours_minutes}."
)
CURVE_AND_BAND = N_(
    "Kaplan-Meier curve with its 95% band, open tickets counted (n = {followed}): {outcome}. "
    "The median of the resolved ones alone is {alone:hours_minutes}."
)
HIDDEN = N_(
    "The mean is {mean:hours_minutes}; {below_mean:percent} of the tickets took less, and the "
    "slowest tenth took {slowest:percent} of all the time. No trend is read into means."
)
STILL_OPEN = n_(
    "{n} ticket is still open and not among the resolved ones: the figures of these alone "
    "look shorter than they are. The median with the open ones supposes that it will be "
    "resolved as others of its age were.",
    "{n} tickets are still open and not among the resolved ones: the figures of these "
    "alone look shorter than they are. The median with the open ones supposes that they "
    "will be resolved as others of their age were.",
)
STANDING = N_(
    "In service hours ({clause}), {tickets}. What a ticket waits for has to do with when "
    "it will be resolved; the median with the open tickets supposes that it has not, and "
    "may lie elsewhere."
)
WAITING = n_(
    "{n} open ticket waits while its clock stands still",
    "{n} open tickets wait while their clock stands still",
)

PRIORITIES = TableForm(
    "priorities",
    N_("Time to resolution by priority"),
    (
        Col("priority", N_("Priority"), quoted=True),
        Col("resolved", N_("Resolved"), Unit.COUNT),
        Col("median", N_("Median"), Unit.HOURS),
        Col("p90", N_("P90"), Unit.HOURS),
        Col("mean", N_("Mean"), Unit.HOURS),
        Col("below_mean", N_("Tickets under the mean"), Unit.SHARE),
        Col("slowest", N_("Time taken by the slowest tenth"), Unit.SHARE),
        Col("open", N_("Still open"), Unit.COUNT),
        Col("with_open", N_("Median with the open (Kaplan-Meier)"), Unit.HOURS),
    ),
    N_(
        "The slowest tenth is one ticket at least. With the open: one still open counts as one "
        "that takes longer than its age; —: not reached."
    ),
)
FATES = TableForm(
    "fates",
    N_("What became of the tickets"),
    (
        Col(
            "fate",
            N_("What became of them"),
            words={
                "resolved": N_("Resolved"),
                "open": N_("Still open"),
                "cancelled": N_("Cancelled"),
                "merged": N_("Merged into another"),
                "unknown": N_("Unknown"),
            },
        ),
        Col("n", N_("Tickets"), Unit.COUNT),
        Col("median", N_("Median time until then"), Unit.HOURS),
    ),
    N_(
        "For open tickets, their age. Cancelled and merged tickets ended otherwise than by a "
        "resolution, and are in no duration of this chapter except those that the tool recorded. "
        "Unknown: over at no known time, or in no known state."
    ),
)
DISTRIBUTION = TableForm(
    "distribution",
    N_("How long resolutions took"),
    (Col("label", N_("Figure")), Col("hours", N_("Hours"), Unit.HOURS)),
)
SURVIVAL = TableForm(
    "survival",
    N_("Tickets still unresolved as time goes by"),
    (
        Col("hours", N_("Hours since the opening"), Unit.HOURS),
        Col("share", N_("Still unresolved"), Unit.SHARE),
        Col("low", N_("Lower end (95%)"), Unit.SHARE),
        Col("high", N_("Upper end (95%)"), Unit.SHARE),
        Col("at_risk", N_("Tickets followed until then"), Unit.COUNT),
    ),
)
