"""The policies of a clause in words: as the contract states them, or the default that was taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reviewlib.calendars.day_counts import DayCount
from reviewlib.contract import Clause
from reviewlib.contract.delivery import Acceptance
from reviewlib.contract.service_levels import Terms
from reviewlib.delivery.acceptance_words import days_left_out
from reviewlib.report.day_words import delay_words
from reviewlib.report.phrases import marked
from reviewlib.report.text import N_, How, Message, Shown, Text, commas, dotted, join
from reviewlib.service.clauses import (
    ASSESSED,
    LEFT_OUT,
    MONTHS,
    PRIORITIES,
    PRIORITY_CHANGE,
    REOPENING,
    STARTS,
    STOPS,
    hours_words,
    scope_words,
    target_words,
    threshold_words,
)

COVERS = N_("Covers")
FOR = N_("For {scope}")

Policies = Mapping[Message, Text]
"""What each policy is called, and how it was read."""


def policies(clause: Clause, terms: Terms) -> Policies:
    """Return the policies of a clause under the terms of a version of the contract."""
    return {
        COVERS: scope_words(clause),
        N_("Targets"): _targets(clause),
        **{
            FOR(scope=scope_words(own)): _differing(clause, number, terms)
            for number, own in enumerate(clause.variants, start=1)
        },
        N_("Threshold"): _thresholds(clause),
        **dict(_counted(clause, terms)),
    }


def acceptance_policies(terms: Acceptance) -> Policies:
    """Return what is agreed of acceptance under the terms of a version of the contract."""
    silence = N_("it is accepted tacitly") if terms.tacit else N_("nothing follows from it")
    return {
        N_("Clause"): commas([terms.clause]) or N_("none stated"),
        N_("The client decides on a version within"): _delay(terms.decision),
        N_("Without a decision by then"): marked(terms, "tacit", silence),
        N_("Warranty"): _delay(terms.warranty),
        N_("Days of the client's decisions"): days_left_out(terms, "decision_days"),
        N_("Days before the milestone needed"): days_left_out(terms, "milestone_days"),
    }


def _delay(delay: DayCount | None) -> Message:
    return N_("none stated") if delay is None else delay_words(delay)


def _counted(clause: Clause, terms: Terms) -> Iterator[tuple[Message, Text]]:
    """Yield how tickets are counted: on which clock, with which priority, in which month."""
    yield N_("Assessed"), _stated(clause, "assessed", ASSESSED)
    least = marked(clause, "minimum_volume", Shown(clause.minimum_volume))
    yield N_("Fewest decided tickets for a verdict"), least
    yield N_("Hours"), _hours(clause, terms)
    yield N_("Clock starts at"), _stated(clause, "starts_at", STARTS)
    yield N_("Clock stops at"), _stated(clause, "stops_at", STOPS)
    paused = commas(clause.pauses) or N_("never")
    yield N_("Paused while"), marked(clause, "pauses", paused)
    if clause.stops_at in ("last_resolution", "closure"):
        yield N_("When a ticket is reopened"), _stated(clause, "reopening", REOPENING)
    yield N_("Priority that counts"), _stated(clause, "priority", PRIORITIES)
    if clause.priority != "initial":
        change = _stated(clause, "priority_change", PRIORITY_CHANGE)
        yield N_("When the priority changes"), change
    left_out = commas(LEFT_OUT[why] for why in clause.excludes) or N_("none")
    yield N_("Left out"), marked(clause, "excludes", left_out)
    yield N_("Month of a ticket"), _stated(clause, "month", MONTHS)


def _stated(clause: Clause, key: str, words: Mapping[str, Message]) -> Text:
    """Return a policy in words, marked where the contract is silent and the default was taken."""
    return marked(clause, key, words[getattr(clause, key)])


def _targets(clause: Clause) -> Text:
    return _dotted((p, target_words(target)) for p, target in clause.targets.items())


def _thresholds(clause: Clause) -> Text:
    stated = {p: clause.threshold_of(p) for p in clause.targets}
    return _dotted((p, threshold_words(share)) for p, share in stated.items() if share is not None)


def _hours(clause: Clause, terms: Terms) -> Text:
    """Return the hours that count, with the priorities that they are for where they differ."""
    hours: dict[Text, list[str]] = {}
    for priority in clause.targets:
        words = hours_words(terms.calendars[clause.calendar_of(priority)])
        hours.setdefault(words, []).append(priority)
    if len(hours) == 1:
        return next(iter(hours))
    return _dotted((", ".join(covered), words) for words, covered in hours.items())


def _differing(clause: Clause, number: int, terms: Terms) -> Text:
    """Return what a variant states otherwise than its clause."""
    own, whole = clause.variants[number - 1], clause.variant(number)
    return dotted(
        _dotted((p, target_words(target)) for p, target in own.targets.items()),
        _hours(whole, terms) if own.calendar is not None else "",
        _thresholds(whole) if own.threshold is not None else "",
    )


def _dotted(pairs: Iterable[tuple[str, Text]]) -> Text:
    """Return texts with what each is of before it: P1 4 h · P2 8 h."""
    return dotted(*(join(How.SPACES, pair) for pair in pairs))
