"""The words of what a contract states, and of the measures of its objectives."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from reviewlib.calendars.service_hours import WorkingDays
from reviewlib.contract.base import Model
from reviewlib.contract.parties import Period
from reviewlib.contract.targets import DaysOf
from reviewlib.report.phrases import QUANTITY
from reviewlib.report.text import N_, How, Shown, Text, commas, dotted, join
from reviewlib.report.values import Unit, Words
from reviewlib.service.clauses import target_words

TERMS = {
    "acceptance": N_("acceptance"),
    "after_end": N_("days after the end of the contract"),
    "against": N_("date that delays are counted from"),
    "agreed_only": N_("maintenance agreed to by the client alone"),
    "allowance": N_("maintenance allowed in a month"),
    "amount": N_("amount"),
    "approved_late": N_("re-baselines approved late"),
    "around_the_clock": N_("open around the clock"),
    "assessed": N_("over the contract or month by month"),
    "at_least": N_("lower bound"),
    "availability": N_("availability"),
    "awaits": N_("who is awaited"),
    "base": N_("base of the computation"),
    "bonus": N_("bonus"),
    "calendar": N_("service hours"),
    "calendars": N_("service hours"),
    "caller_groups": N_("groups of callers"),
    "cap": N_("cap"),
    "cap_of": N_("base of the cap"),
    "cap_per": N_("what the cap runs over"),
    "cap_share": N_("cap, as a share"),
    "change_requests": N_("change requests"),
    "clause": N_("clause"),
    "clauses": N_("clauses"),
    "closures": N_("days of closure"),
    "concurrent": N_("days with several causes"),
    "credit": N_("credit"),
    "days": N_("days that count"),
    "debtor": N_("party that owes"),
    "decision": N_("time to decide"),
    "decision_days": N_("days of the client's decisions"),
    "deliverables": N_("deliverables"),
    "each_point": N_("points for each percentage point"),
    "excludes": N_("what does not count"),
    "excuses": N_("causes that excuse"),
    "exempt_as": N_("kind of exemption"),
    "exempt_up_to": N_("exemption"),
    "extra_holidays": N_("other days off"),
    "first": N_("first day"),
    "free": N_("free points"),
    "from_notice": N_("days counted from the formal notice"),
    "grace": N_("days of grace"),
    "grace_counts": N_("days of grace counted beyond them"),
    "holidays": N_("public holidays"),
    "indemnity": N_("fixed indemnity"),
    "interest": N_("rate of interest"),
    "kind": N_("kind of rule"),
    "kinds": N_("kinds of tickets"),
    "last": N_("last day"),
    "legal_indemnity": N_("legal indemnity"),
    "legal_multiple": N_("multiple of the legal rate"),
    "legal_rates": N_("legal interest rates"),
    "maintenance": N_("planned maintenance"),
    "measure": N_("what is measured"),
    "milestone_days": N_("days before the milestone needed"),
    "milestones": N_("milestones"),
    "minimum_volume": N_("least number of tickets"),
    "missed": N_("points for a miss"),
    "month": N_("month that counts"),
    "name": N_("name"),
    "notice": N_("notice"),
    "observations": N_("time for observations"),
    "pack": N_("default rule"),
    "pauses": N_("statuses that pause the clock"),
    "payment": N_("payment"),
    "penalties": N_("penalties"),
    "per": N_("unit of time"),
    "pool": N_("shared exemption and cap"),
    "price": N_("price"),
    "priorities": N_("priorities"),
    "priority": N_("priority that counts"),
    "priority_change": N_("changes of priority"),
    "ramp_up": N_("ramp-up"),
    "rate": N_("rate"),
    "region": N_("region"),
    "reopening": N_("reopened tickets"),
    "retention": N_("retention"),
    "sensitive_periods": N_("sensitive periods"),
    "services": N_("services"),
    "share": N_("share"),
    "sites": N_("sites"),
    "source": N_("source"),
    "starts_at": N_("beginning of the time"),
    "state": N_("state"),
    "statuses": N_("statuses"),
    "stops_at": N_("end of the clock"),
    "tacit": N_("tacit acceptance"),
    "target": N_("target"),
    "targets": N_("target"),
    "threshold": N_("share to be in time"),
    "tiers": N_("tiers"),
    "title": N_("title"),
    "total": N_("total"),
    "unattributed": N_("days of which no cause is recorded"),
    "until": N_("end of the retention"),
    "variants": N_("variants"),
    "warranty": N_("warranty"),
    "week": N_("opening hours"),
    "weights": N_("weights of the priorities"),
    "within": N_("time to pay"),
    "year": N_("days of the year of interest"),
}
"""What an amendment can change, by the key of the contract."""
BOUNDS = {"at_least": N_("at least {value}"), "at_most": N_("at most {value}")}
UNKNOWN = Shown(None)


def part_words(path: tuple[str, ...]) -> Text:
    """Return a part of the terms in words; of a clause, what it is called stands for it."""
    names = path[1:] if path[0] == "clauses" and len(path) > 1 else path
    return dotted(*(TERMS.get(name, name) for name in names))


def value_of(value: object) -> Words | None:
    """Return a value of the contract in words; None for none."""
    match value:
        case dt.timedelta() | WorkingDays() | DaysOf():
            return target_words(value)
        case float():
            return Shown(value, "percent")
        case bool() | dt.date():
            return Shown(value)
        case tuple() | list():
            return commas(value_of(part) for part in value) or None
        case dict():
            pairs = [(str(key), value_of(part)) for key, part in value.items()]
            return commas(join(How.SPACES, pair) for pair in pairs) or None
        case Period(first=first, last=last, title=title):
            return join(How.SPACES, (title, N_("{first} – {last}")(first=first, last=last)))
        case Model():
            return getattr(value, "title", "") or getattr(value, "name", "") or "…"
        case str():
            return value or None
    return None if value is None else str(value)


def unit_of(unit: str, currency: str) -> tuple[Unit, float]:
    """Return the unit of a fact and what a measure is divided by to be in it."""
    if unit.strip() == "%":
        return Unit.SHARE, 100.0
    euro = unit.strip() == "€" and currency == "EUR"
    return Unit.MONEY if euro or unit == currency else Unit.SCORE, 1.0


def measured(value: float, unit: str, currency: str) -> Text:
    """Return a measure with its unit."""
    if pd.isna(value):
        return UNKNOWN
    kind, scale = unit_of(unit, currency)
    if kind is Unit.SCORE:
        return QUANTITY(value=value, unit=unit) if unit.strip() else Shown(value)
    if kind is Unit.MONEY:
        return Shown(value, "money")
    return Shown(value / scale, "threshold")


def target_of(objective: Any, currency: str) -> Text:
    """Return the target of an objective with the side of it that reaches it."""
    if pd.isna(objective.target):
        return UNKNOWN
    target = measured(objective.target, objective.unit, currency)
    return BOUNDS[objective.direction](value=target)
