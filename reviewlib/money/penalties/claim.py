"""A claim: a fact, the rule that it falls under, and what that makes due (A7, D4, D5, D7).

It has two sides, two coherent scenarios of all facts at once. On the low side nothing contested or
open counts: no contested day is charged under a rule for which it is contested, and tickets still
open are in time, as are those over their target of which the pauses are unknown. On the high side
all of it does: contested days are charged, and these tickets are late. Low and high are so of the
facts, not of each amount: what one rule takes on the high side another may lose, and a cap may be
used up. Where nothing is contested or open, they are alike. Amounts are exact decimals, rounded to
the cent once each, a half up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from reviewlib.amounts import ZERO, to_the_cent
from reviewlib.contract.penalties import Limits
from reviewlib.delivery.lateness import Delays
from reviewlib.delivery.left_out import UNKNOWN

SIDES = LOW, HIGH = "low", "high"
SUSPENDED, RAMP_UP, SENSITIVE = "suspended", "ramp_up", "sensitive"
WAITED, AFTER_END = "waited", "after_end"
ALREADY, GRACE, NOT_COUNTED, BEFORE_NOTICE = "already", "grace", "not_counted", "before_notice"
CONTESTED, CONCURRENT, COUNTED, FREE = "contested", "concurrent", "", "free"
OPEN, REACHED = "open", "reached"
NOT_DATED, WAIT_UNKNOWN = "not_dated", "wait_unknown"
"""Why it is not known whether something is late: nothing says when milestones were reached, or the
one that it needs."""
YIELDED = "yielded"
"""Counted on the low side, and on the high side under another rule."""
UNATTRIBUTED = "unattributed"
EXCUSING = (
    *("client", "provider", "third_party", "force_majeure"),
    *(SUSPENDED, CONCURRENT, CONTESTED, UNKNOWN, UNATTRIBUTED),
)
"""The reasons for which a rule leaves out a day by its cause, and not for how it counts."""
_CLASSES = (UNATTRIBUTED, "third_party", "concurrent")
TOGETHER = "together"
BORNE = {**{name: (name,) for name in _CLASSES}, TOGETHER: _CLASSES}
"""The days that no party's doing alone explains, and that a debtor may have to bear: by class, and
all of them together."""


@dataclass(frozen=True, slots=True)
class Formula:
    """base × rate × units + plus, by the ``year`` of so many days where it states one.

    ``unit`` says what the units are: day, week, point, month.
    """

    base: Decimal
    rate: Fraction
    units: int
    unit: str
    plus: Decimal = ZERO
    year: int = 1

    @property
    def amount(self) -> Decimal:
        """The amount to the cent, a half up."""
        return to_the_cent(Fraction(self.base) * self.rate * self.units / self.year) + self.plus


@dataclass(frozen=True, slots=True)
class Miss:
    """A priority of a clause that missed its threshold in a month: met of n, and its points.

    ``missed``: the points for the miss; ``started``: those for the started percentage points under
    the threshold; ``weight``: by which their sum is multiplied.
    ``open``: of the n, those without a verdict (open, unknown, of unknown pauses), taken as late;
    ``paused``: of these, those over their target of which the pauses are unknown.
    """

    clause: str
    priority: str
    met: int
    n: int
    threshold: Fraction
    missed: int
    started: int = 0
    weight: int = 1
    open: int = 0
    paused: int = 0

    @property
    def points(self) -> int:
        """The points of the miss, times the weight of its priority."""
        return (self.missed + self.started) * self.weight


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact, the rule that it falls under, and what that makes due on its low and high side.

    ``on``: the day by which the fact is over, which orders the exemption and the cap. ``left_out``:
    days taken out, or months, by the word of the reason. ``shares``: of the tickets or hours,
    exact, low and high side; ``misses``: what makes the points, on the high side. ``since``: the
    date that counts. ``counted``: the days that count on the low side, by whose doing; ``waited``:
    those of a deliverable on which the milestone that it needs was not reached. ``without``: what
    both sides were if the days of a class of BORNE did not count, where any does. ``elsewhere``:
    where what is counted already was. ``spared``: what both sides of a month were but for the
    ramp-up or the sensitive period that leaves it out. ``provisional``: more may follow;
    ``stopped``: its fact goes on, but no day after the end of the contract counts. ``wanting``: the
    formal notice is. ``paused``: some of what is open is so for tickets over their target of which
    the pauses are unknown; ``unassessed``: if anything is due hangs on these alone.
    """

    rule: str
    terms: Limits
    subject: str
    month: str
    on: pd.Timestamp
    low: Formula
    high: Formula
    debtor: str
    left_out: tuple[tuple[str, int], ...] = ()
    shares: tuple[Fraction, Fraction] | None = None
    misses: tuple[Miss, ...] = ()
    since: pd.Timestamp | None = None
    counted: tuple[tuple[str, int], ...] = ()
    without: Mapping[str, tuple[Formula, Formula]] = field(default_factory=dict)
    waited: tuple[str, int] = ("", 0)
    elsewhere: tuple[str, ...] = ()
    spared: tuple[Formula, Formula] | None = None
    title: str = ""
    provisional: bool = False
    stopped: bool = False
    wanting: bool = False
    bonus: bool = False
    paused: bool = False
    unassessed: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A rule that could not be applied, to one subject or at all, and the word of the reason."""

    rule: str
    because: str
    subject: str = ""


@dataclass(frozen=True)
class Facts:
    """What the rules are held against; a frame is None where its table is absent.

    ``delays``: what is late, by ``against`` (in_force, contract). ``subjects``: (kind, id) of the
    milestones and deliverables of which it is known whether they are late; ``unknown``: why it is
    not of the others, by (kind, id), or (kind, "") where it is of none. ``compliance``: clause,
    priority, month, met, breached, open (running, unknown, or over its target with unknown pauses),
    late_or_paused (the last of these alone) and threshold. ``availability``: of
    ``metrics.availability.months``. ``payments``: payment_id, amount (Decimal), due_on, paid_on.
    ``decisions``: the table penalties.
    """

    today: pd.Timestamp
    delays: Mapping[str, Delays] = field(default_factory=dict)
    subjects: frozenset[tuple[str, str]] | None = None
    unknown: Mapping[tuple[str, str], str] = field(default_factory=dict)
    compliance: pd.DataFrame | None = None
    availability: pd.DataFrame | None = None
    payments: pd.DataFrame | None = None
    decisions: pd.DataFrame | None = None


def title_of(row: Any) -> str:
    """Return the title of a row of a table; "" where it has none."""
    title = getattr(row, "title", None)
    return title if isinstance(title, str) else ""
