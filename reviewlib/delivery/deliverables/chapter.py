"""Deliverables: what was submitted when, accepted after how many versions, what is open (C3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import AWAITING, LATE, NOT_DUE, ON_TIME, OVERDUE, punctuality
from reviewlib.delivery import results
from reviewlib.delivery.acceptance_words import (
    DECISIONS,
    acceptance_clauses,
    acceptance_rules,
    acceptance_terms,
    no_tacit,
    open_sentences,
    silence_sentences,
)
from reviewlib.delivery.deliverables import metrics
from reviewlib.report.chapter import Chapter, Col, FactFields, TableForm, as_of, labelled
from reviewlib.report.day_words import STATES
from reviewlib.report.text import EMPTY, N_, Message, Text, n_, sentences
from reviewlib.report.values import Kind, Section, Unit, cell
from reviewlib.review import Review

SOON = 90  # days within which a warranty runs out soon
REPORTED = 100  # deliverables that have a finding of their own
DRAWN = 40  # deliverables that a figure draws
DUE = "deliverables.csv: due_on"
DECIDED = "submissions.csv: submitted_on, decision"
DELAYS = "submissions.csv: submitted_on, decided_on"
RESERVATIONS = "submissions.csv: open_reservations, reservations_lifted_on"

ABSENT = N_(
    "the folder lacks deliverables or their submissions (deliverables.csv, submissions.csv)"
)
COUNTED = N_(
    "A deliverable is on time by the day on which the version that was accepted was submitted: the "
    "days that the client took to decide stand apart."
)
REFUSED = n_(
    "Deliverable {deliverable_id} “{title}” was refused once.",
    "Deliverable {deliverable_id} “{title}” was refused {refused} times.",
    on="refused",
)
NEVER_REFUSED = N_("Deliverable {deliverable_id} “{title}”: no version was refused.")
SUBMITTED = {
    ON_TIME: N_(
        "The version accepted ({version}) was submitted on {submitted_on}, by its due date "
        "({due_on})."
    ),
    LATE: N_(
        "The version accepted ({version}) was submitted on {submitted_on}, {days:days} after its "
        "due date ({due_on})."
    ),
    OVERDUE: N_("No version is accepted as of {today}, {days:days} after its due date ({due_on})."),
    AWAITING: N_(
        "The last version ({version}) was submitted on {submitted_on}, by its due date ({due_on})."
    ),
    NOT_DUE: N_("It is due on {due_on}."),
}
AWAITING_LATE = N_(
    "The last version ({version}) was submitted on {submitted_on}, {days:days} after its due date "
    "({due_on})."
)
UNCOUNTED = n_(
    "how many is not known of {n} acceptance", "how many is not known of {n} acceptances"
)
NONE_BUT_TACITLY = N_("nothing is accepted yet otherwise than tacitly")
DEPENDS = N_("It depends on milestone {milestone_id}.")
FIRST_PASS = N_(
    "Deliverables accepted at their first submission, made on time: {k} of {n} ({ids})."
)
DECIDE = N_("Deliverable {deliverable_id}: decide on the version submitted.")
RESUBMIT = N_(
    "Deliverable {deliverable_id}: settle what the next submission must meet, and by when."
)
LIFT = N_("Deliverable {deliverable_id}: settle by when the open reservations are lifted.")
VERSION_LATE = N_("{deliverable_id} {version} ({late_days:days})")
WARRANTY_ENDS = N_("{deliverable_id} ({warranty_ends_on})")
WARRANTIES = {"ended": N_("ended"), "soon": N_("ends within 90 days"), "running": N_("running")}

DELIVERABLES = TableForm(
    "table",
    N_("Deliverables"),
    (
        Col("deliverable_id", N_("Deliverable")),
        Col("title", N_("What"), quoted=True),
        Col("clause", N_("Clause"), quoted=True),
        Col("due_on", N_("Due on"), Unit.DATE),
        Col("version", N_("Version accepted or awaiting"), quoted=True),
        Col("submitted_on", N_("Submitted on"), Unit.DATE),
        Col("days", N_("Delay"), Unit.DAYS),
        Col("submissions", N_("Submissions"), Unit.COUNT),
        Col("refused", N_("Times refused"), Unit.COUNT),
        Col("state", N_("State"), words=STATES),
    ),
    N_("Delays in calendar days; a negative one is time gained."),
    folded=False,
)
ACCEPTED = TableForm(
    "accepted",
    N_("What was accepted, and what is open of it"),
    (
        Col("deliverable_id", N_("Deliverable")),
        Col("accepted_on", N_("Accepted on"), Unit.DATE),
        Col("how", N_("How"), words=DECISIONS),
        Col("acceptance", N_("Clause"), quoted=True),
        Col("cycle_days", N_("First submission to acceptance"), Unit.DAYS),
        Col("client_days", N_("Of which with the client"), Unit.DAYS),
        Col("reservations", N_("Open reservations"), Unit.COUNT),
        Col("age", N_("Reservations open for"), Unit.DAYS),
        Col("warranty_ends_on", N_("Warranty ends on"), Unit.DATE),
        Col("warranty", N_("Warranty"), words=WARRANTIES),
    ),
    folded=False,
)
VERSIONS = TableForm(
    "versions",
    N_("Every version submitted, and the decision on it"),
    (
        Col("deliverable_id", N_("Deliverable")),
        Col("version", N_("Version"), quoted=True),
        Col("submitted_on", N_("Submitted on"), Unit.DATE),
        Col("decide_by", N_("To be decided by"), Unit.DATE),
        Col("decided_on", N_("Decided on"), Unit.DATE),
        Col("decision", N_("Decision"), words=DECISIONS),
        Col("delay_days", N_("Time that the client took to decide"), Unit.DAYS),
        Col("late_days", N_("After the delay"), Unit.DAYS),
        Col("counts", N_("What counts"), words=DECISIONS),
    ),
    folded=True,
)
SUBMISSIONS = TableForm(
    "submitted",
    N_("Submissions by deliverable, against the due date"),
    (
        Col("label", N_("Deliverable"), quoted=True),
        Col("due_on", N_("Due on"), Unit.DATE),
        Col("version", N_("Version"), quoted=True),
        Col("submitted_on", N_("Submitted on"), Unit.DATE),
        Col("counts", N_("What counts"), words=DECISIONS),
    ),
    folded=False,
)


def deliverables(review: Review) -> Section:
    """Return the chapter on the deliverables of the contract."""
    c = Chapter(review, "deliverables", N_("Deliverables"), as_of(review))
    # Submissions are read whole: a table without a row says that nothing was submitted.
    table, submissions = (review.engagement.tables.get(n) for n in ("deliverables", "submissions"))
    if table is None or submissions is None or table.empty:
        return c.not_assessed(ABSENT)
    if results.submissions(review) is None:
        return c.not_assessed(results.absence(review, "submissions"))
    sent = metrics.versions(submissions, review.contract, review.today)
    handed = metrics.deliverables(table, sent, review.contract, review.today)
    sent["counts"] = _counting(sent)
    _opening(c, handed)
    _acceptance(c, handed)
    _client(c, handed, sent)
    _reservations(c, handed)
    _warranties(c, handed)
    _findings(c, handed, sent)
    _late_decisions(c, sent)
    _ending(c, handed)
    _tables(c, handed, sent)
    if len(sent):
        _figure(c, handed, sent)
    _caveats(c, handed, sent)
    return c.section()


def _opening(c: Chapter, handed: pd.DataFrame) -> None:
    k, n = punctuality(handed["state"])
    tacit = int(handed["tacit"].sum())
    on_time = N_("Deliverables submitted on time: {k} of the {n} that can be judged.")(k=k, n=n)
    c.headline(on_time if n else N_("No deliverable can be judged yet."))
    if n and tacit:
        c.headline(N_("Accepted tacitly: {n}.")(n=tacit))
    c.intro(COUNTED, acceptance_rules(c.review))


# Figures


def _acceptance(c: Chapter, handed: pd.DataFrame) -> None:
    label = N_("Deliverables on time, by the submission of the version accepted")
    c.on_time("on_time", label, handed["state"], source=f"{DUE}; {DECIDED}")
    first, attempts = handed["first_pass"].dropna(), handed["attempts"].dropna()
    label = N_("Deliverables accepted at their first submission")
    note, none = N_("with or without reservations"), N_("no version is decided yet")
    c.share("first_pass", label, first.sum(), len(first), source=DECIDED, note=note, because=none)
    label, n = N_("Submissions up to acceptance, on average"), len(attempts)
    most, none = N_("at most {n}")(n=attempts.max()), N_("no deliverable is accepted yet")
    about: FactFields = {"n": n, "source": DECIDED, "note": most, "because": none}
    c.fact("submissions", label, attempts.mean(), Unit.SCORE, **about)
    label = N_("Median time from first submission to acceptance")
    c.median("acceptance", label, handed["cycle_days"], source=DELAYS)


def _client(c: Chapter, handed: pd.DataFrame, sent: pd.DataFrame) -> None:
    """Add the client's own part: its decisions, against their delay, and what it has to do."""
    label = N_("Median time that the client took to decide on a version")
    c.median("decision", label, sent["delay_days"], source=DELAYS)
    stated, silent = _states(c, "decision"), no_tacit(c.review)
    clause, n = acceptance_clauses(c.review, "decision"), len(handed)
    in_time, missed = sent["in_time"].dropna(), sent[sent["in_time"] == 0]
    late, none = missed["decided_on"].notna().sum(), missed["decided_on"].isna().sum()
    note = N_("decided after it: {late}; not decided: {none}")(late=late, none=none)
    because = N_("no delay to decide is over yet") if stated else silent
    about: FactFields = {"clause": clause, "source": DELAYS, "note": note, "because": because}
    label = N_("Versions decided within the delay of the contract")
    c.share("decision.in_time", label, in_time.sum(), len(in_time), **about)
    label, tacit = N_("Deliverables accepted tacitly"), handed["tacit"].sum() if stated else None
    c.fact("tacit", label, tacit, n=n, clause=clause, source=DELAYS, note=silent)
    label, refused = N_("Deliverables refused at least once"), handed["refused"] > 0
    c.fact("refused", label, refused.sum(), n=n, source=DECIDED)
    label = N_("Deliverables with a version that awaits the client's decision")
    c.fact("awaiting", label, handed["waiting_days"].notna().sum(), n=n, source=DECIDED)


def _states(c: Chapter, term: str) -> bool:
    return any(getattr(terms, term) for terms in acceptance_terms(c.review))


def _reservations(c: Chapter, handed: pd.DataFrame) -> None:
    stated, ages = handed["reservations"].dropna(), handed["age"].dropna()
    accepted = handed["outcome"].notna() & ~handed["tacit"]
    uncounted = int((accepted & handed["reservations"].isna()).sum())
    note = UNCOUNTED(n=uncounted) if uncounted else EMPTY
    none = NONE_BUT_TACITLY if handed["tacit"].any() else N_("nothing is accepted yet")
    label, n = N_("Reservations still open at the extraction"), len(stated)
    still_open, because = int(stated.sum()) if n else None, note or none
    about: FactFields = {"n": n, "source": RESERVATIONS, "note": note, "because": because}
    about["period"] = EMPTY  # they are counted at the extraction only
    c.fact("reservations", label, still_open, **about)
    label, n = N_("Age of the oldest open reservations, since the decision"), len(ages)
    none, source = N_("no reservation is known to be open"), f"{RESERVATIONS}, decided_on"
    c.fact("reservations.age", label, ages.max(), Unit.DAYS, n=n, source=source, because=none)


def _warranties(c: Chapter, handed: pd.DataFrame) -> None:
    left, clause = handed["warranty_days"].dropna(), acceptance_clauses(c.review, "warranty")
    because = N_("no acceptance with a date is known yet")
    if not _states(c, "warranty"):
        because = N_("the contract states no warranty (terms.acceptance.warranty)")
    for name, label, which in (
        ("ended", N_("Warranties that have ended"), left < 0),
        ("soon", N_("Warranties that end within 90 days"), left.between(0, SOON)),
    ):
        k, n = which.sum() if len(left) else None, len(left)
        c.fact(f"warranty.{name}", label, k, n=n, clause=clause, source=DELAYS, because=because)


# Findings


def _findings(c: Chapter, handed: pd.DataFrame, sent: pd.DataFrame) -> None:
    """Add each deliverable refused, late, awaiting, accepted tacitly or with something open."""
    first_pass = handed[(handed["state"] == ON_TIME) & (handed["first_pass"] == 1)]
    k, n = len(first_pass), len(handed)
    c.strength("kept", FIRST_PASS(k=k, n=n), about=first_pass["deliverable_id"])
    void = sent[sent["void"]].drop_duplicates("deliverable_id")
    void = void[["deliverable_id", "decision", "decided_on"]]
    c.each(
        lambda row: Kind.CONCERN if row.concern else Kind.NEUTRAL,
        "",
        _reported(handed).merge(void, on="deliverable_id", how="left"),
        lambda row: sentences(
            *_sentences(row), *silence_sentences(row), *open_sentences(row, c.review.today)
        ),
        id="deliverable_id",
        decision=_decision,
        clause="clause",
        limit=REPORTED,
    )


def _reported(handed: pd.DataFrame) -> pd.DataFrame:
    """Return the deliverables with something to say, the latest first; whether it is a concern."""
    concern = handed["state"].isin([LATE, OVERDUE]) | (handed["refused"] > 0)
    concern |= handed["reservations"] > 0
    chosen = concern | handed["waiting_days"].notna() | handed["tacit"]
    chosen = handed.assign(concern=concern)[chosen]
    return chosen.sort_values("days", ascending=False, kind="stable").head(REPORTED)


def _decision(row: Any) -> Text:
    if row.waiting_days >= 0:
        return DECIDE
    if row.state == OVERDUE:
        return RESUBMIT
    return LIFT if row.reservations > 0 else EMPTY


def _sentences(row: Any) -> Iterator[Message]:
    yield REFUSED if row.refused else NEVER_REFUSED
    awaiting_late = row.state == OVERDUE and row.waiting_days >= 0
    yield AWAITING_LATE if awaiting_late else SUBMITTED[row.state]
    if row.state in (LATE, OVERDUE) and cell(row.milestone_id):
        yield DEPENDS


def _late_decisions(c: Chapter, sent: pd.DataFrame) -> None:
    late = sent[sent["late_days"] > 0].sort_values("late_days", ascending=False, kind="stable")
    sentence = N_(
        "Versions on which the client decided after its delay, or has not decided though it is "
        "over, with the days after its end: {versions}."
    )
    c.concern(
        "decisions",
        sentence(versions=c.named(VERSION_LATE, late)),
        about=dict.fromkeys(late["deliverable_id"]),
        decision=N_("Settle who decides on what is submitted, so that the delay is kept."),
        clause=acceptance_clauses(c.review, "decision"),
    )


def _ending(c: Chapter, handed: pd.DataFrame) -> None:
    """Add the warranties that end soon."""
    soon = handed[handed["warranty_days"].between(0, SOON)]
    soon = soon.sort_values("warranty_days", kind="stable")
    sentence = N_("Warranties that end within 90 days: {deliverables}.")
    c.neutral(
        "warranty",
        sentence(deliverables=c.named(WARRANTY_ENDS, soon)),
        about=soon["deliverable_id"],
        decision=N_("Report the defects that are known before each warranty ends."),
        clause=acceptance_clauses(c.review, "warranty"),
    )


# Tables, chart and caveats


def _tables(c: Chapter, handed: pd.DataFrame, sent: pd.DataFrame) -> None:
    c.table(DELIVERABLES, handed)
    done = handed[handed["outcome"].notna()]
    left = done["warranty_days"]
    warranty = left.map(lambda days: "ended" if days < 0 else "soon" if days <= SOON else "running")
    how = done["outcome"].mask(done["tacit"], "tacit")
    if len(done):
        c.table(ACCEPTED, done.assign(how=how, warranty=warranty.where(left.notna())))
    if len(sent):
        c.table(VERSIONS, sent)


def _counting(sent: pd.DataFrame) -> pd.Series:
    """Return the name of what counts of each version: its outcome, silence or a later version."""
    pending = sent["decided_on"].isna()
    counts = sent["outcome"].mask(sent["tacit"], "tacit").mask(sent["replaced"], "replaced")
    return counts.mask(counts.isna() & pending, "awaiting")


def _figure(c: Chapter, handed: pd.DataFrame, sent: pd.DataFrame) -> None:
    due = handed if len(handed) <= DRAWN else handed.nlargest(DRAWN, "submissions").sort_index()
    due = due.assign(label=labelled(due["deliverable_id"], due["title"]))
    rows = sent.assign(decision=sent["outcome"])
    rows = rows.merge(due[["deliverable_id", "label", "due_on"]], on="deliverable_id")
    description = N_(
        "Deliverables submitted more than once: {k} of {n}. The most submissions: {submissions}, "
        "for {deliverable_id}."
    )(k=(handed["submissions"] > 1).sum(), n=len(handed))
    most = c.of_row(description, handed.loc[handed["submissions"].idxmax()])
    c.figure("submissions_by_deliverable", SUBMISSIONS, rows, most, due=due)


def _caveats(c: Chapter, handed: pd.DataFrame, sent: pd.DataFrame) -> None:
    undated = n_(
        "{n} decision bears no date: it counts, but not the time that the client took.",
        "{n} decisions bear no date: they count, but not the time that the client took.",
    )
    unstated = n_(
        "{n} decision has a date but is not stated: what became of the version is not known.",
        "{n} decisions have a date but are not stated: what became of the versions is not known.",
    )
    ids, dated = sent["deliverable_id"], sent["decided_on"].notna()
    c.caveat("undated", undated, about=ids[sent["decision"].notna() & ~dated])
    c.caveat("unstated", unstated, about=ids[sent["outcome"].isna() & dated])
    many = N_(
        "The findings tell of {reported} deliverables and the figure draws {drawn} of {all}. The "
        "tables hold all of them."
    )
    counts = {"reported": len(_reported(handed)), "drawn": DRAWN, "all": len(handed)}
    c.caveat("many", many(**counts), when=len(handed) > DRAWN)
