"""Signals: months that chance alone rarely makes of a process, by the rules that name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewlib.service.control.metrics import ALIKE, NONE

Hits = NDArray[np.bool_]
TWO_THIRDS = 2 / 3  # of the way to a limit, from which on the NHS calls a point close to it
SIGNALS = ["segment", "rule", "side", "first", "last", "months"]


@dataclass(frozen=True)
class Rule:
    """At least ``least`` of ``of`` points in a row of a kind, on one side of the mean.

    ``kind``: outside the limits; on one ``side`` of the mean; ``nearer`` a limit than the mean;
    ``close``: in the last third before a limit, and not outside; ``trend``: each above, or below,
    the point before. ``alone``: whether the others of the row may be on the other side.
    """

    name: str
    kind: str
    least: int
    of: int
    alone: bool = True


RULES: dict[str, tuple[Rule, ...]] = {
    "wheeler": (
        Rule("outside", "outside", 1, 1),
        Rule("near", "nearer", 3, 4),
        Rule("side_8", "side", 8, 8),
    ),
    "nhs": (
        Rule("outside", "outside", 1, 1),
        Rule("side_7", "side", 7, 7),
        Rule("trend_7", "trend", 7, 7),
        Rule("close", "close", 2, 3, alone=False),
    ),
}
"""The rules that a contract may choose: Wheeler's three, and those of the NHS in England."""


def signals(rows: pd.DataFrame, rules: str) -> pd.DataFrame:
    """Return the signals in the points of ``charted``, by a set of ``RULES``.

    A row for each stretch of months in a row by which one rule holds on one side; rules look at
    the points of one segment, in their order, whether months between them have none or not.
    Columns: segment, rule (its name), side (above or below the mean; rising or falling), first and
    last (months), months (a tuple of those that make it).
    """
    segments = [own for _, own in rows.groupby("segment") if own["stage"].iloc[-1] != NONE]
    lines = [
        (int(own["segment"].iloc[0]), rule.name, side, months[0], months[-1], months)
        for own in segments
        for rule in RULES[rules]
        for side, months in _stretches(own, rule)
    ]
    stretches = pd.DataFrame(lines, columns=SIGNALS)
    return stretches.sort_values(["first", "last"], kind="stable", ignore_index=True)


def _stretches(points: pd.DataFrame, rule: Rule) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the side and the months of each stretch in which a rule holds."""
    months = points["month"].to_numpy()
    names = ("rising", "falling") if rule.kind == "trend" else ("above", "below")
    for name, sign in zip(names, (1, -1), strict=True):
        hits, covered = (
            _trends(points, rule, sign) if rule.kind == "trend" else _runs(points, rule, sign)
        )
        turns = np.flatnonzero(np.diff(np.r_[False, covered, False].astype("int8")))
        for start, end in turns.reshape(-1, 2):
            yield name, tuple(months[start:end][hits[start:end]].tolist())


def _runs(points: pd.DataFrame, rule: Rule, sign: int) -> tuple[Hits, Hits]:
    """Tell which points are of the kind of a rule, and which are in a row by which it holds."""
    side = _side(points)
    hits = side == sign if rule.kind == "side" else _kinds(points)[rule.kind] & (side == sign)
    enough = _windows(hits, rule.of) >= rule.least
    if not rule.alone:
        enough &= _windows(side == sign, rule.of) == rule.of
    return hits, _covered(enough, rule.of, len(points))


def _trends(points: pd.DataFrame, rule: Rule, sign: int) -> tuple[Hits, Hits]:
    """Tell which points are in a row that rises, or falls, from each to the next."""
    steps = points["value"].diff().to_numpy()[1:]
    slack = ALIKE * np.maximum(1.0, points["value"].abs().to_numpy()[1:])
    enough = _windows(sign * steps > slack, rule.of - 1) == rule.of - 1
    covered = _covered(enough, rule.of, len(points))
    return covered, covered


def _side(points: pd.DataFrame) -> NDArray[np.int8]:
    """Return 1 for points above the mean, -1 for those below it, 0 on it."""
    apart = points["value"] - points["mean"]
    slack = ALIKE * points["mean"].abs().clip(lower=1.0)
    sides: NDArray[np.int8] = np.sign(apart.where(apart.abs() > slack, 0.0)).to_numpy("int8")
    return sides


def _kinds(points: pd.DataFrame) -> dict[str, Hits]:
    """Tell which points are outside the limits, nearer one than the mean, close to one."""
    apart, half = (points["value"] - points["mean"]).abs(), points["upper"] - points["mean"]
    slack = ALIKE * points["mean"].abs().clip(lower=1.0)
    outside = apart > half + slack
    kinds = {
        "outside": outside,
        "nearer": outside | (apart > half / 2 + slack) & (half > slack),
        "close": (apart > TWO_THIRDS * half + slack) & ~outside,
    }
    return {name: hits.to_numpy("bool") for name, hits in kinds.items()}


def _windows(hits: Hits, length: int) -> NDArray[np.float64]:
    """Return how many places hit in each row of so many; none where there are fewer."""
    if hits.size < length:
        return np.zeros(0)
    counts: NDArray[np.float64] = np.convolve(hits, np.ones(length), "valid").round()
    return counts


def _covered(enough: Hits, length: int, size: int) -> Hits:
    """Tell which of the places are in a row of so many that is one of those that are enough."""
    covered = np.zeros(size, "bool")
    for start in np.flatnonzero(enough):
        covered[start : start + length] = True
    return covered
