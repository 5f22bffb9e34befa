"""What chapters of this wing say alike: how long something took."""

from __future__ import annotations

from typing import Unpack

import pandas as pd

from reviewlib.report.chapter import SPREAD, Chapter
from reviewlib.report.fields import FactFields
from reviewlib.report.text import Text
from reviewlib.report.values import Unit

MANY = 5
"""From how many values on a median sums them up."""


def time_taken(
    c: Chapter, median: Text, longest: Text, days: pd.Series, **about: Unpack[FactFields]
) -> None:
    """Add a median of days as ``days``, or, of fewer than MANY, the longest as ``longest``."""
    taken = days.dropna()
    if len(taken) >= MANY or taken.empty:
        c.median("days", median, taken, **about)
        return
    about.setdefault("n", len(taken))
    if len(taken) > 1:
        about.setdefault("note", SPREAD(low=taken.min(), high=taken.max()))
    c.fact("longest", longest, int(taken.max()), Unit.DAYS, **about)
