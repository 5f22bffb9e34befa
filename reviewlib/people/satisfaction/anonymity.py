"""The anonymity floor with complementary suppression (G2).

A figure of fewer people than the floor is hidden. A total printed beside its parts would give a
lone hidden part back by subtraction: then the next smallest part is hidden too. One rule follows
for whoever calls: figures that add up are protected together, and none is printed that adds up
groups protected apart (waves, for instance).
"""

from __future__ import annotations

import pandas as pd


def shown(sizes: pd.Series, floor: int) -> pd.Series:
    """Tell which parts of one total may be shown, given the number of people in each.

    Whatever is hidden holds nobody or, taken together, at least ``floor`` people, unless the
    total itself is smaller: then it must not be printed either. An empty part is shown: it
    holds nobody to protect. Among equals the first is hidden.
    """
    small = (sizes > 0) & (sizes < floor)
    result = ~small
    large = sizes[sizes >= floor]
    if 0 < sizes[small].sum() < floor and len(large):
        result[large.idxmin()] = False
    return result


def protected(
    frame: pd.DataFrame, size: str, total: list[str], figures: list[str], floor: int
) -> pd.DataFrame:
    """Return a frame without the figures of groups that must be hidden, and the column ``shown``.

    ``size`` is the column that counts the people of each row, ``total`` names the columns whose
    values tell which rows add up to one total, ``figures`` those that are emptied.
    """
    if frame.empty:
        return frame.assign(shown=pd.Series(dtype="bool"))
    groups = frame.groupby(total, sort=False)[size]
    is_shown = groups.transform(lambda sizes: shown(sizes, floor)).astype("bool")
    return frame.assign(shown=is_shown, **{name: frame[name].where(is_shown) for name in figures})
