"""The times during which what the contract asks of a service's availability stays the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from reviewlib.contract import Contract
from reviewlib.contract.availability import Availability


@dataclass(frozen=True)
class ServicePart:
    """A time during which what a clause asks for a service stays the same.

    ``terms`` is the clause as it reads for this service alone, ``target`` its share. It is known
    up to ``until``, and ``ends`` with its terms or with the period.
    """

    clause: str
    service: str
    terms: Availability
    since: pd.Timestamp
    until: pd.Timestamp
    ends: pd.Timestamp

    @property
    def target(self) -> float:
        """The share of the agreed hours to be up, NaN where the clause states none."""
        share = self.terms.target_of(self.service)
        return float("nan") if share is None else share


def known_until(contract: Contract, as_of: pd.Timestamp) -> pd.Timestamp:
    """Return the instant up to which the period is known: as_of, or the end of the period.

    The last second of a day, which a date stands for, is the end of that day.
    """
    local = as_of.tz_convert(contract.time_zone) + pd.Timedelta(seconds=1)
    last_known = local.tz_convert("UTC") if local == local.normalize() else as_of
    return min(last_known, contract.end_instant)


def in_force(contract: Contract, as_of: pd.Timestamp) -> list[ServicePart]:
    """Return the parts of each clause and service up to ``as_of``, in order of time.

    An amendment that changes nothing for a service makes no new part.
    """
    last_known = known_until(contract, as_of)
    names = dict.fromkeys(name for terms in contract.versions for name in terms.availability)
    parts = (part for name in names for part in _parts(contract, name))
    return [
        replace(part, until=min(part.ends, last_known)) for part in parts if part.since < last_known
    ]


def within(parts: list[ServicePart], stretches: pd.DataFrame) -> list[ServicePart]:
    """Return the parts cut to their stretches, which may be of some months only.

    ``stretches``: those of ``stretches.stretches``. A part without any lasts no time.
    """
    cut = []
    for number, part in enumerate(parts):
        own = stretches[stretches["part"] == number]
        edges = (own["since"].min(), own["until"].max()) if len(own) else (0, 0)
        since, until = pd.to_datetime([*edges], unit="s", utc=True)
        cut.append(replace(part, since=since, until=until))
    return cut


def agreed_since(contract: Contract, part: ServicePart) -> list[tuple[pd.Timestamp, int]]:
    """Return since when a part's agreed hours are what they are, and by which version of the terms.

    An amendment may change the calendar of a clause alone, which makes no new part.
    """
    name, last, versions = part.terms.calendar, None, dict[pd.Timestamp, int]()
    for number, since in enumerate(contract.effective_from):
        if since < part.until:
            versions[max(since, part.since)] = number
    turns = []
    for since, number in versions.items():
        calendar = contract.versions[number].calendars[name]
        if calendar != last:
            turns.append((since, number))
        last = calendar
    return turns


def _parts(contract: Contract, clause: str) -> Iterator[ServicePart]:
    bounds = contract.first_instant, contract.end_instant
    edges = [min(max(edge, bounds[0]), bounds[1]) for edge in contract.effective_from]
    turns = list(zip(contract.versions, edges, [*edges[1:], bounds[1]], strict=True))
    stated = [terms.availability[clause] for terms, *_ in turns if clause in terms.availability]
    for service in dict.fromkeys(name for terms in stated for name in terms.services):
        last: ServicePart | None = None
        for version, since, until in turns:
            terms = version.availability.get(clause)
            if terms is None or service not in terms.services or since >= until:
                continue
            part = ServicePart(clause, service, _of_one(terms, service), since, until, until)
            if last and last.terms == part.terms and last.until == since:
                part = replace(part, since=last.since)
            elif last:
                yield last
            last = part
        if last:
            yield last


def _of_one(terms: Availability, service: str) -> Availability:
    share = terms.target_of(service)
    target: object = {} if share is None else share
    return terms.model_copy(update={"title": "", "services": (service,), "target": target})
