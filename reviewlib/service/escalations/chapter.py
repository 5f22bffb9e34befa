"""Escalations: who should have been told of major incidents, by when, and who was (F10)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reviewlib.contract.parties import MajorIncidents
from reviewlib.ids import among
from reviewlib.pages.wording import N_
from reviewlib.report.shares import share_fact
from reviewlib.report.values import Caveat, Column, Fact, Finding, Kind, Section, Table, Unit, rows
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clause_words import target_words
from reviewlib.service.escalations import metrics
from reviewlib.service.log import Log

SLUG = "escalations"
NAMED = 5  # tickets that a sentence names
EVIDENCE = 20  # tickets that a finding names
LISTED = 200  # rows of the table of what was missed
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


def escalations(review: Review) -> Section:
    """Return the chapter on major incidents against the ladder of the contract."""
    _, title = review.wording.gettext, review.wording.gettext("Escalations")
    log, contract = results.log(review), review.contract
    about = contract.major_incidents
    if log is None or about is None or not contract.escalation:
        return review.not_assessed(SLUG, title, _absence(review))
    found = metrics.ladder(log, about, contract.escalation, results.verdicts(review))
    if len(found) and metrics.levels(log)["level"].isna().all():
        return review.not_assessed(SLUG, title, _untold(review, log))
    counts = metrics.by_level(found)
    return review.section(
        SLUG,
        title,
        headline=_headline(review, found, counts),
        intro=_intro(review, about),
        facts=(*_facts(review, log, found, counts), *_others(review, log, found)),
        findings=tuple(_findings(review, found, counts)),
        tables=_tables(review, found, counts),
        caveats=tuple(_caveats(review, log, about, found)),
    )


def _untold(review: Review, log: Log) -> str:
    _ = review.wording.gettext
    if log.tells("escalation"):
        return _(
            "no escalation event gives its level as a number (ticket_events.csv, field escalation, "
            "column new): which level was told is not known."
        )
    return _(
        "the log has no escalation event (ticket_events.csv, field escalation): that none is "
        "recorded does not prove that nobody was told."
    )


def _absence(review: Review) -> str:
    _, contract = review.wording.gettext, review.contract
    if not contract.escalation:
        return _("the contract file states no escalation ladder (escalation).")
    if contract.major_incidents is None:
        return _("the contract file does not say what a major incident is (major_incidents).")
    return review.absence("tickets")


def _headline(review: Review, found: pd.DataFrame, counts: pd.DataFrame) -> str:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    n = found["ticket_id"].nunique()
    said = [n_("{n} major incident", "{n} major incidents", n) + "."]
    due, in_time, unknown = (
        int(counts[name].sum()) for name in ("due", metrics.IN_TIME, metrics.UNKNOWN)
    )
    if due:
        told = _("Levels told in time: {k} of {n} that were due.")
        said.append(told.format(k=w.number(in_time), n=w.number(due)))
    elif n and not unknown:
        said.append(_("No level of the ladder had to be told."))
    return " ".join([*said, *_not_known(review, unknown)])


def _not_known(review: Review, n: int) -> list[str]:
    said = review.wording.gettext("Not known besides: {n}.").format(n=review.wording.number(n))
    return [said] if n else []


def _intro(review: Review, about: MajorIncidents) -> str:
    _, w, contract = review.wording.gettext, review.wording, review.contract
    titles = {k: v.title for terms in contract.versions for k, v in terms.calendars.items()}
    rule = _(
        "A major incident is a ticket that ever had one of these priorities: {priorities}; a child "
        "of one, or a ticket merged into one, is none of its own. A level of the ladder is due "
        "once the ticket has been unresolved for its delay, counted from {start}, on this "
        "calendar: {calendar}. That clock stands while the ticket is resolved, closed or "
        "cancelled, and resumes where it is reopened; waiting does not stop it. A level that does "
        "not come due is not needed. It is told by the first escalation event of that level or of "
        "a higher one since the ticket had such a priority."
    )
    return rule.format(
        priorities=", ".join(about.priorities),
        start=_(STARTS[about.starts_at]),
        calendar=titles[about.calendar] if about.calendar else w.gettext("around the clock"),
    )


def _facts(review: Review, log: Log, found: pd.DataFrame, counts: pd.DataFrame) -> Iterator[Fact]:
    _, period = review.wording.gettext, review.wording.instant(review.as_of)
    source = _("ticket_events.csv: escalation, priority, status; tickets.csv: opened_at")
    yield Fact(
        f"{SLUG}.incidents",
        _("Major incidents"),
        int(found["ticket_id"].nunique()),
        Unit.COUNT,
        n=len(log.tickets),
        period=period,
        source=source,
    )
    by_level = counts.set_index("level")
    for step in review.contract.escalation:
        name = f"{SLUG}.level.{step.level}.in_time"
        label = _("Level {level} told in time, of the incidents unresolved when it was due")
        words = label.format(level=step.level)
        count = by_level.reindex([step.level], fill_value=0).iloc[0]
        n, told = (int(count[name]) for name in ("due", metrics.IN_TIME))
        none = _("no major incident was unresolved by then")
        note = _note(review, count) if n or count[metrics.UNKNOWN] else none
        yield share_fact(name, words, told, n, period=period, source=source, note=note)


def _note(review: Review, count: pd.Series) -> str:
    """Return the outcomes that keep a level from its 100 %, and those that are not counted."""
    _, w = review.wording.gettext, review.wording
    others = [name for name in metrics.OUTCOMES[1:] if count[name]]
    named = _("{outcome}: {n}")
    return ", ".join(
        named.format(outcome=_(OUTCOMES[k]), n=w.number(int(count[k]))) for k in others
    )


def _others(review: Review, log: Log, found: pd.DataFrame) -> Iterator[Fact]:
    """Return how many tickets were escalated without being major incidents."""
    _ = review.wording.gettext
    escalated = metrics.levels(log)["ticket_id"].drop_duplicates()
    if escalated.empty:
        return
    mine = escalated[among(escalated, log.tickets["ticket_id"])]
    yield Fact(
        f"{SLUG}.others",
        _("Tickets escalated that were no major incident"),
        int((~among(mine, found["ticket_id"])).sum()),
        Unit.COUNT,
        n=len(mine),
        source=_("ticket_events.csv: escalation"),
    )


def _findings(review: Review, found: pd.DataFrame, counts: pd.DataFrame) -> Iterator[Finding]:
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    steps = {step.level: step for step in review.contract.escalation}
    for count in counts[counts["due"] > 0].itertuples():
        mine = found[found["level"] == count.level]
        missed = mine[mine["outcome"].isin([metrics.LATE, metrics.NOT_TOLD])]
        unresolved = n_(
            "{n} major incident unresolved when it was due",
            "{n} major incidents unresolved when it was due",
            count.due,
        )
        sentence = _(
            "Level {level}, within {within}: of {unresolved}, told in time: {in_time}, told late: "
            "{late}, not told: {not_told}."
        ).format(
            level=count.level,
            within=target_words(w, steps[count.level].within),
            unresolved=unresolved,
            **{name: w.number(getattr(count, name)) for name in metrics.DUE},
        )
        decision = _("Level {level}: settle how it is told in time, and who checks that it was.")
        kept = Kind.NEUTRAL if count.unknown else Kind.STRENGTH
        yield Finding(
            f"{SLUG}.level.{count.level}",
            " ".join([sentence, *_not_known(review, count.unknown), *_named(review, missed)]),
            Kind.CONCERN if len(missed) else kept,
            tuple(missed["ticket_id"].head(EVIDENCE)),
            decision.format(level=count.level) if len(missed) else "",
        )


def _named(review: Review, missed: pd.DataFrame) -> Iterator[str]:
    """Yield the tickets told late, with the time after which they were, and those not told."""
    _, w, n_ = review.wording.gettext, review.wording, review.wording.ngettext
    late = missed[missed["outcome"] == metrics.LATE]
    not_told = missed[missed["outcome"] == metrics.NOT_TOLD]
    after = [
        f"{ticket} ({w.duration(length.total_seconds())})"
        for ticket, length in late[["ticket_id", "after"]].head(NAMED).itertuples(index=False)
    ]
    for words, ids, n in (
        (_("Late, with the time until they were: {tickets}."), after, len(late)),
        (_("Not told: {tickets}."), list(not_told["ticket_id"].head(NAMED)), len(not_told)),
    ):
        if ids:
            more = [n_("{n} other", "{n} others", n - NAMED)] if n > NAMED else []
            yield words.format(tickets=w.listed([*ids, *more]))
    if lowered := int(not_told["lowered"].sum()):
        yield n_(
            "{n} of those not told had a lower priority by then.",
            "{n} of those not told had a lower priority by then.",
            lowered,
        )
    if before := int(not_told["before"].sum()):
        yield n_(
            "{n} of those not told had been escalated before it took that priority.",
            "{n} of those not told had been escalated before they took that priority.",
            before,
        )


def _tables(review: Review, found: pd.DataFrame, counts: pd.DataFrame) -> tuple[Table, ...]:
    _, w = review.wording.gettext, review.wording
    steps = [
        {"level": s.level, "client": s.client, "provider": s.provider,
         "within": target_words(w, s.within)}
        for s in review.contract.escalation
    ]  # fmt: skip
    roles = pd.DataFrame(steps)
    level, client, provider = (
        Column("level", _("Level"), Unit.COUNT),
        Column("client", _("Client"), quoted=True),
        Column("provider", _("Provider"), quoted=True),
    )
    by_level = (
        level, client, provider, Column("within", _("Told within")),
        Column("total", _("Major incidents"), Unit.COUNT),
        *(Column(name, _(word), Unit.COUNT) for name, word in OUTCOMES.items()),
    )  # fmt: skip
    one_by_one = (
        Column("ticket_id", _("Ticket")), level, client, provider,
        Column("due", _("Due"), Unit.INSTANT), Column("told", _("Told"), Unit.INSTANT),
        Column("seconds", _("Late by"), Unit.SECONDS),
        Column("lowered", _("Priority lowered by then")),
    )  # fmt: skip
    missed = found[found["outcome"].isin([metrics.LATE, metrics.NOT_TOLD])].merge(roles, on="level")
    missed = missed.sort_values(["level", "due", "ticket_id"], kind="stable")
    missed["seconds"] = missed["delay"].astype("timedelta64[s]").dt.total_seconds()
    lines = counts.merge(roles, on="level", how="right")
    lines = lines.fillna(dict.fromkeys(["total", *metrics.OUTCOMES], 0))
    note = _("The classes after the number of major incidents add up to it.")
    ladder = Table(
        f"{SLUG}.levels", _("The ladder, level by level"), by_level, rows(lines, by_level), note
    )
    return (ladder, *_missed(review, one_by_one, missed))


def _missed(review: Review, columns: tuple[Column, ...], missed: pd.DataFrame) -> tuple[Table, ...]:
    _, w = review.wording.gettext, review.wording
    if missed.empty:
        return ()
    note = _("“Late by” is on the calendar of the ladder; “—”: not told.")
    if len(missed) > LISTED:
        first = _("The first {n} of {all}.")
        note += " " + first.format(n=w.number(LISTED), all=w.number(len(missed)))
    caption, lines = _("Levels told late or not told"), rows(missed.head(LISTED), columns)
    return (Table(f"{SLUG}.missed", caption, columns, lines, note, folded=True),)


def _caveats(
    review: Review, log: Log, about: MajorIncidents, found: pd.DataFrame
) -> Iterator[Caveat]:
    _, n_ = review.wording.gettext, review.wording.ngettext
    noted = _(
        "The log tells when a level was noted on the ticket, not whom the message reached, nor "
        "what was said outside the tool."
    )
    yield Caveat(f"{SLUG}.noted", noted)
    if attached := int(metrics.candidates(log, about)["attached"].sum()):
        sentence = n_(
            "{n} ticket of these priorities is a child of another or was merged into it: it is no "
            "major incident of its own.",
            "{n} tickets of these priorities are children of another or were merged into it: they "
            "are no major incidents of their own.",
            attached,
        )
        yield Caveat(f"{SLUG}.attached", sentence)
    if unread := int(metrics.levels(log)["level"].isna().sum()):
        sentence = n_(
            "{n} escalation event does not give its level as a number: what no other event tells "
            "of its ticket is not known.",
            "{n} escalation events do not give their level as a number: what no other event tells "
            "of their tickets is not known.",
            unread,
        )
        yield Caveat(f"{SLUG}.unread", sentence)
    unknown = found.loc[found["outcome"] == metrics.UNKNOWN, "ticket_id"].nunique()
    if unknown:
        sentence = n_(
            "{n} major incident has no usable time of its start or of its end, or a level that "
            "can't be read: whether each level was told in time is not known.",
            "{n} major incidents have no usable time of their start or of their end, or a level "
            "that can't be read: whether each level was told in time is not known.",
            unknown,
        )
        yield Caveat(f"{SLUG}.unknown", sentence)
