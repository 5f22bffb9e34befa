"""Time zones: the offsets from UTC, and what the clock on the wall shows."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd

from reviewlib.calendars.instants import ALWAYS, DAY, MISSING, Seconds, new_year
from reviewlib.calendars.words import unknown
from reviewlib.faults import Unfit
from reviewlib.report.text import N_

NO_ZONE = N_("unknown time zone {word:quoted}; write an IANA name such as Europe/Paris.")


class Zone(NamedTuple):
    """The offsets of a time zone from UTC, and the instants since and until which each holds."""

    since: Seconds
    until: Seconds
    offset: Seconds

    def local(self, instants: Seconds) -> Seconds:
        """Return what the wall clock shows."""
        at = np.searchsorted(self.since, instants, side="right") - 1
        return instants + self.offset[at]

    def opening(self, wall: Seconds) -> Seconds:
        """Return the first instant at which the wall clock shows a time or later."""
        at = np.searchsorted(self.until + self.offset, wall, side="right")
        instants: Seconds = np.maximum(self.since[at], wall - self.offset[at])
        return instants

    def closing(self, wall: Seconds) -> Seconds:
        """Return the instant from which on the wall clock never shows less than a time."""
        at = np.searchsorted(self.since + self.offset, wall, side="left") - 1
        instants: Seconds = np.minimum(self.until[at], wall - self.offset[at])
        return instants


@lru_cache(maxsize=64)
def zone(name: str, first: int, last: int) -> Zone:
    """Return the offsets of a time zone in the years first to last."""
    stated = ZoneInfo(name)

    def offset(second: int) -> int:
        moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)
        return int((moment.astimezone(stated).utcoffset() or dt.timedelta()).total_seconds())

    days = range(new_year(first) - 3 * DAY, new_year(last + 1) + 3 * DAY, DAY)
    since, offsets = [-ALWAYS], [offset(days[0])]
    for start, end in pairwise(days):
        if offset(end) != offsets[-1]:
            seconds = range(start, end)
            changed = bisect_left(seconds, True, key=lambda second: offset(second) != offsets[-1])
            since.append(start + changed)
            offsets.append(offset(end))
    return Zone(np.array(since), np.array([*since[1:], ALWAYS]), np.array(offsets))


def check_zone(name: str) -> None:
    """Raise ValueError where a time zone is not known."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Unfit(unknown(NO_ZONE, name, available_timezones())) from None


def month_numbers(instants: Seconds, name: str) -> Seconds:
    """Return the local month of instants, 0 being January 1970; MISSING where one is missing.

    Months are found among the first midnights of theirs: one search instead of a local date each.
    """
    dated = instants != MISSING
    if not dated.any():
        return np.full(instants.size, MISSING)
    edges = np.array([instants[dated].min(), instants.max()])
    first, last = edges.astype("M8[s]").astype("M8[M]").astype(int).tolist()
    return np.where(dated, first - 2 + _month_starts(name, first - 1, last + 2).searchsorted(
        instants, side="right"), MISSING)  # fmt: skip


@lru_cache(maxsize=64)
def _month_starts(name: str, first: int, last: int) -> Seconds:
    """Return the first instant of each local month."""
    days = pd.DatetimeIndex(np.arange(first, last).astype("M8[M]").astype("M8[s]"))
    starts: Seconds = midnights(days, name).as_unit("s").asi8
    return starts


def midnights(days: pd.DatetimeIndex, name: str) -> pd.DatetimeIndex:
    """Return the first instant (UTC) of some local days, that are without a time zone."""
    first = np.ones(len(days), dtype=bool)  # of a midnight that comes twice, the first
    local = days.tz_localize(name, ambiguous=first, nonexistent="shift_forward")
    return local.tz_convert("UTC")


def local_days(instants: pd.Series, name: str) -> pd.Series:
    """Return the local days of instants, without their time and zone."""
    return instants.dt.tz_convert(name).dt.tz_localize(None).dt.normalize()


def month_name(number: int) -> str:
    """Return YYYY-MM of a month's number."""
    return f"{number // 12 + 1970:04}-{number % 12 + 1:02}"
