"""Deliverables: what was submitted when, accepted after how many versions, what is open (C3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import AWAITING, LATE, NOT_DUE, ON_TIME, OVERDUE, punctuality
from reviewlib.contract import Contract
from reviewlib.contract.delivery import Acceptance
from reviewlib.delivery import results
from reviewlib.delivery.acceptance_words import (
    NONE_OVER,
    acceptance_clauses,
    acceptance_rules,
    left_out_rules,
    no_tacit,
    open_sentences,
    silence_sentences,
    states_delay,
)
from reviewlib.delivery.decision_words import add_decisions, of_versions
from reviewlib.delivery.deliverables import front, metrics
from reviewlib.delivery.deliverables.tables import ACCEPTED, DELIVERABLES, SUBMISSIONS, VERSIONS
from reviewlib.delivery.left_out_words import LATE_BY, LEFT_OUT
from reviewlib.delivery.terms import terms_on
from reviewlib.report.cells import cell
from reviewlib.report.chapter import Chapter
from reviewlib.report.fields import FactFields
from reviewlib.report.phrases import as_of, labelled, marked
from reviewlib.report.text import EMPTY, N_, Message, Text, n_, sentences
from reviewlib.report.values import Checks, Fact, Kind, Section, Side, Unit
from reviewlib.review import Review

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
    "A deliverable is on time by the day on which the version that was accepted was submitted. Its "
    "delay is counted from its due date on."
)
REFUSED = n_(
    "Deliverable {deliverable_id} “{title}” was refused once.",
    "Deliverable {deliverable_id} “{title}” was refused {refused} times.",
    on="refused",
)
OF_IT_SET_ASIDE = n_(
    "Deliverable {deliverable_id} “{title}”: {rows} row of it in {file} was set aside.",
    "Deliverable {deliverable_id} “{title}”: {rows} rows of it in {file} were set aside.",
    on="rows",
)
SELDOM_REFUSED = {
    0: N_("Deliverable {deliverable_id} “{title}”: no version was refused."),
    2: N_("Deliverable {deliverable_id} “{title}” was refused twice."),
}
SUBMITTED = {
    ON_TIME: N_(
        "The version accepted ({version}) was submitted on {submitted_on}, by its due date "
        "({due_on})."
    ),
    LATE: N_(
        "The version accepted ({version}) was submitted on {submitted_on}, {after_days:days} after "
        "its due date ({due_on})."
    ),
    OVERDUE: N_(
        "No version is accepted as of {today}, {after_days:days} after its due date ({due_on})."
    ),
    AWAITING: N_(
        "The last version ({version}) was submitted on {submitted_on}, by its due date ({due_on})."
    ),
    NOT_DUE: N_("It is due on {due_on}."),
}
AWAITING_LATE = N_(
    "The last version ({version}) was submitted on {submitted_on}, {after_days:days} after its due "
    "date ({due_on})."
)
DECIDING = N_("{decision_days:days} of the client's decisions on versions that it refused")
NEEDING = N_("{milestone_days:days} before milestone {milestone_id}, which it needs, was reached")
NOT_LATE = N_("It is not late.")
UNCOUNTED = n_(
    "the number is not known for {n} acceptance", "the number is not known for {n} acceptances"
)
NONE_BUT_TACITLY = N_("nothing is accepted yet otherwise than tacitly")
UNASSESSED = N_("Whether it is late is not assessed: {because}.")
DEPENDS = N_("It depends on milestone {milestone_id}.")
DECIDED_ON_TIME = N_("Versions decided within the time limit of the contract")
DECIDE = N_("Deliverable {deliverable_id}: decide on the version submitted.")
RESUBMIT = N_(
    "Deliverable {deliverable_id}: settle what the next submission must meet, and by when."
)
LIFT = N_("Deliverable {deliverable_id}: settle by when the open reservations are lifted.")
WARRANTY_ENDS = N_("{deliverable_id} ({warranty_ends_on})")


def deliverables(review: Review) -> Section:
    """Return the chapter on the deliverables of the contract."""
    c = Chapter(review, "deliverables", N_("Deliverables"), as_of(review))
    if review.table("deliverables") is None or "submissions" not in review.engagement.tables:
        return c.not_assessed(ABSENT)
    judged, versions = results.deliverables(review), results.versions(review)
    if judged is None or versions is None:
        return c.not_assessed(results.absence(review, "submissions"))
    _opening(c, judged)
    _acceptance(c, judged)
    decided = _client(c, judged, versions)
    _reservations(c, judged)
    _warranties(c, judged)
    _findings(c, judged)
    add_decisions(c, decided, of_versions(c, versions), DECIDE, front.DECIDED)
    _ending(c, judged)
    _tables(c, judged, versions)
    _caveats(c, judged, versions)
    return c.section()


def _opening(c: Chapter, deliverables: pd.DataFrame) -> None:
    k, n = punctuality(deliverables["state"])
    on_time = N_("Deliverables submitted on time: {k} of the {n} that can be judged.")(k=k, n=n)
    c.headline(on_time if n else N_("No deliverable can be judged yet."))
    c.intro(COUNTED, left_out_rules(c.review), acceptance_rules(c.review))


# Figures


def _acceptance(c: Chapter, deliverables: pd.DataFrame) -> None:
    label = N_("Deliverables on time, by the submission of the version accepted")
    states, source = deliverables["state"], f"{DUE}; {DECIDED}"
    fact = c.on_time("on_time", label, states, Side.PROVIDER, source=source)
    on_time = deliverables.loc[states == ON_TIME, "deliverable_id"]
    c.met("kept", fact, on_time, held=front.HELD)
    c.clause_on(fact, front.ON_TIME, 4)
    first, attempts = deliverables["first_pass"].dropna(), deliverables["attempts"].dropna()
    label = N_("Deliverables accepted at their first submission")
    note, none = N_("with or without reservations"), N_("no version is decided yet")
    passed: FactFields = {"source": DECIDED, "note": note, "because": none, "key": True}
    c.share("first_pass", label, first.sum(), len(first), **passed)
    label, n = N_("Submissions up to acceptance, on average"), len(attempts)
    most, none = N_("at most {n}")(n=attempts.max()), N_("no deliverable is accepted yet")
    about: FactFields = {"n": n, "source": DECIDED, "note": most, "because": none}
    c.fact("submissions", label, attempts.mean(), Unit.SCORE, **about)
    label = N_("Median time from first submission to acceptance")
    c.median("acceptance", label, deliverables["cycle_days"], source=DELAYS)


def _client(c: Chapter, deliverables: pd.DataFrame, versions: pd.DataFrame) -> Fact:
    """Add the client's own part; return how many of its decisions were made on time."""
    label = N_("Median time that the client took to decide on a version")
    c.median("decision", label, versions["delay_days"], source=DELAYS, key=True)
    stated, silent = states_delay(c.review, "decision"), no_tacit(c.review)
    clause = acceptance_clauses(c.review, "decision")
    in_time, missed = versions["in_time"].dropna(), versions[versions["in_time"] == 0]
    late, none = missed["decided_on"].notna().sum(), missed["decided_on"].isna().sum()
    note = N_("decided after it: {late}; not decided: {none}")(late=late, none=none)
    because = NONE_OVER if stated else silent
    about: FactFields = {"clause": clause, "source": DELAYS, "note": note, "because": because}
    checks = about["checks"] = Checks(Side.CLIENT, int(in_time.sum()), len(in_time))
    on_time = c.share("decision.in_time", DECIDED_ON_TIME, checks.held, checks.of, **about)
    label, tacit = N_("Deliverables accepted tacitly"), deliverables["tacit"]
    n, k = len(tacit), tacit.sum() if stated else None
    c.fact("tacit", label, k, n=n, clause=clause, source=DELAYS, note=silent)
    label = N_("Deliverables refused at least once")
    c.count("refused", label, deliverables["refused"] > 0, source=DECIDED)
    label = N_("Deliverables with a version that awaits the client's decision")
    c.count("awaiting", label, deliverables["waiting_days"].notna(), source=DECIDED)
    return on_time


def _reservations(c: Chapter, deliverables: pd.DataFrame) -> None:
    stated, ages = deliverables["reservations"].dropna(), deliverables["age"].dropna()
    accepted = deliverables["outcome"].notna() & ~deliverables["tacit"]
    uncounted = int((accepted & deliverables["reservations"].isna()).sum())
    note = UNCOUNTED(n=uncounted) if uncounted else EMPTY
    none = NONE_BUT_TACITLY if deliverables["tacit"].any() else N_("nothing is accepted yet")
    label, n = N_("Reservations still open at the extraction"), len(stated)
    still_open, because = int(stated.sum()) if n else None, note or none
    about: FactFields = {"n": n, "source": RESERVATIONS, "note": note, "because": because}
    about["period"], about["key"] = EMPTY, True  # they are counted at the extraction only
    c.fact("reservations", label, still_open, **about)
    label, n = N_("Age of the oldest open reservations, since the decision"), len(ages)
    none, source = N_("no reservation is known to be open"), f"{RESERVATIONS}, decided_on"
    c.fact("reservations.age", label, ages.max(), Unit.DAYS, n=n, source=source, because=none)


def _warranties(c: Chapter, deliverables: pd.DataFrame) -> None:
    stated, clause = deliverables["warranty"].dropna(), acceptance_clauses(c.review, "warranty")
    because = N_("no acceptance with a date is known yet")
    if not states_delay(c.review, "warranty"):
        because = N_("the contract states no warranty (terms.acceptance.warranty)")
    for name, label in (
        (metrics.ENDED, N_("Warranties that have ended")),
        (metrics.SOON, N_("Warranties that end within 90 days")),
    ):
        k, n = (stated == name).sum() if len(stated) else None, len(stated)
        c.fact(f"warranty.{name}", label, k, n=n, clause=clause, source=DELAYS, because=because)


# Findings


def _findings(c: Chapter, deliverables: pd.DataFrame) -> None:
    """Add each deliverable refused, late, awaiting, accepted tacitly or with something open."""
    aside = c.review.engagement.set_aside
    of_versions = aside[aside["table"] == "submissions"].drop_duplicates("row")
    lost = of_versions["id"].value_counts().to_dict()
    reported = metrics.reported(deliverables)
    briefs = front.briefs(c, reported)
    c.each(
        lambda row: Kind.CONCERN if row.concern else Kind.NEUTRAL,
        "",
        reported,
        lambda row: sentences(
            *_sentences(row, lost.get(row.deliverable_id, 0), c.review.contract),
            *silence_sentences(row),
            *open_sentences(row, c.review.today),
        ),
        id="deliverable_id",
        decision=lambda row: _decision(row, c.review.today),
        clause="clause",
        checks=lambda row: Checks(Side.PROVIDER, 0, 1) if row.state in (LATE, OVERDUE) else None,
        brief=lambda row: briefs.get(row.deliverable_id),
        decider=lambda row: Side.CLIENT if row.waiting_days >= 0 else Side.BOTH,
        decide_by=lambda row: front.decide_by(row, c.review.today),
        limit=REPORTED,
    )


def _decision(row: Any, today: pd.Timestamp) -> Text:
    if row.waiting_days >= 0:
        # once the delay is over, the finding on the decision asks for it
        return EMPTY if row.decide_by < today else DECIDE
    if row.state == OVERDUE or (row.state == metrics.NOT_ASSESSED and not cell(row.outcome)):
        return RESUBMIT
    return LIFT if row.reservations > 0 else EMPTY


def _sentences(row: Any, lost: int, contract: Contract) -> Iterator[Message]:
    """Yield what is to be said of a deliverable, of which ``lost`` submissions were set aside."""
    if row.refused or not lost:
        yield SELDOM_REFUSED.get(row.refused, REFUSED)
    if lost:
        yield OF_IT_SET_ASIDE(rows=lost, file="submissions.csv")
    yield _submission(row)
    parts = _left_out(row, terms_on(contract, row.due_on).acceptance)
    if parts and row.state != metrics.NOT_ASSESSED:
        yield LEFT_OUT(parts=parts)
        yield LATE_BY if row.days > 0 else NOT_LATE
    if row.state == metrics.NOT_ASSESSED:
        yield UNASSESSED(because=results.WAIT_UNKNOWN(milestone_id=row.milestone_id))
    if row.state in (LATE, OVERDUE) and cell(row.milestone_id) and not row.milestone_days:
        yield DEPENDS


def _submission(row: Any) -> Message:
    """Return when the version that counts was submitted, against the due date."""
    past = row.after_days > 0
    if cell(row.outcome):
        return SUBMITTED[LATE if past else ON_TIME]
    if row.waiting_days >= 0:
        return AWAITING_LATE if past else SUBMITTED[AWAITING]
    return SUBMITTED[OVERDUE if past else NOT_DUE]


def _left_out(row: Any, terms: Acceptance) -> list[Text]:
    """Return the days after the due date that are no lateness, by which terms."""
    parts: list[Text] = []
    if row.decision_days:
        decided = DECIDING(decision_days=row.decision_days)
        parts.append(marked(terms, "decision_days", decided))
    if row.milestone_days:
        waited = NEEDING(milestone_days=row.milestone_days, milestone_id=row.milestone_id)
        parts.append(marked(terms, "milestone_days", waited))
    return parts


def _ending(c: Chapter, deliverables: pd.DataFrame) -> None:
    """Add the warranties that end soon."""
    soon = deliverables[deliverables["warranty"] == metrics.SOON].sort_values(
        "warranty_days", kind="stable"
    )
    sentence = N_("Warranties that end within 90 days: {deliverables}.")
    c.neutral(
        "warranty",
        sentence(deliverables=c.named(WARRANTY_ENDS, soon)),
        about=soon["deliverable_id"],
        decision=N_("Report the defects that are known before each warranty ends."),
        decider=Side.CLIENT,
        decide_by="" if soon.empty else str(soon["warranty_ends_on"].iat[0].date()),
        clause=acceptance_clauses(c.review, "warranty"),
    )


# Tables, chart and caveats


def _tables(c: Chapter, deliverables: pd.DataFrame, versions: pd.DataFrame) -> None:
    c.table(DELIVERABLES, deliverables)
    accepted = deliverables[deliverables["outcome"].notna()]
    if len(accepted):
        c.table(ACCEPTED, accepted.assign(how=accepted["counts"]))
    if len(versions):
        c.table(VERSIONS, versions)
        _figure(c, deliverables, versions)


def _figure(c: Chapter, deliverables: pd.DataFrame, versions: pd.DataFrame) -> None:
    due = SUBMISSIONS.in_order(deliverables).head(DRAWN)
    due = due.assign(label=labelled(due["deliverable_id"], due["title"]))
    rows = versions.assign(decision=versions["outcome"])
    rows = rows.merge(due[["deliverable_id", "label", "due_on"]], on="deliverable_id")
    description = N_(
        "Deliverables submitted more than once: {k} of {n}. The most submissions: {submissions}, "
        "for {deliverable_id}."
    )(k=(deliverables["submissions"] > 1).sum(), n=len(deliverables))
    most = c.of_row(description, deliverables.loc[deliverables["submissions"].idxmax()])
    n = len(deliverables)
    c.figure("submissions_by_deliverable", SUBMISSIONS, rows, most, due=due, of=n)


def _caveats(c: Chapter, deliverables: pd.DataFrame, versions: pd.DataFrame) -> None:
    undated = n_(
        "{n} decision bears no date: it counts, but not the time that the client took.",
        "{n} decisions bear no date: they count, but not the time that the client took.",
    )
    unstated = n_(
        "{n} decision has a date but is not stated: what became of the version is not known.",
        "{n} decisions have a date but are not stated: what became of the versions is not known.",
    )
    ids, dated = versions["deliverable_id"], versions["decided_on"].notna()
    c.caveat("undated", undated, about=ids[versions["decision"].notna() & ~dated])
    c.caveat("unstated", unstated, about=ids[versions["outcome"].isna() & dated])
    many = n_(
        "The findings cover {reported} deliverable and the figure draws {drawn} of {all}. The "
        "tables hold all of them.",
        "The findings cover {reported} deliverables and the figure draws {drawn} of {all}. The "
        "tables hold all of them.",
        on="reported",
    )
    reported = min(len(metrics.reported(deliverables)), REPORTED)
    counts = {"reported": reported, "drawn": DRAWN, "all": len(deliverables)}
    c.caveat("many", many(**counts), when=len(deliverables) > DRAWN)
