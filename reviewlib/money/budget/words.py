"""The words of the budget: totals, lines over it, what a tool shows, the steps of the figure."""

from __future__ import annotations

from collections.abc import Mapping

from reviewlib.report.text import N_, Message

BySign = Mapping[int | None, Message]
"""A sentence by the sign of a gap to the current budget; None: the gap is not known."""
COUNTED = N_(
    "The current budget of a line is its original amount and the changes approved by the day "
    "of the review: that part of a variance is covered. What is spent beyond it, or below "
    "it, no approved change covers. The current budget that a tool shows is only compared "
    "with the one recomputed."
)
NOT_STATED = N_("no line states that amount")
PRICED = N_("{change} ({cost:money})")

WAS_SPENT: BySign = {
    1: N_("{actual:money} was spent for a current budget of {current:money}, {gap:money} more."),
    -1: N_("{actual:money} was spent for a current budget of {current:money}, {gap:money} less."),
    0: N_("{actual:money} was spent, as much as the current budget."),
}
IS_FORECAST: BySign = {
    1: N_(
        "The forecast at completion is {forecast:money}, {gap:money} over the current budget of "
        "{current:money}."
    ),
    -1: N_(
        "The forecast at completion is {forecast:money}, {gap:money} under the current budget of "
        "{current:money}."
    ),
    0: N_("The forecast at completion is {forecast:money}, as much as the current budget."),
}

EXCESS_SPENT = {
    True: N_(
        "Line {line_id} “{title}”: {actual:money} spent for a current budget of {limit:money}, "
        "{spent_over:money} more."
    ),
    False: N_(
        "Line {line_id} “{title}”: {actual:money} spent for an original budget of {limit:money}, "
        "{spent_over:money} more."
    ),
}
EXCESS_FORECAST = {
    True: N_(
        "Line {line_id} “{title}”: {forecast:money} forecast for a current budget of "
        "{limit:money}, {forecast_over:money} more."
    ),
    False: N_(
        "Line {line_id} “{title}”: {forecast:money} forecast for an original budget of "
        "{limit:money}, {forecast_over:money} more."
    ),
}
EXPLAINED = {
    True: N_("No change approved for that line covers it."),
    False: N_("What approved changes cover of it is not known."),
}
"""What is said of a line over its budget where its changes are known, and where they are not."""
SHOWN: BySign = {
    1: N_("{line_id}: {stated:money}, {gap:money} more"),
    -1: N_("{line_id}: {stated:money}, {gap:money} less"),
}

STEPS = {
    "original": N_("Original budget"),
    "changes": N_("Approved changes"),
    "change": N_("{name}"),
    "current": N_("Current budget"),
    "unexplained": N_("{name}"),
    "line": N_("{name}"),
    "others": N_("Other lines"),
    "loose": N_("Approved for no line"),
    "actual": N_("Spent"),
    "forecast": N_("Forecast"),
}
UNSPLIT = N_(
    "From {original:money} originally to {end:money}; what approved changes cover is not known."
)
SPLIT = {
    "actual": N_(
        "{original:money} originally, {approved:money} approved, {unexplained:money} not "
        "covered: {actual:money} spent."
    ),
    "forecast": N_(
        "{original:money} originally, {approved:money} approved, {beyond:money} not covered: "
        "{forecast:money} forecast."
    ),
}

CAVEATS = {
    "unpriced": N_("Approved changes that state no cost, and are counted as none: {ids}."),
    "undated": N_("Approved changes without a day of decision, counted as decided by then: {ids}."),
    "unapproved": N_("Changes of no line applied without an approval, in no figure here: {ids}."),
    "since": N_(
        "Approved after the day on which the amounts of their line were stated (stated_on), which "
        "may not count them yet: {ids}."
    ),
    "undated_lines": N_(
        "Not said on what day the amounts of these lines were stated (stated_on), and taken as "
        "known on that of the review: {ids}."
    ),
    "too_low": N_(
        "The forecast of these lines is below what is spent on them, and is in no figure here: "
        "{ids}."
    ),
    "unspent": N_("Not assessed, for want of an amount spent: {ids}. No total counts them as 0."),
    "running": N_(
        "More is forecast than was spent on {ids}: what is below the current budget there may "
        "still be spent, and is not saved."
    ),
    "loose": N_(
        "Approved changes that name no budget line: {ids}. They are in no line; the total counts "
        "them as approved, on a row of their own."
    ),
}
