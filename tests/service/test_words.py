"""The days of ramp-ups are those that the contract states, not all from the first to the last."""

from __future__ import annotations

import pytest

from reviewlib.contract.parties import Period
from reviewlib.pages.wording import Wording
from reviewlib.service.words import ramp_up_days

JANUARY, FEBRUARY, WINTER, AUTUMN = (
    Period(first=first, last=last)
    for first, last in (
        ("2024-01-01", "2024-01-31"),
        ("2024-02-01", "2024-02-29"),
        ("2024-01-15", "2024-03-31"),
        ("2024-09-01", "2024-09-30"),
    )
)


@pytest.mark.parametrize(
    ("periods", "days"),
    [
        ((JANUARY,), "1 Jan 2024 – 31 Jan 2024"),
        ((FEBRUARY, JANUARY), "1 Jan 2024 – 29 Feb 2024"),
        ((JANUARY, WINTER, FEBRUARY), "1 Jan 2024 – 31 Mar 2024"),
        ((AUTUMN, JANUARY), "1 Jan 2024 – 31 Jan 2024, 1 Sept 2024 – 30 Sept 2024"),
    ],
)
def test_ramp_ups_that_are_apart_are_two_spans(periods: tuple[Period, ...], days: str) -> None:
    assert Wording("en").say(ramp_up_days(periods)) == days
