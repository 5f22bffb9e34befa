"""Months after a run that other terms judge than it: which, and what the former ones make of them.

A target that an amendment moves is judged by its own terms; beside it stands what the former terms
would give, so that a change of the terms is not taken for one of the service.
"""

from __future__ import annotations

from typing import NamedTuple

from reviewlib.service.control.series import AMENDMENT, Series, of_clause
from reviewlib.service.log import Log
from reviewlib.service.sensitivity.interpretations import under_terms
from reviewlib.service.service_levels.metrics import judged


class Amended(NamedTuple):
    """Amendments of a service level since its first run began, and the months judged by them."""

    names: tuple[str, ...]
    months: tuple[str, ...]


def amended(series: Series, run_from: str, after: tuple[str, ...]) -> Amended:
    """Return which of the months after a run are of the first amendment since it began, or later.

    ``run_from``: the first month of the run; ``after``: the months after it that have a value.
    """
    last = max(after, default="")
    since = [
        one for one in series.rebases if one.kind == AMENDMENT and run_from < one.month <= last
    ]
    if not since:
        return Amended((), ())
    names = tuple(one.name for one in since)
    return Amended(names, tuple(month for month in after if month >= since[0].month))


def by_former_terms(log: Log, keys: tuple[str, str], by: Amended) -> tuple[int, int]:
    """Return how many of these months would be under their threshold by the terms before, of how
    many that these give a value. ``keys``: clause and priority.
    """
    ids = [one.id for one in log.contract.amendments]
    number = ids.index(by.names[0])  # of the version before it: the first version is the contract's
    other = log.under(under_terms(log.contract, number, number + 1))
    verdicts = judged(other, [keys[0]])
    own = verdicts[verdicts["priority"] == keys[1]]
    points = of_clause(own, other.contract, log.as_of, keys).points
    points = points[points["month"].isin(by.months) & points["target"].notna()]
    return int((points["value"] < points["target"]).sum()), len(points)
