"""Decisions and their written record: by whom, held where, applied when (H4)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.calendars.punctuality import LATE, ON_TIME, OVERDUE
from reviewlib.contract.governance import AgreedRule
from reviewlib.people.decisions import metrics
from reviewlib.people.words import time_taken
from reviewlib.report.chapter import Chapter
from reviewlib.report.day_words import STATES, delay_words
from reviewlib.report.forms import Col, TableForm
from reviewlib.report.phrases import SIDES, as_of, in_short, of_ids, read, text_of, titled
from reviewlib.report.text import EMPTY, N_, Quoted, Shown, Text, n_, sentences
from reviewlib.report.values import AtStake, Brief, Checks, Kind, Section, Side, Unit
from reviewlib.review import Review

FILE = "decisions.csv"
COUNTED = N_(
    "A decision is in writing when the table names a document. A meeting or an exchange holds it "
    "when the table names one. It was put in writing on the day on which the minutes of its "
    "meeting were sent; without a meeting that day is not known. Days are calendar days. "
    "Dates of application are as recorded; the document named is that of the decision. Whether a "
    "decision of a meeting is in writing in time is counted once, with the minutes of that meeting."
)
WITHIN = N_("The contract asks for the written record within {delay}.")
NO_RULE = N_("The contract does not say that decisions are put in writing: this is a count.")
YES_NO = {True: N_("yes"), False: N_("no")}
HEADLINE = N_("Decisions with a written record: {k} of {n}.")
BOTH_COUNTS = n_(
    "In writing: {k} of {n} decision; those of meetings in time: {in_time} of {m}.",
    "In writing: {k} of {n} decisions; those of meetings in time: {in_time} of {m}.",
)
OVERDUE_ONES = N_("Past the date, not recorded as applied: {k}.")
UNWRITTEN = n_(
    "{n} decision has no written record: {names}.", "{n} decisions have no written record: {names}."
)
UNHELD = n_(
    "Of {n} the table names neither minutes nor an exchange ({names}).",
    "Of {n} the table names neither minutes nor an exchange ({names}).",
)
NOWHERE = n_(
    "The table names neither minutes nor an exchange for it.",
    "The table names neither minutes nor an exchange for them.",
)
NO_DATE = N_("Counted for neither side, since no document names the decision: {applied}.")
APPLIED_THEN = {
    False: N_("{decision_id}, recorded as applied by its date"),
    True: N_("{decision_id}, recorded as applied {late:days} after its date"),
}
UNAPPLIED = N_("{decision_id}, not recorded as applied")
NO_SIDE = N_(
    "Decisions with a date, and no side that applies them, are counted for neither: {ids}."
)
UNKNOWN_DAY = n_(
    "of {n} other the day of the minutes is not recorded",
    "of {n} others the day of the minutes is not recorded",
)
BY = N_("{decided_by}, {decided_on}")
NAMED = N_("{name} ({by})")
CONFIRM = N_("Confirm in writing what was decided ({ids}), or say that it was not.")
CONFIRM_NEXT = N_("For the next contract: say who puts a decision in writing, and where.")
NOT_SENT = N_("The minutes that hold the decisions have not been sent yet.")
PENDING = n_(
    "{n} other is of a meeting whose minutes had not been sent yet",
    "{n} others are of meetings whose minutes had not been sent yet",
)
WRITTEN_LATE = N_(
    "Decisions of meetings not in writing within the time allowed: {k} of {n} ({names})."
)
EARLIER = N_("Agree on how the decisions of a meeting are confirmed before its minutes are sent.")
EARLIER_NEXT = N_(
    "For the next contract: say how decisions of a meeting are confirmed before its minutes are "
    "sent."
)
NOT_APPLIED_BRIEF = N_("The decision {named} is not recorded as applied.")
TO_APPLY, PAST = N_("{named}: to apply"), N_("past the date of its application")
NOT_APPLIED = {
    OVERDUE: N_(
        "Decision {named} ({by}) is not recorded as applied on {today}, {late:days} after its date "
        "({due_on})."
    ),
    LATE: N_("Decision {named} ({by}) was applied {late:days} after its date ({due_on})."),
}
APPLY = N_("Decision {decision_id}: settle by when it is applied, or give it up.")
APPLY_NEXT = N_("Decision {decision_id}: say in the final account what becomes of it.")
APPLIED = {
    "client": N_("Decisions that the client applied on time"),
    "provider": N_("Decisions that the provider applied on time"),
    "both": N_("Decisions that both sides applied on time"),
}
BOTH = {"client": Side.CLIENT, "provider": Side.PROVIDER, "both": Side.BOTH}
APPLICATIONS = STATES | {metrics.APART: N_("no document for its date")}

DECISIONS = TableForm(
    "decisions",
    N_("Decisions"),
    (
        Col("decision_id", N_("Decision"), quoted=True),
        Col("title", N_("What was decided"), quoted=True),
        Col("decided_on", N_("Decided on"), Unit.DATE),
        Col("decided_by", N_("Decided by"), quoted=True),
        Col("body", N_("Meeting or exchange"), quoted=True),
        Col("side", N_("Applied by"), words=SIDES),
        Col("due_on", N_("To be applied by"), Unit.DATE),
        Col("applied_on", N_("Applied on"), Unit.DATE),
        Col("state", N_("State"), words=APPLICATIONS),
        Col("days", N_("Days to apply it"), Unit.COUNT),
        Col("evidence", N_("Written evidence"), quoted=True),
    ),
)
IN_SHORT = ["decision_id", "title", "decided_on", "decided_by", "side", "state"]
LEAD = DECISIONS.only(IN_SHORT).but(
    name="overview",
    caption=N_("Decisions, in short"),
    columns=(
        *DECISIONS.only(IN_SHORT).columns,
        Col("in_writing", N_("In writing"), words=YES_NO),
    ),
    lead=True,
    by="late",
    first=N_("The {n} furthest past their date, of {all}."),
)


def decisions(review: Review) -> Section:
    """Return the chapter on decisions, their written record and their application."""
    c = Chapter(review, "decisions", N_("Decisions and their written record"), as_of(review))
    table, rule = review.table("decisions"), review.contract.governance.decisions
    if table is None:
        return c.not_assessed(review.absent("decisions"))
    within = rule.within if rule else None
    days_off = review.contract.days_off
    rows = metrics.decisions(table, review.whole("meetings"), within, review.today, days_off)
    overdue = int((rows["state"] == OVERDUE).sum())
    if "evidence" in table:
        c.headline(_in_writing(rows))
    else:
        c.headline(N_("The folder does not say which decisions are in writing."))
    c.headline(*([OVERDUE_ONES(k=overdue)] if overdue else []))
    c.intro(COUNTED, _rule(rule))
    _record(c, table, rows, rule)
    _application(c, table, rows)
    c.table(LEAD, rows.assign(in_writing=rows["written"]))
    c.table(DECISIONS, rows)
    return c.section()


def _in_writing(rows: pd.DataFrame) -> Text:
    """Return how many are in writing, beside those of meetings that were so in time."""
    own = rows[~rows["pending"]]
    if own.empty:
        return NOT_SENT
    counts = {"k": int(own["written"].sum()), "n": len(own)}
    due = rows["writing"].isin([ON_TIME, LATE, OVERDUE])
    in_time = int((rows["writing"] == ON_TIME).sum())
    if in_time == due.sum():
        return HEADLINE(**counts)
    return BOTH_COUNTS(in_time=in_time, m=int(due.sum()), **counts)


def _rule(rule: AgreedRule | None) -> Text:
    if rule is None:
        return NO_RULE
    return WITHIN(delay=delay_words(rule.within)) if rule.within else EMPTY


def _record(c: Chapter, table: pd.DataFrame, rows: pd.DataFrame, rule: AgreedRule | None) -> None:
    """Add what of the decisions is in writing, and by when."""
    every, rows = rows, rows[~rows["pending"]]
    k, n, clause = int(rows["written"].sum()), len(rows), rule.clause if rule else ""
    checks = Checks(Side.BOTH, k, n) if rule and n else None
    waiting = len(every) - n
    label = N_("Decisions with a written record")
    fact = c.share(
        "written", label, k, n, clause=clause, checks=checks, key=True,
        note=PENDING(n=waiting) if waiting else EMPTY, because=NOT_SENT,
        **read(table, FILE, "evidence"),
    )  # fmt: skip
    held = N_("Decisions that a meeting or an exchange holds")
    c.count("held", held, every["held"], source=f"{FILE}: body, meeting_id")
    _changes(c)
    if "evidence" in table:
        c.met("in_writing", fact, rows.loc[rows["written"], "decision_id"], clause)
        _unwritten(c, rows, rule)
    _writing(c, every, clause)


def _unwritten(c: Chapter, rows: pd.DataFrame, rule: AgreedRule | None) -> None:
    unwritten = rows[~rows["written"]]
    unheld = unwritten[~unwritten["held"]]
    ids, apart = [*unwritten["decision_id"]], unwritten[unwritten["state"] == metrics.APART]
    names = c.named(lambda row: NAMED(name=Quoted(row.decision_id), by=_by(row)), unwritten)
    partly = UNHELD(n=len(unheld), names=of_ids(unheld["decision_id"]))
    nowhere = NOWHERE(n=len(unheld)) if len(unheld) == len(ids) else partly
    c.find(
        Kind.CONCERN if rule else Kind.NEUTRAL,
        "unwritten",
        sentences(
            UNWRITTEN(n=len(ids), names=names),
            nowhere if len(unheld) else EMPTY,
            NO_DATE(applied=c.named(_applied, apart)) if len(apart) else EMPTY,
        ),
        about=ids,
        decision=CONFIRM_NEXT if c.review.over else CONFIRM,
        clause=rule.clause if rule else "",
        checks=Checks(Side.BOTH, 0, len(ids)) if rule else None,
        decider=Side.BOTH,
    )


def _applied(row: Any) -> Text:
    return UNAPPLIED if pd.isna(row.applied_on) else APPLIED_THEN[pd.notna(row.late)]


def _by(row: Any) -> Text:
    """Return who decided and when; the day alone where the table does not say who."""
    who = text_of(row.decided_by)
    return BY(decided_by=who, decided_on=row.decided_on) if who else Shown(row.decided_on, "date")


def _writing(c: Chapter, rows: pd.DataFrame, clause: str) -> None:
    """Add how many decisions of meetings were put in writing within the delay of the contract."""
    dated = rows[rows["writing"].notna()]
    due = rows["meeting_id"].notna() & rows["write_by"].notna()
    unknown = int(due.sum()) - len(dated)
    label = N_("Decisions of meetings put in writing within the time allowed")
    because = N_("no time allowed, or no meeting with the day of its minutes, is known")
    source = "decisions.csv: decided_on, meeting_id; meetings.csv: minutes_on"
    c.on_time(
        "writing", label, dated["writing"], because=because, source=source, clause=clause,
        note=UNKNOWN_DAY(n=unknown) if unknown and len(dated) else EMPTY,
    )  # fmt: skip
    late = dated[dated["writing"].isin([LATE, OVERDUE])]
    sentence = WRITTEN_LATE(k=len(late), n=len(dated), names=of_ids(late["decision_id"]))
    c.neutral(
        "written_late", sentence, about=late["decision_id"], clause=clause, decider=Side.BOTH,
        decision=EARLIER_NEXT if c.review.over else EARLIER,
    )  # fmt: skip


def _changes(c: Chapter) -> None:
    proven = metrics.proven_changes(c.review.table("changes"))
    if proven is not None:
        label = N_("Approved changes with a written evidence")
        c.share("changes", label, *proven, source="changes.csv: decision, evidence")


def _application(c: Chapter, table: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Add how many were applied by their date, by the side that applies them, and how soon."""
    source = f"{FILE}: side, due_on, applied_on"
    for side, label in APPLIED.items():
        own = rows[(rows["side"] == side) & rows["state"].isin(STATES)]
        if own.empty:
            continue
        fact = c.on_time(f"applied.{side}", label, own["state"], BOTH[side], source=source)
        c.met(f"applied.{side}", fact, own.loc[own["state"] == ON_TIME, "decision_id"])
    median = N_("Days from a decision to its application, median")
    longest = N_("Days from a decision to its application, the longest")
    dates = read(table, FILE, "decided_on", "applied_on")
    time_taken(c, median, longest, rows["days"], key=True, **dates)
    sideless = rows.loc[rows["state"].isin(STATES) & rows["side"].isna(), "decision_id"]
    c.caveat("no_side", NO_SIDE(ids=of_ids(sideless)), when=len(sideless) > 0)
    missed = rows[rows["state"].isin([LATE, OVERDUE]) & rows["side"].notna()]
    apply = APPLY_NEXT if c.review.over else APPLY
    c.each(
        Kind.CONCERN,
        "decision",
        missed.sort_values("late", ascending=False, kind="stable"),
        lambda row: NOT_APPLIED[row.state](named=titled(row.decision_id, row.title), by=_by(row)),
        id="decision_id",
        decision=lambda row: apply if row.state == OVERDUE else EMPTY,
        checks=lambda row: Checks(BOTH[row.side], 0, 1),
        decider=lambda row: BOTH[row.side],
        brief=lambda row: _brief(c, row) if row.state == OVERDUE else None,
    )
    c.stopped(len(missed))


def _brief(c: Chapter, row: Any) -> Brief:
    named = in_short(row.decision_id, row.title, 6)
    owes = EMPTY if c.review.over else TO_APPLY(named=named)
    stake = AtStake(int(row.late), Unit.DAYS, PAST)
    topic = f"decision {row.decision_id}"
    return Brief(NOT_APPLIED_BRIEF(named=named), stake, topic, BOTH[row.side], owes)
