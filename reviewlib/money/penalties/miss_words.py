"""Shares, rates and points in words: what a rule counts in, and how a miss comes to its points."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from reviewlib.money.penalties.claim import Miss
from reviewlib.report.text import N_, Message, Shown, Text, n_
from reviewlib.service.clauses import alike

UNITS = {
    "day": n_("{n} day", "{n} days"),
    "week": n_("{n} started week", "{n} started weeks"),
    "point": n_("{n} point", "{n} points"),
}
FREE = n_("{n} point is free", "{n} points are free")
MISSED = N_("{clause} {priority}: {met} of {n} in time ({share}), against {threshold}: {points}")
MISSED_IF_LATE = N_(
    "{clause} {priority}: {met} of {n} in time ({share}), were those without a verdict ({open}) "
    "late, against {threshold}: {points}"
)
MISSED_IF_PAUSED = N_(
    "{clause} {priority}: {met} of {n} in time ({share}), were those without a verdict late "
    "({open}, of which {paused} over their target with unknown pauses), against {threshold}: "
    "{points}"
)
STARTED = N_("{missed} + {started} = {points}")
WEIGHED = N_("{missed} × {weight} = {points}")
STARTED_AND_WEIGHED = N_("({missed} + {started}) × {weight} = {points}")


def fraction(rate: Fraction) -> Message:
    return N_("{numerator}/{denominator}")(numerator=rate.numerator, denominator=rate.denominator)


def percent(share: Fraction | Decimal) -> Shown:
    """Return a share as a percentage with just the decimals that it has."""
    exact = Fraction(share) * 100
    digits = next((d for d in range(6) if (exact * 10**d).denominator == 1), 6)
    return Shown(float(share), f"percent.{digits}")


def beside_bounds(share: Fraction, bounds: list[Fraction]) -> Shown:
    """Return a share with decimals enough to see on which side of every bound it lies."""
    others = [float(bound) for bound in bounds if bound != share]
    clear = (d for d in range(2, 7) if not any(alike(float(share), one, d) for one in others))
    return Shown(float(share), f"percent.{next(clear, 7)}")


def missed(miss: Miss) -> Message:
    """Return a miss: its share, with decimals enough to count what is started, and its points."""
    sentence = MISSED_IF_PAUSED if miss.paused else MISSED_IF_LATE if miss.open else MISSED
    share = Fraction(miss.met, miss.n)
    under = (miss.threshold - share) * 100
    wholes = [miss.threshold - Fraction(n, 100) for n in (math.floor(under), math.ceil(under))]
    return sentence.filled(
        {
            "clause": miss.clause,
            "priority": miss.priority,
            "met": miss.met,
            "n": miss.n,
            "share": beside_bounds(share, wholes),
            "open": miss.open,
            "paused": miss.paused,
            "threshold": percent(miss.threshold),
            "points": _points(miss),
        }
    )


def _points(miss: Miss) -> Text:
    """Return the points of a miss, worked out where they are a sum or weighed."""
    points = UNITS["point"](n=miss.points)
    if not miss.started and miss.weight == 1:
        return points
    worked_out = STARTED_AND_WEIGHED if miss.weight != 1 else STARTED
    return (worked_out if miss.started else WEIGHED).filled(
        {"missed": miss.missed, "started": miss.started, "weight": miss.weight, "points": points}
    )
