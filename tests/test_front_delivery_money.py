"""What the chapters of delivery and money give to the first page, on the sample.

Lengths are those of ``report-design.md`` §3 and §4; a word ends at a space at which a line may.
"""

from __future__ import annotations

from itertools import chain

import pytest

from reviewlib import open_review
from reviewlib.engagement.summary.ranking import owed_by
from reviewlib.pages.wording import Wording
from reviewlib.report.text import LANGUAGES, Language
from reviewlib.report.values import AtStake, Brief, Finding, Kind, Section, Side, Unit
from tests.chapters import chapter
from tests.sample import SAMPLE

DELIVERY = ("milestones", "deliverables", "delays", "duties", "work_orders")
MONEY = ("budget", "penalties", "payments", "earned_value", "benefits", "changes", "growth")
SHORT = {"headline": 22, "brief": 24, "clause": 12, "card": 14, "owes": 8, "strength": 8}
KEYS, COLUMNS, BRIEFS = 3, 7, 5


@pytest.fixture(scope="module")
def sections() -> dict[str, Section]:
    review = open_review(SAMPLE)
    return {name: chapter(name, review) for name in (*DELIVERY, *MONEY)}


@pytest.fixture(scope="module", params=LANGUAGES)
def wording(request: pytest.FixtureRequest) -> Wording:
    language: Language = request.param
    return Wording(language)


def long(wording: Wording, texts: list[object], most: int) -> list[str]:
    """Return the texts of more words than a slot has room for."""
    in_words = [wording.say(text) for text in texts]
    return [text for text in in_words if len(text.split(" ")) > most]


def findings(sections: dict[str, Section]) -> list[Finding]:
    return list(chain.from_iterable(section.findings for section in sections.values()))


def brief_of(sections: dict[str, Section], slug: str, name: str) -> Brief:
    finding = sections[slug].finding(f"{slug}.{name}")
    assert finding is not None
    assert finding.brief is not None
    return finding.brief


def test_a_headline_is_one_message_of_at_most_22_words(
    sections: dict[str, Section], wording: Wording
) -> None:
    headlines = [section.headline for section in sections.values()]
    assert all(headlines)
    assert not long(wording, [*headlines], SHORT["headline"])


def test_a_brief_has_at_most_24_words_and_8_where_it_says_what_held(
    sections: dict[str, Section], wording: Wording
) -> None:
    briefs = [(one.kind, one.brief) for one in findings(sections) if one.brief]
    held = [brief.text for kind, brief in briefs if kind == Kind.STRENGTH]
    assert held
    assert not long(wording, [*held], SHORT["strength"])
    assert not long(wording, [brief.text for _, brief in briefs], SHORT["brief"])


def test_what_a_party_owes_has_at_most_8_words(
    sections: dict[str, Section], wording: Wording
) -> None:
    owed = [one.brief.owes for one in findings(sections) if one.brief and one.brief.owes]
    assert not long(wording, [*owed], SHORT["owes"])


def test_a_clause_has_at_most_12_words_and_a_card_14(
    sections: dict[str, Section], wording: Wording
) -> None:
    every = sections.values()
    clauses = [clause.text for section in every for clause in section.clauses]
    cards = [figure.card for section in every for figure in section.figures if figure.card]
    assert not long(wording, [*clauses], SHORT["clause"])
    assert not long(wording, [*cards], SHORT["card"])


def test_the_one_page_has_cards_of_milestones_budget_penalties_and_delays(
    sections: dict[str, Section],
) -> None:
    cards = {
        (section.slug, figure.form)
        for section in sections.values()
        for figure in section.figures
        if figure.card
    }
    assert cards == {
        ("milestones", "days_from_contract"), ("budget", "bridge"),
        ("penalties", "amounts_by_state"), ("delays", "days_by_cause"),
    }  # fmt: skip


def test_every_decision_has_a_decider_and_nothing_else_has(sections: dict[str, Section]) -> None:
    for finding in findings(sections):
        assert bool(finding.decision) == (finding.decider is not None), finding.id
        assert not finding.decide_by or finding.decision, finding.id


def test_a_chapter_has_at_most_three_key_figures_and_one_lead_of_seven_columns(
    sections: dict[str, Section],
) -> None:
    for section in sections.values():
        leads = [table for table in section.tables if table.lead]
        assert sum(fact.key for fact in section.facts) <= KEYS, section.slug
        assert len(leads) + sum(figure.lead for figure in section.figures) <= 1, section.slug
        assert all(len(table.columns) <= COLUMNS for table in leads), section.slug
        assert sum(one.brief is not None for one in section.findings) <= BRIEFS, section.slug


def test_no_topic_is_told_by_two_findings_of_a_chapter(sections: dict[str, Section]) -> None:
    for section in sections.values():
        topics = [one.brief.topic for one in section.findings if one.brief]
        assert all(topics), section.slug
        assert len(set(topics)) == len(topics), section.slug


def test_the_delay_of_a_milestone_is_at_stake_in_days_from_the_contract(
    sections: dict[str, Section],
) -> None:
    """M4: 30 September 2024 to 14 March 2025: 31 + 30 + 31 + 31 + 28 + 14 = 165 days."""
    brief = brief_of(sections, "milestones", "M4")
    assert brief.stake is not None
    assert (brief.stake.value, brief.stake.unit) == (165, Unit.DAYS)
    assert (brief.topic, brief.side) == ("M4", Side.PROVIDER)


def test_what_is_not_reached_not_accepted_or_not_corrected_is_owed(
    sections: dict[str, Section],
) -> None:
    """M6 and the reservations on D3 by the provider, D7 and CD6 by the client, and B5.

    PEN4 and PEN7 were paid beyond what is computed: the client is asked to justify or to pay back.
    """
    owing = {
        one.brief.topic: one.brief.side
        for one in findings(sections)
        if one.brief and one.brief.owes
    }
    assert owing == {
        "M6": Side.PROVIDER, "D3": Side.PROVIDER, "D7": Side.CLIENT, "CD6": Side.CLIENT,
        "work_orders.defects": Side.PROVIDER, "changes.undecided": Side.CLIENT,
        "penalties.provider": Side.PROVIDER, "Art. 10.1": Side.PROVIDER,
        "Art. 9.4": Side.CLIENT, "paid_beyond.client": Side.CLIENT,
    }  # fmt: skip


def test_what_is_not_decided_is_the_move_of_who_may_claim_it(
    sections: dict[str, Section],
) -> None:
    """Penalties of the provider: the client notifies or waives them. The rest is its own side's."""
    moves = {
        one.brief.topic: one.brief.mover
        for one in findings(sections)
        if one.brief and one.brief.mover
    }
    assert moves == {"penalties.provider": Side.CLIENT}
    every = tuple(sections.values())
    owed = {side: {one.id for one in owed_by(every, side)} for side in Side}
    assert "penalties.owed.provider" in owed[Side.CLIENT]
    assert "penalties.owed.provider" not in owed[Side.PROVIDER]
    assert "penalties.Art. 10.1" in owed[Side.PROVIDER]  # decided, and disputed by it


def test_a_decision_is_due_by_the_day_on_which_silence_accepts(
    sections: dict[str, Section],
) -> None:
    """D7 v2 was submitted on 27 June 2025; 15 calendar days later it is 12 July."""
    finding = sections["deliverables"].finding("deliverables.D7")
    assert finding is not None
    assert (finding.decider, finding.decide_by) == (Side.CLIENT, "2025-07-12")


def test_penalties_are_at_stake_by_state_and_never_as_one_sum(
    sections: dict[str, Section],
) -> None:
    """Not decided: 9,450 to 10,070; disputed: 10,240; interest of the client: 687.47."""
    stakes = [
        (stake.value, stake.high)
        for one in sections["penalties"].findings
        if one.brief and isinstance(stake := one.brief.stake, AtStake)
    ]
    assert sorted(stakes) == [(687.47, None), (750.0, None), (9450.0, 10070.0), (10240.0, None)]
    assert brief_of(sections, "penalties", "Art. 10.1").contested


def test_what_of_an_amount_at_stake_rests_on_a_default_stands_beside_it(
    sections: dict[str, Section],
) -> None:
    """PEN4: 500 above the 1,500 computed, below the 2,500 of another interpretation; PEN7: of none.

    M4: 20 of its days, of 160 each, are without a cause or of a third party: 3,200. The 10,240
    decided are more than the most that is computed.
    """
    beyond = brief_of(sections, "penalties", "paid_beyond.provider")
    disputed = brief_of(sections, "penalties", "Art. 10.1")
    spoken = Wording("en").say
    assert spoken(beyond.owes) == "received, to justify or repay (€500 by default)"
    assert spoken(disputed.text) == (
        "Penalty for “Switch to the new e-mail” (M4): above the computed €8,640 to €9,760 (by "
        "default), up to €3,200 for days of neither party."
    )


def test_amounts_of_both_parties_stand_in_one_chart_by_state(
    sections: dict[str, Section],
) -> None:
    (figure,) = (one for one in sections["penalties"].figures if one.lead)
    rows = [(row.low, row.high, row.kind) for row in figure.frame.itertuples()]
    assert rows == [
        (3990.0, 3990.0, "settled"), (10240.0, 10240.0, "decided"), (9450.0, 10070.0, "open"),
        (1600.0, 1600.0, "settled"), (687.47, 687.47, "open"),
    ]  # fmt: skip


def test_strengths_give_clauses_too(sections: dict[str, Section]) -> None:
    kinds = {clause.kind for section in sections.values() for clause in section.clauses}
    assert kinds == {Kind.STRENGTH, Kind.CONCERN}
