"""The terms that service levels are judged by (A5): calendars, statuses, clauses, targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import model_validator

from reviewlib.calendars.service_hours import WEEK, Holidays, ServiceHours
from reviewlib.contract.availability import Availability
from reviewlib.contract.base import Day, Model, Prose, refuse
from reviewlib.contract.clauses import Clause, Rule, at, names_used
from reviewlib.contract.delivery import Acceptance, ChangeRequests, Payment, Price
from reviewlib.contract.parties import UNDEFINED, Period
from reviewlib.contract.penalties import Delay, Penalty, Tiers, unequal_pools
from reviewlib.faults import Unfit, meant_by, nearest
from reviewlib.languages import Quoted
from reviewlib.report.text import N_, Text, sentences

Spans = tuple[tuple[str, str], ...]
ALWAYS: Mapping[str, Spans] = dict.fromkeys(WEEK, (("00:00", "24:00"),))

NO_PRICE = N_("rests on the price of the contract: state terms.price, or its own base")
EITHER = N_("give either a week of opening hours or {key}")(key="around_the_clock: true")
STATE_TOO = N_("state that of {name:quoted} too, or one base for all")
NO_SERVICE = N_("{name:quoted} is no service of {clauses:commas}")
OF_CALENDAR = N_("{problem} (calendar “{calendar}”)")


def _text(error: ValueError) -> Text:
    """Return what a clock refuses of what a contract states."""
    return error.text if isinstance(error, Unfit) else Quoted(str(error))


class Site(Model):
    """A place, with the public holidays that are its own (Good Friday in some communes).

    ``holidays``: its country, where that is not the calendar's; ``region``: of that country.
    """

    name: Prose
    holidays: str = ""
    region: str = ""
    extra_holidays: dict[Day, Prose] = {}

    @property
    def has_own_holidays(self) -> bool:
        """Whether service hours differ at this site."""
        return bool(self.holidays or self.region or self.extra_holidays)


def _length(span: tuple[str, str]) -> dt.timedelta:
    """Return how long a span is open; one that closes no later than it opens ends a day later."""
    opens, closes = (dt.timedelta(hours=int(t[:2]), minutes=int(t[3:])) for t in span)
    return closes - opens + dt.timedelta(days=closes <= opens)


class Calendar(Model):
    """Service hours as the contract states them."""

    title: Prose
    week: dict[str, Spans] = {}
    around_the_clock: bool = False
    holidays: str = ""
    region: str = ""
    extra_holidays: dict[Day, Prose] = {}
    closures: tuple[Period, ...] = ()

    @model_validator(mode="after")
    def _computable(self) -> Calendar:
        refuse("Calendar", self._faults())
        return self

    def _faults(self) -> Iterator[Rule]:
        if self.around_the_clock == bool(self.week):
            yield (), EITHER, None
        else:
            try:
                ServiceHours(self._open, "UTC")
            except ValueError as error:
                yield ("week",), _text(error), None
        try:
            self._days_off(None)
        except ValueError as error:
            yield ("holidays",), _text(error), None

    @property
    def longest_day(self) -> dt.timedelta:
        """The service time of the longest day of the week, on which a span is counted it opens."""
        lengths = (sum(map(_length, spans), dt.timedelta()) for spans in self._open.values())
        return max(lengths)

    @property
    def _open(self) -> Mapping[str, Spans]:
        return ALWAYS if self.around_the_clock else self.week

    def _days_off(self, site: Site | None) -> Holidays:
        country, region, extra = self.holidays, self.region, self.extra_holidays
        if site and country:  # a service without public holidays has none at any site
            region = site.region if site.holidays else site.region or region
            country, extra = site.holidays or country, extra | site.extra_holidays
        closures = tuple((c.first, c.last, c.title) for c in self.closures)
        return Holidays(country, region, extra, closures)

    def hours(self, time_zone: str, site: Site | None = None) -> ServiceHours:
        """Return the clock of this calendar, with the site's own holidays where it has any."""
        return ServiceHours(self._open, time_zone, self._days_off(site))


class Service(Model):
    """A service of the contract."""

    name: Prose


class Status(Model):
    """What a status of the ticketing tool means."""

    state: Literal["new", "open", "waiting", "resolved", "closed", "cancelled"]
    awaits: Literal["", "client", "provider", "third_party"] = ""


class Terms(Model):
    """The terms in force between two amendments."""

    priorities: tuple[str, ...] = ()
    calendars: dict[str, Calendar] = {}
    services: dict[str, Service] = {}
    sites: dict[str, Site] = {}
    statuses: dict[str, Status] = {}
    clauses: dict[str, Clause] = {}
    availability: dict[str, Availability] = {}
    price: Price | None = None
    acceptance: Acceptance = Acceptance()
    payment: Payment | None = None
    change_requests: ChangeRequests = ChangeRequests()
    penalties: dict[str, Penalty] = {}

    @model_validator(mode="after")
    def _names_exist(self) -> Terms:
        refuse("Terms", [*undefined(self), *self._impossible_sites(), *self._penalty_faults()])
        return self

    def unchanged_from(self, before: Terms) -> Terms:
        """Return these terms, their equal parts being the very ones of the terms before them."""
        parts: dict[str, object] = {}
        for name, part in self:
            old = getattr(before, name)
            if part == old:
                parts[name] = old
            elif isinstance(part, dict):
                parts[name] = {k: old[k] if old.get(k) == v else v for k, v in part.items()}
        return self.model_copy(update=parts)

    def _penalty_faults(self) -> Iterator[Rule]:
        yield from unequal_pools(self.penalties)
        for name, rule in self.penalties.items():
            if isinstance(rule, Tiers) and isinstance(rule.base, dict) and rule.availability:
                yield from self._service_bases(name, rule, rule.base)
            lacks = isinstance(rule, Delay) and rule.rate is not None and rule.base is None
            if self.price is None and (lacks or (rule.cap_share and rule.cap_of is None)):
                yield ("penalties", name), NO_PRICE, None

    def _service_bases(self, name: str, rule: Tiers, bases: Mapping[str, object]) -> Iterator[Rule]:
        """Yield a fault for each service whose base is missing, or stated and not asked for."""
        clauses = (self.availability.get(clause) for clause in rule.availability)
        services = dict.fromkeys(s for clause in clauses if clause for s in clause.services)
        for service in services:
            if service not in bases:
                message: Text = STATE_TOO(name=service)
                yield ("penalties", name, "base"), message, None
        for service in bases:
            if services and service not in services:
                message = NO_SERVICE(name=service, clauses=rule.availability)
                yield ("penalties", name, "base", service), message, None

    def _impossible_sites(self) -> Iterator[Rule]:
        """Yield a fault for each site whose holidays can't be those of every calendar."""
        for name, site in self.sites.items():
            for calendar in self.calendars.values():
                try:
                    calendar.hours("UTC", site)
                except ValueError as error:
                    message = OF_CALENDAR(problem=_text(error), calendar=calendar.title)
                    yield ("sites", name), message, None
                    break


def undefined(terms: Any) -> Iterator[Rule]:
    """Yield a fault for each name that a clause uses and the terms do not define.

    ``terms`` may still be as it was read, with faults of its own. What a part that is misspelt
    would define is not looked for.
    """
    keys = terms if isinstance(terms, dict) else {}
    misspelt = {nearest(str(key), Terms.model_fields) for key in keys.keys() - Terms.model_fields}
    for kind in ("clauses", "availability", "penalties"):
        stated = at(terms, kind)
        for name, clause in stated.items() if isinstance(stated, dict) else ():
            for place, part, word in names_used(clause):
                defined = at(terms, part) or ()
                if not defined and part in misspelt:
                    continue
                # what is no list is a fault that is told by its own key
                if isinstance(defined, dict | list | tuple) and word not in defined:
                    hint = meant_by(word, defined)
                    message = sentences(UNDEFINED(name=word, part=part), hint)
                    yield (kind, name, *place), message, None
