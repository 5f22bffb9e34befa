"""The terms that service levels are judged by (A5): calendars, statuses, clauses, targets."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from reviewlib.clock import Holidays, ServiceHours
from reviewlib.contract.base import Model, Share, Words, sequence
from reviewlib.contract.parties import Period
from reviewlib.contract.targets import TargetText
from reviewlib.faults import did_you_mean

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _spans(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(tuple(span) if isinstance(span, list) else span for span in value)
    return value


Spans = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_spans)]


class Site(Model):
    """A place, with the public holidays that are its own (Good Friday in some communes)."""

    name: str
    region: str = ""
    extra_holidays: dict[dt.date, str] = {}

    @property
    def has_own_holidays(self) -> bool:
        """Whether service hours differ at this site."""
        return bool(self.region or self.extra_holidays)


class Calendar(Model):
    """Service hours as the contract states them."""

    title: str
    week: dict[str, Spans] = {}
    around_the_clock: bool = False
    holidays: str = ""
    region: str = ""
    extra_holidays: dict[dt.date, str] = {}
    closures: sequence(Period) = ()  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _computable(self) -> Calendar:
        if self.around_the_clock == bool(self.week):
            raise ValueError("give either a week of opening hours or around_the_clock: true")
        self.hours("UTC")
        return self

    def hours(self, time_zone: str, site: Site | None = None) -> ServiceHours:
        """Return the clock of this calendar, with the site's own holidays where it has any."""
        site = site if self.holidays else None
        week = dict.fromkeys(WEEK, (("00:00", "24:00"),)) if self.around_the_clock else self.week
        holidays = Holidays(
            country=self.holidays,
            region=(site.region if site else "") or self.region,
            extra=self.extra_holidays | (site.extra_holidays if site else {}),
            closures=tuple((c.first, c.last, c.title) for c in self.closures),
        )
        return ServiceHours(week=week, time_zone=time_zone, holidays=holidays)


class Service(Model):
    """A service of the contract."""

    name: str


class Status(Model):
    """What a status of the ticketing tool means."""

    state: Literal["new", "open", "waiting", "resolved", "closed", "cancelled"]
    awaits: Literal["", "client", "provider", "third_party"] = ""


class Clause(Model):
    """A service level: what is measured, from when to when, against which target.

    Every policy has a default, and the report prints the policy that was used.
    """

    title: str
    measure: Literal["response", "resolution"]
    calendar: str | dict[str, str]
    targets: dict[str, TargetText] = Field(min_length=1)
    threshold: Share | dict[str, Share]
    services: Words = ()  # type: ignore[valid-type]
    kinds: Words = ()  # type: ignore[valid-type]
    pauses: Words = ()  # type: ignore[valid-type]
    stops_at: Literal["first_response", "first_resolution", "last_resolution", "closure"]
    reopening: Literal["resume", "count", "new_cycle"] = "resume"
    month: Literal["due", "opened", "resolved"] = "due"
    priority: Literal["initial", "final", "highest"] = "final"

    def calendar_of(self, priority: str) -> str:
        """Return the name of the calendar that applies to a priority."""
        return self.calendar if isinstance(self.calendar, str) else self.calendar[priority]

    def threshold_of(self, priority: str) -> float | None:
        """Return the share of tickets that must be in time; None when the clause states none."""
        if isinstance(self.threshold, dict):
            return self.threshold.get(priority)
        return self.threshold

    @model_validator(mode="after")
    def _complete(self) -> Clause:
        if (self.measure == "response") != (self.stops_at == "first_response"):
            raise ValueError("a response clause, and only it, stops at first_response")
        if isinstance(self.calendar, dict) and set(self.calendar) != set(self.targets):
            raise ValueError("name a calendar for each priority that has a target")
        return self


class Terms(Model):
    """The terms in force between two amendments."""

    priorities: Words = ()  # type: ignore[valid-type]
    calendars: dict[str, Calendar] = {}
    services: dict[str, Service] = {}
    sites: dict[str, Site] = {}
    statuses: dict[str, Status] = {}
    clauses: dict[str, Clause] = {}

    @model_validator(mode="after")
    def _names_exist(self) -> Terms:
        for name, clause in self.clauses.items():
            calendars = clause.calendar
            used = (calendars,) if isinstance(calendars, str) else calendars.values()
            self._refuse(name, "calendar", used, self.calendars)
            self._refuse(name, "targets", clause.targets, self.priorities)
            self._refuse(name, "services", clause.services, self.services)
            self._refuse(name, "pauses", clause.pauses, self.statuses)
        return self

    @staticmethod
    def _refuse(clause: str, key: str, used: Any, known: Any) -> None:
        for word in used:
            if word not in known:
                hint = did_you_mean(word, known)
                raise ValueError(f"clause {clause}, {key}: {word!r} is not defined. {hint}")

    def statuses_in(self, *states: str) -> frozenset[str]:
        """Return the tool's statuses that mean one of the given states."""
        return frozenset(name for name, status in self.statuses.items() if status.state in states)
