"""What the first page of a periodic review says first."""

from __future__ import annotations

from reviewlib.engagement.summary.of_period import lines
from reviewlib.pages.wording import Wording
from reviewlib.report.text import N_, Quoted
from reviewlib.report.values import Earlier, Fact, Interval, Section, Unit

EN = Wording("en")
NEWLY, AGAIN = "Newly missed: Penalties.", "Missed again: Penalties."
FIRST = "Missed, and not assessed in the period before: Penalties."
RIGHT = "Came right: Penalties."
SAME = "No threshold was newly missed, none came right."
NONE = "No threshold was assessed both in the period and in the one before."


def fact(label: str, now: bool | None, then: bool | None, *, compared: bool = True) -> Fact:
    """A figure of a threshold, met or missed now and in the period before."""
    before = (Earlier(N_("Summary"), True, 0.9, 20, then),) if compared else ()
    return Fact(f"made.{label}", N_(label), 0.8, Unit.SHARE, n=20, met=now, earlier=before)


def changed(*facts: Fact) -> str:
    section = Section("made", N_("Data quality"), facts=facts)
    ((_, text),) = lines([section], compared=True)
    return EN.say(text)


def test_a_threshold_is_told_by_how_it_turned() -> None:
    kept = fact("Summary", True, True)

    assert changed(fact("Penalties", False, True), kept) == NEWLY
    assert changed(fact("Penalties", True, False), kept) == RIGHT
    assert changed(fact("Penalties", False, False), kept) == f"{AGAIN} {SAME}"
    assert changed(kept) == SAME


def test_one_missed_that_was_not_assessed_before_is_not_told_as_nothing_new() -> None:
    """The period before had no ticket of it, or the contract did not ask it yet."""
    kept = fact("Summary", True, True)

    assert changed(fact("Penalties", False, None), kept) == FIRST
    assert changed(fact("Penalties", False, None, compared=False), kept) == FIRST
    assert changed(fact("Penalties", True, None), kept) == SAME


def test_where_no_threshold_is_assessed_in_both_periods_that_is_told() -> None:
    assert changed(fact("Penalties", True, None)) == NONE
    # of a chapter that is not held against the period before
    assert changed(fact("Penalties", False, None, compared=False)) == NONE
    assert changed() == NONE


def threshold(label: str, low: float, high: float, *, met: bool, before: bool) -> Fact:
    """A share of 90 % asked for, with its interval, and whether it met that the period before."""
    then = Earlier(N_("Q3 2024"), True, 0.9, 100, before, None, None)
    interval = Interval(low, high, "Wilson 95 %")
    return Fact(label, Quoted(label), 0.9, Unit.SHARE, 100, interval, 0.9, met, earlier=(then,))


def test_what_turned_within_chance_is_told_so_and_named_after_what_did_beyond_it() -> None:
    """Of 90 %, [80; 95] leaves it open and [60; 70] and [92; 99] do not."""
    sentence = changed(
        threshold("P1", 0.80, 0.95, met=False, before=True),
        threshold("P2", 0.60, 0.70, met=False, before=True),
        threshold("P3", 0.80, 0.95, met=True, before=False),
        threshold("P4", 0.92, 0.99, met=True, before=False),
    )
    assert sentence == (
        "Newly missed: P2 and P1 (within chance). Came right: P4 and P3 (within chance)."
    )
