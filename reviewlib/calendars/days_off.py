"""The days on which a service is closed: public holidays, and the closures of a contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from reviewlib.calendars.instants import DAY, day_number, new_year
from reviewlib.calendars.words import unknown
from reviewlib.faults import Unfit
from reviewlib.languages import LANGUAGES, Quoted
from reviewlib.report.text import N_

HOLIDAY, CLOSURE = "holiday", "closure"
NO_DATE = N_("holidays and closures are of dates; came {day}")
BACKWARDS = N_("closure {name:quoted} ends on {last}, before its start on {first}")
NO_COUNTRY = N_("region {name:quoted} needs its country, such as FR")
UNKNOWN_COUNTRY = N_("unknown country {name:quoted}; write its ISO 3166 code, such as FR")
NO_REGION = N_("unknown region {word:quoted}; {country} has {regions:commas}.")
NO_REGIONS = N_("unknown region {word:quoted}; {country} has none.")


@dataclass(frozen=True)
class Holidays:
    """The days on which a service is closed.

    ``country`` and ``region`` are those of the ``holidays`` package ("FR", "57"). Whether Good
    Friday is a holiday in Alsace-Moselle depends on the commune: choose the region per site.
    ``extra`` are more holidays, {date: name}; ``closures`` the contract's own, (first date,
    last date, name), both dates included. A holiday within a closure is reported as a holiday.
    """

    country: str = ""
    region: str = ""
    extra: Mapping[dt.date, str] | tuple[tuple[dt.date, str], ...] = ()
    closures: Iterable[tuple[dt.date, dt.date, str]] = ()

    def __post_init__(self) -> None:
        extra, closures = dict(self.extra), [*self.closures]
        for day in (*extra, *(edge for *edges, _ in closures for edge in edges)):
            if type(day) is not dt.date:
                raise Unfit(NO_DATE(day=repr(day)))
        for first, last, name in closures:
            if last < first:
                raise Unfit(BACKWARDS(name=name, first=str(first), last=str(last)))
        object.__setattr__(self, "extra", tuple(sorted(extra.items())))
        object.__setattr__(self, "closures", tuple(sorted(map(tuple, closures))))
        if self.country:
            _check_country(self.country, self.region)
        elif self.region:
            raise Unfit(NO_COUNTRY(name=self.region))

    def days(self, first: int, last: int) -> dict[int, tuple[str, str]]:
        """Return {day number since 1970: (reason, name)} for the years first to last.

        The name of a public holiday is ``Quoted``: that of the country, and in other languages.
        """
        days = range(new_year(first) // DAY, new_year(last + 1) // DAY)
        off: dict[int, tuple[str, str]] = {}
        for opening, closing, name in self.closures:
            start, stop = day_number(opening), day_number(closing) + 1
            off |= dict.fromkeys(
                range(max(start, days.start), min(stop, days.stop)), (CLOSURE, name)
            )
        named: dict[dt.date, str] = {}
        for year in range(first, last + 1):
            named |= _public(self.country, self.region, year)
        named |= dict(self.extra)
        return off | {day_number(date): (HOLIDAY, name) for date, name in named.items()}


@lru_cache(maxsize=1024)
def _public(country: str, region: str, year: int) -> Mapping[dt.date, Quoted]:
    """Return the public holidays of a year; reading them takes longer than all else here."""
    if not country:
        return {}
    from holidays import country_holidays

    languages = _languages(country)
    spoken = {
        # left out, the language would be that of the machine
        code: country_holidays(country, region or None, year, language=code)
        for code in dict.fromkeys(languages.values())
    }
    others = {language: spoken[code] for language, code in languages.items() if language}
    return {
        date: Quoted(name, {language: names[date] for language, names in others.items()})
        for date, name in spoken[languages[""]].items()
    }


@lru_cache(maxsize=64)
def _languages(country: str) -> Mapping[str, str | None]:
    """Return the package's code of each language in which it names the holidays of a country.

    That of the country itself stands under "".
    """
    from holidays import country_holidays

    entity = country_holidays(country)
    codes: dict[str, str | None] = {
        language: code
        for language in LANGUAGES
        for code in reversed(entity.supported_languages)
        if code.split("_")[0] == language
    }
    return {"": entity.default_language} | codes


@lru_cache(maxsize=64)
def _check_country(country: str, region: str) -> None:
    import holidays

    if country not in holidays.list_supported_countries(include_aliases=True):
        raise Unfit(UNKNOWN_COUNTRY(name=country))
    entity = holidays.country_holidays(country)
    regions = [*entity.subdivisions, *entity.subdivisions_aliases]
    if region and region not in regions:
        message = NO_REGION(regions=regions) if regions else NO_REGIONS
        raise Unfit(unknown(message(country=country), region, regions))
