"""The working of one ticket as lines of text in a language, to be redone by hand (F2)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reviewlib.faults import DID_YOU_MEAN, ReviewError, nearest
from reviewlib.pages.wording import Wording
from reviewlib.report.text import N_, Language, Message, Shown, Text, dotted, n_, sentences
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clauses import (
    REASONS,
    exact_length,
    exact_time,
    scope_words,
    target_words,
    verdict_words,
)
from reviewlib.service.working import Working, working

ABOUT = N_("Ticket {id}, as of {date} (times of {zone})")
LATER = N_("ticket {id:quoted} was opened after {day}. Give a later --as-of.")
SET_ASIDE = N_("ticket {id:quoted} was set aside: see row {row} of {file}.")
NO_TICKETS = N_("the folder has no table of tickets (tickets.csv).")
NOT_AMONG = n_(
    "ticket {id:quoted} is not among the {n} ticket.",
    "ticket {id:quoted} is not among the {n} tickets.",
)
A_NUMBER = N_("Give a number of the column ticket_id.")
NOT_JUDGED = N_("No clause of the contract judges it.")
NO_PRIORITY = N_("no priority")
AMENDED = N_("Terms as amended by {amendment:ref}")
VARIANT = N_("Terms for {scope}")
ELAPSED = N_("Elapsed: {time}, {verdict}")
STARTED = N_("Clock started: {time}")
PART = N_("{priority}: {spent} of {target} used, {share:percent}")
TARGET = N_("Target: {target} ({time} of service time)")
EXTENDED = N_("of which {time} by an accepted extension")
DEADLINE = N_("Deadline: {deadline}")
STANDING = N_("none while the clock stands still")


def explain(review: Review, ticket_id: str, language: Language) -> Iterator[str]:
    """Yield the lines that explain a ticket under each clause that judges it.

    Raises ReviewError when the ticket is not in the table, or was set aside.
    """
    wording = Wording(language, review.contract.time_zone, review.contract.currency)
    log = results.log(review)
    if log is None or ticket_id not in set(log.tickets["ticket_id"]):
        raise ReviewError(_absent(review, ticket_id), language)
    zone, date = review.contract.time_zone, review.as_of
    yield wording.say(ABOUT(id=ticket_id, date=date, zone=zone))
    # All are judged: what is told of one depends on what the log tells of any.
    verdicts = results.verdicts(review)
    verdicts = verdicts[verdicts["ticket_id"] == ticket_id]
    if verdicts.empty:
        yield wording.say(NOT_JUDGED)
    for _row, verdict in verdicts.iterrows():
        yield ""
        work = working(log, verdict)
        yield wording.say(_heading(work))
        yield from (f"  {line}" for line in _lines(review, work, wording))


def _absent(review: Review, ticket_id: str) -> Text:
    """Return why a ticket can't be explained, and what to do."""
    aside, table = review.engagement.set_aside, review.engagement.table("tickets")
    aside = aside[(aside["table"] == "tickets") & (aside["id"] == ticket_id)]
    if table is not None and ticket_id in set(table["ticket_id"]):
        local = review.as_of.tz_convert(review.contract.time_zone).tz_localize(None)
        return LATER(id=ticket_id, day=Shown(local.to_pydatetime(), "instant"))
    if not aside.empty:
        row = aside.iloc[0]
        return SET_ASIDE(id=ticket_id, row=str(row["row"]), file=row["file"])
    if table is None:
        return NO_TICKETS
    near = nearest(ticket_id, table["ticket_id"]) if len(table) < 100_000 else None
    hint = DID_YOU_MEAN(word=near) if near else A_NUMBER
    return sentences(NOT_AMONG(id=ticket_id, n=len(table)), hint)


def _heading(work: Working) -> Text:
    priority = work.verdict["priority"]
    shown = NO_PRIORITY if pd.isna(priority) else priority
    return dotted(work.verdict["clause"], work.clause.title, shown)


def _lines(review: Review, work: Working, wording: Wording) -> Iterator[str]:
    """Yield the terms, the intervals with the running total, the clock and the verdict."""
    yield from map(wording.say, _terms(review, work))
    zone = review.contract.time_zone
    for piece in work.intervals.itertuples(index=False):
        since, until, reason, name, counted, seconds, total = piece
        length = exact_length(seconds) if counted else ""
        span = f"{exact_time(since, zone)} → {exact_time(until, zone)}"
        words = wording.say(REASONS[reason](name=name))
        yield f"{span}  {length:>10}  {exact_length(total):>10}  {words}"
    judgement = verdict_words(work.verdict["because"])
    if pd.isna(work.verdict["elapsed"]):
        yield wording.say(judgement)
        return
    yield from map(wording.say, _clock(work, zone))
    length = exact_length(work.verdict["elapsed"].total_seconds())
    yield wording.say(ELAPSED(time=length, verdict=judgement))


def _terms(review: Review, work: Working) -> Iterator[Message]:
    version, variant = work.verdict["version"], work.verdict["variant"]
    if version:
        yield AMENDED(amendment=review.contract.amendments[version - 1].id)
    if variant:
        yield VARIANT(scope=scope_words(work.clause.variants[variant - 1]))


def _clock(work: Working, zone: str) -> Iterator[Message]:
    """Yield since when the clock runs, where not from the opening, its target and its deadline."""
    verdict = work.verdict
    if verdict["start"] != verdict["opened_at"]:
        yield STARTED(time=exact_time(verdict["start"], zone))
    for part in work.parts[work.parts["calendar"].notna()].itertuples(index=False):
        spent, target = exact_length(part.elapsed), exact_length(part.target)
        yield PART(priority=part.priority, spent=spent, target=target, share=part.used)
    length = exact_length(verdict["target"].total_seconds())
    agreed = work.clause.targets[verdict["priority"]]
    yield TARGET(target=target_words(agreed), time=length)
    if verdict["extension"]:
        yield EXTENDED(time=exact_length(verdict["extension"].total_seconds()))
    due = verdict["deadline"]
    yield DEADLINE(deadline=STANDING if pd.isna(due) else exact_time(due, zone))
