"""What readers may have of chapters: what is marked, and nothing that tells of the rest."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from reviewlib.contract.sharing import Sharing
from reviewlib.report.audience import shared
from reviewlib.report.leaves import amounts_in, strings_in
from reviewlib.report.parts import part_of
from reviewlib.report.text import EMPTY, N_, Quoted, Shown, listed
from reviewlib.report.values import (
    AtStake,
    Audience,
    Brief,
    Caveat,
    Column,
    Earlier,
    Fact,
    Figure,
    Finding,
    Interval,
    Kind,
    Note,
    OpeningClause,
    Section,
    Table,
    Unit,
)

SAYS = N_("{what} cost {paid:money}.")


def fact(name: str, value: Any, **about: Any) -> Fact:
    return Fact(name, Quoted(name), value, about.pop("unit", Unit.MONEY), **about)


def finding(name: str, what: str = "", paid: float | Decimal = 1.0, **about: Any) -> Finding:
    return Finding(name, SAYS(what=what or name, paid=paid), Kind.CONCERN, **about)


def table(name: str, *rows: tuple[Any, ...], keys: str = "id n", unit: Unit = Unit.COUNT) -> Table:
    columns = tuple(
        Column(key, Quoted(key), Unit.TEXT if place == 0 else unit)
        for place, key in enumerate(keys.split())
    )
    return Table(name, Quoted(name), columns, rows)


def section(slug: str, **values: Any) -> Section:
    values.setdefault("headline", Quoted(f"the message of {slug}"))
    return Section(slug, Quoted(slug), part=part_of(slug), of="a hash", **values)


def ids(kept: tuple[Section, ...]) -> set[str]:
    return {
        one.id
        for own in kept
        for name in ("facts", "findings", "tables", "figures", "caveats")
        for one in getattr(own, name)
    }


def kept_of(*sections: Section, floor: int = 5, **keys: Any) -> tuple[Section, ...]:
    return shared(sections, Sharing(**keys), floor)[0]


BUDGET = section(
    "budget",
    facts=(fact("budget.spent", 12_345.0),),
    findings=(finding("budget.line.L1", "L1", 7_777.0, evidence=("L1",)),),
    note=Note({"en": "words"}, "office"),
    clauses=(OpeningClause(Quoted("a clause"), Kind.CONCERN, 1),),
)


def test_what_is_not_marked_is_internal() -> None:
    assert kept_of(BUDGET) == ()
    assert kept_of(BUDGET, chapters=("payments",)) == ()


def test_a_chapter_that_is_marked_has_all_of_its_values_but_words_of_people_and_evidence() -> None:
    (kept,) = kept_of(BUDGET, chapters=("budget",))

    assert ids((kept,)) == ids((BUDGET,))
    assert (kept.headline, kept.clauses) == (BUDGET.headline, BUDGET.clauses)
    assert (kept.note, kept.of, kept.findings[0].evidence) == (None, "", ())
    audiences = {one.audience for one in (kept, *kept.facts, *kept.findings)}
    assert audiences == {Audience.SHAREABLE}


def test_notes_and_evidence_are_shared_where_they_are_marked() -> None:
    (kept,) = kept_of(BUDGET, chapters=("budget",), notes=("budget",), evidence=True)

    assert (kept.note, kept.findings[0].evidence) == (BUDGET.note, ("L1",))


def test_a_finding_that_is_marked_alone_stands_alone() -> None:
    (kept,) = kept_of(BUDGET, findings=("budget.line",))  # by the beginning of its id

    assert ids((kept,)) == {"budget.line.L1"}
    assert kept.headline != BUDGET.headline
    assert (kept.clauses, kept.intro) == ((), EMPTY)


def test_of_a_chapter_with_something_withheld_the_message_goes_and_what_names_it() -> None:
    own = section(
        "milestones",
        facts=(fact("milestones.late", 3, unit=Unit.COUNT),),
        findings=(
            finding("milestones.M5", "M5", evidence=("M5",)),
            finding("milestones.M6", "M6", evidence=("M6",)),
            finding("milestones.again", "M7", restates="milestones.M5"),
        ),
        tables=(table("milestones.table", ("M5", 3)), table("milestones.other", ("M6", 4))),
        caveats=(Caveat("milestones.doubt", SAYS(what="M5, M6", paid=2)),),
        intro=Quoted("how it was counted"),
    )
    kept = kept_of(own, chapters=("milestones",), withheld=("milestones.M5",))

    assert ids(kept) == {"milestones.late", "milestones.M6", "milestones.other"}
    assert (kept[0].headline, kept[0].intro) == (EMPTY, EMPTY)


def test_an_amount_that_is_withheld_is_in_no_other_value_of_its_chapter() -> None:
    own = section(
        "budget",
        facts=(fact("budget.spent", 12_345.0), fact("budget.left", 655.0)),
        findings=(finding("budget.total", "it", 12_345.0),),
        tables=(table("budget.lines", ("L1", 12_345.0), unit=Unit.MONEY),),
    )
    kept = kept_of(own, chapters=("budget",), withheld=("budget.spent",))

    assert ids(kept) == {"budget.left"}


def test_a_round_amount_that_is_withheld_is_in_no_sum_that_is_of_it_alone() -> None:
    """600 of one rule is the sum of what is not decided, and its bar; 600 tickets are no money."""
    amount = Decimal("600.00")
    bars = table("penalties.bars", ("undecided", 600.0), unit=Unit.MONEY)
    own = section(
        "penalties",
        facts=(
            fact("penalties.undecided", 600.0),
            fact("penalties.paid", 250.0),
            fact("penalties.tickets", 600, unit=Unit.COUNT),
        ),
        findings=(finding("penalties.R1", "it", amount), finding("penalties.R2", "that", 250)),
        figures=(Figure("penalties.states", "bars", Quoted("bars"), EMPTY, bars),),
    )
    kept = kept_of(own, chapters=("penalties",), withheld=("penalties.R1",))

    assert ids(kept) == {"penalties.paid", "penalties.tickets", "penalties.R2"}


def test_the_rows_of_a_table_that_is_withheld_are_in_no_other() -> None:
    rows = table("budget.lines", ("Line one", "of support"), ("Line two", "of licences"))
    drawn = Figure("budget.bars", "bridge", Quoted("bars"), EMPTY, rows)
    (kept,) = kept_of(
        section(
            "budget", tables=(rows, table("budget.other", ("Line three", 1))), figures=(drawn,)
        ),
        chapters=("budget",),
        withheld=("budget.lines",),
    )

    assert ids((kept,)) == {"budget.other"}


def test_a_sentence_with_an_amount_of_what_is_not_shared_is_left_out_and_told() -> None:
    """Payments says what budget spent; shared with the budget, it may."""
    payments = section(
        "payments",
        facts=(fact("payments.paid", 10_000.0),),
        findings=(
            finding("payments.gap", "spent", 12_345.0),
            finding("payments.ok", "it", 10_000.0),
        ),
        clauses=(OpeningClause(SAYS(what="spent", paid=12_345.0), Kind.CONCERN, 1),),
    )
    kept, mixed, _ = shared((BUDGET, payments), Sharing(chapters=("payments",)), 5)
    assert ids(kept) == {"payments.paid", "payments.ok"}
    assert (kept[0].clauses, mixed) == ((), ("payments.gap",))

    kept, mixed, _ = shared((BUDGET, payments), Sharing(chapters=("payments", "budget")), 5)
    assert {"payments.gap"} <= ids(kept)
    assert mixed == ()

    named = Sharing(chapters=("payments",), findings=("payments.gap",))
    assert {"payments.gap"} <= ids(shared((BUDGET, payments), named, 5)[0])


def test_what_names_an_id_that_is_left_out_goes_and_what_names_that_in_turn() -> None:
    lessons = section(
        "lessons",
        findings=(
            finding("lessons.one", "see budget.line.L1"),
            finding("lessons.two", "see lessons.one"),
            finding("lessons.three", "L3", restates="budget.line.L1"),
        ),
    )
    kept, mixed, _ = shared((BUDGET, lessons), Sharing(chapters=("lessons",)), 5)

    assert ids(kept) == {"lessons.three"}
    assert kept[0].findings[0].restates == ""
    assert mixed == ("lessons.one", "lessons.two")


def test_a_number_of_a_ticket_is_in_no_value_until_evidence_is_marked() -> None:
    own = section(
        "flow",
        findings=(
            finding("flow.old", "INC1", evidence=("INC1", "INC2")),
            finding("flow.none", "none", evidence=("INC3",)),
        ),
        tables=(
            table("flow.oldest", ("INC4", 9), keys="ticket_id n"),
            table("flow.words", ("Opened as INC4.", 1)),
            table("flow.ages", ("P1", 3)),
        ),
        headline=SAYS(what=listed(["INC2"]), paid=1),
    )
    (kept,) = kept_of(own, chapters=("flow",))
    assert ids((kept,)) == {"flow.none", "flow.ages"}
    assert kept.headline == EMPTY

    (kept,) = kept_of(own, chapters=("flow",), evidence=True)
    assert ids((kept,)) == ids((own,))


def test_comments_are_not_shared_with_their_chapter() -> None:
    own = section("satisfaction", tables=(table("satisfaction.comments.Q6", ("Words", 1)),))

    assert ids(kept_of(own, chapters=("satisfaction",))) == set()
    assert ids(kept_of(own, chapters=("satisfaction",), comments=True)) == ids((own,))
    themes = section("comments", tables=(table("comments.themes", ("Words", 12)),))
    assert ids(kept_of(themes, chapters=("comments",))) == set()
    assert ids(kept_of(themes, chapters=("comments",), comments=True)) == ids((themes,))


def test_for_all_staff_nothing_is_kept_of_fewer_people_than_the_floor() -> None:
    counted = N_("{n} answers came late.")
    own = section(
        "satisfaction",
        facts=(
            fact("satisfaction.few", 0.5, unit=Unit.SHARE, n=4),
            fact("satisfaction.enough", 0.5, unit=Unit.SHARE, n=40, count=20),
        ),
        tables=(
            table("satisfaction.response", ("A", 5), ("B", 4)),
            table("satisfaction.waves", ("W1", 5), ("W2", 0)),
        ),
        caveats=(
            Caveat("satisfaction.late", counted(n=4)),
            Caveat("satisfaction.repeated", counted(n=5)),
        ),
    )
    teams = section(
        "handovers",
        tables=(
            table("handovers.pairs", ("Desk", 4), keys="from n"),
            table("handovers.counts", ("once", 4)),
        ),
    )
    both = ("satisfaction", "handovers")

    assert ids(kept_of(own, teams, chapters=both)) == ids((own, teams))
    kept = kept_of(own, teams, chapters=both, readers="all_staff")
    assert ids(kept) == {
        "satisfaction.enough", "satisfaction.waves", "satisfaction.repeated", "handovers.counts",
    }  # fmt: skip


def test_for_all_staff_a_figure_is_kept_only_where_enough_people_answered_before_too() -> None:
    few, enough = (Earlier(N_("Summary"), True, 0.5, n) for n in (4, 5))
    own = section(
        "satisfaction",
        facts=(
            fact("satisfaction.few", 0.5, unit=Unit.SHARE, n=40, earlier=(few,)),
            fact("satisfaction.enough", 0.5, unit=Unit.SHARE, n=40, earlier=(enough,)),
        ),
    )

    kept = kept_of(own, chapters=("satisfaction",), readers="all_staff")
    assert ids(kept) == {"satisfaction.enough"}


def test_what_a_withheld_figure_was_in_the_period_before_is_withheld_too() -> None:
    before = Earlier(N_("Summary"), True, 12_345.0, since=111.25)
    own = section(
        "budget",
        facts=(fact("budget.spent", 12_456.25, earlier=(before,)), fact("budget.other", 1.0)),
        findings=(
            finding("budget.then", "L1", 12_345.0), finding("budget.grew", "L2", 111.25),
            finding("budget.apart", "L3", 54_321.0),
        ),
    )  # fmt: skip

    kept = kept_of(own, chapters=("budget",), withheld=("budget.spent",))
    assert ids(kept) == {"budget.other", "budget.apart"}


def test_the_range_that_a_withheld_amount_had_before_is_withheld_too() -> None:
    between = Interval(12_345.0, 13_450.0, N_("Summary"))
    before = Earlier(N_("Summary"), True, None, interval=between)
    own = section(
        "budget",
        facts=(fact("budget.open", 2_000.0, earlier=(before,)), fact("budget.top", 13_450.0)),
        findings=(finding("budget.then", "L1", 12_345.0), finding("budget.apart", "L2", 54_321.0)),
    )

    kept = kept_of(own, chapters=("budget",), withheld=("budget.open",))
    assert ids(kept) == {"budget.apart"}


def test_a_chapter_of_the_analyst_is_shared_by_its_tag_alone() -> None:
    own = section("budget", facts=BUDGET.facts, by_analyst=True)
    tagged = section(
        "mine", facts=(fact("mine.one", 1.0),), by_analyst=True, audience=Audience.SHAREABLE
    )

    assert ids(kept_of(own, tagged, chapters=("budget",))) == {"mine.one"}


def test_an_absence_is_shared_with_its_chapter() -> None:
    own = section("budget", because=Quoted("no table"), headline=EMPTY)

    assert [one.because for one in kept_of(own, chapters=("budget",))] == ["no table"]
    assert kept_of(own, findings=("budget.line",)) == ()


def test_of_a_brief_the_words_of_the_facilitator_and_a_topic_that_is_internal_go() -> None:
    stake = AtStake(5.0, Unit.DAYS)
    brief = Brief(Quoted("five"), stake, topic="budget.spent", note=Note({"en": "mine"}))
    own = section("payments", findings=(finding("payments.one", brief=brief),))
    (kept,) = kept_of(BUDGET, own, chapters=("payments",))

    assert kept.findings[0].brief == Brief(Quoted("five"), stake)


def test_a_number_tells_where_it_is_large_or_has_four_digits() -> None:
    """1,000 up, or four digits: 0.8557, 12.34 and 7777; neither 12.3, nor 0.95, nor 582."""
    numbers = [12.34, 0.8557, -7777, 1000, 12.3, 0.95, 582, True, None, float("nan")]

    assert amounts_in(numbers) == {12.34, 0.8557, 7777, 1000}
    assert amounts_in(SAYS(what="x", paid=Shown(4321.5, "money"))) == {4321.5}
    assert strings_in(SAYS(what=Quoted("a", {"fr": "b"}), paid=1)) == {"a", "b"}
