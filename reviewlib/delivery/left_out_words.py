"""The days after a date that are left out of a delay, in the findings of what is late."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import pandas as pd

from reviewlib.delivery.delays.metrics import (
    CLIENT,
    CONCURRENT,
    FORCE_MAJEURE,
    MILESTONE,
    SUSPENDED,
)
from reviewlib.delivery.lateness import Delays
from reviewlib.report.text import N_, Text

LATE_BY = N_("Left out of these days: {parts:all}. It is late by {days:days}.")
NONE_LEFT = N_("Left out of these days: {parts:all}. No day is left.")
PARTS = {
    SUSPENDED: N_("{days:days} suspended"),
    CLIENT: N_("{days:days} attributed to the client"),
    FORCE_MAJEURE: N_("{days:days} attributed to force majeure"),
    CONCURRENT: N_("{days:days} of several causes, the client or force majeure among them"),
}
"""The classes of days that are left out of the delay of a milestone."""
COUNTED = N_(
    "The days suspended, those attributed to the client or to force majeure, and those of several "
    "causes with one of these among them are left out of a delay: the attributions of the table "
    "of causes are counted, not judged."
)


def of_milestones(delays: Delays | None) -> dict[Hashable, Text]:
    """Return what is left out of the delay of each late milestone, and what is left of it."""
    if delays is None or delays.late.empty:
        return {}
    days = delays.days[delays.days["kind"] == MILESTONE]
    return dict(_by_milestone(days))


def _by_milestone(days: pd.DataFrame) -> Iterator[tuple[Hashable, Text]]:
    parties = days["parties"].fillna("").str.split("+")
    excused = parties.map(lambda names: not {CLIENT, FORCE_MAJEURE}.isdisjoint(names))
    left_out = days["share"].isin(PARTS) & ((days["share"] != CONCURRENT) | excused)
    for subject, rows in days[left_out].groupby("subject", sort=False):
        n = rows["share"].value_counts()
        parts = [words(days=n[share]) for share, words in PARTS.items() if share in n]
        left = (days["subject"] == subject).sum() - len(rows)
        yield subject, (LATE_BY(days=left) if left else NONE_LEFT)(parts=parts)
