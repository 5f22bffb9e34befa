"""What became of a date, day by day; by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from reviewlib.calendars.dates import dates_of
from reviewlib.calendars.punctuality import judged, punctuality

TODAY = pd.Timestamp("2024-06-15")


def days(*dates: str | None) -> pd.Series:
    return pd.Series(dates, dtype="datetime64[s]")


@pytest.mark.parametrize(
    ("due", "done", "state", "after"),
    [
        ("2024-06-10", "2024-06-10", "on_time", 0),
        ("2024-06-10", "2024-06-08", "on_time", -2),
        ("2024-06-10", "2024-06-11", "late", 1),
        ("2024-06-14", None, "overdue", 1),
        ("2024-06-15", None, "not_due", None),
        ("2024-07-01", None, "not_due", None),
    ],
)
def test_the_day_itself_is_on_time_and_what_is_not_done_is_overdue_from_the_next_day(
    due: str, done: str | None, state: str, after: int | None
) -> None:
    states, lengths = judged(days(due), days(done), TODAY)

    assert states.tolist() == [state]
    assert lengths.astype("object").where(lengths.notna(), None).tolist() == [after]


def test_what_is_not_due_is_not_judged() -> None:
    states, _lengths = judged(
        days("2024-06-10", "2024-06-10", "2024-07-01"), days("2024-06-10", None, None), TODAY
    )

    assert punctuality(states) == (1, 2)


def test_a_column_of_dates_that_a_table_lacks_is_missing_throughout() -> None:
    table = pd.DataFrame({"due_on": days("2024-06-10")}, index=[7])

    assert dates_of(table, "done_on").isna().tolist() == [True]
    assert dates_of(table, "done_on").index.tolist() == [7]
