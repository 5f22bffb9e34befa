"""The contract as a whole, and the terms in force at an instant (A6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from pydantic import Field, field_validator, model_validator

from reviewlib.calendars.service_hours import FIRST_YEAR, LAST_YEAR, Holidays, ServiceHours
from reviewlib.contract.base import Day, Model, Prose, refuse
from reviewlib.contract.clauses import Clause
from reviewlib.contract.control import Control, undefined_clauses
from reviewlib.contract.data import Data, instant_of, known_zone
from reviewlib.contract.governance import LAUNCH, Governance
from reviewlib.contract.parties import (
    Duty,
    EscalationLevel,
    KeyDate,
    MajorIncidents,
    Objective,
    Party,
    Period,
    ScopeItem,
    Selection,
    undefined_names,
    unfit_roles,
)
from reviewlib.contract.service_levels import Terms
from reviewlib.contract.sharing import Sharing
from reviewlib.contract.survey import Survey
from reviewlib.faults import Unfit
from reviewlib.languages import Language, languages_of
from reviewlib.report.text import N_

T = TypeVar("T")
PLANS = 10  # years around the engagement in which something can be planned, or its own length


def holidays_of(place: str) -> Holidays:
    """Return the public holidays of a country, or a country and region: FR, FR-57."""
    country, _, region = place.partition("-")
    return Holidays(country, region)


class Amendment(Model):
    """A signed change of the terms, in force from the first minute of its effective date.

    ``changes`` has the shape of ``terms``: what it names replaces what stood there, the rest
    stays; a key set to nothing is taken out. It applies to the tickets whose clock starts from
    then on, or also to those whose clock still runs on that day.
    """

    id: str
    title: Prose
    signed: Day
    effective: Day
    applies_to: Literal["started", "open"] = "started"
    changes: dict[str, Any]


class Contract(Model):
    """Everything that the contract says and the chapters use.

    ``public_holidays``: those that are no working days where the contract counts days, by country
    or country and region of the ``holidays`` package: FR, FR-57.
    """

    format: Literal[1]
    id: str
    title: Prose
    language: Language
    time_zone: str
    currency: str = Field(default="EUR", pattern="^[A-Z]{3}$")
    signed: Day | None = None
    period: Period
    client: Party
    provider: Party
    summary: Prose = ""
    escalation: tuple[EscalationLevel, ...] = ()
    major_incidents: MajorIncidents | None = None
    scope: tuple[ScopeItem, ...] = ()
    objectives: dict[str, Objective] = {}
    sensitive_periods: tuple[Period, ...] = ()
    control: Control = Control()
    public_holidays: str = ""
    governance: Governance = Governance()
    selection: Selection | None = None
    client_duties: tuple[Duty, ...] = ()
    key_dates: tuple[KeyDate, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    versions: tuple[Terms, ...]
    survey: Survey | None = None
    sharing: Sharing = Sharing()
    data: Data = Data()

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, name: str) -> str:
        return known_zone(name)

    @field_validator("public_holidays")
    @classmethod
    def _known_country(cls, place: str) -> str:
        if place:
            holidays_of(place)
        return place

    @field_validator("amendments")
    @classmethod
    def _in_order(cls, amendments: tuple[Amendment, ...]) -> tuple[Amendment, ...]:
        dates = [amendment.effective for amendment in amendments]
        if dates != sorted(set(dates)):
            raise Unfit(N_("list the amendments by effective date, one for each date"))
        return amendments

    @field_validator("versions")
    @classmethod
    def _shared(cls, versions: tuple[Terms, ...]) -> tuple[Terms, ...]:
        """Share what an amendment leaves as it was: versions are compared part by part, often."""
        shared = list(versions[:1])
        for terms in versions[1:]:
            shared.append(terms.unchanged_from(shared[-1]))
        return tuple(shared)

    @model_validator(mode="after")
    def _names_exist(self) -> Contract:
        words = self.vocabulary()
        words["calendars"] = tuple(name for terms in self.versions for name in terms.calendars)
        parts = self.escalation, self.major_incidents, self.scope, self.objectives
        clauses = [
            name for terms in self.versions for name in (*terms.clauses, *terms.availability)
        ]
        unknown = undefined_clauses(self.control, clauses)
        roles = unfit_roles({"client": self.client, "provider": self.provider}, self.governance)
        refuse("Contract", [*undefined_names(*parts, words), *unknown, *roles])
        return self

    @property
    def extracted_at(self) -> pd.Timestamp | None:
        """The instant of the extraction (UTC); a local time stands in the contract's zone."""
        declared = self.data.extracted_at
        return None if declared is None else instant_of(declared, self.time_zone)

    @property
    def starts(self) -> tuple[dt.date, ...]:
        """The days from which each of ``versions`` is in force; the first is the contract's."""
        return self.period.first, *(amendment.effective for amendment in self.amendments)

    def wordings(self, part: Callable[[Terms], T]) -> list[tuple[dt.date, T]]:
        """Return what a part of the terms says and from which day on, once while it stays so."""
        every = zip(self.starts, map(part, self.versions), strict=True)
        return [next(alike) for _, alike in groupby(every, key=itemgetter(1))]

    @cached_property
    def effective_from(self) -> pd.DatetimeIndex:
        """The instants from which each of ``versions`` is in force; the first is the far past."""
        zone = ZoneInfo(self.time_zone)
        starts = [dt.date(1970, 1, 2), *self.starts[1:]]
        local = [dt.datetime.combine(day, dt.time(), zone) for day in starts]
        return pd.DatetimeIndex(local).tz_convert("UTC").as_unit("s")

    def terms_at(self, instant: dt.datetime) -> Terms:
        """Return the terms in force at an instant (timezone-aware)."""
        moment = pd.Timestamp(instant)
        if moment.tzinfo is None:
            raise ValueError(f"terms_at needs an instant with its time zone; came {instant}")
        return self.versions[int(self.effective_from[1:].searchsorted(moment, side="right"))]

    def version_of(self, instants: pd.Series) -> pd.Series:
        """Return for each instant (UTC) the number of the version of the terms in force."""
        numbers = self.effective_from[1:].searchsorted(instants, side="right")
        return pd.Series(numbers, index=instants.index)

    @property
    def plan_years(self) -> tuple[int, int]:
        """The first and last year in which something can have been planned.

        Ten around the engagement; around a longer one, as many as it lasts.
        """
        signed = self.signed or self.period.first
        first, last = min(signed, self.period.first).year, self.period.last.year
        around = max(PLANS, last - first)
        return max(first - around, FIRST_YEAR), min(last + around, LAST_YEAR)

    @cached_property
    def days_off(self) -> np.ndarray:
        """The public holidays of the years around the contract, as days (datetime64[D])."""
        if not self.public_holidays:
            return np.array([], dtype="datetime64[D]")
        holidays = holidays_of(self.public_holidays).days(*self.plan_years)
        return np.array(sorted(holidays), dtype="datetime64[D]")

    @cached_property
    def first_instant(self) -> pd.Timestamp:
        """The first instant of the contract's period (UTC)."""
        start = dt.datetime.combine(self.period.first, dt.time())
        return instant_of(start, self.time_zone)

    @cached_property
    def end_instant(self) -> pd.Timestamp:
        """The first instant after the last day of the contract's period (UTC)."""
        end = dt.datetime.combine(self.period.last + dt.timedelta(days=1), dt.time())
        return instant_of(end, self.time_zone)

    @property
    def urgency(self) -> tuple[str, ...]:
        """The priorities of all versions, from the most urgent down as the latest lists them."""
        newest = reversed(self.versions)
        return tuple(dict.fromkeys(name for terms in newest for name in terms.priorities))

    def clause_ids(self, measure: str = "") -> tuple[str, ...]:
        """Return the service-level clauses of all versions, or of a measure, as they appear."""
        names = dict.fromkeys(name for terms in self.versions for name in terms.clauses)
        return tuple(name for name in names if measure in ("", self.clause(name).measure))

    def clause(self, name: str) -> Clause:
        """Return the latest wording of a clause."""
        return next(
            terms.clauses[name] for terms in reversed(self.versions) if name in terms.clauses
        )

    def hours(self, calendar: str, site: str = "") -> ServiceHours:
        """Return the clock of a calendar; each amendment changes it for the hours after it."""
        clock: ServiceHours | None = None
        wording: object = None
        for start, terms in zip(self.effective_from, self.versions, strict=True):
            before, wording = wording, (terms.calendars.get(calendar), terms.sites.get(site))
            if calendar not in terms.calendars or wording == before:
                continue
            stated = terms.calendars[calendar].hours(self.time_zone, terms.sites.get(site))
            clock = stated if clock is None else clock.followed_by(stated, start)
        if clock is None:
            raise KeyError(calendar)
        return clock

    def vocabulary(self) -> dict[str, tuple[str, ...]]:
        """Return the words that the tables may use over all versions, by the name of their list."""
        lists = ("priorities", "services", "sites", "statuses", "clauses")
        words = {
            name: tuple(dict.fromkeys(w for terms in self.versions for w in getattr(terms, name)))
            for name in lists
        }
        words["penalties"] = tuple(dict.fromkeys(w for t in self.versions for w in t.penalties))
        words["objectives"] = tuple(self.objectives)
        words["amendments"] = tuple(amendment.id for amendment in self.amendments)
        words["currencies"] = (self.currency,)
        words["questions"] = tuple(self.survey.questions) if self.survey else ()
        return words | self._agreed_names()

    def _agreed_names(self) -> dict[str, tuple[str, ...]]:
        """Return the names of the governance plan by which tables call its parts."""
        plan = self.governance
        contacts = (*self.client.roles, *self.provider.roles)
        return {
            "bodies": (*plan.bodies, *((LAUNCH,) if plan.launch else ())),
            "reports": tuple(plan.reports),
            "roles": tuple(contact.id for contact in contacts if contact.id),
            "tools": tuple(plan.tools),
            "procedures": tuple(plan.procedures),
        }

    def titles(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Return the titles of the parts of the governance plan, in any language, with their names.

        By the name of the list, as ``vocabulary``. Two parts may have one title.
        """
        plan = self.governance
        contacts = (*self.client.roles, *self.provider.roles)
        titled = {
            "bodies": {key: part.title for key, part in plan.bodies.items()},
            "reports": {key: part.title for key, part in plan.reports.items()},
            "tools": {key: part.title for key, part in plan.tools.items()},
            "procedures": {key: part.title for key, part in plan.procedures.items()},
            "roles": {contact.id: contact.role for contact in contacts if contact.id},
        }
        return {
            name: tuple((text, key) for key, one in titles.items() for text in languages_of(one))
            for name, titles in titled.items()
        }

    def selectors(self) -> dict[str, tuple[str, ...]]:
        """Return the kinds, groups of callers and categories that clauses and scope name.

        Tables may use others; by the name of the list.
        """
        clauses = [clause for terms in self.versions for clause in terms.clauses.values()]
        parts = [*clauses, *(v for clause in clauses for v in clause.variants), *self.scope]
        return {
            name: tuple(dict.fromkeys(w for part in parts for w in getattr(part, name, ())))
            for name in ("kinds", "caller_groups", "categories")
        }
