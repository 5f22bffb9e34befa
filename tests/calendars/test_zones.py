"""Local months of instants, against the local dates of pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reviewlib.calendars.instants import MISSING
from reviewlib.calendars.zones import month_name, month_numbers


@pytest.mark.parametrize(
    "zone",
    ["UTC", "Europe/Paris", "America/New_York", "Pacific/Apia", "America/Sao_Paulo", "Asia/Amman"],
)
def test_months_are_those_of_the_local_date(zone: str) -> None:
    edges = pd.date_range("2009-12-01", "2027-01-01", freq="MS", tz="UTC").as_unit("s").asi8
    around = np.arange(-15 * 3600, 15 * 3600, 900) - 1
    instants = pd.DatetimeIndex((edges[:, None] + around).ravel().view("M8[s]")).tz_localize("UTC")

    months = month_numbers(instants.asi8, zone)

    local = instants.tz_convert(zone)
    assert [month_name(number) for number in months.tolist()] == [*local.strftime("%Y-%m")]


def test_a_missing_instant_has_no_month() -> None:
    assert month_numbers(np.array([MISSING, 0]), "UTC").tolist() == [MISSING, 0]
    assert month_numbers(np.array([MISSING]), "UTC").tolist() == [MISSING]
