"""What a ramp-up weighs in the period before an amendment, and how far the two periods differ."""

from __future__ import annotations

from typing import Any

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.report.text import EMPTY, N_, Text, sentences
from reviewlib.service.amendments.metrics import BEFORE, NEW, OLD, SINCE
from reviewlib.service.clauses import counted_words, difference_words
from reviewlib.service.ramp_up import ramp_ups
from reviewlib.service.words import ramp_up_days

SETTLED = N_(
    "Without the ramp-up ({days}), before: {old} under the earlier terms, {new} under the new ones."
)
DIFFERENCE = N_("From before to since: {old} under the earlier terms; {new} under the new ones.")

RAMP_UP_INCLUDED = N_("the ramp-up is included")


def spared_words(contract: Contract, row: Any) -> Text:
    """Say that a period before an amendment includes the clause's ramp-up.

    ``row``: of the counts, with the number of the amendment, its clause and the period.
    """
    starts = contract.starts
    first, end = starts[row.number - 1], starts[row.number]
    inside = any(p.first < end and p.last >= first for p in ramp_ups(contract, row.clause))
    return RAMP_UP_INCLUDED if inside and row.period == BEFORE else EMPTY


def settled_words(contract: Contract, whole: pd.DataFrame, settled: pd.DataFrame) -> Text:
    """Return the shares before an amendment without the ramp-up, and the tested differences.

    ``whole``, ``settled``: the counts of one amendment, clause and priority, with the ramp-up and
    without. Empty where a period has no share to compare; under few tickets nothing is tested.
    """
    counts = {(row.period, row.terms): row for row in settled.itertuples()}
    if any(not row.n or row.uncertain for row in counts.values()):
        return EMPTY
    days = ramp_ups(contract, str(settled["clause"].iloc[0]))
    left_out = whole["n"].sum() != settled["n"].sum()
    shares = {terms: counted_words(counts[BEFORE, terms]) for terms in (OLD, NEW)}
    tested = {
        terms: difference_words(counts[SINCE, terms], counts[BEFORE, terms]) for terms in (OLD, NEW)
    }
    without: Text = EMPTY
    if left_out:
        without = SETTLED(days=ramp_up_days(days), **shares)
    return sentences(without, DIFFERENCE(**tested) if all(tested.values()) else EMPTY)
