"""Days as contracts count them: calendar, working, ouvrable and clear days, and months."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

DayUnit = Literal["calendar", "working", "ouvrable", "clear"]
WEEKS = {
    "calendar": "1111111",
    "working": "1111100",
    "ouvrable": "1111110",
    "clear": "1111111",
}
"""The days of the week that a unit counts, Monday first: ouvré is Monday to Friday, ouvrable
Monday to Saturday, both without public holidays; calendar and clear days are every day."""
OPEN = ("working", "ouvrable")
NONE = np.array([], dtype="datetime64[D]")


@dataclass(frozen=True)
class DayCount:
    """A delay of ``n`` days of a unit, or of months to the same day of the month."""

    n: int
    unit: DayUnit | Literal["months"]


def is_counted(
    days: pd.Series, last: pd.Timestamp, unit: str, holidays: np.ndarray = NONE
) -> np.ndarray:
    """Tell which days a unit counts, of those after a day up to and with the last one.

    Clear days leave out the last too: from Monday to Thursday there are two of them.
    """
    off = holidays if unit in OPEN else NONE
    open_ = np.is_busday(days.to_numpy("datetime64[D]"), WEEKS[unit], off)
    return np.asarray(open_ & ((days < last).to_numpy() | (unit != "clear")))


def end_of(delay: DayCount, start: pd.Series, holidays: np.ndarray = NONE) -> pd.Series:
    """Return the last day of a delay that starts on some days; NaT where a start is NaT.

    Calendar days and months count to the day itself; working and ouvrable days are counted from
    the day after; a clear delay ends the day after its last clear day, and moves on to the next
    working day where that is none (Code de procédure civile, art. 642; the contract may differ).
    """
    if delay.unit == "months":
        return (start + pd.DateOffset(months=delay.n)).astype("datetime64[s]")
    if delay.unit == "calendar":
        return (start + pd.Timedelta(days=delay.n)).astype("datetime64[s]")
    if delay.unit in OPEN and delay.n == 0:
        return start
    starts = start.dropna()
    days = starts.to_numpy("datetime64[D]")
    if delay.unit == "clear":
        ends = np.busday_offset(days + delay.n + 1, 0, "forward", WEEKS["working"], holidays)
    else:
        ends = np.busday_offset(days, delay.n, "backward", WEEKS[delay.unit], holidays)
    last_days = pd.Series(ends.astype("datetime64[s]"), index=starts.index)
    return last_days.reindex(start.index).astype("datetime64[s]")


def latest_start(delay: DayCount, end: pd.Timestamp, holidays: np.ndarray = NONE) -> pd.Timestamp:
    """Return the latest day on which a delay can start to be over by a day, as notice is given.

    Months count back to the same day of the month, or the last one of a shorter month; working and
    ouvrable days to a day that counts.
    """
    if delay.unit == "months":
        return end - pd.DateOffset(months=delay.n)
    if delay.unit == "calendar":
        return end - pd.Timedelta(days=delay.n)
    day = end.to_numpy().astype("datetime64[D]")
    if delay.unit == "clear":
        last = np.busday_offset(day, 0, "backward", WEEKS["working"], holidays)
        return pd.Timestamp(last - np.timedelta64(delay.n + 1, "D"))
    return pd.Timestamp(np.busday_offset(day, -delay.n, "backward", WEEKS[delay.unit], holidays))


def started(days: int, length: int) -> int:
    """Return how many periods of some days have started: 8 days are two started weeks."""
    return math.ceil(days / length)
