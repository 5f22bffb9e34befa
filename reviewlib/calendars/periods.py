"""The periods of a review: months, quarters, years and spans of days, by their names."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from reviewlib.faults import ReviewError, cut

MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
"""Months of a cadence."""
NAMED = re.compile(r"(\d{4})(?:-?([QTHS])([1-4])|-(\d\d))?", re.IGNORECASE)
SPAN = re.compile(r"(\d{4}-\d\d-\d\d)(?:/|_|\.\.)(\d{4}-\d\d-\d\d)")
HALVES = "HS"
ALLOWED = (
    "Write a quarter such as 2026Q1, a month such as 2026-03, a half-year such as 2026H1, a year "
    "such as 2026, or two days such as 2026-01-15/2026-02-28."
)


@dataclass(frozen=True, slots=True, order=True)
class ReviewPeriod:
    """Days from ``first`` to ``last``, both of the period."""

    first: dt.date
    last: dt.date

    @property
    def months(self) -> int:
        """How many whole calendar months it is; 0 where it is none."""
        whole = self.first.day == 1 and self.last == _end(self.last)
        return _index(self.last) - _index(self.first) + 1 if whole else 0

    @property
    def name(self) -> str:
        """Its name, as ``period_named`` reads it and as a folder may bear it."""
        year, months = self.first.year, self.months
        part, over = divmod(self.first.month - 1, months or 1)
        if months == 0 or months not in MONTHS.values() or over:
            return f"{self.first}_{self.last}"
        names = {1: f"-{part + 1:02}", 3: f"Q{part + 1}", 6: f"H{part + 1}", 12: ""}
        return f"{year:04}{names[months]}"

    @property
    def before(self) -> ReviewPeriod:
        """The period of the same length that ends on the day before."""
        if self.months:
            return _months_from(_index(self.first) - self.months, self.months)
        days = self.last - self.first
        last = self.first - dt.timedelta(days=1)
        return ReviewPeriod(last - days, last)

    @property
    def after(self) -> ReviewPeriod:
        """The period of the same length that begins on the day after."""
        if self.months:
            return _months_from(_index(self.first) + self.months, self.months)
        first = self.last + dt.timedelta(days=1)
        return ReviewPeriod(first, first + (self.last - self.first))

    @property
    def year_before(self) -> ReviewPeriod:
        """The same period a year before; a 29 February becomes the day before."""
        if self.months:
            return _months_from(_index(self.first) - 12, self.months)
        return ReviewPeriod(_year_back(self.first), _year_back(self.last))

    @property
    def cut_months(self) -> tuple[ReviewPeriod, ...]:
        """Its days in each month that it has in part: in the first, in the last, in both."""
        months = dict.fromkeys(_months_from(_index(day), 1) for day in (self.first, self.last))
        parts = {ReviewPeriod(max(m.first, self.first), min(m.last, self.last)): m for m in months}
        return tuple(part for part, month in parts.items() if part != month)


def period_named(text: str) -> ReviewPeriod:
    """Return the period that a name or two days say. Raises ReviewError with what is allowed.

    Quarters may be written as Q or T (trimestre), half-years as H or S (semestre).
    """
    name, span = NAMED.fullmatch(text.strip()), SPAN.fullmatch(text.strip())
    try:
        period = _by_name(name) if name else _span(span) if span else None
    except ValueError:  # no such month, half-year or day
        period = None
    if period is None or period.last < period.first:
        raise ReviewError(f"period {cut(text)!r}: {ALLOWED}")
    return period


def is_period(name: str) -> bool:
    """Whether a name is that of a period, as ``ReviewPeriod.name`` writes it."""
    try:
        return period_named(name).name == name
    except ReviewError:
        return False


def periods(cadence: str, first: dt.date, last: dt.date) -> Iterator[ReviewPeriod]:
    """Yield the calendar periods of a cadence (a key of ``MONTHS``) that meet a span of days.

    They are whole, also where the span begins or ends within one.
    """
    months = MONTHS[cadence]
    start = _index(first) // months * months
    while (period := _months_from(start, months)).first <= last:
        yield period
        start += months


def _by_name(match: re.Match[str]) -> ReviewPeriod:
    year, letter, number, month = match.groups()
    if letter is None:
        months, part = (1, int(month)) if month else (12, 1)
    else:
        months, part = 6 if letter.upper() in HALVES else 3, int(number)
    if part > 12 // months or part < 1:
        raise ValueError(match[0])
    return _months_from(int(year) * 12 + (part - 1) * months, months)


def _span(match: re.Match[str]) -> ReviewPeriod:
    return ReviewPeriod(dt.date.fromisoformat(match[1]), dt.date.fromisoformat(match[2]))


def _index(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _months_from(index: int, months: int) -> ReviewPeriod:
    year, month = divmod(index, 12)
    last_year, last_month = divmod(index + months - 1, 12)
    return ReviewPeriod(dt.date(year, month + 1, 1), _end(dt.date(last_year, last_month + 1, 1)))


def _end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _year_back(day: dt.date) -> dt.date:
    years = day.year - 1
    return day.replace(year=years, day=min(day.day, calendar.monthrange(years, day.month)[1]))
