"""A claim: a fact, the rule that it falls under, and what that makes due (A7, D4, D5, D7).

It has two sides: ``low`` leaves out what is contested or still open, ``high`` counts it. Where
nothing is, they are the same. Amounts are exact decimals, rounded to the cent once each, a half up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from reviewlib.amounts import ZERO, to_the_cent
from reviewlib.contract import Contract
from reviewlib.contract.parties import Period
from reviewlib.contract.penalties import Limits
from reviewlib.contract.service_levels import Terms
from reviewlib.delivery.lateness import Delays

SUSPENDED, RAMP_UP, SENSITIVE = "suspended", "ramp_up", "sensitive"
ALREADY, GRACE, NOT_COUNTED, BEFORE_NOTICE = "already", "grace", "not_counted", "before_notice"
CONTESTED, CONCURRENT, COUNTED = "contested", "concurrent", ""
ONE_DAY = pd.Timedelta(days=1)
T = TypeVar("T", bound=Limits)


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
    """A priority of a clause that missed its threshold in a month: met of n, and its points."""

    clause: str
    priority: str
    met: int
    n: int
    threshold: Fraction
    points: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact, the rule that it falls under, and what that makes due on its low and high side.

    ``on``: the day by which the fact is over, which orders the exemption and the cap. ``left_out``:
    days taken out, or months, by the word of the reason. ``shares``: of the tickets or hours,
    exact, low and high side; ``misses``: what makes the points, on the high side. ``since``: the
    date that counts. ``counted``: the days that count, by whose doing; ``waited``: those of a
    deliverable on which the milestone that it needs was not reached. ``elsewhere``: where what is
    counted already was. ``provisional``: more may follow. ``wanting``: the formal notice is.
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
    waited: tuple[str, int] = ("", 0)
    elsewhere: tuple[str, ...] = ()
    title: str = ""
    provisional: bool = False
    wanting: bool = False
    bonus: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A rule that could not be applied, to one subject or at all, and the word of the reason."""

    rule: str
    because: str
    subject: str = ""


@dataclass(frozen=True)
class Facts:
    """What the rules are held against; a frame is None where its table is absent.

    ``delays``: what is late, by ``against`` (in_force, contract). ``known``: (kind, id) of the
    milestones and deliverables that the tables have. ``compliance``: clause, priority, month, met,
    breached, open (running or unknown) and threshold. ``availability``: of
    ``metrics.availability.months``. ``payments``: payment_id, amount (Decimal), due_on, paid_on.
    ``decisions``: the table penalties.
    """

    today: pd.Timestamp
    delays: Mapping[str, Delays] = field(default_factory=dict)
    known: frozenset[tuple[str, str]] | None = None
    compliance: pd.DataFrame | None = None
    availability: pd.DataFrame | None = None
    payments: pd.DataFrame | None = None
    decisions: pd.DataFrame | None = None


@dataclass(frozen=True)
class Scene:
    """A rule by name, the contract and the facts.

    ``taken``: the facts that are penalised so far, and where; ``delayed``: every day on which a
    milestone under a rule is late, which its deliverables do not owe for.
    """

    name: str
    contract: Contract
    facts: Facts
    taken: dict[tuple[Any, ...], str]
    delayed: dict[tuple[str, Any], str] = field(default_factory=dict)

    def terms(self, day: pd.Timestamp) -> Terms:
        """Return the terms in force on a day."""
        return self.contract.terms_at(day.tz_localize(self.contract.time_zone))

    def wordings(self, kind: type[T]) -> list[T]:
        """Return the wordings of the rule over all versions of the terms that are of a kind."""
        stated = (terms.penalties.get(self.name) for terms in self.contract.versions)
        return [rule for rule in stated if isinstance(rule, kind)]

    def rule(self, day: pd.Timestamp) -> Any:
        """Return the wording of the rule in force on a day; None where there is none then."""
        return self.terms(day).penalties.get(self.name)

    def price(self, day: pd.Timestamp) -> Decimal:
        """Return the price in force on a day; the contract's models see to it that there is one."""
        price = self.terms(day).price
        return price.total if price else ZERO

    def notice(self, subject: str, month: str = "") -> tuple[pd.Timestamp, bool]:
        """Return the day on which a formal notice was served under the rule; was it waived?"""
        table = self.facts.decisions
        if table is None:
            return pd.NaT, False
        own = table[table["rule"] == self.name]
        for column, asked in (("subject", subject), ("month", month)):
            if column in own:
                own = own[own[column].isna() | (own[column] == asked)]
        served = own["notice_on"].min() if "notice_on" in own else pd.NaT
        return served, "notice_waived" in own and bool(own["notice_waived"].eq(True).any())

    def wanting(self, rule: Limits, subject: str, month: str = "") -> bool:
        """Whether a rule asks for a formal notice that was neither served nor waived."""
        served, waived = self.notice(subject, month)
        return rule.notice == "required" and pd.isna(served) and not waived


def within(day: pd.Series, periods: Iterable[Period | None]) -> np.ndarray:
    """Tell which days lie in one of some periods."""
    inside = np.zeros(len(day), dtype=bool)
    for period in periods:
        if period is not None:
            inside |= day.between(pd.Timestamp(period.first), pd.Timestamp(period.last)).to_numpy()
    return inside
