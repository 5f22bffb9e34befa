"""The axis of a row chart: few words, at whole months or at round quantities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from reviewlib.charts.canvas import MONTH_STEPS

if TYPE_CHECKING:
    from reviewlib.pages.wording import Wording

LINES, WORDS = 12, 5  # at most
ROOM = 0.3  # of the width, that the words at an end and half of those beside them take
Axis = tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class MonthScale:
    """A scale of whole months, from the first day of the first to the end of the last."""

    start: pd.Timestamp
    end: pd.Timestamp

    @classmethod
    def over(cls, days: pd.Series) -> MonthScale:
        """Return the months that hold all the days that are known."""
        first, last = days.min().to_period("M"), days.max().to_period("M")
        return cls(first.start_time, (last + 1).start_time)

    def at(self, days: Any) -> Any:
        """Return the share of the width at which days stand: of one, a series or a frame."""
        return (days - self.start) / (self.end - self.start)

    @property
    def grid(self) -> tuple[float, ...]:
        """Where lines run: at the same months of each year, a dozen of them at most."""
        return tuple(self.at(day) for day in self._ticks(LINES))

    def axis(self, wording: Wording) -> Axis:
        """Return a few of these months in words, with their year."""
        days = self._ticks(WORDS)
        return tuple((self.at(day), wording.month(f"{day:%Y-%m}")) for day in days)

    def ends(self, wording: Wording) -> Axis:
        """Return the first and the last month in words, and a few between that have room."""
        first, last = self.start, self.end - pd.offsets.MonthBegin()
        beginning, end = (wording.month(f"{day:%Y-%m}") for day in (first, last))
        between = (
            (place, word)
            for place, word in self.axis(wording)
            if ROOM < place < 1 - ROOM and word not in (beginning, end)
        )
        return ((0, beginning), *between, (1, end)) if first < last else ((0, beginning),)

    def _ticks(self, most: int) -> list[pd.Timestamp]:
        days = pd.date_range(self.start, self.end, freq="MS", inclusive="left")
        months = days.year * 12 + days.month - 1
        for step in (*MONTH_STEPS, 12 * len(days)):
            ticks = days[months % step == 0]
            if len(ticks) <= most:
                return list(ticks) or [days[0]]
        return [days[0]]


def round_ticks(high: float, most: int = 4) -> list[float]:
    """Return zero and the multiples of a round step up to ``high``, at most so many steps."""
    if not high > 0:
        return [0.0]
    least = high / most
    tens = 10.0 ** np.floor(np.log10(least))
    step = next(part * tens for part in (1, 2, 5, 10) if part * tens >= least * (1 - 1e-9))
    return [float(number * step) for number in range(int(high / step * (1 + 1e-9)) + 1)]


def axis_from_zero(high: float, words: Callable[[float], str]) -> Axis:
    """Return round quantities from zero to ``high``, which stands at the end, in words."""
    return tuple((tick / high if high > 0 else 0.0, words(tick)) for tick in round_ticks(high))
