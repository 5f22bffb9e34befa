"""The summary: what held, what did not, what to decide, made of the other sections' values."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from reviewlib.report.chapter import Chapter
from reviewlib.report.text import N_, Message, dotted, listed, n_
from reviewlib.report.values import Fact, Finding, Kind, Section, Unit
from reviewlib.review import Review

HELD = n_("{n} thing held", "{n} things held")
CONCERNS = n_("{n} did not hold", "{n} did not hold")
DECISIONS = n_("{n} is to be decided", "{n} are to be decided")
MISSING = n_("{n} was not assessed", "{n} were not assessed")


def summary(review: Review, sections: Iterable[Section]) -> Section:
    """Return the first page: nothing in it is computed, all is taken from the sections."""
    c, chapters = Chapter(review, "summary", N_("Summary")), tuple(sections)
    missing = _missing(chapters)
    c.findings.extend(_in_turn(chapters))
    c.facts.extend((*_key_facts(chapters), *missing))
    c.headline(_headline(c.findings, len(missing)))
    return c.section()


def _in_turn(chapters: tuple[Section, ...]) -> Iterator[Finding]:
    """Yield what calls for attention, the first of each chapter, then the second of each, …

    So no chapter with much to say hides the others from who reads the first lines only.
    """
    by_kind: dict[tuple[str, Kind], int] = {}
    ranked = []
    for section in chapters:
        for finding in section.findings:
            if finding.kind is not Kind.NEUTRAL or finding.decision:
                key = (section.slug, finding.kind)
                by_kind[key] = by_kind.get(key, 0) + 1
                ranked.append((by_kind[key], _placed(section, finding)))
    ranked.sort(key=lambda pair: pair[0])  # stable: chapters stay in their order
    yield from (finding for _turn, finding in ranked)


def _placed(section: Section, finding: Finding) -> Finding:
    """Return a finding of which the decision names its chapter: alone, it may not say of what."""
    if not finding.decision:
        return finding
    return dataclasses.replace(finding, decision=dotted(section.title, finding.decision))


def _headline(findings: list[Finding], missing: int) -> Message:
    counts = [
        (HELD, sum(finding.kind is Kind.STRENGTH for finding in findings)),
        (CONCERNS, sum(finding.kind is Kind.CONCERN for finding in findings)),
        (DECISIONS, sum(bool(finding.decision) for finding in findings)),
        (MISSING, missing),
    ]
    parts = [words(n=n) for words, n in counts if n]
    return N_("{parts}.")(parts=listed(parts)) if parts else N_("No finding calls for attention.")


def _key_facts(chapters: tuple[Section, ...]) -> tuple[Fact, ...]:
    """Return the facts that have a target: those that a verdict rests on."""
    return tuple(f for s in chapters for f in s.facts if f.target is not None and f.met is not None)


def _unsettled(fact: Fact) -> bool:
    """Tell whether a threshold lies between the bounds of what is known: there is no verdict."""
    return fact.target is not None and fact.met is None


def _missing(chapters: tuple[Section, ...]) -> tuple[Fact, ...]:
    """Return whatever could not be assessed, chapter or figure, with the reason."""
    whole = (
        Fact(section.slug, section.title, None, Unit.TEXT, note=section.because)
        for section in chapters
        if section.because
    )
    parts = (
        dataclasses.replace(fact, label=dotted(section.title, fact.label))
        for section in chapters
        for fact in section.facts
        if fact.value is None and (fact.interval is None or _unsettled(fact))
    )
    return (*whole, *parts)
