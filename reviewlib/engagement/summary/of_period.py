"""What the first page of a periodic review says first: what changed, and what falls due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reviewlib.report.phrases import verdict_on, within_chance
from reviewlib.report.text import EMPTY, N_, Text, listed, n_, sentences
from reviewlib.report.values import Fact, Section

NAMED = 3  # thresholds that a line names
DECIDED, CHANGED, AHEAD = N_("Decided before."), N_("What changed."), N_("Before the next review.")
NEWLY = N_("Newly missed: {labels}.")
FIRST = N_("Missed, and not assessed in the period before: {labels}.")
AGAIN = N_("Missed again: {labels}.")
RIGHT = N_("Came right: {labels}.")
TURNS = ((NEWLY, False, True), (FIRST, False, None), (AGAIN, False, False), (RIGHT, True, False))
"""What is said of thresholds, by whether they are met and were; None: not assessed."""
SAME = N_("No threshold was newly missed, none came right.")
NOT_COMPARED = N_("No threshold was assessed both in the period and in the one before.")
RESTATED = n_(
    "{n} figure of the period before is not as its review published it: both are given. Which and "
    "why: make that review again, and compare the two (reviewlib compare).",
    "{n} figures of the period before are not as its review published them: both are given. Which "
    "and why: make that review again, and compare the two (reviewlib compare).",
)
STANDING = n_(
    "{n} point of earlier periods still stands: see the chapters.",
    "{n} points of earlier periods still stand: see the chapters.",
)


def lines(chapters: Sequence[Section], *, compared: bool) -> Iterator[tuple[Text, Text]]:
    """Yield what a periodic review says first, each with what it is called.

    ``compared``: whether there is a period before.
    """
    by_slug = {section.slug: section for section in chapters if not section.because}
    if decided := by_slug.get("carried_over"):
        yield DECIDED, decided.headline
    if compared:
        yield CHANGED, _changed(chapters)
    if due := by_slug.get("ahead"):
        yield AHEAD, due.headline


def _changed(chapters: Sequence[Section]) -> Text:
    """Return which thresholds were newly missed, missed again or came right; how much stands."""
    every = [fact for section in chapters for fact in section.facts]
    facts = [fact for section in chapters for fact in _compared(section)]
    facts.sort(key=within_chance)  # stable: what is beyond chance is named first
    labels = {
        words: [verdict_on(f) for f in facts if f.met is now and _before(f) is then]
        for words, now, then in TURNS
    }
    turned = any(own for words, own in labels.items() if words is not AGAIN)
    same = SAME if any(_before(fact) is not None for fact in facts) else NOT_COMPARED
    standing = sum(
        bool(one.decision) and one.id in section.standing
        for section in chapters
        for one in section.findings
    )
    restated = sum(one.published is not None for fact in every for one in fact.earlier)
    return sentences(
        *(words(labels=listed(own, NAMED)) for words, own in labels.items() if own),
        EMPTY if turned else same,
        STANDING(n=standing) if standing else EMPTY,
        RESTATED(n=restated) if restated else EMPTY,
    )


def _compared(section: Section) -> Iterator[Fact]:
    """Yield the figures that have a target, of a chapter that is held against the period before."""
    if any(one.is_before for fact in section.facts for one in fact.earlier):
        yield from (fact for fact in section.facts if fact.met is not None)


def _before(fact: Fact) -> bool | None:
    """Return whether a figure met its target in the period before; None where that is not known."""
    return fact.earlier[0].met if fact.earlier and fact.earlier[0].is_before else None


def recent(chapters: Sequence[Section]) -> tuple[str, ...]:
    """Return the ids of the findings that the period before had not."""
    return tuple(name for section in chapters for name in section.recent)
