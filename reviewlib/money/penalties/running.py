"""The lines of which more may follow after the day that a review looks from, and up to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import pandas as pd

from reviewlib.money.penalties.claim import Claim
from reviewlib.money.penalties.decisions import short
from reviewlib.money.penalties.metrics import Line
from reviewlib.report.text import EMPTY, N_, Text
from reviewlib.review import Review

NOT_FINAL = N_("Not final, more may follow after {date}: {ids:commas}.")
AT_MOST = N_("{line} (at most {more:money} more)")


def still_running(review: Review, lines: Iterable[Line]) -> Iterator[Text]:
    """Yield each line that can still grow, with at most how much where that can be told."""
    for line in lines:
        more = _more(line, review.today) if line.claim.provisional else Decimal(0)
        if more is None:
            yield short(review, line)
        elif more:
            yield AT_MOST(line=short(review, line), more=more)


def not_final(review: Review, lines: Iterable[Line]) -> Text:
    """Return which lines can still grow; "" of none."""
    running = [*still_running(review, lines)]
    return NOT_FINAL(date=review.today, ids=running) if running else EMPTY


def _more(line: Line, today: pd.Timestamp) -> Decimal | None:
    """Return how much a line can still grow by; None where nothing bounds it.

    A month that is over grows by its open tickets alone; a line of which the cap cuts a part on
    both sides does not grow.
    """
    claim = line.claim
    if _is_over(claim, today):
        return max(Decimal(0), line.high.net - line.low.net)
    used_up = line.low.capped > 0 and line.high.capped > 0
    one_cap = claim.terms.cap_per == "contract" or claim.month  # no new month or year begins
    return Decimal(0) if used_up and one_cap else None


def _is_over(claim: Claim, today: pd.Timestamp) -> bool:
    """Whether a claim is about a month of which the last day has come."""
    return bool(claim.month) and pd.Period(claim.month, "M").end_time.normalize() <= today
