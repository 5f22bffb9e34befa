"""What a verdict rests on, in words, where the contract is silent and a default was taken."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.contract import Clause
from reviewlib.report.text import EMPTY, N_, Message, Shown, Text, chained, n_, sentences
from reviewlib.review import Review
from reviewlib.service import results
from reviewlib.service.clauses import (
    PRIORITIES,
    REOPENING,
    interpretation_words,
    share_and_threshold,
)
from reviewlib.service.defaults import Default, by_priority, defaults

SUBJECTS = {
    "priority": N_("which priority counts"),
    "pauses": N_("when the clock pauses"),
    "reopening": N_("what a reopening does to the clock"),
}
NEVER_PAUSED = N_("it never pauses")
SILENT = N_("The contract does not say {subject}; by default: {policy}.")
TURNS = N_("The verdict would be different {others}.")
SAME = N_("The verdict is the same otherwise.")
UNREADABLE = N_(
    "The other interpretations cannot be computed: there is no log of the changes of priority."
)
WITH_JOINED = n_(
    "{words}, with {joined} ticket of another priority, {late} late",
    "{words}, with {joined} tickets of another priority, {late} late",
    on="joined",
)
OTHER = {
    True: N_("{words} ({share} of {n}: met)"),
    False: N_("{words} ({share} of {n}: missed)"),
}


def basis(review: Review, clause_id: str, priority: str, turning: bool = False) -> Text:
    """Return the defaults that a verdict rests on, with what turns it; empty: the contract.

    ``turning``: those alone of which another interpretation turns it.
    """
    readings = results.readings(review)
    rows = None if readings is None else by_priority(readings).get((clause_id, priority))
    if rows is None:
        return EMPTY
    clause = review.contract.clause(clause_id)
    every = defaults(clause, rows)
    chosen = [default for default in every if len(default.turning) or not turning]
    return sentences(
        _without_log(review, clause, rows), *(_words(review, clause, own) for own in chosen)
    )


def _without_log(review: Review, clause: Clause, readings: pd.DataFrame) -> Text:
    """Say that a verdict rests on the priority by default, where no log tells the others."""
    log = results.log(review)
    if log is None or log.known_events is not None or readings["kept"].iloc[0] is None:
        return EMPTY
    silent = clause.is_silent("priority")
    return sentences(_silent(clause, "priority"), UNREADABLE) if silent else EMPTY


def _silent(clause: Clause, key: str) -> Message:
    """Say that the contract is silent on a key of a clause, and what the default is."""
    policies = {
        "priority": PRIORITIES[clause.priority],
        "pauses": NEVER_PAUSED,
        "reopening": REOPENING[clause.reopening],
    }
    return SILENT(subject=SUBJECTS[key], policy=policies[key])


def _words(review: Review, clause: Clause, default: Default) -> Text:
    silent = _silent(clause, default.key)
    others = [_other(review, row) for row in default.turning.itertuples()]
    return sentences(silent, TURNS(others=chained(others)) if others else SAME)


def _other(review: Review, row: Any) -> Message:
    share = Shown(row.share, "percent")
    if row.threshold == row.threshold:  # several thresholds have none in common
        share, _ = share_and_threshold(row.met, row.n, row.threshold)
    words: Text = interpretation_words(review.contract, row.reading)
    if row.joined:
        words = WITH_JOINED(words=words, joined=row.joined, late=row.joined_late)
    return OTHER[row.kept](words=words, share=share, n=row.n)
