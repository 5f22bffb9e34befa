"""Escalations: who should have been told of major incidents, by when, and who was (F10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.contract.parties import MajorIncidents
from reviewlib.ids import among
from reviewlib.report.chapter import Chapter, Col, TableForm
from reviewlib.report.text import EMPTY, N_, Message, Shown, Text, commas, listed, n_, sentences
from reviewlib.report.values import Kind, Section, Unit
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clauses import target_words
from reviewlib.service.escalations import metrics
from reviewlib.service.log import Log

NAMED = 5  # tickets that a sentence names
EVENTS = "ticket_events.csv: escalation, priority, status; tickets.csv: opened_at"
STARTS = {
    "opened": N_("the opening, or after the ticket took that priority if that was later"),
    "breached": N_("the end of the resolution target, or after the ticket took that priority"),
}
OUTCOMES = {
    metrics.IN_TIME: N_("Told in time"),
    metrics.LATE: N_("Told late"),
    metrics.NOT_TOLD: N_("Not told"),
    metrics.NOT_NEEDED: N_("Not needed"),
    metrics.TOO_EARLY: N_("Too early to say"),
    metrics.UNKNOWN: N_("Not known"),
}
BESIDES = N_("Not known besides: {n}.")
RULE = N_(
    "A major incident is a ticket that ever had one of these priorities: {priorities:commas}; a "
    "child of one, or a ticket merged into one, is none of its own. A level of the ladder is due "
    "once the ticket has been unresolved for its delay, counted from {start}, on this "
    "calendar: {calendar}. That clock stands while the ticket is resolved, closed or "
    "cancelled, and resumes where it is reopened; waiting does not stop it. A level that does "
    "not come due is not needed. It is told by the first escalation event of that level or of "
    "a higher one since the ticket had such a priority."
)
LEVEL = N_(
    "Level {level}, within {within}: of {unresolved}, told in time: {in_time}, told late: "
    "{late}, not told: {not_told}."
)
UNRESOLVED = n_(
    "{n} major incident unresolved when it was due",
    "{n} major incidents unresolved when it was due",
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
        Col("within", N_("Told within")),
        Col("total", N_("Major incidents"), Unit.COUNT),
        *(Col(name, word, Unit.COUNT) for name, word in OUTCOMES.items()),
    ),
    N_("The classes after the number of major incidents add up to it."),
    folded=False,
)
MISSED = TableForm(
    "missed",
    N_("Levels told late or not told"),
    (
        Col("ticket_id", N_("Ticket")),
        LEVEL_COL,
        CLIENT,
        PROVIDER,
        Col("due", N_("Due"), Unit.INSTANT),
        Col("told", N_("Told"), Unit.INSTANT),
        Col("seconds", N_("Late by"), Unit.SECONDS),
        Col("lowered", N_("Priority lowered by then")),
    ),
    N_("“Late by” is on the calendar of the ladder; “—”: not told."),
    folded=True,
)


def escalations(review: Review) -> Section:
    """Return the chapter on major incidents against the ladder of the contract."""
    c = Chapter(review, "escalations", N_("Escalations"))
    log, contract = results.log(review), review.contract
    about = contract.major_incidents
    if log is None or about is None or not contract.escalation:
        return c.not_assessed(_absence(review))
    ladder = metrics.ladder(log, about, contract.escalation, results.verdicts(review))
    if len(ladder) and metrics.levels(log)["level"].isna().all():
        return c.not_assessed(_untold(log))
    counts = metrics.by_level(ladder)
    _opening(c, about, ladder, counts)
    _facts(c, log, ladder, counts)
    _others(c, log, ladder)
    for count in counts[counts["due"] > 0].itertuples():
        _level(c, count, ladder[ladder["level"] == count.level])
    _tables(c, ladder, counts)
    _caveats(c, log, about, ladder)
    return c.section()


def _untold(log: Log) -> Message:
    if log.tells("escalation"):
        return N_(
            "no escalation event gives its level as a number (ticket_events.csv, field escalation, "
            "column new): which level was told is not known"
        )
    return N_(
        "the log has no escalation event (ticket_events.csv, field escalation): that none is "
        "recorded does not prove that nobody was told"
    )


def _absence(review: Review) -> Message:
    if not review.contract.escalation:
        return N_("the contract file states no escalation ladder (escalation)")
    if review.contract.major_incidents is None:
        return N_("the contract file does not say what a major incident is (major_incidents)")
    return review.absent("tickets")


def _opening(c: Chapter, about: MajorIncidents, ladder: pd.DataFrame, counts: pd.DataFrame) -> None:
    n = ladder["ticket_id"].nunique()
    c.headline(n_("{n} major incident.", "{n} major incidents.")(n=n))
    due, in_time, unknown = (
        int(counts[name].sum()) for name in ("due", metrics.IN_TIME, metrics.UNKNOWN)
    )
    if due:
        c.headline(N_("Levels told in time: {k} of {n} that were due.")(k=in_time, n=due))
    elif n and not unknown:
        c.headline(N_("No level of the ladder had to be told."))
    c.headline(_besides(unknown))
    versions = c.review.contract.versions
    titles = {k: v.title for terms in versions for k, v in terms.calendars.items()}
    calendar = titles[about.calendar] if about.calendar else N_("around the clock")
    start = STARTS[about.starts_at]
    c.intro(RULE(priorities=about.priorities, start=start, calendar=calendar))


def _besides(unknown: int) -> Text:
    return BESIDES(n=unknown) if unknown else EMPTY


def _facts(c: Chapter, log: Log, ladder: pd.DataFrame, counts: pd.DataFrame) -> None:
    c.period = Shown(c.review.as_of, "instant")
    label, n = N_("Major incidents"), int(ladder["ticket_id"].nunique())
    c.fact("incidents", label, n, n=len(log.tickets), source=EVENTS)
    by_level = counts.set_index("level")
    for step in c.review.contract.escalation:
        count = by_level.reindex([step.level], fill_value=0).iloc[0]
        due, in_time = (int(count[name]) for name in ("due", metrics.IN_TIME))
        none = N_("no major incident was unresolved by then")
        c.rate(
            f"level.{step.level}.in_time",
            N_("Level {level} told in time, of the incidents unresolved when it was due")(
                level=step.level
            ),
            in_time,
            due,
            source=EVENTS,
            note=_note(count) if due or count[metrics.UNKNOWN] else none,
        )


def _note(count: pd.Series) -> Text:
    """Return the outcomes that keep a level from its 100 %, and those that are not counted."""
    others = [name for name in metrics.OUTCOMES[1:] if count[name]]
    return commas(N_("{outcome}: {n}")(outcome=OUTCOMES[k], n=int(count[k])) for k in others)


def _others(c: Chapter, log: Log, ladder: pd.DataFrame) -> None:
    """Add how many tickets were escalated without being major incidents."""
    escalated = metrics.levels(log)["ticket_id"].drop_duplicates()
    if escalated.empty:
        return
    tickets = escalated[among(escalated, log.tickets["ticket_id"])]
    label = N_("Tickets escalated that were no major incident")
    n = int((~among(tickets, ladder["ticket_id"])).sum())
    source = "ticket_events.csv: escalation"
    c.fact("others", label, n, n=len(tickets), period=EMPTY, source=source)


def _level(c: Chapter, count: Any, incidents: pd.DataFrame) -> None:
    """Add what became of a level of the ladder, with the tickets told late and not told."""
    step = next(step for step in c.review.contract.escalation if step.level == count.level)
    missed = incidents[incidents["outcome"].isin([metrics.LATE, metrics.NOT_TOLD])]
    sentence = LEVEL(
        level=count.level,
        within=target_words(step.within),
        unresolved=UNRESOLVED(n=count.due),
        **{name: getattr(count, name) for name in metrics.DUE},
    )
    decision = N_("Level {level}: settle how it is told in time, and who checks that it was.")
    in_time = Kind.NEUTRAL if count.unknown else Kind.STRENGTH
    c.find(
        Kind.CONCERN if len(missed) else in_time,
        f"level.{count.level}",
        sentences(sentence, _besides(count.unknown), *_named(missed)),
        about=missed["ticket_id"] if len(missed) else None,
        decision=decision(level=count.level) if len(missed) else EMPTY,
    )


def _named(missed: pd.DataFrame) -> Iterator[Text]:
    """Yield the tickets told late, with the time after which they were, and those not told."""
    late = missed[missed["outcome"] == metrics.LATE]
    not_told = missed[missed["outcome"] == metrics.NOT_TOLD]
    delayed = [
        N_("{ticket} ({after:seconds})")(ticket=ticket, after=length.total_seconds())
        for ticket, length in late[["ticket_id", "after"]].itertuples(index=False)
    ]
    if delayed:
        words = N_("Late, with the time until they were: {tickets}.")
        yield words(tickets=listed(delayed, NAMED))
    if len(not_told):
        yield N_("Not told: {tickets}.")(tickets=listed(not_told["ticket_id"], NAMED))
    if lowered := int(not_told["lowered"].sum()):
        yield n_(
            "{n} of those not told had a lower priority by then.",
            "{n} of those not told had a lower priority by then.",
        )(n=lowered)
    if before := int(not_told["before"].sum()):
        yield n_(
            "{n} of those not told had been escalated before it took that priority.",
            "{n} of those not told had been escalated before they took that priority.",
        )(n=before)


def _tables(c: Chapter, ladder: pd.DataFrame, counts: pd.DataFrame) -> None:
    steps = pd.DataFrame(
        [
            (step.level, step.client, step.provider, target_words(step.within))
            for step in c.review.contract.escalation
        ],
        columns=["level", "client", "provider", "within"],
        dtype="object",
    )
    lines = counts.merge(steps, on="level", how="right")
    c.table(LADDER, lines.fillna(dict.fromkeys(["total", *metrics.OUTCOMES], 0)))
    late = ladder["outcome"].isin([metrics.LATE, metrics.NOT_TOLD])
    missed = ladder[late].merge(steps, on="level")
    if len(missed):
        missed = missed.sort_values(["level", "due", "ticket_id"], kind="stable")
        delay = missed["delay"].astype("timedelta64[s]").dt.total_seconds()
        c.table(MISSED, missed.assign(seconds=delay))


def _caveats(c: Chapter, log: Log, about: MajorIncidents, ladder: pd.DataFrame) -> None:
    c.caveat(
        "noted",
        N_(
            "The log tells when a level was noted on the ticket, not whom the message reached, nor "
            "what was said outside the tool."
        ),
    )
    unknown = ladder.loc[ladder["outcome"] == metrics.UNKNOWN, "ticket_id"].nunique()
    for name, n, sentence in (
        ("attached", metrics.candidates(log, about)["attached"].sum(), ATTACHED),
        ("unread", metrics.levels(log)["level"].isna().sum(), UNREAD),
        ("unknown", unknown, UNKNOWN),
    ):
        c.caveat(name, sentence(n=int(n)), when=n > 0)


ATTACHED = n_(
    "{n} ticket of these priorities is a child of another or was merged into it: it is no "
    "major incident of its own.",
    "{n} tickets of these priorities are children of another or were merged into it: they "
    "are no major incidents of their own.",
)
UNREAD = n_(
    "{n} escalation event does not give its level as a number: what no other event tells "
    "of its ticket is not known.",
    "{n} escalation events do not give their level as a number: what no other event tells "
    "of their tickets is not known.",
)
UNKNOWN = n_(
    "{n} major incident has no usable time of its start or of its end, or a level that "
    "can't be read: whether each level was told in time is not known.",
    "{n} major incidents have no usable time of their start or of their end, or a level "
    "that can't be read: whether each level was told in time is not known.",
)
