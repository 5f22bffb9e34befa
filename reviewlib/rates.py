"""Shares with what they leave open."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pandas as pd

WILSON = "Wilson 95 %"
CHANCE = 1.96  # beyond it, a z is more than chance alone gives (95 %)
OF_SHARE = ("met", "breached", "late_or_paused")
OUTCOMES = (*OF_SHARE, "running", "excluded", "unknown")
"""``late_or_paused``: over its target, unless pauses that no log tells of took long enough."""


@lru_cache(maxsize=4096)
def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a share; (nan, nan) when there is no trial."""
    from scipy.stats import binomtest

    if trials == 0:
        return float("nan"), float("nan")
    interval = binomtest(int(successes), int(trials)).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def kept(met: int, n: int, threshold: float) -> bool:
    """Tell whether met of n reach a share, without rounding: 999 of 1,000 reach 99.9 %.

    Percentages are held in binary and miss their decimal by some 1e-17; what is meant is the
    nearest one of at most four decimals.
    """
    return Fraction(int(met), int(n)) >= Fraction(round(threshold * 1_000_000), 1_000_000)


def kept_or_not(met: int, uncertain: int, of: int, threshold: float) -> bool | None:
    """Tell whether a share is reached, whatever is not known; None where it hangs on that.

    ``uncertain``: how many ``of`` them may be met or not.
    """
    least, most = (kept(reached, of, threshold) for reached in (met, met + uncertain))
    return least if least == most else None


def difference(one: tuple[int, int], other: tuple[int, int]) -> tuple[float, float]:
    """Return the difference of two shares, each as k and n, and its z (two-proportion, pooled).

    Beyond ±1.96 it is more than chance alone gives in 95 of 100 cases.
    """
    (k, n), (k_other, n_other) = one, other
    apart, pooled = k / n - k_other / n_other, (k + k_other) / (n + n_other)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n_other))
    return apart, apart / error if error else 0.0


def compliance(outcomes: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Count outcomes by group, with the share met / (met + breached).

    ``outcomes``: a column ``outcome`` of the words of ``OUTCOMES``, and the columns of ``by``;
    where it has ``stop``, missing says that nothing is known to have been answered or resolved.
    Returns one row per group (one in all where ``by`` names none), missing values being a group of
    their own: the counts, total, n = met + breached + late_or_paused, uncertain = late_or_paused +
    unknown, undated (whether some are unknown and not one of the n has a known stop: those that
    are late are then the only ones that can be told), share, low and high (Wilson; all NaN where a
    ticket is late or paused, or all are undated: there is no share), worst and best (every ticket
    that is running, unknown, late or paused breached, or met).
    """
    codes = pd.Categorical(outcomes["outcome"], categories=OUTCOMES).codes
    flags = codes[:, np.newaxis] == np.arange(len(OUTCOMES))
    dated = flags[:, : len(OF_SHARE)].any(axis=1)
    if "stop" in outcomes:
        dated &= outcomes["stop"].notna().to_numpy()
    marks = np.column_stack([flags, dated])
    rows = pd.DataFrame(marks, outcomes.index, [*OUTCOMES, "dated"])
    if by:  # by names: of a Series as a key pandas writes out the rows
        counts = pd.concat([outcomes[by], rows], axis="columns").groupby(by, dropna=False).sum()
    else:
        counts = rows.sum().to_frame().T
    measures = _measures(counts, counts.pop("dated").to_numpy())
    whole = pd.concat([counts, pd.DataFrame(measures, counts.index)], axis="columns")
    whole = whole.reset_index(drop=not by)
    texts = [name for name in by if outcomes[name].dtype == "category"]
    return whole.assign(**{name: whole[name].astype("str") for name in texts})


def _measures(counts: pd.DataFrame, dated: np.ndarray) -> dict[str, np.ndarray]:
    """Return what ``compliance`` says of each group beside its counts.

    ``dated``: how many of its met, breached, late or paused tickets have a known stop.
    """
    met, breached, paused, running, excluded, unknown = counts[[*OUTCOMES]].to_numpy().T
    n = met + breached + paused
    undated = (dated == 0) & (unknown > 0)
    of = np.where((paused == 0) & ~undated, n, 0)
    limits = [wilson(*pair) for pair in zip(met.tolist(), of.tolist(), strict=True)]
    low, high = np.array(limits, dtype="float64").reshape(-1, 2).T
    every = n + running + unknown
    possible = np.where(every > 0, every, np.nan)
    return {
        "total": every + excluded,
        "n": n,
        "uncertain": paused + unknown,
        "undated": undated,
        "share": met / np.where(of > 0, of, np.nan),
        "low": low,
        "high": high,
        "worst": met / possible,
        "best": (met + paused + running + unknown) / possible,
    }
