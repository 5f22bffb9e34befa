"""How long resolutions took (F6): distribution, median, P90, and the mean that contracts quote."""

from __future__ import annotations

import numpy as np
import pandas as pd


def hours(opened: pd.Series, resolved: pd.Series) -> pd.Series:
    """Return the hours (24 a day) from opening to resolution, without the tickets still open."""
    return (resolved - opened).dropna() / pd.Timedelta(hours=1)


def summary(values: pd.Series, groups: pd.Series | None = None) -> pd.DataFrame:
    """Return n, median, p90 (linear interpolation), mean and what the mean hides, in hours.

    One row per group (missing values are a group), or one in all. ``below_mean`` is the share of
    tickets that took less than the mean; ``slowest`` the share of the whole time that the slowest
    tenth took, of one ticket at least.
    """
    by = groups.reindex(values.index) if groups is not None else pd.Series("", values.index)
    rows = {name: _summed_up(group.to_numpy()) for name, group in values.groupby(by, dropna=False)}
    columns = ["n", "median", "p90", "mean", "below_mean", "slowest"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype({"n": "int64"})


def _summed_up(values: np.ndarray) -> list[float]:
    ordered = np.sort(values)
    tenth, total = max(1, len(ordered) // 10), ordered.sum()
    mean = total / len(ordered)
    return [
        len(ordered),
        float(np.median(ordered)),
        float(np.percentile(ordered, 90, method="linear")),
        float(mean),
        float((ordered < mean - 1e-9).mean()),  # equal durations are not below their mean
        float(ordered[-tenth:].sum() / total) if total else float("nan"),
    ]
