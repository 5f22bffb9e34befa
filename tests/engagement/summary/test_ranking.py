"""What a committee sees first: dates, amounts, what did not hold, what chance leaves open."""

from __future__ import annotations

import datetime as dt
from typing import Any

from reviewlib.engagement.summary.ranking import held, owed_by, ranked
from reviewlib.report.parts import Part
from reviewlib.report.values import (
    AtStake,
    Brief,
    Finding,
    Kind,
    OpeningClause,
    Section,
    Side,
    Unit,
)

TODAY = dt.date(2025, 7, 4)
PARTS = (Part.DELIVERY, Part.MONEY, Part.SERVICE, Part.PEOPLE, Part.KEEP)


def finding(name: str, *, kind: Kind = Kind.CONCERN, by: str = "", **brief: Any) -> Finding:
    given = {"side": Side.PROVIDER, "topic": name} | brief
    return Finding(name, f"{name}.", kind, brief=Brief(f"{name}.", **given), decide_by=by)


def money(name: str, amount: float, **more: Any) -> Finding:
    return finding(name, **{"stake": AtStake(amount, Unit.MONEY), "owes": "penalties"} | more)


def order(*findings: Finding, per_part: int = 1) -> list[str]:
    """The ids of the ranked ones, of findings that stand so many to a part."""
    chapters = [
        Section(f"c{place}", "C", findings=findings[place : place + per_part], part=part)
        for place, part in zip(range(0, len(findings), per_part), PARTS * 9, strict=False)
    ]
    return [one.id for one in ranked(chapters, TODAY)]


def test_what_is_to_be_decided_within_30_days_comes_first_by_date_and_at_most_twice() -> None:
    """3 August is 30 days after 4 July; 4 August is 31, and is no date that presses."""
    assert order(
        finding("later", by="2025-08-04"),
        finding("third", by="2025-08-03"),
        finding("second", by="2025-07-12"),
        finding("first", by="2025-07-11"),
    ) == ["first", "second", "later"]


def test_amounts_that_are_owed_come_next_the_largest_first_and_at_most_twice() -> None:
    spent = money("spent", 90, owes="")
    late = finding("late")

    assert order(late, money("a", 10), money("b", 30), spent, money("c", 20)) == [
        "b", "c", "late", "spent",
    ]  # fmt: skip


def test_what_is_contested_comes_before_what_is_not_and_chance_last() -> None:
    assert order(
        finding("chance", by_chance=True), finding("plain"), finding("contested", contested=True)
    ) == ["contested", "plain", "chance"]


def test_a_larger_share_of_its_whole_comes_first() -> None:
    """61 of 89 is 69 %, 76 of 193 is 39 %."""
    answers = finding("answers", stake=AtStake(76, Unit.COUNT, of=193))
    reported = finding("reported", stake=AtStake(61, Unit.COUNT, of=89))

    assert order(answers, reported) == ["reported", "answers"]


def test_a_subject_stands_there_once() -> None:
    assert order(finding("a", topic="M4"), money("b", 5, topic="M4")) == ["b"]


def test_of_a_chapter_one_and_of_a_part_two_stand_there_beside_their_amounts() -> None:
    amounts = tuple(money(name, 10) for name in ("m1", "m2"))
    chapters = [
        Section(name, name, findings=findings, part=Part.MONEY)
        for name, findings in (
            ("c1", (*amounts, finding("a"), finding("b"))),
            ("c2", (finding("c"),)),
            ("c3", (finding("d"),)),
        )
    ]

    assert [one.id for one in ranked(chapters, TODAY)] == ["m1", "m2", "a", "c"]


def test_what_did_not_hold_comes_in_the_order_of_weight_of_its_chapters() -> None:
    """A chapter's weight is the rank of its clause in the sentence that opens the review."""
    clauses = {
        name: (OpeningClause(name, Kind.CONCERN, rank),) for name, rank in (("b", 2), ("c", 1))
    }
    chapters = [
        Section(name, name, findings=(finding(name),), part=part, clauses=clauses.get(name, ()))
        for name, part in zip("abc", PARTS, strict=False)
    ]

    assert [one.id for one in ranked(chapters, TODAY)] == ["c", "b", "a"]


def test_eight_findings_stand_there_one_of_each_class_before_any_fills_the_page() -> None:
    """Of 9 that did not hold and 1 within chance, 7 and that one."""
    names = [f"n{place}" for place in range(9)]

    assert order(*(finding(name) for name in names), finding("chance", by_chance=True)) == [
        *names[:7], "chance",
    ]  # fmt: skip


def test_where_all_are_of_one_party_the_last_is_the_other_s_first() -> None:
    provider = [finding(f"p{place}") for place in range(8)]
    client = [finding(name, side=Side.CLIENT) for name in ("c1", "c2")]

    assert order(*provider, *client) == ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "c1"]


def test_what_says_another_finding_again_and_what_held_are_left_out() -> None:
    again = Finding("b", "B.", Kind.CONCERN, restates="a", brief=Brief("B."))

    assert order(finding("a"), again, finding("held", kind=Kind.STRENGTH)) == ["a"]


def test_each_party_owes_what_is_its_own_what_has_a_date_first_then_the_largest_amount() -> None:
    findings = (
        money("small", 10, owes="interest"),
        money("large", 90, owes="penalties"),
        finding("dated", by="2025-07-12", owes="a decision"),
        finding("theirs", side=Side.CLIENT, owes="access"),
        finding("nothing"),
    )
    chapters = [Section("c", "C", findings=findings)]

    assert [one.id for one in owed_by(chapters, Side.PROVIDER)] == ["dated", "large", "small"]
    assert [one.id for one in owed_by(chapters, Side.CLIENT)] == ["theirs"]


def test_a_finding_that_restates_one_which_no_chapter_has_stands_for_itself() -> None:
    alone = Finding("b", "B.", Kind.CONCERN, restates="elsewhere", brief=Brief("B."))

    assert order(alone) == ["b"]


def test_the_weight_of_a_chapter_is_its_first_clause_of_what_did_not_hold() -> None:
    """3 of 3 and 6; 4; 5, since the clause of rank 1 says what held."""
    held, missed = Kind.STRENGTH, Kind.CONCERN
    ranks = {"a": ((held, 1), (missed, 5)), "b": ((missed, 4),), "c": ((missed, 3), (missed, 6))}
    chapters = [
        Section(
            name, name, findings=(finding(name),), part=part,
            clauses=tuple(OpeningClause(name, kind, rank) for kind, rank in ranks[name]),
        )
        for name, part in zip("abc", PARTS, strict=False)
    ]  # fmt: skip

    assert [one.id for one in ranked(chapters, TODAY)] == ["c", "b", "a"]


def test_what_concerns_both_parties_is_not_the_other_party_s() -> None:
    provider = [finding(f"p{place}") for place in range(8)]
    both, client = (finding(side, side=side) for side in (Side.BOTH, Side.CLIENT))

    assert order(*provider, both, client)[-1] == "client"


def test_a_subject_of_both_parties_stands_there_once_where_it_is_all_that_there_is() -> None:
    assert order(money("a", 5, topic="M4"), finding("b", side=Side.CLIENT, topic="M4")) == ["a"]


def test_an_amount_that_is_contested_comes_before_what_did_not_hold_though_nobody_owes_it() -> None:
    late = finding("late", contested=True)

    assert order(late, money("disputed", 5, owes="", contested=True)) == ["disputed", "late"]


def test_an_amount_is_as_large_as_the_range_that_it_leaves_open() -> None:
    """10 to 40 is more than 30.50, and that is more than 30."""
    open_up = money("range", 0, stake=AtStake(10, Unit.MONEY, high=40))

    assert order(money("point", 30.5), open_up) == ["range", "point"]
    assert order(money("less", 30), money("more", 30.5)) == ["more", "less"]


def test_findings_without_a_subject_are_not_of_one_subject() -> None:
    assert order(finding("a", topic=""), finding("b", topic="")) == ["a", "b"]


def test_what_both_parties_are_to_do_together_is_a_debt_of_neither() -> None:
    joint = finding("joint", side=Side.BOTH, owes="actions")
    chapters = [Section("c", "C", findings=(joint, finding("own", owes="interest")))]

    assert [one.id for one in owed_by(chapters, Side.PROVIDER)] == ["own"]
    assert owed_by(chapters, Side.CLIENT) == ()


def test_a_date_that_is_past_and_still_to_be_decided_presses_before_one_that_comes() -> None:
    assert order(
        finding("late"), finding("soon", by="2025-07-12"), finding("past", by="2025-06-01")
    ) == ["past", "soon", "late"]


def test_of_two_amounts_on_one_subject_the_larger_stands_there_and_the_next_subject_after_it() -> (
    None
):
    """100 and 90 are of M4: 80, of another subject, is the second of two."""
    amounts = (money("a", 100, topic="M4"), money("b", 90, topic="M4"), money("c", 80))

    assert order(*amounts, money("d", 70)) == ["a", "c"]


def test_a_finding_that_is_left_out_costs_its_class_no_turn() -> None:
    """Of 9 of one chapter the first stands there; the other chapter's comes in the second turn."""
    names = [f"n{place}" for place in range(9)]
    chapters = [
        Section("c1", "C", findings=tuple(finding(name) for name in names), part=Part.MONEY),
        Section("c2", "C", findings=(finding("other"),), part=Part.KEEP),
        *(
            Section(f"p{place}", "C", findings=(finding(f"chance{place}", by_chance=True),),
                    part=part)
            for place, part in enumerate([*PARTS[:1], *PARTS[2:4]] * 2)
        ),
    ]  # fmt: skip

    assert [one.id for one in ranked(chapters, TODAY)] == [
        "n0", "other", *(f"chance{place}" for place in range(6)),
    ]  # fmt: skip


def test_the_other_party_s_first_is_its_weightiest_and_of_a_subject_not_there_yet() -> None:
    """Those of the client stand in the first chapter, of which one finding is shown already."""
    provider = [finding(f"p{place}", contested=not place) for place in range(8)]
    client = (
        finding("chance", side=Side.CLIENT, by_chance=True),
        finding("again", side=Side.CLIENT, topic="p1", contested=True),
        finding("weighty", side=Side.CLIENT),
    )
    chapters = [
        Section(f"c{place}", "C", part=PARTS[place // 2],
                findings=(one,) if place else (one, *client))
        for place, one in enumerate(provider)
    ]  # fmt: skip

    shown = [one.id for one in ranked(chapters, TODAY)]
    assert shown == ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "weighty"]


def test_what_held_and_says_another_finding_again_is_left_out() -> None:
    strength = Finding("a", "A.", Kind.STRENGTH, brief=Brief("A."))
    again = Finding("b", "B.", Kind.STRENGTH, restates="a", brief=Brief("B."))
    alone = Finding("c", "C.", Kind.STRENGTH, restates="elsewhere", brief=Brief("C."))

    chapters = [Section("c", "C", findings=(strength, again, alone))]
    assert [one.id for one in held(chapters)] == ["a", "c"]


def test_a_chapter_that_has_the_name_of_its_part_is_not_full_with_the_part() -> None:
    chapters = [
        Section(slug, "C", findings=(finding(slug),), part=Part.ENGAGEMENT)
        for slug in ("terms", Part.ENGAGEMENT.value)
    ]

    assert [one.id for one in ranked(chapters, TODAY)] == ["terms", "engagement"]


def test_where_five_stand_the_fifth_gives_way_to_the_other_party_s_first() -> None:
    """In turn: p0 to be decided soon, p1 owed, p2 beyond doubt, p3 within chance, then p4."""
    provider = [
        finding("p0", by="2025-07-12"),
        money("p1", 10),
        finding("p2"),
        finding("p3", by_chance=True),
        finding("p4", by="2025-07-13"),
    ]
    client = finding("client", side=Side.CLIENT, by_chance=True)
    chapters = [
        Section(one.id, one.id, findings=(one,), part=part)
        for one, part in zip((*provider, client), PARTS * 2, strict=False)
    ]

    assert [one.id for one in ranked(chapters[:5], TODAY, 5)] == ["p0", "p4", "p1", "p2", "p3"]
    assert [one.id for one in ranked(chapters, TODAY, 5)] == ["p0", "p1", "p2", "p3", "client"]


def test_of_a_period_what_held_alike_before_is_not_told_again() -> None:
    strengths = tuple(finding(name, kind=Kind.STRENGTH) for name in ("old", "new"))
    chapter = Section("c", "C", findings=strengths, standing=("old",))

    assert [one.id for one in held([chapter])] == ["new"]
