"""The words of the chapter on governance: its sentences, tables and what the calendar is called."""

from __future__ import annotations

from reviewlib.calendars.punctuality import LATE, NOT_DUE, ON_TIME, OVERDUE
from reviewlib.people.governance import metrics, relation, reports
from reviewlib.report.day_words import STATES as OF_DATES
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import BY_DEFAULT, SIDES
from reviewlib.report.text import N_, n_
from reviewlib.report.values import Unit

RULE = N_(
    "A meeting is counted by the day for which it was first planned; one moved and held is held. "
    "A whole period of the rhythm of a body in which the table has no meeting of it counts "
    "as a meeting of which nothing is recorded, unless there is one more just before or after. "
    "Minutes are in time within the time that the contract allows from the meeting. A role "
    "attended where it, or its deputy, is recorded. A report is on time by its day, or within the "
    "time that the contract allows from the end of its period. Held and attended are as "
    "recorded: where the table comes from a calendar, held is what was not cancelled there, "
    "attended an invitation accepted, and a change is set down to the side of whoever organises."
)
TITLE, LAUNCH = N_("Governance"), N_("Launch meeting")
STATES = {
    metrics.HELD: N_("meeting held"),
    metrics.HELD_LATE: N_("held later than planned"),
    metrics.CANCELLED: N_("meeting cancelled"),
    metrics.MISSING: N_("nothing recorded"),
    metrics.NOT_DUE: N_("meeting not due yet"),
    metrics.UNDATED: N_("without a day"),
}
SENT = {
    ON_TIME: N_("in time"),
    LATE: OF_DATES[LATE],
    OVERDUE: N_("sending not recorded"),
    NOT_DUE: OF_DATES[NOT_DUE],
}
NO_DAY_AGREED = N_("no day is agreed")
RECEIVED = {**OF_DATES, OVERDUE: N_("not received"), reports.NO_RULE: NO_DAY_AGREED}

# meetings

NONE_BETWEEN = N_(
    "{title}: meetings held {k} of {n}, none between {first:date} and {last:date} ({days:days})."
)
NONE_SINCE = N_("{title}: meetings held {k} of {n}, none since {first:date} ({days:days}).")
OF_BODY = N_("{title}: meetings held {k} of {n}.")
HELD_FACT = N_("Meetings held, of those planned")
OTHERS = N_("Meetings held of bodies without an agreed rhythm")
LAUNCHED = N_("Launch meeting held by its day")
GAP = N_("Longest gap between two meetings of a body")
NO_PLAN = N_("the contract sets no rhythm for the bodies that met")
ALL = N_("Meetings held: {k} of the {n} planned.")
FREE = N_("Meetings held of bodies without an agreed rhythm: {k} of {n}.")
HELD_CLAUSE = n_(
    "{k} of {n} planned meetings was held", "{k} of {n} planned meetings were held", on="k"
)
MINUTES_SENT = N_("Minutes in time for {k} of {n}.")
CANCELLED = {
    "client": N_("Cancelled by the client: {days}."),
    "provider": N_("Cancelled by the provider: {days}."),
    "both": N_("Cancelled by both sides: {days}."),
    "": N_("Cancelled, by whom is not recorded: {days}."),
}
NOTHING_RECORDED = N_("Nothing recorded: {days}.")
UP_TO = N_("the period to {day:date}")
BODY = N_("{title} {k} of {n}")
HOLD_AGAIN = N_("{title}: settle when a meeting that is cancelled is held, and who records it.")
HOLD_NEXT = N_(
    "For the next contract: agree on when a cancelled meeting ({title}) is held, and who records "
    "it."
)
MOVED = N_("Held later than planned: {meetings}.")
MOVED_BY = {
    "client": N_("{title} of {planned_on:date} by {days:days}, moved by the client"),
    "provider": N_("{title} of {planned_on:date} by {days:days}, moved by the provider"),
    "both": N_("{title} of {planned_on:date} by {days:days}, moved by both sides"),
    "": N_("{title} of {planned_on:date} by {days:days}"),
}
LAUNCHED_LATE = N_(
    "The launch meeting was held on {held_on:date}, {days:days} after its due date ({due:date})."
)
NOT_LAUNCHED = N_(
    "Launch meeting: no day on which it was held is recorded as of {today}; it was due on "
    "{due:date}."
)
OWN_GAP = N_("{title}: between {first:date} and {last:date}")
SINCE_GAP = N_("{title}: since {first:date}")

# minutes

MINUTES_FACT = N_("Minutes sent in time")
MINUTES_OTHERS = N_("Minutes sent, for which the contract sets no time limit")
NO_MINUTES = N_("no minutes have come due within a time limit of the contract")
LATE_MINUTES = N_(
    "{title}: minutes late for {late} of {minuted}, sending not recorded for {unsent}."
)
RUN_SENT = N_(
    "None of the last {run}, from {since:date} on, had them within {delay}; those sent came "
    "{median:days} after the meeting (median)."
)
RUN_UNSENT = N_("None of the last {run}, from {since:date} on, had them within {delay}.")
OWED_BY = BY_DEFAULT(
    policy=N_("owed by both sides, for the contract file does not say who writes them")
)
WRITE = N_("{title}: settle who writes the minutes, and how they are sent within {delay}.")
WRITE_NEXT = N_(
    "For the next contract: agree on who writes the minutes ({title}), and sends them within "
    "{delay}."
)
MINUTES_BRIEF = N_("{title}: minutes late or not recorded for {k} of {n}.")
RUN_BRIEF = N_(
    "{title}: minutes late or not recorded for {k} of {n}, including each of the last {run}."
)
LATE_OR_MISSING = N_("minutes late or not recorded")
WITHOUT = N_("without a meeting")

# who attended

ABSENT = N_("{title}, roles absent: {roles}.")
OF_ROLE = N_("{role} ({side}) {k} of {n}")
NO_ROLES = N_("no meeting held has both roles that it requires and who attended")
STAND_IN = N_("{title}: settle who stands in for a role that cannot attend.")
STAND_IN_NEXT = N_(
    "For the next contract: agree on who stands in for a role that cannot attend ({title})."
)

# reports

REPORTS_MISSED = {
    LATE: N_(
        "{title} of {when}: received on {received_on:date}, {late:days} after its due date "
        "({due_on:date})."
    ),
    OVERDUE: N_("{title} of {when}: not received as of {today}; it was due on {due_on:date}."),
}
REPORTS_OTHERS = N_("Reports received, for which the contract sets no day")
PAST = N_("after the due date")
REPORT = N_("{title} of {when}")
SETTLE_REPORT = N_("{title} of {when}: settle whether it is still to be sent.")
REPORT_NEXT = N_(
    "For the next contract: agree on what follows when a report ({title}) is not received."
)
REPORT_OWED = N_("{title} of {when}: to send")
REPORT_BRIEF = {
    "provider": N_("{title} of {when}: not received from the provider; due on {due_on:date}."),
    "client": N_("{title} of {when}: not received from the client; due on {due_on:date}."),
}
ON_TIME_REPORTS = N_("Reports due that were received on time: {k} of {n}.")
REPORTS_OF = {
    "provider": N_("Reports of the provider received on time"),
    "client": N_("Reports of the client received on time"),
}
ATTENDED_BY = {
    "provider": N_("Attendance of the provider’s required roles"),
    "client": N_("Attendance of the client’s required roles"),
}
NO_DAYS = N_("The folder does not say when meetings were held.")
NOTHING_YET = N_("No meeting and no report has come due.")

# caveats

NOT_IN_PLAN = N_(
    "Not in the governance plan, and counted without a verdict, for the contract sets no rhythm: "
    "{ids}."
)
NO_ROW_OF = N_("The table has no meeting of {bodies}: whether it met is not known.")
NO_REPORT = N_("The table has no report of {reports}: whether it was received is not known.")
NO_ROLE = N_("Recorded as attending, and no role of the contract: {ids}.")
NO_DAY = N_("Meetings without any day are not counted: {ids}.")
UNATTENDED = n_(
    "Of {n} meeting held, who attended is not recorded: attendance is counted without it.",
    "Of {n} meetings held, who attended is not recorded: attendance is counted without them.",
)
NO_SIDE = N_("Neither the table nor the contract says which side owes {ids}: not counted.")

# the calendar and the tables

EVENTS_OF = {
    relation.DISPUTES: N_("Disputes"),
    relation.BLOCKERS: N_("Blocking points"),
    relation.CONTACTS: N_("Changes of contact"),
}
K_OF_N = N_("{k} of {n}")
COUNT = N_("{n}")
DESCRIPTION = N_(
    "A row for each body with its meetings along the months, then disputes, blocking points and "
    "changes of contact."
)
MEASURE = N_("Meetings and events by month")
CALENDAR = TableForm(
    "calendar",
    N_("Calendar of the relation"),
    (
        Col("title", N_("Body"), quoted=True),
        Col("n", N_("Meetings planned"), Unit.COUNT),
        Col("k", N_("Meetings held"), Unit.COUNT),
        Col(metrics.HELD_LATE, N_("Held later than planned"), Unit.COUNT),
        Col(metrics.CANCELLED, N_("Meetings cancelled"), Unit.COUNT),
        Col(metrics.MISSING, N_("Nothing recorded"), Unit.COUNT),
        Col("gap", N_("Longest gap in days"), Unit.COUNT),
        Col("in_time", N_("Minutes in time"), Unit.COUNT),
        Col("late", N_("Minutes late"), Unit.COUNT),
        Col("unsent", N_("Minutes, sending not recorded"), Unit.COUNT),
    ),
    lead=True,
    by="weight",
    first=N_("Of {all} rows the first {n}, by meetings not held."),
)
EVENTS = TableForm(
    "events",
    N_("Disputes, blocking points and changes of contact in the calendar"),
    (
        Col("row", N_("What"), words=EVENTS_OF),
        Col("start", N_("From"), Unit.DATE),
        Col("end", N_("To"), Unit.DATE),
        Col(
            "mark",
            N_("State"),
            words={
                relation.SPAN: N_("lasted"),
                relation.OPEN: N_("no end date is recorded"),
                relation.CHANGE: N_("change"),
            },
        ),
    ),
)
MEETINGS = TableForm(
    "meetings",
    N_("Meetings, one by one"),
    (
        Col("meeting_id", N_("Meeting")),
        Col("title", N_("Body"), quoted=True),
        Col("planned_on", N_("First planned for"), Unit.DATE),
        Col("held_on", N_("Day of the meeting"), Unit.DATE),
        Col("state", N_("State"), words=STATES),
        Col("days", N_("Days after the day planned"), Unit.COUNT),
        Col("cancelled_by", N_("Moved or cancelled by"), words=SIDES),
        Col("minutes_on", N_("Minutes sent on"), Unit.DATE),
        Col("sent_after", N_("Days to the minutes"), Unit.COUNT),
        Col("minutes", N_("Minutes"), words=SENT),
        Col("evidence", N_("Evidence"), quoted=True),
    ),
)
ATTENDANCE = TableForm(
    "attendance",
    N_("Required roles that attended"),
    (
        Col("title", N_("Body"), quoted=True),
        Col("role_title", N_("Role"), quoted=True),
        Col("side", N_("Side"), words=SIDES),
        Col("k", N_("Meetings attended"), Unit.COUNT),
        Col("n", N_("Meetings held"), Unit.COUNT),
    ),
)
REPORTS = TableForm(
    "reports",
    N_("Reports, one by one"),
    (
        Col("title", N_("Report"), quoted=True),
        Col("when", N_("Period"), quoted=True),
        Col("side", N_("Side"), words=SIDES),
        Col("due_on", N_("Due on"), Unit.DATE),
        Col("received_on", N_("Received on"), Unit.DATE),
        Col("state", N_("State"), words=RECEIVED),
        Col("late", N_("Days late"), Unit.COUNT),
        Col("evidence", N_("Evidence"), quoted=True),
    ),
)
