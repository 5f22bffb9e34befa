"""A chapter of a periodic review, its figures beside those of earlier periods."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.report.text import N_, Message
from reviewlib.report.values import Earlier, Fact, Section
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
    return _beside(write(review), _earlier_sections(write, review, to_date=False))


def to_date(write: Writer, review: Review) -> Section:
    """Return a chapter on the engagement up to the end of the period of a review.

    Its figures name what they were at the end of the period before, and a year before. Where
    nothing in it changed since, it says so in a line.
    """
    earlier = _earlier_sections(write, review, to_date=True)
    section = _beside(write(review.so_far), earlier)
    if review.before is None or section.because or not _unchanged(section, earlier[0][1]):
        return section
    headline = UNCHANGED(headline=section.headline)
    return dataclasses.replace(section, headline=headline, figures=(), tables=())


def _earlier_sections(
    write: Writer, review: Review, *, to_date: bool
) -> list[tuple[Message, Section]]:
    """Return the chapter of the period before and of the same a year before, where there are."""
    return [
        (period_words(one.period), write(one.so_far if to_date else one))
        for one in (review.before, review.year_before)
        if one is not None and one.period is not None
    ]


def _beside(section: Section, earlier: list[tuple[Message, Section]]) -> Section:
    facts = tuple(
        dataclasses.replace(fact, earlier=tuple(_earlier(fact, earlier))) for fact in section.facts
    )
    before = {one.id for _, of_it in earlier[:1] for one in of_it.findings}
    recent = tuple(one.id for one in section.findings if one.id not in before)
    return dataclasses.replace(section, facts=facts, recent=recent)


def _earlier(fact: Fact, sections: list[tuple[Message, Section]]) -> Iterator[Earlier]:
    """Yield what a figure was in earlier periods that had a value of it."""
    for period, section in sections:
        then = next((one for one in section.facts if one.id == fact.id), None)
        if then is not None and then.value is not None:
            yield Earlier(period, then.value, then.n, then.met, then.count)


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
