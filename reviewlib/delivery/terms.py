"""The terms of acceptance in force on a day, and the delays that run under them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reviewlib.calendars.dates import DATE
from reviewlib.calendars.day_counts import DayCount, end_of
from reviewlib.contract import Contract
from reviewlib.contract.service_levels import Terms


def versions_on(contract: Contract, days: pd.Series) -> pd.Series:
    """Return for each day the number of the version of the terms then in force; -1 where NaT."""
    starts = np.array(contract.starts[1:], dtype=DATE)
    numbers = pd.Series(np.searchsorted(starts, days.to_numpy(DATE), "right"), index=days.index)
    return numbers.where(days.notna(), -1)


def terms_on(contract: Contract, day: pd.Timestamp) -> Terms:
    """Return the terms in force on a day."""
    return contract.versions[int(versions_on(contract, pd.Series([day])).iat[0])]


def delay_ends(delay: str, start: pd.Series, contract: Contract) -> pd.Series:
    """Return the last day of a delay of acceptance, "decision" or "warranty", from each start on.

    Under the terms in force on the day of the start; NaT where there is none, or these terms state
    no such delay.
    """
    ends = pd.Series(pd.NaT, index=start.index, dtype=DATE)
    version = versions_on(contract, start)
    for number, terms in enumerate(contract.versions):
        stated: DayCount | None = getattr(terms.acceptance, delay)
        if stated is not None:
            of_version = version == number
            ends[of_version] = end_of(stated, start[of_version], contract.days_off)
    return ends
