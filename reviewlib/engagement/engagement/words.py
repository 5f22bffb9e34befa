"""The words of what a contract states, and of the measures of its objectives."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from reviewlib.calendars.service_hours import WorkingDays
from reviewlib.contract.base import Model
from reviewlib.contract.parties import Period
from reviewlib.contract.targets import DaysOf
from reviewlib.report.text import N_, How, Shown, Text, commas, dotted, join
from reviewlib.report.values import Unit, Words
from reviewlib.service.clauses import target_words

TERMS = {
    "after_end": N_("days after the end of the contract"),
    "approved_late": N_("re-baselines approved late"),
    "calendar": N_("service hours"),
    "calendars": N_("service hours"),
    "change_requests": N_("change requests"),
    "clauses": N_("clauses"),
    "closures": N_("days of closure"),
    "decision_days": N_("days of the client's decisions"),
    "holidays": N_("public holidays"),
    "kinds": N_("kinds of tickets"),
    "month": N_("month that counts"),
    "pauses": N_("statuses that pause the clock"),
    "priorities": N_("priorities"),
    "priority": N_("priority that counts"),
    "reopening": N_("reopened tickets"),
    "services": N_("services"),
    "sites": N_("sites"),
    "statuses": N_("statuses"),
    "stops_at": N_("end of the clock"),
    "targets": N_("target"),
    "threshold": N_("share to be in time"),
    "title": N_("title"),
    "week": N_("opening hours"),
}
BOUNDS = {"at_least": N_("at least {value}"), "at_most": N_("at most {value}")}
QUANTITY = N_("{value}\u00a0{unit}")
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
    return Shown(value / scale, "percent.1" if round(value, 1) == value else "percent.2")


def target_of(objective: Any, currency: str) -> Text:
    """Return the target of an objective with the side of it that reaches it."""
    if pd.isna(objective.target):
        return UNKNOWN
    target = measured(objective.target, objective.unit, currency)
    return BOUNDS[objective.direction](value=target)
