"""What a verdict rests on, in words, where the contract is silent and a default was taken."""

from __future__ import annotations

from typing import Any

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
SILENT = N_("The contract does not say {subject}; by default of the product: {policy}.")
TURNS = N_("The verdict would be another {others}.")
SAME = N_("The verdict is the same otherwise.")
WITH_JOINED = n_(
    "{words}, with {joined} ticket of another priority, {late} late",
    "{words}, with {joined} tickets of another priority, {late} late",
    on="joined",
)
OTHER = {
    True: N_("{words} ({share} of {n}: kept)"),
    False: N_("{words} ({share} of {n}: not kept)"),
}


def basis(review: Review, clause_id: str, priority: str, turning: bool = False) -> Text:
    """Return the defaults that a verdict rests on, with what turns it; empty: the contract.

    ``turning``: those alone of which another interpretation turns it.
    """
    readings = results.readings(review)
    rows = None if readings is None else by_priority(readings).get((clause_id, priority))
    if rows is None:
        return EMPTY
    every = defaults(review.contract.clause(clause_id), rows)
    chosen = [default for default in every if len(default.turning) or not turning]
    return sentences(*(_words(review, default) for default in chosen))


def _words(review: Review, default: Default) -> Text:
    clause = review.contract.clause(str(default.readings["clause"].iloc[0]))
    policies = {
        "priority": PRIORITIES[clause.priority],
        "pauses": NEVER_PAUSED,
        "reopening": REOPENING[clause.reopening],
    }
    silent = SILENT(subject=SUBJECTS[default.key], policy=policies[default.key])
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
