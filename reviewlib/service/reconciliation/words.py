"""The sentences and the tables of the chapter on reconciliation."""

from __future__ import annotations

from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_, Quoted, n_
from reviewlib.report.values import Unit
from reviewlib.service.words import JUDGED_FROM

AGREES, EXPLAINED, UNEXPLAINED = "agrees", "explained", "unexplained"
STATES = {
    AGREES: N_("agrees"),
    EXPLAINED: N_("given by another interpretation"),
    UNEXPLAINED: N_("given by none tried"),
}
POSITIONS = {"agreed": N_("agreed"), "contested": N_("contested")}
JUDGED = {
    True: f"reported_kpis.csv; {JUDGED_FROM}",
    False: "reported_kpis.csv; tickets.csv",
}
"""By whether the folder has a log of status changes; so is ``RECOMPUTED_FROM``."""
RECOMPUTED_FROM = {True: N_("the log"), False: N_("tickets.csv, for want of a log")}
ALL_AGREE = n_(
    "{n} reported figure compared: it is the one recomputed.",
    "{n} reported figures compared: all are those recomputed.",
)
OF_CLAUSE = N_("{clause}: {sentence}")
DIFFERENT = {
    1: n_(
        "{k} of {n} reported figures is above the one recomputed.",
        "{k} of {n} reported figures are above those recomputed.",
        on="k",
    ),
    -1: n_(
        "{k} of {n} reported figures is below the one recomputed.",
        "{k} of {n} reported figures are below those recomputed.",
        on="k",
    ),
    0: n_(
        "{k} of {n} reported figures differs from the one recomputed.",
        "{k} of {n} reported figures differ from those recomputed.",
        on="k",
    ),
}
"""By whether what differs is all above, all below, or neither; so are the next ones."""
OPENING = {
    1: n_(
        "{k} of {n} reported figures exceeded the one recomputed",
        "{k} of {n} reported figures exceeded those recomputed",
        on="k",
    ),
    -1: n_(
        "{k} of {n} reported figures fell short of the one recomputed",
        "{k} of {n} reported figures fell short of those recomputed",
        on="k",
    ),
    0: n_(
        "{k} of {n} reported figures differed from the one recomputed",
        "{k} of {n} reported figures differed from those recomputed",
        on="k",
    ),
}
AT_STAKE = {
    1: N_("reported figures above those recomputed"),
    -1: N_("reported figures below those recomputed"),
    0: N_("reported figures that differ"),
}
DIFFERING = {
    True: N_(
        "{clause}: reported figures that differ from the one recomputed: {apart} of {n}, all of "
        "them higher; {spread}."
    ),
    False: N_(
        "{clause}: reported figures that differ from the one recomputed: {apart} of {n}, {higher} "
        "of them higher; {spread}."
    ),
}
"""By whether all that differ are higher."""
ALWAYS_AS_REPORTED = N_("the reported figures are those recomputed")
BRIEF_GAP = {
    1: N_("{clause}: the provider reports up to {points} above the log."),
    -1: N_("{clause}: the provider reports up to {points} below the log."),
    0: N_("{clause}: the provider’s figures differ from the log’s by up to {points}."),
}
BRIEF_MONTHS = {
    1: N_("{clause}: the provider reports {least:points} to {points} a month above the log."),
    -1: N_("{clause}: the provider reports {least:points} to {points} a month below the log."),
    0: N_("{clause}: the provider’s months differ from the log by up to {points}."),
}
"""Of figures over all priorities, which weigh more than one priority's widest gap of a month."""
GIVEN = N_("Another interpretation ({tried} tried): {n} of {of} would agree.")
NOT_GIVEN = N_("No other interpretation of the clause gives them.")
APART = N_("{clause}: reported figures that differ from the one recomputed")
WIDEST_GAP = N_("{clause}: widest gap between reported and recomputed, in points")
ONLY_SETTLED = N_("Months with a ticket of unknown pauses are not compared.")
GAP = n_(
    "{clause}, {month:month}, {priority}: reported {reported:percent}, recomputed "
    "{recomputed:percent} (n = {n_recomputed}), a gap of {points} that the {tried} "
    "interpretation tried for that month does not give.",
    "{clause}, {month:month}, {priority}: reported {reported:percent}, recomputed "
    "{recomputed:percent} (n = {n_recomputed}), a gap of {points} that none of the {tried} "
    "interpretations tried for that month gives.",
    on="tried",
)
HINT = n_(
    "Of {tried} other interpretation tried, {readings} gives the largest number of them: "
    "{matched} of {of}. A match is a hint; the tickets that it turns are the proof to ask "
    "for.",
    "Of {tried} other interpretations tried, {readings} gives the largest number of them: "
    "{matched} of {of}. A match is a hint; the tickets that it turns are the proof to ask "
    "for.",
    on="tried",
)
HINTS = n_(
    "Of {tried} other interpretation tried, {readings} each give the largest number of them: "
    "{matched} of {of}. A match is a hint; the tickets that it turns are the proof to ask "
    "for.",
    "Of {tried} other interpretations tried, {readings} each give the largest number of "
    "them: {matched} of {of}. A match is a hint; the tickets that it turns are the proof to "
    "ask for.",
    on="tried",
)
FLAG = N_(
    "{equal} of {of} are those of the flag that the tool recorded on each ticket; how the tool "
    "computed it is not in the data."
)
READ_SO = N_("With “{reading}” the verdicts would be: {verdicts}.")
VERDICT = {
    True: N_("{priority} {share:percent} of {n}, met"),
    False: N_("{priority} {share:percent} of {n}, missed"),
}
ALIKE = N_("the gap is {points}")
SPREAD = N_("the gap is {least:points} to {points}")
BY_MONTH_SPREAD = n_(
    "over all priorities the gap is {least:points} to {points} a month, {mean:points} weighted by "
    "the tickets of {n} month",
    "over all priorities the gap is {least:points} to {points} a month, {mean:points} weighted by "
    "the tickets of {n} months",
)
FIGURES = TableForm(
    "figures",
    N_("Reported and recomputed figures"),
    (
        Col("month", N_("Month"), Unit.MONTH),
        Col("clause", N_("Clause")),
        Col("priority", N_("Priority")),
        Col("reported", N_("Reported"), Unit.SHARE),
        Col("n", N_("n reported"), Unit.COUNT),
        Col("recomputed", N_("Recomputed"), Unit.SHARE),
        Col("n_recomputed", Quoted("n"), Unit.COUNT),
        Col("gap", N_("Gap (points)"), Unit.POINTS),
        Col("state", N_("State"), words=STATES),
        Col("words", N_("Interpretations tried that give it")),
        Col("matching", N_("How many give it"), Unit.COUNT),
        Col("tried", N_("Interpretations tried"), Unit.COUNT),
        Col("position", N_("Reply"), words=POSITIONS),
        Col("id", N_("Id")),
    ),
    N_(
        "The id of a figure is what an answer in replies.csv names. A figure agrees when the gap "
        "is within half of the last decimal that the clause’s reported figures have."
    ),
)
READINGS = TableForm(
    "readings",
    N_("Interpretations that give the reported figures"),
    (
        Col("clause", N_("Clause")),
        Col("words", N_("Interpretation")),
        Col("matched", N_("Figures that it gives"), Unit.COUNT),
        Col("differing", N_("Figures that differ"), Unit.COUNT),
    ),
    N_(
        "Where many interpretations are tried, some matches are likely by chance: look for "
        "one that gives many."
    ),
)
REPLIES = TableForm(
    "replies",
    N_("What the parties reply"),
    (
        Col("finding", N_("Finding"), quoted=True),
        Col("side", N_("Side"), words={"client": N_("client"), "provider": N_("provider")}),
        Col("position", N_("Reply"), words=POSITIONS),
        Col("statement", N_("In their words"), quoted=True),
        Col("replied_on", N_("On"), Unit.DATE),
    ),
    N_("Replies to any finding of the review stand here; a finding is named by its id."),
)
BY_MONTH = FIGURES.only(["clause", "month", "reported", "recomputed", "gap"]).but(
    name="by_month",
    caption=N_("Reported figures less those recomputed, month by month"),
    note=EMPTY,
    lead=True,
)
WIDEST = N_("Months: {n}. Widest gap: {points}, {month:month}.")
UNSETTLED = n_(
    "{n} figure that the provider reported is not compared: pauses unknown.",
    "{n} figures that the provider reported are not compared: pauses unknown.",
)
ALONE = n_(
    "{n} figure that the provider reported has none recomputed beside it.",
    "{n} figures that the provider reported have none recomputed beside them.",
)
OTHER = n_(
    "{n} reported figure is of another number of tickets than the one recomputed.",
    "{n} reported figures are of other numbers of tickets than those recomputed.",
)
ASTRAY = n_(
    "{n} reply names a figure that is not among those compared.",
    "{n} replies name figures that are not among those compared.",
)
