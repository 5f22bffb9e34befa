"""The working of one ticket as lines of text, to be redone by hand (F2)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reviewlib.clause_words import UNKNOWN, target_words
from reviewlib.faults import ReviewError, did_you_mean
from reviewlib.metrics.service_levels import Log, judged
from reviewlib.metrics.working import COUNTED, OVER, PAUSED, Working, working
from reviewlib.review import Review
from reviewlib.wording import N_, Wording

REASONS = {
    COUNTED: N_("counted"),
    PAUSED: N_("not counted: paused, status {name}"),
    OVER: N_("not counted: over before a reopening, status {name}"),
    "outside_hours": N_("not counted: outside service hours"),
    "holiday": N_("not counted: holiday, {name}"),
    "closure": N_("not counted: closure, {name}"),
}
VERDICTS = {
    "in_time": N_("in time"),
    "late": N_("late"),
    "open": N_("running: open, within its target"),
    "cancelled": N_("excluded: cancelled"),
    "no_target": N_("excluded: of a priority without a target"),
    **{reason: N_("unknown: {reason}") for reason in UNKNOWN},
}


def explain(review: Review, ticket_id: str) -> Iterator[str]:
    """Yield the lines that explain a ticket under each clause that judges it.

    Raises ReviewError when the ticket is not in the table, or was set aside.
    """
    _, w = review.wording.gettext, review.wording
    tickets = review.table("tickets")
    if tickets is None or ticket_id not in set(tickets["ticket_id"]):
        raise ReviewError(_absent(review, ticket_id))
    # All are judged: what is told of one depends on what the log tells of any.
    events = review.engagement.table("ticket_events")
    log = Log(tickets, events, review.contract, review.as_of)
    verdicts = judged(log)
    yield _("Ticket {id}, as of {date} (times of {zone})").format(
        id=ticket_id, date=w.instant(review.as_of), zone=review.contract.time_zone
    )
    mine = verdicts[verdicts["ticket_id"] == ticket_id]
    if mine.empty:
        yield _("No clause of the contract judges it.")
    for _row, verdict in mine.iterrows():
        yield ""
        yield from _lines(w, working(log, verdict, review.language))


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


def _lines(wording: Wording, found: Working) -> Iterator[str]:
    _, verdict, zone = wording.gettext, found.verdict, wording.time_zone
    priority = verdict["priority"]
    none = pd.isna(priority)
    yield " · ".join(
        [verdict["clause"], found.clause.title, _("no priority") if none else priority]
    )
    for piece in found.intervals.itertuples(index=False):
        since, until, reason, name, counted, seconds, total = piece
        length = _length(seconds) if counted else ""
        span = f"{_time(since, zone)} → {_time(until, zone)}"
        words = _(REASONS[reason]).format(name=name)
        yield f"  {span}  {length:>10}  {_length(total):>10}  {words}"
    reason = verdict["because"]
    judgement = _(VERDICTS[reason]).format(reason=_(UNKNOWN.get(reason, "")))
    if pd.isna(verdict["elapsed"]):
        yield f"  {judgement}"
        return
    target = target_words(wording, found.clause.targets[priority])
    length = _length(verdict["target"].total_seconds())
    yield "  " + _("Target: {target} ({time} of service time)").format(target=target, time=length)
    due = verdict["deadline"]
    still = _("none while the clock stands still")
    deadline = still if pd.isna(due) else _time(due, zone)
    yield "  " + _("Deadline: {deadline}").format(deadline=deadline)
    length = _length(verdict["elapsed"].total_seconds())
    yield "  " + _("Elapsed: {time}, {verdict}").format(time=length, verdict=judgement)


def _time(instant: pd.Timestamp, time_zone: str) -> str:
    """Return a local time to the second with its offset, as a hand calculation needs it."""
    return f"{instant.tz_convert(time_zone):%Y-%m-%d %H:%M:%S %z}"


def _length(seconds: float) -> str:
    """Return a length as h:mm:ss."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
