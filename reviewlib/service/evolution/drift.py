"""The drift of volumes by month, and when they are expected to exceed what is included (K1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

FEWEST = 6  # months
STEPS, CLOSE = 100, 1e-10


@dataclass(frozen=True)
class Drift:
    """A log-linear course of monthly counts per worked day, with what months leave open (95 %).

    ``months``: how many; ``growth``, ``low`` and ``high``: the change from one month to the next,
    as a share; ``dispersion``: by how much months vary more than chance gives (quasi-Poisson, 1 at
    least); ``model``: what crossings are computed from, with the slope where a drift can be told.
    """

    months: int
    growth: float
    low: float
    high: float
    dispersion: float
    model: Fit

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out that there is no drift."""
        return self.low > 0 or self.high < 0


class Fit(NamedTuple):
    """A fit: coefficients, their covariance, the dispersion and the quantile of 95 %."""

    beta: np.ndarray
    covariance: np.ndarray
    dispersion: float
    quantile: float


class Crossing(NamedTuple):
    """The tickets expected at the end of a contract year, and between which numbers (95 %); the
    month ("2025-03") in which they exceed a volume, "" where that is not by its end.
    """

    total: float
    low: float
    high: float
    month: str


def drift(counts: pd.Series, days: pd.Series) -> Drift | None:
    """Return the drift of monthly counts over the worked days of the months, in their order.

    None of fewer than ``FEWEST`` months, and where a fit does not come to an end. A month without a
    worked day counts as none.
    """
    held = np.flatnonzero(days.to_numpy() > 0)
    y, exposure = counts.to_numpy("float64")[held], days.to_numpy("float64")[held]
    if len(y) < FEWEST or (y > 0).sum() < 2:
        return None
    sloped = _fit(np.column_stack([np.ones(len(y)), held]), y, exposure)
    level = _fit(np.ones((len(y), 1)), y, exposure)
    if sloped is None or level is None:
        return None
    slope, error = sloped.beta[1], float(np.sqrt(sloped.covariance[1, 1]))
    edges = np.expm1(slope + sloped.quantile * error * np.array([0, -1, 1]))
    growth, low, high = (float(edge) for edge in edges)
    model = sloped if low > 0 or high < 0 else level
    return Drift(len(y), growth, low, high, sloped.dispersion, model)


def _fit(design: np.ndarray, y: np.ndarray, exposure: np.ndarray) -> Fit | None:
    """Return a quasi-Poisson regression with a log link (iteratively reweighted least squares)."""
    from scipy.stats import t

    beta = np.zeros(design.shape[1])
    beta[0] = np.log(y.sum() / exposure.sum())
    for _ in range(STEPS):
        with np.errstate(over="ignore", invalid="ignore"):
            mean = exposure * np.exp(design @ beta)
        if not np.isfinite(mean).all():
            return None
        information = design.T @ (design * mean[:, None])
        try:
            step = np.linalg.solve(information, design.T @ (y - mean))
        except np.linalg.LinAlgError:
            return None
        beta = beta + step
        if np.abs(step).max() < CLOSE:
            break
    else:
        return None
    mean = exposure * np.exp(design @ beta)
    free = len(y) - design.shape[1]
    dispersion = max(1.0, float((((y - mean) ** 2) / mean).sum()) / free)
    covariance = dispersion * np.linalg.inv(design.T @ (design * mean[:, None]))
    return Fit(beta, covariance, dispersion, float(t.ppf(0.975, free)))


def crossing(model: Fit, ahead: pd.DataFrame, so_far: int, volume: int) -> Crossing:
    """Return the tickets expected of a contract year, and when they exceed a volume.

    ``ahead``: by month what is left of the contract year: days (worked), place (of the month among
    those of the fit). The range is of 95 %, of what the fit leaves open and of chance to come.
    """
    design = np.ones((len(ahead), len(model.beta)))
    if len(model.beta) > 1:
        design[:, 1] = ahead["place"]
    means = ahead["days"].to_numpy("float64") * np.exp(design @ model.beta)
    total, slopes = means.cumsum(), (design * means[:, None]).sum(axis=0)
    variance = slopes @ model.covariance @ slopes + model.dispersion * total[-1]
    end, spread = so_far + float(total[-1]), float(model.quantile * np.sqrt(variance))
    beyond = so_far + total > volume
    month = str(ahead.index[int(beyond.argmax())]) if beyond.any() else ""
    return Crossing(end, max(end - spread, so_far), end + spread, month)
