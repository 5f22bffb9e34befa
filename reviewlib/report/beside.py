"""A chapter of a periodic review, its figures beside those of earlier periods."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.report.text import N_, Message
from reviewlib.report.values import Earlier, Fact, Kind, Scalar, Section, Unit
from reviewlib.review import Review

Writer = Callable[[Review], Section]
"""What writes a chapter."""

QUARTER, HALF = N_("Q{part} {year}"), N_("H{part} {year}")
MONTH, YEAR, DAYS = N_("{month:month}"), N_("{year}"), N_("{first:date} – {last:date}")
UNCHANGED = N_("Nothing in it changed in the period. {headline}")


def of_period(write: Writer, review: Review) -> Section:
    """Return a chapter on the period of a review: what happened in it.

    Its figures name what they were in the period before and in the same a year before, each seen
    from its own end, where the engagement had them.
    """
    return _beside(review, write(review), _earlier_sections(write, review, to_date=False))


def to_date(write: Writer, review: Review) -> Section:
    """Return a chapter on the engagement up to the end of the period of a review.

    Its figures name what they were at the end of the period before, and a year before. Where
    nothing in it changed since, it says so in a line.
    """
    earlier = _earlier_sections(write, review, to_date=True)
    section = _beside(review, write(review.so_far), earlier)
    facts = tuple(_with_growth(fact) for fact in section.facts)
    points = [one.id for one in section.findings if one.decision]
    standing = tuple(name for name in points if name not in section.recent)
    section = dataclasses.replace(section, facts=facts, standing=standing)
    if review.before is None or section.because or not _unchanged(section, earlier[0].section):
        return section
    headline = UNCHANGED(headline=section.headline)
    return dataclasses.replace(section, headline=headline, figures=(), tables=(), clauses=())


class _EarlierSection(NamedTuple):
    period: Message
    is_before: bool
    section: Section


def _earlier_sections(write: Writer, review: Review, *, to_date: bool) -> list[_EarlierSection]:
    """Return the chapter of the period before and of the same a year before, where there are."""
    return [
        _EarlierSection(
            period_words(one.period), one is review.before, write(one.so_far if to_date else one)
        )
        for one in (review.before, review.year_before)
        if one is not None and one.period is not None
    ]


def _beside(review: Review, section: Section, earlier: list[_EarlierSection]) -> Section:
    facts = tuple(
        dataclasses.replace(fact, earlier=tuple(_earlier(fact, earlier, review.published)))
        for fact in section.facts
    )
    before = {one.id for of in earlier if of.is_before for one in of.section.findings}
    points = [one.id for one in section.findings if one.kind is Kind.CONCERN]
    recent = tuple(name for name in points if name not in before)
    return dataclasses.replace(section, facts=facts, recent=recent if review.before else ())


def _earlier(
    fact: Fact, sections: list[_EarlierSection], published: Mapping[str, Scalar]
) -> Iterator[Earlier]:
    """Yield what a figure was in earlier periods that had a value of it.

    ``published``: what the kept review of the period before says of figures, by their ids.
    """
    for of in sections:
        then = next((one for one in of.section.facts if one.id == fact.id), None)
        if then is not None and then.value is not None:
            stated = published.get(fact.id) if of.is_before else None
            stated = None if stated == then.value else stated
            yield Earlier(of.period, of.is_before, then.value, then.n, then.met, then.count, stated)


def _with_growth(fact: Fact) -> Fact:
    """Return a figure to date, an amount with what the period added to it."""
    if fact.unit is not Unit.MONEY or not fact.earlier or not fact.earlier[0].is_before:
        return fact
    before, *others = fact.earlier
    if not isinstance(fact.value, float) or not isinstance(before.value, float):
        return fact
    grown = dataclasses.replace(before, since=round(fact.value - before.value, 2))
    return dataclasses.replace(fact, earlier=(grown, *others))


def _unchanged(section: Section, before: Section) -> bool:
    """Tell whether all figures are those of the period before, and all findings."""
    now, then = ({fact.id: (fact.value, fact.n) for fact in one.facts} for one in (section, before))
    return now == then and not section.recent


def period_words(period: ReviewPeriod) -> Message:
    """Return what a period is called: a quarter, a half-year, a month, a year, or its days."""
    months, year = period.months, str(period.first.year)
    if period.name.startswith(f"{period.first}_"):
        return DAYS(first=period.first, last=period.last)
    if months in (3, 6):
        words, part = QUARTER if months == 3 else HALF, (period.first.month - 1) // months + 1
        return words(part=part, year=year)
    return MONTH(month=f"{period.first:%Y-%m}") if months == 1 else YEAR(year=year)
