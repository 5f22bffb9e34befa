"""What a party owes for a delay, a service level missed or a late payment (A7): rules and packs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from reviewlib.calendars.day_counts import DayUnit
from reviewlib.contract.base import Model, Money, OneOrEach, Prose, refuse
from reviewlib.contract.clauses import Rule as Fault
from reviewlib.contract.days import Days
from reviewlib.contract.parties import OTHER, CausedBy, Period
from reviewlib.contract.rulepacks import names
from reviewlib.faults import Unfit, meant_by
from reviewlib.report.text import N_, sentences

Party = Literal["provider", "client"]
KINDS = ("delay", "points", "tiers", "late_payment")
PERCENT = N_("write a percentage such as 10 % or 0.5 %")
NO_PACK = N_("{name:quoted} is no rule pack.")
STATE_TOO = N_("state that of {name:quoted} too, or one base for all")
NOT_AMONG = N_("{name:quoted} is not among its milestones, deliverables")
NO_PRIORITY = N_("{name:quoted} is not among its priorities")
EACH_PRIORITY = N_("a base for each priority: name the priorities, or state one base for all")
NO_HALF = N_("{name:quoted} is no half-year: write 2024-H1 or 2024-H2")
ALIKE = N_("the rules of the pool {name:quoted} share it: state it alike")


def _percent(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    match = re.fullmatch(r"\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*%\s*", str(value))
    if match is None:
        raise Unfit(PERCENT)
    return Decimal(match[1].replace(",", ".")) / 100


def _rate(value: Any) -> Any:
    if isinstance(value, Fraction):
        return value
    if match := re.fullmatch(r"\s*(\d{1,6})\s*/\s*([1-9]\d{0,6})\s*", str(value)):
        return Fraction(int(match[1]), int(match[2]))
    try:
        return Fraction(_percent(value))
    except ValueError:
        raise Unfit(N_("write a rate such as 1/1000 or 0.1 %")) from None


Percent = Annotated[Decimal, BeforeValidator(_percent)]
"""A share written as a percentage, exact: 99.95 % is 0.9995."""

Rate = Annotated[Fraction, BeforeValidator(_rate)]
"""A rate of a base, exact: 1/1000, or 0.1 %."""


class Limits(Model):
    """What every rule has: who owes, what is left out, from and up to how much, on what notice.

    ``exempt_up_to``: no penalty while the sum over the whole contract is not above it; as
    ``threshold`` all of it is due beyond, as ``deductible`` only what exceeds it. ``cap``, or
    ``cap_share`` of ``cap_of`` (the price where it is left out), over the ``cap_per``. Rules of
    one ``pool`` share their exemption and cap, and state the same; a rule alone is its own pool.

    ``ramp_up``: nothing is owed for facts of these days; nor, where ``sensitive_periods`` are
    ``excluded``, of theirs.
    ``notice``: whether nothing is owed before a formal notice was served, or waived.
    """

    title: Prose
    clause: Prose = ""
    pack: str = ""
    source: Prose = ""
    debtor: Party = "provider"
    ramp_up: Period | None = None
    sensitive_periods: Literal["counted", "excluded"] = "counted"
    pool: str = ""
    exempt_up_to: Money | None = None
    exempt_as: Literal["threshold", "deductible"] = "threshold"
    cap: Money | None = None
    cap_share: Percent | None = None
    cap_of: Money | None = None
    cap_per: Literal["contract", "year", "month"] = "contract"
    notice: Literal["none", "required"] = "none"
    observations: Days | None = None

    def pool_under(self, name: str) -> str:
        """Return the pool of a rule of a name: a rule alone is its own."""
        return self.pool or name

    @model_validator(mode="after")
    def _consistent(self) -> Limits:
        refuse(type(self).__name__, self._faults())
        return self

    def _faults(self) -> Iterator[Fault]:
        if self.pack and self.pack not in names():
            hint = meant_by(self.pack, names())
            yield ("pack",), sentences(NO_PACK(name=self.pack), hint), None
        if self.cap is not None and self.cap_share is not None:
            yield ("cap",), N_("state cap, or cap_share with its cap_of, not both"), None
        if self.cap_of is not None and self.cap_share is None:
            message = N_("is the base of cap_share: state that too, or leave it out")
            yield ("cap_of",), message, None


class Delay(Limits):
    """A sum for each day or week that milestones or deliverables are late.

    The days run from the day after the date that counts (``against``: in force, with approved
    re-baselines, or of the contract) to the day of the fact, those of ``days`` only. ``rate`` of
    the ``base`` (the price where it is left out), or a fixed ``amount``, for each day or each
    started week. ``excludes``: days caused by one of these don't count (where it is silent the
    party to whom the debtor owes, and force majeure), nor do suspensions;
    ``concurrent``: nor those on which another cause ran beside it. ``unattributed``: the days
    without a recorded cause count, don't, or are contested: then they count on the high side only.
    ``grace``: so many days late owe nothing; beyond, all days count where
    ``grace_counts``, else only those after it. ``from_notice``: days count from the notice.
    ``after_end``: whether days after the last day of the contract count.
    """

    kind: Literal["delay"]
    milestones: tuple[str, ...] = ()
    deliverables: tuple[str, ...] = ()
    base: OneOrEach[Money] | None = None
    rate: Rate | None = None
    amount: Money | None = None
    per: Literal["day", "week"] = "day"
    days: DayUnit = "calendar"
    against: Literal["in_force", "contract"] = "in_force"
    excludes: tuple[CausedBy, ...] = ("client", "force_majeure")
    concurrent: Literal["excluded", "counted"] = "excluded"
    unattributed: Literal["counted", "contested", "excluded"] = "counted"
    grace: int = Field(default=0, ge=0)
    grace_counts: bool = True
    from_notice: bool = False
    after_end: Literal["excluded", "counted"] = "excluded"

    @model_validator(mode="after")
    def _excuses_either_debtor_alike(self) -> Delay:
        if self.is_silent("excludes"):  # stays so: a default is printed as one
            object.__setattr__(self, "excludes", (OTHER[self.debtor], "force_majeure"))
        return self

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        if not self.milestones and not self.deliverables:
            message = N_("name the milestones or deliverables that it is for")
            yield ("milestones",), message, None
        if (self.rate is None) == (self.amount is None):
            message = N_("state a rate of a base, or an amount, for each day or week")
            yield ("rate",), message, None
        if self.amount is not None and self.base is not None:
            yield ("base",), N_("a fixed amount has no base: leave one of them out"), None
        if self.from_notice and self.notice == "none":
            yield ("from_notice",), N_("needs {key}")(key="notice: required"), None
        for name in self.base if isinstance(self.base, dict) else ():
            if name not in self.milestones + self.deliverables:
                yield ("base", name), NOT_AMONG(name=name), None
        for name in self.milestones + self.deliverables if isinstance(self.base, dict) else ():
            if isinstance(self.base, dict) and name not in self.base:
                yield ("base",), STATE_TOO(name=name), None

    def base_of(self, subject: str) -> Decimal | None:
        """Return the base of a milestone or deliverable; None where it is the price."""
        return self.base.get(subject) if isinstance(self.base, dict) else self.base


class Points(Limits):
    """SLA points: so many for each month in which a clause's priority misses its threshold.

    ``priorities``: only of these; of all that have a threshold where left out.
    ``missed`` points for the miss, and ``each_point`` more for each started percentage point under
    the threshold, times the ``weights`` of the priority; ``free`` points of a month cost nothing,
    each other one ``amount``.
    """

    kind: Literal["points"]
    clauses: tuple[str, ...] = Field(min_length=1)
    priorities: tuple[str, ...] = ()
    missed: int = Field(default=1, ge=0)
    each_point: int = Field(default=0, ge=0)
    weights: dict[str, Annotated[int, Field(ge=0)]] = {}
    free: int = Field(default=0, ge=0)
    amount: Money


class Tier(Model):
    """From which value on a credit, or a bonus, is due: the lower bound is included."""

    at_least: Percent
    credit: Percent = Decimal(0)
    bonus: Percent = Decimal(0)


class Tiers(Limits):
    """Service credits by tier of the share reached in a month: in time, or available.

    The ``base`` is a month's fee, one for all or one for each service or priority. The share is
    exact: nothing is rounded before the tier is told. A ``bonus`` is owed by the other party.
    """

    kind: Literal["tiers"]
    clauses: tuple[str, ...] = ()
    availability: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    base: OneOrEach[Money]
    tiers: tuple[Tier, ...] = Field(min_length=1)

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        bounds = [tier.at_least for tier in self.tiers]
        if bounds != sorted(set(bounds), reverse=True) or bounds[-1] != 0:
            message = N_("list them from the highest at_least down to one at_least 0 %")
            yield ("tiers",), message, None
        if bounds[0] > 1:
            message = N_("is more than all: write 100 % at most")
            yield ("tiers", 0, "at_least"), message, None
        if bool(self.clauses) == bool(self.availability):
            message = N_("name the clauses, or the availability clauses, it is for")
            yield ("clauses",), message, None
        if self.availability and self.priorities:
            yield ("priorities",), N_("availability has none: leave them out"), None
        by_priority = isinstance(self.base, dict) and not self.availability
        if by_priority and not self.priorities:
            yield ("base",), EACH_PRIORITY, None
        for name in self.priorities if by_priority else ():
            if self.base_of(name) is None:
                yield ("base",), STATE_TOO(name=name), None
        for name in self.base if by_priority and isinstance(self.base, dict) else ():
            if self.priorities and name not in self.priorities:
                yield ("base", name), NO_PRIORITY(name=name), None

    def tier_of(self, share: Fraction) -> Tier:
        """Return the tier of a share: the first whose lower bound is not above it."""
        return next(tier for tier in self.tiers if share >= Fraction(tier.at_least))

    def base_of(self, name: str) -> Decimal | None:
        """Return the month's fee of a service or priority; None where none is stated."""
        return self.base.get(name) if isinstance(self.base, dict) else self.base


def _half_year(value: str) -> str:
    if re.fullmatch(r"\d{4}-H[12]", value) is None:
        raise Unfit(NO_HALF(name=value))
    return value


HalfYear = Annotated[str, AfterValidator(_half_year)]
"""A half of a calendar year: 2024-H1, 2024-H2."""


class LatePayment(Limits):
    """What a late payment costs its payer: simple interest a year, and a fixed indemnity each.

    ``legal_rates``: the legal interest rate by half-year, as it was published. The law asks for
    ``legal_multiple`` times that rate at least, and for ``legal_indemnity`` for each payment.
    """

    kind: Literal["late_payment"]
    debtor: Party = "client"
    interest: Percent
    year: Literal[360, 365] = 365
    indemnity: Money = Decimal(0)
    legal_rates: dict[HalfYear, Percent] = {}
    legal_multiple: int | None = Field(default=None, ge=1)
    legal_indemnity: Money | None = None


def _kind(value: Any) -> str | None:
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return f"<{kind}>" if kind in KINDS else None


Penalty = Annotated[
    Annotated[Delay, Tag("<delay>")]
    | Annotated[Points, Tag("<points>")]
    | Annotated[Tiers, Tag("<tiers>")]
    | Annotated[LatePayment, Tag("<late_payment>")],
    Discriminator(_kind),
]
"""A rule by which a party owes the other money, of one of four kinds."""
POOLED = (
    "exempt_up_to", "exempt_as", "cap", "cap_share", "cap_of", "cap_per", "debtor",
)  # fmt: skip


def unequal_pools(rules: Mapping[str, Limits]) -> Iterator[Fault]:
    """Yield a fault for each rule whose exemption or cap differs from its pool's first one."""
    first: dict[str, Limits] = {}
    for name, rule in rules.items():
        other = first.setdefault(rule.pool_under(name), rule)
        for key in POOLED:
            if getattr(rule, key) != getattr(other, key):
                yield ("penalties", name, key), ALIKE(name=rule.pool), None
