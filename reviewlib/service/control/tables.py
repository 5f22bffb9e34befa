"""The tables of control charts: the limits of each series, its months, what began new limits."""

from __future__ import annotations

from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_
from reviewlib.report.values import Unit
from reviewlib.service.control import words

SERIES = Col("name", N_("Series"))
OF_LIMITS = (
    SERIES,
    Col("points", N_("Months"), Unit.COUNT),
    Col("stage", N_("Limits"), words=words.STAGES),
    Col("p_prime", N_("Method"), words=words.METHODS),
)
LIMITS = TableForm(
    "limits",
    N_("Each month against the limits of its process, and the target"),
    (
        *OF_LIMITS,
        Col("mean", N_("Mean"), Unit.SHARE),
        Col("lower", N_("Lower limit"), Unit.SHARE),
        Col("upper", N_("Upper limit"), Unit.SHARE),
        Col("target", N_("Target"), Unit.SHARE),
        Col("position", N_("Target"), words=words.PLACES),
        Col("signals", N_("Signals"), Unit.COUNT),
    ),
    lead=True,
    by="weight",
    first=N_("The {n} that miss their target, or meet it by chance, first, of {all}."),
)
OPENED = TableForm(
    "opened",
    N_("Tickets opened by month, against the limits of their number"),
    (
        *OF_LIMITS,
        Col("mean", N_("Mean"), Unit.SCORE),
        Col("lower", N_("Lower limit"), Unit.SCORE),
        Col("upper", N_("Upper limit"), Unit.SCORE),
        Col("signals", N_("Signals"), Unit.COUNT),
    ),
)
MONTHS = TableForm(
    "months",
    N_("The months of each series"),
    (
        SERIES,
        Col("month", N_("Month"), Unit.MONTH),
        Col("value", N_("Share"), Unit.SHARE),
        Col("n", N_("Tickets"), Unit.COUNT),
        Col("mean", N_("Mean"), Unit.SHARE),
        Col("lower", N_("Lower limit"), Unit.SHARE),
        Col("upper", N_("Upper limit"), Unit.SHARE),
        Col("moving_range", N_("Moving range"), Unit.POINTS),
        Col("range_limit", N_("Limit of the range"), Unit.POINTS),
        Col("rules", N_("Signal")),
    ),
    N_(
        "The moving range is the gap to the month before; its limit is 3.267 times the mean one, "
        "and is stated where the limits are those of XmR. It makes no signal."
    ),
)
OPENED_MONTHS = TableForm(
    "opened_months",
    N_("Tickets opened in each month"),
    (
        Col("month", N_("Month"), Unit.MONTH),
        Col("value", N_("Tickets opened"), Unit.COUNT),
        *(
            Col(key, label, Unit.SCORE)
            for key, label in (
                ("mean", N_("Mean")),
                ("lower", N_("Lower limit")),
                ("upper", N_("Upper limit")),
                ("moving_range", N_("Moving range")),
                ("range_limit", N_("Limit of the range")),
            )
        ),
        Col("rules", N_("Signal")),
    ),
)
SIGNALS = TableForm(
    "signals",
    N_("Signals"),
    (
        SERIES,
        Col("rule", N_("Rule"), words=words.RULES),
        Col("first", N_("First month"), Unit.MONTH),
        Col("last", N_("Last month"), Unit.MONTH),
        Col("n", N_("Months"), Unit.COUNT),
    ),
)
CHANGES = TableForm(
    "changes",
    N_("What began new limits"),
    (SERIES, Col("month", N_("New limits from"), Unit.MONTH), Col("what", N_("Declared change"))),
)
