"""How control charts are said: rules, signals, where a target lies, what limits rest on."""

from __future__ import annotations

from reviewlib.report.text import N_, Text, n_
from reviewlib.service.control.metrics import (
    ABOVE,
    BELOW,
    FIXED,
    NONE,
    TRIAL,
    WITHIN,
)
from reviewlib.service.control.series import AMENDMENT, CHANGE, RAMP_UP, Rebase

INTRO = (
    N_(
        "A point is a month that is over and of which no ticket or outage runs any more: the "
        "month of the review has none. A ticket that is reopened later may still move it. A month "
        "without a ticket has none either; its neighbours follow each other."
    ),
    N_(
        "The limits are the mean ± 2.66 times the mean moving range from month to month (XmR); no "
        "range is screened out. There are none below six months; below twelve they are on trial, "
        "and move with each month; those of the first twelve stay, until a declared change "
        "begins others, from the first month that begins since."
    ),
    N_(
        "Where the number of tickets varies twofold, the limits of a share are those of Laney "
        "(p′): the share of all these tickets, and limits that are wider for months of few "
        "tickets. For the next month they are those of the median number."
    ),
    N_("Limits are computed beyond 0% and 100%, and shown up to there."),
)
BY_RULES = N_("Signals, by {rules}: {named:chain}.")
SETS = {
    "wheeler": N_("the three rules of Wheeler"),
    "nhs": N_("the four rules of the NHS in England"),
}
RULES: dict[str, Text] = {
    "outside": N_("a month outside the limits"),
    "near": N_("three of four months in a row nearer the same limit than the mean"),
    "side_8": N_("eight months in a row on one side of the mean"),
    "side_7": N_("seven months in a row on one side of the mean"),
    "trend_7": N_("seven months in a row rising or falling"),
    "close": N_("two of three months on one side of the mean in the last third before the limit"),
}
_ABOVE_MEAN = n_(
    "{label}: {n} month in a row above the mean, {first:month} – {last:month}",
    "{label}: {n} months in a row above the mean, {first:month} – {last:month}",
)
_BELOW_MEAN = n_(
    "{label}: {n} month in a row below the mean, {first:month} – {last:month}",
    "{label}: {n} months in a row below the mean, {first:month} – {last:month}",
)
SIGNALS = {
    ("outside", "above"): N_("{label}: above the upper limit in {months}"),
    ("outside", "below"): N_("{label}: below the lower limit in {months}"),
    ("near", "above"): N_("{label}: nearer the upper limit than the mean in {months}"),
    ("near", "below"): N_("{label}: nearer the lower limit than the mean in {months}"),
    ("close", "above"): N_("{label}: close to the upper limit in {months}"),
    ("close", "below"): N_("{label}: close to the lower limit in {months}"),
    **dict.fromkeys((("side_8", "above"), ("side_7", "above")), _ABOVE_MEAN),
    **dict.fromkeys((("side_8", "below"), ("side_7", "below")), _BELOW_MEAN),
    ("trend_7", "rising"): n_(
        "{label}: rising {n} month in a row, {first:month} – {last:month}",
        "{label}: rising {n} months in a row, {first:month} – {last:month}",
    ),
    ("trend_7", "falling"): n_(
        "{label}: falling {n} month in a row, {first:month} – {last:month}",
        "{label}: falling {n} months in a row, {first:month} – {last:month}",
    ),
}
"""By rule and side, without a full stop."""
OF_RULE = N_("{signal} (rule: {rule}).")
BARE = N_("{signal}.")
NO_CAUSE = N_("A signal says that the process changed, not why.")
ON_TRIAL = n_(
    "The limits are on trial: they rest on {n} month.",
    "The limits are on trial: they rest on {n} months.",
)
OF_FEW = n_(
    "Tickets of that month: {most}; under {enough}, one of them moves its share by over 10 points.",
    "Tickets of these months: {least} to {most}; under {enough}, one of them moves a share by over "
    "10 points.",
)
LOOK = N_("{label}: establish what changed from {first:month} on, and whether it lasts.")
AGREE = N_("{label}: agree on what changes in the process, which does not reach the target.")
POSITIONS = {
    ABOVE: N_(
        "{label}: above the target of {target} at every level of the process ({lower} to {upper})."
    ),
    WITHIN: N_(
        "{label}: the target of {target} lies within the limits of the process ({lower} "
        "to {upper}): meeting it next month is chance."
    ),
    BELOW: N_(
        "{label}: below the target of {target} at every level of the process ({lower} to "
        "{upper}): as it is, it misses it."
    ),
}
POSITIONS_OVER = POSITIONS | {
    WITHIN: N_(
        "{label}: the target of {target} lay within the limits of the process ({lower} to "
        "{upper}): meeting it in a month was chance."
    ),
    BELOW: N_(
        "{label}: below the target of {target} at every level of the process ({lower} to "
        "{upper}): as it was, it missed it."
    ),
}
"""Where a target lies: while the contract runs, and once it is over."""
BRIEFS = {
    WITHIN: N_(
        "{label}: the target of {target} lies within the limits of the process: meeting it next "
        "month is chance."
    ),
    BELOW: N_("{label}: below the target of {target} at every level of the process."),
}
BRIEFS_OVER = BRIEFS | {
    WITHIN: N_(
        "{label}: the target of {target} lay within the limits of the process: meeting it in a "
        "month was chance."
    ),
}
NEXT = {
    ABOVE: N_("always met"),
    WITHIN: N_("chance"),
    BELOW: N_("never met"),
    NONE: N_("too few months"),
    "": N_("without a target"),
}
"""What stands at the end of a row."""
PLACES = {
    ABOVE: N_("below the limits: met at every level"),
    WITHIN: N_("within the limits: chance"),
    BELOW: N_("above the limits: met at no level"),
}
"""Where a target lies, in a table."""
STAGES = {
    NONE: N_("none: too few months"),
    TRIAL: N_("on trial"),
    FIXED: N_("of the first twelve months"),
}
METHODS = {False: N_("XmR"), True: N_("p′ (Laney)")}
TOO_FEW = N_("too few months ({n} of {least})")
HEADLINES = {
    WITHIN: n_(
        "Meeting the target next month is chance for {k} of {n} series with limits: "
        "it lies within them.",
        "Meeting the target next month is chance for {k} of {n} series with limits: "
        "it lies within them.",
        on="k",
    ),
    BELOW: n_(
        "The target is met at no level of the process for {k} of {n} series.",
        "The target is met at no level of the process for {k} of {n} series.",
        on="k",
    ),
    ABOVE: n_(
        "The target is met at every level of the process.",
        "The target is met at every level of the process for all {n} series.",
    ),
}
HEADLINES_OVER = {
    WITHIN: n_(
        "Meeting the target in a month was chance for {k} of {n} series with limits: "
        "it lay within them.",
        "Meeting the target in a month was chance for {k} of {n} series with limits: "
        "it lay within them.",
        on="k",
    ),
    BELOW: n_(
        "The target was met at no level of the process for {k} of {n} series.",
        "The target was met at no level of the process for {k} of {n} series.",
        on="k",
    ),
    ABOVE: n_(
        "The target was met at every level of the process.",
        "The target was met at every level of the process for all {n} series.",
    ),
}
"""By where the target lies that is the least certain to be met."""
NO_TARGET = N_("No target can be held against the limits of a process.")
NO_LIMITS = N_("No series has the six months that limits need.")
NO_MONTH = N_("no month of the service was over by then")
COUNTED = {
    "within": N_("Targets within the limits: chance"),
    "below": N_("Targets met at no level of the process"),
    "above": N_("Targets met at every level of the process"),
}
NO_POSITION = N_("no series with a target has limits")
SIGNALLED = N_("Series with a signal in their last three months")
SIGNALLED_NOW = N_("Series with a signal in the period")
MEAN = N_("{label}: mean of the process")
OF_PROCESS = N_("limits of the process, {method}")
RESTS_ON = {
    TRIAL: n_("on trial, of {n} month", "on trial, of {n} months"),
    FIXED: n_("of the first {n} month", "of the first {n} months"),
}
SINCE = N_("since {month:month}")
IN_ROW = N_("{mean} ({lower} to {upper})")
IN_WORDS = N_("mean {mean}, limits {lower} to {upper}")
OF_TICKETS = N_("n {least}–{most}")
EXPECTED = N_("{target}: {chance}")
MEASURE = N_("Mean (limits), tickets a month")
OPENED_MEASURE = N_("Mean (limits) of a month")
OF_SERIES = N_("{label} {months}")
OPEN = N_("No point yet, for tickets or outages of it still run: {parts:chain}.")
UNSURE = N_("No point, for no log tells the pauses of late tickets: {parts:chain}.")
CUT = N_("No point, for the log or the contract covers a part of it alone: {parts:chain}.")
FEW = N_("Too few months for limits, since the start or the last change: {names:commas}.")


def rebase_words(rebase: Rebase) -> Text:
    """Return what declares a change."""
    words = {
        AMENDMENT: N_("{name}, in force from {day:date}"),
        RAMP_UP: N_("the ramp-up ended before {day:date}"),
        CHANGE: N_("{name}, {day:date}"),
    }[rebase.kind]
    return words.filled({"name": rebase.name, "day": rebase.day})
