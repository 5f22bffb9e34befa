"""Signals: months that chance alone rarely makes of a process, by the rules that name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewlib.service.control.metrics import ALIKE, NONE

Hits = NDArray[np.bool_]
TWO_THIRDS = 2 / 3  # of the way to a limit, from which on the NHS calls a point close to it
Kinds = dict[str, NDArray[np.int8]]
TRENDS = ("rising", "falling")
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
        (int(own["segment"].iloc[0]), rule, side, months[0], months[-1], months)
        for own in segments
        for rule, side, months in _stretches(own, RULES[rules])
    ]
    stretches = pd.DataFrame(lines, columns=SIGNALS)
    return stretches.sort_values(["first", "last"], kind="stable", ignore_index=True)


def _stretches(
    points: pd.DataFrame, rules: Iterable[Rule]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the rule, the side and the months of each stretch in which a rule holds."""
    months, kinds = points["month"].to_numpy(), _kinds(points)
    for rule in rules:
        names = TRENDS if rule.kind == "trend" else ("above", "below")
        for name, sign in zip(names, (1, -1), strict=True):
            hits, covered = (
                _trends(kinds, rule, sign) if name in TRENDS else _runs(kinds, rule, sign)
            )
            turns = np.flatnonzero(np.diff(np.r_[False, covered, False].astype("int8")))
            for start, end in turns.reshape(-1, 2):
                yield rule.name, name, tuple(months[start:end][hits[start:end]].tolist())


def _runs(kinds: Kinds, rule: Rule, sign: int) -> tuple[Hits, Hits]:
    """Tell which points are of the kind of a rule, and which are in a row by which it holds."""
    side = kinds["side"] == sign
    hits = side if rule.kind == "side" else (kinds[rule.kind] > 0) & side
    enough = _windows(hits, rule.of) >= rule.least
    if not rule.alone:
        enough &= _windows(side, rule.of) == rule.of
    return hits, _covered(enough, rule.of, side.size)


def _trends(kinds: Kinds, rule: Rule, sign: int) -> tuple[Hits, Hits]:
    """Tell which points are in a row that rises, or falls, from each to the next."""
    enough = _windows(kinds["step"][1:] == sign, rule.of - 1) == rule.of - 1
    covered = _covered(enough, rule.of, kinds["step"].size)
    return covered, covered


def _kinds(points: pd.DataFrame) -> Kinds:
    """Tell of each point on which side of the mean it is (1 above, -1 below, 0 on it), whether it
    is outside the limits, nearer one than the mean, close to one, and how it steps from the last.
    """
    value, mean, upper = (points[name].to_numpy() for name in ("value", "mean", "upper"))
    slack = ALIKE * np.maximum(1.0, np.abs(mean))
    apart, half, step = value - mean, upper - mean, np.diff(value, prepend=value[:1])
    far = np.abs(apart)
    outside = far > half + slack
    kinds = {
        "side": np.sign(np.where(far > slack, apart, 0.0)),
        "outside": outside,
        "nearer": outside | (far > half / 2 + slack) & (half > slack),
        "close": (far > TWO_THIRDS * half + slack) & ~outside,
        "step": np.sign(np.where(np.abs(step) > slack, step, 0.0)),
    }
    return {name: column.astype("int8") for name, column in kinds.items()}


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
