"""Over which days a cap runs, and when a delay stops: the first and the last day of each span."""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.money.penalties.metrics import ledger
from tests.money.penalties.test_metrics import agreed, days_late, delay, late

THREE_YEARS = {"period": {"first": "2025-03-15", "last": "2028-03-14"}}
SUBJECTS = ("M1", "M2", "M3", "M4")


def nets(cap_per: str, *lasts: str) -> list[str]:
    """What is left of delays of ten days at 120 that end on these days, under a cap of 1,500."""
    subjects = SUBJECTS[: len(lasts)]
    rule = delay(milestones=[*subjects], cap=1500, cap_per=cap_per)
    starts = [f"{pd.Timestamp(day) - pd.Timedelta(days=10):%Y-%m-%d}" for day in lasts]
    facts = late(
        *(days_late(10, one, start) for one, start in zip(subjects, starts, strict=True)),
        today=pd.Timestamp("2028-03-14"),
    )
    return [
        str(line.low.net) for line in ledger(agreed({"P": rule}, parts=THREE_YEARS), facts).lines
    ]


def test_a_cap_of_a_year_begins_anew_on_the_day_of_the_contract_s_first_one() -> None:
    """The contract begins on 15 March 2025. Up to 14 March 2026 is its first year: 1,200, and 300
    of the next; from 15 March 2026 on its second, of which 14 March 2027 is the last day.
    """
    found = nets("year", "2025-12-31", "2026-03-14", "2026-03-15", "2027-03-14")

    assert found == ["1200.00", "300.00", "1200.00", "300.00"]


def test_a_cap_of_a_year_runs_over_new_year() -> None:
    """20 December 2025 and 10 January 2026 are of the first year: 1,200 + 300 = 1,500."""
    assert nets("year", "2025-12-20", "2026-01-10") == ["1200.00", "300.00"]


def test_a_cap_of_a_month_is_of_the_month_in_which_a_delay_ends() -> None:
    """31 January, then 1 and 28 February: each month has its own 1,500, a year later too."""
    found = nets("month", "2026-01-31", "2026-02-01", "2026-02-28", "2027-02-28")

    assert found == ["1200.00", "1200.00", "300.00", "1200.00"]


def test_a_cap_of_the_contract_runs_over_all_of_it() -> None:
    assert nets("contract", "2025-12-20", "2027-01-10", "2027-05-01") == [
        "1200.00",
        "300.00",
        "0.00",
    ]


@pytest.mark.parametrize(
    ("today", "after_end", "stopped"),
    [
        ("2026-12-30", "excluded", False),
        ("2026-12-31", "excluded", True),  # its last day: none that follows counts
        ("2027-01-01", "excluded", True),
        ("2027-01-01", "counted", False),
    ],
)
def test_a_delay_that_goes_on_stops_on_the_last_day_of_the_contract(
    today: str, after_end: str, stopped: bool
) -> None:
    day = pd.Timestamp(today)
    facts = late(("M1", "2026-12-20", today), ended="awaiting", today=day)

    (line,) = ledger(agreed({"P": delay(after_end=after_end)}), facts).lines

    assert (line.claim.stopped, line.claim.provisional) == (stopped, not stopped)


PRICE = [
    {
        "id": "A1", "title": "Twice", "signed": "2026-02-01", "effective": "2026-03-01",
        "changes": {"price": {"total": 200_000}},
    }
]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # both end in February, under 1 % of 100,000
        ("2026-02-27", "2026-02-28", ["1000.00", "0.00"]),
        # the second ends on the day of the new price: 1 % of 200,000, less the 1,000 before it
        ("2026-02-28", "2026-03-01", ["1000.00", "1000.00"]),
    ],
)
def test_a_share_of_an_amended_price_caps_what_is_over_from_that_day_on(
    first: str, second: str, expected: list[str]
) -> None:
    """Ten days at 1/1,000 of the 100,000 on the day on which it was due: 1,000 each."""
    rule = delay(milestones=["M1", "M2"], cap_share="1 %")
    starts = [f"{pd.Timestamp(day) - pd.Timedelta(days=10):%Y-%m-%d}" for day in (first, second)]
    facts = late(days_late(10, "M1", starts[0]), days_late(10, "M2", starts[1]))
    contract = agreed({"P": rule}, 100_000, parts={"amendments": PRICE})

    lines = ledger(contract, facts).lines

    assert [str(line.low.gross) for line in lines] == ["1000.00", "1000.00"]
    assert [str(line.low.net) for line in lines] == expected
