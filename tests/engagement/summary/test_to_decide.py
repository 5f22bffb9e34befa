"""The decisions of a review stand in at most nine rows, and none is lost in them."""

from __future__ import annotations

from typing import Any

from reviewlib.engagement.summary.to_decide import GROUPS, rows
from reviewlib.pages.wording import Wording
from reviewlib.report.parts import CHAPTERS
from reviewlib.report.values import AtStake, Brief, Finding, Kind, Section, Side, Unit


def chapter(slug: str, *decided: dict[str, Any]) -> Section:
    findings = tuple(
        Finding(f"{slug}.{place}", "It is so.", Kind.CONCERN, decision="Settle it.", **given)
        for place, given in enumerate(decided)
    )
    return Section(slug, slug.capitalize(), findings=findings)


def test_every_decision_of_every_chapter_is_in_one_of_at_most_nine_rows() -> None:
    slugs = [slug for slugs in CHAPTERS.values() for slug in slugs]
    made = rows([chapter(slug, {}, {}) for slug in slugs])
    ids = [one for row in made for one in row.findings]

    assert len(made) == 9
    assert sorted(ids) == sorted(f"{slug}.{place}" for slug in slugs for place in (0, 1))


def test_every_chapter_that_a_group_names_is_one_of_the_review() -> None:
    named = {slug for slugs, _ in GROUPS for slug in slugs}

    assert named <= {slug for slugs in CHAPTERS.values() for slug in slugs}


def test_a_chapter_without_a_decision_makes_no_row() -> None:
    assert rows([chapter("penalties"), chapter("flow")]) == ()


def test_dated_rows_come_first_then_the_largest_amount_and_other_points_last() -> None:
    stake = AtStake(500, Unit.MONEY)
    made = rows(
        [
            chapter("flow", {"decide_by": "2025-07-01"}),
            chapter("changes", {}),
            chapter("budget", {"brief": Brief("B.", stake)}),
            chapter("deliverables", {"decide_by": "2025-07-20"}, {"decide_by": "2025-07-12"}),
        ]
    )

    assert [row.findings[0] for row in made] == [
        "deliverables.0", "budget.0", "changes.0", "flow.0",
    ]  # fmt: skip
    assert made[0].decide_by == "2025-07-12"
    assert made[1].stake == stake
    assert Wording("en").say(made[-1].text) == "Other points: Flow"


def test_a_row_is_of_the_party_that_decides_all_of_it_else_of_both() -> None:
    client, provider = {"decider": Side.CLIENT}, {"decider": Side.PROVIDER}

    assert rows([chapter("changes", client, client)])[0].decider is Side.CLIENT
    assert rows([chapter("changes", client, provider)])[0].decider is Side.BOTH
    assert rows([chapter("changes", {})])[0].decider is Side.BOTH
