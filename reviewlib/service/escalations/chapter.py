"""Escalations: who should have been told of major incidents, by when, and who was (F10)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.contract.parties import EscalationLevel, MajorIncidents
from reviewlib.ids import among
from reviewlib.report.chapter import Chapter
from reviewlib.report.fields import FactFields
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import OUTCOME
from reviewlib.report.text import EMPTY, N_, Shown, Text, commas, listed, n_, sentences
from reviewlib.report.values import AtStake, Brief, Checks, Kind, Section, Side, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clauses import calendar_title, target_words
from reviewlib.service.escalations import metrics

STEP_COLUMNS = ("level", "client", "provider", "within")
NAMED = 5  # tickets that a sentence names
EVENTS = "ticket_events.csv: escalation, priority, status; tickets.csv: opened_at"
STARTS = {
    "opened": N_("the opening, or after the ticket took that priority if that was later"),
    "breached": N_("the end of the resolution target, or after the ticket took that priority"),
}
OUTCOMES = {
    metrics.IN_TIME: N_("Notified in time"),
    metrics.LATE: N_("Notified late"),
    metrics.NOT_TOLD: N_("Not notified"),
    metrics.NOT_NEEDED: N_("Not needed"),
    metrics.TOO_EARLY: N_("Too early to say"),
    metrics.UNKNOWN: N_("Not known"),
}
SETTLED = N_("Level {level}: settle how it is notified in time, and who checks that it was.")
NEXT_SETTLED = N_(
    "For the next contract: agree on how level {level} is notified in time, and who checks it."
)
BESIDES = N_("Not known besides: {n}.")
RULE = N_(
    "A major incident is a ticket that ever had one of these priorities: "
    "{priorities:commas}; a child of one, or a ticket merged into one, is none of its own. A "
    "level of the ladder is due once the ticket has been unresolved for the time that the "
    "level states, counted from {start}, on this calendar: {calendar}. That clock stops "
    "while the ticket is resolved, closed or cancelled, and resumes where it is reopened; "
    "waiting does not stop it. A level that does not come due is not needed. It is notified "
    "by the first escalation event of that level or of a higher one since the ticket had "
    "such a priority."
)
LEVEL = N_(
    "Level {level}, within {within}: of {unresolved}, notified in time: {in_time}, notified late: "
    "{late}, not notified: {not_told}."
)
UNRESOLVED = n_(
    "{n} major incident unresolved when it was due",
    "{n} major incidents unresolved when it was due",
)
NOTIFIED = n_(
    "{k} of {n} escalations of major incidents notified in time.",
    "{k} of {n} escalations of major incidents notified in time.",
    on="k",
)
ALL_IN_TIME = N_("every escalation was notified in time")
LATE_CLAUSE = n_(
    "{k} of {n} escalations was late or missing",
    "{k} of {n} escalations were late or missing",
    on="k",
)
HELD = n_(
    "{k} of {n} escalations notified in time", "{k} of {n} escalations notified in time", on="k"
)
LEVEL_MISSED = N_(
    "Escalation level {level}: not all major incidents were notified within {within}."
)
NO_LADDER = N_("the contract file states no escalation ladder (escalation)")
NO_MAJOR = N_("the contract file does not say what a major incident is (major_incidents)")
NO_NUMBER = N_(
    "no escalation event gives its level as a number (ticket_events.csv, field escalation, column "
    "new): which level was notified is not known"
)
NO_EVENT = N_(
    "the log has no escalation event (ticket_events.csv, field escalation): that none is recorded "
    "does not prove that nobody was notified"
)
IN_TIME_AT = N_("Level {level} notified in time, of the incidents unresolved when it was due")
LATE = N_("{ticket_id} ({after:seconds})")
LATE_TICKETS = N_("Late, with the time until they were: {tickets}.")
LOWERED = n_(
    "{n} of those not notified had a lower priority by then.",
    "{n} of those not notified had a lower priority by then.",
)
BEFORE = n_(
    "{n} of those not notified had been escalated before it took that priority.",
    "{n} of those not notified had been escalated before they took that priority.",
)
NOTED = N_(
    "The log tells when a level was noted on the ticket, not whom the message reached, nor what "
    "was said outside the tool."
)
ATTACHED = n_(
    "{n} ticket of these priorities is a child of another or was merged into it: it is no "
    "major incident of its own.",
    "{n} tickets of these priorities are children of another or were merged into it: they "
    "are no major incidents of their own.",
)
UNREAD = n_(
    "{n} escalation event does not give its level as a number: its ticket is judged by the "
    "other events alone.",
    "{n} escalation events do not give their level as a number: their tickets are judged by "
    "the other events alone.",
)
UNKNOWN = n_(
    "{n} major incident has no usable time of its start or of its end, or an unreadable "
    "level: whether each level was notified in time is not known.",
    "{n} major incidents have no usable time of their start or of their end, or an "
    "unreadable level: whether each level was notified in time is not known.",
)
LEVEL_COL, CLIENT, PROVIDER = (
    Col("level", N_("Level"), Unit.COUNT),
    Col("client", N_("Client"), quoted=True),
    Col("provider", N_("Provider"), quoted=True),
)
LADDER = TableForm(
    "levels",
    N_("The ladder, level by level"),
    (
        LEVEL_COL,
        CLIENT,
        PROVIDER,
        Col("within", N_("Notified within")),
        Col("total", N_("Major incidents"), Unit.COUNT),
        *(Col(name, word, Unit.COUNT) for name, word in OUTCOMES.items()),
    ),
    N_("The classes after the number of major incidents add up to it."),
)
AT_A_GLANCE = TableForm(
    "notified",
    N_("Escalations notified, level by level"),
    (
        LEVEL_COL,
        Col("within", N_("Within")),
        Col("due", N_("Escalations due"), Unit.COUNT),
        *(
            Col(name, OUTCOMES[name], Unit.COUNT)
            for name in (metrics.IN_TIME, metrics.LATE, metrics.NOT_TOLD)
        ),
    ),
    lead=True,
)
MISSED = TableForm(
    "missed",
    N_("Levels notified late or not notified"),
    (
        Col("ticket_id", N_("Ticket")),
        LEVEL_COL,
        CLIENT,
        PROVIDER,
        Col("due", N_("Due"), Unit.INSTANT),
        Col("told", N_("Notified"), Unit.INSTANT),
        Col("seconds", N_("Late by"), Unit.SECONDS),
        Col("lowered", N_("Priority lowered by then")),
    ),
    N_("“Late by” is on the calendar of the ladder; “—”: not notified."),
)


def escalations(review: Review) -> Section:
    """Return the chapter on major incidents against the ladder of the contract."""
    c = Chapter(review, "escalations", N_("Escalations"))
    log, contract = results.current(review), review.contract
    about = contract.major_incidents
    if not contract.escalation:
        return c.not_assessed(NO_LADDER)
    if about is None:
        return c.not_assessed(NO_MAJOR)
    if log is None:
        return c.not_assessed(review.absent("tickets"))
    ladder = metrics.ladder(log, about, contract.escalation, results.current_verdicts(review))
    levels = metrics.levels(log)
    if len(ladder) and levels["level"].isna().all():
        return c.not_assessed(NO_NUMBER if log.tells("escalation") else NO_EVENT)
    counts = metrics.by_level(ladder).set_index("level")
    ladder_levels = pd.Index([step.level for step in contract.escalation], name="level")
    counts = counts.reindex(ladder_levels, fill_value=0).reset_index()
    _opening(c, about, ladder, counts)
    c.period = Shown(review.as_of, "instant")
    label, n = N_("Major incidents"), int(ladder["ticket_id"].nunique())
    c.fact("incidents", label, n, n=len(log.tickets), source=EVENTS, key=True)
    in_time, due = int(counts[metrics.IN_TIME].sum()), int(counts["due"].sum())
    c.fact("in_time", N_("Escalations notified in time, at all levels"), in_time if due else None,
           n=due, source=EVENTS, because=N_("no level came due"))  # fmt: skip
    for step, count in zip(contract.escalation, counts.itertuples(), strict=True):
        _level(c, step, count, ladder[ladder["level"] == step.level])
    _held(c, in_time, due)
    _others(c, levels["ticket_id"], log.tickets["ticket_id"], ladder["ticket_id"])
    if review.is_earlier:
        return c.section()
    _tables(c, ladder, counts)
    c.caveat("noted", NOTED)
    c.caveat("attached", ATTACHED, n=metrics.candidates(log, about)["attached"].sum())
    c.caveat("unread", UNREAD, n=levels["level"].isna().sum())
    unknown = ladder.loc[ladder["outcome"] == metrics.UNKNOWN, "ticket_id"].nunique()
    c.caveat("unknown", UNKNOWN, n=unknown)
    return c.section()


def _opening(c: Chapter, about: MajorIncidents, ladder: pd.DataFrame, counts: pd.DataFrame) -> None:
    n = ladder["ticket_id"].nunique()
    due, in_time, unknown = (
        int(counts[name].sum()) for name in ("due", metrics.IN_TIME, metrics.UNKNOWN)
    )
    if due:
        c.headline(NOTIFIED(k=in_time, n=due))
        late = Kind.CONCERN, LATE_CLAUSE(n=due, k=due - in_time)
        c.clause(*((Kind.STRENGTH, ALL_IN_TIME) if in_time == due else late), 5)
    else:
        none = EMPTY if unknown or not n else N_("No level of the ladder had to be notified.")
        c.headline(n_("{n} major incident.", "{n} major incidents.")(n=n), none, _besides(unknown))
    calendar: Text | str = N_("around the clock")
    if about.calendar:
        calendar = calendar_title(c.review.contract, about.calendar)
    start = STARTS[about.starts_at]
    c.intro(RULE(priorities=about.priorities, start=start, calendar=calendar))


def _besides(unknown: int) -> Text:
    return BESIDES(n=unknown) if unknown else EMPTY


def _level(c: Chapter, step: EscalationLevel, count: Any, incidents: pd.DataFrame) -> None:
    """Add what became of a level of the ladder, with the tickets told late and not told.

    ``count``: the row of ``metrics.by_level``; ``incidents``: those of the ladder.
    """
    # the outcomes that keep a level from its 100 %, and those that are not counted
    others = [name for name in metrics.OUTCOMES[1:] if getattr(count, name)]
    note = commas(OUTCOME(outcome=OUTCOMES[name], n=getattr(count, name)) for name in others)
    label, none = IN_TIME_AT(level=step.level), N_("no major incident was unresolved by then")
    because = note if count.unknown else none
    name = f"level.{step.level}"
    in_time, due = int(count.in_time), int(count.due)
    checks = Checks(Side.BOTH, in_time, due) if due else None
    about: FactFields = {"source": EVENTS, "note": note, "because": because, "checks": checks}
    c.rate(f"{name}.in_time", label, in_time, due, **about)
    if not due:
        return
    missed = incidents[incidents["outcome"].isin([metrics.LATE, metrics.NOT_TOLD])]
    sentence = LEVEL(within=target_words(step.within), unresolved=UNRESOLVED(n=due))
    decision = NEXT_SETTLED if c.review.over else SETTLED
    held = Kind.NEUTRAL if count.unknown else Kind.STRENGTH
    c.find(
        Kind.CONCERN if len(missed) else held,
        name,
        sentences(c.of_row(sentence, count), _besides(count.unknown), *_named(c, missed)),
        about=[*missed["ticket_id"]] or None,
        decision=decision(level=step.level) if len(missed) else EMPTY,
        decider=Side.BOTH,
        checks=checks,
        brief=_brief(step, len(missed), due) if len(missed) else None,
    )


def _brief(step: EscalationLevel, missed: int, due: int) -> Brief:
    """Return what the first page says of a level that was notified late or not at all."""
    sentence = LEVEL_MISSED(level=step.level, within=target_words(step.within))
    stake = AtStake(missed, Unit.COUNT, N_("escalations late or missing"), of=due)
    return Brief(sentence, stake, topic="escalations", side=Side.BOTH)


def _held(c: Chapter, in_time: int, due: int) -> None:
    """Say on the first level that held how many escalations of all levels did."""
    brief = Brief(HELD(k=in_time, n=due), topic="escalations", side=Side.BOTH)
    for place, finding in enumerate(c.findings):
        if finding.kind is Kind.STRENGTH:
            c.findings[place] = dataclasses.replace(finding, brief=brief)
            return


def _named(c: Chapter, missed: pd.DataFrame) -> Iterator[Text]:
    """Yield the tickets told late, with the time after which they were, and those not told."""
    late = missed[missed["outcome"] == metrics.LATE]
    not_told = missed[missed["outcome"] == metrics.NOT_TOLD]
    if len(late):
        late = late.assign(after=late["after"].dt.total_seconds())
        yield LATE_TICKETS(tickets=c.named(LATE, late, NAMED))
    if len(not_told):
        yield N_("Not notified: {tickets}.")(tickets=listed(not_told["ticket_id"], NAMED))
    for column, sentence in (("lowered", LOWERED), ("before", BEFORE)):
        if n := int(not_told[column].sum()):
            yield sentence(n=n)


def _others(c: Chapter, escalated: pd.Series, tickets: pd.Series, incidents: pd.Series) -> None:
    """Add how many tickets were escalated without being major incidents."""
    if escalated.empty:
        return
    escalated = escalated.drop_duplicates()
    escalated = escalated[among(escalated, tickets)]
    label = N_("Tickets escalated that were no major incident")
    n = int((~among(escalated, incidents)).sum())
    source = "ticket_events.csv: escalation"
    c.fact("others", label, n, n=len(escalated), period=EMPTY, source=source)


def _tables(c: Chapter, ladder: pd.DataFrame, counts: pd.DataFrame) -> None:
    lines = [
        (step.level, step.client, step.provider, target_words(step.within))
        for step in c.review.contract.escalation
    ]
    steps = pd.DataFrame(lines, columns=list(STEP_COLUMNS), dtype="object")
    whole = steps.merge(counts, on="level")
    c.table(AT_A_GLANCE, whole)
    c.table(LADDER, whole)
    late = ladder["outcome"].isin([metrics.LATE, metrics.NOT_TOLD])
    missed = ladder[late].merge(steps, on="level")
    if len(missed):
        missed = missed.sort_values(["level", "due", "ticket_id"], kind="stable")
        delay = missed["delay"].astype("timedelta64[s]").dt.total_seconds()
        c.table(MISSED, missed.assign(seconds=delay))
