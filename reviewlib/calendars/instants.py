"""Instants and durations as whole seconds: what the clock computes with, and how it is given."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FIRST_YEAR, LAST_YEAR = 1970, 2099
Seconds = NDArray[np.int64]
Instants = Any  # Series, index, array, list or single value: see ServiceHours
Durations = Any  # the same, of timedeltas

DAY = 86_400
MISSING = np.iinfo(np.int64).min  # as pandas stores NaT
ALWAYS = 1 << 40  # later than every instant
EPOCH_DAY = dt.date(1970, 1, 1).toordinal()


def day_number(date: dt.date) -> int:
    """Return the days from 1970-01-01 to a date."""
    return date.toordinal() - EPOCH_DAY


def new_year(year: int) -> int:
    """Return the seconds from 1970 to the first midnight of a year, without a time zone."""
    return day_number(dt.date(year, 1, 1)) * DAY


def years(*columns: Seconds) -> tuple[int, int]:
    """Return the years of some instants, and one more on either side."""
    edges = [edge for some in columns if some.size for edge in (some.min(), some.max())] or [0]
    came = np.array([min(edges), max(edges)]).astype("M8[s]")
    first, last = (came.astype("M8[Y]").astype(int) + 1970).tolist()
    if first < FIRST_YEAR or last > LAST_YEAR:
        allowed = f"instants must be of the years {FIRST_YEAR} to {LAST_YEAR}"
        raise ValueError(f"{allowed}; came {came[0]} to {came[1]} UTC")
    return first - 1, last + 1


def seconds(what: str, values: Any) -> Seconds:
    """Return instants in UTC, or durations, as whole seconds; MISSING where there is none.

    ``what`` names them in the errors; "targets" are durations, all else are instants.
    """
    wanted = pd.TimedeltaIndex if what == "targets" else pd.DatetimeIndex
    index = pd.Index(values if np.ndim(values) else [values])
    if isinstance(values, np.ndarray | np.datetime64) and index.dtype.kind == "M":
        index = index.tz_localize("UTC")
    if index.dtype == object and all(getattr(v, "tzinfo", None) for v in index.dropna()):
        index = pd.to_datetime(index, utc=True)
    if index.isna().all():
        return np.full(index.size, MISSING)
    if not isinstance(index, wanted):
        kind = "instants, tz-aware" if wanted is pd.DatetimeIndex else "timedeltas, or WorkingDays"
        raise ValueError(f"{what} must be {kind}; came {index.dtype}, such as {index[0]!r}")
    if wanted is pd.DatetimeIndex and index.tz is None:
        raise ValueError(f"{what} have no time zone, as {index[0]}; give it with tz_localize")
    whole: Seconds = index.as_unit("s").asi8
    return whole


def complete_rows(**columns: Any) -> tuple[NDArray[np.bool_], list[Seconds]]:
    """Return which rows are complete, and the columns in seconds, harmless in the other rows."""
    labels = [values.index for values in columns.values() if isinstance(values, pd.Series)]
    whole = [seconds(what, values) for what, values in columns.items()]
    sizes = {len(values) for values in columns.values() if np.ndim(values)}
    if len(sizes) > 1 or any(not index.equals(labels[0]) for index in labels):
        raise ValueError(f"{' and '.join(columns)} must have the same rows, in the same order")
    whole = list(np.broadcast_arrays(*whole))
    complete = np.logical_and.reduce([column != MISSING for column in whole])
    if not complete.all():
        example = int(complete.argmax())
        whole = [np.where(complete, column, column[example] * complete.any()) for column in whole]
    return complete, whole


def refuse(fault: NDArray[np.bool_], what: str, rows: Any) -> None:
    """Raise ValueError where rows have a fault, naming the first by its label or position."""
    if fault.any():
        first = int(fault.argmax())
        label = rows.index[first] if isinstance(rows, pd.Series) else first
        raise ValueError(f"{what} in {fault.sum()} of {fault.size} rows, first in row {label!r}")


def shaped(index: pd.Index, *like: Any) -> Any:
    """Return an index as what it was computed from: a Series, an index, or a single value."""
    for values in like:
        if isinstance(values, pd.Series):
            return pd.Series(index, index=values.index)
    return index if any(map(np.ndim, like)) else index[0]


def as_instants(whole: Seconds) -> pd.DatetimeIndex:
    """Return seconds since 1970 as instants in UTC; NaT where MISSING."""
    return pd.DatetimeIndex(whole.view("M8[s]")).tz_localize("UTC")


def as_durations(whole: Seconds) -> pd.TimedeltaIndex:
    """Return seconds as durations; NaT where MISSING."""
    return pd.TimedeltaIndex(whole.view("m8[s]"))
