"""The working of one ticket as lines of text, to be redone by hand (F2)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reviewlib.faults import ReviewError, did_you_mean
from reviewlib.pages.wording import Wording
from reviewlib.review import Review
from reviewlib.service import results as service_results
from reviewlib.service.clause_words import (
    REASONS,
    exact_length,
    exact_time,
    scope_words,
    target_words,
    verdict_words,
)
from reviewlib.service.working import Working, working


def explain(review: Review, ticket_id: str) -> Iterator[str]:
    """Yield the lines that explain a ticket under each clause that judges it.

    Raises ReviewError when the ticket is not in the table, or was set aside.
    """
    _, w = review.wording.gettext, review.wording
    log = service_results.log(review)
    if log is None or ticket_id not in set(log.tickets["ticket_id"]):
        raise ReviewError(_absent(review, ticket_id))
    yield _("Ticket {id}, as of {date} (times of {zone})").format(
        id=ticket_id, date=w.instant(review.as_of), zone=review.contract.time_zone
    )
    # All are judged: what is told of one depends on what the log tells of any.
    mine = service_results.verdicts(review)[
        service_results.verdicts(review)["ticket_id"] == ticket_id
    ]
    if mine.empty:
        yield _("No clause of the contract judges it.")
    for _row, verdict in mine.iterrows():
        yield ""
        yield from _lines(review, working(log, verdict, review.language))


def _absent(review: Review, ticket_id: str) -> str:
    """Return why a ticket can't be explained, and what to do."""
    aside, table = review.engagement.set_aside, review.engagement.table("tickets")
    aside = aside[(aside["table"] == "tickets") & aside["content"].str.startswith(f"{ticket_id} ;")]
    if table is not None and ticket_id in set(table["ticket_id"]):
        seen = review.wording.instant(review.as_of)
        return f"ticket {ticket_id!r} was opened after {seen}. Give a later --as-of."
    if not aside.empty:
        row = aside.iloc[0]
        return f"ticket {ticket_id!r} was set aside: see row {row['row']} of {row['file']}."
    if table is None:
        return "the folder has no table of tickets (tickets.csv)."
    near = did_you_mean(ticket_id, table["ticket_id"]) if len(table) < 100_000 else ""
    hint = near if near.startswith("Did") else "Give a number of the column ticket_id."
    return f"ticket {ticket_id!r} is not among the {len(table)} tickets. {hint}"


def _lines(review: Review, found: Working) -> Iterator[str]:
    wording, verdict = review.wording, found.verdict
    _ = wording.gettext
    priority = verdict["priority"]
    none = pd.isna(priority)
    yield " · ".join(
        [verdict["clause"], found.clause.title, _("no priority") if none else priority]
    )
    if verdict["version"]:
        amendment = review.contract.amendments[verdict["version"] - 1].id
        yield "  " + _("Terms as amended by {amendment}").format(amendment=amendment)
    if verdict["variant"]:
        said = scope_words(wording, found.clause.variants[verdict["variant"] - 1])
        yield "  " + _("Terms for {scope}").format(scope=said)
    for piece in found.intervals.itertuples(index=False):
        since, until, reason, name, counted, seconds, total = piece
        length = exact_length(seconds) if counted else ""
        span = f"{exact_time(wording, since)} → {exact_time(wording, until)}"
        words = _(REASONS[reason]).format(name=name)
        yield f"  {span}  {length:>10}  {exact_length(total):>10}  {words}"
    judgement = verdict_words(wording, verdict["because"])
    if pd.isna(verdict["elapsed"]):
        yield f"  {judgement}"
        return
    yield from _clock(wording, found)
    length = exact_length(verdict["elapsed"].total_seconds())
    yield "  " + _("Elapsed: {time}, {verdict}").format(time=length, verdict=judgement)


def _clock(wording: Wording, found: Working) -> Iterator[str]:
    """Yield since when the clock runs, where not from the opening, its target and its deadline."""
    _, verdict = wording.gettext, found.verdict
    if verdict["start"] != verdict["opened_at"]:
        since = exact_time(wording, verdict["start"])
        yield "  " + _("Clock started: {time}").format(time=since)
    for part in found.parts[found.parts["calendar"].notna()].itertuples(index=False):
        yield "  " + _("{priority}: {spent} of {target} used, {share}").format(
            priority=part.priority,
            spent=exact_length(part.elapsed),
            target=exact_length(part.target),
            share=wording.percent(part.used),
        )
    target = target_words(wording, found.clause.targets[verdict["priority"]])
    length = exact_length(verdict["target"].total_seconds())
    yield "  " + _("Target: {target} ({time} of service time)").format(target=target, time=length)
    if verdict["extension"]:
        more = exact_length(verdict["extension"].total_seconds())
        yield "  " + _("of which {time} by an accepted extension").format(time=more)
    due = verdict["deadline"]
    still = _("none while the clock stands still")
    deadline = still if pd.isna(due) else exact_time(wording, due)
    yield "  " + _("Deadline: {deadline}").format(deadline=deadline)
