"""What the first page of a periodic review says changed since the period before."""

from __future__ import annotations

from reviewlib.engagement.summary.of_period import lines
from reviewlib.pages.wording import Wording
from reviewlib.report.text import N_
from reviewlib.report.values import Earlier, Fact, Interval, Section, Unit


def threshold(label: str, low: float, high: float, *, met: bool, before: bool) -> Fact:
    """A share of 90 % asked for, with its interval, and whether it met that the period before."""
    then = Earlier(N_("Q3 2024"), True, 0.9, 100, before, None, None)
    interval = Interval(low, high, "Wilson 95 %")
    return Fact(label, label, 0.9, Unit.SHARE, 100, interval, 0.9, met, earlier=(then,))


def changed(*facts: Fact) -> str:
    [(_name, sentence)] = lines([Section("service_levels", "S", facts=facts)], compared=True)
    return Wording("en").say(sentence)


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
