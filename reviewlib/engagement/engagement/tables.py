"""The tables of the chapter on the engagement."""

from __future__ import annotations

from reviewlib.engagement.engagement import metrics
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import EMPTY, N_
from reviewlib.report.values import Unit

SIDES = {"client": N_("Client"), "provider": N_("Provider")}
SINGLE = {True: N_("single point of contact"), False: N_("other contact")}
INCLUDED = {True: N_("included"), False: N_("excluded")}
OUTCOMES = {
    metrics.MET: N_("met"),
    metrics.LATE: N_("reached after its date"),
    metrics.NOT_MET: N_("not met"),
    metrics.NOT_DUE: N_("not due yet"),
    metrics.NOT_MEASURED: N_("not measured"),
    metrics.NO_TARGET: N_("without a target"),
}
PARTS = {
    "measure": N_("measure"),
    "unit": N_("unit"),
    "target": N_("target"),
    "due": N_("due date"),
    "owner": N_("owner"),
}
"""The parts of an objective that can be verified."""

OBJECTIVES = TableForm(
    "objectives",
    N_("Objectives and results"),
    (
        Col("objective_id", N_("Objective")),
        Col("title", N_("What"), quoted=True),
        Col("measure", N_("Measure"), quoted=True),
        Col("aim", N_("Target")),
        Col("due", N_("Due on"), Unit.DATE),
        Col("owner", N_("Owner"), quoted=True),
        Col("counted", N_("Measured by the due date")),
        Col("measured_on", N_("Measured on"), Unit.DATE),
        Col("latest", N_("Latest measure")),
        Col("latest_on", N_("Latest measured on"), Unit.DATE),
        Col("state", N_("State"), words=OUTCOMES),
        Col("missing", N_("What it lacks to be SMART")),
    ),
    N_(
        "SMART also asks that an objective be attainable and relevant: the data do not say so, "
        "and it is not judged here."
    ),
)
SCOREBOARD = OBJECTIVES.only(
    ["objective_id", "title", "aim", "due", "counted", "latest", "state"]
).but(
    name="scoreboard",
    caption=N_("Objectives, result and target"),
    note=EMPTY,
    lead=True,
    by="weight",
    first=N_("{n} of {all}: what was not met first, then what was not measured."),
)
WEIGHTS = (metrics.NOT_MET, metrics.LATE, metrics.NOT_MEASURED, metrics.NO_TARGET)
"""The outcomes that come first where not all objectives are shown."""
PARTIES = TableForm(
    "parties",
    N_("Parties and contacts"),
    (
        Col("side", N_("Side"), words=SIDES),
        Col("name", N_("Organisation"), quoted=True),
        Col("single", N_("Contact"), words=SINGLE),
        Col("role", N_("Role"), quoted=True),
        Col("duties", N_("Answers for"), quoted=True),
    ),
)
ESCALATION = TableForm(
    "escalation",
    N_("Escalation ladder"),
    (
        Col("level", N_("Level"), Unit.COUNT),
        Col("client", N_("Client"), quoted=True),
        Col("provider", N_("Provider"), quoted=True),
        Col("within", N_("Notified within")),
    ),
    absent=N_("The contract file names no escalation ladder (escalation)."),
)
SCOPE = TableForm(
    "scope",
    N_("Scope"),
    (
        Col("title", N_("What"), quoted=True),
        Col("included", N_("In the contract"), words=INCLUDED),
        Col("volume", N_("Volume included"), Unit.COUNT),
        Col("unit", N_("Unit"), quoted=True),
        Col("clause", N_("Clause"), quoted=True),
    ),
    absent=N_("The contract file names nothing included or excluded (scope)."),
)
SENSITIVE = TableForm(
    "sensitive_periods",
    N_("Sensitive periods"),
    (
        Col("title", N_("Period"), quoted=True),
        Col("first", N_("First day"), Unit.DATE),
        Col("last", N_("Last day"), Unit.DATE),
    ),
    absent=N_("The contract file names no sensitive period (sensitive_periods)."),
)
LEFT_OPEN = TableForm(
    "left_open",
    N_("What the governance plan leaves open"),
    (
        Col("title", N_("Point")),
        Col("lacks", N_("What is open")),
        Col("why", N_("Why it matters")),
    ),
    N_(
        "Points that such a plan usually settles, the gravest first. What the contract settles "
        "elsewhere, and its file does not state, is open here."
    ),
)
AMENDMENTS = TableForm(
    "amendments",
    N_("Amendments"),
    (
        Col("id", N_("Amendment"), quoted=True),
        Col("title", N_("Title"), quoted=True),
        Col("signed", N_("Signed on"), Unit.DATE),
        Col("effective", N_("In force from"), Unit.DATE),
        Col("part", N_("What it changes"), quoted=True),
        Col("before", N_("Before"), quoted=True),
        Col("after", N_("Since"), quoted=True),
    ),
    absent=N_("The contract file holds no amendment (amendments)."),
)
