"""Process limits of monthly points (XmR, Laney's p′), and where a target lies against them.

Limits of the first twelve months stay; they are computed anew only where a declared change begins
another segment. Moving ranges are not screened: each counts, however wide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FEWEST, FROZEN = 6, 12  # points from which on there are limits, of which limits stay
TO_LIMIT, RANGE_LIMIT = 2.66, 3.267  # mean moving ranges: to a limit, at most of a moving range
OF_SIGMA = 1.128  # mean moving range of neighbours, in standard deviations
ALIKE = 1e-9  # of a value, within which two of them are one
NONE, TRIAL, FIXED = "none", "trial", "fixed"
ABOVE, WITHIN, BELOW = "above", "within", "below"
POINTS = {"month": "str", "value": "float64", "n": "float64", "target": "float64"}
LIMITS = ["mean", "lower", "upper"]
Numbers = NDArray[np.float64]
CHARTED = {
    **POINTS,
    "segment": "int64",
    "stage": "str",
    "p_prime": "bool",
    **dict.fromkeys((*LIMITS, "moving_range", "range_limit"), "float64"),
}
"""The columns of ``charted``, and what they hold."""


@dataclass(frozen=True)
class Process:
    """What the first points of a segment say: limits for a month of any n.

    ``mean`` and ``moving_range`` of the values; ``pooled``: of all that they count; ``spread``: the
    mean moving range of their z scores; ``least`` and ``most``: of their n (NaN: not counted).
    """

    mean: float
    moving_range: float
    pooled: float
    spread: float
    least: float
    most: float

    @classmethod
    def of(cls, points: pd.DataFrame) -> Process:
        """Return the process of the points that its limits rest on: value and n."""
        value, n = (points[name].to_numpy("float64") for name in ("value", "n"))
        pooled = min(float((value * n).sum() / n.sum()), 1.0)
        error = np.sqrt(pooled * (1 - pooled) / n)
        scores = np.divide(value - pooled, error, out=np.zeros(value.size), where=error > 0)
        spread = float(np.abs(np.diff(scores)).mean())
        moving_range = float(np.abs(np.diff(value)).mean())
        return cls(float(value.mean()), moving_range, pooled, spread, n.min(), n.max())

    def limits(self, n: Numbers) -> dict[str, np.ndarray]:
        """Return, for months of so many, p_prime (whether by p′), mean, lower and upper.

        They are those of p′ where n, with that of the points that the limits rest on, varies
        twofold: ``pooled`` ± 3 standard errors, widened by how the z scores move. Else XmR.
        """
        varied = np.maximum(n, self.most) >= 2 * np.minimum(n, self.least)  # never where NaN
        wide = 3 * self.spread / OF_SIGMA * np.sqrt(self.pooled * (1 - self.pooled) / n)
        half = np.where(varied, wide, TO_LIMIT * self.moving_range)
        mean = np.where(varied, self.pooled, self.mean)
        return {"p_prime": varied, "mean": mean, "lower": mean - half, "upper": mean + half}


class ProcessLimits(NamedTuple):
    """The limits of a month, and whether they are those of p′; NaN where there are none."""

    p_prime: bool = False
    mean: float = float("nan")
    lower: float = float("nan")
    upper: float = float("nan")


def charted(points: pd.DataFrame, starts: Iterable[str] = ()) -> pd.DataFrame:
    """Return monthly points with the limits of their segments, as ``CHARTED`` says.

    ``points``: the columns of ``POINTS``, in order of their months; n is NaN where a value is no
    share of what is counted. ``starts``: the months (YYYY-MM) from which on limits are computed
    anew. ``stage``: ``none`` below six points of a segment, ``trial`` below twelve, then ``fixed``.
    The moving range is that from the point before, within the segment; its limit is that of XmR,
    NaN where the limits are those of p′. Limits may lie below 0 or above 1.
    """
    edges = sorted({*starts})
    own = np.searchsorted(edges, points["month"].to_numpy(dtype="str"), side="right")
    rows = points[[*POINTS]].reset_index(drop=True).assign(segment=pd.factorize(own)[0])
    parts = [_in_limits(segment) for _, segment in rows.groupby("segment", sort=True)]
    whole = pd.concat(parts) if parts else rows.reindex(columns=[*CHARTED])
    return whole.astype(CHARTED)


def _in_limits(points: pd.DataFrame) -> pd.DataFrame:
    """Return the points of one segment with their limits."""
    first, ranges = points.head(FROZEN), points["value"].diff().abs()
    stage = NONE if len(points) < FEWEST else TRIAL if len(points) < FROZEN else FIXED
    rows = points.assign(stage=stage, moving_range=ranges)
    if stage == NONE:
        return rows.assign(p_prime=False, range_limit=np.nan, **dict.fromkeys(LIMITS, np.nan))
    process = Process.of(first)
    limits = process.limits(points["n"].to_numpy("float64"))
    own = np.where(limits["p_prime"], np.nan, RANGE_LIMIT * process.moving_range)
    return rows.assign(**limits, range_limit=own)


def current(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the points of the last segment, of ``charted``."""
    return rows[rows["segment"] == rows["segment"].max()]


def expected(rows: pd.DataFrame) -> ProcessLimits:
    """Return the limits that the next month is expected in.

    ``rows``: those of ``charted``. They are the limits of the last segment for a month of its
    median n; NaN where it has none.
    """
    last = current(rows)
    if last.empty or last["stage"].iloc[-1] == NONE:
        return ProcessLimits()
    limits = Process.of(last.head(FROZEN)).limits(np.array([last["n"].median()]))
    return ProcessLimits(*(column[0].item() for column in limits.values()))


def position(limits: ProcessLimits, target: float) -> str:
    """Return where the level of a process is against a target; "" where there is no telling.

    ``above``: the target is reached at every level within the limits, the lower one too;
    ``below``: at none of them; ``within``: at some.
    """
    if np.isnan(target) or np.isnan(limits.mean):
        return ""
    slack = ALIKE * max(1.0, abs(target))
    if limits.lower >= target - slack:
        return ABOVE
    return BELOW if limits.upper < target - slack else WITHIN
