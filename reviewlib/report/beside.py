"""A chapter of a periodic review, its figures beside those of earlier periods."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from reviewlib.calendars.periods import ReviewPeriod
from reviewlib.report.text import N_, Message
from reviewlib.report.values import Earlier, Fact, Finding, Kind, Section, Stated, Unit
from reviewlib.review import Review

Writer = Callable[[Review], Section]
"""What writes a chapter."""

QUARTER, HALF = N_("Q{part} {year}"), N_("H{part} {year}")
MONTH, YEAR, DAYS = N_("{month:month}"), N_("{year}"), N_("{first:date} – {last:date}")
UNCHANGED = N_("Nothing in it changed in the period. {headline}")


def of_period(write: Writer, review: Review, *, restated: bool = False) -> Section:
    """Return a chapter on the period of a review: what happened in it.

    Its figures name what they were in the period before and in the same a year before, where the
    engagement had them: each seen from its own end, or ``restated``, with what is known by now, as
    verdicts that were still to come then.
    """
    earlier = review.restated() if restated else review.earlier()
    return _beside(review, write(review), [_Earlier.of(one, review, write) for one in earlier])


def to_date(write: Writer, review: Review) -> Section:
    """Return a chapter on the engagement up to the end of the period of a review.

    Its figures name what they were at the end of the period before; an amount, what the period
    added. What opened the review of then does not open this one. Where nothing in it changed since,
    it says so in a line.
    """
    before = review.before
    earlier = [_Earlier.of(before, review, lambda one: write(one.so_far))] if before else []
    section = _beside(review, write(review.so_far), earlier)
    facts = tuple(_with_growth(fact) for fact in section.facts)
    stakes = {one.id: _stake(one) for of in earlier for one in of.section.findings}
    standing = tuple(one.id for one in section.findings if stakes.get(one.id, ()) == _stake(one))
    opened = [one for of in earlier for one in of.section.clauses]
    clauses = tuple(one for one in section.clauses if one not in opened)
    section = dataclasses.replace(section, facts=facts, standing=standing, clauses=clauses)
    if before is None or section.because or not _unchanged(section, earlier[0].section):
        return section
    headline = UNCHANGED(headline=section.headline)
    section = dataclasses.replace(section, headline=headline, support=True)
    return dataclasses.replace(section, figures=(), tables=(), clauses=())


class _Earlier(NamedTuple):
    period: Message
    is_before: bool
    section: Section

    @classmethod
    def of(cls, one: Review, review: Review, write: Writer) -> _Earlier:
        """Return the chapter of an earlier review of another one."""
        assert one.period is not None
        assert review.period is not None
        return cls(period_words(one.period), one.period == review.period.before, write(one))


def _beside(review: Review, section: Section, earlier: list[_Earlier]) -> Section:
    facts = tuple(
        dataclasses.replace(fact, earlier=tuple(_earlier(fact, earlier, review.published)))
        for fact in section.facts
    )
    before = {one.id for of in earlier if of.is_before for one in of.section.findings}
    points = [one.id for one in section.findings if one.kind is Kind.CONCERN]
    recent = tuple(name for name in points if name not in before)
    return dataclasses.replace(section, facts=facts, recent=recent if review.before else ())


def _earlier(
    fact: Fact, sections: list[_Earlier], published: Mapping[str, Fact]
) -> Iterator[Earlier]:
    """Yield what a figure was in earlier periods that had a value, or a range, of it.

    ``published``: what the kept review of the period before says of figures, by their ids.
    """
    for of in sections:
        then = next((one for one in of.section.facts if one.id == fact.id), None)
        if then is None or (then.value is None and then.interval is None):
            continue
        stated = _otherwise(published.get(fact.id), then) if of.is_before else None
        figures = then.value, then.n, then.met, then.count, stated
        between = then.interval if then.value is None else None
        yield Earlier(of.period, of.is_before, *figures, interval=between)


def _otherwise(kept: Fact | None, then: Fact) -> Stated | None:
    """Return what a kept review states of a figure that is another by now; None where it is not,
    or where the two have no common form. An n that one of them does not give is no difference.
    """
    if kept is None or kept.unit is not then.unit or _in_words(kept) is not _in_words(then):
        return None
    stated, now = _stated(kept), _stated(then)
    if (stated.value, stated.low) == (None, None):
        return None
    for name in ("n", "count"):
        if None in (getattr(stated, name), getattr(now, name)):
            now = dataclasses.replace(now, **{name: getattr(stated, name)})
    return stated if stated != now else None


def _in_words(fact: Fact) -> bool:
    return isinstance(fact.value, str)


def _stated(fact: Fact) -> Stated:
    between = fact.interval if fact.value is None else None
    ends = (between.low, between.high) if between else (None, None)
    value = str(fact.value) if isinstance(fact.value, str) else fact.value
    return Stated(value, fact.n, fact.count, *ends)


def _stake(finding: Finding) -> tuple[object, ...]:
    """Return what is at stake of a finding: its value and the end of its range; what held, in
    words, where it is a strength.
    """
    stake = finding.brief.stake if finding.brief else None
    held = finding.brief.text if finding.brief and finding.kind is Kind.STRENGTH else None
    return (stake.value, stake.high, held) if stake else (None, None, held)


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
    """Tell whether all is said as at the end of the period before: figures and findings."""

    def stated(one: Section) -> tuple[object, ...]:
        facts = {f.id: (f.value, f.interval, f.n, f.count, f.met) for f in one.facts}
        return one.headline, facts, {finding.id for finding in one.findings}

    return stated(section) == stated(before)


def period_words(period: ReviewPeriod) -> Message:
    """Return what a period is called: a quarter, a half-year, a month, a year, or its days."""
    months, year = period.months, str(period.first.year)
    if period.name.startswith(f"{period.first}_"):
        return DAYS(first=period.first, last=period.last)
    if months in (3, 6):
        words, part = QUARTER if months == 3 else HALF, (period.first.month - 1) // months + 1
        return words(part=part, year=year)
    return MONTH(month=f"{period.first:%Y-%m}") if months == 1 else YEAR(year=year)
