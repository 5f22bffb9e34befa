"""The same on both sides: exchange the parties, and the findings are exchanged with them."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reviewlib.money import results
from reviewlib.money.penalties.metrics import sums
from reviewlib.report.values import Checks, Fact, Finding, Kind, Section, Side
from reviewlib.review import Review, open_review
from tests.chapters import chapter
from tests.exchanged import OTHER, Commitment, exchanged_names, review
from tests.properties import steady
from tests.sample import SAMPLE, sample_of
from tests.spoken import spoken

FIRST, TODAY = dt.date(2026, 2, 1), dt.date(2026, 9, 30)
FORMS = ("deliverable", "payment", "order", "duty", "milestone", "decision")
WRITTEN = ("deliverables", "duties", "milestones", "work_orders", "payments", "penalties")
PLACES = {
    "deliverable": "deliverables.{}",
    "payment": "payments.late.{}",
    "order": "work_orders.order.{}",
    "duty": "duties.duty.{}",
    "milestone": "milestones.{}",
    "decision": "deliverables.decision.{}.v1",
}
"""The id of the finding on a commitment that was not met."""
DAYS = {
    "en": re.compile(r"(\d+ days?) after (?:its due date|the date of the contract) (\([^)]+\))"),
    "fr": re.compile(r"(\d+ jours?) après (?:l’échéance|la date du contrat) (\([^)]+\))"),
}
"""What is said of the days of a commitment that was not met, whoever's it is."""


RULES = {"10.1": "provider", "10.2": "client"}
"""Who owes under each rule of the contract of ``tests.exchanged``."""


@st.composite
def commitments(draw: st.DrawFn) -> list[Commitment]:
    """Draw commitments of both parties: met, late, not done, and not due yet."""
    made = []
    for number in range(draw(st.integers(1, 5))):
        due = FIRST + dt.timedelta(days=draw(st.integers(20, 260)))
        done = due + dt.timedelta(days=draw(st.integers(-10, 40)))
        is_done = draw(st.booleans()) and done <= TODAY
        form = draw(st.sampled_from(FORMS))
        made.append(Commitment(form, f"{form[:3].upper()}{number}", due, done if is_done else None))
    return made


def written(made: Sequence[Commitment]) -> tuple[Review, list[Section]]:
    with tempfile.TemporaryDirectory() as folder:
        done = review(Path(folder), made, TODAY)
        return done, [chapter(slug, done) for slug in WRITTEN]


def tells(sections: Sequence[Section], one: Commitment) -> tuple[Kind, Checks, bool] | None:
    """Return what a review finds of a commitment: how it weighs, and whether it asks to decide."""
    findings = {finding.id: finding for section in sections for finding in section.findings}
    missed = findings.get(PLACES[one.form].format(one.name))
    if missed is not None and missed.kind is Kind.CONCERN:
        assert missed.checks is not None
        return missed.kind, missed.checks, bool(missed.decision)
    met = [f for f in findings.values() if f.kind is Kind.STRENGTH and _names(f, one)]
    return (Kind.STRENGTH, Checks(one.side, 1, 1), False) if met else None


def _names(finding: Finding, one: Commitment) -> bool:
    checks = finding.checks
    named = {one.name, f"{one.name} v1"} & {*finding.evidence}
    return bool(named) and checks is not None and checks.side is one.side


def flipped(checks: Checks) -> Checks:
    return Checks(Side(OTHER[checks.side]), checks.held, checks.of)


LATE = [
    Commitment(form, form, dt.date(2026, 3, 2), dt.date(2026, 3, 2 + days))
    for days, form in enumerate(FORMS, start=1)
]
MET = [Commitment(form, f"met-{form}", FIRST, FIRST) for form in FORMS]
"""Of a table without a single day nothing is assessed: this one is in each of them."""
OPEN = [Commitment(form, form, dt.date(2026, 9, 1), None) for form in FORMS]
AHEAD = [Commitment(form, form, dt.date(2026, 10, 10), None) for form in FORMS]


@steady(4)
@given(commitments())
@example(LATE)
@example(OPEN)
@example(AHEAD)
def test_what_one_party_does_weighs_as_what_the_other_does(made: list[Commitment]) -> None:
    """Kinds, weights, decisions, words and amounts are exchanged with the parties.

    And each commitment is counted by one fact, and told by one finding.
    """
    other = [one.exchanged for one in made]
    (here, sections), (there, mirrored) = written(made + MET), written(other + MET)

    for one, its_mirror in zip(made, other, strict=True):
        found, mirror = tells(sections, one), tells(mirrored, its_mirror)
        if found is None:
            assert mirror is None, (one, mirror)
            continue
        assert mirror is not None, (one, found)
        assert (mirror[0], flipped(mirror[1]), mirror[2]) == found, one
        for language in DAYS:
            assert said(mirrored, its_mirror, language) == said(sections, one, language), one
    for section in sections:
        assert totals(section.findings) == totals(section.facts), section.slug
    assert owed(there) == {OTHER[side]: due for side, due in owed(here).items()}


def totals(counting: Sequence[Finding] | Sequence[Fact]) -> Counter[tuple[Side, str]]:
    """Return how many commitments of each side facts or findings tell of, met and in all."""
    made: Counter[tuple[Side, str]] = Counter()
    for checks in (one.checks for one in counting if one.checks):
        made[checks.side, "held"] += checks.held
        made[checks.side, "of"] += checks.of
    return made


def said(sections: Sequence[Section], one: Commitment, language: str) -> list[Any]:
    """Return what is said of the days of a commitment that was not met."""
    wanted = PLACES[one.form].format(one.name)
    words = [
        finding.sentence
        for section in sections
        for finding in spoken(section, language).findings
        if finding.id == wanted and finding.kind is Kind.CONCERN
    ]
    days = [DAYS[language].findall(sentence) for sentence in words]
    assert all(len(found) == 1 for found in days), words
    return [found[0] for found in days]


def owed(done: Review) -> dict[str, Any]:
    """Return what each party owes, and how the chapter on penalties weighs it."""
    ledger = results.ledger(done)
    findings = {finding.id: finding for finding in chapter("penalties", done).findings}
    weighs = {RULES[rule]: findings.get(f"penalties.{rule}") for rule in RULES}
    return {
        side: (
            sums(ledger.owed_by(side), "high").net,
            (finding.kind, bool(finding.decision)) if finding else None,
        )
        for side, finding in weighs.items()
    }


# ------------------------------------------------------------------- the shipped engagement

NAMED = ("changes", "delays", "engagement", "growth", "lessons", "reconciliation")
"""The chapters that stand on what is exchanged, and on the part of neither party."""
OF_ONE = ("growth", "reconciliation")
"""These name a party for what is its part alone: to prompt a change, to report."""
NAMES = {"en": ("client", "provider"), "fr": ("client", "prestataire")}
TO_DECIDE = {
    "en": ("decisions of the client", "the client took to decide"),
    "fr": ("décisions du client", "décision du client"),
}
"""What is the client's by nature stays so."""


def exchanged_words(language: str) -> dict[str, str]:
    """Return the other party's name for each name of a party."""
    client, provider = NAMES[language]
    pairs = [
        (client, provider),
        (client.capitalize(), provider.capitalize()),
        ("Valombre Distribution", "Nordiane Services"),
    ]
    exchanged = dict(pairs) | {other: name for name, other in pairs}
    return own(language) | exchanged


def own(language: str) -> dict[str, str]:
    return {part: part for part in TO_DECIDE[language]}


@cache
def exchanged_sample() -> Review:
    with tempfile.TemporaryDirectory() as folder:
        return open_review(exchanged_names(SAMPLE, Path(folder) / "exchanged"))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("slug", NAMED)
def test_the_sample_with_its_parties_exchanged_says_the_same_of_the_other(
    slug: str, language: str
) -> None:
    """Where contract and tables name a party, whom they name weighs nothing."""
    here, there = (
        spoken(chapter(slug, done), language) for done in (sample_of(), exchanged_sample())
    )

    names = exchanged_words(language)
    alike = dict.fromkeys(names, "party")

    if slug in OF_ONE:
        assert statements(there, alike) == statements(here, alike)
    else:
        assert statements(there, names) == statements(here, own(language))


def statements(section: Section, names: Mapping[str, str]) -> Counter[Any]:
    """Return what a chapter finds and counts, with the names of the parties replaced.

    The order of the parties is the same before and after: the words of a sentence are a bag.
    """
    facts = (
        (words(fact.label, names), str(fact.value), fact.n, words(fact.note, names))
        for fact in section.facts
    )
    findings = (
        (finding.id, finding.kind, words(finding.sentence, names), words(finding.decision, names))
        for finding in section.findings
    )
    return Counter([*facts, *findings])


def words(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    pattern = "|".join([*map(re.escape, names), r"\w+"])
    return tuple(sorted(names.get(word, word) for word in re.findall(pattern, text)))
