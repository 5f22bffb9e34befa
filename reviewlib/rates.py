"""Shares with what they leave open."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np
import pandas as pd

WILSON = "Wilson 95 %"
OUTCOMES = ("met", "breached", "running", "excluded", "unknown")


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


def compliance(outcomes: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Count outcomes by group, with the share met / (met + breached).

    ``outcomes``: a column ``outcome`` of the words of ``OUTCOMES``, and the columns of ``by``.
    Returns one row per group (one in all where ``by`` names none), missing values being a group of
    their own: the five counts, total, n = met + breached, share, low and high (Wilson), worst and
    best (every running and unknown ticket breached, or met).
    """
    flags = pd.DataFrame({name: outcomes["outcome"] == name for name in OUTCOMES})
    keys = [outcomes[name] for name in by]
    counts = flags.groupby(keys, dropna=False).sum() if by else flags.sum().to_frame().T
    counts["total"] = counts.sum(axis="columns")
    counts["n"] = counts["met"] + counts["breached"]
    counts["share"] = counts["met"] / counts["n"].where(counts["n"] > 0)
    limits = [wilson(met, n) for met, n in zip(counts["met"], counts["n"], strict=True)]
    counts[["low", "high"]] = np.array(limits, dtype="float64").reshape(-1, 2)
    undecided = counts["running"] + counts["unknown"]
    possible = (counts["n"] + undecided).where(lambda count: count > 0)
    counts["worst"] = counts["met"] / possible
    counts["best"] = (counts["met"] + undecided) / possible
    texts = {name: "str" for name in by if outcomes[name].dtype == "category"}
    return counts.reset_index(drop=not by).astype(texts)
