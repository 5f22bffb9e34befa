"""The decisions of a review stand in at most nine rows, and none is lost in them."""

from __future__ import annotations

import dataclasses
from typing import Any

from reviewlib.engagement.summary import to_decide
from reviewlib.engagement.summary.to_decide import GROUPS
from reviewlib.pages.wording import Wording
from reviewlib.report.parts import CHAPTERS
from reviewlib.report.values import AtStake, Brief, DecisionRow, Finding, Kind, Section, Side, Unit

POINT: dict[str, Any] = {"kind": Kind.CONCERN, "decision": "Settle it."}


def rows(chapters: list[Section]) -> tuple[DecisionRow, ...]:
    """The rows, where the first page ranks every finding that has a brief."""
    every = [one for section in chapters for one in section.findings if one.brief]
    return to_decide.rows(chapters, every)


def chapter(slug: str, *decided: dict[str, Any]) -> Section:
    findings = tuple(
        Finding(f"{slug}.{place}", "It is so.", **POINT | given)
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


def test_the_chapters_of_the_relation_are_one_row() -> None:
    slugs = ("governance", "disputes", "teams", "satisfaction", "perception")
    (row,) = rows([chapter(slug, {}) for slug in slugs])

    assert row.findings == tuple(f"{slug}.0" for slug in slugs)


def test_a_chapter_without_a_decision_makes_no_row() -> None:
    assert rows([chapter("penalties"), chapter("flow")]) == ()


def test_service_levels_without_a_verdict_are_not_told_as_missed() -> None:
    """Alone, what is missing is asked for; beside one that was missed, both are said."""
    missed, unjudged = ({"kind": kind} for kind in (Kind.CONCERN, Kind.NEUTRAL))
    texts = [
        Wording("en").say(rows([chapter("service_levels", *decided)])[0].text)
        for decided in ([missed], [unjudged, unjudged], [missed, unjudged])
    ]

    assert texts == [
        "Decide what follows from the service levels that were missed",
        "Obtain what is missing to judge the service levels that are not assessable",
        "Decide what follows from the service levels that were missed; obtain what is missing to "
        "judge those that are not assessable",
    ]


def test_dated_rows_come_first_then_the_largest_amount_and_other_points_last() -> None:
    stake = AtStake(500, Unit.MONEY)
    made = rows(
        [
            chapter("flow", {"decide_by": "2025-07-01"}),
            chapter("engagement", {}),
            chapter("budget", {"brief": Brief("B.", stake)}),
            chapter("deliverables", {"decide_by": "2025-07-20"}, {"decide_by": "2025-07-12"}),
        ]
    )

    assert [row.findings[0] for row in made] == [
        "deliverables.1", "budget.0", "engagement.0", "flow.0",
    ]  # fmt: skip
    assert made[0].decide_by == "2025-07-12"
    assert made[1].stakes == (stake,)
    assert Wording("en").say(made[-1].text) == "Other points: Flow"


def test_a_row_is_of_who_decides_more_than_half_of_it_else_of_both() -> None:
    client, provider = {"decider": Side.CLIENT}, {"decider": Side.PROVIDER}

    assert rows([chapter("changes", client, provider, client)])[0].decider is Side.CLIENT
    assert rows([chapter("changes", client, provider)])[0].decider is Side.BOTH
    assert rows([chapter("changes", {})])[0].decider is Side.BOTH


def test_a_row_with_a_date_begins_with_that_point_and_is_of_who_decides_most_of_it() -> None:
    both = {"decider": Side.BOTH}
    dated = {"decider": Side.CLIENT, "decide_by": "2025-07-12"}
    (row,) = rows([chapter("deliverables", both, both, dated)])

    assert row.decider is Side.BOTH
    assert (row.decide_by, row.dated_for) == ("2025-07-12", Side.CLIENT)
    assert row.findings == ("deliverables.2", "deliverables.0", "deliverables.1")


def test_a_row_says_what_is_at_stake_of_what_the_first_page_ranks() -> None:
    stakes = [AtStake(amount, Unit.MONEY) for amount in (10_240, 9_450, 687.47)]
    given = [{"brief": Brief("M.", one, topic=str(one.value))} for one in stakes]

    assert rows([chapter("penalties", *given)])[0].stakes == tuple(stakes)


def test_at_stake_is_the_point_on_what_is_ranked_else_what_is_ranked_without_a_point() -> None:
    """M4 is 165 days late, of which 25 are to be settled; of what is missed nothing is."""
    late, open_days, missed, small = (AtStake(value, Unit.DAYS) for value in (165, 25, 84, 4))
    ranked = [
        Finding("m", "M.", Kind.CONCERN, brief=Brief("M.", late, topic="M4")),
        Finding(
            "service_levels.P2", "P.", Kind.CONCERN, brief=Brief("P.", missed, topic="Art. 5.2")
        ),
    ]
    delays = chapter("delays", {"brief": Brief("D.", open_days, topic="M4")})
    levels = chapter("service_levels", {"brief": Brief("S.", small, topic="Art. 5.2")})
    milestones = Section("milestones", "M", findings=ranked[:1])
    levels = dataclasses.replace(levels, findings=(*levels.findings, ranked[1]))

    made = to_decide.rows([milestones, delays, levels], ranked)

    assert [row.stakes for row in made] == [(open_days,), (missed,)]


def test_a_row_without_a_ranked_point_says_its_first_stake_and_one_of_the_other_party() -> None:
    """10,240 leads; of the client's amounts the first one, 687.47, stands beside it."""
    sides = (Side.PROVIDER, Side.PROVIDER, Side.CLIENT, Side.CLIENT)
    stakes = [AtStake(amount, Unit.MONEY) for amount in (10_240, 9_450, 687.47, 40)]
    given = [
        {"brief": Brief("M.", stake, side=side)} for stake, side in zip(stakes, sides, strict=True)
    ]

    assert to_decide.rows([chapter("penalties", *given)], [])[0].stakes == (stakes[0], stakes[2])


def test_without_a_ranked_point_an_amount_goes_before_days_whichever_chapter_comes_first() -> None:
    days, money = AtStake(25, Unit.DAYS), AtStake(15_450, Unit.MONEY)
    changes = chapter("changes", {"brief": Brief("C.", days)})
    budget = chapter("budget", {"brief": Brief("B.", money)})

    assert to_decide.rows([changes, budget], [])[0].stakes == (money,)


def test_the_largest_amount_is_the_top_of_a_range_and_days_are_no_amount() -> None:
    """10 to 900 comes before 500, and 500 before 9,000 days."""
    days, point = AtStake(9000, Unit.DAYS), AtStake(500, Unit.MONEY)
    made = rows(
        [
            chapter("milestones", {"brief": Brief("M.", days)}),
            chapter("budget", {"brief": Brief("B.", point)}),
            chapter("penalties", {"brief": Brief("P.", AtStake(10, Unit.MONEY, high=900))}),
        ]
    )

    assert [row.findings[0] for row in made] == ["penalties.0", "budget.0", "milestones.0"]
