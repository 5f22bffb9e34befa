"""The intervals of a net promoter score, and the test of a difference between two waves."""

from __future__ import annotations

import math

WALD, ADJUSTED = "wald", "adjusted"
WALD_FROM = 100  # below, the 95 % of a plain Wald interval are seldom reached: 71 to 92 %
PSEUDO_ANSWERS = (0.75, 1.5, 0.75)  # promoters, passives, detractors: Rocks 2016, adjusted Wald
Z = 1.959964
Counts = tuple[float, float, float]
"""How many people are promoters, passives and detractors (or satisfied, nobody, the others)."""


def score(counts: Counts) -> tuple[float, float]:
    """Return a score from -1 to 1 and the variance of its mean.

    Variance of one answer: p + d - (p - d)², p and d being the shares of promoters and detractors.
    """
    promoters, _, detractors = counts
    n = sum(counts)
    net = (promoters - detractors) / n
    return net, max((promoters + detractors) / n - net**2, 0) / n


def wald(promoters: float, passives: float, detractors: float) -> tuple[float, float]:
    """Return the 95 % Wald interval of a net promoter score, within -100 and 100."""
    net, variance = score((promoters, passives, detractors))
    error = Z * math.sqrt(variance)
    return max(100 * (net - error), -100.0), min(100 * (net + error), 100.0)


def nps_interval(promoters: int, passives: int, detractors: int) -> tuple[float, float, str]:
    """Return low, high and method of the 95 % interval of a net promoter score.

    From 100 answers: Wald. Below: adjusted Wald, which first adds three quarters of a promoter
    and of a detractor and one and a half passives. Answers that all fall into one class leave
    nothing to estimate the spread from: (nan, nan, "").
    """
    counts = (int(promoters), int(passives), int(detractors))
    if max(counts) == sum(counts):
        return float("nan"), float("nan"), ""
    if sum(counts) >= WALD_FROM:
        return (*wald(*counts), WALD)
    more = [count + pseudo for count, pseudo in zip(counts, PSEUDO_ANSWERS, strict=True)]
    return (*wald(*more), ADJUSTED)


def difference(before: Counts, after: Counts) -> tuple[float, float, float, float]:
    """Return how far a score moved between two waves, its 95 % interval (low, high), and z.

    On the scale of ``score``; as if other people had answered each time, drawn at random. Not of
    two waves in each of which all answered alike.
    """
    (first, variance), (second, other) = score(before), score(after)
    moved, error = second - first, math.sqrt(variance + other)
    return moved, moved - Z * error, moved + Z * error, moved / error
