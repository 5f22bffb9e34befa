"""What the first page takes from the chapters on the service, people, engagement and lessons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reviewlib.pages.wording import Wording
from reviewlib.report.text import LANGUAGES, Text
from reviewlib.report.values import Brief, Finding, Kind, Section, Side, Unit
from tests.chapters import chapter
from tests.sample import sample_of

SLUGS = (
    "engagement", "terms", "service_levels", "availability", "reconciliation", "amendments",
    "sensitivity", "breaches", "durations", "flow", "handovers", "escalations", "volumes",
    "signals", "satisfaction", "lessons", "data_quality",
)  # fmt: skip
HEADLINE, CLAUSE, BRIEF, HELD, OWES, CARD = 22, 12, 24, 8, 8, 14  # words at most
KEYS, COLUMNS = 3, 7


@pytest.fixture(scope="module")
def sections() -> dict[str, Section]:
    review = sample_of()
    return {slug: chapter(slug, review) for slug in SLUGS}


def in_words(text: Text) -> Iterator[str]:
    for language in LANGUAGES:
        yield Wording(language).say(text)


def longest(text: Text) -> int:
    """Return how many words a text has at most; one ends where a line may, signs are none."""
    return max(
        sum(any(letter.isalnum() for letter in word) for word in shown.split(" "))
        for shown in in_words(text)
    )


def briefs(sections: dict[str, Section]) -> Iterator[tuple[Finding, Brief]]:
    for section in sections.values():
        yield from ((finding, finding.brief) for finding in section.findings if finding.brief)


def brief(sections: dict[str, Section], finding_id: str) -> Brief:
    finding = sections[finding_id.partition(".")[0]].finding(finding_id)
    assert finding is not None
    assert finding.brief is not None
    return finding.brief


@pytest.mark.parametrize("slug", SLUGS)
def test_a_headline_is_one_short_message(sections: dict[str, Section], slug: str) -> None:
    assert 0 < longest(sections[slug].headline) <= HEADLINE


def test_a_brief_is_short_in_both_languages(sections: dict[str, Section]) -> None:
    long = {
        finding.id: [*in_words(text)]
        for finding, made in briefs(sections)
        for text, most in (
            (made.text, HELD if finding.kind is Kind.STRENGTH else BRIEF),
            (made.owes, OWES),
        )
        if longest(text) > most
    }
    assert long == {}


def test_a_clause_of_the_opening_is_short_and_no_sentence(sections: dict[str, Section]) -> None:
    clauses = [clause for section in sections.values() for clause in section.clauses]

    assert max(longest(clause.text) for clause in clauses) <= CLAUSE
    assert not any(text.endswith(".") for clause in clauses for text in in_words(clause.text))


def test_each_decision_has_someone_who_decides_and_nothing_else_has(
    sections: dict[str, Section],
) -> None:
    findings = [finding for section in sections.values() for finding in section.findings]

    assert all(bool(finding.decision) == (finding.decider is not None) for finding in findings)


def test_a_chapter_has_at_most_three_key_figures_and_its_lead_table_is_narrow(
    sections: dict[str, Section],
) -> None:
    for section in sections.values():
        assert sum(fact.key for fact in section.facts) <= KEYS
        assert all(len(table.columns) <= COLUMNS for table in section.tables if table.lead)
    leads = [table.id for section in sections.values() for table in section.tables if table.lead]
    assert leads == ["engagement.scoreboard", "escalations.notified", "lessons.recommendations"]


def test_what_is_at_stake_is_a_figure_of_the_chapter(sections: dict[str, Section]) -> None:
    """Late tickets are those decided less those in time: 582 − 498.

    Resolution stands on the front once, by P2; P1, missed within chance, is in its chapter.
    """
    at_stake = {
        finding.id: (made.stake.value, made.stake.of) for finding, made in briefs(sections)
        if made.stake
    }  # fmt: skip
    levels, others = sections["service_levels"], (
        ("reconciliation.resolution", "reconciliation.resolution.apart"),
        ("flow.old", "flow.old"),
        ("volumes.excluded.5", "volumes.excluded"),
        ("lessons.overdue", "lessons.actions.overdue"),
    )  # fmt: skip

    assert levels.fact("service_levels.resolution.met.P2").value == pytest.approx(1 - 84 / 582)
    assert at_stake["service_levels.resolution.P2"] == (84, 582)
    assert "service_levels.resolution.P1" not in at_stake
    for finding_id, fact_id in others:
        fact = sections[fact_id.partition(".")[0]].fact(fact_id)
        assert at_stake[finding_id] == (fact.value, fact.n)
    assert at_stake["availability.art_5_3.applications"] == (18 - 16, 18)
    assert at_stake["escalations.level.1"] == (51 - 48, 51)


def test_the_clause_that_the_provider_contests_is_told_as_contested(
    sections: dict[str, Section],
) -> None:
    p2 = brief(sections, "service_levels.resolution.P2")

    assert p2.contested
    assert [*in_words(p2.text)][LANGUAGES.index("en")] == (
        "Resolution of P2 tickets: 85.6% in time, for a threshold of 90%. "
        "By the terms before Avenant 1: 92.3%. Contested by the provider."
    )


def test_a_threshold_outside_the_interval_of_the_share_is_missed_beyond_chance(
    sections: dict[str, Section],
) -> None:
    """498 of 582: Wilson gives 82.5 to 88.2 %, all of it under 90 %."""
    p2 = brief(sections, "service_levels.resolution.P2")

    assert not p2.by_chance
    assert "Chance alone" not in [*in_words(p2.text)][LANGUAGES.index("en")]


def test_how_sure_the_satisfaction_is_stands_in_its_brief(sections: dict[str, Section]) -> None:
    """53 of 76 answers of 193 people invited; the objective O2 asks 80 %, and names question Q1."""
    made = brief(sections, "satisfaction.majority.Q1")

    assert [*in_words(made.text)][LANGUAGES.index("en")] == (
        "Of the 76 who answered, of 193 invited, fewer are satisfied than the target asks. "
        "Nobody in Logistique answered."
    )
    assert made.stake is not None
    assert (made.stake.value, made.stake.unit) == (pytest.approx(53 / 76), Unit.SHARE)
    o2 = sections["engagement"].finding("engagement.objective.O2")
    assert o2 is not None
    assert o2.brief is None


def test_what_held_names_the_thresholds_the_escalations_and_the_objectives(
    sections: dict[str, Section],
) -> None:
    held = [
        [*in_words(made.text)][LANGUAGES.index("en")]
        for finding, made in briefs(sections)
        if finding.kind is Kind.STRENGTH
    ]
    assert held == [
        "objectives met: O1 and O5",
        "all 4 response thresholds (P2 by default)",
        "resolution thresholds met: P3 and P4",
        "65 of 68 escalations notified in time",
    ]


def test_overdue_actions_are_owed_by_both_sides_each_with_its_number(
    sections: dict[str, Section],
) -> None:
    """A7 and A9 are the provider's, A3 is of both."""
    made = brief(sections, "lessons.overdue")

    assert made.side is Side.BOTH
    assert [*in_words(made.owes)][LANGUAGES.index("en")] == ("overdue actions: provider 2, joint 1")


def test_the_cards_of_the_service_and_of_satisfaction_have_their_messages(
    sections: dict[str, Section],
) -> None:
    cards = {
        figure.id: figure.card
        for section in sections.values()
        for figure in section.figures
        if figure.card
    }

    assert {name: [*in_words(card)][LANGUAGES.index("en")] for name, card in cards.items()} == {
        "service_levels.by_month": (
            "Thresholds met: 6 of 8. Resolution · P2: 11 of 18 months below."
        ),
        "satisfaction.csat.by_wave": ("69.7% satisfied for a target of 80%; 76 of 193 answered"),
    }
    assert max(longest(card) for card in cards.values()) <= CARD
