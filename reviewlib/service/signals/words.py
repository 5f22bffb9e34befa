"""The words of the signals: what each is, what the log shows of it and what it asks."""

from __future__ import annotations

from dataclasses import dataclass

from reviewlib.report.forms import Col, TableForm
from reviewlib.report.text import N_, Message, n_
from reviewlib.report.values import Unit
from reviewlib.service.signals.metrics import OTHER_DAYS

TICKET, CLAUSE = Col("ticket_id", N_("Ticket")), Col("clause", N_("Clause"))
AT = Col("at", N_("When"), Unit.INSTANT)
RUN, TARGET = (
    Col("run", N_("Target used by then"), Unit.SECONDS),
    Col("target", N_("Target"), Unit.SECONDS),
)
OPENED, RESOLVED = (
    Col("opened_at", N_("Opened"), Unit.INSTANT),
    Col("resolved_at", N_("Resolved at"), Unit.INSTANT),
)
STATUS = "ticket_events.csv: status"


@dataclass(frozen=True)
class Signal:
    """What a signal is, the sentence on how often it occurs (``k`` of ``n``), and its question.

    ``columns``: those of the table of its cases.
    """

    name: str
    label: Message
    definition: Message
    sentence: Message
    question: Message
    source: Message | str
    columns: tuple[Col, ...]

    @property
    def cases(self) -> TableForm:
        return TableForm(f"{self.name}.cases", self.label, self.columns)


WAITS = Signal(
    "waits",
    N_("Waits set in the last fifth of the target time"),
    N_(
        "A status that pauses the clock of the resolution clause is set while the clock runs, "
        "once four fifths of the target are used and before the deadline. Where several "
        "clauses on resolution time a ticket, a wait counts once for each clock that it pauses."
    ),
    N_("Waits set in the last fifth of the target time: {k} of the {n} set within it."),
    N_("What was awaited in each of these waits, and could it have been asked for sooner?"),
    STATUS,
    (
        TICKET,
        CLAUSE,
        Col("priority", N_("Priority")),
        AT,
        Col("status", N_("Status"), quoted=True),
        RUN,
        TARGET,
    ),
)
REOPENED = Signal(
    "reopened",
    N_("Tickets reopened within 24 hours"),
    N_(
        "A ticket is resolved or closed, then active again at most 24 hours later, nights and "
        "week-ends included."
    ),
    N_("Tickets reopened within 24 hours: {k} of the {n} resolved at least once."),
    N_("What was missing when these tickets were resolved, and had the caller been asked?"),
    STATUS,
    (TICKET, RESOLVED, Col("reopened_at", N_("Reopened"), Unit.INSTANT)),
)
LOWERED = Signal(
    "lowered",
    N_("Priorities lowered near the deadline or after it"),
    N_(
        "The priority changes to a less urgent one before the resolution, once four fifths of "
        "the target of the priority before are used, or after its deadline."
    ),
    N_(
        "Priorities lowered in the last fifth of the target time or after it: {k} of the {n} "
        "lowered before the resolution."
    ),
    N_("What had changed for these tickets, and did both parties agree to the new priority?"),
    "ticket_events.csv: priority, status",
    (TICKET, CLAUSE, AT, Col("old", N_("From")), Col("new", N_("To")), RUN, TARGET),
)
MONTH_ENDS = Signal(
    "month_ends",
    N_("Months that end with unusually many resolutions"),
    N_(
        "More tickets are resolved on the last working day of a month than the limit drawn "
        "from its other working days. A working day has service hours on the calendar by "
        "which most tickets are judged; where there is none, it is Monday to Friday. "
        "Compared are the months that are over, covered from their first working day on, and "
        "with {days} other working days or more."
    )(days=OTHER_DAYS),
    N_(
        "Months whose last working day has more resolutions than its limit: {k} of the {n} "
        "compared."
    ),
    N_("Were these tickets resolved on that day, or were their dates entered that day?"),
    "ticket_events.csv: status; tickets.csv: resolved_at",
    (
        Col("month", N_("Month"), Unit.MONTH),
        Col("day", N_("Last working day"), Unit.DATE),
        Col("resolved", N_("Resolved on it"), Unit.COUNT),
        Col("others", N_("Other working days"), Unit.COUNT),
        Col("mean", N_("A day on the others"), Unit.SCORE),
        Col("limit", N_("Limit"), Unit.COUNT),
        Col("above", N_("Above the limit")),
    ),
)
UNWORKED = Signal(
    "unworked",
    N_("Tickets resolved without a trace of work"),
    N_(
        "From the opening to the first resolution the log has no answer that the provider "
        "gave or may have given, no change of team or assignee (what a rule of the tool did "
        "excepted) and no other status than the first. Tickets merged into another, or "
        "children of one, are left out."
    ),
    N_("Tickets resolved without a trace of work: {k} of the {n} resolved after their opening."),
    N_("Where was the work on these tickets done, and should the log show it?"),
    "ticket_events.csv: status, group, assignee, public_reply",
    (TICKET, OPENED, RESOLVED),
)

INTRO = N_(
    "A signal is a pattern in the log that may have good reasons. It is a question to both parties "
    "and accuses no one; it is about tickets, never about a person or a team."
)
EXPECTATIONS = {
    "waits": N_("Waits expected in the last fifth, were they set at any moment of the target time"),
    "month_ends": N_("Months expected to pass their limit by chance"),
}
EXPECTED = N_("Set at any moment of the target time, {expected:number.1} would be.")
BY_CHANCE = N_("By chance, {expected:number.2} would.")
NO_CHANCE = N_("How many chance alone would give is not known.")
ABOVE = N_(
    "{day:date}: {resolved}, against {mean:number.1} a day on its {others} other working days."
)
RESOLUTIONS = n_("{n} resolution", "{n} resolutions")
WORK = {
    "group": N_("changes of team"),
    "assignee": N_("changes of assignee"),
    "public_reply": N_("answers to callers"),
}
NO_TRACE = N_(
    "The log does not record: {fields:all}. Tickets resolved without a trace of work are "
    "those without any in the rest of the log."
)
SILENT = n_(
    "{n} ticket has no status in the log: of the signals, only the month ends count it.",
    "{n} tickets have no status in the log: of the signals, only the month ends count them.",
)
DEFINITIONS = TableForm(
    "definitions",
    N_("Signals and their definitions"),
    (
        Col("label", N_("Signal")),
        Col("definition", N_("What it is")),
        Col("count", N_("Found"), Unit.COUNT),
        Col("n", N_("Of"), Unit.COUNT),
        Col("expected", N_("Expected"), Unit.SCORE),
    ),
    N_(
        "Expected: for each clause and priority, the part of the time run within the target that "
        "was run in its last fifth, times the waits set; of months, those that pass their limit "
        "by the Poisson law; no law of chance is known for the others. Limit of a month: what an "
        "ordinary day passes once in 1,000 by the Poisson law of the mean of the other working "
        "days; resolutions that come in batches pass it more often."
    ),
)
