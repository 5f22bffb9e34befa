"""The days without service that the clocks of a contract apply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from reviewlib.contract import Contract


class DayOff(NamedTuple):
    """A day without the service hours of a calendar, at a place of its own or wherever it applies.

    ``calendar``: its key in the contract, ``title``: what it is called there.
    """

    calendar: str
    title: str
    place: str
    date: dt.date
    name: str


def days_off(contract: Contract, last: dt.date) -> Iterator[DayOff]:
    """Yield the days off from the first day of a contract on, calendar by calendar.

    First those of the calendar, then those of each site that has public holidays of its own.
    """
    titles = {k: v.title for terms in contract.versions for k, v in terms.calendars.items()}
    sites = {k: v for terms in contract.versions for k, v in terms.sites.items()}
    places = {"": ""} | {k: site.name for k, site in sites.items() if site.has_own_holidays}
    for calendar, title in titles.items():
        for site, place in places.items():
            days = contract.hours(calendar, site).holiday_names(contract.period.first, last)
            for day in days.itertuples():
                yield DayOff(calendar, title, place, day.date, day.name)
