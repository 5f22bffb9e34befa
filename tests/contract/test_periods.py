"""Days in periods: one rule for every chapter, both bounds included."""

import datetime as dt

import pandas as pd

from reviewlib.contract.parties import Period, within


def test_a_day_lies_in_a_period_with_both_its_bounds_and_a_missing_day_in_none():
    days = pd.Series(pd.to_datetime(["2024-02-29", "2024-03-01", "2024-03-31", None, "2024-12-24"]))
    march = Period(title="", first=dt.date(2024, 3, 1), last=dt.date(2024, 3, 31))
    eve = Period(title="", first=dt.date(2024, 12, 24), last=dt.date(2024, 12, 24))

    assert within(days, [march, eve]).tolist() == [False, True, True, False, True]
    assert not within(days, []).any()
