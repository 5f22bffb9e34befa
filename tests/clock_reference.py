"""A slow clock to compare with: one flag per second, by the definition, without arithmetic.

It lays out every second of a few days, asks ``zoneinfo`` what the wall clock shows at each, and
marks a span open from the first second that shows its opening time or later to the last one that
shows less than its closing time. Elapsed time is a count of marked seconds; a deadline is found by
ticking through them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Flags = NDArray[np.bool_]
Pauses = Iterable[tuple[int, int | None]]


@lru_cache(maxsize=16)
def wall_clock(time_zone: str, begin: int, end: int) -> NDArray[np.int64]:
    """Return what the wall clock shows at each second from begin to end (whole minutes, UTC).

    Seconds since 1970 as if the wall clock showed UTC. Offsets change on whole minutes nowadays.
    """
    zone, minutes = ZoneInfo(time_zone), range(begin, end, 60)
    offsets = [dt.datetime.fromtimestamp(at, zone).utcoffset() for at in minutes]
    shown = [offset.total_seconds() for offset in offsets if offset is not None]
    return np.arange(begin, end) + np.repeat(np.array(shown, dtype=np.int64), 60)


def marks(
    week: Mapping[str, Iterable[tuple[str, str]]],
    time_zone: str,
    window: tuple[int, int],
    off: Iterable[dt.date] = (),
) -> Flags:
    """Return for each second of a window whether the service is open."""
    shown = wall_clock(time_zone, *window)
    is_open = np.zeros(shown.size, dtype=bool)
    epoch, closed = dt.date(1970, 1, 1), set(off)
    for number in range(int(shown.min()) // 86_400 - 1, int(shown.max()) // 86_400 + 1):
        date = epoch + dt.timedelta(days=number)
        if date in closed:
            continue
        for opening, closing in week.get(WEEK[date.weekday()], ()):
            opens, closes = number * 86_400 + seconds(opening), number * 86_400 + seconds(closing)
            closes += 86_400 if closes <= opens else 0
            late, early = np.flatnonzero(shown >= opens), np.flatnonzero(shown < closes)
            if late.size and early.size:
                is_open[late[0] : early[-1] + 1] = True
    return is_open


def seconds(time: str) -> int:
    """Return "HH:MM" as seconds since midnight."""
    return int(time[:2]) * 3600 + int(time[3:]) * 60


def running(is_open: Flags, pauses: Pauses = ()) -> Flags:
    """Return the seconds in which the clock of a ticket runs: open, and in no pause."""
    runs = is_open.copy()
    for since, until in pauses:
        runs[max(since, 0) : until if until is None else max(until, 0)] = False
    return runs


def elapsed(is_open: Flags, start: int, end: int, pauses: Pauses = ()) -> int:
    """Return the seconds that count between two positions of the window."""
    return int(running(is_open, pauses)[start:end].sum())


def deadline(is_open: Flags, start: int, target: int, pauses: Pauses = ()) -> int | None:
    """Return the first position at which the target has elapsed; None if not in the window."""
    if target == 0:
        return start
    counted = np.flatnonzero(running(is_open, pauses)[start:])
    return start + int(counted[target - 1]) + 1 if counted.size >= target else None
